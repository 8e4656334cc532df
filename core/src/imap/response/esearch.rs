//! ESEARCH (RFC 9051 §7.3.4, with RFC 4731, 5267, 6203, 7162, 7377, 9394): the result of a search, element by
//! element, since its sets may be as long as the mailbox. Grammar only.

use crate::imap::lexer::Lexer;
use crate::imap::mailbox::MailboxName;
use crate::imap::quirk::Quirk;
use crate::imap::sequence_set::Range;
use crate::imap::string::ImapString;
use crate::names::place;

/// A part of an ESEARCH response (RFC 9051 §7.3.4). A set comes range by range.
///
/// Numbers are UIDs if [`Uid`](Self::Uid) came before, and message numbers otherwise.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum EsearchItem<'a> {
    /// What the search was that this answers. Comes first, if at all.
    Correlator(Correlator<'a>),
    /// The numbers that follow are UIDs.
    Uid,
    /// MIN: the lowest number found (RFC 9051 §6.4.4).
    Min(u32),
    /// MAX: the highest number found (RFC 9051 §6.4.4).
    Max(u32),
    /// COUNT: how many were found (RFC 9051 §6.4.4).
    Count(u32),
    /// MODSEQ: the highest mod-sequence among what is told here (RFC 7162 §3.1.10).
    ModSeq(u64),
    /// ALL: messages that were found (RFC 9051 §6.4.4). In the order of the SORT that asked (RFC 5267 §3).
    All(Range),
    /// PARTIAL: of all that was found, what stands from the one position to the other will follow (RFC 9394
    /// §3.1, RFC 5267 §4.4). Negative positions count from the end: -1 is the last.
    Partial {
        /// A position, beginning with 1 or -1.
        first: i64,
        /// A position, included.
        last: i64,
    },
    /// PARTIAL: messages within these positions.
    PartialRange(Range),
    /// RELEVANCY: a score from 1 to 100, one for each message found, in their order (RFC 6203 §4).
    Relevancy(u32),
    /// ADDTO: put these in (RFC 5267 §4.3.3).
    AddTo {
        /// Where the first one goes, 1 being the beginning; the others follow it. 0: wherever it belongs.
        position: u32,
        /// The messages.
        range: Range,
    },
    /// REMOVEFROM: take these out (RFC 5267 §4.3.4).
    RemoveFrom {
        /// Where the first one stands, 1 being the beginning; the others follow it. 0: look for them.
        position: u32,
        /// The messages.
        range: Range,
    },
    /// Another item: its name. Its value follows, as one or more [`OtherValue`](Self::OtherValue).
    OtherName(&'a [u8]),
    /// An element of another item's value as it came: a number, a range of a set, or a parenthesized list
    /// (`tagged-ext-val`, RFC 9051 §9).
    OtherValue(&'a [u8]),
}

/// What an ESEARCH response answers (`search-correlator`, RFC 9051 §9, RFC 7377 §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Correlator<'a> {
    /// The tag of the command.
    pub tag: Option<ImapString<'a>>,
    /// The mailbox that was searched, in an answer to the ESEARCH command (RFC 7377 §2.1).
    pub mailbox: Option<MailboxName<'a>>,
    /// Its UIDVALIDITY.
    pub uid_validity: Option<u32>,
}

impl<'a> Correlator<'a> {
    /// `"(" one-correlator *(SP one-correlator) ")"` (RFC 7377 §3).
    fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let mut correlator = Self::default();
        lexer.open()?;
        loop {
            if lexer.keyword(b"TAG").is_some() {
                lexer.sp()?;
                correlator.tag = Some(lexer.astring()?);
            } else if lexer.keyword(b"MAILBOX").is_some() {
                lexer.sp()?;
                correlator.mailbox = Some(MailboxName::parse(lexer)?);
            } else if lexer.keyword(b"UIDVALIDITY").is_some() {
                lexer.sp()?;
                correlator.uid_validity = Some(number(lexer)?);
            } else {
                lexer.atom()?;
                lexer.sp()?;
                lexer.value()?;
                lexer.note(Quirk::ExtraField);
            }
            if lexer.close().is_some() {
                return Some(correlator);
            }
            lexer.sp()?;
        }
    }
}

