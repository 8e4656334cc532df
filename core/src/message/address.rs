//! Address lists (RFC 5322 §3.4, and the obsolete forms of §4.4): the bodies of From, To, Cc, Bcc,
//! Reply-To and Sender.
//!
//! Read with tolerance, since an entry that is malformed must not cost its neighbours: quotes, comments
//! and angle brackets without an end, semicolons for commas, more than one `@`.

use super::encoded_word::{Decoded, decode_to_utf8};
use super::text::{cut, is_fws, skip_comment, skip_quoted, span, trim_end, trim_start};

/// An element of an address list.
#[derive(Clone, Copy, Debug)]
pub enum Address<'a> {
    /// A mailbox.
    Mailbox(Mailbox<'a>),
    /// A group begins, of that name; its mailboxes follow, perhaps none.
    GroupStart(Text<'a>),
    /// The group ends.
    GroupEnd,
    /// An entry in which no address could be found, as it stands.
    Malformed(&'a [u8]),
}

/// A mailbox (RFC 5322 §3.4).
#[derive(Clone, Copy, Debug)]
pub struct Mailbox<'a> {
    /// The display name, or the comment that old mail has in its place; `None` where there is neither.
    pub name: Option<Text<'a>>,
    /// What stands before the `@`.
    pub local_part: Text<'a>,
    /// What stands behind it, `[…]` for a domain literal; empty where there is no `@`.
    pub domain: Text<'a>,
    /// The obsolete route (§4.4), as it stands without its colon; empty where there is none.
    pub route: &'a [u8],
    /// Whether the entry breaks the grammar in a way that was mended.
    pub mended: bool,
}

impl Mailbox<'_> {
    /// Writes the display name into `out`, in UTF-8. `scratch` holds it meanwhile as it was encoded:
    /// as many octets as the name has. No name gives no octets.
    pub fn name_to_utf8(&self, scratch: &mut [u8], out: &mut [u8]) -> Decoded {
        let Some(name) = self.name else { return Decoded::default() };
        let copied = name.copy_to(scratch);
        let mut decoded = decode_to_utf8(scratch.get(..copied.len).unwrap_or_default(), out);
        decoded.truncated |= copied.truncated;
        decoded
    }
}

/// Words, quoted-strings and comments as they stand in the field. [`Text::octets`] takes quotes,
/// comments and folding away; encoded words stay.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    raw: &'a [u8],
    kind: Kind,
}

/// What a text is, and so what its white space is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Words: white space between them is one space.
    Phrase,
    /// The inside of a comment, the same, but parentheses belong to it.
    Comment,
    /// A local part or a domain: white space outside of quotes means nothing.
    Spec,
}

/// What [`Text::copy_to`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Copied {
    /// How many octets were written.
    pub len: usize,
    /// Whether the buffer was too small; it holds the beginning.
    pub truncated: bool,
}

impl<'a> Text<'a> {
    /// As it stands in the field.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// What it means, octet by octet.
    #[must_use]
    pub const fn octets(&self) -> TextOctets<'a> {
        TextOctets { rest: self.raw, kind: self.kind, quoted: false, begun: false, due: None }
    }

    /// Whether it means nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.octets().next().is_none()
    }

    /// Writes what it means into `out`.
    pub fn copy_to(&self, out: &mut [u8]) -> Copied {
        let mut octets = self.octets();
        let mut len = 0_usize;
        for (place, octet) in out.iter_mut().zip(octets.by_ref()) {
            *place = octet;
            len = len.saturating_add(1);
        }
        let truncated = len == out.len() && self.octets().nth(len).is_some();
        Copied { len, truncated }
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        self.octets().eq(other.bytes())
    }
}

/// The octets that a [`Text`] means.
#[derive(Clone, Debug)]
pub struct TextOctets<'a> {
    rest: &'a [u8],
    kind: Kind,
    quoted: bool,
    begun: bool,
    /// What comes behind a space.
    due: Option<u8>,
}

