//! Events as C sees them: one flat struct, of which each kind fills some fields.

use core::mem::MaybeUninit;

#[cfg(feature = "pop3-extras")]
use mailproto_core::pop3::Capabilities;
use mailproto_core::pop3::{Capability, CommandNumber, Event, ResponseCode, Sink, Value};

use super::{
    mailproto_pop3_quirk, mailproto_pop3_response_code, mailproto_pop3_status, mailproto_pop3_verb,
};
use crate::{mailproto_span, memory};

/// What happened. Which fields of `mailproto_pop3_event` are filled is said with each; the others
/// are zero.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_pop3_event_kind {
    /// Nothing.
    None = 0,
    /// The server's greeting (RFC 1939 §4): `status`, `code`, `code_text`, `text`; `data` is the
    /// timestamp that APOP needs, angle brackets included, or empty. With status ERR the session is
    /// over.
    Greeting = 1,
    /// A positive reply of several lines begins; its items or its data follow, then COMPLETED:
    /// `command`, `verb`, `message`, `text`; where `has_octets` is 1, `octets` is the message's
    /// length as the server tells it, a hint only.
    Started = 2,
    /// A line of the reply to CAPA: `command`, `capability` and what is said there.
    Capability = 3,
    /// A line of the reply to LIST (RFC 1939 §5): `command`, `message`, `octets`.
    ScanListing = 4,
    /// A line of the reply to UIDL (RFC 1939 §7): `command`, `message`, `uid`.
    UniqueId = 5,
    /// A line of the reply to LANG (RFC 6856 §3.2): `command`, `tag` the language tag, `text` the
    /// language's name in that language.
    Language = 6,
    /// Octets of the reply to RETR, TOP or a raw command, dots removed, CRLF included: `command`,
    /// `data`.
    Data = 7,
    /// AUTH: the server asks (RFC 5034 §4): `command`, `data` the challenge, decoded. Answer with
    /// `mailproto_pop3_client_respond` or `mailproto_pop3_client_cancel`.
    Challenge = 8,
    /// A command is done; there is exactly one such event for each: `command`, `verb`, `message`,
    /// `status`, `code`, `code_text`, `text`. For STAT `messages` and `octets`, for LIST with a
    /// message number `octets`, for UIDL with one `uid`. After STLS with status OK make the TLS
    /// handshake, then call `mailproto_pop3_client_tls_established`.
    Completed = 9,
    /// A line that is not understood, as it came: `data`, without its ending. The session goes on.
    Unrecognized = 10,
    /// A line was longer than the scratch buffer: `verb` the command that was being answered (NONE
    /// for the greeting), `octets` the line's length. Of a status line the beginning was used, in
    /// the event before; a line of a listing was skipped.
    Oversize = 11,
    /// The server deviated from the RFCs, and it was mended: `quirk`; `octets` is how many octets
    /// of this connection came before the line.
    Quirk = 12,
}

/// A capability that a server announced (RFC 2449 §5, §6).
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_pop3_capability {
    /// This event has no capability.
    None = 0,
    /// `TOP` (RFC 2449 §6.1).
    Top = 1,
    /// `USER` (RFC 2449 §6.2): USER and PASS are accepted.
    User = 2,
    /// `SASL` (RFC 2449 §6.3): `text` holds the mechanisms' names, separated by spaces.
    Sasl = 3,
    /// `RESP-CODES` (RFC 2449 §6.4).
    RespCodes = 4,
    /// `LOGIN-DELAY` (RFC 2449 §6.5): `number` is the shortest time between two logins in seconds;
    /// `per_user`.
    LoginDelay = 5,
    /// `PIPELINING` (RFC 2449 §6.6).
    Pipelining = 6,
    /// `EXPIRE` (RFC 2449 §6.7): `number` is how many days mail is kept, or
    /// `MAILPROTO_POP3_EXPIRE_NEVER`; 0 means that what was retrieved may be deleted; `per_user`.
    Expire = 7,
    /// `UIDL` (RFC 2449 §6.8).
    Uidl = 8,
    /// `IMPLEMENTATION` (RFC 2449 §6.9): `text`.
    Implementation = 9,
    /// `STLS` (RFC 2595 §4).
    Stls = 10,
    /// `AUTH-RESP-CODE` (RFC 3206 §6).
    AuthRespCode = 11,
    /// `UTF8` (RFC 6856 §2.1): `per_user` is 1 if USER, PASS and APOP take UTF-8.
    Utf8 = 12,
    /// `LANG` (RFC 6856 §3).
    Lang = 13,
    /// Any other: `tag`, and in `text` what follows it.
    Other = 14,
}

