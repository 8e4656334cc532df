/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Prints sender and subject of the newest unread message, by IMAP over TLS. */
#include <mailproto_transport.h>

#include <stdio.h>
#include <string.h>
#include <sys/select.h>

#include "esp_crt_bundle.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "esp_timer.h"
#include "esp_tls.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"

/* One session needs no more memory than this, and what TLS takes. */
static mailproto_imap_client client;
static uint8_t scratch[512], tx[256], received[512];
static uint32_t newest; /* its UID */

/* How octets travel. */

static int32_t tls_send(void *context, const void *octets, size_t len) {
  ssize_t sent = esp_tls_conn_write(context, octets, len);
  if (sent == ESP_TLS_ERR_SSL_WANT_READ || sent == ESP_TLS_ERR_SSL_WANT_WRITE) {
    return 0;
  }
  return sent > 0 ? (int32_t)sent : -1;
}

/** Whether something is there to be read, within a second. */
static bool readable(esp_tls_t *tls) {
  struct timeval second = {1, 0};
  fd_set sockets;
  int socket;
  if (esp_tls_get_bytes_avail(tls) > 0) {
    return true;
  }
  if (esp_tls_get_conn_sockfd(tls, &socket) != ESP_OK) {
    return true; /* reading will tell what is wrong */
  }
  FD_ZERO(&sockets);
  FD_SET(socket, &sockets);
  return select(socket + 1, &sockets, NULL, NULL, &second) != 0;
}

static int32_t tls_recv(void *context, void *octets, size_t len) {
  ssize_t read;
  if (!readable(context)) {
    return 0;
  }
  read = esp_tls_conn_read(context, octets, len);
  if (read == ESP_TLS_ERR_SSL_WANT_READ || read == ESP_TLS_ERR_SSL_WANT_WRITE) {
    return 0;
  }
  return read > 0 ? (int32_t)read : -1;
}

static uint32_t now_ms(void *context) {
  (void)context;
  return (uint32_t)(esp_timer_get_time() / 1000);
}

/* What happens. */

/** Gives the next command when one is done. */
static int32_t on_completed(const mailproto_imap_event *event) {
  static const mailproto_imap_search_key unseen = MAILPROTO_IMAP_KEY(MAILPROTO_IMAP_SEARCH_UNSEEN);
  mailproto_imap_fetch_item fields = mailproto_imap_fetch_fields(MAILPROTO_LITERAL("FROM SUBJECT"));
  bool ok = event->status == MAILPROTO_IMAP_STATUS_OK;
  if (!ok) {
    printf("refused: %.*s\n", (int)event->text.len, (const char *)event->text.ptr);
  }
  if (ok && event->command == MAILPROTO_IMAP_COMMAND_LOGIN) {
    return mailproto_imap_client_examine(&client, mailproto_imap_named("INBOX"), NULL);
  }
  if (ok && event->command == MAILPROTO_IMAP_COMMAND_EXAMINE) {
    return mailproto_imap_client_uid_search(&client, &unseen, 1, NULL, NULL);
  }
  if (ok && event->command == MAILPROTO_IMAP_COMMAND_SEARCH && newest != 0) {
    return mailproto_imap_client_uid_fetch(&client, mailproto_imap_one(newest), &fields, 1, NULL,
                                           NULL);
  }
  return event->command == MAILPROTO_IMAP_COMMAND_LOGOUT
             ? 0
             : mailproto_imap_client_logout(&client, NULL);
}

static int32_t on_event(void *context, mailproto_imap_client *imap,
                        const mailproto_imap_event *event) {
  (void)context;
  switch (event->kind) {
  case MAILPROTO_IMAP_EVENT_KIND_GREETING:
    return mailproto_imap_client_login(imap, mailproto_string(CONFIG_EXAMPLE_MAIL_USER),
                                       mailproto_string(CONFIG_EXAMPLE_MAIL_PASSWORD), NULL);
  case MAILPROTO_IMAP_EVENT_KIND_FOUND:
    newest = event->number > newest ? event->number : newest;
    return 0;
  case MAILPROTO_IMAP_EVENT_KIND_BODY_DATA:
    fwrite(event->data.ptr, 1, event->data.len, stdout);
    return 0;
  case MAILPROTO_IMAP_EVENT_KIND_COMPLETED:
    return on_completed(event);
  default:
    return 0;
  }
}

static int32_t hold_session(esp_tls_t *tls) {
  const mailproto_imap_handler handler = {on_event, NULL, NULL};
  mailproto_transport transport = MAILPROTO_TRANSPORT_INIT;
  mailproto_imap_config config = MAILPROTO_IMAP_CONFIG_INIT;
  int32_t result;
  config.security = MAILPROTO_IMAP_SECURITY_PRIVATE; /* TLS is there already */
  transport.send = tls_send;
  transport.recv = tls_recv;
  transport.now_ms = now_ms;
  transport.context = tls;
  transport.buffer = received;
  transport.buffer_len = sizeof received;
  result = mailproto_imap_client_init(&client, sizeof client, scratch, sizeof scratch, tx,
                                      sizeof tx, &config);
  return result == MAILPROTO_OK ? mailproto_imap_run(&client, &transport, &handler) : result;
}

void app_main(void) {
  const esp_tls_cfg_t trust = {.crt_bundle_attach = esp_crt_bundle_attach, .timeout_ms = 10000};
  const char *host = CONFIG_EXAMPLE_MAIL_HOST;
  esp_tls_t *tls;

  ESP_ERROR_CHECK(nvs_flash_init());
  ESP_ERROR_CHECK(esp_netif_init());
  ESP_ERROR_CHECK(esp_event_loop_create_default());
  ESP_ERROR_CHECK(example_connect());

  tls = esp_tls_init();
  if (tls == NULL || esp_tls_conn_new_sync(host, (int)strlen(host), 993, &trust, tls) != 1) {
    printf("no TLS connection to %s\n", host);
  } else {
    int32_t result = hold_session(tls);
    printf(result == MAILPROTO_OK ? "done\n" : "the session failed: error %d\n", (int)result);
  }
  if (tls != NULL) {
    esp_tls_conn_destroy(tls);
  }
}
