//! The client's calls (RFC 9051): takes input, gives output, tells the time, and queues commands under the
//! rules that say what may be sent when. What arrives is judged in `replies`; what single commands need
//! beyond that stands in `login`, `authenticate`, `upload`, `lasting` and `commands`.

use core::num::NonZeroU32;

use super::capability::Capabilities;
use super::command::CommandKind;
use super::command::encoder::{Encoded, Encoder};
use super::config::{Config, Security};
#[cfg(feature = "fast")]
use super::course::Judged;
use super::course::{Over, Session};
use super::event::{Event, Oversize};
use super::quirk::Quirk;
use super::reader::{Reader, Reply};
#[cfg(feature = "fast")]
use super::response::Data;
use super::session::{Rules, State, Tag, wide};
use crate::error::EmitError;
use crate::wipe::wipe;
use crate::wire::Tx;
use crate::{LocalError, RemoteError, Violation};

/// The client role of IMAP: turns received octets into [`Event`]s, and calls into octets to send.
///
/// ```
/// use mailproto_core::imap::{Client, CommandKind, Config, Event, Security, Status};
///
/// let (mut scratch, mut tx) = ([0; 512], [0; 256]);
/// let config = Config::default().with_security(Security::Private);
/// let mut client = Client::new(&mut scratch, &mut tx, config);
///
/// let mut input = &b"* OK IMAP4rev1 ready\r\n"[..];
/// assert!(matches!(client.poll(&mut input), Ok(Some(Event::Greeting { .. }))));
/// let login = client.login(b"mrc", b"secret")?;
/// assert_eq!(client.outgoing(), b"AAA1 LOGIN mrc secret\r\n");
/// client.sent(23);
///
/// let mut input = &b"AAA1 OK LOGIN completed\r\n"[..];
/// let Ok(Some(Event::Completed { tag, status, .. })) = client.poll(&mut input) else { panic!() };
/// assert_eq!((tag, status), (login, Status::Ok));
/// # Ok::<(), mailproto_core::LocalError>(())
/// ```
///
/// Commands may be queued without waiting for replies. What must wait is held back here: message numbers
/// until nothing can change them (RFC 9051 §5.5), a literal until the server asks for it (RFC 9051 §4.3).
/// Only behind a command that goes alone ([`LocalError::Busy`]) the caller has to wait: STARTTLS,
/// AUTHENTICATE, LOGIN, ENABLE, SELECT and EXAMINE, CLOSE and UNSELECT, IDLE, COMPRESS, UNAUTHENTICATE,
/// LOGOUT.
///
/// `N` is how many commands may be in flight; more wait on the caller's side
/// ([`LocalError::Full`]). [`Client::new`] takes 8; [`Client::with_window`] any number.
pub struct Client<'b, const N: usize = 8> {
    pub(super) scratch: &'b mut [u8],
    pub(super) tx: Tx<'b>,
    pub(super) reader: Reader,
    pub(super) session: Session<N>,
}

/// The state, but not the buffers: there may be a password in them.
impl<const N: usize> core::fmt::Debug for Client<'_, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Client").field("session", &self.session).finish_non_exhaustive()
    }
}

impl<'b> Client<'b, 8> {
    /// A client for one connection, over the caller's memory. `scratch` holds an item that a read cut, and
    /// bounds how long one may be; bodies and long lists stream past it. 512 octets work, 4096 hold nearly
    /// all that servers send. `tx` holds commands until they are sent; the messages of APPEND stream through it.
    /// What was never sent is still in `tx` when the client is dropped, a password perhaps: [`eof`](Self::eof)
    /// wipes it.
    #[must_use]
    pub fn new(scratch: &'b mut [u8], tx: &'b mut [u8], config: Config) -> Self {
        Self::with_window(scratch, tx, config)
    }
}

impl<'b, const N: usize> Client<'b, N> {
    /// As [`Client::new`], with room for `N` commands in flight.
    #[must_use]
    pub fn with_window(scratch: &'b mut [u8], tx: &'b mut [u8], config: Config) -> Self {
        Self {
            scratch,
            tx: Tx::new(tx),
            reader: Reader::new(config.max_nesting, config.max_literal),
            session: Session::new(&config),
        }
    }

