//! Events as C sees them: one flat struct, of which each kind fills some fields.

use mailproto_core::pop3::{Capabilities, Capability, Event, ResponseCode, Value};

use super::{
    mailproto_pop3_quirk, mailproto_pop3_response_code, mailproto_pop3_status, mailproto_pop3_verb,
};
use crate::mailproto_span;

/// What happened. Which fields of `mailproto_pop3_event` are filled is said with each; the others
/// are zero.
#[repr(i32)]
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
#[repr(i32)]
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
    /// The number of the command that is answered, as the function that queued it gave it.
    pub command: u32,
    /// The command's name.
    pub verb: mailproto_pop3_verb,
    /// The message that the command or the line names, or 0.
    pub message: u32,
    /// How the command went.
    pub status: mailproto_pop3_status,
    /// Why, for programs.
    pub code: mailproto_pop3_response_code,
    /// What is offered.
    pub capability: mailproto_pop3_capability,
    /// What was mended.
    pub quirk: mailproto_pop3_quirk,
    /// STAT: how many messages there are.
    pub messages: u32,
    /// The number in a capability.
    pub number: u32,
    /// Octets of a message, of the maildrop or of a line; or a position.
    pub octets: u64,
    /// 1 if `octets` is told, else 0.
    pub has_octets: u8,
    /// 1 if a capability has the argument `USER`, else 0.
    pub per_user: u8,
    /// Zero.
    pub reserved: [u8; 6],
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

impl mailproto_pop3_event {
    const fn new(kind: mailproto_pop3_event_kind) -> Self {
        Self {
            kind,
            command: 0,
            verb: mailproto_pop3_verb::None,
            message: 0,
            status: mailproto_pop3_status::None,
            code: mailproto_pop3_response_code::None,
            capability: mailproto_pop3_capability::None,
            quirk: mailproto_pop3_quirk::None,
            messages: 0,
            number: 0,
            octets: 0,
            has_octets: 0,
            per_user: 0,
            reserved: [0; 6],
            text: mailproto_span::EMPTY,
            code_text: mailproto_span::EMPTY,
            data: mailproto_span::EMPTY,
            uid: mailproto_span::EMPTY,
            tag: mailproto_span::EMPTY,
        }
    }

    /// Nothing happened.
    pub(crate) const NONE: Self = Self::new(mailproto_pop3_event_kind::None);

    fn with_octets(mut self, octets: Option<u64>) -> Self {
        self.octets = octets.unwrap_or_default();
        self.has_octets = octets.is_some().into();
        self
    }

    fn with_code(mut self, code: Option<ResponseCode<'_>>) -> Self {
        if let Some(code) = code {
            self.code = code.into();
            self.code_text = code.as_bytes().into();
        }
        self
    }

    fn with_value(mut self, value: Value<'_>) -> Self {
        match value {
            Value::None => self,
            Value::DropListing { messages, octets } => {
                self.messages = messages;
                self.with_octets(Some(octets))
            }
            Value::ScanListing { octets, .. } => self.with_octets(Some(octets)),
            Value::UniqueId { uid, .. } => {
                self.uid = uid.into();
                self
            }
        }
    }

    fn with_capability(mut self, capability: Capability<'_>) -> Self {
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
        self
    }
}

impl From<Event<'_>> for mailproto_pop3_event {
    fn from(event: Event<'_>) -> Self {
        use mailproto_pop3_event_kind as Kind;
        let new = Self::new;
        match event {
            Event::Greeting { status, code, text, timestamp } => Self {
                status: status.into(),
                text: text.into(),
                data: timestamp.map_or(mailproto_span::EMPTY, Into::into),
                ..new(Kind::Greeting).with_code(code)
            },
            Event::Started { command, verb, message, octets, text } => Self {
                command: command.0,
                verb: verb.into(),
                message,
                text: text.into(),
                ..new(Kind::Started).with_octets(octets)
            },
            Event::Capability { command, capability } => {
                Self { command: command.0, ..new(Kind::Capability).with_capability(capability) }
            }
            Event::ScanListing { command, message, octets } => Self {
                command: command.0,
                message,
                ..new(Kind::ScanListing).with_octets(Some(octets))
            },
            Event::UniqueId { command, message, uid } => {
                Self { command: command.0, message, uid: uid.into(), ..new(Kind::UniqueId) }
            }
            Event::Language { command, tag, description } => Self {
                command: command.0,
                tag: tag.into(),
                text: description.into(),
                ..new(Kind::Language)
            },
            Event::Data { command, octets } => {
                Self { command: command.0, data: octets.into(), ..new(Kind::Data) }
            }
            Event::Challenge { command, challenge } => {
                Self { command: command.0, data: challenge.into(), ..new(Kind::Challenge) }
            }
            Event::Completed { command, verb, message, status, code, text, value } => Self {
                command: command.0,
                verb: verb.into(),
                message,
                status: status.into(),
                text: text.into(),
                ..new(Kind::Completed).with_code(code).with_value(value)
            },
            Event::Unrecognized { line } => Self { data: line.into(), ..new(Kind::Unrecognized) },
            Event::Oversize { verb, octets } => Self {
                verb: verb.map_or(mailproto_pop3_verb::None, Into::into),
                ..new(Kind::Oversize).with_octets(Some(octets))
            },
            Event::Quirk { quirk, offset } => {
                Self { quirk: quirk.into(), ..new(Kind::Quirk).with_octets(Some(offset)) }
            }
            _ => Self::NONE,
        }
    }
}
