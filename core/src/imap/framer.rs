//! Where a part of a response ends, found octet by octet and resumable at any of them: the slow way, for
//! what does not lie whole in one place. Knows the lexical rules of RFC 9051 §9, no grammar.

use super::session::Count;
use super::work;

/// What ends a part, outside quoted strings, literals and parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The line's end.
    Line,
    /// A space or a closing parenthesis behind a value: a data item of FETCH.
    Item,
    /// A space, a comma, a closing parenthesis: an element of a list.
    Element,
    /// The same, and parentheses are elements themselves.
    Thread,
}

/// What the framer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// All octets belong to the part, and more may come.
    More,
    /// The part is complete; what comes next does not belong to it.
    End,
    /// The part is complete, and so is the line: the LF has been taken, and is none of the part's.
    LineEnd,
    /// The part is complete, and so was the line before these octets.
    LineEnded,
    /// The value of a data item begins, with a literal, whose announcement is complete, or with a quote. Told
    /// once an item; the literal's octets or the string's come next.
    Announced,
    /// A literal is announced that is larger than allowed.
    TooLarge,
}

/// What an octet means for the line that it stands in.
#[cfg(not(feature = "fast"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Goes,
    /// It ends behind the announcement of a literal.
    Announces,
    Ends,
    /// It ends right behind a literal: with LF alone, even if the literal's last octet is CR.
    EndsLiteral,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// A token may begin.
    Between,
    /// Within an atom.
    Atom,
    /// Within the brackets of a section; in a quoted field name there; behind a backslash in that.
    Section,
    SectionQuoted,
    SectionEscape,
    Quoted,
    /// Behind a backslash.
    Escape,
    /// Behind a quote that ends the string, if the next octet fits.
    Quote,
    /// Behind a line ending within a quoted string: a folded header field, if white space comes next.
    Fold,
    Literal,
}

/// How much of the announcement of a literal stands right before: at a line's end it counts whatever comes before it,
/// as it does where the end of a response is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Announcement {
    None,
    /// `{`
    Open,
    /// `{12`
    Digits,
    /// `{12+`
    Sign,
    /// `{12}`, and perhaps CR
    Close,
    Cr,
}

/// The lexical state between two octets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Framer {
    state: State,
    /// Parentheses that are open.
    depth: u32,
    /// The octets that are left of a literal, or the number that its announcement has so far.
    literal: Count,
    announcement: Announcement,
    /// Where the state goes on behind a literal.
    behind: State,
    /// For a data item: whether its name is complete, and whether its value has begun.
    named: bool,
    in_value: bool,
    /// Whether it may still be announced.
    may_announce: bool,
    /// The largest literal that is allowed.
    max_literal: Count,
}

impl Framer {
    pub(super) const fn new(max_literal: Count) -> Self {
        Self {
            state: State::Between,
            depth: 0,
            literal: 0,
            announcement: Announcement::None,
            behind: State::Atom,
            named: false,
            in_value: false,
            may_announce: true,
            max_literal,
        }
    }

    /// The largest literal that is allowed.
    pub(super) const fn max_literal(&self) -> Count {
        self.max_literal
    }

    /// Forgets the part that is complete.
    pub(super) fn reset(&mut self) {
        *self = Self::new(self.max_literal);
    }

    /// Whether a quoted string is open.
    #[cfg(feature = "fast")]
    pub(super) fn is_quoted(&self) -> bool {
        matches!(self.state, State::Quoted | State::Escape)
    }

    /// Looks at an octet of a line, of which only the announcements of literals count.
    #[cfg(not(feature = "fast"))]
    pub(super) fn line(&mut self, octet: u8) -> Line {
        if self.state == State::Literal {
            self.skip_literal(1);
            return Line::Goes;
        }
        // Here a line knows no other states.
        let behind_literal = self.state != State::Between;
        self.state = State::Between;
        match (self.announces(octet), octet) {
            (true, _) => Line::Announces,
            (false, b'\n') if behind_literal => Line::EndsLiteral,
            (false, b'\n') => Line::Ends,
            _ => Line::Goes,
        }
    }

    /// The literal that was announced begins; whether it has any octets.
    #[cfg(not(feature = "fast"))]
    pub(super) fn enter_literal(&mut self) -> bool {
        let any = self.literal > 0;
        if any {
            self.state = State::Literal;
        }
        any
    }

    /// Looks at more octets; returns how many belong to the part (with [`Found::LineEnd`], before the LF) and why it
    /// stopped.
    pub(super) fn feed(&mut self, octets: &[u8], stop: Stop) -> (usize, Found) {
        let (len, found) = self.look(octets, stop);
        work::add(len);
        (len, found)
    }

