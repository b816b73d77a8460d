/*
 * wmrec: is a WireMock mock API recording?
 *
 * One question of one API, GET /v1/mock-apis/{mockApiId}/recordings/status, asked over HTTP/1.1 (RFC 9112) and
 * answered in JSON (RFC 8259). This core does no I/O: it says which bytes to send and takes the bytes that arrive. It
 * has no clock, no heap and no globals, so one struct wmrec_exchange is one exchange, and any number may be under way.
 *
 *     struct wmrec_exchange x;
 *     static char buffer[WMREC_BUFFER_SIZE];
 *
 *     wmrec_begin(&x, &target, buffer, sizeof buffer);
 *     while ((result = wmrec_result(&x)) > 0)
 *         if (result == WMREC_WANT_WRITE)      send what wmrec_to_send() gives, tell wmrec_sent() how much went
 *         else                                 give wmrec_received() what came, or tell wmrec_closed()
 *     if (result == WMREC_OK)                  wmrec_answer(&x) is the answer
 *
 * port/drive.h is that loop over a transport, with a deadline.
 *
 * Rules that hold throughout:
 * - A function that returns int returns WMREC_OK, a WMREC_WANT_* (what the exchange waits for) or a WMREC_ERROR_*.
 *   Errors are negative and are never renumbered. The first one sticks: later calls change nothing.
 * - A broken contract (a null pointer, more sent than offered) is the caller's bug and is not looked for.
 * - Every time is in milliseconds, every size in bytes.
 * - What is ambiguous is an error, never a guess: a wrong status is worse than none.
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

/* A buffer that does for the Cloud: a request with a key of 300 characters; an answer of 22 bytes with room for some
 * twenty members. See wmrec_begin() for what decides. */
#define WMREC_BUFFER_SIZE 512

/* The most that a header section with its status line, a chunk's line, or a trailer section may be, in bytes. Nothing
 * of them is stored; the limit bounds how long a server can keep the exchange busy with them. */
#define WMREC_SECTION_LIMIT 65536

enum wmrec_result_code {
  WMREC_OK = 0,
  WMREC_WANT_WRITE = 1, /* wmrec_to_send() has bytes to send */
  WMREC_WANT_READ = 2,  /* the answer is not complete */
  WMREC_WANT_CALL = 3,  /* from a port only: nothing to wait for, call again (one call does a bounded piece of work) */

  /* The target: nothing was sent. */
  WMREC_ERROR_BUFFER = -1,      /* the request does not fit the buffer */
  WMREC_ERROR_HOST = -2,        /* host is empty or has a byte that no host name or address has */
  WMREC_ERROR_MOCK_API_ID = -3, /* mock_api_id is not 5 to 10 printable ASCII characters */
  WMREC_ERROR_TOKEN = -4,       /* token is empty or has a byte that is not visible ASCII; or the Cloud and no token */
  WMREC_ERROR_BASE_PATH = -5,   /* base_path does not begin with '/', or has a byte that no path has */
  WMREC_ERROR_PLAIN_HTTP = -6,  /* the Cloud over plain HTTP; from a port: no TLS, and plain_http is false */

  /* The network: from ports. */
  WMREC_ERROR_NAME = -10,      /* the host name has no address, or no name server knows */
  WMREC_ERROR_CONNECT = -11,   /* no address of the host took the connection */
  WMREC_ERROR_RESET = -12,     /* the connection broke */
  WMREC_ERROR_CLOSED = -13,    /* the server closed the connection before a byte of the answer */
  WMREC_ERROR_TRUNCATED = -14, /* the answer ended before it was complete; over TLS also: without close_notify */
  WMREC_ERROR_TIMEOUT = -15,   /* the deadline passed */
  WMREC_ERROR_SYSTEM = -16,    /* the operating system refused a socket, a thread or random bytes */

  /* TLS: from ports. Nothing of the request has been sent (but where a server of TLS 1.3 refuses it late, which is
   * WMREC_ERROR_TLS_REFUSED: by RFC 8446, it may do so behind the handshake; its certificate was right). */
  WMREC_ERROR_TLS = -20,            /* the handshake failed, for none of the reasons below */
  WMREC_ERROR_TLS_NOT_SPOKEN = -21, /* what answered does not speak TLS */
  WMREC_ERROR_TLS_REFUSED = -22,    /* the server ended the handshake by an alert: no common version or suite, ... */
  WMREC_ERROR_TLS_MEMORY = -23,     /* TLS needs more than its arena has, or than the connection may take */
  WMREC_ERROR_TLS_CLOCK = -24,      /* the clock is not set, so no certificate can be judged */
  WMREC_ERROR_TLS_ROOTS = -25,      /* there is no usable trusted root */
  WMREC_ERROR_TLS_DOWNGRADE = -26,  /* the server supports TLS 1.3, but the handshake was forced down to TLS 1.2 */
  WMREC_ERROR_CERTIFICATE = -30,    /* the certificate is not acceptable, for none of the reasons below */
  WMREC_ERROR_CERTIFICATE_EXPIRED = -31,
  WMREC_ERROR_CERTIFICATE_NOT_YET_VALID = -32,
  WMREC_ERROR_CERTIFICATE_HOST = -33,   /* it is for another host */
  WMREC_ERROR_CERTIFICATE_ISSUER = -34, /* no trusted root has issued it; an intermediate certificate may be missing */
  WMREC_ERROR_CERTIFICATE_WEAK = -35,   /* its key or signature is too weak: RSA under 2048 bits, SHA-1, ... */

