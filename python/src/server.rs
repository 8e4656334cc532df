//! The server role of POP3 for Python: owns an engine, its feeds, what waits to be sent, the SASL
//! exchange under way.

use mailproto_core::pop3::{Request, ResponseCode, Server as Engine, ServerConfig};
use mailproto_core::pop3::{State, Verb};
use mailproto_core::sasl::{Name, Secret, ServerMechanism, Step, Store, apop};
use mailproto_core::{LocalError, RemoteError, Violation};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use crate::argument::{read_number, read_security, read_timeout};
use crate::clock::Clock;
use crate::engine::{Buffers, Pop3Server, ServerCell, ServerMemory};
use crate::error;
use crate::feed::Feed;
use crate::field::octets_of;
use crate::offer::{read_expire, read_mechanisms, read_newlines, read_utf8};
use crate::request::{self, Refused};
use crate::signal::{need_data, paused, state_name};
use crate::verifier::Verifier;

/// The engine's outgoing buffer, from which answers go at once to where they wait: a step of work.
const OUTGOING: usize = 16 * 1024;

/// The server role of POP3 without any I/O: received octets become requests, answers become octets
/// to send.
///
/// `security` says whether the channel is private, and whether credentials are taken over one that
/// is not. `mechanisms` are the SASL mechanisms to offer; `timestamp` with its angle brackets, new
/// for each connection, offers APOP; `expire` is in days or `never`; `newlines` may be `to-crlf` for
/// mail that is stored with bare LF. `scratch` bounds a line, `outgoing` what may wait to be sent
/// before the next request is read, `max_messages` a mailbox.
///
/// Not for use from two threads at once: the second then gets a `RuntimeError`.
#[pyclass(module = "mailproto.sansio.pop3")]
pub(crate) struct Server {
    engine: ServerCell,
    feed: Feed,
    outbox: Outbox,
    verifier: Option<Verifier>,
    /// A request that an answer brought about, to be told next.
    next: Option<Py<PyAny>>,
    failure: Option<PyErr>,
    hostname: String,
    clock: Clock,
}

/// What waits to be sent.
struct Outbox {
    octets: Vec<u8>,
    limit: usize,
}

