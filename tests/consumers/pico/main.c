/* Compiled and linked, but not run: the LED of a Pico shows whether a mock API of WireMock Cloud is
 * recording.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwip/ip.h>
#include <lwip/netif.h>
#include <netif/slipif.h>
#include <pico/async_context_poll.h>
#include <pico/lwip_nosys.h>
#include <pico/rand.h>
#include <pico/stdlib.h>

#include <wmrec/drive.h>
#include <wmrec/lwip.h>
#include <wmrec/name_servers.h>
#include <wmrec/sntp.h>
#include <wmrec/tls.h>
#include <wmrec/tls_platform.h>

static const char root[] =
#include "root.inc"
    ;

static const struct wmrec_target target = {
    .host = "api.wiremock.cloud", .mock_api_id = "jjl8y", .token = "your API key"};
static const struct wmrec_schedule schedule; /* the default */
static struct wmrec_pem_roots roots = {.text = root, .length = sizeof root - 1};
static unsigned char memory[49152] __attribute__((aligned(8)));
static struct wmrec_tls_platform platform;
static struct wmrec_lwip tcp;
static struct wmrec_tls tls;
static char buffer[WMREC_BUFFER_SIZE];
static struct wmrec_drive drive;
static struct wmrec_exchange exchange;
static struct wmrec_monitor monitor;
static async_context_poll_t context;
static struct netif slip;
static int64_t started_at; /* the date at which this program started; 0: unknown */

static uint32_t milliseconds(void)
{
  return to_ms_since_boot(get_absolute_time());
}

static int64_t now(void)
{
  return started_at == 0 ? 0 : started_at + (int64_t)(time_us_64() / 1000000);
}

bool wmrec_lwip_set_time(int64_t seconds)
{
  started_at = seconds - (int64_t)(time_us_64() / 1000000);
  return true;
}

/* pico_mbedtls uses pico_rand, too. An RP2040 has no generator of true random numbers: pico_rand mixes its ring
 * oscillator and other sources, "of varying quality". */
uint32_t wmrec_lwip_random(void)
{
  return get_rand_32();
}

static bool fill_random(void *bytes, size_t length)
{
  unsigned char *to = bytes;

  for (size_t i = 0; i < length; i++)
    to[i] = (unsigned char)get_rand_32();
  return true;
}

static void start_network(void)
{
  const ip4_addr_t mine = {PP_HTONL(LWIP_MAKEU32(192, 168, 7, 2))}, router = {PP_HTONL(LWIP_MAKEU32(192, 168, 7, 1))};
  const ip4_addr_t mask = {PP_HTONL(LWIP_MAKEU32(255, 255, 255, 0))};

  async_context_poll_init_with_defaults(&context);
  lwip_nosys_init(&context.core);
  netif_add(&slip, &mine, &mask, &router, NULL, slipif_init, ip_input);
  netif_set_default(&slip);
  netif_set_up(&slip);
  netif_set_link_up(&slip);
  wmrec_name_server_set(0, &slip.gw);
  wmrec_sntp_start("pool.ntp.org");
}

static bool start_tls(void)
{
  platform.random = fill_random;
  platform.now = now;
  wmrec_arena_init(&platform.arena, memory, sizeof memory);
  tls.inner = wmrec_lwip_transport(&tcp);
  tls.roots = wmrec_roots_from_pem(&roots);
  wmrec_drive_init(&drive, wmrec_tls_transport(&tls), buffer, sizeof buffer);
  return wmrec_tls_start(&platform) == WMREC_OK;
}

/* Asks when the schedule says so. The LED is lit while the mock API records; a failure or an old answer blinks. */
static void step(void)
{
  static bool is_asking;

  if (!is_asking && now() != 0 && wmrec_monitor_wait(&monitor, milliseconds()) == 0) {
    wmrec_drive_begin(&drive, &exchange, &target, milliseconds(), 30000);
    is_asking = true;
  }
  if (is_asking && wmrec_drive_step(&drive, milliseconds()) <= 0) {
    wmrec_monitor_update(&monitor, &schedule, &exchange, milliseconds(), get_rand_32());
    is_asking = false;
  }
  gpio_put(PICO_DEFAULT_LED_PIN, wmrec_is_lit(wmrec_indicate(&monitor, milliseconds(), 900000), milliseconds()));
}

int main(void)
{
  gpio_init(PICO_DEFAULT_LED_PIN);
  gpio_set_dir(PICO_DEFAULT_LED_PIN, GPIO_OUT);
  start_network();
  if (!start_tls())
    panic("TLS cannot start");
  for (;;) {
    async_context_poll(&context.core);
    slipif_poll(&slip);
    step();
  }
}
