//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use lexopt::{Arg, ValueExt};
use mailproto_core::sasl::Name;

use crate::Result;

pub(crate) const USAGE: &str = "\
usage: imap_exercise [OPTION…] HOST PORT TASK [ARGUMENT…]

Tasks:
  capability              log in, tell what the server offers, log out
  exercise                give every command once; INBOX must hold four messages or more
  dump MAILBOX            tell all of every message
  idle MAILBOX EVENTS [qresync]
                          tell what happens until so many changes have been told
  append MAILBOX FILE…    append the files, in one command
  pipeline MAILBOX STEP   fetch flags and envelopes, STEP messages a command, many in flight
  sync MAILBOX [UIDVALIDITY MODSEQ [UIDS]]
                          tell what has changed since then (QRESYNC)

The password is taken from the environment, MAILPROTO_PASSWORD.

  --user NAME             whose mail; the name of the login session by default
  --auth HOW              login, or a SASL mechanism; login by default
  --starttls              begin in the clear and switch to TLS (port 143)
  --insecure              no TLS at all: who listens has the password and the mail
  --cafile FILE           trust these certificates (PEM) and no others
  --timeout SECONDS       how long the server may be silent; 60 by default
  --read OCTETS           how much is read at once; 65536 by default
  --scratch OCTETS        the engine's memory for what a read cut; 4096 by default
  --tx OCTETS             the engine's memory for commands; 16384 by default
  --compress              compress, where the server offers it
  --strict                forgive the server nothing
  --reissue MS            how long IDLE may last before it is begun again; 29 minutes by default";

/// How the connection is protected.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Tls,
    StartTls,
    Insecure,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Login {
    Login,
    Sasl(Name),
}

#[derive(Clone)]
pub(crate) struct Options {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) task: String,
    pub(crate) arguments: Vec<String>,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) login: Login,
    pub(crate) transport: Transport,
    pub(crate) cafile: Option<PathBuf>,
    pub(crate) timeout: Duration,
    pub(crate) read: usize,
    pub(crate) scratch: usize,
    pub(crate) tx: usize,
    pub(crate) compress: bool,
    pub(crate) strict: bool,
    pub(crate) reissue: Option<u32>,
}

impl Options {
    /// Reads the command line.
    pub(crate) fn from_command_line() -> Result<Self> {
        let mut options = Self::default();
        let mut operands = Vec::new();
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("user") => options.user = parser.value()?.string()?,
                Arg::Long("auth") => options.login = login(&parser.value()?.string()?)?,
                Arg::Long("starttls") => options.transport = Transport::StartTls,
                Arg::Long("insecure") => options.transport = Transport::Insecure,
                Arg::Long("cafile") => options.cafile = Some(parser.value()?.into()),
                Arg::Long("timeout") => {
                    options.timeout = Duration::from_secs(parser.value()?.parse()?);
                }
                Arg::Long("read") => options.read = parser.value()?.parse()?,
                Arg::Long("scratch") => options.scratch = parser.value()?.parse()?,
                Arg::Long("tx") => options.tx = parser.value()?.parse()?,
                Arg::Long("compress") => options.compress = true,
                Arg::Long("strict") => options.strict = true,
                Arg::Long("reissue") => options.reissue = Some(parser.value()?.parse()?),
                Arg::Value(operand) => operands.push(operand.string()?),
                other => return Err(other.unexpected().into()),
            }
        }
        let [host, port, task, arguments @ ..] = operands.as_slice() else {
            return Err("HOST, PORT and TASK are needed".into());
        };
        options.host.clone_from(host);
        options.port = port.parse()?;
        options.task.clone_from(task);
        options.arguments = arguments.to_vec();
        Ok(options)
    }

    /// The argument at this place.
    pub(crate) fn argument(&self, index: usize) -> Result<&str> {
        let argument = self.arguments.get(index).ok_or("an argument is missing")?;
        Ok(argument)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 0,
            task: String::new(),
            arguments: Vec::new(),
            user: std::env::var("USER").unwrap_or_default(),
            password: std::env::var("MAILPROTO_PASSWORD").unwrap_or_default(),
            login: Login::Login,
            transport: Transport::Tls,
            cafile: None,
            timeout: Duration::from_secs(60),
            read: 65_536,
            scratch: 4096,
            tx: 16_384,
            compress: false,
            strict: false,
            reissue: None,
        }
    }
}

fn login(how: &str) -> Result<Login> {
    if how.eq_ignore_ascii_case("login") {
        return Ok(Login::Login);
    }
    let name = how.to_ascii_uppercase();
    // The command LOGIN has taken the mechanism's name.
    let name = name.strip_prefix("SASL-").unwrap_or(&name);
    match Name::from_bytes(name.as_bytes()) {
        Some(name) => Ok(Login::Sasl(name)),
        None => Err(format!("--auth {how}: no such way to log in").into()),
    }
}