    fn look(&mut self, octets: &[u8], stop: Stop) -> (usize, Found) {
        let mut at = 0_usize;
        while let Some(&octet) = octets.get(at) {
            if self.state == State::Literal {
                at = at.saturating_add(self.skip_literal(octets.len().saturating_sub(at)));
                continue;
            }
            let found = self.octet(octet, stop);
            match found {
                Found::More => at = at.saturating_add(1),
                Found::Announced => return (at.saturating_add(1), found),
                _ => return (at, found),
            }
        }
        (at, Found::More)
    }

    /// Passes as much of a literal as there is.
    fn skip_literal(&mut self, available: usize) -> usize {
        let skipped = usize::try_from(self.literal).unwrap_or(usize::MAX).min(available);
        self.literal = self.literal.saturating_sub(skipped as Count);
        if self.literal == 0 {
            self.state = self.behind;
        }
        skipped
    }

    fn octet(&mut self, octet: u8, stop: Stop) -> Found {
        if self.announces(octet) {
            return self.begin_literal(stop);
        }
        match self.state {
            State::Between | State::Atom => return self.outside(octet, stop),
            State::Section => match octet {
                b']' => self.state = State::Atom,
                b'"' => self.state = State::SectionQuoted,
                b'\n' => return Found::LineEnd,
                _ => {}
            },
            State::SectionQuoted => match octet {
                b'"' => self.state = State::Section,
                b'\\' => self.state = State::SectionEscape,
                b'\n' => return Found::LineEnd,
                _ => {}
            },
            State::SectionEscape => match octet {
                b'\n' => return Found::LineEnd,
                _ => self.state = State::SectionQuoted,
            },
            State::Quoted => self.quoted(octet),
            State::Escape => {
                self.state = if octet == b'\n' { State::Fold } else { State::Quoted };
            }
            State::Quote => match octet {
                b' ' | b')' | b'(' | b'{' | b']' | b'\r' | b'\n' => {
                    self.state = State::Atom;
                    return self.outside(octet, stop);
                }
                _ => {
                    self.state = State::Quoted;
                    self.quoted(octet);
                }
            },
            State::Fold => match octet {
                b' ' | b'\t' => self.state = State::Quoted,
                _ => return Found::LineEnded,
            },
            State::Literal => {}
        }
        Found::More
    }

    fn quoted(&mut self, octet: u8) {
        match octet {
            b'"' => self.state = State::Quote,
            b'\\' => self.state = State::Escape,
            b'\n' => self.state = State::Fold,
            _ => {}
        }
    }

    /// An octet outside strings.
    fn outside(&mut self, octet: u8, stop: Stop) -> Found {
        if octet == b'\n' {
            return Found::LineEnd;
        }
        if self.depth == 0 && self.stops(octet, stop) {
            return Found::End;
        }
        let begins = self.state == State::Between;
        let first = stop == Stop::Item && self.named && !self.in_value;
        if first && !matches!(octet, b' ' | b'\t' | b'"' | b'{' | b'~') {
            self.may_announce = false;
        }
        if first || octet == b'(' {
            self.named = true;
            self.in_value = !matches!(octet, b' ' | b'\t');
        }
        self.state = match octet {
            b'(' if stop != Stop::Thread => {
                self.depth = self.depth.saturating_add(1);
                State::Between
            }
            b')' if self.depth > 0 => {
                self.depth = self.depth.saturating_sub(1);
                State::Between
            }
            b' ' | b'\t' => {
                self.named = true;
                State::Between
            }
            b'[' if stop == Stop::Item && !self.named => State::Section,
            b'"' if begins => {
                self.state = State::Quoted;
                if first && core::mem::take(&mut self.may_announce) {
                    return Found::Announced;
                }
                State::Quoted
            }
            b'~' if begins => {
                // The literal behind it begins the value.
                self.in_value &= !first;
                State::Between
            }
            _ => State::Atom,
        };
        Found::More
    }

    /// Whether this octet, outside everything, ends the part.
    fn stops(&self, octet: u8, stop: Stop) -> bool {
        match stop {
            Stop::Line => false,
            Stop::Item => match octet {
                b')' => true,
                // The first ones lead to the value.
                b' ' => self.in_value,
                _ => false,
            },
            Stop::Element => match octet {
                b' ' | b',' | b')' => true,
                // `3(MODSEQ 9)`: a list is an element of its own.
                b'(' => self.state == State::Atom,
                _ => false,
            },
            Stop::Thread => matches!(octet, b' ' | b'(' | b')'),
        }
    }

