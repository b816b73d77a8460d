/* Answers, from the status line on, in the order of their bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "model.h"

#include <stdio.h>
#include <string.h>

enum framing { BY_LENGTH, BY_CHUNKS, BY_CLOSE };

struct writer {
  struct choices *choices;
  struct answer *answer;
  struct fault fault;
  enum framing framing;
  size_t cut; /* the stream ends before this byte; SIZE_MAX: it does not */
  int body_result;
  int outcome;     /* of the HTTP status, once its header section has come: later errors change nothing */
  bool is_settled; /* later bytes change nothing */
  bool is_http_1_0;
  bool is_kept_alive;
  bool is_closing;
};

/* In the order of enum trait. */
static const char *const trait_names[TRAIT_COUNT] = {"none",
                                                     "version-higher",
                                                     "status-out-of-classes",
                                                     "reason-empty",
                                                     "reason-obs-text",
                                                     "status-no-space-after",
                                                     "length-zeros",
                                                     "length-list",
                                                     "length-repeated",
                                                     "connection-empty-element",
                                                     "value-obs-text",
                                                     "value-tab-after",
                                                     "chunk-zeros",
                                                     "chunk-extension",
                                                     "chunk-extension-quoted",
                                                     "chunk-extension-space",
                                                     "trailer",
                                                     "trailer-framing",
                                                     "interim",
                                                     "interim-framing",
                                                     "interim-close",
                                                     "left-over",
                                                     "status-member-twice",
                                                     "empty-line-first",
                                                     "version-wrong",
                                                     "status-two-digits",
                                                     "status-four-digits",
                                                     "status-two-spaces-before",
                                                     "line-end-bare-lf",
                                                     "line-end-bare-cr",
                                                     "line-end-cr-cr-lf",
                                                     "field-space-first",
                                                     "field-name-bad-byte",
                                                     "field-name-empty",
                                                     "field-space-before-colon",
                                                     "field-no-colon",
                                                     "field-value-control",
                                                     "field-value-del",
                                                     "length-not-a-number",
                                                     "length-empty-element",
                                                     "length-differing",
                                                     "length-too-large",
                                                     "coding-other",
                                                     "coding-twice",
                                                     "coding-empty-element",
                                                     "coding-in-1-0",
                                                     "coding-and-length",
                                                     "content-coded",
                                                     "chunk-no-digits",
                                                     "chunk-size-prefix",
                                                     "chunk-size-overflow",
                                                     "chunk-size-space-after",
                                                     "chunk-size-other-after",
                                                     "chunk-extension-control",
                                                     "chunk-not-closed",
                                                     "chunk-too-short",
                                                     "chunk-too-long",
                                                     "cut-short",
                                                     "body-empty",
                                                     "body-byte-order-mark",
                                                     "body-white-space",
                                                     "body-value",
                                                     "body-name",
                                                     "body-missing-comma",
                                                     "body-trailing-comma",
                                                     "body-missing-colon",
                                                     "body-unclosed",
                                                     "body-closed-wrong",
                                                     "body-more-after"};

const char *model_trait_name(enum trait trait)
{
  return trait_names[trait];
}

bool model_breaks(struct fault *fault, enum trait trait, struct answer *answer)
{
  if (fault->trait != trait || fault->places-- > 0)
    return false;
  fault->trait = TRAIT_NONE;
  answer->has_trait[trait] = true;
  return true;
}

static bool breaks(struct writer *w, enum trait trait)
{
  return model_breaks(&w->fault, trait, w->answer);
}

static const char *any_of(struct writer *w, const char *const *texts, size_t count)
{
  return texts[choose(w->choices, count)];
}

/* Sets the result, unless it is set. */
static void settle(struct writer *w, int result)
{
  if (w->is_settled)
    return;
  w->is_settled = true;
  w->answer->result = result <= 0 && w->outcome != WMREC_OK ? w->outcome : result;
}

static void settle_cut_short(struct writer *w)
{
  if (w->is_settled)
    return;
  w->answer->has_trait[CUT_SHORT] = true;
  if (w->answer->ending == END_OPEN)
    settle(w, WMREC_WANT_READ);
  else
    settle(w, w->answer->length == 0 ? WMREC_ERROR_CLOSED : WMREC_ERROR_TRUNCATED);
}

