/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The same test on every core: the recorded sessions are held with what stands in the image, cut in
 * several ways. Each time the octets that go out are those that were recorded, and what is told is
 * the same: its checksum does not depend on the cut, nor on the core. */
#include <string.h>

#include "board.h"
#include "crc32.h"
#include "session.h"

/** A recorded session: lines that begin with `S: ` or `C: ` and end with LF, which stands for CRLF.
 */
struct recording {
  const uint8_t *next, *end;
  size_t within; /* how many octets of the line have passed, its CRLF included */
  size_t cut;    /* how many octets come at once, at most */
};

extern const uint8_t recorded_pop3[], recorded_pop3_end[], recorded_imap[], recorded_imap_end[];

static size_t line_len(const struct recording *recording) {
  const uint8_t *lf = memchr(recording->next, '\n', (size_t)(recording->end - recording->next));
  return lf == NULL ? 0 : (size_t)(lf - recording->next);
}

/** Whose turn it is: 'S', 'C', or NUL at the end. */
static char side(const struct recording *recording) {
  return line_len(recording) == 0 ? '\0' : (char)recording->next[0];
}

/** The next octet of the session. */
static uint8_t pass(struct recording *recording) {
  enum { SIDE = 3 }; /* `S: ` */
  size_t len = line_len(recording), at = SIDE + recording->within++;
  if (at < len) {
    return recording->next[at];
  }
  if (at == len) {
    return '\r';
  }
  recording->next += len + 1;
  recording->within = 0;
  return '\n';
}

/** What is sent must be what was recorded; while it is the server's turn nothing can be. */
static int32_t play_send(void *context, const void *octets, size_t len) {
  struct recording *recording = context;
  const uint8_t *octet = octets;
  if (side(recording) == 'S') {
    return 0;
  }
  for (size_t i = 0; i < len; i++) {
    if (side(recording) != 'C' || pass(recording) != octet[i]) {
      return -1;
    }
  }
  return (int32_t)len;
}

static int32_t play_receive(void *context, void *octets, size_t len) {
  struct recording *recording = context;
  uint8_t *octet = octets;
  int32_t received = 0;
  while (side(recording) == 'S' && (size_t)received < recording->cut && (size_t)received < len) {
    octet[received++] = pass(recording);
  }
  return received > 0 ? received : -1;
}

static uint32_t told; /* the checksum of a session's words */

static void sum_words(const uint8_t *octets, size_t len) { told = crc32(told, octets, len); }

/** Holds one session and sums up what it tells. Whether all was as recorded. */
static int play(int32_t (*hold)(mailproto_transport *), struct recording recording) {
  static uint8_t received[256];
  mailproto_transport transport = MAILPROTO_TRANSPORT_INIT;
  int32_t result;
  transport.send = play_send;
  transport.recv = play_receive;
  transport.context = &recording;
  transport.buffer = received;
  transport.buffer_len = sizeof received;
  told = 0;
  print_to(sum_words);
  result = hold(&transport);
  print_to(NULL);
  if (result == 0 && side(&recording) == '\0') {
    return 1;
  }
  print_text("ends with -");
  print_number((uint32_t)-result);
  print_text(" before ");
  print_octets(recording.next, line_len(&recording));
  print_text("\n");
  return 0;
}

static int play_at_every_cut(const char *name, int32_t (*hold)(mailproto_transport *),
                             const uint8_t *begin, const uint8_t *end) {
  static const size_t CUTS[] = {256, 1, 2, 3, 7, 64};
  uint32_t first = 0;
  for (size_t i = 0; i < sizeof CUTS / sizeof CUTS[0]; i++) {
    struct recording recording = {begin, end, 0, CUTS[i]};
    int held = play(hold, recording);
    first = i == 0 ? told : first;
    print_text(name);
    print_text(" in pieces of ");
    print_number((uint32_t)CUTS[i]);
    print_text(": told ");
    print_hex(told);
    print_text("\n");
    if (!held || told != first) {
      return 0;
    }
  }
  return 1;
}

int image(void) {
  int pop3 = play_at_every_cut("pop3", hold_pop3_session, recorded_pop3, recorded_pop3_end);
  int imap = play_at_every_cut("imap", hold_imap_session, recorded_imap, recorded_imap_end);
  return !(pop3 && imap);
}
