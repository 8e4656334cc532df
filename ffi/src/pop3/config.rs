//! How a client behaves, as C says it.

use mailproto_core::pop3::{Config, Quirk, QuirkSet, Security};

use super::mailproto_pop3_quirk;
use crate::mailproto_error;

/// How credentials may travel (RFC 8314).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_pop3_security {
    /// The channel is in the clear: no credentials before STLS has succeeded and
    /// `mailproto_pop3_client_tls_established` was called; a server that refuses STLS ends the session.
    StlsRequired = 0,
    /// The program declares the channel private: implicit TLS, a tunnel, the same machine.
    Private = 1,
    /// Credentials may travel in the clear. Whoever listens has them.
    DangerCleartext = 2,
}

/// Every quirk is mended, and reported.
pub const MAILPROTO_POP3_TOLERATE_ALL: u32 = 0xffff_ffff;
/// No quirk is mended: the first one ends the session.
pub const MAILPROTO_POP3_TOLERATE_NONE: u32 = 0;

/// How a client behaves. Begin with `MAILPROTO_POP3_CONFIG_INIT`, then change what is to differ.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_pop3_config {
    /// `sizeof(mailproto_pop3_config)`: tells the library which fields there are.
    pub size: usize,
    /// A `mailproto_pop3_security`: how credentials may travel. STLS required unless told.
    pub security: i32,
    /// The quirks that are mended: the bit `1u << quirk` for each. All unless told.
    pub tolerate: u32,
    /// How long a reply may take, in milliseconds; 0 is for ever. Needs `tick`. A minute unless told.
    pub reply_timeout_ms: u32,
    /// 1 if commands are sent without waiting where the server offers PIPELINING, else 0. 1 unless told.
    pub pipelining: u8,
    /// 1 if APOP may be used, whose MD5 protects a password badly, else 0. 0 unless told.
    pub apop: u8,
    /// Zero.
    pub reserved: u16,
}

impl TryFrom<&mailproto_pop3_config> for Config {
    type Error = mailproto_error;

    fn try_from(config: &mailproto_pop3_config) -> Result<Self, mailproto_error> {
        if config.size != size_of::<mailproto_pop3_config>() {
            return Err(mailproto_error::AbiMismatch);
        }
        if config.pipelining > 1 || config.apop > 1 || config.reserved != 0 {
            return Err(mailproto_error::BadValue);
        }
        Ok(Self {
            security: security(config.security)?,
            tolerate: tolerated(config.tolerate),
            pipelining: config.pipelining == 1,
            #[cfg(feature = "apop")]
            apop: config.apop == 1,
            reply_timeout_ms: config.reply_timeout_ms,
        })
    }
}

fn security(number: i32) -> Result<Security, mailproto_error> {
    const STLS_REQUIRED: i32 = mailproto_pop3_security::StlsRequired as i32;
    const PRIVATE: i32 = mailproto_pop3_security::Private as i32;
    const DANGER_CLEARTEXT: i32 = mailproto_pop3_security::DangerCleartext as i32;
    match number {
        STLS_REQUIRED => Ok(Security::StlsRequired),
        PRIVATE => Ok(Security::Private),
        DANGER_CLEARTEXT => Ok(Security::DangerCleartext),
        _ => Err(mailproto_error::BadValue),
    }
}

fn tolerated(mask: u32) -> QuirkSet {
    let bit = |quirk| 1_u32 << (mailproto_pop3_quirk::from(quirk) as u32 % 32);
    let inside = |quirk: &Quirk| mask & bit(*quirk) != 0;
    Quirk::ALL.into_iter().filter(inside).fold(QuirkSet::NONE, QuirkSet::with)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_quirks_is_read_bit_by_bit() {
        assert_eq!(tolerated(MAILPROTO_POP3_TOLERATE_ALL), QuirkSet::ALL);
        assert_eq!(tolerated(MAILPROTO_POP3_TOLERATE_NONE), QuirkSet::NONE);
        let banner = tolerated(1 << (mailproto_pop3_quirk::Banner as u32));
        assert_eq!(banner, QuirkSet::NONE.with(Quirk::Banner));
    }
}