    /// Takes octets from `input`, which it advances, and returns what happened, one event a call; `None` when
    /// all was taken and nothing more is to be told. Call it until then, and after [`tick`](Self::tick) too,
    /// with nothing if there is nothing.
    ///
    /// After COMPRESS was accepted it takes no more: what is left in `input` is compressed
    /// (RFC 4978 §3). See [`compression_established`](Self::compression_established).
    ///
    /// # Errors
    /// The session is over; every further call returns the same error.
    pub fn poll<'s, 'i: 's>(
        &'s mut self,
        input: &mut &'i [u8],
    ) -> Result<Option<Event<'s>>, RemoteError> {
        #[cfg(feature = "fast")]
        {
            let Self { scratch, tx, reader, session } = self;
            let event = take(scratch, tx, reader, session, input);
            if event.is_err() {
                tx.clear();
                session.pipeline.clear();
            }
            event
        }
        #[cfg(not(feature = "fast"))]
        {
            let mut told = None;
            self.poll_to(input, &mut told).map(|()| told)
        }
    }

    /// The same, told where the caller wants it: an event is large, for a stack on a chip.
    ///
    /// # Errors
    /// As [`poll`](Self::poll).
    pub fn poll_to<'s, 'i: 's>(
        &'s mut self,
        input: &mut &'i [u8],
        told: &mut Option<Event<'s>>,
    ) -> Result<(), RemoteError> {
        #[cfg(feature = "fast")]
        {
            *told = self.poll(input)?;
            Ok(())
        }
        #[cfg(not(feature = "fast"))]
        {
            let Self { scratch, tx, reader, session } = self;
            *told = None;
            if session.failure().is_some()
                || take(scratch, tx, reader, session, input, told).is_err()
            {
                tx.clear();
                session.pipeline.clear();
                return Err(session.error());
            }
            Ok(())
        }
    }

    /// What is to be sent now. Commands that must wait for a reply are not in it yet.
    #[must_use]
    pub fn outgoing(&self) -> &[u8] {
        self.tx.pending().get(..self.session.pipeline.ready()).unwrap_or_default()
    }

    /// Tells that the first `n` octets of [`outgoing`](Self::outgoing) have been sent. They are wiped. A number
    /// larger than there are octets counts as all of them.
    pub fn sent(&mut self, n: usize) {
        let sent = self.session.pipeline.sent(n);
        self.tx.sent(sent);
        #[cfg(feature = "imap-append")]
        self.session.fill(&mut self.tx);
        self.session.left();
    }

    /// Tells that the connection has ended. What was not sent is wiped.
    ///
    /// # Errors
    /// [`Violation::UnexpectedEof`] while a reply was due or in the middle of a response,
    /// [`Violation::ClosedByPeer`] otherwise. `Ok` after the server has said BYE or has answered LOGOUT: the
    /// connection was closed as it should be (RFC 9051 §3.4). Commands that were never answered are then told by
    /// [`poll`](Self::poll) as [`Status::NotSent`](super::Status::NotSent).
    pub fn eof(&mut self) -> Result<(), RemoteError> {
        self.tx.clear();
        let session = &mut self.session;
        if let Some(error) = session.failure() {
            return Err(error);
        }
        let within = self.reader.is_mid_response() || session.is_mid_challenge();
        if !within && session.is_over() {
            session.close();
            return Ok(());
        }
        let due = within || session.state == State::Greeting || !session.pipeline.is_empty();
        session.fail_here(if due { Violation::UnexpectedEof } else { Violation::ClosedByPeer });
        Err(session.error())
    }

    /// Tells the time, in milliseconds of any clock that does not jump; it may wrap. An IDLE that has lasted
    /// [`Config::idle_reissue_ms`] is told by the next [`poll`](Self::poll).
    ///
    /// # Errors
    /// [`Violation::Timeout`] when a reply was due and nothing came for `reply_timeout_ms`.
    pub fn tick(&mut self, now_ms: u32) -> Result<(), RemoteError> {
        let session = &mut self.session;
        if let Some(error) = session.failure() {
            return Err(error);
        }
        session.tick(now_ms).map_err(|_| {
            self.tx.clear();
            session.error()
        })
    }

    /// When [`tick`](Self::tick) should be called at the latest, on its clock; `None` while nothing is awaited,
    /// and before the first `tick`.
    #[must_use]
    pub fn deadline(&self) -> Option<u32> {
        self.session.deadline()
    }

    /// Where the session stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.session.state
    }

    /// What the server announced last. Without [`Capabilities::KNOWN`] in it, nothing is known, and it is
    /// time to ask with CAPABILITY: at the beginning, unless the greeting told; after STARTTLS, since
    /// what came in the clear is forgotten (RFC 9051 §6.2.1); after login, unless the server told by then
    /// (RFC 9051 §6.2.2).
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.session.capabilities
    }

    /// The SASL mechanisms among them that this crate knows by name.
    #[must_use]
    pub fn mechanisms(&self) -> crate::sasl::NameSet {
        self.session.mechanisms
    }

    /// What ENABLE has switched on (RFC 9051 §6.3.1).
    #[must_use]
    pub fn enabled(&self) -> Capabilities {
        self.session.enabled
    }

    /// Whether UTF-8 is what mailbox names are in and strings may hold: ENABLE has switched on UTF8=ACCEPT
    /// (RFC 9755 §3) or IMAP4rev2 (RFC 9051 §6.3.1). [`MailboxName`](super::MailboxName) asks for it.
    #[must_use]
    pub fn is_utf8(&self) -> bool {
        self.session.is_utf8()
    }

    /// The letters before the number in each tag as it is sent (RFC 9051 §2.2.1), for those who show tags or
    /// compare them with one that a response names, as ESEARCH does.
    #[must_use]
    pub fn tag_prefix(&self) -> &[u8] {
        self.session.prefix.as_bytes()
    }

    /// Whether credentials may be sent: the channel is private, or was declared good enough. While it is not
    /// private whatever the server says, ALERTs too, may have been said by someone else.
    #[must_use]
    pub fn may_send_credentials(&self) -> bool {
        self.session.private || self.session.security == Security::DangerCleartext
    }

    /// Whether no command is in flight.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.session.pipeline.is_empty()
    }

    /// How many octets have been received.
    #[must_use]
    pub fn received(&self) -> u64 {
        wide(self.session.received)
    }

    /// How many messages the selected mailbox holds (RFC 9051 §2.3.1.2): what EXISTS said, less what EXPUNGE and
    /// VANISHED took. `None` before EXISTS.
    #[must_use]
    pub fn messages(&self) -> Option<u32> {
        self.session.mailbox.messages()
    }

    /// How many of them are recent (RFC 3501 §2.3.2), if the server told.
    #[must_use]
    pub fn recent(&self) -> Option<u32> {
        self.session.mailbox.recent()
    }

    /// The selected mailbox's UIDVALIDITY (RFC 9051 §2.3.1.1), if the server told. With another one than last
    /// time all that was kept by UID is void.
    #[must_use]
    pub fn uid_validity(&self) -> Option<u32> {
        self.session.mailbox.uid_validity.map(NonZeroU32::get)
    }

    /// What UID the next message will get at the least (RFC 9051 §2.3.1.1), if the server told.
    #[must_use]
    pub fn uid_next(&self) -> Option<u32> {
        self.session.mailbox.uid_next.map(NonZeroU32::get)
    }

    /// The highest mod-sequence that HIGHESTMODSEQ told (RFC 7162 §3.1.2.1). Keep it only when all responses
    /// of the command that brought it have been taken (RFC 7162 §3.2.5).
    #[must_use]
    pub fn highest_mod_seq(&self) -> Option<u64> {
        self.session.mailbox.highest()
    }

    /// Whether the selected mailbox cannot be changed (RFC 9051 §6.3.3, `READ-ONLY`).
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.session.mailbox.read_only
    }

    /// Why the session ended for good, if it did: what [`poll`](Self::poll) returns from then on.
    #[must_use]
    pub fn failure(&self) -> Option<RemoteError> {
        self.session.failure()
    }

    /// The memory that the client was given: `scratch` and `tx`, for those who must know where it lies. There may be
    /// a password in it.
    #[must_use]
    pub fn memory(&self) -> [&[u8]; 2] {
        [self.scratch, self.tx.buffer()]
    }

    /// Wipes `scratch` and `tx`: what was not sent is lost. For the end of a client's use.
    pub fn wipe(&mut self) {
        wipe(self.scratch);
        self.tx.wipe();
    }

    /// Whether the server offers what is needed.
    ///
    /// # Errors
    /// [`LocalError::Closed`] after the end, since that is said first of all; [`LocalError::NotOffered`] when
    /// the server's capabilities are known and lack it.
    pub(super) fn require(&self, needed: Capabilities) -> Result<(), LocalError> {
        self.session.check_open()?;
        if self.session.capabilities.lacks(needed) { Err(LocalError::NotOffered) } else { Ok(()) }
    }

    /// Queues a command. `emit` writes its name and arguments; the tag and the line ending are written here.
    ///
    /// # Errors
    /// [`LocalError::Closed`] after the end, [`LocalError::WrongState`] where `rules` do not allow it,
    /// [`LocalError::Busy`] behind a command that goes alone, those of `emit`, and
    /// [`LocalError::BufferTooSmall`] or [`LocalError::Full`]. Nothing is queued then.
    pub(super) fn command(
        &mut self,
        kind: CommandKind,
        rules: Rules,
        emit: &mut dyn FnMut(&mut Encoder<'_>) -> Result<(), EmitError>,
    ) -> Result<Tag, LocalError> {
        let part = Part { command: Some((kind, rules)), ends: true };
        self.write(part, emit).map(|(tag, _)| tag)
    }

    /// Writes what `emit` writes into the outgoing buffer, and what is around it, all or nothing. Returns whose it is,
    /// and whether it waits for the server somewhere.
    pub(super) fn write(
        &mut self,
        part: Part,
        emit: &mut dyn FnMut(&mut Encoder<'_>) -> Result<(), EmitError>,
    ) -> Result<(Tag, bool), LocalError> {
        if let Some((_, rules)) = part.command {
            self.session.check(rules)?;
        }
        let mut written = Encoded::default();
        let (literals, utf8) = (self.session.literals(), self.session.is_utf8());
        let mut line = Encoder::new(self.tx.free(), &mut written, literals, utf8);
        if part.command.is_some() {
            line.raw(self.session.prefix.as_bytes());
            line.number(self.session.pipeline.next_tag().0.into());
            line.sp();
        }
        let emitted = emit(&mut line);
        if part.ends {
            line.raw(b"\r\n");
        }
        let fits = emitted.and_then(|()| line.finish()).map_err(LocalError::from).and_then(|()| {
            self.tx.room(written.octets)?;
            self.session.pipeline.check_marks(&written)
        });
        if let Err(error) = fits {
            // What was begun may hold a password.
            wipe(self.tx.free());
            return Err(error);
        }
        self.tx.commit(written.octets);
        let tag = match part.command {
            Some((kind, rules)) => self.queue(kind, rules, &written, !part.ends)?,
            None => {
                self.session.pipeline.extend(&written, !part.ends);
                self.session.pipeline.newest_tag()
            }
        };
        Ok((tag, !written.stops.is_empty()))
    }

    /// Queues what was just written; `open` when more of it will be.
    pub(super) fn queue(
        &mut self,
        kind: CommandKind,
        rules: Rules,
        written: &Encoded,
        open: bool,
    ) -> Result<Tag, LocalError> {
        debug!("imap: {} queued", kind.name());
        self.session.pipeline.push(kind, rules, written, open)
    }
}

/// What is written of a command at once.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// Its beginning, with the tag and a space before it: which command, and where it is legal. `None` for more of the
    /// newest command.
    pub(super) command: Option<(CommandKind, Rules)>,
    /// Its end, with the line ending behind it.
    pub(super) ends: bool,
}

