//! The server against any client: no panic, never stuck, the same answers for every cut, and every answer is
//! made of whole lines.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailproto_core::LocalError;
use mailproto_core::pop3::{Request, ResponseCode, Security, Server, ServerConfig, Utf8};
use mailproto_core::sasl::{Claim, LoginServer, Name, NameSet, PlainServer, ServerMechanism, Step};
use mailproto_fuzz::{Input, Told};

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let whole = run(&input, &input.whole());
    let cut = run(&input, &input.cut());
    assert_eq!(whole.without_injected_handshake(), cut.without_injected_handshake());
});

const MESSAGES: [&[u8]; 4] = [b"H: 1\r\n\r\n.dot\r\nlast", b"", b".\r\n.\r\n", b"a\n.\nb\r.\r\n"];

fn run(input: &Input<'_>, reads: &[&[u8]]) -> Told {
    let (mut scratch, mut tx, mut marks) = ([0; 300], [0; 512], [0; 1]);
    let bit = |bit: u8| input.setting & (1 << bit) != 0;
    let config = ServerConfig {
        security: match input.setting & 3 {
            0 => Security::StlsRequired,
            1 => Security::DangerCleartext,
            _ => Security::Private,
        },
        mechanisms: if bit(2) { NameSet::of(&[Name::Plain, Name::Login]) } else { NameSet::EMPTY },
        timestamp: bit(3).then_some(&b"<1@example.org>"[..]),
        utf8: bit(4).then_some(Utf8::Users),
        lang: bit(5),
        max_errors: if bit(6) { 3 } else { 0 },
        ..ServerConfig::default()
    };
    let mut server = Server::new(&mut scratch, &mut tx, &mut marks, config);
    server.greet(b"ready").expect("room for the greeting");
    let mut told = Told::default();
    send(&mut server, &mut told);
    let (mut work, mut other) = ([0; 512], [0; 512]);
    let mut mechanism = Some(Exchange::Plain(PlainServer::new(&mut work)));
    let mut login = Some(LoginServer::new(&mut other));
    for &read in reads {
        let mut octets = read;
        loop {
            let left = octets.len();
            let request = match server.poll(&mut octets) {
                Ok(Some(request)) => Asked::of(request, &mut told),
                Ok(None) => None,
                Err(error) => {
                    told.line(format!("{error:?}"));
                    assert_eq!(server.poll(&mut octets), Err(error), "for good");
                    return told;
                }
            };
            let asked = request.is_some();
            if let Some(request) = request {
                if let Asked::Auth(true) = request
                    && let Some(login) = login.take()
                {
                    mechanism = Some(Exchange::Login(login));
                }
                answer(&mut server, &request, mechanism.as_mut(), &mut told);
                assert!(!server.owes_answer(), "answered");
            }
            let sent = send(&mut server, &mut told);
            if !asked && octets.is_empty() {
                break;
            }
            assert!(asked || sent || octets.len() < left, "stuck");
        }
    }
    told.line(format!("{:?} {:?}", server.eof(), server.state()));
    told
}

enum Exchange<'w> {
    Plain(PlainServer<'w>),
    Login(LoginServer<'w>),
}

impl Exchange<'_> {
    fn mechanism(&mut self) -> &mut dyn ServerMechanism {
        match self {
            Self::Plain(plain) => plain,
            Self::Login(login) => login,
        }
    }
}

/// What was asked, kept.
enum Asked {
    Enter,
    /// Whether it is LOGIN.
    Auth(bool),
    Response,
    Stat,
    List(Option<u32>),
    Uidl(Option<u32>),
    Message(u32),
    Languages,
    Language,
    Update,
    Nothing,
}

