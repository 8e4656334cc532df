//! Writes command lines (RFC 9051 §4, §9): chooses between atom, quoted string and literal, so that
//! no argument can become a second command. Knows tokens, no commands.

use crate::error::EmitError;
use crate::imap::Mailbox;
use crate::imap::flag::{check_atom, is_strict_atom_octet};
use crate::wire::{Decimal, Put, Utf8};

/// Which literals the server takes without being asked (RFC 7888).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Literals {
    /// None: each waits for the server's `+` (RFC 9051 §4.3).
    #[default]
    Synchronizing,
    /// LITERAL-: those of up to 4096 octets (RFC 7888 §5).
    UpTo4096,
    /// LITERAL+: all (RFC 7888 §4).
    NonSynchronizing,
}

impl Literals {
    /// Whether a literal of this size may leave without waiting.
    const fn may_flow(self, octets: u64) -> bool {
        match self {
            Self::Synchronizing => false,
            Self::UpTo4096 => octets <= 4096,
            Self::NonSynchronizing => true,
        }
    }
}

/// Where in a command the sender has to wait for the server's `+`: offsets from the start of the
/// room, each behind the line ending of a synchronizing literal's announcement.
pub(crate) type Stops = heapless::Vec<u32, 4>;

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Encoded {
    /// How many octets there are. More than the room holds: then what lies there is of no use.
    pub(crate) octets: usize,
    /// Where to wait.
    pub(crate) stops: Stops,
    /// Where the first literal begins that does not wait; 0 without one.
    pub(crate) flow: usize,
}

/// RFC 2683 §3.2.1.5: servers may refuse long lines. A longer string goes as a literal, which is
/// not part of a line.
const LONGEST_QUOTED: usize = 1000;

