//! What arrives at a client: takes replies apart, gives each to the command that it answers, and
//! draws the consequences for the session. Holds no buffer, so that events may borrow those.

use super::capability::{Capabilities, Capability};
use super::command::Verb;
use super::config::{Config, Quirk, QuirkSet, Security};
use super::event::{Event, Value};
use super::response::{self, Status, StatusLine};
use super::session::{CommandNumber, InFlight, Pipeline, State};
use crate::sasl::{Name, NameSet};
use crate::wire::{LineEnding, Piece, Unstuffer, base64};
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

/// All of the client but its buffers, so that events may borrow those while this goes on.
#[derive(Debug)]
pub(super) struct Session<const N: usize> {
    pub(super) config: Config,
    pub(super) pipeline: Pipeline<N>,
    pub(super) state: State,
    pub(super) phase: Phase,
    pub(super) unstuffer: Unstuffer,
    pub(super) capabilities: Capabilities,
    pub(super) mechanisms: NameSet,
    /// Whether the channel is private.
    pub(super) private: bool,
    /// Whether USER was the last command, and accepted.
    pub(super) user_accepted: bool,
    /// Whether the SASL mechanism would believe a success now.
    pub(super) believable: bool,
    /// Where the challenge that awaits its answer lies in the scratch buffer, and its length.
    pub(super) challenge: Option<(usize, usize)>,
    /// The length of the APOP timestamp at the end of the scratch buffer, or 0.
    pub(super) stamp: u8,
    /// Octets received.
    pub(super) offset: u64,
    /// The length of the line at hand.
    pub(super) line_length: u64,
    /// What remains to be told about the line at hand.
    pub(super) quirks: QuirkSet,
    pub(super) oversize: bool,
    pub(super) oversize_verb: Option<Verb>,
    /// PASS, when it was withdrawn, and how many octets of it lie first in the outgoing buffer.
    pub(super) not_sent: Option<CommandNumber>,
    pub(super) withdrawn: usize,
    /// Why the session ended for good.
    pub(super) failure: Option<Violation>,
    pub(super) since: Option<u32>,
    pub(super) progress: bool,
}

