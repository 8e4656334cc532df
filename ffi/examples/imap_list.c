/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Lists the newest messages of a mailbox: UID, date, sender, subject. */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdio.h>

#include "session.h"
#include "text.h"

static const char USAGE[] = "usage: %s [option...] URL [COUNT]\n"
                            "Lists the newest COUNT messages of the mailbox; 20 unless given.\n";

/** A message whose items come one by one, in any order. */
struct row {
  uint32_t uid;
  bool told; /* it has an envelope: servers also tell of flags that have changed */
  struct line envelope;
};

static void show(struct row *row) {
  if (row->told) {
    printf("%" PRIu32 "\t", row->uid);
    line_print(&row->envelope);
  }
  row->told = false;
}

static int32_t on_event(void *context, const mailproto_imap_event *event) {
  struct row *row = context;
  if (event->kind == MAILPROTO_IMAP_EVENT_KIND_FETCH_END) {
    show(row);
  } else if (event->kind != MAILPROTO_IMAP_EVENT_KIND_ITEM) {
    return 0;
  } else if (event->item == MAILPROTO_IMAP_ITEM_UID) {
    row->uid = event->number;
  } else if (event->item == MAILPROTO_IMAP_ITEM_ENVELOPE) {
    line_add_envelope(&row->envelope, event->data);
    row->told = true;
  }
  return 0;
}

static enum outcome list(struct session *session, uint32_t count) {
  static const mailproto_imap_fetch_item items[] = {
      MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_UID),
      MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_ENVELOPE)};
  static struct row row;
  uint32_t messages = 0;
  uint32_t first;
  enum outcome outcome = session_do(
      session, "EXAMINE",
      mailproto_imap_client_examine(&session->client, session_mailbox(session), &session->tag));
  if (outcome != OUTCOME_OK) {
    return outcome;
  }
  mailproto_imap_client_messages(&session->client, &messages);
  if (messages == 0 || count == 0) {
    return OUTCOME_OK; /* of no messages nothing can be asked */
  }
  first = messages > count ? messages - count + 1 : 1;
  session->on_event = on_event;
  session->context = &row;
  return session_do(session, "FETCH",
                    mailproto_imap_client_fetch(&session->client,
                                                mailproto_imap_between(first, messages), items, 2,
                                                NULL, &session->tag));
}

int main(int argc, char **argv) {
  static struct session session;
  uint32_t count = 20;
  enum outcome outcome;
  int first = session_options(&session, argc, argv);
  if (first == 0 || argc > first + 1 ||
      (argc > first && !session_number(argv[first], UINT32_MAX, &count))) {
    fprintf(stderr, USAGE, argv[0]);
    fputs(SESSION_USAGE, stderr);
    return OUTCOME_USAGE;
  }
  outcome = session_open(&session);
  if (outcome == OUTCOME_OK) {
    outcome = list(&session, count);
  }
  return session_close(&session, outcome);
}
