//! The session by transcripts: what the client lets go, and what it makes of what the server says. One test a
//! rule, named after it.

use super::Capabilities;
use super::client::Client;
use super::command::{AppendOptions, CommandKind};
use super::config::{Config, Security};
use super::event::Event;
use super::mailbox::Mailbox;
use super::quirk::{Quirk, QuirkSet};
use super::response::Data;
use super::session::{Rules, State, Tag};
use crate::sasl::{self, Exposure, Mechanism};
use crate::{LocalError, RemoteError, Violation};

/// A client that talks to nobody but the test.
struct Talk {
    client: Client<'static>,
}

/// Over a channel that is private already.
fn private() -> Config {
    Config::lenient().with_security(Security::Private)
}

impl Talk {
    fn with(config: Config, scratch: usize, tx: usize) -> Self {
        let client = Client::new(vec![0; scratch].leak(), vec![0; tx].leak(), config);
        Self { client }
    }

    /// Greeted, and not logged in.
    fn greeted(config: Config, capabilities: &str) -> Self {
        let mut talk = Self::with(config, 512, 512);
        let greeting = format!("* OK [CAPABILITY {capabilities}] hi\r\n");
        assert_eq!(talk.hears(&greeting), ["greeting Ok"]);
        talk
    }

    /// Logged in.
    fn authenticated(capabilities: &str) -> Self {
        let mut talk = Self::with(private(), 512, 512);
        let greeting = format!("* PREAUTH [CAPABILITY {capabilities}] hi\r\n");
        assert_eq!(talk.hears(&greeting), ["greeting Preauth"]);
        talk
    }

    /// With a mailbox selected that holds 23 messages.
    fn selected(capabilities: &str) -> Self {
        let mut talk = Self::authenticated(capabilities);
        talk.queues("SELECT");
        assert_eq!(talk.says(), "AAA1 SELECT\r\n");
        assert_eq!(
            talk.hears("* 23 EXISTS\r\nAAA1 OK [READ-WRITE] done\r\n"),
            ["exists 23", "done 1 Select Ok"]
        );
        assert_eq!(talk.client.state(), State::Selected);
        talk
    }

    /// Queues a command of which the session need know no arguments.
    fn queue(&mut self, line: &str) -> Result<Tag, LocalError> {
        let (kind, rules) = match line.split(' ').next().unwrap() {
            "NOOP" => (CommandKind::Noop, Rules::ANY),
            "CAPABILITY" => (CommandKind::Capability, Rules::ANY),
            "ENABLE" => (CommandKind::Enable, Rules::AUTHENTICATED.alone()),
            "LIST" => (CommandKind::List, Rules::AUTHENTICATED),
            "SELECT" => (CommandKind::Select, Rules::AUTHENTICATED.alone()),
            "EXAMINE" => (CommandKind::Examine, Rules::AUTHENTICATED.alone()),
            "CLOSE" => (CommandKind::Close, Rules::SELECTED.alone()),
            "UNAUTHENTICATE" => (CommandKind::Unauthenticate, Rules::AUTHENTICATED.alone()),
            "FETCH" => (CommandKind::Fetch, Rules::SELECTED.by_number().keeps_numbers()),
            "STORE" => (CommandKind::Store, Rules::SELECTED.by_number().keeps_numbers()),
            "COPY" => (CommandKind::Copy, Rules::SELECTED.by_number()),
            "UID" => (CommandKind::Fetch, Rules::SELECTED),
            other => panic!("{other}"),
        };
        self.client.command(kind, rules, &mut |out| {
            out.raw(line.as_bytes());
            Ok(())
        })
    }

    #[track_caller]
    fn queues(&mut self, line: &str) -> u32 {
        self.queue(line).unwrap().0
    }

    /// Sends what may be sent, and returns it.
    fn says(&mut self) -> String {
        let octets = self.client.outgoing().to_vec();
        self.client.sent(octets.len());
        String::from_utf8(octets).unwrap()
    }

    /// Takes what the server says, and returns what came of it.
    #[track_caller]
    fn hears(&mut self, octets: &str) -> Vec<String> {
        self.takes(octets.as_bytes()).0.unwrap()
    }

    #[track_caller]
    fn fails(&mut self, octets: &str) -> Violation {
        let (result, _) = self.takes(octets.as_bytes());
        let error: RemoteError = result.unwrap_err();
        assert_eq!(self.client.state(), State::Closed);
        assert_eq!(self.client.outgoing(), b"", "nothing more is sent");
        assert_eq!(self.client.poll(&mut &b""[..]).unwrap_err(), error, "it stays so");
        assert_eq!(self.queue("NOOP"), Err(LocalError::Closed));
        error.violation
    }

    /// As `hears`, and how many octets were left.
    fn takes(&mut self, mut octets: &[u8]) -> (Result<Vec<String>, RemoteError>, usize) {
        let mut told = Vec::new();
        loop {
            match self.client.poll(&mut octets) {
                Ok(None) => return (Ok(told), octets.len()),
                Ok(Some(event)) => told.push(short(&event)),
                Err(error) => return (Err(error), octets.len()),
            }
        }
    }
}

fn text(octets: &[u8]) -> &str {
    std::str::from_utf8(octets).unwrap()
}

/// An event in a few words.
fn short(event: &Event<'_>) -> String {
    match event {
        Event::Greeting { greeting, .. } => format!("greeting {greeting:?}"),
        Event::Status { status, text: words, .. } => format!("status {status:?} {}", text(words)),
        Event::Bye { .. } => "bye".into(),
        Event::Completed { tag, kind, status, .. } => format!("done {} {kind:?} {status:?}", tag.0),
        Event::Challenge { challenge, .. } => format!("challenge {}", text(challenge)),
        Event::Idling { tag } => format!("idling {}", tag.0),
        Event::IdleDue { tag } => format!("due {}", tag.0),
        Event::Upload { tag, octets } => format!("upload {} {octets}", tag.0),
        Event::Continuation { .. } => "plus".into(),
        Event::Data(Data::Exists(n)) => format!("exists {n}"),
        Event::Data(Data::Expunge(n)) => format!("expunge {n}"),
        Event::Data(Data::FetchEnd(_) | Data::End(_) | Data::Item(_) | Data::Found(_)) => {
            "…".into()
        }
        Event::Data(Data::FetchStart(_)) => "fetch".into(),
        Event::Data(Data::Unrecognized(line)) => format!("raw {}", text(line)),
        Event::Data(_) => "data".into(),
        Event::Oversize { what, .. } => format!("oversize {what:?}"),
        Event::Quirk { quirk, .. } => format!("quirk {quirk:?}"),
    }
}

/// A mechanism that says what it is told to.
struct Fake {
    words: &'static [&'static [u8]],
    client_first: bool,
    exposure: Exposure,
    said: usize,
    complete: bool,
}

impl Fake {
    fn new(client_first: bool, words: &'static [&'static [u8]]) -> Self {
        Self { words, client_first, exposure: Exposure::Secret, said: 0, complete: true }
    }
}

impl Mechanism for Fake {
    fn name(&self) -> &str {
        "PLAIN"
    }
    fn exposure(&self) -> Exposure {
        self.exposure
    }
    fn client_first(&self) -> bool {
        self.client_first
    }
    fn respond(&mut self, _: &[u8], out: &mut [u8]) -> Result<usize, sasl::Error> {
        let words = self.words[self.said];
        let needed = words.len();
        out.get_mut(..needed).ok_or(sasl::Error::BufferTooSmall { needed })?.copy_from_slice(words);
        self.said += 1;
        Ok(needed)
    }
    fn is_complete(&self) -> bool {
        self.complete && self.said == self.words.len()
    }
}

// Tags (RFC 9051 §2.2.1, B1).

#[test]
fn a_tagged_reply_of_an_unknown_tag_is_fatal() {
    for reply in
        ["AAA2 OK x\r\n", "AAA10 OK x\r\n", "aaa1 OK x\r\n", "T1 OK x\r\n", "AAA01 OK x\r\n"]
    {
        let mut talk = Talk::authenticated("IMAP4rev1");
        talk.queues("NOOP");
        talk.says();
        assert_eq!(talk.fails(reply), Violation::UnknownTag, "{reply}");
    }
}

#[test]
fn a_second_reply_to_a_finished_command_is_fatal() {
    let mut talk = Talk::authenticated("IMAP4rev1");
    talk.queues("NOOP");
    talk.says();
    assert_eq!(talk.hears("AAA1 OK x\r\n"), ["done 1 Noop Ok"]);
    assert_eq!(talk.fails("AAA1 OK x\r\n"), Violation::UnknownTag);
}

#[test]
fn a_tagged_reply_before_the_command_left_is_fatal() {
    let mut talk = Talk::authenticated("IMAP4rev1");
    talk.queues("NOOP");
    assert_eq!(talk.fails("AAA1 OK x\r\n"), Violation::CompletionTooEarly);
    let mut talk = Talk::authenticated("IMAP4rev1");
    talk.queues("NOOP");
    talk.client.sent(10);
    assert_eq!(talk.fails("AAA1 BAD x\r\n"), Violation::CompletionTooEarly);
}

#[test]
fn another_seed_makes_other_tags() {
    let mut talk = Talk::with(private().with_tag_seed(1 + 2 * 26 + 3 * 676), 512, 512);
    talk.hears("* OK hi\r\n");
    talk.queues("NOOP");
    assert_eq!(talk.says(), "BCD1 NOOP\r\n");
    assert_eq!(talk.hears("BCD1 OK x\r\n"), ["done 1 Noop Ok"]);
}

#[test]
fn replies_may_come_in_another_order() {
    let mut talk = Talk::selected("IMAP4rev1");
    for line in ["UID FETCH 1 FLAGS", "LIST", "NOOP"] {
        talk.queues(line);
    }
    assert_eq!(talk.says(), "AAA2 UID FETCH 1 FLAGS\r\nAAA3 LIST\r\nAAA4 NOOP\r\n");
    assert_eq!(
        talk.hears("AAA4 OK x\r\nAAA2 NO x\r\nAAA3 BAD x\r\n"),
        ["done 4 Noop Ok", "done 2 Fetch No", "done 3 List Bad"]
    );
    assert!(talk.client.is_idle());
}

// The greeting (RFC 9051 §7.1).

#[test]
fn a_greeting_tells_the_state() {
    for (greeting, told, state) in [
        ("* OK hi\r\n", "greeting Ok", State::NotAuthenticated),
        ("* PREAUTH hi\r\n", "greeting Preauth", State::Authenticated),
        ("* BYE full\r\n", "greeting Bye", State::Closed),
    ] {
        let mut talk = Talk::with(private(), 512, 512);
        assert_eq!(talk.hears(greeting), [told]);
        assert_eq!(talk.client.state(), state);
        assert_eq!(talk.client.eof().is_ok(), state == State::Closed);
    }
}

