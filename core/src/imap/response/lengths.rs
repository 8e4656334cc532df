//! Lengths of strings that were seen when a view was checked, an octet each, so that its walk need not look for their ends
//! again (feature `fast`).

use crate::imap::string::ImapString;

/// NIL.
pub(super) const NIL: u8 = 0xff;
/// Set where there are backslashes in the string.
const ESCAPED: u8 = 0x80;
/// The longest that is known.
const LONGEST: usize = 0x7d;

/// Takes the lengths of strings together, and notes whether all are known.
pub(super) struct Measure(usize);

impl Measure {
    pub(super) const fn new() -> Self {
        Self(0)
    }

    #[inline(always)]
    pub(super) fn string(&mut self, string: ImapString<'_>) -> u8 {
        let len = string.as_received().len();
        self.0 |= len;
        len as u8 | if string.is_escaped() { ESCAPED } else { 0 }
    }

    #[inline(always)]
    pub(super) fn optional(&mut self, string: Option<ImapString<'_>>) -> u8 {
        string.map_or(NIL, |string| self.string(string))
    }

    /// Whether none is too long.
    #[inline(always)]
    pub(super) const fn fits(&self) -> bool {
        self.0 <= LONGEST
    }
}

/// Goes through octets whose strings have known lengths. In its methods, one octet follows each string.
pub(super) struct Known<'a> {
    octets: &'a [u8],
    at: usize,
}

impl<'a> Known<'a> {
    #[inline(always)]
    pub(super) const fn new(octets: &'a [u8], at: usize) -> Self {
        Self { octets, at }
    }

    #[inline(always)]
    pub(super) fn string(&mut self, len: u8) -> Option<ImapString<'a>> {
        let begin = self.at.wrapping_add(1);
        let end = begin.wrapping_add(usize::from(len & !ESCAPED));
        self.at = end.wrapping_add(2);
        Some(ImapString::from_received(self.octets.get(begin..end)?, len & ESCAPED != 0))
    }

    #[inline(always)]
    pub(super) fn optional(&mut self, len: u8) -> Option<Option<ImapString<'a>>> {
        if len == NIL {
            self.skip(4);
            return Some(None);
        }
        self.string(len).map(Some)
    }

    #[inline(always)]
    pub(super) const fn skip(&mut self, n: usize) {
        self.at = self.at.wrapping_add(n);
    }

    /// What two strings of these lengths in parentheses are, as they came.
    #[inline(always)]
    pub(super) fn pair(&mut self, [first, second]: [u8; 2]) -> Option<&'a [u8]> {
        let len = usize::from(first & !ESCAPED).wrapping_add(usize::from(second & !ESCAPED));
        let begin = self.at;
        let end = begin.wrapping_add(len).wrapping_add(7);
        self.at = end.wrapping_add(1);
        self.octets.get(begin..end)
    }

    /// What follows.
    #[inline(always)]
    pub(super) fn rest(&self) -> Option<&'a [u8]> {
        self.octets.get(self.at..)
    }
}
