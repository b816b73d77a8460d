/* One server, the connection to it, and the last exchange.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/client.h"

#include <stdio.h>
#include <string.h>

#include <mbedtls/platform_util.h>

#include "input/duration.h"
#include "input/token.h"
#include "output/message.h"
#include "output/redact.h"
#include "system/memory.h"
#include "system/signals.h"

/* Maximum steps in one client_step(), so that one server does not delay the others. */
enum { MAX_STEPS = 16 };

enum { HTTP_PORT = 80, HTTPS_PORT = 443 };

int client_set_target(struct client *client)
{
  const char *error = endpoint_parse(client->server->url, &client->target, &client->endpoint);

  if (client->endpoint.address[0] != '\0')
    client->tcp.address = client->endpoint.address;
  if (error == NULL)
    return 0;
  redact_line("%s: %s.", redact_url(client->server->url), error);
  return EXIT_CONFIG;
}

int client_check(struct client *client)
{
  const struct options_server *server = client->server;
  bool is_valid = true;

  for (int i = 0; is_valid && (i < server->id_count || i == 0); i++) {
    client->target.mock_api_id = server->id_count > 0 ? server->ids[i] : NULL;
    is_valid = wmrec_begin(&client->exchange, &client->target, client->workspace->buffer,
                           sizeof client->workspace->buffer) == WMREC_OK;
    wmrec_fail(&client->exchange, WMREC_ERROR_CLOSED); /* this wipes the key from the buffer */
  }
  if (!is_valid)
    message_failure(client, wmrec_result(&client->exchange));
  client_end(client);
  return is_valid ? 0 : EXIT_CONFIG;
}

/* Puts the trace of -v over the transport. */
static int add_verbose(struct client *client, struct wmrec_transport *transport)
{
  struct verbose *verbose = memory_map(sizeof *verbose);

  if (verbose == NULL)
    return EXIT_UNAVAILABLE;
  verbose->tcp = &client->tcp;
  verbose->tls = client->tls == NULL ? NULL : &client->tls->connection;
  if (client->options->server_count > 1)
    snprintf(verbose->server, sizeof verbose->server, "%s ", client_server(client));
  *transport = verbose_transport(verbose, *transport);
  client->verbose = verbose;
  client_set_token(client, client->target.token);
  return 0;
}

/* Only a second connection, of this run or the next, uses a session. */
static bool may_connect_again(const struct options *options)
{
  return options->is_session_kept || options->command == COMMAND_WAIT || options->command == COMMAND_WATCH;
}

int client_open(struct client *client, struct tls_client *tls)
{
  const struct options *options = client->options;
  struct wmrec_transport transport = wmrec_posix_transport(&client->tcp);
  int status = 0;

  if (!client->target.plain_http) {
    client->tls = tls;
    transport = tls_client_transport(tls, transport, may_connect_again(options));
  }
  transport = location_transport(&client->location, transport);
  if (options->is_verbose)
    status = add_verbose(client, &transport);
  wmrec_drive_init(&client->drive, transport, client->workspace->buffer, sizeof client->workspace->buffer);
  return status;
}

void client_set_token(struct client *client, const char *token)
{
  client->target.token = token;
  if (client->verbose == NULL)
    return;
  client->verbose->trace.key = token;
  client->verbose->trace.password = token_password();
}

void client_begin(struct client *client, const char *id, uint32_t time)
{
  client_end(client);
  if (client->tls != NULL)
    tls_client_begin(client->tls, client->workspace->session, sizeof client->workspace->session);
  client->target.mock_api_id = id;
  wmrec_drive_begin(&client->drive, &client->exchange, &client->target, wmrec_posix_clock(), time);
  client->want = WMREC_WANT_CALL;
  client->has_pages = true;
}

uint32_t client_poll(const struct client *client, struct pollfd *waited_for)
{
  return duration_min(wmrec_posix_poll(&client->tcp, client->want, waited_for),
                      wmrec_drive_time_left(&client->drive, wmrec_posix_clock()));
}

void client_step(struct client *client)
{
  int steps = 0;

  do
    client->want = wmrec_drive_step(&client->drive, wmrec_posix_clock());
  while (client->want == WMREC_WANT_CALL && ++steps < MAX_STEPS);
}

/* A server may have repeated the key in the body. */
static void wipe_body(struct client *client)
{
  size_t length;

  wmrec_body(&client->exchange, &length);
  if (length > 0 && length <= sizeof client->workspace->buffer)
    mbedtls_platform_zeroize(client->workspace->buffer, length);
}

void client_end(struct client *client)
{
  if (client->workspace != NULL)
    wipe_body(client);
  location_wipe(&client->location);
  if (client->tls != NULL)
    tls_client_end(client->tls);
}

void client_release_memory(struct client *client)
{
  if (!client->has_pages || client->want > 0)
    return;
  memory_release(client->workspace, sizeof *client->workspace);
  client->has_pages = false;
}

int client_ask(struct client *client, const char *id, uint32_t time)
{
  client_begin(client, id, time);
  for (client_step(client); client->want > 0; client_step(client)) {
    if (signals_received() != 0)
      wmrec_drive_close(&client->drive);
    else
      wmrec_posix_wait(&client->tcp, client->want, wmrec_drive_time_left(&client->drive, wmrec_posix_clock()));
  }
  return client->want;
}

uint16_t client_port(const struct client *client)
{
  const uint16_t default_port = client->target.plain_http ? HTTP_PORT : HTTPS_PORT;

  return client->target.port != 0 ? client->target.port : default_port;
}

/* Returns the host as the URL has it, with its zone: two servers may differ only in that. */
static const char *host_of(const struct client *client)
{
  return client->endpoint.address[0] != '\0' ? client->endpoint.address : client->target.host;
}

const char *client_server(const struct client *client)
{
  static char text[1024];
  const struct wmrec_target *target = &client->target;
  char port[sizeof ":65535"] = "";
  size_t path_length = strlen(target->base_path);

  if (target->port != 0)
    snprintf(port, sizeof port, ":%u", target->port);
  if (path_length > 0 && target->base_path[path_length - 1] == '/')
    path_length--;
  snprintf(text, sizeof text, "%s%s%.*s", host_of(client), port, (int)path_length, target->base_path);
  return text;
}

const char *client_name(const struct client *client)
{
  return client->options->server_count > 1 ? client_server(client) : host_of(client);
}

void client_disconnect(struct client *client)
{
  wmrec_drive_close(&client->drive);
  client->want = WMREC_OK;
  client_end(client);
}

void client_close(struct client *client)
{
  if (client->drive.transport.functions != NULL)
    wmrec_drive_close(&client->drive);
  client_end(client);
}
