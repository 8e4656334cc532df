//! How a client behaves, as C says it.

use mailproto_core::pop3::{Config, QuirkSet, Security};
#[cfg(feature = "server")]
use mailproto_core::{
    pop3::{ServerConfig, Utf8},
    wire::Newlines,
};

use super::mailproto_pop3_quirk;
use crate::mailproto_error;
#[cfg(feature = "server")]
use crate::{mailproto_span, sasl::set_of};

/// How credentials may travel (RFC 8314).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_pop3_security {
    /// The channel is in the clear: no credentials before STLS has succeeded and
    /// `mailproto_pop3_client_tls_established` was called; a server that refuses STLS ends the
    /// session.
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
    /// How long a reply may take, in milliseconds; 0 is for ever. Needs `tick`. A minute unless
    /// told.
    pub reply_timeout_ms: u32,
    /// 1 if commands are sent without waiting where the server offers PIPELINING, else 0. 1 unless
    /// told.
    pub pipelining: u8,
    /// 1 if APOP may be used, whose MD5 protects a password badly, else 0. 0 unless told.
    pub apop: u8,
    /// Zero.
    pub reserved: u16,
}

impl mailproto_pop3_config {
    /// As `MAILPROTO_POP3_CONFIG_INIT`: what a client does unless told.
    pub(crate) const DEFAULT: Self = Self {
        size: size_of::<Self>(),
        security: mailproto_pop3_security::StlsRequired as i32,
        tolerate: MAILPROTO_POP3_TOLERATE_ALL,
        reply_timeout_ms: 60_000,
        pipelining: 1,
        apop: 0,
        reserved: 0,
    };
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

/// The quirks have the order of the core, from 1 on.
fn tolerated(mask: u32) -> QuirkSet {
    QuirkSet::from_bits((mask >> mailproto_pop3_quirk::BareLf as u32) as u8)
}

/// What UTF8 covers (RFC 6856 §2.1), where a server offers it.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_pop3_utf8 {
    /// UTF8 is not offered.
    NotOffered = 0,
    /// Messages and listings.
    Messages = 1,
    /// User names and passwords too.
    Users = 2,
}

/// What a server offers and how it behaves. Begin with `MAILPROTO_POP3_SERVER_CONFIG_INIT`, then
/// change what is to differ. Spans are borrowed as long as the server's buffers are.
#[cfg(feature = "server")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_pop3_server_config {
    /// `sizeof(mailproto_pop3_server_config)`: tells the library which fields there are.
    pub size: usize,
    /// A `mailproto_pop3_security`: whether the channel is private, and whether credentials are
    /// taken over one that is not. STLS required unless told.
    pub security: i32,
    /// The SASL mechanisms that are offered: the bit `1u << mechanism` for each. None unless told.
    pub mechanisms: u32,
    /// A `mailproto_pop3_utf8`: what is offered of UTF8. Nothing unless told.
    pub utf8: i32,
    /// After how many idle milliseconds the session ends without UPDATE; RFC 1939 §3 demands at
    /// least ten minutes, which is what there is unless told. 0 is never. Needs `tick`.
    pub autologout_ms: u32,
    /// `EXPIRE`: how many days mail is kept, or `MAILPROTO_POP3_EXPIRE_NEVER`; announced if
    /// `has_expire`.
    pub expire: u32,
    /// `LOGIN-DELAY` in seconds; announced if `has_login_delay`.
    pub login_delay: u32,
    /// 1 if `expire` is announced, else 0. 0 unless told.
    pub has_expire: u8,
    /// 1 if `login_delay` is announced, else 0. 0 unless told.
    pub has_login_delay: u8,
    /// 1 if STLS is offered (RFC 2595 §4), else 0. 1 unless told.
    pub stls: u8,
    /// 1 if USER and PASS are offered, else 0. 1 unless told.
    pub user: u8,
    /// 1 if LANG is offered (RFC 6856 §3), else 0. 0 unless told.
    pub lang: u8,
    /// 1 if a bare LF in a message becomes CRLF, else 0. 0 unless told.
    pub newlines_to_crlf: u8,
    /// After how many refused lines or logins in one session the server hangs up; 0 is never. 10
    /// unless told.
    pub max_errors: u8,
    /// Zero.
    pub reserved: u8,
    /// The timestamp of the greeting, angle brackets included, a fresh one for each connection;
    /// with it APOP is offered (RFC 1939 §7). Empty, no APOP, unless told.
    pub timestamp: mailproto_span,
    /// `IMPLEMENTATION` (RFC 2449 §6.9); not announced if empty.
    pub implementation: mailproto_span,
}

#[cfg(feature = "server")]
impl TryFrom<&mailproto_pop3_server_config> for ServerConfig<'static> {
    type Error = mailproto_error;

    fn try_from(config: &mailproto_pop3_server_config) -> Result<Self, mailproto_error> {
        if config.size != size_of::<mailproto_pop3_server_config>() {
            return Err(mailproto_error::AbiMismatch);
        }
        let yes = [
            config.has_expire,
            config.has_login_delay,
            config.stls,
            config.user,
            config.lang,
            config.newlines_to_crlf,
        ];
        if yes.iter().any(|&yes| yes > 1) || config.reserved != 0 {
            return Err(mailproto_error::BadValue);
        }
        let days = (config.expire != super::MAILPROTO_POP3_EXPIRE_NEVER).then_some(config.expire);
        Ok(Self {
            security: security(config.security)?,
            stls: config.stls == 1,
            user: config.user == 1,
            mechanisms: set_of(config.mechanisms),
            timestamp: unless_empty(config.timestamp)?,
            utf8: utf8(config.utf8)?,
            lang: config.lang == 1,
            expire: (config.has_expire == 1).then_some(days),
            login_delay: (config.has_login_delay == 1).then_some(config.login_delay),
            implementation: unless_empty(config.implementation)?,
            newlines: if config.newlines_to_crlf == 1 { Newlines::ToCrlf } else { Newlines::Keep },
            max_errors: config.max_errors,
            autologout_ms: config.autologout_ms,
        })
    }
}

#[cfg(feature = "server")]
fn unless_empty(span: mailproto_span) -> Result<Option<&'static [u8]>, mailproto_error> {
    Ok(Some(span.octets()?).filter(|octets| !octets.is_empty()))
}

#[cfg(feature = "server")]
fn utf8(number: i32) -> Result<Option<Utf8>, mailproto_error> {
    const NOT_OFFERED: i32 = mailproto_pop3_utf8::NotOffered as i32;
    const MESSAGES: i32 = mailproto_pop3_utf8::Messages as i32;
    const USERS: i32 = mailproto_pop3_utf8::Users as i32;
    match number {
        NOT_OFFERED => Ok(None),
        MESSAGES => Ok(Some(Utf8::Messages)),
        USERS => Ok(Some(Utf8::Users)),
        _ => Err(mailproto_error::BadValue),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailproto_core::pop3::Quirk;

    #[test]
    fn the_default_is_that_of_the_core() {
        assert_eq!(Config::try_from(&mailproto_pop3_config::DEFAULT), Ok(Config::default()));
    }

    #[test]
    fn a_set_of_quirks_is_read_bit_by_bit() {
        assert_eq!(tolerated(MAILPROTO_POP3_TOLERATE_ALL), QuirkSet::ALL);
        assert_eq!(tolerated(MAILPROTO_POP3_TOLERATE_NONE), QuirkSet::NONE);
        for quirk in Quirk::ALL {
            let mask = 1 << (mailproto_pop3_quirk::from(quirk) as u32);
            assert_eq!(tolerated(mask), QuirkSet::NONE.with(quirk));
        }
    }
}
