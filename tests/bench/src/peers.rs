//! Our client engine on `std` sockets and `async-pop` on tokio, against the same replay server on
//! loopback. Processor time is that of the client's thread; the server has one of its own.

use std::fmt::Display;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use mailproto_core::pop3::{Client, Config, Event, Security, State, Status};

use crate::harness::{Measured, Subject, measure};
use crate::mail::{Text, reply};

/// A mailbox that holds the same message over and over.
struct Mailbox {
    messages: u32,
    octets: usize,
    rounds: usize,
}

const MAILBOXES: [Mailbox; 3] = [
    Mailbox { messages: 2_000, octets: 4_500, rounds: 9 },
    Mailbox { messages: 1, octets: 1 << 20, rounds: 9 },
    Mailbox { messages: 1, octets: 4 << 20, rounds: 3 },
];
/// More than async-pop takes (it refuses replies beyond 20 MiB).
const LARGE: Mailbox = Mailbox { messages: 1, octets: 25_000_000, rounds: 9 };

/// Prints the table.
pub(crate) fn report() {
    println!(
        "| mailbox | client | CPU | wall | CPU of async-pop ÷ ours | wall of async-pop ÷ ours |"
    );
    println!("|---|---|--:|--:|--:|--:|");
    for mailbox in &MAILBOXES {
        let server = mailbox.serve();
        let ours = |pipelining| move || download(server, mailbox.messages, pipelining);
        let subjects = vec![
            Subject::new("async-pop 1.1.3", mailbox.total(), || {
                async_pop(server, mailbox.messages)
            }),
            Subject::new("ours, one command at a time", mailbox.total(), ours(false)),
            Subject::new("ours, pipelined", mailbox.total(), ours(true)),
        ];
        print_rows(mailbox, &measure(mailbox.rounds, subjects));
    }
    let server = LARGE.serve();
    let ours = Subject::new("ours", LARGE.total(), || download(server, 1, true));
    for one in measure(LARGE.rounds, vec![ours]) {
        print_row(&LARGE, &one, "refused", "refused");
    }
}

fn print_rows(mailbox: &Mailbox, measured: &[Measured]) {
    let Some((peer, ours)) = measured.split_first() else { return };
    print_row(mailbox, peer, "1", "1");
    for one in ours {
        let (cpu, wall) = (one.times(peer), one.times_in_wall_time(peer));
        print_row(mailbox, one, format_args!("{cpu:.1}"), format_args!("{wall:.1}"));
    }
}

fn print_row(mailbox: &Mailbox, one: &Measured, cpu: impl Display, wall: impl Display) {
    let Mailbox { messages, octets, .. } = mailbox;
    let (own_cpu, own_wall) = (one.milliseconds(), one.wall_milliseconds());
    println!(
        "| {messages} × {octets} | {} | {own_cpu:.1} ms | {own_wall:.1} ms | {cpu} | {wall} |",
        one.name
    );
}

// The clients. Each fetches every message and looks at it.

fn download(server: SocketAddr, messages: u32, pipelining: bool) -> u64 {
    let mut socket = TcpStream::connect(server).expect("the server listens");
    socket.set_nodelay(true).expect("a socket");
    let (mut scratch, mut tx, mut buffer) = ([0; 512], [0; 512], vec![0; 1 << 16]);
    let config = Config { pipelining, ..Config::default().with_security(Security::Private) };
    let mut client = Client::with_window(&mut scratch, &mut tx, config);
    let mut session = Fetching::<32> { next: 1, messages, octets: 0 };
    while client.state() != State::Closed {
        let read = socket.read(&mut buffer).expect("the server talks");
        assert_ne!(read, 0, "the server hung up");
        let mut input = &buffer[..read];
        while let Some(event) = client.poll(&mut input).expect("a sound session") {
            session.look_at(&event);
        }
        session.ask(&mut client);
        let sent = client.outgoing().len();
        socket.write_all(client.outgoing()).expect("the server listens");
        client.sent(sent);
    }
    session.octets
}

/// What a download does next.
struct Fetching<const N: usize> {
    next: u32,
    messages: u32,
    octets: u64,
}

impl<const N: usize> Fetching<N> {
    fn look_at(&mut self, event: &Event<'_>) {
        match event {
            Event::Data { octets, .. } => self.octets += octets.len() as u64,
            Event::Completed { status, .. } => assert_eq!(*status, Status::Ok),
            _ => {}
        }
    }

    /// Queues as many commands as the client takes.
    fn ask(&mut self, client: &mut Client<'_, N>) {
        match client.state() {
            State::Authorization if self.next == 1 && client.is_idle() => {
                if !client.capabilities().contains(mailproto_core::pop3::Capabilities::KNOWN) {
                    client.capa().expect("CAPA is legal");
                } else {
                    client.login(b"mrose", b"tanstaaf").expect("a login is legal");
                }
            }
            State::Transaction => {
                while self.next <= self.messages && client.retr(self.next).is_ok() {
                    self.next += 1;
                }
                if self.next > self.messages && client.is_idle() {
                    client.quit().expect("QUIT is legal");
                }
            }
            _ => {}
        }
    }
}

fn async_pop(server: SocketAddr, messages: u32) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let socket = tokio::net::TcpStream::connect(server).await.expect("the server listens");
        // Its own `connect_plain` leaves Nagle's algorithm on and sends a command in two segments,
        // so that each command waits 40 ms: this shows it at its best.
        socket.set_nodelay(true).expect("a socket");
        let mut client = async_pop::new(socket).await.expect("the server greets");
        client.login("mrose", "tanstaaf").await.expect("the login is accepted");
        let mut octets = 0;
        for message in 1..=messages as usize {
            octets += client.retr(message).await.expect("the message is there").len() as u64;
        }
        client.quit().await.expect("QUIT is answered");
        octets
    })
}

// The replay server.

impl Mailbox {
    fn total(&self) -> usize {
        self.octets * self.messages as usize
    }

    /// Serves the mailbox to every connection until the program ends.
    fn serve(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let message = reply(&Text::Prose.message(self.octets));
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                // A client that hangs up ends its connection and nothing else.
                let _ = replay(connection, &message);
            }
        });
        address
    }
}

fn replay(connection: TcpStream, message: &[u8]) -> std::io::Result<()> {
    connection.set_nodelay(true)?;
    let (mut commands, mut replies) = (BufReader::new(&connection), &connection);
    replies.write_all(b"+OK ready\r\n")?;
    let mut line = String::new();
    while commands.read_line(&mut line)? > 0 {
        match line.split_whitespace().next() {
            Some("RETR") => replies.write_all(message)?,
            Some("CAPA") => {
                replies.write_all(b"+OK\r\nUSER\r\nUIDL\r\nTOP\r\nPIPELINING\r\n.\r\n")?
            }
            Some("QUIT") => return replies.write_all(b"+OK bye\r\n"),
            _ => replies.write_all(b"+OK\r\n")?,
        }
        line.clear();
    }
    Ok(())
}
