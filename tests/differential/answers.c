/* Prints answers and how wmrec reads them, to compare with another reader. A line an answer, in columns separated by
 * tabs: subject; end of the stream, `clean` or `reset`; wmrec's result, HTTP status and body; the answer. Body and
 * answer are in hexadecimal.
 *
 *   answers COUNT             generated ones, always the same; subject: their traits (tests/fuzz/model.h)
 *   answers ENDING FILE ...   files; subject: the name of the file
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The bytes that decide about one generated answer. */
enum { CHOICES = 160 };

static struct answer answer;

/* Marsaglia's xorshift, with a seed that does not change. */
static uint8_t next_choice(void)
{
  static uint64_t state = 0x9e3779b97f4a7c15;

  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint8_t)(state >> 32);
}

static void print_hex(const void *bytes, size_t length, char end)
{
  for (size_t i = 0; i < length; i++)
    printf("%02x", ((const unsigned char *)bytes)[i]);
  putchar(end);
}

/* With an end of the stream: another reader cannot judge an answer that does not end. */
static void print_outcome(const void *bytes, size_t length, enum ending ending)
{
  struct observed observed;

  if (ending != END_RESET)
    ending = END_CLEAN;
  observe(&(struct served){bytes, length, 0, SIZE_MAX, ending, OBSERVED_BUFFER_MOST}, &observed);
  printf("\t%s\t%s\t%d\t", ending == END_CLEAN ? "clean" : "reset", wmrec_result_name(observed.result),
         observed.http_status);
  print_hex(observed.body, observed.body_length, '\t');
  print_hex(bytes, length, '\n');
}

static void print_generated(void)
{
  uint8_t bytes[CHOICES];
  struct choices choices = {bytes, sizeof bytes};
  const char *separator = "";

  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = next_choice();
  model_answer(&choices, &answer);
  for (int trait = 0; trait < TRAIT_COUNT; trait++) {
    if (answer.has_trait[trait]) {
      printf("%s%s", separator, model_trait_name((enum trait)trait));
      separator = " ";
    }
  }
  print_outcome(answer.bytes, answer.length, answer.ending);
}

static void print_file(const char *ending, const char *path)
{
  static char bytes[1 << 18];
  const char *slash = strrchr(path, '/');
  FILE *file = fopen(path, "rb");
  size_t length;

  require(file != NULL, path);
  length = fread(bytes, 1, sizeof bytes, file);
  require(length < sizeof bytes && fclose(file) == 0, path);
  printf("%s", slash == NULL ? path : slash + 1);
  print_outcome(bytes, length, strcmp(ending, "reset") == 0 ? END_RESET : END_CLEAN);
}

int main(int count, char **arguments)
{
  if (count == 2)
    for (unsigned long left = strtoul(arguments[1], NULL, 10); left > 0; left--)
      print_generated();
  for (int i = 1; i + 1 < count; i += 2)
    print_file(arguments[i], arguments[i + 1]);
  return 0;
}
