/* Memory from the operating system, as much as there are servers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "memory.h"

#include <stdio.h>
#include <sys/mman.h>

void *memory_map(size_t size)
{
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (memory != MAP_FAILED)
    return memory;
  perror("wmrec: memory");
  return NULL;
}

void memory_rest(void *pages, size_t size)
{
  madvise(pages, size, MADV_DONTNEED);
}
