/* The subjects of one server, who are asked about in turn, one at a time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_TURNS_H
#define WMREC_CLI_TURNS_H

#include "commands/subject.h"

struct turns {
  struct client *client;
  struct subject *subjects;
  int count;
  struct subject *asked; /* NULL: nobody is being asked about */

  /* Private. */
  int last;         /* the subject whose turn it was last */
  uint32_t seen_at; /* when nobody's turn had come, */
  uint32_t wait;    /* for so long, in ms */
};

/* Takes the first server's of these subjects (`count` of them, at least one). Returns how many that are. */
int turns_begin(struct turns *turns, struct subject *subjects, int count);

/* Begins to ask about whose turn it is. Returns how long it is nobody's, in ms: UINT32_MAX while somebody is asked
 * about.
 */
uint32_t turns_take(struct turns *turns, uint32_t now);

/* Once client->want tells that the exchange has ended: takes note of it, for the one that was asked about; and, if the
 * server cannot be reached, for all that are due, as they need not try it as well. */
void turns_note(struct turns *turns, uint32_t now);

#endif