    /// Whether this octet, an LF, completes the announcement of a literal.
    fn announces(&mut self, octet: u8) -> bool {
        use Announcement::{Close, Cr, Digits, None, Open, Sign};
        self.announcement = match (self.announcement, octet) {
            (_, b'{') => {
                self.literal = 0;
                Open
            }
            (None, _) => return false,
            (Open | Digits, b'0'..=b'9') => {
                let digit = Count::from(octet & 0x0f);
                self.literal = self.literal.saturating_mul(10).saturating_add(digit);
                Digits
            }
            (Digits, b'+' | b'-') => Sign,
            (Digits | Sign, b'}') => Close,
            (Close, b'\r') => Cr,
            (Close | Cr, b'\n') => {
                self.announcement = None;
                return true;
            }
            _ => None,
        };
        false
    }

    fn begin_literal(&mut self, stop: Stop) -> Found {
        if self.literal > self.max_literal {
            return Found::TooLarge;
        }
        // Only one that is the value itself, not one within a string or a section.
        self.may_announce &= matches!(self.state, State::Between | State::Atom);
        self.behind = match self.state {
            State::Between => State::Atom,
            state => state,
        };
        self.state = if self.literal == 0 { self.behind } else { State::Literal };
        if stop == Stop::Item && core::mem::take(&mut self.may_announce) {
            return Found::Announced;
        }
        Found::More
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The part at the front, found whole and at every cut.
    fn part(octets: &[u8], stop: Stop) -> (usize, Found) {
        let mut framer = Framer::new(1000);
        let whole = framer.feed(octets, stop);
        for cut in 0..whole.0 {
            let mut framer = Framer::new(1000);
            let (head, tail) = octets.split_at(cut);
            assert_eq!(framer.feed(head, stop), (cut, Found::More), "cut at {cut}");
            let (len, found) = framer.feed(tail, stop);
            assert_eq!((cut + len, found), whole, "cut at {cut}");
        }
        whole
    }

    #[test]
    fn items_end_where_their_value_does() {
        for (octets, item) in [
            (&b"UID 5 FLAGS ()"[..], &b"UID 5"[..]),
            (b"UID 5)", b"UID 5"),
            (b"FLAGS (\\Seen (a)) UID", b"FLAGS (\\Seen (a))"),
            (b"BODY[])", b"BODY[]"),
            (b"X (\"a)b\" {2}\r\n)( x) Y", b"X (\"a)b\" {2}\r\n)( x)"),
            (b"X  5 Y", b"X  5"),
            (b"X (\"<\"id\"@x>\") UID", b"X (\"<\"id\"@x>\")"),
            (b"X (\"a\r\n b\") UID", b"X (\"a\r\n b\")"),
            (b"X (a\"b) UID", b"X (a\"b)"),
            (b"X (\"a\\\"\" b) UID", b"X (\"a\\\"\" b)"),
            (b"X[HEADER.FIELDS (A B)] 5 UID", b"X[HEADER.FIELDS (A B)] 5"),
            (b"X (a)(b) UID", b"X (a)(b)"),
            (b"X {-1} Y", b"X {-1}"),
        ] {
            let (len, found) = part(octets, Stop::Item);
            assert_eq!((&octets[..len], found), (item, Found::End), "{}", octets.escape_ascii());
        }
        assert_eq!(part(b"FLAGS (a\r\n", Stop::Item), (9, Found::LineEnd));
        assert_eq!(part(b"X (\"a\r\n* OK", Stop::Item), (7, Found::LineEnded), "no fold");
        assert_eq!(part(b"X (a {1001}\r\n", Stop::Item), (12, Found::TooLarge));
    }

    #[test]
    fn a_value_that_could_be_streamed_is_announced_once() {
        for (octets, announced, item) in [
            (&b"BODY[] {3}\r\nab) x"[..], &b"BODY[] {3}\r\n"[..], 15),
            (b"BODY[1]<0> \"a b\")", b"BODY[1]<0> \"", 16),
            (b"BINARY[1] ~{0}\r\n)", b"BINARY[1] ~{0}\r\n", 16),
            (b"X {1}\r\na)", b"X {1}\r\n", 8),
        ] {
            let mut framer = Framer::new(1000);
            let (len, found) = framer.feed(octets, Stop::Item);
            assert_eq!((&octets[..len], found), (announced, Found::Announced));
            assert_eq!(framer.feed(&octets[len..], Stop::Item), (item - len, Found::End));
        }
        assert_eq!(part(b"X (\"a\") ", Stop::Item), (7, Found::End), "not in a list");
    }

    #[test]
    fn elements_end_at_what_separates_them() {
        assert_eq!(part(b"1:5,7 COUNT", Stop::Element), (3, Found::End));
        assert_eq!(part(b"(TAG \"a b\") UID", Stop::Element), (11, Found::End));
        assert_eq!(part(b"last\r\n", Stop::Element), (5, Found::LineEnd));
        assert_eq!(part(b"12)(3", Stop::Thread), (2, Found::End));
        assert_eq!(part(b"* X (a {1}\r\n) \"b\"\r\n", Stop::Line), (18, Found::LineEnd));
    }
}
