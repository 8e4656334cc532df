//! What arrives at a client: takes replies apart, gives each to the command that it answers, and
//! draws the consequences for the session. Holds no buffer, so that events may borrow those.
//!
//! What happened is told to a sink, the `to` of each method here, at most once a call: an event of Rust
//! or of C is then written where its reader wants it, and carried through no layer between.

#[cfg(feature = "pop3-extras")]
use core::num::NonZero;

#[cfg(feature = "pop3-extras")]
use super::capability::Capability;
use super::command::Verb;
use super::config::{Config, Quirk, QuirkSet, Security};
use super::event::{Event, Sink, Value};
use super::offer::Offer;
use super::response::{self, Status, StatusLine, trimmed};
use super::session::{CommandNumber, Pipeline, State};
#[cfg(feature = "pop3-extras")]
use crate::wire::base64;
use crate::wire::{LineEnding, Piece, Unstuffer};
use crate::{LocalError, RemoteError, Violation};

/// What the next line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// A status line.
    Status,
    /// A line of a listing, or its end.
    Listing,
    /// No line, but octets of a message.
    Data,
}

/// The session has ended for good; [`Session::failure`] knows why.
#[derive(Debug)]
pub(super) struct Failed;

/// A number of octets that is aligned as words of 32 bits are, so that a chip's object has no gap for it.
#[derive(Clone, Copy, Debug)]
#[repr(C, packed(4))]
struct Octets(u64);

/// Reads the size in an answer to STAT or LIST.
#[cfg(not(feature = "pop3-extras"))]
type ReadSize = fn(&[u8]) -> Option<u64>;

/// How long a challenge is: kept as one more, so that no challenge takes no room of its own.
#[cfg(feature = "pop3-extras")]
#[derive(Clone, Copy, Debug)]
pub(super) struct ChallengeLength(NonZero<usize>);

#[cfg(feature = "pop3-extras")]
impl ChallengeLength {
    fn new(octets: usize) -> Option<Self> {
        NonZero::new(octets.saturating_add(1)).map(Self)
    }

    pub(super) const fn octets(self) -> usize {
        self.0.get().saturating_sub(1)
    }
}

/// All of the client but its buffers, so that events may borrow those while this goes on.
///
/// What is used most comes first, and octets before words: so a chip addresses it with its short
/// instructions.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Session<const N: usize> {
    pub(super) state: State,
    pub(super) phase: Phase,
    /// What remains to be told about the line at hand.
    pub(super) quirks: QuirkSet,
    pub(super) oversize: bool,
    pub(super) oversize_verb: Option<Verb>,
    /// Whether PASS, the command that was in flight last, was withdrawn; and how many octets of it
    /// lie first in the outgoing buffer.
    pub(super) not_sent: bool,
    pub(super) withdrawn: u8,
    pub(super) unstuffer: Unstuffer,
    /// Whether the channel is private.
    pub(super) private: bool,
    /// Whether USER was the last command, and accepted.
    pub(super) user_accepted: bool,
    /// Whether the SASL mechanism would believe a success now.
    pub(super) believable: bool,
    /// The length of the APOP timestamp at the end of the scratch buffer, or 0.
    pub(super) stamp: u8,
    pub(super) watching: bool,
    pub(super) progress: bool,
    /// Why the session ended for good.
    pub(super) failure: Option<Violation>,
    /// Octets received.
    offset: Octets,
    /// The length of the line at hand.
    pub(super) line_length: usize,
    /// The length of the challenge at the front of the scratch buffer that awaits its answer.
    #[cfg(feature = "pop3-extras")]
    pub(super) challenge: Option<ChallengeLength>,
    /// Since when nothing has come, on the caller's clock, if that is known.
    pub(super) since: u32,
    pub(super) config: Config,
    pub(super) offer: Offer,
    /// Reads the size in what answers STAT and LIST. These commands leave it behind, so that a program without them
    /// does not contain it.
    #[cfg(not(feature = "pop3-extras"))]
    size: Option<ReadSize>,
    pub(super) pipeline: Pipeline<N>,
}

