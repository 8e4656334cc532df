//! Drivers: the loop that carries octets between an engine and an `embedded-io` transport. They
//! decide nothing; whoever has an event loop writes these twenty lines into it.

#[cfg(feature = "embedded-io-async")]
pub mod asynchronous;
#[cfg(feature = "embedded-io")]
pub mod blocking;

use core::fmt;
use core::ops::ControlFlow;

use crate::pop3::{Client, CommandNumber, Event, Status};
use crate::{RemoteError, Violation};

/// Why a driver stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum DriveError<E> {
    /// The transport failed: the session is over, and what waited to be sent is wiped.
    Transport(E),
    /// The engine ended the session, or the connection ended where it must not.
    Remote(RemoteError),
}

impl<E: fmt::Display> fmt::Display for DriveError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => write!(f, "transport: {error}"),
            Self::Remote(error) => write!(f, "protocol: {error}"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for DriveError<E> {}

/// The read buffer, and what of it the engine has not taken yet.
#[derive(Debug)]
struct ReadBuffer<'b> {
    memory: &'b mut [u8],
    start: usize,
    end: usize,
}

impl<'b> ReadBuffer<'b> {
    const fn new(memory: &'b mut [u8]) -> Self {
        Self { memory, start: 0, end: 0 }
    }

    /// Lets the engine take octets, one event at a time, until it has none to tell or `each` breaks.
    fn poll<R, const N: usize>(
        &mut self,
        client: &mut Client<'_, N>,
        each: &mut impl FnMut(Event<'_>) -> ControlFlow<R>,
    ) -> Result<Option<R>, RemoteError> {
        loop {
            let mut input = self.memory.get(self.start..self.end).unwrap_or_default();
            let event = client.poll(&mut input)?;
            let answer = event.map(&mut *each);
            self.start = self.end.saturating_sub(input.len());
            match answer {
                Some(ControlFlow::Break(value)) => return Ok(Some(value)),
                Some(ControlFlow::Continue(())) => {}
                None => return Ok(None),
            }
        }
    }

    /// Where the next octets are to be read. All that was there has been taken.
    fn room(&mut self) -> &mut [u8] {
        self.memory
    }

    fn filled(&mut self, octets: usize) {
        (self.start, self.end) = (0, octets.min(self.memory.len()));
    }
}

/// Tells the engine that the connection ended, while `run` waited for more: an error even after
/// QUIT, since no event can come.
fn end_of_connection<const N: usize>(client: &mut Client<'_, N>) -> RemoteError {
    let offset = client.received();
    let closed = RemoteError { violation: Violation::ClosedByPeer, offset };
    client.eof().err().unwrap_or(closed)
}

/// Tells the engine that the transport failed, so that it wipes what waits to be sent.
fn lost<E, const N: usize>(client: &mut Client<'_, N>, error: E) -> DriveError<E> {
    let _ = client.eof();
    DriveError::Transport(error)
}

/// Turns what completes `command` into an end of the loop.
fn until_completed<'f>(
    command: CommandNumber,
    each: &'f mut (dyn FnMut(Event<'_>) + 'f),
) -> impl FnMut(Event<'_>) -> ControlFlow<Status> + 'f {
    move |event| {
        each(event);
        match event {
            Event::Completed { command: done, status, .. } if done == command => {
                ControlFlow::Break(status)
            }
            _ => ControlFlow::Continue(()),
        }
    }
}
