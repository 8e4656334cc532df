//! A second reader of what servers send, in the plainest way: it cuts the stream into responses, and a response
//! into words, strings and lists. It forgives nothing and knows hardly any grammar, so that it agrees with the client
//! only where both are right.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;

use crate::tree::Tree;

pub(crate) fn base64(octets: &[u8]) -> String {
    BASE64.encode(octets)
}

/// A response as it stands in the stream.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    /// With its line ending.
    pub(crate) octets: Vec<u8>,
    pub(crate) tree: Tree,
    /// Of a tagged reply, the tag.
    pub(crate) tag: Option<Vec<u8>>,
}

/// Cuts a stream into responses. What is not complete stands last, without a tree.
pub(crate) fn responses(mut stream: &[u8]) -> (Vec<Response>, &[u8]) {
    let mut responses = Vec::new();
    while let Some(length) = length(stream) {
        let (octets, rest) = stream.split_at(length);
        stream = rest;
        responses.push(response(octets));
    }
    (responses, stream)
}

/// How long the first response is, with its literals and its line ending.
fn length(stream: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let end = at + stream[at..].iter().position(|&octet| octet == b'\n')? + 1;
        match literal_at_end(&stream[at..end]) {
            Some(octets) if !is_status(&stream[..end]) => {
                at = end.checked_add(octets)?;
                if at > stream.len() {
                    return None;
                }
            }
            _ => return Some(end),
        }
    }
}

/// The length in `{n}` before the line ending.
fn literal_at_end(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line).strip_suffix(b"}")?;
    let line = line.strip_suffix(b"+").unwrap_or(line);
    let start = line.iter().rposition(|&octet| octet == b'{')?;
    std::str::from_utf8(&line[start + 1..]).ok()?.parse().ok()
}

fn is_status(octets: &[u8]) -> bool {
    octets.starts_with(b"+") || status(octets).is_some()
}

/// Tag, word and what follows, of a status response.
fn status(line: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let mut parts = line.splitn(3, |&octet| octet == b' ');
    let (tag, word, rest) = (parts.next()?, parts.next()?, parts.next().unwrap_or_default());
    let words: &[&[u8]] = &[b"OK", b"NO", b"BAD", b"PREAUTH", b"BYE"];
    let known = words.iter().position(|known| word.eq_ignore_ascii_case(known))?;
    let fits = tag == b"*" || (known < 3 && !tag.is_empty() && tag != b"+");
    fits.then_some((tag, word, rest))
}

fn response(octets: &[u8]) -> Response {
    let line = octets.strip_suffix(b"\n").unwrap_or(octets);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let done = |tree, tag| Response { octets: octets.to_vec(), tree, tag };
    if let Some((tag, word, rest)) = status(octets) {
        let (code, text) = text(rest);
        let shown = if tag == b"*" { "*" } else { "tag" };
        let tree = Tree::List(vec![Tree::atom(shown), Tree::atom(word), code, text]);
        return done(tree, (tag != b"*").then(|| tag.to_vec()));
    }
    if let Some(rest) = line.strip_prefix(b"+") {
        let (code, text) = text(rest.strip_prefix(b" ").unwrap_or(rest));
        return done(Tree::List(vec![Tree::atom("+"), code, text]), None);
    }
    done(normal(&Tree::List(words(line))), None)
}

/// `resp-text` (RFC 9051 §9): a code in brackets, and text.
fn text(rest: &[u8]) -> (Tree, Tree) {
    if let Some((code, text)) = rest.strip_prefix(b"[").and_then(split_code) {
        return (Tree::List(words(code).iter().map(canonical_set).collect()), Tree::text(text));
    }
    (Tree::nil(), Tree::text(rest))
}

/// Where the bracket closes: not within a string.
fn split_code(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut quoted, mut escaped, mut depth) = (false, false, 0);
    for (at, &octet) in rest.iter().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => depth -= 1,
            b']' if !quoted && depth > 0 => {}
            b']' if !quoted => {
                let text = &rest[at + 1..];
                return Some((&rest[..at], text.strip_prefix(b" ").unwrap_or(text)));
            }
            _ => {}
        }
    }
    None
}

/// Cuts octets into words, strings and lists. A parenthesis that is not closed is closed at the end.
pub(crate) fn words(octets: &[u8]) -> Vec<Tree> {
    let mut open: Vec<Vec<Tree>> = vec![Vec::new()];
    let mut rest = octets;
    while let Some(&first) = rest.first() {
        let tree = match first {
            b' ' => {
                rest = &rest[1..];
                continue;
            }
            b'(' => {
                rest = &rest[1..];
                open.push(Vec::new());
                continue;
            }
            b')' if open.len() > 1 => {
                rest = &rest[1..];
                Tree::List(open.pop().expect("a list"))
            }
            b'"' => quoted(&mut rest),
            _ => literal(&mut rest).unwrap_or_else(|| word(&mut rest)),
        };
        open.last_mut().expect("a list").push(tree);
    }
    while open.len() > 1 {
        let list = Tree::List(open.pop().expect("a list"));
        open.last_mut().expect("a list").push(list);
    }
    open.remove(0)
}

