//! The client role of POP3 for Python: owns an engine, its feeds, the SASL exchange under way.

use std::collections::BTreeSet;

use mailproto_core::pop3::{self, Capabilities, CommandNumber, Config, Event, State};
use mailproto_core::pop3::{QuirkSet, Status, Verb};
use mailproto_core::sasl::{self, Exposure, Name};
use mailproto_core::{LocalError, RemoteError, Violation};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFrozenSet, PyList};

use crate::argument::{read_number, read_security, read_timeout};
use crate::clock::Clock;

use crate::credentials::{self, Exchange};
use crate::engine::{Buffers, ClientCell, Pop3Client};
use crate::error;
use crate::event;
use crate::feed::Feed;
use crate::field::octets_of;
use crate::signal::{need_data, state_name};

/// The client role of POP3 without any I/O: received octets become events, calls become octets to
/// send.
///
/// `security` says how credentials may travel (RFC 8314): `stls-required` only after STLS,
/// `private` because the channel is private already (implicit TLS), `danger-cleartext` in the
/// clear. `strict` ends the session at the first deviation from the RFCs instead of mending and
/// reporting it. `scratch` bounds the length of a line, `outgoing` what waits to be sent.
///
/// Not for use from two threads at once: the second then gets a `RuntimeError`.
#[pyclass(module = "mailproto.sansio.pop3")]
pub(crate) struct Client {
    engine: ClientCell,
    feed: Feed,
    notes: Notes,
    clock: Clock,
}