#[test]
fn what_is_no_greeting_is_fatal() {
    for line in [
        "220 smtp.example ESMTP\r\n",
        "AAA1 OK hi\r\n",
        "* NO hi\r\n",
        "* BAD hi\r\n",
        "+ hi\r\n",
        "* 3 EXISTS\r\n",
        "HTTP/1.1 400 Bad Request\r\n",
    ] {
        let mut talk = Talk::with(private(), 512, 512);
        assert_eq!(talk.fails(line), Violation::BadGreeting, "{line}");
    }
}

#[test]
fn a_picture_before_the_greeting_is_forgiven() {
    let mut talk = Talk::with(private(), 512, 512);
    assert_eq!(
        talk.hears("  ___|\\\r\n* OK hi\r\n"),
        ["raw   ___|\\", "quirk Banner", "greeting Ok"]
    );
    let strict = Config { tolerate: QuirkSet::NONE, ..private() };
    let mut talk = Talk::with(strict, 512, 512);
    assert_eq!(talk.fails("  ___|\\\r\n"), Violation::Quirk(Quirk::Banner as u8));
}

#[test]
fn a_preauth_greeting_that_skips_starttls_is_fatal() {
    let mut talk = Talk::with(Config::lenient(), 512, 512);
    assert_eq!(talk.fails("* PREAUTH hi\r\n"), Violation::Preauth);
}

#[test]
fn no_command_goes_before_the_greeting() {
    let mut talk = Talk::with(private(), 512, 512);
    assert_eq!(talk.queue("NOOP"), Err(LocalError::WrongState));
}

// States (RFC 9051 §3).

#[test]
fn commands_are_refused_in_the_wrong_state() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
    for line in ["LIST", "SELECT", "FETCH 1 FLAGS", "CLOSE"] {
        assert_eq!(talk.queue(line), Err(LocalError::WrongState), "{line}");
    }
    let mut talk = Talk::authenticated("IMAP4rev1");
    assert_eq!(talk.queue("FETCH 1 FLAGS"), Err(LocalError::WrongState));
    assert_eq!(talk.client.login(b"a", b"b"), Err(LocalError::WrongState));
    assert_eq!(talk.client.starttls(), Err(LocalError::WrongState));
    assert_eq!(talk.client.outgoing(), b"");
}

#[test]
fn a_select_that_fails_leaves_no_mailbox_selected() {
    let mut talk = Talk::selected("IMAP4rev1");
    talk.queues("SELECT");
    talk.says();
    talk.hears("AAA2 NO there is none\r\n");
    assert_eq!(talk.client.state(), State::Authenticated);
    assert_eq!(talk.client.messages(), None);
}

#[test]
fn closing_forgets_the_mailbox() {
    let mut talk = Talk::selected("IMAP4rev1");
    talk.queues("CLOSE");
    talk.says();
    talk.hears("AAA2 OK x\r\n");
    assert_eq!(talk.client.state(), State::Authenticated);
    assert_eq!(talk.client.messages(), None);
}

#[test]
fn unauthenticate_forgets_all() {
    let mut talk = Talk::selected("IMAP4rev1");
    talk.queues("UNAUTHENTICATE");
    talk.says();
    talk.hears("AAA2 OK x\r\n");
    assert_eq!(talk.client.state(), State::NotAuthenticated);
    assert_eq!(talk.client.capabilities(), Capabilities::NONE);
}

// STARTTLS (RFC 9051 §6.2.1, §11.1, B8).

fn starttls() -> Talk {
    let mut talk =
        Talk::greeted(Config::lenient(), "IMAP4rev1 STARTTLS SASL-IR LITERAL+ AUTH=PLAIN");
    talk.client.starttls().unwrap();
    assert_eq!(talk.says(), "AAA1 STARTTLS\r\n");
    talk
}

#[test]
fn starttls_forgets_what_was_said_in_the_clear() {
    let mut talk = starttls();
    assert_eq!(talk.hears("AAA1 OK begin\r\n"), ["done 1 StartTls Ok"]);
    assert_eq!(talk.client.state(), State::Handshake);
    assert_eq!(talk.queue("NOOP"), Err(LocalError::WrongState));
    assert!(!talk.client.may_send_credentials());
    talk.client.tls_established().unwrap();
    assert!(talk.client.may_send_credentials());
    assert_eq!(talk.client.capabilities(), Capabilities::NONE);
    assert!(talk.client.mechanisms().is_empty());
    assert_eq!(talk.client.tls_established(), Err(LocalError::WrongState));
    // No LITERAL+ any more.
    talk.client.login("ä".as_bytes(), b"b").unwrap();
    assert_eq!(talk.says(), "AAA2 LOGIN {2}\r\n");
}

#[test]
fn octets_behind_the_answer_to_starttls_are_fatal() {
    let mut talk = starttls();
    let violation = talk.fails("AAA1 OK begin\r\nAAA2 OK injected\r\n");
    assert_eq!(violation, Violation::PlaintextAfterStartTls);
    let mut talk = starttls();
    talk.hears("AAA1 OK begin\r\n");
    assert_eq!(talk.fails("*"), Violation::PlaintextAfterStartTls);
    assert_eq!(talk.client.tls_established(), Err(LocalError::Closed));
}

#[test]
fn a_refusal_of_starttls_is_fatal_where_tls_is_required() {
    for reply in ["AAA1 NO x\r\n", "AAA1 BAD x\r\n", "+ go on with something\r\n"] {
        let mut talk = starttls();
        assert_eq!(talk.fails(reply), Violation::StartTlsRefused, "{reply}");
    }
    let config = Config::lenient().with_security(Security::DangerCleartext);
    let mut talk = Talk::greeted(config, "IMAP4rev1 STARTTLS");
    talk.client.starttls().unwrap();
    talk.says();
    assert_eq!(talk.hears("AAA1 NO x\r\n"), ["done 1 StartTls No"]);
    assert_eq!(talk.client.state(), State::NotAuthenticated);
}

#[test]
fn starttls_goes_alone() {
    let mut talk = Talk::greeted(Config::lenient(), "IMAP4rev1 STARTTLS");
    talk.queues("NOOP");
    talk.client.starttls().unwrap();
    assert_eq!(talk.queue("NOOP"), Err(LocalError::Busy));
    assert_eq!(talk.says(), "AAA1 NOOP\r\n");
    assert_eq!(talk.says(), "");
    talk.hears("AAA1 OK x\r\n");
    assert_eq!(talk.says(), "AAA2 STARTTLS\r\n");
}

#[test]
fn starttls_that_is_not_offered_is_not_asked_for() {
    let mut talk = Talk::greeted(Config::lenient(), "IMAP4rev1 AUTH=PLAIN");
    assert_eq!(talk.client.starttls(), Err(LocalError::NotOffered));
    let mut talk = Talk::greeted(private(), "IMAP4rev1 STARTTLS");
    assert_eq!(talk.client.starttls(), Err(LocalError::WrongState), "there is TLS already");
}

#[test]
fn an_answer_to_starttls_that_does_not_fit_ends_where_its_line_ends() {
    let long = "x".repeat(600);
    for cut in [10, 600, 609] {
        let mut talk = starttls();
        let reply = format!("AAA1 OK {long}\r\n");
        let (first, rest) = reply.split_at(cut);
        let mut told = talk.hears(first);
        assert_eq!(talk.client.tls_established(), Err(LocalError::WrongState));
        told.extend(talk.hears(rest));
        assert_eq!(told, ["done 1 StartTls Ok", "oversize Text"], "{cut}");
        assert_eq!(talk.client.tls_established(), Ok(()));
        let mut talk = starttls();
        assert_eq!(talk.fails(&(reply + "*")), Violation::PlaintextAfterStartTls);
    }
}

// Credentials (RFC 9051 §6.2.3, RFC 8314, B10).

#[test]
fn no_credentials_over_a_channel_that_is_not_private() {
    let mut talk = Talk::greeted(Config::lenient(), "IMAP4rev1 AUTH=PLAIN");
    assert_eq!(talk.client.login(b"a", b"b"), Err(LocalError::Insecure));
    let mut mechanism = Fake::new(true, &[b"x"]);
    assert_eq!(talk.client.authenticate(&mut mechanism), Err(LocalError::Insecure));
    assert_eq!(talk.client.outgoing(), b"");
    mechanism.exposure = Exposure::Nothing;
    assert!(talk.client.authenticate(&mut mechanism).is_ok());
    let config = Config::lenient().with_security(Security::DangerCleartext);
    assert!(Talk::greeted(config, "IMAP4rev1").client.login(b"a", b"b").is_ok());
}

#[test]
fn login_is_refused_where_it_is_disabled() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 LOGINDISABLED");
    assert_eq!(talk.client.login(b"a", b"b"), Err(LocalError::NotOffered));
}

#[test]
fn a_login_that_does_not_fit_leaves_nothing_behind() {
    let tx = Box::leak(Box::new([0; 20]));
    let mut client = Client::new(vec![0; 512].leak(), tx, private());
    assert!(client.poll(&mut &b"* OK hi\r\n"[..]).is_ok());
    let error = LocalError::BufferTooSmall { needed: 28 };
    assert_eq!(client.login(b"secret", b"tanstaaf"), Err(error));
    assert_eq!(client.outgoing(), b"");
    let secret = format!("{:?}", b"secr").replace(['[', ']'], "");
    assert!(!format!("{client:?}").contains(&secret));
}

#[test]
fn what_was_sent_is_wiped() {
    let mut memory = [0; 64];
    let mut client = Client::new(vec![0; 512].leak(), &mut memory, private());
    assert!(client.poll(&mut &b"* OK hi\r\n"[..]).is_ok());
    client.login(b"secret", b"tanstaaf").unwrap();
    client.sent(client.outgoing().len());
    assert_eq!(memory, [0; 64]);
}

#[test]
fn a_command_that_fails_leaves_no_secret() {
    let mut memory = [0; 16];
    let mut client = Client::new(vec![0; 512].leak(), &mut memory, private());
    assert!(client.poll(&mut &b"* OK hi\r\n"[..]).is_ok());
    assert!(client.login(b"secret", b"tanstaaf").is_err());
    assert!(client.authenticate(&mut Fake::new(true, &[b"x"])).is_err());
    assert_eq!(memory, [0; 16]);
}

/// A mechanism that gives up in the middle of its words.
struct Stammering;

