/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The loops of mailproto_transport.h, over a transport that is a script: it cuts as it likes, has
 * nothing every other time, fails when told to. */
#include "mailproto_transport.h"

#include <stdbool.h>

#include "check.h"

/** What the peer says, and when; what it heard. */
struct script {
  const char *says; /* from here on */
  size_t piece;     /* how many octets a call moves at most */
  bool hesitant;    /* every other call moves nothing */
  bool deaf;        /* send fails */
  bool ends;        /* after the last octet the connection is closed; else nothing comes for ever */
  unsigned sends, receives;
  char heard[512];
  size_t heard_len;
  unsigned handshakes;
  int32_t handshake_result;
  uint32_t now_ms;
};

static bool hesitates(const struct script *script, unsigned calls) {
  return script->hesitant && calls % 2 == 0;
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static int32_t script_send(void *context, const void *octets, size_t len) {
  struct script *script = context;
  size_t some = least(least(len, script->piece), sizeof script->heard - 1 - script->heard_len);
  CHECK(len > 0);
  if (script->deaf) {
    return -1;
  }
  if (hesitates(script, script->sends++)) {
    return 0;
  }
  memcpy(script->heard + script->heard_len, octets, some);
  script->heard_len += some;
  script->heard[script->heard_len] = '\0';
  return (int32_t)some;
}

/** The script's next part: up to '|', where it waits until a line was heard for it. */
static int32_t script_recv(void *context, void *octets, size_t len) {
  struct script *script = context;
  size_t some = least(least(strcspn(script->says, "|"), script->piece), len);
  CHECK(len > 0);
  script->now_ms += 10;
  if (hesitates(script, script->receives++)) {
    return 0;
  }
  if (some == 0 && *script->says == '|' && script->heard_len >= 2 &&
      strcmp(script->heard + script->heard_len - 2, "\r\n") == 0) {
    script->says++;
    script->heard_len = 0;
    return 0;
  }
  if (some == 0) {
    return *script->says == '\0' && script->ends ? -1 : 0;
  }
  memcpy(octets, script->says, some);
  script->says += some;
  return (int32_t)some;
}

static int32_t script_start_tls(void *context) {
  struct script *script = context;
  script->handshakes++;
  return script->handshake_result;
}

static uint32_t script_now_ms(void *context) { return ((struct script *)context)->now_ms; }

static uint8_t received[64];

static mailproto_transport transport_over(struct script *script) {
  mailproto_transport transport = MAILPROTO_TRANSPORT_INIT;
  transport.send = script_send;
  transport.recv = script_recv;
  transport.start_tls = script_start_tls;
  transport.now_ms = script_now_ms;
  transport.context = script;
  transport.buffer = received;
  transport.buffer_len = sizeof received;
  return transport;
}

static struct script script_of(const char *says) {
  struct script script;
  memset(&script, 0, sizeof script);
  script.says = says;
  script.piece = sizeof script.heard;
  script.ends = true;
  return script;
}

/* POP3. */

static mailproto_pop3_client pop3;
static uint8_t scratch[512], tx[512];

/** What a handler does, and saw. */
struct pop3_program {
  uint32_t messages;
  unsigned turns;
  bool stop_at_greeting;
  bool stls;
};

static int32_t on_pop3_event(void *context, mailproto_pop3_client *client,
                             const mailproto_pop3_event *event) {
  struct pop3_program *program = context;
  if (event->status != MAILPROTO_POP3_STATUS_OK) {
    return 0;
  }
  if (event->kind == MAILPROTO_POP3_EVENT_KIND_GREETING) {
    int32_t result = program->stls ? mailproto_pop3_client_stls(client, NULL)
                                   : mailproto_pop3_client_login(client, MAILPROTO_LITERAL("mrose"),
                                                                 MAILPROTO_LITERAL("secret"), NULL);
    return result != 0 ? result : program->stop_at_greeting ? 7 : 0;
  }
  switch (event->kind == MAILPROTO_POP3_EVENT_KIND_COMPLETED ? event->verb : 0) {
  case MAILPROTO_POP3_VERB_PASS:
    return mailproto_pop3_client_stat(client, NULL);
  case MAILPROTO_POP3_VERB_STAT:
    program->messages = event->messages;
    return mailproto_pop3_client_quit(client, NULL);
  default:
    return 0;
  }
}

static int32_t on_pop3_turn(void *context, mailproto_pop3_client *client) {
  struct pop3_program *program = context;
  CHECK(mailproto_pop3_client_state(client) != MAILPROTO_POP3_STATE_HANDSHAKE);
  program->turns++;
  if (program->stls && mailproto_pop3_client_may_send_credentials(client) == 1) {
    program->stls = false;
    return mailproto_pop3_client_quit(client, NULL);
  }
  return 0;
}

static void set_up_pop3(int32_t security) {
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  config.security = security;
  config.reply_timeout_ms = 1000;
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_init(&pop3, sizeof pop3, scratch, sizeof scratch, tx,
                                                  sizeof tx, &config));
}

