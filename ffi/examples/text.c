/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See text.h. */
#include "text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/** Whether a character begins here that a terminal may obey: U+0000 to U+001F, U+007F to U+009F.
 * Tells how many octets it has. */
static size_t control_at(const uint8_t *octets, size_t len) {
  if (octets[0] < 0x20 || octets[0] == 0x7f) {
    return 1;
  }
  return len > 1 && octets[0] == 0xc2 && octets[1] < 0xa0 ? 2 : 0;
}

void line_add(struct line *line, const void *octets, size_t len) {
  const uint8_t *from = octets;
  while (len > 0 && line->len < sizeof line->text) {
    size_t control = control_at(from, len);
    line->text[line->len++] = control > 0 ? ' ' : (char)*from;
    from += control > 0 ? control : 1;
    len -= control > 0 ? control : 1;
  }
}

void line_add_string(struct line *line, mailproto_imap_string string) {
  uint8_t decoded[LINE_LEN];
  size_t len;
  if (mailproto_imap_string_decode(string, decoded, sizeof decoded, &len) == MAILPROTO_OK) {
    line_add(line, decoded, len);
  }
}

static void add_tab(struct line *line) {
  if (line->len < sizeof line->text) {
    line->text[line->len++] = '\t';
  }
}

/** The name of the first one, or else the address. */
static void add_first(struct line *line, mailproto_imap_addresses addresses) {
  mailproto_imap_address address;
  if (mailproto_imap_addresses_next(&addresses, &address) <= 0) {
    return;
  }
  if (address.name.form != MAILPROTO_IMAP_STRING_FORM_NIL) {
    line_add_string(line, address.name);
    return;
  }
  line_add_string(line, address.mailbox);
  line_add(line, "@", 1);
  line_add_string(line, address.host);
}

void line_add_envelope(struct line *line, mailproto_span octets) {
  mailproto_imap_envelope envelope;
  if (mailproto_imap_envelope_read(octets, &envelope) != MAILPROTO_OK) {
    return;
  }
  line_add_string(line, envelope.date);
  add_tab(line);
  add_first(line, envelope.from);
  add_tab(line);
  line_add_string(line, envelope.subject);
}

void line_print(struct line *line) {
  printf("%.*s\n", (int)line->len, line->text);
  fflush(stdout);
  line->len = 0;
}
