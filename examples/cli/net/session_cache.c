/* --keep-session: keeps the TLS session in a file from one run to the next.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/session_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/redact.h"
#include "system/atomic_file.h"
#include "system/read_file.h"
#include "tls.h"

static char path[2048]; /* of the file; empty: no session is kept */

/* The first bytes of the session that was loaded: a digest of all of it (see tls.c); zeros: none was loaded. */
static unsigned char loaded[32];

static void warn(const char *problem, const char *error)
{
  redact_line("the TLS session file %s: %s%s.", path, problem, error);
}

/* Returns the path of a folder, and in *below the path from there to the user's caches; NULL: unknown. A relative
 * XDG_CACHE_HOME must be ignored (XDG Base Directory Specification). */
static const char *cache_home(const char **below)
{
  const char *cache = getenv("XDG_CACHE_HOME");

  *below = "";
  if (cache != NULL && *cache == '/')
    return cache;
  *below = "/.cache";
  return getenv("HOME");
}

/* Sets the path, and creates its folders with mode 0700. */
static bool set_path(const char *host, uint16_t port)
{
  const char *below;
  const char *home = cache_home(&below);
  int length = -1;

  if (home != NULL && *home == '/')
    length = snprintf(path, sizeof path, "%s%s/wmrec/session-%s-%u", home, below, host, port);
  if (length < 0 || (size_t)length >= sizeof path) {
    path[0] = '\0';
    fputs("wmrec: the TLS session is not kept: neither XDG_CACHE_HOME nor HOME is set to a usable absolute path.\n",
          stderr);
    return false;
  }
  for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(path, 0700); /* an error shows later, when the file is opened */
    *slash = '/';
  }
  return true;
}

static bool is_private(int descriptor)
{
  struct stat status;

  return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
         (status.st_mode & 077) == 0;
}

void session_cache_load(const char *host, uint16_t port, void *session, size_t size)
{
  int descriptor;

  if (!set_path(host, port))
    return;
  descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno != ENOENT)
      warn("it cannot be read: ", strerror(errno));
    return;
  }
  if (!is_private(descriptor))
    warn("it is not used, because it must be a regular file that only you can access", "");
  else if (read_descriptor(descriptor, session, size) >= (ssize_t)sizeof loaded)
    memcpy(loaded, session, sizeof loaded);
  close(descriptor);
}

void session_cache_save(const void *session, size_t size)
{
  const size_t length = wmrec_tls_session_length(session, size);
  const char *error = NULL;

  if (path[0] == '\0')
    return;
  if (length == 0)
    unlink(path);
  else if (memcmp(session, loaded, sizeof loaded) != 0)
    error = atomic_file_write_secret(path, session, length, false);
  if (error != NULL)
    warn("it cannot be written: ", error);
}
