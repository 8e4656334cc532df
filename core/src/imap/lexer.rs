//! The grammar's hand (RFC 9051 §9): reads a response from left to right, without copying and without
//! going back, and notes what it has to forgive. Knows tokens, no responses.

use super::quirk::{Quirk, QuirkSet};
use super::string::ImapString;

/// What is left of a response, or of a part of one. Each method takes from the front what it is named
/// after; where that is not there, it takes nothing and returns `None`.
///
/// The octets are a complete item: their end is the end of a line or of what encloses them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexer<'a> {
    rest: &'a [u8],
    quirks: QuirkSet,
}

impl<'a> Lexer<'a> {
    pub(crate) const fn new(octets: &'a [u8]) -> Self {
        Self { rest: octets, quirks: QuirkSet::NONE }
    }

    /// All that is left.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// What was forgiven so far.
    pub(crate) const fn quirks(&self) -> QuirkSet {
        self.quirks
    }

    pub(crate) fn note(&mut self, quirk: Quirk) {
        self.quirks = self.quirks.with(quirk);
    }

    pub(crate) fn note_all(&mut self, quirks: QuirkSet) {
        self.quirks.insert(quirks);
    }

    pub(crate) const fn at_end(&self) -> bool {
        self.rest.is_empty()
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// How many octets of `whole`, of which this is the rest, have been taken.
    pub(crate) fn taken_of(&self, whole: &[u8]) -> usize {
        whole.len().saturating_sub(self.rest.len())
    }

    /// Drops the first `n` octets.
    #[inline]
    pub(crate) fn advance(&mut self, n: usize) {
        self.rest = self.rest.get(n..).unwrap_or_default();
    }

    /// Takes the first `n` octets.
    pub(crate) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(taken)
    }

    #[inline]
    pub(crate) fn octet(&mut self, octet: u8) -> Option<()> {
        let (&first, rest) = self.rest.split_first()?;
        if first != octet {
            return None;
        }
        self.rest = rest;
        Some(())
    }

    /// A keyword, in any case, that ends where an atom ends.
    pub(crate) fn keyword(&mut self, keyword: &[u8]) -> Option<()> {
        let (front, rest) = self.rest.split_at_checked(keyword.len())?;
        let ends = rest.first().is_none_or(|&octet| !is_atom_octet(octet));
        if !ends || !front.eq_ignore_ascii_case(keyword) {
            return None;
        }
        self.rest = rest;
        Some(())
    }

