/* nvs_flash.h: what the example needs of ESP-IDF's. */
#ifndef NVS_FLASH_H
#define NVS_FLASH_H

#include "esp_err.h"

esp_err_t nvs_flash_init(void);

#endif
