//! The client's session (RFC 1939): queues commands, takes replies apart, knows what is legal when
//! (§4–§6), what may be pipelined (RFC 2449 §6.6) and what must not be said in the clear
//! (RFC 8314). Imports the grammar, holds none.

use zeroize::Zeroize;

use super::capability::Capabilities;
use super::command::{LINE_LIMIT, Verb, check_text, check_word, message_number};
use super::config::{Config, Security};
use super::event::Event;
use super::replies::{Phase, Session};
use super::session::{CommandNumber, InFlight, State};
use crate::sasl::{self, Exposure, Mechanism, NameSet};
use crate::wire::{Decimal, Framed, LineFramer, Tx, base64};
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
    pub fn poll<'s, 'i: 's>(
        &'s mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<Event<'s>>, RemoteError> {
        let Self { scratch, tx, lines, session } = self;
        let event = take(scratch, tx, lines, session, input);
        if event.is_err() {
            tx.clear();
        }
        event
    }

    /// What is to be sent now. Commands that must wait for a reply are not in it yet.
    #[must_use]
    pub fn outgoing(&self) -> &[u8] {
        self.tx.pending().get(..self.session.pipeline.ready()).unwrap_or_default()
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
        Err(self.session.fail_here(if self.session.is_waiting() {
            Violation::UnexpectedEof
        } else {
            Violation::ClosedByPeer
        }))
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
        if !session.is_waiting() || session.challenge.is_some() {
            session.since = None;
            return Ok(());
        }
        match session.since {
            Some(since) if !session.progress => {
                let timeout = session.config.reply_timeout_ms;
                if timeout > 0 && now_ms.wrapping_sub(since) >= timeout {
                    self.tx.clear();
                    return Err(session.fail_here(Violation::Timeout));
                }
            }
            _ => session.since = Some(now_ms),
        }
        session.progress = false;
        Ok(())
    }

    /// When [`tick`](Self::tick) should be called at the latest, on its clock; `None` while nothing
    /// is awaited.
    #[must_use]
    pub fn deadline(&self) -> Option<u32> {
        let timeout = self.session.config.reply_timeout_ms;
        let open = self.session.state != State::Closed;
        self.session.since.filter(|_| timeout > 0 && open).map(|since| since.wrapping_add(timeout))
    }

    /// Where the session stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.session.state
    }

    /// What the server announced in its last reply to CAPA.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.session.capabilities
    }

    /// The SASL mechanisms among them that this crate knows by name.
    #[must_use]
    pub fn mechanisms(&self) -> NameSet {
        self.session.mechanisms
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
        self.session.offset
    }

    /// CAPA: asks what the server offers (RFC 2449 §5). `Capability` events follow.
    ///
    /// # Errors
    /// See [`LocalError`]; nothing is queued then. This holds for every command.
    pub fn capa(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.check_open()?;
        self.command(Verb::Capa, true, 0, &[b"CAPA\r\n"])
    }

    /// STLS: asks to begin TLS (RFC 2595 §4). After its completion make the handshake and call
    /// [`tls_established`](Self::tls_established).
    ///
    /// # Errors
    /// [`LocalError::NotOffered`] when CAPA was answered without it; [`LocalError::WrongState`]
    /// when the channel is private already.
    pub fn stls(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.check_state(State::Authorization)?;
        if self.session.private {
            return Err(LocalError::WrongState);
        }
        self.session.check_offered(Capabilities::STLS)?;
        self.command(Verb::Stls, false, 0, &[b"STLS\r\n"])
    }

    /// Tells that the TLS handshake after STLS is done and the server's certificate verified. All
    /// that was learnt before is forgotten; ask CAPA again.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when STLS was not the last thing that happened.
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
        self.check_credentials()?;
        check_text(name)?;
        self.command(Verb::User, false, 0, &[b"USER ", name, b"\r\n"])
    }

    /// PASS: gives the password, spaces included (RFC 1939 §7), after USER was accepted.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when USER was not the last command and accepted.
    pub fn pass(&mut self, password: &[u8]) -> Result<CommandNumber, LocalError> {
        self.check_credentials()?;
        if !self.session.user_accepted {
            return Err(LocalError::WrongState);
        }
        self.session.pipeline.check_room(1)?;
        self.queue_pass(password)
    }

    /// USER and, once it is accepted, PASS: the number returned is that of PASS. If USER is refused
    /// the password is not sent, and PASS completes with [`Status::NotSent`](super::Status::NotSent).
    ///
    /// # Errors
    /// As [`user`](Self::user) and [`pass`](Self::pass); neither command is queued then.
    pub fn login(&mut self, name: &[u8], password: &[u8]) -> Result<CommandNumber, LocalError> {
        self.check_credentials()?;
        check_text(name)?;
        check_text(password)?;
        self.session.pipeline.check_room(2)?;
        let user: [&[u8]; 3] = [b"USER ", name, b"\r\n"];
        let pass: [&[u8]; 3] = [b"PASS ", password, b"\r\n"];
        let both = line_length(&user)?.saturating_add(line_length(&pass)?);
        self.tx.room(both)?;
        self.user(name)?;
        self.queue_pass(password)
    }

    fn queue_pass(&mut self, password: &[u8]) -> Result<CommandNumber, LocalError> {
        check_text(password)?;
        self.queue(Verb::Pass, false, 0, &[b"PASS ", password, b"\r\n"])
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
        check_word(name)?;
        check_text(secret)?;
        let kept = self.scratch.len().saturating_sub(self.session.stamp.into());
        let timestamp = self.scratch.get(kept..).filter(|stamp| !stamp.is_empty());
        let timestamp = timestamp.ok_or(LocalError::NotOffered)?;
        let digest = crate::sasl::apop::digest(timestamp, secret);
        self.command(Verb::Apop, false, 0, &[b"APOP ", name, b" ", &digest, b"\r\n"])
    }

    /// AUTH: logs in by a SASL mechanism (RFC 5034), with its initial response where that fits into
    /// the command line. Answer each `Challenge` with [`respond`](Self::respond).
    ///
    /// # Errors
    /// [`LocalError::Insecure`] when the mechanism would show a secret, or a proof of one, to
    /// listeners; [`LocalError::NotOffered`] when CAPA was answered without it;
    /// [`LocalError::Sasl`] when the mechanism refuses.
    pub fn auth(&mut self, mechanism: &mut dyn Mechanism) -> Result<CommandNumber, LocalError> {
        self.session.check_state(State::Authorization)?;
        if mechanism.exposure() != Exposure::Nothing && !self.may_send_credentials() {
            return Err(LocalError::Insecure);
        }
        let name = mechanism.name().as_bytes();
        check_word(name)?;
        self.session.check_mechanism(name)?;
        if self.session.pipeline.ends_in_state_change() {
            return Err(LocalError::Busy);
        }
        self.session.pipeline.check_room(1)?;
        // What is checked until here cannot fail below, where the mechanism has taken its step.
        let head = line_length(&[b"AUTH ", name, b" \r\n"])?;
        let limit = self.tx.room(head)?.len().min(LINE_LIMIT);
        let mut line = [0; LINE_LIMIT];
        let initial = initial_response(mechanism, limit.saturating_sub(head), &mut line)?;
        let name = mechanism.name().as_bytes();
        let command = match initial {
            Some([]) => self.command(Verb::Auth, false, 0, &[b"AUTH ", name, b" =\r\n"]),
            Some(initial) => {
                self.command(Verb::Auth, false, 0, &[b"AUTH ", name, b" ", initial, b"\r\n"])
            }
            None => self.command(Verb::Auth, false, 0, &[b"AUTH ", name, b"\r\n"]),
        };
        line.zeroize();
        self.session.believable = mechanism.is_complete();
        command
    }

    /// Answers the challenge that an event brought, before more is received.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when there is none; [`LocalError::BufferTooSmall`] when the
    /// outgoing buffer cannot hold the response; [`LocalError::Sasl`] when the mechanism does not
    /// accept the challenge: then [`cancel`](Self::cancel).
    pub fn respond(&mut self, mechanism: &mut dyn Mechanism) -> Result<(), LocalError> {
        self.session.check_open()?;
        let (start, len) = self.session.challenge.ok_or(LocalError::WrongState)?;
        let challenge = self.scratch.get(start..start.saturating_add(len)).unwrap_or_default();
        let room = self.tx.free();
        let raw_room = base64::raw_len(room.len().saturating_sub(CRLF));
        let raw = room.get_mut(..raw_room).unwrap_or_default();
        let octets = mechanism.respond(challenge, raw).map_err(|error| match error {
            sasl::Error::BufferTooSmall { needed } => LocalError::BufferTooSmall {
                needed: base64::encoded_len(needed).saturating_add(CRLF),
            },
            error => LocalError::Sasl(error),
        })?;
        let written = base64::encode_line(room, octets).ok_or(LocalError::Full)?;
        self.tx.commit(written);
        self.session.responded(written, mechanism.is_complete());
        Ok(())
    }

    /// Gives up the SASL exchange (RFC 5034 §4); the server completes AUTH with `-ERR`.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when no challenge awaits an answer.
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
        self.session.check_state(State::Transaction)?;
        self.command(Verb::Stat, false, 0, &[b"STAT\r\n"])
    }

    /// LIST: the lengths of all messages (RFC 1939 §5), as `ScanListing` events.
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn list(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.check_state(State::Transaction)?;
        self.command(Verb::List, true, 0, &[b"LIST\r\n"])
    }

    /// LIST for one message (RFC 1939 §5): [`Value::ScanListing`](super::Value::ScanListing).
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn list_one(&mut self, message: u32) -> Result<CommandNumber, LocalError> {
        self.message_command(Verb::List, b"LIST ", false, message)
    }

    /// UIDL: the unique-ids of all messages (RFC 1939 §7), as `UniqueId` events.
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn uidl(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.check_state(State::Transaction)?;
        self.command(Verb::Uidl, true, 0, &[b"UIDL\r\n"])
    }

    /// UIDL for one message (RFC 1939 §7): [`Value::UniqueId`](super::Value::UniqueId).
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn uidl_one(&mut self, message: u32) -> Result<CommandNumber, LocalError> {
        self.message_command(Verb::Uidl, b"UIDL ", false, message)
    }

    /// RETR: a whole message (RFC 1939 §5), as `Data` events.
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn retr(&mut self, message: u32) -> Result<CommandNumber, LocalError> {
        self.message_command(Verb::Retr, b"RETR ", true, message)
    }

    /// TOP: a message's header and the first `lines` of its body (RFC 1939 §7), as `Data` events.
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn top(&mut self, message: u32, lines: u32) -> Result<CommandNumber, LocalError> {
        self.session.check_state(State::Transaction)?;
        let number = message_number(message)?;
        let lines = Decimal::new(lines.into());
        let parts: [&[u8]; 5] = [b"TOP ", number.as_bytes(), b" ", lines.as_bytes(), b"\r\n"];
        self.command(Verb::Top, true, message, &parts)
    }

    /// DELE: marks a message as deleted (RFC 1939 §5). It is removed at QUIT.
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn dele(&mut self, message: u32) -> Result<CommandNumber, LocalError> {
        self.message_command(Verb::Dele, b"DELE ", false, message)
    }

    /// RSET: takes all marks of deletion back (RFC 1939 §5).
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn rset(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.check_state(State::Transaction)?;
        self.command(Verb::Rset, false, 0, &[b"RSET\r\n"])
    }

    /// NOOP: nothing, but it resets the server's timer for idle sessions (RFC 1939 §5).
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn noop(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.check_state(State::Transaction)?;
        self.command(Verb::Noop, false, 0, &[b"NOOP\r\n"])
    }

    /// QUIT: ends the session; after login the marked messages are removed (RFC 1939 §6). A
    /// negative reply then means that some were not.
    ///
    /// # Errors
    /// See [`LocalError`].
    pub fn quit(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.check_open()?;
        self.command(Verb::Quit, false, 0, &[b"QUIT\r\n"])
    }

    /// UTF8: switches to UTF-8 (RFC 6856 §2), before login.
    ///
    /// # Errors
    /// [`LocalError::NotOffered`] when CAPA was answered without it.
    pub fn utf8(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.check_state(State::Authorization)?;
        self.session.check_offered(Capabilities::UTF8)?;
        self.command(Verb::Utf8, false, 0, &[b"UTF8\r\n"])
    }

    /// LANG: which languages there are for the server's words (RFC 6856 §3.2), as `Language` events.
    ///
    /// # Errors
    /// [`LocalError::NotOffered`] when CAPA was answered without it.
    pub fn lang_list(&mut self) -> Result<CommandNumber, LocalError> {
        self.session.check_open()?;
        self.session.check_offered(Capabilities::LANG)?;
        self.command(Verb::Lang, true, 0, &[b"LANG\r\n"])
    }

    /// LANG with a language tag, or `*` for the server's choice (RFC 6856 §3.2).
    ///
    /// # Errors
    /// [`LocalError::NotOffered`] when CAPA was answered without it.
    pub fn lang(&mut self, tag: &[u8]) -> Result<CommandNumber, LocalError> {
        self.session.check_open()?;
        self.session.check_offered(Capabilities::LANG)?;
        check_word(tag)?;
        self.command(Verb::Lang, false, 0, &[b"LANG ", tag, b"\r\n"])
    }

    /// Sends a command that this engine does not know, as given, without CRLF. `multiline` tells
    /// what a positive reply to it looks like; its lines come as `Data`. It is not checked whether
    /// the command is legal, and it must not be one that changes the state.
    ///
    /// # Errors
    /// [`LocalError::ForbiddenOctet`] for CR, LF or NUL.
    pub fn raw(&mut self, line: &[u8], multiline: bool) -> Result<CommandNumber, LocalError> {
        self.session.check_open()?;
        check_text(line)?;
        self.command(Verb::Raw, multiline, 0, &[line, b"\r\n"])
    }

    fn message_command(
        &mut self,
        verb: Verb,
        keyword: &[u8],
        multiline: bool,
        message: u32,
    ) -> Result<CommandNumber, LocalError> {
        self.session.check_state(State::Transaction)?;
        let number = message_number(message)?;
        self.command(verb, multiline, message, &[keyword, number.as_bytes(), b"\r\n"])
    }

    /// Queues a command, unless one is outstanding that decides what may follow.
    fn command(
        &mut self,
        verb: Verb,
        multiline: bool,
        message: u32,
        parts: &[&[u8]],
    ) -> Result<CommandNumber, LocalError> {
        if self.session.pipeline.ends_in_state_change() {
            return Err(LocalError::Busy);
        }
        self.queue(verb, multiline, message, parts)
    }

    fn queue(
        &mut self,
        verb: Verb,
        multiline: bool,
        message: u32,
        parts: &[&[u8]],
    ) -> Result<CommandNumber, LocalError> {
        self.session.pipeline.check_room(1)?;
        line_length(parts)?;
        let octets = self.tx.write(parts)?;
        let unsent = u8::try_from(octets).unwrap_or(u8::MAX);
        let number = self.session.pipeline.push(InFlight { verb, multiline, unsent, message })?;
        debug!("pop3: {} queued", verb.keyword());
        self.session.user_accepted = false;
        self.session.release();
        Ok(number)
    }

    fn check_credentials(&self) -> Result<(), LocalError> {
        self.session.check_state(State::Authorization)?;
        if self.may_send_credentials() { Ok(()) } else { Err(LocalError::Insecure) }
    }
}

