/* A transport over another transport, which reports each line that is sent or received.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "trace.h"

#include <string.h>

#include "key.h"

static const char key_mark[] = "[key]";

enum { KEY_MARK = sizeof key_mark - 1 };

/* A compiler may drop stores to memory that it sees nobody read, but not volatile ones. */
static void wipe(char *bytes, size_t length)
{
  for (volatile char *byte = bytes; length > 0; length--)
    *byte++ = '\0';
}

/* Reports the text, and moves the pending bytes to its place. */
static void flush(const struct wmrec_trace *trace, struct wmrec_trace_line *line)
{
  trace->line(trace->context, line->direction, line->text, line->length);
  memmove(line->text, line->text + line->length, line->pending);
  wipe(line->text + line->pending, line->length);
  line->length = 0;
  line->is_continued = true;
}

/* Replaces the first pending bytes by text. It may be KEY_MARK - 1 longer than these: append() leaves that room. */
static void replace(const struct wmrec_trace *trace, struct wmrec_trace_line *line, size_t count, const char *text,
                    size_t text_length)
{
  char *pending;

  if (line->length + text_length + line->pending - count > line->size)
    flush(trace, line);
  pending = line->text + line->length;
  memmove(pending + text_length, pending + count, line->pending - count);
  memcpy(pending, text, text_length);
  line->length += text_length;
  line->pending -= count;
  if (count > text_length)
    wipe(pending + text_length + line->pending, count - text_length);
}

static void settle_byte(const struct wmrec_trace *trace, struct wmrec_trace_line *line)
{
  static const char digits[] = "0123456789abcdef";
  const unsigned char byte = (unsigned char)line->text[line->length];
  const char escaped[] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};

  if (byte < ' ' || byte > '~') {
    replace(trace, line, 1, escaped, sizeof escaped);
    return;
  }
  line->length++;
  line->pending--;
}

/* As wmrec_key_at(), for the key and the password. */
static size_t key_at(const struct wmrec_trace *trace, const char *bytes, size_t length)
{
  const size_t key_length = wmrec_key_at(trace->key, bytes, length);
  const size_t password_length = wmrec_key_at(trace->password, bytes, length);

  if (key_length > 0 && key_length != WMREC_KEY_BEGINNING)
    return key_length;
  return password_length > 0 ? password_length : key_length;
}

/* Turns pending bytes into text, up to those that the next byte decides on: the beginning of the key, or of CRLF. */
static void settle(const struct wmrec_trace *trace, struct wmrec_trace_line *line, bool is_line_complete)
{
  while (line->pending > 0) {
    const char *pending = line->text + line->length;
    const size_t key_length = key_at(trace, pending, line->pending);
    const bool is_cr = *pending == '\r' && line->pending == 1;

    if ((key_length == WMREC_KEY_BEGINNING || is_cr) && !is_line_complete)
      return;
    if (key_length > 0 && key_length != WMREC_KEY_BEGINNING)
      replace(trace, line, key_length, key_mark, KEY_MARK);
    else
      settle_byte(trace, line);
  }
}

static void append(const struct wmrec_trace *trace, struct wmrec_trace_line *line, char byte)
{
  if (line->is_left_out)
    return;
  if (line->length + line->pending + KEY_MARK > line->size) {
    settle(trace, line, false);
    if (line->length > 0)
      flush(trace, line);
  }
  if (line->pending + KEY_MARK > line->size) {
    replace(trace, line, line->pending, key_mark, KEY_MARK);
    line->is_left_out = true;
    return;
  }
  line->text[line->length + line->pending++] = byte;
}

static void end_line(const struct wmrec_trace *trace, struct wmrec_trace_line *line)
{
  if (line->pending > 0 && line->text[line->length + line->pending - 1] == '\r')
    line->pending--;
  settle(trace, line, true);
  if (line->length > 0 || !line->is_continued)
    flush(trace, line);
  line->is_continued = false;
  line->is_left_out = false;
}

static void show(const struct wmrec_trace *trace, struct wmrec_trace_line *line, const char *bytes, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (bytes[i] == '\n')
      end_line(trace, line);
    else
      append(trace, line, bytes[i]);
  settle(trace, line, false); /* the rest may take long to come, and the key must not stay in memory */
}

/* The last line has no line end. If the stream ended within the key, no part of the key is shown. */
static void end_stream(const struct wmrec_trace *trace, struct wmrec_trace_line *line)
{
  if (line->pending > 0 && line->text[line->length] != '\r')
    replace(trace, line, line->pending, key_mark, KEY_MARK);
  if (line->length > 0 || line->pending > 0)
    end_line(trace, line);
}

/* The last line of an answer may have no line end, so the next request ends it; unless the key may have begun there. */
static void end_answer(const struct wmrec_trace *trace, struct wmrec_trace_line *line)
{
  if (line->length > 0 && line->pending == 0)
    end_line(trace, line);
}

static int trace_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  static const char connected[] = "connected";
  const struct wmrec_trace *trace = context;
  const int result = trace->inner.functions->open(trace->inner.context, host, port, time_left);

  if (result == WMREC_OK)
    trace->line(trace->context, '*', connected, sizeof connected - 1);
  return result;
}

static int trace_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  struct wmrec_trace *trace = context;
  const int result = trace->inner.functions->send(trace->inner.context, bytes, length, sent);

  if (result != WMREC_OK)
    return result;
  end_answer(trace, &trace->received);
  show(trace, &trace->sent, bytes, *sent);
  return result;
}

static int trace_receive(void *context, void *bytes, size_t size, size_t *received)
{
  struct wmrec_trace *trace = context;
  const int result = trace->inner.functions->receive(trace->inner.context, bytes, size, received);

  if (result == WMREC_OK)
    show(trace, &trace->received, bytes, *received);
  return result;
}

static void trace_close(void *context)
{
  struct wmrec_trace *trace = context;

  end_stream(trace, &trace->received);
  end_stream(trace, &trace->sent);
  trace->inner.functions->close(trace->inner.context);
}

struct wmrec_transport wmrec_trace_transport(struct wmrec_trace *trace)
{
  const size_t half = trace->size / 2;

  if (trace->inner.functions == NULL)
    return trace->inner;
  trace->functions = (struct wmrec_transport_functions){trace->inner.functions->is_verified_tls, trace_open, trace_send,
                                                        trace_receive, trace_close};
  trace->sent = (struct wmrec_trace_line){.text = trace->buffer, .size = half, .direction = '>'};
  trace->received = (struct wmrec_trace_line){.text = trace->buffer + half, .size = half, .direction = '<'};
  return (struct wmrec_transport){&trace->functions, trace};
}
