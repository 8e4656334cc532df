//! Lower-case hexadecimal of an MD5 digest.

/// Two digits an octet, as CRAM-MD5 and APOP write their digests.
pub(super) fn of_digest(digest: &[u8]) -> [u8; 32] {
    let mut text = [b'0'; 32];
    let digits = digest.iter().flat_map(|octet| [digit(octet >> 4), digit(octet & 15)]);
    text.iter_mut().zip(digits).for_each(|(to, digit)| *to = digit);
    text
}

fn digit(value: u8) -> u8 {
    if value < 10 { b'0'.wrapping_add(value) } else { (b'a' - 10).wrapping_add(value) }
}
