//! The examples of the RFCs, octet for octet. Where an RFC writes a string otherwise than it is
//! written here (quoted or as an atom), the same string is meant.

use super::{Emit, encoded, text};
use crate::error::EmitError;
use crate::imap::command::encoder::{Encoder, Literals};
use crate::imap::command::*;
use crate::imap::{Attribute, BodySection, Date, DateTime, Flag, Mailbox, Part, Partial, Sequence};

fn assert_all(cases: &[(&str, Emit<'_>)]) {
    for (expected, emit) in cases {
        assert_eq!(text(*emit).as_deref(), Ok(*expected));
    }
}

fn name(name: &str) -> Mailbox<'_> {
    Mailbox::Name(name)
}

const fn set(set: &str) -> Sequence<'_> {
    Sequence::Text(set.as_bytes())
}

fn date(year: u16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap()
}

#[test]
fn kinds_have_the_names_that_are_sent() {
    assert_eq!(CommandKind::StartTls.name(), "STARTTLS");
    assert_eq!(CommandKind::GetQuotaRoot.name(), "GETQUOTAROOT");
    assert_eq!(CommandKind::Raw.name(), "");
    assert_eq!(size_of::<CommandKind>(), 1);
}

#[test]
fn connection() {
    assert_all(&[
        // RFC 2971 §3.1
        (r#"ID ("name" "sodr" "version" "19.34" "vendor" "Pink Floyd Music Limited")"#, &|line| {
            general::id(
                line,
                &[
                    ("name", Some("sodr")),
                    ("version", Some("19.34")),
                    ("vendor", Some("Pink Floyd Music Limited")),
                ],
            )
        }),
        ("ID NIL", &|line| general::id(line, &[])),
        (r#"ID ("os" NIL)"#, &|line| general::id(line, &[("os", None)])),
        // RFC 5161 §3.1
        ("ENABLE CONDSTORE X-GOOD-IDEA", &|line| {
            general::enable(line, &["CONDSTORE", "X-GOOD-IDEA"])
        }),
        ("ENABLE UTF8=ACCEPT", &|line| general::enable(line, &["UTF8=ACCEPT"])),
        ("LANGUAGE", &|line| general::language(line, &[])),
        ("LANGUAGE FR-CA EN-CA", &|line| general::language(line, &["FR-CA", "EN-CA"])),
    ]);
    assert_eq!(text(&|line| general::enable(line, &[])), Err(EmitError::Empty));
    assert_eq!(
        text(&|line| general::enable(line, &["A B"])),
        Err(EmitError::BadArgument { at: 1 })
    );
}

/// RFC 2971 §3.3.
#[test]
fn id_has_limits() {
    let fields = [("f", None); 31];
    assert_eq!(text(&|line| general::id(line, &fields)), Err(EmitError::TooLong { limit: 30 }));
    assert!(text(&|line| general::id(line, &fields[..30])).is_ok());
    for (octets, limit) in [(31, 30), (1025, 1024)] {
        let long = "x".repeat(octets);
        let short = &long[1..];
        let with = |text: &str| match limit {
            30 => super::text(&|line| general::id(line, &[(text, None)])),
            _ => super::text(&|line| general::id(line, &[("f", Some(text))])),
        };
        assert_eq!(with(&long), Err(EmitError::TooLong { limit }));
        assert!(with(short).is_ok());
    }
}

