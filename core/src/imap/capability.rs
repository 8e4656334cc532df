//! Capabilities (RFC 9051 §7.2.2): one that a server announces, and the set of those that matter to a
//! client.

use core::fmt;

use super::flag::show;
use super::lexer::Lexer;
use crate::names::place;

/// One capability, as announced (RFC 9051 §7.2.2): `IDLE`, `AUTH=PLAIN`, `APPENDLIMIT=35651584`. Compared without regard to
/// case.
#[derive(Clone, Copy, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Capability<'a> {
    name: &'a [u8],
}

impl<'a> Capability<'a> {
    pub(crate) const fn new(name: &'a [u8]) -> Self {
        Self { name }
    }

    /// All of it, as it came.
    #[must_use]
    pub const fn name(self) -> &'a [u8] {
        self.name
    }

    /// Whether it is this one, in any case.
    #[must_use]
    pub const fn is(self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// What follows the first `=`: of `THREAD=REFERENCES`, `REFERENCES`.
    #[must_use]
    pub fn value(self) -> Option<&'a [u8]> {
        self.split().map(|(_, value)| value)
    }

    /// The name of the SASL mechanism that `AUTH=` announces (RFC 9051 §6.2.2).
    #[must_use]
    pub fn auth_mechanism(self) -> Option<&'a [u8]> {
        let (key, mechanism) = self.split()?;
        (key.eq_ignore_ascii_case(b"AUTH") && !mechanism.is_empty()).then_some(mechanism)
    }

    /// The largest message that APPEND takes, in octets, where `APPENDLIMIT=` tells it (RFC 7889 §2).
    /// `APPENDLIMIT` alone says that each mailbox has a limit of its own: ask with STATUS.
    #[must_use]
    pub fn append_limit(self) -> Option<u64> {
        let (key, limit) = self.split()?;
        if !key.eq_ignore_ascii_case(b"APPENDLIMIT") {
            return None;
        }
        let mut lexer = Lexer::new(limit);
        lexer.number64().filter(|_| lexer.at_end())
    }

    fn split(self) -> Option<(&'a [u8], &'a [u8])> {
        let equals = self.name.iter().position(|&octet| octet == b'=')?;
        let (key, value) = self.name.split_at_checked(equals)?;
        Some((key, value.get(1..)?))
    }
}

impl PartialEq for Capability<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.name.eq_ignore_ascii_case(other.name)
    }
}

impl fmt::Display for Capability<'_> {
    /// The capability as it came; what is not printable ASCII is escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self.name, f)
    }
}

impl fmt::Debug for Capability<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self.name, f)
    }
}

/// What a server has announced, of the capabilities that this crate knows by name. SASL mechanisms are not
/// among them: they come as [`Capability::auth_mechanism`].
///
/// What is part of another is in the set where that is: IMAP4rev2 brings all that was folded into it
/// (RFC 9051 Appendix E), QRESYNC brings CONDSTORE and ENABLE (RFC 7162 §3.2.3), UTF8=ONLY
/// UTF8=ACCEPT (RFC 9755 §6), METADATA METADATA-SERVER (RFC 5464 §1).
///
/// ```
/// use mailproto_core::imap::Capabilities;
///
/// let offered = Capabilities::from_name(b"idle").union(Capabilities::from_name(b"MOVE"));
/// assert!(offered.contains(Capabilities::IDLE | Capabilities::MOVE));
/// assert_eq!(Capabilities::from_name(b"X-UNKNOWN"), Capabilities::NONE);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Capabilities(u64);

/// The names, each at the place of its bit.
const NAMES: &str = "IMAP4REV1 IMAP4REV2 IDLE UIDPLUS MOVE NAMESPACE ID UNSELECT CHILDREN LITERAL+ \
    LITERAL- SASL-IR ENABLE ESEARCH SPECIAL-USE CREATE-SPECIAL-USE STARTTLS LOGINDISABLED \
    LIST-EXTENDED LIST-STATUS STATUS=SIZE APPENDLIMIT CONDSTORE QRESYNC COMPRESS=DEFLATE BINARY \
    MULTIAPPEND SEARCHRES WITHIN SORT SORT=DISPLAY THREAD=REFERENCES THREAD=ORDEREDSUBJECT THREAD=REFS \
    ESORT QUOTA QUOTASET ACL METADATA METADATA-SERVER OBJECTID PREVIEW SAVEDATE UTF8=ACCEPT UTF8=ONLY \
    X-GM-EXT-1 XLIST INPROGRESS PARTIAL LIST-MYRIGHTS LIST-METADATA SEARCH=FUZZY UNAUTHENTICATE NOTIFY \
    REPLACE UIDONLY UIDBATCHES JMAPACCESS MULTISEARCH CONTEXT=SEARCH CONTEXT=SORT FILTERS";

