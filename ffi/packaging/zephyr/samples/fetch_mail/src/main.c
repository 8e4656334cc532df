/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Prints the newest message of a POP3 maildrop; with CONFIG_MAIL_TLS over TLS. */
#include <stdbool.h>
#include <stdio.h>

#include <zephyr/kernel.h>
#include <zephyr/net/socket.h>
#include <zephyr/net/tls_credentials.h>

#include <mailproto_transport.h>

static mailproto_pop3_client client;
static uint8_t scratch[256], tx[256], received[256];

/* How octets travel. */

/** Whether the socket is ready for what is wanted, within a second. */
static bool is_ready(int socket, short wanted) {
  struct zsock_pollfd poll = {.fd = socket, .events = wanted};
  return zsock_poll(&poll, 1, 1000) != 0;
}

static int32_t socket_send(void *context, const void *octets, size_t len) {
  int socket = *(const int *)context;
  ssize_t sent;
  if (!is_ready(socket, ZSOCK_POLLOUT)) {
    return 0;
  }
  sent = zsock_send(socket, octets, len, 0);
  return sent > 0 ? (int32_t)sent : -1;
}

static int32_t socket_recv(void *context, void *octets, size_t len) {
  int socket = *(const int *)context;
  ssize_t read;
  if (!is_ready(socket, ZSOCK_POLLIN)) {
    return 0;
  }
  read = zsock_recv(socket, octets, len, 0);
  return read > 0 ? (int32_t)read : -1;
}

static uint32_t now_ms(void *context) {
  ARG_UNUSED(context);
  return k_uptime_get_32();
}

#ifdef CONFIG_MAIL_TLS
#define PORT "995"
#define PROTOCOL IPPROTO_TLS_1_2
#define SECURITY MAILPROTO_POP3_SECURITY_PRIVATE
/** The certificate that the server's must come from: yours, added with tls_credential_add. */
static const sec_tag_t trusted[] = {1};

static int secure(int socket) {
  const char *host = CONFIG_MAIL_HOST;
  int result = zsock_setsockopt(socket, SOL_TLS, TLS_SEC_TAG_LIST, trusted, sizeof trusted);
  return result != 0
             ? result
             : zsock_setsockopt(socket, SOL_TLS, TLS_HOSTNAME, host, sizeof CONFIG_MAIL_HOST);
}
#else
#define PORT "110"
#define PROTOCOL IPPROTO_TCP
/** The password travels in the clear: on a network of your own, for a try. */
#define SECURITY MAILPROTO_POP3_SECURITY_DANGER_CLEARTEXT

static int secure(int socket) {
  ARG_UNUSED(socket);
  return 0;
}
#endif

/** A connected socket, or a negative number. */
static int dial(void) {
  const struct zsock_addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
  struct zsock_addrinfo *address;
  int socket;
  if (zsock_getaddrinfo(CONFIG_MAIL_HOST, PORT, &hints, &address) != 0) {
    return -1;
  }
  socket = zsock_socket(address->ai_family, SOCK_STREAM, PROTOCOL);
  if (socket >= 0 &&
      (secure(socket) != 0 || zsock_connect(socket, address->ai_addr, address->ai_addrlen) != 0)) {
    zsock_close(socket);
    socket = -1;
  }
  zsock_freeaddrinfo(address);
  return socket;
}

/* What happens. */

/** Gives the next command when one is done. */
static int32_t on_completed(const mailproto_pop3_event *event) {
  bool ok = event->status == MAILPROTO_POP3_STATUS_OK;
  if (!ok) {
    printf("refused: %.*s\n", (int)event->text.len, (const char *)event->text.ptr);
  }
  switch (event->verb) {
  case MAILPROTO_POP3_VERB_USER:
  case MAILPROTO_POP3_VERB_QUIT:
    return 0;
  case MAILPROTO_POP3_VERB_PASS:
    return ok ? mailproto_pop3_client_stat(&client, NULL)
              : mailproto_pop3_client_quit(&client, NULL);
  case MAILPROTO_POP3_VERB_STAT:
    return ok && event->messages > 0 ? mailproto_pop3_client_retr(&client, event->messages, NULL)
                                     : mailproto_pop3_client_quit(&client, NULL);
  default:
    return mailproto_pop3_client_quit(&client, NULL);
  }
}

static int32_t on_event(void *context, mailproto_pop3_client *pop3,
                        const mailproto_pop3_event *event) {
  ARG_UNUSED(context);
  switch (event->kind) {
  case MAILPROTO_POP3_EVENT_KIND_GREETING:
    return mailproto_pop3_client_login(pop3, mailproto_string(CONFIG_MAIL_USER),
                                       mailproto_string(CONFIG_MAIL_PASSWORD), NULL);
  case MAILPROTO_POP3_EVENT_KIND_DATA:
    fwrite(event->data.ptr, 1, event->data.len, stdout);
    return 0;
  case MAILPROTO_POP3_EVENT_KIND_COMPLETED:
    return on_completed(event);
  default:
    return 0;
  }
}

static int32_t hold_session(int socket) {
  const mailproto_pop3_handler handler = {on_event, NULL, NULL};
  mailproto_transport transport = MAILPROTO_TRANSPORT_INIT;
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  int32_t result;
  config.security = SECURITY;
  transport.send = socket_send;
  transport.recv = socket_recv;
  transport.now_ms = now_ms;
  transport.context = &socket;
  transport.buffer = received;
  transport.buffer_len = sizeof received;
  result = mailproto_pop3_client_init(&client, sizeof client, scratch, sizeof scratch, tx,
                                      sizeof tx, &config);
  return result == MAILPROTO_OK ? mailproto_pop3_run(&client, &transport, &handler) : result;
}

int main(void) {
  int32_t result;
  int socket = dial();
  if (socket < 0) {
    printf("no connection to %s\n", CONFIG_MAIL_HOST);
    return 0;
  }
  result = hold_session(socket);
  zsock_close(socket);
  printf(result == MAILPROTO_OK ? "done\n" : "the session failed: error %d\n", (int)result);
  return 0;
}
