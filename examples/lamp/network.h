/* lwIP over the board's Ethernet: DHCP, and the name and time servers that it or the settings give.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_NETWORK_H
#define WMREC_LAMP_NETWORK_H

#include <stdbool.h>

/* Once. ntp_server: a name or an address, borrowed for good; "": those that DHCP names. */
void network_start(const char *ntp_server);

/* Takes the frames that have come, and does what lwIP has to do now. */
void network_step(void);

/* True if there is a link and an address. */
bool network_is_up(void);

#endif