static void put_bytes(struct writer *w, const void *bytes, size_t length)
{
  struct answer *answer = w->answer;

  if (length > w->cut - answer->length) {
    length = w->cut - answer->length;
    memcpy(answer->bytes + answer->length, bytes, length);
    answer->length += length;
    settle_cut_short(w);
    return;
  }
  require(length <= sizeof answer->bytes - answer->length, "the model's answers are shorter");
  memcpy(answer->bytes + answer->length, bytes, length);
  answer->length += length;
}

static void put(struct writer *w, const char *text)
{
  put_bytes(w, text, strlen(text));
}

/* A CRLF, or another end with its error. */
static void end_line(struct writer *w, int error)
{
  bool is_broken = true;

  if (breaks(w, LINE_END_BARE_LF))
    put(w, "\n");
  else if (breaks(w, LINE_END_BARE_CR))
    put(w, "\rX");
  else if (breaks(w, LINE_END_CR_CR_LF))
    put(w, "\r\r\n");
  else
    is_broken = false;
  if (is_broken)
    settle(w, error);
  else
    put(w, "\r\n");
}

/* A word with its letters in any case. */
static void put_word(struct writer *w, const char *word)
{
  const unsigned change = choose(w->choices, 4) == 0 ? choose(w->choices, 256) : 0;

  for (size_t i = 0; word[i] != '\0'; i++) {
    const bool is_letter = (word[i] | 0x20) >= 'a' && (word[i] | 0x20) <= 'z';
    const char c = (char)(is_letter && change >> i % 8 & 1 ? word[i] ^ 0x20 : word[i]);

    put_bytes(w, &c, 1);
  }
}

/* RFC 9110, section 5.6.3. Returns its length. */
static const char *put_white_space(struct writer *w)
{
  static const char *const spaces[] = {" ", " ", "", "  ", "\t", " \t "};
  const char *space = any_of(w, spaces, COUNT(spaces));

  put(w, space);
  return space;
}

/* A field's name and colon (RFC 9112, section 5). */
static void begin_field(struct writer *w, const char *name)
{
  static const char bad[] = " \"(),/;<=>?@[\\]{}\x80\xff\x01"; /* and a NUL */
  bool is_broken = true;

  if (breaks(w, FIELD_SPACE_FIRST)) {
    put(w, " ");
  } else if (breaks(w, FIELD_NAME_BAD_BYTE)) {
    put(w, "x");
    put_bytes(w, bad + choose(w->choices, sizeof bad), 1);
  } else if (breaks(w, FIELD_NAME_EMPTY)) {
    name = "";
  } else {
    is_broken = false;
  }
  put_word(w, name);
  if (breaks(w, FIELD_SPACE_BEFORE_COLON)) {
    put(w, " ");
    is_broken = true;
  }
  if (breaks(w, FIELD_NO_COLON)) {
    put(w, "\r\n");
    is_broken = true;
  } else {
    put(w, ":");
  }
  if (is_broken)
    settle(w, WMREC_ERROR_HEADER);
  put_white_space(w);
}

static void end_field(struct writer *w)
{
  static const char controls[] = "\x01\x08\x0b\x1f"; /* and a NUL */

  if (choose(w->choices, 4) == 3 && strchr(put_white_space(w), '\t') != NULL)
    w->answer->has_trait[VALUE_TAB_AFTER] = true;
  if (breaks(w, FIELD_VALUE_CONTROL)) {
    put_bytes(w, controls + choose(w->choices, sizeof controls), 1);
    settle(w, WMREC_ERROR_HEADER);
  }
  if (breaks(w, FIELD_VALUE_DEL)) {
    put(w, "\x7f");
    settle(w, WMREC_ERROR_HEADER);
  }
  end_line(w, WMREC_ERROR_HEADER);
}

static void put_field(struct writer *w, const char *name, const char *value)
{
  begin_field(w, name);
  put(w, value);
  end_field(w);
}

