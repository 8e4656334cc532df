/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Bad use of an IMAP client: each gives its own error, emits nothing and leaves the session usable.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "check.h"

static mailproto_imap_client client;
static uint8_t scratch[512], tx[256];
static mailproto_imap_event event;
static const mailproto_span none = {NULL, 0};
static const mailproto_span missing = {NULL, 5};

/** Whether exactly these octets wait to be sent; then counts them as sent. */
static bool says(const char *text) {
  const uint8_t *octets;
  size_t len;
  bool same;
  if (mailproto_imap_client_outgoing(&client, &octets, &len) != MAILPROTO_OK) {
    return false;
  }
  same = len == strlen(text) && memcmp(octets, text, len) == 0;
  if (!same) {
    fprintf(stderr, "says \"%.*s\", not \"%s\"\n", (int)len, (const char *)octets, text);
  }
  mailproto_imap_client_sent(&client, len);
  return same;
}

/** A call that is refused: its error, and nothing to send. */
#define REFUSED(code, call)                                                                        \
  do {                                                                                             \
    EXPECT(code, call);                                                                            \
    CHECK(says(""));                                                                               \
  } while (0)

/** So too, with the number that goes with it. */
#define REFUSED_WITH(code, number, call)                                                           \
  do {                                                                                             \
    REFUSED(code, call);                                                                           \
    CHECK(mailproto_imap_client_detail(&client) == (number));                                      \
  } while (0)

/** Nothing has changed: not even a tag was used up. */
static void still_usable(const char *noop) {
  EXPECT(MAILPROTO_OK, mailproto_imap_client_noop(&client, NULL));
  CHECK(says(noop));
}

static int32_t hears(const char *text) {
  const uint8_t *input = (const uint8_t *)text;
  size_t len = strlen(text);
  int32_t happened;
  do {
    happened = mailproto_imap_client_poll(&client, &input, &len, &event);
  } while (happened > 0);
  return happened;
}

static mailproto_imap_config private_channel(void) {
  mailproto_imap_config config = MAILPROTO_IMAP_CONFIG_INIT;
  config.security = MAILPROTO_IMAP_SECURITY_PRIVATE;
  return config;
}

static void greet(mailproto_imap_config config, size_t tx_len) {
  EXPECT(MAILPROTO_OK, mailproto_imap_client_init(&client, sizeof client, scratch, sizeof scratch,
                                                  tx, tx_len, &config));
  EXPECT(0, hears("* OK [CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN] ready\r\n"));
}

static void log_in_with(size_t tx_len) {
  greet(private_channel(), tx_len);
  EXPECT(MAILPROTO_OK, mailproto_imap_client_login(&client, str("a"), str("b"), NULL));
  CHECK(says("AAA1 LOGIN a b\r\n"));
  EXPECT(0, hears("AAA1 OK [CAPABILITY IMAP4rev1 IDLE] done\r\n"));
  CHECK(mailproto_imap_client_state(&client) == MAILPROTO_IMAP_STATE_AUTHENTICATED);
}

static void log_in(void) { log_in_with(sizeof tx); }

static mailproto_imap_mailbox inbox(void) { return mailproto_imap_named("INBOX"); }

static void select_inbox(void) {
  log_in();
  EXPECT(MAILPROTO_OK, mailproto_imap_client_select(&client, inbox(), NULL));
  CHECK(says("AAA2 SELECT INBOX\r\n"));
  EXPECT(0, hears("* 3 EXISTS\r\nAAA2 OK [READ-WRITE] done\r\n"));
  CHECK(mailproto_imap_client_state(&client) == MAILPROTO_IMAP_STATE_SELECTED);
}

static mailproto_imap_sequence one(void) { return mailproto_imap_one(1); }

static const mailproto_imap_fetch_item UID = MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_UID);
static const mailproto_imap_search_key SEEN = MAILPROTO_IMAP_KEY(MAILPROTO_IMAP_SEARCH_SEEN);
static const mailproto_imap_store FLAGS = MAILPROTO_IMAP_STORE_INIT;

