//! Every command of IMAP once, and most of what may be said with it. The caller's INBOX stays as it is;
//! what is made is made below the mailbox `Übung`.

use mailproto_core::imap::command::{
    AppendOptions, Argument, FetchItem, FetchOptions, FlagScope, ListOptions, ListReturn,
    ListSelection, MetadataDepth, MetadataOptions, PartialRange, RightsChange, SearchKey,
    SearchOptions, SearchReturn, SelectOptions, SortKey, StatusItem, Store, ThreadAlgorithm,
};
use mailproto_core::imap::{
    Attribute, BodySection, Capabilities, Date, DateTime, Flag, Mailbox, Part, Partial, Sequence,
    Status,
};

use crate::Result;
use crate::session::Session;
use crate::tasks::{WHOLE, upload};

/// Its name needs modified UTF-7 (RFC 3501 §5.1.3).
const HOME: Mailbox<'_> = Mailbox::Name("Übung");
const OTHER: Mailbox<'_> = Mailbox::Name("Übung/a & b");
const RENAMED: Mailbox<'_> = Mailbox::Name("Übung/台北");
const USED: Mailbox<'_> = Mailbox::Name("Archiv für Übung");
const ANYTHING: Mailbox<'_> = Mailbox::Raw(b"*");
const NOWHERE: Mailbox<'_> = Mailbox::Name("");
const MESSAGE: &[u8] = b"From: a@example.com\r\nSubject: appended\r\n\r\nOne line.\r\n";

/// What may be said before one has logged in.
pub(crate) fn before_login(session: &mut Session<'_>) -> Result<()> {
    // After STARTTLS nothing is known yet, so that its literal is a synchronising one.
    session.give("wrong login", |client| client.login(b"nobody", b"wr\"ong\\ \xc3\xbc\r\n"))?;
    session.give("capability", |client| client.capability())?;
    session.give("noop", |client| client.noop())?;
    session.give("id", |client| client.id(&[("name", Some("mailproto")), ("version", None)]))?;
    session.give("wrong login again", |client| client.login(b"no\\body", b"\r\n"))?;
    Ok(())
}

/// What may be said then.
pub(crate) fn after_login(session: &mut Session<'_>) -> Result<()> {
    general(session)?;
    mailboxes(session)?;
    extensions(session)?;
    appending(session)?;
    selecting(session)?;
    fetching(session)?;
    storing(session)?;
    searching(session)?;
    moving(session)?;
    cleaning(session)
}

fn general(session: &mut Session<'_>) -> Result<()> {
    session.give("capability", |client| client.capability())?;
    session.give("id nil", |client| client.id(&[]))?;
    session.give("enable", |client| client.enable(&["CONDSTORE", "X-UNKNOWN"]))?;
    session.give("namespace", |client| client.namespace())?;
    session.give("language", |client| client.language(&["de", "*"]))?;
    session.give("unauthenticate", |client| client.unauthenticate())?;
    session.give("get_jmap_access", |client| client.get_jmap_access())?;
    let words = [Argument::Atom(b"x"), Argument::String(Some(b"a \"b\""))];
    session.give("raw", |client| client.raw("XMAILPROTO", &words))?;
    // A server that does not know the command must not take the lines for others.
    let lines = [Argument::String(Some(b"a LOGOUT\r\nb LOGOUT"))];
    session.give("raw literal", |client| client.raw("XMAILPROTO", &lines))?;
    Ok(())
}

