/* One line on a terminal that always says what is known now, and how old it is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_LIVE_H
#define WMREC_CLI_LIVE_H

#include "commands/subject.h"

/* True if standard output is a terminal that can do it, and text is wanted. */
bool live_begin(const struct options *options);

/* Shows the line. */
void live_draw(const struct subject *subjects, int count, uint32_t now);

/* Takes it away, so that others can write. */
void live_erase(void);

#endif
