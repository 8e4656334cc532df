/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* How QEMU's RISC-V board `virt` begins, in machine mode, and its clock: `mtime` at 10 MHz. */
#include "board.h"

#define MTIME ((volatile uint32_t *)0x0200bff8)

enum { TICKS_A_MILLISECOND = 10000 };

/* Both words of `mtime`: the lower one may run over between two reads. */
uint32_t board_now_ms(void *context) {
  uint32_t high, low;
  (void)context;
  do {
    high = MTIME[1];
    low = MTIME[0];
  } while (high != MTIME[1]);
  return (uint32_t)(((uint64_t)high << 32 | low) / TICKS_A_MILLISECOND);
}

/* A trap (the RISC-V privileged architecture, §3.1.7) ends the image. */
__attribute__((aligned(4), used)) static void trap(void) {
  uint32_t where;
  __asm__ volatile(".option arch, +zicsr\n"
                   "csrr %0, mepc"
                   : "=r"(where));
  board_fault(where, 0);
}

void board_entry(void);

__attribute__((naked, section(".vectors"))) void board_entry(void) {
  __asm__ volatile(".option arch, +zicsr\n"
                   "la sp, stack_top\n"
                   "la t0, trap\n"
                   "csrw mtvec, t0\n"
                   "j board_start");
}
