//! The course of a session: all that a client keeps but its buffers, so that events may borrow those; what may
//! be queued (RFC 9051 §3), what remains to be told, and what the passing of time means.

use super::capability::Capabilities;
use super::command::CommandKind;
use super::command::encoder::Literals;
use super::config::{Config, Security};
use super::event::{Event, Oversize, Status};
use super::model::Model;
use super::pipeline::Pipeline;
use super::quirk::{Quirk, QuirkSet};
use super::response::Listing;
use super::session::{Rules, State, Tag, TagPrefix};
use crate::sasl::NameSet;
use crate::wire::Tx;
use crate::{LocalError, RemoteError, Violation};

/// All of the client but its buffers, so that events may borrow those while this goes on.
#[derive(Debug)]
pub(super) struct Session<const N: usize> {
    pub(super) config: Config,
    pub(super) prefix: TagPrefix,
    pub(super) pipeline: Pipeline<N>,
    pub(super) state: State,
    pub(super) capabilities: Capabilities,
    pub(super) mechanisms: NameSet,
    /// The largest message that APPEND takes, if the server told (RFC 7889).
    pub(super) append_limit: Option<u64>,
    pub(super) enabled: Capabilities,
    pub(super) mailbox: Model,
    /// Whether someone is logged in: before, no data of mailboxes are legal (RFC 9051 §3.1).
    pub(super) logged_in: bool,
    /// Whether the channel is private.
    pub(super) private: bool,
    /// Whether COMPRESS was accepted, and the caller has still to change over.
    pub(super) compressing: bool,
    /// The last command that went alone and has left.
    pub(super) running: Option<(Tag, CommandKind)>,
    /// Whether the server has announced its capabilities since that command left.
    pub(super) told: bool,
    /// The listing at hand, where its elements are believed.
    pub(super) listing: Option<Listing>,
    /// Whether the SASL mechanism would believe a success now.
    pub(super) believable: bool,
    /// The challenge that awaits its answer.
    pub(super) challenge: Option<Challenge>,
    /// Whether it is the caller's turn in a SASL exchange.
    pub(super) asked: bool,
    pub(super) idle: Option<Idle>,
    pub(super) upload: Option<Upload>,
    /// Octets of an upload that the server refused before it had them all. It counts on them, so they are
    /// made up before anything else is sent (RFC 7888 §4).
    pub(super) promised: Option<u64>,
    /// Untagged responses since a command was completed.
    pub(super) untagged: u32,
    /// Octets received, and those of them that the reader was not given.
    pub(super) received: u64,
    bypassed: u64,
    /// Octets received before the item at hand.
    pub(super) item: u64,
    /// What remains to be told about the item at hand.
    quirks: QuirkSet,
    pub(super) oversize: Option<u64>,
    /// Whether commands that never left remain to be told.
    pub(super) draining: bool,
    /// How many octets at the front of the outgoing buffer are withdrawn.
    pub(super) withdrawn: usize,
    /// Why the session ended for good.
    failure: Option<Violation>,
    since: Option<u32>,
    progress: bool,
}

/// A challenge of AUTHENTICATE, decoded, at the front of the scratch buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Challenge {
    pub(super) start: usize,
    pub(super) len: usize,
    /// It did not fit or was not base64: nothing can answer it.
    pub(super) malformed: bool,
}

/// An IDLE that the server has begun (RFC 9051 §6.3.13).
#[derive(Clone, Copy, Debug)]
pub(super) struct Idle {
    tag: Tag,
    since: Option<u32>,
    /// Whether it lasts too long, and whether that has been told.
    due: bool,
    told: bool,
    /// Whether DONE was said.
    pub(super) done: bool,
}

impl Idle {
    pub(super) const fn new(tag: Tag) -> Self {
        Self { tag, since: None, due: false, told: false, done: false }
    }
}