/* RFC 9110, section 8.6. */
static void put_length(struct writer *w)
{
  static const char *const no_numbers[] = {"",       "+22",  "-1",   "22.0", "0x16", "22 22", "22x",
                                           "\"22\"", "2\t2", "22;a", "1e1",  "\xb2", "x",     "22 x"};
  static const char *const too_large[] = {"4294967", "5000000", "4294967318", "18446744073709551638",
                                          "99999999999999999999999999"};
  bool *const has_trait = w->answer->has_trait;
  const unsigned length = (unsigned)w->answer->body_length;
  const unsigned form = choose(w->choices, 8);
  char value[64];
  int error = WMREC_ERROR_CONTENT_LENGTH;

  if (breaks(w, LENGTH_NOT_A_NUMBER)) {
    put_field(w, "Content-Length", any_of(w, no_numbers, COUNT(no_numbers)));
  } else if (breaks(w, LENGTH_TOO_LARGE)) {
    put_field(w, "Content-Length", any_of(w, too_large, COUNT(too_large)));
  } else if (breaks(w, LENGTH_EMPTY_ELEMENT)) {
    static const char *const forms[] = {"%u,", ",%u", "%u, ,%u"};

    snprintf(value, sizeof value, any_of(w, forms, COUNT(forms)), length, length);
    put_field(w, "Content-Length", value);
  } else if (breaks(w, LENGTH_DIFFERING)) {
    snprintf(value, sizeof value, form & 1 ? "%u, %u" : "%u", length + 1, length);
    put_field(w, "Content-Length", value);
    snprintf(value, sizeof value, "%u", length);
    put_field(w, "Content-Length", value);
  } else {
    static const char *const forms[] = {"%u", "%u", "%u", "%u", "%u", "000%u", "%u , %u", "%u"};

    snprintf(value, sizeof value, forms[form], length, length);
    put_field(w, "Content-Length", value);
    if (form == 7)
      put_field(w, "Content-Length", value);
    has_trait[LENGTH_ZEROS] |= form == 5;
    has_trait[LENGTH_LIST] |= form == 6;
    has_trait[LENGTH_REPEATED] |= form == 7;
    return;
  }
  settle(w, error);
}

/* RFC 9112, section 6.1. */
static void put_coding(struct writer *w)
{
  static const char *const others[] = {"gzip",        "gzip, chunked", "chunked, gzip", "identity", "chunked;q=1",
                                       "chunked x",   "chunkedx",      "xchunked",      "chunke",   "\"chunked\"",
                                       "chunked;a=b", "x chunked",     "\xe3hunked"};
  static const char *const empty[] = {"", ",chunked", "chunked,", "chunked, ,"};

  begin_field(w, "Transfer-Encoding");
  if (breaks(w, CODING_OTHER)) {
    put(w, any_of(w, others, COUNT(others)));
  } else if (breaks(w, CODING_EMPTY_ELEMENT)) {
    put(w, any_of(w, empty, COUNT(empty)));
  } else if (breaks(w, CODING_TWICE)) {
    put(w, "chunked");
    if (choose(w->choices, 2) == 0) {
      put(w, ", ");
    } else {
      end_field(w);
      begin_field(w, "Transfer-Encoding");
    }
    put(w, "chunked");
  } else {
    put_word(w, "chunked");
    end_field(w);
    if (w->is_http_1_0)
      settle(w, WMREC_ERROR_CODING);
    return;
  }
  end_field(w);
  settle(w, WMREC_ERROR_CODING);
}

/* RFC 9112, section 9.3: any of these words, in any case. */
static void put_connection(struct writer *w)
{
  static const struct {
    const char *value;
    bool is_closing;
    bool is_kept_alive;
    bool has_empty_element;
  } forms[] = {{"keep-alive", false, true, false},
               {"close", true, false, false},
               {"Keep-Alive, close", true, true, false},
               {"CLOSE,x", true, false, false},
               {"x , keep-alive", false, true, false},
               {"closed", false, false, false},
               {"clos", false, false, false},
               {"close x", false, false, false},
               {"x close", false, false, false},
               {"\"close\"", false, false, false},
               {"keep-alives, xclose", false, false, false},
               {"keep-aliv\xe5", false, false, false},
               {"", false, false, true},
               {", ,close", true, false, true},
               {"keep-alive,,", false, true, true}};
  const unsigned form = choose(w->choices, COUNT(forms));

  put_field(w, "Connection", forms[form].value);
  w->is_closing |= forms[form].is_closing;
  w->is_kept_alive |= forms[form].is_kept_alive;
  w->answer->has_trait[CONNECTION_EMPTY_ELEMENT] |= forms[form].has_empty_element;
}

