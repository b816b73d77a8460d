# Converts font.txt to C: `awk -f boards/font.awk boards/font.txt`. The first paragraph is a comment. Each of the others has a
# line of characters, and seven lines that draw them: 5 columns each, and a space between two characters.
# SPDX-License-Identifier: Apache-2.0
BEGIN {
  RS = ""
  FS = "\n"
  print "#include \"font.h\"\n\nconst unsigned char font[FONT_GLYPHS][FONT_WIDTH] = {"
}
NR > 1 {
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
