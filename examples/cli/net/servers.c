/* The servers that are asked: each over a connection of its own, all at once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/servers.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <mbedtls/platform_util.h>

#include "input/token.h"
#include "net/cache.h"
#include "output/redact.h"

static struct client clients[OPTIONS_SERVERS];
static struct secure secures[OPTIONS_SERVERS];

static int map_workspaces(const struct servers *servers)
{
  struct workspace *workspaces = memory_map((size_t)servers->count * sizeof *workspaces);

  for (int i = 0; i < servers->count && workspaces != NULL; i++)
    clients[i].workspace = &workspaces[i];
  return workspaces == NULL ? EXIT_UNAVAILABLE : 0;
}

static bool is_secure(const struct servers *servers)
{
  bool is_plain = true;

  for (int i = 0; i < servers->count; i++)
    is_plain &= clients[i].target.plain_http;
  return !is_plain;
}

/* What is printed of one must not be taken for another one's, and none has two connections. */
static int check_name(const struct client *client)
{
  char name[1024];

  snprintf(name, sizeof name, "%s", client_server(client));
  for (const struct client *other = clients; other < client; other++)
    if (strcmp(client_server(other), name) == 0) {
      redact_line("%s is given twice: put all ids behind one --server; of two servers, give each URL its port.", name);
      return EXIT_USAGE;
    }
  return 0;
}

static int set_targets(struct servers *servers, const struct options *options)
{
  int status = 0;

  servers->clients = clients;
  servers->count = options->server_count;
  for (int i = 0; i < servers->count && status == 0; i++) {
    clients[i].options = options;
    clients[i].server = &options->servers[i];
    status = client_set_target(&clients[i]);
    if (status == 0)
      status = check_name(&clients[i]);
  }
  return status;
}

/* One key for all of them. */
static int set_token(const struct servers *servers, const struct options *options)
{
  const char *source = options->token_file;
  const char *token = NULL;
  const char *why = NULL;
  bool is_exposed;

  if (source != NULL) {
    token = token_from_file(source, &is_exposed, &why);
    if (is_exposed && !options->is_quiet)
      redact_line("the token file %s can be read by other users: chmod 600 %s", source, source);
    if (why != NULL)
      redact_line("the token file %s: %s.", strcmp(source, "-") == 0 ? "on standard input" : source, why);
  } else if (!options->is_self_hosted) {
    token = token_from_environment(&why);
    if (why != NULL)
      redact_line("WMC_API_TOKEN %s.", why);
  } else {
    token_wipe(); /* that of the Cloud is not for a server of one's own */
  }
  for (int i = 0; i < servers->count; i++)
    clients[i].target.token = token;
  return why == NULL ? 0 : EXIT_CONFIG;
}

/* --resolve is for the one that it names. */
static int set_address(const struct servers *servers, const struct options *options)
{
  const struct wmrec_target *target = &clients[0].target;
  bool is_set = options->resolve_host == NULL;

  for (int i = 0; i < servers->count && options->resolve_host != NULL; i++)
    if (strcmp(options->resolve_host, clients[i].target.host) == 0 &&
        options->resolve_port == client_port(&clients[i])) {
      clients[i].tcp.address = options->resolve_address;
      is_set = true;
    }
  if (is_set)
    return 0;
  if (servers->count > 1)
    redact_line("--resolve is for %s port %u, but no such server is asked.", options->resolve_host,
                options->resolve_port);
  else
    redact_line("--resolve is for %s port %u, but %s port %u is asked.", options->resolve_host, options->resolve_port,
                target->host, client_port(&clients[0]));
  return EXIT_USAGE;
}

int servers_check(struct servers *servers, const struct options *options)
{
  int status = set_targets(servers, options);
  if (status == 0)
    status = set_token(servers, options);
  if (status == 0)
    status = set_address(servers, options);
  if (status == 0)
    status = map_workspaces(servers);
  for (int i = 0; i < servers->count && status == 0; i++)
    status = client_check(&clients[i]);
  return status;
}

/* For --keep-session, which is for one server. */
static void load_session(const struct client *client)
{
  struct workspace *workspace = client->workspace;

  if (client->secure == NULL)
    return;
  cache_load(client->target.host, client_port(client), workspace->session, sizeof workspace->session);
  secure_keep(client->secure, workspace->session, sizeof workspace->session);
  mbedtls_platform_zeroize(workspace->session, sizeof workspace->session);
}

static void close_client(struct client *client)
{
  struct secure *secure = client->secure;

  client_close(client);
  if (secure == NULL)
    return;
  if (client->options->is_session_kept)
    cache_save(secure->session, secure->session_length);
  secure_close(secure);
}

int servers_open(struct servers *servers, const struct options *options)
{
  int status = servers_check(servers, options);

  if (status == 0 && is_secure(servers))
    status = secure_start(options);
  for (int i = 0; i < servers->count && status == 0; i++)
    status = client_open(&clients[i], &secures[i]);
  if (status == 0 && options->is_session_kept)
    load_session(&clients[0]);
  return status;
}

void servers_step(struct servers *servers, uint32_t time)
{
  static struct pollfd waited_for[OPTIONS_SERVERS + 1];
  struct pollfd ignored;
  int i;

  for (i = 0; i < servers->count; i++) {
    waited_for[i] = (struct pollfd){.fd = -1};
    if (clients[i].want > 0) {
      const uint32_t its_time = client_poll(&clients[i], &waited_for[i]);

      time = its_time < time ? its_time : time;
    }
  }
  waited_for[i] = (struct pollfd){.fd = servers->wake - 1, .events = POLLIN};
  poll(waited_for, (nfds_t)servers->count + 1, time < INT_MAX ? (int)time : INT_MAX);
  for (i = 0; i < servers->count; i++)
    if (clients[i].want > 0 && (waited_for[i].revents != 0 || client_poll(&clients[i], &ignored) == 0))
      client_step(&clients[i]);
}

void servers_rest(void)
{
  secure_rest();
}

void servers_close(struct servers *servers)
{
  for (int i = 0; i < servers->count; i++)
    close_client(&clients[i]);
  token_wipe();
}
