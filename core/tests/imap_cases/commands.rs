//! Commands that other clients' tests emit: the same is asked of our client, and what it sends is compared, octet by
//! octet, but for the tag; and where octets differ, word by word, since a word may be quoted or not (RFC 9051
//! §9, `astring`), keywords may stand in any case, and a list of one item needs no parentheses.

use mailproto_core::LocalError;
use mailproto_core::imap::command::{
    AppendOptions, Argument, FetchItem, FetchOptions, ListOptions, ListReturn, ListSelection,
    MetadataDepth, MetadataOptions, SearchKey, SearchOptions, SearchReturn, SelectOptions, SortBy,
    SortKey, StatusItem, Store, ThreadAlgorithm,
};
use mailproto_core::imap::{
    Attribute, BodySection, Client, Config, Date, DateTime, Flag, Mailbox, Part, Partial, Security,
    Sequence, Tag,
};

use mailproto_core::sasl::{Auto, Credentials, Mechanism as _, Name};
use serde_json::Value;

use crate::plain;
use crate::replay::Credulous;
use crate::script;
use crate::tree::Tree;

/// How our octets compare with the case's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// The same.
    Same,
    /// Other octets, the same command by the RFC.
    Equal,
    /// The same, or equal, by its name and arguments only: there is no method for it.
    Raw,
}

const CAPABILITIES: &str = "IMAP4rev1 SASL-IR ID ENABLE UIDPLUS MOVE NAMESPACE IDLE UNSELECT \
    ESEARCH SEARCHRES CONDSTORE QRESYNC SORT SORT=DISPLAY THREAD=REFERENCES \
    THREAD=ORDEREDSUBJECT QUOTA QUOTASET ACL METADATA LIST-EXTENDED LIST-STATUS SPECIAL-USE \
    CREATE-SPECIAL-USE STATUS=SIZE BINARY COMPRESS=DEFLATE \
    STARTTLS WITHIN PARTIAL XLIST X-GM-EXT-1 JMAPACCESS OBJECTID PREVIEW ESORT CONTEXT=SEARCH";

/// Asks our client for the command of this line, and compares what it sends.
pub(crate) fn compare(line: &[u8]) -> Result<Sent, String> {
    let line = line.strip_suffix(b"\r\n").unwrap_or(line);
    let words = plain::words(line);
    let name = String::from_utf8_lossy(words[0].octets()).to_ascii_uppercase();
    let (mut scratch, mut tx) = (vec![0; 4096], vec![0; 64 * 1024]);
    // Over a private channel there is no STARTTLS.
    let security = if name == "STARTTLS" { Security::StartTlsRequired } else { Security::Private };
    let config = Config::lenient().with_security(security);
    let mut client = Client::with_window(&mut scratch, &mut tx, config);
    let before_login = ["LOGIN", "STARTTLS", "AUTHENTICATE"].contains(&&*name);
    // A literal that is announced at the end waits for the server; one within a line must not.
    let waits = line.ends_with(b"}");
    let waits = waits && !line.ends_with(b"+}");
    let mechanism = words.get(1).filter(|_| name == "AUTHENTICATE").map_or("PLAIN", text);
    prepare(&mut client, before_login, name == "ENABLE", waits, mechanism);
    let typed = typed(&mut client, &name, &words[1..]);
    let by_name = typed.is_none();
    let sent = typed.unwrap_or_else(|| raw(&mut client, &name, &words[1..]));
    sent.map_err(|error| format!("refused: {error:?}"))?;
    let ours = outgoing(&mut client, waits);
    let ours = &ours[ours.iter().position(|&octet| octet == b' ').expect("a tag") + 1..];
    let ours = ours.strip_suffix(b"\r\n").unwrap_or(ours);
    let same = ours == line;
    let equal = alike(&plain::words(ours), &words);
    match (same, equal) {
        _ if by_name && (same || equal) => Ok(Sent::Raw),
        (true, _) => Ok(Sent::Same),
        (false, true) => Ok(Sent::Equal),
        (false, false) => Err(format!("sent {}", ours.escape_ascii())),
    }
}

