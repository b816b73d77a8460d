# Makes C of font.txt: `awk -f boards/font.awk boards/font.txt`. A paragraph is a line of characters, and what they look like.
# SPDX-License-Identifier: Apache-2.0
BEGIN {
  RS = ""
  FS = "\n"
  print "#include \"font.h\"\n\nconst unsigned char font[FONT_GLYPHS][FONT_WIDTH] = {"
}
NR > 1 { # the first one is a comment
  for (glyph = 1; glyph <= length($2); glyph += 6) {
    printf "    {"
    for (x = 0; x < 5; x++) {
      column = 0
      for (y = 6; y >= 0; y--)
        column = 2 * column + (substr($(2 + y), glyph + x, 1) == "#")
      printf "%d, ", column
    }
    printf "}, /* %s */\n", substr($1, glyph, 1)
  }
}
END { print "};" }
