//! Gives every command of POP3 once and prints what came of it: a tour of the client engine, and
//! what the tests run against real servers. The command line is that of `pop3_fetch`. The maildrop
//! must hold three messages or more; the last one is deleted.
//!
//! A line a command: its name, `OK` or `ERR`, the response code or `-`, what it told. The lines of a
//! listing stand before it, behind an asterisk. What RETR and TOP bring is written to `OUTDIR/retr`
//! and `OUTDIR/top`.

#[path = "../pop3_fetch/channel.rs"]
mod channel;
#[path = "../pop3_fetch/login.rs"]
mod login;
#[allow(dead_code)] // not all that a download needs is needed here
#[path = "../pop3_fetch/options.rs"]
mod options;
#[path = "../pop3_fetch/session.rs"]
mod session;

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::process::ExitCode;

use mailproto_core::LocalError;
use mailproto_core::pop3::{
    Client, CommandNumber, Config, Event, Security, State, Status, Value, Verb,
};

use channel::Channel;
use options::{Options, Transport};
use session::Session;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let outcome = Options::from_command_line()
        .and_then(|options| options.ok_or_else(|| options::USAGE.into()))
        .and_then(|options| exercise(&options));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pop3_exercise: {error}");
            ExitCode::FAILURE
        }
    }
}

fn exercise(options: &Options) -> Result<()> {
    let (mut scratch, mut tx) = ([0; 1024], [0; 8192]);
    let config = Config { apop: options.wants_apop(), ..Config::default() };
    let config = config.with_security(match options.transport {
        Transport::Tls => Security::Private,
        Transport::Stls => Security::StlsRequired,
        Transport::Insecure => Security::DangerCleartext,
    });
    let mut session = Session::new(Channel::connect(options)?, &mut scratch, &mut tx, config);
    session.greeting()?;
    authorization(&mut session, options)?;
    transaction(&mut session, options)?;
    give(&mut session, None, |client| client.quit())?;
    assert_eq!(session.client.state(), State::Closed);
    Ok(())
}

fn authorization(session: &mut Session<'_>, options: &Options) -> Result<()> {
    if options.transport == Transport::Stls {
        session.start_tls(options)?;
        println!("STLS OK -");
    }
    give(session, None, |client| client.capa())?;
    give(session, None, |client| client.lang_list())?;
    give(session, None, |client| client.lang(b"*"))?;
    give(session, None, |client| client.utf8())?;
    let wrong = Options { password: "wrong".into(), ..options.clone() };
    match login::log_in(session, &wrong) {
        Ok(()) => println!("LOGIN OK -"),
        Err(error) => println!("LOGIN ERR {error}"),
    }
    login::log_in(session, options)?;
    println!("LOGIN OK -");
    Ok(())
}

fn transaction(session: &mut Session<'_>, options: &Options) -> Result<()> {
    fs::create_dir_all(&options.directory)?;
    let file = |name| File::create(options.directory.join(name));
    let messages = give(session, None, |client| client.stat())?;
    give(session, None, |client| client.list())?;
    give(session, None, |client| client.list_one(2))?;
    give(session, None, |client| client.uidl())?;
    give(session, None, |client| client.uidl_one(2))?;
    give(session, Some(file("retr")?), |client| client.retr(1))?;
    give(session, Some(file("top")?), |client| client.top(1, 3))?;
    give(session, None, |client| client.dele(1))?;
    give(session, None, |client| client.stat())?;
    give(session, None, |client| client.retr(1))?;
    give(session, None, |client| client.rset())?;
    give(session, None, |client| client.stat())?;
    give(session, None, |client| client.noop())?;
    give(session, None, |client| client.list_one(messages + 1))?;
    give(session, None, |client| client.raw(b"XMAILPROTO", false))?;
    give(session, None, |client| client.dele(messages))?;
    Ok(())
}

/// Gives one command, waits for its completion and prints it; returns the number of messages, where
/// the command tells it.
fn give(
    session: &mut Session<'_>,
    mut file: Option<File>,
    command: impl FnOnce(
        &mut Client<'_, { session::WINDOW }>,
    ) -> std::result::Result<CommandNumber, LocalError>,
) -> Result<u32> {
    match command(&mut session.client) {
        Ok(_) => {}
        Err(LocalError::NotOffered) => return Ok(0),
        Err(error) => return Err(error.into()),
    }
    let mut count = 0;
    session.finish_even_if_refused(|event| {
        match event {
            Event::Capability { capability, .. } => {
                println!("* {}", text(&capability.emit(&mut None).concat()));
            }
            Event::ScanListing { message, octets, .. } => println!("* {message} {octets}"),
            Event::UniqueId { message, uid, .. } => println!("* {message} {}", text(uid)),
            Event::Language { tag, description, .. } => {
                println!("* {} {}", text(tag), text(description));
            }
            Event::Data { octets, .. } => {
                if let Some(file) = &mut file {
                    file.write_all(octets)?;
                }
            }
            Event::Completed { verb, status, code, value, .. } => {
                let told = match value {
                    Value::DropListing { messages, octets } => {
                        count = messages;
                        format!("{messages} {octets}")
                    }
                    Value::ScanListing { message, octets } => format!("{message} {octets}"),
                    Value::UniqueId { message, uid } => format!("{message} {}", text(uid)),
                    Value::None => String::new(),
                };
                let name = if verb == Verb::Raw { "RAW" } else { verb.keyword() };
                let status = if status == Status::Ok { "OK" } else { "ERR" };
                let code = code.map_or("-".into(), |code| text(code.as_bytes()));
                println!("{name} {status} {code} {told}");
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(count)
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}
