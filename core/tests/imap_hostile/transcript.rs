//! Replays a transcript against the IMAP client: each `C:` line is turned into the call that writes it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use mailproto_core::LocalError;
use mailproto_core::imap::command::{AppendOptions, Argument, FetchItem, Store};
use mailproto_core::imap::{
    BodySection, Client, Config, Flag, Mailbox, Partial, QuirkSet, Security, Sequence,
};
use mailproto_core::sasl::{self, Auto, Credentials, Exposure, Mechanism, Name};

use super::session::{Outcome, Session};
use crate::common::cuts::Cuts;
use crate::common::script::{Script, Settings, Step};

/// Replays `script`, the server's octets cut as told, with a scratch buffer of so many octets.
pub(crate) fn replay(script: &Script, cuts: &Cuts, scratch: usize) -> Outcome {
    let (mut memory, mut tx) = (vec![0; scratch], vec![0; 4096]);
    let config = config(&script.settings);
    let session = Session::new(&mut memory, &mut tx, config, cuts);
    let mut player = Player { session, settings: &script.settings, mechanism: None };
    for step in &script.steps {
        player.step(step);
    }
    let mut outcome = player.session.into_outcome().without_injected_handshake();
    if let Some(error) = outcome.failure {
        outcome.told.push(format!("fatal {:?} @{}", error.violation, error.offset));
    }
    outcome
}

fn config(settings: &Settings) -> Config {
    let security = match settings.security.as_str() {
        "private" => Security::Private,
        "cleartext" => Security::DangerCleartext,
        "starttls" => Security::StartTlsRequired,
        other => panic!("no such security: {other}"),
    };
    let mut config = Config::lenient().with_security(security);
    if settings.strict {
        config.tolerate = QuirkSet::NONE;
    }
    config.pipelining = settings.pipelining;
    config
}

struct Player<'c> {
    session: Session<'c>,
    settings: &'c Settings,
    mechanism: Option<Partner<'c>>,
}

impl Player<'_> {
    fn step(&mut self, step: &Step) {
        match step {
            Step::Server(octets) => self.session.hears(octets),
            Step::Client(line, _) | Step::Withheld(line) => {
                if let Err(error) = self.say(line) {
                    self.session.line(format!("refused {} {error:?}", line.escape_ascii()));
                }
            }
            Step::Refused(line, error) => {
                let answer = self.say(line);
                if format!("{answer:?}") != format!("Err({error})") {
                    let line = line.escape_ascii();
                    self.session.line(format!("instead of a refusal: {line} {answer:?}"));
                }
            }
            Step::Tls => self.session.client.tls_established().expect("STARTTLS came first"),
            Step::Eof => self.session.eof(),
            Step::Raw(..) => panic!("IMAP knows no replies of many lines"),
        }
        self.session.send();
    }

    /// Makes the call that says `line`, if it begins something.
    fn say(&mut self, line: &[u8]) -> Result<(), LocalError> {
        if let Some(command) = line.strip_prefix(b"AAA") {
            let at = command.iter().position(|&octet| octet == b' ').expect("a tag and a space");
            return self.command(&command[at + 1..]);
        }
        let client = &mut self.session.client;
        match (line, &mut self.mechanism) {
            (b"DONE", _) => client.done(),
            (b"*", Some(_)) => client.cancel(),
            (line, Some(partner)) => {
                partner.prepare(line);
                client.respond(partner.mechanism())
            }
            // Behind the last octet of an upload only the end of the line is left.
            (b"", None) if client.append_end().is_ok() => Ok(()),
            (line, None) => match client.upload(&[line, b"\r\n"].concat()) {
                // The rest of a command whose literal was asked for.
                Ok(_) | Err(LocalError::WrongState) => Ok(()),
                Err(error) => Err(error),
            },
        }
    }

    fn command(&mut self, command: &[u8]) -> Result<(), LocalError> {
        let text = std::str::from_utf8(command).expect("commands are ASCII");
        let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
        let words: Vec<&str> = rest.split(' ').collect();
        let client = &mut self.session.client;
        self.mechanism = None;
        let tag = match (name, &words[..]) {
            ("CAPABILITY", _) => client.capability(),
            ("NOOP", _) => client.noop(),
            ("CHECK", _) => client.check(),
            ("EXPUNGE", _) => client.expunge(),
            ("CLOSE", _) => client.close(),
            ("UNSELECT", _) => client.unselect(),
            ("LOGOUT", _) => client.logout(),
            ("STARTTLS", _) => client.starttls(),
            ("COMPRESS", _) => client.compress(),
            ("IDLE", _) => client.idle(),
            ("NAMESPACE", _) => client.namespace(),
            ("LOGIN", [user, password]) => {
                client.login(unquoted(user).as_bytes(), unquoted(password).as_bytes())
            }
            ("AUTHENTICATE", [name, initial @ ..]) => {
                let partner = Partner::new(name, initial.first().copied(), self.settings);
                client.authenticate(self.mechanism.insert(partner).mechanism())
            }
            ("SELECT", [name]) => client.select(mailbox(name)),
            ("EXAMINE", [name]) => client.examine(mailbox(name)),
            ("CREATE", [name]) if name.starts_with('{') => client.create(Mailbox::Raw(LITERAL)),
            ("CREATE", [name]) => client.create(mailbox(name)),
            ("LIST", [reference, pattern]) => client.list(mailbox(reference), mailbox(pattern)),
            ("ENABLE", names) => client.enable(names),
            ("APPEND", [name, literal]) => {
                let octets = literal.trim_matches(['{', '}', '+']).parse().expect("a length");
                client.append(mailbox(name), &AppendOptions::default(), octets)
            }
            ("FETCH", [set, ..]) => fetch(client, false, set, &rest[set.len() + 1..]),
            ("UID", ["FETCH", set, ..]) => {
                fetch(client, true, set, &rest["FETCH ".len() + set.len() + 1..])
            }
            ("STORE", [set, "+FLAGS", ..]) => {
                let flags = Flag::from_bytes(words[2].trim_matches(['(', ')']).as_bytes());
                client.store(Sequence::Text(set.as_bytes()), &Store::add(&[flags]))
            }
            ("COPY", [set, to]) => client.copy(Sequence::Text(set.as_bytes()), mailbox(to)),
            _ if rest.is_empty() => client.raw(name, &[]),
            _ => client.raw(name, &[Argument::Verbatim(rest.as_bytes())]),
        };
        tag.map(drop)
    }
}

