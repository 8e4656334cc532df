//! The values of Content-Type (RFC 2045 §5) and Content-Disposition (RFC 2183), and their parameters
//! with the continuations and charsets of RFC 2231.
//!
//! Read with tolerance: values that should be quoted and are not, missing semicolons, comments, quotes
//! without an end, sections of a value out of order.

use super::encoded_word::{Decoded, decode_to_utf8};
use super::text::{Charset, Utf8Sink, cut, skip_cfws, skip_quoted, span, trim_end, trim_start};
use super::transfer::hex_digit;

/// A media type (RFC 2045 §5.1).
///
/// ```
/// use mailproto_core::message::parameter::MediaType;
///
/// let field = MediaType::from_field(b"text/plain; charset=us-ascii (Plain text)");
/// assert!(field.is("text", "plain"));
/// assert!(field.parameters.find("charset").is_some_and(|value| value.octets().eq(*b"us-ascii")));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MediaType<'a> {
    /// The type, as it stands; empty where there is none.
    pub kind: &'a [u8],
    /// The subtype, as it stands; empty where there is none.
    pub subtype: &'a [u8],
    /// What follows.
    pub parameters: Parameters<'a>,
}

impl<'a> MediaType<'a> {
    /// From the body of a Content-Type field, folded or not.
    #[must_use]
    pub fn from_field(body: &'a [u8]) -> Self {
        let (kind, rest) = token(skip_cfws(body));
        let rest = skip_cfws(rest);
        let (subtype, rest) = match rest {
            [b'/', rest @ ..] => token(skip_cfws(rest)),
            _ => (&[][..], rest),
        };
        Self { kind, subtype, parameters: Parameters::new(rest) }
    }

    /// Whether it is this type; case does not matter.
    #[must_use]
    pub const fn is(&self, kind: &str, subtype: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind.as_bytes())
            && self.subtype.eq_ignore_ascii_case(subtype.as_bytes())
    }
}

/// A content disposition (RFC 2183 §2).
#[derive(Clone, Copy, Debug)]
pub struct Disposition<'a> {
    /// `inline`, `attachment` or another word, as it stands; empty where there is none.
    pub kind: &'a [u8],
    /// What follows.
    pub parameters: Parameters<'a>,
}

impl<'a> Disposition<'a> {
    /// From the body of a Content-Disposition field, folded or not.
    #[must_use]
    pub fn from_field(body: &'a [u8]) -> Self {
        let (kind, rest) = token(skip_cfws(body));
        Self { kind, parameters: Parameters::new(rest) }
    }

    /// Whether the part is to be saved and not shown. Unknown words mean that too (RFC 2183 §2.8).
    #[must_use]
    pub fn is_attachment(&self) -> bool {
        !self.kind.is_empty() && !self.kind.eq_ignore_ascii_case(b"inline")
    }
}

/// Writes the name of a file into `out`, in UTF-8: the disposition's `filename`, or else the type's
/// `name`; `None` where neither is there. Encoded words inside, which RFC 2047 §5 forbids and many send,
/// are decoded.
///
/// The name is what a stranger wrote: it may hold `/`, `..`, control characters, or be too long. Check
/// it before a file gets it (RFC 2183 §2.3).
///
/// The parameters are those of header fields, or any others: see [`Parameter::from_pair`].
pub fn file_name<'a, P: Iterator<Item = Parameter<'a>> + Clone>(
    disposition: Option<P>,
    media_type: Option<P>,
    out: &mut [u8],
) -> Option<Decoded> {
    let by_disposition = disposition.and_then(|parameters| find(parameters, "filename"));
    let by_type = || media_type.and_then(|parameters| find(parameters, "name"));
    Some(by_disposition.or_else(by_type)?.decode_to_utf8(out))
}

