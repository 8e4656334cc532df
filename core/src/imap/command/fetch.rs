//! FETCH (RFC 9051 §6.4.5) and the items that extensions added to it.

use super::encoder::Encoder;
use crate::error::EmitError;
#[cfg(feature = "imap-items")]
use crate::imap::section::emit_path;
use crate::imap::{BodySection, Partial, Sequence};
use crate::names::name_at;

/// What FETCH tells of a message (RFC 9051 §6.4.5).
// The kind stands apart from the fields, so that items without any are made and written in one way.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
#[non_exhaustive]
pub enum FetchItem<'f> {
    /// FLAGS INTERNALDATE RFC822.SIZE ENVELOPE. It must be the only item, and so must the next two.
    All,
    /// FLAGS INTERNALDATE RFC822.SIZE.
    Fast,
    /// FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY.
    Full,
    /// UID.
    Uid,
    /// FLAGS.
    Flags,
    /// ENVELOPE: the header fields that a list of messages shows.
    Envelope,
    /// INTERNALDATE: when the server received it.
    InternalDate,
    /// RFC822.SIZE: its octets.
    Rfc822Size,
    /// BODY: its structure, without extension data.
    Body,
    /// BODYSTRUCTURE: its structure.
    BodyStructure,
    /// `BODY[section]<partial>`, or BODY.PEEK, which does not set `\Seen`.
    BodySection {
        /// Which section.
        section: BodySection<'f>,
        /// Whether `\Seen` stays as it is.
        peek: bool,
        /// Which octets of it; all if missing.
        partial: Option<Partial>,
    },
    /// `BINARY[part]<partial>`, or BINARY.PEEK: a part, its transfer encoding undone (RFC 3516
    /// §4.2).
    #[cfg(feature = "imap-items")]
    Binary {
        /// The part's number, as in `1.2`; empty for the whole message.
        part: &'f [u32],
        /// Whether `\Seen` stays as it is.
        peek: bool,
        /// Which octets of it; all if missing.
        partial: Option<Partial>,
    },
    /// `BINARY.SIZE[part]`: the octets of a part, its transfer encoding undone (RFC 3516 §4.3).
    #[cfg(feature = "imap-items")]
    BinarySize(&'f [u32]),
    /// RFC822: the message; sets `\Seen` (RFC 3501 §6.4.5).
    Rfc822,
    /// RFC822.HEADER: its header (RFC 3501 §6.4.5).
    Rfc822Header,
    /// RFC822.TEXT: its body; sets `\Seen` (RFC 3501 §6.4.5).
    Rfc822Text,
    /// MODSEQ (RFC 7162 §3.1.5).
    #[cfg(feature = "imap-condstore")]
    ModSeq,
    /// X-GM-MSGID.
    #[cfg(feature = "imap-gmail")]
    GmailMessageId,
    /// X-GM-THRID.
    #[cfg(feature = "imap-gmail")]
    GmailThreadId,
    /// X-GM-LABELS.
    #[cfg(feature = "imap-gmail")]
    GmailLabels,
    /// EMAILID (RFC 8474 §5.1).
    #[cfg(feature = "imap-items")]
    EmailId,
    /// THREADID (RFC 8474 §5.2).
    #[cfg(feature = "imap-items")]
    ThreadId,
    /// PREVIEW: the beginning of the text (RFC 8970 §3).
    #[cfg(feature = "imap-items")]
    Preview {
        /// Only if the server has it at hand (RFC 8970 §3.1).
        lazy: bool,
    },
    /// SAVEDATE: when it was put into this mailbox (RFC 8514 §4.3).
    #[cfg(feature = "imap-items")]
    SaveDate,
    /// Another, that is an atom.
    Other(&'f [u8]),
}

impl FetchItem<'_> {
    /// The items that stand for several, which a list may not hold (RFC 9051 §9, `fetch`).
    const fn is_macro(&self) -> bool {
        matches!(self, Self::All | Self::Fast | Self::Full)
    }

    fn emit(&self, line: &mut Encoder<'_>) -> Result<(), EmitError> {
        match self {
            Self::Other(name) => return line.atom(name),
            Self::BodySection { section, peek, partial } => {
                line.raw(if *peek { b"BODY.PEEK" } else { b"BODY" });
                section.emit(line)?;
                return stretch(line, *partial);
            }
            #[cfg(feature = "imap-items")]
            Self::BinarySize(part) => return binary(line, b"BINARY.SIZE[", part, None),
            #[cfg(feature = "imap-items")]
            Self::Binary { part, peek, partial } => {
                let name: &[u8] = if *peek { b"BINARY.PEEK[" } else { b"BINARY[" };
                return binary(line, name, part, *partial);
            }
            _ => line.raw(name_at(NAMES, usize::from(self.place()))),
        }
        #[cfg(feature = "imap-items")]
        if matches!(self, Self::Preview { lazy: true }) {
            line.raw(b" (LAZY)");
        }
        Ok(())
    }

    /// Where its name stands in [`NAMES`].
    const fn place(&self) -> u8 {
        match self {
            Self::Fast => 1,
            Self::Full => 2,
            Self::Uid => 3,
            Self::Flags => 4,
            Self::Envelope => 5,
            Self::InternalDate => 6,
            Self::Rfc822Size => 7,
            Self::Body => 8,
            Self::BodyStructure => 9,
            Self::Rfc822 => 10,
            Self::Rfc822Header => 11,
            Self::Rfc822Text => 12,
            #[cfg(feature = "imap-condstore")]
            Self::ModSeq => 13,
            #[cfg(feature = "imap-items")]
            Self::EmailId => 14,
            #[cfg(feature = "imap-items")]
            Self::ThreadId => 15,
            #[cfg(feature = "imap-items")]
            Self::Preview { .. } => 16,
            #[cfg(feature = "imap-items")]
            Self::SaveDate => 17,
            #[cfg(feature = "imap-gmail")]
            Self::GmailMessageId => 18,
            #[cfg(feature = "imap-gmail")]
            Self::GmailThreadId => 19,
            #[cfg(feature = "imap-gmail")]
            Self::GmailLabels => 20,
            _ => 0,
        }
    }
}