fn mailboxes(session: &mut Session<'_>) -> Result<()> {
    session.give("create", |client| client.create(HOME))?;
    session.give("create again", |client| client.create(HOME))?;
    session.give("create other", |client| client.create(OTHER))?;
    session.give("create_for", |client| client.create_for(USED, &[Attribute::Archive]))?;
    session.give("rename", |client| client.rename(OTHER, RENAMED))?;
    session.give("subscribe", |client| client.subscribe(RENAMED))?;
    session.give("subscribe home", |client| client.subscribe(HOME))?;
    session.give("unsubscribe", |client| client.unsubscribe(HOME))?;
    session.give("lsub", |client| client.lsub(NOWHERE, ANYTHING))?;
    session.give("xlist", |client| client.xlist(NOWHERE, ANYTHING))?;
    session.give("list", |client| client.list(NOWHERE, ANYTHING))?;
    session.give("list delimiter", |client| client.list(NOWHERE, NOWHERE))?;
    let subscribed = ListOptions {
        selection: &[ListSelection::Subscribed, ListSelection::RecursiveMatch],
        reference: NOWHERE,
        patterns: &[Mailbox::Raw(b"INBOX"), Mailbox::Raw(b"%")],
        returns: &[],
    };
    session.give("list_with selection", |client| client.list_with(&subscribed))?;
    let items = [StatusItem::Messages, StatusItem::UidNext, StatusItem::UidValidity];
    let returns = [ListReturn::Subscribed, ListReturn::Children, ListReturn::Status(&items)];
    let everything = ListOptions {
        selection: &[],
        reference: NOWHERE,
        patterns: &[ANYTHING],
        returns: &returns,
    };
    session.give("list_with status", |client| client.list_with(&everything))?;
    let special = ListOptions { returns: &[ListReturn::SpecialUse], ..everything };
    session.give("list_with special-use", |client| client.list_with(&special))?;
    let rights = ListOptions { returns: &[ListReturn::MyRights], ..everything };
    session.give("list_with myrights", |client| client.list_with(&rights))?;
    let notes = ListReturn::Metadata(&["/private/comment"]);
    let annotated = ListOptions { returns: &[notes], ..everything };
    session.give("list_with metadata", |client| client.list_with(&annotated))?;
    let items = [
        StatusItem::Messages,
        StatusItem::Recent,
        StatusItem::UidNext,
        StatusItem::UidValidity,
        StatusItem::Unseen,
    ];
    session.give("status", |client| client.status(Mailbox::INBOX, &items))?;
    for (name, needed, item) in [
        ("status size", Capabilities::STATUS_SIZE, StatusItem::Size),
        ("status highestmodseq", Capabilities::CONDSTORE, StatusItem::HighestModSeq),
        ("status mailboxid", Capabilities::OBJECTID, StatusItem::MailboxId),
        ("status deleted-storage", Capabilities::QUOTA, StatusItem::DeletedStorage),
    ] {
        if session.client.capabilities().contains(needed) {
            session.give(name, |client| client.status(Mailbox::INBOX, &[item]))?;
        }
    }
    session.give("status of nothing", |client| client.status(OTHER, &items))?;
    Ok(())
}

/// QUOTA, ACL and METADATA.
fn extensions(session: &mut Session<'_>) -> Result<()> {
    session.give("get_quota_root", |client| client.get_quota_root(Mailbox::INBOX))?;
    session.give("get_quota", |client| client.get_quota(b"User quota"))?;
    session.give("set_quota", |client| client.set_quota(b"User quota", &[("STORAGE", 1_000)]))?;
    session.give("my_rights", |client| client.my_rights(HOME))?;
    session.give("set_acl", |client| client.set_acl(HOME, b"bob", RightsChange::Replace("lr")))?;
    session.give("set_acl more", |client| client.set_acl(HOME, b"bob", RightsChange::Add("s")))?;
    session
        .give("set_acl less", |client| client.set_acl(HOME, b"bob", RightsChange::Remove("r")))?;
    session.give("get_acl", |client| client.get_acl(HOME))?;
    session.give("list_rights", |client| client.list_rights(HOME, b"bob"))?;
    session.give("delete_acl", |client| client.delete_acl(HOME, b"bob"))?;
    let comment: &[u8] = "two\r\nlines, \"ä\"".as_bytes();
    session.give("set_metadata", |client| {
        client.set_metadata(HOME, &[("/private/comment", Some(comment))])
    })?;
    let how = MetadataOptions { max_size: Some(1024), depth: MetadataDepth::Infinity };
    session
        .give("get_metadata", |client| client.get_metadata(HOME, &["/private/comment"], &how))?;
    session.give("get_metadata of the server", |client| {
        client.get_metadata(NOWHERE, &["/shared/comment"], &MetadataOptions::default())
    })?;
    session.give("set_metadata nil", |client| {
        client.set_metadata(HOME, &[("/private/comment", None)])
    })?;
    Ok(())
}

