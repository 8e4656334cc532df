//! What both roles know of a session: its state, and for the client the commands in flight.

use heapless::Deque;

use super::command::Verb;
use crate::LocalError;

/// The state of a session (RFC 1939 §3), and the steps before, between and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum State {
    /// The greeting has not come yet.
    #[default]
    Greeting,
    /// Nobody is logged in.
    Authorization,
    /// STLS was accepted: the TLS handshake is the caller's, and nothing else may be received.
    Handshake,
    /// Logged in.
    Transaction,
    /// The session has ended.
    Closed,
}

/// Names a command on its connection, from the call that queued it to its completion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CommandNumber(pub u32);

/// A command between the call that queued it and its completion.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFlight {
    pub(super) verb: Verb,
    /// Whether a positive reply has more than one line (RFC 1939 §3).
    pub(super) multiline: bool,
    /// Octets of it that have not been sent; a command line has at most 255.
    pub(super) unsent: u8,
    /// The message that it names, or 0.
    pub(super) message: u32,
}

/// The commands in flight, oldest first. Replies come in this order (RFC 2449 §6.6), so a command
/// is known by its place alone.
#[derive(Debug)]
pub(super) struct Pipeline<const N: usize> {
    queue: Deque<InFlight, N>,
    /// How many of them may be sent; the others are held back.
    released: usize,
    /// The number of the oldest.
    first: CommandNumber,
    /// Octets at the front of the outgoing buffer that may be sent.
    ready: usize,
}

impl<const N: usize> Pipeline<N> {
    pub(super) const fn new() -> Self {
        Self { queue: Deque::new(), released: 0, first: CommandNumber(0), ready: 0 }
    }

    pub(super) const fn ready(&self) -> usize {
        self.ready
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// The command that the next reply answers, if its last octet has been sent.
    pub(super) fn awaiting(&self) -> Option<(CommandNumber, InFlight)> {
        let oldest = self.queue.front().filter(|oldest| self.released > 0 && oldest.unsent == 0)?;
        Some((self.first, *oldest))
    }

    /// Whether the newest command decides what may follow it.
    pub(super) fn ends_in_state_change(&self) -> bool {
        self.queue.back().is_some_and(|newest| newest.verb.changes_state())
    }

    pub(super) fn check_room(&self, commands: usize) -> Result<(), LocalError> {
        let room = N.saturating_sub(self.queue.len());
        if room < commands { Err(LocalError::Full) } else { Ok(()) }
    }

    /// Queues a command whose line was just put into the outgoing buffer.
    pub(super) fn push(&mut self, command: InFlight) -> Result<CommandNumber, LocalError> {
        let ahead = u32::try_from(self.queue.len()).unwrap_or(u32::MAX);
        self.queue.push_back(command).map_err(|_| LocalError::Full)?;
        Ok(CommandNumber(self.first.0.wrapping_add(ahead)))
    }

    /// Takes the oldest command out: its reply is complete, or it will never be sent.
    pub(super) fn pop(&mut self) -> Option<(CommandNumber, InFlight)> {
        let oldest = self.queue.pop_front()?;
        let number = self.first;
        self.first = CommandNumber(number.0.wrapping_add(1));
        self.released = self.released.saturating_sub(1);
        Some((number, oldest))
    }

    /// Takes the oldest command out if it is `verb` and was held back until now.
    pub(super) fn pop_held(&mut self, verb: Verb) -> Option<(CommandNumber, InFlight)> {
        let held = self.released == 0 && self.queue.front().is_some_and(|next| next.verb == verb);
        if held { self.pop() } else { None }
    }

    /// Lets the commands go that may go now: without pipelining one at a time, with it as many as
    /// there are, but nothing beside a command that decides what may follow.
    pub(super) fn release(&mut self, pipelining: bool) {
        while let Some(next) = self.queue.get(self.released) {
            let beside = pipelining && !next.verb.goes_alone() && !self.state_change_is_released();
            if self.released > 0 && !beside {
                return;
            }
            self.ready = self.ready.saturating_add(next.unsent.into());
            self.released = self.released.saturating_add(1);
        }
    }

    fn state_change_is_released(&self) -> bool {
        let newest = self.released.checked_sub(1).and_then(|newest| self.queue.get(newest));
        newest.is_some_and(|newest| newest.verb.changes_state())
    }

    /// Notes that a SASL response of `octets` lies in the outgoing buffer, to be sent at once.
    pub(super) fn release_response(&mut self, octets: usize) {
        self.ready = self.ready.saturating_add(octets);
    }

    /// Notes that the first `n` octets of what was ready have been sent; returns how many that is.
    pub(super) fn sent(&mut self, n: usize) -> usize {
        let sent = n.min(self.ready);
        self.ready = self.ready.saturating_sub(sent);
        let mut left = sent;
        for command in self.queue.iter_mut().take(self.released) {
            let part = u8::try_from(left).unwrap_or(u8::MAX).min(command.unsent);
            command.unsent = command.unsent.saturating_sub(part);
            left = left.saturating_sub(part.into());
        }
        sent
    }
}
