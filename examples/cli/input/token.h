/* The API key: read without leaving copies behind.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_TOKEN_H
#define WMREC_CLI_TOKEN_H

#include <stdbool.h>

/* Keeps the key out of core dumps and of other processes' reach, and takes WMC_API_TOKEN out of the environment: its
 * value is wiped there, and kept here until token_wipe() or token_from_file(). To be called before anything else. */
void token_protect(void);

/* The key that WMC_API_TOKEN had. NULL: it was not set, or empty; or, if *why is not NULL, it cannot be a key for that
 * reason. */
const char *token_from_environment(const char **why);

/* The key in this file, or on standard input for "-", without the newline at its end. NULL, and the reason in *why: it
 * cannot be read, is empty, or has more than one line. *is_exposed: other users can read the file. */
const char *token_from_file(const char *path, bool *is_exposed, const char **why);

/* Wipes the key. */
void token_wipe(void);

#endif
