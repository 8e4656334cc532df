//! What the files of this room share: kinds of octets, white space, and filling a buffer with octets
//! or with UTF-8.

use crate::names::place;
use crate::wire::Utf8;

/// Space or tab (RFC 5234 `WSP`).
pub(super) const fn is_wsp(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}

/// White space and the line ends of folding (RFC 5322 §3.2.2).
pub(super) const fn is_fws(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\r' | b'\n')
}

/// `text` without leading folding white space.
pub(super) fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_fws(*first)
    {
        text = rest;
    }
    text
}

/// `text` without trailing folding white space.
pub(super) fn trim_end(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., last] = text
        && is_fws(*last)
    {
        text = rest;
    }
    text
}

/// `text` in two at `at`, which lies in it.
pub(super) fn cut(text: &[u8], at: usize) -> (&[u8], &[u8]) {
    text.split_at_checked(at).unwrap_or((text, &[]))
}

/// Index of the first octet that is not such, or the length.
pub(super) fn span(text: &[u8], such: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|&octet| !such(octet)).unwrap_or(text.len())
}

/// Index of the first LF.
#[cfg(feature = "memchr")]
pub(super) fn find_lf(text: &[u8]) -> Option<usize> {
    memchr::memchr(b'\n', text)
}

/// Index of the first LF.
#[cfg(not(feature = "memchr"))]
pub(super) fn find_lf(text: &[u8]) -> Option<usize> {
    text.iter().position(|&octet| octet == b'\n')
}

/// Behind the comment (RFC 5322 §3.2.2) that `text` begins with; `None` where it does not end.
/// Depth is a number, not recursion.
pub(super) fn skip_comment(text: &[u8]) -> Option<&[u8]> {
    let (mut depth, mut rest) = (0_usize, text);
    loop {
        let (&octet, behind) = rest.split_first()?;
        rest = behind;
        match octet {
            b'(' => depth = depth.saturating_add(1),
            b')' => depth = depth.saturating_sub(1),
            b'\\' => rest = rest.split_first()?.1,
            _ => {}
        }
        if depth == 0 {
            return Some(rest);
        }
    }
}

/// Behind the quoted-string (RFC 5322 §3.2.4) that `text` begins with; `None` where it does not end.
pub(super) fn skip_quoted(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text.split_first()?.1;
    loop {
        let (&octet, behind) = rest.split_first()?;
        match octet {
            b'"' => return Some(behind),
            b'\\' => rest = behind.split_first()?.1,
            _ => rest = behind,
        }
    }
}

/// Behind comments and folding white space (RFC 5322 §3.2.2 `CFWS`). A comment without an end is
/// left where it is.
pub(super) fn skip_cfws(mut text: &[u8]) -> &[u8] {
    loop {
        text = trim_start(text);
        match text {
            [b'(', ..] => match skip_comment(text) {
                Some(rest) => text = rest,
                None => return text,
            },
            _ => return text,
        }
    }
}

/// Copies as much as there is room for; returns how much. (`copy_from_slice` keeps its panic in the image
/// wherever the compiler cannot see that both are of one length.)
pub(super) fn copy(to: &mut [u8], from: &[u8]) -> usize {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    to.len().min(from.len())
}

/// Fills a buffer. What does not fit whole is left out, and so is all that follows.
pub(super) struct Sink<'o> {
    out: &'o mut [u8],
    pub(super) len: usize,
    pub(super) truncated: bool,
}

impl<'o> Sink<'o> {
    pub(super) const fn new(out: &'o mut [u8]) -> Self {
        Self { out, len: 0, truncated: false }
    }

    pub(super) fn put(&mut self, octets: &[u8]) {
        let end = self.len.saturating_add(octets.len());
        match self.out.get_mut(self.len..end) {
            Some(room) if !self.truncated => {
                copy(room, octets);
                self.len = end;
            }
            _ => self.truncated = true,
        }
    }
}

/// Charsets that become UTF-8 here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// UTF-8, and US-ASCII, which is part of it.
    Utf8,
    /// ISO-8859-1.
    Latin1,
}

impl Charset {
    /// By a name that IANA has registered; `None` for all other charsets.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        let known = place("utf-8 us-ascii utf8 ascii iso-8859-1 latin1 iso_8859-1", name)?;
        Some(if known < 4 { Self::Utf8 } else { Self::Latin1 })
    }
}

/// Fills a buffer with UTF-8, from octets that may come one at a time. What is not UTF-8 becomes
/// U+FFFD.
pub(super) struct Utf8Sink<'o> {
    sink: Sink<'o>,
    partial: [u8; 4],
    have: usize,
    utf8: Utf8,
    pub(super) replaced: usize,
}

impl<'o> Utf8Sink<'o> {
    pub(super) const fn new(out: &'o mut [u8]) -> Self {
        Self { sink: Sink::new(out), partial: [0; 4], have: 0, utf8: Utf8::START, replaced: 0 }
    }

    pub(super) fn octet(&mut self, charset: Charset, octet: u8) {
        match charset {
            Charset::Utf8 => self.utf8(octet),
            Charset::Latin1 => {
                self.end_of_text();
                self.char(char::from(octet));
            }
        }
    }

    fn char(&mut self, char: char) {
        self.sink.put(char.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn utf8(&mut self, octet: u8) {
        if !self.continued(octet) {
            // The sequence before it is broken off, and it begins another.
            self.end_of_text();
            self.continued(octet);
        }
    }

    /// Takes an octet that begins a sequence or goes on with one; `false` if it does not go on.
    fn continued(&mut self, octet: u8) -> bool {
        if self.have == 0 && octet.is_ascii() {
            self.sink.put(&[octet]);
            return true;
        }
        let end = self.have.saturating_add(1);
        if let Some(place) = self.partial.get_mut(self.have) {
            *place = octet;
        }
        match self.utf8.take(octet) {
            Some(true) => {
                self.sink.put(self.partial.get(..end).unwrap_or_default());
                self.have = 0;
            }
            Some(false) => self.have = end,
            None if self.have == 0 => self.replace(),
            None => return false,
        }
        true
    }

    fn replace(&mut self) {
        self.replaced = self.replaced.saturating_add(1);
        self.char(char::REPLACEMENT_CHARACTER);
    }

    /// What was begun and has not been completed is no character.
    pub(super) fn end_of_text(&mut self) {
        if self.have > 0 {
            (self.have, self.utf8) = (0, Utf8::START);
            self.replace();
        }
    }

    /// How many octets were filled, and whether all fitted.
    pub(super) fn finish(mut self) -> (usize, bool) {
        self.end_of_text();
        (self.sink.len, self.sink.truncated)
    }
}
