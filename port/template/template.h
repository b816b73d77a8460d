/* A transport that compiles and does nothing: copy this folder, rename `template` to the name of your network stack,
 * and fill it in. Its open returns WMREC_ERROR_SYSTEM.
 *
 * Threads: say here which threads may use it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TEMPLATE_H
#define WMREC_TEMPLATE_H

#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One connection. Zero it before its first use. Put here what your network stack needs for a connection: a handle, a
 * buffer of received bytes, flags that its callbacks set. */
struct wmrec_template {
  bool is_begun; /* open was called, and close was not */
};

/* Returns the transport over *connection, which is borrowed for as long as the transport is in use. */
struct wmrec_transport wmrec_template_transport(struct wmrec_template *connection);

#ifdef __cplusplus
}
#endif

#endif
