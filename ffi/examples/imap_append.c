/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Puts a file into a mailbox (RFC 9051 §6.3.12). The message streams: it never lies in memory as a
 * whole. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "session.h"

/** A file that is being sent. Lines end in CRLF on the wire, whatever they end in here. */
struct letter {
  struct session *session;
  FILE *file;
  bool uploading;
  int before;          /* the octet before, to know a CRLF */
  bool owed;           /* the LF behind a CR that was put in */
  uint8_t chunk[4096]; /* what was read, and not yet taken */
  size_t begin, end;
};

static const char USAGE[] =
    "usage: %s [option...] URL FILE\nPuts FILE, a message, into the mailbox.\n";

/** The next octet of the message, or EOF. */
static int next_octet(struct letter *letter) {
  int octet;
  if (letter->owed) {
    letter->owed = false;
    return letter->before = '\n';
  }
  octet = getc(letter->file);
  if (octet == '\n' && letter->before != '\r') {
    letter->owed = true;
    octet = '\r';
  }
  return letter->before = octet;
}

/** How many octets the message has on the wire. False when it cannot be read. */
static bool measure(struct letter *letter, uint64_t *octets) {
  *octets = 0;
  while (next_octet(letter) != EOF) {
    ++*octets;
  }
  letter->before = 0;
  return !ferror(letter->file) && fseek(letter->file, 0, SEEK_SET) == 0;
}

/** Whether there is more, in `chunk`. */
static bool fill(struct letter *letter) {
  if (letter->begin == letter->end) {
    int octet = 0;
    letter->begin = letter->end = 0;
    while (letter->end < sizeof letter->chunk && (octet = next_octet(letter)) != EOF) {
      letter->chunk[letter->end++] = (uint8_t)octet;
    }
  }
  return letter->begin < letter->end;
}

/** Gives the client as much of the message as it has room for, and ends it. */
static int32_t give(void *context) {
  struct letter *letter = context;
  mailproto_imap_client *client = &letter->session->client;
  mailproto_error error = MAILPROTO_OK;
  while (letter->uploading && fill(letter)) {
    size_t taken;
    error = mailproto_imap_client_upload(
        client, mailproto_octets(letter->chunk + letter->begin, letter->end - letter->begin),
        &taken);
    letter->begin += taken;
    if (error != MAILPROTO_OK || taken == 0) { /* the loop sends, and comes back */
      return error;
    }
  }
  if (letter->uploading) {
    error = mailproto_imap_client_append_end(client); /* a file that has shrunk is told here */
    letter->uploading = error == MAILPROTO_ERROR_FULL;
  }
  return error == MAILPROTO_ERROR_FULL ? 0 : error;
}

static int32_t on_event(void *context, const mailproto_imap_event *event) {
  struct letter *letter = context;
  if (event->kind == MAILPROTO_IMAP_EVENT_KIND_UPLOAD) {
    letter->uploading = true;
  } else if (event->kind == MAILPROTO_IMAP_EVENT_KIND_COMPLETED &&
             event->code.kind == MAILPROTO_IMAP_CODE_APPEND_UID) {
    printf("UID %.*s\n", (int)event->code.data.len, (const char *)event->code.data.ptr);
  }
  return 0;
}

static enum outcome append(struct session *session, const char *path) {
  static struct letter letter;
  uint64_t octets;
  enum outcome outcome;
  letter.session = session;
  letter.file = fopen(path, "rb");
  if (letter.file == NULL || !measure(&letter, &octets)) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return OUTCOME_LOCAL;
  }
  session->on_event = on_event;
  session->on_turn = give;
  session->context = &letter;
  outcome = session_do(session, "APPEND",
                       mailproto_imap_client_append(&session->client, session_mailbox(session),
                                                    NULL, octets, &session->tag));
  fclose(letter.file);
  return outcome;
}

int main(int argc, char **argv) {
  static struct session session;
  enum outcome outcome;
  int first = session_options(&session, argc, argv);
  if (first == 0 || argc != first + 1) {
    fprintf(stderr, USAGE, argv[0]);
    fputs(SESSION_USAGE, stderr);
    return OUTCOME_USAGE;
  }
  outcome = session_open(&session);
  if (outcome == OUTCOME_OK) {
    outcome = append(&session, argv[first]);
  }
  return session_close(&session, outcome);
}
