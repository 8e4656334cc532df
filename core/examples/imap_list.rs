//! Lists INBOX and streams its newest message, in the clear: `imap_list localhost:143 alice secret`.

use mailproto_core::imap::{command::FetchItem, response::fetch::Item, *};
use mailproto_core::message::encoded_word::decode_to_utf8;
use std::{error::Error, io::Read, io::Write, io::stdout, net::TcpStream};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, server, user, password] = &arguments[..] else { Err("HOST:PORT USER PASSWORD")? };
    let (mut scratch, mut tx, mut received) = ([0; 2048], [0; 512], [0; 1024]);
    let config = Config::default().with_security(Security::DangerCleartext);
    let mut client = Client::new(&mut scratch, &mut tx, config);
    let mut socket = TcpStream::connect(server)?;
    while client.state() != State::Closed {
        match client.state() {
            _ if !client.is_idle() => {}
            State::NotAuthenticated => _ = client.login(user.as_bytes(), password.as_bytes())?,
            State::Authenticated => _ = client.examine(Mailbox::INBOX)?,
            State::Selected => {
                client.uid_fetch(Sequence::ALL, &[FetchItem::Flags, FetchItem::Envelope])?;
                client.uid_fetch(Sequence::Last, &[FetchItem::Rfc822])?; // not waiting for the list
                client.logout()?;
            }
            _ => {}
        }
        socket.write_all(client.outgoing())?;
        client.sent(usize::MAX); // all of it
        let octets = socket.read(&mut received)?;
        if octets == 0 {
            client.eof()?;
        }
        let mut input = &received[..octets];
        while let Some(event) = client.poll(&mut input)? {
            match event {
                Event::Data(Data::Item(item)) => show(item),
                Event::Data(Data::BodyData(octets)) => stdout().write_all(octets)?, // however many
                Event::Completed { status: Status::No | Status::Bad, text, .. } => {
                    Err(String::from_utf8_lossy(text))?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn show(item: Item<'_>) {
    match item {
        Item::Uid(uid) => print!("UID {uid} "),
        Item::Flags(flags) => flags.iter().for_each(|flag| print!("{flag} ")),
        Item::Envelope(envelope) => {
            let (mut encoded, mut text) = ([0; 1024], [0; 1024]);
            let subject = envelope.subject().unwrap_or_default().copy_to(&mut encoded);
            let decoded = decode_to_utf8(subject.unwrap_or(b"(long)"), &mut text);
            println!("{}", String::from_utf8_lossy(&text[..decoded.len]));
        }
        _ => {}
    }
}