/// [`Client::poll`], with the buffers apart from the session, so that the event may borrow them; it is told in place.
#[cfg(not(feature = "fast"))]
#[inline(never)]
fn take<'s, 'i: 's, const N: usize>(
    scratch: &'s mut [u8],
    tx: &mut Tx<'_>,
    reader: &mut Reader,
    session: &mut Session<N>,
    input: &mut &'i [u8],
    told: &mut Option<Event<'s>>,
) -> Result<(), Over> {
    session.notice(told);
    if told.is_some() || rests(reader, session, input)? {
        return Ok(());
    }
    if reader.is_passing() {
        let passed = pass(scratch, reader, session, input);
        // What was met before the end is told before it.
        session.notice(told);
        if told.is_some() || !passed? {
            return Ok(());
        }
    }
    #[cfg(feature = "imap-authenticate")]
    if awaits_challenge(reader, session, input) {
        return challenge(scratch, session, input, told);
    }
    read(scratch, tx, reader, session, input, told)
}

/// [`Client::poll`], with the buffers apart from the session, so that the event may borrow them.
#[cfg(feature = "fast")]
#[inline(always)]
fn take<'s, 'i: 's, const N: usize>(
    scratch: &'s mut [u8],
    tx: &mut Tx<'_>,
    reader: &mut Reader,
    session: &mut Session<N>,
    input: &mut &'i [u8],
) -> Judged<'s> {
    if reader.may_be_usual() && session.is_calm() {
        let before = *input;
        if let Some(usual) = reader.usual(scratch, input) {
            session.took(before.len(), input);
            session.item_at(reader.offset());
            let data = reader.usual_data(&usual, scratch, before, input);
            return Ok(Some(Event::Data(data)));
        }
        if session.state == State::Selected && reader.is_between() && !session.is_compressing() {
            let message = reader.fetch_start(scratch, input);
            session.took(before.len(), input);
            if let Some(message) = message {
                session.item_at(reader.offset());
                session.fetch_begins(message)?;
                return Ok(Some(Event::Data(Data::FetchStart(message))));
            }
            if input.is_empty() && reader.is_waiting() {
                return Ok(None);
            }
        }
    }
    if let Some(error) = session.failure() {
        return Err(error);
    }
    if let Some(event) = session.take_notice() {
        return Ok(Some(event));
    }
    if reader.is_in_fetch() && session.tolerates_all() {
        return fetched(scratch, reader, session, input);
    }
    if rests(reader, session, input)? {
        return Ok(None);
    }
    if reader.is_passing() {
        let passed = pass(scratch, reader, session, input);
        // What was met before the end is told before it.
        if let Some(notice) = session.take_notice() {
            return Ok(Some(notice));
        }
        if !passed? {
            return Ok(None);
        }
    }
    #[cfg(feature = "imap-authenticate")]
    if awaits_challenge(reader, session, input) {
        let mut told = None;
        challenge(scratch, session, input, &mut told)?;
        return Ok(told);
    }
    read(scratch, tx, reader, session, input)
}

