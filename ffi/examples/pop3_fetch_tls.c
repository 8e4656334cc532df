/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Downloads a maildrop over TLS (OpenSSL 1.1.1 or later): from the first octet, or after STLS (RFC
 * 2595). The server's certificate must be valid and name the host. */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fetch.h"

struct connection {
  const struct options *options;
  int stream;
  SSL_CTX *context;
  SSL *tls; /* NULL before the handshake */
};

static long plain_outcome(ssize_t octets) {
  if (octets < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    return TRANSPORT_AGAIN;
  }
  return octets < 0 ? TRANSPORT_FAILED : (long)octets;
}

/** A connection that ends without TLS's own farewell has failed, since anybody may have cut it. */
static long tls_outcome(SSL *tls, int octets) {
  if (octets > 0) {
    return octets;
  }
  switch (SSL_get_error(tls, octets)) {
  case SSL_ERROR_WANT_READ:
  case SSL_ERROR_WANT_WRITE:
    return TRANSPORT_AGAIN;
  case SSL_ERROR_SYSCALL:
    return errno == EINTR ? TRANSPORT_AGAIN : TRANSPORT_FAILED;
  case SSL_ERROR_ZERO_RETURN:
    return 0;
  default:
    return TRANSPORT_FAILED;
  }
}

static int at_most_int(size_t len) { return len > 0x40000000 ? 0x40000000 : (int)len; }

static long tls_receive(void *context, uint8_t *octets, size_t len) {
  struct connection *connection = context;
  if (connection->tls == NULL) {
    return plain_outcome(recv(connection->stream, octets, len, 0));
  }
  ERR_clear_error();
  return tls_outcome(connection->tls, SSL_read(connection->tls, octets, at_most_int(len)));
}

static long tls_send(void *context, const uint8_t *octets, size_t len) {
  struct connection *connection = context;
  if (connection->tls == NULL) {
    return plain_outcome(send(connection->stream, octets, len, 0));
  }
  ERR_clear_error();
  return tls_outcome(connection->tls, SSL_write(connection->tls, octets, at_most_int(len)));
}

/** Demands that the certificate names the host, be that a name or an address. */
static bool expect_host(SSL *tls, const char *host) {
  unsigned char address[sizeof(struct in6_addr)];
  if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host) == 1;
  }
  return SSL_set1_host(tls, host) == 1 && SSL_set_tlsext_host_name(tls, host) == 1;
}

/** The exit code. A server that is silent must not hold us beyond `timeout` seconds, if not 0. */
static int handshake(SSL *tls, uint32_t timeout) {
  uint32_t begun = fetch_clock();
  for (;;) {
    int done;
    ERR_clear_error();
    done = SSL_connect(tls);
    if (done == 1) {
      return FETCH_OK;
    }
    if (tls_outcome(tls, done) != TRANSPORT_AGAIN) {
      return FETCH_SECURITY;
    }
    if (fetch_interrupted) {
      return FETCH_INTERRUPTED;
    }
    if (timeout > 0 && fetch_clock() - begun >= timeout * 1000) {
      return FETCH_NETWORK;
    }
  }
}

static const char *why_insecure(const SSL *tls) {
  long verified = tls == NULL ? X509_V_OK : SSL_get_verify_result(tls);
  const char *why = verified == X509_V_OK ? ERR_reason_error_string(ERR_peek_error())
                                          : X509_verify_cert_error_string(verified);
  return why == NULL ? "the handshake failed" : why;
}

static const char *why_failed(int exit_code, const SSL *tls) {
  switch (exit_code) {
  case FETCH_INTERRUPTED:
    return "interrupted";
  case FETCH_NETWORK:
    return "the server did not answer in time";
  default:
    return why_insecure(tls);
  }
}

static int tls_start(void *context) {
  struct connection *connection = context;
  SSL *tls = SSL_new(connection->context);
  int exit_code = FETCH_SECURITY;
  if (tls != NULL && expect_host(tls, connection->options->host) &&
      SSL_set_fd(tls, connection->stream) == 1) {
    exit_code = handshake(tls, connection->options->timeout);
  }
  if (exit_code != FETCH_OK) {
    fprintf(stderr, "TLS: %s\n", why_failed(exit_code, tls));
    SSL_free(tls);
    return exit_code;
  }
  connection->tls = tls;
  return FETCH_OK;
}

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

static int run(struct connection *connection) {
  struct transport transport = {tls_receive, tls_send, tls_start, connection};
  if (!connection->options->stls) {
    int exit_code = tls_start(connection);
    if (exit_code != FETCH_OK) {
      return exit_code;
    }
  }
  return fetch_run(connection->options, &transport, connection->tls != NULL);
}

int main(int argc, char **argv) {
  struct options options;
  struct connection connection = {&options, -1, NULL, NULL};
  int exit_code;
  if (!fetch_options(&options, argc, argv, true)) {
    return FETCH_USAGE;
  }
  connection.context = make_context(options.cafile);
  if (connection.context == NULL) {
    return FETCH_SECURITY;
  }
  fetch_catch_signals();
  connection.stream = fetch_connect(&options, &exit_code);
  if (connection.stream >= 0) {
    exit_code = run(&connection);
  }
  if (connection.tls != NULL) {
    SSL_shutdown(connection.tls);
  }
  SSL_free(connection.tls);
  SSL_CTX_free(connection.context);
  if (connection.stream >= 0) {
    close(connection.stream);
  }
  return exit_code;
}