fn prepare(
    client: &mut Client<'_, 64>,
    before_login: bool,
    unselected: bool,
    waits: bool,
    mechanism: &str,
) {
    let literals = if waits { "" } else { " LITERAL+" };
    let word = if before_login { "OK" } else { "PREAUTH" };
    let greeting = format!("* {word} [CAPABILITY {CAPABILITIES}{literals} AUTH={mechanism}] x\r\n");
    let hear = |client: &mut Client<'_, 64>, octets: &[u8]| {
        let mut input = octets;
        while client.poll(&mut input).expect("a good start").is_some() {}
    };
    hear(client, greeting.as_bytes());
    if before_login || unselected {
        return;
    }
    client.select(Mailbox::INBOX).expect("SELECT");
    let sent = client.outgoing().to_vec();
    client.sent(sent.len());
    let tag = sent.split(|&octet| octet == b' ').next().expect("a tag");
    hear(client, &[tag, b" OK x\r\n"].concat());
}

/// All that the client sends, with the server asking for each literal, but for one that the line ends with.
fn outgoing(client: &mut Client<'_, 64>, waits: bool) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let now = client.outgoing().to_vec();
        client.sent(now.len());
        all.extend(&now);
        if now.is_empty() || waits || !now.ends_with(b"}\r\n") {
            return all;
        }
        let mut input = &b"+ go ahead\r\n"[..];
        while client.poll(&mut input).expect("a literal is awaited").is_some() {}
    }
}

/// Word by word; keywords and atoms in any case.
fn alike(ours: &[Tree], theirs: &[Tree]) -> bool {
    fn one(ours: &Tree, theirs: &Tree) -> bool {
        match (ours, theirs) {
            (Tree::List(ours), Tree::List(theirs)) => alike(ours, theirs),
            // RFC 9051 §9, `fetch`, `store-att-flags`: one may stand without parentheses.
            (Tree::List(list), word) | (word, Tree::List(list)) if !list.is_empty() => {
                match &list[..] {
                    [only] => one(only, word),
                    _ => false,
                }
            }
            (ours, theirs) if ours.is_nil() && theirs.list().is_empty() => {
                // RFC 2971 §3.1: `()` has no fields either.
                matches!(theirs, Tree::List(_)) || theirs.is_nil()
            }
            (ours, theirs) => without_quotes(ours).eq_ignore_ascii_case(&without_quotes(theirs)),
        }
    }
    // The names of fields in BODY[HEADER.FIELDS (…)], which is one word here.
    fn without_quotes(tree: &Tree) -> Vec<u8> {
        match tree {
            Tree::Atom(word) => word.iter().copied().filter(|&octet| octet != b'"').collect(),
            other => other.octets().to_vec(),
        }
    }
    // Flags of STORE need no parentheses (RFC 9051 §9, `store-att-flags`).
    if let Some((Tree::List(list), head)) = ours.split_last()
        && ours.len() < theirs.len()
        && head.len() + list.len() == theirs.len()
    {
        return alike(&[head, list].concat(), theirs);
    }
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| one(ours, theirs))
}

type Asked = Option<Result<Tag, LocalError>>;

fn keep<T>(list: Vec<T>) -> &'static [T] {
    list.leak()
}

fn octets(tree: &Tree) -> &'static [u8] {
    keep(tree.octets().to_vec())
}

fn text(tree: &Tree) -> &'static str {
    std::str::from_utf8(octets(tree)).unwrap_or("?")
}

fn upper(tree: &Tree) -> String {
    String::from_utf8_lossy(tree.octets()).to_ascii_uppercase()
}

fn mailbox(tree: &Tree) -> Mailbox<'static> {
    Mailbox::Raw(octets(tree))
}

fn set(tree: &Tree) -> Sequence<'static> {
    Sequence::Text(octets(tree))
}

const CONDSTORE: SelectOptions<'static> = SelectOptions { condstore: true, qresync: None };

fn is_condstore(options: &Tree) -> bool {
    matches!(options.list(), [only] if only.is_word("CONDSTORE"))
}

