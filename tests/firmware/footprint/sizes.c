/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* As many octets as each object of the caller's has: their symbols' sizes are read, nothing is run.
 */
#include "mailproto.h"

#define SIZE_OF(type) char size_of_##type[sizeof(type)]

SIZE_OF(mailproto_pop3_client);
SIZE_OF(mailproto_pop3_event);
SIZE_OF(mailproto_pop3_config);
SIZE_OF(mailproto_imap_client);
SIZE_OF(mailproto_imap_event);
SIZE_OF(mailproto_imap_config);
SIZE_OF(mailproto_imap_envelope);
SIZE_OF(mailproto_imap_body_structure);
SIZE_OF(mailproto_imap_node);
SIZE_OF(mailproto_imap_thread_depth);
SIZE_OF(mailproto_sasl);
SIZE_OF(mailproto_decoder);
