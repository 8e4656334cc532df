/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file session.h
 * A session of IMAP, one step after the other: what the IMAP examples share. Opens the connection
 * that a URL names, with TLS, logs in, gives commands and waits for them, takes leave.
 *
 *     session_do(session, "SELECT", mailproto_imap_client_select(client, mailbox, &session->tag))
 *
 * Each function has said on standard error what went wrong, and returns whose fault it was.
 */
#ifndef SESSION_H
#define SESSION_H

#include "mailproto_transport.h"
#include "net.h"

/** The options that all programs have, for their usage. */
#define SESSION_USAGE                                                                              \
  "URL is imaps://USER@HOST[:PORT][/MAILBOX] for TLS from the first octet, imap://... for "        \
  "STARTTLS, or\n"                                                                                 \
  "imap+insecure://... for a password in the clear (loopback, tunnels). In USER and MAILBOX %XX "  \
  "stands\n"                                                                                       \
  "for an octet. MAILBOX is INBOX unless given. The password is read from the environment's\n"     \
  "MAILPROTO_PASSWORD.\n"                                                                          \
  "  --cafile FILE      trust the certificates in FILE only\n"                                     \
  "  --timeout SECONDS  how long connect or reply may take; 60 unless given, 0: no limit\n"

enum { SESSION_URL_LEN = 1024, SESSION_NONCE_LEN = 18 };

/** All there is to a session; zeroed to begin with. Nothing in it grows with the mail. */
struct session {
  mailproto_imap_client client;
  uint32_t tag; /**< receives the tag of the command that is given next */

  /** What the program does with events, and before octets are sent; both may be NULL. They return 0
   * to go on, an `enum outcome`, or an error of the engine's. */
  int32_t (*on_event)(void *context, const mailproto_imap_event *event);
  int32_t (*on_turn)(void *context);
  void *context;
  bool heeds_interrupts; /**< true: `on_turn` does, and the session goes on */

  mailproto_imap_config
      config; /**< set up by `session_options`; may be changed before `session_open` */

  /* The session's own. */
  struct connection connection;
  mailproto_transport transport;
  mailproto_sasl sasl;
  uint8_t nonce[SESSION_NONCE_LEN]; /* which the mechanism borrows */
  char url[SESSION_URL_LEN];        /* taken apart: what follows lies in it */
  const char *user;
  const char *mailbox;
  bool implicit_tls;
  const char *awaited;  /* what is under way, for messages */
  enum outcome refusal; /* whose fault it is if the server refuses it */
  bool completed;
  bool leaving; /* LOGOUT was given, and BYE is what it brings */
  uint8_t scratch[16384];
  uint8_t tx[8192];
  uint8_t received[16384];
};

/** Reads the options and the URL. Returns the index of the argument behind it, or 0. */
int session_options(struct session *session, int argc, char **argv);

/** A number of an option or an argument, at most `most`. */
bool session_number(const char *text, uint32_t most, uint32_t *number);

/** Connects, makes TLS, logs in. */
enum outcome session_open(struct session *session);

/**
 * Waits for a command that was just queued, whose tag is in `session->tag`; meanwhile `on_event`
 * and `on_turn` are called.
 *
 * @param session  the session.
 * @param what     the command's name, for messages.
 * @param queued   what the function that queued it returned.
 */
enum outcome session_do(struct session *session, const char *what, mailproto_error queued);

/** The mailbox that the URL names. */
mailproto_imap_mailbox session_mailbox(const struct session *session);

/** Logs out if all went well so far, closes the connection, and wipes what was secret. Returns what
 * the program's exit code is. */
int session_close(struct session *session, enum outcome outcome);

#endif
