//! The client's session (RFC 1939): queues commands, takes replies apart, knows what is legal when
//! (§4–§6), what may be pipelined (RFC 2449 §6.6) and what must not be said in the clear
//! (RFC 8314). Imports the grammar, holds none.

use zeroize::Zeroize;

use super::capability::{Capabilities, Capability};
use super::command::{LINE_LIMIT, Verb, check_text, check_word, message_number};
use super::config::{Config, Quirk, QuirkSet, Security};
use super::response::{self, ResponseCode, Status, StatusLine};
use super::session::{CommandNumber, InFlight, Pipeline, State};
use crate::sasl::{self, Exposure, Mechanism, Name, NameSet};
use crate::wire::{Decimal, Framed, LineEnding, LineFramer, Piece, Tx, Unstuffer, base64};
use crate::{LocalError, RemoteError, Violation};

/// What happened. Text and data are borrowed from the input given to [`Client::poll`] or from the
/// scratch buffer, until the next call on the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The server's greeting (RFC 1939 §4). With [`Status::Err`] the session is over.
    Greeting {
        /// Whether the server will serve.
        status: Status,
        /// Why not, for programs.
        code: Option<ResponseCode<'a>>,
        /// The server's words.
        text: &'a [u8],
        /// What APOP needs, angle brackets included, where the server offers it (RFC 1939 §7).
        timestamp: Option<&'a [u8]>,
    },
    /// A positive reply of several lines begins. Its lines or its data follow, then `Completed`.
    Started {
        /// The command that is answered.
        command: CommandNumber,
        /// Its name.
        verb: Verb,
        /// The message that it named, or 0.
        message: u32,
        /// The length of the message in octets, where the server tells it here. A hint only.
        octets: Option<u64>,
        /// The server's words.
        text: &'a [u8],
    },
    /// A line of the reply to CAPA.
    Capability {
        /// The command that is answered.
        command: CommandNumber,
        /// What is offered.
        capability: Capability<'a>,
    },
    /// A line of the reply to LIST (RFC 1939 §5).
    ScanListing {
        /// The command that is answered.
        command: CommandNumber,
        /// The message's number.
        message: u32,
        /// Its length in octets.
        octets: u64,
    },
    /// A line of the reply to UIDL (RFC 1939 §7).
    UniqueId {
        /// The command that is answered.
        command: CommandNumber,
        /// The message's number.
        message: u32,
        /// Its unique-id.
        uid: &'a [u8],
    },
    /// A line of the reply to LANG (RFC 6856 §3.2).
    Language {
        /// The command that is answered.
        command: CommandNumber,
        /// The language tag (RFC 5646).
        tag: &'a [u8],
        /// The language's name, in that language.
        description: &'a [u8],
    },
    /// Octets of the reply to RETR, TOP or a raw command, dots removed, CRLF included.
    Data {
        /// The command that is answered.
        command: CommandNumber,
        /// The next octets.
        octets: &'a [u8],
    },
    /// AUTH: the server asks (RFC 5034 §4). Answer with [`Client::respond`] or
    /// [`Client::cancel`].
    Challenge {
        /// The command that is answered.
        command: CommandNumber,
        /// The challenge, decoded.
        challenge: &'a [u8],
    },
    /// A command is done: there is exactly one such event for each.
    ///
    /// After STLS with [`Status::Ok`] make the TLS handshake, then call
    /// [`Client::tls_established`].
    Completed {
        /// The command.
        command: CommandNumber,
        /// Its name.
        verb: Verb,
        /// The message that it named, or 0.
        message: u32,
        /// How it went.
        status: Status,
        /// Why, for programs.
        code: Option<ResponseCode<'a>>,
        /// The server's words; empty after a reply of several lines, where they came in `Started`.
        text: &'a [u8],
        /// What the command asked for, where a single line tells it.
        value: Value<'a>,
    },
    /// A line that is not understood, as it came. The session goes on.
    Unrecognized {
        /// The line without its ending.
        line: &'a [u8],
    },
    /// A line was longer than the scratch buffer. Of a status line the beginning was used, in the
    /// event before; a line of a listing was skipped.
    Oversize {
        /// The command that was being answered; `None` for the greeting.
        verb: Option<Verb>,
        /// The line's length in octets, without its ending.
        octets: u64,
    },
    /// The server deviated from the RFCs, and it was mended (in the event before, if it has one).
    Quirk {
        /// How.
        quirk: Quirk,
        /// How many octets of this connection came before the line.
        offset: u64,
    },
}

