/* The mock APIs that are asked about, and what is known of each. A self-hosted server counts as one, without an id.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_MOCK_API_H
#define WMREC_CLI_MOCK_API_H

#include <time.h>

#include "net/servers.h"

/* Maximum number of mock APIs. */
#define MOCK_API_MAX (OPTIONS_IDS > OPTIONS_SERVERS ? OPTIONS_IDS : OPTIONS_SERVERS)

/* Read it only, except for the client's connection. */
struct mock_api {
  struct client *client; /* its server */
  const char *id;        /* NULL: self-hosted */
  struct wmrec_monitor monitor;
  bool is_asked;      /* at least one exchange has ended */
  int result;         /* of the last exchange: enum wmrec_result_code, or RESULT_OLD of output/message.h */
  bool is_due;        /* it is asked at once, whatever the monitor's schedule says */
  int http_status;    /* of the last exchange; 0: no answer */
  time_t answered_at; /* when the last answer was true: its time less its Age, in seconds since 1970; 0: unknown */

  /* Set by the commands. */
  int reported_result; /* the result that the last message on standard error was about; WMREC_OK: none, or recovery */
  bool is_shown;       /* watch: the next two fields are valid */
  enum wmrec_recording shown_status; /* watch: the status that was printed last */
  int shown_result;                  /* watch: the result that was printed with it (JSON) */
};

/* Fills in the mock APIs of all servers, in the order of the command line. The array was zeroed and has MOCK_API_MAX
 * elements. Returns their number, at least 1. */
int mock_api_list(struct mock_api *mock_apis, const struct servers *servers);

/* Records the last exchange of its client, which was about this mock API. now, random: see wmrec_monitor_update(). */
void mock_api_update(struct mock_api *mock_api, uint32_t now, uint32_t random);

/* Returns the time to the next exchange, in ms; 0: begin it now. */
uint32_t mock_api_wait(const struct mock_api *mock_api, uint32_t now);

/* Returns the status, if it is not older than --stale-after; else WMREC_UNKNOWN. */
enum wmrec_recording mock_api_current(const struct mock_api *mock_api, uint32_t now);

/* Returns the name for people: the id, or the host if self-hosted; if there are several servers, "host/id" or the
 * server. Static, until the next call. */
const char *mock_api_name(const struct mock_api *mock_api);

/* Returns a random number for mock_api_update(). */
uint32_t mock_api_random(void);

/* Asks about the mock APIs of one server in turn. There is one exchange at a time, as they share a connection. */
struct poller {
  struct client *client;
  struct mock_api *mock_apis;
  int count;
  struct mock_api *current; /* the one that is being asked about; NULL: none */

  /* Private. */
  int last;             /* the index of the one that was asked about last */
  uint32_t searched_at; /* when the next due one was searched, by wmrec_posix_clock(), */
  uint32_t idle_time;   /* and for how long none is due from then on, in ms; 0: search again */
};

/* Initialises a poller for the server of the first of these mock APIs (`count`, at least 1). Returns how many of them
 * are on that server. */
int poller_init(struct poller *poller, struct mock_api *mock_apis, int count);

/* Begins an exchange about the next mock API that is due, if none is under way. Returns the time until one is due, in
 * ms; UINT32_MAX: an exchange is under way. */
uint32_t poller_begin_next(struct poller *poller, uint32_t now);

/* Records the exchange that has ended (client->want <= 0) for the current mock API; if the server was unreachable, also
 * for all others that are due: they would fail in the same way. The current one stays; set it to NULL afterwards. */
void poller_record(struct poller *poller, uint32_t now);

/* Gives up the exchange under way, after client_disconnect(). Asks at once about its mock API, and about all others, or
 * about those that were refused with 401. */
void poller_restart(struct poller *poller, bool only_unauthorized);

/* True if no exchange is under way, and none is due. */
bool poller_is_idle(const struct poller *poller);

#endif