#[pymethods]
impl Server {
    #[new]
    #[pyo3(signature = (
        *,
        security = "stls-required",
        stls = true,
        user = true,
        mechanisms = Vec::new(),
        timestamp = None,
        utf8 = None,
        lang = false,
        expire = None,
        login_delay = None,
        implementation = None,
        newlines = "keep",
        hostname = "localhost",
        max_errors = 10,
        max_messages = 1_000_000,
        autologout = 600.0,
        scratch = 16384,
        outgoing = 65536,
    ), text_signature = "(*, security='stls-required', stls=True, user=True, mechanisms=(), \
        timestamp=None, utf8=None, lang=False, expire=None, login_delay=None, \
        implementation=None, newlines='keep', hostname='localhost', max_errors=10, \
        max_messages=1000000, autologout=600.0, scratch=16384, outgoing=65536)")]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments of Python")]
    fn new(
        security: &str,
        stls: bool,
        user: bool,
        mechanisms: Vec<String>,
        timestamp: Option<String>,
        utf8: Option<&str>,
        lang: bool,
        expire: Option<&Bound<'_, PyAny>>,
        login_delay: Option<u32>,
        implementation: Option<String>,
        newlines: &str,
        hostname: &str,
        max_errors: u8,
        max_messages: usize,
        autologout: f64,
        scratch: usize,
        outgoing: usize,
    ) -> PyResult<Self> {
        if implementation.as_ref().is_some_and(|text| text.contains(['\r', '\n', '\0'])) {
            return Err(PyValueError::new_err("implementation must be one line"));
        }
        let config = ServerConfig {
            security: read_security(security)?,
            stls,
            user,
            mechanisms: read_mechanisms(&mechanisms)?,
            timestamp: None,
            utf8: read_utf8(utf8)?,
            lang,
            expire: expire.map(read_expire).transpose()?,
            login_delay,
            implementation: None,
            newlines: read_newlines(newlines)?,
            max_errors,
            autologout_ms: read_timeout("autologout", autologout)?,
        };
        let mut memory = ServerMemory::new(Buffers::new(scratch, OUTGOING), max_messages);
        memory.timestamp = timestamp.map(String::into_bytes);
        memory.implementation = implementation.map(String::into_bytes);
        let engine = ServerCell::new(memory, |memory| {
            let (scratch, outgoing) = memory.buffers.lend();
            let timestamp = memory.timestamp.as_deref();
            let implementation = memory.implementation.as_deref();
            let config = ServerConfig { timestamp, implementation, ..config };
            Engine::new(scratch, outgoing, memory.marks(), config)
        });
        Ok(Self {
            engine,
            feed: Feed::default(),
            outbox: Outbox { octets: Vec::new(), limit: outgoing },
            verifier: None,
            next: None,
            failure: None,
            hostname: hostname.into(),
            clock: Clock::default(),
        })
    }

    /// Takes what was received; `b""` says that the connection ended. Nothing is looked at before
    /// `next_event` or `events`.
    fn receive_data(&mut self, data: &Bound<'_, PyAny>) -> PyResult<()> {
        self.feed.push(data)
    }

    /// The next request; `PAUSED` while one awaits its answer or much waits to be sent; else
    /// `NEED_DATA`.
    ///
    /// Raises `ConnectionLost` when the client left without QUIT, `SecurityError` for plaintext
    /// behind STLS; every further call does so again.
    fn next_event<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if let Some(event) = self.take(py)? {
            return Ok(event);
        }
        if self.is_paused() { paused(py) } else { need_data(py) }
    }

    /// All requests up to the first that must be answered. Where an error comes behind requests,
    /// these are returned and the next call raises.
    fn events<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let events = PyList::empty(py);
        loop {
            match self.take(py) {
                Ok(Some(event)) => events.append(event)?,
                Ok(None) => return Ok(events),
                Err(error) if events.is_empty() => return Err(error),
                Err(error) => {
                    self.failure = Some(error);
                    return Ok(events);
                }
            }
        }
    }

    /// What is to be sent now; it counts as sent.
    fn data_to_send<'py>(&mut self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let octets = PyBytes::new(py, &self.outbox.octets);
        self.outbox.octets.clear();
        octets
    }

    /// Sends the greeting (RFC 1939 §4).
    #[pyo3(signature = (text = None), text_signature = "($self, text='ready')")]
    fn greet(&mut self, py: Python<'_>, text: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        match text {
            Some(text) => octets_of(text, |text| self.answer(py, |server| server.greet(text))),
            None => self.answer(py, |server| server.greet(b"ready")),
        }
    }

    /// Refuses the connection instead of greeting, or a request. `code` is a response code
    /// (RFC 2449 §8), such as `IN-USE` or `SYS/TEMP`.
    #[pyo3(signature = (text, code = None))]
    fn reject(
        &mut self,
        py: Python<'_>,
        text: &Bound<'_, PyAny>,
        code: Option<&str>,
    ) -> PyResult<()> {
        if code.is_some_and(|code| !is_response_code(code)) {
            return Err(error::argument(py, "code", "not a response code".into()));
        }
        let code = code.map(|code| ResponseCode::parse(code.as_bytes()));
        octets_of(text, |text| self.answer(py, |server| server.reject(code, text)))?;
        self.verifier = None;
        Ok(())
    }

    /// Tells that the TLS handshake after STLS is done.
    fn tls_established(&mut self, py: Python<'_>) -> PyResult<()> {
        if self.state() == "handshake" && !self.feed.is_empty() {
            let error = RemoteError { violation: Violation::PlaintextAfterStls, offset: 0 };
            return Err(error::remote(py, error));
        }
        self.answer(py, |server| server.tls_established())
    }

    /// Answers `Login`, `Apop` or `Authenticated`: logged in, to a mailbox of that many messages,
    /// which must not change until the session ends.
    fn accept(&mut self, py: Python<'_>, messages: &Bound<'_, PyAny>) -> PyResult<()> {
        let messages = read_number(messages)?;
        self.answer(py, |server| server.accept(messages))?;
        self.verifier = None;
        Ok(())
    }

    /// Whether the digest of `Apop` is that of the timestamp and this secret.
    fn apop_matches(&self, digest: &Bound<'_, PyAny>, secret: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Some(timestamp) = &self.engine.borrow_owner().timestamp else { return Ok(false) };
        octets_of(digest, |digest| {
            octets_of(secret, |secret| {
                let expected = apop::digest(timestamp, secret);
                let given = digest.to_ascii_lowercase();
                Ok(mailproto_core::sasl::same_octets(&expected, &given))
            })
        })
    }

    /// Answers `PasswordClaim`, `TokenClaim`, `ExternalClaim` or `AnonymousClaim`. `next_event` then
    /// goes on, to `Authenticated` if all is well.
    fn verdict(&mut self, py: Python<'_>, accepted: bool) -> PyResult<()> {
        self.settle_claim(py, |mechanism| mechanism.verdict(accepted))
    }

    /// Answers `SecretClaim` with the user's password, or `None` where there is no such user or he
    /// may not act as `authzid`. `next_event` then goes on, to `Authenticated` if all is well.
    fn secret(&mut self, py: Python<'_>, password: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        match password {
            None => self
                .settle_claim(py, |mechanism| mechanism.secret(Secret::Unknown(Store::Passwords))),
            Some(password) => octets_of(password, |password| {
                self.settle_claim(py, |mechanism| mechanism.secret(Secret::Password(password)))
            }),
        }
    }

    /// Answers `SecretClaim` of a SCRAM mechanism with what is stored in place of a password
    /// (RFC 5802 §3).
    fn scram_keys(
        &mut self,
        py: Python<'_>,
        salt: &[u8],
        iterations: u32,
        stored_key: &[u8],
        server_key: &[u8],
    ) -> PyResult<()> {
        let secret = Secret::Scram { salt, iterations, stored_key, server_key };
        self.settle_claim(py, |mechanism| mechanism.secret(secret))
    }

    /// Answers `Stat`: how many messages, how many octets, deleted ones not counted.
    fn drop_listing(&mut self, py: Python<'_>, messages: u32, octets: u64) -> PyResult<()> {
        self.answer(py, |server| server.drop_listing(messages, octets))
    }

    /// Answers `List` for one message: its length, every end of a line counted as two octets. For
    /// all messages it gives one of the lines.
    fn scan_listing(&mut self, py: Python<'_>, message: u32, octets: u64) -> PyResult<()> {
        self.answer(py, |server| server.scan_listing(message, octets))
    }

    /// Answers `List` for all messages: their numbers and lengths. Deleted ones are left out.
    fn scan_listings(&mut self, py: Python<'_>, listing: &Bound<'_, PyAny>) -> PyResult<()> {
        for item in listing.try_iter()? {
            let (message, octets) = item?.extract()?;
            self.scan_listing(py, message, octets)?;
        }
        self.end_listing(py)
    }

    /// Answers `Uidl` for one message: its unique-id, 1 to 70 printable characters. For all
    /// messages it gives one of the lines.
    fn unique_id(&mut self, py: Python<'_>, message: u32, uid: &Bound<'_, PyAny>) -> PyResult<()> {
        octets_of(uid, |uid| self.answer(py, |server| server.unique_id(message, uid)))
    }

    /// Answers `Uidl` for all messages: their numbers and unique-ids. Deleted ones are left out.
    fn unique_ids(&mut self, py: Python<'_>, listing: &Bound<'_, PyAny>) -> PyResult<()> {
        for item in listing.try_iter()? {
            let (message, uid): (u32, Bound<'_, PyAny>) = item?.extract()?;
            self.unique_id(py, message, &uid)?;
        }
        self.end_listing(py)
    }

    /// Ends the listing of all messages, or of the languages.
    fn end_listing(&mut self, py: Python<'_>) -> PyResult<()> {
        self.answer(py, |server| server.end_listing())
    }

    /// Answers `Lang` without a tag: one language, and its name in that language.
    fn language(
        &mut self,
        py: Python<'_>,
        tag: &Bound<'_, PyAny>,
        description: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        octets_of(tag, |tag| {
            octets_of(description, |description| {
                self.answer(py, |server| server.language(tag, description))
            })
        })
    }

    /// Answers `Lang` with a tag: the server's words are in that language from now on.
    fn accept_language(
        &mut self,
        py: Python<'_>,
        tag: &Bound<'_, PyAny>,
        text: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        octets_of(tag, |tag| {
            octets_of(text, |text| self.answer(py, |server| server.accept_language(tag, text)))
        })
    }

    /// Answers `Message`: it follows, `octets` long if that is known.
    #[pyo3(signature = (octets = None))]
    fn message(&mut self, py: Python<'_>, octets: Option<u64>) -> PyResult<()> {
        self.answer(py, |server| server.message(octets))
    }

    /// The next octets of the message, as many as you like; dots are stuffed. Send before giving
    /// more.
    fn message_data(&mut self, py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<()> {
        let data = match data.cast::<PyBytes>() {
            Ok(data) => data.clone(),
            Err(_) => crate::feed::copy(data)?,
        };
        let mut text = data.as_bytes();
        loop {
            self.answer(py, |server| server.message_data(&mut text))?;
            if text.is_empty() {
                return Ok(());
            }
        }
    }

    /// Ends the message. A last line without an end is given one.
    fn end_message(&mut self, py: Python<'_>) -> PyResult<()> {
        self.answer(py, |server| server.end_message())
    }

    /// Answers `Update`: whether all messages that were marked have been removed.
    fn updated(&mut self, py: Python<'_>, all_removed: bool) -> PyResult<()> {
        self.answer(py, |server| server.updated(all_removed))
    }

    /// Ends the session at once, because the mailbox failed in the middle of an answer. Send, then
    /// hang up.
    fn abort(&mut self) {
        self.engine.with_dependent_mut(|_, server| server.abort());
    }

    /// Tells the time, in seconds of any clock that does not jump. Raises `Timeout` when the client
    /// was silent for `autologout`: hang up, remove nothing.
    fn tick(&mut self, py: Python<'_>, now: f64) -> PyResult<()> {
        let now = self.clock.set(now)?;
        let ticked = self.engine.with_dependent_mut(|_, server| server.tick(now));
        ticked.map_err(|error| error::remote(py, error))
    }

    /// When `tick` should be called at the latest, on its clock.
    fn deadline(&self) -> Option<f64> {
        self.clock.seconds(self.engine.with_dependent(|_, server| server.deadline())?)
    }

    /// Whether a message is marked as deleted.
    fn is_deleted(&self, message: u32) -> bool {
        self.engine.with_dependent(|_, server| server.is_deleted(message))
    }

    /// Where the session stands: `greeting`, `authorization`, `handshake` (STLS was accepted),
    /// `transaction` or `closed`: then send and hang up.
    #[getter]
    fn state(&self) -> &'static str {
        state_name(self.engine.with_dependent(|_, server| server.state()))
    }

    /// Whether a request awaits its answer.
    #[getter]
    fn owes_answer(&self) -> bool {
        self.engine.with_dependent(|_, server| server.owes_answer())
    }

    /// Whether more of the message is needed: for TOP not once its lines are complete.
    #[getter]
    fn wants_more(&self) -> bool {
        self.engine.with_dependent(|_, server| server.wants_more())
    }

    /// How many octets wait to be sent.
    #[getter]
    fn bytes_to_send(&self) -> usize {
        self.outbox.octets.len()
    }

    fn __repr__(&self) -> String {
        format!("<mailproto.sansio.pop3.Server {}>", self.state())
    }
}