/// What a command asked for, where a single line tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing was asked for.
    #[default]
    None,
    /// STAT: the drop listing (RFC 1939 §5).
    DropListing {
        /// How many messages there are.
        messages: u32,
        /// Their length in octets.
        octets: u64,
    },
    /// LIST with a message number.
    ScanListing {
        /// The message's number.
        message: u32,
        /// Its length in octets.
        octets: u64,
    },
    /// UIDL with a message number.
    UniqueId {
        /// The message's number.
        message: u32,
        /// Its unique-id.
        uid: &'a [u8],
    },
}

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
#[derive(Debug)]
pub struct Client<'b, const N: usize = 8> {
    scratch: &'b mut [u8],
    tx: Tx<'b>,
    lines: LineFramer,
    session: Session<N>,
}

impl<'b> Client<'b, 8> {
    /// A client for one connection, over the caller's memory. `scratch` holds a line that a read
    /// cut, and bounds how long a line may be: 512 octets hold every line that RFC 1939 allows,
    /// 256 work with all known servers. `tx` holds commands until they are sent: 255 octets hold
    /// any command; SASL responses with large tokens need more.
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
        if let Some(error) = session.failure {
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
            State::Handshake => return Err(session.fail(Violation::PlaintextAfterStls)),
            State::Closed => {
                *input = &[];
                return Ok(None);
            }
            _ => {}
        }
        let before = input.len();
        if session.phase == Phase::Data {
            let event = session.data(input);
            session.received(before, input);
            return Ok(event);
        }
        let room = scratch.len().saturating_sub(session.stamp.into());
        let framed = lines.next(scratch.get_mut(..room).unwrap_or_default(), input);
        session.received(before, input);
        let (whole, gathered, ending) = match framed {
            Framed::Partial => return Ok(None),
            Framed::Whole(line, ending) => (Some(line), 0, ending),
            Framed::Gathered(len, ending) => (None, len, ending),
            Framed::Oversize { octets, ending } => {
                session.oversize = Some(octets);
                (None, room, ending)
            }
        };
        session.line_begins(whole.map_or(gathered, <[u8]>::len), ending)?;
        if let Some(command) = session.expects_challenge(whole, scratch.get(..gathered)) {
            let len = lay_at_front(whole, gathered, scratch);
            let line = scratch.get_mut(..len).unwrap_or_default();
            return session.challenge(line, command).map(Some);
        }
        let len = whole.map_or(gathered, <[u8]>::len);
        let (front, back) = scratch.split_at_mut_checked(len).unwrap_or_default();
        let event = session.line(whole.unwrap_or(front), back)?;
        tx.sent(core::mem::take(&mut session.withdrawn));
        if session.state == State::Handshake && !input.is_empty() {
            return Err(session.fail(Violation::PlaintextAfterStls));
        }
        Ok(Some(event))
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

