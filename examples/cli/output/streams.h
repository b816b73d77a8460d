/* Standard input, output and error: that they are open, and for what.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_STREAMS_H
#define WMREC_CLI_STREAMS_H

#include <stdbool.h>

/* Opens those of descriptors 0 to 2 that are closed, so that to read from them or to write to them fails: else the next
 * file or socket would get the number, and what is printed would go there. To be called before anything is opened.
 * Returns false if that is not possible. */
bool streams_fill(void);

/* True if standard output is open for writing; else this is said on standard error. */
bool streams_check_output(void);

#endif
