//! The server's session (RFC 1939): reads commands, knows what is legal when, answers what needs
//! no mailbox by itself, and asks the caller for the rest, one request at a time. Messages stream
//! through; which are marked as deleted is kept in the caller's memory, a bit each.

use zeroize::Zeroize;

use super::capability::Capability;
use super::command::{Command, CommandError, LINE_LIMIT, Verb, check_text};
use super::config::Security;
use super::response::{self, ResponseCode};
use super::session::State;
use super::top::TopFilter;
use crate::sasl::{self, Exposure, NameSet, ServerMechanism, Step};
use crate::wire::{Decimal, Framed, LineFramer, Newlines, Stuffer, Tx, base64};
use crate::{LocalError, RemoteError, Violation};

/// What a client wants, borrowed from the input given to [`Server::poll`] or from the scratch
/// buffer until the next call on the engine. Each says which calls answer it; any but `Handled`,
/// `Refused` and `Cancelled` may be answered with [`Server::reject`] instead. Until it is answered
/// no further command is read.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request<'a> {
    /// USER and PASS (RFC 1939 §7). Answer with [`Server::accept`].
    Login {
        /// The mailbox.
        name: &'a [u8],
        /// The password.
        password: &'a [u8],
    },
    /// APOP (RFC 1939 §7). Compare the digest with that of the timestamp and the shared secret in
    /// constant time, then answer with [`Server::accept`].
    Apop {
        /// The mailbox.
        name: &'a [u8],
        /// 32 hexadecimal digits.
        digest: &'a [u8],
    },
    /// AUTH (RFC 5034). Make the mechanism and answer with [`Server::authenticate`].
    Auth {
        /// The mechanism's name, in the case that the client used; one of those announced.
        mechanism: &'a [u8],
    },
    /// The client's next SASL response. Answer with [`Server::authenticate`].
    Response,
    /// The client gave up the SASL exchange. It has been answered.
    Cancelled,
    /// STLS (RFC 2595 §4) was accepted. Send `outgoing`, make the handshake, then call
    /// [`Server::tls_established`].
    StartTls,
    /// STAT. Answer with [`Server::drop_listing`].
    Stat,
    /// LIST. For one message answer with [`Server::scan_listing`]; for all, call it for each
    /// message (deleted ones are left out by the engine) and then [`Server::end_listing`].
    List {
        /// The message, which exists, or `None` for all.
        message: Option<u32>,
    },
    /// UIDL. As LIST, with [`Server::unique_id`].
    Uidl {
        /// The message, which exists, or `None` for all.
        message: Option<u32>,
    },
    /// RETR or TOP. Answer with [`Server::message`], then [`Server::message_data`] until all is
    /// given or [`Server::wants_more`] says that no more is needed, then
    /// [`Server::end_message`].
    Message {
        /// The message, which exists.
        message: u32,
        /// For TOP, how many lines of the body; the engine cuts there.
        lines: Option<u32>,
    },
    /// LANG (RFC 6856 §3). With a tag answer with [`Server::accept_language`]; without, call
    /// [`Server::language`] for each and then [`Server::end_listing`].
    Lang {
        /// The language tag, `*` for the server's choice, or `None` for the list.
        tag: Option<&'a [u8]>,
    },
    /// QUIT after login: the session enters the UPDATE state (RFC 1939 §6). Remove the messages
    /// that [`Server::deleted`] names, then answer with [`Server::updated`].
    Update,
    /// The engine has answered the command by itself.
    Handled {
        /// Which.
        verb: Verb,
    },
    /// The engine has refused a line: unknown, too long, not legal now, or without its arguments.
    Refused {
        /// The command, where it is known.
        verb: Option<Verb>,
    },
}

/// Names the request, but never what a client sent: it may be a secret.
impl core::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Login { .. } => f.write_str("Login"),
            Self::Apop { .. } => f.write_str("Apop"),
            Self::Auth { .. } => f.write_str("Auth"),
            Self::Response => f.write_str("Response"),
            Self::Cancelled => f.write_str("Cancelled"),
            Self::StartTls => f.write_str("StartTls"),
            Self::Stat => f.write_str("Stat"),
            Self::List { message } => write!(f, "List({message:?})"),
            Self::Uidl { message } => write!(f, "Uidl({message:?})"),
            Self::Message { message, lines } => write!(f, "Message({message}, {lines:?})"),
            Self::Lang { .. } => f.write_str("Lang"),
            Self::Update => f.write_str("Update"),
            Self::Handled { verb } => write!(f, "Handled({verb:?})"),
            Self::Refused { verb } => write!(f, "Refused({verb:?})"),
        }
    }
}

