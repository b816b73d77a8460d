/* The words of a header section: found if and only if they are equal, in any case, in two pieces; and tchar
 *
 * sources: core/characters.c
 * options: --unwind 20
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "response.c"

#include "any_wmrec.h"
#include "memchr.h"
#include "proof.h"

#define MAX_LENGTH 18 /* a byte more than the longest word has */

static const struct {
  const char *list;
  unsigned index;
  const char *text;
} expected[] = {{fields, FIELD_AGE, "age"},
                {fields, FIELD_CONTENT_ENCODING, "content-encoding"},
                {elements, ELEMENT_IDENTITY, "identity"},
                {fields, FIELD_CONNECTION, "connection"},
                {fields, FIELD_CONTENT_LENGTH, "content-length"},
                {fields, FIELD_RETRY_AFTER, "retry-after"},
                {fields, FIELD_TRANSFER_ENCODING, "transfer-encoding"},
                {elements, ELEMENT_CHUNKED, "chunked"},
                {elements, ELEMENT_CLOSE, "close"},
                {elements, ELEMENT_KEEP_ALIVE, "keep-alive"}};

/* RFC 9110, section 5.6.2. */
static bool is_tchar(unsigned char c)
{
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         (c != 0 && memchr("!#$%&'*+-.^_`|~", c, 15) != NULL);
}

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
  const unsigned char *bytes = any_bytes(MAX_LENGTH);
  const size_t i = nondet_size();
  const unsigned char any = nondet_byte();

  assert(is_token_character(any) == is_tchar(any));
  __CPROVER_assume(length <= MAX_LENGTH && first <= length && i < sizeof expected / sizeof expected[0]);
  for (size_t place = 0; place < MAX_LENGTH; place++)
    __CPROVER_assume(is_tchar(bytes[place]));
  x.buffer = buffer;
  x.framing = FRAMING_LENGTH;
  x.word_length = 0;
  assert(take_word(&x, bytes, first) == first);
  assert(take_word(&x, bytes + first, length - first) == length - first);

  assert(x.word_length == length);
  assert((wmrec_find_word(expected[i].list, x.buffer, length) == expected[i].index) ==
         is_same(expected[i].text, bytes, length));
  reached(wmrec_find_word(fields, x.buffer, length) == FIELD_TRANSFER_ENCODING && first == 1);
  reached(wmrec_find_word(fields, x.buffer, length) == FIELD_OTHER && length == 17);
}
