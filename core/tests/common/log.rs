//! What happened in a session, as text: one line an event, adjacent data merged.

use std::fmt::Write as _;

use mailproto_core::RemoteError;
use mailproto_core::pop3::{Capability, Event, ResponseCode, Value, Verb};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// An event, or the end of the session.
    Event(String),
    /// Octets of a message: all that came one after the other.
    Data(Vec<u8>),
    /// Octets that the engine sent: all that went one after the other.
    Sent(Vec<u8>),
}

/// All that happened, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Log(pub(crate) Vec<Entry>);

impl Log {
    pub(crate) fn event(&mut self, line: String) {
        self.0.push(Entry::Event(line));
    }

    pub(crate) fn data(&mut self, octets: &[u8]) {
        match self.0.last_mut() {
            Some(Entry::Data(data)) => data.extend_from_slice(octets),
            _ => self.0.push(Entry::Data(octets.to_vec())),
        }
    }

    pub(crate) fn sent(&mut self, octets: &[u8]) {
        match self.0.last_mut() {
            _ if octets.is_empty() => {}
            Some(Entry::Sent(sent)) => sent.extend_from_slice(octets),
            _ => self.0.push(Entry::Sent(octets.to_vec())),
        }
    }

    /// The events alone, data as `data "…"`.
    pub(crate) fn events(&self) -> Vec<String> {
        let mut events: Vec<String> = Vec::new();
        let mut data: Option<Vec<u8>> = None;
        for entry in &self.0 {
            match entry {
                Entry::Data(octets) => data.get_or_insert_default().extend_from_slice(octets),
                Entry::Event(line) => {
                    events.extend(data.take().map(|data| data_line(&data)));
                    events.push(line.clone());
                }
                Entry::Sent(_) => {}
            }
        }
        events.extend(data.take().map(|data| data_line(&data)));
        events
    }

    /// Everything that was sent.
    pub(crate) fn all_sent(&self) -> Vec<u8> {
        let sent = self.0.iter().filter_map(|entry| match entry {
            Entry::Sent(octets) => Some(octets.as_slice()),
            _ => None,
        });
        sent.collect::<Vec<_>>().concat()
    }

    /// The data of each message, in order.
    pub(crate) fn bodies(&self) -> Vec<&[u8]> {
        let data = self.0.iter().filter_map(|entry| match entry {
            Entry::Data(octets) => Some(octets.as_slice()),
            _ => None,
        });
        data.collect()
    }

    pub(crate) fn has(&self, beginning: &str) -> bool {
        self.0
            .iter()
            .any(|entry| matches!(entry, Entry::Event(line) if line.starts_with(beginning)))
    }
}

pub(crate) fn data_line(octets: &[u8]) -> String {
    format!("data {}", quoted(octets))
}

/// Octets in quotes, others than printable ASCII escaped.
pub(crate) fn quoted(octets: &[u8]) -> String {
    format!("\"{}\"", octets.escape_ascii())
}

/// An event as a line, `Data` excepted.
pub(crate) fn event_line(event: &Event<'_>) -> String {
    let mut line = String::new();
    match *event {
        Event::Greeting { status, code, text, timestamp } => {
            line = format!("greeting {status:?}{} {}", code_word(code), quoted(text));
            if let Some(stamp) = timestamp {
                let _ = write!(line, " apop={}", stamp.escape_ascii());
            }
        }
        Event::Started { verb, message, octets, text, .. } => {
            line = format!("started {}", subject(verb, message));
            if let Some(octets) = octets {
                let _ = write!(line, " octets={octets}");
            }
            let _ = write!(line, " {}", quoted(text));
        }
        Event::Capability { capability, .. } => line = capability_line(&capability),
        Event::ScanListing { message, octets, .. } => line = format!("scan {message} {octets}"),
        Event::UniqueId { message, uid, .. } => {
            line = format!("uid {message} {}", uid.escape_ascii());
        }
        Event::Language { tag, description, .. } => {
            line = format!("lang {} {}", tag.escape_ascii(), quoted(description));
        }
        Event::Data { octets, .. } => line = data_line(octets),
        Event::Challenge { challenge, .. } => line = format!("challenge {}", quoted(challenge)),
        Event::Completed { verb, message, status, code, text, value, .. } => {
            let subject = subject(verb, message);
            let value = value_word(&value);
            line = format!(
                "completed {subject} {status:?}{}{value} {}",
                code_word(code),
                quoted(text)
            );
        }
        Event::Unrecognized { line: octets } => line = format!("unrecognized {}", quoted(octets)),
        Event::Oversize { verb, octets } => {
            let what = verb.map_or("greeting".into(), |verb| subject(verb, 0));
            line = format!("oversize {what} {octets}");
        }
        Event::Quirk { quirk, offset } => line = format!("quirk {quirk:?} @{offset}"),
        ref other => {
            let _ = write!(line, "{other:?}");
        }
    }
    line
}

pub(crate) fn failure_line(error: &RemoteError) -> String {
    format!("fatal {:?} @{}", error.violation, error.offset)
}

fn subject(verb: Verb, message: u32) -> String {
    let keyword = if verb == Verb::Raw { "raw" } else { verb.keyword() };
    if message == 0 { keyword.to_owned() } else { format!("{keyword} {message}") }
}

fn code_word(code: Option<ResponseCode<'_>>) -> String {
    match code {
        Some(ResponseCode::Other(code)) => format!(" [{}]?", code.escape_ascii()),
        Some(code) => format!(" [{}]", code.as_bytes().escape_ascii()),
        None => String::new(),
    }
}

fn value_word(value: &Value<'_>) -> String {
    match value {
        Value::None => String::new(),
        Value::DropListing { messages, octets } => format!(" drop={messages},{octets}"),
        Value::ScanListing { message, octets } => format!(" scan={message},{octets}"),
        Value::UniqueId { message, uid } => format!(" uid={message},{}", uid.escape_ascii()),
    }
}

fn capability_line(capability: &Capability<'_>) -> String {
    let known = if matches!(capability, Capability::Other { .. }) { "other" } else { "capability" };
    let text = capability.emit(&mut None).concat();
    format!("{known} {}", text.escape_ascii())
}
