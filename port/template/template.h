/* A transport with nothing behind it yet: copy this folder, rename what is called template, and fill it in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TEMPLATE_H
#define WMREC_TEMPLATE_H

#include "transport.h"

/* One connection. Zero it before its first use. Here goes what your network stack gives for a connection: a handle, a
 * buffer of bytes that came, flags that its callbacks set. */
struct wmrec_template {
  bool is_begun;
};

struct wmrec_transport wmrec_template_transport(struct wmrec_template *connection);

#endif