impl Asked {
    fn of(request: Request<'_>, told: &mut Told) -> Option<Self> {
        told.line(format!("{request:?}"));
        Some(match request {
            Request::Login { name, password } => {
                told.line(format!("{} {}", name.escape_ascii(), password.escape_ascii()));
                assert!(!name.is_empty());
                Self::Enter
            }
            Request::Apop { name, digest } => {
                told.line(format!("{} {}", name.escape_ascii(), digest.escape_ascii()));
                Self::Enter
            }
            Request::Auth { mechanism } => Self::Auth(mechanism.eq_ignore_ascii_case(b"LOGIN")),
            Request::Response => Self::Response,
            Request::Stat => Self::Stat,
            Request::List { message } => Self::List(message),
            Request::Uidl { message } => Self::Uidl(message),
            Request::Message { message, .. } => Self::Message(message),
            Request::Lang { tag: None } => Self::Languages,
            Request::Lang { tag: Some(tag) } => {
                told.line(tag.escape_ascii().to_string());
                Self::Language
            }
            Request::Update => Self::Update,
            _ => Self::Nothing,
        })
    }
}

fn send(server: &mut Server<'_, '_>, told: &mut Told) -> bool {
    let sent = server.outgoing().len();
    told.data(server.outgoing());
    server.sent(sent);
    assert!(server.outgoing().is_empty());
    sent > 0
}

/// Calls until there is room.
fn until_sent<'b, 'c>(
    server: &mut Server<'b, 'c>,
    told: &mut Told,
    call: impl Fn(&mut Server<'b, 'c>) -> Result<(), LocalError>,
) {
    while let Err(error) = call(server) {
        assert_eq!(error, LocalError::Full);
        assert!(send(server, told), "full, but nothing to send");
    }
}

fn answer(
    server: &mut Server<'_, '_>,
    asked: &Asked,
    mechanism: Option<&mut Exchange<'_>>,
    told: &mut Told,
) {
    match *asked {
        Asked::Nothing => {}
        Asked::Enter => until_sent(server, told, |server| server.accept(4)),
        Asked::Stat => until_sent(server, told, |server| server.drop_listing(4, 99)),
        Asked::List(Some(message)) => until_sent(server, told, |s| s.scan_listing(message, 5)),
        Asked::Uidl(Some(message)) => until_sent(server, told, |s| s.unique_id(message, b"uid")),
        Asked::List(None) => {
            (1..=4).for_each(|n| until_sent(server, told, |server| server.scan_listing(n, 5)));
            until_sent(server, told, Server::end_listing);
        }
        Asked::Uidl(None) => {
            (1..=4)
                .for_each(|n| until_sent(server, told, |server| server.unique_id(n, &[b'u'; 70])));
            until_sent(server, told, Server::end_listing);
        }
        Asked::Languages => {
            until_sent(server, told, |server| server.language(b"en", b"English"));
            until_sent(server, told, Server::end_listing);
        }
        Asked::Language => until_sent(server, told, |server| server.accept_language(b"en", b"now")),
        Asked::Update => until_sent(server, told, |server| server.updated(true)),
        Asked::Message(number) => {
            until_sent(server, told, |server| server.message(Some(7)));
            let text = MESSAGES[number as usize - 1];
            for piece in text.chunks(3) {
                let mut piece = piece;
                while !piece.is_empty() {
                    server.message_data(&mut piece).unwrap();
                    if !piece.is_empty() {
                        assert!(send(server, told), "stuck in a message");
                    }
                }
            }
            until_sent(server, told, Server::end_message);
        }
        Asked::Auth(_) | Asked::Response => authenticate(server, mechanism),
    }
}

fn authenticate(server: &mut Server<'_, '_>, mechanism: Option<&mut Exchange<'_>>) {
    let no = |server: &mut Server<'_, '_>| server.reject(Some(ResponseCode::Auth), b"no").unwrap();
    let Some(mechanism) = mechanism else { return no(server) };
    let mechanism = mechanism.mechanism();
    loop {
        match server.authenticate(mechanism) {
            Ok(Step::Challenge(_)) => return,
            Ok(Step::Claim) => {
                let welcome =
                    matches!(mechanism.claim(), Claim::Password { user, .. } if user == b"user");
                mechanism.verdict(welcome).unwrap();
            }
            Ok(Step::Success) => return server.accept(4).unwrap(),
            Ok(Step::Failure) | Err(_) => return no(server),
        }
    }
}
