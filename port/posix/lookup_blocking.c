/* Looks a host's name up, and blocks the caller until the system's resolver answers or gives up: for systems without
 * threads or pairs of sockets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "system.h"

#include "posix.h"

#ifdef WMREC_BLOCKING_LOOKUP
int wmrec_posix_lookup(const char *host, struct wmrec_posix_addresses *found)
{
  wmrec_posix_resolve(host, AI_NUMERICHOST, found);
  if (found->error != 0 && *host != '\0')
    wmrec_posix_resolve(host, 0, found);
  return WMREC_POSIX_FOUND;
}
#endif
