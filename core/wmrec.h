/*
 * wmrec: is a WireMock mock API recording?
 *
 * It asks one question of one API, GET /v1/mock-apis/{mockApiId}/recordings/status, over HTTP/1.1 (RFC 9112), and reads
 * the answer in JSON (RFC 8259). This core does no I/O: it gives the bytes to send, and takes the bytes that arrive.
 *
 *     static char buffer[WMREC_BUFFER_SIZE];
 *     const struct wmrec_target target = {
 *         .host = "api.wiremock.cloud", .mock_api_id = "jjl8y", .token = key};
 *     struct wmrec_exchange x;
 *
 *     wmrec_begin(&x, &target, buffer, sizeof buffer);
 *     while ((result = wmrec_result(&x)) > 0)
 *         if (result == WMREC_WANT_WRITE)
 *             send the bytes of wmrec_to_send(); tell wmrec_sent() how many were sent
 *         else
 *             receive; give the bytes to wmrec_received(), or call wmrec_closed() at the end of the stream
 *     if (result == WMREC_OK)
 *         wmrec_answer(&x) is the answer
 *
 * port/drive.h is this loop over a transport, with a deadline.
 *
 * Rules for all calls:
 * - A function that returns int returns a value of enum wmrec_result_code, at the end of this file: WMREC_OK, a
 *   WMREC_WANT_* (the exchange waits for this), or a WMREC_ERROR_*. Errors are negative, and are never renumbered. The
 *   first error stays: later calls do not change it.
 * - The caller keeps to this manual: a null pointer, or more bytes sent than offered, is not detected.
 * - Every time is in milliseconds (ms), every size in bytes.
 * - Ambiguous input is an error, never a guess: a wrong status is worse than none.
 * - Threads: there are no globals, no heap and no clock. Different exchanges, and different monitors, may be used in
 *   different threads at the same time. One exchange, or one monitor, must be used by one thread at a time. port/ says
 *   the same of its own objects in its headers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_H
#define WMREC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WMREC_VERSION "0.1.0"
#define WMREC_VERSION_MAJOR 0
#define WMREC_VERSION_MINOR 1
#define WMREC_VERSION_PATCH 0

/* A buffer large enough for the Cloud: for a request with a key of 300 characters, and for an answer of 22 bytes with
 * room for about 20 members. wmrec_begin() says how the buffer is used. */
#define WMREC_BUFFER_SIZE 600

/* The maximum size of a header section with its status line, of a chunk's line, and of a trailer section. They are not
 * stored; the limit bounds how long a server can keep the exchange busy with them. */
#define WMREC_SECTION_LIMIT 65536

enum wmrec_recording {
  WMREC_UNKNOWN = 0, /* no answer: must never be shown as "not recording" */
  WMREC_NEVER_STARTED = 1,
  WMREC_RECORDING = 2,
  WMREC_STOPPED = 3,
};

/* The server and the mock API to ask about. Set fields that you do not use to zero. Strings end in NUL and are
 * borrowed: by wmrec_begin() until it returns, by port/drive.h until the exchange has ended. */
struct wmrec_target {
  const char *host;        /* a name or an address, ASCII; used in Host and SNI, and to verify the certificate */
  const char *mock_api_id; /* 5 to 10 printable ASCII characters; NULL: a self-hosted server, under /__admin */
  const char *token;       /* the API key, visible ASCII; NULL: no key (self-hosted only) */
  const char *scheme;      /* what stands before token in the field Authorization: NULL: "Token", as the Cloud needs it;
                              "Basic": token is the base64 of "user:password" (RFC 7617); "Bearer" (RFC 6750), ... */
  const char *base_path;   /* a prefix of the path, as a reverse proxy needs it: "/wiremock", percent-encoded; NULL or
                              "": no prefix */
  uint16_t port;           /* 0: 443, or 80 if plain_http is true */
  bool plain_http;         /* true: no TLS, for self-hosted servers only; false: verified TLS */
};

