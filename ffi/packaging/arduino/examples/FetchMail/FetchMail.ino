/* SPDX-License-Identifier: MIT OR Apache-2.0 */
// Prints sender and subject of the newest unread message, by IMAP over TLS.

#if defined(ESP32)
#include <WiFi.h>
#include <WiFiClientSecure.h>
static WiFiClientSecure network;
#elif defined(ARDUINO_UNOR4_WIFI)
#include <WiFiS3.h>
static WiFiSSLClient network;
#else
#include <WiFiNINA.h>
static WiFiSSLClient network;
#endif

#include <mailproto_transport.h>

#ifndef WIFI_NAME
#define WIFI_NAME "network"
#define WIFI_PASSWORD "secret"
#endif

static const char HOST[] = "imap.example.com";
static const char USER[] = "ann@example.com";
static const char PASSWORD[] = "secret";

// One session needs no more memory than this, and what TLS takes.
static mailproto_imap_client client;
static uint8_t scratch[512], tx[256], received[512];
static uint32_t newest;  // its UID

// How octets travel: through any Client of Arduino's.

static int32_t networkSend(void *context, const void *octets, size_t len) {
  Client *connection = static_cast<Client *>(context);
  size_t sent = connection->write(static_cast<const uint8_t *>(octets), len);
  return sent == 0 && !connection->connected() ? -1 : static_cast<int32_t>(sent);
}

static int32_t networkReceive(void *context, void *octets, size_t len) {
  Client *connection = static_cast<Client *>(context);
  if (connection->available() == 0) {
    if (!connection->connected()) {
      return -1;
    }
    delay(10);
    return 0;
  }
  int received = connection->read(static_cast<uint8_t *>(octets), len);
  return received > 0 ? received : 0;
}

static uint32_t nowMs(void *) { return millis(); }

// What happens.

static int32_t onCompleted(const mailproto_imap_event *event) {
  bool ok = event->status == MAILPROTO_IMAP_STATUS_OK;
  if (!ok) {
    Serial.print("refused: ");
    Serial.write(event->text.ptr, event->text.len);
    Serial.println();
  }
  if (ok && event->command == MAILPROTO_IMAP_COMMAND_LOGIN) {
    return mailproto_imap_client_examine(&client, mailproto_imap_named("INBOX"), NULL);
  }
  if (ok && event->command == MAILPROTO_IMAP_COMMAND_EXAMINE) {
    const mailproto_imap_search_key unseen = MAILPROTO_IMAP_KEY(MAILPROTO_IMAP_SEARCH_UNSEEN);
    return mailproto_imap_client_uid_search(&client, &unseen, 1, NULL, NULL);
  }
  if (ok && event->command == MAILPROTO_IMAP_COMMAND_SEARCH && newest != 0) {
    const mailproto_imap_fetch_item fields =
        mailproto_imap_fetch_fields(MAILPROTO_LITERAL("FROM SUBJECT"));
    return mailproto_imap_client_uid_fetch(&client, mailproto_imap_one(newest), &fields, 1, NULL,
                                           NULL);
  }
  if (event->command == MAILPROTO_IMAP_COMMAND_LOGOUT) {
    return 0;
  }
  return mailproto_imap_client_logout(&client, NULL);
}

static int32_t onEvent(void *, mailproto_imap_client *imap, const mailproto_imap_event *event) {
  switch (event->kind) {
  case MAILPROTO_IMAP_EVENT_KIND_GREETING:
    return mailproto_imap_client_login(imap, mailproto_string(USER), mailproto_string(PASSWORD),
                                       NULL);
  case MAILPROTO_IMAP_EVENT_KIND_FOUND:
    newest = event->number > newest ? event->number : newest;
    return 0;
  case MAILPROTO_IMAP_EVENT_KIND_BODY_DATA:
    Serial.write(event->data.ptr, event->data.len);
    return 0;
  case MAILPROTO_IMAP_EVENT_KIND_COMPLETED:
    return onCompleted(event);
  default:
    return 0;
  }
}

static int32_t holdSession(Client &connection) {
  const mailproto_imap_handler handler = {onEvent, NULL, NULL};
  mailproto_transport transport = MAILPROTO_TRANSPORT_INIT;
  mailproto_imap_config config = MAILPROTO_IMAP_CONFIG_INIT;
  config.security = MAILPROTO_IMAP_SECURITY_PRIVATE;  // TLS is there already
  transport.send = networkSend;
  transport.recv = networkReceive;
  transport.now_ms = nowMs;
  transport.context = &connection;
  transport.buffer = received;
  transport.buffer_len = sizeof received;
  int32_t result = mailproto_imap_client_init(&client, sizeof client, scratch, sizeof scratch, tx,
                                              sizeof tx, &config);
  return result == MAILPROTO_OK ? mailproto_imap_run(&client, &transport, &handler) : result;
}

void setup() {
  Serial.begin(115200);
  WiFi.begin(WIFI_NAME, WIFI_PASSWORD);
  while (WiFi.status() != WL_CONNECTED) {
    delay(100);
  }
#if defined(ESP32)
  // For a try only: anybody could be the server. Give it the certificate with setCACert instead.
  network.setInsecure();
#endif
  if (!network.connect(HOST, 993)) {
    Serial.println("no connection");
    return;
  }
  int32_t result = holdSession(network);
  network.stop();
  Serial.print("session: ");
  Serial.println(result);  // 0 is a good end
}

void loop() {}
