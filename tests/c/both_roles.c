/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Our client and our server back to back, over a wire that cuts at random: login by SCRAM-SHA-256
 * and by APOP, listings, messages with dots, deletion. And bad use of the server. */
#include <stdbool.h>
#include <stdlib.h>

#include "check.h"

static const char *const MESSAGES[] = {
    "Subject: one\r\n\r\n.\r\n..\r\nends with a dot.\r\n",
    "Subject: two\n\nbare line feeds\n.dot\n\nand no end",
    "",
    "Subject: four\r\n\r\n1\r\n2\r\n3\r\n4\r\n",
};
static const char *const RECEIVED[] = {
    "Subject: one\r\n\r\n.\r\n..\r\nends with a dot.\r\n",
    "Subject: two\r\n\r\nbare line feeds\r\n.dot\r\n\r\nand no end\r\n",
    "",
    "Subject: four\r\n\r\n1\r\n2\r\n",
};
enum { COUNT = sizeof MESSAGES / sizeof MESSAGES[0] };

static const char USER[] = "mrose";
static const char PASSWORD[] = "tanstaaf";
static const char TIMESTAMP[] = "<1896.697170952@dbc.mtview.ca.us>";

/** A direction of the wire. */
struct pipe {
  uint8_t octets[4096];
  size_t len;
};

static mailproto_pop3_client client;
static mailproto_pop3_server server;
static mailproto_sasl client_sasl;
static mailproto_sasl_server server_sasl;
static uint8_t client_scratch[512], client_tx[512];
static uint8_t server_scratch[512], server_tx[512], marks[8], work[512];
static struct pipe to_server, to_client;
static bool by_apop, by_stored_keys;

/* What the client received. */
static char received[COUNT][256];
static size_t received_len[COUNT];
static uint32_t listed, unique, completed;
static bool logged_in, said_goodbye;

/* What the server did. */
static uint32_t removed;
static uint32_t answering; /* the message that is being listed or sent, or 0 */
static mailproto_pop3_request request;
static size_t given;

static size_t chance(size_t most) { return most == 0 ? 0 : 1 + (size_t)rand() % most; }

/* The client. */

static void begin_login(void) {
  static const uint8_t nonce[18] = "0123456789abcdefg";
  mailproto_span none = {NULL, 0};
  if (by_apop) {
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_apop(&client, str(USER), str(PASSWORD), NULL));
    return;
  }
  EXPECT(MAILPROTO_OK,
         mailproto_sasl_scram_sha_256_init(&client_sasl, sizeof client_sasl, none, str(USER),
                                           str(PASSWORD), mailproto_octets(nonce, 18), 10000));
  CHECK(mailproto_sasl_name(&client_sasl) == MAILPROTO_SASL_MECHANISM_SCRAM_SHA_256);
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_auth(&client, &client_sasl, NULL));
}

static void ask_for_everything(void) {
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_stat(&client, NULL));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_list(&client, NULL));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_uidl(&client, NULL));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_retr(&client, 1, NULL));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_retr(&client, 2, NULL));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_retr(&client, 3, NULL));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_top(&client, 4, 2, NULL));
}

static void on_completed(const mailproto_pop3_event *event) {
  completed++;
  CHECK(event->status == MAILPROTO_POP3_STATUS_OK);
  switch (event->verb) {
  case MAILPROTO_POP3_VERB_CAPA:
    begin_login();
    break;
  case MAILPROTO_POP3_VERB_AUTH:
  case MAILPROTO_POP3_VERB_APOP:
    logged_in = true;
    ask_for_everything();
    break;
  case MAILPROTO_POP3_VERB_STAT:
    CHECK(event->messages == COUNT);
    break;
  case MAILPROTO_POP3_VERB_TOP:
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_dele(&client, 2, NULL));
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_dele(&client, 4, NULL));
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_quit(&client, NULL));
    break;
  case MAILPROTO_POP3_VERB_QUIT:
    said_goodbye = true;
    break;
  default:
    break;
  }
}

