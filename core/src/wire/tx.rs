//! The outgoing buffer: what is to be sent lies in it until the caller has sent it. A write goes
//! in whole or not at all, and what has been sent is wiped, since it may have held a secret.

use crate::wipe::wipe;

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
        wipe(self.buffer);
        (self.start, self.end) = (0, 0);
    }

    /// What waits to be sent.
    #[must_use]
    pub fn pending(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The first `n` octets of what waits to be sent.
    #[cfg(feature = "pop3")]
    pub(crate) fn front(&self, n: usize) -> &[u8] {
        let until = self.start.saturating_add(n).min(self.end);
        self.buffer.get(self.start..until).unwrap_or_default()
    }

    /// Forgets, and wipes, the first `n` octets that were waiting; more than there are counts as all.
    pub fn sent(&mut self, n: usize) {
        let until = self.start.saturating_add(n).min(self.end);
        self.erase(self.start, until);
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
        if needed > self.buffer.len().wrapping_sub(self.end) {
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

    /// Appends as many of the octets as there is room for: [`room`](Self::room) made sure of it.
    #[cfg(feature = "pop3")]
    pub(crate) fn put(&mut self, octets: &[u8]) {
        self.rest().iter_mut().zip(octets).for_each(|(to, from)| *to = *from);
        self.commit(octets.len());
    }

    /// The free part of the buffer behind what waits, no octet of which is moved.
    #[cfg(feature = "pop3")]
    pub(crate) fn rest(&mut self) -> &mut [u8] {
        self.buffer.get_mut(self.end..).unwrap_or_default()
    }

    /// Takes the last `n` octets back that were put there, and wipes them.
    #[cfg(feature = "pop3")]
    pub(crate) fn take_back(&mut self, n: usize) {
        let end = self.end.saturating_sub(n).max(self.start);
        self.erase(end, self.end);
        self.end = end;
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
        self.erase(len, self.end);
        (self.start, self.end) = (0, len);
    }

    fn erase(&mut self, from: usize, to: usize) {
        wipe(self.buffer.get_mut(from..to).unwrap_or_default());
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
            let (tenth, rest) = divide(number);
            *digit = b'0'.wrapping_add(rest);
            number = tenth;
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

/// Where octets go, piece by piece: a function, or what knows itself what to do with them. Then no call goes by a
/// pointer, so that it is known how deep the stack becomes.
#[cfg(feature = "imap")]
pub(crate) trait Put {
    /// Takes the next piece.
    fn put(&mut self, octets: &[u8]);
}

#[cfg(feature = "imap")]
impl<F: FnMut(&[u8])> Put for F {
    fn put(&mut self, octets: &[u8]) {
        self(octets);
    }
}

/// Writes the digits of `number`.
#[cfg(feature = "imap")]
#[cfg_attr(not(feature = "fast"), inline(never))]
pub(crate) fn put_decimal(number: u64, out: &mut impl Put) {
    out.put(Decimal::new(number).as_bytes());
}

/// The digits of a number of 32 bits, at the end of `room`.
#[cfg(feature = "pop3")]
pub(crate) fn decimal(room: &mut [u8; 10], mut number: u32) -> &[u8] {
    let mut first = room.len();
    for place in room.iter_mut().rev() {
        *place = b'0'.wrapping_add((number % 10) as u8);
        number /= 10;
        first = first.saturating_sub(1);
        if number == 0 {
            break;
        }
    }
    room.get(first..).unwrap_or_default()
}

/// A tenth of the number, and what is left of it. By parts, since the division of a number of 64 bits takes 700
/// octets of a chip's flash.
const fn divide(number: u64) -> (u64, u8) {
    let (high, low) = ((number >> 32) as u32, number as u32);
    // What is left, less than ten, stands before the next 16 bits.
    let middle = (high % 10) << 16 | low >> 16;
    let last = (middle % 10) << 16 | low & 0xffff;
    let tenth = ((high / 10) as u64) << 32 | ((middle / 10) as u64) << 16 | (last / 10) as u64;
    (tenth, (last % 10) as u8)
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
        for number in [
            0,
            1,
            9,
            10,
            65_535,
            65_536,
            4_294_967_295,
            4_294_967_296,
            123_456_789_012_345_678,
            u64::MAX,
        ] {
            assert_eq!(Decimal::new(number).as_bytes(), number.to_string().as_bytes());
            #[cfg(feature = "pop3")]
            if let Ok(number) = u32::try_from(number) {
                assert_eq!(decimal(&mut [0; 10], number), number.to_string().as_bytes());
            }
        }
    }
}