/// What a server offers and how it behaves.
#[derive(Clone, Copy, Debug)]
pub struct ServerConfig<'c> {
    /// Whether the channel is private, and whether credentials are taken over one that is not.
    pub security: Security,
    /// Whether STLS is offered (RFC 2595 §4).
    pub stls: bool,
    /// Whether USER and PASS are offered.
    pub user: bool,
    /// The SASL mechanisms that are offered.
    pub mechanisms: NameSet,
    /// The timestamp of the greeting, angle brackets included, a fresh one for each connection;
    /// with it APOP is offered (RFC 1939 §7).
    pub timestamp: Option<&'c [u8]>,
    /// Whether UTF8 is offered, and USER, PASS and APOP with UTF-8 (RFC 6856 §2.1).
    pub utf8: Option<Utf8>,
    /// Whether LANG is offered (RFC 6856 §3).
    pub lang: bool,
    /// `EXPIRE`: how many days mail is kept, `Some(None)` for NEVER (RFC 2449 §6.7).
    pub expire: Option<Option<u32>>,
    /// `LOGIN-DELAY` in seconds (RFC 2449 §6.5).
    pub login_delay: Option<u32>,
    /// `IMPLEMENTATION` (RFC 2449 §6.9).
    pub implementation: Option<&'c [u8]>,
    /// What becomes of bare LF in messages.
    pub newlines: Newlines,
    /// After how many refused lines or logins in one session the server hangs up; 0 is never.
    pub max_errors: u8,
    /// After how many idle milliseconds the session ends without UPDATE; RFC 1939 §3 demands at
    /// least ten minutes. 0 is never. Needs `tick`.
    pub autologout_ms: u32,
}

/// What UTF8 covers (RFC 6856 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Utf8 {
    /// Messages and listings.
    Messages,
    /// User names and passwords too.
    Users,
}

impl Default for ServerConfig<'_> {
    fn default() -> Self {
        Self {
            security: Security::StlsRequired,
            stls: true,
            user: true,
            mechanisms: NameSet::EMPTY,
            timestamp: None,
            utf8: None,
            lang: false,
            expire: None,
            login_delay: None,
            implementation: None,
            newlines: Newlines::Keep,
            max_errors: 10,
            autologout_ms: 600_000,
        }
    }
}

/// What the caller owes the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owed {
    Nothing,
    Login,
    Auth,
    Stat,
    /// LIST or UIDL for one message.
    One(Verb, u32),
    /// A listing; whether its status line is out.
    All(Verb, bool),
    /// A message; whether its status line is out.
    Message(u32, bool),
    Language,
    Update,
}

/// The server role of POP3: turns received octets into [`Request`]s, and answers into octets to
/// send.
///
/// ```
/// use mailproto_core::pop3::{Request, Security, Server, ServerConfig};
///
/// let (mut scratch, mut tx, mut marks) = ([0; 512], [0; 512], [0; 8]);
/// let config = ServerConfig { security: Security::Private, ..ServerConfig::default() };
/// let mut server = Server::new(&mut scratch, &mut tx, &mut marks, config);
/// server.greet(b"ready")?;
/// server.sent(server.outgoing().len());
///
/// let mut input = &b"USER mrose\r\nPASS tanstaaf\r\n"[..];
/// assert!(matches!(server.poll(&mut input), Ok(Some(Request::Handled { .. }))));
/// let Ok(Some(Request::Login { name, password })) = server.poll(&mut input) else { panic!() };
/// assert_eq!((name, password), (&b"mrose"[..], &b"tanstaaf"[..]));
/// server.accept(2)?;
/// assert_eq!(server.outgoing(), b"+OK\r\n+OK 2 messages\r\n");
/// # Ok::<(), mailproto_core::LocalError>(())
/// ```
#[derive(Debug)]
pub struct Server<'b, 'c> {
    scratch: &'b mut [u8],
    tx: Tx<'b>,
    marks: &'b mut [u8],
    lines: LineFramer,
    session: Session<'c>,
}

/// All of the server but its buffers, so that requests may borrow those.
#[derive(Debug)]
struct Session<'c> {
    config: ServerConfig<'c>,
    state: State,
    owed: Owed,
    private: bool,
    /// The length of the name that USER gave, at the front of the scratch buffer, or 0.
    name: usize,
    /// Where the SASL response lies in the scratch buffer, and its length.
    response: Option<(usize, usize)>,
    /// Whether the next line is a SASL response, and whether the exchange has begun.
    exchange: Exchange,
    messages: u32,
    stuffer: Stuffer,
    top: TopFilter,
    errors: u8,
    offset: u64,
    failure: Option<RemoteError>,
    since: Option<u32>,
    progress: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exchange {
    None,
    /// AUTH came; the mechanism has not been asked yet.
    Begun,
    /// The mechanism has been asked.
    Running,
    /// A challenge is out: the next line answers it.
    Challenged,
}

impl<'b, 'c> Server<'b, 'c> {
    /// A server for one connection, over the caller's memory. `scratch` bounds how long a line may
    /// be: 512 octets for any command; SASL with large tokens needs more. `tx` holds answers until
    /// they are sent, 512 octets at least. `marks` holds a bit for each message of a mailbox; a
    /// larger mailbox than it has bits cannot be accepted.
    #[must_use]
    pub fn new(
        scratch: &'b mut [u8],
        tx: &'b mut [u8],
        marks: &'b mut [u8],
        config: ServerConfig<'c>,
    ) -> Self {
        let session = Session {
            config,
            state: State::Greeting,
            owed: Owed::Nothing,
            private: config.security == Security::Private,
            name: 0,
            response: None,
            exchange: Exchange::None,
            messages: 0,
            stuffer: Stuffer::new(Newlines::Keep),
            top: TopFilter::all(),
            errors: 0,
            offset: 0,
            failure: None,
            since: None,
            progress: false,
        };
        Self { scratch, tx: Tx::new(tx), marks, lines: LineFramer::default(), session }
    }