impl<const N: usize> Session<N> {
    pub(super) const fn new(config: Config) -> Self {
        Self {
            config,
            pipeline: Pipeline::new(),
            state: State::Greeting,
            phase: Phase::Status,
            unstuffer: Unstuffer::new(LineEnding::Crlf),
            offer: Offer::NONE,
            #[cfg(not(feature = "pop3-extras"))]
            size: None,
            private: matches!(config.security, Security::Private),
            user_accepted: false,
            believable: false,
            #[cfg(feature = "pop3-extras")]
            challenge: None,
            stamp: 0,
            offset: Octets(0),
            line_length: 0,
            quirks: QuirkSet::NONE,
            oversize: false,
            oversize_verb: None,
            not_sent: false,
            withdrawn: 0,
            failure: None,
            watching: false,
            since: 0,
            progress: false,
        }
    }

    /// Why the session ended for good, if it did.
    pub(super) fn failure(&self) -> Option<RemoteError> {
        self.failure.map(|violation| RemoteError { violation, offset: self.line_start() })
    }

    /// The same, where it did.
    #[inline(always)]
    pub(super) fn error(&self) -> RemoteError {
        let violation = self.failure.unwrap_or(Violation::UnexpectedEof);
        RemoteError { violation, offset: self.line_start() }
    }

    /// Ends the session for good, because of the line at hand.
    pub(super) fn fail(&mut self, violation: Violation) -> Failed {
        self.failure = Some(violation);
        self.state = State::Closed;
        Failed
    }

    /// Ends the session for a reason that is not in the line that came last.
    pub(super) fn fail_here(&mut self, violation: Violation) -> Failed {
        self.line_length = 0;
        self.fail(violation)
    }

    /// How many octets have been received.
    pub(super) const fn offset(&self) -> u64 {
        self.offset.0
    }

    pub(super) fn line_start(&self) -> u64 {
        self.offset.0.wrapping_sub(self.line_length as u64)
    }

    /// Mends a deviation that the configuration tolerates, and notes it to be told.
    pub(super) fn mend(&mut self, quirk: Quirk) -> Result<(), Failed> {
        if !self.config.tolerate.contains(quirk) {
            return Err(self.fail(Violation::Quirk(quirk as u8)));
        }
        self.quirks = self.quirks.with(quirk);
        Ok(())
    }

    /// Forgets what was learnt over a channel that was not private (RFC 2595 §4).
    #[cfg(feature = "pop3-extras")]
    pub(super) fn forget(&mut self) {
        self.offer = Offer::NONE;
        self.stamp = 0;
        self.user_accepted = false;
    }

