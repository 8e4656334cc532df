/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The sessions, apart from what their octets travel over. Each may be held any number of times. */
#ifndef SESSION_H
#define SESSION_H

#include "mailproto.h"
#include "mailproto_transport.h"

/**
 * POP3: which messages there are (UIDL), the header of the first (TOP), the last one whole, of any
 * size (RETR), and then it is deleted. Returns 0, or else why not.
 */
int32_t hold_pop3_session(mailproto_transport *transport);

/**
 * IMAP: who wrote what is not yet seen (SEARCH, ENVELOPE), and of which parts it consists
 * (BODYSTRUCTURE); an attachment, decoded while it arrives; a flag (STORE); waiting for mail
 * (IDLE); a message put into the mailbox (APPEND). Returns 0, or else why not.
 */
int32_t hold_imap_session(mailproto_transport *transport);

#endif