impl Mechanism for Stammering {
    fn name(&self) -> &str {
        "PLAIN"
    }
    fn exposure(&self) -> Exposure {
        Exposure::Secret
    }
    fn client_first(&self) -> bool {
        false
    }
    fn respond(&mut self, _: &[u8], out: &mut [u8]) -> Result<usize, sasl::Error> {
        out.fill(b's');
        Err(sasl::Error::OutOfTurn)
    }
    fn is_complete(&self) -> bool {
        false
    }
}

#[test]
fn a_response_that_fails_leaves_no_secret() {
    let mut memory = [0; 64];
    let mut client = Client::new(vec![0; 512].leak(), &mut memory, private());
    assert!(client.poll(&mut &b"* OK hi\r\n"[..]).is_ok());
    client.authenticate(&mut Stammering).unwrap();
    client.sent(100);
    assert!(matches!(client.poll(&mut &b"+ \r\n"[..]), Ok(Some(Event::Challenge { .. }))));
    let error = LocalError::Sasl(sasl::Error::OutOfTurn);
    assert_eq!(client.respond(&mut Stammering), Err(error));
    assert_eq!(client.outgoing(), b"");
    assert_eq!(memory, [0; 64]);
}

// Capabilities (RFC 9051 §6.1.1, §6.2.2, B9).

#[test]
fn capabilities_are_dropped_by_a_login_that_does_not_tell_them() {
    for (replies, known) in [
        ("AAA1 OK done\r\n", false),
        ("AAA1 OK [CAPABILITY IMAP4rev1 IDLE] done\r\n", true),
        ("* CAPABILITY IMAP4rev1 IDLE\r\nAAA1 OK done\r\n", true),
        ("* OK [CAPABILITY IMAP4rev1 IDLE] here\r\nAAA1 OK done\r\n", true),
    ] {
        let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
        talk.client.login(b"a", b"b").unwrap();
        talk.says();
        talk.hears(replies);
        assert_eq!(talk.client.capabilities().contains(Capabilities::KNOWN), known, "{replies}");
        assert_eq!(talk.client.capabilities().contains(Capabilities::IDLE), known);
        assert!(talk.client.mechanisms().is_empty());
    }
}

#[test]
fn what_was_announced_before_login_is_no_announcement_during_it() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
    talk.queues("CAPABILITY");
    talk.client.login(b"a", b"b").unwrap();
    talk.says();
    talk.hears("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nAAA1 OK x\r\n");
    assert!(talk.client.capabilities().contains(Capabilities::KNOWN));
    talk.says();
    talk.hears("AAA2 OK x\r\n");
    assert!(!talk.client.capabilities().contains(Capabilities::KNOWN));
}

#[test]
fn a_capability_code_that_does_not_fit_tells_nothing() {
    let mut talk = Talk::with(private(), 64, 64);
    let names = (0..20).map(|n| format!(" X{n}")).collect::<String>();
    let greeting = format!("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED{names}] hi\r\n");
    let told = talk.hears(&greeting);
    assert_eq!(told[0], "greeting Ok");
    assert!(!talk.client.capabilities().contains(Capabilities::KNOWN), "{told:?}");
}

#[test]
fn a_text_that_does_not_fit_takes_nothing_from_a_code_that_does() {
    let mut talk = Talk::with(private(), 64, 64);
    let greeting = format!("* OK [CAPABILITY IMAP4rev1 IDLE] {}\r\n", "hello ".repeat(20));
    assert_eq!(talk.hears(&greeting)[0], "greeting Ok");
    let known = Capabilities::KNOWN.union(Capabilities::IDLE);
    assert!(talk.client.capabilities().contains(known));
    talk.hears(&format!("* OK [ALERT] {}\r\n", "hello ".repeat(20)));
    talk.hears(&format!("* NO {}\r\n", "[hello ".repeat(20)));
    assert!(talk.client.capabilities().contains(known));
}

#[test]
fn a_login_that_fails_changes_nothing() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
    talk.client.login(b"a", b"b").unwrap();
    talk.says();
    assert_eq!(talk.hears("AAA1 NO [AUTHENTICATIONFAILED] x\r\n"), ["done 1 Login No"]);
    assert_eq!(talk.client.state(), State::NotAuthenticated);
    assert!(talk.client.capabilities().contains(Capabilities::KNOWN));
}

// AUTHENTICATE (RFC 9051 §6.2.2, RFC 4959).

#[test]
fn an_initial_response_goes_with_the_command() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 SASL-IR AUTH=PLAIN");
    talk.client.authenticate(&mut Fake::new(true, &[b"\0a\0b"])).unwrap();
    assert_eq!(talk.says(), "AAA1 AUTHENTICATE PLAIN AGEAYg==\r\n");
    assert_eq!(talk.hears("AAA1 OK x\r\n"), ["done 1 Authenticate Ok"]);
    assert_eq!(talk.client.state(), State::Authenticated);
}

#[test]
fn an_empty_initial_response_is_an_equals_sign() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 SASL-IR AUTH=PLAIN");
    talk.client.authenticate(&mut Fake::new(true, &[b""])).unwrap();
    assert_eq!(talk.says(), "AAA1 AUTHENTICATE PLAIN =\r\n");
}

#[test]
fn without_sasl_ir_the_first_response_waits_for_the_server() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
    let mut mechanism = Fake::new(true, &[b"\0a\0b"]);
    talk.client.authenticate(&mut mechanism).unwrap();
    assert_eq!(talk.says(), "AAA1 AUTHENTICATE PLAIN\r\n");
    assert_eq!(talk.client.respond(&mut mechanism), Err(LocalError::WrongState));
    assert_eq!(talk.hears("+ \r\n"), ["challenge "]);
    talk.client.respond(&mut mechanism).unwrap();
    assert_eq!(talk.says(), "AGEAYg==\r\n");
    assert_eq!(talk.hears("AAA1 OK x\r\n"), ["done 1 Authenticate Ok"]);
}

#[test]
fn a_challenge_is_decoded_however_it_is_cut() {
    let line = "+ Zm9vYmFy\r\n";
    for cut in 0..=line.len() {
        let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
        let mut mechanism = Fake::new(false, &[b"", b"x"]);
        talk.client.authenticate(&mut mechanism).unwrap();
        talk.says();
        let before = talk.client.received();
        let mut told = talk.hears(&line[..cut]);
        told.extend(talk.hears(&line[cut..]));
        assert_eq!(told, ["challenge foobar"], "{cut}");
        talk.client.respond(&mut mechanism).unwrap();
        assert_eq!(talk.says(), "\r\n", "an empty response is an empty line");
        assert_eq!(talk.client.received(), before + line.len() as u64);
    }
}

#[test]
fn untagged_responses_may_come_between_challenges() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
    let mut mechanism = Fake::new(false, &[b"x"]);
    talk.client.authenticate(&mut mechanism).unwrap();
    talk.says();
    assert_eq!(talk.hears("* OK wait\r\n+ Zm9v\r\n"), ["status Ok wait", "challenge foo"]);
    talk.client.respond(&mut mechanism).unwrap();
    talk.says();
    assert_eq!(
        talk.hears("* OK wait\r\nAAA1 OK x\r\n"),
        ["status Ok wait", "done 1 Authenticate Ok"]
    );
}

#[test]
fn success_is_not_believed_before_the_mechanism_is_complete() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
    talk.client.authenticate(&mut Fake::new(true, &[b"x", b"y"])).unwrap();
    talk.says();
    assert_eq!(talk.fails("AAA1 OK x\r\n"), Violation::ServerNotAuthenticated);
}

#[test]
fn success_before_the_response_left_is_fatal() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
    let mut mechanism = Fake::new(true, &[b"x"]);
    talk.client.authenticate(&mut mechanism).unwrap();
    talk.says();
    talk.hears("+ \r\n");
    talk.client.respond(&mut mechanism).unwrap();
    assert_eq!(talk.fails("AAA1 OK x\r\n"), Violation::CompletionTooEarly);
}

#[test]
fn an_error_challenge_is_answered_and_then_refused() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 SASL-IR AUTH=PLAIN");
    let mut mechanism = Fake::new(true, &[b"token", b""]);
    talk.client.authenticate(&mut mechanism).unwrap();
    talk.says();
    assert_eq!(talk.hears("+ eyJzdGF0dXMiOiI0MDAifQ==\r\n"), ["challenge {\"status\":\"400\"}"]);
    talk.client.respond(&mut mechanism).unwrap();
    assert_eq!(talk.says(), "\r\n");
    assert_eq!(talk.hears("AAA1 NO x\r\n"), ["done 1 Authenticate No"]);
    assert_eq!(talk.client.state(), State::NotAuthenticated);
}

#[test]
fn an_exchange_can_be_cancelled() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
    let mut mechanism = Fake::new(true, &[b"x"]);
    talk.client.authenticate(&mut mechanism).unwrap();
    talk.says();
    assert_eq!(talk.client.cancel(), Err(LocalError::WrongState));
    talk.hears("+ \r\n");
    talk.client.cancel().unwrap();
    assert_eq!(talk.client.cancel(), Err(LocalError::WrongState));
    assert_eq!(talk.says(), "*\r\n");
    assert_eq!(talk.hears("AAA1 BAD cancelled\r\n"), ["done 1 Authenticate Bad"]);
}

#[test]
fn a_challenge_that_is_not_base64_can_only_be_cancelled() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
    let mut mechanism = Fake::new(true, &[b"x"]);
    talk.client.authenticate(&mut mechanism).unwrap();
    talk.says();
    assert_eq!(talk.hears("+ !!!notbase64\r\n"), ["challenge ", "quirk ChallengeNotBase64"]);
    let refused = LocalError::Sasl(sasl::Error::MalformedChallenge);
    assert_eq!(talk.client.respond(&mut mechanism), Err(refused));
    talk.client.cancel().unwrap();
    assert_eq!(talk.says(), "*\r\n");
}

#[test]
fn a_challenge_that_does_not_fit_can_only_be_cancelled() {
    let mut talk = Talk::with(private(), 64, 64);
    talk.hears("* OK hi\r\n");
    let mut mechanism = Fake::new(true, &[b"x"]);
    talk.client.authenticate(&mut mechanism).unwrap();
    talk.says();
    let challenge = format!("+ {}\r\n", "QUFB".repeat(50));
    assert_eq!(talk.hears(&challenge), ["challenge ", "oversize Text"]);
    assert!(matches!(talk.client.respond(&mut mechanism), Err(LocalError::Sasl(_))));
    talk.client.cancel().unwrap();
}

