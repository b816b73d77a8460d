/* The job with libcurl and cJSON. The handle and its connection over loopback are kept. The request is built and sent
 * each time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "job.h"

static struct answer answer;
static const char *bytes;
static size_t bytes_length, piece_length;
static int server;

/* Listens on a free port of this machine; returns the port, or 0. */
static long listen_here(void)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;

  server = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(server, (struct sockaddr *)&address, size) != 0 || listen(server, 1) != 0 ||
      getsockname(server, (struct sockaddr *)&address, &size) != 0)
    return 0;
  return ntohs(address.sin_port);
}

/* Answers before libcurl sends the request: this program has one thread only. */
static int send_answer(void *data, char *to, char *from, int to_port, int from_port)
{
  static int connection = -1;

  (void)data, (void)to, (void)from, (void)to_port, (void)from_port;
  if (connection < 0)
    connection = accept(server, NULL, NULL);
  return write(connection, bytes, bytes_length) == (ssize_t)bytes_length ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/* Replaces libc's function: gives one piece at a time. */
ssize_t recv(int socket, void *buffer, size_t size, int flags)
{
  return recvfrom(socket, buffer, size < piece_length ? size : piece_length, flags, NULL, NULL);
}

static size_t on_body(char *part, size_t size, size_t count, void *data)
{
  return answer_add(data, part, size * count) ? size * count : 0;
}

static CURL *begin(void)
{
  CURL *curl = curl_easy_init();
  struct curl_slist *fields = curl_slist_append(NULL, "Authorization: Token wm_0123456789abcdef");

  curl_easy_setopt(curl, CURLOPT_URL, "http://127.0.0.1/v1/mock-apis/jjl8y/recordings/status");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, curl_slist_append(fields, "Accept: application/json"));
  curl_easy_setopt(curl, CURLOPT_PORT, listen_here());
  curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, send_answer);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  return curl;
}

enum status job(const char *answer_bytes, size_t length, size_t piece)
{
  static CURL *curl;
  long status = 0;

  bytes = answer_bytes;
  bytes_length = length;
  piece_length = piece;
  if (curl == NULL)
    curl = begin();
  answer.length = 0;
  if (curl_easy_perform(curl) != CURLE_OK)
    return UNKNOWN;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return status == 200 ? json_status(answer.body, answer.length) : UNKNOWN;
}