static void on_event(const mailproto_pop3_event *event) {
  static uint32_t message;
  switch (event->kind) {
  case MAILPROTO_POP3_EVENT_KIND_GREETING:
    CHECK(is(event->data, TIMESTAMP));
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_capa(&client, NULL));
    break;
  case MAILPROTO_POP3_EVENT_KIND_CHALLENGE:
    EXPECT(MAILPROTO_OK, mailproto_pop3_client_respond(&client, &client_sasl));
    break;
  case MAILPROTO_POP3_EVENT_KIND_STARTED:
    message = event->message;
    break;
  case MAILPROTO_POP3_EVENT_KIND_SCAN_LISTING:
    listed++;
    CHECK(event->octets == 100 + event->message);
    break;
  case MAILPROTO_POP3_EVENT_KIND_UNIQUE_ID:
    unique++;
    CHECK(is(event->uid, "uid-x"));
    break;
  case MAILPROTO_POP3_EVENT_KIND_DATA:
    CHECK(message >= 1 && message <= COUNT);
    CHECK(received_len[message - 1] + event->data.len <= sizeof received[0]);
    memcpy(received[message - 1] + received_len[message - 1], event->data.ptr, event->data.len);
    received_len[message - 1] += event->data.len;
    break;
  case MAILPROTO_POP3_EVENT_KIND_COMPLETED:
    on_completed(event);
    break;
  case MAILPROTO_POP3_EVENT_KIND_CAPABILITY:
    break;
  default:
    fprintf(stderr, "event of kind %ld\n", (long)event->kind);
    failures++;
    break;
  }
}

/* The server. */

static void answer_claim(void) {
  mailproto_sasl_claim claim;
  EXPECT(MAILPROTO_OK, mailproto_sasl_server_claim(&server_sasl, &claim));
  CHECK(claim.kind == MAILPROTO_SASL_CLAIM_KIND_USER && is(claim.user, USER));
  EXPECT(MAILPROTO_ERROR_SASL_OUT_OF_TURN, mailproto_sasl_server_verdict(&server_sasl, 1));
  if (by_stored_keys) {
    uint8_t stored[32], key[32];
    mailproto_span salt = str("sixteen octets..");
    EXPECT(MAILPROTO_OK, mailproto_scram_sha_256_keys(str(PASSWORD), salt, 4096, &stored, &key));
    EXPECT(MAILPROTO_OK, mailproto_sasl_server_secret_scram(&server_sasl, salt, 4096,
                                                            mailproto_octets(stored, 32),
                                                            mailproto_octets(key, 32)));
  } else {
    EXPECT(MAILPROTO_OK, mailproto_sasl_server_secret_password(&server_sasl, str(PASSWORD)));
  }
}

static void authenticate(void) {
  int32_t step;
  while ((step = mailproto_pop3_server_authenticate(&server, &server_sasl)) ==
         MAILPROTO_SASL_STEP_CLAIM) {
    answer_claim();
  }
  if (step == MAILPROTO_SASL_STEP_SUCCESS) {
    mailproto_span identity;
    EXPECT(MAILPROTO_OK, mailproto_sasl_server_identity(&server_sasl, &identity));
    CHECK(is(identity, USER));
    EXPECT(MAILPROTO_OK, mailproto_pop3_server_accept(&server, COUNT));
    EXPECT(MAILPROTO_OK, mailproto_sasl_server_wipe(&server_sasl));
  } else {
    EXPECT(MAILPROTO_SASL_STEP_CHALLENGE, step);
  }
}

static void begin_auth(void) {
  static const uint8_t nonce[18] = "ABCDEFGHIJKLMNOPQ";
  mailproto_sasl_decoy decoy;
  decoy.key = str("sixteen octets, or more");
  decoy.salt_octets = 16;
  decoy.iterations = 4096;
  CHECK(request.mechanism == MAILPROTO_SASL_MECHANISM_SCRAM_SHA_256);
  EXPECT(MAILPROTO_OK, mailproto_sasl_server_init(
                           &server_sasl, sizeof server_sasl, (int32_t)request.mechanism, work,
                           sizeof work, mailproto_octets(nonce, 18), str("localhost"), &decoy));
  authenticate();
}

static void check_apop(void) {
  uint8_t digest[32];
  EXPECT(MAILPROTO_OK, mailproto_apop_digest(str(TIMESTAMP), str(PASSWORD), &digest));
  CHECK(is(request.name, USER));
  CHECK(mailproto_same_octets(request.secret, mailproto_octets(digest, sizeof digest)));
  EXPECT(MAILPROTO_OK, mailproto_pop3_server_accept(&server, COUNT));
}

