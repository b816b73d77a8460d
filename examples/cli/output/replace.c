/* A file that is replaced as a whole: who reads it sees all of the old one, or all of the new one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "posix.h"

enum { MOST_LINKS = 40 }; /* as in Linux, path_resolution(7) */

/* A device, a pipe or a folder would be lost. */
static const char *check_old(const char *path)
{
  struct stat status;

  if (stat(path, &status) != 0 || S_ISREG(status.st_mode))
    return NULL;
  return S_ISDIR(status.st_mode) ? strerror(EISDIR) : "it is no regular file, so it cannot be replaced";
}

/* Puts what a link says in place of its path. */
static const char *follow(char *path)
{
  char text[REPLACE_PATH];
  const ssize_t length = readlink(path, text, sizeof text);
  char *slash = strrchr(path, '/');
  char *start;

  if (length < 0)
    return strerror(errno);
  start = text[0] == '/' || slash == NULL ? path : slash + 1;
  if (length >= REPLACE_PATH - (start - path))
    return strerror(ENAMETOOLONG);
  memcpy(start, text, (size_t)length);
  start[length] = '\0';
  return NULL;
}

/* Goes on to what is no link. */
static const char *follow_all(char *path)
{
  struct stat status;
  const char *why = NULL;

  for (int links = 0; why == NULL && lstat(path, &status) == 0 && S_ISLNK(status.st_mode); links++) {
    if (status.st_uid != geteuid() && status.st_uid != 0)
      why = "it is a symbolic link of another user, which is not followed";
    else
      why = links < MOST_LINKS ? follow(path) : strerror(ELOOP);
  }
  return why;
}

/* A name that nobody can foresee, in the same folder, as rename() does not go from one file system to another. */
static const char *name_temporary(struct replace *replace)
{
  const char *slash = strrchr(replace->path, '/');
  const int folder = slash == NULL ? 0 : (int)(slash + 1 - replace->path);
  uint32_t random[2];
  int length;

  if (!wmrec_posix_random(random, sizeof random))
    return "the system has no random numbers";
  length = snprintf(replace->temporary, sizeof replace->temporary, "%.*s.wmrec-%08lx%08lx", folder, replace->path,
                    (unsigned long)random[0], (unsigned long)random[1]);
  return length < (int)sizeof replace->temporary ? NULL : strerror(ENAMETOOLONG);
}

static void unblock_signals(const struct replace *replace)
{
  pthread_sigmask(SIG_SETMASK, &replace->signals, NULL);
}

static const char *create(struct replace *replace, mode_t mode)
{
  const int descriptor = open(replace->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  const char *why;

  if (descriptor < 0)
    return strerror(errno);
  replace->file = fdopen(descriptor, "w");
  if (replace->file != NULL)
    return NULL;
  why = strerror(errno);
  close(descriptor);
  unlink(replace->temporary);
  return why;
}

const char *replace_begin(struct replace *replace, const char *path, mode_t mode, bool follows_links)
{
  const char *why = check_old(path);
  sigset_t all;

  if (why == NULL && strlen(path) >= sizeof replace->path)
    why = strerror(ENAMETOOLONG);
  if (why != NULL)
    return why;
  strcpy(replace->path, path);
  if (follows_links)
    why = follow_all(replace->path);
  if (why == NULL)
    why = name_temporary(replace);
  if (why != NULL)
    return why;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &replace->signals);
  why = create(replace, mode);
  if (why != NULL)
    unblock_signals(replace);
  return why;
}

const char *replace_end(struct replace *replace)
{
  const int is_bad = ferror(replace->file);
  const char *why = NULL;

  if (fclose(replace->file) != 0 || is_bad || rename(replace->temporary, replace->path) != 0) {
    why = strerror(errno);
    unlink(replace->temporary);
  }
  unblock_signals(replace);
  return why;
}
