/* lwIP over the board's Ethernet. DHCP gives the address, the name servers, and the time servers unless the settings
 * have one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_NETWORK_H
#define WMREC_LAMP_NETWORK_H

#include <stdbool.h>

/* To be called once, after random_start(). ntp_server: a name or an address, borrowed forever; "": the servers that
 * DHCP names. */
void network_start(const char *ntp_server);

/* Passes received frames to lwIP, at most 8, and runs lwIP's timers. To be called in every step. */
void network_step(void);

/* Returns true if the link is up and DHCP has given an address. */
bool network_is_up(void);

#endif
