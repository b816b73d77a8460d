/* Makes one allocation fail, in a program that is linked with -Wl,--wrap=wmrec_arena_allocate,--wrap=calloc. mbedTLS
 * allocates from our arena or, with another configuration than ours, by calloc().
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_STARVE_H
#define WMREC_STARVE_H

/* Counts allocations from 1 again, and makes this one fail. 0: none fails, and the first allocation of each call stack
 * is noted. */
void starve(unsigned long failing);

/* Prints the numbers of the allocations that were noted, separated by commas. */
void starve_print_stacks(void);

#endif