    /// Tells that the connection has ended.
    ///
    /// # Errors
    /// [`Violation::UnexpectedEof`] while a reply was due, [`Violation::ClosedByPeer`] otherwise;
    /// `Ok` only after QUIT was answered or the greeting was a refusal.
    pub fn eof(&mut self) -> Result<(), RemoteError> {
        if let Some(error) = self.session.failure {
            return Err(error);
        }
        if self.session.state == State::Closed {
            return Ok(());
        }
        Err(self.session.fail(if self.session.is_waiting() {
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
        if let Some(error) = session.failure {
            return Err(error);
        }
        if !session.is_waiting() {
            session.since = None;
            return Ok(());
        }
        match session.since {
            Some(since) if !session.progress => {
                let timeout = session.config.reply_timeout_ms;
                if timeout > 0 && now_ms.wrapping_sub(since) >= timeout {
                    return Err(session.fail(Violation::Timeout));
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
        self.session.since.filter(|_| timeout > 0).map(|since| since.wrapping_add(timeout))
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
        if self.session.failure.is_some() {
            return Err(LocalError::Closed);
        }
        if self.session.state != State::Handshake {
            return Err(LocalError::WrongState);
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
    /// the password is not sent, and PASS completes with [`Status::NotSent`].
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

    /// Answers the challenge that the last event brought.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when there is none; [`LocalError::BufferTooSmall`] when the
    /// outgoing buffer cannot hold the response; [`LocalError::Sasl`] when the mechanism does not
    /// accept the challenge: then [`cancel`](Self::cancel).
    pub fn respond(&mut self, mechanism: &mut dyn Mechanism) -> Result<(), LocalError> {
        let (start, len) = self.session.challenge.ok_or(LocalError::WrongState)?;
        let challenge = self.scratch.get(start..start.saturating_add(len)).unwrap_or_default();
        // Room for the response in base64, its CRLF, and what encoding in place needs.
        let room = self.tx.free();
        let raw_room = base64::raw_len(room.len().saturating_sub(6));
        let raw = base64::room_at_end(room, raw_room);
        let octets = mechanism.respond(challenge, raw).map_err(|error| match error {
            sasl::Error::BufferTooSmall { needed } => {
                LocalError::BufferTooSmall { needed: base64::encoded_len(needed).saturating_add(6) }
            }
            error => LocalError::Sasl(error),
        })?;
        let written = base64::encode_line(room, raw_room, octets).ok_or(LocalError::Full)?;
        self.tx.commit(written);
        self.session.responded(written, mechanism.is_complete());
        Ok(())
    }

    /// Gives up the SASL exchange (RFC 5034 §4); the server completes AUTH with `-ERR`.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when no challenge awaits an answer.
    pub fn cancel(&mut self) -> Result<(), LocalError> {
        if self.session.challenge.is_none() {
            return Err(LocalError::WrongState);
        }
        let written = self.tx.write(&[b"*\r\n"])?;
        self.session.responded(written, false);
        Ok(())
    }

    /// STAT: how many messages, how many octets (RFC 1939 §5): [`Value::DropListing`].
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

    /// LIST for one message (RFC 1939 §5): [`Value::ScanListing`].
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

    /// UIDL for one message (RFC 1939 §7): [`Value::UniqueId`].
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
    let octets = match mechanism.respond(&[], base64::room_at_end(line, raw)) {
        Ok(octets) => octets,
        Err(sasl::Error::BufferTooSmall { .. }) => return Ok(None),
        Err(error) => return Err(LocalError::Sasl(error)),
    };
    let encoded = base64::encode(line, raw, octets).ok_or(LocalError::Full)?;
    Ok(line.get(..encoded))
}

/// What the next line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// A status line.
    Status,
    /// A line of a listing, or its end.
    Listing,
    /// No line, but octets of a message.
    Data,
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

/// All of the client but its buffers, so that events may borrow those while this goes on.
#[derive(Debug)]
struct Session<const N: usize> {
    config: Config,
    pipeline: Pipeline<N>,
    state: State,
    phase: Phase,
    unstuffer: Unstuffer,
    capabilities: Capabilities,
    mechanisms: NameSet,
    /// Whether the channel is private.
    private: bool,
    /// Whether USER was the last command, and accepted.
    user_accepted: bool,
    /// Whether the SASL mechanism would believe a success now.
    believable: bool,
    /// Where the challenge that awaits its answer lies in the scratch buffer, and its length.
    challenge: Option<(usize, usize)>,
    /// The length of the APOP timestamp at the end of the scratch buffer, or 0.
    stamp: u8,
    /// Octets received.
    offset: u64,
    /// The length of the line at hand.
    line_length: u64,
    /// What remains to be told about the line at hand.
    quirks: QuirkSet,
    oversize: Option<u64>,
    oversize_verb: Option<Verb>,
    /// PASS, when it was withdrawn, and how many octets of it lie first in the outgoing buffer.
    not_sent: Option<CommandNumber>,
    withdrawn: usize,
    failure: Option<RemoteError>,
    since: Option<u32>,
    progress: bool,
}

impl<const N: usize> Session<N> {
    const fn new(config: Config) -> Self {
        Self {
            config,
            pipeline: Pipeline::new(),
            state: State::Greeting,
            phase: Phase::Status,
            unstuffer: Unstuffer::new(LineEnding::Crlf),
            capabilities: Capabilities::NONE,
            mechanisms: NameSet::EMPTY,
            private: matches!(config.security, Security::Private),
            user_accepted: false,
            believable: false,
            challenge: None,
            stamp: 0,
            offset: 0,
            line_length: 0,
            quirks: QuirkSet::NONE,
            oversize: None,
            oversize_verb: None,
            not_sent: None,
            withdrawn: 0,
            failure: None,
            since: None,
            progress: false,
        }
    }

    /// Ends the session for good.
    fn fail(&mut self, violation: Violation) -> RemoteError {
        let error = RemoteError { violation, offset: self.line_start() };
        self.failure = Some(error);
        self.state = State::Closed;
        error
    }

    fn line_start(&self) -> u64 {
        self.offset.saturating_sub(self.line_length)
    }

    /// Mends a deviation that the configuration tolerates, and notes it to be told.
    fn mend(&mut self, quirk: Quirk) -> Result<(), RemoteError> {
        if !self.config.tolerate.contains(quirk) {
            return Err(self.fail(Violation::Quirk(quirk as u8)));
        }
        self.quirks = self.quirks.with(quirk);
        Ok(())
    }

    /// Forgets what was learnt over a channel that was not private (RFC 2595 §4).
    fn forget(&mut self) {
        self.capabilities = Capabilities::NONE;
        self.mechanisms = NameSet::EMPTY;
        self.stamp = 0;
        self.user_accepted = false;
    }

    fn received(&mut self, before: usize, input: &[u8]) {
        let taken = before.saturating_sub(input.len());
        self.offset = self.offset.saturating_add(taken as u64);
    }

    /// What remains to be told about the line of the event before.
    fn take_notice(&mut self) -> Option<Event<'static>> {
        if let Some(octets) = self.oversize.take() {
            return Some(Event::Oversize { verb: self.oversize_verb, octets });
        }
        if let Some(quirk) = self.quirks.pop() {
            return Some(Event::Quirk { quirk, offset: self.line_start() });
        }
        let command = self.not_sent.take()?;
        Some(Event::Completed {
            command,
            verb: Verb::Pass,
            message: 0,
            status: Status::NotSent,
            code: None,
            text: &[],
            value: Value::None,
        })
    }

    fn is_waiting(&self) -> bool {
        self.state == State::Greeting || self.pipeline.awaiting().is_some()
    }

    fn release(&mut self) {
        let offered = self.capabilities.contains(Capabilities::PIPELINING);
        self.pipeline.release(self.config.pipelining && offered);
    }

    fn responded(&mut self, octets: usize, believable: bool) {
        self.pipeline.release_response(octets);
        self.challenge = None;
        self.believable = believable;
    }

    fn check_open(&self) -> Result<(), LocalError> {
        match self.state {
            State::Authorization | State::Transaction => Ok(()),
            State::Greeting | State::Handshake => Err(LocalError::WrongState),
            State::Closed => Err(LocalError::Closed),
        }
    }

    fn check_state(&self, state: State) -> Result<(), LocalError> {
        self.check_open()?;
        if self.state == state { Ok(()) } else { Err(LocalError::WrongState) }
    }

    fn check_offered(&self, capability: Capabilities) -> Result<(), LocalError> {
        if self.capabilities.lacks(capability) { Err(LocalError::NotOffered) } else { Ok(()) }
    }

    fn check_mechanism(&self, name: &[u8]) -> Result<(), LocalError> {
        let known = self.capabilities.contains(Capabilities::KNOWN);
        match Name::from_bytes(name) {
            Some(name) if known && !self.mechanisms.contains(name) => Err(LocalError::NotOffered),
            _ => Ok(()),
        }
    }

    /// Notes the length of the line at hand, and how it ended.
    fn line_begins(&mut self, len: usize, ending: LineEnding) -> Result<(), RemoteError> {
        let octets = self.oversize.unwrap_or(len as u64);
        let end = if ending == LineEnding::Lf { 1 } else { 2 };
        self.line_length = octets.saturating_add(end);
        self.unstuffer = Unstuffer::new(ending);
        if ending == LineEnding::Lf {
            self.mend(Quirk::BareLf)?;
        }
        Ok(())
    }

    /// Takes a line apart. Every line is told as exactly one event, before the notices about it.
    /// `back` is the scratch buffer less what the line takes, or would take, of its front.
    fn line<'s>(&mut self, line: &'s [u8], back: &mut [u8]) -> Result<Event<'s>, RemoteError> {
        let awaiting = self.pipeline.awaiting();
        self.oversize_verb = awaiting.map(|(_, in_flight)| in_flight.verb);
        match (self.state, awaiting, self.phase) {
            (State::Greeting, ..) => self.greeting(line, back),
            (_, None, _) => self.unsolicited(line),
            (_, Some((command, in_flight)), Phase::Listing) => {
                self.listing(line, command, in_flight)
            }
            (_, Some((command, in_flight)), _) => self.reply(line, command, in_flight),
        }
    }

    fn greeting<'s>(&mut self, line: &'s [u8], back: &mut [u8]) -> Result<Event<'s>, RemoteError> {
        let Some(StatusLine { status, wrong_case, code, text }) =
            response::status_line(line, false)
        else {
            return self.banner(line);
        };
        if wrong_case {
            self.mend(Quirk::StatusCase)?;
        }
        let timestamp = response::timestamp(text);
        self.keep_timestamp(timestamp, back);
        self.state = if status == Status::Ok { State::Authorization } else { State::Closed };
        Ok(Event::Greeting { status, code, text, timestamp })
    }

    /// Some servers draw a picture before they greet; what is not indented is another protocol.
    fn banner<'s>(&mut self, line: &'s [u8]) -> Result<Event<'s>, RemoteError> {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            return Err(self.fail(Violation::BadGreeting));
        }
        self.mend(Quirk::Banner)?;
        Ok(Event::Unrecognized { line })
    }

