/* Reads a file, a pipe or a device to its end.
 *
 * Both functions call read(): stdio would keep a copy of a key in its buffer, and the pages of a mapped file disappear
 * if somebody truncates the file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_READ_FILE_H
#define WMREC_CLI_READ_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Opens the file and reads it to its end, at most `size` bytes. Returns the number of bytes; -1, with errno: the file
 * cannot be opened or read. */
ssize_t read_file(const char *path, void *bytes, size_t size);

/* False for standard input ("-") and for a pipe or a device, which may give its content only once. */
bool read_file_is_repeatable(const char *path);

/* Reads an open file in the same way. */
ssize_t read_descriptor(int descriptor, void *bytes, size_t size);

#endif
