/* The main loop of the on-air lamp, which is lit while the mock API records.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"
#include "lamp.h"

int main(void)
{
  board_start();
  lamp_start();
  for (;;) {
    board_feed_watchdog();
    if (!lamp_step())
      board_sleep();
  }
}
