/* boards/settings.c: the settings block of a device is read and written, and data that is not a valid block is refused.
 * The blocks are those of ../golden/settings.tsv, or are made here, field by field.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crc32.h"
#include "roots.h"
#include "settings.h"

enum { AT_VERSION = 4, AT_LENGTH = 6, AT_CRC = 8, AT_PORT = 16, AT_FLAGS = 18 };

static const char texts[] = "h\0/p\0jjl8y\0k\0n\0s"; /* all six, with the NUL at the end of the literal */
static const unsigned char secret[SETTINGS_SECRET] = {0, 1, 2, [SETTINGS_SECRET - 1] = 0xff};

static struct fence fence;

/* The block under test, its size in bytes, and the settings that were read last. */
static unsigned char block[SETTINGS_MAX];
static size_t size;
static struct settings settings;

static void put(const void *bytes, size_t length)
{
  assert_true(size + length <= sizeof block);
  memcpy(block + size, bytes, length);
  size += length;
}

static void set_number(size_t at, uint32_t value, size_t length)
{
  for (; length > 0; length--, value >>= 8)
    block[at++] = (unsigned char)(value & 0xff);
}

static uint32_t crc_of_block(void)
{
  return wmrec_crc32(wmrec_crc32(0, block + AT_VERSION, 4), block + SETTINGS_HEADER, size - SETTINGS_HEADER);
}

/* Sets the length and the CRC to those of the payload. */
static void seal(void)
{
  set_number(AT_LENGTH, (uint32_t)(size - SETTINGS_HEADER), 2);
  set_number(AT_CRC, crc_of_block(), 4);
}

/* Makes a block of version 3 with all texts, the secret and no root, without its length and CRC. */
static void make(void)
{
  static const unsigned char start[SETTINGS_HEADER + 8] = {'W', 'M', 'R', 'S', SETTINGS_VERSION};

  size = 0;
  put(start, sizeof start);
  put(texts, sizeof texts);
  put(secret, sizeof secret);
}

static void put_root(const void *root, size_t length)
{
  const unsigned char lengths[] = {length & 0xff, length >> 8 & 0xff};

  put(lengths, sizeof lengths);
  put(root, length);
}

/* Reads bytes that end where the fence begins: a read after them ends the test. */
static enum settings_result read_bytes(const void *bytes, size_t length)
{
  return settings_read(&settings, fence_copy(&fence, bytes, length), length);
}

static void assert_reads(enum settings_result expected)
{
  assert_string_equal(settings_result_name(read_bytes(block, size)), settings_result_name(expected));
}

static void assert_text(const char *text, const char *expected)
{
  assert_string_equal(text == NULL ? "none" : text, expected);
}

/* hex: "none": no secret. */
static void assert_secret(const char *hex)
{
  char found[2 * SETTINGS_SECRET + 1] = "none";

  for (size_t i = 0; settings.secret != NULL && i < SETTINGS_SECRET; i++)
    snprintf(found + 2 * i, 3, "%02x", settings.secret[i]);
  assert_string_equal(found, hex);
}

static unsigned count_roots(void)
{
  const unsigned char *der;
  size_t length;
  size_t position = 0;
  unsigned count = 0;

  while (settings_next_root(&settings, &position, &der, &length))
    count++;
  return count;
}

/* What follows the block in the golden file is not part of it. */
static void assert_is_written_again(const unsigned char *expected)
{
  static unsigned char written[SETTINGS_MAX];
  const size_t length = settings_write(&settings, written, sizeof written);

  assert_int_equal(length, SETTINGS_HEADER + expected[AT_LENGTH] + 256u * expected[AT_LENGTH + 1]);
  assert_memory_equal(written, expected, length);
}

static void a_golden_block_is_read_and_written_again(void **state)
{
  const struct golden *golden = *state;
  const struct wmrec_target *target = &settings.target;
  char endpoint[256];

  assert_string_equal(settings_result_name(read_bytes(golden->bytes, golden->length)), golden->columns[1]);
  if (strcmp(golden->columns[1], "ok") != 0)
    return;
  snprintf(endpoint, sizeof endpoint, "http%s://%s:%u%s", target->plain_http ? "" : "s", target->host, target->port,
           target->base_path);
  assert_string_equal(endpoint, golden->columns[2]);
  assert_text(target->mock_api_id, golden->columns[3]);
  assert_text(target->token, golden->columns[4]);
  assert_text(target->scheme, golden->columns[5]);
  assert_int_equal(settings.interval, strtoul(golden->columns[6], NULL, 10));
  assert_text(settings.ntp_server, golden->columns[7]);
  assert_int_equal(count_roots(), strtoul(golden->columns[8], NULL, 10));
  assert_secret(golden->columns[9]);
  assert_is_written_again(golden->bytes);
}

