//! Replays a transcript against the client engine.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use mailproto_core::pop3::{
    Client, Command, CommandNumber, Config, Event, QuirkSet, Security, State,
};
use mailproto_core::sasl::{self, Auto, Credentials, Exposure, Mechanism, Name};
use mailproto_core::{LocalError, RemoteError};

use super::cuts::Cuts;
use super::log::{Entry, Log, event_line, failure_line};
use super::script::{Script, Settings, Step};

/// What a session came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) log: Log,
    pub(crate) state: State,
    /// How the session failed, if it did.
    pub(crate) failure: Option<RemoteError>,
}

/// Replays `script`, the server's octets cut as told.
pub(crate) fn replay(script: &Script, cuts: &Cuts) -> Outcome {
    replay_with(script, cuts, script.settings.scratch)
}

/// The same with a scratch buffer of another size.
pub(crate) fn replay_with(script: &Script, cuts: &Cuts, scratch: usize) -> Outcome {
    let (mut scratch, mut tx) = (vec![0; scratch], vec![0; 4096]);
    let client = Client::<8>::new(&mut scratch, &mut tx, config(&script.settings));
    let mut session = Session {
        client,
        settings: &script.settings,
        mechanism: None,
        asked: false,
        in_flight: VecDeque::new(),
        log: Log::default(),
        failure: None,
        received: 0,
    };
    session.run(&script.steps, cuts);
    Outcome { log: session.log, state: session.client.state(), failure: session.failure }
}

fn config(settings: &Settings) -> Config {
    let security = match settings.security.as_str() {
        "private" => Security::Private,
        "cleartext" => Security::DangerCleartext,
        "stls" => Security::StlsRequired,
        other => panic!("no such security: {other}"),
    };
    let tolerate = if settings.strict { QuirkSet::NONE } else { QuirkSet::ALL };
    let mut config = Config::lenient().with_security(security);
    config.tolerate = tolerate;
    config.pipelining = settings.pipelining;
    config.apop = settings.apop;
    config
}

impl Outcome {
    /// The outcome without the one difference that a cut may make: octets that stand directly behind
    /// the answer to STLS are seen with it, and its completion is not told at all, or they come later,
    /// and it has been.
    pub(crate) fn without_injected_handshake(mut self) -> Self {
        let entries = &mut self.log.0;
        let injected = matches!(entries.last(), Some(Entry::Event(line))
            if line.starts_with("fatal PlaintextAfterStls"));
        if injected {
            entries.retain(|entry| {
                !matches!(entry, Entry::Event(line) if line.starts_with("completed STLS Ok"))
            });
        }
        self
    }
}

struct Session<'c> {
    client: Client<'c>,
    settings: &'c Settings,
    mechanism: Option<Partner<'c>>,
    /// Whether a challenge awaits its answer.
    asked: bool,
    in_flight: VecDeque<CommandNumber>,
    log: Log,
    failure: Option<RemoteError>,
    received: usize,
}

