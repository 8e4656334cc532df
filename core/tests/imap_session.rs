//! Whole sessions of the IMAP client through its public face: what it sends to the octet, and what it tells, the
//! same however the server's octets are cut and however little memory it is lent.
#![cfg(all(feature = "imap-all", feature = "sasl-all"))]

#[path = "common/cuts.rs"]
#[allow(dead_code)]
mod cuts;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use cuts::Cuts;
use mailproto_core::imap::command::{AppendOptions, FetchItem, QResync, SelectOptions, Store};
use mailproto_core::imap::{
    BodySection, Capabilities, Client, Config, Data, Event, Flag, Mailbox, Security, Sequence,
    State, Status,
};
use mailproto_core::sasl::{self, Exposure, Mechanism, ScramSha256};

/// A client, and the log of what it told.
struct Talk<'b> {
    client: Client<'b>,
    cuts: &'b Cuts,
    offset: usize,
    told: Vec<String>,
}

impl Talk<'_> {
    /// The server says this.
    #[track_caller]
    fn server(&mut self, octets: &[u8]) {
        let mut rest = octets;
        for length in self.cuts.reads(self.offset, octets.len()) {
            let (mut input, after) = rest.split_at(length);
            rest = after;
            while let Some(event) = self.client.poll(&mut input).unwrap() {
                tell(&mut self.told, &event);
            }
            assert!(input.is_empty(), "all is taken");
        }
        self.offset += octets.len();
    }

    /// The client says exactly this, and nothing behind it.
    #[track_caller]
    fn client(&mut self, octets: &[u8]) {
        let sent = self.client.outgoing().escape_ascii().to_string();
        assert_eq!(sent, octets.escape_ascii().to_string());
        // In two pieces, as a socket may take it.
        self.client.sent(1);
        self.client.sent(octets.len().saturating_sub(1));
    }
}

/// Logs an event. How the octets of a body were cut into pieces is no matter.
fn tell(told: &mut Vec<String>, event: &Event<'_>) {
    let Event::Data(Data::BodyData(octets)) = event else {
        told.push(format!("{event:?}"));
        return;
    };
    let octets = octets.escape_ascii().to_string();
    match told.last_mut().filter(|last| last.starts_with("body ")) {
        Some(body) => body.push_str(&octets),
        None => told.push(format!("body {octets}")),
    }
}

/// A session with TLS, SCRAM, QRESYNC, pipelining, a body, an upload and IDLE; returns what was told.
fn play(cuts: &Cuts, scratch: usize) -> Vec<String> {
    let (mut scratch, mut tx) = (vec![0; scratch], vec![0; 512]);
    let client = Client::new(&mut scratch, &mut tx, Config::lenient());
    let mut talk = Talk { client, cuts, offset: 0, told: Vec::new() };
    secure(&mut talk);
    log_in(&mut talk, &mut Recorded::default());
    resynchronize(&mut talk);
    fetch(&mut talk);
    upload(&mut talk);
    wait(&mut talk);
    talk.client.logout().unwrap();
    talk.client(b"AAA15 LOGOUT\r\n");
    talk.server(b"* BYE Logging out\r\nAAA15 OK Logout completed\r\n");
    assert_eq!(talk.client.state(), State::Closed);
    assert_eq!(talk.client.eof(), Ok(()));
    talk.told
}

