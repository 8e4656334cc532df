//! Symmetry: what one role emits the other parses to the same value. Generated sessions go back and
//! forth between our client and our server, cut at random.
#![cfg(all(feature = "pop3", feature = "server", feature = "sasl-all", feature = "apop"))]

mod common;

use common::cuts::{Cuts, Random};
use common::log::{Log, event_line};
use common::server::{Host, Hosting, Message};
use mailproto_core::pop3::{
    Capabilities, Capability, Client, Command, Config, Event, MechanismNames, ResponseCode,
    Security, State, Utf8,
};
use mailproto_core::sasl::{Auto, Credentials, Name, NameSet};
use mailproto_core::wire::{LineEnding, Newlines, Piece, Stuffer, Unstuffer};
use proptest::collection::vec;
use proptest::prelude::*;

// Values.

/// Octets but CR, LF and NUL.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let octet = any::<u8>().prop_filter("an octet of a line", |octet| !b"\r\n\0".contains(octet));
    let telling = prop_oneof![Just(b' '), Just(b'='), Just(b'*'), Just(b'.'), Just(b'\t'), octet];
    vec(telling, 1..40)
}

/// The same without spaces.
fn word() -> impl Strategy<Value = Vec<u8>> {
    text().prop_filter_map("a word", |text| {
        let word: Vec<u8> = text.into_iter().filter(|&octet| octet != b' ').collect();
        (!word.is_empty()).then_some(word)
    })
}

/// Printable words with single spaces between them.
fn words() -> impl Strategy<Value = Vec<u8>> {
    "[!-~]{1,8}( [!-~]{1,8}){0,3}".prop_map(String::into_bytes)
}

fn uid() -> impl Strategy<Value = Vec<u8>> {
    vec(0x21_u8..=0x7e, 1..=70)
}

fn number() -> impl Strategy<Value = u32> {
    prop_oneof![1_u32..5, 1..=u32::MAX, Just(u32::MAX)]
}

/// Messages of the octets that matter: dots, CR, LF, and others.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => Just(b"\r\n".to_vec()),
        3 => Just(b".".to_vec()),
        2 => Just(b"\r".to_vec()),
        2 => Just(b"\n".to_vec()),
        2 => Just(b"\r\n.\r\n".to_vec()),
        1 => Just(b"\r\n..\r\n".to_vec()),
        3 => vec(any::<u8>(), 0..12),
        1 => Just(vec![b'x'; 300]),
    ];
    vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

// Commands.

/// A command with its arguments, owned.
#[derive(Clone, Debug)]
enum Call {
    Plain(u8),
    User(Vec<u8>),
    Login(Vec<u8>, Vec<u8>),
    Apop(Vec<u8>, Vec<u8>),
    One(u8, u32),
    Top(u32, u32),
    Lang(Vec<u8>),
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        (0_u8..10).prop_map(Call::Plain),
        text().prop_map(Call::User),
        (text(), text()).prop_map(|(user, password)| Call::Login(user, password)),
        (word(), text()).prop_map(|(user, secret)| Call::Apop(user, secret)),
        (0_u8..4, number()).prop_map(|(verb, number)| Call::One(verb, number)),
        (number(), any::<u32>()).prop_map(|(number, lines)| Call::Top(number, lines)),
        word().prop_map(Call::Lang),
    ]
}

const STAMP: &[u8] = b"<1896.697170952@dbc.mtview.ca.us>";

