//! A client's methods as a caller meets them: what each puts on the wire, in which state it is
//! legal, what the server must offer, how much room it takes, and when its octets leave.
#![cfg(all(feature = "imap-all", feature = "sasl-all"))]

use mailproto_core::LocalError;
use mailproto_core::imap::command::*;
use mailproto_core::imap::{
    Attribute, Client, CommandKind, Config, Event, Flag, Mailbox, Security, Sequence, State,
    Status, Tag,
};

type Call = fn(&mut Client<'_>) -> Result<Tag, LocalError>;

/// In which states a command is legal.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Where {
    Any,
    LoggedIn,
    /// Logged in, but no mailbox selected.
    NotSelected,
    Selected,
}
use Where::{Any, LoggedIn, NotSelected, Selected};

const INBOX: Mailbox<'static> = Mailbox::INBOX;
const UIDS: Sequence<'static> = Sequence::Range { first: 2, last: Some(4) };
const PARTIAL: PartialRange = PartialRange::FromLast(1, 9);
const ALL: &[SearchKey<'static>] = &[SearchKey::All];

const fn returning(returns: &'static [SearchReturn]) -> SearchOptions<'static> {
    SearchOptions { returns: Some(returns), charset: None }
}

/// Each method: the state, what the server must offer (one name, or none), the line.
const CALLS: &[(Where, &str, &str, Call)] = &[
    (Any, "", "CAPABILITY", |c| c.capability()),
    (Any, "", "NOOP", |c| c.noop()),
    (Any, "", "LOGOUT", |c| c.logout()),
    (Any, "ID", "ID NIL", |c| c.id(&[])),
    (Any, "", "LANGUAGE i-default", |c| c.language(&["i-default"])),
    (Any, "", "XNOOP (a)", |c| c.raw("XNOOP", &[Argument::List(&[Argument::Atom(b"a")])])),
    (NotSelected, "ENABLE", "ENABLE CONDSTORE", |c| c.enable(&["CONDSTORE"])),
    (LoggedIn, "COMPRESS=DEFLATE", "COMPRESS DEFLATE", |c| c.compress()),
    (LoggedIn, "UNAUTHENTICATE", "UNAUTHENTICATE", |c| c.unauthenticate()),
    (LoggedIn, "JMAPACCESS", "GETJMAPACCESS", |c| c.get_jmap_access()),
    (LoggedIn, "", "SELECT INBOX", |c| c.select(INBOX)),
    (LoggedIn, "", "EXAMINE INBOX", |c| c.examine(INBOX)),
    (LoggedIn, "CONDSTORE", "SELECT INBOX (CONDSTORE)", |c| {
        c.select_with(INBOX, &SelectOptions { condstore: true, qresync: None })
    }),
    (LoggedIn, "QRESYNC", "EXAMINE INBOX (QRESYNC (1 2))", |c| {
        let known = QResync { uid_validity: 1, mod_seq: 2, known_uids: None, matches: None };
        c.examine_with(INBOX, &SelectOptions { condstore: false, qresync: Some(known) })
    }),
    (LoggedIn, "", "CREATE a", |c| c.create(Mailbox::Name("a"))),
    (LoggedIn, "CREATE-SPECIAL-USE", r"CREATE a (USE (\Sent))", |c| {
        c.create_for(Mailbox::Name("a"), &[Attribute::Sent])
    }),
    (LoggedIn, "", "DELETE a", |c| c.delete(Mailbox::Name("a"))),
    (LoggedIn, "", "RENAME a b", |c| c.rename(Mailbox::Name("a"), Mailbox::Name("b"))),
    (LoggedIn, "", "SUBSCRIBE a", |c| c.subscribe(Mailbox::Name("a"))),
    (LoggedIn, "", "UNSUBSCRIBE a", |c| c.unsubscribe(Mailbox::Name("a"))),
    (LoggedIn, "", r#"LIST "" "*""#, |c| c.list(Mailbox::Name(""), Mailbox::Name("*"))),
    (LoggedIn, "", r#"LSUB "" "*""#, |c| c.lsub(Mailbox::Name(""), Mailbox::Name("*"))),
    (LoggedIn, "XLIST", r#"XLIST "" "*""#, |c| c.xlist(Mailbox::Name(""), Mailbox::Name("*"))),
    (LoggedIn, "", r#"LIST "" "%""#, |c| c.list_with(&listing(&[], &[]))),
    (LoggedIn, "LIST-EXTENDED", r#"LIST (SUBSCRIBED) "" "%""#, |c| {
        c.list_with(&listing(&[ListSelection::Subscribed], &[]))
    }),
    (LoggedIn, "LIST-STATUS", r#"LIST "" "%" RETURN (STATUS (SIZE))"#, |c| {
        c.list_with(&listing(&[], &[ListReturn::Status(&[StatusItem::Size])]))
    }),
    (LoggedIn, "SPECIAL-USE", r#"LIST "" "%" RETURN (SPECIAL-USE)"#, |c| {
        c.list_with(&listing(&[], &[ListReturn::SpecialUse]))
    }),
    (LoggedIn, "SPECIAL-USE", r#"LIST (SPECIAL-USE) "" "%""#, |c| {
        c.list_with(&listing(&[ListSelection::SpecialUse], &[]))
    }),
    (LoggedIn, "LIST-MYRIGHTS", r#"LIST "" "%" RETURN (MYRIGHTS)"#, |c| {
        c.list_with(&listing(&[], &[ListReturn::MyRights]))
    }),
    (LoggedIn, "LIST-METADATA", r#"LIST "" "%" RETURN (METADATA (/shared/a))"#, |c| {
        c.list_with(&listing(&[], &[ListReturn::Metadata(&["/shared/a"])]))
    }),
    (LoggedIn, "NAMESPACE", "NAMESPACE", |c| c.namespace()),
    (LoggedIn, "", "STATUS a (UNSEEN)", |c| c.status(Mailbox::Name("a"), &[StatusItem::Unseen])),
    (LoggedIn, "QUOTA", r#"GETQUOTA """#, |c| c.get_quota(b"")),
    (LoggedIn, "QUOTA", "GETQUOTAROOT INBOX", |c| c.get_quota_root(INBOX)),
    (LoggedIn, "QUOTASET", r#"SETQUOTA "" (STORAGE 1)"#, |c| c.set_quota(b"", &[("STORAGE", 1)])),
    (LoggedIn, "ACL", "SETACL INBOX fred +r", |c| {
        c.set_acl(INBOX, b"fred", RightsChange::Add("r"))
    }),
    (LoggedIn, "ACL", "DELETEACL INBOX fred", |c| c.delete_acl(INBOX, b"fred")),
    (LoggedIn, "ACL", "GETACL INBOX", |c| c.get_acl(INBOX)),
    (LoggedIn, "ACL", "LISTRIGHTS INBOX fred", |c| c.list_rights(INBOX, b"fred")),
    (LoggedIn, "ACL", "MYRIGHTS INBOX", |c| c.my_rights(INBOX)),
    (LoggedIn, "METADATA", "GETMETADATA INBOX /shared/a", |c| {
        c.get_metadata(INBOX, &["/shared/a"], &MetadataOptions::default())
    }),
    (LoggedIn, "METADATA-SERVER", r#"SETMETADATA "" (/shared/a NIL)"#, |c| {
        c.set_metadata(Mailbox::Name(""), &[("/shared/a", None)])
    }),
    (Selected, "", "CHECK", |c| c.check()),
    (Selected, "", "CLOSE", |c| c.close()),
    (Selected, "UNSELECT", "UNSELECT", |c| c.unselect()),
    (Selected, "", "EXPUNGE", |c| c.expunge()),
    (Selected, "UIDPLUS", "UID EXPUNGE 2:4", |c| c.uid_expunge(UIDS)),
    (Selected, "", "FETCH 2:4 (FLAGS)", |c| c.fetch(UIDS, &[FetchItem::Flags])),
    (Selected, "", "UID FETCH 2:4 (FLAGS)", |c| c.uid_fetch(UIDS, &[FetchItem::Flags])),
    (Selected, "CONDSTORE", "FETCH 2:4 (FLAGS) (CHANGEDSINCE 5)", |c| {
        let options = FetchOptions { changed_since: Some(5), ..FetchOptions::default() };
        c.fetch_with(UIDS, &[FetchItem::Flags], &options)
    }),
    (Selected, "QRESYNC", "UID FETCH 2:4 (FLAGS) (CHANGEDSINCE 5 VANISHED)", |c| {
        let options = FetchOptions { changed_since: Some(5), vanished: true, partial: None };
        c.uid_fetch_with(UIDS, &[FetchItem::Flags], &options)
    }),
    (Selected, "PARTIAL", "UID FETCH 2:4 (FLAGS) (PARTIAL -1:-9)", |c| {
        let options = FetchOptions { partial: Some(PARTIAL), ..FetchOptions::default() };
        c.uid_fetch_with(UIDS, &[FetchItem::Flags], &options)
    }),
    (Selected, "", r"STORE 2:4 +FLAGS (\Seen)", |c| c.store(UIDS, &Store::add(&[Flag::Seen]))),
    (Selected, "", r"UID STORE 2:4 -FLAGS.SILENT (\Seen)", |c| {
        c.uid_store(UIDS, &Store::remove(&[Flag::Seen]).silent())
    }),
    (Selected, "CONDSTORE", "UID STORE 2:4 (UNCHANGEDSINCE 5) FLAGS ()", |c| {
        c.uid_store(UIDS, &Store::replace(&[]).unchanged_since(5))
    }),
    (Selected, "X-GM-EXT-1", "STORE 2:4 +X-GM-LABELS (a)", |c| {
        c.store(UIDS, &Store::add_labels(&[Mailbox::Name("a")]))
    }),
    (Selected, "", "COPY 2:4 a", |c| c.copy(UIDS, Mailbox::Name("a"))),
    (Selected, "", "UID COPY 2:4 a", |c| c.uid_copy(UIDS, Mailbox::Name("a"))),
    (Selected, "MOVE", "MOVE 2:4 a", |c| c.move_to(UIDS, Mailbox::Name("a"))),
    (Selected, "MOVE", "UID MOVE 2:4 a", |c| c.uid_move_to(UIDS, Mailbox::Name("a"))),
    (Selected, "", "SEARCH ALL", |c| c.search(ALL)),
    (Selected, "", "UID SEARCH ALL", |c| c.uid_search(ALL)),
    (Selected, "ESEARCH", "SEARCH RETURN (MIN) ALL", |c| {
        c.search_with(ALL, &returning(&[SearchReturn::Min]))
    }),
    (Selected, "SEARCHRES", "UID SEARCH RETURN (SAVE) ALL", |c| {
        c.uid_search_with(ALL, &returning(&[SearchReturn::Save]))
    }),
    (Selected, "PARTIAL", "UID SEARCH RETURN (PARTIAL -1:-9) ALL", |c| {
        c.uid_search_with(ALL, &returning(&[SearchReturn::Partial(PARTIAL)]))
    }),
    (Selected, "SORT", "SORT (DATE) UTF-8 ALL", |c| {
        c.sort(&[SortKey::Date.ascending()], ALL, &SearchOptions::default())
    }),
    (Selected, "SORT=DISPLAY", "UID SORT (DISPLAYFROM) UTF-8 ALL", |c| {
        c.uid_sort(&[SortKey::DisplayFrom.ascending()], ALL, &SearchOptions::default())
    }),
    (Selected, "ESORT", "SORT RETURN () (DATE) UTF-8 ALL", |c| {
        c.sort(&[SortKey::Date.ascending()], ALL, &returning(&[]))
    }),
    (Selected, "THREAD=REFS", "THREAD REFS UTF-8 ALL", |c| {
        c.thread(ThreadAlgorithm::Refs, ALL, None)
    }),
    (Selected, "THREAD=REFERENCES", "UID THREAD REFERENCES UTF-8 ALL", |c| {
        c.uid_thread(ThreadAlgorithm::References, ALL, None)
    }),
];

fn listing<'l>(selection: &'l [ListSelection], returns: &'l [ListReturn<'l>]) -> ListOptions<'l> {
    const TOP: &[Mailbox<'static>] = &[Mailbox::Name("%")];
    ListOptions { selection, reference: Mailbox::Name(""), patterns: TOP, returns }
}