/// A set as C sees it: the bit `1 << capability` for each, and bit 0 for a set that is complete.
#[cfg(feature = "pop3-extras")]
pub(crate) fn mask_of(capabilities: Capabilities) -> u32 {
    use mailproto_pop3_capability as Kind;
    const ROWS: [(Capabilities, Kind); 14] = [
        (Capabilities::KNOWN, Kind::None),
        (Capabilities::TOP, Kind::Top),
        (Capabilities::USER, Kind::User),
        (Capabilities::SASL, Kind::Sasl),
        (Capabilities::RESP_CODES, Kind::RespCodes),
        (Capabilities::LOGIN_DELAY, Kind::LoginDelay),
        (Capabilities::PIPELINING, Kind::Pipelining),
        (Capabilities::EXPIRE, Kind::Expire),
        (Capabilities::UIDL, Kind::Uidl),
        (Capabilities::IMPLEMENTATION, Kind::Implementation),
        (Capabilities::STLS, Kind::Stls),
        (Capabilities::AUTH_RESP_CODE, Kind::AuthRespCode),
        (Capabilities::UTF8, Kind::Utf8),
        (Capabilities::LANG, Kind::Lang),
    ];
    let inside = ROWS.into_iter().filter(|(capability, _)| capabilities.contains(*capability));
    inside.fold(0, |mask, (_, kind)| mask | 1 << (kind as u32))
}

/// The `number` of `EXPIRE NEVER`.
pub const MAILPROTO_POP3_EXPIRE_NEVER: u32 = 0xffff_ffff;

/// What happened. Spans lie in the input given to `poll` or in the scratch buffer, and are valid
/// until the next call on the object, or until the input is overwritten.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_pop3_event {
    /// What kind of event it is.
    pub kind: mailproto_pop3_event_kind,
    /// The command's name.
    pub verb: mailproto_pop3_verb,
    /// How the command went.
    pub status: mailproto_pop3_status,
    /// Why, for programs.
    pub code: mailproto_pop3_response_code,
    /// What is offered.
    pub capability: mailproto_pop3_capability,
    /// What was mended.
    pub quirk: mailproto_pop3_quirk,
    /// 1 if `octets` is told, else 0.
    pub has_octets: u8,
    /// 1 if a capability has the argument `USER`, else 0.
    pub per_user: u8,
    /// The number of the command that is answered, as the function that queued it gave it.
    pub command: u32,
    /// The message that the command or the line names, or 0.
    pub message: u32,
    /// STAT: how many messages there are.
    pub messages: u32,
    /// The number in a capability.
    pub number: u32,
    /// Octets of a message, of the maildrop or of a line; or a position.
    pub octets: u64,
    /// The server's words.
    pub text: mailproto_span,
    /// What stands between the brackets of a response code.
    pub code_text: mailproto_span,
    /// Octets of a message, a challenge, a timestamp or a line.
    pub data: mailproto_span,
    /// A unique-id.
    pub uid: mailproto_span,
    /// A language's or a capability's tag.
    pub tag: mailproto_span,
}

/// Where C wants an event to be written.
pub(crate) struct Place<'p>(pub(crate) &'p mut MaybeUninit<mailproto_pop3_event>);