/// What goes on beside the engine.
#[derive(Default)]
struct Notes {
    in_flight: usize,
    capabilities: BTreeSet<String>,
    mechanisms: BTreeSet<String>,
    exchange: Option<Exchange>,
    sasl_failure: Option<sasl::Error>,
    /// The server is not who it claims to be: the offset at which that showed.
    distrust: Option<(sasl::Error, u64)>,
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (
        *,
        security = "stls-required",
        strict = false,
        pipelining = true,
        apop = false,
        reply_timeout = 60.0,
        scratch = 4096,
        outgoing = 65536,
    ))]
    fn new(
        security: &str,
        strict: bool,
        pipelining: bool,
        apop: bool,
        reply_timeout: f64,
        scratch: usize,
        outgoing: usize,
    ) -> PyResult<Self> {
        let config = Config {
            security: read_security(security)?,
            tolerate: if strict { QuirkSet::NONE } else { QuirkSet::ALL },
            pipelining,
            apop,
            reply_timeout_ms: read_timeout("reply_timeout", reply_timeout)?,
        };
        let engine = ClientCell::new(Buffers::new(scratch, outgoing), |buffers| {
            let (scratch, outgoing) = buffers.lend();
            pop3::Client::with_window(scratch, outgoing, config)
        });
        Ok(Self { engine, feed: Feed::default(), notes: Notes::default(), clock: Clock::default() })
    }

    /// Takes what was received; `b""` says that the connection ended. Any buffer will do, but only
    /// `bytes` spare a copy. Nothing is looked at before `next_event` or `events`.
    fn receive_data(&mut self, data: &Bound<'_, PyAny>) -> PyResult<()> {
        self.feed.push(data)
    }

    /// The next event, or `NEED_DATA` when all that was received has been taken.
    ///
    /// Raises `RemoteProtocolError`, `SecurityError` or `ConnectionLost` when the session is over;
    /// every further call does so again.
    fn next_event<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.take(py, 1)?.pop() {
            Some(event) => Ok(event),
            None => need_data(py),
        }
    }

    /// All events that the received octets give. Where an error comes behind events, these are
    /// returned and the next call raises: so call until the list is empty before waiting for more.
    fn events<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.take(py, usize::MAX)?)
    }

    /// What is to be sent now; it counts as sent.
    fn data_to_send<'py>(&mut self, py: Python<'py>) -> Bound<'py, PyBytes> {
        self.engine.with_dependent_mut(|_, client| {
            let octets = PyBytes::new(py, client.outgoing());
            client.sent(octets.as_bytes().len());
            octets
        })
    }

    /// CAPA: asks what the server offers (RFC 2449 §5); `Capability` events follow.
    fn capa(&mut self, py: Python<'_>) -> PyResult<u32> {
        self.command(py, |client| client.capa())
    }

    /// STLS: asks to begin TLS (RFC 2595 §4). After its completion make the handshake, then call
    /// `tls_established`.
    fn stls(&mut self, py: Python<'_>) -> PyResult<u32> {
        self.command(py, |client| client.stls())
    }

    /// Tells that the TLS handshake is done and the certificate verified. What was learnt before
    /// is forgotten; ask CAPA again.
    fn tls_established(&mut self, py: Python<'_>) -> PyResult<()> {
        self.refuse_plaintext(py)?;
        let done = self.engine.with_dependent_mut(|_, client| client.tls_established());
        done.map_err(|error| error::local(py, error))
    }

    /// USER: names the mailbox (RFC 1939 §7). `login` does both steps.
    fn user(&mut self, py: Python<'_>, name: &Bound<'_, PyAny>) -> PyResult<u32> {
        octets_of(name, |name| self.command(py, |client| client.user(name)))
    }

    /// PASS: gives the password after USER was accepted (RFC 1939 §7).
    fn pass_(&mut self, py: Python<'_>, password: &Bound<'_, PyAny>) -> PyResult<u32> {
        octets_of(password, |password| self.command(py, |client| client.pass(password)))
    }

    /// USER and, once it is accepted, PASS, whose number is returned.
    fn login(
        &mut self,
        py: Python<'_>,
        name: &Bound<'_, PyAny>,
        password: &Bound<'_, PyAny>,
    ) -> PyResult<u32> {
        octets_of(name, |name| {
            octets_of(password, |password| {
                let number = self.command(py, |client| client.login(name, password))?;
                self.notes.in_flight += 1;
                Ok(number)
            })
        })
    }

    /// APOP: logs in with an MD5 digest of the greeting's timestamp and the secret (RFC 1939 §7).
    fn apop(
        &mut self,
        py: Python<'_>,
        name: &Bound<'_, PyAny>,
        secret: &Bound<'_, PyAny>,
    ) -> PyResult<u32> {
        octets_of(name, |name| {
            octets_of(secret, |secret| self.command(py, |client| client.apop(name, secret)))
        })
    }

    /// AUTH: logs in by SASL (RFC 5034), by the strongest mechanism that the server offered in its
    /// reply to CAPA unless one is named. Challenges are answered by `next_event` and `events`.
    #[pyo3(signature = (credentials, mechanism = None))]
    fn auth(
        &mut self,
        py: Python<'_>,
        credentials: &Bound<'_, PyAny>,
        mechanism: Option<&str>,
    ) -> PyResult<u32> {
        let credentials = credentials::read(credentials)?;
        let suiting = credentials.mechanisms();
        let name = self.engine.with_dependent(|_, client| choose(client, suiting, mechanism));
        let name = name.map_err(|error| error::local(py, error))?;
        let begun = Exchange::begin(name, credentials)?;
        let mut exchange = begun.map_err(|error| error::local(py, LocalError::Sasl(error)))?;
        let number = self.command(py, |client| {
            exchange.with_dependent_mut(|_, mechanism| client.auth(mechanism))
        })?;
        self.notes.exchange = Some(exchange);
        self.notes.sasl_failure = None;
        Ok(number)
    }

    /// STAT: how many messages, how many octets (RFC 1939 §5), as the completion's value.
    fn stat(&mut self, py: Python<'_>) -> PyResult<u32> {
        self.command(py, |client| client.stat())
    }

    /// LIST: the length of all messages as `ScanListing` events, or of one as the completion's
    /// value (RFC 1939 §5).
    #[pyo3(signature = (message = None))]
    fn list(&mut self, py: Python<'_>, message: Option<&Bound<'_, PyAny>>) -> PyResult<u32> {
        match message {
            None => self.command(py, |client| client.list()),
            Some(message) => {
                let message = read_number(message)?;
                self.command(py, |client| client.list_one(message))
            }
        }
    }

    /// UIDL: the unique-ids of all messages as `UniqueId` events, or of one as the completion's
    /// value (RFC 1939 §7).
    #[pyo3(signature = (message = None))]
    fn uidl(&mut self, py: Python<'_>, message: Option<&Bound<'_, PyAny>>) -> PyResult<u32> {
        match message {
            None => self.command(py, |client| client.uidl()),
            Some(message) => {
                let message = read_number(message)?;
                self.command(py, |client| client.uidl_one(message))
            }
        }
    }

    /// RETR: a whole message (RFC 1939 §5), as `Data` events.
    fn retr(&mut self, py: Python<'_>, message: &Bound<'_, PyAny>) -> PyResult<u32> {
        let message = read_number(message)?;
        self.command(py, |client| client.retr(message))
    }

    /// TOP: a message's header and the first lines of its body (RFC 1939 §7), as `Data` events.
    fn top(
        &mut self,
        py: Python<'_>,
        message: &Bound<'_, PyAny>,
        lines: &Bound<'_, PyAny>,
    ) -> PyResult<u32> {
        let (message, lines) = (read_number(message)?, read_number(lines)?);
        self.command(py, |client| client.top(message, lines))
    }

    /// DELE: marks a message as deleted (RFC 1939 §5). It is removed at QUIT.
    fn dele(&mut self, py: Python<'_>, message: &Bound<'_, PyAny>) -> PyResult<u32> {
        let message = read_number(message)?;
        self.command(py, |client| client.dele(message))
    }

    /// RSET: takes all marks of deletion back (RFC 1939 §5).
    fn rset(&mut self, py: Python<'_>) -> PyResult<u32> {
        self.command(py, |client| client.rset())
    }

    /// NOOP: does nothing, but keeps the session alive (RFC 1939 §5).
    fn noop(&mut self, py: Python<'_>) -> PyResult<u32> {
        self.command(py, |client| client.noop())
    }

    /// QUIT: ends the session; marked messages are removed now (RFC 1939 §6).
    fn quit(&mut self, py: Python<'_>) -> PyResult<u32> {
        self.command(py, |client| client.quit())
    }

    /// UTF8: switches to UTF-8, before login (RFC 6856 §2).
    fn utf8(&mut self, py: Python<'_>) -> PyResult<u32> {
        self.command(py, |client| client.utf8())
    }

    /// LANG: the server's languages as `Language` events, or the switch to one (RFC 6856 §3.2).
    #[pyo3(signature = (tag = None))]
    fn lang(&mut self, py: Python<'_>, tag: Option<&Bound<'_, PyAny>>) -> PyResult<u32> {
        match tag {
            None => self.command(py, |client| client.lang_list()),
            Some(tag) => octets_of(tag, |tag| self.command(py, |client| client.lang(tag))),
        }
    }

    /// Sends a command that this package does not know, without CRLF. `multiline` tells what a
    /// positive reply looks like; its lines come as `Data`. It must not change the state.
    #[pyo3(signature = (line, multiline = false))]
    fn raw(&mut self, py: Python<'_>, line: &Bound<'_, PyAny>, multiline: bool) -> PyResult<u32> {
        octets_of(line, |line| self.command(py, |client| client.raw(line, multiline)))
    }

    /// Tells the time, in seconds of any clock that does not jump. Raises `Timeout` when a reply
    /// was due and nothing came for `reply_timeout`.
    fn tick(&mut self, py: Python<'_>, now: f64) -> PyResult<()> {
        let now = self.clock.set(now)?;
        let ticked = self.engine.with_dependent_mut(|_, client| client.tick(now));
        ticked.map_err(|error| error::remote(py, error))
    }

    /// When `tick` should be called at the latest, on its clock; `None` while nothing is awaited.
    fn deadline(&self) -> Option<f64> {
        self.clock.seconds(self.engine.with_dependent(|_, client| client.deadline())?)
    }

    /// Where the session stands: `greeting`, `authorization`, `handshake` (STLS was accepted),
    /// `transaction` or `closed`.
    #[getter]
    fn state(&self) -> &'static str {
        state_name(self.engine.with_dependent(|_, client| client.state()))
    }

    /// The names of the capabilities in the last reply to CAPA; empty before it.
    #[getter]
    fn capabilities<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyFrozenSet>> {
        PyFrozenSet::new(py, &self.notes.capabilities)
    }

    /// The SASL mechanisms in it.
    #[getter]
    fn mechanisms<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyFrozenSet>> {
        PyFrozenSet::new(py, &self.notes.mechanisms)
    }

    /// Whether credentials may be sent now.
    #[getter]
    fn may_send_credentials(&self) -> bool {
        self.engine.with_dependent(|_, client| client.may_send_credentials())
    }

    /// Whether no command is in flight.
    #[getter]
    fn idle(&self) -> bool {
        self.engine.with_dependent(|_, client| client.is_idle())
    }

    /// How many commands are in flight; 256 at most.
    #[getter]
    fn in_flight(&self) -> usize {
        self.notes.in_flight
    }

    /// How many octets have been received and taken.
    #[getter]
    fn bytes_received(&self) -> u64 {
        self.engine.with_dependent(|_, client| client.received())
    }

    /// Why the last SASL exchange was given up on this side, if it was.
    #[getter]
    fn sasl_failure(&self) -> Option<String> {
        self.notes.sasl_failure.map(|error| error.to_string())
    }

    fn __repr__(&self) -> String {
        let (state, in_flight) = (self.state(), self.in_flight());
        format!("<mailproto.sansio.pop3.Client {state} in_flight={in_flight}>")
    }
}