/* One exchange. The fields are private; they are here so that you can allocate it. It may be moved or copied between
 * two calls; it points to the caller's buffer. core/internal.h says when each number is valid. */
struct wmrec_exchange {
  /* The reader of the response. Single bytes come first: a small core reaches them with short instructions. The first
   * four, and the four of the exchange, are set together: neighbours are set by one instruction. */
  uint8_t state;       /* enum state: the part that comes next */
  uint8_t framing;     /* enum framing: how the body ends */
  uint8_t word_length; /* bytes of the status line, the name or the element so far */
  int8_t outcome;      /* the result if the response completes: the target's error, or the status code's, or WMREC_OK */
  uint8_t state_before_cr; /* enum state: the line that a CR has ended, until its LF */
  uint8_t field;           /* enum field: the field whose value is read */
  bool is_kept_alive;      /* HTTP/1.1 or later, or "Connection: keep-alive" */
  int8_t fault;            /* the error that a malformed byte is; in STATE_FAULT: the error */

  /* The exchange. */
  bool is_closing;      /* the connection ends with this exchange: the server said so, or sent bytes after its answer */
  bool is_answered;     /* at least one byte of a response has come */
  uint8_t recording;    /* enum wmrec_recording: the answer */
  int8_t result;        /* of wmrec_result() */
  uint16_t http_status; /* of the last complete status line; 0: none */
  uint32_t retry_after; /* ms, or a WMREC_RETRY_AFTER_* */
  uint32_t age;         /* ms, or WMREC_AGE_MAX */

  /* The reader again: its numbers. */
  uint32_t number;       /* the status code so far; at the end, the status text's bytes */
  uint32_t remaining;    /* bytes of the body, or of the chunk, that have not come */
  uint32_t section_left; /* bytes that may still come of this section */

  /* The buffer: the request, then a word of the header section, then the body. */
  char *buffer;
  size_t size;   /* bytes of the buffer */
  size_t length; /* bytes of the request, then of the body so far */
  size_t offset; /* of the first unsent byte of the request, then of the status text in the body */
};

/*
 * Begins an exchange: checks the target and writes the request into the buffer. Returns WMREC_OK, or an error from -1
 * to -9, which wmrec_result() then returns, too; nothing must be sent in that case.
 *
 * buffer: borrowed for as long as the exchange is in use; of any alignment. It holds the request until it is sent, then
 * words of the header section, one at a time, then the body and, after the body, 16 bytes for each JSON token (8 where
 * int has 16 bits); a member is two tokens. So the size limits the key, the answer, and the number of its members. At
 * most INT_MAX bytes are used. The request, which has the key, is wiped when it is sent, or when the exchange fails
 * before.
 */
int wmrec_begin(struct wmrec_exchange *x, const struct wmrec_target *target, void *buffer, size_t size);

/* Returns the bytes of the request that are not sent yet, and sets *length to their number: 0 unless wmrec_result() is
 * WMREC_WANT_WRITE. They are in the caller's buffer, and stay until the next wmrec_sent(). They contain the key: send
 * them over verified TLS, or over plain HTTP if target->plain_http is true, and to no other place. */
const char *wmrec_to_send(const struct wmrec_exchange *x, size_t *length);

/* Tells the exchange that the first `length` bytes of wmrec_to_send() are sent. */
void wmrec_sent(struct wmrec_exchange *x, size_t length);

/* Takes bytes of the answer, in pieces of any size, and returns how many it has taken. bytes: borrowed until it
 * returns. It takes no byte before the request is sent, and none after the end of the answer: if a server sends more
 * bytes, the connection cannot be used again. */
size_t wmrec_received(struct wmrec_exchange *x, const void *bytes, size_t length);

/* Tells the exchange that the stream has ended. clean: true if it ended by TLS's close_notify or, without TLS, by a
 * FIN. Only then can this be the end of a body that the end of the connection delimits (RFC 9112, section 9.8). */