    /// Sends the greeting (RFC 1939 §4), with the timestamp where one is configured.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when the session has begun; [`LocalError::BufferTooSmall`] when
    /// the outgoing buffer cannot hold the greeting, or later the answer to CAPA.
    pub fn greet(&mut self, text: &[u8]) -> Result<(), LocalError> {
        self.session.check(State::Greeting, Owed::Nothing)?;
        check_text(text)?;
        self.tx.room(self.session.largest_reply())?;
        match self.session.config.timestamp {
            Some(stamp) => {
                if !response::is_timestamp(stamp) {
                    return Err(LocalError::ForbiddenOctet { at: 0 });
                }
                self.tx.write(&[b"+OK ", text, b" ", stamp, b"\r\n"])?
            }
            None => self.tx.write(&[b"+OK ", text, b"\r\n"])?,
        };
        self.session.state = State::Authorization;
        Ok(())
    }

    /// Refuses the connection instead of greeting, or answers any request with `-ERR`.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when no answer is owed, or one has begun (then
    /// [`abort`](Self::abort)); the errors of a text with CR, LF or NUL.
    pub fn reject(
        &mut self,
        code: Option<ResponseCode<'_>>,
        text: &[u8],
    ) -> Result<(), LocalError> {
        let refusal = self.session.state == State::Greeting;
        let begun = matches!(self.session.owed, Owed::All(_, true) | Owed::Message(_, true));
        if begun || (self.session.owed == Owed::Nothing && !refusal) {
            return Err(LocalError::WrongState);
        }
        check_text(text)?;
        match code.map(|code| code.as_bytes()) {
            Some(code) => self.tx.write(&[b"-ERR [", code, b"] ", text, b"\r\n"])?,
            None => self.tx.write(&[b"-ERR ", text, b"\r\n"])?,
        };
        match self.session.owed {
            Owed::Login | Owed::Auth => self.session.count_error(),
            Owed::Update => self.session.state = State::Closed,
            _ if refusal => self.session.state = State::Closed,
            _ => {}
        }
        self.session.settle();
        Ok(())
    }

    /// Takes octets from `input`, which it advances, and returns what the client wants. `None` with
    /// octets left in `input` means that something else comes first: a request awaits its answer,
    /// or `outgoing` must be sent to make room. Keep the rest, and call again then.
    ///
    /// # Errors
    /// The session is over; every further call returns the same error.
    pub fn poll<'s, 'i: 's>(
        &'s mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<Request<'s>>, RemoteError> {
        let Self { scratch, tx, marks, lines, session } = self;
        if let Some(error) = session.failure {
            return Err(error);
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
            State::Greeting => return Ok(None),
            _ => {}
        }
        if session.owed != Owed::Nothing || tx.room(session.largest_reply()).is_err() {
            return Ok(None);
        }
        let name_len = session.name;
        let room = scratch.get_mut(name_len..).unwrap_or_default();
        let before = input.len();
        let framed = lines.next(room, input);
        session.offset = session.offset.saturating_add(before.saturating_sub(input.len()) as u64);
        let len = match framed {
            Framed::Partial => return Ok(None),
            Framed::Gathered(len, _) => len,
            Framed::Whole(line, _) => {
                room.iter_mut().zip(line).for_each(|(to, from)| *to = *from);
                line.len()
            }
            Framed::Oversize { .. } => return Ok(Some(session.too_long(tx))),
        };
        let line = name_len..name_len.saturating_add(len);
        if let Some(Command::User(name)) = scratch.get(line.clone()).and_then(parsed) {
            let (end, name) = (line.end, name.len());
            if session.user(tx, name) {
                scratch.copy_within(end.saturating_sub(name)..end, 0);
            }
            return Ok(Some(Request::Handled { verb: Verb::User }));
        }
        let (name, line) = scratch.get_mut(..line.end).unwrap_or_default().split_at_mut(name_len);
        session.name = 0;
        if session.exchange == Exchange::Challenged {
            return Ok(Some(session.sasl_response(tx, name_len, line)));
        }
        let request = session.command(tx, marks, name, line);
        if session.state == State::Handshake && !input.is_empty() {
            return Err(session.fail(Violation::PlaintextAfterStls));
        }
        Ok(Some(request))
    }

    /// What is to be sent now.
    #[must_use]
    pub fn outgoing(&self) -> &[u8] {
        self.tx.pending()
    }

    /// Tells that the first `n` octets of [`outgoing`](Self::outgoing) have been sent.
    pub fn sent(&mut self, n: usize) {
        self.tx.sent(n);
    }

    /// Tells that the connection has ended. Without QUIT nothing is removed (RFC 1939 §6).
    ///
    /// # Errors
    /// [`Violation::ClosedByPeer`] when it ended without QUIT.
    pub fn eof(&mut self) -> Result<(), RemoteError> {
        match (self.session.failure, self.session.state) {
            (Some(error), _) => Err(error),
            (None, State::Closed) => Ok(()),
            (None, _) => Err(self.session.fail(Violation::ClosedByPeer)),
        }
    }

