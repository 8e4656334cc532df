/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file text.h
 * Lines for people: what servers and senders wrote, decoded to UTF-8, and without anything that a
 * terminal would obey.
 */
#ifndef TEXT_H
#define TEXT_H

#include "mailproto.h"

enum { LINE_LEN = 4096 };

/** Text that grows at its end; what does not fit is left out. */
struct line {
  char text[LINE_LEN];
  size_t len;
};

/** Adds octets of UTF-8. Control characters become spaces. */
void line_add(struct line *line, const void *octets, size_t len);

/** Adds a string as the server sent it, such as a subject: with its encoded words decoded (RFC
 * 2047). */
void line_add_string(struct line *line, mailproto_imap_string string);

/** Adds date, sender and subject of an envelope, with tabs between them. */
void line_add_envelope(struct line *line, mailproto_span octets);

/** Prints the line, and begins another. */
void line_print(struct line *line);

#endif
