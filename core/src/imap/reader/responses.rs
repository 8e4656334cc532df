//! Where a response begins: what kind it is (RFC 9051 §7), and those that are told whole.

use super::{Condition, Phase, Reader, Reply, condition};
use crate::imap::event::Status;
use crate::imap::lexer::Lexer;
use crate::imap::quirk::{Quirk, QuirkSet};
use crate::imap::response;
use crate::imap::response::code;
use crate::imap::response::code::Code;
use crate::imap::response::fetch::MessageId;
use crate::imap::response::{Data, Listing};
use crate::imap::session::Count;
use crate::imap::work;

impl Reader {
    /// Reads what kind of response it is.
    #[inline]
    pub(super) fn begin<'s>(&mut self, content: &'s [u8], input: &mut &[u8]) -> Reply<'s> {
        let mut lexer = Lexer::new(content);
        match lexer.peek() {
            Some(b'*') => {
                lexer.advance(1);
                self.untagged(content, lexer, input)
            }
            Some(b'+') => {
                lexer.advance(1);
                if lexer.octet(b' ').is_none() {
                    lexer.note(Quirk::MissingText);
                }
                self.text_taken(content, lexer.quirks(), input);
                Reply::Continue { text: lexer.rest() }
            }
            _ => self.tagged(content, lexer, input),
        }
    }

    #[inline]
    pub(super) fn untagged<'s>(
        &mut self,
        content: &'s [u8],
        mut lexer: Lexer<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        if lexer.sp().is_none() {
            return self.junk(content, input);
        }
        if !lexer.peek().is_some_and(|octet| octet.is_ascii_digit()) {
            return self.named(content, lexer, input);
        }
        let Some(number) = lexer.number().filter(|_| lexer.sp().is_some()) else {
            return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
        };
        let Some(name) = lexer.atom() else {
            return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
        };
        match name.len() {
            5 if name.eq_ignore_ascii_case(b"FETCH") => {
                self.fetch(content, lexer, MessageId::Number(number), input)
            }
            8 if name.eq_ignore_ascii_case(b"UIDFETCH") => {
                self.fetch(content, lexer, MessageId::Uid(number), input)
            }
            6 if name.eq_ignore_ascii_case(b"EXISTS") => {
                self.count(content, lexer, Data::Exists(number), input)
            }
            6 if name.eq_ignore_ascii_case(b"RECENT") => {
                self.count(content, lexer, Data::Recent(number), input)
            }
            7 if name.eq_ignore_ascii_case(b"EXPUNGE") => {
                self.count(content, lexer, Data::Expunge(number), input)
            }
            _ => self.unrecognized(content, None, input),
        }
    }

    /// `* n EXISTS` and the like.
    pub(super) fn count<'s>(
        &mut self,
        content: &'s [u8],
        mut lexer: Lexer<'s>,
        data: Data<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        if lexer.end().is_none() || self.is_cut() {
            return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
        }
        self.quirks.insert(lexer.quirks());
        self.consume_line(input);
        Reply::Data(data)
    }

    /// `* n FETCH (`.
    #[inline]
    pub(super) fn fetch<'s>(
        &mut self,
        content: &'s [u8],
        mut lexer: Lexer<'s>,
        message: MessageId,
        input: &mut &[u8],
    ) -> Reply<'s> {
        if lexer.sp().is_none() {
            lexer.note(Quirk::MissingSpace);
        }
        if lexer.open().is_none() {
            return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
        }
        while lexer.open().is_some() {
            lexer.note(Quirk::ExtraParentheses);
        }
        self.quirks.insert(lexer.quirks());
        self.consume(lexer.taken_of(content), input);
        self.message = message;
        self.first = true;
        self.behind_literal = false;
        self.phase = Phase::Items;
        Reply::Data(Data::FetchStart(message))
    }

    /// A response that begins with its name.
    pub(super) fn named<'s>(
        &mut self,
        content: &'s [u8],
        mut lexer: Lexer<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        let Some(name) = lexer.atom() else {
            return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
        };
        if let Some(condition) = condition(name) {
            return self.status(content, condition, lexer, input);
        }
        if let Some(listing) = listing(name) {
            return self.begin_elements(content, listing, lexer, input);
        }
        if self.is_cut() {
            return self.skip_response(content, input);
        }
        // The name alone is no space short of arguments: some have none.
        let separated = lexer.sp().is_some();
        let data = response::parse(name, &mut lexer);
        work::add(lexer.taken_of(content));
        let Some(data) = data else {
            let quirk = (!is_name(name)).then_some(Quirk::MalformedResponse);
            return self.unrecognized(content, quirk, input);
        };
        match data.filter(|_| separated || lexer.at_end()) {
            Some(data) => {
                self.quirks.insert(lexer.quirks());
                self.consume_line(input);
                Reply::Data(data)
            }
            None => self.unrecognized(content, Some(Quirk::MalformedResponse), input),
        }
    }

    pub(super) fn status<'s>(
        &mut self,
        content: &'s [u8],
        condition: Condition,
        mut lexer: Lexer<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        let _ = lexer.octet(b' ');
        let (code, text, quirks) = self.text(lexer.rest());
        lexer.note_all(quirks);
        self.text_taken(content, lexer.quirks(), input);
        Reply::Status { condition, code, text }
    }

    /// `tag OK text`, or no response.
    pub(super) fn tagged<'s>(
        &mut self,
        content: &'s [u8],
        mut lexer: Lexer<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        let status = |lexer: &mut Lexer<'s>| {
            let tag = lexer.atom()?;
            lexer.sp()?;
            let status = match condition(lexer.atom()?)? {
                Condition::Ok => Status::Ok,
                Condition::No => Status::No,
                Condition::Bad => Status::Bad,
                Condition::Preauth | Condition::Bye => return None,
            };
            Some((tag, status))
        };
        let Some((tag, status)) = status(&mut lexer) else {
            return self.junk(content, input);
        };
        let _ = lexer.octet(b' ');
        let (code, text, quirks) = self.text(lexer.rest());
        lexer.note_all(quirks);
        self.text_taken(content, lexer.quirks(), input);
        Reply::Tagged { tag, status, code, text }
    }

    /// A line that is no response.
    pub(super) fn junk<'s>(&mut self, content: &'s [u8], input: &mut &[u8]) -> Reply<'s> {
        self.text_taken(content, QuirkSet::NONE, input);
        Reply::Junk(content)
    }

    /// The code and the words of a status response, or as much of them as fits.
    pub(super) fn text<'s>(&mut self, octets: &'s [u8]) -> (Option<Code<'s>>, &'s [u8], QuirkSet) {
        if !self.is_cut() {
            return code::parse_text(octets);
        }
        let told = code::parse_cut(octets);
        self.cuts_capabilities =
            matches!(told.0, Some(Code::Capability(_))) && code::is_cut(octets);
        told
    }

    /// A line of text has been read, or as much of it as fits.
    pub(super) fn text_taken(&mut self, content: &[u8], quirks: QuirkSet, input: &mut &[u8]) {
        self.quirks.insert(quirks);
        if self.is_cut() {
            self.consume(content.len(), input);
            self.phase = Phase::SkipText {
                octets: content.len() as Count,
                cr: content.last() == Some(&b'\r'),
            };
        } else {
            self.consume_line(input);
        }
    }

    /// A response that is handed over as it came.
    pub(super) fn unrecognized<'s>(
        &mut self,
        content: &'s [u8],
        quirk: Option<Quirk>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        if self.is_cut() {
            return self.skip_response(content, input);
        }
        if let Some(quirk) = quirk {
            self.note(quirk);
        }
        self.consume_line(input);
        Reply::Data(Data::Unrecognized(content))
    }
}

