/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file mailproto_transport.h
 * The loop around a client, for programs whose transport is a pair of callbacks: `send` and `recv`
 * as coreMQTT has them. Optional; nothing in libmailproto needs it, and it needs nothing but
 * `mailproto.h`.
 *
 * A program fills in a `mailproto_transport` (how octets travel) and a handler (what is to happen),
 * and calls `mailproto_imap_run` or `mailproto_pop3_run`, which come back when the session is over.
 * A program with a loop of its own calls `mailproto_imap_turn` or `mailproto_pop3_turn` there
 * instead.
 *
 * @code{.c}
 * static uint8_t scratch[2048], tx[512], received[1460];
 *
 * static int32_t on_event(void *context, mailproto_imap_client *client,
 *                         const mailproto_imap_event *event) {
 *     (void)context;
 *     if (event->kind == MAILPROTO_IMAP_EVENT_KIND_GREETING)
 *         return mailproto_imap_client_logout(client, NULL); // an error would end the loop
 *     return 0;
 * }
 *
 * int32_t greet_and_leave(void *socket) {
 *     static mailproto_imap_client client;
 *     mailproto_transport transport = MAILPROTO_TRANSPORT_INIT;
 *     mailproto_imap_handler handler = {on_event, NULL, NULL};
 *     int32_t result = mailproto_imap_client_init(&client, sizeof client, scratch, sizeof scratch,
 *                                                 tx, sizeof tx, NULL);
 *     transport.send = tcp_send;
 *     transport.recv = tcp_recv;
 *     transport.now_ms = clock_ms;
 *     transport.context = socket;
 *     transport.buffer = received;
 *     transport.buffer_len = sizeof received;
 *     return result < 0 ? result : mailproto_imap_run(&client, &transport, &handler);
 * }
 * @endcode
 *
 * Nothing is allocated and nothing is kept but in the objects that are given. Each function is
 * `static inline`: what a program does not call is not in it.
 */

#ifndef MAILPROTO_TRANSPORT_H
#define MAILPROTO_TRANSPORT_H

#include "mailproto.h"

/** How the octets of one connection travel. Set it to `MAILPROTO_TRANSPORT_INIT` first. */
typedef struct mailproto_transport {
  /**
   * Sends octets.
   *
   * @param context  the member of that name.
   * @param octets   what is to be sent.
   * @param len      how many there are, at least 1.
   *
   * Returns how many were sent, which may be fewer; 0 when none could be sent for now; a negative
   * number when the connection is lost.
   */
  int32_t (*send)(void *context, const void *octets, size_t len);
  /**
   * Receives octets. It may wait for the first of them, but not for long (a second, say): meanwhile
   * nothing is sent, and no time passes for the client.
   *
   * @param context  the member of that name.
   * @param octets   where to put them.
   * @param len      how many there may be, at least 1.
   *
   * Returns how many were received; 0 when there are none for now; a negative number when no more
   * will come: the peer has closed the connection, or it is lost.
   */
  int32_t (*recv)(void *context, void *octets, size_t len);
  /**
   * Makes the TLS handshake and verifies the peer, once STARTTLS or STLS was accepted. From then on
   * `send` and `recv` go through TLS. NULL in a program that gives neither command.
   *
   * Returns 0; any other number ends the loop, which returns it.
   */
  int32_t (*start_tls)(void *context);
  /**
   * The time in milliseconds, of a clock that does not jump; it may wrap. NULL for none: then there
   * are no time limits, and IDLE is never due.
   */
  uint32_t (*now_ms)(void *context);
  /** What the callbacks are given. */
  void *context;
  /** Where received octets are put: memory of the program's that is used for nothing else. */
  uint8_t *buffer;
  /** How long that is. A body is told in pieces of at most this size. */
  size_t buffer_len;
  /** Of the loop: where in the buffer the octets begin that were received and not yet taken. */
  size_t begin;
  /** Of the loop: where they end. */
  size_t end;
  /** Of the loop: 1 when `send` has failed. What the peer said before is still read. */
  int32_t broken;
} mailproto_transport;

/** A transport without callbacks, for `mailproto_transport transport = MAILPROTO_TRANSPORT_INIT;`.
 */
#define MAILPROTO_TRANSPORT_INIT                                                                   \
  { NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0 }

/** @cond the loop's own */

static inline int32_t mailproto_transport_check(const mailproto_transport *transport) {
  if (mailproto_abi_version() != MAILPROTO_ABI_VERSION) {
    return MAILPROTO_ERROR_ABI_MISMATCH;
  }
  if (transport == NULL || transport->send == NULL || transport->recv == NULL ||
      transport->buffer == NULL) {
    return MAILPROTO_ERROR_NULL_POINTER;
  }
  if (transport->buffer_len == 0 || transport->begin > transport->end ||
      transport->end > transport->buffer_len) {
    return MAILPROTO_ERROR_BAD_VALUE;
  }
  return MAILPROTO_OK;
}