#[test]
fn mailboxes_by_name() {
    assert_all(&[
        // RFC 9051 §6.3.2–8
        ("SELECT INBOX", &|line| mailboxes::one(line, b"SELECT", name("INBOX"))),
        ("EXAMINE blurdybloop", &|line| mailboxes::one(line, b"EXAMINE", name("blurdybloop"))),
        ("CREATE owatagusiam/", &|line| mailboxes::create(line, name("owatagusiam/"), &[])),
        ("RENAME INBOX old-mail", &|line| mailboxes::rename(line, name("INBOX"), name("old-mail"))),
        ("SUBSCRIBE #news.comp.mail.mime", &|line| {
            mailboxes::one(line, b"SUBSCRIBE", name("#news.comp.mail.mime"))
        }),
        // RFC 3501 §5.1.3
        ("SELECT ~peter/mail/&U,BTFw-/&ZeVnLIqe-", &|line| {
            mailboxes::one(line, b"SELECT", name("~peter/mail/台北/日本語"))
        }),
        // RFC 6154 §5.2
        (r"CREATE MySpecial (USE (\Drafts \Sent))", &|line| {
            mailboxes::create(line, name("MySpecial"), &[Attribute::Drafts, Attribute::Sent])
        }),
        (r#"SELECT "a b""#, &|line| mailboxes::one(line, b"SELECT", name("a b"))),
        (r#"SELECT "NIL""#, &|line| mailboxes::one(line, b"SELECT", name("NIL"))),
        (r#"SELECT """#, &|line| mailboxes::one(line, b"SELECT", name(""))),
        ("SELECT NILS", &|line| mailboxes::one(line, b"SELECT", name("NILS"))),
        // RFC 9051 §9: `]` may stand in an astring.
        ("SELECT [Gmail]/All", &|line| mailboxes::one(line, b"SELECT", name("[Gmail]/All"))),
    ]);
}

/// RFC 9051 §5.1: no control characters, no line separators.
#[test]
fn names_that_may_not_be_are_refused() {
    for (bad, at) in [
        ("INBOX\r\nT9 DELETE INBOX", 5),
        ("\0", 0),
        ("a\tb", 1),
        ("a\u{7f}", 1),
        ("é\u{85}", 2),
        ("é\u{9f}", 2),
        ("a\u{2028}", 1),
        ("a\u{2029}", 1),
    ] {
        let refused = Err(EmitError::ForbiddenOctet { at });
        assert_eq!(text(&|line| mailboxes::one(line, b"SELECT", name(bad))), refused, "{bad:?}");
        assert_eq!(text(&|line| list::plain(line, b"LIST", name(""), name(bad))), refused);
    }
    let received = Mailbox::Raw(b"a\r\nb");
    assert!(text(&|line| mailboxes::one(line, b"SELECT", received)).is_ok());
}

#[cfg(feature = "imap-condstore")]
#[test]
fn select_with_condstore_and_qresync() {
    let known = |mod_seq, uids, matches| SelectOptions {
        condstore: false,
        qresync: Some(QResync { uid_validity: 67_890_007, mod_seq, known_uids: uids, matches }),
    };
    assert_all(&[
        // RFC 7162 §3.1.8
        ("SELECT INBOX (CONDSTORE)", &|line| {
            let options = SelectOptions { condstore: true, qresync: None };
            mailboxes::select(line, b"SELECT", name("INBOX"), &options)
        }),
        // RFC 7162 §3.2.5.1–2
        ("SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211,214:541))", &|line| {
            let options = known(20_050_715_194_045_000, Some(set("41,43:211,214:541")), None);
            mailboxes::select(line, b"SELECT", name("INBOX"), &options)
        }),
        (
            "SELECT INBOX (QRESYNC (67890007 90060115194045000 1:29997 (5000,7500,9000,9990:9999 \
             15000,22500,27000,29970,29973,29976,29979,29982,29985,29988,29991,29994,29997)))",
            &|line| {
                let numbers = set("5000,7500,9000,9990:9999");
                let uids = set(
                    "15000,22500,27000,29970,29973,29976,29979,29982,29985,29988,29991,29994,29997",
                );
                let options =
                    known(90_060_115_194_045_000, Some(set("1:29997")), Some((numbers, uids)));
                mailboxes::select(line, b"SELECT", name("INBOX"), &options)
            },
        ),
        ("EXAMINE INBOX (QRESYNC (67890007 1))", &|line| {
            mailboxes::select(line, b"EXAMINE", name("INBOX"), &known(1, None, None))
        }),
    ]);
    // RFC 7162 §7: neither a mod-sequence of 0 nor `*` among what is known.
    for options in [
        known(0, None, None),
        known(1 << 63, None, None),
        known(1, Some(Sequence::ALL), None),
        known(1, Some(set("1:*")), None),
        known(1, Some(Sequence::Saved), None),
        known(1, None, Some((set("1"), Sequence::Last))),
    ] {
        let outcome = text(&|line| mailboxes::select(line, b"SELECT", name("x"), &options));
        assert_eq!(outcome, Err(EmitError::BadArgument { at: 0 }), "{options:?}");
    }
}

#[test]
fn list() {
    use ListReturn::{Children, Status, Subscribed};
    use ListSelection::{RecursiveMatch, Remote, SpecialUse};
    fn with<'l>(
        selection: &'l [ListSelection],
        patterns: &'l [Mailbox<'l>],
        returns: &'l [ListReturn<'l>],
    ) -> ListOptions<'l> {
        ListOptions { selection, reference: Mailbox::Name(""), patterns, returns }
    }
    let (all, top) = ([name("*")], [name("%")]);
    let unread = [StatusItem::Messages, StatusItem::Unseen];
    assert_all(&[
        // RFC 9051 §6.3.9.5–7
        (r#"LIST "" """#, &|line| list::plain(line, b"LIST", name(""), name(""))),
        (r#"LIST #news.comp.mail.misc """#, &|line| {
            list::plain(line, b"LIST", name("#news.comp.mail.misc"), name(""))
        }),
        (r#"LIST ~/Mail/ "%""#, &|line| list::plain(line, b"LIST", name("~/Mail/"), name("%"))),
        (r#"LIST (SUBSCRIBED) "" "*""#, &|line| {
            list::list(line, &with(&[ListSelection::Subscribed], &all, &[]))
        }),
        (r#"LIST (REMOTE) "" "%" RETURN (CHILDREN)"#, &|line| {
            list::list(line, &with(&[Remote], &top, &[Children]))
        }),
        (r#"LIST (REMOTE SUBSCRIBED) "" "*""#, &|line| {
            list::list(line, &with(&[Remote, ListSelection::Subscribed], &all, &[]))
        }),
        (r#"LIST (REMOTE) "" "*" RETURN (SUBSCRIBED)"#, &|line| {
            list::list(line, &with(&[Remote], &all, &[Subscribed]))
        }),
        (r#"LIST (SUBSCRIBED RECURSIVEMATCH) "" "%""#, &|line| {
            list::list(line, &with(&[ListSelection::Subscribed, RecursiveMatch], &top, &[]))
        }),
        (r#"LIST "" ("INBOX" "Drafts" "Sent/%")"#, &|line| {
            let patterns = [name("INBOX"), name("Drafts"), name("Sent/%")];
            list::list(line, &with(&[], &patterns, &[]))
        }),
        // RFC 5819 §3
        (r#"LIST "" "%" RETURN (STATUS (MESSAGES UNSEEN))"#, &|line| {
            list::list(line, &with(&[], &top, &[Status(&unread)]))
        }),
        // RFC 6154 §5.1
        (r#"LIST (SPECIAL-USE) "" "*""#, &|line| list::list(line, &with(&[SpecialUse], &all, &[]))),
        (r#"LIST "" "%" RETURN (SPECIAL-USE)"#, &|line| {
            list::list(line, &with(&[], &top, &[ListReturn::SpecialUse]))
        }),
        // RFC 3501 §6.3.9
        (r#"LSUB #news. "comp.mail.*""#, &|line| {
            list::plain(line, b"LSUB", name("#news."), name("comp.mail.*"))
        }),
        // RFC 9051 §6.3.11
        ("STATUS blurdybloop (UIDNEXT MESSAGES)", &|line| {
            list::status(line, name("blurdybloop"), &[StatusItem::UidNext, StatusItem::Messages])
        }),
    ]);
    // RFC 9051 §6.3.9.1: RECURSIVEMATCH neither alone nor with REMOTE only.
    for (selection, at) in [(&[RecursiveMatch][..], 0), (&[Remote, RecursiveMatch], 1)] {
        let outcome = text(&|line| list::list(line, &with(selection, &all, &[])));
        assert_eq!(outcome, Err(EmitError::BadArgument { at }));
    }
    let nothing = [with(&[], &[], &[]), with(&[], &all, &[Status(&[])])];
    for options in nothing {
        assert_eq!(text(&|line| list::list(line, &options)), Err(EmitError::Empty));
    }
    assert_eq!(text(&|line| list::status(line, name("x"), &[])), Err(EmitError::Empty));
}

#[cfg(all(feature = "imap-acl", feature = "imap-metadata"))]
#[test]
fn list_with_rights_and_metadata() {
    let options = ListOptions {
        selection: &[],
        reference: name(""),
        patterns: &[name("%")],
        returns: &[ListReturn::MyRights, ListReturn::Metadata(&["/shared/vendor/x"])],
    };
    assert_all(&[(
        r#"LIST "" "%" RETURN (MYRIGHTS METADATA (/shared/vendor/x))"#,
        &|line: &mut Encoder<'_>| list::list(line, &options),
    )]);
}

