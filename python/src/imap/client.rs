//! The client role of IMAP for Python: the class, its commands and its attributes.

use mailproto_core::imap::command::{
    FetchOptions, ListOptions, MetadataDepth, MetadataOptions, QResync, RightsChange,
    SearchOptions, SelectOptions, Store,
};
use mailproto_core::imap::{self, Attribute, Capabilities, Config, Mailbox, QuirkSet, State, Tag};
use mailproto_core::{LocalError, RemoteError, Violation};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyFrozenSet, PyList, PyMapping, PyTuple};

use super::collect::{Collector, Limits};
use super::session::{Notes, choose, poll, remote};
use super::uid_set::UidSet;
use super::value::{Append, Messages, Name, read_security, texts};
use super::{items, keys, names, raw, value};
use crate::argument::read_timeout;
use crate::clock::Clock;
use crate::credentials::{self, Exchange};
use crate::engine::{Buffers, ImapCell, ImapClient};
use crate::error;
use crate::feed::Feed;
use crate::field::octets_of;
use crate::random;
use crate::signal::need_data;

/// How large the buffer is that `get_buffer` gives.
const BUFFER: usize = 1 << 16;

/// The client role of IMAP without any I/O: received octets become events, calls become octets to
/// send. Each command returns its tag, which its `Completed` bears.
///
/// `security` says how credentials may travel (RFC 8314): `starttls-required` only after STARTTLS,
/// `private` because the channel is private already (implicit TLS), `danger-cleartext` in the
/// clear. `strict` ends the session at the first deviation from the RFCs instead of mending and
/// reporting it. Times are in seconds, 0 is for ever.
///
/// Memory is bounded: by `scratch`, which bounds the length of an item, `outgoing`, which bounds what
/// waits to be sent, `buffered_literal`, the longest body that is in `Fetch.bodies` (longer ones
/// are told as `BodyStart`, `BodyData`, `BodyEnd`), and `max_listing`, how many octets may be kept
/// of one response. `max_literal`, `max_nesting` and `max_untagged` (0 is any number) bound what a
/// server may send at all.
///
/// Not for use from two threads at once: the second then gets a `RuntimeError`.
#[pyclass(module = "mailproto.sansio.imap")]
pub(crate) struct Client {
    engine: ImapCell,
    feed: Feed,
    notes: Notes,
    collector: Collector,
    failure: Option<PyErr>,
    clock: Clock,
    buffer: Option<Py<PyByteArray>>,
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (
        *,
        security = "starttls-required",
        strict = false,
        pipelining = true,
        reply_timeout = 60.0,
        idle_reissue = 1740.0,
        scratch = 65536,
        outgoing = 65536,
        buffered_literal = 65536,
        max_nesting = 32,
        max_literal = 4294967295,
        max_untagged = 0,
        max_listing = 4194304,
        tag_seed = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "each is an option by name")]
    fn new(
        security: &str,
        strict: bool,
        pipelining: bool,
        reply_timeout: f64,
        idle_reissue: f64,
        scratch: usize,
        outgoing: usize,
        buffered_literal: usize,
        max_nesting: u8,
        max_literal: u64,
        max_untagged: u32,
        max_listing: usize,
        tag_seed: Option<u32>,
    ) -> PyResult<Self> {
        let tag_seed = tag_seed.map_or_else(random_seed, Ok)?;
        let config = Config {
            security: read_security(security)?,
            tolerate: if strict { QuirkSet::NONE } else { QuirkSet::ALL },
            tag_seed,
            pipelining,
            max_nesting,
            max_literal,
            max_untagged,
            reply_timeout_ms: read_timeout("reply_timeout", reply_timeout)?,
            idle_reissue_ms: read_timeout("idle_reissue", idle_reissue)?,
        };
        let engine = ImapCell::new(Buffers::new(scratch, outgoing), |buffers| {
            let (scratch, outgoing) = buffers.lend();
            imap::Client::with_window(scratch, outgoing, config)
        });
        let prefix = engine.with_dependent(|_, client| client.tag_prefix().to_vec());
        let limits = Limits { literal: buffered_literal, response: max_listing };
        Ok(Self {
            engine,
            feed: Feed::default(),
            notes: Notes::new(String::from_utf8_lossy(&prefix).into()),
            collector: Collector::new(limits),
            failure: None,
            clock: Clock::default(),
            buffer: None,
        })
    }

    /// Takes what was received; `b""` says that the connection ended. Any buffer will do, but only
    /// `bytes` spare a copy. Nothing is looked at before `next_event` or `events`.
    fn receive_data(&mut self, data: &Bound<'_, PyAny>) -> PyResult<()> {
        self.feed.push(data)
    }

    /// A buffer to receive into, always the same; tell with `buffer_updated` how much came. As
    /// `asyncio.BufferedProtocol` wants it.
    #[pyo3(signature = (size = -1), text_signature = "($self, size=-1)")]
    fn get_buffer<'py>(&mut self, py: Python<'py>, size: isize) -> Bound<'py, PyByteArray> {
        let _ = size; // a hint only
        let made = || PyByteArray::new(py, &[0; BUFFER]).unbind();
        self.buffer.get_or_insert_with(made).bind(py).clone()
    }

    /// Takes the first `octets` of the buffer; none say that nothing came, and not that the
    /// connection ended.
    fn buffer_updated(&mut self, py: Python<'_>, octets: usize) -> PyResult<()> {
        let Some(buffer) = &self.buffer else {
            return Err(PyValueError::new_err("there is no buffer: call get_buffer first"));
        };
        if octets == 0 {
            return Ok(());
        }
        let received = buffer.bind(py).to_vec();
        let received = received.get(..octets);
        let received =
            received.ok_or_else(|| PyValueError::new_err("more octets than the buffer holds"))?;
        self.feed.push(PyBytes::new(py, received).as_any())
    }

    /// What was fed and has not been taken, which is then forgotten here: after COMPRESS was
    /// accepted, octets that are compressed.
    fn take_unread<'py>(&mut self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.feed.unread(py))
    }

    /// The next event, or `NEED_DATA` when all that was received has been taken.
    ///
    /// Raises `RemoteProtocolError`, `SecurityError` or `ConnectionLost` when the session is over;
    /// every further call does so again. Raises `LimitExceeded` once for a response that is
    /// larger than `max_listing`; what is left of it is skipped, and the session goes on.
    fn next_event<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.take(py, 1)?.pop() {
            Some(event) => Ok(event),
            None => need_data(py),
        }
    }

    /// All events that the received octets give. Where an error comes behind events, these are
    /// returned and the next call raises: so call until the list is empty before waiting for more.
    fn events<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.take(py, usize::MAX)?)
    }

    /// What is to be sent now; it counts as sent.
    fn data_to_send<'py>(&mut self, py: Python<'py>) -> Bound<'py, PyBytes> {
        self.engine.with_dependent_mut(|_, client| {
            let octets = PyBytes::new(py, client.outgoing());
            client.sent(octets.as_bytes().len());
            octets
        })
    }

    /// CAPABILITY: asks what the server can do (RFC 9051 §6.1.1).
    fn capability(&mut self, py: Python<'_>) -> PyResult<String> {
        self.command(py, |client| client.capability())
    }

    /// NOOP: does nothing, but lets the server tell what is new (RFC 9051 §6.1.2).
    fn noop(&mut self, py: Python<'_>) -> PyResult<String> {
        self.command(py, |client| client.noop())
    }

    /// LOGOUT: ends the session (RFC 9051 §6.1.3).
    fn logout(&mut self, py: Python<'_>) -> PyResult<String> {
        self.command(py, |client| client.logout())
    }

    /// ID: tells who this program is, and asks who the server is (RFC 2971).
    #[pyo3(signature = (fields = None))]
    fn id(&mut self, py: Python<'_>, fields: Option<&Bound<'_, PyMapping>>) -> PyResult<String> {
        let fields: Vec<(String, Option<String>)> = entries(fields)?;
        let lent: Vec<_> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
        self.command(py, |client| client.id(&lent))
    }

    /// STARTTLS: asks to begin TLS (RFC 9051 §6.2.1). After its completion make the handshake, then
    /// call `tls_established`.
    fn starttls(&mut self, py: Python<'_>) -> PyResult<String> {
        self.command(py, |client| client.starttls())
    }

    /// Tells that the TLS handshake is done and the certificate verified. What was learnt before
    /// is forgotten; ask CAPABILITY again.
    fn tls_established(&mut self, py: Python<'_>) -> PyResult<()> {
        self.refuse_plaintext(py)?;
        self.call(py, |client| client.tls_established())
    }

    /// LOGIN: gives name and password (RFC 9051 §6.2.3). `authenticate` is the better choice where
    /// the server has a mechanism.
    fn login(
        &mut self,
        py: Python<'_>,
        user: &Bound<'_, PyAny>,
        password: &Bound<'_, PyAny>,
    ) -> PyResult<String> {
        octets_of(user, |user| {
            octets_of(password, |password| self.command(py, |client| client.login(user, password)))
        })
    }

    /// AUTHENTICATE: logs in by SASL (RFC 9051 §6.2.2), by the strongest mechanism that the server
    /// offers unless one is named. Challenges are answered by `next_event` and `events`.
    #[pyo3(signature = (credentials, mechanism = None))]
    fn authenticate(
        &mut self,
        py: Python<'_>,
        credentials: &Bound<'_, PyAny>,
        mechanism: Option<&str>,
    ) -> PyResult<String> {
        let credentials = credentials::read(credentials)?;
        let suiting = credentials.mechanisms();
        let name = self.engine.with_dependent(|_, client| choose(client, suiting, mechanism));
        let name = name.map_err(|error| error::local(py, error))?;
        let begun = Exchange::begin(name, credentials)?;
        let mut exchange = begun.map_err(|error| error::local(py, LocalError::Sasl(error)))?;
        let tag = self.command(py, |client| {
            exchange.with_dependent_mut(|_, mechanism| client.authenticate(mechanism))
        })?;
        self.notes.authentication.begun(exchange);
        Ok(tag)
    }

    /// ENABLE: switches extensions on (RFC 9051 §6.3.1), before a mailbox is selected.
    #[pyo3(signature = (*names))]
    fn enable(&mut self, py: Python<'_>, names: Vec<String>) -> PyResult<String> {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.command(py, |client| client.enable(&names))
    }

    /// UNAUTHENTICATE: back to where somebody has to log in (RFC 8437).
    fn unauthenticate(&mut self, py: Python<'_>) -> PyResult<String> {
        self.command(py, |client| client.unauthenticate())
    }

    /// COMPRESS: asks to compress with DEFLATE from now on (RFC 4978). After its completion the
    /// caller compresses and inflates: inflate what `take_unread` gives and all that is received
    /// from then on, and call `compression_established` before feeding that.
    fn compress(&mut self, py: Python<'_>) -> PyResult<String> {
        self.command(py, |client| client.compress())
    }

    /// Tells that from now on what is fed was inflated, and what `data_to_send` gives is compressed.
    /// `take_unread` must have been called, if there was anything.
    fn compression_established(&mut self, py: Python<'_>) -> PyResult<()> {
        if !self.feed.is_empty() {
            return Err(error::local(py, LocalError::WrongState));
        }
        self.call(py, |client| client.compression_established())
    }

    /// LANGUAGE: asks for the server's words in one of these languages, or which it has (RFC 5255).
    #[pyo3(signature = (*ranges))]
    fn language(&mut self, py: Python<'_>, ranges: Vec<String>) -> PyResult<String> {
        let ranges: Vec<&str> = ranges.iter().map(String::as_str).collect();
        self.command(py, |client| client.language(&ranges))
    }

    /// GETJMAPACCESS: asks where the same mail is to be had by JMAP (RFC 9698).
    fn get_jmap_access(&mut self, py: Python<'_>) -> PyResult<String> {
        self.command(py, |client| client.get_jmap_access())
    }

    /// SELECT, or EXAMINE if `readonly`: opens a mailbox (RFC 9051 §6.3.2). `qresync` is
    /// UIDVALIDITY, mod-sequence and known UIDs of last time (RFC 7162 §3.2.5): what has changed since
    /// is told before the outcome.
    #[pyo3(signature = (mailbox, *, readonly = false, condstore = false, qresync = None))]
    fn select(
        &mut self,
        py: Python<'_>,
        mailbox: &Bound<'_, PyAny>,
        readonly: bool,
        condstore: bool,
        qresync: Option<(u32, u64, Option<Bound<'_, UidSet>>)>,
    ) -> PyResult<String> {
        let mailbox = Name::read(mailbox)?;
        let known = qresync.as_ref().map(|(uid_validity, mod_seq, uids)| QResync {
            uid_validity: *uid_validity,
            mod_seq: *mod_seq,
            known_uids: uids.as_ref().map(|uids| imap::Sequence::Ranges(uids.get().as_ranges())),
            matches: None,
        });
        let options = SelectOptions { condstore, qresync: known };
        let name = mailbox.lend();
        let plain = options == SelectOptions::default();
        self.command(py, |client| match (readonly, plain) {
            (false, true) => client.select(name),
            (true, true) => client.examine(name),
            (false, false) => client.select_with(name, &options),
            (true, false) => client.examine_with(name, &options),
        })
    }

    /// UNSELECT: leaves the mailbox, and expunges nothing (RFC 9051 §6.4.2).
    fn unselect(&mut self, py: Python<'_>) -> PyResult<String> {
        self.command(py, |client| client.unselect())
    }

    /// CLOSE: expunges, and leaves the mailbox (RFC 9051 §6.4.1).
    fn close(&mut self, py: Python<'_>) -> PyResult<String> {
        self.command(py, |client| client.close())
    }

    /// CHECK: asks for a checkpoint (RFC 3501 §6.4.1).
    fn check(&mut self, py: Python<'_>) -> PyResult<String> {
        self.command(py, |client| client.check())
    }

    /// CREATE: makes a mailbox (RFC 9051 §6.3.4), for special uses as `\Sent` if some are named
    /// (RFC 6154 §3).
    #[pyo3(signature = (mailbox, *, special_use = None), text_signature = "($self, mailbox, *, special_use=())")]
    fn create(
        &mut self,
        py: Python<'_>,
        mailbox: &Bound<'_, PyAny>,
        special_use: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let (mailbox, uses) = (Name::read(mailbox)?, optional_texts(special_use)?);
        let uses: Vec<_> = uses.iter().map(|each| Attribute::from(each.as_str())).collect();
        self.command(py, |client| match uses.is_empty() {
            true => client.create(mailbox.lend()),
            false => client.create_for(mailbox.lend(), &uses),
        })
    }

    /// DELETE: a mailbox and the messages in it (RFC 9051 §6.3.5).
    fn delete(&mut self, py: Python<'_>, mailbox: &Bound<'_, PyAny>) -> PyResult<String> {
        self.of_mailbox(py, mailbox, |client, mailbox| client.delete(mailbox))
    }

    /// RENAME: a mailbox and those below it (RFC 9051 §6.3.6).
    fn rename(
        &mut self,
        py: Python<'_>,
        old: &Bound<'_, PyAny>,
        new: &Bound<'_, PyAny>,
    ) -> PyResult<String> {
        let (old, new) = (Name::read(old)?, Name::read(new)?);
        self.command(py, |client| client.rename(old.lend(), new.lend()))
    }

    /// SUBSCRIBE (RFC 9051 §6.3.7).
    fn subscribe(&mut self, py: Python<'_>, mailbox: &Bound<'_, PyAny>) -> PyResult<String> {
        self.of_mailbox(py, mailbox, |client, mailbox| client.subscribe(mailbox))
    }

    /// UNSUBSCRIBE (RFC 9051 §6.3.8).
    fn unsubscribe(&mut self, py: Python<'_>, mailbox: &Bound<'_, PyAny>) -> PyResult<String> {
        self.of_mailbox(py, mailbox, |client, mailbox| client.unsubscribe(mailbox))
    }

    /// NAMESPACE: where the user's, others' and shared mailboxes are (RFC 9051 §6.3.10).
    fn namespace(&mut self, py: Python<'_>) -> PyResult<String> {
        self.command(py, |client| client.namespace())
    }

    /// LIST: the mailboxes that match a pattern, or one of several (RFC 9051 §6.3.9), each as
    /// `Mailbox`. `*` stands for anything, `%` for anything within a level.
    ///
    /// `selection`: `SUBSCRIBED`, `REMOTE`, `RECURSIVEMATCH`, `SPECIAL-USE`; `returns`: `SUBSCRIBED`,
    /// `CHILDREN`, `SPECIAL-USE`, `MYRIGHTS`; `status`: what to tell of each, as `MailboxStatus`.
    #[pyo3(
        signature = (reference = None, pattern = None, *, selection = None, returns = None, status = None),
        text_signature = "($self, reference='', pattern='*', *, selection=(), returns=(), status=())",
    )]
    fn list(
        &mut self,
        py: Python<'_>,
        reference: Option<&Bound<'_, PyAny>>,
        pattern: Option<&Bound<'_, PyAny>>,
        selection: Option<&Bound<'_, PyAny>>,
        returns: Option<&Bound<'_, PyAny>>,
        status: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let reference = optional_name(reference, "")?;
        let patterns = match pattern {
            Some(pattern)
                if pattern.is_instance_of::<PyTuple>() || pattern.is_instance_of::<PyList>() =>
            {
                pattern.try_iter()?.map(|each| Name::read(&each?)).collect::<PyResult<Vec<_>>>()?
            }
            pattern => vec![optional_name(pattern, "*")?],
        };
        let patterns: Vec<_> = patterns.iter().map(Name::lend).collect();
        let status = optional_texts(status)?;
        let status = value::status_items(&status);
        let selection = value::selection(py, &optional_texts(selection)?)?;
        let returns = value::list_returns(py, &optional_texts(returns)?, &status)?;
        let options = ListOptions {
            selection: &selection,
            reference: reference.lend(),
            patterns: &patterns,
            returns: &returns,
        };
        self.command(py, |client| client.list_with(&options))
    }

    /// LSUB: the subscribed mailboxes that match a pattern (RFC 3501 §6.3.9).
    #[pyo3(signature = (reference = None, pattern = None), text_signature = "($self, reference='', pattern='*')")]
    fn lsub(
        &mut self,
        py: Python<'_>,
        reference: Option<&Bound<'_, PyAny>>,
        pattern: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let (reference, pattern) = (optional_name(reference, "")?, optional_name(pattern, "*")?);
        self.command(py, |client| client.lsub(reference.lend(), pattern.lend()))
    }

    /// XLIST: Google's LIST that tells special uses, from before RFC 6154.
    #[pyo3(signature = (reference = None, pattern = None), text_signature = "($self, reference='', pattern='*')")]
    fn xlist(
        &mut self,
        py: Python<'_>,
        reference: Option<&Bound<'_, PyAny>>,
        pattern: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let (reference, pattern) = (optional_name(reference, "")?, optional_name(pattern, "*")?);
        self.command(py, |client| client.xlist(reference.lend(), pattern.lend()))
    }

    /// STATUS: what a mailbox holds, without opening it (RFC 9051 §6.3.11): `MESSAGES`, `UIDNEXT`,
    /// `UIDVALIDITY`, `UNSEEN`, `SIZE` …
    fn status(
        &mut self,
        py: Python<'_>,
        mailbox: &Bound<'_, PyAny>,
        items: &Bound<'_, PyAny>,
    ) -> PyResult<String> {
        let (mailbox, items) = (Name::read(mailbox)?, texts(items)?);
        let items = value::status_items(&items);
        self.command(py, |client| client.status(mailbox.lend(), &items))
    }

    /// FETCH: tells of messages what is asked for (RFC 9051 §6.4.5), each in a `Fetch`. Items are written
    /// as in the RFC: `FLAGS`, `ENVELOPE`, `BODY.PEEK[1.2]<0.100>`,
    /// `BODY.PEEK[HEADER.FIELDS (SUBJECT)]` …
    ///
    /// `changed_since`: of those that changed after this mod-sequence, and, if `vanished`, which UIDs are
    /// no more (RFC 7162). `partial`: of those in these positions, from 1 or from -1 (RFC 9394).
    #[pyo3(signature = (
        messages, items, *, uid = true, changed_since = None, vanished = false, partial = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "each is an option by name")]
    fn fetch(
        &mut self,
        py: Python<'_>,
        messages: &Bound<'_, PyAny>,
        items: &Bound<'_, PyAny>,
        uid: bool,
        changed_since: Option<u64>,
        vanished: bool,
        partial: Option<(i64, i64)>,
    ) -> PyResult<String> {
        let (messages, items) = (Messages::read(messages)?, items::read(items)?);
        let partial = partial.map(|range| value::partial(py, range)).transpose()?;
        let options = FetchOptions { changed_since, vanished, partial };
        items::lend(&items, |items| {
            self.command(py, |client| match uid {
                true => client.uid_fetch_with(messages.lend(), items, &options),
                false => client.fetch_with(messages.lend(), items, &options),
            })
        })
    }

    /// STORE: `mode` says whether to `add` flags, to `remove` them or to `replace` all
    /// (RFC 9051 §6.4.6); `labels`, that they are Gmail's labels. `silent`: the server need not tell the
    /// new flags. `unchanged_since`: not where the message changed after this mod-sequence (RFC 7162).
    #[pyo3(signature = (
        messages, flags, mode = "add", *, uid = true, silent = false, unchanged_since = None, labels = false
    ))]
    #[expect(clippy::too_many_arguments, reason = "each is an option by name")]
    fn store(
        &mut self,
        py: Python<'_>,
        messages: &Bound<'_, PyAny>,
        flags: &Bound<'_, PyAny>,
        mode: &str,
        uid: bool,
        silent: bool,
        unchanged_since: Option<u64>,
        labels: bool,
    ) -> PyResult<String> {
        let (messages, names) = (Messages::read(messages)?, texts(flags)?);
        let flags = value::flags(&names);
        let boxes: Vec<_> = names.iter().map(|name| Mailbox::Name(name)).collect();
        let mut what = match (mode, labels) {
            ("add", false) => Store::add(&flags),
            ("remove", false) => Store::remove(&flags),
            ("replace", false) => Store::replace(&flags),
            ("add", true) => Store::add_labels(&boxes),
            ("remove", true) => Store::remove_labels(&boxes),
            ("replace", true) => Store::replace_labels(&boxes),
            _ => return Err(PyValueError::new_err("mode must be 'add', 'remove' or 'replace'")),
        };
        if silent {
            what = what.silent();
        }
        if let Some(mod_seq) = unchanged_since {
            what = what.unchanged_since(mod_seq);
        }
        self.command(py, |client| match uid {
            true => client.uid_store(messages.lend(), &what),
            false => client.store(messages.lend(), &what),
        })
    }

    /// COPY: copies messages into another mailbox (RFC 9051 §6.4.7).
    #[pyo3(signature = (messages, mailbox, *, uid = true))]
    fn copy(
        &mut self,
        py: Python<'_>,
        messages: &Bound<'_, PyAny>,
        mailbox: &Bound<'_, PyAny>,
        uid: bool,
    ) -> PyResult<String> {
        let (messages, mailbox) = (Messages::read(messages)?, Name::read(mailbox)?);
        self.command(py, |client| match uid {
            true => client.uid_copy(messages.lend(), mailbox.lend()),
            false => client.copy(messages.lend(), mailbox.lend()),
        })
    }

    /// MOVE: moves messages into another mailbox (RFC 9051 §6.4.8).
    #[pyo3(name = "move", signature = (messages, mailbox, *, uid = true))]
    fn move_to(
        &mut self,
        py: Python<'_>,
        messages: &Bound<'_, PyAny>,
        mailbox: &Bound<'_, PyAny>,
        uid: bool,
    ) -> PyResult<String> {
        let (messages, mailbox) = (Messages::read(messages)?, Name::read(mailbox)?);
        self.command(py, |client| match uid {
            true => client.uid_move_to(messages.lend(), mailbox.lend()),
            false => client.move_to(messages.lend(), mailbox.lend()),
        })
    }

    /// EXPUNGE: removes the messages that are marked as deleted (RFC 9051 §6.4.3), or those of them that
    /// have one of these UIDs (RFC 9051 §6.4.9).
    #[pyo3(signature = (uids = None))]
    fn expunge(&mut self, py: Python<'_>, uids: Option<&Bound<'_, PyAny>>) -> PyResult<String> {
        match uids.map(Messages::read).transpose()? {
            None => self.command(py, |client| client.expunge()),
            Some(uids) => self.command(py, |client| client.uid_expunge(uids.lend())),
        }
    }

    /// SEARCH: which messages match all keys (RFC 9051 §6.4.4), as `Search` or, with `returns` or where
    /// the server likes, as `Esearch`. Without keys, all messages.
    ///
    /// A key is a word, `"UNSEEN"`, or a tuple: `("FROM", "ann")`, `("SINCE", date)`,
    /// `("HEADER", "List-Id", "")`, `("UID", UidSet)`, `("LARGER", 5000)`, `("NOT", key)`,
    /// `("OR", key, key, …)`, `("AND", key, …)`. `returns`: `MIN`, `MAX`, `ALL`, `COUNT`, `SAVE`,
    /// `PARTIAL 1:50`. Text beyond ASCII is sent in UTF-8, or in the charset that is named.
    #[pyo3(signature = (*keys, uid = true, returns = None, charset = None))]
    fn search(
        &mut self,
        py: Python<'_>,
        keys: &Bound<'_, PyTuple>,
        uid: bool,
        returns: Option<&Bound<'_, PyAny>>,
        charset: Option<&str>,
    ) -> PyResult<String> {
        let memory = keys::Memory::default();
        let mut reader = keys::Reader::new(&memory, charset);
        let keys = reader.read(keys)?;
        let returns = search_returns(py, returns)?;
        let charset = self.charset(charset, reader.wide);
        let options = SearchOptions { returns: returns.as_deref(), charset };
        self.command(py, |client| match uid {
            true => client.uid_search_with(&keys, &options),
            false => client.search_with(&keys, &options),
        })
    }

    /// SORT: as SEARCH, in the order of `by`: `"DATE"`, `"REVERSE ARRIVAL"`, `"SUBJECT"` …
    /// (RFC 5256).
    #[pyo3(signature = (by, *keys, uid = true, returns = None, charset = None))]
    fn sort(
        &mut self,
        py: Python<'_>,
        by: &Bound<'_, PyAny>,
        keys: &Bound<'_, PyTuple>,
        uid: bool,
        returns: Option<&Bound<'_, PyAny>>,
        charset: Option<&str>,
    ) -> PyResult<String> {
        let order = value::sort_order(py, &texts(by)?)?;
        let memory = keys::Memory::default();
        let keys = keys::Reader::new(&memory, charset).read(keys)?;
        let returns = search_returns(py, returns)?;
        let charset = charset.map(str::as_bytes);
        let options = SearchOptions { returns: returns.as_deref(), charset };
        self.command(py, |client| match uid {
            true => client.uid_sort(&order, &keys, &options),
            false => client.sort(&order, &keys, &options),
        })
    }

    /// THREAD: which messages answer which, among those that match (RFC 5256), by `REFERENCES`,
    /// `ORDEREDSUBJECT` or what else the server knows.
    #[pyo3(signature = (algorithm, *keys, uid = true, charset = None))]
    fn thread(
        &mut self,
        py: Python<'_>,
        algorithm: &str,
        keys: &Bound<'_, PyTuple>,
        uid: bool,
        charset: Option<&str>,
    ) -> PyResult<String> {
        let memory = keys::Memory::default();
        let keys = keys::Reader::new(&memory, charset).read(keys)?;
        let (algorithm, charset) = (value::algorithm(algorithm), charset.map(str::as_bytes));
        self.command(py, |client| match uid {
            true => client.uid_thread(algorithm, &keys, charset),
            false => client.thread(algorithm, &keys, charset),
        })
    }

    /// APPEND: puts a message of `size` octets into a mailbox (RFC 9051 §6.3.12). When `Upload` tells
    /// that the server takes it, give it to `upload` and call `append_end`. Until then no other
    /// command can be queued.
    ///
    /// `date` is when the message was received. `binary`: it may hold NUL (RFC 3516); `utf8`: its header may
    /// hold UTF-8 (RFC 9755).
    #[pyo3(
        signature = (mailbox, size, *, flags = None, date = None, binary = false, utf8 = false),
        text_signature = "($self, mailbox, size, *, flags=(), date=None, binary=False, utf8=False)",
    )]
    #[expect(clippy::too_many_arguments, reason = "each is an option by name")]
    fn append(
        &mut self,
        py: Python<'_>,
        mailbox: &Bound<'_, PyAny>,
        size: u64,
        flags: Option<&Bound<'_, PyAny>>,
        date: Option<&Bound<'_, PyAny>>,
        binary: bool,
        utf8: bool,
    ) -> PyResult<String> {
        let mailbox = Name::read(mailbox)?;
        let message = Append::read(flags, date, binary, utf8)?;
        message
            .lend(|options| self.command(py, |client| client.append(mailbox.lend(), options, size)))
    }

    /// Gives octets of the message; returns how many were taken, which is as many as `outgoing` has room
    /// for: send, and give the rest.
    fn upload(&mut self, py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<usize> {
        let data = match data.cast::<PyBytes>() {
            Ok(data) => data.clone(),
            Err(_) => crate::feed::copy(data)?,
        };
        self.call(py, |client| client.upload(data.as_bytes()))
    }

    /// The message is complete, and another of `size` octets follows in the same APPEND (RFC 3502).
    #[pyo3(
        signature = (size, *, flags = None, date = None, binary = false, utf8 = false),
        text_signature = "($self, size, *, flags=(), date=None, binary=False, utf8=False)",
    )]
    fn append_next(
        &mut self,
        py: Python<'_>,
        size: u64,
        flags: Option<&Bound<'_, PyAny>>,
        date: Option<&Bound<'_, PyAny>>,
        binary: bool,
        utf8: bool,
    ) -> PyResult<()> {
        let message = Append::read(flags, date, binary, utf8)?;
        message.lend(|options| self.call(py, |client| client.append_next(options, size)))
    }

    /// The message, or the last of several, is complete: ends the APPEND.
    fn append_end(&mut self, py: Python<'_>) -> PyResult<()> {
        self.call(py, |client| client.append_end())
    }

    /// IDLE: lets the server tell what happens (RFC 9051 §6.3.13), until `done`. `Idling` says that it
    /// has begun, `IdleDue` that it is time to begin anew.
    fn idle(&mut self, py: Python<'_>) -> PyResult<String> {
        self.command(py, |client| client.idle())
    }

    /// DONE: ends IDLE. Its completion follows.
    fn done(&mut self, py: Python<'_>) -> PyResult<()> {
        self.call(py, |client| client.done())
    }

    /// GETQUOTA: usage and limits of a quota root (RFC 9208).
    fn get_quota(&mut self, py: Python<'_>, root: &Bound<'_, PyAny>) -> PyResult<String> {
        octets_of(root, |root| self.command(py, |client| client.get_quota(root)))
    }

    /// GETQUOTAROOT: the quota roots of a mailbox, and how far they are used (RFC 9208).
    fn get_quota_root(&mut self, py: Python<'_>, mailbox: &Bound<'_, PyAny>) -> PyResult<String> {
        self.of_mailbox(py, mailbox, |client, mailbox| client.get_quota_root(mailbox))
    }

    /// SETQUOTA: sets limits, by resource (RFC 9208). Those that are not named are not limited any more.
    fn set_quota(
        &mut self,
        py: Python<'_>,
        root: &Bound<'_, PyAny>,
        limits: &Bound<'_, PyMapping>,
    ) -> PyResult<String> {
        let limits: Vec<(String, u64)> = entries(Some(limits))?;
        let limits: Vec<_> = limits.iter().map(|(name, limit)| (name.as_str(), *limit)).collect();
        octets_of(root, |root| self.command(py, |client| client.set_quota(root, &limits)))
    }

    /// GETACL: who may do what to a mailbox (RFC 4314).
    fn get_acl(&mut self, py: Python<'_>, mailbox: &Bound<'_, PyAny>) -> PyResult<String> {
        self.of_mailbox(py, mailbox, |client, mailbox| client.get_acl(mailbox))
    }

    /// SETACL: gives someone these rights, `+lr` these beside those they have, `-lr` without these
    /// (RFC 4314).
    fn set_acl(
        &mut self,
        py: Python<'_>,
        mailbox: &Bound<'_, PyAny>,
        identifier: &Bound<'_, PyAny>,
        rights: &str,
    ) -> PyResult<String> {
        let mailbox = Name::read(mailbox)?;
        let change = match (rights.strip_prefix('+'), rights.strip_prefix('-')) {
            (Some(rights), _) => RightsChange::Add(rights),
            (_, Some(rights)) => RightsChange::Remove(rights),
            _ => RightsChange::Replace(rights),
        };
        octets_of(identifier, |identifier| {
            self.command(py, |client| client.set_acl(mailbox.lend(), identifier, change))
        })
    }

    /// DELETEACL: what was said about someone is void (RFC 4314).
    fn delete_acl(
        &mut self,
        py: Python<'_>,
        mailbox: &Bound<'_, PyAny>,
        identifier: &Bound<'_, PyAny>,
    ) -> PyResult<String> {
        let mailbox = Name::read(mailbox)?;
        octets_of(identifier, |identifier| {
            self.command(py, |client| client.delete_acl(mailbox.lend(), identifier))
        })
    }

    /// LISTRIGHTS: which rights someone can be given (RFC 4314).
    fn list_rights(
        &mut self,
        py: Python<'_>,
        mailbox: &Bound<'_, PyAny>,
        identifier: &Bound<'_, PyAny>,
    ) -> PyResult<String> {
        let mailbox = Name::read(mailbox)?;
        octets_of(identifier, |identifier| {
            self.command(py, |client| client.list_rights(mailbox.lend(), identifier))
        })
    }

    /// MYRIGHTS: what the user may do to a mailbox (RFC 4314).
    fn my_rights(&mut self, py: Python<'_>, mailbox: &Bound<'_, PyAny>) -> PyResult<String> {
        self.of_mailbox(py, mailbox, |client, mailbox| client.my_rights(mailbox))
    }

    /// GETMETADATA: values of entries of a mailbox, or of the server where its name is empty
    /// (RFC 5464). `depth`: `0` these entries, `1` those right below them too, `infinity` all below.
    #[pyo3(signature = (mailbox, entries, *, max_size = None, depth = "0"))]
    fn get_metadata(
        &mut self,
        py: Python<'_>,
        mailbox: &Bound<'_, PyAny>,
        entries: &Bound<'_, PyAny>,
        max_size: Option<u32>,
        depth: &str,
    ) -> PyResult<String> {
        let (mailbox, entries) = (Name::read(mailbox)?, texts(entries)?);
        let depth = match depth {
            "0" => MetadataDepth::Entry,
            "1" => MetadataDepth::Children,
            "infinity" => MetadataDepth::Infinity,
            _ => return Err(PyValueError::new_err("depth must be '0', '1' or 'infinity'")),
        };
        let options = MetadataOptions { max_size, depth };
        let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
        self.command(py, |client| client.get_metadata(mailbox.lend(), &entries, &options))
    }

    /// SETMETADATA: sets values of entries, and deletes those whose value is `None` (RFC 5464).
    fn set_metadata(
        &mut self,
        py: Python<'_>,
        mailbox: &Bound<'_, PyAny>,
        entries: &Bound<'_, PyMapping>,
    ) -> PyResult<String> {
        let mailbox = Name::read(mailbox)?;
        let mut values = Vec::new();
        for pair in entries.items()? {
            let (name, value): (String, Bound<'_, PyAny>) = pair.extract()?;
            let owned =
                if value.is_none() { None } else { Some(octets_of(&value, |v| Ok(v.to_vec()))?) };
            values.push((name, owned));
        }
        let values: Vec<_> =
            values.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
        self.command(py, |client| client.set_metadata(mailbox.lend(), &values))
    }

    /// Sends a command that this package does not know. Of its arguments `str` go as they are or quoted,
    /// `bytes` as strings, `None` as NIL, `UidSet` as a set, lists and tuples in parentheses. It must
    /// not change the state.
    #[pyo3(signature = (name, *arguments))]
    fn raw(
        &mut self,
        py: Python<'_>,
        name: &str,
        arguments: &Bound<'_, PyTuple>,
    ) -> PyResult<String> {
        let arguments: PyResult<Vec<_>> =
            arguments.iter().map(|each| raw::Owned::read(&each, 0)).collect();
        raw::lend(&arguments?, &mut |arguments| {
            self.command(py, |client| client.raw(name, arguments))
        })
    }

    /// Tells the time, in seconds of any clock that does not jump. Raises `Timeout` when a reply
    /// was due and nothing came for `reply_timeout`.
    fn tick(&mut self, py: Python<'_>, now: f64) -> PyResult<()> {
        let now = self.clock.set(now)?;
        let ticked = self.engine.with_dependent_mut(|_, client| client.tick(now));
        ticked.map_err(|error| remote(py, error))
    }

    /// When `tick` should be called at the latest, on its clock; `None` while nothing is awaited.
    fn deadline(&self) -> Option<f64> {
        self.clock.seconds(self.ask(|client| client.deadline())?)
    }

    /// Where the session stands: `greeting`, `not-authenticated`, `handshake` (STARTTLS was
    /// accepted), `authenticated`, `selected`, `logout` (the server has said BYE) or `closed`.
    #[getter]
    fn state(&self) -> &'static str {
        names::state(self.ask(|client| client.state()))
    }

    /// What the server has announced last, in capitals; empty where nothing is known: before it told,
    /// after STARTTLS, perhaps after login.
    #[getter]
    fn capabilities<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyFrozenSet>> {
        if !self.ask(|client| client.capabilities().contains(Capabilities::KNOWN)) {
            return PyFrozenSet::empty(py);
        }
        PyFrozenSet::new(py, &self.notes.capabilities)
    }

    /// What ENABLE has switched on, in capitals.
    #[getter]
    fn enabled<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyFrozenSet>> {
        PyFrozenSet::new(py, &self.notes.enabled)
    }

    /// The SASL mechanisms among the capabilities.
    #[getter]
    fn mechanisms<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyFrozenSet>> {
        let names = self.notes.capabilities.iter().filter_map(|name| name.strip_prefix("AUTH="));
        let known = self.ask(|client| client.capabilities().contains(Capabilities::KNOWN));
        PyFrozenSet::new(py, names.filter(|_| known))
    }

    /// Whether credentials may be sent now.
    #[getter]
    fn may_send_credentials(&self) -> bool {
        self.ask(|client| client.may_send_credentials())
    }

    /// Whether no command is in flight.
    #[getter]
    fn is_idle(&self) -> bool {
        self.ask(|client| client.is_idle())
    }

    /// How many commands are in flight; 256 at most.
    #[getter]
    fn in_flight(&self) -> usize {
        self.notes.in_flight
    }

    /// How many octets have been received and taken.
    #[getter]
    fn bytes_received(&self) -> u64 {
        self.ask(|client| client.received())
    }

    /// How many messages the selected mailbox holds: what EXISTS said, less what EXPUNGE and VANISHED
    /// took; `None` before EXISTS.
    #[getter]
    fn messages(&self) -> Option<u32> {
        self.ask(|client| client.messages())
    }

    /// How many of them are recent, if the server told.
    #[getter]
    fn recent(&self) -> Option<u32> {
        self.ask(|client| client.recent())
    }

    /// The UIDVALIDITY of the selected mailbox: with another one than last time all that was kept by
    /// UID is void.
    #[getter]
    fn uid_validity(&self) -> Option<u32> {
        self.ask(|client| client.uid_validity())
    }

    /// What UID the next message will get at the least, if the server told.
    #[getter]
    fn uid_next(&self) -> Option<u32> {
        self.ask(|client| client.uid_next())
    }

    /// The highest mod-sequence of the selected mailbox (RFC 7162), if the server told.
    #[getter]
    fn highest_mod_seq(&self) -> Option<u64> {
        self.ask(|client| client.highest_mod_seq())
    }

    /// Whether the selected mailbox cannot be changed.
    #[getter]
    fn readonly(&self) -> bool {
        self.ask(|client| client.is_read_only())
    }

    /// Why the last SASL exchange was given up on this side, if it was.
    #[getter]
    fn sasl_failure(&self) -> Option<String> {
        self.notes.authentication.failure()
    }

    fn __repr__(&self) -> String {
        let (state, in_flight) = (self.state(), self.in_flight());
        format!("<mailproto.sansio.imap.Client {state} in_flight={in_flight}>")
    }
}

