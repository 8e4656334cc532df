//! Every encoder, with arguments made of any octets: either nothing is sent and an error says why, or exactly one
//! command is, as an independent reader sees it, with every string intact.
#![no_main]

#[path = "../../../core/tests/imap_hostile/command_lexer.rs"]
mod command_lexer;

use command_lexer::{Token, command};
use libfuzzer_sys::fuzz_target;
use mailproto_core::LocalError;
use mailproto_core::imap::command::{
    AppendOptions, Argument, FetchItem, FetchOptions, FlagScope, ListOptions, ListReturn,
    ListSelection, MetadataDepth, MetadataOptions, PartialRange, QResync, RightsChange, SearchKey,
    SearchOptions, SearchReturn, SelectOptions, SortKey, StatusItem, Store, ThreadAlgorithm,
};
use mailproto_core::imap::{
    Attribute, BodySection, Client, Config, Date, DateTime, Flag, Mailbox, Part, Partial, Range,
    Security, Sequence, State, Tag,
};

fuzz_target!(|data: &[u8]| {
    let [setting, choice, data @ ..] = data else { return };
    let (setting, choice) = (*setting, *choice);
    let mut front = Source { rest: data, pool: &Pool::EMPTY, strings: Vec::new() };
    let pool = Pool::of(&mut front);
    let mut source = Source { rest: front.rest, pool: &pool, strings: Vec::new() };
    let (mut scratch, mut tx) = (vec![0; 256], vec![0; 64 << (setting & 7)]);
    let config = Config::default().with_security(Security::Private);
    let mut client = Client::new(&mut scratch, &mut tx, config);
    begin(&mut client, setting);
    let state = (client.state(), client.outgoing().len());
    let answer = call(&mut client, choice, &mut source);
    if let Err(error) = answer {
        assert_eq!((client.state(), client.outgoing().len()), state, "{error:?} changes nothing");
        return;
    }
    let sent = sent(&mut client);
    let tokens = match command(&sent) {
        Ok(tokens) => tokens,
        Err(error) => panic!("{error}: {}", sent.escape_ascii()),
    };
    assert!(matches!(&tokens[0], Token::Word(tag) if tag.starts_with(b"AAA")));
    for string in &source.strings {
        let intact = tokens.iter().any(|token| token.octets() == *string);
        assert!(intact, "{} is not in {}", string.escape_ascii(), sent.escape_ascii());
    }
});

/// Not logged in, logged in, or with a mailbox selected; with each kind of literals.
fn begin(client: &mut Client<'_>, setting: u8) {
    let literals = ["", " LITERAL-", " LITERAL+"][usize::from(setting >> 3) % 3];
    let all = "ENABLE CONDSTORE QRESYNC UTF8=ACCEPT QUOTA QUOTASET ACL METADATA METADATA-SERVER \
        X-GM-EXT-1 SORT ESORT THREAD=REFERENCES ID BINARY MULTIAPPEND LIST-EXTENDED LIST-STATUS \
        SPECIAL-USE CREATE-SPECIAL-USE LIST-MYRIGHTS LIST-METADATA UIDPLUS MOVE UNSELECT NAMESPACE \
        PARTIAL ESEARCH SEARCHRES WITHIN SEARCH=FUZZY FILTERS OBJECTID SAVEDATE XLIST";
    let greeting = if setting & 0x80 != 0 { "PREAUTH" } else { "OK" };
    hear(client, &format!("* {greeting} [CAPABILITY IMAP4rev1 {all}{literals}] ready\r\n"));
    if client.state() == State::Authenticated && setting & 0x40 != 0 {
        let enable = client.enable(&["UTF8=ACCEPT", "QRESYNC"]);
        if enable.is_ok() {
            client.sent(usize::MAX);
            hear(client, "* ENABLED UTF8=ACCEPT QRESYNC\r\nAAA1 OK\r\n");
        }
    }
    if client.state() == State::Authenticated && setting & 0x20 != 0 {
        let tag = client.select("INBOX".into()).expect("room for SELECT").0;
        client.sent(usize::MAX);
        hear(client, &format!("AAA{tag} OK\r\n"));
    }
}

