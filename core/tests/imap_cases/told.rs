//! What the client tells, kept: one entry an event, and one tree a response.

use mailproto_core::imap::response::body_structure::{
    BodyStructure, Disposition, Extension, Node, Parameters,
};
use mailproto_core::imap::response::envelope::{Addresses, Envelope};
use mailproto_core::imap::response::esearch::EsearchItem;
use mailproto_core::imap::response::fetch::{BodyItem, BodyStart, Content, Item, MessageId};
use mailproto_core::imap::response::list::{ExtendedItem, List, ListKind};
use mailproto_core::imap::response::mailbox_status::StatusItem;
use mailproto_core::imap::response::metadata::MetadataEntries;
use mailproto_core::imap::response::namespace::NamespaceEntries;
use mailproto_core::imap::response::thread::ThreadElement;
use mailproto_core::imap::{
    Code, Data, DateTime, Event, Greeting, ImapString, Listing, MailboxName, Oversize, Quirk,
    Range, SequenceSet, Status,
};

use crate::plain;
use crate::tree::Tree;

/// An event, kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    /// A whole response.
    Line(Tree),
    /// A response that the client handed over raw.
    Raw(Vec<u8>),
    /// An answer of the client's own: a command was never sent.
    Withdrawn,
    FetchStart(MessageId),
    Item(Tree, Tree),
    Malformed(Vec<u8>),
    BodyStart(Tree, Content),
    BodyData(Vec<u8>),
    BodyEnd,
    FetchEnd,
    Begin(Listing),
    Element(Vec<Tree>),
    Thread(ThreadElement),
    End(Listing),
    Oversize(Oversize, u64),
    Quirk(Quirk, u64),
    /// The session ended.
    Fatal(String),
}

/// A response: what it says, and what was noted about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Response {
    pub(crate) tree: Tree,
    pub(crate) quirks: Vec<Quirk>,
    /// Whether it is there only in part, or only as it came.
    pub(crate) raw: bool,
}

impl Told {
    pub(crate) fn of(event: Event<'_>) -> Self {
        match event {
            Event::Greeting { greeting, code, text } => {
                let word = match greeting {
                    Greeting::Ok => "OK",
                    Greeting::Preauth => "PREAUTH",
                    Greeting::Bye => "BYE",
                };
                Self::Line(condition("*", word, code, text))
            }
            Event::Status { status, code, text } => {
                Self::Line(condition("*", word(status), code, text))
            }
            Event::Bye { code, text } => Self::Line(condition("*", "BYE", code, text)),
            Event::Completed { status: Status::NotSent, .. } => Self::Withdrawn,
            Event::Completed { status, code, text, .. } => {
                Self::Line(condition("tag", word(status), code, text))
            }
            Event::Challenge { challenge, .. } => {
                let text = plain::base64(challenge);
                Self::Line(Tree::List(vec![Tree::atom("+"), Tree::nil(), Tree::text(text)]))
            }
            Event::Idling { .. } | Event::Upload { .. } => {
                Self::Line(Tree::List(vec![Tree::atom("+")]))
            }
            Event::Continuation { code, text } => {
                let code = code.map_or_else(Tree::nil, code_tree);
                Self::Line(Tree::List(vec![Tree::atom("+"), code, Tree::text(text)]))
            }
            Event::Data(data) => Self::of_data(data),
            Event::Oversize { what, octets } => Self::Oversize(what, octets),
            Event::Quirk { quirk, offset } => Self::Quirk(quirk, offset),
            other => panic!("an event that nobody asked for: {other:?}"),
        }
    }