impl Server {
    /// Lets the engine answer, and takes out what it has to say.
    fn answer<R>(
        &mut self,
        py: Python<'_>,
        answer: impl FnOnce(&mut Pop3Server<'_>) -> Result<R, LocalError>,
    ) -> PyResult<R> {
        let Self { engine, outbox, .. } = self;
        engine.with_dependent_mut(|_, server| {
            let answered = answer(server);
            outbox.collect(server);
            answered.map_err(|error| error::local(py, error))
        })
    }

    fn is_paused(&self) -> bool {
        let closed = self.state() == "closed";
        !closed && (self.owes_answer() || (!self.feed.is_empty() && self.outbox.is_full()))
    }

    /// The next request, if one is there.
    fn take<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        if let Some(error) = self.failure.take() {
            return Err(error);
        }
        loop {
            if let Some(event) = self.next.take() {
                return Ok(Some(event.into_bound(py)));
            }
            match self.poll(py)? {
                Polled::Request(request) => return Ok(Some(request)),
                Polled::Sasl => self.authenticate(py)?,
                Polled::Nothing => break,
            }
        }
        // Who has said QUIT may close his half and still be answered.
        if self.feed.is_empty() && self.feed.has_ended() && !self.owes_answer() {
            let ended = self.engine.with_dependent_mut(|_, server| server.eof());
            ended.map_err(|error| error::remote(py, error))?;
        }
        Ok(None)
    }

