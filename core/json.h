/* JSON that is known to be valid; not for users. jsmn finds the tokens, json.c checks all that jsmn lets pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_JSON_H
#define WMREC_JSON_H

#include <jsmn.h>

#include "internal.h"

/* Checks that a text is JSON (RFC 8259) through and through, and finds the value of the root object's only member of
 * that name, ASCII: in *value, NULL if there is no such member, or more than one, or no root object. text[length] is
 * '\0'. Returns WMREC_OK, WMREC_ERROR_JSON or WMREC_ERROR_TOKENS. */
int wmrec_json_member(const char *text, size_t length, jsmntok_t *tokens, unsigned capacity, const char *name,
                      const jsmntok_t **value);

/* Whether a string that jsmn has found means these ASCII characters: 1 or 0; -1: it is no valid string. */
int wmrec_json_compare(const char *text, const jsmntok_t *string, const char *ascii);

#endif
