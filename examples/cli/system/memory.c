/* Memory pages from the operating system.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "system/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

void *memory_map(size_t size)
{
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (memory != MAP_FAILED)
    return memory;
  perror("wmrec: cannot allocate memory");
  return NULL;
}

void memory_unmap(const void *memory, size_t size)
{
  if (memory != NULL)
    munmap((void *)(uintptr_t)memory, size);
}

void memory_release(void *memory, size_t size)
{
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  const uintptr_t before = (page - (uintptr_t)memory % page) % page; /* bytes up to the first whole page */

  if (size >= before + page)
    madvise((char *)memory + before, (size - before) / page * page, MADV_DONTNEED);
}
