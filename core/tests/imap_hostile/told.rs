//! What a client told, as text: one line an event, every field of every view read, adjacent octets of a body
//! merged. The transcripts are written in these words, and two ways to cut a stream are compared by them. A view that
//! is read anew from what it came from tells the same.

use std::fmt::Write as _;

use mailproto_core::imap::response::acl::Rights;
use mailproto_core::imap::response::body_structure::{
    BodyStructure, Extension, MessageEnd, Multipart, Node, Parameters, Part,
};
use mailproto_core::imap::response::envelope::{Addresses, Envelope};
use mailproto_core::imap::response::esearch::EsearchItem;
use mailproto_core::imap::response::fetch::{BodyItem, BodyStart, Content, Item, MessageId};
use mailproto_core::imap::response::list::{ExtendedItem, List, ListKind};
use mailproto_core::imap::response::mailbox_status::MailboxStatus;
use mailproto_core::imap::response::metadata::{Metadata, MetadataEntries};
use mailproto_core::imap::response::namespace::{Namespace, NamespaceEntry};
use mailproto_core::imap::{
    Code, Data, Event, Flags, ImapString, MailboxName, Range, Section, SequenceSet,
};

/// Everything that was told, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    lines: Vec<String>,
    data: Option<Vec<u8>>,
}

impl Told {
    /// Takes an event.
    pub(crate) fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Data(Data::BodyData(octets)) => {
                self.data.get_or_insert_default().extend_from_slice(octets);
            }
            event => self.line(event_line(event)),
        }
    }

    /// Takes a line that is no event.
    pub(crate) fn line(&mut self, line: String) {
        let data = self.data.take().map(|data| format!("data {}", quoted(&data)));
        self.lines.extend(data);
        self.lines.push(line);
    }

    /// All lines so far.
    pub(crate) fn into_lines(mut self) -> Vec<String> {
        let data = self.data.take().map(|data| format!("data {}", quoted(&data)));
        self.lines.extend(data);
        self.lines
    }
}

/// Octets in quotes, others than printable ASCII escaped.
pub(crate) fn quoted(octets: &[u8]) -> String {
    format!("\"{}\"", octets.escape_ascii())
}

/// What a string means.
pub(crate) fn string(string: ImapString<'_>) -> String {
    quoted(&string.octets().collect::<Vec<_>>())
}

fn nstring(value: Option<ImapString<'_>>) -> String {
    value.map_or("NIL".into(), string)
}

fn mailbox(name: MailboxName<'_>) -> String {
    // What it means must not depend on the cut either.
    let _ = (name.chars(false).count(), name.chars(true).count(), name.is_inbox());
    string(name.as_received())
}

fn number<N: std::fmt::Display>(number: Option<N>) -> String {
    number.map_or("NIL".into(), |number| number.to_string())
}

fn list(words: impl Iterator<Item = String>) -> String {
    format!("({})", words.collect::<Vec<_>>().join(" "))
}

fn range(range: Range) -> String {
    format!("{}:{}", range.first, range.last)
}

fn set(set: SequenceSet<'_>) -> String {
    let again = SequenceSet::from_bytes(set.as_bytes());
    assert_eq!(again.map(SequenceSet::as_bytes), Some(set.as_bytes()));
    set.ranges().map(range).collect::<Vec<_>>().join(",")
}

/// A flag, attribute or capability; the backslash of `\Seen` stays single.
fn word(octets: &[u8]) -> String {
    octets.escape_ascii().to_string().replace("\\\\", "\\")
}

fn flags(flags: Flags<'_>) -> String {
    list(flags.iter().map(|flag| word(flag.as_bytes())))
}

