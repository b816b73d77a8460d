/* Where an operating system keeps the root certificates that it trusts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_ROOTS_FILE_H
#define WMREC_ROOTS_FILE_H

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the path of the system's file, which is in PEM; static. NULL: none of the known files can be read.
 * With WMREC_LWIP_SOCKETS, and with Zephyr, this function is not there: a device has no such file. */
const char *wmrec_posix_roots_file(void);

#ifdef __cplusplus
}
#endif

#endif
