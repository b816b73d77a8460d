/* A file, a pipe or a device, read up to its end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_READ_ALL_H
#define WMREC_CLI_READ_ALL_H

#include <stddef.h>
#include <sys/types.h>

/* Reads up to the end, or `size` bytes. It calls read(): stdio would keep a copy of a key, and of a file that is mapped
 * the pages disappear when somebody truncates it. Returns how many bytes; or -1, with errno. */
ssize_t read_all(int descriptor, void *bytes, size_t size);

#endif
