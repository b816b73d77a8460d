/* A seed in flash: records that are appended, read back, and wiped.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "seed_records.h"

#include <string.h>

#include <mbedtls/platform_util.h>

#include "crc32.h"

#define MARK "WMSR"

enum { PAGE = BOARD_FLASH_PAGE, SECTOR = BOARD_FLASH_SECTOR / PAGE /* pages */ };
enum { ERASED = 0xff, WIPED = 0 };

static bool is_for_marks(unsigned page)
{
  return page % SECTOR == 0;
}

static void read_bytes(const struct seed_records *records, size_t offset, void *bytes, size_t length)
{
  for (size_t i = 0; i < length; i++)
    ((unsigned char *)bytes)[i] = records->flash[offset + i];
}

static bool is_filled(const struct seed_records *records, unsigned page, unsigned char value)
{
  bool is_same = true;

  for (size_t i = 0; i < PAGE; i++)
    is_same &= records->flash[page * PAGE + i] == value;
  return is_same;
}

static uint32_t crc_of(const struct seed_record *record)
{
  return wmrec_crc32(0, record, offsetof(struct seed_record, crc));
}

static bool is_valid(const struct seed_record *record)
{
  return memcmp(record->mark, MARK, sizeof record->mark) == 0 && record->crc == crc_of(record);
}

bool seed_records_open(struct seed_records *records, const unsigned char *flash, size_t size,
                       struct seed_record *current)
{
  struct seed_record record;

  *records = (struct seed_records){.flash = flash, .pages = (unsigned)(size / PAGE)};
  for (unsigned page = 0; page < records->pages; page++) {
    read_bytes(records, page * PAGE, &record, sizeof record); /* once: it may read differently the next time */
    if (is_for_marks(page) || !is_valid(&record) || (records->current != 0 && record.counter < current->counter))
      continue;
    *current = record;
    records->current = page;
  }
  mbedtls_platform_zeroize(&record, sizeof record);
  return records->current != 0;
}

/* Sets the mark of this page, if it was never programmed since its sector was erased. */
static bool mark_as_used(const struct seed_records *records, unsigned page)
{
  const unsigned marks = page - page % SECTOR;
  unsigned char image[PAGE];

  if (records->flash[marks * PAGE + page % SECTOR] != ERASED || !is_filled(records, page, ERASED))
    return false;
  memset(image, ERASED, sizeof image);
  image[page % SECTOR] = 0;
  board_program_seed_flash(marks * PAGE, image);
  return true;
}

static bool write_record(const struct seed_records *records, unsigned page, const struct seed_record *record)
{
  unsigned char image[PAGE];
  struct seed_record written;
  bool is_same;

  memset(image, ERASED, sizeof image);
  memcpy(image, record, sizeof *record);
  board_program_seed_flash(page * PAGE, image);
  read_bytes(records, page * PAGE, &written, sizeof written);
  is_same = memcmp(&written, record, sizeof written) == 0;
  mbedtls_platform_zeroize(image, sizeof image);
  mbedtls_platform_zeroize(&written, sizeof written);
  return is_same;
}

/* Writes the record to the next page that takes it. Erases each sector that it comes to, but does not come to the
 * sector with the current record again. Returns the page; 0: none takes it. */
static unsigned append(const struct seed_records *records, const struct seed_record *record)
{
  const unsigned current = records->current;
  const unsigned end = current + records->pages - current % SECTOR;

  for (unsigned next = current == 0 ? 0 : current + 1; next < end; next++) {
    const unsigned page = next % records->pages;

    if (is_for_marks(page))
      board_erase_seed_flash(page * PAGE);
    else if (mark_as_used(records, page) && write_record(records, page, record))
      return page;
  }
  return 0;
}

/* Wipes all pages but one, and the erased ones behind it, which nobody has programmed. Pages that are wiped already,
 * too: their wiping may have been cut short. Returns true if they all read as zeros. */
static bool wipe_others(const struct seed_records *records, unsigned kept)
{
  static const unsigned char zeros[PAGE];
  const unsigned sector_end = kept - kept % SECTOR + SECTOR;
  bool are_wiped = true;

  for (unsigned page = 0; page < records->pages; page++) {
    const bool is_behind = page > kept && page < sector_end;

    if (is_for_marks(page) || page == kept || (is_behind && is_filled(records, page, ERASED)))
      continue;
    board_program_seed_flash(page * PAGE, zeros);
    are_wiped &= is_filled(records, page, WIPED);
  }
  return are_wiped;
}

bool seed_records_replace(const struct seed_records *records, struct seed_record *next)
{
  unsigned page;

  memcpy(next->mark, MARK, sizeof next->mark);
  next->crc = crc_of(next);
  page = append(records, next);
  return page != 0 && wipe_others(records, page);
}
