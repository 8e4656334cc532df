/* esp_tls.h: what the example needs of ESP-IDF's, as its documentation has it. */
#ifndef ESP_TLS_H
#define ESP_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "esp_err.h"

#define ESP_TLS_ERR_SSL_WANT_READ (-0x6900)
#define ESP_TLS_ERR_SSL_WANT_WRITE (-0x6880)

typedef struct esp_tls esp_tls_t;

typedef struct esp_tls_cfg {
  int timeout_ms;
  esp_err_t (*crt_bundle_attach)(void *config);
} esp_tls_cfg_t;

esp_tls_t *esp_tls_init(void);
int esp_tls_conn_new_sync(const char *host, int len, int port, const esp_tls_cfg_t *config,
                          esp_tls_t *tls);
ssize_t esp_tls_conn_write(esp_tls_t *tls, const void *octets, size_t len);
ssize_t esp_tls_conn_read(esp_tls_t *tls, void *octets, size_t len);
ssize_t esp_tls_get_bytes_avail(esp_tls_t *tls);
esp_err_t esp_tls_get_conn_sockfd(esp_tls_t *tls, int *socket);
int esp_tls_conn_destroy(esp_tls_t *tls);

#endif
