/* Standard input, output and error: that they are open, and for what.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/streams.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* POSIX, open(): the lowest descriptor that is free is taken. Those below this one are open. */
static bool fill(int descriptor)
{
  const int wrong_way = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;

  return fcntl(descriptor, F_GETFD) >= 0 || open("/dev/null", wrong_way) == descriptor;
}

bool streams_fill(void)
{
  return fill(STDIN_FILENO) && fill(STDOUT_FILENO) && fill(STDERR_FILENO);
}

bool streams_check_output(void)
{
  const int flags = fcntl(STDOUT_FILENO, F_GETFL);

  if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
    return true;
  fputs("wmrec: standard output is closed, or not open for writing: nothing is asked.\n", stderr);
  return false;
}
