/* The status on standard output, as text or JSON, for scripts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_REPORT_H
#define WMREC_CLI_REPORT_H

#include "net/mock_api.h"

/* Prints a line for the last exchange of the client, which was about this mock API. As text, a single mock API has no
 * line if the exchange failed. Call it before client_end(). */
void report_answer(const struct mock_api *mock_api);

/* Prints a line for what is known of the mock API. status: mock_api_current(). */
void report_current(const struct mock_api *mock_api, enum wmrec_recording status);

/* Flushes standard output. Returns 0; or the exit status: a signal came while the reader took nothing; or anything
 * could not be written, after a message. */
int report_flush(void);

/* Ends the process as a write without a reader does: by SIGPIPE; or, if that is ignored, prints a message and returns
 * the exit status. */
int report_lost_reader(void);

#endif
