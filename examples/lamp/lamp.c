/* Polls the status by the schedule, and shows it on the LED, on the display and on the serial line.
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
#include "sntp.h"
#include "tls.h"
#include "tls_platform.h"
#include "trace.h"

#ifndef LAMP_ARENA
#define LAMP_ARENA 43000 /* bytes of memory for TLS; boards/README.md: how many it needs */
#endif

#ifndef LAMP_TRACE
#define LAMP_TRACE 0 /* 1: what is sent and received goes to the serial line, without the key */
#endif

enum {
  TIMEOUT = 60000,       /* ms, for one exchange */
  SESSION = 1280,        /* bytes, for the TLS session that the next connection resumes */
  DISPLAY_INTERVAL = 10, /* ms */
};

/* Not initialised: random_start() takes its content after power-up. */
static unsigned char arena_memory[LAMP_ARENA] __attribute__((section(".noinit"), aligned(8)));
static unsigned char session[SESSION] __attribute__((section(".noinit"))); /* TLS ignores an invalid one */
static struct wmrec_tls_platform platform = {.random = random_bytes, .now = clock_now};

/* What the LED shows. Written by update_led(), read by the tick interrupt. */
static volatile enum wmrec_indication indication;

static struct {
  enum settings_result settings_result; /* unless SETTINGS_OK, the lamp never polls */
  struct settings settings;
  struct wmrec_schedule schedule;
  uint32_t stale_after; /* ms; an older answer is not shown as the status */
  struct wmrec_lwip tcp;
  struct wmrec_root_pair roots; /* of the settings, and of the firmware */
  struct wmrec_tls tls;
  struct date_field date_field; /* over tls; not used with plain HTTP */
  struct wmrec_drive drive;
  struct wmrec_exchange exchange;
  struct wmrec_monitor monitor;
  char buffer[WMREC_BUFFER_SIZE];
  bool is_polling; /* an exchange is in progress */

  /* The last report on the serial line: status and result. Valid if is_reported. */
  enum wmrec_recording reported;
  int reported_result;
  bool is_reported;
} lamp;

uint32_t wmrec_lwip_random(void)
{
  return random_number();
}