/** Every kind of call gives this error. */
static void all_give(mailproto_error error, mailproto_imap_client *object) {
  const uint8_t *octets = NULL;
  size_t len = 0;
  uint32_t number = 99;
  EXPECT(error, mailproto_imap_client_poll(object, &octets, &len, &event));
  EXPECT(error, mailproto_imap_client_outgoing(object, &octets, &len));
  EXPECT(error, mailproto_imap_client_sent(object, 1));
  EXPECT(error, mailproto_imap_client_eof(object));
  EXPECT(error, mailproto_imap_client_tick(object, 0));
  EXPECT(error, mailproto_imap_client_deadline(object, &number));
  EXPECT(error, mailproto_imap_client_select(object, inbox(), &number));
  EXPECT(error, mailproto_imap_client_fetch(object, one(), &UID, 1, NULL, &number));
  EXPECT(error, mailproto_imap_client_login(object, str("a"), str("b"), &number));
  EXPECT(error, mailproto_imap_client_append(object, inbox(), NULL, 1, &number));
  EXPECT(error, mailproto_imap_client_upload(object, str("a"), &len));
  EXPECT(error, mailproto_imap_client_search(object, &SEEN, 1, NULL, &number));
  EXPECT(error, mailproto_imap_client_list(object, inbox(), inbox(), &number));
  EXPECT(error, mailproto_imap_client_store(object, one(), &FLAGS, &number));
  EXPECT(error, mailproto_imap_client_status(object, inbox(), 1, &number));
  EXPECT(error, mailproto_imap_client_noop(object, &number));
  EXPECT(error, mailproto_imap_client_failure(object, NULL));
  EXPECT(error, mailproto_imap_client_wipe(object));
  CHECK(number == 99);
  CHECK(mailproto_imap_client_state(object) == MAILPROTO_IMAP_STATE_NONE);
  CHECK(mailproto_imap_client_capabilities(object) == 0);
}

static void null_objects_and_buffers_are_refused(void) {
  const mailproto_error null = MAILPROTO_ERROR_NULL_POINTER;
  all_give(null, NULL);
  EXPECT(null, mailproto_imap_client_init(NULL, sizeof client, scratch, 1, tx, 1, NULL));
  EXPECT(null, mailproto_imap_client_init(&client, sizeof client, NULL, 1, tx, 1, NULL));
  EXPECT(null, mailproto_imap_client_init(&client, sizeof client, scratch, 1, NULL, 1, NULL));
}

static void null_arguments_are_refused(void) {
  const uint8_t *octets = NULL;
  size_t len = 0;
  const mailproto_error null = MAILPROTO_ERROR_NULL_POINTER;
  mailproto_imap_mailbox unnamed = {{NULL, 5}, MAILPROTO_IMAP_MAILBOX_FORM_NAME};
  select_inbox();
  REFUSED(null, mailproto_imap_client_poll(&client, NULL, &len, &event));
  REFUSED(null, mailproto_imap_client_poll(&client, &octets, NULL, &event));
  REFUSED(null, mailproto_imap_client_poll(&client, &octets, &len, NULL));
  REFUSED(null, mailproto_imap_client_outgoing(&client, NULL, &len));
  REFUSED(null, mailproto_imap_client_outgoing(&client, &octets, NULL));
  REFUSED(null, mailproto_imap_client_deadline(&client, NULL));
  REFUSED(null, mailproto_imap_client_upload(&client, str("a"), NULL));
  REFUSED(null, mailproto_imap_client_select(&client, unnamed, NULL));
  REFUSED(null, mailproto_imap_client_list(&client, inbox(), unnamed, NULL));
  REFUSED(null, mailproto_imap_client_list_with(&client, NULL, NULL));
  REFUSED(null, mailproto_imap_client_status(&client, unnamed, 1, NULL));
  REFUSED(null, mailproto_imap_client_append(&client, unnamed, NULL, 1, NULL));
  REFUSED(null, mailproto_imap_client_fetch(&client, one(), NULL, 1, NULL, NULL));
  REFUSED(null, mailproto_imap_client_search(&client, NULL, 1, NULL, NULL));
  REFUSED(null, mailproto_imap_client_store(&client, one(), NULL, NULL));
  REFUSED(null, mailproto_imap_client_raw(&client, missing, NULL, 0, NULL));
  REFUSED(null, mailproto_imap_client_raw(&client, str("XTND"), NULL, 1, NULL));
  REFUSED(null, mailproto_imap_client_fetch(&client, mailproto_imap_numbers(NULL, 2), &UID, 1, NULL,
                                            NULL));
  octets = NULL;
  len = 3;
  REFUSED(null, mailproto_imap_client_poll(&client, &octets, &len, &event));
  still_usable("AAA3 NOOP\r\n");
}

