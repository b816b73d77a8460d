/* What the command line and the environment ask for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_OPTIONS_H
#define WMREC_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "wmrec.h"

/* sysexits.h's numbers, written out as that file is not POSIX; and those of grep, timeout and the shell. */
enum {
  EXIT_NOT_RECORDING = 3, /* of is-recording */
  EXIT_USAGE = 64,        /* the command line */
  EXIT_UNAVAILABLE = 69,  /* cannot connect; no such name; TLS failed */
  EXIT_IO = 74,           /* the answer could not be written */
  EXIT_TRY_LATER = 75,    /* timeout, 429, 5xx */
  EXIT_PROTOCOL = 76,     /* the answer is not a valid one */
  EXIT_NO_PERMISSION = 77,
  EXIT_CONFIG = 78,   /* no key, a bad id, an unreadable CA file */
  EXIT_EXPIRED = 124, /* of wait */
  EXIT_SIGNAL = 128   /* and the signal's number on top */
};

/* How many ids can be given, and how many servers: of each, one file is open, and three while its name is looked up;
 * many systems allow 1,024. */
#define OPTIONS_IDS 1024
#define OPTIONS_SERVERS 256

enum command { COMMAND_STATUS, COMMAND_IS_RECORDING, COMMAND_WAIT, COMMAND_WATCH, COMMAND_SETTINGS };
enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_PROMETHEUS, FORMAT_HOME_ASSISTANT };

struct options_server {
  const char *url;
  const char *const *ids; /* asked of it; borrowed from options.ids */
  int id_count;
};

/* All strings are those of main()'s arguments, of the environment, or static. */
struct options {
  enum command command;
  const char *url; /* of --endpoint, --mock or --self-hosted; NULL: none was given */
  struct options_server servers[OPTIONS_SERVERS + 1];
  int server_count;             /* 1 to OPTIONS_SERVERS; one more while the command line is read */
  const char *ids[OPTIONS_IDS]; /* of all servers, one server's behind the other's */
  int id_count;                 /* 0: self-hosted, or settings --read */
  bool is_self_hosted;
  const char *token_file;      /* NULL: none */
  const char *ca_file;         /* NULL: the system's */
  const char *resolve_host;    /* NULL: no --resolve */
  const char *resolve_address; /* NULL: no --resolve */
  uint16_t resolve_port;
  uint32_t max_time;            /* ms, for each question */
  uint32_t interval;            /* ms; of settings: 0: none was given */
  uint32_t stale_after;         /* ms */
  enum wmrec_recording awaited; /* of wait */
  uint32_t timeout;             /* of wait, ms; 0: none */
  enum format format;
  const char *out;        /* NULL: standard output */
  const char *write_file; /* of settings, as all down to ntp_server; NULL: --read */
  const char *read_file;  /* NULL: --write */
  bool is_hex;
  bool is_address_given;
  uint32_t address;
  const char *ntp_server; /* NULL: none */
  bool is_session_kept;
  bool is_verbose;
  bool is_quiet;
};

/* Reads the command line. Returns -1: go on; else the exit status, all having been said. */
int options_read(struct options *options, int argc, char **argv);

/* help.c: what --help prints. */
extern const char options_help[];

/* The servers of the API's document. */
#define OPTIONS_PRODUCTION "https://api.wiremock.cloud"
#define OPTIONS_MOCK "https://wmc.wiremockapi.cloud"

#endif
