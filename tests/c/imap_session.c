/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A whole session of IMAP, cut in every way: commands go out as they should, and the events do not
 * depend on where reads end. The responses are RFC 9051's own examples where it has them. */
#include <stdlib.h>

#include "imap_log.h"

static mailproto_imap_client client;
static uint8_t scratch[2048], tx[512];
static struct log record;
static size_t cut; /* how long the pieces are; 0: by chance */

/** What the client says now. */
static void says(const char *text) {
  const uint8_t *octets;
  size_t len;
  EXPECT(MAILPROTO_OK, mailproto_imap_client_outgoing(&client, &octets, &len));
  if (len != strlen(text) || memcmp(octets, text, len) != 0) {
    fprintf(stderr, "cut %zu: says \"%.*s\", not \"%s\"\n", cut, (int)len, (const char *)octets,
            text);
    failures++;
  }
  EXPECT(MAILPROTO_OK, mailproto_imap_client_sent(&client, len));
}

static size_t piece(size_t left) {
  size_t len = cut != 0 ? cut : 1 + (size_t)rand() % 9;
  return len < left ? len : left;
}

static void hear_piece(const char *text, size_t len) {
  /* a block of its own, so that a read past its end is seen */
  uint8_t *octets = malloc(len);
  const uint8_t *input = octets;
  mailproto_imap_event event;
  int32_t happened;
  CHECK(octets != NULL);
  memcpy(octets, text, len);
  while ((happened = mailproto_imap_client_poll(&client, &input, &len, &event)) > 0) {
    log_event(&record, &event);
  }
  EXPECT(0, happened);
  CHECK(len == 0);
  free(octets);
}

/** What the server says, and what is told of it. */
static void hears(const char *text, const char *expected) {
  size_t left = strlen(text);
  record.len = 0;
  while (left > 0 && failures == 0) {
    size_t some = piece(left);
    hear_piece(text, some);
    text += some;
    left -= some;
  }
  if (record.len != strlen(expected) || memcmp(record.text, expected, record.len) != 0) {
    fprintf(stderr, "cut %zu:\n%.*s\nnot\n%s", cut, (int)record.len, record.text, expected);
    failures++;
  }
}

static mailproto_imap_mailbox named(const char *name) { return mailproto_imap_named(name); }

static void log_in(void) {
  mailproto_imap_config config = MAILPROTO_IMAP_CONFIG_INIT;
  config.security = MAILPROTO_IMAP_SECURITY_PRIVATE;
  EXPECT(MAILPROTO_OK, mailproto_imap_client_init(&client, sizeof client, scratch, sizeof scratch,
                                                  tx, sizeof tx, &config));
  CHECK(mailproto_imap_client_state(&client) == MAILPROTO_IMAP_STATE_GREETING);
  hears("* OK [CAPABILITY IMAP4rev1 IDLE UIDPLUS AUTH=PLAIN] ready\r\n",
        "greeting OK [11 \"IMAP4rev1\" \"IDLE\" \"UIDPLUS\" \"AUTH=PLAIN\"] \"ready\"\n");
  CHECK(mailproto_imap_client_mechanisms(&client) == 1u << MAILPROTO_SASL_MECHANISM_PLAIN);
  EXPECT(MAILPROTO_OK, mailproto_imap_client_login(&client, str("SMITH"), str("two words"), NULL));
  says("AAA1 LOGIN SMITH \"two words\"\r\n");
  hears("AAA1 OK LOGIN completed\r\n", "completed tag 1 command 7 OK \"LOGIN completed\"\n");
  CHECK(mailproto_imap_client_state(&client) == MAILPROTO_IMAP_STATE_AUTHENTICATED);
}

/** RFC 9051 §6.3.2. */
static void select_inbox(void) {
  uint32_t number;
  EXPECT(MAILPROTO_OK, mailproto_imap_client_select(&client, named("INBOX"), &number));
  CHECK(number == 2);
  says("AAA2 SELECT INBOX\r\n");
  hears("* 172 EXISTS\r\n"
        "* OK [UIDVALIDITY 3857529045] UIDs valid\r\n"
        "* OK [UIDNEXT 4392] Predicted next UID\r\n"
        "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n"
        "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited\r\n"
        "* LIST () \"/\" INBOX\r\n"
        "AAA2 OK [READ-WRITE] SELECT completed\r\n",
        "exists 172\n"
        "status OK [52 3857529045] \"UIDs valid\"\n"
        "status OK [49 4392] \"Predicted next UID\"\n"
        "listing-begin of 3\n"
        "flag data \"\\Answered\"\nflag data \"\\Flagged\"\nflag data \"\\Deleted\"\n"
        "flag data \"\\Seen\"\nflag data \"\\Draft\"\nlisting-end of 3\n"
        "status OK [40 \"\\Deleted\" \"\\Seen\" \"\\*\"] \"Limited\"\n"
        "list of 10 delimiter 47 name \"INBOX\" use 255\n"
        "completed tag 2 command 12 OK [43] \"SELECT completed\"\n");
  CHECK(mailproto_imap_client_messages(&client, &number) == 1 && number == 172);
  CHECK(mailproto_imap_client_uid_next(&client, &number) == 1 && number == 4392);
  CHECK(mailproto_imap_client_uid_validity(&client, &number) == 1 && number == 3857529045u);
  CHECK(mailproto_imap_client_is_read_only(&client) == 0);
}