  /* The answer's HTTP (RFC 9112) is not valid. */
  WMREC_ERROR_STATUS_LINE = -40,    /* it is not HTTP/1.x with a status of three digits */
  WMREC_ERROR_HEADER = -41,         /* a malformed header or trailer line */
  WMREC_ERROR_SECTION_LIMIT = -42,  /* a section is over WMREC_SECTION_LIMIT */
  WMREC_ERROR_CONTENT_LENGTH = -43, /* malformed, over 4 MB or 63 digits, contradicted, or beside Transfer-Encoding */
  WMREC_ERROR_CODING = -44,         /* a transfer coding other than one "chunked", or one in HTTP/1.0 */
  WMREC_ERROR_CHUNK = -45,          /* a malformed chunk */
  WMREC_ERROR_BODY_LIMIT = -46,     /* the body does not fit the buffer */

  /* The answer is a valid one, but no 200. */
  WMREC_ERROR_STATUS = -50,            /* 101, or a 2xx other than 200 */
  WMREC_ERROR_REDIRECT = -51,          /* 3xx; never followed */
  WMREC_ERROR_UNAUTHORIZED = -52,      /* 401: the key is not known */
  WMREC_ERROR_FORBIDDEN = -53,         /* 403: the key is known, and may not do this */
  WMREC_ERROR_NOT_FOUND = -54,         /* 404: no such mock API */
  WMREC_ERROR_TOO_MANY_REQUESTS = -55, /* 429; see wmrec_retry_after() */
  WMREC_ERROR_UNAVAILABLE = -56,       /* 503; see wmrec_retry_after() */
  WMREC_ERROR_CLIENT = -57,            /* another 4xx */
  WMREC_ERROR_SERVER = -58,            /* another 5xx, or a status outside 100..599 (RFC 9110, section 15) */

  /* A 200 whose body does not say the status. */
  WMREC_ERROR_JSON = -60,           /* it is not JSON (RFC 8259) */
  WMREC_ERROR_TOKENS = -61,         /* it has more members than the buffer has room for; see wmrec_begin() */
  WMREC_ERROR_NO_STATUS = -62,      /* it is not an object with exactly one "status", a string */
  WMREC_ERROR_UNKNOWN_STATUS = -63, /* a status that this version does not know; see wmrec_status_text() */
};

enum wmrec_recording {
  WMREC_UNKNOWN = 0, /* no answer: never to be shown as "not recording" */
  WMREC_NEVER_STARTED = 1,
  WMREC_RECORDING = 2,
  WMREC_STOPPED = 3,
};

/* Whom to ask, and about what. Zero every field that you do not set. All strings end in NUL and are borrowed: by
 * wmrec_begin() until it returns, by port/drive.h until the exchange has ended. */
struct wmrec_target {
  const char *host;        /* a name or an address, ASCII: Host, SNI, and the name that the certificate must bear */
  const char *mock_api_id; /* 5 to 10 printable ASCII characters; NULL: a self-hosted server's /__admin */
  const char *token;       /* the API key, without "Token "; visible ASCII; NULL: none (self-hosted only) */
  const char *base_path; /* what a reverse proxy put before the path, "/wiremock", percent-encoded; NULL or "": none */
  uint16_t port;         /* 0: 443, or 80 with plain_http */
  bool plain_http;       /* true: no TLS, a choice that a self-hosted server leaves; false: TLS, verified */
};

/* One exchange. The fields are here so that you can allocate it; they are private. It may be moved or copied while no
 * call is under way; it points to the caller's buffer. */