    fn of_data(data: Data<'_>) -> Self {
        match data {
            Data::Begin(listing) => Self::Begin(listing),
            Data::End(listing) => Self::End(listing),
            Data::Capability(capability) | Data::Enabled(capability) => {
                Self::Element(vec![Tree::atom(capability.name())])
            }
            Data::Flag(flag) => Self::Element(vec![Tree::atom(flag.as_bytes())]),
            Data::Found(number) => Self::Element(vec![Tree::number(number)]),
            Data::FoundModSeq(number) => {
                let pair = vec![Tree::atom("MODSEQ"), Tree::number(number)];
                Self::Element(vec![Tree::List(pair)])
            }
            Data::Esearch(item) => Self::Element(esearch(item)),
            Data::Vanished(range) => Self::Element(vec![Tree::atom(range_text(range))]),
            Data::Thread(element) => Self::Thread(element),
            Data::List(list) => Self::Line(list_tree(list)),
            Data::MailboxStatus(status) => {
                let items = status.items().flat_map(status_item).collect();
                Self::Line(line("STATUS", [mailbox(status.mailbox), Tree::List(items)]))
            }
            Data::Namespace(all) => Self::Line(line(
                "NAMESPACE",
                [all.personal(), all.other_users(), all.shared()].map(namespaces),
            )),
            Data::Id(id) => {
                let pairs = id.iter().flat_map(|(name, value)| [text(name), nstring(value)]);
                Self::Line(line("ID", [list_or_nil(pairs.collect())]))
            }
            Data::Quota(quota) => {
                let resources = quota.resources().flat_map(|each| {
                    [Tree::atom(each.name), Tree::number(each.usage), Tree::number(each.limit)]
                });
                Self::Line(line("QUOTA", [text(quota.root), Tree::List(resources.collect())]))
            }
            Data::QuotaRoot(root) => {
                let roots = root.roots.iter().map(text);
                Self::Line(line("QUOTAROOT", [mailbox(root.mailbox)].into_iter().chain(roots)))
            }
            Data::Acl(acl) => {
                let entries = acl.entries().flat_map(|(who, rights)| {
                    [text(who), Tree::text(rights.iter().collect::<Vec<u8>>())]
                });
                Self::Line(line("ACL", [mailbox(acl.mailbox)].into_iter().chain(entries)))
            }
            Data::ListRights(rights) => {
                let head = [
                    mailbox(rights.mailbox),
                    text(rights.identifier),
                    Tree::text(rights.required.iter().collect::<Vec<u8>>()),
                ];
                let optional =
                    rights.optional().map(|each| Tree::text(each.iter().collect::<Vec<u8>>()));
                Self::Line(line("LISTRIGHTS", head.into_iter().chain(optional)))
            }
            Data::MyRights(mine) => {
                let rights = Tree::text(mine.rights.iter().collect::<Vec<u8>>());
                Self::Line(line("MYRIGHTS", [mailbox(mine.mailbox), rights]))
            }
            Data::Metadata(metadata) => {
                let name = mailbox(metadata.mailbox);
                let entries: Vec<Tree> = match metadata.entries {
                    MetadataEntries::Values(values) => {
                        let pairs = values.flat_map(|(name, value)| [text(name), nstring(value)]);
                        vec![Tree::List(pairs.collect())]
                    }
                    MetadataEntries::Changed(names) => names.iter().map(text).collect(),
                };
                Self::Line(line("METADATA", [name].into_iter().chain(entries)))
            }
            Data::Exists(number) => Self::Line(about(number, "EXISTS")),
            Data::Recent(number) => Self::Line(about(number, "RECENT")),
            Data::Expunge(number) => Self::Line(about(number, "EXPUNGE")),
            Data::FetchStart(message) => Self::FetchStart(message),
            Data::Item(item) => item_told(item),
            Data::BodyStart(body) => Self::BodyStart(body_key(body), body.content),
            Data::BodyData(octets) => Self::BodyData(octets.to_vec()),
            Data::BodyEnd => Self::BodyEnd,
            Data::FetchEnd(_) => Self::FetchEnd,
            Data::Unrecognized(octets) => Self::Raw(octets.to_vec()),
            other => panic!("data that nobody knows: {other:?}"),
        }
    }
}

/// Appends, putting octets of a body together.
pub(crate) fn push(told: &mut Vec<Told>, next: Told) {
    if let (Some(Told::BodyData(octets)), Told::BodyData(more)) = (told.last_mut(), &next) {
        octets.extend(more);
    } else {
        told.push(next);
    }
}