/// A client that is logged in or not, whose buffers hold anything.
fn with_client<T>(logged_in: bool, run: impl FnOnce(&mut Client<'_>) -> T) -> T {
    let (mut scratch, mut tx) = ([0; 1024], [0; 1024]);
    let config =
        Config { apop: true, ..Config::default().with_security(Security::DangerCleartext) };
    let mut client = Client::new(&mut scratch, &mut tx, config);
    let greeting = [b"+OK ", STAMP, b"\r\n"].concat();
    client.poll(&mut &greeting[..]).unwrap();
    if logged_in {
        client.login(b"a", b"b").unwrap();
        for _ in 0..2 {
            client.sent(usize::MAX);
            client.poll(&mut &b"+OK\r\n"[..]).unwrap();
        }
    }
    run(&mut client)
}

/// The lines that the client emits for a call, as they would be with replies in between.
fn emitted(call: &Call) -> Vec<Vec<u8>> {
    let transaction = matches!(call, Call::Plain(4..=8) | Call::One(..) | Call::Top(..));
    with_client(transaction, |client| {
        match call {
            Call::Plain(0) => client.capa(),
            Call::Plain(1) => client.stls(),
            Call::Plain(2) => client.utf8(),
            Call::Plain(3) => client.lang_list(),
            Call::Plain(4) => client.stat(),
            Call::Plain(5) => client.list(),
            Call::Plain(6) => client.uidl(),
            Call::Plain(7) => client.rset(),
            Call::Plain(8) => client.noop(),
            Call::Plain(_) => client.quit(),
            Call::User(name) => client.user(name),
            Call::Login(name, password) => client.login(name, password),
            Call::Apop(name, secret) => client.apop(name, secret),
            Call::One(0, number) => client.list_one(*number),
            Call::One(1, number) => client.uidl_one(*number),
            Call::One(2, number) => client.retr(*number),
            Call::One(_, number) => client.dele(*number),
            Call::Top(number, lines) => client.top(*number, *lines),
            Call::Lang(tag) => client.lang(tag),
        }
        .expect("legal");
        let mut lines = Vec::new();
        while !client.outgoing().is_empty() {
            let line = client.outgoing().strip_suffix(b"\r\n").expect("a line").to_vec();
            client.sent(usize::MAX);
            client.poll(&mut &b"+OK\r\n"[..]).unwrap();
            lines.push(line);
        }
        lines
    })
}

/// What the server must read.
fn meant<'c>(call: &'c Call, digest: &'c [u8]) -> Vec<Command<'c>> {
    vec![match call {
        Call::Plain(0) => Command::Capa,
        Call::Plain(1) => Command::Stls,
        Call::Plain(2) => Command::Utf8,
        Call::Plain(3) => Command::Lang(None),
        Call::Plain(4) => Command::Stat,
        Call::Plain(5) => Command::List(None),
        Call::Plain(6) => Command::Uidl(None),
        Call::Plain(7) => Command::Rset,
        Call::Plain(8) => Command::Noop,
        Call::Plain(_) => Command::Quit,
        Call::User(name) => Command::User(name),
        Call::Login(name, password) => return vec![Command::User(name), Command::Pass(password)],
        Call::Apop(name, _) => Command::Apop { name, digest },
        Call::One(0, number) => Command::List(Some(*number)),
        Call::One(1, number) => Command::Uidl(Some(*number)),
        Call::One(2, number) => Command::Retr(*number),
        Call::One(_, number) => Command::Dele(*number),
        Call::Top(number, lines) => Command::Top { number: *number, lines: *lines },
        Call::Lang(tag) => Command::Lang(Some(tag)),
    }]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn commands_are_read_as_they_were_meant(call in call()) {
        let lines = emitted(&call);
        let digest = match &call {
            Call::Apop(_, secret) => mailproto_core::sasl::apop::digest(STAMP, secret).to_vec(),
            _ => Vec::new(),
        };
        let read: Vec<_> = lines.iter().map(|line| Command::parse(line).expect("a command")).collect();
        prop_assert_eq!(read, meant(&call, &digest));
    }

    #[test]
    fn capabilities_are_read_as_they_were_meant(
        which in 0_usize..14, number in any::<u32>(), flag in any::<bool>(), words in words(),
        tag in "X[!-~]{0,12}",
    ) {
        let capability = match which {
            0 => Capability::Top,
            1 => Capability::User,
            2 => Capability::RespCodes,
            3 => Capability::Pipelining,
            4 => Capability::Uidl,
            5 => Capability::Stls,
            6 => Capability::AuthRespCode,
            7 => Capability::Lang,
            8 => Capability::Sasl(MechanismNames(&words)),
            9 => Capability::Implementation(&words),
            10 => Capability::Utf8 { user: flag },
            11 => Capability::LoginDelay { seconds: number, per_user: flag },
            12 => Capability::Expire { days: (number % 3 > 0).then_some(number), per_user: flag },
            _ => {
                Capability::Other { tag: tag.as_bytes(), arguments: if flag { &words } else { b"" } }
            }
        };
        let line = capability.emit(&mut None).concat();
        prop_assert_eq!(Capability::parse(&line), capability);
    }

    #[test]
    fn any_line_is_read_without_panic(line in vec(any::<u8>(), 0..300)) {
        let _ = Command::parse(&line);
        let capability = Capability::parse(&line);
        let again = capability.emit(&mut None).concat();
        prop_assert_eq!(Capability::parse(&again), capability);
        let code = ResponseCode::parse(&line);
        prop_assert_eq!(ResponseCode::parse(code.as_bytes()), code);
    }

    #[test]
    fn a_block_unstuffs_to_what_was_stuffed(
        body in body(), cut in 1_usize..40, room in 2_usize..40, behind in body(), seed in any::<u64>(),
    ) {
        let mut block = stuffed(&body, cut, room);
        prop_assert!(block.ends_with(b"\r\n.\r\n") || block == b".\r\n");
        block.extend_from_slice(&behind);
        let (text, rest) = unstuffed(&block, seed);
        prop_assert_eq!(text, Hosting::default().as_sent(&body));
        prop_assert_eq!(rest, behind);
    }
}

fn stuffed(body: &[u8], cut: usize, room: usize) -> Vec<u8> {
    let (mut stuffer, mut block) = (Stuffer::new(Newlines::Keep), Vec::new());
    let mut out = vec![0; room];
    for mut piece in body.chunks(cut) {
        while !piece.is_empty() {
            let filled = stuffer.stuff(&mut piece, &mut out);
            block.extend_from_slice(&out[..filled]);
        }
    }
    let mut end = [0; 5];
    let filled = stuffer.finish(&mut end).expect("five octets are enough");
    block.extend_from_slice(&end[..filled]);
    block
}

/// The text of a block, and what lies behind it.
fn unstuffed(block: &[u8], seed: u64) -> (Vec<u8>, Vec<u8>) {
    let (mut unstuffer, mut text) = (Unstuffer::new(LineEnding::Crlf), Vec::new());
    let mut at = 0;
    for length in Cuts::Random(seed).reads(0, block.len()) {
        let mut input = &block[at..at + length];
        at += length;
        while let Some(piece) = unstuffer.next(&mut input) {
            match piece {
                Piece::Data(octets) => text.extend_from_slice(octets),
                Piece::End => return (text, block[at - input.len()..].to_vec()),
            }
        }
    }
    panic!("the block does not end");
}

// Sessions.

/// Our client and our server, octets going both ways in pieces of random length.
struct Pair<'p> {
    client: Client<'p>,
    host: Host<'p>,
    random: Random,
    told: Log,
    /// How much of what the host has sent the client has received.
    taken: usize,
}

