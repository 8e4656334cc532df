/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Gives every command of POP3 once and prints what came of it, like the Rust example of the same
 * name: a line a command, its name, OK or ERR, the response code or -, what it told. The maildrop
 * must hold three messages or more; the last one is deleted.
 *
 *     MAILPROTO_PASSWORD=... pop3_exercise HOST PORT USER OUTDIR      (IPv4, without TLS) */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mailproto.h"

static mailproto_pop3_client client;
static int stream = -1;
static FILE *file;        /* where DATA goes, if anywhere */
static uint32_t messages; /* by the last STAT */
static const char *out_directory;

static void fail(const char *what, const char *why) {
  fprintf(stderr, "pop3_exercise: %s: %s\n", what, why);
  exit(1);
}

static void check(const char *what, mailproto_error error) {
  if (error != MAILPROTO_OK) {
    fail(what, mailproto_strerror(error));
  }
}

static void print(mailproto_span span) { fwrite(span.ptr, 1, span.len, stdout); }

static void print_capabilities(void) {
  static const char *const names[] = {
      "",       "TOP",  "USER",           "SASL", "RESP-CODES",     "LOGIN-DELAY", "PIPELINING",
      "EXPIRE", "UIDL", "IMPLEMENTATION", "STLS", "AUTH-RESP-CODE", "UTF8",        "LANG",
  };
  uint32_t offered = mailproto_pop3_client_capabilities(&client);
  for (uint32_t bit = 1; bit < sizeof names / sizeof names[0]; bit++) {
    if (offered & (UINT32_C(1) << bit)) {
      printf("%s, ", names[bit]);
    }
  }
}

static void print_value(const mailproto_pop3_event *event) {
  switch (event->verb) {
  case MAILPROTO_POP3_VERB_CAPA:
    print_capabilities();
    break;
  case MAILPROTO_POP3_VERB_STAT:
    messages = event->messages;
    printf("%" PRIu32 " %" PRIu64, event->messages, event->octets);
    break;
  case MAILPROTO_POP3_VERB_LIST:
    if (event->has_octets) {
      printf("%" PRIu32 " %" PRIu64, event->message, event->octets);
    }
    break;
  case MAILPROTO_POP3_VERB_UIDL:
    if (event->uid.len > 0) {
      printf("%" PRIu32 " ", event->message);
      print(event->uid);
    }
    break;
  default:
    break;
  }
}

/** Lines of a listing are printed as they come, before the line of their command. */
static void on_event(const mailproto_pop3_event *event) {
  switch (event->kind) {
  case MAILPROTO_POP3_EVENT_KIND_SCAN_LISTING:
    printf("* %" PRIu32 " %" PRIu64 "\n", event->message, event->octets);
    break;
  case MAILPROTO_POP3_EVENT_KIND_UNIQUE_ID:
    printf("* %" PRIu32 " ", event->message);
    print(event->uid);
    printf("\n");
    break;
  case MAILPROTO_POP3_EVENT_KIND_LANGUAGE:
    printf("* ");
    print(event->tag);
    printf(" ");
    print(event->text);
    printf("\n");
    break;
  case MAILPROTO_POP3_EVENT_KIND_DATA:
    if (file != NULL && fwrite(event->data.ptr, 1, event->data.len, file) != event->data.len) {
      fail("file", "cannot be written");
    }
    break;
  default:
    break;
  }
}

/** Sends and receives until the command that was queued is completed; prints how it went. */
static void finish(const char *name, mailproto_error queued) {
  static uint8_t buffer[4096];
  mailproto_pop3_event event;
  int32_t happened;
  if (queued == MAILPROTO_ERROR_NOT_OFFERED) {
    return;
  }
  check(name, queued);
  for (;;) {
    const uint8_t *octets;
    size_t len;
    ssize_t received;
    while (mailproto_pop3_client_outgoing(&client, &octets, &len) == MAILPROTO_OK && len > 0) {
      ssize_t sent = send(stream, octets, len, 0);
      if (sent <= 0) {
        fail(name, "not sent");
      }
      mailproto_pop3_client_sent(&client, (size_t)sent);
    }
    received = recv(stream, buffer, sizeof buffer, 0);
    if (received <= 0) {
      fail(name, mailproto_strerror(mailproto_pop3_client_eof(&client)));
    }
    octets = buffer;
    len = (size_t)received;
    while ((happened = mailproto_pop3_client_poll(&client, &octets, &len, &event)) > 0) {
      if (event.kind == MAILPROTO_POP3_EVENT_KIND_GREETING) {
        return;
      }
      on_event(&event);
      /* USER completes too, but it is PASS that was asked for. */
      if (event.kind == MAILPROTO_POP3_EVENT_KIND_COMPLETED &&
          mailproto_pop3_client_is_idle(&client)) {
        printf("%s %s ", name, event.status == MAILPROTO_POP3_STATUS_OK ? "OK" : "ERR");
        print(event.code_text.len > 0 ? event.code_text : mailproto_string("-"));
        printf(" ");
        print_value(&event);
        printf("\n");
        return;
      }
    }
    check(name, happened);
  }
}