impl Client {
    /// Queues a command.
    fn command(
        &mut self,
        py: Python<'_>,
        queue: impl FnOnce(&mut Pop3Client<'_>) -> Result<CommandNumber, LocalError>,
    ) -> PyResult<u32> {
        match self.engine.with_dependent_mut(|_, client| queue(client)) {
            Ok(number) => {
                self.notes.in_flight += 1;
                Ok(number.0)
            }
            Err(error) => Err(error::local(py, error)),
        }
    }

    /// Takes at most `most` events. An error is raised only where no event comes before it: the
    /// engine repeats it at the next call.
    fn take<'py>(&mut self, py: Python<'py>, most: usize) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let Self { engine, feed, notes, .. } = self;
        engine.with_dependent_mut(|_, client| {
            let mut events = Vec::new();
            match poll(py, client, feed, notes, most, &mut events) {
                Err(error) if events.is_empty() => Err(error),
                _ => Ok(events),
            }
        })
    }

    /// Octets that were fed before the handshake but not yet looked at are an injection
    /// (RFC 2595 §4), as the engine would say.
    fn refuse_plaintext(&self, py: Python<'_>) -> PyResult<()> {
        if self.feed.is_empty() || self.state() != "handshake" {
            return Ok(());
        }
        let offset = self.bytes_received();
        Err(error::remote(py, RemoteError { violation: Violation::PlaintextAfterStls, offset }))
    }
}

