//! The keys of RFC 5802 §3, derived from a password and wiped when dropped.

use super::super::{Error, output::Sink};
use digest::{Digest, Output};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// The hash of a SCRAM mechanism.
pub trait Hash: sealed::Sealed + Digest + Clone {
    /// The mechanism's registered name.
    const MECHANISM: &'static str;
}

mod sealed {
    pub trait Sealed {}
    #[cfg(feature = "sasl-scram-sha-1")]
    impl Sealed for sha1::Sha1 {}
    #[cfg(feature = "sasl-scram-sha-256")]
    impl Sealed for sha2::Sha256 {}
}

#[cfg(feature = "sasl-scram-sha-1")]
impl Hash for sha1::Sha1 {
    const MECHANISM: &'static str = "SCRAM-SHA-1";
}

#[cfg(feature = "sasl-scram-sha-256")]
impl Hash for sha2::Sha256 {
    const MECHANISM: &'static str = "SCRAM-SHA-256";
}

/// A key, signature or proof: as long as the hash, compared in constant time, wiped when dropped.
pub(super) struct Key<H: Hash>(Output<H>);

impl<H: Hash> Key<H> {
    /// `None` for another length.
    pub(super) fn from_octets(octets: &[u8]) -> Option<Self> {
        let mut key = Self::zero();
        if octets.len() != key.0.len() {
            return None;
        }
        key.0.iter_mut().zip(octets).for_each(|(to, from)| *to = *from);
        Some(key)
    }

    pub(super) fn zero() -> Self {
        Key(Output::<H>::default())
    }

    pub(super) fn octets(&self) -> &[u8] {
        self.0.as_slice()
    }

    pub(super) fn octets_mut(&mut self) -> &mut [u8] {
        self.0.as_mut_slice()
    }

    pub(super) fn equals(&self, octets: &[u8]) -> bool {
        self.octets().ct_eq(octets).into()
    }

    pub(super) fn xor(mut self, other: &Key<H>) -> Self {
        self.add(other);
        self
    }

    /// The exclusive or of both, in place.
    fn add(&mut self, other: &Key<H>) {
        self.0.iter_mut().zip(other.octets()).for_each(|(to, from)| *to ^= *from);
    }

    /// H(key): StoredKey of ClientKey.
    pub(super) fn hashed(&self) -> Self {
        Key(H::digest(self.octets()))
    }
}

impl<H: Hash> Clone for Key<H> {
    fn clone(&self) -> Self {
        Key(self.0.clone())
    }
}

impl<H: Hash> Drop for Key<H> {
    fn drop(&mut self) {
        self.octets_mut().zeroize();
    }
}

/// HMAC (RFC 2104) as a [`Sink`]. The crate of that name brings a check that panics into images for chips.
pub(super) struct Mac<H: Hash> {
    inner: H,
    outer: H,
}

/// What SHA-1 and SHA-256 take at a time, in octets.
const BLOCK: usize = 64;

impl<H: Hash> Mac<H> {
    /// The key has at most a block; of a longer one take what [`shortened`] says.
    pub(super) fn new(key: &[u8]) -> Self {
        let mut pad = [0x36; BLOCK];
        pad.iter_mut().zip(key).for_each(|(pad, key)| *pad ^= *key);
        let mut inner = H::new();
        inner.update(pad);
        pad.iter_mut().for_each(|pad| *pad ^= 0x36 ^ 0x5c);
        let mut outer = H::new();
        outer.update(pad);
        pad.zeroize();
        Mac { inner, outer }
    }

    /// The MAC of two texts, one behind the other; this one stays as it is.
    fn of(&self, one: &[u8], other: &[u8]) -> Key<H> {
        let inner = hash_on(&self.inner, one, other);
        hash_on(&self.outer, inner.octets(), &[])
    }

    pub(super) fn finish(self) -> Key<H> {
        self.of(&[], &[])
    }
}

/// Goes on with a hash from where it was begun. A function of its own: it gives the stack back that copies take.
#[inline(never)]
fn hash_on<H: Hash>(begun: &H, one: &[u8], other: &[u8]) -> Key<H> {
    let mut hash = begun.clone();
    hash.update(one);
    hash.update(other);
    Key(hash.finalize())
}

impl<H: Hash> Sink for Mac<H> {
    fn put(&mut self, octets: &[u8]) {
        self.inner.update(octets);
    }
}

#[inline(never)]
pub(super) fn mac<H: Hash>(key: &[u8], text: &[u8]) -> Key<H> {
    let mut mac = Mac::new(key);
    mac.put(text);
    mac.finish()
}

/// `SaltedPassword := Hi(Normalize(password), salt, i)`; Hi is PBKDF2 with HMAC (RFC 5802 §2.2).
/// What takes the place of a key that is longer than a block: its hash (RFC 2104 §3). Apart from [`Mac::new`], so that
/// what this needs of the stack is not taken beside it.
#[inline(never)]
pub(super) fn shortened<H: Hash>(key: &[u8]) -> Option<Key<H>> {
    (key.len() > BLOCK).then(|| Key(H::digest(key)))
}

// A function of its own, as `mac` is: what they need of the stack is given back before the next step takes its own.
#[inline(never)]
pub(super) fn salted_password<H: Hash>(password: &[u8], salt: &[u8], iterations: u32) -> Key<H> {
    let hashed = shortened::<H>(password);
    let keyed = Mac::<H>::new(hashed.as_ref().map_or(password, Key::octets));
    let mut round = keyed.of(salt, &1_u32.to_be_bytes());
    let mut salted = round.clone();
    for _ in 1..iterations {
        round = keyed.of(round.octets(), &[]);
        salted.add(&round);
    }
    salted
}

/// `ClientKey := HMAC(SaltedPassword, "Client Key")`.
pub(super) fn client_key<H: Hash>(salted: &Key<H>) -> Key<H> {
    mac(salted.octets(), b"Client Key")
}

/// `ServerKey := HMAC(SaltedPassword, "Server Key")`.
pub(super) fn server_key<H: Hash>(salted: &Key<H>) -> Key<H> {
    mac(salted.octets(), b"Server Key")
}

/// What a server stores in place of a password (RFC 5802 §3), beside the salt and the iteration count.
///
/// They do not let one log in, but guesses at the password can be tried on them: keep them as secret as password hashes.
pub struct Keys<H: Hash> {
    pub(super) stored: Key<H>,
    pub(super) server: Key<H>,
}

impl<H: Hash> Keys<H> {
    /// Computes the keys of a password: once, when a user sets it. `salt`: 16 random octets; `iterations`: 4,096 or more.
    ///
    /// # Errors
    /// [`Error::EmptyCredential`] for an empty password or salt; [`Error::TooFewIterations`] below 4,096.
    pub fn derive(password: &[u8], salt: &[u8], iterations: u32) -> Result<Self, Error> {
        if password.is_empty() || salt.is_empty() {
            return Err(Error::EmptyCredential);
        }
        if iterations < super::MIN_ITERATIONS {
            return Err(Error::TooFewIterations);
        }
        Ok(Self::of_salted(&salted_password(password, salt, iterations)))
    }

    pub(super) fn of_salted(salted: &Key<H>) -> Self {
        Keys { stored: client_key(salted).hashed(), server: server_key(salted) }
    }

    /// `StoredKey := H(ClientKey)`.
    pub fn stored_key(&self) -> &[u8] {
        self.stored.octets()
    }

    /// `ServerKey`.
    pub fn server_key(&self) -> &[u8] {
        self.server.octets()
    }
}