/// What is written as a string.
#[derive(Clone, Copy)]
pub(crate) enum Source<'s> {
    Octets(&'s [u8]),
    /// It is encoded on the fly, each time that it is read; whether UTF-8 may stand there.
    Mailbox(Mailbox<'s>, bool),
    /// The name of a flag's metadata item (RFC 7162 §7, `entry-flag-name`).
    #[cfg(feature = "imap-condstore")]
    FlagEntry(&'s [u8]),
}

impl Source<'_> {
    /// Gives the octets piece by piece, the same each time.
    fn give(self, to: &mut Reading<'_, '_>) {
        match self {
            Self::Octets(octets) => to.put(octets),
            Self::Mailbox(name, utf8) => name.emit(utf8, to),
            #[cfg(feature = "imap-condstore")]
            Self::FlagEntry(flag) => {
                to.put(b"/flags/");
                to.put(flag);
            }
        }
    }
}

/// What a string is read for: twice, so that what is encoded needs no memory.
enum Reading<'r, 't> {
    Shape(&'r mut Shape),
    /// To stand between quotes.
    Quoted(&'r mut Encoder<'t>),
    Plain(&'r mut Encoder<'t>),
}

impl Put for Reading<'_, '_> {
    fn put(&mut self, octets: &[u8]) {
        match self {
            Self::Shape(shape) => shape.look_at(octets),
            Self::Quoted(line) => line.escaped(octets),
            Self::Plain(line) => line.raw(octets),
        }
    }
}

/// Writes a command into the room that is left of the outgoing buffer. When the room is full it
/// counts on, so that the size needed is known.
#[derive(Debug)]
pub(crate) struct Encoder<'t> {
    room: &'t mut [u8],
    written: &'t mut Encoded,
    literals: Literals,
    utf8: bool,
}

impl<'t> Encoder<'t> {
    /// `utf8`: whether UTF-8 may stand in quoted strings, that is, whether UTF8=ACCEPT or IMAP4rev2
    /// was enabled (RFC 9755 §3, RFC 9051 §4.3).
    pub(crate) const fn new(
        room: &'t mut [u8],
        written: &'t mut Encoded,
        literals: Literals,
        utf8: bool,
    ) -> Self {
        Self { room, written, literals, utf8 }
    }

    /// Whether UTF-8 may stand in quoted strings.
    pub(crate) const fn utf8(&self) -> bool {
        self.utf8
    }

    /// Lets each literal wait, even where the server takes them unasked: one that does not know the command
    /// may take the literal for the next one.
    pub(crate) const fn synchronize(&mut self) {
        self.literals = Literals::Synchronizing;
    }

    /// The end: what was written is as it was told.
    ///
    /// # Errors
    /// [`EmitError::TooLong`] when it is longer than 32 bits can count.
    pub(crate) fn finish(self) -> Result<(), EmitError> {
        match u32::try_from(self.written.octets) {
            Ok(_) => Ok(()),
            Err(_) => Err(EmitError::TooLong { limit: u32::MAX as usize }),
        }
    }

    /// Octets as they are: only for what this crate itself spells.
    pub(crate) fn raw(&mut self, octets: &[u8]) {
        let end = self.written.octets.saturating_add(octets.len());
        let room = self.room.get_mut(self.written.octets..end).unwrap_or_default();
        for (to, from) in room.iter_mut().zip(octets) {
            *to = *from;
        }
        self.written.octets = end;
    }

    pub(crate) fn sp(&mut self) {
        self.raw(b" ");
    }

    pub(crate) fn open(&mut self) {
        self.raw(b"(");
    }

    pub(crate) fn close(&mut self) {
        self.raw(b")");
    }

    pub(crate) fn number(&mut self, number: u64) {
        self.raw(Decimal::new(number).as_bytes());
    }

    /// A number of 63 bits: a mod-sequence (RFC 7162 §7), a `number64` (RFC 9051 §9).
    ///
    /// # Errors
    /// [`EmitError::BadArgument`] when it is larger.
    pub(crate) fn number63(&mut self, number: u64) -> Result<(), EmitError> {
        if i64::try_from(number).is_err() {
            return Err(EmitError::BadArgument { at: 0 });
        }
        self.number(number);
        Ok(())
    }

    /// A parenthesized list of what `each` writes, separated by spaces.
    pub(crate) fn list<T>(
        &mut self,
        items: &[T],
        each: impl Fn(&mut Self, &T) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        self.open();
        self.separated(items, each)?;
        self.close();
        Ok(())
    }

    /// What `each` writes, separated by spaces.
    pub(crate) fn separated<T>(
        &mut self,
        items: &[T],
        each: impl Fn(&mut Self, &T) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.sp();
            }
            each(self, item)?;
        }
        Ok(())
    }

    /// An `atom` (RFC 9051 §9).
    ///
    /// # Errors
    /// [`EmitError::Empty`]; [`EmitError::ForbiddenOctet`] and [`EmitError::BadArgument`] for
    /// octets that no atom holds.
    pub(crate) fn atom(&mut self, atom: &[u8]) -> Result<(), EmitError> {
        check_atom(atom, 0)?;
        self.raw(atom);
        Ok(())
    }

    /// An `astring`: an atom where that is possible, else as [`string`](Self::string). NIL is
    /// quoted.
    ///
    /// # Errors
    /// As [`string`](Self::string).
    pub(crate) fn astring(&mut self, octets: &[u8]) -> Result<(), EmitError> {
        self.astring_of(Source::Octets(octets))
    }

    /// A `string`: quoted where that is possible, else a literal.
    ///
    /// # Errors
    /// [`EmitError::ForbiddenOctet`] for NUL, which only a literal8 may hold (RFC 9051 §4.3);
    /// [`EmitError::Full`] when it would be the fifth synchronizing literal of the command.
    pub(crate) fn string(&mut self, octets: &[u8]) -> Result<(), EmitError> {
        self.string_of(Source::Octets(octets))
    }

    /// An `nstring`: a string, or NIL.
    ///
    /// # Errors
    /// As [`string`](Self::string).
    pub(crate) fn nstring(&mut self, octets: Option<&[u8]>) -> Result<(), EmitError> {
        match octets {
            Some(octets) => self.string(octets),
            None => {
                self.raw(b"NIL");
                Ok(())
            }
        }
    }

    /// An `astring` of octets that come in pieces.
    ///
    /// # Errors
    /// As [`string`](Self::string).
    pub(crate) fn astring_of(&mut self, source: Source<'_>) -> Result<(), EmitError> {
        let shape = Shape::of(source);
        if shape.is_atom() {
            source.give(&mut Reading::Plain(self));
            return Ok(());
        }
        self.quoted_or_literal(&shape, source)
    }

    /// A `string` of octets that come in pieces.
    ///
    /// # Errors
    /// As [`string`](Self::string).
    #[inline(always)] // A frame less on a chip's stack.
    pub(crate) fn string_of(&mut self, source: Source<'_>) -> Result<(), EmitError> {
        self.quoted_or_literal(&Shape::of(source), source)
    }

    fn quoted_or_literal(&mut self, shape: &Shape, source: Source<'_>) -> Result<(), EmitError> {
        if let Some(at) = shape.nul_at {
            return Err(EmitError::ForbiddenOctet { at });
        }
        if shape.is_quotable(self.utf8) {
            self.raw(b"\"");
            source.give(&mut Reading::Quoted(self));
            self.raw(b"\"");
            return Ok(());
        }
        self.announce(shape.octets as u64, false)?;
        source.give(&mut Reading::Plain(self));
        Ok(())
    }

    /// What stands between the quotes of a quoted string.
    fn escaped(&mut self, octets: &[u8]) {
        for octet in octets {
            if matches!(octet, b'"' | b'\\') {
                self.raw(b"\\");
            }
            self.raw(core::slice::from_ref(octet));
        }
    }

    /// A `literal8`: any octets at all (RFC 9051 §4.3, RFC 3516 §4).
    ///
    /// # Errors
    /// [`EmitError::Full`] when it would be the fifth synchronizing literal of the command.
    pub(crate) fn literal8(&mut self, octets: &[u8]) -> Result<(), EmitError> {
        self.announce(octets.len() as u64, true)?;
        self.raw(octets);
        Ok(())
    }

    /// Announces a literal whose octets follow from elsewhere: nothing may be written behind it.
    ///
    /// # Errors
    /// [`EmitError::BadArgument`] when `octets` needs more than 63 bits; [`EmitError::Full`] when
    /// it would be the fifth synchronizing literal of the command.
    pub(crate) fn upload(&mut self, octets: u64, binary: bool) -> Result<(), EmitError> {
        self.announce(octets, binary)
    }

    /// The announcement of a literal and its line ending. `~{n+}`: RFC 7888 §6.
    fn announce(&mut self, octets: u64, binary: bool) -> Result<(), EmitError> {
        self.raw(if binary { b"~{" } else { b"{" });
        self.number63(octets)?;
        if self.literals.may_flow(octets) {
            self.raw(b"+}\r\n");
            if self.written.flow == 0 {
                self.written.flow = self.written.octets;
            }
            return Ok(());
        }
        self.raw(b"}\r\n");
        let stop = u32::try_from(self.written.octets).map_err(|_| EmitError::Full)?;
        self.written.stops.push(stop).map_err(|_| EmitError::Full)
    }
}