static void a_block_longer_than_the_buffer_is_written_up_to_its_end(void **state)
{
  static const struct settings all = {.target = {"h", "jjl8y", "k", "s", "/p", 0, false},
                                      .ntp_server = "n",
                                      .secret = secret,
                                      .roots = (const unsigned char *)"\4\0root",
                                      .roots_length = 6};

  (void)state;
  make();
  put_root("root", 4);
  seal();
  for (size_t room = 0; room <= size; room++)
    assert_int_equal(settings_write(&all, fence_last(&fence, room), room), size);
  assert_memory_equal(fence_last(&fence, size), block, size);
}

static void settings_that_differ_in_one_field_are_not_equal(void **state)
{
  static const struct settings first = {
      .target = {"h", "jjl8y", "k", "s", "/p", 8080, false}, .interval = 1, .ntp_server = "n", .roots_length = 0};
  struct settings changed[9];

  (void)state;
  for (size_t i = 0; i < COUNT(changed); i++)
    changed[i] = first;
  changed[0].target.host = "other";
  changed[1].target.mock_api_id = NULL;
  changed[2].target.token = "other";
  changed[3].target.base_path = "";
  changed[4].target.port = 0;
  changed[5].target.plain_http = true;
  changed[6].interval = 0;
  changed[7].ntp_server = "";
  changed[8].target.scheme = NULL;
  assert_true(settings_equal(&first, &first));
  for (size_t i = 0; i < COUNT(changed); i++)
    assert_false(settings_equal(&first, &changed[i]));
}

static void settings_with_another_secret_are_not_equal(void **state)
{
  unsigned char other[SETTINGS_SECRET];
  struct settings one = {.secret = secret};
  struct settings two = {.secret = other};

  (void)state;
  memcpy(other, secret, sizeof other);
  assert_true(settings_equal(&one, &two));
  for (size_t i = 0; i < sizeof other; i++) {
    other[i] ^= 1;
    assert_false(settings_equal(&one, &two));
    other[i] ^= 1;
  }
  two.secret = NULL;
  assert_false(settings_equal(&one, &two));
  assert_false(settings_equal(&two, &one));
}

static void settings_with_other_roots_are_not_equal(void **state)
{
  struct settings one = {.roots = (const unsigned char *)"\1\0a", .roots_length = 3};
  struct settings other = {.roots = (const unsigned char *)"\1\0b", .roots_length = 3};

  (void)state;
  assert_true(settings_equal(&one, &one));
  assert_false(settings_equal(&one, &other));
  other.roots_length = 0;
  assert_false(settings_equal(&one, &other));
}

static void the_crc_is_that_of_ieee_802_3(void **state)
{
  static const unsigned char digits[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};

  (void)state;
  assert_int_equal(wmrec_crc32(0, digits, 0), 0);
  for (size_t i = 0; i <= sizeof digits; i++)
    assert_int_equal(wmrec_crc32(wmrec_crc32(0, digits, i), digits + i, sizeof digits - i), 0xcbf43926);
}

static void each_result_has_a_name(void **state)
{
  static const char *const names[] = {"ok", "missing", "older", "newer", "corrupt"};

  (void)state;
  for (int i = 0; i < (int)COUNT(names); i++)
    assert_string_equal(settings_result_name((enum settings_result) - i), names[i]);
}

static void each_port_is_read(void **state)
{
  (void)state;
  make();
  for (uint32_t port = 0; port <= UINT16_MAX; port += is_fewer() ? 257 : 1) {
    set_number(AT_PORT, port, 2);
    seal();
    assert_int_equal(read_bytes(block, size), SETTINGS_OK);
    assert_int_equal(settings.target.port, port);
  }
}

static void plain_http_is_the_only_flag(void **state)
{
  (void)state;
  make();
  for (uint32_t flags = 0; flags <= UINT16_MAX; flags += flags > 2 && is_fewer() ? 257 : 1) {
    set_number(AT_FLAGS, flags, 2);
    seal();
    assert_int_equal(read_bytes(block, size), flags <= 1 ? SETTINGS_OK : SETTINGS_CORRUPT);
    assert_true(flags > 1 || settings.target.plain_http == (flags == 1));
  }
}

static void an_empty_text_is_not_set(void **state)
{
  (void)state;
  make();
  size = SETTINGS_HEADER + 8;
  put("\0\0\0\0\0", 6);
  put(secret, sizeof secret);
  seal();
  assert_reads(SETTINGS_OK);
  assert_string_equal(settings.target.host, "");
  assert_string_equal(settings.target.base_path, "");
  assert_null(settings.target.mock_api_id);
  assert_null(settings.target.token);
  assert_null(settings.target.scheme);
  assert_string_equal(settings.ntp_server, "");
  assert_int_equal(settings.roots_length, 0);
}

