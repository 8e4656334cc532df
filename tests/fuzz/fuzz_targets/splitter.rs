//! The framing: lines, blocks taken apart, blocks made. The result does not depend on the cuts, and what was
//! stuffed unstuffs to itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailproto_core::wire::{Framed, LineEnding, LineFramer, Newlines, Piece, Stuffer, Unstuffer};
use mailproto_fuzz::Input;

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let scratch = usize::from(input.setting >> 2);
    assert_eq!(lines(&input.whole(), scratch), lines(&input.cut(), scratch));
    for ending in [LineEnding::Crlf, LineEnding::Lf] {
        assert_eq!(unstuffed(&input.whole(), ending), unstuffed(&input.cut(), ending));
    }
    for newlines in [Newlines::Keep, Newlines::ToCrlf] {
        round_trip(&input, newlines);
    }
});

type Line = (Vec<u8>, LineEnding, u64);

fn lines(reads: &[&[u8]], scratch: usize) -> Vec<Line> {
    let (mut framer, mut scratch) = (LineFramer::default(), vec![0; scratch]);
    let mut lines = Vec::new();
    for &read in reads {
        let mut input = read;
        loop {
            let before = input.len();
            let line = match framer.next(&mut scratch, &mut input) {
                Framed::Partial => break,
                Framed::Whole(line, ending) => (line.to_vec(), ending, line.len() as u64),
                Framed::Gathered(len, ending) => (scratch[..len].to_vec(), ending, len as u64),
                Framed::Oversize { octets, ending } => (scratch.clone(), ending, octets),
            };
            assert!(input.len() < before, "a line without an end");
            lines.push(line);
        }
        assert!(input.is_empty(), "all is taken");
    }
    lines
}

/// The texts of the blocks that lie one behind the other; the last may have no end.
fn unstuffed(reads: &[&[u8]], ending: LineEnding) -> Vec<Vec<u8>> {
    let mut unstuffer = Unstuffer::new(ending);
    let mut blocks = vec![Vec::new()];
    for &read in reads {
        let (mut input, mut steps) = (read, 0);
        while let Some(piece) = unstuffer.next(&mut input) {
            steps += 1;
            assert!(steps <= 2 * read.len() + 2, "more pieces than octets");
            match piece {
                Piece::Data(octets) => {
                    assert!(!octets.is_empty());
                    blocks.last_mut().unwrap().extend_from_slice(octets);
                }
                Piece::End => blocks.push(Vec::new()),
            }
        }
        assert!(input.is_empty(), "all is taken");
    }
    blocks
}

fn round_trip(input: &Input<'_>, newlines: Newlines) {
    let room = 2 + usize::from(input.setting & 63);
    let block = stuffed(&input.cut(), newlines, room);
    assert_eq!(block, stuffed(&input.whole(), newlines, 4096));
    let blocks = unstuffed(&[&block], LineEnding::Crlf);
    assert_eq!(blocks, [as_sent(input.octets, newlines), Vec::new()]);
}

fn stuffed(reads: &[&[u8]], newlines: Newlines, room: usize) -> Vec<u8> {
    let (mut stuffer, mut out) = (Stuffer::new(newlines), vec![0; room]);
    let mut block = Vec::new();
    for &read in reads {
        let mut text = read;
        while !text.is_empty() {
            let filled = stuffer.stuff(&mut text, &mut out);
            assert!(filled > 0 || text.is_empty(), "stuck");
            block.extend_from_slice(&out[..filled]);
        }
    }
    let mut end = [0; 5];
    let filled = stuffer.finish(&mut end).expect("five octets are enough");
    block.extend_from_slice(&end[..filled]);
    block
}

/// A text as it must arrive, written in the plainest way.
fn as_sent(text: &[u8], newlines: Newlines) -> Vec<u8> {
    let mut sent = Vec::new();
    for &octet in text {
        if octet == b'\n' && newlines == Newlines::ToCrlf && sent.last() != Some(&b'\r') {
            sent.push(b'\r');
        }
        sent.push(octet);
    }
    if !sent.is_empty() && !sent.ends_with(b"\r\n") {
        sent.extend_from_slice(b"\r\n");
    }
    sent
}
