//! What streams tell, whole and at every cut, for several sizes of scratch.

use super::*;
use crate::imap::response::fetch::Item;

/// One line a reply; bodies' octets and their quirks put together.
fn replies(stream: &[u8], cut: &dyn Fn(usize) -> usize, scratch: usize) -> Vec<String> {
    let mut scratch = vec![0; scratch];
    let mut reader = Reader::new(32, 1 << 31);
    let mut lines: Vec<String> = Vec::new();
    let mut at = 0;
    while at < stream.len() {
        let next = cut(at).max(at + 1).min(stream.len());
        let mut input = &stream[at..next];
        at = next;
        loop {
            if reader.is_passing() {
                let finished = reader.pass(&scratch, &mut input).unwrap();
                note_quirks(&mut reader, &mut lines);
                if !finished {
                    break;
                }
            }
            #[cfg(not(feature = "fast"))]
            let reply = {
                let mut told = Reply::Nothing;
                reader.read(&mut scratch, &mut input, &mut told);
                told
            };
            #[cfg(feature = "fast")]
            let reply = if reader.is_between() {
                reader.response(&mut scratch, &mut input)
            } else {
                let told = reader.data(&mut scratch, &mut input);
                match told {
                    Ok(Some(Event::Data(data))) => Reply::Data(data),
                    Ok(Some(Event::Quirk { quirk, .. })) => {
                        lines.push(format!("quirk {quirk:?}"));
                        continue;
                    }
                    told => super::reply(told),
                }
            };
            let reply = match reply {
                Reply::Nothing => break,
                Reply::Data(Data::BodyData(octets)) => {
                    let text = octets.escape_ascii().to_string();
                    match lines.last_mut() {
                        Some(last) if last.starts_with("data ") => last.push_str(&text),
                        _ => lines.push(format!("data {text}")),
                    }
                    None
                }
                Reply::Data(Data::Item(Item::Envelope(envelope))) => {
                    Some(format!("envelope {}", envelope.as_received().escape_ascii()))
                }
                Reply::Data(Data::Item(Item::Malformed(octets))) => {
                    Some(format!("malformed {}", octets.escape_ascii()))
                }
                Reply::Data(Data::Unrecognized(octets)) => {
                    Some(format!("raw {}", octets.escape_ascii()))
                }
                reply => Some(format!("{reply:?}")),
            };
            let fatal = reply.as_deref().is_some_and(|reply| reply.starts_with("Fatal"));
            lines.extend(reply);
            note_quirks(&mut reader, &mut lines);
            if fatal {
                return lines;
            }
        }
        assert!(input.is_empty(), "all is taken when there is nothing to tell");
    }
    lines
}

fn note_quirks(reader: &mut Reader, lines: &mut Vec<String>) {
    let quirks = reader.take_quirks();
    if quirks != QuirkSet::NONE {
        let names: Vec<_> = Quirk::ALL.iter().filter(|q| quirks.contains(**q)).collect();
        lines.push(format!("quirks {names:?} at {}", reader.offset()));
    }
}

/// What a stream tells, whole; and the same at every cut, for several sizes of scratch.
fn told(stream: &[u8], scratch: usize) -> Vec<String> {
    let whole = replies(stream, &|_| usize::MAX, scratch);
    for cut in 1..stream.len() {
        let two = |at: usize| if at < cut { cut } else { usize::MAX };
        assert_eq!(replies(stream, &two, scratch), whole, "cut at {cut}, scratch {scratch}");
    }
    for size in [1, 2, 3, 7] {
        let every = replies(stream, &|at| at + size, scratch);
        assert_eq!(every, whole, "cut every {size}, scratch {scratch}");
    }
    whole
}

#[test]
fn a_fetch_is_told_item_by_item_at_every_cut() {
    let stream = b"* 12 FETCH (UID 7 FLAGS (\\Seen a) ENVELOPE (NIL {3}\r\na\"b NIL NIL NIL NIL NIL NIL NIL \"x\") BODY[]<0> {5}\r\n)\r\n* RFC822.SIZE 44 X-NEW (1 \"(\") BODY[TEXT] \"a\\\"b\" BINARY[1] NIL)\r\n* 3 EXISTS\r\nA1 OK [READ-ONLY] done {5}\r\n";
    let whole = told(stream, 4096);
    assert_eq!(whole.len(), 17);
    for scratch in [64, 80, 100, 150] {
        let small = told(stream, scratch);
        let expected: Vec<_> = whole.to_vec();
        assert_eq!(small, expected, "scratch {scratch}");
    }
}

#[test]
fn what_does_not_fit_is_said_and_its_neighbours_told() {
    let stream = b"* 12 FETCH (UID 7 ENVELOPE (NIL \"a subject that is too long for the scratch buffer of 64 octets\" NIL NIL NIL NIL NIL NIL NIL NIL) RFC822.SIZE 44)\r\n* X-UNKNOWN {70}\r\n0123456789012345678901234567890123456789012345678901234567890123456789 x\r\n* OK a text that is much longer than sixty-four octets, and so it is cut\r\nA1 OK done\r\n";
    let whole = told(stream, 64);
    assert!(whole.iter().any(|line| line.contains("Uid(7)")));
    assert!(whole.iter().any(|line| line.contains("Rfc822Size(44)")));
    assert_eq!(whole.iter().filter(|line| line.starts_with("Oversize")).count(), 3);
    assert!(whole.last().unwrap().contains("Tagged"));
}