/// What goes in a literal wherever a transcript has one.
const LITERAL: &[u8] = b"two\r\nlines";

fn unquoted(word: &str) -> &str {
    word.trim_matches('"')
}

fn mailbox(word: &str) -> Mailbox<'_> {
    Mailbox::Raw(unquoted(word).as_bytes())
}

fn fetch(
    client: &mut Client<'_>,
    uid: bool,
    set: &str,
    items: &str,
) -> Result<mailproto_core::imap::Tag, LocalError> {
    let items = items.strip_prefix('(').and_then(|items| items.strip_suffix(')')).unwrap_or(items);
    let items: Vec<_> = items.split(' ').map(fetch_item).collect();
    let set = Sequence::Text(set.as_bytes());
    if uid { client.uid_fetch(set, &items) } else { client.fetch(set, &items) }
}

fn fetch_item(word: &str) -> FetchItem<'_> {
    let section = |word: &str, peek: bool| {
        let (name, partial) = word.split_once(']').expect("a bracket");
        let section = match name {
            "" => BodySection::WHOLE,
            "HEADER" => BodySection::HEADER,
            "TEXT" => BodySection::TEXT,
            "1" => BodySection::part(&[1]),
            other => panic!("no such section here: {other}"),
        };
        let partial = partial.strip_prefix('<').and_then(|partial| partial.strip_suffix('>'));
        let partial = partial.and_then(|partial| partial.split_once('.'));
        let number = |digits: &str| digits.parse().expect("a number");
        let partial = partial
            .map(|(origin, octets)| Partial { offset: number(origin), octets: number(octets) });
        FetchItem::BodySection { section, peek, partial }
    };
    match word {
        "UID" => FetchItem::Uid,
        "FLAGS" => FetchItem::Flags,
        "ENVELOPE" => FetchItem::Envelope,
        "INTERNALDATE" => FetchItem::InternalDate,
        "RFC822.SIZE" => FetchItem::Rfc822Size,
        "BODYSTRUCTURE" => FetchItem::BodyStructure,
        "FAST" => FetchItem::Fast,
        word if word.starts_with("BODY.PEEK[") => section(&word["BODY.PEEK[".len()..], true),
        word if word.starts_with("BODY[") => section(&word["BODY[".len()..], false),
        word => FetchItem::Other(word.as_bytes()),
    }
}

/// The mechanism of an exchange: one of ours where the transcript gives credentials, else one that says what stands
/// in the transcript.
enum Partner<'c> {
    Ours(Auto<'c>),
    Scripted(Scripted),
}

impl<'c> Partner<'c> {
    fn new(name: &str, initial: Option<&str>, settings: &'c Settings) -> Self {
        let known = Name::from_bytes(name.as_bytes()).zip(credentials(&settings.credentials));
        match known {
            Some((name, credentials)) => {
                Self::Ours(Auto::new(name, credentials, &settings.nonce).expect("credentials"))
            }
            None => Self::Scripted(Scripted {
                name: name.into(),
                initial: initial.map(|text| decode(text.as_bytes())),
                next: Vec::new(),
            }),
        }
    }

    fn mechanism(&mut self) -> &mut (dyn Mechanism + 'c) {
        match self {
            Self::Ours(ours) => ours,
            Self::Scripted(scripted) => scripted,
        }
    }

    fn prepare(&mut self, line: &[u8]) {
        if let Self::Scripted(scripted) = self {
            scripted.next = decode(line);
        }
    }
}

fn credentials(words: &[String]) -> Option<Credentials<'_>> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Some(match words[..] {
        ["password", user, password] => Credentials::Password { authzid: "", user, password },
        ["token", user, token, host, port] => {
            Credentials::Token { user, token, host, port: port.parse().expect("a port") }
        }
        [] => return None,
        _ => panic!("no such credentials: {words:?}"),
    })
}

fn decode(text: &[u8]) -> Vec<u8> {
    if text == b"=" { Vec::new() } else { BASE64.decode(text).expect("base64 in a transcript") }
}

/// A mechanism that says what it is told, and believes the server.
struct Scripted {
    name: String,
    initial: Option<Vec<u8>>,
    next: Vec<u8>,
}

impl Mechanism for Scripted {
    fn name(&self) -> &str {
        &self.name
    }

    fn exposure(&self) -> Exposure {
        Exposure::Secret
    }

    fn client_first(&self) -> bool {
        self.initial.is_some()
    }

    fn respond(&mut self, _: &[u8], out: &mut [u8]) -> Result<usize, sasl::Error> {
        let response = self.initial.take().unwrap_or_else(|| self.next.clone());
        let needed = response.len();
        let room = out.get_mut(..needed).ok_or(sasl::Error::BufferTooSmall { needed })?;
        room.copy_from_slice(&response);
        Ok(needed)
    }

    fn is_complete(&self) -> bool {
        true
    }
}
