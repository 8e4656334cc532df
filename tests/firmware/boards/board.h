/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What a board gives to an image: a serial line as transport, a clock, and words to the host. */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

/** The image: what it is there for. Whether it failed, which is the exit code of the emulator. */
int image(void);

/* The serial line and the clock, as `mailproto_transport` wants them. */

int32_t board_send(void *context, const void *octets, size_t len);
int32_t board_receive(void *context, void *octets, size_t len);
uint32_t board_now_ms(void *context);

/* To the terminal of who runs the emulator. A line is shown when it ends. */

void print_text(const char *text);
void print_octets(const uint8_t *octets, size_t len);
void print_number(uint32_t number);
void print_hex(uint32_t number);
/** Words go there instead, until NULL is given. */
void print_to(void (*sink)(const uint8_t *octets, size_t len));

/* Between board.c and what is the processor's or the board's own. */

/** Says words, at once. */
void board_say(const char *words);
/** Gives memory its first values, calls `image` and ends the emulator: for where a processor
 * begins.
 */
_Noreturn void board_start(void);
/** Makes the serial line ready. */
void uart_set_up(void);
/** An octet that came in, or -1 while there is none. */
int uart_take(void);
/** Sleeps until an octet comes in, but not for longer than some milliseconds. */
void uart_wait(void);
/** Waits until there is room, and sends an octet. */
void uart_put(uint8_t octet);
/** Ends the emulator for a fault of the processor: where it was, and from where it had come there.
 */
_Noreturn void board_fault(uint32_t where, uint32_t from);

#endif
