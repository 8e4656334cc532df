/* FreeRTOS.h: what the example needs of FreeRTOS's, as its documentation has it. */
#ifndef FREERTOS_H
#define FREERTOS_H

#include <stdint.h>

typedef uint32_t TickType_t;
#define portTICK_PERIOD_MS ((TickType_t)1)

#endif
