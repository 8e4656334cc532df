/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What all chips share: how an image begins and ends, its serial line, and how much memory it took.
 * The stack is painted before `image` is called, and looked at after. */
#include "board.h"

/* Where things lie: from image.ld. */
extern uint32_t ram_begin[], ram_end[], stack_top[], data_begin[], data_end[], bss_begin[],
    bss_end[];
extern const uint32_t data_image[];

/* Semihosting: the emulator sees a certain instruction and does what the registers say. The
 * operations are the same for Arm and RISC-V ("Semihosting for AArch32 and AArch64", §5). */

enum { SYS_WRITE0 = 0x04, SYS_EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026 };

static void semihost(int operation, const void *argument) {
#if defined(__riscv)
  register int a0 __asm__("a0") = operation;
  register const void *a1 __asm__("a1") = argument;
  __asm__ volatile(".option push\n.option norvc\n.balign 16\n"
                   "slli zero, zero, 0x1f\nebreak\nsrai zero, zero, 7\n"
                   ".option pop"
                   : "+r"(a0)
                   : "r"(a1)
                   : "memory");
#else
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
#endif
}

static _Noreturn void end(int code) {
  const int reason[] = {APPLICATION_EXIT, code};
  semihost(SYS_EXIT_EXTENDED, reason);
  for (;;) {
  }
}

void board_say(const char *words) { semihost(SYS_WRITE0, words); }

/* The serial line. */

int32_t board_send(void *context, const void *octets, size_t len) {
  const uint8_t *octet = octets;
  (void)context;
  for (size_t i = 0; i < len; i++) {
    uart_put(octet[i]);
  }
  return (int32_t)len;
}

enum { PATIENCE_MS = 20 };

/** Waits a while for the first octet, and takes what has come by then. */
int32_t board_receive(void *context, void *octets, size_t len) {
  uint8_t *next = octets, *end = next + len;
  uint32_t begin = board_now_ms(context);
  int octet = uart_take();
  while (octet < 0 && board_now_ms(context) - begin < PATIENCE_MS) {
    uart_wait();
    octet = uart_take();
  }
  while (octet >= 0) {
    *next++ = (uint8_t)octet;
    octet = next < end ? uart_take() : -1;
  }
  return (int32_t)(next - (uint8_t *)octets);
}

/* Memory. `volatile`, so that no call of memset is made of a loop: its frame would be painted over.
 */

#define PAINT UINT32_C(0x5aa5c33c)

static void fill_memory(void) {
  register uint32_t *stack_pointer __asm__("sp");
  const uint32_t *from = data_image;
  for (volatile uint32_t *to = data_begin; to < data_end;) {
    *to++ = *from++;
  }
  for (volatile uint32_t *to = bss_begin; to < bss_end;) {
    *to++ = 0;
  }
  for (volatile uint32_t *to = ram_begin; to < stack_pointer;) {
    *to++ = PAINT;
  }
}

/** How many octets of the stack were used, at most. */
static uint32_t high_water(void) {
  const uint32_t *lowest = ram_begin;
  while (lowest < stack_top && *lowest == PAINT) {
    lowest++;
  }
  return (uint32_t)(stack_top - lowest) * 4;
}

static void report_memory(void) {
  uint32_t stack = high_water(), all = (uint32_t)(ram_end - ram_begin) * 4;
  uint32_t fixed = (uint32_t)(data_end - data_begin + bss_end - bss_begin) * 4;
  print_text("memory: stack ");
  print_number(stack);
  print_text(" of ");
  print_number((uint32_t)(stack_top - ram_begin) * 4);
  print_text(", .data and .bss ");
  print_number(fixed);
  print_text(": ");
  print_number(stack + fixed);
  print_text(" of ");
  print_number(all);
  print_text(" octets\n");
}

void board_start(void) {
  int failed;
  fill_memory();
  uart_set_up();
  failed = image();
  report_memory();
  print_text(failed ? "FAILED\n" : "passed\n");
  end(failed);
}

void board_fault(uint32_t where, uint32_t from) {
  print_text("\nfault of the processor at ");
  print_hex(where);
  print_text(", called from ");
  print_hex(from);
  print_text("\nFAILED\n");
  end(2);
}