impl Iterator for TextOctets<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if let Some(octet) = self.due.take() {
            return Some(octet);
        }
        let mut space = false;
        loop {
            let (&octet, rest) = self.rest.split_first()?;
            let before = self.rest;
            self.rest = rest;
            let meant = match octet {
                b'\r' | b'\n' => continue,
                b'"' if self.kind != Kind::Comment => {
                    self.quoted = !self.quoted;
                    continue;
                }
                b'\\' if self.quoted || self.kind == Kind::Comment => {
                    let Some((&quoted, behind)) = rest.split_first() else { continue };
                    self.rest = behind;
                    quoted
                }
                b' ' | b'\t' if !self.quoted => {
                    space = true;
                    continue;
                }
                b'(' if !self.quoted && self.kind != Kind::Comment => {
                    self.rest = skip_comment(before).unwrap_or_default();
                    space = true;
                    continue;
                }
                _ => octet,
            };
            let spaced = space && self.begun && self.kind != Kind::Spec;
            self.begun = true;
            if spaced {
                self.due = Some(meant);
                return Some(b' ');
            }
            return Some(meant);
        }
    }
}

/// The elements of an address list.
///
/// ```
/// use mailproto_core::message::address::{Address, Addresses};
///
/// let mut list = Addresses::new(b"Mary Smith <mary@x.test>, jdoe@example.org (Joe)");
/// for name in ["Mary Smith", "Joe"] {
///     let Some(Address::Mailbox(mailbox)) = list.next() else { panic!("a mailbox") };
///     assert!(mailbox.name.is_some_and(|it| it == *name));
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Addresses<'a> {
    rest: &'a [u8],
    in_group: bool,
    /// Whether `"` begins a quoted-string; no longer so once one had no end, or each would be searched for
    /// it.
    quotes: bool,
    /// The same of comments.
    comments: bool,
}

/// Where the parts of an entry are, in octets from its beginning.
#[derive(Clone, Copy, Debug, Default)]
struct Marks {
    /// The first `<`.
    open: Option<usize>,
    /// The first `>` behind it.
    close: Option<usize>,
    /// The colon that ends the route, within the angle brackets.
    route: Option<usize>,
    /// The last `@`, within the angle brackets or where there are none.
    at: Option<usize>,
    /// How many of these there are.
    ats: usize,
    /// The last comment.
    comment: Option<(usize, usize)>,
}

/// What an entry ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Comma,
    Semicolon,
    /// The colon behind a group's name.
    Colon,
    List,
}

impl<'a> Addresses<'a> {
    /// Over the body of a field, folded or not.
    #[must_use]
    pub const fn new(body: &'a [u8]) -> Self {
        Self { rest: body, in_group: false, quotes: true, comments: true }
    }

    /// Reads up to the end of the entry that the list begins with.
    fn entry(&mut self) -> (usize, Marks, Ends) {
        let whole = self.rest;
        let mut marks = Marks::default();
        let mut rest = whole;
        loop {
            let here = whole.len().saturating_sub(rest.len());
            let Some((&octet, behind)) = rest.split_first() else {
                return (here, marks, Ends::List);
            };
            let in_angle = marks.open.is_some() && marks.close.is_none();
            let in_route = in_angle && marks.route.is_none() && marks.begins_with_at(whole);
            rest = match octet {
                b'"' if self.quotes => skip_quoted(rest).unwrap_or_else(|| {
                    self.quotes = false;
                    behind
                }),
                b'(' if self.comments => match skip_comment(rest) {
                    Some(behind) => {
                        let end = whole.len().saturating_sub(behind.len());
                        marks.comment = Some((here, end));
                        behind
                    }
                    None => {
                        self.comments = false;
                        behind
                    }
                },
                b'[' => skip_literal(behind),
                b'<' if marks.open.is_none() => {
                    (marks.open, marks.at, marks.ats) = (Some(here), None, 0);
                    behind
                }
                b'>' if in_angle => {
                    marks.close = Some(here);
                    behind
                }
                b':' if in_route => {
                    (marks.route, marks.at, marks.ats) = (Some(here), None, 0);
                    behind
                }
                b',' if in_route && matches!(first_graphic(behind), Some(b'@' | b',')) => behind,
                b',' => return (here, marks, Ends::Comma),
                b';' => return (here, marks, Ends::Semicolon),
                b':' if !self.in_group && marks.open.is_none() && marks.at.is_none() => {
                    return (here, marks, Ends::Colon);
                }
                b'@' if marks.close.is_none() => {
                    marks.at = Some(here);
                    marks.ats = marks.ats.saturating_add(1);
                    behind
                }
                _ => behind,
            };
        }
    }
}

