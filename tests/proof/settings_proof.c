/* A lamp's settings: reading any block of up to 28 bytes, and each of its roots, stays within the block
 *
 * sources: boards/crc32.c
 *
 * options: --unwind 30 --unwindset
 * number.0:5,wmrec_crc32.0:9,wmrec_crc32.1:18,memcmp.0:5,read_payload.0:7,are_roots.0:4,main.0:4
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "settings.h"

/* A block with 32 bytes of secret would be too long for CBMC. */
#undef SETTINGS_SECRET
#define SETTINGS_SECRET 2

#include "settings.c"

#include "memchr.h"
#include "proof.h"

#define MAX_LENGTH 28

static bool is_text_of(const char *text, const unsigned char *block, size_t size)
{
  return text == NULL || *text == '\0' ||
         (__CPROVER_same_object(text, block) && memchr(text, 0, (size_t)((const char *)block + size - text)) != NULL);
}

int main(void)
{
  const size_t size = nondet_size();
  struct settings settings;
  unsigned char *block;
  enum settings_result result;

  block = any_bytes_up_to(MAX_LENGTH, size);
  result = settings_read(&settings, block, size);
  assert(result <= SETTINGS_OK && result >= SETTINGS_CORRUPT && settings_result_name(result) != NULL);
  if (result == SETTINGS_OK) {
    const unsigned char *der;
    size_t position = 0;
    size_t length;

    assert(settings.target.host != NULL && settings.target.base_path != NULL && settings.ntp_server != NULL);
    assert(is_text_of(settings.target.host, block, size) && is_text_of(settings.target.token, block, size));
    assert(settings.target.token == NULL || *settings.target.token != '\0');
    assert(is_text_of(settings.target.scheme, block, size));
    while (settings_next_root(&settings, &position, &der, &length)) {
      assert(length > 0 && der >= block && length <= (size_t)(block + size - der));
      reached(position == 3);
    }
    assert(position == settings.roots_length);
    reached(settings.target.plain_http && settings.target.token != NULL);
    assert(settings.secret == NULL || (settings.secret >= block && settings.secret + SETTINGS_SECRET <= block + size));
    reached(settings.target.scheme != NULL);
    reached(settings.secret != NULL);
  }
  reached(result == SETTINGS_CORRUPT);
  reached(result == SETTINGS_NEWER);
}