/* Callbacks are called in parentheses: lwIP may have macros of the names `send` and `recv`. */

/** What fits the result of a callback. */
static inline size_t mailproto_transport_at_most(size_t len) {
  return len > (size_t)INT32_MAX ? (size_t)INT32_MAX : len;
}

/** How many octets were sent; 0 when the loop should not try again now. */
static inline size_t mailproto_transport_send(mailproto_transport *transport, const uint8_t *octets,
                                              size_t len) {
  size_t most = mailproto_transport_at_most(len);
  int32_t sent = transport->broken ? -1 : (transport->send)(transport->context, octets, most);
  if (sent < 0 || (size_t)sent > most) {
    transport->broken = 1;
    return 0;
  }
  return (size_t)sent;
}

/** Fills the buffer. Whether the connection goes on. */
static inline int mailproto_transport_receive(mailproto_transport *transport) {
  size_t most = mailproto_transport_at_most(transport->buffer_len);
  int32_t received = (transport->recv)(transport->context, transport->buffer, most);
  if (received < 0 || (size_t)received > most || (received == 0 && transport->broken)) {
    return 0;
  }
  transport->begin = 0;
  transport->end = (size_t)received;
  return 1;
}

/** @endcond */

/* POP3. */

/** What is to happen in a session of POP3. Either callback may be NULL. */
typedef struct mailproto_pop3_handler {
  /**
   * Called for each event; commands may be given here. The event's spans are valid until the first
   * call on the client.
   *
   * Returns 0 to go on; any other number ends the loop, which returns it. An error code of the
   * client's may be returned as it is.
   */
  int32_t (*on_event)(void *context, mailproto_pop3_client *client,
                      const mailproto_pop3_event *event);
  /**
   * Called before octets are sent and again after, when all that was received has been told: the
   * place for commands for which there was no room before. Returns as `on_event`.
   */
  int32_t (*on_turn)(void *context, mailproto_pop3_client *client);
  /** What the callbacks are given. */
  void *context;
} mailproto_pop3_handler;

/** @cond the loop's own */

/** Tells all events of what was received. */
static inline int32_t mailproto_transport_pop3_tell(mailproto_pop3_client *client,
                                                    mailproto_transport *transport,
                                                    const mailproto_pop3_handler *handler) {
  mailproto_pop3_event event;
  for (;;) {
    const uint8_t *input = transport->buffer + transport->begin;
    size_t left = transport->end - transport->begin;
    int32_t result = mailproto_pop3_client_poll(client, &input, &left, &event);
    transport->begin = transport->end - left;
    if (result > 0) {
      result = handler->on_event == NULL ? 0 : handler->on_event(handler->context, client, &event);
    } else if (result == 0) {
      return 0;
    }
    if (result != 0) {
      return result;
    }
  }
}

/** Lets the handler take its turns and sends what is to be sent, until there is nothing more. */
static inline int32_t mailproto_transport_pop3_send(mailproto_pop3_client *client,
                                                    mailproto_transport *transport,
                                                    const mailproto_pop3_handler *handler) {
  for (;;) {
    const uint8_t *octets;
    size_t len;
    int32_t result = handler->on_turn == NULL ? 0 : handler->on_turn(handler->context, client);
    if (result != 0) {
      return result;
    }
    result = mailproto_pop3_client_outgoing(client, &octets, &len);
    if (result != MAILPROTO_OK || len == 0) {
      return result;
    }
    len = mailproto_transport_send(transport, octets, len);
    if (len == 0) {
      return MAILPROTO_OK;
    }
    result = mailproto_pop3_client_sent(client, len);
    if (result != MAILPROTO_OK) {
      return result;
    }
  }
}

/** TLS, once STLS was accepted and nothing came behind the answer. */
static inline int32_t mailproto_transport_pop3_start_tls(mailproto_pop3_client *client,
                                                         mailproto_transport *transport) {
  int32_t result = transport->start_tls == NULL ? (int32_t)MAILPROTO_ERROR_NULL_POINTER
                                                : transport->start_tls(transport->context);
  return result != 0 ? result : mailproto_pop3_client_tls_established(client);
}

/** @endcond */

/**
 * One turn of the loop: tells the events of what was received, tells the client the time, makes the
 * TLS handshake when it is due, sends what is to be sent, and receives once.
 *
 * @param client     the client, set up.
 * @param transport  how octets travel.
 * @param handler    what is to happen.
 *
 * Returns 0 to be called again, until `mailproto_pop3_client_state` is
 * `MAILPROTO_POP3_STATE_CLOSED`; otherwise as `mailproto_pop3_run`. After a positive number of the
 * handler's it may be called again: nothing is lost.
 */
