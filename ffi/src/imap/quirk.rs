//! The deviations that a client mends, by their numbers.

use mailproto_core::imap::{Quirk, QuirkSet};

/// A deviation from the RFCs that servers in the field show and a lenient client mends.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_quirk {
    /// None.
    None = 0,
    /// A line ended with a bare LF (RFC 9051 §2.2 demands CRLF).
    BareLf = 1,
    /// More than one space, or a tab, where one space belongs.
    ExtraSpace = 2,
    /// A space before a closing parenthesis or at the end of a line.
    TrailingSpace = 3,
    /// No space where one belongs.
    MissingSpace = 4,
    /// A status response or continuation without text (RFC 9051 §7.1).
    MissingText = 5,
    /// A response code that its own grammar does not allow (RFC 9051 §7.1). It was kept as
    /// text, or told as an unknown code.
    BadCode = 6,
    /// `()` where the grammar wants NIL or at least one element.
    EmptyList = 7,
    /// A quoted string that holds an unescaped quote, or a backslash before something else than
    /// a quote or backslash (RFC 9051 §4.3). It was taken as it is.
    BadQuoting = 8,
    /// A line break within a quoted string (a folded header field). It was kept.
    FoldedQuoted = 9,
    /// Octets above 127, in no UTF-8 or where UTF-8 was not enabled (RFC 9051 §4.3). They were
    /// kept.
    EightBit = 10,
    /// A NUL or another control character in text or a quoted string.
    ControlCharacter = 11,
    /// NIL where the grammar wants a string.
    UnexpectedNil = 12,
    /// An atom where the grammar wants a string or NIL.
    UnquotedString = 13,
    /// A number that is negative, too large, zero where it must not be, or NIL.
    BadNumber = 14,
    /// Fewer fields than the grammar demands; the missing ones count as NIL.
    MissingField = 15,
    /// More than the grammar allows; it was skipped.
    ExtraField = 16,
    /// A pair of parentheses too many.
    ExtraParentheses = 17,
    /// A response that ended before its parentheses were closed.
    MissingParentheses = 18,
    /// A literal that a server must not send: `{2+}` (RFC 7888 §4).
    NonSynchronizingLiteral = 19,
    /// A date or date-time that does not exist, or is written in an obsolete way.
    BadDate = 20,
    /// A flag that is no flag (RFC 9051 §9): with brackets, quotes or parentheses in it.
    BadFlag = 21,
    /// A mailbox name that is no modified UTF-7 (RFC 3501 §5.1.3), or no UTF-8 where that is
    /// enabled, or holds control characters (RFC 9051 §5.1). Its octets can still be read, and
    /// given back.
    BadMailboxName = 22,
    /// A mailbox name that is neither quoted nor an atom. It was taken up to the end of the
    /// line.
    UnquotedMailboxName = 23,
    /// A data item that cannot be read. It was handed over raw, and its neighbours are unhurt.
    MalformedItem = 24,
    /// A response that cannot be read. It was handed over raw.
    MalformedResponse = 25,
    /// Lines stood before the greeting. They were skipped.
    Banner = 26,
    /// An empty line.
    EmptyLine = 27,
    /// A `+` that nobody awaits (RFC 9051 §7.6). It was ignored.
    UnexpectedContinuation = 28,
    /// A continuation of AUTHENTICATE that is not base64. It was told as an empty one, and can
    /// only be cancelled.
    ChallengeNotBase64 = 29,
    /// A response that is not legal in the present state (RFC 9051 §7). It was delivered, and
    /// trusted with nothing; data of mailboxes before login were dropped, one quirk for each
    /// (RFC 9051 §11.3).
    UnexpectedResponse = 30,
    /// EXISTS became smaller without EXPUNGE or VANISHED (RFC 9051 §7.4.1).
    ExistsShrank = 31,
    /// EXPUNGE while a FETCH, STORE or SEARCH was in progress (RFC 9051 §7.5.1).
    UnexpectedExpunge = 32,
    /// A message number that is zero or larger than the mailbox.
    BadMessageNumber = 33,
    /// UIDNEXT became smaller while UIDVALIDITY did not change (RFC 9051 §2.3.1.1).
    UidNextShrank = 34,
    /// One that this version of the C ABI has no number for.
    Other = 255,
}

impl From<Quirk> for mailproto_imap_quirk {
    fn from(quirk: Quirk) -> Self {
        match quirk {
            Quirk::BareLf => Self::BareLf,
            Quirk::ExtraSpace => Self::ExtraSpace,
            Quirk::TrailingSpace => Self::TrailingSpace,
            Quirk::MissingSpace => Self::MissingSpace,
            Quirk::MissingText => Self::MissingText,
            Quirk::BadCode => Self::BadCode,
            Quirk::EmptyList => Self::EmptyList,
            Quirk::BadQuoting => Self::BadQuoting,
            Quirk::FoldedQuoted => Self::FoldedQuoted,
            Quirk::EightBit => Self::EightBit,
            Quirk::ControlCharacter => Self::ControlCharacter,
            Quirk::UnexpectedNil => Self::UnexpectedNil,
            Quirk::UnquotedString => Self::UnquotedString,
            Quirk::BadNumber => Self::BadNumber,
            Quirk::MissingField => Self::MissingField,
            Quirk::ExtraField => Self::ExtraField,
            Quirk::ExtraParentheses => Self::ExtraParentheses,
            Quirk::MissingParentheses => Self::MissingParentheses,
            Quirk::NonSynchronizingLiteral => Self::NonSynchronizingLiteral,
            Quirk::BadDate => Self::BadDate,
            Quirk::BadFlag => Self::BadFlag,
            Quirk::BadMailboxName => Self::BadMailboxName,
            Quirk::UnquotedMailboxName => Self::UnquotedMailboxName,
            Quirk::MalformedItem => Self::MalformedItem,
            Quirk::MalformedResponse => Self::MalformedResponse,
            Quirk::Banner => Self::Banner,
            Quirk::EmptyLine => Self::EmptyLine,
            Quirk::UnexpectedContinuation => Self::UnexpectedContinuation,
            Quirk::ChallengeNotBase64 => Self::ChallengeNotBase64,
            Quirk::UnexpectedResponse => Self::UnexpectedResponse,
            Quirk::ExistsShrank => Self::ExistsShrank,
            Quirk::UnexpectedExpunge => Self::UnexpectedExpunge,
            Quirk::BadMessageNumber => Self::BadMessageNumber,
            Quirk::UidNextShrank => Self::UidNextShrank,
            _ => Self::Other,
        }
    }
}

/// A set as C has it: the bit `1 << quirk` for each, which counts from 1 where the engine counts from 0.
pub(crate) const fn set_of(mask: u64) -> QuirkSet {
    QuirkSet::from_bits(mask.rotate_right(1))
}