/// A message on its way to the server (RFC 9051 §6.3.12).
#[derive(Clone, Copy, Debug)]
pub(super) struct Upload {
    pub(super) tag: Tag,
    /// How many octets are still to be given.
    pub(super) left: u64,
    /// Whether it is still to be told that the server takes them.
    pub(super) due: bool,
    /// Whether a parenthesis is to be closed behind the octets (RFC 9755 §4).
    pub(super) parenthesis: bool,
}

impl<const N: usize> Session<N> {
    pub(super) const fn new(config: Config) -> Self {
        Self {
            config,
            prefix: TagPrefix::new(config.tag_seed),
            pipeline: Pipeline::new(config.pipelining),
            state: State::Greeting,
            capabilities: Capabilities::NONE,
            mechanisms: NameSet::EMPTY,
            append_limit: None,
            enabled: Capabilities::NONE,
            mailbox: Model::NONE,
            logged_in: false,
            private: matches!(config.security, Security::Private),
            compressing: false,
            running: None,
            told: false,
            listing: None,
            believable: false,
            challenge: None,
            asked: false,
            idle: None,
            upload: None,
            promised: None,
            untagged: 0,
            received: 0,
            bypassed: 0,
            item: 0,
            quirks: QuirkSet::NONE,
            oversize: None,
            draining: false,
            withdrawn: 0,
            failure: None,
            since: None,
            progress: false,
        }
    }

    /// Why the session ended for good, if it did.
    pub(super) fn failure(&self) -> Option<RemoteError> {
        let violation = self.failure?;
        Some(RemoteError { violation, offset: self.item })
    }

    /// Ends the session for good, because of the item at hand.
    pub(super) fn fail(&mut self, violation: Violation) -> RemoteError {
        self.failure = Some(violation);
        self.state = State::Closed;
        RemoteError { violation, offset: self.item }
    }

    /// Ends the session for a reason that is not in the item that came last.
    pub(super) fn fail_here(&mut self, violation: Violation) -> RemoteError {
        self.item = self.received;
        self.fail(violation)
    }

    /// Mends what the configuration tolerates, and notes it to be told.
    #[inline]
    pub(super) fn meet(&mut self, quirks: QuirkSet) -> Result<(), RemoteError> {
        if quirks.is_empty() { Ok(()) } else { self.forgive(quirks) }
    }

