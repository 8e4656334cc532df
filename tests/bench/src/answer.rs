//! Answers to FETCH to measure with, the same on every machine: in the style of a usual server,
//! with escapes, literals and nested parts now and then.

use crate::mail::{Dice, Text};

/// `UID FLAGS` of that many messages.
pub(crate) fn flags(messages: u32) -> Vec<u8> {
    answer(messages, |_, _| {})
}

/// `UID FLAGS RFC822.SIZE INTERNALDATE ENVELOPE BODYSTRUCTURE` of that many messages.
pub(crate) fn meta(messages: u32) -> Vec<u8> {
    answer(messages, |dice, out| {
        let (size, day) = (dice.below(1_000_000), 10 + dice.below(19));
        add(out, &format!(" RFC822.SIZE {size} INTERNALDATE \"{day}-Mar-2024 08:30:15 +0100\""));
        add(out, &format!(" ENVELOPE {}", envelope(dice)));
        add(out, &format!(" BODYSTRUCTURE {}", structure(dice)));
    })
}

/// `UID FLAGS BODY[]` of that many messages of about `size` octets.
pub(crate) fn bodies(messages: u32, size: usize) -> Vec<u8> {
    let body = Text::Base64.message(size);
    answer(messages, |_, out| {
        add(out, &format!(" BODY[] {{{}}}\r\n", body.len()));
        out.extend_from_slice(&body);
    })
}

/// The UID of that message.
pub(crate) fn uid(message: u32) -> u32 {
    1000 + 2 * message
}

fn answer(messages: u32, mut more: impl FnMut(&mut Dice, &mut Vec<u8>)) -> Vec<u8> {
    let (mut dice, mut out) = (Dice(1), Vec::new());
    for message in 1..=messages {
        let (uid, flags) = (uid(message), dice.pick(&FLAGS));
        add(&mut out, &format!("* {message} FETCH (UID {uid} FLAGS ({flags})"));
        more(&mut dice, &mut out);
        add(&mut out, ")\r\n");
    }
    out
}

fn add(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

const FLAGS: [&str; 8] = [
    "",
    "",
    r"\Seen",
    r"\Seen",
    r"\Seen",
    r"\Seen \Answered",
    r"\Seen $Forwarded",
    r"\Flagged \Deleted NonJunk",
];

// Envelopes.

/// Quoted, encoded (RFC 2047), with escapes, and a literal.
const SUBJECTS: [&str; 8] = [
    r#""Minutes of the meeting on Tuesday""#,
    r#""Re: invoice 2024-031""#,
    r#""Re: [users] Release candidate 2 is out, please test""#,
    r#""Your booking""#,
    r#""=?UTF-8?Q?Gr=C3=BC=C3=9Fe_aus_dem_Urlaub?=""#,
    r#""=?UTF-8?B?0J/RgNC40LLQtdGC?= =?UTF-8?B?INC80LjRgA==?=""#,
    r#""The \"final\" draft of the report""#,
    "{17}\r\nPrüfung im März",
];
const PEOPLE: [&str; 6] = [
    r#"("Terry Gray" NIL "gray" "cac.washington.example")"#,
    r#"("Anna Lindqvist" NIL "anna.lindqvist" "example.org")"#,
    r#"("=?UTF-8?Q?Zo=C3=AB_Baker?=" NIL "zoe" "mail.example.net")"#,
    r#"("Fred \"Freddy\" Foobar" NIL "fred" "example.com")"#,
    r#"(NIL NIL "minutes" "lists.example.edu")"#,
    r#"(NIL NIL "imap" "example.com")"#,
];
const REPLIED: [&str; 2] = ["NIL", r#""<B27397-0100000@cac.washington.example>""#];

fn envelope(dice: &mut Dice) -> String {
    let (subject, from) = (dice.pick(&SUBJECTS), dice.pick(&PEOPLE));
    let to: String = (0..=dice.below(3)).map(|_| dice.pick(&PEOPLE)).collect();
    let cc = if dice.below(3) == 0 { format!("({})", dice.pick(&PEOPLE)) } else { "NIL".into() };
    let (replied, id) = (dice.pick(&REPLIED), dice.next());
    // From, which Sender and Reply-To repeat.
    format!(
        "(\"Tue, 5 Mar 2024 08:30:12 +0100\" {subject} ({from}) ({from}) ({from}) ({to}) {cc} NIL \
         {replied} \"<{id:08x}.2024@example.org>\")"
    )
}

// Structures.

fn structure(dice: &mut Dice) -> String {
    match dice.below(8) {
        0..3 => text(dice, "plain"),
        3..6 => alternative(dice),
        6 => {
            let (text, file) = (alternative(dice), file(dice));
            multipart("mixed", &[text, file])
        }
        _ => {
            let (text, message) = (text(dice, "plain"), message(dice));
            multipart("mixed", &[text, message])
        }
    }
}

fn text(dice: &mut Dice, subtype: &str) -> String {
    let (octets, lines) = (dice.below(40_000), dice.below(1_000));
    let header = r#"("charset" "utf-8") NIL NIL "quoted-printable""#;
    format!(r#"("text" "{subtype}" {header} {octets} {lines} NIL NIL NIL NIL)"#)
}

fn alternative(dice: &mut Dice) -> String {
    let parts = [text(dice, "plain"), text(dice, "html")];
    multipart("alternative", &parts)
}

fn file(dice: &mut Dice) -> String {
    let octets = dice.below(1_000_000);
    let header = r#"("name" "report.pdf") "<part1@example.org>" NIL "base64""#;
    let shown = r#"("attachment" ("filename" "report.pdf"))"#;
    format!(r#"("application" "pdf" {header} {octets} NIL {shown} NIL NIL)"#)
}

fn message(dice: &mut Dice) -> String {
    let (octets, envelope, text) = (dice.below(90_000), envelope(dice), text(dice, "plain"));
    let header = r#"NIL NIL NIL "7bit""#;
    let end = r#"120 NIL ("inline" NIL) NIL NIL"#;
    format!(r#"("message" "rfc822" {header} {octets} {envelope} {text} {end})"#)
}

fn multipart(subtype: &str, parts: &[String]) -> String {
    let parts = parts.concat();
    format!(r#"({parts} "{subtype}" ("boundary" "=_5f3c9a") NIL NIL NIL)"#)
}
