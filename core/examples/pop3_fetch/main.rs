//! Downloads a maildrop: what a program does around the POP3 client engine. The engine decides what
//! goes over the wire; this program owns the socket, the TLS, the clock and the files.
//!
//! ```text
//! cargo run --example pop3_fetch -- --user alice --password-file secret.txt pop.example.com 995 mail/
//! ```
//!
//! Read it top-down: this file is the course of a session, `session.rs` moves octets between socket
//! and engine, `login.rs` and `download.rs` are the two longer steps of it, `channel.rs` is TCP and
//! TLS, `options.rs` the command line.
//!
//! Each message is written under a temporary name, flushed to the disk and renamed to `<n>.eml`; only
//! then is it marked for deletion, and the server deletes at QUIT alone. Whatever goes wrong in
//! between, no mail is lost and none is there by halves.

mod channel;
mod download;
mod login;
mod options;
mod session;

use std::error::Error;
use std::io::{Write, stdout};
use std::process::ExitCode;

use mailproto_core::pop3::{Capability, Config, Event, Security, Value};

use channel::Channel;
use download::{Download, Listing};
use options::{Options, Transport};
use session::Session;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let options = match Options::from_command_line() {
        Ok(Some(options)) => options,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pop3_fetch: {error}\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match fetch(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pop3_fetch: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A whole session, from the connection to QUIT.
fn fetch(options: &Options) -> Result<()> {
    // All the memory that the engine ever uses, whatever the size of the mail.
    let (mut scratch, mut tx) = ([0; 1024], [0; 8192]);
    let config = Config { apop: options.wants_apop(), ..Config::default() };
    let config = config.with_security(match options.transport {
        Transport::Tls => Security::Private,
        Transport::Stls => Security::StlsRequired,
        Transport::Insecure => Security::DangerCleartext,
    });
    let channel = Channel::connect(options)?;
    let mut session = Session::new(channel, &mut scratch, &mut tx, config);

    session.greeting()?;
    ask_capabilities(&mut session)?;
    if options.transport == Transport::Stls {
        session.start_tls(options)?;
        // What was offered in the clear is forgotten (RFC 2595 §4).
        ask_capabilities(&mut session)?;
    }
    login::log_in(&mut session, options)?;
    let listing = list(&mut session, options)?;
    let refused = Download::new(options, listing)?.run(&mut session)?;
    // Only here does the server delete (RFC 1939 §6), and only what was stored is marked.
    session.client.quit()?;
    session.finish(|_| Ok(()))?;
    match refused {
        0 => Ok(()),
        count => Err(format!("{count} commands were refused").into()),
    }
}

/// CAPA (RFC 2449 §5). The engine remembers what it needs of the reply; a server that does not know
/// the command is none the worse.
fn ask_capabilities(session: &mut Session<'_>) -> Result<()> {
    session.client.capa()?;
    session.finish_even_if_refused(|event| {
        if let Event::Capability { capability: Capability::Implementation(name), .. } = event {
            writeln!(stdout(), "server: {}", String::from_utf8_lossy(name))?;
        }
        Ok(())
    })
}

/// STAT, LIST and, where asked for, UIDL: in flight together if the server allows it.
fn list(session: &mut Session<'_>, options: &Options) -> Result<Listing> {
    session.client.stat()?;
    session.client.list()?;
    if options.uidl {
        session.client.uidl()?;
    }
    let mut listing = Listing::default();
    session.finish(|event| {
        match event {
            Event::Completed { value: Value::DropListing { messages, octets }, .. } => {
                writeln!(stdout(), "{messages} messages, {octets} octets")?;
                listing.messages = messages;
            }
            Event::ScanListing { message, octets, .. } => {
                listing.octets.insert(message, octets);
            }
            Event::UniqueId { message, uid, .. } => {
                listing.unique_ids.insert(message, String::from_utf8_lossy(uid).into_owned());
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(listing)
}
