/* WIZnet's W5500-EVB-Pico: clock, serial line, LED, watchdog, noise. Comments name the sections of the RP2040 data
 * sheet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"

#include <stddef.h>

#include "cortex_m.h"
#include "parts.h"
#include "rp2040.h"

const char board_name[] = BOARD_NAME;

enum { BAUD = 115200 };
enum { LEDS = 1 << PIN_LED | 1 << PIN_RELAY };

/* 4.7: the watchdog counts microseconds, by an erratum (RP2040-E1) two for each, and has 24 bits. */
enum { WATCHDOG_COUNT = 2 * 8000000 };

/* A mark in a scratch register (4.7), which keeps it until the power goes off. Without it, a restart by the watchdog is
 * the boot ROM's: it restarts the chip so after it has written the flash. */
enum { LAMP_HAS_RUN = 0x6c616d70 };

/* 2.14: resets these blocks, which may be in use after a restart by a debugger. */
static void reset_blocks(uint32_t blocks)
{
  RP2040_SET(RESETS_RESET) = blocks;
  RP2040_CLEAR(RESETS_RESET) = blocks;
  while ((RESETS_RESET_DONE & blocks) != blocks)
    ;
}

/* 2.15.3.1: the glitchless multiplexers have one bit per source in SELECTED. */
static void select_source(volatile uint32_t *control, const volatile uint32_t *selected, uint32_t source)
{
  *control = source;
  while ((*selected & 1u << source) == 0)
    ;
}

/* 2.16, 2.18: the crystal's 12 MHz, times 125 (1500 MHz), divided by 6 and 2. The PLL is reset while nothing runs by
 * it. */
static void start_clock(void)
{
  enum { REF_BY_XOSC = 2, SYS_BY_REF = 0, SYS_BY_PLL = 1 };

  XOSC_CTRL = 0xaa0;  /* 1 to 15 MHz */
  XOSC_STARTUP = 282; /* in 256 cycles: 6 ms, as the Pico SDK waits for crystals that start slowly */
  RP2040_SET(XOSC_CTRL) = 0xfab << 12;
  while ((XOSC_STATUS & UINT32_C(1) << 31) == 0)
    ;
  select_source(&CLK_SYS_CTRL, &CLK_SYS_SELECTED, SYS_BY_REF);
  select_source(&CLK_REF_CTRL, &CLK_REF_SELECTED, REF_BY_XOSC);
  reset_blocks(RESET_PLL_SYS);
  PLL_SYS_CS = 1; /* REFDIV */
  PLL_SYS_FBDIV_INT = 125;
  RP2040_CLEAR(PLL_SYS_PWR) = 1 << 0 | 1 << 5; /* PD, VCOPD */
  while ((PLL_SYS_CS & UINT32_C(1) << 31) == 0)
    ;
  PLL_SYS_PRIM = 6 << 16 | 2 << 12;
  RP2040_CLEAR(PLL_SYS_PWR) = 1 << 3; /* POSTDIVPD */
  select_source(&CLK_SYS_CTRL, &CLK_SYS_SELECTED, SYS_BY_PLL);
  CLK_PERI_CTRL = 1 << 11;     /* ENABLE; by the system clock */
  WATCHDOG_TICK = 1 << 9 | 12; /* a microsecond, for watchdog and timer */
}

void parts_connect(unsigned pin, unsigned function, uint32_t pad)
{
  PADS_GPIO(pin) = pad;
  GPIO_CTRL(pin) = function;
}

/* 4.2.7.1: the divisor is the clock / (16 * BAUD), in 64ths. */
static void start_serial_line(void)
{
  const uint32_t divisor = (CORE_FREQUENCY * 4u + BAUD / 2) / BAUD;

  UART0_IBRD = divisor / 64;
  UART0_FBRD = divisor % 64;
  UART0_LCR_H = 3 << 5 | 1 << 4; /* 8 bits, FIFOs */
  UART0_CR = 1 << 0 | 1 << 8;    /* UARTEN, TXE */
  parts_connect(PIN_UART_TX, FUNCTION_UART, PAD_PULL_DOWN);
}

static void start_leds(void)
{
  SIO_GPIO_OUT_CLR = LEDS;
  SIO_GPIO_OE_SET = LEDS;
  parts_connect(PIN_LED, FUNCTION_SIO, PAD_PULL_DOWN);
  parts_connect(PIN_RELAY, FUNCTION_SIO, PAD_PULL_DOWN);
}

/* 2.13: what a watchdog resets: all but the two oscillators. */
static void let_watchdog_reset(void)
{
  PSM_WDSEL = 0x1fffc;
}

/* WATCHDOG_CTRL's other bits let it pause while a debugger has stopped the core. */
static void start_watchdog(void)
{
  let_watchdog_reset();
  board_feed_watchdog();
  RP2040_SET(WATCHDOG_CTRL) = 1 << 30; /* ENABLE */
}

void board_feed_watchdog(void)
{
  WATCHDOG_LOAD = WATCHDOG_COUNT;
}

/* The core's own reset request (AIRCR) resets neither the peripherals nor the clocks. */
void board_restart(void)
{
  let_watchdog_reset();
  RP2040_SET(WATCHDOG_CTRL) = UINT32_C(1) << 31; /* TRIGGER */
  for (;;)
    ;
}

/* A stack overflow locks up the core, as it cannot push the registers (ARMv6-M, B1.5.6), and only the watchdog ends
 * that. */
static void report_restart(void)
{
  const bool is_by_time = (WATCHDOG_REASON & 1) != 0; /* TIMER */

  if (is_by_time && WATCHDOG_SCRATCH0 == LAMP_HAS_RUN)
    cortex_m_write(cortex_m_stack_was_full() ? "wmrec restart=watchdog stack=overflow\r\n"
                                             : "wmrec restart=watchdog\r\n");
  WATCHDOG_SCRATCH0 = LAMP_HAS_RUN;
}

/* The watchdog runs before all parts that might hang. */
void board_start(void)
{
  start_clock();
  reset_blocks(RESET_IO_BANK0 | RESET_PADS_BANK0 | RESET_UART0 | RESET_SPI0 | RESET_I2C0 | RESET_TIMER);
  start_serial_line();
  report_restart();
  start_leds();
  start_watchdog();
  parts_start_flash();
  cortex_m_start_tick(CORE_FREQUENCY);
  parts_start_ethernet();
  parts_start_display();
}

void parts_wait(uint32_t milliseconds)
{
  const uint32_t began = board_clock();

  while (board_clock() - began <= milliseconds)
    board_sleep();
}

void board_write(char character)
{
  while ((UART0_FR & 1 << 5) != 0) /* TXFF: the transmit FIFO is full */
    ;
  UART0_DR = (uint32_t)character;
}

void board_set_led(bool is_on)
{
  if (is_on)
    SIO_GPIO_OUT_SET = LEDS;
  else
    SIO_GPIO_OUT_CLR = LEDS;
}

const char *board_defect(void)
{
  const char *ethernet = parts_ethernet_defect();

  return ethernet != NULL ? ethernet : parts_display_defect();
}

/* 2.17.5: the level of the ring oscillator's output. The core runs by the crystal, so the two drift. Samples that
 * follow each other within a few periods (some 150 ns) would show a pattern: in 10 us, as the Pico SDK's pico_rand
 * waits, there are some 65 periods, whose jitter adds up. */
unsigned board_noise_bit(void)
{
  static uint32_t sampled; /* us; when the last sample was taken */

  while (TIMERAWL - sampled < 10)
    ;
  sampled = TIMERAWL;
  return ROSC_RANDOMBIT & 1;
}
