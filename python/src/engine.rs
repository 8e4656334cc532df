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
    /// A client's engine with its buffers.
    pub(crate) struct ClientCell {
        owner: Buffers,
        #[not_covariant]
        dependent: Pop3Client,
    }
);

pub(crate) type ImapClient<'b> = mailproto_core::imap::Client<'b, WINDOW>;

self_cell!(
    /// An IMAP client's engine with its buffers.
    pub(crate) struct ImapCell {
        owner: Buffers,
        #[not_covariant]
        dependent: ImapClient,
    }
);

/// What a server's engine borrows.
pub(crate) struct ServerMemory {
    pub(crate) buffers: Buffers,
    marks: Buffer,
    pub(crate) timestamp: Option<Vec<u8>>,
    pub(crate) implementation: Option<Vec<u8>>,
}

impl ServerMemory {
    /// Memory with a mark for each of so many messages.
    pub(crate) fn new(buffers: Buffers, messages: usize) -> Self {
        let marks = MutBorrow::new(Zeroizing::new(vec![0; messages.div_ceil(8)]));
        Self { buffers, marks, timestamp: None, implementation: None }
    }

    /// The marks, to be borrowed once.
    pub(crate) fn marks(&self) -> &mut [u8] {
        self.marks.borrow_mut()
    }
}

pub(crate) type Pop3Server<'b> = mailproto_core::pop3::Server<'b, 'b>;

self_cell!(
    /// A server's engine with what it borrows.
    pub(crate) struct ServerCell {
        owner: ServerMemory,
        #[not_covariant]
        dependent: Pop3Server,
    }
);
