/* Measures the cost of a poll: cost HOST PORT CAFILE [WAY POLLS]. Asks a self-hosted server over TLS, 200 times in each
 * of three ways, or POLLS times in one way. Prints a line for each way, with medians: its name, bytes sent and received
 * over TCP, segments sent and received (without those of closing), round trips, CPU time in microseconds, the peak of
 * the arena and the peak of the stack, in bytes. The stack is measured after the name is looked up.
 *
 * cold: a new connection with a full handshake. resumed: a new connection with the session of the last one. warm: the
 * last connection again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <linux/tcp.h> /* glibc's header lacks the counts of segments */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <ucontext.h>

#include "drive.h"
#include "posix.h"
#include "tls.h"
#include "tls_platform.h"

enum { RUNS = 200, TIMEOUT = 30000, FIGURES = 8, STACK_MARK = 0xa5, MARGIN = 256 };
enum { SENT, RECEIVED, SEGMENTS_SENT, SEGMENTS_RECEIVED, ROUND_TRIPS, MICROSECONDS, ARENA, STACK };

/* A transport between TLS and TCP, which counts. */
struct counter {
  struct wmrec_transport tcp;
  long figures[FIGURES];
  bool has_sent; /* something was sent since the last receive */
};

static unsigned char memory[1 << 17] __attribute__((aligned(8)));
static unsigned char session[8192];
static char roots[65536];
static struct wmrec_pem_roots pem = {.text = roots};
static char buffer[WMREC_BUFFER_SIZE];
static struct wmrec_posix tcp;
static struct counter counter;
static struct wmrec_tls tls;
static struct wmrec_drive drive;
static struct wmrec_target target;
static unsigned char stack[1 << 16]; /* of the polls */

static int64_t now(void)
{
  return time(NULL);
}

static struct wmrec_tls_platform platform = {.random = wmrec_posix_random, .now = now};

/* Marks the unused part of the polls' stack, except a margin for memset(). A separate function, so that callgrind can
 * exclude it. */
__attribute__((noinline)) static void paint_stack(void)
{
  memset(stack, STACK_MARK, (uintptr_t)__builtin_frame_address(0) - (uintptr_t)stack - MARGIN);
}

static long stack_peak(void)
{
  long unused = 0;

  while (stack[unused] == STACK_MARK)
    unused++;
  return (long)sizeof stack - unused;
}

static int count_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  const int result = counter.tcp.functions->open(context, host, port, time_left);

  counter.figures[ROUND_TRIPS] += result == WMREC_OK; /* SYN and SYN-ACK */
  paint_stack(); /* the lookup of the name is libc's, and needs more stack than TLS */
  return result;
}

static int count_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  const int result = counter.tcp.functions->send(context, bytes, length, sent);

  if (result == WMREC_OK)
    counter.figures[SENT] += (long)*sent;
  counter.has_sent |= result == WMREC_OK;
  return result;
}

static int count_receive(void *context, void *bytes, size_t size, size_t *received)
{
  const int result = counter.tcp.functions->receive(context, bytes, size, received);

  if (result != WMREC_OK)
    return result;
  counter.figures[RECEIVED] += (long)*received;
  counter.figures[ROUND_TRIPS] += counter.has_sent;
  counter.has_sent = false;
  return result;
}

static void count_close(void *context)
{
  counter.tcp.functions->close(context);
}

/* The segments of the connection since it was opened. */
static void read_segments(long *sent, long *received)
{
  struct tcp_info info = {0};
  socklen_t size = sizeof info;

  getsockopt(tcp.socket - 1, IPPROTO_TCP, TCP_INFO, &info, &size);
  *sent = (long)info.tcpi_segs_out;
  *received = (long)info.tcpi_segs_in;
}

