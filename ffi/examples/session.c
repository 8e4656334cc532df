/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See session.h. From the top: opening and closing, commands, events, the command line. */
#define _POSIX_C_SOURCE 200809L

#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** What ends the loop when the awaited command has completed. No outcome. */
enum { COMPLETED = 1000 };

static enum outcome greeting(struct session *session);
static enum outcome encrypt(struct session *session);
static enum outcome log_in(struct session *session);
static enum outcome await(struct session *session, const char *what);
static int32_t on_event(void *context, mailproto_imap_client *client,
                        const mailproto_imap_event *event);
static int32_t on_turn(void *context, mailproto_imap_client *client);

/* Opening and closing. */

enum outcome session_open(struct session *session) {
  enum outcome outcome;
  if (mailproto_abi_version() != MAILPROTO_ABI_VERSION) {
    fprintf(stderr, "libmailproto is of another version than the program\n");
    return OUTCOME_LOCAL;
  }
  catch_signals();
  outcome = connection_open(&session->connection);
  if (outcome == OUTCOME_OK && session->implicit_tls) {
    outcome = (enum outcome)connection_start_tls(&session->connection);
  }
  if (outcome == OUTCOME_OK) {
    outcome = greeting(session);
  }
  if (outcome == OUTCOME_OK &&
      session->config.security == MAILPROTO_IMAP_SECURITY_STARTTLS_REQUIRED) {
    outcome = encrypt(session);
  }
  return outcome == OUTCOME_OK ? log_in(session) : outcome;
}

int session_close(struct session *session, enum outcome outcome) {
  if (outcome == OUTCOME_OK) {
    session->on_event = NULL;
    session->on_turn = NULL;
    session->leaving = true;
    outcome = session_do(session, "LOGOUT",
                         mailproto_imap_client_logout(&session->client, &session->tag));
  }
  if (outcome == OUTCOME_INTERRUPTED) {
    fprintf(stderr, "interrupted\n");
  }
  connection_close(&session->connection);
  mailproto_sasl_wipe(&session->sasl);
  mailproto_imap_client_wipe(&session->client);
  return (int)outcome;
}

static enum outcome greeting(struct session *session) {
  mailproto_transport *transport = &session->transport;
  mailproto_error error;
  if (!random_octets(&session->config.tag_seed, sizeof session->config.tag_seed)) {
    return OUTCOME_LOCAL;
  }
  error = mailproto_imap_client_init(&session->client, sizeof session->client, session->scratch,
                                     sizeof session->scratch, session->tx, sizeof session->tx,
                                     &session->config);
  if (error != MAILPROTO_OK) {
    fprintf(stderr, "client: %s\n", mailproto_strerror(error));
    return OUTCOME_LOCAL;
  }
  transport->send = connection_send;
  transport->recv = connection_recv;
  transport->start_tls = connection_start_tls;
  transport->now_ms = connection_now_ms;
  transport->context = &session->connection;
  transport->buffer = session->received;
  transport->buffer_len = sizeof session->received;
  return await(session, "greeting");
}

/** What the server can do, if it has not said so. */
static enum outcome learn_capabilities(struct session *session) {
  uint64_t known = mailproto_imap_client_capabilities(&session->client);
  if ((known & MAILPROTO_IMAP_CAPABILITY_KNOWN) != 0) {
    return OUTCOME_OK;
  }
  return session_do(session, "CAPABILITY",
                    mailproto_imap_client_capability(&session->client, &session->tag));
}

/** STARTTLS. The loop makes the handshake. */
static enum outcome encrypt(struct session *session) {
  enum outcome outcome = learn_capabilities(session);
  if (outcome != OUTCOME_OK) {
    return outcome;
  }
  session->refusal = OUTCOME_SECURITY;
  return session_do(session, "STARTTLS",
                    mailproto_imap_client_starttls(&session->client, &session->tag));
}

/** By the best mechanism that the server has for a password. */
static mailproto_error begin_login(struct session *session, mailproto_span password) {
  mailproto_span user = mailproto_string(session->user);
  mailproto_span nobody = mailproto_octets(NULL, 0);
  mailproto_sasl *sasl = &session->sasl;
  mailproto_error error;
  mailproto_sasl_mechanism mechanism = mailproto_sasl_choose(
      mailproto_imap_client_mechanisms(&session->client), MAILPROTO_SASL_PASSWORD_MECHANISMS);
  if (mechanism == MAILPROTO_SASL_MECHANISM_NONE) {
    return mailproto_imap_client_login(&session->client, user, password, &session->tag);
  }
  if (!random_octets(session->nonce, sizeof session->nonce)) {
    return MAILPROTO_ERROR_SASL_WEAK_NONCE;
  }
  error = mailproto_sasl_password_init(sasl, sizeof *sasl, mechanism, nobody, user, password,
                                       mailproto_octets(session->nonce, sizeof session->nonce));
  if (error != MAILPROTO_OK) {
    return error;
  }
  return mailproto_imap_client_authenticate(&session->client, sasl, &session->tag);
}

