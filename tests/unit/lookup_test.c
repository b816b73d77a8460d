/* port/posix/lookup.c, with a resolver in place of the C library's, which answers when the test permits it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix.h"

/* The limit of a wait, in ms: far longer than any event takes. */
enum { WAIT_MAX = 60000 };

/* The resolver. It knows "0.test", "1.test", ...; the port in an address is the number of the name. */
static struct {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  int permits;     /* the number of calls that may return */
  int calls;       /* the number of calls */
  int under_way;   /* the number of calls that have not returned */
  int max_at_once; /* the maximum of under_way */
  int last;        /* the number of the name that was looked up last */
} resolver = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static struct sockaddr_in addresses[WMREC_POSIX_NAMES];
static struct addrinfo answers[WMREC_POSIX_NAMES];

/* Replaces the function of the C library. */
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
  const int number = atoi(host);

  (void)service;
  if (hints->ai_flags & AI_NUMERICHOST)
    return EAI_NONAME;
  pthread_mutex_lock(&resolver.mutex);
  resolver.calls++;
  resolver.last = number;
  resolver.under_way++;
  if (resolver.under_way > resolver.max_at_once)
    resolver.max_at_once = resolver.under_way;
  pthread_cond_broadcast(&resolver.changed);
  while (resolver.permits == 0)
    pthread_cond_wait(&resolver.changed, &resolver.mutex);
  resolver.permits--;
  resolver.under_way--;
  pthread_mutex_unlock(&resolver.mutex);
  addresses[number] = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)number)};
  answers[number] = (struct addrinfo){.ai_addr = (void *)&addresses[number], .ai_addrlen = sizeof addresses[number]};
  *found = &answers[number];
  return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
  (void)list;
}

static void permit(int permits)
{
  pthread_mutex_lock(&resolver.mutex);
  resolver.permits = permits;
  pthread_cond_broadcast(&resolver.changed);
  pthread_mutex_unlock(&resolver.mutex);
}

/* Waits until the resolver was called this many times. */
static void await_calls(int calls)
{
  struct timespec end;

  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += WAIT_MAX / 1000;
  pthread_mutex_lock(&resolver.mutex);
  while (resolver.calls < calls)
    assert_int_equal(pthread_cond_timedwait(&resolver.changed, &resolver.mutex, &end), 0);
  pthread_mutex_unlock(&resolver.mutex);
}

static int ask(int number)
{
  struct wmrec_posix_addresses found;
  char host[32];

  snprintf(host, sizeof host, "%d.test", number);
  return wmrec_posix_lookup(host, &found);
}

/* Waits for the answer: it must be for the name with this number. */
static void assert_answer(int lookup, int number)
{
  struct pollfd entry = {.fd = lookup, .events = POLLIN};
  struct wmrec_posix_addresses found;
  struct sockaddr_in address;

  assert_int_equal(poll(&entry, 1, WAIT_MAX), 1);
  assert_int_equal(recv(lookup, &found, sizeof found, MSG_PEEK), sizeof found);
  assert_int_equal(found.error, 0);
  assert_int_equal(found.count, 1);
  assert_int_equal(found.address[0].length, sizeof address);
  memcpy(&address, found.address[0].bytes, sizeof address);
  assert_int_equal(ntohs(address.sin_port), number);
  close(lookup);
}

static int open_descriptors(void)
{
  int count = 0;

  for (int descriptor = 0; descriptor < 1024; descriptor++)
    count += fcntl(descriptor, F_GETFD) != -1;
  return count;
}

static int descriptors; /* the number that was open before the test */

static int begin(void **state)
{
  (void)state;
  descriptors = open_descriptors();
  resolver.permits = 0;
  resolver.calls = 0;
  resolver.max_at_once = 0;
  return 0;
}

/* Lets all lookups end. No descriptor may stay open. */
static int end(void **state)
{
  (void)state;
  permit(INT_MAX);
  for (int tries = 0; tries < WAIT_MAX / 10 && open_descriptors() != descriptors; tries++)
    usleep(10000);
  return open_descriptors() - descriptors;
}

static void all_callers_who_ask_for_a_name_share_one_lookup_and_get_its_answer(void **state)
{
  int lookups[40];

  (void)state;
  for (int i = 0; i < 40; i++)
    lookups[i] = ask(7);
  permit(INT_MAX);
  for (int i = 0; i < 40; i++)
    assert_answer(lookups[i], 7);
  assert_int_equal(resolver.calls, 1);
}

