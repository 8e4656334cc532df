//! A host of the server engine: a mailbox in memory that answers what the engine asks, and
//! transcripts in which the client's lines are given and the server's are compared.
//!
//! | line | meaning |
//! |---|---|
//! | `@ name value…` | a setting (see [`Hosting`]), or `@ tls`, `@ eof` |
//! | `\| text`, `\|- text` | a line of the message that `@ message uid` began |
//! | `C: text`, `C\| text` | the client says a line, or octets |
//! | `S: text`, `S\| text` | the server says a line, or octets; `*` at the end stands for any words |
//! | `= event` | the host removes messages (`update 1 2`), or the session fails (`fatal …`) |

use std::cell::RefCell;
use std::collections::HashMap;

use mailproto_core::pop3::{Request, ResponseCode, Security, Server, ServerConfig, State, Utf8};
use mailproto_core::sasl::scram::{Keys, MIN_ITERATIONS};
use mailproto_core::sasl::{
    AutoServer, Claim, Decoy, Name, NameSet, Secret, ServerMechanism, Setup, Step, Store, apop,
};
use mailproto_core::wire::Newlines;
use mailproto_core::{LocalError, RemoteError};

use super::cuts::Cuts;
use super::log::{Log, failure_line};
use super::script::unescape;

/// A message of a mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) uid: Vec<u8>,
    pub(crate) text: Vec<u8>,
}

/// What the host has and how the engine is set up.
#[derive(Clone, Debug)]
pub(crate) struct Hosting {
    /// `@ mailbox user password`
    pub(crate) user: Vec<u8>,
    pub(crate) password: Vec<u8>,
    /// `@ token text`
    pub(crate) token: Vec<u8>,
    /// `@ message uid` and the lines behind it
    pub(crate) messages: Vec<Message>,
    /// `@ lang tag description`
    pub(crate) languages: Vec<(Vec<u8>, Vec<u8>)>,
    /// `@ security private | stls | cleartext`
    pub(crate) security: Security,
    /// `@ mechanisms name…`
    pub(crate) mechanisms: NameSet,
    /// `@ timestamp <…>`
    pub(crate) timestamp: Option<Vec<u8>>,
    /// `@ utf8 messages | users`
    pub(crate) utf8: Option<Utf8>,
    /// `@ unix`: messages are stored with bare LF.
    pub(crate) unix: bool,
    /// `@ nouser`: USER and PASS are not offered.
    pub(crate) login: bool,
    /// `@ errors n`
    pub(crate) max_errors: u8,
    /// `@ scratch octets`, `@ tx octets`, `@ marks octets`
    pub(crate) scratch: usize,
    pub(crate) tx: usize,
    pub(crate) marks: usize,
}

impl Default for Hosting {
    fn default() -> Self {
        Self {
            user: b"mrose".to_vec(),
            password: b"secret".to_vec(),
            token: b"token".to_vec(),
            messages: Vec::new(),
            languages: Vec::new(),
            security: Security::Private,
            mechanisms: NameSet::EMPTY,
            timestamp: None,
            utf8: None,
            unix: false,
            login: true,
            max_errors: 0,
            scratch: 512,
            tx: 512,
            marks: 64,
        }
    }
}