/// By the method for it, if there is one.
fn typed(client: &mut Client<'_, 64>, name: &str, words: &[Tree]) -> Asked {
    Some(match (name, words) {
        ("CAPABILITY", []) => client.capability(),
        ("NOOP", []) => client.noop(),
        ("LOGOUT", []) => client.logout(),
        ("STARTTLS", []) => client.starttls(),
        ("LOGIN", [user, password]) => client.login(octets(user), octets(password)),
        ("AUTHENTICATE", [name]) => client.authenticate(&mut Credulous::named(text(name))),
        ("AUTHENTICATE", [name, initial]) => {
            client.authenticate(&mut Credulous::beginning(text(name), text(initial)))
        }
        ("ENABLE", names) => client.enable(keep(names.iter().map(text).collect())),
        ("ID", [Tree::List(fields)]) => {
            let pairs = fields
                .chunks(2)
                .map(|pair| (text(&pair[0]), (!pair[1].is_nil()).then(|| text(&pair[1]))));
            client.id(keep(pairs.collect()))
        }
        ("ID", [nil]) if nil.is_nil() => client.id(&[]),
        ("COMPRESS", [_]) => client.compress(),
        ("GETJMAPACCESS", []) => client.get_jmap_access(),
        ("IDLE", []) => client.idle(),
        ("CHECK", []) => client.check(),
        ("CLOSE", []) => client.close(),
        ("UNSELECT", []) => client.unselect(),
        ("EXPUNGE", []) => client.expunge(),
        ("NAMESPACE", []) => client.namespace(),
        ("SELECT", [name]) => client.select(mailbox(name)),
        ("EXAMINE", [name]) => client.examine(mailbox(name)),
        ("SELECT", [name, options]) if is_condstore(options) => {
            client.select_with(mailbox(name), &CONDSTORE)
        }
        ("EXAMINE", [name, options]) if is_condstore(options) => {
            client.examine_with(mailbox(name), &CONDSTORE)
        }
        ("CREATE", [name]) => client.create(mailbox(name)),
        ("CREATE", [name, Tree::List(options)]) => match &options[..] {
            [word, Tree::List(uses)] if word.is_word("USE") => {
                let uses = uses.iter().map(|each| Attribute::from_bytes(octets(each)));
                client.create_for(mailbox(name), keep(uses.collect()))
            }
            _ => return None,
        },
        ("DELETE", [name]) => client.delete(mailbox(name)),
        ("RENAME", [from, to]) => client.rename(mailbox(from), mailbox(to)),
        ("SUBSCRIBE", [name]) => client.subscribe(mailbox(name)),
        ("UNSUBSCRIBE", [name]) => client.unsubscribe(mailbox(name)),
        ("LIST", [reference, pattern]) if pattern.list().is_empty() => {
            client.list(mailbox(reference), mailbox(pattern))
        }
        ("LIST", words) => return list(client, words),
        ("LSUB", [reference, pattern]) => client.lsub(mailbox(reference), mailbox(pattern)),
        ("XLIST", [reference, pattern]) => client.xlist(mailbox(reference), mailbox(pattern)),
        ("STATUS", [name, Tree::List(items)]) => client
            .status(mailbox(name), keep(items.iter().map(status_item).collect::<Option<_>>()?)),
        ("APPEND", [name, options @ .., size]) => return append(client, name, options, size),
        ("GETQUOTA", [root]) => client.get_quota(octets(root)),
        ("GETQUOTAROOT", [name]) => client.get_quota_root(mailbox(name)),
        ("SETQUOTA", [root, Tree::List(limits)]) => {
            let limits: Option<Vec<_>> = limits
                .chunks(2)
                .map(|pair| Some((text(&pair[0]), text(&pair[1]).parse().ok()?)))
                .collect();
            client.set_quota(octets(root), keep(limits?))
        }
        ("GETACL", [name]) => client.get_acl(mailbox(name)),
        ("MYRIGHTS", [name]) => client.my_rights(mailbox(name)),
        ("LISTRIGHTS", [name, who]) => client.list_rights(mailbox(name), octets(who)),
        ("DELETEACL", [name, who]) => client.delete_acl(mailbox(name), octets(who)),
        ("GETMETADATA", words) => return get_metadata(client, words),
        ("SETMETADATA", [name, Tree::List(values)]) => {
            let values = values
                .chunks(2)
                .map(|pair| (text(&pair[0]), (!pair[1].is_nil()).then(|| octets(&pair[1]))));
            client.set_metadata(mailbox(name), keep(values.collect()))
        }
        ("UID", [name, words @ ..]) => return by_number(client, &upper(name), words, true),
        (name, words) => return by_number(client, name, words, false),
    })
}