static void set_retry_after(struct writer *w, uint32_t delay)
{
  if (!w->is_settled)
    w->answer->retry_after = delay;
}

/* RFC 9110, section 10.2.3. A date is known by its time's first colon. */
static void put_retry_after(struct writer *w)
{
  static const struct {
    const char *value;
    const char *rest;
    uint32_t delay;
  } forms[] = {{"5", "", 5000},
               {"0", "", 0},
               {"007", "", 7000},
               {"4294966", "", 4294966000},
               {"4294968", "", 4294967000},
               {"99999999999999999999", "", 4294967000},
               {"Sun, 06 Nov 1994 08:", "49:37 GMT", WMREC_RETRY_AFTER_DATE},
               {"Sunday, 06-Nov-94 08:", "49:37 GMT", WMREC_RETRY_AFTER_DATE},
               {"Sun Nov  6 08:", "49:37 1994", WMREC_RETRY_AFTER_DATE},
               {"soon", "", WMREC_RETRY_AFTER_NONE},
               {"-1", "", WMREC_RETRY_AFTER_NONE},
               {"5 s", "", WMREC_RETRY_AFTER_NONE},
               {"5s", "", WMREC_RETRY_AFTER_NONE},
               {"1.5", "", WMREC_RETRY_AFTER_NONE},
               {"08:49:37", "", WMREC_RETRY_AFTER_NONE},
               {"", "", WMREC_RETRY_AFTER_NONE}};
  const unsigned form = choose(w->choices, COUNT(forms));

  begin_field(w, "Retry-After");
  put(w, forms[form].value);
  if (forms[form].delay == WMREC_RETRY_AFTER_DATE)
    set_retry_after(w, forms[form].delay);
  put(w, forms[form].rest);
  end_field(w);
  set_retry_after(w, forms[form].delay);
}

static void set_age(struct writer *w, uint32_t age)
{
  if (!w->is_settled && w->answer->age < age)
    w->answer->age = age;
}

/* RFC 9111, section 5.1. A malformed one is an unknown age. */
static void put_age(struct writer *w)
{
  static const struct {
    const char *value;
    uint32_t age;
  } forms[] = {{"0", 0},
               {"59", 59000},
               {"0060", 60000},
               {"4294966", 4294966000},
               {"2147483648", 4294967000},
               {"-1", WMREC_AGE_MAX},
               {"1.5", WMREC_AGE_MAX},
               {"1 2", WMREC_AGE_MAX},
               {"old", WMREC_AGE_MAX},
               {"", WMREC_AGE_MAX}};
  const unsigned form = choose(w->choices, COUNT(forms));

  put_field(w, "Age", forms[form].value);
  set_age(w, forms[form].age);
}

/* RFC 9110, section 8.4: the request allows no coding. The body of another status than 200 is not read. */
static void put_content_encoding(struct writer *w)
{
  static const char *const codings[] = {"gzip", "br", "identity, deflate", "identity2", "x y"};
  static const char *const none[] = {"identity", "Identity", ""};

  if (!breaks(w, CONTENT_CODED)) {
    put_field(w, "Content-Encoding", any_of(w, none, COUNT(none)));
    return;
  }
  put_field(w, "Content-Encoding", any_of(w, codings, COUNT(codings)));
  if (w->answer->http_status == 200)
    settle(w, WMREC_ERROR_CONTENT_ENCODING);
}