/// An event as a line.
pub(crate) fn event_line(event: &Event<'_>) -> String {
    match event {
        Event::Greeting { greeting, code, text } => {
            format!("greeting {greeting:?}{} {}", code_word(*code), quoted(text))
        }
        Event::Status { status, code, text } => {
            format!("status {status:?}{} {}", code_word(*code), quoted(text))
        }
        Event::Bye { code, text } => format!("bye{} {}", code_word(*code), quoted(text)),
        Event::Completed { tag, kind, status, code, text } => {
            let (number, code, text) = (tag.0, code_word(*code), quoted(text));
            format!("completed {number} {kind:?} {status:?}{code} {text}")
        }
        Event::Challenge { challenge, .. } => format!("challenge {}", quoted(challenge)),
        Event::Idling { tag } => format!("idling {}", tag.0),
        Event::IdleDue { tag } => format!("idle-due {}", tag.0),
        Event::Upload { tag, octets } => format!("upload {} {octets}", tag.0),
        Event::Continuation { code, text } => {
            format!("continuation{} {}", code_word(*code), quoted(text))
        }
        Event::Data(data) => data_line(data),
        Event::Oversize { what, octets } => format!("oversize {what:?} {octets}"),
        Event::Quirk { quirk, offset } => format!("quirk {quirk:?} @{offset}"),
        other => format!("{other:?}"),
    }
}

fn code_word(code: Option<Code<'_>>) -> String {
    let Some(code) = code else { return String::new() };
    let word = match code {
        Code::AppendUid { uid_validity, uids } => format!("AppendUid {uid_validity} {}", set(uids)),
        Code::BadCharset(names) => {
            format!("BadCharset {}", list(names.iter().map(string)))
        }
        Code::BadEvent(names) => format!("BadEvent {}", list(names.iter().map(string))),
        Code::BadUrl(url) => format!("BadUrl {}", string(url)),
        Code::Capability(names) => {
            let names = names.iter().map(|name| word(name.name()));
            format!("Capability {}", list(names))
        }
        Code::CopyUid { uid_validity, source, destination } => {
            format!("CopyUid {uid_validity} {} {}", set(source), set(destination))
        }
        Code::InProgress { tag, done, goal } => {
            format!("InProgress {} {} {}", nstring(tag), number(done), number(goal))
        }
        Code::MailboxId(id) => format!("MailboxId {}", quoted(id)),
        Code::Modified(numbers) => format!("Modified {}", set(numbers)),
        Code::NoUpdate(tag) => format!("NoUpdate {}", string(tag)),
        Code::PermanentFlags(names) => format!("PermanentFlags {}", flags(names)),
        Code::Referral(urls) => format!("Referral {}", quoted(urls)),
        Code::UndefinedFilter(name) => format!("UndefinedFilter {}", quoted(name)),
        Code::Unknown { name, arguments } => {
            format!("Unknown {} {}", quoted(name), quoted(arguments))
        }
        other => format!("{other:?}"),
    };
    format!(" [{word}]")
}

fn data_line(data: &Data<'_>) -> String {
    match data {
        Data::Begin(listing) => format!("begin {listing:?}"),
        Data::End(listing) => format!("end {listing:?}"),
        Data::Capability(name) => format!("capability {}", word(name.name())),
        Data::Enabled(name) => format!("enabled {}", word(name.name())),
        Data::Flag(flag) => format!("flag {}", word(flag.as_bytes())),
        Data::Found(number) => format!("found {number}"),
        Data::FoundModSeq(number) => format!("found-modseq {number}"),
        Data::Esearch(item) => format!("esearch {}", esearch_word(item)),
        Data::Vanished(uids) => format!("vanished {}", range(*uids)),
        Data::Thread(element) => format!("thread {element:?}"),
        Data::List(list) => list_line(list),
        Data::MailboxStatus(status) => mailbox_status_line(*status),
        Data::Namespace(namespace) => namespace_line(*namespace),
        Data::Id(id) => {
            let fields = id.iter().map(|(name, value)| string(name) + "=" + &nstring(value));
            format!("id {}", list(fields))
        }
        Data::Quota(quota) => {
            let resources = quota.resources().map(|resource| {
                format!("{} {}/{}", quoted(resource.name), resource.usage, resource.limit)
            });
            format!("quota {} {}", string(quota.root), list(resources))
        }
        Data::QuotaRoot(root) => {
            format!("quotaroot {} {}", mailbox(root.mailbox), list(root.roots.iter().map(string)))
        }
        Data::Acl(acl) => {
            let entries = acl.entries().map(|(who, rights)| string(who) + "=" + &letters(rights));
            format!("acl {} {}", mailbox(acl.mailbox), list(entries))
        }
        Data::ListRights(rights) => {
            let (mailbox, identifier) = (mailbox(rights.mailbox), string(rights.identifier));
            let optional = list(rights.optional().map(letters));
            format!("listrights {mailbox} {identifier} {} {optional}", letters(rights.required))
        }
        Data::MyRights(rights) => {
            format!("myrights {} {}", mailbox(rights.mailbox), letters(rights.rights))
        }
        Data::Metadata(metadata) => metadata_line(metadata),
        Data::Exists(number) => format!("exists {number}"),
        Data::Recent(number) => format!("recent {number}"),
        Data::Expunge(number) => format!("expunge {number}"),
        Data::FetchStart(message) => format!("fetch {}", message_word(*message)),
        Data::FetchEnd(message) => format!("fetch-end {}", message_word(*message)),
        Data::Item(item) => format!("item {}", item_word(item)),
        Data::BodyStart(start) => body_start_line(start),
        Data::BodyData(octets) => format!("data {}", quoted(octets)),
        Data::BodyEnd => "body-end".into(),
        Data::Unrecognized(line) => format!("unrecognized {}", quoted(line)),
        other => format!("{other:?}"),
    }
}

