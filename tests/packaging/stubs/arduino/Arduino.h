// Arduino.h: what the sketch needs of Arduino's, as its reference has it.
#ifndef ARDUINO_H
#define ARDUINO_H

#include <stddef.h>
#include <stdint.h>

unsigned long millis();
void delay(unsigned long milliseconds);

class Console {
public:
  void begin(unsigned long baud);
  size_t print(const char *text);
  size_t println();
  size_t println(const char *text);
  size_t println(int number);
  size_t println(long number);
  size_t write(const uint8_t *octets, size_t len);
};
extern Console Serial;

class Client {
public:
  virtual ~Client() = default;
  virtual int connect(const char *host, uint16_t port) = 0;
  virtual size_t write(const uint8_t *octets, size_t len) = 0;
  virtual int available() = 0;
  virtual int read(uint8_t *octets, size_t len) = 0;
  virtual void stop() = 0;
  virtual uint8_t connected() = 0;
};

#endif
