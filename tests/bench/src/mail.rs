//! Text to measure with, the same on every machine.

/// What kind of text a message is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    /// An attachment: base64 in lines of 76 octets (RFC 2045 §6.8).
    Base64,
    /// Sentences that end in dots, in lines of about 70 octets; one line in fifty begins with a dot.
    Prose,
    /// HTML in short lines, some of them empty.
    Html,
}

impl Text {
    pub(crate) const ALL: [Self; 3] = [Self::Base64, Self::Prose, Self::Html];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Base64 => "base64 attachment",
            Self::Prose => "prose with dots, lines of 70",
            Self::Html => "HTML in short lines",
        }
    }

    /// At least `size` octets of whole lines, dots not stuffed.
    pub(crate) fn message(self, size: usize) -> Vec<u8> {
        let mut dice = Dice(1);
        let mut text = Vec::with_capacity(size + 200);
        while text.len() < size {
            match self {
                Self::Base64 => base64_line(&mut dice, &mut text),
                Self::Prose => prose_line(&mut dice, &mut text),
                Self::Html => html_line(&mut dice, &mut text),
            }
            text.extend_from_slice(b"\r\n");
        }
        text
    }
}

/// The message as RETR answers it (RFC 1939 §3): a status line, dots stuffed, the final dot.
pub(crate) fn reply(message: &[u8]) -> Vec<u8> {
    let mut reply = b"+OK\r\n".to_vec();
    for line in message.split_inclusive(|&octet| octet == b'\n') {
        if line.starts_with(b".") {
            reply.push(b'.');
        }
        reply.extend_from_slice(line);
    }
    reply.extend_from_slice(b".\r\n");
    reply
}

/// A reply to UIDL, or to LIST, for that many messages.
pub(crate) fn listing(messages: u32, uidl: bool) -> Vec<u8> {
    let mut dice = Dice(1);
    let mut reply = b"+OK\r\n".to_vec();
    for message in 1..=messages {
        let line = if uidl {
            format!("{message} {:08x}{:08x}\r\n", dice.next(), dice.next())
        } else {
            format!("{message} {}\r\n", dice.below(100_000))
        };
        reply.extend_from_slice(line.as_bytes());
    }
    reply.extend_from_slice(b".\r\n");
    reply
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const WORDS: [&str; 12] = [
    "a",
    "the",
    "mail",
    "draft",
    "report",
    "meeting.",
    "invoice,",
    "scheduled",
    "quarterly",
    "of",
    "and",
    "e.g.",
];
const HTML: [&str; 8] = [
    "<tr>",
    "<td class=\"cell\">12.50</td>",
    "</tr>",
    "",
    "<p>Dear reader.</p>",
    "<br>",
    "  <a href=\"https://www.example.com/a.html\">more</a>",
    "</div>",
];

fn base64_line(dice: &mut Dice, text: &mut Vec<u8>) {
    text.extend((0..76).map(|_| BASE64[dice.below(64)]));
}

fn prose_line(dice: &mut Dice, text: &mut Vec<u8>) {
    let start = text.len();
    if dice.below(50) == 0 {
        text.push(b'.');
    }
    let length = 60 + dice.below(14);
    while text.len() < start + length {
        text.extend_from_slice(WORDS[dice.below(WORDS.len())].as_bytes());
        text.push(b' ');
    }
    text.pop();
}

fn html_line(dice: &mut Dice, text: &mut Vec<u8>) {
    text.extend_from_slice(HTML[dice.below(HTML.len())].as_bytes());
}

/// A linear congruential generator (Knuth's MMIX constants): no more is needed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as u32
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.next() as usize % limit
    }

    pub(crate) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}
