//! Replays what a server says against a client, cut into reads in any way, and keeps what the client tells.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use mailproto_core::imap::command::AppendOptions;
use mailproto_core::imap::{Client, Config, Event, Mailbox, Security, State, Tag};
use mailproto_core::sasl::{self, Exposure, Mechanism};
use mailproto_core::{LocalError, Violation};

use crate::common::cuts::Cuts;
use crate::told::{self, Told};

/// What the server says, and what the client asks in between.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    pub(crate) start: Start,
    pub(crate) steps: Vec<Step>,
    /// Whether the peer closes the connection at the end.
    pub(crate) eof: bool,
}

/// Where the client stands at the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Start {
    /// The greeting is still to come.
    Greeting,
    /// A mailbox is selected; how many messages it holds is not known.
    #[default]
    Selected,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The client asks something, under this tag in the case.
    Ask(Ask, Vec<u8>),
    /// The server says something.
    Server(Vec<Piece>),
}

/// What a client asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Something that does not change the state.
    Noop,
    Capability,
    Login,
    Authenticate(String),
    StartTls,
    Select,
    Examine,
    Close,
    Unselect,
    Enable,
    Idle,
    Done,
    Unauthenticate,
    Append,
    Logout,
}

/// Octets, or the client's own tag in the place of the case's.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Octets(Vec<u8>),
    Tag(Vec<u8>),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) told: Vec<Told>,
    pub(crate) failure: Option<Violation>,
    /// What `eof` said at the end.
    pub(crate) eof: Option<Violation>,
    pub(crate) octets: usize,
}

/// Whatever the server says to it, it answers with an empty line, and believes it.
pub(crate) struct Credulous {
    name: String,
    initial: Option<Vec<u8>>,
}

impl Credulous {
    pub(crate) fn named(name: &str) -> Self {
        Self { name: name.into(), initial: None }
    }

    /// One that speaks first; `=` is an empty response (RFC 4959 §3).
    pub(crate) fn beginning(name: &str, initial: &str) -> Self {
        Self { name: name.into(), initial: Some(BASE64.decode(initial).unwrap_or_default()) }
    }
}

impl Mechanism for Credulous {
    fn name(&self) -> &str {
        &self.name
    }

    fn exposure(&self) -> Exposure {
        Exposure::Nothing
    }

    fn client_first(&self) -> bool {
        self.initial.is_some()
    }

    fn respond(&mut self, _: &[u8], out: &mut [u8]) -> Result<usize, sasl::Error> {
        let initial = self.initial.take().unwrap_or_default();
        out[..initial.len()].copy_from_slice(&initial);
        Ok(initial.len())
    }

    fn is_complete(&self) -> bool {
        true
    }
}

type Engine<'b> = Client<'b, 64>;

/// Replays a script.
pub(crate) fn replay(script: &Script, config: Config, scratch: usize, cuts: &Cuts) -> Outcome {
    let (mut scratch, mut tx) = (vec![0; scratch], vec![0; 16 * 1024]);
    let config = config.with_security(Security::Private);
    let client = Client::with_window(&mut scratch, &mut tx, config);
    let mut run = Run {
        client,
        cuts,
        tags: Vec::new(),
        deferred: Vec::new(),
        offset: 0,
        outcome: Outcome { told: Vec::new(), failure: None, eof: None, octets: 0 },
    };
    if script.start == Start::Selected {
        run.select();
    }
    for step in &script.steps {
        match step {
            Step::Ask(ask, tag) => run.ask(ask, tag),
            Step::Server(pieces) => run.hear(pieces),
        }
    }
    run.outcome.octets = run.offset;
    if script.eof && run.outcome.failure.is_none() {
        run.outcome.eof = run.client.eof().err().map(|error| error.violation);
    }
    run.outcome
}

struct Run<'r, 'b> {
    client: Engine<'b>,
    cuts: &'r Cuts,
    /// Tags of the case, with ours.
    tags: Vec<(Vec<u8>, Vec<u8>)>,
    /// What must wait for a reply: the case's client sent it at once.
    deferred: Vec<(Ask, Vec<u8>)>,
    offset: usize,
    outcome: Outcome,
}

impl Run<'_, '_> {
    fn select(&mut self) {
        self.hear_whole(b"* PREAUTH [CAPABILITY IMAP4rev1] at last\r\n");
        self.ask(&Ask::Select, b"");
        let answer = [&self.tag(b"")[..], b" OK [READ-WRITE] done\r\n"].concat();
        self.hear_whole(&answer);
        assert_eq!(self.client.state(), State::Selected, "{:?}", self.outcome);
        self.outcome.told.clear();
        self.tags.clear();
    }

