/* wmrec on a desktop: asks for each id, over one connection.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "drive.h"
#include "endpoint.h"
#include "options.h"
#include "report.h"
#include "token.h"
#include "trace.h"

static struct wmrec exchange;
static char buffer[65536];
static unsigned char memory[131072] __attribute__((aligned(8)));
static struct wmrec_posix tcp;
static struct wmrec_tls tls;
static struct trace trace;
static struct wmrec_drive drive;

static int64_t now(void)
{
  return time(NULL);
}

static struct wmrec_tls_platform platform = {.random = wmrec_posix_random, .now = now};

static int set_target(const struct options *options, struct wmrec_target *target)
{
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

static int set_address(const struct options *options, const struct wmrec_target *target)
{
  const uint16_t default_port = target->plain_http ? 80 : 443;
  const uint16_t port = target->port != 0 ? target->port : default_port;

  if (options->resolve_host == NULL)
    return 0;
  if (strcmp(options->resolve_host, target->host) != 0 || options->resolve_port != port) {
    fprintf(stderr, "wmrec: --resolve is for %s port %u, but %s port %u is asked.\n", options->resolve_host,
            options->resolve_port, target->host, port);
    return EXIT_USAGE;
  }
  tcp.address = options->resolve_address;
  return 0;
}

static const char *system_ca_file(void)
{
  static const char *const files[] = {
      "/etc/ssl/certs/ca-certificates.crt",     /* Debian, Ubuntu, Arch, Gentoo */
      "/etc/pki/tls/certs/ca-bundle.crt",       /* Fedora, RHEL */
      "/etc/ssl/ca-bundle.pem",                 /* openSUSE */
      "/etc/ssl/cert.pem",                      /* Alpine, OpenBSD, macOS */
      "/usr/local/share/certs/ca-root-nss.crt", /* FreeBSD */
  };

  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
    if (access(files[i], R_OK) == 0)
      return files[i];
  return NULL;
}

/* Maps the file: its roots are read one at a time, when they are needed. */
static int set_roots(const struct options *options)
{
  static struct wmrec_pem_roots pem;
  const char *path = options->ca_file != NULL ? options->ca_file : system_ca_file();
  struct stat status;
  int descriptor;
  void *text = MAP_FAILED;

  if (path == NULL) {
    fputs(
        "wmrec: this system has no trusted root certificates where they are looked for. Install them (on Debian: the\n"
        "package ca-certificates), or give a PEM file by --cacert FILE.\n",
        stderr);
    return EXIT_CONFIG;
  }
  descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor >= 0 && fstat(descriptor, &status) == 0 && status.st_size > 0)
    text = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (text == MAP_FAILED) {
    fprintf(stderr, "wmrec: the CA file %s: %s.\n", path, errno != 0 ? strerror(errno) : "is empty");
    return EXIT_CONFIG;
  }
  close(descriptor);
  pem = (struct wmrec_pem_roots){.text = text, .length = (size_t)status.st_size};
  tls.roots = wmrec_pem_roots(&pem);
  if (!wmrec_roots_exist(&tls.roots)) {
    fprintf(stderr, "wmrec: the CA file %s: it has no certificate in PEM (-----BEGIN CERTIFICATE-----).\n", path);
    return EXIT_CONFIG;
  }
  return 0;
}

static int set_transport(const struct options *options, const struct wmrec_target *target)
{
  struct wmrec_transport transport = wmrec_posix_transport(&tcp);
  int result;

  if (!target->plain_http) {
    const int status = set_roots(options);

    if (status != 0)
      return status;
    wmrec_arena_init(&platform.arena, memory, sizeof memory);
    result = wmrec_tls_start(&platform);
    if (result != WMREC_OK) {
      fprintf(stderr, "wmrec: %s.\n", wmrec_result_text(result));
      return EXIT_UNAVAILABLE;
    }
    tls.inner = transport;
    transport = wmrec_tls_transport(&tls);
  }
  if (options->is_verbose) {
    trace.inner = transport;
    trace.tcp = &tcp;
    trace.tls = target->plain_http ? NULL : &tls;
    trace.token = target->token;
    transport = trace_transport(&trace);
  }
  wmrec_drive_init(&drive, transport);
  return 0;
}

static void ask(const struct options *options, const struct wmrec_target *target)
{
  int want;

  wmrec_drive_begin(&drive, &exchange, target, buffer, sizeof buffer, wmrec_posix_clock(), options->max_time);
  while ((want = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
    wmrec_posix_wait(&tcp, want, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
}

/* Checks what will be asked before anything is: the bad last id of ten is to be known at once. */
static int check_targets(const struct options *options, struct wmrec_target *target)
{
  const struct report report = {options, target, &exchange, &tcp, NULL};

  for (int i = 0; i < options->id_count || i == 0; i++) {
    target->mock_api_id = options->is_self_hosted ? NULL : options->ids[i];
    if (wmrec_begin(&exchange, target, buffer, sizeof buffer) != WMREC_OK) {
      report_failure(&report);
      return EXIT_CONFIG;
    }
    wmrec_fail(&exchange, WMREC_ERROR_CLOSED); /* wipes the key from the buffer */
  }
  return 0;
}

static int ask_all(const struct options *options, struct wmrec_target *target)
{
  const struct report report = {options, target, &exchange, &tcp, target->plain_http ? NULL : &tls};
  int worst = 0;

  for (int i = 0; i < options->id_count || i == 0; i++) {
    int status;

    target->mock_api_id = options->is_self_hosted ? NULL : options->ids[i];
    ask(options, target);
    report_answer(&report);
    status = report_exit_status(wmrec_result(&exchange));
    if (status != 0 && !options->is_quiet)
      report_failure(&report);
    worst = status > worst ? status : worst;
  }
  wmrec_drive_close(&drive);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    perror("wmrec: standard output");
    return EXIT_IO;
  }
  return worst;
}

int main(int argc, char **argv)
{
  struct options options;
  struct wmrec_target target = {0};
  int status = options_read(&options, argc, argv);

  if (status >= 0)
    return status;
  token_protect();
  status = set_target(&options, &target);
  if (status == 0)
    status = set_address(&options, &target);
  if (status == 0)
    status = check_targets(&options, &target);
  if (status == 0)
    status = set_transport(&options, &target);
  if (status == 0)
    status = ask_all(&options, &target);
  token_wipe();
  return status;
}
