/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the other clients leave out: SCRAM-SHA-256, and every other function of both client roles.
 */
#include "imap.h"

static mailproto_sasl sasl;

/* RFC 7677 §3 with another nonce, since the library writes ours in base64; the proof is computed by
 * Python's hashlib. */
static void log_in_by_scram(void) {
  uint32_t begin;
  int32_t result;
  computing = true;
  MUST(mailproto_sasl_scram_sha_256_init(&sasl, sizeof sasl, str(""), str("user"), str("pencil"),
                                         str("rOprNGfwEbeRWgbNEkqO"), 4096));
  MUST(mailproto_imap_client_authenticate(&imap, &sasl, NULL));
  imap_says("AAA1 AUTHENTICATE SCRAM-SHA-256\r\n");
  imap_hears("+ \r\n");
  MUST(mailproto_imap_client_respond(&imap, &sasl));
  imap_says("biwsbj11c2VyLHI9Y2s5d2NrNUhabmRGWW1WU1YyZGlUa1ZyY1U4"
            "\r\n");
  imap_hears("+ "
             "cj1jazl3Y2s1SFpuZEZZbVZTVjJkaVRrVnJjVTglaHZZRHBXVWEyUmFUQ0FmdXhGSWxqKWhObEYkazAs"
             "cz1XMjJaYUowU05ZN3NvRXNVRWpiNmdRPT0saT00MDk2"
             "\r\n");
  begin = now();
  CALL(mailproto_imap_client_respond(&imap, &sasl));
  tell_time("scram", 4096, now() - begin);
  check(result >= 0, "the proof");
  imap_says("Yz1iaXdzLHI9Y2s5d2NrNUhabmRGWW1WU1YyZGlUa1ZyY1U4JWh2WURwV1VhMlJhVENBZnV4Rklsailo"
            "TmxGJGswLHA9S3BrcmZFVjNYR1RkQ0haczNBcy93YlVHKzc3RVlGRDdFczJyK2lCYTFNND0="
            "\r\n");
  imap_hears("+ "
             "dj1hYk85a1pYTGdrdUdtOWJOU3R4cEdvM2hTaGVnV3pMUU5EZWpvdVhacGhvPQ=="
             "\r\n");
  MUST(mailproto_imap_client_respond(&imap, &sasl));
  imap_says("\r\n");
  imap_hears("AAA1 OK done\r\n");
  computing = false;
}

typedef void (*function)(void);