impl<'p> Pair<'p> {
    fn new(client: Client<'p>, host: Host<'p>, seed: u64) -> Self {
        Self { client, host, random: Random::new(seed), told: Log::default(), taken: 0 }
    }

    /// Moves octets both ways until nobody has anything to say, or the client is asked something.
    fn talk(&mut self) -> bool {
        loop {
            let sent = self.client.outgoing();
            let some = sent.len().min(1 + self.random.below(20));
            let some = sent[..some].to_vec();
            self.client.sent(some.len());
            if !some.is_empty() {
                self.host.receive(&some);
                assert_eq!(self.host.failure, None);
            }
            let received = self.host.log.all_sent();
            let waiting = &received[self.taken..];
            if some.is_empty() && waiting.is_empty() {
                return false;
            }
            let read = waiting.len().min(1 + self.random.below(300));
            if self.receive(&waiting[..read]) {
                return true;
            }
        }
    }

    fn receive(&mut self, octets: &[u8]) -> bool {
        let mut input = octets;
        let mut asked = false;
        self.taken += octets.len();
        loop {
            match self.client.poll(&mut input) {
                Ok(Some(Event::Data { octets, .. })) => self.told.data(octets),
                Ok(Some(event)) => {
                    asked = matches!(event, Event::Challenge { .. });
                    self.told.event(event_line(&event));
                }
                Ok(None) => return asked,
                Err(error) => panic!("{error} in {:?}", self.told),
            }
        }
    }

