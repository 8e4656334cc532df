/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Downloads a maildrop over a plain TCP connection: for the loopback interface and for tunnels. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fetch.h"

static long outcome(ssize_t octets) {
  if (octets < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    return TRANSPORT_AGAIN;
  }
  return octets < 0 ? TRANSPORT_FAILED : (long)octets;
}

static long plain_receive(void *connection, uint8_t *octets, size_t len) {
  return outcome(recv(*(int *)connection, octets, len, 0));
}

static long plain_send(void *connection, const uint8_t *octets, size_t len) {
  return outcome(send(*(int *)connection, octets, len, 0));
}

int main(int argc, char **argv) {
  struct options options;
  struct transport transport = {plain_receive, plain_send, NULL, NULL};
  int stream;
  int exit_code;
  if (!fetch_options(&options, argc, argv, false)) {
    return FETCH_USAGE;
  }
  fetch_catch_signals();
  stream = fetch_connect(&options, &exit_code);
  if (stream < 0) {
    return exit_code;
  }
  transport.connection = &stream;
  exit_code = fetch_run(&options, &transport, false);
  close(stream);
  return exit_code;
}
