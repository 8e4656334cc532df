//! Events of the client as Python objects. The table below is the whole list.

use mailproto_core::pop3::{self, ResponseCode, Status, Verb};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use crate::error::quirk_name;
use crate::field::{Field, Hidden, Named, Raw, Slice, Text, Words};
use crate::record::record;

record! {
    /// The server's greeting (RFC 1939 §4). If it is not `ok` the session is over.
    Greeting {
        /// Whether the server will serve.
        ok: bool,
        /// The response code, without its brackets (RFC 2449 §8).
        code: Option<Text>,
        /// The server's words.
        text: Text,
        /// What APOP needs, with its angle brackets, where the server offers it (RFC 1939 §7).
        timestamp: Option<Text>,
    }

    /// `text` as it came.
    #[getter]
    fn text_raw<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.text.as_bytes())
    }
}

record! {
    /// A positive reply of several lines begins. Its items or data follow, then `Completed`.
    Started {
        /// The number of the command that is answered.
        command: u32,
        /// Its name.
        verb: Verb,
        /// The message that it named, or 0.
        message: u32,
        /// The message's length, where the server tells it here. A hint only.
        octets: Option<u64>,
        /// The server's words.
        text: Text,
    }

    /// `text` as it came.
    #[getter]
    fn text_raw<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.text.as_bytes())
    }
}

record! {
    /// A line of the reply to CAPA (RFC 2449 §5).
    Capability {
        /// The number of the command that is answered.
        command: u32,
        /// The capability's name, in capitals.
        name: Text,
        /// The words behind it.
        arguments: Words,
    }
}

record! {
    /// The length of a message: a line of the reply to LIST (RFC 1939 §5).
    ScanListing {
        /// The number of the command that is answered.
        command: u32,
        /// The message's number.
        message: u32,
        /// Its length in octets.
        octets: u64,
    }
}

record! {
    /// The unique-id of a message: a line of the reply to UIDL (RFC 1939 §7).
    UniqueId {
        /// The number of the command that is answered.
        command: u32,
        /// The message's number.
        message: u32,
        /// Its unique-id.
        uid: Text,
    }

    /// `uid` as it came.
    #[getter]
    fn uid_raw<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.uid.as_bytes())
    }
}

record! {
    /// The answer to STAT (RFC 1939 §5).
    DropListing {
        /// How many messages there are.
        messages: u32,
        /// Their length in octets.
        octets: u64,
    }
}

record! {
    /// A line of the reply to LANG (RFC 6856 §3.2).
    Language {
        /// The number of the command that is answered.
        command: u32,
        /// The language tag (RFC 5646).
        tag: Text,
        /// The language's name, in that language.
        description: Text,
    }
}

record! {
    /// Octets of the reply to RETR, TOP or a raw command, dots removed, CRLF included.
    ///
    /// Where `bytes` were fed, `data` is a `memoryview` of that very object and keeps it alive, but
    /// for pieces that `Client.events` has joined where dots were dropped: these are a copy.
    Data {
        /// The number of the command that is answered.
        command: u32,
        /// The next octets.
        data: Slice,
    }

    fn __len__(&self) -> usize {
        self.data.len()
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.data.plain(py)
    }
}

record! {
    /// AUTH: the server asked (RFC 5034 §4), and was answered.
    Challenge {
        /// The number of the command that is answered.
        command: u32,
        /// The challenge, decoded.
        challenge: Hidden,
    }
}

record! {
    /// A command is done: there is exactly one such event for each.
    Completed {
        /// The command's number.
        command: u32,
        /// Its name; empty for a raw one.
        verb: Verb,
        /// The message that it named, or 0.
        message: u32,
        /// `ok`, `err`, `malformed` (positive, but without what was asked for) or `not-sent`
        /// (a command before it failed).
        status: Status,
        /// The response code, without its brackets (RFC 2449 §8).
        code: Option<Text>,
        /// The server's words; empty after a reply of several lines.
        text: Text,
        /// What the command asked for, where a single line tells it.
        value: Option<Value>,
    }

    /// Whether the status is `ok`.
    #[getter]
    fn ok(&self) -> bool {
        self.status == Status::Ok
    }

    /// `text` as it came.
    #[getter]
    fn text_raw<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.text.as_bytes())
    }
}

record! {
    /// A line that is not understood, as it came. The session goes on.
    Unrecognized {
        /// The line without its ending.
        line: Raw,
    }
}

record! {
    /// A line was longer than the scratch buffer. Of a status line the beginning was used, in the
    /// event before; a line of a listing was skipped.
    Oversize {
        /// The name of the command that was being answered; `None` for the greeting.
        verb: Option<Verb>,
        /// The line's length in octets, without its ending.
        octets: u64,
    }
}

record! {
    /// The server deviated from the RFCs, and it was mended: in the event before, if it has one.
    Quirk {
        /// How: `bare-lf`, `status-case`, `banner`, `empty-line`, `challenge-not-base64`,
        /// `unique-id`, `not-a-reply` or `bad-listing`.
        quirk: pop3::Quirk,
        /// How many octets of this connection came before the line.
        offset: u64,
    }
}

impl Named for pop3::Quirk {
    const ALL: &'static [Self] = &Self::ALL;
    const WHAT: &'static str = "quirk";

