/* socket.h: what the sample needs of Zephyr's, as its documentation has it. */
#ifndef ZEPHYR_NET_SOCKET_H
#define ZEPHYR_NET_SOCKET_H

#include <stddef.h>
#include <sys/types.h>

#define AF_INET 1
#define SOCK_STREAM 1
#define IPPROTO_TCP 6
#define IPPROTO_TLS_1_2 258
#define SOL_TLS 282
#define TLS_SEC_TAG_LIST 1
#define TLS_HOSTNAME 2
#define ZSOCK_POLLIN 1
#define ZSOCK_POLLOUT 4

typedef size_t net_socklen_t;

struct sockaddr {
  unsigned short sa_family;
};

struct zsock_addrinfo {
  struct zsock_addrinfo *ai_next;
  int ai_flags;
  int ai_family;
  int ai_socktype;
  int ai_protocol;
  int ai_eflags;
  net_socklen_t ai_addrlen;
  struct sockaddr *ai_addr;
  char *ai_canonname;
};

struct zsock_pollfd {
  int fd;
  short events;
  short revents;
};

int zsock_getaddrinfo(const char *host, const char *service, const struct zsock_addrinfo *hints,
                      struct zsock_addrinfo **result);
void zsock_freeaddrinfo(struct zsock_addrinfo *address);
int zsock_socket(int family, int type, int protocol);
int zsock_connect(int socket, const struct sockaddr *address, net_socklen_t len);
int zsock_setsockopt(int socket, int level, int option, const void *value, net_socklen_t len);
int zsock_poll(struct zsock_pollfd *sockets, int count, int milliseconds);
ssize_t zsock_send(int socket, const void *octets, size_t len, int flags);
ssize_t zsock_recv(int socket, void *octets, size_t len, int flags);
int zsock_close(int socket);

#endif
