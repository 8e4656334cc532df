/* host.c: Zephyr's functions, of the host's. */
#include "../host.h"

#include <zephyr/kernel.h>
#include <zephyr/net/socket.h>

static struct sockaddr nowhere;
static struct zsock_addrinfo only = {.ai_family = AF_INET, .ai_addr = &nowhere};
static int connected;

uint32_t k_uptime_get_32(void) { return host_milliseconds(); }

int zsock_getaddrinfo(const char *host, const char *service, const struct zsock_addrinfo *hints,
                      struct zsock_addrinfo **result) {
  *result = &only;
  return host == NULL || service == NULL || hints->ai_socktype != SOCK_STREAM;
}

void zsock_freeaddrinfo(struct zsock_addrinfo *address) { (void)address; }

int zsock_socket(int family, int type, int protocol) {
  return family == AF_INET && type == SOCK_STREAM && protocol == IPPROTO_TCP ? 7 : -1;
}

int zsock_connect(int socket, const struct sockaddr *address, net_socklen_t len) {
  (void)len;
  connected = host_dial();
  return socket == 7 && address == &nowhere && connected >= 0 ? 0 : -1;
}

int zsock_poll(struct zsock_pollfd *sockets, int count, int milliseconds) {
  return count != 1 || sockets->events == ZSOCK_POLLOUT || host_readable(connected, milliseconds);
}

ssize_t zsock_send(int socket, const void *octets, size_t len, int flags) {
  return socket == 7 && flags == 0 ? host_send(connected, octets, len) : -1;
}

ssize_t zsock_recv(int socket, void *octets, size_t len, int flags) {
  return socket == 7 && flags == 0 ? host_recv(connected, octets, len) : -1;
}

int zsock_close(int socket) {
  (void)socket;
  host_close(connected);
  return 0;
}
