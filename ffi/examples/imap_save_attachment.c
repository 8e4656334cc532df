/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Saves one attachment of a message. The part is found by its file name in the BODYSTRUCTURE (RFC
 * 9051 §7.5.2); only it is fetched, and decoded while it arrives: of any size, in constant memory.
 */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "session.h"
#include "text.h"

enum { PATH_MAX_LEN = MAILPROTO_IMAP_MAX_NESTING + 1, NAME_LEN = 1024 };

/** The part that is wanted. */
struct attachment {
  const char *name;
  const char *file;
  bool message_seen;
  bool found;
  uint32_t path[PATH_MAX_LEN]; /* its numbers, for FETCH */
  size_t path_len;
  mailproto_transfer_encoding encoding;
  struct line names; /* what there is instead */
  mailproto_decoder decoder;
  struct output output;
  bool arriving; /* its body is */
  bool complete;
};

static const char USAGE[] =
    "usage: %s [option...] URL UID NAME FILE\n"
    "Saves the attachment called NAME of the message with that UID to FILE.\n";

/* The structure: which part it is. */

static void note_part(struct attachment *attachment, const mailproto_imap_node *node) {
  uint8_t name[NAME_LEN];
  size_t len;
  if (mailproto_imap_file_name(node->disposition_parameters, node->parameters, name, sizeof name,
                               &len) != MAILPROTO_OK) {
    return;
  }
  line_add(&attachment->names, "  ", attachment->names.len == 0 ? 0 : 2);
  line_add(&attachment->names, name, len);
  if (attachment->found || len != strlen(attachment->name) ||
      memcmp(name, attachment->name, len) != 0) {
    return;
  }
  attachment->found = true;
  attachment->path_len = node->section_len;
  memcpy(attachment->path, node->section, sizeof attachment->path);
  /* That of a message within is told when it begins; but it is none that had to be undone (RFC 2046
   * §5.2.1). */
  attachment->encoding = mailproto_transfer_encoding_of(node->encoding.octets);
}

static int32_t on_structure(void *context, const mailproto_imap_event *event) {
  struct attachment *attachment = context;
  mailproto_imap_body_structure structure;
  mailproto_imap_node node;
  mailproto_error error;
  if (event->kind != MAILPROTO_IMAP_EVENT_KIND_ITEM ||
      event->item != MAILPROTO_IMAP_ITEM_BODY_STRUCTURE) {
    return 0;
  }
  error = mailproto_imap_body_structure_init(&structure, sizeof structure, event->data);
  while (error == MAILPROTO_OK && mailproto_imap_body_structure_next(&structure, &node) == 1) {
    if (node.kind == MAILPROTO_IMAP_NODE_KIND_PART ||
        node.kind == MAILPROTO_IMAP_NODE_KIND_MESSAGE_END) {
      note_part(attachment, &node);
    }
  }
  attachment->message_seen = true;
  return error;
}

static enum outcome find(struct session *session, struct attachment *attachment, uint32_t uid) {
  static const mailproto_imap_fetch_item items[] = {
      MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_BODY_STRUCTURE)};
  enum outcome outcome;
  session->on_event = on_structure;
  session->context = attachment;
  outcome = session_do(session, "FETCH",
                       mailproto_imap_client_uid_fetch(&session->client, mailproto_imap_one(uid),
                                                       items, 1, NULL, &session->tag));
  if (outcome != OUTCOME_OK || attachment->found) {
    return outcome;
  }
  if (attachment->message_seen) {
    fprintf(stderr, "%s: no such attachment. There are: %.*s\n", attachment->name,
            (int)attachment->names.len, attachment->names.text);
  } else {
    fprintf(stderr, "UID %" PRIu32 ": no such message\n", uid);
  }
  return OUTCOME_PROTOCOL;
}

/* The body: from the network, through the decoder, to the file. */