/// The value of an attribute (case does not matter) among any parameters: the one of RFC 2231 (`attribute*`,
/// `attribute*0`…) before the plain one, of several the first.
///
/// IMAP's BODYSTRUCTURE has them as pairs of strings, and does not put sections together:
///
/// ```
/// use mailproto_core::message::parameter::{Parameter, find};
///
/// let pairs = [("filename*0*", "utf-8''%e2%82%ac"), ("filename*1", " rates.txt")];
/// let parameters =
///     pairs.iter().map(|(name, value)| Parameter::from_pair(name.as_bytes(), value.as_bytes(), false));
/// let mut out = [0; 64];
/// let name = find(parameters, "filename").expect("a name").decode_to_utf8(&mut out);
/// assert_eq!(&out[..name.len], "€ rates.txt".as_bytes());
/// ```
#[must_use]
pub fn find<'a, P: Iterator<Item = Parameter<'a>> + Clone>(
    parameters: P,
    attribute: &str,
) -> Option<Value<'a, P>> {
    let mut first: Option<Parameter<'a>> = None;
    let mut rank = 0;
    for parameter in parameters.clone() {
        // The first of the highest rank.
        let this = parameter.rank();
        if this > rank && parameter.is(attribute.as_bytes()) {
            (first, rank) = (Some(parameter), this);
        }
    }
    Some(Value { first: first?, all: parameters })
}

/// A parameter as it stands, or a section of one (RFC 2231 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'a> {
    /// The attribute, without what RFC 2231 appends to it.
    pub attribute: &'a [u8],
    /// The section's number, where the value is in sections.
    pub section: Option<u16>,
    /// Whether the attribute ends with `*`: the value may hold `%xx`, and the first section tells
    /// charset and language (RFC 2231 §4).
    pub extended: bool,
    /// What stands between the quotes, or the bare value.
    pub value: &'a [u8],
    /// Whether the value is a quoted-string, in which `\` quotes an octet.
    pub quoted: bool,
}

impl<'a> Parameter<'a> {
    /// From a name as it stands, such as `filename*0*`, and a value: what stands between the quotes if it is
    /// `quoted`, or the octets meant. Of a pair in IMAP's BODYSTRUCTURE, those are `as_received` and `is_escaped` of
    /// its strings.
    #[must_use]
    pub fn from_pair(name: &'a [u8], value: &'a [u8], quoted: bool) -> Self {
        let (name, extended) = name.strip_suffix(b"*").map_or((name, false), |name| (name, true));
        let (attribute, section) = match numbered(name) {
            Some((attribute, section)) => (attribute, Some(section)),
            None => (name, None),
        };
        Self { attribute, section, extended, value, quoted }
    }

    /// What it is worth as the value of its attribute: whole and extended, a first section, or plain. 0 for another
    /// section.
    fn rank(&self) -> u8 {
        match self.section {
            None if self.extended => 3,
            Some(0) => 2,
            None => 1,
            Some(_) => 0,
        }
    }

    fn is(&self, attribute: &[u8]) -> bool {
        self.attribute.eq_ignore_ascii_case(attribute)
    }

    /// Charset, language and what is behind, of an extended value (RFC 2231 §4).
    fn initial(&self) -> Option<(&'a [u8], &'a [u8], &'a [u8])> {
        if !self.extended || self.section.is_some_and(|section| section != 0) {
            return None;
        }
        let (charset, rest) = until_quote(self.value)?;
        let (language, text) = until_quote(rest)?;
        Some((charset, language, text))
    }

    fn octets(&self) -> ValueOctets<'a> {
        let rest = self.initial().map_or(self.value, |(_, _, text)| text);
        ValueOctets { rest, quoted: self.quoted, extended: self.extended }
    }
}

/// An attribute and the number behind its last `*` (RFC 2231 §3).
#[inline(never)]
fn numbered(name: &[u8]) -> Option<(&[u8], u16)> {
    let (attribute, digits) = cut(name, name.iter().rposition(|&octet| octet == b'*')?);
    let [_, first, rest @ ..] = digits else { return None };
    let mut number = digit(*first)?;
    for octet in rest {
        number = number.checked_mul(10)?.checked_add(digit(*octet)?)?;
    }
    Some((attribute, number))
}

fn digit(octet: u8) -> Option<u16> {
    octet.is_ascii_digit().then(|| u16::from(octet & 0x0f))
}

/// What stands before the first `'`, and behind it.
fn until_quote(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (before, behind) = cut(text, span(text, |octet| octet != b'\''));
    Some((before, behind.get(1..)?))
}