    /// The events since the last call.
    fn told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.told).events()
    }
}

fn message() -> impl Strategy<Value = Message> {
    (uid(), body()).prop_map(|(uid, text)| Message { uid, text })
}

fn hosting() -> impl Strategy<Value = Hosting> {
    let sizes = (512_usize..700, 512_usize..700);
    (vec(message(), 0..8), any::<bool>(), any::<bool>(), sizes, text(), text()).prop_map(
        |(messages, unix, timestamp, (scratch, tx), user, password)| Hosting {
            messages,
            unix,
            timestamp: timestamp.then(|| STAMP.to_vec()),
            user,
            password,
            scratch,
            tx,
            utf8: Some(Utf8::Users),
            languages: vec![(b"en".to_vec(), b"English".to_vec())],
            mechanisms: NameSet::COMPILED,
            marks: 1,
            ..Hosting::default()
        },
    )
}

/// What the client asks in the TRANSACTION state.
#[derive(Clone, Copy, Debug)]
enum Wish {
    Stat,
    List,
    Uidl,
    ListOne(u32),
    UidlOne(u32),
    Retr(u32),
    Top(u32, u32),
    Dele(u32),
    Rset,
    Noop,
    Capa,
    Lang,
}

fn wish() -> impl Strategy<Value = Wish> {
    let message = 1_u32..10;
    prop_oneof![
        1 => Just(Wish::Stat),
        1 => Just(Wish::List),
        1 => Just(Wish::Uidl),
        1 => message.clone().prop_map(Wish::ListOne),
        1 => message.clone().prop_map(Wish::UidlOne),
        3 => message.clone().prop_map(Wish::Retr),
        2 => (message.clone(), 0_u32..5).prop_map(|(message, lines)| Wish::Top(message, lines)),
        2 => message.prop_map(Wish::Dele),
        1 => Just(Wish::Rset),
        1 => Just(Wish::Noop),
        1 => Just(Wish::Capa),
        1 => Just(Wish::Lang),
    ]
}

/// The mailbox as RFC 1939 §5 describes it: what each wish must bring.
struct Model<'m> {
    hosting: &'m Hosting,
    deleted: Vec<u32>,
}

