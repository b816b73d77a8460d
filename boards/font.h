/* The font for displays. font.awk makes it from font.txt.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FONT_H
#define WMREC_FONT_H

/* FONT_FIRST: the character of font[0]. Width and height are in pixels. */
enum { FONT_FIRST = ' ', FONT_GLYPHS = '~' - ' ' + 1, FONT_WIDTH = 5, FONT_HEIGHT = 7 };

/* The columns of each glyph, from left to right. Bit 0 of a column is its top pixel. */
extern const unsigned char font[FONT_GLYPHS][FONT_WIDTH];

#endif