#[test]
fn a_plus_without_a_space_is_forgiven() {
    for (line, told, quirk) in [
        ("+Zm9v\r\n", "challenge foo", "quirk MissingSpace"),
        ("+\r\n", "challenge ", "quirk MissingText"),
    ] {
        let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
        talk.client.authenticate(&mut Fake::new(true, &[b"x"])).unwrap();
        talk.says();
        assert_eq!(talk.hears(line), [told, quirk]);
    }
}

#[test]
fn an_initial_response_that_can_never_fit_leaves_the_mechanism_as_it_was() {
    static LONG: [u8; 900] = [b'x'; 900];
    static WORDS: [&[u8]; 1] = [&LONG];
    let mut talk = Talk::greeted(private(), "IMAP4rev1 SASL-IR AUTH=PLAIN");
    let mut mechanism = Fake::new(true, &WORDS);
    let needed = "AAA1 AUTHENTICATE PLAIN ".len() + 1200 + 2;
    let error = LocalError::BufferTooSmall { needed };
    assert_eq!(talk.client.authenticate(&mut mechanism), Err(error));
    assert_eq!(mechanism.said, 0);
    assert!(talk.client.is_idle());
}

#[test]
fn a_mechanism_that_is_not_offered_is_not_tried() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=XOAUTH2");
    let mut mechanism = Fake::new(true, &[b"x"]);
    assert_eq!(talk.client.authenticate(&mut mechanism), Err(LocalError::NotOffered));
}

// Literals (RFC 9051 §4.3, §7.6, RFC 7888, B2, B5).

#[test]
fn nothing_goes_beyond_a_synchronizing_literal_before_its_plus() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
    talk.client.login("ä".as_bytes(), "ö".as_bytes()).unwrap();
    assert_eq!(talk.says(), "AAA1 LOGIN {2}\r\n");
    assert_eq!(talk.says(), "");
    assert_eq!(talk.hears("* OK no answer\r\n"), ["status Ok no answer"]);
    assert_eq!(talk.says(), "");
    assert_eq!(talk.hears("+ go\r\n"), ["plus"]);
    assert_eq!(talk.says(), "ä {2}\r\n");
    assert_eq!(talk.hears("+ go\r\n"), ["plus"]);
    assert_eq!(talk.says(), "ö\r\n");
    assert_eq!(talk.hears("AAA1 OK x\r\n"), ["done 1 Login Ok"]);
}

#[test]
fn a_refusal_instead_of_a_plus_withdraws_the_rest_of_the_command_and_no_other() {
    let mut talk = Talk::authenticated("IMAP4rev1");
    let literal = "ä".as_bytes();
    for _ in 0..2 {
        let create = talk.client.command(CommandKind::Create, Rules::AUTHENTICATED, &mut |out| {
            out.raw(b"CREATE ");
            out.astring(literal)
        });
        create.unwrap();
    }
    talk.queues("NOOP");
    assert_eq!(talk.says(), "AAA1 CREATE {2}\r\n");
    assert_eq!(talk.hears("AAA1 NO x\r\n"), ["done 1 Create No"]);
    assert_eq!(talk.says(), "AAA2 CREATE {2}\r\n");
    assert_eq!(talk.hears("+ go\r\n"), ["plus"]);
    assert_eq!(talk.says(), "ä\r\nAAA3 NOOP\r\n");
}

#[test]
fn success_instead_of_a_plus_is_fatal() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
    talk.client.login("ä".as_bytes(), b"x").unwrap();
    talk.says();
    assert_eq!(talk.fails("AAA1 OK x\r\n"), Violation::CompletionTooEarly);
}

#[test]
fn literals_do_not_wait_where_the_server_takes_them_unasked() {
    for (capabilities, octets, head) in [
        ("IMAP4rev1 LITERAL+", 5000, "AAA1 APPEND INBOX {5000+}\r\n"),
        ("IMAP4rev1 LITERAL-", 4096, "AAA1 APPEND INBOX {4096+}\r\n"),
        ("IMAP4rev1 LITERAL-", 4097, "AAA1 APPEND INBOX {4097}\r\n"),
        ("IMAP4rev2", 10, "AAA1 APPEND INBOX {10+}\r\n"),
        ("IMAP4rev1", 10, "AAA1 APPEND INBOX {10}\r\n"),
        // RFC 7889: what is too large is refused before it is sent.
        ("IMAP4rev1 LITERAL+ APPENDLIMIT=10", 10, "AAA1 APPEND INBOX {10+}\r\n"),
        ("IMAP4rev1 LITERAL+ APPENDLIMIT=10", 11, "AAA1 APPEND INBOX {11}\r\n"),
        ("IMAP4rev1 LITERAL+ APPENDLIMIT", 11, "AAA1 APPEND INBOX {11+}\r\n"),
    ] {
        let mut talk = Talk::authenticated(capabilities);
        talk.client.append(Mailbox::Name("INBOX"), &AppendOptions::default(), octets).unwrap();
        assert_eq!(talk.says(), head);
        let at_once = talk.hears("") == [format!("upload 1 {octets}")];
        assert_eq!(at_once, head.contains('+'), "{capabilities} {octets}");
    }
}

#[test]
fn a_plus_that_nobody_awaits_is_told_and_ignored() {
    let mut talk = Talk::authenticated("IMAP4rev1");
    talk.queues("NOOP");
    talk.says();
    assert_eq!(talk.hears("+ [ALERT] go\r\n"), ["plus", "quirk UnexpectedContinuation"]);
    assert_eq!(talk.hears("AAA1 OK x\r\n"), ["done 1 Noop Ok"]);
}

// Pipelining (RFC 9051 §5.5, B6).

#[test]
fn message_numbers_wait_for_what_may_change_them() {
    let mut talk = Talk::selected("IMAP4rev1");
    for line in ["FETCH 1 FLAGS", "STORE 1 FLAGS ()", "NOOP", "STORE 2 FLAGS ()", "NOOP"] {
        talk.queues(line);
    }
    assert_eq!(talk.says(), "AAA2 FETCH 1 FLAGS\r\nAAA3 STORE 1 FLAGS ()\r\nAAA4 NOOP\r\n");
    talk.hears("AAA2 OK x\r\nAAA3 OK x\r\n");
    assert_eq!(talk.says(), "", "NOOP is not complete");
    talk.hears("AAA4 OK x\r\n");
    assert_eq!(talk.says(), "AAA5 STORE 2 FLAGS ()\r\nAAA6 NOOP\r\n");
}

#[test]
fn a_copy_by_number_waits_and_makes_wait() {
    let mut talk = Talk::selected("IMAP4rev1");
    for line in ["UID FETCH 1 FLAGS", "COPY 1 x", "COPY 2 x"] {
        talk.queues(line);
    }
    assert_eq!(talk.says(), "AAA2 UID FETCH 1 FLAGS\r\n");
    talk.hears("AAA2 OK x\r\n");
    assert_eq!(talk.says(), "AAA3 COPY 1 x\r\n");
}

#[test]
fn uids_need_not_wait() {
    let mut talk = Talk::selected("IMAP4rev1");
    for line in ["NOOP", "UID FETCH 1 FLAGS", "UID FETCH 2 FLAGS"] {
        talk.queues(line);
    }
    assert_eq!(talk.says(), "AAA2 NOOP\r\nAAA3 UID FETCH 1 FLAGS\r\nAAA4 UID FETCH 2 FLAGS\r\n");
}

#[test]
fn select_goes_alone() {
    let mut talk = Talk::selected("IMAP4rev1");
    talk.queues("FETCH 1 FLAGS");
    talk.queues("SELECT");
    assert_eq!(talk.queue("UID FETCH 1 FLAGS"), Err(LocalError::Busy));
    assert_eq!(talk.says(), "AAA2 FETCH 1 FLAGS\r\n");
    talk.hears("AAA2 OK x\r\n");
    assert_eq!(talk.says(), "AAA3 SELECT\r\n");
}

#[test]
fn without_pipelining_one_command_goes_at_a_time() {
    let mut talk = Talk::with(Config { pipelining: false, ..private() }, 512, 512);
    talk.hears("* PREAUTH hi\r\n");
    talk.queues("NOOP");
    talk.queues("LIST");
    assert_eq!(talk.says(), "AAA1 NOOP\r\n");
    assert_eq!(talk.says(), "");
    talk.hears("AAA1 OK x\r\n");
    assert_eq!(talk.says(), "AAA2 LIST\r\n");
}

#[test]
fn a_full_window_is_told() {
    let mut talk = Talk::authenticated("IMAP4rev1");
    for _ in 0..8 {
        talk.queues("NOOP");
    }
    assert_eq!(talk.queue("NOOP"), Err(LocalError::Full));
    talk.says();
    talk.hears("AAA5 OK x\r\n");
    assert_eq!(talk.queue("NOOP"), Ok(Tag(9)));
}

#[test]
fn a_command_that_does_not_fit_changes_nothing() {
    let mut talk = Talk::with(private(), 512, 24);
    talk.hears("* PREAUTH hi\r\n");
    talk.queues("NOOP");
    assert_eq!(talk.queue("LIST 12345678"), Err(LocalError::Full));
    let long = format!("LIST {}", "x".repeat(100));
    assert_eq!(talk.queue(&long), Err(LocalError::BufferTooSmall { needed: 112 }));
    assert_eq!(talk.says(), "AAA1 NOOP\r\n");
    assert_eq!(talk.queue("LIST 12345678"), Ok(Tag(2)));
    assert_eq!(talk.says(), "AAA2 LIST 12345678\r\n");
}

// IDLE (RFC 9051 §6.3.13, B7).

fn idle() -> Talk {
    let mut talk = Talk::selected("IMAP4rev1 IDLE");
    talk.client.idle().unwrap();
    assert_eq!(talk.says(), "AAA2 IDLE\r\n");
    talk
}

#[test]
fn idle_begins_with_the_plus_and_ends_with_done() {
    let mut talk = idle();
    assert_eq!(talk.client.done(), Err(LocalError::WrongState), "not before the plus");
    assert_eq!(talk.hears("* 24 EXISTS\r\n"), ["exists 24"]);
    assert_eq!(talk.hears("+ idling\r\n* 25 EXISTS\r\n"), ["idling 2", "exists 25"]);
    assert_eq!(talk.queue("NOOP"), Err(LocalError::Busy));
    talk.client.done().unwrap();
    assert_eq!(talk.client.done(), Err(LocalError::WrongState));
    assert_eq!(talk.queue("NOOP"), Err(LocalError::Busy), "only after the reply");
    assert_eq!(talk.says(), "DONE\r\n");
    assert_eq!(talk.hears("* 24 EXISTS\r\nAAA2 OK x\r\n").last().unwrap(), "done 2 Idle Ok");
    talk.queues("NOOP");
    assert_eq!(talk.says(), "AAA3 NOOP\r\n");
}

