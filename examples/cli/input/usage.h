/* The text of --help, and messages about a wrong command line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_USAGE_H
#define WMREC_CLI_USAGE_H

/* Prints the text of --help. */
void usage_print_help(void);

/* Prints a message about a wrong command line on standard error: format and arguments as for printf(), without the
 * newline. Returns EXIT_USAGE. */
int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
