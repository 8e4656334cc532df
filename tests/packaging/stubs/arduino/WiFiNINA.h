// WiFiNINA.h: what the sketch needs of it.
#include "WiFi.h"
