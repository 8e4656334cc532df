/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A whole session, cut in every way: the events must not depend on where reads end. */
#include <stdlib.h>

#include "check.h"

/* What the server says, in turn; the client's next step is taken when a command has completed. */
static const char *const SERVER[] = {
    "+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>\r\n",
    "+OK\r\nTOP\r\nUSER\r\nSASL PLAIN SCRAM-SHA-256\r\nPIPELINING\r\nEXPIRE 60 USER\r\nLOGIN-DELAY "
    "900\r\n"
    "IMPLEMENTATION Shlemazle v302\r\nX-OWN a b\r\n.\r\n",
    "+OK mrose is a real hoopy frood\r\n",
    "-ERR [IN-USE] Do you have another POP session running?\r\n",
    "+OK\r\n",
    "+OK [X] mrose's maildrop\r\n",
    "+OK 2 320\r\n",
    "+OK 2 messages\r\n1 120\r\n\r\n2 200\n.\r\n",
    "+OK\r\n1 whqtswO00WBw418f9t5JxYwZ\r\n2 QhdPYR:00WBw1Ph7x7\r\n.\r\n",
    "+OK 120 octets\r\nSubject: dots\r\n\r\n..\r\n...leading\r\nplain\r\n.\r\n",
    "-ERR no such message\r\n",
    "+OK\r\n.\r\n",
    "+OK 1 120\r\n",
    "+OK 1 whqtswO00WBw418f9t5JxYwZ\r\n",
    "+OK message 1 deleted\r\n",
    "what?\r\n+OK\r\n",
    "+OK dewey POP3 server signing off\r\n",
};

static const char EXPECTED[] =
    "greeting OK \"POP3 server ready <1896.697170952@dbc.mtview.ca.us>\" "
    "<1896.697170952@dbc.mtview.ca.us>\n"
    "started CAPA \"\"\n"
    "capability 1\ncapability 2\ncapability 3 \"PLAIN SCRAM-SHA-256\"\ncapability 6\n"
    "capability 7 60 USER\ncapability 5 900\ncapability 9 \"Shlemazle v302\"\n"
    "capability 14 X-OWN \"a b\"\ncompleted CAPA OK \"\"\n"
    "completed USER OK \"mrose is a real hoopy frood\"\n"
    "completed PASS ERR [IN-USE] \"Do you have another POP session running?\"\n"
    "completed USER OK \"\"\n"
    "completed PASS OK \"[X] mrose's maildrop\"\n"
    "completed STAT OK 2 messages, 320 octets \"2 320\"\n"
    "started LIST \"2 messages\"\n1: 120 octets\nquirk 4\n2: 200 octets\nquirk 1\n"
    "completed LIST OK \"\"\n"
    "started UIDL \"\"\n1: uid whqtswO00WBw418f9t5JxYwZ\n2: uid QhdPYR:00WBw1Ph7x7\n"
    "completed UIDL OK \"\"\n"
    "started RETR 1 120 octets \"120 octets\"\n"
    "data \"Subject: dots\r\n\r\n.\r\n..leading\r\nplain\r\n\"\n"
    "completed RETR 1 OK \"\"\n"
    "completed RETR 3 ERR \"no such message\"\n"
    "started TOP 2 \"\"\ncompleted TOP 2 OK \"\"\n"
    "completed LIST 1 OK 120 octets \"1 120\"\n"
    "completed UIDL 1 OK uid whqtswO00WBw418f9t5JxYwZ \"1 whqtswO00WBw418f9t5JxYwZ\"\n"
    "completed DELE 1 OK \"message 1 deleted\"\n"
    "unrecognized \"what?\"\nquirk 7\n"
    "completed NOOP OK \"\"\n"
    "completed QUIT OK \"dewey POP3 server signing off\"\n";

enum { STEPS = sizeof SERVER / sizeof SERVER[0] };

/** What happened, as text. Data is joined: only its pieces may differ. */
struct log {
  char text[4096];
  size_t len;
  char data[512];
  size_t data_len;
};

static void put(struct log *log, const char *text, size_t len) {
  if (log->len + len < sizeof log->text) {
    memcpy(log->text + log->len, text, len);
    log->len += len;
  }
}

static void puts_to(struct log *log, const char *text) { put(log, text, strlen(text)); }

static void quoted(struct log *log, mailproto_span span) {
  puts_to(log, " \"");
  put(log, (const char *)span.ptr, span.len);
  puts_to(log, "\"");
}

