/* JSON, RFC 8259; not for users. jsmn finds the tokens, json.c checks all that jsmn lets pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_JSON_H
#define WMREC_JSON_H

#include "internal.h"

/* Checks that the body is JSON through and through, and finds the root object's only member of that name, ASCII: if its
 * value is a string, that is the status text. Returns WMREC_OK, WMREC_ERROR_JSON, WMREC_ERROR_TOKENS or, if the body is
 * JSON but has no such string, WMREC_ERROR_NO_STATUS. */
int wmrec_json_member(struct wmrec_exchange *x, const char *name);

/* Whether a string means these letters, of ASCII: 1 or 0; -1: it is no valid string. jsmn has checked its escapes, and
 * its closing quote is at `end`. */
int wmrec_json_compare(const char *next, const char *end, const char *ascii);

#endif
