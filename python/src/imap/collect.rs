//! What the engine tells, as events of Python: data that come whole become one at once, a FETCH when all
//! its items have come, a list when all its elements have.

use mailproto_core::imap::response::fetch::Content;
use mailproto_core::imap::response::list::{ExtendedItem, ListKind};
use mailproto_core::imap::response::mailbox_status::StatusItem;
use mailproto_core::imap::response::metadata::MetadataEntries;
use mailproto_core::imap::response::namespace::NamespaceEntries;
use mailproto_core::imap::response::{self, BodyStart as Begins};
use mailproto_core::imap::{Data, ImapString, MailboxName};
use pyo3::exceptions::PyNotImplementedError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFrozenSet, PyTuple};

use super::cache::Cache;
use super::event::{
    Acl, BodyData, BodyEnd, BodyStart, Exists, Expunge, Id, ListRights, Mailbox, MailboxStatus,
    Metadata, MyRights, Namespace, Namespaces, Quota, QuotaRoots, Recent, Unrecognized,
};
use super::fetch::{self, Gathering};
use super::held::{Held, Tuple, table};
use super::listing::Gathered;
use super::text;
use crate::error;
use crate::field::{Raw, Slice, Text};

/// How much may be kept of one response.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// The longest body that is kept whole, in octets.
    pub(crate) literal: usize,
    /// How many octets a response may take.
    pub(crate) response: usize,
}

/// Gathers what belongs together.
pub(crate) struct Collector {
    limits: Limits,
    listing: Gathered,
    fetch: Gathering,
    body: Body,
}

/// The body that is coming.
enum Body {
    /// None, or one that is told as it comes.
    Streamed,
    /// One that is kept.
    Kept { key: String, origin: Option<u64>, size: Option<usize>, octets: Vec<u8>, binary: bool },
    /// One that is kept and has come in one piece.
    Whole { key: String, origin: Option<u64>, octets: Py<PyBytes> },
}

impl Collector {
    pub(crate) fn new(limits: Limits) -> Self {
        let (listing, fetch) = (Gathered::default(), Gathering::default());
        Self { limits, listing, fetch, body: Body::Streamed }
    }

