/* Where to ask: a base URL, taken apart.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_ENDPOINT_H
#define WMREC_CLI_ENDPOINT_H

#include "wmrec.h"

/* Of a host's name, with its NUL. RFC 1035, section 2.3.4: 255 at most. */
#define ENDPOINT_HOST 256

/* Sets host, port, base_path and plain_http of the target from "http[s]://host[:port][/path]" (RFC 3986). Returns NULL,
 * or what is wrong with the URL. The target's host is the array `host`, of ENDPOINT_HOST bytes; its base_path is the
 * end of the URL. */
const char *endpoint_parse(const char *url, struct wmrec_target *target, char *host);

/* True if it looks like a URL: no id has this in it. */
bool endpoint_is_url(const char *text);

/* A port, 1 to 65535, from decimal digits up to `end`; 0: it is none. */
uint16_t endpoint_port(const char *digits, const char *end);

#endif
