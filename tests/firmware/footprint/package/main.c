/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A program that needs the header and the library to be found. */
#include <mailproto.h>
#include <mailproto_transport.h>

int main(void) {
  static uint8_t scratch[512], tx[256];
#ifdef IMAP
  static mailproto_imap_client client;
  return (int)mailproto_imap_client_init(&client, sizeof client, scratch, sizeof scratch, tx,
                                         sizeof tx, NULL);
#else
  static mailproto_pop3_client client;
  return (int)mailproto_pop3_client_init(&client, sizeof client, scratch, sizeof scratch, tx,
                                         sizeof tx, NULL);
#endif
}