/// Every capability that a command may need.
const OFFERED: &str = "IMAP4rev1 ID ENABLE COMPRESS=DEFLATE UNAUTHENTICATE JMAPACCESS CONDSTORE \
     QRESYNC CREATE-SPECIAL-USE XLIST LIST-EXTENDED LIST-STATUS SPECIAL-USE LIST-MYRIGHTS \
     LIST-METADATA NAMESPACE QUOTA QUOTASET ACL METADATA METADATA-SERVER UNSELECT UIDPLUS PARTIAL \
     X-GM-EXT-1 MOVE ESEARCH SEARCHRES SORT SORT=DISPLAY ESORT THREAD=REFS THREAD=REFERENCES BINARY";

fn offered_without(name: &str) -> String {
    // What brings the capability with it must go too.
    let brings = |other: &str| {
        matches!(
            (other, name),
            ("QRESYNC", "CONDSTORE" | "ENABLE")
                | ("METADATA", "METADATA-SERVER")
                // Servers of RFC 2087 announce the one alone.
                | ("QUOTA", "QUOTASET")
        )
    };
    let kept = OFFERED.split(' ').filter(|&other| other != name && !brings(other));
    kept.collect::<Vec<_>>().join(" ")
}

fn client(room: usize) -> Client<'static> {
    let config = Config::lenient().with_security(Security::Private);
    Client::new(vec![0; 1024].leak(), vec![0; room].leak(), config)
}

