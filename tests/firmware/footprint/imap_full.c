/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A full IMAP client: what mailboxes there are, envelopes and body structures, parts decoded,
 * flags, copies, moves, an upload. */
#include "imap.h"

static mailproto_sasl sasl;
static uint8_t room[128];
static size_t len;

/* RFC 4616 §4; then what a session begins with. */
static void log_in(void) {
  static const mailproto_imap_id_field field = {
      {(const uint8_t *)"name", 4}, {(const uint8_t *)"x", 1}, 0};
  MUST(mailproto_imap_client_capability(&imap, NULL));
  imap_says("AAA1 CAPABILITY\r\n");
  imap_hears("* CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE ENABLE NAMESPACE ID CONDSTORE AUTH=PLAIN\r\n"
             "AAA1 OK done\r\n");
  MUST(mailproto_sasl_plain_init(&sasl, sizeof sasl, str(""), str("tim"), str("tanstaaftanstaaf")));
  MUST(mailproto_imap_client_authenticate(&imap, &sasl, NULL));
  imap_says("AAA2 AUTHENTICATE PLAIN\r\n");
  imap_hears("+ \r\n");
  MUST(mailproto_imap_client_respond(&imap, &sasl));
  imap_says("AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
  imap_hears(
      "AAA2 OK [CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE ENABLE NAMESPACE ID CONDSTORE] done\r\n");
  MUST(mailproto_imap_client_id(&imap, &field, 1, NULL));
  imap_says("AAA3 ID (\"name\" \"x\")\r\n");
  imap_hears("* ID (\"name\" \"Cyrus\" \"version\" \"1.5\")\r\nAAA3 OK ID completed\r\n");
  MUST(mailproto_imap_client_enable(&imap, str("CONDSTORE"), NULL));
  imap_says("AAA4 ENABLE CONDSTORE\r\n");
  imap_hears("* ENABLED CONDSTORE\r\nAAA4 OK done\r\n");
}

static void list(void) {
  static const char attributes[] = "\\HasChildren \\Sent";
  mailproto_imap_attributes walk = {mailproto_octets(attributes, sizeof attributes - 1)};
  mailproto_imap_attribute attribute;
  mailproto_imap_status_items items = {mailproto_octets("MESSAGES 231 UIDNEXT 44292", 26)};
  mailproto_imap_status_item item;
  const mailproto_imap_string name = {mailproto_octets("Entw&APw-rfe", 12),
                                      MAILPROTO_IMAP_STRING_FORM_PLAIN};
  MUST(mailproto_imap_client_namespace(&imap, NULL));
  imap_says("AAA5 NAMESPACE\r\n");
  imap_hears("* NAMESPACE ((\"\" \"/\")) NIL ((\"Public/\" \"/\"))\r\nAAA5 OK done\r\n");
  MUST(
      mailproto_imap_client_list(&imap, mailproto_imap_named(""), mailproto_imap_named("*"), NULL));
  imap_says("AAA6 LIST \"\" \"*\"\r\n");
  imap_hears("* LIST (\\HasChildren \\Sent) \"/\" Entw&APw-rfe\r\nAAA6 OK done\r\n");
  MUST(mailproto_imap_attributes_next(&walk, &attribute));
  MUST(mailproto_imap_mailbox_decode(name, 0, room, sizeof room, &len));
  check(same(room, len, "Entw\xc3\xbcrfe"), "a name");
  MUST(mailproto_imap_client_status(&imap, mailproto_imap_named("x"),
                                    MAILPROTO_IMAP_STATUS_MESSAGES | MAILPROTO_IMAP_STATUS_UID_NEXT,
                                    NULL));
  imap_says("AAA7 STATUS x (MESSAGES UIDNEXT)\r\n");
  imap_hears("* STATUS x (MESSAGES 231 UIDNEXT 44292)\r\nAAA7 OK done\r\n");
  MUST(mailproto_imap_status_items_next(&items, &item));
  check(item.number == 231, "a number of messages");
}

/* RFC 9051 §7.5.2. */
#define ENVELOPE                                                                                   \
  "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev2 WG mtg summary and minutes\" "           \
  "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) NIL NIL "                                \
  "((NIL NIL \"imap\" \"cac.washington.edu\")) NIL NIL NIL "                                       \
  "\"<B27397-0100000@cac.washington.ed>\")"
#define STRUCTURE                                                                                  \
  "((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 1152 23)"                      \
  "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\" \"NAME\" \"cc.diff\") "                           \
  "\"<960723163407.20117h@cac.washington.edu>\" \"Compiler diff\" \"BASE64\" 4554 73) \"MIXED\")"

static const mailproto_imap_fetch_item overview[] = {
    MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_UID),
    MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_ENVELOPE),
    MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_BODY_STRUCTURE)};