fn letters(rights: Rights<'_>) -> String {
    quoted(&rights.iter().collect::<Vec<_>>())
}

fn esearch_word(item: &EsearchItem<'_>) -> String {
    match item {
        EsearchItem::Correlator(correlator) => {
            let name = correlator.mailbox.map_or("NIL".into(), mailbox);
            let validity = number(correlator.uid_validity);
            format!("correlator {} {name} {validity}", nstring(correlator.tag))
        }
        EsearchItem::All(all) => format!("all {}", range(*all)),
        EsearchItem::PartialRange(part) => format!("partial-range {}", range(*part)),
        EsearchItem::AddTo { position, range: set } => format!("addto {position} {}", range(*set)),
        EsearchItem::RemoveFrom { position, range: set } => {
            format!("removefrom {position} {}", range(*set))
        }
        EsearchItem::OtherName(name) => format!("other-name {}", quoted(name)),
        EsearchItem::OtherValue(value) => format!("other-value {}", quoted(value)),
        other => format!("{other:?}"),
    }
}

fn delimiter(delimiter: Option<u8>) -> String {
    delimiter.map_or("NIL".into(), |octet| quoted(&[octet]))
}

fn list_line(found: &List<'_>) -> String {
    let kind = match found.kind {
        ListKind::List => "list",
        ListKind::Lsub => "lsub",
        ListKind::Xlist => "xlist",
    };
    let attributes = list(found.attributes.iter().map(|attribute| word(attribute.as_bytes())));
    let mut line =
        format!("{kind} {attributes} {} {}", delimiter(found.delimiter), mailbox(found.name));
    for item in found.extended() {
        let _ = match item {
            ExtendedItem::ChildInfo(names) => {
                write!(line, " childinfo={}", list(names.iter().map(string)))
            }
            ExtendedItem::OldName(name) => write!(line, " oldname={}", mailbox(name)),
            ExtendedItem::Other { name, value } => {
                write!(line, " {}={}", string(name), quoted(value))
            }
            other => write!(line, " {other:?}"),
        };
    }
    line
}

fn mailbox_status_line(status: MailboxStatus<'_>) -> String {
    use mailproto_core::imap::response::mailbox_status::StatusItem;
    let items = status.items().map(|item| match item {
        StatusItem::MailboxId(id) => format!("MailboxId({})", quoted(id)),
        StatusItem::Other { name, value } => format!("{}={}", quoted(name), quoted(value)),
        other => format!("{other:?}"),
    });
    format!("mailbox {} {}", mailbox(status.mailbox), list(items))
}

fn namespace_line(namespace: Namespace<'_>) -> String {
    let kinds = [namespace.personal(), namespace.other_users(), namespace.shared()];
    format!("namespace {}", kinds.map(|kind| list(kind.map(namespace_word))).join(" "))
}