impl Model<'_> {
    fn left(&self) -> impl Iterator<Item = (u32, &Message)> {
        let numbered = (1_u32..).zip(&self.hosting.messages);
        numbered.filter(|(number, _)| !self.deleted.contains(number))
    }

    fn get(&self, number: u32) -> Option<&Message> {
        self.left().find(|(left, _)| *left == number).map(|(_, message)| message)
    }

    /// The events that the client must tell: words reduced to what matters.
    fn grant(&mut self, wish: Wish) -> Vec<String> {
        let hosting = self.hosting;
        let refused = |what: String| vec![format!("completed {what} Err")];
        match wish {
            Wish::Stat => {
                let octets: u64 = self.left().map(|(_, message)| hosting.octets(message)).sum();
                vec![format!("completed STAT Ok drop={},{octets}", self.left().count())]
            }
            Wish::List => {
                let lines =
                    self.left().map(|(n, message)| format!("scan {n} {}", hosting.octets(message)));
                listing("LIST", lines.collect())
            }
            Wish::Uidl => {
                let uids = self
                    .left()
                    .map(|(n, message)| format!("uid {n} {}", message.uid.escape_ascii()));
                listing("UIDL", uids.collect())
            }
            Wish::ListOne(n) => match self.get(n) {
                Some(message) => {
                    vec![format!("completed LIST {n} Ok scan={n},{}", hosting.octets(message))]
                }
                None => refused(format!("LIST {n}")),
            },
            Wish::UidlOne(n) => match self.get(n) {
                Some(message) => {
                    let uid = message.uid.escape_ascii();
                    vec![format!("completed UIDL {n} Ok uid={n},{uid}")]
                }
                None => refused(format!("UIDL {n}")),
            },
            Wish::Retr(n) => match self.get(n) {
                Some(message) => retrieved("RETR", n, hosting.as_sent(&message.text)),
                None => refused(format!("RETR {n}")),
            },
            Wish::Top(n, lines) => match self.get(n) {
                Some(message) => {
                    let shown = top(&hosting.as_sent(&message.text), lines);
                    retrieved("TOP", n, shown)
                }
                None => refused(format!("TOP {n}")),
            },
            Wish::Dele(n) => match self.get(n) {
                Some(_) => {
                    self.deleted.push(n);
                    vec![format!("completed DELE {n} Ok")]
                }
                None => refused(format!("DELE {n}")),
            },
            Wish::Rset => {
                self.deleted.clear();
                vec!["completed RSET Ok".into()]
            }
            Wish::Noop => vec!["completed NOOP Ok".into()],
            Wish::Capa => listing("CAPA", Vec::new()),
            Wish::Lang => listing("LANG", vec!["lang en \"English\"".into()]),
        }
    }
}

fn listing(verb: &str, mut lines: Vec<String>) -> Vec<String> {
    lines.insert(0, format!("started {verb}"));
    lines.push(format!("completed {verb} Ok"));
    lines
}

fn retrieved(verb: &str, number: u32, text: Vec<u8>) -> Vec<String> {
    let data = (!text.is_empty()).then(|| common::log::data_line(&text));
    let mut lines = vec![format!("started {verb} {number}")];
    lines.extend(data);
    lines.push(format!("completed {verb} {number} Ok"));
    lines
}

/// RFC 1939 §7, TOP: the header, the empty line behind it, and so many lines of the body. A line ends with
/// LF here, as it does for any reader of a mailbox; an empty one may hold CR.
fn top(text: &[u8], lines: u32) -> Vec<u8> {
    let mut shown = Vec::new();
    let mut left = None;
    for line in text.split_inclusive(|&octet| octet == b'\n') {
        if left == Some(0) {
            break;
        }
        shown.extend_from_slice(line);
        left = match left {
            Some(left) => Some(left - 1),
            None if line.iter().all(|octet| b"\r\n".contains(octet)) => Some(lines),
            None => None,
        };
    }
    if !shown.is_empty() && !shown.ends_with(b"\r\n") {
        shown.extend_from_slice(b"\r\n");
    }
    shown
}

/// An event without the server's words and the hint of a message's length.
fn reduce(line: &str) -> Option<String> {
    if line.starts_with("capability") || line.starts_with("other") || line.starts_with("quirk") {
        return None;
    }
    if ["data", "lang", "scan", "uid"].iter().any(|word| line.starts_with(word)) {
        return Some(line.to_owned());
    }
    let line = line.split(" \"").next().unwrap_or(line);
    let words =
        line.split(' ').filter(|word| !word.starts_with("octets=") && !word.starts_with('['));
    Some(words.collect::<Vec<_>>().join(" "))
}

fn ask(client: &mut Client<'_>, wish: Wish) {
    match wish {
        Wish::Stat => client.stat(),
        Wish::List => client.list(),
        Wish::Uidl => client.uidl(),
        Wish::ListOne(number) => client.list_one(number),
        Wish::UidlOne(number) => client.uidl_one(number),
        Wish::Retr(number) => client.retr(number),
        Wish::Top(number, lines) => client.top(number, lines),
        Wish::Dele(number) => client.dele(number),
        Wish::Rset => client.rset(),
        Wish::Noop => client.noop(),
        Wish::Capa => client.capa(),
        Wish::Lang => client.lang_list(),
    }
    .expect("legal in TRANSACTION");
}

