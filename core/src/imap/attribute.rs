//! Mailbox attributes (RFC 9051 §7.3.1): what LIST tells of a mailbox besides its name.

use core::fmt;

use super::flag::{Words, parse_list, show};
use super::lexer::Lexer;
use crate::names::place;

/// An attribute of a mailbox (RFC 9051 §7.3.1, RFC 5258 §3, RFC 6154 §2, RFC 8457 §3; of XLIST the last
/// four known ones). Compared without regard to case.
#[derive(Clone, Copy, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Attribute<'a> {
    /// `\Noinferiors`: there are no mailboxes below it, and there can be none.
    Noinferiors,
    /// `\Noselect`: it cannot be selected.
    Noselect,
    /// `\NonExistent`: there is no such mailbox; implies `\Noselect`.
    NonExistent,
    /// `\HasChildren`: there are mailboxes below it.
    HasChildren,
    /// `\HasNoChildren`: there are none.
    HasNoChildren,
    /// `\Marked`: it probably holds new messages.
    Marked,
    /// `\Unmarked`: it does not.
    Unmarked,
    /// `\Subscribed`.
    Subscribed,
    /// `\Remote`: it is on another server.
    Remote,
    /// `\All`: all messages are in it.
    All,
    /// `\Archive`.
    Archive,
    /// `\Drafts`.
    Drafts,
    /// `\Flagged`: the messages that are flagged.
    Flagged,
    /// `\Junk`.
    Junk,
    /// `\Sent`.
    Sent,
    /// `\Trash`.
    Trash,
    /// `\Important` (RFC 8457 §3).
    Important,
    /// `\AllMail`: what XLIST says for `\All`.
    AllMail,
    /// `\Inbox`: of XLIST; INBOX has a name in the user's language there.
    Inbox,
    /// `\Spam`: what XLIST says for `\Junk`.
    Spam,
    /// `\Starred`: what XLIST says for `\Flagged`.
    Starred,
    /// Any other, as it came.
    Other(&'a [u8]),
}

/// The names, in the order of [`Attribute`].
const NAMES: &str = "\\Noinferiors \\Noselect \\NonExistent \\HasChildren \\HasNoChildren \\Marked \
    \\Unmarked \\Subscribed \\Remote \\All \\Archive \\Drafts \\Flagged \\Junk \\Sent \
    \\Trash \\Important \\AllMail \\Inbox \\Spam \\Starred";

impl<'a> Attribute<'a> {
    /// The attribute that these octets name, in any case.
    #[must_use]
    pub fn from_bytes(octets: &'a [u8]) -> Self {
        match place(NAMES, octets) {
            Some(0) => Self::Noinferiors,
            Some(1) => Self::Noselect,
            Some(2) => Self::NonExistent,
            Some(3) => Self::HasChildren,
            Some(4) => Self::HasNoChildren,
            Some(5) => Self::Marked,
            Some(6) => Self::Unmarked,
            Some(7) => Self::Subscribed,
            Some(8) => Self::Remote,
            Some(9) => Self::All,
            Some(10) => Self::Archive,
            Some(11) => Self::Drafts,
            Some(12) => Self::Flagged,
            Some(13) => Self::Junk,
            Some(14) => Self::Sent,
            Some(15) => Self::Trash,
            Some(16) => Self::Important,
            Some(17) => Self::AllMail,
            Some(18) => Self::Inbox,
            Some(19) => Self::Spam,
            Some(_) => Self::Starred,
            None => Self::Other(octets),
        }
    }

    /// The attribute as its RFC spells it, backslash included; another one as it came.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        match self {
            Self::Noinferiors => b"\\Noinferiors",
            Self::Noselect => b"\\Noselect",
            Self::NonExistent => b"\\NonExistent",
            Self::HasChildren => b"\\HasChildren",
            Self::HasNoChildren => b"\\HasNoChildren",
            Self::Marked => b"\\Marked",
            Self::Unmarked => b"\\Unmarked",
            Self::Subscribed => b"\\Subscribed",
            Self::Remote => b"\\Remote",
            Self::All => b"\\All",
            Self::Archive => b"\\Archive",
            Self::Drafts => b"\\Drafts",
            Self::Flagged => b"\\Flagged",
            Self::Junk => b"\\Junk",
            Self::Sent => b"\\Sent",
            Self::Trash => b"\\Trash",
            Self::Important => b"\\Important",
            Self::AllMail => b"\\AllMail",
            Self::Inbox => b"\\Inbox",
            Self::Spam => b"\\Spam",
            Self::Starred => b"\\Starred",
            Self::Other(octets) => octets,
        }
    }

    /// What a mailbox with this attribute is for (RFC 6154 §2, RFC 8457 §3), in the RFCs' words where
    /// XLIST has others; `None` for an attribute that tells something else.
    #[must_use]
    pub const fn special_use(self) -> Option<Self> {
        match self {
            Self::AllMail => Some(Self::All),
            Self::Spam => Some(Self::Junk),
            Self::Starred => Some(Self::Flagged),
            Self::All
            | Self::Archive
            | Self::Drafts
            | Self::Flagged
            | Self::Junk
            | Self::Sent
            | Self::Trash
            | Self::Important => Some(self),
            _ => None,
        }
    }
}

