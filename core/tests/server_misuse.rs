//! Every misuse of the server has an error of its own, sends nothing and leaves the session as it was:
//! proved by going on.
#![cfg(all(feature = "pop3", feature = "server", feature = "sasl-all", feature = "apop"))]

mod common;

use mailproto_core::LocalError::{
    self, BufferTooSmall, Closed, Empty, ForbiddenOctet, Full, MessageNumberZero, TooLong,
    WrongState,
};
use mailproto_core::Violation;
use mailproto_core::pop3::{Request, ResponseCode, Security, Server, ServerConfig, State};
use mailproto_core::sasl::{Name, NameSet, PlainServer, ServerMechanism, Step};

type Answer = fn(&mut Server<'_, '_>) -> Result<(), LocalError>;
type End = fn(&mut Server<'_, '_>);

fn config() -> ServerConfig<'static> {
    ServerConfig {
        security: Security::Private,
        lang: true,
        mechanisms: NameSet::of(&[Name::Plain]),
        max_errors: 0,
        ..ServerConfig::default()
    }
}

fn with_server(config: ServerConfig<'_>, test: impl FnOnce(&mut Server<'_, '_>)) {
    let (mut scratch, mut tx, mut marks) = ([0; 512], [0; 512], [0; 2]);
    test(&mut Server::new(&mut scratch, &mut tx, &mut marks, config));
}

fn sent(server: &mut Server<'_, '_>) -> Vec<u8> {
    let sent = server.outgoing().to_vec();
    server.sent(sent.len());
    sent
}

/// The client says a line; the name of the request that it makes.
fn asked(server: &mut Server<'_, '_>, line: &str) -> String {
    let line = format!("{line}\r\n");
    let mut input = line.as_bytes();
    let request = server.poll(&mut input).unwrap().map(|request| format!("{request:?}"));
    request.unwrap_or_default()
}

fn logged_in(server: &mut Server<'_, '_>) {
    server.greet(b"ready").unwrap();
    asked(server, "USER mrose");
    assert_eq!(asked(server, "PASS secret"), "Login");
    server.accept(3).unwrap();
    sent(server);
    assert_eq!(server.state(), State::Transaction);
}

fn refused<T: std::fmt::Debug>(
    server: &mut Server<'_, '_>,
    error: LocalError,
    call: impl FnOnce(&mut Server<'_, '_>) -> Result<T, LocalError>,
) {
    let seen = |server: &Server<'_, '_>| {
        (server.outgoing().to_vec(), server.state(), server.owes_answer())
    };
    let before = seen(server);
    assert_eq!(call(server).expect_err("must be refused"), error);
    assert_eq!(seen(server), before, "{error:?} must change nothing");
}

fn goes_on(server: &mut Server<'_, '_>) {
    assert!(sent(server).is_empty());
    assert_eq!(asked(server, "CAPA"), "Handled(Capa)");
    assert!(sent(server).starts_with(b"+OK"));
}

/// Every call that answers a request, by the request's name.
const ANSWERS: [(&str, Answer); 14] = [
    ("Login", |server| server.accept(3)),
    ("Auth", |server| server.authenticate(&mut PlainServer::new(&mut [0; 64])).map(drop)),
    ("Stat", |server| server.drop_listing(3, 30)),
    ("List(None)", |server| server.scan_listing(1, 10)),
    ("List(Some(2))", |server| server.scan_listing(2, 10)),
    ("Uidl(None)", |server| server.unique_id(1, b"a")),
    ("Uidl(Some(2))", |server| server.unique_id(2, b"b")),
    ("Lang(None)", |server| server.language(b"en", b"English")),
    ("Lang(Some)", |server| server.accept_language(b"en", b"now")),
    ("Message", |server| server.message(Some(10))),
    ("Data", |server| server.message_data(&mut &b"text"[..])),
    ("End", |server| server.end_message()),
    ("Update", |server| server.updated(true)),
    ("Listing end", |server| server.end_listing()),
];

#[test]
fn nothing_is_answered_that_was_not_asked() {
    with_server(config(), |server| {
        for (_, answer) in ANSWERS {
            refused(server, WrongState, answer);
        }
        refused(server, WrongState, |server| server.tls_established());
        server.greet(b"ready").unwrap();
        sent(server);
        for (_, answer) in ANSWERS {
            refused(server, WrongState, answer);
        }
        refused(server, WrongState, |server| server.reject(None, b"no"));
        refused(server, WrongState, |server| server.greet(b"again"));
        refused(server, WrongState, |server| server.tls_established());
        goes_on(server);
    });
}

