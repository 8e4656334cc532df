//! Arguments that try to be more than arguments: whatever they hold, a server sees one command, and
//! where the argument is a string, it sees just that string.

use super::{Token, encoded, read_as_server};
use crate::error::EmitError;
use crate::imap::command::encoder::{Encoder, Literals};
use crate::imap::command::*;
use crate::imap::string::ImapString;
use crate::imap::{Attribute, BodySection, Flag, Mailbox, MailboxName, Part, Sequence};
use proptest::prelude::*;

type Write = fn(&mut Encoder<'_>, &[u8]) -> Result<(), EmitError>;

fn is_text(octets: &[u8]) -> Result<&str, EmitError> {
    std::str::from_utf8(octets).map_err(|_| EmitError::BadArgument { at: 0 })
}

/// Where a caller's octets go in as a string.
const STRINGS: &[(&str, Write)] = &[
    ("mailbox", |line, octets| mailboxes::one(line, b"SELECT", Mailbox::Raw(octets))),
    ("received mailbox", |line, octets| {
        let name = MailboxName::new(ImapString::plain(octets));
        mailboxes::one(line, b"SELECT", Mailbox::Received(name))
    }),
    ("rename", |line, octets| mailboxes::rename(line, Mailbox::Raw(octets), Mailbox::Name("end"))),
    ("create", |line, octets| mailboxes::create(line, Mailbox::Raw(octets), &[Attribute::Sent])),
    ("pattern", |line, octets| {
        list::plain(line, b"LIST", Mailbox::Raw(octets), Mailbox::Raw(octets))
    }),
    ("patterns", |line, octets| {
        let patterns = [Mailbox::Raw(octets), Mailbox::INBOX];
        let (reference, returns) = (Mailbox::Name(""), &[ListReturn::Children]);
        list::list(line, &ListOptions { selection: &[], reference, patterns: &patterns, returns })
    }),
    ("status", |line, octets| list::status(line, Mailbox::Raw(octets), &[StatusItem::Unseen])),
    ("copy", |line, octets| {
        messages::to_mailbox(line, b"UID COPY", Sequence::ALL, Mailbox::Raw(octets))
    }),
    ("search", |line, octets| {
        let keys = [
            SearchKey::Or(&SearchKey::Text(octets), &SearchKey::From(octets)),
            SearchKey::Header { field: b"x", value: octets },
        ];
        search::search(line, true, &&keys[..], &SearchOptions::default())
    }),
    ("field", |line, octets| {
        let keys = [SearchKey::Header { field: octets, value: b"x" }];
        search::search(line, true, &&keys[..], &SearchOptions::default())
    }),
    ("raw astring", |line, octets| raw::raw(line, b"X", &[Argument::Astring(octets)])),
    ("raw string", |line, octets| {
        let list = [Argument::String(Some(octets)), Argument::Atom(b"end")];
        raw::raw(line, b"X", &[Argument::List(&list)])
    }),
    ("raw mailbox", |line, octets| {
        raw::raw(line, b"X", &[Argument::Mailbox(Mailbox::Raw(octets)), Argument::Number(1)])
    }),
    #[cfg(feature = "imap-quota")]
    ("quota root", |line, octets| quota::set(line, octets, &[("STORAGE", 1)])),
    #[cfg(feature = "imap-acl")]
    ("identifier", |line, octets| {
        acl::set(line, Mailbox::Raw(octets), octets, RightsChange::Add("l"))
    }),
    #[cfg(feature = "imap-gmail")]
    ("gmail", |line, octets| {
        search::search(line, true, &&[SearchKey::GmailRaw(octets)][..], &SearchOptions::default())
    }),
    ("append", |line, octets| {
        append::append(line, Mailbox::Raw(octets), &AppendOptions::default(), 0)
    }),
];

/// Where they go in as something narrower, which is refused more often.
const OTHERS: &[(&str, Write)] = &[
    ("atom of FETCH", |line, octets| {
        let items = [FetchItem::Flags, FetchItem::Other(octets)];
        fetch::fetch(line, true, 1.into(), &&items[..], &FetchOptions::default())
    }),
    ("field of FETCH", |line, octets| {
        let names = [is_text(octets)?];
        let section = BodySection { path: &[1], part: Part::HeaderFieldsNot(&names) };
        let items = [FetchItem::BodySection { section, peek: true, partial: None }];
        fetch::fetch(line, true, 1.into(), &&items[..], &FetchOptions::default())
    }),
    ("set", |line, octets| messages::uid_expunge(line, Sequence::Text(octets))),
    ("keyword", |line, octets| {
        messages::store(line, true, 1.into(), &Store::add(&[Flag::Keyword(octets)]))
    }),
    ("flag", |line, octets| {
        messages::store(line, true, 1.into(), &Store::add(&[Flag::Extension(octets)]))
    }),
    ("attribute", |line, octets| {
        mailboxes::create(line, Mailbox::INBOX, &[Attribute::Other(octets)])
    }),
    ("keyword of SEARCH", |line, octets| {
        let keys = [SearchKey::Keyword(octets), SearchKey::Not(&SearchKey::EmailId(octets))];
        search::search(line, true, &&keys[..], &SearchOptions::default())
    }),
    ("charset", |line, octets| {
        let options = SearchOptions { returns: None, charset: Some(octets) };
        search::search(line, true, &&[SearchKey::All][..], &options)
    }),
    ("status item", |line, octets| {
        list::status(line, Mailbox::INBOX, &[StatusItem::Other(octets)])
    }),
    ("capability", |line, octets| general::enable(line, &[is_text(octets)?])),
    ("language", |line, octets| general::language(line, &[is_text(octets)?])),
    ("ID", |line, octets| {
        let text = is_text(octets)?;
        general::id(line, &[(text, Some(text))])
    }),
    ("name", |line, octets| mailboxes::one(line, b"SELECT", Mailbox::Name(is_text(octets)?))),
    ("raw name", |line, octets| raw::raw(line, octets, &[Argument::Atom(b"a")])),
    ("raw atom", |line, octets| raw::raw(line, b"X", &[Argument::Atom(octets)])),
    ("raw literal8", |line, octets| {
        raw::raw(line, b"X", &[Argument::Literal8(octets), Argument::Atom(b"a")])
    }),
    ("raw text", |line, octets| raw::raw(line, b"X", &[Argument::Verbatim(octets)])),
    #[cfg(feature = "imap-quota")]
    ("resource", |line, octets| quota::set(line, b"", &[(is_text(octets)?, 1)])),
    #[cfg(feature = "imap-acl")]
    ("rights", |line, octets| {
        acl::set(line, Mailbox::INBOX, b"x", RightsChange::Replace(is_text(octets)?))
    }),
    #[cfg(feature = "imap-metadata")]
    ("metadata", |line, octets| {
        metadata::set(line, Mailbox::INBOX, &[("/private/x", Some(octets)), ("/shared/y", None)])
    }),
    #[cfg(feature = "imap-metadata")]
    ("entry", |line, octets| {
        metadata::get(line, Mailbox::INBOX, &[is_text(octets)?], &MetadataOptions::default())
    }),
    #[cfg(feature = "imap-gmail")]
    ("label", |line, octets| {
        let labels = [Mailbox::Raw(octets), Mailbox::Raw(octets)];
        messages::store(line, true, 1.into(), &Store::add_labels(&labels))
    }),
    #[cfg(feature = "imap-sort")]
    ("algorithm", |line, octets| {
        search::thread(
            line,
            true,
            ThreadAlgorithm::Other(octets),
            &&[SearchKey::All][..],
            Some(octets),
        )
    }),
    ("flag of APPEND", |line, octets| {
        let flags = [Flag::Seen, Flag::Keyword(octets)];
        let options = AppendOptions { flags: &flags, ..Default::default() };
        append::append(line, Mailbox::INBOX, &options, 0)
    }),
];

const HOSTILE: &[&[u8]] = &[
    b"",
    b"NIL",
    b"nil",
    b"a b",
    b"\r\nA2 LOGOUT",
    b"a\r\nA2 LOGOUT\r\n",
    b"a\rb",
    b"a\n",
    b"\r\n",
    b"\"\r\nA2 LOGOUT\r\n",
    b"{5}",
    b"a {5}",
    b"{5+}",
    b"~{5}",
    b"{5}\r\nhello",
    b"x{0}\r\n",
    b"}",
    b"a}",
    b"]",
    b"[",
    b"\"",
    b"\\",
    b"\\\"",
    b"\"\\",
    b"\\Seen",
    b"\\*",
    b"(",
    b")",
    b") (",
    b"()",
    b"*",
    b"%",
    b"1:*",
    b"$",
    b"+",
    b"-",
    b"&",
    b"&-",
    b"\t",
    b" ",
    b"\x01",
    b"\x7f",
    b"\x1b[2J",
    b"\0",
    b"a\0b",
    b"\xff\xfe",
    b"\xc3\xa9",
    b"\xc3",
    b"\xe2\x80\xa8",
    b"/private/\r\n",
    b"STARTTLS",
];

const MODES: [(Literals, bool); 6] = [
    (Literals::Synchronizing, false),
    (Literals::Synchronizing, true),
    (Literals::UpTo4096, false),
    (Literals::UpTo4096, true),
    (Literals::NonSynchronizing, false),
    (Literals::NonSynchronizing, true),
];

/// What was sent is one command, whose waiting places are known; or nothing was sent, for a reason
/// that concerns the argument.
fn sends_one_command(of: &str, write: Write, octets: &[u8]) -> Vec<Vec<Token>> {
    let mut seen = Vec::new();
    for (literals, utf8) in MODES {
        match encoded(literals, utf8, &|line| write(line, octets)) {
            Ok((sent, stops)) => {
                let shown = sent.escape_ascii();
                let Some((tokens, waits)) = read_as_server(&sent, utf8) else {
                    panic!("{of}: no single command: {shown}");
                };
                assert_eq!(stops, waits, "{of}: {shown}");
                seen.push(tokens);
            }
            Err(
                EmitError::ForbiddenOctet { .. }
                | EmitError::BadArgument { .. }
                | EmitError::Empty
                | EmitError::TooLong { .. }
                | EmitError::MessageNumberZero
                | EmitError::WrongState,
            ) => {}
            Err(error) => panic!("{of}: {error:?}"),
        }
    }
    seen
}

fn stays_a_string(of: &str, write: Write, octets: &[u8]) {
    let seen = sends_one_command(of, write, octets);
    if octets.contains(&0) {
        assert_eq!(seen, Vec::<Vec<Token>>::new(), "{of}: NUL was sent");
        return;
    }
    assert_eq!(seen.len(), MODES.len(), "{of}: {} was refused", octets.escape_ascii());
    for tokens in seen {
        let as_string = tokens.contains(&Token::String(octets.to_vec()));
        let is_nil = octets.eq_ignore_ascii_case(b"NIL");
        let as_atom = !is_nil && tokens.contains(&Token::Atom(octets.to_vec()));
        assert!(as_string || as_atom, "{of}: {} became {tokens:?}", octets.escape_ascii());
    }
}

#[test]
fn no_argument_becomes_a_command() {
    for &(of, write) in STRINGS {
        for octets in HOSTILE {
            stays_a_string(of, write, octets);
        }
    }
    for &(of, write) in OTHERS {
        for octets in HOSTILE {
            sends_one_command(of, write, octets);
        }
    }
}

#[test]
fn nor_does_a_very_long_one() {
    for filler in [b'a', b' ', b'"', b'\n', b'\xe9', b'('] {
        for octets in [999, 1000, 1001, 4096, 4097, 70_000] {
            let octets = vec![filler; octets];
            for &(of, write) in STRINGS {
                stays_a_string(of, write, &octets);
            }
            for &(of, write) in OTHERS {
                sends_one_command(of, write, &octets);
            }
        }
    }
}

/// The reader that stands for the server is itself held to something.
#[test]
fn the_server_sees_second_commands() {
    for octets in [
        &b"SELECT a\r\nA2 LOGOUT"[..],
        b"SELECT \"a\r\nb\"",
        b"SELECT {5}",
        b"SELECT {5}\r\nabc",
        b"SELECT \"a",
        b"LIST (a",
        b"LIST a)",
        b"SELECT {1}\r\n\0",
        b"SELECT a\0",
        b"SELECT \"\xe9\"",
        b"SELECT \"\\a\"",
    ] {
        assert_eq!(read_as_server(octets, true), None, "{}", octets.escape_ascii());
    }
    assert_eq!(
        read_as_server(b"A ({2}\r\n\r\n \"\\\"\") ~{1+}\r\n\0", false),
        Some((
            vec![
                Token::Atom(b"A".to_vec()),
                Token::Open,
                Token::String(b"\r\n".to_vec()),
                Token::String(b"\"".to_vec()),
                Token::Close,
                Token::Binary(b"\0".to_vec()),
            ],
            vec![8]
        ))
    );
}

proptest! {
    #[test]
    fn nor_does_any_other(octets in proptest::collection::vec(any::<u8>(), 0..40)) {
        for &(of, write) in STRINGS {
            stays_a_string(of, write, &octets);
        }
        for &(of, write) in OTHERS {
            sends_one_command(of, write, &octets);
        }
    }

    #[test]
    fn nor_does_one_made_of_what_matters(text in "[\\r\\n\"\\\\(){}~+0-3 aé%*\\]]{0,12}") {
        for &(of, write) in STRINGS {
            stays_a_string(of, write, text.as_bytes());
        }
        for &(of, write) in OTHERS {
            sends_one_command(of, write, text.as_bytes());
        }
    }
}
