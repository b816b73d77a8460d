/* port/lwip/dns_message.c: the bytes of a query, and the answers of ../golden/names.tsv, whole, cut short, and with
 * each byte changed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <arpa/inet.h>
#include <string.h>

#include "dns_message.h"

enum { COLUMNS = 4, MOST = 8, ID = 0x1234, ADDRESS = 16 };

static const char host[] = "api.test";

static struct golden *golden;
static size_t golden_count;
static struct fence answers;
static struct fence queries;

/* What an answer gave: the result, and the addresses. */
struct reading {
  int result;
  uint8_t addresses[MOST * ADDRESS];
};

static unsigned type_of(const struct golden *answer)
{
  return strcmp(answer->columns[1], "AAAA") == 0 ? WMREC_DNS_AAAA : WMREC_DNS_A;
}

/* Reads these bytes, which end at an unmapped page. */
static struct reading read_answer(const uint8_t *bytes, size_t length, unsigned type)
{
  struct reading reading = {0};
  uint8_t query[WMREC_DNS_QUERY];
  const size_t query_length = wmrec_dns_write_query(query, ID, host, type);

  reading.result =
      wmrec_dns_read_answer(fence_copy(&answers, bytes, length), length, fence_copy(&queries, query, query_length),
                            query_length, reading.addresses, MOST);
  assert_in_range(reading.result + 2, 0, MOST + 2);
  return reading;
}

/* The result as text, as in the table. */
static const char *as_text(const struct reading *reading, unsigned type)
{
  static char text[MOST * (INET6_ADDRSTRLEN + 1)];
  const size_t size = type == WMREC_DNS_A ? 4 : 16;

  if (reading->result <= 0)
    return reading->result == 0 ? "none" : reading->result == WMREC_DNS_NOT_OURS ? "not-ours" : "refused";
  text[0] = '\0';
  for (int i = 0; i < reading->result; i++) {
    char one[INET6_ADDRSTRLEN];

    inet_ntop(type == WMREC_DNS_A ? AF_INET : AF_INET6, reading->addresses + size * (size_t)i, one, sizeof one);
    strcat(strcat(text, i == 0 ? "" : " "), one);
  }
  return text;
}

static void a_golden_answer_gives_what_its_line_says(void **state)
{
  const struct golden *answer = *state;
  const unsigned type = type_of(answer);
  const struct reading reading = read_answer(answer->bytes, answer->length, type);

  assert_string_equal(as_text(&reading, type), answer->columns[2]);
}

/* Only a whole answer counts, unless it says that it is truncated. What is behind the records may be missing. */
static void an_answer_that_is_cut_short_gives_no_other_addresses(void **state)
{
  (void)state;
  for (size_t i = 0; i < golden_count; i++) {
    const unsigned type = type_of(&golden[i]);
    const struct reading whole = read_answer(golden[i].bytes, golden[i].length, type);

    for (size_t length = 0; length < golden[i].length; length++) {
      const struct reading cut = read_answer(golden[i].bytes, length, type);
      const bool is_truncated = golden[i].length > 2 && (golden[i].bytes[2] & 2) != 0;

      if (cut.result > 0 && is_truncated)
        assert_memory_equal(cut.addresses, whole.addresses, (size_t)cut.result * 4);
      else if (cut.result != WMREC_DNS_NOT_OURS && !is_truncated)
        assert_memory_equal(&cut, &whole, sizeof cut);
    }
  }
}

static bool contains(const uint8_t *bytes, size_t length, const uint8_t *address, size_t size)
{
  for (size_t at = 0; at + size <= length; at++)
    if (memcmp(bytes + at, address, size) == 0)
      return true;
  return false;
}

static void whatever_a_byte_is_changed_to_each_address_is_one_of_the_answer(void **state)
{
  const int step = is_fewer() ? 37 : 1;

  (void)state;
  for (size_t i = 0; i < golden_count; i++)
    for (size_t at = 0; at < golden[i].length; at++)
      for (int change = 1; change < 256; change += step) {
        const unsigned type = type_of(&golden[i]);
        const size_t size = type == WMREC_DNS_A ? 4 : 16;
        struct reading reading;

        golden[i].bytes[at] ^= (unsigned char)change;
        reading = read_answer(golden[i].bytes, golden[i].length, type);
        if (at < 2 || (at >= 4 && at < 6) || (at >= 12 && at < 12 + sizeof host + 5))
          assert_true(reading.result == WMREC_DNS_NOT_OURS || strcmp(golden[i].columns[2], "not-ours") == 0);
        for (int address = 0; address < reading.result; address++)
          assert_true(contains(golden[i].bytes, golden[i].length, reading.addresses + size * (size_t)address, size));
        golden[i].bytes[at] ^= (unsigned char)change;
      }
}

/* 512 bytes of pointers, each to the one before it, and of labels of one byte. */
static void the_largest_answer_of_names_within_names_is_read_in_bounded_time(void **state)
{
  uint8_t bytes[WMREC_DNS_ANSWER];
  const size_t begin = wmrec_dns_write_query(bytes, ID, host, WMREC_DNS_A);

  (void)state;
  bytes[2] = 0x81;
  bytes[6] = bytes[7] = 0xff;
  for (size_t at = begin; at + 1 < sizeof bytes; at += 2) {
    bytes[at] = (uint8_t)(0xc0 | (at - 2) >> 8);
    bytes[at + 1] = (uint8_t)(at - 2);
  }
  assert_int_equal(read_answer(bytes, sizeof bytes, WMREC_DNS_A).result, WMREC_DNS_NOT_OURS);
  memset(bytes + begin, 1, sizeof bytes - begin);
  assert_int_equal(read_answer(bytes, sizeof bytes, WMREC_DNS_A).result, WMREC_DNS_NOT_OURS);
}

