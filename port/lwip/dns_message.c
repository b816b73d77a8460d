/* DNS messages. Sections are those of RFC 1035.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "dns_message.h"

#include <stdbool.h>
#include <string.h>

/* Section 4.1.1: the size of a header, the offsets of its counts, and its flags. */
enum { HEADER = 12, FLAGS = 2, QUESTION_COUNT = 4, RECORD_COUNT = 6 };
enum { RESPONSE = 0x8000, OPCODE = 0x7800, TRUNCATED = 0x0200, RECURSION_DESIRED = 0x0100, RCODE = 0x000f };
enum { NO_ERROR = 0, NO_SUCH_NAME = 3 };

/* Sections 4.1.2 and 4.1.3: the sizes of what follows the name, in a question and in a record, and its values. */
enum { QUESTION_FIELDS = 4, RECORD_FIELDS = 10, CLASS_IN = 1, TYPE_CNAME = 5 };

/* Section 2.3.4: sizes in bytes. A name of 255 bytes has 128 labels at most, with the empty one of the root. */
enum { LABEL_MAX = 63, NAME_MAX_BYTES = 255, LABELS_MAX = 128 };
enum { POINTER = 0xc0, POINTER_SIZE = 2 }; /* section 4.1.4 */

enum { ALIASES_MAX = 16 }; /* that lead from a name to its addresses */

struct message {
  const uint8_t *bytes;
  size_t length;
  size_t records; /* the offset of the first record of the answer */
  unsigned count; /* the number of records that are there as a whole */
};

struct record {
  size_t name; /* the offset of its name */
  unsigned type;
  unsigned class;
  size_t data; /* the offset of its data */
  size_t data_length;
};

