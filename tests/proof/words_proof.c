/* The words of a header section: any byte behind any beginning leads on to the right word, or to none
 *
 * sources: core/exchange.c core/framing.c core/characters.c
 * options: --unwind 20 --unwindset word_byte.0:37,word_byte.1:7
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "response.c"

#include "any_wmrec.h"
#include "proof.h"
#include "read_recording.h"
#include "receiving.h"

#define COUNT 7

/* In the order of the words, so that a beginning that two have in common is a place in the first. */
static const struct {
  unsigned end;
  const char *text;
} expected[COUNT] = {{WORD_CHUNKED, "chunked"},
                     {WORD_CLOSE, "close"},
                     {WORD_CONNECTION, "connection"},
                     {WORD_CONTENT_LENGTH, "content-length"},
                     {WORD_KEEP_ALIVE, "keep-alive"},
                     {WORD_RETRY_AFTER, "retry-after"},
                     {WORD_TRANSFER_ENCODING, "transfer-encoding"}};

static size_t word_at(unsigned place)
{
  size_t i = 0;

  while (i < COUNT - 1 && place > expected[i].end)
    i++;
  return i;
}

static bool begin_the_same(const char *a, const char *b, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (a[i] == '\0' || a[i] != b[i])
      return false;
  return true;
}

/* Before a word, and where it has only what it has in common with the one before, no byte leads to. */
static bool is_place(unsigned place)
{
  const size_t i = word_at(place);

  return place == 0 || (place <= WORD_TRANSFER_ENCODING &&
                        (i == 0 || !begin_the_same(expected[i].text, expected[i - 1].text, DEPTH(place))));
}

int main(void)
{
  struct wmrec x = nondet_wmrec();
  const unsigned c = nondet_byte();
  const int lower = (int)c | (c >= 'A' && c <= 'Z' ? 0x20 : 0);
  const unsigned place = x.word;
  const size_t depth = DEPTH(place);
  const char *text = expected[word_at(place)].text;
  const size_t other = nondet_size();

  __CPROVER_assume(is_place(place) && x.number == 0 && x.matched == depth);
  __CPROVER_assume(c > ' ' && c != 0x7f && (c < '0' || c > '9' || place != 0));
  word_byte(&x, c);
  if (x.word != WORD_OTHER) {
    const char *next = expected[word_at(x.word)].text;

    assert(is_place(x.word) && x.matched == depth + 1 && (size_t)DEPTH(x.word) == depth + 1);
    assert(begin_the_same(text, next, depth) && next[depth] == lower);
    assert((next[depth + 1] == '\0') == (x.word == expected[word_at(x.word)].end));
    reached(next != text);
  } else if (other < COUNT && begin_the_same(text, expected[other].text, depth)) {
    assert(expected[other].text[depth] != lower);
  }
  reached(x.word == WORD_TRANSFER_ENCODING);
}
