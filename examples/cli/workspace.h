/* What a server needs only while it is asked, so that those who are not asked take no memory for it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_WORKSPACE_H
#define WMREC_CLI_WORKSPACE_H

#include <stdbool.h>

struct workspace {
  unsigned char session[8192]; /* TLS's */
  char buffer[65536];          /* the exchange's */
};

/* Makes ready for so many at once, OPTIONS_SERVERS at most. Returns false if it cannot, which has been said. */
bool workspace_prepare(int count);

/* One that nobody has. Its session is all zeros; what is in the buffer, is not said. */
struct workspace *workspace_take(void);

/* Its session has been wiped. */
void workspace_give_back(struct workspace *workspace);

/* Gives their memory back to the system, but for the first one's, if nobody has any: to be called now and then. */
void workspace_rest(void);

#endif