/// Whether nothing is to be read: after the end, and where what comes is compressed.
fn rests<const N: usize>(
    reader: &mut Reader,
    session: &mut Session<N>,
    input: &mut &[u8],
) -> Result<bool, Over> {
    match session.state {
        State::Closed if !reader.is_mid_response() => {
            *input = &[];
            Ok(true)
        }
        State::Handshake if !input.is_empty() && !reader.is_mid_response() => {
            Err(session.fail_here(Violation::PlaintextAfterStartTls))
        }
        _ => Ok(session.is_compressing() && !reader.is_mid_response()),
    }
}

/// Passes over the rest of a response; whether it has ended.
fn pass<const N: usize>(
    scratch: &[u8],
    reader: &mut Reader,
    session: &mut Session<N>,
    input: &mut &[u8],
) -> Result<bool, Over> {
    let before = input.len();
    let passed = reader.pass(scratch, input);
    session.took(before, input);
    session.item_at(reader.offset());
    session.meet(reader.take_quirks())?;
    passed.map_err(|violation| session.fail(violation))
}

/// Whether what comes next is a challenge of AUTHENTICATE, which the reader is not given.
#[cfg(feature = "imap-authenticate")]
fn awaits_challenge<const N: usize>(
    reader: &mut Reader,
    session: &Session<N>,
    input: &[u8],
) -> bool {
    session.is_mid_challenge()
        || (input.first() == Some(&b'+')
            && !reader.is_mid_response()
            && session.expects_challenge())
}