static enum settings_result expected_of_change(size_t at)
{
  if (at < AT_VERSION)
    return SETTINGS_MISSING;
  if (at >= AT_LENGTH)
    return SETTINGS_CORRUPT;
  if (block[AT_VERSION + 1] == 0 && block[AT_VERSION] > 0 && block[AT_VERSION] <= SETTINGS_VERSION)
    return SETTINGS_CORRUPT; /* the CRC covers the version */
  return block[AT_VERSION] == 0 && block[AT_VERSION + 1] == 0 ? SETTINGS_OLDER : SETTINGS_NEWER;
}

static void a_changed_byte_is_found(void **state)
{
  (void)state;
  make();
  put_root("root", 4);
  put_root("another", 7);
  seal();
  assert_reads(SETTINGS_OK);
  for (size_t at = 0; at < size; at++) {
    const unsigned char right = block[at];

    for (unsigned value = 0; value <= UINT8_MAX; value++) {
      block[at] = (unsigned char)value;
      assert_int_equal(read_bytes(block, size), value == right ? SETTINGS_OK : expected_of_change(at));
    }
    block[at] = right;
  }
}

static void a_block_that_is_cut_short_is_found(void **state)
{
  (void)state;
  make();
  put_root("root", 4);
  seal();
  for (size_t length = 0; length < size; length++)
    assert_int_equal(read_bytes(block, length), length < SETTINGS_HEADER ? SETTINGS_MISSING : SETTINGS_CORRUPT);
}

/* The CRC is valid, so it is not the CRC that finds it. */
static void a_length_beyond_the_block_is_found(void **state)
{
  const uint32_t most = UINT16_MAX;
  uint32_t right;

  (void)state;
  make();
  seal();
  right = (uint32_t)(size - SETTINGS_HEADER);
  for (uint32_t length = right + 1; length <= most; length += is_fewer() ? 251 : 1) {
    set_number(AT_LENGTH, length, 2);
    set_number(AT_CRC, crc_of_block(), 4);
    assert_int_equal(read_bytes(block, size), SETTINGS_CORRUPT);
  }
}

/* Length and CRC are valid: a payload can end only after the secret or after a root. */
static void a_payload_that_ends_within_a_field_is_found(void **state)
{
  const size_t after_secret = SETTINGS_HEADER + 8 + sizeof texts + sizeof secret;
  size_t whole;

  (void)state;
  make();
  put_root("root", 4);
  put_root("another", 7);
  whole = size;
  for (size = SETTINGS_HEADER; size <= whole; size++) {
    const bool is_end = size == after_secret || size == after_secret + 6 || size == whole;

    seal();
    assert_int_equal(read_bytes(block, size), is_end ? SETTINGS_OK : SETTINGS_CORRUPT);
  }
  size = whole;
}

/* A device with new firmware keeps its old block. What version 2 calls the scheme, and version 3 the secret, would be
 * the beginning of a root. */
static void a_block_of_an_older_version_has_no_secret(void **state)
{
  (void)state;
  make();
  size -= sizeof secret;
  put_root("root", 4);
  set_number(AT_VERSION, 2, 2);
  seal();
  assert_reads(SETTINGS_OK);
  assert_string_equal(settings.target.scheme, "s");
  assert_null(settings.secret);
  assert_int_equal(count_roots(), 1);
  assert_is_written_again(block);
}

static void a_block_of_version_1_has_no_scheme(void **state)
{
  (void)state;
  make();
  size -= sizeof "s" + sizeof secret;
  put_root("root", 4);
  set_number(AT_VERSION, 1, 2);
  seal();
  assert_reads(SETTINGS_OK);
  assert_null(settings.target.scheme);
  assert_null(settings.secret);
  assert_string_equal(settings.ntp_server, "n");
  assert_int_equal(count_roots(), 1);
  assert_is_written_again(block);
}

static void a_text_without_an_end_is_found(void **state)
{
  (void)state;
  for (size_t length = 0; length < sizeof block - SETTINGS_HEADER - 8; length += is_fewer() ? 509 : 1) {
    make();
    size = SETTINGS_HEADER + 8;
    memset(block + size, 'x', length);
    size += length;
    seal();
    assert_int_equal(read_bytes(block, size), SETTINGS_CORRUPT);
  }
}

static void a_root_whose_length_is_wrong_is_found(void **state)
{
  static const unsigned char root[64] = {0x30};

  (void)state;
  make();
  put_root(root, sizeof root);
  for (uint32_t length = 0; length <= UINT16_MAX; length += is_fewer() ? 64 : 1) {
    set_number(size - sizeof root - 2, length, 2);
    seal();
    /* After a shorter root there are zeros, which are the length of an empty root; or a single byte. */
    assert_int_equal(read_bytes(block, size), length == sizeof root ? SETTINGS_OK : SETTINGS_CORRUPT);
  }
}

