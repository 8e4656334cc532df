// WiFi.h: what the sketch needs of the libraries of that name.
#ifndef WIFI_H
#define WIFI_H

#include "Arduino.h"

#define WL_CONNECTED 3

class Network {
public:
  int begin(const char *name, const char *password);
  uint8_t status();
};
extern Network WiFi;

class WiFiSSLClient : public Client {
public:
  int connect(const char *host, uint16_t port) override;
  size_t write(const uint8_t *octets, size_t len) override;
  int available() override;
  int read(uint8_t *octets, size_t len) override;
  void stop() override;
  uint8_t connected() override;

private:
  int socket = -1;
  bool ended = false;
  uint8_t octet = 0; // read ahead, to learn of the end
  bool has_octet = false;
};

#endif
