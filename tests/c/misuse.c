/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Bad use: each gives its own error, emits nothing and leaves the session usable. */
#include <stdbool.h>

#include "check.h"

static mailproto_pop3_client client;
static uint8_t scratch[512], tx[256];
static mailproto_pop3_event event;

static void set_up(mailproto_pop3_config config, size_t tx_len) {
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_init(&client, sizeof client, scratch, sizeof scratch,
                                                  tx, tx_len, &config));
}

static mailproto_pop3_config private_channel(void) {
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  config.security = MAILPROTO_POP3_SECURITY_PRIVATE;
  return config;
}

static void log_in(void) {
  set_up(private_channel(), sizeof tx);
  CHECK(client_hears(&client, "+OK ready\r\n", &event) == 1);
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_user(&client, str("mrose"), NULL));
  CHECK(client_says(&client, "USER mrose\r\n"));
  CHECK(client_hears(&client, "+OK\r\n", &event) == 1);
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_pass(&client, str("tan staaf"), NULL));
  CHECK(client_says(&client, "PASS tan staaf\r\n"));
  CHECK(client_hears(&client, "+OK\r\n", &event) == 1);
  CHECK(mailproto_pop3_client_state(&client) == MAILPROTO_POP3_STATE_TRANSACTION);
}

static void null_pointers_are_refused(void) {
  const uint8_t *octets = NULL;
  size_t len = 0;
  mailproto_span nothing = {NULL, 5};
  const mailproto_error null = MAILPROTO_ERROR_NULL_POINTER;
  EXPECT(null, mailproto_pop3_client_init(NULL, sizeof client, scratch, 1, tx, 1, NULL));
  EXPECT(null, mailproto_pop3_client_init(&client, sizeof client, NULL, 1, tx, 1, NULL));
  EXPECT(null, mailproto_pop3_client_init(&client, sizeof client, scratch, 1, NULL, 1, NULL));
  EXPECT(null, mailproto_pop3_client_poll(NULL, &octets, &len, &event));
  EXPECT(null, mailproto_pop3_client_outgoing(NULL, &octets, &len));
  EXPECT(null, mailproto_pop3_client_sent(NULL, 1));
  EXPECT(null, mailproto_pop3_client_eof(NULL));
  EXPECT(null, mailproto_pop3_client_tick(NULL, 0));
  EXPECT(null, mailproto_pop3_client_retr(NULL, 1, NULL));
  EXPECT(null, mailproto_pop3_client_user(NULL, str("a"), NULL));
  EXPECT(null, mailproto_pop3_client_respond(NULL, NULL));
  EXPECT(null, mailproto_pop3_client_failure(NULL, NULL));
  EXPECT(null, mailproto_pop3_client_wipe(NULL));
  EXPECT(null, mailproto_sasl_wipe(NULL));
  CHECK(mailproto_pop3_client_state(NULL) == MAILPROTO_POP3_STATE_NONE);
  CHECK(mailproto_pop3_client_detail(NULL) == 0);
  log_in();
  EXPECT(null, mailproto_pop3_client_poll(&client, NULL, &len, &event));
  EXPECT(null, mailproto_pop3_client_poll(&client, &octets, NULL, &event));
  EXPECT(null, mailproto_pop3_client_poll(&client, &octets, &len, NULL));
  EXPECT(null, mailproto_pop3_client_outgoing(&client, NULL, &len));
  EXPECT(null, mailproto_pop3_client_outgoing(&client, &octets, NULL));
  EXPECT(null, mailproto_pop3_client_deadline(&client, NULL));
  EXPECT(null, mailproto_pop3_client_raw(&client, nothing, 0, NULL));
  EXPECT(null, mailproto_pop3_client_auth(&client, NULL, NULL));
  octets = NULL;
  len = 3;
  EXPECT(null, mailproto_pop3_client_poll(&client, &octets, &len, &event));
  len = 0; /* NULL is nothing, if nothing is said of it */
  EXPECT(0, mailproto_pop3_client_poll(&client, &octets, &len, &event));
  CHECK(client_says(&client, ""));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_noop(&client, NULL));
  CHECK(client_says(&client, "NOOP\r\n"));
}

