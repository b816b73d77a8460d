/* A file of root certificates, in PEM.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_CA_FILE_H
#define WMREC_CLI_CA_FILE_H

#include "roots.h"

/* The system's; NULL: it has none where they are looked for. */
const char *ca_file_of_system(void);

/* Maps the file, for as long as the program runs: its roots are read one at a time, when they are needed. Returns
 * false, all having been said, if it cannot be read or has no certificate. */
bool ca_file_open(struct wmrec_pem_roots *pem, const char *path);

#endif