static void number(struct log *log, const char *before, uint64_t value, const char *after) {
  char digits[64];
  int len = snprintf(digits, sizeof digits, "%s%lu%s", before, (unsigned long)value, after);
  put(log, digits, (size_t)len);
}

static const char *const VERBS[] = {"none", "CAPA", "STLS", "USER", "PASS", "APOP", "AUTH",
                                    "STAT", "LIST", "UIDL", "RETR", "TOP",  "DELE", "RSET",
                                    "NOOP", "QUIT", "UTF8", "LANG", "RAW"};
static const char *const STATUSES[] = {"none", "OK", "ERR", "MALFORMED", "NOT_SENT"};

static void flush_data(struct log *log) {
  if (log->data_len > 0) {
    puts_to(log, "data \"");
    put(log, log->data, log->data_len);
    puts_to(log, "\"\n");
    log->data_len = 0;
  }
}

static void note(struct log *log, const mailproto_pop3_event *event) {
  if (event->kind == MAILPROTO_POP3_EVENT_KIND_DATA) {
    CHECK(event->data.len > 0 && log->data_len + event->data.len <= sizeof log->data);
    memcpy(log->data + log->data_len, event->data.ptr, event->data.len);
    log->data_len += event->data.len;
    return;
  }
  flush_data(log);
  switch (event->kind) {
  case MAILPROTO_POP3_EVENT_KIND_GREETING:
    puts_to(log, "greeting ");
    puts_to(log, STATUSES[event->status]);
    quoted(log, event->text);
    puts_to(log, " ");
    put(log, (const char *)event->data.ptr, event->data.len);
    break;
  case MAILPROTO_POP3_EVENT_KIND_STARTED:
  case MAILPROTO_POP3_EVENT_KIND_COMPLETED:
    puts_to(log, event->kind == MAILPROTO_POP3_EVENT_KIND_STARTED ? "started " : "completed ");
    puts_to(log, VERBS[event->verb]);
    if (event->message != 0) {
      number(log, " ", event->message, "");
    }
    if (event->kind == MAILPROTO_POP3_EVENT_KIND_COMPLETED) {
      puts_to(log, " ");
      puts_to(log, STATUSES[event->status]);
    }
    if (event->code != MAILPROTO_POP3_RESPONSE_CODE_NONE) {
      puts_to(log, " [");
      put(log, (const char *)event->code_text.ptr, event->code_text.len);
      puts_to(log, "]");
    }
    if (event->verb == MAILPROTO_POP3_VERB_STAT) {
      number(log, " ", event->messages, " messages,");
    }
    if (event->has_octets) {
      number(log, " ", event->octets, " octets");
    }
    if (event->uid.len > 0) {
      puts_to(log, " uid ");
      put(log, (const char *)event->uid.ptr, event->uid.len);
    }
    quoted(log, event->text);
    break;
  case MAILPROTO_POP3_EVENT_KIND_CAPABILITY:
    number(log, "capability ", (uint64_t)event->capability, "");
    if (event->number != 0) {
      number(log, " ", event->number, "");
    }
    if (event->per_user) {
      puts_to(log, " USER");
    }
    if (event->tag.len > 0) {
      puts_to(log, " ");
      put(log, (const char *)event->tag.ptr, event->tag.len);
    }
    if (event->text.len > 0) {
      quoted(log, event->text);
    }
    break;
  case MAILPROTO_POP3_EVENT_KIND_SCAN_LISTING:
    number(log, "", event->message, ":");
    number(log, " ", event->octets, " octets");
    break;
  case MAILPROTO_POP3_EVENT_KIND_UNIQUE_ID:
    number(log, "", event->message, ": uid ");
    put(log, (const char *)event->uid.ptr, event->uid.len);
    break;
  case MAILPROTO_POP3_EVENT_KIND_UNRECOGNIZED:
    puts_to(log, "unrecognized");
    quoted(log, event->data);
    break;
  case MAILPROTO_POP3_EVENT_KIND_QUIRK:
    number(log, "quirk ", (uint64_t)event->quirk, "");
    break;
  default:
    number(log, "kind ", (uint64_t)event->kind, "");
    break;
  }
  puts_to(log, "\n");
}

static mailproto_pop3_client client;