/// What comes next in an ESEARCH response. Whoever frames the response gives it element by element:
///
/// - An element ends before a space, a comma, a closing parenthesis or the end of the line. Spaces and
///   commas belong to no element. Give it to [`element`](Self::element), and say whether a comma stood
///   before it.
/// - A parenthesized list is one element, parentheses included; but where [`enters`](Self::enters) says so,
///   call [`open`](Self::open) for the parenthesis alone, then go on with the elements in it.
/// - For a closing parenthesis call [`close`](Self::close).
/// - For an element that could not be kept call [`skipped`](Self::skipped).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EsearchState {
    /// The correlator, `UID`, or the name of an item.
    Name,
    /// The number of an item.
    Number(Number),
    /// The set of ALL, or what follows one of its ranges.
    All,
    /// The list of an item.
    List(List),
    /// The positions of PARTIAL.
    Positions,
    /// The set of PARTIAL, or what follows one of its ranges.
    PartialSet,
    /// A score of RELEVANCY.
    Score,
    /// The position of a change.
    Position(Change),
    /// The set that goes to, or stands at, this position.
    ChangeSet(Change, u32),
    /// What follows a range of that set.
    BehindChange(Change, u32),
    /// The value of an item that is not known here.
    Other,
    /// What follows an element of that value.
    BehindOther,
}

/// The items with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Min,
    Max,
    Count,
    ModSeq,
}

/// The items with a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Partial,
    Relevancy,
    Change(Change),
}

/// How results change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    AddTo,
    RemoveFrom,
}

/// What comes behind the name of an item whose value is read.
fn behind_name(name: &[u8]) -> Option<EsearchState> {
    const NAMES: &str = "MIN MAX COUNT MODSEQ ALL PARTIAL RELEVANCY ADDTO REMOVEFROM";
    Some(match place(NAMES, name)? {
        0 => EsearchState::Number(Number::Min),
        1 => EsearchState::Number(Number::Max),
        2 => EsearchState::Number(Number::Count),
        3 => EsearchState::Number(Number::ModSeq),
        4 => EsearchState::All,
        5 => EsearchState::List(List::Partial),
        6 => EsearchState::List(List::Relevancy),
        7 => EsearchState::List(List::Change(Change::AddTo)),
        _ => EsearchState::List(List::Change(Change::RemoveFrom)),
    })
}

impl EsearchState {
    /// Behind `ESEARCH `.
    pub(crate) const START: Self = Self::Name;