    /// As many octets as satisfy the condition, perhaps none.
    #[inline]
    pub(crate) fn take_while(&mut self, condition: impl Fn(u8) -> bool) -> &'a [u8] {
        let len = self.rest.iter().take_while(|&&octet| condition(octet)).count();
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or_default();
        self.rest = rest;
        taken
    }

    /// The one space that separates two tokens; more are forgiven.
    #[inline]
    pub(crate) fn sp(&mut self) -> Option<()> {
        self.octet(b' ')?;
        if matches!(self.rest, [b' ' | b'\t', ..]) {
            self.skip_spaces(Quirk::ExtraSpace);
        }
        Some(())
    }

    /// Spaces that should not be there.
    pub(crate) fn skip_spaces(&mut self, quirk: Quirk) {
        if !self.take_while(|octet| matches!(octet, b' ' | b'\t')).is_empty() {
            self.note(quirk);
        }
    }

    #[inline]
    pub(crate) fn open(&mut self) -> Option<()> {
        self.octet(b'(')
    }

    /// A closing parenthesis; spaces before it are forgiven.
    #[inline]
    pub(crate) fn close(&mut self) -> Option<()> {
        if self.octet(b')').is_some() {
            return Some(());
        }
        let mut ahead = *self;
        ahead.skip_spaces(Quirk::TrailingSpace);
        ahead.octet(b')')?;
        *self = ahead;
        Some(())
    }

    /// The end of the response; spaces before it are forgiven.
    pub(crate) fn end(&mut self) -> Option<()> {
        self.skip_spaces(Quirk::TrailingSpace);
        self.at_end().then_some(())
    }

    /// One or more octets that are no space, parenthesis, quote or line ending: a wide reading of
    /// `atom`.
    #[inline]
    pub(crate) fn atom(&mut self) -> Option<&'a [u8]> {
        let atom = self.take_while(is_atom_octet);
        (!atom.is_empty()).then_some(atom)
    }

    /// A decimal number that fits 64 bits.
    #[inline]
    pub(crate) fn number64(&mut self) -> Option<u64> {
        let (mut number, mut digits) = (0_u64, 0_usize);
        for &octet in self.rest {
            let digit = octet.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            number = number.checked_mul(10)?.checked_add(u64::from(digit))?;
            digits = digits.wrapping_add(1);
        }
        if digits == 0 {
            return None;
        }
        self.advance(digits);
        Some(number)
    }

    /// A decimal number that fits 32 bits.
    #[inline]
    pub(crate) fn number(&mut self) -> Option<u32> {
        let mut ahead = *self;
        let number = u32::try_from(ahead.number64()?).ok()?;
        *self = ahead;
        Some(number)
    }

    /// A number that servers get wrong: a negative one, one that is too large, or NIL, is forgiven and
    /// counts as `None`.
    #[inline]
    pub(crate) fn tolerant_number(&mut self) -> Option<Option<u64>> {
        if let Some(number) = self.number64() {
            return Some(Some(number));
        }
        self.no_number()
    }

    #[cold]
    fn no_number(&mut self) -> Option<Option<u64>> {
        let mut ahead = *self;
        let _ = ahead.octet(b'-');
        if ahead.take_while(|octet| octet.is_ascii_digit()).is_empty() && ahead.nil().is_none() {
            return None;
        }
        ahead.note(Quirk::BadNumber);
        *self = ahead;
        Some(None)
    }

    /// `NIL`, in any case.
    #[inline]
    pub(crate) fn nil(&mut self) -> Option<()> {
        match self.rest {
            [b'N' | b'n', b'I' | b'i', b'L' | b'l', rest @ ..]
                if rest.first().is_none_or(|&octet| !is_atom_octet(octet)) =>
            {
                self.rest = rest;
                Some(())
            }
            _ => None,
        }
    }

    /// A `nstring`: a string or NIL. An atom is forgiven.
    #[inline]
    pub(crate) fn nstring(&mut self) -> Option<Option<ImapString<'a>>> {
        match self.peek()? {
            b'"' => self.quoted().map(Some),
            b'N' | b'n' if self.nil().is_some() => Some(None),
            _ => self.literal_or_atom(Quirk::UnquotedString).map(Some),
        }
    }

    /// A `string`. NIL is forgiven and counts as an empty one; so is an atom.
    #[inline]
    pub(crate) fn string(&mut self) -> Option<ImapString<'a>> {
        if self.peek()? == b'"' {
            return self.quoted();
        }
        match self.nstring()? {
            Some(string) => Some(string),
            None => {
                self.note(Quirk::UnexpectedNil);
                Some(ImapString::default())
            }
        }
    }

    /// An `astring`: an atom or a string.
    pub(crate) fn astring(&mut self) -> Option<ImapString<'a>> {
        match self.peek()? {
            b'"' => self.quoted(),
            b'{' | b'~' => self.literal().or_else(|| self.atom().map(ImapString::plain)),
            _ => self.atom().map(ImapString::plain),
        }
    }

    #[cold]
    fn literal_or_atom(&mut self, quirk: Quirk) -> Option<ImapString<'a>> {
        if let Some(literal) = self.literal() {
            return Some(literal);
        }
        let atom = self.atom()?;
        self.note(quirk);
        Some(ImapString::plain(atom))
    }

    /// A literal that lies whole here (RFC 9051 §4.3): its announcement, a line ending, its octets.
    pub(crate) fn literal(&mut self) -> Option<ImapString<'a>> {
        let mut ahead = *self;
        let octets = usize::try_from(ahead.literal_header()?).ok()?;
        let literal = ahead.take(octets)?;
        *self = ahead;
        Some(ImapString::plain(literal))
    }

    /// The announcement of a literal, `{n}` or `~{n}`, and the line ending; its octets follow.
    pub(crate) fn literal_header(&mut self) -> Option<u64> {
        let mut ahead = *self;
        let _ = ahead.octet(b'~');
        ahead.octet(b'{')?;
        let octets = ahead.number64()?;
        if ahead.octet(b'+').is_some() || ahead.octet(b'-').is_some() {
            ahead.note(Quirk::NonSynchronizingLiteral);
        }
        ahead.octet(b'}')?;
        if ahead.octet(b'\r').is_none() {
            ahead.note(Quirk::BareLf);
        }
        ahead.octet(b'\n')?;
        *self = ahead;
        Some(octets)
    }

    /// A quoted string (RFC 9051 §4.3).
    #[inline]
    pub(crate) fn quoted(&mut self) -> Option<ImapString<'a>> {
        let (b'"', text) = self.rest.split_first()? else { return None };
        let plain = plain_prefix(text);
        let (string, rest) = text.split_at_checked(plain)?;
        // The usual: nothing to forgive, and something behind it that may stand there.
        if let [b'"', after @ ..] = rest
            && closes_quoted(after.first().copied())
        {
            self.rest = after;
            return Some(ImapString::plain(string));
        }
        self.unusual_quoted(text, plain)
    }

    /// The rest of a quoted string that holds a backslash, or what does not belong there. An unescaped
    /// quote counts as text where nothing behind it shows that the string ends.
    #[cold]
    fn unusual_quoted(&mut self, text: &'a [u8], plain: usize) -> Option<ImapString<'a>> {
        let (mut at, mut escaped) = (plain, false);
        let mut quirks = QuirkSet::NONE;
        loop {
            let octet = *text.get(at)?;
            let next = text.get(at.wrapping_add(1)).copied();
            match octet {
                b'"' if closes_quoted(next) => break,
                b'"' => quirks = quirks.with(Quirk::BadQuoting),
                b'\\' => match next? {
                    b'"' | b'\\' => {
                        escaped = true;
                        at = at.wrapping_add(1);
                    }
                    _ => quirks = quirks.with(Quirk::BadQuoting),
                },
                b'\r' | b'\n' => quirks = quirks.with(Quirk::FoldedQuoted),
                0 => quirks = quirks.with(Quirk::ControlCharacter),
                0x80.. => quirks = quirks.with(Quirk::EightBit),
                _ => {}
            }
            at = at.wrapping_add(1);
        }
        let string = text.get(..at)?;
        self.rest = text.get(at.wrapping_add(1)..)?;
        self.note_all(quirks);
        let plain = !escaped;
        Some(if plain { ImapString::plain(string) } else { ImapString::escaped(string) })
    }

    /// Any value: a string, an atom, or a parenthesized list of values, nested to any depth
    /// (`tagged-ext-val`, RFC 9051 §9). Returned as it came.
    pub(crate) fn value(&mut self) -> Option<&'a [u8]> {
        let whole = self.rest;
        let mut ahead = *self;
        let mut depth = 0_usize;
        loop {
            match ahead.peek()? {
                b'(' => {
                    ahead.advance(1);
                    depth = depth.wrapping_add(1);
                }
                b')' => {
                    ahead.advance(1);
                    depth = depth.checked_sub(1)?;
                }
                b' ' => ahead.advance(1),
                b'"' => drop(ahead.quoted()?),
                b'{' | b'~' if ahead.literal().is_some() => {}
                _ => drop(ahead.atom()?),
            }
            if depth == 0 {
                *self = ahead;
                return whole.get(..self.taken_of(whole));
            }
        }
    }
}

