/* The words of a header section: in any case, in two pieces, the right one is found, or none
 *
 * sources: core/exchange.c core/framing.c core/characters.c
 * options: --unwind 20
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "response.c"

#include "any_wmrec.h"
#include "proof.h"
#include "read_recording.h"
#include "receiving.h"

#define MOST 18 /* a byte more than the longest word has */

static const struct {
  unsigned word;
  const char *text;
} expected[] = {{WORD_CHUNKED, "chunked"},
                {WORD_CLOSE, "close"},
                {WORD_CONNECTION, "connection"},
                {WORD_CONTENT_LENGTH, "content-length"},
                {WORD_KEEP_ALIVE, "keep-alive"},
                {WORD_RETRY_AFTER, "retry-after"},
                {WORD_TRANSFER_ENCODING, "transfer-encoding"}};

static bool is_same(const char *text, const unsigned char *bytes, size_t length)
{
  size_t i = 0;

  for (; i < length && text[i] != '\0'; i++)
    if (text[i] != (bytes[i] >= 'A' && bytes[i] <= 'Z' ? bytes[i] + 0x20 : bytes[i]))
      return false;
  return i == length && text[i] == '\0';
}

int main(void)
{
  char buffer[WORD_LIMIT];
  struct wmrec_exchange x = nondet_wmrec();
  const size_t length = nondet_size();
  const size_t first = nondet_size();
  const unsigned char *bytes = any_bytes(MOST);
  const size_t i = nondet_size();
  unsigned word;

  __CPROVER_assume(length <= MOST && first <= length);
  for (size_t place = 0; place < MOST; place++)
    __CPROVER_assume(is_of_token(bytes[place]));
  x.buffer = buffer;
  x.length = 0;
  x.word_length = 0;
  keep(&x, bytes, first);
  keep(&x, bytes + first, length - first);

  word = find_word(&x);
  if (i < sizeof expected / sizeof expected[0])
    assert((word == expected[i].word) == is_same(expected[i].text, bytes, length));
  reached(word == WORD_TRANSFER_ENCODING && first == 1);
}
