/* tls_credentials.h: what the sample needs of Zephyr's. */
#ifndef ZEPHYR_NET_TLS_CREDENTIALS_H
#define ZEPHYR_NET_TLS_CREDENTIALS_H

typedef int sec_tag_t;

#endif
