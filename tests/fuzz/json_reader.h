/* RFC 8259, read a second time: for the tests, and apart from core/json.c in all but the question.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FUZZ_JSON_READER_H
#define WMREC_FUZZ_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>

/* What a text says. The members counted are those of the root object that are called "status". */
struct json_reading {
  bool is_json;
  bool is_object;
  unsigned members;
  bool is_string;            /* the last of them */
  const unsigned char *text; /* what stands between its quotes */
  size_t text_length;
  char value[16]; /* what it means; "": no ASCII, or longer than that */
};

void json_read(const void *text, size_t length, struct json_reading *reading);

#endif