static int32_t run_pop3(struct script *script, struct pop3_program *program, int32_t security) {
  mailproto_transport transport = transport_over(script);
  const mailproto_pop3_handler handler = {on_pop3_event, on_pop3_turn, program};
  set_up_pop3(security);
  return mailproto_pop3_run(&pop3, &transport, &handler);
}

static const char POP3_SESSION[] = "+OK ready\r\n|+OK\r\n|+OK\r\n|+OK 2 320\r\n|+OK bye\r\n";

static void a_session_of_pop3_is_held_however_it_is_cut(void) {
  for (size_t piece = 1; piece < 40; piece++) {
    for (int hesitant = 0; hesitant < 2 && failures == 0; hesitant++) {
      struct script script = script_of(POP3_SESSION);
      struct pop3_program program = {0, 0, false, false};
      script.piece = piece;
      script.hesitant = hesitant != 0;
      EXPECT(MAILPROTO_OK, run_pop3(&script, &program, MAILPROTO_POP3_SECURITY_PRIVATE));
      CHECK(program.messages == 2 && program.turns > 4);
      CHECK(strcmp(script.heard, "QUIT\r\n") == 0);
      CHECK(mailproto_pop3_client_state(&pop3) == MAILPROTO_POP3_STATE_CLOSED);
    }
  }
}

static void what_the_handler_returns_ends_the_loop_which_can_go_on(void) {
  struct script script = script_of(POP3_SESSION);
  struct pop3_program program = {0, 0, true, false};
  mailproto_transport transport = transport_over(&script);
  const mailproto_pop3_handler handler = {on_pop3_event, on_pop3_turn, &program};
  set_up_pop3(MAILPROTO_POP3_SECURITY_PRIVATE);
  EXPECT(7, mailproto_pop3_run(&pop3, &transport, &handler));
  EXPECT(MAILPROTO_OK, mailproto_pop3_run(&pop3, &transport, &handler));
  CHECK(program.messages == 2);
  /* An error of a call ends it as well. */
  script = script_of(POP3_SESSION);
  EXPECT(MAILPROTO_ERROR_INSECURE,
         run_pop3(&script, &program, MAILPROTO_POP3_SECURITY_STLS_REQUIRED));
}

static void tls_begins_when_stls_was_accepted(void) {
  struct script script = script_of("+OK ready\r\n|+OK begin\r\n|+OK bye\r\n");
  struct pop3_program program = {0, 0, false, true};
  EXPECT(MAILPROTO_OK, run_pop3(&script, &program, MAILPROTO_POP3_SECURITY_STLS_REQUIRED));
  CHECK(script.handshakes == 1);
  script = script_of("+OK ready\r\n|+OK begin\r\n|+OK bye\r\n");
  script.handshake_result = 6;
  program.stls = true;
  EXPECT(6, run_pop3(&script, &program, MAILPROTO_POP3_SECURITY_STLS_REQUIRED));
}