#[track_caller]
fn hear(client: &mut Client<'_>, said: &str) {
    let mut input = said.as_bytes();
    while client.poll(&mut input).expect(said).is_some() {}
}

fn say(client: &mut Client<'_>) -> String {
    let octets = client.outgoing().to_vec();
    client.sent(octets.len());
    String::from_utf8(octets).unwrap()
}

fn logged_in(room: usize, capabilities: &str) -> Client<'static> {
    let mut client = client(room);
    match capabilities {
        "" => hear(&mut client, "* PREAUTH hi\r\n"),
        _ => hear(&mut client, &format!("* PREAUTH [CAPABILITY {capabilities}] hi\r\n")),
    }
    client
}

fn selected(room: usize, capabilities: &str) -> Client<'static> {
    let mut client = logged_in(room, capabilities);
    client.select(INBOX).unwrap();
    let line = say(&mut client);
    let (tag, _) = line.split_once(' ').unwrap();
    hear(&mut client, &format!("* 9 EXISTS\r\n{tag} OK done\r\n"));
    assert_eq!(client.state(), State::Selected);
    client
}

/// A client in a state in which the command is legal.
fn ready(state: Where, room: usize, capabilities: &str) -> Client<'static> {
    match state {
        Selected => selected(room, capabilities),
        _ => logged_in(room, capabilities),
    }
}

