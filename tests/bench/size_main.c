/* A program for size.sh: it uses all of the core except the texts of results.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wmrec.h"

/* size.sh reads the size of this array from the object file. */
const char the_size[sizeof(struct wmrec_exchange)];

static void *volatile pointer;
static volatile size_t number;

int main(void)
{
  struct wmrec_exchange *x = pointer;
  size_t length;

  number = (size_t)wmrec_begin(x, pointer, pointer, number);
  pointer = (void *)(uintptr_t)wmrec_to_send(x, &length);
  wmrec_sent(x, length);
  number = wmrec_received(x, pointer, number);
  wmrec_closed(x, number != 0);
  wmrec_fail(x, (int)number);
  number = (size_t)wmrec_result(x);
  number = (size_t)wmrec_answer(x);
  number = (size_t)wmrec_http_status(x);
  number = wmrec_retry_after(x);
  number = wmrec_answer_age(x);
  number = wmrec_keep_alive(x);
  return 0;
}
