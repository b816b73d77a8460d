/* A lamp for an ESP32: its LED is lit while the mock API records. The patterns of the LED are those of
 * enum wmrec_indication, in wmrec.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <time.h>

#include <driver/gpio.h>
#include <esp_err.h>
#include <esp_log.h>
#include <esp_netif_sntp.h>
#include <esp_random.h>
#include <freertos/FreeRTOS.h>
#include <freertos/task.h>

#include <wmrec/drive.h>
#include <wmrec/posix.h>
#include <wmrec/tls.h>

#include "wifi.h"

/* In ms. */
enum { TIMEOUT = 20000, STALE_AFTER = 180000, LED_TIME = 50 };

static const char tag[] = "lamp";
static const struct wmrec_target target = {
    .host = "api.wiremock.cloud", .mock_api_id = CONFIG_LAMP_MOCK_API_ID, .token = CONFIG_LAMP_API_KEY};
static const struct wmrec_schedule schedule = {.interval = 60000};

/* roots.der, which the build makes. */
extern const unsigned char roots_begin[] __asm__("_binary_roots_der_start");
extern const unsigned char roots_end[] __asm__("_binary_roots_der_end");

static struct wmrec_der_roots roots;
static struct wmrec_posix tcp;
static struct wmrec_tls tls;
static struct wmrec_drive drive;
static struct wmrec_exchange exchange;
static struct wmrec_monitor monitor;
static char buffer[WMREC_BUFFER_SIZE];

static int64_t date(void)
{
  return time(NULL);
}

static void start_led(void)
{
  const gpio_config_t led = {.pin_bit_mask = 1ULL << CONFIG_LAMP_LED_GPIO, .mode = GPIO_MODE_OUTPUT};

  ESP_ERROR_CHECK(gpio_config(&led));
}

static void start_sntp(void)
{
  const esp_sntp_config_t servers = ESP_NETIF_SNTP_DEFAULT_CONFIG(CONFIG_LAMP_NTP_SERVER);

  ESP_ERROR_CHECK(esp_netif_sntp_init(&servers));
}

static void start_drive(void)
{
  roots = (struct wmrec_der_roots){.der = roots_begin, .length = (size_t)(roots_end - roots_begin)};
  tls = (struct wmrec_tls){.inner = wmrec_posix_transport(&tcp), .roots = wmrec_roots_from_der(&roots), .now = date};
  wmrec_drive_init(&drive, wmrec_tls_transport(&tls), buffer, sizeof buffer);
}

/* Certificates cannot be checked before SNTP has set the date. SNTP starts when there is an address: a request that
 * fails before would delay the next one. */
static bool is_ready(void)
{
  static bool has_sntp;

  if (!wifi_has_address())
    return false;
  if (!has_sntp)
    start_sntp();
  has_sntp = true;
  return date() >= WMREC_TLS_EARLIEST;
}

static void finish(int result)
{
  const enum wmrec_recording before = wmrec_monitor_answer(&monitor);

  wmrec_monitor_update(&monitor, &schedule, &exchange, wmrec_posix_clock(), esp_random());
  if (result != WMREC_OK)
    ESP_LOGW(tag, "%s", wmrec_result_text(result));
  else if (wmrec_monitor_answer(&monitor) != before)
    ESP_LOGI(tag, "%s is %s", target.mock_api_id, wmrec_recording_name(wmrec_monitor_answer(&monitor)));
}

/* Asks when it is time to, a step in each call. want: what the last call returned, 0 at first. Returns the WMREC_WANT_*
 * of the exchange; 0: none is under way. */
static int ask(int want)
{
  if (want == 0) {
    if (!is_ready() || wmrec_monitor_wait(&monitor, wmrec_posix_clock()) > 0)
      return 0;
    wmrec_drive_begin(&drive, &exchange, &target, wmrec_posix_clock(), TIMEOUT);
  }
  want = wmrec_drive_step(&drive, wmrec_posix_clock());
  if (want > 0)
    return want;
  finish(want);
  return 0;
}

void app_main(void)
{
  int want = 0;

  start_led();
  wifi_start();
  start_drive();
  for (;;) {
    const uint32_t now = wmrec_posix_clock();

    gpio_set_level(CONFIG_LAMP_LED_GPIO, wmrec_is_lit(wmrec_indicate(&monitor, now, STALE_AFTER), now));
    want = ask(want);
    if (want > 0)
      wmrec_posix_wait(&tcp, want, LED_TIME);
    else
      vTaskDelay(pdMS_TO_TICKS(LED_TIME));
  }
}