fn appending(session: &mut Session<'_>) -> Result<()> {
    let dated = AppendOptions {
        flags: &[Flag::Flagged, Flag::Keyword(b"$Forwarded")],
        date: DateTime::from_unix(1_000_000_000, -90),
        ..AppendOptions::default()
    };
    append(session, "append", HOME, &dated, MESSAGE)?;
    append(session, "append to nothing", OTHER, &dated, MESSAGE)?;
    if session.client.capabilities().contains(Capabilities::MULTIAPPEND) {
        let octets = MESSAGE.len() as u64;
        session.client.append(HOME, &AppendOptions::default(), octets)?;
        upload(session, &mut &*MESSAGE)?;
        session.client.append_next(&dated, octets)?;
        upload(session, &mut &*MESSAGE)?;
        session.client.append_end()?;
        session.label("append two")?;
        session.finish()?;
    }
    if session.client.capabilities().contains(Capabilities::BINARY) {
        let binary = AppendOptions { binary: true, ..AppendOptions::default() };
        append(session, "append binary", HOME, &binary, MESSAGE)?;
    }
    Ok(())
}

fn append(
    session: &mut Session<'_>,
    name: &str,
    mailbox: Mailbox<'_>,
    options: &AppendOptions<'_>,
    mut message: &[u8],
) -> Result<()> {
    session.client.append(mailbox, options, message.len() as u64)?;
    session.label(name)?;
    if upload(session, &mut message)? {
        session.client.append_end()?;
        session.finish()?;
    }
    Ok(())
}

fn selecting(session: &mut Session<'_>) -> Result<()> {
    session.give("select nothing", |client| client.select(OTHER))?;
    session.give("examine", |client| client.examine(Mailbox::INBOX))?;
    session.give("unselect", |client| client.unselect())?;
    let condstore = SelectOptions { condstore: true, qresync: None };
    session.give("examine_with", |client| client.examine_with(Mailbox::INBOX, &condstore))?;
    session.give("close", |client| client.close())?;
    session.give("select_with", |client| client.select_with(HOME, &condstore))?;
    session.give("select", |client| client.select(Mailbox::INBOX))?;
    session.give("check", |client| client.check())?;
    session.give("noop", |client| client.noop())?;
    Ok(())
}

fn fetching(session: &mut Session<'_>) -> Result<()> {
    let all = Sequence::ALL;
    session.give("fetch all", |client| client.fetch(all, &[FetchItem::All]))?;
    session.give("fetch fast", |client| client.fetch(all, &[FetchItem::Fast]))?;
    session.give("fetch full", |client| client.fetch(all, &[FetchItem::Full]))?;
    let items = [
        FetchItem::Uid,
        FetchItem::Flags,
        FetchItem::InternalDate,
        FetchItem::Rfc822Size,
        FetchItem::Envelope,
        FetchItem::BodyStructure,
    ];
    session.give("fetch", |client| client.fetch(all, &items))?;
    session.give("uid_fetch", |client| client.uid_fetch(all, &items))?;
    session.give("fetch some", |client| client.fetch(Sequence::Numbers(&[1, 3]), &items[..2]))?;
    session.give("fetch last", |client| client.fetch(Sequence::Last, &items[..2]))?;
    session.give("fetch body", |client| client.fetch(all, &[WHOLE]))?;
    sections(session)?;
    fetching_extensions(session)
}

