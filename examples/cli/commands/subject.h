/* An id that is asked about, and what is known of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_SUBJECT_H
#define WMREC_CLI_SUBJECT_H

#include <time.h>

#include "net/servers.h"

/* How many there can be. */
#define SUBJECTS (OPTIONS_IDS > OPTIONS_SERVERS ? OPTIONS_IDS : OPTIONS_SERVERS)

/* To be read, but for the client. */
struct subject {
  struct client *client; /* who asks about it */
  const char *id;        /* NULL: a self-hosted server's */
  struct wmrec_monitor monitor;
  bool is_asked;      /* once at least */
  int http_status;    /* of the last exchange; 0: none */
  time_t answered_at; /* when the last answer came, in seconds since 1970; 0: there was none */

  /* watch.c's: what was shown of it. */
  bool is_shown;
  enum wmrec_recording shown;
  int shown_result;
  int said; /* of its results, the one that was told on standard error */
};

/* Fills in all of them, in the order of the command line: each server's are one behind the other. They were zeroed, and
 * are SUBJECTS. Returns how many there are. */
int subject_list(struct subject *subjects, const struct servers *servers);

/* Takes note of its client's last exchange. */
void subject_note(struct subject *subject, uint32_t now, uint32_t random);

/* The status that may still be believed; WMREC_UNKNOWN: none. */
enum wmrec_recording subject_known(const struct subject *subject, uint32_t now);

/* What people call it: the id, or the host; with several servers "host/id", or the server. Static. */
const char *subject_name(const struct subject *subject);

/* A random number for wmrec_monitor_update(). */
uint32_t subject_random(void);

#endif
