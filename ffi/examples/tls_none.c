/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* See tls.h. For programs without TLS: on the loopback interface and in tunnels. */
#include "tls.h"

#include <stdio.h>

bool tls_is_there(void) { return false; }

struct tls *tls_new(int socket, const char *host, const char *cafile) {
  (void)socket, (void)host, (void)cafile;
  fprintf(stderr, "this program was built without TLS\n");
  return NULL;
}

int tls_handshake(struct tls *tls) {
  (void)tls;
  return TLS_FAILED;
}

int32_t tls_send(struct tls *tls, const void *octets, size_t len) {
  (void)tls, (void)octets, (void)len;
  return TLS_FAILED;
}

int32_t tls_recv(struct tls *tls, void *octets, size_t len) {
  (void)tls, (void)octets, (void)len;
  return TLS_FAILED;
}

const char *tls_error(struct tls *tls) {
  (void)tls;
  return "none";
}

void tls_free(struct tls *tls) { (void)tls; }