    /// Takes what the engine tells. `source` is the feed that it may lie in.
    #[inline]
    pub(crate) fn take<'py>(
        &mut self,
        source: &Bound<'py, PyBytes>,
        cache: &mut Cache,
        data: Data<'_>,
        utf8: bool,
        events: &mut Vec<Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let py = source.py();
        match data {
            Data::FetchStart(message) => self.fetch.begin(message),
            Data::Item(item) => self.fetch.item(py, cache, item, self.limits.response)?,
            Data::FetchEnd(_) => events.push(self.fetch.end(py)?.into_any()),
            Data::BodyStart(start) => self.body_start(py, &start, events)?,
            Data::BodyData(octets) => self.body_data(source, octets, events)?,
            Data::BodyEnd => self.body_end(py, events)?,
            Data::Begin(listing) => self.listing = Gathered::begin(listing),
            Data::End(_) => events.extend(std::mem::take(&mut self.listing).end(py)?),
            Data::Found(_)
            | Data::Vanished(_)
            | Data::Capability(_)
            | Data::Enabled(_)
            | Data::Flag(_)
            | Data::FoundModSeq(_)
            | Data::Esearch(_)
            | Data::Thread(_) => {
                self.listing.element(py, &data, utf8, self.limits.response)?;
            }
            data => events.push(whole(py, data, utf8)?),
        }
        Ok(())
    }

    fn body_start<'py>(
        &mut self,
        py: Python<'py>,
        start: &Begins<'_>,
        events: &mut Vec<Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let (key, binary) = fetch::body_key(start.item);
        let origin = start.origin;
        let size = match start.content {
            Content::Literal(octets) => Some(octets),
            Content::Quoted => None,
            Content::Nil => {
                self.fetch.body(key, origin, None, 0);
                self.body = Body::Streamed;
                self.fetch.nil = true;
                return Ok(());
            }
        };
        self.fetch.nil = false;
        let small = usize::try_from(size.unwrap_or(0)).ok();
        let fits = |size: &usize| {
            *size <= self.limits.literal
                && self.fetch.octets().saturating_add(*size) <= self.limits.response
        };
        match small.filter(fits) {
            Some(small) => {
                let size = size.map(|_| small);
                self.body = Body::Kept { key, origin, size, octets: Vec::new(), binary };
            }
            None => {
                self.body = Body::Streamed;
                events.push(self.streamed(py, key, origin, size, binary)?);
            }
        }
        Ok(())
    }

    fn streamed<'py>(
        &self,
        py: Python<'py>,
        key: String,
        origin: Option<u64>,
        size: Option<u64>,
        binary: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (number, uid) = self.fetch.message();
        let section = Text::new(fetch::bare_section(&key).as_bytes());
        Ok(Bound::new(py, BodyStart { number, uid, section, origin, size, binary })?.into_any())
    }

    fn body_data<'py>(
        &mut self,
        source: &Bound<'py, PyBytes>,
        piece: &[u8],
        events: &mut Vec<Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let py = source.py();
        match std::mem::replace(&mut self.body, Body::Streamed) {
            Body::Kept { key, origin, size, octets, .. }
                if octets.is_empty() && size == Some(piece.len()) =>
            {
                let octets = PyBytes::new(py, piece).unbind();
                self.body = Body::Whole { key, origin, octets };
            }
            Body::Kept { key, origin, size, mut octets, binary } => {
                if octets.len().saturating_add(piece.len()) <= self.limits.literal {
                    octets.reserve(size.unwrap_or(0).saturating_sub(octets.len()));
                    octets.extend_from_slice(piece);
                    self.body = Body::Kept { key, origin, size, octets, binary };
                    return Ok(());
                }
                // A quoted string that turns out to be long.
                events.push(self.streamed(py, key, origin, None, binary)?);
                if !octets.is_empty() {
                    let data = Slice::new(source, &octets);
                    events.push(Bound::new(py, BodyData { data })?.into_any());
                }
                events
                    .push(Bound::new(py, BodyData { data: Slice::new(source, piece) })?.into_any());
            }
            whole @ Body::Whole { .. } => self.body = whole,
            Body::Streamed => {
                let data = Slice::new(source, piece);
                events.push(Bound::new(py, BodyData { data })?.into_any());
            }
        }
        Ok(())
    }

    fn body_end<'py>(
        &mut self,
        py: Python<'py>,
        events: &mut Vec<Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        match std::mem::replace(&mut self.body, Body::Streamed) {
            Body::Whole { key, origin, octets } => {
                let len = octets.as_bytes(py).len();
                self.fetch.body(key, origin, Some(octets), len);
            }
            Body::Kept { key, origin, octets, .. } => {
                let octets = PyBytes::new(py, &octets).unbind();
                let len = octets.as_bytes(py).len();
                self.fetch.body(key, origin, Some(octets), len);
            }
            Body::Streamed if std::mem::take(&mut self.fetch.nil) => {}
            Body::Streamed => events.push(Bound::new(py, BodyEnd {})?.into_any()),
        }
        Ok(())
    }
}

/// An error about what a response would take.
pub(crate) fn too_much(py: Python<'_>) -> PyErr {
    error::limit(py, "a FETCH response beyond the limit".into(), "max_listing")
}