static long microseconds(void)
{
  struct timespec time;

  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void ask(void)
{
  static struct wmrec_exchange exchange;
  int result;

  counter.figures[MICROSECONDS] = -microseconds();
  wmrec_drive_begin(&drive, &exchange, &target, wmrec_posix_clock(), TIMEOUT);
  while ((result = wmrec_drive_step(&drive, wmrec_posix_clock())) > 0)
    wmrec_posix_wait(&tcp, result, wmrec_drive_time_left(&drive, wmrec_posix_clock()));
  counter.figures[MICROSECONDS] += microseconds();
  if (result != WMREC_OK) {
    fprintf(stderr, "cost: %s\n", wmrec_result_text(result));
    exit(EXIT_FAILURE);
  }
}

static void ask_on_own_stack(void)
{
  static ucontext_t asking, returning;

  getcontext(&asking);
  asking.uc_stack.ss_sp = stack;
  asking.uc_stack.ss_size = sizeof stack;
  asking.uc_link = &returning;
  makecontext(&asking, ask, 0);
  swapcontext(&returning, &asking);
}

static void poll_once(long *figures)
{
  long segments[2] = {0, 0};

  memset(counter.figures, 0, sizeof counter.figures);
  if (tcp.socket > 0)
    read_segments(&segments[0], &segments[1]);
  platform.arena.peak = platform.arena.in_use;
  memset(stack, STACK_MARK, sizeof stack);
  ask_on_own_stack();
  counter.figures[ARENA] = (long)platform.arena.peak;
  counter.figures[STACK] = stack_peak();
  read_segments(&counter.figures[SEGMENTS_SENT], &counter.figures[SEGMENTS_RECEIVED]);
  counter.figures[SEGMENTS_SENT] -= segments[0];
  counter.figures[SEGMENTS_RECEIVED] -= segments[1];
  memcpy(figures, counter.figures, sizeof counter.figures);
}

static int compare(const void *a, const void *b)
{
  const long left = *(const long *)a;
  const long right = *(const long *)b;

  return (left > right) - (left < right);
}

static void measure(const char *name, int polls)
{
  static long figures[FIGURES][RUNS];
  const bool is_kept = strcmp(name, "warm") == 0;
  const bool is_resumed = strcmp(name, "resumed") == 0;
  long found[FIGURES];

  tls.session = is_resumed ? session : NULL;
  tls.session_size = sizeof session;
  for (int run = -1; run < polls; run++) {
    if (!is_kept)
      wmrec_drive_close(&drive);
    poll_once(found);
    for (int i = 0; i < FIGURES && run >= 0; i++)
      figures[i][run] = found[i];
    if (run >= 0 && !is_kept && tls.is_resumed != is_resumed)
      fprintf(stderr, "cost: %s: the session was %sresumed\n", name, is_resumed ? "not " : "");
  }
  wmrec_drive_close(&drive);
  fputs(name, stdout);
  for (int i = 0; i < FIGURES; i++) {
    qsort(figures[i], (size_t)polls, sizeof figures[i][0], compare);
    printf(" %ld", figures[i][polls / 2]);
  }
  putchar('\n');
}

int main(int argc, char **argv)
{
  static const struct wmrec_transport_functions functions = {
      .open = count_open, .send = count_send, .receive = count_receive, .close = count_close};
  static const char *const ways[] = {"cold", "resumed", "warm"};
  const int polls = argc == 6 ? atoi(argv[5]) : RUNS;
  FILE *file = argc == 4 || argc == 6 ? fopen(argv[3], "rb") : NULL;

  if (file == NULL || polls < 1 || polls > RUNS)
    return EXIT_FAILURE;
  pem.length = fread(roots, 1, sizeof roots, file);
  fclose(file);
  target.host = argv[1];
  target.port = (uint16_t)strtoul(argv[2], NULL, 10);
  counter.tcp = wmrec_posix_transport(&tcp);
  tls.inner = (struct wmrec_transport){&functions, &tcp};
  tls.roots = wmrec_roots_from_pem(&pem);
  wmrec_arena_init(&platform.arena, memory, sizeof memory);
  if (wmrec_tls_start(&platform) != WMREC_OK)
    return EXIT_FAILURE;
  wmrec_drive_init(&drive, wmrec_tls_transport(&tls), buffer, sizeof buffer);
  for (int way = 0; way < 3; way++)
    if (argc == 4 || strcmp(argv[4], ways[way]) == 0)
      measure(ways[way], polls);
  return EXIT_SUCCESS;
}