void wmrec_closed(struct wmrec_exchange *x, bool clean);

/* Ends an exchange that is not complete with this error (< 0): a port's, or WMREC_ERROR_TIMEOUT to give up. An error
 * that the status code has already caused stays. */
void wmrec_fail(struct wmrec_exchange *x, int error);

/* Returns WMREC_WANT_WRITE or WMREC_WANT_READ while the exchange is under way; then WMREC_OK or the error. */
int wmrec_result(const struct wmrec_exchange *x);

/* Returns the answer; WMREC_UNKNOWN unless wmrec_result() is WMREC_OK. */
enum wmrec_recording wmrec_answer(const struct wmrec_exchange *x);

/* Returns the API's word: "NeverStarted", "Recording" or "Stopped"; "Unknown" for any other value. Static. */
const char *wmrec_recording_name(enum wmrec_recording recording);

/* Returns the status code of the last status line, 0 to 999, also of an interim response (1xx), also after an error. 0:
 * no status line has come. */
int wmrec_http_status(const struct wmrec_exchange *x);

/* Returns the delay that the answer's Retry-After asks for, in ms; 4,294,967,000 for any longer delay-seconds. A
 * malformed field counts as none, as do delay-seconds of over 63 digits; of several, the last counts. A date is not
 * read, as the core has no clock:
 * treat it as a long delay. */
#define WMREC_RETRY_AFTER_NONE UINT32_MAX
#define WMREC_RETRY_AFTER_DATE (UINT32_MAX - 1)
uint32_t wmrec_retry_after(const struct wmrec_exchange *x);

/* Returns the age that the answer had when it came, in ms (RFC 9111, section 5.1): a cache on the way says how old it
 * is by the field Age. 0: the answer has no such field, so it comes from the server itself. 4,294,967,000: any longer
 * age. WMREC_AGE_MAX: the field is malformed. The answer then comes from a cache, but nobody knows how old it is: it
 * may be as old as any. Of several values, the largest counts: an answer must never look newer than it is. */
#define WMREC_AGE_MAX UINT32_MAX
uint32_t wmrec_answer_age(const struct wmrec_exchange *x);

/* Returns true if the connection can be used for another exchange (RFC 9112, section 9.3): never before the end. */
bool wmrec_keep_alive(const struct wmrec_exchange *x);

/* Returns the body so far, of any answer, and sets *length to its length; it has no NUL at its end. It is in the
 * caller's buffer, and stays until the buffer is used again. It comes from the network, and is unchecked unless the
 * result is WMREC_OK: escape it before you show it, and remove the key, which a server may repeat. */
const char *wmrec_body(const struct wmrec_exchange *x, size_t *length);

/* Returns the text of the "status" member, and sets *length to its length: 0 unless the result is WMREC_OK or
 * WMREC_ERROR_UNKNOWN_STATUS. It is valid UTF-8, without the quotes and without a NUL; JSON escapes are not replaced.
 * It is in the caller's buffer, as wmrec_body() is. */
const char *wmrec_status_text(const struct wmrec_exchange *x, size_t *length);

/* Returns true for an error that does not pass with time, but must be corrected by somebody: an error of the target, no
 * trusted roots, or a status of 401, 403 or 404. All other errors may pass. A server that has answered before may give
 * the last three for a while, too: wmrec_monitor_is_permanent() knows. */
bool wmrec_is_permanent(int result);

/* The maximum delay, in ms: 12 days, a quarter of the clock's range. */
#define WMREC_SCHEDULE_MAX (UINT32_MAX / 4)

/* When to ask again, in ms. Longer times count as WMREC_SCHEDULE_MAX; 0 means the default. */
struct wmrec_schedule {
  uint32_t interval;    /* the delay after an answer; 0: 1 minute */
  uint32_t max_backoff; /* the maximum delay after failures; 0: 15 minutes; at least two intervals are used */
  uint32_t max_delay;   /* the delay after a permanent error, and the maximum of a Retry-After; 0: 1 hour; at least one
                           interval is used */
};

