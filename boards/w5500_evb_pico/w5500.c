/* The registers and buffers of a W5500, over SPI. Comments name the sections of the W5500 data sheet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "w5500.h"

#include "parts.h"
#include "rp2040.h"

enum { FIFO = 8 }; /* bytes that SPI0 buffers in each direction (RP2040 data sheet, 4.4.2) */

enum { WRITE = 1 << 2 }; /* 2.2.2: RWB, in the control byte */

/* RP2040 data sheet, 4.4.3: 125 MHz / (2 * (1 + 1)) = 31 MHz. The chip guarantees 33.3 MHz (5.5.4). */
void w5500_start(void)
{
  SIO_GPIO_OUT_SET = 1 << PIN_W5500_SELECT;
  SIO_GPIO_OUT_CLR = 1 << PIN_W5500_RESET;
  SIO_GPIO_OE_SET = 1 << PIN_W5500_SELECT | 1 << PIN_W5500_RESET;
  parts_connect(PIN_W5500_SELECT, FUNCTION_SIO, PAD_PULL_UP);
  parts_connect(PIN_W5500_RESET, FUNCTION_SIO, PAD_PULL_UP);
  parts_connect(PIN_W5500_INTERRUPT, FUNCTION_SIO, PAD_PULL_UP);
  parts_connect(PIN_W5500_MISO, FUNCTION_SPI, PAD_PULL_DOWN);
  parts_connect(PIN_W5500_MOSI, FUNCTION_SPI, PAD_PULL_DOWN);
  parts_connect(PIN_W5500_CLOCK, FUNCTION_SPI, PAD_PULL_DOWN);
  SPI0_CPSR = 2;
  SPI0_CR0 = 1 << 8 | 7; /* SCR; mode 0; 8 bits */
  SPI0_CR1 = 1 << 1;     /* SSE */
}

/* 5.5.1: RSTn is low for at least 500 us; then the PLL locks within 1 ms. */
void w5500_reset(void)
{
  SIO_GPIO_OUT_CLR = 1 << PIN_W5500_RESET;
  parts_wait(1);
  SIO_GPIO_OUT_SET = 1 << PIN_W5500_RESET;
  parts_wait(1);
}

bool w5500_is_interrupting(void)
{
  return (SIO_GPIO_IN & 1 << PIN_W5500_INTERRUPT) == 0;
}

/* SPI receives a byte for each byte that it sends, whatever the chip does: this always ends. */
static uint8_t receive(void)
{
  while ((SPI0_SR & 1 << 2) == 0) /* RNE: the receive FIFO is not empty */
    ;
  return (uint8_t)SPI0_DR;
}

static size_t burst(size_t length)
{
  return length < FIFO ? length : FIFO;
}

void w5500_put(const void *bytes, size_t length)
{
  const uint8_t *next = bytes;

  while (length > 0) {
    const size_t count = burst(length);

    for (size_t i = 0; i < count; i++)
      SPI0_DR = *next++;
    for (size_t i = 0; i < count; i++)
      (void)receive();
    length -= count;
  }
}

void w5500_get(void *bytes, size_t length)
{
  uint8_t *next = bytes;

  while (length > 0) {
    const size_t count = burst(length);

    for (size_t i = 0; i < count; i++)
      SPI0_DR = 0;
    for (size_t i = 0; i < count; i++)
      *next++ = receive();
    length -= count;
  }
}

/* 2.2: variable length data mode: the SPI frame is as long as the chip is selected. */
static void begin(unsigned address, unsigned control)
{
  const uint8_t head[] = {(uint8_t)(address >> 8), (uint8_t)address, (uint8_t)control};

  SIO_GPIO_OUT_CLR = 1 << PIN_W5500_SELECT;
  w5500_put(head, sizeof head);
}

void w5500_begin_read(unsigned block, unsigned address)
{
  begin(address, block << 3);
}

void w5500_begin_write(unsigned block, unsigned address)
{
  begin(address, block << 3 | WRITE);
}

void w5500_end(void)
{
  SIO_GPIO_OUT_SET = 1 << PIN_W5500_SELECT;
}

unsigned w5500_read(unsigned block, unsigned address, unsigned bytes)
{
  uint8_t value[2] = {0};

  w5500_begin_read(block, address);
  w5500_get(value, bytes);
  w5500_end();
  return bytes == 1 ? value[0] : (unsigned)value[0] << 8 | value[1];
}

void w5500_write(unsigned block, unsigned address, unsigned value, unsigned bytes)
{
  const uint8_t both[2] = {(uint8_t)(value >> 8), (uint8_t)value};

  w5500_begin_write(block, address);
  w5500_put(both + (2 - bytes), bytes);
  w5500_end();
}
