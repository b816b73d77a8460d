/* A transport over lwIP's raw API.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "lwip.h"

#include <string.h>

#include <lwip/pbuf.h>
#include <lwip/sys.h>
#include <lwip/tcp.h>

static err_t connected(void *context, struct tcp_pcb *pcb, err_t error)
{
  struct wmrec_lwip *tcp = context;

  (void)pcb;
  (void)error; /* always ERR_OK */
  tcp->phase = WMREC_LWIP_CONNECTED;
  return ERR_OK;
}

static err_t received(void *context, struct tcp_pcb *pcb, struct pbuf *bytes, err_t error)
{
  struct wmrec_lwip *tcp = context;

  (void)pcb;
  (void)error; /* always ERR_OK */
  if (bytes == NULL)
    tcp->is_ended = true;
  else if (tcp->received == NULL)
    tcp->received = bytes;
  else
    pbuf_cat(tcp->received, bytes);
  return ERR_OK;
}

/* lwIP has freed the pcb already. */
static void connection_failed(void *context, err_t error)
{
  struct wmrec_lwip *tcp = context;

  tcp->pcb = NULL;
  tcp->error = error;
}

/* If received bytes were not read, tcp_close() resets the connection, as RFC 1122, section 4.2.2.13, requires. If the
 * server is silent, lwIP keeps a closing connection for minutes: at the lowest priority, a new connection may replace
 * it. */
static void end_connection(struct wmrec_lwip *tcp)
{
  if (tcp->pcb != NULL) {
    tcp_arg(tcp->pcb, NULL);
    tcp_recv(tcp->pcb, NULL);
    tcp_err(tcp->pcb, NULL);
    tcp_setprio(tcp->pcb, TCP_PRIO_MIN);
    if (tcp_close(tcp->pcb) != ERR_OK)
      tcp_abort(tcp->pcb);
  }
  if (tcp->received != NULL)
    pbuf_free(tcp->received);
  tcp->pcb = NULL;
  tcp->received = NULL;
  tcp->is_ended = false;
}

static int begin_lookup(struct wmrec_lwip *tcp, const char *host)
{
  tcp->is_begun = true;
  tcp->next = 0;
  tcp->error = ERR_OK;
  tcp->phase = WMREC_LWIP_LOOKUP;
  wmrec_resolver_begin(&tcp->resolver, host);
  return WMREC_WANT_CALL;
}

static int finish_lookup(struct wmrec_lwip *tcp)
{
  const int result = wmrec_resolver_step(&tcp->resolver);

  if (result != WMREC_OK)
    return result;
  tcp->phase = WMREC_LWIP_CONNECTING;
  return WMREC_WANT_CALL;
}

uint16_t wmrec_lwip_random_port(void)
{
  return (uint16_t)(1024 + wmrec_lwip_random() % (65536 - 1024));
}

/* lwIP would count its ports up: an attacker who has seen one port would know the next. If all tries are in use, lwIP
 * chooses. */
static void bind_random_port(struct wmrec_lwip *tcp)
{
  const ip_addr_t *any = IP46_ADDR_ANY(IP_GET_TYPE(&tcp->address));
  int tries = 4;

  while (tries > 0 && tcp_bind(tcp->pcb, any, wmrec_lwip_random_port()) != ERR_OK)
    tries--;
}

/* Each address gets an equal share of the time that is left, but WMREC_LWIP_ATTEMPT at most, so that an address which
 * does not answer leaves time for the others. The last address gets all of it. */
static uint32_t attempt_time(const struct wmrec_lwip *tcp, uint32_t time_left)
{
  const uint32_t share = time_left / (tcp->resolver.count - tcp->next);

  return share < WMREC_LWIP_ATTEMPT || share == time_left ? share : WMREC_LWIP_ATTEMPT;
}

