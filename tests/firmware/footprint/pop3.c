/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A POP3 client: USER and PASS, or AUTH PLAIN; UIDL, TOP, RETR, DELE. The smallest buffers that are
 * promised to do. */
#include "play.h"

static mailproto_pop3_client client;
static mailproto_sasl sasl;
static mailproto_pop3_event event;
static uint8_t scratch[256], tx[256];
static uint32_t events, data;

static void says(const char *text) {
  const uint8_t *octets;
  size_t len;
  MUST(mailproto_pop3_client_outgoing(&client, &octets, &len));
  check_said(octets, len, text);
  MUST(mailproto_pop3_client_sent(&client, len));
}

static void hears_octets(const char *text, size_t left) {
  const uint8_t *input = (const uint8_t *)text;
  int32_t result;
  while (left > 0) {
    size_t piece = left < PIECE ? left : PIECE, rest = piece;
    for (;;) {
      CALL(mailproto_pop3_client_poll(&client, &input, &rest, &event));
      check(result >= 0, text);
      if (result == 0)
        break;
      events++;
      if (event.kind == MAILPROTO_POP3_EVENT_KIND_DATA)
        data += (uint32_t)event.data.len;
    }
    left -= piece;
  }
}

static void hears(const char *text) { hears_octets(text, length(text)); }

/* The same without a look at the stack. */
static void hears_many(const char *what, const char *text, uint32_t times) {
  uint32_t begin = now(), len = (uint32_t)length(text), n;
  for (n = 0; n < times; n++) {
    const uint8_t *input = (const uint8_t *)text;
    size_t left = len;
    while (left > 0) {
      size_t piece = left < PIECE ? left : PIECE, rest = piece;
      while (mailproto_pop3_client_poll(&client, &input, &rest, &event) > 0)
        events++;
      left -= piece;
    }
  }
  tell_time(what, len * times, now() - begin);
}

static void begin(void) {
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  config.security = MAILPROTO_POP3_SECURITY_PRIVATE;
  MUST(mailproto_pop3_client_init(&client, sizeof client, scratch, sizeof scratch, tx, sizeof tx,
                                  &config));
  hears("+OK POP3 server ready\r\n");
}

static void log_in_by_password(void) {
  MUST(mailproto_pop3_client_user(&client, str("mrose"), NULL));
  says("USER mrose\r\n");
  hears("+OK\r\n");
  MUST(mailproto_pop3_client_pass(&client, str("secret"), NULL));
  says("PASS secret\r\n");
  hears("+OK maildrop has 2 messages\r\n");
}

/* RFC 4616 §4, RFC 5034 §4. */
static void log_in_by_plain(void) {
  MUST(mailproto_sasl_plain_init(&sasl, sizeof sasl, str(""), str("tim"), str("tanstaaftanstaaf")));
  MUST(mailproto_pop3_client_auth(&client, &sasl, NULL));
  says("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
  hears("+OK\r\n");
}

static void fetch(void) {
  MUST(mailproto_pop3_client_uidl(&client, NULL));
  says("UIDL\r\n");
  events = 0;
  hears("+OK\r\n1 whqtswO00WBw418f9t5JxYwZ\r\n2 QhdPYR:00WBw1Ph7x7\r\n.\r\n");
  check(events == 4, "unique-ids");
  MUST(mailproto_pop3_client_top(&client, 1, 0, NULL));
  says("TOP 1 0\r\n");
  hears("+OK\r\nSubject: one\r\n\r\n.\r\n");
  MUST(mailproto_pop3_client_retr(&client, 1, NULL));
  says("RETR 1\r\n");
  data = 0;
  hears("+OK 120 octets\r\nSubject: one\r\n\r\n..stuffed\r\n" KILOBYTE);
  hears_many("body", KILOBYTE, 64);
  hears(".\r\n");
  check(data == 14 + 2 + 10 + 1024, "the message");
  MUST(mailproto_pop3_client_dele(&client, 1, NULL));
  says("DELE 1\r\n");
  hears("+OK\r\n");
  MUST(mailproto_pop3_client_uidl(&client, NULL));
  says("UIDL\r\n");
  hears("+OK\r\n");
  hears_many("list", "1 whqtswO00WBw418f9t5JxYwZ\r\n2 QhdPYR:00WBw1Ph7x7\r\n", 100);
  hears(".\r\n");
}

void pop3(void) {
  begin();
  log_in_by_plain();
  begin();
  log_in_by_password();
  fetch();
  MUST(mailproto_pop3_client_quit(&client, NULL));
  says("QUIT\r\n");
  hears("+OK\r\n");
  MUST(mailproto_pop3_client_eof(&client));
}
