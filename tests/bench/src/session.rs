//! Sessions with the engines, driven as a caller would, without a network.

use mailproto_core::pop3::{
    Client, Config, Event, Request, Security, Server, ServerConfig, Status,
};

/// A client behind its login, over buffers that the caller lends it.
pub(crate) fn logged_in<'b>(scratch: &'b mut [u8], tx: &'b mut [u8]) -> Client<'b> {
    let config = Config::default().with_security(Security::Private);
    let mut client = Client::new(scratch, tx, config);
    feed(&mut client, b"+OK ready\r\n", 1 << 16);
    client.login(b"mrose", b"tanstaaf").expect("USER and PASS are legal");
    for _ in 0..2 {
        sent(&mut client);
        feed(&mut client, b"+OK\r\n", 1 << 16);
    }
    client
}

/// Tells the client that all it wanted to send was sent.
pub(crate) fn sent(client: &mut Client<'_>) {
    let octets = client.outgoing().len();
    client.sent(octets);
}

/// Hands the client `stream` in reads of `read` octets; looks at every event and every slice, and
/// copies nothing. Returns a sum that depends on all of it.
pub(crate) fn feed(client: &mut Client<'_>, stream: &[u8], read: usize) -> u64 {
    let mut sum = 0;
    for mut input in stream.chunks(read) {
        while let Some(event) = client.poll(&mut input).expect("a sound session") {
            sum += look_at(&event);
        }
    }
    sum
}

fn look_at(event: &Event<'_>) -> u64 {
    let touch = |octets: &[u8]| octets.len() as u64 + octets.first().map_or(0, |&o| o.into());
    match *event {
        Event::Data { octets, .. } => touch(octets),
        Event::UniqueId { message, uid, .. } => touch(uid) + u64::from(message),
        Event::ScanListing { message, octets, .. } => octets + u64::from(message),
        Event::Completed { status, .. } => {
            assert_eq!(status, Status::Ok);
            1
        }
        _ => 0,
    }
}

/// A whole RETR: the command, its reply in reads of `read` octets.
pub(crate) fn retr(client: &mut Client<'_>, reply: &[u8], read: usize) -> u64 {
    client.retr(1).expect("RETR is legal");
    sent(client);
    feed(client, reply, read)
}

/// A whole UIDL.
pub(crate) fn uidl(client: &mut Client<'_>, reply: &[u8], read: usize) -> u64 {
    client.uidl().expect("UIDL is legal");
    sent(client);
    feed(client, reply, read)
}

/// A whole LIST.
pub(crate) fn list(client: &mut Client<'_>, reply: &[u8], read: usize) -> u64 {
    client.list().expect("LIST is legal");
    sent(client);
    feed(client, reply, read)
}

/// What a client reads and writes from the greeting to its first STAT.
pub(crate) fn greet_and_log_in() -> u64 {
    let (mut scratch, mut tx) = ([0; 512], [0; 512]);
    let config = Config::default().with_security(Security::Private);
    let mut client = Client::new(&mut scratch, &mut tx, config);
    let mut sum = feed(&mut client, b"+OK ready <1896.697170952@dbc.mtview.ca.us>\r\n", 1 << 16);
    let capa = b"+OK\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nPIPELINING\r\nAUTH-RESP-CODE\r\nUSER\r\nSASL PLAIN SCRAM-SHA-256\r\n.\r\n";
    client.capa().expect("CAPA is legal");
    sent(&mut client);
    sum += feed(&mut client, capa, 1 << 16);
    client.login(b"mrose", b"tanstaaf").expect("USER and PASS are legal");
    for reply in [b"+OK\r\n", b"+OK\r\n"] {
        sent(&mut client);
        sum += feed(&mut client, reply, 1 << 16);
    }
    client.stat().expect("STAT is legal");
    sent(&mut client);
    sum + feed(&mut client, b"+OK 2 320\r\n", 1 << 16)
}

/// A server behind its client's login.
pub(crate) fn serving<'b>(
    scratch: &'b mut [u8],
    tx: &'b mut [u8],
    marks: &'b mut [u8],
) -> Server<'b, 'static> {
    let config = ServerConfig { security: Security::Private, ..ServerConfig::default() };
    let mut server = Server::new(scratch, tx, marks, config);
    server.greet(b"ready").expect("the first thing");
    drain(&mut server);
    let mut input = &b"USER mrose\r\nPASS tanstaaf\r\n"[..];
    while !matches!(server.poll(&mut input), Ok(Some(Request::Login { .. }))) {
        drain(&mut server);
    }
    server.accept(1).expect("a login was asked for");
    drain(&mut server);
    server
}

fn drain(server: &mut Server<'_, '_>) -> u64 {
    let octets = server.outgoing().len();
    server.sent(octets);
    octets as u64
}

/// The server's side of a RETR: the message is read in pieces of `read` octets, what goes out is
/// looked at and counted.
pub(crate) fn serve(server: &mut Server<'_, '_>, message: &[u8], read: usize) -> u64 {
    let asked = server.poll(&mut &b"RETR 1\r\n"[..]);
    assert!(matches!(asked, Ok(Some(Request::Message { .. }))), "{asked:?}");
    server.message(Some(message.len() as u64)).expect("a message was asked for");
    let mut sum = 0;
    for mut text in message.chunks(read) {
        while !text.is_empty() {
            server.message_data(&mut text).expect("a message was begun");
            sum += drain(server);
        }
    }
    server.end_message().expect("there is room");
    sum + drain(server)
}
