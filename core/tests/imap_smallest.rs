//! The smallest IMAP client that is promised to work: the feature `imap` alone, 512 octets of scratch and 256 to send
//! from. A session with a long search and a message larger than all memory, however its octets are cut.
#![cfg(feature = "imap")]

use mailproto_core::imap::command::{FetchItem, SearchKey};
use mailproto_core::imap::response::fetch::Item;
use mailproto_core::imap::{
    BodySection, Client, CommandKind, Config, Data, Event, Mailbox, Security, Sequence, State,
    Status,
};

/// What a session tells: numbers found, items, octets of bodies, completions.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    found: Vec<u32>,
    uids: Vec<u32>,
    flags: Vec<String>,
    sizes: Vec<u64>,
    body: Vec<u8>,
    exists: Vec<u32>,
    completed: Vec<(CommandKind, Status)>,
    idling: bool,
}

impl Told {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Data(Data::Found(number)) => self.found.push(number),
            Event::Data(Data::Item(Item::Uid(uid))) => self.uids.push(uid),
            Event::Data(Data::Item(Item::Rfc822Size(octets))) => self.sizes.push(octets),
            Event::Data(Data::Item(Item::Flags(flags))) => {
                let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
                self.flags.extend(flags.into_iter().map(|flag| text(flag.as_bytes())));
            }
            Event::Data(Data::BodyData(octets)) => self.body.extend_from_slice(octets),
            Event::Data(Data::Exists(messages)) => self.exists.push(messages),
            Event::Completed { kind, status, .. } => self.completed.push((kind, status)),
            Event::Idling { .. } => self.idling = true,
            Event::Oversize { .. } | Event::Quirk { .. } => panic!("{event:?}"),
            _ => {}
        }
    }
}

/// Two thousand numbers, for a response of more than 10 kB.
fn search_response() -> Vec<u8> {
    let numbers: Vec<String> = (10_000..12_000).map(|uid: u32| uid.to_string()).collect();
    format!("* SEARCH {}\r\n", numbers.join(" ")).into_bytes()
}

fn message() -> Vec<u8> {
    b"Subject: a message\r\n\r\n"
        .iter()
        .copied()
        .chain((0..100_000).map(|at| b"0123456789\r\n"[at % 12]))
        .collect()
}

/// Holds the session; the server's octets come `cut` at a time.
fn session(cut: usize) -> Told {
    let (mut scratch, mut tx) = ([0; 512], [0; 256]);
    let config = Config::default().with_security(Security::Private);
    let mut client = Client::new(&mut scratch, &mut tx, config);
    let mut told = Told::default();
    let mut hears = |client: &mut Client<'_>, sent: &str, octets: &[u8]| {
        assert_eq!(client.outgoing(), sent.as_bytes(), "what the client sends");
        client.sent(usize::MAX);
        for mut input in octets.chunks(cut) {
            while let Some(event) = client.poll(&mut input).expect("a sound session") {
                told.take(event);
            }
        }
    };
    let fetch = [
        FetchItem::Flags,
        FetchItem::Rfc822Size,
        FetchItem::BodySection { section: BodySection::WHOLE, peek: true, partial: None },
    ];
    hears(&mut client, "", b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n");
    client.login(b"mrc", b"se cret").unwrap();
    hears(
        &mut client,
        "AAA1 LOGIN mrc \"se cret\"\r\n",
        b"AAA1 OK [CAPABILITY IMAP4rev1 IDLE] in\r\n",
    );
    client.select(Mailbox::INBOX).unwrap();
    hears(
        &mut client,
        "AAA2 SELECT INBOX\r\n",
        b"* FLAGS (\\Answered \\Seen)\r\n* 2000 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nAAA2 OK [READ-WRITE] done\r\n",
    );
    client.uid_search(&[SearchKey::Unseen]).unwrap();
    let found = [&search_response()[..], b"AAA3 OK done\r\n"].concat();
    hears(&mut client, "AAA3 UID SEARCH UNSEEN\r\n", &found);
    client.uid_fetch(Sequence::One(10_001), &fetch).unwrap();
    let message = message();
    let announced = format!(
        "* 2 FETCH (UID 10001 FLAGS (\\Answered) RFC822.SIZE {0} BODY[] {{{0}}}\r\n",
        message.len()
    );
    let fetched = [announced.as_bytes(), &message, b")\r\nAAA4 OK done\r\n"].concat();
    hears(&mut client, "AAA4 UID FETCH 10001 (FLAGS RFC822.SIZE BODY.PEEK[])\r\n", &fetched);
    client.idle().unwrap();
    hears(&mut client, "AAA5 IDLE\r\n", b"+ idling\r\n* 2001 EXISTS\r\n");
    client.done().unwrap();
    hears(&mut client, "DONE\r\n", b"AAA5 OK done\r\n");
    client.logout().unwrap();
    hears(&mut client, "AAA6 LOGOUT\r\n", b"* BYE until next time\r\nAAA6 OK done\r\n");
    assert_eq!(client.state(), State::Closed);
    assert_eq!(client.messages(), Some(2001));
    told
}

#[test]
fn a_session_fits_512_octets_of_scratch_and_256_to_send_from() {
    let kinds = [
        CommandKind::Login,
        CommandKind::Select,
        CommandKind::Search,
        CommandKind::Fetch,
        CommandKind::Idle,
        CommandKind::Logout,
    ];
    let expected = Told {
        found: (10_000..12_000).collect(),
        uids: vec![10_001],
        flags: vec!["\\Answered".into()],
        sizes: vec![message().len() as u64],
        body: message(),
        exists: vec![2000, 2001],
        completed: kinds.map(|kind| (kind, Status::Ok)).to_vec(),
        idling: true,
    };
    for cut in [usize::MAX, 1, 3, 64, 511, 512, 513, 1460] {
        assert!(session(cut) == expected, "cut every {cut}: {:?}", session(cut).completed);
    }
}
