/* A LAN9118. Its FIFOs take a frame word by word. Comments name the sections of the LAN9118 data sheet.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"
#include "fifo.h"
#include "mps2.h"

enum { MAC_CR = 1, ADDRH = 2, ADDRL = 3, MII_ACC = 6, MII_DATA = 7 }; /* 5.4: MAC registers, accessed by MAC_CSR_CMD */
enum { PHY = 1, BASIC_STATUS = 1 }; /* the address of the internal PHY, and its register */
enum { RX_STATUS_LEVEL = 1 << 3 };  /* 5.3.3: RSFL, a frame has arrived */

static struct fifo receiving = {.words = &RX_DATA_FIFO};
static struct fifo sending = {.words = &TX_DATA_FIFO};

static void wait_for_mac(void)
{
  while ((MAC_CSR_CMD & UINT32_C(1) << 31) != 0)
    ;
}

static uint32_t read_mac(uint32_t number)
{
  MAC_CSR_CMD = UINT32_C(3) << 30 | number;
  wait_for_mac();
  return MAC_CSR_DATA;
}

static void write_mac(uint32_t number, uint32_t value)
{
  MAC_CSR_DATA = value;
  MAC_CSR_CMD = UINT32_C(1) << 31 | number;
  wait_for_mac();
}

/* The chip has loaded the address from its EEPROM. */
void board_ethernet_address(uint8_t address[6])
{
  const uint32_t low = read_mac(ADDRL);
  const uint32_t high = read_mac(ADDRH);

  for (unsigned i = 0; i < 6; i++)
    address[i] = (uint8_t)(i < 4 ? low >> 8 * i : high >> 8 * (i - 4));
}

void mps2_start_ethernet(void)
{
  HW_CFG = 1 << 20 | 5 << 16;                   /* 5.3.9: a frame is transmitted once complete; transmit FIFO of 5 KB */
  TX_CFG = 1 << 1;                              /* TX_ON */
  write_mac(MAC_CR, 1 << 20 | 1 << 3 | 1 << 2); /* full duplex, transmit, receive */
  FIFO_INT = 0;                                 /* one interrupt per frame */
  INT_STS = UINT32_MAX;
  INT_EN = RX_STATUS_LEVEL;
  IRQ_CFG = 1 << 8 | 1 << 4 | 1;
  cortex_m_enable_interrupt(MPS2_ETHERNET_INTERRUPT);
}

/* Only wakes the core, as the lamp asks for frames in each step. board_receive_begin() enables the interrupt again. */
static void handle_interrupt(void)
{
  INT_EN = 0;
  INT_STS = RX_STATUS_LEVEL;
}

CORTEX_M_INTERRUPTS = {[MPS2_ETHERNET_INTERRUPT] = handle_interrupt};

/* Bit 2 of the PHY's register 1 is the link status (IEEE 802.3, clause 22). */
bool board_is_link_up(void)
{
  write_mac(MII_ACC, PHY << 11 | BASIC_STATUS << 6 | 1);
  while ((read_mac(MII_ACC) & 1) != 0)
    ;
  return (read_mac(MII_DATA) & 1 << 2) != 0;
}

/* 3.13.3: the status word contains the length, which includes the checksum's four bytes. */
size_t board_receive_begin(void)
{
  size_t length;

  if ((RX_FIFO_INF >> 16 & 0xff) == 0) {
    INT_EN = RX_STATUS_LEVEL;
    return 0;
  }
  length = RX_STATUS_FIFO >> 16 & 0x3fff;
  receiving.used = 4;
  receiving.words_left = (length + 3) / 4;
  return length - 4;
}

void board_receive(void *bytes, size_t length)
{
  fifo_read(&receiving, bytes, length);
}

void board_receive_end(void)
{
  fifo_discard_rest(&receiving);
}

/* 3.12.2: two command words precede the data; the frame is one segment, first and last. The status words of earlier
 * frames must be read, or their FIFO fills up; their content is ignored. */
bool board_send_begin(size_t length)
{
  while ((TX_FIFO_INF >> 16 & 0xff) > 0)
    (void)TX_STATUS_FIFO;
  if ((TX_FIFO_INF & 0xffff) < length + 16)
    return false;
  TX_DATA_FIFO = 1 << 13 | 1 << 12 | (uint32_t)length;
  TX_DATA_FIFO = (uint32_t)length;
  return true;
}

void board_send(const void *bytes, size_t length)
{
  fifo_write(&sending, bytes, length);
}

void board_send_end(void)
{
  fifo_flush(&sending);
}
