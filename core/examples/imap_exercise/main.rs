//! Gives every command of IMAP, over any channel and with any login, and prints all that the engine tells:
//! a tour of the client engine, and what the tests run against real servers.
//!
//! ```text
//! cargo run --example imap_exercise -- --user alice imap.example.com 993 dump INBOX
//! ```
//!
//! `tasks.rs` is what one does with a mailbox, `exercise.rs` every command once; `session.rs` moves octets
//! between socket and engine, `deflate.rs` compresses them, `login.rs` logs in; `told.rs` and `views.rs` turn events into lines of JSON.

#[allow(dead_code)] // what is received is received in `session.rs`, which keeps time
#[path = "../pop3_fetch/channel.rs"]
mod channel;
mod deflate;
mod exercise;
mod login;
mod options;
mod session;
mod tasks;
mod told;
mod views;

use std::error::Error;
use std::process::ExitCode;

use mailproto_core::imap::{Capabilities, Config, Security, State, Status};

use channel::Channel;
use options::{Options, Transport};
use session::Session;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let options = match Options::from_command_line() {
        Ok(options) => options,
        Err(error) => {
            eprintln!("imap_exercise: {error}\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("imap_exercise: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A whole session, from the connection to LOGOUT.
fn run(options: &Options) -> Result<()> {
    // All the memory that the engine ever uses, whatever the size of the mail.
    let (mut scratch, mut tx) = (vec![0; options.scratch], vec![0; options.tx]);
    let channel = Channel::connect(options)?;
    let mut session = Session::new(channel, &mut scratch, &mut tx, config(options), options);
    session.greeting()?;
    if options.transport == Transport::StartTls {
        session.start_tls(options)?;
    }
    let exercising = options.task == "exercise";
    if exercising {
        exercise::before_login(&mut session)?;
    }
    ask_capabilities(&mut session)?;
    if login::log_in(&mut session, options)? != Status::Ok {
        return Err("the login was refused".into());
    }
    ask_capabilities(&mut session)?;
    if options.compress {
        session.compress()?;
    }
    match options.task.as_str() {
        "capability" => {
            session.give("capability", |client| client.capability())?;
        }
        "exercise" => exercise::after_login(&mut session)?,
        "dump" => tasks::dump(&mut session, options)?,
        "idle" => tasks::idle(&mut session, options)?,
        "append" => tasks::append(&mut session, options)?,
        "pipeline" => tasks::pipeline(&mut session, options)?,
        "sync" => tasks::sync(&mut session, options)?,
        task => return Err(format!("{task}: no such task").into()),
    }
    log_out(&mut session)
}

fn config(options: &Options) -> Config {
    let config = if options.strict { Config::strict() } else { Config::lenient() };
    let mut config = config.with_security(match options.transport {
        Transport::Tls => Security::Private,
        Transport::StartTls => Security::StartTlsRequired,
        Transport::Insecure => Security::DangerCleartext,
    });
    if let Some(ms) = options.reissue {
        config.idle_reissue_ms = ms;
    }
    config
}

/// Asks what the server can do, unless it has told: in the greeting, or when one has logged in.
fn ask_capabilities(session: &mut Session<'_>) -> Result<()> {
    if !session.client.capabilities().contains(Capabilities::KNOWN) {
        session.give("capability", |client| client.capability())?;
    }
    Ok(())
}

/// LOGOUT (RFC 9051 §6.1.3): the server says BYE, answers, and closes.
fn log_out(session: &mut Session<'_>) -> Result<()> {
    session.give("logout", |client| client.logout())?;
    while session.client.state() != State::Closed {
        session.turn(|_| Ok(()))?;
    }
    Ok(())
}
