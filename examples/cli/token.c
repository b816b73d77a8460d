/* The API key: read without leaving copies behind.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "read_all.h"

static char token[4096];
static const char too_long[] = "is too long for a key";

static void wipe(char *bytes, size_t length)
{
  for (volatile char *byte = bytes; length > 0; length--)
    *byte++ = '\0';
}

void token_protect(void)
{
  const struct rlimit none = {0, 0};

  setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) /* which looks for leaks by ptrace */
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

void token_wipe(void)
{
  wipe(token, sizeof token);
}

const char *token_from_environment(const char **why)
{
  char *value = getenv("WMC_API_TOKEN");
  size_t length;

  *why = NULL;
  if (value == NULL || *value == '\0')
    return NULL;
  length = strlen(value);
  if (length < sizeof token)
    memcpy(token, value, length);
  else
    *why = too_long;
  wipe(value, length);
  return *why == NULL ? token : NULL;
}

static size_t without_newline(size_t length)
{
  if (length > 0 && token[length - 1] == '\n')
    length--;
  if (length > 0 && token[length - 1] == '\r')
    length--;
  return length;
}

static const char *reason(size_t length)
{
  if (length == 0)
    return "is empty";
  if (memchr(token, '\n', length) != NULL || memchr(token, '\r', length) != NULL)
    return "has more than one line: it is to hold the key and nothing else";
  if (memchr(token, '\0', length) != NULL)
    return "has a NUL byte, so it is no key";
  return NULL;
}

const char *token_from_file(const char *path, const char **why)
{
  const bool is_input = strcmp(path, "-") == 0;
  const int descriptor = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  const ssize_t length = descriptor < 0 ? -1 : read_all(descriptor, token, sizeof token);
  size_t trimmed;

  *why = strerror(errno);
  if (descriptor >= 0 && !is_input)
    close(descriptor);
  if (length < 0)
    return NULL;
  *why = too_long;
  if (length == sizeof token)
    return NULL;
  trimmed = without_newline((size_t)length);
  *why = reason(trimmed);
  wipe(token + trimmed, sizeof token - trimmed);
  return *why == NULL ? token : NULL;
}
