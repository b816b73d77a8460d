/* The LM3S6965's Ethernet controller. Its FIFOs take a frame word by word. LM3S6965 data sheet, "Ethernet Controller".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"
#include "fifo.h"
#include "lm3s6965.h"

enum { RECEIVED = 1 << 0, OVERRUN = 1 << 3 }; /* MACRIS: RXINT, FOV */

static struct fifo receiving = {.words = &MACDATA};
static struct fifo sending = {.words = &MACDATA};

/* The address that lm3s6965_start_ethernet() has set. */
void board_ethernet_address(uint8_t address[6])
{
  const uint32_t low = MACIA0;
  const uint32_t high = MACIA1;

  for (unsigned i = 0; i < 6; i++)
    address[i] = (uint8_t)(i < 4 ? low >> 8 * i : high >> 8 * (i - 4));
}

/* The factory programs the address into USER0 and USER1. An emulator sets it in the controller, and leaves them empty.
 */
void lm3s6965_start_ethernet(void)
{
  if (USER0 != UINT32_MAX && USER0 != 0) {
    MACIA0 = (USER0 & 0xffffff) | (USER1 & 0xff) << 24;
    MACIA1 = USER1 >> 8 & 0xffff;
  }
  MACMDV = 9;                             /* the PHY's clock: 50 MHz / (2 * (9 + 1)) = 2.5 MHz */
  MACRCTL = 1 << 4;                       /* RSTFIFO */
  MACRCTL = 1 | 1 << 3;                   /* RXEN, BADCRC: drops frames with a wrong checksum */
  MACTCTL = 1 | 1 << 1 | 1 << 2 | 1 << 4; /* TXEN, PADEN, CRC, DUPLEX: pads, adds the checksum */
  MACIACK = 0x7f;
  MACIM = RECEIVED;
  cortex_m_enable_interrupt(LM3S6965_ETHERNET_INTERRUPT);
}

/* Only wakes the core, as the lamp asks for frames in each step. */
static void handle_interrupt(void)
{
  MACIACK = RECEIVED;
}

CORTEX_M_INTERRUPTS = {[LM3S6965_ETHERNET_INTERRUPT] = handle_interrupt};

/* Bit 2 of the PHY's register 1 is the link status (IEEE 802.3, clause 22). QEMU emulates no PHY and returns 0, which a
 * real PHY never does. */
bool board_is_link_up(void)
{
  MACMCTL = 1 << 3 | 1; /* REGADR 1, START */
  while ((MACMCTL & 1) != 0)
    ;
  return MACMRXD == 0 || (MACMRXD & 1 << 2) != 0;
}

/* The first two bytes in the FIFO are the length, which includes themselves and the checksum's four. After an overrun,
 * the FIFO is reset, as it may hold a part of a frame; the senders retransmit. */
size_t board_receive_begin(void)
{
  size_t length;

  if ((MACRIS & OVERRUN) != 0) {
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
  fifo_discard_rest(&receiving);
}

/* The first two bytes in the FIFO are the length, without the 14 bytes of the header. */
bool board_send_begin(size_t length)
{
  if ((MACTR & 1) != 0) /* NEWTX: the previous frame is being transmitted */
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
  fifo_flush(&sending);
  MACTR = 1;
}
