/* Answers on standard output, as text or JSON, for scripts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_REPORT_H
#define WMREC_CLI_REPORT_H

#include "commands/subject.h"

/* The line of the last exchange of a subject's client, which was about it: none, if only one was asked about as text
 * and failed. */
void report_exchange(const struct subject *subject);

/* The line of what is known of a subject. */
void report_subject(const struct subject *subject, enum wmrec_recording known);

/* Writes out what was printed. Returns 0; or the exit status if that failed, which has been said. */
int report_flush(void);

#endif