/// The commands that have a UID form.
fn by_number(client: &mut Client<'_, 64>, name: &str, words: &[Tree], uid: bool) -> Asked {
    Some(match (name, words) {
        ("EXPUNGE", [uids]) if uid => client.uid_expunge(set(uids)),
        ("COPY", [from, to]) if uid => client.uid_copy(set(from), mailbox(to)),
        ("COPY", [from, to]) => client.copy(set(from), mailbox(to)),
        ("MOVE", [from, to]) if uid => client.uid_move_to(set(from), mailbox(to)),
        ("MOVE", [from, to]) => client.move_to(set(from), mailbox(to)),
        ("FETCH", [numbers, items @ ..]) => return fetch(client, numbers, items, uid),
        ("STORE", [numbers, what @ ..]) => return store(client, numbers, what, uid),
        ("SEARCH", words) => {
            let (returns, words) = returns(words)?;
            let (charset, words) = match words {
                [word, charset, rest @ ..] if word.is_word("CHARSET") => {
                    (Some(octets(charset)), rest)
                }
                _ => (None, words),
            };
            let (keys, options) = (keys(words)?, SearchOptions { returns, charset });
            if uid {
                client.uid_search_with(keys, &options)
            } else {
                client.search_with(keys, &options)
            }
        }
        ("SORT", words) => {
            let (returns, words) = returns(words)?;
            let [Tree::List(order), charset, words @ ..] = words else { return None };
            let options = SearchOptions { returns, charset: Some(octets(charset)) };
            let (order, keys) = (sort_order(order)?, keys(words)?);
            if uid {
                client.uid_sort(order, keys, &options)
            } else {
                client.sort(order, keys, &options)
            }
        }
        ("THREAD", [algorithm, charset, words @ ..]) => {
            let algorithm = match &*upper(algorithm) {
                "ORDEREDSUBJECT" => ThreadAlgorithm::OrderedSubject,
                "REFERENCES" => ThreadAlgorithm::References,
                _ => return None,
            };
            let (keys, charset) = (keys(words)?, Some(octets(charset)));
            if uid {
                client.uid_thread(algorithm, keys, charset)
            } else {
                client.thread(algorithm, keys, charset)
            }
        }
        _ => return None,
    })
}

fn list(client: &mut Client<'_, 64>, words: &[Tree]) -> Asked {
    let (selection, words) = match words {
        [Tree::List(selection), rest @ ..] => (&selection[..], rest),
        _ => (&[][..], words),
    };
    let selection: Option<Vec<_>> = selection
        .iter()
        .map(|each| {
            Some(match &*upper(each) {
                "SUBSCRIBED" => ListSelection::Subscribed,
                "REMOTE" => ListSelection::Remote,
                "RECURSIVEMATCH" => ListSelection::RecursiveMatch,
                "SPECIAL-USE" => ListSelection::SpecialUse,
                _ => return None,
            })
        })
        .collect();
    let (reference, patterns, rest) = match words {
        [reference, Tree::List(patterns), rest @ ..] => (reference, patterns.clone(), rest),
        [reference, pattern, rest @ ..] => (reference, vec![pattern.clone()], rest),
        _ => return None,
    };
    let returns: Option<Vec<_>> = match rest {
        [] => Some(Vec::new()),
        [word, Tree::List(returns)] if word.is_word("RETURN") => returns
            .iter()
            .map(|each| {
                Some(match &*upper(each) {
                    "SUBSCRIBED" => ListReturn::Subscribed,
                    "CHILDREN" => ListReturn::Children,
                    "SPECIAL-USE" => ListReturn::SpecialUse,
                    _ => return None,
                })
            })
            .collect(),
        _ => return None,
    };
    let options = ListOptions {
        selection: keep(selection?),
        reference: mailbox(reference),
        patterns: keep(patterns.iter().map(mailbox).collect()),
        returns: keep(returns?),
    };
    Some(client.list_with(&options))
}

