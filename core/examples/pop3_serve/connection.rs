//! One session: the engine says what the client wants, this file answers.

use std::fs::File;
use std::io::Read;
use std::ops::Range;

use mailproto_core::LocalError;
use mailproto_core::pop3::{Request, ResponseCode, Security, Server, ServerConfig, State};
use mailproto_core::sasl::{AutoServer, Decoy, Name, NameSet, Setup, Step};
use mailproto_core::wire::Newlines;

use crate::Result;
use crate::account::random;
use crate::channel::Channel;
use crate::maildrop::Maildrop;
use crate::options::Options;

/// The largest maildrop that is served; the engine keeps a bit a message.
const MOST_MESSAGES: usize = 1 << 20;

const MECHANISMS: NameSet =
    NameSet::of(&[Name::ScramSha256, Name::ScramSha1, Name::CramMd5, Name::Plain, Name::Login]);

/// Serves one client from the greeting to the end.
pub(crate) fn serve(channel: Channel, options: &Options) -> Result<()> {
    let timestamp = format!("<{:x}@localhost>", u64::from_le_bytes(random()?));
    let config = ServerConfig {
        // The loopback is as private as the machine itself.
        security: Security::DangerCleartext,
        stls: channel.can_start_tls(),
        mechanisms: MECHANISMS,
        timestamp: Some(timestamp.as_bytes()),
        implementation: Some(b"mailproto-pop3_serve"),
        newlines: Newlines::ToCrlf,
        ..ServerConfig::default()
    };
    // All the memory that the engine ever uses. More room to send means fewer, larger writes.
    let (mut scratch, mut tx) = ([0; 1024], vec![0; 65_536]);
    let mut marks = vec![0; MOST_MESSAGES / 8];
    let mut connection = Connection {
        options,
        channel,
        server: Server::new(&mut scratch, &mut tx, &mut marks, config),
        received: vec![0; 4096].into_boxed_slice(),
        unread: 0..0,
    };
    connection.server.greet(b"ready")?;
    let outcome = connection.session(timestamp.as_bytes());
    connection.send()?;
    outcome
}

struct Connection<'b, 'c, 'o> {
    options: &'o Options,
    channel: Channel,
    server: Server<'b, 'c>,
    received: Box<[u8]>,
    /// The part of `received` that the engine has not taken yet.
    unread: Range<usize>,
}

impl<'b, 'c, 'o> Connection<'b, 'c, 'o> {
    /// The states of RFC 1939 §3: AUTHORIZATION, TRANSACTION, UPDATE.
    fn session(&mut self, timestamp: &[u8]) -> Result<()> {
        match self.authorization(timestamp)? {
            Some(maildrop) => self.transaction(&maildrop),
            None => Ok(()),
        }
    }

