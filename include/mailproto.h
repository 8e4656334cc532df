/* SPDX-License-Identifier: MIT OR Apache-2.0 */
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

#ifndef MAILPROTO_H
#define MAILPROTO_H

/* Made by cbindgen from ffi/src: do not edit. `cargo xtask header` makes it anew. */

#include <stddef.h>
#include <stdint.h>

/** @cond */
/* The size of a pointer decides how large objects are. */
#if UINTPTR_MAX == UINT64_MAX
#define MAILPROTO_POINTER_64
#elif UINTPTR_MAX == UINT32_MAX
#define MAILPROTO_POINTER_32
#else
#error "mailproto knows pointers of 32 and of 64 bits"
#endif

/* Libraries for operating systems are built with the feature `fast`, those for chips without it. Define
   MAILPROTO_SMALL where one for an operating system was built without. */
#if !defined(MAILPROTO_FAST) && !defined(MAILPROTO_SMALL) && \
    (defined(__unix__) || defined(__APPLE__) || defined(_WIN32))
#define MAILPROTO_FAST
#endif

/* How a type of a given alignment is written. */
#if defined(__cplusplus) && __cplusplus >= 201103L
#define MAILPROTO_ALIGNED(n) alignas(n)
#elif defined(__GNUC__) || defined(__clang__)
#define MAILPROTO_ALIGNED(n) __attribute__((aligned(n)))
#elif defined(_MSC_VER)
#define MAILPROTO_ALIGNED(n) __declspec(align(n))
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define MAILPROTO_ALIGNED(n) /* C11 has no place for it here: its members' alignment must do. */
#else
#define MAILPROTO_ALIGNED(n)
#endif
/** @endcond */

/** Success. */
#define MAILPROTO_OK 0

/** Whether a code says that the session was ended by the peer or the network. */
#define MAILPROTO_IS_FATAL(code) ((code) <= -200)

/** A string literal as a span. */
#define MAILPROTO_LITERAL(literal) mailproto_octets("" literal, sizeof(literal) - 1)

/**
 * `IMAP4rev1` (RFC 3501).
 */
#define MAILPROTO_IMAP_CAPABILITY_IMAP4REV1 UINT64_C(0x1)

/**
 * `IMAP4rev2` (RFC 9051).
 */
#define MAILPROTO_IMAP_CAPABILITY_IMAP4REV2 UINT64_C(0x2)

/**
 * `IDLE` (RFC 2177).
 */
#define MAILPROTO_IMAP_CAPABILITY_IDLE UINT64_C(0x4)

/**
 * `UIDPLUS` (RFC 4315).
 */
#define MAILPROTO_IMAP_CAPABILITY_UIDPLUS UINT64_C(0x8)

/**
 * `MOVE` (RFC 6851).
 */
#define MAILPROTO_IMAP_CAPABILITY_MOVE UINT64_C(0x10)

/**
 * `NAMESPACE` (RFC 2342).
 */
#define MAILPROTO_IMAP_CAPABILITY_NAMESPACE UINT64_C(0x20)

/**
 * `ID` (RFC 2971).
 */
#define MAILPROTO_IMAP_CAPABILITY_ID UINT64_C(0x40)

/**
 * `UNSELECT` (RFC 3691).
 */
#define MAILPROTO_IMAP_CAPABILITY_UNSELECT UINT64_C(0x80)

/**
 * `CHILDREN` (RFC 3348).
 */
#define MAILPROTO_IMAP_CAPABILITY_CHILDREN UINT64_C(0x100)

/**
 * `LITERAL+` (RFC 7888).
 */
#define MAILPROTO_IMAP_CAPABILITY_LITERAL_PLUS UINT64_C(0x200)

/**
 * `LITERAL-` (RFC 7888).
 */
#define MAILPROTO_IMAP_CAPABILITY_LITERAL_MINUS UINT64_C(0x400)

/**
 * `SASL-IR` (RFC 4959).
 */
#define MAILPROTO_IMAP_CAPABILITY_SASL_IR UINT64_C(0x800)

/**
 * `ENABLE` (RFC 5161).
 */
#define MAILPROTO_IMAP_CAPABILITY_ENABLE UINT64_C(0x1000)

/**
 * `ESEARCH` (RFC 4731).
 */
#define MAILPROTO_IMAP_CAPABILITY_ESEARCH UINT64_C(0x2000)

/**
 * `SPECIAL-USE` (RFC 6154).
 */
#define MAILPROTO_IMAP_CAPABILITY_SPECIAL_USE UINT64_C(0x4000)

/**
 * `CREATE-SPECIAL-USE` (RFC 6154).
 */
#define MAILPROTO_IMAP_CAPABILITY_CREATE_SPECIAL_USE UINT64_C(0x8000)

/**
 * `STARTTLS` (RFC 9051 §6.2.1).
 */
#define MAILPROTO_IMAP_CAPABILITY_STARTTLS UINT64_C(0x10000)

/**
 * `LOGINDISABLED` (RFC 9051 §6.2.3): LOGIN must not be sent.
 */
#define MAILPROTO_IMAP_CAPABILITY_LOGINDISABLED UINT64_C(0x20000)

/**
 * `LIST-EXTENDED` (RFC 5258).
 */
#define MAILPROTO_IMAP_CAPABILITY_LIST_EXTENDED UINT64_C(0x40000)

/**
 * `LIST-STATUS` (RFC 5819).
 */
#define MAILPROTO_IMAP_CAPABILITY_LIST_STATUS UINT64_C(0x80000)

/**
 * `STATUS=SIZE` (RFC 8438).
 */
#define MAILPROTO_IMAP_CAPABILITY_STATUS_SIZE UINT64_C(0x100000)

/**
 * `APPENDLIMIT`, with a value or without (RFC 7889).
 */
#define MAILPROTO_IMAP_CAPABILITY_APPENDLIMIT UINT64_C(0x200000)

/**
 * `CONDSTORE` (RFC 7162).
 */
#define MAILPROTO_IMAP_CAPABILITY_CONDSTORE UINT64_C(0x400000)

/**
 * `QRESYNC` (RFC 7162).
 */
#define MAILPROTO_IMAP_CAPABILITY_QRESYNC UINT64_C(0x800000)

/**
 * `COMPRESS=DEFLATE` (RFC 4978).
 */
#define MAILPROTO_IMAP_CAPABILITY_COMPRESS_DEFLATE UINT64_C(0x1000000)

/**
 * `BINARY` (RFC 3516).
 */
#define MAILPROTO_IMAP_CAPABILITY_BINARY UINT64_C(0x2000000)

/**
 * `MULTIAPPEND` (RFC 3502).
 */
#define MAILPROTO_IMAP_CAPABILITY_MULTIAPPEND UINT64_C(0x4000000)

/**
 * `SEARCHRES` (RFC 5182).
 */
#define MAILPROTO_IMAP_CAPABILITY_SEARCHRES UINT64_C(0x8000000)

/**
 * `WITHIN` (RFC 5032).
 */
#define MAILPROTO_IMAP_CAPABILITY_WITHIN UINT64_C(0x10000000)

/**
 * `SORT` (RFC 5256).
 */
#define MAILPROTO_IMAP_CAPABILITY_SORT UINT64_C(0x20000000)

/**
 * `SORT=DISPLAY` (RFC 5957).
 */
#define MAILPROTO_IMAP_CAPABILITY_SORT_DISPLAY UINT64_C(0x40000000)

/**
 * `THREAD=REFERENCES` (RFC 5256).
 */
#define MAILPROTO_IMAP_CAPABILITY_THREAD_REFERENCES UINT64_C(0x80000000)

/**
 * `THREAD=ORDEREDSUBJECT` (RFC 5256).
 */
#define MAILPROTO_IMAP_CAPABILITY_THREAD_ORDEREDSUBJECT UINT64_C(0x100000000)

/**
 * `THREAD=REFS` (draft-ietf-morg-inthread).
 */
#define MAILPROTO_IMAP_CAPABILITY_THREAD_REFS UINT64_C(0x200000000)

/**
 * `ESORT` (RFC 5267).
 */
#define MAILPROTO_IMAP_CAPABILITY_ESORT UINT64_C(0x400000000)

/**
 * `QUOTA` (RFC 9208).
 */
#define MAILPROTO_IMAP_CAPABILITY_QUOTA UINT64_C(0x800000000)

/**
 * `QUOTASET` (RFC 9208).
 */
#define MAILPROTO_IMAP_CAPABILITY_QUOTASET UINT64_C(0x1000000000)

/**
 * `ACL` (RFC 4314).
 */
#define MAILPROTO_IMAP_CAPABILITY_ACL UINT64_C(0x2000000000)

/**
 * `METADATA` (RFC 5464).
 */
#define MAILPROTO_IMAP_CAPABILITY_METADATA UINT64_C(0x4000000000)

/**
 * `METADATA-SERVER` (RFC 5464): the server's own metadata, no mailbox's.
 */
#define MAILPROTO_IMAP_CAPABILITY_METADATA_SERVER UINT64_C(0x8000000000)

/**
 * `OBJECTID` (RFC 8474).
 */
#define MAILPROTO_IMAP_CAPABILITY_OBJECTID UINT64_C(0x10000000000)

/**
 * `PREVIEW` (RFC 8970).
 */
#define MAILPROTO_IMAP_CAPABILITY_PREVIEW UINT64_C(0x20000000000)

/**
 * `SAVEDATE` (RFC 8514).
 */
#define MAILPROTO_IMAP_CAPABILITY_SAVEDATE UINT64_C(0x40000000000)

/**
 * `UTF8=ACCEPT` (RFC 9755).
 */
#define MAILPROTO_IMAP_CAPABILITY_UTF8_ACCEPT UINT64_C(0x80000000000)

/**
 * `UTF8=ONLY` (RFC 9755).
 */
#define MAILPROTO_IMAP_CAPABILITY_UTF8_ONLY UINT64_C(0x100000000000)

/**
 * `X-GM-EXT-1` (Gmail).
 */
#define MAILPROTO_IMAP_CAPABILITY_X_GM_EXT_1 UINT64_C(0x200000000000)

/**
 * `XLIST` (Gmail).
 */
#define MAILPROTO_IMAP_CAPABILITY_XLIST UINT64_C(0x400000000000)

/**
 * `INPROGRESS` (RFC 9585).
 */
#define MAILPROTO_IMAP_CAPABILITY_INPROGRESS UINT64_C(0x800000000000)

/**
 * `PARTIAL` (RFC 9394).
 */
#define MAILPROTO_IMAP_CAPABILITY_PARTIAL UINT64_C(0x1000000000000)

/**
 * `LIST-MYRIGHTS` (RFC 8440).
 */
#define MAILPROTO_IMAP_CAPABILITY_LIST_MYRIGHTS UINT64_C(0x2000000000000)

/**
 * `LIST-METADATA` (RFC 9590).
 */
#define MAILPROTO_IMAP_CAPABILITY_LIST_METADATA UINT64_C(0x4000000000000)

/**
 * `SEARCH=FUZZY` (RFC 6203).
 */
#define MAILPROTO_IMAP_CAPABILITY_SEARCH_FUZZY UINT64_C(0x8000000000000)

/**
 * `UNAUTHENTICATE` (RFC 8437).
 */
#define MAILPROTO_IMAP_CAPABILITY_UNAUTHENTICATE UINT64_C(0x10000000000000)

/**
 * `NOTIFY` (RFC 5465).
 */
#define MAILPROTO_IMAP_CAPABILITY_NOTIFY UINT64_C(0x20000000000000)

/**
 * `REPLACE` (RFC 8508).
 */
#define MAILPROTO_IMAP_CAPABILITY_REPLACE UINT64_C(0x40000000000000)

/**
 * `UIDONLY` (RFC 9586).
 */
#define MAILPROTO_IMAP_CAPABILITY_UIDONLY UINT64_C(0x80000000000000)

/**
 * `UIDBATCHES` (RFC 10022).
 */
#define MAILPROTO_IMAP_CAPABILITY_UIDBATCHES UINT64_C(0x100000000000000)

/**
 * `JMAPACCESS` (RFC 9698).
 */
#define MAILPROTO_IMAP_CAPABILITY_JMAPACCESS UINT64_C(0x200000000000000)

/**
 * `MULTISEARCH` (RFC 7377).
 */
#define MAILPROTO_IMAP_CAPABILITY_MULTISEARCH UINT64_C(0x400000000000000)

/**
 * `CONTEXT=SEARCH` (RFC 5267).
 */
#define MAILPROTO_IMAP_CAPABILITY_CONTEXT_SEARCH UINT64_C(0x800000000000000)

/**
 * `CONTEXT=SORT` (RFC 5267).
 */
#define MAILPROTO_IMAP_CAPABILITY_CONTEXT_SORT UINT64_C(0x1000000000000000)

/**
 * `FILTERS` (RFC 5466).
 */
#define MAILPROTO_IMAP_CAPABILITY_FILTERS UINT64_C(0x2000000000000000)

/**
 * The server has announced its capabilities, so what is not in the set is not offered.
 */
#define MAILPROTO_IMAP_CAPABILITY_KNOWN 9223372036854775808ull

#if defined(MAILPROTO_POINTER_64)
/**
 * How many words a `mailproto_imap_client` has.
 */
#define MAILPROTO_IMAP_CLIENT_WORDS 92
#endif

#if (defined(MAILPROTO_POINTER_32) && defined(MAILPROTO_FAST))
/**
 * How many words a `mailproto_imap_client` has.
 */
#define MAILPROTO_IMAP_CLIENT_WORDS 162
#endif

#if (defined(MAILPROTO_POINTER_32) && !defined(MAILPROTO_FAST))
/**
 * How many words a `mailproto_imap_client` has.
 */
#define MAILPROTO_IMAP_CLIENT_WORDS 112
#endif

/**
 * How many limits SETQUOTA can have.
 */
#define MAILPROTO_IMAP_MAX_QUOTA_LIMITS 8

/**
 * How many entries GETMETADATA and SETMETADATA can name.
 */
#define MAILPROTO_IMAP_MAX_METADATA 16

/**
 * How many fields ID can have; RFC 2971 §3.3 allows 30.
 */
#define MAILPROTO_IMAP_MAX_ID_FIELDS 16

/**
 * How many names ENABLE and LANGUAGE can have.
 */
#define MAILPROTO_IMAP_MAX_NAMES 16

/**
 * How many special uses CREATE can name.
 */
#define MAILPROTO_IMAP_MAX_SPECIAL_USES 8

/**
 * LIST considers mailboxes that are subscribed, whether they exist or not (RFC 9051 §6.3.9.1).
 */
#define MAILPROTO_IMAP_LIST_SELECT_SUBSCRIBED 1

/**
 * LIST considers mailboxes of other servers too (RFC 9051 §6.3.9.1).
 */
#define MAILPROTO_IMAP_LIST_SELECT_REMOTE 2

/**
 * LIST tells parents of what matches, too; not without SUBSCRIBED or SPECIAL_USE (RFC 9051
 * §6.3.9.1).
 */
#define MAILPROTO_IMAP_LIST_SELECT_RECURSIVE_MATCH 4

/**
 * LIST considers mailboxes that have a special use (RFC 6154 §2).
 */
#define MAILPROTO_IMAP_LIST_SELECT_SPECIAL_USE 8

/**
 * LIST tells whether a mailbox is subscribed (RFC 9051 §6.3.9.2).
 */
#define MAILPROTO_IMAP_LIST_RETURN_SUBSCRIBED 1

/**
 * LIST tells whether a mailbox has children (RFC 9051 §6.3.9.2).
 */
#define MAILPROTO_IMAP_LIST_RETURN_CHILDREN 2

/**
 * LIST tells the special use of a mailbox (RFC 6154 §2).
 */
#define MAILPROTO_IMAP_LIST_RETURN_SPECIAL_USE 4

/**
 * A MYRIGHTS event comes with each mailbox (RFC 8440).
 */
#define MAILPROTO_IMAP_LIST_RETURN_MY_RIGHTS 8

/**
 * STATUS: how many messages there are (RFC 9051 §6.3.11).
 */
#define MAILPROTO_IMAP_STATUS_MESSAGES 1

/**
 * STATUS: how many are recent (RFC 3501 §6.3.10).
 */
#define MAILPROTO_IMAP_STATUS_RECENT 2

/**
 * STATUS: the next UID (RFC 9051 §6.3.11).
 */
#define MAILPROTO_IMAP_STATUS_UID_NEXT 4

/**
 * STATUS: the UIDVALIDITY (RFC 9051 §6.3.11).
 */
#define MAILPROTO_IMAP_STATUS_UID_VALIDITY 8

/**
 * STATUS: how many have no `\Seen` (RFC 9051 §6.3.11).
 */
#define MAILPROTO_IMAP_STATUS_UNSEEN 16

/**
 * STATUS: how many have `\Deleted` (RFC 9051 §6.3.11).
 */
#define MAILPROTO_IMAP_STATUS_DELETED 32

/**
 * STATUS: the octets of all messages together (RFC 9051 §6.3.11).
 */
#define MAILPROTO_IMAP_STATUS_SIZE 64

/**
 * STATUS: the highest mod-sequence (RFC 7162 §3.1.7).
 */
#define MAILPROTO_IMAP_STATUS_HIGHEST_MOD_SEQ 128

/**
 * STATUS: the largest message that it takes (RFC 7889 §4).
 */
#define MAILPROTO_IMAP_STATUS_APPEND_LIMIT 256

/**
 * STATUS: the object identifier of the mailbox (RFC 8474 §4.3).
 */
#define MAILPROTO_IMAP_STATUS_MAILBOX_ID 512

/**
 * STATUS: what EXPUNGE would give back (RFC 9208 §5.3).
 */
#define MAILPROTO_IMAP_STATUS_DELETED_STORAGE 1024

/**
 * How many patterns LIST can have.
 */
#define MAILPROTO_IMAP_MAX_PATTERNS 16

/**
 * How many flags or labels STORE and APPEND can name.
 */
#define MAILPROTO_IMAP_MAX_FLAGS 16

/**
 * SEARCH tells the lowest number found (RFC 9051 §6.4.4).
 */
#define MAILPROTO_IMAP_SEARCH_RETURN_MIN 1

/**
 * SEARCH tells the highest number found (RFC 9051 §6.4.4).
 */
#define MAILPROTO_IMAP_SEARCH_RETURN_MAX 2

/**
 * SEARCH tells all that is found, as a set (RFC 9051 §6.4.4).
 */
#define MAILPROTO_IMAP_SEARCH_RETURN_ALL 4

/**
 * SEARCH tells how many were found (RFC 9051 §6.4.4).
 */
#define MAILPROTO_IMAP_SEARCH_RETURN_COUNT 8

/**
 * What is found is `$` from now on (RFC 9051 §6.4.4.1, RFC 5182).
 */
#define MAILPROTO_IMAP_SEARCH_RETURN_SAVE 16

/**
 * SEARCH tells how well each message matches (RFC 6203 §4).
 */
#define MAILPROTO_IMAP_SEARCH_RETURN_RELEVANCY 32

/**
 * By how many keys SORT can order.
 */
#define MAILPROTO_IMAP_MAX_SORT_KEYS 10

/**
 * Every quirk is mended, and reported.
 */
#define MAILPROTO_IMAP_TOLERATE_ALL 18446744073709551615ull

/**
 * No quirk is mended: the first one ends the session.
 */
#define MAILPROTO_IMAP_TOLERATE_NONE UINT64_C(0x0)

#if (defined(MAILPROTO_POINTER_64) && defined(MAILPROTO_FAST))
/**
 * How many words a `mailproto_imap_body_structure` has.
 */
#define MAILPROTO_IMAP_BODY_STRUCTURE_WORDS 34
#endif

#if (defined(MAILPROTO_POINTER_64) && !defined(MAILPROTO_FAST))
/**
 * How many words a `mailproto_imap_body_structure` has.
 */
#define MAILPROTO_IMAP_BODY_STRUCTURE_WORDS 28
#endif

#if (defined(MAILPROTO_POINTER_32) && defined(MAILPROTO_FAST))
/**
 * How many words a `mailproto_imap_body_structure` has.
 */
#define MAILPROTO_IMAP_BODY_STRUCTURE_WORDS 62
#endif

#if (defined(MAILPROTO_POINTER_32) && !defined(MAILPROTO_FAST))
/**
 * How many words a `mailproto_imap_body_structure` has.
 */
#define MAILPROTO_IMAP_BODY_STRUCTURE_WORDS 44
#endif

/**
 * How deep multiparts and messages may be nested at most, whatever `max_nesting` says; and how many
 * part numbers a section has at most, but for one.
 */
#define MAILPROTO_IMAP_MAX_NESTING 64

#if defined(MAILPROTO_POINTER_64)
/**
 * How many words a `mailproto_imap_thread_depth` has.
 */
#define MAILPROTO_IMAP_THREAD_DEPTH_WORDS 24
#endif

#if defined(MAILPROTO_POINTER_32)
/**
 * How many words a `mailproto_imap_thread_depth` has.
 */
#define MAILPROTO_IMAP_THREAD_DEPTH_WORDS 36
#endif

#if defined(MAILPROTO_POINTER_64)
/**
 * How many words a `mailproto_decoder` has.
 */
#define MAILPROTO_DECODER_WORDS 16
#endif

#if defined(MAILPROTO_POINTER_32)
/**
 * How many words a `mailproto_decoder` has.
 */
#define MAILPROTO_DECODER_WORDS 10
#endif

/**
 * The most octets that the end of a body brings.
 */
#define MAILPROTO_DECODER_END_OCTETS 3

#if defined(MAILPROTO_POINTER_64)
/**
 * How many words a `mailproto_pop3_client` has.
 */
#define MAILPROTO_POP3_CLIENT_WORDS 28
#endif

#if defined(MAILPROTO_POINTER_32)
/**
 * How many words a `mailproto_pop3_client` has.
 */
#define MAILPROTO_POP3_CLIENT_WORDS 40
#endif

/**
 * Every quirk is mended, and reported.
 */
#define MAILPROTO_POP3_TOLERATE_ALL 0xffffffffu

/**
 * No quirk is mended: the first one ends the session.
 */
#define MAILPROTO_POP3_TOLERATE_NONE 0

/**
 * The `number` of `EXPIRE NEVER`.
 */
#define MAILPROTO_POP3_EXPIRE_NEVER 0xffffffffu

#if defined(MAILPROTO_POINTER_64)
/**
 * How many words a `mailproto_pop3_server` has.
 */
#define MAILPROTO_POP3_SERVER_WORDS 48
#endif

#if defined(MAILPROTO_POINTER_32)
/**
 * How many words a `mailproto_pop3_server` has.
 */
#define MAILPROTO_POP3_SERVER_WORDS 68
#endif

/**
 * The set of the mechanisms that take a user name and a password.
 */
#define MAILPROTO_SASL_PASSWORD_MECHANISMS 62

/**
 * The set of the mechanisms that take an OAuth 2.0 access token.
 */
#define MAILPROTO_SASL_TOKEN_MECHANISMS 192

#if defined(MAILPROTO_POINTER_64)
/**
 * How many words a `mailproto_sasl` has.
 */
#define MAILPROTO_SASL_WORDS 20
#endif

#if defined(MAILPROTO_POINTER_32)
/**
 * How many words a `mailproto_sasl` has.
 */
#define MAILPROTO_SASL_WORDS 26
#endif

#if defined(MAILPROTO_POINTER_64)
/**
 * How many words a `mailproto_sasl_server` has.
 */
#define MAILPROTO_SASL_SERVER_WORDS 40
#endif

#if defined(MAILPROTO_POINTER_32)
/**
 * How many words a `mailproto_sasl_server` has.
 */
#define MAILPROTO_SASL_SERVER_WORDS 50
#endif

/**
 * The version of the header's library: major number.
 */
#define MAILPROTO_VERSION_MAJOR 0

/**
 * The version of the header's library: minor number.
 */
#define MAILPROTO_VERSION_MINOR 1

/**
 * The version of the header's library: patch number.
 */
#define MAILPROTO_VERSION_PATCH 0

/**
 * The layout of objects, events and configurations that the header describes. It grows with every
 * change that breaks a compiled program.
 */
#define MAILPROTO_ABI_VERSION 1

/**
 * How a call went. 0 is success.
 *
 * - -1 to -99: the caller's fault. Nothing was sent and nothing has changed; the session can go
 *   on.
 * - -100 to -199: a SASL mechanism refused. The exchange is over: cancel it.
 * - -200 and below: the peer's or the network's fault. The session is over, and every further call
 *   on the object returns the same error.
 */
enum mailproto_error
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Success; `MAILPROTO_OK` is the same.
   */
  MAILPROTO_ERROR_NONE = 0,
  /**
   * A pointer that must not be NULL is.
   */
  MAILPROTO_ERROR_NULL_POINTER = -1,
  /**
   * The object was never set up by its `init`, or was wiped since.
   */
  MAILPROTO_ERROR_NOT_INITIALIZED = -2,
  /**
   * A number is no member of its enumeration, or a length is impossible.
   */
  MAILPROTO_ERROR_BAD_VALUE = -3,
  /**
   * The program was compiled with the header of another version than this library's.
   */
  MAILPROTO_ERROR_ABI_MISMATCH = -4,
  /**
   * Memory overlaps that must not: scratch, outgoing buffer, input, object.
   */
  MAILPROTO_ERROR_OVERLAP = -5,
  /**
   * Text that must be UTF-8 is not.
   */
  MAILPROTO_ERROR_NOT_UTF8 = -6,
  /**
   * The command is not legal in the present state (RFC 1939 §3, RFC 9051 §3). Look at `state`.
   */
  MAILPROTO_ERROR_WRONG_STATE = -20,
  /**
   * A command that changes the state is outstanding, a SASL challenge awaits its answer, or a
   * message that is being uploaded is not complete. Poll, or go on with the upload, until it is.
   */
  MAILPROTO_ERROR_BUSY = -21,
  /**
   * The session has ended. Open a new connection and set the object up anew.
   */
  MAILPROTO_ERROR_CLOSED = -22,
  /**
   * The peer's capability list does not contain what this command needs.
   */
  MAILPROTO_ERROR_NOT_OFFERED = -23,
  /**
   * Credentials would travel over a channel that was not declared private. Use TLS.
   */
  MAILPROTO_ERROR_INSECURE = -24,
  /**
   * An argument holds CR, LF or NUL, another control character or a space, where none may stand.
   * `detail` is its index.
   */
  MAILPROTO_ERROR_FORBIDDEN_OCTET = -25,
  /**
   * An argument that must not be empty is.
   */
  MAILPROTO_ERROR_EMPTY = -26,
  /**
   * The line would be longer than the protocol allows, or a list than this library does. `detail`
   * is the limit.
   */
  MAILPROTO_ERROR_TOO_LONG = -27,
  /**
   * Message numbers start at 1 (RFC 1939 §4, RFC 9051 §2.3.1).
   */
  MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO = -28,
  /**
   * The outgoing buffer can never hold this. `detail` is the size that it needs.
   */
  MAILPROTO_ERROR_BUFFER_TOO_SMALL = -29,
  /**
   * The outgoing buffer or the table of commands in flight is full for now. Send, poll, try
   * again.
   */
  MAILPROTO_ERROR_FULL = -30,
  /**
   * An argument does not follow its grammar. `detail` is the index of what does not.
   */
  MAILPROTO_ERROR_BAD_ARGUMENT = -31,
  /**
   * More octets were given than were announced; none was taken. `detail` are still due.
   */
  MAILPROTO_ERROR_TOO_MUCH_DATA = -32,
  /**
   * Fewer octets were given than were announced. `detail` are still due.
   */
  MAILPROTO_ERROR_TOO_LITTLE_DATA = -33,
  /**
   * A refusal that this version of the C ABI has no number for.
   */
  MAILPROTO_ERROR_OTHER_LOCAL = -99,
  /**
   * A SASL message does not fit; `detail` is the octets that it takes.
   */
  MAILPROTO_ERROR_SASL_BUFFER_TOO_SMALL = -100,
  /**
   * The server mechanism's work buffer is too small; `detail` is what it needed up to here.
   */
  MAILPROTO_ERROR_SASL_WORK_TOO_SMALL = -101,
  /**
   * A user name, password, token or key is empty.
   */
  MAILPROTO_ERROR_SASL_EMPTY_CREDENTIAL = -102,
  /**
   * A credential contains what its mechanism cannot carry (NUL, control characters).
   */
  MAILPROTO_ERROR_SASL_FORBIDDEN_CHARACTER = -103,
  /**
   * A credential is longer than its mechanism allows.
   */
  MAILPROTO_ERROR_SASL_TOO_LONG = -104,
  /**
   * The nonce has fewer than 12 octets. Give 18 of a good random source.
   */
  MAILPROTO_ERROR_SASL_WEAK_NONCE = -105,
  /**
   * The mechanism is not in this library, or cannot use credentials of this kind.
   */
  MAILPROTO_ERROR_SASL_UNSUPPORTED = -106,
  /**
   * The server sent a challenge where none is due.
   */
  MAILPROTO_ERROR_SASL_UNEXPECTED_CHALLENGE = -107,
  /**
   * The server's challenge does not follow the mechanism's grammar.
   */
  MAILPROTO_ERROR_SASL_MALFORMED_CHALLENGE = -108,
  /**
   * The client's response does not follow the mechanism's grammar.
   */
  MAILPROTO_ERROR_SASL_MALFORMED_RESPONSE = -109,
  /**
   * The peer demands an extension that is not known here, or channel binding.
   */
  MAILPROTO_ERROR_SASL_UNSUPPORTED_EXTENSION = -110,
  /**
   * The server's nonce does not begin with ours: a replay. Distrust the server.
   */
  MAILPROTO_ERROR_SASL_NONCE_MISMATCH = -111,
  /**
   * The server demands fewer than 4,096 iterations, which would make the proof easy to crack.
   */
  MAILPROTO_ERROR_SASL_TOO_FEW_ITERATIONS = -112,
  /**
   * The server demands more iterations than the cap.
   */
  MAILPROTO_ERROR_SASL_TOO_MANY_ITERATIONS = -113,
  /**
   * The server ended the exchange with an error of its own: usually a wrong password.
   */
  MAILPROTO_ERROR_SASL_SERVER_REJECTED = -114,
  /**
   * The server could not prove that it knows the password. Close the connection.
   */
  MAILPROTO_ERROR_SASL_SERVER_NOT_VERIFIED = -115,
  /**
   * A server mechanism was called out of turn.
   */
  MAILPROTO_ERROR_SASL_OUT_OF_TURN = -116,
  /**
   * The secret given for a user is of a kind or size that the mechanism cannot use.
   */
  MAILPROTO_ERROR_SASL_UNUSABLE_SECRET = -117,
  /**
   * A refusal that this version of the C ABI has no number for.
   */
  MAILPROTO_ERROR_SASL_OTHER = -199,
  /**
   * The first line is not a greeting of this protocol: wrong port, wrong server.
   */
  MAILPROTO_ERROR_BAD_GREETING = -200,
  /**
   * A positive reply answers no command that was sent: replies and commands are out of step.
   */
  MAILPROTO_ERROR_UNSOLICITED_REPLY = -201,
  /**
   * Octets followed the positive answer to STLS before the handshake: an injection (RFC 2595
   * §4).
   */
  MAILPROTO_ERROR_PLAINTEXT_AFTER_STLS = -202,
  /**
   * The server refused STLS and the policy requires it.
   */
  MAILPROTO_ERROR_STLS_REFUSED = -203,
  /**
   * Success was claimed before the SASL mechanism had verified the server.
   */
  MAILPROTO_ERROR_SERVER_NOT_AUTHENTICATED = -204,
  /**
   * Something that only a lenient engine mends. `detail` is the quirk.
   */
  MAILPROTO_ERROR_QUIRK_NOT_TOLERATED = -205,
  /**
   * The connection ended while a reply was due, or in the middle of one.
   */
  MAILPROTO_ERROR_UNEXPECTED_EOF = -206,
  /**
   * The connection ended with nothing outstanding, but without QUIT, so that deletions did not
   * happen; in IMAP without LOGOUT or BYE.
   */
  MAILPROTO_ERROR_CLOSED_BY_PEER = -207,
  /**
   * Nothing came for longer than the configured time.
   */
  MAILPROTO_ERROR_TIMEOUT = -208,
  /**
   * Octets followed the positive answer to STARTTLS before the handshake: an injection (RFC 9051
   * §6.2.1).
   */
  MAILPROTO_ERROR_PLAINTEXT_AFTER_STARTTLS = -209,
  /**
   * The server refused STARTTLS, or asked for something else instead, and the policy requires it.
   */
  MAILPROTO_ERROR_STARTTLS_REFUSED = -210,
  /**
   * The server greeted with PREAUTH, which leaves no way to STARTTLS, and the policy requires it.
   */
  MAILPROTO_ERROR_PREAUTH = -211,
  /**
   * The size of a literal cannot be read: where it ends cannot be known (RFC 9051 §4.3).
   */
  MAILPROTO_ERROR_BAD_LITERAL = -212,
  /**
   * A literal is larger than the configuration allows. It was not taken.
   */
  MAILPROTO_ERROR_LITERAL_TOO_LARGE = -213,
  /**
   * A tagged reply names a command that was never sent, or one that is complete.
   */
  MAILPROTO_ERROR_UNKNOWN_TAG = -214,
  /**
   * A tagged reply came before its command had left: it cannot be an answer.
   */
  MAILPROTO_ERROR_COMPLETION_TOO_EARLY = -215,
  /**
   * More untagged responses came than the configuration allows while a command was running.
   */
  MAILPROTO_ERROR_TOO_MANY_RESPONSES = -216,
  /**
   * A violation that this version of the C ABI has no number for.
   */
  MAILPROTO_ERROR_OTHER_REMOTE = -299,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_error mailproto_error;
#else
typedef int32_t mailproto_error;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What happened. Which fields of `mailproto_imap_event` are filled is said with each; the others
 * are zero. Where a field holds a list, the iterator is named that walks it: it begins as `{field}`.
 */