fn status_item(tree: &Tree) -> Option<StatusItem<'static>> {
    Some(match &*upper(tree) {
        "MESSAGES" => StatusItem::Messages,
        "RECENT" => StatusItem::Recent,
        "UIDNEXT" => StatusItem::UidNext,
        "UIDVALIDITY" => StatusItem::UidValidity,
        "UNSEEN" => StatusItem::Unseen,
        "DELETED" => StatusItem::Deleted,
        "SIZE" => StatusItem::Size,
        "HIGHESTMODSEQ" => StatusItem::HighestModSeq,
        _ => StatusItem::Other(octets(tree)),
    })
}

/// The message stands at the end of the line, or only its size: `{12}`.
fn append(client: &mut Client<'_, 64>, name: &Tree, options: &[Tree], last: &Tree) -> Asked {
    let size = match last {
        Tree::Text(message) => message.len() as u64,
        size => {
            let size = text(size).strip_prefix('{')?.strip_suffix('}')?;
            size.strip_suffix('+').unwrap_or(size).parse().ok()?
        }
    };
    let mut all = AppendOptions { binary: last.octets().contains(&0), ..AppendOptions::default() };
    for option in options {
        match option {
            Tree::List(flags) => {
                let flags = flags.iter().map(|flag| Flag::from_bytes(octets(flag)));
                all.flags = keep(flags.collect());
            }
            date => all.date = Some(date_time(text(date))?),
        }
    }
    let asked = client.append(mailbox(name), &all, size);
    if let (Ok(_), Tree::Text(message)) = (&asked, last) {
        client.upload(message).expect("a literal that need not wait");
        client.append_end().expect("all of the message");
    }
    Some(asked)
}

fn get_metadata(client: &mut Client<'_, 64>, words: &[Tree]) -> Asked {
    let (given, words) = match words {
        [Tree::List(options), rest @ ..] => (&options[..], rest),
        _ => (&[][..], words),
    };
    let mut options = MetadataOptions::default();
    for pair in given.chunks(2) {
        match (&*upper(&pair[0]), text(pair.get(1)?)) {
            ("MAXSIZE", number) => options.max_size = Some(number.parse().ok()?),
            ("DEPTH", "1") => options.depth = MetadataDepth::Children,
            ("DEPTH", "infinity") => options.depth = MetadataDepth::Infinity,
            _ => return None,
        }
    }
    let [name, entries] = words else { return None };
    let entries: Vec<&str> = match entries {
        Tree::List(entries) => entries.iter().map(text).collect(),
        one => vec![text(one)],
    };
    Some(client.get_metadata(mailbox(name), &entries, &options))
}

fn fetch(client: &mut Client<'_, 64>, numbers: &Tree, words: &[Tree], uid: bool) -> Asked {
    let (items, modifiers) = words.split_first()?;
    let items: Vec<_> = match items {
        Tree::List(items) => match &items[..] {
            [preview, Tree::List(_)] if preview.is_word("PREVIEW") => {
                vec![FetchItem::Preview { lazy: true }]
            }
            items => items.iter().map(fetch_item).collect::<Option<_>>()?,
        },
        one => vec![fetch_item(one)?],
    };
    let mut options = FetchOptions::default();
    match modifiers {
        [] => {}
        [Tree::List(list)] => match &list[..] {
            [word, number] if word.is_word("CHANGEDSINCE") => {
                options.changed_since = Some(text(number).parse().ok()?);
            }
            _ => return None,
        },
        _ => return None,
    }
    let items = keep(items);
    Some(if uid {
        client.uid_fetch_with(set(numbers), items, &options)
    } else {
        client.fetch_with(set(numbers), items, &options)
    })
}

fn fetch_item(tree: &Tree) -> Option<FetchItem<'static>> {
    let name = upper(tree);
    Some(match &*name {
        "ALL" => FetchItem::All,
        "FAST" => FetchItem::Fast,
        "FULL" => FetchItem::Full,
        "UID" => FetchItem::Uid,
        "FLAGS" => FetchItem::Flags,
        "ENVELOPE" => FetchItem::Envelope,
        "INTERNALDATE" => FetchItem::InternalDate,
        "RFC822.SIZE" => FetchItem::Rfc822Size,
        "BODY" => FetchItem::Body,
        "BODYSTRUCTURE" => FetchItem::BodyStructure,
        "RFC822" => FetchItem::Rfc822,
        "RFC822.HEADER" => FetchItem::Rfc822Header,
        "RFC822.TEXT" => FetchItem::Rfc822Text,
        "MODSEQ" => FetchItem::ModSeq,
        _ if name.contains('[') => return section_item(&name),
        _ => FetchItem::Other(octets(tree)),
    })
}