    /// Counts what was taken of `before` octets, of which so many are left.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(super) fn received(&mut self, before: usize, left: usize) {
        let taken = before.saturating_sub(left);
        self.offset = Octets(self.offset.0.wrapping_add(taken as u64));
    }

    /// STAT or LIST is sent.
    #[cfg(not(feature = "pop3-extras"))]
    pub(super) fn expects_size(&mut self) {
        self.size = Some(response::size);
    }

    #[cfg(feature = "pop3-extras")]
    #[allow(clippy::unused_self)]
    pub(super) fn expects_size(&mut self) {}

    /// The size in what answers them.
    #[cfg(not(feature = "pop3-extras"))]
    fn size(&self, text: &[u8]) -> Option<u64> {
        self.size.and_then(|read| read(text))
    }

    #[cfg(feature = "pop3-extras")]
    #[allow(clippy::unused_self)]
    fn size(&self, text: &[u8]) -> Option<u64> {
        response::size(text)
    }

    /// Whether something remains to be told about the line of the event before.
    pub(super) fn has_notice(&self) -> bool {
        self.oversize || !self.quirks.is_empty() || self.not_sent
    }

    /// Tells the next of what remains to be told.
    pub(super) fn notice<'s>(&mut self, to: impl Sink<'s>) {
        if core::mem::take(&mut self.oversize) {
            let octets = self.line_length.saturating_sub(self.unstuffer.ending().octets() as usize);
            return to.tell(Event::Oversize { verb: self.oversize_verb, octets: octets as u64 });
        }
        if let Some(quirk) = self.quirks.pop() {
            return to.tell(Event::Quirk { quirk, offset: self.line_start() });
        }
        self.not_sent = false;
        let command = CommandNumber(self.pipeline.first().0.wrapping_sub(1));
        let reply = StatusLine { status: Status::NotSent, ..StatusLine::OK };
        completed(to, command, Verb::Pass, 0, &reply, Value::None);
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.state == State::Greeting || self.pipeline.awaiting().is_some()
    }

    pub(super) fn release(&mut self) {
        self.pipeline.release(self.config.pipelining && self.offer.pipelining());
    }

    #[cfg(feature = "pop3-extras")]
    pub(super) fn responded(&mut self, octets: usize, believable: bool) {
        self.pipeline.release_response(octets);
        self.watching = false;
        self.challenge = None;
        self.believable = believable;
    }

    pub(super) fn check_open(&self) -> Result<(), LocalError> {
        if self.state == State::Closed {
            return Err(LocalError::Closed);
        }
        let is_open = matches!(self.state, State::Authorization | State::Transaction);
        if is_open { Ok(()) } else { Err(LocalError::WrongState) }
    }

    pub(super) fn check_state(&self, state: State) -> Result<(), LocalError> {
        self.check_open()?;
        if self.state == state { Ok(()) } else { Err(LocalError::WrongState) }
    }

    /// Whether a challenge awaits an answer.
    pub(super) fn is_challenged(&self) -> bool {
        #[cfg(feature = "pop3-extras")]
        return self.challenge.is_some();
        #[cfg(not(feature = "pop3-extras"))]
        false
    }

    /// No challenge awaits an answer any more.
    pub(super) fn drop_challenge(&mut self) {
        #[cfg(feature = "pop3-extras")]
        {
            self.challenge = None;
        }
    }

    /// Notes the length of the line at hand, and how it ended.
    pub(super) fn line_begins(&mut self, octets: usize, ending: LineEnding) -> Result<(), Failed> {
        self.line_length = octets.saturating_add(ending.octets() as usize);
        self.unstuffer = Unstuffer::new(ending);
        if ending == LineEnding::Lf {
            self.mend(Quirk::BareLf)?;
        }
        Ok(())
    }

    /// Takes a line apart. Every line is told as exactly one event, before the notices about it.
    /// `back` is the scratch buffer less what the line takes, or would take, of its front.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(super) fn line<'s>(
        &mut self,
        line: &'s [u8],
        back: &mut [u8],
        to: impl Sink<'s>,
    ) -> Result<(), Failed> {
        let awaiting = self.pipeline.awaiting();
        self.oversize_verb = awaiting;
        if let (Some(verb), Phase::Listing) = (awaiting, self.phase) {
            return self.listing(line, verb, to);
        }
        let Some(reply) = response::status_line(line, self.offer.resp_codes()) else {
            let quirk =
                if self.state == State::Greeting { Quirk::Banner } else { Quirk::NotAReply };
            return self.no_reply(line, quirk, to);
        };
        match awaiting {
            _ if self.state == State::Greeting => self.greeting(reply, back, to),
            Some(verb) => self.reply(reply, verb, to),
            // A server's farewell to an idle client, where it is negative; a positive one means that
            // replies and commands are out of step.
            None if reply.status == Status::Err => self.no_reply(line, Quirk::NotAReply, to),
            None => Err(self.fail(Violation::UnsolicitedReply)),
        }
    }

    /// A line that is not understood. Some servers draw a picture before they greet; what is not
    /// indented is another protocol.
    fn no_reply<'s>(
        &mut self,
        line: &'s [u8],
        quirk: Quirk,
        to: impl Sink<'s>,
    ) -> Result<(), Failed> {
        if quirk == Quirk::Banner && !matches!(line, [b' ' | b'\t', ..]) {
            return Err(self.fail(Violation::BadGreeting));
        }
        self.mend(quirk)?;
        to.tell(Event::Unrecognized { line });
        Ok(())
    }

    fn greeting<'s>(
        &mut self,
        greeting: StatusLine<'s>,
        back: &mut [u8],
        to: impl Sink<'s>,
    ) -> Result<(), Failed> {
        let StatusLine { status, misspelt, code, text } = greeting;
        if misspelt {
            self.mend(Quirk::StatusCase)?;
        }
        let timestamp = if cfg!(feature = "apop") { response::timestamp(text) } else { None };
        self.keep_timestamp(timestamp, back);
        self.state = if status == Status::Ok { State::Authorization } else { State::Closed };
        to.tell(Event::Greeting { status, code, text, timestamp });
        Ok(())
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
    #[allow(clippy::unused_self)]
    fn keep_timestamp(&mut self, _: Option<&[u8]>, _: &mut [u8]) {}

    /// What a challenge says, still in base64, if AUTH is outstanding and the line is the server's next
    /// question (RFC 5034 §4).
    #[cfg(feature = "pop3-extras")]
    pub(super) fn expects_challenge<'l>(&self, line: &'l [u8]) -> Option<&'l [u8]> {
        self.pipeline.awaiting().filter(|&verb| verb == Verb::Auth)?;
        response::continuation(line)
    }

    /// Decodes the challenge, the front of the scratch buffer, and keeps it there. One that did not fit,
    /// or is not base64, counts as empty: the mechanism decides.
    #[cfg(feature = "pop3-extras")]
    pub(super) fn challenge<'s>(
        &mut self,
        text: &'s mut [u8],
        to: impl Sink<'s>,
    ) -> Result<(), Failed> {
        self.oversize_verb = Some(Verb::Auth);
        let decoded = if self.oversize { Some(0) } else { base64::decode_in_place(text) };
        if decoded.is_none() {
            self.mend(Quirk::ChallengeNotBase64)?;
        }
        let len = decoded.unwrap_or_default();
        self.challenge = ChallengeLength::new(len);
        let challenge = text.get(..len).unwrap_or_default();
        to.tell(Event::Challenge { command: self.pipeline.first(), challenge });
        Ok(())
    }

    /// A status line that answers a command.
    fn reply<'s>(
        &mut self,
        reply: StatusLine<'s>,
        verb: Verb,
        to: impl Sink<'s>,
    ) -> Result<(), Failed> {
        if reply.misspelt {
            self.mend(Quirk::StatusCase)?;
        }
        if !self.pipeline.oldest().multiline || reply.status != Status::Ok {
            return self.complete(verb, reply, to);
        }
        self.begin(verb);
        to.tell(Event::Started {
            command: self.pipeline.first(),
            verb,
            message: self.pipeline.oldest().message(),
            octets: if cfg!(feature = "pop3-extras") {
                response::octets_hint(reply.text)
            } else {
                None
            },
            text: reply.text,
        });
        Ok(())
    }

    /// A reply of several lines begins.
    fn begin(&mut self, verb: Verb) {
        self.phase = match verb {
            Verb::Capa | Verb::List | Verb::Uidl | Verb::Lang => Phase::Listing,
            _ => Phase::Data,
        };
        if verb == Verb::Capa {
            self.offer = Offer::NONE;
        }
    }

    /// Octets of a message. False when there is nothing to be told yet.
    pub(super) fn data<'s, 'i: 's>(&mut self, input: &mut &'i [u8], to: impl Sink<'s>) -> bool {
        self.line_length = 0;
        match self.unstuffer.next(input) {
            Some(Piece::Data(octets)) => {
                to.tell(Event::Data { command: self.pipeline.first(), octets });
            }
            Some(Piece::End) => self.end(to),
            None => return false,
        }
        true
    }

    /// A line of a listing.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn listing<'s>(&mut self, line: &'s [u8], verb: Verb, to: impl Sink<'s>) -> Result<(), Failed> {
        let item = match line {
            b"." => {
                self.end(to);
                return Ok(());
            }
            [b'.', unstuffed @ ..] => unstuffed,
            line => line,
        };
        let is_empty = trimmed(item).is_empty();
        if !self.oversize && is_empty {
            self.mend(Quirk::EmptyLine)?;
        }
        if self.oversize || is_empty {
            self.notice(to);
            return Ok(());
        }
        let command = self.pipeline.first();
        #[cfg(feature = "pop3-extras")]
        match verb {
            Verb::Capa => {
                let capability = Capability::parse(item);
                self.offer.announce(&capability);
                to.tell(Event::Capability { command, capability });
                return Ok(());
            }
            Verb::Lang if let Some((tag, description)) = response::language_listing(item) => {
                to.tell(Event::Language { command, tag, description });
                return Ok(());
            }
            _ => {}
        }
        match self.value(verb, item) {
            _ if self.failure.is_some() => return Err(Failed),
            Some(Value::ScanListing { message, octets }) => {
                to.tell(Event::ScanListing { command, message, octets });
            }
            Some(Value::UniqueId { message, uid }) => {
                to.tell(Event::UniqueId { command, message, uid });
            }
            _ => return self.no_reply(line, Quirk::BadListing, to),
        }
        Ok(())
    }

    fn check_unique_id(&mut self, uid: &[u8]) -> Result<(), Failed> {
        if response::is_unique_id(uid) { Ok(()) } else { self.mend(Quirk::UniqueId) }
    }

    /// The end of a reply of several lines.
    fn end<'s>(&mut self, to: impl Sink<'s>) {
        let (verb, message) = (self.pipeline.oldest().verb, self.pipeline.oldest().message());
        #[cfg(feature = "pop3-extras")]
        if verb == Verb::Capa {
            self.offer.complete();
        }
        self.phase = Phase::Status;
        let command = self.finish(verb, true);
        completed(to, command, verb, message, &StatusLine::OK, Value::None);
    }

    /// A reply of one line.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn complete<'s>(
        &mut self,
        verb: Verb,
        mut reply: StatusLine<'s>,
        to: impl Sink<'s>,
    ) -> Result<(), Failed> {
        let mut value = Value::None;
        if reply.status == Status::Ok {
            let words = if self.oversize { whole_words(reply.text) } else { reply.text };
            match self.value(verb, words) {
                _ if self.failure.is_some() => return Err(Failed),
                Some(asked_for) => value = asked_for,
                None => reply.status = Status::Malformed,
            }
        }
        let accepted = reply.status == Status::Ok;
        let message = self.pipeline.oldest().message();
        let command = self.finish(verb, accepted);
        self.advance(verb, accepted)?;
        completed(to, command, verb, message, &reply, value);
        Ok(())
    }

    /// What a positive status line, or a line of a listing, tells; `None` where it should but does not,
    /// or tells it of another message than it was asked for, or the session fails of it.
    fn value<'s>(&mut self, verb: Verb, text: &'s [u8]) -> Option<Value<'s>> {
        if !matches!(verb, Verb::Stat | Verb::List | Verb::Uidl) {
            return Some(Value::None);
        }
        let (message, text) = response::numbered(text)?;
        let asked = self.pipeline.oldest().message();
        if verb != Verb::Stat && asked != 0 && asked != message {
            return None;
        }
        if verb == Verb::Uidl {
            let uid = response::unique_id(text)?;
            self.check_unique_id(uid).ok()?;
            return Some(Value::UniqueId { message, uid });
        }
        let octets = self.size(text)?;
        Some(match verb {
            Verb::Stat => Value::DropListing { messages: message, octets },
            _ => Value::ScanListing { message, octets },
        })
    }

    /// The oldest command is done: takes it out, and after a USER that was refused the PASS that waits
    /// behind it, which is never sent. The next may go. Returns the number of the oldest.
    fn finish(&mut self, verb: Verb, accepted: bool) -> CommandNumber {
        let command = self.pipeline.first();
        self.pipeline.pop();
        if verb == Verb::User
            && !accepted
            && let Some(octets) = self.pipeline.pop_held(Verb::Pass)
        {
            self.withdrawn = octets;
            self.not_sent = true;
        }
        self.drop_challenge();
        self.release();
        command
    }

    /// What a reply means for the session's state (RFC 1939 §4–§6).
    fn advance(&mut self, verb: Verb, accepted: bool) -> Result<(), Failed> {
        match (verb, accepted) {
            (Verb::User, true) => self.user_accepted = self.pipeline.is_empty(),
            (Verb::Auth, true) if !self.believable => {
                return Err(self.fail(Violation::ServerNotAuthenticated));
            }
            (Verb::Pass | Verb::Apop | Verb::Auth, true) => {
                self.state = State::Transaction;
                self.stamp = 0;
            }
            #[cfg(feature = "pop3-extras")]
            (Verb::Stls, true) => {
                self.forget();
                self.state = State::Handshake;
            }
            #[cfg(feature = "pop3-extras")]
            (Verb::Stls, false) if self.config.security == Security::StlsRequired => {
                return Err(self.fail(Violation::StlsRefused));
            }
            (Verb::Quit, _) => self.state = State::Closed,
            _ => {}
        }
        Ok(())
    }
}