    /// A quirk that the reader tells by itself, before the item that it is about.
    #[cold]
    pub(super) fn quirk_alone<'s>(
        &mut self,
        quirk: Quirk,
    ) -> Result<Option<Event<'s>>, RemoteError> {
        self.mend(quirk)?;
        Ok(self.take_notice())
    }

    /// Whether nothing that can be mended ends the session.
    pub(super) fn tolerates_all(&self) -> bool {
        self.config.tolerate == QuirkSet::ALL
    }

    /// The same, where everything is tolerated.
    pub(super) fn forgiven(&mut self, quirks: QuirkSet) {
        if !quirks.is_empty() {
            let _ = self.forgive(quirks);
        }
    }

    #[cold]
    fn forgive(&mut self, quirks: QuirkSet) -> Result<(), RemoteError> {
        let utf8 = self.is_utf8();
        let quirks = if utf8 { quirks.without(Quirk::EightBit) } else { quirks };
        if let Some(quirk) = quirks.minus(self.config.tolerate).pop() {
            return Err(self.fail(Violation::Quirk(quirk as u8)));
        }
        self.quirks.insert(quirks);
        Ok(())
    }

    pub(super) fn mend(&mut self, quirk: Quirk) -> Result<(), RemoteError> {
        self.meet(QuirkSet::NONE.with(quirk))
    }

    /// Notes how many octets were taken.
    pub(super) fn took(&mut self, before: usize, input: &[u8]) {
        let taken = before.saturating_sub(input.len());
        self.received = self.received.saturating_add(taken as u64);
        // What a server says instead of beginning IDLE is no progress.
        let idle = Some(CommandKind::Idle) == self.running.map(|(_, kind)| kind);
        let held = idle && self.idle.is_none();
        self.progress |= taken > 0 && !held;
    }

    /// Notes that the reader was not given what was taken.
    pub(super) fn bypass(&mut self, before: usize, input: &[u8]) {
        let taken = before.saturating_sub(input.len());
        self.bypassed = self.bypassed.saturating_add(taken as u64);
    }

    /// Notes where the item at hand began, in octets that the reader was given.
    pub(super) fn item_at(&mut self, offset: u64) {
        self.item = offset.saturating_add(self.bypassed);
    }

    /// Counts an untagged response while commands are in flight.
    #[inline]
    pub(super) fn count(&mut self) -> Result<(), RemoteError> {
        if self.config.max_untagged == 0 { Ok(()) } else { self.count_one() }
    }

    #[cold]
    fn count_one(&mut self) -> Result<(), RemoteError> {
        if self.pipeline.is_empty() || self.is_idling() {
            return Ok(());
        }
        self.untagged = self.untagged.saturating_add(1);
        if self.untagged > self.config.max_untagged {
            return Err(self.fail(Violation::TooManyResponses));
        }
        Ok(())
    }

    /// What remains to be told about the item of the event before, and what the passing of time brings.
    #[inline]
    pub(super) fn take_notice(&mut self) -> Option<Event<'static>> {
        let nothing = self.quirks.is_empty()
            && self.oversize.is_none()
            && self.upload.is_none()
            && self.idle.is_none()
            && !self.draining;
        if nothing { None } else { self.notice() }
    }

    #[cold]
    fn notice(&mut self) -> Option<Event<'static>> {
        if let Some(quirk) = self.quirks.pop() {
            return Some(Event::Quirk { quirk, offset: self.item });
        }
        if let Some(octets) = self.oversize.take() {
            return Some(Event::Oversize { what: Oversize::Text, octets });
        }
        if let Some(upload) = self.upload.as_mut().filter(|upload| upload.due) {
            upload.due = false;
            return Some(Event::Upload { tag: upload.tag, octets: upload.left });
        }
        if let Some(idle) = self.idle.as_mut().filter(|idle| idle.due && !idle.told) {
            idle.told = true;
            return Some(Event::IdleDue { tag: idle.tag });
        }
        if self.draining { self.not_sent() } else { None }
    }

    /// A command that will not be answered: it never left, or the connection is gone.
    fn not_sent(&mut self) -> Option<Event<'static>> {
        let Some((tag, kind)) = self.pipeline.pop_hopeless(self.state == State::Closed) else {
            self.draining = false;
            return None;
        };
        Some(Event::Completed { tag, kind, status: Status::NotSent, code: None, text: &[] })
    }

    /// Whether UTF-8 was enabled (RFC 9755 §3, RFC 9051 §6.3.1).
    pub(super) fn is_utf8(&self) -> bool {
        self.enabled.intersects(Capabilities::UTF8_ACCEPT.union(Capabilities::IMAP4REV2))
    }

    /// Which literals the server takes unasked (RFC 7888).
    pub(super) fn literals(&self) -> Literals {
        if self.capabilities.contains(Capabilities::LITERAL_PLUS) {
            Literals::NonSynchronizing
        } else if self.capabilities.contains(Capabilities::LITERAL_MINUS) {
            Literals::UpTo4096
        } else {
            Literals::Synchronizing
        }
    }

    /// Whether a command may be queued.
    pub(super) fn check(&self, rules: Rules) -> Result<(), LocalError> {
        if matches!(self.state, State::Closed | State::Logout) {
            return Err(LocalError::Closed);
        }
        // With UIDONLY there are no message numbers (RFC 9586 §3).
        let by_number = rules.is_by_number() || rules.does_keep_numbers();
        let void = by_number && self.enabled.contains(Capabilities::UIDONLY);
        if void || self.compressing || !rules.allow(self.state) {
            return Err(LocalError::WrongState);
        }
        if self.promised.is_some() {
            return Err(LocalError::Full);
        }
        self.pipeline.check_room()
    }

    /// Notes which command has left that goes alone.
    pub(super) fn left(&mut self) {
        let alone = self.pipeline.alone().map(|command| (command.tag, command.kind));
        if alone.is_none() || alone == self.running {
            return;
        }
        self.running = alone;
        self.told = false;
        if self.is_selecting() {
            self.mailbox = Model::NONE;
        }
    }

    /// Whether SELECT or EXAMINE is running: what comes is about the mailbox that will be selected.
    pub(super) fn is_selecting(&self) -> bool {
        matches!(self.running, Some((_, CommandKind::Select | CommandKind::Examine)))
    }

    /// Does in the outgoing buffer what a reply has brought about.
    pub(super) fn settle(&mut self, tx: &mut Tx<'_>) {
        let withdrawn = core::mem::take(&mut self.withdrawn);
        if withdrawn > 0 {
            tx.sent(withdrawn);
        }
        self.fill(tx);
    }

    /// Makes up the octets that were promised to a server which refused them, as far as there is room.
    pub(super) fn fill(&mut self, tx: &mut Tx<'_>) {
        let Some(left) = self.promised else { return };
        let room = tx.free();
        let octets = room.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        room.get_mut(..octets).unwrap_or_default().fill(b' ');
        tx.commit(octets);
        self.pipeline.add_orphans(octets);
        let left = left.saturating_sub(octets as u64);
        self.promised = Some(left);
        if left == 0 && tx.write(&[b"\r\n"]).is_ok() {
            self.pipeline.add_orphans(2);
            self.promised = None;
        }
    }

    /// Whether the server has taken its leave, so that the connection may be closed (RFC 9051 §3.4).
    pub(super) const fn is_over(&self) -> bool {
        matches!(self.state, State::Closed | State::Logout)
    }

    /// The connection is closed as it should be; what was never answered remains to be told.
    pub(super) fn close(&mut self) {
        self.state = State::Closed;
        self.draining = true;
    }

    /// Whether it is the server's turn.
    fn is_waiting(&self) -> bool {
        match self.state {
            State::Greeting | State::Handshake => true,
            State::Closed => false,
            _ => !self.asked && !self.is_idling() && self.pipeline.is_waiting(),
        }
    }

    /// Whether the server tells what happens, until DONE (RFC 9051 §6.3.13).
    pub(super) fn is_idling(&self) -> bool {
        self.idle.is_some_and(|idle| !idle.done)
    }

    pub(super) fn tick(&mut self, now_ms: u32) -> Result<(), RemoteError> {
        if let Some(idle) = &mut self.idle {
            let reissue = self.config.idle_reissue_ms;
            let since = *idle.since.get_or_insert(now_ms);
            idle.due = reissue > 0 && !idle.done && now_ms.wrapping_sub(since) >= reissue;
        }
        if !self.is_waiting() {
            self.since = None;
            return Ok(());
        }
        match self.since {
            Some(since) if !self.progress => {
                let timeout = self.config.reply_timeout_ms;
                if timeout > 0 && now_ms.wrapping_sub(since) >= timeout {
                    return Err(self.fail_here(Violation::Timeout));
                }
            }
            _ => self.since = Some(now_ms),
        }
        self.progress = false;
        Ok(())
    }

    pub(super) fn deadline(&self) -> Option<u32> {
        let (since, after) = match self.idle.filter(|idle| !idle.done) {
            Some(idle) => (idle.since.filter(|_| !idle.told), self.config.idle_reissue_ms),
            None => (self.since, self.config.reply_timeout_ms),
        };
        let open = self.state != State::Closed;
        since.filter(|_| after > 0 && open).map(|since| since.wrapping_add(after))
    }

    /// Forgets what the server announced: it is another channel, or another user, now.
    pub(super) fn forget(&mut self) {
        self.capabilities = Capabilities::NONE;
        self.mechanisms = NameSet::EMPTY;
        self.append_limit = None;
    }

    /// It is the caller's turn to answer a challenge.
    pub(super) fn ask(&mut self, challenge: Challenge) {
        self.challenge = Some(challenge);
        self.asked = true;
    }
}
