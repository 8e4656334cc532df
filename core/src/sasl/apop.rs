//! The digest of APOP (RFC 1939 §7): MD5 over the greeting's timestamp and the shared secret.
//!
//! MD5 is broken, and a false server that chooses timestamps can recover the secret (CVE-2007-1558):
//! use APOP only where the server has nothing better, and only over TLS.

use super::hex;
use md5::{Digest, Md5};
use zeroize::Zeroize;

/// The digest that follows the name in `APOP name digest`, in lower-case hexadecimal. `timestamp` includes its angle
/// brackets; check it with [`is_timestamp`].
///
/// ```
/// use mailproto_core::sasl::apop;
/// let digest = apop::digest(b"<1896.697170952@dbc.mtview.ca.us>", b"tanstaaf");
/// assert_eq!(&digest, b"c4c9334bac560ecc979e58001b3e22fb");
/// ```
pub fn digest(timestamp: &[u8], secret: &[u8]) -> [u8; 32] {
    let mut digest = Md5::new().chain_update(timestamp).chain_update(secret).finalize();
    let text = hex::of_digest(&digest);
    digest.as_mut_slice().zeroize();
    text
}

/// Is this a `msg-id` as RFC 1939 §7 demands: `<local@domain>` in printable ASCII? Checking it hampers the attack
/// on MD5, whose collisions need octets that no message-id has.
pub fn is_timestamp(text: &[u8]) -> bool {
    let inner = text.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">"));
    let Some(inner) = inner else { return false };
    let mut parts = inner.split(|octet| *octet == b'@');
    let (Some(local), Some(domain), None) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let plain = |octet: &u8| octet.is_ascii_graphic() && !matches!(octet, b'<' | b'>');
    !local.is_empty() && !domain.is_empty() && inner.iter().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1939 §7.
    #[test]
    fn known_answer_of_rfc_1939() {
        let digest = digest(b"<1896.697170952@dbc.mtview.ca.us>", b"tanstaaf");
        assert_eq!(&digest, b"c4c9334bac560ecc979e58001b3e22fb");
    }

    #[test]
    fn only_a_message_id_is_a_timestamp() {
        assert!(is_timestamp(b"<1896.697170952@dbc.mtview.ca.us>"));
        for text in [
            &b""[..],
            b"<>",
            b"<@>",
            b"<a@>",
            b"<@b>",
            b"a@b",
            b"<a@b",
            b"<a@b@c>",
            b"<a b@c>",
            b"<a\xff@c>",
            b"<a@<b>",
            b"<",
        ] {
            assert!(!is_timestamp(text), "{text:?}");
        }
    }
}
