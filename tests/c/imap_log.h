/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Events of an IMAP client as text, with every view walked to its end. Octets of bodies are joined:
 * only their pieces may depend on how the input was cut. */
#ifndef IMAP_LOG_H
#define IMAP_LOG_H

#include <inttypes.h>

#include "check.h"

struct log {
  char text[1 << 20];
  size_t len;
  int within_data;
};

static inline void log_octets(struct log *log, const void *octets, size_t len) {
  size_t room = sizeof log->text - log->len;
  len = len < room ? len : room;
  if (len > 0) {
    memcpy(log->text + log->len, octets, len);
    log->len += len;
  }
}

static inline void log_text(struct log *log, const char *text) {
  log_octets(log, text, strlen(text));
}

static inline void log_number(struct log *log, const char *before, int64_t number) {
  char digits[64];
  int len = snprintf(digits, sizeof digits, "%s%" PRId64, before, number);
  log_octets(log, digits, (size_t)len);
}

static inline void log_span(struct log *log, const char *before, mailproto_span span) {
  log_text(log, before);
  log_text(log, "\"");
  log_octets(log, span.ptr, span.len);
  log_text(log, "\"");
}

static inline void log_string(struct log *log, const char *before, mailproto_imap_string string) {
  static uint8_t copy[1 << 16];
  size_t len;
  if (string.form == MAILPROTO_IMAP_STRING_FORM_NIL) {
    log_text(log, before);
    log_text(log, "NIL");
    return;
  }
  EXPECT(MAILPROTO_OK, mailproto_imap_string_copy(string, copy, sizeof copy, &len));
  CHECK(len == mailproto_imap_string_len(string) && len <= string.octets.len);
  log_span(log, before, mailproto_octets(copy, len));
}

/* What stands behind a kind; nothing where there is nothing. */

static inline void log_if(struct log *log, const char *before, int64_t number) {
  if (number != 0) {
    log_number(log, before, number);
  }
}

static inline void log_span_if(struct log *log, const char *before, mailproto_span span) {
  if (span.len > 0) {
    log_span(log, before, span);
  }
}

static inline void log_string_if(struct log *log, const char *before,
                                 mailproto_imap_string string) {
  if (string.form != MAILPROTO_IMAP_STRING_FORM_NIL) {
    log_string(log, before, string);
  }
}

/* The views. An iterator ends with 0, and once it has ended it stays there. */

