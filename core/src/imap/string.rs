//! Strings as the wire has them (RFC 9051 §4.3): what stood between the quotes, or a literal's
//! octets. Nothing is copied; a quoted string keeps its backslashes until it is read.

/// A `string`, `astring` or atom, borrowed from the response that held it.
///
/// Octets, not text: servers send what mail holds. A quoted string may contain `\"` and `\\`
/// (RFC 9051 §4.3); [`as_plain`](Self::as_plain) gives the octets where there is none of these,
/// [`pieces`](Self::pieces) in any case.
#[derive(Clone, Copy, Debug, Default, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ImapString<'a> {
    octets: &'a [u8],
    /// Whether backslashes in it quote the octet behind them.
    escaped: bool,
}

impl<'a> ImapString<'a> {
    /// Octets that mean themselves: an atom or a literal.
    #[must_use]
    pub const fn plain(octets: &'a [u8]) -> Self {
        Self { octets, escaped: false }
    }

    /// A string of which [`as_received`](Self::as_received) and [`is_escaped`](Self::is_escaped) gave these.
    #[must_use]
    pub const fn from_received(octets: &'a [u8], escaped: bool) -> Self {
        Self { octets, escaped }
    }

    /// Whether backslashes in [`as_received`](Self::as_received) stand for the octet behind them.
    #[must_use]
    pub const fn is_escaped(self) -> bool {
        self.escaped
    }

    /// The octets, where none had to be quoted by a backslash.
    #[must_use]
    pub const fn as_plain(self) -> Option<&'a [u8]> {
        if self.escaped { None } else { Some(self.octets) }
    }

    /// The octets as they came, backslashes included.
    #[must_use]
    pub const fn as_received(self) -> &'a [u8] {
        self.octets
    }

    /// The octets in pieces, broken where a backslash is dropped. One piece for most strings, none for an
    /// empty one.
    #[must_use]
    pub const fn pieces(self) -> Pieces<'a> {
        Pieces { rest: self.octets, escaped: self.escaped }
    }

    /// The octets one by one.
    pub fn octets(self) -> impl Iterator<Item = u8> + 'a {
        self.pieces().flatten().copied()
    }

    /// How many octets there are.
    #[must_use]
    pub fn len(self) -> usize {
        if !self.escaped {
            return self.octets.len();
        }
        self.pieces().fold(0, |sum, piece| sum.saturating_add(piece.len()))
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.octets.is_empty()
    }

    /// Whether these are the same octets, in any case (ASCII).
    #[must_use]
    pub fn eq_ignore_ascii_case(self, other: &[u8]) -> bool {
        if !self.escaped {
            return self.octets.eq_ignore_ascii_case(other);
        }
        self.len() == other.len()
            && self.octets().zip(other).all(|(a, b)| a.eq_ignore_ascii_case(b))
    }

    /// Copies the octets to the front of `out`; `None`, with nothing of use written, when it is too small
    /// ([`len`](Self::len) tells how much it takes).
    pub fn copy_to(self, out: &mut [u8]) -> Option<&[u8]> {
        let mut at = 0_usize;
        for piece in self.pieces() {
            let end = at.checked_add(piece.len())?;
            for (to, from) in out.get_mut(at..end)?.iter_mut().zip(piece) {
                *to = *from;
            }
            at = end;
        }
        out.get(..at)
    }
}

impl core::fmt::Display for ImapString<'_> {
    /// The octets as text; what is not printable ASCII is escaped.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.pieces().try_for_each(|piece| super::flag::show(piece, f))
    }
}

impl PartialEq for ImapString<'_> {
    fn eq(&self, other: &Self) -> bool {
        if !self.escaped && !other.escaped {
            return self.octets == other.octets;
        }
        self.octets().eq(other.octets())
    }
}

impl PartialEq<[u8]> for ImapString<'_> {
    fn eq(&self, other: &[u8]) -> bool {
        *self == ImapString::plain(other)
    }
}

impl<const N: usize> PartialEq<[u8; N]> for ImapString<'_> {
    fn eq(&self, other: &[u8; N]) -> bool {
        *self == ImapString::plain(other)
    }
}

impl<'a> From<&'a [u8]> for ImapString<'a> {
    fn from(octets: &'a [u8]) -> Self {
        Self::plain(octets)
    }
}

/// The octets of an [`ImapString`] in pieces.
#[derive(Clone, Copy, Debug)]
pub struct Pieces<'a> {
    rest: &'a [u8],
    escaped: bool,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        if !self.escaped {
            return Some(core::mem::take(&mut self.rest));
        }
        // A backslash stands for the octet behind it; one that ends the string, for itself.
        let text = match self.rest {
            [b'\\', text @ ..] if !text.is_empty() => text,
            text => text,
        };
        let until = text.iter().skip(1).position(|&octet| octet == b'\\');
        let len = until.map_or(text.len(), |at| at.saturating_add(1));
        let (piece, rest) = text.split_at_checked(len)?;
        self.rest = rest;
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backslashes_stand_for_what_follows() {
        for (received, meant) in [
            (&br#"a\"b"#[..], &br#"a"b"#[..]),
            (br"\\", br"\"),
            (br#"\"\"\\"#, br#"""\"#),
            (br"a\", br"a\"),
            (b"", b""),
        ] {
            let string = ImapString::from_received(received, true);
            assert_eq!(string.octets().collect::<Vec<_>>(), meant);
            assert_eq!(string.len(), meant.len());
            assert_eq!(string, *meant);
            let mut out = [0; 16];
            assert_eq!(string.copy_to(&mut out), Some(meant));
        }
        assert_eq!(ImapString::from_received(br#"A\"b"#, true).as_plain(), None);
        assert!(ImapString::from_received(br#"A\"b"#, true).eq_ignore_ascii_case(br#"a"B"#));
        assert_eq!(ImapString::from_received(b"a\\\"b\xff", true).to_string(), "a\"b\\xff");
        assert_eq!(ImapString::plain(b"abc").copy_to(&mut [0; 2]), None);
    }
}
