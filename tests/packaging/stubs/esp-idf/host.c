/* host.c: ESP-IDF's functions, of the host's, without TLS. */
#include "../host.h"

#include <string.h>

#include "esp_crt_bundle.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "esp_timer.h"
#include "esp_tls.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"

struct esp_tls {
  int socket;
};

static struct esp_tls only;
void app_main(void);

esp_err_t nvs_flash_init(void) { return ESP_OK; }
esp_err_t esp_netif_init(void) { return ESP_OK; }
esp_err_t esp_event_loop_create_default(void) { return ESP_OK; }
esp_err_t example_connect(void) { return ESP_OK; }
esp_err_t esp_crt_bundle_attach(void *config) { return config == NULL; }
int64_t esp_timer_get_time(void) { return (int64_t)host_milliseconds() * 1000; }

esp_tls_t *esp_tls_init(void) { return &only; }

int esp_tls_conn_new_sync(const char *host, int len, int port, const esp_tls_cfg_t *config,
                          esp_tls_t *tls) {
  tls->socket = host_dial();
  return tls->socket >= 0 && strlen(host) == (size_t)len && port == 993 &&
                 config->crt_bundle_attach == esp_crt_bundle_attach
             ? 1
             : -1;
}

ssize_t esp_tls_conn_write(esp_tls_t *tls, const void *octets, size_t len) {
  return host_send(tls->socket, octets, len);
}

/* Every other time it says that it is not ready, as TLS may. */
ssize_t esp_tls_conn_read(esp_tls_t *tls, void *octets, size_t len) {
  static int turn;
  turn = !turn;
  return turn ? ESP_TLS_ERR_SSL_WANT_READ : host_recv(tls->socket, octets, len);
}

ssize_t esp_tls_get_bytes_avail(esp_tls_t *tls) {
  (void)tls;
  return 0;
}

esp_err_t esp_tls_get_conn_sockfd(esp_tls_t *tls, int *socket) {
  *socket = tls->socket;
  return ESP_OK;
}

int esp_tls_conn_destroy(esp_tls_t *tls) {
  host_close(tls->socket);
  return 0;
}

int main(void) {
  app_main();
  return 0;
}
