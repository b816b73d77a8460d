/* Replaces a file atomically: a reader sees all of the old file or all of the new one.
 *
 * A mount point, such as a file that a container shares with its host, cannot be replaced: the new content is written
 * into it, which is not atomic.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_ATOMIC_FILE_H
#define WMREC_CLI_ATOMIC_FILE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

enum { ATOMIC_FILE_PATH = 4096 }; /* maximum length of a path with its NUL: Linux's PATH_MAX */

struct atomic_file {
  FILE *stream; /* write the new content to it, between begin and commit */

  /* Private. */
  char path[ATOMIC_FILE_PATH];      /* of the file that is replaced; links are resolved */
  char temporary[ATOMIC_FILE_PATH]; /* of the new file, until commit renames it */
  sigset_t signals;                 /* the signals that were blocked before begin */
  bool is_secret;                   /* only this user may read it */
};

/* Creates the new file in the folder of the old one. Returns NULL; or the text of an error, static until the next call.
 *
 * mode: of the new file. If it lets only this user read the file, it is always set. Otherwise, if there is an old file,
 * the new one gets its owner, group and permissions, as far as this user may set them.
 *
 * follows_links: if the path is a symbolic link, the file that it names is replaced, and the link stays; otherwise the
 * link is replaced. A link of another user than root or this one is refused: anybody can create one in a folder such as
 * /tmp.
 *
 * All signals are blocked until atomic_file_commit(), which must follow soon: a signal that ends the process would
 * leave the temporary file. */
const char *atomic_file_begin(struct atomic_file *file, const char *path, mode_t mode, bool follows_links);

/* Renames the new file to the path. Returns NULL; or the text of an error: then the old file is unchanged, and the new
 * one is removed. */
const char *atomic_file_commit(struct atomic_file *file);

/* Replaces a file with these bytes, readable by this user only, without a copy of them in a stream's buffer. Returns as
 * atomic_file_begin(). */
const char *atomic_file_write_secret(const char *path, const void *bytes, size_t length, bool follows_links);

#endif
