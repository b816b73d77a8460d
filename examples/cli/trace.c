/* For -v: a transport over a transport, that shows on standard error what goes through it, without the key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "trace.h"

#include <netdb.h>
#include <string.h>

#include <mbedtls/platform_util.h>

#include "redact.h"

static const char key_mark[] = "[key]";

/* All of it: what stood where a key is shown as a mark, was longer than the mark. */
static void wipe(struct trace_line *line)
{
  mbedtls_platform_zeroize(line->bytes, sizeof line->bytes);
  line->length = 0;
}

static void show_line(struct trace_line *line)
{
  size_t length = line->length;

  if (length > 0 && line->bytes[length - 1] == '\r')
    length--;
  fprintf(stderr, "%s%s", line->server, line->mark);
  redact(stderr, line->bytes, length, NULL);
  fputc('\n', stderr);
  wipe(line);
}

/* A line that is too long is shown in parts. What could be the beginning of the key waits for the next part. */
static void show_part(struct trace_line *line, size_t token_length)
{
  const size_t kept = token_length > 0 ? token_length - 1 : 0;
  char rest[sizeof line->bytes];

  memcpy(rest, line->bytes + line->length - kept, kept);
  line->length -= kept;
  show_line(line);
  memcpy(line->bytes, rest, kept);
  line->length = kept;
}

static void show(struct trace_line *line, const char *bytes, size_t length, const char *token)
{
  const size_t token_length = token == NULL ? 0 : strlen(token);

  for (size_t i = 0; i < length; i++) {
    if (bytes[i] == '\n') {
      show_line(line);
      continue;
    }
    line->bytes[line->length++] = bytes[i];
    if (token_length > 0 && line->length >= token_length &&
        memcmp(line->bytes + line->length - token_length, token, token_length) == 0) {
      line->length -= token_length;
      memcpy(line->bytes + line->length, key_mark, strlen(key_mark));
      line->length += strlen(key_mark);
    }
    if (line->length + sizeof key_mark > sizeof line->bytes)
      show_part(line, token_length);
  }
}

static void show_connection(const struct trace *trace)
{
  char address[64] = "?";
  char port[8] = "?";
  const struct wmrec_posix *tcp = trace->tcp;

  getnameinfo(&tcp->addresses.address[tcp->next - 1].any, sizeof tcp->addresses.address[0], address, sizeof address,
              port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
  fprintf(stderr, "%s* connected to %s port %s", trace->server, address, port);
  if (trace->tls != NULL)
    fprintf(stderr, ", %s, %s, %s", mbedtls_ssl_get_version(&trace->tls->ssl),
            mbedtls_ssl_get_ciphersuite(&trace->tls->ssl),
            trace->tls->is_resumed ? "session resumed" : "certificate verified");
  fputc('\n', stderr);
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
    show(&trace->sent, bytes, *sent, trace->token);
  return result;
}

static int trace_receive(void *context, void *bytes, size_t size, size_t *received)
{
  struct trace *trace = context;
  const int result = trace->inner.functions->receive(trace->inner.context, bytes, size, received);

  if (result == WMREC_OK)
    show(&trace->received, bytes, *received, trace->token);
  return result;
}

static void trace_close(void *context)
{
  struct trace *trace = context;

  if (trace->received.length > 0)
    show_line(&trace->received);
  wipe(&trace->sent); /* where the key could end in the middle, if the connection did */
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