/* Fields that do not matter, although some look like those that do. */
static void put_other_field(struct writer *w)
{
  static const struct {
    const char *name;
    const char *value;
    bool is_obs_text;
  } fields[] = {{"Content-Type", "application/json", false},
                {"Vary", "Origin", false},
                {"X", "", false},
                {"Content-Lengt", "3", false},
                {"Content-Length2", "3", false},
                {"X-Content-Length", "3", false},
                {"Transfer-Encodin", "gzip", false},
                {"Transfer-Encoding-X", "gzip", false},
                {"Connectio", "close", false},
                {"Proxy-Connection", "close", false},
                {"C", "chunked, close", false},
                {"Retry", "9", false},
                {"Chunked", "close", false},
                {"Close", "chunked", false},
                {"1", "2", false},
                {"!#$%&'*+-.^_`|~", "\"quoted, \\\" \"", false},
                {"Set-Cookie", "a=b; Path=/, c", false},
                {"X-Text", "\xe9 \xff\x80", true}};
  const unsigned field = choose(w->choices, COUNT(fields));

  put_field(w, fields[field].name, fields[field].value);
  w->answer->has_trait[VALUE_OBS_TEXT] |= fields[field].is_obs_text;
}

/* RFC 9112, section 4: the version and the status, with the space between them. */
static void put_version_and_status(struct writer *w, const char *version, unsigned status)
{
  static const char *const wrong[] = {"HTTP/2.0",  "HTTP/0.9",  "HTTP/11.1", "HTTP/1.10", "http/1.1",
                                      "HTTP /1.1", "HTTP/1.x",  "HTTP/1,1",  "HTTP/1",    "HTTP",
                                      "ICY",       "HTTPS/1.1", " HTTP/1.1", "HTTP/01.1"};
  bool is_broken = true;
  char text[32];

  if (breaks(w, EMPTY_LINE_FIRST))
    put(w, "\r\n");
  else if (breaks(w, VERSION_WRONG))
    version = any_of(w, wrong, COUNT(wrong));
  else
    is_broken = false;
  if (is_broken)
    settle(w, WMREC_ERROR_STATUS_LINE);
  put(w, version);
  is_broken = true;
  if (breaks(w, STATUS_TWO_DIGITS))
    snprintf(text, sizeof text, " %02u", status % 100);
  else if (breaks(w, STATUS_FOUR_DIGITS))
    snprintf(text, sizeof text, " %03u0", status);
  else if (breaks(w, STATUS_TWO_SPACES_BEFORE))
    snprintf(text, sizeof text, "  %03u", status);
  else
    is_broken = false;
  if (!is_broken)
    snprintf(text, sizeof text, " %03u", status);
  put(w, text);
  if (is_broken)
    settle(w, WMREC_ERROR_STATUS_LINE);
}

/* A CR ends the status as clearly as a space does. */
static void put_status_line(struct writer *w, const char *version, unsigned status)
{
  static const char *const reasons[] = {"OK", "", "Not At All", "a\t\xe9\xff", ":"};
  const unsigned reason = choose(w->choices, COUNT(reasons) + 1);
  const bool has_space = reason < COUNT(reasons);

  put_version_and_status(w, version, status);
  put(w, has_space ? " " : "\r");
  if (!w->is_settled)
    w->answer->http_status = (int)status;
  w->answer->has_trait[REASON_EMPTY] |= reason == 1;
  w->answer->has_trait[REASON_OBS_TEXT] |= reason == 3;
  w->answer->has_trait[STATUS_NO_SPACE_AFTER] |= !has_space;
  if (has_space) {
    put(w, reasons[reason]);
    end_line(w, WMREC_ERROR_HEADER);
  } else {
    put(w, "\n");
  }
}

/* RFC 9110, section 15.2: it has no body, and its fields do not count for the final answer. */
static void put_interim(struct writer *w)
{
  static const unsigned statuses[] = {100, 102, 103, 199};
  const unsigned status = statuses[choose(w->choices, COUNT(statuses))];
  const unsigned form = choose(w->choices, 8);

  w->answer->has_trait[INTERIM] = true;
  w->answer->has_trait[INTERIM_FRAMING] |= form == 1 || form == 2;
  w->answer->has_trait[INTERIM_CLOSE] |= form == 3 || form == 4;
  put_status_line(w, form == 4 ? "HTTP/1.0" : "HTTP/1.1", status);
  if (form == 1)
    put_field(w, "Content-Length", "5");
  if (form == 2)
    put_field(w, "Transfer-Encoding", "chunked");
  if (form == 3)
    put_field(w, "Connection", "close");
  if (form == 5) {
    put_field(w, "Retry-After", "7");
    set_retry_after(w, 7000);
  }
  if (form == 6) {
    put_field(w, "Age", "7");
    set_age(w, 7000);
  }
  end_line(w, WMREC_ERROR_HEADER);
  set_retry_after(w, WMREC_RETRY_AFTER_NONE);
  if (!w->is_settled)
    w->answer->age = 0;
}