    /// Reads one command, if one is whole and nothing comes before it.
    fn poll<'py>(&mut self, py: Python<'py>) -> PyResult<Polled<'py>> {
        let Self { engine, feed, outbox, verifier, hostname, .. } = self;
        engine.with_dependent_mut(|_, server| {
            while !outbox.is_full() {
                let (source, taken) = feed.first(py).unwrap_or_else(|| (PyBytes::new(py, b""), 0));
                let whole = source.as_bytes();
                let mut input = whole.get(taken..).unwrap_or_default();
                let polled = server.poll(&mut input);
                let read = match polled {
                    Ok(Some(request)) => Some(read(py, request, verifier, hostname)),
                    Ok(None) => None,
                    Err(error) => Some(Err(error::remote(py, error))),
                };
                feed.leave(whole.len(), input.len());
                outbox.collect(server);
                match read {
                    Some(Ok(Read::Update)) => {
                        return request::update(py, server).map(Polled::Request);
                    }
                    Some(Ok(Read::Sasl)) => return Ok(Polled::Sasl),
                    Some(Ok(Read::Request(request))) => return Ok(Polled::Request(request)),
                    Some(Err(error)) => return Err(error),
                    None if server.owes_answer() || feed.is_empty() => break,
                    None if server.state() == State::Greeting => break,
                    None => {}
                }
            }
            Ok(Polled::Nothing)
        })
    }

    /// Lets the mechanism take steps until the client or the caller must speak.
    fn authenticate(&mut self, py: Python<'_>) -> PyResult<()> {
        let Self { engine, outbox, verifier, next, .. } = self;
        let step = engine.with_dependent_mut(|_, server| {
            let step = match verifier {
                Some(verifier) => {
                    verifier.with_dependent_mut(|_, mechanism| server.authenticate(mechanism))
                }
                None => Ok(Step::Failure),
            };
            if !matches!(step, Ok(Step::Challenge(_) | Step::Claim | Step::Success)) {
                // Text and code are good, an answer is owed, and the outgoing buffer is empty.
                let _ = server.reject(Some(ResponseCode::Auth), b"authentication failed");
            }
            outbox.collect(server);
            step
        });
        *next = match (step, verifier.as_ref()) {
            (Ok(Step::Challenge(_)), _) => None,
            (Ok(Step::Claim), Some(verifier)) => verifier.with_dependent(|_, mechanism| {
                request::claim(py, mechanism.name(), mechanism.claim())
            })?,
            (Ok(Step::Success), Some(verifier)) => Some(
                verifier.with_dependent(|_, mechanism| request::authenticated(py, mechanism))?,
            ),
            _ => {
                *verifier = None;
                Some(Bound::new(py, Refused { verb: Some(Verb::Auth) })?.into_any())
            }
        }
        .map(Bound::unbind);
        Ok(())
    }

    /// Answers a claim and goes on.
    fn settle_claim(
        &mut self,
        py: Python<'_>,
        settle: impl FnOnce(&mut dyn ServerMechanism) -> Result<(), mailproto_core::sasl::Error>,
    ) -> PyResult<()> {
        let settled = match &mut self.verifier {
            Some(verifier) => verifier.with_dependent_mut(|_, mechanism| settle(mechanism)),
            None => return Err(error::local(py, LocalError::WrongState)),
        };
        match settled {
            Ok(()) => self.authenticate(py),
            Err(error) => Err(error::local(py, LocalError::Sasl(error))),
        }
    }
}

