/* lwIP in a thread of its own, with the interface tap0 as its network.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef STACK_H
#define STACK_H

/* Starts it, and returns once it runs: 10.0.9.2 and fd00:9::2, with this name server. PRECONFIGURED_TAPIF in the
 * environment must be tap0. */
void stack_start(const char *name_server);

#endif
