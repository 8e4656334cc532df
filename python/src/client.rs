//! The client role of POP3 for Python: the class, its arguments and its attributes.

use mailproto_core::pop3::{self, CommandNumber, Config, QuirkSet};
use mailproto_core::{LocalError, RemoteError, Violation};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFrozenSet, PyList};

use crate::argument::{read_number, read_security, read_timeout};
use crate::clock::Clock;

use crate::credentials::{self, Exchange};
use crate::engine::{Buffers, ClientCell, Pop3Client};
use crate::error;
use crate::feed::Feed;
use crate::field::octets_of;
use crate::session::{Notes, choose, poll};
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
    failure: Option<PyErr>,
    clock: Clock,
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
        let (feed, notes, clock) = (Feed::default(), Notes::default(), Clock::default());
        Ok(Self { engine, feed, notes, failure: None, clock })
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
        self.notes.authentication.begun(exchange);
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
        self.notes.authentication.failure()
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

    /// Takes at most `most` events. An error behind events waits for the next call.
    fn take<'py>(&mut self, py: Python<'py>, most: usize) -> PyResult<Vec<Bound<'py, PyAny>>> {
        if let Some(error) = self.failure.take() {
            return Err(error);
        }
        let Self { engine, feed, notes, failure, .. } = self;
        engine.with_dependent_mut(|_, client| {
            let mut events = Vec::new();
            match poll(py, client, feed, notes, most, &mut events) {
                Err(error) if events.is_empty() => return Err(error),
                Err(error) => *failure = Some(error),
                Ok(()) => {}
            }
            Ok(events)
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
