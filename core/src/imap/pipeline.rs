//! The commands in flight: what of the outgoing buffer may leave now, which reply may answer which
//! command (RFC 9051 §2.2, §5.5), and what is withdrawn when one is refused.

use super::command::CommandKind;
use super::command::encoder::Encoded;
use super::event::Status;
use super::session::{Rules, Tag};
use crate::{LocalError, Violation};

/// A command between the call that queued it and its completion.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFlight {
    pub(super) tag: Tag,
    /// Octets of it that lie in the outgoing buffer.
    unsent: u32,
    pub(super) kind: CommandKind,
    rules: Rules,
    /// How many stops there are: where to wait for the server's `+`.
    stops: u8,
    flags: Flags,
}

/// What else is known of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Flags(u8);

impl Flags {
    /// It uploads.
    const UPLOADS: u8 = 1;
    /// More octets of it are to be written: the upload is under way.
    const OPEN: u8 = 2;
    /// An octet has been sent of what was written last.
    const BEGUN: u8 = 4;
    /// A `+` has made this a dialogue: an exchange of SASL, IDLE, an upload.
    const ANSWERED: u8 = 8;
    /// It has a literal that does not wait.
    const FLOWS: u8 = 16;

    const fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }

    const fn set(&mut self, flag: u8, on: bool) {
        self.0 = if on { self.0 | flag } else { self.0 & !flag };
    }
}

/// How many marks there may be.
const MARKS: usize = if cfg!(feature = "fast") { 40 } else { 10 };

impl InFlight {
    /// What lies where no command is: all zero, which is the cheapest to make.
    const NONE: Self = Self {
        tag: Tag(0),
        unsent: 0,
        kind: CommandKind::Capability,
        rules: Rules::NOWHERE,
        stops: 0,
        flags: Flags(0),
    };

    const fn is_open(&self) -> bool {
        self.flags.has(Flags::OPEN)
    }

    const fn begun(&self) -> bool {
        self.flags.has(Flags::BEGUN)
    }

    const fn answered(&self) -> bool {
        self.flags.has(Flags::ANSWERED)
    }

    /// How many marks it has.
    fn marks(&self) -> usize {
        usize::from(self.stops).saturating_add(self.flags.has(Flags::FLOWS).into())
    }

    /// How many octets may leave before the next `+` is needed.
    const fn sendable(&self, mark: u32) -> u32 {
        self.unsent.saturating_sub(if self.stops > 0 { mark } else { 0 })
    }

    /// Whether it has been written and all of it may leave without a `+`.
    const fn is_written(&self) -> bool {
        self.stops == 0 && !self.is_open()
    }

    /// Whether all of it has left.
    pub(super) const fn has_left(&self) -> bool {
        self.is_written() && self.unsent == 0
    }

    /// Whether all of it up to a synchronizing literal has left (RFC 9051 §4.3).
    const fn is_at_stop(&self, mark: u32) -> bool {
        self.stops > 0 && self.sendable(mark) == 0
    }

    /// Whether a reply with this status may be the answer. A refusal may come as soon as the server has
    /// been told enough to refuse (RFC 9051 §7.6, RFC 7888 §4); success only for all of it.
    fn may_complete(&self, mark: u32, status: Status) -> bool {
        let refused = status != Status::Ok;
        let upload = self.flags.has(Flags::UPLOADS) && self.begun() && self.stops == 0;
        let dialogue = self.is_at_stop(mark) || self.answered() || upload;
        let flows = self.flags.has(Flags::FLOWS);
        let flowing = self.is_written() && flows && self.unsent <= mark;
        let ended = self.kind == CommandKind::Idle && self.answered();
        self.has_left() || ended || (refused && (dialogue || flowing))
    }
}

/// What a completed command leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Completed {
    pub(super) kind: CommandKind,
    /// Octets at the front of the outgoing buffer that are withdrawn.
    pub(super) withdrawn: usize,
    /// Whether it was an upload that was under way.
    #[cfg(feature = "imap-append")]
    pub(super) open: bool,
    /// Whether the server has been promised octets of an upload that were not all written.
    #[cfg(feature = "imap-append")]
    pub(super) promised: bool,
}

