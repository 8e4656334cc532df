/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fetch.h
 * Downloads a maildrop: the part that the plain and the TLS program share. The session, the files,
 * the command line. The connection is the program's: it hands over a transport.
 */
#ifndef FETCH_H
#define FETCH_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailproto.h"

/** Exit codes: whose fault it was. */
enum fetch_exit {
  FETCH_OK = 0,
  FETCH_LOCAL = 1,        /**< a file could not be written, memory or entropy is missing */
  FETCH_USAGE = 2,        /**< the command line */
  FETCH_NETWORK = 3,      /**< no connection, or it was lost */
  FETCH_PROTOCOL = 4,     /**< the server broke the rules, or refused a command */
  FETCH_LOGIN = 5,        /**< the server refused the credentials */
  FETCH_SECURITY = 6,     /**< TLS failed, or credentials would have travelled in the clear */
  FETCH_INTERRUPTED = 130 /**< by Ctrl-C */
};

/** What a transport answers besides a number of octets. */
enum { TRANSPORT_FAILED = -1, TRANSPORT_AGAIN = -2 };

/** A connection. Reads and writes block, but at most for about a second. */
struct transport {
  /** Reads up to `len` octets: how many, 0 at the end, or `TRANSPORT_FAILED`, `TRANSPORT_AGAIN`. */
  long (*receive)(void *connection, uint8_t *octets, size_t len);
  /** Writes up to `len` octets: how many, or `TRANSPORT_FAILED`, `TRANSPORT_AGAIN`. */
  long (*send)(void *connection, const uint8_t *octets, size_t len);
  /** Begins TLS after STLS and verifies the server: `FETCH_OK`, or the exit code of a failure that
   * was told. May take as long as a reply. NULL where the program cannot. */
  int (*start_tls)(void *connection);
  void *connection;
};

/** The command line. */
struct options {
  const char *user;
  const char *password_file;
  const char *authentication; /**< user, apop, or a SASL mechanism in lower case; NULL: the best */
  const char *cafile;
  const char *host;
  const char *port;
  const char *directory;
  bool stls;
  bool insecure;
  bool remove; /**< DELE what was stored */
  bool uidl;   /**< print lengths and unique-ids */
  bool top;    /**< TOP instead of RETR */
  uint32_t top_lines;
  uint32_t timeout; /**< how many seconds a reply may take; 0: any number */
};

/** Set by SIGINT and SIGTERM. */
extern volatile sig_atomic_t fetch_interrupted;

/** Reads the command line. `tls` tells whether the program can do TLS. On failure the usage was
 * printed. */
bool fetch_options(struct options *options, int argc, char **argv, bool tls);

/** Catches SIGINT and SIGTERM, so that blocking calls return. */
void fetch_catch_signals(void);

/** Milliseconds on a clock that never goes back, but wraps. */
uint32_t fetch_clock(void);

/**
 * Connects to the host, each of its addresses for `timeout` seconds at most. The socket, whose
 * reads and writes give up after a second; or -1, with the exit code set, having said what went
 * wrong.
 */
int fetch_connect(const struct options *options, int *exit_code);

/**
 * Holds the session. `private` tells whether the connection is under TLS already.
 * Returns an exit code, having said on standard error what went wrong.
 */
int fetch_run(const struct options *options, const struct transport *transport,
              bool private_channel);

#endif
