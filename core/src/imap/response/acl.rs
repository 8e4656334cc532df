//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct Acl<'a> {
    octets: &'a [u8],
}

/// View.
#[derive(Clone, Copy, Debug)]
pub struct ListRights<'a> {
    octets: &'a [u8],
}

/// View.
#[derive(Clone, Copy, Debug)]
pub struct MyRights<'a> {
    octets: &'a [u8],
}

use crate::imap::lexer::Lexer;
impl<'a> Acl<'a> { pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> { let _ = lexer; None } }
impl<'a> ListRights<'a> { pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> { let _ = lexer; None } }
impl<'a> MyRights<'a> { pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> { let _ = lexer; None } }