static void names_are_compared_without_regard_to_case(void **state)
{
  struct wmrec_posix_addresses found;
  const int lookup = wmrec_posix_lookup("7.TEST", &found);
  const int other = wmrec_posix_lookup("7.test", &found);

  (void)state;
  permit(INT_MAX);
  assert_answer(lookup, 7);
  assert_answer(other, 7);
  assert_int_equal(resolver.calls, 1);
}

static void a_name_that_is_given_up_and_asked_for_again_is_looked_up_once(void **state)
{
  int lookup;

  (void)state;
  for (int i = 0; i < 1000; i++)
    close(ask(7));
  lookup = ask(7);
  permit(INT_MAX);
  assert_answer(lookup, 7);
  assert_int_equal(resolver.calls, 1);
}

static void a_name_is_looked_up_again_once_its_answer_has_come(void **state)
{
  (void)state;
  permit(INT_MAX);
  assert_answer(ask(7), 7);
  end(state);
  assert_answer(ask(7), 7);
  assert_int_equal(resolver.calls, 2);
}

static void the_number_of_lookups_at_the_same_time_is_limited_and_all_names_get_their_answers(void **state)
{
  int lookups[WMREC_POSIX_NAMES];

  (void)state;
  for (int i = 0; i < WMREC_POSIX_NAMES; i++)
    lookups[i] = ask(i);
  await_calls(WMREC_POSIX_LOOKUPS);
  permit(INT_MAX);
  for (int i = 0; i < WMREC_POSIX_NAMES; i++)
    assert_answer(lookups[i], i);
  assert_int_equal(resolver.calls, WMREC_POSIX_NAMES);
  assert_int_equal(resolver.max_at_once, WMREC_POSIX_LOOKUPS);
}

static void names_are_looked_up_in_the_order_of_the_requests(void **state)
{
  int lookups[WMREC_POSIX_LOOKUPS + 3];

  (void)state;
  for (int i = 0; i < WMREC_POSIX_LOOKUPS + 3; i++)
    lookups[i] = ask(i);
  await_calls(WMREC_POSIX_LOOKUPS);
  for (int i = WMREC_POSIX_LOOKUPS; i < WMREC_POSIX_LOOKUPS + 3; i++) {
    permit(1);
    await_calls(i + 1);
    assert_int_equal(resolver.last, i);
  }
  permit(INT_MAX);
  for (int i = 0; i < WMREC_POSIX_LOOKUPS + 3; i++)
    assert_answer(lookups[i], i);
}

static void a_name_that_does_not_fit_the_queue_is_refused_and_the_queued_names_are_not(void **state)
{
  int lookups[WMREC_POSIX_NAMES];
  int again;

  (void)state;
  for (int i = 0; i < WMREC_POSIX_NAMES; i++)
    lookups[i] = ask(i);
  assert_int_equal(ask(WMREC_POSIX_NAMES), -1);
  assert_int_equal(errno, EAGAIN);
  again = ask(WMREC_POSIX_NAMES - 1);
  permit(INT_MAX);
  for (int i = 0; i < WMREC_POSIX_NAMES; i++)
    assert_answer(lookups[i], i);
  assert_answer(again, WMREC_POSIX_NAMES - 1);
}

static void an_empty_name_and_a_name_that_is_too_long_are_not_looked_up(void **state)
{
  struct wmrec_posix_addresses found;
  char host[257];

  (void)state;
  memset(host, 'a', 256);
  host[256] = '\0';
  assert_int_equal(wmrec_posix_lookup(host, &found), WMREC_POSIX_FOUND);
  assert_int_equal(found.error, EAI_NONAME);
  assert_int_equal(wmrec_posix_lookup("", &found), WMREC_POSIX_FOUND);
  assert_int_equal(found.error, EAI_NONAME);
  assert_int_equal(resolver.calls, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(all_callers_who_ask_for_a_name_share_one_lookup_and_get_its_answer),
      TEST(names_are_compared_without_regard_to_case),
      TEST(a_name_that_is_given_up_and_asked_for_again_is_looked_up_once),
      TEST(a_name_is_looked_up_again_once_its_answer_has_come),
      TEST(the_number_of_lookups_at_the_same_time_is_limited_and_all_names_get_their_answers),
      TEST(names_are_looked_up_in_the_order_of_the_requests),
      TEST(a_name_that_does_not_fit_the_queue_is_refused_and_the_queued_names_are_not),
      TEST(an_empty_name_and_a_name_that_is_too_long_are_not_looked_up),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