/// What the next `+` is for (RFC 9051 §7.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Continuation {
    /// A literal that lies in the outgoing buffer.
    Literal,
    /// An upload.
    #[cfg(feature = "imap-append")]
    Upload(Tag),
    /// AUTHENTICATE.
    #[cfg(feature = "imap-authenticate")]
    Challenge(Tag),
    /// IDLE.
    Idle(Tag),
}

/// The commands in flight, oldest first, in the order in which their octets lie in the outgoing buffer.
/// Replies may come in any order.
#[derive(Debug)]
pub(super) struct Pipeline<const N: usize> {
    queue: [InFlight; N],
    len: usize,
    /// Where commands are to wait: for each, from the oldest on, how many of its octets are left to be sent at its
    /// stops, the next one first; behind them how many are left when the first literal begins that does not wait.
    /// On chips the commands share what suffices for two with as many literals as one may have.
    marks: [u32; MARKS],
    marked: u8,
    /// The tag of the next command.
    next: Tag,
    /// Octets at the front of the outgoing buffer that belong to no command any more, but must be sent
    /// since those before them were.
    orphans: usize,
    /// Whether commands are sent without waiting.
    overlap: bool,
}

/// A command's place: its index, and that of its first mark.
type Place = (usize, usize);

impl<const N: usize> Pipeline<N> {
    pub(super) const fn new(overlap: bool) -> Self {
        let (queue, marks) = ([InFlight::NONE; N], [0; MARKS]);
        Self { queue, len: 0, marks, marked: 0, next: Tag(1), orphans: 0, overlap }
    }

    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn queue(&self) -> &[InFlight] {
        self.queue.get(..self.len).unwrap_or_default()
    }

