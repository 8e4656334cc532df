//! Engines that own their buffers. The core's engines borrow them; a Python object has nobody to
//! borrow from. `self_cell` keeps a buffer and what borrows it in one box.

use self_cell::{MutBorrow, self_cell};
use zeroize::Zeroizing;

/// A buffer on the heap that is wiped in the end: commands with secrets lie in it.
type Buffer = MutBorrow<Zeroizing<Vec<u8>>>;

/// The two buffers of an engine.
pub(crate) struct Buffers {
    scratch: Buffer,
    outgoing: Buffer,
}

impl Buffers {
    pub(crate) fn new(scratch: usize, outgoing: usize) -> Self {
        let buffer = |size| MutBorrow::new(Zeroizing::new(vec![0; size]));
        Self { scratch: buffer(scratch), outgoing: buffer(outgoing) }
    }

    /// Both, to be borrowed once.
    pub(crate) fn lend(&self) -> (&mut [u8], &mut [u8]) {
        (self.scratch.borrow_mut(), self.outgoing.borrow_mut())
    }
}

/// How many commands may be in flight.
pub(crate) const WINDOW: usize = 256;

pub(crate) type Pop3Client<'b> = mailproto_core::pop3::Client<'b, WINDOW>;

self_cell!(
    pub(crate) struct ClientCell {
        owner: Buffers,
        #[not_covariant]
        dependent: Pop3Client,
    }
);