impl Session<'_> {
    fn run(&mut self, steps: &[Step], cuts: &Cuts) {
        let mut steps = steps;
        while let [step, rest @ ..] = steps {
            steps = rest;
            match (step, rest) {
                (Step::Server(octets), _) => self.receive(octets, cuts),
                (
                    Step::Client(user, _),
                    [Step::Client(pass, _) | Step::Withheld(pass), after @ ..],
                ) if user.starts_with(b"USER ") && pass.starts_with(b"PASS ") => {
                    self.login(&user[5..], &pass[5..]);
                    steps = after;
                }
                (Step::Client(line, many), _) => self.say(line, *many),
                (Step::Raw(line, many), _) => match self.client.raw(line, *many) {
                    Ok(number) => self.in_flight.push_back(number),
                    Err(error) => self.log.event(format!("refused raw {error:?}")),
                },
                (Step::Withheld(line), _) => self.say(line, false),
                (Step::Refused(line, error), _) => self.refuse(line, error),
                (Step::Tls, _) => match self.client.tls_established() {
                    Ok(()) => {}
                    Err(error) => self.log.event(format!("refused tls {error:?}")),
                },
                (Step::Eof, _) => match self.client.eof() {
                    Ok(()) => self.log.event("eof Ok".into()),
                    Err(error) => self.failed(error),
                },
            }
            self.send();
        }
    }

    /// Feeds what the server says, read by read, and polls each read dry.
    fn receive(&mut self, octets: &[u8], cuts: &Cuts) {
        let mut rest = octets;
        for length in cuts.reads(self.received, octets.len()) {
            let (mut input, after) = rest.split_at(length);
            rest = after;
            while self.failure.is_none() && self.poll(&mut input) {
                self.send();
            }
        }
        self.received += octets.len();
    }

    fn poll(&mut self, input: &mut &[u8]) -> bool {
        let before = input.len();
        let event = match self.client.poll(input) {
            Ok(Some(event)) => event,
            Ok(None) => {
                assert!(input.is_empty(), "nothing to tell, but input is left");
                return false;
            }
            Err(error) => {
                self.failed(error);
                return false;
            }
        };
        assert!(input.len() <= before);
        let completed = matches!(event, Event::Completed { .. });
        if let Some(command) = command_of(&event) {
            let oldest = self.in_flight.front().copied();
            assert_eq!(Some(command), oldest, "replies come in the order of commands: {event:?}");
        }
        self.asked = matches!(event, Event::Challenge { .. }) || (self.asked && !completed);
        match event {
            Event::Data { octets, .. } => {
                assert!(!octets.is_empty(), "data without octets");
                self.log.data(octets);
            }
            event => self.log.event(event_line(&event)),
        }
        if completed {
            self.in_flight.pop_front();
        }
        true
    }

    fn failed(&mut self, error: RemoteError) {
        self.failure = Some(error);
        self.asked = false;
        self.log.event(failure_line(&error));
        let again = self.client.poll(&mut &b"+OK\r\n"[..]);
        assert_eq!(again, Err(error), "a failure is for good");
        assert!(self.client.noop().is_err(), "a failed session refuses commands");
    }

    fn send(&mut self) {
        let sent = self.client.outgoing().to_vec();
        // In two parts, as a transport that is slow may take it.
        self.client.sent(sent.len() / 2);
        assert_eq!(self.client.outgoing(), &sent[sent.len() / 2..]);
        self.client.sent(sent.len() - sent.len() / 2);
        assert!(self.client.outgoing().is_empty());
        self.log.sent(&sent);
    }

    fn say(&mut self, line: &[u8], many: bool) {
        if let Err(error) = self.try_say(line, many) {
            self.log.event(format!("refused {} {error:?}", super::log::quoted(line)));
        }
    }

    fn refuse(&mut self, line: &[u8], error: &str) {
        let before = self.client.outgoing().to_vec();
        let answer = self.try_say(line, false);
        let text = line.escape_ascii().to_string();
        if format!("{answer:?}") != format!("Err({error})") {
            self.log.event(format!("instead of a refusal: {text} {answer:?}"));
        }
        assert_eq!(self.client.outgoing(), before, "a refusal sends nothing: {text}");
    }

    fn login(&mut self, user: &[u8], password: &[u8]) {
        match self.client.login(user, password) {
            Ok(number) => {
                self.in_flight.extend([CommandNumber(number.0.wrapping_sub(1)), number]);
            }
            Err(error) => self.log.event(format!("refused login {error:?}")),
        }
    }

    /// Makes the call that says `line`.
    fn try_say(&mut self, line: &[u8], many: bool) -> Result<(), LocalError> {
        if self.asked {
            return self.answer(line);
        }
        let client = &mut self.client;
        let number = match Command::parse(line) {
            Ok(Command::Capa) => client.capa(),
            Ok(Command::Stls) => client.stls(),
            Ok(Command::User(name)) => client.user(name),
            Ok(Command::Pass(password)) => client.pass(password),
            Ok(Command::Apop { name, .. }) => client.apop(name, &self.settings.secret),
            Ok(Command::Auth { mechanism, initial }) => {
                let partner = Partner::new(mechanism, initial, self.settings);
                client.auth(self.mechanism.insert(partner).mechanism())
            }
            Ok(Command::Stat) => client.stat(),
            Ok(Command::List(None)) => client.list(),
            Ok(Command::List(Some(message))) => client.list_one(message),
            Ok(Command::Uidl(None)) => client.uidl(),
            Ok(Command::Uidl(Some(message))) => client.uidl_one(message),
            Ok(Command::Retr(message)) => client.retr(message),
            Ok(Command::Top { number, lines }) => client.top(number, lines),
            Ok(Command::Dele(message)) => client.dele(message),
            Ok(Command::Rset) => client.rset(),
            Ok(Command::Noop) => client.noop(),
            Ok(Command::Quit) => client.quit(),
            Ok(Command::Utf8) => client.utf8(),
            Ok(Command::Lang(None)) => client.lang_list(),
            Ok(Command::Lang(Some(tag))) => client.lang(tag),
            Err(_) => client.raw(line, many),
        }?;
        self.in_flight.push_back(number);
        Ok(())
    }

    fn answer(&mut self, line: &[u8]) -> Result<(), LocalError> {
        if line == b"*" {
            self.client.cancel()?;
        } else {
            let partner = self.mechanism.as_mut().expect("a challenge only comes after AUTH");
            partner.prepare(line);
            self.client.respond(partner.mechanism())?;
        }
        self.asked = false;
        Ok(())
    }
}

fn command_of(event: &Event<'_>) -> Option<CommandNumber> {
    match *event {
        Event::Started { command, .. }
        | Event::Capability { command, .. }
        | Event::ScanListing { command, .. }
        | Event::UniqueId { command, .. }
        | Event::Language { command, .. }
        | Event::Data { command, .. }
        | Event::Challenge { command, .. }
        | Event::Completed { command, .. } => Some(command),
        _ => None,
    }
}

/// The mechanism of an exchange: one of ours where the transcript gives credentials for it, else
/// one that says what stands in the transcript.
enum Partner<'c> {
    Ours(Remembered<'c>),
    Scripted(Scripted),
}