/// Puts the events together to responses. One that is not complete is left out.
pub(crate) fn responses(told: &[Told]) -> Vec<Response> {
    let mut responses: Vec<Response> = Vec::new();
    let mut open = Vec::new();
    let mut body = Vec::new();
    let mut noted = Vec::new();
    let mut raw = false;
    let done = |tree, raw| Response { tree, quirks: Vec::new(), raw };
    for each in told {
        match each {
            Told::Line(tree) => responses.push(done(tree.clone(), false)),
            Told::Raw(octets) => responses.push(done(Tree::text(octets), true)),
            Told::Withdrawn | Told::Fatal(_) => {}
            Told::FetchStart(_) | Told::Begin(_) => {
                (open, raw, noted) = (Vec::new(), false, Vec::new());
                if let Told::FetchStart(id) = each {
                    open.push(*id);
                }
                responses.push(done(Tree::List(Vec::new()), true));
            }
            Told::Item(key, value) => pieces(&mut responses).extend([key.clone(), value.clone()]),
            Told::Malformed(_) => raw = true,
            Told::BodyStart(key, content) => {
                pieces(&mut responses).push(key.clone());
                body = match content {
                    Content::Nil => vec![Tree::nil()],
                    _ => vec![Tree::text("")],
                };
            }
            Told::BodyData(octets) => body = vec![Tree::text(octets)],
            Told::BodyEnd => pieces(&mut responses).append(&mut body),
            Told::Element(trees) => pieces(&mut responses).extend(trees.iter().cloned()),
            Told::Thread(ThreadElement::Open) => pieces(&mut responses).push(Tree::atom("(")),
            Told::Thread(ThreadElement::Close) => pieces(&mut responses).push(Tree::atom(")")),
            Told::Thread(ThreadElement::Message(number)) => {
                pieces(&mut responses).push(Tree::number(number));
            }
            Told::Oversize(..) => raw = true,
            Told::Quirk(quirk, _) => noted.push(*quirk),
            Told::FetchEnd => {
                let (number, name) = match open.pop().expect("a FETCH begins before it ends") {
                    MessageId::Number(number) => (number, "FETCH"),
                    MessageId::Uid(uid) => (uid, "UIDFETCH"),
                };
                let last = responses.last_mut().expect("a beginning");
                let items = last.tree.clone();
                let words = vec![Tree::atom("*"), Tree::number(number), Tree::atom(name), items];
                (last.tree, last.raw) = (Tree::List(words), raw);
            }
            Told::End(listing) => {
                let last = responses.last_mut().expect("a beginning");
                (last.tree, last.raw) = (listing_tree(*listing, last.tree.list()), raw);
            }
        }
        if let (Told::Quirk(quirk, _), Some(last)) = (each, responses.last_mut()) {
            last.quirks.push(*quirk);
        }
    }
    let complete = |response: &Response| match &response.tree {
        Tree::List(list) => list
            .first()
            .is_some_and(|first| ["*", "+", "tag"].iter().any(|word| first.is_word(word))),
        _ => true,
    };
    responses.retain(complete);
    responses
}

fn pieces(responses: &mut [Response]) -> &mut Vec<Tree> {
    match &mut responses.last_mut().expect("a response has begun").tree {
        Tree::List(list) => list,
        other => panic!("within {other:?}"),
    }
}

fn listing_tree(listing: Listing, elements: &[Tree]) -> Tree {
    let elements = elements.to_vec();
    match listing {
        Listing::Capability => line("CAPABILITY", elements),
        Listing::Enabled => line("ENABLED", elements),
        Listing::Flags => line("FLAGS", [Tree::List(elements)]),
        Listing::Search => line("SEARCH", elements),
        Listing::Sort => line("SORT", elements),
        Listing::Esearch => line("ESEARCH", joined(&elements)),
        Listing::Thread => line("THREAD", nested(&elements)),
        Listing::Vanished => line("VANISHED", joined(&elements)),
        Listing::VanishedEarlier => {
            let earlier = Tree::List(vec![Tree::atom("EARLIER")]);
            line("VANISHED", [earlier].into_iter().chain(joined(&elements)))
        }
        other => panic!("a listing that nobody knows: {other:?}"),
    }
}

