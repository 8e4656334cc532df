//! The grammar's hand (RFC 9051 §9): reads a response from left to right, without copying and without
//! going back, and notes what it has to forgive. Knows tokens, no responses.
//!
//! With the feature `fast`, what well-formed responses consist of is looked for first, in code that is inlined. Without it
//! there is one general way for each token.

use super::quirk::{Forgiven, Quirk};
use super::string::ImapString;

/// What is left of a response, or of a part of one. Each method takes from the front what it is named
/// after; where that is not there, it takes nothing and returns `None`.
///
/// The octets are a complete item: their end is the end of a line or of what encloses them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexer<'a> {
    rest: &'a [u8],
    quirks: Forgiven,
}

impl<'a> Lexer<'a> {
    pub(crate) const fn new(octets: &'a [u8]) -> Self {
        Self { rest: octets, quirks: Forgiven::NONE }
    }

    /// All that is left.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// What was forgiven so far.
    pub(crate) const fn quirks(&self) -> Forgiven {
        self.quirks
    }

    pub(crate) fn note(&mut self, quirk: Quirk) {
        self.quirks = self.quirks.with(quirk);
    }

    pub(crate) fn note_all(&mut self, quirks: Forgiven) {
        self.quirks.insert(quirks);
    }

    pub(crate) const fn at_end(&self) -> bool {
        self.rest.is_empty()
    }

    #[inline(always)]
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

    /// Goes on with what is left, a part of what was.
    #[inline(always)]
    pub(crate) const fn advance_to(&mut self, rest: &'a [u8]) {
        self.rest = rest;
    }

