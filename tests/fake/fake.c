/* A transport that follows a script.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fake.h"

#include <string.h>

/* Returns the next step of the script if it is this call; otherwise NULL. */
static const struct fake_step *next_step(struct fake *fake, int call)
{
  const struct fake_step *step = &fake->steps[fake->step];

  if ((int)step->call != call) {
    fake->is_off_script = true;
    return NULL;
  }
  fake->step++;
  return step;
}

static int fake_open(void *context, const char *host, uint16_t port, uint32_t time_left)
{
  struct fake *fake = context;
  const struct fake_step *step = next_step(fake, FAKE_OPEN);

  (void)host;
  fake->time_left = time_left;
  fake->port = port;
  fake->is_open = true;
  return step == NULL ? WMREC_ERROR_SYSTEM : step->result;
}

static int fake_send(void *context, const void *bytes, size_t length, size_t *sent)
{
  struct fake *fake = context;
  const struct fake_step *step = next_step(fake, FAKE_SEND);

  if (step == NULL || step->result != WMREC_OK)
    return step == NULL ? WMREC_ERROR_SYSTEM : step->result;
  *sent = step->max_length != 0 && step->max_length < length ? step->max_length : length;
  memcpy(fake->sent + fake->sent_length, bytes, *sent);
  fake->sent_length += *sent;
  return WMREC_OK;
}

static int fake_receive(void *context, void *bytes, size_t size, size_t *received)
{
  struct fake *fake = context;
  const struct fake_step *step = next_step(fake, FAKE_RECEIVE);

  if (step == NULL)
    return WMREC_ERROR_SYSTEM;
  if (step->result == WMREC_OK || step->bytes != NULL)
    *received = step->bytes == NULL ? 0 : strlen(step->bytes);
  if (*received > size)
    fake->is_off_script = true;
  else
    memcpy(bytes, step->bytes == NULL ? "" : step->bytes, *received);
  return step->result;
}

static void fake_close(void *context)
{
  struct fake *fake = context;

  if (fake->is_open)
    next_step(fake, FAKE_CLOSE);
  fake->is_open = false;
}

struct wmrec_transport fake_transport(struct fake *fake, bool is_verified_tls)
{
  static const struct wmrec_transport_functions tls = {
      .is_verified_tls = true, .open = fake_open, .send = fake_send, .receive = fake_receive, .close = fake_close};
  static const struct wmrec_transport_functions plain = {
      .is_verified_tls = false, .open = fake_open, .send = fake_send, .receive = fake_receive, .close = fake_close};

  return (struct wmrec_transport){.functions = is_verified_tls ? &tls : &plain, .context = fake};
}
