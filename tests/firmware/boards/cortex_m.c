/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* How a Cortex-M begins, and its clock: SysTick, which interrupts each millisecond. */
#include "board.h"

/* Armv6-M and Armv7-M Architecture Reference Manuals, B3.2 and B3.3. */
#define CPACR (*(volatile uint32_t *)0xe000ed88)
#define SYST_CSR (*(volatile uint32_t *)0xe000e010)
#define SYST_RVR (*(volatile uint32_t *)0xe000e014)

enum { FULL_ACCESS_TO_CP10_AND_CP11 = 0xf << 20, ENABLE = 1, INTERRUPT = 2, PROCESSOR_CLOCK = 4 };

extern uint32_t stack_top[];

static volatile uint32_t milliseconds;

static void tick(void) { milliseconds++; }

uint32_t board_now_ms(void *context) {
  (void)context;
  return milliseconds;
}

/* The processor has put registers onto the stack (B1.5.6): the link register is the sixth of them,
 * and where it stood the seventh. */
__attribute__((used)) static void report_fault(const uint32_t *frame) {
  board_fault(frame[6], frame[5]);
}

__attribute__((naked)) static void fault(void) {
  __asm__ volatile("mrs r0, msp\n"
                   "ldr r1, =report_fault\n"
                   "bx r1");
}

void board_entry(void);
void uart_received(void);

/** Of boards whose serial line does not interrupt. */
__attribute__((weak)) void uart_received(void) { fault(); }

void board_entry(void) {
#if defined(__ARM_FP)
  CPACR |= FULL_ACCESS_TO_CP10_AND_CP11;
  __asm__ volatile("dsb\nisb");
#endif
  SYST_RVR = CLOCK_HZ / 1000 - 1;
  SYST_CSR = ENABLE | INTERRUPT | PROCESSOR_CLOCK;
  board_start();
}

/* The initial stack pointer, the exceptions (B1.5.2, B1.5.3), and the first interrupt. */
__attribute__((section(".vectors"), used)) static const struct {
  const uint32_t *stack;
  void (*exceptions[16])(void);
} vectors = {
    stack_top,
    {
        board_entry,
        fault,
        fault,
        fault,
        fault,
        fault,
        NULL,
        NULL,
        NULL,
        NULL,
        fault,
        fault,
        NULL,
        fault,
        tick,
        uart_received,
    },
};
