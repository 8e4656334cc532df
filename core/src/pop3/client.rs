//! The client's session (RFC 1939): queues commands, takes replies apart, knows what is legal when
//! (§4–§6), what may be pipelined (RFC 2449 §6.6) and what must not be said in the clear
//! (RFC 8314). Imports the grammar, holds none.

use crate::wipe::wipe;

#[cfg(feature = "pop3-extras")]
use super::capability::Capabilities;
use super::command::{LINE_LIMIT, Verb, check_argument};
use super::config::{Config, Security};
use super::event::{Event, Sink};
use super::replies::{Failed, Phase, Session};
use super::session::{CommandNumber, InFlight, State};
#[cfg(feature = "pop3-extras")]
use crate::exchange::response_line;
#[cfg(feature = "pop3-extras")]
use crate::sasl::NameSet;
use crate::sasl::{self, Exposure, Mechanism};
#[cfg(feature = "pop3-extras")]
use crate::wire::move_to_front;
use crate::wire::{Framed, LineFramer, Tx, base64, decimal};
use crate::{LocalError, RemoteError, Violation};

/// The client role of POP3: turns received octets into [`Event`]s, and calls into octets to send.
///
/// ```
/// use mailproto_core::pop3::{Client, Config, Event, Security, Status, Verb};
///
/// let (mut scratch, mut tx) = ([0; 512], [0; 256]);
/// let config = Config::default().with_security(Security::Private);
/// let mut client = Client::new(&mut scratch, &mut tx, config);
///
/// let mut input = &b"+OK ready\r\n"[..];
/// assert!(matches!(client.poll(&mut input), Ok(Some(Event::Greeting { .. }))));
/// client.user(b"mrose")?;
/// assert_eq!(client.outgoing(), b"USER mrose\r\n");
/// client.sent(12);
///
/// let mut input = &b"+OK mrose is a real hoopy frood\r\n"[..];
/// let Ok(Some(Event::Completed { verb, status, .. })) = client.poll(&mut input) else { panic!() };
/// assert_eq!((verb, status), (Verb::User, Status::Ok));
/// # Ok::<(), mailproto_core::LocalError>(())
/// ```
///
/// `N` is how many commands may be in flight; more wait on the caller's side
/// ([`LocalError::Full`]). [`Client::new`] takes 8; [`Client::with_window`] any number.
pub struct Client<'b, const N: usize = 8> {
    scratch: &'b mut [u8],
    tx: Tx<'b>,
    lines: LineFramer,
    session: Session<N>,
}

/// The state, but not the buffers: there may be a password in them.
impl<const N: usize> core::fmt::Debug for Client<'_, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Client").field("session", &self.session).finish_non_exhaustive()
    }
}

impl<'b> Client<'b, 8> {
    /// A client for one connection, over the caller's memory. `scratch` holds a line that a read
    /// cut, and bounds how long a line may be: 512 octets hold every line that RFC 1939 allows,
    /// 256 work with all known servers. `tx` holds commands until they are sent: 255 octets hold
    /// any one, [`login`](Self::login) needs both of its; SASL responses with large tokens need more.
    /// What was never sent is still in `tx` when the client is dropped, a password perhaps:
    /// [`eof`](Self::eof) wipes it.
    #[must_use]
    pub fn new(scratch: &'b mut [u8], tx: &'b mut [u8], config: Config) -> Self {
        Self::with_window(scratch, tx, config)
    }
}

impl<'b, const N: usize> Client<'b, N> {
    /// As [`Client::new`], with room for `N` commands in flight.
    #[must_use]
    pub fn with_window(scratch: &'b mut [u8], tx: &'b mut [u8], config: Config) -> Self {
        Self {
            scratch,
            tx: Tx::new(tx),
            lines: LineFramer::default(),
            session: Session::new(config),
        }
    }

    /// Takes octets from `input`, which it advances, and returns what happened, one event a call;
    /// `None` when all was taken and nothing more is to be told. Call it until then.
    ///
    /// # Errors
    /// The session is over; every further call returns the same error.
    #[inline]
    pub fn poll<'s, 'i: 's>(
        &'s mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<Event<'s>>, RemoteError> {
        let mut told = None;
        self.poll_with(input, &mut told)?;
        Ok(told)
    }

