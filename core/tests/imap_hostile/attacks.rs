//! What each attack of the collected list demands, case by case: how the session stands when it comes, and what is
//! required of the client. The demands hold at every cut and with every scratch buffer.

use mailproto_core::imap::command::{AppendOptions, Argument, FetchItem, SearchKey};
use mailproto_core::imap::{
    BodySection, Capabilities, Client, Config, Mailbox, Security, Sequence, State,
};
use mailproto_core::sasl::{self, CramMd5, Login, Plain, ScramSha256};
use mailproto_core::{LocalError, Violation};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;

use super::command_lexer::{Token, command};
use super::session::Session;
use crate::common::cuts::Cuts;

/// An attack, and how it must end.
pub(crate) struct Attack {
    pub(crate) id: &'static str,
    pub(crate) config: Config,
    /// Brings the session to where the attack comes, lets it come, and demands what is required.
    pub(crate) act: fn(&mut Session<'_>, &Came<'_>),
}

/// What came: the octets of the attack, and how large the scratch buffer is.
pub(crate) struct Came<'a> {
    pub(crate) id: &'static str,
    pub(crate) feeds: &'a [Vec<u8>],
    pub(crate) scratch: usize,
}

const PRIVATE: Config = Config::lenient().with_security(Security::Private);
const STRICT: Config = Config::strict().with_security(Security::Private);
const STARTTLS: Config = Config::lenient();

const fn attack(id: &'static str, config: Config, act: fn(&mut Session<'_>, &Came<'_>)) -> Attack {
    Attack { id, config, act }
}

/// The attacks, in the order of the list. One that ends otherwise in strict mode stands twice.
pub(crate) const ATTACKS: &[Attack] = &[
    attack("A01", STARTTLS, injected_behind_starttls),
    attack("A04", STARTTLS, alert_before_tls),
    attack("A05", STARTTLS, capabilities_are_forgotten),
    attack("A06", STARTTLS, starttls_is_stripped),
    attack("A08", STARTTLS, starttls_is_refused),
    attack("A09", STARTTLS, starttls_is_refused),
    attack("A10", STARTTLS, starttls_is_refused),
    attack("A12", PRIVATE, preauth_over_tls),
    attack("A13", STARTTLS, no_greeting),
    attack("A14", STARTTLS, no_greeting),
    attack("A17", STARTTLS, reply_before_its_command),
    attack("A18a", STARTTLS, mailbox_data_before_login),
    attack("A18b", STARTTLS, mailbox_data_before_login),
    attack("A18c", STARTTLS, mailbox_data_before_login),
    attack("A18d", STARTTLS, mailbox_data_before_login),
    attack("A18e", STARTTLS, mailbox_data_before_login),
    attack("A18f", STARTTLS, mailbox_data_before_login),
    attack("A18g", STARTTLS, mailbox_data_before_login),
    attack("A19", STARTTLS, referral_is_not_followed),
    attack("A20", PRIVATE, buffers_are_used_again),
    attack("A21", STARTTLS, there_is_always_a_deadline),
    attack("C02", PRIVATE, two_bodies),
    attack("C03", PRIVATE, empty_body),
    attack("C04a", PRIVATE, literal_too_large),
    attack("C04b", PRIVATE, literal_too_large),
    attack("C04c", PRIVATE, literal_too_large),
    attack("C04d", PRIVATE, literal_without_length),
    attack("C04f", PRIVATE, literal_without_length),
    attack("C04g", PRIVATE, literal_without_length),
    attack("C04h", PRIVATE, literal_without_length),
    attack("C04i", PRIVATE, literal_without_length),
    attack("C05", PRIVATE, literal_that_looks_like_grammar),
    attack("C06", PRIVATE, name_with_a_line_end),
    attack("C07", PRIVATE, literal8_as_it_is),
    attack("C08", PRIVATE, line_end_within_quotes),
    attack("C08", STRICT, strict_refuses),
    attack("C09", PRIVATE, bare_line_feeds),
    attack("C09", STRICT, strict_refuses),
    attack("C10", PRIVATE, body_of_another_message),
    attack("C11", PRIVATE, what_comes_between),
    attack("C12", PRIVATE, body_is_cut),
    attack("C13", PRIVATE, tag_that_begins_like_ours),
    attack("C14", PRIVATE, body_with_a_long_line),
    attack("D01", PRIVATE, text_of_a_megabyte),
    attack("D02", PRIVATE, structure_too_deep),
    attack("D06", PRIVATE, flood_of_exists),
    attack("D06", Config { max_untagged: 1000, ..PRIVATE }, flood_is_stopped),
    attack("D07", PRIVATE, idle_never_begins),
    attack("D08", PRIVATE, idle_is_refused),
    attack("D09", PRIVATE, idle_ends_by_itself),
    attack("D11", PRIVATE, iterations_without_end),
    attack("D12", PRIVATE, challenge_of_a_megabyte),
    attack("D13", PRIVATE, flood_of_capabilities),
    attack("E01", PRIVATE, command_within_a_name),
    attack("E02", PRIVATE, password_is_quoted),
    attack("E03", PRIVATE, names_are_encoded),
    attack("E04", PRIVATE, search_key_is_quoted),
    attack("E05", PRIVATE, raw_command_with_a_literal),
    attack("E07", PRIVATE, nul_is_refused),
    attack("E09", PRIVATE, upload_of_another_length),
    attack("E10", PRIVATE, append_is_refused),
    attack("E12", PRIVATE, sets_that_are_none),
    attack("F01", PRIVATE, refusal_that_mentions_ok),
    attack("F02", PRIVATE, ok_without_text),
    attack("F06", STARTTLS, no_credentials_in_the_clear),
    attack("F07", PRIVATE, nonce_of_an_attacker),
    attack("F08", PRIVATE, success_without_signature),
    attack("F09", PRIVATE, challenge_is_no_base64),
    attack("F10", PRIVATE, long_password_in_cram_md5),
    attack("G01a", PRIVATE, malformed_line),
    attack("G01b", PRIVATE, malformed_line),
    attack("G01c", PRIVATE, malformed_line),
    attack("G01d", PRIVATE, malformed_line),
    attack("G01e", PRIVATE, malformed_line),
    attack("G01f", PRIVATE, malformed_line),
    attack("G01g", PRIVATE, malformed_line),
    attack("G01h", PRIVATE, malformed_line),
    attack("G01i", PRIVATE, malformed_line),
    attack("G01j", PRIVATE, malformed_line),
    attack("G01k", PRIVATE, malformed_line),
    attack("G01n", PRIVATE, malformed_line),
    attack("G01o", PRIVATE, malformed_line),
    attack("G01a", STRICT, strict_refuses),
    attack("G01b", STRICT, strict_refuses),
    attack("G01c", STRICT, strict_refuses),
    attack("G01d", STRICT, strict_refuses),
    attack("G01e", STRICT, strict_refuses),
    attack("G01f", STRICT, strict_refuses),
    attack("G01g", STRICT, strict_refuses),
    attack("G01h", STRICT, strict_refuses),
    attack("G01i", STRICT, strict_refuses),
    attack("G01j", STRICT, strict_refuses),
    attack("G01k", STRICT, strict_refuses),
    attack("G01n", STRICT, strict_refuses),
    attack("G01o", STRICT, strict_refuses),
    attack("G02", PRIVATE, numbers_without_end),
    attack("G03", PRIVATE, tag_in_lower_case),
    attack("G04", PRIVATE, unknown_code_and_response),
    attack("G05", PRIVATE, bracket_at_the_end),
    attack("G06", PRIVATE, control_characters_in_text),
    attack("G08", PRIVATE, space_at_the_end),
    attack("H01", PRIVATE, one_bad_structure),
    attack("H03", PRIVATE, one_bad_structure),
    attack("H05", PRIVATE, one_bad_structure),
    attack("H06", PRIVATE, one_bad_structure),
];

