/* Where an operating system keeps the root certificates that it trusts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "roots_file.h"

#include <stddef.h>

#if !defined WMREC_LWIP_SOCKETS && !defined __ZEPHYR__
#include <unistd.h>

const char *wmrec_posix_roots_file(void)
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
#endif
