/* The golden answers as data, as a program for another processor has no files. portable.js makes cases.c from
 * ../golden.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TESTS_CASES_H
#define WMREC_TESTS_CASES_H

#include <stdint.h>

/* An AVR needs a special pointer type for constants in flash. */
#ifdef __FLASH
#define IN_FLASH __flash
#else
#define IN_FLASH
#endif

struct golden_case {
  const IN_FLASH unsigned char *bytes;
  uint16_t length;
  uint16_t buffer_size;
  char ending; /* the first letter of open, clean or reset, as in responses.tsv */
};

extern const IN_FLASH struct golden_case golden_cases[];
extern const uint16_t golden_case_count;

#endif
