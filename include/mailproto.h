/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file mailproto.h
 * POP3 for C programs: a protocol engine that never touches a socket, a clock or a heap.
 *
 * The program moves octets: what it receives goes into `poll`, which returns events; what
 * `outgoing` shows goes out. All memory is the program's: the object itself, which may be `static`,
 * and two buffers. Mail of any size streams through. A whole session, from a connected private
 * channel:
 *
 * @code{.c}
 * static mailproto_pop3_client client;
 * static uint8_t scratch[512], tx[512], buffer[1460];
 *
 * bool fetch_first(mailproto_span user, mailproto_span password) {
 *     mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
 *     mailproto_pop3_event event;
 *     bool complete = false;
 *     config.security = MAILPROTO_POP3_SECURITY_PRIVATE; // TLS was established before
 *     mailproto_pop3_client_init(&client, sizeof client, scratch, sizeof scratch, tx, sizeof tx,
 *                                &config);
 *     while (mailproto_pop3_client_state(&client) != MAILPROTO_POP3_STATE_CLOSED) {
 *         const uint8_t *octets, *input = buffer;
 *         size_t len, left;
 *         int32_t happened;
 *         while (mailproto_pop3_client_outgoing(&client, &octets, &len) == MAILPROTO_OK && len > 0)
 *             mailproto_pop3_client_sent(&client, my_send(octets, len));
 *         left = my_receive(buffer, sizeof buffer);
 *         if (left == 0)
 *             return mailproto_pop3_client_eof(&client) == MAILPROTO_OK && complete;
 *         while ((happened = mailproto_pop3_client_poll(&client, &input, &left, &event)) > 0) {
 *             switch (event.kind) {
 *             case MAILPROTO_POP3_EVENT_KIND_GREETING:
 *                 mailproto_pop3_client_login(&client, user, password, NULL);
 *                 break;
 *             case MAILPROTO_POP3_EVENT_KIND_DATA:
 *                 my_write(event.data.ptr, event.data.len);
 *                 break;
 *             case MAILPROTO_POP3_EVENT_KIND_COMPLETED:
 *                 if (event.verb == MAILPROTO_POP3_VERB_PASS &&
 *                     event.status == MAILPROTO_POP3_STATUS_OK) {
 *                     mailproto_pop3_client_retr(&client, 1, NULL);
 *                 } else if (event.verb != MAILPROTO_POP3_VERB_USER) {
 *                     complete |= event.verb == MAILPROTO_POP3_VERB_RETR &&
 *                                 event.status == MAILPROTO_POP3_STATUS_OK;
 *                     mailproto_pop3_client_quit(&client, NULL);
 *                 }
 *                 break;
 *             default:
 *                 break;
 *             }
 *         }
 *         if (happened < 0)
 *             return false; // mailproto_strerror(happened) says why
 *     }
 *     return complete;
 * }
 * @endcode
 *
 * Rules that hold everywhere:
 * - A pointer may be NULL, an object may never have been set up, a number may be no member of its
 *   enumeration: the answer is an error code. Pointers to what is no object cannot be told.
 * - An error code from -1 to -199 means that nothing was sent and nothing has changed.
 * - A span in an event is valid until the next call on the object. It may be given to that call as
 *   an argument.
 * - Nothing is allocated, nothing is kept in a global, no function blocks, no function calls back.
 */

#ifndef MAILPROTO_H
#define MAILPROTO_H

/* Made by cbindgen from ffi/src: do not edit. `cargo xtask header` makes it anew. */

#include <stddef.h>
#include <stdint.h>

/* The size of a pointer decides how large objects are. */
#if UINTPTR_MAX == UINT64_MAX
#define MAILPROTO_POINTER_64
#elif UINTPTR_MAX == UINT32_MAX
#define MAILPROTO_POINTER_32
#else
#error "mailproto knows pointers of 32 and of 64 bits"
#endif

/* How a type of a given alignment is written. */
#if defined(__cplusplus) && __cplusplus >= 201103L
#define MAILPROTO_ALIGNED(n) alignas(n)
#elif defined(__GNUC__) || defined(__clang__)
#define MAILPROTO_ALIGNED(n) __attribute__((aligned(n)))
#elif defined(_MSC_VER)
#define MAILPROTO_ALIGNED(n) __declspec(align(n))
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define MAILPROTO_ALIGNED(n) /* C11 has no place for it here: its members' alignment must do. */
#else
#define MAILPROTO_ALIGNED(n)
#endif

/** Success. */
#define MAILPROTO_OK 0

/** Whether a code says that the session was ended by the peer or the network. */
#define MAILPROTO_IS_FATAL(code) ((code) <= -200)

/** A string literal as a span. */
#define MAILPROTO_LITERAL(literal) mailproto_octets("" literal, sizeof(literal) - 1)

#if defined(MAILPROTO_POINTER_64)
/**
 * How many words a `mailproto_pop3_client` has.
 */
#define MAILPROTO_POP3_CLIENT_WORDS 56
#endif

#if defined(MAILPROTO_POINTER_32)
/**
 * How many words a `mailproto_pop3_client` has.
 */
#define MAILPROTO_POP3_CLIENT_WORDS 80
#endif

/**
 * Every quirk is mended, and reported.
 */
#define MAILPROTO_POP3_TOLERATE_ALL 0xffffffffu

/**
 * No quirk is mended: the first one ends the session.
 */
#define MAILPROTO_POP3_TOLERATE_NONE 0

/**
 * The `number` of `EXPIRE NEVER`.
 */
#define MAILPROTO_POP3_EXPIRE_NEVER 0xffffffffu

#if defined(MAILPROTO_POINTER_64)
/**
 * How many words a `mailproto_pop3_server` has.
 */
#define MAILPROTO_POP3_SERVER_WORDS 48
#endif

#if defined(MAILPROTO_POINTER_32)
/**
 * How many words a `mailproto_pop3_server` has.
 */
#define MAILPROTO_POP3_SERVER_WORDS 68
#endif

/**
 * The set of the mechanisms that take a user name and a password.
 */
#define MAILPROTO_SASL_PASSWORD_MECHANISMS 62

/**
 * The set of the mechanisms that take an OAuth 2.0 access token.
 */
#define MAILPROTO_SASL_TOKEN_MECHANISMS 192

#if defined(MAILPROTO_POINTER_64)
/**
 * How many words a `mailproto_sasl` has.
 */
#define MAILPROTO_SASL_WORDS 20
#endif

#if defined(MAILPROTO_POINTER_32)
/**
 * How many words a `mailproto_sasl` has.
 */
#define MAILPROTO_SASL_WORDS 26
#endif

#if defined(MAILPROTO_POINTER_64)
/**
 * How many words a `mailproto_sasl_server` has.
 */
#define MAILPROTO_SASL_SERVER_WORDS 40
#endif

#if defined(MAILPROTO_POINTER_32)
/**
 * How many words a `mailproto_sasl_server` has.
 */
#define MAILPROTO_SASL_SERVER_WORDS 50
#endif

/**
 * The version of the header's library: major number.
 */
#define MAILPROTO_VERSION_MAJOR 0

/**
 * The version of the header's library: minor number.
 */
#define MAILPROTO_VERSION_MINOR 1

/**
 * The version of the header's library: patch number.
 */
#define MAILPROTO_VERSION_PATCH 0

/**
 * The layout of objects, events and configurations that the header describes. It grows with every
 * change that breaks a compiled program.
 */
#define MAILPROTO_ABI_VERSION 1

/**
 * How a call went. 0 is success.
 *
 * - -1 to -99: the caller's fault. Nothing was sent and nothing has changed; the session can go
 *   on.
 * - -100 to -199: a SASL mechanism refused. The exchange is over: cancel it.
 * - -200 and below: the peer's or the network's fault. The session is over, and every further call
 *   on the object returns the same error.
 */
enum mailproto_error
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Success; `MAILPROTO_OK` is the same.
   */
  MAILPROTO_ERROR_NONE = 0,
  /**
   * A pointer that must not be NULL is.
   */
  MAILPROTO_ERROR_NULL_POINTER = -1,
  /**
   * The object was never set up by its `init`, or was wiped since.
   */
  MAILPROTO_ERROR_NOT_INITIALIZED = -2,
  /**
   * A number is no member of its enumeration, or a length is impossible.
   */
  MAILPROTO_ERROR_BAD_VALUE = -3,
  /**
   * The program was compiled with the header of another version than this library's.
   */
  MAILPROTO_ERROR_ABI_MISMATCH = -4,
  /**
   * Memory overlaps that must not: scratch, outgoing buffer, input, object.
   */
  MAILPROTO_ERROR_OVERLAP = -5,
  /**
   * Text that must be UTF-8 is not.
   */
  MAILPROTO_ERROR_NOT_UTF8 = -6,
  /**
   * The command is not legal in the present state (RFC 1939 §3). Look at `state`.
   */
  MAILPROTO_ERROR_WRONG_STATE = -20,
  /**
   * A command that changes the state is outstanding, or a SASL challenge awaits its answer. Poll
   * until it has completed.
   */
  MAILPROTO_ERROR_BUSY = -21,
  /**
   * The session has ended. Open a new connection and set the object up anew.
   */
  MAILPROTO_ERROR_CLOSED = -22,
  /**
   * The peer's capability list does not contain what this command needs.
   */
  MAILPROTO_ERROR_NOT_OFFERED = -23,
  /**
   * Credentials would travel over a channel that was not declared private. Use TLS.
   */
  MAILPROTO_ERROR_INSECURE = -24,
  /**
   * An argument holds CR, LF or NUL, or a space where none may stand. `detail` is its index.
   */
  MAILPROTO_ERROR_FORBIDDEN_OCTET = -25,
  /**
   * An argument that must not be empty is.
   */
  MAILPROTO_ERROR_EMPTY = -26,
  /**
   * The line would be longer than the protocol allows. `detail` is the limit in octets.
   */
  MAILPROTO_ERROR_TOO_LONG = -27,
  /**
   * Message numbers start at 1 (RFC 1939 §4).
   */
  MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO = -28,
  /**
   * The outgoing buffer can never hold this. `detail` is the size that it needs.
   */
  MAILPROTO_ERROR_BUFFER_TOO_SMALL = -29,
  /**
   * The outgoing buffer or the table of commands in flight is full for now. Send, poll, try
   * again.
   */
  MAILPROTO_ERROR_FULL = -30,
  /**
   * A refusal that this version of the C ABI has no number for.
   */
  MAILPROTO_ERROR_OTHER_LOCAL = -99,
  /**
   * A SASL message does not fit; `detail` is the octets that it takes.
   */
  MAILPROTO_ERROR_SASL_BUFFER_TOO_SMALL = -100,
  /**
   * The server mechanism's work buffer is too small; `detail` is what it needed up to here.
   */
  MAILPROTO_ERROR_SASL_WORK_TOO_SMALL = -101,
  /**
   * A user name, password, token or key is empty.
   */
  MAILPROTO_ERROR_SASL_EMPTY_CREDENTIAL = -102,
  /**
   * A credential contains what its mechanism cannot carry (NUL, control characters).
   */
  MAILPROTO_ERROR_SASL_FORBIDDEN_CHARACTER = -103,
  /**
   * A credential is longer than its mechanism allows.
   */
  MAILPROTO_ERROR_SASL_TOO_LONG = -104,
  /**
   * The nonce has fewer than 12 octets. Give 18 of a good random source.
   */
  MAILPROTO_ERROR_SASL_WEAK_NONCE = -105,
  /**
   * The mechanism is not in this library, or cannot use credentials of this kind.
   */
  MAILPROTO_ERROR_SASL_UNSUPPORTED = -106,
  /**
   * The server sent a challenge where none is due.
   */
  MAILPROTO_ERROR_SASL_UNEXPECTED_CHALLENGE = -107,
  /**
   * The server's challenge does not follow the mechanism's grammar.
   */
  MAILPROTO_ERROR_SASL_MALFORMED_CHALLENGE = -108,
  /**
   * The client's response does not follow the mechanism's grammar.
   */
  MAILPROTO_ERROR_SASL_MALFORMED_RESPONSE = -109,
  /**
   * The peer demands an extension that is not known here, or channel binding.
   */
  MAILPROTO_ERROR_SASL_UNSUPPORTED_EXTENSION = -110,
  /**
   * The server's nonce does not begin with ours: a replay. Distrust the server.
   */
  MAILPROTO_ERROR_SASL_NONCE_MISMATCH = -111,
  /**
   * The server demands fewer than 4,096 iterations, which would make the proof easy to crack.
   */
  MAILPROTO_ERROR_SASL_TOO_FEW_ITERATIONS = -112,
  /**
   * The server demands more iterations than the cap.
   */
  MAILPROTO_ERROR_SASL_TOO_MANY_ITERATIONS = -113,
  /**
   * The server ended the exchange with an error of its own: usually a wrong password.
   */
  MAILPROTO_ERROR_SASL_SERVER_REJECTED = -114,
  /**
   * The server could not prove that it knows the password. Close the connection.
   */
  MAILPROTO_ERROR_SASL_SERVER_NOT_VERIFIED = -115,
  /**
   * A server mechanism was called out of turn.
   */
  MAILPROTO_ERROR_SASL_OUT_OF_TURN = -116,
  /**
   * The secret given for a user is of a kind or size that the mechanism cannot use.
   */
  MAILPROTO_ERROR_SASL_UNUSABLE_SECRET = -117,
  /**
   * A refusal that this version of the C ABI has no number for.
   */
  MAILPROTO_ERROR_SASL_OTHER = -199,
  /**
   * The first line is not a greeting of this protocol: wrong port, wrong server.
   */
  MAILPROTO_ERROR_BAD_GREETING = -200,
  /**
   * A positive reply answers no command that was sent: replies and commands are out of step.
   */
  MAILPROTO_ERROR_UNSOLICITED_REPLY = -201,
  /**
   * Octets followed the positive answer to STLS before the handshake: an injection (RFC 2595
   * §4).
   */
  MAILPROTO_ERROR_PLAINTEXT_AFTER_STLS = -202,
  /**
   * The server refused STLS and the policy requires it.
   */
  MAILPROTO_ERROR_STLS_REFUSED = -203,
  /**
   * Success was claimed before the SASL mechanism had verified the server.
   */
  MAILPROTO_ERROR_SERVER_NOT_AUTHENTICATED = -204,
  /**
   * Something that only a lenient engine mends. `detail` is the quirk.
   */
  MAILPROTO_ERROR_QUIRK_NOT_TOLERATED = -205,
  /**
   * The connection ended while a reply was due, or in the middle of one.
   */
  MAILPROTO_ERROR_UNEXPECTED_EOF = -206,
  /**
   * The connection ended with nothing outstanding, but without QUIT: deletions did not happen.
   */
  MAILPROTO_ERROR_CLOSED_BY_PEER = -207,
  /**
   * Nothing came for longer than the configured time.
   */
  MAILPROTO_ERROR_TIMEOUT = -208,
  /**
   * A violation that this version of the C ABI has no number for.
   */
  MAILPROTO_ERROR_OTHER_REMOTE = -299,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_error mailproto_error;
