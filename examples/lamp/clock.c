/* The date: what SNTP said last, and the board's clock since.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "clock.h"

#include "board.h"
#include "log.h"
#include "lwip.h"

static int64_t date;
static uint32_t told_at;

int64_t clock_now(void)
{
  const uint32_t passed = board_clock() - told_at;

  if (date == 0)
    return 0;
  date += passed / 1000; /* so that the board's clock may wrap */
  told_at += passed / 1000 * 1000;
  return date;
}

/* SNTP has no signature: what it says may end a certificate's life, but never have one rise again that had ended when
 * this firmware was made. */
void wmrec_lwip_set_time(uint32_t seconds)
{
  if (seconds < WMREC_BUILD_DATE) {
    log_line("sntp", "a date from before this firmware was made");
    return;
  }
  if (date == 0)
    log_line("sntp", "ok");
  date = seconds;
  told_at = board_clock();
}
