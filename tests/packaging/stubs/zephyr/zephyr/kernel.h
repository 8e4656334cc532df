/* kernel.h: what the sample needs of Zephyr's. */
#ifndef ZEPHYR_KERNEL_H
#define ZEPHYR_KERNEL_H

#include <stdint.h>

#define ARG_UNUSED(argument) (void)(argument)

uint32_t k_uptime_get_32(void);

#endif
