//! Commands that this crate does not know: their name and arguments, checked so that they stay one
//! command.

use super::encoder::Encoder;
use crate::error::EmitError;
use crate::imap::flag::check_atom;
use crate::imap::{Mailbox, Sequence};
use crate::wire::valid_up_to;

/// How deep lists may lie in each other.
const DEPTH: usize = 16;

/// An argument of a command that is sent by its name (RFC 9051 §4).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Argument<'a> {
    /// An atom.
    Atom(&'a [u8]),
    /// An atom, a quoted string or a literal, whatever fits.
    Astring(&'a [u8]),
    /// A quoted string or a literal, whatever fits; `None` is NIL.
    String(Option<&'a [u8]>),
    /// A literal8, which may hold any octets (RFC 9051 §4.3).
    Literal8(&'a [u8]),
    /// A number.
    Number(u64),
    /// A mailbox name.
    Mailbox(Mailbox<'a>),
    /// Message numbers or UIDs.
    Sequence(Sequence<'a>),
    /// A parenthesized list.
    List(&'a [Argument<'a>]),
    /// Text that is sent as it is. Its quotes and parentheses must be balanced; it may hold neither
    /// CR, LF nor NUL, nor a literal, and UTF-8 only in quotes and where it is enabled.
    Verbatim(&'a [u8]),
}

/// An argument in a row of them.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ArgumentStep<'a> {
    /// An argument that holds no other.
    Argument(Argument<'a>),
    /// A list of so many of the arguments that follow. One that is a list counts as one, with all that is in it.
    List(usize),
}

/// Arguments one after another, a list before what it holds, for callers that have no memory for lists of borrowed
/// values: make each when it is asked for.
pub trait ArgumentSteps {
    /// The step at `index`, the first one being 0; `None` behind the last.
    fn step(&self, index: usize) -> Option<ArgumentStep<'_>>;
}

/// Names that the session has methods for and must know about: they change its state, carry secrets
/// or are more than a line.
const RESERVED: [&str; 13] = [
    "STARTTLS",
    "AUTHENTICATE",
    "LOGIN",
    "LOGOUT",
    "UNAUTHENTICATE",
    "COMPRESS",
    "ENABLE",
    "SELECT",
    "EXAMINE",
    "CLOSE",
    "UNSELECT",
    "IDLE",
    "DONE",
];

/// `name argument …`. Literals wait for the server, whatever it offers: one that does not know the name may
/// refuse the line, and then take for commands what was sent behind it unasked.
///
/// # Errors
/// [`EmitError::BadArgument`] for a name that has a method of its own which changes the state, for
/// lists too deep, and for an argument that does not follow its grammar; those of the values.
pub(crate) fn raw(
    line: &mut Encoder<'_>,
    name: &[u8],
    arguments: &[Argument<'_>],
) -> Result<(), EmitError> {
    begin(line, name)?;
    let mut outer: heapless::Vec<&[Argument<'_>], DEPTH> = heapless::Vec::new();
    let (mut rest, mut opened) = (arguments, false);
    loop {
        let Some((argument, behind)) = rest.split_first() else {
            match outer.pop() {
                Some(behind) => rest = behind,
                None => return Ok(()),
            }
            line.close();
            opened = false;
            continue;
        };
        rest = behind;
        if !opened {
            line.sp();
        }
        opened = false;
        match *argument {
            Argument::List(list) => {
                line.open();
                outer.push(rest).map_err(|_| EmitError::BadArgument { at: 0 })?;
                (rest, opened) = (list, true);
            }
            ref plain => plain.emit(line)?,
        }
    }
}

/// As [`raw`], with arguments in a row.
///
/// # Errors
/// As of [`raw`]; [`EmitError::BadArgument`] for a list of more than follow.
pub(crate) fn raw_steps(
    line: &mut Encoder<'_>,
    name: &[u8],
    arguments: &dyn ArgumentSteps,
) -> Result<(), EmitError> {
    let bad = EmitError::BadArgument { at: 0 };
    begin(line, name)?;
    // How many arguments are still to come in the list at hand, and in those around it.
    let mut outer: heapless::Vec<usize, DEPTH> = heapless::Vec::new();
    let (mut due, mut opened) = (usize::MAX, false);
    for index in 0.. {
        while due == 0 {
            line.close();
            (due, opened) = (outer.pop().unwrap_or(usize::MAX), false);
        }
        let Some(step) = arguments.step(index) else { break };
        if !opened {
            line.sp();
        }
        due = due.saturating_sub(1);
        opened = false;
        match step {
            ArgumentStep::List(held) => {
                line.open();
                outer.push(due).map_err(|_| bad)?;
                (due, opened) = (held, true);
            }
            ArgumentStep::Argument(Argument::List(_)) => return Err(bad),
            ArgumentStep::Argument(plain) => plain.emit(line)?,
        }
    }
    if outer.is_empty() { Ok(()) } else { Err(bad) }
}

/// The name, if the session needs no method of its own for it.
fn begin(line: &mut Encoder<'_>, name: &[u8]) -> Result<(), EmitError> {
    check_atom(name, 0)?;
    if RESERVED.iter().any(|reserved| reserved.as_bytes().eq_ignore_ascii_case(name)) {
        return Err(EmitError::BadArgument { at: 0 });
    }
    line.synchronize();
    line.raw(name);
    Ok(())
}

impl Argument<'_> {
    /// Writes an argument that holds no other; of a list nothing.
    fn emit(&self, line: &mut Encoder<'_>) -> Result<(), EmitError> {
        match *self {
            Self::Atom(atom) => line.atom(atom)?,
            Self::Astring(octets) => line.astring(octets)?,
            Self::String(octets) => line.nstring(octets)?,
            Self::Literal8(octets) => line.literal8(octets)?,
            Self::Number(number) => line.number(number),
            Self::Mailbox(mailbox) => line.mailbox(mailbox)?,
            Self::Sequence(set) => line.sequence_set(set)?,
            Self::Verbatim(text) => {
                check_verbatim(text, line.utf8())?;
                line.raw(text);
            }
            Self::List(_) => {}
        }
        Ok(())
    }
}

/// Whether these octets stay within one command, whatever follows: no line ends in them, no quoted
/// string and no parenthesis stays open, and nothing announces a literal. UTF-8 may stand in quoted
/// strings where it is enabled (RFC 9755 §3).
fn check_verbatim(text: &[u8], utf8: bool) -> Result<(), EmitError> {
    if text.is_empty() {
        return Err(EmitError::Empty);
    }
    let at = valid_up_to(text);
    if at < text.len() {
        return Err(EmitError::BadArgument { at });
    }
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_usize);
    for (at, &octet) in text.iter().enumerate() {
        let bad = EmitError::BadArgument { at };
        match octet {
            b'\r' | b'\n' | 0 => return Err(EmitError::ForbiddenOctet { at }),
            // RFC 9051 §4.3: a backslash quotes a quote or a backslash, and nothing else.
            b'"' | b'\\' if escaped => escaped = false,
            _ if escaped => return Err(bad),
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            0x80.. if !utf8 => return Err(bad),
            _ if quoted => {}
            b'(' => depth = depth.checked_add(1).ok_or(bad)?,
            b')' => depth = depth.checked_sub(1).ok_or(bad)?,
            b'{' | 0x01..=0x1f | 0x7f.. => return Err(bad),
            _ => {}
        }
    }
    if quoted || depth > 0 {
        return Err(EmitError::BadArgument { at: text.len() });
    }
    Ok(())
}