static void objects_that_were_never_set_up_are_known(void) {
  mailproto_pop3_client garbage;
  mailproto_sasl sasl;
  const mailproto_error never = MAILPROTO_ERROR_NOT_INITIALIZED;
  memset(&garbage, 0xa5, sizeof garbage);
  memset(&sasl, 0, sizeof sasl);
  EXPECT(never, mailproto_pop3_client_retr(&garbage, 1, NULL));
  EXPECT(never, mailproto_pop3_client_eof(&garbage));
  EXPECT(never, mailproto_pop3_client_wipe(&garbage));
  EXPECT(never, mailproto_pop3_client_failure(&garbage, NULL));
  CHECK(mailproto_pop3_client_state(&garbage) == MAILPROTO_POP3_STATE_NONE);
  CHECK(mailproto_pop3_client_capabilities(&garbage) == 0);
  log_in();
  EXPECT(never, mailproto_pop3_client_auth(&client, &sasl, NULL));
  EXPECT(never, mailproto_sasl_wipe(&sasl));
  CHECK(mailproto_sasl_name(&sasl) == MAILPROTO_SASL_MECHANISM_NONE);
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_wipe(&client));
  EXPECT(never, mailproto_pop3_client_retr(&client, 1, NULL));
  EXPECT(never, mailproto_pop3_client_wipe(&client));
}

static void another_version_and_bad_numbers_are_refused(void) {
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  mailproto_sasl sasl;
  mailproto_span none = {NULL, 0};
  log_in();
  EXPECT(MAILPROTO_ERROR_ABI_MISMATCH,
         mailproto_pop3_client_init(&client, sizeof client - 8, scratch, 1, tx, 1, NULL));
  config.size -= 4;
  EXPECT(MAILPROTO_ERROR_ABI_MISMATCH,
         mailproto_pop3_client_init(&client, sizeof client, scratch, 1, tx, 1, &config));
  EXPECT(MAILPROTO_ERROR_ABI_MISMATCH,
         mailproto_sasl_plain_init(&sasl, 8, none, str("u"), str("p")));
  config = private_channel();
  config.security = 77;
  EXPECT(MAILPROTO_ERROR_BAD_VALUE,
         mailproto_pop3_client_init(&client, sizeof client, scratch, 1, tx, 1, &config));
  config = private_channel();
  config.pipelining = 2;
  EXPECT(MAILPROTO_ERROR_BAD_VALUE,
         mailproto_pop3_client_init(&client, sizeof client, scratch, 1, tx, 1, &config));
  EXPECT(MAILPROTO_ERROR_BAD_VALUE, mailproto_pop3_client_raw(&client, str("XTND"), 2, NULL));
  EXPECT(MAILPROTO_ERROR_BAD_VALUE,
         mailproto_sasl_password_init(&sasl, sizeof sasl, -7, none, str("u"), str("p"), none));
  EXPECT(MAILPROTO_ERROR_SASL_UNSUPPORTED,
         mailproto_sasl_password_init(&sasl, sizeof sasl, MAILPROTO_SASL_MECHANISM_EXTERNAL, none,
                                      str("u"), str("p"), none));
  /* a failed init leaves the object as it was */
  CHECK(mailproto_pop3_client_state(&client) == MAILPROTO_POP3_STATE_TRANSACTION);
  CHECK(strcmp(mailproto_strerror(12345), "unknown error") == 0);
  CHECK(mailproto_abi_version() == MAILPROTO_ABI_VERSION);
}

static void overlapping_memory_is_refused(void) {
  const uint8_t *input = scratch + 3;
  size_t len = 10;
  mailproto_span inside = {tx + 1, 4};
  mailproto_span impossible = {tx, SIZE_MAX};
  EXPECT(MAILPROTO_ERROR_OVERLAP,
         mailproto_pop3_client_init(&client, sizeof client, scratch, 256, scratch + 255, 64, NULL));
  log_in();
  EXPECT(MAILPROTO_ERROR_OVERLAP, mailproto_pop3_client_poll(&client, &input, &len, &event));
  EXPECT(MAILPROTO_ERROR_OVERLAP, mailproto_pop3_client_raw(&client, inside, 0, NULL));
  impossible.ptr = (const uint8_t *)"x";
  EXPECT(MAILPROTO_ERROR_BAD_VALUE, mailproto_pop3_client_raw(&client, impossible, 0, NULL));
  CHECK(client_says(&client, ""));
}

static void octets_that_would_start_another_command_are_refused(void) {
  static const char nul[] = "a\0b";
  mailproto_span with_nul = {(const uint8_t *)nul, 3};
  mailproto_span none = {NULL, 0};
  set_up(private_channel(), sizeof tx);
  CHECK(client_hears(&client, "+OK\r\n", &event) == 1);
  EXPECT(MAILPROTO_ERROR_FORBIDDEN_OCTET,
         mailproto_pop3_client_user(&client, str("mrose\r\nDELE 1"), NULL));
  CHECK(mailproto_pop3_client_detail(&client) == 5);
  EXPECT(MAILPROTO_ERROR_FORBIDDEN_OCTET, mailproto_pop3_client_user(&client, str("a\nb"), NULL));
  CHECK(mailproto_pop3_client_detail(&client) == 1);
  EXPECT(MAILPROTO_ERROR_FORBIDDEN_OCTET, mailproto_pop3_client_user(&client, with_nul, NULL));
  EXPECT(MAILPROTO_ERROR_FORBIDDEN_OCTET,
         mailproto_pop3_client_login(&client, str("mrose"), str("secret\r"), NULL));
  EXPECT(MAILPROTO_ERROR_EMPTY, mailproto_pop3_client_user(&client, none, NULL));
  EXPECT(MAILPROTO_ERROR_EMPTY, mailproto_pop3_client_login(&client, str("mrose"), none, NULL));
  CHECK(client_says(&client, ""));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_user(&client, str("mrose"), NULL));
  CHECK(client_says(&client, "USER mrose\r\n"));
}

