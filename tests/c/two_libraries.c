/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A program with two libraries written in Rust. */
#include "mailproto.h"

uint32_t other_quotient(uint32_t dividend, uint32_t divisor);

int main(void) {
  return mailproto_abi_version() == MAILPROTO_ABI_VERSION && other_quotient(6, 3) == 2 &&
                 mailproto_pop3_client_state(NULL) == MAILPROTO_POP3_STATE_NONE
             ? 0
             : 1;
}
