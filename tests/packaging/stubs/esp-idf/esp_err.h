/* esp_err.h: what the example needs of ESP-IDF's. */
#ifndef ESP_ERR_H
#define ESP_ERR_H

#include <stdlib.h>

typedef int esp_err_t;
#define ESP_OK 0
#define ESP_ERROR_CHECK(expression)                                                                \
  do {                                                                                             \
    if ((expression) != ESP_OK) {                                                                  \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

#endif
