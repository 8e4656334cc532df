//! The commands in flight: what of the outgoing buffer may leave now, which reply may answer which
//! command (RFC 9051 §2.2, §5.5), and what is withdrawn when one is refused.

use heapless::Vec;

use super::command::CommandKind;
use super::command::encoder::{Encoded, Stops};
use super::event::Status;
use super::session::{Rules, Tag};
use crate::{LocalError, Violation};

/// A command between the call that queued it and its completion.
#[derive(Clone, Debug)]
pub(super) struct InFlight {
    pub(super) tag: Tag,
    pub(super) kind: CommandKind,
    rules: Rules,
    /// Octets of it that lie in the outgoing buffer.
    unsent: u32,
    /// Where to wait for the server's `+`: how many octets are left to be sent then. The next is last.
    stops: Stops,
    /// How many octets are left to be sent when the first literal begins that does not wait; 0 without one.
    flow: u32,
    /// Whether it uploads.
    uploads: bool,
    /// Whether more octets of it are to be written: the upload is under way.
    open: bool,
    /// Whether an octet has been sent of what was written last.
    begun: bool,
    /// Whether a `+` has made this a dialogue: an exchange of SASL, IDLE, an upload.
    answered: bool,
}

impl InFlight {
    /// How many octets may leave before the next `+` is needed.
    fn sendable(&self) -> u32 {
        self.unsent.saturating_sub(self.stops.last().copied().unwrap_or(0))
    }

    /// Whether it has been written and all of it may leave without a `+`.
    fn is_written(&self) -> bool {
        self.stops.is_empty() && !self.open
    }

    /// Whether all of it has left.
    fn has_left(&self) -> bool {
        self.is_written() && self.unsent == 0
    }

    /// Whether all of it up to a synchronizing literal has left (RFC 9051 §4.3).
    fn is_at_stop(&self) -> bool {
        !self.stops.is_empty() && self.sendable() == 0
    }

    /// Whether a reply with this status may be the answer. A refusal may come as soon as the server has
    /// been told enough to refuse (RFC 9051 §7.6, RFC 7888 §4); success only for all of it.
    fn may_complete(&self, status: Status) -> bool {
        let refused = status != Status::Ok;
        let upload = self.uploads && self.begun && self.stops.is_empty();
        let dialogue = self.is_at_stop() || self.answered || upload;
        let flowing = self.is_written() && self.flow > 0 && self.unsent <= self.flow;
        let ended = self.kind == CommandKind::Idle && self.answered;
        self.has_left() || ended || (refused && (dialogue || flowing))
    }
}

/// What a completed command leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Completed {
    pub(super) kind: CommandKind,
    /// Octets at the front of the outgoing buffer that are withdrawn.
    pub(super) withdrawn: usize,
    /// Whether the server has been promised octets of an upload that were not all written.
    pub(super) promised: bool,
}

/// What the next `+` is for (RFC 9051 §7.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Continuation {
    /// A literal that lies in the outgoing buffer.
    Literal,
    /// An upload.
    Upload(Tag),
    /// AUTHENTICATE.
    Challenge(Tag),
    /// IDLE.
    Idle(Tag),
}

/// The commands in flight, oldest first, in the order in which their octets lie in the outgoing buffer.
/// Replies may come in any order.
#[derive(Debug)]
pub(super) struct Pipeline<const N: usize> {
    queue: Vec<InFlight, N>,
    /// The tag of the next command.
    next: Tag,
    /// Octets at the front of the outgoing buffer that belong to no command any more, but must be sent
    /// since those before them were.
    orphans: usize,
    /// Whether commands are sent without waiting.
    overlap: bool,
}