/* The final answer's fields, in any order. */
static void put_fields(struct writer *w, bool is_contradicting)
{
  enum { FRAMING, CONTRADICTION, CONNECTION, RETRY_AFTER, AGE, CONTENT_ENCODING, OTHER } lines[12];
  const unsigned more = choose(w->choices, 256);
  size_t count = 0;

  if (w->framing != BY_CLOSE)
    lines[count++] = FRAMING;
  if (is_contradicting)
    lines[count++] = CONTRADICTION;
  if (more & 1)
    lines[count++] = CONNECTION;
  if (more & 2)
    lines[count++] = RETRY_AFTER;
  if (more & 64)
    lines[count++] = AGE;
  if (more & 128)
    lines[count++] = CONTENT_ENCODING;
  for (unsigned others = more >> 4 & 3; others > 0; others--)
    lines[count++] = OTHER;
  if ((more & 12) == 12)
    lines[count++] = CONNECTION;
  if ((more & 76) == 76)
    lines[count++] = AGE;
  while (count > 0) {
    const unsigned i = choose(w->choices, count);
    const unsigned line = lines[i];

    lines[i] = lines[--count];
    if (line == CONNECTION)
      put_connection(w);
    else if (line == RETRY_AFTER)
      put_retry_after(w);
    else if (line == AGE)
      put_age(w);
    else if (line == CONTENT_ENCODING)
      put_content_encoding(w);
    else if (line == OTHER)
      put_other_field(w);
    else if ((w->framing == BY_LENGTH) == (line == FRAMING))
      put_length(w);
    else
      put_coding(w);
  }
}

/* RFC 9112, section 7.1.1. */
static void put_extension(struct writer *w)
{
  static const struct {
    const char *text;
    enum trait trait;
  } extensions[] = {{";a", CHUNK_EXTENSION},
                    {";a=b;c", CHUNK_EXTENSION},
                    {";a=\"b; \\\"c\\\"\"", CHUNK_EXTENSION_QUOTED},
                    {" ;a", CHUNK_EXTENSION_SPACE},
                    {"\t ; a = b", CHUNK_EXTENSION_SPACE}};
  const unsigned extension = choose(w->choices, 16);

  if (extension > 0 && extension <= COUNT(extensions)) {
    put(w, extensions[extension - 1].text);
    w->answer->has_trait[extensions[extension - 1].trait] = true;
  }
  if (breaks(w, CHUNK_EXTENSION_CONTROL)) {
    put(w, ";a\x01");
    settle(w, WMREC_ERROR_CHUNK);
  }
}

/* A chunk's line, up to its CRLF (RFC 9112, section 7.1). */
static void put_chunk_line(struct writer *w, unsigned size)
{
  static const char *const zeros[] = {"", "", "", "0", "000000000"};
  static const char *const prefixes[] = {"0x", "+", "-", " ", "\t"};
  static const char *const after[] = {"h", ",", ":", ".0", "\x80", " 1", "=", "\""};
  const char *zero = any_of(w, zeros, COUNT(zeros));
  bool is_broken = true;
  char text[24];

  snprintf(text, sizeof text, choose(w->choices, 2) == 0 ? "%x" : "%X", size);
  w->answer->has_trait[CHUNK_ZEROS] |= *zero != '\0';
  if (breaks(w, CHUNK_NO_DIGITS)) {
    zero = "";
    text[0] = '\0';
  } else if (breaks(w, CHUNK_SIZE_PREFIX)) {
    put(w, any_of(w, prefixes, COUNT(prefixes)));
  } else if (breaks(w, CHUNK_SIZE_OVERFLOW)) {
    snprintf(text, sizeof text, "1%0*x", 8 * (1 + (int)choose(w->choices, 2)), size);
  } else {
    is_broken = false;
  }
  put(w, zero);
  put(w, text);
  if (is_broken)
    settle(w, WMREC_ERROR_CHUNK);
  if (breaks(w, CHUNK_SIZE_OTHER_AFTER)) {
    put(w, any_of(w, after, COUNT(after)));
    settle(w, WMREC_ERROR_CHUNK);
  }
  if (breaks(w, CHUNK_SIZE_SPACE_AFTER)) {
    put(w, " ");
    end_line(w, WMREC_ERROR_CHUNK);
    settle(w, WMREC_ERROR_CHUNK);
    return;
  }
  put_extension(w);
  end_line(w, WMREC_ERROR_CHUNK);
}

