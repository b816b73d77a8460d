/* The TLS session, in a file from one run to the next: for --keep-session.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_CACHE_H
#define WMREC_CLI_CACHE_H

#include <stddef.h>
#include <stdint.h>

/* Reads the session of this server from $XDG_CACHE_HOME/wmrec/ into memory that was zeroed. None, one that others can
 * read or write to, or one that cannot be read, leaves it as it is; but for the first, that is said on standard error.
 */
void cache_load(const char *host, uint16_t port, void *session, size_t size);

/* Keeps the session there, if it is another one than cache_load() read, so that only this user can read it; or removes
 * the file if there is none. */
void cache_save(const void *session, size_t size);

#endif