/** Goes on with an answer until it is complete or the outgoing buffer is full. */
static void go_on(void) {
  mailproto_error error = MAILPROTO_OK;
  while (answering > 0 && answering <= COUNT && error == MAILPROTO_OK &&
         request.kind != MAILPROTO_POP3_REQUEST_KIND_MESSAGE) {
    error = request.kind == MAILPROTO_POP3_REQUEST_KIND_LIST
                ? mailproto_pop3_server_scan_listing(&server, answering, 100 + answering)
                : mailproto_pop3_server_unique_id(&server, answering, str("uid-x"));
    answering += error == MAILPROTO_OK;
  }
  if (answering > COUNT) {
    error = mailproto_pop3_server_end_listing(&server);
    answering = error == MAILPROTO_OK ? 0 : answering;
  }
  if (answering > 0 && request.kind == MAILPROTO_POP3_REQUEST_KIND_MESSAGE) {
    const char *message = MESSAGES[answering - 1];
    size_t left = strlen(message) - given;
    size_t len = chance(left);
    const uint8_t *text = (const uint8_t *)message + given;
    if (left > 0 && mailproto_pop3_server_wants_more(&server)) {
      const uint8_t *before = text;
      error = mailproto_pop3_server_message_data(&server, &text, &len);
      given += (size_t)(text - before);
    } else {
      error = mailproto_pop3_server_end_message(&server);
      answering = error == MAILPROTO_OK ? 0 : answering;
    }
  }
  EXPECT(error == MAILPROTO_ERROR_FULL ? MAILPROTO_ERROR_FULL : MAILPROTO_OK, error);
}

static void on_request(void) {
  switch (request.kind) {
  case MAILPROTO_POP3_REQUEST_KIND_AUTH:
    begin_auth();
    break;
  case MAILPROTO_POP3_REQUEST_KIND_RESPONSE:
    authenticate();
    break;
  case MAILPROTO_POP3_REQUEST_KIND_APOP:
    check_apop();
    break;
  case MAILPROTO_POP3_REQUEST_KIND_STAT:
    EXPECT(MAILPROTO_OK, mailproto_pop3_server_drop_listing(&server, COUNT, 410));
    break;
  case MAILPROTO_POP3_REQUEST_KIND_LIST:
  case MAILPROTO_POP3_REQUEST_KIND_UIDL:
    CHECK(request.message == 0);
    answering = 1;
    break;
  case MAILPROTO_POP3_REQUEST_KIND_MESSAGE:
    CHECK(request.has_lines == (request.message == 4));
    EXPECT(MAILPROTO_OK, mailproto_pop3_server_message(&server, NULL));
    answering = request.message;
    given = 0;
    break;
  case MAILPROTO_POP3_REQUEST_KIND_UPDATE: {
    uint32_t message = 0;
    while ((message = mailproto_pop3_server_next_deleted(&server, message)) != 0) {
      removed |= 1u << message;
    }
    EXPECT(MAILPROTO_OK, mailproto_pop3_server_updated(&server, 1));
    break;
  }
  case MAILPROTO_POP3_REQUEST_KIND_HANDLED:
    break;
  default:
    fprintf(stderr, "request of kind %ld\n", (long)request.kind);
    failures++;
    break;
  }
}

/* The wire. */

static void take_some(struct pipe *pipe, const uint8_t *octets, size_t *len) {
  size_t room = sizeof pipe->octets - pipe->len;
  size_t some = chance(*len < room ? *len : room);
  memcpy(pipe->octets + pipe->len, octets, some);
  pipe->len += some;
  *len = some;
}

static void drop_taken(struct pipe *pipe, size_t taken) {
  memmove(pipe->octets, pipe->octets + taken, pipe->len - taken);
  pipe->len -= taken;
}

static void move_to_server(void) {
  const uint8_t *octets;
  size_t len;
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_outgoing(&client, &octets, &len));
  take_some(&to_server, octets, &len);
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_sent(&client, len));
}

static void move_to_client(void) {
  const uint8_t *octets;
  size_t len;
  EXPECT(MAILPROTO_OK, mailproto_pop3_server_outgoing(&server, &octets, &len));
  take_some(&to_client, octets, &len);
  EXPECT(MAILPROTO_OK, mailproto_pop3_server_sent(&server, len));
}

