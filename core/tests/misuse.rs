//! Every misuse of the client has an error of its own, sends nothing and leaves the session as it
//! was: proved by going on. And what a peer must not achieve, it does not.
#![cfg(all(feature = "pop3", feature = "sasl-all", feature = "apop"))]

mod common;

use common::log::{event_line, failure_line};
use mailproto_core::LocalError::{
    self, BufferTooSmall, Busy, Closed, Empty, ForbiddenOctet, Full, Insecure, MessageNumberZero,
    NotOffered, TooLong, WrongState,
};
use mailproto_core::Violation;
use mailproto_core::pop3::{Capabilities, Client, Config, Security, State};
use mailproto_core::sasl::{
    self, Anonymous, CramMd5, Exposure, External, Login, Mechanism, Plain, ScramSha256,
};

// What the tests are made of.

fn private() -> Config {
    let mut config = Config::default().with_security(Security::Private);
    config.apop = true;
    config
}

/// Runs `test` with a client over buffers of ample size.
fn with_client(config: Config, test: impl FnOnce(&mut Client<'_>)) {
    with_tx(config, 2048, test);
}

fn with_tx(config: Config, tx: usize, test: impl FnOnce(&mut Client<'_>)) {
    let (mut scratch, mut tx) = ([0; 512], vec![0; tx]);
    test(&mut Client::new(&mut scratch, &mut tx, config));
}

/// Feeds what the server says; returns what the client tells, a failure last.
fn feed(client: &mut Client<'_>, octets: &[u8]) -> Vec<String> {
    let (mut input, mut told) = (octets, Vec::new());
    loop {
        match client.poll(&mut input) {
            Ok(Some(event)) => told.push(event_line(&event)),
            Ok(None) => return told,
            Err(error) => {
                told.push(failure_line(&error));
                return told;
            }
        }
    }
}

fn send_all(client: &mut Client<'_>) -> Vec<u8> {
    let sent = client.outgoing().to_vec();
    client.sent(sent.len());
    sent
}

/// A part of a session.
type Talk = fn(&mut Client<'_>);

const GREETING: &[u8] = b"+OK ready <1896.697170952@dbc.mtview.ca.us>\r\n";

fn greeted(client: &mut Client<'_>) {
    assert_eq!(feed(client, GREETING).len(), 1);
    assert_eq!(client.state(), State::Authorization);
}

fn logged_in(client: &mut Client<'_>) {
    greeted(client);
    client.user(b"mrose").unwrap();
    send_all(client);
    feed(client, b"+OK\r\n");
    client.pass(b"secret").unwrap();
    send_all(client);
    assert_eq!(feed(client, b"+OK\r\n"), ["completed PASS Ok \"\""]);
    assert_eq!(client.state(), State::Transaction);
}

/// The call is refused with `error`, and nothing has changed that can be seen.
fn refused<T: std::fmt::Debug>(
    client: &mut Client<'_>,
    error: LocalError,
    call: impl FnOnce(&mut Client<'_>) -> Result<T, LocalError>,
) {
    let seen = |client: &Client<'_>| {
        (client.outgoing().to_vec(), client.state(), client.is_idle(), client.capabilities())
    };
    let before = seen(client);
    assert_eq!(call(client).expect_err("must be refused"), error);
    assert_eq!(seen(client), before, "{error:?} must change nothing");
}

/// An idle session goes on: a command is sent and answered.
fn goes_on(client: &mut Client<'_>) {
    assert!(send_all(client).is_empty(), "nothing was left to send");
    client.capa().expect("legal in both states");
    assert_eq!(send_all(client), b"CAPA\r\n");
    assert_eq!(feed(client, b"-ERR what?\r\n"), ["completed CAPA Err \"what?\""]);
}

/// A mechanism that does as it is told.
struct Odd {
    name: &'static str,
    answer: Result<&'static [u8], sasl::Error>,
}

impl Mechanism for Odd {
    fn name(&self) -> &str {
        self.name
    }
    fn exposure(&self) -> Exposure {
        Exposure::Nothing
    }
    fn client_first(&self) -> bool {
        true
    }
    fn respond(&mut self, _: &[u8], out: &mut [u8]) -> Result<usize, sasl::Error> {
        let answer = self.answer?;
        out[..answer.len()].copy_from_slice(answer);
        Ok(answer.len())
    }
    fn is_complete(&self) -> bool {
        true
    }
}

/// A call with one argument that it puts on the wire.
type Call = fn(&mut Client<'_>, &[u8]) -> Result<(), LocalError>;

/// The calls with an argument that runs to the end of the line.
const TEXT_CALLS: [(&str, Call); 6] = [
    ("USER", |client, argument| client.user(argument).map(drop)),
    ("login name", |client, argument| client.login(argument, b"secret").map(drop)),
    ("login password", |client, argument| client.login(b"mrose", argument).map(drop)),
    ("PASS", |client, argument| client.pass(argument).map(drop)),
    ("APOP secret", |client, argument| client.apop(b"mrose", argument).map(drop)),
    ("raw", |client, argument| client.raw(argument, false).map(drop)),
];

/// The calls with an argument that a space would end.
const WORD_CALLS: [(&str, Call); 3] = [
    ("APOP name", |client, argument| client.apop(argument, b"secret").map(drop)),
    ("LANG", |client, argument| client.lang(argument).map(drop)),
    ("AUTH", |client, argument| {
        let name = String::from_utf8(argument.to_vec()).unwrap().leak();
        client.auth(&mut Odd { name, answer: Ok(b"") }).map(drop)
    }),
];

/// Greeted, USER accepted: every call of the two tables is legal now.
fn before_password(client: &mut Client<'_>) {
    greeted(client);
    client.user(b"mrose").unwrap();
    send_all(client);
    feed(client, b"+OK\r\n");
}

// Arguments.

#[test]
fn cr_lf_and_nul_never_leave() {
    with_client(private(), |client| {
        before_password(client);
        for (_, call) in TEXT_CALLS.iter().chain(&WORD_CALLS) {
            for octet in [b'\r', b'\n', 0] {
                for (argument, at) in injections(octet) {
                    refused(client, ForbiddenOctet { at }, |client| call(client, &argument));
                }
            }
        }
        client.pass(b"se cret").expect("USER still counts: the refusals changed nothing");
        assert_eq!(send_all(client), b"PASS se cret\r\n");
        feed(client, b"-ERR no\r\n");
        goes_on(client);
    });
}

/// The octet alone, at each end, in the middle, and with a command behind it.
fn injections(octet: u8) -> [(Vec<u8>, usize); 5] {
    let o = &[octet][..];
    [
        (o.to_vec(), 0),
        ([o, b"a"].concat(), 0),
        ([b"a", o].concat(), 1),
        ([b"a", o, b"b"].concat(), 1),
        ([b"user", o, b"\nDELE 1"].concat(), 4),
    ]
}

#[test]
fn a_space_may_not_stand_in_a_word() {
    with_client(private(), |client| {
        before_password(client);
        for (_, call) in WORD_CALLS {
            refused(client, ForbiddenOctet { at: 1 }, |client| call(client, b"a b"));
            refused(client, ForbiddenOctet { at: 0 }, |client| call(client, b" "));
        }
        goes_on(client);
    });
}

#[test]
fn empty_arguments_are_refused() {
    with_client(private(), |client| {
        before_password(client);
        for (_, call) in TEXT_CALLS.iter().chain(&WORD_CALLS) {
            refused(client, Empty, |client| call(client, b""));
        }
        goes_on(client);
    });
}

#[test]
fn a_line_of_255_octets_is_the_longest() {
    // RFC 2449 §4, CRLF included.
    let calls: [(&[u8], Call); 5] = [
        (b"USER ", TEXT_CALLS[0].1),
        (b"PASS ", TEXT_CALLS[3].1),
        (b"", TEXT_CALLS[5].1),
        (b"LANG ", WORD_CALLS[1].1),
        (b"APOP  0123456789abcdef0123456789abcdef", WORD_CALLS[0].1),
    ];
    for (keyword, call) in calls {
        with_client(private(), |client| {
            before_password(client);
            let longest = vec![b'a'; 255 - 2 - keyword.len()];
            let longer = [&longest[..], b"a"].concat();
            refused(client, TooLong { limit: 255 }, |client| call(client, &longer));
            refused(client, TooLong { limit: 255 }, |client| call(client, &[b'a'; 70_000]));
            call(client, &longest).expect("255 octets fit");
            assert_eq!(send_all(client).len(), 255);
        });
    }
}

#[test]
fn login_queues_both_commands_or_none() {
    with_client(private(), |client| {
        greeted(client);
        refused(client, TooLong { limit: 255 }, |client| client.login(b"mrose", &[b'p'; 249]));
        refused(client, TooLong { limit: 255 }, |client| client.login(&[b'u'; 249], b"secret"));
        goes_on(client);
    });
    with_tx(private(), 25, |client| {
        greeted(client);
        let needed = b"USER mrose\r\nPASS secret\r\n".len();
        assert_eq!(needed, 25);
        refused(client, BufferTooSmall { needed: 26 }, |client| client.login(b"mrose", b"secret2"));
        client.login(b"mrose", b"secret").expect("25 octets hold both");
        assert_eq!(send_all(client), b"USER mrose\r\n", "the password waits");
    });
}

#[test]
fn message_numbers_start_at_1() {
    with_client(private(), |client| {
        logged_in(client);
        refused(client, MessageNumberZero, |client| client.list_one(0));
        refused(client, MessageNumberZero, |client| client.uidl_one(0));
        refused(client, MessageNumberZero, |client| client.retr(0));
        refused(client, MessageNumberZero, |client| client.top(0, 1));
        refused(client, MessageNumberZero, |client| client.dele(0));
        goes_on(client);
        client.top(u32::MAX, u32::MAX).expect("any other number will do");
        assert_eq!(send_all(client), b"TOP 4294967295 4294967295\r\n");
    });
}

// States.

/// A command as a call that is legal where its state is, and where that is.
struct Legal {
    name: &'static str,
    call: fn(&mut Client<'_>) -> Result<(), LocalError>,
    authorization: bool,
    transaction: bool,
}

const A: (bool, bool) = (true, false);
const T: (bool, bool) = (false, true);
const BOTH: (bool, bool) = (true, true);

const fn legal(
    name: &'static str,
    (authorization, transaction): (bool, bool),
    call: fn(&mut Client<'_>) -> Result<(), LocalError>,
) -> Legal {
    Legal { name, call, authorization, transaction }
}

/// RFC 1939 §4–§7, RFC 2449 §5, RFC 2595 §4, RFC 5034 §4, RFC 6856 §2–§3.
const COMMANDS: [Legal; 22] = [
    legal("CAPA", BOTH, |client| client.capa().map(drop)),
    legal("STLS", A, |client| client.stls().map(drop)),
    legal("USER", A, |client| client.user(b"mrose").map(drop)),
    legal("login", A, |client| client.login(b"mrose", b"secret").map(drop)),
    legal("APOP", A, |client| client.apop(b"mrose", b"tanstaaf").map(drop)),
    legal("AUTH", A, |client| client.auth(&mut Anonymous::new("").unwrap()).map(drop)),
    legal("STAT", T, |client| client.stat().map(drop)),
    legal("LIST", T, |client| client.list().map(drop)),
    legal("LIST n", T, |client| client.list_one(1).map(drop)),
    legal("UIDL", T, |client| client.uidl().map(drop)),
    legal("UIDL n", T, |client| client.uidl_one(1).map(drop)),
    legal("RETR", T, |client| client.retr(1).map(drop)),
    legal("TOP", T, |client| client.top(1, 0).map(drop)),
    legal("DELE", T, |client| client.dele(1).map(drop)),
    legal("RSET", T, |client| client.rset().map(drop)),
    legal("NOOP", T, |client| client.noop().map(drop)),
    legal("QUIT", BOTH, |client| client.quit().map(drop)),
    legal("UTF8", A, |client| client.utf8().map(drop)),
    legal("LANG", BOTH, |client| client.lang_list().map(drop)),
    legal("LANG tag", BOTH, |client| client.lang(b"de").map(drop)),
    legal("raw", BOTH, |client| client.raw(b"XTND", true).map(drop)),
    legal("PASS", (false, false), |client| client.pass(b"secret").map(drop)),
];

/// Cleartext allowed, so that STLS and credentials are both legal.
fn anything_goes() -> Config {
    Config { security: Security::DangerCleartext, ..private() }
}

#[test]
fn nothing_may_be_said_before_the_greeting() {
    with_client(anything_goes(), |client| {
        for command in COMMANDS {
            refused(client, WrongState, command.call);
        }
        greeted(client);
        goes_on(client);
    });
}

#[test]
fn each_command_is_legal_in_its_state_and_refused_in_the_other() {
    for command in COMMANDS {
        for (set_up, is_legal) in
            [(greeted as Talk, command.authorization), (logged_in, command.transaction)]
        {
            with_client(anything_goes(), |client| {
                set_up(client);
                if is_legal {
                    (command.call)(client)
                        .unwrap_or_else(|error| panic!("{} {error}", command.name));
                    assert!(client.outgoing().ends_with(b"\r\n"), "{}", command.name);
                } else {
                    refused(client, WrongState, command.call);
                    goes_on(client);
                }
            });
        }
    }
}

#[test]
fn pass_is_legal_only_directly_behind_an_accepted_user() {
    let pass = |client: &mut Client<'_>| client.pass(b"secret");
    with_client(private(), |client| {
        greeted(client);
        client.user(b"mrose").unwrap();
        refused(client, WrongState, pass);
        send_all(client);
        refused(client, WrongState, pass);
        feed(client, b"-ERR no such user\r\n");
        refused(client, WrongState, pass);
        client.user(b"mrose").unwrap();
        send_all(client);
        feed(client, b"+OK\r\n");
        goes_on(client);
        // RFC 1939 §7: "immediately after a successful USER command"
        refused(client, WrongState, pass);
        goes_on(client);
    });
}

#[test]
fn during_the_handshake_nothing_is_said() {
    with_client(Config { security: Security::StlsRequired, ..private() }, |client| {
        greeted(client);
        client.stls().unwrap();
        refused(client, WrongState, |client| client.tls_established());
        send_all(client);
        assert_eq!(feed(client, b"+OK\r\n"), ["completed STLS Ok \"\""]);
        assert_eq!(client.state(), State::Handshake);
        for command in COMMANDS {
            refused(client, WrongState, command.call);
        }
        client.tls_established().unwrap();
        refused(client, WrongState, |client| client.tls_established());
        goes_on(client);
    });
}

#[test]
fn tls_is_established_only_after_stls() {
    for set_up in [(|_| ()) as Talk, greeted, logged_in] {
        with_client(private(), |client| {
            set_up(client);
            refused(client, WrongState, |client| client.tls_established());
        });
    }
    with_client(private(), |client| {
        feed(client, b"-ERR busy\r\n");
        refused(client, Closed, |client| client.tls_established());
    });
}

#[test]
fn a_closed_session_refuses_everything() {
    let endings: [(&str, Talk); 5] = [
        ("refused greeting", |client| drop(feed(client, b"-ERR busy\r\n"))),
        ("bad greeting", |client| drop(feed(client, b"* OK IMAP\r\n"))),
        ("end of file", |client| {
            logged_in(client);
            client.eof().unwrap_err();
        }),
        ("QUIT", |client| {
            logged_in(client);
            client.quit().unwrap();
            send_all(client);
            feed(client, b"+OK\r\n");
        }),
        ("unsolicited", |client| {
            logged_in(client);
            feed(client, b"+OK\r\n");
        }),
    ];
    for (name, end) in endings {
        with_client(anything_goes(), |client| {
            end(client);
            assert_eq!(client.state(), State::Closed, "{name}");
            for command in COMMANDS {
                refused(client, Closed, command.call);
            }
            refused(client, Closed, |client| client.tls_established());
            refused(client, Closed, |client| {
                client.respond(&mut Odd { name: "X", answer: Ok(b"") })
            });
            refused(client, Closed, |client| client.cancel());
            assert!(client.outgoing().is_empty(), "{name}");
        });
    }
}

#[test]
fn nothing_follows_a_command_that_changes_the_state() {
    // RFC 2449 §6.6.
    let changing: [(&str, Talk); 5] = [
        ("STLS", |client| {
            client.stls().unwrap();
        }),
        ("APOP", |client| {
            client.apop(b"mrose", b"tanstaaf").unwrap();
        }),
        ("AUTH", |client| {
            client.auth(&mut Anonymous::new("").unwrap()).unwrap();
        }),
        ("login", |client| {
            client.login(b"mrose", b"secret").unwrap();
        }),
        ("QUIT", |client| {
            client.quit().unwrap();
        }),
    ];
    for (name, change) in changing {
        with_client(anything_goes(), |client| {
            greeted(client);
            change(client);
            for sent in [false, true] {
                if sent {
                    send_all(client);
                }
                for command in COMMANDS.iter().filter(|command| command.authorization) {
                    refused(client, Busy, command.call);
                }
            }
            let answer = feed(client, b"-ERR no\r\n");
            assert!(answer[0].starts_with("completed"), "{name}: {answer:?}");
            if name != "QUIT" {
                goes_on(client);
            }
        });
    }
}

#[test]
fn what_changes_the_state_waits_for_what_is_before_it() {
    // RFC 2449 §6.6; and a password waits until USER was accepted.
    let changing: [(Talk, &[u8]); 4] = [
        (
            |client| {
                client.stls().unwrap();
            },
            b"STLS\r\n",
        ),
        (
            |client| {
                client.auth(&mut External::new("").unwrap()).unwrap();
            },
            b"AUTH EXTERNAL =\r\n",
        ),
        (
            |client| {
                client.login(b"mrose", b"secret").unwrap();
            },
            b"PASS secret\r\n",
        ),
        (
            |client| {
                client.apop(b"mrose", b"tanstaaf").unwrap();
            },
            b"APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n",
        ),
    ];
    for (change, line) in changing {
        with_client(anything_goes(), |client| {
            greeted(client);
            client.capa().unwrap();
            send_all(client);
            feed(client, b"+OK\r\nPIPELINING\r\nSTLS\r\nSASL EXTERNAL\r\nLANG\r\n.\r\n");
            client.lang(b"de").unwrap();
            client.lang(b"en").unwrap();
            change(client);
            let first = send_all(client);
            assert!(first.starts_with(b"LANG de\r\nLANG en\r\n"), "those are pipelined");
            assert!(!first.ends_with(line), "{}", first.escape_ascii());
            while client.outgoing().is_empty() {
                assert_eq!(feed(client, b"+OK\r\n").len(), 1);
            }
            assert_eq!(client.outgoing(), line);
        });
    }
}

// Buffers and tables.

#[test]
fn a_buffer_too_small_says_how_much_is_needed() {
    for command in COMMANDS {
        let set_up = if command.authorization { greeted } else { logged_in };
        if command.name == "PASS" {
            continue;
        }
        let mut needed = None;
        with_tx(anything_goes(), 14, |client| {
            // 14 octets hold what the set-up says.
            set_up(client);
            needed = match (command.call)(client) {
                Err(BufferTooSmall { needed }) => Some(needed),
                answer => {
                    assert_eq!(answer, Ok(()), "{}", command.name);
                    None
                }
            };
            if needed.is_some() {
                goes_on(client);
            }
        });
        if let Some(needed) = needed {
            with_tx(anything_goes(), needed - 1, |client| {
                set_up(client);
                refused(client, BufferTooSmall { needed }, command.call);
                goes_on(client);
            });
            with_tx(anything_goes(), needed, |client| {
                set_up(client);
                (command.call)(client).unwrap_or_else(|error| panic!("{}: {error}", command.name));
            });
        }
    }
    with_tx(private(), 5, |client| {
        greeted(client);
        refused(client, BufferTooSmall { needed: 6 }, |client| client.capa());
        refused(client, BufferTooSmall { needed: 6 }, |client| client.quit());
        client.raw(b"X", false).expect("three octets fit");
        assert_eq!(send_all(client), b"X\r\n");
    });
    with_tx(private(), 0, |client| {
        greeted(client);
        refused(client, BufferTooSmall { needed: 6 }, |client| client.quit());
        assert!(client.outgoing().is_empty());
    });
}

#[test]
fn a_response_that_does_not_fit_says_how_much_is_needed_and_can_be_cancelled() {
    let password = "p".repeat(200);
    let run = |tx: usize, then: &mut dyn FnMut(&mut Client<'_>, &mut Plain<'_>)| {
        with_tx(private(), tx, |client| {
            greeted(client);
            let mut plain = Plain::new("", "test", &password).unwrap();
            client.auth(&mut plain).unwrap();
            assert_eq!(send_all(client), b"AUTH PLAIN\r\n");
            assert_eq!(feed(client, b"+ \r\n"), ["challenge \"\""]);
            then(client, &mut plain);
        });
    };
    let mut needed = 0;
    run(100, &mut |client, plain| {
        let Err(BufferTooSmall { needed: n }) = client.respond(plain) else { panic!("too small") };
        needed = n;
        refused(client, BufferTooSmall { needed }, |client| client.respond(plain));
        client.cancel().unwrap();
        assert_eq!(send_all(client), b"*\r\n");
        assert_eq!(feed(client, b"-ERR\r\n"), ["completed AUTH Err \"\""]);
        goes_on(client);
    });
    run(needed - 1, &mut |client, plain| {
        // What `needed` promises is enough; a little less may be.
        let _ = client.respond(plain);
    });
    run(needed, &mut |client, plain| {
        client.respond(plain).expect("what it asked for");
        assert_eq!(send_all(client).len(), 206_usize.div_ceil(3) * 4 + 2);
        assert_eq!(feed(client, b"+OK\r\n"), ["completed AUTH Ok \"\""]);
    });
}

#[test]
fn a_full_table_or_buffer_is_emptied_by_sending_and_polling() {
    with_client(private(), |client| {
        logged_in(client);
        for _ in 0..8 {
            client.noop().unwrap();
        }
        refused(client, Full, |client| client.noop());
        refused(client, Full, |client| client.quit());
        send_all(client);
        refused(client, Full, |client| client.noop());
        assert_eq!(feed(client, b"+OK\r\n").len(), 1);
        client.noop().expect("one place is free");
    });
    with_tx(private(), 20, |client| {
        logged_in(client);
        client.noop().unwrap();
        client.noop().unwrap();
        client.noop().unwrap();
        refused(client, Full, |client| client.noop());
        send_all(client);
        client.noop().expect("the first has left");
        // The others wait for replies, as the server offers no PIPELINING.
        for _ in 0..4 {
            assert_eq!(feed(client, b"+OK\r\n"), ["completed NOOP Ok \"\""]);
            send_all(client);
        }
        goes_on(client);
    });
}

#[test]
fn auth_that_finds_no_room_leaves_the_mechanism_unused() {
    with_tx(private(), 30, |client| {
        greeted(client);
        client.raw(b"XTND", false).unwrap();
        client.raw(b"XTND some more text", false).unwrap();
        let mut plain = Plain::new("", "a", "b").unwrap();
        refused(client, Full, |client| client.auth(&mut plain));
        send_all(client);
        feed(client, b"-ERR\r\n");
        send_all(client);
        feed(client, b"-ERR\r\n");
        client.auth(&mut plain).unwrap();
        assert_eq!(send_all(client), b"AUTH PLAIN AGEAYg==\r\n");
    });
}

#[test]
fn more_octets_sent_than_there_are_count_as_all() {
    with_client(private(), |client| {
        client.sent(7);
        logged_in(client);
        client.sent(usize::MAX);
        client.noop().unwrap();
        client.stat().unwrap();
        client.sent(usize::MAX);
        assert!(client.outgoing().is_empty());
        assert_eq!(feed(client, b"+OK\r\n"), ["completed NOOP Ok \"\""]);
        assert_eq!(client.outgoing(), b"STAT\r\n", "what was held back is not sent by that");
    });
}

// SASL.

#[test]
fn there_is_nothing_to_respond_to_or_cancel_without_a_challenge() {
    let mut odd = Odd { name: "X-ODD", answer: Ok(b"x") };
    for set_up in [(|_| ()) as Talk, greeted, logged_in] {
        with_client(private(), |client| {
            set_up(client);
            refused(client, WrongState, |client| client.respond(&mut odd));
            refused(client, WrongState, |client| client.cancel());
        });
    }
    with_client(private(), |client| {
        greeted(client);
        client.auth(&mut odd).unwrap();
        refused(client, WrongState, |client| client.respond(&mut odd));
        send_all(client);
        feed(client, b"+ \r\n");
        client.respond(&mut odd).unwrap();
        refused(client, WrongState, |client| client.respond(&mut odd));
        refused(client, WrongState, |client| client.cancel());
        assert_eq!(send_all(client), b"eA==\r\n");
        assert_eq!(feed(client, b"-ERR\r\n"), ["completed AUTH Err \"\""]);
        refused(client, WrongState, |client| client.cancel());
        goes_on(client);
    });
}

#[test]
fn what_a_mechanism_refuses_is_not_sent() {
    with_client(private(), |client| {
        greeted(client);
        let mut odd = Odd { name: "X-ODD", answer: Err(sasl::Error::TooLong) };
        refused(client, LocalError::Sasl(sasl::Error::TooLong), |client| client.auth(&mut odd));
        goes_on(client);
        odd.answer = Ok(b"");
        client.auth(&mut odd).unwrap();
        assert_eq!(send_all(client), b"AUTH X-ODD =\r\n");
        feed(client, b"+ \r\n");
        odd.answer = Err(sasl::Error::MalformedChallenge);
        let error = LocalError::Sasl(sasl::Error::MalformedChallenge);
        refused(client, error, |client| client.respond(&mut odd));
        client.cancel().unwrap();
        assert_eq!(send_all(client), b"*\r\n");
        feed(client, b"-ERR\r\n");
        goes_on(client);
    });
}

#[test]
fn a_challenge_is_not_answered_once_the_connection_is_gone() {
    with_client(private(), |client| {
        greeted(client);
        let mut login = Login::new("tim", "tanstaaf").unwrap();
        client.auth(&mut login).unwrap();
        send_all(client);
        assert_eq!(feed(client, b"+ VXNlcm5hbWU6\r\n"), ["challenge \"Username:\""]);
        assert_eq!(client.eof().unwrap_err().violation, Violation::UnexpectedEof);
        refused(client, Closed, |client| client.respond(&mut login));
        refused(client, Closed, |client| client.cancel());
    });
}

#[test]
fn success_counts_only_once_the_server_has_proved_itself() {
    let nonce = *b"0123456789abcdef01";
    with_client(private(), |client| {
        greeted(client);
        client.auth(&mut ScramSha256::new("user", "pencil", &nonce).unwrap()).unwrap();
        send_all(client);
        let told = feed(client, b"+OK you are in\r\n");
        assert_eq!(told, [format!("fatal ServerNotAuthenticated @{}", GREETING.len())]);
        refused(client, Closed, |client| client.stat());
    });
    with_client(private(), |client| {
        greeted(client);
        client.auth(&mut Login::new("tim", "tanstaaf").unwrap()).unwrap();
        send_all(client);
        let told = feed(client, b"+OK whoever you are\r\n");
        assert!(told[0].starts_with("fatal ServerNotAuthenticated"), "{told:?}");
    });
}

// Security.

#[test]
fn no_credentials_over_a_channel_that_is_not_private() {
    let nonce = *b"0123456789abcdef01";
    let config = Config { apop: true, ..Config::default() };
    with_client(config, |client| {
        greeted(client);
        assert!(!client.may_send_credentials());
        refused(client, Insecure, |client| client.user(b"mrose"));
        refused(client, Insecure, |client| client.pass(b"secret"));
        refused(client, Insecure, |client| client.login(b"mrose", b"secret"));
        refused(client, Insecure, |client| client.apop(b"mrose", b"tanstaaf"));
        let mut mechanisms: [Box<dyn Mechanism>; 4] = [
            Box::new(Plain::new("", "a", "b").unwrap()),
            Box::new(Login::new("a", "b").unwrap()),
            Box::new(CramMd5::new("a", "b").unwrap()),
            Box::new(ScramSha256::new("a", "b", &nonce).unwrap()),
        ];
        for mechanism in &mut mechanisms {
            refused(client, Insecure, |client| client.auth(&mut **mechanism));
        }
        client.stls().unwrap();
        send_all(client);
        feed(client, b"+OK\r\n");
        client.tls_established().unwrap();
        assert!(client.may_send_credentials());
        client.auth(&mut *mechanisms[0]).expect("the refusal left the mechanism unused");
        assert_eq!(send_all(client), b"AUTH PLAIN AGEAYg==\r\n");
    });
}

#[test]
fn what_shows_no_secret_may_go_in_the_clear() {
    with_client(Config::default(), |client| {
        greeted(client);
        client.auth(&mut External::new("").unwrap()).unwrap();
        assert_eq!(send_all(client), b"AUTH EXTERNAL =\r\n");
    });
}

#[test]
fn what_was_learnt_before_stls_is_forgotten() {
    with_client(Config::default(), |client| {
        greeted(client);
        client.capa().unwrap();
        send_all(client);
        feed(client, b"+OK\r\nSTLS\r\nPIPELINING\r\nSASL EXTERNAL\r\nLANG\r\n.\r\n");
        assert!(client.capabilities().contains(Capabilities::PIPELINING));
        refused(client, NotOffered, |client| client.utf8());
        client.stls().unwrap();
        send_all(client);
        feed(client, b"+OK\r\n");
        client.tls_established().unwrap();
        assert_eq!(client.capabilities(), Capabilities::NONE);
        assert!(client.mechanisms().is_empty());
        client.login(b"mrose", b"secret").unwrap();
        send_all(client);
        feed(client, b"+OK\r\n");
        send_all(client);
        feed(client, b"+OK\r\n");
        client.noop().unwrap();
        client.noop().unwrap();
        assert_eq!(client.outgoing(), b"NOOP\r\n", "PIPELINING was of the other channel");
    });
}

#[test]
fn a_timestamp_from_before_stls_is_forgotten() {
    with_client(Config { security: Security::StlsRequired, ..private() }, |client| {
        greeted(client);
        client.stls().unwrap();
        send_all(client);
        feed(client, b"+OK\r\n");
        client.tls_established().unwrap();
        refused(client, NotOffered, |client| client.apop(b"mrose", b"tanstaaf"));
    });
}

#[test]
fn octets_behind_the_answer_to_stls_are_fatal_whenever_they_come() {
    for injected in [&b"+OK\r\n"[..], b"\r\n", b"x", b"\0"] {
        for together in [true, false] {
            with_client(Config::default(), |client| {
                greeted(client);
                client.stls().unwrap();
                send_all(client);
                let told = if together {
                    feed(client, &[b"+OK go\r\n", injected].concat())
                } else {
                    feed(client, b"+OK go\r\n");
                    feed(client, injected)
                };
                let at = GREETING.len() + b"+OK go\r\n".len();
                assert_eq!(told, [format!("fatal PlaintextAfterStls @{at}")]);
                refused(client, Closed, |client| client.tls_established());
                refused(client, Closed, |client| client.user(b"mrose"));
            });
        }
    }
}

#[test]
fn a_reply_to_a_command_that_has_not_left_is_fatal() {
    with_client(private(), |client| {
        logged_in(client);
        client.noop().unwrap();
        assert!(feed(client, b"+OK\r\n")[0].starts_with("fatal UnsolicitedReply"));
    });
    with_client(private(), |client| {
        logged_in(client);
        client.noop().unwrap();
        client.sent(b"NOOP\r".len());
        assert!(feed(client, b"+OK\r\n")[0].starts_with("fatal UnsolicitedReply"));
    });
}

#[test]
fn a_failed_session_has_nothing_more_to_send() {
    with_client(private(), |client| {
        greeted(client);
        client.login(b"mrose", b"secret").unwrap();
        assert!(feed(client, b"+OK\r\n")[0].starts_with("fatal UnsolicitedReply"));
        assert_eq!(client.outgoing(), b"", "a name, then a password, to whom?");
    });
}

#[test]
fn secrets_are_wiped_once_sent() {
    let holds = |memory: &[u8], secret: &[u8]| {
        memory.windows(3).any(|three| secret.windows(3).any(|window| window == three))
    };
    let talks: [(&str, &[u8], Talk); 6] = [
        ("PASS that never left", b"xyzzy", |client| {
            client.login(b"mrose", b"xyzzy").unwrap();
            client.eof().unwrap_err();
        }),
        ("PASS", b"xyzzy", |client| {
            client.login(b"mrose", b"xyzzy").unwrap();
            send_all(client);
            feed(client, b"+OK\r\n");
            client.sent(4);
            send_all(client);
        }),
        ("PASS withdrawn", b"xyzzy", |client| {
            client.login(b"mrose", b"xyzzy").unwrap();
            send_all(client);
            feed(client, b"-ERR\r\n");
        }),
        ("initial response", b"AHRlc3QAeHl6enk=", |client| {
            client.auth(&mut Plain::new("", "test", "xyzzy").unwrap()).unwrap();
            send_all(client);
        }),
        ("response", b"eHl6enl4eXp6eXh5enp5", |client| {
            let mut login = Login::new("tim", "xyzzyxyzzyxyzzy").unwrap();
            client.auth(&mut login).unwrap();
            send_all(client);
            for challenge in [b"+ VXNlcm5hbWU6\r\n", b"+ UGFzc3dvcmQ6\r\n"] {
                feed(client, challenge);
                client.respond(&mut login).unwrap();
                send_all(client);
            }
        }),
        ("initial response that did not fit", b"xyzzy", |client| {
            let password = "xyzzy".repeat(50);
            client.auth(&mut Plain::new("", "test", &password).unwrap()).unwrap();
            send_all(client);
        }),
    ];
    for (name, secret, talk) in talks {
        let (mut scratch, mut tx) = ([0; 512], [0; 2048]);
        let mut client = Client::new(&mut scratch, &mut tx, private());
        greeted(&mut client);
        talk(&mut client);
        assert!(client.outgoing().is_empty());
        assert!(!holds(&tx, secret), "{name}: {}", tx.escape_ascii());
        assert!(!holds(&tx, b"xyzzy"), "{name}: {}", tx.escape_ascii());
    }
}

// Time.

#[test]
fn a_server_that_says_nothing_is_given_up_in_time() {
    with_client(Config { reply_timeout_ms: 1000, ..private() }, |client| {
        let start = u32::MAX - 500; // the clock may wrap
        client.tick(start).unwrap();
        assert_eq!(client.deadline(), Some(start.wrapping_add(1000)));
        client.tick(start.wrapping_add(999)).unwrap();
        let error = client.tick(start.wrapping_add(1000)).unwrap_err();
        assert_eq!(error.violation, Violation::Timeout);
        refused(client, Closed, |client| client.quit());
    });
}

#[test]
fn a_slow_server_is_waited_for_and_an_idle_client_not_timed() {
    with_client(Config { reply_timeout_ms: 1000, ..private() }, |client| {
        logged_in(client);
        assert_eq!(client.deadline(), None);
        client.tick(0).unwrap();
        client.tick(1_000_000).unwrap();
        client.retr(1).unwrap();
        send_all(client);
        feed(client, b"+OK\r\n");
        for second in 0..100 {
            client.tick(2_000_000 + second * 900).unwrap();
            feed(client, b"x");
        }
        feed(client, b"\r\n.\r\n");
        client.tick(9_000_000).unwrap();
        goes_on(client);
    });
}