/// [`Client::poll`], with the buffers apart from the session, so that the event may borrow them.
fn take<'s, 'i: 's, const N: usize>(
    scratch: &'s mut [u8],
    tx: &mut Tx<'_>,
    lines: &mut LineFramer,
    session: &mut Session<N>,
    input: &mut &'i [u8],
) -> Result<Option<Event<'s>>, RemoteError> {
    if let Some(error) = session.failure() {
        return Err(error);
    }
    if let Some(event) = session.take_notice() {
        return Ok(Some(event));
    }
    if input.is_empty() {
        return Ok(None);
    }
    session.progress = true;
    match session.state {
        State::Handshake => return Err(session.fail_here(Violation::PlaintextAfterStls)),
        State::Closed => {
            *input = &[];
            return Ok(None);
        }
        _ => {}
    }
    // A server that speaks out of turn: what it asked before is no longer in the scratch buffer.
    session.challenge = None;
    let before = input.len();
    if session.phase == Phase::Data {
        let event = session.data(input);
        session.received(before, input);
        return Ok(event);
    }
    let room = scratch.len().saturating_sub(session.stamp.into());
    let framed = lines.next(scratch.get_mut(..room).unwrap_or_default(), input);
    session.received(before, input);
    let (whole, gathered, octets, ending) = match framed {
        Framed::Partial => return Ok(None),
        Framed::Whole(line, ending) => (Some(line), 0, line.len() as u64, ending),
        Framed::Gathered(len, ending) => (None, len, len as u64, ending),
        Framed::Oversize { octets, ending } => (None, room, octets, ending),
    };
    session.oversize = octets > room as u64;
    session.line_begins(octets, ending)?;
    if let Some(command) = session.expects_challenge(whole, scratch.get(..gathered)) {
        let len = lay_at_front(whole, gathered, scratch);
        let line = scratch.get_mut(..len).unwrap_or_default();
        return session.challenge(line, command).map(Some);
    }
    let len = whole.map_or(gathered, <[u8]>::len);
    let (front, back) = scratch.split_at_mut_checked(len).unwrap_or_default();
    let event = session.line(whole.unwrap_or(front), back)?;
    if session.withdrawn > 0 {
        tx.sent(core::mem::take(&mut session.withdrawn));
    }
    if session.state == State::Handshake && !input.is_empty() {
        return Err(session.fail_here(Violation::PlaintextAfterStls));
    }
    Ok(Some(event))
}

