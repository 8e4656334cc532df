//! Lower-case hexadecimal of an MD5 digest.

/// Two digits an octet, as CRAM-MD5 and APOP write their digests.
pub(super) fn of_digest(digest: &[u8]) -> [u8; 32] {
    let mut text = [b'0'; 32];
    for (pair, octet) in text.chunks_exact_mut(2).zip(digest) {
        if let [high, low] = pair {
            *high = digit(octet >> 4);
            *low = digit(octet & 15);
        }
    }
    text
}

fn digit(value: u8) -> u8 {
    if value < 10 { b'0'.wrapping_add(value) } else { (b'a' - 10).wrapping_add(value) }
}