#else
typedef int32_t mailproto_error;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What happened. Which fields of `mailproto_pop3_event` are filled is said with each; the others
 * are zero.
 */
enum mailproto_pop3_event_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing.
   */
  MAILPROTO_POP3_EVENT_KIND_NONE = 0,
  /**
   * The server's greeting (RFC 1939 §4): `status`, `code`, `code_text`, `text`; `data` is the
   * timestamp that APOP needs, angle brackets included, or empty. With status ERR the session is
   * over.
   */
  MAILPROTO_POP3_EVENT_KIND_GREETING = 1,
  /**
   * A positive reply of several lines begins; its items or its data follow, then COMPLETED:
   * `command`, `verb`, `message`, `text`; where `has_octets` is 1, `octets` is the message's
   * length as the server tells it, a hint only.
   */
  MAILPROTO_POP3_EVENT_KIND_STARTED = 2,
  /**
   * A line of the reply to CAPA: `command`, `capability` and what is said there.
   */
  MAILPROTO_POP3_EVENT_KIND_CAPABILITY = 3,
  /**
   * A line of the reply to LIST (RFC 1939 §5): `command`, `message`, `octets`.
   */
  MAILPROTO_POP3_EVENT_KIND_SCAN_LISTING = 4,
  /**
   * A line of the reply to UIDL (RFC 1939 §7): `command`, `message`, `uid`.
   */
  MAILPROTO_POP3_EVENT_KIND_UNIQUE_ID = 5,
  /**
   * A line of the reply to LANG (RFC 6856 §3.2): `command`, `tag` the language tag, `text` the
   * language's name in that language.
   */
  MAILPROTO_POP3_EVENT_KIND_LANGUAGE = 6,
  /**
   * Octets of the reply to RETR, TOP or a raw command, dots removed, CRLF included: `command`,
   * `data`.
   */
  MAILPROTO_POP3_EVENT_KIND_DATA = 7,
  /**
   * AUTH: the server asks (RFC 5034 §4): `command`, `data` the challenge, decoded. Answer with
   * `mailproto_pop3_client_respond` or `mailproto_pop3_client_cancel`.
   */
  MAILPROTO_POP3_EVENT_KIND_CHALLENGE = 8,
  /**
   * A command is done; there is exactly one such event for each: `command`, `verb`, `message`,
   * `status`, `code`, `code_text`, `text`. For STAT `messages` and `octets`, for LIST with a
   * message number `octets`, for UIDL with one `uid`. After STLS with status OK make the TLS
   * handshake, then call `mailproto_pop3_client_tls_established`.
   */
  MAILPROTO_POP3_EVENT_KIND_COMPLETED = 9,
  /**
   * A line that is not understood, as it came: `data`, without its ending. The session goes on.
   */
  MAILPROTO_POP3_EVENT_KIND_UNRECOGNIZED = 10,
  /**
   * A line was longer than the scratch buffer: `verb` the command that was being answered (NONE
   * for the greeting), `octets` the line's length. Of a status line the beginning was used, in
   * the event before; a line of a listing was skipped.
   */
  MAILPROTO_POP3_EVENT_KIND_OVERSIZE = 11,
  /**
   * The server deviated from the RFCs, and it was mended: `quirk`; `octets` is how many octets
   * of this connection came before the line.
   */
  MAILPROTO_POP3_EVENT_KIND_QUIRK = 12,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_event_kind mailproto_pop3_event_kind;
#else
typedef int32_t mailproto_pop3_event_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The commands by name.
 */
enum mailproto_pop3_verb
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No command.
   */
  MAILPROTO_POP3_VERB_NONE = 0,
  /**
   * CAPA (RFC 2449 §5).
   */
  MAILPROTO_POP3_VERB_CAPA = 1,
  /**
   * STLS (RFC 2595 §4).
   */
  MAILPROTO_POP3_VERB_STLS = 2,
  /**
   * USER (RFC 1939 §7).
   */
  MAILPROTO_POP3_VERB_USER = 3,
  /**
   * PASS (RFC 1939 §7).
   */
  MAILPROTO_POP3_VERB_PASS = 4,
  /**
   * APOP (RFC 1939 §7).
   */
  MAILPROTO_POP3_VERB_APOP = 5,
  /**
   * AUTH (RFC 5034).
   */
  MAILPROTO_POP3_VERB_AUTH = 6,
  /**
   * STAT (RFC 1939 §5).
   */
  MAILPROTO_POP3_VERB_STAT = 7,
  /**
   * LIST (RFC 1939 §5).
   */
  MAILPROTO_POP3_VERB_LIST = 8,
  /**
   * UIDL (RFC 1939 §7).
   */
  MAILPROTO_POP3_VERB_UIDL = 9,
  /**
   * RETR (RFC 1939 §5).
   */
  MAILPROTO_POP3_VERB_RETR = 10,
  /**
   * TOP (RFC 1939 §7).
   */
  MAILPROTO_POP3_VERB_TOP = 11,
  /**
   * DELE (RFC 1939 §5).
   */
  MAILPROTO_POP3_VERB_DELE = 12,
  /**
   * RSET (RFC 1939 §5).
   */
  MAILPROTO_POP3_VERB_RSET = 13,
  /**
   * NOOP (RFC 1939 §5).
   */
  MAILPROTO_POP3_VERB_NOOP = 14,
  /**
   * QUIT (RFC 1939 §4, §6).
   */
  MAILPROTO_POP3_VERB_QUIT = 15,
  /**
   * UTF8 (RFC 6856 §2).
   */
  MAILPROTO_POP3_VERB_UTF8 = 16,
  /**
   * LANG (RFC 6856 §3).
   */
  MAILPROTO_POP3_VERB_LANG = 17,
  /**
   * Any other command, sent as given.
   */
  MAILPROTO_POP3_VERB_RAW = 18,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_verb mailproto_pop3_verb;
#else
typedef int32_t mailproto_pop3_verb;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The status indicator of a reply, and what takes its place where there is none.
 */
enum mailproto_pop3_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * This event has no status.
   */
  MAILPROTO_POP3_STATUS_NONE = 0,
  /**
   * `+OK`.
   */
  MAILPROTO_POP3_STATUS_OK = 1,
  /**
   * `-ERR`.
   */
  MAILPROTO_POP3_STATUS_ERR = 2,
  /**
   * `+OK`, but what the command asked for is not in the reply, or not readable.
   */
  MAILPROTO_POP3_STATUS_MALFORMED = 3,
  /**
   * The command never left: a command before it failed, or the session ended first.
   */
  MAILPROTO_POP3_STATUS_NOT_SENT = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_status mailproto_pop3_status;
#else
typedef int32_t mailproto_pop3_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A response code (RFC 2449 §8): why a command failed, for programs.
 */
enum mailproto_pop3_response_code
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * There is none.
   */
  MAILPROTO_POP3_RESPONSE_CODE_NONE = 0,
  /**
   * `LOGIN-DELAY`: logged in again too soon (RFC 2449 §8.1.1). Wait, then log in.
   */
  MAILPROTO_POP3_RESPONSE_CODE_LOGIN_DELAY = 1,
  /**
   * `IN-USE`: another session holds the maildrop (RFC 2449 §8.1.2). Try later.
   */
  MAILPROTO_POP3_RESPONSE_CODE_IN_USE = 2,
  /**
   * `AUTH`: the credentials are wrong (RFC 3206 §5). Ask the user.
   */
  MAILPROTO_POP3_RESPONSE_CODE_AUTH = 3,
  /**
   * `SYS/TEMP`: the server is at fault, for now (RFC 3206 §4). Try later.
   */
  MAILPROTO_POP3_RESPONSE_CODE_SYS_TEMP = 4,
  /**
   * `SYS/PERM`: the server is at fault until somebody mends it (RFC 3206 §4).
   */
  MAILPROTO_POP3_RESPONSE_CODE_SYS_PERM = 5,
  /**
   * `UTF8`: what was asked for needs the UTF8 command first (RFC 6856 §5).
   */
  MAILPROTO_POP3_RESPONSE_CODE_UTF8 = 6,
  /**
   * Any other code: see the text beside it.
   */
  MAILPROTO_POP3_RESPONSE_CODE_OTHER = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_response_code mailproto_pop3_response_code;
