//! Encoded words (RFC 2047, with the language of RFC 2231 §5) in a subject, a display name or whatever
//! else is shown.
//!
//! Senders break the grammar in known ways, which are read as the field's clients read them: words
//! longer than 75 octets, words inside quoted strings and against other text, raw spaces or `?` inside a
//! word, base64 without padding, characters cut between two words. What is not a whole word is text.

use super::text::{Charset, Utf8Sink, cut, is_fws, span, trim_start};
use super::transfer::{digit, hex_digit};

/// How a word is encoded (RFC 2047 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Encoding {
    /// Base64.
    B,
    /// A kind of quoted-printable.
    Q,
}

/// An encoded word (RFC 2047 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodedWord<'a> {
    /// The name of the charset, as it stands.
    pub charset: &'a [u8],
    /// The language tag; empty where none is given (RFC 2231 §5).
    pub language: &'a [u8],
    /// How [`EncodedWord::text`] is encoded.
    pub encoding: Encoding,
    /// What is encoded, as it stands.
    pub text: &'a [u8],
    /// The whole word, from `=?` to `?=`.
    pub raw: &'a [u8],
}

impl<'a> EncodedWord<'a> {
    /// The octets that the word stands for, in its charset. A character may go on in the next word
    /// of the same charset: give their octets to one converter, one after the other.
    #[must_use]
    pub const fn octets(&self) -> Octets<'a> {
        Octets { rest: self.text, encoding: self.encoding, last: 0, have: 0 }
    }

    /// Whether the word keeps the grammar (RFC 2047 §2, §4): at most 75 octets, no space or `?` inside,
    /// sequences and groups that are whole.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let graphic = |octet: &u8| octet.is_ascii_graphic() && *octet != b'?';
        let encoded = match self.encoding {
            Encoding::B => is_base64(self.text),
            Encoding::Q => is_q(self.text),
        };
        self.raw.len() <= 75 && self.text.iter().all(graphic) && encoded
    }
}

fn is_base64(text: &[u8]) -> bool {
    let digits = span(text, |octet| digit(octet).is_some());
    let padding = text.get(digits..).unwrap_or_default();
    text.len().is_multiple_of(4) && padding.len() <= 2 && padding.iter().all(|&octet| octet == b'=')
}

fn is_q(text: &[u8]) -> bool {
    let mut rest = text;
    while let [octet, behind @ ..] = rest {
        let digit = |at: usize| behind.get(at).is_some_and(|&octet| hex_digit(octet).is_some());
        if *octet == b'=' && !(digit(0) && digit(1)) {
            return false;
        }
        rest = behind;
    }
    true
}

/// The octets that an encoded word stands for.
#[derive(Clone, Debug)]
pub struct Octets<'a> {
    rest: &'a [u8],
    encoding: Encoding,
    last: u8,
    have: u8,
}

impl Iterator for Octets<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        match self.encoding {
            Encoding::B => self.next_b(),
            Encoding::Q => self.next_q(),
        }
    }
}

