/* What the command line and the environment ask for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "input/options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "input/duration.h"
#include "input/endpoint.h"
#include "output/redact.h"
#include "settings.h"

enum {
  OPERAND = 1, /* of getopt_long() */
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
  OPTION_READ,
  OPTION_RESOLVE,
  OPTION_SELF_HOSTED,
  OPTION_SERVER,
  OPTION_STALE_AFTER,
  OPTION_TIMEOUT,
  OPTION_TOKEN,
  OPTION_TOKEN_FILE,
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
                                             {"quiet", no_argument, NULL, 'q'},
                                             {"read", required_argument, NULL, OPTION_READ},
                                             {"resolve", required_argument, NULL, OPTION_RESOLVE},
                                             {"self-hosted", required_argument, NULL, OPTION_SELF_HOSTED},
                                             {"server", required_argument, NULL, OPTION_SERVER},
                                             {"stale-after", required_argument, NULL, OPTION_STALE_AFTER},
                                             {"timeout", required_argument, NULL, OPTION_TIMEOUT},
                                             {"token", optional_argument, NULL, OPTION_TOKEN},
                                             {"token-file", required_argument, NULL, OPTION_TOKEN_FILE},
                                             {"verbose", no_argument, NULL, 'v'},
                                             {"version", no_argument, NULL, 'V'},
                                             {"write", required_argument, NULL, OPTION_WRITE},
                                             {NULL, 0, NULL, 0}};

static const char *const commands[] = {"status", "is-recording", "wait", "watch", "settings"};
static const char *const formats[] = {"text", "json", "prometheus", "home-assistant"};

static int usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int usage(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  redact_vline(format, arguments);
  va_end(arguments);
  fputs("Try wmrec --help.\n", stderr);
  return EXIT_USAGE;
}

static int too_many_servers(void)
{
  return usage("these are too many servers: %d can be given", OPTIONS_SERVERS);
}

static int add_server(struct options *options, const char *url)
{
  const int most = OPTIONS_SERVERS + 1; /* the first one may be taken away again: see end_servers() */

  if (options->server_count == most)
    return too_many_servers();
  options->servers[options->server_count++] =
      (struct options_server){.url = url, .ids = options->ids + options->id_count};
  return -1;
}

static int set_url(struct options *options, const char *url, bool is_self_hosted)
{
  if (options->url != NULL)
    return usage("only one of --endpoint, --mock and --self-hosted can be given");
  options->url = url;
  options->is_self_hosted = is_self_hosted;
  return -1;
}

static int set_time(uint32_t *time, const char *option, const char *text)
{
  return duration_parse(text, time) ? -1 : usage("--%s %s: " DURATION_WANTED, option, text);
}

/* Which of these names it is; -1: none. */
static int find(const char *name, const char *const *names, int count)
{
  while (--count >= 0 && strcmp(name, names[count]) != 0)
    ;
  return count;
}

static int set_output(struct options *options, const char *name)
{
  const int found = find(name, formats, sizeof formats / sizeof formats[0]);

  if (found < 0)
    return usage("--output %s: text, json, prometheus or home-assistant is wanted", name);
  options->format = (enum format)found;
  return -1;
}

static int set_awaited(struct options *options, const char *name)
{
  for (enum wmrec_recording status = WMREC_NEVER_STARTED; status <= WMREC_STOPPED; status++)
    if (strcasecmp(name, wmrec_recording_name(status)) == 0)
      options->awaited = status;
  return options->awaited != WMREC_UNKNOWN ? -1 : usage("--for %s: NeverStarted, Recording or Stopped is wanted", name);
}

/* HOST:PORT:ADDR, where HOST and ADDR may be IPv6 addresses in brackets. */
static int set_resolve(struct options *options, char *text)
{
  char *host = text;
  char *end_of_host = *text == '[' ? strchr(text, ']') : strchr(text, ':');
  char *port;
  char *address;

  if (end_of_host == NULL)
    return usage("--resolve: HOST:PORT:ADDR is wanted");
  if (*end_of_host == ']') {
    host++;
    *end_of_host++ = '\0';
  }
  port = end_of_host + 1;
  address = *end_of_host == ':' ? strchr(port, ':') : NULL;
  options->resolve_port = address == NULL ? 0 : endpoint_port(port, address);
  if (options->resolve_port == 0 || address[1] == '\0')
    return usage("--resolve: HOST:PORT:ADDR is wanted");
  *end_of_host = '\0';
  address++;
  if (*address == '[' && address[strlen(address) - 1] == ']') {
    address[strlen(address) - 1] = '\0';
    address++;
  }
  options->resolve_host = host;
  options->resolve_address = address;
  return -1;
}

