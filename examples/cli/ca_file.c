/* A file of root certificates, in PEM.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "ca_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "redact.h"

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

/* MAP_FAILED: errno says why; 0: it is empty. */
static void *map(const char *path, size_t *length)
{
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  void *text = MAP_FAILED;

  if (descriptor < 0 || fstat(descriptor, &status) != 0)
    return MAP_FAILED;
  *length = (size_t)status.st_size;
  errno = 0;
  if (*length > 0)
    text = mmap(NULL, *length, PROT_READ, MAP_PRIVATE, descriptor, 0);
  close(descriptor);
  return text;
}

bool ca_file_open(struct wmrec_pem_roots *pem, const char *path)
{
  const struct wmrec_roots roots = wmrec_pem_roots(pem);

  pem->text = map(path, &pem->length);
  if (pem->text == MAP_FAILED) {
    redact_line("the CA file %s: %s.", path, errno != 0 ? strerror(errno) : "is empty");
    return false;
  }
  if (!wmrec_roots_exist(&roots)) {
    redact_line("the CA file %s: it has no certificate in PEM (-----BEGIN CERTIFICATE-----).", path);
    return false;
  }
  return true;
}