static void server_works(void) {
  const uint8_t *input = to_server.octets;
  size_t offered = chance(to_server.len);
  size_t left = offered;
  int32_t happened;
  while ((happened = mailproto_pop3_server_poll(&server, &input, &left, &request)) > 0) {
    on_request();
  }
  EXPECT(0, happened);
  drop_taken(&to_server, offered - left);
  if (answering > 0) {
    CHECK(mailproto_pop3_server_owes_answer(&server));
    go_on();
  }
}

static void client_works(void) {
  mailproto_pop3_event event;
  const uint8_t *input = to_client.octets;
  size_t offered = chance(to_client.len);
  size_t left = offered;
  int32_t happened;
  while ((happened = mailproto_pop3_client_poll(&client, &input, &left, &event)) > 0) {
    on_event(&event);
  }
  EXPECT(0, happened);
  drop_taken(&to_client, offered - left);
}

static void set_up(void) {
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  mailproto_pop3_server_config server_config = MAILPROTO_POP3_SERVER_CONFIG_INIT;
  config.security = MAILPROTO_POP3_SECURITY_PRIVATE;
  config.apop = 1;
  server_config.security = MAILPROTO_POP3_SECURITY_PRIVATE;
  server_config.mechanisms = 1u << MAILPROTO_SASL_MECHANISM_SCRAM_SHA_256;
  server_config.timestamp = str(TIMESTAMP);
  server_config.newlines_to_crlf = 1;
  memset(received_len, 0, sizeof received_len);
  listed = unique = completed = removed = answering = 0;
  logged_in = said_goodbye = false;
  to_client.len = to_server.len = 0;
  EXPECT(MAILPROTO_OK,
         mailproto_pop3_client_init(&client, sizeof client, client_scratch, sizeof client_scratch,
                                    client_tx, sizeof client_tx, &config));
  EXPECT(MAILPROTO_OK, mailproto_pop3_server_init(
                           &server, sizeof server, server_scratch, sizeof server_scratch, server_tx,
                           sizeof server_tx, marks, sizeof marks, &server_config));
  EXPECT(MAILPROTO_OK, mailproto_pop3_server_greet(&server, str("ready")));
}

static void talk(unsigned seed) {
  srand(seed);
  set_up();
  for (int turn = 0; turn < 20000 && !said_goodbye && failures == 0; turn++) {
    move_to_client();
    client_works();
    move_to_server();
    server_works();
  }
  CHECK(logged_in && said_goodbye);
  CHECK(listed == COUNT && unique == COUNT && completed == 12);
  CHECK(removed == ((1u << 2) | (1u << 4)));
  for (size_t i = 0; i < COUNT; i++) {
    CHECK(received_len[i] == strlen(RECEIVED[i]));
    CHECK(memcmp(received[i], RECEIVED[i], received_len[i]) == 0);
  }
  EXPECT(MAILPROTO_OK, mailproto_pop3_server_eof(&server));
  EXPECT(MAILPROTO_OK, mailproto_pop3_client_eof(&client));
}

/* Bad use of the server. */

static void server_hears(const char *text) {
  const uint8_t *input = (const uint8_t *)text;
  size_t len = strlen(text);
  while (mailproto_pop3_server_poll(&server, &input, &len, &request) > 0) {
  }
}