#[test]
fn an_idle_that_is_refused_needs_no_done() {
    let mut talk = idle();
    assert_eq!(talk.hears("AAA2 BAD what?\r\n"), ["done 2 Idle Bad"]);
    assert_eq!(talk.client.done(), Err(LocalError::WrongState));
    assert_eq!(talk.says(), "");
}

#[test]
fn an_idle_that_the_server_ends_needs_no_done() {
    let mut talk = idle();
    talk.hears("+ idling\r\n");
    assert_eq!(talk.hears("AAA2 OK enough\r\n"), ["done 2 Idle Ok"]);
    assert_eq!(talk.client.done(), Err(LocalError::WrongState));
    let mut talk = idle();
    talk.hears("+ idling\r\n");
    talk.client.done().unwrap();
    talk.hears("AAA2 OK enough\r\n");
    assert_eq!(talk.says(), "", "a DONE that has not left is withdrawn");
    let mut talk = idle();
    talk.hears("+ idling\r\n");
    talk.client.done().unwrap();
    talk.client.sent(2);
    talk.hears("AAA2 OK enough\r\n");
    talk.queues("NOOP");
    assert_eq!(talk.says(), "NE\r\nAAA3 NOOP\r\n", "one that has begun to leave is ended");
}

#[test]
fn an_idle_that_lasts_too_long_is_told_once() {
    let mut talk = idle();
    talk.client.tick(1000).unwrap();
    talk.hears("+ idling\r\n");
    talk.client.tick(2000).unwrap();
    let due = 2000 + 29 * 60_000;
    assert_eq!(talk.client.deadline(), Some(due));
    talk.client.tick(due - 1).unwrap();
    assert_eq!(talk.hears(""), [""; 0]);
    talk.client.tick(due).unwrap();
    assert_eq!(talk.hears(""), ["due 2"]);
    talk.client.tick(due + 1).unwrap();
    assert_eq!(talk.hears(""), [""; 0]);
    assert_eq!(talk.client.deadline(), None);
    talk.client.done().unwrap();
    talk.says();
    talk.client.tick(due + 2).unwrap();
    assert_eq!(talk.client.deadline(), Some(due + 2 + 60_000));
}

#[test]
fn a_server_that_never_begins_idle_is_timed_out() {
    let mut talk = idle();
    for now in [0, 20_000, 40_000] {
        talk.client.tick(now).unwrap();
        talk.hears("* OK Still here\r\n");
    }
    assert_eq!(talk.client.tick(60_000).unwrap_err().violation, Violation::Timeout);
}

#[test]
fn idle_that_is_not_offered_is_not_tried() {
    assert_eq!(Talk::selected("IMAP4rev1").client.idle(), Err(LocalError::NotOffered));
}

// APPEND (RFC 9051 §6.3.12, RFC 3502, RFC 9755 §4).

fn append(capabilities: &str, octets: u64) -> Talk {
    let mut talk = Talk::authenticated(capabilities);
    talk.client.append(Mailbox::Name("INBOX"), &AppendOptions::default(), octets).unwrap();
    talk
}

#[test]
fn a_message_is_uploaded_in_pieces_after_the_plus() {
    let mut talk = append("IMAP4rev1", 10);
    assert_eq!(talk.says(), "AAA1 APPEND INBOX {10}\r\n");
    assert_eq!(talk.client.upload(b"x"), Err(LocalError::WrongState));
    assert_eq!(talk.client.append_end(), Err(LocalError::WrongState));
    assert_eq!(talk.hears("+ go\r\n"), ["upload 1 10"]);
    assert_eq!(talk.client.upload(b"0123"), Ok(4));
    assert_eq!(talk.says(), "0123");
    assert_eq!(talk.client.append_end(), Err(LocalError::TooLittleData { left: 6 }));
    assert_eq!(talk.client.upload(b"4567890"), Err(LocalError::TooMuchData { left: 6 }));
    assert_eq!(talk.queue("NOOP"), Err(LocalError::Busy));
    assert_eq!(talk.client.upload(b"456789"), Ok(6));
    talk.client.append_end().unwrap();
    talk.queues("NOOP");
    assert_eq!(talk.says(), "456789\r\nAAA2 NOOP\r\n");
    assert_eq!(talk.hears("AAA1 OK x\r\n"), ["done 1 Append Ok"]);
    assert_eq!(talk.client.upload(b"x"), Err(LocalError::WrongState));
}

#[test]
fn a_large_message_goes_through_a_small_buffer() {
    let mut talk = append("IMAP4rev1 LITERAL+", 5_000_000);
    talk.says();
    let message: Vec<u8> = (0..=255).cycle().take(5_000_000).collect();
    let (mut left, mut sent) = (&message[..], 0_usize);
    while !left.is_empty() {
        let taken = talk.client.upload(left).unwrap();
        assert!(taken > 0);
        left = &left[taken..];
        let wire = talk.client.outgoing();
        assert_eq!(wire, &message[sent..sent + taken]);
        sent += wire.len();
        talk.client.sent(taken);
        assert!(talk.hears("").is_empty());
    }
    talk.client.append_end().unwrap();
    assert_eq!(talk.says(), "\r\n");
    assert_eq!(talk.hears("AAA1 OK x\r\n"), ["done 1 Append Ok"]);
}

#[test]
fn an_append_that_is_refused_sends_no_message() {
    let mut talk = append("IMAP4rev1", 10);
    talk.says();
    assert_eq!(talk.hears("AAA1 NO [TRYCREATE] no such mailbox\r\n"), ["done 1 Append No"]);
    assert_eq!(talk.client.upload(b"x"), Err(LocalError::WrongState));
    talk.queues("NOOP");
    assert_eq!(talk.says(), "AAA2 NOOP\r\n");
}

/// RFC 7888 §4: a server may refuse before it has taken a literal that does not wait; it discards the rest.
#[test]
fn a_refusal_in_the_middle_of_a_literal_that_does_not_wait_is_an_answer() {
    // Greeted, LITERAL+.
    let login = || {
        let mut talk = Talk::greeted(private(), "IMAP4rev1 LITERAL+");
        talk.client.login(b"a\r\nb", b"secret").unwrap();
        assert_eq!(talk.client.outgoing(), b"AAA1 LOGIN {4+}\r\na\r\nb secret\r\n");
        talk
    };
    for sent in 17..29 {
        let mut talk = login();
        talk.client.sent(sent);
        assert_eq!(talk.hears("AAA1 NO x\r\n"), ["done 1 Login No"], "{sent}");
        talk.queues("NOOP");
        let rest = &"AAA1 LOGIN {4+}\r\na\r\nb secret\r\n"[sent..];
        assert_eq!(talk.says(), format!("{rest}AAA2 NOOP\r\n"));
        assert_eq!(talk.hears("AAA2 OK x\r\n"), ["done 2 Noop Ok"]);
        let mut talk = login();
        talk.client.sent(sent);
        assert_eq!(talk.fails("AAA1 OK x\r\n"), Violation::CompletionTooEarly, "{sent}");
    }
    for sent in 0..17 {
        let mut talk = login();
        talk.client.sent(sent);
        assert_eq!(talk.fails("AAA1 NO x\r\n"), Violation::CompletionTooEarly, "{sent}");
    }
}

#[test]
fn octets_that_a_server_was_promised_are_made_up() {
    // The server refuses, but it counts on ten octets and the end of the line.
    let mut talk = append("IMAP4rev1 LITERAL+", 10);
    talk.says();
    assert_eq!(talk.client.upload(b"012"), Ok(3));
    talk.client.sent(1);
    assert_eq!(talk.hears("AAA1 NO [OVERQUOTA] x\r\n"), ["done 1 Append No"]);
    assert_eq!(talk.client.upload(b"x"), Err(LocalError::WrongState));
    talk.queues("NOOP");
    assert_eq!(talk.says(), "12       \r\nAAA2 NOOP\r\n");
    assert_eq!(talk.hears("AAA2 OK x\r\n"), ["done 2 Noop Ok"]);
}

#[test]
fn a_message_that_is_refused_while_its_end_is_leaving_is_ended() {
    let mut talk = append("IMAP4rev1 LITERAL+", 3);
    talk.says();
    talk.client.upload(b"012").unwrap();
    talk.client.append_end().unwrap();
    talk.client.sent(1);
    assert_eq!(talk.hears("AAA1 NO [OVERQUOTA] x\r\n"), ["done 1 Append No"]);
    talk.queues("NOOP");
    assert_eq!(talk.says(), "12\r\nAAA2 NOOP\r\n");
}

#[test]
fn many_octets_are_made_up_through_a_small_buffer() {
    let mut talk = append("IMAP4rev1", 3000);
    talk.says();
    talk.hears("+ go\r\nAAA1 NO x\r\n");
    assert_eq!(talk.queue("NOOP"), Err(LocalError::Full));
    let mut wire = String::new();
    while !talk.client.outgoing().is_empty() {
        wire += &talk.says();
    }
    assert_eq!(wire, " ".repeat(3000) + "\r\n");
    talk.queues("NOOP");
    assert_eq!(talk.says(), "AAA2 NOOP\r\n");
}

#[test]
fn a_literal_name_before_a_message_that_need_not_wait() {
    let name = "x".repeat(5000);
    let mut talk = Talk::with(private(), 512, 8000);
    talk.hears("* PREAUTH [CAPABILITY IMAP4rev1 LITERAL-] hi\r\n");
    talk.client.append(Mailbox::Name(&name), &AppendOptions::default(), 1).unwrap();
    assert_eq!(talk.says(), "AAA1 APPEND {5000}\r\n");
    assert_eq!(talk.client.upload(b"a"), Err(LocalError::WrongState));
    assert_eq!(talk.hears("+ go\r\n"), ["plus", "upload 1 1"]);
    assert_eq!(talk.client.upload(b"a"), Ok(1));
    talk.client.append_end().unwrap();
    assert_eq!(talk.says(), name + " {1+}\r\na\r\n");
}

#[test]
fn success_in_the_middle_of_a_message_is_fatal() {
    let mut talk = append("IMAP4rev1", 10);
    talk.says();
    talk.hears("+ go\r\n");
    assert_eq!(talk.fails("AAA1 OK x\r\n"), Violation::CompletionTooEarly);
}

