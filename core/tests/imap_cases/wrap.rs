//! Fragments: one rule of the grammar each. Here stands in what response each rule may be seen, so that only
//! the client's public face is used.

/// What becomes of a fragment.
pub(crate) enum Wrapped {
    /// It stands in a response, between these octets.
    In(&'static str, &'static str),
    /// It is whole lines, said to a client that has a mailbox selected.
    Lines,
    /// It is whole lines, and the first thing that the server says.
    Greeting,
    /// It is a part of a command, which stands between these.
    Command(&'static str, &'static str),
    /// It is not run, for this reason.
    Not(&'static str),
}

use Wrapped::{Command, Greeting, In, Lines, Not};

const COMMAND: &str = "a rule of commands, which a client does not read";
const URL: &str = "a rule of IMAP URLs (RFC 5092), which this engine hands over as they are";
const OWN: &str = "a rule of the source's own, which no response consists of";

pub(crate) fn wrap(source: &str, id: &str, rule: &str, octets: &[u8]) -> Wrapped {
    match source {
        "swift-nio-imap" => match rule.strip_prefix("emit:") {
            Some(rule) => swift_emit(rule, octets),
            None => swift(rule, octets),
        },
        "imap-codec" if rule == "emit" => imap_codec_emit(id, octets),
        "imap-codec" => imap_codec(rule),
        "tokio-imap" => tokio(rule),
        "imapclient" => imapclient(rule, octets),
        "node-imap" => node(rule, octets),
        "pymap" => pymap(octets),
        _ => Not(OWN),
    }
}

/// What is emitted may be a part of a command.
fn swift_emit(rule: &str, octets: &[u8]) -> Wrapped {
    match rule {
        "fetchAttribute" | "fetchAttributeList" => Command("FETCH 1 ", ""),
        "sectionSpecifier" => Command("FETCH 1 BODY[", "]"),
        "byteRange" => Command("FETCH 1 BODY[]", ""),
        "storeFlags" => Command("STORE 1 ", ""),
        "storeModifier" => Command("STORE 1 (", ") +FLAGS (\\Seen)"),
        "uid"
        | "uidRange"
        | "uidSet"
        | "sequenceRange"
        | "lastCommandSet"
        | "lastCommandMessageID" => Command("UID FETCH ", " UID"),
        "searchCriteria" | "searchModificationSequence" => Command("SEARCH ", ""),
        "sortCriteria" => Command("SORT ", " UTF-8 ALL"),
        "sortCriterion" => Command("SORT (", ") UTF-8 ALL"),
        "returnOption" => Command("LIST \"\" \"*\" RETURN (", ")"),
        "listSelectBaseOption" => Command("LIST (", ") \"\" \"*\""),
        "patterns" | "mailboxes" => Command("LIST \"\" ", ""),
        "mailboxAttributes" if !octets.is_empty() => Command("STATUS a (", ")"),
        "metadataOption" => Command("GETMETADATA (", ") a /b"),
        "metadataOptions" => Command("GETMETADATA ", " a /b"),
        "appendMessage" => Command("APPEND a", ""),
        "appendOptions" => Command("APPEND a", " {3}"),
        "authenticationMechanism" => Command("AUTHENTICATE ", ""),
        _ => swift(rule, octets),
    }
}

fn swift(rule: &str, octets: &[u8]) -> Wrapped {
    match rule {
        "bodyDisposition" => {
            In("* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL ", "))")
        }
        "bodyExtension" | "bodyExtensions" => In(
            "* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL NIL NIL NIL ",
            "))",
        ),
        "bodyParameterPairs" => {
            In("* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" ", " NIL NIL \"7BIT\" 1))")
        }
        "bodySinglepart" => In("* 1 FETCH (BODYSTRUCTURE (", "))"),
        "bodySinglepartExtension" => {
            In("* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 ", "))")
        }
        "capability" => In("* CAPABILITY IMAP4rev1 ", ""),
        "capabilityData" | "capabilities" | "enableData" => In("* ", ""),
        "capabilitySuffix" => In("* CAPABILITY", ""),
        "childinfoExtendedItem" | "taggedExtension" => In("* LIST () \"/\" a (", ")"),
        "taggedExtensionComp" => In("* LIST () \"/\" a (label ", ")"),
        "taggedExtensionComplex" => In("* LIST () \"/\" a (label (", "))"),
        "continuationRequest"
        | "fetchResponses"
        | "response"
        | "responseFatal"
        | "taggedResponse" => Lines,
        "responsePayload" if octets.starts_with(b"* ") => Lines,
        "responsePayload" => In("* ", ""),
        "emailID" => In("* 1 FETCH (EMAILID (", "))"),
        "objectID" => In("* OK [MAILBOXID (", ")] x"),
        "entryList" | "entryValues" => In("* METADATA INBOX ", ""),
        "entry" | "entryValue" => In("* METADATA INBOX (", ")"),
        "envelope" => In("* 1 FETCH (ENVELOPE ", ")"),
        "envelopeEmailAddresses" | "optionalEnvelopeEmailAddresses" => {
            In("* 1 FETCH (ENVELOPE (NIL NIL ", " NIL NIL NIL NIL NIL NIL NIL))")
        }
        "flag" | "flagKeyword" | "flagExtension" => In("* FLAGS (", ")"),
        "flagList" => In("* FLAGS ", ""),
        "headerList" => In("* 1 FETCH (BODY[HEADER.FIELDS ", "] NIL)"),
        "idSuffix" => In("* ID", ""),
        "mailbox" => In("* LIST () \"/\" ", ""),
        "mailboxStatus" => In("* STATUS a (", ")"),
        "namespace" => In("* NAMESPACE ", " NIL NIL"),
        "namespaceDescription" => In("* NAMESPACE (", ") NIL NIL"),
        "quotaResource" => In("* QUOTA \"\" (", ")"),
        "responseText" => In("* OK ", ""),
        "responseTextCode" => In("* OK [", "] x"),
        "uidValidity" => In("* OK [UIDVALIDITY ", "] x"),
        "urlFetchData" => In("* URLFETCH ", ""),
        "absoluteMessagePath"
        | "access"
        | "byteRange"
        | "byteRangeStruct"
        | "messagePath"
        | "messagePathByteRange"
        | "networkPath"
        | "parseWithSlash"
        | "parseWithoutSlash"
        | "relativeIMAPURL"
        | "rumpURLAndMechanism"
        | "urlFetchType"
        | "fullDate"
        | "fullTime"
        | "fullDateTime" => Not(URL),
        "base64" => Not(OWN),
        _ => Not(COMMAND),
    }
}

fn imap_codec(rule: &str) -> Wrapped {
    match rule {
        rule if rule.contains("greeting") => Greeting,
        rule if rule.contains("response") && rule != "response_data" => Lines,
        "response_data" => Lines,
        "body::test_parse_body" => In("* 1 FETCH (BODY ", ")"),
        "body_fld_octets" => In("* 1 FETCH (BODY (\"A\" \"B\" NIL NIL NIL \"7BIT\" ", ")"),
        "resp_text" => In("* OK ", ""),
        "mailbox" => In("* LIST () \"/\" ", ""),
        "number" => In("* STATUS a (MESSAGES ", ")"),
        "nz_number" => In("* STATUS a (UIDNEXT ", ")"),
        "quoted" | "literal" | "nil" => In("* 1 FETCH (PREVIEW ", ")"),
        "Charset::try_from" | "atom" | "seq_number" | "seq_range" => Not(COMMAND),
        "time" => Not("a time without its date, which no response consists of"),
        _ => Not(OWN),
    }
}

/// Encoded values: which response may hold one is seen by how it begins.
fn imap_codec_emit(id: &str, octets: &[u8]) -> Wrapped {
    for (test, before, after) in [
        ("test_encode_search_key", "SEARCH ", ""),
        ("test_encode_message_data_item_name", "FETCH 1 ", ""),
        ("test_encode_section", "FETCH 1 BODY[", "]"),
        ("test_encode_status_data_item_name", "STATUS a (", ")"),
        ("test_encode_auth_mechanism", "AUTHENTICATE ", ""),
        ("test_encode_charset", "SEARCH CHARSET ", " ALL"),
        ("test_encode_of_some_sequence_sets", "FETCH ", " UID"),
    ] {
        if id.split(['/', '#']).any(|part| part == test) {
            return Command(before, after);
        }
    }
    let begins = |words: &[&str]| {
        words.iter().any(|word| octets.to_ascii_uppercase().starts_with(word.as_bytes()))
    };
    let has_value = octets.contains(&b' ');
    if octets.starts_with(b"* ") || octets.starts_with(b"+ ") {
        return Lines;
    }
    if octets.starts_with(b"(\"") {
        return In("* 1 FETCH (BODYSTRUCTURE ", ")");
    }
    let items = ["BODY", "ENVELOPE", "FLAGS", "INTERNALDATE", "RFC822", "UID "];
    if begins(&items) && has_value {
        return In("* 1 FETCH (", ")");
    }
    let status =
        ["MESSAGES ", "RECENT ", "UIDNEXT ", "UIDVALIDITY ", "UNSEEN ", "DELETED ", "DELETED-"];
    if begins(&status) && has_value {
        return In("* STATUS a (", ")");
    }
    if octets.starts_with(b"\"") && octets.len() == 28 {
        return In("* 1 FETCH (INTERNALDATE ", ")");
    }
    Not(COMMAND)
}

fn tokio(rule: &str) -> Wrapped {
    match rule {
        "id_param" => In("* ID (", ")"),
        "id_param_list_not_nil" | "id_param_list" => In("* ID ", ""),
        "metadata_solicited"
        | "metadata_unsolicited"
        | "terminated_quota_root"
        | "quota"
        | "super::capability_data" => In("* ", ""),
        "quota_list" => In("* QUOTA a ", ""),
        "super::flag_list" => In("* FLAGS ", ""),
        "body_param" => In("* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" ", " NIL NIL \"7BIT\" 1))"),
        "body_lang" => {
            In("* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL NIL ", "))")
        }
        "body_extension" => In(
            "* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL NIL NIL NIL ",
            "))",
        ),
        "body_disposition" => {
            In("* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL ", "))")
        }
        "parse_response" => Lines,
        _ => Not(OWN),
    }
}

fn imapclient(rule: &str, octets: &[u8]) -> Wrapped {
    match rule {
        "parse_message_list" => In("* SEARCH ", ""),
        "parse_response" if octets.starts_with(b"(UID") || octets.starts_with(b"(ENV") => {
            In("* 1 FETCH ", "")
        }
        "parse_response" if octets.starts_with(b"((") => In("* 1 FETCH (BODY ", ")"),
        "parse_response" if octets.starts_with(b"{") || octets.starts_with(b"\"") => {
            In("* 1 FETCH (PREVIEW ", ")")
        }
        // Brackets are the library's own affair.
        "parse_response" if octets.contains(&b'[') => Not(OWN),
        "parse_response" if octets.starts_with(b"(") || !octets.contains(&b' ') => {
            In("* 1 FETCH (X-VALUE ", ")")
        }
        _ => Not(OWN),
    }
}

fn node(rule: &str, octets: &[u8]) -> Wrapped {
    match rule {
        "env-address list" => {
            In("* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL (", ") NIL NIL NIL NIL))")
        }
        "args" if octets.starts_with(b"\"") => In("* 1 FETCH (PREVIEW ", ")"),
        "args" if octets.first().is_some_and(u8::is_ascii_uppercase) => In("* 1 FETCH (", ")"),
        "args" if octets.starts_with(b"(") => In("* 1 FETCH (X-VALUE (", "))"),
        "rfc822-header" => Not("a message's header, which `message_cases` reads"),
        _ => Not(OWN),
    }
}

fn pymap(octets: &[u8]) -> Wrapped {
    if octets.starts_with(b"* ") || octets.ends_with(b"\n") {
        return Lines;
    }
    if octets.starts_with(b"[") {
        return In("* OK ", " x");
    }
    Not(OWN)
}