enum mailproto_imap_event_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing; or something that this version of the C ABI does not know.
   */
  MAILPROTO_IMAP_EVENT_KIND_NONE = 0,
  /**
   * The server's greeting (RFC 9051 §7.1): `status` (OK, PREAUTH or BYE), `code`, `text`. With
   * BYE the session is over.
   */
  MAILPROTO_IMAP_EVENT_KIND_GREETING = 1,
  /**
   * An untagged OK, NO or BAD: information, a warning, an error that belongs to no command
   * (RFC 9051 §7.1): `status`, `code`, `text`. With the code ALERT show the text to the user.
   */
  MAILPROTO_IMAP_EVENT_KIND_STATUS = 2,
  /**
   * The server closes the connection (RFC 9051 §7.1.5): `code`, `text`.
   */
  MAILPROTO_IMAP_EVENT_KIND_BYE = 3,
  /**
   * A command is done; there is exactly one such event for each: `tag`, `command`, `status` (OK,
   * NO, BAD or NOT_SENT), `code`, `text`. After STARTTLS with status OK make the TLS handshake,
   * then call `mailproto_imap_client_tls_established`.
   */
  MAILPROTO_IMAP_EVENT_KIND_COMPLETED = 4,
  /**
   * AUTHENTICATE: the server asks (RFC 9051 §6.2.2): `tag`, `data` the challenge, decoded. Answer
   * with `mailproto_imap_client_respond` or `mailproto_imap_client_cancel`.
   */
  MAILPROTO_IMAP_EVENT_KIND_CHALLENGE = 5,
  /**
   * IDLE has begun: the server will tell what happens in the mailbox (RFC 9051 §6.3.13): `tag`.
   * End it with `mailproto_imap_client_done`.
   */
  MAILPROTO_IMAP_EVENT_KIND_IDLING = 6,
  /**
   * IDLE has lasted as long as it may: `tag`. Call `mailproto_imap_client_done`, and
   * `mailproto_imap_client_idle` again.
   */
  MAILPROTO_IMAP_EVENT_KIND_IDLE_DUE = 7,
  /**
   * APPEND: the server awaits the message (RFC 9051 §6.3.12): `tag`, `octets` how many are still to
   * be given to `mailproto_imap_client_upload`.
   */
  MAILPROTO_IMAP_EVENT_KIND_UPLOAD = 8,
  /**
   * A continuation request that nothing else is told of (RFC 9051 §7.6): `code`, `text`.
   */
  MAILPROTO_IMAP_EVENT_KIND_CONTINUATION = 9,
  /**
   * Something did not fit the scratch buffer: `oversize` what it was, `octets` its length. Of a
   * status response the beginning was used, in the event before; anything else was skipped.
   */
  MAILPROTO_IMAP_EVENT_KIND_OVERSIZE = 10,
  /**
   * The server deviated from the RFCs, and it was mended: `quirk`; `octets` is how many octets of
   * this connection came before the item.
   */
  MAILPROTO_IMAP_EVENT_KIND_QUIRK = 11,
  /**
   * A response that comes by element begins: `listing`. Its elements follow, then LISTING_END.
   */
  MAILPROTO_IMAP_EVENT_KIND_LISTING_BEGIN = 20,
  /**
   * All elements of a response have come: `listing`.
   */
  MAILPROTO_IMAP_EVENT_KIND_LISTING_END = 21,
  /**
   * CAPABILITY: one of them (RFC 9051 §7.2.2): `data` as it came; `data2` what follows its `=`, such
   * as the name of a SASL mechanism; `octets` the largest message that APPEND takes, if
   * `has_octets` is 1. See `mailproto_imap_capability`.
   */
  MAILPROTO_IMAP_EVENT_KIND_CAPABILITY = 22,
  /**
   * ENABLED: one of them (RFC 9051 §7.2.1): as CAPABILITY.
   */
  MAILPROTO_IMAP_EVENT_KIND_ENABLED = 23,
  /**
   * FLAGS: one of the mailbox's flags (RFC 9051 §7.3.5): `data`.
   */
  MAILPROTO_IMAP_EVENT_KIND_FLAG = 24,
  /**
   * SEARCH or SORT: `number`, a message number or UID (RFC 3501 §7.2.5, RFC 5256 §4).
   */
  MAILPROTO_IMAP_EVENT_KIND_FOUND = 25,
  /**
   * SEARCH or SORT: `octets` is the highest mod-sequence among the messages found (RFC 7162
   * §3.1.5).
   */
  MAILPROTO_IMAP_EVENT_KIND_FOUND_MOD_SEQ = 26,
  /**
   * ESEARCH: a part of the result (RFC 9051 §7.3.4): `esearch`, and what is said there.
   */
  MAILPROTO_IMAP_EVENT_KIND_ESEARCH = 27,
  /**
   * VANISHED: the UIDs from `number` to `last` are no more (RFC 7162 §3.2.10).
   */
  MAILPROTO_IMAP_EVENT_KIND_VANISHED = 28,
  /**
   * THREAD: a part of the tree (RFC 5256 §4): `thread`, and what is said there.
   */
  MAILPROTO_IMAP_EVENT_KIND_THREAD = 29,
  /**
   * LIST, LSUB or XLIST: a mailbox (RFC 9051 §7.3.1): `listing` which of them, `name`, `delimiter`,
   * `data` its attributes (`mailproto_imap_attributes`), `data2` what else is told
   * (`mailproto_imap_extended_items`).
   */
  MAILPROTO_IMAP_EVENT_KIND_LIST = 30,
  /**
   * STATUS: what a mailbox holds (RFC 9051 §7.3.4): `name`, `data`
   * (`mailproto_imap_status_items`).
   */
  MAILPROTO_IMAP_EVENT_KIND_MAILBOX_STATUS = 31,
  /**
   * NAMESPACE (RFC 9051 §7.3.3): `data` the user's own, `data2` other users', `data3` the shared
   * ones (`mailproto_imap_namespaces`).
   */
  MAILPROTO_IMAP_EVENT_KIND_NAMESPACE = 32,
  /**
   * ID: what the server says of itself (RFC 2971 §3.2): `data` (`mailproto_imap_id_fields`).
   */
  MAILPROTO_IMAP_EVENT_KIND_ID = 33,
  /**
   * QUOTA (RFC 9208 §4.2.1): `name` the quota root's, which is no mailbox, `data`
   * (`mailproto_imap_quota_resources`).
   */
  MAILPROTO_IMAP_EVENT_KIND_QUOTA = 34,
  /**
   * QUOTAROOT (RFC 9208 §4.2.2): `name`, `data` the names of its roots (`mailproto_imap_strings`).
   */
  MAILPROTO_IMAP_EVENT_KIND_QUOTA_ROOT = 35,
  /**
   * ACL (RFC 4314 §3.6): `name`, `data` (`mailproto_imap_acl_entries`).
   */
  MAILPROTO_IMAP_EVENT_KIND_ACL = 36,
  /**
   * LISTRIGHTS (RFC 4314 §3.7): `name`, `identifier`, `value` the rights that they will always
   * have, `data` those that can be given or not (`mailproto_imap_strings`).
   */
  MAILPROTO_IMAP_EVENT_KIND_LIST_RIGHTS = 37,
  /**
   * MYRIGHTS (RFC 4314 §3.8): `name`, `value` the rights, a letter or digit each.
   */
  MAILPROTO_IMAP_EVENT_KIND_MY_RIGHTS = 38,
  /**
   * METADATA (RFC 5464 §4.4): `name`, empty for the server itself; `data` entries with their values
   * (`mailproto_imap_metadata_values`), or `data2` the names of entries that have changed
   * (`mailproto_imap_strings`).
   */
  MAILPROTO_IMAP_EVENT_KIND_METADATA = 39,
  /**
   * EXISTS: how many messages the mailbox holds (RFC 9051 §7.4.1): `number`.
   */
  MAILPROTO_IMAP_EVENT_KIND_EXISTS = 40,
  /**
   * RECENT (RFC 3501 §7.3.2): `number`.
   */
  MAILPROTO_IMAP_EVENT_KIND_RECENT = 41,
  /**
   * EXPUNGE: message `number` is no more, and those behind it move up (RFC 9051 §7.5.1).
   */
  MAILPROTO_IMAP_EVENT_KIND_EXPUNGE = 42,
  /**
   * A FETCH response begins (RFC 9051 §7.5.2): `number` is the message's, or its UID if `by_uid` is
   * 1 (RFC 9586 §3.3).
   */
  MAILPROTO_IMAP_EVENT_KIND_FETCH_START = 43,
  /**
   * FETCH: a data item: `item`, and what is said there.
   */
  MAILPROTO_IMAP_EVENT_KIND_ITEM = 44,
  /**
   * FETCH: a body, or a section of one, begins: `item`, `data` the section, as between the brackets
   * (`mailproto_imap_section_part` and others read it); `octets` how many follow, if `has_octets` is
   * 1, and `origin` where in the section they begin, if `has_origin` is 1. With `is_nil` there is no
   * such section.
   */
  MAILPROTO_IMAP_EVENT_KIND_BODY_START = 45,
  /**
   * FETCH: octets of the body: `data`. They lie in the input, however long the body is.
   */
  MAILPROTO_IMAP_EVENT_KIND_BODY_DATA = 46,
  /**
   * FETCH: the body is complete.
   */
  MAILPROTO_IMAP_EVENT_KIND_BODY_END = 47,
  /**
   * The FETCH response is complete: as FETCH_START.
   */
  MAILPROTO_IMAP_EVENT_KIND_FETCH_END = 48,
  /**
   * A response that is not known, or cannot be read: `data`, its line as it came, with literals in
   * it.
   */
  MAILPROTO_IMAP_EVENT_KIND_UNRECOGNIZED = 49,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_event_kind mailproto_imap_event_kind;
#else
typedef uint8_t mailproto_imap_event_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The commands by name; a command and its UID form share one.
 */
enum mailproto_imap_command
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No command.
   */
  MAILPROTO_IMAP_COMMAND_NONE = 0,
  /**
   * CAPABILITY (RFC 9051 §6.1.1).
   */
  MAILPROTO_IMAP_COMMAND_CAPABILITY = 1,
  /**
   * NOOP (RFC 9051 §6.1.2).
   */
  MAILPROTO_IMAP_COMMAND_NOOP = 2,
  /**
   * LOGOUT (RFC 9051 §6.1.3).
   */
  MAILPROTO_IMAP_COMMAND_LOGOUT = 3,
  /**
   * ID (RFC 2971 §3.1).
   */
  MAILPROTO_IMAP_COMMAND_ID = 4,
  /**
   * STARTTLS (RFC 9051 §6.2.1).
   */
  MAILPROTO_IMAP_COMMAND_STARTTLS = 5,
  /**
   * AUTHENTICATE (RFC 9051 §6.2.2).
   */
  MAILPROTO_IMAP_COMMAND_AUTHENTICATE = 6,
  /**
   * LOGIN (RFC 9051 §6.2.3).
   */
  MAILPROTO_IMAP_COMMAND_LOGIN = 7,
  /**
   * UNAUTHENTICATE (RFC 8437).
   */
  MAILPROTO_IMAP_COMMAND_UNAUTHENTICATE = 8,
  /**
   * COMPRESS (RFC 4978 §3).
   */
  MAILPROTO_IMAP_COMMAND_COMPRESS = 9,
  /**
   * LANGUAGE (RFC 5255 §3.2).
   */
  MAILPROTO_IMAP_COMMAND_LANGUAGE = 10,
  /**
   * ENABLE (RFC 9051 §6.3.1).
   */
  MAILPROTO_IMAP_COMMAND_ENABLE = 11,
  /**
   * SELECT (RFC 9051 §6.3.2).
   */
  MAILPROTO_IMAP_COMMAND_SELECT = 12,
  /**
   * EXAMINE (RFC 9051 §6.3.3).
   */
  MAILPROTO_IMAP_COMMAND_EXAMINE = 13,
  /**
   * CREATE (RFC 9051 §6.3.4).
   */
  MAILPROTO_IMAP_COMMAND_CREATE = 14,
  /**
   * DELETE (RFC 9051 §6.3.5).
   */
  MAILPROTO_IMAP_COMMAND_DELETE = 15,
  /**
   * RENAME (RFC 9051 §6.3.6).
   */
  MAILPROTO_IMAP_COMMAND_RENAME = 16,
  /**
   * SUBSCRIBE (RFC 9051 §6.3.7).
   */
  MAILPROTO_IMAP_COMMAND_SUBSCRIBE = 17,
  /**
   * UNSUBSCRIBE (RFC 9051 §6.3.8).
   */
  MAILPROTO_IMAP_COMMAND_UNSUBSCRIBE = 18,
  /**
   * LIST (RFC 9051 §6.3.9).
   */
  MAILPROTO_IMAP_COMMAND_LIST = 19,
  /**
   * LSUB (RFC 3501 §6.3.9).
   */
  MAILPROTO_IMAP_COMMAND_LSUB = 20,
  /**
   * XLIST: Google's forerunner of SPECIAL-USE.
   */
  MAILPROTO_IMAP_COMMAND_XLIST = 21,
  /**
   * NAMESPACE (RFC 9051 §6.3.10).
   */
  MAILPROTO_IMAP_COMMAND_NAMESPACE = 22,
  /**
   * STATUS (RFC 9051 §6.3.11).
   */
  MAILPROTO_IMAP_COMMAND_STATUS = 23,
  /**
   * APPEND (RFC 9051 §6.3.12).
   */
  MAILPROTO_IMAP_COMMAND_APPEND = 24,
  /**
   * IDLE (RFC 9051 §6.3.13).
   */
  MAILPROTO_IMAP_COMMAND_IDLE = 25,
  /**
   * CHECK (RFC 3501 §6.4.1).
   */
  MAILPROTO_IMAP_COMMAND_CHECK = 26,
  /**
   * CLOSE (RFC 9051 §6.4.1).
   */
  MAILPROTO_IMAP_COMMAND_CLOSE = 27,
  /**
   * UNSELECT (RFC 9051 §6.4.2).
   */
  MAILPROTO_IMAP_COMMAND_UNSELECT = 28,
  /**
   * EXPUNGE (RFC 9051 §6.4.3) and UID EXPUNGE (RFC 9051 §6.4.9).
   */
  MAILPROTO_IMAP_COMMAND_EXPUNGE = 29,
  /**
   * SEARCH and UID SEARCH (RFC 9051 §6.4.4, §6.4.9).
   */
  MAILPROTO_IMAP_COMMAND_SEARCH = 30,
  /**
   * FETCH and UID FETCH (RFC 9051 §6.4.5, §6.4.9).
   */
  MAILPROTO_IMAP_COMMAND_FETCH = 31,
  /**
   * STORE and UID STORE (RFC 9051 §6.4.6, §6.4.9).
   */
  MAILPROTO_IMAP_COMMAND_STORE = 32,
  /**
   * COPY and UID COPY (RFC 9051 §6.4.7, §6.4.9).
   */
  MAILPROTO_IMAP_COMMAND_COPY = 33,
  /**
   * MOVE and UID MOVE (RFC 9051 §6.4.8, §6.4.9).
   */
  MAILPROTO_IMAP_COMMAND_MOVE = 34,
  /**
   * SORT and UID SORT (RFC 5256 §3).
   */
  MAILPROTO_IMAP_COMMAND_SORT = 35,
  /**
   * THREAD and UID THREAD (RFC 5256 §3).
   */
  MAILPROTO_IMAP_COMMAND_THREAD = 36,
  /**
   * GETQUOTA (RFC 9208 §4.1.2).
   */
  MAILPROTO_IMAP_COMMAND_GET_QUOTA = 37,
  /**
   * GETQUOTAROOT (RFC 9208 §4.1.3).
   */
  MAILPROTO_IMAP_COMMAND_GET_QUOTA_ROOT = 38,
  /**
   * SETQUOTA (RFC 9208 §4.1.1).
   */
  MAILPROTO_IMAP_COMMAND_SET_QUOTA = 39,
  /**
   * SETACL (RFC 4314 §3.1).
   */
  MAILPROTO_IMAP_COMMAND_SET_ACL = 40,
  /**
   * DELETEACL (RFC 4314 §3.2).
   */
  MAILPROTO_IMAP_COMMAND_DELETE_ACL = 41,
  /**
   * GETACL (RFC 4314 §3.3).
   */
  MAILPROTO_IMAP_COMMAND_GET_ACL = 42,
  /**
   * LISTRIGHTS (RFC 4314 §3.4).
   */
  MAILPROTO_IMAP_COMMAND_LIST_RIGHTS = 43,
  /**
   * MYRIGHTS (RFC 4314 §3.5).
   */
  MAILPROTO_IMAP_COMMAND_MY_RIGHTS = 44,
  /**
   * GETMETADATA (RFC 5464 §4.2).
   */
  MAILPROTO_IMAP_COMMAND_GET_METADATA = 45,
  /**
   * SETMETADATA (RFC 5464 §4.3).
   */
  MAILPROTO_IMAP_COMMAND_SET_METADATA = 46,
  /**
   * GETJMAPACCESS (RFC 9698 §4).
   */
  MAILPROTO_IMAP_COMMAND_GET_JMAP_ACCESS = 47,
  /**
   * Any other, sent by its name.
   */
  MAILPROTO_IMAP_COMMAND_RAW = 48,
  /**
   * One that this version of the C ABI has no number for.
   */
  MAILPROTO_IMAP_COMMAND_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_command mailproto_imap_command;
#else
typedef uint8_t mailproto_imap_command;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a status response or a greeting says (RFC 9051 §7.1).
 */
enum mailproto_imap_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * This event has no status.
   */
  MAILPROTO_IMAP_STATUS_NONE = 0,
  /**
   * It went well.
   */
  MAILPROTO_IMAP_STATUS_OK = 1,
  /**
   * It failed.
   */
  MAILPROTO_IMAP_STATUS_NO = 2,
  /**
   * The server did not understand, or is in trouble.
   */
  MAILPROTO_IMAP_STATUS_BAD = 3,
  /**
   * The command was never sent, or its answer never came: the engine withdrew it.
   */
  MAILPROTO_IMAP_STATUS_NOT_SENT = 4,
  /**
   * The greeting: logged in already.
   */
  MAILPROTO_IMAP_STATUS_PREAUTH = 5,
  /**
   * The greeting: refused.
   */
  MAILPROTO_IMAP_STATUS_BYE = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_status mailproto_imap_status;
#else
typedef uint8_t mailproto_imap_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Which response an event comes from (RFC 9051 §7.2, §7.3).
 */
enum mailproto_imap_listing
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * None of these.
   */
  MAILPROTO_IMAP_LISTING_NONE = 0,
  /**
   * CAPABILITY (RFC 9051 §7.2.2).
   */
  MAILPROTO_IMAP_LISTING_CAPABILITY = 1,
  /**
   * ENABLED (RFC 9051 §7.2.1).
   */
  MAILPROTO_IMAP_LISTING_ENABLED = 2,
  /**
   * FLAGS (RFC 9051 §7.3.5).
   */
  MAILPROTO_IMAP_LISTING_FLAGS = 3,
  /**
   * SEARCH (RFC 3501 §7.2.5).
   */
  MAILPROTO_IMAP_LISTING_SEARCH = 4,
  /**
   * SORT (RFC 5256 §4).
   */
  MAILPROTO_IMAP_LISTING_SORT = 5,
  /**
   * ESEARCH (RFC 9051 §7.3.4).
   */
  MAILPROTO_IMAP_LISTING_ESEARCH = 6,
  /**
   * THREAD (RFC 5256 §4).
   */
  MAILPROTO_IMAP_LISTING_THREAD = 7,
  /**
   * VANISHED: messages that have just gone (RFC 7162 §3.2.10).
   */
  MAILPROTO_IMAP_LISTING_VANISHED = 8,
  /**
   * VANISHED (EARLIER): messages that had gone before (RFC 7162 §3.2.10).
   */
  MAILPROTO_IMAP_LISTING_VANISHED_EARLIER = 9,
  /**
   * LIST (RFC 9051 §7.3.1).
   */
  MAILPROTO_IMAP_LISTING_LIST = 10,
  /**
   * LSUB: a name that is subscribed to, perhaps no mailbox any more (RFC 3501 §7.2.3).
   */
  MAILPROTO_IMAP_LISTING_LSUB = 11,
  /**
   * XLIST: Google's LIST with special-use attributes, from before RFC 6154.
   */
  MAILPROTO_IMAP_LISTING_XLIST = 12,
  /**
   * One that this version of the C ABI has no number for.
   */
  MAILPROTO_IMAP_LISTING_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_listing mailproto_imap_listing;
#else
typedef uint8_t mailproto_imap_listing;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A data item of a message (RFC 9051 §6.4.5, §7.5.2): what FETCH asks for, and which fields of
 * `mailproto_imap_event` it fills when it comes. Those that come as a body come by the events
 * BODY_START, BODY_DATA and BODY_END, all others by ITEM.
 */
enum mailproto_imap_item
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * This event has no data item.
   */
  MAILPROTO_IMAP_ITEM_NONE = 0,
  /**
   * FLAGS: `data` (`mailproto_imap_flags`).
   */
  MAILPROTO_IMAP_ITEM_FLAGS = 1,
  /**
   * UID: `number`.
   */
  MAILPROTO_IMAP_ITEM_UID = 2,
  /**
   * RFC822.SIZE: `octets`.
   */
  MAILPROTO_IMAP_ITEM_RFC822_SIZE = 3,
  /**
   * INTERNALDATE, when the server received it: `date`; `is_nil` if it is no date that exists.
   */
  MAILPROTO_IMAP_ITEM_INTERNAL_DATE = 4,
  /**
   * ENVELOPE, the header fields that a list of messages shows: `data`
   * (`mailproto_imap_envelope_read`).
   */
  MAILPROTO_IMAP_ITEM_ENVELOPE = 5,
  /**
   * BODY, the structure without extension data: `data` (`mailproto_imap_body_structure_init`).
   */
  MAILPROTO_IMAP_ITEM_BODY = 6,
  /**
   * BODYSTRUCTURE, the structure: `data` (`mailproto_imap_body_structure_init`).
   */
  MAILPROTO_IMAP_ITEM_BODY_STRUCTURE = 7,
  /**
   * `BODY[section]`: comes as a body.
   */
  MAILPROTO_IMAP_ITEM_BODY_SECTION = 8,
  /**
   * `BINARY[part]`, a part with its transfer encoding undone (RFC 3516 §4.2): comes as a body.
   */
  MAILPROTO_IMAP_ITEM_BINARY = 9,
  /**
   * `BINARY.SIZE[part]` (RFC 3516 §4.3): `octets`, and `data` the part.
   */
  MAILPROTO_IMAP_ITEM_BINARY_SIZE = 10,
  /**
   * RFC822, the message; sets `\Seen` (RFC 3501 §6.4.5): comes as a body.
   */
  MAILPROTO_IMAP_ITEM_RFC822 = 11,
  /**
   * RFC822.HEADER, its header: comes as a body.
   */
  MAILPROTO_IMAP_ITEM_RFC822_HEADER = 12,
  /**
   * RFC822.TEXT, its body; sets `\Seen`: comes as a body.
   */
  MAILPROTO_IMAP_ITEM_RFC822_TEXT = 13,
  /**
   * MODSEQ, its mod-sequence (RFC 7162 §3.1.4.2): `octets`; 0 where the server has none.
   */
  MAILPROTO_IMAP_ITEM_MOD_SEQ = 14,
  /**
   * X-GM-MSGID: `octets`.
   */
  MAILPROTO_IMAP_ITEM_GMAIL_MESSAGE_ID = 15,
  /**
   * X-GM-THRID: `octets`.
   */
  MAILPROTO_IMAP_ITEM_GMAIL_THREAD_ID = 16,
  /**
   * X-GM-LABELS: `data` (`mailproto_imap_labels`).
   */
  MAILPROTO_IMAP_ITEM_GMAIL_LABELS = 17,
  /**
   * EMAILID (RFC 8474 §5.1): `data`.
   */
  MAILPROTO_IMAP_ITEM_EMAIL_ID = 18,
  /**
   * THREADID (RFC 8474 §5.2): `data`; `is_nil` where the server has no threads.
   */
  MAILPROTO_IMAP_ITEM_THREAD_ID = 19,
  /**
   * PREVIEW, the beginning of the text (RFC 8970 §3): `value`, in UTF-8; `is_nil` where there is
   * none yet.
   */
  MAILPROTO_IMAP_ITEM_PREVIEW = 20,
  /**
   * SAVEDATE, when it came into the mailbox (RFC 8514 §4.3): `date`; `is_nil` where that is not
   * known.
   */
  MAILPROTO_IMAP_ITEM_SAVE_DATE = 21,
  /**
   * FETCH only: FLAGS INTERNALDATE RFC822.SIZE ENVELOPE. It must be the only item, and so must the
   * next two.
   */
  MAILPROTO_IMAP_ITEM_ALL = 30,
  /**
   * FETCH only: FLAGS INTERNALDATE RFC822.SIZE.
   */
  MAILPROTO_IMAP_ITEM_FAST = 31,
  /**
   * FETCH only: FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY.
   */
  MAILPROTO_IMAP_ITEM_FULL = 32,
  /**
   * Another. FETCH: its name is `text`, an atom. Event: `data` is its name, with the section if it
   * has one, `data2` its value, as they came.
   */
  MAILPROTO_IMAP_ITEM_OTHER = 254,
  /**
   * Event only: an item that cannot be read, name and value as they came: `data`. Its neighbours
   * are unhurt.
   */
  MAILPROTO_IMAP_ITEM_MALFORMED = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_item mailproto_imap_item;
#else
typedef uint8_t mailproto_imap_item;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A part of an ESEARCH response (RFC 9051 §7.3.4). Numbers are UIDs if UID came before.
 */
enum mailproto_imap_esearch
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * This event is no ESEARCH.
   */
  MAILPROTO_IMAP_ESEARCH_NONE = 0,
  /**
   * What the search was that this answers: `value` the tag of the command as it was sent, or NIL;
   * in an answer to a search in several mailboxes `name`, and `number` its UIDVALIDITY (RFC 7377
   * §2.1).
   */
  MAILPROTO_IMAP_ESEARCH_CORRELATOR = 1,
  /**
   * The numbers that follow are UIDs.
   */
  MAILPROTO_IMAP_ESEARCH_UID = 2,
  /**
   * MIN: `number` is the lowest one found.
   */
  MAILPROTO_IMAP_ESEARCH_MIN = 3,
  /**
   * MAX: `number` is the highest one found.
   */
  MAILPROTO_IMAP_ESEARCH_MAX = 4,
  /**
   * COUNT: `number` is how many were found.
   */
  MAILPROTO_IMAP_ESEARCH_COUNT = 5,
  /**
   * MODSEQ: `octets` is the highest mod-sequence among what is told here (RFC 7162 §3.1.10).
   */
  MAILPROTO_IMAP_ESEARCH_MOD_SEQ = 6,
  /**
   * ALL: the messages from `number` to `last` were found.
   */
  MAILPROTO_IMAP_ESEARCH_ALL = 7,
  /**
   * PARTIAL: of all that was found, what stands at the positions from `from` to `to` will follow
   * (RFC 9394 §3.1). Negative ones count from the end: -1 is the last.
   */
  MAILPROTO_IMAP_ESEARCH_PARTIAL = 8,
  /**
   * PARTIAL: the messages from `number` to `last` are within these positions.
   */
  MAILPROTO_IMAP_ESEARCH_PARTIAL_RANGE = 9,
  /**
   * RELEVANCY: `number` is a score from 1 to 100, one for each message, in their order (RFC 6203
   * §4).
   */
  MAILPROTO_IMAP_ESEARCH_RELEVANCY = 10,
  /**
   * ADDTO: put in the messages from `number` to `last`, at position `from`; 0: wherever they
   * belong (RFC 5267 §4.3.3).
   */
  MAILPROTO_IMAP_ESEARCH_ADD_TO = 11,
  /**
   * REMOVEFROM: take out the messages from `number` to `last`, at position `from`; 0: look for
   * them (RFC 5267 §4.3.4).
   */
  MAILPROTO_IMAP_ESEARCH_REMOVE_FROM = 12,
  /**
   * Another item: `data` is its name. OTHER_VALUE follows, once or more.
   */
  MAILPROTO_IMAP_ESEARCH_OTHER_NAME = 13,
  /**
   * An element of another item's value, as it came: `data`.
   */
  MAILPROTO_IMAP_ESEARCH_OTHER_VALUE = 14,
  /**
   * One that this version of the C ABI has no number for.
   */
  MAILPROTO_IMAP_ESEARCH_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_esearch mailproto_imap_esearch;
#else
typedef uint8_t mailproto_imap_esearch;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A part of the trees of a THREAD response (RFC 5256 §4), in the order of the wire.
 * `mailproto_imap_thread_depth` makes depths of them.
 */
enum mailproto_imap_thread
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * This event is no THREAD.
   */
  MAILPROTO_IMAP_THREAD_NONE = 0,
  /**
   * A parenthesis opens: a thread, or one of several answers to the message before.
   */
  MAILPROTO_IMAP_THREAD_OPEN = 1,
  /**
   * A message: `number`.
   */
  MAILPROTO_IMAP_THREAD_MESSAGE = 2,
  /**
   * A parenthesis closes.
   */
  MAILPROTO_IMAP_THREAD_CLOSE = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_thread mailproto_imap_thread;
#else
typedef uint8_t mailproto_imap_thread;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What did not fit the scratch buffer.
 */
enum mailproto_imap_oversize
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing.
   */
  MAILPROTO_IMAP_OVERSIZE_NONE = 0,
  /**
   * The text of a status response; its beginning was used.
   */
  MAILPROTO_IMAP_OVERSIZE_TEXT = 1,
  /**
   * A data item of a FETCH response.
   */
  MAILPROTO_IMAP_OVERSIZE_ITEM = 2,
  /**
   * An element of a response that comes by element.
   */
  MAILPROTO_IMAP_OVERSIZE_ELEMENT = 3,
  /**
   * A whole response.
   */
  MAILPROTO_IMAP_OVERSIZE_RESPONSE = 4,
  /**
   * One that this version of the C ABI has no number for.
   */
  MAILPROTO_IMAP_OVERSIZE_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_oversize mailproto_imap_oversize;
#else
typedef uint8_t mailproto_imap_oversize;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A deviation from the RFCs that servers in the field show and a lenient client mends.
 */
enum mailproto_imap_quirk
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * None.
   */
  MAILPROTO_IMAP_QUIRK_NONE = 0,
  /**
   * A line ended with a bare LF (RFC 9051 §2.2 demands CRLF).
   */
  MAILPROTO_IMAP_QUIRK_BARE_LF = 1,
  /**
   * More than one space, or a tab, where one space belongs.
   */
  MAILPROTO_IMAP_QUIRK_EXTRA_SPACE = 2,
  /**
   * A space before a closing parenthesis or at the end of a line.
   */
  MAILPROTO_IMAP_QUIRK_TRAILING_SPACE = 3,
  /**
   * No space where one belongs.
   */
  MAILPROTO_IMAP_QUIRK_MISSING_SPACE = 4,
  /**
   * A status response or continuation without text (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_QUIRK_MISSING_TEXT = 5,
  /**
   * A response code that its own grammar does not allow (RFC 9051 §7.1). It was kept as
   * text, or told as an unknown code.
   */
  MAILPROTO_IMAP_QUIRK_BAD_CODE = 6,
  /**
   * `()` where the grammar wants NIL or at least one element.
   */
  MAILPROTO_IMAP_QUIRK_EMPTY_LIST = 7,
  /**
   * A quoted string that holds an unescaped quote, or a backslash before something else than
   * a quote or backslash (RFC 9051 §4.3). It was taken as it is.
   */
  MAILPROTO_IMAP_QUIRK_BAD_QUOTING = 8,
  /**
   * A line break within a quoted string (a folded header field). It was kept.
   */
  MAILPROTO_IMAP_QUIRK_FOLDED_QUOTED = 9,
  /**
   * Octets above 127, in no UTF-8 or where UTF-8 was not enabled (RFC 9051 §4.3). They were
   * kept.
   */
  MAILPROTO_IMAP_QUIRK_EIGHT_BIT = 10,
  /**
   * A NUL or another control character in text or a quoted string.
   */
  MAILPROTO_IMAP_QUIRK_CONTROL_CHARACTER = 11,
  /**
   * NIL where the grammar wants a string.
   */
  MAILPROTO_IMAP_QUIRK_UNEXPECTED_NIL = 12,
  /**
   * An atom where the grammar wants a string or NIL.
   */
  MAILPROTO_IMAP_QUIRK_UNQUOTED_STRING = 13,
  /**
   * A number that is negative, too large, zero where it must not be, or NIL.
   */
  MAILPROTO_IMAP_QUIRK_BAD_NUMBER = 14,
  /**
   * Fewer fields than the grammar demands; the missing ones count as NIL.
   */
  MAILPROTO_IMAP_QUIRK_MISSING_FIELD = 15,
  /**
   * More than the grammar allows; it was skipped.
   */
  MAILPROTO_IMAP_QUIRK_EXTRA_FIELD = 16,
  /**
   * A pair of parentheses too many.
   */
  MAILPROTO_IMAP_QUIRK_EXTRA_PARENTHESES = 17,
  /**
   * A response that ended before its parentheses were closed.
   */
  MAILPROTO_IMAP_QUIRK_MISSING_PARENTHESES = 18,
  /**
   * A literal that a server must not send: `{2+}` (RFC 7888 §4).
   */
  MAILPROTO_IMAP_QUIRK_NON_SYNCHRONIZING_LITERAL = 19,
  /**
   * A date or date-time that does not exist, or is written in an obsolete way.
   */
  MAILPROTO_IMAP_QUIRK_BAD_DATE = 20,
  /**
   * A flag that is no flag (RFC 9051 §9): with brackets, quotes or parentheses in it.
   */
  MAILPROTO_IMAP_QUIRK_BAD_FLAG = 21,
  /**
   * A mailbox name that is no modified UTF-7 (RFC 3501 §5.1.3), or no UTF-8 where that is
   * enabled, or holds control characters (RFC 9051 §5.1). Its octets can still be read, and
   * given back.
   */
  MAILPROTO_IMAP_QUIRK_BAD_MAILBOX_NAME = 22,
  /**
   * A mailbox name that is neither quoted nor an atom. It was taken up to the end of the
   * line.
   */
  MAILPROTO_IMAP_QUIRK_UNQUOTED_MAILBOX_NAME = 23,
  /**
   * A data item that cannot be read. It was handed over raw, and its neighbours are unhurt.
   */
  MAILPROTO_IMAP_QUIRK_MALFORMED_ITEM = 24,
  /**
   * A response that cannot be read. It was handed over raw.
   */
  MAILPROTO_IMAP_QUIRK_MALFORMED_RESPONSE = 25,
  /**
   * Lines stood before the greeting. They were skipped.
   */
  MAILPROTO_IMAP_QUIRK_BANNER = 26,
  /**
   * An empty line.
   */
  MAILPROTO_IMAP_QUIRK_EMPTY_LINE = 27,
  /**
   * A `+` that nobody awaits (RFC 9051 §7.6). It was ignored.
   */
  MAILPROTO_IMAP_QUIRK_UNEXPECTED_CONTINUATION = 28,
  /**
   * A continuation of AUTHENTICATE that is not base64. It was told as an empty one, and can
   * only be cancelled.
   */
  MAILPROTO_IMAP_QUIRK_CHALLENGE_NOT_BASE64 = 29,
  /**
   * A response that is not legal in the present state (RFC 9051 §7). It was delivered, and
   * trusted with nothing; data of mailboxes before login were dropped, one quirk for each
   * (RFC 9051 §11.3).
   */
  MAILPROTO_IMAP_QUIRK_UNEXPECTED_RESPONSE = 30,
  /**
   * EXISTS became smaller without EXPUNGE or VANISHED (RFC 9051 §7.4.1).
   */
  MAILPROTO_IMAP_QUIRK_EXISTS_SHRANK = 31,
  /**
   * EXPUNGE while a FETCH, STORE or SEARCH was in progress (RFC 9051 §7.5.1).
   */
  MAILPROTO_IMAP_QUIRK_UNEXPECTED_EXPUNGE = 32,
  /**
   * A message number that is zero or larger than the mailbox.
   */
  MAILPROTO_IMAP_QUIRK_BAD_MESSAGE_NUMBER = 33,
  /**
   * UIDNEXT became smaller while UIDVALIDITY did not change (RFC 9051 §2.3.1.1).
   */
  MAILPROTO_IMAP_QUIRK_UID_NEXT_SHRANK = 34,
  /**
   * One that this version of the C ABI has no number for.
   */
  MAILPROTO_IMAP_QUIRK_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_quirk mailproto_imap_quirk;
#else
typedef uint8_t mailproto_imap_quirk;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A response code (RFC 9051 §7.1, RFC 5530): what a status response tells programs. Which fields of
 * `mailproto_imap_response_code` are filled is said with each; the others are zero.
 */
