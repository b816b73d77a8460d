/* Shows the mock API, its status, the status's age, and the present problem on the board's display.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_DISPLAY_H
#define WMREC_LAMP_DISPLAY_H

#include "wmrec.h"

/* The last row, in two parts: {"waiting for ", "the date"}, {"", "timeout"}; {"", ""}: no problem. */
struct display_problem {
  const char *label;
  const char *text;
};

/* Draws one row, the first whose content has changed. To be called in every step.
 *
 * title: the mock API's id, or the host. current, age: from wmrec_monitor_current() and wmrec_monitor_age(). All
 * strings are compared by address, and borrowed until the next call: each must be static or stay unchanged. */
void display_show(const char *title, enum wmrec_recording current, uint32_t age, struct display_problem problem);

#endif