/** RFC 9051 §8 and §7.5.2. */
static void fetch(void) {
  const uint32_t path[] = {1, 2};
  mailproto_imap_fetch_item items[] = {MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_UID),
                                       MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_FLAGS),
                                       MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_INTERNAL_DATE),
                                       MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_RFC822_SIZE),
                                       MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_ENVELOPE),
                                       MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_BODY_STRUCTURE),
                                       mailproto_imap_fetch_part(path, 2)};
  items[6].has_partial = 1;
  items[6].offset = 10;
  items[6].octets = 4000;
  items[6].peek = 1;
  EXPECT(MAILPROTO_OK,
         mailproto_imap_client_fetch(&client, mailproto_imap_one(12), items, 7, NULL, NULL));
  says("AAA3 FETCH 12 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE "
       "BODY.PEEK[1.2]<10.4000>)\r\n");
  hears(
      "* 12 FETCH (FLAGS (\\Seen) UID 4827313 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" "
      "RFC822.SIZE 4286 ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" {28}\r\n"
      "IMAP4rev2 WG mtg summary and "
      "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) NIL NIL "
      "((NIL NIL \"imap\" \"cac.washington.edu\")"
      "(\"a \\\"quoted\\\" name\" NIL \"minutes\" \"CNRI.Reston.VA.US\")) NIL NIL NIL "
      "\"<B27397-0100000@cac.washington.ed>\") "
      "BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 1152 23 NIL "
      "NIL NIL NIL)(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\" \"NAME\" \"cc.diff\") "
      "\"<960723163407.20117h@cac.washington.edu>\" \"Compiler diff\" \"BASE64\" 4554 73 NIL "
      "(\"attachment\" (\"filename\" \"cc.diff\")) \"en\" NIL) \"MIXED\" (\"BOUNDARY\" \"b\") NIL "
      "NIL "
      "NIL) BODY[1.2]<10> {12}\r\n"
      "two\r\nlines\r\n)\r\n"
      "AAA3 OK FETCH completed\r\n",
      "fetch 12\n"
      "item item 1 \"\\Seen\"\n"
      "item item 2 4827313\n"
      "item item 4 1996-07-17 02:44:25 -420\n"
      "item item 3 octets 4286\n"
      "item item 5 date \"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" subject \"IMAP4rev2 WG mtg "
      "summary and\" from (\"Terry Gray\" \"gray\"@\"cac.washington.edu\") to (NIL "
      "\"imap\"@\"cac.washington.edu\")(\"a \"quoted\" name\" \"minutes\"@\"CNRI.Reston.VA.US\") "
      "message-id \"<B27397-0100000@cac.washington.ed>\"\n"
      "item item 7\n"
      "  open @1\n"
      "  part @1 1 \"TEXT\"/\"PLAIN\" \"CHARSET\"=\"US-ASCII\" encoding \"7BIT\" octets 1152 lines "
      "23\n"
      "  part @1 2 \"TEXT\"/\"PLAIN\" \"CHARSET\"=\"US-ASCII\" \"NAME\"=\"cc.diff\" id "
      "\"<960723163407.20117h@cac.washington.edu>\" description \"Compiler diff\" encoding "
      "\"BASE64\" octets 4554 lines 73 disposition \"attachment\" \"filename\"=\"cc.diff\" "
      "language "
      "\"en\"\n"
      "  close @0/\"MIXED\" \"BOUNDARY\"=\"b\"\n"
      "body item 8 octets 12 origin 10 section \"1.2\".1.2\n"
      "data two\r\nlines\r\n\n"
      "body-end\n"
      "fetch-end 12\n"
      "completed tag 3 command 31 OK \"FETCH completed\"\n");
}

/** Two commands that may be in flight at once (RFC 9051 §5.5), and what comes of others' doings. */
static void pipeline(void) {
  mailproto_imap_store store = MAILPROTO_IMAP_STORE_INIT;
  const uint32_t uids[] = {7, 3, 4, 5};
  store.change = MAILPROTO_IMAP_CHANGE_ADD;
  store.flags = str("\\Deleted $Forwarded");
  EXPECT(MAILPROTO_OK,
         mailproto_imap_client_uid_store(&client, mailproto_imap_numbers(uids, 4), &store, NULL));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_noop(&client, NULL));
  says("AAA4 UID STORE 7,3:5 +FLAGS (\\Deleted $Forwarded)\r\nAAA5 NOOP\r\n");
  hears(
      "* 3 FETCH (UID 3 FLAGS (\\Deleted $Forwarded))\r\n* 22 EXPUNGE\r\nAAA4 OK done\r\n"
      "* 3 RECENT\r\nAAA5 NO [UNAVAILABLE] later\r\n",
      "fetch 3\nitem item 2 3\nitem item 1 \"\\Deleted\" \"$Forwarded\"\nfetch-end 3\nexpunge 22\n"
      "completed tag 4 command 32 OK \"done\"\nrecent 3\n"
      "completed tag 5 command 2 NO [53] \"later\"\n");
}