impl Octets<'_> {
    fn next_b(&mut self) -> Option<u8> {
        loop {
            let (&octet, rest) = self.rest.split_first()?;
            self.rest = rest;
            let Some(value) = digit(octet) else {
                // Padding ends a group; some senders put several texts, each padded, into one word.
                if octet == b'=' {
                    self.have = 0;
                }
                continue;
            };
            let (octet, have) = match self.have {
                0 => (None, 1),
                1 => (Some((self.last << 2) | (value >> 4)), 2),
                2 => (Some((self.last << 4) | (value >> 2)), 3),
                _ => (Some((self.last << 6) | value), 0),
            };
            (self.last, self.have) = (value, have);
            if octet.is_some() {
                return octet;
            }
        }
    }

    fn next_q(&mut self) -> Option<u8> {
        loop {
            let (&octet, rest) = self.rest.split_first()?;
            self.rest = rest;
            match (octet, rest) {
                (b'_', _) => return Some(b' '),
                (b'\r' | b'\n', _) => {}
                (b'=', [high, low, behind @ ..]) => {
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

/// A piece of unstructured text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it stands, never a line end.
    Text(&'a [u8]),
    /// An encoded word.
    Word(EncodedWord<'a>),
}

/// The pieces of a field's body, folded or not: text and encoded words in their order. White space
/// between two encoded words is left out (RFC 2047 §6.2), and so are line ends.
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    rest: &'a [u8],
    /// A word that was found while looking behind another.
    ahead: Option<EncodedWord<'a>>,
    /// No word that begins with more octets left than these has an end. Known from an earlier search,
    /// and so not searched for again.
    endless: usize,
}

impl<'a> Pieces<'a> {
    /// Over a field's body: unstructured text, or a phrase without its quotes and comments.
    #[must_use]
    pub const fn new(body: &'a [u8]) -> Self {
        Self { rest: body, ahead: None, endless: usize::MAX }
    }

    fn word(&mut self, word: EncodedWord<'a>) -> Piece<'a> {
        let behind = cut(self.rest, word.raw.len()).1;
        self.rest = behind;
        let next = trim_start(behind);
        if next.starts_with(b"=?") {
            self.ahead = self.word_at(next);
            if self.ahead.is_some() {
                self.rest = next;
            }
        }
        Piece::Word(word)
    }

    /// The word that `text`, which lies in what is left, begins with.
    fn word_at(&mut self, text: &'a [u8]) -> Option<EncodedWord<'a>> {
        if text.len() > self.endless {
            return None;
        }
        let rest = text.strip_prefix(b"=?")?;
        // A name is short; this bounds what is looked at more than once.
        let (charset, rest) = cut(rest, span(rest.get(..75).unwrap_or(rest), is_token));
        let (encoding, rest) = match rest {
            [b'?', b'q' | b'Q', b'?', rest @ ..] => (Encoding::Q, rest),
            [b'?', b'b' | b'B', b'?', rest @ ..] => (Encoding::B, rest),
            _ => return None,
        };
        if charset.is_empty() {
            return None;
        }
        let len = self.text_len(rest)?;
        let (encoded, behind) = cut(rest, len);
        let raw_len = text.len().saturating_sub(behind.len()).saturating_add(2);
        let (charset, language) = cut(charset, span(charset, |octet| octet != b'*'));
        Some(EncodedWord {
            charset,
            language: language.get(1..).unwrap_or_default(),
            encoding,
            text: encoded,
            raw: cut(text, raw_len).0,
        })
    }

    /// How long the encoded text is that ends with `?=`. Where another word begins before that, behind
    /// white space, this one has no end.
    fn text_len(&mut self, text: &[u8]) -> Option<usize> {
        let mut before = b'?';
        let mut rest = text;
        while let [octet, behind @ ..] = rest {
            match rest {
                [b'?', b'=', ..] => return Some(text.len().saturating_sub(rest.len())),
                [b'=', b'?', third, ..] if is_fws(before) && third.is_ascii_alphabetic() => {
                    self.endless = rest.len();
                    return None;
                }
                _ => {}
            }
            (before, rest) = (*octet, behind);
        }
        self.endless = 0;
        None
    }

    /// Text up to the next word, a line end, or the end.
    fn text(&mut self) -> Piece<'a> {
        let mut len = 0_usize;
        loop {
            let rest = self.rest.get(len..).unwrap_or_default();
            len = len.saturating_add(span(rest, |octet| !matches!(octet, b'=' | b'\r' | b'\n')));
            let rest = self.rest.get(len..).unwrap_or_default();
            match rest {
                [b'=', b'?', ..] if len > 0 => self.ahead = self.word_at(rest),
                [b'=', ..] => {}
                _ => break,
            }
            if self.ahead.is_some() {
                break;
            }
            len = len.saturating_add(1);
        }
        let (text, rest) = cut(self.rest, len);
        self.rest = rest;
        Piece::Text(text)
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if let Some(word) = self.ahead.take() {
            return Some(self.word(word));
        }
        while let [b'\r' | b'\n', rest @ ..] = self.rest {
            self.rest = rest;
        }
        if self.rest.is_empty() {
            return None;
        }
        match self.word_at(self.rest) {
            Some(word) => Some(self.word(word)),
            None => Some(self.text()),
        }
    }
}

/// What [`decode_to_utf8`] made of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Decoded {
    /// How many octets of `out` were filled, with valid UTF-8.
    pub len: usize,
    /// Whether `out` was too small: what it holds is the beginning, cut between two characters.
    pub truncated: bool,
    /// How many words stand in `out` as they were encoded, since their charset is another one than
    /// UTF-8, US-ASCII and ISO-8859-1. Walk [`Pieces`] to convert them.
    pub foreign: usize,
    /// How many encoded words break the grammar. They were decoded as far as they go.
    pub malformed: usize,
    /// How many sequences were not UTF-8 and stand in `out` as U+FFFD.
    pub replaced: usize,
}

/// Turns a field's body, folded or not, into UTF-8 for showing: encoded words are decoded, characters
/// that were cut between two words are joined. The result may hold any character, control characters
/// too.
///
/// ```
/// use mailproto_core::message::encoded_word::decode_to_utf8;
///
/// let mut out = [0; 64];
/// let decoded = decode_to_utf8(b"=?ISO-8859-1?Q?Andr=E9?= Pirard", &mut out);
/// assert_eq!(&out[..decoded.len], "André Pirard".as_bytes());
/// ```
pub fn decode_to_utf8(body: &[u8], out: &mut [u8]) -> Decoded {
    decode(body, false, out)
}

/// The same for what stands between the quotes of a quoted string: in text a backslash stands for the octet behind it
/// (RFC 5322 §3.2.4, RFC 9051 §4.3).
///
/// ```
/// use mailproto_core::message::encoded_word::decode_quoted_to_utf8;
///
/// let mut out = [0; 64];
/// let decoded = decode_quoted_to_utf8(br#"=?UTF-8?Q?Zo=C3=AB?= \"Zo\" Baker"#, &mut out);
/// assert_eq!(&out[..decoded.len], "Zoë \"Zo\" Baker".as_bytes());
/// ```
pub fn decode_quoted_to_utf8(inside: &[u8], out: &mut [u8]) -> Decoded {
    decode(inside, true, out)
}

fn decode(body: &[u8], quoted: bool, out: &mut [u8]) -> Decoded {
    let mut sink = Utf8Sink::new(out);
    let mut decoded = Decoded::default();
    for piece in Pieces::new(body) {
        match piece {
            Piece::Text(text) => {
                sink.end_of_text();
                let mut escapes = false;
                for (at, &octet) in text.iter().enumerate() {
                    // One at the end of a text quotes nothing.
                    escapes =
                        quoted && octet == b'\\' && !escapes && at.wrapping_add(1) < text.len();
                    if !escapes {
                        sink.octet(Charset::Utf8, octet);
                    }
                }
                sink.end_of_text();
            }
            Piece::Word(word) => {
                let malformed = usize::from(!word.is_well_formed());
                decoded.malformed = decoded.malformed.saturating_add(malformed);
                match Charset::named(word.charset) {
                    Some(charset) => word.octets().for_each(|octet| sink.octet(charset, octet)),
                    None => {
                        sink.end_of_text();
                        decoded.foreign = decoded.foreign.saturating_add(1);
                        word.raw.iter().for_each(|&octet| sink.octet(Charset::Utf8, octet));
                        sink.end_of_text();
                    }
                }
            }
        }
    }
    sink.end_of_text();
    decoded.replaced = sink.replaced;
    (decoded.len, decoded.truncated) = sink.finish();
    decoded
}

/// RFC 2047 §2 `token`, without `?`, and RFC 2231 §5 with `*`.
fn is_token(octet: u8) -> bool {
    octet.is_ascii_graphic() && !b"()<>@,;:\"/[]?=".contains(&octet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::Engine as _;
    use ::base64::prelude::BASE64_STANDARD;
    use proptest::prelude::*;

    fn shown(body: &[u8]) -> (String, Decoded) {
        let mut out = vec![0; body.len() * 3 + 8];
        let decoded = decode_to_utf8(body, &mut out);
        out.truncate(decoded.len);
        (String::from_utf8(out).unwrap(), decoded)
    }

    #[track_caller]
    fn shows(body: &str, text: &str, malformed: usize) {
        let (out, decoded) = shown(body.as_bytes());
        assert_eq!((out.as_str(), decoded.malformed), (text, malformed), "{body}");
        assert!(!decoded.truncated);
    }

    #[test]
    fn the_table_of_rfc_2047_section_8() {
        for (body, text) in [
            ("(=?ISO-8859-1?Q?a?=)", "(a)"),
            ("(=?ISO-8859-1?Q?a?= b)", "(a b)"),
            ("(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)"),
            ("(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)"),
            ("(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)"),
            ("(=?ISO-8859-1?Q?a_b?=)", "(a b)"),
        ] {
            shows(body, text, 0);
        }
        let (text, decoded) = shown(b"(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)");
        assert_eq!(text, "(a=?ISO-8859-2?Q?_b?=)");
        assert_eq!(decoded.foreign, 1);
    }

    #[test]
    fn backslashes_in_quotes_stand_for_what_follows() {
        for (inside, text) in [
            (&br#"a \"b\" \\ c"#[..], r#"a "b" \ c"#),
            (br#"=?utf-8?Q?a?= \\\""#, r#"a \""#),
            (br"\\", r"\"),
            (br"a\", r"a\"),
            (b"", ""),
        ] {
            let mut out = [0; 64];
            let decoded = decode_quoted_to_utf8(inside, &mut out);
            assert_eq!(&out[..decoded.len], text.as_bytes());
        }
    }

    #[test]
    fn the_fields_of_rfc_2047_section_8() {
        for (body, text) in [
            ("=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>", "Keith Moore <moore@cs.utk.edu>"),
            (
                "=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk>",
                "Keld Jørn Simonsen <keld@dkuug.dk>",
            ),
            (
                "=?ISO-8859-1?Q?Andr=E9?= Pirard <PIRARD@vm1.ulg.ac.be>",
                "André Pirard <PIRARD@vm1.ulg.ac.be>",
            ),
            (
                "=?ISO-8859-1?Q?Olle_J=E4rnefors?= <ojarnef@admin.kth.se>",
                "Olle Järnefors <ojarnef@admin.kth.se>",
            ),
            (
                "=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?= <paf@nada.kth.se>",
                "Patrik Fältström <paf@nada.kth.se>",
            ),
            ("=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=", "If you can read this yo"),
        ] {
            shows(body, text, 0);
        }
        // The second line of that subject is in ISO-8859-2.
        let body = b"=?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=";
        let Some(Piece::Word(word)) = Pieces::new(body).next() else { panic!("a word") };
        assert_eq!((word.charset, word.encoding), (&b"ISO-8859-2"[..], Encoding::B));
        assert!(word.octets().eq(*b"u understand the example."));
        assert_eq!(word.raw, body);
    }

    #[test]
    fn a_word_may_tell_its_language() {
        // RFC 2231 §5.
        let body = b"=?US-ASCII*EN?Q?Keith_Moore?=";
        let Some(Piece::Word(word)) = Pieces::new(body).next() else { panic!("a word") };
        assert_eq!((word.charset, word.language), (&b"US-ASCII"[..], &b"EN"[..]));
        assert!(word.octets().eq(*b"Keith Moore"));
    }

    #[test]
    fn a_character_cut_between_two_words_is_joined() {
        shows(
            "=?UTF-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9F?=\r\n =?utf-8?B?4g==?= =?utf-8?B?gqw=?=",
            "Grüß€",
            0,
        );
        assert_eq!(shown(b"=?utf-8?Q?=C3?= x =?utf-8?Q?=BC?=").0, "\u{fffd} x \u{fffd}");
        assert_eq!(shown(b"=?utf-8?Q?=C3?= =?latin1?Q?=BC?=").0, "\u{fffd}\u{bc}");
    }

    #[test]
    fn what_senders_break_is_read_all_the_same() {
        for (body, text, malformed) in [
            ("=?utf-8?Q?Hello World?=", "Hello World", 1),
            ("=?utf-8?Q?Really?_Yes?=", "Really? Yes", 1),
            ("Re:=?utf-8?Q?a?=b", "Re:ab", 0),
            ("=?utf-8?Q?a?==?utf-8?Q?b?=", "ab", 0),
            ("=?utf-8?Q?=41?=", "A", 0),
            ("=?utf-8?Q??=", "", 0),
            ("=?utf-8?Q?50=_=4?=", "50= =4", 1),
            ("=?utf-8?B?SGk?=", "Hi", 1),
            ("=?utf-8?B?S G k=?=", "Hi", 1),
            ("=?utf-8?B?SGk=SGk=?=", "HiHi", 1),
            ("\"=?utf-8?q?a?=\"", "\"a\"", 0),
            ("=?utf-8?Q?a\r\n b?=", "a b", 1),
        ] {
            shows(body, text, malformed);
        }
        let long = format!("=?utf-8?Q?{}?=", "x".repeat(500));
        shows(&long, &"x".repeat(500), 1);
    }

    #[test]
    fn what_is_no_word_is_text() {
        for text in [
            "",
            "=",
            "=?",
            "=?=",
            "=?utf-8",
            "=?utf-8?Q",
            "=?utf-8?Q?",
            "=?utf-8?Q?abc",
            "=?utf-8?X?a?=",
            "=??Q?a?=",
            "a =? b ?= c",
            "=?utf 8?Q?a?=",
            "1 = 2 ?= 3",
        ] {
            shows(text, text, 0);
        }
        shows("=?utf-8?Q?cut =?utf-8?Q?whole?= end", "=?utf-8?Q?cut whole end", 0);
        shows("folded\r\n text\n too", "folded text too", 0);
        shows("Grüße", "Grüße", 0);
        assert_eq!(
            shown(b"a\xe9b"),
            ("a\u{fffd}b".into(), Decoded { len: 5, replaced: 1, ..Decoded::default() })
        );
    }

    #[test]
    fn a_small_buffer_gets_whole_characters() {
        let body = b"=?utf-8?Q?a=C3=BC=E2=82=ACz?=";
        for (room, text) in [(0, ""), (1, "a"), (2, "a"), (3, "aü"), (5, "aü"), (6, "aü€")] {
            let mut out = vec![0; room];
            let decoded = decode_to_utf8(body, &mut out);
            assert!(decoded.truncated);
            assert_eq!(&out[..decoded.len], text.as_bytes());
        }
        assert!(!decode_to_utf8(body, &mut [0; 7]).truncated);
    }

    #[test]
    fn words_without_end_take_linear_time() {
        for unit in ["=?a?q?", "=?a?q? ", "=?", "=?a?b?x =?", " =", "=?a?q?b?= ", "\r\n =?x"] {
            let body = unit.repeat(2_000_000 / unit.len()) + " =?x";
            let begun = std::time::Instant::now();
            let pieces = Pieces::new(body.as_bytes()).count();
            assert!(pieces <= body.len());
            assert!(begun.elapsed().as_secs() < 5, "{unit:?}: {:?}", begun.elapsed());
        }
    }

    /// Text as a plain encoder writes it, a few characters a word.
    fn encode(text: &str, base64: bool, octets: usize) -> String {
        let words = text.as_bytes().chunks(octets).map(|piece| {
            if base64 {
                return format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(piece));
            }
            let quoted: String = piece.iter().map(|octet| format!("={octet:02X}")).collect();
            format!("=?UTF-8?Q?{quoted}?=")
        });
        words.collect::<Vec<_>>().join("\r\n ")
    }

    proptest! {
        #[test]
        fn what_an_encoder_made_comes_back(text in "\\PC{0,40}", base64: bool, octets in 1_usize..18) {
            let (out, decoded) = shown(encode(&text, base64, octets).as_bytes());
            prop_assert_eq!(&out, &text);
            prop_assert_eq!((decoded.malformed, decoded.replaced, decoded.foreign), (0, 0, 0));
        }

        #[test]
        fn any_octets_give_utf8_and_lose_no_text(body in "[=?qQbBu8 \r\nx_]{0,60}") {
            let (out, decoded) = shown(body.as_bytes());
            prop_assert!(!decoded.truncated);
            let words = Pieces::new(body.as_bytes()).filter(|piece| matches!(piece, Piece::Word(_)));
            if words.count() == 0 {
                prop_assert_eq!(out, body.replace(['\r', '\n'], ""));
            }
        }
    }
}
