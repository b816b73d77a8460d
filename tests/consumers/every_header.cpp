/* Uses every public header from C++, as a program outside of this project does: each is included as <wmrec/NAME.h>.
 *
 *   every_header ANSWER     ANSWER: a file, the answer of a server that is recording
 *
 * Returns 0 if all checks hold; otherwise prints those that do not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <wmrec/arena.h>
#include <wmrec/ask.h>
#include <wmrec/chain.h>
#include <wmrec/drive.h>
#include <wmrec/key.h>
#include <wmrec/lwip.h>
#include <wmrec/name_servers.h>
#include <wmrec/posix.h>
#include <wmrec/resolver.h>
#include <wmrec/roots.h>
#include <wmrec/roots_file.h>
#include <wmrec/sntp.h>
#include <wmrec/template.h>
#include <wmrec/tls.h>
#include <wmrec/tls_platform.h>
#include <wmrec/trace.h>
#include <wmrec/transport.h>
#include <wmrec/wmrec.h>
#include <wmrec/wmrec_arduino.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>

#include <lwip/init.h>
#include <lwip/sys.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace
{

char buffer[WMREC_BUFFER_SIZE];
bool has_failed;

void check(bool holds, const char *rule)
{
  if (!holds)
    std::printf("not true: %s\n", rule);
  has_failed = has_failed || !holds;
}

wmrec_target self_hosted(const char *host)
{
  wmrec_target target = wmrec_target();

  target.host = host;
  target.plain_http = true;
  return target;
}

/* Drives one exchange until it ends. The transport must not need a network. */
int result_over(wmrec_transport transport, const wmrec_target &target)
{
  wmrec_drive drive;
  wmrec_exchange exchange;
  int result;

  wmrec_drive_init(&drive, transport, buffer, sizeof buffer);
  wmrec_drive_begin(&drive, &exchange, &target, wmrec_posix_clock(), 3600000);
  do
    result = wmrec_drive_step(&drive, wmrec_posix_clock());
  while (result > 0);
  wmrec_drive_close(&drive);
  return result;
}

void check_core(const std::string &answer)
{
  const wmrec_target target = self_hosted("wiremock.test");
  wmrec_exchange exchange;
  size_t length;

  wmrec_begin(&exchange, &target, buffer, sizeof buffer);
  wmrec_to_send(&exchange, &length);
  wmrec_sent(&exchange, length);
  wmrec_received(&exchange, answer.data(), answer.size());
  check(wmrec_result(&exchange) == WMREC_OK, "the core accepts the answer");
  check(wmrec_answer(&exchange) == WMREC_RECORDING, "the core says that the server is recording");
}

void check_template()
{
  wmrec_template connection = wmrec_template();

  check(result_over(wmrec_template_transport(&connection), self_hosted("wiremock.test")) == WMREC_ERROR_SYSTEM,
        "an exchange over the template ends with WMREC_ERROR_SYSTEM");
}

/* A listening socket on a free port of 127.0.0.1, which is stored. */
int listen_on(uint16_t *port)
{
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = sockaddr_in();
  socklen_t size = sizeof address;

  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check(bind(listener, reinterpret_cast<sockaddr *>(&address), size) == 0 && listen(listener, 1) == 0 &&
            getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) == 0,
        "a server can listen on 127.0.0.1");
  *port = ntohs(address.sin_port);
  return listener;
}

extern "C" void append_line(void *context, char direction, const char *text, size_t length)
{
  *static_cast<std::string *>(context) += std::string(1, direction) + " " + std::string(text, length) + "\n";
}

/* An exchange over TCP, with a trace over it. */
void check_posix(const std::string &answer)
{
  static char lines[512];
  std::string log;
  wmrec_target target = self_hosted("127.0.0.1");
  const int listener = listen_on(&target.port);
  int server = -1;
  wmrec_posix tcp = wmrec_posix();
  wmrec_trace trace = wmrec_trace();
  wmrec_drive drive;
  wmrec_exchange exchange;
  int result;

  target.token = "open-sesame";
  trace.inner = wmrec_posix_transport(&tcp);
  trace.key = target.token;
  trace.line = append_line;
  trace.context = &log;
  trace.buffer = lines;
  trace.size = sizeof lines;
  wmrec_drive_init(&drive, wmrec_trace_transport(&trace), buffer, sizeof buffer);
  wmrec_drive_begin(&drive, &exchange, &target, wmrec_posix_clock(), 3600000);
  while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0) {
    if (server < 0 && wmrec_result(&exchange) == WMREC_WANT_READ) {
      server = accept(listener, NULL, NULL);
      check(write(server, answer.data(), answer.size()) == static_cast<ssize_t>(answer.size()), "the server answers");
    }
    wmrec_posix_wait(&tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
  }
  check(result == WMREC_OK && wmrec_answer(&exchange) == WMREC_RECORDING, "an exchange over TCP gets the answer");
  wmrec_drive_close(&drive);
  check(log.find("> Authorization: Token [key]\n") != std::string::npos, "the trace has the request, without the key");
  check(log.find("< HTTP/1.1 200 OK\n") != std::string::npos, "the trace has the status line");
  check(wmrec_key_at(target.token, "open-sesame!", 12) == 11, "the key is found in text");
  close(server);
  close(listener);
}