enum mailproto_imap_code
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * There is none.
   */
  MAILPROTO_IMAP_CODE_NONE = 0,
  /**
   * ALERT: the text must be shown to the user (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_ALERT = 1,
  /**
   * ALREADYEXISTS: there is a mailbox of that name (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_ALREADY_EXISTS = 2,
  /**
   * APPENDUID: what UIDs the appended messages got (RFC 9051 §7.1). `number` is the
   * UIDVALIDITY of the mailbox, `data` the UIDs, one for each message, in the order in which
   * they were appended: `mailproto_imap_ranges`.
   */
  MAILPROTO_IMAP_CODE_APPEND_UID = 3,
  /**
   * AUTHENTICATIONFAILED: the name or the password is wrong (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_AUTHENTICATION_FAILED = 4,
  /**
   * AUTHORIZATIONFAILED: one may not act as that user (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_AUTHORIZATION_FAILED = 5,
  /**
   * BADCHARSET: the charset is not known; perhaps with those that are (RFC 9051 §7.1).
   * `data` holds those: `mailproto_imap_strings`.
   */
  MAILPROTO_IMAP_CODE_BAD_CHARSET = 6,
  /**
   * BADCOMPARATOR: no such comparator (RFC 5255 §4.9).
   */
  MAILPROTO_IMAP_CODE_BAD_COMPARATOR = 7,
  /**
   * BADEVENT: NOTIFY does not know one of the events; these it does (RFC 5465 §8). `data`
   * holds those: `mailproto_imap_strings`.
   */
  MAILPROTO_IMAP_CODE_BAD_EVENT = 8,
  /**
   * BADURL: this URL of CATENATE cannot be used (RFC 4469 §4). `string` is the URL.
   */
  MAILPROTO_IMAP_CODE_BAD_URL = 9,
  /**
   * CANNOT: never, for reasons that lie in the request (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_CANNOT = 10,
  /**
   * CAPABILITY: what the server can do from now on (RFC 9051 §7.1). `data` holds them:
   * `mailproto_imap_capabilities`.
   */
  MAILPROTO_IMAP_CODE_CAPABILITY = 11,
  /**
   * CLIENTBUG: the server believes that the client is at fault (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_CLIENT_BUG = 12,
  /**
   * CLOSED: from here on server data belongs to the newly selected mailbox (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_CLOSED = 13,
  /**
   * COMPRESSIONACTIVE: there is compression already (RFC 4978 §3).
   */
  MAILPROTO_IMAP_CODE_COMPRESSION_ACTIVE = 14,
  /**
   * CONTACTADMIN: the user should call the administrator (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_CONTACT_ADMIN = 15,
  /**
   * COPYUID: what UIDs the copied or moved messages got (RFC 9051 §7.1). The sets pair off:
   * the first UID of one with the first of the other, and so on. Some servers send them
   * empty. `number` is the UIDVALIDITY of the destination, `data` the UIDs in the source
   * mailbox, `data2` those in the destination: `mailproto_imap_ranges`.
   */
  MAILPROTO_IMAP_CODE_COPY_UID = 16,
  /**
   * CORRUPTION: the server has lost data (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_CORRUPTION = 17,
  /**
   * EXPIRED: the password has run out (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_EXPIRED = 18,
  /**
   * EXPUNGEISSUED: messages have been expunged meanwhile by someone else (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_EXPUNGE_ISSUED = 19,
  /**
   * HASCHILDREN: the mailbox has children, and cannot be deleted (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_HAS_CHILDREN = 20,
  /**
   * HIGHESTMODSEQ: the mailbox's highest mod-sequence (RFC 7162 §3.1.2.1). `number64`.
   */
  MAILPROTO_IMAP_CODE_HIGHEST_MOD_SEQ = 21,
  /**
   * INPROGRESS: the command takes time; this is how far it is (RFC 9585 §4). `string` is the
   * command's tag or NIL, `number` how many units of work are done if `has_number` is 1,
   * `goal` how many there are to do if `has_goal` is 1.
   */
  MAILPROTO_IMAP_CODE_IN_PROGRESS = 22,
  /**
   * INUSE: something else holds it; try again later (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_IN_USE = 23,
  /**
   * LIMIT: a limit of the server is reached (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_LIMIT = 24,
  /**
   * MAILBOXID: the object identifier of the mailbox (RFC 8474 §4.1). `data`.
   */
  MAILPROTO_IMAP_CODE_MAILBOX_ID = 25,
  /**
   * MESSAGELIMIT: the command touched only so many messages (RFC 9738 §3.1). `number` is how
   * many messages a command may touch; if `has_goal` is 1, `goal` is the lowest UID that was
   * processed.
   */
  MAILPROTO_IMAP_CODE_MESSAGE_LIMIT = 26,
  /**
   * METADATA LONGENTRIES: values were left out, the longest of which has so many octets (RFC
   * 5464 §4.2.1). `number64`.
   */
  MAILPROTO_IMAP_CODE_METADATA_LONG_ENTRIES = 27,
  /**
   * METADATA MAXSIZE: the value is too long; so many octets are allowed (RFC 5464 §4.3).
   * `number64`.
   */
  MAILPROTO_IMAP_CODE_METADATA_MAX_SIZE = 28,
  /**
   * METADATA TOOMANY: no more entries fit (RFC 5464 §4.3).
   */
  MAILPROTO_IMAP_CODE_METADATA_TOO_MANY = 29,
  /**
   * METADATA NOPRIVATE: there are no private entries here (RFC 5464 §4.3).
   */
  MAILPROTO_IMAP_CODE_METADATA_NO_PRIVATE = 30,
  /**
   * MODIFIED: these messages have changed since, and were not stored (RFC 7162 §3.1.3). UIDs
   * after UID STORE, else message numbers. `data`: `mailproto_imap_ranges`.
   */
  MAILPROTO_IMAP_CODE_MODIFIED = 31,
  /**
   * NOMODSEQ: the mailbox keeps no mod-sequences (RFC 7162 §3.1.2.2).
   */
  MAILPROTO_IMAP_CODE_NO_MOD_SEQ = 32,
  /**
   * NONEXISTENT: there is no such mailbox (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_NON_EXISTENT = 33,
  /**
   * NOPERM: access control forbids it (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_NO_PERM = 34,
  /**
   * NOTIFICATIONOVERFLOW: NOTIFY is off, there was too much to tell (RFC 5465 §5.8).
   */
  MAILPROTO_IMAP_CODE_NOTIFICATION_OVERFLOW = 35,
  /**
   * NOTSAVED: `$` is now empty (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_NOT_SAVED = 36,
  /**
   * NOUPDATE: the search with this tag will not be kept up to date (RFC 5267 §4.3.1).
   * `string` is the tag.
   */
  MAILPROTO_IMAP_CODE_NO_UPDATE = 37,
  /**
   * OVERQUOTA: it would exceed the quota, or does already (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_OVER_QUOTA = 38,
  /**
   * PARSE: a message in the mailbox cannot be parsed (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_PARSE = 39,
  /**
   * PERMANENTFLAGS: what flags can be changed for good; with `\*` also new keywords (RFC
   * 9051 §7.1). `data`: `mailproto_imap_flags`.
   */
  MAILPROTO_IMAP_CODE_PERMANENT_FLAGS = 40,
  /**
   * PRIVACYREQUIRED: only over TLS (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_PRIVACY_REQUIRED = 41,
  /**
   * READ-ONLY: the mailbox was opened, or has become, read-only (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_READ_ONLY = 42,
  /**
   * READ-WRITE: the mailbox was opened, or has become, writable (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_READ_WRITE = 43,
  /**
   * REFERRAL: look there; one or more IMAP URLs, separated by spaces (RFC 2193 §4, RFC 2221
   * §3). `data`.
   */
  MAILPROTO_IMAP_CODE_REFERRAL = 44,
  /**
   * SERVERBUG: the server believes itself to be at fault (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_SERVER_BUG = 45,
  /**
   * TEMPFAIL: it may work later (RFC 5259 §8).
   */
  MAILPROTO_IMAP_CODE_TEMP_FAIL = 46,
  /**
   * TOOBIG: the message is too large (RFC 4469 §4.3, RFC 7889 §4).
   */
  MAILPROTO_IMAP_CODE_TOO_BIG = 47,
  /**
   * TRYCREATE: the destination does not exist; CREATE it first (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_TRY_CREATE = 48,
  /**
   * UIDNEXT: what UID the next message will probably get (RFC 9051 §7.1). `number`.
   */
  MAILPROTO_IMAP_CODE_UID_NEXT = 49,
  /**
   * UIDNOTSTICKY: UIDs do not last in this mailbox (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_UID_NOT_STICKY = 50,
  /**
   * UIDREQUIRED: message numbers are not allowed here (RFC 9586 §3.5).
   */
  MAILPROTO_IMAP_CODE_UID_REQUIRED = 51,
  /**
   * UIDVALIDITY: with another value than before, all UIDs that are remembered are void (RFC
   * 9051 §7.1). `number`.
   */
  MAILPROTO_IMAP_CODE_UID_VALIDITY = 52,
  /**
   * UNAVAILABLE: something behind the server is down; try again later (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_UNAVAILABLE = 53,
  /**
   * UNDEFINED-FILTER: there is no filter of this name (RFC 5466 §3.1). `data` is its name.
   */
  MAILPROTO_IMAP_CODE_UNDEFINED_FILTER = 54,
  /**
   * UNKNOWN-CTE: the server cannot decode the part (RFC 9051 §7.1).
   */
  MAILPROTO_IMAP_CODE_UNKNOWN_CTE = 55,
  /**
   * UNSEEN: the number of the first message not seen (RFC 3501 §7.1). `number`.
   */
  MAILPROTO_IMAP_CODE_UNSEEN = 56,
  /**
   * USEATTR: the mailbox cannot have the special use that was asked for (RFC 6154 §6).
   */
  MAILPROTO_IMAP_CODE_USE_ATTR = 57,
  /**
   * ANNOTATE TOOBIG: the annotation is too long (RFC 5257 §4.5).
   */
  MAILPROTO_IMAP_CODE_ANNOTATE_TOO_BIG = 58,
  /**
   * ANNOTATE TOOMANY: no more annotations fit (RFC 5257 §4.5).
   */
  MAILPROTO_IMAP_CODE_ANNOTATE_TOO_MANY = 59,
  /**
   * Another code; or a known one whose arguments are malformed, which the quirk BAD_CODE tells.
   * `data` is its name, `data2` what stood between the name and the bracket, as they came.
   */
  MAILPROTO_IMAP_CODE_UNKNOWN = 60,
  /**
   * One that this version of the C ABI has no number for.
   */
  MAILPROTO_IMAP_CODE_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_code mailproto_imap_code;
#else
typedef uint8_t mailproto_imap_code;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The state of a session (RFC 9051 §3), and the steps before, between and after.
 */
enum mailproto_imap_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * There is no session: NULL, or an object that was never set up.
   */
  MAILPROTO_IMAP_STATE_NONE = 0,
  /**
   * The greeting has not come yet.
   */
  MAILPROTO_IMAP_STATE_GREETING = 1,
  /**
   * Nobody is logged in.
   */
  MAILPROTO_IMAP_STATE_NOT_AUTHENTICATED = 2,
  /**
   * STARTTLS was accepted: the TLS handshake is the program's, and nothing else may be received.
   */
  MAILPROTO_IMAP_STATE_HANDSHAKE = 3,
  /**
   * Logged in.
   */
  MAILPROTO_IMAP_STATE_AUTHENTICATED = 4,
  /**
   * A mailbox is selected.
   */
  MAILPROTO_IMAP_STATE_SELECTED = 5,
  /**
   * The server has said BYE (RFC 9051 §3.4): what it still says is taken, but no command is.
   */
  MAILPROTO_IMAP_STATE_LOGOUT = 6,
  /**
   * The session has ended.
   */
  MAILPROTO_IMAP_STATE_CLOSED = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_state mailproto_imap_state;
#else
typedef int32_t mailproto_imap_state;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What the walk through a structure comes by.
 */
enum mailproto_imap_node_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing.
   */
  MAILPROTO_IMAP_NODE_KIND_NONE = 0,
  /**
   * A multipart begins; its parts follow, then CLOSE.
   */
  MAILPROTO_IMAP_NODE_KIND_OPEN = 1,
  /**
   * A part that has no parts of its own: all fields but `envelope`.
   */
  MAILPROTO_IMAP_NODE_KIND_PART = 2,
  /**
   * A message within the message (`message/rfc822`, `message/global`): as PART, with `envelope`. Its
   * structure follows, then MESSAGE_END, which tells its `lines` and what comes behind: an attached
   * message's encoding comes here, its disposition and file name with MESSAGE_END.
   */
  MAILPROTO_IMAP_NODE_KIND_MESSAGE = 3,
  /**
   * The message's structure is complete: `lines`, `md5` and what stands behind it here.
   */
  MAILPROTO_IMAP_NODE_KIND_MESSAGE_END = 4,
  /**
   * The multipart is complete: `subtype`, `parameters`, `disposition` and what stands behind it
   * here.
   */
  MAILPROTO_IMAP_NODE_KIND_CLOSE = 5,
  /**
   * One that this version of the C ABI has no number for.
   */
  MAILPROTO_IMAP_NODE_KIND_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_node_kind mailproto_imap_node_kind;
#else
typedef int32_t mailproto_imap_node_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * An attribute of a mailbox (RFC 9051 §7.3.1, RFC 5258 §3, RFC 6154 §2, RFC 8457 §3); the last four
 * are XLIST's.
 */
enum mailproto_imap_attribute_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * `\Noinferiors`: there are no mailboxes below it, and there can be none.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_NOINFERIORS = 1,
  /**
   * `\Noselect`: it cannot be selected.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_NOSELECT = 2,
  /**
   * `\NonExistent`: there is no such mailbox; implies `\Noselect`.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_NON_EXISTENT = 3,
  /**
   * `\HasChildren`: there are mailboxes below it.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_HAS_CHILDREN = 4,
  /**
   * `\HasNoChildren`: there are none.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_HAS_NO_CHILDREN = 5,
  /**
   * `\Marked`: it probably holds new messages.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_MARKED = 6,
  /**
   * `\Unmarked`: it does not.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_UNMARKED = 7,
  /**
   * `\Subscribed`.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_SUBSCRIBED = 8,
  /**
   * `\Remote`: it is on another server.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_REMOTE = 9,
  /**
   * `\All`: all messages are in it.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_ALL = 10,
  /**
   * `\Archive`.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_ARCHIVE = 11,
  /**
   * `\Drafts`.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_DRAFTS = 12,
  /**
   * `\Flagged`: the messages that are flagged.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_FLAGGED = 13,
  /**
   * `\Junk`.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_JUNK = 14,
  /**
   * `\Sent`.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_SENT = 15,
  /**
   * `\Trash`.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_TRASH = 16,
  /**
   * `\Important` (RFC 8457 §3).
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_IMPORTANT = 17,
  /**
   * `\AllMail`: what XLIST says for `\All`.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_ALL_MAIL = 18,
  /**
   * `\Inbox`: of XLIST; INBOX has a name in the user's language there.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_INBOX = 19,
  /**
   * `\Spam`: what XLIST says for `\Junk`.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_SPAM = 20,
  /**
   * `\Starred`: what XLIST says for `\Flagged`.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_STARRED = 21,
  /**
   * Any other: see `name`.
   */
  MAILPROTO_IMAP_ATTRIBUTE_KIND_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_attribute_kind mailproto_imap_attribute_kind;
#else
typedef int32_t mailproto_imap_attribute_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What STATUS tells (RFC 9051 §6.3.11, §7.3.4).
 */
enum mailproto_imap_status_item_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * MESSAGES: how many there are.
   */
  MAILPROTO_IMAP_STATUS_ITEM_KIND_MESSAGES = 1,
  /**
   * RECENT: how many are recent (RFC 3501 §6.3.10).
   */
  MAILPROTO_IMAP_STATUS_ITEM_KIND_RECENT = 2,
  /**
   * UIDNEXT: the UID that the next message will get, or a higher one. Some servers send 0.
   */
  MAILPROTO_IMAP_STATUS_ITEM_KIND_UID_NEXT = 3,
  /**
   * UIDVALIDITY: with another value than before, all UIDs that are remembered are void. Some
   * servers send 0.
   */
  MAILPROTO_IMAP_STATUS_ITEM_KIND_UID_VALIDITY = 4,
  /**
   * UNSEEN: how many have no `\Seen` flag.
   */
  MAILPROTO_IMAP_STATUS_ITEM_KIND_UNSEEN = 5,
  /**
   * DELETED: how many have the `\Deleted` flag.
   */
  MAILPROTO_IMAP_STATUS_ITEM_KIND_DELETED = 6,
  /**
   * SIZE: of all messages together, in octets.
   */
  MAILPROTO_IMAP_STATUS_ITEM_KIND_SIZE = 7,
  /**
   * HIGHESTMODSEQ: the highest mod-sequence; 0 where the mailbox keeps none (RFC 7162 §3.1.7).
   */
  MAILPROTO_IMAP_STATUS_ITEM_KIND_HIGHEST_MOD_SEQ = 8,
  /**
   * APPENDLIMIT: how many octets a message may have to be appended; no number for no limit (RFC
   * 7889 §3.2).
   */
  MAILPROTO_IMAP_STATUS_ITEM_KIND_APPEND_LIMIT = 9,
  /**
   * MAILBOXID: `value` is the object identifier of the mailbox (RFC 8474 §4.3).
   */
  MAILPROTO_IMAP_STATUS_ITEM_KIND_MAILBOX_ID = 10,
  /**
   * DELETED-STORAGE: how much space EXPUNGE would free, in units of 1024 octets (RFC 9208 §3.1.1).
   */
  MAILPROTO_IMAP_STATUS_ITEM_KIND_DELETED_STORAGE = 11,
  /**
   * Another one, or one of those above with a value that is malformed: `name` and `value`, as they
   * came.
   */
  MAILPROTO_IMAP_STATUS_ITEM_KIND_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_status_item_kind mailproto_imap_status_item_kind;
#else
typedef int32_t mailproto_imap_status_item_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What extended LIST data tell (RFC 9051 §7.3.1, RFC 5258 §6).
 */
enum mailproto_imap_extended_item_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * CHILDINFO: mailboxes below this one satisfy these selection options, such as `SUBSCRIBED` (RFC
   * 9051 §6.3.9.6): `value` (`mailproto_imap_strings`).
   */
  MAILPROTO_IMAP_EXTENDED_ITEM_KIND_CHILD_INFO = 1,
  /**
   * OLDNAME: the mailbox was called `name` before (RFC 9051 §6.3.9.7).
   */
  MAILPROTO_IMAP_EXTENDED_ITEM_KIND_OLD_NAME = 2,
  /**
   * Another one: `name`, and `value` as it came.
   */
  MAILPROTO_IMAP_EXTENDED_ITEM_KIND_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_extended_item_kind mailproto_imap_extended_item_kind;
#else
typedef int32_t mailproto_imap_extended_item_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What of a part (RFC 9051 §6.4.5).
 */
enum mailproto_imap_section_part
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * All of it: of the message, header and text; of a part of it, the body.
   */
  MAILPROTO_IMAP_SECTION_PART_WHOLE = 0,
  /**
   * HEADER: the header of the message, or of the message that the part is.
   */
  MAILPROTO_IMAP_SECTION_PART_HEADER = 1,
  /**
   * HEADER.FIELDS: some fields of the header.
   */
  MAILPROTO_IMAP_SECTION_PART_HEADER_FIELDS = 2,
  /**
   * HEADER.FIELDS.NOT: the header without some fields.
   */
  MAILPROTO_IMAP_SECTION_PART_HEADER_FIELDS_NOT = 3,
  /**
   * TEXT: the text of the message, or of the message that the part is.
   */
  MAILPROTO_IMAP_SECTION_PART_TEXT = 4,
  /**
   * MIME: the header of the part.
   */
  MAILPROTO_IMAP_SECTION_PART_MIME = 5,
  /**
   * Something else.
   */
  MAILPROTO_IMAP_SECTION_PART_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_section_part mailproto_imap_section_part;
#else
typedef int32_t mailproto_imap_section_part;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * An encoding as Content-Transfer-Encoding names it (RFC 2045 §6.1).
 */
enum mailproto_transfer_encoding
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * `7bit`, and where nothing is said.
   */
  MAILPROTO_TRANSFER_ENCODING_SEVEN_BIT = 0,
  /**
   * `8bit`.
   */
  MAILPROTO_TRANSFER_ENCODING_EIGHT_BIT = 1,
  /**
   * `binary`.
   */
  MAILPROTO_TRANSFER_ENCODING_BINARY = 2,
  /**
   * `quoted-printable`.
   */
  MAILPROTO_TRANSFER_ENCODING_QUOTED_PRINTABLE = 3,
  /**
   * `base64`.
   */
  MAILPROTO_TRANSFER_ENCODING_BASE64 = 4,
  /**
   * Another one, which is handed on as it is.
   */
  MAILPROTO_TRANSFER_ENCODING_UNKNOWN = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_transfer_encoding mailproto_transfer_encoding;
#else
typedef int32_t mailproto_transfer_encoding;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What happened. Which fields of `mailproto_pop3_event` are filled is said with each; the others
 * are zero.
 */
enum mailproto_pop3_event_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing.
   */
  MAILPROTO_POP3_EVENT_KIND_NONE = 0,
  /**
   * The server's greeting (RFC 1939 §4): `status`, `code`, `code_text`, `text`; `data` is the
   * timestamp that APOP needs, angle brackets included, or empty. With status ERR the session is
   * over.
   */
  MAILPROTO_POP3_EVENT_KIND_GREETING = 1,
  /**
   * A positive reply of several lines begins; its items or its data follow, then COMPLETED:
   * `command`, `verb`, `message`, `text`; where `has_octets` is 1, `octets` is the message's
   * length as the server tells it, a hint only.
   */
  MAILPROTO_POP3_EVENT_KIND_STARTED = 2,
  /**
   * A line of the reply to CAPA: `command`, `capability` and what is said there.
   */
  MAILPROTO_POP3_EVENT_KIND_CAPABILITY = 3,
  /**
   * A line of the reply to LIST (RFC 1939 §5): `command`, `message`, `octets`.
   */
  MAILPROTO_POP3_EVENT_KIND_SCAN_LISTING = 4,
  /**
   * A line of the reply to UIDL (RFC 1939 §7): `command`, `message`, `uid`.
   */
  MAILPROTO_POP3_EVENT_KIND_UNIQUE_ID = 5,
  /**
   * A line of the reply to LANG (RFC 6856 §3.2): `command`, `tag` the language tag, `text` the
   * language's name in that language.
   */
  MAILPROTO_POP3_EVENT_KIND_LANGUAGE = 6,
  /**
   * Octets of the reply to RETR, TOP or a raw command, dots removed, CRLF included: `command`,
   * `data`.
   */
  MAILPROTO_POP3_EVENT_KIND_DATA = 7,
  /**
   * AUTH: the server asks (RFC 5034 §4): `command`, `data` the challenge, decoded. Answer with
   * `mailproto_pop3_client_respond` or `mailproto_pop3_client_cancel`.
   */
  MAILPROTO_POP3_EVENT_KIND_CHALLENGE = 8,
  /**
   * A command is done; there is exactly one such event for each: `command`, `verb`, `message`,
   * `status`, `code`, `code_text`, `text`. For STAT `messages` and `octets`, for LIST with a
   * message number `octets`, for UIDL with one `uid`. After STLS with status OK make the TLS
   * handshake, then call `mailproto_pop3_client_tls_established`.
   */
  MAILPROTO_POP3_EVENT_KIND_COMPLETED = 9,
  /**
   * A line that is not understood, as it came: `data`, without its ending. The session goes on.
   */
  MAILPROTO_POP3_EVENT_KIND_UNRECOGNIZED = 10,
  /**
   * A line was longer than the scratch buffer: `verb` the command that was being answered (NONE
   * for the greeting), `octets` the line's length. Of a status line the beginning was used, in
   * the event before; a line of a listing was skipped.
   */
  MAILPROTO_POP3_EVENT_KIND_OVERSIZE = 11,
  /**
   * The server deviated from the RFCs, and it was mended: `quirk`; `octets` is how many octets
   * of this connection came before the line.
   */
  MAILPROTO_POP3_EVENT_KIND_QUIRK = 12,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_event_kind mailproto_pop3_event_kind;
#else
typedef uint8_t mailproto_pop3_event_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The commands by name.
 */
enum mailproto_pop3_verb
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No command.
   */
  MAILPROTO_POP3_VERB_NONE = 0,
  /**
   * CAPA (RFC 2449 §5).
   */
  MAILPROTO_POP3_VERB_CAPA = 1,
  /**
   * STLS (RFC 2595 §4).
   */
  MAILPROTO_POP3_VERB_STLS = 2,
  /**
   * USER (RFC 1939 §7).
   */
  MAILPROTO_POP3_VERB_USER = 3,
  /**
   * PASS (RFC 1939 §7).
   */
  MAILPROTO_POP3_VERB_PASS = 4,
  /**
   * APOP (RFC 1939 §7).
   */
  MAILPROTO_POP3_VERB_APOP = 5,
  /**
   * AUTH (RFC 5034).
   */
  MAILPROTO_POP3_VERB_AUTH = 6,
  /**
   * STAT (RFC 1939 §5).
   */
  MAILPROTO_POP3_VERB_STAT = 7,
  /**
   * LIST (RFC 1939 §5).
   */
  MAILPROTO_POP3_VERB_LIST = 8,
  /**
   * UIDL (RFC 1939 §7).
   */
  MAILPROTO_POP3_VERB_UIDL = 9,
  /**
   * RETR (RFC 1939 §5).
   */
  MAILPROTO_POP3_VERB_RETR = 10,
  /**
   * TOP (RFC 1939 §7).
   */
  MAILPROTO_POP3_VERB_TOP = 11,
  /**
   * DELE (RFC 1939 §5).
   */
  MAILPROTO_POP3_VERB_DELE = 12,
  /**
   * RSET (RFC 1939 §5).
   */
  MAILPROTO_POP3_VERB_RSET = 13,
  /**
   * NOOP (RFC 1939 §5).
   */
  MAILPROTO_POP3_VERB_NOOP = 14,
  /**
   * QUIT (RFC 1939 §4, §6).
   */
  MAILPROTO_POP3_VERB_QUIT = 15,
  /**
   * UTF8 (RFC 6856 §2).
   */
  MAILPROTO_POP3_VERB_UTF8 = 16,
  /**
   * LANG (RFC 6856 §3).
   */
  MAILPROTO_POP3_VERB_LANG = 17,
  /**
   * Any other command, sent as given.
   */
  MAILPROTO_POP3_VERB_RAW = 18,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_verb mailproto_pop3_verb;
#else
typedef uint8_t mailproto_pop3_verb;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The status indicator of a reply, and what takes its place where there is none.
 */
enum mailproto_pop3_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * This event has no status.
   */
  MAILPROTO_POP3_STATUS_NONE = 0,
  /**
   * `+OK`.
   */
  MAILPROTO_POP3_STATUS_OK = 1,
  /**
   * `-ERR`.
   */
  MAILPROTO_POP3_STATUS_ERR = 2,
  /**
   * `+OK`, but what the command asked for is not in the reply, or not readable.
   */
  MAILPROTO_POP3_STATUS_MALFORMED = 3,
  /**
   * The command never left: a command before it failed, or the session ended first.
   */
  MAILPROTO_POP3_STATUS_NOT_SENT = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_status mailproto_pop3_status;
#else
typedef uint8_t mailproto_pop3_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A response code (RFC 2449 §8): why a command failed, for programs.
 */
enum mailproto_pop3_response_code
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * There is none.
   */
  MAILPROTO_POP3_RESPONSE_CODE_NONE = 0,
  /**
   * `LOGIN-DELAY`: logged in again too soon (RFC 2449 §8.1.1). Wait, then log in.
   */
  MAILPROTO_POP3_RESPONSE_CODE_LOGIN_DELAY = 1,
  /**
   * `IN-USE`: another session holds the maildrop (RFC 2449 §8.1.2). Try later.
   */
  MAILPROTO_POP3_RESPONSE_CODE_IN_USE = 2,
  /**
   * `AUTH`: the credentials are wrong (RFC 3206 §5). Ask the user.
   */
  MAILPROTO_POP3_RESPONSE_CODE_AUTH = 3,
  /**
   * `SYS/TEMP`: the server is at fault, for now (RFC 3206 §4). Try later.
   */
  MAILPROTO_POP3_RESPONSE_CODE_SYS_TEMP = 4,
  /**
   * `SYS/PERM`: the server is at fault until somebody mends it (RFC 3206 §4).
   */
  MAILPROTO_POP3_RESPONSE_CODE_SYS_PERM = 5,
  /**
   * `UTF8`: what was asked for needs the UTF8 command first (RFC 6856 §5).
   */
  MAILPROTO_POP3_RESPONSE_CODE_UTF8 = 6,
  /**
   * Any other code: see the text beside it.
   */
  MAILPROTO_POP3_RESPONSE_CODE_OTHER = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_response_code mailproto_pop3_response_code;
#else
typedef uint8_t mailproto_pop3_response_code;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A capability that a server announced (RFC 2449 §5, §6).
 */
enum mailproto_pop3_capability
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * This event has no capability.
   */
  MAILPROTO_POP3_CAPABILITY_NONE = 0,
  /**
   * `TOP` (RFC 2449 §6.1).
   */
  MAILPROTO_POP3_CAPABILITY_TOP = 1,
  /**
   * `USER` (RFC 2449 §6.2): USER and PASS are accepted.
   */
  MAILPROTO_POP3_CAPABILITY_USER = 2,
  /**
   * `SASL` (RFC 2449 §6.3): `text` holds the mechanisms' names, separated by spaces.
   */
  MAILPROTO_POP3_CAPABILITY_SASL = 3,
  /**
   * `RESP-CODES` (RFC 2449 §6.4).
   */
  MAILPROTO_POP3_CAPABILITY_RESP_CODES = 4,
  /**
   * `LOGIN-DELAY` (RFC 2449 §6.5): `number` is the shortest time between two logins in seconds;
   * `per_user`.
   */
  MAILPROTO_POP3_CAPABILITY_LOGIN_DELAY = 5,
  /**
   * `PIPELINING` (RFC 2449 §6.6).
   */
  MAILPROTO_POP3_CAPABILITY_PIPELINING = 6,
  /**
   * `EXPIRE` (RFC 2449 §6.7): `number` is how many days mail is kept, or
   * `MAILPROTO_POP3_EXPIRE_NEVER`; 0 means that what was retrieved may be deleted; `per_user`.
   */
  MAILPROTO_POP3_CAPABILITY_EXPIRE = 7,
  /**
   * `UIDL` (RFC 2449 §6.8).
   */
  MAILPROTO_POP3_CAPABILITY_UIDL = 8,
  /**
   * `IMPLEMENTATION` (RFC 2449 §6.9): `text`.
   */
  MAILPROTO_POP3_CAPABILITY_IMPLEMENTATION = 9,
  /**
   * `STLS` (RFC 2595 §4).
   */
  MAILPROTO_POP3_CAPABILITY_STLS = 10,
  /**
   * `AUTH-RESP-CODE` (RFC 3206 §6).
   */
  MAILPROTO_POP3_CAPABILITY_AUTH_RESP_CODE = 11,
  /**
   * `UTF8` (RFC 6856 §2.1): `per_user` is 1 if USER, PASS and APOP take UTF-8.
   */
  MAILPROTO_POP3_CAPABILITY_UTF8 = 12,
  /**
   * `LANG` (RFC 6856 §3).
   */
  MAILPROTO_POP3_CAPABILITY_LANG = 13,
  /**
   * Any other: `tag`, and in `text` what follows it.
   */
  MAILPROTO_POP3_CAPABILITY_OTHER = 14,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_capability mailproto_pop3_capability;
#else
typedef uint8_t mailproto_pop3_capability;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A deviation from the RFCs that servers in the field show and a lenient client mends.
 */
enum mailproto_pop3_quirk
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * None.
   */
  MAILPROTO_POP3_QUIRK_NONE = 0,
  /**
   * A line ended with a bare LF (RFC 1939 §3 demands CRLF).
   */
  MAILPROTO_POP3_QUIRK_BARE_LF = 1,
  /**
   * `+ok` or `-err`: the status indicator must be in upper case (RFC 1939 §3).
   */
  MAILPROTO_POP3_QUIRK_STATUS_CASE = 2,
  /**
   * Lines stood before the greeting. They were skipped.
   */
  MAILPROTO_POP3_QUIRK_BANNER = 3,
  /**
   * An empty line in a listing. It was skipped.
   */
  MAILPROTO_POP3_QUIRK_EMPTY_LINE = 4,
  /**
   * A SASL challenge that is not base64 (RFC 5034 §4). It was taken for an empty one.
   */
  MAILPROTO_POP3_QUIRK_CHALLENGE_NOT_BASE64 = 5,
  /**
   * A unique-id that is longer than 70 octets or holds others than 0x21 to 0x7E (RFC 1939 §7).
   * It was taken as it is.
   */
  MAILPROTO_POP3_QUIRK_UNIQUE_ID = 6,
  /**
   * A line that is no reply where one is due, or none that was asked for. It was handed over as
   * unrecognized.
   */
  MAILPROTO_POP3_QUIRK_NOT_A_REPLY = 7,
  /**
   * A line of a listing that cannot be read. It was handed over as unrecognized.
   */
  MAILPROTO_POP3_QUIRK_BAD_LISTING = 8,
  /**
   * One that this version of the C ABI has no number for.
   */
  MAILPROTO_POP3_QUIRK_OTHER = 255,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_quirk mailproto_pop3_quirk;
#else
typedef uint8_t mailproto_pop3_quirk;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The state of a session (RFC 1939 §3), and the steps before, between and after.
 */
enum mailproto_pop3_state
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * There is no session: NULL, or an object that was never set up.
   */
  MAILPROTO_POP3_STATE_NONE = 0,
  /**
   * The greeting has not come yet.
   */
  MAILPROTO_POP3_STATE_GREETING = 1,
  /**
   * Nobody is logged in.
   */
  MAILPROTO_POP3_STATE_AUTHORIZATION = 2,
  /**
   * STLS was accepted: the TLS handshake is the program's, and nothing else may be received.
   */
  MAILPROTO_POP3_STATE_HANDSHAKE = 3,
  /**
   * Logged in.
   */
  MAILPROTO_POP3_STATE_TRANSACTION = 4,
  /**
   * The session has ended.
   */
  MAILPROTO_POP3_STATE_CLOSED = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_state mailproto_pop3_state;
#else
typedef int32_t mailproto_pop3_state;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a client wants, and which calls answer it. Any but HANDLED, REFUSED, CANCELLED and
 * START_TLS may be answered with `mailproto_pop3_server_reject` instead. Until it is answered no
 * further command is read. Which fields of `mailproto_pop3_request` are filled is said with each;
 * the others are zero.
 */
enum mailproto_pop3_request_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing.
   */
  MAILPROTO_POP3_REQUEST_KIND_NONE = 0,
  /**
   * USER and PASS (RFC 1939 §7): `name`, `secret` the password. Answer with
   * `mailproto_pop3_server_accept`.
   */
  MAILPROTO_POP3_REQUEST_KIND_LOGIN = 1,
  /**
   * APOP (RFC 1939 §7): `name`, `secret` 32 hexadecimal digits. Compare them with those of
   * `mailproto_apop_digest` by `mailproto_same_octets`, then answer with
   * `mailproto_pop3_server_accept`.
   */
  MAILPROTO_POP3_REQUEST_KIND_APOP = 2,
  /**
   * AUTH (RFC 5034): `mechanism`. Set a `mailproto_sasl_server` up and answer with
   * `mailproto_pop3_server_authenticate`.
   */
  MAILPROTO_POP3_REQUEST_KIND_AUTH = 3,
  /**
   * The client's next SASL response. Answer with `mailproto_pop3_server_authenticate`.
   */
  MAILPROTO_POP3_REQUEST_KIND_RESPONSE = 4,
  /**
   * The client gave up the SASL exchange. It has been answered.
   */
  MAILPROTO_POP3_REQUEST_KIND_CANCELLED = 5,
  /**
   * STLS (RFC 2595 §4) was accepted. Send what is outgoing, make the handshake, then call
   * `mailproto_pop3_server_tls_established`.
   */
  MAILPROTO_POP3_REQUEST_KIND_START_TLS = 6,
  /**
   * STAT. Answer with `mailproto_pop3_server_drop_listing`.
   */
  MAILPROTO_POP3_REQUEST_KIND_STAT = 7,
  /**
   * LIST: `message`, or 0 for all. For one message answer with
   * `mailproto_pop3_server_scan_listing`; for all, call it for each message (deleted ones are
   * left out by the engine) and then `mailproto_pop3_server_end_listing`.
   */
  MAILPROTO_POP3_REQUEST_KIND_LIST = 8,
  /**
   * UIDL: `message`, or 0 for all. As LIST, with `mailproto_pop3_server_unique_id`.
   */
  MAILPROTO_POP3_REQUEST_KIND_UIDL = 9,
  /**
   * RETR or TOP: `message`; for TOP `has_lines` is 1 and `lines` is how many lines of the body,
   * but the engine cuts there. Answer with `mailproto_pop3_server_message`, then
   * `mailproto_pop3_server_message_data` until all is given or
   * `mailproto_pop3_server_wants_more` says that no more is needed, then
   * `mailproto_pop3_server_end_message`.
   */
  MAILPROTO_POP3_REQUEST_KIND_MESSAGE = 10,
  /**
   * LANG (RFC 6856 §3): `tag`, `*` for the server's choice, or empty for the list. With a tag
   * answer with `mailproto_pop3_server_accept_language`; without, call
   * `mailproto_pop3_server_language` for each and then `mailproto_pop3_server_end_listing`.
   */
  MAILPROTO_POP3_REQUEST_KIND_LANG = 11,
  /**
   * QUIT after login: the session enters the UPDATE state (RFC 1939 §6). Remove the messages
   * that `mailproto_pop3_server_next_deleted` names, then answer with
   * `mailproto_pop3_server_updated`.
   */
  MAILPROTO_POP3_REQUEST_KIND_UPDATE = 12,
  /**
   * The engine has answered the command by itself: `verb`.
   */
  MAILPROTO_POP3_REQUEST_KIND_HANDLED = 13,
  /**
   * The engine has refused a line: unknown, too long, not legal now, or without its arguments:
   * `verb`, where it is known.
   */
  MAILPROTO_POP3_REQUEST_KIND_REFUSED = 14,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_request_kind mailproto_pop3_request_kind;
#else
typedef int32_t mailproto_pop3_request_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A SASL mechanism.
 */
