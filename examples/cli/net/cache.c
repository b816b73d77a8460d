/* The TLS session, in a file from one run to the next: for --keep-session.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/redact.h"
#include "output/replace.h"
#include "tls.h"

static char path[2048];          /* empty: there is no place for it */
static unsigned char loaded[32]; /* the beginning of what was read: a digest of all of it */

static void complain(const char *what, const char *why)
{
  redact_line("the TLS session's file %s: %s%s.", path, what, why);
}

/* By the XDG Base Directory Specification, a path that is not absolute is to be ignored. */
static const char *cache_home(const char **below)
{
  const char *cache = getenv("XDG_CACHE_HOME");

  *below = "";
  if (cache != NULL && *cache == '/')
    return cache;
  *below = "/.cache";
  return getenv("HOME");
}

/* Sets the path, and makes its folders: with the others' rights to none of them. */
static bool set_path(const char *host, uint16_t port)
{
  const char *below;
  const char *home = cache_home(&below);
  int length = -1;

  if (home != NULL && *home == '/')
    length = snprintf(path, sizeof path, "%s%s/wmrec/session-%s-%u", home, below, host, port);
  if (length < 0 || (size_t)length >= sizeof path) {
    path[0] = '\0';
    fputs("wmrec: neither XDG_CACHE_HOME nor HOME says where the TLS session can be kept, so it is not.\n", stderr);
    return false;
  }
  for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(path, 0700); /* if it can't, opening will say so */
    *slash = '/';
  }
  return true;
}

static bool is_ours_alone(int descriptor)
{
  struct stat status;

  return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
         (status.st_mode & 077) == 0;
}

void cache_load(const char *host, uint16_t port, void *session, size_t size)
{
  int descriptor;

  if (!set_path(host, port))
    return;
  descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno != ENOENT)
      complain("cannot be read: ", strerror(errno));
    return;
  }
  if (!is_ours_alone(descriptor))
    complain("it is not used, as it is not a file that only you can read", "");
  else if (read(descriptor, session, size) >= (ssize_t)sizeof loaded)
    memcpy(loaded, session, sizeof loaded);
  close(descriptor);
}

static void write_file(const void *session, size_t length)
{
  static struct replace replace;
  const char *why = replace_begin(&replace, path, 0600, false);

  if (why == NULL) {
    setvbuf(replace.file, NULL, _IONBF, 0); /* a copy less */
    fwrite(session, 1, length, replace.file);
    why = replace_end(&replace);
  }
  if (why != NULL)
    complain("cannot be written: ", why);
}

void cache_save(const void *session, size_t size)
{
  const size_t length = wmrec_tls_session_length(session, size);

  if (path[0] == '\0')
    return;
  if (length == 0)
    unlink(path);
  else if (memcmp(session, loaded, sizeof loaded) != 0)
    write_file(session, length);
}
