/* Answers of a model: a legal answer must be read as it was made, and each broken rule must be the error of the manual.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "model.h"

#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void show(const struct answer *answer)
{
  for (int trait = 0; trait < TRAIT_COUNT; trait++)
    if (answer->has_trait[trait])
      fprintf(stderr, "%s ", model_trait_name((enum trait)trait));
  fprintf(stderr, "\n");
  fwrite(answer->bytes, 1, answer->length, stderr);
  fprintf(stderr, "\n");
}

static bool is_as_meant(const struct answer *answer, const struct observed *observed)
{
  return observed->result == answer->result && observed->http_status == answer->http_status &&
         observed->recording == answer->recording && observed->keep_alive == answer->keep_alive &&
         observed->retry_after == answer->retry_after && observed->age == answer->age &&
         (!answer->is_complete || observed->taken == answer->taken);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
  static struct answer answer;
  struct choices choices = {bytes, length};
  struct served served = {.bytes = answer.bytes, .piece = SIZE_MAX, .buffer_size = OBSERVED_BUFFER_MOST};
  struct observed observed;

  served.first = choose(&choices, 256);
  model_answer(&choices, &answer);
  served.length = answer.length;
  served.ending = answer.ending;
  observe(&served, &observed);
  if (!is_as_meant(&answer, &observed)) {
    show(&answer);
    require_result(observed.result, answer.result, "the result is the manual's");
    require(observed.http_status == answer.http_status, "the HTTP status is the model's");
    require(observed.recording == answer.recording, "the recording is the model's");
    require(observed.keep_alive == answer.keep_alive, "keep-alive is the model's");
    require(observed.retry_after == answer.retry_after, "Retry-After is the model's");
    require(observed.age == answer.age, "Age is the model's");
    require(observed.taken == answer.taken, "the answer ends where the model's does");
  }
  if (answer.is_complete && answer.result == WMREC_OK)
    require(observed.body_length == answer.body_length && memcmp(observed.body, answer.body, answer.body_length) == 0,
            "the body is the model's");
  return 0;
}