void check_arena()
{
  alignas(8) static unsigned char memory[1024];
  wmrec_arena arena;

  wmrec_arena_init(&arena, memory, sizeof memory);
  void *const block = wmrec_arena_allocate(&arena, 100);
  check(block != NULL && arena.in_use >= 100, "the arena allocates");
  wmrec_arena_free(&arena, block);
  check(arena.in_use == 0 && arena.peak >= 100, "the arena frees");
}

void check_roots()
{
  static const unsigned char certificate[] = {0x30, 0x10, 0x30, 0x0e, 0x02, 0x01, 0x01, 0x30, 0x00,
                                              0x30, 0x00, 0x30, 0x00, 0x30, 0x03, 0x04, 0x01, 0xbb};
  static char text[] = "-----BEGIN CERTIFICATE-----\nMBAwDgIBATAAMAAwADADBAG7\n-----END CERTIFICATE-----\n";
  static wmrec_pem_roots empty;
  wmrec_der_roots der = {certificate, sizeof certificate};
  const wmrec_root_pair pair = {wmrec_roots_from_pem(&empty), wmrec_roots_from_der(&der)};
  const wmrec_roots both = wmrec_roots_from_pair(&pair);

  check(wmrec_roots_decode(text, sizeof text - 1) == sizeof certificate, "a root in PEM is decoded");
  check(!wmrec_roots_exist(&pair.first), "an empty source has no root");
  check(wmrec_roots_exist(&both) && wmrec_roots_have(&both, certificate, sizeof certificate), "a pair has the root");
}

int64_t now()
{
  return std::time(NULL);
}

void check_tls()
{
  alignas(8) static unsigned char memory[65536];
  static wmrec_tls_platform platform;
  static wmrec_tls tls;
  static wmrec_pem_roots empty;
  static mbedtls_x509_crt chain;
  wmrec_template connection = wmrec_template();
  wmrec_target target = self_hosted("wiremock.test");

  platform.random = wmrec_posix_random;
  platform.now = now;
  target.plain_http = false;
  check(result_over(wmrec_tls_transport(&tls), target) == WMREC_ERROR_TRANSPORT, "TLS needs a transport");
  tls.inner = wmrec_template_transport(&connection);
  check(result_over(wmrec_tls_transport(&tls), target) == WMREC_ERROR_TLS_SETUP, "TLS needs wmrec_tls_start()");
  check(wmrec_tls_start(&platform) == WMREC_ERROR_TLS_SETUP, "TLS needs an arena");
  wmrec_arena_init(&platform.arena, memory, sizeof memory);
  platform.now = nullptr;
  check(wmrec_tls_start(&platform) == WMREC_ERROR_TLS_SETUP, "TLS needs a clock");
  platform.now = now;
  check(wmrec_tls_start(&platform) == WMREC_OK, "mbedTLS starts");
  check(result_over(wmrec_tls_transport(&tls), target) == WMREC_ERROR_TLS_ROOTS, "TLS needs roots");
  tls.roots = wmrec_roots_from_pem(&empty);
  check(wmrec_tls_transport(&tls).functions->is_verified_tls, "TLS is verified");
  check(result_over(wmrec_tls_transport(&tls), target) == WMREC_ERROR_TLS_ROOTS, "TLS refuses to trust no root");
  mbedtls_x509_crt_init(&chain);
  tls.roots = wmrec_roots_from_chain(&chain);
  check(wmrec_roots_chain(&tls.roots) == &chain && !wmrec_roots_exist(&tls.roots), "a list of roots may be empty");
  wmrec_tls_stop();
  check(platform.arena.in_use == 0, "mbedTLS frees all of its memory");
}

void check_ask()
{
  const char *roots = wmrec_posix_roots_file();
  wmrec_target target = self_hosted("wiremock.test");
  wmrec_recording recording = WMREC_RECORDING;

  check(roots == NULL || access(roots, R_OK) == 0, "the file of the system's roots can be read");
  target.host = "two words";
  check(wmrec_ask(&target, 3600000, &recording) == WMREC_ERROR_HOST && recording == WMREC_UNKNOWN,
        "one call refuses a host with a space");
}

void check_lwip()
{
  static wmrec_lwip tcp;
  static wmrec_resolver resolver;

  lwip_init();
  check(result_over(wmrec_lwip_transport(&tcp), self_hosted("wiremock.test")) == WMREC_ERROR_NAME,
        "without a name server, lwIP finds no name");
  wmrec_resolver_begin(&resolver, "192.0.2.1");
  check(wmrec_resolver_step(&resolver) == WMREC_OK && ip_addr_isany(wmrec_name_server(0)), "an address is looked up");
  wmrec_resolver_end(&resolver);
  wmrec_sntp_start("wiremock.test");
  wmrec_sntp_stop();
}

} // namespace

/* What a program defines for port/lwip and for lwIP. */

extern "C" u32_t sys_now()
{
  return wmrec_posix_clock();
}

extern "C" uint32_t wmrec_lwip_random()
{
  uint32_t number;

  if (!wmrec_posix_random(&number, sizeof number))
    std::abort();
  return number;
}

extern "C" bool wmrec_lwip_set_time(int64_t)
{
  return true;
}

extern "C" void wmrec_lwip_assert_failed(unsigned line)
{
  std::fprintf(stderr, "lwIP: an assertion failed in line %u\n", line);
  std::abort();
}

int main(int, char **argv)
{
  std::ifstream file(argv[1], std::ios::binary);
  const std::string answer((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());

  check_core(answer);
  check_template();
  check_posix(answer);
  check_arena();
  check_roots();
  check_tls();
  check_ask();
  check_lwip();
  return has_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
