/* The font of displays; font.txt shows it, and font.awk makes C of that.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FONT_H
#define WMREC_FONT_H

enum { FONT_FIRST = ' ', FONT_GLYPHS = '~' - ' ' + 1, FONT_WIDTH = 5, FONT_HEIGHT = 7 };

/* A glyph's columns, from the left; bit 0 of each is the top. */
extern const unsigned char font[FONT_GLYPHS][FONT_WIDTH];

#endif
