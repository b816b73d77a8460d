/* The text, in PEM, of the trusted root certificates: from --cacert, from SSL_CERT_FILE and SSL_CERT_DIR, or from the
 * system.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_ROOT_TEXT_H
#define WMREC_CLI_ROOT_TEXT_H

#include <stddef.h>

/* Reads the roots into zeroed memory of this size, in bytes: one more than the longest text. Returns the length of the
 * text; 0, after a message: a file cannot be read, is not valid, or has no certificate.
 *
 * ca_file: the file of --cacert. NULL: what the environment names, else the system's file. An error of a file that
 * somebody named is never passed over: the next place has other roots, which might be trusted by mistake. */
size_t root_text_read(const char *ca_file, char *text, size_t size);

#endif