impl Marks {
    /// Whether a route stands in the angle brackets, which begins with `@`.
    fn begins_with_at(&self, entry: &[u8]) -> bool {
        let inside = self.open.and_then(|open| entry.get(open.saturating_add(1)..));
        inside.is_some_and(|inside| first_graphic(inside) == Some(b'@'))
    }
}

/// The first octet that is no white space, if it comes soon: this is asked at every octet.
fn first_graphic(text: &[u8]) -> Option<u8> {
    text.iter().take(4).copied().find(|&octet| !is_fws(octet))
}

/// Behind the domain literal (RFC 5322 §3.4.1) whose `[` was taken, or nothing more where it has no
/// end.
fn skip_literal(text: &[u8]) -> &[u8] {
    let len = span(text, |octet| !matches!(octet, b'[' | b']' | b'<' | b'>' | b',' | b';' | b'"'));
    match text.get(len..) {
        Some([b']', behind @ ..]) => behind,
        _ => text,
    }
}

impl<'a> Iterator for Addresses<'a> {
    type Item = Address<'a>;

    fn next(&mut self) -> Option<Address<'a>> {
        loop {
            if self.rest.is_empty() {
                return core::mem::take(&mut self.in_group).then_some(Address::GroupEnd);
            }
            if let [b';', behind @ ..] = self.rest {
                self.rest = behind;
                if core::mem::take(&mut self.in_group) {
                    return Some(Address::GroupEnd);
                }
                continue;
            }
            let (len, marks, ends) = self.entry();
            let (entry, rest) = cut(self.rest, len);
            // A semicolon stays: it ends a group too.
            self.rest = if ends == Ends::Semicolon { rest } else { cut(rest, 1).1 };
            if ends == Ends::Colon {
                self.in_group = true;
                return Some(Address::GroupStart(phrase(entry)));
            }
            if let Some(address) = address(entry, marks) {
                return Some(address);
            }
        }
    }
}

const fn phrase(raw: &[u8]) -> Text<'_> {
    Text { raw, kind: Kind::Phrase }
}

const fn spec(raw: &[u8]) -> Text<'_> {
    Text { raw, kind: Kind::Spec }
}

/// What an entry means; `None` where it is empty (§4.4 allows that).
fn address<'a>(entry: &'a [u8], marks: Marks) -> Option<Address<'a>> {
    let between = |from: usize, to: usize| entry.get(from..to).unwrap_or_default();
    let start = marks.open.map_or(0, |open| open.saturating_add(1));
    let end = marks.close.unwrap_or(entry.len());
    let route_start = start;
    let start = marks.route.map_or(start, |colon| colon.saturating_add(1));
    let (local_part, domain) = match marks.at {
        Some(at) => (between(start, at), between(at.saturating_add(1), end)),
        None => (between(start, end), &[][..]),
    };
    let name = phrase(between(0, marks.open.unwrap_or(0)));
    let mailbox = Mailbox {
        name: Some(name).filter(|name| !name.is_empty()).or_else(|| comment(entry, marks)),
        local_part: spec(local_part),
        domain: spec(domain),
        route: marks.route.map_or(&[], |colon| between(route_start, colon)),
        mended: marks.ats != 1
            || marks.open.is_some() != marks.close.is_some()
            || marks.close.is_some_and(|close| {
                !spec(between(close.saturating_add(1), entry.len())).is_empty()
            }),
    };
    let words = phrase(local_part);
    match (mailbox.local_part.is_empty(), mailbox.domain.is_empty()) {
        // Nothing but white space and comments.
        (true, true) if marks.open.is_none() && marks.at.is_none() => None,
        (false, false) => Some(Address::Mailbox(mailbox)),
        // A user of the same host, as old mail has them; but several words are no local part.
        (false, true) if marks.at.is_none() && !words.octets().any(|octet| octet == b' ') => {
            Some(Address::Mailbox(mailbox))
        }
        _ => Some(Address::Malformed(trim_end(trim_start(entry)))),
    }
}