    /// As [`poll`](Self::poll), but writes the event `to` where it is wanted, without having it carried there;
    /// returns whether there was one.
    ///
    /// # Errors
    /// As [`poll`](Self::poll).
    #[inline]
    pub fn poll_with<'s, 'i: 's>(
        &'s mut self,
        input: &mut &'i [u8],
        to: impl Sink<'s>,
    ) -> Result<bool, RemoteError> {
        let Self { scratch, tx, lines, session } = self;
        take(scratch, tx, lines, session, input, to).map_err(|Failed| {
            tx.clear();
            session.error()
        })
    }

    /// Why the session ended for good: the error that every further [`poll`](Self::poll) returns.
    #[must_use]
    pub fn failure(&self) -> Option<RemoteError> {
        self.session.failure()
    }

    /// The memory that the client was given: `scratch` and `tx`, for those who must know where it lies. There may
    /// be a password in it.
    #[must_use]
    pub fn memory(&self) -> [&[u8]; 2] {
        [self.scratch, self.tx.buffer()]
    }

    /// Wipes `scratch` and `tx`: what was not sent is lost. For the end of a client's use.
    pub fn wipe(&mut self) {
        wipe(self.scratch);
        self.tx.wipe();
    }

    /// What is to be sent now. Commands that must wait for a reply are not in it yet.
    #[must_use]
    pub fn outgoing(&self) -> &[u8] {
        self.tx.front(self.session.pipeline.ready())
    }

    /// Tells that the first `n` octets of [`outgoing`](Self::outgoing) have been sent. They are
    /// wiped. A number larger than there are octets counts as all of them.
    pub fn sent(&mut self, n: usize) {
        let sent = self.session.pipeline.sent(n);
        self.tx.sent(sent);
    }

    /// Tells that the connection has ended. What was not sent is wiped.
    ///
    /// # Errors
    /// [`Violation::UnexpectedEof`] while a reply was due, [`Violation::ClosedByPeer`] otherwise;
    /// `Ok` only after QUIT was answered or the greeting was a refusal.
    pub fn eof(&mut self) -> Result<(), RemoteError> {
        self.tx.clear();
        if let Some(error) = self.session.failure() {
            return Err(error);
        }
        if self.session.state == State::Closed {
            return Ok(());
        }
        let waiting = self.session.is_waiting();
        let Failed = self.session.fail_here(if waiting {
            Violation::UnexpectedEof
        } else {
            Violation::ClosedByPeer
        });
        Err(self.session.error())
    }

    /// Tells the time, in milliseconds of any clock that does not jump; it may wrap.
    ///
    /// # Errors
    /// [`Violation::Timeout`] when a reply was due and nothing came for `reply_timeout_ms`.
    pub fn tick(&mut self, now_ms: u32) -> Result<(), RemoteError> {
        let session = &mut self.session;
        if let Some(error) = session.failure() {
            return Err(error);
        }
        // After a challenge it is the caller's turn, not the server's.
        if !session.is_waiting() || session.is_challenged() {
            session.watching = false;
            return Ok(());
        }
        if !session.watching || session.progress {
            (session.watching, session.since) = (true, now_ms);
        }
        session.progress = false;
        let timeout = session.config.reply_timeout_ms;
        if timeout > 0 && now_ms.wrapping_sub(session.since) >= timeout {
            self.tx.clear();
            let Failed = session.fail_here(Violation::Timeout);
            return Err(session.error());
        }
        Ok(())
    }

    /// When [`tick`](Self::tick) should be called at the latest, on its clock; `None` while nothing
    /// is awaited.
    #[must_use]
    pub fn deadline(&self) -> Option<u32> {
        let timeout = self.session.config.reply_timeout_ms;
        let open = self.session.state != State::Closed;
        let due = self.session.watching && timeout > 0 && open;
        due.then(|| self.session.since.wrapping_add(timeout))
    }

    /// Where the session stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.session.state
    }

    /// What the server announced in its last reply to CAPA.
    #[cfg(feature = "pop3-extras")]
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.session.offer.capabilities
    }

    /// The SASL mechanisms among them that this crate knows by name.
    #[cfg(feature = "pop3-extras")]
    #[must_use]
    pub fn mechanisms(&self) -> NameSet {
        self.session.offer.mechanisms
    }

    /// Whether credentials may be sent: the channel is private, or was declared good enough.
    #[must_use]
    pub fn may_send_credentials(&self) -> bool {
        self.session.private || self.session.config.security == Security::DangerCleartext
    }

    /// Whether no command is in flight.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.session.pipeline.is_empty()
    }

    /// How many octets have been received.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.session.offset()
    }

    /// CAPA: asks what the server offers (RFC 2449 §5). `Capability` events follow.
    ///
    /// # Errors
    /// See [`LocalError`]; nothing is queued then. This holds for every command.
    #[cfg(feature = "pop3-extras")]
    pub fn capa(&mut self) -> Result<CommandNumber, LocalError> {
        self.command(Verb::Capa, true, 0, &[])
    }

    /// STLS: asks to begin TLS (RFC 2595 §4). After its completion make the handshake and call
    /// [`tls_established`](Self::tls_established).
    ///
    /// # Errors
    /// [`LocalError::NotOffered`] when CAPA was answered without it; [`LocalError::WrongState`]
    /// when the channel is private already.
    #[cfg(feature = "pop3-extras")]
    pub fn stls(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.check_state(State::Authorization)?;
        if self.session.private {
            return Err(LocalError::WrongState);
        }
        self.session.offer.check(Capabilities::STLS)?;
        self.command(Verb::Stls, false, 0, &[])
    }

    /// Tells that the TLS handshake after STLS is done and the server's certificate verified. All
    /// that was learnt before is forgotten; ask CAPA again.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when STLS was not the last thing that happened.
    #[cfg(feature = "pop3-extras")]
    pub fn tls_established(&mut self) -> Result<(), LocalError> {
        match self.session.state {
            State::Handshake => {}
            State::Closed => return Err(LocalError::Closed),
            _ => return Err(LocalError::WrongState),
        }
        self.session.forget();
        self.session.private = true;
        self.session.state = State::Authorization;
        Ok(())
    }

    /// USER: names the mailbox (RFC 1939 §7). [`login`](Self::login) does both steps.
    ///
    /// # Errors
    /// [`LocalError::Insecure`] when the channel is not private.
    pub fn user(&mut self, name: &[u8]) -> Result<CommandNumber, LocalError> {
        self.command(Verb::User, false, 0, &[name])
    }

    /// PASS: gives the password, spaces included (RFC 1939 §7), after USER was accepted.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when USER was not the last command and accepted.
    pub fn pass(&mut self, password: &[u8]) -> Result<CommandNumber, LocalError> {
        self.command(Verb::Pass, false, 0, &[password])
    }

    /// USER and, once it is accepted, PASS: the number returned is that of PASS. If USER is refused
    /// the password is not sent, and PASS completes with [`Status::NotSent`](super::Status::NotSent).
    ///
    /// # Errors
    /// As [`user`](Self::user) and [`pass`](Self::pass); neither command is queued then.
    pub fn login(&mut self, name: &[u8], password: &[u8]) -> Result<CommandNumber, LocalError> {
        self.check_credentials()?;
        check_argument(name, true)?;
        check_argument(password, true)?;
        self.session.pipeline.check_room(2)?;
        let lengths = [name, password].map(|text| text.len().saturating_add("USER \r\n".len()));
        if lengths.iter().any(|&length| length > LINE_LIMIT) {
            return Err(LocalError::TooLong { limit: LINE_LIMIT });
        }
        self.tx.room(lengths.iter().sum())?;
        self.command(Verb::User, false, 0, &[name])?;
        self.session.user_accepted = true; // or PASS is withdrawn
        self.command(Verb::Pass, false, 0, &[password])
    }

    /// APOP: logs in with a digest of the greeting's timestamp and the shared secret (RFC 1939 §7).
    /// Only where [`Config::apop`] asked for it, since MD5 protects little.
    ///
    /// # Errors
    /// [`LocalError::NotOffered`] when it was not asked for, or the greeting had no well-formed
    /// timestamp, or one that `scratch` cannot hold beside the greeting.
    #[cfg(feature = "apop")]
    pub fn apop(&mut self, name: &[u8], secret: &[u8]) -> Result<CommandNumber, LocalError> {
        self.check_credentials()?;
        check_argument(name, false)?;
        check_argument(secret, true)?;
        let kept = self.scratch.len().saturating_sub(self.session.stamp.into());
        let timestamp = self.scratch.get(kept..).filter(|stamp| !stamp.is_empty());
        let timestamp = timestamp.ok_or(LocalError::NotOffered)?;
        let digest = crate::sasl::apop::digest(timestamp, secret);
        self.command(Verb::Apop, false, 0, &[name, &digest])
    }

    /// AUTH: logs in by a SASL mechanism (RFC 5034), with its initial response where that fits into
    /// the command line. Answer each `Challenge` with [`respond`](Self::respond).
    ///
    /// # Errors
    /// [`LocalError::Insecure`] when the mechanism would show a secret, or a proof of one, to
    /// listeners; [`LocalError::NotOffered`] when CAPA was answered without it;
    /// [`LocalError::Sasl`] when the mechanism refuses.
    pub fn auth(&mut self, mechanism: &mut dyn Mechanism) -> Result<CommandNumber, LocalError> {
        let name = mechanism.name().as_bytes();
        let secret = mechanism.exposure() != Exposure::Nothing;
        let octets = self.begin(Verb::Auth, secret, 0, &[name])?;
        // What was checked until here cannot fail below, where the mechanism has taken its step.
        let free = self.tx.rest();
        let most = free.len().min(LINE_LIMIT.wrapping_sub(octets)).saturating_sub(CRLF.len());
        match initial_response(mechanism, free.get_mut(..most).unwrap_or_default()) {
            Ok(more) => {
                self.tx.commit(more);
                let number = self.end(Verb::Auth, false, 0, octets.wrapping_add(more));
                self.session.believable = mechanism.is_complete();
                number
            }
            Err(error) => {
                self.tx.take_back(octets);
                Err(error)
            }
        }
    }

    /// Answers the challenge that an event brought, before more is received.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when there is none; [`LocalError::BufferTooSmall`] when the
    /// outgoing buffer cannot hold the response; [`LocalError::Sasl`] when the mechanism does not
    /// accept the challenge: then [`cancel`](Self::cancel).
    #[cfg(feature = "pop3-extras")]
    pub fn respond(&mut self, mechanism: &mut dyn Mechanism) -> Result<(), LocalError> {
        self.session.check_open()?;
        let len = self.session.challenge.ok_or(LocalError::WrongState)?.octets();
        let challenge = self.scratch.get(..len).unwrap_or_default();
        let written = response_line(mechanism, challenge, self.tx.free())?;
        self.tx.commit(written);
        self.session.responded(written, mechanism.is_complete());
        Ok(())
    }

    /// Gives up the SASL exchange (RFC 5034 §4); the server completes AUTH with `-ERR`.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when no challenge awaits an answer.
    #[cfg(feature = "pop3-extras")]
    pub fn cancel(&mut self) -> Result<(), LocalError> {
        self.session.check_open()?;
        if self.session.challenge.is_none() {
            return Err(LocalError::WrongState);
        }
        let written = self.tx.write(&[b"*\r\n"])?;
        self.session.responded(written, false);
        Ok(())
    }

    /// STAT: how many messages, how many octets (RFC 1939 §5): [`Value::DropListing`](super::Value::DropListing).
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn stat(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.expects_size();
        self.command(Verb::Stat, false, 0, &[])
    }

    /// LIST: the lengths of all messages (RFC 1939 §5), as `ScanListing` events.
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn list(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.expects_size();
        self.command(Verb::List, true, 0, &[])
    }

    /// LIST for one message (RFC 1939 §5): [`Value::ScanListing`](super::Value::ScanListing).
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn list_one(&mut self, message: u32) -> Result<CommandNumber, LocalError> {
        self.session.expects_size();
        self.message_command(Verb::List, false, message, None)
    }

    /// UIDL: the unique-ids of all messages (RFC 1939 §7), as `UniqueId` events.
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn uidl(&mut self) -> Result<CommandNumber, LocalError> {
        self.command(Verb::Uidl, true, 0, &[])
    }

    /// UIDL for one message (RFC 1939 §7): [`Value::UniqueId`](super::Value::UniqueId).
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn uidl_one(&mut self, message: u32) -> Result<CommandNumber, LocalError> {
        self.message_command(Verb::Uidl, false, message, None)
    }

    /// RETR: a whole message (RFC 1939 §5), as `Data` events.
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn retr(&mut self, message: u32) -> Result<CommandNumber, LocalError> {
        self.message_command(Verb::Retr, true, message, None)
    }

    /// TOP: a message's header and the first `lines` of its body (RFC 1939 §7), as `Data` events.
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn top(&mut self, message: u32, lines: u32) -> Result<CommandNumber, LocalError> {
        self.message_command(Verb::Top, true, message, Some(lines))
    }

    /// DELE: marks a message as deleted (RFC 1939 §5). It is removed at QUIT.
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn dele(&mut self, message: u32) -> Result<CommandNumber, LocalError> {
        self.message_command(Verb::Dele, false, message, None)
    }

    /// RSET: takes all marks of deletion back (RFC 1939 §5).
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn rset(&mut self) -> Result<CommandNumber, LocalError> {
        self.command(Verb::Rset, false, 0, &[])
    }

    /// NOOP: nothing, but it resets the server's timer for idle sessions (RFC 1939 §5).
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn noop(&mut self) -> Result<CommandNumber, LocalError> {
        self.command(Verb::Noop, false, 0, &[])
    }

    /// QUIT: ends the session; after login the marked messages are removed (RFC 1939 §6). A
    /// negative reply then means that some were not.
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn quit(&mut self) -> Result<CommandNumber, LocalError> {
        self.command(Verb::Quit, false, 0, &[])
    }

    /// UTF8: switches to UTF-8 (RFC 6856 §2), before login.
    ///
    /// # Errors
    /// [`LocalError::NotOffered`] when CAPA was answered without it.
    #[cfg(feature = "pop3-extras")]
    pub fn utf8(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.check_state(State::Authorization)?;
        self.session.offer.check(Capabilities::UTF8)?;
        self.command(Verb::Utf8, false, 0, &[])
    }

    /// LANG: which languages there are for the server's words (RFC 6856 §3.2), as `Language` events.
    ///
    /// # Errors
    /// [`LocalError::NotOffered`] when CAPA was answered without it.
    #[cfg(feature = "pop3-extras")]
    pub fn lang_list(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.check_open()?;
        self.session.offer.check(Capabilities::LANG)?;
        self.command(Verb::Lang, true, 0, &[])
    }

    /// LANG with a language tag, or `*` for the server's choice (RFC 6856 §3.2).
    ///
    /// # Errors
    /// [`LocalError::NotOffered`] when CAPA was answered without it.
    #[cfg(feature = "pop3-extras")]
    pub fn lang(&mut self, tag: &[u8]) -> Result<CommandNumber, LocalError> {
        self.session.check_open()?;
        self.session.offer.check(Capabilities::LANG)?;
        self.command(Verb::Lang, false, 0, &[tag])
    }

    /// Sends a command that this engine does not know, as given, without CRLF. `multiline` tells
    /// what a positive reply to it looks like; its lines come as `Data`. It is not checked whether
    /// the command is legal, and it must not be one that changes the state.
    ///
    /// # Errors
    /// [`LocalError::ForbiddenOctet`] for CR, LF or NUL.
    #[cfg(feature = "pop3-extras")]
    pub fn raw(&mut self, line: &[u8], multiline: bool) -> Result<CommandNumber, LocalError> {
        self.command(Verb::Raw, multiline, 0, &[line])
    }

    fn message_command(
        &mut self,
        verb: Verb,
        multiline: bool,
        message: u32,
        lines: Option<u32>,
    ) -> Result<CommandNumber, LocalError> {
        let mut digits = [[0; 10]; 2];
        let [number, count] = &mut digits;
        let arguments = [decimal(number, message), decimal(count, lines.unwrap_or_default())];
        let arguments = if lines.is_some() { &arguments[..] } else { &arguments[..1] };
        self.command(verb, multiline, message, arguments)
    }

    fn check_credentials(&self) -> Result<(), LocalError> {
        self.session.check_state(State::Authorization)?;
        if self.may_send_credentials() { Ok(()) } else { Err(LocalError::Insecure) }
    }

    /// Queues a command, unless one is outstanding that decides what may follow.
    fn command(
        &mut self,
        verb: Verb,
        multiline: bool,
        message: u32,
        arguments: &[&[u8]],
    ) -> Result<CommandNumber, LocalError> {
        let octets = self.begin(verb, verb.is_credential(), message, arguments)?;
        self.end(verb, multiline, message, octets)
    }

    /// Checks everything, and writes a command line into the outgoing buffer, all but its end; returns how many
    /// octets that is. Then only [`end`](Self::end) may be missing.
    fn begin(
        &mut self,
        verb: Verb,
        secret: bool,
        message: u32,
        arguments: &[&[u8]],
    ) -> Result<usize, LocalError> {
        let session = &self.session;
        session.check_open()?;
        if verb.state().is_some_and(|state| state != session.state) {
            return Err(LocalError::WrongState);
        }
        if secret && !self.may_send_credentials() {
            return Err(LocalError::Insecure);
        }
        if verb == Verb::Pass && !session.user_accepted {
            return Err(LocalError::WrongState);
        }
        if verb.names_message() && message == 0 && !arguments.is_empty() {
            return Err(LocalError::MessageNumberZero);
        }
        let keyword = verb.keyword().as_bytes();
        let mut octets = keyword.len();
        for argument in arguments {
            check_argument(argument, verb.is_text())?;
            octets = octets.wrapping_add(argument.len()).wrapping_add(usize::from(octets > 0));
        }
        #[cfg(feature = "pop3-extras")]
        if let (Verb::Auth, [name]) = (verb, arguments) {
            session.offer.check_mechanism(name)?;
        }
        if session.pipeline.ends_in_state_change() {
            return Err(LocalError::Busy);
        }
        session.pipeline.check_room(1)?;
        // AUTH has at least a space more, or an initial response would not be tried.
        let line = octets.wrapping_add(CRLF.len()).wrapping_add((verb == Verb::Auth).into());
        if line > LINE_LIMIT {
            return Err(LocalError::TooLong { limit: LINE_LIMIT });
        }
        self.tx.room(line)?;
        self.tx.put(keyword);
        for argument in arguments {
            if verb != Verb::Raw {
                self.tx.put(b" ");
            }
            self.tx.put(argument);
        }
        Ok(octets)
    }

    /// Ends the line of so many octets, and queues its command.
    fn end(
        &mut self,
        verb: Verb,
        multiline: bool,
        message: u32,
        octets: usize,
    ) -> Result<CommandNumber, LocalError> {
        self.tx.put(&CRLF);
        let unsent = octets.wrapping_add(CRLF.len()) as u8;
        let command = InFlight::new(verb, multiline, unsent, message);
        let number = self.session.pipeline.push(command);
        debug!("pop3: {} queued", verb.keyword());
        self.session.user_accepted = false;
        self.session.release();
        number
    }
}

