/* The API key, or the user and password of Basic authentication: reads them, and leaves no copy of them elsewhere.
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

#include <mbedtls/base64.h>

#include "output/redact.h"
#include "system/read_file.h"

extern char **environ;

enum { TEXT = 4096, BASE64 = (TEXT + 2) / 3 * 4 + 1 };

/* What was read, and what is sent. */
struct secret {
  char text[TEXT];     /* the key; or "user:password" */
  char base64[BASE64]; /* of "user:password"; empty: text is a key */
};

/* One in use, and one for the next. At the start: WMC_API_TOKEN and WMREC_PASSWORD. */
enum { KEY, PASSWORD, SECRETS };
static struct secret secrets[SECRETS];
static struct secret *in_use = secrets;

/* All that must not be shown: of each secret the key or the password, and the base64. */
static const char *hidden[2 * SECRETS];

static const struct {
  const char *name;
  const char *too_long;
  const char *many_lines;
} kinds[SECRETS] = {
    {"WMC_API_TOKEN", "it is too long for a key: the maximum is 4,095 characters",
     "it has more than one line: it must contain the key and nothing else"},
    {"WMREC_PASSWORD", "it is too long: user and password have at most 4,094 characters",
     "it has more than one line: it must contain the password and nothing else"},
};

static bool is_too_long[SECRETS]; /* the variable does not fit */

static void wipe(char *bytes, size_t length)
{
  for (volatile char *byte = bytes; length > 0; length--)
    *byte++ = '\0';
}

static void wipe_secret(struct secret *secret)
{
  wipe(secret->text, sizeof secret->text);
  wipe(secret->base64, sizeof secret->base64);
}

void token_wipe(void)
{
  for (int i = 0; i < SECRETS; i++)
    wipe_secret(&secrets[i]);
}

/* The bytes must be wiped: /proc/PID/environ shows them even after unsetenv(). */
static void take_environment(int kind)
{
  const char *name = kinds[kind].name;
  const size_t length = strlen(name);
  const char *value = getenv(name);

  is_too_long[kind] = value != NULL && strlen(value) >= TEXT;
  if (value != NULL && !is_too_long[kind])
    memcpy(secrets[kind].text, value, strlen(value));
  for (char **entry = environ; entry != NULL && *entry != NULL; entry++) /* the variable may be there twice */
    if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
      wipe(*entry + length + 1, strlen(*entry + length + 1));
  unsetenv(name);
}

void token_protect(void)
{
  const struct rlimit none = {0, 0};

  setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) /* ASan's leak checker needs ptrace */
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
  for (int i = 0; i < SECRETS; i++) {
    take_environment(i);
    hidden[2 * i] = secrets[i].text;
    hidden[2 * i + 1] = secrets[i].base64;
  }
  redact_keys(hidden, sizeof hidden / sizeof hidden[0]);
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

/* Returns the length of the bytes without the newline at their end. */
static size_t without_newline(const char *bytes, size_t length)
{
  if (length > 0 && bytes[length - 1] == '\n')
    length--;
  if (length > 0 && bytes[length - 1] == '\r')
    length--;
  return length;
}

/* RFC 7617, section 2: a password has no control characters. A key is visible ASCII. */
static bool is_allowed(unsigned char c, int kind)
{
  return kind == PASSWORD ? c >= ' ' && c != 0x7f : c > ' ' && c <= '~';
}

/* Returns what is wrong with a key or a password; NULL: nothing. */
static const char *find_error(const char *bytes, size_t length, int kind)
{
  if (length == 0)
    return "it is empty";
  if (memchr(bytes, '\n', length) != NULL || memchr(bytes, '\r', length) != NULL)
    return kinds[kind].many_lines;
  if (memchr(bytes, '\0', length) != NULL)
    return "it has a NUL byte";
  for (size_t i = 0; i < length; i++)
    if (!is_allowed((unsigned char)bytes[i], kind))
      return kind == PASSWORD ? "it has a control character" : "it has a character other than visible ASCII";
  return NULL;
}