static void objects_that_were_never_set_up_are_known(void) {
  mailproto_imap_client garbage;
  memset(&garbage, 0xa5, sizeof garbage);
  all_give(MAILPROTO_ERROR_NOT_INITIALIZED, &garbage);
  memset(&garbage, 0, sizeof garbage);
  all_give(MAILPROTO_ERROR_NOT_INITIALIZED, &garbage);
  log_in();
  EXPECT(MAILPROTO_OK, mailproto_imap_client_wipe(&client));
  all_give(MAILPROTO_ERROR_NOT_INITIALIZED, &client);
}

static mailproto_error init_with(size_t size, mailproto_imap_config config) {
  return mailproto_imap_client_init(&client, size, scratch, 256, tx, 256, &config);
}

static void another_version_and_bad_numbers_are_refused(void) {
  const mailproto_error mismatch = MAILPROTO_ERROR_ABI_MISMATCH;
  mailproto_imap_config config = private_channel();
  mailproto_imap_fetch_options fetch = MAILPROTO_IMAP_FETCH_OPTIONS_INIT;
  mailproto_imap_store store = MAILPROTO_IMAP_STORE_INIT;
  mailproto_imap_search_options search = MAILPROTO_IMAP_SEARCH_OPTIONS_INIT;
  mailproto_imap_append_options append = MAILPROTO_IMAP_APPEND_OPTIONS_INIT;
  select_inbox();
  REFUSED(mismatch, init_with(sizeof client - 8, config));
  config.size -= 8;
  REFUSED(mismatch, init_with(sizeof client, config));
  config = private_channel();
  config.security = 77;
  REFUSED(MAILPROTO_ERROR_BAD_VALUE, init_with(sizeof client, config));
  config = private_channel();
  config.pipelining = 2;
  REFUSED(MAILPROTO_ERROR_BAD_VALUE, init_with(sizeof client, config));
  fetch.size--;
  store.size++;
  search.size = 0;
  append.size = SIZE_MAX;
  REFUSED(mismatch, mailproto_imap_client_fetch(&client, one(), &UID, 1, &fetch, NULL));
  REFUSED(mismatch, mailproto_imap_client_store(&client, one(), &store, NULL));
  REFUSED(mismatch, mailproto_imap_client_search(&client, &SEEN, 1, &search, NULL));
  REFUSED(mismatch, mailproto_imap_client_append(&client, inbox(), &append, 1, NULL));
  /* a failed init leaves the object as it was */
  still_usable("AAA3 NOOP\r\n");
}

static void overlapping_memory_is_refused(void) {
  const mailproto_error overlap = MAILPROTO_ERROR_OVERLAP;
  const uint8_t *input = scratch + 3;
  size_t len = 10;
  mailproto_span inside = mailproto_octets(tx + 1, 4);
  mailproto_imap_mailbox within = {inside, MAILPROTO_IMAP_MAILBOX_FORM_RAW};
  log_in();
  REFUSED(overlap, mailproto_imap_client_init(&client, sizeof client, scratch, 256, scratch + 255,
                                              64, NULL));
  REFUSED(overlap, mailproto_imap_client_poll(&client, &input, &len, &event));
  input = tx + sizeof tx - 1;
  REFUSED(overlap, mailproto_imap_client_poll(&client, &input, &len, &event));
  CHECK(len == 10);
  REFUSED(overlap, mailproto_imap_client_select(&client, within, NULL));
  REFUSED(overlap, mailproto_imap_client_raw(&client, inside, NULL, 0, NULL));
  REFUSED(MAILPROTO_ERROR_BAD_VALUE,
          mailproto_imap_client_raw(&client, mailproto_octets("x", SIZE_MAX), NULL, 0, NULL));
  still_usable("AAA2 NOOP\r\n");
}