/// [`Client::poll_with`], with the buffers apart from the session, so that the event may borrow them.
fn take<'s, 'i: 's, const N: usize>(
    scratch: &'s mut [u8],
    tx: &mut Tx<'_>,
    lines: &mut LineFramer,
    session: &mut Session<N>,
    input: &mut &'i [u8],
    to: impl Sink<'s>,
) -> Result<bool, Failed> {
    if session.failure.is_some() {
        return Err(Failed);
    }
    if session.has_notice() {
        session.notice(to);
        return Ok(true);
    }
    if input.is_empty() {
        return Ok(false);
    }
    session.progress = true;
    match session.state {
        #[cfg(feature = "pop3-extras")]
        State::Handshake => return Err(session.fail_here(Violation::PlaintextAfterStls)),
        State::Closed => {
            *input = &[];
            return Ok(false);
        }
        _ => {}
    }
    // A server that speaks out of turn: what it asked before is no longer in the scratch buffer.
    session.drop_challenge();
    let before = input.len();
    if session.phase == Phase::Data {
        let told = session.data(input, to);
        session.received(before, input.len());
        return Ok(told);
    }
    let room = scratch.len().saturating_sub(session.stamp.into());
    let framed = lines.next(scratch.get_mut(..room).unwrap_or_default(), input);
    session.received(before, input.len());
    let (whole, gathered, octets, ending) = match framed {
        Framed::Partial => return Ok(false),
        Framed::Whole(line, ending) => (Some(line), 0, line.len(), ending),
        Framed::Gathered(len, ending) => (None, len, len, ending),
        Framed::Oversize { octets, ending } => {
            (None, room, usize::try_from(octets).unwrap_or(usize::MAX), ending)
        }
    };
    session.oversize = octets > room;
    session.line_begins(octets, ending)?;
    let line = whole.or(scratch.get(..gathered)).unwrap_or_default();
    #[cfg(feature = "pop3-extras")]
    if let Some(text) = session.expects_challenge(line) {
        let (len, end) = (text.len(), line.trim_ascii_end().len());
        if let Some(line) = whole {
            scratch.iter_mut().zip(line).for_each(|(to, from)| *to = *from);
        }
        let len = move_to_front(scratch, end.saturating_sub(len), end);
        session.challenge(scratch.get_mut(..len).unwrap_or_default(), to)?;
        return Ok(true);
    }
    let (front, back) = scratch.split_at_mut_checked(line.len()).unwrap_or_default();
    session.line(whole.unwrap_or(front), back, to)?;
    if session.withdrawn > 0 {
        tx.sent(core::mem::take(&mut session.withdrawn).into());
    }
    #[cfg(feature = "pop3-extras")]
    if session.state == State::Handshake && !input.is_empty() {
        return Err(session.fail_here(Violation::PlaintextAfterStls));
    }
    Ok(true)
}

