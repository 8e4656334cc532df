//! Events of the client but for FETCH, which has a file of its own. The table below is the whole list.

use mailproto_core::imap;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use super::code::{self, Code};
use super::held::{Held, Set, Table, Tuple};
use super::names::{self, Name};
use super::uid_set::UidSet;
use crate::field::{Field, Hidden, Raw, Slice, Text};
use crate::record::record;

record! {
    in "mailproto.sansio.imap";
    /// The server's greeting (RFC 9051 §7.1). With ``bye`` the session is over.
    Greeting {
        /// ``ok``: log in; ``preauth``: logged in already; ``bye``: refused.
        kind: Name,
        /// For programs, or ``None``.
        code: Option<Held<Code>>,
        /// The server's words.
        text: Text,
    }

    /// `text` as it came.
    #[getter]
    fn text_raw<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.text.as_bytes())
    }
}

record! {
    in "mailproto.sansio.imap";
    /// An untagged OK, NO or BAD (RFC 9051 §7.1): news, a warning, an error that belongs to no command.
    Status {
        /// ``ok``, ``no`` or ``bad``.
        status: Name,
        /// For programs, or ``None``. With ``ALERT`` show `text` to the user.
        code: Option<Held<Code>>,
        /// The server's words.
        text: Text,
    }

    /// `text` as it came.
    #[getter]
    fn text_raw<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.text.as_bytes())
    }
}

record! {
    in "mailproto.sansio.imap";
    /// The server closes the connection (RFC 9051 §7.1.5).
    Bye {
        /// Why, for programs, or ``None``.
        code: Option<Held<Code>>,
        /// The server's words.
        text: Text,
    }

    /// `text` as it came.
    #[getter]
    fn text_raw<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.text.as_bytes())
    }
}

record! {
    in "mailproto.sansio.imap";
    /// A command is done: there is exactly one such event for each.
    Completed {
        /// The tag that the method returned.
        tag: Text,
        /// The command's name, without UID; empty for a raw one.
        command: Name,
        /// ``ok``; ``no``: it failed; ``bad``: the server did not understand; ``not-sent``: it was
        /// withdrawn, or the server said BYE before it answered.
        status: Name,
        /// Why, for programs, or ``None``.
        code: Option<Held<Code>>,
        /// The server's words.
        text: Text,
    }

    /// Whether the status is ``ok``.
    #[getter]
    fn ok(&self) -> bool {
        self.status == "ok".into()
    }

    /// `text` as it came.
    #[getter]
    fn text_raw<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.text.as_bytes())
    }
}

