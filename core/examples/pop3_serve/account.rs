//! Who may log in: one user, one password.

use mailproto_core::sasl::{Claim, Error, Secret, ServerMechanism, Store, apop, same_octets};

use crate::Result;

pub(crate) struct Account {
    pub(crate) user: String,
    pub(crate) password: String,
    /// Lets SCRAM answer for users who do not exist as for those who do.
    pub(crate) decoy_key: [u8; 16],
}

impl Account {
    pub(crate) fn is_password(&self, user: &[u8], password: &[u8]) -> bool {
        user == self.user.as_bytes() && same_octets(password, self.password.as_bytes())
    }

    /// Checks the digest of APOP (RFC 1939 §7).
    pub(crate) fn is_apop(&self, user: &[u8], timestamp: &[u8], digest: &[u8]) -> bool {
        let expected = apop::digest(timestamp, self.password.as_bytes());
        user == self.user.as_bytes() && same_octets(digest, &expected)
    }

    /// Answers what a SASL mechanism claims. Nobody may act as another.
    pub(crate) fn judge(
        &self,
        mechanism: &mut dyn ServerMechanism,
    ) -> std::result::Result<(), Error> {
        let own = |authzid: &[u8], user: &[u8]| authzid.is_empty() || authzid == user;
        match mechanism.claim() {
            Claim::Password { authzid, user, password } => {
                let accepted = own(authzid, user) && self.is_password(user, password);
                mechanism.verdict(accepted)
            }
            Claim::User { authzid, user } => {
                let known = own(authzid, user) && user == self.user.as_bytes();
                mechanism.secret(match known {
                    true => Secret::Password(self.password.as_bytes()),
                    false => Secret::Unknown(Store::Passwords),
                })
            }
            _ => mechanism.verdict(false),
        }
    }
}

/// Octets that nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut octets = [0; N];
    getrandom::fill(&mut octets)?;
    Ok(octets)
}
