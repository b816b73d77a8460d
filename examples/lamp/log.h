/* Lines on the serial line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_LOG_H
#define WMREC_LAMP_LOG_H

#include <stddef.h>
#include <stdint.h>

/* Begins a line: "wmrec". */
void log_begin(void);

/* Adds " name=" and the value; a text's control characters are left out. */
void log_text(const char *name, const char *value);
void log_number(const char *name, uint32_t value);

/* Adds a time in ms as seconds: " name=12s". */
void log_seconds(const char *name, uint32_t milliseconds);

/* Adds an IPv4 address, in the order that it is sent. */
void log_address(const char *name, const uint8_t address[4]);

void log_end(void);

/* A line of one text. */
void log_line(const char *name, const char *value);

/* A line of a trace, "> text": the callback of struct wmrec_trace. */
void log_trace(void *context, char direction, const char *text, size_t length);

#endif
