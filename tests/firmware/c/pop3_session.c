/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A session of POP3: 256 octets for lines and 256 for commands are enough for mail of any size. */
#include "session.h"

#include <string.h>

#include "board.h"
#include "crc32.h"

static mailproto_pop3_client client;
static uint8_t scratch[256], tx[256];

static struct {
  uint32_t messages, octets, crc;
  int finished;
} session;

static void print_sum(const char *command) {
  print_text(command);
  print_number(session.octets);
  print_text(" octets, crc32 ");
  print_hex(session.crc);
  print_text("\n");
  session.octets = session.crc = 0;
}

static void print_unique_id(const mailproto_pop3_event *event) {
  session.messages++;
  print_text("UIDL ");
  print_number(event->message);
  print_text(" ");
  print_octets(event->uid.ptr, event->uid.len);
  print_text("\n");
}

/** What is done when a command has been answered: the next one is given. */
static int32_t on_completed(const mailproto_pop3_event *event) {
  if (event->status != MAILPROTO_POP3_STATUS_OK) {
    print_text("refused: ");
    print_octets(event->text.ptr, event->text.len);
    print_text("\n");
    return 1;
  }
  switch (event->verb) {
  case MAILPROTO_POP3_VERB_PASS:
    return mailproto_pop3_client_uidl(&client, NULL);
  case MAILPROTO_POP3_VERB_UIDL:
    return mailproto_pop3_client_top(&client, 1, 0, NULL);
  case MAILPROTO_POP3_VERB_TOP:
    print_sum("TOP ");
    return mailproto_pop3_client_retr(&client, session.messages, NULL);
  case MAILPROTO_POP3_VERB_RETR:
    print_sum("RETR ");
    return mailproto_pop3_client_dele(&client, session.messages, NULL);
  case MAILPROTO_POP3_VERB_DELE:
    return mailproto_pop3_client_quit(&client, NULL);
  case MAILPROTO_POP3_VERB_QUIT:
    session.finished = 1;
    return 0;
  default:
    return 0;
  }
}

static int32_t on_event(void *context, mailproto_pop3_client *unused,
                        const mailproto_pop3_event *event) {
  (void)context;
  (void)unused;
  switch (event->kind) {
  case MAILPROTO_POP3_EVENT_KIND_GREETING:
    return mailproto_pop3_client_login(&client, MAILPROTO_LITERAL("chip"),
                                       MAILPROTO_LITERAL("secret"), NULL);
  case MAILPROTO_POP3_EVENT_KIND_UNIQUE_ID:
    print_unique_id(event);
    return 0;
  case MAILPROTO_POP3_EVENT_KIND_DATA:
    session.octets += (uint32_t)event->data.len;
    session.crc = crc32(session.crc, event->data.ptr, event->data.len);
    return 0;
  case MAILPROTO_POP3_EVENT_KIND_COMPLETED:
    return on_completed(event);
  default:
    return 0;
  }
}

int32_t hold_pop3_session(mailproto_transport *transport) {
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  mailproto_pop3_handler handler = {on_event, NULL, NULL};
  int32_t result;
  config.security = MAILPROTO_POP3_SECURITY_PRIVATE; /* the line goes to the host and no further */
  config.reply_timeout_ms = 20000;
  memset(&session, 0, sizeof session);
  result = mailproto_pop3_client_init(&client, sizeof client, scratch, sizeof scratch, tx,
                                      sizeof tx, &config);
  if (result == MAILPROTO_OK) {
    result = mailproto_pop3_run(&client, transport, &handler);
  }
  return result != 0 ? result : !session.finished;
}
