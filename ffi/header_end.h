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