fn hear(client: &mut Client<'_>, octets: &str) {
    let mut input = octets.as_bytes();
    while let Some(_event) = client.poll(&mut input).expect("a good server") {}
}

/// All that leaves, when the server says `+` wherever it is asked to, and an upload is given its octets.
fn sent(client: &mut Client<'_>) -> Vec<u8> {
    let mut sent = Vec::new();
    for _ in 0..1000 {
        let outgoing = client.outgoing().len();
        sent.extend_from_slice(client.outgoing());
        client.sent(outgoing);
        if sent.ends_with(b"\r\n") && !sent.is_empty() && command(&sent).is_ok() {
            break;
        }
        if outgoing == 0 {
            match client.upload(&[b'u']) {
                Ok(_) => {}
                Err(LocalError::TooMuchData { .. }) => client.append_end().expect("all was given"),
                Err(_) => hear(client, "+ go\r\n"),
            }
        }
    }
    sent
}

/// What arguments borrow.
struct Pool<'d> {
    numbers: [u32; 3],
    ranges: [Range; 2],
    names: [&'d str; 2],
    flags: [Flag<'d>; 2],
}

impl<'d> Pool<'d> {
    const EMPTY: Self = Self {
        numbers: [0; 3],
        ranges: [Range { first: 1, last: 1 }; 2],
        names: [""; 2],
        flags: [Flag::Seen; 2],
    };

    fn of(source: &mut Source<'d>) -> Self {
        let number = |source: &mut Source<'d>| source.number();
        Self {
            numbers: [number(source), number(source), number(source)],
            ranges: [source.range(), source.range()],
            names: [source.text(), source.text()],
            flags: [source.flag(), source.flag()],
        }
    }
}

/// Arguments made of the fuzzer's octets.
struct Source<'d> {
    rest: &'d [u8],
    pool: &'d Pool<'d>,
    /// The strings that must arrive intact.
    strings: Vec<&'d [u8]>,
}

impl<'d> Source<'d> {
    fn octet(&mut self) -> u8 {
        let Some((&octet, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        octet
    }

    fn number(&mut self) -> u32 {
        let octets = [self.octet(), self.octet(), self.octet(), self.octet()];
        // Small ones as often as large ones.
        u32::from_le_bytes(octets) >> (8 * (octets[0] & 3))
    }

    fn number64(&mut self) -> u64 {
        u64::from(self.number()) << 32 | u64::from(self.number())
    }

    fn octets(&mut self) -> &'d [u8] {
        let length = usize::from(self.octet()).min(self.rest.len());
        let (octets, rest) = self.rest.split_at(length);
        self.rest = rest;
        octets
    }

    /// Octets that must arrive as a string or an atom.
    fn string(&mut self) -> &'d [u8] {
        let octets = self.octets();
        self.strings.push(octets);
        octets
    }