static void commands_are_refused_in_the_wrong_state(void) {
  uint32_t number = 99;
  set_up(private_channel(), sizeof tx);
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_pop3_client_stat(&client, &number));
  CHECK(client_hears(&client, "+OK\r\n", &event) == 1);
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_pop3_client_retr(&client, 1, &number));
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_pop3_client_dele(&client, 1, &number));
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_pop3_client_pass(&client, str("x"), &number));
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_pop3_client_stls(&client, &number));
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_pop3_client_tls_established(&client));
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_pop3_client_cancel(&client));
  CHECK(number == 99);
  CHECK(client_says(&client, ""));
  log_in();
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_pop3_client_user(&client, str("mrose"), &number));
  EXPECT(MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO, mailproto_pop3_client_retr(&client, 0, &number));
  EXPECT(MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO, mailproto_pop3_client_dele(&client, 0, &number));
  EXPECT(MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO, mailproto_pop3_client_top(&client, 0, 3, &number));
  EXPECT(MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO, mailproto_pop3_client_uidl_one(&client, 0, NULL));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_quit(&client, &number));
  EXPECT(MAILPROTO_ERROR_BUSY, mailproto_pop3_client_noop(&client, &number));
  CHECK(client_says(&client, "QUIT\r\n"));
  CHECK(client_hears(&client, "+OK bye\r\n", &event) == 1);
  EXPECT(MAILPROTO_ERROR_CLOSED, mailproto_pop3_client_noop(&client, &number));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_eof(&client));
}

static void credentials_stay_off_a_channel_in_the_clear(void) {
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  mailproto_sasl sasl;
  mailproto_span none = {NULL, 0};
  set_up(config, sizeof tx);
  CHECK(client_hears(&client, "+OK\r\n", &event) == 1);
  EXPECT(MAILPROTO_ERROR_INSECURE,
         mailproto_pop3_client_login(&client, str("mrose"), str("secret"), NULL));
  EXPECT(MAILPROTO_OK,
         mailproto_sasl_plain_init(&sasl, sizeof sasl, none, str("mrose"), str("secret")));
  EXPECT(MAILPROTO_ERROR_INSECURE, mailproto_pop3_client_auth(&client, &sasl, NULL));
  EXPECT(MAILPROTO_OK, mailproto_sasl_wipe(&sasl));
  CHECK(client_says(&client, ""));
  CHECK(mailproto_pop3_client_may_send_credentials(&client) == 0);
}

static void credentials_that_no_mechanism_takes_are_refused(void) {
  static const char nul[] = "a\0b";
  mailproto_span with_nul = {(const uint8_t *)nul, 3};
  mailproto_span none = {NULL, 0};
  mailproto_sasl sasl;
  EXPECT(MAILPROTO_ERROR_SASL_EMPTY_CREDENTIAL,
         mailproto_sasl_plain_init(&sasl, sizeof sasl, none, str("mrose"), none));
  EXPECT(MAILPROTO_ERROR_SASL_FORBIDDEN_CHARACTER,
         mailproto_sasl_plain_init(&sasl, sizeof sasl, none, with_nul, str("p")));
  EXPECT(MAILPROTO_ERROR_NOT_UTF8,
         mailproto_sasl_plain_init(&sasl, sizeof sasl, none, str("\xff"), str("p")));
  EXPECT(MAILPROTO_ERROR_SASL_WEAK_NONCE,
         mailproto_sasl_scram_sha_256_init(&sasl, sizeof sasl, none, str("u"), str("p"),
                                           str("12345678901"), 0));
}

static void a_buffer_that_is_too_small_tells_what_it_needs(void) {
  set_up(private_channel(), 8);
  CHECK(client_hears(&client, "+OK\r\n", &event) == 1);
  EXPECT(MAILPROTO_ERROR_BUFFER_TOO_SMALL, mailproto_pop3_client_user(&client, str("mrose"), NULL));
  CHECK(mailproto_pop3_client_detail(&client) == strlen("USER mrose\r\n"));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_capa(&client, NULL));
  EXPECT(MAILPROTO_ERROR_FULL, mailproto_pop3_client_quit(&client, NULL));
  CHECK(client_says(&client, "CAPA\r\n"));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_quit(&client, NULL));
}

