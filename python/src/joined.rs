//! Data of one feed as few events. The engine breaks data where it drops a dot; an object for each
//! piece would cost more than to copy the pieces together.

use std::ops::Range;

use mailproto_core::pop3::{CommandNumber, Event};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::event;

/// Data of one command, within one feed, that are not an event yet.
#[derive(Default)]
pub(crate) struct Joined {
    command: CommandNumber,
    pieces: Pieces,
}

#[derive(Default)]
enum Pieces {
    #[default]
    None,
    /// A single one, where it lies in the feed.
    One(Range<usize>),
    /// Several, copied.
    Copied(Vec<u8>),
}

impl Joined {
    /// Adds a piece, which mostly lies in the feed.
    pub(crate) fn add(&mut self, command: CommandNumber, piece: &[u8], feed: &[u8]) {
        self.command = command;
        match &mut self.pieces {
            Pieces::None => {
                let range = place(piece, feed);
                self.pieces = range.map_or_else(|| Pieces::Copied(piece.into()), Pieces::One);
            }
            Pieces::One(first) => {
                let first = feed.get(first.clone()).unwrap_or_default();
                self.pieces = Pieces::Copied([first, piece].concat());
            }
            Pieces::Copied(octets) => octets.extend_from_slice(piece),
        }
    }

    /// Makes an event of what was added, if anything was.
    pub(crate) fn finish<'py>(
        &mut self,
        source: &Bound<'py, PyBytes>,
        events: &mut Vec<Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let pieces = std::mem::take(&mut self.pieces);
        let octets = match &pieces {
            Pieces::None => return Ok(()),
            Pieces::One(range) => source.as_bytes().get(range.clone()).unwrap_or_default(),
            Pieces::Copied(octets) => octets,
        };
        events.push(event::build(Event::Data { command: self.command, octets }, source)?);
        Ok(())
    }
}

/// Where `piece` lies in `feed`, if it does.
pub(crate) fn place(piece: &[u8], feed: &[u8]) -> Option<Range<usize>> {
    let start = piece.as_ptr().addr().wrapping_sub(feed.as_ptr().addr());
    let range = start..start.wrapping_add(piece.len());
    feed.get(range.clone()).map(|_| range)
}