static void walk_envelope(void) {
  mailproto_imap_envelope envelope;
  mailproto_imap_address address;
  MUST(mailproto_imap_envelope_read(mailproto_octets(ENVELOPE, sizeof ENVELOPE - 1), &envelope));
  MUST(mailproto_imap_string_copy(envelope.message_id, room, sizeof room, &len));
  check(same(room, len, "<B27397-0100000@cac.washington.ed>"), "a message-id");
  MUST(mailproto_imap_addresses_next(&envelope.from, &address));
  check(same(address.host.octets.ptr, address.host.octets.len, "cac.washington.edu"), "a host");
  MUST(mailproto_words_decode(str("=?ISO-8859-1?Q?Andr=E9?="), room, sizeof room, &len));
  check(same(room, len, "Andr\xc3\xa9"), "an encoded word");
}

static void walk_structure(void) {
  static mailproto_imap_body_structure structure;
  static mailproto_imap_node node;
  mailproto_imap_parameter parameter;
  uint32_t nodes = 0;
  int32_t result;
  MUST(mailproto_imap_body_structure_init(&structure, sizeof structure,
                                          mailproto_octets(STRUCTURE, sizeof STRUCTURE - 1)));
  for (;;) {
    CALL(mailproto_imap_body_structure_next(&structure, &node));
    check(result >= 0, "the structure");
    if (result == 0)
      break;
    if (++nodes == 3) {
      MUST(mailproto_imap_file_name(node.disposition_parameters, node.parameters, room, sizeof room,
                                    &len));
      check(same(room, len, "cc.diff"), "a file's name");
      MUST(mailproto_imap_parameters_next(&node.parameters, &parameter));
    }
  }
  check(nodes == 4, "the nodes of a structure");
}

static void read_mail(void) {
  const mailproto_imap_search_key key = MAILPROTO_IMAP_KEY(MAILPROTO_IMAP_SEARCH_UNSEEN);
  MUST(mailproto_imap_client_examine(&imap, mailproto_imap_named("INBOX"), NULL));
  imap_says("AAA8 EXAMINE INBOX\r\n");
  imap_hears("* 172 EXISTS\r\n* OK [UIDVALIDITY 3857529045] valid\r\nAAA8 OK [READ-ONLY] done\r\n");
  MUST(mailproto_imap_client_search(&imap, &key, 1, NULL, NULL));
  imap_says("AAA9 SEARCH UNSEEN\r\n");
  imap_hears("* SEARCH 12\r\nAAA9 OK done\r\n");
  MUST(mailproto_imap_client_fetch(&imap, mailproto_imap_one(12), overview, 3, NULL, NULL));
  imap_says("AAA10 FETCH 12 (UID ENVELOPE BODYSTRUCTURE)\r\n");
  imap_hears("* 12 FETCH (UID 7 ENVELOPE " ENVELOPE " BODYSTRUCTURE " STRUCTURE ")\r\n");
  imap_hears_many("envelopes", "* 12 FETCH (UID 7 ENVELOPE " ENVELOPE ")\r\n", 100);
  imap_hears_many("structures", "* 12 FETCH (UID 7 BODYSTRUCTURE " STRUCTURE ")\r\n", 100);
  imap_hears("AAA10 OK done\r\n");
  walk_envelope();
  walk_structure();
}

/* Base64 of 45 octets to a line. */
static void decode(void) {
  static mailproto_decoder decoder;
  static const char line[] = "VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIHRoZSBsYXp5IGRvZywg\r\n";
  uint32_t begin = 0, n;
  uint64_t faults;
  MUST(mailproto_decoder_init(&decoder, sizeof decoder, MAILPROTO_TRANSFER_ENCODING_BASE64));
  for (n = 0; n < 100; n++) {
    const uint8_t *input = (const uint8_t *)line;
    size_t left = sizeof line - 1;
    if (n == 0) {
      MUST(mailproto_decoder_decode(&decoder, &input, &left, room, sizeof room, &len));
      begin = now();
    } else {
      mailproto_decoder_decode(&decoder, &input, &left, room, sizeof room, &len);
    }
  }
  tell_time("base64", 99 * (sizeof line - 1), now() - begin);
  MUST(mailproto_decoder_finish(&decoder, room, sizeof room, &len, &faults));
  check(faults == 0, "base64");
}

