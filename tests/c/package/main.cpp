// SPDX-License-Identifier: MIT OR Apache-2.0
// As main.c, in C++: enumerations are of fixed width, the configuration is an aggregate.
#include <mailproto.h>
#include <mailproto_transport.h>

static_assert(sizeof(mailproto_error) == sizeof(int32_t), "an enumeration is of fixed width");
static_assert(alignof(mailproto_pop3_client) == 8, "an object has its alignment");

static mailproto_pop3_client client;
static uint8_t scratch[512], tx[512];

int main() {
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  mailproto_pop3_server_config server_config = MAILPROTO_POP3_SERVER_CONFIG_INIT;
  config.security = MAILPROTO_POP3_SECURITY_PRIVATE;
  server_config.implementation = MAILPROTO_LITERAL("test");
  const mailproto_error error = mailproto_pop3_client_init(&client, sizeof client, scratch,
                                                           sizeof scratch, tx, sizeof tx, &config);
  return error == MAILPROTO_OK && server_config.implementation.len == 4 ? 0 : 1;
}
