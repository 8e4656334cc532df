//! The client's work between two calls from Python: polls the engine, makes events of what it says,
//! answers SASL challenges, and keeps notes of what later questions ask for.

use std::collections::BTreeSet;

use mailproto_core::imap::{
    Capabilities, CommandKind, Data, Event, Listing, Oversize, Status, Tag,
};
use mailproto_core::sasl::{self, Mechanism, Name};
use mailproto_core::{LocalError, imap};
use pyo3::exceptions::PyNotImplementedError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::cache::{self, Cache};
use super::collect::Collector;
use super::event::{
    self, Bye, Challenge, Completed, Continuation, Greeting, IdleDue, Idling, Upload,
};
use super::listing::capital;
use super::names;
use crate::credentials::{self, Authentication};
use crate::engine::ImapClient;
use crate::error;
use crate::feed::Feed;
use crate::field::{Hidden, Text};

/// What goes on beside the engine.
#[derive(Default)]
pub(crate) struct Notes {
    /// The letters before the number in each tag.
    prefix: String,
    pub(crate) in_flight: usize,
    pub(crate) capabilities: BTreeSet<String>,
    pub(crate) enabled: BTreeSet<String>,
    pub(crate) authentication: Authentication,
}

/// Polls until `most` events are there or all is taken.
pub(crate) fn poll<'py>(
    py: Python<'py>,
    client: &mut ImapClient<'_>,
    feed: &mut Feed,
    (notes, collector): (&mut Notes, &mut Collector),
    most: usize,
    events: &mut Vec<Bound<'py, PyAny>>,
) -> PyResult<()> {
    notes.authentication.check_trust(py)?;
    loop {
        // Without a feed there may still be a notice to tell.
        let (source, taken) = feed.first(py).unwrap_or_else(|| (PyBytes::new(py, b""), 0));
        let whole = source.as_bytes();
        let mut input = whole.get(taken..).unwrap_or_default();
        let before = input.len();
        let polled = cache::with(|cache| {
            poll_feed(client, (notes, collector, cache), &source, &mut input, most, events)
        });
        feed.leave(whole.len(), input.len());
        let stuck = before > 0 && input.len() == before;
        if polled? == Polled::Enough {
            return Ok(());
        }
        // After COMPRESS the engine takes no more: the caller asks for what is left.
        if feed.is_empty() || stuck {
            break;
        }
    }
    if feed.has_ended() && feed.is_empty() {
        client.eof().map_err(|error| remote(py, error))?;
        // Commands that were never answered are told now.
        let source = PyBytes::new(py, b"");
        cache::with(|cache| {
            poll_feed(client, (notes, collector, cache), &source, &mut &[][..], most, events)
        })?;
    }
    Ok(())
}

#[derive(PartialEq)]
enum Polled {
    Enough,
    NeedsMore,
}

fn poll_feed<'py>(
    client: &mut ImapClient<'_>,
    (notes, collector, cache): (&mut Notes, &mut Collector, &mut Cache),
    source: &Bound<'py, PyBytes>,
    input: &mut &[u8],
    most: usize,
    events: &mut Vec<Bound<'py, PyAny>>,
) -> PyResult<Polled> {
    let py = source.py();
    while events.len() < most {
        let utf8 = client.is_utf8();
        let polled = client.poll(input).map_err(|error| remote(py, error))?;
        let Some(event) = polled else { return Ok(Polled::NeedsMore) };
        if let Event::Data(data) = event {
            notes.data(&data);
            collector.take(source, cache, data, utf8, events)?;
            continue;
        }
        let challenged = matches!(event, Event::Challenge { .. });
        notes.take(&event);
        events.push(notes.build(py, event)?);
        if challenged {
            notes.answer(client);
            notes.authentication.check_trust(py)?;
        }
    }
    Ok(Polled::Enough)
}

/// The engine's error as Python's.
pub(crate) fn remote(py: Python<'_>, error: mailproto_core::RemoteError) -> PyErr {
    error::remote_of(py, error, names::quirk_violation)
}

impl Notes {
    pub(crate) fn new(prefix: String) -> Self {
        Self { prefix, ..Self::default() }
    }

    /// A tag as it is on the wire.
    pub(crate) fn tag(&self, tag: Tag) -> String {
        format!("{}{}", self.prefix, tag.0)
    }

    #[inline]
    fn data(&mut self, data: &Data<'_>) {
        match data {
            Data::Begin(Listing::Capability) => self.capabilities.clear(),
            Data::Capability(capability) => {
                self.capabilities.insert(capital(capability));
            }
            Data::Enabled(capability) => {
                self.enabled.insert(capital(capability));
            }
            _ => {}
        }
    }