#[test]
fn several_messages_go_in_one_append() {
    let mut talk = append("IMAP4rev1 MULTIAPPEND", 1);
    talk.says();
    talk.hears("+ go\r\n");
    let options = AppendOptions::default();
    assert_eq!(talk.client.append_next(&options, 2), Err(LocalError::TooLittleData { left: 1 }));
    talk.client.upload(b"a").unwrap();
    talk.client.append_next(&options, 2).unwrap();
    assert_eq!(talk.says(), "a {2}\r\n");
    assert_eq!(talk.client.upload(b"b"), Err(LocalError::WrongState));
    assert_eq!(talk.hears("+ go\r\n"), ["upload 1 2"]);
    talk.client.upload(b"bc").unwrap();
    talk.client.append_end().unwrap();
    assert_eq!(talk.says(), "bc\r\n");
    assert_eq!(talk.hears("AAA1 OK x\r\n"), ["done 1 Append Ok"]);
    let mut talk = append("IMAP4rev1", 0);
    talk.says();
    talk.hears("+ go\r\n");
    assert_eq!(talk.client.append_next(&options, 2), Err(LocalError::NotOffered));
}

#[test]
fn a_message_with_utf8_headers_is_wrapped() {
    let mut talk = Talk::authenticated("IMAP4rev1 ENABLE UTF8=ACCEPT");
    let options = AppendOptions { utf8: true, ..AppendOptions::default() };
    let refused = talk.client.append(Mailbox::Name("INBOX"), &options, 1);
    assert_eq!(refused, Err(LocalError::WrongState));
    talk.queues("ENABLE UTF8=ACCEPT");
    talk.says();
    talk.hears("* ENABLED UTF8=ACCEPT\r\nAAA1 OK x\r\n");
    talk.client.append(Mailbox::Name("INBOX"), &options, 1).unwrap();
    assert_eq!(talk.says(), "AAA2 APPEND INBOX UTF8 (~{1}\r\n");
    talk.hears("+ go\r\n");
    talk.client.upload(b"a").unwrap();
    talk.client.append_end().unwrap();
    assert_eq!(talk.says(), "a)\r\n");
}

#[test]
fn faces_can_show_tags_and_names() {
    let mut talk = Talk::with(private().with_tag_seed(27), 512, 512);
    talk.hears("* PREAUTH [CAPABILITY IMAP4rev1 ENABLE UTF8=ACCEPT] hi\r\n");
    let prefix = core::str::from_utf8(talk.client.tag_prefix()).unwrap().to_owned();
    let number = talk.queues("ENABLE UTF8=ACCEPT");
    assert_eq!(talk.says(), format!("{prefix}{number} ENABLE UTF8=ACCEPT\r\n"));
    assert!(!talk.client.is_utf8());
    talk.hears(&format!("* ENABLED UTF8=ACCEPT\r\n{prefix}{number} OK x\r\n"));
    assert!(talk.client.is_utf8());
}

// The selected mailbox (RFC 9051 §7.4, §7.5, B11–B14).

#[test]
fn the_mailbox_is_what_its_responses_say() {
    let mut talk = Talk::authenticated("IMAP4rev1 CONDSTORE");
    talk.queues("EXAMINE");
    talk.says();
    talk.hears(
        "* 172 EXISTS\r\n* 1 RECENT\r\n* OK [UIDVALIDITY 3857529045] x\r\n* OK [UIDNEXT 4392] x\r\n\
         * OK [HIGHESTMODSEQ 715194045007] x\r\nAAA1 OK done\r\n",
    );
    let client = &talk.client;
    assert_eq!((client.messages(), client.recent()), (Some(172), Some(1)));
    assert_eq!((client.uid_validity(), client.uid_next()), (Some(3_857_529_045), Some(4392)));
    assert_eq!(client.highest_mod_seq(), Some(715_194_045_007));
    assert!(client.is_read_only(), "EXAMINE selects read-only");
    talk.hears("* 172 EXPUNGE\r\n* OK [UIDNEXT 4391] x\r\n");
    assert_eq!((talk.client.messages(), talk.client.uid_next()), (Some(171), Some(4391)));
}

#[test]
fn read_only_is_told() {
    let mut talk = Talk::selected("IMAP4rev1");
    assert!(!talk.client.is_read_only());
    talk.hears("* OK [READ-ONLY] x\r\n");
    assert!(talk.client.is_read_only());
    talk.hears("* OK [READ-WRITE] x\r\n");
    assert!(!talk.client.is_read_only());
}

#[test]
fn numbers_that_cannot_be_are_told_and_not_believed() {
    let mut talk = Talk::selected("IMAP4rev1");
    assert_eq!(talk.hears("* 24 EXPUNGE\r\n"), ["expunge 24", "quirk BadMessageNumber"]);
    assert_eq!(talk.client.messages(), Some(23));
    assert_eq!(talk.hears("* 22 EXISTS\r\n"), ["exists 22", "quirk ExistsShrank"]);
    assert_eq!(talk.client.messages(), Some(22));
    let told = talk.hears("* 23 FETCH (FLAGS ())\r\n");
    assert_eq!((&*told[0], &*told[1]), ("fetch", "quirk BadMessageNumber"));
    let mut talk = Talk::with(Config { tolerate: QuirkSet::NONE, ..private() }, 512, 512);
    talk.hears("* PREAUTH hi\r\n");
    talk.queues("SELECT");
    talk.says();
    talk.hears("* 23 EXISTS\r\nAAA1 OK x\r\n");
    let violation = talk.fails("* 24 EXPUNGE\r\n");
    assert_eq!(violation, Violation::Quirk(Quirk::BadMessageNumber as u8));
}

#[test]
fn expunge_during_a_command_that_keeps_numbers_is_told() {
    let mut talk = Talk::selected("IMAP4rev1");
    talk.queues("FETCH 1 FLAGS");
    talk.says();
    assert_eq!(talk.hears("* 4 EXPUNGE\r\n"), ["expunge 4", "quirk UnexpectedExpunge"]);
    assert_eq!(talk.client.messages(), Some(22), "it is gone all the same");
    talk.hears("AAA2 OK x\r\n");
    talk.queues("UID FETCH 1 FLAGS");
    talk.says();
    assert_eq!(talk.hears("* 4 EXPUNGE\r\n"), ["expunge 4"]);
}

#[test]
fn vanished_takes_as_many_as_it_names() {
    let mut talk = Talk::selected("IMAP4rev1 QRESYNC");
    talk.hears("* VANISHED 100:102,110\r\n");
    assert_eq!(talk.client.messages(), Some(19));
    talk.hears("* VANISHED (EARLIER) 1:90\r\n");
    assert_eq!(talk.client.messages(), Some(19));
}

#[test]
fn closed_parts_the_old_mailbox_from_the_new() {
    let mut talk = Talk::selected("IMAP4rev1 QRESYNC");
    talk.queues("SELECT");
    talk.says();
    assert_eq!(talk.client.messages(), None);
    talk.hears("* 24 EXISTS\r\n* OK [CLOSED] x\r\n");
    assert_eq!(talk.client.messages(), None, "that was the old one");
    talk.hears("* 3 EXISTS\r\nAAA2 OK x\r\n");
    assert_eq!(talk.client.messages(), Some(3));
}

#[test]
fn what_crossed_a_select_is_compared_with_nothing() {
    let mut talk = Talk::selected("IMAP4rev1");
    talk.queues("SELECT");
    talk.says();
    assert_eq!(talk.hears("* 24 EXISTS\r\n* 5 EXISTS\r\n"), ["exists 24", "exists 5"]);
    assert_eq!(talk.client.messages(), Some(5));
}

/// EAST, untagged responses before login (RFC 9051 §3.1, §11.3; PROTOCOL B18).
const BEFORE_LOGIN: &[&str] = &[
    "* LIST () \"/\" \"Click me!\"\r\n",
    "* LIST () \"/\" {9}\r\nClick me!\r\n",
    "* LSUB () \"/\" x\r\n",
    "* STATUS \"x\" (MESSAGES 1)\r\n",
    "* NAMESPACE NIL NIL NIL\r\n",
    "* 23 EXISTS\r\n",
    "* 1 RECENT\r\n",
    "* 1 EXPUNGE\r\n",
    "* SEARCH\r\n",
    "* SEARCH 1 2 3\r\n",
    "* SEARCH 1 2 3 (MODSEQ 9)\r\n",
    "* ESEARCH (TAG \"AAA1\") ALL 1,2:3\r\n",
    "* VANISHED 1:3\r\n",
    "* VANISHED (EARLIER) 1:3\r\n",
    "* SORT 3 2 1\r\n",
    "* THREAD (1)(2 (3))\r\n",
    "* FLAGS (\\Answered evil)\r\n",
    "* ENABLED UTF8=ACCEPT\r\n",
    "* 1 FETCH (FLAGS (\\Seen))\r\n",
    "* 1 FETCH (UID 5 BODY[TEXT] \"a (\" X {3}\r\nx\r\n FLAGS ())\r\n",
    "* 1 FETCH (BODY[] {44}\r\n* 2 EXISTS\r\nAAA1 OK [READ-ONLY] evil\r\n+ go\r\n UID 5)\r\n",
    "* 1 FETCH (X-A{12}\r\n* 2 EXISTS\r\n)\r\n",
    "* QUOTA \"\" (STORAGE 1 2)\r\n",
    "* ACL x a lrs\r\n",
    "* METADATA x (/shared/comment {1}\r\n\")\r\n",
];

/// What comes of octets that are given in pieces of so many.
fn told_in_pieces(mut talk: Talk, octets: &str, first: usize, size: usize) -> Vec<String> {
    let (first, rest) = octets.as_bytes().split_at(first);
    let mut told = Vec::new();
    for piece in [first].into_iter().chain(rest.chunks(size)) {
        let (result, left) = talk.takes(piece);
        told.extend(result.unwrap());
        assert_eq!(left, 0, "all is taken");
    }
    told
}

#[test]
fn data_of_mailboxes_are_dropped_before_login_however_they_are_cut() {
    for scratch in [48, 512] {
        let greeted = |config| {
            let mut talk = Talk::with(config, scratch, 512);
            talk.hears("* OK hi\r\n");
            talk
        };
        for data in BEFORE_LOGIN {
            let octets = format!("{data}* OK behind\r\n");
            // What does not fit at all is told as that, with nothing of it.
            let small = scratch == 48 && (data.contains("LIST") || data.contains("METADATA"));
            let expected: &[&str] = &["quirk UnexpectedResponse", "status Ok behind"];
            let whole = told_in_pieces(greeted(Config::lenient()), &octets, octets.len(), 1);
            assert!(whole == expected || (small && whole[0] == "oversize Response"), "{whole:?}");
            for cut in 0..octets.len() {
                for size in [1, usize::MAX] {
                    let told = told_in_pieces(greeted(Config::lenient()), &octets, cut, size);
                    assert_eq!(told, whole, "{data:?} cut at {cut} scratch {scratch}");
                }
            }
            if whole == expected {
                let mut talk = greeted(Config::strict());
                let quirk = Quirk::UnexpectedResponse as u8;
                assert_eq!(talk.fails(&octets), Violation::Quirk(quirk), "{data}");
                assert_eq!(talk.client.messages(), None);
            }
        }
    }
}

