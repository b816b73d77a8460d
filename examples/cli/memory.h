/* Memory from the operating system, as much as there are servers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_MEMORY_H
#define WMREC_CLI_MEMORY_H

#include <stddef.h>

/* This many zeroed bytes, in whole pages, for as long as the program runs; NULL: there are none, which has been said. A
 * page that is not written to takes no memory. */
void *memory_map(size_t size);

/* Gives back what the whole pages in here hold. They are there all the same: what is in them is not said. */
void memory_rest(void *memory, size_t size);

#endif
