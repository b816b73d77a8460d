/* Constants that stay in flash. Not for users.
 *
 * An AVR's pointers reach its RAM only, so its C library copies constants there before main(): thousands of bytes, for
 * texts. avr-gcc has another kind of pointer for those that are IN_FLASH.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FLASH_H
#define WMREC_FLASH_H

#if defined(__FLASH) && !defined(__STRICT_ANSI__) /* GNU C for an AVR; ISO C has no such pointer */
#define IN_FLASH __flash

/* The text as others can read it: in a buffer of this size, which the same place overwrites when it is reached again.
 */
#define FROM_FLASH(text, size)                                                                                         \
  __extension__({                                                                                                      \
    static char copy[size];                                                                                            \
    copy_from_flash(copy, text);                                                                                       \
  })

static inline const char *copy_from_flash(char *copy, const __flash char *text)
{
  char *next = copy;

  while ((*next++ = *text++) != '\0')
    ;
  return copy;
}
#else
#define IN_FLASH
#define FROM_FLASH(text, size) (text)
#endif

#endif