static void put_chunk(struct writer *w, const unsigned char *bytes, unsigned length)
{
  if (length > 1 && breaks(w, CHUNK_TOO_SHORT)) {
    put_chunk_line(w, length - 1);
    put_bytes(w, bytes, length);
    settle(w, WMREC_ERROR_CHUNK);
  } else if (breaks(w, CHUNK_TOO_LONG)) {
    put_chunk_line(w, length + 1);
    put_bytes(w, bytes, length);
    put(w, "\r\n");
    settle(w, WMREC_ERROR_CHUNK);
    return;
  } else {
    put_chunk_line(w, length);
    put_bytes(w, bytes, length);
  }
  if (breaks(w, CHUNK_NOT_CLOSED))
    settle(w, WMREC_ERROR_CHUNK);
  else
    end_line(w, WMREC_ERROR_CHUNK);
}

/* RFC 9112, section 7.1.2; and RFC 9110, section 6.5.1: it does not count. */
static void put_trailers(struct writer *w)
{
  static const char *const trailers[][2] = {{"X-Checksum", "1"},
                                            {"Connection", "close"},
                                            {"Retry-After", "9"},
                                            {"Content-Length", "3"},
                                            {"Transfer-Encoding", "gzip"}};

  for (unsigned left = choose(w->choices, 4); left > 1; left--) {
    const unsigned trailer = choose(w->choices, COUNT(trailers));

    put_field(w, trailers[trailer][0], trailers[trailer][1]);
    w->answer->has_trait[trailer < 3 ? TRAILER : TRAILER_FRAMING] = true;
  }
  end_line(w, WMREC_ERROR_HEADER);
}

static void put_chunks(struct writer *w)
{
  const unsigned char *next = w->answer->body;
  size_t left = w->answer->body_length;

  for (unsigned chunks = choose(w->choices, 8); left > 0; chunks = chunks > 0 ? chunks - 1 : 0) {
    size_t length = chunks > 0 ? 1 + choose(w->choices, 40) : left;

    if (length > left)
      length = left;
    put_chunk(w, next, (unsigned)length);
    next += length;
    left -= length;
  }
  put_chunk_line(w, 0);
  put_trailers(w);
}

static void complete(struct writer *w)
{
  static const char *const more[] = {"\r\n", "x", "HTTP/1.1 200 OK\r\n\r\n"};
  const unsigned left_over = choose(w->choices, 16);

  if (w->is_settled)
    return;
  w->answer->is_complete = true;
  w->answer->taken = w->answer->length;
  settle(w, w->body_result);
  w->answer->keep_alive = w->is_kept_alive && !w->is_closing && w->answer->ending == END_OPEN;
  if (w->framing != BY_CLOSE && left_over > 0 && left_over <= COUNT(more) && w->cut == SIZE_MAX) {
    put(w, more[left_over - 1]);
    w->answer->has_trait[LEFT_OVER] = true;
    w->answer->keep_alive = false;
  }
}

static void put_body(struct writer *w)
{
  if (w->framing == BY_CHUNKS)
    put_chunks(w);
  else
    put_bytes(w, w->answer->body, w->answer->body_length);
  if (w->framing != BY_CLOSE || w->answer->ending == END_CLEAN)
    complete(w);
  else
    settle_cut_short(w);
}

