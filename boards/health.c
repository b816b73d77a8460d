/* Health tests of a noise source: NIST SP 800-90B, 4.4.1 and 4.4.2.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "health.h"

#include <stdbool.h>

static void fail_if(struct health *health, bool has_failed, enum health_result result)
{
  if (has_failed && health->result == HEALTH_OK)
    health->result = result;
}

static void count_repetitions(struct health *health, unsigned sample)
{
  health->repetitions = sample == health->last ? health->repetitions + 1 : 1;
  health->last = sample;
  fail_if(health, health->repetitions >= HEALTH_REPETITIONS, HEALTH_STUCK);
}

static void count_proportion(struct health *health, unsigned sample)
{
  if (health->samples == HEALTH_WINDOW)
    health->samples = 0;
  if (health->samples == 0) {
    health->first = sample;
    health->proportion = 0;
  }
  health->samples++;
  health->proportion += sample == health->first;
  fail_if(health, health->proportion >= HEALTH_PROPORTION, HEALTH_BIASED);
}

void health_add(struct health *health, unsigned sample)
{
  count_repetitions(health, sample);
  count_proportion(health, sample);
}

const char *health_result_name(enum health_result result)
{
  static const char *const names[] = {"ok", "stuck", "biased"};

  return names[result];
}