/// RFC 9051 §4.3: a backslash stands before a quote or a backslash.
fn quoted(rest: &mut &[u8]) -> Tree {
    let mut octets = Vec::new();
    let mut at = 1;
    while let Some(&octet) = rest.get(at) {
        match octet {
            b'"' => break,
            b'\\' if at + 1 < rest.len() => {
                octets.push(rest[at + 1]);
                at += 1;
            }
            _ => octets.push(octet),
        }
        at += 1;
    }
    *rest = rest.get(at + 1..).unwrap_or_default();
    Tree::Text(octets)
}

fn literal(rest: &mut &[u8]) -> Option<Tree> {
    let announced = rest.strip_prefix(b"~").unwrap_or(rest);
    if announced.first() != Some(&b'{') {
        return None;
    }
    let end = announced.iter().position(|&octet| octet == b'\n')? + 1;
    let octets = announced[end..].get(..literal_at_end(&announced[..end])?)?;
    *rest = &announced[end + octets.len()..];
    Some(Tree::text(octets))
}

/// Up to a space or parenthesis; those between the brackets of `BODY[…]` and `BINARY[…]` belong to the word.
fn word(rest: &mut &[u8]) -> Tree {
    let upper = rest[..rest.len().min(12)].to_ascii_uppercase();
    let section = upper.starts_with(b"BODY[")
        || upper.starts_with(b"BODY.PEEK[")
        || upper.starts_with(b"BINARY[")
        || upper.starts_with(b"BINARY.SIZE[");
    let mut within = false;
    let ends = |&octet: &u8| {
        within = match octet {
            b'[' if section => true,
            b']' => false,
            _ => within,
        };
        !within && matches!(octet, b' ' | b'(' | b')')
    };
    // A parenthesis that closes nothing is a word of its own.
    let end = rest.iter().position(ends).unwrap_or(rest.len()).max(1);
    let (word, behind) = rest.split_at(end);
    *rest = behind;
    Tree::atom(word)
}

/// Without what can be written in several ways: the structures of FETCH, dates, sets.
pub(crate) fn normal(tree: &Tree) -> Tree {
    let list = tree.list();
    match list {
        [star, number, name, items] if name.is_word("FETCH") || name.is_word("UIDFETCH") => {
            let items = items.list().chunks(2).flat_map(|pair| match pair {
                [key, value] => vec![key.clone(), normal_item(key, value)],
                _ => pair.to_vec(),
            });
            let items = Tree::List(items.collect());
            Tree::List(vec![star.clone(), number.clone(), name.clone(), items])
        }
        [_, name, ..] if name.is_word("VANISHED") || name.is_word("ESEARCH") => {
            Tree::List(list.iter().map(canonical_set).collect())
        }
        // RFC 2971 §3.2: an ID without fields.
        [star, name, fields] if name.is_word("ID") && fields.is_nil() => {
            Tree::List(vec![star.clone(), name.clone(), Tree::List(Vec::new())])
        }
        _ => tree.clone(),
    }
}

fn normal_item(key: &Tree, value: &Tree) -> Tree {
    let is = |word| key.is_word(word);
    match value {
        // Some servers say NIL for no flags.
        _ if is("FLAGS") && value.is_nil() => Tree::List(Vec::new()),
        _ if is("ENVELOPE") || is("BODY") || is("BODYSTRUCTURE") => value.reduced(),
        // RFC 9051 §9, `date-day-fixed`.
        Tree::Text(date) if is("INTERNALDATE") || is("SAVEDATE") => {
            let short = date.strip_prefix(b"0").map(|rest| [b" ", rest].concat());
            Tree::text(short.as_ref().unwrap_or(date).to_ascii_lowercase())
        }
        _ => value.clone(),
    }
}

/// A sequence set with each range ascending (RFC 9051 §9: `2:4` and `4:2` are the same).
fn canonical_set(tree: &Tree) -> Tree {
    match tree {
        Tree::List(list) => Tree::List(list.iter().map(canonical_set).collect()),
        Tree::Atom(word) if word.iter().all(|octet| b"0123456789:,*".contains(octet)) => {
            let text = std::str::from_utf8(word).expect("digits");
            Tree::atom(text.split(',').map(canonical_range).collect::<Vec<_>>().join(","))
        }
        other => other.clone(),
    }
}

fn canonical_range(range: &str) -> String {
    let number = |text: &str| if text == "*" { Some(u64::MAX) } else { text.parse().ok() };
    match range.split_once(':').map(|(a, b)| (a, b, number(a), number(b))) {
        Some((a, _, Some(x), Some(y))) if x == y => a.into(),
        Some((a, b, Some(x), Some(y))) if x > y => format!("{b}:{a}"),
        _ => range.into(),
    }
}
