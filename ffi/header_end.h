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