    /// Takes an element. The outer `None` says that it is malformed; the inner one, that there is nothing
    /// to tell yet.
    pub(crate) fn element<'a>(
        &mut self,
        lexer: &mut Lexer<'a>,
        behind_comma: bool,
    ) -> Option<Option<EsearchItem<'a>>> {
        let item = match *self {
            Self::Name => return self.name(lexer),
            Self::All if !behind_comma && !begins_range(lexer) => return self.name(lexer),
            Self::BehindOther if !behind_comma => return self.name(lexer),
            Self::Number(which) => {
                *self = Self::Name;
                number_item(which, lexer)?
            }
            Self::All => EsearchItem::All(range(lexer)?),
            Self::List(_) => {
                *self = Self::Name;
                return None;
            }
            Self::Positions => {
                *self = Self::PartialSet;
                positions(lexer)?
            }
            Self::PartialSet if lexer.nil().is_some() => return Some(None),
            Self::PartialSet => EsearchItem::PartialRange(range(lexer)?),
            Self::Score => EsearchItem::Relevancy(number(lexer)?),
            Self::BehindChange(change, position) if behind_comma => {
                self.change(change, position, lexer)?
            }
            Self::Position(change) | Self::BehindChange(change, _) => {
                *self = Self::ChangeSet(change, lexer.number()?);
                return Some(None);
            }
            Self::ChangeSet(change, position) => self.change(change, position, lexer)?,
            Self::Other | Self::BehindOther => {
                *self = Self::BehindOther;
                EsearchItem::OtherValue(lexer.rest())
            }
        };
        Some(Some(item))
    }

    /// Whether a parenthesis that comes next opens a list that is read element by element.
    pub(crate) const fn enters(self) -> bool {
        matches!(self, Self::List(_))
    }

    /// A list opens.
    pub(crate) const fn open(&mut self) {
        *self = match *self {
            Self::List(List::Partial) => Self::Positions,
            Self::List(List::Relevancy) => Self::Score,
            Self::List(List::Change(change)) => Self::Position(change),
            other => other,
        };
    }

    /// A list closes, or a parenthesis that was never opened.
    pub(crate) const fn close(&mut self) {
        *self = Self::Name;
    }

    /// An element could not be kept.
    pub(crate) const fn skipped(&mut self) {
        *self = match *self {
            Self::Number(_) | Self::List(_) => Self::Name,
            Self::Positions => Self::PartialSet,
            Self::Other => Self::BehindOther,
            other => other,
        };
    }

    /// The correlator, `UID`, or the name of an item.
    fn name<'a>(&mut self, lexer: &mut Lexer<'a>) -> Option<Option<EsearchItem<'a>>> {
        *self = Self::Name;
        if lexer.peek()? == b'(' {
            return Some(Some(EsearchItem::Correlator(Correlator::parse(lexer)?)));
        }
        let name = lexer.atom()?;
        if name.eq_ignore_ascii_case(b"UID") {
            return Some(Some(EsearchItem::Uid));
        }
        if let Some(next) = behind_name(name) {
            *self = next;
            return Some(None);
        }
        *self = Self::Other;
        Some(Some(EsearchItem::OtherName(name)))
    }

    /// A range that goes to, or stands at, a position. Of what is put in, the next range of the same set goes
    /// behind it (RFC 5267 §4.3.3: `(1 2731:2732)` puts 2732 second); of what is taken out, the next then
    /// stands where it stood.
    fn change<'a>(
        &mut self,
        change: Change,
        position: u32,
        lexer: &mut Lexer<'a>,
    ) -> Option<EsearchItem<'a>> {
        let range = range(lexer)?;
        let count = u32::try_from(range.count()).unwrap_or(u32::MAX);
        let (item, next) = match change {
            Change::AddTo if position > 0 => {
                (EsearchItem::AddTo { position, range }, position.saturating_add(count))
            }
            Change::AddTo => (EsearchItem::AddTo { position, range }, position),
            Change::RemoveFrom => (EsearchItem::RemoveFrom { position, range }, position),
        };
        *self = Self::BehindChange(change, next);
        Some(item)
    }
}

fn begins_range(lexer: &Lexer<'_>) -> bool {
    matches!(lexer.peek(), Some(b'0'..=b'9' | b'*'))
}

/// A range, which is all of the element.
fn range(lexer: &mut Lexer<'_>) -> Option<Range> {
    let element = lexer.rest();
    lexer.advance(element.len());
    Range::parse(element)
}

/// A number that should not be zero.
fn number(lexer: &mut Lexer<'_>) -> Option<u32> {
    let number = lexer.number()?;
    if number == 0 {
        lexer.note(Quirk::BadNumber);
    }
    Some(number)
}

fn number_item<'a>(which: Number, lexer: &mut Lexer<'_>) -> Option<EsearchItem<'a>> {
    Some(match which {
        Number::Min => EsearchItem::Min(number(lexer)?),
        Number::Max => EsearchItem::Max(number(lexer)?),
        Number::Count => EsearchItem::Count(lexer.number()?),
        Number::ModSeq => EsearchItem::ModSeq(lexer.number64()?),
    })
}

/// `nz-number ":" nz-number`, or the same with two minus signs (RFC 9394 §4, `partial-range`).
fn positions<'a>(lexer: &mut Lexer<'_>) -> Option<EsearchItem<'a>> {
    let first = position(lexer)?;
    lexer.octet(b':')?;
    Some(EsearchItem::Partial { first, last: position(lexer)? })
}