/// The inside of the last comment, which stands for a name in old mail.
fn comment<'a>(entry: &'a [u8], marks: Marks) -> Option<Text<'a>> {
    let (start, end) = marks.comment?;
    let raw = entry.get(start.saturating_add(1)..end.saturating_sub(1))?;
    Some(Text { raw, kind: Kind::Comment }).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn string(text: Text<'_>) -> String {
        String::from_utf8_lossy(&text.octets().collect::<Vec<u8>>()).into_owned()
    }

    /// One line for each element.
    fn list(body: &[u8]) -> Vec<String> {
        let line = |address: Address<'_>| match address {
            Address::Mailbox(mailbox) => format!(
                "{}{}|{}|{}",
                if mailbox.mended { "~" } else { "" },
                mailbox.name.map_or(String::new(), string),
                string(mailbox.local_part),
                string(mailbox.domain)
            ),
            Address::GroupStart(name) => format!("{}:", string(name)),
            Address::GroupEnd => ";".into(),
            Address::Malformed(raw) => format!("!{}", String::from_utf8_lossy(raw)),
        };
        Addresses::new(body).map(line).collect()
    }

    #[track_caller]
    fn is(body: &str, expected: &[&str]) {
        assert_eq!(list(body.as_bytes()), expected, "{body}");
    }

    #[test]
    fn the_examples_of_rfc_5322_appendix_a() {
        is("John Doe <jdoe@machine.example>", &["John Doe|jdoe|machine.example"]);
        // A.1.2.
        is(
            "\"Joe Q. Public\" <john.q.public@example.com>",
            &["Joe Q. Public|john.q.public|example.com"],
        );
        is(
            "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
            &["Mary Smith|mary|x.test", "|jdoe|example.org", "Who?|one|y.test"],
        );
        is(
            "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
            &["|boss|nil.test", "Giant; \"Big\" Box|sysservices|example.net"],
        );
        // A.1.3.
        is(
            "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
            &["A Group:", "Ed Jones|c|a.test", "|joe|where.test", "John|jdoe|one.test", ";"],
        );
        is("Undisclosed recipients:;", &["Undisclosed recipients:", ";"]);
        // A.5.
        is(
            "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
            &["Pete|pete|silly.test"],
        );
        is(
            "A Group(Some people)\r\n     :Chris Jones <c@(Chris's host.)public.example>,\r\n         joe@example.org,\r\n  John <jdoe@one.test> (my dear friend); (the end of the group)",
            &[
                "A Group:",
                "Chris Jones|c|public.example",
                "|joe|example.org",
                "John|jdoe|one.test",
                ";",
            ],
        );
        is(
            "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;",
            &["Hidden recipients:", ";"],
        );
        // A.6.1.
        is(
            "Joe Q. Public <john.q.public@example.com>",
            &["Joe Q. Public|john.q.public|example.com"],
        );
        is(
            "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example",
            &["Mary Smith|mary|example.net", "|jdoe|test.example"],
        );
        // A.6.3.
        is("John Doe <jdoe@machine(comment).  example>", &["John Doe|jdoe|machine.example"]);
    }

    #[test]
    fn old_and_rare_forms() {
        is("jdoe@one.test (John \\(J.\\) Doe)", &["John (J.) Doe|jdoe|one.test"]);
        is("<jdoe@one.test> (John Doe)", &["John Doe|jdoe|one.test"]);
        is("\"john smith\"@one.test", &["|john smith|one.test"]);
        is("a@[192.0.2.1], b@[IPv6:2001:db8::1]", &["|a|[192.0.2.1]", "|b|[IPv6:2001:db8::1]"]);
        is("<@a.test,@b.test:c@d.test>, e@f.test", &["|c|d.test", "|e|f.test"]);
        is("=?utf-8?Q?J=C3=B6rg?= <j@x.test>", &["=?utf-8?Q?J=C3=B6rg?=|j|x.test"]);
        is("\"a\" \"b\" c <d@e.test>", &["a b c|d|e.test"]);
        is("", &[]);
        is(" , (c), ", &[]);
        is("G: a@b.test", &["G:", "|a|b.test", ";"]);
    }

    #[test]
    fn malformed_entries_cost_no_neighbour() {
        is("a@b.test; c@d.test", &["|a|b.test", "|c|d.test"]);
        is("a <b@c.test, d@e.test", &["~a|b|c.test", "|d|e.test"]);
        is("\"a <b@c.test>, d@e.test", &["a |b|c.test", "|d|e.test"]);
        is("x <@a.test, y@z.test", &["!x <@a.test", "|y|z.test"]);
        is("user@foo@bar.test, x@y.test", &["~|user@foo|bar.test", "|x|y.test"]);
        is("a@b.test <a@b.test>", &["a@b.test|a|b.test"]);
        is("no address here, x@y.test", &["!no address here", "|x|y.test"]);
        is("@y.test, x@, <>, x@y.test", &["!@y.test", "!x@", "!<>", "|x|y.test"]);
        is("root, x@y.test", &["~|root|", "|x|y.test"]);
        is("<a@b.test> trailing, x@y.test", &["~|a|b.test", "|x|y.test"]);
        is("a@[1.2, x@y.test", &["|a|[1.2", "|x|y.test"]);
    }

    #[test]
    fn a_name_is_decoded() {
        let list = b"=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk>, \"=?utf-8?B?w7w=?=\" <x@y.test>";
        for (address, expected) in Addresses::new(list).zip(["Keld Jørn Simonsen", "ü"]) {
            let Address::Mailbox(mailbox) = address else { panic!("a mailbox") };
            let (mut scratch, mut out) = ([0; 100], [0; 100]);
            let decoded = mailbox.name_to_utf8(&mut scratch, &mut out);
            assert_eq!(&out[..decoded.len], expected.as_bytes());
            assert!(!decoded.truncated);
            assert!(mailbox.name_to_utf8(&mut [0; 3], &mut out).truncated);
        }
    }

    #[test]
    fn hostile_lists_take_linear_time() {
        for unit in [
            "(", "\"", "[", "<", "a@b,", "<@", ":", ";", "(a)", "\\\"", "\"(", "<(\"", "@a,",
            "< @ ,", "a:(b",
        ] {
            let body = unit.repeat(1_000_000 / unit.len());
            let begun = std::time::Instant::now();
            let count = Addresses::new(body.as_bytes()).count();
            assert!(count <= body.len());
            assert!(begun.elapsed().as_secs() < 5, "{unit:?}: {:?}", begun.elapsed());
        }
    }

    proptest! {
        #[test]
        fn what_was_written_comes_back(
            mailboxes in prop::collection::vec(("[ -~]{1,12}", "[a-z.]{1,8}", "[a-z]{1,8}", any::<bool>()), 1..6),
        ) {
            let (mut body, mut expected) = (Vec::new(), Vec::new());
            for (name, local, domain, old) in &mailboxes {
                let quote = |octets: &[char]| name.chars().fold(String::new(), |text, char| {
                    text + if octets.contains(&char) { "\\" } else { "" } + &char.to_string()
                });
                if *old {
                    body.push(format!("{local}@{domain} ({})", quote(&['(', ')', '\\'])));
                    let words: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).collect();
                    expected.push(format!("{}|{local}|{domain}", words.join(" ")));
                } else {
                    body.push(format!("\"{}\" <{local}@{domain}>", quote(&['"', '\\'])));
                    expected.push(format!("{name}|{local}|{domain}"));
                }
            }
            prop_assert_eq!(list(body.join(",\r\n ").as_bytes()), expected);
        }

        #[test]
        fn any_octets_are_survived(body in "[a@<>()\"\\\\,;: \r\n.\\[\\]]{0,40}") {
            let begun = list(body.as_bytes()).iter().filter(|line| line.ends_with(':')).count();
            prop_assert!(begun <= body.len());
        }
    }
}
