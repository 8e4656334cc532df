//! When a string becomes a literal, of which kind (RFC 7888), and where the sender then waits.

use super::{Emit, encoded};
use crate::error::EmitError;
use crate::imap::command::encoder::Literals::{self, NonSynchronizing, Synchronizing, UpTo4096};

fn string(octets: &[u8], literals: Literals) -> (Vec<u8>, Vec<usize>) {
    encoded(literals, false, &|line| line.string(octets)).unwrap()
}

#[test]
fn what_a_line_cannot_hold_is_a_literal() {
    for octets in [&b"a\r\nb"[..], b"\r", b"\n", b"\x80", "é".as_bytes(), &[b'x'; 1001]] {
        let (sent, stops) = string(octets, Synchronizing);
        let announced = format!("{{{}}}\r\n", octets.len());
        assert_eq!(sent, [announced.as_bytes(), octets].concat());
        assert_eq!(stops, [announced.len()]);
    }
    for octets in [&b""[..], b"\t", b"\x7f", b"\x01", b"{5}", &[b'x'; 1000]] {
        assert_eq!(string(octets, Synchronizing), ([b"\"", octets, b"\""].concat(), vec![]));
    }
    assert_eq!(string(br#"a"b\"#, Synchronizing).0, br#""a\"b\\""#);
}

/// RFC 9755 §3, RFC 9051 §4.3.
#[test]
fn utf8_is_quoted_where_it_is_enabled() {
    for (octets, quoted) in [("é".as_bytes(), true), (b"\xe9", false), ("é\n".as_bytes(), false)]
    {
        let (sent, _) = encoded(Synchronizing, true, &|line| line.astring(octets)).unwrap();
        assert_eq!(sent.first() == Some(&b'"'), quoted, "{sent:?}");
    }
}

/// RFC 7888 §4–5: with LITERAL- the limit is 4096 octets, and beyond it one waits as ever.
#[test]
fn the_limit_of_literal_minus() {
    let announcement = |octets: usize, literals| {
        let octets = vec![b'\n'; octets];
        let (sent, stops) = string(&octets, literals);
        (String::from_utf8(sent[..sent.len() - octets.len()].to_vec()).unwrap(), stops)
    };
    assert_eq!(announcement(4096, UpTo4096), ("{4096+}\r\n".into(), vec![]));
    assert_eq!(announcement(4097, UpTo4096), ("{4097}\r\n".into(), vec![8]));
    assert_eq!(announcement(4097, NonSynchronizing), ("{4097+}\r\n".into(), vec![]));
    assert_eq!(announcement(1, Synchronizing), ("{1}\r\n".into(), vec![5]));
}

/// RFC 7888 §6: literal8 too.
#[test]
fn uploads_and_literal8() {
    let cases: &[(Emit<'_>, Literals, &[u8], &[usize])] = &[
        (&|line| line.upload(4096, false), UpTo4096, b"{4096+}\r\n", &[]),
        (&|line| line.upload(4097, false), UpTo4096, b"{4097}\r\n", &[8]),
        (&|line| line.upload(50_000_000, false), NonSynchronizing, b"{50000000+}\r\n", &[]),
        (&|line| line.upload(5, true), Synchronizing, b"~{5}\r\n", &[6]),
        (&|line| line.upload(5, true), NonSynchronizing, b"~{5+}\r\n", &[]),
        (&|line| line.literal8(b"\0\r\n"), Synchronizing, b"~{3}\r\n\0\r\n", &[6]),
        (&|line| line.literal8(b""), UpTo4096, b"~{0+}\r\n", &[]),
    ];
    for (emit, literals, sent, stops) in cases {
        assert_eq!(encoded(*literals, false, *emit), Ok((sent.to_vec(), stops.to_vec())));
    }
}

#[test]
fn every_literal_is_waited_for() {
    let (sent, stops) = encoded(Synchronizing, false, &|line| {
        line.raw(b"X ");
        line.separated(&[1, 2, 3, 4], |line, _| line.astring(b"\n"))
    })
    .unwrap();
    assert_eq!(sent, b"X {1}\r\n\n {1}\r\n\n {1}\r\n\n {1}\r\n\n");
    assert_eq!(stops, [7, 14, 21, 28]);
    for stop in stops {
        assert!(sent[..stop].ends_with(b"}\r\n"));
    }
    let fifth = |line: &mut super::Encoder<'_>| {
        line.separated(&[1, 2, 3, 4, 5], |line, _| line.astring(b"\n"))
    };
    assert_eq!(encoded(Synchronizing, false, &fifth), Err(EmitError::Full));
    assert!(encoded(UpTo4096, false, &fifth).is_ok());
}

#[test]
fn nul_stands_in_a_literal8_only() {
    for emit in [
        &(|line: &mut super::Encoder<'_>| line.astring(b"a\0")) as Emit<'_>,
        &|line| line.string(b"a\0"),
        &|line| line.nstring(Some(b"a\0")),
        &|line| line.atom(b"a\0"),
    ] {
        let outcome = encoded(NonSynchronizing, true, emit);
        assert_eq!(outcome, Err(EmitError::ForbiddenOctet { at: 1 }));
    }
}
