/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A session with a server that is written down: what the client says is compared, what the server
 * says is fed in pieces. Each call into the library is watched: how deep the stack went, and what
 * it took. */
#ifndef PLAY_H
#define PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailproto.h"

/* How far below the caller the stack is painted. */
#define DEPTH 6144u
#define PAINT 0x5a5aa5a5u

#ifdef __riscv
#define READ_SP(into) __asm volatile("mv %0, sp" : "=r"(into))
#else
#define READ_SP(into) __asm volatile("mov %0, sp" : "=r"(into))
#endif

/* What the pattern was overwritten with by one call; inlined, since it may use no stack itself. */
static inline __attribute__((always_inline)) void paint(void) {
  uint32_t *top, *word;
  READ_SP(top);
  for (word = top - DEPTH / 4; word < top; word++)
    *(volatile uint32_t *)word = PAINT;
}

static inline __attribute__((always_inline)) uint32_t painted_over(void) {
  uint32_t *top, *word;
  READ_SP(top);
  for (word = top - DEPTH / 4; word < top && *(volatile uint32_t *)word == PAINT; word++)
    ;
  return (uint32_t)(top - word) * 4;
}

/* Calls into the library, and notes how much stack that took. What a call returns goes to `result`.
 */
#define CALL(call)                                                                                 \
  do {                                                                                             \
    paint();                                                                                       \
    result = (int32_t)(call);                                                                      \
    note_stack(#call, painted_over());                                                             \
  } while (0)

/* The same for a call that must succeed. */
#define MUST(call)                                                                                 \
  do {                                                                                             \
    int32_t result;                                                                                \
    CALL(call);                                                                                    \
    check(result >= 0, #call);                                                                     \
  } while (0)

/* How long the pieces are that the server's words come in. */
#define PIECE 512u

/* From here on a mechanism computes: its stack is told apart. */
extern bool computing;

void note_stack(const char *call, uint32_t octets);
void check(bool holds, const char *what);
bool same(const uint8_t *octets, size_t len, const char *text);
/* That the client said this. */
void check_said(const uint8_t *octets, size_t len, const char *text);
size_t length(const char *text);
mailproto_span str(const char *text);

/* Counts instructions while the library works; see `tell_time`. */
uint32_t now(void);
/* What receiving so many octets took: a line of the report. */
void tell_time(const char *what, uint32_t octets, uint32_t ticks);

/* What the set's clients do; weak, since an image has only some of them. */
void pop3(void) __attribute__((weak));
void imap_minimal(void) __attribute__((weak));
void imap_full(void) __attribute__((weak));
void everything(void) __attribute__((weak));

/* A long text: lines of 64 octets, CRLF included. */
#define LINE "The quick brown fox jumps over the lazy dog, and then once mor\r\n"
#define LINES_4 LINE LINE LINE LINE
#define KILOBYTE LINES_4 LINES_4 LINES_4 LINES_4

#endif
