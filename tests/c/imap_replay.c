/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Whatever servers say: each case of a file is heard whole, octet by octet and in
 * random pieces, with a large and with a small scratch buffer. The events must be the same for
 * every cut, every view must be walked to its end, and nothing may crash. A case is its length, 8
 * hexadecimal digits, and its octets. */
#include <stdlib.h>

#include "imap_log.h"

static mailproto_imap_client client;
static uint8_t scratch[65536], tx[1024];
static struct log whole, cut;

/** A session in which all sorts of answers are awaited: the tags AAA1 to AAA4 are in flight. */
static void begin(size_t scratch_len, mailproto_imap_security security) {
  static const char greeting[] = "* PREAUTH ready\r\n";
  const uint8_t *input = (const uint8_t *)greeting;
  size_t len = sizeof greeting - 1;
  mailproto_imap_config config = MAILPROTO_IMAP_CONFIG_INIT;
  mailproto_imap_event event;
  config.security = security;
  EXPECT(MAILPROTO_OK, mailproto_imap_client_init(&client, sizeof client, scratch, scratch_len, tx,
                                                  sizeof tx, &config));
  if (security != MAILPROTO_IMAP_SECURITY_PRIVATE) {
    return; /* the case brings its own greeting */
  }
  while (mailproto_imap_client_poll(&client, &input, &len, &event) > 0) {
  }
  EXPECT(MAILPROTO_OK, mailproto_imap_client_noop(&client, NULL));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_namespace(&client, NULL));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_capability(&client, NULL));
  EXPECT(MAILPROTO_OK, mailproto_imap_client_examine(&client, mailproto_imap_named("INBOX"), NULL));
}

/** Sends all that may be sent. */
static void send_all(void) {
  const uint8_t *octets;
  size_t len;
  while (mailproto_imap_client_outgoing(&client, &octets, &len) == MAILPROTO_OK && len > 0) {
    mailproto_imap_client_sent(&client, len);
  }
}

static size_t piece(size_t cut_at, size_t left) {
  size_t len = cut_at != 0 ? cut_at : 1 + (size_t)rand() % 17;
  return len < left ? len : left;
}

/** The events of a case, and how it ended. */
static void hear(struct log *log, const uint8_t *octets, size_t len, size_t cut_at,
                 size_t scratch_len, mailproto_imap_security security) {
  mailproto_imap_event event;
  int32_t happened = 0;
  log->len = 0;
  log->within_data = 0;
  begin(scratch_len, security);
  send_all();
  while (len > 0 && happened >= 0) {
    size_t some = piece(cut_at, len);
    /* a block of its own, so that a read past its end is seen */
    uint8_t *block = malloc(some);
    const uint8_t *input = block;
    size_t left = some;
    CHECK(block != NULL);
    memcpy(block, octets, some);
    while ((happened = mailproto_imap_client_poll(&client, &input, &left, &event)) > 0) {
      log_event(log, &event);
      send_all(); /* at once, so that what has left does not depend on the cuts */
    }
    CHECK(left <= some && input == block + (some - left));
    send_all();
    free(block);
    octets += some;
    len -= some;
    if (happened == 0 && left > 0) {
      break; /* COMPRESS */
    }
  }
  log_number(log, log->within_data ? "\nended " : "ended ", happened);
  if (happened < 0) {
    uint64_t offset;
    EXPECT(happened, mailproto_imap_client_failure(&client, &offset));
    log_number(log, " at ", (int64_t)offset);
    EXPECT(happened, mailproto_imap_client_noop(&client, NULL));
  } else {
    log_number(log, " ", mailproto_imap_client_eof(&client));
  }
}

static void same(unsigned number, const char *how) {
  if (whole.len != cut.len || memcmp(whole.text, cut.text, whole.len) != 0) {
    fprintf(stderr, "case %u, %s:\n%.*s\nnot\n%.*s\n", number, how,
            (int)(cut.len < 2000 ? cut.len : 2000), cut.text,
            (int)(whole.len < 2000 ? whole.len : 2000), whole.text);
    failures++;
  }
}

static void try(unsigned number, const uint8_t *octets, size_t len) {
  static const size_t scratches[] = {512, sizeof scratch};
  static const mailproto_imap_security securities[] = {MAILPROTO_IMAP_SECURITY_PRIVATE,
                                                       MAILPROTO_IMAP_SECURITY_STARTTLS_REQUIRED};
  for (size_t i = 0; i < 4; i++) {
    size_t scratch_len = scratches[i % 2];
    mailproto_imap_security security = securities[i / 2];
    hear(&whole, octets, len, len, scratch_len, security);
    hear(&cut, octets, len, 1, scratch_len, security);
    same(number, "octet by octet");
    hear(&cut, octets, len, 0, scratch_len, security);
    same(number, "in random pieces");
  }
}

int main(int argc, char **argv) {
  unsigned cases = 0;
  char digits[9] = {0};
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  CHECK(file != NULL);
  while (file != NULL && fread(digits, 1, 8, file) == 8 && failures < 5) {
    size_t len = (size_t)strtoul(digits, NULL, 16);
    uint8_t *octets = malloc(len + 1);
    if (octets == NULL || fread(octets, 1, len, file) != len) {
      fprintf(stderr, "case %u is cut short\n", cases);
      failures++;
      free(octets);
      break;
    }
    try(cases++, octets, len);
    free(octets);
  }
  if (file != NULL) {
    fclose(file);
  }
  printf("%u cases\n", cases);
  CHECK(cases > 0);
  return finish("imap_replay");
}
