/* Looks a host's name up without blocking the caller. POSIX has only getaddrinfo(), which may block for as long as the
 * system's resolver likes, and cannot be cancelled. So a detached thread runs it. It shares no memory with the caller,
 * who may be gone when it is done: question and answer go through a pair of datagram sockets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* RFC 1035, section 2.3.4: no name is longer than 255 bytes. */
struct question {
  char host[256];
};

static void find(const char *host, int flags, struct wmrec_posix_addresses *found)
{
  const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = flags};
  struct addrinfo *list = NULL;

  memset(found, 0, sizeof *found);
  found->error = getaddrinfo(host, NULL, &hints, &list);
  if (found->error != 0) {
    found->system_error = found->error == EAI_SYSTEM ? errno : 0;
    return;
  }
  for (const struct addrinfo *item = list; item != NULL && found->count < WMREC_POSIX_ADDRESSES; item = item->ai_next)
    if (item->ai_addrlen <= sizeof found->address[0])
      memcpy(&found->address[found->count++], item->ai_addr, item->ai_addrlen);
  freeaddrinfo(list);
}

static void *answer(void *argument)
{
  const int pair_end = (int)(intptr_t)argument;
  struct question question;
  struct wmrec_posix_addresses found;

  if (recv(pair_end, &question, sizeof question, 0) == (ssize_t)sizeof question) {
    find(question.host, 0, &found);
    send(pair_end, &found, sizeof found, MSG_NOSIGNAL);
  }
  close(pair_end);
  return NULL;
}

/* Signals are the program's, not this thread's: it is born with all of them blocked. */
static int start_thread(int pair_end)
{
  sigset_t all;
  sigset_t before;
  pthread_t thread;
  int error;

  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  error = pthread_create(&thread, NULL, answer, (void *)(intptr_t)pair_end);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error == 0)
    pthread_detach(thread);
  return error;
}

int wmrec_posix_lookup(const char *host, struct wmrec_posix_addresses *found)
{
  struct question question = {0};
  int pair[2];
  int error;

  find(host, AI_NUMERICHOST, found);
  if (found->error == 0 || strlen(host) >= sizeof question.host)
    return WMREC_POSIX_FOUND;
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0)
    return -1;
  memcpy(question.host, host, strlen(host));
  fcntl(pair[0], F_SETFL, O_NONBLOCK);
  fcntl(pair[0], F_SETFD, FD_CLOEXEC);
  fcntl(pair[1], F_SETFD, FD_CLOEXEC);
  send(pair[0], &question, sizeof question, MSG_NOSIGNAL);
  error = start_thread(pair[1]);
  if (error == 0)
    return pair[0];
  close(pair[0]);
  close(pair[1]);
  errno = error;
  return -1;
}
