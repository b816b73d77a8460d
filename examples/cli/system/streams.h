/* Standard input, output and error: checks that they are open; output waits for its reader.
 *
 * With glibc, stdout and stderr are replaced by streams that wait if a pipe is full, also if another process, which
 * shares it, has set O_NONBLOCK. A signal that is caught ends this wait: then the write fails with EINTR.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_STREAMS_H
#define WMREC_CLI_STREAMS_H

#include <stdbool.h>

/* Prepares the streams. Opens each closed descriptor of 0 to 2 on /dev/null, in the wrong direction, so that its use
 * fails: otherwise the next file or socket would get that number, and the output would go there. Call it before
 * anything is opened or printed. Returns false if a descriptor cannot be opened. */
bool streams_open(void);

/* Returns true if standard output is open for writing; otherwise prints a message on standard error. */
bool streams_check_output(void);

/* Returns the descriptor of standard output if it is a pipe or a socket: then poll() reports POLLERR or POLLHUP when it
 * has no reader any more. -1: it is something else. */
int streams_output_with_reader(void);

#endif