#else
typedef int32_t mailproto_pop3_response_code;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A capability that a server announced (RFC 2449 §5, §6).
 */
enum mailproto_pop3_capability
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * This event has no capability.
   */
  MAILPROTO_POP3_CAPABILITY_NONE = 0,
  /**
   * `TOP` (RFC 2449 §6.1).
   */
  MAILPROTO_POP3_CAPABILITY_TOP = 1,
  /**
   * `USER` (RFC 2449 §6.2): USER and PASS are accepted.
   */
  MAILPROTO_POP3_CAPABILITY_USER = 2,
  /**
   * `SASL` (RFC 2449 §6.3): `text` holds the mechanisms' names, separated by spaces.
   */
  MAILPROTO_POP3_CAPABILITY_SASL = 3,
  /**
   * `RESP-CODES` (RFC 2449 §6.4).
   */
  MAILPROTO_POP3_CAPABILITY_RESP_CODES = 4,
  /**
   * `LOGIN-DELAY` (RFC 2449 §6.5): `number` is the shortest time between two logins in seconds;
   * `per_user`.
   */
  MAILPROTO_POP3_CAPABILITY_LOGIN_DELAY = 5,
  /**
   * `PIPELINING` (RFC 2449 §6.6).
   */
  MAILPROTO_POP3_CAPABILITY_PIPELINING = 6,
  /**
   * `EXPIRE` (RFC 2449 §6.7): `number` is how many days mail is kept, or
   * `MAILPROTO_POP3_EXPIRE_NEVER`; 0 means that what was retrieved may be deleted; `per_user`.
   */
  MAILPROTO_POP3_CAPABILITY_EXPIRE = 7,
  /**
   * `UIDL` (RFC 2449 §6.8).
   */
  MAILPROTO_POP3_CAPABILITY_UIDL = 8,
  /**
   * `IMPLEMENTATION` (RFC 2449 §6.9): `text`.
   */
  MAILPROTO_POP3_CAPABILITY_IMPLEMENTATION = 9,
  /**
   * `STLS` (RFC 2595 §4).
   */
  MAILPROTO_POP3_CAPABILITY_STLS = 10,
  /**
   * `AUTH-RESP-CODE` (RFC 3206 §6).
   */
  MAILPROTO_POP3_CAPABILITY_AUTH_RESP_CODE = 11,
  /**
   * `UTF8` (RFC 6856 §2.1): `per_user` is 1 if USER, PASS and APOP take UTF-8.
   */
  MAILPROTO_POP3_CAPABILITY_UTF8 = 12,
  /**
   * `LANG` (RFC 6856 §3).
   */
  MAILPROTO_POP3_CAPABILITY_LANG = 13,
  /**
   * Any other: `tag`, and in `text` what follows it.
   */
  MAILPROTO_POP3_CAPABILITY_OTHER = 14,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_capability mailproto_pop3_capability;
#else
typedef int32_t mailproto_pop3_capability;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A deviation from the RFCs that servers in the field show and a lenient client mends.
 */
enum mailproto_pop3_quirk
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * None.
   */
  MAILPROTO_POP3_QUIRK_NONE = 0,
  /**
   * A line ended with a bare LF (RFC 1939 §3 demands CRLF).
   */
  MAILPROTO_POP3_QUIRK_BARE_LF = 1,
  /**
   * `+ok` or `-err`: the status indicator must be in upper case (RFC 1939 §3).
   */
  MAILPROTO_POP3_QUIRK_STATUS_CASE = 2,
  /**
   * Lines stood before the greeting. They were skipped.
   */
  MAILPROTO_POP3_QUIRK_BANNER = 3,
  /**
   * An empty line in a listing. It was skipped.
   */
  MAILPROTO_POP3_QUIRK_EMPTY_LINE = 4,
  /**
   * A SASL challenge that is not base64 (RFC 5034 §4). It was taken for an empty one.
   */
  MAILPROTO_POP3_QUIRK_CHALLENGE_NOT_BASE64 = 5,
  /**
   * A unique-id that is longer than 70 octets or holds others than 0x21 to 0x7E (RFC 1939 §7).
   * It was taken as it is.
   */
  MAILPROTO_POP3_QUIRK_UNIQUE_ID = 6,
  /**
   * A line that is no reply where one is due, or none that was asked for. It was handed over as
   * unrecognized.
   */
  MAILPROTO_POP3_QUIRK_NOT_A_REPLY = 7,
  /**
   * A line of a listing that cannot be read. It was handed over as unrecognized.
   */
  MAILPROTO_POP3_QUIRK_BAD_LISTING = 8,
  /**
   * One that this version of the C ABI has no number for.
   */
  MAILPROTO_POP3_QUIRK_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_quirk mailproto_pop3_quirk;
#else
typedef int32_t mailproto_pop3_quirk;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The state of a session (RFC 1939 §3), and the steps before, between and after.
 */
enum mailproto_pop3_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * There is no session: NULL, or an object that was never set up.
   */
  MAILPROTO_POP3_STATE_NONE = 0,
  /**
   * The greeting has not come yet.
   */
  MAILPROTO_POP3_STATE_GREETING = 1,
  /**
   * Nobody is logged in.
   */
  MAILPROTO_POP3_STATE_AUTHORIZATION = 2,
  /**
   * STLS was accepted: the TLS handshake is the program's, and nothing else may be received.
   */
  MAILPROTO_POP3_STATE_HANDSHAKE = 3,
  /**
   * Logged in.
   */
  MAILPROTO_POP3_STATE_TRANSACTION = 4,
  /**
   * The session has ended.
   */
  MAILPROTO_POP3_STATE_CLOSED = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_state mailproto_pop3_state;
#else
typedef int32_t mailproto_pop3_state;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a client wants, and which calls answer it. Any but HANDLED, REFUSED, CANCELLED and
 * START_TLS may be answered with `mailproto_pop3_server_reject` instead. Until it is answered no
 * further command is read. Which fields of `mailproto_pop3_request` are filled is said with each;
 * the others are zero.
 */
enum mailproto_pop3_request_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing.
   */
  MAILPROTO_POP3_REQUEST_KIND_NONE = 0,
  /**
   * USER and PASS (RFC 1939 §7): `name`, `secret` the password. Answer with
   * `mailproto_pop3_server_accept`.
   */
  MAILPROTO_POP3_REQUEST_KIND_LOGIN = 1,
  /**
   * APOP (RFC 1939 §7): `name`, `secret` 32 hexadecimal digits. Compare them with those of
   * `mailproto_apop_digest` by `mailproto_same_octets`, then answer with
   * `mailproto_pop3_server_accept`.
   */
  MAILPROTO_POP3_REQUEST_KIND_APOP = 2,
  /**
   * AUTH (RFC 5034): `mechanism`. Set a `mailproto_sasl_server` up and answer with
   * `mailproto_pop3_server_authenticate`.
   */
  MAILPROTO_POP3_REQUEST_KIND_AUTH = 3,
  /**
   * The client's next SASL response. Answer with `mailproto_pop3_server_authenticate`.
   */
  MAILPROTO_POP3_REQUEST_KIND_RESPONSE = 4,
  /**
   * The client gave up the SASL exchange. It has been answered.
   */
  MAILPROTO_POP3_REQUEST_KIND_CANCELLED = 5,
  /**
   * STLS (RFC 2595 §4) was accepted. Send what is outgoing, make the handshake, then call
   * `mailproto_pop3_server_tls_established`.
   */
  MAILPROTO_POP3_REQUEST_KIND_START_TLS = 6,
  /**
   * STAT. Answer with `mailproto_pop3_server_drop_listing`.
   */
  MAILPROTO_POP3_REQUEST_KIND_STAT = 7,
  /**
   * LIST: `message`, or 0 for all. For one message answer with
   * `mailproto_pop3_server_scan_listing`; for all, call it for each message (deleted ones are
   * left out by the engine) and then `mailproto_pop3_server_end_listing`.
   */
  MAILPROTO_POP3_REQUEST_KIND_LIST = 8,
  /**
   * UIDL: `message`, or 0 for all. As LIST, with `mailproto_pop3_server_unique_id`.
   */
  MAILPROTO_POP3_REQUEST_KIND_UIDL = 9,
  /**
   * RETR or TOP: `message`; for TOP `has_lines` is 1 and `lines` is how many lines of the body,
   * but the engine cuts there. Answer with `mailproto_pop3_server_message`, then
   * `mailproto_pop3_server_message_data` until all is given or
   * `mailproto_pop3_server_wants_more` says that no more is needed, then
   * `mailproto_pop3_server_end_message`.
   */
  MAILPROTO_POP3_REQUEST_KIND_MESSAGE = 10,
  /**
   * LANG (RFC 6856 §3): `tag`, `*` for the server's choice, or empty for the list. With a tag
   * answer with `mailproto_pop3_server_accept_language`; without, call
   * `mailproto_pop3_server_language` for each and then `mailproto_pop3_server_end_listing`.
   */
  MAILPROTO_POP3_REQUEST_KIND_LANG = 11,
  /**
   * QUIT after login: the session enters the UPDATE state (RFC 1939 §6). Remove the messages
   * that `mailproto_pop3_server_next_deleted` names, then answer with
   * `mailproto_pop3_server_updated`.
   */
  MAILPROTO_POP3_REQUEST_KIND_UPDATE = 12,
  /**
   * The engine has answered the command by itself: `verb`.
   */
  MAILPROTO_POP3_REQUEST_KIND_HANDLED = 13,
  /**
   * The engine has refused a line: unknown, too long, not legal now, or without its arguments:
   * `verb`, where it is known.
   */
  MAILPROTO_POP3_REQUEST_KIND_REFUSED = 14,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_request_kind mailproto_pop3_request_kind;
#else
typedef int32_t mailproto_pop3_request_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A SASL mechanism.
 */
enum mailproto_sasl_mechanism
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No mechanism, or none that is known here.
   */
  MAILPROTO_SASL_MECHANISM_NONE = 0,
  /**
   * SCRAM-SHA-256 (RFC 7677).
   */
  MAILPROTO_SASL_MECHANISM_SCRAM_SHA_256 = 1,
  /**
   * SCRAM-SHA-1 (RFC 5802).
   */
  MAILPROTO_SASL_MECHANISM_SCRAM_SHA_1 = 2,
  /**
   * CRAM-MD5 (RFC 2195).
   */
  MAILPROTO_SASL_MECHANISM_CRAM_MD5 = 3,
  /**
   * PLAIN (RFC 4616).
   */
  MAILPROTO_SASL_MECHANISM_PLAIN = 4,
  /**
   * LOGIN (draft-murchison-sasl-login).
   */
  MAILPROTO_SASL_MECHANISM_LOGIN = 5,
  /**
   * OAUTHBEARER (RFC 7628).
   */
  MAILPROTO_SASL_MECHANISM_OAUTH_BEARER = 6,
  /**
   * XOAUTH2.
   */
  MAILPROTO_SASL_MECHANISM_XOAUTH2 = 7,
  /**
   * EXTERNAL (RFC 4422 appendix A).
   */
  MAILPROTO_SASL_MECHANISM_EXTERNAL = 8,
  /**
   * ANONYMOUS (RFC 4505).
   */
  MAILPROTO_SASL_MECHANISM_ANONYMOUS = 9,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_sasl_mechanism mailproto_sasl_mechanism;
