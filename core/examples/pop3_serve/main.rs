//! Serves a directory of mail, one user's, over POP3: what a program does around the server engine.
//!
//! ```text
//! cargo run --example pop3_serve -- --user alice --password-file secret.txt --port 1100 mail/
//! ```
//!
//! Read it top-down: this file accepts connections, `connection.rs` holds a session, `maildrop.rs`
//! knows the files, `account.rs` the password, `channel.rs` TCP and TLS, `options.rs` the command
//! line. It listens on the loopback only, a thread a connection.

mod account;
mod channel;
mod connection;
mod maildrop;
mod options;

use std::error::Error;
use std::io::{Write, stdout};
use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitCode;
use std::thread;

use channel::Channel;
use options::Options;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let options = match Options::from_command_line() {
        Ok(Some(options)) => options,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pop3_serve: {error}\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match serve(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pop3_serve: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Listens until it is killed.
fn serve(options: &Options) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
    // For whoever asked for port 0, and for whoever waits until we are ready.
    writeln!(stdout(), "listening on {}", listener.local_addr()?)?;
    thread::scope(|scope| {
        for socket in listener.incoming() {
            scope.spawn(move || {
                let session = socket.map_err(Into::into).and_then(|socket| {
                    connection::serve(Channel::accept(socket, options)?, options)
                });
                if let Err(error) = session {
                    eprintln!("pop3_serve: session ended: {error}");
                }
            });
        }
    });
    Ok(())
}
