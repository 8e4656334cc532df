//! Where a stream is cut into reads.

/// The positions in a stream at which a read ends, beside the places where the peer must pause.
#[derive(Clone, Debug)]
pub(crate) enum Cuts {
    /// Nowhere: what the peer says between two pauses comes in one read.
    Nowhere,
    /// After every `n` octets.
    Every(usize),
    /// Once, after so many octets of the whole stream.
    Once(usize),
    /// After reads of random length, from this seed.
    Random(u64),
}

impl Cuts {
    /// The lengths of the reads that carry `length` octets which begin at `offset` of the stream.
    pub(crate) fn reads(&self, offset: usize, length: usize) -> Vec<usize> {
        match *self {
            Self::Nowhere => vec![length],
            Self::Every(n) => {
                (0..length).step_by(n.max(1)).map(|at| n.max(1).min(length - at)).collect()
            }
            Self::Once(at) if at > offset && at < offset + length => {
                vec![at - offset, offset + length - at]
            }
            Self::Once(_) => vec![length],
            Self::Random(seed) => random_reads(seed ^ offset as u64, length),
        }
    }
}

fn random_reads(seed: u64, length: usize) -> Vec<usize> {
    let mut random = Random::new(seed);
    let mut reads = Vec::new();
    let mut left = length;
    while left > 0 {
        // Mostly short reads, now and then a long one.
        let most = if random.below(4) == 0 { 64 } else { 6 };
        let read = (1 + random.below(most)).min(left);
        reads.push(read);
        left -= read;
    }
    reads
}

/// A small generator (xorshift64*), so that a failure is repeated by its seed alone.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number from 0 to `limit` - 1.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit.max(1)
    }
}
