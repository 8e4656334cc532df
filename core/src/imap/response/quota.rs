//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct Quota<'a> {
    octets: &'a [u8],
}

/// View.
#[derive(Clone, Copy, Debug)]
pub struct QuotaRoot<'a> {
    octets: &'a [u8],
}

use crate::imap::lexer::Lexer;
impl<'a> Quota<'a> { pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> { let _ = lexer; None } }
impl<'a> QuotaRoot<'a> { pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> { let _ = lexer; None } }
