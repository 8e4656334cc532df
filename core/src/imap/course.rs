//! The course of a session: all that a client keeps but its buffers, so that events may borrow those; what may
//! be queued (RFC 9051 §3), what remains to be told, and what the passing of time means.

use super::capability::Capabilities;
use super::command::CommandKind;
use super::command::encoder::{Encoded, Literals};
use super::config::{Config, Security};
#[cfg(feature = "imap-authenticate")]
use super::event::Oversize;
use super::event::{Event, Status};
use super::model::Model;
use super::pipeline::Pipeline;
use super::quirk::{Quirk, QuirkSet};
use super::response::Listing;
use super::session::{Count, Rules, State, TagPrefix, wide};
use crate::sasl::NameSet;
#[cfg(feature = "imap-authenticate")]
use crate::wire::LineFramer;
use crate::wire::Tx;
use crate::{LocalError, RemoteError, Violation};

/// The session is over: [`Session::failure`] says why. Where size counts nothing else goes with it.
#[cfg(feature = "fast")]
pub(super) type Over = RemoteError;
/// The session is over: [`Session::failure`] says why. Where size counts nothing else goes with it.
#[cfg(not(feature = "fast"))]
#[derive(Debug)]
pub(super) struct Over;

/// What a call tells.
#[cfg(feature = "fast")]
pub(super) type Judged<'s> = Result<Option<Event<'s>>, Over>;

/// All of the client but its buffers, so that events may borrow those while this goes on.
#[derive(Debug)]
pub(super) struct Session<const N: usize> {
    tolerate: QuirkSet,
    /// What remains to be told about the item at hand.
    quirks: QuirkSet,
    pub(super) capabilities: Capabilities,
    pub(super) enabled: Capabilities,
    /// The largest message that APPEND takes, if the server told (RFC 7889).
    #[cfg(feature = "imap-append")]
    pub(super) append_limit: Option<u64>,
    pub(super) mailbox: Model,
    pub(super) pipeline: Pipeline<N>,
    max_untagged: u32,
    reply_timeout_ms: u32,
    idle_reissue_ms: u32,
    /// Since when a reply is awaited, or IDLE lasts.
    since: Option<u32>,
    /// Untagged responses since a command was completed.
    pub(super) untagged: u32,
    /// Octets received, and those of them that the reader was not given.
    pub(super) received: Count,
    #[cfg(feature = "imap-authenticate")]
    bypassed: Count,
    /// Octets received before the item at hand.
    pub(super) item: Count,
    pub(super) lasting: Lasting,
    /// Frames the challenges of AUTHENTICATE, which are decoded where they lie.
    #[cfg(feature = "imap-authenticate")]
    pub(super) lines: LineFramer,
    /// The length of a challenge that did not fit.
    #[cfg(feature = "imap-authenticate")]
    pub(super) oversize: Option<Count>,
    /// How many octets at the front of the outgoing buffer are withdrawn.
    pub(super) withdrawn: usize,
    pub(super) mechanisms: NameSet,
    /// Why the session ended for good.
    failure: Option<Violation>,
    pub(super) prefix: TagPrefix,
    pub(super) security: Security,
    pub(super) state: State,
    /// The command that goes alone and has left.
    pub(super) running: Option<CommandKind>,
    /// The listing at hand, where its elements are believed.
    pub(super) listing: Option<Listing>,
    /// Whether someone is logged in: before, no data of mailboxes are legal (RFC 9051 §3.1).
    pub(super) logged_in: bool,
    /// Whether the channel is private.
    pub(super) private: bool,
    /// Whether COMPRESS was accepted, and the caller has still to change over.
    #[cfg(feature = "imap-compress")]
    pub(super) compressing: bool,
    /// Whether the server has announced its capabilities since that command left.
    pub(super) told: bool,
    /// Whether the SASL mechanism would believe a success now.
    #[cfg(feature = "imap-authenticate")]
    pub(super) believable: bool,
    /// Whether commands that never left remain to be told.
    pub(super) draining: bool,
    progress: bool,
}

/// What goes on for longer than a command and its reply. Never two of these at once.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lasting {
    Nothing,
    Idle(Idle),
    #[cfg(feature = "imap-append")]
    Upload(Upload),
    /// Octets of an upload that the server refused before it had them all. It counts on them, so they are
    /// made up before anything else is sent (RFC 7888 §4).
    #[cfg(feature = "imap-append")]
    Promised(Count),
    /// The challenge that awaits its answer: it is the caller's turn in a SASL exchange.
    #[cfg(feature = "imap-authenticate")]
    Challenge(Challenge),
}