impl Outbox {
    /// Takes over what the engine has to say.
    fn collect(&mut self, server: &mut Pop3Server<'_>) {
        let outgoing = server.outgoing();
        let n = outgoing.len();
        self.octets.extend_from_slice(outgoing);
        // To have sent nothing is no progress, and does not put the autologout off (RFC 1939 §3).
        if n > 0 {
            server.sent(n);
        }
    }

    fn is_full(&self) -> bool {
        self.octets.len() > self.limit
    }
}

/// What came of reading.
enum Polled<'py> {
    Request(Bound<'py, PyAny>),
    Sasl,
    Nothing,
}

/// What a request of the engine is here.
enum Read<'py> {
    Request(Bound<'py, PyAny>),
    Sasl,
    Update,
}

fn read<'py>(
    py: Python<'py>,
    request: Request<'_>,
    verifier: &mut Option<Verifier>,
    hostname: &str,
) -> PyResult<Read<'py>> {
    let request = match request {
        Request::Auth { mechanism } => {
            *verifier = match Name::from_bytes(mechanism) {
                Some(name) => Verifier::begin(name, hostname)?.ok(),
                None => None,
            };
            return Ok(Read::Sasl);
        }
        Request::Response => return Ok(Read::Sasl),
        Request::Update => return Ok(Read::Update),
        Request::Cancelled => {
            *verifier = None;
            Bound::new(py, request::Cancelled {})?.into_any()
        }
        request => request::build(py, request)?,
    };
    Ok(Read::Request(request))
}

/// A response code (RFC 2449 §8), without its brackets.
fn is_response_code(code: &str) -> bool {
    let plain = |octet: u8| octet.is_ascii_graphic() && octet != b'[' && octet != b']';
    !code.is_empty() && code.bytes().all(plain)
}