const TLS: &str = "IMAP4rev1 STARTTLS AUTH=PLAIN";

impl Session<'_> {
    /// The attack comes, and the connection ends where the list says so.
    fn hears_all(&mut self, came: &Came<'_>) {
        for feed in came.feeds {
            if feed == b"<EOF>" {
                self.eof();
            } else if self.failure.is_none() {
                self.hears(feed);
            }
        }
    }

    /// What follows an attack that is survived is understood.
    fn is_in_step(&mut self) {
        self.goes_on();
        self.hears(b"* 7 RECENT\r\n");
        assert_eq!(self.told().last().map(String::as_str), Some("recent 7"), "{:#?}", self.told());
    }

    fn fetches(&mut self) {
        let items = [FetchItem::Uid, FetchItem::Flags];
        self.queue(|client| client.fetch(Sequence::ALL, &items));
        self.forget_sent();
    }
}

// A: TLS, and who may say what before it.

fn starts_tls(s: &mut Session<'_>) {
    s.greeted(TLS);
    s.queue(Client::starttls);
    s.forget_sent();
}

fn injected_behind_starttls(s: &mut Session<'_>, came: &Came<'_>) {
    starts_tls(s);
    s.hears_all(came);
    s.ended_by(Violation::PlaintextAfterStartTls);
    assert_eq!(s.client.login(b"me", b"secret"), Err(LocalError::Closed));
    assert_eq!(s.client.tls_established(), Err(LocalError::Closed));
    s.never_told("completed 2");
    s.sent_only(b"");
}

fn alert_before_tls(s: &mut Session<'_>, came: &Came<'_>) {
    starts_tls(s);
    // Told while nothing may be believed, and so marked; and told once.
    assert!(!s.client.may_send_credentials());
    s.hears_all(came);
    assert!(!s.client.may_send_credentials());
    let before = s.told();
    assert!(before.iter().filter(|line| line.contains("[Alert]")).count() <= 1);
    s.client.tls_established().unwrap();
    s.hears(b"");
    assert!(s.client.may_send_credentials());
    assert_eq!(s.told(), before);
}

fn capabilities_are_forgotten(s: &mut Session<'_>, came: &Came<'_>) {
    s.hears(&came.feeds[0]);
    assert!(s.client.capabilities().contains(Capabilities::SASL_IR));
    s.queue(Client::starttls);
    s.hears(&came.feeds[1]);
    s.client.tls_established().unwrap();
    assert_eq!(s.client.capabilities(), Capabilities::NONE, "all are forgotten");
    assert!(s.client.mechanisms().is_empty());
    s.queue(Client::capability);
    s.hears(&came.feeds[2]);
    let old = Capabilities::STARTTLS.union(Capabilities::SASL_IR).union(Capabilities::LITERAL_PLUS);
    assert!(!s.client.capabilities().intersects(old));
    let mut plain = Plain::new("", "me", "secret").unwrap();
    assert_eq!(s.client.authenticate(&mut plain), Err(LocalError::NotOffered));
    assert_eq!(s.client.login(b"me", b"secret"), Err(LocalError::NotOffered));
    s.sent_only(b"AAA1 STARTTLS\r\nAAA2 CAPABILITY\r\n");
}

fn starttls_is_stripped(s: &mut Session<'_>, came: &Came<'_>) {
    s.hears_all(came);
    assert_eq!(s.client.starttls(), Err(LocalError::NotOffered));
    no_login_leaves(s);
}