impl<'c> Partner<'c> {
    fn new(name: &[u8], initial: Option<&[u8]>, settings: &'c Settings) -> Self {
        let known = Name::from_bytes(name).zip(credentials(&settings.credentials));
        match known {
            Some((name, credentials)) if credentials.mechanisms().contains(name) => {
                Self::Ours(Remembered::new(name, credentials, settings))
            }
            _ => Self::Scripted(Scripted {
                name: String::from_utf8_lossy(name).into_owned(),
                initial: initial.map(decode),
                next: Vec::new(),
            }),
        }
    }

    fn mechanism(&mut self) -> &mut (dyn Mechanism + 'c) {
        match self {
            Self::Ours(ours) => ours,
            Self::Scripted(scripted) => scripted,
        }
    }

    fn prepare(&mut self, line: &[u8]) {
        if let Self::Scripted(scripted) = self {
            scripted.next = decode(line);
        }
    }
}

fn credentials(words: &[String]) -> Option<Credentials<'_>> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Some(match words[..] {
        ["password", user, password] => Credentials::Password { authzid: "", user, password },
        ["password", user, password, authzid] => Credentials::Password { authzid, user, password },
        ["token", user, token, host, port] => {
            Credentials::Token { user, token, host, port: port.parse().expect("a port") }
        }
        ["external", authzid] => Credentials::External { authzid },
        ["external"] => Credentials::External { authzid: "" },
        ["anonymous", trace] => Credentials::Anonymous { trace },
        [] => return None,
        _ => panic!("no such credentials: {words:?}"),
    })
}

fn decode(text: &[u8]) -> Vec<u8> {
    if text == b"=" { Vec::new() } else { BASE64.decode(text).expect("base64 in a transcript") }
}

/// A mechanism that says what it is told, and believes the server.
struct Scripted {
    name: String,
    initial: Option<Vec<u8>>,
    next: Vec<u8>,
}

impl Mechanism for Scripted {
    fn name(&self) -> &str {
        &self.name
    }

    fn exposure(&self) -> Exposure {
        Name::from_bytes(self.name.as_bytes()).map_or(Exposure::Secret, Name::exposure)
    }

    fn client_first(&self) -> bool {
        self.initial.is_some()
    }

    fn respond(&mut self, _: &[u8], out: &mut [u8]) -> Result<usize, sasl::Error> {
        let response = self.initial.as_ref().unwrap_or(&self.next);
        let len = response.len();
        let room = out.get_mut(..len).ok_or(sasl::Error::BufferTooSmall { needed: len })?;
        room.copy_from_slice(response);
        self.initial = None;
        Ok(len)
    }

    fn is_complete(&self) -> bool {
        true
    }
}

/// One of our mechanisms. What it answers depends on the challenges alone, so that an exchange which
/// is replayed a thousand times is computed once.
struct Remembered<'c> {
    name: Name,
    credentials: Credentials<'c>,
    settings: &'c Settings,
    challenges: Vec<Vec<u8>>,
    complete: bool,
}

type Answer = (Result<Vec<u8>, sasl::Error>, bool);

thread_local! {
    static ANSWERS: RefCell<HashMap<String, Answer>> = RefCell::default();
}

impl<'c> Remembered<'c> {
    fn new(name: Name, credentials: Credentials<'c>, settings: &'c Settings) -> Self {
        Self { name, credentials, settings, challenges: Vec::new(), complete: false }
    }

    fn fresh(&self) -> Auto<'c> {
        Auto::new(self.name, self.credentials, &self.settings.nonce).expect("credentials")
    }

    fn answer(&self) -> Answer {
        let Self { name, settings, challenges, .. } = self;
        let key =
            format!("{name:?} {:?} {:?} {challenges:?}", settings.credentials, settings.nonce);
        if let Some(answer) = ANSWERS.with_borrow(|answers| answers.get(&key).cloned()) {
            return answer;
        }
        let answer = self.compute();
        ANSWERS.with_borrow_mut(|answers| answers.insert(key, answer.clone()));
        answer
    }

    fn compute(&self) -> Answer {
        let (mut mechanism, mut out) = (self.fresh(), vec![0; 4096]);
        let mut answer = Ok(Vec::new());
        for challenge in &self.challenges {
            answer = mechanism.respond(challenge, &mut out).map(|len| out[..len].to_vec());
        }
        (answer, mechanism.is_complete())
    }
}

impl Mechanism for Remembered<'_> {
    fn name(&self) -> &str {
        self.name.as_str()
    }

    fn exposure(&self) -> Exposure {
        self.fresh().exposure()
    }

    fn client_first(&self) -> bool {
        self.fresh().client_first()
    }

    fn respond(&mut self, challenge: &[u8], out: &mut [u8]) -> Result<usize, sasl::Error> {
        self.challenges.push(challenge.to_vec());
        let (answer, complete) = self.answer();
        if let Ok(response) = &answer
            && response.len() > out.len()
        {
            self.challenges.pop();
            return Err(sasl::Error::BufferTooSmall { needed: response.len() });
        }
        self.complete = complete;
        let response = answer?;
        out[..response.len()].copy_from_slice(&response);
        Ok(response.len())
    }

    fn is_complete(&self) -> bool {
        self.complete
    }
}
