/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Downloads a maildrop. From the top: the session, the events, the login, the messages, the command
 * line. With tls_none.c it goes in the clear, for the loopback interface and for tunnels; with one
 * of the others over TLS, from the first octet or after STLS (RFC 2595). */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mailproto_transport.h"
#include "net.h"
#include "output.h"

enum { PASSWORD_LEN = 4096, NONCE_LEN = 18 };

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

/** All there is to a download. Nothing in it grows with the mail. */
struct fetch {
  struct options options;
  struct connection connection;
  mailproto_pop3_client client;
  mailproto_sasl sasl;
  uint8_t scratch[1024];
  uint8_t tx[8192];
  uint8_t input[65536];
  uint8_t nonce[NONCE_LEN];
  char password[PASSWORD_LEN];
  enum outcome outcome; /* of messages that could not be had, and went on */
  bool stls_accepted;
  bool authenticated;
  bool quitting;
  uint32_t messages; /* how many there are, by STAT */
  uint32_t next;     /* the next to be asked for */
  uint32_t pending;  /* RETR and DELE that are not completed */
  struct output output;
};

static enum outcome run(struct fetch *fetch);
static enum outcome hold_session(struct fetch *fetch);
static int32_t on_event(void *context, mailproto_pop3_client *client,
                        const mailproto_pop3_event *event);
static int32_t on_turn(void *context, mailproto_pop3_client *client);
static int32_t on_completed(struct fetch *fetch, const mailproto_pop3_event *event);
static int32_t begin_login(struct fetch *fetch);
static int32_t login(struct fetch *fetch);
static int32_t ask_for_more(struct fetch *fetch);
static int32_t message_begin(struct fetch *fetch, uint32_t message);
static int32_t message_finish(struct fetch *fetch, uint32_t message);
static bool read_password(struct fetch *fetch);
static bool fetch_options(struct options *options, int argc, char **argv);

int main(int argc, char **argv) {
  static struct fetch fetch;
  enum outcome outcome;
  if (!fetch_options(&fetch.options, argc, argv)) {
    return OUTCOME_USAGE;
  }
  if (mailproto_abi_version() != MAILPROTO_ABI_VERSION) {
    fprintf(stderr, "libmailproto is of another version than the program\n");
    return OUTCOME_LOCAL;
  }
  if (!read_password(&fetch) || !random_octets(fetch.nonce, sizeof fetch.nonce)) {
    return OUTCOME_LOCAL;
  }
  catch_signals();
  outcome = run(&fetch);
  connection_close(&fetch.connection);
  output_discard(&fetch.output);
  mailproto_sasl_wipe(&fetch.sasl);
  mailproto_pop3_client_wipe(&fetch.client);
  wipe(fetch.password, sizeof fetch.password);
  return (int)outcome;
}

/* The session. */

static enum outcome run(struct fetch *fetch) {
  const struct options *options = &fetch->options;
  enum outcome outcome;
  fetch->next = 1;
  fetch->connection.host = options->host;
  fetch->connection.port = options->port;
  fetch->connection.cafile = options->cafile;
  fetch->connection.timeout = options->timeout;
  outcome = connection_open(&fetch->connection);
  if (outcome == OUTCOME_OK && tls_is_there() && !options->stls) {
    outcome = (enum outcome)connection_start_tls(&fetch->connection);
  }
  return outcome == OUTCOME_OK ? hold_session(fetch) : outcome;
}

static mailproto_error set_up(struct fetch *fetch) {
  const struct options *options = &fetch->options;
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  if (fetch->connection.tls != NULL) {
    config.security = MAILPROTO_POP3_SECURITY_PRIVATE;
  } else if (options->insecure) {
    config.security = MAILPROTO_POP3_SECURITY_DANGER_CLEARTEXT;
  }
  config.reply_timeout_ms = options->timeout * 1000;
  config.apop = options->authentication != NULL && strcmp(options->authentication, "apop") == 0;
  return mailproto_pop3_client_init(&fetch->client, sizeof fetch->client, fetch->scratch,
                                    sizeof fetch->scratch, fetch->tx, sizeof fetch->tx, &config);
}

