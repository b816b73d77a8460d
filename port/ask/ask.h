/* One call that asks once. It needs an operating system with sockets: port/posix.
 *
 *     const struct wmrec_target target = {.host = "api.wiremock.cloud", .mock_api_id = "jjl8y", .token = key};
 *     enum wmrec_recording recording;
 *     int result = wmrec_ask(&target, 10000, &recording);
 *
 * It blocks the thread until there is an answer or an error. To ask many servers, to do something else meanwhile, or to
 * know more of the answer, use port/drive.h; examples/firmware.c shows how.
 *
 * Threads: not thread-safe: all memory is static. One call at a time in a program.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_ASK_H
#define WMREC_ASK_H

#include "wmrec.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Asks once, and closes the connection. Returns WMREC_OK, or an error: wmrec_result_text() says what it means.
 *
 * target: borrowed until it returns.
 * timeout: for all of it, from the name lookup to the last byte; in ms.
 * recording: the answer; WMREC_UNKNOWN after an error.
 *
 * The server's certificate is verified by the roots of the file that the environment variable SSL_CERT_FILE names or,
 * without it, of the system's file. They are read once, at the first call over TLS. If there are none, if the file is
 * longer than 1 MiB, or on a system without such files: WMREC_ERROR_TLS_ROOTS.
 *
 * The TLS session of the last call is offered again, if it was with the same server.
 */
int wmrec_ask(const struct wmrec_target *target, uint32_t timeout, enum wmrec_recording *recording);

#ifdef __cplusplus
}
#endif

#endif