impl Capabilities {
    /// None; before the server has announced any, nothing is known.
    pub const NONE: Self = Self(0);
    /// `IMAP4rev1` (RFC 3501).
    pub const IMAP4REV1: Self = Self(1);
    /// `IMAP4rev2` (RFC 9051).
    pub const IMAP4REV2: Self = Self(1 << 1);
    /// `IDLE` (RFC 2177).
    pub const IDLE: Self = Self(1 << 2);
    /// `UIDPLUS` (RFC 4315).
    pub const UIDPLUS: Self = Self(1 << 3);
    /// `MOVE` (RFC 6851).
    pub const MOVE: Self = Self(1 << 4);
    /// `NAMESPACE` (RFC 2342).
    pub const NAMESPACE: Self = Self(1 << 5);
    /// `ID` (RFC 2971).
    pub const ID: Self = Self(1 << 6);
    /// `UNSELECT` (RFC 3691).
    pub const UNSELECT: Self = Self(1 << 7);
    /// `CHILDREN` (RFC 3348).
    pub const CHILDREN: Self = Self(1 << 8);
    /// `LITERAL+` (RFC 7888).
    pub const LITERAL_PLUS: Self = Self(1 << 9);
    /// `LITERAL-` (RFC 7888).
    pub const LITERAL_MINUS: Self = Self(1 << 10);
    /// `SASL-IR` (RFC 4959).
    pub const SASL_IR: Self = Self(1 << 11);
    /// `ENABLE` (RFC 5161).
    pub const ENABLE: Self = Self(1 << 12);
    /// `ESEARCH` (RFC 4731).
    pub const ESEARCH: Self = Self(1 << 13);
    /// `SPECIAL-USE` (RFC 6154).
    pub const SPECIAL_USE: Self = Self(1 << 14);
    /// `CREATE-SPECIAL-USE` (RFC 6154).
    pub const CREATE_SPECIAL_USE: Self = Self(1 << 15);
    /// `STARTTLS` (RFC 9051 §6.2.1).
    pub const STARTTLS: Self = Self(1 << 16);
    /// `LOGINDISABLED` (RFC 9051 §6.2.3): LOGIN must not be sent.
    pub const LOGINDISABLED: Self = Self(1 << 17);
    /// `LIST-EXTENDED` (RFC 5258).
    pub const LIST_EXTENDED: Self = Self(1 << 18);
    /// `LIST-STATUS` (RFC 5819).
    pub const LIST_STATUS: Self = Self(1 << 19);
    /// `STATUS=SIZE` (RFC 8438).
    pub const STATUS_SIZE: Self = Self(1 << 20);
    /// `APPENDLIMIT`, with a value or without (RFC 7889).
    pub const APPENDLIMIT: Self = Self(1 << 21);
    /// `CONDSTORE` (RFC 7162).
    pub const CONDSTORE: Self = Self(1 << 22);
    /// `QRESYNC` (RFC 7162).
    pub const QRESYNC: Self = Self(1 << 23);
    /// `COMPRESS=DEFLATE` (RFC 4978).
    pub const COMPRESS_DEFLATE: Self = Self(1 << 24);
    /// `BINARY` (RFC 3516).
    pub const BINARY: Self = Self(1 << 25);
    /// `MULTIAPPEND` (RFC 3502).
    pub const MULTIAPPEND: Self = Self(1 << 26);
    /// `SEARCHRES` (RFC 5182).
    pub const SEARCHRES: Self = Self(1 << 27);
    /// `WITHIN` (RFC 5032).
    pub const WITHIN: Self = Self(1 << 28);
    /// `SORT` (RFC 5256).
    pub const SORT: Self = Self(1 << 29);
    /// `SORT=DISPLAY` (RFC 5957).
    pub const SORT_DISPLAY: Self = Self(1 << 30);
    /// `THREAD=REFERENCES` (RFC 5256).
    pub const THREAD_REFERENCES: Self = Self(1 << 31);
    /// `THREAD=ORDEREDSUBJECT` (RFC 5256).
    pub const THREAD_ORDEREDSUBJECT: Self = Self(1 << 32);
    /// `THREAD=REFS` (draft-ietf-morg-inthread).
    pub const THREAD_REFS: Self = Self(1 << 33);
    /// `ESORT` (RFC 5267).
    pub const ESORT: Self = Self(1 << 34);
    /// `QUOTA` (RFC 9208).
    pub const QUOTA: Self = Self(1 << 35);
    /// `QUOTASET` (RFC 9208).
    pub const QUOTASET: Self = Self(1 << 36);
    /// `ACL` (RFC 4314).
    pub const ACL: Self = Self(1 << 37);
    /// `METADATA` (RFC 5464).
    pub const METADATA: Self = Self(1 << 38);
    /// `METADATA-SERVER` (RFC 5464): the server's own metadata, no mailbox's.
    pub const METADATA_SERVER: Self = Self(1 << 39);
    /// `OBJECTID` (RFC 8474).
    pub const OBJECTID: Self = Self(1 << 40);
    /// `PREVIEW` (RFC 8970).
    pub const PREVIEW: Self = Self(1 << 41);
    /// `SAVEDATE` (RFC 8514).
    pub const SAVEDATE: Self = Self(1 << 42);
    /// `UTF8=ACCEPT` (RFC 9755).
    pub const UTF8_ACCEPT: Self = Self(1 << 43);
    /// `UTF8=ONLY` (RFC 9755).
    pub const UTF8_ONLY: Self = Self(1 << 44);
    /// `X-GM-EXT-1` (Gmail).
    pub const X_GM_EXT_1: Self = Self(1 << 45);
    /// `XLIST` (Gmail).
    pub const XLIST: Self = Self(1 << 46);
    /// `INPROGRESS` (RFC 9585).
    pub const INPROGRESS: Self = Self(1 << 47);
    /// `PARTIAL` (RFC 9394).
    pub const PARTIAL: Self = Self(1 << 48);
    /// `LIST-MYRIGHTS` (RFC 8440).
    pub const LIST_MYRIGHTS: Self = Self(1 << 49);
    /// `LIST-METADATA` (RFC 9590).
    pub const LIST_METADATA: Self = Self(1 << 50);
    /// `SEARCH=FUZZY` (RFC 6203).
    pub const SEARCH_FUZZY: Self = Self(1 << 51);
    /// `UNAUTHENTICATE` (RFC 8437).
    pub const UNAUTHENTICATE: Self = Self(1 << 52);
    /// `NOTIFY` (RFC 5465).
    pub const NOTIFY: Self = Self(1 << 53);
    /// `REPLACE` (RFC 8508).
    pub const REPLACE: Self = Self(1 << 54);
    /// `UIDONLY` (RFC 9586).
    pub const UIDONLY: Self = Self(1 << 55);
    /// `UIDBATCHES` (RFC 10022).
    pub const UIDBATCHES: Self = Self(1 << 56);
    /// `JMAPACCESS` (RFC 9698).
    pub const JMAPACCESS: Self = Self(1 << 57);
    /// `MULTISEARCH` (RFC 7377).
    pub const MULTISEARCH: Self = Self(1 << 58);
    /// `CONTEXT=SEARCH` (RFC 5267).
    pub const CONTEXT_SEARCH: Self = Self(1 << 59);
    /// `CONTEXT=SORT` (RFC 5267).
    pub const CONTEXT_SORT: Self = Self(1 << 60);
    /// `FILTERS` (RFC 5466).
    pub const FILTERS: Self = Self(1 << 61);
    /// The server has announced its capabilities, so what is not in the set is not offered.
    pub const KNOWN: Self = Self(1 << 63);

