/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See fetch.h. From the top: the session, the events, the files, the command line. */
#define _POSIX_C_SOURCE 200809L

#include "fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { PASSWORD_LEN = 4096, PATH_LEN = 4096, NONCE_LEN = 18 };

/** All there is to a download. Nothing in it grows with the mail. */
struct fetch {
  const struct options *options;
  const struct transport *transport;
  mailproto_pop3_client client;
  mailproto_sasl sasl;
  uint8_t scratch[1024];
  uint8_t tx[8192];
  uint8_t input[65536];
  uint8_t nonce[NONCE_LEN];
  char password[PASSWORD_LEN];
  int exit_code;
  bool authenticated;
  bool quitting;
  uint32_t messages; /* how many there are, by STAT */
  uint32_t next;     /* the next to be asked for */
  uint32_t pending;  /* RETR and DELE that are not completed */
  FILE *file;        /* the message that is being written */
  char temporary[PATH_LEN];
};

volatile sig_atomic_t fetch_interrupted = 0;

static void say(struct fetch *fetch, int exit_code, const char *what, const char *why);
static bool hold_session(struct fetch *fetch);
static bool send_outgoing(struct fetch *fetch);
static bool receive(struct fetch *fetch);
static bool tick(struct fetch *fetch);
static bool on_event(struct fetch *fetch, const mailproto_pop3_event *event);
static bool on_completed(struct fetch *fetch, const mailproto_pop3_event *event);
static bool begin_login(struct fetch *fetch);
static bool login(struct fetch *fetch);
static bool ask_for_more(struct fetch *fetch);
static bool quit_when_done(struct fetch *fetch);
static bool file_begin(struct fetch *fetch, uint32_t message);
static bool file_write(struct fetch *fetch, mailproto_span octets);
static bool file_finish(struct fetch *fetch, uint32_t message);
static void file_discard(struct fetch *fetch);
static bool read_password(struct fetch *fetch);
static bool fill_nonce(uint8_t *nonce, size_t len);
static void wipe(void *memory, size_t len);

/* The session. */

int fetch_run(const struct options *options, const struct transport *transport,
              bool private_channel) {
  static struct fetch fetch;
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  mailproto_error error;

  fetch.options = options;
  fetch.transport = transport;
  fetch.next = 1;
  if (private_channel) {
    config.security = MAILPROTO_POP3_SECURITY_PRIVATE;
  } else if (options->insecure) {
    config.security = MAILPROTO_POP3_SECURITY_DANGER_CLEARTEXT;
  }
  config.reply_timeout_ms = options->timeout * 1000;
  config.apop = options->authentication != NULL && strcmp(options->authentication, "apop") == 0;
  if (mailproto_abi_version() != MAILPROTO_ABI_VERSION) {
    fprintf(stderr, "libmailproto is of another version than the program\n");
    return FETCH_LOCAL;
  }
  if (!read_password(&fetch) || !fill_nonce(fetch.nonce, sizeof fetch.nonce)) {
    return FETCH_LOCAL;
  }
  error = mailproto_pop3_client_init(&fetch.client, sizeof fetch.client, fetch.scratch,
                                     sizeof fetch.scratch, fetch.tx, sizeof fetch.tx, &config);
  if (error != MAILPROTO_OK) {
    say(&fetch, FETCH_LOCAL, "client", mailproto_strerror(error));
  } else if (hold_session(&fetch) && fetch.exit_code == FETCH_OK && fetch.next <= fetch.messages) {
    say(&fetch, FETCH_PROTOCOL, "session", "ended before all messages were there");
  }
  file_discard(&fetch);
  mailproto_sasl_wipe(&fetch.sasl);
  mailproto_pop3_client_wipe(&fetch.client);
  wipe(fetch.password, sizeof fetch.password);
  return fetch.exit_code;
}

/** Moves octets until the session is over. False if it was cut short, with the exit code set. */
static bool hold_session(struct fetch *fetch) {
  while (mailproto_pop3_client_state(&fetch->client) != MAILPROTO_POP3_STATE_CLOSED) {
    if (fetch_interrupted) {
      say(fetch, FETCH_INTERRUPTED, "interrupted", "nothing more was deleted on the server");
      return false;
    }
    if (!send_outgoing(fetch) || !receive(fetch) || !tick(fetch)) {
      return false;
    }
  }
  return true;
}

