/* SIGINT, SIGTERM and SIGHUP, for commands that go on until they are told to end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_STOP_H
#define WMREC_CLI_STOP_H

#include <stdint.h>

/* From now on, these signals no longer end the process. Returns a descriptor that can be read once one has come, and
 * will not be; -1: there is none, see errno. */
int stop_prepare(void);

/* The signal that has come; 0: none. */
int stop_signal(void);

/* Sleeps, until the time (ms) is over or a signal comes. */
void stop_sleep(uint32_t time);

#endif
