//! Where we do not do what a case says, and why. What we do instead is checked all the same.

/// What happens instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instead {
    /// It is accepted as well formed.
    Accepted,
    /// The session goes on, but something else is told than the case means.
    Otherwise,
    /// The session ends, or the command is not sent.
    Refused,
}

use Instead::{Accepted, Otherwise, Refused};

pub(crate) const EXCEPTIONS: &[(&str, Instead, &str)] = &[
    (
        "curl/test984",
        Accepted,
        "the server refuses CAPABILITY, which is its right; what curl then fails for is its own policy",
    ),
    (
        "imap-codec/mailbox/test_mailbox#5",
        Accepted,
        "`aaa` is a mailbox name (RFC 9051 §9, `astring`); the source's parser wants to see what follows",
    ),
    (
        "imap-codec/response/test_parse_resp_text_quirk#3",
        Accepted,
        "the text behind a code and its space may be empty (RFC 9051 §9, `resp-text`)",
    ),
    ("imap-codec/response/test_parse_resp_text_quirk#6", Accepted, "the same"),
    (
        "imap-codec/extensions/quota/test_kat_inverse_command_set_quota#3",
        Refused,
        "a limit has 63 bits (RFC 9208 §7, `resource-limit`; RFC 9051 §9, `number64`)",
    ),
    (
        "imaptest/listext/command#3",
        Refused,
        "RECURSIVEMATCH needs a base option (RFC 9051 §6.3.9.1); the script wants the server's BAD",
    ),
    ("imaptest/listext/command#4", Refused, "the same"),
    (
        "mailkit/utils/TestParseInvalidInternalDates/27-OCT-1909-13:41:57--0400",
        Otherwise,
        "a date of 1909 is a date (RFC 9051 §9, `date-year`): it is told",
    ),
    (
        "node-imap/parser/Unknown-line",
        Refused,
        "a tagged reply to what was never asked (RFC 9051 §2.2.1) ends the session: it may be forged",
    ),
    ("node-imap/parser/Unknown-line-with-+-char", Refused, "the same"),
    (
        "emailjs-imap-handler/parse/parser-unit.js/IMAP-Command-Parser-/-MimeTorture-/-should-parse-mimetorture-input",
        Otherwise,
        "the literal of 71 octets in its BODYSTRUCTURE has 72: its line break was LF in the source",
    ),
    ("imapflow/parse/imap-parser-test.js/IMAP-Parser:-mimetorture", Otherwise, "the same"),
    (
        "imapflow/parse/imap-parser-test.js/IMAP-Parser,-FETCH-with-full-range",
        Otherwise,
        "of `<0.65536>` the origin is told (RFC 9051 §7.5.2); the rest is what was asked for, not what came",
    ),
    (
        "imapflow/parse/token-parser-test.js/Token-Parser:-malformed-REFERRAL-with-no-closing-bracket-consumes-the-rest",
        Otherwise,
        "a code whose bracket is not closed (RFC 9051 §7.1) is text",
    ),
    (
        "imap-codec/fetch/test_encode_section#3",
        Refused,
        "a header field has a name (RFC 5322 §2.2)",
    ),
    ("imap-codec/fetch/test_encode_section#4", Refused, "the same"),
    ("imap-codec/fetch/test_encode_section#5", Refused, "the same"),
    ("imap-codec/fetch/test_encode_section#6", Refused, "the same"),
    (
        "swift-nio-imap/encode/AppendMessage/appendMessage#3",
        Otherwise,
        "a day of one digit has a space before it (RFC 9051 §9, `date-day-fixed`)",
    ),
    ("swift-nio-imap/encode/AppendMessage/appendMessage#4", Otherwise, "the same"),
    (
        "swift-nio-imap/encode/AppendOptions/appendOptions#4",
        Refused,
        "no parameters of APPEND are defined beside UTF8 and CATENATE (RFC 4466 §2.6.2)",
    ),
    ("swift-nio-imap/encode/AppendOptions/appendOptions#5", Refused, "the same"),
    (
        "swift-nio-imap/encode/CommandType/command#11",
        Refused,
        "SELECT changes the session, so it is not sent by its name; of its parameters CONDSTORE and QRESYNC are known",
    ),
    ("swift-nio-imap/encode/CommandType/command#12", Refused, "the same"),
    ("swift-nio-imap/encode/CommandType/command#14", Refused, "the same, of EXAMINE"),
    (
        "swift-nio-imap/encode/CommandType/command#18",
        Refused,
        "the name of an entry begins with a slash (RFC 5464 §3.1)",
    ),
    ("swift-nio-imap/encode/CommandType/command#19", Refused, "the same"),
    ("swift-nio-imap/encode/CommandType/command#20", Refused, "the same"),
    (
        "swift-nio-imap/parse/Envelope/envelopeEmailAddresses#3",
        Accepted,
        "each address field of an envelope may be NIL (RFC 9051 §9, `env-from`); the source reads that elsewhere",
    ),
    (
        "swift-nio-imap/parse/HeaderList/headerList#3",
        Accepted,
        "a section's name is handed over as it came: it repeats what was asked for (RFC 9051 §7.5.2)",
    ),
    (
        "swift-nio-imap/parse/ResponsePayload/responsePayload#14",
        Accepted,
        "a mailbox may have no quota root (RFC 9208 §4.2.2 and §7, `quotaroot-response`)",
    ),
    (
        "tokio-imap/rfc3501/test_capability_data#4",
        Accepted,
        "names are told one by one; that IMAP4rev1 is not among them (RFC 9051 §7.2.2) the set of them tells",
    ),
    (
        "tokio-imap/rfc5464/test_solicited_fail_1",
        Accepted,
        "any path is the name of an entry for the grammar (RFC 5464 §5); which are registered is the caller's question",
    ),
    ("tokio-imap/rfc5464/test_solicited_fail_2", Accepted, "the same"),
    ("tokio-imap/rfc5464/test_solicited_fail_3", Accepted, "the same"),
    ("tokio-imap/rfc5464/test_solicited_fail_4", Accepted, "the same"),
];

pub(crate) fn find(id: &str) -> Option<Instead> {
    let found = EXCEPTIONS.iter().find(|(exception, ..)| *exception == id);
    found.map(|(_, instead, _)| *instead)
}