static void change(void) {
  mailproto_imap_store store = MAILPROTO_IMAP_STORE_INIT;
  mailproto_imap_ranges ranges = {mailproto_octets("3:5,7", 5)};
  mailproto_imap_range range;
  store.change = MAILPROTO_IMAP_CHANGE_ADD;
  store.flags = str("\\Deleted");
  MUST(mailproto_imap_client_select(&imap, mailproto_imap_named("INBOX"), NULL));
  imap_says("AAA11 SELECT INBOX\r\n");
  imap_hears("* 172 EXISTS\r\nAAA11 OK [READ-WRITE] done\r\n");
  MUST(mailproto_imap_client_uid_store(&imap, mailproto_imap_one(7), &store, NULL));
  imap_says("AAA12 UID STORE 7 +FLAGS (\\Deleted)\r\n");
  imap_hears("* 12 FETCH (UID 7 FLAGS (\\Deleted))\r\nAAA12 OK done\r\n");
  MUST(mailproto_imap_client_uid_copy(&imap, mailproto_imap_one(7), mailproto_imap_named("x"),
                                      NULL));
  imap_says("AAA13 UID COPY 7 x\r\n");
  imap_hears("AAA13 OK [COPYUID 38505 7 3956] done\r\n");
  MUST(mailproto_imap_ranges_next(&ranges, &range));
  check(range.first == 3 && range.last == 5, "a range");
  MUST(mailproto_imap_client_uid_move(&imap, mailproto_imap_one(8), mailproto_imap_named("x"),
                                      NULL));
  imap_says("AAA14 UID MOVE 8 x\r\n");
  imap_hears("* OK [COPYUID 38505 8 3957] moved\r\n* 13 EXPUNGE\r\nAAA14 OK done\r\n");
  MUST(mailproto_imap_client_uid_expunge(&imap, mailproto_imap_one(7), NULL));
  imap_says("AAA15 UID EXPUNGE 7\r\n");
  imap_hears("* 12 EXPUNGE\r\nAAA15 OK done\r\n");
  MUST(mailproto_imap_client_expunge(&imap, NULL));
  imap_says("AAA16 EXPUNGE\r\n");
  imap_hears("AAA16 OK done\r\n");
  MUST(mailproto_imap_client_close(&imap, NULL));
  imap_says("AAA17 CLOSE\r\n");
  imap_hears("AAA17 OK done\r\n");
}

static void arrange(void) {
  MUST(mailproto_imap_client_create(&imap, mailproto_imap_named("a"), NULL));
  imap_says("AAA18 CREATE a\r\n");
  imap_hears("AAA18 OK done\r\n");
  MUST(mailproto_imap_client_rename(&imap, mailproto_imap_named("a"), mailproto_imap_named("b"),
                                    NULL));
  imap_says("AAA19 RENAME a b\r\n");
  imap_hears("AAA19 OK done\r\n");
  MUST(mailproto_imap_client_subscribe(&imap, mailproto_imap_named("b"), NULL));
  imap_says("AAA20 SUBSCRIBE b\r\n");
  imap_hears("AAA20 OK done\r\n");
  MUST(mailproto_imap_client_delete(&imap, mailproto_imap_named("b"), NULL));
  imap_says("AAA21 DELETE b\r\n");
  imap_hears("AAA21 OK done\r\n");
  MUST(mailproto_imap_client_noop(&imap, NULL));
  imap_says("AAA22 NOOP\r\n");
  imap_hears("AAA22 OK done\r\n");
}

/* RFC 9051 §6.3.12. */
static void append(void) {
  static const char message[] = "Subject: afternoon meeting\r\n\r\nHello\r\n";
  mailproto_imap_append_options options = MAILPROTO_IMAP_APPEND_OPTIONS_INIT;
  options.flags = str("\\Seen");
  MUST(mailproto_imap_client_append(&imap, mailproto_imap_named("x"), &options, sizeof message - 1,
                                    NULL));
  imap_says("AAA23 APPEND x (\\Seen) {37}\r\n");
  imap_hears("+ Ready for literal data\r\n");
  MUST(mailproto_imap_client_upload(&imap, str(message), &len));
  MUST(mailproto_imap_client_append_end(&imap));
  imap_says("Subject: afternoon meeting\r\n\r\nHello\r\n\r\n");
  imap_hears("AAA23 OK [APPENDUID 38505 3955] APPEND completed\r\n");
}

static void start_tls(void) {
  mailproto_imap_config config = MAILPROTO_IMAP_CONFIG_INIT;
  static uint8_t scratch[512], tx[256];
  MUST(mailproto_imap_client_init(&imap, sizeof imap, scratch, sizeof scratch, tx, sizeof tx,
                                  &config));
  imap_hears("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n");
  MUST(mailproto_imap_client_starttls(&imap, NULL));
  imap_says("AAA1 STARTTLS\r\n");
  imap_hears("AAA1 OK begin\r\n");
  MUST(mailproto_imap_client_tls_established(&imap));
}

void imap_full(void) {
  imap_begin();
  log_in();
  list();
  read_mail();
  decode();
  change();
  arrange();
  append();
  start_tls();
}
