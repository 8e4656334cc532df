//! The deviations from the grammar that servers in the field show: what a lenient client mends, each
//! by its name, and reports.

/// A deviation that a lenient client mends. Each is a switch of its own in
/// [`Config::tolerate`](super::Config).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
#[non_exhaustive]
pub enum Quirk {
    /// A line ended with a bare LF (RFC 9051 §2.2 demands CRLF).
    BareLf,
    /// More than one space, or a tab, where one space belongs.
    ExtraSpace,
    /// A space before a closing parenthesis or at the end of a line.
    TrailingSpace,
    /// No space where one belongs.
    MissingSpace,
    /// A status response or continuation without text (RFC 9051 §7.1).
    MissingText,
    /// A response code that its own grammar does not allow (RFC 9051 §7.1). It was kept as text, or told as an
    /// unknown code.
    BadCode,
    /// `()` where the grammar wants NIL or at least one element.
    EmptyList,
    /// A quoted string that holds an unescaped quote, or a backslash before something else than a
    /// quote or backslash (RFC 9051 §4.3). It was taken as it is.
    BadQuoting,
    /// A line break within a quoted string (a folded header field). It was kept.
    FoldedQuoted,
    /// Octets above 127, in no UTF-8 or where UTF-8 was not enabled (RFC 9051 §4.3). They were kept.
    EightBit,
    /// A NUL or another control character in text or a quoted string.
    ControlCharacter,
    /// NIL where the grammar wants a string.
    UnexpectedNil,
    /// An atom where the grammar wants a string or NIL.
    UnquotedString,
    /// A number that is negative, too large, zero where it must not be, or NIL.
    BadNumber,
    /// Fewer fields than the grammar demands; the missing ones count as NIL.
    MissingField,
    /// More than the grammar allows; it was skipped.
    ExtraField,
    /// A pair of parentheses too many.
    ExtraParentheses,
    /// A response that ended before its parentheses were closed.
    MissingParentheses,
    /// A literal that a server must not send: `{2+}` (RFC 7888 §4).
    NonSynchronizingLiteral,
    /// A date or date-time that does not exist, or is written in an obsolete way.
    BadDate,
    /// A flag that is no flag (RFC 9051 §9): with brackets, quotes or parentheses in it.
    BadFlag,
    /// A mailbox name that is no modified UTF-7 (RFC 3501 §5.1.3), or no UTF-8 where that is enabled, or holds
    /// control characters (RFC 9051 §5.1). Its octets can still be read, and given back.
    BadMailboxName,
    /// A mailbox name that is neither quoted nor an atom. It was taken up to the end of the line.
    UnquotedMailboxName,
    /// A data item that cannot be read. It was handed over raw, and its neighbours are unhurt.
    MalformedItem,
    /// A response that cannot be read. It was handed over raw.
    MalformedResponse,
    /// Lines stood before the greeting. They were skipped.
    Banner,
    /// An empty line.
    EmptyLine,
    /// A `+` that nobody awaits (RFC 9051 §7.6). It was ignored.
    UnexpectedContinuation,
    /// A continuation of AUTHENTICATE that is not base64. It was told as an empty one, and can only be
    /// cancelled.
    ChallengeNotBase64,
    /// A response that is not legal in the present state (RFC 9051 §7). It was delivered, and trusted
    /// with nothing; data of mailboxes before login were dropped, one quirk for each (RFC 9051 §11.3).
    UnexpectedResponse,
    /// EXISTS became smaller without EXPUNGE or VANISHED (RFC 9051 §7.4.1).
    ExistsShrank,
    /// EXPUNGE while a FETCH, STORE or SEARCH was in progress (RFC 9051 §7.5.1).
    UnexpectedExpunge,
    /// A message number that is zero or larger than the mailbox.
    BadMessageNumber,
    /// UIDNEXT became smaller while UIDVALIDITY did not change (RFC 9051 §2.3.1.1).
    UidNextShrank,
}

impl Quirk {
    /// All of them.
    pub const ALL: [Self; 34] = [
        Self::BareLf,
        Self::ExtraSpace,
        Self::TrailingSpace,
        Self::MissingSpace,
        Self::MissingText,
        Self::BadCode,
        Self::EmptyList,
        Self::BadQuoting,
        Self::FoldedQuoted,
        Self::EightBit,
        Self::ControlCharacter,
        Self::UnexpectedNil,
        Self::UnquotedString,
        Self::BadNumber,
        Self::MissingField,
        Self::ExtraField,
        Self::ExtraParentheses,
        Self::MissingParentheses,
        Self::NonSynchronizingLiteral,
        Self::BadDate,
        Self::BadFlag,
        Self::BadMailboxName,
        Self::UnquotedMailboxName,
        Self::MalformedItem,
        Self::MalformedResponse,
        Self::Banner,
        Self::EmptyLine,
        Self::UnexpectedContinuation,
        Self::ChallengeNotBase64,
        Self::UnexpectedResponse,
        Self::ExistsShrank,
        Self::UnexpectedExpunge,
        Self::BadMessageNumber,
        Self::UidNextShrank,
    ];

    const fn bit(self) -> u64 {
        1 << self as u64
    }
}

/// A set of quirks: those that a client tolerates, or those that were met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct QuirkSet(u64);

impl QuirkSet {
    /// None.
    pub const NONE: Self = Self(0);
    /// All.
    pub const ALL: Self = Self(u64::MAX);

    /// Those that a number names: the bit `1 << n` for the quirk at place `n` of [`Quirk::ALL`]. Bits beyond are for
    /// quirks to come.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Whether `quirk` is in the set.
    #[must_use]
    pub const fn contains(self, quirk: Quirk) -> bool {
        self.0 & quirk.bit() != 0
    }

    /// Whether none is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set with `quirk`.
    #[must_use]
    pub const fn with(self, quirk: Quirk) -> Self {
        Self(self.0 | quirk.bit())
    }

    /// The set without `quirk`.
    #[must_use]
    pub const fn without(self, quirk: Quirk) -> Self {
        Self(self.0 & !quirk.bit())
    }

    /// What is in this set and not in `other`.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Adds all of `other`.
    pub(crate) const fn insert(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Takes one quirk out of the set, in the order of their declaration.
    pub(crate) fn pop(&mut self) -> Option<Quirk> {
        let index = usize::try_from(self.0.trailing_zeros()).ok()?;
        let quirk = Quirk::ALL.get(index).copied()?;
        *self = self.without(quirk);
        Some(quirk)
    }
}

/// Those quirks that a grammar can meet, up to [`Quirk::MalformedResponse`]: in half the room. The others are the
/// session's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Forgiven(u32);

impl Forgiven {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub(crate) const fn with(self, quirk: Quirk) -> Self {
        Self(self.0 | quirk.bit() as u32)
    }

    #[must_use]
    pub(crate) const fn without(self, quirk: Quirk) -> Self {
        Self(self.0 & !(quirk.bit() as u32))
    }

    #[cfg(test)]
    pub(crate) fn contains(self, quirk: Quirk) -> bool {
        QuirkSet::from(self).contains(quirk)
    }

    /// Adds all of `other`.
    pub(crate) const fn insert(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl From<Forgiven> for QuirkSet {
    fn from(forgiven: Forgiven) -> Self {
        Self(forgiven.0.into())
    }
}