/// Nothing that is called makes credentials leave.
fn no_login_leaves(s: &mut Session<'_>) {
    let mut plain = Plain::new("", "me", "secret").unwrap();
    assert_eq!(s.client.authenticate(&mut plain), Err(LocalError::Insecure));
    let mut login = Login::new("me", "secret").unwrap();
    assert_eq!(s.client.authenticate(&mut login), Err(LocalError::Insecure));
    assert_eq!(s.client.login(b"me", b"secret"), Err(LocalError::Insecure));
    for name in ["LOGIN", "AUTHENTICATE", "login", "Authenticate"] {
        assert!(s.client.raw(name, &[Argument::Atom(b"PLAIN")]).is_err(), "{name}");
    }
    s.send();
    s.sent_only(b"");
}

fn starttls_is_refused(s: &mut Session<'_>, came: &Came<'_>) {
    starts_tls(s);
    s.hears_all(came);
    s.ended_by(Violation::StartTlsRefused);
    s.sent_only(b"");
}

fn preauth_over_tls(s: &mut Session<'_>, came: &Came<'_>) {
    s.hears_all(came);
    s.told_only(&["greeting Preauth \"ready\""]);
    assert_eq!(s.client.state(), State::Authenticated);
    assert_eq!(s.client.login(b"me", b"secret"), Err(LocalError::WrongState));
    s.send();
    s.sent_only(b"");
}

fn no_greeting(s: &mut Session<'_>, came: &Came<'_>) {
    s.hears_all(came);
    s.ended_by(Violation::BadGreeting);
    s.told_only(&[]);
    s.sent_only(b"");
}

fn reply_before_its_command(s: &mut Session<'_>, came: &Came<'_>) {
    s.greeted(TLS);
    s.queue(Client::capability);
    s.hears_all(came);
    s.ended_by(Violation::UnknownTag);
    s.told_only(&[]);
}

fn mailbox_data_before_login(s: &mut Session<'_>, came: &Came<'_>) {
    s.hears_all(came);
    s.told_beginning("greeting Ok");
    if s.failure.is_some() {
        return;
    }
    let told = s.told();
    let lines = told.iter().skip(1);
    let others: Vec<_> = lines.filter(|line| !line.starts_with("quirk ")).collect();
    assert_eq!(others, Vec::<&String>::new(), "what nobody could vouch for was told");
    s.told_beginning("quirk UnexpectedResponse");
    assert_eq!(s.client.messages(), None);
    // Nor is anything of it told later.
    s.queue(Client::starttls);
    s.hears(b"AAA1 OK begin\r\n");
    s.client.tls_established().unwrap();
    s.hears(b"");
    assert_eq!(s.told().len(), told.len() + 1);
    assert_eq!(s.client.messages(), None);
}

fn referral_is_not_followed(s: &mut Session<'_>, came: &Came<'_>) {
    starts_tls(s);
    s.begin("AAA1 OK begin\r\n");
    s.client.tls_established().unwrap();
    s.queue(|client| client.login(b"me", b"secret"));
    s.forget_sent();
    s.hears_all(came);
    s.told_only(&[
        "completed 2 Login No [Referral \"IMAP://;AUTH=*@attacker.example:243/\"] \"try another server\"",
    ]);
    assert_eq!(s.client.state(), State::NotAuthenticated);
    s.sent_only(b"");
}

/// A client is made new for each connection, over memory that another has left behind.
fn buffers_are_used_again(_: &mut Session<'_>, came: &Came<'_>) {
    let (mut scratch, mut tx) = (vec![0; came.scratch], vec![0; 512]);
    let whole = Cuts::Nowhere;
    let mut first = Session::new(&mut scratch, &mut tx, PRIVATE, &whole);
    first.selected("IMAP4rev1 LITERAL+");
    first.fetches();
    first.begin("* 1 FETCH (BODY[] {100}\r\nabc");
    first.client.login(b"me", b"secret").unwrap_err();
    first.client.noop().unwrap();
    drop(first);
    let second = STARTTLS.with_tag_seed(7);
    let mut second = Session::new(&mut scratch, &mut tx, second, &whole);
    let client = &second.client;
    assert_eq!(client.outgoing(), b"");
    assert_eq!((client.state(), client.received()), (State::Greeting, 0));
    assert_eq!(client.capabilities(), Capabilities::NONE);
    assert_eq!((client.messages(), client.deadline()), (None, None));
    assert!(!client.may_send_credentials() && client.is_idle());
    second.hears_all(came);
    second.told_only(&["greeting Ok \"hi\""]);
    no_login_leaves(&mut second);
    second.queue(Client::capability);
    assert!(!second.sent().starts_with(b"AAA"), "tags differ from connection to connection");
}

fn there_is_always_a_deadline(s: &mut Session<'_>, _: &Came<'_>) {
    fn due(s: &mut Session<'_>, now: u32) {
        s.tick(now);
        let deadline = s.client.deadline().expect("a deadline");
        assert!(deadline > now && deadline < now + 3_600_000, "{deadline}");
    }
    due(s, 1);
    s.greeted("IMAP4rev1 STARTTLS IDLE");
    s.queue(Client::starttls);
    due(s, 2);
    s.begin("AAA1 OK begin\r\n");
    due(s, 3);
    s.client.tls_established().unwrap();
    s.queue(|client| client.login(b"me", b"secret"));
    due(s, 4);
    s.begin("AAA2 OK in\r\n");
    s.queue(|client| client.select("INBOX".into()));
    due(s, 5);
    s.begin("AAA3 OK selected\r\n");
    s.queue(|client| client.append("INBOX".into(), &AppendOptions::default(), 3));
    due(s, 6);
    s.begin("+ go\r\n");
    s.client.upload(b"abc").unwrap();
    s.client.append_end().unwrap();
    s.send();
    due(s, 7);
    s.begin("AAA4 OK kept\r\n");
    s.queue(Client::idle);
    due(s, 8);
    s.begin("+ idling\r\n");
    due(s, 9);
    s.client.done().unwrap();
    s.send();
    due(s, 10);
    s.begin("AAA5 OK idled\r\n");
    s.queue(Client::logout);
    due(s, 11);
    // And it is kept.
    s.tick(11 + 600_000);
    s.ended_by(Violation::Timeout);
}

