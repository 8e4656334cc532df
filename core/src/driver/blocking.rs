//! The driver over a blocking transport (`embedded-io`).

use core::ops::ControlFlow;

use embedded_io::{Read, Write};

use super::{DriveError, ReadBuffer, end_of_connection, lost, until_completed};
use crate::pop3::{Client, CommandNumber, Event, Status};

/// A client's transport with its read buffer.
#[derive(Debug)]
pub struct Driver<'b, T> {
    transport: T,
    buffer: ReadBuffer<'b>,
}

impl<'b, T: Read + Write> Driver<'b, T> {
    /// Over a connected transport. `memory` is what one read may bring: any size above 0.
    pub const fn new(transport: T, memory: &'b mut [u8]) -> Self {
        Self { transport, buffer: ReadBuffer::new(memory) }
    }

    /// Gives the transport back: for the TLS handshake after STLS, or to close it.
    pub fn into_transport(self) -> T {
        self.transport
    }

    /// Sends and receives, handing each event to `each`, until that breaks with a value.
    ///
    /// # Errors
    /// The transport's, or the engine's; the end of the connection is told to the engine.
    pub fn run<R, const N: usize>(
        &mut self,
        client: &mut Client<'_, N>,
        mut each: impl FnMut(Event<'_>) -> ControlFlow<R>,
    ) -> Result<R, DriveError<T::Error>> {
        loop {
            self.send(client)?;
            if let Some(value) = self.buffer.poll(client, &mut each).map_err(DriveError::Remote)? {
                return Ok(value);
            }
            self.send(client)?;
            let octets = self.transport.read(self.buffer.room());
            let octets = octets.map_err(|error| lost(client, error))?;
            self.buffer.filled(octets);
            if octets == 0 {
                return Err(DriveError::Remote(end_of_connection(client)));
            }
        }
    }

    /// Runs until `command` has completed, and tells how; `each` sees its events and all others.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn complete<const N: usize>(
        &mut self,
        client: &mut Client<'_, N>,
        command: CommandNumber,
        mut each: impl FnMut(Event<'_>),
    ) -> Result<Status, DriveError<T::Error>> {
        self.run(client, until_completed(command, &mut each))
    }

    fn send<const N: usize>(
        &mut self,
        client: &mut Client<'_, N>,
    ) -> Result<(), DriveError<T::Error>> {
        while !client.outgoing().is_empty() {
            let sent = self.transport.write(client.outgoing());
            let sent = sent.map_err(|error| lost(client, error))?;
            if sent == 0 {
                return Err(DriveError::Remote(end_of_connection(client)));
            }
            client.sent(sent);
        }
        self.transport.flush().map_err(|error| lost(client, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pop3::{Config, Security, State};
    use crate::{RemoteError, Violation};

    /// A transport that plays a script: what is read, a chunk a read, and a record of what was written.
    struct Script {
        chunks: Vec<&'static [u8]>,
        written: Vec<u8>,
    }

    impl embedded_io::ErrorType for Script {
        type Error = core::convert::Infallible;
    }

    impl Read for Script {
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Error> {
            if self.chunks.is_empty() {
                return Ok(0);
            }
            let chunk = self.chunks.remove(0);
            buffer[..chunk.len()].copy_from_slice(chunk);
            Ok(chunk.len())
        }
    }

    impl Write for Script {
        fn write(&mut self, octets: &[u8]) -> Result<usize, Self::Error> {
            let part = octets.len().min(3);
            self.written.extend_from_slice(&octets[..part]);
            Ok(part)
        }

        fn flush(&mut self) -> Result<(), Self::Error> {
            Ok(())
        }
    }

    #[test]
    fn a_session_is_driven_to_its_end() {
        let chunks: Vec<&[u8]> = vec![
            b"+OK re",
            b"ady\r\n",
            b"+OK\r\n",
            b"+OK\r\n",
            b"+OK 9 octets\r\nSubject: hi\r\n",
            b"\r\n..\r\n.\r\n",
            b"+OK bye\r\n",
        ];
        let (mut scratch, mut tx, mut memory) = ([0; 256], [0; 256], [0; 64]);
        let config = Config::default().with_security(Security::Private);
        let mut client = Client::new(&mut scratch, &mut tx, config);
        let mut driver = Driver::new(Script { chunks, written: Vec::new() }, &mut memory);
        let greeted = driver.run(&mut client, |_| ControlFlow::Break(()));
        assert_eq!(greeted, Ok(()));
        let login = client.login(b"mrose", b"tanstaaf").unwrap();
        let status = driver.complete(&mut client, login, |_| ());
        assert_eq!(status, Ok(Status::Ok));
        let retr = client.retr(1).unwrap();
        let mut mail = Vec::new();
        let status = driver.complete(&mut client, retr, |event| {
            if let Event::Data { octets, .. } = event {
                mail.extend_from_slice(octets);
            }
        });
        assert_eq!(status, Ok(Status::Ok));
        assert_eq!(mail, b"Subject: hi\r\n\r\n.\r\n");
        let quit = client.quit().unwrap();
        let status = driver.complete(&mut client, quit, |_| ());
        assert_eq!((status, client.state()), (Ok(Status::Ok), State::Closed));
        let written = driver.into_transport().written;
        assert_eq!(written, b"USER mrose\r\nPASS tanstaaf\r\nRETR 1\r\nQUIT\r\n");
    }

    #[test]
    fn the_end_of_the_connection_is_an_error() {
        let (mut scratch, mut tx, mut memory) = ([0; 256], [0; 256], [0; 64]);
        let mut client = Client::new(&mut scratch, &mut tx, Config::default());
        let script = Script { chunks: vec![b"+OK re"], written: Vec::new() };
        let mut driver = Driver::new(script, &mut memory);
        let ended = driver.run(&mut client, |_| ControlFlow::Break(()));
        let expected = RemoteError { violation: Violation::UnexpectedEof, offset: 6 };
        assert_eq!(ended, Err(DriveError::Remote(expected)));
    }
}
