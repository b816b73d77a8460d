/* Ethernet by a W5500, whose socket 0 gives and takes whole frames (MACRAW mode). Comments name the sections of the
 * W5500 data sheet.
 *
 * What goes wrong with this chip, by its data sheet and by reports of users, and what happens here then:
 * - It does not answer, or has reset itself: seen within CHECK_INTERVAL. It is reset until it answers.
 * - The end of a transmission is not reported: after SEND_TIME, the socket is opened again.
 * - The length before a frame is impossible: the socket is opened again. Frames are lost, and sent again.
 * - An interrupt is missed: the chip is asked every CHECK_INTERVAL, too.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "board.h"
#include "cortex_m.h"
#include "parts.h"
#include "rp2040.h"
#include "w5500.h"

/* 4.1, 4.2: common registers, and those of a socket. */
enum { SHAR = 0x09, SIMR = 0x18, PHYCFGR = 0x2e, VERSIONR = 0x39 };
enum {
  MR = 0x00,
  CR = 0x01,
  IR = 0x02,
  SR = 0x03,
  RXBUF_SIZE = 0x1e,
  TXBUF_SIZE = 0x1f,
  TX_FSR = 0x20,
  TX_WR = 0x24,
  RX_RSR = 0x26,
  RX_RD = 0x28,
  IMR = 0x2c
};

enum { OPEN = 0x01, CLOSE = 0x10, SEND = 0x20, RECV = 0x40 };         /* CR: commands */
enum { RECEIVED = 1 << 2, SENT = 1 << 4 };                            /* IR, IMR: RECV, SENDOK */
enum { SOCK_MACRAW = 0x42 };                                          /* SR */
enum { MACRAW = 4, MFEN = 1 << 7, MMB = 1 << 5, MIP6B = 1 << 4 };     /* MR: only frames to us or to all, of IPv4 */
enum { VERSION = 4, LINK_UP = 1 << 0 };                               /* VERSIONR; PHYCFGR: LNK */
enum { SOCKETS = 8, BUFFER_SIZE = 16 };                               /* KiB: socket 0 has all of each buffer */
enum { LEAST = 60, MOST = 1514 };                                     /* bytes of a frame, without its checksum */
enum { CHECK_INTERVAL = 100, RETRY_INTERVAL = 1000, SEND_TIME = 10 }; /* ms */
enum { COMMAND_TIME = 10 /* ms */, TRIES = 100 };

static struct {
  bool is_working;            /* the chip has answered, and its socket is open */
  bool is_link_up;            /* by the last check */
  bool has_frames;            /* perhaps: the receive buffer must be looked at, though the interrupt line is high */
  bool is_sending;            /* the end of the last transmission has not been seen yet */
  uint32_t checked;           /* board_clock() at the last check or reset */
  uint32_t sent_at;           /* board_clock() when the last transmission began */
  uint16_t read_at, write_at; /* the next bytes in the receive and send buffers: RX_RD, TX_WR */
  size_t written;             /* bytes of the frame that is being sent */
} chip;

/* Waits until the register has this value, usually for a few us. */
static bool becomes(unsigned address, unsigned value)
{
  const uint32_t began = board_clock();

  do {
    if (w5500_read(W5500_SOCKET, address, 1) == value)
      return true;
  } while (board_clock() - began <= COMMAND_TIME);
  return false;
}

/* 4.2: CR is 0 when the chip has taken the command. */
static void command(unsigned code)
{
  w5500_write(W5500_SOCKET, CR, code, 1);
  if (!becomes(CR, 0))
    chip.is_working = false;
}

/* 4.2: these registers have 16 bits, and change while they are read: the value is right once two readings agree. If
 * frames arrive faster than that, any value will do: the interrupt comes again. */
static unsigned read_steadily(unsigned address)
{
  unsigned value = w5500_read(W5500_SOCKET, address, 2);

  for (unsigned i = 0; i < TRIES; i++) {
    const unsigned last = value;

    value = w5500_read(W5500_SOCKET, address, 2);
    if (value == last)
      break;
  }
  return value;
}

/* Sets all that a reset of the chip loses. The buffers' sizes may add up to 16 KiB (4.2): the other sockets' come
 * first. */
static void configure(void)
{
  uint8_t address[6];

  board_ethernet_address(address);
  w5500_begin_write(W5500_COMMON, SHAR);
  w5500_put(address, sizeof address);
  w5500_end();
  for (unsigned socket = SOCKETS; socket-- > 0;) {
    const unsigned size = socket == 0 ? BUFFER_SIZE : 0;

    w5500_write(socket * W5500_BLOCKS_OF_SOCKET + W5500_SOCKET, RXBUF_SIZE, size, 1);
    w5500_write(socket * W5500_BLOCKS_OF_SOCKET + W5500_SOCKET, TXBUF_SIZE, size, 1);
  }
  w5500_write(W5500_SOCKET, IMR, RECEIVED | SENT, 1);
  w5500_write(W5500_COMMON, SIMR, 1, 1);
}

/* Opens the socket, for the first time or again. Its buffers are empty then. */
static void open_socket(void)
{
  chip.is_working = true;
  command(CLOSE);
  configure();
  w5500_write(W5500_SOCKET, IR, 0xff, 1);
  w5500_write(W5500_SOCKET, MR, MFEN | MMB | MIP6B | MACRAW, 1);
  command(OPEN);
  if (!becomes(SR, SOCK_MACRAW))
    chip.is_working = false;
  chip.read_at = (uint16_t)w5500_read(W5500_SOCKET, RX_RD, 2);
  chip.write_at = (uint16_t)w5500_read(W5500_SOCKET, TX_WR, 2);
  chip.is_sending = false;
}