    fn name(self) -> &'static str {
        quirk_name(self)
    }
}

/// What a command asked for. It becomes an object of its own when Python reads it.
#[derive(Clone, PartialEq)]
pub(crate) enum Value {
    DropListing { messages: u32, octets: u64 },
    ScanListing { command: u32, message: u32, octets: u64 },
    UniqueId { command: u32, message: u32, uid: Text },
}

impl Value {
    fn new(command: u32, value: pop3::Value<'_>) -> Option<Self> {
        match value {
            pop3::Value::None => None,
            pop3::Value::DropListing { messages, octets } => {
                Some(Self::DropListing { messages, octets })
            }
            pop3::Value::ScanListing { message, octets } => {
                Some(Self::ScanListing { command, message, octets })
            }
            pop3::Value::UniqueId { message, uid } => {
                Some(Self::UniqueId { command, message, uid: Text::new(uid) })
            }
        }
    }
}

impl Field for Value {
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(match self.clone() {
            Self::DropListing { messages, octets } => {
                Bound::new(py, DropListing { messages, octets })?.into_any()
            }
            Self::ScanListing { command, message, octets } => {
                Bound::new(py, ScanListing { command, message, octets })?.into_any()
            }
            Self::UniqueId { command, message, uid } => {
                Bound::new(py, UniqueId { command, message, uid })?.into_any()
            }
        })
    }

    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(event) = object.cast::<DropListing>() {
            let DropListing { messages, octets } = *event.get();
            return Ok(Self::DropListing { messages, octets });
        }
        if let Ok(event) = object.cast::<ScanListing>() {
            let ScanListing { command, message, octets } = *event.get();
            return Ok(Self::ScanListing { command, message, octets });
        }
        let UniqueId { command, message, uid } = object.cast::<UniqueId>()?.get();
        Ok(Self::UniqueId { command: *command, message: *message, uid: uid.clone() })
    }

    fn same(&self, other: &Self, _: Python<'_>) -> bool {
        self == other
    }

    fn entry<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.object(py)?.call_method0("to_dict")
    }
}

/// Makes the Python object of an event. Text is copied; data become parts of `source`, the feed
/// that they came with.
pub(crate) fn build<'py>(
    event: pop3::Event<'_>,
    source: &Bound<'py, PyBytes>,
) -> PyResult<Bound<'py, PyAny>> {
    use pop3::Event;
    let py = source.py();
    Ok(match event {
        Event::Data { command, octets } => {
            let data = Slice::new(source, octets);
            Bound::new(py, Data { command: command.0, data })?.into_any()
        }
        Event::Started { command, verb, message, octets, text } => {
            let text = Text::new(text);
            Bound::new(py, Started { command: command.0, verb, message, octets, text })?.into_any()
        }
        Event::Completed { command, verb, message, status, code, text, value } => {
            let command = command.0;
            let (code, text) = (code.map(code_text), Text::new(text));
            let value = Value::new(command, value);
            let event = Completed { command, verb, message, status, code, text, value };
            Bound::new(py, event)?.into_any()
        }
        Event::UniqueId { command, message, uid } => {
            let uid = Text::new(uid);
            Bound::new(py, UniqueId { command: command.0, message, uid })?.into_any()
        }
        Event::ScanListing { command, message, octets } => {
            Bound::new(py, ScanListing { command: command.0, message, octets })?.into_any()
        }
        Event::Greeting { status, code, text, timestamp } => {
            let event = Greeting {
                ok: status == Status::Ok,
                code: code.map(code_text),
                text: Text::new(text),
                timestamp: timestamp.map(Text::new),
            };
            Bound::new(py, event)?.into_any()
        }
        Event::Capability { command, capability } => {
            let (name, arguments) = capability_line(&capability);
            Bound::new(py, Capability { command: command.0, name, arguments })?.into_any()
        }
        Event::Language { command, tag, description } => {
            let (tag, description) = (Text::new(tag), Text::new(description));
            Bound::new(py, Language { command: command.0, tag, description })?.into_any()
        }
        Event::Challenge { command, challenge } => {
            let challenge = Hidden::new(challenge);
            Bound::new(py, Challenge { command: command.0, challenge })?.into_any()
        }
        Event::Unrecognized { line } => {
            Bound::new(py, Unrecognized { line: Raw::new(line) })?.into_any()
        }
        Event::Oversize { verb, octets } => Bound::new(py, Oversize { verb, octets })?.into_any(),
        Event::Quirk { quirk, offset } => Bound::new(py, Quirk { quirk, offset })?.into_any(),
        unknown => {
            let text = format!("event unknown to the Python package: {unknown:?}");
            return Err(pyo3::exceptions::PyNotImplementedError::new_err(text));
        }
    })
}

fn code_text(code: ResponseCode<'_>) -> Text {
    Text::new(code.as_bytes())
}

/// A capability's name, in capitals, and what follows it.
pub(crate) fn capability_line(capability: &pop3::Capability<'_>) -> (Text, Words) {
    let mut line = capability.emit(&mut None).concat();
    let name = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
    let arguments = Words::new(line.get(name..).unwrap_or_default());
    line.truncate(name);
    line.make_ascii_uppercase();
    (Text::new(&line), arguments)
}
