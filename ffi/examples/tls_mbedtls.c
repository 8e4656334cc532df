/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See tls.h. Over Mbed TLS 2.28 or 3. It knows no certificates of the system's, and before 3.6 no
 * addresses in certificates: give it a file, and a name. */
#define _POSIX_C_SOURCE 200809L

#include "tls.h"

#include <errno.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#if MBEDTLS_VERSION_MAJOR >= 3
#include <psa/crypto.h>
#endif

struct tls {
  int socket;
  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context random;
  mbedtls_x509_crt authorities;
  mbedtls_ssl_config config;
  mbedtls_ssl_context session;
  size_t unsent; /* how many octets the library holds of a call that could not send them yet */
  int failure;
  char why[160];
};

/* The socket. */

static int outcome(ssize_t octets, int again) {
  if (octets < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    return again;
  }
  return octets < 0 ? MBEDTLS_ERR_NET_CONN_RESET : (int)octets;
}

static int socket_send(void *context, const unsigned char *octets, size_t len) {
  const struct tls *tls = context;
  return outcome(send(tls->socket, octets, len, 0), MBEDTLS_ERR_SSL_WANT_WRITE);
}

static int socket_recv(void *context, unsigned char *octets, size_t len) {
  const struct tls *tls = context;
  return outcome(recv(tls->socket, octets, len, 0), MBEDTLS_ERR_SSL_WANT_READ);
}

/* The set-up. */

bool tls_is_there(void) { return true; }

static int seed(struct tls *tls) {
#if MBEDTLS_VERSION_MAJOR >= 3
  if (psa_crypto_init() != PSA_SUCCESS) { /* TLS 1.3 needs it */
    return MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED;
  }
#endif
  return mbedtls_ctr_drbg_seed(&tls->random, mbedtls_entropy_func, &tls->entropy, NULL, 0);
}

static int configure(struct tls *tls, const char *host) {
  mbedtls_ssl_config *config = &tls->config;
  int failure = mbedtls_ssl_config_defaults(
      config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
  if (failure != 0) {
    return failure;
  }
#if MBEDTLS_VERSION_MAJOR < 3 /* later ones know nothing older */
  mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
#endif
  mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_ca_chain(config, &tls->authorities, NULL);
  mbedtls_ssl_conf_rng(config, mbedtls_ctr_drbg_random, &tls->random);
  failure = mbedtls_ssl_setup(&tls->session, config);
  mbedtls_ssl_set_bio(&tls->session, tls, socket_send, socket_recv, NULL);
  return failure != 0 ? failure : mbedtls_ssl_set_hostname(&tls->session, host);
}

struct tls *tls_new(int socket, const char *host, const char *cafile) {
  static struct tls tls; /* as on a chip */
  memset(&tls, 0, sizeof tls);
  tls.socket = socket;
  mbedtls_entropy_init(&tls.entropy);
  mbedtls_ctr_drbg_init(&tls.random);
  mbedtls_x509_crt_init(&tls.authorities);
  mbedtls_ssl_config_init(&tls.config);
  mbedtls_ssl_init(&tls.session);
  if (cafile == NULL || mbedtls_x509_crt_parse_file(&tls.authorities, cafile) != 0) {
    fprintf(stderr, "%s: no certificates\n", cafile == NULL ? "system" : cafile);
  } else if (seed(&tls) != 0 || configure(&tls, host) != 0) {
    fprintf(stderr, "TLS: cannot be set up\n");
  } else {
    return &tls;
  }
  tls_free(&tls);
  return NULL;
}

/* Its use. */

static int32_t told(struct tls *tls, int result) {
  if (result > 0) {
    return result;
  }
#if MBEDTLS_VERSION_NUMBER >= 0x03060000 /* a session ticket of TLS 1.3 is no data */
  if (result == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
    return TLS_AGAIN;
  }
#endif
  if (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE) {
    return TLS_AGAIN;
  }
  tls->failure = result;
  return TLS_FAILED;
}

int tls_handshake(struct tls *tls) {
  int result = mbedtls_ssl_handshake(&tls->session);
  return result == 0 ? 1 : told(tls, result);
}

int32_t tls_send(struct tls *tls, const void *octets, size_t len) {
  /* What was begun must be asked for anew, neither more nor less. */
  int result = mbedtls_ssl_write(&tls->session, octets, tls->unsent > 0 ? tls->unsent : len);
  int32_t sent = told(tls, result);
  if (sent == TLS_AGAIN && tls->unsent == 0) {
    tls->unsent = len;
  } else if (sent != TLS_AGAIN) {
    tls->unsent = 0;
  }
  return sent;
}

int32_t tls_recv(struct tls *tls, void *octets, size_t len) {
  return told(tls, mbedtls_ssl_read(&tls->session, octets, len));
}

const char *tls_error(struct tls *tls) {
  uint32_t flags = mbedtls_ssl_get_verify_result(&tls->session);
  if (flags != 0 && flags != UINT32_MAX) {
    mbedtls_x509_crt_verify_info(tls->why, sizeof tls->why, "", flags);
    tls->why[strcspn(tls->why, "\n")] = '\0';
  } else {
    mbedtls_strerror(tls->failure, tls->why, sizeof tls->why);
  }
  return tls->why;
}

void tls_free(struct tls *tls) {
  if (tls == NULL) {
    return;
  }
  mbedtls_ssl_close_notify(&tls->session);
  mbedtls_ssl_free(&tls->session);
  mbedtls_ssl_config_free(&tls->config);
  mbedtls_x509_crt_free(&tls->authorities);
  mbedtls_ctr_drbg_free(&tls->random);
  mbedtls_entropy_free(&tls->entropy);
}
