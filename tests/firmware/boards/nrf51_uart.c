/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The serial line of the micro:bit: the UART of an nRF51 ("nRF51 Series Reference Manual", §29),
 * which holds six octets that came in. */
#include "board.h"

/* Tasks, events and registers, by their offset in words. */
#define UART ((volatile uint32_t *)0x40002000)
#define REGISTER(offset) UART[(offset) / 4]

enum { START_RX = 0x000, START_TX = 0x008, RX_READY = 0x108, TX_READY = 0x11c };
enum { ENABLE = 0x500, RXD = 0x518, TXD = 0x51c, BAUD_RATE = 0x524 };
enum { ENABLED = 4, BAUD_115200 = 0x01d7e000 };

void uart_set_up(void) {
  REGISTER(BAUD_RATE) = BAUD_115200;
  REGISTER(ENABLE) = ENABLED;
  REGISTER(START_RX) = 1;
  REGISTER(START_TX) = 1;
}

/* The event is taken back before the octet is read, since the next one then brings it again. */
int uart_take(void) {
  if (!REGISTER(RX_READY)) {
    return -1;
  }
  REGISTER(RX_READY) = 0;
  return (int)(REGISTER(RXD) & 0xff);
}

void uart_wait(void) {}

void uart_put(uint8_t octet) {
  REGISTER(TX_READY) = 0;
  REGISTER(TXD) = octet;
  while (!REGISTER(TX_READY)) {
  }
}
