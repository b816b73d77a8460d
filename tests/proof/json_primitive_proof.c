/* A number or a literal of jsmn, of up to 9 bytes: taken if and only if RFC 8259 has it
 *
 * sources: core/characters.c
 * options: --unwind 11
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json.c"
#include "json_scalar.c"

#include "proof.h"

#define MAX_LENGTH 9

/* RFC 8259, section 6, as an automaton: the part of the number that has come. */
enum progress { NOTHING, MINUS, ZERO, INTEGER, POINT, FRACTION, EXPONENT, SIGN, POWER, WRONG };

static enum progress next_progress(enum progress progress, char c)
{
  const bool is_one_to_nine = c >= '1' && c <= '9';
  const bool is_any_digit = c == '0' || is_one_to_nine;

  switch (progress) {
  case NOTHING:
  case MINUS:
    if (c == '-' && progress == NOTHING)
      return MINUS;
    return c == '0' ? ZERO : is_one_to_nine ? INTEGER : WRONG;
  case ZERO:
  case INTEGER:
    if (is_any_digit && progress == INTEGER)
      return INTEGER;
    return c == '.' ? POINT : c == 'e' || c == 'E' ? EXPONENT : WRONG;
  case POINT:
    return is_any_digit ? FRACTION : WRONG;
  case FRACTION:
    return is_any_digit ? FRACTION : c == 'e' || c == 'E' ? EXPONENT : WRONG;
  case EXPONENT:
    return is_any_digit ? POWER : c == '+' || c == '-' ? SIGN : WRONG;
  case SIGN:
  case POWER:
    return is_any_digit ? POWER : WRONG;
  case WRONG:
    break;
  }
  return WRONG;
}

static bool is_valid_number(const char *text, int length)
{
  enum progress progress = NOTHING;

  for (int i = 0; i < length; i++)
    progress = next_progress(progress, text[i]);
  return progress == ZERO || progress == INTEGER || progress == FRACTION || progress == POWER;
}

static bool is_word(const char *text, int length, const char *word)
{
  int i = 0;

  while (i < length && word[i] != '\0' && text[i] == word[i])
    i++;
  return i == length && word[i] == '\0';
}

int main(void)
{
  const char *text = any_string(MAX_LENGTH);
  jsmn_parser parser;
  jsmntok_t token;

  jsmn_init(&parser);
  if (jsmn_parse_primitive(&parser, text, SIZE_MAX, &token, 1) == 0 && token.end > 0) {
    const bool is_taken = wmrec_json_primitive(text + token.start, text + token.end) == 0;

    assert(token.start == 0);
    assert(is_taken == (is_valid_number(text, token.end) || is_word(text, token.end, "true") ||
                        is_word(text, token.end, "false") || is_word(text, token.end, "null")));
    reached(is_taken && text[0] == '-' && token.end == 8);
    reached(is_taken && text[0] == 'f');
  }
}