/// Makes the event of data that come whole.
fn whole<'py>(py: Python<'py>, data: Data<'_>, utf8: bool) -> PyResult<Bound<'py, PyAny>> {
    Ok(match data {
        Data::Exists(number) => Bound::new(py, Exists { number })?.into_any(),
        Data::Recent(number) => Bound::new(py, Recent { number })?.into_any(),
        Data::Expunge(number) => Bound::new(py, Expunge { number })?.into_any(),
        Data::List(list) => Bound::new(py, mailbox(py, list, utf8)?)?.into_any(),
        Data::MailboxStatus(status) => {
            Bound::new(py, mailbox_status(py, status, utf8)?)?.into_any()
        }
        Data::Namespace(namespaces) => {
            let event = Namespaces {
                personal: namespace(py, namespaces.personal(), utf8)?,
                other_users: namespace(py, namespaces.other_users(), utf8)?,
                shared: namespace(py, namespaces.shared(), utf8)?,
            };
            Bound::new(py, event)?.into_any()
        }
        Data::Id(id) => {
            let fields = PyDict::new(py);
            for (name, value) in id {
                let name = text::lower(py, &text::octets_of(name));
                fields.set_item(name, value.map(|value| text::string(py, value)))?;
            }
            Bound::new(py, Id { fields: Held::new(table(fields)?) })?.into_any()
        }
        Data::Unrecognized(line) => {
            Bound::new(py, Unrecognized { line: Raw::new(line) })?.into_any()
        }
        data => extension(py, data, utf8)?,
    })
}

/// The same of quotas, access control and metadata.
fn extension<'py>(py: Python<'py>, data: Data<'_>, utf8: bool) -> PyResult<Bound<'py, PyAny>> {
    Ok(match data {
        Data::Quota(quota) => {
            let resources = PyDict::new(py);
            for each in quota.resources() {
                let name = text::plain(py, &each.name.to_ascii_uppercase());
                resources.set_item(name, (each.usage, each.limit))?;
            }
            let root = of_string(quota.root);
            Bound::new(py, Quota { root, resources: Held::new(table(resources)?) })?.into_any()
        }
        Data::QuotaRoot(root) => {
            let roots = strings(py, root.roots.iter())?;
            Bound::new(py, QuotaRoots { mailbox: name(root.mailbox, utf8), roots })?.into_any()
        }
        Data::Acl(acl) => {
            let rights = PyDict::new(py);
            for (identifier, letters) in acl.entries() {
                let letters: Vec<u8> = letters.iter().collect();
                rights.set_item(text::string(py, identifier), text::plain(py, &letters))?;
            }
            let rights = Held::new(table(rights)?);
            Bound::new(py, Acl { mailbox: name(acl.mailbox, utf8), rights })?.into_any()
        }
        Data::ListRights(list) => {
            let optional =
                list.optional().map(|set| text::plain(py, &set.iter().collect::<Vec<_>>()));
            let event = ListRights {
                mailbox: name(list.mailbox, utf8),
                identifier: of_string(list.identifier),
                required: Text::new(&list.required.iter().collect::<Vec<_>>()),
                optional: Held::new(PyTuple::new(py, optional.collect::<Vec<_>>())?),
            };
            Bound::new(py, event)?.into_any()
        }
        Data::MyRights(mine) => {
            let rights = Text::new(&mine.rights.iter().collect::<Vec<_>>());
            Bound::new(py, MyRights { mailbox: name(mine.mailbox, utf8), rights })?.into_any()
        }
        Data::Metadata(metadata) => {
            let entries = PyDict::new(py);
            let mut changed = Held::new(PyTuple::empty(py));
            match metadata.entries {
                MetadataEntries::Values(values) => {
                    for (entry, value) in values {
                        let value = value.map(|value| PyBytes::new(py, &text::octets_of(value)));
                        entries.set_item(text::string(py, entry), value)?;
                    }
                }
                MetadataEntries::Changed(names) => changed = strings(py, names.iter())?,
            }
            let entries = Held::new(table(entries)?);
            Bound::new(py, Metadata { mailbox: name(metadata.mailbox, utf8), entries, changed })?
                .into_any()
        }
        unknown => {
            let text = format!("data unknown to the Python package: {unknown:?}");
            return Err(PyNotImplementedError::new_err(text));
        }
    })
}