    /// Tells the time, in milliseconds of any clock that does not jump; it may wrap.
    ///
    /// # Errors
    /// [`Violation::Timeout`] when the client was silent for `autologout_ms`: hang up, remove
    /// nothing (RFC 1939 §3).
    pub fn tick(&mut self, now_ms: u32) -> Result<(), RemoteError> {
        let session = &mut self.session;
        if let Some(error) = session.failure {
            return Err(error);
        }
        let timeout = session.config.autologout_ms;
        match session.since {
            Some(since) if !session.progress => {
                let idle = now_ms.wrapping_sub(since);
                if timeout > 0 && idle >= timeout && session.state != State::Closed {
                    return Err(session.fail(Violation::Timeout));
                }
            }
            _ => session.since = Some(now_ms),
        }
        session.progress = false;
        Ok(())
    }

    /// When [`tick`](Self::tick) should be called at the latest, on its clock.
    #[must_use]
    pub fn deadline(&self) -> Option<u32> {
        let timeout = self.session.config.autologout_ms;
        self.session.since.filter(|_| timeout > 0).map(|since| since.wrapping_add(timeout))
    }

    /// Where the session stands. Once it is [`State::Closed`], send `outgoing` and hang up.
    #[must_use]
    pub fn state(&self) -> State {
        self.session.state
    }

    /// Whether a request awaits its answer.
    #[must_use]
    pub fn owes_answer(&self) -> bool {
        self.session.owed != Owed::Nothing
    }

    /// Whether a message is marked as deleted.
    #[must_use]
    pub fn is_deleted(&self, message: u32) -> bool {
        is_marked(self.marks, message)
    }

