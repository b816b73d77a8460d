/* A transport over lwIP's raw API.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "lwip.h"

#include <string.h>

#include <lwip/dns.h>
#include <lwip/pbuf.h>
#include <lwip/tcp.h>

/* The answer to a lookup that was given up may still come: it is ignored unless it is for the same name. */
static void dns_found(const char *name, const ip_addr_t *address, void *context)
{
  struct wmrec_lwip *tcp = context;

  if (!tcp->is_begun || tcp->is_lookup_over || lwip_stricmp(name, tcp->host) != 0)
    return;
  tcp->is_lookup_over = true;
  tcp->is_found = address != NULL;
  if (address != NULL)
    tcp->address = *address;
}

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

static int begin_lookup(struct wmrec_lwip *tcp, const char *host)
{
  tcp->is_begun = true;
  tcp->is_lookup_over = false;
  tcp->is_ended = false;
  tcp->host = host;
  tcp->phase = WMREC_LWIP_LOOKUP;
  tcp->error = dns_gethostbyname(host, &tcp->address, dns_found, tcp);
  if (tcp->error != ERR_INPROGRESS) {
    tcp->is_lookup_over = true;
    tcp->is_found = tcp->error == ERR_OK;
  }
  return WMREC_WANT_CALL;
}

uint16_t wmrec_lwip_random_port(void)
{
  return (uint16_t)(0xc000 | wmrec_lwip_random());
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

static int begin_connect(struct wmrec_lwip *tcp, uint16_t port)
{
  if (!tcp->is_lookup_over)
    return WMREC_WANT_READ;
  if (!tcp->is_found)
    return WMREC_ERROR_NAME;
  tcp->phase = WMREC_LWIP_CONNECTING;
  tcp->error = ERR_OK;
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
  return tcp->error == ERR_OK ? WMREC_WANT_READ : WMREC_ERROR_CONNECT;
}

static int lwip_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  struct wmrec_lwip *tcp = context;

  (void)time_left; /* lwIP returns one address for a name: it may take all of the time */
  if (!tcp->is_begun)
    return begin_lookup(tcp, host);
  if (tcp->phase == WMREC_LWIP_LOOKUP)
    return begin_connect(tcp, port);
  if (tcp->pcb == NULL)
    return WMREC_ERROR_CONNECT;
  return tcp->phase == WMREC_LWIP_CONNECTED ? WMREC_OK : WMREC_WANT_READ;
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

/* If received bytes were not read, tcp_close() resets the connection, as RFC 1122, section 4.2.2.13, requires. If the
 * server is silent, lwIP keeps a closing connection for minutes: at the lowest priority, a new connection may replace
 * it. */
static void lwip_close(void *context)
{
  struct wmrec_lwip *tcp = context;

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
  tcp->is_begun = false;
}

struct wmrec_transport wmrec_lwip_transport(struct wmrec_lwip *tcp)
{
  static const struct wmrec_transport_functions functions = {
      .is_verified_tls = false, .open = lwip_open, .send = lwip_send, .receive = lwip_receive, .close = lwip_close};

  return (struct wmrec_transport){.functions = &functions, .context = tcp};
}
