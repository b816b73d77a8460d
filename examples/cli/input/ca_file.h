/* A file of root certificates, in PEM.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_CA_FILE_H
#define WMREC_CLI_CA_FILE_H

#include "roots.h"

/* The system's; NULL: it has none where they are looked for. */
const char *ca_file_of_system(void);

/* Reads the file, and keeps its text for as long as the program runs: what becomes of the file then changes nothing.
 * Its roots are decoded one at a time, when they are needed. Returns false, all having been said, if it cannot be read
 * or has no certificate. */
bool ca_file_open(struct wmrec_pem_roots *pem, const char *path);

#endif
