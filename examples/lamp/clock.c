/* The date: the last one that SNTP has set, plus the time that board_clock() has counted since.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "clock.h"

#include <stdbool.h>

#include "board.h"
#include "log.h"
#include "sntp.h"

static int64_t date;         /* seconds since 1970-01-01, UTC; 0: not set */
static uint32_t date_set_at; /* board_clock() at that date */

/* The earliest date that SNTP may set, in seconds since 1970-01-01, UTC. A signature proves that it has passed. SNTP is
 * not signed: without this limit, a forged answer could make an expired certificate valid again. */
static int64_t earliest = WMREC_BUILD_DATE;

static void set_date(int64_t seconds)
{
  date = seconds;
  date_set_at = board_clock();
}

int64_t clock_now(void)
{
  const uint32_t passed = board_clock() - date_set_at;

  if (date == 0)
    return 0;
  date += passed / 1000; /* whole seconds move to `date`, so board_clock() may wrap */
  date_set_at += passed / 1000 * 1000;
  return date;
}

void clock_raise_earliest(int64_t seconds)
{
  if (seconds <= earliest || seconds > UINT32_MAX) /* gmtime.c takes 32 bits: until 2106 */
    return;
  earliest = seconds;
  if (clock_now() < seconds)
    set_date(seconds);
}

bool wmrec_lwip_set_time(int64_t seconds)
{
  if (seconds < earliest) {
    log_line("sntp", "refused: a date in the past");
    return false;
  }
  if (date == 0)
    log_line("sntp", "ok");
  set_date(seconds);
  return true;
}
