/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A task of FreeRTOS that prints the newest message of a POP3 maildrop, over lwIP's sockets. */
#include "fetch_mail.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <FreeRTOS.h>
#include <task.h>

#include <lwip/api.h>
#include <lwip/sockets.h>

#include <mailproto_transport.h>

/** All of a session. */
struct session {
  mailproto_pop3_client client;
  uint8_t scratch[256];
  uint8_t tx[256];
  uint8_t received[512];
  const struct mail_box *box;
  int socket;
};

/* How octets travel. */

static int32_t socket_send(void *context, const void *octets, size_t len) {
  const struct session *session = context;
  ssize_t sent = lwip_send(session->socket, octets, len, 0);
  return sent > 0 ? (int32_t)sent : -1;
}

static int32_t socket_recv(void *context, void *octets, size_t len) {
  const struct session *session = context;
  ssize_t read = lwip_recv(session->socket, octets, len, 0);
  if (read < 0 && errno == EWOULDBLOCK) {
    return 0; /* nothing came for a second */
  }
  return read > 0 ? (int32_t)read : -1;
}

static uint32_t now_ms(void *context) {
  (void)context;
  return (uint32_t)(xTaskGetTickCount() * portTICK_PERIOD_MS);
}

static bool resolve(const char *host, ip_addr_t *address) {
#if LWIP_DNS
  return netconn_gethostbyname(host, address) == ERR_OK;
#else
  return ipaddr_aton(host, address) != 0;
#endif
}

/** A connected socket, or a negative number. */
static int dial(const struct mail_box *box) {
  /* So that time limits are looked at while nothing comes. */
  const struct timeval second = {1, 0};
  struct sockaddr_in peer;
  ip_addr_t address;
  int found;
  if (!resolve(box->host, &address)) {
    return -1;
  }
  memset(&peer, 0, sizeof peer);
  peer.sin_family = AF_INET;
  peer.sin_port = lwip_htons(box->port);
  inet_addr_from_ip4addr(&peer.sin_addr, ip_2_ip4(&address));
  found = lwip_socket(AF_INET, SOCK_STREAM, 0);
  if (found >= 0 && (lwip_setsockopt(found, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second) != 0 ||
                     lwip_connect(found, (const struct sockaddr *)&peer, sizeof peer) != 0)) {
    lwip_close(found);
    found = -1;
  }
  return found;
}

/* What happens. */

/** Gives the next command when one is done. */
static int32_t on_completed(mailproto_pop3_client *client, const mailproto_pop3_event *event) {
  bool ok = event->status == MAILPROTO_POP3_STATUS_OK;
  if (!ok) {
    printf("refused: %.*s\n", (int)event->text.len, (const char *)event->text.ptr);
  }
  switch (event->verb) {
  case MAILPROTO_POP3_VERB_USER:
  case MAILPROTO_POP3_VERB_QUIT:
    return 0;
  case MAILPROTO_POP3_VERB_PASS:
    return ok ? mailproto_pop3_client_stat(client, NULL) : mailproto_pop3_client_quit(client, NULL);
  case MAILPROTO_POP3_VERB_STAT:
    return ok && event->messages > 0 ? mailproto_pop3_client_retr(client, event->messages, NULL)
                                     : mailproto_pop3_client_quit(client, NULL);
  default:
    return mailproto_pop3_client_quit(client, NULL);
  }
}

static int32_t on_event(void *context, mailproto_pop3_client *client,
                        const mailproto_pop3_event *event) {
  const struct session *session = context;
  switch (event->kind) {
  case MAILPROTO_POP3_EVENT_KIND_GREETING:
    return mailproto_pop3_client_login(client, mailproto_string(session->box->user),
                                       mailproto_string(session->box->password), NULL);
  case MAILPROTO_POP3_EVENT_KIND_DATA:
    fwrite(event->data.ptr, 1, event->data.len, stdout);
    return 0;
  case MAILPROTO_POP3_EVENT_KIND_COMPLETED:
    return on_completed(client, event);
  default:
    return 0;
  }
}

static int32_t hold(struct session *session) {
  const mailproto_pop3_handler handler = {on_event, NULL, session};
  mailproto_transport transport = MAILPROTO_TRANSPORT_INIT;
  mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
  int32_t result;
  config.security = MAILPROTO_POP3_SECURITY_DANGER_CLEARTEXT; /* PRIVATE with TLS */
  transport.send = socket_send;
  transport.recv = socket_recv;
  transport.now_ms = now_ms;
  transport.context = session;
  transport.buffer = session->received;
  transport.buffer_len = sizeof session->received;
  result =
      mailproto_pop3_client_init(&session->client, sizeof session->client, session->scratch,
                                 sizeof session->scratch, session->tx, sizeof session->tx, &config);
  return result == MAILPROTO_OK ? mailproto_pop3_run(&session->client, &transport, &handler)
                                : result;
}

/** xTaskCreate(fetch_mail_task, "mail", FETCH_MAIL_STACK, (void *)&box, 2, NULL); */
void fetch_mail_task(void *parameter) {
  static struct session session; /* of the one task that runs this */
  int32_t result = -1;
  session.box = parameter;
  session.socket = dial(session.box);
  if (session.socket >= 0) {
    result = hold(&session);
    lwip_close(session.socket);
  }
  printf(result == MAILPROTO_OK ? "done\n" : "no mail: error %d\n", (int)result);
  vTaskDelete(NULL);
}
