/* task.h: what the example needs of FreeRTOS's. */
#ifndef TASK_H
#define TASK_H

#include "FreeRTOS.h"

typedef struct tskTaskControlBlock *TaskHandle_t;

TickType_t xTaskGetTickCount(void);
void vTaskDelete(TaskHandle_t task);

#endif