fn namespace_word(entry: NamespaceEntry<'_>) -> String {
    let mut word = format!("{}:{}", mailbox(entry.prefix), delimiter(entry.delimiter));
    for (name, values) in entry.extensions() {
        let _ = write!(word, ":{}={}", string(name), list(values.iter().map(string)));
    }
    word
}

fn metadata_line(metadata: &Metadata<'_>) -> String {
    let entries = match metadata.entries {
        MetadataEntries::Values(values) => {
            list(values.map(|(name, value)| string(name) + "=" + &nstring(value)))
        }
        MetadataEntries::Changed(names) => {
            format!("changed {}", list(names.iter().map(string)))
        }
    };
    format!("metadata {} {entries}", mailbox(metadata.mailbox))
}

fn message_word(message: MessageId) -> String {
    match message {
        MessageId::Number(number) => number.to_string(),
        MessageId::Uid(uid) => format!("uid {uid}"),
    }
}

fn section_word(name: &str, section: Section<'_>) -> String {
    let (path, fields) = (section.path(), section.fields());
    // Read through, so that nothing of it goes unseen.
    let _ = (section.part(), path.count(), fields.map(string).count());
    format!("{name}[{}]", section.as_bytes().escape_ascii())
}

fn body_start_line(start: &BodyStart<'_>) -> String {
    let item = match start.item {
        BodyItem::Body(section) => section_word("BODY", section),
        BodyItem::Binary(section) => section_word("BINARY", section),
        BodyItem::Rfc822 => "RFC822".into(),
        BodyItem::Rfc822Header => "RFC822.HEADER".into(),
        BodyItem::Rfc822Text => "RFC822.TEXT".into(),
    };
    let origin = start.origin.map_or(String::new(), |origin| format!("<{origin}>"));
    let content = match start.content {
        Content::Literal(octets) => octets.to_string(),
        Content::Quoted => "quoted".into(),
        Content::Nil => "NIL".into(),
    };
    format!("body {item}{origin} {content}")
}

fn item_word(item: &Item<'_>) -> String {
    match item {
        Item::Flags(names) => format!("FLAGS {}", flags(*names)),
        Item::Uid(uid) => format!("UID {uid}"),
        Item::Rfc822Size(octets) => format!("RFC822.SIZE {octets}"),
        Item::InternalDate(date) => format!("INTERNALDATE {}", number(*date)),
        Item::Envelope(envelope) => format!("ENVELOPE {}", envelope_word(envelope)),
        Item::Body(structure) => format!("BODY {}", structure_word(structure)),
        Item::BodyStructure(structure) => format!("BODYSTRUCTURE {}", structure_word(structure)),
        Item::BinarySize(section, octets) => {
            format!("{} {octets}", section_word("BINARY.SIZE", *section))
        }
        Item::ModSeq(number) => format!("MODSEQ {number}"),
        Item::GmailMessageId(id) => format!("X-GM-MSGID {id}"),
        Item::GmailThreadId(id) => format!("X-GM-THRID {id}"),
        Item::GmailLabels(labels) => format!("X-GM-LABELS {}", list(labels.map(string))),
        Item::EmailId(id) => format!("EMAILID {}", quoted(id)),
        Item::ThreadId(id) => format!("THREADID {}", id.map_or("NIL".into(), quoted)),
        Item::Preview(text) => format!("PREVIEW {}", nstring(*text)),
        Item::SaveDate(date) => format!("SAVEDATE {}", number(*date)),
        Item::Other { name, value } => format!("other {} {}", quoted(name), quoted(value)),
        Item::Malformed(octets) => format!("malformed {}", quoted(octets)),
        other => format!("{other:?}"),
    }
}

/// An envelope as RFC 9051 §7.5.2 orders it.
fn envelope_word(envelope: &Envelope<'_>) -> String {
    let (octets, word) = (envelope.as_received(), envelope_fields(envelope));
    let again = Envelope::from_received(octets).expect("an envelope is one when it is read again");
    assert_eq!(again.starts(), envelope.starts());
    assert_eq!(envelope_fields(&Envelope::from_parts(octets, envelope.starts())), word);
    word
}

