/* The lamp: asks by the schedule, and shows what is known on the LED and on the serial line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "lamp.h"

#include "board.h"
#include "clock.h"
#include "date_field.h"
#include "display.h"
#include "drive.h"
#include "flash_roots.h"
#include "log.h"
#include "lwip.h"
#include "network.h"
#include "random.h"
#include "settings.h"
#include "tls.h"
#include "trace.h"

#ifndef LAMP_ARENA
#define LAMP_ARENA 43000 /* bytes, for TLS */
#endif

#ifndef LAMP_TRACE
#define LAMP_TRACE 0 /* 1: what is sent and received goes to the serial line, without the key */
#endif

enum { TIMEOUT = 60000, SESSION = 1280 };

/* Not cleared at the start: what the power-up left in it goes into the random numbers. */
static unsigned char arena_memory[LAMP_ARENA] __attribute__((section(".noinit"), aligned(8)));
static unsigned char session[SESSION] __attribute__((section(".noinit"))); /* what is no session is ignored */
static struct wmrec_tls_platform platform = {.random = random_bytes, .now = clock_now};

static volatile enum wmrec_indication shown;

static struct {
  enum settings_result settings_result;
  struct settings settings;
  struct wmrec_schedule schedule;
  uint32_t stale_after;
  struct wmrec_lwip tcp;
  struct wmrec_root_pair roots;
  struct wmrec_tls tls;
  struct date_field date_field; /* over tls */
  struct wmrec_drive drive;
  struct wmrec_exchange exchange;
  struct wmrec_monitor monitor;
  char buffer[WMREC_BUFFER_SIZE];
  bool is_asking;
  enum wmrec_recording said;
  int said_result;
  bool is_said;
} lamp;

uint32_t wmrec_lwip_random(void)
{
  return random_number();
}

static void say_settings(void)
{
  log_begin();
  log_text("board", board_name);
  log_text("version", WMREC_VERSION);
  log_text("settings", settings_result_name(lamp.settings_result));
  log_end();
}

static struct wmrec_transport traced(struct wmrec_transport inner)
{
  static char memory[512];
  static struct wmrec_trace trace = {.line = log_trace, .buffer = memory, .size = sizeof memory};

  trace.inner = inner;
  trace.key = lamp.settings.target.token;
  return wmrec_trace_transport(&trace);
}

void lamp_start(void)
{
  struct wmrec_transport transport;
  size_t size;
  const unsigned char *block = board_settings(&size);

  lamp.settings_result = settings_read(&lamp.settings, block, size);
  say_settings();
  wmrec_arena_init(&platform.arena, arena_memory, sizeof arena_memory);
  wmrec_tls_start(&platform);
  random_start(arena_memory, sizeof arena_memory);
  network_start(lamp.settings.ntp_server);
  lamp.schedule.interval = lamp.settings.interval;
  lamp.stale_after = 3 * (lamp.settings.interval != 0 ? lamp.settings.interval : 60000);
  transport = wmrec_lwip_transport(&lamp.tcp);
  if (!lamp.settings.target.plain_http) {
    lamp.tls.inner = transport;
    lamp.roots.one = (struct wmrec_roots){settings_next_root, &lamp.settings, true};
    lamp.roots.other = wmrec_roots_from_der(&flash_roots);
    lamp.tls.roots = wmrec_roots_from_pair(&lamp.roots);
    lamp.tls.session = session;
    lamp.tls.session_size = sizeof session;
    lamp.date_field.inner = wmrec_tls_transport(&lamp.tls);
    transport = date_field_transport(&lamp.date_field);
  }
  if (LAMP_TRACE)
    transport = traced(transport);
  wmrec_drive_init(&lamp.drive, transport, lamp.buffer, sizeof lamp.buffer);
}

/* What must come before it can ask; NULL: all is there. Without a date no certificate can be judged, without a seed no
 * key be made. */
static const char *awaited(void)
{
  const int64_t date = clock_now(); /* asked for in each step, or it would miss that the board's clock wraps */

  if (!network_is_up())
    return "network";
  if (lamp.settings.target.plain_http)
    return NULL;
  if (date == 0)
    return "the date";
  return random_is_seeded() ? NULL : "a seed";
}

static bool is_ready(void)
{
  return lamp.settings_result == SETTINGS_OK && awaited() == NULL;
}

