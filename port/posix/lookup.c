/* Looks a host's name up without blocking the caller. POSIX has only getaddrinfo(), which may block for as long as the
 * system's resolver likes, and cannot be cancelled. So threads call it: at most WMREC_POSIX_LOOKUPS, which take the
 * names from a queue, and end when the queue is empty.
 *
 * Each name is in the queue once. A caller who asks for a name that is in the queue or being looked up shares that
 * lookup. The answer is one datagram in a socket. Each caller has a duplicate of the descriptor, and reads the datagram
 * with MSG_PEEK, which leaves it there for the other callers. So a caller can close its descriptor at any time, and
 * shares no memory with the threads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "system.h"

#include "posix.h"

#ifndef WMREC_BLOCKING_LOOKUP
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <strings.h>

/* A name that waits in the queue or is being looked up. */
struct lookup {
  char host[256];       /* ends in NUL; 255 bytes are the limit of RFC 1035, section 2.3.4; "": the entry is free */
  bool is_taken;        /* a thread looks it up, and reads `host` without the mutex */
  unsigned long number; /* the lowest number is the next to be taken */
  int sender;           /* the socket that the thread sends the answer to */
  int receiver;         /* the socket that the answer comes from, duplicated for each caller */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards the variables below */
static struct lookup lookups[WMREC_POSIX_NAMES];
static unsigned long next_number;
static int threads; /* the number of running threads */

/* Returns the entry of this name, without regard to case (RFC 4343); for "", a free entry; NULL: there is none. */
static struct lookup *find_entry(const char *host)
{
  for (size_t i = 0; i < WMREC_POSIX_NAMES; i++)
    if (strcasecmp(lookups[i].host, host) == 0)
      return &lookups[i];
  return NULL;
}

static void free_entry(struct lookup *lookup)
{
  close(lookup->sender);
  close(lookup->receiver);
  *lookup = (struct lookup){.host = ""};
}

/* Takes the next name from the queue. NULL: the queue is empty, and the thread must end. */
static struct lookup *take_next(void)
{
  struct lookup *next = NULL;

  pthread_mutex_lock(&mutex);
  for (struct lookup *lookup = lookups; lookup < lookups + WMREC_POSIX_NAMES; lookup++)
    if (lookup->host[0] != '\0' && !lookup->is_taken && (next == NULL || lookup->number < next->number))
      next = lookup;
  if (next != NULL)
    next->is_taken = true;
  else
    threads--;
  pthread_mutex_unlock(&mutex);
  return next;
}

static void *run_thread(void *unused)
{
  struct lookup *lookup;
  struct wmrec_posix_addresses found;

  (void)unused;
  while ((lookup = take_next()) != NULL) {
    wmrec_posix_resolve(lookup->host, 0, &found);
    pthread_mutex_lock(&mutex);
    send(lookup->sender, &found, sizeof found, MSG_NOSIGNAL);
    free_entry(lookup);
    pthread_mutex_unlock(&mutex);
  }
  return NULL;
}

/* Starts one more thread, unless there are WMREC_POSIX_LOOKUPS. Returns 0 if there is at least one thread, otherwise
 * the error of pthread_create(). The thread starts with all signals blocked: they are for the program's own threads. */
static int start_thread(void)
{
  sigset_t all;
  sigset_t previous;
  pthread_t thread;
  int error;

  if (threads == WMREC_POSIX_LOOKUPS)
    return 0;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &previous);
  error = pthread_create(&thread, NULL, run_thread, NULL);
  pthread_sigmask(SIG_SETMASK, &previous, NULL);
  if (error != 0)
    return threads > 0 ? 0 : error;
  pthread_detach(thread);
  threads++;
  return 0;
}

/* Puts a name into the queue. NULL: it cannot; errno says why. */
static struct lookup *enqueue(const char *host)
{
  struct lookup *lookup = find_entry("");
  int ends[2];
  int error;

  errno = EAGAIN;
  if (lookup == NULL || socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0)
    return NULL;
  *lookup = (struct lookup){.number = next_number++, .sender = ends[0], .receiver = ends[1]};
  memcpy(lookup->host, host, strlen(host));
  fcntl(lookup->sender, F_SETFD, FD_CLOEXEC);
  fcntl(lookup->receiver, F_SETFD, FD_CLOEXEC);
  fcntl(lookup->receiver, F_SETFL, O_NONBLOCK);
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

  wmrec_posix_resolve(host, AI_NUMERICHOST, found);
  if (found->error == 0 || *host == '\0' || strlen(host) >= sizeof lookup->host)
    return WMREC_POSIX_FOUND;
  pthread_mutex_lock(&mutex);
  lookup = find_entry(host);
  if (lookup == NULL)
    lookup = enqueue(host);
  if (lookup != NULL)
    descriptor = fcntl(lookup->receiver, F_DUPFD_CLOEXEC, 0);
  pthread_mutex_unlock(&mutex);
  return descriptor;
}
#endif