/// Parameters as they stand, in their order: an iterator over [`Parameter`]. [`Parameters::find`] puts
/// sections together.
#[derive(Clone, Copy, Debug)]
pub struct Parameters<'a> {
    rest: &'a [u8],
    /// Whether `(` begins a comment; no longer so once one had no end, or each would be searched for it.
    comments: bool,
}

impl<'a> Parameters<'a> {
    const fn new(rest: &'a [u8]) -> Self {
        Self { rest, comments: true }
    }

    fn skip_cfws(&mut self, text: &'a [u8]) -> &'a [u8] {
        if !self.comments {
            return trim_start(text);
        }
        let rest = skip_cfws(text);
        self.comments = !rest.starts_with(b"(");
        rest
    }

    /// A value, whether it was quoted, and what is behind.
    fn value(&mut self, text: &'a [u8]) -> (&'a [u8], bool, &'a [u8]) {
        let text = self.skip_cfws(text);
        if let [b'"', inside @ ..] = text {
            return match skip_quoted(text) {
                Some(behind) => {
                    let len = inside.len().saturating_sub(behind.len()).saturating_sub(1);
                    (cut(inside, len).0, true, behind)
                }
                None => (trim_end(inside), true, &[]),
            };
        }
        let (value, rest) = token(text);
        let behind = self.skip_cfws(rest);
        if matches!(behind, [] | [b';', ..]) {
            return (value, false, behind);
        }
        // It should have been quoted.
        let (value, behind) = cut(text, span(text, |octet| octet != b';'));
        (trim_end(value), false, behind)
    }

    /// The value of an attribute (case does not matter): the one of RFC 2231 (`attribute*`,
    /// `attribute*0`…) before the plain one, of several the first.
    #[must_use]
    pub fn find(&self, attribute: &str) -> Option<Value<'a>> {
        find(*self, attribute)
    }
}

impl<'a> Iterator for Parameters<'a> {
    type Item = Parameter<'a>;

    fn next(&mut self) -> Option<Parameter<'a>> {
        loop {
            // Semicolons may be missing, or too many.
            let mut rest = self.skip_cfws(self.rest);
            while let [b';', behind @ ..] = rest {
                rest = self.skip_cfws(behind);
            }
            if rest.is_empty() {
                self.rest = rest;
                return None;
            }
            let (name, behind) = token(rest);
            let behind = self.skip_cfws(behind);
            match behind {
                [b'=', behind @ ..] if !name.is_empty() => {
                    let (value, quoted, behind) = self.value(behind);
                    self.rest = behind;
                    return Some(Parameter::from_pair(name, value, quoted));
                }
                // No parameter: on to the next semicolon, or over one octet that is no token.
                _ if name.is_empty() => self.rest = cut(rest, 1).1,
                _ => self.rest = behind,
            }
        }
    }
}

/// RFC 2045 §5.1 `token`; octets beyond ASCII are let in.
fn token(text: &[u8]) -> (&[u8], &[u8]) {
    let is_token =
        |octet: u8| octet > b' ' && octet != 0x7f && !b"()<>@,;:\\\"/[]?=".contains(&octet);
    cut(text, span(text, is_token))
}

/// How often an order of sections other than the natural one is followed back to the beginning.
const MAX_REWINDS: u8 = 16;

/// The value of a parameter, its sections put together.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a, P = Parameters<'a>> {
    first: Parameter<'a>,
    all: P,
}

impl Value<'_> {
    /// How often an order of sections other than the natural one is followed back to the beginning.
    pub const MAX_REWINDS: u8 = MAX_REWINDS;
}