enum mailproto_sasl_mechanism
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No mechanism, or none that is known here.
   */
  MAILPROTO_SASL_MECHANISM_NONE = 0,
  /**
   * SCRAM-SHA-256 (RFC 7677).
   */
  MAILPROTO_SASL_MECHANISM_SCRAM_SHA_256 = 1,
  /**
   * SCRAM-SHA-1 (RFC 5802).
   */
  MAILPROTO_SASL_MECHANISM_SCRAM_SHA_1 = 2,
  /**
   * CRAM-MD5 (RFC 2195).
   */
  MAILPROTO_SASL_MECHANISM_CRAM_MD5 = 3,
  /**
   * PLAIN (RFC 4616).
   */
  MAILPROTO_SASL_MECHANISM_PLAIN = 4,
  /**
   * LOGIN (draft-murchison-sasl-login).
   */
  MAILPROTO_SASL_MECHANISM_LOGIN = 5,
  /**
   * OAUTHBEARER (RFC 7628).
   */
  MAILPROTO_SASL_MECHANISM_OAUTH_BEARER = 6,
  /**
   * XOAUTH2.
   */
  MAILPROTO_SASL_MECHANISM_XOAUTH2 = 7,
  /**
   * EXTERNAL (RFC 4422 appendix A).
   */
  MAILPROTO_SASL_MECHANISM_EXTERNAL = 8,
  /**
   * ANONYMOUS (RFC 4505).
   */
  MAILPROTO_SASL_MECHANISM_ANONYMOUS = 9,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_sasl_mechanism mailproto_sasl_mechanism;
#else
typedef int32_t mailproto_sasl_mechanism;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What is claimed.
 */
enum mailproto_sasl_claim_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing is to be decided now.
   */
  MAILPROTO_SASL_CLAIM_KIND_NONE = 0,
  /**
   * Is `secret` the password of `user`, who may act as `authzid`? Answer with
   * `mailproto_sasl_server_verdict`.
   */
  MAILPROTO_SASL_CLAIM_KIND_PASSWORD = 1,
  /**
   * The mechanism does the verifying and needs the secret of `user`. Answer with
   * `mailproto_sasl_server_secret_password`, `_scram` or `_unknown`; the latter also when the
   * user may not act as `authzid`.
   */
  MAILPROTO_SASL_CLAIM_KIND_USER = 2,
  /**
   * Is `secret` a valid access token for `user`? `user` may be empty in OAUTHBEARER, when the
   * token itself must tell. Answer with `mailproto_sasl_server_verdict`.
   */
  MAILPROTO_SASL_CLAIM_KIND_TOKEN = 3,
  /**
   * Does the channel's own authentication (a TLS client certificate) cover `authzid`, or if that
   * is empty, anyone? Answer with `mailproto_sasl_server_verdict`.
   */
  MAILPROTO_SASL_CLAIM_KIND_EXTERNAL = 4,
  /**
   * Are anonymous users welcome? `user` is what the client wishes to see in the log. Answer with
   * `mailproto_sasl_server_verdict`.
   */
  MAILPROTO_SASL_CLAIM_KIND_ANONYMOUS = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_sasl_claim_kind mailproto_sasl_claim_kind;
#else
typedef int32_t mailproto_sasl_claim_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How credentials may travel (RFC 8314).
 */
enum mailproto_pop3_security
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The channel is in the clear: no credentials before STLS has succeeded and
   * `mailproto_pop3_client_tls_established` was called; a server that refuses STLS ends the
   * session.
   */
  MAILPROTO_POP3_SECURITY_STLS_REQUIRED = 0,
  /**
   * The program declares the channel private: implicit TLS, a tunnel, the same machine.
   */
  MAILPROTO_POP3_SECURITY_PRIVATE = 1,
  /**
   * Credentials may travel in the clear. Whoever listens has them.
   */
  MAILPROTO_POP3_SECURITY_DANGER_CLEARTEXT = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_security mailproto_pop3_security;
#else
typedef int32_t mailproto_pop3_security;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What UTF8 covers (RFC 6856 §2.1), where a server offers it.
 */
enum mailproto_pop3_utf8
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * UTF8 is not offered.
   */
  MAILPROTO_POP3_UTF8_NOT_OFFERED = 0,
  /**
   * Messages and listings.
   */
  MAILPROTO_POP3_UTF8_MESSAGES = 1,
  /**
   * User names and passwords too.
   */
  MAILPROTO_POP3_UTF8_USERS = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_pop3_utf8 mailproto_pop3_utf8;
#else
typedef int32_t mailproto_pop3_utf8;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What the exchange needs next, as `mailproto_pop3_server_authenticate` returns it.
 */
enum mailproto_sasl_step
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Nothing; no step is 0.
   */
  MAILPROTO_SASL_STEP_NONE = 0,
  /**
   * A challenge was sent: wait for the client's response.
   */
  MAILPROTO_SASL_STEP_CHALLENGE = 1,
  /**
   * Look at the claim, answer it, and take another step.
   */
  MAILPROTO_SASL_STEP_CLAIM = 2,
  /**
   * The client is who it says.
   */
  MAILPROTO_SASL_STEP_SUCCESS = 3,
  /**
   * It is not.
   */
  MAILPROTO_SASL_STEP_FAILURE = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_sasl_step mailproto_sasl_step;
#else
typedef int32_t mailproto_sasl_step;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How credentials may travel (RFC 8314).
 */
enum mailproto_imap_security
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The channel is in the clear: no credentials before STARTTLS has succeeded and
   * `mailproto_imap_client_tls_established` was called; a server that refuses STARTTLS, or greets
   * with PREAUTH so that there is no way to it, ends the session (RFC 9051 §11.1).
   */
  MAILPROTO_IMAP_SECURITY_STARTTLS_REQUIRED = 0,
  /**
   * The program declares the channel private: implicit TLS, a tunnel, the same machine.
   */
  MAILPROTO_IMAP_SECURITY_PRIVATE = 1,
  /**
   * Credentials may travel in the clear. Whoever listens has them.
   */
  MAILPROTO_IMAP_SECURITY_DANGER_CLEARTEXT = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_security mailproto_imap_security;
#else
typedef int32_t mailproto_imap_security;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What stands in a `mailproto_imap_string`.
 */
enum mailproto_imap_string_form
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * NIL: there is no string.
   */
  MAILPROTO_IMAP_STRING_FORM_NIL = 0,
  /**
   * The octets mean themselves.
   */
  MAILPROTO_IMAP_STRING_FORM_PLAIN = 1,
  /**
   * A backslash stands for the octet behind it (RFC 9051 §4.3, `quoted`).
   */
  MAILPROTO_IMAP_STRING_FORM_ESCAPED = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_string_form mailproto_imap_string_form;
#else
typedef int32_t mailproto_imap_string_form;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How the name of a mailbox is given.
 */
enum mailproto_imap_mailbox_form
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * As people read it, in UTF-8. It is sent as UTF-8 where that is enabled, else as modified UTF-7.
   */
  MAILPROTO_IMAP_MAILBOX_FORM_NAME = 0,
  /**
   * Octets to be sent as they are.
   */
  MAILPROTO_IMAP_MAILBOX_FORM_RAW = 1,
  /**
   * Octets to be sent as they are, but for the backslashes that a server put before some.
   */
  MAILPROTO_IMAP_MAILBOX_FORM_ESCAPED = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_mailbox_form mailproto_imap_mailbox_form;
#else
typedef int32_t mailproto_imap_mailbox_form;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How messages are named.
 */
enum mailproto_imap_sequence_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Not at all.
   */
  MAILPROTO_IMAP_SEQUENCE_KIND_NONE = 0,
  /**
   * One message: `first`.
   */
  MAILPROTO_IMAP_SEQUENCE_KIND_ONE = 1,
  /**
   * All between `first` and `last`, included.
   */
  MAILPROTO_IMAP_SEQUENCE_KIND_RANGE = 2,
  /**
   * All from `first` to the last of the mailbox, `*`. If `first` is larger than that, it is still a
   * range (RFC 9051 §9): `9:*` is never empty while there are messages.
   */
  MAILPROTO_IMAP_SEQUENCE_KIND_FROM = 3,
  /**
   * The last message of the mailbox: `*`.
   */
  MAILPROTO_IMAP_SEQUENCE_KIND_LAST = 4,
  /**
   * `$`: what the last search with SAVE has found (RFC 5182).
   */
  MAILPROTO_IMAP_SEQUENCE_KIND_SAVED = 5,
  /**
   * `count` ranges: `ranges`.
   */
  MAILPROTO_IMAP_SEQUENCE_KIND_RANGES = 6,
  /**
   * `count` messages: `numbers`. Where they follow each other, they are sent as a range.
   */
  MAILPROTO_IMAP_SEQUENCE_KIND_NUMBERS = 7,
  /**
   * A set that is written already, such as a server sent it: `text`. Its grammar is checked.
   */
  MAILPROTO_IMAP_SEQUENCE_KIND_TEXT = 8,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_sequence_kind mailproto_imap_sequence_kind;
#else
typedef int32_t mailproto_imap_sequence_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a message must be like to be found (RFC 9051 §6.4.4). Which fields of
 * `mailproto_imap_search_key` are read is said with each. Strings match anywhere in the field, in any
 * case.
 */
enum mailproto_imap_search
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No key.
   */
  MAILPROTO_IMAP_SEARCH_NONE = 0,
  /**
   * All messages.
   */
  MAILPROTO_IMAP_SEARCH_ALL = 1,
  /**
   * `\Answered` is set.
   */
  MAILPROTO_IMAP_SEARCH_ANSWERED = 2,
  /**
   * `\Deleted` is set.
   */
  MAILPROTO_IMAP_SEARCH_DELETED = 3,
  /**
   * `\Draft` is set.
   */
  MAILPROTO_IMAP_SEARCH_DRAFT = 4,
  /**
   * `\Flagged` is set.
   */
  MAILPROTO_IMAP_SEARCH_FLAGGED = 5,
  /**
   * `\Recent` is set, `\Seen` is not (RFC 3501 §6.4.4).
   */
  MAILPROTO_IMAP_SEARCH_NEW = 6,
  /**
   * `\Recent` is not set (RFC 3501 §6.4.4).
   */
  MAILPROTO_IMAP_SEARCH_OLD = 7,
  /**
   * `\Recent` is set (RFC 3501 §6.4.4).
   */
  MAILPROTO_IMAP_SEARCH_RECENT = 8,
  /**
   * `\Seen` is set.
   */
  MAILPROTO_IMAP_SEARCH_SEEN = 9,
  /**
   * `\Answered` is not set.
   */
  MAILPROTO_IMAP_SEARCH_UNANSWERED = 10,
  /**
   * `\Deleted` is not set.
   */
  MAILPROTO_IMAP_SEARCH_UNDELETED = 11,
  /**
   * `\Draft` is not set.
   */
  MAILPROTO_IMAP_SEARCH_UNDRAFT = 12,
  /**
   * `\Flagged` is not set.
   */
  MAILPROTO_IMAP_SEARCH_UNFLAGGED = 13,
  /**
   * `\Seen` is not set.
   */
  MAILPROTO_IMAP_SEARCH_UNSEEN = 14,
  /**
   * This keyword is set: `text`.
   */
  MAILPROTO_IMAP_SEARCH_KEYWORD = 15,
  /**
   * This keyword is not set: `text`.
   */
  MAILPROTO_IMAP_SEARCH_UNKEYWORD = 16,
  /**
   * The field Bcc holds this: `text`.
   */
  MAILPROTO_IMAP_SEARCH_BCC = 17,
  /**
   * The body holds this: `text`.
   */
  MAILPROTO_IMAP_SEARCH_BODY = 18,
  /**
   * The field Cc holds this: `text`.
   */
  MAILPROTO_IMAP_SEARCH_CC = 19,
  /**
   * The field From holds this: `text`.
   */
  MAILPROTO_IMAP_SEARCH_FROM = 20,
  /**
   * The field Subject holds this: `text`.
   */
  MAILPROTO_IMAP_SEARCH_SUBJECT = 21,
  /**
   * Header or body hold this: `text`.
   */
  MAILPROTO_IMAP_SEARCH_TEXT = 22,
  /**
   * The field To holds this: `text`.
   */
  MAILPROTO_IMAP_SEARCH_TO = 23,
  /**
   * A header field holds this: `field` is the field's name, `text` what it holds; empty for any
   * message that has the field.
   */
  MAILPROTO_IMAP_SEARCH_HEADER = 24,
  /**
   * Received before this day: `date`.
   */
  MAILPROTO_IMAP_SEARCH_BEFORE = 25,
  /**
   * Received on this day: `date`.
   */
  MAILPROTO_IMAP_SEARCH_ON = 26,
  /**
   * Received on this day or after it: `date`.
   */
  MAILPROTO_IMAP_SEARCH_SINCE = 27,
  /**
   * The field Date names a day before this one: `date`.
   */
  MAILPROTO_IMAP_SEARCH_SENT_BEFORE = 28,
  /**
   * The field Date names this day: `date`.
   */
  MAILPROTO_IMAP_SEARCH_SENT_ON = 29,
  /**
   * The field Date names this day or one after it: `date`.
   */
  MAILPROTO_IMAP_SEARCH_SENT_SINCE = 30,
  /**
   * More octets than this: `number`.
   */
  MAILPROTO_IMAP_SEARCH_LARGER = 31,
  /**
   * Fewer octets than this: `number`.
   */
  MAILPROTO_IMAP_SEARCH_SMALLER = 32,
  /**
   * Received within the last so many seconds, at least 1 (RFC 5032): `number`.
   */
  MAILPROTO_IMAP_SEARCH_YOUNGER = 33,
  /**
   * Received longer ago than so many seconds, at least 1 (RFC 5032): `number`.
   */
  MAILPROTO_IMAP_SEARCH_OLDER = 34,
  /**
   * These message numbers: `sequence`.
   */
  MAILPROTO_IMAP_SEARCH_SEQUENCE = 35,
  /**
   * These UIDs: `sequence`.
   */
  MAILPROTO_IMAP_SEARCH_UID = 36,
  /**
   * NOT: what does not match the key that follows.
   */
  MAILPROTO_IMAP_SEARCH_NOT = 37,
  /**
   * OR: what matches one of the two keys that follow, or both.
   */
  MAILPROTO_IMAP_SEARCH_OR = 38,
  /**
   * The mod-sequence is at least this (RFC 7162 §3.1.5): `number`.
   */
  MAILPROTO_IMAP_SEARCH_MOD_SEQ = 39,
  /**
   * The mod-sequence of this flag is at least that (RFC 7162 §3.1.5): `text` is the flag, as
   * `\Seen` or a keyword, `scope` a `mailproto_imap_flag_scope`, `number` the mod-sequence.
   */
  MAILPROTO_IMAP_SEARCH_FLAG_MOD_SEQ = 40,
  /**
   * The EMAILID is this (RFC 8474 §6): `text`.
   */
  MAILPROTO_IMAP_SEARCH_EMAIL_ID = 41,
  /**
   * The THREADID is this (RFC 8474 §6): `text`.
   */
  MAILPROTO_IMAP_SEARCH_THREAD_ID = 42,
  /**
   * Put into this mailbox before this day (RFC 8514 §4.1): `date`.
   */
  MAILPROTO_IMAP_SEARCH_SAVED_BEFORE = 43,
  /**
   * Put into this mailbox on this day (RFC 8514 §4.1): `date`.
   */
  MAILPROTO_IMAP_SEARCH_SAVED_ON = 44,
  /**
   * Put into this mailbox on this day or after it (RFC 8514 §4.1): `date`.
   */
  MAILPROTO_IMAP_SEARCH_SAVED_SINCE = 45,
  /**
   * The mailbox keeps the date at which messages are put into it (RFC 8514 §4.1).
   */
  MAILPROTO_IMAP_SEARCH_SAVE_DATE_SUPPORTED = 46,
  /**
   * FUZZY: what resembles the key that follows (RFC 6203 §4).
   */
  MAILPROTO_IMAP_SEARCH_FUZZY = 47,
  /**
   * What the filter of this name selects (RFC 5466 §3.1): `text`.
   */
  MAILPROTO_IMAP_SEARCH_FILTER = 48,
  /**
   * X-GM-RAW: as in Google's own search field: `text`.
   */
  MAILPROTO_IMAP_SEARCH_GMAIL_RAW = 49,
  /**
   * X-GM-MSGID: `number`.
   */
  MAILPROTO_IMAP_SEARCH_GMAIL_MESSAGE_ID = 50,
  /**
   * X-GM-THRID: `number`.
   */
  MAILPROTO_IMAP_SEARCH_GMAIL_THREAD_ID = 51,
  /**
   * X-GM-LABELS: `text`, of which `scope` is the `mailproto_imap_mailbox_form`.
   */
  MAILPROTO_IMAP_SEARCH_GMAIL_LABEL = 52,
  /**
   * A parenthesis opens: what matches all keys up to CLOSE, at least one. At most 32 may be open.
   */
  MAILPROTO_IMAP_SEARCH_OPEN = 100,
  /**
   * It closes.
   */
  MAILPROTO_IMAP_SEARCH_CLOSE = 101,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_search mailproto_imap_search;
#else
typedef int32_t mailproto_imap_search;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whose flag a mod-sequence is about (RFC 7162 §7, `entry-type-req`).
 */
enum mailproto_imap_flag_scope
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * The user's own.
   */
  MAILPROTO_IMAP_FLAG_SCOPE_PRIVATE = 0,
  /**
   * The one that all users share.
   */
  MAILPROTO_IMAP_FLAG_SCOPE_SHARED = 1,
  /**
   * Either.
   */
  MAILPROTO_IMAP_FLAG_SCOPE_ALL = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_flag_scope mailproto_imap_flag_scope;
#else
typedef int32_t mailproto_imap_flag_scope;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What STORE does with what it names (RFC 9051 §6.4.6).
 */
enum mailproto_imap_change
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * These, and no others.
   */
  MAILPROTO_IMAP_CHANGE_REPLACE = 0,
  /**
   * These beside those there are.
   */
  MAILPROTO_IMAP_CHANGE_ADD = 1,
  /**
   * Without these.
   */
  MAILPROTO_IMAP_CHANGE_REMOVE = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_change mailproto_imap_change;
#else
typedef int32_t mailproto_imap_change;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * By what SORT orders (RFC 5256 §3, RFC 5957 §3).
 */
enum mailproto_imap_sort_key
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * When the server received it.
   */
  MAILPROTO_IMAP_SORT_KEY_ARRIVAL = 1,
  /**
   * The first mailbox of Cc.
   */
  MAILPROTO_IMAP_SORT_KEY_CC = 2,
  /**
   * When it was sent.
   */
  MAILPROTO_IMAP_SORT_KEY_DATE = 3,
  /**
   * The first mailbox of From.
   */
  MAILPROTO_IMAP_SORT_KEY_FROM = 4,
  /**
   * Its octets.
   */
  MAILPROTO_IMAP_SORT_KEY_SIZE = 5,
  /**
   * The base subject.
   */
  MAILPROTO_IMAP_SORT_KEY_SUBJECT = 6,
  /**
   * The first mailbox of To.
   */
  MAILPROTO_IMAP_SORT_KEY_TO = 7,
  /**
   * The name shown for From (RFC 5957 §3). The server must offer SORT=DISPLAY.
   */
  MAILPROTO_IMAP_SORT_KEY_DISPLAY_FROM = 8,
  /**
   * The name shown for To (RFC 5957 §3). The server must offer SORT=DISPLAY.
   */
  MAILPROTO_IMAP_SORT_KEY_DISPLAY_TO = 9,
  /**
   * How well it matches (RFC 6203 §5).
   */
  MAILPROTO_IMAP_SORT_KEY_RELEVANCY = 10,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_sort_key mailproto_imap_sort_key;
#else
typedef int32_t mailproto_imap_sort_key;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How far below the entries that are named GETMETADATA looks (RFC 5464 §4.2.2).
 */
enum mailproto_imap_metadata_depth
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * At them only.
   */
  MAILPROTO_IMAP_METADATA_DEPTH_ENTRY = 0,
  /**
   * At those one level below too.
   */
  MAILPROTO_IMAP_METADATA_DEPTH_CHILDREN = 1,
  /**
   * At all below.
   */
  MAILPROTO_IMAP_METADATA_DEPTH_INFINITY = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_metadata_depth mailproto_imap_metadata_depth;
#else
typedef int32_t mailproto_imap_metadata_depth;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How an argument of `mailproto_imap_client_raw` is sent (RFC 9051 §4).
 */
enum mailproto_imap_argument_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No argument.
   */
  MAILPROTO_IMAP_ARGUMENT_KIND_NONE = 0,
  /**
   * `octets`, an atom.
   */
  MAILPROTO_IMAP_ARGUMENT_KIND_ATOM = 1,
  /**
   * `octets`, as an atom, a quoted string or a literal, whatever fits.
   */
  MAILPROTO_IMAP_ARGUMENT_KIND_ASTRING = 2,
  /**
   * `octets`, as a quoted string or a literal, whatever fits.
   */
  MAILPROTO_IMAP_ARGUMENT_KIND_STRING = 3,
  /**
   * NIL.
   */
  MAILPROTO_IMAP_ARGUMENT_KIND_NIL = 4,
  /**
   * `octets`, as a literal8, which may hold any octets (RFC 9051 §4.3).
   */
  MAILPROTO_IMAP_ARGUMENT_KIND_LITERAL8 = 5,
  /**
   * `number`.
   */
  MAILPROTO_IMAP_ARGUMENT_KIND_NUMBER = 6,
  /**
   * A mailbox name: `octets` and `form`, as of a `mailproto_imap_mailbox`.
   */
  MAILPROTO_IMAP_ARGUMENT_KIND_MAILBOX = 7,
  /**
   * Message numbers or UIDs: `sequence`.
   */
  MAILPROTO_IMAP_ARGUMENT_KIND_SEQUENCE = 8,
  /**
   * A parenthesis and the `number` arguments that follow, which it encloses. An argument that is a
   * list counts as one, with all that is in it.
   */
  MAILPROTO_IMAP_ARGUMENT_KIND_LIST = 9,
  /**
   * `octets`, sent as they are. Quotes and parentheses must be balanced; neither CR, LF nor NUL may
   * stand there, nor a literal, and UTF-8 only in quotes and where it is enabled.
   */
  MAILPROTO_IMAP_ARGUMENT_KIND_VERBATIM = 10,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum mailproto_imap_argument_kind mailproto_imap_argument_kind;
#else
typedef int32_t mailproto_imap_argument_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A day (RFC 9051 §9, `date`).
 */
typedef struct mailproto_imap_date {
  /**
   * The year, in four digits at most.
   */
  uint16_t year;
  /**
   * 1 to 12.
   */
  uint8_t month;
  /**
   * 1 to 31.
   */
  uint8_t day;
} mailproto_imap_date;

/**
 * A day, a time and a zone (RFC 9051 §9, `date-time`).
 */
typedef struct mailproto_imap_date_time {
  /**
   * The day, in the zone.
   */
  struct mailproto_imap_date date;
  /**
   * 0 to 23.
   */
  uint8_t hour;
  /**
   * 0 to 59.
   */
  uint8_t minute;
  /**
   * 0 to 60: there are leap seconds.
   */
  uint8_t second;
  /**
   * Zero.
   */
  uint8_t reserved;
  /**
   * How far the zone is ahead of UTC, in minutes.
   */
  int16_t zone_minutes;
} mailproto_imap_date_time;

/**
 * Octets in memory: `len` of them from `ptr` on, not terminated by NUL. A program may give NULL
 * where `len` is 0; the library never does.
 */
typedef struct mailproto_span {
  /**
   * The first octet.
   */
  const uint8_t *ptr;
  /**
   * How many octets there are.
   */
  size_t len;
} mailproto_span;

/**
 * An IMAP client: turns received octets into events, and calls into octets to send. It may lie
 * anywhere, `static` too, and may be moved.
 *
 * One thread at a time may use it. Two clients know nothing of each other. Eight commands may be in
 * flight; a ninth is refused with `MAILPROTO_ERROR_FULL`.
 */
typedef struct MAILPROTO_ALIGNED(8) mailproto_imap_client {
  /**
   * The library's own.
   */
  size_t _opaque[MAILPROTO_IMAP_CLIENT_WORDS];
} mailproto_imap_client;

/**
 * How a client behaves. Begin with `MAILPROTO_IMAP_CONFIG_INIT`, then change what is to differ.
 */
typedef struct mailproto_imap_config {
  /**
   * `sizeof(mailproto_imap_config)`: tells the library which fields there are.
   */
  size_t size;
  /**
   * The quirks that are mended: the bit `UINT64_C(1) << quirk` for each. All unless told.
   */
  uint64_t tolerate;
  /**
   * How many octets a literal may have; a larger one ends the session. Bodies stream, so this is
   * no question of memory. 4,294,967,295 unless told.
   */
  uint64_t max_literal;
  /**
   * A `mailproto_imap_security`: how credentials may travel. STARTTLS required unless told.
   */
  int32_t security;
  /**
   * From what the letters before the number in each tag are made. Give another one to each
   * connection, so that nobody can prepare replies for it. 0 unless told.
   */
  uint32_t tag_seed;
  /**
   * How many untagged responses may come between two completions while commands are in flight,
   * IDLE aside; more end the session. 0, any number, unless told: a FETCH of a large mailbox
   * brings one a message.
   */
  uint32_t max_untagged;
  /**
   * How long the server may say nothing while a reply is due, in milliseconds; 0 is for ever.
   * Needs `tick`. A minute unless told.
   */
  uint32_t reply_timeout_ms;
  /**
   * After how long IDLE is to be ended and begun again, in milliseconds; 0 is never. Needs `tick`.
   * 29 minutes unless told (RFC 9051 §6.3.13); behind network address translation 8 to 10 are
   * better.
   */
  uint32_t idle_reissue_ms;
  /**
   * How deep the parentheses of a response may nest; what is deeper is reported as oversize or
   * malformed. 32 unless told.
   */
  uint8_t max_nesting;
  /**
   * 1 if commands are sent without waiting for the replies to those before, where that is not
   * ambiguous (RFC 9051 §5.5), else 0. 1 unless told.
   */
  uint8_t pipelining;
  /**
   * Zero.
   */
  uint16_t reserved;
} mailproto_imap_config;

/**
 * A string as the server sent it (RFC 9051 §4.3): octets, not text. Where `form` is PLAIN, as with
 * nearly all, `octets` is the string; else read it with `mailproto_imap_string_copy`.
 */
typedef struct mailproto_imap_string {
  /**
   * The octets as they came, without the quotes.
   */
  struct mailproto_span octets;
  /**
   * A `mailproto_imap_string_form`.
   */
  int32_t form;
} mailproto_imap_string;

/**
 * A response code and what it tells.
 */
typedef struct mailproto_imap_response_code {
  /**
   * Which code; NONE if there is none.
   */
  mailproto_imap_code kind;
  /**
   * 1 if `number` is told, else 0.
   */
  uint8_t has_number;
  /**
   * 1 if `goal` is told, else 0.
   */
  uint8_t has_goal;
  /**
   * Zero.
   */
  uint8_t reserved;
  /**
   * A number, as said with the code.
   */
  uint32_t number;
  /**
   * A number of octets or a mod-sequence, as said with the code.
   */
  uint64_t number64;
  /**
   * Another number, as said with the code.
   */
  uint32_t goal;
  /**
   * Octets, or a list to be walked, as said with the code.
   */
  struct mailproto_span data;
  /**
   * Another list, as said with the code.
   */
  struct mailproto_span data2;
  /**
   * A tag or a URL, as said with the code.
   */
  struct mailproto_imap_string string;
} mailproto_imap_response_code;

/**
 * What happened. Spans and strings lie in the input given to `poll` or in the scratch buffer, and
 * are valid until the next call on the object, or until the input is overwritten.
 */
typedef struct mailproto_imap_event {
  /**
   * What kind of event it is.
   */
  mailproto_imap_event_kind kind;
  /**
   * The command's name.
   */
  mailproto_imap_command command;
  /**
   * How it went.
   */
  mailproto_imap_status status;
  /**
   * Which response this comes from.
   */
  mailproto_imap_listing listing;
  /**
   * Which data item of a message this is.
   */
  mailproto_imap_item item;
  /**
   * Which part of an ESEARCH response this is.
   */
  mailproto_imap_esearch esearch;
  /**
   * Which part of a THREAD response this is.
   */
  mailproto_imap_thread thread;
  /**
   * What did not fit.
   */
  mailproto_imap_oversize oversize;
  /**
   * What was mended.
   */
  mailproto_imap_quirk quirk;
  /**
   * What separates the levels of hierarchy in `name`; 0 where there are no levels.
   */
  uint8_t delimiter;
  /**
   * 1 if `octets` is told, else 0.
   */
  uint8_t has_octets;
  /**
   * 1 if `origin` is told, else 0.
   */
  uint8_t has_origin;
  /**
   * 1 if `number` is a UID where it would be a message number, else 0.
   */
  uint8_t by_uid;
  /**
   * 1 if the server said NIL, or what cannot be read, in place of a value; else 0.
   */
  uint8_t is_nil;
  /**
   * A moment.
   */
  struct mailproto_imap_date_time date;
  /**
   * The command that is meant, as the function that queued it gave it.
   */
  uint32_t tag;
  /**
   * A message number, a UID or another number; of a range the first.
   */
  uint32_t number;
  /**
   * Of a range the last.
   */
  uint32_t last;
  /**
   * Zero.
   */
  uint32_t reserved;
  /**
   * A number of octets, a mod-sequence or another large number.
   */
  uint64_t octets;
  /**
   * Where in a section its octets begin.
   */
  uint64_t origin;
  /**
   * A position.
   */
  int64_t from;
  /**
   * A position.
   */
  int64_t to;
  /**
   * Why, for programs.
   */
  struct mailproto_imap_response_code code;
  /**
   * The server's words.
   */
  struct mailproto_span text;
  /**
   * Octets, or a list to be walked.
   */
  struct mailproto_span data;
  /**
   * Another list.
   */
  struct mailproto_span data2;
  /**
   * A third list.
   */
  struct mailproto_span data3;
  /**
   * The name of a mailbox or of a quota root.
   */
  struct mailproto_imap_string name;
  /**
   * Whose rights these are.
   */
  struct mailproto_imap_string identifier;
  /**
   * A string: a preview, rights, a tag.
   */
  struct mailproto_imap_string value;
} mailproto_imap_event;

/**
 * The name of a mailbox, as commands take it (RFC 9051 §5.1). `mailproto_imap_named` makes one of
 * UTF-8, `mailproto_imap_received` one of what a server sent.
 */
typedef struct mailproto_imap_mailbox {
  /**
   * The name.
   */
  struct mailproto_span octets;
  /**
   * A `mailproto_imap_mailbox_form`.
   */
  int32_t form;
} mailproto_imap_mailbox;

/**
 * What goes with a message that is appended (RFC 9051 §6.3.12). Begin with
 * `MAILPROTO_IMAP_APPEND_OPTIONS_INIT`, then change what is to differ.
 */
typedef struct mailproto_imap_append_options {
  /**
   * `sizeof(mailproto_imap_append_options)`: tells the library which fields there are.
   */
  size_t size;
  /**
   * Its flags, with spaces between them: `\Seen $Forwarded`. None unless told.
   */
  struct mailproto_span flags;
  /**
   * Its internal date, if `has_date` is 1.
   */
  struct mailproto_imap_date_time date;
  /**
   * 1 if `date` is meant, else 0, and the server's clock says it. 0 unless told.
   */
  uint8_t has_date;
  /**
   * 1 if the message may hold NUL and goes as it is, without a transfer encoding (RFC 3516 §4.4),
   * else 0. The server must offer BINARY. 0 unless told.
   */
  uint8_t binary;
  /**
   * 1 if the headers of the message may hold UTF-8 (RFC 9755 §4), else 0. UTF8=ACCEPT must be
   * enabled. 0 unless told.
   */
  uint8_t utf8;
  /**
   * Zero.
   */
  uint8_t reserved[3];
} mailproto_imap_append_options;

/**
 * The client's side of one SASL exchange, by any mechanism. It serves one exchange: set it up anew
 * for another attempt.
 *
 * User names, passwords and tokens are UTF-8 without NUL. The memory of all spans given to an
 * `init` is borrowed: it must stay as it is until AUTH has completed or `mailproto_sasl_wipe` was
 * called.
 *
 * Every `init` returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`, `_ABI_MISMATCH` (`size` is
 * not the library's), `_NOT_UTF8`, `_SASL_EMPTY_CREDENTIAL`, `_SASL_FORBIDDEN_CHARACTER`,
 * `_SASL_TOO_LONG` or `_SASL_WEAK_NONCE`, and then the object is as it was.
 */
typedef struct MAILPROTO_ALIGNED(8) mailproto_sasl {
  /**
   * The library's own.
   */
  size_t _opaque[MAILPROTO_SASL_WORDS];
} mailproto_sasl;

/**
 * A resource and its limit (RFC 9208 §5).
 */
typedef struct mailproto_imap_quota_limit {
  /**
   * `STORAGE`, `MESSAGE`, `MAILBOX` or another.
   */
  struct mailproto_span name;
  /**
   * In units of 1024 octets for storage, else a count.
   */
  uint64_t limit;
} mailproto_imap_quota_limit;

/**
 * An entry and its value (RFC 5464 §4.3).
 */
typedef struct mailproto_imap_metadata_value {
  /**
   * The entry's name: `/private/comment`.
   */
  struct mailproto_span name;
  /**
   * Its value: any octets.
   */
  struct mailproto_span value;
  /**
   * 1 if the entry is deleted, else 0.
   */
  int32_t is_nil;
} mailproto_imap_metadata_value;

/**
 * A field of ID and its value (RFC 2971 §3.3).
 */
typedef struct mailproto_imap_id_field {
  /**
   * Such as `name`, `version`, `vendor`: at most 30 octets of UTF-8.
   */
  struct mailproto_span name;
  /**
   * At most 1024 octets of UTF-8.
   */
  struct mailproto_span value;
  /**
   * 1 if NIL is sent in place of a value, else 0.
   */
  int32_t is_nil;
} mailproto_imap_id_field;

/**
 * A range of message numbers or UIDs, both ends included. In what a server sends, `first` is not
 * greater than `last`, and `*` is read as 4,294,967,295.
 */
typedef struct mailproto_imap_range {
  /**
   * The first.
   */
  uint32_t first;
  /**
   * The last.
   */
  uint32_t last;
} mailproto_imap_range;

/**
 * The messages that a command is for, by number or by UID (RFC 9051 §9, `sequence-set`).
 * `mailproto_imap_one`, `_range`, `_from`, `_all`, `_numbers`, `_ranges`, `_set` make it.
 */
typedef struct mailproto_imap_sequence {
  /**
   * A `mailproto_imap_sequence_kind`.
   */
  int32_t kind;
  /**
   * One end.
   */
  uint32_t first;
  /**
   * The other end.
   */
  uint32_t last;
  /**
   * How many ranges or numbers there are.
   */
  size_t count;
  /**
   * Ranges.
   */
  const struct mailproto_imap_range *ranges;
  /**
   * Numbers.
   */
  const uint32_t *numbers;
  /**
   * A set in the words of RFC 9051.
   */
  struct mailproto_span text;
} mailproto_imap_sequence;

/**
 * What SELECT and EXAMINE ask for beside the mailbox (RFC 7162 §3.1.8, §3.2.5). Begin with
 * `MAILPROTO_IMAP_SELECT_OPTIONS_INIT`, then change what is to differ.
 */
typedef struct mailproto_imap_select_options {
  /**
   * `sizeof(mailproto_imap_select_options)`: tells the library which fields there are.
   */
  size_t size;
  /**
   * QRESYNC: the HIGHESTMODSEQ that the mailbox had when it was open last.
   */
  uint64_t mod_seq;
  /**
   * QRESYNC: the UIDVALIDITY that it had then.
   */
  uint32_t uid_validity;
  /**
   * CONDSTORE: 1 if mod-sequences shall be told from now on (RFC 7162 §3.1.8), else 0. 0 unless
   * told.
   */
  uint8_t condstore;
  /**
   * QRESYNC: 1 if only what has changed since is to be told; ENABLE QRESYNC must come first. 0
   * unless told.
   */
  uint8_t qresync;
  /**
   * Zero.
   */
  uint8_t reserved[2];
  /**
   * QRESYNC: the UIDs that are known, without `*`; kind NONE for all.
   */
  struct mailproto_imap_sequence known_uids;
  /**
   * QRESYNC: some message numbers, a hint that saves the server work (RFC 7162 §3.2.5.2); kind NONE
   * for none.
   */
  struct mailproto_imap_sequence match_numbers;
  /**
   * QRESYNC: the UIDs that they had, in the same order.
   */
  struct mailproto_imap_sequence match_uids;
} mailproto_imap_select_options;