impl Hosting {
    pub(crate) fn config(&self) -> ServerConfig<'_> {
        ServerConfig {
            security: self.security,
            user: self.login,
            mechanisms: self.mechanisms,
            timestamp: self.timestamp.as_deref(),
            utf8: self.utf8,
            lang: !self.languages.is_empty(),
            newlines: if self.unix { Newlines::ToCrlf } else { Newlines::Keep },
            max_errors: self.max_errors,
            ..ServerConfig::default()
        }
    }

    /// How long a message is on the wire, every line end counted as two octets (RFC 1939 §11).
    pub(crate) fn octets(&self, message: &Message) -> u64 {
        self.as_sent(&message.text).len() as u64
    }

    /// A message as the client is to get it: bare LF mended if it is stored so, the last line ended.
    pub(crate) fn as_sent(&self, text: &[u8]) -> Vec<u8> {
        let mut sent = Vec::new();
        for (at, &octet) in text.iter().enumerate() {
            let bare = octet == b'\n' && (at == 0 || text[at - 1] != b'\r');
            if self.unix && bare {
                sent.push(b'\r');
            }
            sent.push(octet);
        }
        if !sent.is_empty() && !sent.ends_with(b"\r\n") {
            sent.extend(b"\r\n");
        }
        sent
    }

    fn setting(&mut self, name: &str, value: &str) -> Option<()> {
        let words: Vec<&str> = value.split(' ').collect();
        match name {
            "mailbox" => {
                self.user = unescape(words[0])?;
                self.password = unescape(words.get(1)?)?;
            }
            "token" => self.token = unescape(value)?,
            "message" => {
                self.messages.push(Message { uid: unescape(value)?, text: Vec::new() });
            }
            "lang" => {
                let (tag, description) = value.split_once(' ')?;
                self.languages.push((unescape(tag)?, unescape(description)?));
            }
            "security" => {
                self.security = match value {
                    "private" => Security::Private,
                    "stls" => Security::StlsRequired,
                    "cleartext" => Security::DangerCleartext,
                    _ => return None,
                };
            }
            "mechanisms" => {
                for word in words {
                    self.mechanisms.insert(Name::from_bytes(word.as_bytes())?);
                }
            }
            "timestamp" => self.timestamp = Some(unescape(value)?),
            "utf8" => {
                let users = value == "users";
                self.utf8 = Some(if users { Utf8::Users } else { Utf8::Messages });
            }
            "unix" => self.unix = true,
            "nouser" => self.login = false,
            "errors" => self.max_errors = value.parse().ok()?,
            "scratch" => self.scratch = value.parse().ok()?,
            "tx" => self.tx = value.parse().ok()?,
            "marks" => self.marks = value.parse().ok()?,
            _ => return None,
        }
        Some(())
    }
}

/// What a client asked, kept.
enum Ask {
    Login(Vec<u8>, Vec<u8>),
    Apop(Vec<u8>, Vec<u8>),
    Auth(Name),
    Response,
    Stat,
    List(Option<u32>),
    Uidl(Option<u32>),
    Message(u32),
    Lang(Option<Vec<u8>>),
    Update,
    Nothing,
}

impl Ask {
    fn of(request: Request<'_>) -> Self {
        match request {
            Request::Login { name, password } => Self::Login(name.to_vec(), password.to_vec()),
            Request::Apop { name, digest } => Self::Apop(name.to_vec(), digest.to_vec()),
            Request::Auth { mechanism } => Self::Auth(Name::from_bytes(mechanism).unwrap()),
            Request::Response => Self::Response,
            Request::Stat => Self::Stat,
            Request::List { message } => Self::List(message),
            Request::Uidl { message } => Self::Uidl(message),
            Request::Message { message, .. } => Self::Message(message),
            Request::Lang { tag } => Self::Lang(tag.map(<[u8]>::to_vec)),
            Request::Update => Self::Update,
            _ => Self::Nothing,
        }
    }
}

/// The engine with its host.
pub(crate) struct Host<'h> {
    pub(crate) server: Server<'h, 'h>,
    hosting: &'h Hosting,
    mechanism: Option<AutoServer<'static>>,
    /// In pieces of how many octets a message is handed to the engine.
    piece: usize,
    pub(crate) log: Log,
    pub(crate) failure: Option<RemoteError>,
    /// What was removed in the UPDATE state.
    pub(crate) removed: Option<Vec<u32>>,
}

impl<'h> Host<'h> {
    /// Greets.
    pub(crate) fn new(hosting: &'h Hosting, memory: &'h mut [Vec<u8>; 3], piece: usize) -> Self {
        let [scratch, tx, marks] = memory;
        let mut server = Server::new(scratch, tx, marks, hosting.config());
        server.greet(b"ready").expect("room for a greeting");
        let mut host = Self {
            server,
            hosting,
            mechanism: None,
            piece: piece.max(1),
            log: Log::default(),
            failure: None,
            removed: None,
        };
        host.send();
        host
    }

    pub(crate) fn memory(hosting: &Hosting) -> [Vec<u8>; 3] {
        [vec![0; hosting.scratch], vec![0; hosting.tx], vec![0; hosting.marks]]
    }

    /// What the engine has to send goes to the log.
    fn send(&mut self) -> bool {
        let sent = self.server.outgoing().to_vec();
        self.server.sent(sent.len() / 2);
        self.server.sent(sent.len() - sent.len() / 2);
        assert!(self.server.outgoing().is_empty());
        self.log.sent(&sent);
        !sent.is_empty()
    }