#[test]
fn each_method_sends_its_line() {
    for &(state, _, line, call) in CALLS {
        let mut client = ready(state, 512, OFFERED);
        call(&mut client).expect(line);
        let sent = say(&mut client);
        assert_eq!(sent.split_once(' ').unwrap().1, format!("{line}\r\n"));
    }
}

#[test]
fn each_method_is_of_its_states() {
    for &(state, _, line, call) in CALLS {
        let mut greeted = client(512);
        assert_eq!(call(&mut greeted), Err(LocalError::WrongState), "{line} before the greeting");
        hear(&mut greeted, &format!("* OK [CAPABILITY {OFFERED}] hi\r\n"));
        for (mut client, legal) in [
            (greeted, state == Any),
            (logged_in(512, OFFERED), state != Selected),
            (selected(512, OFFERED), state != NotSelected),
        ] {
            let (at, outcome) = (client.state(), call(&mut client));
            assert_eq!(outcome.is_ok(), legal, "{line} in {at:?}: {outcome:?}");
            if !legal {
                assert_eq!(outcome, Err(LocalError::WrongState));
                assert_eq!(client.outgoing(), b"", "nothing is queued");
            }
        }
        let mut gone = ready(state, 512, OFFERED);
        let _ = gone.eof();
        assert_eq!(call(&mut gone), Err(LocalError::Closed), "{line} after the end");
    }
}

#[test]
fn what_the_server_does_not_offer_is_not_asked() {
    for &(state, needed, line, call) in CALLS {
        let mut ignorant = ready(state, 512, "");
        assert!(call(&mut ignorant).is_ok(), "{line}: what is offered is not known");
        if needed.is_empty() {
            assert!(call(&mut ready(state, 512, "IMAP4rev1")).is_ok(), "{line} needs nothing");
            continue;
        }
        assert!(OFFERED.split(' ').any(|name| name == needed), "{needed}");
        let mut without = ready(state, 512, &offered_without(needed));
        assert_eq!(call(&mut without), Err(LocalError::NotOffered), "{line} without {needed}");
        assert_eq!(without.outgoing(), b"", "nothing is queued");
    }
}

