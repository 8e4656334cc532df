//! What both roles know of a session: its state, and for the client the commands in flight.

use core::cell::Cell;

use heapless::Vec;

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
    /// The message that it names, or 0: as octets, so that no room is left between two commands.
    message: [u8; 4],
}

impl InFlight {
    /// No command: what lies in the table where there is none.
    const NONE: Self = Self::new(Verb::Capa, false, 0, 0);

    pub(super) const fn new(verb: Verb, multiline: bool, unsent: u8, message: u32) -> Self {
        Self { verb, multiline, unsent, message: message.to_ne_bytes() }
    }

    pub(super) const fn message(self) -> u32 {
        u32::from_ne_bytes(self.message)
    }
}

/// The commands in flight, oldest first. Replies come in this order (RFC 2449 §6.6), so a command
/// is known by its place alone.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Pipeline<const N: usize> {
    /// The number of the oldest.
    first: CommandNumber,
    /// Octets at the front of the outgoing buffer that may be sent.
    ready: usize,
    /// How many of them may be sent; the others are held back.
    released: u16,
    queue: Vec<InFlight, N, u16>,
}

impl<const N: usize> Pipeline<N> {
    pub(super) const fn new() -> Self {
        const { assert!(N <= u16::MAX as usize, "too many commands in flight") };
        Self { first: CommandNumber(0), ready: 0, released: 0, queue: Vec::new() }
    }

    pub(super) const fn ready(&self) -> usize {
        self.ready
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// The number of the oldest command, or of the next one if there is none.
    pub(super) const fn first(&self) -> CommandNumber {
        self.first
    }

    /// The command that the next reply answers, if its last octet has been sent.
    pub(super) fn awaiting(&self) -> Option<Verb> {
        let oldest = self.oldest();
        (self.released > 0 && oldest.unsent == 0).then_some(oldest.verb)
    }

    /// The oldest command, where there is one.
    pub(super) fn oldest(&self) -> InFlight {
        *self.queue.first().unwrap_or(&InFlight::NONE)
    }

    /// Whether the newest command decides what may follow it.
    pub(super) fn ends_in_state_change(&self) -> bool {
        self.queue.last().is_some_and(|newest| newest.verb.changes_state())
    }

    pub(super) fn check_room(&self, commands: usize) -> Result<(), LocalError> {
        let room = N.saturating_sub(self.queue.len());
        if room < commands { Err(LocalError::Full) } else { Ok(()) }
    }

    /// Queues a command whose line was just put into the outgoing buffer.
    pub(super) fn push(&mut self, command: InFlight) -> Result<CommandNumber, LocalError> {
        let number = self.first.0.wrapping_add(self.queue.len() as u32);
        self.queue.push(command).map_err(|_| LocalError::Full)?;
        Ok(CommandNumber(number))
    }

    /// Takes the oldest command out: its reply is complete, or it will never be sent.
    pub(super) fn pop(&mut self) {
        let places = Cell::from_mut(self.queue.as_mut_slice()).as_slice_of_cells();
        for (place, next) in places.iter().zip(places.iter().skip(1)) {
            place.set(next.get());
        }
        if self.queue.pop().is_some() {
            self.first = CommandNumber(self.first.0.wrapping_add(1));
            self.released = self.released.saturating_sub(1);
        }
    }

    /// Takes the oldest command out if it is `verb` and was held back until now; returns how many
    /// octets it has.
    pub(super) fn pop_held(&mut self, verb: Verb) -> Option<u8> {
        let held = self.queue.first().filter(|next| self.released == 0 && next.verb == verb)?;
        let octets = held.unsent;
        self.pop();
        Some(octets)
    }

    /// Lets the commands go that may go now: without pipelining one at a time, with it as many as
    /// there are, but nothing beside a command that decides what may follow.
    pub(super) fn release(&mut self, pipelining: bool) {
        while let Some(next) = self.queue.get(usize::from(self.released)) {
            let beside = pipelining && !next.verb.goes_alone() && !self.state_change_is_released();
            if self.released > 0 && !beside {
                return;
            }
            self.ready = self.ready.wrapping_add(next.unsent.into());
            self.released = self.released.wrapping_add(1);
        }
    }

    fn state_change_is_released(&self) -> bool {
        let newest = usize::from(self.released).checked_sub(1);
        let newest = newest.and_then(|newest| self.queue.get(newest));
        newest.is_some_and(|newest| newest.verb.changes_state())
    }

    /// Notes that a SASL response of `octets` lies in the outgoing buffer, to be sent at once.
    #[cfg(feature = "pop3-extras")]
    pub(super) fn release_response(&mut self, octets: usize) {
        self.ready = self.ready.wrapping_add(octets);
    }

    /// Notes that the first `n` octets of what was ready have been sent; returns how many that is.
    pub(super) fn sent(&mut self, n: usize) -> usize {
        let sent = n.min(self.ready);
        self.ready = self.ready.wrapping_sub(sent);
        let mut left = sent;
        for command in self.queue.iter_mut().take(self.released.into()) {
            let part = left.min(command.unsent.into());
            command.unsent = command.unsent.wrapping_sub(part as u8);
            left = left.wrapping_sub(part);
        }
        sent
    }
}