impl<const N: usize> Pipeline<N> {
    pub(super) const fn new(overlap: bool) -> Self {
        Self { queue: Vec::new(), next: Tag(1), orphans: 0, overlap }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(super) const fn next_tag(&self) -> Tag {
        self.next
    }

    /// Whether a command may be queued behind those that are.
    pub(super) fn check_room(&self) -> Result<(), LocalError> {
        if self.queue.last().is_some_and(|newest| newest.rules.is_alone() || newest.open) {
            return Err(LocalError::Busy);
        }
        if self.queue.is_full() { Err(LocalError::Full) } else { Ok(()) }
    }

    /// Queues a command that was just put into the outgoing buffer; `open` when more of it will be.
    pub(super) fn push(
        &mut self,
        kind: CommandKind,
        rules: Rules,
        written: &Encoded,
        open: bool,
    ) -> Result<Tag, LocalError> {
        let tag = self.next;
        let mut command = InFlight {
            tag,
            kind,
            rules,
            unsent: 0,
            stops: Stops::new(),
            flow: 0,
            uploads: open,
            open,
            begun: false,
            answered: false,
        };
        append(&mut command, written);
        if written.flow > 0 {
            command.flow = command.unsent.saturating_sub(u32::try_from(written.flow).unwrap_or(0));
        }
        self.queue.push(command).map_err(|_| LocalError::Full)?;
        self.next = Tag(tag.0.wrapping_add(1));
        Ok(tag)
    }

    /// Adds to the newest command what was just put into the outgoing buffer: a part of an upload, a SASL
    /// response, DONE.
    pub(super) fn extend(&mut self, written: &Encoded, open: bool) {
        if let Some(newest) = self.queue.last_mut() {
            newest.begun = newest.open && newest.begun;
            newest.open = open;
            append(newest, written);
        }
    }

    /// Notes that `octets` which belong to no command were put into the outgoing buffer.
    pub(super) fn add_orphans(&mut self, octets: usize) {
        self.orphans = self.orphans.saturating_add(octets);
    }

    /// How many octets at the front of the outgoing buffer may leave now.
    ///
    /// Without pipelining that is one command. With it, all up to a literal that waits for its `+`, or to
    /// a command that must wait for another to complete: one that goes alone, or one that names message
    /// numbers which another may change (RFC 9051 §5.5).
    pub(super) fn ready(&self) -> usize {
        let (mut ready, mut numbers_stay) = (self.orphans, true);
        for (index, command) in self.queue.iter().enumerate() {
            let rules = command.rules;
            let waits =
                !self.overlap || rules.is_alone() || (rules.is_by_number() && !numbers_stay);
            if index > 0 && waits {
                break;
            }
            ready = ready.saturating_add(command.sendable() as usize);
            if !command.is_written() || rules.is_alone() {
                break;
            }
            numbers_stay &= rules.does_keep_numbers();
        }
        ready
    }

    /// Notes that the first `n` octets of what was ready have been sent; returns how many that is.
    pub(super) fn sent(&mut self, n: usize) -> usize {
        let sent = n.min(self.ready());
        let orphans = sent.min(self.orphans);
        self.orphans = self.orphans.saturating_sub(orphans);
        let mut left = u32::try_from(sent.saturating_sub(orphans)).unwrap_or(u32::MAX);
        for command in &mut self.queue {
            let part = left.min(command.sendable());
            command.unsent = command.unsent.saturating_sub(part);
            command.begun |= part > 0;
            left = left.saturating_sub(part);
        }
        sent
    }

    /// The command that goes alone, once all of it that was written has left.
    pub(super) fn alone(&self) -> Option<&InFlight> {
        self.queue.first().filter(|oldest| oldest.rules.is_alone() && oldest.has_left())
    }

    /// Whether the server owes a reply or a `+` to anything that has left.
    pub(super) fn is_waiting(&self) -> bool {
        self.queue
            .iter()
            .any(|command| command.begun && (command.has_left() || command.is_at_stop()))
    }

    /// Whether a command is running during which message numbers must stay (RFC 9051 §7.5.1).
    pub(super) fn keeps_numbers(&self) -> bool {
        self.queue.iter().any(|command| command.rules.does_keep_numbers() && command.begun)
    }

    /// Whether a command of this kind is running.
    pub(super) fn is_running(&self, kind: CommandKind) -> bool {
        self.queue.iter().any(|command| command.kind == kind && command.begun)
    }

    /// What a `+` is for that comes now, if anything awaits it.
    pub(super) fn continuation(&self) -> Option<Continuation> {
        if let Some(stopped) = self.queue.iter().find(|command| command.is_at_stop()) {
            let last = stopped.stops.len() == 1 && stopped.unsent == 0;
            let upload = last && stopped.open;
            return Some(if upload {
                Continuation::Upload(stopped.tag)
            } else {
                Continuation::Literal
            });
        }
        let alone = self.alone()?;
        match alone.kind {
            CommandKind::Authenticate => Some(Continuation::Challenge(alone.tag)),
            CommandKind::Idle if !alone.answered => Some(Continuation::Idle(alone.tag)),
            _ => None,
        }
    }

    /// Whether the newest command is an upload whose octets the server takes now.
    pub(super) fn takes_upload(&self) -> bool {
        self.queue.last().is_some_and(|newest| newest.open && newest.stops.is_empty())
    }

    /// The `+` that [`continuation`](Self::continuation) described has come.
    pub(super) fn continued(&mut self) {
        if let Some(stopped) = self.queue.iter_mut().find(|command| command.is_at_stop()) {
            stopped.stops.pop();
            stopped.answered |= stopped.open && stopped.stops.is_empty();
        } else if let Some(alone) = self.queue.first_mut() {
            alone.answered = true;
        }
    }

    /// Takes the command out that this tagged reply completes.
    ///
    /// # Errors
    /// [`Violation::UnknownTag`] when there is none of this tag, [`Violation::CompletionTooEarly`] when the
    /// server cannot know yet what it answers.
    pub(super) fn complete(&mut self, tag: Tag, status: Status) -> Result<Completed, Violation> {
        let command = self.queue.iter().find(|command| command.tag == tag);
        let command = command.ok_or(Violation::UnknownTag)?;
        if !command.may_complete(status) {
            return Err(Violation::CompletionTooEarly);
        }
        let (kind, unsent) = (command.kind, command.unsent as usize);
        // What stands behind a stop was never promised, and what stands before it has left. Of a dialogue,
        // what was begun must be ended, or the next command would be taken for the rest of it.
        let stopped = command.is_at_stop();
        let promised = command.open && !stopped;
        let finish = command.begun && !stopped;
        self.remove(tag);
        if finish {
            self.add_orphans(unsent);
        }
        Ok(Completed { kind, withdrawn: if finish { 0 } else { unsent }, promised })
    }

    /// Takes the oldest command out of which nothing has left, or the oldest of all.
    pub(super) fn pop_hopeless(&mut self, all: bool) -> Option<(Tag, CommandKind)> {
        let has_left = |command: &InFlight| command.begun || command.answered;
        let hopeless = self.queue.iter().find(|command| all || !has_left(command))?;
        let (tag, kind) = (hopeless.tag, hopeless.kind);
        self.remove(tag);
        Some((tag, kind))
    }

    /// Forgets what was written but not sent.
    pub(super) fn clear(&mut self) {
        self.orphans = 0;
        for command in &mut self.queue {
            command.unsent = 0;
            command.stops.clear();
            command.open = false;
        }
    }

    fn remove(&mut self, tag: Tag) {
        self.queue.retain(|command| command.tag != tag);
    }
}

/// Notes what was written behind what there is of a command.
fn append(command: &mut InFlight, written: &Encoded) {
    let octets = u32::try_from(written.octets).unwrap_or(u32::MAX);
    command.unsent = command.unsent.saturating_add(octets);
    // From the last to the first, so that the next to come is popped first.
    for &stop in written.stops.iter().rev() {
        // An encoder counts no more stops than there is room for, and writes only where none is left.
        let _ = command.stops.push(octets.saturating_sub(stop));
    }
}
