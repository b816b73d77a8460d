/* Looks a host's name up without blocking the caller. POSIX has only getaddrinfo(), which may block for as long as the
 * system's resolver likes, and cannot be cancelled. So threads call it: WMREC_POSIX_LOOKUPS at most, which take the
 * names from a queue, and end when the queue is empty.
 *
 * A name is in the queue once. Whoever asks for it again, until it has an answer, shares that lookup. The answer is one
 * datagram in a socket. Each caller has a descriptor of that socket for itself, and reads the datagram by MSG_PEEK,
 * which leaves it there for the others. A caller that closes its descriptor leaves nothing behind, and shares no memory
 * with the threads.
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
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* A name that waits in the queue or is being looked up. */
struct lookup {
  char host[256];       /* RFC 1035, section 2.3.4: no name is longer than 255 bytes; "": the entry is free */
  bool is_under_way;    /* a thread has taken it, and reads `host` without the mutex */
  unsigned long number; /* its place in the queue: the lowest number is the next one */
  int sending;          /* for the thread: where the answer goes */
  int receiving;        /* duplicated for each caller */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards the variables below */
static struct lookup lookups[WMREC_POSIX_NAMES];
static unsigned long next_number;
static int threads; /* how many there are */

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

/* The entry of this name, in any case (RFC 4343); of "", a free one; NULL: there is none. */
static struct lookup *entry_of(const char *host)
{
  for (size_t i = 0; i < WMREC_POSIX_NAMES; i++)
    if (strcasecmp(lookups[i].host, host) == 0)
      return &lookups[i];
  return NULL;
}

static void free_entry(struct lookup *lookup)
{
  close(lookup->sending);
  close(lookup->receiving);
  *lookup = (struct lookup){.host = ""};
}

/* Takes the next name from the queue. NULL: there is none, and the thread has to end. */
static struct lookup *take(void)
{
  struct lookup *next = NULL;

  pthread_mutex_lock(&mutex);
  for (struct lookup *lookup = lookups; lookup < lookups + WMREC_POSIX_NAMES; lookup++)
    if (lookup->host[0] != '\0' && !lookup->is_under_way && (next == NULL || lookup->number < next->number))
      next = lookup;
  if (next != NULL)
    next->is_under_way = true;
  else
    threads--;
  pthread_mutex_unlock(&mutex);
  return next;
}

static void *work(void *unused)
{
  struct lookup *lookup;
  struct wmrec_posix_addresses found;

  (void)unused;
  while ((lookup = take()) != NULL) {
    find(lookup->host, 0, &found);
    pthread_mutex_lock(&mutex);
    send(lookup->sending, &found, sizeof found, MSG_NOSIGNAL);
    free_entry(lookup);
    pthread_mutex_unlock(&mutex);
  }
  return NULL;
}

/* Sees to it that a thread will take what is in the queue. Returns 0, or why there is no thread at all. Signals are the
 * program's, not a thread's of this file: it starts with all of them blocked. */
static int start_thread(void)
{
  sigset_t all;
  sigset_t before;
  pthread_t thread;
  int error;

  if (threads == WMREC_POSIX_LOOKUPS)
    return 0;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  error = pthread_create(&thread, NULL, work, NULL);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error != 0)
    return threads > 0 ? 0 : error;
  pthread_detach(thread);
  threads++;
  return 0;
}

/* Puts a name into the queue. NULL: errno says why it is not there. */
static struct lookup *enqueue(const char *host)
{
  struct lookup *lookup = entry_of("");
  int ends[2];
  int error;

  errno = EAGAIN;
  if (lookup == NULL || socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0)
    return NULL;
  *lookup = (struct lookup){.number = next_number++, .sending = ends[0], .receiving = ends[1]};
  memcpy(lookup->host, host, strlen(host));
  fcntl(lookup->sending, F_SETFD, FD_CLOEXEC);
  fcntl(lookup->receiving, F_SETFD, FD_CLOEXEC);
  fcntl(lookup->receiving, F_SETFL, O_NONBLOCK);
  error = start_thread();
  if (error == 0)
    return lookup;
  free_entry(lookup);
  errno = error;
  return NULL;
}

int wmrec_posix_lookup(const char *host, struct wmrec_posix_addresses *found)
{
  const struct lookup *lookup;
  int descriptor = -1;

  find(host, AI_NUMERICHOST, found);
  if (found->error == 0 || *host == '\0' || strlen(host) >= sizeof lookup->host)
    return WMREC_POSIX_FOUND;
  pthread_mutex_lock(&mutex);
  lookup = entry_of(host);
  if (lookup == NULL)
    lookup = enqueue(host);
  if (lookup != NULL)
    descriptor = fcntl(lookup->receiving, F_DUPFD_CLOEXEC, 0);
  pthread_mutex_unlock(&mutex);
  return descriptor;
}
