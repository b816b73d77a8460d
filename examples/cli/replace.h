/* A file that is replaced as a whole: who reads it sees all of the old one, or all of the new one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_REPLACE_H
#define WMREC_CLI_REPLACE_H

#include <stdio.h>
#include <sys/types.h>

struct replace {
  const char *path;
  char temporary[4096];
  FILE *file; /* to be written to */
};

/* Begins a new file beside this one. Returns 0, or -1 with errno. path: borrowed until replace_end(). */
int replace_begin(struct replace *replace, const char *path, mode_t mode);

/* Puts it in the old one's place. Returns 0; or -1 with errno, and the old one is as it was. */
int replace_end(struct replace *replace);

#endif