/* The maximum delay after the first failure, in ms. */
#define WMREC_SCHEDULE_FIRST_RETRY 5000

/*
 * Returns the delay from the end of an exchange to the beginning of the next, in ms.
 *
 * schedule: borrowed until it returns.
 * result, retry_after: of that exchange, by wmrec_result() and wmrec_retry_after().
 * failures: the number of exchanges that have failed in a row, with this one; not used after an answer.
 * random: a number from 0 to UINT32_MAX, uniformly distributed, a new one for each call. Different devices must draw
 * different numbers: if thousands of them fail together, this spreads their next requests.
 *
 * After an answer: the interval. After the first failure: at most WMREC_SCHEDULE_FIRST_RETRY. After more failures:
 * exponential backoff with full jitter, between 1 second and 2, 4, 8, ... intervals, up to max_backoff. After a
 * Retry-After: at least its delay, and jitter of up to an interval or more. After a permanent error: max_delay.
 */
uint32_t wmrec_schedule_delay(const struct wmrec_schedule *schedule, int result, uint32_t retry_after,
                              unsigned failures, uint32_t random);

/* The state of a target that is asked again and again. Set it to zero before its first use. The fields are private. */
struct wmrec_monitor {
  uint32_t ended_at;    /* the end of the last exchange; ms of the caller's clock */
  uint32_t delay;       /* from then to the next exchange; ms */
  uint32_t answered_at; /* when the last answer was true: its time less its Age; ms of the caller's clock */
  uint32_t refused_at;  /* the first of the refusals; ms of the caller's clock; valid if there are any */
  uint8_t recording;    /* enum wmrec_recording: the last answer */
  int8_t result;        /* of the last exchange */
  uint8_t failures;     /* exchanges that have failed in a row; 255: 255 or more */
  uint8_t refusals;     /* 401, 403 or 404 in a row, after an answer; 255: 255 or more */
  bool is_old;          /* answered_at is too old for the clock's range, or not known */
  bool is_permanent;    /* the last exchange ended with an error that does not pass */
};

/* Updates the monitor after an exchange has ended. schedule and x: borrowed until it returns. now: a monotonic clock in
 * ms, which may wrap, but must run while the machine sleeps: else an old answer looks new. random: see
 * wmrec_schedule_delay(). */
void wmrec_monitor_update(struct wmrec_monitor *monitor, const struct wmrec_schedule *schedule,
                          const struct wmrec_exchange *x, uint32_t now, uint32_t random);

/* Returns the time to the next exchange, in ms; 0: begin it now. */
uint32_t wmrec_monitor_wait(const struct wmrec_monitor *monitor, uint32_t now);

/* Returns the last answer; WMREC_UNKNOWN: none has come yet. */
enum wmrec_recording wmrec_monitor_answer(const struct wmrec_monitor *monitor);

/* Returns the age of the last answer, in ms: the time since it came, and the age that it had then. WMREC_AGE_MAX: none
 * has come, its age is not known, or it is too old for the clock's range (24 days or more). */
uint32_t wmrec_monitor_age(const struct wmrec_monitor *monitor, uint32_t now);

/* Returns the result of the last exchange; WMREC_OK before the first. */
int wmrec_monitor_result(const struct wmrec_monitor *monitor);

/* Returns true if the last exchange ended with an error that does not pass with time (wmrec_is_permanent()). After an
 * answer, a status of 401, 403 or 404 counts only when it has come at least three times in a row, over at least a
 * minute: a deployment passes. Until then, the schedule is that of other errors. */
bool wmrec_monitor_is_permanent(const struct wmrec_monitor *monitor);

/* Returns the last answer; WMREC_UNKNOWN if it is older than stale_after (ms), or if none has come. */
enum wmrec_recording wmrec_monitor_current(const struct wmrec_monitor *monitor, uint32_t now, uint32_t stale_after);

