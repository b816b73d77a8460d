/* Checks that the options fit the command and each other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "input/options.h"

#include "input/usage.h"
#include "output/redact.h"
#include "settings.h"
#include "uf2.h"

static int check_ids(const struct options *options, const struct options_server *server)
{
  if (options->is_self_hosted && server->id_count > 0)
    return usage_error("--self-hosted takes no id: a self-hosted server has one recording");
  if (options->is_self_hosted || server->id_count > 0 ||
      (options->command == COMMAND_SETTINGS && options->write_file == NULL && options->uf2_file == NULL))
    return OPTIONS_OK;
  if (server->url == options->url)
    return usage_error("give the id of a mock API: 5 to 10 characters, such as jjl8y");
  return usage_error("--server %s: give the id of a mock API after it", redact_url(server->url));
}

static int check_servers(const struct options *options)
{
  int status = OPTIONS_OK;

  if (options->server_count > 1 && options->command != COMMAND_STATUS && options->command != COMMAND_WATCH)
    return usage_error("%s takes one server. Give one URL, before the id: --server URL ID",
                       options_commands[options->command]);
  if (options->server_count > 1 && options->is_session_kept)
    return usage_error("--keep-session takes one server only");
  for (int i = 0; i < options->server_count && status == OPTIONS_OK; i++)
    status = check_ids(options, &options->servers[i]);
  return status;
}

/* The RP2040's boot ROM takes 0x10000000 to 0x10ffffff for flash. The first sector is that of the boot code. */
static int check_address(const struct options *options)
{
  const uint32_t first = 0x10000000 + UF2_SECTOR;
  const uint32_t last = 0x11000000 - SETTINGS_MAX;

  if (!options->is_address_given || options->is_hex)
    return OPTIONS_OK;
  if (options->write_file != NULL)
    return usage_error("--address needs --hex, --uf2 or --read");
  if (options->address % UF2_SECTOR != 0 || options->address < first || options->address > last)
    return usage_error(
        "--address 0x%lx: in a UF2, settings have an address from 0x%lx to 0x%lx that is a multiple of %d",
        (unsigned long)options->address, (unsigned long)first, (unsigned long)last, UF2_SECTOR);
  return OPTIONS_OK;
}

static int check_settings(const struct options *options)
{
  const bool is_block_described = options->servers[0].url != NULL || options->token_file != NULL ||
                                  options->user != NULL || options->ca_file != NULL || options->interval > 0 ||
                                  options->ntp_server != NULL || options->id_count > 0;

  if ((options->write_file != NULL) + (options->uf2_file != NULL) + (options->read_file != NULL) != 1)
    return usage_error("settings needs one of --write FILE, --uf2 FILE and --read FILE");
  if (options->read_file != NULL && (is_block_described || options->is_hex))
    return usage_error("settings --read takes a file and no other options except --address: it only shows the settings "
                       "in the file");
  if (options->uf2_file != NULL && options->is_hex)
    return usage_error("--hex needs --write: give either --write FILE --hex, or --uf2 FILE");
  if (options->resolve_host != NULL || options->max_time > 0 || options->stale_after > 0 || options->is_session_kept ||
      options->is_verbose || options->is_quiet)
    return usage_error("settings sends no request: it does not take --resolve, --max-time, --stale-after, "
                       "--keep-session, -v or -q");
  return options->id_count > 1 ? usage_error("settings takes one id") : check_address(options);
}

/* Who asks: a key, or a user and a password. */
static int check_credentials(const struct options *options)
{
  if (options->user == NULL && options->password_file != NULL)
    return usage_error("--password-file needs --user NAME");
  if (options->user != NULL && options->token_file != NULL)
    return usage_error("give either --user, or --token-file");
  if (options->user != NULL && !options->is_self_hosted && options->read_file == NULL)
    return usage_error("--user needs --self-hosted: WireMock Cloud takes API keys only");
  return OPTIONS_OK;
}

/* The options that only wait or only watch takes, or both. */
static int check_repeated(const struct options *options)
{
  const enum command command = options->command;

  if (command == COMMAND_WAIT && options->wait_for == WMREC_UNKNOWN)
    return usage_error("wait needs --for NeverStarted, Recording or Stopped");
  if (command != COMMAND_WAIT && options->wait_for != WMREC_UNKNOWN)
    return usage_error("--for is an option of wait only");
  if (command != COMMAND_WAIT && options->timeout > 0)
    return usage_error("--timeout is an option of wait only; the maximum time of one request is --max-time");
  if ((command == COMMAND_STATUS || command == COMMAND_IS_RECORDING) && options->interval > 0)
    return usage_error("--interval is an option of watch, wait and settings only");
  return OPTIONS_OK;
}

static bool has_format(enum command command, enum format format)
{
  switch (format) {
  case FORMAT_TEXT:
    return true;
  case FORMAT_JSON:
    return command != COMMAND_SETTINGS;
  case FORMAT_PROMETHEUS:
    return command == COMMAND_STATUS || command == COMMAND_WATCH;
  case FORMAT_HOME_ASSISTANT:
    return command == COMMAND_WATCH;
  }
  return false;
}

static int check_output(const struct options *options)
{
  const bool is_prometheus = options->format == FORMAT_PROMETHEUS;

  if (!has_format(options->command, options->format))
    return usage_error("%s does not support --output %s", options_commands[options->command],
                       options_formats[options->format]);
  if (options->out != NULL && !is_prometheus)
    return usage_error("--out needs --output prometheus");
  if (options->out == NULL && is_prometheus && options->command == COMMAND_WATCH)
    return usage_error("watch --output prometheus needs --out FILE, which it replaces after each answer");
  return OPTIONS_OK;
}

static int check_command(const struct options *options)
{
  const enum command command = options->command;
  const bool has_settings_option = options->write_file != NULL || options->uf2_file != NULL ||
                                   options->read_file != NULL || options->is_hex || options->is_address_given ||
                                   options->ntp_server != NULL;

  if (command == COMMAND_SETTINGS)
    return check_settings(options);
  if (has_settings_option)
    return usage_error("--write, --uf2, --read, --hex, --address and --ntp-server are options of settings only");
  if ((command == COMMAND_WAIT || command == COMMAND_IS_RECORDING) && options->id_count > 1)
    return usage_error("%s takes one id", options_commands[command]);
  return OPTIONS_OK;
}

int options_check(const struct options *options)
{
  static int (*const checks[])(const struct options *) = {check_servers, check_credentials, check_repeated,
                                                          check_output, check_command};
  int status = OPTIONS_OK;

  for (size_t i = 0; i < sizeof checks / sizeof checks[0] && status == OPTIONS_OK; i++)
    status = checks[i](options);
  return status;
}
