//! What arrives at a server: takes commands apart, knows what is legal when, answers what needs no
//! mailbox, and says what the caller owes the client. Holds no buffer, so that requests may borrow
//! those.

use super::capability::Capability;
use super::command::{Command, CommandError, LINE_LIMIT, Verb};
use super::config::{Security, ServerConfig, Utf8};
use super::session::State;
use super::top::TopFilter;
use crate::sasl::{self, Exposure, NameSet};
use crate::wire::{Newlines, Stuffer, Tx, base64};
use crate::{LocalError, RemoteError, Violation};

/// What a client wants, borrowed from the input given to [`Server::poll`](super::Server::poll) or from the scratch
/// buffer until the next call on the engine. Each says which calls answer it; any but `StartTls`,
/// `Handled`, `Refused` and `Cancelled` may be answered with [`Server::reject`](super::Server::reject) instead. Until it is answered
/// no further command is read.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request<'a> {
    /// USER and PASS (RFC 1939 §7). Answer with [`Server::accept`](super::Server::accept).
    Login {
        /// The mailbox.
        name: &'a [u8],
        /// The password.
        password: &'a [u8],
    },
    /// APOP (RFC 1939 §7). Compare the digest with that of the timestamp and the shared secret in
    /// constant time, then answer with [`Server::accept`](super::Server::accept).
    Apop {
        /// The mailbox.
        name: &'a [u8],
        /// 32 hexadecimal digits.
        digest: &'a [u8],
    },
    /// AUTH (RFC 5034). Make the mechanism and answer with [`Server::authenticate`](super::Server::authenticate).
    Auth {
        /// The mechanism's name, in the case that the client used; one of those announced.
        mechanism: &'a [u8],
    },
    /// The client's next SASL response. Answer with [`Server::authenticate`](super::Server::authenticate).
    Response,
    /// The client gave up the SASL exchange. It has been answered.
    Cancelled,
    /// STLS (RFC 2595 §4) was accepted. Send `outgoing`, make the handshake, then call
    /// [`Server::tls_established`](super::Server::tls_established).
    StartTls,
    /// STAT. Answer with [`Server::drop_listing`](super::Server::drop_listing).
    Stat,
    /// LIST. For one message answer with [`Server::scan_listing`](super::Server::scan_listing); for all, call it for each
    /// message (deleted ones are left out by the engine) and then [`Server::end_listing`](super::Server::end_listing).
    List {
        /// The message, which exists, or `None` for all.
        message: Option<u32>,
    },
    /// UIDL. As LIST, with [`Server::unique_id`](super::Server::unique_id).
    Uidl {
        /// The message, which exists, or `None` for all.
        message: Option<u32>,
    },
    /// RETR or TOP. Answer with [`Server::message`](super::Server::message), then [`Server::message_data`](super::Server::message_data) until all is
    /// given or [`Server::wants_more`](super::Server::wants_more) says that no more is needed, then
    /// [`Server::end_message`](super::Server::end_message).
    Message {
        /// The message, which exists.
        message: u32,
        /// For TOP, how many lines of the body; the engine cuts there.
        lines: Option<u32>,
    },
    /// LANG (RFC 6856 §3). With a tag answer with [`Server::accept_language`](super::Server::accept_language); without, call
    /// [`Server::language`](super::Server::language) for each and then [`Server::end_listing`](super::Server::end_listing).
    Lang {
        /// The language tag, `*` for the server's choice, or `None` for the list.
        tag: Option<&'a [u8]>,
    },
    /// QUIT after login: the session enters the UPDATE state (RFC 1939 §6). Remove the messages
    /// that [`Server::deleted`](super::Server::deleted) names, then answer with [`Server::updated`](super::Server::updated).
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

/// What the caller owes the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owed {
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

/// All of the server but its buffers, so that requests may borrow those.
#[derive(Debug)]
pub(super) struct Session<'c> {
    pub(super) config: ServerConfig<'c>,
    pub(super) state: State,
    pub(super) owed: Owed,
    pub(super) private: bool,
    /// The length of the name that USER gave, at the front of the scratch buffer, or 0.
    pub(super) name: usize,
    /// Where the SASL response lies in the scratch buffer, and its length.
    pub(super) response: Option<(usize, usize)>,
    /// Whether the next line is a SASL response, and whether the exchange has begun.
    pub(super) exchange: Exchange,
    pub(super) messages: u32,
    pub(super) stuffer: Stuffer,
    pub(super) top: TopFilter,
    pub(super) errors: u8,
    pub(super) offset: u64,
    pub(super) failure: Option<RemoteError>,
    pub(super) since: Option<u32>,
    pub(super) progress: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exchange {
    None,
    /// AUTH came; the mechanism has not been asked yet.
    Begun,
    /// The mechanism has been asked.
    Running,
    /// The mechanism has reported success.
    Succeeded,
    /// A challenge is out: the next line answers it.
    Challenged,
}

