/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See net.h. From the top: the connection, the clock and the signals, the secrets. */
#define _POSIX_C_SOURCE 200809L

#include "net.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

volatile sig_atomic_t interrupted = 0;

/* The connection. */

/** As connect(), but for `timeout` seconds at most, 0 for as long as the system tries. Linux heeds
 * SO_SNDTIMEO here; elsewhere the system's own patience counts. */
static bool connect_in_time(int stream, const struct addrinfo *address, uint32_t timeout) {
  struct timeval patience = {0, 0};
  patience.tv_sec = (time_t)timeout;
  if (setsockopt(stream, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0) {
    return false;
  }
  if (connect(stream, address->ai_addr, address->ai_addrlen) != 0) {
    errno = errno == EINPROGRESS ? ETIMEDOUT : errno;
    return false;
  }
  return true;
}

static int connect_to(const struct addrinfo *address, uint32_t timeout) {
  const struct timeval second = {1, 0};
  const int yes = 1; /* commands are small, and must not wait for the acknowledgement of others */
  int stream = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
  if (stream < 0) {
    return -1;
  }
  if (!connect_in_time(stream, address, timeout) ||
      setsockopt(stream, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) != 0 ||
      setsockopt(stream, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second) != 0 ||
      setsockopt(stream, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second) != 0) {
    int why = errno;
    close(stream);
    errno = why;
    return -1;
  }
  return stream;
}

enum outcome connection_open(struct connection *connection) {
  struct addrinfo hints;
  struct addrinfo *addresses = NULL;
  int failure;
  memset(&hints, 0, sizeof hints);
  hints.ai_socktype = SOCK_STREAM;
  connection->socket = -1;
  connection->tls = NULL;
  failure = getaddrinfo(connection->host, connection->port, &hints, &addresses);
  if (failure != 0) {
    fprintf(stderr, "%s: %s\n", connection->host, gai_strerror(failure));
    return OUTCOME_NETWORK;
  }
  for (const struct addrinfo *one = addresses;
       one != NULL && connection->socket < 0 && !interrupted; one = one->ai_next) {
    connection->socket = connect_to(one, connection->timeout);
  }
  if (connection->socket < 0) {
    fprintf(stderr, "%s port %s: %s\n", connection->host, connection->port,
            interrupted ? "interrupted" : strerror(errno));
  }
  freeaddrinfo(addresses);
  if (connection->socket < 0) {
    return interrupted ? OUTCOME_INTERRUPTED : OUTCOME_NETWORK;
  }
  return OUTCOME_OK;
}

void connection_close(struct connection *connection) {
  tls_free(connection->tls);
  connection->tls = NULL;
  if (connection->socket >= 0) {
    close(connection->socket);
  }
  connection->socket = -1;
}

/** What the callbacks answer. The end of the stream is the end of the connection too. */
static int32_t result_of(ssize_t octets) {
  if (octets < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    return 0;
  }
  return octets <= 0 ? -1 : (int32_t)octets;
}

int32_t connection_send(void *context, const void *octets, size_t len) {
  struct connection *connection = context;
  return connection->tls != NULL ? tls_send(connection->tls, octets, len)
                                 : result_of(send(connection->socket, octets, len, 0));
}

int32_t connection_recv(void *context, void *octets, size_t len) {
  struct connection *connection = context;
  return connection->tls != NULL ? tls_recv(connection->tls, octets, len)
                                 : result_of(recv(connection->socket, octets, len, 0));
}

/* TLS. */

/** A server that is silent must not hold us beyond `timeout` seconds, if not 0. */
static enum outcome handshake(struct tls *tls, uint32_t timeout) {
  uint32_t begun = connection_now_ms(NULL);
  int done;
  while ((done = tls_handshake(tls)) == TLS_AGAIN) {
    if (interrupted) {
      return OUTCOME_INTERRUPTED;
    }
    if (timeout > 0 && connection_now_ms(NULL) - begun >= timeout * 1000) {
      return OUTCOME_NETWORK;
    }
  }
  return done == TLS_FAILED ? OUTCOME_SECURITY : OUTCOME_OK;
}

static const char *why_failed(enum outcome outcome, struct tls *tls) {
  switch (outcome) {
  case OUTCOME_INTERRUPTED:
    return "interrupted";
  case OUTCOME_NETWORK:
    return "the server did not answer in time";
  default:
    return tls_error(tls);
  }
}

int32_t connection_start_tls(void *context) {
  struct connection *connection = context;
  struct tls *tls = tls_new(connection->socket, connection->host, connection->cafile);
  enum outcome outcome;
  if (tls == NULL) {
    return OUTCOME_SECURITY;
  }
  outcome = handshake(tls, connection->timeout);
  if (outcome != OUTCOME_OK) {
    fprintf(stderr, "TLS: %s\n", why_failed(outcome, tls));
    tls_free(tls);
    return (int32_t)outcome;
  }
  connection->tls = tls;
  return OUTCOME_OK;
}

/* The clock and the signals. */

uint32_t connection_now_ms(void *context) {
  struct timespec now;
  (void)context;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
}

static void on_signal(int signal) {
  (void)signal;
  interrupted = 1;
}

void catch_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal; /* without SA_RESTART: read and write return */
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  action.sa_handler = SIG_IGN; /* a server that vanished is an error code */
  sigaction(SIGPIPE, &action, NULL);
}

/* The secrets. */

const char *password_given(void) {
  const char *password = getenv("MAILPROTO_PASSWORD");
  if (password == NULL || password[0] == '\0') {
    fprintf(stderr, "password: put it into the environment, as MAILPROTO_PASSWORD\n");
    return NULL;
  }
  return password;
}

bool random_octets(void *octets, size_t len) {
  FILE *random = fopen("/dev/urandom", "rb");
  bool done = random != NULL && fread(octets, 1, len, random) == len;
  if (random != NULL) {
    fclose(random);
  }
  if (!done) {
    fprintf(stderr, "/dev/urandom cannot be read\n");
  }
  return done;
}

void wipe(void *memory, size_t len) {
  volatile uint8_t *octets = memory;
  while (len-- > 0) {
    *octets++ = 0;
  }
}