fn envelope_fields(envelope: &Envelope<'_>) -> String {
    let people = [
        envelope.from(),
        envelope.sender(),
        envelope.reply_to(),
        envelope.to(),
        envelope.cc(),
        envelope.bcc(),
    ];
    format!(
        "{} {} {} {} {}",
        nstring(envelope.date()),
        nstring(envelope.subject()),
        people.map(addresses_word).join(" "),
        nstring(envelope.in_reply_to()),
        nstring(envelope.message_id())
    )
}

fn addresses_word(addresses: Addresses<'_>) -> String {
    let words = addresses.map(|address| {
        let name = address.name.map_or(String::new(), |name| string(name) + " ");
        let route = address.adl.map_or(String::new(), |adl| string(adl) + ":");
        let (mailbox, host) = (nstring(address.mailbox), nstring(address.host));
        match (address.begins_group(), address.ends_group()) {
            (true, _) => format!("{mailbox}:"),
            (_, true) => ";".into(),
            _ => format!("<{name}{route}{mailbox}@{host}>"),
        }
    });
    list(words)
}

/// The nodes one after another, each with the section that fetches it.
fn structure_word(structure: &BodyStructure<'_>) -> String {
    let word = nodes_word(structure);
    let again = BodyStructure::from_received(structure.as_received());
    assert_eq!(again.map(|again| nodes_word(&again)).as_ref(), Some(&word));
    word
}

fn nodes_word(structure: &BodyStructure<'_>) -> String {
    let mut nodes = structure.nodes();
    let mut words = Vec::new();
    while let Some(node) = nodes.next() {
        let section: Vec<_> = nodes.section().iter().map(u16::to_string).collect();
        let section = section.join(".");
        words.push(match node {
            Node::Open => "{".into(),
            Node::Part(part) => format!("{section}={}", part_word(&part)),
            Node::Message(part, envelope) => {
                format!("{section}={} {} <", part_word(&part), envelope_word(&envelope))
            }
            Node::MessageEnd(end) => message_end_word(&end),
            Node::Close(multipart) => multipart_word(&multipart),
            other => format!("{other:?}"),
        });
    }
    words.join(" ")
}

fn part_word(part: &Part<'_>) -> String {
    format!(
        "{}/{}{} id={} description={} encoding={} octets={} lines={}{}",
        string(part.media_type),
        string(part.subtype),
        parameters(part.parameters),
        nstring(part.id),
        nstring(part.description),
        string(part.encoding),
        number(part.octets),
        number(part.lines),
        extension_word(&part.extension)
    )
}

fn message_end_word(end: &MessageEnd<'_>) -> String {
    format!("> lines={}{}", number(end.lines), extension_word(&end.extension))
}

fn multipart_word(multipart: &Multipart<'_>) -> String {
    let parameters = parameters(multipart.parameters);
    let extension = extension_word(&multipart.extension);
    format!("}} {}{parameters}{extension}", string(multipart.subtype))
}

fn parameters(parameters: Parameters<'_>) -> String {
    let each =
        parameters.into_iter().map(|(name, value)| format!(";{}={}", string(name), string(value)));
    each.collect()
}

fn extension_word(extension: &Extension<'_>) -> String {
    let mut word = String::new();
    if let Some(md5) = extension.md5() {
        let _ = write!(word, " md5={}", string(md5));
    }
    if let Some(disposition) = extension.disposition() {
        let parameters = parameters(disposition.parameters);
        let _ = write!(word, " disposition={}{parameters}", string(disposition.kind));
    }
    let languages: Vec<_> = extension.language().map(string).collect();
    if !languages.is_empty() {
        let _ = write!(word, " language={}", languages.join(","));
    }
    if let Some(location) = extension.location() {
        let _ = write!(word, " location={}", string(location));
    }
    if !extension.other().is_empty() {
        let _ = write!(word, " other={}", quoted(extension.other()));
    }
    word
}