/** Whose fault an error of the engine is. */
static enum outcome outcome_of(int32_t error) {
  switch (error) {
  case MAILPROTO_ERROR_INSECURE:
  case MAILPROTO_ERROR_STLS_REFUSED:
  case MAILPROTO_ERROR_PLAINTEXT_AFTER_STLS:
    return OUTCOME_SECURITY;
  case MAILPROTO_ERROR_UNEXPECTED_EOF:
  case MAILPROTO_ERROR_CLOSED_BY_PEER:
  case MAILPROTO_ERROR_TIMEOUT:
    return OUTCOME_NETWORK;
  default:
    return OUTCOME_PROTOCOL;
  }
}

static enum outcome hold_session(struct fetch *fetch) {
  mailproto_transport transport = MAILPROTO_TRANSPORT_INIT;
  const mailproto_pop3_handler handler = {on_event, on_turn, fetch};
  int32_t result = set_up(fetch);
  transport.send = connection_send;
  transport.recv = connection_recv;
  transport.start_tls = connection_start_tls;
  transport.now_ms = connection_now_ms;
  transport.context = &fetch->connection;
  transport.buffer = fetch->input;
  transport.buffer_len = sizeof fetch->input;
  if (result == MAILPROTO_OK) {
    result = mailproto_pop3_run(&fetch->client, &transport, &handler);
  }
  if (result > 0) { /* an outcome, told already */
    return (enum outcome)result;
  }
  if (result < 0) {
    fprintf(stderr, "session: %s\n", mailproto_strerror(result));
    return outcome_of(result);
  }
  if (fetch->outcome == OUTCOME_OK && (!fetch->authenticated || fetch->next <= fetch->messages)) {
    fprintf(stderr, "session: ended before all messages were there\n");
    return OUTCOME_PROTOCOL;
  }
  return fetch->outcome;
}

/* The events. What goes wrong is an outcome, having been told, or an error of the engine. */

static int32_t refused(enum outcome outcome, const char *what, mailproto_span why) {
  fprintf(stderr, "%s: %.*s\n", what, (int)(why.len < 512 ? why.len : 512), (const char *)why.ptr);
  return (int32_t)outcome;
}

static int32_t on_event(void *context, mailproto_pop3_client *client,
                        const mailproto_pop3_event *event) {
  struct fetch *fetch = context;
  switch (event->kind) {
  case MAILPROTO_POP3_EVENT_KIND_GREETING:
    if (event->status != MAILPROTO_POP3_STATUS_OK) {
      return refused(OUTCOME_PROTOCOL, "greeting", event->text);
    }
    return mailproto_pop3_client_capa(client, NULL);
  case MAILPROTO_POP3_EVENT_KIND_CHALLENGE: {
    mailproto_error error = mailproto_pop3_client_respond(client, &fetch->sasl);
    if (error != MAILPROTO_OK) {
      fprintf(stderr, "AUTH: %s\n", mailproto_strerror(error));
      return mailproto_pop3_client_cancel(client);
    }
    return 0;
  }
  case MAILPROTO_POP3_EVENT_KIND_SCAN_LISTING:
    printf("size %" PRIu32 " %" PRIu64 "\n", event->message, event->octets);
    return 0;
  case MAILPROTO_POP3_EVENT_KIND_UNIQUE_ID:
    printf("uid %" PRIu32 " %.*s\n", event->message, (int)event->uid.len,
           (const char *)event->uid.ptr);
    return 0;
  case MAILPROTO_POP3_EVENT_KIND_STARTED:
    if (event->verb == MAILPROTO_POP3_VERB_RETR || event->verb == MAILPROTO_POP3_VERB_TOP) {
      return message_begin(fetch, event->message);
    }
    return 0;
  case MAILPROTO_POP3_EVENT_KIND_DATA:
    return output_write(&fetch->output, event->data.ptr, event->data.len) ? 0 : OUTCOME_LOCAL;
  case MAILPROTO_POP3_EVENT_KIND_COMPLETED:
    return on_completed(fetch, event);
  default: /* capabilities are asked of the client; quirks and oddities are no obstacle */
    return 0;
  }
}