/* In the image, whether or not they are called. */
static const function rest[] = {
    (function)mailproto_imap_acl_entries_next,
    (function)mailproto_imap_capabilities_next,
    (function)mailproto_imap_capability,
    (function)mailproto_imap_client_append_next,
    (function)mailproto_imap_client_cancel,
    (function)mailproto_imap_client_capabilities,
    (function)mailproto_imap_client_check,
    (function)mailproto_imap_client_compress,
    (function)mailproto_imap_client_compression_established,
    (function)mailproto_imap_client_copy,
    (function)mailproto_imap_client_create_for,
    (function)mailproto_imap_client_delete_acl,
    (function)mailproto_imap_client_detail,
    (function)mailproto_imap_client_enabled,
    (function)mailproto_imap_client_examine_with,
    (function)mailproto_imap_client_failure,
    (function)mailproto_imap_client_get_acl,
    (function)mailproto_imap_client_get_jmap_access,
    (function)mailproto_imap_client_get_metadata,
    (function)mailproto_imap_client_get_quota,
    (function)mailproto_imap_client_get_quota_root,
    (function)mailproto_imap_client_highest_mod_seq,
    (function)mailproto_imap_client_is_idle,
    (function)mailproto_imap_client_is_read_only,
    (function)mailproto_imap_client_language,
    (function)mailproto_imap_client_list_rights,
    (function)mailproto_imap_client_list_with,
    (function)mailproto_imap_client_lsub,
    (function)mailproto_imap_client_may_send_credentials,
    (function)mailproto_imap_client_mechanisms,
    (function)mailproto_imap_client_messages,
    (function)mailproto_imap_client_move,
    (function)mailproto_imap_client_my_rights,
    (function)mailproto_imap_client_raw,
    (function)mailproto_imap_client_received,
    (function)mailproto_imap_client_recent,
    (function)mailproto_imap_client_select_with,
    (function)mailproto_imap_client_set_acl,
    (function)mailproto_imap_client_set_metadata,
    (function)mailproto_imap_client_set_quota,
    (function)mailproto_imap_client_sort,
    (function)mailproto_imap_client_state,
    (function)mailproto_imap_client_status_named,
    (function)mailproto_imap_client_store,
    (function)mailproto_imap_client_tag_prefix,
    (function)mailproto_imap_client_thread,
    (function)mailproto_imap_client_uid_next,
    (function)mailproto_imap_client_uid_sort,
    (function)mailproto_imap_client_uid_thread,
    (function)mailproto_imap_client_uid_validity,
    (function)mailproto_imap_client_unauthenticate,
    (function)mailproto_imap_client_unselect,
    (function)mailproto_imap_client_unsubscribe,
    (function)mailproto_imap_client_wipe,
    (function)mailproto_imap_client_xlist,
    (function)mailproto_imap_date_time_from_unix,
    (function)mailproto_imap_date_time_to_unix,
    (function)mailproto_imap_extended_items_next,
    (function)mailproto_imap_field_names_next,
    (function)mailproto_imap_id_fields_next,
    (function)mailproto_imap_labels_next,
    (function)mailproto_imap_languages_next,
    (function)mailproto_imap_mailbox_is_inbox,
    (function)mailproto_imap_metadata_values_next,
    (function)mailproto_imap_namespace_extensions_next,
    (function)mailproto_imap_namespaces_next,
    (function)mailproto_imap_parameter_decode,
    (function)mailproto_imap_part_numbers_next,
    (function)mailproto_imap_quota_resources_next,
    (function)mailproto_imap_ranges_of,
    (function)mailproto_imap_section_fields,
    (function)mailproto_imap_section_part_of,
    (function)mailproto_imap_special_use,
    (function)mailproto_imap_string_decode,
    (function)mailproto_imap_string_is,
    (function)mailproto_imap_string_len,
    (function)mailproto_imap_strings_next,
    (function)mailproto_imap_thread_depth_init,
    (function)mailproto_imap_thread_depth_next,
    (function)mailproto_pop3_client_cancel,
    (function)mailproto_pop3_client_capa,
    (function)mailproto_pop3_client_capabilities,
    (function)mailproto_pop3_client_deadline,
    (function)mailproto_pop3_client_detail,
    (function)mailproto_pop3_client_failure,
    (function)mailproto_pop3_client_is_idle,
    (function)mailproto_pop3_client_lang,
    (function)mailproto_pop3_client_lang_list,
    (function)mailproto_pop3_client_list,
    (function)mailproto_pop3_client_list_one,
    (function)mailproto_pop3_client_login,
    (function)mailproto_pop3_client_may_send_credentials,
    (function)mailproto_pop3_client_mechanisms,
    (function)mailproto_pop3_client_noop,
    (function)mailproto_pop3_client_raw,
    (function)mailproto_pop3_client_received,
    (function)mailproto_pop3_client_respond,
    (function)mailproto_pop3_client_rset,
    (function)mailproto_pop3_client_stat,
    (function)mailproto_pop3_client_state,
    (function)mailproto_pop3_client_stls,
    (function)mailproto_pop3_client_tick,
    (function)mailproto_pop3_client_tls_established,
    (function)mailproto_pop3_client_uidl_one,
    (function)mailproto_pop3_client_wipe,
    (function)mailproto_sasl_scram_sha_256_init,
    (function)mailproto_sasl_wipe,
};

void everything(void) {
  const function *volatile kept = rest;
  check(kept[0] != NULL, "the rest");
  imap_begin();
  log_in_by_scram();
}