/* Puts "user:" before the password, and encodes both. */
static void add_user(struct secret *secret, const char *user, size_t password_length)
{
  const size_t user_length = strlen(user);
  size_t length;

  memcpy(secret->text, user, user_length);
  secret->text[user_length] = ':';
  mbedtls_base64_encode((unsigned char *)secret->base64, sizeof secret->base64, &length,
                        (const unsigned char *)secret->text, user_length + 1 + password_length);
}

static int kind_of(const struct token_source *source)
{
  return source->user == NULL ? KEY : PASSWORD;
}

/* Returns where the key or the password begins in the text of a secret. */
static size_t place_of(const struct token_source *source)
{
  return source->user == NULL ? 0 : strlen(source->user) + 1;
}

static const char *token_of(const struct secret *secret)
{
  return secret->base64[0] == '\0' ? secret->text : secret->base64;
}

/* Checks what is in its place in the secret's text, and completes the secret. Returns the token; NULL, with *error, if
 * it is not valid: the secret is wiped then. */
static const char *finish(struct secret *secret, const struct token_source *source, size_t length, const char **error)
{
  const size_t place = place_of(source);

  *error = place + length == TEXT ? kinds[kind_of(source)].too_long
                                  : find_error(secret->text + place, length, kind_of(source));
  if (*error != NULL) {
    wipe_secret(secret);
    return NULL;
  }
  wipe(secret->text + place + length, TEXT - place - length);
  hidden[2 * (secret - secrets)] = secret->text + place;
  if (source->user != NULL)
    add_user(secret, source->user, length);
  return token_of(secret);
}

static const char *read_variable(struct secret *secret, const struct token_source *source, const char **error)
{
  const size_t place = place_of(source);
  const size_t length = strlen(secret->text);

  *error = is_too_long[kind_of(source)] || place + length >= TEXT ? kinds[kind_of(source)].too_long : NULL;
  if (*error != NULL || length == 0)
    return NULL;
  memmove(secret->text + place, secret->text, length);
  return finish(secret, source, length, error);
}

/* If the file cannot be opened, the secret stays. */
static const char *read_text(struct secret *secret, const struct token_source *source, bool *is_exposed,
                             const char **error)
{
  const bool is_input = strcmp(source->path, "-") == 0;
  const int descriptor = is_input ? STDIN_FILENO : open(source->path, O_RDONLY | O_CLOEXEC);
  const size_t place = place_of(source);
  ssize_t length;

  *error = descriptor < 0 ? strerror(errno) : place >= TEXT ? kinds[PASSWORD].too_long : NULL;
  if (*error != NULL)
    return NULL;
  wipe_secret(secret);
  *is_exposed = !is_input && is_readable_by_others(descriptor);
  length = read_descriptor(descriptor, secret->text + place, TEXT - place);
  if (length < 0)
    *error = strerror(errno);
  if (!is_input)
    close(descriptor);
  if (length < 0) {
    wipe_secret(secret);
    return NULL;
  }
  if (place + (size_t)length < TEXT)
    length = (ssize_t)without_newline(secret->text + place, (size_t)length);
  return finish(secret, source, (size_t)length, error);
}

const char *token_password(void)
{
  return in_use->base64[0] == '\0' ? NULL : hidden[2 * (in_use - secrets)];
}

/* After an error, what the variables had is kept until token_wipe(): the message must not show it. */
const char *token_read(const struct token_source *source, bool *is_exposed, const char **error)
{
  const char *token;

  *is_exposed = false;
  in_use = &secrets[kind_of(source)];
  token = source->path == NULL ? read_variable(in_use, source, error) : read_text(in_use, source, is_exposed, error);
  if (token != NULL)
    wipe_secret(in_use == secrets ? secrets + 1 : secrets);
  return token;
}

const char *token_read_again(const struct token_source *source, const char **error)
{
  struct secret *next = in_use == secrets ? secrets + 1 : secrets;
  bool is_exposed;

  if (read_text(next, source, &is_exposed, error) == NULL)
    return NULL;
  if (strcmp(next->text, in_use->text) == 0) {
    wipe_secret(next);
    return token_of(in_use);
  }
  in_use = next;
  return token_of(in_use);
}

void token_wipe_old(void)
{
  wipe_secret(in_use == secrets ? secrets + 1 : secrets);
}
