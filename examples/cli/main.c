/* wmrec on a desktop: the order of things.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "commands/commands.h"
#include "commands/stop.h"
#include "input/token.h"
#include "output/report.h"
#include "output/streams.h"

/* These go on until they are told to end, and then they tidy up. */
static int prepare_to_stop(struct servers *servers)
{
  const int descriptor = stop_prepare();

  if (descriptor < 0) {
    perror("wmrec: pipe");
    return EXIT_UNAVAILABLE;
  }
  servers->wake = descriptor + 1;
  servers->clients->tcp.wake = servers->wake; /* wait asks one alone */
  return 0;
}

static bool is_output_needed(const struct options *options)
{
  const bool is_status_only = options->command == COMMAND_IS_RECORDING && options->is_quiet;

  return options->out == NULL && !is_status_only;
}

static int ask(struct servers *servers, const struct options *options)
{
  static int (*const asking[])(struct servers *) = {command_status, command_is_recording, command_wait, command_watch};
  int status;

  if (is_output_needed(options) && !streams_check_output())
    return EXIT_IO;
  status = servers_open(servers, options);
  if (status == 0 && options->command >= COMMAND_WAIT)
    status = prepare_to_stop(servers);
  return status == 0 ? asking[options->command](servers) : status;
}

int main(int argc, char **argv)
{
  static struct servers servers;
  static struct options options;
  int status;

  token_protect();
  if (!streams_fill())
    return EXIT_IO;
  status = options_read(&options, argc, argv);
  if (status < 0)
    status = options.command == COMMAND_SETTINGS ? command_settings(&servers, &options) : ask(&servers, &options);
  else if (status == 0)
    status = report_flush(); /* of --help or --version */
  servers_close(&servers);
  return status;
}