static inline int32_t mailproto_pop3_turn(mailproto_pop3_client *client,
                                          mailproto_transport *transport,
                                          const mailproto_pop3_handler *handler) {
  int32_t result = mailproto_transport_check(transport);
  if (result != MAILPROTO_OK) {
    return result;
  }
  if (client == NULL || handler == NULL) {
    return MAILPROTO_ERROR_NULL_POINTER;
  }
  result = mailproto_transport_pop3_tell(client, transport, handler);
  if (result != 0 || mailproto_pop3_client_state(client) == MAILPROTO_POP3_STATE_CLOSED) {
    return result;
  }
  if (transport->now_ms != NULL) {
    result = mailproto_pop3_client_tick(client, transport->now_ms(transport->context));
  }
  if (result == 0 && mailproto_pop3_client_state(client) == MAILPROTO_POP3_STATE_HANDSHAKE) {
    result = mailproto_transport_pop3_start_tls(client, transport);
  }
  if (result == 0) {
    result = mailproto_transport_pop3_send(client, transport, handler);
  }
  if (result != 0 || mailproto_transport_receive(transport)) {
    return result;
  }
  result = mailproto_pop3_client_eof(client);
  return result != MAILPROTO_OK ? result
                                : mailproto_transport_pop3_tell(client, transport, handler);
}

/**
 * Holds a session: takes turns until it is over, or until the handler says that it is enough.
 *
 * @param client     the client, set up.
 * @param transport  how octets travel.
 * @param handler    what is to happen.
 *
 * Returns
 * - `MAILPROTO_OK` when the session has ended as it should: QUIT was answered, or the greeting was
 * a refusal;
 * - what the handler or `start_tls` returned, if not 0;
 * - `MAILPROTO_ERROR_NULL_POINTER`, `MAILPROTO_ERROR_NOT_INITIALIZED` or
 * `MAILPROTO_ERROR_BAD_VALUE` for an argument that cannot be used;
 * - `MAILPROTO_ERROR_ABI_MISMATCH` when the library is of another version than `mailproto.h`;
 * - a code of -200 and below when the peer or the network has ended it;
 * `mailproto_pop3_client_failure` says more. `MAILPROTO_ERROR_TIMEOUT` only where `now_ms` is
 * given.
 *
 * After what the handler returned the program may call it again: it goes on where it was.
 */
static inline int32_t mailproto_pop3_run(mailproto_pop3_client *client,
                                         mailproto_transport *transport,
                                         const mailproto_pop3_handler *handler) {
  int32_t result;
  do {
    result = mailproto_pop3_turn(client, transport, handler);
  } while (result == 0 && mailproto_pop3_client_state(client) != MAILPROTO_POP3_STATE_CLOSED);
  return result;
}

/* IMAP. */

/** What is to happen in a session of IMAP. Either callback may be NULL. */
typedef struct mailproto_imap_handler {
  /**
   * Called for each event; commands may be given here. The event's spans are valid until the first
   * call on the client.
   *
   * Returns 0 to go on; any other number ends the loop, which returns it. An error code of the
   * client's may be returned as it is.
   */
  int32_t (*on_event)(void *context, mailproto_imap_client *client,
                      const mailproto_imap_event *event);
  /**
   * Called before octets are sent and again after, when all that was received has been told: the
   * place for commands for which there was no room before, and for the next octets of an upload.
   * Returns as `on_event`.
   */
  int32_t (*on_turn)(void *context, mailproto_imap_client *client);
  /** What the callbacks are given. */
  void *context;
} mailproto_imap_handler;

/** @cond the loop's own */

/** Tells all events of what was received. */
static inline int32_t mailproto_transport_imap_tell(mailproto_imap_client *client,
                                                    mailproto_transport *transport,
                                                    const mailproto_imap_handler *handler) {
  mailproto_imap_event event;
  for (;;) {
    const uint8_t *input = transport->buffer + transport->begin;
    size_t left = transport->end - transport->begin;
    int32_t result = mailproto_imap_client_poll(client, &input, &left, &event);
    transport->begin = transport->end - left;
    if (result > 0) {
      result = handler->on_event == NULL ? 0 : handler->on_event(handler->context, client, &event);
    } else if (result == 0) {
      return 0;
    }
    if (result != 0) {
      return result;
    }
  }
}