/* The patterns of a lamp. A dark lamp means "not recording", and never "unknown". */
enum wmrec_indication {
  WMREC_INDICATE_WAITING = 0,       /* a short flash every two seconds: no answer has come yet */
  WMREC_INDICATE_RECORDING = 1,     /* lit */
  WMREC_INDICATE_NOT_RECORDING = 2, /* dark: never started, or stopped */
  WMREC_INDICATE_TEMPORARY = 3, /* slow blink, 1 s on and 1 s off: the answer is stale, or the last exchange failed */
  WMREC_INDICATE_ATTENTION = 4, /* fast blink, twice a second: an error that does not pass with time */
};

/* Returns the pattern. monitor: borrowed until it returns. now: as for wmrec_monitor_update(). stale_after: the age at
 * which an answer is stale, in ms. */
enum wmrec_indication wmrec_indicate(const struct wmrec_monitor *monitor, uint32_t now, uint32_t stale_after);

/* Returns true if the lamp is on at this time of a clock in ms, which may wrap. */
bool wmrec_is_lit(enum wmrec_indication indication, uint32_t now);

/* Return a result's name for machines, such as "certificate-expired", and its meaning for people, one line without a
 * full stop, at most 100 characters. Static; on an AVR, where they are copied from flash, each is valid until the next
 * call of the same function. Names never change after a release. Not linked if not used. */
const char *wmrec_result_name(int result);
const char *wmrec_result_text(int result);

enum wmrec_result_code {
  WMREC_OK = 0,
  WMREC_WANT_WRITE = 1, /* wmrec_to_send() has bytes to send */
  WMREC_WANT_READ = 2,  /* the answer is not complete */
  WMREC_WANT_CALL = 3,  /* only from a port: call again at once, as one call does a limited amount of work */

  /* The target: nothing is sent. */
  WMREC_ERROR_BUFFER = -1,      /* the request does not fit the buffer */
  WMREC_ERROR_HOST = -2,        /* host is empty, or has a character that no host name or address has */
  WMREC_ERROR_MOCK_API_ID = -3, /* mock_api_id is not 5 to 10 printable ASCII characters */
  WMREC_ERROR_TOKEN = -4,       /* token is empty or not visible ASCII, or is NULL for the Cloud */
  WMREC_ERROR_BASE_PATH = -5,   /* base_path does not begin with '/', or has a character that no path has */
  WMREC_ERROR_PLAIN_HTTP = -6,  /* plain HTTP for the Cloud; from a port: no TLS, but plain_http is false */
  WMREC_ERROR_TRANSPORT = -7,   /* from the drive: it has no transport, or wmrec_drive_begin() was not called */

  /* The network: only from ports. */
  WMREC_ERROR_NAME = -10,      /* the host name has no address, or no name server answers */
  WMREC_ERROR_CONNECT = -11,   /* no address of the host accepts the connection */
  WMREC_ERROR_RESET = -12,     /* the connection broke */
  WMREC_ERROR_CLOSED = -13,    /* the server closed the connection before the first byte of the answer */
  WMREC_ERROR_TRUNCATED = -14, /* the answer ended before it was complete; over TLS, also without close_notify */
  WMREC_ERROR_TIMEOUT = -15,   /* the deadline passed */
  WMREC_ERROR_SYSTEM = -16,    /* the operating system refused a socket, a thread or random bytes */

