/* wmrec settings: writes or shows the settings block of a device. It sends no request.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <mbedtls/base64.h>
#include <mbedtls/platform_util.h>

#include "commands/commands.h"
#include "commands/intel_hex.h"
#include "commands/settings_uf2.h"
#include "input/duration.h"
#include "output/message.h"
#include "output/redact.h"
#include "output/report.h"
#include "settings.h"
#include "system/atomic_file.h"
#include "system/read_file.h"

static unsigned char block[SETTINGS_MAX];
static unsigned char roots[SETTINGS_MAX];     /* the extra roots, as in a block */
static unsigned char secret[SETTINGS_SECRET]; /* of a block that is written */
static char buffer[65536];                    /* of exchanges that only check a target */
static char decoded[SETTINGS_MAX];            /* "user:password" of a block */
/* Of a file. It has room for Intel HEX as other programs may write it, with a line for each byte. */
static char text[6 * INTEL_HEX_MAX(SETTINGS_MAX)];

/* Appends a root, if it is a certificate. If there is no room, roots_length becomes greater than any block. */
static void add_root(struct settings *settings, const unsigned char *der, size_t length)
{
  const size_t start = settings->roots_length;
  struct settings only_this = {.roots = roots + start, .roots_length = 2 + length};
  const struct wmrec_roots source = {settings_next_root, &only_this, false};

  if (start + 2 + length > sizeof roots) {
    settings->roots_length = sizeof roots + 1;
    return;
  }
  roots[start] = length & 0xff;
  roots[start + 1] = length >> 8 & 0xff;
  memcpy(roots + start + 2, der, length);
  if (wmrec_roots_exist(&source))
    settings->roots_length += 2 + length;
}

/* path: of --cacert; NULL: no extra roots. Returns 0; or the exit status, after a message. */
static int set_roots(struct settings *settings, const char *path)
{
  static struct wmrec_pem_roots pem;
  const struct wmrec_roots source = wmrec_roots_from_pem(&pem);
  const unsigned char *der;
  size_t length;
  size_t position = 0;

  settings->roots = roots;
  if (path == NULL)
    return 0;
  if (!tls_client_read_roots(&pem, path))
    return EXIT_CONFIG;
  while (settings->roots_length <= sizeof roots && source.next(source.context, &position, &der, &length))
    add_root(settings, der, length);
  return 0;
}

/* Checks the name of the NTP server as wmrec_begin() checks a host. Returns 0; or the exit status, after a message. */
static int set_ntp_server(struct client *client, struct settings *settings)
{
  const char *name = client->options->ntp_server;
  const struct wmrec_target target = {.host = name, .plain_http = true};

  settings->ntp_server = name == NULL ? "" : name;
  if (name == NULL ||
      (strlen(name) < ENDPOINT_HOST && wmrec_begin(&client->exchange, &target, buffer, sizeof buffer) == WMREC_OK))
    return 0;
  fprintf(stderr, "wmrec: --ntp-server: %s.\n", wmrec_result_text(WMREC_ERROR_HOST));
  return EXIT_CONFIG;
}

/* Each block gets a secret of its own. Returns 0; or the exit status, after a message. */
static int set_secret(struct settings *settings)
{
  settings->secret = secret;
  if (wmrec_posix_random(secret, sizeof secret))
    return 0;
  fputs("wmrec: the system has no random numbers for the device's secret.\n", stderr);
  return EXIT_IO;
}

/* Reads the block and begins an exchange with it, as the device will. Returns 0; or the exit status, after a
 * message. */
static int check(struct client *client, const struct settings *settings, size_t length)
{
  struct settings found;

  if (length > sizeof block) {
    fprintf(stderr, "wmrec: the settings are too long: the maximum is %d bytes. Give fewer roots with --cacert.\n",
            SETTINGS_MAX);
    return EXIT_CONFIG;
  }
  if (settings_read(&found, block, length) != SETTINGS_OK || !settings_equal(settings, &found)) {
    fputs("wmrec: these settings would be read differently by a device, so they are not written.\n", stderr);
    return EXIT_CONFIG;
  }
  if (wmrec_begin(&client->exchange, &found.target, buffer, WMREC_BUFFER_SIZE) != WMREC_OK) {
    message_failure(client, wmrec_result(&client->exchange));
    return EXIT_CONFIG;
  }
  wmrec_fail(&client->exchange, WMREC_ERROR_CLOSED); /* this wipes the key from the buffer */
  return 0;
}

/* Writes the block in the format of the options. */
static int save(const struct options *options, size_t length)
{
  const char *const path = options->uf2_file != NULL ? options->uf2_file : options->write_file;
  const void *bytes = text;
  const char *error;

  if (options->uf2_file != NULL) {
    memset(block + length, 0xff, sizeof block - length);
    settings_uf2_write(block, options->address, (unsigned char *)text);
    length = SETTINGS_UF2_SIZE;
  } else if (options->is_hex) {
    length = intel_hex_write(block, length, options->address, text);
  } else {
    bytes = block;
  }
  error = atomic_file_write_secret(path, bytes, length, true);
  if (error == NULL)
    return 0;
  redact_line("%s: %s.", path, error);
  return EXIT_IO;
}

