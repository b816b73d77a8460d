/* Keeps the board connected to one Wi-Fi network.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "wifi.h"

#include <stdatomic.h>

#include <esp_err.h>
#include <esp_event.h>
#include <esp_netif.h>
#include <esp_wifi.h>
#include <nvs_flash.h>

static atomic_bool has_address; /* the events come in another task */

static void on_wifi(void *context, esp_event_base_t base, int32_t event, void *data)
{
  (void)context;
  (void)base;
  (void)data;
  if (event == WIFI_EVENT_STA_DISCONNECTED)
    has_address = false;
  if (event == WIFI_EVENT_STA_START || event == WIFI_EVENT_STA_DISCONNECTED)
    esp_wifi_connect();
}

static void on_address(void *context, esp_event_base_t base, int32_t event, void *data)
{
  (void)context;
  (void)base;
  (void)data;
  has_address = event == IP_EVENT_STA_GOT_IP;
}

/* Wi-Fi keeps its calibration in this part of the flash. If it cannot be read, it is made again. */
static void start_nvs(void)
{
  if (nvs_flash_init() == ESP_OK)
    return;
  ESP_ERROR_CHECK(nvs_flash_erase());
  ESP_ERROR_CHECK(nvs_flash_init());
}

void wifi_start(void)
{
  const wifi_init_config_t defaults = WIFI_INIT_CONFIG_DEFAULT();
  wifi_config_t network = {.sta = {.ssid = CONFIG_LAMP_WIFI_SSID, .password = CONFIG_LAMP_WIFI_PASSWORD}};

  start_nvs();
  ESP_ERROR_CHECK(esp_netif_init());
  ESP_ERROR_CHECK(esp_event_loop_create_default());
  esp_netif_create_default_wifi_sta();
  ESP_ERROR_CHECK(esp_wifi_init(&defaults));
  ESP_ERROR_CHECK(esp_event_handler_register(WIFI_EVENT, ESP_EVENT_ANY_ID, on_wifi, NULL));
  ESP_ERROR_CHECK(esp_event_handler_register(IP_EVENT, IP_EVENT_STA_GOT_IP, on_address, NULL));
  ESP_ERROR_CHECK(esp_event_handler_register(IP_EVENT, IP_EVENT_STA_LOST_IP, on_address, NULL));
  ESP_ERROR_CHECK(esp_wifi_set_mode(WIFI_MODE_STA));
  ESP_ERROR_CHECK(esp_wifi_set_config(WIFI_IF_STA, &network));
  ESP_ERROR_CHECK(esp_wifi_start());
}

bool wifi_has_address(void)
{
  return has_address;
}
