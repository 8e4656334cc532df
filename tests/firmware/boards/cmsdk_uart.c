/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The serial line of MPS2: a CMSDK APB UART ("Cortex-M System Design Kit", §4.3), which holds one
 * octet each way. What comes in is moved into a ring by interrupt. */
#include "board.h"

struct uart {
  volatile uint32_t data, state, control, interrupt, divider;
};

#define UART0 ((struct uart *)0x40004000)
/* Interrupt 0 of the processor (Armv7-M Architecture Reference Manual, B3.4.4). */
#define NVIC_ISER0 (*(volatile uint32_t *)0xe000e100)

enum { TX_FULL = 1, RX_FULL = 2 };
enum { TX_ENABLE = 1, RX_ENABLE = 2, RX_INTERRUPT = 8 };
enum { SMALLEST_DIVIDER = 16, RING = 64 };

static uint8_t ring[RING];
static volatile uint32_t came, taken; /* how many octets have been, ever */

void uart_set_up(void) {
  UART0->divider = SMALLEST_DIVIDER;
  UART0->control = TX_ENABLE | RX_ENABLE | RX_INTERRUPT;
  NVIC_ISER0 = 1;
}

/** Takes what came in while there is room; else it stays where it is, and the sender waits. */
static void fill_ring(void) {
  while (came - taken < RING && UART0->state & RX_FULL) {
    ring[came % RING] = (uint8_t)UART0->data;
    came++;
  }
}

void uart_received(void);

void uart_received(void) {
  UART0->interrupt = RX_FULL;
  fill_ring();
}

int uart_take(void) {
  int octet = -1;
  if (came != taken) {
    octet = ring[taken % RING];
    taken++;
  }
  return octet;
}

/* With interrupts masked nothing can come between the look and the sleep, and what is pending ends
 * it. */
void uart_wait(void) {
  __asm__ volatile("cpsid i");
  fill_ring();
  if (came == taken) {
    __asm__ volatile("wfi");
  }
  __asm__ volatile("cpsie i");
}

void uart_put(uint8_t octet) {
  while (UART0->state & TX_FULL) {
  }
  UART0->data = octet;
}
