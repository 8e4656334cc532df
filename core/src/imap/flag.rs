//! Flags and keywords (RFC 9051 §2.3.2), and mailbox attributes, which look alike.

use super::lexer::Lexer;

/// A flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flag<'a> {
    /// `\\Seen`.
    Seen,
    /// A keyword.
    Keyword(&'a [u8]),
}

/// A parenthesized list of flags.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flags<'a> {
    list: &'a [u8],
}

impl<'a> Flags<'a> {
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let _ = lexer;
        None
    }
}