// C: framing.

fn two_bodies(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    let items = [BodySection::HEADER, BodySection::TEXT];
    let items = items.map(|section| FetchItem::BodySection { section, peek: true, partial: None });
    s.queue(|client| client.uid_fetch(1.into(), &items));
    s.sent_only(b"AAA3 UID FETCH 1 (BODY.PEEK[HEADER] BODY.PEEK[TEXT])\r\n");
    s.hears_all(came);
    s.told_only(&[
        "fetch 1",
        "item UID 1",
        "body BODY[HEADER] 5",
        "data \"H\\r\\n\\r\\n\"",
        "body-end",
        "body BODY[TEXT] 3",
        "data \"abc\"",
        "body-end",
        "fetch-end 1",
        "completed 3 Fetch Ok \"done\"",
    ]);
}

fn empty_body(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.fetches();
    s.hears_all(came);
    let completed = "completed 3 Fetch Ok \"done\"";
    s.told_only(&["fetch 1", "body BODY[] 0", "body-end", "fetch-end 1", completed]);
}

fn literal_too_large(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.fetches();
    s.hears_all(came);
    s.ended_by(Violation::LiteralTooLarge);
    s.never_told("body");
}

fn literal_without_length(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.fetches();
    s.hears_all(came);
    s.ended_by(Violation::BadLiteral);
    s.never_told("body");
}

fn literal_that_looks_like_grammar(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.fetches();
    s.hears_all(came);
    s.told_only(&[
        "fetch 1",
        "item ENVELOPE NIL \"a\\\"b\\\\c)(\" () () () () () () NIL NIL",
        "fetch-end 1",
        "completed 3 Fetch Ok \"x\"",
    ]);
}

fn name_with_a_line_end(s: &mut Session<'_>, came: &Came<'_>) {
    s.begin("* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n");
    s.queue(|client| client.list("".into(), "*".into()));
    s.hears_all(came);
    s.told_all(&["list (\\HasNoChildren) \"/\" \"a\\\"b\\r\\nc)d\"", "completed 1 List Ok \"x\""]);
    s.told_beginning("quirk BadMailboxName");
}

fn literal8_as_it_is(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1 BINARY");
    s.fetches();
    s.hears_all(came);
    s.told_only(&[
        "fetch 1",
        "body BINARY[1] 3",
        "data \"\\x00\\xff\\x01\"",
        "body-end",
        "fetch-end 1",
        "completed 3 Fetch Ok \"x\"",
    ]);
}

fn line_end_within_quotes(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.hears_all(came);
    s.told_all(&[
        "status Ok \"\\\"unterminated\"",
        "fetch 1",
        "item FLAGS (\\Seen)",
        "fetch-end 1",
    ]);
    s.told_beginning("quirk ");
    s.is_in_step();
}

fn bare_line_feeds(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.begin("* 0 EXISTS\r\n");
    s.hears_all(came);
    let told = s.told();
    let lines: Vec<_> = told.iter().map(|line| line.split(" @").next().unwrap()).collect();
    assert_eq!(lines, ["status Ok \"hi\"", "quirk BareLf", "exists 1", "quirk BareLf"]);
    s.is_in_step();
}

/// What lenient mode mends ends the session in strict mode.
fn strict_refuses(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.hears_all(came);
    let violation = s.failure.expect("strict mode ends the session").violation;
    let refused = matches!(violation, Violation::Quirk(_) | Violation::BadLiteral);
    assert!(refused, "{violation:?}");
    s.sent_only(b"");
}

fn body_of_another_message(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    let whole = [FetchItem::BodySection { section: BodySection::WHOLE, peek: true, partial: None }];
    s.queue(|client| client.uid_fetch(7.into(), &whole));
    s.hears_all(came);
    s.told_only(&[
        "fetch 3",
        "item UID 9",
        "body BODY[] 3",
        "data \"abc\"",
        "body-end",
        "fetch-end 3",
        "completed 3 Fetch Ok \"x\"",
    ]);
}

fn what_comes_between(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.queue(|client| client.uid_fetch(7.into(), &[FetchItem::Uid]));
    s.hears_all(came);
    s.told_only(&[
        "fetch 5",
        "item FLAGS (\\Seen)",
        "fetch-end 5",
        "fetch 3",
        "body BODY[] 3",
        "data \"abc\"",
        "body-end",
        "item UID 7",
        "fetch-end 3",
        "expunge 4",
        "completed 3 Fetch Ok \"x\"",
    ]);
    assert_eq!(s.client.messages(), Some(22));
}

fn body_is_cut(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.fetches();
    s.hears_all(came);
    s.ended_by(Violation::UnexpectedEof);
    // What was told of it depends on the scratch buffer, but never that it is complete.
    s.never_told("body-end");
    s.never_told("fetch-end");
}

fn tag_that_begins_like_ours(s: &mut Session<'_>, came: &Came<'_>) {
    s.greeted("IMAP4rev1");
    s.queue(Client::noop);
    s.hears_all(came);
    s.ended_by(Violation::UnknownTag);
    s.told_only(&[]);
}

fn body_with_a_long_line(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.fetches();
    s.hears_all(came);
    let text = &came.feeds[0][b"* 1 FETCH (BODY[1] {1002}\r\n".len()..][..1002];
    let data = format!("data \"{}\"", text.escape_ascii());
    let completed = "completed 3 Fetch Ok \"x\"";
    s.told_only(&["fetch 1", "body BODY[1] 1002", &data, "body-end", "fetch-end 1", completed]);
}