/// Makes one set of the ranges that follow each other, or of those that follow the same word.
fn joined(elements: &[Tree]) -> Vec<Tree> {
    let is_set = |tree: &Tree| matches!(tree, Tree::Atom(word) if word.first().is_some_and(u8::is_ascii_digit));
    let mut joined: Vec<Tree> = Vec::new();
    let mut elements = elements.iter().peekable();
    while let Some(element) = elements.next() {
        match &mut joined[..] {
            [.., word, set] if element.is_word("ALL") && word == element && is_set(set) => continue,
            [.., word, Tree::List(scores)] if element.is_word("RELEVANCY") && word == element => {
                scores.extend(elements.next().expect("a score").list().to_vec());
                continue;
            }
            _ => {}
        }
        match joined.last_mut() {
            Some(Tree::List(list)) if element.is_word(WITHIN) => {
                let range = elements.next().expect("a range").octets();
                match &mut list[..] {
                    [_, set] if set.is_nil() => *set = Tree::atom(range),
                    [_, set] => *set = Tree::atom([set.octets(), range].join(&b',')),
                    _ => list.push(Tree::atom(range)),
                }
            }
            Some(last) if is_set(last) && is_set(element) => {
                *last = Tree::atom([last.octets(), element.octets()].join(&b','));
            }
            _ => joined.push(element.clone()),
        }
    }
    joined
}

/// Stands before a range that belongs into the list before it.
const WITHIN: &str = "within";

/// Makes lists of what stands between parentheses.
fn nested(elements: &[Tree]) -> Vec<Tree> {
    let mut open = vec![Vec::new()];
    for element in elements {
        if element.is_word("(") {
            open.push(Vec::new());
        } else if element.is_word(")") {
            let list = open.pop().expect("a parenthesis that was opened");
            open.last_mut().expect("a list around it").push(Tree::List(list));
        } else {
            open.last_mut().expect("a list").push(element.clone());
        }
    }
    assert_eq!(open.len(), 1, "each parenthesis is closed");
    open.remove(0)
}

// Status responses.

fn condition(tag: &str, word: &str, code: Option<Code<'_>>, text: &[u8]) -> Tree {
    let code = code.map_or_else(Tree::nil, code_tree);
    Tree::List(vec![Tree::atom(tag), Tree::atom(word), code, Tree::text(text)])
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Ok => "OK",
        Status::No => "NO",
        Status::Bad => "BAD",
        Status::NotSent => "NOTSENT",
    }
}

