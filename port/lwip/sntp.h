/* An SNTP client (RFC 4330) over lwIP's raw API, with one server at a time. lwIP's own client ignores the leap
 * indicator, accepts an answer more than once, and waits an hour after a bad answer.
 *
 * SNTP has no signature: whoever can read the requests can forge answers. Anybody else has to guess 64 random bits and
 * a random port for each request, and only the first answer counts.
 *
 * Threads: as lwip.h. There is one client in a program.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_SNTP_H
#define WMREC_SNTP_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Asks for the date now (after a restart, 15 s after the last request), and after that every half an hour to an hour.
 * Until an answer is accepted, it asks again after 15 s, then after up to 30 s, 60 s and so on, up to 4 min: at least
 * half of that, at random. server: a name or an address, borrowed until wmrec_sntp_stop(); NULL: the servers that DHCP
 * has named. After an answer that is not accepted, or none, it goes on to the next server, or to the next address of
 * the name. */
void wmrec_sntp_start(const char *server);

/* Asks again soon, as after no answer, but at least 15 s after the last request: a certificate says that the date may
 * be wrong. Call it as often as that happens: while it does, requests become rarer as after no answer, down to one in 4
 * min at most. */
void wmrec_sntp_doubt(void);

/* Stops asking, and ignores answers that still come. */
void wmrec_sntp_stop(void);

/* You define this function. It takes the date of an answer, in seconds since 1970-01-01, UTC. It returns true if it
 * accepts the date; after false, the client asks again soon, as after no answer. */
bool wmrec_lwip_set_time(int64_t seconds);

#ifdef __cplusplus
}
#endif

#endif
