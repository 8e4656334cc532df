//! A session that a test drives by hand: what the server says is cut into reads as the test wants, what the client
//! tells is kept as text, and what it sends is kept as it leaves.

use mailproto_core::imap::{Client, Config, State};
use mailproto_core::{LocalError, RemoteError, Violation};

use super::told::Told;
use crate::common::cuts::Cuts;

pub(crate) struct Session<'c> {
    pub(crate) client: Client<'c>,
    pub(crate) failure: Option<RemoteError>,
    cuts: &'c Cuts,
    told: Told,
    /// Octets that were cut as the test wants, so far.
    received: usize,
    /// All octets, and all events.
    work: (usize, usize),
    sent: Vec<u8>,
}

/// What a session came to; the same for every cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) told: Vec<String>,
    pub(crate) sent: Vec<u8>,
    pub(crate) failure: Option<RemoteError>,
    pub(crate) state: State,
    pub(crate) messages: Option<u32>,
}

impl Outcome {
    /// The outcome without the one difference that a cut may make: octets that stand directly behind the OK to
    /// STARTTLS are seen with it, and its completion is not told at all, or they come later, and it has been.
    pub(crate) fn without_injected_handshake(mut self) -> Self {
        let injected = Some(Violation::PlaintextAfterStartTls);
        if self.failure.map(|error| error.violation) == injected {
            self.told.retain(|line| !line.starts_with("completed 1 StartTls Ok"));
        }
        self
    }
}

impl<'c> Session<'c> {
    pub(crate) fn new(
        scratch: &'c mut [u8],
        tx: &'c mut [u8],
        config: Config,
        cuts: &'c Cuts,
    ) -> Self {
        let client = Client::new(scratch, tx, config);
        let (told, sent) = (Told::default(), Vec::new());
        Self { client, failure: None, cuts, told, received: 0, work: (0, 0), sent }
    }

    pub(crate) fn into_outcome(self) -> Outcome {
        Outcome {
            told: self.told.into_lines(),
            sent: self.sent,
            failure: self.failure,
            state: self.client.state(),
            messages: self.client.messages(),
        }
    }

    // The way to where a test begins. Nothing of it is kept.

    /// The server says this in one read, and what comes of it is forgotten.
    pub(crate) fn begin(&mut self, octets: &str) {
        self.read(octets.as_bytes());
        assert_eq!(self.failure, None, "on the way: {octets}");
        self.told = Told::default();
        self.sent.clear();
    }

    pub(crate) fn greeted(&mut self, capabilities: &str) {
        self.begin(&format!("* OK [CAPABILITY {capabilities}] ready\r\n"));
    }

    /// Logged in: the next command is the second.
    pub(crate) fn authenticated(&mut self, capabilities: &str) {
        self.greeted(capabilities);
        self.queue(|client| client.login(b"me", b"secret"));
        self.begin(&format!("AAA1 OK [CAPABILITY {capabilities}] welcome\r\n"));
    }

    /// A mailbox of 23 messages is selected: the next command is the third.
    pub(crate) fn selected(&mut self, capabilities: &str) {
        self.authenticated(capabilities);
        self.queue(|client| client.select("INBOX".into()));
        self.begin("* 23 EXISTS\r\nAAA2 OK [READ-WRITE] selected\r\n");
    }

    /// The next command is the fourth.
    pub(crate) fn selected_and_asked(&mut self, capabilities: &str) {
        self.selected(capabilities);
        self.queue(|client| client.noop());
        self.begin("AAA3 OK nothing new\r\n");
    }

