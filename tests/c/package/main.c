/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The least that a program does with the library. */
#include <mailproto.h>
#include <mailproto_transport.h>

static mailproto_pop3_client client;
static uint8_t scratch[512], tx[512];

int main(void) {
  if (mailproto_abi_version() != MAILPROTO_ABI_VERSION ||
      mailproto_version() != (MAILPROTO_VERSION_MAJOR << 16 | MAILPROTO_VERSION_MINOR << 8 |
                              MAILPROTO_VERSION_PATCH)) {
    return 1;
  }
  return mailproto_pop3_client_init(&client, sizeof client, scratch, sizeof scratch, tx, sizeof tx,
                                    NULL) == MAILPROTO_OK
             ? 0
             : 2;
}
