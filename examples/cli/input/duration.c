/* Durations, in ms: read from and written as text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "input/duration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wmrec.h"

static const struct {
  const char *name;
  uint32_t milliseconds;
} units[] = {{"", DURATION_SECOND},       {"ms", 1},
             {"s", DURATION_SECOND},      {"m", DURATION_MINUTE},
             {"h", 60 * DURATION_MINUTE}, {"d", 24 * 60 * DURATION_MINUTE}};

enum { UNITS = sizeof units / sizeof units[0], FIRST_OF_TEXT = 2 /* the index of "s" */ };

bool duration_parse(const char *text, uint32_t *milliseconds)
{
  char *end;
  double number;

  /* strtod() also takes signs, hexadecimal digits, exponents, "inf" and "nan". */
  if (*text < '0' || *text > '9' || strpbrk(text, "xXeE") != NULL)
    return false;
  number = strtod(text, &end);
  for (size_t i = 0; i < UNITS; i++) {
    const double product = number * units[i].milliseconds;

    if (strcmp(end, units[i].name) != 0)
      continue;
    *milliseconds = product >= 1 && product <= WMREC_SCHEDULE_MAX ? (uint32_t)product : 0;
    return *milliseconds > 0;
  }
  return false;
}

const char *duration_text(uint32_t milliseconds)
{
  static char text[16];
  size_t unit = FIRST_OF_TEXT;

  while (unit + 1 < UNITS && milliseconds >= units[unit + 1].milliseconds)
    unit++;
  snprintf(text, sizeof text, "%lu%s", (unsigned long)(milliseconds / units[unit].milliseconds), units[unit].name);
  return text;
}

uint32_t duration_min(uint32_t a, uint32_t b)
{
  return a < b ? a : b;
}
