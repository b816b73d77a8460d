/* The text of --help, and messages about a wrong command line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "input/usage.h"

#include <stdarg.h>
#include <stdio.h>

#include "input/options.h"
#include "output/redact.h"

/* C99 promises no string literal of more than 4,095 bytes. */
static const char commands_help[] =
    "wmrec: is a WireMock mock API recording?\n"
    "\n"
    "  wmrec [status] ID...          ask once\n"
    "  wmrec is-recording ID         ask once; exit status 0: recording, 3: not recording\n"
    "  wmrec watch ID...             ask repeatedly, and print each change\n"
    "  wmrec wait ID --for STATUS    ask until the status is NeverStarted, Recording or Stopped\n"
    "  wmrec settings --uf2 FILE ID  write the settings of a device as a UF2; --write FILE ID: in other formats\n"
    "  wmrec settings --read FILE    show the settings in a file; settings sends no request\n"
    "\n"
    "ID is the id of a mock API of WireMock Cloud. With --self-hosted URL, wmrec asks a WireMock server of yours, and\n"
    "takes no ID.\n"
    "\n"
    "status and watch take several servers: ID... --server URL ID... --server URL ID... Each ID after a --server\n"
    "belongs to that server. watch asks all servers at the same time. The key is sent to each of these servers.\n"
    "\n"
    "Each argument after -- is an ID, never an option, a command or a server. In scripts, put ids from other sources\n"
    "there: wmrec watch --server URL -- \"$@\"\n"
    "\n"
    "wmrec prints NeverStarted, Recording or Stopped; for several ids, a line with ID, tab and status for each.\n"
    "Unknown: there is no answer, or the last answer is too old.\n"
    "\n";

static const char options_help[] =
    "The API key is read from the environment variable WMC_API_TOKEN or from a file; the key of a self-hosted server,\n"
    "from a file only; a password, from WMREC_PASSWORD or from a file. No option takes a key or a password, because\n"
    "every user of the machine can read a command line.\n"
    "\n"
    "  --token-file PATH      read the key from this file; -: from standard input\n"
    "  --user NAME            with --self-hosted: Basic authentication as this user\n"
    "  --password-file PATH   read the user's password from this file; -: from standard input\n"
    "  --endpoint URL         the API of the Cloud (default: WMC_API_ENDPOINT, or " OPTIONS_PRODUCTION ")\n"
    "  --mock                 the mock server of the Cloud, " OPTIONS_MOCK "\n"
    "  --self-hosted URL      a WireMock server of yours, http or https; with the path before /__admin, if it has one\n"
    "  --server URL           the server of the ids after it; with --self-hosted, one more WireMock server of yours\n"
    "  --cacert FILE          trust the roots in this PEM file (default: SSL_CERT_FILE, SSL_CERT_DIR, the system's)\n"
    "  --resolve HOST:PORT:ADDR   connect to this address instead of looking HOST up\n"
    "  --max-time TIME        maximum time of one request, from name lookup to last byte (default: 10s)\n"
    "  --stale-after TIME     maximum age of an answer, also in a cache (default: three intervals; wait, status\n"
    "                         and is-recording: 3m)\n"
    "  --keep-session         keep the TLS session for the next run, in a file of yours; for one server\n"
    "  -o, --output FORMAT    text (default); json: one object a line; prometheus: metrics;\n"
    "                         home-assistant: lines of MQTT topic and payload (watch only)\n"
    "  --out FILE             with -o prometheus: replace this file by the metrics, atomically\n"
    "  -v, --verbose          show the exchange on standard error, without the key\n"
    "  -q, --quiet            no warnings, and no messages about failed requests; is-recording prints nothing\n"
    "  -h, --help             show this text\n"
    "  -V, --version          show the version\n"
    "\n"
    "watch and wait:\n"
    "  --interval TIME        time from an answer to the next request (default: watch 60s, wait 2s)\n"
    "  --for STATUS           the status to wait for\n"
    "  --timeout TIME         maximum time to wait (default: no limit)\n"
    "\n"
    "settings:\n"
    "  --uf2 FILE             write the settings of a device as a UF2, for the drive of a W5500-EVB-Pico in boot mode\n"
    "  --write FILE           write the settings block of a device, binary\n"
    "  --hex                  with --write: write Intel HEX\n"
    "  --address ADDR         the address in the device's memory (default: with --uf2, 0x101fe000; with --hex, 0)\n"
    "  --read FILE            show a settings block, UF2, binary or Intel HEX, without the key\n"
    "  --ntp-server HOST      the server that the device gets the time from\n"
    "The URL, --token-file, --user and --interval are the device's; --cacert adds roots to those of its firmware. The\n"
    "files contain the key: only you can read them (0600).\n"
    "\n"
    "TIME is a number of seconds, or a number with a unit: 250ms, 30s, 5m, 1h, 1d.\n"
    "\n"
    "Exit status: 0 answered, status reached, or done; 3 not recording (is-recording); 64 wrong command line; 66 no\n"
    "such mock API (404); 69 no connection, no such host, or TLS failure; 74 output cannot be written; 75 try later\n"
    "(timeout, 408, 421, 425, 429, 5xx, answer too old); 76 answer not valid; 77 key refused (401, 403); 78 wrong\n"
    "configuration (key, id, CA file, settings block); 124 timeout of wait; 130 or 143 ended by a signal. With "
    "several\n"
    "ids or servers, the highest.\n";

void usage_print_help(void)
{
  fputs(commands_help, stdout);
  fputs(options_help, stdout);
}

int usage_error(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  redact_vline(format, arguments);
  va_end(arguments);
  fputs("Try wmrec --help.\n", stderr);
  return EXIT_USAGE;
}