static void the_roots_are_given_one_at_a_time(void **state)
{
  static const char *const roots[] = {"one", "another", "x"};
  const unsigned char *der;
  size_t length;
  size_t position = 0;

  (void)state;
  make();
  for (size_t i = 0; i < COUNT(roots); i++)
    put_root(roots[i], strlen(roots[i]));
  seal();
  assert_reads(SETTINGS_OK);
  for (size_t i = 0; i < COUNT(roots); i++) {
    assert_true(settings_next_root(&settings, &position, &der, &length));
    assert_int_equal(length, strlen(roots[i]));
    assert_memory_equal(der, roots[i], length);
  }
  assert_false(settings_next_root(&settings, &position, &der, &length));
  assert_false(settings_next_root(&settings, &position, &der, &length));
}

static void the_roots_are_a_source_for_tls(void **state)
{
  static const unsigned char certificate[] = {0x30, 0x10, 0x30, 0x0e, 0x02, 0x01, 0x01, 0x30, 0x00,
                                              0x30, 0x00, 0x30, 0x00, 0x30, 0x03, 0x04, 0x01, 0xbb};
  const struct wmrec_roots source = {settings_next_root, &settings, true};

  (void)state;
  make();
  seal();
  assert_reads(SETTINGS_OK);
  assert_false(wmrec_roots_exist(&source));
  put_root("odd", 3);
  put_root(certificate, sizeof certificate);
  seal();
  assert_reads(SETTINGS_OK);
  assert_true(wmrec_roots_have(&source, certificate, sizeof certificate));
}

static void the_largest_block_is_read(void **state)
{
  static const unsigned char root[SETTINGS_MAX];

  (void)state;
  make();
  put_root(root, sizeof block - size - 2);
  seal();
  assert_int_equal(size, SETTINGS_MAX);
  assert_reads(SETTINGS_OK);
  assert_int_equal(count_roots(), 1);
}

static void flash_without_a_block_has_none(void **state)
{
  static const unsigned char fills[] = {0xff, 0x00, 0xa5, 'W'};

  (void)state;
  for (size_t i = 0; i < COUNT(fills); i++) {
    memset(block, fills[i], sizeof block);
    for (size = 0; size <= sizeof block; size += size < 64 ? 1 : 508)
      assert_reads(SETTINGS_MISSING);
  }
}

/* Even if the CRC, the length and the fields are not valid in this version. */
static void another_version_is_older_or_newer(void **state)
{
  (void)state;
  make();
  seal();
  for (uint32_t version = 0; version <= UINT16_MAX; version++) {
    if (version >= 1 && version <= SETTINGS_VERSION)
      continue;
    set_number(AT_VERSION, version, 2);
    assert_int_equal(read_bytes(block, size), version == 0 ? SETTINGS_OLDER : SETTINGS_NEWER);
    assert_int_equal(read_bytes(block, SETTINGS_HEADER), version == 0 ? SETTINGS_OLDER : SETTINGS_NEWER);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_crc_is_that_of_ieee_802_3),
      cmocka_unit_test(each_result_has_a_name),
      cmocka_unit_test(each_port_is_read),
      cmocka_unit_test(plain_http_is_the_only_flag),
      cmocka_unit_test(an_empty_text_is_not_set),
      cmocka_unit_test(a_changed_byte_is_found),
      cmocka_unit_test(a_block_that_is_cut_short_is_found),
      cmocka_unit_test(a_length_beyond_the_block_is_found),
      cmocka_unit_test(a_payload_that_ends_within_a_field_is_found),
      cmocka_unit_test(a_text_without_an_end_is_found),
      cmocka_unit_test(a_root_whose_length_is_wrong_is_found),
      cmocka_unit_test(the_roots_are_given_one_at_a_time),
      cmocka_unit_test(the_roots_are_a_source_for_tls),
      cmocka_unit_test(the_largest_block_is_read),
      cmocka_unit_test(flash_without_a_block_has_none),
      cmocka_unit_test(another_version_is_older_or_newer),
      cmocka_unit_test(a_block_of_version_1_has_no_scheme),
      cmocka_unit_test(a_block_of_an_older_version_has_no_secret),
      cmocka_unit_test(a_block_longer_than_the_buffer_is_written_up_to_its_end),
      cmocka_unit_test(settings_that_differ_in_one_field_are_not_equal),
      cmocka_unit_test(settings_with_another_secret_are_not_equal),
      cmocka_unit_test(settings_with_other_roots_are_not_equal),
  };
  size_t count;
  struct golden *cases = golden_load("settings", 11, &count);

  fence_open(&fence, SETTINGS_MAX);
  return run_group("settings", tests, COUNT(tests), cases, count, 11, a_golden_block_is_read_and_written_again);
}
