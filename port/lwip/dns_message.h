/* DNS messages (RFC 1035): the query for a host's addresses, and the reader of its answers. Not for users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_DNS_MESSAGE_H
#define WMREC_DNS_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

/* The types of records (section 3.2.2; RFC 3596, section 2.1). */
enum { WMREC_DNS_A = 1, WMREC_DNS_AAAA = 28 };

/* The sizes of a query (a header, a name, a type, a class) and of an answer over UDP (section 2.3.4), at most, in
 * bytes.
 */
enum { WMREC_DNS_QUERY = 12 + 255 + 4, WMREC_DNS_ANSWER = 512 };

/* Writes the query for the addresses of this type. Returns its length in bytes; 0: the host cannot be a name. */
size_t wmrec_dns_write_query(uint8_t query[WMREC_DNS_QUERY], uint16_t id, const char *host, unsigned type);

/* Results of wmrec_dns_read_answer(), besides the number of addresses. */
enum {
  WMREC_DNS_NOT_OURS = -1, /* it does not answer this query, or breaks the format: the right answer may still come */
  WMREC_DNS_REFUSED = -2   /* the server cannot answer, or not over UDP: ask another one */
};

/* Reads the answer to `query`. Copies up to `most` addresses of the type of the query to `addresses`, in their order,
 * of 4 or 16 bytes each. Returns their number, 0 if the name has none or does not exist, or one of the results above.
 */
int wmrec_dns_read_answer(const uint8_t *answer, size_t length, const uint8_t *query, size_t query_length,
                          uint8_t *addresses, int most);

#endif