    /// Serves until the client is logged in, or gone.
    fn authorization(&mut self, timestamp: &[u8]) -> Result<Option<Maildrop<'o>>> {
        let account = &self.options.account;
        while self.is_open() {
            let welcome = match self.request()? {
                None => {
                    self.wait()?;
                    continue;
                }
                Some(Request::Login { name, password }) => account.is_password(name, password),
                Some(Request::Apop { name, digest }) => account.is_apop(name, timestamp, digest),
                Some(Request::Auth { mechanism }) => match Name::from_bytes(mechanism) {
                    Some(name) => self.authenticate(name)?,
                    None => false,
                },
                Some(Request::StartTls) => {
                    self.start_tls()?;
                    continue;
                }
                // Answered by the engine itself.
                Some(_) => continue,
            };
            if !self.server.owes_answer() {
                continue;
            }
            if let Some(maildrop) = self.admit(welcome)? {
                return Ok(Some(maildrop));
            }
        }
        Ok(None)
    }

    /// Answers a login. The maildrop is the client's alone until the session ends (RFC 1939 §4).
    fn admit(&mut self, welcome: bool) -> Result<Option<Maildrop<'o>>> {
        if !welcome {
            self.answer(|server| server.reject(Some(ResponseCode::Auth), b"wrong credentials"))?;
            return Ok(None);
        }
        let maildrop = match Maildrop::open(self.options) {
            Ok(Some(maildrop)) => maildrop,
            Ok(None) => {
                let why = b"maildrop is in use";
                self.answer(|server| server.reject(Some(ResponseCode::InUse), why))?;
                return Ok(None);
            }
            Err(error) => {
                eprintln!("pop3_serve: {}: {error}", self.options.directory.display());
                let why = b"the maildrop cannot be read";
                self.answer(|server| server.reject(Some(ResponseCode::SysTemp), why))?;
                return Ok(None);
            }
        };
        let messages = maildrop.count();
        self.answer(|server| server.accept(messages))?;
        Ok(Some(maildrop))
    }

    /// A SASL exchange (RFC 5034 §4): whether it succeeded. When the client gave it up, the engine
    /// has answered already.
    fn authenticate(&mut self, name: Name) -> Result<bool> {
        let (mut work, nonce) = ([0; 512], random::<18>()?);
        let decoy =
            Decoy { key: &self.options.account.decoy_key, salt_octets: 16, iterations: 4096 };
        let setup = Setup { work: &mut work, nonce: &nonce, host: "localhost", decoy };
        let mut mechanism = AutoServer::new(name, setup)?;
        loop {
            match self.server.authenticate(&mut mechanism) {
                Ok(Step::Challenge(_)) => {
                    if !self.sasl_response()? {
                        return Ok(false);
                    }
                }
                Ok(Step::Claim) => self.options.account.judge(&mut mechanism)?,
                Ok(Step::Success) => return Ok(true),
                Ok(Step::Failure) | Err(LocalError::Sasl(_)) => return Ok(false),
                Err(LocalError::Full) => self.send()?,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Waits for the client's answer to a challenge; `false` when it has none.
    fn sasl_response(&mut self) -> Result<bool> {
        loop {
            match self.request()? {
                None => self.wait()?,
                Some(request) => return Ok(request == Request::Response),
            }
        }
    }

    fn start_tls(&mut self) -> Result<()> {
        self.send()?;
        self.channel.start_tls(self.options)?;
        self.server.tls_established()?;
        Ok(())
    }

    /// Serves a client that is logged in.
    fn transaction(&mut self, maildrop: &Maildrop<'_>) -> Result<()> {
        while self.is_open() {
            match self.request()? {
                None => self.wait()?,
                Some(Request::Stat) => self.stat(maildrop)?,
                Some(Request::List { message }) => self.list(maildrop, message)?,
                Some(Request::Uidl { message }) => self.uidl(maildrop, message)?,
                Some(Request::Message { message, .. }) => self.message(maildrop, message)?,
                Some(Request::Update) => self.update(maildrop)?,
                // Answered by the engine itself.
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn stat(&mut self, maildrop: &Maildrop<'_>) -> Result<()> {
        let server = &self.server;
        let left = maildrop.messages().filter(|(number, _)| !server.is_deleted(*number));
        let (messages, octets) =
            left.fold((0, 0), |(count, octets), (_, message)| (count + 1, octets + message.octets));
        self.answer(|server| server.drop_listing(messages, octets))
    }

    fn list(&mut self, maildrop: &Maildrop<'_>, only: Option<u32>) -> Result<()> {
        for (number, message) in maildrop.chosen(only) {
            self.answer(|server| server.scan_listing(number, message.octets))?;
        }
        self.end_listing(only)
    }

    fn uidl(&mut self, maildrop: &Maildrop<'_>, only: Option<u32>) -> Result<()> {
        for (number, message) in maildrop.chosen(only) {
            self.answer(|server| server.unique_id(number, message.unique_id.as_bytes()))?;
        }
        self.end_listing(only)
    }

    fn end_listing(&mut self, only: Option<u32>) -> Result<()> {
        match only {
            Some(_) => Ok(()),
            None => self.answer(Server::end_listing),
        }
    }

    /// RETR and TOP: the message goes through in pieces, never whole in memory. The engine stuffs
    /// the dots, and for TOP says when it has enough.
    fn message(&mut self, maildrop: &Maildrop<'_>, number: u32) -> Result<()> {
        let Some((_, message)) = maildrop.chosen(Some(number)).next() else { return Ok(()) };
        let Ok(mut file) = File::open(&message.path) else {
            let why = b"the message cannot be read";
            return self.answer(|server| server.reject(Some(ResponseCode::SysTemp), why));
        };
        self.answer(|server| server.message(Some(message.octets)))?;
        let mut piece = [0; 16_384];
        while self.server.wants_more() {
            let mut text = match file.read(&mut piece) {
                Ok(0) => break,
                Ok(octets) => &piece[..octets],
                Err(error) => {
                    // Without its last line the client knows that this is not the whole message.
                    self.server.abort();
                    return Err(error.into());
                }
            };
            while !text.is_empty() {
                self.server.message_data(&mut text)?;
                if !text.is_empty() {
                    self.send()?;
                }
            }
        }
        self.answer(Server::end_message)
    }

    /// QUIT: the marked messages are removed here and nowhere else (RFC 1939 §6).
    fn update(&mut self, maildrop: &Maildrop<'_>) -> Result<()> {
        let removed = self.server.deleted().map(|number| maildrop.remove(number));
        // Each is tried, whatever became of the one before.
        let all_removed = removed.fold(true, |all, removed| all & removed);
        self.answer(|server| server.updated(all_removed))
    }

    // Between engine and channel.

    fn is_open(&self) -> bool {
        self.server.state() != State::Closed
    }

    /// What the client wants next, if that has been received.
    fn request(&mut self) -> Result<Option<Request<'_>>> {
        let mut input = &self.received[self.unread.clone()];
        let request = self.server.poll(&mut input)?;
        self.unread.start = self.unread.end - input.len();
        Ok(request)
    }

    /// Sends what is to be sent, and receives when all was read.
    fn wait(&mut self) -> Result<()> {
        self.send()?;
        if self.unread.is_empty() && self.is_open() {
            let octets = self.channel.receive(&mut self.received)?;
            self.unread = 0..octets;
            if octets == 0 {
                self.server.eof()?;
            }
        }
        Ok(())
    }

    /// Gives an answer, after making room for it if need be.
    fn answer(
        &mut self,
        give: impl Fn(&mut Server<'b, 'c>) -> std::result::Result<(), LocalError>,
    ) -> Result<()> {
        if give(&mut self.server) == Err(LocalError::Full) {
            self.send()?;
            give(&mut self.server)?;
        }
        Ok(())
    }

    fn send(&mut self) -> Result<()> {
        let outgoing = self.server.outgoing();
        self.channel.send(outgoing)?;
        let octets = outgoing.len();
        self.server.sent(octets);
        Ok(())
    }
}