static int write_settings(struct client *client)
{
  struct settings settings = {.target = client->target, .interval = client->options->interval};
  int status = set_roots(&settings, client->options->ca_file);
  size_t length;

  if (client->endpoint.address[0] != '\0') {
    redact_line("%s: the zone of the IPv6 address is known on this machine only: a device cannot use it.",
                redact_url(client->server->url));
    return EXIT_CONFIG;
  }
  if (status == 0)
    status = set_ntp_server(client, &settings);
  if (status == 0)
    status = set_secret(&settings);
  if (status != 0)
    return status;
  length = settings_write(&settings, block, sizeof block);
  status = check(client, &settings, length);
  return status == 0 ? save(client->options, length) : status;
}

/* value: NULL or "": not set. */
static void print(const char *name, const char *value)
{
  printf("%s ", name);
  if (value == NULL || *value == '\0')
    value = "none";
  redact(stdout, value, strlen(value));
  putchar('\n');
}

static void print_endpoint(const struct wmrec_target *target)
{
  const bool is_ipv6 = strchr(target->host, ':') != NULL;

  printf("endpoint http%s://%s", target->plain_http ? "" : "s", is_ipv6 ? "[" : "");
  redact(stdout, target->host, strlen(target->host));
  fputs(is_ipv6 ? "]" : "", stdout);
  if (target->port != 0)
    printf(":%u", target->port);
  redact(stdout, target->base_path, strlen(target->base_path));
  putchar('\n');
}

static void print_interval(uint32_t interval)
{
  if (interval == 0)
    interval = DURATION_MINUTE; /* the default of struct wmrec_schedule */
  if (interval % DURATION_SECOND == 0)
    printf("interval %lus\n", (unsigned long)(interval / DURATION_SECOND));
  else
    printf("interval %lums\n", (unsigned long)interval);
}

/* Returns the length of the user in `decoded`; 0: the block has no user and password. Neither the key nor the password
 * is shown from then on. */
static size_t find_user(const struct wmrec_target *target)
{
  static const char *hidden[2];
  const unsigned char *token = (const unsigned char *)target->token;
  const char *colon = NULL;
  size_t length;

  if (token != NULL && target->scheme != NULL && strcmp(target->scheme, "Basic") == 0 &&
      mbedtls_base64_decode((unsigned char *)decoded, sizeof decoded - 1, &length, token, strlen(target->token)) == 0)
    colon = memchr(decoded, ':', length);
  hidden[0] = target->token;
  hidden[1] = colon == NULL ? NULL : colon + 1;
  redact_keys(hidden, sizeof hidden / sizeof hidden[0]);
  return colon == NULL ? 0 : (size_t)(colon - decoded);
}

static void print_credentials(const struct wmrec_target *target, size_t user_length)
{
  if (user_length > 0) {
    fputs("user ", stdout);
    redact(stdout, decoded, user_length);
    puts("\npassword [key]");
    return;
  }
  if (target->scheme != NULL)
    print("scheme", target->scheme);
  puts(target->token == NULL ? "key none" : "key [key]");
}

static void print_settings(struct settings *settings)
{
  const struct wmrec_target *target = &settings->target;
  const size_t user_length = find_user(target);
  const unsigned char *der;
  size_t length;
  size_t position = 0;
  unsigned count = 0;

  while (settings_next_root(settings, &position, &der, &length))
    count++;
  print_endpoint(target);
  print("id", target->mock_api_id);
  print_credentials(target, user_length);
  print_interval(settings->interval);
  print("ntp-server", settings->ntp_server);
  puts(settings->secret == NULL ? "secret none" : "secret [secret]");
  printf("roots %u\n", count);
}

/* Reads a file into the block, and sets the length. Returns NULL; or the text of an error. What lies beyond the room
 * for the text or the block is not read: no settings are as long. */
static const char *read_block(const struct options *options, size_t *length)
{
  const ssize_t size = read_file(options->read_file, text, sizeof text);

  if (size < 0)
    return strerror(errno);
  if (settings_uf2_is((unsigned char *)text, (size_t)size)) {
    *length = sizeof block;
    return settings_uf2_read((unsigned char *)text, (size_t)size, options->address, block);
  }
  if (options->is_address_given)
    return "it is not a UF2, so it cannot be checked for --address";
  if (text[0] == ':') {
    *length = intel_hex_read(text, (size_t)size, block, sizeof block);
    return *length > 0 ? NULL : "it is not valid Intel HEX, or has more bytes than a settings block";
  }
  *length = (size_t)size < sizeof block ? (size_t)size : sizeof block;
  memcpy(block, text, *length);
  return NULL;
}

static int read_settings(const struct options *options)
{
  const char *const path = options->read_file;
  size_t length = 0;
  const char *error = read_block(options, &length);
  enum settings_result result;
  struct settings settings;

  if (error != NULL) {
    redact_line("%s: %s.", path, error);
    return EXIT_CONFIG;
  }
  result = settings_read(&settings, block, length);
  if (result != SETTINGS_OK) {
    redact_line("%s: the settings block is %s.", path, settings_result_name(result));
    return EXIT_CONFIG;
  }
  print_settings(&settings);
  return report_flush();
}

int command_settings(struct servers *servers, const struct options *options)
{
  int status;

  if (options->read_file != NULL) {
    status = read_settings(options);
  } else {
    status = servers_check(servers, options);
    if (status == 0)
      status = write_settings(servers->clients);
  }
  mbedtls_platform_zeroize(block, sizeof block);
  mbedtls_platform_zeroize(secret, sizeof secret);
  mbedtls_platform_zeroize(text, sizeof text);
  mbedtls_platform_zeroize(decoded, sizeof decoded);
  return status;
}