static int begin_attempt(struct wmrec_lwip *tcp, uint16_t port, uint32_t time_left)
{
  tcp->phase = WMREC_LWIP_CONNECTING;
  tcp->attempt_began = sys_now();
  tcp->attempt_time = attempt_time(tcp, time_left);
  tcp->address = tcp->resolver.addresses[tcp->next++];
  tcp->pcb = tcp_new_ip_type(IP_GET_TYPE(&tcp->address));
  if (tcp->pcb == NULL) {
    tcp->error = ERR_MEM;
    return WMREC_ERROR_SYSTEM;
  }
  tcp_arg(tcp->pcb, tcp);
  tcp_recv(tcp->pcb, received);
  tcp_err(tcp->pcb, connection_failed);
  tcp_nagle_disable(tcp->pcb);
  bind_random_port(tcp);
  tcp->error = tcp_connect(tcp->pcb, &tcp->address, port, connected);
  return WMREC_WANT_CALL;
}

static bool is_attempting(const struct wmrec_lwip *tcp)
{
  return tcp->pcb != NULL && tcp->error == ERR_OK && sys_now() - tcp->attempt_began < tcp->attempt_time;
}

static int lwip_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  struct wmrec_lwip *tcp = context;

  if (!tcp->is_begun)
    return begin_lookup(tcp, host);
  if (tcp->phase == WMREC_LWIP_LOOKUP)
    return finish_lookup(tcp);
  if (tcp->phase == WMREC_LWIP_CONNECTED && tcp->pcb != NULL)
    return WMREC_OK;
  if (is_attempting(tcp))
    return WMREC_WANT_READ;
  end_connection(tcp);
  if (tcp->next < tcp->resolver.count)
    return begin_attempt(tcp, port, time_left);
  return WMREC_ERROR_CONNECT;
}

/* If there is no memory for all of it, half of it may fit. */
static err_t write_part(struct wmrec_lwip *tcp, const void *bytes, size_t *length)
{
  err_t error;

  do {
    error = tcp_write(tcp->pcb, bytes, (u16_t)*length, TCP_WRITE_FLAG_COPY);
    if (error == ERR_MEM)
      *length /= 2;
  } while (error == ERR_MEM && *length > 0);
  return error;
}

static int lwip_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  struct wmrec_lwip *tcp = context;
  size_t count = length;

  if (tcp->pcb == NULL)
    return WMREC_ERROR_RESET;
  if (count > tcp_sndbuf(tcp->pcb))
    count = tcp_sndbuf(tcp->pcb);
  if (count == 0)
    return WMREC_WANT_WRITE;
  tcp->error = write_part(tcp, bytes, &count);
  if (tcp->error != ERR_OK)
    return tcp->error == ERR_MEM ? WMREC_WANT_WRITE : WMREC_ERROR_RESET;
  tcp_output(tcp->pcb); /* if it cannot send all now, lwIP's timer sends the rest */
  *sent = count;
  return WMREC_OK;
}

static int lwip_receive(void *context, void *bytes, size_t size, size_t *received_length)
{
  struct wmrec_lwip *tcp = context;
  u16_t count;

  *received_length = 0;
  if (tcp->received == NULL && tcp->is_ended)
    return WMREC_OK;
  if (tcp->received == NULL)
    return tcp->pcb != NULL ? WMREC_WANT_READ : WMREC_ERROR_RESET;
  count = size < tcp->received->tot_len ? (u16_t)size : tcp->received->tot_len;
  pbuf_copy_partial(tcp->received, bytes, count, 0);
  tcp->received = pbuf_free_header(tcp->received, count);
  if (tcp->pcb != NULL)
    tcp_recved(tcp->pcb, count);
  *received_length = count;
  return WMREC_OK;
}

static void lwip_close(void *context)
{
  struct wmrec_lwip *tcp = context;

  wmrec_resolver_end(&tcp->resolver);
  end_connection(tcp);
  tcp->is_begun = false;
}

struct wmrec_transport wmrec_lwip_transport(struct wmrec_lwip *tcp)
{
  static const struct wmrec_transport_functions functions = {
      .is_verified_tls = false, .open = lwip_open, .send = lwip_send, .receive = lwip_receive, .close = lwip_close};

  return (struct wmrec_transport){.functions = &functions, .context = tcp};
}