    /// What was folded into IMAP4rev2 (RFC 9051 Appendix E). Of BINARY and SPECIAL-USE only a part was, so
    /// they are not among these.
    pub const OF_IMAP4REV2: Self = Self(
        Self::NAMESPACE.0
            | Self::UNSELECT.0
            | Self::UIDPLUS.0
            | Self::ESEARCH.0
            | Self::SEARCHRES.0
            | Self::ENABLE.0
            | Self::IDLE.0
            | Self::SASL_IR.0
            | Self::LIST_EXTENDED.0
            | Self::LIST_STATUS.0
            | Self::MOVE.0
            | Self::LITERAL_MINUS.0
            | Self::STATUS_SIZE.0
            | Self::CHILDREN.0,
    );

    /// The capability of this name, in any case, and what it brings with it; [`NONE`](Self::NONE) for one
    /// that is not known here.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Self {
        const LIMIT: &[u8] = b"APPENDLIMIT=";
        if name.get(..LIMIT.len()).is_some_and(|key| key.eq_ignore_ascii_case(LIMIT)) {
            return Self::APPENDLIMIT;
        }
        place(NAMES, name).map_or(Self::NONE, Self::at).with_its_parts()
    }

    /// The capability of this index in `NAMES`.
    fn at(index: usize) -> Self {
        let bit = u32::try_from(index).ok().and_then(|index| 1_u64.checked_shl(index));
        Self(bit.unwrap_or(0))
    }

    /// With what one capability brings.
    const fn with_its_parts(self) -> Self {
        self.union(match self {
            Self::IMAP4REV2 => Self::OF_IMAP4REV2,
            Self::QRESYNC => Self::CONDSTORE.union(Self::ENABLE),
            Self::UTF8_ONLY => Self::UTF8_ACCEPT,
            Self::METADATA => Self::METADATA_SERVER,
            _ => Self::NONE,
        })
    }

    /// Whether all of `other` is in the set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether anything of `other` is in the set.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the server is known not to offer all of `other`. False before it has announced anything.
    #[must_use]
    pub const fn lacks(self, other: Self) -> bool {
        self.contains(Self::KNOWN) && !self.contains(other)
    }

    /// Both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The set without what is in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Adds all of `other`.
    pub const fn insert(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether there is none in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set as a bit mask; the constants of this type give the bits.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The names of what is in the set, in upper case and without values.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let named = NAMES.split(' ').enumerate();
        named.filter(move |(index, _)| self.contains(Self::at(*index))).map(|(_, name)| name)
    }
}

