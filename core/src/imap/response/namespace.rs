//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct Namespace<'a> {
    octets: &'a [u8],
}

use crate::imap::lexer::Lexer;
impl<'a> Namespace<'a> { pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> { let _ = lexer; None } }
