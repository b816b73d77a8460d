/* mbedTLS's memory and clock. Our own configuration of mbedTLS has an arena, in pages of the operating system. An
 * mbedTLS of somebody else has its own memory, which is the heap.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_TLS_MEMORY_H
#define WMREC_CLI_TLS_MEMORY_H

#include "tls.h"

/* Prepares it for this number of servers. Returns false, after a message, if there is no memory. */
bool tls_memory_start(size_t server_count);

/* Sets what a connection needs of it. */
void tls_memory_assign(struct wmrec_tls *tls);

/* Memory for sessions: zeroed; NULL: there is none. tls_memory_free(NULL) does nothing. */
void *tls_memory_allocate(size_t size);
void tls_memory_free(void *memory);

/* Gives memory that past handshakes needed back to the system. Call it now and then. */
void tls_memory_release(void);

#endif