/// A command is done.
fn completed<'s>(
    to: impl Sink<'s>,
    command: CommandNumber,
    verb: Verb,
    message: u32,
    reply: &StatusLine<'s>,
    value: Value<'s>,
) {
    let StatusLine { status, code, text, .. } = *reply;
    debug!("pop3: {} completed", verb.keyword());
    to.tell(Event::Completed { command, verb, message, status, code, text, value });
}

/// A text that was cut somewhere, without the word that may be cut.
fn whole_words(text: &[u8]) -> &[u8] {
    let space = text.iter().rposition(|&octet| octet == b' ');
    space.and_then(|space| text.get(..space)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pop3::Client;

    /// The number of a command whose completion has been told is not given to another.
    #[test]
    fn a_withdrawn_password_keeps_its_number() {
        let (mut scratch, mut tx) = ([0; 256], [0; 256]);
        let config = Config::default().with_security(Security::Private);
        let mut client = Client::new(&mut scratch, &mut tx, config);
        assert!(client.poll(&mut &b"+OK\r\n"[..]).unwrap().is_some());
        let pass = client.login(b"mrose", b"tanstaaf").unwrap();
        client.sent(client.outgoing().len());
        let mut input = &b"-ERR never heard of mrose\r\n"[..];
        let Ok(Some(Event::Completed { verb: Verb::User, status: Status::Err, .. })) =
            client.poll(&mut input)
        else {
            panic!("USER was refused");
        };
        assert_eq!(client.outgoing(), b"");
        let Ok(Some(Event::Completed { command, status: Status::NotSent, .. })) =
            client.poll(&mut input)
        else {
            panic!("PASS was not sent");
        };
        assert_eq!(command, pass);
        let next = client.quit().unwrap();
        assert_eq!(next.0, pass.0 + 1);
        assert_eq!(client.outgoing(), b"QUIT\r\n");
    }

    /// What a line that does not fit tells is not taken for whole (RFC 1939 §5, §7).
    #[test]
    fn a_value_that_was_cut_is_none() {
        for (command, reply, status) in [
            ("STAT", &b"+OK 2 123456789\r\n"[..], Status::Malformed),
            ("STAT", b"+OK 2 32 and more\r\n", Status::Ok),
            ("UIDL 1", b"+OK 1 abcdefgh\r\n", Status::Malformed),
        ] {
            let (mut scratch, mut tx) = ([0; 10], [0; 256]);
            let config = Config::default().with_security(Security::Private);
            let mut client = Client::new(&mut scratch, &mut tx, config);
            assert!(client.poll(&mut &b"+OK\r\n"[..]).unwrap().is_some());
            client.login(b"mrose", b"tanstaaf").unwrap();
            for _ in 0..2 {
                client.sent(client.outgoing().len());
                assert!(client.poll(&mut &b"+OK\r\n"[..]).unwrap().is_some());
            }
            if command == "STAT" { client.stat() } else { client.uidl_one(1) }.unwrap();
            client.sent(client.outgoing().len());
            let mut input = reply;
            let Ok(Some(Event::Completed { status: told, .. })) = client.poll(&mut input) else {
                panic!("{command} was answered");
            };
            assert_eq!(told, status, "{command} {reply:?}");
        }
    }

    /// Neither role shows a secret, however it is printed.
    #[test]
    fn no_secret_is_printed() {
        let (mut scratch, mut tx) = ([0; 256], [0; 256]);
        let config = Config::default().with_security(Security::Private);
        let mut client = Client::new(&mut scratch, &mut tx, config);
        assert!(client.poll(&mut &b"+OK\r\n"[..]).unwrap().is_some());
        client.login(b"mrose", b"tanstaaf").unwrap();
        let secret = format!("{:?}", b"tanstaaf");
        let secret = secret.trim_matches(|bracket| "[]".contains(bracket));
        assert!(!format!("{client:?}").contains(secret));
        let command = crate::pop3::Command::parse(b"PASS tanstaaf").unwrap();
        assert_eq!(format!("{command:?}"), "PASS");
    }
}