impl<'a, P: Iterator<Item = Parameter<'a>> + Clone> Value<'a, P> {
    /// The charset that the value tells of itself; `None` where it tells none (RFC 2231 §4).
    #[must_use]
    pub fn charset(&self) -> Option<&'a [u8]> {
        self.first.initial().map(|(charset, _, _)| charset).filter(|charset| !charset.is_empty())
    }

    /// The language tag that the value tells of itself; `None` where it tells none (RFC 2231 §4).
    #[must_use]
    pub fn language(&self) -> Option<&'a [u8]> {
        self.first.initial().map(|(_, language, _)| language).filter(|tag| !tag.is_empty())
    }

    /// The octets of the value, in its charset.
    ///
    /// Sections may stand in any order; where they have to be looked for from the beginning more than
    /// [`Value::MAX_REWINDS`] times, the value ends early, so that work stays linear.
    #[must_use]
    pub fn octets(&self) -> SectionOctets<'a, P> {
        SectionOctets {
            now: self.first.octets(),
            section: self.first.section,
            attribute: self.first.attribute,
            all: self.all.clone(),
            ahead: self.all.clone(),
            rewinds: 0,
        }
    }

    /// Writes the value into `out`, in UTF-8. Octets of a charset that is not converted here stand there
    /// as U+FFFD where they are no UTF-8, and [`Decoded::foreign`] is 1: use [`Value::octets`] and
    /// [`Value::charset`]. A plain value is read as UTF-8, and encoded words in it are decoded.
    pub fn decode_to_utf8(&self, out: &mut [u8]) -> Decoded {
        if !self.first.extended && self.first.section.is_none() && self.has_encoded_word() {
            return decode_to_utf8(self.first.value, out);
        }
        let named = self.charset().map(Charset::named);
        let charset = named.flatten().unwrap_or(Charset::Utf8);
        let foreign = usize::from(named == Some(None));
        let mut sink = Utf8Sink::new(out);
        self.octets().for_each(|octet| sink.octet(charset, octet));
        sink.end_of_text();
        let replaced = sink.replaced;
        let (len, truncated) = sink.finish();
        Decoded { len, truncated, foreign, malformed: 0, replaced }
    }

    fn has_encoded_word(&self) -> bool {
        self.first.value.windows(2).any(|pair| pair == b"=?")
    }
}

/// The octets of a parameter's value.
#[derive(Clone, Debug)]
pub struct SectionOctets<'a, P = Parameters<'a>> {
    now: ValueOctets<'a>,
    /// Which section that is; `None` where there are none.
    section: Option<u16>,
    attribute: &'a [u8],
    all: P,
    /// The parameters behind that section.
    ahead: P,
    rewinds: u8,
}

impl<'a, P: Iterator<Item = Parameter<'a>> + Clone> Iterator for SectionOctets<'a, P> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        loop {
            if let Some(octet) = self.now.next() {
                return Some(octet);
            }
            let wanted = self.section?.checked_add(1)?;
            let Some(parameter) = self.look_for(wanted) else {
                self.section = None;
                return None;
            };
            self.section = Some(wanted);
            self.now = parameter.octets();
        }
    }
}

impl<'a, P: Iterator<Item = Parameter<'a>> + Clone> SectionOctets<'a, P> {
    fn look_for(&mut self, wanted: u16) -> Option<Parameter<'a>> {
        let mut rewound = false;
        loop {
            for parameter in self.ahead.by_ref() {
                if parameter.section == Some(wanted) && parameter.is(self.attribute) {
                    return Some(parameter);
                }
            }
            if rewound || self.rewinds >= MAX_REWINDS {
                return None;
            }
            rewound = true;
            self.rewinds = self.rewinds.saturating_add(1);
            self.ahead = self.all.clone();
        }
    }
}

/// The octets of one section.
#[derive(Clone, Debug)]
struct ValueOctets<'a> {
    rest: &'a [u8],
    quoted: bool,
    extended: bool,
}

