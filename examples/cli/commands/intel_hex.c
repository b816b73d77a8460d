/* Intel HEX. A record is a line: a colon, then in hexadecimal digits length, address, type, data and checksum.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/intel_hex.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <mbedtls/platform_util.h>

/* The types of records. SEGMENT and LINEAR have 2 bytes: the base of the following addresses, divided by 16 or 65536.
 */
enum { TYPE_DATA = 0, TYPE_END = 1, TYPE_SEGMENT = 2, TYPE_LINEAR = 4, TYPE_LAST = 5 };

/* Offsets in a record, in bytes; the number of its bytes besides the data, with the checksum; its maximum size. */
enum { AT_LENGTH = 0, AT_ADDRESS = 1, AT_TYPE = 3, AT_DATA = 4, OVERHEAD = 5, RECORD_MAX = 255 + OVERHEAD };

struct image {
  unsigned char *bytes;
  size_t size;
  size_t length;  /* up to the last byte that was put; 0: none was */
  uint32_t base;  /* what is added to the addresses of records */
  uint32_t start; /* the address of bytes[0]; valid if length > 0 */
};

static char *put_record(char *text, unsigned type, uint32_t address, const unsigned char *bytes, size_t length)
{
  unsigned sum = (unsigned)length + (address >> 8 & 0xff) + (address & 0xff) + type;

  text += sprintf(text, ":%02X%04X%02X", (unsigned)length, (unsigned)(address & 0xffff), type);
  for (size_t i = 0; i < length; i++) {
    text += sprintf(text, "%02X", bytes[i]);
    sum += bytes[i];
  }
  return text + sprintf(text, "%02X\n", -sum & 0xff);
}

size_t intel_hex_write(const unsigned char *bytes, size_t length, uint32_t address, char *text)
{
  char *next = text;
  bool is_upper_new = true; /* the upper half of the address is not yet written */

  while (length > 0) {
    const unsigned char upper[] = {(unsigned char)(address >> 24), (unsigned char)(address >> 16)};
    const size_t room = 0x10000 - (address & 0xffff); /* up to the border of 64 KiB */
    size_t count = length < 16 ? length : 16;

    count = count < room ? count : room;
    if (is_upper_new)
      next = put_record(next, TYPE_LINEAR, 0, upper, sizeof upper);
    next = put_record(next, TYPE_DATA, address, bytes, count);
    is_upper_new = count == room;
    bytes += count;
    length -= count;
    address += (uint32_t)count;
  }
  return (size_t)(put_record(next, TYPE_END, 0, NULL, 0) - text);
}

static int digit(char c)
{
  static const char digits[] = "0123456789abcdef0123456789ABCDEF";
  const char *found = c == '\0' ? NULL : strchr(digits, c);

  return found == NULL ? -1 : (int)(found - digits) % 16;
}

/* Reads a record, and moves *text to the next line. Returns false if the line is not a valid record. */
static bool take_record(const char **text, const char *end, unsigned char record[RECORD_MAX])
{
  size_t count = 0;
  unsigned sum = 0;

  if (*text == end || *(*text)++ != ':')
    return false;
  do {
    if (end - *text < 2 || digit((*text)[0]) < 0 || digit((*text)[1]) < 0)
      return false;
    record[count] = (unsigned char)(digit((*text)[0]) * 16 + digit((*text)[1]));
    sum += record[count++];
    *text += 2;
  } while (count < (size_t)record[AT_LENGTH] + OVERHEAD);
  while (*text < end && (**text == '\r' || **text == '\n'))
    (*text)++;
  return (sum & 0xff) == 0;
}

static bool put_data(struct image *image, uint32_t address, const unsigned char *bytes, size_t length)
{
  size_t offset;

  if (image->length == 0)
    image->start = address;
  offset = address - image->start;
  if (address < image->start || offset > image->size || length > image->size - offset)
    return false;
  memcpy(image->bytes + offset, bytes, length);
  if (offset + length > image->length)
    image->length = offset + length;
  return true;
}

/* Applies a record. The start addresses of programs (types 3 and 5) are ignored. */
static bool apply(struct image *image, const unsigned char *record)
{
  const size_t length = record[AT_LENGTH];
  const unsigned type = record[AT_TYPE];
  const uint32_t number = (uint32_t)record[AT_DATA] << 8 | record[AT_DATA + 1];

  if (type == TYPE_DATA)
    return put_data(image, image->base + ((uint32_t)record[AT_ADDRESS] << 8 | record[AT_ADDRESS + 1]), record + AT_DATA,
                    length);
  if (type != TYPE_LINEAR && type != TYPE_SEGMENT)
    return type <= TYPE_LAST;
  image->base = type == TYPE_LINEAR ? number << 16 : number << 4;
  return length == 2;
}

size_t intel_hex_read(const char *text, size_t length, unsigned char *bytes, size_t size)
{
  struct image image = {.bytes = bytes, .size = size};
  unsigned char record[RECORD_MAX] = {0};
  const char *const end = text + length;
  bool is_valid;

  memset(bytes, 0xff, size);
  do
    is_valid = take_record(&text, end, record);
  while (is_valid && record[AT_TYPE] != TYPE_END && (is_valid = apply(&image, record)));
  mbedtls_platform_zeroize(record, sizeof record);
  return is_valid ? image.length : 0;
}
