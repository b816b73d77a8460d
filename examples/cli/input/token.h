/* The API key: reads it, and leaves no copy of it elsewhere.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_TOKEN_H
#define WMREC_CLI_TOKEN_H

#include <stdbool.h>

/* Keeps the key out of core dumps and out of reach of other processes. Moves WMC_API_TOKEN out of the environment: its
 * value is wiped there, and kept here until token_wipe() or token_from_file(). Call it before anything else. */
void token_protect(void);

/* Returns the key that WMC_API_TOKEN had. NULL: it was not set or empty, and *error is NULL; or it is not valid, and
 * *error is the reason. */
const char *token_from_environment(const char **error);

/* Returns the key in this file ("-": standard input), without the newline at its end. NULL: the file cannot be read, or
 * its content is not valid, and *error is the reason. *is_exposed: other users can read the file. */
const char *token_from_file(const char *path, bool *is_exposed, const char **error);

/* Wipes the key. */
void token_wipe(void);

#endif