impl Iterator for ValueOctets<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        loop {
            let (&octet, rest) = self.rest.split_first()?;
            self.rest = rest;
            match (octet, rest) {
                // Folding inside the value.
                (b'\r' | b'\n', _) => {}
                (b'\\', [quoted, behind @ ..]) if self.quoted => {
                    self.rest = behind;
                    return Some(*quoted);
                }
                (b'%', [high, low, behind @ ..]) if self.extended => {
                    let Some((high, low)) = hex_digit(*high).zip(hex_digit(*low)) else {
                        return Some(octet);
                    };
                    self.rest = behind;
                    return Some((high << 4) | low);
                }
                _ => return Some(octet),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(value: &Value<'_>) -> String {
        let mut out = [0; 1000];
        let decoded = value.decode_to_utf8(&mut out);
        String::from_utf8(out[..decoded.len].to_vec()).unwrap()
    }

    fn values(body: &str) -> Vec<(String, String)> {
        let one = |parameter: Parameter<'_>| {
            let octets: Vec<u8> = parameter.octets().collect();
            let attribute = String::from_utf8(parameter.attribute.to_vec()).unwrap();
            (attribute, String::from_utf8(octets).unwrap())
        };
        MediaType::from_field(body.as_bytes()).parameters.map(one).collect()
    }

    #[track_caller]
    fn has(body: &str, expected: &[(&str, &str)]) {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        assert_eq!(values(body), expected.iter().map(own).collect::<Vec<_>>(), "{body}");
    }

    #[test]
    fn the_examples_of_rfc_2045_section_5() {
        has("text/plain; charset=us-ascii (Plain text)", &[("charset", "us-ascii")]);
        has("text/plain; charset=\"us-ascii\"", &[("charset", "us-ascii")]);
        let field = MediaType::from_field(b" Multipart / (c) MIXED ;boundary=x");
        assert!(field.is("multipart", "mixed"));
    }

    #[test]
    fn what_senders_break_is_read_all_the_same() {
        has("a/b; name=my file (1).pdf; x=y", &[("name", "my file (1).pdf"), ("x", "y")]);
        has("a/b; name=\"a;\\\"b\\\"\"; x=y", &[("name", "a;\"b\""), ("x", "y")]);
        has("a/b; name=\"a\" x=y;;  ; z = 1 ;", &[("name", "a"), ("x", "y"), ("z", "1")]);
        has("a/b; name=\"no end; x=y", &[("name", "no end; x=y")]);
        has("a/b; nothing; =x; @; x=y", &[("x", "y")]);
        has("a/b; boundary=----=_Part/1?x", &[("boundary", "----=_Part/1?x")]);
        has("a/b; name=", &[("name", "")]);
        has("a/b;\r\n name=\"fol\r\n ded\"", &[("name", "fol ded")]);
        has("a/b (no end; x=y", &[("x", "y")]);
        has("", &[]);
        assert!(MediaType::from_field(b"text; charset=x").is("text", ""));
    }

    #[test]
    fn the_examples_of_rfc_2231() {
        // §3.
        let url = "ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar";
        for body in [
            "message/external-body; access-type=URL; URL*0=\"ftp://\"; URL*1=\"cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar\"",
            "message/external-body; access-type=URL;\r\n URL=\"ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar\"",
        ] {
            let field = MediaType::from_field(body.as_bytes());
            assert_eq!(text(&field.parameters.find("url").unwrap()), url);
        }
        // §4.
        let field = MediaType::from_field(
            b"application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
        );
        let title = field.parameters.find("title").unwrap();
        assert_eq!(text(&title), "This is ***fun***");
        assert_eq!(title.charset(), Some(&b"us-ascii"[..]));
        assert_eq!(title.language(), Some(&b"en-us"[..]));
        // §4.1.
        let field = MediaType::from_field(
            b"application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
        );
        let title = field.parameters.find("title").unwrap();
        assert_eq!(text(&title), "This is even more ***fun*** isn't it!");
        assert_eq!(title.language(), Some(&b"en"[..]));
    }

    #[test]
    fn sections_are_put_in_order_and_end_at_a_gap() {
        let find = |body: &str| {
            text(&MediaType::from_field(body.as_bytes()).parameters.find("n").unwrap())
        };
        assert_eq!(find("a/b; n*2=c; n*0=a; n*1=b"), "abc");
        assert_eq!(find("a/b; n*0=a; n*2=c"), "a");
        assert_eq!(find("a/b; n*0*=utf-8''%C3; n*1*=%BC"), "ü");
        assert_eq!(find("a/b; n=plain; n*=iso-8859-1''%FC"), "ü");
        assert_eq!(find("a/b; n*=utf-8''%zz%4"), "%zz%4");
        assert_eq!(find("a/b; n*=no-quotes"), "no-quotes");
    }