#[test]
fn quirks_of_servers_are_survived_at_every_cut() {
    for stream in [
        &b"* 1 FETCH (UID 5 BODY[])\r\n* OK x\r\n"[..],
        b"* 1 FETCH (UID 5 BODY[] {2}\r\nab\r\n)\r\n* OK x\r\n",
        b"* 1 FETCH (BODY[] {2}\r\nab\r\n* OK x\r\n",
        b"* 1 FETCH (ENVELOPE (NIL \"a\r\n b\" NIL NIL NIL NIL NIL NIL NIL NIL) UID 5)\r\n* OK x\r\n",
        b"* 1 FETCH (FLAGS (\\Seen X \"a\r\nb\")\r\n* OK x\r\n",
        b"* 1 FETCH (UID 5 FLAGS (\\Seen) )\r\n* OK x\r\n",
        b"* 1 FETCH (BODYSTRUCTURE (\"a\" \"b\" NIL NIL NIL \"7bit\" 0)((\"x\") \"mixed\") UID 5)\r\n* OK x\r\n",
        b"* 1 FETCH (UID 5 RFC822.HEADER  {2}\r\nab)\r\n* OK x\r\n",
        b"* 1 FETCH ((UID 5))\r\n* OK x\r\n",
        b"* 1 FETCH (UID 5\r\n* OK x\r\n",
        b"* SEARCH 1 2 3 \r\n* SEARCH\r\n* SEARCH 5 (MODSEQ 9)\r\n* OK x\r\n",
        b"* FLAGS (\\Seen \\* [x])\r\n* CAPABILITY IMAP4rev1 X=y \r\n* OK x\r\n",
        b"*  1843 EXISTS\r\n\r\nrubbish\n* -1 EXISTS\r\n* 1EXISTS\r\n* FETCH\r\n* 1 FETCH\r\n* 1 FETCH (\r\n* OK x\r\n",
    ] {
        for scratch in [64, 4096] {
            let whole = told(stream, scratch);
            let last = &whole[whole.len() - 1];
            assert!(last.contains("Status { condition: Ok"), "{last}");
        }
    }
}

#[test]
fn a_literal_keeps_its_last_octet_before_a_bare_lf() {
    let whole = told(b"* X {3}\r\nab\r\n* LIST () NIL {1}\r\n\r\n* 3 EXISTS\r\n", 64);
    assert_eq!(whole[0], "raw * X {3}\\r\\nab\\r");
    assert!(whole.iter().any(|told| told.contains("List(")), "{whole:?}");
    assert!(whole[whole.len() - 1].contains("Exists(3)"));
}

#[test]
fn flags_without_their_space_are_one_response() {
    for scratch in [64, 4096] {
        let whole = told(b"* FLAGS(A1 OK no reply)\r\n* 3 EXISTS\r\n", scratch);
        assert_eq!(whole[0], "raw * FLAGS(A1 OK no reply)");
        assert!(whole[whole.len() - 1].contains("Exists(3)"));
        assert!(!whole.iter().any(|told| told.contains("Tagged")), "{whole:?}");
    }
}

#[cfg(feature = "imap-condstore")]
#[test]
fn what_vanished_is_told_somehow() {
    for line in ["() 17", "(EARLIER 17) 1", "(EARLIER)17", "(LATER) 17", "( EARLIER ) 17", "(17"] {
        let stream = format!("* VANISHED {line}\r\n* 3 EXISTS\r\n");
        for scratch in [64, 4096] {
            let whole = told(stream.as_bytes(), scratch);
            assert!(whole.iter().any(|told| told.contains("17")), "{line}: {whole:?}");
        }
    }
}

/// An announcement in a body's quotes is none. Behind the line, which was too long with what it announced, another
/// response begins within what has been gathered.
#[test]
fn a_line_that_ends_within_what_was_gathered_leaves_the_next_one_whole() {
    for next in ["* OK in step, and as long as it may be", " (rubbish, as long as it may be)"] {
        for ending in ["\r\n", "\n"] {
            let stream =
                format!("* 1 FETCH (UID 5 BODY[] \"a {{0}}\r\n{next}{ending}* 2 EXISTS\r\n");
            let whole = told(stream.as_bytes(), 64);
            assert_eq!(whole.iter().filter(|line| line.contains("Exists(2)")).count(), 1);
            assert!(!whole.iter().any(|line| line.contains("Oversize")), "{whole:?}");
        }
    }
}

/// Where a quote within a section is in doubt, who reads the item and who only looks for its end may find different ends:
/// NIL, or the line's.
#[test]
fn a_body_that_ends_with_the_line_ends_the_response() {
    let stream = b"* 1 FETCH (UID 5 BODY[a \"b\"c] (d\"] NIL FLAGS ())\r\n* 2 EXISTS\r\n";
    for scratch in [40, 256] {
        let told = told(stream, scratch);
        let at = |what: &str| told.iter().position(|line| line.contains(what)).expect(what);
        assert!(at("BodyStart") < at("BodyEnd"), "{told:?}");
        assert!(at("BodyEnd") < at("FetchEnd") && at("FetchEnd") < at("Exists(2)"), "{told:?}");
    }
}