impl core::ops::BitOr for Capabilities {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_at_the_place_of_their_bits() {
        for (name, capability) in [
            ("IMAP4rev1", Capabilities::IMAP4REV1),
            ("ID", Capabilities::ID),
            ("LITERAL+", Capabilities::LITERAL_PLUS),
            ("LITERAL-", Capabilities::LITERAL_MINUS),
            ("LOGINDISABLED", Capabilities::LOGINDISABLED),
            ("APPENDLIMIT", Capabilities::APPENDLIMIT),
            ("COMPRESS=DEFLATE", Capabilities::COMPRESS_DEFLATE),
            ("WITHIN", Capabilities::WITHIN),
            ("THREAD=REFS", Capabilities::THREAD_REFS),
            ("ACL", Capabilities::ACL),
            ("METADATA-SERVER", Capabilities::METADATA_SERVER),
            ("x-gm-ext-1", Capabilities::X_GM_EXT_1),
            ("PARTIAL", Capabilities::PARTIAL),
            ("NOTIFY", Capabilities::NOTIFY),
            ("Context=Sort", Capabilities::CONTEXT_SORT),
            ("FILTERS", Capabilities::FILTERS),
        ] {
            assert_eq!(Capabilities::from_name(name.as_bytes()), capability, "{name}");
        }
        assert_eq!(NAMES.split(' ').count(), 62);
        assert!(Capabilities::KNOWN.names().next().is_none());
    }

    #[test]
    fn each_name_gives_the_set_that_names_it() {
        for (index, name) in NAMES.split(' ').enumerate() {
            let capability = Capabilities::from_name(name.as_bytes());
            assert_eq!(capability.bits() & 1 << index, 1 << index, "{name}");
            assert!(capability.names().any(|known| known == name), "{name}");
        }
        for unknown in ["", "X", "IMAP4rev", "IDLE ", "AUTH=PLAIN", "APPENDLIMI", "IDLE MOVE"] {
            assert_eq!(Capabilities::from_name(unknown.as_bytes()), Capabilities::NONE);
        }
    }

    #[test]
    fn what_is_part_of_another_comes_with_it() {
        let rev2 = Capabilities::from_name(b"IMAP4rev2");
        assert!(rev2.contains(Capabilities::MOVE | Capabilities::LITERAL_MINUS));
        assert!(!rev2.intersects(Capabilities::BINARY | Capabilities::IMAP4REV1));
        let qresync = Capabilities::from_name(b"QRESYNC");
        assert!(qresync.contains(Capabilities::CONDSTORE | Capabilities::ENABLE));
    }

    #[test]
    fn nothing_is_lacking_before_anything_is_known() {
        let mut set = Capabilities::NONE;
        assert!(!set.lacks(Capabilities::IDLE) && set.is_empty());
        set.insert(Capabilities::KNOWN);
        assert!(set.lacks(Capabilities::IDLE));
        set.insert(Capabilities::IDLE);
        assert!(!set.lacks(Capabilities::IDLE));
        assert_eq!(set.without(Capabilities::IDLE), Capabilities::KNOWN);
    }

    #[test]
    fn values_are_told() {
        let capability = Capability::new(b"auth=XOAUTH2");
        assert_eq!(capability.auth_mechanism(), Some(&b"XOAUTH2"[..]));
        assert!(capability.is("AUTH=xoauth2") && !capability.is("AUTH"));
        assert_eq!(Capability::new(b"THREAD=REFS").value(), Some(&b"REFS"[..]));
        assert_eq!(Capability::new(b"AUTH=").auth_mechanism(), None);
        assert_eq!(Capability::new(b"IDLE").value(), None);
        // RFC 7889 §4.
        assert_eq!(Capability::new(b"APPENDLIMIT=35651584").append_limit(), Some(35_651_584));
        assert_eq!(Capability::new(b"APPENDLIMIT").append_limit(), None);
        assert_eq!(Capability::new(b"APPENDLIMIT=big").append_limit(), None);
        assert_eq!(Capabilities::from_name(b"appendlimit=257890"), Capabilities::APPENDLIMIT);
    }
}
