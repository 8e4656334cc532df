//! The outgoing buffer: what is to be sent lies in it until the caller has sent it. A write goes
//! in whole or not at all, and what has been sent is wiped, since it may have held a secret.

use zeroize::Zeroize;

use crate::LocalError;

/// Octets that wait to be sent, in memory that the caller lends.
pub struct Tx<'b> {
    buffer: &'b mut [u8],
    start: usize,
    end: usize,
}

impl<'b> Tx<'b> {
    /// An empty buffer over the caller's memory.
    #[must_use]
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, start: 0, end: 0 }
    }

    /// The caller's memory, all of it.
    #[must_use]
    pub const fn buffer(&self) -> &[u8] {
        self.buffer
    }

    /// Forgets what was waiting, and wipes all of the caller's memory.
    pub fn wipe(&mut self) {
        self.buffer.zeroize();
        (self.start, self.end) = (0, 0);
    }

    /// What waits to be sent.
    #[must_use]
    pub fn pending(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Forgets, and wipes, the first `n` octets that were waiting; more than there are counts as all.
    pub fn sent(&mut self, n: usize) {
        let until = self.start.saturating_add(n).min(self.end);
        self.buffer.get_mut(self.start..until).unwrap_or_default().zeroize();
        self.start = until;
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
    }

    /// Forgets, and wipes, all that was waiting.
    pub fn clear(&mut self) {
        self.sent(self.buffer.len());
    }

    /// Appends the parts, all or none.
    ///
    /// # Errors
    /// [`LocalError::BufferTooSmall`] when they can never fit, [`LocalError::Full`] when they would
    /// after sending. Nothing is changed then.
    pub fn write(&mut self, parts: &[&[u8]]) -> Result<usize, LocalError> {
        let needed = parts.iter().fold(0_usize, |sum, part| sum.saturating_add(part.len()));
        let mut room = self.room(needed)?;
        for part in parts {
            let (to, rest) = room.split_at_mut_checked(part.len()).unwrap_or_default();
            for (to, from) in to.iter_mut().zip(*part) {
                *to = *from;
            }
            room = rest;
        }
        self.end = self.end.saturating_add(needed);
        Ok(needed)
    }

    /// The free part of the buffer, at least `needed` octets of it. What is put there counts once
    /// [`commit`](Self::commit) is called.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn room(&mut self, needed: usize) -> Result<&mut [u8], LocalError> {
        if needed > self.buffer.len() {
            return Err(LocalError::BufferTooSmall { needed });
        }
        if needed > self.buffer.len().saturating_sub(self.end) {
            self.compact();
        }
        match self.buffer.get_mut(self.end..) {
            Some(room) if room.len() >= needed => Ok(room),
            _ => Err(LocalError::Full),
        }
    }

    /// Counts the first `n` octets of the room as waiting.
    pub fn commit(&mut self, n: usize) {
        self.end = self.end.saturating_add(n).min(self.buffer.len());
    }

    /// All of the free part of the buffer.
    pub fn free(&mut self) -> &mut [u8] {
        self.compact();
        self.buffer.get_mut(self.end..).unwrap_or_default()
    }

    /// Moves what waits to the front and wipes where it lay.
    fn compact(&mut self) {
        if self.start == 0 {
            return;
        }
        let len = move_to_front(self.buffer, self.start, self.end);
        self.buffer.get_mut(len..self.end).unwrap_or_default().zeroize();
        (self.start, self.end) = (0, len);
    }
}

/// Moves `buffer[start..end]` to the front and returns its length: one function for all, since a copy of its
/// own, made where the range is not known to be sound, would drag the panic along.
#[inline(never)]
pub(crate) fn move_to_front(buffer: &mut [u8], start: usize, end: usize) -> usize {
    if start > end || end > buffer.len() {
        return 0;
    }
    buffer.copy_within(start..end, 0);
    end.saturating_sub(start)
}

/// Copies as much as fits. Where speed counts that is a call of `memcpy`; elsewhere a loop, which brings no
/// panic along however little is optimized.
#[cfg(feature = "imap")]
#[inline]
pub(crate) fn copy(to: &mut [u8], from: &[u8]) {
    #[cfg(feature = "wide")]
    if let Some(to) = to.get_mut(..from.len()) {
        to.copy_from_slice(from);
    }
    #[cfg(not(feature = "wide"))]
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

/// How much there is, but not what: it may be a password.
impl core::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Tx").field("pending", &self.pending().len()).finish_non_exhaustive()
    }
}

/// A number in decimal digits, without allocation.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    digits: [u8; 20],
    first: u8,
}

impl Decimal {
    /// The digits of `number`.
    #[must_use]
    pub fn new(mut number: u64) -> Self {
        let (mut digits, mut first) = ([b'0'; 20], 20_u8);
        for digit in digits.iter_mut().rev() {
            // The remainder of a division by ten fits an octet.
            *digit = b'0'.wrapping_add((number % 10) as u8);
            number /= 10;
            first = first.saturating_sub(1);
            if number == 0 {
                break;
            }
        }
        Self { digits, first }
    }

    /// The digits as octets.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.digits.get(usize::from(self.first)..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_goes_in_whole_or_not_at_all() {
        let mut memory = [0; 8];
        let mut tx = Tx::new(&mut memory);
        assert_eq!(tx.write(&[b"NOOP", b"\r\n"]), Ok(6));
        assert_eq!(tx.write(&[b"QUIT"]), Err(LocalError::Full));
        assert_eq!(tx.write(&[b"123456789"]), Err(LocalError::BufferTooSmall { needed: 9 }));
        assert_eq!(tx.pending(), b"NOOP\r\n");
        tx.sent(4);
        assert_eq!(tx.write(&[b"QUIT"]), Ok(4), "room is found by moving what waits");
        assert_eq!(tx.pending(), b"\r\nQUIT");
    }

    #[test]
    fn what_was_sent_is_wiped() {
        let mut memory = [0xff; 16];
        let mut tx = Tx::new(&mut memory);
        tx.write(&[b"PASS secret\r\n"]).unwrap();
        tx.sent(8);
        tx.write(&[b"NOOP\r\n"]).unwrap();
        tx.sent(100);
        assert!(tx.pending().is_empty());
        assert!(!memory.windows(3).any(|window| window == b"ecr"), "{memory:?}");
    }

    #[test]
    fn decimals() {
        for number in [0, 1, 9, 10, 4_294_967_295, u64::MAX] {
            assert_eq!(Decimal::new(number).as_bytes(), number.to_string().as_bytes());
        }
    }
}
