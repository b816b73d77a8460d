/* port/posix/lookup.c, with a resolver of the test's own, which answers when the test lets it.
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
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix.h"

/* Of a wait, in ms: far more than any takes. Whatever has not come by then does not come. */
enum { PATIENCE = 60000 };

/* The resolver. Names are "0.test", "1.test", ...; the address of a name has its number as its port. */
static struct {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  int permits;   /* so many calls may return */
  int calls;     /* how many there were */
  int under_way; /* how many have not returned */
  int most;      /* how many of them there were at the same time */
  int last;      /* the number of the name that was asked for last */
} resolver = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static struct sockaddr_in addresses[WMREC_POSIX_NAMES];
static struct addrinfo answers[WMREC_POSIX_NAMES];

/* In place of the C library's. */
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
  if (resolver.under_way > resolver.most)
    resolver.most = resolver.under_way;
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

static void let(int permits)
{
  pthread_mutex_lock(&resolver.mutex);
  resolver.permits = permits;
  pthread_cond_broadcast(&resolver.changed);
  pthread_mutex_unlock(&resolver.mutex);
}

/* Waits until the resolver was called so many times. */
static void await_calls(int calls)
{
  struct timespec end;

  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += PATIENCE / 1000;
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

/* Waits for the answer: it must be the one of this number. */
static void assert_answer(int lookup, int number)
{
  struct pollfd waited_for = {.fd = lookup, .events = POLLIN};
  struct wmrec_posix_addresses found;

  assert_int_equal(poll(&waited_for, 1, PATIENCE), 1);
  assert_int_equal(recv(lookup, &found, sizeof found, MSG_PEEK), sizeof found);
  assert_int_equal(found.error, 0);
  assert_int_equal(found.count, 1);
  assert_int_equal(ntohs(found.address[0].v4.sin_port), number);
  close(lookup);
}

static int open_descriptors(void)
{
  int count = 0;

  for (int descriptor = 0; descriptor < 1024; descriptor++)
    count += fcntl(descriptor, F_GETFD) != -1;
  return count;
}

static int descriptors; /* how many were open before the test */

static int begin(void **state)
{
  (void)state;
  descriptors = open_descriptors();
  resolver.permits = 0;
  resolver.calls = 0;
  resolver.most = 0;
  return 0;
}

/* Lets all lookups end; none may leave a descriptor open. */
static int end(void **state)
{
  (void)state;
  let(INT_MAX);
  for (int tries = 0; tries < PATIENCE / 10 && open_descriptors() != descriptors; tries++)
    usleep(10000);
  return open_descriptors() - descriptors;
}

static void all_who_ask_for_a_name_share_one_lookup_and_get_its_answer(void **state)
{
  int lookups[40];

  (void)state;
  for (int i = 0; i < 40; i++)
    lookups[i] = ask(7);
  let(INT_MAX);
  for (int i = 0; i < 40; i++)
    assert_answer(lookups[i], 7);
  assert_int_equal(resolver.calls, 1);
}

static void a_name_is_the_same_in_any_case(void **state)
{
  struct wmrec_posix_addresses found;
  const int lookup = wmrec_posix_lookup("7.TEST", &found);
  const int other = wmrec_posix_lookup("7.test", &found);

  (void)state;
  let(INT_MAX);
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
  let(INT_MAX);
  assert_answer(lookup, 7);
  assert_int_equal(resolver.calls, 1);
}

static void an_answer_is_for_those_who_have_asked_before_it_came(void **state)
{
  (void)state;
  let(INT_MAX);
  assert_answer(ask(7), 7);
  end(state);
  assert_answer(ask(7), 7);
  assert_int_equal(resolver.calls, 2);
}

static void at_most_so_many_names_are_looked_up_at_the_same_time_and_all_get_their_answers(void **state)
{
  int lookups[WMREC_POSIX_NAMES];

  (void)state;
  for (int i = 0; i < WMREC_POSIX_NAMES; i++)
    lookups[i] = ask(i);
  await_calls(WMREC_POSIX_LOOKUPS);
  let(INT_MAX);
  for (int i = 0; i < WMREC_POSIX_NAMES; i++)
    assert_answer(lookups[i], i);
  assert_int_equal(resolver.calls, WMREC_POSIX_NAMES);
  assert_int_equal(resolver.most, WMREC_POSIX_LOOKUPS);
}

static void names_are_looked_up_in_the_order_in_which_they_were_asked_for(void **state)
{
  int lookups[WMREC_POSIX_LOOKUPS + 3];

  (void)state;
  for (int i = 0; i < WMREC_POSIX_LOOKUPS + 3; i++)
    lookups[i] = ask(i);
  await_calls(WMREC_POSIX_LOOKUPS);
  for (int i = WMREC_POSIX_LOOKUPS; i < WMREC_POSIX_LOOKUPS + 3; i++) {
    let(1);
    await_calls(i + 1);
    assert_int_equal(resolver.last, i);
  }
  let(INT_MAX);
  for (int i = 0; i < WMREC_POSIX_LOOKUPS + 3; i++)
    assert_answer(lookups[i], i);
}

static void one_name_too_many_is_refused_and_those_in_the_queue_are_not(void **state)
{
  int lookups[WMREC_POSIX_NAMES];
  int again;

  (void)state;
  for (int i = 0; i < WMREC_POSIX_NAMES; i++)
    lookups[i] = ask(i);
  assert_int_equal(ask(WMREC_POSIX_NAMES), -1);
  assert_int_equal(errno, EAGAIN);
  again = ask(WMREC_POSIX_NAMES - 1);
  let(INT_MAX);
  for (int i = 0; i < WMREC_POSIX_NAMES; i++)
    assert_answer(lookups[i], i);
  assert_answer(again, WMREC_POSIX_NAMES - 1);
}

static void no_name_and_one_that_is_too_long_are_not_looked_up(void **state)
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

#define LOOKUP_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
  const struct CMUnitTest tests[] = {
      LOOKUP_TEST(all_who_ask_for_a_name_share_one_lookup_and_get_its_answer),
      LOOKUP_TEST(a_name_is_the_same_in_any_case),
      LOOKUP_TEST(a_name_that_is_given_up_and_asked_for_again_is_looked_up_once),
      LOOKUP_TEST(an_answer_is_for_those_who_have_asked_before_it_came),
      LOOKUP_TEST(at_most_so_many_names_are_looked_up_at_the_same_time_and_all_get_their_answers),
      LOOKUP_TEST(names_are_looked_up_in_the_order_in_which_they_were_asked_for),
      LOOKUP_TEST(one_name_too_many_is_refused_and_those_in_the_queue_are_not),
      LOOKUP_TEST(no_name_and_one_that_is_too_long_are_not_looked_up),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
