/* For LD_PRELOAD: stops a program by SIGSTOP at its exit, so that its memory can be read. It prints a message if a
 * child process would still get WMC_API_TOKEN.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((destructor)) static void stop(void)
{
  if (getenv("WMC_API_TOKEN") != NULL)
    fputs("WMC_API_TOKEN is in the environment\n", stderr);
  raise(SIGSTOP);
}
