/* boards/uf2.c: a block of a UF2 file is written as https://github.com/microsoft/uf2 defines it, and what the RP2040's
 * boot ROM ignores is not read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support.h"

#include <string.h>

#include "uf2.h"

enum { AT_FLAGS = 8, AT_ADDRESS = 12, AT_SIZE = 16, AT_NUMBER = 20, AT_COUNT = 24, AT_FAMILY = 28, AT_PAYLOAD = 32 };

static const unsigned char header[AT_PAYLOAD] = {
    'U',  'F',  '2', '\n', 0x57, 0x51, 0x5d, 0x9e, 0,    0x20, 0, 0, 0,    0xe1, 0x1f, 0x10, /* marks, flags, address */
    0x00, 0x01, 0,   0,    0x01, 0,    0,    0,    0x20, 0,    0, 0, 0x56, 0xff, 0x8b, 0xe4, /* size to family */
};
static const unsigned char last_mark[] = {0x30, 0x6f, 0xb1, 0x0a};

static struct fence fence;
static unsigned char payload[UF2_PAYLOAD];
static unsigned char bytes[UF2_BLOCK];

/* Block 1 of 32 for 0x101fe100, without a function of uf2.h. */
static void make(void)
{
  for (size_t i = 0; i < sizeof payload; i++)
    payload[i] = (unsigned char)(i * 7 + 1);
  memset(bytes, 0, sizeof bytes);
  memcpy(bytes, header, sizeof header);
  memcpy(bytes + AT_PAYLOAD, payload, sizeof payload);
  memcpy(bytes + sizeof bytes - sizeof last_mark, last_mark, sizeof last_mark);
}

static void set_number(size_t at, uint32_t value)
{
  for (size_t i = 0; i < 4; i++)
    bytes[at + i] = (unsigned char)(value >> 8 * i & 0xff);
}

/* Reads bytes that end where the fence begins: a read after them ends the test. */
static enum uf2_result read_bytes(struct uf2_block *block)
{
  return uf2_read(block, fence_copy(&fence, bytes, sizeof bytes));
}

static void a_block_is_written_as_the_format_defines_it(void **state)
{
  const struct uf2_block block = {.address = 0x101fe100, .number = 1, .count = 32, .payload = payload};
  unsigned char *written = fence_last(&fence, UF2_BLOCK);

  (void)state;
  make();
  memset(written, 0xff, UF2_BLOCK);
  uf2_write(&block, written);
  assert_memory_equal(written, bytes, sizeof bytes);
}

static void each_field_of_a_block_is_read(void **state)
{
  struct uf2_block block = {.number = 0};

  (void)state;
  make();
  set_number(AT_ADDRESS, 0xfedcba98);
  set_number(AT_NUMBER, 0x89abcdef);
  set_number(AT_COUNT, 0xffffffff);
  assert_int_equal(read_bytes(&block), UF2_OK);
  assert_int_equal(block.address, 0xfedcba98);
  assert_int_equal(block.number, 0x89abcdef);
  assert_int_equal(block.count, 0xffffffff);
  assert_int_equal(block.family, UF2_FAMILY);
  assert_memory_equal(block.payload, payload, sizeof payload);
}

static void any_wrong_bit_of_a_mark_is_no_block(void **state)
{
  static const size_t marks[] = {0, 4, UF2_BLOCK - 4};
  const struct uf2_block before = {.number = 77};

  (void)state;
  for (size_t mark = 0; mark < COUNT(marks); mark++)
    for (unsigned bit = 0; bit < 32; bit++) {
      struct uf2_block block = before;

      make();
      bytes[marks[mark] + bit / 8] ^= (unsigned char)(1u << bit % 8);
      assert_int_equal(read_bytes(&block), UF2_NO_BLOCK);
      assert_memory_equal(&block, &before, sizeof block);
    }
}

static void any_wrong_bit_of_the_family_is_another_family(void **state)
{
  (void)state;
  for (unsigned bit = 0; bit < 32; bit++) {
    struct uf2_block block;

    make();
    set_number(AT_FAMILY, UF2_FAMILY ^ 1u << bit);
    assert_int_equal(read_bytes(&block), UF2_OTHER_FAMILY);
    assert_int_equal(block.family, UF2_FAMILY ^ 1u << bit);
  }
}

static void without_the_flag_of_the_family_there_is_none(void **state)
{
  struct uf2_block block;

  (void)state;
  make();
  set_number(AT_FLAGS, 0);
  assert_int_equal(read_bytes(&block), UF2_OTHER_FAMILY);
  assert_int_equal(block.family, 0);
}

static void only_the_flag_for_other_than_flash_excludes_a_block(void **state)
{
  struct uf2_block block;

  (void)state;
  for (unsigned bit = 0; bit < 32; bit++) {
    make();
    set_number(AT_FLAGS, 0x2000 | 1u << bit);
    assert_int_equal(read_bytes(&block), bit == 0 ? UF2_NOT_FLASH : UF2_OK);
  }
}

static void only_payloads_of_256_bytes_are_read(void **state)
{
  struct uf2_block block;

  (void)state;
  make();
  for (uint32_t size = 0; size <= UINT16_MAX; size++) {
    set_number(AT_SIZE, size);
    assert_int_equal(read_bytes(&block), size == UF2_PAYLOAD ? UF2_OK : UF2_NOT_FLASH);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_block_is_written_as_the_format_defines_it),
      cmocka_unit_test(each_field_of_a_block_is_read),
      cmocka_unit_test(any_wrong_bit_of_a_mark_is_no_block),
      cmocka_unit_test(any_wrong_bit_of_the_family_is_another_family),
      cmocka_unit_test(without_the_flag_of_the_family_there_is_none),
      cmocka_unit_test(only_the_flag_for_other_than_flash_excludes_a_block),
      cmocka_unit_test(only_payloads_of_256_bytes_are_read),
  };
  int failures;

  fence_open(&fence, UF2_BLOCK);
  failures = cmocka_run_group_tests(tests, NULL, NULL);
  fence_close(&fence);
  return failures;
}