static int32_t on_completed(struct fetch *fetch, const mailproto_pop3_event *event) {
  bool ok = event->status == MAILPROTO_POP3_STATUS_OK;
  switch (event->verb) {
  case MAILPROTO_POP3_VERB_CAPA: /* a server without it may still be of use */
    return begin_login(fetch);
  case MAILPROTO_POP3_VERB_STLS: /* the loop makes the handshake, then on_turn goes on */
    fetch->stls_accepted = ok;
    return ok ? 0 : refused(OUTCOME_SECURITY, "STLS", event->text);
  case MAILPROTO_POP3_VERB_USER:
    return ok ? 0 : refused(OUTCOME_LOGIN, "USER", event->text);
  case MAILPROTO_POP3_VERB_PASS:
  case MAILPROTO_POP3_VERB_APOP:
  case MAILPROTO_POP3_VERB_AUTH:
    if (!ok) {
      return refused(OUTCOME_LOGIN, "login", event->text);
    }
    return mailproto_pop3_client_stat(&fetch->client, NULL);
  case MAILPROTO_POP3_VERB_STAT:
    if (!ok) {
      return refused(OUTCOME_PROTOCOL, "STAT", event->text);
    }
    fetch->messages = event->messages;
    fetch->authenticated = true;
    if (fetch->options.uidl && fetch->messages > 0) {
      mailproto_error error = mailproto_pop3_client_list(&fetch->client, NULL);
      return error != MAILPROTO_OK ? error : mailproto_pop3_client_uidl(&fetch->client, NULL);
    }
    return 0;
  case MAILPROTO_POP3_VERB_RETR:
  case MAILPROTO_POP3_VERB_TOP:
    fetch->pending--;
    if (!ok) { /* one message that cannot be had is no reason to leave the others */
      output_discard(&fetch->output);
      refused(fetch->outcome = OUTCOME_PROTOCOL, "RETR", event->text);
      return 0;
    }
    return message_finish(fetch, event->message);
  case MAILPROTO_POP3_VERB_DELE:
    fetch->pending--;
    if (!ok) {
      refused(fetch->outcome = OUTCOME_PROTOCOL, "DELE", event->text);
    }
    return 0;
  case MAILPROTO_POP3_VERB_QUIT:
    return ok ? 0 : refused(OUTCOME_PROTOCOL, "QUIT", event->text);
  default:
    return 0;
  }
}

static int32_t on_turn(void *context, mailproto_pop3_client *client) {
  struct fetch *fetch = context;
  if (interrupted) {
    fprintf(stderr, "interrupted: nothing more was deleted on the server\n");
    return OUTCOME_INTERRUPTED;
  }
  if (fetch->stls_accepted && fetch->connection.tls != NULL) {
    fetch->stls_accepted = false; /* what was said in the clear is forgotten: ask again */
    return mailproto_pop3_client_capa(client, NULL);
  }
  return ask_for_more(fetch);
}

/* The login. */

/** After CAPA: STLS if it was asked for and has not been made, then the login. */
static int32_t begin_login(struct fetch *fetch) {
  if (fetch->options.stls && fetch->connection.tls == NULL) {
    return mailproto_pop3_client_stls(&fetch->client, NULL);
  }
  return login(fetch);
}

static mailproto_sasl_mechanism mechanism_of(const char *name) {
  static const struct {
    const char *name;
    mailproto_sasl_mechanism mechanism;
  } rows[] = {
      {"scram-sha-256", MAILPROTO_SASL_MECHANISM_SCRAM_SHA_256},
      {"scram-sha-1", MAILPROTO_SASL_MECHANISM_SCRAM_SHA_1},
      {"cram-md5", MAILPROTO_SASL_MECHANISM_CRAM_MD5},
      {"plain", MAILPROTO_SASL_MECHANISM_PLAIN},
      {"login", MAILPROTO_SASL_MECHANISM_LOGIN},
      {"oauthbearer", MAILPROTO_SASL_MECHANISM_OAUTH_BEARER},
      {"xoauth2", MAILPROTO_SASL_MECHANISM_XOAUTH2},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (strcmp(rows[i].name, name) == 0) {
      return rows[i].mechanism;
    }
  }
  return MAILPROTO_SASL_MECHANISM_NONE;
}