static void a_query_is_the_one_of_rfc_1035(void **state)
{
  static const uint8_t expected[] = {0x12, 0x34, 1,   0, 0,   1,   0,   0,   0, 0, 0,  0, 3,
                                     'a',  'p',  'i', 4, 't', 'e', 's', 't', 0, 0, 28, 0, 1};
  uint8_t query[WMREC_DNS_QUERY];

  (void)state;
  assert_int_equal(wmrec_dns_write_query(query, ID, "api.test", WMREC_DNS_AAAA), sizeof expected);
  assert_memory_equal(query, expected, sizeof expected);
  assert_int_equal(wmrec_dns_write_query(query, ID, "api.test.", WMREC_DNS_AAAA), sizeof expected);
  assert_memory_equal(query, expected, sizeof expected);
}

/* A host of labels of this length, of which the last one has `last` bytes. */
static const char *host_of(size_t labels, size_t length, size_t last)
{
  static char name[300];
  size_t at = 0;

  for (size_t label = 0; label < labels; label++) {
    const size_t bytes = label + 1 < labels ? length : last;

    memset(name + at, 'x', bytes);
    at += bytes;
    name[at++] = '.';
  }
  name[at - 1] = '\0';
  return name;
}

static size_t query_for(const char *name)
{
  return wmrec_dns_write_query(fence_last(&queries, WMREC_DNS_QUERY), ID, name, WMREC_DNS_A);
}

static void a_label_has_63_bytes_at_most_and_a_name_255(void **state)
{
  (void)state;
  assert_int_equal(query_for(host_of(1, 0, 63)), 12 + 1 + 63 + 1 + 4);
  assert_int_equal(query_for(host_of(1, 0, 64)), 0);
  assert_int_equal(query_for(host_of(2, 64, 1)), 0);
  assert_int_equal(query_for(host_of(4, 63, 61)), WMREC_DNS_QUERY);
  assert_int_equal(query_for(host_of(4, 63, 62)), 0);
  assert_int_equal(query_for(host_of(127, 1, 1)), WMREC_DNS_QUERY);
  assert_int_equal(query_for(host_of(128, 1, 1)), 0);
}

/* Asks for `name`; the answer has an address for `owner`. Returns the result. */
static int answer_for(const char *name, const char *owner)
{
  static const uint8_t fields[] = {0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1};
  uint8_t query[WMREC_DNS_QUERY];
  uint8_t other[WMREC_DNS_QUERY];
  uint8_t answer[2 * WMREC_DNS_QUERY];
  uint8_t address[4];
  const size_t query_length = wmrec_dns_write_query(query, ID, name, WMREC_DNS_A);
  const size_t owner_length = wmrec_dns_write_query(other, ID, owner, WMREC_DNS_A) - 12 - 4;

  memcpy(answer, query, query_length);
  answer[2] = 0x81;
  answer[7] = 1;
  memcpy(answer + query_length, other + 12, owner_length);
  memcpy(answer + query_length + owner_length, fields, sizeof fields);
  return wmrec_dns_read_answer(answer, query_length + owner_length + sizeof fields, query, query_length, address, 1);
}

static void the_longest_name_and_that_of_the_most_labels_have_addresses(void **state)
{
  char name[300];

  (void)state;
  strcpy(name, host_of(127, 1, 1));
  assert_int_equal(answer_for(name, name), 1);
  strcpy(name, host_of(4, 63, 61));
  assert_int_equal(answer_for(name, name), 1);
}

/* RFC 4343, section 3: a letter is the same in each case; all other bytes differ. */
static void two_names_are_the_same_if_only_the_case_of_letters_differs(void **state)
{
  (void)state;
  for (int one = 1; one < 256; one++)
    for (int other = 1; other < 256; other++) {
      const char name[] = {(char)one, 'x', '\0'};
      const char owner[] = {(char)other, 'x', '\0'};
      const bool is_letter = (one >= 'A' && one <= 'Z') || (one >= 'a' && one <= 'z');

      if (one != '.' && other != '.')
        assert_int_equal(answer_for(name, owner), one == other || (is_letter && (one ^ other) == 0x20));
    }
}

static void a_name_without_a_label_or_with_an_empty_one_is_none(void **state)
{
  static const char *const names[] = {"", ".", "..", "a..", "a..b", ".a"};

  (void)state;
  for (size_t i = 0; i < COUNT(names); i++)
    assert_int_equal(query_for(names[i]), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_query_is_the_one_of_rfc_1035),
      cmocka_unit_test(a_label_has_63_bytes_at_most_and_a_name_255),
      cmocka_unit_test(the_longest_name_and_that_of_the_most_labels_have_addresses),
      cmocka_unit_test(two_names_are_the_same_if_only_the_case_of_letters_differs),
      cmocka_unit_test(a_name_without_a_label_or_with_an_empty_one_is_none),
      cmocka_unit_test(an_answer_that_is_cut_short_gives_no_other_addresses),
      cmocka_unit_test(whatever_a_byte_is_changed_to_each_address_is_one_of_the_answer),
      cmocka_unit_test(the_largest_answer_of_names_within_names_is_read_in_bounded_time),
  };

  fence_open(&answers, WMREC_DNS_ANSWER);
  fence_open(&queries, WMREC_DNS_QUERY);
  golden = golden_load("names", COLUMNS, &golden_count);
  return run_group("dns_message", tests, COUNT(tests), golden, golden_count, COLUMNS,
                   a_golden_answer_gives_what_its_line_says);
}
