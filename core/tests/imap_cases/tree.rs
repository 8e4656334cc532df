//! What a response says, as a tree of words, strings and lists. What the client tells, what the plain
//! reader reads and what a case means all become such trees, so that any two can be compared.

use std::fmt;

/// A word, a string or a list.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Tree {
    /// What stands unquoted: a number, a keyword, a flag, NIL.
    Atom(Vec<u8>),
    /// A quoted string, a literal, or free text.
    Text(Vec<u8>),
    /// A list.
    List(Vec<Tree>),
}

impl Tree {
    pub(crate) fn atom(octets: impl AsRef<[u8]>) -> Self {
        Self::Atom(octets.as_ref().to_vec())
    }

    pub(crate) fn text(octets: impl AsRef<[u8]>) -> Self {
        Self::Text(octets.as_ref().to_vec())
    }

    pub(crate) fn number(number: impl fmt::Display) -> Self {
        Self::Atom(number.to_string().into_bytes())
    }

    pub(crate) fn nil() -> Self {
        Self::atom("NIL")
    }

    pub(crate) fn is_nil(&self) -> bool {
        matches!(self, Self::Atom(word) if word.eq_ignore_ascii_case(b"NIL"))
    }

    pub(crate) fn list(&self) -> &[Self] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    /// The octets of a word or a string.
    pub(crate) fn octets(&self) -> &[u8] {
        match self {
            Self::Atom(octets) | Self::Text(octets) => octets,
            Self::List(_) => &[],
        }
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Atom(octets) if octets.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Whether this, which the client told, is what `other` says. Words compare in any case; where the grammar
    /// wants a string an atom is one, `NIL` too (RFC 9051 §9, `astring`), but what the client told as NIL was no string.
    pub(crate) fn says(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(ours), Self::List(others)) => {
                ours.len() == others.len() && ours.iter().zip(others).all(|(a, b)| a.says(b))
            }
            (Self::Atom(ours), Self::Atom(others)) => ours.eq_ignore_ascii_case(others),
            (Self::Atom(ours), Self::Text(others)) => !self.is_nil() && ours == others,
            (Self::Text(ours), Self::Atom(others) | Self::Text(others)) => ours == others,
            _ => false,
        }
    }

    /// Without what makes no difference in an ENVELOPE or a structure: what is NIL at the end of a list counts as
    /// missing, a list of nothing as NIL, and a list of one string (a language) as that string.
    pub(crate) fn reduced(&self) -> Self {
        let Self::List(list) = self else { return self.clone() };
        let mut list: Vec<Self> = list.iter().map(Self::reduced).collect();
        while list.last().is_some_and(Self::is_nil) {
            list.pop();
        }
        match &list[..] {
            [] => Self::nil(),
            [Self::Text(one)] => Self::text(one),
            _ => Self::List(list),
        }
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Atom(octets) => write!(f, "{}", octets.escape_ascii()),
            Self::Text(octets) => write!(f, "\"{}\"", octets.escape_ascii()),
            Self::List(list) => f.debug_list().entries(list).finish(),
        }
    }
}
