/* A transport over any Client of Arduino: EthernetClient, WiFiClient, BearSSL::WiFiClientSecure, ... It includes
 * drive.h, so a sketch needs no other header of wmrec.
 *
 *     static EthernetClient client;
 *     static struct wmrec_arduino connection = {&client, false};
 *
 *     wmrec_drive_init(&drive, wmrec_arduino_transport(&connection), buffer, sizeof buffer);
 *     wmrec_drive_begin(&drive, &exchange, &target, millis(), 10000);
 *     while ((result = wmrec_drive_step(&drive, millis())) > 0)
 *         delay(1);
 *
 * Time: a Client's connect, write and stop block, for as long as it likes: for seconds, if the network is down. Then
 * wmrec_drive_step() blocks, too, and the deadline is noticed only after that. If the Client has a timeout, make it
 * shorter than yours. Nothing else here blocks.
 *
 * The end of the stream: a Client does not say whether the server has ended it, by a FIN or by TLS's close_notify, or
 * somebody has cut it. So each end is WMREC_ERROR_TRUNCATED, without TLS, too. An answer with a length or in chunks
 * does not need the end, and WireMock's has one of these. An answer without both, as of HTTP/1.0, cannot be read.
 *
 * Results: open returns WMREC_ERROR_CONNECT if the Client's connect fails. The reason may be the name, the network or
 * the certificate: Client does not say, but yours may, by getLastSSLError() or lastError(). send returns
 * WMREC_ERROR_RESET if nothing is written.
 *
 * Threads: one thread at a time may use a Client and its transport; an interrupt may not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_ARDUINO_H
#define WMREC_ARDUINO_H

#include "drive.h"

#if defined(__cplusplus) && defined(ARDUINO)
#include <Client.h>
typedef Client wmrec_arduino_client;
#else
typedef struct wmrec_arduino_client wmrec_arduino_client; /* C code can only pass a pointer to it on */
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* One connection. Zero it before its first use, and set both fields. */
struct wmrec_arduino {
  wmrec_arduino_client *client; /* borrowed for as long as the transport is in use */

  /* Your word that the Client speaks TLS, and that its connect(host, port) succeeds only if the server's certificate
   * is issued by a root that you trust, is for this host, and is valid today. A Client cannot be asked. If your word
   * is wrong (setInsecure(), no roots, no clock), the API key goes to anybody who answers.
   * - ESP8266, arduino-pico: BearSSL::WiFiClientSecure after setTrustAnchors(), when the clock is set.
   * - ESP32: WiFiClientSecure after setCACert(). In its default build, it takes an expired certificate, too.
   * False: plain HTTP, for self-hosted servers only; a target without plain_http gets WMREC_ERROR_PLAIN_HTTP. */
  bool is_verified_tls;
};

/* Returns the transport over *connection, which is borrowed for as long as the transport is in use. is_verified_tls is
 * read now. */
struct wmrec_transport wmrec_arduino_transport(struct wmrec_arduino *connection);

#ifdef __cplusplus
}
#endif

#endif