    /// Takes the first `n` octets.
    pub(crate) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(taken)
    }

    #[cfg_attr(feature = "fast", inline(always))]
    #[cfg_attr(not(feature = "fast"), inline(never))]
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
    #[cfg_attr(feature = "fast", inline)]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(crate) fn take_while(&mut self, condition: fn(u8) -> bool) -> &'a [u8] {
        let len = self.rest.iter().take_while(|&&octet| condition(octet)).count();
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or_default();
        self.rest = rest;
        taken
    }

    /// The one space that separates two tokens; more are forgiven.
    #[cfg_attr(feature = "fast", inline(always))]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(crate) fn sp(&mut self) -> Option<()> {
        self.octet(b' ')?;
        self.skip_extra_spaces();
        Some(())
    }

    /// Spaces where there should be none, or one less.
    #[cfg_attr(feature = "fast", inline(always))]
    pub(crate) fn skip_extra_spaces(&mut self) {
        if !cfg!(feature = "fast") || matches!(self.peek(), Some(b' ' | b'\t')) {
            let _ = self.apart(|lexer| {
                lexer.skip_spaces(Quirk::ExtraSpace);
                Some(())
            });
        }
    }

    /// Spaces that should not be there.
    #[inline(never)]
    pub(crate) fn skip_spaces(&mut self, quirk: Quirk) {
        if !self.take_while(|octet| matches!(octet, b' ' | b'\t')).is_empty() {
            self.note(quirk);
        }
    }

    #[inline(always)]
    pub(crate) fn open(&mut self) -> Option<()> {
        self.octet(b'(')
    }

    /// A closing parenthesis; spaces before it are forgiven.
    #[cfg_attr(feature = "fast", inline(always))]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(crate) fn close(&mut self) -> Option<()> {
        if self.octet(b')').is_some() {
            return Some(());
        }
        if self.peek() != Some(b' ') {
            return None;
        }
        self.apart(Self::late_close)
    }

    #[inline(never)]
    fn late_close(&mut self) -> Option<()> {
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
    #[cfg_attr(feature = "fast", inline)]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(crate) fn atom(&mut self) -> Option<&'a [u8]> {
        let atom = self.take_while(is_atom_octet);
        (!atom.is_empty()).then_some(atom)
    }

    /// A decimal number that fits 64 bits.
    #[cfg_attr(feature = "fast", inline(always))]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(crate) fn number64(&mut self) -> Option<u64> {
        if !cfg!(feature = "fast") {
            return self.long_number();
        }
        if let Some((number, rest)) = short_number(self.rest) {
            self.rest = rest;
            return Some(number);
        }
        let (mut number, mut digits) = (0_u64, 0_usize);
        for &octet in self.rest {
            let digit = octet.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
            digits = digits.wrapping_add(1);
        }
        // Nineteen digits fit, whatever they are.
        if digits.wrapping_sub(1) >= 19 {
            return self.long_number();
        }
        self.rest = self.rest.get(digits..)?;
        Some(number)
    }

    /// A number of any length, or none at all.
    #[cold]
    #[cfg_attr(feature = "fast", inline(never))]
    fn long_number(&mut self) -> Option<u64> {
        let (mut number, mut rest) = (0_u64, self.rest);
        while let Some((digit @ b'0'..=b'9', behind)) = rest.split_first() {
            number = number.checked_mul(10)?.checked_add(u64::from(digit & 0x0f))?;
            rest = behind;
        }
        if rest.len() == self.rest.len() {
            return None;
        }
        self.rest = rest;
        Some(number)
    }

    /// A decimal number that fits 32 bits.
    #[cfg_attr(feature = "fast", inline)]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(crate) fn number(&mut self) -> Option<u32> {
        let before = self.rest;
        let number = u32::try_from(self.number64()?).ok();
        if number.is_none() {
            self.rest = before;
        }
        number
    }

    /// A number that servers get wrong: a negative one, one that is too large, or NIL, is forgiven and
    /// counts as `None`.
    #[cfg_attr(feature = "fast", inline)]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(crate) fn tolerant_number(&mut self) -> Option<Option<u64>> {
        if let Some(number) = self.number64() {
            return Some(Some(number));
        }
        self.apart(Self::no_number)
    }

    #[cold]
    #[cfg_attr(feature = "fast", inline(never))]
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
    #[cfg_attr(feature = "fast", inline(always))]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(crate) fn nil(&mut self) -> Option<()> {
        if !cfg!(feature = "fast") {
            return self.keyword(b"NIL");
        }
        let (front, rest) = self.rest.split_first_chunk::<3>()?;
        if !front.eq_ignore_ascii_case(b"NIL")
            || rest.first().is_some_and(|&octet| is_atom_octet(octet))
        {
            return None;
        }
        self.rest = rest;
        Some(())
    }

    /// A `nstring`: a string or NIL. An atom is forgiven.
    #[inline(always)]
    pub(crate) fn nstring(&mut self) -> Option<Option<ImapString<'a>>> {
        if let Some(string) = self.plain_quoted() {
            return Some(Some(string));
        }
        if cfg!(feature = "fast") && self.nil_then_more().is_some() {
            return Some(None);
        }
        self.apart(Self::unusual_nstring)
    }

    /// Runs what is seldom needed on a copy, so that the lexer itself can stay in registers: with `fast`.
    #[inline(always)]
    pub(crate) fn apart<T>(&mut self, unusual: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if !cfg!(feature = "fast") {
            return unusual(self);
        }
        let mut copy = Self { rest: self.rest, quirks: self.quirks };
        let told = unusual(&mut copy)?;
        self.rest = copy.rest;
        self.quirks = copy.quirks;
        Some(told)
    }

    #[cold]
    #[inline(never)]
    fn unusual_nstring(&mut self) -> Option<Option<ImapString<'a>>> {
        match self.peek()? {
            b'"' => self.unusual_quoted().map(Some),
            b'N' | b'n' if self.nil().is_some() => Some(None),
            _ => self.literal_or_atom(Quirk::UnquotedString).map(Some),
        }
    }

    /// A quoted string of the usual kind: there is nothing to forgive, and something behind it that may stand there.
    #[inline(always)]
    fn plain_quoted(&mut self) -> Option<ImapString<'a>> {
        if !cfg!(feature = "fast") {
            return None;
        }
        let (b'"', text) = self.rest.split_first()? else { return None };
        let (string, rest) = text.split_at_checked(plain_prefix(text))?;
        let [b'"', after @ ..] = rest else { return None };
        let (b' ' | b')') = *after.first()? else { return None };
        self.rest = after;
        Some(ImapString::plain(string))
    }

    /// A `string`. NIL is forgiven and counts as an empty one; so is an atom.
    #[inline(always)]
    pub(crate) fn string(&mut self) -> Option<ImapString<'a>> {
        if let Some(string) = self.plain_quoted() {
            return Some(string);
        }
        self.apart(Self::unusual_string)
    }

    #[cold]
    #[inline(never)]
    fn unusual_string(&mut self) -> Option<ImapString<'a>> {
        match self.unusual_nstring()? {
            Some(string) => Some(string),
            None => {
                self.note(Quirk::UnexpectedNil);
                Some(ImapString::default())
            }
        }
    }

    /// A `string`, and a space or closing parenthesis: whether it was the latter.
    #[inline(always)]
    pub(crate) fn string_and_end(&mut self) -> Option<bool> {
        if self.plain_quoted().is_none() {
            self.apart(|lexer| {
                lexer.skip_spaces(Quirk::ExtraSpace);
                lexer.unusual_string()
            })?;
        }
        if self.octet(b')').is_some() {
            return Some(true);
        }
        if self.octet(b' ').is_some() && self.peek() != Some(b')') {
            return Some(false);
        }
        self.apart(|lexer| {
            lexer.note(Quirk::TrailingSpace);
            lexer.octet(b')').map(|()| true)
        })
    }

    /// Takes a `nstring` that is well-formed, and what follows it.
    #[cfg(feature = "fast")]
    #[inline(always)]
    pub(crate) fn plain_nstring_then(&mut self, next: u8) -> Option<Option<ImapString<'a>>> {
        let mut plain = Plain(self.rest);
        let string = plain.nstring_then(next)?;
        self.rest = plain.0;
        Some(string)
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
        let before = *self;
        let binary = self.peek() == Some(b'~');
        let octets = self.announced().and_then(|octets| usize::try_from(octets).ok());
        let Some(literal) = octets.and_then(|octets| self.take(octets)) else {
            *self = before;
            return None;
        };
        if !binary && literal.contains(&0) {
            self.note(Quirk::ControlCharacter);
        }
        Some(ImapString::plain(literal))
    }

    /// The announcement of a literal, `{n}` or `~{n}`, and the line ending; its octets follow.
    pub(crate) fn literal_header(&mut self) -> Option<u64> {
        let before = *self;
        let octets = self.announced();
        if octets.is_none() {
            *self = before;
        }
        octets
    }

    /// The same, taken in part where it is none.
    #[cfg_attr(not(feature = "fast"), inline(always))]
    fn announced(&mut self) -> Option<u64> {
        let _ = self.octet(b'~');
        self.octet(b'{')?;
        let octets = self.number64()?;
        if self.octet(b'+').is_some() || self.octet(b'-').is_some() {
            self.note(Quirk::NonSynchronizingLiteral);
        }
        self.octet(b'}')?;
        if self.octet(b'\r').is_none() {
            self.note(Quirk::BareLf);
        }
        self.octet(b'\n')?;
        Some(octets)
    }

    /// A quoted string (RFC 9051 §4.3).
    #[inline(always)]
    pub(crate) fn quoted(&mut self) -> Option<ImapString<'a>> {
        if let Some(string) = self.plain_quoted() {
            return Some(string);
        }
        self.apart(Self::unusual_quoted)
    }

    /// A quoted string that may hold backslashes, or what does not belong there. An unescaped quote counts as text where
    /// nothing behind it shows that the string ends.
    #[cold]
    #[inline(never)]
    fn unusual_quoted(&mut self) -> Option<ImapString<'a>> {
        let mut ahead = *self;
        ahead.octet(b'"')?;
        let text = ahead.rest;
        let mut escaped = false;
        let len = loop {
            if cfg!(feature = "fast") {
                ahead.advance(plain_prefix(ahead.rest));
            }
            let octet = ahead.peek()?;
            let at = ahead.taken_of(text);
            ahead.advance(1);
            let next = ahead.peek();
            ahead.note(match octet {
                b'"' if closes_quoted(next) => break at,
                b'\\' if matches!(next?, b'"' | b'\\') => {
                    escaped = true;
                    ahead.advance(1);
                    continue;
                }
                b'"' | b'\\' => Quirk::BadQuoting,
                b'\r' | b'\n' => Quirk::FoldedQuoted,
                0 => Quirk::ControlCharacter,
                0x80.. => Quirk::EightBit,
                _ => continue,
            });
        };
        *self = ahead;
        Some(ImapString::from_received(text.get(..len)?, escaped))
    }

    /// A value that is mostly NIL; see [`value`](Self::value).
    #[cfg_attr(feature = "fast", inline(always))]
    pub(crate) fn value_or_nil(&mut self) -> Option<&'a [u8]> {
        if cfg!(feature = "fast") && self.nil_then_more().is_some() {
            return Some(&[]);
        }
        self.apart(Self::value)
    }

    #[inline(always)]
    fn nil_then_more(&mut self) -> Option<()> {
        let [b'N', b'I', b'L', rest @ ..] = self.rest else { return None };
        let (b' ' | b')') = *rest.first()? else { return None };
        self.rest = rest;
        Some(())
    }

    /// A parenthesized list of elements, perhaps none, a space between two: what stands between the parentheses.
    pub(crate) fn list(&mut self, element: fn(&mut Self) -> Option<()>) -> Option<&'a [u8]> {
        self.open()?;
        let inside = self.rest;
        if self.close().is_some() {
            return Some(b"");
        }
        self.skip_spaces(Quirk::ExtraSpace);
        loop {
            element(self)?;
            let elements = inside.get(..self.taken_of(inside))?;
            if self.close().is_some() {
                return Some(elements);
            }
            self.sp()?;
        }
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