impl PartialEq for Attribute<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes().eq_ignore_ascii_case(other.as_bytes())
    }
}

impl<'a> From<&'a str> for Attribute<'a> {
    fn from(attribute: &'a str) -> Self {
        Self::from_bytes(attribute.as_bytes())
    }
}

impl fmt::Display for Attribute<'_> {
    /// The attribute as its RFC spells it; what is not printable ASCII is escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self.as_bytes(), f)
    }
}

impl fmt::Debug for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self.as_bytes(), f)
    }
}

/// The attributes of a mailbox (RFC 9051 §7.3.1): a view of the octets between the parentheses, walked lazily.
#[derive(Clone, Copy, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Attributes<'a> {
    list: &'a [u8],
}

impl<'a> Attributes<'a> {
    /// From what stands between the parentheses, such as [`as_bytes`](Self::as_bytes) gave. Any octets do: the
    /// attributes end where there is no word any more.
    #[must_use]
    pub const fn from_bytes(list: &'a [u8]) -> Self {
        Self { list }
    }

    /// A parenthesized list of attributes.
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        parse_list(lexer).map(|list| Self { list })
    }

    /// The attributes in the order in which they came.
    #[must_use]
    pub const fn iter(self) -> AttributeIter<'a> {
        AttributeIter(Words(self.list))
    }

    /// Whether `attribute` is among them, in any case.
    #[must_use]
    pub fn contains(self, attribute: Attribute<'_>) -> bool {
        self.iter().any(|each| each == attribute)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// Whether the mailbox can be selected (RFC 9051 §7.3.1): neither `\Noselect` nor `\NonExistent`.
    #[must_use]
    pub fn is_selectable(self) -> bool {
        !self.contains(Attribute::Noselect) && !self.contains(Attribute::NonExistent)
    }

    /// Whether there are mailboxes below this one; `None` where the server does not say.
    #[must_use]
    pub fn has_children(self) -> Option<bool> {
        self.iter().find_map(|attribute| match attribute {
            Attribute::HasChildren => Some(true),
            Attribute::HasNoChildren | Attribute::Noinferiors => Some(false),
            _ => None,
        })
    }

    /// What the mailbox is for: the first attribute that tells (see [`Attribute::special_use`]).
    #[must_use]
    pub fn special_use(self) -> Option<Attribute<'a>> {
        self.iter().find_map(Attribute::special_use)
    }

    /// What stood between the parentheses, as it came.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.list
    }
}

impl fmt::Debug for Attributes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

impl<'a> IntoIterator for Attributes<'a> {
    type Item = Attribute<'a>;
    type IntoIter = AttributeIter<'a>;

    fn into_iter(self) -> AttributeIter<'a> {
        self.iter()
    }
}

/// The attributes of a list, one by one.
#[derive(Clone, Copy, Debug)]
pub struct AttributeIter<'a>(Words<'a>);

impl<'a> AttributeIter<'a> {
    /// What has not been read yet, as it came; [`Attributes::from_bytes`] goes on with it.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.0.0
    }
}

impl<'a> Iterator for AttributeIter<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        self.0.next().map(Attribute::from_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::quirk::Forgiven;

    #[test]
    fn attributes_are_known_in_any_case() {
        // RFC 6154 §5.1, RFC 5258 §5.
        let mut lexer = Lexer::new(br"(\Marked \HASNOCHILDREN \Trash \Foo)");
        let attributes = Attributes::parse(&mut lexer).unwrap();
        assert_eq!(lexer.quirks(), Forgiven::NONE);
        assert_eq!(
            attributes.iter().collect::<Vec<_>>(),
            [
                Attribute::Marked,
                Attribute::HasNoChildren,
                Attribute::Trash,
                Attribute::Other(br"\Foo")
            ]
        );
        assert!(attributes.is_selectable() && attributes.contains(Attribute::from(r"\foo")));
        assert_eq!(attributes.has_children(), Some(false));
        assert_eq!(attributes.special_use(), Some(Attribute::Trash));
    }

    #[test]
    fn each_known_attribute_reads_what_it_writes() {
        for name in NAMES.split(' ') {
            let read = Attribute::from(name);
            assert_eq!(read.as_bytes(), name.as_bytes());
            assert!(!matches!(read, Attribute::Other(_)), "{name}");
        }
    }

    #[test]
    fn xlist_says_the_same_in_other_words() {
        let parsed = |list| Attributes::parse(&mut Lexer::new(list)).unwrap();
        assert_eq!(parsed(br"(\HasNoChildren \AllMail)").special_use(), Some(Attribute::All));
        assert_eq!(parsed(br"(\Noselect)").special_use(), None);
        assert!(!parsed(br"(\NonExistent)").is_selectable());
        assert!(parsed(b"()").is_empty() && parsed(b"()").has_children().is_none());
    }
}