/**
 * What LIST may be asked (RFC 9051 §6.3.9, RFC 5258). Begin with
 * `MAILPROTO_IMAP_LIST_OPTIONS_INIT`, then change what is to differ.
 */
typedef struct mailproto_imap_list_options {
  /**
   * `sizeof(mailproto_imap_list_options)`: tells the library which fields there are.
   */
  size_t size;
  /**
   * Which mailboxes are considered: bits `MAILPROTO_IMAP_LIST_SELECT_…`; 0 for those that exist. 0
   * unless told.
   */
  uint32_t select;
  /**
   * What is told of each: bits `MAILPROTO_IMAP_LIST_RETURN_…`. 0 unless told.
   */
  uint32_t returns;
  /**
   * STATUS: a MAILBOX_STATUS event for each that can be selected (RFC 5819): bits
   * `MAILPROTO_IMAP_STATUS_…`. 0, no such events, unless told.
   */
  uint32_t status;
  /**
   * Zero.
   */
  uint32_t reserved;
  /**
   * METADATA: a METADATA event for each, with these entries, with spaces between them (RFC 9590).
   * Empty, no such events, unless told.
   */
  struct mailproto_span metadata;
  /**
   * Where the patterns begin. Empty unless told.
   */
  struct mailproto_imap_mailbox reference;
  /**
   * The patterns: `*` stands for anything, `%` for anything within one level of the hierarchy.
   */
  const struct mailproto_imap_mailbox *patterns;
  /**
   * How many there are, at least one.
   */
  size_t pattern_count;
} mailproto_imap_list_options;

/**
 * A data item that FETCH asks for (RFC 9051 §6.4.5). Most need `kind` alone: see
 * `MAILPROTO_IMAP_FETCH` and `mailproto_imap_fetch_part`.
 */
typedef struct mailproto_imap_fetch_item {
  /**
   * A `mailproto_imap_item`.
   */
  int32_t kind;
  /**
   * BODY_SECTION: a `mailproto_imap_section_part`, what of the part.
   */
  int32_t part;
  /**
   * BODY_SECTION, BINARY, BINARY_SIZE: the part's numbers, from the outermost part inwards, as
   * `mailproto_imap_node` has them; none for the message itself.
   */
  const uint32_t *path;
  /**
   * How many there are.
   */
  size_t path_len;
  /**
   * HEADER_FIELDS and HEADER_FIELDS_NOT: the names of the fields, with spaces between them. OTHER:
   * the item's name.
   */
  struct mailproto_span text;
  /**
   * If `has_partial` is 1: how many octets come before those that are wanted.
   */
  uint64_t offset;
  /**
   * If `has_partial` is 1: how many octets are wanted at most; not 0.
   */
  uint64_t octets;
  /**
   * BODY_SECTION, BINARY: 1 if only a stretch is wanted, else 0.
   */
  uint8_t has_partial;
  /**
   * BODY_SECTION, BINARY: 1 if `\Seen` shall stay as it is, else 0.
   */
  uint8_t peek;
  /**
   * PREVIEW: 1 if it is wanted only where the server has it at hand (RFC 8970 §3.1), else 0.
   */
  uint8_t lazy;
  /**
   * Zero.
   */
  uint8_t reserved[5];
} mailproto_imap_fetch_item;

/**
 * Some of what was found, by its place in it (RFC 9394 §3.1); both ends are included, and count from
 * 1.
 */
typedef struct mailproto_imap_partial {
  /**
   * One end; 0 if all is wanted.
   */
  uint32_t first;
  /**
   * The other end.
   */
  uint32_t last;
  /**
   * 1 if they count from the largest UID backwards, else 0.
   */
  uint8_t from_last;
  /**
   * Zero.
   */
  uint8_t reserved[3];
} mailproto_imap_partial;

/**
 * Of which messages FETCH tells something, beyond the set. Begin with
 * `MAILPROTO_IMAP_FETCH_OPTIONS_INIT`, then change what is to differ.
 */
typedef struct mailproto_imap_fetch_options {
  /**
   * `sizeof(mailproto_imap_fetch_options)`: tells the library which fields there are.
   */
  size_t size;
  /**
   * CHANGEDSINCE: if `has_changed_since` is 1, only messages that changed after this mod-sequence
   * (RFC 7162 §3.1.4).
   */
  uint64_t changed_since;
  /**
   * PARTIAL: only these of the messages that the set names (RFC 9394 §3.3). In UID FETCH only.
   */
  struct mailproto_imap_partial partial;
  /**
   * 1 if `changed_since` is meant, else 0. 0 unless told.
   */
  uint8_t has_changed_since;
  /**
   * VANISHED: 1 if UIDs of the set that are no more are told too, else 0. In UID FETCH only, with
   * CHANGEDSINCE and when QRESYNC is enabled (RFC 7162 §3.2.6). 0 unless told.
   */
  uint8_t vanished;
  /**
   * Zero.
   */
  uint8_t reserved[2];
} mailproto_imap_fetch_options;

/**
 * What STORE changes (RFC 9051 §6.4.6). Begin with `MAILPROTO_IMAP_STORE_INIT`, then change what is
 * to differ.
 */
typedef struct mailproto_imap_store {
  /**
   * `sizeof(mailproto_imap_store)`: tells the library which fields there are.
   */
  size_t size;
  /**
   * A `mailproto_imap_change`: what is done. REPLACE unless told.
   */
  int32_t change;
  /**
   * 1 if the server need not tell the new flags, else 0. 0 unless told.
   */
  uint8_t silent;
  /**
   * 1 if `unchanged_since` is meant, else 0. 0 unless told.
   */
  uint8_t has_unchanged_since;
  /**
   * Zero.
   */
  uint8_t reserved[2];
  /**
   * UNCHANGEDSINCE: if `has_unchanged_since` is 1, not where the message changed after this
   * mod-sequence; the code MODIFIED then tells which did (RFC 7162 §3.1.3). 0: not where a flag
   * exists already.
   */
  uint64_t unchanged_since;
  /**
   * The flags, with spaces between them: `\Seen $Forwarded`. None unless told.
   */
  struct mailproto_span flags;
  /**
   * Gmail's labels, in place of flags. One that begins with a backslash, as `\Inbox`, is one of
   * Google's own. NULL, flags, unless told.
   */
  const struct mailproto_imap_mailbox *labels;
  /**
   * How many labels there are.
   */
  size_t label_count;
} mailproto_imap_store;

/**
 * An argument of a command that is sent by its name.
 */
typedef struct mailproto_imap_argument {
  /**
   * A `mailproto_imap_argument_kind`.
   */
  int32_t kind;
  /**
   * MAILBOX: a `mailproto_imap_mailbox_form`.
   */
  int32_t form;
  /**
   * A number, as said with the kind.
   */
  uint64_t number;
  /**
   * Octets, as said with the kind.
   */
  struct mailproto_span octets;
  /**
   * Messages.
   */
  struct mailproto_imap_sequence sequence;
} mailproto_imap_argument;

/**
 * A search key (RFC 9051 §6.4.4). A search is an array of them, of which a message must match all;
 * NOT, OR and FUZZY stand before the keys that they are about, and parentheses make one key of
 * several: `OR FROM "ada" OPEN FROM "grace" FLAGGED CLOSE`. `MAILPROTO_IMAP_KEY`,
 * `mailproto_imap_key_text` and others make one.
 */
typedef struct mailproto_imap_search_key {
  /**
   * A `mailproto_imap_search`.
   */
  int32_t kind;
  /**
   * As said with the kind.
   */
  int32_t scope;
  /**
   * Octets, seconds, a mod-sequence or an identifier.
   */
  uint64_t number;
  /**
   * What a field holds, a keyword or another word.
   */
  struct mailproto_span text;
  /**
   * The name of a header field.
   */
  struct mailproto_span field;
  /**
   * A day.
   */
  struct mailproto_imap_date date;
  /**
   * Messages.
   */
  struct mailproto_imap_sequence sequence;
} mailproto_imap_search_key;

/**
 * How SEARCH is answered and its strings are read (RFC 9051 §6.4.4). Begin with
 * `MAILPROTO_IMAP_SEARCH_OPTIONS_INIT`, then change what is to differ.
 */
typedef struct mailproto_imap_search_options {
  /**
   * `sizeof(mailproto_imap_search_options)`: tells the library which fields there are.
   */
  size_t size;
  /**
   * What is told: bits `MAILPROTO_IMAP_SEARCH_RETURN_…`; 0 for all that is found. 0 unless told.
   */
  uint32_t returns;
  /**
   * 1 if the answer shall be ESEARCH events, else 0, and it is FOUND events or whatever the server
   * likes. 0 unless told; `returns` and `partial` imply 1.
   */
  uint32_t extended;
  /**
   * PARTIAL: only some of what is found (RFC 9394 §3.1). All unless told.
   */
  struct mailproto_imap_partial partial;
  /**
   * The charset of the strings, as `UTF-8`. Empty, US-ASCII, unless told; and once UTF8=ACCEPT or
   * IMAP4rev2 is enabled it must be: they are UTF-8 then (RFC 9755 §3). With SORT and THREAD empty
   * means UTF-8.
   */
  struct mailproto_span charset;
} mailproto_imap_search_options;

/**
 * By what SORT orders, and which way (RFC 5256 §3).
 */
typedef struct mailproto_imap_sort_by {
  /**
   * A `mailproto_imap_sort_key`.
   */
  int32_t key;
  /**
   * 1 if the order is descending, else 0.
   */
  int32_t reverse;
} mailproto_imap_sort_by;

/**
 * The structure of a message's body (RFC 9051 §7.5.2), walked without recursion:
 *
 * ```text
 * multipart/mixed            OPEN
 *   text/plain           1     PART
 *   message/rfc822       2     MESSAGE
 *     text/html          2.1     PART
 *                              MESSAGE_END
 *                          CLOSE
 * ```
 *
 * It may be copied; a copy goes on from the same place.
 */
typedef struct MAILPROTO_ALIGNED(8) mailproto_imap_body_structure {
  /**
   * The library's own.
   */
  size_t _opaque[MAILPROTO_IMAP_BODY_STRUCTURE_WORDS];
} mailproto_imap_body_structure;

/**
 * Parameters of a type or disposition, one after another: walk them with
 * `mailproto_imap_parameters_next`.
 */
