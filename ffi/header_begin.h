/**
 * @file mailproto.h
 * POP3 and IMAP for C programs: a protocol engine that never touches a socket, a clock or a heap.
 *
 * The program moves octets: what it receives goes into `poll`, which returns events; what
 * `outgoing` shows goes out. All memory is the program's: the object itself, which may be `static`,
 * and two buffers. Mail of any size streams through. A whole session, from a connected private
 * channel:
 *
 * @code{.c}
 * static mailproto_pop3_client client;
 * static uint8_t scratch[512], tx[512], buffer[1460];
 *
 * bool fetch_first(mailproto_span user, mailproto_span password) {
 *     mailproto_pop3_config config = MAILPROTO_POP3_CONFIG_INIT;
 *     mailproto_pop3_event event;
 *     bool complete = false;
 *     config.security = MAILPROTO_POP3_SECURITY_PRIVATE; // TLS was established before
 *     mailproto_pop3_client_init(&client, sizeof client, scratch, sizeof scratch, tx, sizeof tx,
 *                                &config);
 *     while (mailproto_pop3_client_state(&client) != MAILPROTO_POP3_STATE_CLOSED) {
 *         const uint8_t *octets, *input = buffer;
 *         size_t len, left;
 *         int32_t happened;
 *         while (mailproto_pop3_client_outgoing(&client, &octets, &len) == MAILPROTO_OK && len > 0)
 *             mailproto_pop3_client_sent(&client, my_send(octets, len));
 *         left = my_receive(buffer, sizeof buffer);
 *         if (left == 0)
 *             return mailproto_pop3_client_eof(&client) == MAILPROTO_OK && complete;
 *         while ((happened = mailproto_pop3_client_poll(&client, &input, &left, &event)) > 0) {
 *             switch (event.kind) {
 *             case MAILPROTO_POP3_EVENT_KIND_GREETING:
 *                 mailproto_pop3_client_login(&client, user, password, NULL);
 *                 break;
 *             case MAILPROTO_POP3_EVENT_KIND_DATA:
 *                 my_write(event.data.ptr, event.data.len);
 *                 break;
 *             case MAILPROTO_POP3_EVENT_KIND_COMPLETED:
 *                 if (event.verb == MAILPROTO_POP3_VERB_PASS &&
 *                     event.status == MAILPROTO_POP3_STATUS_OK) {
 *                     mailproto_pop3_client_retr(&client, 1, NULL);
 *                 } else if (event.verb != MAILPROTO_POP3_VERB_USER) {
 *                     complete |= event.verb == MAILPROTO_POP3_VERB_RETR &&
 *                                 event.status == MAILPROTO_POP3_STATUS_OK;
 *                     mailproto_pop3_client_quit(&client, NULL);
 *                 }
 *                 break;
 *             default:
 *                 break;
 *             }
 *         }
 *         if (happened < 0)
 *             return false; // mailproto_strerror(happened) says why
 *     }
 *     return complete;
 * }
 * @endcode
 *
 * IMAP has the same loop, with `mailproto_imap_client_poll`, `mailproto_imap_client_outgoing` and so
 * on. A loop for transports with callbacks is in mailproto_transport.h.
 *
 * Rules that hold everywhere:
 * - A pointer may be NULL, an object may never have been set up, a number may be no member of its
 *   enumeration: the answer is an error code. Pointers to what is no object cannot be told.
 * - An error code from -1 to -199 means that nothing was sent and nothing has changed.
 * - A span in an event is valid until the next call on the object. It may be given to that call as
 *   an argument.
 * - Nothing is allocated, nothing is kept in a global, no function blocks, no function calls back.
 *
 * Libraries for chips come in variants, so that a chip holds what it uses. All is declared here; what
 * a variant leaves out is not in its library, which the linker tells, and its events never come: such
 * a response comes as UNRECOGNIZED, such a data item as OTHER, such a response code as UNKNOWN. The
 * variants, by the library's cargo features:
 * - *pop3*: the POP3 client without LANG, UTF8, STLS and the capabilities; AUTH PLAIN.
 * - *imap-minimal* (`imap`): greeting, STARTTLS, LOGIN, CAPABILITY, ENABLE, SELECT and EXAMINE, the
 *   commands that change mailboxes, SEARCH, FETCH of FLAGS, UID, RFC822.SIZE, INTERNALDATE and bodies,
 *   STORE, COPY, MOVE, EXPUNGE, NOOP, IDLE, LOGOUT. Options of SEARCH other than the charset, and
 *   PARTIAL of FETCH, are refused with `MAILPROTO_ERROR_BAD_VALUE`.
 * - *imap-full* adds AUTHENTICATE, APPEND, LIST, LSUB, STATUS and NAMESPACE, ESEARCH and PARTIAL, ID,
 *   ENVELOPE, BODY and BODYSTRUCTURE, the items BINARY, PREVIEW, SAVEDATE, EMAILID and THREADID with
 *   their search keys, and all response codes.
 * - *everything* adds COMPRESS, CONDSTORE and QRESYNC, SORT and THREAD, QUOTA, ACL, METADATA and
 *   Gmail's extensions, and is what libraries for operating systems hold.
 */