static bool send_outgoing(struct fetch *fetch) {
  const uint8_t *octets;
  size_t len;
  while (mailproto_pop3_client_outgoing(&fetch->client, &octets, &len) == MAILPROTO_OK && len > 0) {
    long sent = fetch->transport->send(fetch->transport->connection, octets, len);
    if (sent == TRANSPORT_AGAIN) {
      return true; /* the loop looks at the time and comes back */
    }
    if (sent <= 0) {
      say(fetch, FETCH_NETWORK, "send", "the connection was lost");
      return false;
    }
    mailproto_pop3_client_sent(&fetch->client, (size_t)sent);
  }
  return true;
}

static bool receive(struct fetch *fetch) {
  const uint8_t *input = fetch->input;
  mailproto_pop3_event event;
  size_t input_len;
  int32_t happened;
  long received =
      fetch->transport->receive(fetch->transport->connection, fetch->input, sizeof fetch->input);
  if (received == TRANSPORT_AGAIN) {
    return true;
  }
  if (received <= 0) {
    mailproto_error error = mailproto_pop3_client_eof(&fetch->client);
    say(fetch, FETCH_NETWORK, "receive", mailproto_strerror(error));
    return false;
  }
  input_len = (size_t)received;
  while ((happened = mailproto_pop3_client_poll(&fetch->client, &input, &input_len, &event)) > 0) {
    if (!on_event(fetch, &event)) {
      return false;
    }
  }
  if (happened < 0) {
    say(fetch, FETCH_PROTOCOL, "server", mailproto_strerror(happened));
    return false;
  }
  return ask_for_more(fetch);
}

static bool tick(struct fetch *fetch) {
  mailproto_error error = mailproto_pop3_client_tick(&fetch->client, fetch_clock());
  if (error != MAILPROTO_OK) {
    say(fetch, FETCH_NETWORK, "server", mailproto_strerror(error));
    return false;
  }
  return true;
}

/* The events. */

static bool refused(struct fetch *fetch, int exit_code, const char *what, mailproto_span why) {
  fprintf(stderr, "%s: %.*s\n", what, (int)(why.len < 512 ? why.len : 512), (const char *)why.ptr);
  fetch->exit_code = exit_code;
  return false;
}

/** Tells of a call that failed. */
static bool called(struct fetch *fetch, const char *what, mailproto_error error) {
  if (error == MAILPROTO_OK) {
    return true;
  }
  say(fetch, error == MAILPROTO_ERROR_INSECURE ? FETCH_SECURITY : FETCH_PROTOCOL, what,
      mailproto_strerror(error));
  return false;
}

static bool on_event(struct fetch *fetch, const mailproto_pop3_event *event) {
  switch (event->kind) {
  case MAILPROTO_POP3_EVENT_KIND_GREETING:
    if (event->status != MAILPROTO_POP3_STATUS_OK) {
      return refused(fetch, FETCH_PROTOCOL, "greeting", event->text);
    }
    return called(fetch, "CAPA", mailproto_pop3_client_capa(&fetch->client, NULL));
  case MAILPROTO_POP3_EVENT_KIND_CHALLENGE: {
    mailproto_error error = mailproto_pop3_client_respond(&fetch->client, &fetch->sasl);
    if (error != MAILPROTO_OK) {
      say(fetch, FETCH_LOGIN, "AUTH", mailproto_strerror(error));
      return called(fetch, "AUTH", mailproto_pop3_client_cancel(&fetch->client));
    }
    return true;
  }
  case MAILPROTO_POP3_EVENT_KIND_SCAN_LISTING:
    printf("size %" PRIu32 " %" PRIu64 "\n", event->message, event->octets);
    return true;
  case MAILPROTO_POP3_EVENT_KIND_UNIQUE_ID:
    printf("uid %" PRIu32 " %.*s\n", event->message, (int)event->uid.len,
           (const char *)event->uid.ptr);
    return true;
  case MAILPROTO_POP3_EVENT_KIND_STARTED:
    if (event->verb == MAILPROTO_POP3_VERB_RETR || event->verb == MAILPROTO_POP3_VERB_TOP) {
      return file_begin(fetch, event->message);
    }
    return true;
  case MAILPROTO_POP3_EVENT_KIND_DATA:
    return file_write(fetch, event->data);
  case MAILPROTO_POP3_EVENT_KIND_COMPLETED:
    return on_completed(fetch, event);
  default: /* capabilities are asked of the client; quirks and oddities are no obstacle */
    return true;
  }
}