  /* TLS: only from ports. The request is not sent, except with WMREC_ERROR_TLS_REFUSED: a server of TLS 1.3 may refuse
   * after the handshake (RFC 8446); its certificate was valid then. */
  WMREC_ERROR_TLS = -20,            /* the handshake failed for another reason than those below */
  WMREC_ERROR_TLS_NOT_SPOKEN = -21, /* the server does not speak TLS */
  WMREC_ERROR_TLS_REFUSED = -22,    /* the server sent an alert: no common version or cipher suite, ... */
  WMREC_ERROR_TLS_MEMORY = -23,     /* TLS needs more memory than its arena has, or than one connection may use */
  WMREC_ERROR_TLS_CLOCK = -24,      /* the clock is not set, so certificates cannot be checked */
  WMREC_ERROR_TLS_ROOTS = -25,      /* there is no usable trusted root */
  WMREC_ERROR_TLS_DOWNGRADE = -26,  /* the server supports TLS 1.3, but the handshake was forced down to TLS 1.2 */
  WMREC_ERROR_TLS_SETUP = -27,      /* the program has not set TLS up: memory, random numbers or the clock is missing */
  WMREC_ERROR_CERTIFICATE = -30,    /* the certificate is not acceptable for another reason than those below */
  WMREC_ERROR_CERTIFICATE_EXPIRED = -31,
  WMREC_ERROR_CERTIFICATE_NOT_YET_VALID = -32,
  WMREC_ERROR_CERTIFICATE_HOST = -33,   /* it is for another host */
  WMREC_ERROR_CERTIFICATE_ISSUER = -34, /* no trusted root has issued it, or an intermediate certificate is missing */
  WMREC_ERROR_CERTIFICATE_WEAK = -35,   /* its key or signature is too weak: RSA under 2048 bits, SHA-1, ... */

  /* The HTTP of the answer is not valid (RFC 9112). */
  WMREC_ERROR_STATUS_LINE = -40,      /* not HTTP/1.x with a status of three digits */
  WMREC_ERROR_HEADER = -41,           /* a malformed header or trailer line */
  WMREC_ERROR_SECTION_LIMIT = -42,    /* a section is longer than WMREC_SECTION_LIMIT */
  WMREC_ERROR_CONTENT_LENGTH = -43,   /* malformed, over 4 MB or 63 digits, contradictory, or with Transfer-Encoding */
  WMREC_ERROR_CODING = -44,           /* a transfer coding other than one "chunked", or any in HTTP/1.0 */
  WMREC_ERROR_CHUNK = -45,            /* a malformed chunk */
  WMREC_ERROR_BODY_LIMIT = -46,       /* the body does not fit the buffer */
  WMREC_ERROR_CONTENT_ENCODING = -47, /* a 200 has a content coding, such as gzip, although none was asked for */

  /* The answer is valid, but its status is not 200. */
  WMREC_ERROR_STATUS = -50,            /* 101, or a 2xx other than 200 */
  WMREC_ERROR_REDIRECT = -51,          /* 3xx; never followed */
  WMREC_ERROR_UNAUTHORIZED = -52,      /* 401: the key is not known */
  WMREC_ERROR_FORBIDDEN = -53,         /* 403: the key is known, but has no right to this */
  WMREC_ERROR_NOT_FOUND = -54,         /* 404: no such mock API */
  WMREC_ERROR_TOO_MANY_REQUESTS = -55, /* 429; see wmrec_retry_after() */
  WMREC_ERROR_UNAVAILABLE = -56,       /* 503; see wmrec_retry_after() */
  WMREC_ERROR_CLIENT = -57,            /* another 4xx */
  WMREC_ERROR_SERVER = -58,            /* another 5xx, or a status outside 100..599 (RFC 9110, section 15) */
  WMREC_ERROR_ASK_AGAIN = -59,         /* 408, 421 or 425: not answered on this connection; a new one may help */

  /* The status is 200, but the body does not give the recording status. */
  WMREC_ERROR_JSON = -60,           /* not JSON (RFC 8259) */
  WMREC_ERROR_TOKENS = -61,         /* more members than the buffer has room for; see wmrec_begin() */
  WMREC_ERROR_NO_STATUS = -62,      /* not an object with exactly one "status", a string */
  WMREC_ERROR_UNKNOWN_STATUS = -63, /* a status that this version does not know; see wmrec_status_text() */
};

#ifdef __cplusplus
}
#endif

#endif
