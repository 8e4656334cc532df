/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A session of IMAP. An item must fit into `scratch`, a command into `tx`; bodies are of any size.
 */
#include <string.h>

#include "board.h"
#include "crc32.h"
#include "session.h"

enum { MOST_UNSEEN = 8, MOST_NESTED = 4 };

static mailproto_imap_client client;
static uint8_t scratch[512], tx[256];

/** An attachment, as its message's structure tells of it. */
struct attachment {
  uint32_t uid, path[MOST_NESTED];
  size_t path_len; /* 0: there is none */
  mailproto_transfer_encoding encoding;
};

static struct {
  uint32_t unseen[MOST_UNSEEN];
  size_t unseen_count;
  uint32_t uid; /* of the message that is told */
  struct attachment found, wanted;
  mailproto_decoder decoder;
  uint32_t decoded, crc;
  uint32_t messages; /* in the mailbox */
  int idling, news;
  size_t uploaded;
  int uploading, finished;
} session;

static const char OWN_MESSAGE[] = "From: chip@example.com\r\n"
                                  "Subject: from a chip\r\n"
                                  "\r\n"
                                  "16 kB are enough.\r\n";

/* Words. */

static void print_decoded(mailproto_imap_string string) {
  uint8_t text[80];
  size_t len = 0;
  mailproto_imap_string_decode(string, text, sizeof text, &len);
  print_octets(text, len);
}

static void print_envelope(mailproto_span octets) {
  mailproto_imap_envelope envelope;
  mailproto_imap_address address;
  if (mailproto_imap_envelope_read(octets, &envelope) != MAILPROTO_OK) {
    return;
  }
  print_text("subject: ");
  print_decoded(envelope.subject);
  print_text("\n");
  while (mailproto_imap_addresses_next(&envelope.from, &address) == 1) {
    print_text("from: ");
    print_decoded(address.mailbox);
    print_text("@");
    print_decoded(address.host);
    print_text("\n");
  }
}

static void print_part(const mailproto_imap_node *part) {
  print_text("part ");
  for (size_t i = 0; i < part->section_len; i++) {
    print_text(i == 0 ? "" : ".");
    print_number(part->section[i]);
  }
  print_text(": ");
  print_decoded(part->media_type);
  print_text("/");
  print_decoded(part->subtype);
  print_text(" ");
  print_number((uint32_t)part->octets);
  print_text("\n");
}

/* What FETCH tells. */

/** Remembers the last part in base64. */
static void look_for_attachment(const mailproto_imap_node *part) {
  mailproto_transfer_encoding encoding = mailproto_transfer_encoding_of(part->encoding.octets);
  if (encoding == MAILPROTO_TRANSFER_ENCODING_BASE64 && part->section_len <= MOST_NESTED) {
    memcpy(session.found.path, part->section, part->section_len * sizeof part->section[0]);
    session.found.path_len = part->section_len;
    session.found.encoding = encoding;
  }
}

static int32_t on_structure(mailproto_span octets) {
  static mailproto_imap_body_structure structure;
  static mailproto_imap_node node; /* too large for the stack */
  int32_t result = mailproto_imap_body_structure_init(&structure, sizeof structure, octets);
  while (result == MAILPROTO_OK && mailproto_imap_body_structure_next(&structure, &node) == 1) {
    if (node.kind == MAILPROTO_IMAP_NODE_KIND_PART) {
      print_part(&node);
      look_for_attachment(&node);
    }
  }
  return result;
}

static int32_t on_item(const mailproto_imap_event *event) {
  switch (event->item) {
  case MAILPROTO_IMAP_ITEM_UID:
    session.uid = event->number;
    return 0;
  case MAILPROTO_IMAP_ITEM_ENVELOPE:
    print_envelope(event->data);
    return 0;
  case MAILPROTO_IMAP_ITEM_BODY_STRUCTURE:
    return on_structure(event->data);
  default:
    return 0;
  }
}