static int32_t begin_decoding(struct attachment *attachment) {
  if (!output_begin(&attachment->output, attachment->file)) {
    return OUTCOME_LOCAL;
  }
  attachment->arriving = true;
  return mailproto_decoder_init(&attachment->decoder, sizeof attachment->decoder,
                                attachment->encoding);
}

static int32_t decode(struct attachment *attachment, mailproto_span octets) {
  uint8_t decoded[8192];
  size_t len;
  int32_t full;
  do {
    full = mailproto_decoder_decode(&attachment->decoder, &octets.ptr, &octets.len, decoded,
                                    sizeof decoded, &len);
    if (full < 0) {
      return full;
    }
    if (!output_write(&attachment->output, decoded, len)) {
      return OUTCOME_LOCAL;
    }
  } while (full == 1);
  return 0;
}

static int32_t end_decoding(struct attachment *attachment) {
  uint8_t decoded[MAILPROTO_DECODER_END_OCTETS];
  size_t len;
  uint64_t faults;
  mailproto_error error =
      mailproto_decoder_finish(&attachment->decoder, decoded, sizeof decoded, &len, &faults);
  if (error != MAILPROTO_OK) {
    return error;
  }
  if (faults > 0) {
    fprintf(stderr, "%s: the sender's encoding is wrong in %" PRIu64 " places\n", attachment->name,
            faults);
  }
  attachment->arriving = false;
  attachment->complete = true;
  return output_write(&attachment->output, decoded, len) ? 0 : OUTCOME_LOCAL;
}

static int32_t on_body(void *context, const mailproto_imap_event *event) {
  struct attachment *attachment = context;
  switch (event->kind) {
  case MAILPROTO_IMAP_EVENT_KIND_BODY_START:
    return event->is_nil || attachment->complete ? 0 : begin_decoding(attachment);
  case MAILPROTO_IMAP_EVENT_KIND_BODY_DATA:
    return attachment->arriving ? decode(attachment, event->data) : 0;
  case MAILPROTO_IMAP_EVENT_KIND_BODY_END:
    return attachment->arriving ? end_decoding(attachment) : 0;
  default:
    return 0;
  }
}

static enum outcome save(struct session *session, struct attachment *attachment, uint32_t uid) {
  mailproto_imap_fetch_item item =
      mailproto_imap_fetch_part(attachment->path, attachment->path_len);
  enum outcome outcome;
  session->on_event = on_body;
  outcome = session_do(session, "FETCH",
                       mailproto_imap_client_uid_fetch(&session->client, mailproto_imap_one(uid),
                                                       &item, 1, NULL, &session->tag));
  if (outcome == OUTCOME_OK && !attachment->complete) {
    fprintf(stderr, "%s: the server does not have it\n", attachment->name);
    outcome = OUTCOME_PROTOCOL;
  }
  if (outcome != OUTCOME_OK) {
    output_discard(&attachment->output);
    return outcome;
  }
  return output_finish(&attachment->output) ? OUTCOME_OK : OUTCOME_LOCAL;
}

int main(int argc, char **argv) {
  static struct session session;
  static struct attachment attachment;
  uint32_t uid;
  enum outcome outcome;
  int first = session_options(&session, argc, argv);
  if (first == 0 || argc != first + 3 || !session_number(argv[first], UINT32_MAX, &uid)) {
    fprintf(stderr, USAGE, argv[0]);
    fputs(SESSION_USAGE, stderr);
    return OUTCOME_USAGE;
  }
  attachment.name = argv[first + 1];
  attachment.file = argv[first + 2];
  outcome = session_open(&session);
  if (outcome == OUTCOME_OK) {
    outcome = session_do(
        &session, "EXAMINE",
        mailproto_imap_client_examine(&session.client, session_mailbox(&session), &session.tag));
  }
  if (outcome == OUTCOME_OK) {
    outcome = find(&session, &attachment, uid);
  }
  if (outcome == OUTCOME_OK) {
    outcome = save(&session, &attachment, uid);
  }
  return session_close(&session, outcome);
}
