/* What the command line and the environment ask for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_OPTIONS_H
#define WMREC_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* sysexits.h's numbers, written out as that file is not POSIX. */
enum {
  EXIT_USAGE = 64,       /* the command line */
  EXIT_UNAVAILABLE = 69, /* cannot connect; no such name; TLS failed */
  EXIT_IO = 74,          /* the answer could not be written */
  EXIT_TRY_LATER = 75,   /* timeout, 429, 5xx */
  EXIT_PROTOCOL = 76,    /* the answer is not a valid one */
  EXIT_NO_PERMISSION = 77,
  EXIT_CONFIG = 78, /* no key, a bad id, an unreadable CA file */
};

/* All strings are those of main()'s arguments, of the environment, or static. */
struct options {
  char **ids;
  int id_count; /* 0: self-hosted */
  const char *url;
  bool is_self_hosted;
  const char *token_file;      /* NULL: none */
  const char *ca_file;         /* NULL: the system's */
  const char *resolve_host;    /* NULL: no --resolve */
  const char *resolve_address; /* NULL: no --resolve */
  uint16_t resolve_port;
  uint32_t max_time; /* ms, for each id */
  bool is_json;
  bool is_verbose;
  bool is_quiet;
};

/* Reads the command line. Returns -1: go on; else the exit status, all having been said. */
int options_read(struct options *options, int argc, char **argv);

#endif
