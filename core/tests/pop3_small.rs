//! What a POP3 client on a chip is promised: with 256 octets of each buffer, and no feature but `pop3`, it
//! logs in, lists unique-ids, fetches and deletes, however the stream is cut.
#![cfg(feature = "pop3")]

use mailproto_core::pop3::{Client, Config, Event, Security, State, Status, Value, Verb};

/// Gives the client what a server says, in reads of `cut` octets, and writes down what that tells.
fn hear(client: &mut Client<'_>, stream: &[u8], cut: usize) -> String {
    let (mut told, mut data) = (String::new(), Vec::new());
    for mut input in stream.chunks(cut) {
        while let Some(event) = client.poll(&mut input).expect("a sound session") {
            match event {
                Event::Greeting { status, text, .. } => {
                    told += &format!("greeting {status:?} {}\n", text.escape_ascii());
                }
                Event::Started { verb, message, octets, .. } => {
                    told += &format!("{verb:?} {message} begins, {octets:?}\n");
                }
                Event::UniqueId { message, uid, .. } => {
                    told += &format!("{message} is {}\n", uid.escape_ascii());
                }
                Event::ScanListing { message, octets, .. } => {
                    told += &format!("{message} has {octets}\n");
                }
                Event::Data { octets, .. } => data.extend_from_slice(octets),
                Event::Completed { verb, message, status, code, value, .. } => {
                    told += &format!("{verb:?} {message} {status:?} {code:?} {value:?}\n");
                }
                Event::Quirk { quirk, offset } => told += &format!("{quirk:?} at {offset}\n"),
                Event::Oversize { verb, octets } => {
                    told += &format!("{verb:?} too long: {octets}\n")
                }
                other => told += &format!("{other:?}\n"),
            }
        }
    }
    if !data.is_empty() {
        told += &format!("data {}\n", data.escape_ascii());
    }
    told
}

/// What the client has to say is sent, and compared.
fn says(client: &mut Client<'_>, line: &[u8]) {
    assert_eq!(client.outgoing().escape_ascii().to_string(), line.escape_ascii().to_string());
    client.sent(line.len());
    assert!(client.outgoing().is_empty());
}

/// The longest password that a command line holds (RFC 2449 §4): 255 octets with keyword, space and CRLF.
const LONGEST: [u8; 248] = [b'x'; 248];

fn session(cut: usize) {
    let (mut scratch, mut tx) = ([0; 256], [0; 256]);
    let config = Config::default().with_security(Security::Private);
    let mut client = Client::new(&mut scratch, &mut tx, config);
    let greeting = hear(&mut client, b"+OK POP3 server ready\r\n", cut);
    assert_eq!(greeting, "greeting Ok POP3 server ready\n");

    client.user(b"mrose").unwrap();
    says(&mut client, b"USER mrose\r\n");
    assert_eq!(hear(&mut client, b"+OK\r\n", cut), "User 0 Ok None None\n");
    client.pass(&LONGEST).unwrap();
    says(&mut client, &[b"PASS ", &LONGEST[..], b"\r\n"].concat());
    let refusal = hear(&mut client, b"-ERR [IN-USE] maildrop already locked\r\n", cut);
    assert_eq!(refusal, "Pass 0 Err Some(InUse) None\n");
    client.user(b"mrose").unwrap();
    says(&mut client, b"USER mrose\r\n");
    hear(&mut client, b"+OK\r\n", cut);
    client.pass(b"tanstaaf").unwrap();
    says(&mut client, b"PASS tanstaaf\r\n");
    hear(&mut client, b"+OK mrose's maildrop has 2 messages (320 octets)\r\n", cut);
    assert_eq!(client.state(), State::Transaction);

    // RFC 1939 §7; the second identifier has the 70 octets that it may have, the third one more.
    client.uidl().unwrap();
    says(&mut client, b"UIDL\r\n");
    let (longest, longer) = ("u".repeat(70), "u".repeat(71));
    let listing =
        format!("+OK\r\n1 whqtswO00WBw418f9t5JxYwZ\r\n2 {longest}\r\n3 {longer}\r\n.\r\n");
    assert_eq!(
        hear(&mut client, listing.as_bytes(), cut),
        format!(
            "Uidl 0 begins, None\n1 is whqtswO00WBw418f9t5JxYwZ\n2 is {longest}\n3 is {longer}\n\
             UniqueId at {}\nUidl 0 Ok None None\n",
            client.received() - 3 - 75
        )
    );

    client.top(1, 10).unwrap();
    says(&mut client, b"TOP 1 10\r\n");
    assert_eq!(
        hear(&mut client, b"+OK\r\nSubject: x\r\n\r\n.\r\n", cut),
        "Top 1 begins, None\nTop 1 Ok None None\ndata Subject: x\\r\\n\\r\\n\n"
    );

    // A message is larger than all the memory there is, and its dots are unstuffed (RFC 1939 §3).
    client.retr(1).unwrap();
    says(&mut client, b"RETR 1\r\n");
    let line = "y".repeat(998);
    let message = format!("+OK 1004 octets\r\n..\r\n{line}\r\n.\r\n");
    assert_eq!(
        hear(&mut client, message.as_bytes(), cut),
        format!("Retr 1 begins, Some(1004)\nRetr 1 Ok None None\ndata .\\r\\n{line}\\r\\n\n")
    );

    // A status line that scratch cannot hold tells how long it was, and is no harm.
    client.dele(1).unwrap();
    says(&mut client, b"DELE 1\r\n");
    let reply = format!("+OK {}\r\n", "z".repeat(300));
    assert_eq!(
        hear(&mut client, reply.as_bytes(), cut),
        "Dele 1 Ok None None\nSome(Dele) too long: 304\n"
    );

    client.stat().unwrap();
    says(&mut client, b"STAT\r\n");
    let status = hear(&mut client, b"+OK 2 320\r\n", cut);
    assert_eq!(status, "Stat 0 Ok None DropListing { messages: 2, octets: 320 }\n");
    client.list().unwrap();
    says(&mut client, b"LIST\r\n");
    assert_eq!(
        hear(&mut client, b"+OK\r\n1 120\r\n2 18446744073709551615\r\n.\r\n", cut),
        "List 0 begins, None\n1 has 120\n2 has 18446744073709551615\nList 0 Ok None None\n"
    );

    client.quit().unwrap();
    says(&mut client, b"QUIT\r\n");
    assert_eq!(hear(&mut client, b"+OK bye\r\n", cut), "Quit 0 Ok None None\n");
    assert_eq!((client.state(), client.eof()), (State::Closed, Ok(())));
}