#else
typedef int32_t mailproto_sasl_mechanism;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What is claimed.
 */
enum mailproto_sasl_claim_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing is to be decided now.
   */
  MAILPROTO_SASL_CLAIM_KIND_NONE = 0,
  /**
   * Is `secret` the password of `user`, who may act as `authzid`? Answer with
   * `mailproto_sasl_server_verdict`.
   */
  MAILPROTO_SASL_CLAIM_KIND_PASSWORD = 1,
  /**
   * The mechanism does the verifying and needs the secret of `user`. Answer with
   * `mailproto_sasl_server_secret_password`, `_scram` or `_unknown`; the latter also when the
   * user may not act as `authzid`.
   */
  MAILPROTO_SASL_CLAIM_KIND_USER = 2,
  /**
   * Is `secret` a valid access token for `user`? `user` may be empty in OAUTHBEARER, when the
   * token itself must tell. Answer with `mailproto_sasl_server_verdict`.
   */
  MAILPROTO_SASL_CLAIM_KIND_TOKEN = 3,
  /**
   * Does the channel's own authentication (a TLS client certificate) cover `authzid`, or if that
   * is empty, anyone? Answer with `mailproto_sasl_server_verdict`.
   */
  MAILPROTO_SASL_CLAIM_KIND_EXTERNAL = 4,
  /**
   * Are anonymous users welcome? `user` is what the client wishes to see in the log. Answer with
   * `mailproto_sasl_server_verdict`.
   */
  MAILPROTO_SASL_CLAIM_KIND_ANONYMOUS = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_sasl_claim_kind mailproto_sasl_claim_kind;
#else
typedef int32_t mailproto_sasl_claim_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How credentials may travel (RFC 8314).
 */
enum mailproto_pop3_security
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The channel is in the clear: no credentials before STLS has succeeded and
   * `mailproto_pop3_client_tls_established` was called; a server that refuses STLS ends the
   * session.
   */
  MAILPROTO_POP3_SECURITY_STLS_REQUIRED = 0,
  /**
   * The program declares the channel private: implicit TLS, a tunnel, the same machine.
   */
  MAILPROTO_POP3_SECURITY_PRIVATE = 1,
  /**
   * Credentials may travel in the clear. Whoever listens has them.
   */
  MAILPROTO_POP3_SECURITY_DANGER_CLEARTEXT = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_security mailproto_pop3_security;
#else
typedef int32_t mailproto_pop3_security;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What UTF8 covers (RFC 6856 §2.1), where a server offers it.
 */
enum mailproto_pop3_utf8
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * UTF8 is not offered.
   */
  MAILPROTO_POP3_UTF8_NOT_OFFERED = 0,
  /**
   * Messages and listings.
   */
  MAILPROTO_POP3_UTF8_MESSAGES = 1,
  /**
   * User names and passwords too.
   */
  MAILPROTO_POP3_UTF8_USERS = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_utf8 mailproto_pop3_utf8;
#else
typedef int32_t mailproto_pop3_utf8;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What the exchange needs next, as `mailproto_pop3_server_authenticate` returns it.
 */
enum mailproto_sasl_step
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing; no step is 0.
   */
  MAILPROTO_SASL_STEP_NONE = 0,
  /**
   * A challenge was sent: wait for the client's response.
   */
  MAILPROTO_SASL_STEP_CHALLENGE = 1,
  /**
   * Look at the claim, answer it, and take another step.
   */
  MAILPROTO_SASL_STEP_CLAIM = 2,
  /**
   * The client is who it says.
   */
  MAILPROTO_SASL_STEP_SUCCESS = 3,
  /**
   * It is not.
   */
  MAILPROTO_SASL_STEP_FAILURE = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_sasl_step mailproto_sasl_step;
#else
typedef int32_t mailproto_sasl_step;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A POP3 client: turns received octets into events, and calls into octets to send. It may lie
 * anywhere, `static` too, and may be moved.
 *
 * One thread at a time may use it. Two clients know nothing of each other.
 */
typedef struct MAILPROTO_ALIGNED(8) mailproto_pop3_client {
  size_t _opaque[MAILPROTO_POP3_CLIENT_WORDS];
} mailproto_pop3_client;

/**
 * How a client behaves. Begin with `MAILPROTO_POP3_CONFIG_INIT`, then change what is to differ.
 */
typedef struct mailproto_pop3_config {
  /**
   * `sizeof(mailproto_pop3_config)`: tells the library which fields there are.
   */
  size_t size;
  /**
   * A `mailproto_pop3_security`: how credentials may travel. STLS required unless told.
   */
  int32_t security;
  /**
   * The quirks that are mended: the bit `1u << quirk` for each. All unless told.
   */
  uint32_t tolerate;
  /**
   * How long a reply may take, in milliseconds; 0 is for ever. Needs `tick`. A minute unless
   * told.
   */
  uint32_t reply_timeout_ms;
  /**
   * 1 if commands are sent without waiting where the server offers PIPELINING, else 0. 1 unless
   * told.
   */
  uint8_t pipelining;
  /**
   * 1 if APOP may be used, whose MD5 protects a password badly, else 0. 0 unless told.
   */
  uint8_t apop;
  /**
   * Zero.
   */
  uint16_t reserved;
} mailproto_pop3_config;

/**
 * Octets in memory: `len` of them from `ptr` on, not terminated by NUL. A program may give NULL
 * where `len` is 0; the library never does.
 */
typedef struct mailproto_span {
  /**
   * The first octet.
   */
  const uint8_t *ptr;
  /**
   * How many octets there are.
   */
  size_t len;
} mailproto_span;

/**
 * What happened. Spans lie in the input given to `poll` or in the scratch buffer, and are valid
 * until the next call on the object, or until the input is overwritten.
 */
typedef struct mailproto_pop3_event {
  /**
   * What kind of event it is.
   */
  mailproto_pop3_event_kind kind;
  /**
   * The number of the command that is answered, as the function that queued it gave it.
   */
  uint32_t command;
  /**
   * The command's name.
   */
  mailproto_pop3_verb verb;
  /**
   * The message that the command or the line names, or 0.
   */
  uint32_t message;
  /**
   * How the command went.
   */
  mailproto_pop3_status status;
  /**
   * Why, for programs.
   */
  mailproto_pop3_response_code code;
  /**
   * What is offered.
   */
  mailproto_pop3_capability capability;
  /**
   * What was mended.
   */
  mailproto_pop3_quirk quirk;
  /**
   * STAT: how many messages there are.
   */
  uint32_t messages;
  /**
   * The number in a capability.
   */
  uint32_t number;
  /**
   * Octets of a message, of the maildrop or of a line; or a position.
   */
  uint64_t octets;
  /**
   * 1 if `octets` is told, else 0.
   */
  uint8_t has_octets;
  /**
   * 1 if a capability has the argument `USER`, else 0.
   */
  uint8_t per_user;
  /**
   * Zero.
   */
  uint8_t reserved[6];
  /**
   * The server's words.
   */
  struct mailproto_span text;
  /**
   * What stands between the brackets of a response code.
   */
  struct mailproto_span code_text;
  /**
   * Octets of a message, a challenge, a timestamp or a line.
   */
  struct mailproto_span data;
  /**
   * A unique-id.
   */
  struct mailproto_span uid;
  /**
   * A language's or a capability's tag.
   */
  struct mailproto_span tag;
} mailproto_pop3_event;

/**
 * The client's side of one SASL exchange, by any mechanism. It serves one exchange: set it up anew
 * for another attempt.
 *
 * User names, passwords and tokens are UTF-8 without NUL. The memory of all spans given to an
 * `init` is borrowed: it must stay as it is until AUTH has completed or `mailproto_sasl_wipe` was
 * called.
 *
 * Every `init` returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`, `_ABI_MISMATCH` (`size` is
 * not the library's), `_NOT_UTF8`, `_SASL_EMPTY_CREDENTIAL`, `_SASL_FORBIDDEN_CHARACTER`,
 * `_SASL_TOO_LONG` or `_SASL_WEAK_NONCE`, and then the object is as it was.
 */
typedef struct MAILPROTO_ALIGNED(8) mailproto_sasl {
  size_t _opaque[MAILPROTO_SASL_WORDS];
} mailproto_sasl;

/**
 * A POP3 server for one connection: turns received octets into requests, and answers into octets
 * to send. It may lie anywhere, `static` too, and may be moved.
 *
 * One thread at a time may use it. Two servers know nothing of each other.
 */
typedef struct MAILPROTO_ALIGNED(8) mailproto_pop3_server {
  size_t _opaque[MAILPROTO_POP3_SERVER_WORDS];
} mailproto_pop3_server;

/**
 * What a server offers and how it behaves. Begin with `MAILPROTO_POP3_SERVER_CONFIG_INIT`, then
 * change what is to differ. Spans are borrowed as long as the server's buffers are.
 */
typedef struct mailproto_pop3_server_config {
  /**
   * `sizeof(mailproto_pop3_server_config)`: tells the library which fields there are.
   */
  size_t size;
  /**
   * A `mailproto_pop3_security`: whether the channel is private, and whether credentials are
   * taken over one that is not. STLS required unless told.
   */
  int32_t security;
  /**
   * The SASL mechanisms that are offered: the bit `1u << mechanism` for each. None unless told.
   */
  uint32_t mechanisms;
  /**
   * A `mailproto_pop3_utf8`: what is offered of UTF8. Nothing unless told.
   */
  int32_t utf8;
  /**
   * After how many idle milliseconds the session ends without UPDATE; RFC 1939 §3 demands at
   * least ten minutes, which is what there is unless told. 0 is never. Needs `tick`.
   */
  uint32_t autologout_ms;
  /**
   * `EXPIRE`: how many days mail is kept, or `MAILPROTO_POP3_EXPIRE_NEVER`; announced if
   * `has_expire`.
   */
  uint32_t expire;
  /**
   * `LOGIN-DELAY` in seconds; announced if `has_login_delay`.
   */
  uint32_t login_delay;
  /**
   * 1 if `expire` is announced, else 0. 0 unless told.
   */
  uint8_t has_expire;
  /**
   * 1 if `login_delay` is announced, else 0. 0 unless told.
   */
  uint8_t has_login_delay;
  /**
   * 1 if STLS is offered (RFC 2595 §4), else 0. 1 unless told.
   */
  uint8_t stls;
  /**
   * 1 if USER and PASS are offered, else 0. 1 unless told.
   */
  uint8_t user;
  /**
   * 1 if LANG is offered (RFC 6856 §3), else 0. 0 unless told.
   */
  uint8_t lang;
  /**
   * 1 if a bare LF in a message becomes CRLF, else 0. 0 unless told.
   */
  uint8_t newlines_to_crlf;
  /**
   * After how many refused lines or logins in one session the server hangs up; 0 is never. 10
   * unless told.
   */
  uint8_t max_errors;
  /**
   * Zero.
   */
  uint8_t reserved;
  /**
   * The timestamp of the greeting, angle brackets included, a fresh one for each connection;
   * with it APOP is offered (RFC 1939 §7). Empty, no APOP, unless told.
   */
  struct mailproto_span timestamp;
  /**
   * `IMPLEMENTATION` (RFC 2449 §6.9); not announced if empty.
   */
  struct mailproto_span implementation;
} mailproto_pop3_server_config;