fn back_to_back(
    hosting: &Hosting,
    seed: u64,
    run: impl FnOnce(&mut Pair<'_>) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut memory = Host::memory(hosting);
    let host = Host::new(hosting, &mut memory, 1 + (seed % 50) as usize);
    let (mut scratch, mut tx) = (vec![0; 256 + (seed % 300) as usize], vec![0; 1024]);
    let config = Config { apop: true, ..Config::default().with_security(Security::Private) };
    let mut pair = Pair::new(Client::new(&mut scratch, &mut tx, config), host, seed);
    pair.talk();
    run(&mut pair)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn sessions_go_as_the_rfc_says(
        hosting in hosting(), seed in any::<u64>(), wishes in vec(vec(wish(), 1..8), 0..6),
        pipelining in any::<bool>(), digest in any::<bool>(),
    ) {
        back_to_back(&hosting, seed, |pair| {
            if pipelining {
                pair.client.capa().unwrap();
                pair.talk();
                prop_assert!(pair.client.capabilities().contains(Capabilities::PIPELINING));
            }
            pair.client.utf8().unwrap();
            pair.talk();
            let user = hosting.user.as_slice();
            let word = !user.contains(&b' ');
            if digest && hosting.timestamp.is_some() && word {
                pair.client.apop(user, &hosting.password).unwrap();
            } else {
                pair.client.login(user, &hosting.password).unwrap();
            }
            pair.talk();
            prop_assert_eq!(pair.client.state(), State::Transaction, "{:?}", pair.told());
            pair.told();
            let mut model = Model { hosting: &hosting, deleted: Vec::new() };
            for together in wishes {
                let mut expected = Vec::new();
                for wish in together {
                    ask(&mut pair.client, wish);
                    expected.extend(model.grant(wish));
                }
                pair.talk();
                let told = pair.told();
                let told: Vec<String> = told.iter().filter_map(|line| reduce(line)).collect();
                prop_assert_eq!(told, expected);
            }
            pair.client.quit().unwrap();
            pair.talk();
            prop_assert_eq!(pair.client.eof(), Ok(()));
            prop_assert_eq!(pair.host.server.eof(), Ok(()));
            model.deleted.sort_unstable();
            prop_assert_eq!(pair.host.removed.as_ref(), Some(&model.deleted));
            Ok(())
        })?;
    }

    #[test]
    fn every_mechanism_logs_in_with_the_right_secret_and_no_other(
        which in 0_usize..9, right in any::<bool>(), seed in any::<u64>(), acting in any::<bool>(),
        user in "[a-z,=@.]{1,40}", password in "[ -~éß]{1,60}",
    ) {
        let name = Name::ALL[which];
        let hosting = Hosting {
            user: user.clone().into_bytes(),
            password: password.clone().into_bytes(),
            token: password.replace([' ', 'é', 'ß'], "x").into_bytes(),
            mechanisms: NameSet::of(&[name]),
            scratch: 1024,
            ..Hosting::default()
        };
        let wrong = if right { "" } else { "x" };
        let authzid = if acting { user.as_str() } else { "" };
        let given = format!("{password}{wrong}");
        let token = String::from_utf8(hosting.token.clone()).unwrap() + wrong;
        let other = format!("{user}{wrong}");
        let credentials = match name {
            Name::OauthBearer | Name::XOauth2 => {
                Credentials::Token { user: &user, token: &token, host: "example.org", port: 995 }
            }
            Name::External => Credentials::External { authzid: &other },
            Name::Anonymous => Credentials::Anonymous { trace: "x" },
            Name::CramMd5 | Name::Login => {
                Credentials::Password { authzid: "", user: &user, password: &given }
            }
            _ => Credentials::Password { authzid, user: &user, password: &given },
        };
        let nonce = *b"client's nonce, 18";
        back_to_back(&hosting, seed, |pair| {
            pair.client.capa().unwrap();
            pair.talk();
            prop_assert!(pair.client.mechanisms().contains(name));
            let mut mechanism = Auto::new(name, credentials, &nonce).unwrap();
            pair.client.auth(&mut mechanism).unwrap();
            while pair.talk() {
                pair.client.respond(&mut mechanism).unwrap();
            }
            let welcome = right || name == Name::Anonymous;
            let state = if welcome { State::Transaction } else { State::Authorization };
            prop_assert_eq!(pair.client.state(), state, "{:?}", pair.told());
            prop_assert_eq!(pair.host.server.state(), state);
            let told = pair.told();
            let last = told.last().unwrap().as_str();
            let expected =
                if welcome { "completed AUTH Ok" } else { "completed AUTH Err [AUTH]" };
            prop_assert!(last.starts_with(expected), "{}", last);
            Ok(())
        })?;
    }

    #[test]
    fn refusals_are_read_as_they_were_meant(
        which in 0_usize..7, other in "[!-Z^-~]{1,20}", text in words(), known in any::<bool>(),
    ) {
        let code = match which {
            0 => ResponseCode::LoginDelay,
            1 => ResponseCode::InUse,
            2 => ResponseCode::Auth,
            3 => ResponseCode::SysTemp,
            4 => ResponseCode::SysPerm,
            5 => ResponseCode::Utf8,
            _ => ResponseCode::parse(other.as_bytes()),
        };
        let hosting = Hosting::default();
        let mut memory = Host::memory(&hosting);
        let mut host = Host::new(&hosting, &mut memory, 1);
        host.server.poll(&mut &b"USER mrose\r\n"[..]).unwrap();
        host.server.poll(&mut &b"PASS x\r\n"[..]).unwrap();
        host.server.reject(Some(code), &text).unwrap();
        with_client(false, |client| {
            if known {
                client.capa().unwrap();
                client.sent(usize::MAX);
                let mut input = &b"+OK\r\nRESP-CODES\r\n.\r\n"[..];
                while client.poll(&mut input).unwrap().is_some() {}
            }
            client.login(b"mrose", b"x").unwrap();
            client.sent(usize::MAX);
            let mut input = host.server.outgoing();
            client.poll(&mut input).unwrap();
            client.sent(usize::MAX);
            let Ok(Some(Event::Completed { code: read, text: said, .. })) = client.poll(&mut input)
            else {
                panic!("no completion");
            };
            // RFC 2449 §6.4: a code that is not registered counts only where RESP-CODES is announced.
            if known || !matches!(code, ResponseCode::Other(_)) {
                prop_assert_eq!((read, said), (Some(code), &text[..]));
            } else {
                let both = [b"[", code.as_bytes(), b"] ", &text].concat();
                prop_assert_eq!((read, said), (None, &both[..]));
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_client_survives_any_server(
        octets in vec(any::<u8>(), 0..400), seed in any::<u64>(), calls in vec(call(), 0..6),
    ) {
        // No panic, and never stuck: each poll takes an octet, or tells something.
        for greeted in [false, true] {
            let run = |client: &mut Client<'_>| {
                for call in &calls {
                    if let Call::One(2, number) = call {
                        let _ = client.retr(*number);
                    }
                    let _ = client.list();
                    client.sent(usize::MAX);
                }
                let mut rest = &octets[..];
                for length in Cuts::Random(seed).reads(0, octets.len()) {
                    let (mut input, after) = rest.split_at(length);
                    rest = after;
                    for _ in 0..4 * length + 4 {
                        match client.poll(&mut input) {
                            Ok(Some(_)) => {}
                            Ok(None) => break,
                            Err(_) => return,
                        }
                    }
                    assert!(input.is_empty(), "stuck");
                }
            };
            with_client(greeted, run);
        }
    }
}
