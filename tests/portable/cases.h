/* The golden answers, as data: a program for another processor has no files. cases.c is made of ../golden.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TESTS_CASES_H
#define WMREC_TESTS_CASES_H

#include <stdint.h>

/* An AVR has a kind of pointer of its own for constants that are left in its flash. */
#ifdef __FLASH
#define IN_FLASH __flash
#else
#define IN_FLASH
#endif

struct golden_case {
  const IN_FLASH unsigned char *bytes;
  uint16_t length;
  uint16_t buffer_size;
  char ending; /* as responses.tsv has it, by its first letter: open, clean, reset */
};

extern const IN_FLASH struct golden_case golden_cases[];
extern const uint16_t golden_case_count;

#endif
