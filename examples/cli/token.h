/* The API key: read without leaving copies behind.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_TOKEN_H
#define WMREC_CLI_TOKEN_H

#include <stdbool.h>

/* Keeps the key out of core dumps and of other processes' reach. */
void token_protect(void);

/* The key of the environment variable WMC_API_TOKEN, which is wiped there. NULL: it is not set, or empty; or, if *why
 * is not NULL, it cannot be a key for that reason. */
const char *token_from_environment(const char **why);

/* The key in this file, or on standard input for "-", without the newline at its end. NULL, and the reason in *why: it
 * cannot be read, is empty, or has more than one line. */
const char *token_from_file(const char *path, const char **why);

/* Wipes the key. */
void token_wipe(void);

#endif
