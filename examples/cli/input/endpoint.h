/* Splits a base URL into its parts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_ENDPOINT_H
#define WMREC_CLI_ENDPOINT_H

#include "wmrec.h"

/* Size of a host name with its NUL. RFC 1035, section 2.3.4: at most 255 octets. */
#define ENDPOINT_HOST 256

/* Size of an IPv6 address with its zone and a NUL: 45 characters, "%", and 15 of the name of an interface. */
#define ENDPOINT_ADDRESS 62

/* The arrays for the texts of an endpoint. */
struct endpoint {
  char host[ENDPOINT_HOST];
  char address[ENDPOINT_ADDRESS]; /* an IPv6 address with its zone, such as fe80::1%eth0; "": the host has no zone */
};

/* Sets host, port, base_path and plain_http of the target from "http[s]://host[:port][/path]" (RFC 3986). Returns NULL,
 * or the text of an error, static. target->host is endpoint->host; target->base_path points into the URL. Port: 0 if
 * the URL has none.
 *
 * An IPv6 address may have a zone, as [fe80::1%25eth0] (RFC 6874) or [fe80::1%eth0]. A zone has a meaning on this
 * machine only, so it is not part of target->host, which is sent to the server: connect to endpoint->address. */
const char *endpoint_parse(const char *url, struct wmrec_target *target, struct endpoint *endpoint);

/* True if the text contains "://". */
bool endpoint_is_url(const char *text);

/* Returns the port, 1 to 65535, that the decimal digits up to `end` are; 0: they are not a port. */
uint16_t endpoint_port(const char *digits, const char *end);

#endif