/// RFC 9051 Appendix E: what IMAP4rev2 brings need not be announced.
#[test]
fn imap4rev2_brings_its_parts() {
    let mut client = selected(512, "IMAP4rev2");
    client.move_to(UIDS, INBOX).unwrap();
    client.uid_expunge(UIDS).unwrap();
    client.namespace().unwrap();
    client.uid_search_with(ALL, &returning(&[SearchReturn::Save])).unwrap();
    client.list_with(&listing(&[ListSelection::Subscribed], &[])).unwrap();
    client.unselect().unwrap();
    assert_eq!(selected(512, "IMAP4rev1").unselect(), Err(LocalError::NotOffered));
}

#[test]
fn the_room_that_is_needed_is_exact() {
    // What it takes to get a mailbox selected.
    let at_least = "AAA1 SELECT INBOX\r\n".len();
    for &(state, _, line, call) in CALLS {
        let needed = "AAA2 ".len() + line.len() + "\r\n".len();
        if needed <= at_least {
            continue;
        }
        let mut narrow = ready(state, needed - 1, "");
        assert_eq!(call(&mut narrow), Err(LocalError::BufferTooSmall { needed }), "{line}");
        assert_eq!(narrow.outgoing(), b"", "nothing is queued");
        narrow.noop().unwrap();
        assert_eq!(call(&mut ready(state, needed, "")).err(), None, "{line} in {needed} octets");
        let mut filled = ready(state, needed + 5, "");
        filled.noop().unwrap();
        assert_eq!(call(&mut filled), Err(LocalError::Full), "{line} behind NOOP");
    }
}

/// RFC 9051 §5.5: numbers wait for whatever may change them, UIDs for nothing.
#[test]
fn numbers_wait_and_uids_do_not() {
    let by_number: &[Call] = &[
        |c| c.fetch(UIDS, &[FetchItem::Uid]),
        |c| c.store(UIDS, &Store::add(&[Flag::Seen])),
        |c| c.search(ALL),
        |c| c.copy(UIDS, INBOX),
        |c| c.move_to(UIDS, INBOX),
        |c| c.sort(&[SortKey::Date.ascending()], ALL, &SearchOptions::default()),
        |c| c.thread(ThreadAlgorithm::Refs, ALL, None),
        |c| c.uid_search(&[SearchKey::Not(&SearchKey::Sequence(UIDS))]),
        |c| c.raw("XCOPY", &[Argument::Sequence(UIDS)]),
    ];
    let by_uid: &[Call] = &[
        |c| c.uid_fetch(UIDS, &[FetchItem::Uid]),
        |c| c.uid_store(UIDS, &Store::add(&[Flag::Seen])),
        |c| c.uid_search(&[SearchKey::Uid(UIDS)]),
        |c| c.uid_copy(UIDS, INBOX),
        |c| c.uid_move_to(UIDS, INBOX),
        |c| c.uid_expunge(UIDS),
        |c| c.uid_sort(&[SortKey::Date.ascending()], ALL, &SearchOptions::default()),
        |c| c.uid_thread(ThreadAlgorithm::Refs, ALL, None),
        |c| c.noop(),
    ];
    let keeps: &[Call] = &[
        |c| c.fetch(UIDS, &[FetchItem::Uid]),
        |c| c.store(UIDS, &Store::add(&[Flag::Seen])),
        |c| c.search(ALL),
    ];
    let lines_after = |first: Call, second: Call| {
        let mut client = selected(512, OFFERED);
        first(&mut client).unwrap();
        second(&mut client).unwrap();
        say(&mut client).lines().count()
    };
    for &second in by_number {
        for &first in by_uid {
            assert_eq!(lines_after(first, second), 1, "behind what may renumber");
        }
        for &first in keeps {
            assert_eq!(lines_after(first, second), 2, "behind what keeps the numbers");
        }
    }
    for &second in by_uid {
        for &first in by_uid.iter().chain(by_number) {
            assert_eq!(lines_after(first, second), 2, "by UID");
        }
    }
}

#[test]
fn nothing_goes_beside_what_changes_the_state() {
    for line in ["LOGOUT", "ENABLE CONDSTORE", "COMPRESS DEFLATE", "UNAUTHENTICATE", "SELECT INBOX"]
        .into_iter()
        .chain(["EXAMINE INBOX", "CLOSE", "UNSELECT", "SELECT INBOX (CONDSTORE)"])
    {
        let (state, _, _, call) = CALLS.iter().find(|(_, _, sent, _)| *sent == line).unwrap();
        let mut client = ready(*state, 512, OFFERED);
        client.noop().unwrap();
        call(&mut client).unwrap();
        assert!(say(&mut client).ends_with("NOOP\r\n"), "{line} waits");
        assert_eq!(client.noop(), Err(LocalError::Busy), "{line}");
    }
}