    fn text(&mut self) -> &'d str {
        let octets = self.octets();
        let valid = std::str::from_utf8(octets).map_or_else(|error| error.valid_up_to(), str::len);
        std::str::from_utf8(&octets[..valid]).expect("up to where it is valid")
    }

    fn mailbox(&mut self) -> Mailbox<'d> {
        if self.octet() & 1 == 0 { Mailbox::Raw(self.string()) } else { Mailbox::Name(self.text()) }
    }

    fn range(&mut self) -> Range {
        (self.number()..=self.number()).into()
    }

    fn sequence(&mut self) -> Sequence<'d> {
        match self.octet() & 7 {
            0 => Sequence::One(self.number()),
            1 => Sequence::Range { first: self.number(), last: Some(self.number()) },
            2 => Sequence::Range { first: self.number(), last: None },
            3 => Sequence::Last,
            4 => Sequence::Saved,
            5 => Sequence::Ranges(&self.pool.ranges),
            6 => Sequence::Numbers(&self.pool.numbers),
            _ => Sequence::Text(self.octets()),
        }
    }

    fn flag(&mut self) -> Flag<'d> {
        Flag::from_bytes(self.octets())
    }

    fn date(&mut self) -> Date {
        Date::from_unix(i64::from(self.number())).expect("within a century")
    }

    fn date_time(&mut self) -> Option<DateTime> {
        DateTime::from_unix(i64::from(self.number()), i16::from(self.octet()))
    }

    fn partial(&mut self) -> Option<Partial> {
        let partial = Partial { offset: self.number64(), octets: self.number64() };
        (self.octet() & 1 == 0).then_some(partial)
    }

    fn partial_range(&mut self) -> PartialRange {
        let (a, b) = (self.number(), self.number());
        if a & 1 == 0 { PartialRange::FromFirst(a, b) } else { PartialRange::FromLast(a, b) }
    }

    fn some<T>(&mut self, all: &'d [T]) -> &'d [T] {
        &all[..usize::from(self.octet()) % (all.len() + 1)]
    }

    fn names(&mut self) -> &'d [&'d str] {
        self.some(&self.pool.names)
    }

    fn fetch_item(&mut self) -> FetchItem<'d> {
        match self.octet() & 15 {
            0 => FetchItem::Uid,
            1 => FetchItem::Fast,
            2 => FetchItem::Envelope,
            3 => FetchItem::BinarySize(self.path()),
            4 => FetchItem::Binary { part: self.path(), peek: true, partial: self.partial() },
            5 => FetchItem::Preview { lazy: true },
            6 => FetchItem::Other(self.octets()),
            7 => FetchItem::GmailLabels,
            _ => {
                let part = match self.octet() & 7 {
                    0 => Part::Header,
                    1 => Part::HeaderFields(self.names()),
                    2 => Part::HeaderFieldsNot(self.names()),
                    3 => Part::Text,
                    4 => Part::Mime,
                    _ => Part::Whole,
                };
                let section = BodySection { path: self.path(), part };
                let peek = self.octet() & 1 == 0;
                FetchItem::BodySection { section, peek, partial: self.partial() }
            }
        }
    }

    fn path(&mut self) -> &'d [u32] {
        self.some(&self.pool.numbers)
    }

    /// A search key; what is nested in it is one of `inner`.
    fn key(&mut self, inner: &'d [SearchKey<'d>; 2]) -> SearchKey<'d> {
        let [a, b] = inner;
        match self.octet() & 31 {
            0 => SearchKey::Subject(self.string()),
            1 => SearchKey::Keyword(self.octets()),
            2 => SearchKey::Header { field: self.string(), value: self.string() },
            3 => SearchKey::Since(self.date()),
            4 => SearchKey::Larger(self.number64()),
            5 => SearchKey::Younger(self.number()),
            6 => SearchKey::Sequence(self.sequence()),
            7 => SearchKey::Uid(self.sequence()),
            8 => SearchKey::Not(a),
            9 => SearchKey::Or(a, b),
            10 => SearchKey::And(inner),
            11 => SearchKey::ModSeq(self.number64()),
            12 => SearchKey::FlagModSeq {
                flag: self.flag(),
                scope: FlagScope::Shared,
                mod_seq: self.number64(),
            },
            13 => SearchKey::EmailId(self.octets()),
            14 => SearchKey::Fuzzy(b),
            15 => SearchKey::Filter(self.octets()),
            16 => SearchKey::GmailRaw(self.string()),
            17 => SearchKey::GmailLabel(self.mailbox()),
            18 => SearchKey::Text(self.string()),
            19 => SearchKey::Unkeyword(self.octets()),
            20 => SearchKey::And(&[]),
            21 => SearchKey::SavedSince(self.date()),
            _ => SearchKey::All,
        }
    }

    fn search_options(&mut self, returns: &'d [SearchReturn]) -> SearchOptions<'d> {
        let returns = (self.octet() & 1 == 0).then(|| self.some(returns));
        let charset = (self.octet() & 1 == 0).then(|| self.string());
        SearchOptions { returns, charset }
    }

    fn argument(&mut self, inner: &'d [Argument<'d>; 2]) -> Argument<'d> {
        match self.octet() & 7 {
            0 => Argument::Atom(self.octets()),
            1 => Argument::Astring(self.string()),
            2 => Argument::String(Some(self.string())),
            3 => Argument::Literal8(self.string()),
            4 => Argument::Mailbox(self.mailbox()),
            5 => Argument::Sequence(self.sequence()),
            6 => Argument::List(self.some(inner)),
            _ => Argument::Number(self.number64()),
        }
    }
}

