/* All servers that are asked: each over its own connection, all at the same time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_CLI_SERVERS_H
#define WMREC_CLI_SERVERS_H

#include "net/client.h"

/* Zero it. Read it only, except for wake and output. */
struct servers {
  struct client *clients; /* in the order of the command line */
  int count;
  int wake;            /* a descriptor plus one that ends a wait; 0: none. See struct wmrec_posix */
  int output;          /* a descriptor plus one, of a pipe or a socket that the output goes to; 0: none */
  bool is_reader_gone; /* servers_step() found that `output` has no reader any more */
};

/* Checks the URLs, the key and the ids: all that needs neither the roots nor the network. Returns 0; or the exit
 * status, after a message. options: borrowed until servers_close(). */
int servers_check(struct servers *servers, const struct options *options);

/* Calls servers_check(), then prepares the connections: an error of the options, the key or an id is found before
 * anything is sent. Returns as servers_check(). */
int servers_open(struct servers *servers, const struct options *options);

/* True if there is a file of a key or a password that can be read again. */
bool servers_may_read_token_again(const struct servers *servers);

/* Reads the file of the key or the password again. If its content is not valid, the old one stays in use, after a
 * message. If it is new, all connections are closed, and exchanges under way are given up, as client_disconnect() does:
 * an answer may repeat the key that was sent, and then only the new one is known and redacted. */
enum servers_token { SERVERS_TOKEN_SAME, SERVERS_TOKEN_NEW, SERVERS_TOKEN_INVALID };
enum servers_token servers_read_token_again(struct servers *servers);

/* Closes all connections, as above, and reads the files of the key, the password and the roots again. What cannot be
 * read stays as it was, after a message; then it returns false. */
bool servers_read_again(struct servers *servers);

/* Waits for at most `time` ms, until the exchange of a server can continue, a signal arrives or the reader of the
 * output is gone; then continues the exchanges that can. */
void servers_step(struct servers *servers, uint32_t time);

/* Gives memory that no exchange needs now back to the system. Call it now and then. */
void servers_release_memory(struct servers *servers);

/* Closes all connections, and wipes the key. */
void servers_close(struct servers *servers);

#endif
