/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Start-up for mps2-an386, and the report over semihosting: a line for each figure. */
#include "play.h"

#define SYST_CSR (*(volatile uint32_t *)0xe000e010)
#define SYST_RVR (*(volatile uint32_t *)0xe000e014)
#define SYST_CVR (*(volatile uint32_t *)0xe000e018)
#define CPACR (*(volatile uint32_t *)0xe000ed88)

bool computing;

static struct {
  const char *call;
  uint32_t octets;
} deepest[2];
static bool failed;

/* Semihosting (Arm IHI 0097): SYS_WRITE0 and SYS_EXIT_EXTENDED. */
static void semihost(uint32_t operation, const void *argument) {
  register uint32_t r0 __asm("r0") = operation;
  register const void *r1 __asm("r1") = argument;
  __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

static void tell(const char *text) { semihost(0x04, text); }

static void tell_number(uint32_t number) {
  char digits[12];
  char *at = digits + sizeof digits;
  *--at = 0;
  do {
    *--at = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  tell(at);
}

static void leave(void) {
  const uint32_t application_exit[2] = {0x20026, failed ? 1 : 0};
  semihost(0x20, application_exit);
  for (;;)
    ;
}

void check(bool holds, const char *what) {
  if (holds)
    return;
  failed = true;
  tell("failed: ");
  tell(what);
  tell("\n");
  leave();
}

void note_stack(const char *call, uint32_t octets) {
  if (octets > deepest[computing].octets) {
    deepest[computing].call = call;
    deepest[computing].octets = octets;
  }
  check(octets < DEPTH, "the stack is painted far enough");
}

size_t length(const char *text) {
  size_t len = 0;
  while (text[len] != 0)
    len++;
  return len;
}

bool same(const uint8_t *octets, size_t len, const char *text) {
  size_t at;
  for (at = 0; at < len && octets[at] == (uint8_t)text[at]; at++)
    ;
  return at == len && text[len] == 0;
}

void check_said(const uint8_t *octets, size_t len, const char *text) {
  if (same(octets, len, text))
    return;
  while (len-- > 0)
    semihost(0x03, octets++); /* SYS_WRITEC */
  check(false, text);
}

mailproto_span str(const char *text) { return mailproto_octets(text, length(text)); }

/* The clock counts down from 2^24. */
uint32_t now(void) { return 0xffffff - SYST_CVR; }

void tell_time(const char *what, uint32_t octets, uint32_t ticks) {
  tell("time ");
  tell(what);
  tell(" octets ");
  tell_number(octets);
  tell(" ticks ");
  tell_number(ticks & 0xffffff);
  tell("\n");
}

static void tell_stack(const char *what, bool of_computing) {
  if (deepest[of_computing].octets == 0)
    return;
  tell(what);
  tell_number(deepest[of_computing].octets);
  tell(" in ");
  tell(deepest[of_computing].call);
  tell("\n");
}

/* A loop of 400,000 instructions, from which the reader knows how many a tick is. */
static void calibrate(void) {
  uint32_t rounds = 100000, begin = now();
  __asm volatile("1: nop\n nop\n subs %0, #1\n bne 1b" : "+r"(rounds) : : "cc");
  tell_time("calibration", 400000, now() - begin);
}

int main(void) {
  SYST_RVR = 0xffffff;
  SYST_CVR = 0;
  SYST_CSR = 5;
  calibrate();
  if (pop3)
    pop3();
  if (imap_minimal)
    imap_minimal();
  if (imap_full)
    imap_full();
  if (everything)
    everything();
  tell_stack("stack ", false);
  tell_stack("stack-computing ", true);
  leave();
  return 0;
}

extern uint32_t data_stored[], data_begin[], data_end[], bss_begin[], bss_end[], stack_top[];

void reset(void) {
  uint32_t *to, *from = data_stored;
  for (to = data_begin; to < data_end;)
    *to++ = *from++;
  for (to = bss_begin; to < bss_end;)
    *to++ = 0;
  CPACR |= 0xf << 20; /* the floating-point registers */
  main();
}

static void fault(void) { check(false, "an exception"); }

__attribute__((section(".vectors"), used)) static void (*const vectors[16])(void) = {
    (void (*)(void))stack_top,
    reset,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault};
