/* One server, the connection to it, and the last exchange.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <mbedtls/platform_util.h>

#include "ca_file.h"
#include "cache.h"
#include "endpoint.h"
#include "message.h"
#include "stop.h"
#include "token.h"

static unsigned char memory[131072] __attribute__((aligned(8)));
static unsigned char session[8192];

static int64_t now(void)
{
  return time(NULL);
}

static struct wmrec_tls_platform platform = {.random = wmrec_posix_random, .now = now};

static int set_target(struct client *client)
{
  const struct options *options = client->options;
  struct wmrec_target *target = &client->target;
  const char *source = options->token_file;
  const char *why = endpoint_parse(options->url, target);

  if (why != NULL) {
    fprintf(stderr, "wmrec: %s: %s.\n", options->url, why);
    return EXIT_CONFIG;
  }
  if (source != NULL) {
    target->token = token_from_file(source, &why);
    if (why != NULL)
      fprintf(stderr, "wmrec: the token file %s: %s.\n", strcmp(source, "-") == 0 ? "on standard input" : source, why);
  } else if (!options->is_self_hosted) {
    target->token = token_from_environment(&why);
    if (why != NULL)
      fprintf(stderr, "wmrec: WMC_API_TOKEN %s.\n", why);
  }
  return why == NULL ? 0 : EXIT_CONFIG;
}

static uint16_t port_of(const struct wmrec_target *target)
{
  const uint16_t default_port = target->plain_http ? 80 : 443;

  return target->port != 0 ? target->port : default_port;
}

static int set_address(struct client *client)
{
  const struct options *options = client->options;
  const struct wmrec_target *target = &client->target;
  const uint16_t port = port_of(target);

  if (options->resolve_host == NULL)
    return 0;
  if (strcmp(options->resolve_host, target->host) != 0 || options->resolve_port != port) {
    fprintf(stderr, "wmrec: --resolve is for %s port %u, but %s port %u is asked.\n", options->resolve_host,
            options->resolve_port, target->host, port);
    return EXIT_USAGE;
  }
  client->tcp.address = options->resolve_address;
  return 0;
}

static int set_roots(struct client *client)
{
  static struct wmrec_pem_roots pem;
  const char *path = client->options->ca_file != NULL ? client->options->ca_file : ca_file_of_system();

  if (path == NULL) {
    fputs(
        "wmrec: this system has no trusted root certificates where they are looked for. Install them (on Debian: the\n"
        "package ca-certificates), or give a PEM file by --cacert FILE.\n",
        stderr);
    return EXIT_CONFIG;
  }
  client->tls.roots = wmrec_pem_roots(&pem);
  return ca_file_open(&pem, path) ? 0 : EXIT_CONFIG;
}

static int set_tls(struct client *client, struct wmrec_transport *transport)
{
  const int status = set_roots(client);
  int result;

  if (status != 0)
    return status;
  wmrec_arena_init(&platform.arena, memory, sizeof memory);
  result = wmrec_tls_start(&platform);
  if (result != WMREC_OK) {
    fprintf(stderr, "wmrec: %s.\n", wmrec_result_text(result));
    return EXIT_UNAVAILABLE;
  }
  if (client->options->is_session_kept)
    cache_load(client->target.host, port_of(&client->target), session, sizeof session);
  if (client->options->is_session_kept || client->options->command >= COMMAND_WAIT) { /* who may connect again */
    client->tls.session = session;
    client->tls.session_size = sizeof session;
  }
  client->tls.inner = *transport;
  *transport = wmrec_tls_transport(&client->tls);
  return 0;
}

static int set_transport(struct client *client)
{
  struct wmrec_transport transport = wmrec_posix_transport(&client->tcp);
  const int status = client->target.plain_http ? 0 : set_tls(client, &transport);

  if (client->options->is_verbose) {
    client->trace.inner = transport;
    client->trace.tcp = &client->tcp;
    client->trace.tls = client->target.plain_http ? NULL : &client->tls;
    client->trace.token = client->target.token;
    transport = trace_transport(&client->trace);
  }
  wmrec_drive_init(&client->drive, transport);
  return status;
}

/* Checks what will be asked before anything is: the bad last id of ten is to be known at once. */
static int check_ids(struct client *client)
{
  const struct options *options = client->options;

  for (int i = 0; i < options->id_count || i == 0; i++) {
    client->target.mock_api_id = options->is_self_hosted ? NULL : options->ids[i];
    if (wmrec_begin(&client->exchange, &client->target, client->buffer, sizeof client->buffer) != WMREC_OK) {
      message_failure(client);
      return EXIT_CONFIG;
    }
    wmrec_fail(&client->exchange, WMREC_ERROR_CLOSED); /* wipes the key from the buffer */
  }
  return 0;
}

int client_check(struct client *client, const struct options *options)
{
  int status;

  client->options = options;
  token_protect();
  status = set_target(client);
  if (status == 0)
    status = set_address(client);
  return status == 0 ? check_ids(client) : status;
}

int client_open(struct client *client, const struct options *options)
{
  const int status = client_check(client, options);

  return status == 0 ? set_transport(client) : status;
}

void client_begin(struct client *client, const char *id, uint32_t time)
{
  client->target.mock_api_id = id;
  wmrec_drive_begin(&client->drive, &client->exchange, &client->target, client->buffer, sizeof client->buffer,
                    wmrec_posix_clock(), time);
}

int client_step(struct client *client, uint32_t time)
{
  const int result = wmrec_drive_step(&client->drive, wmrec_posix_clock());
  const uint32_t time_left = wmrec_drive_time_left(&client->drive, wmrec_posix_clock());

  if (result <= 0)
    return result;
  if (stop_signal() != 0) {
    wmrec_drive_close(&client->drive);
    return wmrec_result(&client->exchange);
  }
  wmrec_posix_wait(&client->tcp, result, time < time_left ? time : time_left);
  return result;
}

int client_ask(struct client *client, const char *id, uint32_t time)
{
  int result;

  client_begin(client, id, time);
  do
    result = client_step(client, time);
  while (result > 0);
  return result;
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
  snprintf(text, sizeof text, "%s%s%.*s", target->host, port, (int)path_length, target->base_path);
  return text;
}

void client_close(struct client *client)
{
  if (client->drive.transport.functions != NULL)
    wmrec_drive_close(&client->drive);
  if (client->tls.session != NULL && client->options->is_session_kept)
    cache_save(session, sizeof session);
  mbedtls_platform_zeroize(session, sizeof session);
  token_wipe();
}