static enum outcome log_in(struct session *session) {
  const char *password;
  enum outcome outcome = learn_capabilities(session);
  if (outcome != OUTCOME_OK ||
      mailproto_imap_client_state(&session->client) != MAILPROTO_IMAP_STATE_NOT_AUTHENTICATED) {
    return outcome; /* PREAUTH: somebody else has logged us in */
  }
  password = password_given();
  if (password == NULL) {
    return OUTCOME_LOCAL;
  }
  session->refusal = OUTCOME_LOGIN;
  outcome = session_do(session, "login", begin_login(session, mailproto_string(password)));
  return outcome == OUTCOME_OK ? learn_capabilities(session) : outcome;
}

/* Commands. */

/** Whose fault an error of the engine is. */
static enum outcome outcome_of(int32_t error) {
  switch (error) {
  case MAILPROTO_ERROR_INSECURE:
  case MAILPROTO_ERROR_STARTTLS_REFUSED:
  case MAILPROTO_ERROR_PLAINTEXT_AFTER_STARTTLS:
  case MAILPROTO_ERROR_PREAUTH:
    return OUTCOME_SECURITY;
  case MAILPROTO_ERROR_UNEXPECTED_EOF:
  case MAILPROTO_ERROR_CLOSED_BY_PEER:
  case MAILPROTO_ERROR_TIMEOUT:
    return OUTCOME_NETWORK;
  default:
    return OUTCOME_PROTOCOL;
  }
}

enum outcome session_do(struct session *session, const char *what, mailproto_error queued) {
  enum outcome outcome;
  if (queued != MAILPROTO_OK) {
    fprintf(stderr, "%s: %s\n", what, mailproto_strerror(queued));
    return queued == MAILPROTO_ERROR_NOT_OFFERED ? session->refusal : outcome_of(queued);
  }
  outcome = await(session, what);
  session->refusal = OUTCOME_PROTOCOL;
  return outcome;
}

static enum outcome await(struct session *session, const char *what) {
  const mailproto_imap_handler handler = {on_event, on_turn, session};
  int32_t result;
  session->awaited = what;
  session->completed = false;
  result = mailproto_imap_run(&session->client, &session->transport, &handler);
  if (result == COMPLETED || (result == 0 && session->completed)) {
    return OUTCOME_OK;
  }
  if (result > 0) { /* an outcome, told already */
    return (enum outcome)result;
  }
  fprintf(stderr, "%s: %s\n", what,
          result == 0 ? "the server has ended the session" : mailproto_strerror(result));
  return result == 0 ? OUTCOME_NETWORK : outcome_of(result);
}

mailproto_imap_mailbox session_mailbox(const struct session *session) {
  return mailproto_imap_named(session->mailbox);
}

/* Events. */

static int32_t refused(enum outcome outcome, const char *what, mailproto_span why) {
  fprintf(stderr, "%s: %.*s\n", what, (int)(why.len < 512 ? why.len : 512), (const char *)why.ptr);
  return (int32_t)outcome;
}

static int32_t answer_challenge(struct session *session) {
  mailproto_error error = mailproto_imap_client_respond(&session->client, &session->sasl);
  if (error != MAILPROTO_OK) {
    fprintf(stderr, "%s: %s\n", session->awaited, mailproto_strerror(error));
    return mailproto_imap_client_cancel(&session->client);
  }
  return 0;
}

static int32_t on_event(void *context, mailproto_imap_client *client,
                        const mailproto_imap_event *event) {
  struct session *session = context;
  (void)client;
  switch (event->kind) {
  case MAILPROTO_IMAP_EVENT_KIND_GREETING:
    session->completed = true;
    return event->status == MAILPROTO_IMAP_STATUS_BYE
               ? refused(OUTCOME_PROTOCOL, "greeting", event->text)
               : 0;
  case MAILPROTO_IMAP_EVENT_KIND_BYE:
    return session->leaving ? 0 : refused(OUTCOME_NETWORK, "the server leaves", event->text);
  case MAILPROTO_IMAP_EVENT_KIND_CHALLENGE:
    return answer_challenge(session);
  case MAILPROTO_IMAP_EVENT_KIND_COMPLETED:
    if (event->tag != session->tag) {
      break;
    }
    session->completed = true;
    if (event->status != MAILPROTO_IMAP_STATUS_OK) {
      return refused(session->refusal, session->awaited, event->text);
    }
    break;
  default:
    break;
  }
  return session->on_event == NULL ? 0 : session->on_event(session->context, event);
}

