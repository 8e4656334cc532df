/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A task of FreeRTOS that fetches mail. */
#ifndef FETCH_MAIL_H
#define FETCH_MAIL_H

#include <stdint.h>

/** Which mail is fetched. */
struct mail_box {
  const char *host; /**< a name, or an address where lwIP has no LWIP_DNS */
  uint16_t port;
  const char *user;
  const char *password;
};

/** Stack of the task in words: for the library, printf and lwIP. */
#define FETCH_MAIL_STACK 1024

/** The task; its parameter is a `struct mail_box`, which must stay. */
void fetch_mail_task(void *parameter);

#endif
