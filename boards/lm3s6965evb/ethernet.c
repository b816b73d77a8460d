/* The LM3S6965's Ethernet controller: frames go through its FIFOs a word at a time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"
#include "fifo.h"
#include "lm3s6965.h"

enum { RECEIVED = 1 << 0, OVERRUN = 1 << 3 };

static struct fifo receiving = {.words = &MACDATA};
static struct fifo sending = {.words = &MACDATA};

/* The address is in two registers that are programmed once, in the factory; emulators have it in the controller. */
void board_ethernet_address(uint8_t address[6])
{
  const uint32_t low = MACIA0;
  const uint32_t high = MACIA1;

  for (unsigned i = 0; i < 6; i++)
    address[i] = (uint8_t)(i < 4 ? low >> 8 * i : high >> 8 * (i - 4));
}

void lm3s6965_start_ethernet(void)
{
  if (USER0 != UINT32_MAX && USER0 != 0) {
    MACIA0 = (USER0 & 0xffffff) | (USER1 & 0xff) << 24;
    MACIA1 = USER1 >> 8 & 0xffff;
  }
  MACMDV = 9;                             /* the PHY's clock: 50 MHz by 2 * (9 + 1) is 2.5 MHz */
  MACRCTL = 1 << 4;                       /* RSTFIFO */
  MACRCTL = 1 | 1 << 3;                   /* receive; frames with a bad checksum are dropped */
  MACTCTL = 1 | 1 << 1 | 1 << 2 | 1 << 4; /* transmit; pad; make the checksum; full duplex */
  MACIACK = 0x7f;
  MACIM = RECEIVED;
  cortex_m_enable_interrupt(LM3S6965_ETHERNET_INTERRUPT);
}

/* It is enough that the core wakes up. */
void lm3s6965_ethernet_interrupt(void)
{
  MACIACK = RECEIVED;
}

/* The PHY's status register (IEEE 802.3, clause 22): register 1, bit 2. QEMU has no PHY, and says 0 for each register;
 * a real one has bits that are always set. */
bool board_is_linked(void)
{
  MACMCTL = 1 << 3 | 1; /* REGADR 1, START */
  while ((MACMCTL & 1) != 0)
    ;
  return MACMRXD == 0 || (MACMRXD & 1 << 2) != 0;
}

/* The FIFO gives the length first, which has its own two bytes and the checksum's four in it. */
size_t board_receive_begin(void)
{
  size_t length;

  if ((MACRIS & OVERRUN) != 0) { /* what is in the FIFO may be half a frame: its senders send it again */
    MACRCTL |= 1 << 4;
    MACIACK = OVERRUN;
  }
  if (MACNP == 0)
    return 0;
  receiving.word = MACDATA;
  receiving.used = 2;
  length = receiving.word & 0xffff;
  receiving.words_left = (length + 3) / 4 - 1;
  return length - 6;
}

void board_receive(void *bytes, size_t length)
{
  fifo_read(&receiving, bytes, length);
}

void board_receive_end(void)
{
  fifo_read_rest(&receiving);
}

/* The FIFO wants the length first, without the header's 14 bytes. */
bool board_send_begin(size_t length)
{
  if ((MACTR & 1) != 0) /* NEWTX: the frame before is on its way */
    return false;
  sending.word = (uint32_t)(length - 14);
  sending.used = 2;
  return true;
}

void board_send(const void *bytes, size_t length)
{
  fifo_write(&sending, bytes, length);
}

void board_send_end(void)
{
  fifo_write_rest(&sending);
  MACTR = 1;
}
