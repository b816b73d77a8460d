/* The API key: reads it, and leaves no copy of it elsewhere.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "input/token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "output/redact.h"
#include "system/read_file.h"

extern char **environ;

static char token[4096];             /* the key; empty: none */
static bool is_environment_too_long; /* WMC_API_TOKEN does not fit `token` */
static const char too_long[] = "it is too long for a key: the maximum is 4,095 characters";

static void wipe(char *bytes, size_t length)
{
  for (volatile char *byte = bytes; length > 0; length--)
    *byte++ = '\0';
}

void token_wipe(void)
{
  wipe(token, sizeof token);
}

/* The bytes must be wiped: /proc/PID/environ shows them even after unsetenv(). */
static void take_environment(void)
{
  static const char name[] = "WMC_API_TOKEN=";
  const char *value = getenv("WMC_API_TOKEN");

  is_environment_too_long = value != NULL && strlen(value) >= sizeof token;
  if (value != NULL && !is_environment_too_long)
    memcpy(token, value, strlen(value));
  for (char **entry = environ; entry != NULL && *entry != NULL; entry++) /* the variable may be there twice */
    if (strncmp(*entry, name, strlen(name)) == 0)
      wipe(*entry + strlen(name), strlen(*entry + strlen(name)));
  unsetenv("WMC_API_TOKEN");
}

void token_protect(void)
{
  const struct rlimit none = {0, 0};

  setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) /* ASan's leak checker needs ptrace */
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
  take_environment();
  redact_key(token);
}

const char *token_from_environment(const char **error)
{
  *error = is_environment_too_long ? too_long : NULL;
  return *error == NULL && token[0] != '\0' ? token : NULL;
}

/* A group may read a file that another user owns: an administrator, or systemd, gives access to a file of root in this
 * way. */
static bool is_readable_by_others(int descriptor)
{
  struct stat status;

  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
    return false;
  return (status.st_mode & S_IROTH) != 0 || ((status.st_mode & S_IRGRP) != 0 && status.st_uid == geteuid());
}

static size_t without_newline(size_t length)
{
  if (length > 0 && token[length - 1] == '\n')
    length--;
  if (length > 0 && token[length - 1] == '\r')
    length--;
  return length;
}

/* Returns what is wrong with the content of a token file; NULL: nothing. */
static const char *find_error(size_t length)
{
  if (length == 0)
    return "it is empty";
  if (memchr(token, '\n', length) != NULL || memchr(token, '\r', length) != NULL)
    return "it has more than one line: it must contain the key and nothing else";
  if (memchr(token, '\0', length) != NULL)
    return "it has a NUL byte, which a key cannot have";
  return NULL;
}

const char *token_from_file(const char *path, bool *is_exposed, const char **error)
{
  const bool is_input = strcmp(path, "-") == 0;
  const int descriptor = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length;
  size_t trimmed;

  *is_exposed = !is_input && descriptor >= 0 && is_readable_by_others(descriptor);
  if (descriptor >= 0)
    token_wipe();
  length = descriptor < 0 ? -1 : read_descriptor(descriptor, token, sizeof token);
  *error = strerror(errno);
  if (descriptor >= 0 && !is_input)
    close(descriptor);
  if (length < 0)
    return NULL;
  *error = too_long;
  if (length == sizeof token) {
    token_wipe(); /* redact() needs a NUL at its end */
    return NULL;
  }
  trimmed = without_newline((size_t)length);
  *error = find_error(trimmed);
  wipe(token + trimmed, sizeof token - trimmed);
  return *error == NULL ? token : NULL;
}