static void commands_are_refused_in_the_wrong_state(void) {
  const mailproto_error wrong = MAILPROTO_ERROR_WRONG_STATE;
  uint32_t number = 99;
  size_t taken = 99;
  greet(private_channel(), sizeof tx);
  REFUSED(wrong, mailproto_imap_client_select(&client, inbox(), &number));
  REFUSED(wrong, mailproto_imap_client_list(&client, inbox(), inbox(), &number));
  REFUSED(wrong, mailproto_imap_client_status(&client, inbox(), 1, &number));
  REFUSED(wrong, mailproto_imap_client_append(&client, inbox(), NULL, 1, &number));
  REFUSED(wrong, mailproto_imap_client_starttls(&client, &number));
  REFUSED(wrong, mailproto_imap_client_tls_established(&client));
  REFUSED(wrong, mailproto_imap_client_compression_established(&client));
  REFUSED(wrong, mailproto_imap_client_cancel(&client));
  REFUSED(wrong, mailproto_imap_client_done(&client));
  log_in();
  REFUSED(wrong, mailproto_imap_client_login(&client, str("a"), str("b"), &number));
  REFUSED(wrong, mailproto_imap_client_fetch(&client, one(), &UID, 1, NULL, &number));
  REFUSED(wrong, mailproto_imap_client_search(&client, &SEEN, 1, NULL, &number));
  REFUSED(wrong, mailproto_imap_client_store(&client, one(), &FLAGS, &number));
  REFUSED(wrong, mailproto_imap_client_expunge(&client, &number));
  REFUSED(wrong, mailproto_imap_client_close(&client, &number));
  REFUSED(wrong, mailproto_imap_client_upload(&client, str("a"), &taken));
  REFUSED(wrong, mailproto_imap_client_append_end(&client));
  CHECK(number == 99 && taken == 0);
  still_usable("AAA2 NOOP\r\n");
}

static void nothing_goes_behind_a_command_that_goes_alone(void) {
  const mailproto_error busy = MAILPROTO_ERROR_BUSY;
  greet(private_channel(), sizeof tx);
  EXPECT(MAILPROTO_OK, mailproto_imap_client_login(&client, str("a"), str("b"), NULL));
  CHECK(says("AAA1 LOGIN a b\r\n"));
  REFUSED(busy, mailproto_imap_client_login(&client, str("a"), str("b"), NULL));
  log_in();
  EXPECT(MAILPROTO_OK, mailproto_imap_client_idle(&client, NULL));
  CHECK(says("AAA2 IDLE\r\n"));
  REFUSED(busy, mailproto_imap_client_noop(&client, NULL));
  EXPECT(0, hears("+ idling\r\n"));
  REFUSED(busy, mailproto_imap_client_noop(&client, NULL));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_done(&client));
  CHECK(says("DONE\r\n"));
  EXPECT(0, hears("AAA2 OK done\r\n"));
  still_usable("AAA3 NOOP\r\n");
  EXPECT(0, hears("AAA3 OK done\r\n"));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_logout(&client, NULL));
  CHECK(says("AAA4 LOGOUT\r\n"));
  REFUSED(busy, mailproto_imap_client_noop(&client, NULL));
  EXPECT(0, hears("* BYE\r\nAAA4 OK done\r\n"));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_eof(&client));
  EXPECT(MAILPROTO_ERROR_CLOSED, mailproto_imap_client_noop(&client, NULL));
}

static void an_upload_is_as_long_as_was_said(void) {
  size_t taken = 99;
  log_in();
  EXPECT(MAILPROTO_OK, mailproto_imap_client_append(&client, inbox(), NULL, 3, NULL));
  CHECK(says("AAA2 APPEND INBOX {3}\r\n"));
  REFUSED(MAILPROTO_ERROR_BUSY, mailproto_imap_client_noop(&client, NULL));
  REFUSED(MAILPROTO_ERROR_WRONG_STATE, mailproto_imap_client_upload(&client, str("a"), &taken));
  EXPECT(0, hears("+ go on\r\n"));
  REFUSED_WITH(MAILPROTO_ERROR_TOO_MUCH_DATA, 3,
               mailproto_imap_client_upload(&client, str("four"), &taken));
  CHECK(taken == 0);
  REFUSED_WITH(MAILPROTO_ERROR_TOO_LITTLE_DATA, 3, mailproto_imap_client_append_end(&client));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_upload(&client, str("a\r\n"), &taken));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_append_end(&client));
  CHECK(says("a\r\n\r\n"));
  EXPECT(0, hears("AAA2 OK done\r\n"));
  still_usable("AAA3 NOOP\r\n");
}

static void credentials_stay_off_a_channel_in_the_clear(void) {
  mailproto_imap_config config = MAILPROTO_IMAP_CONFIG_INIT;
  mailproto_sasl sasl;
  greet(config, sizeof tx);
  REFUSED(MAILPROTO_ERROR_INSECURE,
          mailproto_imap_client_login(&client, str("a"), str("secret"), NULL));
  EXPECT(MAILPROTO_OK, mailproto_sasl_plain_init(&sasl, sizeof sasl, none, str("a"), str("b")));
  REFUSED(MAILPROTO_ERROR_INSECURE, mailproto_imap_client_authenticate(&client, &sasl, NULL));
  EXPECT(MAILPROTO_OK, mailproto_sasl_wipe(&sasl));
  CHECK(mailproto_imap_client_may_send_credentials(&client) == 0);
  still_usable("AAA1 NOOP\r\n");
}