static bool on_completed(struct fetch *fetch, const mailproto_pop3_event *event) {
  bool ok = event->status == MAILPROTO_POP3_STATUS_OK;
  switch (event->verb) {
  case MAILPROTO_POP3_VERB_CAPA: /* a server without it may still be of use */
    return begin_login(fetch);
  case MAILPROTO_POP3_VERB_STLS:
    if (!ok) {
      return refused(fetch, FETCH_SECURITY, "STLS", event->text);
    }
    fetch->exit_code = fetch->transport->start_tls(fetch->transport->connection);
    if (fetch->exit_code != FETCH_OK) {
      return false;
    }
    return called(fetch, "STLS", mailproto_pop3_client_tls_established(&fetch->client)) &&
           called(fetch, "CAPA", mailproto_pop3_client_capa(&fetch->client, NULL));
  case MAILPROTO_POP3_VERB_USER:
    return ok || refused(fetch, FETCH_LOGIN, "USER", event->text);
  case MAILPROTO_POP3_VERB_PASS:
  case MAILPROTO_POP3_VERB_APOP:
  case MAILPROTO_POP3_VERB_AUTH:
    if (!ok) {
      return refused(fetch, FETCH_LOGIN, "login", event->text);
    }
    return called(fetch, "STAT", mailproto_pop3_client_stat(&fetch->client, NULL));
  case MAILPROTO_POP3_VERB_STAT:
    if (!ok) {
      return refused(fetch, FETCH_PROTOCOL, "STAT", event->text);
    }
    fetch->messages = event->messages;
    fetch->authenticated = true;
    if (fetch->options->uidl && fetch->messages > 0) {
      return called(fetch, "LIST", mailproto_pop3_client_list(&fetch->client, NULL)) &&
             called(fetch, "UIDL", mailproto_pop3_client_uidl(&fetch->client, NULL));
    }
    return true;
  case MAILPROTO_POP3_VERB_RETR:
  case MAILPROTO_POP3_VERB_TOP:
    fetch->pending--;
    if (!ok) { /* one message that cannot be had is no reason to leave the others */
      file_discard(fetch);
      refused(fetch, FETCH_PROTOCOL, "RETR", event->text);
      return true;
    }
    return file_finish(fetch, event->message);
  case MAILPROTO_POP3_VERB_DELE:
    fetch->pending--;
    if (!ok) {
      refused(fetch, FETCH_PROTOCOL, "DELE", event->text);
    }
    return true;
  case MAILPROTO_POP3_VERB_QUIT:
    return ok || refused(fetch, FETCH_PROTOCOL, "QUIT", event->text);
  default:
    return true;
  }
}

