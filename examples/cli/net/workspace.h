/* Memory from the operating system, and the part of it that a server needs only while it is asked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WORKSPACE_H
#define WORKSPACE_H

#include <stddef.h>

/* A server's, during an exchange. Its size is a multiple of a page. */
struct workspace {
  unsigned char session[8192]; /* the TLS session */
  char buffer[65536];          /* the exchange's buffer */
};

/* Returns `size` zeroed bytes in whole pages, valid until the program ends; NULL, after a message on standard error, if
 * the system has none. A page takes no physical memory until it is written to. */
void *memory_map(size_t size);

/* Gives the whole pages in this range back to the system. They stay mapped; their contents are undefined. */
void memory_release(void *memory, size_t size);

#endif