fn secure(talk: &mut Talk<'_>) {
    talk.server(b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n");
    talk.client.starttls().unwrap();
    talk.client(b"AAA1 STARTTLS\r\n");
    talk.server(b"AAA1 OK Begin TLS negotiation now\r\n");
    talk.client.tls_established().unwrap();
    assert!(!talk.client.capabilities().contains(Capabilities::KNOWN));
    talk.client.capability().unwrap();
    talk.client(b"AAA2 CAPABILITY\r\n");
    talk.server(
        b"* CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256 AUTH=PLAIN\r\nAAA2 OK done\r\n",
    );
}

/// The exchange of RFC 7677 §3, in base64; with the mechanism itself or, since that takes its time, with the
/// recorded responses.
fn log_in(talk: &mut Talk<'_>, scram: &mut dyn Mechanism) {
    talk.client.authenticate(scram).unwrap();
    talk.client(
        b"AAA3 AUTHENTICATE SCRAM-SHA-256 biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=\r\n",
    );
    let challenge =
        b"+ cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1eEZJbGopaE5sRiRrMCxzPVcy\
        MlphSjBTTlk3c29Fc1VFamI2Z1E9PSxpPTQwOTY=\r\n";
    talk.server(challenge);
    talk.client.respond(scram).unwrap();
    talk.client(
        b"Yz1iaXdzLHI9ck9wck5HZndFYmVSV2diTkVrcU8laHZZRHBXVWEyUmFUQ0FmdXhGSWxqKWhObEYkazAscD1k\
        SHpiWmFwV0lrNGpVaE4rVXRlOXl0YWc5empmTUhnc3FtbWl6N0FuZFZRPQ==\r\n",
    );
    talk.server(b"+ dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQ==\r\n");
    talk.client.respond(scram).unwrap();
    talk.client(b"\r\n");
    talk.server(
        b"* CAPABILITY IMAP4rev1 LITERAL- IDLE ENABLE QRESYNC UIDPLUS MULTIAPPEND\r\n\
        AAA3 OK Logged in\r\n",
    );
    assert!(talk.client.capabilities().contains(Capabilities::QRESYNC));
}

/// SCRAM-SHA-256 by rote.
#[derive(Default)]
struct Recorded(usize);

/// RFC 7677 §3: what the server says before each response, and the response.
const SCRAM: [[&str; 2]; 3] = [
    ["", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"],
    [
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
         p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    ],
    ["v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", ""],
];

impl Mechanism for Recorded {
    fn name(&self) -> &str {
        "SCRAM-SHA-256"
    }
    fn exposure(&self) -> Exposure {
        Exposure::Proof
    }
    fn client_first(&self) -> bool {
        true
    }
    fn respond(&mut self, challenge: &[u8], out: &mut [u8]) -> Result<usize, sasl::Error> {
        let [expected, response] = SCRAM[self.0];
        assert_eq!(challenge, expected.as_bytes());
        out[..response.len()].copy_from_slice(response.as_bytes());
        self.0 += 1;
        Ok(response.len())
    }
    fn is_complete(&self) -> bool {
        self.0 == SCRAM.len()
    }
}

#[test]
fn a_mechanism_that_verifies_the_server_logs_in() {
    let (mut scratch, mut tx) = ([0; 512], [0; 512]);
    let client = Client::new(&mut scratch, &mut tx, Config::lenient());
    let mut talk = Talk { client, cuts: &Cuts::Nowhere, offset: 0, told: Vec::new() };
    secure(&mut talk);
    let nonce = BASE64.decode("rOprNGfwEbeRWgbNEkqO").unwrap();
    log_in(&mut talk, &mut ScramSha256::new("user", "pencil", &nonce).unwrap());
    assert_eq!(talk.client.state(), State::Authenticated);
}

/// RFC 7162 §3.2.5.
fn resynchronize(talk: &mut Talk<'_>) {
    talk.client.enable(&["QRESYNC"]).unwrap();
    talk.client(b"AAA4 ENABLE QRESYNC\r\n");
    talk.server(b"* ENABLED QRESYNC\r\nAAA4 OK done\r\n");
    assert!(talk.client.enabled().contains(Capabilities::QRESYNC));
    let known = QResync {
        uid_validity: 67890007,
        mod_seq: 20_050_715_194_045_000,
        known_uids: None,
        matches: None,
    };
    let options = SelectOptions { qresync: Some(known), ..SelectOptions::default() };
    talk.client.select_with(Mailbox::Name("INBOX"), &options).unwrap();
    talk.client(b"AAA5 SELECT INBOX (QRESYNC (67890007 20050715194045000))\r\n");
    talk.server(
        b"* OK [CLOSED]\r\n* 464 EXISTS\r\n* 3 RECENT\r\n* OK [UIDVALIDITY 67890007] UIDVALIDITY\r\n\
        * OK [UIDNEXT 600] Predicted next UID\r\n* OK [HIGHESTMODSEQ 20060115205545359] Highest\r\n\
        * FLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen)\r\n\
        * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen \\*)] Permanent flags\r\n\
        * VANISHED (EARLIER) 41,43:116,118,120:211,214:540\r\n\
        * 49 FETCH (UID 117 FLAGS (\\Seen \\Answered) MODSEQ (20060115194045001))\r\n\
        AAA5 OK [READ-WRITE] mailbox selected\r\n",
    );
    let client = &talk.client;
    assert_eq!((client.messages(), client.recent()), (Some(464), Some(3)));
    assert_eq!((client.uid_validity(), client.uid_next()), (Some(67_890_007), Some(600)));
    assert_eq!(client.highest_mod_seq(), Some(20_060_115_205_545_359));
    assert!(!client.is_read_only());
}

/// RFC 9051 §5.5: FETCH and STORE by number overlap; behind NOOP numbers wait.
fn fetch(talk: &mut Talk<'_>) {
    let body =
        FetchItem::BodySection { section: BodySection::default(), peek: true, partial: None };
    talk.client.fetch(Sequence::One(12), &[FetchItem::Flags, body]).unwrap();
    talk.client.store(Sequence::One(12), &Store::add(&[Flag::Deleted])).unwrap();
    talk.client.noop().unwrap();
    talk.client.fetch(Sequence::One(13), &[FetchItem::Uid]).unwrap();
    talk.client(
        b"AAA6 FETCH 12 (FLAGS BODY.PEEK[])\r\nAAA7 STORE 12 +FLAGS (\\Deleted)\r\nAAA8 NOOP\r\n",
    );
    talk.server(
        b"* 12 FETCH (FLAGS (\\Seen) BODY[] {36}\r\nSubject: {3}\r\n\r\n* 1 EXPUNGE\r\n)\r\n..\r\n)\r\n\
        AAA6 OK FETCH completed\r\n* 12 FETCH (FLAGS (\\Seen \\Deleted))\r\nAAA7 OK done\r\n",
    );
    assert_eq!(talk.client.messages(), Some(464), "that was in a body");
    assert_eq!(talk.client.outgoing(), b"", "NOOP may renumber");
    talk.server(b"* VANISHED 505,507,510,625\r\nAAA8 OK done\r\n");
    assert_eq!(talk.client.messages(), Some(460));
    talk.client(b"AAA9 FETCH 13 (UID)\r\n");
    talk.server(b"* 13 FETCH (UID 14)\r\nAAA9 OK done\r\n");
}

/// RFC 9051 §6.3.12, RFC 3502, RFC 7888 §5.
fn upload(talk: &mut Talk<'_>) {
    let options = AppendOptions { flags: &[Flag::Seen], ..AppendOptions::default() };
    talk.client.append(Mailbox::Name("Entwürfe"), &options, 5000).unwrap();
    talk.client(b"AAA10 APPEND Entw&APw-rfe (\\Seen) {5000}\r\n");
    talk.server(b"* OK patience\r\n+ Ready for literal data\r\n");
    give(talk, &[b'x'; 5000]);
    talk.client.append_next(&AppendOptions::default(), 3).unwrap();
    talk.client(b" {3+}\r\n");
    give(talk, b"a\r\n");
    talk.client.append_end().unwrap();
    talk.client.noop().unwrap();
    talk.client(b"\r\nAAA11 NOOP\r\n");
    talk.server(b"AAA10 OK [APPENDUID 38505 3955:3956] done\r\nAAA11 OK done\r\n");
    // Refused: the message stays here.
    talk.client.append(Mailbox::Name("Nowhere"), &options, 5000).unwrap();
    talk.client(b"AAA12 APPEND Nowhere (\\Seen) {5000}\r\n");
    talk.server(b"AAA12 NO [TRYCREATE] no such mailbox\r\n");
    talk.client.noop().unwrap();
    talk.client(b"AAA13 NOOP\r\n");
    talk.server(b"AAA13 OK done\r\n");
}

fn give(talk: &mut Talk<'_>, mut message: &[u8]) {
    while !message.is_empty() {
        let taken = talk.client.upload(message).unwrap();
        let (piece, rest) = message.split_at(taken);
        talk.client(piece);
        message = rest;
    }
}

/// RFC 9051 §6.3.13.
fn wait(talk: &mut Talk<'_>) {
    talk.client.idle().unwrap();
    talk.client(b"AAA14 IDLE\r\n");
    talk.server(b"* 461 EXISTS\r\n+ idling\r\n* 462 EXISTS\r\n");
    talk.client.done().unwrap();
    talk.client(b"DONE\r\n");
    talk.server(b"* 463 EXISTS\r\nAAA14 OK IDLE terminated\r\n");
    assert_eq!(talk.client.messages(), Some(463));
}

#[test]
fn a_session_is_the_same_however_it_is_cut() {
    let whole = play(&Cuts::Nowhere, 4096);
    let quirks: Vec<_> = whole.iter().filter(|line| line.starts_with("Quirk")).collect();
    assert!(quirks.iter().all(|line| line.contains("MissingText")), "[CLOSED] alone: {quirks:?}");
    let oversize = whole.iter().filter(|line| line.starts_with("Oversize")).count();
    assert_eq!(oversize, 0);
    for cuts in
        (1..2200).map(Cuts::Once).chain((1..20).map(Cuts::Every)).chain((0..32).map(Cuts::Random))
    {
        for scratch in [256, 512, 4096] {
            assert_eq!(play(&cuts, scratch), whole, "{cuts:?} {scratch}");
        }
    }
}

/// What does not fit is told, and the session goes on to its end.
#[test]
fn a_session_survives_in_little_memory() {
    for scratch in [150, 128] {
        let whole = play(&Cuts::Nowhere, scratch);
        for cuts in (1..20).map(Cuts::Every).chain((0..32).map(Cuts::Random)) {
            assert_eq!(play(&cuts, scratch), whole, "{cuts:?} {scratch}");
        }
    }
}

/// RFC 9051 §8, RFC 3501 §8.
#[test]
fn the_example_of_the_rfc() {
    let (mut scratch, mut tx) = ([0; 512], [0; 256]);
    let config = Config::lenient().with_security(Security::Private);
    let client = Client::new(&mut scratch, &mut tx, config);
    let mut talk = Talk { client, cuts: &Cuts::Every(7), offset: 0, told: Vec::new() };
    talk.server(b"* OK IMAP4rev1 Service Ready\r\n");
    talk.client.login(b"mrc", b"secret").unwrap();
    talk.client(b"AAA1 LOGIN mrc secret\r\n");
    talk.server(b"AAA1 OK LOGIN completed\r\n");
    talk.client.select(Mailbox::Name("inbox")).unwrap();
    talk.client(b"AAA2 SELECT inbox\r\n");
    talk.server(
        b"* 18 EXISTS\r\n* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n* 2 RECENT\r\n\
        * OK [UNSEEN 17] Message 17 is the first unseen message\r\n\
        * OK [UIDVALIDITY 3857529045] UIDs valid\r\nAAA2 OK [READ-WRITE] SELECT completed\r\n",
    );
    assert_eq!(talk.client.messages(), Some(18));
    talk.client.fetch(Sequence::One(12), &[FetchItem::Full]).unwrap();
    talk.client(b"AAA3 FETCH 12 FULL\r\n");
    talk.server(
        b"* 12 FETCH (FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 \
        ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev1 WG mtg summary and minutes\" \
        ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) \
        ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) \
        ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) \
        ((NIL NIL \"imap\" \"cac.washington.edu\")) \
        ((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL \
        \"<B27397-0100000@cac.washington.edu>\") \
        BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92))\r\n\
        AAA3 OK FETCH completed\r\n",
    );
    talk.client.logout().unwrap();
    talk.client(b"AAA4 LOGOUT\r\n");
    talk.server(b"* BYE IMAP4rev1 server terminating connection\r\nAAA4 OK LOGOUT completed\r\n");
    assert_eq!(talk.client.eof(), Ok(()));
    let items = talk.told.iter().filter(|line| line.starts_with("Data(Item(")).count();
    assert_eq!(items, 5, "{:#?}", talk.told);
    assert!(
        !talk.told.iter().any(|line| line.starts_with("Quirk") || line.starts_with("Oversize"))
    );
}

/// Every completion is told once, whatever the window.
#[test]
fn ten_thousand_commands_go_through_a_small_window() {
    let (mut scratch, mut tx) = ([0; 512], [0; 128]);
    let config = Config::lenient().with_security(Security::Private);
    let mut client = Client::<3>::with_window(&mut scratch, &mut tx, config);
    assert!(client.poll(&mut &b"* PREAUTH hi\r\n"[..]).unwrap().is_some());
    let (mut queued, mut done) = (0_u32, 0_u32);
    while done < 10_000 {
        while queued < 10_000 && client.noop().is_ok() {
            queued += 1;
        }
        let sent = String::from_utf8(client.outgoing().to_vec()).unwrap();
        client.sent(sent.len());
        for line in sent.lines() {
            let reply = line.replace("NOOP", "OK done\r\n");
            let mut input = reply.as_bytes();
            let Ok(Some(Event::Completed { tag, status: Status::Ok, .. })) =
                client.poll(&mut input)
            else {
                panic!("{line}");
            };
            done += 1;
            assert_eq!(tag.0, done);
        }
    }
    assert!(client.is_idle());
}