/** Lets the handler take its turns and sends what is to be sent, until there is nothing more. */
static inline int32_t mailproto_transport_imap_send(mailproto_imap_client *client,
                                                    mailproto_transport *transport,
                                                    const mailproto_imap_handler *handler) {
  for (;;) {
    const uint8_t *octets;
    size_t len;
    int32_t result = handler->on_turn == NULL ? 0 : handler->on_turn(handler->context, client);
    if (result != 0) {
      return result;
    }
    result = mailproto_imap_client_outgoing(client, &octets, &len);
    if (result != MAILPROTO_OK || len == 0) {
      return result;
    }
    len = mailproto_transport_send(transport, octets, len);
    if (len == 0) {
      return MAILPROTO_OK;
    }
    result = mailproto_imap_client_sent(client, len);
    if (result != MAILPROTO_OK) {
      return result;
    }
  }
}

/** TLS, once STARTTLS was accepted and nothing came behind the answer. */
static inline int32_t mailproto_transport_imap_start_tls(mailproto_imap_client *client,
                                                         mailproto_transport *transport) {
  int32_t result = transport->start_tls == NULL ? (int32_t)MAILPROTO_ERROR_NULL_POINTER
                                                : transport->start_tls(transport->context);
  return result != 0 ? result : mailproto_imap_client_tls_established(client);
}

/** @endcond */

/**
 * One turn of the loop: tells the events of what was received, tells the client the time, makes the
 * TLS handshake when it is due, sends what is to be sent, and receives once.
 *
 * @param client     the client, set up.
 * @param transport  how octets travel.
 * @param handler    what is to happen.
 *
 * Returns 0 to be called again, until `mailproto_imap_client_state` is
 * `MAILPROTO_IMAP_STATE_CLOSED`; otherwise as `mailproto_imap_run`. After a positive number of the
 * handler's it may be called again: nothing is lost.
 */
static inline int32_t mailproto_imap_turn(mailproto_imap_client *client,
                                          mailproto_transport *transport,
                                          const mailproto_imap_handler *handler) {
  int32_t result = mailproto_transport_check(transport);
  if (result != MAILPROTO_OK) {
    return result;
  }
  if (client == NULL || handler == NULL) {
    return MAILPROTO_ERROR_NULL_POINTER;
  }
  result = mailproto_transport_imap_tell(client, transport, handler);
  if (result != 0 || mailproto_imap_client_state(client) == MAILPROTO_IMAP_STATE_CLOSED) {
    return result;
  }
  if (transport->now_ms != NULL) {
    result = mailproto_imap_client_tick(client, transport->now_ms(transport->context));
  }
  if (result == 0 && mailproto_imap_client_state(client) == MAILPROTO_IMAP_STATE_HANDSHAKE) {
    result = mailproto_transport_imap_start_tls(client, transport);
  }
  if (result == 0 && transport->begin < transport->end) {
    return MAILPROTO_ERROR_WRONG_STATE; /* COMPRESS was accepted: it takes no more like this */
  }
  if (result == 0) {
    result = mailproto_transport_imap_send(client, transport, handler);
  }
  if (result != 0 || mailproto_transport_receive(transport)) {
    return result;
  }
  result = mailproto_imap_client_eof(client);
  return result != MAILPROTO_OK ? result
                                : mailproto_transport_imap_tell(client, transport, handler);
}

/**
 * Holds a session: takes turns until it is over, or until the handler says that it is enough.
 *
 * @param client     the client, set up.
 * @param transport  how octets travel.
 * @param handler    what is to happen.
 *
 * Returns
 * - `MAILPROTO_OK` when the session has ended as it should: LOGOUT was answered, or the server has
 * said BYE;
 * - what the handler or `start_tls` returned, if not 0;
 * - `MAILPROTO_ERROR_NULL_POINTER`, `MAILPROTO_ERROR_NOT_INITIALIZED` or
 * `MAILPROTO_ERROR_BAD_VALUE` for an argument that cannot be used;
 * - `MAILPROTO_ERROR_ABI_MISMATCH` when the library is of another version than `mailproto.h`;
 * - `MAILPROTO_ERROR_WRONG_STATE` when COMPRESS was accepted and octets came behind: compression
 * takes a loop of the program's own;
 * - a code of -200 and below when the peer or the network has ended it;
 * `mailproto_imap_client_failure` says more. `MAILPROTO_ERROR_TIMEOUT` only where `now_ms` is
 * given.
 *
 * After what the handler returned the program may call it again: it goes on where it was.
 */
static inline int32_t mailproto_imap_run(mailproto_imap_client *client,
                                         mailproto_transport *transport,
                                         const mailproto_imap_handler *handler) {
  int32_t result;
  do {
    result = mailproto_imap_turn(client, transport, handler);
  } while (result == 0 && mailproto_imap_client_state(client) != MAILPROTO_IMAP_STATE_CLOSED);
  return result;
}

#endif
