//! COMPRESS (RFC 4978): both directions are one DEFLATE stream each, between the engine and the channel.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};

use crate::Result;

pub(crate) struct Deflate {
    compress: Compress,
    decompress: Decompress,
    /// Room for what comes out of either; more than DEFLATE makes of what the engine has to send at once.
    room: Vec<u8>,
}

impl Deflate {
    pub(crate) fn new() -> Self {
        // Raw streams, without zlib's header.
        let (compress, decompress) =
            (Compress::new(Compression::default(), false), Decompress::new(false));
        Self { compress, decompress, room: vec![0; 65_536] }
    }

    /// Compresses some of `octets`: how many it took, and what came out. Nothing more comes out once all was
    /// taken and the room is not full.
    pub(crate) fn compress(&mut self, octets: &[u8]) -> Result<(usize, &[u8])> {
        let (before, behind) = (self.compress.total_in(), self.compress.total_out());
        self.compress.compress(octets, &mut self.room, FlushCompress::Sync)?;
        let taken = self.compress.total_in() - before;
        let made = self.compress.total_out() - behind;
        Ok((taken as usize, &self.room[..made as usize]))
    }

    /// Decompresses some of `octets`: how many it took, and what came out.
    pub(crate) fn decompress(&mut self, octets: &[u8]) -> Result<(usize, &[u8])> {
        let (before, behind) = (self.decompress.total_in(), self.decompress.total_out());
        self.decompress.decompress(octets, &mut self.room, FlushDecompress::Sync)?;
        let taken = self.decompress.total_in() - before;
        let made = self.decompress.total_out() - behind;
        Ok((taken as usize, &self.room[..made as usize]))
    }
}
