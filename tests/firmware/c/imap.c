/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* IMAP over the serial line. */
#include "serial.h"

int image(void) { return over_serial_line(hold_imap_session); }