    #[test]
    fn a_file_name_is_found_where_it_is() {
        let name = |disposition: &str, media_type: &str| {
            let mut out = [0; 100];
            let disposition = Disposition::from_field(disposition.as_bytes()).parameters;
            let media_type = MediaType::from_field(media_type.as_bytes()).parameters;
            let decoded = file_name(Some(disposition), Some(media_type), &mut out)?;
            Some(String::from_utf8(out[..decoded.len].to_vec()).unwrap())
        };
        for (disposition, media_type, expected) in [
            ("attachment; filename=a; filename*=utf-8''b", "a/b; name=c", Some("b")),
            ("attachment; filename=a", "a/b; name=c", Some("a")),
            ("attachment", "a/b; name=c", Some("c")),
            ("attachment", "a/b", None),
            ("attachment; filename=\"=?UTF-8?B?w7w=?= =?UTF-8?Q?=C3=BC?=\"", "a/b", Some("üü")),
            ("attachment; filename=\"ü.txt\"", "a/b", Some("ü.txt")),
        ] {
            assert_eq!(name(disposition, media_type).as_deref(), expected);
        }
        assert_eq!(file_name(None::<Parameters<'_>>, None, &mut []), None);
    }

    #[test]
    fn other_charsets_are_handed_over_with_their_names() {
        let field = MediaType::from_field(b"a/b; n*=koi8-r''%F4%C5");
        let value = field.parameters.find("N").unwrap();
        assert_eq!(value.charset(), Some(&b"koi8-r"[..]));
        assert!(value.octets().eq([0xf4, 0xc5]));
        assert_eq!(value.decode_to_utf8(&mut [0; 20]).foreign, 1);
    }

    #[test]
    fn dispositions_say_whether_to_save() {
        for (body, attachment) in
            [("inline", false), ("ATTACHMENT; x=y", true), ("", false), ("whatever", true)]
        {
            assert_eq!(Disposition::from_field(body.as_bytes()).is_attachment(), attachment);
        }
    }

    #[test]
    fn hostile_values_take_linear_time() {
        let backwards: String =
            (0..20_000).rev().fold(String::new(), |all, number| all + &format!("; n*{number}=x"));
        for body in [
            "; n*0=x".to_owned() + &backwards,
            "(".repeat(1_000_000),
            "; a=b (".repeat(100_000),
            "; a=\"".repeat(200_000),
        ] {
            let begun = std::time::Instant::now();
            let field = MediaType::from_field(body.as_bytes());
            let octets = field.parameters.find("n").map(|value| value.octets().count());
            assert!(octets.unwrap_or(0) <= 18);
            assert!(field.parameters.count() <= body.len());
            assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
        }
    }

    proptest! {
        #[test]
        fn what_an_encoder_made_comes_back(value in "\\PC{0,30}", cut in 1_usize..20) {
            // In sections of a few octets, every octet as %xx.
            let mut body = String::from("a/b");
            for (number, piece) in value.as_bytes().chunks(cut).enumerate() {
                let initial = if number == 0 { "utf-8''" } else { "" };
                let text: String = piece.iter().map(|octet| format!("%{octet:02x}")).collect();
                body += &format!(";\r\n n*{number}*={initial}{text}");
            }
            let found = MediaType::from_field(body.as_bytes()).parameters.find("n");
            prop_assert_eq!(found.map_or(String::new(), |found| text(&found)), value);
        }

        #[test]
        fn a_quoted_string_comes_back(value in "[ -~]{0,30}", other in "[a-z]{1,5}") {
            let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
            let body = format!("a/b; n=\"{quoted}\"; o={other}");
            has(&body, &[("n", &value), ("o", &other)]);
        }

        #[test]
        fn any_octets_are_survived(body in "[nx*0-2=;\"'%\\\\() a/]{0,60}") {
            let parameters = MediaType::from_field(body.as_bytes()).parameters;
            let count = parameters.map(|parameter| parameter.octets().count()).sum::<usize>();
            prop_assert!(count <= body.len());
            parameters.find("n").map(|value| text(&value));
        }
    }
}
