/* Messages on the serial line: "wmrec name=value name=value", one per line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_LOG_H
#define WMREC_LAMP_LOG_H

#include <stddef.h>
#include <stdint.h>

/* Begins a line, with "wmrec". */
void log_begin(void);

/* Adds " name=" and the value. Characters of a text that are not printable ASCII are omitted. */
void log_text(const char *name, const char *value);
void log_number(const char *name, uint32_t value);

/* Adds a time, rounded down to seconds: " name=12s". */
void log_seconds(const char *name, uint32_t milliseconds);

/* Adds an IPv4 address, in network byte order. */
void log_address(const char *name, const uint8_t address[4]);

/* Ends the line. */
void log_end(void);

/* Writes a line with this text only. */
void log_line(const char *name, const char *value);

/* A line of a trace, "> text": the callback of struct wmrec_trace. */
void log_trace(void *context, char direction, const char *text, size_t length);

#endif
