//! Where a response begins: what kind it is (RFC 9051 §7), and those that are told whole.

use super::{Condition, Phase, Reader, Reply, condition};
use crate::imap::event::Status;
use crate::imap::lexer::Lexer;
use crate::imap::quirk::{Forgiven, Quirk};
use crate::imap::response;
use crate::imap::response::code;
use crate::imap::response::code::Code;
use crate::imap::response::fetch::MessageId;
use crate::imap::response::{Data, Listing};
use crate::imap::session::Count;
use crate::imap::work;
#[cfg(not(feature = "fast"))]
use crate::names::place;

impl Reader {
    /// Reads what kind of response it is.
    #[inline]
    pub(super) fn begin<'s>(&mut self, content: &'s [u8], input: &mut &[u8]) -> Reply<'s> {
        let mut lexer = Lexer::new(content);
        match lexer.peek() {
            Some(b'*') => {
                lexer.advance(1);
                self.untagged(content, &mut lexer, input)
            }
            Some(b'+') => {
                lexer.advance(1);
                if lexer.octet(b' ').is_none() {
                    lexer.note(Quirk::MissingText);
                }
                self.text_taken(content, lexer.quirks(), input);
                // What there is to forgive in it is not told.
                let code = code::parse_text(&mut lexer);
                Reply::Continue { code, text: lexer.rest() }
            }
            _ => self.tagged(content, &mut lexer, input),
        }
    }

    #[inline]
    pub(super) fn untagged<'s>(
        &mut self,
        content: &'s [u8],
        lexer: &mut Lexer<'s>,
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
        match counted(name) {
            Some(Counted::Fetch) => self.fetch(content, lexer, MessageId::Number(number), input),
            Some(Counted::UidFetch) => self.fetch(content, lexer, MessageId::Uid(number), input),
            Some(Counted::Exists) => self.count(content, lexer, Data::Exists(number), input),
            Some(Counted::Recent) => self.count(content, lexer, Data::Recent(number), input),
            Some(Counted::Expunge) => self.count(content, lexer, Data::Expunge(number), input),
            None => self.unrecognized(content, None, input),
        }
    }

    /// `* n EXISTS` and the like.
    pub(super) fn count<'s>(
        &mut self,
        content: &'s [u8],
        lexer: &mut Lexer<'s>,
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
        lexer: &mut Lexer<'s>,
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
        lexer: &mut Lexer<'s>,
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
        self.told_whole(content, name, lexer, input)
    }

    /// A response that is told whole.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn told_whole<'s>(
        &mut self,
        content: &'s [u8],
        name: &'s [u8],
        lexer: &mut Lexer<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        // The name alone is no space short of arguments: some have none.
        let separated = lexer.sp().is_some();
        let data = response::parse(name, lexer);
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
        lexer: &mut Lexer<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        let _ = lexer.octet(b' ');
        let code = self.code(lexer);
        self.text_taken(content, lexer.quirks(), input);
        Reply::Status { condition, code, text: lexer.rest() }
    }

    /// `tag OK text`, or no response.
    pub(super) fn tagged<'s>(
        &mut self,
        content: &'s [u8],
        lexer: &mut Lexer<'s>,
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
        let Some((tag, status)) = status(lexer) else {
            return self.junk(content, input);
        };
        let _ = lexer.octet(b' ');
        let code = self.code(lexer);
        self.text_taken(content, lexer.quirks(), input);
        Reply::Tagged { tag, status, code, text: lexer.rest() }
    }

    /// A line that is no response.
    pub(super) fn junk<'s>(&mut self, content: &'s [u8], input: &mut &[u8]) -> Reply<'s> {
        self.text_taken(content, Forgiven::NONE, input);
        Reply::Junk(content)
    }

    /// Takes the code of a status response, or as much of it as fits; what is left are its words.
    #[inline]
    fn code<'s>(&mut self, lexer: &mut Lexer<'s>) -> Option<Code<'s>> {
        if self.is_cut() && code::is_cut(lexer.rest()) {
            let code = code::parse_cut(lexer);
            self.cuts_capabilities = code.is_some();
            return code;
        }
        code::parse_text(lexer)
    }

    /// A line of text has been read, or as much of it as fits.
    pub(super) fn text_taken(&mut self, content: &[u8], quirks: Forgiven, input: &mut &[u8]) {
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

/// The responses that count messages: a number stands before their names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Fetch,
    UidFetch,
    Exists,
    Recent,
    Expunge,
}

#[cfg(feature = "fast")]
#[inline(always)]
fn counted(name: &[u8]) -> Option<Counted> {
    let is = |keyword: &[u8]| name.eq_ignore_ascii_case(keyword);
    match name.len() {
        5 if is(b"FETCH") => Some(Counted::Fetch),
        8 if is(b"UIDFETCH") => Some(Counted::UidFetch),
        6 if is(b"EXISTS") => Some(Counted::Exists),
        6 if is(b"RECENT") => Some(Counted::Recent),
        7 if is(b"EXPUNGE") => Some(Counted::Expunge),
        _ => None,
    }
}

#[cfg(not(feature = "fast"))]
pub(super) fn counted(name: &[u8]) -> Option<Counted> {
    Some(match place("FETCH UIDFETCH EXISTS RECENT EXPUNGE", name)? {
        0 => Counted::Fetch,
        1 => Counted::UidFetch,
        2 => Counted::Exists,
        3 => Counted::Recent,
        _ => Counted::Expunge,
    })
}

/// Whether a response may be called so, though it is not known here. Those that count messages need a number.
pub(super) fn is_name(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_alphabetic) && counted(name).is_none()
}

#[cfg(not(feature = "fast"))]
pub(super) fn listing(name: &[u8]) -> Option<Listing> {
    match place("FLAGS SEARCH ENABLED CAPABILITY ESEARCH VANISHED SORT THREAD", name)? {
        0 => Some(Listing::Flags),
        1 => Some(Listing::Search),
        2 => Some(Listing::Enabled),
        3 => Some(Listing::Capability),
        #[cfg(feature = "imap-esearch")]
        4 => Some(Listing::Esearch),
        #[cfg(feature = "imap-condstore")]
        5 => Some(Listing::Vanished),
        #[cfg(feature = "imap-sort")]
        6 => Some(Listing::Sort),
        #[cfg(feature = "imap-sort")]
        7 => Some(Listing::Thread),
        _ => None,
    }
}

#[cfg(feature = "fast")]
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
