//! Commands (RFC 1939 §3, §5–7): the verbs, what each one's reply looks like, and the grammar of a
//! command line, parser beside emitter.

use nom::bytes::complete::{take_till, take_while1};
use nom::character::complete::{char, u32 as number};
use nom::combinator::{all_consuming, fail, map, opt, rest, verify};
use nom::sequence::{preceded, separated_pair};
use nom::{IResult, Parser};

use crate::LocalError;
use crate::wire::Decimal;

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
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Capa => "CAPA",
            Self::Stls => "STLS",
            Self::User => "USER",
            Self::Pass => "PASS",
            Self::Apop => "APOP",
            Self::Auth => "AUTH",
            Self::Stat => "STAT",
            Self::List => "LIST",
            Self::Uidl => "UIDL",
            Self::Retr => "RETR",
            Self::Top => "TOP",
            Self::Dele => "DELE",
            Self::Rset => "RSET",
            Self::Noop => "NOOP",
            Self::Quit => "QUIT",
            Self::Utf8 => "UTF8",
            Self::Lang => "LANG",
            Self::Raw => "",
        }
    }

    fn from_keyword(keyword: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.keyword().as_bytes().eq_ignore_ascii_case(keyword))
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// trailing spaces are forgiven except in PASS, where they belong to the password.
    ///
    /// # Errors
    /// [`CommandError`] tells whether the keyword or the arguments are at fault.
    pub fn parse(line: &'a [u8]) -> Result<Self, CommandError> {
        let (arguments, keyword) = keyword(line).map_err(|_| CommandError::UnknownKeyword)?;
        let verb = Verb::from_keyword(keyword).ok_or(CommandError::UnknownKeyword)?;
        let arguments = if verb == Verb::Pass { arguments } else { arguments.trim_ascii_end() };
        match all_consuming(|input| Self::arguments(verb, input)).parse(arguments) {
            Ok((_, command)) => Ok(command),
            Err(_) => Err(CommandError::BadArguments(verb)),
        }
    }

    fn arguments(verb: Verb, input: &'a [u8]) -> IResult<&'a [u8], Self> {
        let none = |command| Ok((input, command));
        match verb {
            Verb::Capa => none(Self::Capa),
            Verb::Stls => none(Self::Stls),
            Verb::Stat => none(Self::Stat),
            Verb::Rset => none(Self::Rset),
            Verb::Noop => none(Self::Noop),
            Verb::Quit => none(Self::Quit),
            Verb::Utf8 => none(Self::Utf8),
            Verb::User => map(preceded(char(' '), text), Self::User).parse(input),
            Verb::Pass => map(preceded(char(' '), text), Self::Pass).parse(input),
            Verb::List => map(opt(preceded(char(' '), message)), Self::List).parse(input),
            Verb::Uidl => map(opt(preceded(char(' '), message)), Self::Uidl).parse(input),
            Verb::Retr => map(preceded(char(' '), message), Self::Retr).parse(input),
            Verb::Dele => map(preceded(char(' '), message), Self::Dele).parse(input),
            Verb::Lang => map(opt(preceded(char(' '), word)), Self::Lang).parse(input),
            Verb::Top => {
                let pair = separated_pair(message, char(' '), number);
                map(preceded(char(' '), pair), |(number, lines)| Self::Top { number, lines })
                    .parse(input)
            }
            Verb::Apop => {
                let pair = separated_pair(word, char(' '), word);
                map(preceded(char(' '), pair), |(name, digest)| Self::Apop { name, digest })
                    .parse(input)
            }
            Verb::Auth => {
                let pair = (word, opt(preceded(char(' '), word)));
                map(preceded(char(' '), pair), |(mechanism, initial)| Self::Auth {
                    mechanism,
                    initial,
                })
                .parse(input)
            }
            Verb::Raw => fail().parse(input),
        }
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

fn keyword(line: &[u8]) -> IResult<&[u8], &[u8]> {
    take_till(|octet| octet == b' ').parse(line)
}

/// Octets up to the end of the line, at least one.
fn text(input: &[u8]) -> IResult<&[u8], &[u8]> {
    verify(rest, |text: &[u8]| !text.is_empty()).parse(input)
}

fn word(input: &[u8]) -> IResult<&[u8], &[u8]> {
    take_while1(|octet| octet != b' ').parse(input)
}

/// A message number (RFC 1939 §4): decimal, from 1.
fn message(input: &[u8]) -> IResult<&[u8], u32> {
    verify(number, |&number| number > 0).parse(input)
}

/// A message number to be emitted.
pub(crate) fn message_number(number: u32) -> Result<Decimal, LocalError> {
    if number == 0 {
        return Err(LocalError::MessageNumberZero);
    }
    Ok(Decimal::new(number.into()))
}

/// An argument that runs to the end of the line: any octets but CR, LF and NUL, at least one.
pub(crate) fn check_text(argument: &[u8]) -> Result<(), LocalError> {
    check(argument, |octet| matches!(octet, b'\r' | b'\n' | 0))
}

/// An argument that a space ends: as [`check_text`], and no space.
pub(crate) fn check_word(argument: &[u8]) -> Result<(), LocalError> {
    check(argument, |octet| matches!(octet, b'\r' | b'\n' | 0 | b' '))
}

fn check(argument: &[u8], forbidden: fn(u8) -> bool) -> Result<(), LocalError> {
    if argument.is_empty() {
        return Err(LocalError::Empty);
    }
    match argument.iter().position(|&octet| forbidden(octet)) {
        Some(at) => Err(LocalError::ForbiddenOctet { at }),
        None => Ok(()),
    }
}
