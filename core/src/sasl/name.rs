//! The mechanisms' registered names, sets of them, and the choice among them.

use super::Exposure;

/// A mechanism that this crate knows, compiled in or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
#[non_exhaustive]
pub enum Name {
    /// SCRAM-SHA-256 (RFC 7677).
    ScramSha256,
    /// SCRAM-SHA-1 (RFC 5802).
    ScramSha1,
    /// CRAM-MD5 (RFC 2195).
    CramMd5,
    /// PLAIN (RFC 4616).
    Plain,
    /// LOGIN (draft-murchison-sasl-login).
    Login,
    /// OAUTHBEARER (RFC 7628).
    OauthBearer,
    /// XOAUTH2.
    XOauth2,
    /// EXTERNAL (RFC 4422 appendix A).
    External,
    /// ANONYMOUS (RFC 4505).
    Anonymous,
}

impl Name {
    /// All, the strongest of each kind of credentials first.
    pub const ALL: [Name; 9] = [
        Name::ScramSha256,
        Name::ScramSha1,
        Name::CramMd5,
        Name::Plain,
        Name::Login,
        Name::OauthBearer,
        Name::XOauth2,
        Name::External,
        Name::Anonymous,
    ];

    /// As it is registered and goes over the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Name::ScramSha256 => "SCRAM-SHA-256",
            Name::ScramSha1 => "SCRAM-SHA-1",
            Name::CramMd5 => "CRAM-MD5",
            Name::Plain => "PLAIN",
            Name::Login => "LOGIN",
            Name::OauthBearer => "OAUTHBEARER",
            Name::XOauth2 => "XOAUTH2",
            Name::External => "EXTERNAL",
            Name::Anonymous => "ANONYMOUS",
        }
    }

    /// Reads a name as a capability lists it, in any case; `None` for one that is not known here.
    pub fn from_bytes(name: &[u8]) -> Option<Name> {
        Name::ALL.into_iter().find(|known| known.as_str().as_bytes().eq_ignore_ascii_case(name))
    }

    /// What one who reads the wire learns from an exchange.
    pub const fn exposure(self) -> Exposure {
        match self {
            Name::External | Name::Anonymous => Exposure::Nothing,
            Name::ScramSha256 | Name::ScramSha1 | Name::CramMd5 => Exposure::Proof,
            Name::Plain | Name::Login | Name::OauthBearer | Name::XOauth2 => Exposure::Secret,
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u8
    }
}

/// A set of mechanisms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NameSet(u16);

impl NameSet {
    /// The empty set.
    pub const EMPTY: NameSet = NameSet(0);

    /// Those that this build contains, by its cargo features.
    pub const COMPILED: NameSet = compiled();

    /// A set of the given names.
    pub const fn of(names: &[Name]) -> NameSet {
        let (mut set, mut rest) = (NameSet::EMPTY, names);
        while let [name, tail @ ..] = rest {
            set = set.with(*name);
            rest = tail;
        }
        set
    }

    /// Adds a name.
    pub const fn insert(&mut self, name: Name) {
        *self = self.with(name);
    }

    /// Removes a name.
    pub const fn remove(&mut self, name: Name) {
        self.0 &= !name.bit();
    }

    /// This set with one name more.
    pub const fn with(self, name: Name) -> NameSet {
        NameSet(self.0 | name.bit())
    }

    /// True when `name` is in the set.
    pub const fn contains(self, name: Name) -> bool {
        self.0 & name.bit() != 0
    }

    /// True when the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those in both sets.
    pub const fn intersection(self, other: NameSet) -> NameSet {
        NameSet(self.0 & other.0)
    }

    /// Those that tell a listener no more than `limit`: over a channel that is not private,
    /// `at_most(Exposure::Proof)`.
    pub fn at_most(self, limit: Exposure) -> NameSet {
        self.iter()
            .filter(|name| name.exposure() <= limit)
            .fold(NameSet::EMPTY, |set, name| set.with(name))
    }

    /// The names in the set, in the order of [`Name::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Name> {
        Name::ALL.into_iter().filter(move |name| self.contains(*name))
    }
}

/// The strongest mechanism that is both offered by the server and available here.
///
/// For passwords SCRAM-SHA-256, SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN; for tokens OAUTHBEARER, XOAUTH2; then
/// EXTERNAL, ANONYMOUS. The engine removes from `available` what its channel's privacy forbids
/// ([`NameSet::at_most`]).
///
/// ```
/// use mailproto_core::sasl::{choose, Name, NameSet};
/// let offered = NameSet::of(&[Name::Login, Name::Plain, Name::XOauth2]);
/// assert_eq!(choose(offered, NameSet::of(&[Name::Plain, Name::Login])), Some(Name::Plain));
/// assert_eq!(choose(offered, NameSet::EMPTY), None);
/// ```
pub fn choose(offered: NameSet, available: NameSet) -> Option<Name> {
    offered.intersection(available).iter().next()
}

const fn compiled() -> NameSet {
    #[allow(unused_mut)]
    let mut set = NameSet::EMPTY;
    #[cfg(feature = "sasl-scram-sha-256")]
    set.insert(Name::ScramSha256);
    #[cfg(feature = "sasl-scram-sha-1")]
    set.insert(Name::ScramSha1);
    #[cfg(feature = "sasl-cram-md5")]
    set.insert(Name::CramMd5);
    #[cfg(feature = "sasl-plain")]
    set.insert(Name::Plain);
    #[cfg(feature = "sasl-login")]
    set.insert(Name::Login);
    #[cfg(feature = "sasl-oauthbearer")]
    set.insert(Name::OauthBearer);
    #[cfg(feature = "sasl-xoauth2")]
    set.insert(Name::XOauth2);
    #[cfg(feature = "sasl-external")]
    set.insert(Name::External);
    #[cfg(feature = "sasl-anonymous")]
    set.insert(Name::Anonymous);
    set
}
