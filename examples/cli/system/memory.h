/* Memory pages from the operating system. The tool has no heap.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_MEMORY_H
#define WMREC_CLI_MEMORY_H

#include <stddef.h>

/* Returns `size` zeroed bytes in whole pages, valid until the program ends; NULL, after a message on standard error, if
 * the system has none. A page takes no physical memory until it is written to. */
void *memory_map(size_t size);

/* Gives the memory of memory_map() back to the system. NULL: does nothing. */
void memory_unmap(const void *memory, size_t size);

/* Gives the whole pages in this range back to the system. They stay mapped; their contents are undefined. */
void memory_release(void *memory, size_t size);

#endif
