/* A second reader of RFC 8259 for the tests, independent of core/json.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FUZZ_JSON_READER_H
#define WMREC_FUZZ_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>

/* The reading of a text. `members` counts the members of the root object that are called "status". */
struct json_reading {
  bool is_json;
  bool is_object;
  unsigned members;
  bool is_string;            /* the last of them */
  const unsigned char *text; /* the bytes between its quotes */
  size_t text_length;
  char value[16]; /* without escapes; "": not ASCII, or longer */
};

void json_read(const void *text, size_t length, struct json_reading *reading);

#endif
