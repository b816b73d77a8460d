/* The pattern of a lamp.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wmrec.h"

enum wmrec_indication wmrec_indicate(const struct wmrec_monitor *monitor, uint32_t now, uint32_t stale_after)
{
  const enum wmrec_recording recording = wmrec_monitor_current(monitor, now, stale_after);

  if (wmrec_monitor_is_permanent(monitor))
    return WMREC_INDICATE_ATTENTION;
  if (wmrec_monitor_answer(monitor) == WMREC_UNKNOWN)
    return WMREC_INDICATE_WAITING;
  if (recording == WMREC_UNKNOWN || wmrec_monitor_result(monitor) != WMREC_OK)
    return WMREC_INDICATE_TEMPORARY;
  return recording == WMREC_RECORDING ? WMREC_INDICATE_RECORDING : WMREC_INDICATE_NOT_RECORDING;
}

/* Periods are powers of two, in ms, so a pattern continues when the clock wraps. */
bool wmrec_is_lit(enum wmrec_indication indication, uint32_t now)
{
  switch (indication) {
  case WMREC_INDICATE_WAITING:
    return now % 2048 < 128;
  case WMREC_INDICATE_RECORDING:
    return true;
  case WMREC_INDICATE_NOT_RECORDING:
    return false;
  case WMREC_INDICATE_TEMPORARY:
    return now % 2048 < 1024;
  case WMREC_INDICATE_ATTENTION:
    break;
  }
  return now % 512 < 256; /* also for any other value: a dark lamp would mean "not recording" */
}
