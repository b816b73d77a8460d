/* What the board's display says: the mock API, its status, how old that is, and what is wrong.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_LAMP_DISPLAY_H
#define WMREC_LAMP_DISPLAY_H

#include "wmrec.h"

/* What is wrong, or waited for: "waiting for ", "the date"; "", "timeout"; twice "": nothing. */
struct display_problem {
  const char *label;
  const char *text;
};

/* Draws one row, if any has changed since it was drawn: to be called over and over.
 *
 * subject: whose status it is. known, age: of wmrec_monitor_current() and wmrec_monitor_age(). A text is told from
 * another one by its address: it must be static, or stay what and where it is. */
void display_show(const char *subject, enum wmrec_recording known, uint32_t age, struct display_problem problem);

#endif