/** Items come in any order: only now it is known whose the attachment is. */
static void on_fetched(void) {
  if (session.found.path_len > 0) {
    session.wanted = session.found;
    session.wanted.uid = session.uid;
    session.found.path_len = 0;
  }
}

/** Octets of the attachment, through the decoder, to where they would be stored. */
static int32_t on_body(mailproto_span octets) {
  uint8_t decoded[64];
  size_t len;
  int32_t more;
  do {
    more = mailproto_decoder_decode(&session.decoder, &octets.ptr, &octets.len, decoded,
                                    sizeof decoded, &len);
    session.crc = crc32(session.crc, decoded, len);
    session.decoded += (uint32_t)len;
  } while (more == 1);
  return more;
}

static int32_t on_body_end(void) {
  uint8_t decoded[MAILPROTO_DECODER_END_OCTETS];
  size_t len;
  uint64_t faults;
  int32_t result =
      mailproto_decoder_finish(&session.decoder, decoded, sizeof decoded, &len, &faults);
  session.crc = crc32(session.crc, decoded, len);
  session.decoded += (uint32_t)len;
  print_text("attachment ");
  print_number(session.decoded);
  print_text(" octets, crc32 ");
  print_hex(session.crc);
  print_text("\n");
  return result != MAILPROTO_OK ? result : faults != 0;
}

/* Commands, one after the other. */

static int32_t fetch_structures(void) {
  static const mailproto_imap_fetch_item items[] = {
      MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_ENVELOPE),
      MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_BODY_STRUCTURE),
  };
  mailproto_imap_sequence unseen = mailproto_imap_numbers(session.unseen, session.unseen_count);
  return mailproto_imap_client_uid_fetch(&client, unseen, items, 2, NULL, NULL);
}

static int32_t fetch_attachment(void) {
  const struct attachment *wanted = &session.wanted;
  mailproto_imap_fetch_item item = mailproto_imap_fetch_part(wanted->path, wanted->path_len);
  int32_t result =
      mailproto_decoder_init(&session.decoder, sizeof session.decoder, wanted->encoding);
  if (result != MAILPROTO_OK) {
    return result;
  }
  return mailproto_imap_client_uid_fetch(&client, mailproto_imap_one(wanted->uid), &item, 1, NULL,
                                         NULL);
}

static int32_t set_seen(void) {
  mailproto_imap_store what = MAILPROTO_IMAP_STORE_INIT;
  what.change = MAILPROTO_IMAP_CHANGE_ADD;
  what.flags = MAILPROTO_LITERAL("\\Seen");
  return mailproto_imap_client_uid_store(&client, mailproto_imap_one(session.wanted.uid), &what,
                                         NULL);
}

static int32_t search_unseen(void) {
  static const mailproto_imap_search_key unseen = MAILPROTO_IMAP_KEY(MAILPROTO_IMAP_SEARCH_UNSEEN);
  return mailproto_imap_client_uid_search(&client, &unseen, 1, NULL, NULL);
}

static int32_t append(void) {
  return mailproto_imap_client_append(&client, mailproto_imap_named("INBOX"), NULL,
                                      sizeof OWN_MESSAGE - 1, NULL);
}

/** After FETCH: of the structures, or of the attachment. */
static int32_t on_fetch_completed(void) {
  if (session.wanted.path_len == 0) {
    print_text("no attachment\n");
    return 1;
  }
  return session.decoded == 0 ? fetch_attachment() : set_seen();
}

/** What is done when a command has been answered: the next one is given. */
static int32_t on_completed(const mailproto_imap_event *event) {
  if (event->status != MAILPROTO_IMAP_STATUS_OK) {
    print_text("refused: ");
    print_octets(event->text.ptr, event->text.len);
    print_text("\n");
    return 1;
  }
  switch (event->command) {
  case MAILPROTO_IMAP_COMMAND_LOGIN:
    return mailproto_imap_client_select(&client, mailproto_imap_named("INBOX"), NULL);
  case MAILPROTO_IMAP_COMMAND_SELECT:
    return search_unseen();
  case MAILPROTO_IMAP_COMMAND_SEARCH:
    return fetch_structures();
  case MAILPROTO_IMAP_COMMAND_FETCH:
    return on_fetch_completed();
  case MAILPROTO_IMAP_COMMAND_STORE:
    return mailproto_imap_client_idle(&client, NULL);
  case MAILPROTO_IMAP_COMMAND_IDLE:
    return append();
  case MAILPROTO_IMAP_COMMAND_APPEND:
    return mailproto_imap_client_logout(&client, NULL);
  case MAILPROTO_IMAP_COMMAND_LOGOUT:
    session.finished = 1;
    return 0;
  default:
    return 0;
  }
}

