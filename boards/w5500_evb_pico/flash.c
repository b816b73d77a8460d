/* The flash, a W25Q16JV: its unique id, and the sectors that keep a seed. Comments name instructions of the W25Q16JV,
 * by its data sheet, or with "RP2040" the sections of the RP2040 data sheet.
 *
 * While the flash takes commands, nothing can be read from it, not even instructions: that code is in SRAM, and runs
 * with interrupts off.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "board.h"
#include "parts.h"
#include "rp2040.h"

/* Code in SRAM. It may call only functions that are inlined into it. */
#define IN_SRAM __attribute__((section(".sram_code"), noinline))
#define INLINE static inline __attribute__((always_inline))

enum { FLASH = 0x10000000, UNCACHED_FLASH = 0x13000000 }; /* RP2040, 2.6.3.1 */

/* Instructions. */
enum { PAGE_PROGRAM = 0x02, READ_STATUS = 0x05, WRITE_ENABLE = 0x06, SECTOR_ERASE = 0x20, READ_UNIQUE_ID = 0x4b };
enum { BUSY = 1 << 0 }; /* in status register 1 */

/* A sector takes up to 400 ms to erase (AC characteristics, tSE). A look at the status takes more than 1 us. */
enum { MOST_LOOKS = 1000000 };

/* Defined by memory.ld. The address of seed_flash_size is the size, in bytes. */
extern const unsigned char seed_flash[];
extern unsigned char seed_flash_size[];

static uint8_t unique_id[BOARD_UNIQUE_SIZE];

/* An instruction, which may take four more bytes, and then data to it or from it. */
struct command {
  uint8_t head[5];
  size_t head_length;
  bool is_write;
  uint8_t data[BOARD_FLASH_PAGE]; /* is_write: to be sent; otherwise: received */
  size_t data_length;
};

static struct command command;
static uint32_t second_stage[64]; /* a copy of the boot ROM's second stage, which switches the flash to its fast mode */

/* RP2040, 2.19.6.2, OUTOVER: forces the chip select low or high, as SSI would release it when its FIFO is empty. */
INLINE void select(bool is_selected)
{
  GPIO_QSPI_SS_CTRL = (is_selected ? 2 : 3) << 8;
}

/* SSI receives a byte for each byte that it sends, whatever the flash does. */
INLINE uint8_t exchange(uint8_t byte)
{
  SSI_DR0 = byte;
  while ((SSI_SR & 1 << 3) == 0) /* RFNE: the receive FIFO is not empty */
    ;
  return (uint8_t)SSI_DR0;
}

/* RP2040, 4.10.13, SPI_CTRLR0: the flash expects an instruction again after a read whose mode bits are not 0xa0
 * (Fast Read Quad I/O). Then SSI takes bytes, at 1 / 8 of the core's clock. */
INLINE void leave_fast_mode(void)
{
  SSI_SSIENR = 0;
  SSI_SPI_CTRLR0 &= 0xffffff; /* XIP_CMD, the mode bits */
  SSI_SSIENR = 1;
  (void)CORTEX_M_REGISTER(UNCACHED_FLASH);
  SSI_SSIENR = 0;
  SSI_CTRLR0 = 7 << 16; /* DFS_32: 8 bits */
  SSI_BAUDR = 8;
  SSI_SSIENR = 1;
}

INLINE void send_instruction(uint8_t code)
{
  select(true);
  exchange(code);
  select(false);
}

INLINE bool is_busy(void)
{
  uint8_t status;

  select(true);
  exchange(READ_STATUS);
  status = exchange(0);
  select(false);
  return (status & BUSY) != 0;
}

IN_SRAM static void run_in_sram(struct command *run, void (*enter_fast_mode)(void))
{
  leave_fast_mode();
  if (run->is_write)
    send_instruction(WRITE_ENABLE);
  select(true);
  for (size_t i = 0; i < run->head_length; i++)
    exchange(run->head[i]);
  for (size_t i = 0; i < run->data_length; i++) {
    const uint8_t byte = exchange(run->data[i]);

    if (!run->is_write)
      run->data[i] = byte;
  }
  select(false);
  for (unsigned looks = 0; run->is_write && is_busy() && looks < MOST_LOOKS; looks++)
    ;
  GPIO_QSPI_SS_CTRL = 0;
  XIP_FLUSH = 1;
  (void)XIP_FLUSH; /* RP2040, 2.6.3.2: waits for the end of the flush */
  enter_fast_mode();
}

/* The second stage returns to its caller if it was called (RP2040, 2.8.1.3). Its first instruction is Thumb. */
static void run_command(void)
{
  uint32_t mask;

  memcpy(second_stage, (const void *)FLASH, sizeof second_stage);
  __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(mask)::"memory");
  run_in_sram(&command, (void (*)(void))((uintptr_t)second_stage | 1));
  __asm__ volatile("msr primask, %0" ::"r"(mask) : "memory");
}

/* Read Unique ID: four bytes that mean nothing, then the id. */
void parts_start_flash(void)
{
  command = (struct command){.head = {READ_UNIQUE_ID}, .head_length = 5, .data_length = BOARD_UNIQUE_SIZE};
  run_command();
  memcpy(unique_id, command.data, sizeof unique_id);
}

void board_unique_id(uint8_t id[BOARD_UNIQUE_SIZE])
{
  memcpy(id, unique_id, BOARD_UNIQUE_SIZE);
}

const unsigned char *board_seed_flash(size_t *size)
{
  *size = (size_t)seed_flash_size;
  return seed_flash;
}

/* Sector Erase, Page Program: the instruction is followed by the address, of 24 bits. */
static void begin_write(uint8_t instruction, size_t offset)
{
  const uint32_t address = (uint32_t)(uintptr_t)seed_flash - FLASH + (uint32_t)offset;

  command = (struct command){.head = {instruction, (uint8_t)(address >> 16), (uint8_t)(address >> 8), (uint8_t)address},
                             .head_length = 4,
                             .is_write = true};
}

void board_erase_seed_flash(size_t offset)
{
  begin_write(SECTOR_ERASE, offset);
  run_command();
}

void board_program_seed_flash(size_t offset, const unsigned char page[BOARD_FLASH_PAGE])
{
  begin_write(PAGE_PROGRAM, offset);
  memcpy(command.data, page, BOARD_FLASH_PAGE);
  command.data_length = BOARD_FLASH_PAGE;
  run_command();
  memset(&command, 0, sizeof command); /* the seed is secret */
}