static void octets_that_no_argument_may_hold_are_refused(void) {
  const mailproto_error forbidden = MAILPROTO_ERROR_FORBIDDEN_OCTET;
  mailproto_span with_nul = mailproto_octets("a\0b", 3);
  mailproto_imap_mailbox nul = {with_nul, MAILPROTO_IMAP_MAILBOX_FORM_RAW};
  mailproto_imap_store store = MAILPROTO_IMAP_STORE_INIT;
  mailproto_imap_search_key key = mailproto_imap_key_text(MAILPROTO_IMAP_SEARCH_SUBJECT, with_nul);
  mailproto_imap_argument verbatim;
  memset(&verbatim, 0, sizeof verbatim);
  verbatim.kind = MAILPROTO_IMAP_ARGUMENT_KIND_VERBATIM;
  greet(private_channel(), sizeof tx);
  REFUSED_WITH(forbidden, 1, mailproto_imap_client_login(&client, with_nul, str("b"), NULL));
  REFUSED_WITH(forbidden, 1, mailproto_imap_client_login(&client, str("a"), with_nul, NULL));
  select_inbox();
  REFUSED_WITH(forbidden, 1, mailproto_imap_client_select(&client, nul, NULL));
  REFUSED(forbidden, mailproto_imap_client_search(&client, &key, 1, NULL, NULL));
  REFUSED(MAILPROTO_ERROR_NOT_UTF8,
          mailproto_imap_client_select(&client, mailproto_imap_named("\xff"), NULL));
  store.flags = str("\\Seen\r\nA NOOP");
  REFUSED(forbidden, mailproto_imap_client_store(&client, one(), &store, NULL));
  verbatim.octets = str("a\rb");
  REFUSED(forbidden, mailproto_imap_client_raw(&client, str("XTND"), &verbatim, 1, NULL));
  verbatim.octets = str("a\nb");
  REFUSED(forbidden, mailproto_imap_client_raw(&client, str("XTND"), &verbatim, 1, NULL));
  verbatim.octets = with_nul;
  REFUSED(forbidden, mailproto_imap_client_raw(&client, str("XTND"), &verbatim, 1, NULL));
  still_usable("AAA3 NOOP\r\n");
}

static void lists_have_limits(void) {
  static char names[2 * 64 + 1];
  mailproto_imap_store store = MAILPROTO_IMAP_STORE_INIT;
  const mailproto_error long_ = MAILPROTO_ERROR_TOO_LONG;
  for (size_t i = 0; i < 64; i++) {
    memcpy(names + 2 * i, "a ", 2);
  }
  select_inbox();
  store.flags = mailproto_octets(names, 2 * (MAILPROTO_IMAP_MAX_FLAGS + 1) - 1);
  REFUSED_WITH(long_, MAILPROTO_IMAP_MAX_FLAGS,
               mailproto_imap_client_store(&client, one(), &store, NULL));
  REFUSED_WITH(
      long_, MAILPROTO_IMAP_MAX_NAMES,
      mailproto_imap_client_status_named(
          &client, inbox(), mailproto_octets(names, 2 * (MAILPROTO_IMAP_MAX_NAMES + 1) - 1), NULL));
  still_usable("AAA3 NOOP\r\n");
}

static void a_buffer_that_is_too_small_tells_what_it_needs(void) {
  log_in_with(18);
  REFUSED_WITH(MAILPROTO_ERROR_BUFFER_TOO_SMALL, strlen("AAA2 SELECT INBOX\r\n"),
               mailproto_imap_client_select(&client, inbox(), NULL));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_noop(&client, NULL));
  EXPECT(MAILPROTO_ERROR_FULL, mailproto_imap_client_noop(&client, NULL));
  CHECK(says("AAA2 NOOP\r\n"));
  still_usable("AAA3 NOOP\r\n");
}