// D: exhaustion.

fn text_of_a_megabyte(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.begin("* 0 EXISTS\r\n");
    s.hears_all(came);
    let told = s.told();
    let [text, oversize, exists] = &told[..] else { panic!("{} lines", told.len()) };
    let shown = text.strip_prefix("status Ok \"").unwrap().strip_suffix('"').unwrap();
    assert!(shown.bytes().all(|octet| octet == b'x') && shown.len() <= came.scratch);
    assert!(shown.len() + 16 >= came.scratch, "the beginning is told: {}", shown.len());
    assert!(oversize.starts_with("oversize Text "), "{oversize}");
    assert_eq!(exists, "exists 1");
}

fn structure_too_deep(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.fetches();
    s.hears_all(came);
    let told = s.told();
    assert_eq!(told.first().map(String::as_str), Some("fetch 1"));
    let refused =
        |line: &&String| line.starts_with("oversize Item ") || line.starts_with("item malformed ");
    assert_eq!(told.iter().filter(refused).count(), 1);
    s.never_told("item BODYSTRUCTURE");
    assert_eq!(told.last().map(String::as_str), Some("completed 3 Fetch Ok \"x\""));
}

/// Each response is an event, and none is kept.
fn flood_of_exists(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.begin("* 0 EXISTS\r\n");
    s.hears_all(came);
    let told = s.told();
    assert_eq!(told.len(), 100_000);
    assert!(told.iter().all(|line| line == "exists 1"));
}

fn flood_is_stopped(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.queue(Client::noop);
    s.begin("* 0 EXISTS\r\n");
    s.hears_all(came);
    s.ended_by(Violation::TooManyResponses);
    assert!(s.told().len() <= 1000);
}

fn idle_never_begins(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected_and_asked("IMAP4rev1 IDLE");
    s.queue(Client::idle);
    s.forget_sent();
    s.tick(1000);
    for (feed, now) in came.feeds.iter().zip([20_000, 40_000, 60_000]) {
        s.hears(feed);
        assert_eq!(s.client.done(), Err(LocalError::WrongState), "IDLE has not begun");
        s.tick(now);
        s.goes_on();
    }
    s.tick(61_000);
    s.ended_by(Violation::Timeout);
    s.sent_only(b"");
}

fn idle_is_refused(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected_and_asked("IMAP4rev1 IDLE");
    s.queue(Client::idle);
    s.forget_sent();
    s.hears_all(came);
    s.told_only(&["completed 4 Idle Bad \"unknown command\""]);
    assert_eq!(s.client.done(), Err(LocalError::WrongState));
    s.send();
    s.sent_only(b"");
}

fn idle_ends_by_itself(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected_and_asked("IMAP4rev1 IDLE");
    s.queue(Client::idle);
    s.forget_sent();
    s.hears_all(came);
    s.told_only(&["idling 4", "completed 4 Idle Ok \"terminated by server\""]);
    assert_eq!(s.client.done(), Err(LocalError::WrongState));
    s.send();
    s.sent_only(b"");
}

const NONCE: [u8; 18] = *b"nonce of the tests";

fn scram() -> ScramSha256<'static> {
    ScramSha256::new("user", "pencil", &NONCE).unwrap()
}

/// AUTHENTICATE SCRAM-SHA-256 is the second command, with its first message.
fn starts_scram(s: &mut Session<'_>, mechanism: &mut ScramSha256<'static>) {
    s.greeted("IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256");
    s.queue(Client::capability);
    s.begin("* CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256\r\nAAA1 OK\r\n");
    s.queue(|client| client.authenticate(mechanism));
    s.forget_sent();
}

/// server-first, with our nonce continued.
fn server_first(iterations: &str) -> Vec<u8> {
    let nonce = BASE64.encode(NONCE);
    let first = format!("r={nonce}server,s=QSXCR+Q6sek8bf92,i={iterations}");
    format!("+ {}\r\n", BASE64.encode(first)).into_bytes()
}

/// The exchange is over: the client says `*`, and the server's BAD completes it (RFC 9051 §6.2.2).
fn is_cancelled(s: &mut Session<'_>) {
    s.client.cancel().unwrap();
    s.send();
    s.sent_only(b"*\r\n");
    s.hears(b"AAA2 BAD cancelled\r\n");
    s.told_all(&["completed 2 Authenticate Bad \"cancelled\""]);
    assert_eq!(s.client.state(), State::NotAuthenticated);
}

fn iterations_without_end(s: &mut Session<'_>, came: &Came<'_>) {
    let mut mechanism = scram();
    starts_scram(s, &mut mechanism);
    // The nonce of the list is not ours; the attack is the number.
    let text = String::from_utf8(came.feeds[0].clone()).unwrap();
    let recorded = BASE64.decode(text.trim_start_matches("+ ").trim_end()).unwrap();
    assert!(recorded.ends_with(b",i=2147483647"));
    s.hears(&server_first("2147483647"));
    let refused = Err(LocalError::Sasl(sasl::Error::TooManyIterations));
    assert_eq!(s.client.respond(&mut mechanism), refused);
    is_cancelled(s);
}

fn challenge_of_a_megabyte(s: &mut Session<'_>, came: &Came<'_>) {
    s.greeted("IMAP4rev1 AUTH=PLAIN");
    s.queue(Client::capability);
    s.begin("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nAAA1 OK\r\n");
    let mut plain = Plain::new("", "me", "secret").unwrap();
    s.queue(|client| client.authenticate(&mut plain));
    s.forget_sent();
    s.hears_all(came);
    s.told_beginning("challenge ");
    s.told_beginning("oversize Text 12000");
    assert!(matches!(s.client.respond(&mut plain), Err(LocalError::Sasl(_))));
    is_cancelled(s);
}

