/* A transport over another transport: it passes everything on, and reports each line that is sent or received, for a
 * log. The API key is shown as [key]. No heap, no stdio; a program that does not call it does not link it.
 *
 *     static void print(void *context, char direction, const char *text, size_t length)
 *     {
 *         printf("%c %.*s\n", direction, (int)length, text);
 *     }
 *
 *     static char memory[512];
 *     static struct wmrec_trace trace = {.line = print, .buffer = memory, .size = sizeof memory};
 *
 *     trace.inner = wmrec_tls_transport(&tls);
 *     trace.key = target.token;
 *     wmrec_drive_init(&drive, wmrec_trace_transport(&trace), buffer, sizeof buffer);
 *
 * prints
 *
 *     * connected
 *     > GET /v1/mock-apis/jjl8y/recordings/status HTTP/1.1
 *     > Authorization: Token [key]
 *     ...
 *     < HTTP/1.1 200 OK
 *
 * Put it over TLS, not under it: under TLS, it would show only ciphertext.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TRACE_H
#define WMREC_TRACE_H

#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The smallest buffer, in bytes. */
#define WMREC_TRACE_SIZE_MIN 12

/* Private: a line of one direction, as far as it has come. text[0..length) is ready to be shown. The `pending` bytes
 * after it are as they came, and may be the beginning of the key; of the key, nothing else is kept. */
struct wmrec_trace_line {
  char *text;
  size_t size;
  size_t length;
  size_t pending;
  char direction;
  bool is_continued; /* a part of this line was shown */
  bool is_left_out;  /* the rest of this line will not be shown */
};

/* Zero it, and set all fields before the private ones. */
struct wmrec_trace {
  struct wmrec_transport inner; /* borrowed */

  /* The key that must not be shown, in any of the spellings of key.h. Ends in NUL; borrowed; NULL: there is none. */
  const char *key;

  /* A second text that must not be shown, in the same way: the password, if the key is the base64 of "user:password".
   */
  const char *password;

  /* Called for each line, by send, receive and close of this transport. direction: '>' for sent, '<' for received; '*'
   * for the connection, where text is "connected". text: printable ASCII; any other byte is written as \xNN. It has no
   * line end and no NUL, may be empty, and is borrowed until the callback returns. Text without a line end, such as the
   * last line of an answer, is reported when the next request is sent, or by close. */
  void (*line)(void *context, char direction, const char *text, size_t length);
  void *context; /* passed to the callback */

  /*
   * Memory for lines, borrowed; size in bytes, at least WMREC_TRACE_SIZE_MIN. Each direction gets half of it.
   *
   * A line longer than that half is reported in several parts, never cut within the key. The longest spelling of the
   * key and 4 bytes must fit that half: 512 bytes do for a key of 42 characters, each written as \u0053. If text that
   * may be the key does not fit, it is shown as [key], and the rest of its line is left out.
   */
  char *buffer;
  size_t size;

  /* Private. */
  struct wmrec_transport_functions functions;
  struct wmrec_trace_line sent;
  struct wmrec_trace_line received;
};

/* The transport over trace->inner. *trace is borrowed for as long as the transport is in use. It is TLS if the inner
 * one is. If inner is not set, the transport is one of zeros: the drive's result is WMREC_ERROR_TRANSPORT. */
struct wmrec_transport wmrec_trace_transport(struct wmrec_trace *trace);

#ifdef __cplusplus
}
#endif

#endif
