/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A minimal IMAP client: login, select, UID SEARCH, UID FETCH of flags, size and body, IDLE. The
 * smallest buffers that are promised to do. */
#include "imap.h"

mailproto_imap_client imap;
mailproto_imap_event imap_event;
uint32_t imap_events[64];
static uint8_t scratch[512], tx[256];

void imap_says(const char *text) {
  const uint8_t *octets;
  size_t len;
  MUST(mailproto_imap_client_outgoing(&imap, &octets, &len));
  check_said(octets, len, text);
  MUST(mailproto_imap_client_sent(&imap, len));
}

void imap_hears(const char *text) {
  const uint8_t *input = (const uint8_t *)text;
  size_t left = length(text);
  int32_t result;
  while (left > 0) {
    size_t piece = left < PIECE ? left : PIECE, rest = piece;
    for (;;) {
      CALL(mailproto_imap_client_poll(&imap, &input, &rest, &imap_event));
      check(result >= 0, text);
      if (result == 0)
        break;
      imap_events[imap_event.kind & 63]++;
    }
    left -= piece;
  }
}

void imap_hears_many(const char *what, const char *text, uint32_t times) {
  uint32_t begin = now(), len = (uint32_t)length(text), n;
  for (n = 0; n < times; n++) {
    const uint8_t *input = (const uint8_t *)text;
    size_t left = len;
    while (left > 0) {
      size_t piece = left < PIECE ? left : PIECE, rest = piece;
      while (mailproto_imap_client_poll(&imap, &input, &rest, &imap_event) > 0)
        ;
      left -= piece;
    }
  }
  tell_time(what, len * times, now() - begin);
}

void imap_begin(void) {
  mailproto_imap_config config = MAILPROTO_IMAP_CONFIG_INIT;
  config.security = MAILPROTO_IMAP_SECURITY_PRIVATE;
  MUST(mailproto_imap_client_init(&imap, sizeof imap, scratch, sizeof scratch, tx, sizeof tx,
                                  &config));
  imap_hears("* OK [CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE ENABLE NAMESPACE ID AUTH=PLAIN "
             "AUTH=SCRAM-SHA-256] ready\r\n");
}

static void log_in(void) {
  MUST(mailproto_imap_client_login(&imap, str("SMITH"), str("two words"), NULL));
  imap_says("AAA1 LOGIN SMITH \"two words\"\r\n");
  imap_hears("AAA1 OK LOGIN completed\r\n");
}

/* RFC 9051 §6.3.2. */
static void select_inbox(void) {
  MUST(mailproto_imap_client_select(&imap, mailproto_imap_named("INBOX"), NULL));
  imap_says("AAA2 SELECT INBOX\r\n");
  imap_hears("* 172 EXISTS\r\n"
             "* OK [UIDVALIDITY 3857529045] UIDs valid\r\n"
             "* OK [UIDNEXT 4392] Predicted next UID\r\n"
             "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n"
             "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited\r\n"
             "AAA2 OK [READ-WRITE] SELECT completed\r\n");
  check(imap_events[MAILPROTO_IMAP_EVENT_KIND_EXISTS] == 1, "EXISTS");
}

static void search(void) {
  const mailproto_imap_search_key key = MAILPROTO_IMAP_KEY(MAILPROTO_IMAP_SEARCH_UNSEEN);
  MUST(mailproto_imap_client_uid_search(&imap, &key, 1, NULL, NULL));
  imap_says("AAA3 UID SEARCH UNSEEN\r\n");
  imap_hears("* SEARCH 2 84 882\r\nAAA3 OK SEARCH completed\r\n");
  check(imap_events[MAILPROTO_IMAP_EVENT_KIND_FOUND] == 3, "SEARCH");
}

static const mailproto_imap_fetch_item facts[] = {
    MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_FLAGS),
    MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_RFC822_SIZE)};

static void walk_flags(void) {
  mailproto_imap_flags flags = {mailproto_octets("\\Seen $Forwarded", 16)};
  mailproto_span flag;
  MUST(mailproto_imap_flags_next(&flags, &flag));
  check(same(flag.ptr, flag.len, "\\Seen"), "a flag");
}

static void fetch_facts(void) {
  MUST(mailproto_imap_client_uid_fetch(&imap, mailproto_imap_all(), facts, 2, NULL, NULL));
  imap_says("AAA4 UID FETCH 1:* (FLAGS RFC822.SIZE)\r\n");
  imap_hears("* 12 FETCH (FLAGS (\\Seen) UID 4827313 RFC822.SIZE 44827)\r\n");
  check(imap_events[MAILPROTO_IMAP_EVENT_KIND_ITEM] == 3, "items");
  imap_hears_many("facts",
                  "* 13 FETCH (UID 4827314 FLAGS (\\Seen $Forwarded) RFC822.SIZE 9871)\r\n"
                  "* 14 FETCH (UID 4827315 FLAGS () RFC822.SIZE 1044)\r\n",
                  100);
  imap_hears("AAA4 OK FETCH completed\r\n");
  walk_flags();
}

static void fetch_body(void) {
  mailproto_imap_fetch_item body = mailproto_imap_fetch_part(NULL, 0);
  body.peek = 1;
  MUST(mailproto_imap_client_uid_fetch(&imap, mailproto_imap_one(4827313), &body, 1, NULL, NULL));
  imap_says("AAA5 UID FETCH 4827313 (BODY.PEEK[])\r\n");
  imap_hears("* 12 FETCH (UID 4827313 BODY[] {66560}\r\n" KILOBYTE);
  imap_hears_many("body", KILOBYTE, 64);
  imap_hears(")\r\nAAA5 OK FETCH completed\r\n");
  check(imap_events[MAILPROTO_IMAP_EVENT_KIND_FETCH_END] == 2, "a body");
}

static void idle(void) {
  uint32_t deadline;
  MUST(mailproto_imap_client_tick(&imap, 1000));
  MUST(mailproto_imap_client_idle(&imap, NULL));
  imap_says("AAA6 IDLE\r\n");
  imap_hears("+ idling\r\n* 173 EXISTS\r\n");
  MUST(mailproto_imap_client_deadline(&imap, &deadline));
  MUST(mailproto_imap_client_done(&imap));
  imap_says("DONE\r\n");
  imap_hears("AAA6 OK IDLE terminated\r\n");
}

void imap_minimal(void) {
  imap_begin();
  log_in();
  select_inbox();
  search();
  fetch_facts();
  fetch_body();
  idle();
  MUST(mailproto_imap_client_logout(&imap, NULL));
  imap_says("AAA7 LOGOUT\r\n");
  imap_hears("* BYE logging out\r\nAAA7 OK LOGOUT completed\r\n");
  MUST(mailproto_imap_client_eof(&imap));
}