impl<'c> Session<'c> {
    pub(super) fn new(config: ServerConfig<'c>) -> Self {
        Self {
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
        }
    }
}

/// What CAPA announces on one channel and not on another.
struct Offer {
    user: bool,
    stls: bool,
    mechanisms: NameSet,
}

/// Where the mark of a message lies: octet and bit.
fn place_of(message: u32) -> Option<(usize, u8)> {
    let index = message.checked_sub(1)?;
    Some((usize::try_from(index / 8).ok()?, 1 << (index % 8)))
}

pub(super) fn is_marked(marks: &[u8], message: u32) -> bool {
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
    pub(super) fn fail(&mut self, violation: Violation) -> RemoteError {
        let error = RemoteError { violation, offset: self.offset };
        self.failure = Some(error);
        self.state = State::Closed;
        self.settle();
        error
    }

    pub(super) fn check(&self, state: State, owed: Owed) -> Result<(), LocalError> {
        match self.state {
            State::Closed => Err(LocalError::Closed),
            now if now == state && self.owed == owed => Ok(()),
            _ => Err(LocalError::WrongState),
        }
    }

    pub(super) fn check_open(&self) -> Result<(), LocalError> {
        if self.state == State::Closed { Err(LocalError::Closed) } else { Ok(()) }
    }

    pub(super) fn check_owed(&self, owed: Owed) -> Result<(), LocalError> {
        self.check_open()?;
        if self.owed == owed { Ok(()) } else { Err(LocalError::WrongState) }
    }

    /// The answer is complete.
    pub(super) fn settle(&mut self) {
        self.owed = Owed::Nothing;
        self.exchange = Exchange::None;
        self.response = None;
        self.top = TopFilter::all();
    }

    /// A challenge is out.
    pub(super) fn challenged(&mut self) {
        self.exchange = Exchange::Challenged;
        self.owed = Owed::Nothing;
    }

    pub(super) fn count_error(&mut self) {
        self.errors = self.errors.saturating_add(1);
        if self.config.max_errors > 0 && self.errors >= self.config.max_errors {
            self.state = State::Closed;
        }
    }

    pub(super) fn takes_credentials(&self) -> bool {
        self.private || self.config.security == Security::DangerCleartext
    }

    /// The mechanisms that are offered on the channel as it is.
    pub(super) fn mechanisms(&self) -> NameSet {
        let limit = if self.takes_credentials() { Exposure::Secret } else { Exposure::Nothing };
        self.config.mechanisms.at_most(limit)
    }

    /// Writes an answer that the engine makes by itself. There is room: `poll` saw to it.
    pub(super) fn say(&mut self, tx: &mut Tx<'_>, verb: Verb, answer: &[u8]) -> Request<'static> {
        if tx.write(&[answer]).is_err() {
            self.state = State::Closed;
        }
        Request::Handled { verb }
    }

    pub(super) fn refuse(
        &mut self,
        tx: &mut Tx<'_>,
        verb: Option<Verb>,
        why: &[u8],
    ) -> Request<'static> {
        if tx.write(&[b"-ERR ", why, b"\r\n"]).is_err() {
            self.state = State::Closed;
        }
        self.count_error();
        Request::Refused { verb }
    }

    pub(super) fn owe(&mut self, owed: Owed) {
        self.owed = owed;
    }

    pub(super) fn too_long(&mut self, tx: &mut Tx<'_>) -> Request<'static> {
        self.name = 0;
        self.settle();
        self.refuse(tx, None, b"line too long")
    }

    /// USER: whether its name, so long, is to be kept.
    pub(super) fn user(&mut self, tx: &mut Tx<'_>, name: usize) -> bool {
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
    pub(super) fn command<'s>(
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
    pub(super) fn not_a_command(
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

    pub(super) fn in_authorization<'s>(
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

    pub(super) fn in_transaction<'s>(
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

    pub(super) fn lang<'s>(&mut self, tag: Option<&'s [u8]>) -> Request<'s> {
        self.owe(if tag.is_some() { Owed::Language } else { Owed::All(Verb::Lang, false) });
        Request::Lang { tag }
    }

    /// AUTH, whose arguments have the lengths given. An initial response is decoded where it lies.
    pub(super) fn auth<'s>(
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
    pub(super) fn sasl_response(
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
        // Only STLS is announced in one state and not in the other (RFC 2449 §6.2–6.3, RFC 2595 §4).
        let offer = Offer {
            user: self.config.user && self.takes_credentials(),
            stls: self.config.stls && !self.private && self.state == State::Authorization,
            mechanisms: self.mechanisms(),
        };
        self.each_part_of_capa(offer, |part| {
            // `largest_reply` made room for all of it.
            let _ = tx.write(&[part]);
        });
        Request::Handled { verb: Verb::Capa }
    }

    /// Room for any answer that the engine makes by itself, in any state.
    pub(super) fn largest_reply(&self) -> usize {
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
