//! Capabilities (RFC 2449 §5–6): one line of CAPA's reply, parser beside emitter, and the set of
//! what a server announced.

use crate::wire::{Cursor, Decimal};

/// One announced capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Capability<'a> {
    /// `TOP` (RFC 2449 §6.1).
    Top,
    /// `USER` (RFC 2449 §6.2): USER and PASS are accepted.
    User,
    /// `SASL mechanism…` (RFC 2449 §6.3).
    Sasl(MechanismNames<'a>),
    /// `RESP-CODES` (RFC 2449 §6.4).
    RespCodes,
    /// `LOGIN-DELAY seconds [USER]` (RFC 2449 §6.5).
    LoginDelay {
        /// Shortest time between two logins.
        seconds: u32,
        /// Whether it may differ from user to user; ask again after login.
        per_user: bool,
    },
    /// `PIPELINING` (RFC 2449 §6.6).
    Pipelining,
    /// `EXPIRE days|NEVER [USER]` (RFC 2449 §6.7).
    Expire {
        /// How long mail is kept; `None` is NEVER. 0 means that what was retrieved may be deleted.
        days: Option<u32>,
        /// Whether it may differ from user to user; ask again after login.
        per_user: bool,
    },
    /// `UIDL` (RFC 2449 §6.8).
    Uidl,
    /// `IMPLEMENTATION text` (RFC 2449 §6.9).
    Implementation(&'a [u8]),
    /// `STLS` (RFC 2595 §4).
    Stls,
    /// `AUTH-RESP-CODE` (RFC 3206 §6).
    AuthRespCode,
    /// `UTF8 [USER]` (RFC 6856 §2.1): `user` says that USER, PASS and APOP take UTF-8.
    Utf8 {
        /// Whether user names and passwords may be UTF-8.
        user: bool,
    },
    /// `LANG` (RFC 6856 §3).
    Lang,
    /// Any other, or a known one with arguments that are not readable.
    Other {
        /// The tag, as sent.
        tag: &'a [u8],
        /// What follows it, as sent.
        arguments: &'a [u8],
    },
}

/// Their names, in their order.
const NAMES: [&str; 13] = [
    "TOP",
    "USER",
    "SASL",
    "RESP-CODES",
    "LOGIN-DELAY",
    "PIPELINING",
    "EXPIRE",
    "UIDL",
    "IMPLEMENTATION",
    "STLS",
    "AUTH-RESP-CODE",
    "UTF8",
    "LANG",
];

impl<'a> Capability<'a> {
    /// Reads a line of CAPA's reply. Tags in any case; trailing spaces are forgiven.
    #[must_use]
    pub fn parse(line: &'a [u8]) -> Self {
        let mut cursor = Cursor::new(line.trim_ascii_end());
        let tag = cursor.take_while(|octet| octet != b' ' && octet != b'\t');
        let arguments = cursor.rest().trim_ascii_start();
        Self::known(tag, arguments).unwrap_or(Self::Other { tag, arguments })
    }

    fn known(tag: &[u8], arguments: &'a [u8]) -> Option<Self> {
        let mut cursor = Cursor::new(arguments);
        let place = NAMES.iter().position(|name| name.as_bytes().eq_ignore_ascii_case(tag))?;
        Some(match place {
            0 => Self::Top,
            1 => Self::User,
            2 => Self::Sasl(MechanismNames(arguments)),
            3 => Self::RespCodes,
            4 => Self::LoginDelay { seconds: cursor.number()?, per_user: ends_with_user(cursor)? },
            5 => Self::Pipelining,
            6 => {
                let never = cursor.keyword("NEVER").is_some();
                let days = if never { None } else { Some(cursor.number()?) };
                Self::Expire { days, per_user: ends_with_user(cursor)? }
            }
            7 => Self::Uidl,
            8 => Self::Implementation(arguments),
            9 => Self::Stls,
            10 => Self::AuthRespCode,
            11 => Self::Utf8 { user: ends_with_user(cursor)? },
            _ => Self::Lang,
        })
    }

    /// Writes the line, without CRLF, into three parts whose concatenation it is; `digits` lends the
    /// memory for a number.
    #[must_use]
    pub fn emit<'p>(&'p self, digits: &'p mut Option<Decimal>) -> [&'p [u8]; 3] {
        let user = |yes: bool| if yes { &b" USER"[..] } else { b"" };
        let number = |number: u32| Decimal::new(number.into());
        match self {
            Self::Top => [b"TOP", b"", b""],
            Self::User => [b"USER", b"", b""],
            Self::RespCodes => [b"RESP-CODES", b"", b""],
            Self::Pipelining => [b"PIPELINING", b"", b""],
            Self::Uidl => [b"UIDL", b"", b""],
            Self::Stls => [b"STLS", b"", b""],
            Self::AuthRespCode => [b"AUTH-RESP-CODE", b"", b""],
            Self::Lang => [b"LANG", b"", b""],
            Self::Sasl(names) => [b"SASL ", names.0, b""],
            Self::Implementation(text) => [b"IMPLEMENTATION ", text, b""],
            Self::Utf8 { user: yes } => [b"UTF8", user(*yes), b""],
            Self::LoginDelay { seconds, per_user } => {
                [b"LOGIN-DELAY ", digits.insert(number(*seconds)).as_bytes(), user(*per_user)]
            }
            Self::Expire { days: None, per_user } => [b"EXPIRE ", b"NEVER", user(*per_user)],
            Self::Expire { days: Some(days), per_user } => {
                [b"EXPIRE ", digits.insert(number(*days)).as_bytes(), user(*per_user)]
            }
            Self::Other { tag, arguments: [] } => [tag, b"", b""],
            Self::Other { tag, arguments } => [tag, b" ", arguments],
        }
    }
}

