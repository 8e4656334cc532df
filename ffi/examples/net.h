/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file net.h
 * What every example needs of the system: a TCP connection, with or without TLS, as the callbacks
 * of mailproto_transport.h; a clock; signals; the password. Over POSIX.
 */
#ifndef NET_H
#define NET_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tls.h"

/** Exit codes: whose fault it was. */
enum outcome {
  OUTCOME_OK = 0,
  OUTCOME_LOCAL = 1,        /**< a file could not be written, memory or entropy is missing */
  OUTCOME_USAGE = 2,        /**< the command line */
  OUTCOME_NETWORK = 3,      /**< no connection, or it was lost */
  OUTCOME_PROTOCOL = 4,     /**< the server broke the rules, or refused a command */
  OUTCOME_LOGIN = 5,        /**< the server refused the credentials */
  OUTCOME_SECURITY = 6,     /**< TLS failed, or credentials would have travelled in the clear */
  OUTCOME_INTERRUPTED = 130 /**< by Ctrl-C */
};

/** A connection. Reads and writes wait, but for a second at most. */
struct connection {
  const char *host;   /**< its name or address, which the certificate must bear */
  const char *port;   /**< its number, or the name of a service */
  const char *cafile; /**< trust the certificates in this file only; NULL: the system's */
  uint32_t timeout;   /**< how many seconds connect and handshake may take; 0: any number */
  int socket;
  struct tls *tls; /**< NULL in the clear */
};

/** Set by SIGINT and SIGTERM. */
extern volatile sig_atomic_t interrupted;

/** Catches SIGINT and SIGTERM, so that blocking calls return. */
void catch_signals(void);

/** Connects, each address of the host for `timeout` seconds at most. Says on standard error what
 * went wrong. */
enum outcome connection_open(struct connection *connection);

/** Takes leave. May be called twice, and after `connection_open` has failed. */
void connection_close(struct connection *connection);

/** The callbacks; `context` is the connection. */
int32_t connection_send(void *context, const void *octets, size_t len);
int32_t connection_recv(void *context, void *octets, size_t len);

/** Makes the handshake and verifies the server: an `enum outcome`, having said what went wrong. */
int32_t connection_start_tls(void *context);

/** Milliseconds on a clock that never goes back, but wraps. */
uint32_t connection_now_ms(void *context);

/** The password of the environment's MAILPROTO_PASSWORD; NULL, having said so, if there is none. */
const char *password_given(void);

/** Octets that nobody can foretell. False, having said so, if the system has none. */
bool random_octets(void *octets, size_t len);

/** As memset to 0, but not optimised away. */
void wipe(void *memory, size_t len);

#endif
