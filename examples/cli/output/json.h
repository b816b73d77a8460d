/* JSON strings (RFC 8259, section 7) in printable ASCII.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_JSON_H
#define WMREC_CLI_JSON_H

#include <stddef.h>
#include <stdio.h>

/* Prints a text of printable ASCII in quotes, with \" and \\ for the characters that need it. The value of a Prometheus
 * label has the same syntax. */
void json_print_string(FILE *file, const char *text);

/* Prints text from the inside of a JSON string, in valid UTF-8, in quotes. Its escapes stay; all that is not printable
 * ASCII becomes \uXXXX, as a terminal could take it for a command, or change the order of the text. */
void json_print_raw(FILE *file, const char *text, size_t length);

#endif