/// `BODY.PEEK[1.HEADER.FIELDS (A B)]<0.10>`.
fn section_item(name: &str) -> Option<FetchItem<'static>> {
    let (item, rest) = name.split_once('[')?;
    let (section, partial) = rest.rsplit_once(']')?;
    let partial = match partial.strip_prefix('<') {
        Some(partial) => {
            let (offset, octets) = partial.strip_suffix('>')?.split_once('.')?;
            Some(Partial { offset: offset.parse().ok()?, octets: octets.parse().ok()? })
        }
        None => None,
    };
    let (section, names) = section.split_once(' ').unwrap_or((section, ""));
    let names = plain::words(names.trim_matches(['(', ')']).as_bytes());
    let names = keep(names.iter().map(text).collect());
    let mut path = Vec::new();
    let mut words = section.split('.').peekable();
    while let Some(number) = words.peek().and_then(|word| word.parse().ok()) {
        path.push(number);
        words.next();
    }
    let part = match &*words.collect::<Vec<_>>().join(".") {
        "" => Part::Whole,
        "HEADER" => Part::Header,
        "HEADER.FIELDS" => Part::HeaderFields(names),
        "HEADER.FIELDS.NOT" => Part::HeaderFieldsNot(names),
        "TEXT" => Part::Text,
        "MIME" => Part::Mime,
        _ => return None,
    };
    let path = keep(path);
    Some(match item {
        "BODY" | "BODY.PEEK" => FetchItem::BodySection {
            section: BodySection { path, part },
            peek: item != "BODY",
            partial,
        },
        "BINARY" | "BINARY.PEEK" => {
            FetchItem::Binary { part: path, peek: item != "BINARY", partial }
        }
        "BINARY.SIZE" => FetchItem::BinarySize(path),
        _ => return None,
    })
}

fn store(client: &mut Client<'_, 64>, numbers: &Tree, words: &[Tree], uid: bool) -> Asked {
    let (unchanged, words) = match words {
        [Tree::List(list), rest @ ..] => match &list[..] {
            [word, number] if word.is_word("UNCHANGEDSINCE") => {
                (Some(text(number).parse().ok()?), rest)
            }
            _ => return None,
        },
        _ => (None, words),
    };
    let (how, flags) = words.split_first()?;
    let flags: Vec<Tree> = match flags {
        [Tree::List(flags)] => flags.clone(),
        flags => flags.to_vec(),
    };
    let flags = keep(flags.iter().map(|flag| Flag::from_bytes(octets(flag))).collect());
    let how = upper(how);
    let (how, silent) = match how.strip_suffix(".SILENT") {
        Some(how) => (how, true),
        None => (&*how, false),
    };
    let mut what = match how {
        "FLAGS" => Store::replace(flags),
        "+FLAGS" => Store::add(flags),
        "-FLAGS" => Store::remove(flags),
        _ => return None,
    };
    if silent {
        what = what.silent();
    }
    if let Some(mod_seq) = unchanged {
        what = what.unchanged_since(mod_seq);
    }
    Some(if uid {
        client.uid_store(set(numbers), &what)
    } else {
        client.store(set(numbers), &what)
    })
}

/// RETURN and its options.
fn returns(words: &[Tree]) -> Option<(Option<&'static [SearchReturn]>, &[Tree])> {
    let [word, Tree::List(options), rest @ ..] = words else { return Some((None, words)) };
    if !word.is_word("RETURN") {
        return Some((None, words));
    }
    let options: Option<Vec<_>> = options
        .iter()
        .map(|each| {
            Some(match &*upper(each) {
                "MIN" => SearchReturn::Min,
                "MAX" => SearchReturn::Max,
                "ALL" => SearchReturn::All,
                "COUNT" => SearchReturn::Count,
                "SAVE" => SearchReturn::Save,
                _ => return None,
            })
        })
        .collect();
    Some((Some(keep(options?)), rest))
}