/**
 * What a client wants. Spans lie in the scratch buffer and are valid until the next call on the
 * object.
 */
typedef struct mailproto_pop3_request {
  /**
   * What kind of request it is.
   */
  mailproto_pop3_request_kind kind;
  /**
   * The command.
   */
  mailproto_pop3_verb verb;
  /**
   * The message, which exists, or 0.
   */
  uint32_t message;
  /**
   * TOP: how many lines of the body.
   */
  uint32_t lines;
  /**
   * 1 if `lines` is told, else 0.
   */
  uint8_t has_lines;
  /**
   * Zero.
   */
  uint8_t reserved[3];
  /**
   * The SASL mechanism that was asked for, one of those announced.
   */
  mailproto_sasl_mechanism mechanism;
  /**
   * The mailbox.
   */
  struct mailproto_span name;
  /**
   * A password or a digest. Never log it.
   */
  struct mailproto_span secret;
  /**
   * A language tag.
   */
  struct mailproto_span tag;
} mailproto_pop3_request;

/**
 * The server's side of one SASL exchange, by any mechanism. It serves one exchange: set it up anew
 * for another attempt.
 *
 * The memory of all spans and of the work buffer is borrowed until `mailproto_sasl_server_wipe` or
 * until the object is set up anew. The work buffer holds what the client says: 512 octets do for
 * passwords, 4,096 for tokens.
 *
 * Every `init` returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`, `_ABI_MISMATCH` (`size` is
 * not the library's), `_NOT_UTF8`, `_SASL_WEAK_NONCE`, `_SASL_WORK_TOO_SMALL`,
 * `_SASL_EMPTY_CREDENTIAL` (a decoy without key) or `_SASL_TOO_FEW_ITERATIONS` (fewer than 4,096
 * in a decoy), and then the object is as it was.
 */
typedef struct MAILPROTO_ALIGNED(8) mailproto_sasl_server {
  size_t _opaque[MAILPROTO_SASL_SERVER_WORDS];
} mailproto_sasl_server;

/**
 * How SCRAM answers for users who do not exist. The same for every connection and over restarts,
 * or the difference tells who exists.
 */
typedef struct mailproto_sasl_decoy {
  /**
   * A random secret of the server, 16 octets or more.
   */
  struct mailproto_span key;
  /**
   * As many octets as the salts of the user database have, at most the hash's length (20 or 32).
   */
  size_t salt_octets;
  /**
   * The iteration count of the user database; at least 4,096.
   */
  uint32_t iterations;
} mailproto_sasl_decoy;

/**
 * What a client says of itself. Names are UTF-8 without NUL; a password may be any octets without
 * NUL. Never log one. The spans lie in the work buffer and are valid until the next call on the
 * object.
 */
typedef struct mailproto_sasl_claim {
  /**
   * What is claimed.
   */
  mailproto_sasl_claim_kind kind;
  /**
   * Whom to act as; empty for `user`.
   */
  struct mailproto_span authzid;
  /**
   * Who this is.
   */
  struct mailproto_span user;
  /**
   * A password or a token.
   */
  struct mailproto_span secret;
} mailproto_sasl_claim;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * What an error code means, in English: a NUL-terminated string that is always valid. Any number
 * may be given. A program that does not call this function does not contain the strings.
 */
const char *mailproto_strerror(int32_t error);

/**
 * Sets a client up for one connection.
 *
 * `scratch` and `tx` are borrowed until `mailproto_pop3_client_wipe` or until the object is set up
 * anew; neither may be touched by the program meanwhile.
 *
 * @param client       the object.
 * @param size         `sizeof *client`.
 * @param scratch      holds a line that a read cut, and bounds how long a line may be: 512 octets
 *                     hold every line that RFC 1939 allows, 256 work with all known servers.
 * @param scratch_len  its size in octets.
 * @param tx           holds commands until they are sent: 255 octets hold any command; SASL
 *                     responses with large tokens need more.
 * @param tx_len       its size in octets.
 * @param config       how to behave; NULL for the default: lenient, STLS required, pipelining.
 *
 * Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`; `MAILPROTO_ERROR_ABI_MISMATCH` when
 * `size` or `config->size` is not the library's; `MAILPROTO_ERROR_BAD_VALUE` for what `config` may
 * not hold; `MAILPROTO_ERROR_OVERLAP` when the buffers overlap. Then the object is as it was.
 */
mailproto_error mailproto_pop3_client_init(struct mailproto_pop3_client *client,
                                           size_t size,
                                           uint8_t *scratch,
                                           size_t scratch_len,
                                           uint8_t *tx,
                                           size_t tx_len,
                                           const struct mailproto_pop3_config *config);

/**
 * Ends the use of a client: wipes the scratch buffer, the outgoing buffer and the object, and
 * gives the buffers back.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
 */
mailproto_error mailproto_pop3_client_wipe(struct mailproto_pop3_client *client);

/**
 * Takes octets that were received, and tells what happened, one event a call. Call it until it
 * returns 0: then all octets were taken and nothing more is to be told.
 *
 * @param client     the object.
 * @param input      where the received octets lie; advanced past those that were taken. Any memory
 *                   but the scratch buffer and the outgoing buffer.
 * @param input_len  how many there are; reduced by as many.
 * @param event      is filled in when 1 is returned. Its spans lie in the input or in the scratch
 *                   buffer.
 *
 * Returns 1 for an event, 0 for none, or a `mailproto_error`, which is negative. A code of -200
 * and below ends the session; every further call returns the same.
 */
int32_t mailproto_pop3_client_poll(struct mailproto_pop3_client *client,
                                   const uint8_t **input,
                                   size_t *input_len,
                                   struct mailproto_pop3_event *event);

/**
 * What is to be sent now. Commands that must wait for a reply are not in it yet.
 *
 * @param client  the object.
 * @param octets  receives where it lies, until the next call on the object.
 * @param len     receives how many octets there are; 0 for nothing, and in every case of error.
 *
 * Returns `MAILPROTO_OK`, or why not.
 */
mailproto_error mailproto_pop3_client_outgoing(const struct mailproto_pop3_client *client,
                                               const uint8_t **octets,
                                               size_t *len);

/**
 * Tells that the first `n` octets of `mailproto_pop3_client_outgoing` have been sent. They are
 * wiped. A number larger than there are octets counts as all of them.
 */
mailproto_error mailproto_pop3_client_sent(struct mailproto_pop3_client *client, size_t n);

/**
 * Tells that the connection has ended.
 *
 * Returns `MAILPROTO_OK` only after QUIT was answered or the greeting was a refusal;
 * `MAILPROTO_ERROR_UNEXPECTED_EOF` while a reply was due: what was delivered of a message is not a
 * message; `MAILPROTO_ERROR_CLOSED_BY_PEER` otherwise.
 */
mailproto_error mailproto_pop3_client_eof(struct mailproto_pop3_client *client);

/**
 * Tells the time, in milliseconds of any clock that does not jump; it may wrap.
 *
 * Returns `MAILPROTO_OK`, or `MAILPROTO_ERROR_TIMEOUT` when a reply was due and nothing came for
 * `reply_timeout_ms`.
 */
mailproto_error mailproto_pop3_client_tick(struct mailproto_pop3_client *client, uint32_t now_ms);

/**
 * When `mailproto_pop3_client_tick` should be called at the latest, on its clock.
 *
 * Returns 1 and fills in `deadline_ms`, or 0 while nothing is awaited, or a negative
 * `mailproto_error`.
 */
int32_t mailproto_pop3_client_deadline(const struct mailproto_pop3_client *client,
                                       uint32_t *deadline_ms);

/**
 * Where the session stands.
 */
mailproto_pop3_state mailproto_pop3_client_state(const struct mailproto_pop3_client *client);

/**
 * What the server announced in its last reply to CAPA: the bit `1u << capability` for each
 * `mailproto_pop3_capability`, and the bit 0 once the reply is complete, so that what is not in
 * the set is not offered. 0 before, for NULL, and for an object that was not set up.
 */
uint32_t mailproto_pop3_client_capabilities(const struct mailproto_pop3_client *client);

/**
 * The SASL mechanisms that the server announced, of those that are known here: the bit `1u <<
 * mechanism` for each `mailproto_sasl_mechanism`. See `mailproto_sasl_choose`.
 */
uint32_t mailproto_pop3_client_mechanisms(const struct mailproto_pop3_client *client);

/**
 * 1 if credentials may be sent: the channel is private, or was declared good enough. Else 0.
 */
int32_t mailproto_pop3_client_may_send_credentials(const struct mailproto_pop3_client *client);

/**
 * 1 if no command is in flight, else 0.
 */
int32_t mailproto_pop3_client_is_idle(const struct mailproto_pop3_client *client);

/**
 * How many octets have been received.
 */
uint64_t mailproto_pop3_client_received(const struct mailproto_pop3_client *client);

/**
 * The number that goes with the error that was returned last: an index, a limit, a size; see
 * `mailproto_error`.
 */
size_t mailproto_pop3_client_detail(const struct mailproto_pop3_client *client);

/**
 * What ended the session: `MAILPROTO_OK` if it was not ended by an error.
 *
 * @param client  the object.
 * @param offset  receives how many octets of this connection had been received before the
 *                offending item; may be NULL.
 */
mailproto_error mailproto_pop3_client_failure(const struct mailproto_pop3_client *client,
                                              uint64_t *offset);

/**
 * CAPA: asks what the server offers (RFC 2449 §5). CAPABILITY events follow.
 *
 * @param client   the object.
 * @param command  receives the number that the command's events carry; may be NULL. So with every
 *                 command.
 *
 * This and every command returns `MAILPROTO_OK`, or an error code, and then nothing was queued:
 * `MAILPROTO_ERROR_WRONG_STATE`, `_BUSY`, `_CLOSED`, `_FULL`, `_BUFFER_TOO_SMALL`, or what is said
 * with the command; -200 and below when the session was ended by an error before.
 */