/// Whether a response may be called so, though it is not known here. Those that count messages need a number.
pub(super) fn is_name(name: &[u8]) -> bool {
    let counts: [&[u8]; 5] = [b"FETCH", b"EXISTS", b"RECENT", b"EXPUNGE", b"UIDFETCH"];
    name.first().is_some_and(u8::is_ascii_alphabetic)
        && !counts.iter().any(|count| name.eq_ignore_ascii_case(count))
}

/// Whether this is the name of a response that brings data items.
#[cfg(not(feature = "fast"))]
pub(super) fn is_fetch(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"FETCH") || name.eq_ignore_ascii_case(b"UIDFETCH")
}

pub(super) fn listing(name: &[u8]) -> Option<Listing> {
    let is = |keyword: &[u8]| name.eq_ignore_ascii_case(keyword);
    match name.len() {
        5 if is(b"FLAGS") => Some(Listing::Flags),
        6 if is(b"SEARCH") => Some(Listing::Search),
        #[cfg(feature = "imap-esearch")]
        7 if is(b"ESEARCH") => Some(Listing::Esearch),
        7 if is(b"ENABLED") => Some(Listing::Enabled),
        10 if is(b"CAPABILITY") => Some(Listing::Capability),
        #[cfg(feature = "imap-condstore")]
        8 if is(b"VANISHED") => Some(Listing::Vanished),
        #[cfg(feature = "imap-sort")]
        4 if is(b"SORT") => Some(Listing::Sort),
        #[cfg(feature = "imap-sort")]
        6 if is(b"THREAD") => Some(Listing::Thread),
        _ => None,
    }
}
