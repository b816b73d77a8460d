/* The API key, or the user and password of Basic authentication: reads them, and leaves no copy of them elsewhere.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_TOKEN_H
#define WMREC_CLI_TOKEN_H

#include <stdbool.h>

/* Where the key or the password comes from. The strings are borrowed. */
struct token_source {
  const char *user; /* Basic authentication: the user, whose password it is; NULL: a key */
  const char *path; /* the file; "-": standard input; NULL: WMC_API_TOKEN or WMREC_PASSWORD */
};

/* Keeps keys and passwords out of core dumps and out of reach of other processes. Moves WMC_API_TOKEN and
 * WMREC_PASSWORD out of the environment: their values are wiped there, and kept here until token_wipe() or
 * token_read(). Call it before anything else. */
void token_protect(void);

/* Returns the token to be sent: the key; or the base64 of "user:password" (RFC 7617). A newline at the end of a file is
 * left out. All else that was read is wiped. The token is valid until token_wipe() or, if token_read_again() has
 * returned another one, until token_wipe_old().
 *
 * NULL: there is none, and *error is NULL: the variable is not set or empty; or it is not valid or cannot be read, and
 * *error is the reason, static. *is_exposed: other users can read the file. */
const char *token_read(const struct token_source *source, bool *is_exposed, const char **error);

/* Reads the file again. Returns the new token; the old one if it is the same; NULL, with *error, if it is not valid or
 * cannot be read: the old one then stays in use. After a new token, call token_wipe_old() before the next call. */
const char *token_read_again(const struct token_source *source, const char **error);

/* Wipes the token that token_read_again() has replaced. */
void token_wipe_old(void);

/* Returns the password in the token that was read last; NULL: the token is a key. Valid as long as the token. */
const char *token_password(void);

/* Wipes the key and the password. */
void token_wipe(void);

#endif
