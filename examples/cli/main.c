/* wmrec on a desktop: reads the options, opens the servers, runs the command.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>

#include "commands/commands.h"
#include "input/token.h"
#include "output/report.h"
#include "system/signals.h"
#include "system/streams.h"

/* wait and watch run until a signal ends them; then they close all connections. */
static int catch_signals(struct servers *servers, const struct options *options)
{
  const int descriptor = signals_catch(options->command == COMMAND_WATCH);

  if (descriptor < 0) {
    perror("wmrec: cannot create a pipe");
    return EXIT_UNAVAILABLE;
  }
  servers->wake = descriptor + 1;
  servers->clients->tcp.wake = servers->wake; /* wait does not use servers_step() */
  return 0;
}

static bool is_output_needed(const struct options *options)
{
  const bool is_silent = options->command == COMMAND_IS_RECORDING && options->is_quiet;

  return options->out == NULL && !is_silent;
}

/* Only watch ends when nobody reads its output: wait has an exit status, which others may still need. */
static void watch_output(struct servers *servers, const struct options *options)
{
  if (options->command == COMMAND_WATCH && is_output_needed(options))
    servers->output = streams_output_with_reader() + 1;
}

static int run(struct servers *servers, const struct options *options)
{
  static int (*const commands[])(struct servers *) = {command_status, command_is_recording, command_wait,
                                                      command_watch};
  int status;

  if (options->command == COMMAND_SETTINGS)
    return command_settings(servers, options);
  if (is_output_needed(options) && !streams_check_output())
    return EXIT_IO;
  status = servers_open(servers, options);
  if (status == 0 && (options->command == COMMAND_WAIT || options->command == COMMAND_WATCH))
    status = catch_signals(servers, options);
  watch_output(servers, options);
  return status == 0 ? commands[options->command](servers) : status;
}

int main(int argc, char **argv)
{
  static struct servers servers;
  static struct options options;
  int status;

  token_protect();
  if (!streams_open())
    return EXIT_IO;
  status = options_read(&options, argc, argv);
  if (status == OPTIONS_OK)
    status = run(&servers, &options);
  else if (status == EXIT_SUCCESS)
    status = report_flush(); /* of --help or --version */
  servers_close(&servers);
  return status;
}
