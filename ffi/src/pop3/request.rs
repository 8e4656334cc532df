//! Requests as C sees them: one flat struct, of which each kind fills some fields.

use mailproto_core::pop3::Request;
use mailproto_core::sasl::Name;

use super::mailproto_pop3_verb;
use crate::mailproto_span;
use crate::sasl::mailproto_sasl_mechanism;

/// What a client wants, and which calls answer it. Any but HANDLED, REFUSED, CANCELLED and
/// START_TLS may be answered with `mailproto_pop3_server_reject` instead. Until it is answered no
/// further command is read. Which fields of `mailproto_pop3_request` are filled is said with each;
/// the others are zero.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_pop3_request_kind {
    /// Nothing.
    None = 0,
    /// USER and PASS (RFC 1939 §7): `name`, `secret` the password. Answer with
    /// `mailproto_pop3_server_accept`.
    Login = 1,
    /// APOP (RFC 1939 §7): `name`, `secret` 32 hexadecimal digits. Compare them with those of
    /// `mailproto_apop_digest` by `mailproto_same_octets`, then answer with
    /// `mailproto_pop3_server_accept`.
    Apop = 2,
    /// AUTH (RFC 5034): `mechanism`. Set a `mailproto_sasl_server` up and answer with
    /// `mailproto_pop3_server_authenticate`.
    Auth = 3,
    /// The client's next SASL response. Answer with `mailproto_pop3_server_authenticate`.
    Response = 4,
    /// The client gave up the SASL exchange. It has been answered.
    Cancelled = 5,
    /// STLS (RFC 2595 §4) was accepted. Send what is outgoing, make the handshake, then call
    /// `mailproto_pop3_server_tls_established`.
    StartTls = 6,
    /// STAT. Answer with `mailproto_pop3_server_drop_listing`.
    Stat = 7,
    /// LIST: `message`, or 0 for all. For one message answer with
    /// `mailproto_pop3_server_scan_listing`; for all, call it for each message (deleted ones are
    /// left out by the engine) and then `mailproto_pop3_server_end_listing`.
    List = 8,
    /// UIDL: `message`, or 0 for all. As LIST, with `mailproto_pop3_server_unique_id`.
    Uidl = 9,
    /// RETR or TOP: `message`; for TOP `has_lines` is 1 and `lines` is how many lines of the body,
    /// but the engine cuts there. Answer with `mailproto_pop3_server_message`, then
    /// `mailproto_pop3_server_message_data` until all is given or
    /// `mailproto_pop3_server_wants_more` says that no more is needed, then
    /// `mailproto_pop3_server_end_message`.
    Message = 10,
    /// LANG (RFC 6856 §3): `tag`, `*` for the server's choice, or empty for the list. With a tag
    /// answer with `mailproto_pop3_server_accept_language`; without, call
    /// `mailproto_pop3_server_language` for each and then `mailproto_pop3_server_end_listing`.
    Lang = 11,
    /// QUIT after login: the session enters the UPDATE state (RFC 1939 §6). Remove the messages
    /// that `mailproto_pop3_server_next_deleted` names, then answer with
    /// `mailproto_pop3_server_updated`.
    Update = 12,
    /// The engine has answered the command by itself: `verb`.
    Handled = 13,
    /// The engine has refused a line: unknown, too long, not legal now, or without its arguments:
    /// `verb`, where it is known.
    Refused = 14,
}

/// What a client wants. Spans lie in the scratch buffer and are valid until the next call on the
/// object.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_pop3_request {
    /// What kind of request it is.
    pub kind: mailproto_pop3_request_kind,
    /// The command.
    pub verb: mailproto_pop3_verb,
    /// The message, which exists, or 0.
    pub message: u32,
    /// TOP: how many lines of the body.
    pub lines: u32,
    /// 1 if `lines` is told, else 0.
    pub has_lines: u8,
    /// Zero.
    pub reserved: [u8; 3],
    /// The SASL mechanism that was asked for, one of those announced.
    pub mechanism: mailproto_sasl_mechanism,
    /// The mailbox.
    pub name: mailproto_span,
    /// A password or a digest. Never log it.
    pub secret: mailproto_span,
    /// A language tag.
    pub tag: mailproto_span,
}

impl mailproto_pop3_request {
    const fn new(kind: mailproto_pop3_request_kind) -> Self {
        Self {
            kind,
            verb: mailproto_pop3_verb::None,
            message: 0,
            lines: 0,
            has_lines: 0,
            reserved: [0; 3],
            mechanism: mailproto_sasl_mechanism::None,
            name: mailproto_span::EMPTY,
            secret: mailproto_span::EMPTY,
            tag: mailproto_span::EMPTY,
        }
    }
}

impl From<Request<'_>> for mailproto_pop3_request {
    fn from(request: Request<'_>) -> Self {
        use mailproto_pop3_request_kind as Kind;
        use mailproto_pop3_verb as Command;
        let new = Self::new;
        let known = |verb: Option<_>| verb.map_or(Command::None, Command::from);
        match request {
            Request::Login { name, password } => {
                Self { name: name.into(), secret: password.into(), ..new(Kind::Login) }
            }
            Request::Apop { name, digest } => {
                Self { name: name.into(), secret: digest.into(), ..new(Kind::Apop) }
            }
            Request::Auth { mechanism } => Self {
                mechanism: Name::from_bytes(mechanism)
                    .map_or(mailproto_sasl_mechanism::None, mailproto_sasl_mechanism::of),
                ..new(Kind::Auth)
            },
            Request::Response => new(Kind::Response),
            Request::Cancelled => new(Kind::Cancelled),
            Request::StartTls => Self { verb: Command::Stls, ..new(Kind::StartTls) },
            Request::Stat => Self { verb: Command::Stat, ..new(Kind::Stat) },
            Request::List { message } => Self {
                verb: Command::List,
                message: message.unwrap_or_default(),
                ..new(Kind::List)
            },
            Request::Uidl { message } => Self {
                verb: Command::Uidl,
                message: message.unwrap_or_default(),
                ..new(Kind::Uidl)
            },
            Request::Message { message, lines } => Self {
                verb: if lines.is_some() { Command::Top } else { Command::Retr },
                message,
                lines: lines.unwrap_or_default(),
                has_lines: lines.is_some().into(),
                ..new(Kind::Message)
            },
            Request::Lang { tag } => Self {
                verb: Command::Lang,
                tag: tag.map_or(mailproto_span::EMPTY, Into::into),
                ..new(Kind::Lang)
            },
            Request::Update => Self { verb: Command::Quit, ..new(Kind::Update) },
            Request::Handled { verb } => Self { verb: verb.into(), ..new(Kind::Handled) },
            Request::Refused { verb } => Self { verb: known(verb), ..new(Kind::Refused) },
            _ => new(Kind::None),
        }
    }
}