/// A response code. Those without arguments are told by the name of their variant.
pub(crate) fn code_tree(code: Code<'_>) -> Tree {
    let numbered = |name: &str, number: u64| vec![Tree::atom(name), Tree::number(number)];
    let set = |set: SequenceSet<'_>| Tree::atom(set_text(set));
    let strings = |name: &str, list: Vec<Tree>| {
        let list = if list.is_empty() { vec![] } else { vec![Tree::List(list)] };
        [vec![Tree::atom(name)], list].concat()
    };
    Tree::List(match code {
        Code::AppendUid { uid_validity, uids } => {
            vec![Tree::atom("APPENDUID"), Tree::number(uid_validity), set(uids)]
        }
        Code::BadCharset(list) => strings("BADCHARSET", list.iter().map(text).collect()),
        Code::BadEvent(list) => strings("BADEVENT", list.iter().map(text).collect()),
        Code::BadUrl(url) => vec![Tree::atom("BADURL"), text(url)],
        Code::Capability(list) => {
            let names = list.iter().map(|capability| Tree::atom(capability.name()));
            [Tree::atom("CAPABILITY")].into_iter().chain(names).collect()
        }
        Code::CopyUid { uid_validity, source, destination } => {
            vec![Tree::atom("COPYUID"), Tree::number(uid_validity), set(source), set(destination)]
        }
        Code::HighestModSeq(number) => numbered("HIGHESTMODSEQ", number),
        Code::InProgress { tag: None, done: None, goal: None } => vec![Tree::atom("INPROGRESS")],
        Code::InProgress { tag, done, goal } => {
            let number = |number: Option<u32>| number.map_or_else(Tree::nil, Tree::number);
            let all = vec![nstring(tag), number(done), number(goal)];
            vec![Tree::atom("INPROGRESS"), Tree::List(all)]
        }
        Code::MailboxId(id) => {
            vec![Tree::atom("MAILBOXID"), Tree::List(vec![Tree::atom(id)])]
        }
        Code::MessageLimit { limit, uid } => {
            let uid = uid.map(Tree::number);
            [Tree::atom("MESSAGELIMIT"), Tree::number(limit)].into_iter().chain(uid).collect()
        }
        Code::MetadataLongEntries(number) => {
            [vec![Tree::atom("METADATA")], numbered("LONGENTRIES", number)].concat()
        }
        Code::MetadataMaxSize(number) => {
            [vec![Tree::atom("METADATA")], numbered("MAXSIZE", number)].concat()
        }
        Code::MetadataTooMany => vec![Tree::atom("METADATA"), Tree::atom("TOOMANY")],
        Code::MetadataNoPrivate => vec![Tree::atom("METADATA"), Tree::atom("NOPRIVATE")],
        Code::AnnotateTooBig => vec![Tree::atom("ANNOTATE"), Tree::atom("TOOBIG")],
        Code::AnnotateTooMany => vec![Tree::atom("ANNOTATE"), Tree::atom("TOOMANY")],
        Code::Modified(uids) => vec![Tree::atom("MODIFIED"), set(uids)],
        Code::NoUpdate(tag) => vec![Tree::atom("NOUPDATE"), text(tag)],
        Code::PermanentFlags(flags) => {
            let flags = flags.iter().map(|flag| Tree::atom(flag.as_bytes()));
            vec![Tree::atom("PERMANENTFLAGS"), Tree::List(flags.collect())]
        }
        Code::Referral(url) => vec![Tree::atom("REFERRAL"), Tree::text(url)],
        Code::UidNext(number) => numbered("UIDNEXT", number.into()),
        Code::UidValidity(number) => numbered("UIDVALIDITY", number.into()),
        Code::UndefinedFilter(name) => vec![Tree::atom("UNDEFINED-FILTER"), Tree::text(name)],
        Code::Unseen(number) => numbered("UNSEEN", number.into()),
        Code::Unknown { name, arguments } => {
            let head = [Tree::atom(name)];
            head.into_iter().chain(plain::words(arguments)).collect()
        }
        bare => vec![Tree::atom(bare_name(&format!("{bare:?}")))],
    })
}

/// `READ-ONLY` of `ReadOnly`; which words have a hyphen is said in RFC 9051 §7.1.
fn bare_name(variant: &str) -> String {
    match variant {
        "ReadOnly" => "READ-ONLY".into(),
        "ReadWrite" => "READ-WRITE".into(),
        "UnknownCte" => "UNKNOWN-CTE".into(),
        _ => variant.to_ascii_uppercase(),
    }
}

// Server data.

fn line(name: &str, rest: impl IntoIterator<Item = Tree>) -> Tree {
    Tree::List([Tree::atom("*"), Tree::atom(name)].into_iter().chain(rest).collect())
}

fn about(number: u32, name: &str) -> Tree {
    Tree::List(vec![Tree::atom("*"), Tree::number(number), Tree::atom(name)])
}

fn text(string: ImapString<'_>) -> Tree {
    Tree::Text(string.octets().collect())
}

fn nstring(string: Option<ImapString<'_>>) -> Tree {
    string.map_or_else(Tree::nil, text)
}

fn mailbox(name: MailboxName<'_>) -> Tree {
    text(name.as_received())
}

fn list_or_nil(list: Vec<Tree>) -> Tree {
    if list.is_empty() { Tree::nil() } else { Tree::List(list) }
}

fn range_text(range: Range) -> String {
    let number = |number: u32| if number == u32::MAX { "*".to_owned() } else { number.to_string() };
    if range.first == range.last {
        return number(range.first);
    }
    format!("{}:{}", number(range.first), number(range.last))
}

fn set_text(set: SequenceSet<'_>) -> String {
    set.ranges().map(range_text).collect::<Vec<_>>().join(",")
}