/** RFC 9051 §6.3.12: the message waits for the server. */
static void append(void) {
  static const char message[] = "Subject: afternoon meeting\r\n\r\nHello\r\n";
  mailproto_imap_append_options options = MAILPROTO_IMAP_APPEND_OPTIONS_INIT;
  size_t taken;
  options.flags = str("\\Seen");
  EXPECT(MAILPROTO_OK, mailproto_imap_client_append(&client, named("Entw\xc3\xbcrfe"), &options,
                                                    sizeof message - 1, NULL));
  says("AAA6 APPEND Entw&APw-rfe (\\Seen) {37}\r\n");
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_imap_client_upload(&client, str(message), &taken));
  hears("+ Ready for literal data\r\n", "upload tag 6 octets 37\n");
  EXPECT(MAILPROTO_ERROR_TOO_LITTLE_DATA, mailproto_imap_client_append_end(&client));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_upload(&client, str(message), &taken));
  CHECK(taken == 37);
  EXPECT(MAILPROTO_OK, mailproto_imap_client_append_end(&client));
  says("Subject: afternoon meeting\r\n\r\nHello\r\n\r\n");
  hears("AAA6 OK [APPENDUID 38505 3955:3957] APPEND completed\r\n",
        "completed tag 6 command 24 OK [3 38505 3955:3957] \"APPEND completed\"\n");
}

/** RFC 9051 §6.4.4, §6.3.13: a search, and IDLE, which is begun anew when it has lasted long
 * enough. */
static void search_and_idle(void) {
  mailproto_imap_event event;
  const uint8_t *nothing = NULL;
  size_t none = 0;
  const mailproto_imap_search_key keys[] = {MAILPROTO_IMAP_KEY(MAILPROTO_IMAP_SEARCH_UNSEEN)};
  EXPECT(MAILPROTO_OK, mailproto_imap_client_uid_search(&client, keys, 1, NULL, NULL));
  says("AAA7 UID SEARCH UNSEEN\r\n");
  hears("* SEARCH 2 84 882\r\nAAA7 OK done\r\n",
        "listing-begin of 4\nfound 2\nfound 84\nfound 882\nlisting-end of 4\n"
        "completed tag 7 command 30 OK \"done\"\n");
  EXPECT(MAILPROTO_OK, mailproto_imap_client_idle(&client, NULL));
  says("AAA8 IDLE\r\n");
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_imap_client_done(&client));
  hears("+ idling\r\n* 173 EXISTS\r\n", "idling tag 8\nexists 173\n");
  EXPECT(MAILPROTO_OK, mailproto_imap_client_tick(&client, 0));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_tick(&client, 29 * 60000 - 1));
  EXPECT(0, mailproto_imap_client_poll(&client, &nothing, &none, &event));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_tick(&client, 29 * 60000));
  EXPECT(1, mailproto_imap_client_poll(&client, &nothing, &none, &event));
  CHECK(event.kind == MAILPROTO_IMAP_EVENT_KIND_IDLE_DUE && event.tag == 8);
  EXPECT(MAILPROTO_OK, mailproto_imap_client_done(&client));
  says("DONE\r\n");
  hears("AAA8 OK IDLE terminated\r\n", "completed tag 8 command 25 OK \"IDLE terminated\"\n");
}

static void log_out(void) {
  EXPECT(MAILPROTO_OK, mailproto_imap_client_logout(&client, NULL));
  says("AAA9 LOGOUT\r\n");
  EXPECT(MAILPROTO_ERROR_BUSY, mailproto_imap_client_noop(&client, NULL));
  hears(
      "* BYE IMAP4rev2 Server logging out\r\nAAA9 OK LOGOUT completed\r\n",
      "bye \"IMAP4rev2 Server logging out\"\ncompleted tag 9 command 3 OK \"LOGOUT completed\"\n");
  EXPECT(MAILPROTO_OK, mailproto_imap_client_eof(&client));
  CHECK(mailproto_imap_client_state(&client) == MAILPROTO_IMAP_STATE_CLOSED);
  EXPECT(MAILPROTO_ERROR_CLOSED, mailproto_imap_client_noop(&client, NULL));
}

static void session(size_t pieces) {
  cut = pieces;
  log_in();
  select_inbox();
  fetch();
  pipeline();
  append();
  search_and_idle();
  log_out();
}

int main(void) {
  for (size_t pieces = 1; pieces < 300 && failures == 0; pieces++) {
    session(pieces);
  }
  for (unsigned seed = 0; seed < 100 && failures == 0; seed++) {
    srand(seed);
    session(0);
  }
  session(100000);
  printf("a client: %zu octets; an event: %zu\n", sizeof client, sizeof(mailproto_imap_event));
  return finish("imap_session");
}
