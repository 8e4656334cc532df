//! Responses that come by element: CAPABILITY, FLAGS, SEARCH, ESEARCH, VANISHED, THREAD and their like.

use super::parts::{Part, Separator};
use super::{Phase, Reader, Reply, Told, nothing, oversize, tell};
use crate::imap::capability::Capability;
use crate::imap::event::Oversize;
use crate::imap::flag::Flag;
use crate::imap::framer::Stop;
use crate::imap::lexer::Lexer;
use crate::imap::quirk::Quirk;
#[cfg(feature = "imap-esearch")]
use crate::imap::response::esearch::EsearchState;
#[cfg(feature = "imap-sort")]
use crate::imap::response::thread::ThreadElement;
use crate::imap::response::{Data, Listing};
#[cfg(feature = "imap-condstore")]
use crate::imap::sequence_set::Range;
use crate::imap::work;

impl Reader {
    pub(super) fn begin_elements<'s>(
        &mut self,
        content: &'s [u8],
        mut listing: Listing,
        lexer: &mut Lexer<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        if cfg!(feature = "imap-condstore") && listing == Listing::Vanished {
            let mut ahead = *lexer;
            if ahead.sp().is_some() && ahead.rest().starts_with(b"(") {
                ahead.advance(1);
                if ahead.keyword(b"EARLIER").is_some() && ahead.close().is_some() {
                    listing = Listing::VanishedEarlier;
                    *lexer = ahead;
                }
            }
            // What `gather` did not take for the beginning of one lies here whole.
            #[cfg(not(feature = "fast"))]
            if lexer.rest().iter().any(|&octet| octet != b' ') {
                return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
            }
        }
        if listing == Listing::Flags && (lexer.sp().is_none() || lexer.open().is_none()) {
            return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
        }
        self.quirks.insert(lexer.quirks());
        #[cfg(feature = "fast")]
        self.consume(lexer.taken_of(content), input);
        // What is left are spaces, and they belong to the first element.
        #[cfg(not(feature = "fast"))]
        {
            self.consume(content.len(), input);
            self.spaces = u8::try_from(lexer.rest().len()).unwrap_or(u8::MAX);
        }
        self.framer.reset();
        #[cfg(feature = "imap-esearch")]
        {
            self.esearch = EsearchState::START;
        }
        self.phase = Phase::Elements(listing);
        Reply::Data(Data::Begin(listing))
    }

    /// The next element. Only ESEARCH passes over some.
    #[inline(never)]
    #[cfg_attr(not(feature = "imap-esearch"), allow(clippy::never_loop))]
    pub(super) fn element<'s, 'i: 's>(
        &mut self,
        listing: Listing,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Told<'s> {
        let thread = cfg!(feature = "imap-sort") && listing == Listing::Thread;
        let stop = if thread { Stop::Thread } else { Stop::Element };
        loop {
            if !self.is_mid_part() {
                match self.separators(scratch, input, stop) {
                    Separator::None => return nothing(),
                    Separator::LineEnd => {
                        self.ended();
                        return tell(Data::End(listing));
                    }
                    Separator::Close => {
                        self.consume(1, input);
                        match listing {
                            #[cfg(feature = "imap-sort")]
                            Listing::Thread => {
                                return tell(Data::Thread(ThreadElement::Close));
                            }
                            #[cfg(feature = "imap-esearch")]
                            Listing::Esearch => {
                                self.esearch.close();
                                continue;
                            }
                            _ => self.phase = Phase::Tail,
                        }
                        return tell(Data::End(listing));
                    }
                    Separator::Part if self.peek(scratch, input) != Some(b'(') => {}
                    #[cfg(feature = "imap-sort")]
                    Separator::Part if thread => {
                        self.consume(1, input);
                        return tell(Data::Thread(ThreadElement::Open));
                    }
                    #[cfg(feature = "imap-esearch")]
                    Separator::Part if listing == Listing::Esearch && self.esearch.enters() => {
                        self.consume(1, input);
                        self.esearch.open();
                        continue;
                    }
                    Separator::Part => {}
                }
            }
            let (len, found) = match self.part(scratch, input, stop) {
                // Lists of elements have no end of their own, to the framer.
                Part::Partial | Part::ListEnd | Part::ListCut => return nothing(),
                #[cfg(feature = "fast")]
                Part::LineEnd => return nothing(),
                Part::Fatal(violation) => return self.lost(violation),
                Part::Oversize { octets, line_end } => {
                    #[cfg(feature = "imap-esearch")]
                    if listing == Listing::Esearch {
                        self.esearch.skipped();
                    }
                    self.elements_may_end(listing, line_end);
                    return oversize(Oversize::Element, octets);
                }
                Part::Whole { len, found } => (len, found),
            };
            // A range of a set is always told; names and positions are not.
            #[cfg(feature = "imap-esearch")]
            let range = matches!(self.esearch, EsearchState::All)
                && self.peek(scratch, input).is_some_and(|octet| octet.is_ascii_digit());
            #[cfg(feature = "imap-esearch")]
            if listing == Listing::Esearch && !range {
                let octets = self.front(scratch, input).get(..len).unwrap_or_default();
                work::add(octets.len());
                let mut state = self.esearch;
                if let Some(None) = state.element(&mut Lexer::new(octets), self.comma) {
                    self.esearch = state;
                    let (_, line_end) = self.take_part(octets, found, input);
                    if line_end {
                        self.ended();
                        return tell(Data::End(listing));
                    }
                    continue;
                }
            }
            let octets = self.front(scratch, input).get(..len).unwrap_or_default();
            let (octets, line_end) = self.take_part(octets, found, input);
            self.elements_may_end(listing, line_end);
            return self.whole_element(listing, octets);
        }
    }

    pub(super) fn elements_may_end(&mut self, listing: Listing, line_end: bool) {
        if line_end {
            self.ended();
            self.phase = Phase::ElementsEnd(listing);
        }
    }

    pub(super) fn whole_element<'s>(&mut self, listing: Listing, octets: &'s [u8]) -> Told<'s> {
        let mut lexer = Lexer::new(octets);
        work::add(octets.len());
        let data = match listing {
            Listing::Capability => Some(Data::Capability(Capability::new(octets))),
            Listing::Enabled => Some(Data::Enabled(Capability::new(octets))),
            Listing::Flags => Flag::parse(&mut lexer).map(Data::Flag),
            Listing::Search | Listing::Sort => found(&mut lexer),
            #[cfg(feature = "imap-esearch")]
            Listing::Esearch => {
                self.esearch.element(&mut lexer, self.comma).flatten().map(Data::Esearch)
            }
            #[cfg(feature = "imap-sort")]
            Listing::Thread => lexer.number().map(|n| Data::Thread(ThreadElement::Message(n))),
            #[cfg(feature = "imap-condstore")]
            Listing::Vanished | Listing::VanishedEarlier => {
                Range::parse(octets).map(Data::Vanished)
            }
            // Not begun without its feature.
            #[allow(unreachable_patterns)]
            _ => None,
        };
        self.quirks.insert(lexer.quirks());
        match data {
            Some(data) => tell(data),
            None => {
                self.note(Quirk::MalformedItem);
                tell(Data::Unrecognized(octets))
            }
        }
    }
}

/// An element of SEARCH or SORT: a number, or the mod-sequence behind the last one.
pub(super) fn found<'s>(lexer: &mut Lexer<'s>) -> Option<Data<'s>> {
    if lexer.open().is_none() {
        let number = lexer.number()?;
        return lexer.at_end().then_some(Data::Found(number));
    }
    found_mod_seq(lexer)
}

/// What follows the parenthesis (RFC 7162 §3.1.5).
#[cfg(feature = "imap-condstore")]
fn found_mod_seq<'s>(lexer: &mut Lexer<'s>) -> Option<Data<'s>> {
    lexer.keyword(b"MODSEQ")?;
    lexer.sp()?;
    let number = lexer.number64()?;
    lexer.close()?;
    Some(Data::FoundModSeq(number))
}

#[cfg(not(feature = "imap-condstore"))]
fn found_mod_seq<'s>(_: &mut Lexer<'s>) -> Option<Data<'s>> {
    None
}