/* Decimal, or hexadecimal behind 0x; no octal, which nobody means. */
static int set_address(struct options *options, const char *text)
{
  const bool is_hexadecimal = strncasecmp(text, "0x", 2) == 0;
  const char *digits = text + (is_hexadecimal ? 2 : 0);
  const char *allowed = is_hexadecimal ? "0123456789abcdefABCDEF" : "0123456789";
  const unsigned long long most = UINT32_MAX - (SETTINGS_MOST - 1);
  const unsigned long long address = strtoull(digits, NULL, is_hexadecimal ? 16 : 10);

  if (*digits == '\0' || digits[strspn(digits, allowed)] != '\0' || address > most)
    return usage("--address %s: a number is wanted, such as 0x101fe000, of 0 to 0x%llx", text, most);
  options->address = (uint32_t)address;
  options->is_address_given = true;
  return -1;
}

/* Where the text of an option goes as it stands; NULL: it is none of those. */
static const char **text_of(struct options *options, int option)
{
  switch (option) {
  case OPTION_CACERT:
    return &options->ca_file;
  case OPTION_NTP_SERVER:
    return &options->ntp_server;
  case OPTION_OUT:
    return &options->out;
  case OPTION_READ:
    return &options->read_file;
  case OPTION_TOKEN_FILE:
    return &options->token_file;
  case OPTION_WRITE:
    return &options->write_file;
  }
  return NULL;
}

/* What an option turns on; NULL: it is none of those. */
static bool *flag_of(struct options *options, int option)
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

/* An option whose value is read. */
static int set_value(struct options *options, int option)
{
  switch (option) {
  case OPTION_ADDRESS:
    return set_address(options, optarg);
  case OPTION_ENDPOINT:
    return set_url(options, optarg, false);
  case OPTION_FOR:
    return set_awaited(options, optarg);
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
  case OPTION_STALE_AFTER:
    return set_time(&options->stale_after, "stale-after", optarg);
  case OPTION_TIMEOUT:
    return set_time(&options->timeout, "timeout", optarg);
  case 'o':
    return set_output(options, optarg);
  }
  return -1;
}

static int set(struct options *options, int option)
{
  const char **text = text_of(options, option);
  bool *flag = flag_of(options, option);

  if (text != NULL)
    *text = optarg;
  else if (flag != NULL)
    *flag = true;
  switch (option) {
  case OPTION_TOKEN: /* so that it is not taken for a short form of --token-file, with the key for a path */
    return usage(
        "no option takes the key, as everybody can read a command line: set WMC_API_TOKEN, or use --token-file");
  case 'h':
    fputs(options_help, stdout);
    return EXIT_SUCCESS;
  case 'V':
    puts("wmrec " WMREC_VERSION);
    return EXIT_SUCCESS;
  }
  return set_value(options, option);
}

/* Not by getopt_long() itself, which would repeat what stands behind the option's name: that may be the key. */
static int refuse(char **argv)
{
  const char *option = argv[optind - 1];

  if (strncmp(option, "--", 2) != 0)
    return usage("-%c: there is no such option, or its value is missing", optopt);
  return usage("%.*s: there is no such option, or its value is missing, or not wanted", (int)strcspn(option, "="),
               option);
}

/* An id is of the server that was named last. */
static int add_id(struct options *options, const char *id)
{
  if (endpoint_is_url(id))
    return usage("an id has no :// in it. A server is named by an option in front of its ids: --server URL ID");
  if (options->id_count == OPTIONS_IDS)
    return usage("these are too many ids: %d can be given", OPTIONS_IDS);
  options->ids[options->id_count++] = id;
  options->servers[options->server_count - 1].id_count++;
  return -1;
}

/* The first operand may be a command. is_first: of the operands. */
static int add_operand(struct options *options, const char *operand, bool is_first)
{
  const int command = is_first ? find(operand, commands, sizeof commands / sizeof commands[0]) : -1;

  if (command < 0)
    return add_id(options, operand);
  options->command = (enum command)command;
  return -1;
}

/* The first server is the one of --endpoint, --mock, --self-hosted, or the default one. It is asked if such an option
 * or an id in front of each --server says so, or if no other server is named. */
static int end_servers(struct options *options)
{
  struct options_server *servers = options->servers;

  servers[0].url = options->url;
  if (options->server_count > 1 && options->url == NULL && servers[0].id_count == 0)
    memmove(servers, servers + 1, (size_t)--options->server_count * sizeof *servers);
  return options->server_count <= OPTIONS_SERVERS ? -1 : too_many_servers();
}

static int check_ids(const struct options *options, const struct options_server *server)
{
  if (options->is_self_hosted && server->id_count > 0)
    return usage("--self-hosted takes no id: such a server has one recording");
  if (options->is_self_hosted || server->id_count > 0 ||
      (options->command == COMMAND_SETTINGS && options->write_file == NULL))
    return -1;
  if (server->url == options->url)
    return usage("the id of a mock API is wanted: 5 to 10 characters, such as jjl8y");
  return usage("--server %s: the id of a mock API is wanted behind it", redact_url(server->url));
}