typedef struct mailproto_imap_parameters {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_parameters;

/**
 * Languages, one after another: walk them with `mailproto_imap_languages_next`.
 */
typedef struct mailproto_imap_languages {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_languages;

/**
 * A part of a structure, as its header describes it (RFC 2045).
 */
typedef struct mailproto_imap_node {
  /**
   * What it is.
   */
  mailproto_imap_node_kind kind;
  /**
   * How many multiparts and messages are open.
   */
  uint32_t depth;
  /**
   * The numbers by which FETCH names the part (RFC 9051 §6.4.5.1), from the outermost inwards: the
   * `path` of a `mailproto_imap_fetch_item`.
   */
  uint32_t section[65];
  /**
   * How many there are; 0 for a multipart that is the whole message or all of a message within.
   */
  size_t section_len;
  /**
   * The type, such as `text`, in any case.
   */
  struct mailproto_imap_string media_type;
  /**
   * The subtype, such as `plain`; of a multipart such as `mixed`.
   */
  struct mailproto_imap_string subtype;
  /**
   * The parameters of the type.
   */
  struct mailproto_imap_parameters parameters;
  /**
   * Content-ID.
   */
  struct mailproto_imap_string id;
  /**
   * Content-Description.
   */
  struct mailproto_imap_string description;
  /**
   * Content-Transfer-Encoding: see `mailproto_transfer_encoding_of`.
   */
  struct mailproto_imap_string encoding;
  /**
   * The length in octets, encoded as it is.
   */
  uint64_t octets;
  /**
   * The length in lines, of `text` parts and messages.
   */
  uint64_t lines;
  /**
   * 1 if `octets` is told, else 0.
   */
  uint8_t has_octets;
  /**
   * 1 if `lines` is told, else 0.
   */
  uint8_t has_lines;
  /**
   * Zero.
   */
  uint8_t reserved[6];
  /**
   * The envelope of a message within: `mailproto_imap_envelope_read`.
   */
  struct mailproto_span envelope;
  /**
   * Content-MD5 (RFC 1864).
   */
  struct mailproto_imap_string md5;
  /**
   * Content-Disposition (RFC 2183), such as `inline` or `attachment`, in any case.
   */
  struct mailproto_imap_string disposition;
  /**
   * The parameters of the disposition, such as `filename`: see `mailproto_imap_file_name`.
   */
  struct mailproto_imap_parameters disposition_parameters;
  /**
   * Content-Language (RFC 3282).
   */
  struct mailproto_imap_languages language;
  /**
   * Content-Location (RFC 2557).
   */
  struct mailproto_imap_string location;
  /**
   * What stands behind the fields that are known, as it came.
   */
  struct mailproto_span other;
} mailproto_imap_node;

/**
 * A parameter: long or non-ASCII values may be spread over several, or encoded (RFC 2231);
 * `mailproto_imap_parameter_decode` puts them together.
 */
typedef struct mailproto_imap_parameter {
  /**
   * Its name, such as `charset`, in any case.
   */
  struct mailproto_imap_string name;
  /**
   * Its value.
   */
  struct mailproto_imap_string value;
} mailproto_imap_parameter;

/**
 * Addresses, one after another: walk them with `mailproto_imap_addresses_next`.
 */
typedef struct mailproto_imap_addresses {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_addresses;

/**
 * The envelope of a message (RFC 9051 §7.5.2). It lies in the octets that it was read from.
 */
typedef struct mailproto_imap_envelope {
  /**
   * The Date header field, as it stood in the message (RFC 5322 §3.6.1).
   */
  struct mailproto_imap_string date;
  /**
   * The Subject header field: see `mailproto_imap_string_decode`.
   */
  struct mailproto_imap_string subject;
  /**
   * Who wrote it.
   */
  struct mailproto_imap_addresses from;
  /**
   * Who sent it; servers repeat `from` where the message has no Sender.
   */
  struct mailproto_imap_addresses sender;
  /**
   * Whom to answer; servers repeat `from` where the message has no Reply-To.
   */
  struct mailproto_imap_addresses reply_to;
  /**
   * To whom it is.
   */
  struct mailproto_imap_addresses to;
  /**
   * Who gets a copy.
   */
  struct mailproto_imap_addresses cc;
  /**
   * Who gets a copy without the others' knowing.
   */
  struct mailproto_imap_addresses bcc;
  /**
   * The In-Reply-To header field.
   */
  struct mailproto_imap_string in_reply_to;
  /**
   * The Message-ID header field, angle brackets included.
   */
  struct mailproto_imap_string message_id;
} mailproto_imap_envelope;

/**
 * An address, or a mark that a group begins or ends (RFC 9051 §7.5.2). Without `host` it is a mark:
 * a group named `mailbox` begins, or, without `mailbox`, ends (RFC 5322 §3.4).
 */
typedef struct mailproto_imap_address {
  /**
   * The name that people read: see `mailproto_imap_string_decode`.
   */
  struct mailproto_imap_string name;
  /**
   * The source route (obsolete).
   */
  struct mailproto_imap_string adl;
  /**
   * What stands before the `@`.
   */
  struct mailproto_imap_string mailbox;
  /**
   * What stands behind the `@`.
   */
  struct mailproto_imap_string host;
} mailproto_imap_address;

/**
 * Flags (RFC 9051 §2.3.2): `data` of FLAGS and of the code PERMANENTFLAGS. They may be given back to
 * STORE as they are.
 */
typedef struct mailproto_imap_flags {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_flags;

/**
 * Attributes of a mailbox (RFC 9051 §7.3.1): `data` of LIST.
 */
typedef struct mailproto_imap_attributes {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_attributes;

/**
 * An attribute of a mailbox.
 */
typedef struct mailproto_imap_attribute {
  /**
   * Which.
   */
  mailproto_imap_attribute_kind kind;
  /**
   * As its RFC spells it, backslash included; another one as it came.
   */
  struct mailproto_span name;
} mailproto_imap_attribute;

/**
 * A set of UIDs or message numbers (RFC 9051 §9): `data` and `data2` of the codes APPENDUID, COPYUID and
 * MODIFIED. It may be given to a command as it is: `mailproto_imap_set`.
 */
typedef struct mailproto_imap_ranges {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_ranges;

/**
 * Strings: of the codes BADCHARSET and BADEVENT, of QUOTAROOT, LISTRIGHTS, METADATA and of extensions.
 */
typedef struct mailproto_imap_strings {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_strings;

/**
 * Capabilities (RFC 9051 §7.1): `data` of the code CAPABILITY.
 */
typedef struct mailproto_imap_capabilities {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_capabilities;

/**
 * Gmail's labels of a message: `data` of the item GMAIL_LABELS. Names like mailbox names, or like flags
 * (`\Important`).
 */
typedef struct mailproto_imap_labels {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_labels;

/**
 * What a server says of itself (RFC 2971 §3.3): `data` of ID.
 */
typedef struct mailproto_imap_id_fields {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_id_fields;

/**
 * A name and its value.
 */
typedef struct mailproto_imap_pair {
  /**
   * The name.
   */
  struct mailproto_imap_string name;
  /**
   * The value; perhaps NIL.
   */
  struct mailproto_imap_string value;
} mailproto_imap_pair;

/**
 * Annotations (RFC 5464 §4.4.1): `data` of METADATA.
 */
typedef struct mailproto_imap_metadata_values {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_metadata_values;

/**
 * Who has which rights on a mailbox (RFC 4314 §3.6): `data` of ACL.
 */
typedef struct mailproto_imap_acl_entries {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_acl_entries;

/**
 * The resources of a quota root (RFC 9208 §4.2.1): `data` of QUOTA.
 */
typedef struct mailproto_imap_quota_resources {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_quota_resources;

/**
 * One resource of a quota root (RFC 9208 §3).
 */
typedef struct mailproto_imap_quota_resource {
  /**
   * `STORAGE`, `MESSAGE`, `MAILBOX`, `ANNOTATION-STORAGE` (RFC 9208 §5) or another name, in any case.
   */
  struct mailproto_span name;
  /**
   * How much is used: for the two storages in units of 1024 octets, else as a count.
   */
  uint64_t usage;
  /**
   * How much may be used, in the same units. It may be less than what is used.
   */
  uint64_t limit;
} mailproto_imap_quota_resource;

/**
 * What a mailbox holds (RFC 9051 §7.3.4): `data` of MAILBOX_STATUS.
 */
typedef struct mailproto_imap_status_items {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_status_items;

/**
 * One item of a STATUS response.
 */
typedef struct mailproto_imap_status_item {
  /**
   * Which.
   */
  mailproto_imap_status_item_kind kind;
  /**
   * 1 if `number` is told, else 0.
   */
  int32_t has_number;
  /**
   * A number, as said with the kind.
   */
  uint64_t number;
  /**
   * The name of another item.
   */
  struct mailproto_span name;
  /**
   * Octets, as said with the kind.
   */
  struct mailproto_span value;
} mailproto_imap_status_item;

/**
 * What else LIST tells about a mailbox (RFC 9051 §7.3.1): `data2` of LIST.
 */
typedef struct mailproto_imap_extended_items {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_extended_items;

/**
 * One extended data item of a LIST response.
 */
typedef struct mailproto_imap_extended_item {
  /**
   * Which.
   */
  mailproto_imap_extended_item_kind kind;
  /**
   * A name, as said with the kind.
   */
  struct mailproto_imap_string name;
  /**
   * Octets or a list, as said with the kind.
   */
  struct mailproto_span value;
} mailproto_imap_extended_item;

/**
 * The namespaces of one kind (RFC 9051 §6.3.10): `data`, `data2` and `data3` of NAMESPACE.
 */
typedef struct mailproto_imap_namespaces {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_namespaces;

/**
 * What else a server tells of a namespace (RFC 9051 §7.3.3).
 */
typedef struct mailproto_imap_namespace_extensions {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_namespace_extensions;

/**
 * One namespace (RFC 9051 §7.3.3).
 */
typedef struct mailproto_imap_namespace {
  /**
   * What the names of its mailboxes begin with, often with the delimiter at the end; perhaps empty.
   */
  struct mailproto_imap_string prefix;
  /**
   * What to call the namespace in the user's language, a mailbox name, or NIL (RFC 5255 §3.4).
   */
  struct mailproto_imap_string translation;
  /**
   * What else the server tells of it.
   */
  struct mailproto_imap_namespace_extensions extensions;
  /**
   * What separates the levels of hierarchy; 0 where there are no levels.
   */
  int32_t delimiter;
} mailproto_imap_namespace;

/**
 * Something that a server tells of a namespace: a name and values (RFC 9051 §7.3.3).
 */
typedef struct mailproto_imap_namespace_extension {
  /**
   * The name.
   */
  struct mailproto_imap_string name;
  /**
   * The values.
   */
  struct mailproto_imap_strings values;
} mailproto_imap_namespace_extension;

/**
 * The part numbers of a section, from the outermost part inwards: `{event.data}`; walk them with
 * `mailproto_imap_part_numbers_next`.
 */
typedef struct mailproto_imap_part_numbers {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_part_numbers;

/**
 * The names of the header fields of a section: `mailproto_imap_section_fields`; walk them with
 * `mailproto_imap_field_names_next`.
 */
typedef struct mailproto_imap_field_names {
  /**
   * What is left to be told.
   */
  struct mailproto_span rest;
} mailproto_imap_field_names;

/**
 * Makes of the elements of THREAD what an indented list needs: each message with its depth, the
 * number of its ancestors. A message is followed by its answers, and whatever has depth 0 begins a
 * thread. Answers to a message that is missing are as deep as if it were there.
 *
 * A chain of answers may have any length. Where parentheses are nested more than 32 deep, what
 * follows a closing one of those is told deeper than it is.
 */
typedef struct MAILPROTO_ALIGNED(8) mailproto_imap_thread_depth {
  /**
   * The library's own.
   */
  size_t _opaque[MAILPROTO_IMAP_THREAD_DEPTH_WORDS];
} mailproto_imap_thread_depth;

/**
 * Undoes the transfer encoding of a body while it arrives: resumable at any octet, into any buffer,
 * without a limit on lines. It may be copied.
 */
typedef struct MAILPROTO_ALIGNED(8) mailproto_decoder {
  /**
   * The library's own.
   */
  size_t _opaque[MAILPROTO_DECODER_WORDS];
} mailproto_decoder;

/**
 * A POP3 client: turns received octets into events, and calls into octets to send. It may lie
 * anywhere, `static` too, and may be moved.
 *
 * One thread at a time may use it. Two clients know nothing of each other.
 */
typedef struct MAILPROTO_ALIGNED(8) mailproto_pop3_client {
  /**
   * The library's own.
   */
  size_t _opaque[MAILPROTO_POP3_CLIENT_WORDS];
} mailproto_pop3_client;

/**
 * How a client behaves. Begin with `MAILPROTO_POP3_CONFIG_INIT`, then change what is to differ.
 */
typedef struct mailproto_pop3_config {
  /**
   * `sizeof(mailproto_pop3_config)`: tells the library which fields there are.
   */
  size_t size;
  /**
   * A `mailproto_pop3_security`: how credentials may travel. STLS required unless told.
   */
  int32_t security;
  /**
   * The quirks that are mended: the bit `1u << quirk` for each. All unless told.
   */
  uint32_t tolerate;
  /**
   * How long a reply may take, in milliseconds; 0 is for ever. Needs `tick`. A minute unless
   * told.
   */
  uint32_t reply_timeout_ms;
  /**
   * 1 if commands are sent without waiting where the server offers PIPELINING, else 0. 1 unless
   * told.
   */
  uint8_t pipelining;
  /**
   * 1 if APOP may be used, whose MD5 protects a password badly, else 0. 0 unless told.
   */
  uint8_t apop;
  /**
   * Zero.
   */
  uint16_t reserved;
} mailproto_pop3_config;

/**
 * What happened. Spans lie in the input given to `poll` or in the scratch buffer, and are valid
 * until the next call on the object, or until the input is overwritten.
 */
typedef struct mailproto_pop3_event {
  /**
   * What kind of event it is.
   */
  mailproto_pop3_event_kind kind;
  /**
   * The command's name.
   */
  mailproto_pop3_verb verb;
  /**
   * How the command went.
   */
  mailproto_pop3_status status;
  /**
   * Why, for programs.
   */
  mailproto_pop3_response_code code;
  /**
   * What is offered.
   */
  mailproto_pop3_capability capability;
  /**
   * What was mended.
   */
  mailproto_pop3_quirk quirk;
  /**
   * 1 if `octets` is told, else 0.
   */
  uint8_t has_octets;
  /**
   * 1 if a capability has the argument `USER`, else 0.
   */
  uint8_t per_user;
  /**
   * The number of the command that is answered, as the function that queued it gave it.
   */
  uint32_t command;
  /**
   * The message that the command or the line names, or 0.
   */
  uint32_t message;
  /**
   * STAT: how many messages there are.
   */
  uint32_t messages;
  /**
   * The number in a capability.
   */
  uint32_t number;
  /**
   * Octets of a message, of the maildrop or of a line; or a position.
   */
  uint64_t octets;
  /**
   * The server's words.
   */
  struct mailproto_span text;
  /**
   * What stands between the brackets of a response code.
   */
  struct mailproto_span code_text;
  /**
   * Octets of a message, a challenge, a timestamp or a line.
   */
  struct mailproto_span data;
  /**
   * A unique-id.
   */
  struct mailproto_span uid;
  /**
   * A language's or a capability's tag.
   */
  struct mailproto_span tag;
} mailproto_pop3_event;

/**
 * A POP3 server for one connection: turns received octets into requests, and answers into octets
 * to send. It may lie anywhere, `static` too, and may be moved.
 *
 * One thread at a time may use it. Two servers know nothing of each other.
 */
typedef struct MAILPROTO_ALIGNED(8) mailproto_pop3_server {
  /**
   * The library's own.
   */
  size_t _opaque[MAILPROTO_POP3_SERVER_WORDS];
} mailproto_pop3_server;

/**
 * What a server offers and how it behaves. Begin with `MAILPROTO_POP3_SERVER_CONFIG_INIT`, then
 * change what is to differ. Spans are borrowed as long as the server's buffers are.
 */
typedef struct mailproto_pop3_server_config {
  /**
   * `sizeof(mailproto_pop3_server_config)`: tells the library which fields there are.
   */
  size_t size;
  /**
   * A `mailproto_pop3_security`: whether the channel is private, and whether credentials are
   * taken over one that is not. STLS required unless told.
   */
  int32_t security;
  /**
   * The SASL mechanisms that are offered: the bit `1u << mechanism` for each. None unless told.
   */
  uint32_t mechanisms;
  /**
   * A `mailproto_pop3_utf8`: what is offered of UTF8. Nothing unless told.
   */
  int32_t utf8;
  /**
   * After how many idle milliseconds the session ends without UPDATE; RFC 1939 §3 demands at
   * least ten minutes, which is what there is unless told. 0 is never. Needs `tick`.
   */
  uint32_t autologout_ms;
  /**
   * `EXPIRE`: how many days mail is kept, or `MAILPROTO_POP3_EXPIRE_NEVER`; announced if
   * `has_expire`.
   */
  uint32_t expire;
  /**
   * `LOGIN-DELAY` in seconds; announced if `has_login_delay`.
   */
  uint32_t login_delay;
  /**
   * 1 if `expire` is announced, else 0. 0 unless told.
   */
  uint8_t has_expire;
  /**
   * 1 if `login_delay` is announced, else 0. 0 unless told.
   */
  uint8_t has_login_delay;
  /**
   * 1 if STLS is offered (RFC 2595 §4), else 0. 1 unless told.
   */
  uint8_t stls;
  /**
   * 1 if USER and PASS are offered, else 0. 1 unless told.
   */
  uint8_t user;
  /**
   * 1 if LANG is offered (RFC 6856 §3), else 0. 0 unless told.
   */
  uint8_t lang;
  /**
   * 1 if a bare LF in a message becomes CRLF, else 0. 0 unless told.
   */
  uint8_t newlines_to_crlf;
  /**
   * After how many refused lines or logins in one session the server hangs up; 0 is never. 10
   * unless told.
   */
  uint8_t max_errors;
  /**
   * Zero.
   */
  uint8_t reserved;
  /**
   * The timestamp of the greeting, angle brackets included, a fresh one for each connection;
   * with it APOP is offered (RFC 1939 §7). Empty, no APOP, unless told.
   */
  struct mailproto_span timestamp;
  /**
   * `IMPLEMENTATION` (RFC 2449 §6.9); not announced if empty.
   */
  struct mailproto_span implementation;
} mailproto_pop3_server_config;

/**
 * What a client wants. Spans lie in the scratch buffer and are valid until the next call on the
 * object.
 */
typedef struct mailproto_pop3_request {
  /**
   * What kind of request it is.
   */
  mailproto_pop3_request_kind kind;
  /**
   * The command.
   */
  mailproto_pop3_verb verb;
  /**
   * The message, which exists, or 0.
   */
  uint32_t message;
  /**
   * TOP: how many lines of the body.
   */
  uint32_t lines;
  /**
   * 1 if `lines` is told, else 0.
   */
  uint8_t has_lines;
  /**
   * Zero.
   */
  uint8_t reserved[3];
  /**
   * The SASL mechanism that was asked for, one of those announced.
   */
  mailproto_sasl_mechanism mechanism;
  /**
   * The mailbox.
   */
  struct mailproto_span name;
  /**
   * A password or a digest. Never log it.
   */
  struct mailproto_span secret;
  /**
   * A language tag.
   */
  struct mailproto_span tag;
} mailproto_pop3_request;

/**
 * The server's side of one SASL exchange, by any mechanism. It serves one exchange: set it up anew
 * for another attempt.
 *
 * The memory of all spans and of the work buffer is borrowed until `mailproto_sasl_server_wipe` or
 * until the object is set up anew. The work buffer holds what the client says: 512 octets do for
 * passwords, 4,096 for tokens.
 *
 * Every `init` returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`, `_ABI_MISMATCH` (`size` is
 * not the library's), `_NOT_UTF8`, `_SASL_WEAK_NONCE`, `_SASL_WORK_TOO_SMALL`,
 * `_SASL_EMPTY_CREDENTIAL` (a decoy without key) or `_SASL_TOO_FEW_ITERATIONS` (fewer than 4,096
 * in a decoy), and then the object is as it was.
 */
typedef struct MAILPROTO_ALIGNED(8) mailproto_sasl_server {
  /**
   * The library's own.
   */
  size_t _opaque[MAILPROTO_SASL_SERVER_WORDS];
} mailproto_sasl_server;

/**
 * How SCRAM answers for users who do not exist. The same for every connection and over restarts,
 * or the difference tells who exists.
 */
typedef struct mailproto_sasl_decoy {
  /**
   * A random secret of the server, 16 octets or more.
   */
  struct mailproto_span key;
  /**
   * As many octets as the salts of the user database have, at most the hash's length (20 or 32).
   */
  size_t salt_octets;
  /**
   * The iteration count of the user database; at least 4,096.
   */
  uint32_t iterations;
} mailproto_sasl_decoy;

/**
 * What a client says of itself. Names are UTF-8 without NUL; a password may be any octets without
 * NUL. Never log one. The spans lie in the work buffer and are valid until the next call on the
 * object.
 */
typedef struct mailproto_sasl_claim {
  /**
   * What is claimed.
   */
  mailproto_sasl_claim_kind kind;
  /**
   * Whom to act as; empty for `user`.
   */
  struct mailproto_span authzid;
  /**
   * Who this is.
   */
  struct mailproto_span user;
  /**
   * A password or a token.
   */
  struct mailproto_span secret;
} mailproto_sasl_claim;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * What an error code means, in English: a NUL-terminated string that is always valid. Any number
 * may be given. A program that does not call this function does not contain the strings.
 */
const char *mailproto_strerror(int32_t error);

/**
 * A moment in seconds since the beginning of 1970, UTC, without leap seconds. A day that does not
 * exist counts as the first of 1970.
 */
int64_t mailproto_imap_date_time_to_unix(struct mailproto_imap_date_time moment);

/**
 * Makes a moment of seconds since the beginning of 1970, as a clock in a zone shows it.
 *
 * @param seconds       the moment.
 * @param zone_minutes  how far the zone is ahead of UTC, in minutes.
 * @param moment        receives it.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER`, or `MAILPROTO_ERROR_BAD_VALUE` outside of
 * the years 0 to 9999.
 */
mailproto_error mailproto_imap_date_time_from_unix(int64_t seconds,
                                                   int16_t zone_minutes,
                                                   struct mailproto_imap_date_time *moment);

/**
 * The bits of the capability of this name, in any case, and of what it brings with it: IMAP4rev2
 * brings all that was folded into it (RFC 9051 Appendix E). 0 for one that is not known here.
 */
uint64_t mailproto_imap_capability(struct mailproto_span name);

/**
 * Sets a client up for one connection.
 *
 * `scratch` and `tx` are borrowed until `mailproto_imap_client_wipe` or until the object is set up
 * anew; neither may be touched by the program meanwhile.
 *
 * @param client       the object.
 * @param size         `sizeof *client`.
 * @param scratch      holds a data item that a read cut, and bounds how long one may be; bodies and
 *                     long lists stream past it. 512 octets work, 4096 hold nearly all that servers
 *                     send.
 * @param scratch_len  its size in octets.
 * @param tx           holds commands until they are sent; the messages of APPEND stream through it.
 *                     256 octets hold most commands.
 * @param tx_len       its size in octets.
 * @param config       how to behave; NULL for the default: lenient, STARTTLS required, pipelining.
 *
 * Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`; `MAILPROTO_ERROR_ABI_MISMATCH` when
 * `size` or `config->size` is not the library's; `MAILPROTO_ERROR_BAD_VALUE` for what `config` may
 * not hold; `MAILPROTO_ERROR_OVERLAP` when the buffers overlap. Then the object is as it was.
 */
mailproto_error mailproto_imap_client_init(struct mailproto_imap_client *client,
                                           size_t size,
                                           uint8_t *scratch,
                                           size_t scratch_len,
                                           uint8_t *tx,
                                           size_t tx_len,
                                           const struct mailproto_imap_config *config);

/**
 * Ends the use of a client: wipes the scratch buffer, the outgoing buffer and the object, and
 * gives the buffers back.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
 */
mailproto_error mailproto_imap_client_wipe(struct mailproto_imap_client *client);

/**
 * Takes octets that were received, and tells what happened, one event a call. Call it until it
 * returns 0: then all octets were taken and nothing more is to be told. Call it after
 * `mailproto_imap_client_tick` too, with nothing if there is nothing.
 *
 * After COMPRESS was accepted it takes no more: what is left is compressed. See
 * `mailproto_imap_client_compression_established`.
 *
 * @param client     the object.
 * @param input      where the received octets lie; advanced past those that were taken. Any memory
 *                   but the scratch buffer and the outgoing buffer.
 * @param input_len  how many there are; reduced by as many.
 * @param event      is filled in when 1 is returned. Its spans lie in the input or in the scratch
 *                   buffer.
 *
 * Returns 1 for an event, 0 for none, or a `mailproto_error`, which is negative. A code of -200
 * and below ends the session; every further call returns the same.
 */
int32_t mailproto_imap_client_poll(struct mailproto_imap_client *client,
                                   const uint8_t **input,
                                   size_t *input_len,
                                   struct mailproto_imap_event *event);

/**
 * What is to be sent now. Commands that must wait for a reply are not in it yet.
 *
 * @param client  the object.
 * @param octets  receives where it lies, until the next call on the object.
 * @param len     receives how many octets there are; 0 for nothing, and in every case of error.
 *
 * Returns `MAILPROTO_OK`, or why not.
 */
mailproto_error mailproto_imap_client_outgoing(const struct mailproto_imap_client *client,
                                               const uint8_t **octets,
                                               size_t *len);

/**
 * Tells that the first `n` octets of `mailproto_imap_client_outgoing` have been sent. They are
 * wiped. A number larger than there are octets counts as all of them.
 */
mailproto_error mailproto_imap_client_sent(struct mailproto_imap_client *client, size_t n);

/**
 * Tells that the connection has ended.
 *
 * Returns `MAILPROTO_OK` after the server has said BYE or has answered LOGOUT;
 * `MAILPROTO_ERROR_UNEXPECTED_EOF` while a reply was due or in the middle of a response: what was
 * delivered of a body is not the body; `MAILPROTO_ERROR_CLOSED_BY_PEER` otherwise. Commands that
 * were never answered are then told by `mailproto_imap_client_poll`, with status NOT_SENT, if it
 * returned `MAILPROTO_OK`.
 */
mailproto_error mailproto_imap_client_eof(struct mailproto_imap_client *client);

/**
 * Tells the time, in milliseconds of any clock that does not jump; it may wrap. An IDLE that has
 * lasted `idle_reissue_ms` is told by the next `mailproto_imap_client_poll`.
 *
 * Returns `MAILPROTO_OK`, or `MAILPROTO_ERROR_TIMEOUT` when a reply was due and nothing came for
 * `reply_timeout_ms`.
 */
mailproto_error mailproto_imap_client_tick(struct mailproto_imap_client *client, uint32_t now_ms);

/**
 * When `mailproto_imap_client_tick` should be called at the latest, on its clock.
 *
 * Returns 1 and fills in `deadline_ms`, or 0 while nothing is awaited and before the first `tick`, or
 * a negative `mailproto_error`.
 */
int32_t mailproto_imap_client_deadline(const struct mailproto_imap_client *client,
                                       uint32_t *deadline_ms);

/**
 * Where the session stands.
 */
mailproto_imap_state mailproto_imap_client_state(const struct mailproto_imap_client *client);

/**
 * What the server announced last: the bits `MAILPROTO_IMAP_CAPABILITY_…`. Without
 * `MAILPROTO_IMAP_CAPABILITY_KNOWN` nothing is known, and it is time to ask with CAPABILITY: at the
 * beginning, unless the greeting told; after STARTTLS; after login, unless the server told by then
 * (RFC 9051 §6.2.2). 0 for NULL and for an object that was not set up.
 */
uint64_t mailproto_imap_client_capabilities(const struct mailproto_imap_client *client);

/**
 * What ENABLE has switched on (RFC 9051 §6.3.1): the bits `MAILPROTO_IMAP_CAPABILITY_…`.
 */
uint64_t mailproto_imap_client_enabled(const struct mailproto_imap_client *client);

/**
 * 1 if mailbox names are UTF-8, since UTF8=ACCEPT or IMAP4rev2 was enabled; 0 if they are modified
 * UTF-7.
 */
int32_t mailproto_imap_client_is_utf8(const struct mailproto_imap_client *client);

/**
 * The letters before the number in each tag as it is sent (RFC 9051 §2.2.1), for those who compare
 * tags with one that a response names, as ESEARCH does. They lie in the object.
 */
struct mailproto_span mailproto_imap_client_tag_prefix(const struct mailproto_imap_client *client);

/**
 * The SASL mechanisms that the server announced, of those that are known here: the bit `1u <<
 * mechanism` for each `mailproto_sasl_mechanism`. See `mailproto_sasl_choose`.
 */
uint32_t mailproto_imap_client_mechanisms(const struct mailproto_imap_client *client);

/**
 * 1 if credentials may be sent: the channel is private, or was declared good enough. Else 0. While
 * it is not private whatever the server says, ALERTs too, may have been said by someone else.
 */
int32_t mailproto_imap_client_may_send_credentials(const struct mailproto_imap_client *client);

/**
 * 1 if no command is in flight, else 0.
 */
int32_t mailproto_imap_client_is_idle(const struct mailproto_imap_client *client);

/**
 * How many octets have been received.
 */
uint64_t mailproto_imap_client_received(const struct mailproto_imap_client *client);

/**
 * How many messages the selected mailbox holds (RFC 9051 §2.3.1.2): what EXISTS said, less what
 * EXPUNGE and VANISHED took.
 *
 * @param client  the object.
 * @param count   receives the number; may be NULL.
 *
 * Returns 1 if it is known, or 0. So with the next four.
 */
int32_t mailproto_imap_client_messages(const struct mailproto_imap_client *client, uint32_t *count);

/**
 * How many of them are recent (RFC 3501 §2.3.2).
 */
int32_t mailproto_imap_client_recent(const struct mailproto_imap_client *client, uint32_t *count);

/**
 * The selected mailbox's UIDVALIDITY (RFC 9051 §2.3.1.1). With another one than last time all that
 * was kept by UID is void.
 */
int32_t mailproto_imap_client_uid_validity(const struct mailproto_imap_client *client,
                                           uint32_t *uid_validity);

/**
 * What UID the next message will get at the least (RFC 9051 §2.3.1.1).
 */
int32_t mailproto_imap_client_uid_next(const struct mailproto_imap_client *client,
                                       uint32_t *uid_next);

/**
 * The highest mod-sequence that HIGHESTMODSEQ told (RFC 7162 §3.1.2.1). Keep it only when all
 * responses of the command that brought it have been taken (RFC 7162 §3.2.5).
 */
int32_t mailproto_imap_client_highest_mod_seq(const struct mailproto_imap_client *client,
                                              uint64_t *mod_seq);

/**
 * 1 if the selected mailbox cannot be changed (RFC 9051 §6.3.3, `READ-ONLY`), else 0.
 */
int32_t mailproto_imap_client_is_read_only(const struct mailproto_imap_client *client);

/**
 * The number that goes with the error that was returned last: an index, a limit, a size; see
 * `mailproto_error`.
 */
size_t mailproto_imap_client_detail(const struct mailproto_imap_client *client);

/**
 * What ended the session: `MAILPROTO_OK` if it was not ended by an error.
 *
 * @param client  the object.
 * @param offset  receives how many octets of this connection had been received before the
 *                offending item; may be NULL.
 */
mailproto_error mailproto_imap_client_failure(const struct mailproto_imap_client *client,
                                              uint64_t *offset);

/**
 * APPEND: puts a message into a mailbox (RFC 9051 §6.3.12). When UPLOAD tells that the server takes
 * it, give it with `mailproto_imap_client_upload` and end it with `mailproto_imap_client_append_end`.
 * If the server refuses, the command completes instead, perhaps in the middle; then there is nothing
 * more to give.
 *
 * Until `mailproto_imap_client_append_end` no other command can be queued. An upload that cannot be
 * finished leaves no other way than to close the connection: the server counts octets.
 *
 * @param client   the object.
 * @param mailbox  where it goes.
 * @param options  its flags and date; NULL for none.
 * @param octets   its length, lines ended by CRLF.
 * @param tag      receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` for `binary` without BINARY; `MAILPROTO_ERROR_WRONG_STATE` for `utf8`
 * when UTF8=ACCEPT is not enabled; `_BAD_ARGUMENT`, `_TOO_LONG` and others for flags, date and name.
 */
mailproto_error mailproto_imap_client_append(struct mailproto_imap_client *client,
                                             struct mailproto_imap_mailbox mailbox,
                                             const struct mailproto_imap_append_options *options,
                                             uint64_t octets,
                                             uint32_t *tag);

/**
 * Gives octets of the message (RFC 9051 §6.3.12).
 *
 * @param client  the object.
 * @param octets  the next ones.
 * @param taken   receives how many were taken, which is as many as the outgoing buffer has room for,
 *                perhaps none: send `mailproto_imap_client_outgoing` and give the rest. 0 in every
 *                case of error.
 *
 * `MAILPROTO_ERROR_NULL_POINTER` without `taken`; `MAILPROTO_ERROR_WRONG_STATE` when no upload is
 * under way, or the server does not take it yet; `MAILPROTO_ERROR_TOO_MUCH_DATA` when there are more
 * than were announced.
 */
mailproto_error mailproto_imap_client_upload(struct mailproto_imap_client *client,
                                             struct mailproto_span octets,
                                             size_t *taken);

/**
 * The message is complete, and another of so many `octets` follows in the same APPEND (RFC 3502).
 *
 * `MAILPROTO_ERROR_TOO_LITTLE_DATA` when the message is not complete; `MAILPROTO_ERROR_NOT_OFFERED`
 * when the server has no MULTIAPPEND; `MAILPROTO_ERROR_WRONG_STATE` when no upload is under way; else
 * as `mailproto_imap_client_append`.
 */
mailproto_error mailproto_imap_client_append_next(struct mailproto_imap_client *client,
                                                  const struct mailproto_imap_append_options *options,
                                                  uint64_t octets);

/**
 * The message, or the last of several, is complete: ends the APPEND (RFC 9051 §6.3.12).
 *
 * `MAILPROTO_ERROR_TOO_LITTLE_DATA` when it is not; `MAILPROTO_ERROR_FULL` when the outgoing buffer
 * has no room for the end of the line: send, and call again; `MAILPROTO_ERROR_WRONG_STATE` when no
 * upload is under way.
 */
mailproto_error mailproto_imap_client_append_end(struct mailproto_imap_client *client);

/**
 * STARTTLS: asks to begin TLS (RFC 9051 §6.2.1). After its completion with status OK make the
 * handshake and call `mailproto_imap_client_tls_established`.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` when the capabilities are known and lack it;
 * `MAILPROTO_ERROR_WRONG_STATE` when the channel is private already.
 */
mailproto_error mailproto_imap_client_starttls(struct mailproto_imap_client *client, uint32_t *tag);

/**
 * Tells that the TLS handshake after STARTTLS is done and the server's certificate verified. All
 * that was learnt before is forgotten (RFC 9051 §6.2.1); ask CAPABILITY again.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when STARTTLS was not the last thing that happened.
 */
mailproto_error mailproto_imap_client_tls_established(struct mailproto_imap_client *client);

/**
 * LOGIN: gives name and password (RFC 9051 §6.2.3). A mechanism of
 * `mailproto_imap_client_authenticate` is the better choice where the server has one.
 *
 * `MAILPROTO_ERROR_INSECURE` when the channel is not private; `MAILPROTO_ERROR_NOT_OFFERED` when the
 * server announced LOGINDISABLED; `MAILPROTO_ERROR_FORBIDDEN_OCTET` for NUL.
 */
mailproto_error mailproto_imap_client_login(struct mailproto_imap_client *client,
                                            struct mailproto_span name,
                                            struct mailproto_span password,
                                            uint32_t *tag);

/**
 * AUTHENTICATE: logs in by a SASL mechanism (RFC 9051 §6.2.2), with its initial response where the
 * server takes one (SASL-IR, RFC 4959). Answer each CHALLENGE with `mailproto_imap_client_respond`.
 *
 * `MAILPROTO_ERROR_INSECURE` when the mechanism would show a secret, or a proof of one, to
 * listeners; `MAILPROTO_ERROR_NOT_OFFERED` when the capabilities are known and lack it; a code of
 * -100 to -199 when the mechanism refuses.
 */
mailproto_error mailproto_imap_client_authenticate(struct mailproto_imap_client *client,
                                                   struct mailproto_sasl *sasl,
                                                   uint32_t *tag);

/**
 * Answers the challenge that the last event brought, before more is received (RFC 9051 §6.2.2).
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when there is none; `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when the
 * outgoing buffer cannot hold the response; a code of -100 to -199 when the mechanism does not
 * accept the challenge, or it did not fit the scratch buffer or was not base64: then
 * `mailproto_imap_client_cancel`.
 */
mailproto_error mailproto_imap_client_respond(struct mailproto_imap_client *client,
                                              struct mailproto_sasl *sasl);

/**
 * Gives up the SASL exchange (RFC 9051 §6.2.2); the server completes AUTHENTICATE with BAD.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when the server awaits no answer.
 */
mailproto_error mailproto_imap_client_cancel(struct mailproto_imap_client *client);

/**
 * GETQUOTA: usage and limits of a quota root (RFC 9208 §4.1.2). A QUOTA event answers.
 *
 * @param client  the object.
 * @param root    the name of the root; perhaps empty.
 * @param tag     receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without QUOTA; `MAILPROTO_ERROR_FORBIDDEN_OCTET` for NUL.
 */
mailproto_error mailproto_imap_client_get_quota(struct mailproto_imap_client *client,
                                                struct mailproto_span root,
                                                uint32_t *tag);

/**
 * GETQUOTAROOT: the quota roots of a mailbox (RFC 9208 §4.1.3), as a QUOTA_ROOT event, and of each
 * what `mailproto_imap_client_get_quota` tells.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without QUOTA.
 */
mailproto_error mailproto_imap_client_get_quota_root(struct mailproto_imap_client *client,
                                                     struct mailproto_imap_mailbox mailbox,
                                                     uint32_t *tag);

/**
 * SETQUOTA: sets limits; a resource that is not named is not limited any more (RFC 9208 §4.1.1). What
 * is set then comes as a QUOTA event.
 *
 * @param client  the object.
 * @param root    the name of the root; perhaps empty.
 * @param limits  the limits.
 * @param count   how many there are, at most `MAILPROTO_IMAP_MAX_QUOTA_LIMITS`.
 * @param tag     receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` with neither QUOTASET nor QUOTA; `MAILPROTO_ERROR_BAD_ARGUMENT` for a
 * resource that is no atom or a limit of more than 63 bits.
 */
mailproto_error mailproto_imap_client_set_quota(struct mailproto_imap_client *client,
                                                struct mailproto_span root,
                                                const struct mailproto_imap_quota_limit *limits,
                                                size_t count,
                                                uint32_t *tag);

/**
 * SETACL: what someone may do with a mailbox (RFC 4314 §3.1).
 *
 * @param client      the object.
 * @param mailbox     the mailbox.
 * @param identifier  who; one that begins with `-` names rights that are withheld.
 * @param change      a `mailproto_imap_change`: what is done with the rights.
 * @param rights      a lower-case letter or digit each.
 * @param tag         receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without ACL; `MAILPROTO_ERROR_BAD_ARGUMENT` for a right that is none;
 * `MAILPROTO_ERROR_BAD_VALUE` for a change that is none.
 */
mailproto_error mailproto_imap_client_set_acl(struct mailproto_imap_client *client,
                                              struct mailproto_imap_mailbox mailbox,
                                              struct mailproto_span identifier,
                                              int32_t change,
                                              struct mailproto_span rights,
                                              uint32_t *tag);

/**
 * DELETEACL: what was said about this identifier is void (RFC 4314 §3.2).
 *
 * @param client      the object.
 * @param mailbox     the mailbox.
 * @param identifier  who.
 * @param tag         receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without ACL.
 */
mailproto_error mailproto_imap_client_delete_acl(struct mailproto_imap_client *client,
                                                 struct mailproto_imap_mailbox mailbox,
                                                 struct mailproto_span identifier,
                                                 uint32_t *tag);

/**
 * GETACL: who may do what (RFC 4314 §3.3). An ACL event answers.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without ACL.
 */
mailproto_error mailproto_imap_client_get_acl(struct mailproto_imap_client *client,
                                              struct mailproto_imap_mailbox mailbox,
                                              uint32_t *tag);

/**
 * LISTRIGHTS: what rights an identifier may be given (RFC 4314 §3.4). A LIST_RIGHTS event answers.
 *
 * @param client      the object.
 * @param mailbox     the mailbox.
 * @param identifier  who.
 * @param tag         receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without ACL.
 */
mailproto_error mailproto_imap_client_list_rights(struct mailproto_imap_client *client,
                                                  struct mailproto_imap_mailbox mailbox,
                                                  struct mailproto_span identifier,
                                                  uint32_t *tag);

/**
 * MYRIGHTS: what oneself may do (RFC 4314 §3.5). A MY_RIGHTS event answers.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without ACL.
 */
mailproto_error mailproto_imap_client_my_rights(struct mailproto_imap_client *client,
                                                struct mailproto_imap_mailbox mailbox,
                                                uint32_t *tag);

/**
 * GETMETADATA: values of entries of a mailbox, or of the server where its name is empty (RFC 5464
 * §4.2), as METADATA events.
 *
 * @param client    the object.
 * @param mailbox   the mailbox; `mailproto_imap_named("")` for the server.
 * @param entries   their names, with spaces between them: `/private/comment`.
 * @param depth     a `mailproto_imap_metadata_depth`.
 * @param max_size  values of more octets than this are left out; NULL for none.
 * @param tag       receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without METADATA, or METADATA-SERVER for the server's;
 * `MAILPROTO_ERROR_EMPTY` for no entries; `MAILPROTO_ERROR_BAD_ARGUMENT` for one that is no path of
 * ASCII without `*` and `%` (RFC 5464 §3.1); `MAILPROTO_ERROR_TOO_LONG` for more than
 * `MAILPROTO_IMAP_MAX_METADATA`.
 */
mailproto_error mailproto_imap_client_get_metadata(struct mailproto_imap_client *client,
                                                   struct mailproto_imap_mailbox mailbox,
                                                   struct mailproto_span entries,
                                                   int32_t depth,
                                                   const uint32_t *max_size,
                                                   uint32_t *tag);

/**
 * SETMETADATA: sets values of entries, and deletes others (RFC 5464 §4.3).
 *
 * @param client   the object.
 * @param mailbox  the mailbox; `mailproto_imap_named("")` for the server.
 * @param values   the entries.
 * @param count    how many there are, at most `MAILPROTO_IMAP_MAX_METADATA`.
 * @param tag      receives the command's tag; may be NULL.
 *
 * As `mailproto_imap_client_get_metadata`.
 */
mailproto_error mailproto_imap_client_set_metadata(struct mailproto_imap_client *client,
                                                   struct mailproto_imap_mailbox mailbox,
                                                   const struct mailproto_imap_metadata_value *values,
                                                   size_t count,
                                                   uint32_t *tag);

/**
 * CAPABILITY: asks what the server can do (RFC 9051 §6.1.1). CAPABILITY events follow, and
 * `mailproto_imap_client_capabilities` holds the set.
 *
 * @param client  the object.
 * @param tag     receives the number that the command's events carry; may be NULL. So with every
 *                command.
 *
 * This and every command returns `MAILPROTO_OK`, or an error code, and then nothing was queued:
 * `MAILPROTO_ERROR_WRONG_STATE` (log in or select first), `_BUSY`, `_CLOSED`, `_FULL`,
 * `_BUFFER_TOO_SMALL`, or what is said with the command; -200 and below when the session was ended
 * by an error before.
 */
mailproto_error mailproto_imap_client_capability(struct mailproto_imap_client *client,
                                                 uint32_t *tag);

/**
 * NOOP: gives the server occasion to tell what has happened in the mailbox, and keeps the connection
 * alive (RFC 9051 §6.1.2).
 */
mailproto_error mailproto_imap_client_noop(struct mailproto_imap_client *client,
                                           uint32_t *tag);

/**
 * LOGOUT: ends the session (RFC 9051 §6.1.3). The server says BYE, completes the command and closes
 * the connection. Nothing can be queued behind it.
 */
mailproto_error mailproto_imap_client_logout(struct mailproto_imap_client *client,
                                             uint32_t *tag);

/**
 * ID: tells the server who asks, and asks who it is (RFC 2971 §3.1). An ID event answers.
 *
 * @param client  the object.
 * @param fields  what is told; nothing for asking only.
 * @param count   how many fields there are.
 * @param tag     receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_TOO_LONG` for more than `MAILPROTO_IMAP_MAX_ID_FIELDS`, a name of more than 30 octets
 * or a value of more than 1024; `MAILPROTO_ERROR_NOT_OFFERED` without ID.
 */
mailproto_error mailproto_imap_client_id(struct mailproto_imap_client *client,
                                         const struct mailproto_imap_id_field *fields,
                                         size_t count,
                                         uint32_t *tag);

/**
 * ENABLE: turns on extensions that change what the server sends (RFC 9051 §6.3.1). Those that it did
 * turn on come as ENABLED events. To be sent after login, before a mailbox is selected.
 *
 * With `UTF8=ACCEPT` or `IMAP4rev2` mailbox names are UTF-8 from then on, in both directions.
 *
 * @param client        the object.
 * @param capabilities  their names, with spaces between them: `CONDSTORE`, `QRESYNC`, `UTF8=ACCEPT`,
 *                      `IMAP4rev2`.
 * @param tag           receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_EMPTY`; `MAILPROTO_ERROR_BAD_ARGUMENT` for one that is no atom;
 * `MAILPROTO_ERROR_WRONG_STATE` when a mailbox is selected; `MAILPROTO_ERROR_NOT_OFFERED` without
 * ENABLE; `MAILPROTO_ERROR_TOO_LONG` for more than `MAILPROTO_IMAP_MAX_NAMES`.
 */
mailproto_error mailproto_imap_client_enable(struct mailproto_imap_client *client,
                                             struct mailproto_span capabilities,
                                             uint32_t *tag);

/**
 * LANGUAGE: in which language the server writes its texts (RFC 5255 §3.2).
 *
 * @param client  the object.
 * @param ranges  language ranges in the order of preference, with spaces between them; none to ask
 *                which there are.
 * @param tag     receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_TOO_LONG` for more than `MAILPROTO_IMAP_MAX_NAMES`.
 */
mailproto_error mailproto_imap_client_language(struct mailproto_imap_client *client,
                                               struct mailproto_span ranges,
                                               uint32_t *tag);

/**
 * COMPRESS DEFLATE (RFC 4978 §3). After its completion with status OK both sides compress: the octet
 * behind that line is the first compressed one, and `mailproto_imap_client_poll` takes no more than
 * the line. Then call `mailproto_imap_client_compression_established`.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without COMPRESS=DEFLATE.
 */
mailproto_error mailproto_imap_client_compress(struct mailproto_imap_client *client,
                                               uint32_t *tag);

/**
 * Tells that from now on `poll` is given what the program has decompressed, and that the program
 * compresses what `outgoing` gives (RFC 4978 §3).
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when COMPRESS was not accepted, or this was told before.
 */
mailproto_error mailproto_imap_client_compression_established(struct mailproto_imap_client *client);

/**
 * UNAUTHENTICATE: back to where one logs in, with nothing enabled (RFC 8437).
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without UNAUTHENTICATE.
 */
mailproto_error mailproto_imap_client_unauthenticate(struct mailproto_imap_client *client,
                                                     uint32_t *tag);

/**
 * GETJMAPACCESS: where the same mail can be had by JMAP (RFC 9698). An UNRECOGNIZED event answers.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without JMAPACCESS.
 */
mailproto_error mailproto_imap_client_get_jmap_access(struct mailproto_imap_client *client,
                                                      uint32_t *tag);

/**
 * IDLE: lets the server tell what happens, until `mailproto_imap_client_done` (RFC 9051 §6.3.13).
 * Nothing else can be sent meanwhile. IDLING says that it has begun, IDLE_DUE that it is time to
 * begin anew.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` when the capabilities are known and lack it.
 */
mailproto_error mailproto_imap_client_idle(struct mailproto_imap_client *client, uint32_t *tag);

/**
 * DONE: ends IDLE (RFC 9051 §6.3.13). Its completion follows.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` before IDLING, after DONE, and when the server has ended IDLE by
 * itself.
 */
mailproto_error mailproto_imap_client_done(struct mailproto_imap_client *client);

/**
 * SELECT: opens a mailbox (RFC 9051 §6.3.2). FLAGS, EXISTS and, as codes of untagged OKs,
 * UIDVALIDITY, UIDNEXT and PERMANENTFLAGS come before the outcome. A mailbox that is open is closed
 * first, even if this fails; nothing is expunged.
 *
 * @param client   the object.
 * @param mailbox  its name: `mailproto_imap_named`, `mailproto_imap_received`.
 * @param tag      receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_BAD_ARGUMENT`, `_FORBIDDEN_OCTET` or `_NOT_UTF8` for a name that cannot be sent.
 * So with every command that takes a mailbox.
 */
mailproto_error mailproto_imap_client_select(struct mailproto_imap_client *client,
                                             struct mailproto_imap_mailbox mailbox,
                                             uint32_t *tag);

/**
 * EXAMINE: opens a mailbox that is not to be changed (RFC 9051 §6.3.3); otherwise as
 * `mailproto_imap_client_select`.
 */
mailproto_error mailproto_imap_client_examine(struct mailproto_imap_client *client,
                                              struct mailproto_imap_mailbox mailbox,
                                              uint32_t *tag);

/**
 * SELECT with CONDSTORE or QRESYNC (RFC 7162 §3.1.8, §3.2.5): as `mailproto_imap_client_select`, and
 * with QRESYNC what changed meanwhile comes before the outcome: VANISHED of the listing
 * VANISHED_EARLIER, then FETCH with the flags.
 *
 * `MAILPROTO_ERROR_BAD_ARGUMENT` for a UIDVALIDITY or mod-sequence of 0, and for `*` or `$` in a set;
 * `MAILPROTO_ERROR_NOT_OFFERED` without the extension.
 */
mailproto_error mailproto_imap_client_select_with(struct mailproto_imap_client *client,
                                                  struct mailproto_imap_mailbox mailbox,
                                                  const struct mailproto_imap_select_options *options,
                                                  uint32_t *tag);

/**
 * EXAMINE with CONDSTORE or QRESYNC: as `mailproto_imap_client_select_with`, not to be changed.
 */
mailproto_error mailproto_imap_client_examine_with(struct mailproto_imap_client *client,
                                                   struct mailproto_imap_mailbox mailbox,
                                                   const struct mailproto_imap_select_options *options,
                                                   uint32_t *tag);

/**
 * CREATE: makes a mailbox, and those above it if they are missing (RFC 9051 §6.3.4). A name that ends
 * in the hierarchy separator says that others will be created below it.
 */
mailproto_error mailproto_imap_client_create(struct mailproto_imap_client *client,
                                             struct mailproto_imap_mailbox mailbox,
                                             uint32_t *tag);

/**
 * CREATE with USE: makes a mailbox for a special use (RFC 6154 §3).
 *
 * @param client       the object.
 * @param mailbox      its name.
 * @param special_use  attributes, with spaces between them, such as `\Sent`.
 * @param tag          receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_BAD_ARGUMENT` for an attribute that cannot be one; `MAILPROTO_ERROR_NOT_OFFERED`
 * without CREATE-SPECIAL-USE; `MAILPROTO_ERROR_TOO_LONG` for more than
 * `MAILPROTO_IMAP_MAX_SPECIAL_USES`.
 */
mailproto_error mailproto_imap_client_create_for(struct mailproto_imap_client *client,
                                                 struct mailproto_imap_mailbox mailbox,
                                                 struct mailproto_span special_use,
                                                 uint32_t *tag);

/**
 * DELETE: removes a mailbox and the messages in it, not those below it (RFC 9051 §6.3.5).
 */
mailproto_error mailproto_imap_client_delete(struct mailproto_imap_client *client,
                                             struct mailproto_imap_mailbox mailbox,
                                             uint32_t *tag);

/**
 * RENAME: gives a mailbox and those below it another name (RFC 9051 §6.3.6). Of INBOX it moves the
 * messages and leaves it empty.
 *
 * @param client  the object.
 * @param from    its name.
 * @param to      its name from now on.
 * @param tag     receives the command's tag; may be NULL.
 */
mailproto_error mailproto_imap_client_rename(struct mailproto_imap_client *client,
                                             struct mailproto_imap_mailbox from,
                                             struct mailproto_imap_mailbox to,
                                             uint32_t *tag);

/**
 * SUBSCRIBE (RFC 9051 §6.3.7).
 */
mailproto_error mailproto_imap_client_subscribe(struct mailproto_imap_client *client,
                                                struct mailproto_imap_mailbox mailbox,
                                                uint32_t *tag);

/**
 * UNSUBSCRIBE (RFC 9051 §6.3.8).
 */
mailproto_error mailproto_imap_client_unsubscribe(struct mailproto_imap_client *client,
                                                  struct mailproto_imap_mailbox mailbox,
                                                  uint32_t *tag);

/**
 * LIST: the mailboxes that match a pattern (RFC 9051 §6.3.9), each as a LIST event.
 *
 * @param client     the object.
 * @param reference  where the pattern begins; usually `mailproto_imap_named("")`.
 * @param pattern    `*` stands for anything, `%` for anything within one level. An empty one asks for
 *                   the hierarchy separator.
 * @param tag        receives the command's tag; may be NULL.
 */
mailproto_error mailproto_imap_client_list(struct mailproto_imap_client *client,
                                           struct mailproto_imap_mailbox reference,
                                           struct mailproto_imap_mailbox pattern,
                                           uint32_t *tag);

/**
 * LSUB: the names that are subscribed to (RFC 3501 §6.3.9), perhaps no mailboxes any more; otherwise
 * as `mailproto_imap_client_list`.
 */
mailproto_error mailproto_imap_client_lsub(struct mailproto_imap_client *client,
                                           struct mailproto_imap_mailbox reference,
                                           struct mailproto_imap_mailbox pattern,
                                           uint32_t *tag);

/**
 * XLIST: Google's LIST that tells special uses, from before RFC 6154; otherwise as
 * `mailproto_imap_client_list`.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without XLIST.
 */
mailproto_error mailproto_imap_client_xlist(struct mailproto_imap_client *client,
                                            struct mailproto_imap_mailbox reference,
                                            struct mailproto_imap_mailbox pattern,
                                            uint32_t *tag);

/**
 * LIST with options (RFC 9051 §6.3.9, RFC 5258): as `mailproto_imap_client_list`, with other events
 * between, if they were asked for.
 *
 * `MAILPROTO_ERROR_EMPTY` for no patterns; `MAILPROTO_ERROR_BAD_ARGUMENT` for RECURSIVE_MATCH with
 * nothing that it modifies; `MAILPROTO_ERROR_NOT_OFFERED` without LIST-EXTENDED, LIST-STATUS,
 * SPECIAL-USE and so on, as the options require; `MAILPROTO_ERROR_TOO_LONG` for more than
 * `MAILPROTO_IMAP_MAX_PATTERNS`.
 */
mailproto_error mailproto_imap_client_list_with(struct mailproto_imap_client *client,
                                                const struct mailproto_imap_list_options *options,
                                                uint32_t *tag);

/**
 * NAMESPACE: where the user's own, other users' and shared mailboxes are (RFC 9051 §6.3.10). A
 * NAMESPACE event answers.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without NAMESPACE.
 */
mailproto_error mailproto_imap_client_namespace(struct mailproto_imap_client *client,
                                                uint32_t *tag);

/**
 * STATUS: what a mailbox holds, without opening it (RFC 9051 §6.3.11). A MAILBOX_STATUS event
 * answers. Not meant for the mailbox that is selected.
 *
 * @param client   the object.
 * @param mailbox  its name.
 * @param items    what is asked for: bits `MAILPROTO_IMAP_STATUS_…`.
 * @param tag      receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_EMPTY` for no items; `MAILPROTO_ERROR_BAD_VALUE` for a bit that is none.
 */
mailproto_error mailproto_imap_client_status(struct mailproto_imap_client *client,
                                             struct mailproto_imap_mailbox mailbox,
                                             uint32_t items,
                                             uint32_t *tag);

/**
 * STATUS with items by their names (RFC 9051 §6.3.11), those too that this library does not know:
 * otherwise as `mailproto_imap_client_status`.
 *
 * @param client   the object.
 * @param mailbox  its name.
 * @param items    the names, with spaces between them.
 * @param tag      receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_TOO_LONG` for more than `MAILPROTO_IMAP_MAX_NAMES`.
 */
mailproto_error mailproto_imap_client_status_named(struct mailproto_imap_client *client,
                                                   struct mailproto_imap_mailbox mailbox,
                                                   struct mailproto_span items,
                                                   uint32_t *tag);

/**
 * CHECK: a checkpoint, whatever the server takes it for (RFC 3501 §6.4.1). IMAP4rev2 has dropped it:
 * use `mailproto_imap_client_noop`.
 */
mailproto_error mailproto_imap_client_check(struct mailproto_imap_client *client,
                                            uint32_t *tag);

/**
 * CLOSE: removes the messages with `\Deleted`, without telling which, and closes the mailbox (RFC
 * 9051 §6.4.1).
 */
mailproto_error mailproto_imap_client_close(struct mailproto_imap_client *client, uint32_t *tag);

/**
 * UNSELECT: closes the mailbox and removes nothing (RFC 9051 §6.4.2).
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without UNSELECT.
 */
mailproto_error mailproto_imap_client_unselect(struct mailproto_imap_client *client, uint32_t *tag);

/**
 * EXPUNGE: removes the messages with `\Deleted` (RFC 9051 §6.4.3). Each is told by an EXPUNGE event
 * or, once QRESYNC is enabled, by VANISHED.
 */
mailproto_error mailproto_imap_client_expunge(struct mailproto_imap_client *client,
                                              uint32_t *tag);

/**
 * UID EXPUNGE: as `mailproto_imap_client_expunge`, but only among these UIDs (RFC 9051 §6.4.9, RFC
 * 4315 §2.1).
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without UIDPLUS or IMAP4rev2; `_EMPTY`, `_MESSAGE_NUMBER_ZERO` or
 * `_BAD_ARGUMENT` for a set that cannot be, as with every command that takes one.
 */
mailproto_error mailproto_imap_client_uid_expunge(struct mailproto_imap_client *client,
                                                  struct mailproto_imap_sequence uids,
                                                  uint32_t *tag);

/**
 * FETCH: tells of these messages, by number, what the items ask for (RFC 9051 §6.4.5). For each
 * message: FETCH_START, then ITEM, or BODY_START, BODY_DATA and BODY_END, then FETCH_END.
 *
 * @param client    the object.
 * @param messages  their numbers: `mailproto_imap_one`, `mailproto_imap_range_of` and so on.
 * @param items     what is asked for: `MAILPROTO_IMAP_FETCH`, `mailproto_imap_fetch_part`.
 * @param count     how many items there are.
 * @param options   NULL for none: of the messages those that changed since (RFC 7162 §3.1.4).
 * @param tag       receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_EMPTY` for no items; `MAILPROTO_ERROR_BAD_ARGUMENT` for ALL, FAST or FULL beside
 * another (`detail` is its place), for a section that cannot be, and for options that only UID FETCH
 * has; `MAILPROTO_ERROR_NOT_OFFERED` without CONDSTORE, where the options require it; those of the
 * set, as of `mailproto_imap_client_uid_expunge`.
 */
mailproto_error mailproto_imap_client_fetch(struct mailproto_imap_client *client,
                                            struct mailproto_imap_sequence messages,
                                            const struct mailproto_imap_fetch_item *items,
                                            size_t count,
                                            const struct mailproto_imap_fetch_options *options,
                                            uint32_t *tag);

/**
 * UID FETCH: as `mailproto_imap_client_fetch`, by UID (RFC 9051 §6.4.9). UIDs that are no more are no
 * error. With the option `vanished` they come as VANISHED of the listing VANISHED_EARLIER.
 */
mailproto_error mailproto_imap_client_uid_fetch(struct mailproto_imap_client *client,
                                                struct mailproto_imap_sequence uids,
                                                const struct mailproto_imap_fetch_item *items,
                                                size_t count,
                                                const struct mailproto_imap_fetch_options *options,
                                                uint32_t *tag);

/**
 * STORE: changes flags of these messages, by number (RFC 9051 §6.4.6). Unless it is silent the new
 * flags come as of `mailproto_imap_client_fetch`.
 *
 * @param client    the object.
 * @param messages  their numbers.
 * @param what      what is changed.
 * @param tag       receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_EMPTY`, `_BAD_ARGUMENT` or `_FORBIDDEN_OCTET` for a flag that cannot be set;
 * `MAILPROTO_ERROR_NOT_OFFERED` for UNCHANGEDSINCE without CONDSTORE and for labels without
 * X-GM-EXT-1; `MAILPROTO_ERROR_TOO_LONG` for more than `MAILPROTO_IMAP_MAX_FLAGS`; those of the set,
 * as of `mailproto_imap_client_uid_expunge`.
 */
mailproto_error mailproto_imap_client_store(struct mailproto_imap_client *client,
                                            struct mailproto_imap_sequence messages,
                                            const struct mailproto_imap_store *what,
                                            uint32_t *tag);

/**
 * UID STORE: as `mailproto_imap_client_store`, by UID (RFC 9051 §6.4.9).
 */
mailproto_error mailproto_imap_client_uid_store(struct mailproto_imap_client *client,
                                                struct mailproto_imap_sequence uids,
                                                const struct mailproto_imap_store *what,
                                                uint32_t *tag);

/**
 * COPY: puts these messages, by number, into another mailbox too (RFC 9051 §6.4.7). The outcome's
 * code COPYUID tells their UIDs there; with TRYCREATE the mailbox can be created.
 *
 * @param client    the object.
 * @param messages  their numbers.
 * @param to        the other mailbox.
 * @param tag       receives the command's tag; may be NULL.
 */
mailproto_error mailproto_imap_client_copy(struct mailproto_imap_client *client,
                                           struct mailproto_imap_sequence messages,
                                           struct mailproto_imap_mailbox to,
                                           uint32_t *tag);

/**
 * UID COPY: as `mailproto_imap_client_copy`, by UID (RFC 9051 §6.4.9).
 */
mailproto_error mailproto_imap_client_uid_copy(struct mailproto_imap_client *client,
                                               struct mailproto_imap_sequence uids,
                                               struct mailproto_imap_mailbox to,
                                               uint32_t *tag);

/**
 * MOVE: puts these messages, by number, into another mailbox (RFC 9051 §6.4.8). An untagged OK with
 * COPYUID comes first, then what `mailproto_imap_client_expunge` tells.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without MOVE or IMAP4rev2; else as `mailproto_imap_client_copy`.
 */
mailproto_error mailproto_imap_client_move(struct mailproto_imap_client *client,
                                           struct mailproto_imap_sequence messages,
                                           struct mailproto_imap_mailbox to,
                                           uint32_t *tag);

/**
 * UID MOVE: as `mailproto_imap_client_move`, by UID (RFC 9051 §6.4.9).
 */
mailproto_error mailproto_imap_client_uid_move(struct mailproto_imap_client *client,
                                               struct mailproto_imap_sequence uids,
                                               struct mailproto_imap_mailbox to,
                                               uint32_t *tag);

/**
 * A command that has no function here, by its name, with arguments that are checked: whatever they
 * hold, they stay arguments of this command. Responses that are not known come as UNRECOGNIZED.
 * Literals wait for the server, even with LITERAL+: one that does not know the command could take
 * them for the next (RFC 7888 §4).
 *
 * @param client     the object.
 * @param name       its name; for a UID command `UID`, and the first argument is its name.
 * @param arguments  its arguments.
 * @param count      how many there are.
 * @param tag        receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_BAD_ARGUMENT` for a name that is no atom, or has a function of its own because it
 * changes the state (as SELECT or STARTTLS), for lists in lists beyond 16 levels, and for an argument
 * that does not follow its grammar; `_FORBIDDEN_OCTET` and `_EMPTY` where the argument cannot be;
 * `_BAD_VALUE` for a kind that is none, or a list of more arguments than there are.
 */
mailproto_error mailproto_imap_client_raw(struct mailproto_imap_client *client,
                                          struct mailproto_span name,
                                          const struct mailproto_imap_argument *arguments,
                                          size_t count,
                                          uint32_t *tag);

/**
 * SEARCH: which messages match all of these keys, by number (RFC 9051 §6.4.4). FOUND or ESEARCH
 * events tell.
 *
 * Strings that are not ASCII need a charset, unless UTF8=ACCEPT or IMAP4rev2 is enabled.
 *
 * @param client   the object.
 * @param keys     what they must match.
 * @param count    how many keys there are.
 * @param options  how it is answered; NULL for as the server likes.
 * @param tag      receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_EMPTY` for no keys, here or in parentheses; `MAILPROTO_ERROR_BAD_ARGUMENT` for an
 * operator without its keys, for parentheses that do not match or lie in each other beyond 32 levels,
 * and for values that cannot be sent; `MAILPROTO_ERROR_FORBIDDEN_OCTET` for NUL;
 * `MAILPROTO_ERROR_WRONG_STATE` for a charset once it may not be named;
 * `MAILPROTO_ERROR_NOT_OFFERED` without ESEARCH, SEARCHRES, PARTIAL or SEARCH=FUZZY, as the options
 * require.
 */
mailproto_error mailproto_imap_client_search(struct mailproto_imap_client *client,
                                             const struct mailproto_imap_search_key *keys,
                                             size_t count,
                                             const struct mailproto_imap_search_options *options,
                                             uint32_t *tag);

/**
 * UID SEARCH: as `mailproto_imap_client_search`, by UID (RFC 9051 §6.4.9).
 */
mailproto_error mailproto_imap_client_uid_search(struct mailproto_imap_client *client,
                                                 const struct mailproto_imap_search_key *keys,
                                                 size_t count,
                                                 const struct mailproto_imap_search_options *options,
                                                 uint32_t *tag);

/**
 * SORT: the messages that match all of these keys, by number, in this order (RFC 5256 §3). They come
 * as of `mailproto_imap_client_search`.
 *
 * @param client       the object.
 * @param order        by what they are ordered, the most important first.
 * @param order_count  how many of these there are, at most `MAILPROTO_IMAP_MAX_SORT_KEYS`.
 * @param keys         what they must match.
 * @param count        how many keys there are.
 * @param options      how it is answered; NULL for as the server likes.
 * @param tag          receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_EMPTY` for no order or no keys; `MAILPROTO_ERROR_NOT_OFFERED` without SORT, or
 * without ESORT for `returns`; else as `mailproto_imap_client_search`.
 */
mailproto_error mailproto_imap_client_sort(struct mailproto_imap_client *client,
                                           const struct mailproto_imap_sort_by *order,
                                           size_t order_count,
                                           const struct mailproto_imap_search_key *keys,
                                           size_t count,
                                           const struct mailproto_imap_search_options *options,
                                           uint32_t *tag);

/**
 * UID SORT: as `mailproto_imap_client_sort`, by UID (RFC 5256 §3).
 */
mailproto_error mailproto_imap_client_uid_sort(struct mailproto_imap_client *client,
                                               const struct mailproto_imap_sort_by *order,
                                               size_t order_count,
                                               const struct mailproto_imap_search_key *keys,
                                               size_t count,
                                               const struct mailproto_imap_search_options *options,
                                               uint32_t *tag);

/**
 * THREAD: the messages that match all of these keys, by number, as trees (RFC 5256 §3), in THREAD
 * events.
 *
 * @param client     the object.
 * @param algorithm  how it finds what belongs together: `REFERENCES`, `ORDEREDSUBJECT`, `REFS` or
 *                   another one that the server has.
 * @param keys       what they must match.
 * @param count      how many keys there are.
 * @param charset    the charset of the strings; empty for UTF-8.
 * @param tag        receives the command's tag; may be NULL.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` without the algorithm; else as `mailproto_imap_client_search`.
 */
mailproto_error mailproto_imap_client_thread(struct mailproto_imap_client *client,
                                             struct mailproto_span algorithm,
                                             const struct mailproto_imap_search_key *keys,
                                             size_t count,
                                             struct mailproto_span charset,
                                             uint32_t *tag);

/**
 * UID THREAD: as `mailproto_imap_client_thread`, by UID (RFC 5256 §3).
 */
mailproto_error mailproto_imap_client_uid_thread(struct mailproto_imap_client *client,
                                                 struct mailproto_span algorithm,
                                                 const struct mailproto_imap_search_key *keys,
                                                 size_t count,
                                                 struct mailproto_span charset,
                                                 uint32_t *tag);

/**
 * How many octets a string has, without backslashes. 0 for NIL.
 */
size_t mailproto_imap_string_len(struct mailproto_imap_string string);

/**
 * 1 if the string has these octets, in any case (ASCII), else 0. NIL is no string, not even an
 * empty one.
 */
int32_t mailproto_imap_string_is(struct mailproto_imap_string string, struct mailproto_span octets);

/**
 * Copies a string, without backslashes and without a NUL behind it.
 *
 * @param string   what to copy; of NIL nothing is copied.
 * @param out      receives the octets.
 * @param out_len  how many octets `out` holds.
 * @param len      receives how many octets the string has; may be NULL.
 *
 * Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_BUFFER_TOO_SMALL`, with nothing of use in `out`, when
 * it holds less than `*len`; `MAILPROTO_ERROR_OVERLAP` when the string lies in `out`;
 * `_NULL_POINTER` or `_BAD_VALUE`.
 */
mailproto_error mailproto_imap_string_copy(struct mailproto_imap_string string,
                                           uint8_t *out,
                                           size_t out_len,
                                           size_t *len);

/**
 * 1 if a mailbox name is INBOX, in any case (RFC 9051 §5.1), else 0.
 */
int32_t mailproto_imap_mailbox_is_inbox(struct mailproto_imap_string name);

/**
 * Decodes a mailbox name to UTF-8, to be shown (RFC 9051 §5.1, RFC 3501 §5.1.3). To use the mailbox
 * give the name back as it came: `mailproto_imap_received`.
 *
 * @param name     the name as the server sent it.
 * @param utf8     1 once UTF8=ACCEPT or IMAP4rev2 is enabled: names are UTF-8 then; else 0, and
 *                 they are modified UTF-7. `mailproto_imap_client_is_utf8` tells.
 * @param out      receives the name, without a NUL behind it.
 * @param out_len  how many octets `out` holds.
 * @param len      receives how many octets the decoded name has; may be NULL.
 *
 * Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_BUFFER_TOO_SMALL`, with nothing of use in `out`, when it
 * holds less than `*len`; `MAILPROTO_ERROR_BAD_ARGUMENT` when the name cannot be decoded: show its
 * octets, or none; `_OVERLAP`, `_NULL_POINTER` or `_BAD_VALUE`.
 */
mailproto_error mailproto_imap_mailbox_decode(struct mailproto_imap_string name,
                                              int32_t utf8,
                                              uint8_t *out,
                                              size_t out_len,
                                              size_t *len);

/**
 * Turns a string of an envelope or a body structure, such as a subject or a name, into UTF-8: encoded
 * words are decoded, as of `mailproto_words_decode`.
 *
 * @param string   the string; NIL is an empty text.
 * @param out      receives the text, without a NUL behind it.
 * @param out_len  how many octets `out` holds.
 * @param len      receives how many octets of it were filled; may be NULL.
 *
 * Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when `out` holds only the beginning, cut
 * between two characters; `_OVERLAP`, `_NULL_POINTER` or `_BAD_VALUE`.
 */
mailproto_error mailproto_imap_string_decode(struct mailproto_imap_string string,
                                             uint8_t *out,
                                             size_t out_len,
                                             size_t *len);

/**
 * Stands before the first part.
 *
 * @param structure  the object. It borrows the octets.
 * @param size       `sizeof *structure`.
 * @param octets     `data` of an event whose `item` is BODYSTRUCTURE or BODY; or a copy of it. Of
 *                   other octets the walk ends early.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER`, `MAILPROTO_ERROR_BAD_VALUE` or
 * `MAILPROTO_ERROR_ABI_MISMATCH`.
 */
mailproto_error mailproto_imap_body_structure_init(struct mailproto_imap_body_structure *structure,
                                                   size_t size,
                                                   struct mailproto_span octets);

/**
 * The next part, or the beginning or end of several.
 *
 * @param structure  what is left; advanced.
 * @param node       receives it.
 *
 * Returns 1, 0 at the end, or a negative `mailproto_error`.
 */
int32_t mailproto_imap_body_structure_next(struct mailproto_imap_body_structure *structure,
                                           struct mailproto_imap_node *node);

/**
 * The next parameter.
 */
int32_t mailproto_imap_parameters_next(struct mailproto_imap_parameters *parameters,
                                       struct mailproto_imap_parameter *parameter);

/**
 * Finds a parameter and decodes it to UTF-8: sections are put together, charsets and encoded words
 * are read (RFC 2231, RFC 2047), as far as this library knows them.
 *
 * @param parameters  where it is looked for.
 * @param name        such as `charset`, in any case.
 * @param out         receives the value, without a NUL behind it.
 * @param out_len     how many octets `out` holds.
 * @param len         receives how many octets were written; may be NULL.
 *
 * Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_EMPTY` when there is no such parameter;
 * `MAILPROTO_ERROR_BUFFER_TOO_SMALL`, with the beginning in `out`, when it does not hold the value;
 * `_NOT_UTF8` for a `name` that is none; `_OVERLAP`, `_NULL_POINTER` or `_BAD_VALUE`.
 */
mailproto_error mailproto_imap_parameter_decode(struct mailproto_imap_parameters parameters,
                                                struct mailproto_span name,
                                                uint8_t *out,
                                                size_t out_len,
                                                size_t *len);

/**
 * The file name of a part, decoded to UTF-8: `filename` of its disposition (RFC 2183 §2.3), or
 * else `name` of its type. It is the sender's word: take no path from it.
 *
 * @param disposition  the parameters of the part's disposition.
 * @param parameters   those of its type.
 * @param out          receives the name, without a NUL behind it.
 * @param out_len      how many octets `out` holds.
 * @param len          receives how many octets were written; may be NULL.
 *
 * Returns what `mailproto_imap_parameter_decode` does: `MAILPROTO_ERROR_EMPTY` for a part that has
 * no name.
 */
mailproto_error mailproto_imap_file_name(struct mailproto_imap_parameters disposition,
                                         struct mailproto_imap_parameters parameters,
                                         uint8_t *out,
                                         size_t out_len,
                                         size_t *len);

/**
 * The next language tag.
 */
int32_t mailproto_imap_languages_next(struct mailproto_imap_languages *languages,
                                      struct mailproto_imap_string *language);

/**
 * Reads an envelope.
 *
 * @param octets    `data` of an event whose `item` is ENVELOPE, or `envelope` of a
 *                  `mailproto_imap_node`; or a copy of these.
 * @param envelope  receives it.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER`, or `MAILPROTO_ERROR_BAD_VALUE` for octets
 * that are no envelope.
 */
mailproto_error mailproto_imap_envelope_read(struct mailproto_span octets,
                                             struct mailproto_imap_envelope *envelope);

/**
 * The next address.
 *
 * @param addresses  what is left; advanced.
 * @param address    receives it.
 *
 * Returns 1 for an address, 0 at the end, or a negative `mailproto_error`. So with every function
 * whose name ends in `_next`.
 */
int32_t mailproto_imap_addresses_next(struct mailproto_imap_addresses *addresses,
                                      struct mailproto_imap_address *address);

/**
 * The next flag, as it came: `\Seen`, `$Forwarded`. Flags are compared in any case (RFC 9051 §9).
 */
int32_t mailproto_imap_flags_next(struct mailproto_imap_flags *flags, struct mailproto_span *flag);

/**
 * The next attribute.
 */
int32_t mailproto_imap_attributes_next(struct mailproto_imap_attributes *attributes,
                                       struct mailproto_imap_attribute *attribute);

/**
 * What a mailbox is for: the first of its attributes that tells (RFC 6154 §2, RFC 8457 §3), by the
 * RFCs' words where XLIST has others; OTHER where none tells.
 *
 * @param attributes  `data` of LIST.
 */
mailproto_imap_attribute_kind mailproto_imap_special_use(struct mailproto_span attributes);

/**
 * The next range. A server may name four thousand million messages in ten octets: look before you
 * walk through them.
 */
int32_t mailproto_imap_ranges_next(struct mailproto_imap_ranges *ranges,
                                   struct mailproto_imap_range *range);

/**
 * The next string.
 */
int32_t mailproto_imap_strings_next(struct mailproto_imap_strings *strings,
                                    struct mailproto_imap_string *string);

/**
 * The next capability: see `mailproto_imap_capability`.
 */
int32_t mailproto_imap_capabilities_next(struct mailproto_imap_capabilities *capabilities,
                                         struct mailproto_span *capability);

/**
 * The next label.
 */
int32_t mailproto_imap_labels_next(struct mailproto_imap_labels *labels,
                                   struct mailproto_imap_string *label);

/**
 * The next field: `name`, `version`, `vendor`, `os`, `support-url` and others. A value may be NIL.
 */
int32_t mailproto_imap_id_fields_next(struct mailproto_imap_id_fields *id_fields,
                                      struct mailproto_imap_pair *field);

/**
 * The next entry and its value, which is NIL where there is none.
 */
int32_t mailproto_imap_metadata_values_next(struct mailproto_imap_metadata_values *metadata_values,
                                            struct mailproto_imap_pair *entry);

/**
 * The next identifier, `name`, with its rights, `value`: a letter or digit each. An identifier that
 * begins with `-` takes rights away (RFC 4314 §2).
 */
int32_t mailproto_imap_acl_entries_next(struct mailproto_imap_acl_entries *acl_entries,
                                        struct mailproto_imap_pair *entry);

/**
 * The next resource.
 */
int32_t mailproto_imap_quota_resources_next(struct mailproto_imap_quota_resources *quota_resources,
                                            struct mailproto_imap_quota_resource *resource);

/**
 * The next item.
 */
int32_t mailproto_imap_status_items_next(struct mailproto_imap_status_items *status_items,
                                         struct mailproto_imap_status_item *item);

/**
 * The next item.
 */
int32_t mailproto_imap_extended_items_next(struct mailproto_imap_extended_items *extended_items,
                                           struct mailproto_imap_extended_item *item);

/**
 * The next namespace. New mailboxes are made below the first of the user's own.
 */
int32_t mailproto_imap_namespaces_next(struct mailproto_imap_namespaces *namespaces,
                                       struct mailproto_imap_namespace *namespace_);

/**
 * The next extension.
 */
int32_t mailproto_imap_namespace_extensions_next(struct mailproto_imap_namespace_extensions *namespace_extensions,
                                                 struct mailproto_imap_namespace_extension *extension);

/**
 * What of a part a section is (RFC 9051 §6.4.5).
 *
 * @param section  what stands between the brackets: `data` of BODY_START, or of BINARY_SIZE.
 */
mailproto_imap_section_part mailproto_imap_section_part_of(struct mailproto_span section);

/**
 * The next part number.
 */
int32_t mailproto_imap_part_numbers_next(struct mailproto_imap_part_numbers *numbers,
                                         uint32_t *number);

/**
 * The names of the header fields of HEADER.FIELDS and HEADER.FIELDS.NOT. Servers may write them in
 * another case and order than asked.
 *
 * @param section  what stands between the brackets.
 */
struct mailproto_imap_field_names mailproto_imap_section_fields(struct mailproto_span section);

/**
 * The next name of a header field.
 */
int32_t mailproto_imap_field_names_next(struct mailproto_imap_field_names *names,
                                        struct mailproto_imap_string *name);

/**
 * Begins, before the first element of a response.
 *
 * @param depth  the object.
 * @param size   `sizeof *depth`.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_ABI_MISMATCH`.
 */
mailproto_error mailproto_imap_thread_depth_init(struct mailproto_imap_thread_depth *depth,
                                                 size_t size);

/**
 * Takes an element.
 *
 * @param depth    the object.
 * @param thread   `thread` of a THREAD event.
 * @param number   `number` of the event.
 * @param message  receives how deep the message is that the event brings.
 *
 * Returns 1 for a message, 0 for another element, or a negative `mailproto_error`:
 * `MAILPROTO_ERROR_BAD_VALUE` for what is no element.
 */
int32_t mailproto_imap_thread_depth_next(struct mailproto_imap_thread_depth *depth,
                                         int32_t thread,
                                         uint32_t number,
                                         uint32_t *message);

/**
 * Which encoding a name stands for, in any case: the body of Content-Transfer-Encoding, or
 * `encoding.octets` of a `mailproto_imap_node`. Comments and what follows the name are passed over.
 * No octets are SEVEN_BIT.
 */
mailproto_transfer_encoding mailproto_transfer_encoding_of(struct mailproto_span name);

/**
 * Stands at the beginning of a body.
 *
 * @param decoder   the object.
 * @param size      `sizeof *decoder`.
 * @param encoding  a `mailproto_transfer_encoding`. All but BASE64 and QUOTED_PRINTABLE are handed on
 *                  as they are.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER`, `MAILPROTO_ERROR_ABI_MISMATCH`, or
 * `MAILPROTO_ERROR_BAD_VALUE` for what is no encoding.
 */
mailproto_error mailproto_decoder_init(struct mailproto_decoder *decoder,
                                       size_t size,
                                       int32_t encoding);

/**
 * Takes octets of the body and gives what they stand for.
 *
 * @param decoder    the object.
 * @param input      where the octets lie; advanced past those that were taken.
 * @param input_len  how many there are; reduced by as many.
 * @param out        receives what they stand for; apart from the input.
 * @param out_len    how many octets `out` holds, at least one.
 * @param written    receives how many octets of `out` were filled.
 *
 * Returns 1 when `out` is full: take what was written, and call again; 0 when all of the input was
 * taken; or a negative `mailproto_error`: `_NULL_POINTER`, `_NOT_INITIALIZED`, `_BAD_VALUE` or
 * `_OVERLAP`.
 */
int32_t mailproto_decoder_decode(struct mailproto_decoder *decoder,
                                 const uint8_t **input,
                                 size_t *input_len,
                                 uint8_t *out,
                                 size_t out_len,
                                 size_t *written);

/**
 * Ends the body, which may bring some octets more.
 *
 * @param decoder  the object. Set it up anew for another body.
 * @param out      receives the octets.
 * @param out_len  how many octets `out` holds, at least `MAILPROTO_DECODER_END_OCTETS`.
 * @param written  receives how many octets of `out` were filled.
 * @param faults   receives how many octets or sequences of the whole body do not belong to the
 *                 encoding; they were passed over (base64) or left as they stand (quoted-printable),
 *                 as RFC 2045 §6.7 and §6.8 advise. May be NULL.
 *
 * Returns `MAILPROTO_OK`, `_NULL_POINTER`, `_NOT_INITIALIZED`, or `MAILPROTO_ERROR_BUFFER_TOO_SMALL`.
 */
mailproto_error mailproto_decoder_finish(struct mailproto_decoder *decoder,
                                         uint8_t *out,
                                         size_t out_len,
                                         size_t *written,
                                         uint64_t *faults);

/**
 * Turns the body of a header field, such as a subject, into UTF-8: encoded words are decoded (RFC
 * 2047). Of charsets UTF-8, US-ASCII and ISO-8859-1 are known; words in others are left as they are
 * encoded, and what is no UTF-8 becomes U+FFFD. The result may hold any character, control characters
 * too.
 *
 * @param text     the field's body, folded or not.
 * @param out      receives the text, without a NUL behind it.
 * @param out_len  how many octets `out` holds.
 * @param len      receives how many octets of it were filled; may be NULL.
 *
 * Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when `out` holds only the beginning, cut
 * between two characters; `_OVERLAP`, `_NULL_POINTER` or `_BAD_VALUE`.
 */
mailproto_error mailproto_words_decode(struct mailproto_span text,
                                       uint8_t *out,
                                       size_t out_len,
                                       size_t *len);

/**
 * Sets a client up for one connection.
 *
 * `scratch` and `tx` are borrowed until `mailproto_pop3_client_wipe` or until the object is set up
 * anew; neither may be touched by the program meanwhile.
 *
 * @param client       the object.
 * @param size         `sizeof *client`.
 * @param scratch      holds a line that a read cut, and bounds how long a line may be: 512 octets
 *                     hold every line that RFC 1939 allows, 256 work with all known servers.
 * @param scratch_len  its size in octets.
 * @param tx           holds commands until they are sent: 255 octets hold any command; SASL
 *                     responses with large tokens need more.
 * @param tx_len       its size in octets.
 * @param config       how to behave; NULL for the default: lenient, STLS required, pipelining.
 *
 * Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`; `MAILPROTO_ERROR_ABI_MISMATCH` when
 * `size` or `config->size` is not the library's; `MAILPROTO_ERROR_BAD_VALUE` for what `config` may
 * not hold; `MAILPROTO_ERROR_OVERLAP` when the buffers overlap. Then the object is as it was.
 */
mailproto_error mailproto_pop3_client_init(struct mailproto_pop3_client *client,
                                           size_t size,
                                           uint8_t *scratch,
                                           size_t scratch_len,
                                           uint8_t *tx,
                                           size_t tx_len,
                                           const struct mailproto_pop3_config *config);

/**
 * Ends the use of a client: wipes the scratch buffer, the outgoing buffer and the object, and
 * gives the buffers back.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
 */
mailproto_error mailproto_pop3_client_wipe(struct mailproto_pop3_client *client);

/**
 * Takes octets that were received, and tells what happened, one event a call. Call it until it
 * returns 0: then all octets were taken and nothing more is to be told.
 *
 * @param client     the object.
 * @param input      where the received octets lie; advanced past those that were taken. Any memory
 *                   but the scratch buffer and the outgoing buffer.
 * @param input_len  how many there are; reduced by as many.
 * @param event      is filled in when 1 is returned. Its spans lie in the input or in the scratch
 *                   buffer.
 *
 * Returns 1 for an event, 0 for none, or a `mailproto_error`, which is negative. A code of -200
 * and below ends the session; every further call returns the same.
 */
int32_t mailproto_pop3_client_poll(struct mailproto_pop3_client *client,
                                   const uint8_t **input,
                                   size_t *input_len,
                                   struct mailproto_pop3_event *event);

/**
 * What is to be sent now. Commands that must wait for a reply are not in it yet.
 *
 * @param client  the object.
 * @param octets  receives where it lies, until the next call on the object.
 * @param len     receives how many octets there are; 0 for nothing, and in every case of error.
 *
 * Returns `MAILPROTO_OK`, or why not.
 */
mailproto_error mailproto_pop3_client_outgoing(const struct mailproto_pop3_client *client,
                                               const uint8_t **octets,
                                               size_t *len);

/**
 * Tells that the first `n` octets of `mailproto_pop3_client_outgoing` have been sent. They are
 * wiped. A number larger than there are octets counts as all of them.
 */
mailproto_error mailproto_pop3_client_sent(struct mailproto_pop3_client *client, size_t n);

/**
 * Tells that the connection has ended.
 *
 * Returns `MAILPROTO_OK` only after QUIT was answered or the greeting was a refusal;
 * `MAILPROTO_ERROR_UNEXPECTED_EOF` while a reply was due: what was delivered of a message is not a
 * message; `MAILPROTO_ERROR_CLOSED_BY_PEER` otherwise.
 */
mailproto_error mailproto_pop3_client_eof(struct mailproto_pop3_client *client);

/**
 * Tells the time, in milliseconds of any clock that does not jump; it may wrap.
 *
 * Returns `MAILPROTO_OK`, or `MAILPROTO_ERROR_TIMEOUT` when a reply was due and nothing came for
 * `reply_timeout_ms`.
 */
mailproto_error mailproto_pop3_client_tick(struct mailproto_pop3_client *client, uint32_t now_ms);

/**
 * When `mailproto_pop3_client_tick` should be called at the latest, on its clock.
 *
 * Returns 1 and fills in `deadline_ms`, or 0 while nothing is awaited, or a negative
 * `mailproto_error`.
 */
int32_t mailproto_pop3_client_deadline(const struct mailproto_pop3_client *client,
                                       uint32_t *deadline_ms);

/**
 * Where the session stands.
 */
mailproto_pop3_state mailproto_pop3_client_state(const struct mailproto_pop3_client *client);

/**
 * What the server announced in its last reply to CAPA: the bit `1u << capability` for each
 * `mailproto_pop3_capability`, and the bit 0 once the reply is complete, so that what is not in
 * the set is not offered. 0 before, for NULL, and for an object that was not set up.
 */
uint32_t mailproto_pop3_client_capabilities(const struct mailproto_pop3_client *client);

/**
 * The SASL mechanisms that the server announced, of those that are known here: the bit `1u <<
 * mechanism` for each `mailproto_sasl_mechanism`. See `mailproto_sasl_choose`.
 */
uint32_t mailproto_pop3_client_mechanisms(const struct mailproto_pop3_client *client);

/**
 * 1 if credentials may be sent: the channel is private, or was declared good enough. Else 0.
 */
int32_t mailproto_pop3_client_may_send_credentials(const struct mailproto_pop3_client *client);

/**
 * 1 if no command is in flight, else 0.
 */
int32_t mailproto_pop3_client_is_idle(const struct mailproto_pop3_client *client);

/**
 * How many octets have been received.
 */
uint64_t mailproto_pop3_client_received(const struct mailproto_pop3_client *client);

/**
 * The number that goes with the error that was returned last: an index, a limit, a size; see
 * `mailproto_error`.
 */
size_t mailproto_pop3_client_detail(const struct mailproto_pop3_client *client);

/**
 * What ended the session: `MAILPROTO_OK` if it was not ended by an error.
 *
 * @param client  the object.
 * @param offset  receives how many octets of this connection had been received before the
 *                offending item; may be NULL.
 */
mailproto_error mailproto_pop3_client_failure(const struct mailproto_pop3_client *client,
                                              uint64_t *offset);

/**
 * CAPA: asks what the server offers (RFC 2449 §5). CAPABILITY events follow.
 *
 * @param client   the object.
 * @param command  receives the number that the command's events carry; may be NULL. So with every
 *                 command.
 *
 * This and every command returns `MAILPROTO_OK`, or an error code, and then nothing was queued:
 * `MAILPROTO_ERROR_WRONG_STATE`, `_BUSY`, `_CLOSED`, `_FULL`, `_BUFFER_TOO_SMALL`, or what is said
 * with the command; -200 and below when the session was ended by an error before.
 */
mailproto_error mailproto_pop3_client_capa(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * STLS: asks to begin TLS (RFC 2595 §4). After its completion make the handshake and call
 * `mailproto_pop3_client_tls_established`.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it; `MAILPROTO_ERROR_WRONG_STATE`
 * when the channel is private already.
 */
mailproto_error mailproto_pop3_client_stls(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * Tells that the TLS handshake after STLS is done and the server's certificate verified. All that
 * was learnt before is forgotten; ask CAPA again.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when STLS was not the last thing that happened.
 */
mailproto_error mailproto_pop3_client_tls_established(struct mailproto_pop3_client *client);

/**
 * USER: names the mailbox (RFC 1939 §7). `mailproto_pop3_client_login` does both steps.
 *
 * `MAILPROTO_ERROR_INSECURE` when the channel is not private; `_EMPTY`, `_FORBIDDEN_OCTET`,
 * `_TOO_LONG`.
 */
mailproto_error mailproto_pop3_client_user(struct mailproto_pop3_client *client,
                                           struct mailproto_span name,
                                           uint32_t *command);

/**
 * PASS: gives the password, spaces included (RFC 1939 §7), after USER was accepted.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when USER was not the last command and accepted; else as
 * `mailproto_pop3_client_user`.
 */
mailproto_error mailproto_pop3_client_pass(struct mailproto_pop3_client *client,
                                           struct mailproto_span password,
                                           uint32_t *command);

/**
 * USER and, once it is accepted, PASS: the number is that of PASS. If USER is refused the password
 * is not sent, and PASS completes with status NOT_SENT.
 *
 * As `mailproto_pop3_client_user`; neither command is queued then.
 */
mailproto_error mailproto_pop3_client_login(struct mailproto_pop3_client *client,
                                            struct mailproto_span name,
                                            struct mailproto_span password,
                                            uint32_t *command);

/**
 * APOP: logs in with a digest of the greeting's timestamp and the shared secret (RFC 1939 §7).
 * Only where the configuration's `apop` asked for it, since MD5 protects little.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` when it was not asked for, or the greeting had no well-formed
 * timestamp, or one that the scratch buffer cannot hold beside the greeting; else as
 * `mailproto_pop3_client_user`.
 */
mailproto_error mailproto_pop3_client_apop(struct mailproto_pop3_client *client,
                                           struct mailproto_span name,
                                           struct mailproto_span secret,
                                           uint32_t *command);

/**
 * AUTH: logs in by a SASL mechanism (RFC 5034), with its initial response where that fits into the
 * command line. Answer each CHALLENGE with `mailproto_pop3_client_respond`.
 *
 * `MAILPROTO_ERROR_INSECURE` when the mechanism would show a secret, or a proof of one, to
 * listeners; `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it; a code of -100 to
 * -199 when the mechanism refuses.
 */
mailproto_error mailproto_pop3_client_auth(struct mailproto_pop3_client *client,
                                           struct mailproto_sasl *sasl,
                                           uint32_t *command);

/**
 * Answers the challenge that the last event brought.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when there is none; `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when the
 * outgoing buffer cannot hold the response; a code of -100 to -199 when the mechanism does not
 * accept the challenge: then `mailproto_pop3_client_cancel`.
 */
mailproto_error mailproto_pop3_client_respond(struct mailproto_pop3_client *client,
                                              struct mailproto_sasl *sasl);

/**
 * Gives up the SASL exchange (RFC 5034 §4); the server completes AUTH with an error.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when no challenge awaits an answer.
 */
mailproto_error mailproto_pop3_client_cancel(struct mailproto_pop3_client *client);

/**
 * STAT: how many messages, how many octets (RFC 1939 §5): `messages` and `octets` of its
 * COMPLETED.
 */
mailproto_error mailproto_pop3_client_stat(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * LIST: the lengths of all messages (RFC 1939 §5), as SCAN_LISTING events.
 */
mailproto_error mailproto_pop3_client_list(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * LIST for one message (RFC 1939 §5): `octets` of its COMPLETED.
 *
 * `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
 */
mailproto_error mailproto_pop3_client_list_one(struct mailproto_pop3_client *client,
                                               uint32_t message,
                                               uint32_t *command);

/**
 * UIDL: the unique-ids of all messages (RFC 1939 §7), as UNIQUE_ID events.
 */
mailproto_error mailproto_pop3_client_uidl(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * UIDL for one message (RFC 1939 §7): `uid` of its COMPLETED.
 *
 * `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
 */
mailproto_error mailproto_pop3_client_uidl_one(struct mailproto_pop3_client *client,
                                               uint32_t message,
                                               uint32_t *command);

/**
 * RETR: a whole message (RFC 1939 §5), as DATA events.
 *
 * `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
 */
mailproto_error mailproto_pop3_client_retr(struct mailproto_pop3_client *client,
                                           uint32_t message,
                                           uint32_t *command);

/**
 * TOP: a message's header and the first `lines` of its body (RFC 1939 §7), as DATA events.
 *
 * `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
 */
mailproto_error mailproto_pop3_client_top(struct mailproto_pop3_client *client,
                                          uint32_t message,
                                          uint32_t lines,
                                          uint32_t *command);

/**
 * DELE: marks a message as deleted (RFC 1939 §5). It is removed at QUIT.
 *
 * `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
 */
mailproto_error mailproto_pop3_client_dele(struct mailproto_pop3_client *client,
                                           uint32_t message,
                                           uint32_t *command);

/**
 * RSET: takes all marks of deletion back (RFC 1939 §5).
 */
mailproto_error mailproto_pop3_client_rset(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * NOOP: nothing, but it resets the server's timer for idle sessions (RFC 1939 §5).
 */
mailproto_error mailproto_pop3_client_noop(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * QUIT: ends the session; after login the marked messages are removed (RFC 1939 §6). A negative
 * reply then means that some were not.
 */
mailproto_error mailproto_pop3_client_quit(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * UTF8: switches to UTF-8 (RFC 6856 §2), before login.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it.
 */
mailproto_error mailproto_pop3_client_utf8(struct mailproto_pop3_client *client, uint32_t *command);

/**
 * LANG: which languages there are for the server's words (RFC 6856 §3.2), as LANGUAGE events.
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it.
 */
mailproto_error mailproto_pop3_client_lang_list(struct mailproto_pop3_client *client,
                                                uint32_t *command);

/**
 * LANG with a language tag, or `*` for the server's choice (RFC 6856 §3.2).
 *
 * `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it; `_EMPTY`, `_FORBIDDEN_OCTET`,
 * `_TOO_LONG`.
 */
mailproto_error mailproto_pop3_client_lang(struct mailproto_pop3_client *client,
                                           struct mailproto_span tag,
                                           uint32_t *command);

/**
 * Sends a command that this library does not know, as given, without CRLF. It is not checked
 * whether the command is legal, and it must not be one that changes the state.
 *
 * @param client     the object.
 * @param line       the command.
 * @param multiline  1 if a positive reply to it has several lines, which come as DATA; else 0.
 * @param command    receives the command's number; may be NULL.
 *
 * `MAILPROTO_ERROR_FORBIDDEN_OCTET` for CR, LF or NUL; `_EMPTY`, `_TOO_LONG`; `_BAD_VALUE` for a
 * `multiline` that is neither 0 nor 1.
 */
mailproto_error mailproto_pop3_client_raw(struct mailproto_pop3_client *client,
                                          struct mailproto_span line,
                                          int32_t multiline,
                                          uint32_t *command);

/**
 * Sets a server up for one connection. Then call `mailproto_pop3_server_greet`.
 *
 * The buffers, and the spans of the configuration, are borrowed until `mailproto_pop3_server_wipe`
 * or until the object is set up anew; the program may not touch them meanwhile.
 *
 * @param server       the object.
 * @param size         `sizeof *server`.
 * @param scratch      bounds how long a line may be: 512 octets for any command; SASL with large
 *                     tokens needs more.
 * @param scratch_len  its size in octets.
 * @param tx           holds answers until they are sent; 512 octets at least.
 * @param tx_len       its size in octets.
 * @param marks        holds a bit for each message of a mailbox; a larger mailbox than it has bits
 *                     cannot be accepted.
 * @param marks_len    its size in octets.
 * @param config       how to behave; NULL for the default.
 *
 * Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`; `MAILPROTO_ERROR_ABI_MISMATCH` when
 * `size` or `config->size` is not the library's; `MAILPROTO_ERROR_BAD_VALUE` for what `config` may
 * not hold; `MAILPROTO_ERROR_OVERLAP` when the buffers overlap. Then the object is as it was.
 */
mailproto_error mailproto_pop3_server_init(struct mailproto_pop3_server *server,
                                           size_t size,
                                           uint8_t *scratch,
                                           size_t scratch_len,
                                           uint8_t *tx,
                                           size_t tx_len,
                                           uint8_t *marks,
                                           size_t marks_len,
                                           const struct mailproto_pop3_server_config *config);

/**
 * Ends the use of a server: wipes its buffers and the object, and gives the buffers back.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
 */
mailproto_error mailproto_pop3_server_wipe(struct mailproto_pop3_server *server);

/**
 * Sends the greeting (RFC 1939 §4), with the timestamp where one is configured.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when the session has begun; `MAILPROTO_ERROR_BUFFER_TOO_SMALL`
 * when the outgoing buffer cannot hold the greeting, or later the answer to CAPA; `_EMPTY`,
 * `_FORBIDDEN_OCTET` for the text or the timestamp.
 */
mailproto_error mailproto_pop3_server_greet(struct mailproto_pop3_server *server,
                                            struct mailproto_span text);

/**
 * Refuses the connection instead of greeting, or answers any request with an error.
 *
 * @param server     the object.
 * @param code       a `mailproto_pop3_response_code`, or 0 for none.
 * @param code_text  for the code OTHER what stands between the brackets, else not looked at.
 * @param text       words for people.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when no answer is owed, or one has begun (then
 * `mailproto_pop3_server_abort`); `MAILPROTO_ERROR_BAD_VALUE` for a number that is no code;
 * `_EMPTY`, `_FORBIDDEN_OCTET`, `_FULL`.
 */
mailproto_error mailproto_pop3_server_reject(struct mailproto_pop3_server *server,
                                             int32_t code,
                                             struct mailproto_span code_text,
                                             struct mailproto_span text);

/**
 * Takes octets that were received, and tells what the client wants, one request a call. Call it
 * until it returns 0. If octets are left in the input then, something else comes first: a request
 * awaits its answer, or what is outgoing must be sent to make room. Keep the rest, and call again
 * then.
 *
 * @param server     the object.
 * @param input      where the received octets lie; advanced past those that were taken. Any memory
 *                   but the server's buffers.
 * @param input_len  how many there are; reduced by as many.
 * @param request    is filled in when 1 is returned. Its spans lie in the scratch buffer.
 *
 * Returns 1 for a request, 0 for none, or a `mailproto_error`, which is negative. A code of -200
 * and below ends the session; every further call returns the same.
 */
int32_t mailproto_pop3_server_poll(struct mailproto_pop3_server *server,
                                   const uint8_t **input,
                                   size_t *input_len,
                                   struct mailproto_pop3_request *request);

/**
 * What is to be sent now.
 *
 * @param server  the object.
 * @param octets  receives where it lies, until the next call on the object.
 * @param len     receives how many octets there are; 0 for nothing, and in every case of error.
 *
 * Returns `MAILPROTO_OK`, or why not.
 */
mailproto_error mailproto_pop3_server_outgoing(const struct mailproto_pop3_server *server,
                                               const uint8_t **octets,
                                               size_t *len);

/**
 * Tells that the first `n` octets of `mailproto_pop3_server_outgoing` have been sent. They are
 * wiped. A number larger than there are octets counts as all of them.
 */
mailproto_error mailproto_pop3_server_sent(struct mailproto_pop3_server *server, size_t n);

/**
 * Tells that the connection has ended. Without QUIT nothing is removed (RFC 1939 §6).
 *
 * Returns `MAILPROTO_OK` after QUIT, or `MAILPROTO_ERROR_CLOSED_BY_PEER`.
 */
mailproto_error mailproto_pop3_server_eof(struct mailproto_pop3_server *server);

/**
 * Tells the time, in milliseconds of any clock that does not jump; it may wrap.
 *
 * Returns `MAILPROTO_OK`, or `MAILPROTO_ERROR_TIMEOUT` when the client was silent for
 * `autologout_ms`: hang up, remove nothing (RFC 1939 §3).
 */
mailproto_error mailproto_pop3_server_tick(struct mailproto_pop3_server *server, uint32_t now_ms);

/**
 * When `mailproto_pop3_server_tick` should be called at the latest, on its clock.
 *
 * Returns 1 and fills in `deadline_ms`, or 0 if the session may last for ever, or a negative
 * `mailproto_error`.
 */
int32_t mailproto_pop3_server_deadline(const struct mailproto_pop3_server *server,
                                       uint32_t *deadline_ms);

/**
 * Where the session stands. Once it is CLOSED, send what is outgoing and hang up.
 */
mailproto_pop3_state mailproto_pop3_server_state(const struct mailproto_pop3_server *server);

/**
 * 1 if a request awaits its answer, else 0.
 */
int32_t mailproto_pop3_server_owes_answer(const struct mailproto_pop3_server *server);

/**
 * 1 if the message is marked as deleted, else 0.
 */
int32_t mailproto_pop3_server_is_deleted(const struct mailproto_pop3_server *server,
                                         uint32_t message);

/**
 * The first message behind `after` that is marked as deleted, or 0 if there is none. Begin with 0.
 */
uint32_t mailproto_pop3_server_next_deleted(const struct mailproto_pop3_server *server,
                                            uint32_t after);

/**
 * The number that goes with the error that was returned last: an index, a limit, a size; see
 * `mailproto_error`.
 */
size_t mailproto_pop3_server_detail(const struct mailproto_pop3_server *server);

/**
 * What ended the session: `MAILPROTO_OK` if it was not ended by an error.
 *
 * @param server  the object.
 * @param offset  receives how many octets of this connection had been received before the
 *                offending item; may be NULL.
 */
mailproto_error mailproto_pop3_server_failure(const struct mailproto_pop3_server *server,
                                              uint64_t *offset);

/**
 * Tells that the TLS handshake after STLS is done.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when STLS was not the last thing that happened.
 */
mailproto_error mailproto_pop3_server_tls_established(struct mailproto_pop3_server *server);

/**
 * Answers LOGIN, APOP, or an AUTH whose mechanism reported success: the client is logged in to a
 * mailbox of that many messages, which must not change until the session ends.
 *
 * `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when the marks have not a bit for each message; `detail` is
 * how many octets there must be. `MAILPROTO_ERROR_WRONG_STATE` when no login was asked for, or the
 * mechanism has not reported success.
 */
mailproto_error mailproto_pop3_server_accept(struct mailproto_pop3_server *server,
                                             uint32_t messages);

/**
 * Answers AUTH and RESPONSE: lets the mechanism take its step and sends what it says. After the
 * step CLAIM answer the mechanism and call this again; after SUCCESS call
 * `mailproto_pop3_server_accept`, after FAILURE `mailproto_pop3_server_reject`.
 *
 * Returns a `mailproto_sasl_step`, which is positive, or a `mailproto_error`, which is negative: a
 * code of -100 to -199 when the mechanism does not accept the response: then
 * `mailproto_pop3_server_reject`; `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when the outgoing buffer
 * cannot hold the challenge.
 */
int32_t mailproto_pop3_server_authenticate(struct mailproto_pop3_server *server,
                                           struct mailproto_sasl_server *sasl);

/**
 * Answers STAT: how many messages there are, and their octets, deleted ones not counted.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` when that was not asked; `MAILPROTO_ERROR_FULL` until what is
 * outgoing is sent. The same holds for the other answers.
 */
mailproto_error mailproto_pop3_server_drop_listing(struct mailproto_pop3_server *server,
                                                   uint32_t messages,
                                                   uint64_t octets);

/**
 * Answers LIST: the length of a message, in octets with every line end counted as two. Deleted
 * messages are left out.
 */
mailproto_error mailproto_pop3_server_scan_listing(struct mailproto_pop3_server *server,
                                                   uint32_t message,
                                                   uint64_t octets);

/**
 * Answers UIDL: the unique-id of a message. Deleted messages are left out.
 *
 * `MAILPROTO_ERROR_EMPTY`, `_FORBIDDEN_OCTET` and `_TOO_LONG` for a unique-id that RFC 1939 §7
 * does not allow.
 */
mailproto_error mailproto_pop3_server_unique_id(struct mailproto_pop3_server *server,
                                                uint32_t message,
                                                struct mailproto_span uid);

/**
 * Answers LANG without a tag: a language and its name in that language.
 */
mailproto_error mailproto_pop3_server_language(struct mailproto_pop3_server *server,
                                               struct mailproto_span tag,
                                               struct mailproto_span description);

/**
 * Answers LANG with a tag: the server's words are in that language from now on.
 */
mailproto_error mailproto_pop3_server_accept_language(struct mailproto_pop3_server *server,
                                                      struct mailproto_span tag,
                                                      struct mailproto_span text);

/**
 * Ends the listing of all messages, or of the languages.
 */
mailproto_error mailproto_pop3_server_end_listing(struct mailproto_pop3_server *server);

/**
 * Answers MESSAGE: it will follow.
 *
 * @param server  the object.
 * @param octets  how long it is, or NULL if that is not known.
 */
mailproto_error mailproto_pop3_server_message(struct mailproto_pop3_server *server,
                                              const uint64_t *octets);

/**
 * Takes as much of the next octets of the message as there is room for; dots are stuffed on the
 * way. With text left over, send what is outgoing and call again.
 *
 * @param server    the object.
 * @param text      where the octets lie; advanced past those that were taken.
 * @param text_len  how many there are; reduced by as many.
 *
 * `MAILPROTO_ERROR_WRONG_STATE` before `mailproto_pop3_server_message`.
 */
mailproto_error mailproto_pop3_server_message_data(struct mailproto_pop3_server *server,
                                                   const uint8_t **text,
                                                   size_t *text_len);

/**
 * 1 if more of the message is needed: always for RETR, and for TOP until the lines that it asked
 * for are complete. Else 0.
 */
int32_t mailproto_pop3_server_wants_more(const struct mailproto_pop3_server *server);

/**
 * Ends the message. A last line without an end is given one.
 */
mailproto_error mailproto_pop3_server_end_message(struct mailproto_pop3_server *server);

/**
 * Answers UPDATE. The session is over.
 *
 * @param server       the object.
 * @param all_removed  1 if all messages that were marked have been removed (RFC 1939 §6), else 0.
 */
mailproto_error mailproto_pop3_server_updated(struct mailproto_pop3_server *server,
                                              int32_t all_removed);

/**
 * Ends the session at once, because the program's mailbox failed in the middle of an answer: the
 * client must not take what it has for the whole. Nothing is removed.
 */
mailproto_error mailproto_pop3_server_abort(struct mailproto_pop3_server *server);

/**
 * The strongest of the mechanisms that are in both sets, or `MAILPROTO_SASL_MECHANISM_NONE`.
 *
 * A set has the bit `1u << mechanism` for each of its mechanisms. For passwords the order is
 * SCRAM-SHA-256, SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN; for tokens OAUTHBEARER, XOAUTH2.
 *
 * @param offered    what the server offers: `mailproto_pop3_client_mechanisms`.
 * @param available  what the program can do, such as `MAILPROTO_SASL_PASSWORD_MECHANISMS`.
 */
mailproto_sasl_mechanism mailproto_sasl_choose(uint32_t offered, uint32_t available);

/**
 * Writes the digest that APOP sends (RFC 1939 §7): MD5 of the greeting's timestamp, angle brackets
 * included, and the shared secret, as 32 hexadecimal digits. For a server, which compares it with
 * `mailproto_same_octets`.
 *
 * @param timestamp  the greeting's timestamp.
 * @param secret     the shared secret.
 * @param digest     receives the digits; 32 octets, no NUL.
 *
 * Returns `MAILPROTO_OK` or `MAILPROTO_ERROR_NULL_POINTER`.
 */
mailproto_error mailproto_apop_digest(struct mailproto_span timestamp,
                                      struct mailproto_span secret,
                                      uint8_t (*digest)[32]);

/**
 * PLAIN (RFC 4616): sends the password, so over a private channel only.
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param authzid   whom to act as, when not as `user`; mostly empty.
 * @param user      whose password it is.
 * @param password  the password.
 */
mailproto_error mailproto_sasl_plain_init(struct mailproto_sasl *sasl,
                                          size_t size,
                                          struct mailproto_span authzid,
                                          struct mailproto_span user,
                                          struct mailproto_span password);

/**
 * LOGIN (draft-murchison-sasl-login): sends the password, so over a private channel only.
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param user      the user's name.
 * @param password  the password.
 */
mailproto_error mailproto_sasl_login_init(struct mailproto_sasl *sasl,
                                          size_t size,
                                          struct mailproto_span user,
                                          struct mailproto_span password);

/**
 * CRAM-MD5 (RFC 2195): sends a proof of the password, on which a listener can try guesses.
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param user      the user's name.
 * @param password  the password.
 */
mailproto_error mailproto_sasl_cram_md5_init(struct mailproto_sasl *sasl,
                                             size_t size,
                                             struct mailproto_span user,
                                             struct mailproto_span password);

/**
 * SCRAM-SHA-1 (RFC 5802): the server proves itself too.
 *
 * @param sasl            the object.
 * @param size            `sizeof *sasl`.
 * @param authzid         whom to act as, when not as `user`; mostly empty.
 * @param user            whose password it is.
 * @param password        the password.
 * @param nonce           18 octets of a good random source, never used before.
 * @param max_iterations  the most iterations that this machine will compute for a server, lest a
 *                        false one keep it busy; 0 for 600,000.
 */
mailproto_error mailproto_sasl_scram_sha_1_init(struct mailproto_sasl *sasl,
                                                size_t size,
                                                struct mailproto_span authzid,
                                                struct mailproto_span user,
                                                struct mailproto_span password,
                                                struct mailproto_span nonce,
                                                uint32_t max_iterations);

/**
 * SCRAM-SHA-256 (RFC 7677): the server proves itself too. The strongest that there is here.
 *
 * @param sasl            the object.
 * @param size            `sizeof *sasl`.
 * @param authzid         whom to act as, when not as `user`; mostly empty.
 * @param user            whose password it is.
 * @param password        the password.
 * @param nonce           18 octets of a good random source, never used before.
 * @param max_iterations  the most iterations that this machine will compute for a server, lest a
 *                        false one keep it busy; 0 for 600,000.
 */
mailproto_error mailproto_sasl_scram_sha_256_init(struct mailproto_sasl *sasl,
                                                  size_t size,
                                                  struct mailproto_span authzid,
                                                  struct mailproto_span user,
                                                  struct mailproto_span password,
                                                  struct mailproto_span nonce,
                                                  uint32_t max_iterations);

/**
 * XOAUTH2: sends an OAuth 2.0 access token, so over a private channel only.
 *
 * @param sasl   the object.
 * @param size   `sizeof *sasl`.
 * @param user   the mailbox's user.
 * @param token  the access token, without `Bearer`.
 */
mailproto_error mailproto_sasl_xoauth2_init(struct mailproto_sasl *sasl,
                                            size_t size,
                                            struct mailproto_span user,
                                            struct mailproto_span token);

/**
 * OAUTHBEARER (RFC 7628): sends an OAuth 2.0 access token, so over a private channel only.
 *
 * @param sasl   the object.
 * @param size   `sizeof *sasl`.
 * @param user   the mailbox's user; may be empty.
 * @param token  the access token, without `Bearer`.
 * @param host   the server's host name; may be empty.
 * @param port   the server's port, or 0.
 */
mailproto_error mailproto_sasl_oauthbearer_init(struct mailproto_sasl *sasl,
                                                size_t size,
                                                struct mailproto_span user,
                                                struct mailproto_span token,
                                                struct mailproto_span host,
                                                uint16_t port);

/**
 * EXTERNAL (RFC 4422 appendix A): the channel itself, by a TLS client certificate, tells who this
 * is.
 *
 * @param sasl     the object.
 * @param size     `sizeof *sasl`.
 * @param authzid  whom to act as; empty for whom the channel names.
 */
mailproto_error mailproto_sasl_external_init(struct mailproto_sasl *sasl,
                                             size_t size,
                                             struct mailproto_span authzid);

/**
 * ANONYMOUS (RFC 4505).
 *
 * @param sasl   the object.
 * @param size   `sizeof *sasl`.
 * @param trace  a hint for the server's log, such as a mail address; may be empty. At most 255
 *               characters.
 */
mailproto_error mailproto_sasl_anonymous_init(struct mailproto_sasl *sasl,
                                              size_t size,
                                              struct mailproto_span trace);

/**
 * Any mechanism for a user name and a password, chosen at run time: for hosts, since a program
 * that calls this contains them all.
 *
 * @param sasl       the object.
 * @param size       `sizeof *sasl`.
 * @param mechanism  a `mailproto_sasl_mechanism`, as `mailproto_sasl_choose` returns it.
 * @param authzid    whom to act as, when not as `user`; mostly empty.
 * @param user       whose password it is.
 * @param password   the password.
 * @param nonce      18 octets of a good random source, never used before; SCRAM uses it.
 *
 * Returns besides `MAILPROTO_ERROR_BAD_VALUE` for a number that is no mechanism, and
 * `MAILPROTO_ERROR_SASL_UNSUPPORTED` for one that takes no password or cannot act as another user.
 */
mailproto_error mailproto_sasl_password_init(struct mailproto_sasl *sasl,
                                             size_t size,
                                             int32_t mechanism,
                                             struct mailproto_span authzid,
                                             struct mailproto_span user,
                                             struct mailproto_span password,
                                             struct mailproto_span nonce);

/**
 * The mechanism that the object was set up for; `MAILPROTO_SASL_MECHANISM_NONE` for NULL and for
 * an object that was not set up.
 */
mailproto_sasl_mechanism mailproto_sasl_name(const struct mailproto_sasl *sasl);

/**
 * Ends the borrowing of the credentials and wipes what the object knows of them. The credentials
 * themselves are the program's to wipe.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
 */
mailproto_error mailproto_sasl_wipe(struct mailproto_sasl *sasl);

/**
 * PLAIN (RFC 4616).
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param work      the work buffer.
 * @param work_len  its size in octets.
 */
mailproto_error mailproto_sasl_server_plain_init(struct mailproto_sasl_server *sasl,
                                                 size_t size,
                                                 uint8_t *work,
                                                 size_t work_len);

/**
 * LOGIN (draft-murchison-sasl-login).
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param work      the work buffer.
 * @param work_len  its size in octets.
 */
mailproto_error mailproto_sasl_server_login_init(struct mailproto_sasl_server *sasl,
                                                 size_t size,
                                                 uint8_t *work,
                                                 size_t work_len);

/**
 * CRAM-MD5 (RFC 2195).
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param work      the work buffer.
 * @param work_len  its size in octets.
 * @param nonce     18 octets of a good random source, never used before.
 * @param host      the server's host name.
 */
mailproto_error mailproto_sasl_server_cram_md5_init(struct mailproto_sasl_server *sasl,
                                                    size_t size,
                                                    uint8_t *work,
                                                    size_t work_len,
                                                    struct mailproto_span nonce,
                                                    struct mailproto_span host);

/**
 * SCRAM-SHA-1 (RFC 5802).
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param work      the work buffer.
 * @param work_len  its size in octets.
 * @param nonce     18 octets of a good random source, never used before.
 * @param decoy     how to answer for users who do not exist.
 */
mailproto_error mailproto_sasl_server_scram_sha_1_init(struct mailproto_sasl_server *sasl,
                                                       size_t size,
                                                       uint8_t *work,
                                                       size_t work_len,
                                                       struct mailproto_span nonce,
                                                       const struct mailproto_sasl_decoy *decoy);

/**
 * SCRAM-SHA-256 (RFC 7677).
 *
 * @param sasl      the object.
 * @param size      `sizeof *sasl`.
 * @param work      the work buffer.
 * @param work_len  its size in octets.
 * @param nonce     18 octets of a good random source, never used before.
 * @param decoy     how to answer for users who do not exist.
 */
mailproto_error mailproto_sasl_server_scram_sha_256_init(struct mailproto_sasl_server *sasl,
                                                         size_t size,
                                                         uint8_t *work,
                                                         size_t work_len,
                                                         struct mailproto_span nonce,
                                                         const struct mailproto_sasl_decoy *decoy);

/**
 * Any mechanism, chosen at run time, such as by a request of kind AUTH: for hosts, since a program
 * that calls this contains them all.
 *
 * @param sasl       the object.
 * @param size       `sizeof *sasl`.
 * @param mechanism  a `mailproto_sasl_mechanism`.
 * @param work       the work buffer.
 * @param work_len   its size in octets.
 * @param nonce      18 octets of a good random source, never used before (CRAM-MD5, SCRAM).
 * @param host       the server's host name (CRAM-MD5).
 * @param decoy      for users who do not exist (SCRAM).
 *
 * Returns besides `MAILPROTO_ERROR_BAD_VALUE` for a number that is no mechanism, and
 * `MAILPROTO_ERROR_SASL_UNSUPPORTED` for one that is not in this library.
 */
mailproto_error mailproto_sasl_server_init(struct mailproto_sasl_server *sasl,
                                           size_t size,
                                           int32_t mechanism,
                                           uint8_t *work,
                                           size_t work_len,
                                           struct mailproto_span nonce,
                                           struct mailproto_span host,
                                           const struct mailproto_sasl_decoy *decoy);

/**
 * What the client claims, after a step that is CLAIM; kind NONE before, and once it is answered.
 *
 * @param sasl   the object.
 * @param claim  is filled in.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
 */
mailproto_error mailproto_sasl_server_claim(const struct mailproto_sasl_server *sasl,
                                            struct mailproto_sasl_claim *claim);

/**
 * Answers any claim but one of kind USER.
 *
 * @param sasl      the object.
 * @param accepted  1 if it is true, else 0.
 *
 * `MAILPROTO_ERROR_SASL_OUT_OF_TURN` when no such claim stands; `MAILPROTO_ERROR_BAD_VALUE` when
 * `accepted` is neither 0 nor 1.
 */
mailproto_error mailproto_sasl_server_verdict(struct mailproto_sasl_server *sasl, int32_t accepted);

/**
 * Answers a claim of kind USER with the user's password. It is not kept.
 *
 * `MAILPROTO_ERROR_SASL_OUT_OF_TURN` when no such claim stands;
 * `MAILPROTO_ERROR_SASL_UNUSABLE_SECRET`; `MAILPROTO_ERROR_SASL_WORK_TOO_SMALL`. So with the other
 * answers.
 */
mailproto_error mailproto_sasl_server_secret_password(struct mailproto_sasl_server *sasl,
                                                      struct mailproto_span password);

/**
 * Answers a claim of kind USER with what a SCRAM server stores in place of a password (RFC 5802
 * §3).
 *
 * @param sasl        the object.
 * @param salt        the salt, raw.
 * @param iterations  the iteration count.
 * @param stored_key  StoredKey: 20 octets for SCRAM-SHA-1, 32 for SCRAM-SHA-256.
 * @param server_key  ServerKey, as long.
 */
mailproto_error mailproto_sasl_server_secret_scram(struct mailproto_sasl_server *sasl,
                                                   struct mailproto_span salt,
                                                   uint32_t iterations,
                                                   struct mailproto_span stored_key,
                                                   struct mailproto_span server_key);

/**
 * Answers a claim of kind USER: there is no such user, or none who may log in. The exchange goes
 * on in the shape and at the cost of one with a user of this store, and fails at its end.
 *
 * @param sasl        the object.
 * @param scram_keys  1 if the user database holds SCRAM keys, 0 if it holds passwords.
 */
mailproto_error mailproto_sasl_server_secret_unknown(struct mailproto_sasl_server *sasl,
                                                     int32_t scram_keys);

/**
 * Who was authenticated, after a step that is SUCCESS; empty before. That is `authzid` when the
 * client asked to act as another, `user` when not. EXTERNAL without `authzid` leaves it empty: the
 * channel names the user.
 *
 * @param sasl      the object.
 * @param identity  receives the name, valid until the next call on the object.
 */
mailproto_error mailproto_sasl_server_identity(const struct mailproto_sasl_server *sasl,
                                               struct mailproto_span *identity);

/**
 * The mechanism that the object was set up for; `MAILPROTO_SASL_MECHANISM_NONE` for NULL and for
 * an object that was not set up.
 */
mailproto_sasl_mechanism mailproto_sasl_server_name(const struct mailproto_sasl_server *sasl);

/**
 * Ends the exchange, wipes the work buffer and the object, and gives the buffer back.
 *
 * Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
 */
mailproto_error mailproto_sasl_server_wipe(struct mailproto_sasl_server *sasl);

/**
 * Compares two secrets in a time that does not depend on where they differ (it does on their
 * lengths). Returns 1 if they are the same, else 0, also when one is NULL with a length.
 */
int32_t mailproto_same_octets(struct mailproto_span one, struct mailproto_span other);

/**
 * Computes what a SCRAM-SHA-256 server stores in place of a password, once, when a user sets it.
 * Guesses can be tried on the keys: keep them as secret as password hashes.
 *
 * @param password    the password.
 * @param salt        16 random octets.
 * @param iterations  4,096 or more.
 * @param stored_key  receives StoredKey, 32 octets.
 * @param server_key  receives ServerKey, 32 octets.
 *
 * `MAILPROTO_ERROR_SASL_EMPTY_CREDENTIAL` for an empty password or salt;
 * `MAILPROTO_ERROR_SASL_TOO_FEW_ITERATIONS` below 4,096.
 */
mailproto_error mailproto_scram_sha_256_keys(struct mailproto_span password,
                                             struct mailproto_span salt,
                                             uint32_t iterations,
                                             uint8_t (*stored_key)[32],
                                             uint8_t (*server_key)[32]);

/**
 * The `MAILPROTO_ABI_VERSION` that the library was built with. Where it differs from the header's,
 * the program was linked with another version than it was compiled for.
 */
uint32_t mailproto_abi_version(void);

/**
 * The version of the library, as `major << 16 | minor << 8 | patch`.
 */
uint32_t mailproto_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/** The configuration that NULL stands for: lenient, STLS required, pipelining, a minute a reply. */
#define MAILPROTO_POP3_CONFIG_INIT                                                                 \
  {                                                                                                \
    sizeof(mailproto_pop3_config), MAILPROTO_POP3_SECURITY_STLS_REQUIRED,                          \
        MAILPROTO_POP3_TOLERATE_ALL, 60000, 1, 0, 0                                                \
  }

/** The configuration that NULL stands for: STLS and USER offered, credentials only after STLS. */
#define MAILPROTO_POP3_SERVER_CONFIG_INIT                                                          \
  {                                                                                                \
    sizeof(mailproto_pop3_server_config), MAILPROTO_POP3_SECURITY_STLS_REQUIRED, 0,                \
        MAILPROTO_POP3_UTF8_NOT_OFFERED, 600000, 0, 0, 0, 0, 1, 1, 0, 0, 10, 0, {NULL, 0}, {       \
      NULL, 0                                                                                      \
    }                                                                                              \
  }

/** The configuration that NULL stands for: lenient, STARTTLS required, pipelining. */
#define MAILPROTO_IMAP_CONFIG_INIT                                                                 \
  {                                                                                                \
    sizeof(mailproto_imap_config), MAILPROTO_IMAP_TOLERATE_ALL, 0xffffffffu,                       \
        MAILPROTO_IMAP_SECURITY_STARTTLS_REQUIRED, 0, 0, 60000, 1740000, 32, 1, 0                  \
  }

/** A data item that FETCH asks for, by its kind alone. */
#define MAILPROTO_IMAP_FETCH(kind)                                                                 \
  { (kind), 0, NULL, 0, {NULL, 0}, 0, 0, 0, 0, 0, {0, 0, 0, 0, 0} }

/** A search key, by its kind alone. */
#define MAILPROTO_IMAP_KEY(kind)                                                                   \
  { (kind), 0, 0, {NULL, 0}, {NULL, 0}, {0, 0, 0}, {0, 0, 0, 0, NULL, NULL, {NULL, 0}} }

/** All messages that the set names. */
#define MAILPROTO_IMAP_FETCH_OPTIONS_INIT                                                          \
  { sizeof(mailproto_imap_fetch_options), 0, {0, 0, 0, {0, 0, 0}}, 0, 0, {0, 0} }

/** Neither CONDSTORE nor QRESYNC. */
#define MAILPROTO_IMAP_SELECT_OPTIONS_INIT                                                         \
  {                                                                                                \
    sizeof(mailproto_imap_select_options), 0, 0, 0, 0, {0, 0}, {0, 0, 0, 0, NULL, NULL, {NULL, 0}},  \
        {0, 0, 0, 0, NULL, NULL, {NULL, 0}}, {                                                     \
      0, 0, 0, 0, NULL, NULL, { NULL, 0 }                                                          \
    }                                                                                              \
  }

/** The mailboxes that exist, what the server thinks fit, no patterns yet. */
#define MAILPROTO_IMAP_LIST_OPTIONS_INIT                                                           \
  { sizeof(mailproto_imap_list_options), 0, 0, 0, 0, {NULL, 0}, {{NULL, 0}, 0}, NULL, 0 }

/** No flags in place of those there are. */
#define MAILPROTO_IMAP_STORE_INIT                                                                  \
  { sizeof(mailproto_imap_store), 0, 0, 0, {0, 0}, 0, {NULL, 0}, NULL, 0 }

/** No flags, and the date that the server's clock says. */
#define MAILPROTO_IMAP_APPEND_OPTIONS_INIT                                                         \
  {                                                                                                \
    sizeof(mailproto_imap_append_options), {NULL, 0}, {{0, 0, 0}, 0, 0, 0, 0, 0}, 0, 0, 0, {       \
      0, 0, 0                                                                                      \
    }                                                                                              \
  }

/** All that is found, as the server likes. */
#define MAILPROTO_IMAP_SEARCH_OPTIONS_INIT                                                         \
  { sizeof(mailproto_imap_search_options), 0, 0, {0, 0, 0, {0, 0, 0}}, {NULL, 0} }

/** A span of `len` octets from `octets` on. */
static inline mailproto_span mailproto_octets(const void *octets, size_t len) {
  mailproto_span span;
  span.ptr = (const uint8_t *)octets;
  span.len = len;
  return span;
}

/** A NUL-terminated string as a span, without its NUL; an empty one for NULL. */
static inline mailproto_span mailproto_string(const char *string) {
  size_t len = 0;
  while (string != NULL && string[len] != '\0') {
    len++;
  }
  return mailproto_octets(string, len);
}

/** The name of a mailbox, as people read it: a NUL-terminated string in UTF-8. */
static inline mailproto_imap_mailbox mailproto_imap_named(const char *name) {
  mailproto_imap_mailbox mailbox;
  mailbox.octets = mailproto_string(name);
  mailbox.form = MAILPROTO_IMAP_MAILBOX_FORM_NAME;
  return mailbox;
}

/** The name of a mailbox, as the server sent it. */
static inline mailproto_imap_mailbox mailproto_imap_received(mailproto_imap_string name) {
  mailproto_imap_mailbox mailbox;
  mailbox.octets = name.octets;
  mailbox.form = name.form == MAILPROTO_IMAP_STRING_FORM_ESCAPED
                     ? MAILPROTO_IMAP_MAILBOX_FORM_ESCAPED
                     : MAILPROTO_IMAP_MAILBOX_FORM_RAW;
  return mailbox;
}

/** All messages from `first` to `last`, included. */
static inline mailproto_imap_sequence mailproto_imap_between(uint32_t first, uint32_t last) {
  mailproto_imap_sequence sequence = {0, 0, 0, 0, NULL, NULL, {NULL, 0}};
  sequence.kind = MAILPROTO_IMAP_SEQUENCE_KIND_RANGE;
  sequence.first = first;
  sequence.last = last;
  return sequence;
}

/** One message. */
static inline mailproto_imap_sequence mailproto_imap_one(uint32_t message) {
  mailproto_imap_sequence sequence = mailproto_imap_between(message, message);
  sequence.kind = MAILPROTO_IMAP_SEQUENCE_KIND_ONE;
  return sequence;
}

/** All messages from `first` to the last of the mailbox. */
static inline mailproto_imap_sequence mailproto_imap_from(uint32_t first) {
  mailproto_imap_sequence sequence = mailproto_imap_between(first, 0);
  sequence.kind = MAILPROTO_IMAP_SEQUENCE_KIND_FROM;
  return sequence;
}

/** All messages. */
static inline mailproto_imap_sequence mailproto_imap_all(void) { return mailproto_imap_from(1); }

/** The last message of the mailbox: `*`. */
static inline mailproto_imap_sequence mailproto_imap_last(void) {
  mailproto_imap_sequence sequence = mailproto_imap_between(0, 0);
  sequence.kind = MAILPROTO_IMAP_SEQUENCE_KIND_LAST;
  return sequence;
}

/** What the last search with SAVE has found: `$`. */
static inline mailproto_imap_sequence mailproto_imap_saved(void) {
  mailproto_imap_sequence sequence = mailproto_imap_between(0, 0);
  sequence.kind = MAILPROTO_IMAP_SEQUENCE_KIND_SAVED;
  return sequence;
}

/** `count` messages. Where they follow each other, they are sent as a range. */
static inline mailproto_imap_sequence mailproto_imap_numbers(const uint32_t *numbers,
                                                             size_t count) {
  mailproto_imap_sequence sequence = mailproto_imap_between(0, 0);
  sequence.kind = MAILPROTO_IMAP_SEQUENCE_KIND_NUMBERS;
  sequence.numbers = numbers;
  sequence.count = count;
  return sequence;
}

/** `count` ranges of messages. */
static inline mailproto_imap_sequence
mailproto_imap_ranges_of(const mailproto_imap_range *ranges, size_t count) {
  mailproto_imap_sequence sequence = mailproto_imap_between(0, 0);
  sequence.kind = MAILPROTO_IMAP_SEQUENCE_KIND_RANGES;
  sequence.ranges = ranges;
  sequence.count = count;
  return sequence;
}

/** A set that is written already, such as a server sent it. */
static inline mailproto_imap_sequence mailproto_imap_set(mailproto_span text) {
  mailproto_imap_sequence sequence = mailproto_imap_between(0, 0);
  sequence.kind = MAILPROTO_IMAP_SEQUENCE_KIND_TEXT;
  sequence.text = text;
  return sequence;
}

/** The body of a part, as `section` of a `mailproto_imap_node` names it, or the whole message where
 * `path_len` is 0. `\Seen` stays as it is. */
static inline mailproto_imap_fetch_item mailproto_imap_fetch_part(const uint32_t *path,
                                                                  size_t path_len) {
  mailproto_imap_fetch_item item = MAILPROTO_IMAP_FETCH(MAILPROTO_IMAP_ITEM_BODY_SECTION);
  item.path = path;
  item.path_len = path_len;
  item.peek = 1;
  return item;
}

/** Some fields of the header: their names, with spaces between them. `\Seen` stays as it is. */
static inline mailproto_imap_fetch_item mailproto_imap_fetch_fields(mailproto_span names) {
  mailproto_imap_fetch_item item = mailproto_imap_fetch_part(NULL, 0);
  item.part = MAILPROTO_IMAP_SECTION_PART_HEADER_FIELDS;
  item.text = names;
  return item;
}

/** A search key with text: FROM, SUBJECT, TEXT, KEYWORD and so on. */
static inline mailproto_imap_search_key mailproto_imap_key_text(int32_t kind,
                                                                mailproto_span text) {
  mailproto_imap_search_key key = MAILPROTO_IMAP_KEY(kind);
  key.text = text;
  return key;
}

/** A search key with a number: LARGER, SMALLER, YOUNGER, OLDER, MOD_SEQ. */
static inline mailproto_imap_search_key mailproto_imap_key_number(int32_t kind, uint64_t number) {
  mailproto_imap_search_key key = MAILPROTO_IMAP_KEY(kind);
  key.number = number;
  return key;
}

/** A search key with a day: BEFORE, ON, SINCE, SENT_BEFORE and so on. */
static inline mailproto_imap_search_key mailproto_imap_key_date(int32_t kind, uint16_t year,
                                                                uint8_t month, uint8_t day) {
  mailproto_imap_search_key key = MAILPROTO_IMAP_KEY(kind);
  key.date.year = year;
  key.date.month = month;
  key.date.day = day;
  return key;
}

/** A search key with messages: SEQUENCE or UID. */
static inline mailproto_imap_search_key
mailproto_imap_key_messages(int32_t kind, mailproto_imap_sequence messages) {
  mailproto_imap_search_key key = MAILPROTO_IMAP_KEY(kind);
  key.sequence = messages;
  return key;
}

#endif  /* MAILPROTO_H */
