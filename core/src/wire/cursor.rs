//! The grammar's hand: reads a line from left to right, without copying and without going back.
//! (A parser combinator library was tried here; on a Cortex-M4 it took more than twice the flash.)

/// What is left of a line. Each method takes from the front what it is named after; where that is
/// not there, it takes nothing and returns `None`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    pub(crate) const fn new(line: &'a [u8]) -> Self {
        Self(line)
    }

    /// All that is left.
    pub(crate) const fn rest(self) -> &'a [u8] {
        self.0
    }

    /// The end of the line.
    pub(crate) fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    pub(crate) fn octet(&mut self, octet: u8) -> Option<()> {
        let (&first, rest) = self.0.split_first()?;
        if first != octet {
            return None;
        }
        self.0 = rest;
        Some(())
    }

    /// A keyword, in any case.
    pub(crate) fn keyword(&mut self, keyword: &str) -> Option<()> {
        let (front, rest) = self.0.split_at_checked(keyword.len())?;
        if !front.eq_ignore_ascii_case(keyword.as_bytes()) {
            return None;
        }
        self.0 = rest;
        Some(())
    }

    /// As many octets as satisfy the condition, perhaps none.
    pub(crate) fn take_while(&mut self, condition: impl Fn(u8) -> bool) -> &'a [u8] {
        let len = self.0.iter().take_while(|&&octet| condition(octet)).count();
        let (taken, rest) = self.0.split_at_checked(len).unwrap_or_default();
        self.0 = rest;
        taken
    }

    /// One or more spaces or tabs.
    pub(crate) fn spaces(&mut self) -> Option<()> {
        let mut rest = self.0;
        while let [b' ' | b'\t', behind @ ..] = rest {
            rest = behind;
        }
        self.advance(rest)
    }

    /// One or more octets that are no space.
    pub(crate) fn word(&mut self) -> Option<&'a [u8]> {
        let word = self.take_while(|octet| octet != b' ');
        (!word.is_empty()).then_some(word)
    }

    /// A decimal number, of any count of digits, that fits 64 bits.
    pub(crate) fn number64(&mut self) -> Option<u64> {
        let mut rest = self.0;
        let mut number = 0_u64;
        while let [digit @ b'0'..=b'9', behind @ ..] = rest {
            number = number.checked_mul(10)?.checked_add(u64::from(digit & 0x0f))?;
            rest = behind;
        }
        self.advance(rest)?;
        Some(number)
    }

    /// A decimal number that fits 32 bits.
    pub(crate) fn number(&mut self) -> Option<u32> {
        let mut rest = self.0;
        let mut number = 0_u32;
        while let [digit @ b'0'..=b'9', behind @ ..] = rest {
            number = number.checked_mul(10)?.checked_add(u32::from(digit & 0x0f))?;
            rest = behind;
        }
        self.advance(rest)?;
        Some(number)
    }

    /// Goes on to what is left, if that is less.
    fn advance(&mut self, rest: &'a [u8]) -> Option<()> {
        if rest.len() == self.0.len() {
            return None;
        }
        self.0 = rest;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_not_taken() {
        let mut line = Cursor::new(b"TOP 1 10");
        assert_eq!(line.keyword("topp"), None);
        assert_eq!(line.number(), None);
        assert_eq!(line.keyword("top"), Some(()));
        assert_eq!((line.spaces(), line.number()), (Some(()), Some(1)));
        assert_eq!(line.end(), None);
        assert_eq!(line.rest(), b" 10");
    }

    #[test]
    fn numbers_do_not_overflow() {
        for (text, number) in [
            (&b"0"[..], Some(0)),
            (b"012", Some(12)),
            (b"4294967295", Some(u32::MAX)),
            (b"4294967296", None),
            (b"99999999999999999999", None),
            (b"-1", None),
            (b"+1", None),
            (b"", None),
        ] {
            assert_eq!(Cursor::new(text).number(), number, "{text:?}");
        }
        assert_eq!(Cursor::new(b"18446744073709551615").number64(), Some(u64::MAX));
        assert_eq!(Cursor::new(b"18446744073709551616").number64(), None);
    }
}