/// A lexer for what is usual: well-formed, with one space where one belongs, without literals or octets beyond
/// ASCII. It is fast, since it forgives nothing: what it does not take is read again by [`Lexer`].
#[derive(Clone, Copy)]
pub(crate) struct Plain<'a>(pub(crate) &'a [u8]);

impl<'a> Plain<'a> {
    #[inline(always)]
    pub(crate) fn octet(&mut self, octet: u8) -> Option<()> {
        let (&first, rest) = self.0.split_first()?;
        if first != octet {
            return None;
        }
        self.0 = rest;
        Some(())
    }

    /// A quoted string and what follows it.
    #[inline(always)]
    pub(crate) fn string_then(&mut self, next: u8) -> Option<ImapString<'a>> {
        let mut ahead = *self;
        let (string, then) = ahead.quoted()?;
        if then != next {
            return None;
        }
        *self = ahead;
        Some(string)
    }

    /// A quoted string and the octet that follows it, whichever it is.
    #[inline(always)]
    fn quoted(&mut self) -> Option<(ImapString<'a>, u8)> {
        let (b'"', text) = self.0.split_first()? else { return None };
        let mut rest = from_stop(text);
        let mut escaped = false;
        loop {
            match rest {
                [b'"', then, behind @ ..] => {
                    let len = text.len().wrapping_sub(rest.len());
                    self.0 = behind;
                    return Some((ImapString::from_received(text.get(..len)?, escaped), *then));
                }
                [b'\\', b'"' | b'\\', behind @ ..] => {
                    escaped = true;
                    rest = from_stop(behind);
                }
                _ => return None,
            }
        }
    }

    /// A quoted string or NIL, and what follows it.
    #[inline(always)]
    pub(crate) fn nstring_then(&mut self, next: u8) -> Option<Option<ImapString<'a>>> {
        if let Some(string) = self.string_then(next) {
            return Some(Some(string));
        }
        self.nil_then(next).map(|()| None)
    }

    /// The same where NIL is the usual.
    #[inline(always)]
    pub(crate) fn nil_or_string_then(&mut self, next: u8) -> Option<Option<ImapString<'a>>> {
        if self.nil_then(next).is_some() {
            return Some(None);
        }
        self.string_then(next).map(Some)
    }

    #[inline(always)]
    pub(crate) fn nil_then(&mut self, next: u8) -> Option<()> {
        let (front, rest) = self.0.split_first_chunk::<4>()?;
        if *front != [b'N', b'I', b'L', next] {
            return None;
        }
        self.0 = rest;
        Some(())
    }

    /// A number.
    #[inline(always)]
    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut lexer = Lexer::new(self.0);
        let number = lexer.number64()?;
        self.0 = lexer.rest;
        Some(number)
    }

    #[cfg(feature = "fast")]
    /// A number of 32 bits that is not zero.
    #[inline(always)]
    pub(crate) fn nz_number(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok().filter(|&number| number > 0)
    }

    #[cfg(feature = "fast")]
    /// Whether a value may end here: before a space or a closing parenthesis.
    #[inline(always)]
    pub(crate) const fn ends(&self) -> bool {
        matches!(self.0.first(), Some(b' ' | b')'))
    }

    /// Names and values in parentheses, or NIL, and a space; the one pair, if there is one.
    #[inline(always)]
    pub(crate) fn parameters_sp(&mut self) -> Option<(&'a [u8], Option<[ImapString<'a>; 2]>)> {
        if self.nil_then(b' ').is_some() {
            return Some((&[], None));
        }
        let list = self.0;
        self.octet(b'(')?;
        let mut pairs = 0_usize;
        loop {
            let name = self.string_then(b' ')?;
            let (value, then @ (b' ' | b')')) = self.quoted()? else { return None };
            pairs = pairs.wrapping_add(1);
            if then == b' ' {
                continue;
            }
            let pair = (pairs == 1).then_some([name, value]);
            let len = list.len().saturating_sub(self.0.len());
            self.octet(b' ')?;
            return Some((list.get(..len)?, pair));
        }
    }

    /// A value of any kind; of NIL, nothing.
    #[inline(always)]
    pub(crate) fn value_then(&mut self, next: u8) -> Option<&'a [u8]> {
        if self.nil_then(next).is_some() {
            return Some(&[]);
        }
        let (value, rest) = self.0.split_at_checked(value_len(self.0)?)?;
        self.0 = rest;
        self.octet(next)?;
        Some(value)
    }
}

