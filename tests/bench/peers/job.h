/* The job that each peer does, for make bench: NAME.c is one, linked with job.c and a reader of JSON.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TESTS_BENCH_JOB_H
#define WMREC_TESTS_BENCH_JOB_H

#include <stdbool.h>
#include <stddef.h>

/* The API's three words, by the numbers that wmrec.h gives them. */
enum status { UNKNOWN, NEVER_STARTED, RECORDING, STOPPED };

/* Reads the answer, which comes in pieces of `piece` bytes at most, and returns the status that it says; UNKNOWN: it is
 * no complete 200 with one. A peer that builds requests builds this one first. */
enum status job(const char *answer, size_t length, size_t piece);

/* The status that the body says, by json_jsmn.c or json_cjson.c; UNKNOWN: it says none. */
enum status json_status(const char *body, size_t length);

/* The status that these bytes are the word for. */
enum status status_of(const char *word, size_t length);

#define BODY_MOST 512

/* What a parser with callbacks has made of the answer so far. */
struct answer {
  size_t length; /* of the body */
  bool is_complete;
  char body[BODY_MOST];
};

/* Puts a part of the body behind the others: false if it does not fit. */
bool answer_add(struct answer *answer, const char *bytes, size_t length);

#endif
