/* A transport that reads the Date field of HTTP answers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "date_field.h"

#include <string.h>

#include "tls.h"

static const char field_name[] = "\ndate: ";

enum { FIELD_NAME = sizeof field_name - 1, VALUE = DATE_FIELD_VALUE - 1 };

/* Returns the number that two digits form. If they are not digits, returns 10000, which is out of range for every part
 * of a date. */
static int number_of(const char *digits)
{
  const int tens = digits[0] - '0';
  const int ones = digits[1] - '0';

  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? 10000 : 10 * tens + ones;
}

/* Returns 1 to 12, or 0 if the name is not that of a month. */
static int month_of(const char *name)
{
  static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  int month = 12;

  while (month > 0 && memcmp(names + 3 * (month - 1), name, 3) != 0)
    month--;
  return month;
}

/* Returns the date in seconds since 1970-01-01, or 0 if value is not a valid date. */
static int64_t date_of(const char value[VALUE])
{
  const mbedtls_x509_time time = {.year = 100 * number_of(value + 12) + number_of(value + 14),
                                  .mon = month_of(value + 8),
                                  .day = number_of(value + 5),
                                  .hour = number_of(value + 17),
                                  .min = number_of(value + 20),
                                  .sec = number_of(value + 23)};

  if (time.year > 9999 || time.mon == 0 || time.day > 31 || time.hour > 23 || time.min > 59 || time.sec > 60 ||
      memcmp(value + 25, " GMT", 4) != 0)
    return 0;
  return wmrec_tls_seconds(&time);
}

/* Adds a byte of the value. After the last byte, sets field->date and looks for the next field. */
static void add_to_value(struct date_field *field, char byte)
{
  field->value[field->length++] = byte;
  if (field->length < VALUE)
    return;
  field->date = date_of(field->value);
  field->length = 0;
  field->matched = 0;
}

/* Reads a byte of the answer. Field names are case-insensitive. */
static void read_byte(struct date_field *field, char byte)
{
  const char lower = byte >= 'A' && byte <= 'Z' ? (char)(byte + 'a' - 'A') : byte;

  if (field->matched == FIELD_NAME)
    add_to_value(field, byte);
  else if (lower == field_name[field->matched])
    field->matched++;
  else
    field->matched = byte == '\n';
}

static int date_field_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  struct date_field *field = context;

  field->date = 0;
  field->length = 0;
  field->matched = 0;
  return field->inner.functions->open(field->inner.context, host, port, time_left);
}

static int date_field_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  const struct date_field *field = context;

  return field->inner.functions->send(field->inner.context, bytes, length, sent);
}

static int date_field_receive(void *context, void *bytes, size_t size, size_t *received)
{
  struct date_field *field = context;
  const int result = field->inner.functions->receive(field->inner.context, bytes, size, received);

  if (result == WMREC_OK)
    for (size_t i = 0; i < *received; i++)
      read_byte(field, ((const char *)bytes)[i]);
  return result;
}

static void date_field_close(void *context)
{
  const struct date_field *field = context;

  field->inner.functions->close(field->inner.context);
}

struct wmrec_transport date_field_transport(struct date_field *field)
{
  field->functions = (struct wmrec_transport_functions){.is_verified_tls = field->inner.functions->is_verified_tls,
                                                        .open = date_field_open,
                                                        .send = date_field_send,
                                                        .receive = date_field_receive,
                                                        .close = date_field_close};
  return (struct wmrec_transport){.functions = &field->functions, .context = field};
}
