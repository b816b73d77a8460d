/* An SNTP client (RFC 4330) over lwIP's raw API. lwIP's own does not look at the leap indicator, counts an answer more
 * than once, and waits an hour after a bad one.
 *
 * SNTP has no signature: who can read the questions can answer them. Who cannot has to guess 64 random bits and a
 * random port for each question, and an answer counts once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_SNTP_H
#define WMREC_SNTP_H

#include <stdbool.h>
#include <stdint.h>

/* Asks for the date now, and then once an hour; until there is an answer that is accepted, after 15 s, 30 s and so on
 * up to 4 min. server: a name or an address, borrowed until wmrec_sntp_stop(); NULL: those that DHCP names, in turn. */
void wmrec_sntp_start(const char *server);

/* Asks no more, and ignores what still comes. */
void wmrec_sntp_stop(void);

/* To be defined by who uses this port: takes the date of an answer, in seconds since 1970-01-01, UTC. Returns false if
 * it does not accept it; then it is asked again soon. */
bool wmrec_lwip_set_time(int64_t seconds);

#endif