/* Says what is known, if that has changed. */
static void say(void)
{
  const enum wmrec_recording known = wmrec_monitor_current(&lamp.monitor, board_clock(), lamp.stale_after);
  const int result = wmrec_monitor_result(&lamp.monitor);

  if (lamp.is_said && known == lamp.said && result == lamp.said_result)
    return;
  log_begin();
  if (lamp.settings.target.mock_api_id != NULL)
    log_text("id", lamp.settings.target.mock_api_id);
  log_text("status", wmrec_recording_name(known));
  if (wmrec_monitor_age(&lamp.monitor, board_clock()) != WMREC_AGE_MAX)
    log_seconds("age", wmrec_monitor_age(&lamp.monitor, board_clock()));
  if (result != WMREC_OK)
    log_text("error", wmrec_result_name(result));
  if (lamp.tls.phase == WMREC_TLS_OPEN)
    log_text("tls", lamp.tls.is_resumed ? "resumed" : "verified");
  log_number("arena", (uint32_t)platform.arena.peak);
  log_number("stack", (uint32_t)board_stack_mark());
  log_seconds("next", wmrec_monitor_wait(&lamp.monitor, board_clock()));
  log_end();
  lamp.is_said = true;
  lamp.said = known;
  lamp.said_result = result;
}

/* The server was verified by certificates, so an authority and it say that these dates have passed. A date after the
 * end of those certificates contradicts them: a server whose clock is wrong must not end TLS for good. */
static void take_dates(void)
{
  if (lamp.tls.phase != WMREC_TLS_OPEN || lamp.tls.is_resumed)
    return;
  clock_has_passed(lamp.tls.certificates_not_before);
  if (lamp.date_field.date <= lamp.tls.certificates_not_after)
    clock_has_passed(lamp.date_field.date);
}

static bool ask(void)
{
  const int result = wmrec_drive_step(&lamp.drive, board_clock());

  if (result > 0)
    return result == WMREC_WANT_CALL;
  lamp.is_asking = false;
  take_dates();
  wmrec_monitor_update(&lamp.monitor, &lamp.schedule, &lamp.exchange, board_clock(), wmrec_lwip_random());
  say();
  return false;
}

/* By the interrupt, as a step of TLS may keep the core busy for a second. */
void board_each_millisecond(void)
{
  board_light(wmrec_is_lit(shown, board_clock()));
}

static void show(void)
{
  if (lamp.settings_result != SETTINGS_OK)
    shown = WMREC_INDICATE_ATTENTION;
  else
    shown = wmrec_indicate(wmrec_monitor_answer(&lamp.monitor), wmrec_monitor_age(&lamp.monitor, board_clock()),
                           lamp.stale_after, wmrec_monitor_result(&lamp.monitor));
}

static struct display_problem problem(void)
{
  const int result = wmrec_monitor_result(&lamp.monitor);

  if (lamp.settings_result != SETTINGS_OK)
    return (struct display_problem){"settings ", settings_result_name(lamp.settings_result)};
  if (awaited() != NULL)
    return (struct display_problem){"waiting for ", awaited()};
  if (result != WMREC_OK)
    return (struct display_problem){"", wmrec_result_name(result)};
  if (wmrec_monitor_answer(&lamp.monitor) == WMREC_UNKNOWN)
    return (struct display_problem){"waiting for ", "an answer"};
  return (struct display_problem){"", ""};
}

static const char *subject(void)
{
  const struct wmrec_target *target = &lamp.settings.target;

  if (lamp.settings_result != SETTINGS_OK)
    return board_name;
  return target->mock_api_id != NULL ? target->mock_api_id : target->host;
}

static void show_in_words(void)
{
  const uint32_t now = board_clock();

  display_show(subject(), wmrec_monitor_current(&lamp.monitor, now, lamp.stale_after),
               wmrec_monitor_age(&lamp.monitor, now), problem());
}

bool lamp_step(void)
{
  bool is_busy = false;

  network_step();
  if (lamp.is_asking) {
    is_busy = ask();
  } else if (wmrec_monitor_wait(&lamp.monitor, board_clock()) == 0 && is_ready()) {
    wmrec_drive_begin(&lamp.drive, &lamp.exchange, &lamp.settings.target, board_clock(), TIMEOUT);
    lamp.is_asking = true;
    is_busy = true;
  } else if (lamp.is_said) {
    say();
  }
  show();
  show_in_words();
  return is_busy;
}
