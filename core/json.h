/* JSON, RFC 8259. Not for users.
 *
 * jsmn finds the tokens; json.c and json_scalar.c check what jsmn does not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_JSON_H
#define WMREC_JSON_H

#include "internal.h"

/* json.c: checks that the body is JSON, and finds the root object's only member of this name, in ASCII. If the value is
 * a string, it becomes the status text. Returns WMREC_OK, WMREC_ERROR_JSON, WMREC_ERROR_TOKENS or, if the body is JSON
 * without such a member, WMREC_ERROR_NO_STATUS. */
int wmrec_json_member(struct wmrec_exchange *x, const char *name);

/* json_scalar.c: compares a string with a text in ASCII: 1 if equal, 0 if not, -1 if the string is not valid. The
 * string's closing quote is at `end`; jsmn has checked its escapes. */
int wmrec_json_compare(const char *next, const char *end, const char *ascii);

/* json_scalar.c: 0 for a number, true, false or null; -1 for anything else. A byte that none of them has is at `end`.
 */
int wmrec_json_primitive(const char *next, const char *end);

#endif