/** Sets the SASL object up. The password may be an access token. */
static mailproto_error init_sasl(struct fetch *fetch, mailproto_sasl_mechanism mechanism,
                                 mailproto_span user, mailproto_span password) {
  const struct options *options = &fetch->options;
  mailproto_span nonce = mailproto_octets(fetch->nonce, sizeof fetch->nonce);
  mailproto_span nobody = mailproto_octets(NULL, 0);
  mailproto_sasl *sasl = &fetch->sasl;
  switch (mechanism) {
  case MAILPROTO_SASL_MECHANISM_OAUTH_BEARER:
    return mailproto_sasl_oauthbearer_init(sasl, sizeof *sasl, user, password,
                                           mailproto_string(options->host), 0);
  case MAILPROTO_SASL_MECHANISM_XOAUTH2:
    return mailproto_sasl_xoauth2_init(sasl, sizeof *sasl, user, password);
  default:
    return mailproto_sasl_password_init(sasl, sizeof *sasl, mechanism, nobody, user, password,
                                        nonce);
  }
}

static int32_t login(struct fetch *fetch) {
  const char *authentication = fetch->options.authentication;
  mailproto_span user = mailproto_string(fetch->options.user);
  mailproto_span password = mailproto_string(fetch->password);
  mailproto_sasl_mechanism mechanism;
  mailproto_error error;

  if (authentication != NULL && strcmp(authentication, "apop") == 0) {
    return mailproto_pop3_client_apop(&fetch->client, user, password, NULL);
  }
  mechanism = authentication != NULL
                  ? mechanism_of(authentication)
                  : mailproto_sasl_choose(mailproto_pop3_client_mechanisms(&fetch->client),
                                          MAILPROTO_SASL_PASSWORD_MECHANISMS);
  if (mechanism == MAILPROTO_SASL_MECHANISM_NONE) { /* no SASL, or --auth user */
    return mailproto_pop3_client_login(&fetch->client, user, password, NULL);
  }
  error = init_sasl(fetch, mechanism, user, password);
  return error != MAILPROTO_OK ? error
                               : mailproto_pop3_client_auth(&fetch->client, &fetch->sasl, NULL);
}

/* The messages. One is given its name only when it is whole; only then is it deleted on the server.
 */

static int32_t quit_when_done(struct fetch *fetch) {
  if (!fetch->authenticated || fetch->quitting || fetch->pending > 0) {
    return 0;
  }
  fetch->quitting = true;
  return mailproto_pop3_client_quit(&fetch->client, NULL);
}

/** Queues as many RETR as the client takes; it sends them ahead where the server lets it. */
static int32_t ask_for_more(struct fetch *fetch) {
  while (fetch->authenticated && fetch->next <= fetch->messages) {
    const struct options *options = &fetch->options;
    mailproto_error error =
        options->top
            ? mailproto_pop3_client_top(&fetch->client, fetch->next, options->top_lines, NULL)
            : mailproto_pop3_client_retr(&fetch->client, fetch->next, NULL);
    if (error != MAILPROTO_OK) {
      return error == MAILPROTO_ERROR_FULL ? 0 : error;
    }
    fetch->next++;
    fetch->pending++;
  }
  return quit_when_done(fetch);
}

static int32_t message_begin(struct fetch *fetch, uint32_t message) {
  char path[OUTPUT_PATH_LEN];
  int len = snprintf(path, sizeof path, "%s/%" PRIu32 ".eml", fetch->options.directory, message);
  if (len < 0 || (size_t)len >= sizeof path) {
    fprintf(stderr, "%s: %s\n", fetch->options.directory, strerror(ENAMETOOLONG));
    return OUTCOME_LOCAL;
  }
  return output_begin(&fetch->output, path) ? 0 : OUTCOME_LOCAL;
}

static int32_t message_finish(struct fetch *fetch, uint32_t message) {
  if (!output_finish(&fetch->output)) {
    return OUTCOME_LOCAL;
  }
  if (!fetch->options.remove) {
    return 0;
  }
  if (!directory_sync(fetch->options.directory)) {
    return OUTCOME_LOCAL;
  }
  fetch->pending++;
  return mailproto_pop3_client_dele(&fetch->client, message, NULL);
}

/* The command line. */

