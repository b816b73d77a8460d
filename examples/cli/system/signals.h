/* SIGINT, SIGTERM and SIGHUP for the commands that run until a signal ends them: wait and watch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_SIGNALS_H
#define WMREC_CLI_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

/* Catches these signals: they no longer end the process. Returns a descriptor that becomes readable, for good, when a
 * signal arrives; do not read from it. -1: an error, see errno. */
int signals_catch(void);

/* Returns the last signal that arrived; 0: none. */
int signals_received(void);

/* Waits until the descriptor is ready for these events of poll(), or has failed. Returns false, with errno EINTR, if a
 * signal that is caught arrives before. */
bool signals_wait(int descriptor, short events);

/* Sleeps for `time` ms, or until a signal arrives. */
void signals_sleep(uint32_t time);

#endif