/// The length of a value in which there is nothing to forgive.
#[inline(never)]
fn value_len(octets: &[u8]) -> Option<usize> {
    let mut lexer = Lexer::new(octets);
    lexer.value()?;
    if lexer.quirks.is_empty() { Some(lexer.taken_of(octets)) } else { None }
}

/// Whether a quote before this octet ends the quoted string: in a well-formed response one of these, or
/// the end, must follow.
#[inline]
fn closes_quoted(next: Option<u8>) -> bool {
    matches!(next, None | Some(b' ' | b')' | b'(' | b'{' | b']' | b'\r' | b'\n'))
}

/// What an atom consists of here: RFC 9051 §9 excludes more, but servers do not.
#[cfg_attr(feature = "fast", inline)]
#[cfg_attr(not(feature = "fast"), inline(never))]
pub(crate) fn is_atom_octet(octet: u8) -> bool {
    !matches!(octet, b' ' | b'(' | b')' | b'"' | b'\r' | b'\n' | b'\t' | 0)
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// The high bit of each octet that is a quote, a backslash, a control character or beyond ASCII. What a borrow does above
/// the lowest of them does not matter.
#[inline(always)]
const fn stops(word: u64) -> u64 {
    let quote = (word ^ ONES.wrapping_mul(b'"' as u64)).wrapping_sub(ONES);
    let backslash = (word ^ ONES.wrapping_mul(b'\\' as u64)).wrapping_sub(ONES);
    let control = word.wrapping_sub(ONES * 0x20);
    (quote | backslash | control | word) & (ONES * 0x80)
}

/// How many leading octets are printable ASCII other than quote and backslash: eight at a time, in one register.
#[inline(always)]
fn plain_prefix(text: &[u8]) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    let mut at = 0_usize;
    for word in words {
        let stops = stops(u64::from_le_bytes(*word));
        if stops != 0 {
            return at.wrapping_add((stops.trailing_zeros() / 8) as usize);
        }
        at = at.wrapping_add(8);
    }
    at.wrapping_add(plain_tail(rest))
}

