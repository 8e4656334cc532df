//! What arrives at a client: gives each reply to the command that it answers, and draws the consequences for
//! the session (RFC 9051 §3, §7).

use super::capability::{Capabilities, Capability};
use super::command::CommandKind;
use super::config::Security;
#[cfg(feature = "imap-authenticate")]
use super::course::Challenge;
#[cfg(any(feature = "imap-append", feature = "imap-authenticate"))]
use super::course::Lasting;
#[cfg(feature = "imap-append")]
use super::course::Upload;
use super::course::{Over, Session};
use super::event::{Event, Greeting, Oversize, Status};
use super::mailbox::MailboxName;
use super::model::Model;
use super::pipeline::Continuation;
use super::quirk::Quirk;
use super::reader::{Condition, Reply};
use super::response::code::Code;
use super::response::fetch::MessageId;
use super::response::{Data, Listing};
use super::session::{State, Tag, wide};
use crate::Violation;
use crate::sasl::Name;

impl<const N: usize> Session<N> {
    /// Takes a reply. Each is told as exactly one event, before the notices about it.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(super) fn judge<'s>(
        &mut self,
        reply: &Reply<'s>,
        told: &mut Option<Event<'s>>,
    ) -> Result<(), Over> {
        // Of a picture before the greeting, what does not fit is told.
        let picture = matches!(reply, Reply::Oversize { what: Oversize::Text, .. });
        if self.state == State::Greeting && !picture {
            return self.greeting(reply, told);
        }
        match *reply {
            Reply::Nothing => {}
            Reply::Data(ref data) => {
                self.data(data)?;
                *told = Some(Event::Data(*data));
            }
            Reply::Tagged { tag, status, code, text } => {
                let (tag, kind) = self.tagged(tag, status, code)?;
                *told = Some(Event::Completed { tag, kind, status, code, text });
            }
            Reply::Status { condition: Condition::Bye, code, text } => {
                self.bye();
                *told = Some(Event::Bye { code, text });
            }
            Reply::Status { condition, code, text } => {
                let status = self.status(condition)?;
                self.code(code)?;
                *told = Some(Event::Status { status, code, text });
            }
            Reply::Continue { code, text } => {
                if !self.continuation(told)? {
                    *told = Some(Event::Continuation { code, text });
                }
            }
            Reply::Oversize { what, octets } => {
                *told = Some(Event::Oversize { what, octets: wide(octets) });
            }
            Reply::Fatal(violation) => return Err(self.fail(violation)),
            Reply::Junk(line) => {
                let empty = line.trim_ascii().is_empty();
                self.mend(if empty { Quirk::EmptyLine } else { Quirk::MalformedResponse })?;
                *told = Some(Event::Data(Data::Unrecognized(line)));
            }
        }
        Ok(())
    }

    /// The greeting (RFC 9051 §7.1). Some servers draw a picture before it; what is not indented is another
    /// protocol.
    fn greeting<'s>(
        &mut self,
        reply: &Reply<'s>,
        told: &mut Option<Event<'s>>,
    ) -> Result<(), Over> {
        let (condition, code, text) = match *reply {
            Reply::Nothing => return Ok(()),
            Reply::Status { condition, code, text } => (condition, code, text),
            Reply::Fatal(violation) => return Err(self.fail(violation)),
            Reply::Junk(line @ ([] | [b' ' | b'\t', ..])) => {
                self.mend(Quirk::Banner)?;
                *told = Some(Event::Data(Data::Unrecognized(line)));
                return Ok(());
            }
            _ => return Err(self.fail(Violation::BadGreeting)),
        };
        let greeting = match condition {
            Condition::Ok => Greeting::Ok,
            // There is no STARTTLS after login (RFC 9051 §6.2.1, §11.1).
            Condition::Preauth if self.security == Security::StartTlsRequired => {
                return Err(self.fail(Violation::Preauth));
            }
            Condition::Preauth => Greeting::Preauth,
            Condition::Bye => Greeting::Bye,
            Condition::No | Condition::Bad => return Err(self.fail(Violation::BadGreeting)),
        };
        self.state = match greeting {
            Greeting::Ok => State::NotAuthenticated,
            Greeting::Preauth => State::Authenticated,
            Greeting::Bye => State::Closed,
        };
        self.logged_in = greeting == Greeting::Preauth;
        self.code(code)?;
        *told = Some(Event::Greeting { greeting, code, text });
        Ok(())
    }

    /// A tagged reply (RFC 9051 §7.1): it completes the command of that tag.
    fn tagged(
        &mut self,
        tag: &[u8],
        status: Status,
        code: Option<Code<'_>>,
    ) -> Result<(Tag, CommandKind), Over> {
        let tag = self.prefix.read(tag).ok_or(Violation::UnknownTag);
        let completed = tag.and_then(|tag| Ok((tag, self.pipeline.complete(tag, status)?)));
        let (tag, completed) = match completed {
            Ok(completed) => completed,
            Err(violation) => return Err(self.fail(violation)),
        };
        let kind = completed.kind;
        self.untagged = 0;
        debug!("imap: {} completed", kind.name());
        self.withdrawn = completed.withdrawn;
        #[cfg(feature = "imap-append")]
        if let Lasting::Upload(upload) = self.lasting
            && completed.open
        {
            let promised = Lasting::Promised(upload.left);
            self.lasting = if completed.promised { promised } else { Lasting::Nothing };
        }
        self.code(code)?;
        self.advance(kind, status == Status::Ok)?;
        // Beside a command that goes alone there is no other.
        self.running = None;
        Ok((tag, kind))
    }

    /// What a completion means for the session's state (RFC 9051 §3).
    fn advance(&mut self, kind: CommandKind, accepted: bool) -> Result<(), Over> {
        match (kind, accepted) {
            (CommandKind::StartTls, true) => {
                self.forget();
                self.enter(State::Handshake);
            }
            (CommandKind::StartTls, false) if self.security == Security::StartTlsRequired => {
                return Err(self.fail(Violation::StartTlsRefused));
            }
            #[cfg(feature = "imap-authenticate")]
            (CommandKind::Authenticate, _) => {
                self.lasting = Lasting::Nothing;
                if accepted && !self.believable {
                    return Err(self.fail(Violation::ServerNotAuthenticated));
                }
                self.logged_in(accepted);
            }
            (CommandKind::Login, _) => self.logged_in(accepted),
            (CommandKind::Select | CommandKind::Examine, true) => {
                self.mailbox.read_only |= kind == CommandKind::Examine;
                self.enter(State::Selected);
            }
            // A SELECT that fails leaves no mailbox selected (RFC 9051 §6.3.2).
            (CommandKind::Select | CommandKind::Examine, false)
            | (CommandKind::Close | CommandKind::Unselect, true) => {
                self.mailbox = Model::default();
                self.enter(State::Authenticated);
            }
            (CommandKind::Unauthenticate, true) => {
                self.forget();
                self.enabled = Capabilities::NONE;
                self.mailbox = Model::default();
                self.logged_in = false;
                self.enter(State::NotAuthenticated);
            }
            // Behind BYE nothing more is sent, compressed or not.
            #[cfg(feature = "imap-compress")]
            (CommandKind::Compress, true) => self.compressing = self.state != State::Logout,
            (CommandKind::Idle, _) => self.end_idle(),
            (CommandKind::Logout, true) => self.state = State::Closed,
            _ => {}
        }
        Ok(())
    }

    /// The state changes, unless the server has taken its leave.
    fn enter(&mut self, state: State) {
        if self.state != State::Logout {
            self.state = state;
        }
    }

    /// LOGIN or AUTHENTICATE is done. What was announced before holds no longer (RFC 9051 §6.2.2).
    fn logged_in(&mut self, accepted: bool) {
        if !accepted {
            return;
        }
        if !self.told {
            self.forget();
        }
        self.logged_in = true;
        self.enter(State::Authenticated);
    }

    /// An untagged status response that is no BYE (RFC 9051 §7.1).
    fn status(&mut self, condition: Condition) -> Result<Status, Over> {
        Ok(match condition {
            Condition::No => Status::No,
            Condition::Bad => Status::Bad,
            Condition::Preauth => {
                self.mend(Quirk::UnexpectedResponse)?;
                Status::Ok
            }
            Condition::Ok | Condition::Bye => Status::Ok,
        })
    }

    /// The server will close the connection (RFC 9051 §7.1.5): nothing more is sent, and what never was is told.
    fn bye(&mut self) {
        self.state = State::Logout;
        self.withdrawn = usize::MAX;
        self.pipeline.clear();
        self.end_idle();
        self.draining = true;
    }

    /// What a response code tells the session (RFC 9051 §7.1). Codes about a mailbox count only where there is one.
    fn code(&mut self, code: Option<Code<'_>>) -> Result<(), Over> {
        let Some(code) = code else { return Ok(()) };
        if let Code::Capability(list) = code {
            self.forget();
            for capability in list {
                self.announce(capability);
            }
            self.announced();
            return Ok(());
        }
        let selected = self.has_mailbox();
        let mut quirk = None;
        match code {
            // What came since SELECT left was still about the mailbox before (RFC 7162 §3.2.11).
            Code::Closed if self.is_selecting() => self.mailbox = Model::default(),
            Code::Closed => quirk = Some(Quirk::UnexpectedResponse),
            _ if !selected => {}
            Code::UidValidity(uid_validity) => self.mailbox.uid_validity(uid_validity),
            Code::UidNext(uid_next) => {
                quirk = self.of_one_mailbox(|mailbox| mailbox.uid_next(uid_next));
            }
            #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
            Code::HighestModSeq(mod_seq) => self.mailbox.highest_mod_seq(mod_seq),
            #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
            Code::NoModSeq => self.mailbox.no_mod_seq(),
            Code::ReadOnly => self.mailbox.read_only = true,
            Code::ReadWrite => self.mailbox.read_only = false,
            _ => {}
        }
        quirk.map_or(Ok(()), |quirk| self.mend(quirk))
    }

    /// Whether a mailbox is selected or about to be.
    fn has_mailbox(&self) -> bool {
        matches!(self.state, State::Selected | State::Logout) || self.is_selecting()
    }

    fn announce(&mut self, capability: Capability<'_>) {
        self.capabilities.insert(Capabilities::from_name(capability.name()));
        #[cfg(feature = "imap-append")]
        {
            self.append_limit = self.append_limit.or(capability.append_limit());
        }
        if let Some(name) = capability.auth_mechanism().and_then(Name::from_bytes) {
            self.mechanisms.insert(name);
        }
    }

    fn announced(&mut self) {
        self.capabilities.insert(Capabilities::KNOWN);
        self.told = true;
    }

    /// A `+` (RFC 9051 §7.6); whether it has been told what it is for.
    fn continuation(&mut self, told: &mut Option<Event<'_>>) -> Result<bool, Over> {
        let awaited = self.pipeline.continuation();
        if awaited.is_some() {
            self.pipeline.continued();
        }
        match awaited {
            #[cfg(feature = "imap-append")]
            Some(Continuation::Upload(tag)) => {
                let Lasting::Upload(Upload { left, .. }) = self.lasting else {
                    return Err(self.fail(Violation::UnsolicitedReply));
                };
                *told = Some(Event::Upload { tag, octets: wide(left) });
            }
            Some(Continuation::Idle(tag)) => {
                self.begin_idle();
                *told = Some(Event::Idling { tag });
            }
            // It was not at the start of its line, and lies where it cannot be decoded.
            #[cfg(feature = "imap-authenticate")]
            Some(Continuation::Challenge(tag)) => {
                self.mend(Quirk::ChallengeNotBase64)?;
                self.lasting = Lasting::Challenge(Challenge { start: 0, len: 0, malformed: true });
                *told = Some(Event::Challenge { tag, challenge: &[] });
            }
            // A long name went as a literal, and the message behind it need not wait (RFC 7888 §5).
            Some(Continuation::Literal) => {
                #[cfg(feature = "imap-append")]
                if let Lasting::Upload(upload) = &mut self.lasting
                    && self.pipeline.takes_upload()
                {
                    upload.due = true;
                }
            }
            None => self.nobody_awaits()?,
        }
        Ok(told.is_some())
    }

    fn nobody_awaits(&mut self) -> Result<(), Over> {
        let starttls = self.running == Some(CommandKind::StartTls);
        if starttls && self.security == Security::StartTlsRequired {
            return Err(self.fail(Violation::StartTlsRefused));
        }
        self.mend(Quirk::UnexpectedContinuation)
    }

    /// Whether server data are to be dropped: before login anyone on the way may have said them, and they would be
    /// taken for the user's (RFC 9051 §3.1, §11.3).
    #[inline]
    pub(super) const fn is_void(&self, data: &Data<'_>) -> bool {
        #[cfg(feature = "imap-id")]
        if matches!(data, Data::Id(_)) {
            return false;
        }
        !self.logged_in && !matches!(data, Data::Begin(Listing::Capability) | Data::Unrecognized(_))
    }

    /// What server data tell the session (RFC 9051 §7.2–§7.5): most of them, nothing.
    #[cfg(not(feature = "fast"))]
    pub(super) fn data(&mut self, data: &Data<'_>) -> Result<(), Over> {
        self.weigh(data)
    }

    /// What server data tell the session (RFC 9051 §7.2–§7.5): most of them, nothing.
    #[cfg(feature = "fast")]
    #[inline]
    pub(super) fn data(&mut self, data: &Data<'_>) -> Result<(), Over> {
        match data {
            Data::Item(_)
            | Data::BodyStart(_)
            | Data::BodyData(_)
            | Data::BodyEnd
            | Data::FetchEnd(_)
            | Data::Found(_)
            | Data::Flag(_)
            | Data::Unrecognized(_) => Ok(()),
            #[cfg(feature = "imap-condstore")]
            Data::FoundModSeq(_) => Ok(()),
            #[cfg(feature = "imap-esearch")]
            Data::Esearch(_) => Ok(()),
            #[cfg(feature = "imap-sort")]
            Data::Thread(_) => Ok(()),
            #[cfg(feature = "imap-id")]
            Data::Id(_) => Ok(()),
            Data::FetchStart(MessageId::Number(number))
                if self.state == State::Selected
                    && self.mailbox.check_number(*number).is_none() =>
            {
                Ok(())
            }
            _ => self.weigh(data),
        }
    }

    /// The same for a FETCH response that begins in a selected mailbox, which counts.
    #[cfg(feature = "fast")]
    #[inline(always)]
    pub(super) fn fetch_begins(&mut self, message: MessageId) -> Result<(), Over> {
        self.count()?;
        match message {
            MessageId::Number(number) if self.mailbox.check_number(number).is_none() => Ok(()),
            _ => self.data(&Data::FetchStart(message)),
        }
    }

    /// Server data that may change something, or may not be what they should.
    fn weigh(&mut self, data: &Data<'_>) -> Result<(), Over> {
        if !self.is_legal(data) {
            self.listing = None;
            return self.mend(Quirk::UnexpectedResponse);
        }
        let quirk = match *data {
            Data::Begin(listing) => {
                self.listing = Some(listing);
                return self.begin(listing);
            }
            Data::Capability(capability) => {
                self.announce(capability);
                None
            }
            Data::Enabled(capability) if self.listing == Some(Listing::Enabled) => {
                self.enable(capability);
                None
            }
            #[cfg(feature = "imap-condstore")]
            Data::Vanished(range) if self.listing == Some(Listing::Vanished) => {
                self.mailbox.vanished(u32::try_from(range.count()).unwrap_or(u32::MAX))
            }
            Data::End(listing) => {
                self.listing = None;
                if listing == Listing::Capability {
                    self.announced();
                }
                None
            }
            Data::Exists(exists) => self.of_one_mailbox(|mailbox| mailbox.exists(exists)),
            Data::Recent(recent) => {
                self.mailbox.tell_recent(recent);
                None
            }
            Data::Expunge(number) => {
                let unexpected = self.unexpected_expunge();
                self.mailbox.expunge(number).or(unexpected)
            }
            Data::FetchStart(MessageId::Number(number)) => self.mailbox.check_number(number),
            _ => mailbox_of(data)
                .is_some_and(|name| !name.is_well_formed(self.is_utf8()))
                .then_some(Quirk::BadMailboxName),
        };
        quirk.map_or(Ok(()), |quirk| self.mend(quirk))
    }

    fn begin(&mut self, listing: Listing) -> Result<(), Over> {
        let quirk = match listing {
            Listing::Capability => {
                self.forget();
                None
            }
            Listing::Vanished => self.unexpected_expunge(),
            _ => None,
        };
        quirk.map_or(Ok(()), |quirk| self.mend(quirk))
    }

    /// Tells the model something. While SELECT runs what came first may have been about the mailbox before, so
    /// that comparing says nothing (RFC 7162 §3.2.11).
    fn of_one_mailbox(&mut self, tell: impl FnOnce(&mut Model) -> Option<Quirk>) -> Option<Quirk> {
        let quirk = tell(&mut self.mailbox);
        quirk.filter(|_| !self.is_selecting())
    }

    /// Message numbers must stay while FETCH, STORE or SEARCH runs (RFC 9051 §7.5.1).
    fn unexpected_expunge(&self) -> Option<Quirk> {
        self.pipeline.keeps_numbers().then_some(Quirk::UnexpectedExpunge)
    }

    /// ENABLED (RFC 9051 §7.2.1). What IMAP4rev2 includes need not be enabled.
    fn enable(&mut self, capability: Capability<'_>) {
        let enabled = Capabilities::from_name(capability.name());
        self.enabled.insert(enabled.without(Capabilities::OF_IMAP4REV2));
    }

    /// Whether a response may come in the present state (RFC 9051 §3, §11.3). Only its beginning is asked about.
    fn is_legal(&self, data: &Data<'_>) -> bool {
        match data {
            Data::Begin(Listing::Enabled) => self.pipeline.is_running(CommandKind::Enable),
            Data::Exists(_)
            | Data::Recent(_)
            | Data::Expunge(_)
            | Data::FetchStart(_)
            | Data::Begin(
                Listing::Flags
                | Listing::Search
                | Listing::Sort
                | Listing::Thread
                | Listing::Vanished
                | Listing::VanishedEarlier,
            ) => self.has_mailbox(),
            _ => true,
        }
    }
}

/// The mailbox that server data name.
fn mailbox_of<'a>(data: &Data<'a>) -> Option<MailboxName<'a>> {
    match data {
        #[cfg(feature = "imap-list")]
        Data::List(list) => Some(list.name),
        #[cfg(feature = "imap-list")]
        Data::MailboxStatus(status) => Some(status.mailbox),
        #[cfg(feature = "imap-quota")]
        Data::QuotaRoot(root) => Some(root.mailbox),
        #[cfg(feature = "imap-acl")]
        Data::Acl(acl) => Some(acl.mailbox),
        #[cfg(feature = "imap-acl")]
        Data::ListRights(rights) => Some(rights.mailbox),
        #[cfg(feature = "imap-acl")]
        Data::MyRights(rights) => Some(rights.mailbox),
        #[cfg(feature = "imap-metadata")]
        Data::Metadata(metadata) => Some(metadata.mailbox),
        _ => None,
    }
}