/// Makes one of the calls; what it is given is made of the source.
fn call(client: &mut Client<'_>, choice: u8, s: &mut Source<'_>) -> Result<Tag, LocalError> {
    match choice % 48 {
        0 => client.login(s.string(), s.string()),
        1 => client.select(s.mailbox()),
        2 => client.create(s.mailbox()),
        3 => client.rename(s.mailbox(), s.mailbox()),
        4 => client.list(s.mailbox(), s.mailbox()),
        5 => client.create_for(s.mailbox(), &[Attribute::from_bytes(s.octets())]),
        6 => client.status(s.mailbox(), &[StatusItem::Messages, StatusItem::Other(s.octets())]),
        7 => client.id(&[(s.pool.names[0], Some(s.pool.names[1])), ("x", None)]),
        8 => client.enable(s.names()),
        9 => client.language(s.names()),
        10 => client.get_quota(s.string()),
        11 => client.set_quota(s.string(), &[(s.text(), s.number64())]),
        12 => client.set_acl(s.mailbox(), s.string(), RightsChange::Add(s.text())),
        13 => client.delete_acl(s.mailbox(), s.string()),
        14 => client.get_metadata(s.mailbox(), s.names(), &metadata_options(s)),
        15 => {
            let value = s.string();
            client.set_metadata(s.mailbox(), &[(s.pool.names[0], Some(value)), ("/a", None)])
        }
        16 => client.copy(s.sequence(), s.mailbox()),
        17 => client.uid_move_to(s.sequence(), s.mailbox()),
        18 => client.uid_expunge(s.sequence()),
        19..=21 => fetch(client, choice, s),
        22..=24 => store(client, choice, s),
        25..=32 => search(client, choice, s),
        33..=36 => raw(client, s),
        37..=40 => append(client, s),
        41 => list(client, s),
        _ => select(client, s),
    }
}

fn metadata_options(s: &mut Source<'_>) -> MetadataOptions {
    let depth = [MetadataDepth::Entry, MetadataDepth::Children, MetadataDepth::Infinity];
    let depth = depth[usize::from(s.octet()) % 3];
    MetadataOptions { max_size: (s.octet() & 1 == 0).then(|| s.number()), depth }
}

fn fetch(client: &mut Client<'_>, choice: u8, s: &mut Source<'_>) -> Result<Tag, LocalError> {
    let (set, items) = (s.sequence(), [s.fetch_item(), s.fetch_item(), s.fetch_item()]);
    let items = &items[..usize::from(s.octet()) & 3];
    let options = FetchOptions {
        changed_since: (s.octet() & 1 == 0).then(|| s.number64()),
        vanished: s.octet() & 1 == 0,
        partial: (s.octet() & 1 == 0).then(|| s.partial_range()),
    };
    match choice & 3 {
        0 => client.fetch(set, items),
        1 => client.uid_fetch(set, items),
        2 => client.fetch_with(set, items, &options),
        _ => client.uid_fetch_with(set, items, &options),
    }
}