static void misuse_of_a_server_is_told(void) {
  const mailproto_error null = MAILPROTO_ERROR_NULL_POINTER;
  mailproto_pop3_server_config config = MAILPROTO_POP3_SERVER_CONFIG_INIT;
  mailproto_pop3_server garbage;
  mailproto_span none = {NULL, 0};
  const uint8_t *octets;
  size_t len;
  memset(&garbage, 0x5a, sizeof garbage);
  EXPECT(null, mailproto_pop3_server_greet(NULL, str("hi")));
  EXPECT(null,
         mailproto_pop3_server_init(&garbage, sizeof garbage, NULL, 9, NULL, 0, NULL, 0, NULL));
  EXPECT(MAILPROTO_ERROR_NOT_INITIALIZED, mailproto_pop3_server_greet(&garbage, str("hi")));
  EXPECT(null, mailproto_pop3_server_authenticate(&garbage, NULL));
  EXPECT(MAILPROTO_ERROR_ABI_MISMATCH,
         mailproto_pop3_server_init(&server, 3, NULL, 0, NULL, 0, NULL, 0, NULL));
  config.utf8 = 9;
  EXPECT(MAILPROTO_ERROR_BAD_VALUE,
         mailproto_pop3_server_init(&server, sizeof server, server_scratch, 512, server_tx, 512,
                                    marks, 8, &config));
  EXPECT(MAILPROTO_ERROR_OVERLAP,
         mailproto_pop3_server_init(&server, sizeof server, server_scratch, 512, server_tx, 512,
                                    server_tx + 8, 8, NULL));
  set_up();
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_pop3_server_greet(&server, str("again")));
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_pop3_server_accept(&server, 1));
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_pop3_server_drop_listing(&server, 1, 1));
  server_hears("USER mrose\r\nPASS x\r\n");
  CHECK(request.kind == MAILPROTO_POP3_REQUEST_KIND_LOGIN && is(request.secret, "x"));
  EXPECT(MAILPROTO_ERROR_BUFFER_TOO_SMALL, mailproto_pop3_server_accept(&server, 65));
  CHECK(mailproto_pop3_server_detail(&server) == 9);
  EXPECT(MAILPROTO_ERROR_BAD_VALUE, mailproto_pop3_server_reject(&server, 99, none, str("no")));
  EXPECT(MAILPROTO_ERROR_EMPTY, mailproto_pop3_server_reject(
                                    &server, MAILPROTO_POP3_RESPONSE_CODE_OTHER, none, str("no")));
  EXPECT(MAILPROTO_ERROR_FORBIDDEN_OCTET,
         mailproto_pop3_server_reject(&server, 0, none, str("a\r\nb")));
  EXPECT(MAILPROTO_OK, mailproto_pop3_server_accept(&server, 64));
  server_hears("UIDL 1\r\n");
  EXPECT(MAILPROTO_ERROR_FORBIDDEN_OCTET, mailproto_pop3_server_unique_id(&server, 1, str("a b")));
  EXPECT(MAILPROTO_ERROR_EMPTY, mailproto_pop3_server_unique_id(&server, 1, none));
  EXPECT(MAILPROTO_ERROR_WRONG_STATE, mailproto_pop3_server_unique_id(&server, 2, str("a")));
  EXPECT(MAILPROTO_ERROR_BAD_VALUE, mailproto_pop3_server_updated(&server, 2));
  EXPECT(MAILPROTO_OK, mailproto_pop3_server_unique_id(&server, 1, str("a")));
  EXPECT(MAILPROTO_OK, mailproto_pop3_server_outgoing(&server, &octets, &len));
  CHECK(len > 8 && memcmp(octets + len - 9, "+OK 1 a\r\n", 9) == 0);
  EXPECT(MAILPROTO_ERROR_CLOSED_BY_PEER, mailproto_pop3_server_eof(&server));
  EXPECT(MAILPROTO_ERROR_CLOSED_BY_PEER, mailproto_pop3_server_abort(&server));
  EXPECT(MAILPROTO_OK, mailproto_pop3_server_wipe(&server));
  EXPECT(MAILPROTO_ERROR_NOT_INITIALIZED, mailproto_pop3_server_wipe(&server));
}

static void keys_are_not_made_carelessly(void) {
  uint8_t stored[32], key[32];
  mailproto_span salt = str("sixteen octets..");
  mailproto_span none = {NULL, 0};
  EXPECT(MAILPROTO_ERROR_SASL_TOO_FEW_ITERATIONS,
         mailproto_scram_sha_256_keys(str("pencil"), salt, 4095, &stored, &key));
  EXPECT(MAILPROTO_ERROR_SASL_EMPTY_CREDENTIAL,
         mailproto_scram_sha_256_keys(none, salt, 4096, &stored, &key));
  EXPECT(MAILPROTO_ERROR_NULL_POINTER,
         mailproto_scram_sha_256_keys(str("pencil"), salt, 4096, NULL, &key));
}

int main(void) {
  for (unsigned seed = 0; seed < 40 && failures == 0; seed++) {
    by_apop = seed % 2 == 1;
    by_stored_keys = seed % 4 == 0;
    talk(seed);
  }
  misuse_of_a_server_is_told();
  keys_are_not_made_carelessly();
  return finish("both_roles");
}
