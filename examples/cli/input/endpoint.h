/* Splits a base URL into its parts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_ENDPOINT_H
#define WMREC_CLI_ENDPOINT_H

#include "wmrec.h"

/* Size of a host name with its NUL. RFC 1035, section 2.3.4: at most 255 octets. */
#define ENDPOINT_HOST 256

/* Sets host, port, base_path and plain_http of the target from "http[s]://host[:port][/path]" (RFC 3986). Returns NULL,
 * or the text of an error, static. target->host is the array `host`, of ENDPOINT_HOST bytes; target->base_path points
 * into the URL. Port: 0 if the URL has none. */
const char *endpoint_parse(const char *url, struct wmrec_target *target, char *host);

/* True if the text contains "://". */
bool endpoint_is_url(const char *text);

/* Returns the port, 1 to 65535, that the decimal digits up to `end` are; 0: they are not a port. */
uint16_t endpoint_port(const char *digits, const char *end);

#endif
