/* Where to ask: a base URL, taken apart.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_ENDPOINT_H
#define WMREC_CLI_ENDPOINT_H

#include "wmrec.h"

/* Sets host, port, base_path and plain_http of the target from "http[s]://host[:port][/path]" (RFC 3986). Returns NULL,
 * or what is wrong with the URL. host and base_path are static. */
const char *endpoint_parse(const char *url, struct wmrec_target *target);

/* A port, 1 to 65535, from decimal digits up to `end`; 0: it is none. */
uint16_t endpoint_port(const char *digits, const char *end);

#endif
