/* --keep-session: keeps the TLS session in a file from one run to the next.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_SESSION_CACHE_H
#define WMREC_CLI_SESSION_CACHE_H

#include <stddef.h>
#include <stdint.h>

/* Reads the session of this server, from a file in $XDG_CACHE_HOME/wmrec/, into zeroed memory. If there is no file, the
 * memory stays zeroed; also, after a message on standard error, if the file cannot be read or others can access it. */
void session_cache_load(const char *host, uint16_t port, void *session, size_t size);

/* Writes the session to the file of session_cache_load(), readable by this user only, if it is not the session that was
 * loaded. If there is no session, removes the file. */
void session_cache_save(const void *session, size_t size);

#endif
