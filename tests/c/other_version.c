/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A program compiled with the header of another version than the library's, whose objects and
 * events may have other sizes: the loops say so before the library touches them. */
#include "mailproto.h"

#undef MAILPROTO_ABI_VERSION
#define MAILPROTO_ABI_VERSION 0
#include "mailproto_transport.h"

#include "check.h"

static uint8_t scratch[256], tx[256], received[64];

static int32_t send_all(void *context, const void *octets, size_t len) {
  (void)context;
  (void)octets;
  return (int32_t)len;
}

/** Nothing comes any more. */
static int32_t receive_nothing(void *context, void *octets, size_t len) {
  (void)context;
  (void)octets;
  (void)len;
  return -1;
}

int main(void) {
  static mailproto_pop3_client pop3;
  static mailproto_imap_client imap;
  const mailproto_pop3_handler of_pop3 = {NULL, NULL, NULL};
  const mailproto_imap_handler of_imap = {NULL, NULL, NULL};
  mailproto_transport transport = MAILPROTO_TRANSPORT_INIT;
  transport.send = send_all;
  transport.recv = receive_nothing;
  transport.buffer = received;
  transport.buffer_len = sizeof received;
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_init(&pop3, sizeof pop3, scratch, sizeof scratch, tx,
                                                  sizeof tx, NULL));
  EXPECT(MAILPROTO_ERROR_ABI_MISMATCH, mailproto_pop3_run(&pop3, &transport, &of_pop3));
  CHECK(mailproto_pop3_client_state(&pop3) == MAILPROTO_POP3_STATE_GREETING);
  EXPECT(MAILPROTO_OK, mailproto_imap_client_init(&imap, sizeof imap, scratch, sizeof scratch, tx,
                                                  sizeof tx, NULL));
  EXPECT(MAILPROTO_ERROR_ABI_MISMATCH, mailproto_imap_run(&imap, &transport, &of_imap));
  CHECK(mailproto_imap_client_state(&imap) == MAILPROTO_IMAP_STATE_GREETING);
  return finish("other_version");
}
