// WiFiS3.h: what the sketch needs of it.
#include "WiFi.h"