/// Reads a challenge.
#[cfg(feature = "imap-authenticate")]
#[cfg_attr(not(feature = "fast"), inline(never))]
fn challenge<'s, 'i: 's, const N: usize>(
    scratch: &'s mut [u8],
    session: &mut Session<N>,
    input: &mut &'i [u8],
    told: &mut Option<Event<'s>>,
) -> Result<(), Over> {
    let before = input.len();
    if !session.is_mid_challenge() {
        session.item = session.received;
    }
    let framed = session.lines.next(scratch, input);
    session.took(before, input);
    session.bypass(before, input);
    session.challenge(framed, scratch, told)
}

/// Reads on, and judges what has been read.
#[cfg(not(feature = "fast"))]
fn read<'s, 'i: 's, const N: usize>(
    scratch: &'s mut [u8],
    tx: &mut Tx<'_>,
    reader: &mut Reader,
    session: &mut Session<N>,
    input: &mut &'i [u8],
    told: &mut Option<Event<'s>>,
) -> Result<(), Over> {
    let (before, begins) = (input.len(), reader.is_between());
    let mut reply = Reply::Nothing;
    reader.read(scratch, input, &mut reply);
    session.took(before, input);
    let counts = match reply {
        Reply::Nothing => return Ok(()),
        Reply::Tagged { .. } => false,
        Reply::Oversize { what: Oversize::Response, .. } => true,
        _ => begins,
    };
    session.item_at(reader.offset());
    session.meet(reader.take_quirks())?;
    if counts {
        session.count()?;
    }
    if let Reply::Data(data) = &reply
        && begins
        && session.state != State::Greeting
        && session.is_void(data)
    {
        reader.void();
        session.mend(Quirk::UnexpectedResponse)?;
    } else {
        session.judge(&reply, told)?;
        conclude(tx, reader, session, input)?;
    }
    if told.is_none() {
        session.notice(told);
    }
    Ok(())
}