    /// Keeps what later questions ask for.
    fn take(&mut self, event: &Event<'_>) {
        let code = match event {
            Event::Greeting { code, .. } | Event::Status { code, .. } => code,
            Event::Completed { kind, status, code, .. } => {
                self.completed(*kind, *status);
                code
            }
            _ => return,
        };
        if let Some(imap::Code::Capability(list)) = code {
            self.capabilities = list.iter().map(|each| capital(&each)).collect();
        }
    }

    fn completed(&mut self, kind: CommandKind, status: Status) {
        self.in_flight = self.in_flight.saturating_sub(1);
        match (kind, status) {
            (CommandKind::Authenticate, _) => self.authentication.ended(),
            (CommandKind::StartTls | CommandKind::Unauthenticate, Status::Ok) => {
                self.capabilities.clear();
                self.enabled.clear();
            }
            _ => {}
        }
    }

    /// Makes the object of an event that is no data.
    fn build<'py>(&self, py: Python<'py>, event: Event<'_>) -> PyResult<Bound<'py, PyAny>> {
        let tag = |tag| Text::new(self.tag(tag).as_bytes());
        Ok(match event {
            Event::Completed { tag: of, kind, status, code, text } => {
                let event = Completed {
                    tag: tag(of),
                    command: kind.name().into(),
                    status: names::status(status),
                    code: event::code(py, code)?,
                    text: Text::new(text),
                };
                Bound::new(py, event)?.into_any()
            }
            Event::Status { status, code, text } => {
                let (status, code) = (names::status(status), event::code(py, code)?);
                Bound::new(py, event::Status { status, code, text: Text::new(text) })?.into_any()
            }
            Event::Greeting { greeting, code, text } => {
                let (kind, code) = (names::greeting(greeting), event::code(py, code)?);
                Bound::new(py, Greeting { kind, code, text: Text::new(text) })?.into_any()
            }
            Event::Bye { code, text } => {
                let code = event::code(py, code)?;
                Bound::new(py, Bye { code, text: Text::new(text) })?.into_any()
            }
            Event::Continuation { code, text } => {
                let code = event::code(py, code)?;
                Bound::new(py, Continuation { code, text: Text::new(text) })?.into_any()
            }
            Event::Challenge { tag: of, challenge } => {
                let challenge = Hidden::new(challenge);
                Bound::new(py, Challenge { tag: tag(of), challenge })?.into_any()
            }
            Event::Idling { tag: of } => Bound::new(py, Idling { tag: tag(of) })?.into_any(),
            Event::IdleDue { tag: of } => Bound::new(py, IdleDue { tag: tag(of) })?.into_any(),
            Event::Upload { tag: of, octets } => {
                Bound::new(py, Upload { tag: tag(of), octets })?.into_any()
            }
            Event::Oversize { what, octets } => {
                let what = match what {
                    Oversize::Text => "text",
                    Oversize::Item => "item",
                    Oversize::Element => "element",
                    _ => "response",
                };
                Bound::new(py, event::Oversize { what: what.into(), octets })?.into_any()
            }
            Event::Quirk { quirk, offset } => {
                Bound::new(py, event::quirk(quirk, offset))?.into_any()
            }
            unknown => {
                let text = format!("event unknown to the Python package: {unknown:?}");
                return Err(PyNotImplementedError::new_err(text));
            }
        })
    }

    /// Answers a challenge. Where the mechanism cannot, the exchange is cancelled, and the server
    /// completes AUTHENTICATE with BAD.
    fn answer(&mut self, client: &mut ImapClient<'_>) {
        let received = client.received();
        let respond = |mechanism: &mut dyn Mechanism| client.respond(mechanism);
        if self.authentication.answer(received, respond).is_err() {
            // The outgoing buffer has room: AUTHENTICATE goes alone, so it is empty.
            let _ = client.cancel();
        }
    }
}

/// The mechanism that was named, or the strongest that is offered, suits the credentials and is
/// safe on this channel.
pub(crate) fn choose(
    client: &ImapClient<'_>,
    suiting: sasl::NameSet,
    mechanism: Option<&str>,
) -> Result<Name, LocalError> {
    if let Some(mechanism) = mechanism {
        return credentials::named(mechanism);
    }
    match client.state() {
        imap::State::NotAuthenticated => {}
        imap::State::Logout | imap::State::Closed => return Err(LocalError::Closed),
        _ => return Err(LocalError::WrongState),
    }
    if !client.capabilities().contains(Capabilities::KNOWN) {
        return Err(LocalError::NotOffered);
    }
    credentials::strongest(client.mechanisms(), suiting, client.may_send_credentials())
}