#[test]
fn each_request_takes_its_own_answer_only() {
    let requests: [(&str, &[&str], &str); 8] = [
        ("STAT", &["Stat"], "+OK 3 30\r\n"),
        ("LIST", &["List(None)", "Listing end", "List(Some(2))"], "+OK\r\n1 10\r\n"),
        ("LIST 2", &["List(Some(2))"], "+OK 2 10\r\n"),
        ("UIDL", &["Uidl(None)", "Listing end", "Uidl(Some(2))"], "+OK\r\n1 a\r\n"),
        ("UIDL 2", &["Uidl(Some(2))"], "+OK 2 b\r\n"),
        ("LANG", &["Lang(None)", "Listing end"], "+OK\r\nen English\r\n"),
        ("LANG en", &["Lang(Some)"], "+OK en now\r\n"),
        ("RETR 1", &["Message"], "+OK 10 octets\r\n"),
    ];
    for (line, fitting, said) in requests {
        with_server(config(), |server| {
            logged_in(server);
            asked(server, line);
            assert!(server.owes_answer());
            for (_, answer) in ANSWERS.iter().filter(|(name, _)| !fitting.contains(name)) {
                refused(server, WrongState, answer);
            }
            // No command is read before the answer is out.
            let mut input = &b"NOOP\r\n"[..];
            assert_eq!(server.poll(&mut input), Ok(None));
            assert_eq!(input, b"NOOP\r\n");
            let (_, answer) = ANSWERS.iter().find(|(name, _)| *name == fitting[0]).unwrap();
            answer(server).unwrap();
            assert_eq!(String::from_utf8(sent(server)).unwrap(), said);
        });
    }
}

#[test]
fn cr_lf_and_nul_never_leave() {
    for (octet, at) in [(b"a\rb", 1), (b"ab\n", 2), (b"\0ab", 0)] {
        let bad = &octet[..];
        let code = ResponseCode::parse(bad);
        with_server(config(), |server| {
            refused(server, ForbiddenOctet { at }, |server| server.greet(bad));
            refused(server, ForbiddenOctet { at }, |server| server.reject(None, bad));
            refused(server, ForbiddenOctet { at }, |server| server.reject(Some(code), b"no"));
            logged_in(server);
            asked(server, "UIDL");
            refused(server, ForbiddenOctet { at }, |server| server.unique_id(1, bad));
            refused(server, ForbiddenOctet { at }, |server| server.reject(None, bad));
            refused(server, ForbiddenOctet { at }, |server| server.reject(Some(code), b"no"));
            server.end_listing().unwrap();
            asked(server, "LANG");
            refused(server, ForbiddenOctet { at }, |server| server.language(bad, b"English"));
            refused(server, ForbiddenOctet { at }, |server| server.language(b"en", bad));
            server.end_listing().unwrap();
            asked(server, "LANG en");
            refused(server, ForbiddenOctet { at }, |server| server.accept_language(bad, b"x"));
            refused(server, ForbiddenOctet { at }, |server| server.accept_language(b"en", bad));
            server.reject(None, b"no").unwrap();
            assert_eq!(sent(server), b"+OK\r\n.\r\n+OK\r\n.\r\n-ERR no\r\n");
            goes_on(server);
        });
    }
}

#[test]
fn an_implementation_that_would_break_the_answer_to_capa_is_refused() {
    let config = ServerConfig { implementation: Some(b"x\r\n.\r\n+OK"), ..config() };
    with_server(config, |server| {
        let answer = server.greet(b"ready");
        assert_eq!(answer, Err(ForbiddenOctet { at: 1 }));
        assert!(server.outgoing().is_empty());
    });
}

#[test]
fn a_timestamp_that_is_no_msg_id_is_refused() {
    // RFC 1939 §7.
    for stamp in [&b"timestamp"[..], b"<timestamp>", b"<a@b>\r\nx", b""] {
        let config = ServerConfig { timestamp: Some(stamp), ..config() };
        with_server(config, |server| {
            server.greet(b"ready").unwrap_err();
            assert!(server.outgoing().is_empty());
        });
    }
}

