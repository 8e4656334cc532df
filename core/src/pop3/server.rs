//! The server's session (RFC 1939): reads commands, knows what is legal when, answers what needs
//! no mailbox by itself, and asks the caller for the rest, one request at a time. Messages stream
//! through; which are marked as deleted is kept in the caller's memory, a bit each.

use core::ops::Range;

use zeroize::Zeroize;

use super::command::{Command, Verb, check_text};
use super::config::ServerConfig;
use super::requests::{Exchange, Owed, Request, Session, is_marked};
use super::response::{self, ResponseCode};
use super::session::State;
use crate::sasl::{self, ServerMechanism, Step};
use crate::wire::{Decimal, Framed, LineFramer, Stuffer, Tx, base64};
use crate::{LocalError, RemoteError, Violation};

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
pub struct Server<'b, 'c> {
    scratch: &'b mut [u8],
    tx: Tx<'b>,
    marks: &'b mut [u8],
    lines: LineFramer,
    session: Session<'c>,
}

/// The state, but not the buffers: there may be a password in them.
impl core::fmt::Debug for Server<'_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Server").field("session", &self.session).finish_non_exhaustive()
    }
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
        Self {
            scratch,
            tx: Tx::new(tx),
            marks,
            lines: LineFramer::default(),
            session: Session::new(config),
        }
    }

    /// Sends the greeting (RFC 1939 §4), with the timestamp where one is configured.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when the session has begun; [`LocalError::BufferTooSmall`] when
    /// the outgoing buffer cannot hold the greeting, or later the answer to CAPA;
    /// [`LocalError::ForbiddenOctet`] and [`LocalError::Empty`] for the text, the timestamp or
    /// [`ServerConfig::implementation`]; [`LocalError::TooLong`] for text and timestamp together.
    pub fn greet(&mut self, text: &[u8]) -> Result<(), LocalError> {
        self.session.check(State::Greeting, Owed::Nothing)?;
        check_text(text)?;
        self.session.config.implementation.map_or(Ok(()), check_text)?;
        self.tx.room(self.session.largest_reply())?;
        let stamp = self.session.config.timestamp.unwrap_or_default();
        if text.len().saturating_add(stamp.len()) > GREETING_LIMIT {
            return Err(LocalError::TooLong { limit: GREETING_LIMIT });
        }
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
    /// [`abort`](Self::abort)); [`LocalError::ForbiddenOctet`] for CR, LF or NUL in the text, or for
    /// others than printable ASCII without brackets in the code.
    pub fn reject(
        &mut self,
        code: Option<ResponseCode<'_>>,
        text: &[u8],
    ) -> Result<(), LocalError> {
        self.session.check_open()?;
        let refusal = self.session.state == State::Greeting;
        let begun = matches!(self.session.owed, Owed::All(_, true) | Owed::Message(_, true));
        if begun || (self.session.owed == Owed::Nothing && !refusal) {
            return Err(LocalError::WrongState);
        }
        check_text(text)?;
        match code.map(|code| code.as_bytes()) {
            Some(code) => {
                check_code(code)?;
                self.tx.write(&[b"-ERR [", code, b"] ", text, b"\r\n"])?
            }
            None => self.tx.write(&[b"-ERR ", text, b"\r\n"])?,
        };
        match self.session.owed {
            Owed::Login | Owed::Auth => {
                self.scratch.zeroize();
                self.session.count_error();
            }
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
            State::Handshake => {
                tx.clear();
                return Err(session.fail(Violation::PlaintextAfterStls));
            }
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
        let challenged = session.exchange == Exchange::Challenged;
        if !challenged && let Some(name) = scratch.get(line.clone()).and_then(user_name) {
            if !session.user(tx, name.len()) {
                return Ok(Some(Request::Refused { verb: Some(Verb::User) }));
            }
            let start = line.start.saturating_add(name.start);
            move_to_front(scratch, start..start.saturating_add(name.len()));
            return Ok(Some(Request::Handled { verb: Verb::User }));
        }
        let taken = scratch.get_mut(..line.end).unwrap_or_default();
        let (name, line) = taken.split_at_mut_checked(name_len).unwrap_or_default();
        session.name = 0;
        if challenged {
            return Ok(Some(session.sasl_response(tx, name_len, line)));
        }
        let request = session.command(tx, marks, name, line);
        if session.state == State::Handshake && !input.is_empty() {
            tx.clear();
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
        self.session.progress |= n > 0;
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
            (None, _) => {
                self.tx.clear();
                self.scratch.zeroize();
                Err(self.session.fail(Violation::ClosedByPeer))
            }
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
            Some(since) if !session.progress && session.owed == Owed::Nothing => {
                let idle = now_ms.wrapping_sub(since);
                if timeout > 0 && idle >= timeout && session.state != State::Closed {
                    self.tx.clear();
                    self.scratch.zeroize();
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
        let open = self.session.state != State::Closed;
        self.session.since.filter(|_| timeout > 0 && open).map(|since| since.wrapping_add(timeout))
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
    /// many octets it must have. [`LocalError::WrongState`] when no login was asked for, or the SASL
    /// mechanism has not reported success.
    pub fn accept(&mut self, messages: u32) -> Result<(), LocalError> {
        self.session.check_open()?;
        let authenticated = self.session.exchange == Exchange::Succeeded;
        if self.session.owed != Owed::Login && !(self.session.owed == Owed::Auth && authenticated) {
            return Err(LocalError::WrongState);
        }
        let needed = usize::try_from(messages.div_ceil(8)).unwrap_or(usize::MAX);
        if self.marks.len() < needed {
            return Err(LocalError::BufferTooSmall { needed });
        }
        let count = Decimal::new(messages.into());
        self.tx.write(&[b"+OK ", count.as_bytes(), b" messages\r\n"])?;
        self.scratch.zeroize();
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
        self.session.check_open()?;
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
        let raw_room = base64::raw_len(room.len().saturating_sub(2));
        let raw = room.get_mut(..raw_room).unwrap_or_default();
        let step = mechanism.step(response, raw).map_err(challenge_error);
        // Only after this error may the step be repeated, with the same response.
        if !matches!(step, Err(LocalError::BufferTooSmall { .. }))
            && let Some((start, len)) = session.response.take()
        {
            self.scratch.get_mut(start..start.saturating_add(len)).unwrap_or_default().zeroize();
        }
        let step = step?;
        session.exchange =
            if step == Step::Success { Exchange::Succeeded } else { Exchange::Running };
        if let Step::Challenge(octets) = step {
            let written = base64::encode_line(room, octets).ok_or(LocalError::Full)?;
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
    /// sent; [`LocalError::Closed`] when the session has ended. The same holds for the other answers.
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
        check_octets(uid, |octet| octet.is_ascii_graphic())?;
        if !response::is_unique_id(uid) {
            return Err(LocalError::TooLong { limit: 70 });
        }
        self.listing(Verb::Uidl, message, uid)
    }

    /// Answers `Lang` without a tag: a language and its name in that language.
    ///
    /// # Errors
    /// As [`drop_listing`](Self::drop_listing).
    pub fn language(&mut self, tag: &[u8], description: &[u8]) -> Result<(), LocalError> {
        self.session.check_open()?;
        let Owed::All(Verb::Lang, begun) = self.session.owed else {
            return Err(LocalError::WrongState);
        };
        check_language_tag(tag)?;
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
        check_language_tag(tag)?;
        check_text(text)?;
        self.tx.write(&[b"+OK ", tag, b" ", text, b"\r\n"])?;
        self.session.settle();
        Ok(())
    }

    fn listing(&mut self, verb: Verb, message: u32, what: &[u8]) -> Result<(), LocalError> {
        self.session.check_open()?;
        if message == 0 {
            return Err(LocalError::MessageNumberZero);
        }
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
        self.session.check_open()?;
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
        self.session.check_open()?;
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
        self.session.check_open()?;
        let Owed::Message(_, true) = self.session.owed else { return Err(LocalError::WrongState) };
        let session = &mut self.session;
        while !text.is_empty() {
            // No further than there is room: what is looked at is taken.
            let room = self.tx.free().len().max(1);
            let (mut wanted, after) = session.top.split(text.get(..room).unwrap_or(text));
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
        self.session.check_open()?;
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
        self.tx.clear();
        self.scratch.zeroize();
        self.session.state = State::Closed;
        self.session.settle();
    }
}

/// RFC 2449 §4: the first line of a response is at most 512 octets long; `+OK`, two spaces and CRLF
/// are seven of them.
const GREETING_LIMIT: usize = 505;

/// Where in a line the name is, if it is USER.
fn user_name(line: &[u8]) -> Option<Range<usize>> {
    let Ok(Command::User(name)) = Command::parse(line) else { return None };
    let start = Verb::User.keyword().len().saturating_add(1);
    Some(start..start.saturating_add(name.len()))
}

fn move_to_front(buffer: &mut [u8], from: Range<usize>) {
    for (to, from) in from.enumerate() {
        if let Some(&octet) = buffer.get(from)
            && let Some(place) = buffer.get_mut(to)
        {
            *place = octet;
        }
    }
}

fn status_line(begun: bool) -> &'static [u8] {
    if begun { b"" } else { b"+OK\r\n" }
}

/// A response code (RFC 2449 §8): printable ASCII without brackets and spaces.
fn check_code(code: &[u8]) -> Result<(), LocalError> {
    check_octets(code, |octet| octet.is_ascii_graphic() && octet != b'[' && octet != b']')
}

/// A language tag (RFC 5646 §2.1): letters, digits and hyphens.
fn check_language_tag(tag: &[u8]) -> Result<(), LocalError> {
    check_octets(tag, |octet| octet.is_ascii_alphanumeric() || octet == b'-')
}

fn check_octets(octets: &[u8], allowed: fn(u8) -> bool) -> Result<(), LocalError> {
    if octets.is_empty() {
        return Err(LocalError::Empty);
    }
    match octets.iter().position(|&octet| !allowed(octet)) {
        Some(at) => Err(LocalError::ForbiddenOctet { at }),
        None => Ok(()),
    }
}

fn challenge_error(error: sasl::Error) -> LocalError {
    match error {
        sasl::Error::BufferTooSmall { needed } => {
            LocalError::BufferTooSmall { needed: base64::encoded_len(needed).saturating_add(4) }
        }
        error => LocalError::Sasl(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pop3::Security;

    #[test]
    fn a_response_code_cannot_become_a_second_line() {
        let (mut scratch, mut tx, mut marks) = ([0; 512], [0; 512], [0; 1]);
        let config = ServerConfig { security: Security::Private, ..ServerConfig::default() };
        let mut server = Server::new(&mut scratch, &mut tx, &mut marks, config);
        let injected = Some(ResponseCode::Other(b"X]\r\n+OK"));
        assert_eq!(server.reject(injected, b"busy"), Err(LocalError::ForbiddenOctet { at: 1 }));
        assert_eq!(server.reject(Some(ResponseCode::Other(b"")), b"busy"), Err(LocalError::Empty));
        assert!(server.outgoing().is_empty());
        assert_eq!(server.reject(Some(ResponseCode::SysTemp), b"busy"), Ok(()));
        assert_eq!(server.outgoing(), b"-ERR [SYS/TEMP] busy\r\n");
        assert_eq!(server.state(), State::Closed);
    }

    #[test]
    fn a_password_does_not_stay_in_the_scratch_buffer() {
        let (mut scratch, mut tx, mut marks) = ([0; 512], [0; 512], [0; 1]);
        let config = ServerConfig { security: Security::Private, ..ServerConfig::default() };
        let mut server = Server::new(&mut scratch, &mut tx, &mut marks, config);
        server.greet(b"ready").unwrap();
        let mut input = &b"USER mrose\r\nPASS tanstaaf\r\n"[..];
        assert!(server.poll(&mut input).unwrap().is_some());
        assert!(matches!(server.poll(&mut input), Ok(Some(Request::Login { .. }))));
        server.accept(0).unwrap();
        assert!(!format!("{server:?}").contains("tanstaaf"));
        assert!(!scratch.windows(4).any(|octets| octets == b"taaf"), "{scratch:?}");
    }
}
