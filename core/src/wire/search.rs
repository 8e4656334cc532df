//! The two searches that every octet of a session goes through. With the `wide` feature they run at
//! the speed of vector instructions; without it they are byte loops, smaller on a chip.

/// Index of the first LF. Most lines are short: before the vectors are set up, a few words are looked at.
#[cfg(feature = "memchr")]
#[inline]
pub(crate) fn find_lf(haystack: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    while at < NEAR
        && let Some(word) = haystack.get(at..).and_then(|rest| rest.first_chunk::<8>())
    {
        let lf = lf_in(u64::from_le_bytes(*word));
        if lf != 0 {
            return at.checked_add((lf.trailing_zeros() / 8) as usize);
        }
        at = at.wrapping_add(8);
    }
    let rest = haystack.get(at..)?;
    // What is left of a short piece is not worth a call.
    let lf = if rest.len() < 16 {
        rest.iter().position(|&octet| octet == b'\n')
    } else {
        memchr::memchr(b'\n', rest)
    };
    lf?.checked_add(at)
}

/// How many octets are looked at word by word.
#[cfg(feature = "memchr")]
const NEAR: usize = 64;

/// The high bit of the lowest octet that is LF, and perhaps of higher ones.
#[cfg(feature = "memchr")]
const fn lf_in(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let lf = word ^ ONES.wrapping_mul(b'\n' as u64);
    lf.wrapping_sub(ONES) & !lf & (ONES * 0x80)
}

/// Index of the first LF.
#[cfg(not(feature = "memchr"))]
pub(crate) fn find_lf(haystack: &[u8]) -> Option<usize> {
    let clean = clean_of_lf(haystack);
    let at = haystack.get(clean..)?.iter().position(|&octet| octet == b'\n')?;
    clean.checked_add(at)
}

/// How many leading octets, in whole blocks, hold no LF. Written as a fold without branches, which
/// compilers turn into vector code.
#[cfg(all(feature = "wide", not(feature = "memchr")))]
fn clean_of_lf(haystack: &[u8]) -> usize {
    const BLOCK: usize = 16;
    let (blocks, _) = haystack.as_chunks::<BLOCK>();
    let clean = blocks.iter().take_while(|block| {
        block.iter().fold(0, |hits, &octet| hits | u8::from(octet == b'\n')) == 0
    });
    clean.count().saturating_mul(BLOCK)
}

#[cfg(not(feature = "wide"))]
fn clean_of_lf(_: &[u8]) -> usize {
    0
}

/// Index of the first LF that is directly followed by a dot.
pub(crate) fn find_lf_dot(haystack: &[u8]) -> Option<usize> {
    let mut from = clean_prefix(haystack);
    // At most a few lines' ends are left to look at, one by one.
    loop {
        let lf = haystack.get(from..).and_then(find_lf)?.checked_add(from)?;
        from = lf.checked_add(1)?;
        if haystack.get(from) == Some(&b'.') {
            return Some(lf);
        }
    }
}

/// How many leading octets, in whole blocks, hold no LF that a dot follows: large blocks first,
/// then small ones in what is left.
#[cfg(feature = "wide")]
fn clean_prefix(haystack: &[u8]) -> usize {
    let large = clean_blocks::<64>(haystack);
    let rest = haystack.get(large..).unwrap_or_default();
    large.saturating_add(clean_blocks::<16>(rest))
}

/// The same in blocks of one size.
#[cfg(feature = "wide")]
fn clean_blocks<const BLOCK: usize>(haystack: &[u8]) -> usize {
    let Some(following) = haystack.get(1..) else { return 0 };
    let (blocks, _) = haystack.as_chunks::<BLOCK>();
    let (shifted, _) = following.as_chunks::<BLOCK>();
    let clean = blocks.iter().zip(shifted).take_while(|(block, shifted)| {
        let hits = block.iter().zip(*shifted).fold(0, |hits, (&octet, &next)| {
            hits | (u8::from(octet == b'\n') & u8::from(next == b'.'))
        });
        hits == 0
    });
    clean.count().saturating_mul(BLOCK)
}

#[cfg(not(feature = "wide"))]
fn clean_prefix(_: &[u8]) -> usize {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lf_dot_is_found_at_every_position_of_a_block() {
        for len in 0..200 {
            for at in 0..len {
                let mut text = vec![b'a'; len];
                text[at] = b'\n';
                assert_eq!(find_lf_dot(&text), None);
                if at + 1 < len {
                    text[at + 1] = b'.';
                    assert_eq!(find_lf_dot(&text), Some(at), "length {len}");
                }
            }
        }
    }

    #[test]
    fn lf_is_found_at_every_position_of_a_block() {
        for len in 0..100 {
            let mut text = vec![b'a'; len];
            assert_eq!(find_lf(&text), None);
            for at in (0..len).rev() {
                text[at] = b'\n';
                assert_eq!(find_lf(&text), Some(at), "length {len}");
            }
        }
    }

    #[test]
    fn lone_dots_and_line_feeds_are_no_match() {
        let text = b"a.b.\r\nc\n\nd.\n".repeat(40);
        assert_eq!(find_lf_dot(&text), None);
    }
}