/// What ends a line.
const CRLF: usize = 2;

/// How long a command line is, if RFC 2449 §4 allows it.
fn line_length(parts: &[&[u8]]) -> Result<usize, LocalError> {
    let octets = parts.iter().fold(0_usize, |sum, part| sum.saturating_add(part.len()));
    if octets > LINE_LIMIT { Err(LocalError::TooLong { limit: LINE_LIMIT }) } else { Ok(octets) }
}

/// The initial response in base64, if the mechanism has one and it fits into `room` octets of the
/// command line; else the server is to ask for it (RFC 5034 §4).
fn initial_response<'l>(
    mechanism: &mut dyn Mechanism,
    room: usize,
    line: &'l mut [u8; LINE_LIMIT],
) -> Result<Option<&'l [u8]>, LocalError> {
    if !mechanism.client_first() || room == 0 {
        return Ok(None);
    }
    let raw = base64::raw_len(room);
    let octets = match mechanism.respond(&[], line.get_mut(..raw).unwrap_or_default()) {
        Ok(octets) => octets,
        Err(sasl::Error::BufferTooSmall { .. }) => return Ok(None),
        Err(error) => return Err(LocalError::Sasl(error)),
    };
    let encoded = base64::encode_in_place(line, octets).ok_or(LocalError::Full)?;
    Ok(line.get(..encoded))
}

/// Copies a line that lies in the input to the front of the scratch buffer, where one that was
/// gathered lies already; returns its length.
fn lay_at_front(whole: Option<&[u8]>, gathered: usize, scratch: &mut [u8]) -> usize {
    let Some(line) = whole else { return gathered };
    for (to, from) in scratch.iter_mut().zip(line) {
        *to = *from;
    }
    line.len()
}