static int check_servers(const struct options *options)
{
  int status = -1;

  if (options->server_count > 1 && options->command != COMMAND_STATUS && options->command != COMMAND_WATCH)
    return usage("%s takes one server. Give one URL, in front of the id: --server URL ID", commands[options->command]);
  if (options->server_count > 1 && options->is_session_kept)
    return usage("--keep-session is for one server");
  for (int i = 0; i < options->server_count && status < 0; i++)
    status = check_ids(options, &options->servers[i]);
  return status;
}

static int check_settings(const struct options *options)
{
  const bool is_block_described = options->servers[0].url != NULL || options->token_file != NULL ||
                                  options->ca_file != NULL || options->interval > 0 || options->ntp_server != NULL ||
                                  options->id_count > 0;

  if ((options->write_file == NULL) == (options->read_file == NULL))
    return usage("settings needs either --write FILE or --read FILE");
  if (options->read_file != NULL && (is_block_described || options->is_hex || options->is_address_given))
    return usage("settings --read takes a file and nothing else: the block says the rest");
  if (options->is_address_given && !options->is_hex)
    return usage("--address is for --hex");
  if (options->resolve_host != NULL || options->max_time > 0 || options->is_session_kept || options->is_verbose ||
      options->is_quiet)
    return usage("settings asks nobody: --resolve, --max-time, --keep-session, -v and -q are not for it");
  return options->id_count > 1 ? usage("settings takes one id") : -1;
}

/* What only settings takes. */
static int check_asking(const struct options *options)
{
  if (options->write_file != NULL || options->read_file != NULL || options->is_hex || options->is_address_given ||
      options->ntp_server != NULL)
    return usage("--write, --read, --hex, --address and --ntp-server are for settings");
  return -1;
}

/* What one command takes and another one does not. */
static int check_command(const struct options *options)
{
  const enum command command = options->command;
  const char *name = commands[command];
  const bool is_report = options->format == FORMAT_PROMETHEUS || options->format == FORMAT_HOME_ASSISTANT;

  if ((command == COMMAND_WAIT || command == COMMAND_IS_RECORDING) && options->id_count > 1)
    return usage("%s takes one id", name);
  if (command == COMMAND_WAIT && options->awaited == WMREC_UNKNOWN)
    return usage("wait needs --for NeverStarted, Recording or Stopped");
  if (command != COMMAND_WAIT && options->awaited != WMREC_UNKNOWN)
    return usage("--for is for wait");
  if (command != COMMAND_WAIT && options->timeout > 0)
    return usage("--timeout is for wait; the time for one question is --max-time");
  if (command < COMMAND_WAIT && options->interval > 0)
    return usage("--interval is for watch, wait and settings");
  if (command != COMMAND_WATCH && options->stale_after > 0)
    return usage("--stale-after is for watch");
  if ((is_report && command != COMMAND_STATUS && command != COMMAND_WATCH) ||
      (options->format == FORMAT_HOME_ASSISTANT && command != COMMAND_WATCH) ||
      (options->format != FORMAT_TEXT && command == COMMAND_SETTINGS))
    return usage("%s has no --output %s", name, formats[options->format]);
  if (options->out != NULL && options->format != FORMAT_PROMETHEUS)
    return usage("--out is for --output prometheus");
  if (options->out == NULL && options->format == FORMAT_PROMETHEUS && command == COMMAND_WATCH)
    return usage("watch --output prometheus needs --out FILE, which it writes anew after each question");
  return command == COMMAND_SETTINGS ? check_settings(options) : check_asking(options);
}

static void set_defaults(struct options *options)
{
  const char *environment = getenv("WMC_API_ENDPOINT");

  if (options->servers[0].url == NULL)
    options->servers[0].url = environment != NULL && *environment != '\0' ? environment : OPTIONS_PRODUCTION;
  if (options->max_time == 0)
    options->max_time = 10000;
  if (options->interval == 0 && options->command != COMMAND_SETTINGS)
    options->interval = options->command == COMMAND_WAIT ? 2000 : 60000;
  if (options->stale_after == 0)
    options->stale_after = 3 * options->interval;
}

/* The leading "-" has getopt_long() return operands as well, in their place among the options. Behind "--" are ids. */
static int read_arguments(struct options *options, int argc, char **argv)
{
  bool is_first = true;
  int option;
  int status = -1;

  opterr = 0;
  while (status < 0 && (option = getopt_long(argc, argv, "-ho:qvV", long_options, NULL)) != -1) {
    if (option == OPERAND) {
      status = add_operand(options, optarg, is_first);
      is_first = false;
    } else {
      status = option == '?' ? refuse(argv) : set(options, option);
    }
  }
  while (status < 0 && optind < argc)
    status = add_id(options, argv[optind++]);
  return status;
}

int options_read(struct options *options, int argc, char **argv)
{
  int status;

  *options = (struct options){.url = NULL};
  add_server(options, NULL);
  status = read_arguments(options, argc, argv);
  if (status < 0)
    status = end_servers(options);
  if (status < 0)
    status = check_servers(options);
  if (status < 0)
    status = check_command(options);
  set_defaults(options);
  return status;
}
