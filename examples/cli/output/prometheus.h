/* Metrics for Prometheus, in its text format.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_PROMETHEUS_H
#define WMREC_CLI_PROMETHEUS_H

#include "commands/subject.h"

/* Writes what is known of all the subjects (at least one) to --out, or to standard output. Returns 0; or the exit
 * status if it cannot be written, which has been said. */
int prometheus_write(const struct subject *subjects, int count, uint32_t now);

#endif