    /// Our tag for one of the case.
    fn tag(&self, tag: &[u8]) -> Vec<u8> {
        let ours = self.tags.iter().find(|(theirs, _)| theirs == tag);
        ours.map_or_else(|| tag.to_vec(), |(_, ours)| ours.clone())
    }

    fn ask(&mut self, ask: &Ask, tag: &[u8]) {
        if self.outcome.failure.is_some() {
            return;
        }
        if *ask == Ask::Done {
            let _ = self.client.done();
        } else {
            // What the client would not ask in this state, or cannot since the server did not offer it.
            match self.queue(ask).or_else(|_| self.client.noop()) {
                // As made with the seed of the configuration.
                Ok(ours) => self.tags.push((tag.to_vec(), format!("AAA{}", ours.0).into_bytes())),
                Err(LocalError::Busy) => self.deferred.push((ask.clone(), tag.to_vec())),
                Err(_) => return,
            }
        }
        let waiting = self.client.outgoing().len();
        self.client.sent(waiting);
    }

    fn queue(&mut self, ask: &Ask) -> Result<Tag, LocalError> {
        let client = &mut self.client;
        match ask {
            Ask::Noop | Ask::Done => client.noop(),
            Ask::Capability => client.capability(),
            Ask::Login => client.login(b"user", b"secret"),
            Ask::Authenticate(name) => client.authenticate(&mut Credulous::named(name)),
            Ask::StartTls => client.starttls(),
            Ask::Select => client.select(Mailbox::INBOX),
            Ask::Examine => client.examine(Mailbox::INBOX),
            Ask::Close => client.close(),
            Ask::Unselect => client.unselect(),
            Ask::Enable => client.enable(&["CONDSTORE"]),
            Ask::Idle => client.idle(),
            Ask::Unauthenticate => client.unauthenticate(),
            Ask::Append => client.append(Mailbox::INBOX, &AppendOptions::default(), 1),
            Ask::Logout => client.logout(),
        }
    }

    /// What is said between two questions. A reply to a question that the case does not hold is preceded by one.
    fn hear(&mut self, pieces: &[Piece]) {
        let mut octets = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Octets(more) => {
                    octets.extend(more);
                    if !self.deferred.is_empty() {
                        self.hear_cut(&std::mem::take(&mut octets));
                        for (ask, tag) in std::mem::take(&mut self.deferred) {
                            self.ask(&ask, &tag);
                        }
                    }
                }
                Piece::Tag(tag) => {
                    if !self.tags.iter().any(|(theirs, _)| theirs == tag) {
                        self.hear_cut(&std::mem::take(&mut octets));
                        self.ask(&Ask::Noop, tag);
                    }
                    octets.extend(self.tag(tag));
                    // Tags are used again in some cases.
                    self.answered(tag);
                }
            }
        }
        self.hear_cut(&octets);
    }

    fn answered(&mut self, tag: &[u8]) {
        if let Some(at) = self.tags.iter().position(|(theirs, _)| theirs == tag) {
            self.tags.remove(at);
        }
    }

    /// Cut as this replay wants it.
    fn hear_cut(&mut self, octets: &[u8]) {
        let mut rest = octets;
        for read in self.cuts.reads(self.offset, octets.len()) {
            let (now, later) = rest.split_at(read);
            self.hear_whole(now);
            rest = later;
        }
        self.offset += octets.len();
    }

    /// One read.
    fn hear_whole(&mut self, octets: &[u8]) {
        let mut input = octets;
        while self.outcome.failure.is_none() {
            let before = input.len();
            let (challenge, upload) = match self.client.poll(&mut input) {
                Ok(Some(event)) => {
                    let asked = (
                        matches!(event, Event::Challenge { .. }),
                        matches!(event, Event::Upload { .. }),
                    );
                    let told = Told::of(event);
                    // A literal that does not wait for the server (RFC 7888) is asked for unprompted.
                    if !asked.1 || input.len() < before {
                        told::push(&mut self.outcome.told, told);
                    }
                    asked
                }
                Ok(None) => break,
                Err(error) => {
                    told::push(&mut self.outcome.told, Told::Fatal(format!("{error:?}")));
                    self.outcome.failure = Some(error.violation);
                    break;
                }
            };
            if challenge {
                let _ = self.client.respond(&mut Credulous::named(""));
            }
            if upload {
                let _ = self.client.upload(b"x");
                let _ = self.client.append_end();
            }
            let waiting = self.client.outgoing().len();
            self.client.sent(waiting);
            if self.client.state() == State::Handshake && input.is_empty() {
                let _ = self.client.tls_established();
            }
        }
    }
}
