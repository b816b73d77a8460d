/* Runs the golden answers through the core, a byte at a time, and prints the outcome of each: result, HTTP status,
 * recording, keep-alive, Retry-After and, in hexadecimal, status text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "wmrec.h"

#include "cases.h"

static void answer(struct wmrec_exchange *x, const IN_FLASH struct golden_case *golden)
{
  for (uint16_t i = 0; i < golden->length; i++) {
    const unsigned char byte = golden->bytes[i];

    wmrec_received(x, &byte, 1);
  }
  if (golden->ending != 'o')
    wmrec_closed(x, golden->ending == 'c');
}

static void print(const struct wmrec_exchange *x)
{
  size_t length;
  const char *text = wmrec_status_text(x, &length);

  printf("case %s %d %s %s %lu ", wmrec_result_name(wmrec_result(x)), wmrec_http_status(x),
         wmrec_recording_name(wmrec_answer(x)), wmrec_keep_alive(x) ? "yes" : "no",
         (unsigned long)wmrec_retry_after(x));
  for (size_t i = 0; i < length; i++)
    printf("%02x", (unsigned)(unsigned char)text[i]);
  printf("\n");
}

int main(void)
{
  static const struct wmrec_target target = {.host = "h", .plain_http = true};
  static char buffer[4096];
  static struct wmrec_exchange x;

  for (uint16_t i = 0; i < golden_case_count; i++) {
    size_t length;

    wmrec_begin(&x, &target, buffer, golden_cases[i].buffer_size);
    wmrec_to_send(&x, &length);
    wmrec_sent(&x, length);
    answer(&x, &golden_cases[i]);
    print(&x);
  }
  return 0;
}