static void what_the_server_has_not_is_refused(void) {
  const mailproto_error lacks = MAILPROTO_ERROR_NOT_OFFERED;
  mailproto_imap_store store = MAILPROTO_IMAP_STORE_INIT;
  mailproto_imap_search_options search = MAILPROTO_IMAP_SEARCH_OPTIONS_INIT;
  mailproto_imap_append_options append = MAILPROTO_IMAP_APPEND_OPTIONS_INIT;
  log_in();
  REFUSED(lacks, mailproto_imap_client_enable(&client, str("CONDSTORE"), NULL));
  REFUSED(lacks, mailproto_imap_client_id(&client, NULL, 0, NULL));
  REFUSED(lacks, mailproto_imap_client_namespace(&client, NULL));
  REFUSED(lacks, mailproto_imap_client_compress(&client, NULL));
  REFUSED(lacks, mailproto_imap_client_unauthenticate(&client, NULL));
  REFUSED(lacks, mailproto_imap_client_xlist(&client, inbox(), inbox(), NULL));
  append.binary = 1;
  REFUSED(lacks, mailproto_imap_client_append(&client, inbox(), &append, 1, NULL));
  append.binary = 0;
  append.utf8 = 1; /* not enabled */
  REFUSED(MAILPROTO_ERROR_WRONG_STATE,
          mailproto_imap_client_append(&client, inbox(), &append, 1, NULL));
  select_inbox();
  REFUSED(lacks, mailproto_imap_client_move(&client, one(), inbox(), NULL));
  REFUSED(lacks, mailproto_imap_client_unselect(&client, NULL));
  REFUSED(lacks, mailproto_imap_client_uid_expunge(&client, one(), NULL));
  store.flags = str("\\Seen");
  store.has_unchanged_since = 1;
  store.unchanged_since = 5;
  REFUSED(lacks, mailproto_imap_client_store(&client, one(), &store, NULL));
  search.returns = MAILPROTO_IMAP_SEARCH_RETURN_COUNT;
  REFUSED(lacks, mailproto_imap_client_search(&client, &SEEN, 1, &search, NULL));
  still_usable("AAA3 NOOP\r\n");
}

static mailproto_error fetch(mailproto_imap_sequence messages) {
  return mailproto_imap_client_fetch(&client, messages, &UID, 1, NULL, NULL);
}

static void sets_that_cannot_be_are_refused(void) {
  const uint32_t numbers[] = {1, 0};
  mailproto_imap_sequence unknown = one();
  unknown.kind = 99;
  select_inbox();
  REFUSED(MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO, fetch(mailproto_imap_one(0)));
  REFUSED(MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO, fetch(mailproto_imap_between(0, 3)));
  REFUSED(MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO, fetch(mailproto_imap_from(0)));
  REFUSED(MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO, fetch(mailproto_imap_numbers(numbers, 2)));
  REFUSED(MAILPROTO_ERROR_EMPTY, fetch(mailproto_imap_numbers(numbers, 0)));
  REFUSED(MAILPROTO_ERROR_EMPTY, fetch(mailproto_imap_ranges_of(NULL, 0)));
  REFUSED(MAILPROTO_ERROR_EMPTY, fetch(mailproto_imap_set(none)));
  REFUSED(MAILPROTO_ERROR_BAD_ARGUMENT, fetch(mailproto_imap_set(str("1:"))));
  REFUSED(MAILPROTO_ERROR_BAD_VALUE, fetch(unknown));
  still_usable("AAA3 NOOP\r\n");
}

static mailproto_error fetch_item(mailproto_imap_fetch_item item) {
  return mailproto_imap_client_fetch(&client, one(), &item, 1, NULL, NULL);
}

static void items_that_cannot_be_are_refused(void) {
  const mailproto_imap_fetch_item macro[] = {MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_UID),
                                             MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_ALL)};
  mailproto_imap_fetch_item item = UID;
  mailproto_imap_store store = MAILPROTO_IMAP_STORE_INIT;
  mailproto_imap_mailbox strange = inbox();
  select_inbox();
  REFUSED(MAILPROTO_ERROR_EMPTY, mailproto_imap_client_fetch(&client, one(), &UID, 0, NULL, NULL));
  REFUSED_WITH(MAILPROTO_ERROR_BAD_ARGUMENT, 1,
               mailproto_imap_client_fetch(&client, one(), macro, 2, NULL, NULL));
  item.kind = 99;
  REFUSED(MAILPROTO_ERROR_BAD_VALUE, fetch_item(item));
  item.kind = -1;
  REFUSED(MAILPROTO_ERROR_BAD_VALUE, fetch_item(item));
  item = mailproto_imap_fetch_part(NULL, 0);
  item.part = 99;
  REFUSED(MAILPROTO_ERROR_BAD_VALUE, fetch_item(item));
  item.part = MAILPROTO_IMAP_SECTION_PART_MIME; /* of a part only (RFC 9051 §6.4.5) */
  REFUSED(MAILPROTO_ERROR_BAD_ARGUMENT, fetch_item(item));
  store.change = 3;
  REFUSED(MAILPROTO_ERROR_BAD_VALUE, mailproto_imap_client_store(&client, one(), &store, NULL));
  strange.form = 9;
  REFUSED(MAILPROTO_ERROR_BAD_VALUE, mailproto_imap_client_select(&client, strange, NULL));
  REFUSED(MAILPROTO_ERROR_EMPTY, mailproto_imap_client_status(&client, inbox(), 0, NULL));
  REFUSED(MAILPROTO_ERROR_BAD_VALUE,
          mailproto_imap_client_status(&client, inbox(), UINT32_C(1) << 30, NULL));
  still_usable("AAA3 NOOP\r\n");
}

