/* The trusted roots that are built into the firmware. `make roots` shows them; ROOTS= builds others in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_FLASH_ROOTS_H
#define WMREC_LAMP_FLASH_ROOTS_H

#include "roots.h"

extern const struct wmrec_der_roots flash_roots;

#endif