fn flood_of_capabilities(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.hears_all(came);
    let told = s.told();
    assert_eq!(told.len(), 50_003);
    assert_eq!(told[1], "capability IMAP4rev1");
    assert_eq!(told[50_001], "capability X49999");
    let known = Capabilities::KNOWN.union(Capabilities::IMAP4REV1);
    assert_eq!(s.client.capabilities(), known);
}

// E: what arguments may do.

/// The one command that was sent, taken apart.
#[track_caller]
fn only_command(s: &Session<'_>) -> Vec<Token> {
    command(s.sent()).unwrap_or_else(|error| panic!("{error}"))
}

fn word(text: &str) -> Token {
    Token::Word(text.into())
}

fn command_within_a_name(s: &mut Session<'_>, _: &Came<'_>) {
    let name = "INBOX\r\nT9 DELETE INBOX";
    s.authenticated("IMAP4rev1 LITERAL+");
    // A name is letters (RFC 9051 §5.1).
    assert!(s.client.select(name.into()).is_err());
    s.send();
    s.sent_only(b"");
    // Octets that a server once told stay reachable: a literal may hold CR and LF (RFC 9051 §4.3).
    s.queue(|client| client.select(Mailbox::Raw(name.as_bytes())));
    let name = Token::Literal(name.as_bytes().to_vec());
    assert_eq!(only_command(s), [word("AAA2"), word("SELECT"), name]);
}