static mailproto_error search(const int32_t *kinds, size_t count) {
  mailproto_imap_search_key keys[33];
  for (size_t i = 0; i < count; i++) {
    const mailproto_imap_search_key key = MAILPROTO_IMAP_KEY(kinds[i]);
    keys[i] = key;
  }
  return mailproto_imap_client_search(&client, keys, count, NULL, NULL);
}

static void searches_that_cannot_be_are_refused(void) {
  const int32_t open = MAILPROTO_IMAP_SEARCH_OPEN, close = MAILPROTO_IMAP_SEARCH_CLOSE;
  const int32_t seen = MAILPROTO_IMAP_SEARCH_SEEN;
  const int32_t not [] = {MAILPROTO_IMAP_SEARCH_NOT}, or [] = {MAILPROTO_IMAP_SEARCH_OR, seen};
  const int32_t unclosed[] = {open, seen}, unopened[] = {seen, close}, empty[] = {open, close};
  const int32_t within[] = {open, MAILPROTO_IMAP_SEARCH_NOT, close}, unknown[] = {99};
  const mailproto_error bad = MAILPROTO_ERROR_BAD_ARGUMENT;
  const mailproto_imap_search_key month =
      mailproto_imap_key_date(MAILPROTO_IMAP_SEARCH_SINCE, 2026, 13, 1);
  int32_t deep[33];
  for (size_t i = 0; i < 33; i++) {
    deep[i] = open;
  }
  select_inbox();
  REFUSED(MAILPROTO_ERROR_EMPTY, search(not, 0));
  REFUSED(MAILPROTO_ERROR_EMPTY, search(empty, 2));
  REFUSED(bad, search(not, 1));
  REFUSED(bad, search(or, 2));
  REFUSED(bad, search(unclosed, 2));
  REFUSED(bad, search(unopened, 2));
  REFUSED(bad, search(within, 3));
  REFUSED(bad, search(deep, 33));
  REFUSED(bad, mailproto_imap_client_search(&client, &month, 1, NULL, NULL));
  REFUSED(MAILPROTO_ERROR_BAD_VALUE, search(unknown, 1));
  still_usable("AAA3 NOOP\r\n");
}

/** Walks a view of anything to its end: it has one, and each step takes octets. */
#define WALK(view, element, octets)                                                                \
  do {                                                                                             \
    mailproto_imap_##view view_ = {octets};                                                        \
    element element_;                                                                              \
    size_t steps_ = 0;                                                                             \
    while (mailproto_imap_##view##_next(&view_, &element_) > 0 && steps_ <= (octets).len) {        \
      steps_++;                                                                                    \
    }                                                                                              \
    CHECK(steps_ <= (octets).len);                                                                 \
  } while (0)

static void walk_all(mailproto_span octets) {
  mailproto_imap_body_structure structure;
  mailproto_imap_node node;
  mailproto_imap_envelope envelope;
  size_t steps = 0;
  WALK(parameters, mailproto_imap_parameter, octets);
  WALK(languages, mailproto_imap_string, octets);
  WALK(addresses, mailproto_imap_address, octets);
  WALK(flags, mailproto_span, octets);
  WALK(attributes, mailproto_imap_attribute, octets);
  WALK(ranges, mailproto_imap_range, octets);
  WALK(strings, mailproto_imap_string, octets);
  WALK(capabilities, mailproto_span, octets);
  WALK(labels, mailproto_imap_string, octets);
  WALK(id_fields, mailproto_imap_pair, octets);
  WALK(metadata_values, mailproto_imap_pair, octets);
  WALK(acl_entries, mailproto_imap_pair, octets);
  WALK(quota_resources, mailproto_imap_quota_resource, octets);
  WALK(status_items, mailproto_imap_status_item, octets);
  WALK(extended_items, mailproto_imap_extended_item, octets);
  WALK(namespaces, mailproto_imap_namespace, octets);
  WALK(namespace_extensions, mailproto_imap_namespace_extension, octets);
  WALK(part_numbers, uint32_t, octets);
  WALK(field_names, mailproto_imap_string, octets);
  (void)mailproto_imap_envelope_read(octets, &envelope);
  (void)mailproto_imap_section_part_of(octets);
  (void)mailproto_imap_special_use(octets);
  EXPECT(MAILPROTO_OK, mailproto_imap_body_structure_init(&structure, sizeof structure, octets));
  while (mailproto_imap_body_structure_next(&structure, &node) > 0 && steps <= 2 * octets.len) {
    steps++;
  }
  CHECK(steps <= 2 * octets.len);
}