static bool read_password(struct fetch *fetch) {
  const char *path = fetch->options.password_file;
  const char *given = path == NULL ? password_given() : NULL;
  FILE *file = path == NULL ? NULL : fopen(path, "rb");
  size_t len;
  if (given != NULL && strlen(given) < sizeof fetch->password) {
    strcpy(fetch->password, given);
    return true;
  }
  if (file == NULL) {
    if (path != NULL) {
      fprintf(stderr, "%s: %s\n", path, strerror(errno));
    }
    return false;
  }
  setvbuf(file, NULL, _IONBF, 0); /* no copy of the password in a buffer */
  len = fread(fetch->password, 1, sizeof fetch->password - 1, file);
  fclose(file);
  fetch->password[len] = '\0';
  fetch->password[strcspn(fetch->password, "\r\n")] = '\0';
  return true;
}

static const char USAGE[] =
    "usage: %s --user USER [option...] HOST PORT DIRECTORY\n"
    "Downloads all messages of a POP3 maildrop to DIRECTORY/<number>.eml.\n"
    "The password is read from the environment's MAILPROTO_PASSWORD, or from a file.\n"
    "  --password-file FILE  the first line of FILE is the password\n"
    "  --auth METHOD         user, apop, plain, login, cram-md5, scram-sha-1, scram-sha-256, or\n"
    "                        oauthbearer, xoauth2 with an access token for a password; the best\n"
    "                        for a password that the server offers, unless given\n"
    "  --timeout SECONDS     how long connect or reply may take; 60 unless given, 0: no limit\n"
    "  --delete              delete on the server what was stored\n"
    "  --top LINES           only the header and LINES of the body\n"
    "  --uidl                print lengths and unique-ids\n";
static const char USAGE_TLS[] = "  --stls                begin in the clear, then STLS\n"
                                "  --cafile FILE         trust the certificates in FILE only\n";
static const char USAGE_PLAIN[] =
    "  --insecure            send the password in the clear (loopback, tunnels)\n";

static bool usage(const char *program) {
  fprintf(stderr, USAGE, program);
  fputs(tls_is_there() ? USAGE_TLS : USAGE_PLAIN, stderr);
  return false;
}

static bool parse_number(const char *text, uint32_t *number) {
  char *end = NULL;
  unsigned long value;
  errno = 0;
  value = text == NULL ? 0 : strtoul(text, &end, 10);
  *number = (uint32_t)value;
  return end != NULL && end != text && *end == '\0' && errno == 0 && value <= UINT32_MAX;
}

static bool fetch_options(struct options *options, int argc, char **argv) {
  const char **places[] = {&options->host, &options->port, &options->directory};
  size_t given = 0;
  memset(options, 0, sizeof *options);
  options->timeout = 60;
  for (int i = 1; i < argc; i++) {
    const char *word = argv[i];
    const char *value = i + 1 < argc ? argv[i + 1] : NULL;
    if (strcmp(word, "--user") == 0 && value != NULL) {
      options->user = argv[++i];
    } else if (strcmp(word, "--password-file") == 0 && value != NULL) {
      options->password_file = argv[++i];
    } else if (strcmp(word, "--auth") == 0 && value != NULL) {
      options->authentication = argv[++i];
    } else if (strcmp(word, "--cafile") == 0 && value != NULL && tls_is_there()) {
      options->cafile = argv[++i];
    } else if (strcmp(word, "--top") == 0 && parse_number(value, &options->top_lines)) {
      options->top = true;
      i++;
    } else if (strcmp(word, "--timeout") == 0 && parse_number(value, &options->timeout) &&
               options->timeout <= UINT32_MAX / 1000) {
      i++;
    } else if (strcmp(word, "--stls") == 0 && tls_is_there()) {
      options->stls = true;
    } else if (strcmp(word, "--insecure") == 0 && !tls_is_there()) {
      options->insecure = true;
    } else if (strcmp(word, "--delete") == 0) {
      options->remove = true;
    } else if (strcmp(word, "--uidl") == 0) {
      options->uidl = true;
    } else if (word[0] != '-' && given < sizeof places / sizeof places[0]) {
      *places[given++] = word;
    } else {
      return usage(argv[0]);
    }
  }
  if (given < sizeof places / sizeof places[0] || options->user == NULL ||
      (options->top && options->remove)) {
    return usage(argv[0]);
  }
  if (options->authentication != NULL && strcmp(options->authentication, "user") != 0 &&
      strcmp(options->authentication, "apop") != 0 &&
      mechanism_of(options->authentication) == MAILPROTO_SASL_MECHANISM_NONE) {
    return usage(argv[0]);
  }
  return true;
}
