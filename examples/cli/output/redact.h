/* Text that somebody else wrote (the network, the command line, the environment, a file), made fit to be shown.
 *
 * Printable ASCII is shown as it is, and any other byte as \xNN: a terminal takes some characters for commands (ESC,
 * but also U+0080 to U+009F), and some change the order of what is read (U+202A to U+202E, U+2066 to U+2069).
 *
 * The key, a password and its base64 are shown as [key], wherever it is repeated, in any of the spellings of
 * port/key.h. It is not found in pieces, such as two lines or two chunks. The user info of a URL is shown as [user
 * info].
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_REDACT_H
#define WMREC_CLI_REDACT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Sets the keys and passwords. The array and its strings are borrowed: they may change. NULL or "": none. Before this
 * call, there are none. */
void redact_keys(const char *const *keys, size_t count);

/* Shows bytes. */
void redact(FILE *file, const char *bytes, size_t length);

/* Shows the beginning of a text: at most about `max` bytes, never cut within the key, and "..." if there is more. White
 * space, such as a line end, is shown as one space. */
void redact_excerpt(FILE *file, const char *bytes, size_t length, size_t max);

/* True if the key is in these bytes. */
bool redact_finds(const char *bytes, size_t length);

/* Shows a line on standard error: "wmrec: " and what printf() would make of format and arguments, all of it redacted.
 */
void redact_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
void redact_vline(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

/* A URL that may not be a valid one, without its secrets: user info, which is all before the last @, and what is after
 * a question mark or a hash sign. It is still to be redacted. Static. */
const char *redact_url(const char *url);

#endif
