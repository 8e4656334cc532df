/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A session over the serial line, which leads to the host: for the images that have one. */
#ifndef SERIAL_H
#define SERIAL_H

#include "board.h"
#include "session.h"

/** Holds the session. Whether it failed. */
static int over_serial_line(int32_t (*hold)(mailproto_transport *)) {
  static uint8_t received[256];
  mailproto_transport transport = MAILPROTO_TRANSPORT_INIT;
  int32_t result;
  transport.send = board_send;
  transport.recv = board_receive;
  transport.now_ms = board_now_ms;
  transport.buffer = received;
  transport.buffer_len = sizeof received;
  result = hold(&transport);
  if (result < 0) {
    print_text("error -");
    print_number((uint32_t)-result);
    print_text("\n");
  }
  return result != 0;
}

#endif
