/* Reads the command line and the environment.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "input/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "input/duration.h"
#include "input/endpoint.h"
#include "input/usage.h"
#include "settings.h"

enum {
  OPERAND = 1, /* what getopt_long() returns for an argument that is not an option */
  OPTION_ADDRESS = 256,
  OPTION_CACERT,
  OPTION_ENDPOINT,
  OPTION_FOR,
  OPTION_HEX,
  OPTION_INTERVAL,
  OPTION_KEEP_SESSION,
  OPTION_MAX_TIME,
  OPTION_MOCK,
  OPTION_NTP_SERVER,
  OPTION_OUT,
  OPTION_PASSWORD,
  OPTION_PASSWORD_FILE,
  OPTION_READ,
  OPTION_RESOLVE,
  OPTION_SELF_HOSTED,
  OPTION_SERVER,
  OPTION_STALE_AFTER,
  OPTION_TIMEOUT,
  OPTION_TOKEN,
  OPTION_TOKEN_FILE,
  OPTION_UF2,
  OPTION_USER,
  OPTION_WRITE
};

static const struct option long_options[] = {{"address", required_argument, NULL, OPTION_ADDRESS},
                                             {"cacert", required_argument, NULL, OPTION_CACERT},
                                             {"endpoint", required_argument, NULL, OPTION_ENDPOINT},
                                             {"for", required_argument, NULL, OPTION_FOR},
                                             {"help", no_argument, NULL, 'h'},
                                             {"hex", no_argument, NULL, OPTION_HEX},
                                             {"interval", required_argument, NULL, OPTION_INTERVAL},
                                             {"keep-session", no_argument, NULL, OPTION_KEEP_SESSION},
                                             {"max-time", required_argument, NULL, OPTION_MAX_TIME},
                                             {"mock", no_argument, NULL, OPTION_MOCK},
                                             {"ntp-server", required_argument, NULL, OPTION_NTP_SERVER},
                                             {"out", required_argument, NULL, OPTION_OUT},
                                             {"output", required_argument, NULL, 'o'},
                                             {"password", optional_argument, NULL, OPTION_PASSWORD},
                                             {"password-file", required_argument, NULL, OPTION_PASSWORD_FILE},
                                             {"quiet", no_argument, NULL, 'q'},
                                             {"read", required_argument, NULL, OPTION_READ},
                                             {"resolve", required_argument, NULL, OPTION_RESOLVE},
                                             {"self-hosted", required_argument, NULL, OPTION_SELF_HOSTED},
                                             {"server", required_argument, NULL, OPTION_SERVER},
                                             {"stale-after", required_argument, NULL, OPTION_STALE_AFTER},
                                             {"timeout", required_argument, NULL, OPTION_TIMEOUT},
                                             {"token", optional_argument, NULL, OPTION_TOKEN},
                                             {"token-file", required_argument, NULL, OPTION_TOKEN_FILE},
                                             {"uf2", required_argument, NULL, OPTION_UF2},
                                             {"user", required_argument, NULL, OPTION_USER},
                                             {"verbose", no_argument, NULL, 'v'},
                                             {"version", no_argument, NULL, 'V'},
                                             {"write", required_argument, NULL, OPTION_WRITE},
                                             {NULL, 0, NULL, 0}};

const char *const options_commands[OPTIONS_COMMANDS] = {"status", "is-recording", "wait", "watch", "settings"};
const char *const options_formats[OPTIONS_FORMATS] = {"text", "json", "prometheus", "home-assistant"};

static int too_many_servers(void)
{
  return usage_error("there are too many servers: the maximum is %d", OPTIONS_SERVERS);
}

static int add_server(struct options *options, const char *url)
{
  const int max = OPTIONS_SERVERS + 1; /* finish_servers() may remove the first one */

  if (options->server_count == max)
    return too_many_servers();
  options->servers[options->server_count++] =
      (struct options_server){.url = url, .ids = options->ids + options->id_count};
  return OPTIONS_OK;
}

static int set_url(struct options *options, const char *url, bool is_self_hosted)
{
  if (options->url != NULL)
    return usage_error("give only one of --endpoint, --mock and --self-hosted");
  options->url = url;
  options->is_self_hosted = is_self_hosted;
  return OPTIONS_OK;
}

static int set_time(uint32_t *time, const char *option, const char *text)
{
  return duration_parse(text, time) ? OPTIONS_OK : usage_error("--%s %s: " DURATION_SYNTAX, option, text);
}

/* Returns the index of the name; -1: it is not in the array. */
static int find(const char *name, const char *const *names, int count)
{
  while (--count >= 0 && strcmp(name, names[count]) != 0)
    ;
  return count;
}

static int set_output(struct options *options, const char *name)
{
  const int found = find(name, options_formats, OPTIONS_FORMATS);

  if (found < 0)
    return usage_error("--output %s: the format must be text, json, prometheus or home-assistant", name);
  options->format = (enum format)found;
  return OPTIONS_OK;
}

