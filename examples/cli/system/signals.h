/* SIGINT, SIGTERM and SIGHUP for the commands that run until a signal ends them: wait and watch.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_SIGNALS_H
#define WMREC_CLI_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

/* Catches these signals: they no longer end the process. A signal that is ignored, as SIGHUP is after nohup(1), stays
 * ignored.
 *
 * is_reloading: SIGHUP asks to read files again, as daemons take it, unless the process has a controlling terminal:
 * there, it means that the terminal is closed.
 *
 * Returns a descriptor that becomes readable when a signal arrives: for good, or until signals_take_reload(); do not
 * read from it. -1: an error, see errno. */
int signals_catch(bool is_reloading);

/* Returns true once for each SIGHUP that asks to read files again, or for several that arrived since the last call. */
bool signals_take_reload(void);

/* Returns the last signal that arrived and ends the process; 0: none. */
int signals_received(void);

/* Waits until the descriptor is ready for these events of poll(), or has failed. Returns false, with errno EINTR, if a
 * signal that is caught arrives before. */
bool signals_wait(int descriptor, short events);

/* Sleeps for `time` ms, or until a signal arrives. */
void signals_sleep(uint32_t time);

#endif
