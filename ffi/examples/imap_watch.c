/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Prints each message as it comes into a mailbox, until Ctrl-C. IDLE (RFC 9051 §6.3.13) tells that
 * there is one; when it has lasted as long as it may it is begun anew. */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "session.h"
#include "text.h"

struct watch {
  struct session *session;
  uint32_t known; /* how many messages were there, and are shown or old */
  uint32_t shown;
  bool news;   /* there are more */
  bool idling; /* the server tells what happens, and DONE may be sent */
  struct line line;
};

static const char USAGE[] =
    "usage: %s [option...] URL [COUNT [SECONDS]]\n"
    "Prints the mail that comes into the mailbox, until Ctrl-C or until there were COUNT (0: any\n"
    "number). IDLE is begun anew every SECONDS; 540 unless given, since address translators "
    "forget\n"
    "connections that are silent for longer.\n";

/** Ends IDLE, once, when it has begun and there is a reason. */
static int32_t leave_idle(struct watch *watch) {
  if (!watch->idling) {
    return 0;
  }
  watch->idling = false;
  return mailproto_imap_client_done(&watch->session->client);
}

static int32_t on_idle_event(void *context, const mailproto_imap_event *event) {
  struct watch *watch = context;
  switch (event->kind) {
  case MAILPROTO_IMAP_EVENT_KIND_IDLING:
    watch->idling = true;
    return watch->news ? leave_idle(watch) : 0;
  case MAILPROTO_IMAP_EVENT_KIND_IDLE_DUE:
    return leave_idle(watch);
  case MAILPROTO_IMAP_EVENT_KIND_EXPUNGE:
    watch->known -= event->number <= watch->known;
    return 0;
  case MAILPROTO_IMAP_EVENT_KIND_EXISTS:
    watch->news = event->number > watch->known;
    return watch->news ? leave_idle(watch) : 0;
  case MAILPROTO_IMAP_EVENT_KIND_COMPLETED:
    watch->idling = false;
    return 0;
  default:
    return 0;
  }
}

static int32_t on_idle_turn(void *context) { return interrupted ? leave_idle(context) : 0; }

static int32_t on_fetch_event(void *context, const mailproto_imap_event *event) {
  struct watch *watch = context;
  if (event->kind == MAILPROTO_IMAP_EVENT_KIND_EXPUNGE) {
    watch->known -= event->number <= watch->known;
  }
  if (event->kind == MAILPROTO_IMAP_EVENT_KIND_ITEM &&
      event->item == MAILPROTO_IMAP_ITEM_ENVELOPE) {
    line_add_envelope(&watch->line, event->data);
    line_print(&watch->line);
    watch->shown++;
  }
  return 0;
}

static enum outcome idle(struct watch *watch) {
  struct session *session = watch->session;
  watch->news = false;
  session->on_event = on_idle_event;
  session->on_turn = on_idle_turn;
  return session_do(session, "IDLE", mailproto_imap_client_idle(&session->client, &session->tag));
}

/** Shows messages from the first that is not known. */
static enum outcome show(struct watch *watch, uint32_t last) {
  static const mailproto_imap_fetch_item items[] = {
      MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_ENVELOPE)};
  struct session *session = watch->session;
  mailproto_imap_sequence messages = mailproto_imap_between(watch->known + 1, last);
  session->on_event = on_fetch_event;
  session->on_turn = NULL;
  watch->known = last;
  return session_do(
      session, "FETCH",
      mailproto_imap_client_fetch(&session->client, messages, items, 1, NULL, &session->tag));
}

static enum outcome watch_mailbox(struct watch *watch, uint32_t count) {
  struct session *session = watch->session;
  enum outcome outcome = session_do(
      session, "EXAMINE",
      mailproto_imap_client_examine(&session->client, session_mailbox(session), &session->tag));
  session->context = watch;
  session->heeds_interrupts = true;
  mailproto_imap_client_messages(&session->client, &watch->known);
  while (outcome == OUTCOME_OK && !interrupted && (count == 0 || watch->shown < count)) {
    uint32_t messages = 0;
    mailproto_imap_client_messages(&session->client, &messages);
    outcome = messages > watch->known ? show(watch, messages) : idle(watch);
  }
  return outcome;
}

int main(int argc, char **argv) {
  static struct session session;
  static struct watch watch;
  uint32_t count = 0;
  uint32_t seconds = 540;
  enum outcome outcome;
  int first = session_options(&session, argc, argv);
  if (first == 0 || argc > first + 2 ||
      (argc > first && !session_number(argv[first], UINT32_MAX, &count)) ||
      (argc > first + 1 && !session_number(argv[first + 1], UINT32_MAX / 1000, &seconds))) {
    fprintf(stderr, USAGE, argv[0]);
    fputs(SESSION_USAGE, stderr);
    return OUTCOME_USAGE;
  }
  watch.session = &session;
  session.config.idle_reissue_ms = seconds * 1000;
  outcome = session_open(&session);
  if (outcome == OUTCOME_OK) {
    outcome = watch_mailbox(&watch, count);
  }
  return session_close(&session, outcome);
}
