/* The job that each peer does, for make bench. Each peer is linked with job.c and, except wmrec, with a JSON parser.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_TESTS_BENCH_JOB_H
#define WMREC_TESTS_BENCH_JOB_H

#include <stdbool.h>
#include <stddef.h>

/* The API's three words, with the numbers of enum wmrec_recording. */
enum status { UNKNOWN, NEVER_STARTED, RECORDING, STOPPED };

/* Reads an answer in pieces of at most `piece` bytes, and returns its status; UNKNOWN if it is not a complete 200 with
 * a status. A peer that can build requests builds the request first. */
enum status job(const char *answer, size_t length, size_t piece);

/* Returns the status in a body; UNKNOWN: it has none. In json_jsmn.c and json_cjson.c. */
enum status json_status(const char *body, size_t length);

/* Returns the status with this word, or UNKNOWN. */
enum status status_of(const char *word, size_t length);

#define BODY_MAX 512

/* The part of an answer that a parser with callbacks has read. */
struct answer {
  size_t length; /* of body, in bytes */
  bool is_complete;
  char body[BODY_MAX];
};

/* Appends a part of the body; false if it does not fit. */
bool answer_add(struct answer *answer, const char *bytes, size_t length);

#endif
