/* wmrec settings: writes and reads the settings' block of a device. No network is touched.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mbedtls/platform_util.h>

#include "commands/commands.h"
#include "input/ca_file.h"
#include "input/read_all.h"
#include "output/message.h"
#include "output/redact.h"
#include "output/replace.h"
#include "output/report.h"
#include "settings/block.h"
#include "settings/intel_hex.h"

static unsigned char block[SETTINGS_MOST];
static unsigned char roots[SETTINGS_MOST];
static char buffer[65536];                           /* of requests that are only begun */
static char text[6 * INTEL_HEX_MOST(SETTINGS_MOST)]; /* of the file; others may write a line for each byte */

/* A root behind those that are there. What is no certificate would take room on the device and be of no use. */
static void add_root(struct settings *settings, const unsigned char *der, size_t length)
{
  const size_t start = settings->roots_length;
  struct settings alone = {.roots = roots + start, .roots_length = 2 + length};
  const struct wmrec_roots source = {settings_next_root, &alone, false};

  if (start + 2 + length > sizeof roots) {
    settings->roots_length = sizeof roots + 1; /* too much for a block, whatever else is in it */
    return;
  }
  roots[start] = length & 0xff;
  roots[start + 1] = length >> 8 & 0xff;
  memcpy(roots + start + 2, der, length);
  if (wmrec_roots_exist(&source))
    settings->roots_length += 2 + length;
}

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
  if (!ca_file_open(&pem, path))
    return EXIT_CONFIG;
  while (settings->roots_length <= sizeof roots && source.next(source.context, &position, &der, &length))
    add_root(settings, der, length);
  return 0;
}

/* A name is one that a request could go to. */
static int set_ntp_server(struct client *client, struct settings *settings)
{
  const char *name = client->options->ntp_server;
  const struct wmrec_target target = {.host = name, .plain_http = true};

  settings->ntp_server = name == NULL ? "" : name;
  if (name == NULL ||
      (strlen(name) <= 255 && wmrec_begin(&client->exchange, &target, buffer, sizeof buffer) == WMREC_OK))
    return 0;
  fprintf(stderr, "wmrec: --ntp-server: %s.\n", wmrec_result_text(WMREC_ERROR_HOST));
  return EXIT_CONFIG;
}

/* As the device will read it, and ask. */
static int check(struct client *client, const struct settings *settings, size_t length)
{
  struct settings found;

  if (length > sizeof block) {
    fprintf(stderr, "wmrec: the settings are too long: a device takes %d bytes. Give fewer roots by --cacert.\n",
            SETTINGS_MOST);
    return EXIT_CONFIG;
  }
  if (settings_read(&found, block, length) != SETTINGS_OK || !block_is_same(settings, &found)) {
    fputs("wmrec: the settings cannot be read back, so they are not written.\n", stderr);
    return EXIT_CONFIG;
  }
  if (wmrec_begin(&client->exchange, &found.target, buffer, WMREC_BUFFER_SIZE) != WMREC_OK) {
    message_failure(client);
    return EXIT_CONFIG;
  }
  wmrec_fail(&client->exchange, WMREC_ERROR_CLOSED); /* wipes the key from the buffer */
  return 0;
}

static int save(const struct options *options, size_t length)
{
  static struct replace replace;
  const void *bytes = block;
  const char *why;

  if (options->is_hex) {
    length = intel_hex_write(block, length, options->address, text);
    bytes = text;
  }
  why = replace_begin(&replace, options->write_file, 0600, true);
  if (why == NULL) {
    setvbuf(replace.file, NULL, _IONBF, 0); /* it would keep a copy of the key */
    fwrite(bytes, 1, length, replace.file);
    why = replace_end(&replace);
  }
  if (why == NULL)
    return 0;
  redact_line("%s: %s.", options->write_file, why);
  return EXIT_IO;
}

static int write_settings(struct client *client)
{
  struct settings settings = {.target = client->target, .interval = client->options->interval};
  int status = set_roots(&settings, client->options->ca_file);
  size_t length;

  if (status == 0)
    status = set_ntp_server(client, &settings);
  if (status != 0)
    return status;
  length = block_write(&settings, block, sizeof block);
  status = check(client, &settings, length);
  return status == 0 ? save(client->options, length) : status;
}

/* Returns the length, or -1 with errno: what is behind the text's room is no settings. */
static ssize_t read_file(const char *path)
{
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  const ssize_t length = descriptor < 0 ? -1 : read_all(descriptor, text, sizeof text);
  const int error = errno;

  if (descriptor >= 0)
    close(descriptor);
  errno = error;
  return length;
}

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

static void print_settings(struct settings *settings)
{
  const struct wmrec_target *target = &settings->target;
  const uint32_t interval = settings->interval != 0 ? settings->interval : 60000;
  const bool is_seconds = interval % 1000 == 0;
  const unsigned char *der;
  size_t length;
  size_t position = 0;
  unsigned count = 0;

  while (settings_next_root(settings, &position, &der, &length))
    count++;
  redact_key(target->token);
  print_endpoint(target);
  print("id", target->mock_api_id);
  puts(target->token == NULL ? "key none" : "key [key]");
  printf("interval %lu%s\n", (unsigned long)(is_seconds ? interval / 1000 : interval), is_seconds ? "s" : "ms");
  print("ntp-server", settings->ntp_server);
  printf("roots %u\n", count);
}

static int read_settings(const char *path)
{
  const ssize_t size = read_file(path);
  size_t length = size < 0 ? 0 : (size_t)size;
  enum settings_result result;
  struct settings settings;

  if (size < 0) {
    redact_line("%s: %s.", path, strerror(errno));
    return EXIT_CONFIG;
  }
  if (length > 0 && text[0] == ':') {
    length = intel_hex_read(text, length, block, sizeof block);
  } else {
    length = length < sizeof block ? length : sizeof block;
    memcpy(block, text, length);
  }
  result = settings_read(&settings, block, length);
  if (result != SETTINGS_OK) {
    redact_line("%s: the settings' block is %s.", path, settings_result_name(result));
    return EXIT_CONFIG;
  }
  print_settings(&settings);
  return report_flush();
}

int command_settings(struct servers *servers, const struct options *options)
{
  int status;

  if (options->read_file != NULL) {
    status = read_settings(options->read_file);
  } else {
    status = servers_check(servers, options);
    if (status == 0)
      status = write_settings(servers->clients);
  }
  mbedtls_platform_zeroize(block, sizeof block);
  mbedtls_platform_zeroize(text, sizeof text);
  return status;
}
