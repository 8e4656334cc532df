//! Prints what the engine tells, a line of JSON each: an array that begins with what it is. Octets
//! become the characters of the same numbers, so that none is lost. A FETCH response, and a response that
//! comes by element, is one line; of a body its length and SHA-256 are printed.

use std::io::{Write, stdout};

use mailproto_core::imap::response::esearch::EsearchItem;
use mailproto_core::imap::response::fetch::{BodyItem, BodyStart, Content, Item, MessageId};
use mailproto_core::imap::response::thread::ThreadElement;
use mailproto_core::imap::{Code, Data, DateTime, Event, ImapString, Listing, Range, Status};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::Result;
use crate::views;

/// Puts events together to lines.
#[derive(Default)]
pub(crate) struct Teller {
    /// The FETCH response that is coming in.
    message: Map<String, Value>,
    /// The body in it that is coming in.
    body: Option<Body>,
    /// The elements that have come of a response that comes by element.
    elements: Vec<Value>,
}

struct Body {
    name: String,
    content: Content,
    octets: u64,
    digest: Sha256,
}

pub(crate) fn print(line: &Value) -> Result<()> {
    writeln!(stdout(), "{line}")?;
    Ok(())
}

impl Teller {
    /// Prints the line that this event completes, if it does.
    pub(crate) fn print(&mut self, event: &Event<'_>) -> Result<()> {
        self.line(event).map_or(Ok(()), |line| print(&line))
    }

    fn line(&mut self, event: &Event<'_>) -> Option<Value> {
        Some(match event {
            Event::Greeting { greeting, code, text: words } => {
                json!(["GREETING", format!("{greeting:?}"), option(code), text(words)])
            }
            Event::Status { status, code, text: words } => {
                json!(["STATUS", status_name(*status), option(code), text(words)])
            }
            Event::Bye { code, text: words } => json!(["BYE", option(code), text(words)]),
            Event::Completed { kind, status, code, text: words, .. } => {
                let status = status_name(*status);
                json!(["COMPLETED", kind.name(), status, option(code), text(words)])
            }
            Event::Challenge { challenge, .. } => json!(["CHALLENGE", challenge.len()]),
            Event::Idling { .. } => json!(["IDLING"]),
            Event::IdleDue { .. } => json!(["IDLE DUE"]),
            Event::Upload { octets, .. } => json!(["UPLOAD", octets]),
            Event::Continuation { text: words, .. } => json!(["CONTINUATION", text(words)]),
            Event::Data(data) => return self.data(data),
            Event::Oversize { what, octets } => json!(["OVERSIZE", format!("{what:?}"), octets]),
            Event::Quirk { quirk, .. } => json!(["QUIRK", format!("{quirk:?}")]),
            other => json!(["EVENT", format!("{other:?}")]),
        })
    }

    fn data(&mut self, data: &Data<'_>) -> Option<Value> {
        match data {
            Data::Begin(_) => self.elements.clear(),
            Data::End(listing) => {
                return Some(json!([listing_name(*listing), std::mem::take(&mut self.elements)]));
            }
            Data::Capability(name) | Data::Enabled(name) => self.element(text(name.name())),
            Data::Flag(flag) => self.element(text(flag.as_bytes())),
            Data::Found(number) => self.element(json!(number)),
            Data::FoundModSeq(number) => self.element(json!({ "MODSEQ": number })),
            Data::Vanished(range) => self.element(range_value(*range)),
            Data::Thread(ThreadElement::Open) => self.element(json!("(")),
            Data::Thread(ThreadElement::Close) => self.element(json!(")")),
            Data::Thread(ThreadElement::Message(number)) => self.element(json!(number)),
            Data::Esearch(item) => self.element(esearch(item)),
            Data::FetchStart(_) => self.message.clear(),
            Data::Item(item) => self.item(item),
            Data::BodyStart(start) => self.body = Some(Body::new(start)),
            Data::BodyData(octets) => {
                let body = self.body.as_mut()?;
                body.octets += octets.len() as u64;
                body.digest.update(octets);
            }
            Data::BodyEnd => {
                let (name, value) = self.body.take()?.end();
                self.message.insert(name, value);
            }
            Data::FetchEnd(MessageId::Number(number) | MessageId::Uid(number)) => {
                return Some(json!(["FETCH", number, std::mem::take(&mut self.message)]));
            }
            other => return Some(views::whole(other)),
        }
        None
    }

    fn element(&mut self, element: Value) {
        self.elements.push(element);
    }