    /// Feeds one read, and answers all that it asks.
    pub(crate) fn receive(&mut self, mut input: &[u8]) {
        while self.failure.is_none() {
            let asked = match self.server.poll(&mut input) {
                Ok(Some(request)) => {
                    self.log.event(format!("{request:?}"));
                    Some(Ask::of(request))
                }
                Ok(None) => None,
                Err(error) => {
                    self.failed(error);
                    break;
                }
            };
            let done = asked.is_none() && input.is_empty();
            let asks = asked.is_some();
            if let Some(ask) = asked {
                self.answer(ask);
                assert!(!self.server.owes_answer(), "answered");
            }
            let sent = self.send();
            if done {
                return;
            }
            assert!(asks || sent, "the engine is stuck");
        }
    }

    fn failed(&mut self, error: RemoteError) {
        self.failure = Some(error);
        self.log.event(failure_line(&error));
        assert_eq!(self.server.poll(&mut &b"NOOP\r\n"[..]), Err(error), "a failure is for good");
    }

    pub(crate) fn eof(&mut self) {
        match self.server.eof() {
            Ok(()) => self.log.event("eof Ok".into()),
            Err(error) => self.failed(error),
        }
    }

    /// Calls until there is room.
    fn until_sent(&mut self, call: impl Fn(&mut Server<'h, 'h>) -> Result<(), LocalError>) {
        loop {
            match call(&mut self.server) {
                Ok(()) => return,
                Err(LocalError::Full) => assert!(self.send(), "full, but nothing to send"),
                Err(error) => panic!("the host's answer: {error}"),
            }
        }
    }

    fn reject(&mut self, code: ResponseCode<'_>, text: &[u8]) {
        self.until_sent(|server| server.reject(Some(code), text));
    }

    fn let_in(&mut self, welcome: bool) {
        let messages = u32::try_from(self.hosting.messages.len()).unwrap();
        if welcome {
            self.until_sent(|server| server.accept(messages));
        } else {
            self.reject(ResponseCode::Auth, b"authentication failed");
        }
    }

    fn answer(&mut self, ask: Ask) {
        let hosting = self.hosting;
        let numbered = || (1_u32..).zip(&hosting.messages);
        let one = |number: u32| &hosting.messages[number as usize - 1];
        match ask {
            Ask::Login(name, password) => {
                self.let_in(name == hosting.user && password == hosting.password);
            }
            Ask::Apop(name, digest) => {
                let stamp = hosting.timestamp.as_deref().unwrap();
                let expected = apop::digest(stamp, &hosting.password);
                self.let_in(name == hosting.user && digest == expected);
            }
            Ask::Auth(name) => {
                self.mechanism = Some(mechanism(name));
                self.authenticate();
            }
            Ask::Response => self.authenticate(),
            Ask::Stat => {
                let deleted: Vec<u32> = self.server.deleted().collect();
                let left = numbered().filter(|(number, _)| !deleted.contains(number));
                let octets = left.clone().map(|(_, message)| hosting.octets(message)).sum();
                let messages = u32::try_from(left.count()).unwrap();
                self.until_sent(|server| server.drop_listing(messages, octets));
            }
            Ask::List(Some(number)) => {
                let octets = hosting.octets(one(number));
                self.until_sent(|server| server.scan_listing(number, octets));
            }
            Ask::List(None) => {
                for (number, message) in numbered() {
                    let octets = hosting.octets(message);
                    self.until_sent(|server| server.scan_listing(number, octets));
                }
                self.until_sent(Server::end_listing);
            }
            Ask::Uidl(Some(number)) => {
                self.until_sent(|server| server.unique_id(number, &one(number).uid));
            }
            Ask::Uidl(None) => {
                for (number, message) in numbered() {
                    self.until_sent(|server| server.unique_id(number, &message.uid));
                }
                self.until_sent(Server::end_listing);
            }
            Ask::Message(number) => self.message(one(number)),
            Ask::Lang(None) => {
                for (tag, description) in &hosting.languages {
                    self.until_sent(|server| server.language(tag, description));
                }
                self.until_sent(Server::end_listing);
            }
            Ask::Lang(Some(tag)) => {
                let mut known = hosting.languages.iter();
                match known.find(|(known, _)| *known == tag || tag == b"*") {
                    Some((tag, _)) => self.until_sent(|server| server.accept_language(tag, b"now")),
                    None => self.until_sent(|server| server.reject(None, b"no such language")),
                }
            }
            Ask::Update => {
                let removed: Vec<u32> = self.server.deleted().collect();
                let words: Vec<String> = removed.iter().map(u32::to_string).collect();
                self.log.event(format!("update {}", words.join(" ")).trim_end().to_owned());
                self.removed = Some(removed);
                self.until_sent(|server| server.updated(true));
            }
            Ask::Nothing => {}
        }
    }

