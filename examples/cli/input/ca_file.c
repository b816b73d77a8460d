/* A file of root certificates, in PEM.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "input/ca_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "input/read_all.h"
#include "net/workspace.h"
#include "output/redact.h"

const char *ca_file_of_system(void)
{
  static const char *const files[] = {
      "/etc/ssl/certs/ca-certificates.crt",     /* Debian, Ubuntu, Arch, Gentoo */
      "/etc/pki/tls/certs/ca-bundle.crt",       /* Fedora, RHEL */
      "/etc/ssl/ca-bundle.pem",                 /* openSUSE */
      "/etc/ssl/cert.pem",                      /* Alpine, OpenBSD, macOS */
      "/usr/local/share/certs/ca-root-nss.crt", /* FreeBSD */
  };

  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
    if (access(files[i], R_OK) == 0)
      return files[i];
  return NULL;
}

/* Bytes: 1 MiB; a system's file has some 220,000. Less than a huge page of Linux, 2 MiB, which would be taken whole. */
enum { MOST = 1048576 };

/* Why it could not be read; NULL: it was. */
static const char *read_file(struct wmrec_pem_roots *pem, char *text, const char *path)
{
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  const ssize_t length = descriptor < 0 ? -1 : read_all(descriptor, text, MOST);
  const char *why = length < 0 ? strerror(errno) : NULL;

  if (descriptor >= 0)
    close(descriptor);
  if (length == 0)
    why = "is empty";
  if (length == MOST)
    why = "is larger than a file of root certificates may be, 1 MiB";
  pem->text = text;
  pem->length = why == NULL ? (size_t)length : 0;
  return why;
}

bool ca_file_open(struct wmrec_pem_roots *pem, const char *path)
{
  const struct wmrec_roots roots = wmrec_roots_from_pem(pem);
  char *text = memory_map(MOST);
  const char *why;

  if (text == NULL)
    return false;
  why = read_file(pem, text, path);
  if (why != NULL) {
    redact_line("the CA file %s: %s.", path, why);
    return false;
  }
  if (!wmrec_roots_exist(&roots)) {
    redact_line("the CA file %s: it has no certificate in PEM (-----BEGIN CERTIFICATE-----).", path);
    return false;
  }
  return true;
}
