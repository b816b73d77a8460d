/* Keeps the board connected to one Wi-Fi network.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WIFI_H
#define WIFI_H

#include <stdbool.h>

/* Starts ESP-IDF's network, and connects to the network of the configuration, again and again. Call it once. */
void wifi_start(void);

/* Returns true while the board has an IPv4 address. Any task may call it. */
bool wifi_has_address(void);

#endif
