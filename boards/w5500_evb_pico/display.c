#include "board.h"
#include "parts.h"
void parts_start_display(void)
{
}
const char *parts_display_defect(void)
{
  return 0;
}
void board_display_row(unsigned row, const char *text)
{
  (void)row;
  (void)text;
}