struct wmrec_exchange {
  uint8_t state;
  uint8_t state_before_cr;
  uint8_t framing;
  uint8_t word_length;
  uint8_t field;
  bool is_http_1_0;
  bool is_kept_alive;
  int8_t fault;
  bool is_closing;
  bool is_answered;
  uint8_t recording;
  int8_t result;
  int8_t outcome;
  uint16_t http_status;
  uint32_t number;
  uint32_t remaining;
  uint32_t section_left;
  uint32_t retry_after;
  char *buffer;
  size_t size;
  size_t length; /* of the request, then of the body so far */
  size_t offset; /* of the request's first unsent byte, then of the status text in the body */
};

/*
 * Begins an exchange: checks the target and writes the request into the buffer. Returns WMREC_OK, or an error of the
 * -1 to -9 group, which wmrec_result() then repeats; nothing is to be sent in that case.
 *
 * buffer: borrowed for as long as the exchange is in use; any alignment. It holds the request until that is sent, then,
 * one at a time, words of the header section, then the body and, behind it, 16 bytes (where int has 16 bits: 8) for
 * each JSON token; a member is two tokens. So size decides how long a key may be, how long an answer, and how many
 * members it may have. The part that holds the key is wiped when the request is sent, or when the exchange fails
 * before. More than INT_MAX bytes are not used.
 */
int wmrec_begin(struct wmrec_exchange *x, const struct wmrec_target *target, void *buffer, size_t size);

/* The request's bytes still to be sent, and in *length how many: 0 unless wmrec_result() is WMREC_WANT_WRITE. They are
 * in the caller's buffer, and stay until the next wmrec_sent(). They contain the key: send them over verified TLS, or
 * where target->plain_http says so, and nowhere else. */
const char *wmrec_to_send(const struct wmrec_exchange *x, size_t *length);

/* Tells that the first `length` bytes of what wmrec_to_send() gave were sent: at most as many as it gave. */
void wmrec_sent(struct wmrec_exchange *x, size_t length);

/* Takes bytes of the answer, in pieces of any size, and returns how many it took (bytes is not kept). It takes none
 * before the request is sent, and none past the answer's end: a server that says more than was asked makes the
 * connection unfit for another exchange. */
size_t wmrec_received(struct wmrec_exchange *x, const void *bytes, size_t length);

/* Tells that the stream has ended. clean: by TLS's close_notify or, without TLS, by a FIN; only then can it be the end
 * of a body that is delimited by closing (RFC 9112, section 9.8). */
void wmrec_closed(struct wmrec_exchange *x, bool clean);

/* Ends an exchange that is not complete with this error (< 0): a port's, or WMREC_ERROR_TIMEOUT for giving up. What a
 * status other than 200 has already made of it, stays. */
void wmrec_fail(struct wmrec_exchange *x, int error);

/* WMREC_WANT_WRITE or WMREC_WANT_READ while under way; then WMREC_OK or the error, for good. */
int wmrec_result(const struct wmrec_exchange *x);

/* The answer: WMREC_UNKNOWN unless wmrec_result() is WMREC_OK. */
enum wmrec_recording wmrec_answer(const struct wmrec_exchange *x);

/* The API's word for it, "NeverStarted", "Recording" or "Stopped"; "Unknown" for any other value. Static. */
const char *wmrec_recording_name(enum wmrec_recording recording);

/* The status of the last status line that came, 0 to 999, a 1xx's included; 0: none came. Also after an error. */
int wmrec_http_status(const struct wmrec_exchange *x);

/* What the answer's Retry-After asks for, in ms: its delay-seconds saturate at 4,294,967 s, and have 63 digits at most.
 * Its date form is not read, for lack of a clock: take it as "a long while". A malformed one counts as none. */
#define WMREC_RETRY_AFTER_NONE UINT32_MAX
#define WMREC_RETRY_AFTER_DATE (UINT32_MAX - 1)
uint32_t wmrec_retry_after(const struct wmrec_exchange *x);

/* True if the connection can take another exchange (RFC 9112, section 9.3): only once wmrec_result() is <= 0. */
bool wmrec_keep_alive(const struct wmrec_exchange *x);

/* The body received so far, of any answer, and in *length its length; no NUL at its end. In the caller's buffer: it
 * stays until that is used again. From the network, unchecked unless the result is WMREC_OK: escape it before showing
 * it, and do not show the key if a server repeats it. */
const char *wmrec_body(const struct wmrec_exchange *x, size_t *length);

/* The text of the "status" member, as JSON has it: in UTF-8, valid, its escapes not replaced, without the quotes and
 * without a NUL. Only where the result is WMREC_OK or WMREC_ERROR_UNKNOWN_STATUS: else *length is 0. As wmrec_body()
 * otherwise. */
const char *wmrec_status_text(const struct wmrec_exchange *x, size_t *length);

/* True for an error that time does not mend, so that somebody has to: the target cannot be asked, there are no roots;
 * 401, 403 or 404. All others may pass. */
