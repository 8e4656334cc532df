//! The client's work between two calls from Python: polls the engine, makes events of what it says,
//! answers SASL challenges, and keeps notes of what later questions ask for.

use std::collections::BTreeSet;

use mailproto_core::LocalError;
use mailproto_core::pop3::{self, Capabilities, Event, State, Status, Verb};
use mailproto_core::sasl::{self, Mechanism, Name};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::credentials::{self, Authentication};
use crate::engine::Pop3Client;
use crate::error;
use crate::event;
use crate::feed::Feed;
use crate::joined::Joined;

/// What goes on beside the engine.
#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) in_flight: usize,
    pub(crate) capabilities: BTreeSet<String>,
    pub(crate) mechanisms: BTreeSet<String>,
    pub(crate) authentication: Authentication,
}

/// Polls until `most` events are there or all is taken.
pub(crate) fn poll<'py>(
    py: Python<'py>,
    client: &mut Pop3Client<'_>,
    feed: &mut Feed,
    notes: &mut Notes,
    most: usize,
    events: &mut Vec<Bound<'py, PyAny>>,
) -> PyResult<()> {
    notes.authentication.check_trust(py)?;
    loop {
        // Without a feed there may still be a notice to tell.
        let (source, taken) = feed.first(py).unwrap_or_else(|| (PyBytes::new(py, b""), 0));
        let whole = source.as_bytes();
        let mut input = whole.get(taken..).unwrap_or_default();
        let polled = poll_feed(client, notes, &source, &mut input, most, events);
        feed.leave(whole.len(), input.len());
        if polled? == Polled::Enough {
            return Ok(());
        }
        if feed.is_empty() {
            break;
        }
    }
    if feed.has_ended() {
        client.eof().map_err(|error| error::remote(py, error))?;
    }
    Ok(())
}

#[derive(PartialEq)]
enum Polled {
    Enough,
    NeedsMore,
}

fn poll_feed<'py>(
    client: &mut Pop3Client<'_>,
    notes: &mut Notes,
    source: &Bound<'py, PyBytes>,
    input: &mut &[u8],
    most: usize,
    events: &mut Vec<Bound<'py, PyAny>>,
) -> PyResult<Polled> {
    let py = source.py();
    let mut joined = Joined::default();
    while events.len() < most {
        let polled = client.poll(input);
        match polled {
            Ok(Some(Event::Data { command, octets })) if most > 1 => {
                joined.add(command, octets, source.as_bytes());
                continue;
            }
            _ => joined.finish(source, events)?,
        }
        let polled = polled.map_err(|error| error::remote(py, error))?;
        let Some(event) = polled else { return Ok(Polled::NeedsMore) };
        let challenged = matches!(event, Event::Challenge { .. });
        notes.take(&event);
        events.push(event::build(event, source)?);
        if challenged {
            notes.answer(client);
            notes.authentication.check_trust(py)?;
        }
    }
    Ok(Polled::Enough)
}

impl Notes {
    /// Keeps what later questions ask for.
    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Data { .. } | Event::UniqueId { .. } | Event::ScanListing { .. } => {}
            Event::Completed { verb, status, .. } => self.completed(*verb, *status),
            Event::Started { verb: Verb::Capa, .. } => self.forget_capabilities(),
            Event::Capability { capability, .. } => self.announce(capability),
            _ => {}
        }
    }

    fn completed(&mut self, verb: Verb, status: Status) {
        self.in_flight = self.in_flight.saturating_sub(1);
        match (verb, status) {
            (Verb::Auth, _) => self.authentication.ended(),
            (Verb::Stls, Status::Ok) => self.forget_capabilities(),
            _ => {}
        }
    }

    fn forget_capabilities(&mut self) {
        self.capabilities.clear();
        self.mechanisms.clear();
    }

    fn announce(&mut self, capability: &pop3::Capability<'_>) {
        let upper = |name: &[u8]| String::from_utf8_lossy(name).to_ascii_uppercase();
        if let pop3::Capability::Sasl(names) = capability {
            self.mechanisms.extend(names.iter().map(upper));
        }
        let (name, _) = event::capability_line(capability);
        self.capabilities.insert(upper(name.as_bytes()));
    }

    /// Answers a challenge. Where the mechanism cannot, the exchange is cancelled, and the server
    /// completes AUTH with an error.
    fn answer(&mut self, client: &mut Pop3Client<'_>) {
        let received = client.received();
        let respond = |mechanism: &mut dyn Mechanism| client.respond(mechanism);
        if self.authentication.answer(received, respond).is_err() {
            // The outgoing buffer has room: AUTH goes alone, so it is empty.
            let _ = client.cancel();
        }
    }
}

/// The mechanism that was named, or the strongest that is offered, suits the credentials and is
/// safe on this channel.
pub(crate) fn choose(
    client: &Pop3Client<'_>,
    suiting: sasl::NameSet,
    mechanism: Option<&str>,
) -> Result<Name, LocalError> {
    if let Some(mechanism) = mechanism {
        return credentials::named(mechanism);
    }
    if client.state() != State::Authorization {
        return Err(if client.state() == State::Closed {
            LocalError::Closed
        } else {
            LocalError::WrongState
        });
    }
    if !client.capabilities().contains(Capabilities::KNOWN) {
        return Err(LocalError::NotOffered);
    }
    credentials::strongest(client.mechanisms(), suiting, client.may_send_credentials())
}
