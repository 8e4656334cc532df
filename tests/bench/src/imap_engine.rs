//! Our IMAP client, in memory that never grows: driven as its users drive it, and a walk through
//! every field of what it tells.

use mailproto_core::imap::command::FetchItem;
use mailproto_core::imap::response::body_structure::{
    BodyStructure, Extension, Parameters, Part, Step,
};
use mailproto_core::imap::response::envelope::{Addresses, Envelope};
use mailproto_core::imap::response::fetch::{Item, MessageId};
use mailproto_core::imap::{
    Client, Config, Data, Event, ImapString, Mailbox, Security, Sequence, State,
};

use crate::imap::{Contestant, Standing};
use crate::walk::{Totals, Walk};

/// All its memory.
const MEMORY: usize = 4096;
/// What the caller lends it: besides the client itself all goes to what reads cut.
pub(crate) const TX: usize = 256;
pub(crate) const SCRATCH: usize = MEMORY - size_of::<Client<'_>>() - TX;

/// The client behind FETCH: what follows is the answer.
pub(crate) struct Ours;

impl Contestant for Ours {
    fn name(&self) -> &'static str {
        "mailproto, 4 kB in all"
    }

    fn standing(&self) -> Standing {
        Standing::Ours
    }

    fn run(&mut self, corpus: &[u8], read: usize, check: bool) -> Totals {
        let (mut scratch, mut tx) = ([0; SCRATCH], [0; TX]);
        let mut client = fetching(&mut scratch, &mut tx);
        fetched(&mut client, corpus, read, check)
    }
}

/// A client that has selected a mailbox of 10,000 messages and sent FETCH.
pub(crate) fn fetching<'b>(scratch: &'b mut [u8], tx: &'b mut [u8]) -> Client<'b> {
    let config = Config::default().with_security(Security::Private);
    let mut client = Client::new(scratch, tx, config);
    hear(&mut client, b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n");
    client.select(Mailbox::from("INBOX")).expect("SELECT is legal");
    send(&mut client, b"AAA1 SELECT INBOX\r\n");
    hear(&mut client, b"* 10000 EXISTS\r\nAAA1 OK [READ-WRITE] done\r\n");
    assert_eq!((client.state(), client.messages()), (State::Selected, Some(10_000)));
    let all = Sequence::Range { first: 1, last: None };
    client.fetch(all, &[FetchItem::Full]).expect("FETCH is legal");
    send(&mut client, b"AAA2 FETCH 1:* FULL\r\n");
    client
}

fn send(client: &mut Client<'_>, command: &[u8]) {
    assert_eq!(client.outgoing(), command);
    client.sent(command.len());
}

fn hear(client: &mut Client<'_>, mut octets: &[u8]) {
    while let Some(event) = client.poll(&mut octets).expect("a sound session") {
        assert!(!matches!(event, Event::Quirk { .. }), "{event:?}");
    }
}

/// Hands the client `answer` in reads of `read` octets and walks through all that it tells.
pub(crate) fn fetched(client: &mut Client<'_>, answer: &[u8], read: usize, check: bool) -> Totals {
    let mut walk = Walk::new(check);
    for mut input in answer.chunks(read) {
        // The event is looked at where it was made: moving it costs more than most of them are worth.
        loop {
            let event = client.poll(&mut input);
            match &event {
                Ok(Some(Event::Data(data))) => told(data, &mut walk),
                Ok(None) => break,
                other => panic!("{other:?}"),
            }
        }
    }
    walk.finish()
}

fn told(data: &Data<'_>, walk: &mut Walk) {
    match data {
        Data::FetchStart(MessageId::Number(number)) => {
            walk.totals.responses += 1;
            walk.number(*number);
        }
        Data::Item(one) => item(one, walk),
        Data::BodyData(octets) => walk.body(octets),
        Data::BodyStart(_) | Data::BodyEnd | Data::FetchEnd(_) => {}
        other => panic!("{other:?}"),
    }
}

fn item(item: &Item<'_>, walk: &mut Walk) {
    match item {
        Item::Uid(uid) => walk.totals.uid_sum += u64::from(*uid),
        Item::Flags(flags) => {
            for flag in *flags {
                walk.totals.flags += 1;
                walk.text(flag.as_bytes());
            }
        }
        Item::Rfc822Size(size) => walk.totals.size_sum += size,
        Item::InternalDate(Some(date)) => walk.number(date.to_unix().unsigned_abs()),
        Item::Envelope(one) => envelope(one, walk),
        Item::BodyStructure(one) => structure(one, walk),
        other => panic!("{other:?}"),
    }
}

/// What lies between backslashes is looked at piece by piece.
fn string(string: ImapString<'_>, walk: &mut Walk) {
    match string.as_plain() {
        Some(octets) => walk.text(octets),
        None => string.pieces().for_each(|piece| walk.text(piece)),
    }
}

fn optional(string: Option<ImapString<'_>>, walk: &mut Walk) {
    match string {
        Some(string) => self::string(string, walk),
        None => walk.number(0u8),
    }
}

fn number(number: Option<u64>, walk: &mut Walk) {
    walk.number(number.unwrap_or_default());
}

fn envelope(envelope: &Envelope<'_>, walk: &mut Walk) {
    walk.totals.envelopes += 1;
    optional(envelope.date(), walk);
    optional(envelope.subject(), walk);
    addresses(envelope.from(), walk);
    addresses(envelope.sender(), walk);
    addresses(envelope.reply_to(), walk);
    addresses(envelope.to(), walk);
    addresses(envelope.cc(), walk);
    addresses(envelope.bcc(), walk);
    optional(envelope.in_reply_to(), walk);
    optional(envelope.message_id(), walk);
}

fn addresses(addresses: Addresses<'_>, walk: &mut Walk) {
    for address in addresses {
        optional(address.name, walk);
        optional(address.adl, walk);
        optional(address.mailbox, walk);
        optional(address.host, walk);
    }
}

fn structure(structure: &BodyStructure<'_>, walk: &mut Walk) {
    let (mut nodes, mut told) = (structure.nodes(), Part::default());
    while let Some(step) = nodes.step(&mut told) {
        match step {
            Step::Open => {}
            Step::Part => part(&told, walk),
            Step::Message(inner) => {
                part(&told, walk);
                envelope(&inner, walk);
            }
            Step::MessageEnd => {
                number(told.lines, walk);
                extension(&told.extension, walk);
            }
            Step::Close => {
                string(told.subtype, walk);
                parameters(told.parameters, walk);
                extension(&told.extension, walk);
            }
            other => panic!("{other:?}"),
        }
    }
}

fn part(part: &Part<'_>, walk: &mut Walk) {
    walk.totals.parts += 1;
    string(part.media_type, walk);
    string(part.subtype, walk);
    parameters(part.parameters, walk);
    optional(part.id, walk);
    optional(part.description, walk);
    string(part.encoding, walk);
    number(part.octets, walk);
    number(part.lines, walk);
    extension(&part.extension, walk);
}

fn extension(extension: &Extension<'_>, walk: &mut Walk) {
    optional(extension.md5(), walk);
    if let Some(disposition) = extension.disposition() {
        string(disposition.kind, walk);
        parameters(disposition.parameters, walk);
    }
    extension.language().for_each(|tag| string(tag, walk));
    optional(extension.location(), walk);
    walk.text(extension.other());
}

fn parameters(parameters: Parameters<'_>, walk: &mut Walk) {
    for (name, value) in parameters {
        string(name, walk);
        string(value, walk);
    }
}