impl Client {
    fn ask<R>(&self, question: impl FnOnce(&ImapClient<'_>) -> R) -> R {
        self.engine.with_dependent(|_, client| question(client))
    }

    fn call<R>(
        &mut self,
        py: Python<'_>,
        call: impl FnOnce(&mut ImapClient<'_>) -> Result<R, LocalError>,
    ) -> PyResult<R> {
        let done = self.engine.with_dependent_mut(|_, client| call(client));
        done.map_err(|error| error::local(py, error))
    }

    /// Queues a command.
    fn command(
        &mut self,
        py: Python<'_>,
        queue: impl FnOnce(&mut ImapClient<'_>) -> Result<Tag, LocalError>,
    ) -> PyResult<String> {
        let tag = self.call(py, queue)?;
        self.notes.in_flight += 1;
        Ok(self.notes.tag(tag))
    }

    /// Queues a command whose only argument is a mailbox.
    fn of_mailbox(
        &mut self,
        py: Python<'_>,
        mailbox: &Bound<'_, PyAny>,
        queue: impl FnOnce(&mut ImapClient<'_>, Mailbox<'_>) -> Result<Tag, LocalError>,
    ) -> PyResult<String> {
        let mailbox = Name::read(mailbox)?;
        self.command(py, |client| queue(client, mailbox.lend()))
    }

    /// The charset to name in SEARCH: UTF-8 for text beyond ASCII, unless that is understood anyway
    /// (RFC 9051 §6.4.4, RFC 9755 §3).
    fn charset<'c>(&self, charset: Option<&'c str>, wide: bool) -> Option<&'c [u8]> {
        let understood = self.ask(|client| client.is_utf8());
        match charset {
            None if wide && !understood => Some(b"UTF-8"),
            charset => charset.map(str::as_bytes),
        }
    }

    /// Takes at most `most` events. An error behind events waits for the next call.
    fn take<'py>(&mut self, py: Python<'py>, most: usize) -> PyResult<Vec<Bound<'py, PyAny>>> {
        if let Some(error) = self.failure.take() {
            return Err(error);
        }
        let Self { engine, feed, notes, collector, failure, .. } = self;
        engine.with_dependent_mut(|_, client| {
            let mut events = Vec::new();
            match poll(py, client, feed, (notes, collector), most, &mut events) {
                Err(error) if events.is_empty() => return Err(error),
                Err(error) => *failure = Some(error),
                Ok(()) => {}
            }
            Ok(events)
        })
    }

    /// Octets that were fed before the handshake but not yet looked at are an injection
    /// (RFC 9051 §6.2.1), as the engine would say.
    fn refuse_plaintext(&self, py: Python<'_>) -> PyResult<()> {
        if self.feed.is_empty() || self.ask(|client| client.state()) != State::Handshake {
            return Ok(());
        }
        let offset = self.bytes_received();
        Err(remote(py, RemoteError { violation: Violation::PlaintextAfterStartTls, offset }))
    }
}

fn random_seed() -> PyResult<u32> {
    let mut seed = [0; 4];
    random::fill(&mut seed)?;
    Ok(u32::from_le_bytes(seed))
}

fn optional_texts(names: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
    names.map_or_else(|| Ok(Vec::new()), texts)
}

fn optional_name(name: Option<&Bound<'_, PyAny>>, missing: &str) -> PyResult<Name> {
    name.map_or_else(|| Ok(Name::Text(missing.into())), Name::read)
}

fn search_returns(
    py: Python<'_>,
    returns: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<Vec<imap::command::SearchReturn>>> {
    returns.map(|returns| value::search_returns(py, &texts(returns)?)).transpose()
}

/// The entries of a mapping.
fn entries<V>(mapping: Option<&Bound<'_, PyMapping>>) -> PyResult<Vec<(String, V)>>
where
    V: for<'a, 'py> FromPyObject<'a, 'py, Error = PyErr>,
{
    let Some(mapping) = mapping else { return Ok(Vec::new()) };
    mapping.items()?.iter().map(|pair| pair.extract()).collect()
}
