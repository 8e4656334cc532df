//! SEARCH (RFC 9051 §6.4.4), and SORT and THREAD (RFC 5256 §3), which take the same keys.

use super::encoder::Encoder;
#[cfg(feature = "imap-esearch")]
use super::fetch::PartialRange;
use super::search_key::Keys;
use crate::error::EmitError;

/// What SEARCH tells (RFC 9051 §6.4.4.1).
#[cfg(feature = "imap-esearch")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SearchReturn {
    /// MIN: the lowest number found.
    Min,
    /// MAX: the highest number found.
    Max,
    /// ALL: all of them, as a set.
    All,
    /// COUNT: how many there are.
    Count,
    /// SAVE: what is found is `$` from now on (RFC 9051 §6.4.4.1, RFC 5182).
    Save,
    /// PARTIAL: some of them (RFC 9394 §3.1).
    Partial(PartialRange),
    /// RELEVANCY: how well each matches (RFC 6203 §4).
    Relevancy,
}

#[cfg(feature = "imap-esearch")]
impl SearchReturn {
    fn emit(self, line: &mut Encoder<'_>) -> Result<(), EmitError> {
        line.raw(match self {
            Self::Min => b"MIN",
            Self::Max => b"MAX",
            Self::All => b"ALL",
            Self::Count => b"COUNT",
            Self::Save => b"SAVE",
            Self::Relevancy => b"RELEVANCY",
            Self::Partial(range) => return range.emit(line),
        });
        Ok(())
    }
}

/// How SEARCH is answered and its strings are read (RFC 9051 §6.4.4).
#[derive(Clone, Copy, Debug, Default)]
pub struct SearchOptions<'s> {
    /// What is told; empty for all that is found, as ESEARCH. `None` for all that is found, as the
    /// server likes.
    #[cfg(feature = "imap-esearch")]
    pub returns: Option<&'s [SearchReturn]>,
    /// The charset of the strings, as `UTF-8`. `None` once UTF8=ACCEPT or IMAP4rev2 is enabled:
    /// they are UTF-8 then (RFC 9755 §3).
    pub charset: Option<&'s [u8]>,
}

/// `[UID ]SEARCH [RETURN (…)] [CHARSET c] key …` (RFC 9051 §6.4.4, §6.4.9).
pub(crate) fn search(
    line: &mut Encoder<'_>,
    uid: bool,
    keys: &impl Keys,
    options: &SearchOptions<'_>,
) -> Result<(), EmitError> {
    line.raw(if uid { b"UID SEARCH" } else { b"SEARCH" });
    #[cfg(feature = "imap-esearch")]
    returns(line, options.returns)?;
    if let Some(charset) = options.charset {
        // RFC 9755 §3: it must not be named once UTF8=ACCEPT is enabled.
        if line.utf8() {
            return Err(EmitError::WrongState);
        }
        line.raw(b" CHARSET ");
        line.astring(charset)?;
    }
    keys.emit(line)
}

#[cfg(feature = "imap-esearch")]
fn returns(line: &mut Encoder<'_>, options: Option<&[SearchReturn]>) -> Result<(), EmitError> {
    let Some(options) = options else { return Ok(()) };
    line.raw(b" RETURN ");
    line.list(options, |line, option| option.emit(line))
}

/// By what SORT orders (RFC 5256 §3, RFC 5957 §3).
#[cfg(feature = "imap-sort")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
#[non_exhaustive]
pub enum SortKey {
    /// When the server received it.
    Arrival,
    /// The first mailbox of Cc.
    Cc,
    /// When it was sent.
    Date,
    /// The first mailbox of From.
    From,
    /// Its octets.
    Size,
    /// The base subject.
    Subject,
    /// The first mailbox of To.
    To,
    /// The name shown for From (RFC 5957 §3). The server must offer SORT=DISPLAY.
    DisplayFrom,
    /// The name shown for To (RFC 5957 §3). The server must offer SORT=DISPLAY.
    DisplayTo,
    /// How well it matches (RFC 6203 §5).
    Relevancy,
}

#[cfg(feature = "imap-sort")]
impl SortKey {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Arrival => b"ARRIVAL",
            Self::Cc => b"CC",
            Self::Date => b"DATE",
            Self::From => b"FROM",
            Self::Size => b"SIZE",
            Self::Subject => b"SUBJECT",
            Self::To => b"TO",
            Self::DisplayFrom => b"DISPLAYFROM",
            Self::DisplayTo => b"DISPLAYTO",
            Self::Relevancy => b"RELEVANCY",
        }
    }

    /// Ascending.
    #[must_use]
    pub const fn ascending(self) -> SortBy {
        SortBy { key: self, reverse: false }
    }

    /// Descending: REVERSE.
    #[must_use]
    pub const fn reverse(self) -> SortBy {
        SortBy { key: self, reverse: true }
    }
}

/// By what SORT orders, and which way (RFC 5256 §3).
#[cfg(feature = "imap-sort")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SortBy {
    /// By what.
    pub key: SortKey,
    /// Whether the order is descending.
    pub reverse: bool,
}

/// `[UID ]SORT [RETURN (…)] ([REVERSE ]key …) charset key …` (RFC 5256 §3, RFC 5267 §3).
#[cfg(feature = "imap-sort")]
pub(crate) fn sort(
    line: &mut Encoder<'_>,
    uid: bool,
    order: &[SortBy],
    keys: &impl Keys,
    options: &SearchOptions<'_>,
) -> Result<(), EmitError> {
    if order.is_empty() {
        return Err(EmitError::Empty);
    }
    line.raw(if uid { b"UID SORT" } else { b"SORT" });
    #[cfg(feature = "imap-esearch")]
    returns(line, options.returns)?;
    line.sp();
    line.list(order, |line, by| {
        line.raw(if by.reverse { b"REVERSE " } else { b"" });
        line.raw(by.key.name());
        Ok(())
    })?;
    charset_and_keys(line, options.charset, keys)
}

/// How THREAD finds what belongs together (RFC 5256 §3).
#[cfg(feature = "imap-sort")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ThreadAlgorithm<'t> {
    /// ORDEREDSUBJECT: by the base subject.
    OrderedSubject,
    /// REFERENCES: by what a message refers to, and by the base subject.
    References,
    /// REFS: by what a message refers to.
    Refs,
    /// Another, by its name.
    Other(&'t [u8]),
}

#[cfg(feature = "imap-sort")]
impl ThreadAlgorithm<'_> {
    const fn name(&self) -> &[u8] {
        match self {
            Self::OrderedSubject => b"ORDEREDSUBJECT",
            Self::References => b"REFERENCES",
            Self::Refs => b"REFS",
            Self::Other(name) => name,
        }
    }
}

/// `[UID ]THREAD algorithm charset key …` (RFC 5256 §3).
#[cfg(feature = "imap-sort")]
pub(crate) fn thread(
    line: &mut Encoder<'_>,
    uid: bool,
    algorithm: ThreadAlgorithm<'_>,
    keys: &impl Keys,
    charset: Option<&[u8]>,
) -> Result<(), EmitError> {
    line.raw(if uid { b"UID THREAD " } else { b"THREAD " });
    line.atom(algorithm.name())?;
    charset_and_keys(line, charset, keys)
}

/// SORT and THREAD always name the charset (RFC 5256 §5).
#[cfg(feature = "imap-sort")]
fn charset_and_keys(
    line: &mut Encoder<'_>,
    charset: Option<&[u8]>,
    keys: &impl Keys,
) -> Result<(), EmitError> {
    line.sp();
    line.astring(charset.unwrap_or(b"UTF-8"))?;
    keys.emit(line)
}