/// Whether `USER` is what is left; `None` where it is something else.
fn ends_with_user(mut cursor: Cursor<'_>) -> Option<bool> {
    let _ = cursor.spaces();
    let user = cursor.keyword("USER").is_some();
    cursor.end().map(|()| user)
}

/// The names of SASL mechanisms behind the `SASL` tag, read one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MechanismNames<'a>(pub &'a [u8]);

impl<'a> MechanismNames<'a> {
    /// Each name, as sent.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.0.split(u8::is_ascii_whitespace).filter(|name| !name.is_empty())
    }
}

/// What a server has announced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Capabilities(u16);

impl Capabilities {
    /// Nothing is known.
    pub const NONE: Self = Self(0);
    /// CAPA's reply contained `TOP`.
    pub const TOP: Self = Self(1);
    /// … `USER`.
    pub const USER: Self = Self(1 << 1);
    /// … `SASL`.
    pub const SASL: Self = Self(1 << 2);
    /// … `RESP-CODES`.
    pub const RESP_CODES: Self = Self(1 << 3);
    /// … `LOGIN-DELAY`.
    pub const LOGIN_DELAY: Self = Self(1 << 4);
    /// … `PIPELINING`.
    pub const PIPELINING: Self = Self(1 << 5);
    /// … `EXPIRE`.
    pub const EXPIRE: Self = Self(1 << 6);
    /// … `UIDL`.
    pub const UIDL: Self = Self(1 << 7);
    /// … `IMPLEMENTATION`.
    pub const IMPLEMENTATION: Self = Self(1 << 8);
    /// … `STLS`.
    pub const STLS: Self = Self(1 << 9);
    /// … `AUTH-RESP-CODE`.
    pub const AUTH_RESP_CODE: Self = Self(1 << 10);
    /// … `UTF8`.
    pub const UTF8: Self = Self(1 << 11);
    /// … `UTF8 USER`.
    pub const UTF8_USER: Self = Self(1 << 12);
    /// … `LANG`.
    pub const LANG: Self = Self(1 << 13);
    /// The reply to CAPA was positive, so what is not in the set is not offered.
    pub const KNOWN: Self = Self(1 << 15);

    /// Whether all of `other` is in the set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the server is known not to offer `capability`. False before CAPA was answered.
    #[must_use]
    pub const fn lacks(self, capability: Self) -> bool {
        self.contains(Self::KNOWN) && !self.contains(capability)
    }

    /// The set as a bit mask; the constants of this type give the bits.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    #[cfg(feature = "pop3-extras")]
    pub(crate) fn insert(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Notes what a line of CAPA's reply announced.
    #[cfg(feature = "pop3-extras")]
    pub(crate) fn announce(&mut self, capability: &Capability<'_>) {
        self.insert(match capability {
            Capability::Top => Self::TOP,
            Capability::User => Self::USER,
            Capability::Sasl(_) => Self::SASL,
            Capability::RespCodes => Self::RESP_CODES,
            Capability::LoginDelay { .. } => Self::LOGIN_DELAY,
            Capability::Pipelining => Self::PIPELINING,
            Capability::Expire { .. } => Self::EXPIRE,
            Capability::Uidl => Self::UIDL,
            Capability::Implementation(_) => Self::IMPLEMENTATION,
            Capability::Stls => Self::STLS,
            Capability::AuthRespCode => Self::AUTH_RESP_CODE,
            Capability::Utf8 { user: false } => Self::UTF8,
            Capability::Utf8 { user: true } => Self(Self::UTF8.0 | Self::UTF8_USER.0),
            Capability::Lang => Self::LANG,
            Capability::Other { .. } => Self(0),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &[(&[u8], Capability<'static>)] = &[
        (b"TOP", Capability::Top),
        (b"SASL CRAM-MD5 KERBEROS_V4", Capability::Sasl(MechanismNames(b"CRAM-MD5 KERBEROS_V4"))),
        (b"LOGIN-DELAY 900", Capability::LoginDelay { seconds: 900, per_user: false }),
        (b"LOGIN-DELAY 900 USER", Capability::LoginDelay { seconds: 900, per_user: true }),
        (b"EXPIRE 60", Capability::Expire { days: Some(60), per_user: false }),
        (b"EXPIRE NEVER USER", Capability::Expire { days: None, per_user: true }),
        (
            b"IMPLEMENTATION Shlemazle-Plotz-v302",
            Capability::Implementation(b"Shlemazle-Plotz-v302"),
        ),
        (b"UTF8", Capability::Utf8 { user: false }),
        (b"UTF8 USER", Capability::Utf8 { user: true }),
        (b"X-ZIMBRA", Capability::Other { tag: b"X-ZIMBRA", arguments: b"" }),
        (b"X-A b c", Capability::Other { tag: b"X-A", arguments: b"b c" }),
    ];

    #[test]
    fn lines_are_read_and_written_back() {
        for (line, capability) in LINES {
            assert_eq!(Capability::parse(line), *capability);
            assert_eq!(capability.emit(&mut None).concat(), *line);
        }
    }

    #[test]
    fn case_and_trailing_space_are_forgiven_and_bad_arguments_kept() {
        assert_eq!(Capability::parse(b"uidl "), Capability::Uidl);
        assert_eq!(
            Capability::parse(b"EXPIRE soon"),
            Capability::Other { tag: b"EXPIRE", arguments: b"soon" }
        );
        assert_eq!(
            Capability::parse(b"LOGIN-DELAY"),
            Capability::Other { tag: b"LOGIN-DELAY", arguments: b"" }
        );
    }
}
