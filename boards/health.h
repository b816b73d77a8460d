/* Health tests of a noise source whose samples are single bits: the repetition count test and the adaptive proportion
 * test of NIST SP 800-90B, 4.4.1 and 4.4.2. They find a source that has broken down, not one that somebody can predict:
 * alternating bits pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_HEALTH_H
#define WMREC_HEALTH_H

/* The cutoffs, for a source that has at least H = 0.4 bits of min-entropy per sample: such a source fails a test with a
 * probability of at most 2^-20, per sample or window. */
enum {
  HEALTH_REPETITIONS = 51, /* 1 + ceil(20 / H): so many equal samples in a row are a failure */
  HEALTH_WINDOW = 1024,    /* samples, the first of which is compared with the others */
  HEALTH_PROPORTION = 840  /* 1 + critbinom(1024, 2^-H, 1 - 2^-20): so many equal samples in a window are a failure */
};

enum health_result {
  HEALTH_OK,
  HEALTH_STUCK, /* the repetition count test has failed */
  HEALTH_BIASED /* the adaptive proportion test has failed */
};

/* Zero all fields. */
struct health {
  /* To be read: the first failure; HEALTH_OK: none so far. */
  enum health_result result;

  /* Private. */
  unsigned last;        /* the last sample */
  unsigned repetitions; /* how often it has come in a row; 0: there was no sample yet */
  unsigned first;       /* the first sample of the window */
  unsigned samples;     /* in the window so far */
  unsigned proportion;  /* how many of them are equal to the first, that one included */
};

/* Tests the next sample, 0 or 1. */
void health_add(struct health *health, unsigned sample);

/* Returns "ok", "stuck" or "biased". Static. */
const char *health_result_name(enum health_result result);

#endif
