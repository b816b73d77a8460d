/* The options: what the command line and the environment ask for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_OPTIONS_H
#define WMREC_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "wmrec.h"

/* Exit statuses: 64 to 78 as in sysexits.h, which POSIX does not have; 3, 124 and 128 as those of other tools. */
enum {
  EXIT_NOT_RECORDING = 3, /* is-recording */
  EXIT_USAGE = 64,        /* the command line is wrong */
  EXIT_NOT_FOUND = 66,    /* 404: there is no such mock API */
  EXIT_UNAVAILABLE = 69,  /* no connection, no such host, or TLS failed */
  EXIT_IO = 74,           /* the output could not be written */
  EXIT_TRY_LATER = 75,    /* timeout, 429 or 5xx */
  EXIT_PROTOCOL = 76,     /* the answer is not valid */
  EXIT_NO_PERMISSION = 77,
  EXIT_CONFIG = 78,   /* no key, an id that is not valid, a file that cannot be read */
  EXIT_EXPIRED = 124, /* wait: --timeout is over, as timeout(1) */
  EXIT_SIGNAL = 128   /* plus the number of the signal, as the shell */
};

/* Maximum numbers of ids and of servers. A server needs one descriptor, and three while its name is looked up; many
 * systems allow a process 1,024. */
#define OPTIONS_IDS 1024
#define OPTIONS_SERVERS 256

/* The servers in the document of the API. */
#define OPTIONS_PRODUCTION "https://api.wiremock.cloud"
#define OPTIONS_MOCK "https://wmc.wiremockapi.cloud"

/* Where boards/w5500_evb_pico has its settings. */
#define OPTIONS_UF2_ADDRESS 0x101fe000u

enum command { COMMAND_STATUS, COMMAND_IS_RECORDING, COMMAND_WAIT, COMMAND_WATCH, COMMAND_SETTINGS };
enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_PROMETHEUS, FORMAT_HOME_ASSISTANT };

/* The names of these on the command line, by enum command and enum format. */
#define OPTIONS_COMMANDS 5
#define OPTIONS_FORMATS 4
extern const char *const options_commands[OPTIONS_COMMANDS];
extern const char *const options_formats[OPTIONS_FORMATS];

struct options_server {
  const char *url;
  const char *const *ids; /* the ids of this server; they point into options.ids */
  int id_count;
};

/* The strings are those of main()'s arguments or of the environment, or static: they are not copied. */
struct options {
  enum command command;
  const char *url; /* --endpoint, --mock or --self-hosted; NULL: not given */
  struct options_server servers[OPTIONS_SERVERS + 1];
  int server_count;             /* 1 to OPTIONS_SERVERS; one more while the command line is read */
  const char *ids[OPTIONS_IDS]; /* of all servers, in the order of the command line */
  int id_count;                 /* of all servers; 0: self-hosted, or settings --read */
  bool is_self_hosted;
  const char *token_file;      /* NULL: none */
  const char *user;            /* Basic authentication; NULL: a key or nothing */
  const char *password_file;   /* of the user; NULL: WMREC_PASSWORD */
  const char *ca_file;         /* NULL: the system's */
  const char *resolve_host;    /* --resolve; NULL: not given */
  const char *resolve_address; /* NULL: as resolve_host */
  uint16_t resolve_port;       /* 1 to 65535 if resolve_host is given */
  uint32_t max_time;           /* ms, for one exchange */
  uint32_t interval;           /* ms; settings: 0: not given */
  enum format format;
  const char *out; /* NULL: standard output */
  bool is_session_kept;
  bool is_verbose;
  uint32_t stale_after; /* ms */
  bool is_quiet;

  /* wait */
  enum wmrec_recording wait_for; /* WMREC_UNKNOWN: not given */
  uint32_t timeout;              /* ms; 0: no limit */

  /* settings: one of the three files is given, the others are NULL. */
  const char *write_file;
  const char *uf2_file; /* also written */
  const char *read_file;
  bool is_hex;
  bool is_address_given;
  uint32_t address;       /* of the block; with read_file: of the block in a UF2 */
  const char *ntp_server; /* NULL: none */
};

/* What functions of options return if the program goes on; else they return its exit status. */
enum { OPTIONS_OK = -1 };

/* Reads the command line and the environment, and checks the options. Returns OPTIONS_OK; or the exit status, after a
 * message or the output of --help or --version. */
int options_read(struct options *options, int argc, char **argv);

/* options_check.c: checks that the options fit the command and each other. Returns OPTIONS_OK; or the exit status,
 * after a message. */
int options_check(const struct options *options);

#endif