static void after_a_fatal_error_every_call_returns_it(void) {
  uint64_t offset = 0;
  uint32_t number = 0;
  const mailproto_error fatal = MAILPROTO_ERROR_UNSOLICITED_REPLY;
  log_in();
  EXPECT(fatal, client_hears(&client, "+OK what?\r\n", &event));
  EXPECT(fatal, client_hears(&client, "+OK\r\n", &event));
  EXPECT(fatal, mailproto_pop3_client_noop(&client, &number));
  EXPECT(fatal, mailproto_pop3_client_quit(&client, &number));
  EXPECT(fatal, mailproto_pop3_client_eof(&client));
  EXPECT(fatal, mailproto_pop3_client_tick(&client, 1));
  EXPECT(fatal, mailproto_pop3_client_sent(&client, 1));
  EXPECT(fatal, mailproto_pop3_client_failure(&client, &offset));
  CHECK(offset == strlen("+OK ready\r\n+OK\r\n+OK\r\n"));
  CHECK(mailproto_pop3_client_state(&client) == MAILPROTO_POP3_STATE_CLOSED);
  CHECK(MAILPROTO_IS_FATAL(fatal) && !MAILPROTO_IS_FATAL(MAILPROTO_ERROR_BUSY));
  log_in(); /* set up anew, it is as good as new */
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_failure(&client, NULL));
}

static void a_cut_message_is_an_error(void) {
  log_in();
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_retr(&client, 1, NULL));
  CHECK(client_says(&client, "RETR 1\r\n"));
  CHECK(client_hears(&client, "+OK\r\nSubject: x\r\n", &event) > 0);
  EXPECT(MAILPROTO_ERROR_UNEXPECTED_EOF, mailproto_pop3_client_eof(&client));
}

static void octets_behind_stls_are_an_error(void) {
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  set_up(config, sizeof tx);
  CHECK(client_hears(&client, "+OK\r\n", &event) == 1);
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_stls(&client, NULL));
  CHECK(client_says(&client, "STLS\r\n"));
  EXPECT(MAILPROTO_ERROR_PLAINTEXT_AFTER_STLS,
         client_hears(&client, "+OK begin\r\n+OK injected\r\n", &event));
}

static void a_strict_client_names_the_quirk(void) {
  mailproto_pop3_config config = private_channel();
  config.tolerate = MAILPROTO_POP3_TOLERATE_NONE;
  set_up(config, sizeof tx);
  EXPECT(MAILPROTO_ERROR_QUIRK_NOT_TOLERATED, client_hears(&client, "+OK bare\n", &event));
  CHECK(mailproto_pop3_client_detail(&client) == MAILPROTO_POP3_QUIRK_BARE_LF);
}

static void silence_is_a_timeout(void) {
  mailproto_pop3_config config = private_channel();
  uint32_t deadline = 0;
  config.reply_timeout_ms = 500;
  set_up(config, sizeof tx);
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_tick(&client, UINT32_MAX - 99));
  EXPECT(1, mailproto_pop3_client_deadline(&client, &deadline));
  CHECK(deadline == 400); /* the clock may wrap */
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_tick(&client, 399));
  EXPECT(MAILPROTO_ERROR_TIMEOUT, mailproto_pop3_client_tick(&client, 400));
}

static bool all_zero(const void *memory, size_t len) {
  const uint8_t *octets = memory;
  while (len > 0 && octets[len - 1] == 0) {
    len--;
  }
  return len == 0;
}

static void wiping_leaves_nothing(void) {
  set_up(private_channel(), sizeof tx);
  CHECK(client_hears(&client, "+OK\r\n", &event) == 1);
  CHECK(client_hears(&client, "half a li", &event) == 0);
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_login(&client, str("mrose"), str("secret"), NULL));
  CHECK(!all_zero(tx, sizeof tx) && !all_zero(scratch, sizeof scratch));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_wipe(&client));
  CHECK(all_zero(tx, sizeof tx) && all_zero(scratch, sizeof scratch));
  CHECK(all_zero(&client, sizeof client));
}

int main(void) {
  null_pointers_are_refused();
  objects_that_were_never_set_up_are_known();
  another_version_and_bad_numbers_are_refused();
  overlapping_memory_is_refused();
  octets_that_would_start_another_command_are_refused();
  commands_are_refused_in_the_wrong_state();
  credentials_stay_off_a_channel_in_the_clear();
  credentials_that_no_mechanism_takes_are_refused();
  a_buffer_that_is_too_small_tells_what_it_needs();
  after_a_fatal_error_every_call_returns_it();
  a_cut_message_is_an_error();
  octets_behind_stls_are_an_error();
  a_strict_client_names_the_quirk();
  silence_is_a_timeout();
  wiping_leaves_nothing();
  return finish("misuse");
}
