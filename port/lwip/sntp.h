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

/* Asks for the date now, or 15 s after the last request if the client was stopped since. After an answer that is
 * accepted, it asks again after half an hour to an hour. After any other answer, or none, it asks the next server, or
 * the next address of a named one: after 15 s, then after 15 to 30 s, 30 to 60 s and so on, up to 2 to 4 min. The
 * delays are random, so that devices which were powered up together do not ask together for ever. server: a name or an
 * address, borrowed until wmrec_sntp_stop(); NULL: the servers that DHCP has named. */
void wmrec_sntp_start(const char *server);

/* Says that the date may be wrong, as a certificate is expired or not yet valid: it is asked for again, 15 s after the
 * last request. Call it each time that happens. If it happens again and again, the requests become rarer, as they do
 * without answers. */
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
