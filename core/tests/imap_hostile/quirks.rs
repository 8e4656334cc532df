//! What must be told of each line that deployed servers send: the line itself where it is valid, and its well-formed
//! neighbours where it is not. Written by hand from the wire, in the words of `told.rs`.

/// What must be in flight when the line comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    /// A mailbox is selected, and nothing is in flight.
    Selected,
    /// ENABLE awaits its answer.
    Enabling,
    /// A literal awaits its `+`.
    Literal,
}

use Context::{Enabling, Literal, Selected};

/// A line of the list.
pub(crate) struct Row {
    pub(crate) id: &'static str,
    pub(crate) context: Context,
    /// What is told, in this order. Of a valid line this is all.
    pub(crate) told: &'static [&'static str],
}

const fn row(id: &'static str, context: Context, told: &'static [&'static str]) -> Row {
    Row { id, context, told }
}

/// Lines of class *quirk* that need no mending, and so raise no quirk: they keep the grammar.
pub(crate) const KEEP_THE_GRAMMAR: &[(&str, &str)] = &[
    ("status-empty-list", "the list may be empty (RFC 9051 §9, `mailbox-data`)"),
    ("capability-no-imap4rev1", "each name is an atom (RFC 9051 §9, `capability`)"),
    ("capability-literal-space-plus", "`LITERAL` and `+` are atoms (RFC 9051 §9, `capability`)"),
    ("list-nil-name", "`NIL` as an astring is a mailbox of that name (RFC 9051 §4.5)"),
    ("fetch-body-nul", "a body's octets are counted and handed on, not read; nothing is mended"),
    ("fetch-modseq-zero", "RFC 7162 §3.1.2.2 has 0 for a mailbox without mod-sequences"),
];

/// FETCH lines to which nothing can be appended, since what follows belongs to what is malformed.
pub(crate) const NO_NEIGHBOUR_BEHIND: &[&str] = &["fetch-body-no-value", "fetch-empty"];

macro_rules! fetch {
    ($($item:literal),*) => { &["fetch 1", $($item,)* "fetch-end 1"] };
}

const ENVELOPE: &str = r#"item ENVELOPE NIL "s" (<"a" "b"@"c">) () () () () () NIL NIL"#;

pub(crate) const ROWS: &[Row] = &[
    row("status-trailing-space", Selected, &[r#"mailbox "Sent" (UidNext(107))"#]),
    row("status-empty-list", Selected, &[r#"mailbox "INBOX" ()"#]),
    row(
        "search-trailing-space",
        Selected,
        &["begin Search", "found 1", "found 2", "found 3", "end Search"],
    ),
    row("sort-trailing-space", Selected, &["begin Sort", "found 5", "found 3", "end Sort"]),
    row(
        "capability-trailing-space",
        Selected,
        &["begin Capability", "capability IMAP4rev1", "end Capability"],
    ),
    row(
        "capability-no-imap4rev1",
        Selected,
        &["begin Capability", "capability IMAPrev1", "capability IDLE", "end Capability"],
    ),
    row(
        "capability-literal-space-plus",
        Selected,
        &["begin Capability", "capability IMAP4rev1", "capability IDLE", "end Capability"],
    ),
    row("id-trailing-space", Selected, &[r#"id ("name"="x" "version"="3")"#]),
    row("quota-64bit", Selected, &[r#"quota "" ("STORAGE" 10/15728640000000)"#]),
    row("ok-code-without-text", Selected, &[r#"status Ok [HighestModSeq(102784)] """#]),
    row("ok-unseen-without-text", Selected, &[r#"status Ok [Unseen(27)] """#]),
    row("uidnext-zero", Selected, &[r#"status Ok [UidNext(0)] "next""#]),
    row("uidvalidity-zero", Selected, &[r#"status Ok [UidValidity(0)] "valid""#]),
    row("unseen-zero", Selected, &[r#"status Ok [Unseen(0)] "none""#]),
    row("text-8bit", Selected, &[r#"status Ok "Logged in \xe2\x80\x93 go ahead!""#]),
    row("text-empty-code", Selected, &[r#"status Ok "[] hello""#]),
    row(
        "permanentflags-trailing-space",
        Selected,
        &[r#"status Ok [PermanentFlags (\Answered \Seen $Forwarded)] "Limited""#],
    ),
    row(
        "flags-star",
        Selected,
        &["begin Flags", r"flag \Answered", r"flag \Seen", r"flag \*", "end Flags"],
    ),
    row(
        "flags-bracket",
        Selected,
        &["begin Flags", "flag OIB-Seen-[Gmail]/All", r"flag \Seen", "end Flags"],
    ),
    row("continue-code", Literal, &[r#"continuation [Alert] "go""#]),
    row("exists-double-space", Selected, &["exists 1843"]),
    row("copyuid-bare", Selected, &[]),
    row("copyuid-star-code", Selected, &[]),
    row("list-nil-name", Selected, &[r#"list (\HasNoChildren) "/" "NIL""#]),
    row("list-tab-name", Selected, &[r#"list (\HasNoChildren) "/" "Foo\tBar""#]),
    row("list-8bit-name", Selected, &[r#"list () "/" "Entw\xc3\xbcrfe""#]),
    row("list-backslash-delim", Selected, &[r#"list () "\\" "INBOX""#]),
    row("fetch-zero-seq", Selected, &["fetch 0", r"item FLAGS (\Seen)", "fetch-end 0"]),
    row("fetch-modseq-negative", Selected, fetch!["item UID 5"]),
    row("fetch-modseq-zero", Selected, fetch!["item UID 5"]),
    row("fetch-trailing-space", Selected, fetch!["item UID 5", r"item FLAGS (\Seen)"]),
    row(
        "fetch-double-space",
        Selected,
        &[
            "fetch 4",
            "item UID 7",
            "body RFC822.HEADER 2",
            "data \"ab\"",
            "body-end",
            "fetch-end 4",
        ],
    ),
    row("fetch-empty", Selected, fetch![]),
    row(
        "fetch-gm-labels",
        Selected,
        fetch![r#"item X-GM-LABELS ("\\Important" "+IMNews" "a b")"#, "item UID 5"],
    ),
    row("fetch-body-no-value", Selected, fetch!["item UID 5"]),
    row(
        "fetch-body-empty-literal",
        Selected,
        fetch!["body BODY[TEXT] 0", "body-end", "item UID 5"],
    ),
    row(
        "fetch-body-uid-after",
        Selected,
        fetch!["body BODY[] 2", "data \"ab\"", "body-end", "item UID 5"],
    ),
    row(
        "fetch-body-nul",
        Selected,
        fetch!["item UID 5", "body BODY[] 3", r#"data "a\x00b""#, "body-end"],
    ),
    row(
        "fetch-body-literal-nonsync",
        Selected,
        fetch!["item UID 5", "body BODY[] 2", "data \"ab\"", "body-end"],
    ),
    row(
        "fetch-body-literal8",
        Selected,
        fetch!["item UID 5", "body BINARY[1] 3", r#"data "a\x00b""#, "body-end"],
    ),
    row(
        "fetch-body-literal-lf",
        Selected,
        fetch!["item UID 5", "body BODY[] 2", "data \"ab\"", "body-end"],
    ),
    row(
        "fetch-body-crlf-after",
        Selected,
        fetch!["item UID 5", "body BODY[] 2", "data \"ab\"", "body-end"],
    ),
    row(
        "fetch-body-header-fields-quoted",
        Selected,
        fetch![r#"body BODY[HEADER.FIELDS (\"From\" SUBJECT)] 2"#, r#"data "\r\n""#, "body-end"],
    ),
    row(
        "fetch-partial",
        Selected,
        fetch!["item UID 5", "body BODY[]<0> 2", "data \"ab\"", "body-end"],
    ),
    row(
        "envelope-spaces-between-addresses",
        Selected,
        fetch![r#"item ENVELOPE NIL "s" (<"a" "b"@"c"> <"d" "e"@"f">) () () () () () NIL NIL"#],
    ),
    row(
        "envelope-8bit-quoted",
        Selected,
        fetch![
            r#"item ENVELOPE NIL "Test" (<"Cl\xc3\xa9ment" "c"@"x.org">) () () () () () NIL NIL"#
        ],
    ),
    row(
        "envelope-latin1-literal",
        Selected,
        fetch![r#"item ENVELOPE NIL "\xfcx" (<"a" "b"@"c">) () () () () () NIL NIL"#],
    ),
    row(
        "envelope-unquoted-atoms",
        Selected,
        fetch![
            r#"item ENVELOPE NIL "s" (<"ProtonMail" "support"@"protonmail.ch">) () () () () () NIL NIL"#
        ],
    ),
    row("envelope-nil-address", Selected, &["fetch 1", ENVELOPE, "fetch-end 1"]),
    row("envelope-no-in-reply-to", Selected, &["fetch 1", ENVELOPE, "fetch-end 1"]),
    row("envelope-double-parens", Selected, &["fetch 1", ENVELOPE, "fetch-end 1"]),
    row(
        "envelope-unescaped-quotes",
        Selected,
        fetch![
            r#"item ENVELOPE NIL "s" (<"a" "b"@"c">) () () () () () NIL "<\"id\"@x.org>""#,
            "item UID 5"
        ],
    ),
    row(
        "envelope-bare-lf-quoted",
        Selected,
        fetch![r#"item ENVELOPE NIL "a\r\n b" () () () () () () NIL NIL"#, "item UID 5"],
    ),
    row("envelope-bad-escape", Selected, fetch!["item UID 5"]),
    row(
        "bs-enc-nil",
        Selected,
        fetch![
            r#"item BODYSTRUCTURE 1="text"/"plain" id=NIL description=NIL encoding="" octets=5 lines=1"#
        ],
    ),
    row(
        "bs-boundary-nil",
        Selected,
        fetch![
            r#"item BODYSTRUCTURE { 1="text"/"plain" id=NIL description=NIL encoding="7bit" octets=5 lines=1 } "alternative";"boundary"="""#
        ],
    ),
    row(
        "bs-lines-negative",
        Selected,
        fetch![
            r#"item BODYSTRUCTURE 1="text"/"plain" id=NIL description=NIL encoding="7bit" octets=5 lines=NIL"#
        ],
    ),
    row(
        "bs-lines-missing",
        Selected,
        fetch![
            r#"item BODYSTRUCTURE 1="text"/"plain" id=NIL description=NIL encoding="7bit" octets=5 lines=NIL"#
        ],
    ),
    row(
        "bs-dsp-string",
        Selected,
        fetch![
            r#"item BODYSTRUCTURE 1="text"/"plain" id=NIL description=NIL encoding="7bit" octets=5 lines=1 disposition="inline""#
        ],
    ),
    row(
        "bs-all-nil-leaf",
        Selected,
        fetch![
            r#"item BODYSTRUCTURE 1=""/"" id=NIL description=NIL encoding="7BIT" octets=0 lines=NIL"#
        ],
    ),
    row(
        "bs-empty-type",
        Selected,
        fetch![
            r#"item BODYSTRUCTURE 1=""/"X-ZIP" id=NIL description=NIL encoding="base64" octets=5 lines=NIL"#
        ],
    ),
    row(
        "bs-space-between-parts",
        Selected,
        fetch![
            r#"item BODYSTRUCTURE { 1="text"/"plain" id=NIL description=NIL encoding="7bit" octets=5 lines=1 2="text"/"html" id=NIL description=NIL encoding="7bit" octets=5 lines=1 } "mixed""#
        ],
    ),
    row(
        "bs-params-empty",
        Selected,
        fetch![
            r#"item BODYSTRUCTURE 1="text"/"plain" id=NIL description=NIL encoding="7bit" octets=5 lines=1"#
        ],
    ),
    row("bs-after-paren", Selected, fetch!["item UID 5"]),
    row(
        "bs-nested-3",
        Selected,
        fetch![
            r#"item BODYSTRUCTURE { { { 1.1.1="text"/"plain" id=NIL description=NIL encoding="7bit" octets=5 lines=1 1.1.2="text"/"html" id=NIL description=NIL encoding="7bit" octets=5 lines=1 } "alternative" 1.2="image"/"png" id=NIL description=NIL encoding="base64" octets=5 lines=NIL } "related" 2="image"/"png" id=NIL description=NIL encoding="base64" octets=5 lines=NIL } "mixed""#
        ],
    ),
    row(
        "enabled",
        Enabling,
        &["begin Enabled", "enabled CONDSTORE", "enabled UTF8=ACCEPT", "end Enabled"],
    ),
    row("list-oldname", Selected, &[r#"list () "/" "B" oldname="A""#]),
    row("list-extended", Selected, &[r#"list (\Subscribed) "/" "B" childinfo=("SUBSCRIBED")"#]),
    row("code-with-args", Selected, &[r#"status Ok [Unknown "X-FOO" "bar (baz)"] "text""#]),
    row(
        "metadata",
        Selected,
        &[r#"metadata "INBOX" ("/shared/comment"="x" "/private/comment"=NIL)"#],
    ),
    row("namespace", Selected, &[r#"namespace ("":"/") () ()"#]),
    row("acl", Selected, &[r#"acl "INBOX" ("fred"="rwipslxetad")"#]),
    row("jmapaccess", Selected, &[r#"status Ok [Unknown "JMAPACCESS" ""] "ok""#]),
];
