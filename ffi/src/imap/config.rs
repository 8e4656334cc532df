//! How a client behaves, as C says it.

use mailproto_core::imap::{Config, Security};

use super::argument::member;
use super::quirk::set_of;
use crate::mailproto_error;

/// How credentials may travel (RFC 8314).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_security {
    /// The channel is in the clear: no credentials before STARTTLS has succeeded and
    /// `mailproto_imap_client_tls_established` was called; a server that refuses STARTTLS, or greets
    /// with PREAUTH so that there is no way to it, ends the session (RFC 9051 §11.1).
    StarttlsRequired = 0,
    /// The program declares the channel private: implicit TLS, a tunnel, the same machine.
    Private = 1,
    /// Credentials may travel in the clear. Whoever listens has them.
    DangerCleartext = 2,
}

/// Every quirk is mended, and reported.
pub const MAILPROTO_IMAP_TOLERATE_ALL: u64 = 0xffff_ffff_ffff_ffff;
/// No quirk is mended: the first one ends the session.
pub const MAILPROTO_IMAP_TOLERATE_NONE: u64 = 0;

/// How a client behaves. Begin with `MAILPROTO_IMAP_CONFIG_INIT`, then change what is to differ.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_config {
    /// `sizeof(mailproto_imap_config)`: tells the library which fields there are.
    pub size: usize,
    /// The quirks that are mended: the bit `UINT64_C(1) << quirk` for each. All unless told.
    pub tolerate: u64,
    /// How many octets a literal may have; a larger one ends the session. Bodies stream, so this is
    /// no question of memory. 4,294,967,295 unless told.
    pub max_literal: u64,
    /// A `mailproto_imap_security`: how credentials may travel. STARTTLS required unless told.
    pub security: i32,
    /// From what the letters before the number in each tag are made. Give another one to each
    /// connection, so that nobody can prepare replies for it. 0 unless told.
    pub tag_seed: u32,
    /// How many untagged responses may come between two completions while commands are in flight,
    /// IDLE aside; more end the session. 0, any number, unless told: a FETCH of a large mailbox
    /// brings one a message.
    pub max_untagged: u32,
    /// How long the server may say nothing while a reply is due, in milliseconds; 0 is for ever.
    /// Needs `tick`. A minute unless told.
    pub reply_timeout_ms: u32,
    /// After how long IDLE is to be ended and begun again, in milliseconds; 0 is never. Needs `tick`.
    /// 29 minutes unless told (RFC 9051 §6.3.13); behind network address translation 8 to 10 are
    /// better.
    pub idle_reissue_ms: u32,
    /// How deep the parentheses of a response may nest; what is deeper is reported as oversize or
    /// malformed. 32 unless told.
    pub max_nesting: u8,
    /// 1 if commands are sent without waiting for the replies to those before, where that is not
    /// ambiguous (RFC 9051 §5.5), else 0. 1 unless told.
    pub pipelining: u8,
    /// Zero.
    pub reserved: u16,
}

impl TryFrom<&mailproto_imap_config> for Config {
    type Error = mailproto_error;

    fn try_from(config: &mailproto_imap_config) -> Result<Self, mailproto_error> {
        if config.size != size_of::<mailproto_imap_config>() {
            return Err(mailproto_error::AbiMismatch);
        }
        if config.pipelining > 1 || config.reserved != 0 {
            return Err(mailproto_error::BadValue);
        }
        Ok(Self {
            security: security(config.security)?,
            tolerate: set_of(config.tolerate),
            tag_seed: config.tag_seed,
            pipelining: config.pipelining == 1,
            max_nesting: config.max_nesting,
            max_literal: config.max_literal,
            max_untagged: config.max_untagged,
            reply_timeout_ms: config.reply_timeout_ms,
            idle_reissue_ms: config.idle_reissue_ms,
        })
    }
}

fn security(number: i32) -> Result<Security, mailproto_error> {
    use mailproto_imap_security as Way;
    Ok(member!(number, Way {
        StarttlsRequired => Security::StartTlsRequired,
        Private => Security::Private,
        DangerCleartext => Security::DangerCleartext,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailproto_core::imap::{Quirk, QuirkSet};

    #[test]
    fn a_set_of_quirks_is_read_bit_by_bit() {
        for quirk in Quirk::ALL {
            assert!(set_of(MAILPROTO_IMAP_TOLERATE_ALL).contains(quirk));
            let bit = 1 << (super::super::mailproto_imap_quirk::from(quirk) as u32);
            assert_eq!(set_of(bit), QuirkSet::NONE.with(quirk));
        }
        assert_eq!(set_of(MAILPROTO_IMAP_TOLERATE_ALL), QuirkSet::ALL);
        assert_eq!(set_of(MAILPROTO_IMAP_TOLERATE_NONE), QuirkSet::NONE);
    }
}
