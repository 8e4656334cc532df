//! Literals (RFC 9051 §4.3) as far as framing needs them: what a line's end announces.

/// How many octets a line announces at its end, without its line ending: `{n}`, and `{n+}` or `{n-}`, which only a
/// client may send. Numbers beyond 64 bits count as the largest one.
pub(crate) fn announced(line: &[u8]) -> Option<u64> {
    let [front @ .., b'}'] = line else { return None };
    let digits = match front {
        [digits @ .., b'+' | b'-'] => digits,
        digits => digits,
    };
    let count = digits.iter().rev().take_while(|octet| octet.is_ascii_digit()).count();
    let (front, digits) = digits.split_at_checked(digits.len().checked_sub(count)?)?;
    if digits.is_empty() || front.last() != Some(&b'{') {
        return None;
    }
    Some(digits.iter().fold(0_u64, |number, digit| {
        number.saturating_mul(10).saturating_add(u64::from(digit & 0x0f))
    }))
}

#[cfg(test)]
mod tests {
    use super::announced;

    #[test]
    fn what_a_line_announces() {
        for (line, octets) in [
            (&b"* LIST () NIL {5}"[..], Some(5)),
            (b"~{012}", Some(12)),
            (b"{0}", Some(0)),
            (b"{2+}", Some(2)),
            (b"{4294967296}", Some(4_294_967_296)),
            (b"{99999999999999999999}", Some(u64::MAX)),
            (b"{}", None),
            (b"{+}", None),
            (b"{-1}", None),
            (b"{5 }", None),
            (b"{5", None),
            (b"5}", None),
            (b"\"{5}\"", None),
            (b"", None),
        ] {
            assert_eq!(announced(line), octets, "{}", line.escape_ascii());
        }
    }
}