fn list_tree(list: List<'_>) -> Tree {
    let name = match list.kind {
        ListKind::List => "LIST",
        ListKind::Lsub => "LSUB",
        ListKind::Xlist => "XLIST",
    };
    let attributes = list.attributes.iter().map(|each| Tree::atom(each.as_bytes())).collect();
    let delimiter = list.delimiter.map_or_else(Tree::nil, |octet| Tree::text([octet]));
    let extended: Vec<Tree> = list.extended().flat_map(extended_item).collect();
    let extended = (!extended.is_empty()).then_some(Tree::List(extended));
    let usual = [Tree::List(attributes), delimiter, mailbox(list.name)];
    line(name, usual.into_iter().chain(extended))
}

fn extended_item(item: ExtendedItem<'_>) -> Vec<Tree> {
    match item {
        ExtendedItem::ChildInfo(names) => {
            vec![Tree::text("CHILDINFO"), Tree::List(names.iter().map(text).collect())]
        }
        ExtendedItem::OldName(name) => {
            vec![Tree::text("OLDNAME"), Tree::List(vec![mailbox(name)])]
        }
        ExtendedItem::Other { name, value } => [vec![text(name)], plain::words(value)].concat(),
        other => panic!("an item that nobody knows: {other:?}"),
    }
}

fn status_item(item: StatusItem<'_>) -> Vec<Tree> {
    let pair = |name: &str, number: u64| vec![Tree::atom(name), Tree::number(number)];
    match item {
        StatusItem::Messages(number) => pair("MESSAGES", number.into()),
        StatusItem::Recent(number) => pair("RECENT", number.into()),
        StatusItem::UidNext(number) => pair("UIDNEXT", number.into()),
        StatusItem::UidValidity(number) => pair("UIDVALIDITY", number.into()),
        StatusItem::Unseen(number) => pair("UNSEEN", number.into()),
        StatusItem::Deleted(number) => pair("DELETED", number.into()),
        StatusItem::Size(number) => pair("SIZE", number),
        StatusItem::HighestModSeq(number) => pair("HIGHESTMODSEQ", number),
        StatusItem::AppendLimit(None) => vec![Tree::atom("APPENDLIMIT"), Tree::nil()],
        StatusItem::AppendLimit(Some(number)) => pair("APPENDLIMIT", number),
        StatusItem::MailboxId(id) => {
            vec![Tree::atom("MAILBOXID"), Tree::List(vec![Tree::atom(id)])]
        }
        StatusItem::DeletedStorage(number) => pair("DELETED-STORAGE", number),
        StatusItem::Other { name, value } => [vec![Tree::atom(name)], plain::words(value)].concat(),
        other => panic!("an item that nobody knows: {other:?}"),
    }
}

fn namespaces(entries: NamespaceEntries<'_>) -> Tree {
    let entries = entries.map(|entry| {
        let delimiter = entry.delimiter.map_or_else(Tree::nil, |octet| Tree::text([octet]));
        let extensions = entry
            .extensions()
            .flat_map(|(name, values)| [text(name), Tree::List(values.iter().map(text).collect())]);
        Tree::List([mailbox(entry.prefix), delimiter].into_iter().chain(extensions).collect())
    });
    list_or_nil(entries.collect())
}

