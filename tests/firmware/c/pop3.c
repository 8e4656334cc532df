/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* POP3 over the serial line. */
#include "serial.h"

int image(void) { return over_serial_line(hold_pop3_session); }