/** Ends IDLE when it has begun and there is mail. */
static int32_t leave_idle(void) {
  if (!session.idling || !session.news) {
    return 0;
  }
  session.idling = 0;
  return mailproto_imap_client_done(&client);
}

static int32_t on_event(void *context, mailproto_imap_client *unused,
                        const mailproto_imap_event *event) {
  (void)context;
  (void)unused;
  switch (event->kind) {
  case MAILPROTO_IMAP_EVENT_KIND_GREETING:
    return mailproto_imap_client_login(&client, MAILPROTO_LITERAL("chip"),
                                       MAILPROTO_LITERAL("secret"), NULL);
  case MAILPROTO_IMAP_EVENT_KIND_FOUND:
    if (session.unseen_count < MOST_UNSEEN) {
      session.unseen[session.unseen_count++] = event->number;
    }
    return 0;
  case MAILPROTO_IMAP_EVENT_KIND_ITEM:
    return on_item(event);
  case MAILPROTO_IMAP_EVENT_KIND_FETCH_END:
    on_fetched();
    return 0;
  case MAILPROTO_IMAP_EVENT_KIND_BODY_DATA:
    return on_body(event->data);
  case MAILPROTO_IMAP_EVENT_KIND_BODY_END:
    return on_body_end();
  case MAILPROTO_IMAP_EVENT_KIND_EXISTS:
    session.news = event->number > session.messages;
    session.messages = event->number;
    return leave_idle();
  case MAILPROTO_IMAP_EVENT_KIND_IDLING:
    print_text("idling\n");
    session.idling = 1;
    session.news = 0;
    return 0;
  case MAILPROTO_IMAP_EVENT_KIND_UPLOAD:
    session.uploading = 1;
    return 0;
  case MAILPROTO_IMAP_EVENT_KIND_COMPLETED:
    return on_completed(event);
  default:
    return 0;
  }
}

/** Gives the server as much of our message as there is room for. */
static int32_t on_turn(void *context, mailproto_imap_client *unused) {
  size_t len = sizeof OWN_MESSAGE - 1, taken;
  int32_t result;
  (void)context;
  (void)unused;
  if (!session.uploading) {
    return 0;
  }
  result = mailproto_imap_client_upload(
      &client, mailproto_octets(OWN_MESSAGE + session.uploaded, len - session.uploaded), &taken);
  session.uploaded += taken;
  if (result != MAILPROTO_OK || session.uploaded < len) {
    return result;
  }
  result = mailproto_imap_client_append_end(&client);
  session.uploading = result == MAILPROTO_ERROR_FULL;
  return session.uploading ? 0 : result;
}

int32_t hold_imap_session(mailproto_transport *transport) {
  mailproto_imap_config config = MAILPROTO_IMAP_CONFIG_INIT;
  mailproto_imap_handler handler = {on_event, on_turn, NULL};
  int32_t result;
  config.security = MAILPROTO_IMAP_SECURITY_PRIVATE; /* the line goes to the host and no further */
  config.reply_timeout_ms = 20000;
  memset(&session, 0, sizeof session);
  result = mailproto_imap_client_init(&client, sizeof client, scratch, sizeof scratch, tx,
                                      sizeof tx, &config);
  if (result == MAILPROTO_OK) {
    result = mailproto_imap_run(&client, transport, &handler);
  }
  return result != 0 ? result : !session.finished;
}