fn esearch(item: EsearchItem<'_>) -> Vec<Tree> {
    let pair = |name: &str, number: u64| vec![Tree::atom(name), Tree::number(number)];
    match item {
        EsearchItem::Correlator(correlator) => {
            let tag = correlator.tag.map(|tag| [Tree::atom("TAG"), text(tag)]);
            let name = correlator.mailbox.map(|name| [Tree::atom("MAILBOX"), mailbox(name)]);
            let validity = correlator
                .uid_validity
                .map(|number| [Tree::atom("UIDVALIDITY"), Tree::number(number)]);
            vec![Tree::List([tag, name, validity].into_iter().flatten().flatten().collect())]
        }
        EsearchItem::Uid => vec![Tree::atom("UID")],
        EsearchItem::Min(number) => pair("MIN", number.into()),
        EsearchItem::Max(number) => pair("MAX", number.into()),
        EsearchItem::Count(number) => pair("COUNT", number.into()),
        EsearchItem::ModSeq(number) => pair("MODSEQ", number),
        EsearchItem::All(range) => vec![Tree::atom("ALL"), Tree::atom(range_text(range))],
        EsearchItem::Partial { first, last } => {
            let positions = Tree::atom(format!("{first}:{last}"));
            vec![Tree::atom("PARTIAL"), Tree::List(vec![positions, Tree::nil()])]
        }
        EsearchItem::PartialRange(range) => {
            vec![Tree::atom(WITHIN), Tree::atom(range_text(range))]
        }
        EsearchItem::Relevancy(score) => {
            vec![Tree::atom("RELEVANCY"), Tree::List(vec![Tree::number(score)])]
        }
        EsearchItem::OtherName(name) => vec![Tree::atom(name)],
        EsearchItem::OtherValue(value) => plain::words(value),
        other => vec![Tree::atom(format!("{other:?}"))],
    }
}

// FETCH.

fn item_told(item: Item<'_>) -> Told {
    let number = |name: &str, number: u64| Told::Item(Tree::atom(name), Tree::number(number));
    match item {
        Item::Flags(flags) => {
            let flags = flags.iter().map(|flag| Tree::atom(flag.as_bytes()));
            Told::Item(Tree::atom("FLAGS"), Tree::List(flags.collect()))
        }
        Item::Uid(uid) => number("UID", uid.into()),
        Item::Rfc822Size(size) => number("RFC822.SIZE", size),
        Item::InternalDate(date) => Told::Item(Tree::atom("INTERNALDATE"), date_time(date)),
        Item::Envelope(envelope) => Told::Item(Tree::atom("ENVELOPE"), envelope_tree(envelope)),
        Item::Body(body) => Told::Item(Tree::atom("BODY"), structure(body)),
        Item::BodyStructure(body) => Told::Item(Tree::atom("BODYSTRUCTURE"), structure(body)),
        Item::BinarySize(section, size) => {
            let key = [b"BINARY.SIZE[", section.as_bytes(), b"]"].concat();
            Told::Item(Tree::atom(key), Tree::number(size))
        }
        Item::ModSeq(mod_seq) => {
            Told::Item(Tree::atom("MODSEQ"), Tree::List(vec![Tree::number(mod_seq)]))
        }
        Item::GmailMessageId(id) => number("X-GM-MSGID", id),
        Item::GmailThreadId(id) => number("X-GM-THRID", id),
        Item::GmailLabels(labels) => {
            Told::Item(Tree::atom("X-GM-LABELS"), Tree::List(labels.map(text).collect()))
        }
        Item::EmailId(id) => Told::Item(Tree::atom("EMAILID"), Tree::List(vec![Tree::atom(id)])),
        Item::ThreadId(id) => {
            let id = id.map_or_else(Tree::nil, |id| Tree::List(vec![Tree::atom(id)]));
            Told::Item(Tree::atom("THREADID"), id)
        }
        Item::Preview(preview) => Told::Item(Tree::atom("PREVIEW"), nstring(preview)),
        Item::SaveDate(date) => Told::Item(Tree::atom("SAVEDATE"), date_time(date)),
        Item::Other { name, value } => {
            let value = plain::words(value);
            Told::Item(Tree::atom(name), value.into_iter().next().unwrap_or_else(Tree::nil))
        }
        Item::Malformed(octets) => Told::Malformed(octets.to_vec()),
        other => panic!("an item that nobody knows: {other:?}"),
    }
}

fn body_key(body: BodyStart<'_>) -> Tree {
    let mut key = match body.item {
        BodyItem::Body(section) => [b"BODY[", section.as_bytes(), b"]"].concat(),
        BodyItem::Binary(section) => [b"BINARY[", section.as_bytes(), b"]"].concat(),
        BodyItem::Rfc822 => b"RFC822".to_vec(),
        BodyItem::Rfc822Header => b"RFC822.HEADER".to_vec(),
        BodyItem::Rfc822Text => b"RFC822.TEXT".to_vec(),
    };
    if let Some(origin) = body.origin {
        key.extend(format!("<{origin}>").bytes());
    }
    Tree::Atom(key)
}