    fn message(&mut self, message: &Message) {
        let octets = self.hosting.octets(message);
        self.until_sent(|server| server.message(Some(octets)));
        for piece in message.text.chunks(self.piece) {
            let mut rest = piece;
            while !rest.is_empty() && self.server.wants_more() {
                let before = rest.len();
                self.server.message_data(&mut rest).unwrap();
                let sent = self.send();
                assert!(sent || rest.len() < before, "the engine is stuck in a message");
            }
        }
        self.until_sent(Server::end_message);
    }

    fn authenticate(&mut self) {
        let mut mechanism = self.mechanism.take().expect("AUTH came first");
        loop {
            match self.server.authenticate(&mut mechanism) {
                Ok(Step::Challenge(_)) => break self.mechanism = Some(mechanism),
                Ok(Step::Claim) => self.claim(&mut mechanism),
                Ok(Step::Success) => break self.let_in(true),
                Ok(Step::Failure) | Err(LocalError::Sasl(_)) => break self.let_in(false),
                Err(LocalError::Full) => assert!(self.send()),
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn claim(&self, mechanism: &mut AutoServer<'static>) {
        let hosting = self.hosting;
        let may_act = |authzid: &[u8]| authzid.is_empty() || authzid == hosting.user;
        let verdict = match mechanism.claim() {
            Claim::Password { authzid, user, password } => {
                may_act(authzid) && user == hosting.user && password == hosting.password
            }
            Claim::Token { user, token } => may_act(user) && token == hosting.token,
            Claim::External { authzid } => may_act(authzid),
            Claim::Anonymous { .. } => true,
            Claim::User { authzid, user } => {
                let known = may_act(authzid) && user == hosting.user;
                return self.give_secret(mechanism, known);
            }
            _ => panic!("no such claim"),
        };
        mechanism.verdict(verdict).unwrap();
    }

    fn give_secret(&self, mechanism: &mut AutoServer<'static>, known: bool) {
        let name = Name::from_bytes(mechanism.name().as_bytes()).unwrap();
        let scram = name != Name::CramMd5;
        let store = if scram { Store::ScramKeys } else { Store::Passwords };
        let password = &self.hosting.password;
        if !known {
            mechanism.secret(Secret::Unknown(store)).unwrap();
        } else if scram {
            let (stored_key, server_key) = keys(name, password);
            let secret = Secret::Scram {
                salt: SALT,
                iterations: MIN_ITERATIONS,
                stored_key: &stored_key,
                server_key: &server_key,
            };
            mechanism.secret(secret).unwrap();
        } else {
            mechanism.secret(Secret::Password(password)).unwrap();
        }
    }
}

const SALT: &[u8] = b"0123456789abcdef";

type StoredKeys = (Vec<u8>, Vec<u8>);

thread_local! {
    static KEYS: RefCell<HashMap<(&'static str, Vec<u8>), StoredKeys>> = RefCell::default();
}

fn keys(name: Name, password: &[u8]) -> StoredKeys {
    let derive = || match name {
        Name::ScramSha1 => {
            let keys = Keys::<sha1::Sha1>::derive(password, SALT, MIN_ITERATIONS).unwrap();
            (keys.stored_key().to_vec(), keys.server_key().to_vec())
        }
        _ => {
            let keys = Keys::<sha2::Sha256>::derive(password, SALT, MIN_ITERATIONS).unwrap();
            (keys.stored_key().to_vec(), keys.server_key().to_vec())
        }
    };
    let key = (name.as_str(), password.to_vec());
    KEYS.with_borrow_mut(|keys| keys.entry(key).or_insert_with(derive).clone())
}

/// A mechanism over memory that is given up: an exchange of a test is short.
fn mechanism(name: Name) -> AutoServer<'static> {
    let setup = Setup {
        work: vec![0; 1024].leak(),
        nonce: b"server's nonce, 18",
        host: "example.org",
        decoy: Decoy { key: &[7; 16], salt_octets: SALT.len(), iterations: MIN_ITERATIONS },
    };
    AutoServer::new(name, setup).expect("compiled in")
}

/// A transcript of a server's session.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerScript {
    pub(crate) name: String,
    pub(crate) hosting: Hosting,
    pub(crate) steps: Vec<ServerStep>,
    /// What the server must say; `*` before CRLF stands for any words.
    pub(crate) said: Vec<u8>,
    /// What the host must see, of `update …`, `fatal …`, `eof Ok`.
    pub(crate) expected: Vec<String>,
}

/// One step of a server's transcript.
#[derive(Clone, Debug)]
pub(crate) enum ServerStep {
    Client(Vec<u8>),
    Tls,
    Eof,
}

impl ServerScript {
    pub(crate) fn parse(name: &str, text: &str) -> Self {
        let mut script = Self { name: name.into(), ..Self::default() };
        for line in text.lines() {
            script.line(line).unwrap_or_else(|| panic!("{name}: not understood: {line}"));
        }
        script
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "" | "#" => {}
            "C:" => self.client(&[unescape(rest)?, b"\r\n".to_vec()].concat()),
            "C|" => self.client(&unescape(rest)?),
            "S:" => self.said.extend([unescape(rest)?, b"\r\n".to_vec()].concat()),
            "S|" => self.said.extend(unescape(rest)?),
            "=" => self.expected.push(rest.into()),
            "|" => self.message(&[unescape(rest)?, b"\r\n".to_vec()].concat())?,
            "|-" => self.message(&unescape(rest)?)?,
            "@" if rest == "tls" => self.steps.push(ServerStep::Tls),
            "@" if rest == "eof" => self.steps.push(ServerStep::Eof),
            "@" => {
                let (name, value) = rest.split_once(' ').unwrap_or((rest, ""));
                self.hosting.setting(name, value)?;
            }
            _ => return None,
        }
        Some(())
    }

    fn client(&mut self, octets: &[u8]) {
        match self.steps.last_mut() {
            Some(ServerStep::Client(said)) => said.extend_from_slice(octets),
            _ => self.steps.push(ServerStep::Client(octets.to_vec())),
        }
    }

    fn message(&mut self, octets: &[u8]) -> Option<()> {
        self.hosting.messages.last_mut()?.text.extend(octets);
        Some(())
    }

    pub(crate) fn client_octets(&self) -> usize {
        let said = self.steps.iter().map(|step| match step {
            ServerStep::Client(octets) => octets.len(),
            _ => 0,
        });
        said.sum()
    }
}

/// What a server's session came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerOutcome {
    pub(crate) log: Log,
    pub(crate) state: State,
}

