//! The shortest way: what servers send most in a FETCH response, spelled as nearly all of them do, in a response that lies
//! whole in one place (feature `fast`). What it does not take, the other ways do, and tell the same.

use super::{Mode, Phase, Reader};
use crate::imap::date::DateTime;
use crate::imap::flag::Flags;
use crate::imap::lexer::Plain;
use crate::imap::response::Data;
use crate::imap::response::fetch::{Item, MessageId};
use crate::imap::session::Count;
use crate::imap::work;

/// What such a response tells next.
pub(in crate::imap) enum Usual {
    Uid(u32),
    /// A list of so many octets, and its closing parenthesis, which were taken last.
    Flags(usize),
    Size(u64),
    Date(DateTime),
    End(MessageId),
}

impl Reader {
    /// The next data item, or the end of the response. If it is none of these, nothing has been taken.
    #[inline(always)]
    pub(in crate::imap) fn usual(&mut self, scratch: &[u8], input: &mut &[u8]) -> Option<Usual> {
        let (Phase::Items, Mode::Whole { left, ending }) = (self.phase, self.mode) else {
            return None;
        };
        let line = self.front(scratch, input).get(..left)?;
        let item = match line {
            [b' ', item @ ..] if !self.first => item,
            item if self.first => item,
            [b')', b'\r', b'\n'] => return Some(self.usual_end(input)),
            _ => return None,
        };
        let (usual, rest) = usual_item(item)?;
        self.cuts_capabilities = false;
        self.behind_literal = false;
        self.first = false;
        let taken = left.wrapping_sub(rest.len());
        work::add(taken);
        self.item = self.consumed.wrapping_add(left.wrapping_sub(item.len()) as Count);
        self.consumed = self.consumed.saturating_add(taken as Count);
        self.mode = Mode::Whole { left: rest.len(), ending };
        self.pass_over(taken, input);
        Some(usual)
    }

    /// The same as data. `before` is what the input was before.
    #[inline(always)]
    pub(in crate::imap) fn usual_data<'s, 'i: 's>(
        &self,
        usual: &Usual,
        scratch: &'s [u8],
        before: &'i [u8],
        input: &[u8],
    ) -> Data<'s> {
        match *usual {
            Usual::Uid(uid) => Data::Item(Item::Uid(uid)),
            Usual::Size(octets) => Data::Item(Item::Rfc822Size(octets)),
            Usual::Date(moment) => Data::Item(Item::InternalDate(Some(moment))),
            Usual::End(message) => Data::FetchEnd(message),
            Usual::Flags(len) => {
                let (place, behind) = if self.is_gathered() {
                    (scratch, self.start)
                } else {
                    (before, before.len().wrapping_sub(input.len()))
                };
                let end = behind.wrapping_sub(1);
                let list = place.get(end.wrapping_sub(len)..end);
                Data::Item(Item::Flags(Flags::from_bytes(list.unwrap_or_default())))
            }
        }
    }

    /// The response is complete.
    #[inline(always)]
    fn usual_end(&mut self, input: &mut &[u8]) -> Usual {
        self.cuts_capabilities = false;
        self.item = self.consumed;
        self.consumed = self.consumed.saturating_add(3);
        self.pass_over(3, input);
        self.ended();
        Usual::End(self.message)
    }

    /// Passes octets that lie in one place, which have been counted.
    #[inline(always)]
    pub(super) fn pass_over(&mut self, n: usize, input: &mut &[u8]) {
        if self.is_gathered() {
            self.start = self.start.wrapping_add(n);
            if self.start >= self.end {
                (self.start, self.end) = (0, 0);
            }
        } else {
            *input = input.get(n..).unwrap_or_default();
        }
    }
}

/// An item and what follows it.
#[inline(always)]
fn usual_item(item: &[u8]) -> Option<(Usual, &[u8])> {
    let (usual, rest) = if let Some((b"UID ", value)) = item.split_first_chunk() {
        let mut plain = Plain(value);
        (Usual::Uid(plain.nz_number()?), plain.0)
    } else if let Some((b"FLAG", value)) = item.split_first_chunk() {
        let (b"S ", value) = value.split_first_chunk()? else { return None };
        let (flags, rest) = Flags::usual(value)?;
        (Usual::Flags(flags.as_bytes().len()), rest)
    } else if let Some((b"RFC822.S", value)) = item.split_first_chunk() {
        let (b"IZE ", value) = value.split_first_chunk()? else { return None };
        let mut plain = Plain(value);
        (Usual::Size(plain.number()?), plain.0)
    } else if let Some((b"INTERNAL", value)) = item.split_first_chunk() {
        let (b"DATE ", value) = value.split_first_chunk()? else { return None };
        let (b"\"", value) = value.split_first_chunk()? else { return None };
        let (text, rest) = value.split_first_chunk()?;
        (Usual::Date(DateTime::usual(text)?), rest.strip_prefix(b"\"")?)
    } else {
        return None;
    };
    Plain(rest).ends().then_some((usual, rest))
}