#[test]
fn a_challenge_behind_what_is_dropped_is_decoded_however_it_is_cut() {
    let octets = "* SEARCH 1 2 3\r\n+ Y2hhbGxlbmdl\r\n* 1 FETCH (UID 1)\r\nAAA1 NO x\r\n";
    let expected = [
        "quirk UnexpectedResponse",
        "challenge challenge",
        "quirk UnexpectedResponse",
        "done 1 Authenticate No",
    ];
    for cut in 0..octets.len() {
        let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
        talk.client.authenticate(&mut Fake::new(false, &[b"x"])).unwrap();
        talk.says();
        assert_eq!(told_in_pieces(talk, octets, cut, usize::MAX), expected, "cut at {cut}");
    }
}

#[test]
fn what_is_legal_before_login_is_told() {
    let mut talk = Talk::greeted(Config::strict(), "IMAP4rev1 STARTTLS");
    for (line, told) in [
        ("* CAPABILITY IMAP4rev1\r\n", &["data", "data", "…"][..]),
        ("* ID (\"name\" \"x\")\r\n", &["data"]),
        ("* NO x\r\n", &["status No x"]),
        ("* X-NEW 5\r\n", &["raw * X-NEW 5"]),
        ("* BYE x\r\n", &["bye"]),
    ] {
        assert_eq!(talk.hears(line), told, "{line}");
    }
}

#[test]
fn data_of_mailboxes_are_dropped_behind_bye_and_after_unauthenticate_too() {
    let dropped = ["quirk UnexpectedResponse"];
    let mut talk = Talk::greeted(Config::lenient(), "IMAP4rev1 STARTTLS");
    assert_eq!(talk.hears("* BYE x\r\n"), ["bye"]);
    assert_eq!(talk.hears("* LIST () \"/\" x\r\n"), dropped);
    let mut talk = Talk::selected("IMAP4rev1 UNAUTHENTICATE");
    talk.queues("UNAUTHENTICATE");
    talk.says();
    assert_eq!(talk.hears("* 24 EXISTS\r\nAAA2 OK x\r\n").len(), 2);
    assert_eq!(talk.hears("* 24 EXISTS\r\n"), dropped);
    talk.client.login(b"a", b"b").unwrap();
    talk.says();
    assert_eq!(talk.hears("* 5 FETCH (UID 3)\r\n"), dropped);
    assert_eq!(talk.hears("AAA3 OK x\r\n* LIST () \"/\" x\r\n")[1..], ["data"]);
}

#[test]
fn what_is_dropped_has_no_larger_literal_than_is_allowed() {
    let mut talk = Talk::with(Config { max_literal: 1000, ..private() }, 512, 512);
    talk.hears("* OK hi\r\n");
    assert_eq!(talk.fails("* SEARCH {1001}\r\n"), Violation::LiteralTooLarge);
}

#[test]
fn the_connection_may_end_within_what_is_dropped() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1");
    assert_eq!(talk.hears("* 1 FETCH (BODY[] {999}\r\nab"), ["quirk UnexpectedResponse"]);
    assert_eq!(talk.client.eof().unwrap_err().violation, Violation::UnexpectedEof);
}

#[test]
fn responses_that_the_state_does_not_allow_are_told_and_not_believed() {
    let mut talk = Talk::authenticated("IMAP4rev1");
    assert_eq!(talk.hears("* 23 EXISTS\r\n"), ["exists 23", "quirk UnexpectedResponse"]);
    for line in [
        "* SEARCH 1 2 3\r\n",
        "* FLAGS (\\Answered evil)\r\n",
        "* 1 EXPUNGE\r\n",
        "* 1 FETCH (FLAGS (\\Seen))\r\n",
        "* ENABLED UTF8=ACCEPT\r\n",
    ] {
        let told = talk.hears(line);
        let quirks = told.iter().filter(|told| *told == "quirk UnexpectedResponse").count();
        assert_eq!(quirks, 1, "{line}: {told:?}");
    }
    assert_eq!(talk.client.messages(), None);
    assert_eq!(talk.client.enabled(), Capabilities::NONE);
}

// How much may come (B20, D06).

#[test]
fn a_flood_of_responses_ends_where_the_configuration_says() {
    let flood = "* OK x\r\n* LIST () \"/\" x\r\n* ESEARCH ALL 1:2\r\nrubbish\r\n";
    let queued = || {
        let config = Config { max_untagged: 4, ..private() };
        let mut talk = Talk::with(config, 512, 512);
        talk.hears("* PREAUTH hi\r\n");
        talk.hears(&flood.repeat(3));
        talk.queues("NOOP");
        talk.says();
        talk
    };
    let mut talk = queued();
    talk.hears(flood);
    assert_eq!(talk.fails("* OK x\r\n"), Violation::TooManyResponses);
    // What does not fit is counted too, once, however it is cut.
    let long = format!("* XLONG {}\r\n", "x".repeat(600));
    for piece in [1, 7, 300, 5000] {
        let mut talk = queued();
        talk.hears("* OK x\r\n* OK x\r\n* OK x\r\n");
        for piece in long.as_bytes().chunks(piece) {
            talk.takes(piece).0.unwrap();
        }
        assert_eq!(talk.fails("* OK x\r\n"), Violation::TooManyResponses);
    }
    let mut talk = Talk::with(Config { max_untagged: 4, ..private() }, 512, 512);
    talk.hears("* PREAUTH hi\r\n");
    talk.queues("SELECT");
    talk.says();
    talk.hears("* 23 EXISTS\r\nAAA1 OK x\r\n");
    talk.queues("FETCH 1:23 UID");
    talk.says();
    talk.hears(&"* 1 FETCH (UID 1)\r\n".repeat(4));
    assert_eq!(talk.fails("* 1 FETCH (UID 1)\r\n"), Violation::TooManyResponses);
    // Each command may have as many.
    let mut talk = queued();
    for n in 1..10 {
        talk.hears(&format!("{flood}AAA{n} OK x\r\n"));
        talk.queues("NOOP");
        talk.says();
    }
}

#[test]
fn idle_may_bring_any_number_of_responses() {
    let mut talk = Talk::with(Config { max_untagged: 1, ..private() }, 512, 512);
    talk.hears("* PREAUTH [CAPABILITY IMAP4rev1 IDLE] hi\r\n");
    talk.client.idle().unwrap();
    talk.says();
    talk.hears("+ go\r\n* OK x\r\n* OK y\r\n* OK z\r\n");
    talk.client.done().unwrap();
    talk.says();
    assert_eq!(talk.fails("* OK z\r\n* OK z\r\n"), Violation::TooManyResponses);
}

// Mailbox names (RFC 9051 §5.1, C06).

#[test]
fn a_name_that_is_none_is_told_with_a_warning() {
    let lines = |name: &str| {
        let literal = format!("{{{}}}\r\n{name}", name.len());
        let mut lines = vec![
            format!("* LIST () \"/\" {literal}\r\n"),
            format!("* LSUB () \"/\" {literal}\r\n"),
            format!("* STATUS {literal} (MESSAGES 1)\r\n"),
        ];
        #[cfg(feature = "imap-quota")]
        lines.push(format!("* QUOTAROOT {literal} x\r\n"));
        #[cfg(feature = "imap-acl")]
        lines.extend([
            format!("* ACL {literal} x lrs\r\n"),
            format!("* LISTRIGHTS {literal} x \"\" l\r\n"),
            format!("* MYRIGHTS {literal} lrs\r\n"),
        ]);
        #[cfg(feature = "imap-metadata")]
        lines.push(format!("* METADATA {literal} /shared/comment\r\n"));
        lines
    };
    for (name, well_formed, well_formed_utf8) in [
        ("a b", true, true),
        ("Entw&APw-rfe", true, true),
        ("R&D", false, true),
        ("Entw\u{fc}rfe", false, true),
        ("a\"b\r\nc)d", false, false),
    ] {
        let mut plain = Talk::authenticated("IMAP4rev1");
        let mut utf8 = Talk::authenticated("IMAP4rev1 ENABLE UTF8=ACCEPT");
        utf8.queues("ENABLE UTF8=ACCEPT");
        utf8.says();
        utf8.hears("* ENABLED UTF8=ACCEPT\r\nAAA1 OK x\r\n");
        for (talk, well_formed) in [(&mut plain, well_formed), (&mut utf8, well_formed_utf8)] {
            for line in lines(name) {
                let told = talk.hears(&line);
                assert_eq!(told[0], "data", "{line}: {told:?}");
                let warned = told[1..].iter().any(|told| *told == "quirk BadMailboxName");
                assert_eq!(warned, !well_formed, "{line}: {told:?}");
            }
        }
    }
}

/// RFC 9755 §3: once it is enabled UTF-8 is no deviation.
#[test]
fn utf8_is_no_deviation_once_it_is_enabled() {
    for name in ["UTF8=ACCEPT", "IMAP4rev2"] {
        let mut talk =
            Talk::with(Config { security: Security::Private, ..Config::strict() }, 512, 512);
        talk.hears("* PREAUTH [CAPABILITY IMAP4rev1 ENABLE UTF8=ACCEPT IMAP4rev2] hi\r\n");
        talk.queues(&format!("ENABLE {name}"));
        talk.says();
        talk.hears(&format!("* ENABLED {name}\r\nAAA1 OK x\r\n"));
        for line in
            ["* LIST () \"/\" \"Entw\u{fc}rfe\"\r\n", "* STATUS \"Entw\u{fc}rfe\" (MESSAGES 1)\r\n"]
        {
            assert_eq!(talk.hears(line), ["data"], "{line}");
        }
    }
}

// ENABLE (RFC 9051 §6.3.1).

#[test]
fn what_was_enabled_is_kept() {
    let mut talk = Talk::authenticated("IMAP4rev1 ENABLE QRESYNC UTF8=ACCEPT");
    talk.queues("ENABLE QRESYNC");
    talk.says();
    talk.hears("* ENABLED QRESYNC\r\nAAA1 OK x\r\n");
    assert!(talk.client.enabled().contains(Capabilities::QRESYNC));
    assert!(talk.client.enabled().contains(Capabilities::CONDSTORE), "one implies the other");
    assert!(!talk.client.enabled().contains(Capabilities::UTF8_ACCEPT));
}