fn sort_order(words: &[Tree]) -> Option<&'static [SortBy]> {
    let (mut order, mut reverse) = (Vec::new(), false);
    for word in words {
        let key = match &*upper(word) {
            "REVERSE" => {
                reverse = true;
                continue;
            }
            "ARRIVAL" => SortKey::Arrival,
            "CC" => SortKey::Cc,
            "DATE" => SortKey::Date,
            "FROM" => SortKey::From,
            "SIZE" => SortKey::Size,
            "SUBJECT" => SortKey::Subject,
            "TO" => SortKey::To,
            "DISPLAYFROM" => SortKey::DisplayFrom,
            "DISPLAYTO" => SortKey::DisplayTo,
            _ => return None,
        };
        order.push(SortBy { key, reverse });
        reverse = false;
    }
    Some(keep(order))
}

fn keys(mut words: &[Tree]) -> Option<&'static [SearchKey<'static>]> {
    let mut keys = Vec::new();
    while !words.is_empty() {
        keys.push(key(&mut words)?);
    }
    Some(keep(keys))
}

/// One search key, with what it takes.
fn key(words: &mut &[Tree]) -> Option<SearchKey<'static>> {
    let (first, rest) = words.split_first()?;
    *words = rest;
    let mut next = || {
        let (first, rest) = words.split_first()?;
        *words = rest;
        Some(first)
    };
    Some(match &*upper(first) {
        _ if matches!(first, Tree::List(_)) => SearchKey::And(keys(first.list())?),
        "ALL" => SearchKey::All,
        "ANSWERED" => SearchKey::Answered,
        "DELETED" => SearchKey::Deleted,
        "DRAFT" => SearchKey::Draft,
        "FLAGGED" => SearchKey::Flagged,
        "NEW" => SearchKey::New,
        "OLD" => SearchKey::Old,
        "RECENT" => SearchKey::Recent,
        "SEEN" => SearchKey::Seen,
        "UNANSWERED" => SearchKey::Unanswered,
        "UNDELETED" => SearchKey::Undeleted,
        "UNDRAFT" => SearchKey::Undraft,
        "UNFLAGGED" => SearchKey::Unflagged,
        "UNSEEN" => SearchKey::Unseen,
        "KEYWORD" => SearchKey::Keyword(octets(next()?)),
        "UNKEYWORD" => SearchKey::Unkeyword(octets(next()?)),
        "BCC" => SearchKey::Bcc(octets(next()?)),
        "BODY" => SearchKey::Body(octets(next()?)),
        "CC" => SearchKey::Cc(octets(next()?)),
        "FROM" => SearchKey::From(octets(next()?)),
        "SUBJECT" => SearchKey::Subject(octets(next()?)),
        "TEXT" => SearchKey::Text(octets(next()?)),
        "TO" => SearchKey::To(octets(next()?)),
        "HEADER" => SearchKey::Header { field: octets(next()?), value: octets(next()?) },
        "BEFORE" => SearchKey::Before(date(text(next()?))?),
        "ON" => SearchKey::On(date(text(next()?))?),
        "SINCE" => SearchKey::Since(date(text(next()?))?),
        "SENTBEFORE" => SearchKey::SentBefore(date(text(next()?))?),
        "SENTON" => SearchKey::SentOn(date(text(next()?))?),
        "SENTSINCE" => SearchKey::SentSince(date(text(next()?))?),
        "LARGER" => SearchKey::Larger(text(next()?).parse().ok()?),
        "SMALLER" => SearchKey::Smaller(text(next()?).parse().ok()?),
        "YOUNGER" => SearchKey::Younger(text(next()?).parse().ok()?),
        "OLDER" => SearchKey::Older(text(next()?).parse().ok()?),
        "UID" => SearchKey::Uid(set(next()?)),
        "NOT" => SearchKey::Not(Box::leak(Box::new(key(words)?))),
        "OR" => {
            let first = key(words)?;
            SearchKey::Or(Box::leak(Box::new(first)), Box::leak(Box::new(key(words)?)))
        }
        "MODSEQ" => SearchKey::ModSeq(text(next()?).parse().ok()?),
        word if word.starts_with(|first: char| first.is_ascii_digit() || "*$".contains(first)) => {
            SearchKey::Sequence(if word == "$" { Sequence::Saved } else { set(first) })
        }
        _ => return None,
    })
}