record! {
    in "mailproto.sansio.imap";
    /// AUTHENTICATE: the server asked (RFC 9051 §6.2.2), and was answered.
    Challenge {
        /// The command's tag.
        tag: Text,
        /// The challenge, decoded.
        challenge: Hidden,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// IDLE has begun (RFC 9051 §6.3.13): the server tells what happens until `Client.done`.
    Idling {
        /// The command's tag.
        tag: Text,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// IDLE has lasted as long as it may: call `Client.done`, and `Client.idle` again.
    IdleDue {
        /// The command's tag.
        tag: Text,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// APPEND: the server awaits the message (RFC 9051 §6.3.12). Give it to `Client.upload`.
    Upload {
        /// The command's tag.
        tag: Text,
        /// How many octets are still to be given.
        octets: u64,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// A continuation request that calls for nothing (RFC 9051 §7.6).
    Continuation {
        /// For programs, or ``None``.
        code: Option<Held<Code>>,
        /// The server's words.
        text: Text,
    }

    /// `text` as it came.
    #[getter]
    fn text_raw<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.text.as_bytes())
    }
}

record! {
    in "mailproto.sansio.imap";
    /// What the server can do (RFC 9051 §7.2.2).
    Capabilities {
        /// The capabilities in capitals.
        names: Held<Set>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// What ENABLE has switched on (RFC 9051 §7.2.1).
    Enabled {
        /// The extensions in capitals.
        names: Held<Set>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// The flags that the mailbox knows (RFC 9051 §7.3.5).
    Flags {
        /// The flags.
        flags: Held<Set>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// How many messages the mailbox holds (RFC 9051 §7.4.1).
    Exists {
        /// How many.
        number: u32,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// How many messages are recent (RFC 3501 §7.3.2).
    Recent {
        /// How many.
        number: u32,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// A message is no more, and those behind it move up (RFC 9051 §7.5.1).
    Expunge {
        /// Its number.
        number: u32,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// Messages are no more (RFC 7162 §3.2.10).
    Vanished {
        /// Their UIDs.
        uids: Held<UidSet>,
        /// Whether they had gone before, so that no message number changes now.
        earlier: bool,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// What SEARCH or SORT found (RFC 3501 §7.2.5, RFC 5256 §4).
    Search {
        /// Message numbers or, by UID, UIDs: in the server's order.
        numbers: Numbers,
        /// The highest mod-sequence among them (RFC 7162 §3.1.5), or ``None``.
        mod_seq: Option<u64>,
        /// Whether it answers SORT, so that the order tells something.
        sort: bool,
    }

    /// The numbers as a set.
    #[getter]
    fn uids(&self) -> UidSet {
        UidSet::of_numbers(&self.numbers.0)
    }
}

pub(crate) use crate::field::Numbers;

record! {
    in "mailproto.sansio.imap";
    /// What a search found (ESEARCH, RFC 9051 §7.3.4), as far as it was asked to tell.
    Esearch {
        /// The tag of the command that is answered, or ``None``.
        tag: Option<Text>,
        /// Whether numbers are UIDs, and no message numbers.
        uid: bool,
        /// The lowest number found.
        min: Option<u32>,
        /// The highest number found.
        max: Option<u32>,
        /// How many were found.
        count: Option<u32>,
        /// All that were found. `ranges` has them in the order of a SORT.
        all: Option<Held<UidSet>>,
        /// The highest mod-sequence among them (RFC 7162 §3.1.10).
        mod_seq: Option<u64>,
        /// PARTIAL: from which position to which (RFC 9394 §3.1); negative ones count from the end.
        partial: Option<Held<Tuple>>,
        /// PARTIAL: what was found there.
        partial_set: Option<Held<UidSet>>,
        /// The ranges of `all`, or else of `partial_set`, in the server's order.
        ranges: Held<Tuple>,
        /// RELEVANCY: a score from 1 to 100 for each message found (RFC 6203 §4).
        relevancy: Held<Tuple>,
        /// ADDTO: position, first and last number of what to put in (RFC 5267 §4.3.3).
        added: Held<Tuple>,
        /// REMOVEFROM: position, first and last number of what to take out (RFC 5267 §4.3.4).
        removed: Held<Tuple>,
        /// Items that are not known here, in capitals, with their values as they came.
        others: Held<Table>,
        /// The mailbox that was searched, if the server tells (RFC 7377 §2.1).
        mailbox: Option<Text>,
        /// Its UIDVALIDITY.
        uid_validity: Option<u32>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// Which messages answer which (THREAD, RFC 5256 §4).
    Thread {
        /// The threads. Each is a tuple of numbers, every message an answer to the one before it, with
        /// tuples behind a message that has several answers, one for each.
        threads: Held<Tuple>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// A mailbox, told by LIST, LSUB or XLIST (RFC 9051 §7.3.1).
    Mailbox {
        /// ``LIST``, ``LSUB`` or ``XLIST``.
        kind: Name,
        /// Its name, decoded.
        name: Text,
        /// Its name as it came. Commands take it as well, so that any mailbox can be opened.
        name_raw: Raw,
        /// What separates the levels of hierarchy in `name`, or ``None`` where there are no levels.
        delimiter: Option<Text>,
        /// Such as ``\Noselect`` and ``\Sent``, spelled as their RFCs do.
        attributes: Held<Set>,
        /// What it is for (RFC 6154), such as ``\Sent``, or ``None``.
        special_use: Option<Text>,
        /// CHILDINFO: of what kind there are mailboxes below it, such as ``SUBSCRIBED``.
        child_info: Held<Tuple>,
        /// OLDNAME: how it was called before, or ``None``.
        old_name: Option<Text>,
    }

    /// Whether it can be selected.
    #[getter]
    fn selectable(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(!self.has(py, r"\Noselect")? && !self.has(py, r"\NonExistent")?)
    }

    /// Whether it is known to be subscribed to.
    #[getter]
    fn subscribed(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.kind == "LSUB".into() || self.has(py, r"\Subscribed")?)
    }

    /// Whether there are mailboxes below it; ``None`` where the server does not say.
    #[getter]
    fn has_children(&self, py: Python<'_>) -> PyResult<Option<bool>> {
        if self.has(py, r"\HasChildren")? {
            return Ok(Some(true));
        }
        let none = self.has(py, r"\HasNoChildren")? || self.has(py, r"\Noinferiors")?;
        Ok(none.then_some(false))
    }
}

impl Mailbox {
    fn has(&self, py: Python<'_>, attribute: &str) -> PyResult<bool> {
        self.attributes.object(py)?.contains(attribute)
    }
}

record! {
    in "mailproto.sansio.imap";
    /// What a mailbox holds (STATUS, RFC 9051 §7.3.4). What was not told is ``None``.
    MailboxStatus {
        /// The mailbox.
        mailbox: Text,
        /// How many messages.
        messages: Option<u32>,
        /// How many that are recent.
        recent: Option<u32>,
        /// The least UID that the next message will get.
        uid_next: Option<u32>,
        /// With another value than before, all UIDs that are remembered are void.
        uid_validity: Option<u32>,
        /// How many without ``\Seen``.
        unseen: Option<u32>,
        /// How many with ``\Deleted``.
        deleted: Option<u32>,
        /// The octets of all messages together.
        size: Option<u64>,
        /// The highest mod-sequence.
        highest_mod_seq: Option<u64>,
        /// How many octets a message may have to be appended.
        append_limit: Option<u64>,
        /// Its object identifier (RFC 8474).
        mailbox_id: Option<Text>,
        /// What EXPUNGE would free, in units of 1024 octets (RFC 9208 §3.1.1).
        deleted_storage: Option<u64>,
        /// What is not known here, in capitals, as it came.
        others: Held<Table>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// A namespace (RFC 9051 §7.3.3).
    Namespace {
        /// What the names of its mailboxes begin with; perhaps empty.
        prefix: Text,
        /// What separates the levels of hierarchy, or ``None``.
        delimiter: Option<Text>,
        /// What to call it in the user's language (RFC 5255 §3.4), or ``None``.
        translation: Option<Text>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// Where mailboxes are (NAMESPACE, RFC 9051 §7.3.3).
    Namespaces {
        /// The user's own: `Namespace` objects.
        personal: Held<Tuple>,
        /// Those of other users.
        other_users: Held<Tuple>,
        /// Those that are meant to be shared.
        shared: Held<Tuple>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// What the server says of its implementation (ID, RFC 2971).
    Id {
        /// ``name``, ``version`` and others in lower case, each with its value or ``None``.
        fields: Held<Table>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// How far a quota root is used (RFC 9208 §4.2.1).
    Quota {
        /// The name of the root; perhaps empty.
        root: Text,
        /// Of each resource, such as ``STORAGE``, usage and limit. Storage is in units of 1024 octets.
        resources: Held<Table>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// The quota roots of a mailbox (RFC 9208 §4.2.2).
    QuotaRoots {
        /// The mailbox.
        mailbox: Text,
        /// Their names.
        roots: Held<Tuple>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// Who may do what to a mailbox (ACL, RFC 4314 §3.6).
    Acl {
        /// The mailbox.
        mailbox: Text,
        /// Of each identifier the letters of its rights.
        rights: Held<Table>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// Which rights can be given to someone (LISTRIGHTS, RFC 4314 §3.7).
    ListRights {
        /// The mailbox.
        mailbox: Text,
        /// To whom.
        identifier: Text,
        /// The letters of the rights that they always have.
        required: Text,
        /// The letters of others; those of one entry can only be given together.
        optional: Held<Tuple>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// What the user may do to a mailbox (MYRIGHTS, RFC 4314 §3.8).
    MyRights {
        /// The mailbox.
        mailbox: Text,
        /// The letters of the rights.
        rights: Text,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// Annotations of a mailbox, or of the server (METADATA, RFC 5464 §4.4).
    Metadata {
        /// The mailbox; empty for the server.
        mailbox: Text,
        /// Entries with their values, ``None`` where there is none.
        entries: Held<Table>,
        /// The names of entries that have changed, told unasked.
        changed: Held<Tuple>,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// A body, or a section of one, that is longer than `buffered_literal`: `BodyData` follow, then
    /// `BodyEnd`, and then the `Fetch` that it belongs to.
    BodyStart {
        /// The message's number, or ``None`` in UIDONLY mode.
        number: Option<u32>,
        /// Its UID, if the server has told it by now.
        uid: Option<u32>,
        /// Which section, in capitals; empty for the whole message.
        section: Text,
        /// With a partial FETCH, at which octet of the section the data begin.
        origin: Option<u64>,
        /// How many octets follow; ``None`` where that shows at the end.
        size: Option<u64>,
        /// Whether the transfer encoding is undone (BINARY).
        binary: bool,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// The next octets of a body. Where ``bytes`` were fed, `data` is a ``memoryview`` of that very
    /// object and keeps it alive.
    BodyData {
        /// The octets.
        data: Slice,
    }

    fn __len__(&self) -> usize {
        self.data.len()
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.data.plain(py)
    }
}

record! {
    in "mailproto.sansio.imap";
    /// The body is complete.
    BodyEnd {}
}

record! {
    in "mailproto.sansio.imap";
    /// A response that is not known here, or cannot be read. The session goes on.
    Unrecognized {
        /// The line as it came, literals in it.
        line: Raw,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// Something did not fit the scratch buffer. Of a status response the beginning was used, in the
    /// event before; anything else was skipped.
    Oversize {
        /// What it was: ``text`` of a status response, ``item`` of a FETCH, ``element`` of a list,
        /// ``response``.
        what: Name,
        /// Its length in octets.
        octets: u64,
    }
}

record! {
    in "mailproto.sansio.imap";
    /// The server deviated from the RFCs, and it was mended: in the event before, or, of a FETCH or a
    /// list, in the one that follows.
    Quirk {
        /// How: one of `QuirkName`.
        quirk: Name,
        /// How many octets of this connection came before the item.
        offset: u64,
    }
}

/// A code for an event.
pub(crate) fn code(py: Python<'_>, code: Option<imap::Code<'_>>) -> PyResult<Option<Held<Code>>> {
    code.map(|code| code::build(py, code).map(Held::new)).transpose()
}

/// A quirk's event.
pub(crate) fn quirk(quirk: imap::Quirk, offset: u64) -> Quirk {
    Quirk { quirk: names::quirk(quirk).into(), offset }
}
