/* The text, in PEM, of the trusted root certificates: from --cacert, from SSL_CERT_FILE and SSL_CERT_DIR, or from the
 * system.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/root_text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/redact.h"
#include "roots.h"
#include "roots_file.h"
#include "system/read_file.h"

/* The text so far. */
struct text {
  char *bytes;
  size_t size; /* of the memory, in bytes */
  size_t length;
};

/* Appends the text of the certificates at a path. Returns NULL; or the text of an error. */
typedef const char *append_function(struct text *text, const char *path);

/* Reads an open file to its end. */
static const char *append_descriptor(struct text *text, int descriptor)
{
  const ssize_t length = read_descriptor(descriptor, text->bytes + text->length, text->size - text->length);

  if (length < 0)
    return strerror(errno);
  text->length += (size_t)length;
  return text->length < text->size ? NULL : "it is too large: the maximum is 1 MiB";
}

/* True if the last certificate has no end. */
static bool is_cut(const char *text)
{
  const char *begin;

  while ((begin = strstr(text, "-----BEGIN CERTIFICATE-----")) != NULL) {
    text = strstr(begin, "-----END CERTIFICATE-----");
    if (text == NULL)
      return true;
  }
  return false;
}

static const char *append_file(struct text *text, const char *path)
{
  const size_t start = text->length;
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  const char *error;

  if (descriptor < 0)
    return strerror(errno);
  error = append_descriptor(text, descriptor);
  close(descriptor);
  if (error == NULL && text->length == start)
    error = "it is empty";
  else if (error == NULL && is_cut(text->bytes + start))
    error = "it ends within a certificate, so a part of it is missing";
  return error;
}

/* True for a name that `openssl rehash` gives to a certificate: the hash of its subject, a dot and a number. */
static bool is_hashed(const char *name)
{
  return strspn(name, "0123456789abcdef") == 8 && name[8] == '.' && name[9] != '\0' &&
         name[9 + strspn(name + 9, "0123456789")] == '\0';
}

static bool is_pem(const char *name)
{
  const char *dot = strrchr(name, '.');

  return dot != NULL && (strcmp(dot, ".pem") == 0 || strcmp(dot, ".crt") == 0);
}

/* Appends a file of a folder. What is not a regular file, or cannot be opened, such as a link to a file that was
 * removed, is skipped, as OpenSSL does. */
static const char *append_member(struct text *text, int folder, const char *name)
{
  const int descriptor = openat(folder, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  const char *error = NULL;
  struct stat status;

  if (descriptor < 0)
    return NULL;
  if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
    error = append_descriptor(text, descriptor);
  close(descriptor);
  return error;
}

static const char *append_members(struct text *text, const char *path, bool (*is_wanted)(const char *name))
{
  DIR *folder = opendir(path);
  const struct dirent *member;
  const char *error = NULL;

  if (folder == NULL)
    return errno == ENOENT ? NULL : strerror(errno); /* OpenSSL, too, skips a folder that does not exist */
  while (error == NULL && (member = readdir(folder)) != NULL)
    if (is_wanted(member->d_name))
      error = append_member(text, dirfd(folder), member->d_name);
  closedir(folder);
  return error;
}

/* Where there are names of `openssl rehash`, the other names are those of the same files, or of a bundle of them. */
static const char *append_folder(struct text *text, const char *path)
{
  const size_t start = text->length;
  const char *error = append_members(text, path, is_hashed);

  if (error == NULL && text->length == start)
    error = append_members(text, path, is_pem);
  return error;
}

/* paths: folders, separated by colons. */
static const char *append_folders(struct text *text, const char *paths)
{
  const size_t start = text->length;
  const char *error = NULL;
  char path[4096];

  while (error == NULL && *paths != '\0') {
    const size_t length = strcspn(paths, ":");

    if (length >= sizeof path)
      return strerror(ENAMETOOLONG);
    memcpy(path, paths, length);
    path[length] = '\0';
    error = append_folder(text, path);
    paths += length + (paths[length] == ':');
  }
  if (error == NULL && text->length == start)
    error = "it does not exist, or has no readable file with a name such as 5ad8a5d6.0, root.pem or root.crt";
  return error;
}

/* Appends certificates, of which there must be at least one. what: the kind of the path, for messages. Returns false
 * after a message. */
static bool add(struct text *text, const char *what, const char *path, append_function *append)
{
  static struct wmrec_pem_roots added;
  const struct wmrec_roots source = wmrec_roots_from_pem(&added);
  const size_t start = text->length;
  const char *error = append(text, path);

  added.text = text->bytes + start;
  added.length = text->length - start;
  if (error == NULL && !wmrec_roots_exist(&source))
    error = "it has no certificate in PEM (-----BEGIN CERTIFICATE-----)";
  if (error != NULL)
    redact_line("%s %s: %s.", what, path, error);
  return error == NULL;
}

/* Returns the value of an environment variable; NULL: it is not set, or empty. */
static const char *environment(const char *name)
{
  const char *value = getenv(name);

  return value != NULL && *value != '\0' ? value : NULL;
}

/* Returns the system's file of root certificates; NULL, after a message: there is none. */
static const char *find_system_file(void)
{
  const char *file = wmrec_posix_roots_file();

  if (file != NULL)
    return file;
  fputs("wmrec: this system has no file of trusted root certificates in a known place. Install one (on Debian: the\n"
        "package ca-certificates), or give a PEM file with --cacert FILE.\n",
        stderr);
  return NULL;
}

size_t root_text_read(const char *ca_file, char *text, size_t size)
{
  struct text roots = {.bytes = text, .size = size};
  const char *file = environment("SSL_CERT_FILE");
  const char *folders = environment("SSL_CERT_DIR");
  bool is_read;

  if (ca_file != NULL || (file == NULL && folders == NULL)) {
    file = ca_file != NULL ? ca_file : find_system_file();
    is_read = file != NULL && add(&roots, "the CA file", file, append_file);
  } else {
    is_read = (file == NULL || add(&roots, "SSL_CERT_FILE: the CA file", file, append_file)) &&
              (folders == NULL || add(&roots, "SSL_CERT_DIR: the folder", folders, append_folders));
  }
  return is_read ? roots.length : 0;
}
