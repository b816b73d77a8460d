/* A file that is replaced as a whole: who reads it sees all of the old one, or all of the new one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "replace.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A device, a pipe or a folder would be lost. */
static int check_old(const char *path)
{
  struct stat status;

  if (stat(path, &status) != 0 || S_ISREG(status.st_mode))
    return 0;
  errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
  return -1;
}

static int give_up(const struct replace *replace)
{
  const int error = errno;

  unlink(replace->temporary);
  errno = error;
  return -1;
}

int replace_begin(struct replace *replace, const char *path, mode_t mode)
{
  const int length = snprintf(replace->temporary, sizeof replace->temporary, "%s.%ld.tmp", path, (long)getpid());
  int descriptor;

  replace->path = path;
  errno = ENAMETOOLONG;
  if (length < 0 || (size_t)length >= sizeof replace->temporary || check_old(path) != 0)
    return -1;
  unlink(replace->temporary); /* of a process that had our number, and died */
  descriptor = open(replace->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (descriptor < 0)
    return -1;
  replace->file = fdopen(descriptor, "w");
  if (replace->file != NULL)
    return 0;
  close(descriptor);
  return give_up(replace);
}

int replace_end(struct replace *replace)
{
  const int is_bad = ferror(replace->file);

  if (fclose(replace->file) != 0 || is_bad || rename(replace->temporary, replace->path) != 0)
    return give_up(replace);
  return 0;
}
