/* Has one allocation from an arena find no room; in a program that is linked with -Wl,--wrap=wmrec_arena_allocate.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_STARVE_H
#define WMREC_STARVE_H

/* From now on, allocations are counted from 1, and this one fails. 0: none does, and their ways are noted: each one
 * that comes by other calls than all before it. */
void starve(unsigned long failing);

/* The numbers of the allocations that came by a way of their own, in a line, with commas. */
void starve_print_ways(void);

#endif