#define WALK(log, iterator, type, thing, span, before, show)                                       \
  do {                                                                                             \
    iterator walk_;                                                                                \
    type thing;                                                                                    \
    int32_t more_;                                                                                 \
    walk_.rest = (span);                                                                           \
    while ((more_ = iterator##_next(&walk_, &thing)) > 0) {                                        \
      log_text(log, before);                                                                       \
      show;                                                                                        \
    }                                                                                              \
    EXPECT(0, more_);                                                                              \
    EXPECT(0, iterator##_next(&walk_, &thing));                                                    \
  } while (0)

static inline void log_flags(struct log *log, mailproto_span span) {
  WALK(log, mailproto_imap_flags, mailproto_span, flag, span, " ", log_span(log, "", flag));
}

static inline void log_ranges(struct log *log, mailproto_span span) {
  WALK(log, mailproto_imap_ranges, mailproto_imap_range, range, span, " ",
       (log_number(log, "", range.first), log_number(log, ":", range.last)));
}

static inline void log_strings(struct log *log, mailproto_span span) {
  WALK(log, mailproto_imap_strings, mailproto_imap_string, string, span, " ",
       log_string(log, "", string));
}

static inline void log_addresses(struct log *log, const char *name,
                                 mailproto_imap_addresses addresses) {
  if (addresses.rest.len == 0) {
    return;
  }
  log_text(log, name);
  WALK(log, mailproto_imap_addresses, mailproto_imap_address, address, addresses.rest, "",
       (log_string(log, "(", address.name), log_string_if(log, " adl ", address.adl),
        log_string(log, " ", address.mailbox), log_string(log, "@", address.host),
        log_text(log, ")")));
}

static inline void log_envelope(struct log *log, mailproto_span octets) {
  mailproto_imap_envelope envelope;
  EXPECT(MAILPROTO_OK, mailproto_imap_envelope_read(octets, &envelope));
  log_string_if(log, " date ", envelope.date);
  log_string_if(log, " subject ", envelope.subject);
  log_addresses(log, " from ", envelope.from);
  log_addresses(log, " sender ", envelope.sender);
  log_addresses(log, " reply-to ", envelope.reply_to);
  log_addresses(log, " to ", envelope.to);
  log_addresses(log, " cc ", envelope.cc);
  log_addresses(log, " bcc ", envelope.bcc);
  log_string_if(log, " in-reply-to ", envelope.in_reply_to);
  log_string_if(log, " message-id ", envelope.message_id);
}

static inline void log_parameters(struct log *log, mailproto_imap_parameters parameters) {
  WALK(log, mailproto_imap_parameters, mailproto_imap_parameter, parameter, parameters.rest, " ",
       (log_string(log, "", parameter.name), log_string(log, "=", parameter.value)));
}

static inline void log_node(struct log *log, const mailproto_imap_node *node) {
  static const char *const KINDS[] = {"?", "open", "part", "message", "message-end", "close"};
  log_text(log, "\n  ");
  log_text(log, node->kind >= 0 && node->kind <= 5 ? KINDS[node->kind] : "?");
  log_number(log, " @", node->depth);
  CHECK(node->section_len <= sizeof node->section / sizeof node->section[0]);
  for (size_t i = 0; i < node->section_len; i++) {
    log_number(log, i == 0 ? " " : ".", node->section[i]);
  }
  log_string_if(log, " ", node->media_type);
  log_string_if(log, "/", node->subtype);
  log_parameters(log, node->parameters);
  log_string_if(log, " id ", node->id);
  log_string_if(log, " description ", node->description);
  log_string_if(log, " encoding ", node->encoding);
  if (node->has_octets) {
    log_number(log, " octets ", (int64_t)node->octets);
  }
  if (node->has_lines) {
    log_number(log, " lines ", (int64_t)node->lines);
  }
  if (node->envelope.len > 0) {
    log_envelope(log, node->envelope);
  }
  log_string_if(log, " md5 ", node->md5);
  log_string_if(log, " disposition ", node->disposition);
  log_parameters(log, node->disposition_parameters);
  WALK(log, mailproto_imap_languages, mailproto_imap_string, language, node->language.rest,
       " language ", log_string(log, "", language));
  log_string_if(log, " location ", node->location);
  log_span_if(log, " other ", node->other);
}

static inline void log_structure(struct log *log, mailproto_span octets) {
  mailproto_imap_body_structure structure;
  mailproto_imap_node node;
  int32_t more;
  EXPECT(MAILPROTO_OK, mailproto_imap_body_structure_init(&structure, sizeof structure, octets));
  while ((more = mailproto_imap_body_structure_next(&structure, &node)) > 0) {
    log_node(log, &node);
  }
  EXPECT(0, more);
}

static inline void log_section(struct log *log, mailproto_span section) {
  log_span(log, " section ", section);
  log_if(log, " part ", mailproto_imap_section_part_of(section));
  WALK(log, mailproto_imap_part_numbers, uint32_t, number, section, ".",
       log_number(log, "", number));
  WALK(log, mailproto_imap_field_names, mailproto_imap_string, name,
       mailproto_imap_section_fields(section).rest, " field ", log_string(log, "", name));
}

static inline void log_pairs(struct log *log, const mailproto_imap_pair *pair) {
  log_string(log, " ", pair->name);
  log_string(log, "=", pair->value);
}

static inline void log_namespaces(struct log *log, const char *name, mailproto_span span) {
  log_text(log, name);
  WALK(log, mailproto_imap_namespaces, mailproto_imap_namespace, space, span, "",
       (log_string(log, "(", space.prefix), log_if(log, " delimiter ", space.delimiter),
        log_string_if(log, " translation ", space.translation), log_text(log, ")")));
}

static inline void log_date(struct log *log, const mailproto_imap_date_time *date) {
  char text[64];
  int len = snprintf(text, sizeof text, " %04d-%02d-%02d %02d:%02d:%02d %+d", date->date.year,
                     date->date.month, date->date.day, date->hour, date->minute, date->second,
                     date->zone_minutes);
  log_octets(log, text, (size_t)len);
}

/* The parts of an event. */

static inline void log_code(struct log *log, const mailproto_imap_response_code *code) {
  if (code->kind == MAILPROTO_IMAP_CODE_NONE) {
    return;
  }
  log_number(log, " [", code->kind);
  if (code->has_number || code->number != 0) {
    log_number(log, " ", code->number);
  }
  if (code->has_goal) {
    log_number(log, " goal ", code->goal);
  }
  log_if(log, " ", (int64_t)code->number64);
  switch (code->kind) {
  case MAILPROTO_IMAP_CODE_PERMANENT_FLAGS:
    log_flags(log, code->data);
    break;
  case MAILPROTO_IMAP_CODE_APPEND_UID:
  case MAILPROTO_IMAP_CODE_COPY_UID:
  case MAILPROTO_IMAP_CODE_MODIFIED:
    log_ranges(log, code->data);
    log_ranges(log, code->data2);
    break;
  case MAILPROTO_IMAP_CODE_BAD_CHARSET:
  case MAILPROTO_IMAP_CODE_BAD_EVENT:
    log_strings(log, code->data);
    break;
  case MAILPROTO_IMAP_CODE_CAPABILITY:
    WALK(log, mailproto_imap_capabilities, mailproto_span, capability, code->data, " ",
         log_span(log, "", capability));
    break;
  default:
    log_span_if(log, " ", code->data);
    log_span_if(log, " ", code->data2);
    break;
  }
  log_string_if(log, " ", code->string);
  log_text(log, "]");
}

static inline void log_item(struct log *log, const mailproto_imap_event *event) {
  switch (event->item) {
  case MAILPROTO_IMAP_ITEM_FLAGS:
    log_flags(log, event->data);
    break;
  case MAILPROTO_IMAP_ITEM_ENVELOPE:
    log_envelope(log, event->data);
    break;
  case MAILPROTO_IMAP_ITEM_BODY:
  case MAILPROTO_IMAP_ITEM_BODY_STRUCTURE:
    log_structure(log, event->data);
    break;
  case MAILPROTO_IMAP_ITEM_INTERNAL_DATE:
  case MAILPROTO_IMAP_ITEM_SAVE_DATE:
    log_date(log, &event->date);
    break;
  case MAILPROTO_IMAP_ITEM_BINARY_SIZE:
    log_section(log, event->data);
    break;
  case MAILPROTO_IMAP_ITEM_GMAIL_LABELS:
    WALK(log, mailproto_imap_labels, mailproto_imap_string, label, event->data, " ",
         log_string(log, "", label));
    break;
  default:
    log_span_if(log, " data ", event->data);
    log_span_if(log, " data2 ", event->data2);
    break;
  }
}

static inline void log_lists(struct log *log, const mailproto_imap_event *event) {
  switch (event->kind) {
  case MAILPROTO_IMAP_EVENT_KIND_ITEM:
    log_item(log, event);
    break;
  case MAILPROTO_IMAP_EVENT_KIND_BODY_START:
    log_section(log, event->data);
    break;
  case MAILPROTO_IMAP_EVENT_KIND_LIST:
    WALK(log, mailproto_imap_attributes, mailproto_imap_attribute, attribute, event->data, " ",
         (log_number(log, "", attribute.kind), log_span(log, "", attribute.name)));
    log_number(log, " use ", mailproto_imap_special_use(event->data));
    WALK(log, mailproto_imap_extended_items, mailproto_imap_extended_item, item, event->data2, " ",
         (log_number(log, "", item.kind), log_string_if(log, " ", item.name),
          log_span_if(log, " ", item.value)));
    break;
  case MAILPROTO_IMAP_EVENT_KIND_MAILBOX_STATUS:
    WALK(log, mailproto_imap_status_items, mailproto_imap_status_item, item, event->data, " ",
         (log_number(log, "", item.kind), log_number(log, "=", (int64_t)item.number),
          log_span_if(log, " ", item.name), log_span_if(log, " ", item.value)));
    break;
  case MAILPROTO_IMAP_EVENT_KIND_NAMESPACE:
    log_namespaces(log, " own ", event->data);
    log_namespaces(log, " others ", event->data2);
    log_namespaces(log, " shared ", event->data3);
    break;
  case MAILPROTO_IMAP_EVENT_KIND_ID:
    WALK(log, mailproto_imap_id_fields, mailproto_imap_pair, pair, event->data, "",
         log_pairs(log, &pair));
    break;
  case MAILPROTO_IMAP_EVENT_KIND_QUOTA:
    WALK(log, mailproto_imap_quota_resources, mailproto_imap_quota_resource, resource, event->data,
         " ",
         (log_span(log, "", resource.name), log_number(log, " ", (int64_t)resource.usage),
          log_number(log, "/", (int64_t)resource.limit)));
    break;
  case MAILPROTO_IMAP_EVENT_KIND_QUOTA_ROOT:
  case MAILPROTO_IMAP_EVENT_KIND_LIST_RIGHTS:
    log_strings(log, event->data);
    break;
  case MAILPROTO_IMAP_EVENT_KIND_ACL:
    WALK(log, mailproto_imap_acl_entries, mailproto_imap_pair, pair, event->data, "",
         log_pairs(log, &pair));
    break;
  case MAILPROTO_IMAP_EVENT_KIND_METADATA:
    WALK(log, mailproto_imap_metadata_values, mailproto_imap_pair, pair, event->data, "",
         log_pairs(log, &pair));
    log_strings(log, event->data2);
    break;
  default:
    log_span_if(log, " data ", event->data);
    log_span_if(log, " data2 ", event->data2);
    log_span_if(log, " data3 ", event->data3);
    break;
  }
}

static inline const char *kind_name(int32_t kind) {
  static const char *const LOW[] = {"none",      "greeting",     "status",   "bye",
                                    "completed", "challenge",    "idling",   "idle-due",
                                    "upload",    "continuation", "oversize", "quirk"};
  static const char *const HIGH[] = {
      "listing-begin", "listing-end", "capability", "enabled",    "flag",      "found",
      "found-mod-seq", "esearch",     "vanished",   "thread",     "list",      "mailbox-status",
      "namespace",     "id",          "quota",      "quota-root", "acl",       "list-rights",
      "my-rights",     "metadata",    "exists",     "recent",     "expunge",   "fetch",
      "item",          "body",        "body-data",  "body-end",   "fetch-end", "unrecognized"};
  if (kind >= 0 && kind <= 11) {
    return LOW[kind];
  }
  return kind >= 20 && kind <= 49 ? HIGH[kind - 20] : "?";
}

static inline const char *status_name(int32_t status) {
  static const char *const NAMES[] = {"", " OK", " NO", " BAD", " NOT-SENT", " PREAUTH", " BYE"};
  return status >= 0 && status <= 6 ? NAMES[status] : " ?";
}

/** One line of text; those of a structure behind it. */
static inline void log_event(struct log *log, const mailproto_imap_event *event) {
  if (event->kind == MAILPROTO_IMAP_EVENT_KIND_BODY_DATA) {
    CHECK(event->data.len > 0);
    log_text(log, log->within_data ? "" : "data ");
    log_octets(log, event->data.ptr, event->data.len);
    log->within_data = 1;
    return;
  }
  log_text(log, log->within_data ? "\n" : "");
  log->within_data = 0;
  log_text(log, kind_name(event->kind));
  log_if(log, " tag ", event->tag);
  log_if(log, " command ", event->command);
  log_text(log, status_name(event->status));
  log_if(log, " of ", event->listing);
  log_if(log, " item ", event->item);
  log_if(log, " esearch ", event->esearch);
  log_if(log, " thread ", event->thread);
  log_if(log, " oversize ", event->oversize);
  log_if(log, " quirk ", event->quirk);
  log_if(log, " ", event->number);
  log_if(log, ":", event->last);
  if (event->has_octets || event->octets != 0) {
    log_number(log, " octets ", (int64_t)event->octets);
  }
  if (event->has_origin) {
    log_number(log, " origin ", (int64_t)event->origin);
  }
  log_if(log, " from ", event->from);
  log_if(log, " to ", event->to);
  log_if(log, " delimiter ", event->delimiter);
  log_text(log, event->by_uid ? " by UID" : "");
  log_text(log, event->is_nil ? " NIL" : "");
  log_code(log, &event->code);
  log_span_if(log, " ", event->text);
  log_string_if(log, " name ", event->name);
  log_string_if(log, " identifier ", event->identifier);
  log_string_if(log, " value ", event->value);
  log_lists(log, event);
  log_text(log, "\n");
}

#endif