/// Replays a transcript against the server engine, the client's octets cut as told.
pub(crate) fn replay(script: &ServerScript, cuts: &Cuts) -> ServerOutcome {
    let piece = match cuts {
        Cuts::Every(n) => *n,
        Cuts::Random(seed) => (seed % 97) as usize,
        _ => 1000,
    };
    let mut memory = Host::memory(&script.hosting);
    let mut host = Host::new(&script.hosting, &mut memory, piece);
    let mut received = 0;
    for step in &script.steps {
        match step {
            ServerStep::Client(octets) => {
                let mut rest = &octets[..];
                for length in cuts.reads(received, octets.len()) {
                    let (read, after) = rest.split_at(length);
                    host.receive(read);
                    rest = after;
                }
                received += octets.len();
            }
            ServerStep::Tls => host.server.tls_established().expect("STLS came first"),
            ServerStep::Eof => host.eof(),
        }
    }
    ServerOutcome { state: host.server.state(), log: host.log }
}

impl ServerOutcome {
    /// As for the client: what was injected behind STLS may come with it, or later.
    pub(crate) fn without_injected_handshake(mut self) -> Self {
        let entries = &mut self.log.0;
        let is = |entry: &super::log::Entry, beginning: &str| matches!(entry, super::log::Entry::Event(line) if line.starts_with(beginning));
        if entries.last().is_some_and(|last| is(last, "fatal PlaintextAfterStls")) {
            entries.retain(|entry| {
                !is(entry, "StartTls") && !matches!(entry, super::log::Entry::Sent(_))
            });
        }
        self
    }
}

/// Whether `said` is `wanted`, where `*` before CRLF in the latter stands for any words.
pub(crate) fn matches_words(said: &[u8], wanted: &[u8]) -> bool {
    let lines = |octets: &[u8]| -> Vec<Vec<u8>> {
        octets.split_inclusive(|&octet| octet == b'\n').map(<[u8]>::to_vec).collect()
    };
    let (said, wanted) = (lines(said), lines(wanted));
    said.len() == wanted.len()
        && said.iter().zip(&wanted).all(|(said, wanted)| match wanted.strip_suffix(b"*\r\n") {
            Some(beginning) => said.starts_with(beginning) && said.ends_with(b"\r\n"),
            None => said == wanted,
        })
}
