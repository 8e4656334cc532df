// host.cpp: Arduino's functions, of the host's, without TLS.
#include "../host.h"

#include <cstdio>

#include "WiFi.h"

Console Serial;
Network WiFi;
void setup();

unsigned long millis() { return host_milliseconds(); }
void delay(unsigned long milliseconds) { host_sleep(static_cast<uint32_t>(milliseconds)); }

void Console::begin(unsigned long) {}
size_t Console::print(const char *text) { return static_cast<size_t>(std::printf("%s", text)); }
size_t Console::println() { return print("\n"); }
size_t Console::println(const char *text) { return print(text) + println(); }
size_t Console::println(int number) { return println(static_cast<long>(number)); }
size_t Console::println(long number) { return static_cast<size_t>(std::printf("%ld\n", number)); }
size_t Console::write(const uint8_t *octets, size_t len) {
  return std::fwrite(octets, 1, len, stdout);
}

int Network::begin(const char *, const char *) { return WL_CONNECTED; }
uint8_t Network::status() { return WL_CONNECTED; }

int WiFiSSLClient::connect(const char *, uint16_t port) {
  socket = host_dial();
  return port == 993 && socket >= 0;
}

size_t WiFiSSLClient::write(const uint8_t *octets, size_t len) {
  long sent = host_send(socket, octets, len);
  return sent > 0 ? static_cast<size_t>(sent) : 0;
}

int WiFiSSLClient::available() {
  if (!has_octet && !ended && host_readable(socket, 0)) {
    has_octet = host_recv(socket, &octet, 1) == 1;
    ended = !has_octet;
  }
  return has_octet;
}

int WiFiSSLClient::read(uint8_t *octets, size_t len) {
  if (len == 0 || available() == 0) {
    return -1;
  }
  has_octet = false;
  octets[0] = octet;
  return 1;
}

void WiFiSSLClient::stop() { host_close(socket); }

uint8_t WiFiSSLClient::connected() { return !ended || has_octet; }

int main() { setup(); }