/// Polls until `most` events are there or all is taken.
fn poll<'py>(
    py: Python<'py>,
    client: &mut Pop3Client<'_>,
    feed: &mut Feed,
    notes: &mut Notes,
    most: usize,
    events: &mut Vec<Bound<'py, PyAny>>,
) -> PyResult<()> {
    notes.check_trust(py)?;
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
    while events.len() < most {
        let polled = client.poll(input).map_err(|error| error::remote(py, error))?;
        let Some(event) = polled else { return Ok(Polled::NeedsMore) };
        let challenged = matches!(event, Event::Challenge { .. });
        notes.take(&event);
        events.push(event::build(event, source)?);
        if challenged {
            notes.answer(client);
            notes.check_trust(py)?;
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
            (Verb::Auth, _) => self.exchange = None,
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
        let answered = match &mut self.exchange {
            Some(exchange) => {
                exchange.with_dependent_mut(|_, mechanism| client.respond(mechanism))
            }
            None => Err(LocalError::Sasl(sasl::Error::UnexpectedChallenge)),
        };
        let Err(error) = answered else { return };
        let failure = match error {
            LocalError::Sasl(failure) => failure,
            _ => sasl::Error::TooLong,
        };
        if is_impostor(failure) {
            self.distrust = Some((failure, client.received()));
        }
        self.sasl_failure = Some(failure);
        // The outgoing buffer has room: AUTH goes alone, so it is empty.
        let _ = client.cancel();
    }

    fn check_trust(&self, py: Python<'_>) -> PyResult<()> {
        match self.distrust {
            None => Ok(()),
            Some((failure, offset)) => {
                let text = format!("SASL: {failure}");
                Err(error::insecure(py, "server-not-authenticated", offset, text))
            }
        }
    }
}

/// Whether a mechanism's error means that the server is not the one that knows the password.
fn is_impostor(failure: sasl::Error) -> bool {
    matches!(
        failure,
        sasl::Error::ServerNotVerified | sasl::Error::NonceMismatch | sasl::Error::TooFewIterations
    )
}

/// The mechanism that was named, or the strongest that is offered, suits the credentials and is
/// safe on this channel.
fn choose(
    client: &Pop3Client<'_>,
    suiting: sasl::NameSet,
    mechanism: Option<&str>,
) -> Result<Name, LocalError> {
    if let Some(mechanism) = mechanism {
        let name = Name::from_bytes(mechanism.as_bytes());
        return name.ok_or(LocalError::Sasl(sasl::Error::Unsupported));
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
    let offered = client.mechanisms();
    if client.may_send_credentials() {
        return sasl::choose(offered, suiting).ok_or(LocalError::NotOffered);
    }
    let safe = suiting.at_most(Exposure::Nothing);
    let unsafe_one = sasl::choose(offered, suiting).map(|_| LocalError::Insecure);
    sasl::choose(offered, safe).ok_or(unsafe_one.unwrap_or(LocalError::NotOffered))
}