/// What ends a line.
const CRLF: [u8; 2] = *b"\r\n";

/// Writes the initial response (RFC 5034 §4), a space before it, where there is one and it fits into `rest` of the
/// line; else the server is to ask for it. Returns how many octets that took.
fn initial_response(mechanism: &mut dyn Mechanism, rest: &mut [u8]) -> Result<usize, LocalError> {
    let Some((space, room)) = rest.split_first_mut() else { return Ok(0) };
    if room.is_empty() || !mechanism.client_first() {
        // Without challenges, all must be said at once.
        let may_be_asked = cfg!(feature = "pop3-extras");
        return if may_be_asked { Ok(0) } else { Err(LocalError::Sasl(sasl::Error::Unsupported)) };
    }
    let raw = room.get_mut(..base64::raw_len(room.len())).unwrap_or_default();
    let octets = match mechanism.respond(&[], raw) {
        Ok(octets) => octets,
        #[cfg(feature = "pop3-extras")]
        Err(sasl::Error::BufferTooSmall { .. }) => return Ok(0),
        Err(error) => return Err(LocalError::Sasl(error)),
    };
    *space = b' ';
    let text = base64::encode_in_place(room, octets).unwrap_or_default();
    match room.first_mut() {
        Some(empty) if text == 0 => {
            *empty = b'=';
            Ok(2)
        }
        _ => Ok(text.wrapping_add(1)),
    }
}
