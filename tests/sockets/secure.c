/* TLS over another transport.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "secure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tls.h"
#include "tls_platform.h"

static unsigned char memory[65536] __attribute__((aligned(8)));
static unsigned char text[65536];
static struct wmrec_der_roots roots = {.der = text};
static struct wmrec_tls tls;

static bool random_bytes(void *bytes, size_t length)
{
  return getentropy(bytes, length) == 0;
}

static int64_t now(void)
{
  return time(NULL);
}

static void read_roots(const char *name)
{
  FILE *file = fopen(name, "r");

  if (file == NULL)
    exit(EXIT_FAILURE);
  roots.length = wmrec_roots_decode(text, fread(text, 1, sizeof text, file));
  fclose(file);
}

struct wmrec_transport secure_transport(struct wmrec_transport inner, const char *roots_name)
{
  static struct wmrec_tls_platform platform = {.random = random_bytes, .now = now};

  read_roots(roots_name);
  wmrec_arena_init(&platform.arena, memory, sizeof memory);
  if (wmrec_tls_start(&platform) != WMREC_OK)
    exit(EXIT_FAILURE);
  tls = (struct wmrec_tls){.inner = inner, .roots = wmrec_roots_from_der(&roots)};
  return wmrec_tls_transport(&tls);
}

void secure_end(void)
{
  wmrec_tls_stop();
}
