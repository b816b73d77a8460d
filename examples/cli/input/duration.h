/* Durations, in ms: read from and written as text, "30s" or "5m".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_DURATION_H
#define WMREC_CLI_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#define DURATION_SECOND 1000u
#define DURATION_MINUTE 60000u

/* Reads "90", "1.5s", "250ms", "10m", "1h" or "2d", from 1 ms to 12 days. Without a unit it is seconds. Returns false
 * if the text is not such a duration. */
bool duration_parse(const char *text, uint32_t *milliseconds);

/* What duration_parse() accepts, for messages. */
#define DURATION_SYNTAX "the time must be 1 ms to 12 days, such as 30s, 5m or 1h"

/* Returns a duration as "59s", "3m", "2h" or "12d", rounded down. Static, until the next call. */
const char *duration_text(uint32_t milliseconds);

/* Returns the shorter of two durations. */
uint32_t duration_min(uint32_t a, uint32_t b);

#endif