#[test]
fn fetch_and_its_items() {
    let plain = FetchOptions::default();
    let fetch = |line: &mut Encoder<'_>, of: Sequence<'_>, items: &[FetchItem<'_>]| {
        fetch::fetch(line, false, of, &items, &plain)
    };
    let body = |section, peek, partial| FetchItem::BodySection { section, peek, partial };
    assert_all(&[
        // RFC 9051 §6.4.5
        ("FETCH 2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])", &|line| {
            let fields = body(BodySection::fields(&["DATE", "FROM"]), false, None);
            fetch(line, (2..=4).into(), &[FetchItem::Flags, fields])
        }),
        ("FETCH 12 FULL", &|line| fetch(line, 12.into(), &[FetchItem::Full])),
        ("FETCH 1:* ALL", &|line| fetch(line, Sequence::ALL, &[FetchItem::All])),
        ("FETCH * FAST", &|line| fetch(line, Sequence::Last, &[FetchItem::Fast])),
        ("FETCH 1 (BODY.PEEK[4.2.HEADER]<0.2048> BODY[] BODY[TEXT] BODY.PEEK[1.MIME])", &|line| {
            let of_part = |path, part| BodySection { path, part };
            let first = Some(Partial { offset: 0, octets: 2048 });
            fetch(
                line,
                1.into(),
                &[
                    body(of_part(&[4, 2], Part::Header), true, first),
                    body(BodySection::WHOLE, false, None),
                    body(BodySection::TEXT, false, None),
                    body(of_part(&[1], Part::Mime), true, None),
                ],
            )
        }),
        (
            "FETCH 7 (UID ENVELOPE INTERNALDATE RFC822.SIZE BODY BODYSTRUCTURE RFC822 \
             RFC822.HEADER RFC822.TEXT EMAILID THREADID SAVEDATE X-UNKNOWN)",
            &|line| {
                use FetchItem::*;
                let items = [
                    Uid,
                    Envelope,
                    InternalDate,
                    Rfc822Size,
                    Body,
                    BodyStructure,
                    Rfc822,
                    Rfc822Header,
                    Rfc822Text,
                    EmailId,
                    ThreadId,
                    SaveDate,
                    Other(b"X-UNKNOWN"),
                ];
                fetch(line, 7.into(), &items)
            },
        ),
        // RFC 3516 §4.2–3
        ("FETCH 1 (BINARY[1.2]<5.10> BINARY.PEEK[] BINARY.SIZE[3])", &|line| {
            let partial = Some(Partial { offset: 5, octets: 10 });
            let items = [
                FetchItem::Binary { part: &[1, 2], peek: false, partial },
                FetchItem::Binary { part: &[], peek: true, partial: None },
                FetchItem::BinarySize(&[3]),
            ];
            fetch(line, 1.into(), &items)
        }),
        // RFC 8970 §3
        ("FETCH 1 (RFC822.SIZE PREVIEW (LAZY))", &|line| {
            fetch(line, 1.into(), &[FetchItem::Rfc822Size, FetchItem::Preview { lazy: true }])
        }),
        ("FETCH 1 (PREVIEW)", &|line| fetch(line, 1.into(), &[FetchItem::Preview { lazy: false }])),
        // RFC 9394 §3.3
        ("UID FETCH 25900:26600 (UID FLAGS) (PARTIAL -1:-30)", &|line| {
            let options = FetchOptions { partial: Some(PartialRange::FromLast(1, 30)), ..plain };
            let items = [FetchItem::Uid, FetchItem::Flags];
            fetch::fetch(line, true, (25_900..=26_600).into(), &&items[..], &options)
        }),
    ]);
}

/// RFC 9051 §9, `fetch`: ALL, FAST and FULL stand alone.
#[test]
fn fetch_refuses_what_cannot_be() {
    use FetchItem::{All, Binary, BodySection as Body, Fast, Flags, Full, Other};
    let none = Partial { offset: 0, octets: 0 };
    let nowhere = BodySection { path: &[1, 0], part: Part::Whole };
    for (items, error) in [
        (&[][..], EmitError::Empty),
        (&[Flags, All], EmitError::BadArgument { at: 1 }),
        (&[Fast, Full], EmitError::BadArgument { at: 0 }),
        (&[Other(b"")], EmitError::Empty),
        (&[Other(b"FLAGS)")], EmitError::BadArgument { at: 5 }),
        (&[Other(b"X\r\nA LOGOUT")], EmitError::ForbiddenOctet { at: 1 }),
        (&[Body { section: nowhere, peek: true, partial: None }], EmitError::BadArgument { at: 1 }),
        (
            &[Body { section: BodySection::WHOLE, peek: true, partial: Some(none) }],
            EmitError::BadArgument { at: 0 },
        ),
        (&[Binary { part: &[0], peek: true, partial: None }], EmitError::BadArgument { at: 0 }),
    ] {
        let emit = |line: &mut Encoder<'_>| {
            fetch::fetch(line, true, 1.into(), &items, &Default::default())
        };
        assert_eq!(text(&emit), Err(error), "{items:?}");
    }
    // RFC 9394 §3.3: PARTIAL is of UID FETCH.
    for (uid, range) in [(false, (1, 2)), (true, (0, 2)), (true, (2, 0))] {
        let partial = Some(PartialRange::FromFirst(range.0, range.1));
        let options = FetchOptions { partial, ..Default::default() };
        let emit =
            |line: &mut Encoder<'_>| fetch::fetch(line, uid, 1.into(), &&[Flags][..], &options);
        assert_eq!(text(&emit), Err(EmitError::BadArgument { at: 0 }), "{uid} {range:?}");
    }
}

#[cfg(feature = "imap-condstore")]
#[test]
fn fetch_of_changes() {
    let of = |uid, changed_since, vanished, partial| {
        let options = FetchOptions { changed_since, vanished, partial };
        text(&move |line| {
            fetch::fetch(line, uid, (300..=500).into(), &&[FetchItem::Flags][..], &options)
        })
    };
    // RFC 7162 §3.1.4.1, §3.2.6
    assert_eq!(
        of(true, Some(12_345), false, None).unwrap(),
        "UID FETCH 300:500 (FLAGS) (CHANGEDSINCE 12345)"
    );
    assert_eq!(
        of(true, Some(12_345), true, None).unwrap(),
        "UID FETCH 300:500 (FLAGS) (CHANGEDSINCE 12345 VANISHED)"
    );
    assert_eq!(
        of(true, Some(98_305), false, Some(PartialRange::FromFirst(1, 100))).unwrap(),
        "UID FETCH 300:500 (FLAGS) (CHANGEDSINCE 98305 PARTIAL 1:100)"
    );
    for (uid, since, vanished) in
        [(true, None, true), (false, Some(1), true), (true, Some(1 << 63), false)]
    {
        assert_eq!(of(uid, since, vanished, None), Err(EmitError::BadArgument { at: 0 }));
    }
    let items = [FetchItem::Uid, FetchItem::ModSeq];
    assert_eq!(
        text(&|line| fetch::fetch(line, false, 7.into(), &&items[..], &Default::default()))
            .unwrap(),
        "FETCH 7 (UID MODSEQ)"
    );
}

#[test]
fn changing_messages() {
    assert_all(&[
        // RFC 9051 §6.4.6–9
        (r"STORE 2:4 +FLAGS (\Deleted)", &|line| {
            messages::store(line, false, (2..=4).into(), &Store::add(&[Flag::Deleted]))
        }),
        (r"UID STORE 7 -FLAGS.SILENT (\Seen $Junk)", &|line| {
            let what = Store::remove(&[Flag::Seen, Flag::JUNK]).silent();
            messages::store(line, true, 7.into(), &what)
        }),
        ("STORE 7 FLAGS ()", &|line| messages::store(line, false, 7.into(), &Store::replace(&[]))),
        ("COPY 2:4 MEETING", &|line| {
            messages::to_mailbox(line, b"COPY", (2..=4).into(), name("MEETING"))
        }),
        ("UID MOVE 42:69 foo", &|line| {
            messages::to_mailbox(line, b"UID MOVE", (42..=69).into(), name("foo"))
        }),
        // RFC 4315 §2.1
        ("UID EXPUNGE 3000:3002", &|line| messages::uid_expunge(line, (3000..=3002).into())),
    ]);
    for flag in [Flag::Recent, Flag::Any, Flag::Keyword(b"a b"), Flag::Keyword(b"a\r\nb")] {
        assert!(text(&|line| messages::store(line, true, 1.into(), &Store::add(&[flag]))).is_err());
    }
    let zero = text(&|line| messages::uid_expunge(line, 0.into()));
    assert_eq!(zero, Err(EmitError::MessageNumberZero));
}