static bool is_answering(void)
{
  return w5500_read(W5500_COMMON, VERSIONR, 1) == VERSION;
}

static void restart(void)
{
  w5500_reset();
  chip.is_working = false;
  if (is_answering())
    open_socket();
  chip.checked = board_clock();
}

void parts_start_ethernet(void)
{
  w5500_start();
  restart();
  cortex_m_enable_interrupt(IO_IRQ_BANK0);
}

const char *parts_ethernet_defect(void)
{
  return chip.is_working ? NULL : "w5500 does not answer";
}

/* Only wakes the core, as the lamp asks for frames in each step. board_receive_begin() enables the interrupt again. */
static void handle_interrupt(void)
{
  RP2040_CLEAR(PROC0_INTE(PIN_W5500_INTERRUPT)) = LEVEL_LOW(PIN_W5500_INTERRUPT);
}

CORTEX_M_INTERRUPTS = {[IO_IRQ_BANK0] = handle_interrupt};

/* The last six bytes of the flash's id, of 64 bits, make an address: one that is administered locally, and not a
 * group's (IEEE 802, 8.4). */
void board_ethernet_address(uint8_t address[6])
{
  uint8_t id[BOARD_UNIQUE_SIZE];

  board_unique_id(id);
  for (unsigned i = 0; i < 6; i++)
    address[i] = id[2 + i];
  address[0] = (uint8_t)((address[0] & 0xfc) | 2);
}

static void check(void)
{
  chip.checked = board_clock();
  chip.is_working = is_answering() && w5500_read(W5500_SOCKET, SR, 1) == SOCK_MACRAW;
  chip.has_frames = chip.is_working;
  if (!chip.is_working)
    restart();
  chip.is_link_up = chip.is_working && (w5500_read(W5500_COMMON, PHYCFGR, 1) & LINK_UP) != 0;
}

bool board_is_link_up(void)
{
  const uint32_t interval = chip.is_working ? CHECK_INTERVAL : RETRY_INTERVAL;

  if (board_clock() - chip.checked >= interval)
    check();
  return chip.is_link_up;
}

/* 4.2: takes what the chip reports, which it reports again if it happens again from now on. */
static void take_events(void)
{
  const unsigned events = w5500_read(W5500_SOCKET, IR, 1) & (RECEIVED | SENT);

  if (events == 0)
    return;
  w5500_write(W5500_SOCKET, IR, events, 1);
  if ((events & RECEIVED) != 0)
    chip.has_frames = true;
  if ((events & SENT) != 0)
    chip.is_sending = false;
}

static size_t bytes_received(void)
{
  size_t bytes;

  if (w5500_is_interrupting())
    take_events();
  if (!chip.has_frames)
    return 0;
  bytes = read_steadily(RX_RSR);
  chip.has_frames = bytes > 0;
  return bytes;
}

/* In MACRAW mode, two bytes before each frame are its length, which includes themselves. There is no checksum after it.
 */
size_t board_receive_begin(void)
{
  const size_t waiting = chip.is_working ? bytes_received() : 0;
  uint8_t head[2];
  size_t length;

  if (waiting == 0) {
    if (chip.is_working)
      RP2040_SET(PROC0_INTE(PIN_W5500_INTERRUPT)) = LEVEL_LOW(PIN_W5500_INTERRUPT);
    return 0;
  }
  w5500_begin_read(W5500_RECEIVE_BUFFER, chip.read_at);
  w5500_get(head, sizeof head);
  length = (size_t)head[0] << 8 | head[1];
  if (length < LEAST + sizeof head || length > MOST + sizeof head || length > waiting) {
    w5500_end();
    open_socket();
    return 0;
  }
  chip.read_at = (uint16_t)(chip.read_at + length);
  return length - sizeof head;
}

void board_receive(void *bytes, size_t length)
{
  w5500_get(bytes, length);
}

void board_receive_end(void)
{
  w5500_end();
  w5500_write(W5500_SOCKET, RX_RD, chip.read_at, 2);
  command(RECV);
}

/* The previous frame must have been sent (4.2, SENDOK) before the next SEND command. At 100 Mbit/s, that takes 0.1 ms.
 */
static void finish_sending(void)
{
  while (chip.is_sending) {
    take_events();
    if (chip.is_sending && board_clock() - chip.sent_at > SEND_TIME)
      open_socket();
  }
}

bool board_send_begin(size_t length)
{
  if (!chip.is_link_up)
    return false;
  finish_sending();
  if (!chip.is_working || read_steadily(TX_FSR) < length + LEAST)
    return false;
  w5500_begin_write(W5500_SEND_BUFFER, chip.write_at);
  chip.written = 0;
  return true;
}

void board_send(const void *bytes, size_t length)
{
  w5500_put(bytes, length);
  chip.written += length;
}

/* The chip does not pad frames. */
void board_send_end(void)
{
  static const uint8_t padding[LEAST];

  if (chip.written < LEAST)
    board_send(padding, LEAST - chip.written);
  w5500_end();
  chip.write_at = (uint16_t)(chip.write_at + chip.written);
  w5500_write(W5500_SOCKET, TX_WR, chip.write_at, 2);
  command(SEND);
  chip.is_sending = true;
  chip.sent_at = board_clock();
}
