/* Replaces a file atomically: a reader sees all of the old file or all of the new one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "system/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mbedtls/platform_util.h>

#include "posix.h"

enum { MAX_LINKS = 40 }; /* as in Linux: path_resolution(7) */

/* rename() would delete a device or a pipe. */
static const char *check_old(const char *path)
{
  struct stat status;

  if (stat(path, &status) != 0 || S_ISREG(status.st_mode))
    return NULL;
  return S_ISDIR(status.st_mode) ? strerror(EISDIR) : "it is not a regular file, so it cannot be replaced";
}

/* Replaces the path of a link by the path that it names. */
static const char *follow_link(char *path)
{
  char text[ATOMIC_FILE_PATH];
  const ssize_t length = readlink(path, text, sizeof text);
  char *slash = strrchr(path, '/');
  char *start;

  if (length < 0)
    return strerror(errno);
  start = text[0] == '/' || slash == NULL ? path : slash + 1;
  if (length >= ATOMIC_FILE_PATH - (start - path))
    return strerror(ENAMETOOLONG);
  memcpy(start, text, (size_t)length);
  start[length] = '\0';
  return NULL;
}

/* Follows links up to a path that is not a link. */
static const char *follow_links(char *path)
{
  struct stat status;
  const char *error = NULL;

  for (int links = 0; error == NULL && lstat(path, &status) == 0 && S_ISLNK(status.st_mode); links++) {
    if (status.st_uid != geteuid() && status.st_uid != 0)
      error = "it is a symbolic link of another user, which is not followed";
    else
      error = links < MAX_LINKS ? follow_link(path) : strerror(ELOOP);
  }
  return error;
}

/* An unpredictable name, in the same folder, because rename() does not work across file systems. */
static const char *name_temporary(struct atomic_file *file)
{
  const char *slash = strrchr(file->path, '/');
  const int folder_length = slash == NULL ? 0 : (int)(slash + 1 - file->path);
  uint32_t random[2];
  int length;

  if (!wmrec_posix_random(random, sizeof random))
    return "the system has no random numbers";
  length = snprintf(file->temporary, sizeof file->temporary, "%.*s.wmrec-%08lx%08lx", folder_length, file->path,
                    (unsigned long)random[0], (unsigned long)random[1]);
  return length < (int)sizeof file->temporary ? NULL : strerror(ENAMETOOLONG);
}

static void unblock_signals(const struct atomic_file *file)
{
  pthread_sigmask(SIG_SETMASK, &file->signals, NULL);
}

/* Returns the text of an error, which errno gives, about the folder of the file. */
static const char *folder_error(const struct atomic_file *file)
{
  static char text[ATOMIC_FILE_PATH + 128];
  const char *slash = strrchr(file->path, '/');

  snprintf(text, sizeof text, "no file can be created in the folder %.*s: %s",
           slash == NULL ? 1 : (int)(slash - file->path + 1), slash == NULL ? "." : file->path, strerror(errno));
  return text;
}

/* The new file gets the owner, the group and the mode of the old one, as far as this user may set them. */
static void keep_attributes(int descriptor, const char *path)
{
  struct stat old;

  if (stat(path, &old) == 0 &&
      (fchown(descriptor, old.st_uid, old.st_gid) == 0 || fchown(descriptor, (uid_t)-1, old.st_gid) == 0))
    fchmod(descriptor, old.st_mode & 0777);
}

static const char *create_temporary(struct atomic_file *file, mode_t mode)
{
  const int descriptor = open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  const char *error;

  if (descriptor < 0)
    return folder_error(file);
  file->is_secret = (mode & 077) == 0;
  if (!file->is_secret)
    keep_attributes(descriptor, file->path);
  file->stream = fdopen(descriptor, "w");
  if (file->stream != NULL)
    return NULL;
  error = strerror(errno);
  close(descriptor);
  unlink(file->temporary);
  return error;
}

const char *atomic_file_begin(struct atomic_file *file, const char *path, mode_t mode, bool follows_links)
{
  const char *error = check_old(path);
  sigset_t all;

  if (error == NULL && strlen(path) >= sizeof file->path)
    error = strerror(ENAMETOOLONG);
  if (error != NULL)
    return error;
  strcpy(file->path, path);
  if (follows_links)
    error = follow_links(file->path);
  if (error == NULL)
    error = name_temporary(file);
  if (error != NULL)
    return error;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &file->signals);
  error = create_temporary(file, mode);
  if (error != NULL)
    unblock_signals(file);
  return error;
}

static bool copy(int from, int to)
{
  char bytes[4096];
  off_t length = 0;
  ssize_t count;

  while ((count = pread(from, bytes, sizeof bytes, length)) > 0 &&
         (count = pwrite(to, bytes, (size_t)count, length)) > 0)
    length += count;
  mbedtls_platform_zeroize(bytes, sizeof bytes);
  return count == 0 && ftruncate(to, length) == 0;
}

static bool is_safe_for_secret(int descriptor)
{
  struct stat status;

  return fstat(descriptor, &status) == 0 && status.st_uid == geteuid() && fchmod(descriptor, 0600) == 0;
}

static const char *write_to(int descriptor, const struct atomic_file *file)
{
  const int from = open(file->temporary, O_RDONLY | O_CLOEXEC);
  const char *error = NULL;

  if (file->is_secret && !is_safe_for_secret(descriptor))
    error = "it is a mount point that belongs to another user, who could read it";
  else if (from < 0 || !copy(from, descriptor))
    error = strerror(errno);
  if (from >= 0)
    close(from);
  return error;
}

/* rename() cannot replace a mount point, such as a file that a container shares with its host. So the new content is
 * written into the old file. */
static const char *write_in_place(const struct atomic_file *file)
{
  const int descriptor = open(file->path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
  const char *error;

  if (descriptor < 0)
    return strerror(errno);
  error = write_to(descriptor, file);
  if (close(descriptor) != 0 && error == NULL)
    error = strerror(errno);
  return error;
}

const char *atomic_file_commit(struct atomic_file *file)
{
  const bool has_failed = ferror(file->stream) != 0;
  const char *error = NULL;

  if (fclose(file->stream) == 0 && !has_failed && rename(file->temporary, file->path) == 0) {
    unblock_signals(file);
    return NULL;
  }
  error = has_failed || errno != EBUSY ? strerror(errno) : write_in_place(file);
  unlink(file->temporary);
  unblock_signals(file);
  return error;
}

const char *atomic_file_write_secret(const char *path, const void *bytes, size_t length, bool follows_links)
{
  static struct atomic_file file;
  const char *error = atomic_file_begin(&file, path, 0600, follows_links);

  if (error != NULL)
    return error;
  setvbuf(file.stream, NULL, _IONBF, 0);
  fwrite(bytes, 1, length, file.stream);
  return atomic_file_commit(&file);
}