/// RFC 9051 §4.3: behind a synchronizing literal's announcement nothing leaves before the `+`, and
/// when the server refuses, nothing of it leaves at all.
#[test]
fn literals_wait_for_the_server() {
    let name = Mailbox::Raw(b"a\r\nb");
    for (capabilities, waits) in [("IMAP4rev1", true), ("LITERAL-", false), ("LITERAL+", false)] {
        let mut client = logged_in(512, capabilities);
        client.rename(name, name).unwrap();
        client.noop().unwrap();
        if !waits {
            let all = "AAA1 RENAME {4+}\r\na\r\nb {4+}\r\na\r\nb\r\nAAA2 NOOP\r\n";
            assert_eq!(say(&mut client), all);
            continue;
        }
        assert_eq!(say(&mut client), "AAA1 RENAME {4}\r\n");
        hear(&mut client, "* OK still here\r\n");
        assert_eq!(say(&mut client), "");
        hear(&mut client, "+ go on\r\n");
        assert_eq!(say(&mut client), "a\r\nb {4}\r\n");
        hear(&mut client, "AAA1 NO not that one\r\n");
        assert_eq!(say(&mut client), "AAA2 NOOP\r\n");
    }
}

#[test]
fn hostile_arguments_leave_as_one_command_or_not_at_all() {
    let mut client = logged_in(512, "IMAP4rev1 LITERAL+");
    let before = client.raw("X", &[Argument::Verbatim(b"a\r\nAAA2 LOGOUT")]);
    assert_eq!(before, Err(LocalError::ForbiddenOctet { at: 1 }));
    assert_eq!(client.delete(Mailbox::Raw(b"a\0")), Err(LocalError::ForbiddenOctet { at: 1 }));
    assert_eq!(client.outgoing(), b"");
    client.delete(Mailbox::Raw(b"a\r\nAAA2 LOGOUT")).unwrap();
    client.delete(Mailbox::Raw(b"{5}")).unwrap();
    let sent = "AAA1 DELETE {14+}\r\na\r\nAAA2 LOGOUT\r\nAAA2 DELETE \"{5}\"\r\n";
    assert_eq!(say(&mut client), sent);
}

/// RFC 9755 §3: names as UTF-8 and no charset, once the server has said that it is so.
#[test]
fn names_follow_what_was_enabled() {
    let mut client = logged_in(512, "IMAP4rev1 ENABLE UTF8=ACCEPT");
    let cafe = Mailbox::Name("café");
    client.status(cafe, &[StatusItem::Unseen]).unwrap();
    assert_eq!(say(&mut client), "AAA1 STATUS caf&AOk- (UNSEEN)\r\n");
    client.enable(&["UTF8=ACCEPT"]).unwrap();
    hear(&mut client, "AAA1 OK done\r\n");
    assert_eq!(say(&mut client), "AAA2 ENABLE UTF8=ACCEPT\r\n");
    hear(&mut client, "* ENABLED UTF8=ACCEPT\r\nAAA2 OK done\r\n");
    client.select(cafe).unwrap();
    assert_eq!(say(&mut client), "AAA3 SELECT \"café\"\r\n");
    hear(&mut client, "AAA3 OK done\r\n");
    let utf8 = SearchOptions { returns: None, charset: Some(b"UTF-8") };
    let keys = [SearchKey::Subject("é".as_bytes())];
    assert_eq!(client.uid_search_with(&keys, &utf8), Err(LocalError::WrongState));
    client.uid_search(&keys).unwrap();
    assert_eq!(say(&mut client), "AAA4 UID SEARCH SUBJECT \"é\"\r\n");
}

#[test]
fn completion_tells_which_command_it_was() {
    let mut client = selected(512, OFFERED);
    let tag = client.uid_move_to(UIDS, INBOX).unwrap();
    let line = say(&mut client);
    let reply = format!("{} OK [COPYUID 1 2:4 5:7] done\r\n", line.split_once(' ').unwrap().0);
    let event = client.poll(&mut reply.as_bytes()).unwrap();
    let Some(Event::Completed { tag: completed, kind, status: Status::Ok, .. }) = event else {
        panic!("{event:?}");
    };
    assert_eq!((completed, kind), (tag, CommandKind::Move));
}