    /// The oldest command of this kind: a test is told the command and its next mark.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn find(&self, test: &dyn Fn(&InFlight, u32) -> bool) -> Option<(&InFlight, Place)> {
        let mut mark = 0_usize;
        for (index, command) in self.queue().iter().enumerate() {
            if test(command, self.mark(mark)) {
                return Some((command, (index, mark)));
            }
            mark = mark.saturating_add(command.marks());
        }
        None
    }

    fn mark(&self, at: usize) -> u32 {
        self.marks.get(at).copied().unwrap_or(0)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) const fn next_tag(&self) -> Tag {
        self.next
    }

    fn newest(&self) -> Option<&InFlight> {
        self.queue().last()
    }

    /// The tag of the newest command.
    pub(super) fn newest_tag(&self) -> Tag {
        self.newest().map_or(Tag(0), |newest| newest.tag)
    }

    /// Whether a command may be queued behind those that are.
    pub(super) fn check_room(&self) -> Result<(), LocalError> {
        if self.newest().is_some_and(|newest| newest.rules.is_alone() || newest.is_open()) {
            return Err(LocalError::Busy);
        }
        if self.len < N { Ok(()) } else { Err(LocalError::Full) }
    }

    /// Whether it can be noted where this is to wait.
    pub(super) fn check_marks(&self, written: &Encoded) -> Result<(), LocalError> {
        let needed = usize::from(self.marked).saturating_add(written.stops.len());
        if needed < MARKS { Ok(()) } else { Err(LocalError::Full) }
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
        let slot = self.queue.get_mut(self.len).ok_or(LocalError::Full)?;
        let flags = Flags(if open { Flags::UPLOADS } else { 0 });
        *slot = InFlight { tag, kind, rules, flags, ..InFlight::NONE };
        self.len = self.len.saturating_add(1);
        self.next = Tag(tag.0.wrapping_add(1));
        self.extend(written, open);
        let flow = written.octets.saturating_sub(written.flow);
        if written.flow > 0 && flow > 0 {
            self.add_mark(u32::try_from(flow).unwrap_or(u32::MAX));
            if let Some(newest) = self.newest_mut() {
                newest.flags.set(Flags::FLOWS, true);
            }
        }
        Ok(tag)
    }

    fn newest_mut(&mut self) -> Option<&mut InFlight> {
        self.queue.get_mut(..self.len)?.last_mut()
    }

    fn add_mark(&mut self, left: u32) {
        if let Some(mark) = self.marks.get_mut(usize::from(self.marked)) {
            *mark = left;
            self.marked = self.marked.saturating_add(1);
        }
    }

    /// Takes so many marks out, beginning with the one at `index`.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn drop_marks(&mut self, index: usize, count: usize) {
        for at in index..MARKS {
            let moved = self.mark(at.saturating_add(count));
            if let Some(mark) = self.marks.get_mut(at) {
                *mark = moved;
            }
        }
        // There are few of them.
        self.marked = self.marked.saturating_sub(count as u8);
    }

    /// Adds to the newest command what was just put into the outgoing buffer: a part of an upload, a SASL
    /// response, DONE.
    pub(super) fn extend(&mut self, written: &Encoded, open: bool) {
        let octets = u32::try_from(written.octets).unwrap_or(u32::MAX);
        // The encoder has few stops.
        let stops = written.stops.len() as u8;
        let Some(newest) = self.newest_mut() else { return };
        let begun = newest.is_open() && newest.begun();
        // What was to flow has begun long ago.
        let flows = newest.flags.has(Flags::FLOWS);
        newest.flags.set(Flags::BEGUN, begun);
        newest.flags.set(Flags::OPEN, open);
        newest.flags.set(Flags::FLOWS, false);
        newest.unsent = newest.unsent.saturating_add(octets);
        newest.stops = newest.stops.saturating_add(stops);
        self.marked = self.marked.saturating_sub(flows.into());
        for &stop in &written.stops {
            self.add_mark(octets.saturating_sub(stop));
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
        let (mut ready, mut numbers_stay, mut mark) = (self.orphans, true, 0_usize);
        for (index, command) in self.queue().iter().enumerate() {
            let rules = command.rules;
            let waits =
                !self.overlap || rules.is_alone() || (rules.is_by_number() && !numbers_stay);
            if index > 0 && waits {
                break;
            }
            ready = ready.saturating_add(command.sendable(self.mark(mark)) as usize);
            if !command.is_written() || rules.is_alone() {
                break;
            }
            mark = mark.saturating_add(command.marks());
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
        let mut mark = 0_usize;
        for command in self.queue.iter_mut().take(self.len) {
            let next = self.marks.get(mark).copied().unwrap_or(0);
            let part = left.min(command.sendable(next));
            mark = mark.saturating_add(command.marks());
            command.unsent = command.unsent.saturating_sub(part);
            if part > 0 {
                command.flags.set(Flags::BEGUN, true);
            }
            left = left.saturating_sub(part);
        }
        sent
    }

    /// The command that goes alone, once all of it that was written has left.
    pub(super) fn alone(&self) -> Option<&InFlight> {
        self.queue().first().filter(|oldest| oldest.rules.is_alone() && oldest.has_left())
    }

    /// Whether the server owes a reply or a `+` to anything that has left.
    pub(super) fn is_waiting(&self) -> bool {
        let test = |command: &InFlight, mark| {
            command.begun() && (command.has_left() || command.is_at_stop(mark))
        };
        self.find(&test).is_some()
    }

    /// Whether a command is running during which message numbers must stay (RFC 9051 §7.5.1).
    pub(super) fn keeps_numbers(&self) -> bool {
        self.find(&|command, _| command.rules.does_keep_numbers() && command.begun()).is_some()
    }

    /// Whether a command of this kind is running.
    pub(super) fn is_running(&self, kind: CommandKind) -> bool {
        self.find(&|command, _| command.kind == kind && command.begun()).is_some()
    }

    /// What a `+` is for that comes now, if anything awaits it.
    pub(super) fn continuation(&self) -> Option<Continuation> {
        let stopped = self.find(&InFlight::is_at_stop);
        #[allow(unused_variables)]
        if let Some((stopped, _)) = stopped {
            #[cfg(feature = "imap-append")]
            if stopped.stops == 1 && stopped.unsent == 0 && stopped.is_open() {
                return Some(Continuation::Upload(stopped.tag));
            }
            return Some(Continuation::Literal);
        }
        let alone = self.alone()?;
        match alone.kind {
            #[cfg(feature = "imap-authenticate")]
            CommandKind::Authenticate => Some(Continuation::Challenge(alone.tag)),
            CommandKind::Idle if !alone.answered() => Some(Continuation::Idle(alone.tag)),
            _ => None,
        }
    }

    /// Whether the newest command is an upload whose octets the server takes now.
    #[cfg(feature = "imap-append")]
    pub(super) fn takes_upload(&self) -> bool {
        self.newest().is_some_and(|newest| newest.is_open() && newest.stops == 0)
    }

    /// The `+` that [`continuation`](Self::continuation) described has come.
    pub(super) fn continued(&mut self) {
        let stopped = self.find(&InFlight::is_at_stop).map(|(_, place)| place);
        let (index, mark) = stopped.unwrap_or((0, 0));
        let Some(command) = self.queue.get_mut(index) else { return };
        let mut answered = true;
        if stopped.is_some() {
            command.stops = command.stops.saturating_sub(1);
            answered = command.is_open() && command.stops == 0;
        }
        if answered {
            command.flags.set(Flags::ANSWERED, true);
        }
        if stopped.is_some() {
            self.drop_marks(mark, 1);
        }
    }

    /// Takes the command out that this tagged reply completes.
    ///
    /// # Errors
    /// [`Violation::UnknownTag`] when there is none of this tag, [`Violation::CompletionTooEarly`] when the
    /// server cannot know yet what it answers.
    pub(super) fn complete(&mut self, tag: Tag, status: Status) -> Result<Completed, Violation> {
        let found = self.find(&|command, _| command.tag == tag);
        let (command, place) = found.ok_or(Violation::UnknownTag)?;
        let mark = self.mark(place.1);
        if !command.may_complete(mark, status) {
            return Err(Violation::CompletionTooEarly);
        }
        let (kind, unsent) = (command.kind, command.unsent as usize);
        #[cfg(feature = "imap-append")]
        let open = command.is_open();
        // What stands behind a stop was never promised, and what stands before it has left. Of a dialogue,
        // what was begun must be ended, or the next command would be taken for the rest of it.
        let stopped = command.is_at_stop(mark);
        let finish = command.begun() && !stopped;
        self.remove(place);
        if finish {
            self.add_orphans(unsent);
        }
        let withdrawn = if finish { 0 } else { unsent };
        Ok(Completed {
            kind,
            withdrawn,
            #[cfg(feature = "imap-append")]
            open,
            #[cfg(feature = "imap-append")]
            promised: open && !stopped,
        })
    }

    /// Takes the oldest command out of which nothing has left, or the oldest of all.
    pub(super) fn pop_hopeless(&mut self, all: bool) -> Option<(Tag, CommandKind)> {
        let hopeless = self.find(&|command, _| all || !(command.begun() || command.answered()));
        let (hopeless, place) = hopeless?;
        let (tag, kind) = (hopeless.tag, hopeless.kind);
        self.remove(place);
        Some((tag, kind))
    }

    /// Forgets what was written but not sent.
    pub(super) fn clear(&mut self) {
        self.orphans = 0;
        self.marked = 0;
        for command in &mut self.queue {
            command.unsent = 0;
            command.stops = 0;
            command.flags.set(Flags::OPEN, false);
            command.flags.set(Flags::FLOWS, false);
        }
    }

    /// Takes a command out; those behind it move up.
    fn remove(&mut self, (index, mark): Place) {
        let mut moved = InFlight::NONE;
        for slot in self.queue.iter_mut().take(self.len).skip(index).rev() {
            core::mem::swap(slot, &mut moved);
        }
        self.len = self.len.saturating_sub(1);
        self.drop_marks(mark, moved.marks());
    }
}
