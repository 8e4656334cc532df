//! The CRC-32 of zlib, so that the test can see that a mail came whole.

pub(crate) struct Crc32(u32);

impl Crc32 {
    pub(crate) const fn new() -> Self {
        Self(!0)
    }

    pub(crate) fn add(&mut self, octets: &[u8]) {
        for &octet in octets {
            self.0 ^= u32::from(octet);
            for _ in 0..8 {
                let bit = self.0 & 1;
                self.0 = (self.0 >> 1) ^ (0xedb8_8320 * bit);
            }
        }
    }

    pub(crate) const fn value(&self) -> u32 {
        !self.0
    }
}
