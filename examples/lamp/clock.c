/* The date: what SNTP said last, and the board's clock since.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "clock.h"

#include <stdbool.h>

#include "board.h"
#include "log.h"
#include "sntp.h"

static int64_t date;      /* seconds since 1970-01-01, UTC; 0: not known */
static uint32_t date_set; /* when the date was that, by board_clock() */

/* A date that has passed, in seconds since 1970-01-01, UTC: a signature shows it. SNTP has none, and cannot go behind
 * it, so that it cannot bring a certificate back that had ended by then. */
static int64_t earliest = WMREC_BUILD_DATE;

static void set(int64_t seconds)
{
  date = seconds;
  date_set = board_clock();
}

int64_t clock_now(void)
{
  const uint32_t passed = board_clock() - date_set;

  if (date == 0)
    return 0;
  date += passed / 1000; /* so that the board's clock may wrap */
  date_set += passed / 1000 * 1000;
  return date;
}

void clock_has_passed(int64_t seconds)
{
  if (seconds <= earliest || seconds > UINT32_MAX) /* date.c has 32 bits: until 2106 */
    return;
  earliest = seconds;
  if (clock_now() < seconds)
    set(seconds);
}

bool wmrec_lwip_set_time(int64_t seconds)
{
  if (seconds < earliest) {
    log_line("sntp", "refused: a date in the past");
    return false;
  }
  if (date == 0)
    log_line("sntp", "ok");
  set(seconds);
  return true;
}