/// A number of one to seven digits, and what follows it, without a branch for each digit.
#[inline(always)]
fn short_number(text: &[u8]) -> Option<(u64, &[u8])> {
    let digits = u64::from_le_bytes(*text.first_chunk()?) ^ (ONES * 0x30);
    // The high bit of each octet that is no digit; above the lowest of them, of others too.
    let others = (digits.wrapping_add(ONES * 0x76) | digits) & (ONES * 0x80);
    let len = others.trailing_zeros() / 8;
    if len.wrapping_sub(1) >= 7 {
        return None;
    }
    // The last digit becomes the highest octet; then pairs, fours and eights are put together.
    let digits = digits << (64_u32.wrapping_sub(len.wrapping_mul(8)));
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    let number = fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff;
    Some((number, text.get(len as usize..)?))
}

/// The text from its first octet on that is no printable ASCII, or a quote or backslash.
#[inline(always)]
fn from_stop(mut text: &[u8]) -> &[u8] {
    while let Some((word, rest)) = text.split_first_chunk::<8>() {
        let stops = stops(u64::from_le_bytes(*word));
        if stops != 0 {
            return text.get((stops.trailing_zeros() / 8) as usize..).unwrap_or_default();
        }
        text = rest;
    }
    text.get(plain_tail(text)..).unwrap_or_default()
}

/// How many leading octets are of that kind, of less than eight: the end of a line is near.
#[cold]
#[inline(never)]
fn plain_tail(text: &[u8]) -> usize {
    text.iter().take_while(|&&octet| stops(u64::from(octet)) & 0x80 == 0).count()
}
