/* watch on a terminal: a line that is redrawn, with each status and its age.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_STATUS_LINE_H
#define WMREC_CLI_STATUS_LINE_H

#include "net/mock_api.h"

/* Returns true if there is a status line: the format is text, and standard output is a terminal that can redraw it. */
bool status_line_begin(const struct options *options);

/* Draws the line. Call it only if status_line_begin() returned true. */
void status_line_draw(const struct mock_api *mock_apis, int count, uint32_t now);

/* Erases the line, if there is one, so that other lines can be printed. */
void status_line_erase(void);

#endif
