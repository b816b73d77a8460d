/* lwIP over the board's Ethernet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "network.h"

#include <string.h>

#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/init.h>
#include <lwip/netif.h>
#include <lwip/timeouts.h>

#include "board.h"
#include "log.h"
#include "name_servers.h"
#include "sntp.h"

static struct netif ethernet;
static const char *time_server; /* NULL: the servers that DHCP names */

u32_t sys_now(void)
{
  return board_clock();
}

void wmrec_lwip_assert_failed(unsigned line)
{
  log_begin();
  log_number("lwip-assertion-line", line);
  log_end();
  board_restart();
}

static err_t send_frame(struct netif *netif, struct pbuf *frame)
{
  (void)netif;
  if (!board_send_begin(frame->tot_len))
    return ERR_BUF; /* dropped: TCP retransmits, and so do the other protocols */
  for (const struct pbuf *part = frame; part != NULL; part = part->next)
    board_send(part->payload, part->len);
  board_send_end();
  return ERR_OK;
}

/* Drops the frame if there is no buffer for it: its sender retransmits. */
static void receive_frame(size_t length)
{
  struct pbuf *frame = pbuf_alloc(PBUF_RAW, (u16_t)length, PBUF_POOL);

  for (struct pbuf *part = frame; part != NULL; part = part->next)
    board_receive(part->payload, part->len);
  board_receive_end();
  if (frame != NULL && ethernet.input(frame, &ethernet) != ERR_OK)
    pbuf_free(frame);
}

static void report_address(struct netif *netif)
{
  log_begin();
  if (ip4_addr_isany_val(*netif_ip4_addr(netif))) {
    log_text("dhcp", "none");
  } else {
    log_address("address", (const uint8_t *)netif_ip4_addr(netif));
    log_address("router", (const uint8_t *)netif_ip4_gw(netif));
    log_address("dns", (const uint8_t *)wmrec_name_server(0));
  }
  log_end();
}

/* lwIP's status callback. Restarts SNTP, which needs an address. */
static void on_address_change(struct netif *netif)
{
  report_address(netif);
  wmrec_sntp_stop();
  if (!ip4_addr_isany_val(*netif_ip4_addr(netif)))
    wmrec_sntp_start(time_server);
}

static err_t start_ethernet(struct netif *netif)
{
  netif->name[0] = 'e';
  netif->name[1] = 'n';
  netif->mtu = 1500;
  netif->hwaddr_len = 6;
  board_ethernet_address(netif->hwaddr);
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
  netif->output = etharp_output;
  netif->linkoutput = send_frame;
  netif_set_hostname(netif, "wmrec");
  return ERR_OK;
}

void network_start(const char *ntp_server)
{
  time_server = *ntp_server == '\0' ? NULL : ntp_server;
  lwip_init();
  netif_add_noaddr(&ethernet, NULL, start_ethernet, netif_input);
  netif_set_status_callback(&ethernet, on_address_change);
  netif_set_default(&ethernet);
  netif_set_up(&ethernet);
  dhcp_start(&ethernet);
}

/* Tells lwIP if the link has changed. Clears the ARP table when the link comes up, as the network may be another one.
 */
static void update_link(void)
{
  const bool is_up = board_is_link_up();

  if (is_up == (netif_is_link_up(&ethernet) != 0))
    return;
  log_line("link", is_up ? "up" : "down");
  if (is_up) {
    etharp_cleanup_netif(&ethernet);
    netif_set_link_up(&ethernet);
  } else {
    netif_set_link_down(&ethernet);
  }
}

void network_step(void)
{
  size_t length;

  update_link();
  for (int frames = 0; frames < 8 && (length = board_receive_begin()) > 0; frames++)
    receive_frame(length);
  sys_check_timeouts();
}

bool network_is_up(void)
{
  return netif_is_link_up(&ethernet) && !ip4_addr_isany_val(*netif_ip4_addr(&ethernet));
}