fn password_is_quoted(s: &mut Session<'_>, _: &Came<'_>) {
    s.greeted("IMAP4rev1");
    s.queue(|client| client.login(b"me", br#"pa"ss\wo rd"#));
    let tokens = only_command(s);
    assert_eq!(tokens[..2], [word("AAA1"), word("LOGIN")]);
    // `me` needs no quotes (RFC 9051 §9, `astring`).
    assert_eq!(tokens[2].octets(), b"me");
    assert_eq!(tokens[3..], [Token::Quoted(br#"pa"ss\wo rd"#.to_vec())]);
}

fn names_are_encoded(s: &mut Session<'_>, _: &Came<'_>) {
    let names: [(Mailbox<'_>, &[u8]); 3] = [
        ("Entw\u{fc}rfe".into(), b"Entw&APw-rfe"),
        ("R&D".into(), b"R&-D"),
        (Mailbox::Raw(b"Entw&APw-rfe"), b"Entw&APw-rfe"),
    ];
    s.authenticated("IMAP4rev1");
    for (number, (name, wire)) in names.into_iter().enumerate() {
        s.forget_sent();
        s.queue(|client| client.select(name));
        assert_eq!(only_command(s)[2].octets(), wire);
        s.hears(format!("AAA{} OK\r\n", number + 2).as_bytes());
    }
    // A name that the server told goes back as it came, whatever it is.
    s.hears(b"* LIST () \"/\" \"&Jjo \xff\"\r\n");
    let mut input = &b"* LIST () \"/\" \"&Jjo \xff\"\r\n"[..];
    let mut kept = Vec::new();
    while let Ok(Some(event)) = s.client.poll(&mut input) {
        if let mailproto_core::imap::Event::Data(mailproto_core::imap::Data::List(list)) = event {
            kept = list.name.as_received().octets().collect();
        }
    }
    s.forget_sent();
    s.queue(|client| client.delete(Mailbox::Raw(&kept)));
    let sent = s.sent();
    assert!(sent.windows(6).any(|window| window == b"&Jjo \xff") || sent.ends_with(b"{6}\r\n"));
}

fn search_key_is_quoted(s: &mut Session<'_>, _: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.queue(|client| client.uid_search(&[SearchKey::Subject(b"x\" OR ALL")]));
    let subject = Token::Quoted(b"x\" OR ALL".to_vec());
    let words = ["AAA3", "UID", "SEARCH"].map(word);
    let tokens = only_command(s);
    assert_eq!(tokens[..3], words);
    assert_eq!(tokens[tokens.len() - 2..], [word("SUBJECT"), subject]);
}

fn raw_command_with_a_literal(s: &mut Session<'_>, _: &Came<'_>) {
    s.selected("IMAP4rev1");
    for text in [&b"{5}"[..], b"{5+}", b"x {5}", b"x {5+}", b"~{5}", b"(x {5+})", b"x {5}\r\n"] {
        let argument = [Argument::Verbatim(text)];
        assert!(s.client.raw("X-NEW", &argument).is_err(), "{}", text.escape_ascii());
        let argument = [Argument::Atom(text)];
        assert!(s.client.raw("X-NEW", &argument).is_err(), "{}", text.escape_ascii());
        assert!(s.client.raw(std::str::from_utf8(text).unwrap(), &[]).is_err());
        s.send();
        s.sent_only(b"");
        // As a string it is text.
        s.queue(|client| client.raw("X-NEW", &[Argument::Astring(text)]));
        assert!(!s.sent().ends_with(b"{5}\r\n") && !s.sent().ends_with(b"{5+}\r\n"));
        if s.sent().ends_with(b"\"\r\n") {
            assert_eq!(only_command(s)[2], Token::Quoted(text.to_vec()));
        }
        // Completed, whatever it waits for, so that the next has room.
        let tag = String::from_utf8(s.sent().split(|&octet| octet == b' ').next().unwrap().into());
        s.hears(format!("{} NO\r\n", tag.unwrap()).as_bytes());
        s.forget_sent();
    }
}

fn nul_is_refused(s: &mut Session<'_>, _: &Came<'_>) {
    let nul = b"a\0b";
    s.greeted("IMAP4rev1");
    assert!(s.client.login(nul, b"x").is_err());
    assert!(s.client.login(b"x", nul).is_err());
    s.begin("");
    s.queue(|client| client.login(b"me", b"secret"));
    s.begin("AAA1 OK\r\n");
    assert!(s.client.select(Mailbox::Raw(nul)).is_err());
    s.queue(|client| client.select("INBOX".into()));
    s.begin("AAA2 OK\r\n");
    let flags = [mailproto_core::imap::Flag::from_bytes(nul)];
    let refused = [
        s.client.create(Mailbox::Raw(nul)),
        s.client.rename("x".into(), Mailbox::Raw(nul)),
        s.client.list("".into(), Mailbox::Raw(nul)),
        s.client.uid_search(&[SearchKey::Subject(nul)]),
        s.client.uid_search(&[SearchKey::Header { field: nul, value: b"" }]),
        s.client.uid_search(&[SearchKey::Keyword(nul)]),
        s.client.fetch(1.into(), &[FetchItem::Other(nul)]),
        s.client.fetch(Sequence::Text(nul), &[FetchItem::Uid]),
        s.client.store(1.into(), &mailproto_core::imap::command::Store::add(&flags)),
        s.client.copy(1.into(), Mailbox::Raw(nul)),
        s.client.append(Mailbox::Raw(nul), &AppendOptions::default(), 1),
        s.client.raw("X\0Y", &[]),
        s.client.raw("X", &[Argument::Atom(nul)]),
        s.client.raw("X", &[Argument::Astring(nul)]),
        s.client.raw("X", &[Argument::String(Some(nul))]),
        s.client.raw("X", &[Argument::Verbatim(nul)]),
    ];
    for (at, refused) in refused.into_iter().enumerate() {
        assert!(refused.is_err(), "the {at}th");
    }
    s.send();
    s.sent_only(b"");
}

fn upload_of_another_length(s: &mut Session<'_>, _: &Came<'_>) {
    s.authenticated("IMAP4rev1");
    s.queue(|client| client.append("INBOX".into(), &AppendOptions::default(), 10));
    s.sent_only(b"AAA2 APPEND INBOX {10}\r\n");
    assert_eq!(s.client.upload(b"too early"), Err(LocalError::WrongState));
    s.hears(b"+ go\r\n");
    s.forget_sent();
    assert_eq!(s.client.upload(b"0123456789a"), Err(LocalError::TooMuchData { left: 10 }));
    assert_eq!(s.client.upload(b"012345678"), Ok(9));
    assert_eq!(s.client.append_end(), Err(LocalError::TooLittleData { left: 1 }));
    assert_eq!(s.client.upload(b"9a"), Err(LocalError::TooMuchData { left: 1 }));
    assert_eq!(s.client.upload(b"9"), Ok(1));
    s.client.append_end().unwrap();
    s.send();
    s.sent_only(b"0123456789\r\n");
    s.hears(b"AAA2 OK kept\r\n");
    s.told_all(&["completed 2 Append Ok \"kept\""]);
}

fn append_is_refused(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected_and_asked("IMAP4rev1");
    s.queue(|client| client.append("INBOX".into(), &AppendOptions::default(), 10));
    s.sent_only(b"AAA4 APPEND INBOX {10}\r\n");
    s.hears_all(came);
    s.told_only(&["completed 4 Append No [TryCreate] \"no such mailbox\""]);
    assert_eq!(s.client.upload(b"0123456789"), Err(LocalError::WrongState));
    s.queue(Client::noop);
    s.sent_only(b"AAA4 APPEND INBOX {10}\r\nAAA5 NOOP\r\n");
}

fn sets_that_are_none(s: &mut Session<'_>, _: &Came<'_>) {
    s.selected("IMAP4rev1");
    let sets = [
        Sequence::Text(b"0"),
        Sequence::Text(b"1:*,0"),
        Sequence::Text(b""),
        Sequence::Text(b"5:"),
        Sequence::One(0),
        Sequence::Ranges(&[]),
        Sequence::Numbers(&[]),
        Sequence::Numbers(&[1, 0]),
        Sequence::Range { first: 0, last: None },
        Sequence::Range { first: 1, last: Some(0) },
        Sequence::Text(b"1\r\nT9 EXPUNGE"),
        Sequence::Text(b"1 FLAGS"),
        Sequence::Text(b"4294967296"),
    ];
    for set in sets {
        assert!(s.client.fetch(set, &[FetchItem::Uid]).is_err(), "{set:?}");
        assert!(s.client.uid_fetch(set, &[FetchItem::Uid]).is_err(), "{set:?}");
        assert!(s.client.uid_search(&[SearchKey::Sequence(set)]).is_err(), "{set:?}");
    }
    s.send();
    s.sent_only(b"");
}

// F: authentication.

/// The second command is AUTHENTICATE PLAIN, and the server has yet to say something.
fn starts_plain(s: &mut Session<'_>, plain: &mut Plain<'_>) {
    s.greeted("IMAP4rev1 AUTH=PLAIN");
    s.queue(Client::capability);
    s.begin("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nAAA1 OK\r\n");
    s.queue(|client| client.authenticate(plain));
    s.forget_sent();
}

fn refusal_that_mentions_ok(s: &mut Session<'_>, came: &Came<'_>) {
    starts_plain(s, &mut Plain::new("", "me", "secret").unwrap());
    s.hears_all(came);
    s.told_only(&["completed 2 Authenticate No \"Invalid access TOKEN\""]);
    assert_eq!(s.client.state(), State::NotAuthenticated);
}

fn ok_without_text(s: &mut Session<'_>, came: &Came<'_>) {
    s.greeted("IMAP4rev1");
    s.queue(Client::noop);
    s.begin("AAA1 OK done\r\n");
    s.queue(|client| client.login(b"me", b"secret"));
    s.hears_all(came);
    s.told_all(&["completed 2 Login Ok \"\""]);
    s.told_beginning("quirk MissingText");
    assert_eq!(s.client.state(), State::Authenticated);
}

fn no_credentials_in_the_clear(s: &mut Session<'_>, came: &Came<'_>) {
    s.hears_all(came);
    no_login_leaves(s);
}

fn nonce_of_an_attacker(s: &mut Session<'_>, came: &Came<'_>) {
    let mut mechanism = scram();
    starts_scram(s, &mut mechanism);
    s.hears_all(came);
    let refused = Err(LocalError::Sasl(sasl::Error::NonceMismatch));
    assert_eq!(s.client.respond(&mut mechanism), refused);
    is_cancelled(s);
}

fn success_without_signature(s: &mut Session<'_>, came: &Came<'_>) {
    let mut mechanism = scram();
    starts_scram(s, &mut mechanism);
    s.begin(std::str::from_utf8(&server_first("4096")).unwrap());
    s.client.respond(&mut mechanism).unwrap();
    s.send();
    s.forget_sent();
    s.hears_all(came);
    s.ended_by(Violation::ServerNotAuthenticated);
    s.never_told("completed");
    s.sent_only(b"");
}

fn challenge_is_no_base64(s: &mut Session<'_>, came: &Came<'_>) {
    let mut plain = Plain::new("", "me", "secret").unwrap();
    starts_plain(s, &mut plain);
    s.hears_all(came);
    s.told_beginning("challenge \"\"");
    s.told_beginning("quirk ChallengeNotBase64");
    let refused = Err(LocalError::Sasl(sasl::Error::MalformedChallenge));
    assert_eq!(s.client.respond(&mut plain), refused);
    is_cancelled(s);
}

/// The expected response was computed with another implementation of RFC 2104.
fn long_password_in_cram_md5(s: &mut Session<'_>, came: &Came<'_>) {
    // Its MD5 is 81af0068d03d79873b3f45bd5cc68bbb.
    let password = "a long password ".repeat(5) + "35";
    let mut cram = CramMd5::new("tim", &password).unwrap();
    s.greeted("IMAP4rev1 AUTH=CRAM-MD5");
    s.queue(|client| client.authenticate(&mut cram));
    s.forget_sent();
    s.hears_all(came);
    s.told_only(&["challenge \"<1896.697170952@postoffice.reston.mci.net>\""]);
    s.client.respond(&mut cram).unwrap();
    s.send();
    s.sent_only(b"dGltIDlhMjk4ODYzOWRiODc2YjZmMGQzNzk2NjJmOGVkMTg5\r\n");
}

// G: what is malformed or not known.

/// The lines of G01 that hold something well formed, which must be told all the same.
const WITHIN: [(&str, &[&str]); 1] = [("G01o", &["fetch 1", "item FLAGS (\\Seen)", "fetch-end 1"])];

fn malformed_line(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.hears_all(came);
    s.told_beginning("quirk ");
    let within = WITHIN.iter().find(|(id, _)| *id == came.id);
    s.told_all(within.map_or(&[], |(_, lines)| lines));
    assert_eq!(s.client.messages(), Some(23), "nothing malformed moves the count");
    assert_eq!(s.client.state(), State::Selected);
    s.is_in_step();
}

fn numbers_without_end(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.fetches();
    s.hears_all(came);
    let told = s.told();
    assert_eq!(told.first().map(String::as_str), Some("fetch 1"));
    s.never_told("item INTERNALDATE 9");
    s.never_told("item RFC822.SIZE");
    s.told_all(&["fetch-end 1", "completed 3 Fetch Ok \"x\""]);
    let marked = |line: &&String| line.starts_with("quirk ") || line.starts_with("oversize Item");
    assert!(told.iter().filter(marked).count() >= 2, "{told:#?}");
}

fn tag_in_lower_case(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.queue(Client::noop);
    s.hears_all(came);
    s.ended_by(Violation::UnknownTag);
    s.told_only(&["status Ok \"still here\""]);
}

fn unknown_code_and_response(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.hears_all(came);
    s.told_only(&[
        "status Ok [Unknown \"X-NEW\" \"\\\"a]b\\\" 7\"] \"x\"",
        "unrecognized \"* XFOO 1 (2)\"",
    ]);
}

fn bracket_at_the_end(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.hears_all(came);
    let text = "The Microsoft Exchange IMAP4 service is ready. [SABLADAAUAAxAA==]";
    s.told_only(&[&format!("status Ok \"{text}\"")]);
}

fn control_characters_in_text(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.hears_all(came);
    s.told_all(&["status Ok [Alert] \"\\x1b[2J\\x07\\x00hi\""]);
    s.told_beginning("quirk ControlCharacter");
}

fn space_at_the_end(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.queue(|client| client.uid_search(&[SearchKey::All]));
    s.hears_all(came);
    let completed = "completed 3 Search Ok \"x\"";
    s.told_all(&["begin Search", "found 1", "found 2", "end Search", completed]);
    s.told_beginning("quirk TrailingSpace");
}

// H: structures that real servers sent.

fn one_bad_structure(s: &mut Session<'_>, came: &Came<'_>) {
    s.selected("IMAP4rev1");
    s.fetches();
    s.hears_all(came);
    let plain = "\"TEXT\"/\"PLAIN\" id=NIL description=NIL encoding=\"7BIT\" octets=1 lines=1";
    s.told_all(&[
        "fetch 1",
        "item UID 1",
        "fetch-end 1",
        "fetch 2",
        "item UID 2",
        &format!("item BODYSTRUCTURE 1={plain}"),
        "fetch-end 2",
        "completed 3 Fetch Ok \"x\"",
    ]);
    let told = s.told();
    let first = |beginning: &str| told.iter().any(|line| line.starts_with(beginning));
    assert!(first("item BODYSTRUCTURE {") || first("item malformed "), "{told:#?}");
    assert!(first("quirk "), "{told:#?}");
}
