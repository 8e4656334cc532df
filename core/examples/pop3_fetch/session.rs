//! Moves octets between the socket and the engine: the loop that every program around a sans-IO
//! engine has.

use mailproto_core::pop3::{Client, Config, Event, ResponseCode, State, Status};

use crate::Result;
use crate::channel::Channel;
use crate::options::Options;

/// How many commands may be in flight where the server offers PIPELINING (RFC 2449 §6.6).
pub(crate) const WINDOW: usize = 32;

/// An engine and its connection.
pub(crate) struct Session<'b> {
    pub(crate) client: Client<'b, WINDOW>,
    channel: Channel,
    /// What one read receives. Message data is handed on from here, without a copy.
    received: Box<[u8]>,
}

impl<'b> Session<'b> {
    pub(crate) fn new(
        channel: Channel,
        scratch: &'b mut [u8],
        tx: &'b mut [u8],
        config: Config,
    ) -> Self {
        let client = Client::with_window(scratch, tx, config);
        Self { client, channel, received: vec![0; 65_536].into_boxed_slice() }
    }

    /// Waits for the server's greeting (RFC 1939 §4).
    pub(crate) fn greeting(&mut self) -> Result<()> {
        let mut refusal = None;
        while self.client.state() == State::Greeting {
            self.turn(|event| {
                if let Event::Greeting { status: Status::Err, code, text, .. } = event {
                    refusal = Some(format!("the server refuses to serve: {}", words(code, text)));
                }
                Ok(())
            })?;
        }
        refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    /// STLS (RFC 2595 §4): the engine asks, the program makes the handshake.
    pub(crate) fn start_tls(&mut self, options: &Options) -> Result<()> {
        self.client.stls()?;
        self.finish(|_| Ok(()))?;
        self.channel.start_tls(options)?;
        self.client.tls_established()?;
        Ok(())
    }

    /// Sends what is queued and hands on every event until no command is in flight. A refused
    /// command is an error, once all are complete.
    pub(crate) fn finish(&mut self, mut on: impl FnMut(Event<'_>) -> Result<()>) -> Result<()> {
        let mut refusal = None;
        self.finish_even_if_refused(|event| {
            if let Event::Completed { verb, status, code, text, .. } = event
                && status != Status::Ok
            {
                let answer = words(code, text);
                refusal.get_or_insert(format!("{} was refused: {answer}", verb.keyword()));
            }
            on(event)
        })?;
        refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    /// As [`finish`](Self::finish), but what was refused is for `on` to see.
    pub(crate) fn finish_even_if_refused(
        &mut self,
        mut on: impl FnMut(Event<'_>) -> Result<()>,
    ) -> Result<()> {
        while !self.client.is_idle() {
            self.turn(&mut on)?;
        }
        Ok(())
    }

    /// Sends what is queued, receives once, and hands on what that told.
    pub(crate) fn turn(&mut self, mut on: impl FnMut(Event<'_>) -> Result<()>) -> Result<()> {
        self.send()?;
        let octets = self.channel.receive(&mut self.received)?;
        if octets == 0 {
            // The end of the stream is an error unless QUIT was answered: the engine knows.
            self.client.eof()?;
            return Ok(());
        }
        let mut input = &self.received[..octets];
        while let Some(event) = self.client.poll(&mut input)? {
            if let Event::Quirk { quirk, offset } = event {
                eprintln!("pop3_fetch: mended a deviation of the server: {quirk:?} at {offset}");
            }
            on(event)?;
        }
        Ok(())
    }

    fn send(&mut self) -> Result<()> {
        let outgoing = self.client.outgoing();
        self.channel.send(outgoing)?;
        let octets = outgoing.len();
        self.client.sent(octets);
        Ok(())
    }
}

/// Response code and text of a reply, to be read by people.
pub(crate) fn words(code: Option<ResponseCode<'_>>, text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    match code {
        Some(code) => format!("[{}] {text}", String::from_utf8_lossy(code.as_bytes())),
        None => text.into_owned(),
    }
}
