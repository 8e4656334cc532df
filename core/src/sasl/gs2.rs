//! The GS2 header (RFC 5801 §4), with which SCRAM and OAUTHBEARER begin:
//! `gs2-header = gs2-cbind-flag "," [ "a=" saslname ] ","`.

use super::output::Sink;

/// Writes `flag,[a=authzid],`.
pub(super) fn put_header(to: &mut dyn Sink, flag: &str, authzid: &str) {
    to.put(flag.as_bytes());
    to.put(b",");
    if !authzid.is_empty() {
        to.put(b"a=");
        put_saslname(to, authzid);
    }
    to.put(b",");
}

/// Writes a `saslname` (RFC 5802 §5.1): a comma as `=2C`, an equals sign as `=3D`.
pub(super) fn put_saslname(to: &mut dyn Sink, name: &str) {
    for octet in name.as_bytes() {
        match octet {
            b',' => to.put(b"=2C"),
            b'=' => to.put(b"=3D"),
            other => to.put(&[*other]),
        }
    }
}

#[cfg(feature = "server")]
pub(super) use server::{Header, parse_header, put_unescaped};

#[cfg(feature = "server")]
mod server {
    use super::Sink;
    use crate::sasl::Error;

    /// A message split after its GS2 header.
    pub(in crate::sasl) struct Header<'m> {
        /// The `saslname` of the authorization identity, still escaped; empty when absent.
        pub(in crate::sasl) authzid: &'m [u8],
        /// The whole header, with its last comma.
        pub(in crate::sasl) header: &'m [u8],
        /// What follows.
        pub(in crate::sasl) rest: &'m [u8],
    }

    /// Splits a client's first message.
    ///
    /// Channel binding (`p=`) is an error, as no -PLUS mechanism is offered; `y` (the client could, but believes
    /// that the server cannot) is then the truth.
    pub(in crate::sasl) fn parse_header(message: &[u8]) -> Result<Header<'_>, Error> {
        if message.starts_with(b"p=") {
            return Err(Error::UnsupportedExtension);
        }
        let mut fields = message.splitn(3, |octet| *octet == b',');
        let (Some(b"n" | b"y"), Some(authzid), Some(rest)) =
            (fields.next(), fields.next(), fields.next())
        else {
            return Err(Error::MalformedResponse);
        };
        let authzid = match authzid {
            b"" => authzid,
            named => named
                .strip_prefix(b"a=")
                .filter(|n| !n.is_empty())
                .ok_or(Error::MalformedResponse)?,
        };
        let header = message
            .len()
            .checked_sub(rest.len())
            .and_then(|end| message.get(..end))
            .ok_or(Error::MalformedResponse)?;
        Ok(Header { authzid, header, rest })
    }

    /// Writes a `saslname` unescaped. Only `=2C` and `=3D` are legal, in capitals.
    pub(in crate::sasl) fn put_unescaped(to: &mut dyn Sink, name: &[u8]) -> Result<(), Error> {
        let mut rest = name;
        while let Some((first, tail)) = rest.split_first() {
            rest = match first {
                b'=' => {
                    let (octet, tail) = escaped(tail).ok_or(Error::MalformedResponse)?;
                    to.put(&[octet]);
                    tail
                }
                other => {
                    to.put(&[*other]);
                    tail
                }
            };
        }
        Ok(())
    }

    fn escaped(after_equals: &[u8]) -> Option<(u8, &[u8])> {
        let comma = after_equals.strip_prefix(b"2C").map(|tail| (b',', tail));
        comma.or_else(|| after_equals.strip_prefix(b"3D").map(|tail| (b'=', tail)))
    }
}