    /// Queues a command and sends it.
    pub(crate) fn queue<T>(
        &mut self,
        call: impl FnOnce(&mut Client<'c>) -> Result<T, LocalError>,
    ) -> T {
        let queued = call(&mut self.client).expect("a command that is legal here");
        self.send();
        queued
    }

    // The test itself.

    /// The server says this, in reads as the test wants them.
    pub(crate) fn hears(&mut self, octets: &[u8]) {
        let reads = self.cuts.reads(self.received, octets.len());
        self.received += octets.len();
        let mut rest = octets;
        for length in reads {
            let (read, after) = rest.split_at(length);
            self.read(read);
            rest = after;
        }
    }

    fn read(&mut self, octets: &[u8]) {
        let mut input = octets;
        self.work.0 += octets.len();
        while self.failure.is_none() && self.poll(&mut input) {
            self.send();
            self.work.1 += 1;
            assert!(self.work.1 <= 4 * self.work.0 + 64, "more events than octets");
        }
        self.send();
    }

    /// Polls once; whether there was an event.
    pub(crate) fn poll(&mut self, input: &mut &[u8]) -> bool {
        match self.client.poll(input) {
            Ok(Some(event)) => self.told.event(&event),
            Ok(None) => {
                assert!(input.is_empty(), "nothing to tell, but input is left");
                return false;
            }
            Err(error) => self.fail(error),
        }
        self.failure.is_none()
    }

    pub(crate) fn fail(&mut self, error: RemoteError) {
        self.failure = Some(error);
        assert_eq!(self.client.poll(&mut &b"* OK\r\n"[..]).unwrap_err(), error, "for good");
        assert_eq!(
            self.client.noop(),
            Err(LocalError::Closed),
            "a failed session takes no command"
        );
        assert_eq!(self.client.outgoing(), b"", "a failed session sends nothing");
        assert_eq!(self.client.state(), State::Closed);
    }

    pub(crate) fn eof(&mut self) {
        match self.client.eof() {
            Ok(()) => self.told.line("eof".into()),
            Err(error) => self.fail(error),
        }
    }

    pub(crate) fn tick(&mut self, now_ms: u32) {
        if let Err(error) = self.client.tick(now_ms) {
            self.fail(error);
        }
        self.read(b"");
    }

    pub(crate) fn send(&mut self) {
        // In two parts, as a slow transport may take it.
        for part in [2, 1] {
            let outgoing = self.client.outgoing();
            let n = outgoing.len() / part;
            self.sent.extend_from_slice(&outgoing[..n]);
            self.client.sent(n);
        }
    }

    /// Keeps a line beside what is told.
    pub(crate) fn line(&mut self, line: String) {
        self.told.line(line);
    }

    /// All that was told since the test began.
    pub(crate) fn told(&self) -> Vec<String> {
        self.told.clone().into_lines()
    }

    /// All that was sent since the test began.
    pub(crate) fn sent(&self) -> &[u8] {
        &self.sent
    }

    pub(crate) fn forget_sent(&mut self) {
        self.sent.clear();
    }

    // What is demanded.

    /// These lines were told, and no others.
    #[track_caller]
    pub(crate) fn told_only(&self, lines: &[&str]) {
        assert_eq!(self.told(), lines);
    }

    /// These lines were told, in this order, perhaps with others between them.
    #[track_caller]
    pub(crate) fn told_all(&self, lines: &[&str]) {
        let told = self.told();
        let mut rest = told.iter();
        for line in lines {
            assert!(rest.any(|told| told == line), "not told: {line}\nbut: {told:#?}");
        }
    }

    #[track_caller]
    pub(crate) fn told_beginning(&self, beginning: &str) {
        let told = self.told();
        let found = told.iter().any(|line| line.starts_with(beginning));
        assert!(found, "not told: {beginning}…\nbut: {told:#?}");
    }

    /// Nothing was told that begins so.
    #[track_caller]
    pub(crate) fn never_told(&self, beginning: &str) {
        let told = self.told();
        assert!(!told.iter().any(|line| line.starts_with(beginning)), "{beginning}: {told:#?}");
    }

    #[track_caller]
    pub(crate) fn ended_by(&self, violation: Violation) {
        assert_eq!(
            self.failure.map(|error| error.violation),
            Some(violation),
            "{:#?}",
            self.told()
        );
    }

    #[track_caller]
    pub(crate) fn goes_on(&self) {
        assert_eq!(self.failure, None, "{:#?}", self.told());
    }

    #[track_caller]
    pub(crate) fn sent_only(&self, octets: &[u8]) {
        assert_eq!(self.sent.escape_ascii().to_string(), octets.escape_ascii().to_string());
    }
}