static void write16(uint8_t *at, unsigned value)
{
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static unsigned read16(const uint8_t *at)
{
  return (unsigned)at[0] << 8 | at[1];
}

/* Section 3.1. Returns the length of the name; 0: it is none. A dot at its end is allowed. */
static size_t write_name(uint8_t *name, const char *host)
{
  size_t length = 0;

  do {
    size_t label = 0;

    while (host[label] != '.' && host[label] != '\0')
      label++;
    if (label == 0 || label > LABEL_MAX || length + 1 + label + 1 > NAME_MAX_BYTES)
      return 0;
    name[length] = (uint8_t)label;
    memcpy(name + length + 1, host, label);
    length += 1 + label;
    host += host[label] == '.' ? label + 1 : label;
  } while (*host != '\0');
  name[length] = 0;
  return length + 1;
}

size_t wmrec_dns_write_query(uint8_t query[WMREC_DNS_QUERY], uint16_t id, const char *host, unsigned type)
{
  const size_t length = write_name(query + HEADER, host);

  if (length == 0)
    return 0;
  memset(query, 0, HEADER);
  write16(query, id);
  write16(query + FLAGS, RECURSION_DESIRED);
  write16(query + QUESTION_COUNT, 1);
  write16(query + HEADER + length, type);
  write16(query + HEADER + length + 2, CLASS_IN);
  return HEADER + length + QUESTION_FIELDS;
}

/* Follows pointers from *at to a label, and returns the label's length; -1: there is none. A pointer must lead back, to
 * "a prior occurrence" (section 4.1.4): so pointers alone are no loop. */
static int read_label(const struct message *message, size_t *at)
{
  while (*at + 1 < message->length && message->bytes[*at] >= POINTER) {
    const size_t target = read16(message->bytes + *at) & 0x3fff;

    if (target >= *at)
      return -1;
    *at = target;
  }
  if (*at >= message->length || message->bytes[*at] > LABEL_MAX || message->bytes[*at] >= message->length - *at)
    return -1;
  return message->bytes[*at];
}

static uint8_t lower(uint8_t byte)
{
  return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

/* Compares the names at two offsets, without regard to case (RFC 4343). */
static bool are_same_name(const struct message *message, size_t one, size_t other)
{
  for (int labels = 0; labels < LABELS_MAX; labels++) {
    const int length = read_label(message, &one);

    if (length < 0 || read_label(message, &other) != length)
      return false;
    if (length == 0)
      return true;
    for (int i = 1; i <= length; i++)
      if (lower(message->bytes[one + (size_t)i]) != lower(message->bytes[other + (size_t)i]))
        return false;
    one += 1 + (size_t)length;
    other += 1 + (size_t)length;
  }
  return false;
}

/* Returns the offset after the name at this offset, which may be beyond the message; 0: there is no name. */
static size_t skip_name(const struct message *message, size_t at)
{
  while (at < message->length && message->bytes[at] <= LABEL_MAX) {
    const size_t label = message->bytes[at];

    at += 1 + label;
    if (label == 0)
      return at;
  }
  return at < message->length && message->bytes[at] >= POINTER ? at + POINTER_SIZE : 0;
}

static bool is_name(const struct message *message, size_t at)
{
  return are_same_name(message, at, at);
}

/* Reads the record at *at, and moves *at after it. Returns false if the message does not have all of it, or if a name
 * in it is none. */
static bool read_record(const struct message *message, size_t *at, struct record *record)
{
  const size_t fields = skip_name(message, *at);

  if (fields == 0 || fields + RECORD_FIELDS > message->length || !is_name(message, *at))
    return false;
  record->name = *at;
  record->type = read16(message->bytes + fields);
  record->class = read16(message->bytes + fields + 2);
  record->data = fields + RECORD_FIELDS;
  record->data_length = read16(message->bytes + fields + 8);
  *at = record->data + record->data_length;
  return *at <= message->length && (record->type != TYPE_CNAME || is_name(message, record->data));
}

static unsigned count_records(const struct message *message, unsigned most)
{
  size_t at = message->records;
  struct record record;
  unsigned count = 0;

  while (count < most && read_record(message, &at, &record))
    count++;
  return count;
}

/* Returns the offset of the name that this name is an alias of; 0: it is none. */
static size_t find_alias(const struct message *message, size_t name)
{
  size_t at = message->records;
  struct record record;

  for (unsigned i = 0; i < message->count && read_record(message, &at, &record); i++)
    if (record.type == TYPE_CNAME && record.class == CLASS_IN && are_same_name(message, record.name, name))
      return record.data;
  return 0;
}

/* Returns the offset of the name at the end of the aliases. Records may have any order. A loop ends at ALIASES_MAX, at
 * a name without addresses. */
static size_t follow_aliases(const struct message *message, size_t name)
{
  size_t alias;

  for (int aliases = 0; aliases < ALIASES_MAX && (alias = find_alias(message, name)) != 0; aliases++)
    name = alias;
  return name;
}

static int copy_addresses(const struct message *message, unsigned type, uint8_t *addresses, int most)
{
  const size_t name = follow_aliases(message, HEADER);
  const size_t size = type == WMREC_DNS_A ? 4 : 16;
  size_t at = message->records;
  struct record record;
  int count = 0;

  for (unsigned i = 0; i < message->count && count < most && read_record(message, &at, &record); i++)
    if (record.type == type && record.class == CLASS_IN && record.data_length == size &&
        are_same_name(message, record.name, name))
      memcpy(addresses + size * (size_t)count++, message->bytes + record.data, size);
  return count;
}

/* The question must be repeated byte by byte: a forged answer must have it, too (RFC 5452, section 9.1). */
static bool is_answer_to(const uint8_t *answer, size_t length, const uint8_t *query, size_t query_length)
{
  return length >= query_length && memcmp(answer, query, FLAGS) == 0 &&
         (read16(answer + FLAGS) & (RESPONSE | OPCODE)) == RESPONSE && read16(answer + QUESTION_COUNT) == 1 &&
         memcmp(answer + HEADER, query + HEADER, query_length - HEADER) == 0;
}

int wmrec_dns_read_answer(const uint8_t *answer, size_t length, const uint8_t *query, size_t query_length,
                          uint8_t *addresses, int most)
{
  struct message message = {.bytes = answer, .length = length, .records = query_length};
  unsigned flags;
  unsigned expected;
  int count;

  if (!is_answer_to(answer, length, query, query_length))
    return WMREC_DNS_NOT_OURS;
  flags = read16(answer + FLAGS);
  if ((flags & RCODE) == NO_SUCH_NAME)
    return 0;
  if ((flags & RCODE) != NO_ERROR)
    return WMREC_DNS_REFUSED;
  expected = read16(answer + RECORD_COUNT);
  message.count = count_records(&message, expected);
  if (message.count < expected && (flags & TRUNCATED) == 0)
    return WMREC_DNS_NOT_OURS;
  count = copy_addresses(&message, read16(query + query_length - QUESTION_FIELDS), addresses, most);
  return count == 0 && (flags & TRUNCATED) != 0 ? WMREC_DNS_REFUSED : count;
}
