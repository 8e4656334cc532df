/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file tls.h
 * What the examples need of a TLS library. Three files have it: tls_openssl.c, tls_mbedtls.c, and
 * tls_none.c for programs without; the build chooses one.
 */
#ifndef TLS_H
#define TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A client's side of TLS on a connected socket. A program has one at a time. */
struct tls;

/** Whether the program has a TLS library. */
bool tls_is_there(void);

/** What a call answers besides a number of octets. */
enum { TLS_AGAIN = 0, TLS_FAILED = -1 };

/**
 * Prepares TLS 1.2 or later: the server's certificate must be valid and name the host.
 *
 * @param socket  connected, its reads and writes wait for a second at most.
 * @param host    the server's name or address.
 * @param cafile  the certificates to be trusted, as PEM; NULL for the system's.
 *
 * Returns NULL when it cannot, having said why on standard error.
 */
struct tls *tls_new(int socket, const char *host, const char *cafile);

/** Goes on with the handshake: 1 when it is done, `TLS_AGAIN` or `TLS_FAILED`. */
int tls_handshake(struct tls *tls);

/** Up to `len` octets: how many were sent, `TLS_AGAIN` or `TLS_FAILED`. */
int32_t tls_send(struct tls *tls, const void *octets, size_t len);

/** Up to `len` octets: how many were received, `TLS_AGAIN`, or `TLS_FAILED` also at the end. */
int32_t tls_recv(struct tls *tls, void *octets, size_t len);

/** Why the handshake has failed. */
const char *tls_error(struct tls *tls);

/** Takes leave, and gives everything back. NULL is fine. */
void tls_free(struct tls *tls);

#endif