static int set_wait_for(struct options *options, const char *name)
{
  for (enum wmrec_recording status = WMREC_NEVER_STARTED; status <= WMREC_STOPPED; status++)
    if (strcasecmp(name, wmrec_recording_name(status)) == 0)
      options->wait_for = status;
  if (options->wait_for == WMREC_UNKNOWN)
    return usage_error("--for %s: the status must be NeverStarted, Recording or Stopped", name);
  return OPTIONS_OK;
}

/* RFC 7617, section 2: the user has no colon and no control character. The message has no part of the value: it may be
 * "user:password". */
static int set_user(struct options *options, const char *user)
{
  if (strchr(user, ':') != NULL)
    return usage_error("--user: the name of a user has no colon. A password does not belong on the command line, which "
                       "every user of the machine can read: set WMREC_PASSWORD, or use --password-file PATH");
  for (const char *next = user; *next != '\0'; next++)
    if ((unsigned char)*next < ' ' || *next == 0x7f)
      return usage_error("--user: the name of a user has no control character");
  if (*user == '\0')
    return usage_error("--user: the name of the user is empty");
  options->user = user;
  return OPTIONS_OK;
}

/* HOST:PORT:ADDR, where HOST and ADDR may be IPv6 addresses in brackets. */
static int set_resolve(struct options *options, char *text)
{
  static const char wrong[] = "--resolve: the value must be HOST:PORT:ADDR, such as localhost:8443:127.0.0.1";
  char *host = text;
  char *end_of_host = *text == '[' ? strchr(text, ']') : strchr(text, ':');
  char *port;
  char *address;

  if (end_of_host == NULL)
    return usage_error("%s", wrong);
  if (*end_of_host == ']') {
    host++;
    *end_of_host++ = '\0';
  }
  port = end_of_host + 1;
  address = *end_of_host == ':' ? strchr(port, ':') : NULL;
  options->resolve_port = address == NULL ? 0 : endpoint_port(port, address);
  if (options->resolve_port == 0 || address[1] == '\0')
    return usage_error("%s", wrong);
  *end_of_host = '\0';
  address++;
  if (*address == '[' && address[strlen(address) - 1] == ']') {
    address[strlen(address) - 1] = '\0';
    address++;
  }
  options->resolve_host = host;
  options->resolve_address = address;
  return OPTIONS_OK;
}

/* Decimal, or hexadecimal after 0x. A leading 0 does not mean octal. */
static int set_address(struct options *options, const char *text)
{
  const bool is_hexadecimal = strncasecmp(text, "0x", 2) == 0;
  const char *digits = text + (is_hexadecimal ? 2 : 0);
  const char *allowed = is_hexadecimal ? "0123456789abcdefABCDEF" : "0123456789";
  const unsigned long long max = UINT32_MAX - (SETTINGS_MAX - 1);
  const unsigned long long address = strtoull(digits, NULL, is_hexadecimal ? 16 : 10);

  if (*digits == '\0' || digits[strspn(digits, allowed)] != '\0' || address > max)
    return usage_error("--address %s: the address must be a number from 0 to 0x%llx, such as 0x101fe000", text, max);
  options->address = (uint32_t)address;
  options->is_address_given = true;
  return OPTIONS_OK;
}

/* Returns the field that an option sets to its value; NULL: the option is not of this kind. */
static const char **text_field(struct options *options, int option)
{
  switch (option) {
  case OPTION_CACERT:
    return &options->ca_file;
  case OPTION_NTP_SERVER:
    return &options->ntp_server;
  case OPTION_OUT:
    return &options->out;
  case OPTION_PASSWORD_FILE:
    return &options->password_file;
  case OPTION_READ:
    return &options->read_file;
  case OPTION_TOKEN_FILE:
    return &options->token_file;
  case OPTION_UF2:
    return &options->uf2_file;
  case OPTION_WRITE:
    return &options->write_file;
  }
  return NULL;
}

/* Returns the field that an option sets to true; NULL: the option is not of this kind. */
static bool *flag_field(struct options *options, int option)
{
  switch (option) {
  case OPTION_HEX:
    return &options->is_hex;
  case OPTION_KEEP_SESSION:
    return &options->is_session_kept;
  case 'q':
    return &options->is_quiet;
  case 'v':
    return &options->is_verbose;
  }
  return NULL;
}

/* Sets an option whose value is parsed. */
static int set_parsed(struct options *options, int option)
{
  switch (option) {
  case OPTION_ADDRESS:
    return set_address(options, optarg);
  case OPTION_ENDPOINT:
    return set_url(options, optarg, false);
  case OPTION_FOR:
    return set_wait_for(options, optarg);
  case OPTION_INTERVAL:
    return set_time(&options->interval, "interval", optarg);
  case OPTION_MAX_TIME:
    return set_time(&options->max_time, "max-time", optarg);
  case OPTION_MOCK:
    return set_url(options, OPTIONS_MOCK, false);
  case OPTION_RESOLVE:
    return set_resolve(options, optarg);
  case OPTION_SELF_HOSTED:
    return set_url(options, optarg, true);
  case OPTION_SERVER:
    return add_server(options, optarg);
  case OPTION_USER:
    return set_user(options, optarg);
  case OPTION_STALE_AFTER:
    return set_time(&options->stale_after, "stale-after", optarg);
  case OPTION_TIMEOUT:
    return set_time(&options->timeout, "timeout", optarg);
  case 'o':
    return set_output(options, optarg);
  }
  return OPTIONS_OK;
}

