//! What one does with a mailbox: read it all, wait for changes, put messages in, catch up.

use std::fs::File;
use std::io::Read;

use mailproto_core::LocalError;
use mailproto_core::imap::command::{
    AppendOptions, FetchItem, FetchOptions, QResync, SelectOptions,
};
use mailproto_core::imap::{
    BodySection, Capabilities, Data, DateTime, Event, Flag, Listing, Mailbox, Sequence, Status,
};
use serde_json::json;

use crate::Result;
use crate::options::Options;
use crate::session::Session;
use crate::told::{Teller, print};

/// The whole message; `\Seen` stays as it is.
pub(crate) const WHOLE: FetchItem<'static> =
    FetchItem::BodySection { section: BodySection::part(&[]), peek: true, partial: None };

/// All of every message.
pub(crate) fn dump(session: &mut Session<'_>, options: &Options) -> Result<()> {
    let mailbox = Mailbox::Name(options.argument(0)?);
    session.give("examine", |client| client.examine(mailbox))?;
    let items = [
        FetchItem::Uid,
        FetchItem::Flags,
        FetchItem::InternalDate,
        FetchItem::Rfc822Size,
        FetchItem::Envelope,
        FetchItem::BodyStructure,
        WHOLE,
    ];
    session.give("fetch", |client| client.uid_fetch(Sequence::ALL, &items))?;
    Ok(())
}

/// IDLE (RFC 9051 §6.3.13), begun again when it has lasted as long as it may.
pub(crate) fn idle(session: &mut Session<'_>, options: &Options) -> Result<()> {
    let mailbox = Mailbox::Name(options.argument(0)?);
    let wanted: usize = options.argument(1)?.parse()?;
    if options.arguments.get(2).is_some_and(|word| word == "qresync") {
        session.give("enable", |client| client.enable(&["QRESYNC"]))?;
    }
    session.give("select", |client| client.select(mailbox))?;
    let (mut teller, mut seen) = (Teller::default(), 0);
    while seen < wanted {
        session.client.idle()?;
        while !session.client.is_idle() {
            let (mut due, mut idling) = (false, false);
            session.turn(|event| {
                match event {
                    Event::Idling { .. } => idling = true,
                    Event::IdleDue { .. } => due = true,
                    Event::Data(
                        Data::Exists(_)
                        | Data::Expunge(_)
                        | Data::End(Listing::Vanished)
                        | Data::FetchEnd(_),
                    ) => seen += 1,
                    _ => {}
                }
                teller.print(&event)
            })?;
            if due || (seen >= wanted && !idling) {
                // It may be over already, because DONE was sent before.
                match session.client.done() {
                    Ok(()) | Err(LocalError::WrongState) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
    state(session)
}

/// What the engine knows of the mailbox.
fn state(session: &Session<'_>) -> Result<()> {
    let client = &session.client;
    print(&json!([
        "STATE",
        client.uid_validity(),
        client.highest_mod_seq(),
        client.uid_next(),
        client.messages()
    ]))
}

/// APPEND (RFC 9051 §6.3.12) of one file, or MULTIAPPEND (RFC 3502) of several, in pieces.
pub(crate) fn append(session: &mut Session<'_>, options: &Options) -> Result<()> {
    let mailbox = Mailbox::Name(options.argument(0)?);
    let how = AppendOptions {
        flags: &[Flag::Seen, Flag::Keyword(b"mailproto")],
        date: DateTime::from_unix(1_000_000_000, 120),
        ..AppendOptions::default()
    };
    for (index, path) in options.arguments.iter().skip(1).enumerate() {
        let mut file = File::open(path)?;
        let octets = file.metadata()?.len();
        if index == 0 {
            session.client.append(mailbox, &how, octets)?;
        } else {
            session.send()?;
            session.client.append_next(&how, octets)?;
        }
        if !upload(session, &mut file)? {
            return Err("the server does not take it".into());
        }
    }
    session.send()?;
    session.client.append_end()?;
    if session.finish()? == Status::Ok { Ok(()) } else { Err("APPEND failed".into()) }
}

/// Waits until the server wants the message, and gives it; `false` when it does not want it.
pub(crate) fn upload(session: &mut Session<'_>, message: &mut dyn Read) -> Result<bool> {
    let mut wanted = false;
    let mut teller = Teller::default();
    while !wanted {
        if session.client.is_idle() {
            return Ok(false);
        }
        session.turn(|event| {
            wanted |= matches!(event, Event::Upload { .. });
            teller.print(&event)
        })?;
    }
    let mut piece = vec![0; 16_384];
    loop {
        let octets = message.read(&mut piece)?;
        if octets == 0 {
            return Ok(true);
        }
        let mut rest = &piece[..octets];
        while !rest.is_empty() {
            let taken = session.client.upload(rest)?;
            rest = &rest[taken..];
            session.send()?;
        }
    }
}

/// Many commands in flight (RFC 9051 §5.5), each for a few messages.
pub(crate) fn pipeline(session: &mut Session<'_>, options: &Options) -> Result<()> {
    let mailbox = Mailbox::Name(options.argument(0)?);
    let step: u32 = options.argument(1)?.parse()?;
    session.give("examine", |client| client.examine(mailbox))?;
    let messages = session.client.messages().unwrap_or(0);
    let items = [FetchItem::Uid, FetchItem::Flags, FetchItem::Envelope];
    let mut teller = Teller::default();
    let (mut next, mut in_flight, mut most) = (1, 0, 0);
    loop {
        while next <= messages {
            let last = messages.min(next.saturating_add(step - 1));
            match session.client.fetch(Sequence::from(next..=last), &items) {
                Ok(_) => next = last + 1,
                Err(LocalError::Full) => break,
                Err(error) => return Err(error.into()),
            }
            in_flight += 1;
            most = most.max(in_flight);
        }
        if session.client.is_idle() {
            return print(&json!(["PIPELINED", most]));
        }
        session.turn(|event| {
            if matches!(event, Event::Completed { .. }) {
                in_flight -= 1;
            }
            teller.print(&event)
        })?;
    }
}

/// QRESYNC (RFC 7162 §3.2): what has changed, and what is gone, in the answer to SELECT; then the same by UID
/// FETCH with CHANGEDSINCE and VANISHED. Without what was known before: what is to be known next time.
pub(crate) fn sync(session: &mut Session<'_>, options: &Options) -> Result<()> {
    let mailbox = Mailbox::Name(options.argument(0)?);
    session.give("enable", |client| client.enable(&["QRESYNC"]))?;
    print(&json!(["ENABLES", session.client.enabled().contains(Capabilities::QRESYNC)]))?;
    let known = options.arguments.get(3).map(|uids| Sequence::Text(uids.as_bytes()));
    let mut since = 0;
    let qresync = if options.arguments.len() > 2 {
        since = options.argument(2)?.parse()?;
        let uid_validity = options.argument(1)?.parse()?;
        Some(QResync { uid_validity, mod_seq: since, known_uids: known, matches: None })
    } else {
        None
    };
    let how = SelectOptions { condstore: qresync.is_none(), qresync };
    session.give("select", |client| client.select_with(mailbox, &how))?;
    if qresync.is_some() {
        let changed = FetchOptions { changed_since: Some(since), vanished: true, partial: None };
        let items = [FetchItem::Uid, FetchItem::Flags, FetchItem::ModSeq];
        session.give("fetch", |client| client.uid_fetch_with(Sequence::ALL, &items, &changed))?;
    }
    state(session)
}
