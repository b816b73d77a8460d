/* Text from the network, made fit to be shown.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "redact.h"

#include <string.h>

void redact(FILE *file, const char *bytes, size_t length, const char *token)
{
  const size_t token_length = token == NULL ? 0 : strlen(token);

  for (size_t i = 0; i < length; i++) {
    const unsigned char c = (unsigned char)bytes[i];

    if (token_length > 0 && length - i >= token_length && memcmp(bytes + i, token, token_length) == 0) {
      fputs("[key]", file);
      i += token_length - 1;
    } else if (c >= ' ' && c < 0x7f) {
      fputc(c, file);
    } else {
      fprintf(file, "\\x%02x", c);
    }
  }
}