    /// The messages that are marked as deleted, in order.
    pub fn deleted(&self) -> impl Iterator<Item = u32> + '_ {
        (1..=self.session.messages).filter(|&message| self.is_deleted(message))
    }

    /// Tells that the TLS handshake after STLS is done.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when STLS was not the last thing that happened.
    pub fn tls_established(&mut self) -> Result<(), LocalError> {
        self.session.check(State::Handshake, Owed::Nothing)?;
        self.session.private = true;
        self.session.state = State::Authorization;
        Ok(())
    }

    /// Answers `Login`, `Apop`, or an AUTH whose mechanism reported success: the client is logged in
    /// to a mailbox of that many messages, which must not change until the session ends.
    ///
    /// # Errors
    /// [`LocalError::BufferTooSmall`] when `marks` has not a bit for each message; `needed` is how
    /// many octets it must have.
    pub fn accept(&mut self, messages: u32) -> Result<(), LocalError> {
        if !matches!(self.session.owed, Owed::Login | Owed::Auth) {
            return Err(LocalError::WrongState);
        }
        let needed = usize::try_from(messages.div_ceil(8)).unwrap_or(usize::MAX);
        if self.marks.len() < needed {
            return Err(LocalError::BufferTooSmall { needed });
        }
        let count = Decimal::new(messages.into());
        self.tx.write(&[b"+OK ", count.as_bytes(), b" messages\r\n"])?;
        self.marks.fill(0);
        self.session.messages = messages;
        self.session.state = State::Transaction;
        self.session.settle();
        Ok(())
    }

    /// Answers `Auth` and `Response`: lets the mechanism take its step and sends what it says.
    /// After [`Step::Claim`] answer the mechanism and call this again; after [`Step::Success`] call
    /// [`accept`](Self::accept), after [`Step::Failure`] [`reject`](Self::reject).
    ///
    /// # Errors
    /// [`LocalError::Sasl`] when the mechanism does not accept the response: then
    /// [`reject`](Self::reject). [`LocalError::BufferTooSmall`] when the outgoing buffer cannot
    /// hold the challenge.
    pub fn authenticate(
        &mut self,
        mechanism: &mut dyn ServerMechanism,
    ) -> Result<Step, LocalError> {
        let session = &mut self.session;
        if session.owed != Owed::Auth {
            return Err(LocalError::WrongState);
        }
        if session.exchange == Exchange::Begun
            && session.response.is_none()
            && !mechanism.server_first()
        {
            self.tx.write(&[b"+ \r\n"])?;
            session.challenged();
            return Ok(Step::Challenge(0));
        }
        let response = session
            .response
            .and_then(|(start, len)| self.scratch.get(start..start.saturating_add(len)));
        let room = self.tx.free();
        let (plus, room) = room.split_at_mut_checked(2).ok_or(LocalError::Full)?;
        let raw_room = base64::raw_len(room.len().saturating_sub(6));
        let raw = base64::room_at_end(room, raw_room);
        let step = mechanism.step(response, raw).map_err(challenge_error)?;
        session.exchange = Exchange::Running;
        if let Some((start, len)) = session.response.take() {
            self.scratch.get_mut(start..start.saturating_add(len)).unwrap_or_default().zeroize();
        }
        if let Step::Challenge(octets) = step {
            let written = base64::encode_line(room, raw_room, octets).ok_or(LocalError::Full)?;
            plus.copy_from_slice(b"+ ");
            self.tx.commit(written.saturating_add(2));
            session.challenged();
        }
        Ok(step)
    }

    /// Answers `Stat`: how many messages there are, and their octets, deleted ones not counted.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when that was not asked; [`LocalError::Full`] until `outgoing` is
    /// sent. The same holds for the other answers.
    pub fn drop_listing(&mut self, messages: u32, octets: u64) -> Result<(), LocalError> {
        self.session.check_owed(Owed::Stat)?;
        let (messages, octets) = (Decimal::new(messages.into()), Decimal::new(octets));
        self.tx.write(&[b"+OK ", messages.as_bytes(), b" ", octets.as_bytes(), b"\r\n"])?;
        self.session.settle();
        Ok(())
    }

    /// Answers `List`: the length of a message, in octets with every line end counted as two.
    /// Deleted messages are left out.
    ///
    /// # Errors
    /// As [`drop_listing`](Self::drop_listing).
    pub fn scan_listing(&mut self, message: u32, octets: u64) -> Result<(), LocalError> {
        self.listing(Verb::List, message, Decimal::new(octets).as_bytes())
    }

    /// Answers `Uidl`: the unique-id of a message. Deleted messages are left out.
    ///
    /// # Errors
    /// As [`drop_listing`](Self::drop_listing); [`LocalError::ForbiddenOctet`] and
    /// [`LocalError::TooLong`] for a unique-id that RFC 1939 §7 does not allow.
    pub fn unique_id(&mut self, message: u32, uid: &[u8]) -> Result<(), LocalError> {
        if let Some(at) = uid.iter().position(|octet| !octet.is_ascii_graphic()) {
            return Err(LocalError::ForbiddenOctet { at });
        }
        if !response::is_unique_id(uid) {
            return Err(if uid.is_empty() {
                LocalError::Empty
            } else {
                LocalError::TooLong { limit: 70 }
            });
        }
        self.listing(Verb::Uidl, message, uid)
    }

    /// Answers `Lang` without a tag: a language and its name in that language.
    ///
    /// # Errors
    /// As [`drop_listing`](Self::drop_listing).
    pub fn language(&mut self, tag: &[u8], description: &[u8]) -> Result<(), LocalError> {
        let Owed::All(Verb::Lang, begun) = self.session.owed else {
            return Err(LocalError::WrongState);
        };
        check_text(tag)?;
        check_text(description)?;
        self.tx.write(&[status_line(begun), tag, b" ", description, b"\r\n"])?;
        self.session.owed = Owed::All(Verb::Lang, true);
        Ok(())
    }

    /// Answers `Lang` with a tag: the server's words are in that language from now on.
    ///
    /// # Errors
    /// As [`drop_listing`](Self::drop_listing).
    pub fn accept_language(&mut self, tag: &[u8], text: &[u8]) -> Result<(), LocalError> {
        self.session.check_owed(Owed::Language)?;
        check_text(tag)?;
        check_text(text)?;
        self.tx.write(&[b"+OK ", tag, b" ", text, b"\r\n"])?;
        self.session.settle();
        Ok(())
    }

    fn listing(&mut self, verb: Verb, message: u32, what: &[u8]) -> Result<(), LocalError> {
        let number = Decimal::new(message.into());
        let line = [number.as_bytes(), b" ", what, b"\r\n"];
        match self.session.owed {
            Owed::One(owed, asked) if owed == verb && asked == message => {
                let [number, space, what, end] = line;
                self.tx.write(&[b"+OK ", number, space, what, end])?;
                self.session.settle();
            }
            Owed::All(owed, begun) if owed == verb => {
                if self.is_deleted(message) {
                    return Ok(());
                }
                let [number, space, what, end] = line;
                self.tx.write(&[status_line(begun), number, space, what, end])?;
                self.session.owed = Owed::All(verb, true);
            }
            _ => return Err(LocalError::WrongState),
        }
        Ok(())
    }

    /// Ends the listing of all messages, or of the languages.
    ///
    /// # Errors
    /// As [`drop_listing`](Self::drop_listing).
    pub fn end_listing(&mut self) -> Result<(), LocalError> {
        let Owed::All(_, begun) = self.session.owed else { return Err(LocalError::WrongState) };
        self.tx.write(&[status_line(begun), b".\r\n"])?;
        self.session.settle();
        Ok(())
    }

    /// Answers `Message`: it will follow, `octets` long if that is known.
    ///
    /// # Errors
    /// As [`drop_listing`](Self::drop_listing).
    pub fn message(&mut self, octets: Option<u64>) -> Result<(), LocalError> {
        let Owed::Message(message, false) = self.session.owed else {
            return Err(LocalError::WrongState);
        };
        match octets {
            Some(octets) => {
                let octets = Decimal::new(octets);
                self.tx.write(&[b"+OK ", octets.as_bytes(), b" octets\r\n"])?
            }
            None => self.tx.write(&[b"+OK\r\n"])?,
        };
        self.session.stuffer = Stuffer::new(self.session.config.newlines);
        self.session.owed = Owed::Message(message, true);
        Ok(())
    }

    /// Takes as much of `text`, the next octets of the message, as there is room for, and advances
    /// it; dots are stuffed on the way. With text left over, send `outgoing` and call again.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] before [`message`](Self::message).
    pub fn message_data(&mut self, text: &mut &[u8]) -> Result<(), LocalError> {
        let Owed::Message(_, true) = self.session.owed else { return Err(LocalError::WrongState) };
        let session = &mut self.session;
        while !text.is_empty() {
            let (mut wanted, after) = session.top.split(text);
            if wanted.is_empty() {
                *text = &[];
                return Ok(());
            }
            let before = wanted.len();
            let filled = session.stuffer.stuff(&mut wanted, self.tx.free());
            self.tx.commit(filled);
            let taken = before.saturating_sub(wanted.len());
            let (taken, rest) = text.split_at_checked(taken).unwrap_or((text, &[]));
            session.top.passed(taken);
            *text = rest;
            if !wanted.is_empty() || after.is_empty() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether more of the message is needed: always for RETR, and for TOP until the lines that it
    /// asked for are complete.
    #[must_use]
    pub fn wants_more(&self) -> bool {
        matches!(self.session.owed, Owed::Message(_, true)) && self.session.top.wants_more()
    }

    /// Ends the message. A last line without an end is given one.
    ///
    /// # Errors
    /// [`LocalError::Full`] until `outgoing` is sent.
    pub fn end_message(&mut self) -> Result<(), LocalError> {
        let Owed::Message(_, true) = self.session.owed else { return Err(LocalError::WrongState) };
        let room = self.tx.room(5)?;
        let written = self.session.stuffer.finish(room).ok_or(LocalError::Full)?;
        self.tx.commit(written);
        self.session.settle();
        Ok(())
    }

    /// Answers `Update`: whether all messages that were marked have been removed (RFC 1939 §6). The
    /// session is over.
    ///
    /// # Errors
    /// As [`drop_listing`](Self::drop_listing).
    pub fn updated(&mut self, all_removed: bool) -> Result<(), LocalError> {
        self.session.check_owed(Owed::Update)?;
        self.tx.write(&[if all_removed {
            b"+OK bye\r\n"
        } else {
            b"-ERR some deleted messages not removed\r\n"
        }])?;
        self.session.state = State::Closed;
        self.session.settle();
        Ok(())
    }

    /// Ends the session at once, because the caller's mailbox failed in the middle of an answer:
    /// the client must not take what it has for the whole. Nothing is removed.
    pub fn abort(&mut self) {
        self.session.state = State::Closed;
        self.session.settle();
    }
}

/// What CAPA announces in one state and not in another.
struct Offer {
    user: bool,
    stls: bool,
    mechanisms: NameSet,
}

fn parsed(line: &[u8]) -> Option<Command<'_>> {
    Command::parse(line).ok()
}

