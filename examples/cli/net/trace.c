/* For -v: a transport over a transport, that shows on standard error what goes through it, without the key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/trace.h"

#include <netdb.h>
#include <string.h>

#include <mbedtls/platform_util.h>

#include "output/redact.h"

static const char key_mark[] = "[key]";

static void begin_line(const char *server, const char *mark)
{
  redact(stderr, server, strlen(server));
  fputs(mark, stderr);
}

static void print(const struct trace_line *line, size_t length)
{
  begin_line(line->server, line->mark);
  redact(stderr, line->bytes, length);
  fputc('\n', stderr);
}

/* Takes the first bytes away. */
static void drop(struct trace_line *line, size_t count)
{
  line->length -= count;
  memmove(line->bytes, line->bytes + count, line->length);
  mbedtls_platform_zeroize(line->bytes + line->length, count);
  line->searched = 0;
}

static void show_line(struct trace_line *line)
{
  const bool has_cr = line->length > 0 && line->bytes[line->length - 1] == '\r';

  print(line, line->length - has_cr);
  drop(line, line->length);
}

/* Puts the mark in place of the key, which is no shorter, and begins where the search is. */
static void strike_out(struct trace_line *line, size_t key_length)
{
  const size_t mark_length = strlen(key_mark);
  char *key = line->bytes + line->searched;
  char *end = line->bytes + line->length;

  memcpy(key, key_mark, mark_length);
  memmove(key + mark_length, key + key_length, (size_t)(end - key) - key_length);
  line->searched += mark_length;
  line->length -= key_length - mark_length;
  mbedtls_platform_zeroize(line->bytes + line->length, key_length - mark_length);
}

/* Searches as far as can be told. A key that is shorter than the mark stays, and is struck out by print(). */
static void search(struct trace_line *line)
{
  while (line->searched < line->length) {
    const size_t key_length = redact_key_at(line->bytes + line->searched, line->length - line->searched);

    if (key_length == REDACT_BEGINNING)
      return;
    if (key_length >= strlen(key_mark))
      strike_out(line, key_length);
    else
      line->searched += key_length > 0 ? key_length : 1;
  }
}

/* A line that is too long is shown in parts. What may be the beginning of the key waits for the next part: a key fills
 * less than a line. */
static void show_part(struct trace_line *line)
{
  search(line);
  print(line, line->searched);
  drop(line, line->searched);
}

static void show(struct trace_line *line, const char *bytes, size_t length)
{
  for (size_t i = 0; i < length; i++) {
    if (bytes[i] == '\n') {
      show_line(line);
      continue;
    }
    line->bytes[line->length++] = bytes[i];
    if (line->length == sizeof line->bytes)
      show_part(line);
  }
  search(line); /* the rest may take long to come, and the key is not to stay in memory */
}

static void show_connection(const struct trace *trace)
{
  char address[64] = "?";
  char port[8] = "?";
  const struct wmrec_posix *tcp = trace->tcp;

  getnameinfo(&tcp->addresses.address[tcp->next - 1].any, sizeof tcp->addresses.address[0], address, sizeof address,
              port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
  begin_line(trace->server, "* ");
  fprintf(stderr, "connected to %s port %s", address, port);
  if (trace->tls != NULL)
    fprintf(stderr, ", %s, %s, %s", mbedtls_ssl_get_version(&trace->tls->ssl),
            mbedtls_ssl_get_ciphersuite(&trace->tls->ssl),
            trace->tls->is_resumed ? "session resumed" : "certificate verified");
  fputc('\n', stderr);
}

/* What came last has no end of a line. If the connection has ended in the middle of the key, no part of it is shown. */
static void show_rest(struct trace_line *line)
{
  const bool is_cut = line->searched < line->length;

  if (line->length == 0)
    return;
  begin_line(line->server, line->mark);
  redact(stderr, line->bytes, line->searched);
  fprintf(stderr, "%s\n", is_cut ? key_mark : "");
  drop(line, line->length);
}

static int trace_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  const struct trace *trace = context;
  const int result = trace->inner.functions->open(trace->inner.context, host, port, time_left);

  if (result == WMREC_OK)
    show_connection(trace);
  return result;
}

static int trace_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  struct trace *trace = context;
  const int result = trace->inner.functions->send(trace->inner.context, bytes, length, sent);

  if (result == WMREC_OK)
    show(&trace->sent, bytes, *sent);
  return result;
}

static int trace_receive(void *context, void *bytes, size_t size, size_t *received)
{
  struct trace *trace = context;
  const int result = trace->inner.functions->receive(trace->inner.context, bytes, size, received);

  if (result == WMREC_OK)
    show(&trace->received, bytes, *received);
  return result;
}

static void trace_close(void *context)
{
  struct trace *trace = context;

  show_rest(&trace->received);
  show_rest(&trace->sent);
  trace->inner.functions->close(trace->inner.context);
}

struct wmrec_transport trace_transport(struct trace *trace)
{
  trace->functions = (struct wmrec_transport_functions){trace->inner.functions->is_verified_tls, trace_open, trace_send,
                                                        trace_receive, trace_close};
  trace->sent.server = trace->server;
  trace->sent.mark = "> ";
  trace->received.server = trace->server;
  trace->received.mark = "< ";
  return (struct wmrec_transport){&trace->functions, trace};
}