/** Queues the command that comes after the server's line `step`, and checks what goes out. */
static void take_step(size_t step) {
  switch (step) {
  case 0:
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_capa(&client, NULL));
    CHECK(client_says(&client, "CAPA\r\n"));
    break;
  case 1:
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_login(&client, str("mrose"), str("secret"), NULL));
    CHECK(client_says(&client, "USER mrose\r\n"));
    break;
  case 2: /* the password is held back until USER was accepted */
    CHECK(client_says(&client, "PASS secret\r\n"));
    break;
  case 3:
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_login(&client, str("mrose"), str("secret"), NULL));
    CHECK(client_says(&client, "USER mrose\r\n"));
    break;
  case 4:
    CHECK(client_says(&client, "PASS secret\r\n"));
    break;
  case 5: /* what may be pipelined is */
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_stat(&client, NULL));
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_list(&client, NULL));
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_uidl(&client, NULL));
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_retr(&client, 1, NULL));
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_retr(&client, 3, NULL));
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_top(&client, 2, 0, NULL));
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_list_one(&client, 1, NULL));
    CHECK(
        client_says(&client, "STAT\r\nLIST\r\nUIDL\r\nRETR 1\r\nRETR 3\r\nTOP 2 0\r\nLIST 1\r\n"));
    break;
  case 12:
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_uidl_one(&client, 1, NULL));
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_dele(&client, 1, NULL));
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_noop(&client, NULL));
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_quit(&client, NULL));
    CHECK(client_says(&client, "UIDL 1\r\nDELE 1\r\nNOOP\r\nQUIT\r\n"));
    break;
  default:
    CHECK(client_says(&client, ""));
    break;
  }
}

/** The next piece's length: fixed, or by chance for 0. */
static size_t piece(size_t cut, size_t left) {
  size_t len = cut != 0 ? cut : 1 + (size_t)rand() % 9;
  return len < left ? len : left;
}

static void hear(struct log *log, const char *text, size_t len) {
  /* a block of its own, so that a read past its end is seen */
  uint8_t *octets = malloc(len);
  const uint8_t *input = octets;
  size_t left = len;
  mailproto_pop3_event event;
  int32_t happened;
  CHECK(octets != NULL);
  memcpy(octets, text, len);
  while ((happened = mailproto_pop3_client_poll(&client, &input, &left, &event)) > 0) {
    note(log, &event);
  }
  EXPECT(0, happened);
  CHECK(left == 0 && input == octets + len);
  free(octets);
}

static void run(size_t cut) {
  static uint8_t scratch[256], tx[256];
  static struct log log;
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  config.security = MAILPROTO_POP3_SECURITY_PRIVATE;
  memset(&log, 0, sizeof log);
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_init(&client, sizeof client, scratch, sizeof scratch,
                                                  tx, sizeof tx, &config));
  for (size_t step = 0; step < STEPS; step++) {
    const char *text = SERVER[step];
    size_t left = strlen(text);
    while (left > 0) {
      size_t len = piece(cut, left);
      hear(&log, text, len);
      text += len;
      left -= len;
    }
    take_step(step);
  }
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_eof(&client));
  CHECK(mailproto_pop3_client_state(&client) == MAILPROTO_POP3_STATE_CLOSED);
  if (log.len != strlen(EXPECTED) || memcmp(log.text, EXPECTED, log.len) != 0) {
    fprintf(stderr, "cut %zu:\n%.*s", cut, (int)log.len, log.text);
    failures++;
  }
}

int main(void) {
  const uint32_t offered =
      (1u << MAILPROTO_SASL_MECHANISM_PLAIN) | (1u << MAILPROTO_SASL_MECHANISM_SCRAM_SHA_256);
  for (size_t cut = 1; cut < 300 && failures == 0; cut++) {
    run(cut);
  }
  for (unsigned seed = 0; seed < 100 && failures == 0; seed++) {
    srand(seed);
    run(0);
  }
  CHECK(mailproto_pop3_client_mechanisms(&client) == offered);
  CHECK(mailproto_sasl_choose(offered, MAILPROTO_SASL_PASSWORD_MECHANISMS) ==
        MAILPROTO_SASL_MECHANISM_SCRAM_SHA_256);
  CHECK((mailproto_pop3_client_capabilities(&client) &
         (1u << MAILPROTO_POP3_CAPABILITY_PIPELINING)) != 0);
  CHECK((mailproto_pop3_client_capabilities(&client) & (1u << MAILPROTO_POP3_CAPABILITY_STLS)) ==
        0);
  return finish("session");
}
