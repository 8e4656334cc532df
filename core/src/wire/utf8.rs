//! UTF-8 (RFC 3629 §4), octet by octet: a third of the size of what the standard library has, and slower.

/// Within a character: how many octets are still due, and the range of the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Utf8 {
    due: u8,
    low: u8,
    high: u8,
}

#[cfg(feature = "imap")]
impl Default for Utf8 {
    fn default() -> Self {
        Self::START
    }
}

impl Utf8 {
    /// Before a character.
    pub(crate) const START: Self = Self { due: 0, low: 0x80, high: 0xbf };

    /// Whether no character is begun and not ended.
    #[cfg(feature = "imap")]
    pub(crate) const fn is_whole(self) -> bool {
        self.due == 0
    }

    /// Goes on with an octet: whether it ends a character, or `None` where it cannot stand. Then this is before a
    /// character again.
    #[cfg(feature = "message")]
    pub(crate) fn take(&mut self, octet: u8) -> Option<bool> {
        let fits = self.go_on(octet);
        if !fits {
            *self = Self::START;
        }
        fits.then_some(self.due == 0)
    }

    /// Goes on with an octet: whether it can stand here. If not, this is of no more use.
    pub(crate) fn go_on(&mut self, octet: u8) -> bool {
        let Self { due, low, high } = *self;
        // Narrower behind those first octets that could begin what is not the shortest form, a surrogate, or more
        // than there is.
        self.low = match octet {
            0xe0 => 0xa0,
            0xf0 => 0x90,
            _ => 0x80,
        };
        self.high = match octet {
            0xed => 0x9f,
            0xf4 => 0x8f,
            _ => 0xbf,
        };
        if due > 0 {
            self.due = due.wrapping_sub(1);
            return low <= octet && octet <= high;
        }
        self.due = match octet {
            0..0x80 => 0,
            0xc2..0xe0 => 1,
            0xe0..0xf0 => 2,
            0xf0..0xf5 => 3,
            _ => return false,
        };
        true
    }
}

/// How many octets, from the first on, are whole characters.
#[cfg(any(not(feature = "fast"), test))]
fn characters(octets: &[u8]) -> usize {
    let (mut utf8, mut whole) = (Utf8::START, 0);
    for (at, &octet) in octets.iter().enumerate() {
        if !utf8.go_on(octet) {
            break;
        }
        if utf8.due == 0 {
            whole = at.wrapping_add(1);
        }
    }
    whole
}

/// How many octets, from the first on, are UTF-8.
#[cfg(feature = "fast")]
#[must_use]
pub fn valid_up_to(octets: &[u8]) -> usize {
    core::str::from_utf8(octets).map_or_else(|error| error.valid_up_to(), str::len)
}

/// How many octets, from the first on, are UTF-8.
#[cfg(not(feature = "fast"))]
#[inline(never)]
#[must_use]
pub fn valid_up_to(octets: &[u8]) -> usize {
    characters(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All characters, all that begin like one, and what follows the first of four octets.
    #[test]
    fn utf8_is_what_the_standard_library_takes_for_it() {
        let same = |octets: &[u8]| {
            let expected = core::str::from_utf8(octets).map_or_else(|e| e.valid_up_to(), str::len);
            assert_eq!(characters(octets), expected, "{octets:x?}");
        };
        for first in 0..=0xff {
            same(&[first]);
            for second in 0..=0xff {
                same(&[first, second]);
                for third in [0, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff] {
                    same(&[first, second, third]);
                    for fourth in [0x7f, 0x80, 0xbf, 0xc0] {
                        same(&[first, second, third, fourth]);
                        same(&[b'a', first, second, third, fourth, b'z']);
                    }
                }
            }
        }
        for char in '\0'..=char::MAX {
            same(char.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}
