/* Standard input, output and error: checks that they are open.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "system/streams.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* open() returns the lowest free descriptor (POSIX): this one, as all lower ones are open. */
static bool open_closed(int descriptor)
{
  const int wrong_direction = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;

  return fcntl(descriptor, F_GETFD) >= 0 || open("/dev/null", wrong_direction) == descriptor;
}

bool streams_open(void)
{
  return open_closed(STDIN_FILENO) && open_closed(STDOUT_FILENO) && open_closed(STDERR_FILENO);
}

bool streams_check_output(void)
{
  const int flags = fcntl(STDOUT_FILENO, F_GETFL);

  if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
    return true;
  fputs("wmrec: standard output is closed or not open for writing, so no request is sent.\n", stderr);
  return false;
}
