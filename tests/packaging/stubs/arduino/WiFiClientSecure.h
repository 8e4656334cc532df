// WiFiClientSecure.h: what the sketch needs of it.
#include "WiFi.h"

class WiFiClientSecure : public WiFiSSLClient {
public:
  void setInsecure() {}
};