/// A challenge of AUTHENTICATE, decoded, at the front of the scratch buffer.
#[cfg(feature = "imap-authenticate")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Challenge {
    pub(super) start: u8,
    pub(super) len: usize,
    /// It did not fit or was not base64: nothing can answer it.
    pub(super) malformed: bool,
}

/// An IDLE that the server has begun (RFC 9051 §6.3.13).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Idle {
    /// Whether it lasts too long, and whether that has been told.
    due: bool,
    told: bool,
    /// Whether DONE was said.
    pub(super) done: bool,
}

/// A message on its way to the server (RFC 9051 §6.3.12): of the newest command.
#[cfg(feature = "imap-append")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Upload {
    /// How many octets are still to be given.
    pub(super) left: Count,
    /// Whether it is still to be told that the server takes them.
    pub(super) due: bool,
    /// Whether a parenthesis is to be closed behind the octets (RFC 9755 §4).
    pub(super) parenthesis: bool,
}

impl<const N: usize> Session<N> {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            tolerate: config.tolerate,
            quirks: QuirkSet::NONE,
            capabilities: Capabilities::NONE,
            enabled: Capabilities::NONE,
            #[cfg(feature = "imap-append")]
            append_limit: None,
            mailbox: Model::default(),
            pipeline: Pipeline::new(config.pipelining),
            max_untagged: config.max_untagged,
            reply_timeout_ms: config.reply_timeout_ms,
            idle_reissue_ms: config.idle_reissue_ms,
            since: None,
            untagged: 0,
            received: 0,
            #[cfg(feature = "imap-authenticate")]
            bypassed: 0,
            item: 0,
            lasting: Lasting::Nothing,
            #[cfg(feature = "imap-authenticate")]
            lines: LineFramer::default(),
            #[cfg(feature = "imap-authenticate")]
            oversize: None,
            withdrawn: 0,
            mechanisms: NameSet::EMPTY,
            failure: None,
            prefix: TagPrefix::new(config.tag_seed),
            security: config.security,
            state: State::Greeting,
            running: None,
            listing: None,
            logged_in: false,
            private: matches!(config.security, Security::Private),
            #[cfg(feature = "imap-compress")]
            compressing: false,
            told: false,
            #[cfg(feature = "imap-authenticate")]
            believable: false,
            draining: false,
            progress: false,
        }
    }

    /// Whether octets that follow are compressed, and the caller has still to change over.
    #[inline(always)]
    pub(super) const fn is_compressing(&self) -> bool {
        #[cfg(feature = "imap-compress")]
        return self.compressing;
        #[cfg(not(feature = "imap-compress"))]
        false
    }

    /// Why the session ended for good, if it did.
    pub(super) fn failure(&self) -> Option<RemoteError> {
        let violation = self.failure?;
        Some(RemoteError { violation, offset: wide(self.item) })
    }

    /// Why it ended.
    pub(super) fn error(&self) -> RemoteError {
        let violation = self.failure.unwrap_or(Violation::ClosedByPeer);
        RemoteError { violation, offset: wide(self.item) }
    }

    /// Ends the session for good, because of the item at hand.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(super) fn fail(&mut self, violation: Violation) -> Over {
        self.failure = Some(violation);
        self.state = State::Closed;
        #[cfg(feature = "fast")]
        return RemoteError { violation, offset: wide(self.item) };
        #[cfg(not(feature = "fast"))]
        Over
    }

    /// Ends the session for a reason that is not in the item that came last.
    pub(super) fn fail_here(&mut self, violation: Violation) -> Over {
        self.item = self.received;
        self.fail(violation)
    }

    /// Mends what the configuration tolerates, and notes it to be told.
    #[inline]
    pub(super) fn meet(&mut self, quirks: QuirkSet) -> Result<(), Over> {
        if quirks.is_empty() { Ok(()) } else { self.forgive(quirks) }
    }

    /// A quirk that the reader tells by itself, before the item that it is about.
    #[cfg(feature = "fast")]
    #[cold]
    pub(super) fn quirk_alone<'s>(&mut self, quirk: Quirk) -> Judged<'s> {
        self.mend(quirk)?;
        Ok(self.take_notice())
    }

    /// Whether the session goes on, and nothing remains to be told.
    #[cfg(feature = "fast")]
    #[inline(always)]
    pub(super) const fn is_calm(&self) -> bool {
        self.failure.is_none()
            && self.quirks.is_empty()
            && matches!(self.lasting, Lasting::Nothing)
            && !self.draining
    }

    /// Whether nothing that can be mended ends the session.
    pub(super) fn tolerates_all(&self) -> bool {
        self.tolerate == QuirkSet::ALL
    }

    /// The same, where everything is tolerated.
    pub(super) fn forgiven(&mut self, quirks: QuirkSet) {
        if !quirks.is_empty() {
            let _ = self.forgive(quirks);
        }
    }

    #[cold]
    fn forgive(&mut self, quirks: QuirkSet) -> Result<(), Over> {
        let utf8 = self.is_utf8();
        let quirks = if utf8 { quirks.without(Quirk::EightBit) } else { quirks };
        if let Some(quirk) = quirks.minus(self.tolerate).pop() {
            return Err(self.fail(Violation::Quirk(quirk as u8)));
        }
        self.quirks.insert(quirks);
        Ok(())
    }

    pub(super) fn mend(&mut self, quirk: Quirk) -> Result<(), Over> {
        self.meet(QuirkSet::NONE.with(quirk))
    }

    /// Notes how many octets were taken.
    #[cfg_attr(feature = "fast", inline(always))]
    pub(super) fn took(&mut self, before: usize, input: &[u8]) {
        let taken = before.saturating_sub(input.len());
        self.received = self.received.wrapping_add(taken as Count);
        // What a server says instead of beginning IDLE is no progress.
        let idle = self.running == Some(CommandKind::Idle);
        let held = idle && !matches!(self.lasting, Lasting::Idle(_));
        self.progress |= taken > 0 && !held;
    }

    /// Notes that the reader was not given what was taken.
    #[cfg(feature = "imap-authenticate")]
    pub(super) fn bypass(&mut self, before: usize, input: &[u8]) {
        let taken = before.saturating_sub(input.len());
        self.bypassed = self.bypassed.wrapping_add(taken as Count);
    }

    /// Notes where the item at hand began, in octets that the reader was given.
    pub(super) const fn item_at(&mut self, offset: Count) {
        self.item = offset;
        #[cfg(feature = "imap-authenticate")]
        {
            self.item = offset.wrapping_add(self.bypassed);
        }
    }

    /// Counts an untagged response while commands are in flight.
    #[inline]
    pub(super) fn count(&mut self) -> Result<(), Over> {
        if self.max_untagged == 0 { Ok(()) } else { self.count_one() }
    }

    #[cold]
    fn count_one(&mut self) -> Result<(), Over> {
        if self.pipeline.is_empty() || self.is_idling() {
            return Ok(());
        }
        self.untagged = self.untagged.saturating_add(1);
        if self.untagged > self.max_untagged {
            return Err(self.fail(Violation::TooManyResponses));
        }
        Ok(())
    }

    /// What remains to be told about the item of the event before, and what the passing of time brings.
    #[cfg(feature = "fast")]
    #[inline]
    pub(super) fn take_notice(&mut self) -> Option<Event<'static>> {
        let lasts = !matches!(self.lasting, Lasting::Nothing);
        if self.quirks.is_empty() && !lasts && !self.draining {
            return None;
        }
        let mut told = None;
        self.notice(&mut told);
        told
    }

    /// The same, told where the caller wants it; `told` stays as it is where nothing remains. Events are too large for a
    /// chip to hold them twice.
    #[cold]
    #[inline(never)]
    pub(super) fn notice(&mut self, told: &mut Option<Event<'_>>) {
        if let Some(quirk) = self.quirks.pop() {
            *told = Some(Event::Quirk { quirk, offset: wide(self.item) });
            return;
        }
        #[cfg(feature = "imap-authenticate")]
        if let Some(octets) = self.oversize.take() {
            *told = Some(Event::Oversize { what: Oversize::Text, octets: wide(octets) });
            return;
        }
        match &mut self.lasting {
            Lasting::Idle(idle) if idle.due && !idle.told => {
                idle.told = true;
                *told = Some(Event::IdleDue { tag: self.pipeline.newest_tag() });
            }
            #[cfg(feature = "imap-append")]
            Lasting::Upload(upload) if upload.due => {
                upload.due = false;
                let octets = wide(upload.left);
                *told = Some(Event::Upload { tag: self.pipeline.newest_tag(), octets });
            }
            _ if self.draining => self.not_sent(told),
            _ => {}
        }
    }

    /// A command that will not be answered: it never left, or the connection is gone.
    fn not_sent(&mut self, told: &mut Option<Event<'_>>) {
        match self.pipeline.pop_hopeless(self.state == State::Closed) {
            Some((tag, kind)) => {
                let status = Status::NotSent;
                *told = Some(Event::Completed { tag, kind, status, code: None, text: &[] });
            }
            None => self.draining = false,
        }
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
        if void || self.is_compressing() || !rules.allow(self.state) {
            return Err(LocalError::WrongState);
        }
        #[cfg(feature = "imap-append")]
        if matches!(self.lasting, Lasting::Promised(_)) {
            return Err(LocalError::Full);
        }
        self.pipeline.check_room()
    }

    /// Notes which command has left that goes alone.
    pub(super) fn left(&mut self) {
        let alone = self.pipeline.alone().map(|command| command.kind);
        if alone.is_none() || self.running.is_some() {
            return;
        }
        self.running = alone;
        self.told = false;
        if self.is_selecting() {
            self.mailbox = Model::default();
        }
    }

    /// Whether SELECT or EXAMINE is running: what comes is about the mailbox that will be selected.
    pub(super) const fn is_selecting(&self) -> bool {
        matches!(self.running, Some(CommandKind::Select | CommandKind::Examine))
    }

    /// Does in the outgoing buffer what a reply has brought about.
    pub(super) fn settle(&mut self, tx: &mut Tx<'_>) {
        let withdrawn = core::mem::take(&mut self.withdrawn);
        if withdrawn > 0 {
            tx.sent(withdrawn);
        }
        #[cfg(feature = "imap-append")]
        self.fill(tx);
    }

    /// Makes up the octets that were promised to a server which refused them, as far as there is room.
    #[cfg(feature = "imap-append")]
    pub(super) fn fill(&mut self, tx: &mut Tx<'_>) {
        let Lasting::Promised(left) = self.lasting else { return };
        let room = tx.free();
        let octets = room.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        room.get_mut(..octets).unwrap_or_default().fill(b' ');
        tx.commit(octets);
        self.pipeline.add_orphans(octets);
        let left = left.saturating_sub(octets as Count);
        self.lasting = Lasting::Promised(left);
        if left == 0 && tx.write(&[b"\r\n"]).is_ok() {
            self.pipeline.add_orphans(2);
            self.lasting = Lasting::Nothing;
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
            _ => !self.is_asked() && !self.is_idling() && self.pipeline.is_waiting(),
        }
    }

    /// Whether the server tells what happens, until DONE (RFC 9051 §6.3.13).
    pub(super) const fn is_idling(&self) -> bool {
        matches!(self.lasting, Lasting::Idle(Idle { done: false, .. }))
    }

    /// Whether a challenge has begun to come.
    pub(super) fn is_mid_challenge(&self) -> bool {
        #[cfg(feature = "imap-authenticate")]
        return self.lines.is_mid_line();
        #[cfg(not(feature = "imap-authenticate"))]
        false
    }

    /// Whether it is the caller's turn in a SASL exchange.
    pub(super) const fn is_asked(&self) -> bool {
        #[cfg(feature = "imap-authenticate")]
        return matches!(self.lasting, Lasting::Challenge(_));
        #[cfg(not(feature = "imap-authenticate"))]
        false
    }

    /// The server has begun IDLE.
    pub(super) fn begin_idle(&mut self) {
        (self.lasting, self.since) = (Lasting::Idle(Idle::default()), None);
    }

    /// IDLE is over, or was not even begun.
    pub(super) fn end_idle(&mut self) {
        if self.is_idling() {
            self.since = None;
        }
        self.lasting = Lasting::Nothing;
    }

    /// DONE is said.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when there is nothing to end.
    pub(super) fn say_done(&mut self, tx: &mut Tx<'_>) -> Result<(), LocalError> {
        self.check_open()?;
        let Lasting::Idle(Idle { done: done @ false, .. }) = &mut self.lasting else {
            return Err(LocalError::WrongState);
        };
        let octets = tx.write(&[b"DONE\r\n"])?;
        (*done, self.since) = (true, None);
        self.pipeline.extend(&Encoded { octets, ..Encoded::default() }, false);
        Ok(())
    }

    pub(super) fn tick(&mut self, now_ms: u32) -> Result<(), Over> {
        if let Lasting::Idle(idle) = &mut self.lasting {
            idle.due = false;
            if !idle.done {
                let since = *self.since.get_or_insert(now_ms);
                let reissue = self.idle_reissue_ms;
                idle.due = reissue > 0 && now_ms.wrapping_sub(since) >= reissue;
                return Ok(());
            }
        }
        if !self.is_waiting() {
            self.since = None;
            return Ok(());
        }
        match self.since {
            Some(since) if !self.progress => {
                let timeout = self.reply_timeout_ms;
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
        let after = match self.lasting {
            Lasting::Idle(Idle { done: false, told: true, .. }) => 0,
            Lasting::Idle(Idle { done: false, .. }) => self.idle_reissue_ms,
            _ => self.reply_timeout_ms,
        };
        let open = self.state != State::Closed;
        self.since.filter(|_| after > 0 && open).map(|since| since.wrapping_add(after))
    }

    /// Forgets what the server announced: it is another channel, or another user, now.
    pub(super) fn forget(&mut self) {
        self.capabilities = Capabilities::NONE;
        self.mechanisms = NameSet::EMPTY;
        #[cfg(feature = "imap-append")]
        {
            self.append_limit = None;
        }
    }
}
