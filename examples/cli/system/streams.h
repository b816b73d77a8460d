/* Standard input, output and error: checks that they are open.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_STREAMS_H
#define WMREC_CLI_STREAMS_H

#include <stdbool.h>

/* Opens each closed descriptor of 0 to 2 on /dev/null, in the wrong direction, so that its use fails: otherwise the
 * next file or socket would get that number, and the output would go there. Call it before anything is opened. Returns
 * false if a descriptor cannot be opened. */
bool streams_open(void);

/* Returns true if standard output is open for writing; otherwise prints a message on standard error. */
bool streams_check_output(void);

#endif
