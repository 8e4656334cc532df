//! Moves octets between the socket and the engine, tells it the time, and prints what it tells.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use mailproto_core::LocalError;
use mailproto_core::imap::{Client, Config, Event, State, Status, Tag};
use serde_json::json;

use crate::Result;
use crate::channel::Channel;
use crate::deflate::Deflate;
use crate::options::Options;
use crate::told::{Teller, print};

/// How many commands may be in flight.
pub(crate) const WINDOW: usize = 64;

/// An engine and its connection.
pub(crate) struct Session<'b> {
    pub(crate) client: Client<'b, WINDOW>,
    channel: Channel,
    /// Once COMPRESS was accepted.
    deflate: Option<Deflate>,
    /// What one read receives. Bodies are handed on from here, without a copy.
    received: Box<[u8]>,
    begun: Instant,
    timeout: Duration,
}

impl<'b> Session<'b> {
    pub(crate) fn new(
        channel: Channel,
        scratch: &'b mut [u8],
        tx: &'b mut [u8],
        config: Config,
        options: &Options,
    ) -> Self {
        let client = Client::with_window(scratch, tx, config);
        let received = vec![0; options.read].into_boxed_slice();
        Self {
            client,
            channel,
            deflate: None,
            received,
            begun: Instant::now(),
            timeout: options.timeout,
        }
    }

    /// Waits for the server's greeting (RFC 9051 §7.1).
    pub(crate) fn greeting(&mut self) -> Result<()> {
        let mut teller = Teller::default();
        while self.client.state() == State::Greeting {
            self.turn(|event| teller.print(&event))?;
        }
        Ok(())
    }

    /// STARTTLS (RFC 9051 §6.2.1): the engine asks, the program makes the handshake.
    pub(crate) fn start_tls(&mut self, options: &Options) -> Result<()> {
        self.client.starttls()?;
        self.finish()?;
        self.channel.start_tls(options)?;
        self.client.tls_established()?;
        Ok(())
    }

    /// COMPRESS (RFC 4978): the engine asks, the program compresses.
    pub(crate) fn compress(&mut self) -> Result<()> {
        if self.give("compress", |client| client.compress())? == Status::Ok {
            self.deflate = Some(Deflate::new());
            self.client.compression_established()?;
        }
        Ok(())
    }

    /// Gives a command, waits for its completion and prints all that it told.
    pub(crate) fn give(
        &mut self,
        name: &str,
        command: impl FnOnce(&mut Client<'b, WINDOW>) -> std::result::Result<Tag, LocalError>,
    ) -> Result<Status> {
        match command(&mut self.client) {
            Ok(_) => self.label(name)?,
            Err(LocalError::NotOffered) => {
                print(&json!(["NOT OFFERED", name]))?;
                return Ok(Status::NotSent);
            }
            Err(error) => return Err(format!("{name}: {error}").into()),
        }
        self.finish()
    }

    /// Says to which command the lines belong that follow.
    pub(crate) fn label(&self, name: &str) -> Result<()> {
        print(&json!(["GIVEN", name]))
    }

    /// Prints what comes until no command is in flight; returns how the last one ended.
    pub(crate) fn finish(&mut self) -> Result<Status> {
        let mut teller = Teller::default();
        let mut outcome = Status::Ok;
        while !self.client.is_idle() {
            self.turn(|event| {
                if let Event::Completed { status, .. } = event {
                    outcome = status;
                }
                teller.print(&event)
            })?;
        }
        Ok(outcome)
    }

    /// Sends what is queued and hands on what is to be told; receives once if there is nothing.
    pub(crate) fn turn(&mut self, mut on: impl FnMut(Event<'_>) -> Result<()>) -> Result<()> {
        self.send()?;
        self.client.tick(self.now())?;
        if self.told(0, &mut on)? > 0 {
            return Ok(());
        }
        let octets = self.receive()?;
        self.client.tick(self.now())?;
        if octets == Some(0) {
            // The end of the stream is an error unless the server said BYE: the engine knows.
            self.client.eof()?;
        }
        self.told(octets.unwrap_or(0), &mut on)?;
        Ok(())
    }

    /// Gives the engine what was received; returns how many events came of it.
    fn told(
        &mut self,
        octets: usize,
        on: &mut impl FnMut(Event<'_>) -> Result<()>,
    ) -> Result<usize> {
        let mut rest = &self.received[..octets];
        let Some(deflate) = &mut self.deflate else {
            return feed(&mut self.client, rest, on);
        };
        let mut events = feed(&mut self.client, &[], on)?;
        loop {
            let (taken, plain) = deflate.decompress(rest)?;
            rest = &rest[taken..];
            if plain.is_empty() {
                return Ok(events);
            }
            events += feed(&mut self.client, plain, on)?;
        }
    }

    /// Sends what may leave now.
    pub(crate) fn send(&mut self) -> Result<()> {
        while !self.client.outgoing().is_empty() {
            let mut outgoing = self.client.outgoing();
            if let Some(deflate) = &mut self.deflate {
                let (taken, made) = deflate.compress(outgoing)?;
                self.channel.send(made)?;
                outgoing = &outgoing[..taken];
            } else {
                self.channel.send(outgoing)?;
            }
            let octets = outgoing.len();
            self.client.sent(octets);
        }
        Ok(())
    }

    /// Receives what there is, and waits when there is nothing; `None` when the engine wants to be
    /// told the time before anything came.
    fn receive(&mut self) -> Result<Option<usize>> {
        let wait = self
            .client
            .deadline()
            .map(|deadline| Duration::from_millis(deadline.wrapping_sub(self.now()).max(1).into()));
        let patience = wait.map_or(self.timeout, |wait| wait.min(self.timeout));
        let received = match &mut self.channel {
            Channel::Plain(socket) => {
                socket.set_read_timeout(Some(patience))?;
                socket.read(&mut self.received)
            }
            Channel::Tls(tls) => {
                tls.sock.set_read_timeout(Some(patience))?;
                tls.read(&mut self.received)
            }
        };
        match received {
            Ok(octets) => Ok(Some(octets)),
            Err(error) => match error.kind() {
                io::ErrorKind::Interrupted => Ok(None),
                // TLS was not closed in order: whether that matters, the engine knows.
                io::ErrorKind::UnexpectedEof => Ok(Some(0)),
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut if patience < self.timeout => {
                    Ok(None)
                }
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                    Err("the server did not answer in time".into())
                }
                _ => Err(error.into()),
            },
        }
    }

    /// Milliseconds since the beginning; the engine lets them wrap.
    fn now(&self) -> u32 {
        self.begun.elapsed().as_millis() as u32
    }
}

/// Gives the engine these octets; returns how many events came of them.
fn feed(
    client: &mut Client<'_, WINDOW>,
    mut input: &[u8],
    on: &mut impl FnMut(Event<'_>) -> Result<()>,
) -> Result<usize> {
    let mut events = 0;
    while let Some(event) = client.poll(&mut input)? {
        events += 1;
        on(event)?;
    }
    // Behind the answer to COMPRESS nothing comes before something is sent.
    if input.is_empty() { Ok(events) } else { Err("more came behind COMPRESS".into()) }
}
