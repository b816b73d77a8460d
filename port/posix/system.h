/* The system's sockets: what differs between POSIX, ESP-IDF, Zephyr and lwIP is here. Not for users.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef WMREC_SYSTEM_H
#define WMREC_SYSTEM_H

#ifdef WMREC_LWIP_SOCKETS
#include <lwip/opt.h>
#if NO_SYS || !LWIP_SOCKET || !LWIP_DNS || !LWIP_SOCKET_POLL
#error "lwipopts.h must set NO_SYS 0, LWIP_SOCKET 1, LWIP_DNS 1 and LWIP_SOCKET_POLL 1"
#endif
#include <lwip/netdb.h>
#include <lwip/sockets.h>
#include <lwip/sys.h>
#ifndef EINPROGRESS
#include <errno.h>
#endif

/* The names of POSIX, where lwipopts.h leaves them out. */
#if !LWIP_COMPAT_SOCKETS
#define connect(descriptor, address, length) lwip_connect(descriptor, address, length)
#define freeaddrinfo(list) lwip_freeaddrinfo(list)
#define getaddrinfo(host, service, hints, list) lwip_getaddrinfo(host, service, hints, list)
#define getsockopt(descriptor, level, option, value, size) lwip_getsockopt(descriptor, level, option, value, size)
#define poll(entries, count, timeout) lwip_poll(entries, count, timeout)
#define recv(descriptor, bytes, size, flags) lwip_recv(descriptor, bytes, size, flags)
#define send(descriptor, bytes, length, flags) lwip_send(descriptor, bytes, length, flags)
#define setsockopt(descriptor, level, option, value, size) lwip_setsockopt(descriptor, level, option, value, size)
#define socket(family, type, protocol) lwip_socket(family, type, protocol)
#endif
#if !LWIP_COMPAT_SOCKETS || !LWIP_POSIX_SOCKETS_IO_NAMES
#define close(descriptor) lwip_close(descriptor)
#define fcntl(descriptor, command, value) lwip_fcntl(descriptor, command, value)
#endif
#ifndef htons
#define htons(number) lwip_htons(number)
#endif

#else
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef ESP_PLATFORM
#include <sys/poll.h>
#include <sys/random.h>
/* Before 5.2, ESP-IDF has no getentropy(). Its getrandom() always fills in all bytes. */
#define getentropy(bytes, length) (getrandom(bytes, length, 0) < 0 ? -1 : 0)
#else
#include <poll.h>
#endif
#ifdef __APPLE__
#include <sys/random.h> /* getentropy() */
#endif
#endif

/* Where there are no threads, or no pairs of datagram sockets, lookups block. */
#if (defined WMREC_LWIP_SOCKETS || defined ESP_PLATFORM || defined __ZEPHYR__) && !defined WMREC_BLOCKING_LOOKUP
#define WMREC_BLOCKING_LOOKUP
#endif

/* lwIP returns one address of a name, and prefers IPv4: each family must be asked for. */
#if defined LWIP_IPV6 && LWIP_IPV4 && LWIP_IPV6
#define LOOKUP_FAMILIES AF_INET, AF_INET6
#else
#define LOOKUP_FAMILIES AF_UNSPEC
#endif

/* lwIP declares only the addresses that it has. */
#if defined LWIP_IPV6 && !LWIP_IPV6
#define sockaddr_in6 sockaddr_in
#define sin6_port sin_port
#elif defined LWIP_IPV4 && !LWIP_IPV4
#define sockaddr_in sockaddr_in6
#define sin_port sin6_port
#endif

#ifndef EAI_SYSTEM
#define EAI_SYSTEM 0 /* no error of getaddrinfo() sets errno */
#endif
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

#endif