static void report_settings(void)
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
  report_settings();
  wmrec_arena_init(&platform.arena, arena_memory, sizeof arena_memory);
  wmrec_tls_start(&platform);
  random_start(arena_memory, sizeof arena_memory, lamp.settings_result == SETTINGS_OK ? lamp.settings.secret : NULL);
  network_start(lamp.settings.ntp_server);
  lamp.schedule.interval = lamp.settings.interval;
  lamp.stale_after = 3 * (lamp.settings.interval != 0 ? lamp.settings.interval : 60000);
  transport = wmrec_lwip_transport(&lamp.tcp);
  if (!lamp.settings.target.plain_http) {
    lamp.tls.inner = transport;
    lamp.roots.first = (struct wmrec_roots){.next = settings_next_root, .context = &lamp.settings, .is_constant = true};
    lamp.roots.second = wmrec_roots_from_der(&flash_roots);
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

/* Returns what the lamp must wait for before it can poll, or NULL. TLS needs the date to check certificates, and a seed
 * to make keys. */
static const char *waiting_for(void)
{
  const int64_t date = clock_now(); /* called in every step, as clock.h asks for */

  if (!network_is_up())
    return "network";
  if (lamp.settings.target.plain_http)
    return NULL;
  if (date == 0)
    return "the date";
  return random_is_seeded() ? NULL : "a seed";
}

static bool can_poll(void)
{
  return lamp.settings_result == SETTINGS_OK && waiting_for() == NULL;
}

/* Reports status and result on the serial line, if one of them has changed. */
static void report_status(void)
{
  const enum wmrec_recording current = wmrec_monitor_current(&lamp.monitor, board_clock(), lamp.stale_after);
  const int result = wmrec_monitor_result(&lamp.monitor);

  if (lamp.is_reported && current == lamp.reported && result == lamp.reported_result)
    return;
  log_begin();
  if (lamp.settings.target.mock_api_id != NULL)
    log_text("id", lamp.settings.target.mock_api_id);
  log_text("status", wmrec_recording_name(current));
  if (wmrec_monitor_age(&lamp.monitor, board_clock()) != WMREC_AGE_MAX)
    log_seconds("age", wmrec_monitor_age(&lamp.monitor, board_clock()));
  if (result != WMREC_OK)
    log_text("error", wmrec_result_name(result));
  if (lamp.tls.phase == WMREC_TLS_OPEN)
    log_text("tls", lamp.tls.is_resumed ? "resumed" : "verified");
  log_number("arena", (uint32_t)platform.arena.peak);
  log_number("stack", (uint32_t)board_stack_peak());
  log_seconds("next", wmrec_monitor_wait(&lamp.monitor, board_clock()));
  log_end();
  lamp.is_reported = true;
  lamp.reported = current;
  lamp.reported_result = result;
}

/* Raises the earliest date to dates that have passed: the start of the certificates that were just verified, and the
 * date of the server's answer. Ignores an answer's date that is after the end of these certificates: the server's clock
 * is wrong, and such a date would make every certificate expire. */
static void raise_earliest_date(void)
{
  if (lamp.tls.phase != WMREC_TLS_OPEN || lamp.tls.is_resumed)
    return;
  clock_raise_earliest(lamp.tls.certificates_not_before);
  if (lamp.date_field.date <= lamp.tls.certificates_not_after)
    clock_raise_earliest(lamp.date_field.date);
}

/* Does one step of the exchange. Returns true if the next step can begin at once. */
static bool continue_poll(void)
{
  const int result = wmrec_drive_step(&lamp.drive, board_clock());

  if (result > 0)
    return result == WMREC_WANT_CALL;
  lamp.is_polling = false;
  raise_earliest_date();
  if (result == WMREC_ERROR_CERTIFICATE_EXPIRED || result == WMREC_ERROR_CERTIFICATE_NOT_YET_VALID)
    wmrec_sntp_doubt(); /* perhaps it is the date that is wrong */
  wmrec_monitor_update(&lamp.monitor, &lamp.schedule, &lamp.exchange, board_clock(), wmrec_lwip_random());
  report_status();
  return false;
}

/* The LED blinks by the tick interrupt, as a step of TLS may take a second. */
void board_each_millisecond(void)
{
  board_set_led(wmrec_is_lit(indication, board_clock()));
}

/* Text with spaces, so it is alone on its line. */
static void report_defect(void)
{
  static const char *reported;
  const char *defect = board_defect();

  if (defect == reported)
    return;
  reported = defect;
  log_line("defect", defect == NULL ? "none" : defect);
}

/* On a board with seed flash, a seed that is missing after the start stays missing until somebody helps. */
static bool is_seed_missing(void)
{
  size_t size;

  board_seed_flash(&size);
  return size > 0 && !lamp.settings.target.plain_http && !random_is_seeded();
}

/* A defect that does not keep the lamp from knowing the status is no reason to hide it. */
static bool needs_help(void)
{
  if (lamp.settings_result != SETTINGS_OK)
    return true;
  return (board_defect() != NULL || is_seed_missing()) &&
         wmrec_monitor_current(&lamp.monitor, board_clock(), lamp.stale_after) == WMREC_UNKNOWN;
}

static void update_led(void)
{
  if (needs_help())
    indication = WMREC_INDICATE_ATTENTION;
  else
    indication = wmrec_indicate(&lamp.monitor, board_clock(), lamp.stale_after);
}

static struct display_problem present_problem(void)
{
  const int result = wmrec_monitor_result(&lamp.monitor);
  const char *defect = board_defect();

  if (lamp.settings_result != SETTINGS_OK)
    return (struct display_problem){"settings ", settings_result_name(lamp.settings_result)};
  if (defect != NULL)
    return (struct display_problem){"", defect};
  if (waiting_for() != NULL)
    return (struct display_problem){"waiting for ", waiting_for()};
  if (result != WMREC_OK)
    return (struct display_problem){"", wmrec_result_name(result)};
  if (wmrec_monitor_answer(&lamp.monitor) == WMREC_UNKNOWN)
    return (struct display_problem){"waiting for ", "an answer"};
  return (struct display_problem){"", ""};
}

static const char *title(void)
{
  const struct wmrec_target *target = &lamp.settings.target;

  if (lamp.settings_result != SETTINGS_OK)
    return board_name;
  return target->mock_api_id != NULL ? target->mock_api_id : target->host;
}

/* Not in every step: comparing all rows would be nearly half of a step in which nothing happens. */
static void update_display(void)
{
  static uint32_t updated; /* board_clock() at the last update */
  const uint32_t now = board_clock();

  if (now - updated < DISPLAY_INTERVAL)
    return;
  updated = now;
  display_show(title(), wmrec_monitor_current(&lamp.monitor, now, lamp.stale_after),
               wmrec_monitor_age(&lamp.monitor, now), present_problem());
}

bool lamp_step(void)
{
  bool is_busy = false;

  network_step();
  if (lamp.is_polling) {
    is_busy = continue_poll();
  } else if (wmrec_monitor_wait(&lamp.monitor, board_clock()) == 0 && can_poll()) {
    wmrec_drive_begin(&lamp.drive, &lamp.exchange, &lamp.settings.target, board_clock(), TIMEOUT);
    lamp.is_polling = true;
    is_busy = true;
  } else if (lamp.is_reported) { /* the status may have become stale */
    report_status();
  }
  report_defect();
  update_led();
  update_display();
  return is_busy;
}
