/* For LD_PRELOAD: stops a program when it has done all that it does, and is about to be gone; its memory can be read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <signal.h>

__attribute__((destructor)) static void stop(void)
{
  raise(SIGSTOP);
}
