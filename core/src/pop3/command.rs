//! Commands (RFC 1939 §3, §5–7): the verbs, what each one's reply looks like, and the grammar of a
//! command line, parser beside emitter.

use super::session::State;
use crate::LocalError;
use crate::wire::Cursor;

/// RFC 2449 §4: a command line is at most 255 octets long, CRLF included.
pub(crate) const LINE_LIMIT: usize = 255;

/// The commands by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum Verb {
    /// CAPA (RFC 2449 §5).
    Capa,
    /// STLS (RFC 2595 §4).
    Stls,
    /// USER (RFC 1939 §7).
    User,
    /// PASS (RFC 1939 §7).
    Pass,
    /// APOP (RFC 1939 §7).
    Apop,
    /// AUTH (RFC 5034).
    Auth,
    /// STAT (RFC 1939 §5).
    Stat,
    /// LIST (RFC 1939 §5).
    List,
    /// UIDL (RFC 1939 §7).
    Uidl,
    /// RETR (RFC 1939 §5).
    Retr,
    /// TOP (RFC 1939 §7).
    Top,
    /// DELE (RFC 1939 §5).
    Dele,
    /// RSET (RFC 1939 §5).
    Rset,
    /// NOOP (RFC 1939 §5).
    Noop,
    /// QUIT (RFC 1939 §4, §6).
    Quit,
    /// UTF8 (RFC 6856 §2).
    Utf8,
    /// LANG (RFC 6856 §3).
    Lang,
    /// Any other command, sent as given.
    Raw,
}

impl Verb {
    const ALL: [Self; 17] = [
        Self::Capa,
        Self::Stls,
        Self::User,
        Self::Pass,
        Self::Apop,
        Self::Auth,
        Self::Stat,
        Self::List,
        Self::Uidl,
        Self::Retr,
        Self::Top,
        Self::Dele,
        Self::Rset,
        Self::Noop,
        Self::Quit,
        Self::Utf8,
        Self::Lang,
    ];

    /// The keyword on the wire; empty for [`Verb::Raw`].
    #[must_use]
    pub fn keyword(self) -> &'static str {
        // One text for all: a table of texts would cost two words for each.
        const KEYWORDS: &str =
            "CAPASTLSUSERPASSAPOPAUTHSTATLISTUIDLRETRTOP DELERSETNOOPQUITUTF8LANG";
        let length = match self {
            Self::Raw => 0,
            Self::Top => 3,
            _ => 4_usize,
        };
        let from = usize::from(self as u8).wrapping_mul(4);
        KEYWORDS.get(from..from.wrapping_add(length)).unwrap_or_default()
    }

    fn from_keyword(keyword: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.keyword().as_bytes().eq_ignore_ascii_case(keyword))
    }

    /// The state that it is legal in; `None` for any after the greeting.
    pub(crate) const fn state(self) -> Option<State> {
        match self {
            Self::Stls | Self::User | Self::Pass | Self::Apop | Self::Auth | Self::Utf8 => {
                Some(State::Authorization)
            }
            Self::Capa | Self::Quit | Self::Lang | Self::Raw => None,
            _ => Some(State::Transaction),
        }
    }

    /// Whether its arguments are credentials.
    pub(crate) const fn is_credential(self) -> bool {
        matches!(self, Self::User | Self::Pass | Self::Apop)
    }

    /// Whether its argument is the rest of the line, spaces included.
    pub(crate) const fn is_text(self) -> bool {
        matches!(self, Self::User | Self::Pass | Self::Raw)
    }

    /// Whether its argument is a message number.
    pub(crate) const fn names_message(self) -> bool {
        matches!(self, Self::List | Self::Uidl | Self::Retr | Self::Top | Self::Dele)
    }

    /// Whether the session's state depends on the reply, so that nothing may be sent behind this
    /// command until it has come (RFC 2449 §6.6).
    pub(crate) const fn changes_state(self) -> bool {
        self.goes_alone() || matches!(self, Self::Quit)
    }

    /// Whether, moreover, it must not be sent behind another whose reply is still to come.
    pub(crate) const fn goes_alone(self) -> bool {
        matches!(self, Self::Stls | Self::Auth | Self::Apop | Self::Pass)
    }
}

/// A command with its arguments, as a server reads it. Text is the client's, unchecked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Command<'a> {
    /// `CAPA`
    Capa,
    /// `STLS`
    Stls,
    /// `USER name`
    User(&'a [u8]),
    /// `PASS string`: the rest of the line, spaces included.
    Pass(&'a [u8]),
    /// `APOP name digest`
    Apop {
        /// The mailbox.
        name: &'a [u8],
        /// MD5 of timestamp and shared secret, 32 hexadecimal digits.
        digest: &'a [u8],
    },
    /// `AUTH mechanism [initial-response]`
    Auth {
        /// The mechanism's name.
        mechanism: &'a [u8],
        /// The initial response, still in base64; `=` stands for an empty one.
        initial: Option<&'a [u8]>,
    },
    /// `STAT`
    Stat,
    /// `LIST [msg]`
    List(Option<u32>),
    /// `UIDL [msg]`
    Uidl(Option<u32>),
    /// `RETR msg`
    Retr(u32),
    /// `TOP msg n`
    Top {
        /// The message.
        number: u32,
        /// How many lines of the body.
        lines: u32,
    },
    /// `DELE msg`
    Dele(u32),
    /// `RSET`
    Rset,
    /// `NOOP`
    Noop,
    /// `QUIT`
    Quit,
    /// `UTF8`
    Utf8,
    /// `LANG [lang-tag]`
    Lang(Option<&'a [u8]>),
}

/// The keyword, but not the arguments: they may be a password.
impl core::fmt::Debug for Command<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.verb().keyword())
    }
}