static const struct status {
  unsigned status;
  int outcome;
} statuses[] = {{101, WMREC_ERROR_STATUS},      {201, WMREC_ERROR_STATUS},
                {204, WMREC_ERROR_STATUS},      {299, WMREC_ERROR_STATUS},
                {301, WMREC_ERROR_REDIRECT},    {304, WMREC_ERROR_REDIRECT},
                {400, WMREC_ERROR_CLIENT},      {401, WMREC_ERROR_UNAUTHORIZED},
                {403, WMREC_ERROR_FORBIDDEN},   {404, WMREC_ERROR_NOT_FOUND},
                {408, WMREC_ERROR_ASK_AGAIN},   {421, WMREC_ERROR_ASK_AGAIN},
                {425, WMREC_ERROR_ASK_AGAIN},   {429, WMREC_ERROR_TOO_MANY_REQUESTS},
                {499, WMREC_ERROR_CLIENT},      {500, WMREC_ERROR_SERVER},
                {503, WMREC_ERROR_UNAVAILABLE}, {600, WMREC_ERROR_SERVER},
                {999, WMREC_ERROR_SERVER},      {99, WMREC_ERROR_SERVER},
                {0, WMREC_ERROR_SERVER}};

/* RFC 9112, section 6.3. */
static void end_header(struct writer *w, const struct status *status, bool is_contradicted)
{
  end_line(w, WMREC_ERROR_HEADER);
  if (is_contradicted)
    settle(w, WMREC_ERROR_CONTENT_LENGTH);
  w->outcome = status->outcome;
  if (status->status == 101)
    settle(w, WMREC_ERROR_STATUS);
  else if (status->status == 204 || status->status == 304)
    complete(w);
  else
    put_body(w);
}

static void put_final(struct writer *w, const struct status *status)
{
  static const char *const versions[] = {"HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "HTTP/1.9"};
  const bool is_contradicted = w->framing != BY_CLOSE && breaks(w, CODING_AND_LENGTH);
  const bool is_chunked = w->framing == BY_CHUNKS || is_contradicted;
  unsigned version = choose(w->choices, 16);

  if (version >= COUNT(versions) || (is_chunked && version == 1))
    version = 0;
  if (w->framing == BY_CHUNKS && breaks(w, CODING_IN_1_0))
    version = 1;
  w->is_http_1_0 = version == 1;
  w->is_kept_alive = version != 1;
  w->answer->has_trait[VERSION_HIGHER] = version > 1;
  w->answer->has_trait[STATUS_OUT_OF_CLASSES] = status->status < 100 || status->status > 599;
  put_status_line(w, versions[version], status->status);
  put_fields(w, is_contradicted);
  end_header(w, status, is_contradicted);
}

/* The decisions before the first byte. */
static void begin(struct writer *w)
{
  w->fault.trait =
      choose(w->choices, 2) == 0 ? TRAIT_NONE : FIRST_FAULT + choose(w->choices, TRAIT_COUNT - FIRST_FAULT);
  w->fault.places = choose(w->choices, 16);
  if (w->fault.places > 5)
    w->fault.places = 0;
  w->framing = (enum framing)choose(w->choices, 3);
  w->cut = SIZE_MAX;
  w->answer->ending = (enum ending)choose(w->choices, 3);
  if (w->framing == BY_CLOSE && choose(w->choices, 4) < 3)
    w->answer->ending = END_CLEAN;
  if (w->fault.trait == CUT_SHORT) {
    w->cut = choose(w->choices, 256) + 256 * choose(w->choices, 3);
    if (w->framing == BY_CLOSE && w->answer->ending == END_CLEAN) /* a cut body could not be detected */
      w->answer->ending = END_RESET;
  }
}

void model_answer(struct choices *choices, struct answer *answer)
{
  static const struct status ok = {200, WMREC_OK};
  struct writer w = {.choices = choices, .answer = answer};
  const struct status *status = &ok;
  unsigned choice;

  answer->length = 0;
  answer->result = answer->http_status = 0;
  answer->retry_after = WMREC_RETRY_AFTER_NONE;
  answer->age = 0;
  answer->keep_alive = answer->is_complete = false;
  memset(answer->has_trait, 0, sizeof answer->has_trait);
  begin(&w);
  choice = choose(choices, 3 * COUNT(statuses));
  if (choice > 0 && choice <= COUNT(statuses))
    status = &statuses[choice - 1];
  w.body_result = model_body(choices, &w.fault, answer);
  for (unsigned interims = choose(choices, 8); interims > 5; interims--)
    put_interim(&w);
  put_final(&w, status);
  if (answer->result != WMREC_OK)
    answer->recording = WMREC_UNKNOWN;
}