fn position(lexer: &mut Lexer<'_>) -> Option<i64> {
    let negative = lexer.octet(b'-').is_some();
    let position = i64::from(number(lexer)?);
    Some(if negative { position.saturating_neg() } else { position })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a response tells, as Debug shows it, and the quirks. Frames the response as the docs of
    /// `EsearchState` say.
    fn told(response: &str) -> (Vec<String>, Vec<Quirk>) {
        let (mut told, mut quirks) = (vec![], vec![]);
        let mut state = EsearchState::START;
        let mut rest = response.as_bytes();
        let mut comma = false;
        while let Some(&octet) = rest.first() {
            match octet {
                b' ' => rest = &rest[1..],
                b',' => {
                    comma = true;
                    rest = &rest[1..];
                    continue;
                }
                b')' => {
                    state.close();
                    rest = &rest[1..];
                }
                b'(' if state.enters() => {
                    state.open();
                    rest = &rest[1..];
                }
                _ => {
                    let len = element(rest);
                    let mut lexer = Lexer::new(&rest[..len]);
                    match state.element(&mut lexer, comma) {
                        Some(Some(item)) => told.push(format!("{item:?}")),
                        Some(None) => {}
                        None => told.push("malformed".into()),
                    }
                    quirks.extend(Quirk::ALL.iter().filter(|&&q| lexer.quirks().contains(q)));
                    rest = &rest[len..];
                }
            }
            comma = false;
        }
        (told, quirks)
    }

    fn element(octets: &[u8]) -> usize {
        let (mut depth, mut quoted) = (0, false);
        let ends = |&octet: &u8| {
            match octet {
                b'"' => quoted = !quoted,
                b'(' if !quoted => depth += 1,
                b')' if !quoted && depth == 0 => return true,
                b')' if !quoted => depth -= 1,
                b' ' | b',' => return !quoted && depth == 0,
                _ => {}
            }
            false
        };
        octets.iter().position(ends).unwrap_or(octets.len())
    }

    fn assert_told(response: &str, items: &[&str]) {
        let (told, quirks) = told(response);
        assert_eq!(told[1..], *items, "{response}");
        assert!(told[0].starts_with("Correlator") && told[0].contains("tag: Some"), "{told:?}");
        assert_eq!(quirks, [], "{response}");
    }

    #[test]
    fn examples_of_the_base_protocol() {
        // RFC 9051 §6.4.4.4, §7.3.4; RFC 4731 §3.1.
        assert_told("(TAG \"A282\") MIN 2 COUNT 3", &["Min(2)", "Count(3)"]);
        assert_told(
            "(TAG \"A283\") ALL 2,10:11",
            &["All(Range { first: 2, last: 2 })", "All(Range { first: 10, last: 11 })"],
        );
        assert_told("(TAG \"A284\") MIN 4", &["Min(4)"]);
        assert_told("(TAG \"A285\") UID MIN 7 MAX 3800", &["Uid", "Min(7)", "Max(3800)"]);
        assert_told("(TAG \"A286\") COUNT 15", &["Count(15)"]);
        assert_told(
            "(TAG \"a567\") UID COUNT 5 ALL 4:19,21,28",
            &[
                "Uid",
                "Count(5)",
                "All(Range { first: 4, last: 19 })",
                "All(Range { first: 21, last: 21 })",
                "All(Range { first: 28, last: 28 })",
            ],
        );
        assert_told("(TAG A1) count 0", &["Count(0)"]);
        assert_told("(TAG \"A1\")", &[]);
        // RFC 7162 §3.1.10.
        assert_told(
            "(TAG \"a\") ALL 1:3,5 MODSEQ 1236",
            &[
                "All(Range { first: 1, last: 3 })",
                "All(Range { first: 5, last: 5 })",
                "ModSeq(1236)",
            ],
        );
    }

    // RFC 9394 §3.1.
    #[test]
    fn partial_results_are_told() {
        assert_told(
            "(TAG \"A01\") UID PARTIAL (-1:-100 200:250,252:300) COUNT 7",
            &[
                "Uid",
                "Partial { first: -1, last: -100 }",
                "PartialRange(Range { first: 200, last: 250 })",
                "PartialRange(Range { first: 252, last: 300 })",
                "Count(7)",
            ],
        );
        assert_told(
            "(TAG \"A04\") UID PARTIAL (24000:24500 NIL)",
            &["Uid", "Partial { first: 24000, last: 24500 }"],
        );
    }

    // RFC 6203 §4.
    #[test]
    fn scores_are_told() {
        assert_told(
            "(TAG \"B1\") RELEVANCY (4 99) ALL 3",
            &["Relevancy(4)", "Relevancy(99)", "All(Range { first: 3, last: 3 })"],
        );
    }

    // RFC 5267 §4.3.3, §4.3.4.
    #[test]
    fn changes_of_a_result_are_told() {
        let one = |uid: u32| format!("range: Range {{ first: {uid}, last: {uid} }} }}");
        assert_told(
            "(TAG \"B01\") UID ADDTO (0 32768:32769)",
            &["Uid", "AddTo { position: 0, range: Range { first: 32768, last: 32769 } }"],
        );
        assert_told(
            "(TAG \"C01\") UID ADDTO (1 2733) ADDTO (1 2731:2732,2729 9 3 4 5)",
            &[
                "Uid",
                &format!("AddTo {{ position: 1, {}", one(2733)),
                "AddTo { position: 1, range: Range { first: 2731, last: 2732 } }",
                &format!("AddTo {{ position: 3, {}", one(2729)),
                &format!("AddTo {{ position: 9, {}", one(3)),
                &format!("AddTo {{ position: 4, {}", one(5)),
            ],
        );
        assert_told(
            "(TAG \"C01\") UID REMOVEFROM (0 32768 2 7,9) MIN 1",
            &[
                "Uid",
                &format!("RemoveFrom {{ position: 0, {}", one(32768)),
                &format!("RemoveFrom {{ position: 2, {}", one(7)),
                &format!("RemoveFrom {{ position: 2, {}", one(9)),
                "Min(1)",
            ],
        );
    }

    // RFC 7377 §2.1.
    #[test]
    fn a_search_of_several_mailboxes_names_each() {
        let mut state = EsearchState::START;
        let octets = b"(TAG \"tag1\" MAILBOX \"folder1\" UIDVALIDITY 1)";
        let Some(Some(EsearchItem::Correlator(told))) =
            state.element(&mut Lexer::new(octets), false)
        else {
            panic!()
        };
        assert_eq!(told.tag, Some(ImapString::plain(b"tag1")));
        assert_eq!(told.mailbox.unwrap().as_received(), *b"folder1");
        assert_eq!(told.uid_validity, Some(1));
    }

    #[test]
    fn unknown_items_are_handed_over() {
        let value = |octets: &[u8]| format!("OtherValue({octets:?})");
        assert_told(
            "(TAG \"a\") X-SET 1,2:3 X-LIST (a (b \"c)\")) COUNT 2",
            &[
                &format!("OtherName({:?})", b"X-SET"),
                &value(b"1"),
                &value(b"2:3"),
                &format!("OtherName({:?})", b"X-LIST"),
                &value(b"(a (b \"c)\"))"),
                "Count(2)",
            ],
        );
    }

    #[test]
    fn a_malformed_element_costs_no_other() {
        let (items, _) = told("UID MIN x MAX 5 ALL 1,z,3 PARTIAL 7 COUNT 2 PARTIAL (1 4) MAX 9");
        assert_eq!(
            items,
            [
                "Uid",
                "malformed",
                "Max(5)",
                "All(Range { first: 1, last: 1 })",
                "malformed",
                "All(Range { first: 3, last: 3 })",
                "malformed",
                "Count(2)",
                "malformed",
                "PartialRange(Range { first: 4, last: 4 })",
                "Max(9)",
            ]
        );
        let (items, quirks) = told("MIN 0 ALL COUNT 3");
        assert_eq!(items, ["Min(0)", "Count(3)"]);
        assert_eq!(quirks, [Quirk::BadNumber]);
    }

    #[test]
    fn a_skipped_element_is_a_value_that_is_missing() {
        let mut state = EsearchState::START;
        assert!(matches!(state.element(&mut Lexer::new(b"MIN"), false), Some(None)));
        state.skipped();
        assert!(matches!(
            state.element(&mut Lexer::new(b"UID"), false),
            Some(Some(EsearchItem::Uid))
        ));
    }
}