fn mailbox(py: Python<'_>, list: response::list::List<'_>, utf8: bool) -> PyResult<Mailbox> {
    let attributes = list.attributes.iter().map(|each| text::plain(py, each.as_bytes()));
    let (mut child_info, mut old_name) = (Held::new(PyTuple::empty(py)), None);
    for item in list.extended() {
        match item {
            ExtendedItem::ChildInfo(info) => child_info = strings(py, info.iter())?,
            ExtendedItem::OldName(old) => old_name = Some(name(old, utf8)),
            _ => {}
        }
    }
    Ok(Mailbox {
        kind: match list.kind {
            ListKind::List => "LIST".into(),
            ListKind::Lsub => "LSUB".into(),
            ListKind::Xlist => "XLIST".into(),
        },
        name: name(list.name, utf8),
        name_raw: Raw::new(&text::octets_of(list.name.as_received())),
        delimiter: delimiter(list.delimiter),
        attributes: Held::new(PyFrozenSet::new(py, attributes)?),
        special_use: list.attributes.special_use().map(|each| Text::new(each.as_bytes())),
        child_info,
        old_name,
    })
}

fn mailbox_status(
    py: Python<'_>,
    status: response::mailbox_status::MailboxStatus<'_>,
    utf8: bool,
) -> PyResult<MailboxStatus> {
    let others = PyDict::new(py);
    let mut event = MailboxStatus {
        mailbox: name(status.mailbox, utf8),
        messages: None,
        recent: None,
        uid_next: None,
        uid_validity: None,
        unseen: None,
        deleted: None,
        size: None,
        highest_mod_seq: None,
        append_limit: None,
        mailbox_id: None,
        deleted_storage: None,
        others: Held::new(PyTuple::empty(py)),
    };
    for item in status.items() {
        match item {
            StatusItem::Messages(number) => event.messages = Some(number),
            StatusItem::Recent(number) => event.recent = Some(number),
            StatusItem::UidNext(number) => event.uid_next = Some(number),
            StatusItem::UidValidity(number) => event.uid_validity = Some(number),
            StatusItem::Unseen(number) => event.unseen = Some(number),
            StatusItem::Deleted(number) => event.deleted = Some(number),
            StatusItem::Size(octets) => event.size = Some(octets),
            StatusItem::HighestModSeq(number) => event.highest_mod_seq = Some(number),
            StatusItem::AppendLimit(octets) => event.append_limit = octets,
            StatusItem::MailboxId(id) => event.mailbox_id = Some(Text::new(id)),
            StatusItem::DeletedStorage(number) => event.deleted_storage = Some(number),
            StatusItem::Other { name, value } => {
                let name = text::plain(py, &name.to_ascii_uppercase());
                others.set_item(name, PyBytes::new(py, value))?;
            }
            _ => {}
        }
    }
    event.others = Held::new(table(others)?);
    Ok(event)
}

fn namespace(py: Python<'_>, entries: NamespaceEntries<'_>, utf8: bool) -> PyResult<Held<Tuple>> {
    let mut all = Vec::new();
    for entry in entries {
        let prefix = name(entry.prefix, utf8);
        let translation = entry.translation().map(|translation| name(translation, utf8));
        all.push(Bound::new(
            py,
            Namespace { prefix, delimiter: delimiter(entry.delimiter), translation },
        )?);
    }
    Ok(Held::new(PyTuple::new(py, all)?))
}

fn name(name: MailboxName<'_>, utf8: bool) -> Text {
    Text::new(text::mailbox(name, utf8).as_bytes())
}

fn delimiter(delimiter: Option<u8>) -> Option<Text> {
    delimiter.map(|octet| Text::new(&[octet]))
}

fn of_string(string: ImapString<'_>) -> Text {
    Text::new(&text::octets_of(string))
}

fn strings<'a>(
    py: Python<'_>,
    strings: impl Iterator<Item = ImapString<'a>>,
) -> PyResult<Held<Tuple>> {
    let strings: Vec<_> = strings.map(|string| text::string(py, string)).collect();
    Ok(Held::new(PyTuple::new(py, strings)?))
}