/// Whether a quote before this octet ends the quoted string: in a well-formed response one of these, or
/// the end, must follow.
#[inline]
fn closes_quoted(next: Option<u8>) -> bool {
    matches!(next, None | Some(b' ' | b')' | b'(' | b']' | b'\r' | b'\n'))
}

/// What an atom consists of here: RFC 9051 §9 excludes more, but servers do not.
#[inline]
pub(crate) fn is_atom_octet(octet: u8) -> bool {
    !matches!(octet, b' ' | b'(' | b')' | b'"' | b'\r' | b'\n' | b'\t' | 0)
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// How many leading octets are printable ASCII other than quote and backslash: eight at a time, in one
/// register.
#[inline]
fn plain_prefix(text: &[u8]) -> usize {
    let (words, tail) = text.as_chunks::<8>();
    let mut at = 0_usize;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let quote = word ^ (ONES * b'"' as u64);
        let backslash = word ^ (ONES * b'\\' as u64);
        // For each: the high bit of the lowest octet that is zero, or below a space, is right; what a
        // borrow does to higher ones does not matter.
        let stop = (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash)
            | (word.wrapping_sub(ONES * 0x20) & !word)
            | word;
        let stop = stop & HIGHS;
        if stop != 0 {
            return at.wrapping_add((stop.trailing_zeros() / 8) as usize);
        }
        at = at.wrapping_add(8);
    }
    let plain = |&&octet: &&u8| octet >= 0x20 && octet < 0x80 && octet != b'"' && octet != b'\\';
    at.wrapping_add(tail.iter().take_while(plain).count())
}
