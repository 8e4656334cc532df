/* host.c: a connection of the host for the stubs. */
#define _POSIX_C_SOURCE 200809L
#include "host.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int host_dial(void) {
  const char *port = getenv("MAIL_PORT");
  struct sockaddr_in address = {.sin_family = AF_INET};
  int found = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons((uint16_t)atoi(port == NULL ? "0" : port));
  if (connect(found, (const struct sockaddr *)&address, sizeof address) != 0) {
    close(found);
    return -1;
  }
  return found;
}

long host_send(int socket, const void *octets, size_t len) {
  return send(socket, octets, len, MSG_NOSIGNAL);
}

long host_recv(int socket, void *octets, size_t len) { return recv(socket, octets, len, 0); }

int host_readable(int socket, int milliseconds) {
  struct pollfd one = {.fd = socket, .events = POLLIN};
  return poll(&one, 1, milliseconds) != 0;
}

void host_close(int socket) { close(socket); }

uint32_t host_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint32_t)now.tv_sec * 1000 + (uint32_t)(now.tv_nsec / 1000000);
}

void host_sleep(uint32_t milliseconds) {
  const struct timespec time = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
  nanosleep(&time, NULL);
}