/// What decides how a string is written.
#[derive(Debug, Default)]
struct Shape {
    octets: usize,
    /// How many of them may stand in an atom that is an `astring`; the others may not.
    atom_octets: usize,
    /// How many of them spell NIL, in any case, from the start.
    nil_octets: usize,
    nul_at: Option<usize>,
    line_ending: bool,
    eight_bit: bool,
    utf8: Utf8,
    not_utf8: bool,
}

impl Shape {
    fn of(source: Source<'_>) -> Self {
        let mut shape = Self::default();
        source.give(&mut Reading::Shape(&mut shape));
        shape
    }

    fn look_at(&mut self, piece: &[u8]) {
        for &octet in piece {
            let at = self.octets;
            self.octets = at.saturating_add(1);
            if is_strict_atom_octet(octet) || octet == b']' {
                self.atom_octets = self.atom_octets.saturating_add(1);
            }
            if self.nil_octets == at && b"nil".get(at) == Some(&octet.to_ascii_lowercase()) {
                self.nil_octets = self.octets;
            }
            self.not_utf8 |= !self.utf8.go_on(octet);
            match octet {
                0 if self.nul_at.is_none() => self.nul_at = Some(at),
                b'\r' | b'\n' => self.line_ending = true,
                0x80.. => self.eight_bit = true,
                _ => {}
            }
        }
    }

    /// Whether it may stand as an atom (RFC 9051 §9, `1*ASTRING-CHAR`) and is not taken for NIL.
    const fn is_atom(&self) -> bool {
        let nil = self.octets == 3 && self.nil_octets == 3;
        self.octets > 0 && self.octets == self.atom_octets && !nil && self.octets <= LONGEST_QUOTED
    }

    const fn is_quotable(&self, utf8: bool) -> bool {
        !self.line_ending
            && self.octets <= LONGEST_QUOTED
            && (!self.eight_bit || (utf8 && !self.not_utf8 && self.utf8.is_whole()))
    }
}

impl Put for Encoder<'_> {
    fn put(&mut self, octets: &[u8]) {
        self.raw(octets);
    }
}