static void octets_behind_the_answer_to_stls_are_never_taken_for_tls(void) {
  struct script script = script_of("+OK ready\r\n|+OK begin\r\n+OK injected\r\n");
  struct pop3_program program = {0, 0, false, true};
  EXPECT(MAILPROTO_ERROR_PLAINTEXT_AFTER_STLS,
         run_pop3(&script, &program, MAILPROTO_POP3_SECURITY_STLS_REQUIRED));
  CHECK(script.handshakes == 0);
}

static void a_connection_that_is_lost_is_an_error(void) {
  struct script script = script_of("+OK ready\r\n|+OK\r\n|+O");
  struct pop3_program program = {0, 0, false, false};
  EXPECT(MAILPROTO_ERROR_UNEXPECTED_EOF,
         run_pop3(&script, &program, MAILPROTO_POP3_SECURITY_PRIVATE));
  /* What was said before is told, though nothing can be sent any more. */
  script = script_of("-ERR too busy\r\n");
  script.deaf = true;
  EXPECT(MAILPROTO_OK, run_pop3(&script, &program, MAILPROTO_POP3_SECURITY_PRIVATE));
  script = script_of("+OK ready\r\n");
  script.deaf = true;
  script.ends = false; /* but then it is the end, since nothing can come of it */
  EXPECT(MAILPROTO_ERROR_CLOSED_BY_PEER,
         run_pop3(&script, &program, MAILPROTO_POP3_SECURITY_PRIVATE));
}

static void silence_is_a_timeout_where_there_is_a_clock(void) {
  struct script script = script_of("+OK ready\r\n");
  struct pop3_program program = {0, 0, false, false};
  script.ends = false;
  EXPECT(MAILPROTO_ERROR_TIMEOUT, run_pop3(&script, &program, MAILPROTO_POP3_SECURITY_PRIVATE));
  CHECK(script.now_ms >= 1000 && script.now_ms < 1100);
}

static void misuse_of_a_transport_is_told(void) {
  struct script script = script_of(POP3_SESSION);
  mailproto_transport transport = transport_over(&script);
  const mailproto_pop3_handler nothing = {NULL, NULL, NULL};
  mailproto_pop3_client garbage;
  memset(&garbage, 0x5a, sizeof garbage);
  set_up_pop3(MAILPROTO_POP3_SECURITY_PRIVATE);
  EXPECT(MAILPROTO_ERROR_NULL_POINTER, mailproto_pop3_run(&pop3, NULL, &nothing));
  EXPECT(MAILPROTO_ERROR_NULL_POINTER, mailproto_pop3_run(NULL, &transport, &nothing));
  EXPECT(MAILPROTO_ERROR_NULL_POINTER, mailproto_pop3_run(&pop3, &transport, NULL));
  EXPECT(MAILPROTO_ERROR_NOT_INITIALIZED, mailproto_pop3_run(&garbage, &transport, &nothing));
  transport.recv = NULL;
  EXPECT(MAILPROTO_ERROR_NULL_POINTER, mailproto_pop3_run(&pop3, &transport, &nothing));
  transport = transport_over(&script);
  transport.buffer_len = 0;
  EXPECT(MAILPROTO_ERROR_BAD_VALUE, mailproto_pop3_run(&pop3, &transport, &nothing));
  transport = transport_over(&script);
  transport.end = sizeof received + 1;
  EXPECT(MAILPROTO_ERROR_BAD_VALUE, mailproto_pop3_run(&pop3, &transport, &nothing));
  transport = transport_over(&script);
  transport.buffer = scratch; /* the engine's own */
  EXPECT(MAILPROTO_ERROR_OVERLAP, mailproto_pop3_run(&pop3, &transport, &nothing));
}

int main(void) {
  a_session_of_pop3_is_held_however_it_is_cut();
  what_the_handler_returns_ends_the_loop_which_can_go_on();
  tls_begins_when_stls_was_accepted();
  octets_behind_the_answer_to_stls_are_never_taken_for_tls();
  a_connection_that_is_lost_is_an_error();
  silence_is_a_timeout_where_there_is_a_clock();
  misuse_of_a_transport_is_told();
  return finish("transport");
}