fn status_line(begun: bool) -> &'static [u8] {
    if begun { b"" } else { b"+OK\r\n" }
}

fn challenge_error(error: sasl::Error) -> LocalError {
    match error {
        sasl::Error::BufferTooSmall { needed } => {
            LocalError::BufferTooSmall { needed: base64::encoded_len(needed).saturating_add(8) }
        }
        error => LocalError::Sasl(error),
    }
}

/// Where the mark of a message lies: octet and bit.
fn place_of(message: u32) -> Option<(usize, u8)> {
    let index = message.checked_sub(1)?;
    Some((usize::try_from(index / 8).ok()?, 1 << (index % 8)))
}

fn is_marked(marks: &[u8], message: u32) -> bool {
    place_of(message)
        .is_some_and(|(octet, bit)| marks.get(octet).is_some_and(|marks| marks & bit != 0))
}

fn mark(marks: &mut [u8], message: u32) {
    if let Some((octet, bit)) = place_of(message)
        && let Some(marks) = marks.get_mut(octet)
    {
        *marks |= bit;
    }
}

impl Session<'_> {
    fn fail(&mut self, violation: Violation) -> RemoteError {
        let error = RemoteError { violation, offset: self.offset };
        self.failure = Some(error);
        self.state = State::Closed;
        error
    }

    fn check(&self, state: State, owed: Owed) -> Result<(), LocalError> {
        match self.state {
            State::Closed => Err(LocalError::Closed),
            now if now == state && self.owed == owed => Ok(()),
            _ => Err(LocalError::WrongState),
        }
    }

    fn check_owed(&self, owed: Owed) -> Result<(), LocalError> {
        if self.owed == owed { Ok(()) } else { Err(LocalError::WrongState) }
    }

    /// The answer is complete.
    fn settle(&mut self) {
        self.owed = Owed::Nothing;
        self.exchange = Exchange::None;
        self.response = None;
        self.top = TopFilter::all();
    }

    /// A challenge is out.
    fn challenged(&mut self) {
        self.exchange = Exchange::Challenged;
        self.owed = Owed::Nothing;
    }

    fn count_error(&mut self) {
        self.errors = self.errors.saturating_add(1);
        if self.config.max_errors > 0 && self.errors >= self.config.max_errors {
            self.state = State::Closed;
        }
    }

    fn takes_credentials(&self) -> bool {
        self.private || self.config.security == Security::DangerCleartext
    }

    /// The mechanisms that are offered on the channel as it is.
    fn mechanisms(&self) -> NameSet {
        let limit = if self.takes_credentials() { Exposure::Secret } else { Exposure::Nothing };
        self.config.mechanisms.at_most(limit)
    }

    /// Writes an answer that the engine makes by itself. There is room: `poll` saw to it.
    fn say(&mut self, tx: &mut Tx<'_>, verb: Verb, answer: &[u8]) -> Request<'static> {
        if tx.write(&[answer]).is_err() {
            self.state = State::Closed;
        }
        Request::Handled { verb }
    }

    fn refuse(&mut self, tx: &mut Tx<'_>, verb: Option<Verb>, why: &[u8]) -> Request<'static> {
        if tx.write(&[b"-ERR ", why, b"\r\n"]).is_err() {
            self.state = State::Closed;
        }
        self.count_error();
        Request::Refused { verb }
    }

    fn owe(&mut self, owed: Owed) {
        self.owed = owed;
    }

    fn too_long(&mut self, tx: &mut Tx<'_>) -> Request<'static> {
        self.name = 0;
        self.settle();
        self.refuse(tx, None, b"line too long")
    }

    /// USER: whether its name, so long, is to be kept.
    fn user(&mut self, tx: &mut Tx<'_>, name: usize) -> bool {
        self.name = 0;
        let accepted = self.state == State::Authorization
            && self.config.user
            && self.takes_credentials()
            && name <= LINE_LIMIT;
        if accepted {
            self.name = name;
            self.say(tx, Verb::User, b"+OK\r\n");
        } else {
            self.refuse(tx, Some(Verb::User), b"not now");
        }
        accepted
    }

    /// A line that is no USER and no SASL response.
    fn command<'s>(
        &mut self,
        tx: &mut Tx<'_>,
        marks: &mut [u8],
        name: &'s [u8],
        line: &'s mut [u8],
    ) -> Request<'s> {
        let command = match Command::parse(line) {
            Ok(Command::Auth { mechanism, initial }) => {
                let (mechanism, initial) = (mechanism.len(), initial.map(<[u8]>::len));
                return self.auth(tx, name.len(), line, mechanism, initial);
            }
            Ok(_) => Command::parse(line),
            Err(error) => Err(error),
        };
        let command = match command {
            Ok(command) => command,
            Err(error) => return self.not_a_command(tx, error, line),
        };
        match self.state {
            State::Authorization => self.in_authorization(tx, command, name),
            _ => self.in_transaction(tx, marks, command),
        }
    }

    /// Browsers can be made to send what they are told to a mail port; they do not get far.
    fn not_a_command(
        &mut self,
        tx: &mut Tx<'_>,
        error: CommandError,
        line: &[u8],
    ) -> Request<'static> {
        const HTTP: [&[u8]; 5] = [b"GET ", b"POST ", b"PUT ", b"HEAD ", b"OPTIONS "];
        match error {
            CommandError::UnknownKeyword => {
                if HTTP.iter().any(|method| line.starts_with(method)) {
                    self.state = State::Closed;
                }
                self.refuse(tx, None, b"unknown command")
            }
            CommandError::BadArguments(verb) => self.refuse(tx, Some(verb), b"bad arguments"),
        }
    }

    fn in_authorization<'s>(
        &mut self,
        tx: &mut Tx<'_>,
        command: Command<'s>,
        name: &'s [u8],
    ) -> Request<'s> {
        let verb = command.verb();
        match command {
            Command::Capa => self.capa(tx),
            Command::Quit => {
                self.state = State::Closed;
                self.say(tx, verb, b"+OK bye\r\n")
            }
            Command::Stls if self.config.stls && !self.private => {
                self.say(tx, verb, b"+OK begin TLS\r\n");
                self.state = State::Handshake;
                Request::StartTls
            }
            Command::Pass(password) if !name.is_empty() => {
                self.owe(Owed::Login);
                Request::Login { name, password }
            }
            Command::Apop { name, digest }
                if self.config.timestamp.is_some() && self.takes_credentials() =>
            {
                self.owe(Owed::Login);
                Request::Apop { name, digest }
            }
            Command::Utf8 if self.config.utf8.is_some() => self.say(tx, verb, b"+OK\r\n"),
            Command::Lang(tag) if self.config.lang => self.lang(tag),
            _ => self.refuse(tx, Some(verb), b"not now"),
        }
    }

    fn in_transaction<'s>(
        &mut self,
        tx: &mut Tx<'_>,
        marks: &mut [u8],
        command: Command<'s>,
    ) -> Request<'s> {
        let verb = command.verb();
        let named = match command {
            Command::Retr(message)
            | Command::Dele(message)
            | Command::Top { number: message, .. } => Some(message),
            Command::List(message) | Command::Uidl(message) => message,
            _ => None,
        };
        if named.is_some_and(|message| message > self.messages || is_marked(marks, message)) {
            return self.refuse(tx, Some(verb), b"no such message");
        }
        match command {
            Command::Capa => self.capa(tx),
            Command::Noop => self.say(tx, verb, b"+OK\r\n"),
            Command::Dele(message) => {
                mark(marks, message);
                self.say(tx, verb, b"+OK\r\n")
            }
            Command::Rset => {
                marks.fill(0);
                self.say(tx, verb, b"+OK\r\n")
            }
            Command::Stat => {
                self.owe(Owed::Stat);
                Request::Stat
            }
            Command::List(message) => {
                self.owe(message.map_or(Owed::All(verb, false), |one| Owed::One(verb, one)));
                Request::List { message }
            }
            Command::Uidl(message) => {
                self.owe(message.map_or(Owed::All(verb, false), |one| Owed::One(verb, one)));
                Request::Uidl { message }
            }
            Command::Retr(message) => {
                self.top = TopFilter::all();
                self.owe(Owed::Message(message, false));
                Request::Message { message, lines: None }
            }
            Command::Top { number, lines } => {
                self.top = TopFilter::lines(lines);
                self.owe(Owed::Message(number, false));
                Request::Message { message: number, lines: Some(lines) }
            }
            Command::Lang(tag) if self.config.lang => self.lang(tag),
            Command::Quit => {
                self.owe(Owed::Update);
                Request::Update
            }
            _ => self.refuse(tx, Some(verb), b"not now"),
        }
    }

    fn lang<'s>(&mut self, tag: Option<&'s [u8]>) -> Request<'s> {
        self.owe(if tag.is_some() { Owed::Language } else { Owed::All(Verb::Lang, false) });
        Request::Lang { tag }
    }

    /// AUTH, whose arguments have the lengths given. An initial response is decoded where it lies.
    fn auth<'s>(
        &mut self,
        tx: &mut Tx<'_>,
        start: usize,
        line: &'s mut [u8],
        mechanism: usize,
        initial: Option<usize>,
    ) -> Request<'s> {
        const KEYWORD: usize = 5;
        let split = KEYWORD.saturating_add(mechanism);
        let (head, rest) = line.split_at_mut_checked(split).unwrap_or_default();
        let mechanism = head.get(KEYWORD..).unwrap_or_default();
        let offered =
            sasl::Name::from_bytes(mechanism).is_some_and(|name| self.mechanisms().contains(name));
        if self.state != State::Authorization || !offered {
            return self.refuse(tx, Some(Verb::Auth), b"mechanism not offered");
        }
        self.response = None;
        if let Some(initial) = initial {
            let text = rest.get_mut(1..initial.saturating_add(1)).unwrap_or_default();
            let decoded = if text == b"=" { Some(0) } else { base64::decode_in_place(text) };
            let Some(len) = decoded else {
                return self.refuse(tx, Some(Verb::Auth), b"not base64");
            };
            self.response = Some((start.saturating_add(split).saturating_add(1), len));
        }
        self.exchange = Exchange::Begun;
        self.owe(Owed::Auth);
        Request::Auth { mechanism }
    }

    /// The line that answers a challenge (RFC 5034 §4).
    fn sasl_response(
        &mut self,
        tx: &mut Tx<'_>,
        start: usize,
        line: &mut [u8],
    ) -> Request<'static> {
        if line == b"*" {
            self.settle();
            self.refuse(tx, Some(Verb::Auth), b"authentication cancelled");
            return Request::Cancelled;
        }
        let Some(len) = base64::decode_in_place(line) else {
            self.settle();
            self.refuse(tx, Some(Verb::Auth), b"not base64");
            return Request::Cancelled;
        };
        self.response = Some((start, len));
        self.exchange = Exchange::Running;
        self.owe(Owed::Auth);
        Request::Response
    }

    fn capa(&mut self, tx: &mut Tx<'_>) -> Request<'static> {
        let login = self.state == State::Authorization;
        let offer = Offer {
            user: login && self.config.user && self.takes_credentials(),
            stls: login && self.config.stls && !self.private,
            mechanisms: if login { self.mechanisms() } else { NameSet::EMPTY },
        };
        self.each_part_of_capa(offer, |part| {
            // `largest_reply` made room for all of it.
            let _ = tx.write(&[part]);
        });
        Request::Handled { verb: Verb::Capa }
    }

    /// Room for any answer that the engine makes by itself, in any state.
    fn largest_reply(&self) -> usize {
        const ONE_LINE: usize = 64;
        let offer = Offer { user: true, stls: true, mechanisms: self.config.mechanisms };
        let mut octets = 0_usize;
        self.each_part_of_capa(offer, |part| octets = octets.saturating_add(part.len()));
        octets.max(ONE_LINE)
    }

    /// The answer to CAPA (RFC 2449 §5), piece by piece.
    fn each_part_of_capa(&self, offer: Offer, mut each: impl FnMut(&[u8])) {
        each(b"+OK\r\n");
        let capabilities = [
            Some(Capability::Top),
            Some(Capability::Uidl),
            Some(Capability::RespCodes),
            Some(Capability::AuthRespCode),
            Some(Capability::Pipelining),
            offer.user.then_some(Capability::User),
            offer.stls.then_some(Capability::Stls),
            self.config.utf8.map(|utf8| Capability::Utf8 { user: utf8 == Utf8::Users }),
            self.config.lang.then_some(Capability::Lang),
            self.config.expire.map(|days| Capability::Expire { days, per_user: false }),
            self.config
                .login_delay
                .map(|seconds| Capability::LoginDelay { seconds, per_user: false }),
            self.config.implementation.map(Capability::Implementation),
        ];
        for capability in capabilities.into_iter().flatten() {
            capability.emit(&mut None).into_iter().for_each(&mut each);
            each(b"\r\n");
        }
        if !offer.mechanisms.is_empty() {
            each(b"SASL");
            for name in offer.mechanisms.iter() {
                each(b" ");
                each(name.as_str().as_bytes());
            }
            each(b"\r\n");
        }
        each(b".\r\n");
    }
}
