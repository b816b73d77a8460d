/* What is said about an answer: on standard output for scripts, on standard error for people.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_REPORT_H
#define WMREC_CLI_REPORT_H

#include "options.h"
#include "posix.h"
#include "tls.h"

/* One exchange that has ended, and all that is known of why. Borrowed. */
struct report {
  const struct options *options;
  const struct wmrec_target *target;
  const struct wmrec *exchange;
  const struct wmrec_posix *tcp;
  const struct wmrec_tls *tls; /* NULL: plain HTTP */
};

/* The answer's line on standard output: nothing, if one was asked for as text and failed. */
void report_answer(const struct report *report);

/* Why it failed and what to do, on standard error. */
void report_failure(const struct report *report);

/* The exit status that a result calls for. */
int report_exit_status(int result);

#endif