static int32_t on_turn(void *context, mailproto_imap_client *client) {
  struct session *session = context;
  (void)client;
  if (session->completed) {
    return COMPLETED;
  }
  if (interrupted && !session->heeds_interrupts) {
    return OUTCOME_INTERRUPTED;
  }
  return session->on_turn == NULL ? 0 : session->on_turn(session->context);
}

/* The command line. */

/** Undoes %XX (RFC 3986 §2.1) where it stands. False for what is no octet, or NUL. */
static bool percent_decode(char *text) {
  char *end = text;
  for (const char *from = text; *from != '\0'; from++) {
    unsigned octet;
    char digits[3] = {0};
    if (*from != '%') {
      *end++ = *from;
      continue;
    }
    strncpy(digits, from + 1, 2);
    if (strspn(digits, "0123456789abcdefABCDEF") != 2 || sscanf(digits, "%x", &octet) != 1 ||
        octet == 0) {
      return false;
    }
    *end++ = (char)octet;
    from += 2;
  }
  *end = '\0';
  return true;
}

static char *take_scheme(struct session *session) {
  static const struct {
    const char *prefix;
    mailproto_imap_security security;
    const char *port;
  } rows[] = {
      {"imaps://", MAILPROTO_IMAP_SECURITY_PRIVATE, "993"},
      {"imap://", MAILPROTO_IMAP_SECURITY_STARTTLS_REQUIRED, "143"},
      {"imap+insecure://", MAILPROTO_IMAP_SECURITY_DANGER_CLEARTEXT, "143"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    size_t len = strlen(rows[i].prefix);
    if (strncmp(session->url, rows[i].prefix, len) == 0) {
      session->config.security = rows[i].security;
      session->implicit_tls = i == 0;
      session->connection.port = rows[i].port;
      return session->url + len;
    }
  }
  return NULL;
}

/** Takes `SCHEME://USER@HOST[:PORT][/MAILBOX]` apart (RFC 5092). An address may stand in brackets.
 */
static bool parse_url(struct session *session) {
  char *rest = take_scheme(session);
  char *host = rest == NULL ? NULL : strchr(rest, '@');
  char *path, *port;
  if (host == NULL) {
    return false;
  }
  *host++ = '\0';
  session->user = rest;
  path = strchr(host, '/');
  session->mailbox = path == NULL || path[1] == '\0' ? "INBOX" : path + 1;
  if (path != NULL) {
    *path = '\0';
  }
  port = strchr(host, *host == '[' ? ']' : ':');
  if (port != NULL && *host == '[') {
    host++;
    *port++ = '\0';
  }
  if (port != NULL && *port == ':') {
    *port = '\0';
    session->connection.port = port + 1;
  }
  session->connection.host = host;
  return *host != '\0' && *session->user != '\0' && percent_decode(rest) &&
         (path == NULL || percent_decode(path + 1));
}

bool session_number(const char *text, uint32_t most, uint32_t *number) {
  char *end;
  unsigned long value;
  errno = 0;
  value = strtoul(text, &end, 10);
  *number = (uint32_t)value;
  return end != text && *end == '\0' && *text != '-' && errno == 0 && value <= most;
}

int session_options(struct session *session, int argc, char **argv) {
  int i = 1;
  uint32_t timeout = 60;
  for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
    if (strcmp(argv[i], "--cafile") == 0) {
      session->connection.cafile = argv[i + 1];
    } else if (strcmp(argv[i], "--timeout") != 0 ||
               !session_number(argv[i + 1], UINT32_MAX / 1000, &timeout)) {
      return 0;
    }
  }
  if (i >= argc || strlen(argv[i]) >= sizeof session->url) {
    return 0;
  }
  strcpy(session->url, argv[i]);
  session->config = (mailproto_imap_config)MAILPROTO_IMAP_CONFIG_INIT;
  session->config.reply_timeout_ms = timeout * 1000;
  session->connection.timeout = timeout;
  session->connection.socket = -1;
  session->refusal = OUTCOME_PROTOCOL;
  return parse_url(session) ? i + 1 : 0;
}
