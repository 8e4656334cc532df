//! The server's side of a SASL exchange, with the memory that it works in.

use std::sync::OnceLock;

use mailproto_core::sasl::{AutoServer, Decoy, Error, Name, Setup};
use pyo3::prelude::*;
use self_cell::{MutBorrow, self_cell};
use zeroize::Zeroizing;

use crate::random;

/// What a client may say in one exchange: a large token.
const WORK: usize = 16 * 1024;

/// What an exchange borrows as long as it lasts.
pub(crate) struct Workplace {
    work: MutBorrow<Zeroizing<Vec<u8>>>,
    nonce: [u8; 18],
    host: String,
}

self_cell!(
    /// A SASL exchange with what it borrows.
    pub(crate) struct Verifier {
        owner: Workplace,
        #[not_covariant]
        dependent: AutoServer,
    }
);

impl Verifier {
    /// Begins an exchange with a fresh nonce. `host` is the server's name.
    pub(crate) fn begin(name: Name, host: &str) -> PyResult<Result<Self, Error>> {
        let mut nonce = [0; 18];
        random::fill(&mut nonce)?;
        let key = decoy_key()?;
        let work = MutBorrow::new(Zeroizing::new(vec![0; WORK]));
        let workplace = Workplace { work, nonce, host: host.into() };
        Ok(Self::try_new(workplace, |Workplace { work, nonce, host }| {
            let decoy = Decoy { key, salt_octets: 16, iterations: 4096 };
            AutoServer::new(name, Setup { work: work.borrow_mut(), nonce, host, decoy })
        }))
    }
}

/// The key from which salts are made for users who do not exist: one for the whole process.
fn decoy_key() -> PyResult<&'static [u8; 32]> {
    static KEY: OnceLock<[u8; 32]> = OnceLock::new();
    if let Some(key) = KEY.get() {
        return Ok(key);
    }
    let mut key = [0; 32];
    random::fill(&mut key)?;
    Ok(KEY.get_or_init(|| key))
}
