/* What the command line and the environment ask for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"

/* The servers of the API's document. */
#define PRODUCTION "https://api.wiremock.cloud"
#define MOCK "https://wmc.wiremockapi.cloud"

static const char help[] =
    "wmrec: is a WireMock mock API recording?\n"
    "\n"
    "Usage: wmrec [status] [options] ID...         WireMock Cloud: ids of mock APIs\n"
    "       wmrec [status] [options] --self-hosted URL    a WireMock of your own\n"
    "\n"
    "Prints NeverStarted, Recording or Stopped; for several ids, a line of ID, tab and status for each, where\n"
    "Unknown stands for what could not be found out.\n"
    "\n"
    "The API key comes from WMC_API_TOKEN in the environment, or from a file; a self-hosted server gets one from a\n"
    "file only. There is no option that takes the key itself: everybody can read a command line.\n"
    "\n"
    "  --token-file PATH      read the key from this file; - is standard input\n"
    "  --endpoint URL         the Cloud's API (default: WMC_API_ENDPOINT, or " PRODUCTION ")\n"
    "  --mock                 the Cloud's mock server, " MOCK "\n"
    "  --self-hosted URL      a WireMock of your own: http or https, with a path if it has one before /__admin\n"
    "  --cacert FILE          trust the root certificates in this PEM file (default: the system's)\n"
    "  --resolve HOST:PORT:ADDR   connect to this address in place of looking HOST up\n"
    "  --max-time SECONDS     the time for each id, from the name's lookup to the last byte (default: 10)\n"
    "  -o, --output FORMAT    text (default), or json: an object a line\n"
    "  -v, --verbose          show the exchange on standard error, without the key\n"
    "  -q, --quiet            no messages about answers that failed\n"
    "  -h, --help             this text\n"
    "  -V, --version          the version\n"
    "\n"
    "Exit status: 0 answered; 64 usage; 69 cannot connect, or a name or TLS failure; 74 cannot write; 75 try later\n"
    "(timeout, 429, 5xx); 76 the answer is not a valid one; 77 the key is refused (401, 403); 78 bad configuration "
    "(no\n"
    "key, a bad id, an unreadable CA file). With several ids, the highest.\n";

enum {
  OPTION_CACERT = 256,
  OPTION_ENDPOINT,
  OPTION_MAX_TIME,
  OPTION_MOCK,
  OPTION_RESOLVE,
  OPTION_SELF_HOSTED,
  OPTION_TOKEN,
  OPTION_TOKEN_FILE
};

static const struct option long_options[] = {{"cacert", required_argument, NULL, OPTION_CACERT},
                                             {"endpoint", required_argument, NULL, OPTION_ENDPOINT},
                                             {"help", no_argument, NULL, 'h'},
                                             {"max-time", required_argument, NULL, OPTION_MAX_TIME},
                                             {"mock", no_argument, NULL, OPTION_MOCK},
                                             {"output", required_argument, NULL, 'o'},
                                             {"quiet", no_argument, NULL, 'q'},
                                             {"resolve", required_argument, NULL, OPTION_RESOLVE},
                                             {"self-hosted", required_argument, NULL, OPTION_SELF_HOSTED},
                                             {"token", optional_argument, NULL, OPTION_TOKEN},
                                             {"token-file", required_argument, NULL, OPTION_TOKEN_FILE},
                                             {"verbose", no_argument, NULL, 'v'},
                                             {"version", no_argument, NULL, 'V'},
                                             {NULL, 0, NULL, 0}};

static int usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int usage(const char *format, ...)
{
  va_list arguments;

  fputs("wmrec: ", stderr);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputs("\nTry wmrec --help.\n", stderr);
  return EXIT_USAGE;
}

static int set_url(struct options *options, const char *url, bool is_self_hosted)
{
  if (options->url != NULL)
    return usage("only one of --endpoint, --mock and --self-hosted can be given");
  options->url = url;
  options->is_self_hosted = is_self_hosted;
  return -1;
}

static int set_max_time(struct options *options, const char *text)
{
  char *end;
  const double seconds = strtod(text, &end);

  if (end == text || *end != '\0' || !(seconds >= 0.001 && seconds <= 4000000))
    return usage("--max-time %s: a number of seconds is wanted, from 0.001 to 4000000", text);
  options->max_time = (uint32_t)(seconds * 1000);
  return -1;
}

static int set_output(struct options *options, const char *format)
{
  options->is_json = strcmp(format, "json") == 0;
  if (!options->is_json && strcmp(format, "text") != 0)
    return usage("--output %s: text or json is wanted", format);
  return -1;
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

static int set(struct options *options, int option)
{
  switch (option) {
  case OPTION_CACERT:
    options->ca_file = optarg;
    return -1;
  case OPTION_ENDPOINT:
    return set_url(options, optarg, false);
  case OPTION_MAX_TIME:
    return set_max_time(options, optarg);
  case OPTION_MOCK:
    return set_url(options, MOCK, false);
  case OPTION_RESOLVE:
    return set_resolve(options, optarg);
  case OPTION_SELF_HOSTED:
    return set_url(options, optarg, true);
  case OPTION_TOKEN: /* so that it is not taken for a short form of --token-file, with the key for a path */
    return usage(
        "no option takes the key, as everybody can read a command line: set WMC_API_TOKEN, or use --token-file");
  case OPTION_TOKEN_FILE:
    options->token_file = optarg;
    return -1;
  case 'o':
    return set_output(options, optarg);
  case 'q':
    options->is_quiet = true;
    return -1;
  case 'v':
    options->is_verbose = true;
    return -1;
  case 'h':
    fputs(help, stdout);
    return EXIT_SUCCESS;
  case 'V':
    puts("wmrec " WMREC_VERSION);
    return EXIT_SUCCESS;
  }
  return -1;
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

static int set_ids(struct options *options, int count, char **arguments)
{
  if (count > 0 && strcmp(*arguments, "status") == 0) {
    count--;
    arguments++;
  }
  options->ids = arguments;
  options->id_count = count;
  if (options->is_self_hosted && count > 0)
    return usage("--self-hosted takes no id: such a server has one recording");
  if (!options->is_self_hosted && count == 0)
    return usage("the id of a mock API is wanted: 5 to 10 characters, such as jjl8y");
  return -1;
}

int options_read(struct options *options, int argc, char **argv)
{
  const char *environment = getenv("WMC_API_ENDPOINT");
  int option;
  int status;

  *options = (struct options){.max_time = 10000};
  opterr = 0;
  while ((option = getopt_long(argc, argv, "ho:qvV", long_options, NULL)) != -1) {
    status = option == '?' ? refuse(argv) : set(options, option);
    if (status >= 0)
      return status;
  }
  if (options->url == NULL)
    options->url = environment != NULL && *environment != '\0' ? environment : PRODUCTION;
  return set_ids(options, argc - optind, argv + optind);
}
