/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See tls.h. Over OpenSSL 1.1.1 or later. */
#define _POSIX_C_SOURCE 200809L

#include "tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>

bool tls_is_there(void) { return true; }

/* The library's own object is all there is. */
static SSL *ssl(struct tls *tls) { return (SSL *)tls; }

static SSL_CTX *make_context(const char *cafile) {
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  if (context == NULL || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
    SSL_CTX_free(context);
    return NULL;
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if ((cafile == NULL ? SSL_CTX_set_default_verify_paths(context)
                      : SSL_CTX_load_verify_locations(context, cafile, NULL)) != 1) {
    fprintf(stderr, "%s: no certificates\n", cafile == NULL ? "system" : cafile);
    SSL_CTX_free(context);
    return NULL;
  }
  return context;
}

/** Demands that the certificate names the host, be that a name or an address. */
static bool expect_host(SSL *session, const char *host) {
  unsigned char address[sizeof(struct in6_addr)];
  if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1;
  }
  return SSL_set1_host(session, host) == 1 && SSL_set_tlsext_host_name(session, host) == 1;
}

struct tls *tls_new(int socket, const char *host, const char *cafile) {
  SSL_CTX *context = make_context(cafile);
  SSL *session = context == NULL ? NULL : SSL_new(context);
  SSL_CTX_free(context); /* the session holds it as long as it needs it */
  if (session == NULL || !expect_host(session, host) || SSL_set_fd(session, socket) != 1) {
    fprintf(stderr, "TLS: cannot be set up\n");
    SSL_free(session);
    return NULL;
  }
  return (struct tls *)session;
}

/** A connection that ends without TLS's own farewell has failed too: anybody may have cut it. */
static int32_t outcome(SSL *session, int octets) {
  if (octets > 0) {
    return octets;
  }
  switch (SSL_get_error(session, octets)) {
  case SSL_ERROR_WANT_READ:
  case SSL_ERROR_WANT_WRITE:
    return TLS_AGAIN;
  case SSL_ERROR_SYSCALL:
    return errno == EINTR ? TLS_AGAIN : TLS_FAILED;
  default:
    return TLS_FAILED;
  }
}

int tls_handshake(struct tls *tls) {
  ERR_clear_error();
  return outcome(ssl(tls), SSL_connect(ssl(tls)));
}

static int at_most_int(size_t len) { return len > 0x40000000 ? 0x40000000 : (int)len; }

int32_t tls_send(struct tls *tls, const void *octets, size_t len) {
  ERR_clear_error();
  return outcome(ssl(tls), SSL_write(ssl(tls), octets, at_most_int(len)));
}

int32_t tls_recv(struct tls *tls, void *octets, size_t len) {
  ERR_clear_error();
  return outcome(ssl(tls), SSL_read(ssl(tls), octets, at_most_int(len)));
}

const char *tls_error(struct tls *tls) {
  long verified = SSL_get_verify_result(ssl(tls));
  const char *why = verified == X509_V_OK ? ERR_reason_error_string(ERR_peek_error())
                                          : X509_verify_cert_error_string(verified);
  return why == NULL ? "the handshake failed" : why;
}

void tls_free(struct tls *tls) {
  if (tls != NULL) {
    SSL_shutdown(ssl(tls));
    SSL_free(ssl(tls));
  }
}
