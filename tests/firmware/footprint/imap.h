/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the IMAP clients of the three sets share. */
#ifndef IMAP_H
#define IMAP_H

#include "play.h"

extern mailproto_imap_client imap;
extern mailproto_imap_event imap_event;

/* How many events of a kind there were. */
extern uint32_t imap_events[64];

/* From the greeting on, without a login. */
void imap_begin(void);
/* What the client says now, to the octet. */
void imap_says(const char *text);
void imap_hears(const char *text);
/* The same so many times, its time told. */
void imap_hears_many(const char *what, const char *text, uint32_t times);

#endif
