/* All servers that are asked: each over its own connection, all at the same time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/servers.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <mbedtls/platform_util.h>

#include "input/duration.h"
#include "input/token.h"
#include "net/session_cache.h"
#include "net/tls_memory.h"
#include "output/redact.h"
#include "system/memory.h"
#include "system/read_file.h"

static struct client clients[OPTIONS_SERVERS];
static struct tls_client tls_clients[OPTIONS_SERVERS];

static int map_workspaces(const struct servers *servers)
{
  struct workspace *workspaces = memory_map((size_t)servers->count * sizeof *workspaces);

  for (int i = 0; i < servers->count && workspaces != NULL; i++)
    clients[i].workspace = &workspaces[i];
  return workspaces == NULL ? EXIT_UNAVAILABLE : 0;
}

static bool is_tls_used(const struct servers *servers)
{
  bool is_used = false;

  for (int i = 0; i < servers->count; i++)
    is_used |= !clients[i].target.plain_http;
  return is_used;
}

/* Two servers must have different names in the output. */
static int check_name(const struct client *client)
{
  char name[1024];

  snprintf(name, sizeof name, "%s", client_server(client));
  for (const struct client *other = clients; other < client; other++)
    if (strcmp(client_server(other), name) == 0) {
      redact_line("%s is given twice. Put all of its ids after one --server; if these are two servers, give the port "
                  "in both URLs.",
                  name);
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

static struct token_source token_source(const struct options *options)
{
  return (struct token_source){options->user, options->user != NULL ? options->password_file : options->token_file};
}

/* more: what follows the error. */
static void print_token_error(const struct token_source *source, const char *error, const char *more)
{
  const char *what = source->user != NULL ? "password file" : "token file";

  if (source->path == NULL)
    redact_line("%s: %s.%s", source->user != NULL ? "WMREC_PASSWORD" : "WMC_API_TOKEN", error, more);
  else
    redact_line("the %s %s: %s.%s", what, strcmp(source->path, "-") == 0 ? "on standard input" : source->path, error,
                more);
}

/* All servers get the same token. */
static void set_tokens(const struct servers *servers, const struct options *options, const char *token)
{
  for (int i = 0; i < servers->count; i++) {
    clients[i].target.scheme = options->user != NULL ? "Basic" : NULL;
    client_set_token(&clients[i], token);
  }
}

static int read_token(const struct servers *servers, const struct options *options)
{
  const struct token_source source = token_source(options);
  const char *token = NULL;
  const char *error = NULL;
  bool is_exposed = false;

  if (options->is_self_hosted && options->user == NULL && options->token_file == NULL)
    token_wipe(); /* the key of the Cloud is not sent to a self-hosted server */
  else
    token = token_read(&source, &is_exposed, &error);
  if (is_exposed && !options->is_quiet)
    redact_line("the %s file %s can be read by other users: chmod 600 %s", options->user != NULL ? "password" : "token",
                source.path, source.path);
  if (error == NULL && token == NULL && options->user != NULL)
    error = "it is not set. It has the password of --user; or give --password-file PATH";
  if (error != NULL)
    print_token_error(&source, error, "");
  set_tokens(servers, options, token);
  return error == NULL ? 0 : EXIT_CONFIG;
}

/* --resolve applies to the servers with the host and port that it names. */
static int set_address(const struct servers *servers, const struct options *options)
{
  bool is_set = false;

  if (options->resolve_host == NULL)
    return 0;
  for (int i = 0; i < servers->count; i++)
    if (strcmp(options->resolve_host, clients[i].target.host) == 0 &&
        options->resolve_port == client_port(&clients[i])) {
      clients[i].tcp.address = options->resolve_address;
      is_set = true;
    }
  if (is_set)
    return 0;
  if (servers->count > 1)
    redact_line("--resolve names %s port %u, but no server has that host and port.", options->resolve_host,
                options->resolve_port);
  else
    redact_line("--resolve names %s port %u, but the server is %s port %u.", options->resolve_host,
                options->resolve_port, clients[0].target.host, client_port(&clients[0]));
  return EXIT_USAGE;
}

int servers_check(struct servers *servers, const struct options *options)
{
  int status = set_targets(servers, options);
  if (status == 0)
    status = read_token(servers, options);
  if (status == 0)
    status = set_address(servers, options);
  if (status == 0)
    status = map_workspaces(servers);
  for (int i = 0; i < servers->count && status == 0; i++)
    status = client_check(&clients[i]);
  return status;
}

/* --keep-session: options_check() allows it with one server only. */
static void load_session(const struct client *client)
{
  struct workspace *workspace = client->workspace;

  if (client->tls == NULL)
    return;
  session_cache_load(client->target.host, client_port(client), workspace->session, sizeof workspace->session);
  tls_client_set_session(client->tls, workspace->session, sizeof workspace->session);
  mbedtls_platform_zeroize(workspace->session, sizeof workspace->session);
}

static void close_client(struct client *client)
{
  struct tls_client *tls = client->tls;

  client_close(client);
  if (tls == NULL)
    return;
  if (client->options->is_session_kept)
    session_cache_save(tls->session, tls->session_length);
  tls_client_close(tls);
}

int servers_open(struct servers *servers, const struct options *options)
{
  int status = servers_check(servers, options);

  if (status == 0 && is_tls_used(servers))
    status = tls_client_start(options);
  for (int i = 0; i < servers->count && status == 0; i++)
    status = client_open(&clients[i], &tls_clients[i]);
  if (status == 0 && options->is_session_kept)
    load_session(&clients[0]);
  return status;
}

bool servers_may_read_token_again(const struct servers *servers)
{
  const struct token_source source = token_source(servers->clients->options);

  return source.path != NULL && read_file_is_repeatable(source.path);
}

static void disconnect(const struct servers *servers)
{
  for (int i = 0; i < servers->count; i++)
    client_disconnect(&clients[i]);
}

enum servers_token servers_read_token_again(struct servers *servers)
{
  const struct options *options = servers->clients->options;
  const struct token_source source = token_source(options);
  const char *const old = clients[0].target.token;
  const char *error;
  const char *token;

  if (!servers_may_read_token_again(servers))
    return SERVERS_TOKEN_SAME;
  token = token_read_again(&source, &error);
  if (token == NULL) {
    print_token_error(&source, error, " The old one stays in use.");
    return SERVERS_TOKEN_INVALID;
  }
  if (token == old)
    return SERVERS_TOKEN_SAME;
  disconnect(servers);
  set_tokens(servers, options, token);
  token_wipe_old();
  return SERVERS_TOKEN_NEW;
}

bool servers_read_again(struct servers *servers)
{
  bool is_read;

  disconnect(servers);
  is_read = servers_read_token_again(servers) != SERVERS_TOKEN_INVALID;
  if (is_tls_used(servers))
    is_read &= tls_client_read_roots_again(servers->clients->options);
  return is_read;
}

void servers_step(struct servers *servers, uint32_t time)
{
  static struct pollfd waited_for[OPTIONS_SERVERS + 2];
  struct pollfd ignored;
  int i;

  for (i = 0; i < servers->count; i++) {
    waited_for[i] = (struct pollfd){.fd = -1};
    if (clients[i].want > 0)
      time = duration_min(time, client_poll(&clients[i], &waited_for[i]));
  }
  waited_for[i] = (struct pollfd){.fd = servers->wake - 1, .events = POLLIN};
  waited_for[i + 1] = (struct pollfd){.fd = servers->output - 1}; /* POLLERR and POLLHUP are always reported */
  poll(waited_for, (nfds_t)servers->count + 2, time < INT_MAX ? (int)time : INT_MAX);
  servers->is_reader_gone = waited_for[i + 1].revents != 0;
  for (i = 0; i < servers->count; i++)
    if (clients[i].want > 0 && (waited_for[i].revents != 0 || client_poll(&clients[i], &ignored) == 0))
      client_step(&clients[i]);
}

void servers_release_memory(struct servers *servers)
{
  for (int i = 0; i < servers->count; i++)
    client_release_memory(&clients[i]);
  tls_memory_release();
}

void servers_close(struct servers *servers)
{
  for (int i = 0; i < servers->count; i++)
    close_client(&clients[i]);
  token_wipe();
}