bool wmrec_is_permanent(int result);

/* The longest delay, in ms: 12 days, a quarter of the clock. */
#define WMREC_SCHEDULE_MAX (UINT32_MAX / 4)

/* When to ask again. Times are in ms; what is longer than WMREC_SCHEDULE_MAX is that; zero means the default. */
struct wmrec_schedule {
  uint32_t interval;    /* from an answer to the next question; 0: a minute */
  uint32_t max_backoff; /* the longest that failures stretch it to; 0: 15 minutes; it is never under two intervals */
  uint32_t max_delay;   /* after a lasting error, and the most of a Retry-After; 0: an hour; never under an interval */
};

/* How soon the first question after a failure is, in ms, at the latest. */
#define WMREC_SCHEDULE_FIRST_RETRY 5000

/*
 * How long to wait, in ms, from the end of an exchange to the next question.
 *
 * result, retry_after: of that exchange; wmrec_result(), wmrec_retry_after().
 * failures: how many exchanges have failed in a row, this one included.
 * random: any number of 0..UINT32_MAX with the same chance, a new one each time. What a device draws must differ from
 * what another one draws: it keeps thousands of them, that failed together, from coming back together.
 *
 * An answer: the interval. The first failure: soon. Then exponential backoff with full jitter: between a second and
 * twice the interval, four times, up to the backoff. After a Retry-After: not before that, and jitter of an interval or
 * more on top. A lasting error: rarely.
 */
uint32_t wmrec_schedule_delay(const struct wmrec_schedule *schedule, int result, uint32_t retry_after,
                              unsigned failures, uint32_t random);

/* A target that is asked again and again: what is known of it, and since when. Zero it at first; the fields are
 * private. */
struct wmrec_monitor {
  uint32_t ended_at;
  uint32_t delay;
  uint32_t answered_at;
  uint8_t recording;
  int8_t result;
  uint8_t failures;
  bool is_old;
};

/* The age of an answer that there never was, or that is older than the clock can tell (24 days, at the least). */
#define WMREC_AGE_MAX UINT32_MAX

/* Takes note of an exchange that has ended. now: a monotonic clock in ms, which may wrap, but must go on while the
 * machine sleeps: else an old answer looks like a fresh one. random: see wmrec_schedule_delay(). */
void wmrec_monitor_update(struct wmrec_monitor *monitor, const struct wmrec_schedule *schedule,
                          const struct wmrec_exchange *x, uint32_t now, uint32_t random);

/* Until the next question, in ms; 0: it is to be asked now. */
uint32_t wmrec_monitor_wait(const struct wmrec_monitor *monitor, uint32_t now);

/* The last answer; WMREC_UNKNOWN: there never was one. How old it is says wmrec_monitor_age(), in ms; what became of
 * the last exchange, wmrec_monitor_result(): WMREC_OK also before the first. */
enum wmrec_recording wmrec_monitor_answer(const struct wmrec_monitor *monitor);
uint32_t wmrec_monitor_age(const struct wmrec_monitor *monitor, uint32_t now);
int wmrec_monitor_result(const struct wmrec_monitor *monitor);

/* The last answer, if it may still be believed: WMREC_UNKNOWN if it is older than stale_after (ms), or if the last
 * exchange ended with a lasting error. */
enum wmrec_recording wmrec_monitor_current(const struct wmrec_monitor *monitor, uint32_t now, uint32_t stale_after);

/* What a lamp shows. A lamp that stays dark says "not recording": it never says "unknown". */
enum wmrec_indication {
  WMREC_INDICATE_WAITING = 0,       /* a short flash every two seconds: never yet answered */
  WMREC_INDICATE_RECORDING = 1,     /* lit */
  WMREC_INDICATE_NOT_RECORDING = 2, /* dark: NeverStarted, or Stopped */
  WMREC_INDICATE_TEMPORARY =
      3, /* a slow blink, on for a second, off for a second: stale, or the last exchange failed */
  WMREC_INDICATE_ATTENTION = 4, /* a fast blink, two a second: somebody has to mend the key or the settings */
};

/* Which of them, for the last answer, its age and the age at which it is stale (ms), and the last exchange's result. */
enum wmrec_indication wmrec_indicate(enum wmrec_recording recording, uint32_t age, uint32_t stale_after, int result);

/* True if the lamp is on at this time of a clock in ms, which may wrap. */
bool wmrec_is_lit(enum wmrec_indication indication, uint32_t now);

/* A result's name for machines, "certificate-expired", and its meaning for people, one line without a full stop. Never
 * changed once released. Static. Linked only if used. */
const char *wmrec_result_name(int result);
const char *wmrec_result_text(int result);

#ifdef __cplusplus
}
#endif

#endif