#[test]
fn unique_ids_are_those_of_the_rfc() {
    // RFC 1939 §7: 1 to 70 octets in the range 0x21 to 0x7E.
    with_server(config(), |server| {
        logged_in(server);
        asked(server, "UIDL");
        refused(server, Empty, |server| server.unique_id(1, b""));
        refused(server, TooLong { limit: 70 }, |server| server.unique_id(1, &[b'a'; 71]));
        refused(server, ForbiddenOctet { at: 1 }, |server| server.unique_id(1, b"a b"));
        refused(server, ForbiddenOctet { at: 0 }, |server| server.unique_id(1, b"\x7f"));
        refused(server, ForbiddenOctet { at: 0 }, |server| server.unique_id(1, "é".as_bytes()));
        server.unique_id(1, &[b'~'; 70]).unwrap();
        server.end_listing().unwrap();
        sent(server);
        goes_on(server);
    });
}

#[test]
fn message_numbers_start_at_1() {
    with_server(config(), |server| {
        logged_in(server);
        asked(server, "LIST");
        refused(server, MessageNumberZero, |server| server.scan_listing(0, 5));
        server.end_listing().unwrap();
        asked(server, "UIDL");
        refused(server, MessageNumberZero, |server| server.unique_id(0, b"a"));
        server.end_listing().unwrap();
        assert_eq!(sent(server), b"+OK\r\n.\r\n+OK\r\n.\r\n");
        assert!(!server.is_deleted(0));
        goes_on(server);
    });
}

#[test]
fn a_mailbox_larger_than_the_marks_is_refused_and_told_how_much_is_needed() {
    with_server(config(), |server| {
        server.greet(b"ready").unwrap();
        asked(server, "USER mrose");
        asked(server, "PASS secret");
        sent(server);
        refused(server, BufferTooSmall { needed: 3 }, |server| server.accept(17));
        refused(server, BufferTooSmall { needed: 536_870_912 }, |server| server.accept(u32::MAX));
        server.accept(16).unwrap();
        sent(server);
        goes_on(server);
    });
}

#[test]
fn an_outgoing_buffer_too_small_is_told_at_the_greeting() {
    let (mut scratch, mut marks) = ([0; 512], [0; 2]);
    let mut needed = 0;
    for size in [0, 1, 20, 63] {
        let mut tx = vec![0; size];
        let mut server = Server::new(&mut scratch, &mut tx, &mut marks, config());
        match server.greet(b"ready") {
            Err(BufferTooSmall { needed: n }) => needed = n,
            other => panic!("{other:?}"),
        }
        assert!(server.outgoing().is_empty());
    }
    let mut tx = vec![0; needed];
    let mut server = Server::new(&mut scratch, &mut tx, &mut marks, config());
    server.greet(b"ready").expect("what it asked for");
    sent(&mut server);
    goes_on(&mut server);
}

#[test]
fn a_full_buffer_takes_nothing_until_it_is_sent() {
    with_server(config(), |server| {
        logged_in(server);
        asked(server, "UIDL");
        let mut lines = 0;
        while server.unique_id(1, &[b'a'; 70]).is_ok() {
            lines += 1;
        }
        assert!(lines >= 6, "512 octets hold six lines of 74");
        refused(server, Full, |server| server.unique_id(1, &[b'a'; 70]));
        sent(server);
        server.unique_id(1, &[b'a'; 70]).unwrap();
        server.end_listing().unwrap();
        assert!(sent(server).ends_with(b"\r\n.\r\n"));
        asked(server, "RETR 1");
        server.message(None).unwrap();
        let mut text = &[b'x'; 2000][..];
        server.message_data(&mut text).unwrap();
        let taken = 2000 - text.len();
        assert!(taken > 0 && taken < 512);
        refused(server, Full, |server| server.end_message());
        let before = text.len();
        server.message_data(&mut text).unwrap();
        assert!(before - text.len() <= 1, "there is no room");
        while !text.is_empty() {
            sent(server);
            server.message_data(&mut text).unwrap();
        }
        sent(server);
        server.end_message().unwrap();
        assert_eq!(sent(server), b"\r\n.\r\n");
        goes_on(server);
    });
}

#[test]
fn a_message_is_begun_once_given_and_ended_once() {
    with_server(config(), |server| {
        logged_in(server);
        asked(server, "TOP 1 1");
        refused(server, WrongState, |server| server.message_data(&mut &b"x"[..]));
        refused(server, WrongState, |server| server.end_message());
        assert!(!server.wants_more());
        server.message(None).unwrap();
        refused(server, WrongState, |server| server.message(None));
        refused(server, WrongState, |server| server.reject(None, b"too late"));
        assert!(server.wants_more());
        server.message_data(&mut &b"H: 1\r\n\r\none\r\ntwo\r\n"[..]).unwrap();
        assert!(!server.wants_more());
        server.end_message().unwrap();
        refused(server, WrongState, |server| server.end_message());
        assert_eq!(sent(server), b"+OK\r\nH: 1\r\n\r\none\r\n.\r\n");
        goes_on(server);
    });
}