static void open_file(const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", out_directory, name);
  file = fopen(path, "wb");
  if (file == NULL) {
    fail(path, "cannot be written");
  }
}

static void close_file(void) {
  if (fclose(file) != 0) {
    fail("file", "cannot be written");
  }
  file = NULL;
}

static void connect_to(const char *host, const char *port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
  stream = socket(AF_INET, SOCK_STREAM, 0);
  if (stream < 0 || inet_pton(AF_INET, host, &address.sin_addr) != 1 ||
      connect(stream, (const struct sockaddr *)&address, sizeof address) != 0) {
    fail(host, "no connection");
  }
}

static void authorization(mailproto_span user, mailproto_span password) {
  const mailproto_span wrong = mailproto_string("wrong");
  finish("greeting", MAILPROTO_OK);
  finish("CAPA", mailproto_pop3_client_capa(&client, NULL));
  finish("LANG", mailproto_pop3_client_lang_list(&client, NULL));
  finish("LANG", mailproto_pop3_client_lang(&client, mailproto_string("*"), NULL));
  finish("UTF8", mailproto_pop3_client_utf8(&client, NULL));
  finish("LOGIN", mailproto_pop3_client_login(&client, user, wrong, NULL));
  finish("LOGIN", mailproto_pop3_client_login(&client, user, password, NULL));
}

static void transaction(void) {
  finish("STAT", mailproto_pop3_client_stat(&client, NULL));
  finish("LIST", mailproto_pop3_client_list(&client, NULL));
  finish("LIST", mailproto_pop3_client_list_one(&client, 2, NULL));
  finish("UIDL", mailproto_pop3_client_uidl(&client, NULL));
  finish("UIDL", mailproto_pop3_client_uidl_one(&client, 2, NULL));
  open_file("retr");
  finish("RETR", mailproto_pop3_client_retr(&client, 1, NULL));
  close_file();
  open_file("top");
  finish("TOP", mailproto_pop3_client_top(&client, 1, 3, NULL));
  close_file();
  finish("DELE", mailproto_pop3_client_dele(&client, 1, NULL));
  finish("STAT", mailproto_pop3_client_stat(&client, NULL));
  finish("RETR", mailproto_pop3_client_retr(&client, 1, NULL));
  finish("RSET", mailproto_pop3_client_rset(&client, NULL));
  finish("STAT", mailproto_pop3_client_stat(&client, NULL));
  finish("NOOP", mailproto_pop3_client_noop(&client, NULL));
  finish("LIST", mailproto_pop3_client_list_one(&client, messages + 1, NULL));
  finish("RAW", mailproto_pop3_client_raw(&client, mailproto_string("XMAILPROTO"), 0, NULL));
  finish("DELE", mailproto_pop3_client_dele(&client, messages, NULL));
}

int main(int argc, char **argv) {
  static uint8_t scratch[512];
  static uint8_t tx[512];
  const char *password = getenv("MAILPROTO_PASSWORD");
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  if (argc != 5 || password == NULL) {
    fprintf(stderr, "usage: MAILPROTO_PASSWORD=... pop3_exercise HOST PORT USER OUTDIR\n");
    return 2;
  }
  out_directory = argv[4];
  config.security = MAILPROTO_POP3_SECURITY_DANGER_CLEARTEXT;
  check("init", mailproto_pop3_client_init(&client, sizeof client, scratch, sizeof scratch, tx,
                                           sizeof tx, &config));
  connect_to(argv[1], argv[2]);
  authorization(mailproto_string(argv[3]), mailproto_string(password));
  transaction();
  finish("QUIT", mailproto_pop3_client_quit(&client, NULL));
  close(stream);
  return 0;
}