/// The names of the items that are one word.
const NAMES: &str = "ALL FAST FULL UID FLAGS ENVELOPE INTERNALDATE RFC822.SIZE BODY BODYSTRUCTURE RFC822 RFC822.HEADER \
    RFC822.TEXT MODSEQ EMAILID THREADID PREVIEW SAVEDATE X-GM-MSGID X-GM-THRID X-GM-LABELS";

/// `BINARY[1.2]<partial>` (RFC 9051 §9, `section-binary`).
#[cfg(feature = "imap-items")]
fn binary(
    line: &mut Encoder<'_>,
    name: &[u8],
    part: &[u32],
    partial: Option<Partial>,
) -> Result<(), EmitError> {
    line.raw(name);
    emit_path(part, line)?;
    line.raw(b"]");
    stretch(line, partial)
}

/// `<offset.octets>`, or nothing.
fn stretch(line: &mut Encoder<'_>, partial: Option<Partial>) -> Result<(), EmitError> {
    partial.map_or(Ok(()), |partial| partial.emit(line))
}

/// Items one after another, for callers that hold them in another form and have no memory for a slice of them: make
/// each when it is asked for. That happens more than once. A slice of items is such a row.
pub trait FetchItems {
    /// The item at `index`, the first one being 0; `None` behind the last.
    fn item(&self, index: usize) -> Option<FetchItem<'_>>;
}

impl FetchItems for &[FetchItem<'_>] {
    fn item(&self, index: usize) -> Option<FetchItem<'_>> {
        self.get(index).copied()
    }
}

