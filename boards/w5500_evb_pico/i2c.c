/* I2C0 as the only controller of its bus. Comments name the sections of the RP2040 data sheet, or of UM10204.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "i2c.h"

#include "board.h"
#include "parts.h"
#include "rp2040.h"

enum { SDA = 1 << PIN_DISPLAY_SDA, SCL = 1 << PIN_DISPLAY_SCL };
enum { TIMEOUT = 20 /* ms */, HALF_PERIOD = 5 /* us */ };
enum { CON_MASTER = 1 << 0, CON_FAST = 2 << 1, CON_RESTART_EN = 1 << 5, CON_SLAVE_DISABLE = 1 << 6 };
enum { STATUS_TFNF = 1 << 1 };                /* the transmit FIFO has room */
enum { TX_ABRT = 1 << 6, STOP_DET = 1 << 9 }; /* in RAW_INTR_STAT */
enum { STOP = 1 << 9 };                       /* in DATA_CMD: a stop condition after this byte */

static void wait_half_period(void)
{
  const uint32_t began = TIMERAWL;

  while (TIMERAWL - began <= HALF_PERIOD)
    ;
}

/* A pin that is an output pulls its line low; an input lets the pull-up, or a device, decide. */
static void pull_low(uint32_t line)
{
  SIO_GPIO_OE_SET = line;
  wait_half_period();
}

static void release(uint32_t line)
{
  SIO_GPIO_OE_CLR = line;
  wait_half_period();
}

static bool is_free(void)
{
  return (SIO_GPIO_IN & (SDA | SCL)) == (SDA | SCL);
}

/* UM10204, 3.1.16: a device that was interrupted while it sends a 0 releases the line within nine clocks. A stop
 * condition then ends what it takes for a transfer. */
static void free_bus(void)
{
  for (unsigned clock = 0; clock < 9; clock++) {
    pull_low(SCL);
    release(SCL);
  }
  pull_low(SCL);
  pull_low(SDA);
  release(SCL);
  release(SDA);
}

/* 4.3.14.2: SCL is low for LCNT + 1 cycles of 8 ns, and high for HCNT + SPKLEN + 7. UM10204, table 10: at least 1.3 and
 * 0.6 us; spikes of 50 ns are to be filtered; data hold for 300 ns after SCL falls. */
static void start_controller(void)
{
  I2C0_ENABLE = 0;
  I2C0_CON = CON_MASTER | CON_FAST | CON_RESTART_EN | CON_SLAVE_DISABLE;
  I2C0_FS_SPKLEN = 7;
  I2C0_FS_SCL_LCNT = 187;
  I2C0_FS_SCL_HCNT = 126;
  I2C0_SDA_HOLD = 39;
  parts_connect(PIN_DISPLAY_SDA, FUNCTION_I2C, PAD_PULL_UP);
  parts_connect(PIN_DISPLAY_SCL, FUNCTION_I2C, PAD_PULL_UP);
}

bool i2c_start(void)
{
  SIO_GPIO_OE_CLR = SDA | SCL;
  SIO_GPIO_OUT_CLR = SDA | SCL;
  parts_connect(PIN_DISPLAY_SDA, FUNCTION_SIO, PAD_PULL_UP);
  parts_connect(PIN_DISPLAY_SCL, FUNCTION_SIO, PAD_PULL_UP);
  wait_half_period();
  if (!is_free())
    free_bus();
  if (!is_free())
    return false;
  start_controller();
  return true;
}

/* Waits until this bit of the register is set. Returns false if that takes too long. */
static bool wait_for(const volatile uint32_t *status, uint32_t bit, uint32_t began)
{
  while ((*status & bit) == 0)
    if (board_clock() - began > TIMEOUT)
      return false;
  return true;
}

static bool is_aborted(void)
{
  return (I2C0_RAW_INTR_STAT & TX_ABRT) != 0;
}

/* If the device does not acknowledge, the controller drops the rest, and sends a stop condition, too (4.3.7). */
static bool transfer(const uint8_t *bytes, size_t length)
{
  const uint32_t began = board_clock();

  for (size_t i = 0; i < length && !is_aborted(); i++) {
    if (!wait_for(&I2C0_STATUS, STATUS_TFNF, began))
      return false;
    I2C0_DATA_CMD = bytes[i] | (i + 1 == length ? STOP : 0u);
  }
  return wait_for(&I2C0_RAW_INTR_STAT, STOP_DET, began) && !is_aborted();
}

/* The address is only taken while the controller is disabled (4.3.17, IC_TAR). This also empties its FIFO after an
 * abort. */
bool i2c_write(unsigned address, const uint8_t *bytes, size_t length)
{
  bool is_written;

  I2C0_TAR = address;
  (void)I2C0_CLR_TX_ABRT;
  (void)I2C0_CLR_STOP_DET;
  I2C0_ENABLE = 1;
  is_written = transfer(bytes, length);
  I2C0_ENABLE = 0;
  return is_written;
}