/** After CAPA: STLS if it was asked for and has not been made, then the login. */
static bool begin_login(struct fetch *fetch) {
  if (fetch->options->stls && !mailproto_pop3_client_may_send_credentials(&fetch->client)) {
    return called(fetch, "STLS", mailproto_pop3_client_stls(&fetch->client, NULL));
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
  const struct options *options = fetch->options;
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

static bool login(struct fetch *fetch) {
  const char *authentication = fetch->options->authentication;
  mailproto_span user = mailproto_string(fetch->options->user);
  mailproto_span password = mailproto_string(fetch->password);
  mailproto_sasl_mechanism mechanism;
  mailproto_error error;

  if (authentication != NULL && strcmp(authentication, "apop") == 0) {
    error = mailproto_pop3_client_apop(&fetch->client, user, password, NULL);
    return called(fetch, "APOP", error);
  }
  mechanism = authentication != NULL
                  ? mechanism_of(authentication)
                  : mailproto_sasl_choose(mailproto_pop3_client_mechanisms(&fetch->client),
                                          MAILPROTO_SASL_PASSWORD_MECHANISMS);
  if (mechanism == MAILPROTO_SASL_MECHANISM_NONE) { /* no SASL, or --auth user */
    error = mailproto_pop3_client_login(&fetch->client, user, password, NULL);
    return called(fetch, "USER", error);
  }
  error = init_sasl(fetch, mechanism, user, password);
  return called(fetch, "AUTH", error) &&
         called(fetch, "AUTH", mailproto_pop3_client_auth(&fetch->client, &fetch->sasl, NULL));
}

/** Queues as many RETR as the client takes; it sends them ahead where the server lets it. */
static bool ask_for_more(struct fetch *fetch) {
  while (fetch->authenticated && fetch->next <= fetch->messages) {
    const struct options *options = fetch->options;
    mailproto_error error =
        options->top
            ? mailproto_pop3_client_top(&fetch->client, fetch->next, options->top_lines, NULL)
            : mailproto_pop3_client_retr(&fetch->client, fetch->next, NULL);
    if (error == MAILPROTO_ERROR_FULL) {
      return true;
    }
    if (!called(fetch, "RETR", error)) {
      return false;
    }
    fetch->next++;
    fetch->pending++;
  }
  return quit_when_done(fetch);
}

static bool quit_when_done(struct fetch *fetch) {
  if (!fetch->authenticated || fetch->quitting || fetch->pending > 0) {
    return true;
  }
  fetch->quitting = true;
  return called(fetch, "QUIT", mailproto_pop3_client_quit(&fetch->client, NULL));
}

/* The files. A message is written under a temporary name, brought to the disk, and only then given
 * its own name; only then is it deleted on the server. */

static bool file_failed(struct fetch *fetch, const char *what) {
  say(fetch, FETCH_LOCAL, what, strerror(errno));
  file_discard(fetch);
  return false;
}

static bool file_begin(struct fetch *fetch, uint32_t message) {
  int file;
  snprintf(fetch->temporary, sizeof fetch->temporary, "%s/tmp-%ld-%" PRIu32,
           fetch->options->directory, (long)getpid(), message);
  file = open(fetch->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  fetch->file = file < 0 ? NULL : fdopen(file, "wb");
  if (fetch->file == NULL) {
    if (file >= 0) {
      close(file);
      unlink(fetch->temporary);
    }
    return file_failed(fetch, fetch->temporary);
  }
  return true;
}

static bool file_write(struct fetch *fetch, mailproto_span octets) {
  if (fetch->file == NULL || fwrite(octets.ptr, 1, octets.len, fetch->file) != octets.len) {
    return file_failed(fetch, fetch->temporary);
  }
  return true;
}

/** Makes sure that a name is on the disk, not only the octets behind it. */
static bool directory_sync(const char *path) {
  int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool done = directory >= 0 && fsync(directory) == 0;
  if (directory >= 0) {
    close(directory);
  }
  return done;
}

static bool same_octets(const char *one, const char *other) {
  FILE *files[2];
  int octets[2] = {EOF, EOF};
  files[0] = fopen(one, "rb");
  files[1] = fopen(other, "rb");
  while (files[0] != NULL && files[1] != NULL) {
    octets[0] = getc(files[0]);
    octets[1] = getc(files[1]);
    if (octets[0] != octets[1] || octets[0] == EOF) {
      break;
    }
  }
  for (int i = 0; i < 2; i++) {
    if (files[i] == NULL || ferror(files[i])) {
      octets[0] = 0; /* what cannot be read is not the same */
    }
    if (files[i] != NULL) {
      fclose(files[i]);
    }
  }
  return octets[0] == EOF && octets[1] == EOF;
}

/** Message numbers begin anew in each session: an earlier run's file may be other mail. */
static bool may_replace(const char *path, const char *temporary) {
  if (access(path, F_OK) != 0 || same_octets(path, temporary)) {
    return true;
  }
  fprintf(stderr, "%s is another message: give an empty directory\n", path);
  errno = EEXIST;
  return false;
}

static bool file_finish(struct fetch *fetch, uint32_t message) {
  FILE *file = fetch->file;
  char path[PATH_LEN];
  bool written;
  if (file == NULL) {
    errno = EBADF;
    return file_failed(fetch, "message");
  }
  written = fflush(file) == 0 && fsync(fileno(file)) == 0;
  fetch->file = NULL;
  written = fclose(file) == 0 && written;
  snprintf(path, sizeof path, "%s/%" PRIu32 ".eml", fetch->options->directory, message);
  if (!written || !may_replace(path, fetch->temporary) || rename(fetch->temporary, path) != 0) {
    int why = errno;
    unlink(fetch->temporary);
    errno = why;
    return file_failed(fetch, path);
  }
  if (!fetch->options->remove) {
    return true;
  }
  if (!directory_sync(fetch->options->directory)) {
    return file_failed(fetch, fetch->options->directory);
  }
  fetch->pending++;
  return called(fetch, "DELE", mailproto_pop3_client_dele(&fetch->client, message, NULL));
}

static void file_discard(struct fetch *fetch) {
  if (fetch->file != NULL) {
    fclose(fetch->file);
    fetch->file = NULL;
    unlink(fetch->temporary);
  }
}

/* The rest. */

static void say(struct fetch *fetch, int exit_code, const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  fetch->exit_code = exit_code;
}

static bool read_password(struct fetch *fetch) {
  const char *path = fetch->options->password_file;
  const char *given = getenv("MAILPROTO_PASSWORD");
  FILE *file;
  size_t len;
  if (path == NULL) {
    if (given == NULL || strlen(given) >= sizeof fetch->password) {
      say(fetch, FETCH_LOCAL, "password", "give --password-file or MAILPROTO_PASSWORD");
      return false;
    }
    strcpy(fetch->password, given);
    return true;
  }
  file = fopen(path, "rb");
  if (file == NULL) {
    say(fetch, FETCH_LOCAL, path, strerror(errno));
    return false;
  }
  setvbuf(file, NULL, _IONBF, 0); /* no copy of the password in a buffer */
  len = fread(fetch->password, 1, sizeof fetch->password - 1, file);
  fclose(file);
  fetch->password[len] = '\0';
  fetch->password[strcspn(fetch->password, "\r\n")] = '\0';
  return true;
}

static bool fill_nonce(uint8_t *nonce, size_t len) {
  FILE *random = fopen("/dev/urandom", "rb");
  bool done = random != NULL && fread(nonce, 1, len, random) == len;
  if (random != NULL) {
    fclose(random);
  }
  if (!done) {
    fprintf(stderr, "/dev/urandom cannot be read\n");
  }
  return done;
}

/** As memset to 0, but not optimised away. */
static void wipe(void *memory, size_t len) {
  volatile uint8_t *octets = memory;
  while (len-- > 0) {
    *octets++ = 0;
  }
}

static void on_signal(int signal) {
  (void)signal;
  fetch_interrupted = 1;
}

void fetch_catch_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal; /* without SA_RESTART: read and write return */
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  action.sa_handler = SIG_IGN; /* a server that vanished is an error code */
  sigaction(SIGPIPE, &action, NULL);
}

uint32_t fetch_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
}

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

int fetch_connect(const struct options *options, int *exit_code) {
  struct addrinfo hints;
  struct addrinfo *addresses = NULL;
  int stream = -1;
  int failure;
  memset(&hints, 0, sizeof hints);
  hints.ai_socktype = SOCK_STREAM;
  *exit_code = FETCH_NETWORK;
  failure = getaddrinfo(options->host, options->port, &hints, &addresses);
  if (failure != 0) {
    fprintf(stderr, "%s: %s\n", options->host, gai_strerror(failure));
    return -1;
  }
  for (const struct addrinfo *one = addresses; one != NULL && stream < 0 && !fetch_interrupted;
       one = one->ai_next) {
    stream = connect_to(one, options->timeout);
  }
  if (stream < 0) {
    *exit_code = fetch_interrupted ? FETCH_INTERRUPTED : FETCH_NETWORK;
    fprintf(stderr, "%s port %s: %s\n", options->host, options->port,
            fetch_interrupted ? "interrupted" : strerror(errno));
  }
  freeaddrinfo(addresses);
  return stream;
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

static bool usage(const char *program, bool tls) {
  fprintf(stderr, USAGE, program);
  fputs(tls ? USAGE_TLS : USAGE_PLAIN, stderr);
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

bool fetch_options(struct options *options, int argc, char **argv, bool tls) {
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
    } else if (strcmp(word, "--cafile") == 0 && value != NULL && tls) {
      options->cafile = argv[++i];
    } else if (strcmp(word, "--top") == 0 && parse_number(value, &options->top_lines)) {
      options->top = true;
      i++;
    } else if (strcmp(word, "--timeout") == 0 && parse_number(value, &options->timeout) &&
               options->timeout <= UINT32_MAX / 1000) {
      i++;
    } else if (strcmp(word, "--stls") == 0 && tls) {
      options->stls = true;
    } else if (strcmp(word, "--insecure") == 0 && !tls) {
      options->insecure = true;
    } else if (strcmp(word, "--delete") == 0) {
      options->remove = true;
    } else if (strcmp(word, "--uidl") == 0) {
      options->uidl = true;
    } else if (word[0] != '-' && given < sizeof places / sizeof places[0]) {
      *places[given++] = word;
    } else {
      return usage(argv[0], tls);
    }
  }
  if (given < sizeof places / sizeof places[0] || options->user == NULL ||
      (options->top && options->remove)) {
    return usage(argv[0], tls);
  }
  if (options->authentication != NULL && strcmp(options->authentication, "user") != 0 &&
      strcmp(options->authentication, "apop") != 0 &&
      mechanism_of(options->authentication) == MAILPROTO_SASL_MECHANISM_NONE) {
    return usage(argv[0], tls);
  }
  return true;
}