/// Inlined wherever an event is told, so that of each kind only its own fields are written.
impl<'a> Sink<'a> for Place<'_> {
    #[inline(always)]
    fn tell(self, event: Event<'a>) {
        use mailproto_pop3_event_kind as Kind;
        let to = blank(self.0);
        match event {
            Event::Greeting { status, code, text, timestamp } => {
                to.kind = Kind::Greeting;
                to.status = status.into();
                to.text = text.into();
                to.data = timestamp.map_or(mailproto_span::EMPTY, Into::into);
                to.tell_code(code);
            }
            Event::Started { command, verb, message, octets, text } => {
                to.kind = Kind::Started;
                to.answers(command, message);
                to.verb = verb.into();
                to.text = text.into();
                to.octets = octets.unwrap_or_default();
                to.has_octets = octets.is_some().into();
            }
            Event::Capability { command, capability } => {
                to.kind = Kind::Capability;
                to.answers(command, 0);
                to.tell_capability(capability);
            }
            Event::ScanListing { command, message, octets } => {
                to.kind = Kind::ScanListing;
                to.answers(command, message);
                to.tell_octets(octets);
            }
            Event::UniqueId { command, message, uid } => {
                to.kind = Kind::UniqueId;
                to.answers(command, message);
                to.uid = uid.into();
            }
            Event::Language { command, tag, description } => {
                to.kind = Kind::Language;
                to.answers(command, 0);
                (to.tag, to.text) = (tag.into(), description.into());
            }
            Event::Data { command, octets } => {
                to.kind = Kind::Data;
                to.answers(command, 0);
                to.data = octets.into();
            }
            Event::Challenge { command, challenge } => {
                to.kind = Kind::Challenge;
                to.answers(command, 0);
                to.data = challenge.into();
            }
            Event::Completed { command, verb, message, status, code, text, value } => {
                to.kind = Kind::Completed;
                to.answers(command, message);
                to.verb = verb.into();
                to.status = status.into();
                to.text = text.into();
                to.tell_code(code);
                to.tell_value(value);
            }
            Event::Unrecognized { line } => {
                to.kind = Kind::Unrecognized;
                to.data = line.into();
            }
            Event::Oversize { verb, octets } => {
                to.kind = Kind::Oversize;
                to.verb = verb.map_or(mailproto_pop3_verb::None, Into::into);
                to.tell_octets(octets);
            }
            Event::Quirk { quirk, offset } => {
                to.kind = Kind::Quirk;
                to.quirk = quirk.into();
                to.tell_octets(offset);
            }
            _ => {}
        }
    }
}

impl mailproto_pop3_event {
    #[inline(always)]
    fn answers(&mut self, command: CommandNumber, message: u32) {
        self.command = command.0;
        self.message = message;
    }

    #[inline(always)]
    fn tell_octets(&mut self, octets: u64) {
        self.octets = octets;
        self.has_octets = 1;
    }

    #[inline(always)]
    fn tell_code(&mut self, code: Option<ResponseCode<'_>>) {
        if let Some(code) = code.filter(|_| cfg!(feature = "pop3-extras")) {
            self.code = code.into();
            self.code_text = code.as_bytes().into();
        }
    }

    #[inline(always)]
    fn tell_value(&mut self, value: Value<'_>) {
        match value {
            Value::None => {}
            Value::DropListing { messages, octets } => {
                self.messages = messages;
                self.tell_octets(octets);
            }
            Value::ScanListing { octets, .. } => self.tell_octets(octets),
            Value::UniqueId { uid, .. } => self.uid = uid.into(),
        }
    }

    fn tell_capability(&mut self, capability: Capability<'_>) {
        use mailproto_pop3_capability as Kind;
        self.capability = match capability {
            Capability::Top => Kind::Top,
            Capability::User => Kind::User,
            Capability::Sasl(names) => {
                self.text = names.0.into();
                Kind::Sasl
            }
            Capability::RespCodes => Kind::RespCodes,
            Capability::LoginDelay { seconds, per_user } => {
                (self.number, self.per_user) = (seconds, per_user.into());
                Kind::LoginDelay
            }
            Capability::Pipelining => Kind::Pipelining,
            Capability::Expire { days, per_user } => {
                self.number = days.unwrap_or(MAILPROTO_POP3_EXPIRE_NEVER);
                self.per_user = per_user.into();
                Kind::Expire
            }
            Capability::Uidl => Kind::Uidl,
            Capability::Implementation(text) => {
                self.text = text.into();
                Kind::Implementation
            }
            Capability::Stls => Kind::Stls,
            Capability::AuthRespCode => Kind::AuthRespCode,
            Capability::Utf8 { user } => {
                self.per_user = user.into();
                Kind::Utf8
            }
            Capability::Lang => Kind::Lang,
            Capability::Other { tag, arguments } => {
                (self.tag, self.text) = (tag.into(), arguments.into());
                Kind::Other
            }
        };
    }
}

memory::zero!(mailproto_pop3_event);

/// Makes an event of the memory, so far without content.
#[inline(never)]
fn blank(place: &mut MaybeUninit<mailproto_pop3_event>) -> &mut mailproto_pop3_event {
    let event = memory::zeroed(place);
    event.text = mailproto_span::EMPTY;
    event.code_text = mailproto_span::EMPTY;
    event.data = mailproto_span::EMPTY;
    event.uid = mailproto_span::EMPTY;
    event.tag = mailproto_span::EMPTY;
    event
}
