/* Does a peer's job TIMES times: NAME ANSWER PIECE TIMES. make bench computes the cost of one more job from two runs.
 * PIECE: the bytes that arrive at a time. Fails if a result is not "Recording".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status status_of(const char *word, size_t length)
{
  static const char *const words[] = {"NeverStarted", "Recording", "Stopped"};

  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0)
      return (enum status)(NEVER_STARTED + i);
  return UNKNOWN;
}

bool answer_add(struct answer *answer, const char *bytes, size_t length)
{
  if (length > BODY_MAX - answer->length)
    return false;
  memcpy(answer->body + answer->length, bytes, length);
  answer->length += length;
  return true;
}

int main(int argc, char **argv)
{
  static char bytes[4096];
  FILE *file = argc == 4 ? fopen(argv[1], "rb") : NULL;
  size_t length;

  if (file == NULL)
    return EXIT_FAILURE;
  length = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  for (unsigned long times = strtoul(argv[3], NULL, 10); times > 0; times--)
    if (job(bytes, length, strtoul(argv[2], NULL, 10)) != RECORDING)
      return EXIT_FAILURE;
  return EXIT_SUCCESS;
}