#[cfg(feature = "imap-condstore")]
#[test]
fn store_unless_changed() {
    assert_all(&[
        // RFC 7162 §3.1.3
        (r"UID STORE 6,4,8 (UNCHANGEDSINCE 12121230045) +FLAGS.SILENT (\Deleted)", &|line| {
            let what = Store::add(&[Flag::Deleted]).silent().unchanged_since(12_121_230_045);
            messages::store(line, true, set("6,4,8"), &what)
        }),
        (r"STORE * (UNCHANGEDSINCE 12121230045) +FLAGS.SILENT (\Deleted $Processed)", &|line| {
            let flags = [Flag::Deleted, Flag::Keyword(b"$Processed")];
            let what = Store::add(&flags).silent().unchanged_since(12_121_230_045);
            messages::store(line, false, Sequence::Last, &what)
        }),
        ("STORE 12 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($MDNSent)", &|line| {
            let what = Store::add(&[Flag::MDN_SENT]).silent().unchanged_since(0);
            messages::store(line, false, 12.into(), &what)
        }),
    ]);
}

#[cfg(feature = "imap-gmail")]
#[test]
fn gmail() {
    assert_all(&[
        ("STORE 1 +X-GM-LABELS (foo)", &|line| {
            messages::store(line, false, 1.into(), &Store::add_labels(&[name("foo")]))
        }),
        (r#"UID STORE 1 -X-GM-LABELS.SILENT (\Inbox "Muy Importante" "\\a b")"#, &|line| {
            let labels = [name(r"\Inbox"), name("Muy Importante"), name(r"\a b")];
            messages::store(line, true, 1.into(), &Store::remove_labels(&labels).silent())
        }),
        ("UID STORE 1 X-GM-LABELS (caf&AOk-)", &|line| {
            messages::store(line, true, 1.into(), &Store::replace_labels(&[name("café")]))
        }),
        (
            "UID SEARCH X-GM-RAW \"has:attachment in:unread\" X-GM-MSGID 1278455344230334865 \
             X-GM-THRID 1266894439832287888 X-GM-LABELS foo",
            &|line| {
                let keys = [
                    SearchKey::GmailRaw(b"has:attachment in:unread"),
                    SearchKey::GmailMessageId(1_278_455_344_230_334_865),
                    SearchKey::GmailThreadId(1_266_894_439_832_287_888),
                    SearchKey::GmailLabel(name("foo")),
                ];
                search::search(line, true, &&keys[..], &Default::default())
            },
        ),
        ("FETCH 1 (X-GM-MSGID X-GM-THRID X-GM-LABELS)", &|line| {
            use FetchItem::{GmailLabels, GmailMessageId, GmailThreadId};
            let items = [GmailMessageId, GmailThreadId, GmailLabels];
            fetch::fetch(line, false, 1.into(), &&items[..], &Default::default())
        }),
    ]);
}

