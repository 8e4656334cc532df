//! SASL (RFC 4422) for C: which mechanisms there are, the client's side of an exchange, the
//! server's.

mod client;
#[cfg(feature = "server")]
mod server;

pub use client::*;
#[cfg(feature = "server")]
pub use server::*;

#[cfg(feature = "apop")]
use core::mem::MaybeUninit;

use mailproto_core::sasl::{Name, NameSet};

#[cfg(feature = "apop")]
use crate::{mailproto_error, mailproto_span};

/// A SASL mechanism.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_sasl_mechanism {
    /// No mechanism, or none that is known here.
    None = 0,
    /// SCRAM-SHA-256 (RFC 7677).
    Scram_Sha_256 = 1,
    /// SCRAM-SHA-1 (RFC 5802).
    Scram_Sha_1 = 2,
    /// CRAM-MD5 (RFC 2195).
    Cram_Md5 = 3,
    /// PLAIN (RFC 4616).
    Plain = 4,
    /// LOGIN (draft-murchison-sasl-login).
    Login = 5,
    /// OAUTHBEARER (RFC 7628).
    OauthBearer = 6,
    /// XOAUTH2.
    Xoauth2 = 7,
    /// EXTERNAL (RFC 4422 appendix A).
    External = 8,
    /// ANONYMOUS (RFC 4505).
    Anonymous = 9,
}

impl mailproto_sasl_mechanism {
    pub(crate) fn of(name: Name) -> Self {
        match name {
            Name::ScramSha256 => Self::Scram_Sha_256,
            Name::ScramSha1 => Self::Scram_Sha_1,
            Name::CramMd5 => Self::Cram_Md5,
            Name::Plain => Self::Plain,
            Name::Login => Self::Login,
            Name::OauthBearer => Self::OauthBearer,
            Name::XOauth2 => Self::Xoauth2,
            Name::External => Self::External,
            Name::Anonymous => Self::Anonymous,
            _ => Self::None,
        }
    }
}

/// The mechanism of this number.
pub(crate) fn name_of(number: i32) -> Option<Name> {
    Name::ALL.into_iter().find(|&name| mailproto_sasl_mechanism::of(name) as i32 == number)
}

/// A set as C sees it: the bit `1 << mechanism` for each.
pub(crate) fn mask_of(names: NameSet) -> u32 {
    names.iter().fold(0, |mask, name| mask | 1 << (mailproto_sasl_mechanism::of(name) as u32))
}

pub(crate) fn set_of(mask: u32) -> NameSet {
    let inside = |name: &Name| mask & (1 << (mailproto_sasl_mechanism::of(*name) as u32)) != 0;
    Name::ALL.into_iter().filter(inside).fold(NameSet::EMPTY, NameSet::with)
}

/// The strongest of the mechanisms that are in both sets, or `MAILPROTO_SASL_MECHANISM_NONE`.
///
/// A set has the bit `1u << mechanism` for each of its mechanisms. For passwords the order is
/// SCRAM-SHA-256, SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN; for tokens OAUTHBEARER, XOAUTH2.
///
/// @param offered    what the server offers: `mailproto_pop3_client_mechanisms`.
/// @param available  what the program can do, such as `MAILPROTO_SASL_PASSWORD_MECHANISMS`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_choose(offered: u32, available: u32) -> mailproto_sasl_mechanism {
    let chosen = mailproto_core::sasl::choose(set_of(offered), set_of(available));
    chosen.map_or(mailproto_sasl_mechanism::None, mailproto_sasl_mechanism::of)
}

/// Writes the digest that APOP sends (RFC 1939 §7): MD5 of the greeting's timestamp, angle brackets
/// included, and the shared secret, as 32 hexadecimal digits. For a server, which compares it with
/// `mailproto_same_octets`.
///
/// @param timestamp  the greeting's timestamp.
/// @param secret     the shared secret.
/// @param digest     receives the digits; 32 octets, no NUL.
///
/// Returns `MAILPROTO_OK` or `MAILPROTO_ERROR_NULL_POINTER`.
#[cfg(feature = "apop")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_apop_digest(
    timestamp: mailproto_span,
    secret: mailproto_span,
    digest: Option<&mut MaybeUninit<[u8; 32]>>,
) -> mailproto_error {
    let octets = timestamp.octets().and_then(|timestamp| Ok((timestamp, secret.octets()?)));
    match (octets, digest) {
        (Ok((timestamp, secret)), Some(digest)) => {
            digest.write(mailproto_core::sasl::apop::digest(timestamp, secret));
            mailproto_error::None
        }
        (Ok(_), None) => mailproto_error::NullPointer,
        (Err(code), _) => code,
    }
}

/// The set of the mechanisms that take a user name and a password.
pub const MAILPROTO_SASL_PASSWORD_MECHANISMS: u32 = 0x3e;
/// The set of the mechanisms that take an OAuth 2.0 access token.
pub const MAILPROTO_SASL_TOKEN_MECHANISMS: u32 = 0xc0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sets_have_the_mechanisms_of_their_credentials() {
        use mailproto_core::sasl::Credentials;
        let password = Credentials::Password { authzid: "", user: "u", password: "p" };
        assert_eq!(mask_of(password.mechanisms()), MAILPROTO_SASL_PASSWORD_MECHANISMS);
        let token = Credentials::Token { user: "u", token: "t", host: "", port: 0 };
        assert_eq!(mask_of(token.mechanisms()), MAILPROTO_SASL_TOKEN_MECHANISMS);
    }

    #[test]
    fn every_mechanism_has_a_number_and_a_bit() {
        for name in Name::ALL {
            assert_eq!(name_of(mailproto_sasl_mechanism::of(name) as i32), Some(name));
            assert_eq!(set_of(mask_of(NameSet::of(&[name]))), NameSet::of(&[name]));
        }
        assert_eq!(name_of(0), None);
        assert_eq!(name_of(10), None);
        assert_eq!(name_of(-1), None);
    }
}