/// `1-Feb-1994`.
fn date(text: &str) -> Option<Date> {
    const MONTHS: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
    let mut parts = text.split('-');
    let day = parts.next()?.trim_start().parse().ok()?;
    let month = MONTHS.find(&parts.next()?.to_ascii_lowercase())? / 3 + 1;
    Date::new(parts.next()?.parse().ok()?, u8::try_from(month).ok()?, day)
}

/// `17-Jul-1996 02:44:25 -0700`.
fn date_time(text: &str) -> Option<DateTime> {
    let mut parts = text.trim_start().split(' ');
    let date = date(parts.next()?)?;
    let mut time = parts.next()?.split(':').map_while(|part| part.parse().ok());
    let (hour, minute, second) = (time.next()?, time.next()?, time.next()?);
    let zone: i16 = parts.next()?.parse().ok()?;
    let zone_minutes = zone / 100 * 60 + zone % 100;
    Some(DateTime { date, hour, minute, second, zone_minutes })
}

/// A SASL exchange within AUTHENTICATE: what the client answers to each challenge (RFC 9051 §6.2.2). The
/// nonce of SCRAM is the client's own; where a case shows another one, it is put in its place.
pub(crate) fn exchange(case: &Value) -> Result<(), String> {
    let meaning = &case["meaning"];
    let name = meaning["mechanism"].as_str().expect("a mechanism");
    let known = Name::from_bytes(name.as_bytes()).expect("a mechanism that is known");
    let (good, scram) = (case["expect"] == "ok", name.starts_with("SCRAM"));
    let password = meaning["password"].as_str().unwrap_or("pencil");
    let user = if scram { "user" } else { "tim" };
    let credentials = Credentials::Password { authzid: "", user, password };
    let mut mechanism =
        Auto::new(known, credentials, &[7; 18]).map_err(|error| format!("{error:?}"))?;
    let steps = case["script"].as_array().expect("a script").iter();
    let mut steps = steps.map(|step| script::decode(&step[1]));
    let mut nonces = None;
    if mechanism.client_first() {
        let (theirs, ours) = (steps.next().expect("a response"), answer(&mut mechanism, b"")?);
        let nonce = |first: &[u8]| {
            String::from_utf8_lossy(first).rsplit_once("r=").map(|(_, nonce)| nonce.to_owned())
        };
        nonces = nonce(&theirs).zip(nonce(&ours));
    }
    let mut last = Ok(());
    while let Some(challenge) = steps.next() {
        let challenge = match &nonces {
            Some((theirs, ours)) => {
                String::from_utf8_lossy(&challenge).replace(&**theirs, ours).into_bytes()
            }
            None => challenge,
        };
        let (said, wanted) = (answer(&mut mechanism, &challenge), steps.next());
        last = said.and_then(|said| match wanted {
            Some(wanted) if !scram && said != wanted => Err(said.escape_ascii().to_string()),
            _ => Ok(()),
        });
    }
    match (last, mechanism.is_complete()) {
        (Ok(()), true) if good => Ok(()),
        (Err(_), false) if !good => Ok(()),
        (last, complete) => Err(format!("{last:?}, complete: {complete}")),
    }
}

fn answer(mechanism: &mut Auto<'_>, challenge: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = [0; 512];
    let len = mechanism.respond(challenge, &mut out).map_err(|error| format!("{error:?}"))?;
    Ok(out[..len].to_vec())
}

/// By its name and arguments.
fn raw(client: &mut Client<'_, 64>, name: &str, words: &[Tree]) -> Result<Tag, LocalError> {
    let arguments: Vec<Argument<'_>> = words.iter().map(argument).collect();
    client.raw(name, &arguments)
}

fn argument(tree: &Tree) -> Argument<'static> {
    match tree {
        Tree::Text(_) => Argument::String(Some(octets(tree))),
        Tree::List(list) => Argument::List(keep(list.iter().map(argument).collect())),
        Tree::Atom(_) => Argument::Verbatim(octets(tree)),
    }
}
