/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The little that a test needs. A failed check is told and counted; the test goes on. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

#include "mailproto.h"

static int failures = 0;

#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                    \
      failures++;                                                                                  \
    }                                                                                              \
  } while (0)

/** Checks an error code and tells the one that came instead. */
#define EXPECT(code, call)                                                                         \
  do {                                                                                             \
    int32_t expected_ = (code), got_ = (call);                                                     \
    if (expected_ != got_) {                                                                       \
      fprintf(stderr, "%s:%d: %s: %ld (%s), not %ld\n", __FILE__, __LINE__, #call, (long)got_,     \
              mailproto_strerror(got_), (long)expected_);                                          \
      failures++;                                                                                  \
    }                                                                                              \
  } while (0)

static inline int is(mailproto_span span, const char *text) {
  return span.len == strlen(text) && memcmp(span.ptr, text, span.len) == 0;
}

static inline mailproto_span str(const char *text) { return mailproto_string(text); }

/** Whether exactly these octets wait to be sent; then counts them as sent. */
static inline int client_says(mailproto_pop3_client *client, const char *text) {
  const uint8_t *octets;
  size_t len;
  int same;
  if (mailproto_pop3_client_outgoing(client, &octets, &len) != MAILPROTO_OK) {
    return 0;
  }
  same = len == strlen(text) && memcmp(octets, text, len) == 0;
  if (!same) {
    fprintf(stderr, "waits to be sent: \"%.*s\", not \"%s\"\n", (int)len, (const char *)octets,
            text);
  }
  mailproto_pop3_client_sent(client, len);
  return same;
}

/** Gives octets to the client; the number of events, or the error. The last event is left in
 * `event`. */
static inline int32_t client_hears(mailproto_pop3_client *client, const char *text,
                                   mailproto_pop3_event *event) {
  const uint8_t *input = (const uint8_t *)text;
  size_t len = strlen(text);
  int32_t events = 0;
  int32_t happened;
  while ((happened = mailproto_pop3_client_poll(client, &input, &len, event)) > 0) {
    events++;
  }
  return happened < 0 ? happened : events;
}

static inline int finish(const char *name) {
  printf("%s: %s\n", name, failures == 0 ? "passed" : "FAILED");
  return failures == 0 ? 0 : 1;
}

#endif
