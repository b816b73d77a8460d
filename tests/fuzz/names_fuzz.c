/* Any bytes as the answer of a name server. Each address is the data of a record that a second reader finds, and an
 * answer to another query gives nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "choices.h"
#include "dns_message.h"
#include "observe.h"

enum { ID = 0x1234, MOST = 8, HEADER = 12 };

static const char host[] = "api.test";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static unsigned number(const uint8_t *at)
{
  return (unsigned)at[0] << 8 | at[1];
}

/* The second reader: the length of a name in its place, as RFC 1035, section 4.1.4, defines it; 0: it is none. */
static size_t name_length(const uint8_t *answer, size_t length, size_t at)
{
  size_t end = at;

  while (end < length && answer[end] > 0 && answer[end] < 64)
    end += 1 + (size_t)answer[end];
  if (end < length && answer[end] == 0)
    return end + 1 - at;
  return end + 1 < length && answer[end] >= 192 ? end + 2 - at : 0;
}

/* Returns true if one of the records has this address as its data. */
static bool has_record(const uint8_t *answer, size_t length, size_t at, unsigned type, const uint8_t *address,
                       size_t size)
{
  for (unsigned i = 0; i < number(answer + 6); i++) {
    const size_t name = name_length(answer, length, at);
    size_t data;

    if (name == 0 || at + name + 10 > length)
      return false;
    data = number(answer + at + name + 8);
    if (at + name + 10 + data > length)
      return false;
    if (number(answer + at + name) == type && number(answer + at + name + 2) == 1 && data == size &&
        memcmp(answer + at + name + 10, address, size) == 0)
      return true;
    at += name + 10 + data;
  }
  return false;
}

/* The first byte chooses the type; the next five are the flags and the numbers of the header; the rest are records. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
  static uint8_t room[WMREC_DNS_ANSWER];
  struct choices choices = {bytes, length};
  const unsigned type = choose(&choices, 2) == 0 ? WMREC_DNS_A : WMREC_DNS_AAAA;
  const size_t size = type == WMREC_DNS_A ? 4 : 16;
  uint8_t query[WMREC_DNS_QUERY];
  const size_t query_length = wmrec_dns_write_query(query, ID, host, type);
  uint8_t addresses[MOST * 16];
  uint8_t *answer;
  size_t answer_length;
  int count;

  if (length < 5 || query_length + choices.left > sizeof room)
    return -1;
  answer_length = query_length + choices.left - 4;
  answer = room + sizeof room - answer_length; /* AddressSanitizer watches its end */
  memcpy(answer, query, query_length);
  answer[2] = (uint8_t)choose(&choices, 256) ^ 0x80;
  answer[3] = (uint8_t)choose(&choices, 256);
  answer[6] = (uint8_t)choose(&choices, 256);
  answer[7] = (uint8_t)choose(&choices, 256);
  memcpy(answer + query_length, choices.next, choices.left);
  count = wmrec_dns_read_answer(answer, answer_length, query, query_length, addresses, MOST);
  require(count >= WMREC_DNS_REFUSED && count <= MOST, "the result is a number of addresses, or a reason");
  require(count <= 0 || ((answer[2] & 0xf8) == 0x80 && (answer[3] & 15) == 0),
          "only a positive response gives addresses");
  for (int i = 0; i < count; i++)
    require(has_record(answer, answer_length, query_length, type, addresses + size * (size_t)i, size),
            "each address is the data of a record");
  answer[1] ^= 1;
  require(wmrec_dns_read_answer(answer, answer_length, query, query_length, addresses, MOST) == WMREC_DNS_NOT_OURS,
          "an answer with another identifier gives nothing");
  return 0;
}
