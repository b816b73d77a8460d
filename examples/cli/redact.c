/* Text from the network, made fit to be shown.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "redact.h"

#include <string.h>

/* The length of the key that these bytes begin with; 0: they do not. */
static size_t key_at(const char *bytes, size_t length, const char *token)
{
  const size_t token_length = token == NULL ? 0 : strlen(token);

  if (token_length == 0 || length < token_length || memcmp(bytes, token, token_length) != 0)
    return 0;
  return token_length;
}

bool redact_finds(const char *bytes, size_t length, const char *token)
{
  for (size_t i = 0; i < length; i++)
    if (key_at(bytes + i, length - i, token) > 0)
      return true;
  return false;
}

void redact(FILE *file, const char *bytes, size_t length, const char *token)
{
  for (size_t i = 0; i < length; i++) {
    const unsigned char c = (unsigned char)bytes[i];
    const size_t key_length = key_at(bytes + i, length - i, token);

    if (key_length > 0) {
      fputs("[key]", file);
      i += key_length - 1;
    } else if (c >= ' ' && c < 0x7f) {
      fputc(c, file);
    } else {
      fprintf(file, "\\x%02x", c);
    }
  }
}
