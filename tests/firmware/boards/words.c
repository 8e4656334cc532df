/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Words of an image, gathered to lines; without `printf`, which would want a heap. */
#include <string.h>

#include "board.h"

static char line[128];
static size_t line_len;

/** A line that is too long is cut. */
static void print(char letter) {
  if (letter == '\n' || line_len < sizeof line - 2) {
    line[line_len++] = letter;
  }
  if (letter == '\n') {
    line[line_len] = '\0';
    board_say(line);
    line_len = 0;
  }
}

static void (*elsewhere)(const uint8_t *octets, size_t len);

void print_to(void (*sink)(const uint8_t *octets, size_t len)) { elsewhere = sink; }

void print_octets(const uint8_t *octets, size_t len) {
  if (elsewhere != NULL) {
    elsewhere(octets, len);
    return;
  }
  for (size_t i = 0; i < len; i++) {
    print((char)octets[i]);
  }
}

void print_text(const char *text) { print_octets((const uint8_t *)text, strlen(text)); }

void print_number(uint32_t number) {
  uint8_t digits[10];
  size_t begin = sizeof digits;
  do {
    digits[--begin] = (uint8_t)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  print_octets(digits + begin, sizeof digits - begin);
}

void print_hex(uint32_t number) {
  for (int shift = 28; shift >= 0; shift -= 4) {
    print_octets((const uint8_t *)"0123456789abcdef" + (number >> shift & 15), 1);
  }
}
