/* Durations as people write them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_DURATION_H
#define WMREC_CLI_DURATION_H

#include <stdbool.h>
#include <stdint.h>

/* Reads "90", "1.5s", "250ms", "10m" or "1h", from a millisecond to 12 days; without a unit it is seconds. */
bool duration_parse(const char *text, uint32_t *milliseconds);

/* What duration_parse() takes, for messages. */
#define DURATION_WANTED "a time is wanted, such as 30s, 5m or 1h, of 1 ms to 12 days"

/* An age or a time as people read it, "59s", "3m", "2h" or "12d"; rounded down. Static, until the next call. */
const char *duration_text(uint32_t milliseconds);

#endif