#[test]
fn nobody_is_let_in_before_the_mechanism_reports_success() {
    let mut work = [0; 128];
    let mut plain = PlainServer::new(&mut work);
    with_server(config(), |server| {
        server.greet(b"ready").unwrap();
        assert_eq!(asked(server, "AUTH PLAIN"), "Auth");
        sent(server);
        refused(server, WrongState, |server| server.accept(3));
        assert_eq!(server.authenticate(&mut plain), Ok(Step::Challenge(0)));
        assert_eq!(sent(server), b"+ \r\n");
        refused(server, WrongState, |server| server.accept(3));
        refused(server, WrongState, |server| server.authenticate(&mut plain).map(drop));
        assert_eq!(asked(server, "AHQAcA=="), "Response");
        refused(server, WrongState, |server| server.accept(3));
        assert_eq!(server.authenticate(&mut plain), Ok(Step::Claim));
        refused(server, WrongState, |server| server.accept(3));
        plain.verdict(false).unwrap();
        assert_eq!(server.authenticate(&mut plain), Ok(Step::Failure));
        refused(server, WrongState, |server| server.accept(3));
        server.reject(Some(ResponseCode::Auth), b"no").unwrap();
        assert_eq!(sent(server), b"-ERR [AUTH] no\r\n");
        refused(server, WrongState, |server| server.accept(3));
        goes_on(server);
    });
}

#[test]
fn a_session_that_has_ended_answers_nothing() {
    let asks = ["STAT", "LIST", "LIST 2", "UIDL", "UIDL 2", "LANG", "LANG en", "RETR 1", "QUIT"];
    let endings: [(&str, End); 2] = [
        ("end of file", |server| {
            assert_eq!(server.eof().unwrap_err().violation, Violation::ClosedByPeer);
        }),
        ("abort", |server| server.abort()),
    ];
    for line in asks {
        for (name, end) in endings {
            with_server(config(), |server| {
                logged_in(server);
                asked(server, line);
                end(server);
                assert_eq!(server.state(), State::Closed, "{line} {name}");
                for (_, answer) in ANSWERS {
                    refused(server, Closed, answer);
                }
                refused(server, Closed, |server| server.reject(None, b"no"));
                refused(server, Closed, |server| server.tls_established());
                refused(server, Closed, |server| server.greet(b"again"));
                assert!(server.outgoing().is_empty(), "{line} {name}");
            });
        }
    }
}

#[test]
fn octets_behind_stls_are_fatal_whenever_they_come() {
    let config = ServerConfig { security: Security::StlsRequired, ..config() };
    for together in [true, false] {
        with_server(config, |server| {
            server.greet(b"ready").unwrap();
            sent(server);
            let mut input = &b"STLS\r\nUSER mallory\r\n"[..];
            let failure = if together {
                server.poll(&mut input).unwrap_err()
            } else {
                let (mut stls, mut rest) = input.split_at(6);
                assert!(matches!(server.poll(&mut stls), Ok(Some(Request::StartTls))));
                server.poll(&mut rest).unwrap_err()
            };
            assert_eq!(failure.violation, Violation::PlaintextAfterStls);
            assert_eq!(failure.offset, 6);
            refused(server, Closed, |server| server.tls_established());
        });
    }
}

#[test]
fn a_silent_client_is_logged_out_and_nothing_removed() {
    // RFC 1939 §3.
    with_server(ServerConfig { autologout_ms: 600_000, ..config() }, |server| {
        logged_in(server);
        asked(server, "DELE 1");
        let start = u32::MAX - 1000; // the clock may wrap
        server.tick(start).unwrap();
        assert_eq!(server.deadline(), Some(start.wrapping_add(600_000)));
        server.tick(start.wrapping_add(599_999)).unwrap();
        assert_eq!(asked(server, "NOOP"), "Handled(Noop)");
        server.tick(start.wrapping_add(700_000)).unwrap();
        let error = server.tick(start.wrapping_add(1_300_000)).unwrap_err();
        assert_eq!(error.violation, Violation::Timeout);
        assert_eq!(server.state(), State::Closed);
        assert_eq!(server.poll(&mut &b"QUIT\r\n"[..]), Err(error));
    });
}
