//! The digest of APOP (RFC 1939 §7): MD5 over the greeting's timestamp and the shared secret.
//!
//! MD5 is broken, and a false server that chooses timestamps can recover the secret (CVE-2007-1558):
//! use APOP only where the server has nothing better, and only over TLS.

use super::hex;
use md5::{Digest, Md5};
use zeroize::Zeroize;

/// The digest that follows the name in `APOP name digest`, in lower-case hexadecimal. `timestamp` includes its angle
/// brackets; that it is a msg-id is for the caller to check.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1939 §7.
    #[test]
    fn known_answer_of_rfc_1939() {
        let digest = digest(b"<1896.697170952@dbc.mtview.ca.us>", b"tanstaaf");
        assert_eq!(&digest, b"c4c9334bac560ecc979e58001b3e22fb");
    }
}
