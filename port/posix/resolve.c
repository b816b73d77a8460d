/* Asks the system for the addresses of a host.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "system.h"

#include "posix.h"

#include <string.h>

static void keep_addresses(struct wmrec_posix_addresses *found, const struct addrinfo *item)
{
  struct wmrec_posix_address *address;

  for (; item != NULL && found->count < WMREC_POSIX_ADDRESSES; item = item->ai_next) {
    address = &found->address[found->count];
    if (item->ai_addrlen > sizeof address->bytes)
      continue;
    address->length = item->ai_addrlen;
    memcpy(address->bytes, item->ai_addr, item->ai_addrlen);
    found->count++;
  }
}

void wmrec_posix_resolve(const char *host, int flags, struct wmrec_posix_addresses *found)
{
  static const int families[] = {LOOKUP_FAMILIES};
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags};
  struct addrinfo *list;
  int error;

  memset(found, 0, sizeof *found);
  for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
    list = NULL;
    hints.ai_family = families[i];
    error = getaddrinfo(host, NULL, &hints, &list);
    if (error == 0) {
      keep_addresses(found, list);
      freeaddrinfo(list);
    } else {
      found->error = error;
      found->system_error = error == EAI_SYSTEM ? errno : 0;
    }
  }
  if (found->count > 0)
    found->error = 0;
}