/// Of which messages FETCH tells something, beyond the set (RFC 7162 §3.1.4, §3.2.6; RFC 9394
/// §3.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FetchOptions {
    /// CHANGEDSINCE: only those that changed after this mod-sequence.
    #[cfg(feature = "imap-condstore")]
    pub changed_since: Option<u64>,
    /// VANISHED: which UIDs of the set are no more, too. In UID FETCH only, and with CHANGEDSINCE;
    /// QRESYNC must be enabled.
    #[cfg(feature = "imap-condstore")]
    pub vanished: bool,
    /// PARTIAL: only these of the messages that the set names. In UID FETCH only.
    #[cfg(feature = "imap-esearch")]
    pub partial: Option<PartialRange>,
}

/// Some of what was found, by its place in it (RFC 9394 §3.1); both ends are included, and count
/// from 1.
#[cfg(feature = "imap-esearch")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum PartialRange {
    /// Counted from the smallest UID: `1:500`.
    FromFirst(u32, u32),
    /// Counted from the largest UID: `-1:-500`.
    FromLast(u32, u32),
}

#[cfg(feature = "imap-esearch")]
impl PartialRange {
    /// `PARTIAL a:b`.
    pub(crate) fn emit(self, line: &mut Encoder<'_>) -> Result<(), EmitError> {
        let (sign, a, b): (&[u8], _, _) = match self {
            Self::FromFirst(a, b) => (b"", a, b),
            Self::FromLast(a, b) => (b"-", a, b),
        };
        if a == 0 || b == 0 {
            return Err(EmitError::BadArgument { at: 0 });
        }
        line.raw(b"PARTIAL ");
        line.raw(sign);
        line.number(a.into());
        line.raw(b":");
        line.raw(sign);
        line.number(b.into());
        Ok(())
    }
}

/// `[UID ]FETCH set (item …) [(modifier …)]` (RFC 9051 §6.4.5, §6.4.9).
pub(crate) fn fetch(
    line: &mut Encoder<'_>,
    uid: bool,
    set: Sequence<'_>,
    items: &dyn FetchItems,
    options: &FetchOptions,
) -> Result<(), EmitError> {
    line.raw(if uid { b"UID FETCH " } else { b"FETCH " });
    line.sequence_set(set)?;
    line.sp();
    item_list(line, items)?;
    #[cfg(any(feature = "imap-condstore", feature = "imap-esearch"))]
    modifiers(line, uid, options)?;
    #[cfg(not(any(feature = "imap-condstore", feature = "imap-esearch")))]
    let FetchOptions {} = options;
    Ok(())
}

/// `(item …)`, or one that stands for several, alone.
fn item_list(line: &mut Encoder<'_>, items: &dyn FetchItems) -> Result<(), EmitError> {
    let mut stands_for_several = false;
    for at in 0.. {
        let Some(item) = items.item(at) else {
            match at {
                0 => return Err(EmitError::Empty),
                _ => break,
            }
        };
        if stands_for_several {
            return Err(EmitError::BadArgument { at: 0 });
        }
        stands_for_several = item.is_macro();
        match at {
            0 if stands_for_several => {}
            0 => line.open(),
            _ if stands_for_several => return Err(EmitError::BadArgument { at }),
            _ => line.sp(),
        }
        item.emit(line)?;
    }
    if !stands_for_several {
        line.close();
    }
    Ok(())
}

#[cfg(any(feature = "imap-condstore", feature = "imap-esearch"))]
fn modifiers(line: &mut Encoder<'_>, uid: bool, options: &FetchOptions) -> Result<(), EmitError> {
    let mut before: &[u8] = b" (";
    #[cfg(feature = "imap-condstore")]
    {
        if options.vanished && !(uid && options.changed_since.is_some()) {
            return Err(EmitError::BadArgument { at: 0 });
        }
        if let Some(mod_seq) = options.changed_since {
            line.raw(b" (CHANGEDSINCE ");
            line.number63(mod_seq)?;
            line.raw(if options.vanished { b" VANISHED" } else { b"" });
            before = b" ";
        }
    }
    #[cfg(feature = "imap-esearch")]
    if let Some(partial) = options.partial {
        if !uid {
            return Err(EmitError::BadArgument { at: 0 });
        }
        line.raw(before);
        partial.emit(line)?;
        before = b" ";
    }
    line.raw(if before == b" " { b")" } else { b"" });
    Ok(())
}