#[test]
fn two_buffers_of_256_octets_do_at_every_cut() {
    (1..=64).chain([255, 256, 257, 4096]).for_each(session);
}

/// RFC 4616 §4, RFC 5034 §4: the initial response is base64 of the message.
#[cfg(feature = "sasl-plain")]
#[test]
fn plain_logs_in_with_256_octets() {
    use mailproto_core::sasl::Plain;

    let (mut scratch, mut tx) = ([0; 256], [0; 256]);
    let config = Config::default().with_security(Security::Private);
    let mut client = Client::new(&mut scratch, &mut tx, config);
    hear(&mut client, b"+OK\r\n", 1);
    let mut plain = Plain::new("", "tim", "tanstaaftanstaaf").unwrap();
    client.auth(&mut plain).unwrap();
    says(&mut client, b"AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
    assert_eq!(hear(&mut client, b"+OK\r\n", 1), "Auth 0 Ok None None\n");
    assert_eq!(client.state(), State::Transaction);
}

/// A response that the command line cannot hold (RFC 2449 §4): the server is to ask for it, and where this client
/// cannot be asked, AUTH is refused and nothing is queued.
#[cfg(feature = "sasl-plain")]
#[test]
fn a_response_that_is_too_long_for_the_line_is_kept_back() {
    use mailproto_core::sasl::Plain;

    let (mut scratch, mut tx) = ([0; 256], [0; 256]);
    let config = Config::default().with_security(Security::Private);
    let mut client = Client::new(&mut scratch, &mut tx, config);
    hear(&mut client, b"+OK\r\n", 1);
    let password = "p".repeat(200);
    let mut plain = Plain::new("", "tim", &password).unwrap();
    let queued = client.auth(&mut plain);
    if cfg!(feature = "pop3-extras") {
        assert!(queued.is_ok());
        says(&mut client, b"AUTH PLAIN\r\n");
    } else {
        use mailproto_core::{LocalError, sasl::Error};
        let error = Error::BufferTooSmall { needed: 1 + 3 + 1 + 200 };
        assert_eq!(queued, Err(LocalError::Sasl(error)));
        assert!(client.outgoing().is_empty() && client.is_idle());
        client.noop().expect_err("nobody is logged in");
        client.quit().unwrap();
        says(&mut client, b"QUIT\r\n");
    }
}

/// The kinds of completion that need no reply (RFC 1939 §7).
#[test]
fn a_password_behind_a_refused_name_is_not_sent() {
    let (mut scratch, mut tx) = ([0; 256], [0; 256]);
    let config = Config::default().with_security(Security::Private);
    let mut client = Client::new(&mut scratch, &mut tx, config);
    hear(&mut client, b"+OK\r\n", 1);
    client.login(b"mrose", b"secret").unwrap();
    says(&mut client, b"USER mrose\r\n");
    let mut input = &b"-ERR never heard of mrose\r\n"[..];
    let refused = client.poll(&mut input).unwrap();
    assert!(matches!(
        refused,
        Some(Event::Completed { verb: Verb::User, status: Status::Err, .. })
    ));
    let kept = client.poll(&mut input).unwrap();
    assert!(matches!(
        kept,
        Some(Event::Completed {
            verb: Verb::Pass,
            status: Status::NotSent,
            value: Value::None,
            ..
        })
    ));
    assert!(client.outgoing().is_empty());
}