    fn item(&mut self, item: &Item<'_>) {
        let (name, value) = match item {
            Item::Flags(flags) => {
                ("FLAGS", flags.iter().map(|flag| text(flag.as_bytes())).collect())
            }
            Item::Uid(uid) => ("UID", json!(uid)),
            Item::Rfc822Size(octets) => ("RFC822.SIZE", json!(octets)),
            Item::InternalDate(date) => ("INTERNALDATE", date_value(*date)),
            Item::Envelope(envelope) => ("ENVELOPE", views::envelope(envelope)),
            Item::Body(structure) => ("BODY", views::structure(structure)),
            Item::BodyStructure(structure) => ("BODYSTRUCTURE", views::structure(structure)),
            Item::ModSeq(number) => ("MODSEQ", json!(number)),
            Item::EmailId(id) => ("EMAILID", text(id)),
            Item::ThreadId(id) => ("THREADID", id.map_or(Value::Null, text)),
            Item::Preview(preview) => ("PREVIEW", string(*preview)),
            Item::SaveDate(date) => ("SAVEDATE", date_value(*date)),
            Item::BinarySize(section, octets) => {
                self.message.insert(format!("BINARY.SIZE[{section}]"), json!(octets));
                return;
            }
            Item::Malformed(octets) => ("MALFORMED", text(octets)),
            other => ("OTHER", json!(format!("{other:?}"))),
        };
        self.message.insert(name.into(), value);
    }
}

impl Body {
    fn new(start: &BodyStart<'_>) -> Self {
        let name = match start.item {
            BodyItem::Body(section) => format!("BODY[{section}]"),
            BodyItem::Binary(section) => format!("BINARY[{section}]"),
            BodyItem::Rfc822 => "RFC822".into(),
            BodyItem::Rfc822Header => "RFC822.HEADER".into(),
            BodyItem::Rfc822Text => "RFC822.TEXT".into(),
        };
        let origin = start.origin.map(|origin| format!("<{origin}>")).unwrap_or_default();
        let name = name + &origin;
        Self { name, content: start.content, octets: 0, digest: Sha256::new() }
    }

    /// Its name, and its length and digest; or a complaint, if not all came that was announced.
    fn end(self) -> (String, Value) {
        let digest = self.digest.finalize();
        let value = match self.content {
            Content::Nil => Value::Null,
            Content::Literal(octets) if octets != self.octets => {
                json!(format!("{octets} octets announced, {} told", self.octets))
            }
            _ => json!([self.octets, hex(&digest)]),
        };
        (self.name, value)
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Octets as characters of the same numbers.
pub(crate) fn text(octets: &[u8]) -> Value {
    octets.iter().map(|&octet| char::from(octet)).collect::<String>().into()
}

pub(crate) fn string(string: Option<ImapString<'_>>) -> Value {
    string.map_or(Value::Null, |string| string.octets().map(char::from).collect::<String>().into())
}

/// Seconds since the beginning of 1970, and the zone in minutes.
fn date_value(date: Option<DateTime>) -> Value {
    date.map_or(Value::Null, |date| json!([date.to_unix(), date.zone_minutes]))
}

fn range_value(range: Range) -> Value {
    json!([range.first, range.last])
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Ok => "OK",
        Status::No => "NO",
        Status::Bad => "BAD",
        Status::NotSent => "NOT SENT",
    }
}

fn listing_name(listing: Listing) -> String {
    format!("{listing:?}").to_uppercase()
}

fn esearch(item: &EsearchItem<'_>) -> Value {
    match item {
        EsearchItem::Correlator(_) => json!(["TAG"]),
        EsearchItem::Uid => json!(["UID"]),
        EsearchItem::Min(number) => json!(["MIN", number]),
        EsearchItem::Max(number) => json!(["MAX", number]),
        EsearchItem::Count(number) => json!(["COUNT", number]),
        EsearchItem::ModSeq(number) => json!(["MODSEQ", number]),
        EsearchItem::All(range) => json!(["ALL", range.first, range.last]),
        other => json!(["OTHER", format!("{other:?}")]),
    }
}

fn option(code: &Option<Code<'_>>) -> Value {
    code.as_ref().map_or(Value::Null, code_value)
}

fn code_value(code: &Code<'_>) -> Value {
    match code {
        Code::AppendUid { uid_validity, uids } => {
            json!(["APPENDUID", uid_validity, text(uids.as_bytes())])
        }
        Code::CopyUid { uid_validity, source, destination } => {
            let (source, destination) = (text(source.as_bytes()), text(destination.as_bytes()));
            json!(["COPYUID", uid_validity, source, destination])
        }
        Code::Capability(_) => json!(["CAPABILITY"]),
        Code::HighestModSeq(number) => json!(["HIGHESTMODSEQ", number]),
        Code::Modified(set) => json!(["MODIFIED", text(set.as_bytes())]),
        Code::PermanentFlags(flags) => {
            let flags: Value = flags.iter().map(|flag| text(flag.as_bytes())).collect();
            json!(["PERMANENTFLAGS", flags])
        }
        Code::UidNext(number) => json!(["UIDNEXT", number]),
        Code::UidValidity(number) => json!(["UIDVALIDITY", number]),
        Code::Unseen(number) => json!(["UNSEEN", number]),
        Code::MailboxId(id) => json!(["MAILBOXID", text(id)]),
        Code::Unknown { name, arguments } => json!([text(name), text(arguments)]),
        // The others have a name that says all.
        other => json!([format!("{other:?}")]),
    }
}
