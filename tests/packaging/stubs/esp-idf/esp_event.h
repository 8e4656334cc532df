/* esp_event.h: what the example needs of ESP-IDF's. */
#ifndef ESP_EVENT_H
#define ESP_EVENT_H

#include "esp_err.h"

esp_err_t esp_event_loop_create_default(void);

#endif