fn keys(keys: &[SearchKey<'_>]) -> Result<String, EmitError> {
    text(&|line| search::search(line, false, &keys, &SearchOptions::default()))
}

#[test]
fn search_keys() {
    use SearchKey::*;
    type Set<'s> = crate::imap::Sequence<'s>;
    let cases: &[(&str, &[SearchKey<'_>])] = &[
        // RFC 9051 §6.4.4.4
        (r#"TEXT "string not in mailbox""#, &[Text(b"string not in mailbox")]),
        (
            r#"FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith""#,
            &[Flagged, Since(date(1994, 2, 1)), Not(&From(b"Smith"))],
        ),
        (
            "ALL ANSWERED DELETED DRAFT FLAGGED NEW OLD RECENT SEEN UNANSWERED UNDELETED UNDRAFT \
             UNFLAGGED UNSEEN SAVEDATESUPPORTED",
            &[
                All,
                Answered,
                Deleted,
                Draft,
                Flagged,
                New,
                Old,
                Recent,
                Seen,
                Unanswered,
                Undeleted,
                Undraft,
                Unflagged,
                Unseen,
                SaveDateSupported,
            ],
        ),
        (
            "BCC \"a\" BODY \"b\" CC \"c\" FROM \"d\" SUBJECT \"e\" TO \"f\" HEADER \"g\" \"\" \
             KEYWORD $h UNKEYWORD i",
            &[
                Bcc(b"a"),
                Body(b"b"),
                Cc(b"c"),
                From(b"d"),
                Subject(b"e"),
                To(b"f"),
                Header { field: b"g", value: b"" },
                Keyword(b"$h"),
                Unkeyword(b"i"),
            ],
        ),
        (
            "BEFORE 2-Jan-2000 ON 3-Mar-2000 SENTBEFORE 4-Apr-2000 SENTON 5-May-2000 SENTSINCE \
             16-Jun-2000 LARGER 5 SMALLER 4294967296",
            &[
                Before(date(2000, 1, 2)),
                On(date(2000, 3, 3)),
                SentBefore(date(2000, 4, 4)),
                SentOn(date(2000, 5, 5)),
                SentSince(date(2000, 6, 16)),
                Larger(5),
                Smaller(4_294_967_296),
            ],
        ),
        ("1:3,9 UID 5:* $", &[Sequence(set("1:3,9")), Uid((5..).into()), Sequence(Set::Saved)]),
        // RFC 9051 §6.4.4: OR takes two keys, parentheses make one of several.
        (
            r#"OR (SEEN FROM "a") NOT (UNSEEN NOT DRAFT) ALL"#,
            &[Or(&And(&[Seen, From(b"a")]), &Not(&And(&[Unseen, Not(&Draft)]))), All],
        ),
        ("OR OR SEEN DRAFT OR OLD NEW", &[Or(&Or(&Seen, &Draft), &Or(&Old, &New))]),
        ("(((SEEN) DRAFT)) ALL", &[And(&[And(&[And(&[Seen]), Draft])]), All]),
        // RFC 5032 §2
        ("UNSEEN YOUNGER 259200", &[Unseen, Younger(259_200)]),
        ("OLDER 1", &[Older(1)]),
        // RFC 6203 §4
        (r#"FUZZY (SUBJECT "IMAP break")"#, &[Fuzzy(&And(&[Subject(b"IMAP break")]))]),
        // RFC 5466 §3.1
        (
            r#"FILTER on-the-road SUBJECT "status report""#,
            &[Filter(b"on-the-road"), Subject(b"status report")],
        ),
        // RFC 8474 §6, RFC 8514 §4.1
        (
            "EMAILID M6d99ac3275bb4e THREADID T64b478a75b7ea9",
            &[EmailId(b"M6d99ac3275bb4e"), ThreadId(b"T64b478a75b7ea9")],
        ),
        (
            "SAVEDBEFORE 1-Jan-2015 SAVEDON 28-Dec-2014 SAVEDSINCE 1-Dec-2014",
            &[
                SavedBefore(date(2015, 1, 1)),
                SavedOn(date(2014, 12, 28)),
                SavedSince(date(2014, 12, 1)),
            ],
        ),
    ];
    for (expected, given) in cases {
        assert_eq!(keys(given), Ok(format!("SEARCH {expected}")));
    }
}

#[cfg(feature = "imap-condstore")]
#[test]
fn search_by_mod_sequence() {
    use SearchKey::{FlagModSeq, Larger, ModSeq, Not, Or};
    // RFC 7162 §3.1.5
    let flag = FlagModSeq { flag: Flag::Draft, scope: FlagScope::All, mod_seq: 620_162_338 };
    assert_eq!(keys(&[flag]).unwrap(), r#"SEARCH MODSEQ "/flags/\\Draft" all 620162338"#);
    assert_eq!(
        keys(&[Or(&Not(&ModSeq(720_162_338)), &Larger(50_000))]).unwrap(),
        "SEARCH OR NOT MODSEQ 720162338 LARGER 50000"
    );
    let keyword = FlagModSeq { flag: Flag::JUNK, scope: FlagScope::Private, mod_seq: 1 };
    assert_eq!(keys(&[keyword]).unwrap(), r#"SEARCH MODSEQ "/flags/$Junk" priv 1"#);
    let hostile = Flag::Keyword(b"a\" all 1 ALL\r\n");
    let hostile = FlagModSeq { flag: hostile, scope: FlagScope::Shared, mod_seq: 1 };
    assert!(keys(&[hostile]).is_err());
}

#[test]
fn search_refuses_what_cannot_be() {
    use SearchKey::*;
    for (given, error) in [
        (&[][..], EmitError::Empty),
        (&[All, And(&[])], EmitError::Empty),
        (&[Not(&And(&[]))], EmitError::Empty),
        (&[Younger(0)], EmitError::BadArgument { at: 0 }),
        (&[Older(0)], EmitError::BadArgument { at: 0 }),
        (&[Larger(1 << 63)], EmitError::BadArgument { at: 0 }),
        (&[Keyword(b"")], EmitError::Empty),
        (&[Keyword(br"\Seen")], EmitError::BadArgument { at: 0 }),
        (&[Subject(b"a\0")], EmitError::ForbiddenOctet { at: 1 }),
        (&[On(Date { year: 2023, month: 2, day: 29 })], EmitError::BadArgument { at: 0 }),
        (&[Uid(0.into())], EmitError::MessageNumberZero),
    ] {
        assert_eq!(keys(given), Err(error), "{given:?}");
    }
}

/// Keys in keys: 32 levels and no more, but a chain of ORs as long as one likes.
#[test]
fn keys_lie_in_each_other_to_a_limit() {
    use SearchKey::{All, And, Not, Or, Seen};
    fn nested<'k>(depth: usize, wrap: &dyn Fn(SearchKey<'k>) -> SearchKey<'k>) -> SearchKey<'k> {
        (0..depth).fold(All, |inner, _| wrap(inner))
    }
    let leak = |key| -> &'static SearchKey<'static> { Box::leak(Box::new(key)) };
    let parentheses = |key| And(std::slice::from_ref(leak(key)));
    let to_the_left = |key| Or(leak(key), &Seen);
    let to_the_right = |key| Or(&Seen, leak(key));
    let negated = |key| Not(leak(key));

    let deepest = format!("SEARCH {}ALL{}", "(".repeat(33), ")".repeat(33));
    assert_eq!(keys(&[nested(33, &parentheses)]), Ok(deepest));
    let lefts = format!("SEARCH {}ALL{}", "OR ".repeat(32), " SEEN".repeat(32));
    assert_eq!(keys(&[nested(32, &to_the_left)]), Ok(lefts));
    for (depth, wrap) in [(34, &parentheses as &dyn Fn(_) -> _), (33, &to_the_left)] {
        assert_eq!(keys(&[nested(depth, wrap)]), Err(EmitError::BadArgument { at: 0 }));
    }
    let rights = format!("SEARCH {}ALL", "OR SEEN ".repeat(5000));
    assert_eq!(keys(&[nested(5000, &to_the_right)]), Ok(rights));
    let nots = format!("SEARCH {}ALL", "NOT ".repeat(5000));
    assert_eq!(keys(&[nested(5000, &negated)]), Ok(nots));
}

/// RFC 9051 §5.5: UID SEARCH may still name messages by number.
#[test]
fn numbers_among_keys_are_seen() {
    use crate::imap::Sequence;
    use SearchKey::{All, And, Not, Or, Sequence as Set, Uid};
    let number = Set(Sequence::One(1));
    for (given, numbers) in [
        (&[All][..], false),
        (&[Uid(Sequence::ALL)], false),
        (&[Set(Sequence::Saved)], false),
        (&[All, number], true),
        (&[Not(&Or(&All, &And(&[All, number])))], true),
        (&[And(&[Set(Sequence::Saved), Uid(Sequence::One(3))])], false),
    ] {
        assert_eq!(search_key::Keys::names_numbers(&given), numbers, "{given:?}");
    }
}

/// RFC 9051 §6.4.4, the examples, and what they would be with parentheses.
#[test]
fn search_keys_in_a_row() {
    use SearchStep::{Close, Fuzzy, Key, Not, Open, Or};
    let keyed = |steps: &[SearchStep<'_>]| keys(&[SearchKey::Steps(&steps)]);
    let [ada, seen, all] =
        [Key(SearchKey::From(b"Smith")), Key(SearchKey::Seen), Key(SearchKey::All)];
    for (steps, written) in [
        (&[Key(SearchKey::Flagged), Not, ada][..], r#"SEARCH FLAGGED NOT FROM "Smith""#),
        (&[Or, seen, Not, Or, ada, all, all], r#"SEARCH OR SEEN NOT OR FROM "Smith" ALL ALL"#),
        (
            &[Or, Open, seen, ada, Close, Fuzzy, ada],
            r#"SEARCH OR (SEEN FROM "Smith") FUZZY FROM "Smith""#,
        ),
        (&[Not, Open, Open, all, Close, seen, Close, all], "SEARCH NOT ((ALL) SEEN) ALL"),
    ] {
        assert_eq!(keyed(steps).as_deref(), Ok(written));
    }
    let steps = &[Not, seen][..];
    let beside = [SearchKey::And(&[SearchKey::Steps(&steps), SearchKey::Draft])];
    assert_eq!(keys(&beside).as_deref(), Ok("SEARCH (NOT SEEN DRAFT)"));
    for empty in [&[][..], &[Open, Close], &[seen, Open, Close]] {
        assert_eq!(keyed(empty), Err(EmitError::Empty), "{empty:?}");
    }
    let nested = Key(SearchKey::Not(&SearchKey::Seen));
    for bad in [
        &[Not][..],
        &[Or, seen],
        &[Or, Open, seen, Close],
        &[Open, seen],
        &[seen, Close],
        &[nested],
    ] {
        assert_eq!(keyed(bad), Err(EmitError::BadArgument { at: 0 }), "{bad:?}");
    }
    // Its keys are several, and an operand is one.
    let refused = keys(&[SearchKey::Not(&SearchKey::Steps(&steps))]);
    assert_eq!(refused, Err(EmitError::BadArgument { at: 0 }));
    let deep = |depth| [vec![Open; depth], vec![seen], vec![Close; depth]].concat();
    assert!(keyed(&deep(32)).is_ok());
    assert_eq!(keyed(&deep(33)), Err(EmitError::BadArgument { at: 0 }));
}

/// RFC 9051 §5.5.
#[test]
fn search_keys_in_a_row_may_name_numbers() {
    let named = |key| {
        let steps: &[SearchStep<'_>] = &[SearchStep::Not, SearchStep::Key(key)];
        search_key::Keys::names_numbers(&search_key::Row(&steps))
    };
    assert!(named(SearchKey::Sequence(Sequence::ALL)));
    assert!(!named(SearchKey::Sequence(Sequence::Saved)));
    assert!(!named(SearchKey::Uid(Sequence::ALL)));
}

#[test]
fn search_with_options() {
    use SearchReturn::{Count, Max, Min, Partial, Relevancy, Save};
    let wanted = [
        SearchKey::Flagged,
        SearchKey::Since(date(1994, 2, 1)),
        SearchKey::Not(&SearchKey::From(b"Smith")),
    ];
    const fn returning(returns: &[SearchReturn]) -> SearchOptions<'_> {
        SearchOptions { returns: Some(returns), charset: None }
    }
    assert_all(&[
        // RFC 9051 §6.4.4.4
        (r#"SEARCH RETURN (MIN COUNT) FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith""#, &|line| {
            search::search(line, false, &&wanted[..], &returning(&[Min, Count]))
        }),
        (r#"SEARCH RETURN () FLAGGED SINCE 1-Feb-1994 NOT FROM "Smith""#, &|line| {
            search::search(line, false, &&wanted[..], &returning(&[]))
        }),
        ("UID SEARCH RETURN (SAVE) SINCE 1-Jan-2004", &|line| {
            let keys = [SearchKey::Since(date(2004, 1, 1))];
            search::search(line, true, &&keys[..], &returning(&[Save]))
        }),
        // RFC 9394 §3.1
        ("UID SEARCH RETURN (PARTIAL -1:-100) UNDELETED UNKEYWORD $Junk", &|line| {
            let keys = [SearchKey::Undeleted, SearchKey::Unkeyword(b"$Junk")];
            let returns = [Partial(PartialRange::FromLast(1, 100))];
            search::search(line, true, &&keys[..], &returning(&returns))
        }),
        ("SEARCH RETURN (MAX ALL RELEVANCY) ALL", &|line| {
            let returns = [Max, SearchReturn::All, Relevancy];
            search::search(line, false, &&[SearchKey::All][..], &returning(&returns))
        }),
        // RFC 5182 §2.4
        (
            "SEARCH CHARSET UTF-8 (OR $ 1,3000:3021) TEXT {8+}\r\n\u{43c}\u{430}\u{442}\u{44c}",
            &|line| {
                let (saved, some) = (Sequence::Saved, set("1,3000:3021"));
                let keys = [
                    SearchKey::And(&[SearchKey::Or(
                        &SearchKey::Sequence(saved),
                        &SearchKey::Sequence(some),
                    )]),
                    SearchKey::Text("мать".as_bytes()),
                ];
                let options = SearchOptions { returns: None, charset: Some(b"UTF-8") };
                search::search(line, false, &&keys[..], &options)
            },
        ),
    ]);
}

/// RFC 9755 §3: once UTF8=ACCEPT is enabled strings are UTF-8, and no charset may be named.
#[test]
fn search_in_utf8() {
    use super::encoded;
    use crate::imap::command::encoder::Literals;
    let with = |charset| {
        encoded(Literals::Synchronizing, true, &move |line| {
            let keys = [SearchKey::Subject("café".as_bytes())];
            search::search(line, false, &&keys[..], &SearchOptions { returns: None, charset })
        })
    };
    assert_eq!(with(Some(b"UTF-8")), Err(EmitError::WrongState));
    let (octets, stops) = with(None).unwrap();
    assert_eq!(octets, "SEARCH SUBJECT \"café\"".as_bytes());
    assert_eq!(stops, []);
}

#[cfg(feature = "imap-sort")]
#[test]
fn sort_and_thread() {
    let plain = SearchOptions::default();
    let since = |year, month, day| [SearchKey::Since(date(year, month, day))];
    assert_all(&[
        // RFC 5256 §3
        ("SORT (SUBJECT) UTF-8 SINCE 1-Feb-1994", &|line| {
            search::sort(
                line,
                false,
                &[SortKey::Subject.ascending()],
                &&since(1994, 2, 1)[..],
                &plain,
            )
        }),
        ("SORT (SUBJECT REVERSE DATE) UTF-8 ALL", &|line| {
            let order = [SortKey::Subject.ascending(), SortKey::Date.reverse()];
            search::sort(line, false, &order, &&[SearchKey::All][..], &plain)
        }),
        (r#"SORT (SUBJECT) US-ASCII TEXT "not in mailbox""#, &|line| {
            let options = SearchOptions { returns: None, charset: Some(b"US-ASCII") };
            let keys = [SearchKey::Text(b"not in mailbox")];
            search::sort(line, false, &[SortKey::Subject.ascending()], &&keys[..], &options)
        }),
        // RFC 5267 §3
        ("UID SORT RETURN (COUNT) (REVERSE DATE) UTF-8 UNDELETED UNKEYWORD $Junk", &|line| {
            let options = SearchOptions { returns: Some(&[SearchReturn::Count]), charset: None };
            let keys = [SearchKey::Undeleted, SearchKey::Unkeyword(b"$Junk")];
            search::sort(line, true, &[SortKey::Date.reverse()], &&keys[..], &options)
        }),
        ("SORT (ARRIVAL CC FROM SIZE TO DISPLAYFROM DISPLAYTO RELEVANCY) UTF-8 ALL", &|line| {
            use SortKey::*;
            let order = [Arrival, Cc, From, Size, To, DisplayFrom, DisplayTo, Relevancy];
            let order = order.map(SortKey::ascending);
            search::sort(line, false, &order, &&[SearchKey::All][..], &plain)
        }),
        ("THREAD ORDEREDSUBJECT UTF-8 SINCE 5-Mar-2000", &|line| {
            let algorithm = ThreadAlgorithm::OrderedSubject;
            search::thread(line, false, algorithm, &&since(2000, 3, 5)[..], None)
        }),
        (r#"THREAD REFERENCES US-ASCII TEXT "gewp""#, &|line| {
            let keys = [SearchKey::Text(b"gewp")];
            search::thread(line, false, ThreadAlgorithm::References, &&keys[..], Some(b"US-ASCII"))
        }),
        ("UID THREAD REFS UTF-8 ALL", &|line| {
            search::thread(line, true, ThreadAlgorithm::Refs, &&[SearchKey::All][..], None)
        }),
    ]);
    let nothing = text(&|line| search::sort(line, true, &[], &&[SearchKey::All][..], &plain));
    assert_eq!(nothing, Err(EmitError::Empty));
}

#[cfg(feature = "imap-quota")]
#[test]
fn quota() {
    assert_all(&[
        // RFC 9208 §4.1
        (r#"SETQUOTA "" (STORAGE 512)"#, &|line| quota::set(line, b"", &[("STORAGE", 512)])),
        ("SETQUOTA #user/alice (STORAGE 510 MESSAGE 9223372036854775807)", &|line| {
            let limits = [("STORAGE", 510), ("MESSAGE", i64::MAX as u64)];
            quota::set(line, b"#user/alice", &limits)
        }),
        ("SETQUOTA x ()", &|line| quota::set(line, b"x", &[])),
        ("GETQUOTA !partition/sda4", &|line| quota::get(line, b"!partition/sda4")),
    ]);
    let large = text(&|line| quota::set(line, b"", &[("STORAGE", 1 << 63)]));
    assert_eq!(large, Err(EmitError::BadArgument { at: 0 }));
}

#[cfg(feature = "imap-acl")]
#[test]
fn acl() {
    use RightsChange::{Add, Remove, Replace};
    let drafts = name("INBOX/Drafts");
    assert_all(&[
        // RFC 4314 §3
        ("SETACL INBOX/Drafts John lrqswicda", &|line| {
            acl::set(line, drafts, b"John", Replace("lrqswicda"))
        }),
        ("SETACL INBOX/Drafts Chris +cda", &|line| acl::set(line, drafts, b"Chris", Add("cda"))),
        ("SETACL INBOX/Drafts -John -w0", &|line| acl::set(line, drafts, b"-John", Remove("w0"))),
        (r#"SETACL INBOX/Drafts John """#, &|line| acl::set(line, drafts, b"John", Replace(""))),
        ("LISTRIGHTS ~/Mail/saved smith", &|line| {
            acl::of(line, b"LISTRIGHTS", name("~/Mail/saved"), b"smith")
        }),
        ("DELETEACL INBOX Fred", &|line| acl::of(line, b"DELETEACL", name("INBOX"), b"Fred")),
    ]);
    // RFC 4314 §3.1: upper-case rights are an error.
    for (rights, at) in [("lrQswicda", 2), ("l r", 1), ("l\r\n", 1)] {
        for change in [Replace(rights), Add(rights), Remove(rights)] {
            let outcome = text(&|line| acl::set(line, drafts, b"John", change));
            assert_eq!(outcome, Err(EmitError::BadArgument { at }));
        }
    }
}

#[cfg(feature = "imap-metadata")]
#[test]
fn metadata() {
    let plain = MetadataOptions::default();
    let inbox = name("INBOX");
    assert_all(&[
        // RFC 5464 §4.2
        (r#"GETMETADATA "" /shared/comment"#, &|line| {
            metadata::get(line, name(""), &["/shared/comment"], &plain)
        }),
        ("GETMETADATA INBOX (/shared/comment /private/comment)", &|line| {
            metadata::get(line, inbox, &["/shared/comment", "/private/comment"], &plain)
        }),
        ("GETMETADATA (MAXSIZE 1024) INBOX (/shared/comment /private/comment)", &|line| {
            let options = MetadataOptions { max_size: Some(1024), ..plain };
            metadata::get(line, inbox, &["/shared/comment", "/private/comment"], &options)
        }),
        ("GETMETADATA (DEPTH 1) INBOX /private/filters/values", &|line| {
            let options = MetadataOptions { depth: MetadataDepth::Children, ..plain };
            metadata::get(line, inbox, &["/private/filters/values"], &options)
        }),
        ("GETMETADATA (MAXSIZE 5 DEPTH infinity) INBOX /private", &|line| {
            let options = MetadataOptions { max_size: Some(5), depth: MetadataDepth::Infinity };
            metadata::get(line, inbox, &["/private"], &options)
        }),
        // RFC 5464 §4.3
        (
            "SETMETADATA INBOX (/private/comment {35+}\r\nMy new comment across\r\ntwo lines.\r\n)",
            &|line| {
                let value = b"My new comment across\r\ntwo lines.\r\n";
                metadata::set(line, inbox, &[("/private/comment", Some(value))])
            },
        ),
        ("SETMETADATA INBOX (/private/comment NIL)", &|line| {
            metadata::set(line, inbox, &[("/private/comment", None)])
        }),
        (
            "SETMETADATA INBOX (/private/comment \"My new comment\" /shared/comment \
             \"This one is for you!\")",
            &|line| {
                let values: [MetadataValue<'_>; 2] = [
                    ("/private/comment", Some(b"My new comment")),
                    ("/shared/comment", Some(b"This one is for you!")),
                ];
                metadata::set(line, inbox, &values)
            },
        ),
        ("SETMETADATA INBOX (/private/x ~{3+}\r\na\0b)", &|line| {
            metadata::set(line, inbox, &[("/private/x", Some(b"a\0b"))])
        }),
    ]);
    // RFC 5464 §3.1
    for (entry, at) in [
        ("comment", 0),
        ("/private/*", 9),
        ("/private/a%", 10),
        ("/private//a", 9),
        ("/private/", 8),
        ("/private/é", 9),
        ("/private/\r\n", 9),
    ] {
        let outcome = text(&|line| metadata::get(line, inbox, &[entry], &plain));
        assert_eq!(outcome, Err(EmitError::BadArgument { at }), "{entry:?}");
    }
    assert_eq!(text(&|line| metadata::set(line, inbox, &[])), Err(EmitError::Empty));
    assert_eq!(text(&|line| metadata::get(line, inbox, &[], &plain)), Err(EmitError::Empty));
}

#[test]
fn append() {
    let date =
        DateTime { date: date(1994, 2, 7), hour: 22, minute: 43, second: 4, zone_minutes: -8 * 60 };
    let seen = AppendOptions { flags: &[Flag::Seen], ..Default::default() };
    assert_all(&[
        // RFC 9051 §6.3.12
        ("APPEND saved-messages (\\Seen) {326+}\r\n", &|line| {
            append::append(line, name("saved-messages"), &seen, 326)
        }),
        ("APPEND INBOX {1+}\r\n", &|line| {
            append::append(line, name("INBOX"), &Default::default(), 1)
        }),
        // RFC 3502 §6.3.11
        (" (\\Seen) \" 7-Feb-1994 22:43:04 -0800\" {295+}\r\n", &|line| {
            append::next(line, &AppendOptions { date: Some(date), ..seen }, 295)
        }),
        // RFC 3516 §4.4
        ("APPEND INBOX (\\Seen $MDNSent) ~{310+}\r\n", &|line| {
            let flags = [Flag::Seen, Flag::MDN_SENT];
            let options = AppendOptions { flags: &flags, binary: true, ..Default::default() };
            append::append(line, name("INBOX"), &options, 310)
        }),
    ]);
    // RFC 9755 §4
    let in_utf8 = AppendOptions { utf8: true, ..seen };
    let emit = |line: &mut Encoder<'_>| append::append(line, name("Entwürfe"), &in_utf8, 9);
    assert_eq!(text(&emit), Err(EmitError::WrongState), "UTF8=ACCEPT is not enabled");
    let (octets, stops) = super::encoded(encoder::Literals::Synchronizing, true, &emit).unwrap();
    assert_eq!(octets, "APPEND \"Entwürfe\" (\\Seen) UTF8 (~{9}\r\n".as_bytes());
    assert_eq!(stops, [octets.len()]);
    assert_eq!(append::closing(&in_utf8), b")");
    assert_eq!(append::closing(&seen), b"");
    let large = text(&|line| append::append(line, name("x"), &seen, 1 << 63));
    assert_eq!(large, Err(EmitError::BadArgument { at: 0 }));
}

#[test]
fn raw_commands() {
    use Argument::{Astring, Atom, List, Number, String, Verbatim};
    assert_all(&[
        ("NOOP", &|line| raw::raw(line, b"NOOP", &[])),
        // RFC 5465 §3.1
        (
            "NOTIFY SET (SELECTED (MessageNew (UID BODY.PEEK[HEADER.FIELDS (From To Subject)]) \
             MessageExpunge))",
            &|line| {
                let events = b"SET (SELECTED (MessageNew (UID BODY.PEEK[HEADER.FIELDS \
                    (From To Subject)]) MessageExpunge))";
                raw::raw(line, b"NOTIFY", &[Verbatim(events)])
            },
        ),
        ("XFOO a \"b c\" \"d\" NIL 5 1:* \"NIL\" (x (y) () \"z\") INBOX", &|line| {
            let arguments = [
                Atom(b"a"),
                Astring(b"b c"),
                String(Some(b"d")),
                String(None),
                Number(5),
                Argument::Sequence(Sequence::ALL),
                Argument::Mailbox(name("NIL")),
                List(&[Atom(b"x"), List(&[Atom(b"y")]), List(&[]), String(Some(b"z"))]),
                Argument::Mailbox(Mailbox::INBOX),
            ];
            raw::raw(line, b"XFOO", &arguments)
        }),
    ]);
}

/// Dovecot 2.3 answers BAD to a command that it does not know, and takes for commands what follows unasked.
#[test]
fn literals_of_raw_commands_wait_whatever_the_server_offers() {
    for literals in [Literals::Synchronizing, Literals::UpTo4096, Literals::NonSynchronizing] {
        let (octets, stops) = encoded(literals, false, &|line| {
            let arguments = [Argument::Astring(b"\r\n"), Argument::Literal8(b"a NOOP\r\n\0")];
            raw::raw(line, b"XFOO", &arguments)
        })
        .unwrap();
        assert_eq!(octets, b"XFOO {2}\r\n\r\n ~{9}\r\na NOOP\r\n\0");
        assert_eq!(stops, [10, 19], "{literals:?}");
    }
}

#[test]
fn raw_commands_do_not_take_over_the_session() {
    for command in ["STARTTLS", "authenticate", "Login", "IDLE", "DONE", "SELECT", "COMPRESS"] {
        let outcome = text(&|line| raw::raw(line, command.as_bytes(), &[]));
        assert_eq!(outcome, Err(EmitError::BadArgument { at: 0 }), "{command}");
    }
    for (command, error) in [
        ("", EmitError::Empty),
        ("A B", EmitError::BadArgument { at: 1 }),
        ("A\r\nB", EmitError::ForbiddenOctet { at: 1 }),
        ("X{5}", EmitError::BadArgument { at: 1 }),
    ] {
        assert_eq!(text(&|line| raw::raw(line, command.as_bytes(), &[])), Err(error), "{command}");
    }
}

#[test]
fn raw_text_is_checked() {
    let verbatim =
        |text: &[u8]| super::text(&|line| raw::raw(line, b"X", &[Argument::Verbatim(text)]));
    for good in ["a", "(a \"b)\") c", r#""\\" "\"" "{5}""#, "a}", "BODY[1]<0.5>"] {
        assert_eq!(verbatim(good.as_bytes()), Ok(format!("X {good}")));
    }
    for (bad, at) in [
        ("{5}", 0),
        ("a {5+}", 2),
        ("~{5}", 1),
        ("\"{5}\" {5}", 6),
        ("(", 1),
        ("())", 2),
        (")(", 0),
        ("\"", 1),
        ("\"\\\"", 3),
        ("\"\\a\"", 2),
        ("a\tb", 1),
        ("\u{e9}", 0),
        ("\"caf\u{e9}\"", 4),
    ] {
        assert_eq!(verbatim(bad.as_bytes()), Err(EmitError::BadArgument { at }), "{bad:?}");
    }
    for (bad, at) in [("\r\n", 0), ("a\nb", 1), ("\"a\rb\"", 2), ("\"\0\"", 1), ("\"\\\n\"", 2)] {
        assert_eq!(verbatim(bad.as_bytes()), Err(EmitError::ForbiddenOctet { at }), "{bad:?}");
    }
    assert_eq!(verbatim(b""), Err(EmitError::Empty));
    assert_eq!(verbatim(b"\"\xe9\""), Err(EmitError::BadArgument { at: 1 }));
    let in_utf8 = super::encoded(encoder::Literals::Synchronizing, true, &|line| {
        raw::raw(line, b"X", &[Argument::Verbatim("\"café\"".as_bytes())])
    });
    assert_eq!(in_utf8, Ok(("X \"café\"".into(), vec![])));
}

#[test]
fn raw_lists_lie_in_each_other_to_a_limit() {
    fn nested(depth: usize) -> Argument<'static> {
        (0..depth)
            .fold(Argument::Atom(b"a"), |inner, _| Argument::List(Box::leak(Box::new([inner]))))
    }
    let deepest = format!("X {}a{}", "(".repeat(16), ")".repeat(16));
    assert_eq!(text(&|line| raw::raw(line, b"X", &[nested(16)])), Ok(deepest));
    let deeper = text(&|line| raw::raw(line, b"X", &[nested(17)]));
    assert_eq!(deeper, Err(EmitError::BadArgument { at: 0 }));
}

/// RFC 9051 §4.4: lists in lists, and what stands around them.
#[test]
fn raw_arguments_in_a_row_are_those_in_lists() {
    use crate::imap::command::ArgumentStep::{self, List};
    use crate::imap::command::ArgumentSteps;
    struct Row<'r>(&'r [ArgumentStep<'r>]);
    impl ArgumentSteps for Row<'_> {
        fn step(&self, index: usize) -> Option<ArgumentStep<'_>> {
            self.0.get(index).copied()
        }
    }
    let [a, b] = [b"a", b"b"].map(|name| ArgumentStep::Argument(Argument::Atom(name)));
    let rows = |steps: &[ArgumentStep<'_>]| text(&|line| raw::raw_steps(line, b"X", &Row(steps)));
    for (steps, written) in [
        (&[][..], "X"),
        (&[a, List(0), b], "X a () b"),
        (&[List(2), a, b, a], "X (a b) a"),
        (&[List(3), a, List(1), List(0), b], "X (a (()) b)"),
        (&[List(1), List(1), List(1), a], "X (((a)))"),
    ] {
        assert_eq!(rows(steps).as_deref(), Ok(written));
    }
    let bad = Err(EmitError::BadArgument { at: 0 });
    assert_eq!(rows(&[List(2), a]), bad);
    assert_eq!(rows(&[ArgumentStep::Argument(Argument::List(&[]))]), bad);
    let deep = |depth| [vec![List(1); depth], vec![a]].concat();
    assert!(rows(&deep(16)).is_ok());
    assert_eq!(rows(&deep(17)), bad);
}