/// Why a line is not a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum CommandError {
    /// The keyword is none that this server knows.
    UnknownKeyword,
    /// The keyword is known but its arguments are not as they must be.
    BadArguments(Verb),
}

impl<'a> Command<'a> {
    /// Reads a command line, without its CRLF. Keywords in any case; one space between arguments;
    /// trailing spaces are forgiven except in USER and PASS, whose argument is the rest of the line.
    ///
    /// # Errors
    /// [`CommandError`] tells whether the keyword or the arguments are at fault.
    pub fn parse(line: &'a [u8]) -> Result<Self, CommandError> {
        let mut cursor = Cursor::new(line);
        let verb = cursor.word().and_then(Verb::from_keyword);
        let verb = verb.ok_or(CommandError::UnknownKeyword)?;
        if !matches!(verb, Verb::User | Verb::Pass) {
            cursor = Cursor::new(without_trailing_spaces(cursor.rest()));
        }
        Self::arguments(verb, cursor).ok_or(CommandError::BadArguments(verb))
    }

    fn arguments(verb: Verb, mut cursor: Cursor<'a>) -> Option<Self> {
        let command = match verb {
            Verb::Capa => Self::Capa,
            Verb::Stls => Self::Stls,
            Verb::Stat => Self::Stat,
            Verb::Rset => Self::Rset,
            Verb::Noop => Self::Noop,
            Verb::Quit => Self::Quit,
            Verb::Utf8 => Self::Utf8,
            Verb::User => Self::User(text(&mut cursor)?),
            Verb::Pass => Self::Pass(text(&mut cursor)?),
            Verb::List => Self::List(optional(&mut cursor, message)?),
            Verb::Uidl => Self::Uidl(optional(&mut cursor, message)?),
            Verb::Lang => Self::Lang(optional(&mut cursor, word)?),
            Verb::Retr => Self::Retr(message(&mut cursor)?),
            Verb::Dele => Self::Dele(message(&mut cursor)?),
            Verb::Top => Self::Top { number: message(&mut cursor)?, lines: number(&mut cursor)? },
            Verb::Apop => Self::Apop { name: word(&mut cursor)?, digest: word(&mut cursor)? },
            Verb::Auth => {
                Self::Auth { mechanism: word(&mut cursor)?, initial: optional(&mut cursor, word)? }
            }
            Verb::Raw => return None,
        };
        cursor.end().map(|()| command)
    }

    /// The command's name.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        match self {
            Self::Capa => Verb::Capa,
            Self::Stls => Verb::Stls,
            Self::User(_) => Verb::User,
            Self::Pass(_) => Verb::Pass,
            Self::Apop { .. } => Verb::Apop,
            Self::Auth { .. } => Verb::Auth,
            Self::Stat => Verb::Stat,
            Self::List(_) => Verb::List,
            Self::Uidl(_) => Verb::Uidl,
            Self::Retr(_) => Verb::Retr,
            Self::Top { .. } => Verb::Top,
            Self::Dele(_) => Verb::Dele,
            Self::Rset => Verb::Rset,
            Self::Noop => Verb::Noop,
            Self::Quit => Verb::Quit,
            Self::Utf8 => Verb::Utf8,
            Self::Lang(_) => Verb::Lang,
        }
    }
}

fn without_trailing_spaces(mut line: &[u8]) -> &[u8] {
    while let [front @ .., b' '] = line {
        line = front;
    }
    line
}

/// An argument that may be missing.
fn optional<'a, T>(
    cursor: &mut Cursor<'a>,
    argument: fn(&mut Cursor<'a>) -> Option<T>,
) -> Option<Option<T>> {
    match cursor.end() {
        Some(()) => Some(None),
        None => argument(cursor).map(Some),
    }
}

/// A space, and octets up to the end of the line, at least one.
fn text<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    cursor.octet(b' ')?;
    let text = cursor.take_while(|_| true);
    (!text.is_empty()).then_some(text)
}

fn word<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    cursor.octet(b' ')?;
    cursor.word()
}

fn number(cursor: &mut Cursor<'_>) -> Option<u32> {
    cursor.octet(b' ')?;
    cursor.number()
}

/// A message number (RFC 1939 §4): decimal, from 1.
fn message(cursor: &mut Cursor<'_>) -> Option<u32> {
    number(cursor).filter(|&number| number > 0)
}

/// An argument: any octets but CR, LF and NUL, at least one; spaces only where it is the rest of the line,
/// a text.
pub(crate) fn check_argument(argument: &[u8], is_text: bool) -> Result<(), LocalError> {
    if argument.is_empty() {
        return Err(LocalError::Empty);
    }
    let forbidden = |octet| matches!(octet, b'\r' | b'\n' | 0) || (octet == b' ' && !is_text);
    match argument.iter().position(|&octet| forbidden(octet)) {
        Some(at) => Err(LocalError::ForbiddenOctet { at }),
        None => Ok(()),
    }
}

/// An argument that runs to the end of the line.
#[cfg(feature = "server")]
pub(crate) fn check_text(argument: &[u8]) -> Result<(), LocalError> {
    check_argument(argument, true)
}