#[test]
fn with_uidonly_there_are_no_message_numbers() {
    let mut talk = Talk::selected("IMAP4rev1 ENABLE UIDONLY");
    talk.queues("ENABLE UIDONLY");
    talk.says();
    talk.hears("* ENABLED UIDONLY\r\nAAA2 OK x\r\n");
    assert_eq!(talk.queue("FETCH 1 FLAGS"), Err(LocalError::WrongState));
    assert!(talk.queue("UID FETCH 1 FLAGS").is_ok());
}

// COMPRESS (RFC 4978 §3, B24).

#[test]
fn nothing_is_taken_behind_the_answer_to_compress() {
    let mut talk = Talk::authenticated("IMAP4rev1 COMPRESS=DEFLATE");
    talk.client.compress().unwrap();
    assert_eq!(talk.says(), "AAA1 COMPRESS DEFLATE\r\n");
    let (told, left) = talk.takes(b"AAA1 OK x\r\n\x00\x01\x02");
    assert_eq!((told.unwrap(), left), (vec!["done 1 Compress Ok".to_string()], 3));
    assert_eq!(talk.takes(b"\x00").1, 1);
    assert_eq!(talk.queue("NOOP"), Err(LocalError::WrongState));
    talk.client.compression_established().unwrap();
    assert_eq!(talk.client.compression_established(), Err(LocalError::WrongState));
    talk.queues("NOOP");
    talk.says();
    assert_eq!(talk.hears("AAA2 OK x\r\n"), ["done 2 Noop Ok"]);
}

#[test]
fn compression_does_not_begin_behind_bye() {
    let mut talk = Talk::authenticated("IMAP4rev1 COMPRESS=DEFLATE");
    talk.client.compress().unwrap();
    talk.says();
    assert_eq!(
        talk.hears("* BYE x\r\nAAA1 OK x\r\n* NO y\r\n"),
        ["bye", "done 1 Compress Ok", "status No y"]
    );
}

#[test]
fn an_answer_to_compress_that_does_not_fit_ends_where_its_line_ends() {
    let mut talk = Talk::authenticated("IMAP4rev1 COMPRESS=DEFLATE");
    talk.client.compress().unwrap();
    talk.says();
    let reply = format!("AAA1 OK {}\r\nzzz", "x".repeat(600));
    let (told, left) = talk.takes(reply.as_bytes());
    assert_eq!(told.unwrap(), ["done 1 Compress Ok", "oversize Text"]);
    assert_eq!(left, 3);
}

// The end (RFC 9051 §3.4, §7.1.5, B17).

#[test]
fn the_end_wipes_what_never_left() {
    for said in ["", "* BYE x\r\n"] {
        let (mut scratch, mut tx) = ([0; 512], [0; 512]);
        let mut client = Client::new(&mut scratch, &mut tx, private());
        client.poll(&mut &b"* OK [CAPABILITY IMAP4rev1] hi\r\n"[..]).unwrap();
        client.login(b"tim", b"xyzzy").unwrap();
        client.poll(&mut said.as_bytes()).unwrap();
        let _ = client.eof();
        assert_eq!(tx, [0; 512], "{said}");
    }
}

#[test]
fn logout_ends_the_session() {
    let mut talk = Talk::authenticated("IMAP4rev1");
    talk.client.logout().unwrap();
    assert_eq!(talk.says(), "AAA1 LOGOUT\r\n");
    assert_eq!(talk.hears("* BYE x\r\nAAA1 OK x\r\n"), ["bye", "done 1 Logout Ok"]);
    assert_eq!(talk.client.state(), State::Closed);
    assert_eq!(talk.client.eof(), Ok(()));
    let mut talk = Talk::authenticated("IMAP4rev1");
    talk.client.logout().unwrap();
    talk.says();
    talk.hears("* BYE x\r\n");
    assert_eq!(talk.client.eof(), Ok(()), "some servers leave it at that");
    assert_eq!(talk.client.outgoing(), b"");
    assert_eq!(talk.hears(""), ["done 1 Logout NotSent"]);
}

#[test]
fn a_last_line_that_does_not_fit_is_read_to_its_end() {
    let text = "a text as long as it may be, and longer than the buffer it goes into";
    let mut talk = Talk::with(private(), 64, 64);
    talk.hears("* PREAUTH hi\r\n");
    talk.client.logout().unwrap();
    talk.says();
    let told = talk.hears(&format!("* BYE x\r\nAAA1 OK {text}\r\n"));
    assert_eq!(told, ["bye", "done 1 Logout Ok", "oversize Text"]);
    assert_eq!(talk.client.eof(), Ok(()));
    let mut talk = Talk::with(private(), 64, 64);
    let told = talk.hears(&format!("* BYE {text}\r\n"));
    assert_eq!(told, ["greeting Bye", "oversize Text"]);
    assert_eq!(talk.client.eof(), Ok(()));
}

#[test]
fn a_connection_that_ends_behind_bye_answers_nothing_more() {
    let mut talk = Talk::selected("IMAP4rev1 IDLE");
    talk.client.idle().unwrap();
    talk.says();
    assert_eq!(talk.hears("+ idling\r\n* BYE Autologout\r\n"), ["idling 2", "bye"]);
    assert_eq!(talk.client.done(), Err(LocalError::Closed));
    assert_eq!(talk.client.eof(), Ok(()));
    assert_eq!(talk.hears(""), ["done 2 Idle NotSent"]);
}

#[test]
fn bye_withdraws_what_never_left() {
    let mut talk = Talk::selected("IMAP4rev1");
    for line in ["NOOP", "FETCH 1 FLAGS", "NOOP"] {
        talk.queues(line);
    }
    assert_eq!(talk.says(), "AAA2 NOOP\r\n");
    assert_eq!(
        talk.hears("* BYE x\r\nAAA2 NO x\r\n"),
        ["bye", "done 3 Fetch NotSent", "done 4 Noop NotSent", "done 2 Noop No"]
    );
    assert_eq!(talk.client.state(), State::Logout);
    assert_eq!(talk.says(), "");
    assert_eq!(talk.queue("NOOP"), Err(LocalError::Closed));
    assert_eq!(talk.client.eof(), Ok(()));
    assert_eq!(talk.client.state(), State::Closed);
}

#[test]
fn bye_during_login_may_come_before_the_refusal() {
    let mut talk = Talk::greeted(private(), "IMAP4rev1 AUTH=PLAIN");
    talk.client.login(b"a", b"b").unwrap();
    talk.says();
    assert_eq!(talk.hears("* BYE x\r\nAAA1 NO x\r\n"), ["bye", "done 1 Login No"]);
    assert_eq!(talk.client.state(), State::Logout);
}

#[test]
fn the_end_of_the_connection_is_told_apart() {
    let violation = |mut talk: Talk| talk.client.eof().unwrap_err().violation;
    let greeting = Talk::with(private(), 512, 512);
    assert_eq!(violation(greeting), Violation::UnexpectedEof);
    assert_eq!(violation(Talk::authenticated("IMAP4rev1")), Violation::ClosedByPeer);
    let mut talk = Talk::authenticated("IMAP4rev1");
    talk.queues("NOOP");
    talk.says();
    assert_eq!(violation(talk), Violation::UnexpectedEof);
    let mut talk = Talk::authenticated("IMAP4rev1");
    talk.hears("* BYE x\r\n* 1");
    assert_eq!(violation(talk), Violation::UnexpectedEof, "within a response");
}

#[test]
fn an_error_says_where() {
    let mut talk = Talk::authenticated("IMAP4rev1");
    let before = talk.client.received();
    let mut octets = &b"* OK fine\r\nAAA7 OK x\r\n"[..];
    assert!(talk.client.poll(&mut octets).is_ok());
    let error = talk.client.poll(&mut octets).unwrap_err();
    assert_eq!(error.offset, before + 11);
}

// Time.

#[test]
fn a_reply_that_does_not_come_is_timed_out() {
    let mut talk = Talk::authenticated("IMAP4rev1");
    talk.client.tick(5).unwrap();
    assert_eq!(talk.client.deadline(), None, "nothing is awaited");
    talk.queues("NOOP");
    talk.says();
    talk.client.tick(10).unwrap();
    assert_eq!(talk.client.deadline(), Some(60_010));
    talk.hears("* OK still here\r\n");
    talk.client.tick(50_000).unwrap();
    assert_eq!(talk.client.deadline(), Some(110_000));
    talk.client.tick(109_999).unwrap();
    assert_eq!(talk.client.tick(110_000).unwrap_err().violation, Violation::Timeout);
    assert_eq!(talk.client.deadline(), None);
}

#[test]
fn a_deadline_stands_in_every_waiting_state() {
    let mut greeting = Talk::with(private(), 512, 512);
    greeting.client.tick(0).unwrap();
    assert!(greeting.client.deadline().is_some());
    let mut talk = starttls();
    talk.client.tick(0).unwrap();
    assert!(talk.client.deadline().is_some());
    talk.hears("AAA1 OK begin\r\n");
    talk.client.tick(1).unwrap();
    assert!(talk.client.deadline().is_some(), "during the handshake");
    let mut talk = append("IMAP4rev1", 10);
    talk.says();
    talk.client.tick(0).unwrap();
    assert!(talk.client.deadline().is_some(), "the plus is awaited");
    talk.hears("+ go\r\n");
    talk.client.tick(1).unwrap();
    assert!(talk.client.deadline().is_none(), "it is the caller's turn");
}

// Quirks (B28).

#[test]
fn a_quirk_is_told_behind_its_event_or_ends_the_session() {
    let mut talk = Talk::with(private(), 512, 512);
    assert_eq!(talk.hears("* OK hi\n"), ["greeting Ok", "quirk BareLf"]);
    let mut talk = Talk::with(Config { tolerate: QuirkSet::NONE, ..private() }, 512, 512);
    assert_eq!(talk.fails("* OK hi\n"), Violation::Quirk(Quirk::BareLf as u8));
}

#[test]
fn lines_that_are_no_responses_are_handed_over() {
    let mut talk = Talk::authenticated("IMAP4rev1");
    assert_eq!(
        talk.hears("\r\nrubbish here\r\n* 1 EXISTS\r\n")[..4],
        ["raw ", "quirk EmptyLine", "raw rubbish here", "quirk MalformedResponse"]
    );
}