static int set(struct options *options, int option)
{
  const char **text = text_field(options, option);
  bool *flag = flag_field(options, option);

  if (text != NULL)
    *text = optarg;
  else if (flag != NULL)
    *flag = true;
  switch (option) {
  case OPTION_TOKEN: /* it must not count as an abbreviation of --token-file */
    return usage_error(
        "no option takes the key, because every user of the machine can read a command line: set WMC_API_TOKEN, or use "
        "--token-file PATH");
  case OPTION_PASSWORD: /* nor of --password-file */
    return usage_error("no option takes a password, because every user of the machine can read a command line: set "
                       "WMREC_PASSWORD, or use --password-file PATH");
  case 'h':
    usage_print_help();
    return EXIT_SUCCESS;
  case 'V':
    puts("wmrec " WMREC_VERSION);
    return EXIT_SUCCESS;
  }
  return set_parsed(options, option);
}

/* getopt_long() does not print the message: it would print the value too, which may be the key. */
static int refuse(char **argv)
{
  const char *option = argv[optind - 1];

  if (strncmp(option, "--", 2) != 0)
    return usage_error("-%c: the option is unknown, or its value is missing", optopt);
  return usage_error("%.*s: the option is unknown, or its value is missing, or it takes no value",
                     (int)strcspn(option, "="), option);
}

/* An id belongs to the last server before it. */
static int add_id(struct options *options, const char *id)
{
  if (endpoint_is_url(id))
    return usage_error(
        "an id cannot contain ://. A URL needs an option before it, and its ids after it: --server URL ID");
  if (options->id_count == OPTIONS_IDS)
    return usage_error("there are too many ids: the maximum is %d", OPTIONS_IDS);
  options->ids[options->id_count++] = id;
  options->servers[options->server_count - 1].id_count++;
  return OPTIONS_OK;
}

/* is_first: the first operand may be a command. */
static int add_operand(struct options *options, const char *operand, bool is_first)
{
  const int command = is_first ? find(operand, options_commands, OPTIONS_COMMANDS) : -1;

  if (command < 0)
    return add_id(options, operand);
  options->command = (enum command)command;
  return OPTIONS_OK;
}

/* servers[0] is the server of --endpoint, --mock or --self-hosted, or the default server. Removes it if none of these
 * options was given, it has no ids, and there is a --server. */
static int finish_servers(struct options *options)
{
  struct options_server *servers = options->servers;

  servers[0].url = options->url;
  if (options->server_count > 1 && options->url == NULL && servers[0].id_count == 0)
    memmove(servers, servers + 1, (size_t)--options->server_count * sizeof *servers);
  return options->server_count <= OPTIONS_SERVERS ? OPTIONS_OK : too_many_servers();
}

static void set_defaults(struct options *options)
{
  const char *environment = getenv("WMC_API_ENDPOINT");

  if (options->servers[0].url == NULL)
    options->servers[0].url = environment != NULL && *environment != '\0' ? environment : OPTIONS_PRODUCTION;
  if (!options->is_address_given && options->write_file == NULL)
    options->address = OPTIONS_UF2_ADDRESS;
  if (options->max_time == 0)
    options->max_time = 10 * DURATION_SECOND;
  if (options->interval == 0 && options->command != COMMAND_SETTINGS)
    options->interval = options->command == COMMAND_WAIT ? 2 * DURATION_SECOND : DURATION_MINUTE;
  if (options->stale_after == 0) /* wait asks often, but an answer of a cache may be some seconds old */
    options->stale_after = 3 * (options->command == COMMAND_WAIT ? DURATION_MINUTE : options->interval);
}

/* With a leading "-", getopt_long() returns operands too, in their order among the options. All after "--" are ids. */
static int read_arguments(struct options *options, int argc, char **argv)
{
  bool is_first = true;
  int option;
  int status = OPTIONS_OK;

  opterr = 0;
  while (status == OPTIONS_OK && (option = getopt_long(argc, argv, "-ho:qvV", long_options, NULL)) != -1) {
    if (option == OPERAND) {
      status = add_operand(options, optarg, is_first);
      is_first = false;
    } else {
      status = option == '?' ? refuse(argv) : set(options, option);
    }
  }
  while (status == OPTIONS_OK && optind < argc)
    status = add_id(options, argv[optind++]);
  return status;
}

int options_read(struct options *options, int argc, char **argv)
{
  int status;

  *options = (struct options){.url = NULL};
  add_server(options, NULL);
  status = read_arguments(options, argc, argv);
  if (status == OPTIONS_OK)
    status = finish_servers(options);
  if (status == OPTIONS_OK)
    status = options_check(options);
  set_defaults(options);
  return status;
}