mailproto_error mailproto_pop3_client_capa(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * STLS: asks to begin TLS (RFC 2595 §4). After its completion make the handshake and call
 * `mailproto_pop3_client_tls_established`.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it; `MAILPROTO_ERROR_WRONG_STATE`
 * when the channel is private already.
 */
mailproto_error mailproto_pop3_client_stls(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * Tells that the TLS handshake after STLS is done and the server's certificate verified. All that
 * was learnt before is forgotten; ask CAPA again.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when STLS was not the last thing that happened.
 */
mailproto_error mailproto_pop3_client_tls_established(struct mailproto_pop3_client *client);

/**
 * USER: names the mailbox (RFC 1939 §7). `mailproto_pop3_client_login` does both steps.
 *
 * `MAILPROTO_ERROR_INSECURE` when the channel is not private; `_EMPTY`, `_FORBIDDEN_OCTET`,
 * `_TOO_LONG`.
 */
mailproto_error mailproto_pop3_client_user(struct mailproto_pop3_client *client,
                                           struct mailproto_span name,
                                           uint32_t *command);

/**
 * PASS: gives the password, spaces included (RFC 1939 §7), after USER was accepted.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when USER was not the last command and accepted; else as
 * `mailproto_pop3_client_user`.
 */
mailproto_error mailproto_pop3_client_pass(struct mailproto_pop3_client *client,
                                           struct mailproto_span password,
                                           uint32_t *command);

/**
 * USER and, once it is accepted, PASS: the number is that of PASS. If USER is refused the password
 * is not sent, and PASS completes with status NOT_SENT.
 *
 * As `mailproto_pop3_client_user`; neither command is queued then.
 */
mailproto_error mailproto_pop3_client_login(struct mailproto_pop3_client *client,
                                            struct mailproto_span name,
                                            struct mailproto_span password,
                                            uint32_t *command);

/**
 * APOP: logs in with a digest of the greeting's timestamp and the shared secret (RFC 1939 §7).
 * Only where the configuration's `apop` asked for it, since MD5 protects little.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` when it was not asked for, or the greeting had no well-formed
 * timestamp, or one that the scratch buffer cannot hold beside the greeting; else as
 * `mailproto_pop3_client_user`.
 */
mailproto_error mailproto_pop3_client_apop(struct mailproto_pop3_client *client,
                                           struct mailproto_span name,
                                           struct mailproto_span secret,
                                           uint32_t *command);

/**
 * AUTH: logs in by a SASL mechanism (RFC 5034), with its initial response where that fits into the
 * command line. Answer each CHALLENGE with `mailproto_pop3_client_respond`.
 *
 * `MAILPROTO_ERROR_INSECURE` when the mechanism would show a secret, or a proof of one, to
 * listeners; `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it; a code of -100 to
 * -199 when the mechanism refuses.
 */
mailproto_error mailproto_pop3_client_auth(struct mailproto_pop3_client *client,
                                           struct mailproto_sasl *sasl,
                                           uint32_t *command);

/**
 * Answers the challenge that the last event brought.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when there is none; `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when the
 * outgoing buffer cannot hold the response; a code of -100 to -199 when the mechanism does not
 * accept the challenge: then `mailproto_pop3_client_cancel`.
 */
mailproto_error mailproto_pop3_client_respond(struct mailproto_pop3_client *client,
                                              struct mailproto_sasl *sasl);

/**
 * Gives up the SASL exchange (RFC 5034 §4); the server completes AUTH with an error.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when no challenge awaits an answer.
 */
mailproto_error mailproto_pop3_client_cancel(struct mailproto_pop3_client *client);

/**
 * STAT: how many messages, how many octets (RFC 1939 §5): `messages` and `octets` of its
 * COMPLETED.
 */
mailproto_error mailproto_pop3_client_stat(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * LIST: the lengths of all messages (RFC 1939 §5), as SCAN_LISTING events.
 */
mailproto_error mailproto_pop3_client_list(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * LIST for one message (RFC 1939 §5): `octets` of its COMPLETED.
 *
 * `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
 */
mailproto_error mailproto_pop3_client_list_one(struct mailproto_pop3_client *client,
                                               uint32_t message,
                                               uint32_t *command);

/**
 * UIDL: the unique-ids of all messages (RFC 1939 §7), as UNIQUE_ID events.
 */
mailproto_error mailproto_pop3_client_uidl(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * UIDL for one message (RFC 1939 §7): `uid` of its COMPLETED.
 *
 * `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
 */
mailproto_error mailproto_pop3_client_uidl_one(struct mailproto_pop3_client *client,
                                               uint32_t message,
                                               uint32_t *command);

/**
 * RETR: a whole message (RFC 1939 §5), as DATA events.
 *
 * `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
 */
mailproto_error mailproto_pop3_client_retr(struct mailproto_pop3_client *client,
                                           uint32_t message,
                                           uint32_t *command);

/**
 * TOP: a message's header and the first `lines` of its body (RFC 1939 §7), as DATA events.
 *
 * `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
 */
mailproto_error mailproto_pop3_client_top(struct mailproto_pop3_client *client,
                                          uint32_t message,
                                          uint32_t lines,
                                          uint32_t *command);

/**
 * DELE: marks a message as deleted (RFC 1939 §5). It is removed at QUIT.
 *
 * `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
 */
mailproto_error mailproto_pop3_client_dele(struct mailproto_pop3_client *client,
                                           uint32_t message,
                                           uint32_t *command);

/**
 * RSET: takes all marks of deletion back (RFC 1939 §5).
 */
mailproto_error mailproto_pop3_client_rset(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * NOOP: nothing, but it resets the server's timer for idle sessions (RFC 1939 §5).
 */
mailproto_error mailproto_pop3_client_noop(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * QUIT: ends the session; after login the marked messages are removed (RFC 1939 §6). A negative
 * reply then means that some were not.
 */
mailproto_error mailproto_pop3_client_quit(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * UTF8: switches to UTF-8 (RFC 6856 §2), before login.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it.
 */
mailproto_error mailproto_pop3_client_utf8(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * LANG: which languages there are for the server's words (RFC 6856 §3.2), as LANGUAGE events.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it.
 */
mailproto_error mailproto_pop3_client_lang_list(struct mailproto_pop3_client *client,
                                                uint32_t *command);

/**
 * LANG with a language tag, or `*` for the server's choice (RFC 6856 §3.2).
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it; `_EMPTY`, `_FORBIDDEN_OCTET`,
 * `_TOO_LONG`.
 */
mailproto_error mailproto_pop3_client_lang(struct mailproto_pop3_client *client,
                                           struct mailproto_span tag,
                                           uint32_t *command);

/**
 * Sends a command that this library does not know, as given, without CRLF. It is not checked
 * whether the command is legal, and it must not be one that changes the state.
 *
 * @param client     the object.
 * @param line       the command.
 * @param multiline  1 if a positive reply to it has several lines, which come as DATA; else 0.
 * @param command    receives the command's number; may be NULL.
 *
 * `MAILPROTO_ERROR_FORBIDDEN_OCTET` for CR, LF or NUL; `_EMPTY`, `_TOO_LONG`; `_BAD_VALUE` for a
 * `multiline` that is neither 0 nor 1.
 */
mailproto_error mailproto_pop3_client_raw(struct mailproto_pop3_client *client,
                                          struct mailproto_span line,
                                          int32_t multiline,
                                          uint32_t *command);

/**
 * Sets a server up for one connection. Then call `mailproto_pop3_server_greet`.
 *
 * The buffers, and the spans of the configuration, are borrowed until `mailproto_pop3_server_wipe`
 * or until the object is set up anew; the program may not touch them meanwhile.
 *
 * @param server       the object.
 * @param size         `sizeof *server`.
 * @param scratch      bounds how long a line may be: 512 octets for any command; SASL with large
 *                     tokens needs more.
 * @param scratch_len  its size in octets.
 * @param tx           holds answers until they are sent; 512 octets at least.
 * @param tx_len       its size in octets.
 * @param marks        holds a bit for each message of a mailbox; a larger mailbox than it has bits
 *                     cannot be accepted.
 * @param marks_len    its size in octets.
 * @param config       how to behave; NULL for the default.
 *
 * Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`; `MAILPROTO_ERROR_ABI_MISMATCH` when
 * `size` or `config->size` is not the library's; `MAILPROTO_ERROR_BAD_VALUE` for what `config` may
 * not hold; `MAILPROTO_ERROR_OVERLAP` when the buffers overlap. Then the object is as it was.
 */
mailproto_error mailproto_pop3_server_init(struct mailproto_pop3_server *server,
                                           size_t size,
                                           uint8_t *scratch,
                                           size_t scratch_len,
                                           uint8_t *tx,
                                           size_t tx_len,
                                           uint8_t *marks,
                                           size_t marks_len,
                                           const struct mailproto_pop3_server_config *config);

/**
 * Ends the use of a server: wipes its buffers and the object, and gives the buffers back.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
 */
mailproto_error mailproto_pop3_server_wipe(struct mailproto_pop3_server *server);

/**
 * Sends the greeting (RFC 1939 §4), with the timestamp where one is configured.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when the session has begun; `MAILPROTO_ERROR_BUFFER_TOO_SMALL`
 * when the outgoing buffer cannot hold the greeting, or later the answer to CAPA; `_EMPTY`,
 * `_FORBIDDEN_OCTET` for the text or the timestamp.
 */
mailproto_error mailproto_pop3_server_greet(struct mailproto_pop3_server *server,
                                            struct mailproto_span text);

/**
 * Refuses the connection instead of greeting, or answers any request with an error.
 *
 * @param server     the object.
 * @param code       a `mailproto_pop3_response_code`, or 0 for none.
 * @param code_text  for the code OTHER what stands between the brackets, else not looked at.
 * @param text       words for people.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when no answer is owed, or one has begun (then
 * `mailproto_pop3_server_abort`); `MAILPROTO_ERROR_BAD_VALUE` for a number that is no code;
 * `_EMPTY`, `_FORBIDDEN_OCTET`, `_FULL`.
 */
mailproto_error mailproto_pop3_server_reject(struct mailproto_pop3_server *server,
                                             int32_t code,
                                             struct mailproto_span code_text,
                                             struct mailproto_span text);

/**
 * Takes octets that were received, and tells what the client wants, one request a call. Call it
 * until it returns 0. If octets are left in the input then, something else comes first: a request
 * awaits its answer, or what is outgoing must be sent to make room. Keep the rest, and call again
 * then.
 *
 * @param server     the object.
 * @param input      where the received octets lie; advanced past those that were taken. Any memory
 *                   but the server's buffers.
 * @param input_len  how many there are; reduced by as many.
 * @param request    is filled in when 1 is returned. Its spans lie in the scratch buffer.
 *
 * Returns 1 for a request, 0 for none, or a `mailproto_error`, which is negative. A code of -200
 * and below ends the session; every further call returns the same.
 */
int32_t mailproto_pop3_server_poll(struct mailproto_pop3_server *server,
                                   const uint8_t **input,
                                   size_t *input_len,
                                   struct mailproto_pop3_request *request);

/**
 * What is to be sent now.
 *
 * @param server  the object.
 * @param octets  receives where it lies, until the next call on the object.
 * @param len     receives how many octets there are; 0 for nothing, and in every case of error.
 *
 * Returns `MAILPROTO_OK`, or why not.
 */
mailproto_error mailproto_pop3_server_outgoing(const struct mailproto_pop3_server *server,
                                               const uint8_t **octets,
                                               size_t *len);

/**
 * Tells that the first `n` octets of `mailproto_pop3_server_outgoing` have been sent. They are
 * wiped. A number larger than there are octets counts as all of them.
 */
mailproto_error mailproto_pop3_server_sent(struct mailproto_pop3_server *server, size_t n);

/**
 * Tells that the connection has ended. Without QUIT nothing is removed (RFC 1939 §6).
 *
 * Returns `MAILPROTO_OK` after QUIT, or `MAILPROTO_ERROR_CLOSED_BY_PEER`.
 */
mailproto_error mailproto_pop3_server_eof(struct mailproto_pop3_server *server);

/**
 * Tells the time, in milliseconds of any clock that does not jump; it may wrap.
 *
 * Returns `MAILPROTO_OK`, or `MAILPROTO_ERROR_TIMEOUT` when the client was silent for
 * `autologout_ms`: hang up, remove nothing (RFC 1939 §3).
 */
mailproto_error mailproto_pop3_server_tick(struct mailproto_pop3_server *server, uint32_t now_ms);

/**
 * When `mailproto_pop3_server_tick` should be called at the latest, on its clock.
 *
 * Returns 1 and fills in `deadline_ms`, or 0 if the session may last for ever, or a negative
 * `mailproto_error`.
 */
int32_t mailproto_pop3_server_deadline(const struct mailproto_pop3_server *server,
                                       uint32_t *deadline_ms);

/**
 * Where the session stands. Once it is CLOSED, send what is outgoing and hang up.
 */
mailproto_pop3_state mailproto_pop3_server_state(const struct mailproto_pop3_server *server);

/**
 * 1 if a request awaits its answer, else 0.
 */
int32_t mailproto_pop3_server_owes_answer(const struct mailproto_pop3_server *server);

/**
 * 1 if the message is marked as deleted, else 0.
 */
int32_t mailproto_pop3_server_is_deleted(const struct mailproto_pop3_server *server,
                                         uint32_t message);

/**
 * The first message behind `after` that is marked as deleted, or 0 if there is none. Begin with 0.
 */
uint32_t mailproto_pop3_server_next_deleted(const struct mailproto_pop3_server *server,
                                            uint32_t after);

/**
 * The number that goes with the error that was returned last: an index, a limit, a size; see
 * `mailproto_error`.
 */
size_t mailproto_pop3_server_detail(const struct mailproto_pop3_server *server);

/**
 * What ended the session: `MAILPROTO_OK` if it was not ended by an error.
 *
 * @param server  the object.
 * @param offset  receives how many octets of this connection had been received before the
 *                offending item; may be NULL.
 */
mailproto_error mailproto_pop3_server_failure(const struct mailproto_pop3_server *server,
                                              uint64_t *offset);

/**
 * Tells that the TLS handshake after STLS is done.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when STLS was not the last thing that happened.
 */
mailproto_error mailproto_pop3_server_tls_established(struct mailproto_pop3_server *server);

/**
 * Answers LOGIN, APOP, or an AUTH whose mechanism reported success: the client is logged in to a
 * mailbox of that many messages, which must not change until the session ends.
 *
 * `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when the marks have not a bit for each message; `detail` is
 * how many octets there must be. `MAILPROTO_ERROR_WRONG_STATE` when no login was asked for, or the
 * mechanism has not reported success.
 */
mailproto_error mailproto_pop3_server_accept(struct mailproto_pop3_server *server,
                                             uint32_t messages);

/**
 * Answers AUTH and RESPONSE: lets the mechanism take its step and sends what it says. After the
 * step CLAIM answer the mechanism and call this again; after SUCCESS call
 * `mailproto_pop3_server_accept`, after FAILURE `mailproto_pop3_server_reject`.
 *
 * Returns a `mailproto_sasl_step`, which is positive, or a `mailproto_error`, which is negative: a
 * code of -100 to -199 when the mechanism does not accept the response: then
 * `mailproto_pop3_server_reject`; `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when the outgoing buffer
 * cannot hold the challenge.
 */
int32_t mailproto_pop3_server_authenticate(struct mailproto_pop3_server *server,
                                           struct mailproto_sasl_server *sasl);

/**
 * Answers STAT: how many messages there are, and their octets, deleted ones not counted.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when that was not asked; `MAILPROTO_ERROR_FULL` until what is
 * outgoing is sent. The same holds for the other answers.
 */
mailproto_error mailproto_pop3_server_drop_listing(struct mailproto_pop3_server *server,
                                                   uint32_t messages,
                                                   uint64_t octets);

/**
 * Answers LIST: the length of a message, in octets with every line end counted as two. Deleted
 * messages are left out.
 */
mailproto_error mailproto_pop3_server_scan_listing(struct mailproto_pop3_server *server,
                                                   uint32_t message,
                                                   uint64_t octets);

/**
 * Answers UIDL: the unique-id of a message. Deleted messages are left out.
 *
 * `MAILPROTO_ERROR_EMPTY`, `_FORBIDDEN_OCTET` and `_TOO_LONG` for a unique-id that RFC 1939 §7
 * does not allow.
 */
mailproto_error mailproto_pop3_server_unique_id(struct mailproto_pop3_server *server,
                                                uint32_t message,
                                                struct mailproto_span uid);

/**
 * Answers LANG without a tag: a language and its name in that language.
 */
mailproto_error mailproto_pop3_server_language(struct mailproto_pop3_server *server,
                                               struct mailproto_span tag,
                                               struct mailproto_span description);

/**
 * Answers LANG with a tag: the server's words are in that language from now on.
 */
mailproto_error mailproto_pop3_server_accept_language(struct mailproto_pop3_server *server,
                                                      struct mailproto_span tag,
                                                      struct mailproto_span text);

/**
 * Ends the listing of all messages, or of the languages.
 */
mailproto_error mailproto_pop3_server_end_listing(struct mailproto_pop3_server *server);

/**
 * Answers MESSAGE: it will follow.
 *
 * @param server  the object.
 * @param octets  how long it is, or NULL if that is not known.
 */
mailproto_error mailproto_pop3_server_message(struct mailproto_pop3_server *server,
                                              const uint64_t *octets);

/**
 * Takes as much of the next octets of the message as there is room for; dots are stuffed on the
 * way. With text left over, send what is outgoing and call again.
 *
 * @param server    the object.
 * @param text      where the octets lie; advanced past those that were taken.
 * @param text_len  how many there are; reduced by as many.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` before `mailproto_pop3_server_message`.
 */
mailproto_error mailproto_pop3_server_message_data(struct mailproto_pop3_server *server,
                                                   const uint8_t **text,
                                                   size_t *text_len);

/**
 * 1 if more of the message is needed: always for RETR, and for TOP until the lines that it asked
 * for are complete. Else 0.
 */
int32_t mailproto_pop3_server_wants_more(const struct mailproto_pop3_server *server);

/**
 * Ends the message. A last line without an end is given one.
 */
mailproto_error mailproto_pop3_server_end_message(struct mailproto_pop3_server *server);

/**
 * Answers UPDATE. The session is over.
 *
 * @param server       the object.
 * @param all_removed  1 if all messages that were marked have been removed (RFC 1939 §6), else 0.
 */
mailproto_error mailproto_pop3_server_updated(struct mailproto_pop3_server *server,
                                              int32_t all_removed);

/**
 * Ends the session at once, because the program's mailbox failed in the middle of an answer: the
 * client must not take what it has for the whole. Nothing is removed.
 */
mailproto_error mailproto_pop3_server_abort(struct mailproto_pop3_server *server);

/**
 * The strongest of the mechanisms that are in both sets, or `MAILPROTO_SASL_MECHANISM_NONE`.
 *
 * A set has the bit `1u << mechanism` for each of its mechanisms. For passwords the order is
 * SCRAM-SHA-256, SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN; for tokens OAUTHBEARER, XOAUTH2.
 *
 * @param offered    what the server offers: `mailproto_pop3_client_mechanisms`.
 * @param available  what the program can do, such as `MAILPROTO_SASL_PASSWORD_MECHANISMS`.
 */
mailproto_sasl_mechanism mailproto_sasl_choose(uint32_t offered, uint32_t available);

/**
 * Writes the digest that APOP sends (RFC 1939 §7): MD5 of the greeting's timestamp, angle brackets
 * included, and the shared secret, as 32 hexadecimal digits. For a server, which compares it with
 * `mailproto_same_octets`.
 *
 * @param timestamp  the greeting's timestamp.
 * @param secret     the shared secret.
 * @param digest     receives the digits; 32 octets, no NUL.
 *
 * Returns `MAILPROTO_OK` or `MAILPROTO_ERROR_NULL_POINTER`.
 */
mailproto_error mailproto_apop_digest(struct mailproto_span timestamp,
                                      struct mailproto_span secret,
                                      uint8_t (*digest)[32]);

/**
 * PLAIN (RFC 4616): sends the password, so over a private channel only.
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param authzid   whom to act as, when not as `user`; mostly empty.
 * @param user      whose password it is.
 * @param password  the password.
 */
mailproto_error mailproto_sasl_plain_init(struct mailproto_sasl *sasl,
                                          size_t size,
                                          struct mailproto_span authzid,
                                          struct mailproto_span user,
                                          struct mailproto_span password);

/**
 * LOGIN (draft-murchison-sasl-login): sends the password, so over a private channel only.
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param user      the user's name.
 * @param password  the password.
 */
mailproto_error mailproto_sasl_login_init(struct mailproto_sasl *sasl,
                                          size_t size,
                                          struct mailproto_span user,
                                          struct mailproto_span password);

/**
 * CRAM-MD5 (RFC 2195): sends a proof of the password, on which a listener can try guesses.
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param user      the user's name.
 * @param password  the password.
 */
mailproto_error mailproto_sasl_cram_md5_init(struct mailproto_sasl *sasl,
                                             size_t size,
                                             struct mailproto_span user,
                                             struct mailproto_span password);

/**
 * SCRAM-SHA-1 (RFC 5802): the server proves itself too.
 *
 * @param sasl            the object.
 * @param size            `sizeof *sasl`.
 * @param authzid         whom to act as, when not as `user`; mostly empty.
 * @param user            whose password it is.
 * @param password        the password.
 * @param nonce           18 octets of a good random source, never used before.
 * @param max_iterations  the most iterations that this machine will compute for a server, lest a
 *                        false one keep it busy; 0 for 600,000.
 */
mailproto_error mailproto_sasl_scram_sha_1_init(struct mailproto_sasl *sasl,
                                                size_t size,
                                                struct mailproto_span authzid,
                                                struct mailproto_span user,
                                                struct mailproto_span password,
                                                struct mailproto_span nonce,
                                                uint32_t max_iterations);

/**
 * SCRAM-SHA-256 (RFC 7677): the server proves itself too. The strongest that there is here.
 *
 * @param sasl            the object.
 * @param size            `sizeof *sasl`.
 * @param authzid         whom to act as, when not as `user`; mostly empty.
 * @param user            whose password it is.
 * @param password        the password.
 * @param nonce           18 octets of a good random source, never used before.
 * @param max_iterations  the most iterations that this machine will compute for a server, lest a
 *                        false one keep it busy; 0 for 600,000.
 */
mailproto_error mailproto_sasl_scram_sha_256_init(struct mailproto_sasl *sasl,
                                                  size_t size,
                                                  struct mailproto_span authzid,
                                                  struct mailproto_span user,
                                                  struct mailproto_span password,
                                                  struct mailproto_span nonce,
                                                  uint32_t max_iterations);

/**
 * XOAUTH2: sends an OAuth 2.0 access token, so over a private channel only.
 *
 * @param sasl   the object.
 * @param size   `sizeof *sasl`.
 * @param user   the mailbox's user.
 * @param token  the access token, without `Bearer`.
 */
mailproto_error mailproto_sasl_xoauth2_init(struct mailproto_sasl *sasl,
                                            size_t size,
                                            struct mailproto_span user,
                                            struct mailproto_span token);

/**
 * OAUTHBEARER (RFC 7628): sends an OAuth 2.0 access token, so over a private channel only.
 *
 * @param sasl   the object.
 * @param size   `sizeof *sasl`.
 * @param user   the mailbox's user; may be empty.
 * @param token  the access token, without `Bearer`.
 * @param host   the server's host name; may be empty.
 * @param port   the server's port, or 0.
 */
mailproto_error mailproto_sasl_oauthbearer_init(struct mailproto_sasl *sasl,
                                                size_t size,
                                                struct mailproto_span user,
                                                struct mailproto_span token,
                                                struct mailproto_span host,
                                                uint16_t port);

/**
 * EXTERNAL (RFC 4422 appendix A): the channel itself, by a TLS client certificate, tells who this
 * is.
 *
 * @param sasl     the object.
 * @param size     `sizeof *sasl`.
 * @param authzid  whom to act as; empty for whom the channel names.
 */
mailproto_error mailproto_sasl_external_init(struct mailproto_sasl *sasl,
                                             size_t size,
                                             struct mailproto_span authzid);

/**
 * ANONYMOUS (RFC 4505).
 *
 * @param sasl   the object.
 * @param size   `sizeof *sasl`.
 * @param trace  a hint for the server's log, such as a mail address; may be empty. At most 255
 *               characters.
 */
mailproto_error mailproto_sasl_anonymous_init(struct mailproto_sasl *sasl,
                                              size_t size,
                                              struct mailproto_span trace);

/**
 * Any mechanism for a user name and a password, chosen at run time: for hosts, since a program
 * that calls this contains them all.
 *
 * @param sasl       the object.
 * @param size       `sizeof *sasl`.
 * @param mechanism  a `mailproto_sasl_mechanism`, as `mailproto_sasl_choose` returns it.
 * @param authzid    whom to act as, when not as `user`; mostly empty.
 * @param user       whose password it is.
 * @param password   the password.
 * @param nonce      18 octets of a good random source, never used before; SCRAM uses it.
 *
 * Returns besides `MAILPROTO_ERROR_BAD_VALUE` for a number that is no mechanism, and
 * `MAILPROTO_ERROR_SASL_UNSUPPORTED` for one that takes no password or cannot act as another user.
 */
mailproto_error mailproto_sasl_password_init(struct mailproto_sasl *sasl,
                                             size_t size,
                                             int32_t mechanism,
                                             struct mailproto_span authzid,
                                             struct mailproto_span user,
                                             struct mailproto_span password,
                                             struct mailproto_span nonce);

/**
 * The mechanism that the object was set up for; `MAILPROTO_SASL_MECHANISM_NONE` for NULL and for
 * an object that was not set up.
 */
mailproto_sasl_mechanism mailproto_sasl_name(const struct mailproto_sasl *sasl);

/**
 * Ends the borrowing of the credentials and wipes what the object knows of them. The credentials
 * themselves are the program's to wipe.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
 */
mailproto_error mailproto_sasl_wipe(struct mailproto_sasl *sasl);

/**
 * PLAIN (RFC 4616).
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param work      the work buffer.
 * @param work_len  its size in octets.
 */
mailproto_error mailproto_sasl_server_plain_init(struct mailproto_sasl_server *sasl,
                                                 size_t size,
                                                 uint8_t *work,
                                                 size_t work_len);

/**
 * LOGIN (draft-murchison-sasl-login).
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param work      the work buffer.
 * @param work_len  its size in octets.
 */
mailproto_error mailproto_sasl_server_login_init(struct mailproto_sasl_server *sasl,
                                                 size_t size,
                                                 uint8_t *work,
                                                 size_t work_len);

/**
 * CRAM-MD5 (RFC 2195).
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param work      the work buffer.
 * @param work_len  its size in octets.
 * @param nonce     18 octets of a good random source, never used before.
 * @param host      the server's host name.
 */
mailproto_error mailproto_sasl_server_cram_md5_init(struct mailproto_sasl_server *sasl,
                                                    size_t size,
                                                    uint8_t *work,
                                                    size_t work_len,
                                                    struct mailproto_span nonce,
                                                    struct mailproto_span host);

/**
 * SCRAM-SHA-1 (RFC 5802).
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param work      the work buffer.
 * @param work_len  its size in octets.
 * @param nonce     18 octets of a good random source, never used before.
 * @param decoy     how to answer for users who do not exist.
 */
mailproto_error mailproto_sasl_server_scram_sha_1_init(struct mailproto_sasl_server *sasl,
                                                       size_t size,
                                                       uint8_t *work,
                                                       size_t work_len,
                                                       struct mailproto_span nonce,
                                                       const struct mailproto_sasl_decoy *decoy);

/**
 * SCRAM-SHA-256 (RFC 7677).
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param work      the work buffer.
 * @param work_len  its size in octets.
 * @param nonce     18 octets of a good random source, never used before.
 * @param decoy     how to answer for users who do not exist.
 */
mailproto_error mailproto_sasl_server_scram_sha_256_init(struct mailproto_sasl_server *sasl,
                                                         size_t size,
                                                         uint8_t *work,
                                                         size_t work_len,
                                                         struct mailproto_span nonce,
                                                         const struct mailproto_sasl_decoy *decoy);

/**
 * Any mechanism, chosen at run time, such as by a request of kind AUTH: for hosts, since a program
 * that calls this contains them all.
 *
 * @param sasl       the object.
 * @param size       `sizeof *sasl`.
 * @param mechanism  a `mailproto_sasl_mechanism`.
 * @param work       the work buffer.
 * @param work_len   its size in octets.
 * @param nonce      18 octets of a good random source, never used before (CRAM-MD5, SCRAM).
 * @param host       the server's host name (CRAM-MD5).
 * @param decoy      for users who do not exist (SCRAM).
 *
 * Returns besides `MAILPROTO_ERROR_BAD_VALUE` for a number that is no mechanism, and
 * `MAILPROTO_ERROR_SASL_UNSUPPORTED` for one that is not in this library.
 */
mailproto_error mailproto_sasl_server_init(struct mailproto_sasl_server *sasl,
                                           size_t size,
                                           int32_t mechanism,
                                           uint8_t *work,
                                           size_t work_len,
                                           struct mailproto_span nonce,
                                           struct mailproto_span host,
                                           const struct mailproto_sasl_decoy *decoy);

/**
 * What the client claims, after a step that is CLAIM; kind NONE before, and once it is answered.
 *
 * @param sasl   the object.
 * @param claim  is filled in.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
 */
mailproto_error mailproto_sasl_server_claim(const struct mailproto_sasl_server *sasl,
                                            struct mailproto_sasl_claim *claim);

/**
 * Answers any claim but one of kind USER.
 *
 * @param sasl      the object.
 * @param accepted  1 if it is true, else 0.
 *
 * `MAILPROTO_ERROR_SASL_OUT_OF_TURN` when no such claim stands; `MAILPROTO_ERROR_BAD_VALUE` when
 * `accepted` is neither 0 nor 1.
 */
mailproto_error mailproto_sasl_server_verdict(struct mailproto_sasl_server *sasl, int32_t accepted);

/**
 * Answers a claim of kind USER with the user's password. It is not kept.
 *
 * `MAILPROTO_ERROR_SASL_OUT_OF_TURN` when no such claim stands;
 * `MAILPROTO_ERROR_SASL_UNUSABLE_SECRET`; `MAILPROTO_ERROR_SASL_WORK_TOO_SMALL`. So with the other
 * answers.
 */
mailproto_error mailproto_sasl_server_secret_password(struct mailproto_sasl_server *sasl,
                                                      struct mailproto_span password);

/**
 * Answers a claim of kind USER with what a SCRAM server stores in place of a password (RFC 5802
 * §3).
 *
 * @param sasl        the object.
 * @param salt        the salt, raw.
 * @param iterations  the iteration count.
 * @param stored_key  StoredKey: 20 octets for SCRAM-SHA-1, 32 for SCRAM-SHA-256.
 * @param server_key  ServerKey, as long.
 */
mailproto_error mailproto_sasl_server_secret_scram(struct mailproto_sasl_server *sasl,
                                                   struct mailproto_span salt,
                                                   uint32_t iterations,
                                                   struct mailproto_span stored_key,
                                                   struct mailproto_span server_key);

/**
 * Answers a claim of kind USER: there is no such user, or none who may log in. The exchange goes
 * on in the shape and at the cost of one with a user of this store, and fails at its end.
 *
 * @param sasl        the object.
 * @param scram_keys  1 if the user database holds SCRAM keys, 0 if it holds passwords.
 */
mailproto_error mailproto_sasl_server_secret_unknown(struct mailproto_sasl_server *sasl,
                                                     int32_t scram_keys);

/**
 * Who was authenticated, after a step that is SUCCESS; empty before. That is `authzid` when the
 * client asked to act as another, `user` when not. EXTERNAL without `authzid` leaves it empty: the
 * channel names the user.
 *
 * @param sasl      the object.
 * @param identity  receives the name, valid until the next call on the object.
 */
mailproto_error mailproto_sasl_server_identity(const struct mailproto_sasl_server *sasl,
                                               struct mailproto_span *identity);

/**
 * The mechanism that the object was set up for; `MAILPROTO_SASL_MECHANISM_NONE` for NULL and for
 * an object that was not set up.
 */
mailproto_sasl_mechanism mailproto_sasl_server_name(const struct mailproto_sasl_server *sasl);

/**
 * Ends the exchange, wipes the work buffer and the object, and gives the buffer back.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
 */
mailproto_error mailproto_sasl_server_wipe(struct mailproto_sasl_server *sasl);

/**
 * Compares two secrets in a time that does not depend on where they differ (it does on their
 * lengths). Returns 1 if they are the same, else 0, also when one is NULL with a length.
 */
int32_t mailproto_same_octets(struct mailproto_span one, struct mailproto_span other);

/**
 * Computes what a SCRAM-SHA-256 server stores in place of a password, once, when a user sets it.
 * Guesses can be tried on the keys: keep them as secret as password hashes.
 *
 * @param password    the password.
 * @param salt        16 random octets.
 * @param iterations  4,096 or more.
 * @param stored_key  receives StoredKey, 32 octets.
 * @param server_key  receives ServerKey, 32 octets.
 *
 * `MAILPROTO_ERROR_SASL_EMPTY_CREDENTIAL` for an empty password or salt;
 * `MAILPROTO_ERROR_SASL_TOO_FEW_ITERATIONS` below 4,096.
 */
mailproto_error mailproto_scram_sha_256_keys(struct mailproto_span password,
                                             struct mailproto_span salt,
                                             uint32_t iterations,
                                             uint8_t (*stored_key)[32],
                                             uint8_t (*server_key)[32]);

/**
 * The `MAILPROTO_ABI_VERSION` that the library was built with. Where it differs from the header's,
 * the program was linked with another version than it was compiled for.
 */
uint32_t mailproto_abi_version(void);

/**
 * The version of the library, as `major << 16 | minor << 8 | patch`.
 */
uint32_t mailproto_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/** The configuration that NULL stands for: lenient, STLS required, pipelining, a minute a reply. */
#define MAILPROTO_POP3_CONFIG_INIT                                                                 \
  {                                                                                                \
    sizeof(mailproto_pop3_config), MAILPROTO_POP3_SECURITY_STLS_REQUIRED,                          \
        MAILPROTO_POP3_TOLERATE_ALL, 60000, 1, 0, 0                                                \
  }

/** The configuration that NULL stands for: STLS and USER offered, credentials only after STLS. */
#define MAILPROTO_POP3_SERVER_CONFIG_INIT                                                          \
  {                                                                                                \
    sizeof(mailproto_pop3_server_config), MAILPROTO_POP3_SECURITY_STLS_REQUIRED, 0,                \
        MAILPROTO_POP3_UTF8_NOT_OFFERED, 600000, 0, 0, 0, 0, 1, 1, 0, 0, 10, 0, {NULL, 0}, {       \
      NULL, 0                                                                                      \
    }                                                                                              \
  }

/** A span of `len` octets from `octets` on. */
static inline mailproto_span mailproto_octets(const void *octets, size_t len) {
  mailproto_span span;
  span.ptr = (const uint8_t *)octets;
  span.len = len;
  return span;
}

/** A NUL-terminated string as a span, without its NUL; an empty one for NULL. */
static inline mailproto_span mailproto_string(const char *string) {
  size_t len = 0;
  while (string != NULL && string[len] != '\0') {
    len++;
  }
  return mailproto_octets(string, len);
}

#endif  /* MAILPROTO_H */
