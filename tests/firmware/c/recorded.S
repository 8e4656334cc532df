/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The recorded sessions, as they are, in the image. */
    .section .rodata.recorded, "a"
    .global recorded_pop3, recorded_pop3_end, recorded_imap, recorded_imap_end
recorded_pop3:
    .incbin "recorded/pop3.session"
recorded_pop3_end:
recorded_imap:
    .incbin "recorded/imap.session"
recorded_imap_end:
