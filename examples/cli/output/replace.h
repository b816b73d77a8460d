/* A file that is replaced as a whole: who reads it sees all of the old one, or all of the new one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_REPLACE_H
#define WMREC_CLI_REPLACE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

enum { REPLACE_PATH = 4096 }; /* Linux's PATH_MAX, with the NUL */

struct replace {
  FILE *file; /* to be written to */

  /* Private. */
  char path[REPLACE_PATH];
  char temporary[REPLACE_PATH];
  sigset_t signals; /* that were blocked before */
};

/* Begins a new file, in the folder of this one. follows_links: where the path is a symbolic link, the file that it
 * names is replaced, and the link stays; else the link is replaced. A link of another user, other than root, is not
 * followed: in a folder such as /tmp, anybody can put one in our way. Returns NULL, or why not.
 *
 * Signals are blocked until replace_end(), which has to be called soon: one that ends the process would leave the new
 * file where nobody looks for it. */
const char *replace_begin(struct replace *replace, const char *path, mode_t mode, bool follows_links);

/* Puts it in the old one's place. Returns NULL; or why not: then the old one is as it was, and the new one is gone. */
const char *replace_end(struct replace *replace);

#endif
