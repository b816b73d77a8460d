/* Metrics for Prometheus, in its text format.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_PROMETHEUS_H
#define WMREC_CLI_PROMETHEUS_H

#include "net/mock_api.h"

/* Writes the metrics of these mock APIs (`count`, at least 1) to --out, or to standard output. Returns 0; or the exit
 * status, after a message. */
int prometheus_write(const struct mock_api *mock_apis, int count, uint32_t now);

/* Writes to --out that these mock APIs are not asked about any more: each has wmrec_up 0, and no status. Otherwise the
 * last status would seem to hold until somebody removes the file. Returns as prometheus_write(). */
int prometheus_end(const struct mock_api *mock_apis, int count);

#endif