fn store(client: &mut Client<'_>, choice: u8, s: &mut Source<'_>) -> Result<Tag, LocalError> {
    let (which, labels) = (s.octet() & 3, [s.mailbox()]);
    if which != 3 {
        s.strings.clear(); // The label is not used.
    }
    let what = match which {
        0 => Store::replace(&s.pool.flags),
        1 => Store::add(&s.pool.flags).silent(),
        2 => Store::remove(&s.pool.flags).unchanged_since(s.number64()),
        _ => Store::add_labels(&labels),
    };
    if choice & 1 == 0 {
        client.store(s.sequence(), &what)
    } else {
        client.uid_store(s.sequence(), &what)
    }
}

fn search(client: &mut Client<'_>, choice: u8, s: &mut Source<'_>) -> Result<Tag, LocalError> {
    const NONE: [SearchKey<'_>; 2] = [SearchKey::All, SearchKey::Seen];
    let mut front = Source { rest: s.rest, pool: s.pool, strings: Vec::new() };
    let inner = [front.key(&NONE), front.key(&NONE)];
    let middle = [front.key(&inner), front.key(&inner)];
    let keys = [front.key(&middle), front.key(&middle)];
    let returns =
        [SearchReturn::Min, SearchReturn::Save, SearchReturn::Partial(front.partial_range())];
    let options = front.search_options(&returns);
    let order = [SortKey::Arrival.ascending(), SortKey::Subject.reverse()];
    match choice & 7 {
        0 => client.search(&keys),
        1 => client.uid_search(&keys),
        2 | 3 => client.uid_search_with(&keys, &options),
        4 | 5 => client.sort(&order, &keys, &options),
        6 => client.uid_thread(ThreadAlgorithm::References, &keys, options.charset),
        _ => client.thread(ThreadAlgorithm::Other(front.octets()), &keys, None),
    }
}

fn raw(client: &mut Client<'_>, s: &mut Source<'_>) -> Result<Tag, LocalError> {
    const NONE: [Argument<'_>; 2] = [Argument::Number(1), Argument::String(None)];
    let mut front = Source { rest: s.rest, pool: s.pool, strings: Vec::new() };
    let inner = [front.argument(&NONE), front.argument(&NONE)];
    let middle = [front.argument(&inner), front.argument(&inner)];
    let arguments = [front.argument(&middle), front.argument(&middle)];
    client.raw(s.pool.names[0], &arguments)
}

fn append(client: &mut Client<'_>, s: &mut Source<'_>) -> Result<Tag, LocalError> {
    let options = AppendOptions {
        flags: s.some(&s.pool.flags),
        date: s.date_time(),
        binary: s.octet() & 1 == 0,
        utf8: s.octet() & 1 == 0,
    };
    client.append(s.mailbox(), &options, u64::from(s.octet() & 31))
}

fn list(client: &mut Client<'_>, s: &mut Source<'_>) -> Result<Tag, LocalError> {
    let patterns = [s.mailbox(), s.mailbox()];
    let items = [StatusItem::UidNext, StatusItem::Size];
    let returns = [ListReturn::Subscribed, ListReturn::Status(&items), ListReturn::SpecialUse];
    let selection =
        [ListSelection::Subscribed, ListSelection::RecursiveMatch, ListSelection::Remote];
    client.list_with(&ListOptions {
        selection: &selection[..usize::from(s.octet()) & 3],
        reference: s.mailbox(),
        patterns: &patterns,
        returns: &returns[..usize::from(s.octet()) & 3],
    })
}

fn select(client: &mut Client<'_>, s: &mut Source<'_>) -> Result<Tag, LocalError> {
    let qresync = QResync {
        uid_validity: s.number(),
        mod_seq: s.number64(),
        known_uids: (s.octet() & 1 == 0).then(|| s.sequence()),
        matches: (s.octet() & 1 == 0).then(|| (s.sequence(), s.sequence())),
    };
    let qresync = (s.octet() & 1 == 0).then_some(qresync);
    let options = SelectOptions { condstore: s.octet() & 1 == 0, qresync };
    client.examine_with(s.mailbox(), &options)
}
