/* Durations as people write them.
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
} units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};

bool duration_parse(const char *text, uint32_t *milliseconds)
{
  char *end;
  double number;

  if (*text < '0' || *text > '9' || strpbrk(text, "xXeE") != NULL) /* of all that strtod() takes: decimal digits */
    return false;
  number = strtod(text, &end);
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    const double found = number * units[i].milliseconds;

    if (strcmp(end, units[i].name) != 0)
      continue;
    *milliseconds = found >= 1 && found <= WMREC_SCHEDULE_MAX ? (uint32_t)found : 0;
    return *milliseconds > 0;
  }
  return false;
}

const char *duration_text(uint32_t milliseconds)
{
  static char text[16];
  size_t unit = 2;

  while (unit + 1 < sizeof units / sizeof units[0] && milliseconds >= units[unit + 1].milliseconds)
    unit++;
  snprintf(text, sizeof text, "%lu%s", (unsigned long)(milliseconds / units[unit].milliseconds), units[unit].name);
  return text;
}
