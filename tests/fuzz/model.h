/* Makes answers from bytes, together with their expected results: by the rules of RFC 9110, 9112 and 8259 and of
 * core/wmrec.h, without a parser. An answer is legal, in one of many forms, or breaks exactly one rule.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_FUZZ_MODEL_H
#define WMREC_FUZZ_MODEL_H

#include "choices.h"
#include "observe.h"

#define ANSWER_MOST 16384
#define MODEL_BODY_MOST 1024

/* A notable property of an answer. */
enum trait {
  TRAIT_NONE,

  /* Legal, but not accepted by every reader. */
  VERSION_HIGHER,
  STATUS_OUT_OF_CLASSES,
  REASON_EMPTY,
  REASON_OBS_TEXT,
  STATUS_NO_SPACE_AFTER,
  LENGTH_ZEROS,
  LENGTH_LIST,
  LENGTH_REPEATED,
  CONNECTION_EMPTY_ELEMENT,
  VALUE_OBS_TEXT,
  VALUE_TAB_AFTER,
  CHUNK_ZEROS,
  CHUNK_EXTENSION,
  CHUNK_EXTENSION_QUOTED,
  CHUNK_EXTENSION_SPACE,
  TRAILER,
  TRAILER_FRAMING,
  INTERIM,
  INTERIM_FRAMING,
  INTERIM_CLOSE,
  LEFT_OVER,
  STATUS_MEMBER_TWICE,

  /* A broken rule of RFC 9112. */
  FIRST_FAULT,
  EMPTY_LINE_FIRST = FIRST_FAULT,
  VERSION_WRONG,
  STATUS_TWO_DIGITS,
  STATUS_FOUR_DIGITS,
  STATUS_TWO_SPACES_BEFORE,
  LINE_END_BARE_LF,
  LINE_END_BARE_CR,
  LINE_END_CR_CR_LF,
  FIELD_SPACE_FIRST,
  FIELD_NAME_BAD_BYTE,
  FIELD_NAME_EMPTY,
  FIELD_SPACE_BEFORE_COLON,
  FIELD_NO_COLON,
  FIELD_VALUE_CONTROL,
  FIELD_VALUE_DEL,
  LENGTH_NOT_A_NUMBER,
  LENGTH_EMPTY_ELEMENT,
  LENGTH_DIFFERING,
  LENGTH_TOO_LARGE,
  CODING_OTHER,
  CODING_TWICE,
  CODING_EMPTY_ELEMENT,
  CODING_IN_1_0,
  CODING_AND_LENGTH,
  CONTENT_CODED,
  CHUNK_NO_DIGITS,
  CHUNK_SIZE_PREFIX,
  CHUNK_SIZE_OVERFLOW,
  CHUNK_SIZE_SPACE_AFTER,
  CHUNK_SIZE_OTHER_AFTER,
  CHUNK_EXTENSION_CONTROL,
  CHUNK_NOT_CLOSED,
  CHUNK_TOO_SHORT,
  CHUNK_TOO_LONG,
  CUT_SHORT,

  /* A broken rule of RFC 8259. */
  FIRST_BODY_FAULT,
  BODY_EMPTY = FIRST_BODY_FAULT,
  BODY_BYTE_ORDER_MARK,
  BODY_WHITE_SPACE,
  BODY_VALUE,
  BODY_NAME,
  BODY_MISSING_COMMA,
  BODY_TRAILING_COMMA,
  BODY_MISSING_COLON,
  BODY_UNCLOSED,
  BODY_CLOSED_WRONG,
  BODY_MORE_AFTER,

  TRAIT_COUNT
};

struct answer {
  unsigned char bytes[ANSWER_MOST];
  size_t length;
  enum ending ending;
  bool has_trait[TRAIT_COUNT];

  /* The expected outcome. */
  int result;
  int http_status;
  enum wmrec_recording recording;
  bool keep_alive;
  uint32_t retry_after;
  uint32_t age;
  bool is_complete; /* `taken` bytes are taken, and the body is `body` */
  size_t taken;
  unsigned char body[MODEL_BODY_MOST];
  size_t body_length;
};

void model_answer(struct choices *choices, struct answer *answer);

/* Returns "length-list", ... Static. */
const char *model_trait_name(enum trait trait);

/* Within the model: the rule to break, and the place. */
struct fault {
  enum trait trait; /* TRAIT_NONE: none, or already broken */
  unsigned places;  /* places to leave valid before the one to break */
};

/* True if this rule is to be broken here. */
bool model_breaks(struct fault *fault, enum trait trait, struct answer *answer);

/* Makes the body of a 200: answer->body, body_length and recording. Returns the expected result. */
int model_body(struct choices *choices, struct fault *fault, struct answer *answer);

#endif