/// Reads on, and judges what has been read.
#[cfg(feature = "fast")]
fn read<'s, 'i: 's, const N: usize>(
    scratch: &'s mut [u8],
    tx: &mut Tx<'_>,
    reader: &mut Reader,
    session: &mut Session<N>,
    input: &mut &'i [u8],
) -> Judged<'s> {
    if !reader.is_between() {
        let before = input.len();
        let told = reader.data(scratch, input);
        session.took(before, input);
        if matches!(told, Ok(None)) {
            return Ok(None);
        }
        session.item_at(reader.offset());
        session.meet(reader.take_quirks())?;
        return match &told {
            Ok(Some(Event::Data(data))) => {
                session.data(data)?;
                told
            }
            Ok(Some(Event::Quirk { quirk, .. })) => session.quirk_alone(*quirk),
            Ok(Some(Event::Oversize { what: Oversize::Response, .. })) => {
                if session.state == State::Greeting {
                    return Err(session.fail(Violation::BadGreeting));
                }
                session.count()?;
                told
            }
            Ok(_) => told,
            Err(error) => Err(session.fail(error.violation)),
        };
    }
    let before = input.len();
    let reply = reader.response(scratch, input);
    session.took(before, input);
    if matches!(reply, Reply::Nothing) {
        return Ok(None);
    }
    session.item_at(reader.offset());
    session.meet(reader.take_quirks())?;
    if !matches!(reply, Reply::Tagged { .. }) {
        session.count()?;
    }
    // The usual, which sends nothing and changes no state.
    if let Reply::Data(data) = reply
        && session.state != State::Greeting
    {
        if session.is_void(&data) {
            reader.void();
            session.mend(Quirk::UnexpectedResponse)?;
            return Ok(session.take_notice());
        }
        session.data(&data)?;
        return Ok(Some(Event::Data(data)));
    }
    let mut told = None;
    session.judge(&reply, &mut told)?;
    conclude(tx, reader, session, input)?;
    match told {
        Some(event) => Ok(Some(event)),
        None => Ok(session.take_notice()),
    }
}

/// Does what a reply has brought about.
#[inline(always)]
fn conclude<const N: usize>(
    tx: &mut Tx<'_>,
    reader: &Reader,
    session: &mut Session<N>,
    input: &[u8],
) -> Result<(), Over> {
    if reader.cuts_capabilities() {
        // What is left of a list of capabilities is not the list.
        session.capabilities = session.capabilities.without(Capabilities::KNOWN);
    }
    session.settle(tx);
    // Of a text that does not fit, the rest is still to come.
    if session.state == State::Handshake && !input.is_empty() && !reader.is_mid_response() {
        return Err(session.fail_here(Violation::PlaintextAfterStartTls));
    }
    Ok(())
}

/// What a FETCH response tells: it changes nothing in the session, so that the event is made where the caller
/// wants it.
#[cfg(feature = "fast")]
fn fetched<'s, 'i: 's, const N: usize>(
    scratch: &'s mut [u8],
    reader: &mut Reader,
    session: &mut Session<N>,
    input: &mut &'i [u8],
) -> Judged<'s> {
    let before = input.len();
    let told = reader.data(scratch, input);
    session.took(before, input);
    session.item_at(reader.offset());
    if matches!(told, Ok(Some(_))) {
        session.forgiven(reader.take_quirks());
    }
    match &told {
        Ok(Some(Event::Quirk { quirk, .. })) => session.quirk_alone(*quirk),
        Ok(_) => told,
        Err(error) => Err(session.fail(error.violation)),
    }
}