    /// Keeps the timestamp at the very end of the scratch buffer, where APOP was asked for and
    /// there is room for it beside the greeting.
    #[cfg(feature = "apop")]
    fn keep_timestamp(&mut self, timestamp: Option<&[u8]>, back: &mut [u8]) {
        let Some(timestamp) = timestamp.filter(|_| self.config.apop) else { return };
        let Ok(len) = u8::try_from(timestamp.len()) else { return };
        let Some(at) = back.len().checked_sub(timestamp.len()) else { return };
        if let Some(room) = back.get_mut(at..) {
            room.copy_from_slice(timestamp);
            self.stamp = len;
        }
    }

    #[cfg(not(feature = "apop"))]
    fn keep_timestamp(&mut self, _: Option<&[u8]>, _: &mut [u8]) {}

    /// A line while no reply is due. A negative one is a server's farewell to an idle client; a
    /// positive one means that replies and commands are out of step.
    fn unsolicited<'s>(&mut self, line: &'s [u8]) -> Result<Event<'s>, RemoteError> {
        if response::status_line(line, false).is_some_and(|line| line.status == Status::Ok) {
            return Err(self.fail(Violation::UnsolicitedReply));
        }
        self.unrecognized(line, Quirk::NotAReply)
    }

    fn unrecognized<'s>(&mut self, line: &'s [u8], quirk: Quirk) -> Result<Event<'s>, RemoteError> {
        self.mend(quirk)?;
        Ok(Event::Unrecognized { line })
    }

    /// The command that a challenge belongs to, if AUTH is outstanding and the line, which lies in
    /// the input or was gathered, is the server's next question (RFC 5034 §4).
    fn expects_challenge(
        &self,
        whole: Option<&[u8]>,
        gathered: Option<&[u8]>,
    ) -> Option<CommandNumber> {
        let (command, in_flight) = self.pipeline.awaiting()?;
        response::continuation(whole.or(gathered)?)?;
        (in_flight.verb == Verb::Auth).then_some(command)
    }

    /// Decodes the challenge in `line`, the front of the scratch buffer, and keeps it there. One
    /// that did not fit, or is not base64, counts as empty: the mechanism decides.
    fn challenge<'s>(
        &mut self,
        line: &'s mut [u8],
        command: CommandNumber,
    ) -> Result<Event<'s>, RemoteError> {
        self.oversize_verb = Some(Verb::Auth);
        let text = response::continuation(line).unwrap_or_default().len();
        let end = line.trim_ascii_end().len();
        let start = end.saturating_sub(text);
        let decoded = match self.oversize {
            Some(_) => Some(0),
            None => line.get_mut(start..end).and_then(base64::decode_in_place),
        };
        let len = match decoded {
            Some(len) => len,
            None => {
                self.mend(Quirk::ChallengeNotBase64)?;
                0
            }
        };
        let place = start..start.saturating_add(len);
        self.challenge = Some((start, len));
        Ok(Event::Challenge { command, challenge: line.get(place).unwrap_or_default() })
    }

    /// A status line that answers a command.
    fn reply<'s>(
        &mut self,
        line: &'s [u8],
        command: CommandNumber,
        in_flight: InFlight,
    ) -> Result<Event<'s>, RemoteError> {
        let resp_codes = self.capabilities.contains(Capabilities::RESP_CODES);
        let Some(reply) = response::status_line(line, resp_codes) else {
            return self.unrecognized(line, Quirk::NotAReply);
        };
        if reply.wrong_case {
            self.mend(Quirk::StatusCase)?;
        }
        let InFlight { verb, multiline, message, .. } = in_flight;
        if multiline && reply.status == Status::Ok {
            self.begin(verb);
            let octets = response::octets_hint(reply.text);
            return Ok(Event::Started { command, verb, message, octets, text: reply.text });
        }
        self.complete(command, in_flight, reply)
    }

    /// A reply of several lines begins.
    fn begin(&mut self, verb: Verb) {
        self.phase = match verb {
            Verb::Capa | Verb::List | Verb::Uidl | Verb::Lang => Phase::Listing,
            _ => Phase::Data,
        };
        if verb == Verb::Capa {
            self.capabilities = Capabilities::NONE;
            self.mechanisms = NameSet::EMPTY;
        }
    }

    /// Octets of a message.
    fn data<'i>(&mut self, input: &mut &'i [u8]) -> Option<Event<'i>> {
        let (command, in_flight) = self.pipeline.awaiting()?;
        self.line_length = 0;
        match self.unstuffer.next(input)? {
            Piece::Data(octets) => Some(Event::Data { command, octets }),
            Piece::End => Some(self.end(command, in_flight)),
        }
    }

    /// A line of a listing.
    fn listing<'s>(
        &mut self,
        line: &'s [u8],
        command: CommandNumber,
        in_flight: InFlight,
    ) -> Result<Event<'s>, RemoteError> {
        let item = match line {
            b"." => return Ok(self.end(command, in_flight)),
            [b'.', unstuffed @ ..] => unstuffed,
            line => line,
        };
        if self.oversize.is_some() {
            return Ok(self.take_notice().unwrap_or(Event::Unrecognized { line: item }));
        }
        if item.trim_ascii().is_empty() {
            self.mend(Quirk::EmptyLine)?;
            return Ok(self.take_notice().unwrap_or(Event::Unrecognized { line: item }));
        }
        let event =
            match in_flight.verb {
                Verb::Capa => Some(self.capability(item, command)),
                Verb::List => response::two_numbers(item)
                    .map(|(message, octets)| Event::ScanListing { command, message, octets }),
                Verb::Uidl => match response::unique_id_listing(item) {
                    Some((message, uid)) => {
                        self.check_unique_id(uid)?;
                        Some(Event::UniqueId { command, message, uid })
                    }
                    None => None,
                },
                _ => response::language_listing(item).map(|(tag, description)| Event::Language {
                    command,
                    tag,
                    description,
                }),
            };
        match event {
            Some(event) => Ok(event),
            None => self.unrecognized(line, Quirk::BadListing),
        }
    }

    fn capability<'s>(&mut self, item: &'s [u8], command: CommandNumber) -> Event<'s> {
        let capability = Capability::parse(item);
        self.capabilities.announce(&capability);
        if let Capability::Sasl(names) = capability {
            for name in names.iter().filter_map(Name::from_bytes) {
                self.mechanisms.insert(name);
            }
        }
        Event::Capability { command, capability }
    }

    fn check_unique_id(&mut self, uid: &[u8]) -> Result<(), RemoteError> {
        if response::is_unique_id(uid) { Ok(()) } else { self.mend(Quirk::UniqueId) }
    }

    /// The end of a reply of several lines.
    fn end(&mut self, command: CommandNumber, in_flight: InFlight) -> Event<'static> {
        if in_flight.verb == Verb::Capa {
            self.capabilities.insert(Capabilities::KNOWN);
        }
        self.phase = Phase::Status;
        self.finish();
        let InFlight { verb, message, .. } = in_flight;
        Event::Completed {
            command,
            verb,
            message,
            status: Status::Ok,
            code: None,
            text: &[],
            value: Value::None,
        }
    }

    /// A reply of one line.
    fn complete<'s>(
        &mut self,
        command: CommandNumber,
        in_flight: InFlight,
        reply: StatusLine<'s>,
    ) -> Result<Event<'s>, RemoteError> {
        let InFlight { verb, message, .. } = in_flight;
        let StatusLine { mut status, code, text, .. } = reply;
        let mut value = Value::None;
        if status == Status::Ok {
            match self.value(in_flight, text)? {
                Some(asked_for) => value = asked_for,
                None => status = Status::Malformed,
            }
        }
        debug!("pop3: {} completed", verb.keyword());
        let accepted = status == Status::Ok;
        if verb == Verb::User && !accepted {
            self.withdraw_password();
        }
        self.finish();
        self.advance(verb, accepted)?;
        Ok(Event::Completed { command, verb, message, status, code, text, value })
    }

    /// What a positive status line tells besides success; `None` where it should but does not.
    fn value<'s>(
        &mut self,
        in_flight: InFlight,
        text: &'s [u8],
    ) -> Result<Option<Value<'s>>, RemoteError> {
        let asked_for = |message| message == in_flight.message;
        Ok(match in_flight.verb {
            Verb::Stat => response::two_numbers(text)
                .map(|(messages, octets)| Value::DropListing { messages, octets }),
            Verb::List => response::two_numbers(text)
                .filter(|&(message, _)| asked_for(message))
                .map(|(message, octets)| Value::ScanListing { message, octets }),
            Verb::Uidl => match response::unique_id_listing(text) {
                Some((message, uid)) if asked_for(message) => {
                    self.check_unique_id(uid)?;
                    Some(Value::UniqueId { message, uid })
                }
                _ => None,
            },
            _ => Some(Value::None),
        })
    }

    /// USER was refused: a PASS that waits behind it is never sent.
    fn withdraw_password(&mut self) {
        if let Some((command, pass)) = self.pipeline.pop_second_if(Verb::Pass) {
            self.withdrawn = pass.unsent.into();
            self.not_sent = Some(command);
        }
    }

    /// The oldest command is done: the next may go.
    fn finish(&mut self) {
        self.pipeline.pop();
        self.challenge = None;
        self.release();
    }

    /// What a reply means for the session's state (RFC 1939 §4–§6).
    fn advance(&mut self, verb: Verb, accepted: bool) -> Result<(), RemoteError> {
        match (verb, accepted) {
            (Verb::User, true) => self.user_accepted = self.pipeline.is_empty(),
            (Verb::Auth, true) if !self.believable => {
                return Err(self.fail(Violation::ServerNotAuthenticated));
            }
            (Verb::Pass | Verb::Apop | Verb::Auth, true) => {
                self.state = State::Transaction;
                self.stamp = 0;
            }
            (Verb::Stls, true) => {
                self.forget();
                self.state = State::Handshake;
            }
            (Verb::Stls, false) if self.config.security == Security::StlsRequired => {
                return Err(self.fail(Violation::StlsRefused));
            }
            (Verb::Quit, _) => self.state = State::Closed,
            _ => {}
        }
        Ok(())
    }
}
