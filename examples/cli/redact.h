/* Text from the network, made fit to be shown.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_REDACT_H
#define WMREC_CLI_REDACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Shows bytes: printable ASCII as it is, any other byte as \xNN, and the key (NULL: there is none), wherever it stands,
 * as [key]. */
void redact(FILE *file, const char *bytes, size_t length, const char *token);

/* True if the key stands in these bytes. */
bool redact_finds(const char *bytes, size_t length, const char *token);

#endif