/// As RFC 9051 §9 writes a `date-time`.
fn date_time(date: Option<DateTime>) -> Tree {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Some(date) = date else { return Tree::nil() };
    let zone = date.zone_minutes.unsigned_abs();
    Tree::text(format!(
        "{:2}-{}-{:04} {:02}:{:02}:{:02} {}{:02}{:02}",
        date.date.day,
        MONTHS[usize::from(date.date.month) - 1],
        date.date.year,
        date.hour,
        date.minute,
        date.second,
        if date.zone_minutes < 0 { '-' } else { '+' },
        zone / 60,
        zone % 60,
    ))
}

pub(crate) fn envelope_tree(envelope: Envelope<'_>) -> Tree {
    let people = [
        envelope.from(),
        envelope.sender(),
        envelope.reply_to(),
        envelope.to(),
        envelope.cc(),
        envelope.bcc(),
    ];
    let mut fields = vec![nstring(envelope.date()), nstring(envelope.subject())];
    fields.extend(people.map(addresses));
    fields.extend([nstring(envelope.in_reply_to()), nstring(envelope.message_id())]);
    Tree::List(fields)
}

fn addresses(addresses: Addresses<'_>) -> Tree {
    let each = addresses.map(|address| {
        let fields = [address.name, address.adl, address.mailbox, address.host];
        Tree::List(fields.map(nstring).into())
    });
    list_or_nil(each.collect())
}

fn structure(body: BodyStructure<'_>) -> Tree {
    let mut open: Vec<Vec<Tree>> = vec![Vec::new()];
    for node in body.nodes() {
        match node {
            Node::Open => open.push(Vec::new()),
            Node::Part(part) => {
                let mut fields = part_fields(&part);
                fields.extend(part.lines.map(Tree::number));
                fields.extend(part_extension(part.extension));
                open.last_mut().expect("a list").push(Tree::List(fields));
            }
            Node::Message(part, envelope) => {
                let mut fields = part_fields(&part);
                fields.push(envelope_tree(envelope));
                open.push(fields);
            }
            Node::MessageEnd(end) => {
                let mut fields = open.pop().expect("a message");
                fields.push(end.lines.map_or_else(Tree::nil, Tree::number));
                fields.extend(part_extension(end.extension));
                open.last_mut().expect("a list").push(Tree::List(fields));
            }
            Node::Close(multipart) => {
                let mut fields = open.pop().expect("a multipart");
                fields.push(text(multipart.subtype));
                fields.push(parameters(multipart.parameters));
                fields.extend(extension(multipart.extension));
                open.last_mut().expect("a list").push(Tree::List(fields));
            }
            other => panic!("a node that nobody knows: {other:?}"),
        }
    }
    let mut whole = open.pop().expect("a list");
    assert!(open.is_empty() && whole.len() == 1, "one structure: {whole:?}");
    whole.remove(0)
}

fn part_fields(part: &mailproto_core::imap::response::body_structure::Part<'_>) -> Vec<Tree> {
    vec![
        text(part.media_type),
        text(part.subtype),
        parameters(part.parameters),
        nstring(part.id),
        nstring(part.description),
        text(part.encoding),
        part.octets.map_or_else(Tree::nil, Tree::number),
    ]
}

fn parameters(all: Parameters<'_>) -> Tree {
    list_or_nil(all.into_iter().flat_map(|(name, value)| [text(name), text(value)]).collect())
}

fn part_extension(all: Extension<'_>) -> Vec<Tree> {
    [vec![nstring(all.md5())], extension(all)].concat()
}

fn extension(all: Extension<'_>) -> Vec<Tree> {
    let disposition = all.disposition().map_or_else(Tree::nil, |disposition: Disposition<'_>| {
        Tree::List(vec![text(disposition.kind), parameters(disposition.parameters)])
    });
    let language = list_or_nil(all.language().map(text).collect());
    let usual = vec![disposition, language, nstring(all.location())];
    [usual, plain::words(all.other())].concat()
}