static void views_of_garbage_end(void) {
  static const char some[] = "()\"\\{}1:*, <>[]NILa+~\r\n";
  for (size_t round = 0; round < 2000; round++) {
    size_t len = 1 + round % 40;
    /* a block of its own, so that a read past its end is seen */
    uint8_t *octets = malloc(len);
    if (octets == NULL) {
      abort();
    }
    for (size_t i = 0; i < len; i++) {
      octets[i] =
          round % 4 == 0 ? (uint8_t)rand() : (uint8_t)some[(size_t)rand() % (sizeof some - 1)];
    }
    walk_all(mailproto_octets(octets, len));
    free(octets);
  }
}

static void views_that_were_never_set_up_are_known(void) {
  const mailproto_error never = MAILPROTO_ERROR_NOT_INITIALIZED;
  const mailproto_error null = MAILPROTO_ERROR_NULL_POINTER;
  mailproto_imap_body_structure structure;
  mailproto_imap_thread_depth depth;
  mailproto_imap_node node;
  mailproto_imap_envelope envelope;
  mailproto_imap_flags flags = {{NULL, 0}};
  mailproto_span flag;
  uint32_t message;
  memset(&structure, 0xa5, sizeof structure);
  memset(&depth, 0xa5, sizeof depth);
  EXPECT(never, mailproto_imap_body_structure_next(&structure, &node));
  EXPECT(never, mailproto_imap_thread_depth_next(&depth, 1, 1, &message));
  memset(&structure, 0, sizeof structure);
  memset(&depth, 0, sizeof depth);
  EXPECT(never, mailproto_imap_body_structure_next(&structure, &node));
  EXPECT(never, mailproto_imap_thread_depth_next(&depth, 1, 1, &message));
  EXPECT(MAILPROTO_ERROR_ABI_MISMATCH, mailproto_imap_thread_depth_init(&depth, 1));
  EXPECT(MAILPROTO_OK, mailproto_imap_thread_depth_init(&depth, sizeof depth));
  EXPECT(MAILPROTO_ERROR_BAD_VALUE, mailproto_imap_thread_depth_next(&depth, 99, 1, &message));
  EXPECT(null, mailproto_imap_thread_depth_init(NULL, sizeof depth));
  EXPECT(null, mailproto_imap_body_structure_init(NULL, sizeof structure, none));
  EXPECT(null, mailproto_imap_body_structure_next(NULL, &node));
  EXPECT(null, mailproto_imap_envelope_read(missing, &envelope));
  EXPECT(null, mailproto_imap_envelope_read(str("NIL"), NULL));
  EXPECT(0, mailproto_imap_flags_next(&flags, &flag));
  EXPECT(null, mailproto_imap_flags_next(NULL, &flag));
  EXPECT(null, mailproto_imap_flags_next(&flags, NULL));
  flags.rest = missing;
  EXPECT(null, mailproto_imap_flags_next(&flags, &flag));
}

int main(void) {
  null_objects_and_buffers_are_refused();
  null_arguments_are_refused();
  objects_that_were_never_set_up_are_known();
  another_version_and_bad_numbers_are_refused();
  overlapping_memory_is_refused();
  commands_are_refused_in_the_wrong_state();
  nothing_goes_behind_a_command_that_goes_alone();
  an_upload_is_as_long_as_was_said();
  credentials_stay_off_a_channel_in_the_clear();
  octets_that_no_argument_may_hold_are_refused();
  lists_have_limits();
  a_buffer_that_is_too_small_tells_what_it_needs();
  what_the_server_has_not_is_refused();
  sets_that_cannot_be_are_refused();
  items_that_cannot_be_are_refused();
  searches_that_cannot_be_are_refused();
  views_of_garbage_end();
  views_that_were_never_set_up_are_known();
  return finish("imap_misuse");
}
