/* A function for each rule of RFC 8259's grammar, in its order. They recurse, as the grammar does: a test has a stack.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json_reader.h"

#include <stdint.h>
#include <string.h>

struct reader {
  const unsigned char *next;
  const unsigned char *end;
  struct json_reading *reading;
  unsigned depth;
};

/* The characters of a string, as far as they matter. */
struct meaning {
  char ascii[16];
  size_t length;
  bool is_other; /* not ASCII, a NUL, or too long */
};

/* Section 2. */

static bool value(struct reader *r);

static bool is_at_end(const struct reader *r)
{
  return r->next == r->end;
}

static bool take(struct reader *r, char c)
{
  if (is_at_end(r) || *r->next != (unsigned char)c)
    return false;
  r->next++;
  return true;
}

static bool take_one_of(struct reader *r, const char *characters)
{
  for (; *characters != '\0'; characters++)
    if (take(r, *characters))
      return true;
  return false;
}

static void white_space(struct reader *r)
{
  while (take_one_of(r, " \t\n\r"))
    ;
}

static bool structural(struct reader *r, char c)
{
  bool is_taken;

  white_space(r);
  is_taken = take(r, c);
  white_space(r);
  return is_taken;
}

/* Section 3. */

static bool literal(struct reader *r, const char *name)
{
  for (; *name != '\0'; name++)
    if (!take(r, *name))
      return false;
  return true;
}

/* Section 6. */

static bool digit(struct reader *r)
{
  return take_one_of(r, "0123456789");
}

static bool digits(struct reader *r)
{
  if (!digit(r))
    return false;
  while (digit(r))
    ;
  return true;
}

static bool number(struct reader *r)
{
  take(r, '-');
  if (!take(r, '0') && !digits(r))
    return false;
  if (take(r, '.') && !digits(r))
    return false;
  if (!take_one_of(r, "eE"))
    return true;
  take_one_of(r, "+-");
  return digits(r);
}

/* Section 7. */

static void mean(struct meaning *meaning, uint32_t character)
{
  if (character == 0 || character > 0x7f || meaning->length + 1 >= sizeof meaning->ascii)
    meaning->is_other = true;
  else
    meaning->ascii[meaning->length++] = (char)character;
}

static bool four_hex_digits(struct reader *r, uint32_t *character)
{
  *character = 0;
  for (int i = 0; i < 4; i++) {
    static const char hex[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = is_at_end(r) || *r->next == 0 ? NULL : strchr(hex, *r->next);

    if (found == NULL)
      return false;
    *character = *character * 16 + (uint32_t)(found - hex) % 16;
    r->next++;
  }
  return true;
}

static bool escape(struct reader *r, struct meaning *meaning)
{
  static const char escapes[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
  uint32_t character;

  if (take(r, 'u')) {
    if (!four_hex_digits(r, &character))
      return false;
    mean(meaning, character);
    return true;
  }
  for (size_t i = 0; escapes[i] != '\0'; i++) {
    if (take(r, escapes[i])) {
      mean(meaning, (uint32_t)meant[i]);
      return true;
    }
  }
  return false;
}

/* RFC 3629, section 3: decodes the character, then checks that its form is the shortest and its value in range. */
static bool utf_8(struct reader *r, struct meaning *meaning)
{
  static const uint32_t least[] = {0x80, 0x800, 0x10000};
  const unsigned first = *r->next++;
  const unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  uint32_t character;

  if (first < 0xc0 || first > 0xf7)
    return false;
  character = first & (0x3f >> more);
  for (unsigned i = 0; i < more; i++) {
    if (is_at_end(r) || *r->next < 0x80 || *r->next > 0xbf)
      return false;
    character = character * 64 + (*r->next++ - 0x80u);
  }
  mean(meaning, character);
  return character >= least[more - 1] && character <= 0x10ffff && (character < 0xd800 || character > 0xdfff);
}

static bool string(struct reader *r, struct meaning *meaning)
{
  memset(meaning, 0, sizeof *meaning);
  if (!take(r, '"'))
    return false;
  while (!is_at_end(r) && *r->next >= 0x20) {
    if (take(r, '"'))
      return true;
    if (take(r, '\\')) {
      if (!escape(r, meaning))
        return false;
    } else if (*r->next < 0x80) {
      mean(meaning, *r->next++);
    } else if (!utf_8(r, meaning)) {
      return false;
    }
  }
  return false;
}

/* Section 4. */

static void note_member(struct reader *r, const unsigned char *start, const struct meaning *meaning)
{
  r->reading->members++;
  r->reading->is_string = *start == '"';
  r->reading->text = start + 1;
  r->reading->text_length = (size_t)(r->next - start) - 2;
  r->reading->value[0] = '\0';
  if (!meaning->is_other)
    memcpy(r->reading->value, meaning->ascii, sizeof meaning->ascii);
}

static bool member(struct reader *r)
{
  struct meaning name, meaning = {.is_other = true};
  const unsigned char *start;

  if (!string(r, &name) || !structural(r, ':'))
    return false;
  start = r->next;
  if (!(is_at_end(r) || *start != '"' ? value(r) : string(r, &meaning)))
    return false;
  if (r->depth == 1 && !name.is_other && strcmp(name.ascii, "status") == 0)
    note_member(r, start, &meaning);
  return true;
}

static bool object(struct reader *r)
{
  if (!structural(r, '{'))
    return false;
  if (structural(r, '}'))
    return true;
  do
    if (!member(r))
      return false;
  while (structural(r, ','));
  return structural(r, '}');
}

/* Section 5. */

static bool array(struct reader *r)
{
  if (!structural(r, '['))
    return false;
  if (structural(r, ']'))
    return true;
  do
    if (!value(r))
      return false;
  while (structural(r, ','));
  return structural(r, ']');
}

/* Section 3. */

static bool value(struct reader *r)
{
  struct meaning meaning;
  bool is_value;

  r->depth++;
  switch (is_at_end(r) ? 0 : *r->next) {
  case 'f':
    is_value = literal(r, "false");
    break;
  case 'n':
    is_value = literal(r, "null");
    break;
  case 't':
    is_value = literal(r, "true");
    break;
  case '{':
    is_value = object(r);
    break;
  case '[':
    is_value = array(r);
    break;
  case '"':
    is_value = string(r, &meaning);
    break;
  default:
    is_value = number(r);
  }
  r->depth--;
  return is_value;
}

void json_read(const void *text, size_t length, struct json_reading *reading)
{
  struct reader r = {text, (const unsigned char *)text + length, reading, 0};

  memset(reading, 0, sizeof *reading);
  white_space(&r);
  reading->is_object = !is_at_end(&r) && *r.next == '{';
  reading->is_json = value(&r);
  white_space(&r);
  reading->is_json = reading->is_json && is_at_end(&r);
}
