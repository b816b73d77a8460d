/* The transport over lwIP's raw API, for a thread that does not have lwIP's core lock.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "lwip.h"

#include <lwip/tcpip.h>

#if !NO_SYS && LWIP_TCPIP_CORE_LOCKING
static int locked_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  int result;

  LOCK_TCPIP_CORE();
  result = wmrec_lwip_transport(context).functions->open(context, host, port, time_left);
  UNLOCK_TCPIP_CORE();
  return result;
}

static int locked_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  int result;

  LOCK_TCPIP_CORE();
  result = wmrec_lwip_transport(context).functions->send(context, bytes, length, sent);
  UNLOCK_TCPIP_CORE();
  return result;
}

static int locked_receive(void *context, void *bytes, size_t size, size_t *received)
{
  int result;

  LOCK_TCPIP_CORE();
  result = wmrec_lwip_transport(context).functions->receive(context, bytes, size, received);
  UNLOCK_TCPIP_CORE();
  return result;
}

static void locked_close(void *context)
{
  LOCK_TCPIP_CORE();
  wmrec_lwip_transport(context).functions->close(context);
  UNLOCK_TCPIP_CORE();
}

struct wmrec_transport wmrec_lwip_locked_transport(struct wmrec_lwip *tcp)
{
  static const struct wmrec_transport_functions functions = {.is_verified_tls = false,
                                                             .open = locked_open,
                                                             .send = locked_send,
                                                             .receive = locked_receive,
                                                             .close = locked_close};

  return (struct wmrec_transport){.functions = &functions, .context = tcp};
}
#endif