impl<const N: usize> Session<N> {
    pub(super) const fn new(config: Config) -> Self {
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
            oversize: false,
            oversize_verb: None,
            not_sent: None,
            withdrawn: 0,
            failure: None,
            since: None,
            progress: false,
        }
    }

    /// Why the session ended for good, if it did.
    pub(super) fn failure(&self) -> Option<RemoteError> {
        let violation = self.failure?;
        Some(RemoteError { violation, offset: self.line_start() })
    }

    /// Ends the session for good, because of the line at hand.
    pub(super) fn fail(&mut self, violation: Violation) -> RemoteError {
        self.failure = Some(violation);
        self.state = State::Closed;
        RemoteError { violation, offset: self.line_start() }
    }

    /// Ends the session for a reason that is not in the line that came last.
    pub(super) fn fail_here(&mut self, violation: Violation) -> RemoteError {
        self.line_length = 0;
        self.fail(violation)
    }

    pub(super) fn line_start(&self) -> u64 {
        self.offset.saturating_sub(self.line_length)
    }

    /// Mends a deviation that the configuration tolerates, and notes it to be told.
    pub(super) fn mend(&mut self, quirk: Quirk) -> Result<(), RemoteError> {
        if !self.config.tolerate.contains(quirk) {
            return Err(self.fail(Violation::Quirk(quirk as u8)));
        }
        self.quirks = self.quirks.with(quirk);
        Ok(())
    }

    /// Forgets what was learnt over a channel that was not private (RFC 2595 §4).
    pub(super) fn forget(&mut self) {
        self.capabilities = Capabilities::NONE;
        self.mechanisms = NameSet::EMPTY;
        self.stamp = 0;
        self.user_accepted = false;
    }

    pub(super) fn received(&mut self, before: usize, input: &[u8]) {
        let taken = before.saturating_sub(input.len());
        self.offset = self.offset.saturating_add(taken as u64);
    }

    /// What remains to be told about the line of the event before.
    pub(super) fn take_notice(&mut self) -> Option<Event<'static>> {
        if core::mem::take(&mut self.oversize) {
            let octets = self.line_length.saturating_sub(self.unstuffer.ending().octets());
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

    pub(super) fn is_waiting(&self) -> bool {
        self.state == State::Greeting || self.pipeline.awaiting().is_some()
    }

    pub(super) fn release(&mut self) {
        let offered = self.capabilities.contains(Capabilities::PIPELINING);
        self.pipeline.release(self.config.pipelining && offered);
    }

    pub(super) fn responded(&mut self, octets: usize, believable: bool) {
        self.pipeline.release_response(octets);
        self.since = None;
        self.challenge = None;
        self.believable = believable;
    }

    pub(super) fn check_open(&self) -> Result<(), LocalError> {
        match self.state {
            State::Authorization | State::Transaction => Ok(()),
            State::Greeting | State::Handshake => Err(LocalError::WrongState),
            State::Closed => Err(LocalError::Closed),
        }
    }

    pub(super) fn check_state(&self, state: State) -> Result<(), LocalError> {
        self.check_open()?;
        if self.state == state { Ok(()) } else { Err(LocalError::WrongState) }
    }

    pub(super) fn check_offered(&self, capability: Capabilities) -> Result<(), LocalError> {
        if self.capabilities.lacks(capability) { Err(LocalError::NotOffered) } else { Ok(()) }
    }

    pub(super) fn check_mechanism(&self, name: &[u8]) -> Result<(), LocalError> {
        let known = self.capabilities.contains(Capabilities::KNOWN);
        match Name::from_bytes(name) {
            Some(name) if known && !self.mechanisms.contains(name) => Err(LocalError::NotOffered),
            _ => Ok(()),
        }
    }

    /// Notes the length of the line at hand, and how it ended.
    pub(super) fn line_begins(
        &mut self,
        octets: u64,
        ending: LineEnding,
    ) -> Result<(), RemoteError> {
        self.line_length = octets.saturating_add(ending.octets());
        self.unstuffer = Unstuffer::new(ending);
        if ending == LineEnding::Lf {
            self.mend(Quirk::BareLf)?;
        }
        Ok(())
    }

    /// Takes a line apart. Every line is told as exactly one event, before the notices about it.
    /// `back` is the scratch buffer less what the line takes, or would take, of its front.
    pub(super) fn line<'s>(
        &mut self,
        line: &'s [u8],
        back: &mut [u8],
    ) -> Result<Event<'s>, RemoteError> {
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

    pub(super) fn greeting<'s>(
        &mut self,
        line: &'s [u8],
        back: &mut [u8],
    ) -> Result<Event<'s>, RemoteError> {
        let Some(StatusLine { status, misspelt, code, text }) = response::status_line(line, false)
        else {
            return self.banner(line);
        };
        if misspelt {
            self.mend(Quirk::StatusCase)?;
        }
        let timestamp = if cfg!(feature = "apop") { response::timestamp(text) } else { None };
        self.keep_timestamp(timestamp, back);
        self.state = if status == Status::Ok { State::Authorization } else { State::Closed };
        Ok(Event::Greeting { status, code, text, timestamp })
    }

    /// Some servers draw a picture before they greet; what is not indented is another protocol.
    pub(super) fn banner<'s>(&mut self, line: &'s [u8]) -> Result<Event<'s>, RemoteError> {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            return Err(self.fail(Violation::BadGreeting));
        }
        self.mend(Quirk::Banner)?;
        Ok(Event::Unrecognized { line })
    }

    /// Keeps the timestamp at the very end of the scratch buffer, where APOP was asked for and
    /// there is room for it beside the greeting.
    #[cfg(feature = "apop")]
    pub(super) fn keep_timestamp(&mut self, timestamp: Option<&[u8]>, back: &mut [u8]) {
        let Some(timestamp) = timestamp.filter(|_| self.config.apop) else { return };
        let Ok(len) = u8::try_from(timestamp.len()) else { return };
        let Some(at) = back.len().checked_sub(timestamp.len()) else { return };
        if let Some(room) = back.get_mut(at..) {
            room.copy_from_slice(timestamp);
            self.stamp = len;
        }
    }

    #[cfg(not(feature = "apop"))]
    pub(super) fn keep_timestamp(&mut self, _: Option<&[u8]>, _: &mut [u8]) {}

    /// A line while no reply is due. A negative one is a server's farewell to an idle client; a
    /// positive one means that replies and commands are out of step.
    pub(super) fn unsolicited<'s>(&mut self, line: &'s [u8]) -> Result<Event<'s>, RemoteError> {
        if response::status_line(line, false).is_some_and(|line| line.status == Status::Ok) {
            return Err(self.fail(Violation::UnsolicitedReply));
        }
        self.unrecognized(line, Quirk::NotAReply)
    }

    pub(super) fn unrecognized<'s>(
        &mut self,
        line: &'s [u8],
        quirk: Quirk,
    ) -> Result<Event<'s>, RemoteError> {
        self.mend(quirk)?;
        Ok(Event::Unrecognized { line })
    }

    /// The command that a challenge belongs to, if AUTH is outstanding and the line, which lies in
    /// the input or was gathered, is the server's next question (RFC 5034 §4).
    pub(super) fn expects_challenge(
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
    pub(super) fn challenge<'s>(
        &mut self,
        line: &'s mut [u8],
        command: CommandNumber,
    ) -> Result<Event<'s>, RemoteError> {
        self.oversize_verb = Some(Verb::Auth);
        let text = response::continuation(line).unwrap_or_default().len();
        let end = line.trim_ascii_end().len();
        let start = end.saturating_sub(text);
        let decoded = if self.oversize {
            Some(0)
        } else {
            line.get_mut(start..end).and_then(base64::decode_in_place)
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
    pub(super) fn reply<'s>(
        &mut self,
        line: &'s [u8],
        command: CommandNumber,
        in_flight: InFlight,
    ) -> Result<Event<'s>, RemoteError> {
        let resp_codes = self.capabilities.contains(Capabilities::RESP_CODES);
        let Some(reply) = response::status_line(line, resp_codes) else {
            return self.unrecognized(line, Quirk::NotAReply);
        };
        if reply.misspelt {
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
    pub(super) fn begin(&mut self, verb: Verb) {
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
    pub(super) fn data<'i>(&mut self, input: &mut &'i [u8]) -> Option<Event<'i>> {
        let (command, in_flight) = self.pipeline.awaiting()?;
        self.line_length = 0;
        match self.unstuffer.next(input)? {
            Piece::Data(octets) => Some(Event::Data { command, octets }),
            Piece::End => Some(self.end(command, in_flight)),
        }
    }

    /// A line of a listing.
    pub(super) fn listing<'s>(
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
        if self.oversize {
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

    pub(super) fn capability<'s>(&mut self, item: &'s [u8], command: CommandNumber) -> Event<'s> {
        let capability = Capability::parse(item);
        self.capabilities.announce(&capability);
        if let Capability::Sasl(names) = capability {
            for name in names.iter().filter_map(Name::from_bytes) {
                self.mechanisms.insert(name);
            }
        }
        Event::Capability { command, capability }
    }

    pub(super) fn check_unique_id(&mut self, uid: &[u8]) -> Result<(), RemoteError> {
        if response::is_unique_id(uid) { Ok(()) } else { self.mend(Quirk::UniqueId) }
    }

    /// The end of a reply of several lines.
    pub(super) fn end(&mut self, command: CommandNumber, in_flight: InFlight) -> Event<'static> {
        if in_flight.verb == Verb::Capa {
            self.capabilities.insert(Capabilities::KNOWN);
        }
        self.phase = Phase::Status;
        self.pipeline.pop();
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
    pub(super) fn complete<'s>(
        &mut self,
        command: CommandNumber,
        in_flight: InFlight,
        reply: StatusLine<'s>,
    ) -> Result<Event<'s>, RemoteError> {
        let InFlight { verb, message, .. } = in_flight;
        let StatusLine { mut status, code, text, .. } = reply;
        let mut value = Value::None;
        if status == Status::Ok {
            let words = if self.oversize { whole_words(text) } else { text };
            match self.value(in_flight, words)? {
                Some(asked_for) => value = asked_for,
                None => status = Status::Malformed,
            }
        }
        debug!("pop3: {} completed", verb.keyword());
        let accepted = status == Status::Ok;
        self.pipeline.pop();
        if verb == Verb::User && !accepted {
            self.withdraw_password();
        }
        self.finish();
        self.advance(verb, accepted)?;
        Ok(Event::Completed { command, verb, message, status, code, text, value })
    }

    /// What a positive status line tells besides success; `None` where it should but does not.
    pub(super) fn value<'s>(
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
    pub(super) fn withdraw_password(&mut self) {
        if let Some((command, pass)) = self.pipeline.pop_held(Verb::Pass) {
            self.withdrawn = pass.unsent.into();
            self.not_sent = Some(command);
        }
    }

    /// The oldest command is done and taken out: the next may go.
    pub(super) fn finish(&mut self) {
        self.challenge = None;
        self.release();
    }

    /// What a reply means for the session's state (RFC 1939 §4–§6).
    pub(super) fn advance(&mut self, verb: Verb, accepted: bool) -> Result<(), RemoteError> {
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
        let next = client.capa().unwrap();
        assert_eq!(next.0, pass.0 + 1);
        assert_eq!(client.outgoing(), b"CAPA\r\n");
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
