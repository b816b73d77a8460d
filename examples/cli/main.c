/* wmrec on a desktop: the order of things.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "client.h"
#include "commands.h"
#include "stop.h"

/* These go on until they are told to end, and then they tidy up. */
static int prepare_to_stop(struct client *client)
{
  const int descriptor = stop_prepare();

  if (descriptor < 0) {
    perror("wmrec: pipe");
    return EXIT_UNAVAILABLE;
  }
  client->tcp.wake = descriptor + 1;
  return 0;
}

static int ask(struct client *client, const struct options *options)
{
  static int (*const commands[])(struct client *) = {command_status, command_is_recording, command_wait, command_watch};
  int status = client_open(client, options);

  if (status == 0 && options->command >= COMMAND_WAIT)
    status = prepare_to_stop(client);
  return status == 0 ? commands[options->command](client) : status;
}

int main(int argc, char **argv)
{
  static struct client client;
  struct options options;
  int status = options_read(&options, argc, argv);

  if (status >= 0)
    return status;
  status = options.command == COMMAND_SETTINGS ? command_settings(&client, &options) : ask(&client, &options);
  client_close(&client);
  return status;
}