fn sections(session: &mut Session<'_>) -> Result<()> {
    let names = ["Subject", "From"];
    let parts =
        [Part::Header, Part::HeaderFields(&names), Part::HeaderFieldsNot(&names), Part::Text];
    for part in parts {
        let item = peek(BodySection { path: &[], part });
        session.give(&format!("fetch {part:?}"), |client| client.fetch(Sequence::ALL, &[item]))?;
    }
    let first = peek(BodySection::part(&[1]));
    let mime = peek(BodySection { path: &[1], part: Part::Mime });
    let second = peek(BodySection::part(&[2]));
    session.give("fetch parts", |client| client.fetch(Sequence::ALL, &[first, mime, second]))?;
    let partial = Some(Partial { offset: 10, octets: 100 });
    let beginning = FetchItem::BodySection { section: BodySection::part(&[]), peek: true, partial };
    session.give("fetch partial", |client| client.fetch(Sequence::ALL, &[beginning]))?;
    session.give("fetch rfc822.header", |client| {
        client.fetch(Sequence::ALL, &[FetchItem::Rfc822Header])
    })?;
    Ok(())
}

fn peek(section: BodySection<'_>) -> FetchItem<'_> {
    FetchItem::BodySection { section, peek: true, partial: None }
}

/// Items of which each needs its capability.
fn fetching_extensions(session: &mut Session<'_>) -> Result<()> {
    let binary = FetchItem::Binary { part: &[1], peek: true, partial: None };
    for (name, needed, item) in [
        ("fetch modseq", Capabilities::CONDSTORE, FetchItem::ModSeq),
        ("fetch emailid", Capabilities::OBJECTID, FetchItem::EmailId),
        ("fetch threadid", Capabilities::OBJECTID, FetchItem::ThreadId),
        ("fetch savedate", Capabilities::SAVEDATE, FetchItem::SaveDate),
        ("fetch preview", Capabilities::PREVIEW, FetchItem::Preview { lazy: false }),
        ("fetch preview lazy", Capabilities::PREVIEW, FetchItem::Preview { lazy: true }),
        ("fetch binary", Capabilities::BINARY, binary),
        ("fetch binary.size", Capabilities::BINARY, FetchItem::BinarySize(&[1])),
    ] {
        if session.client.capabilities().contains(needed) {
            session.give(name, |client| client.fetch(Sequence::ALL, &[FetchItem::Uid, item]))?;
        }
    }
    let changed = FetchOptions { changed_since: Some(1), ..FetchOptions::default() };
    session.give("fetch_with", |client| {
        client.fetch_with(Sequence::ALL, &[FetchItem::Flags], &changed)
    })?;
    let some = FetchOptions { partial: Some(PartialRange::FromLast(1, 2)), ..changed };
    session.give("uid_fetch_with", |client| {
        client.uid_fetch_with(Sequence::ALL, &[FetchItem::Flags], &some)
    })?;
    Ok(())
}

/// In the mailbox `HOME`, which holds four messages by now, or fewer where APPEND cannot do all.
fn storing(session: &mut Session<'_>) -> Result<()> {
    session.give("select home", |client| client.select(HOME))?;
    let (one, flags) = (Sequence::One(1), [Flag::Answered, Flag::Keyword(b"Work")]);
    session.give("store add", |client| client.store(one, &Store::add(&flags)))?;
    session.give("store remove", |client| client.store(one, &Store::remove(&flags[..1])))?;
    session
        .give("store silent", |client| client.store(one, &Store::add(&[Flag::Draft]).silent()))?;
    session.give("store replace", |client| client.store(one, &Store::replace(&[Flag::Seen])))?;
    session.give("store nothing", |client| client.uid_store(one, &Store::replace(&[])))?;
    session.give("uid_store", |client| client.uid_store(one, &Store::add(&flags)))?;
    session.give("store unchangedsince", |client| {
        client.store(one, &Store::add(&[Flag::Flagged]).unchanged_since(1))
    })?;
    session.give("fetch rfc822", |client| {
        client.fetch(one, &[FetchItem::Rfc822, FetchItem::Rfc822Text])
    })?;
    session.give("fetch flags", |client| client.fetch(Sequence::ALL, &[FetchItem::Flags]))?;
    Ok(())
}

fn searching(session: &mut Session<'_>) -> Result<()> {
    session.give("select inbox", |client| client.select(Mailbox::INBOX))?;
    let day = Date::new(2000, 1, 1).ok_or("no such day")?;
    let keys: &[(&str, SearchKey<'_>)] = &[
        ("ALL", SearchKey::All),
        ("UNSEEN", SearchKey::Unseen),
        ("NOT UNSEEN", SearchKey::Not(&SearchKey::Unseen)),
        ("RECENT", SearchKey::Recent),
        ("NEW", SearchKey::New),
        ("OLD", SearchKey::Old),
        ("OR DELETED FLAGGED", SearchKey::Or(&SearchKey::Deleted, &SearchKey::Flagged)),
        ("KEYWORD $Forwarded", SearchKey::Keyword(b"$Forwarded")),
        ("UNKEYWORD $Forwarded", SearchKey::Unkeyword(b"$Forwarded")),
        ("FROM tester", SearchKey::From(b"tester")),
        ("TO example", SearchKey::To(b"example")),
        ("CC x", SearchKey::Cc(b"x")),
        ("BCC x", SearchKey::Bcc(b"x")),
        ("SUBJECT the", SearchKey::Subject(b"the")),
        ("BODY the", SearchKey::Body(b"the")),
        ("TEXT \"a b\"", SearchKey::Text(b"a b")),
        ("HEADER Subject \"\"", SearchKey::Header { field: b"Subject", value: b"" }),
        ("BEFORE 1-Jan-2000", SearchKey::Before(day)),
        ("ON 1-Jan-2000", SearchKey::On(day)),
        ("SINCE 1-Jan-2000", SearchKey::Since(day)),
        ("SENTBEFORE 1-Jan-2000", SearchKey::SentBefore(day)),
        ("SENTON 1-Jan-2000", SearchKey::SentOn(day)),
        ("SENTSINCE 1-Jan-2000", SearchKey::SentSince(day)),
        ("LARGER 3000", SearchKey::Larger(3000)),
        ("SMALLER 3000", SearchKey::Smaller(3000)),
        ("2:3", SearchKey::Sequence(Sequence::from(2..=3))),
        ("UID 2:*", SearchKey::Uid(Sequence::from(2..))),
        ("(UNSEEN LARGER 1)", SearchKey::And(&[SearchKey::Unseen, SearchKey::Larger(1)])),
        ("ANSWERED", SearchKey::Answered),
        ("UNANSWERED", SearchKey::Unanswered),
        ("DRAFT", SearchKey::Draft),
        ("UNDRAFT", SearchKey::Undraft),
        ("UNDELETED", SearchKey::Undeleted),
        ("UNFLAGGED", SearchKey::Unflagged),
        ("SEEN", SearchKey::Seen),
    ];
    for (name, key) in keys {
        session.give(&format!("search {name}"), |client| client.search(&[*key]))?;
        session.give(&format!("uid_search {name}"), |client| client.uid_search(&[*key]))?;
    }
    searching_extensions(session)?;
    sorting(session)
}

fn searching_extensions(session: &mut Session<'_>) -> Result<()> {
    let flag_mod_seq =
        SearchKey::FlagModSeq { flag: Flag::Seen, scope: FlagScope::All, mod_seq: 1 };
    for (name, needed, key) in [
        ("search MODSEQ 1", Capabilities::CONDSTORE, SearchKey::ModSeq(1)),
        ("search MODSEQ of a flag", Capabilities::CONDSTORE, flag_mod_seq),
        ("search YOUNGER 86400", Capabilities::WITHIN, SearchKey::Younger(86_400)),
        ("search OLDER 86400", Capabilities::WITHIN, SearchKey::Older(86_400)),
        ("search SAVEDATESUPPORTED", Capabilities::SAVEDATE, SearchKey::SaveDateSupported),
        ("search FUZZY", Capabilities::SEARCH_FUZZY, SearchKey::Fuzzy(&SearchKey::Text(b"the"))),
    ] {
        if session.client.capabilities().contains(needed) {
            session.give(name, |client| client.search(&[key]))?;
        }
    }
    let returns = [SearchReturn::Min, SearchReturn::Max, SearchReturn::Count, SearchReturn::All];
    let told = SearchOptions { returns: Some(&returns), charset: None };
    session.give("search_with", |client| client.search_with(&[SearchKey::All], &told))?;
    session.give("uid_search_with", |client| client.uid_search_with(&[SearchKey::All], &told))?;
    let saved = SearchOptions { returns: Some(&[SearchReturn::Save]), charset: None };
    let save = session.give("search_with save", |client| {
        client.uid_search_with(&[SearchKey::Uid(Sequence::from(2..=3))], &saved)
    })?;
    if save == Status::Ok {
        session
            .give("fetch saved", |client| client.uid_fetch(Sequence::Saved, &[FetchItem::Uid]))?;
    }
    let utf8 = SearchOptions { returns: None, charset: Some(b"UTF-8") };
    let word = "Grüße".as_bytes();
    session
        .give("search charset", |client| client.search_with(&[SearchKey::Subject(word)], &utf8))?;
    let unknown = SearchOptions { returns: None, charset: Some(b"X-UNKNOWN") };
    session.give("search badcharset", |client| {
        client.search_with(&[SearchKey::Subject(word)], &unknown)
    })?;
    Ok(())
}

fn sorting(session: &mut Session<'_>) -> Result<()> {
    let utf8 = SearchOptions { returns: None, charset: Some(b"UTF-8") };
    let (all, order) = ([SearchKey::All], [SortKey::Size.reverse(), SortKey::Arrival.ascending()]);
    session.give("sort", |client| client.sort(&order, &all, &utf8))?;
    session.give("uid_sort", |client| client.uid_sort(&order, &all, &utf8))?;
    let by_name = [SortKey::DisplayFrom.ascending(), SortKey::Date.ascending()];
    session.give("sort display", |client| client.sort(&by_name, &all, &utf8))?;
    let told = SearchOptions { returns: Some(&[SearchReturn::All, SearchReturn::Count]), ..utf8 };
    session.give("sort return", |client| client.uid_sort(&order, &all, &told))?;
    for algorithm in
        [ThreadAlgorithm::OrderedSubject, ThreadAlgorithm::References, ThreadAlgorithm::Refs]
    {
        session.give(&format!("thread {algorithm:?}"), |client| {
            client.thread(algorithm, &all, Some(b"UTF-8"))
        })?;
        session.give(&format!("uid_thread {algorithm:?}"), |client| {
            client.uid_thread(algorithm, &all, None)
        })?;
    }
    Ok(())
}

fn moving(session: &mut Session<'_>) -> Result<()> {
    let one = Sequence::One(1);
    session.give("copy", |client| client.copy(Sequence::from(1..=2), HOME))?;
    session.give("uid_copy", |client| client.uid_copy(Sequence::from(2..=3), RENAMED))?;
    session.give("copy to nothing", |client| client.copy(one, OTHER))?;
    session.give("select home", |client| client.select(HOME))?;
    session.give("move_to", |client| client.move_to(one, RENAMED))?;
    session.give("uid_move_to", |client| client.uid_move_to(Sequence::One(2), RENAMED))?;
    let deleted = [Flag::Deleted];
    session.give("store deleted", |client| {
        client.store(Sequence::from(1..=2), &Store::add(&deleted))
    })?;
    session.give("uid_expunge", |client| client.uid_expunge(Sequence::from(1..=3)))?;
    session.give("expunge", |client| client.expunge())?;
    session.give("store deleted again", |client| client.store(one, &Store::add(&deleted)))?;
    session.give("unselect", |client| client.unselect())?;
    session.give("select home", |client| client.select(HOME))?;
    session.give("close", |client| client.close())?;
    Ok(())
}

fn cleaning(session: &mut Session<'_>) -> Result<()> {
    let items = [StatusItem::Messages];
    session.give("status home", |client| client.status(HOME, &items))?;
    session.give("status renamed", |client| client.status(RENAMED, &items))?;
    session.give("unsubscribe renamed", |client| client.unsubscribe(RENAMED))?;
    session.give("delete", |client| client.delete(RENAMED))?;
    session.give("delete used", |client| client.delete(USED))?;
    session.give("delete home", |client| client.delete(HOME))?;
    session.give("delete again", |client| client.delete(HOME))?;
    Ok(())
}
