//! The command line.

use std::io::{Write, stdout};
use std::path::PathBuf;
use std::time::Duration;

use lexopt::{Arg, ValueExt};
use mailproto_core::sasl::Name;

use crate::Result;

pub(crate) const USAGE: &str = "\
usage: pop3_fetch [OPTION…] HOST PORT OUTDIR

Downloads all messages as OUTDIR/<n>.eml, over TLS unless told otherwise.

  --user NAME           whose mail; the name of the login session by default
  --password-file FILE  the password, or the token for xoauth2 and oauthbearer, in its first line;
                        else it is taken from the environment, MAILPROTO_PASSWORD
  --auth HOW            user, apop, or a SASL mechanism; the strongest offered by default
  --stls                begin in the clear and switch to TLS (port 110)
  --insecure            no TLS at all: who listens has the password and the mail
  --cafile FILE         trust these certificates (PEM) and no others
  --delete              delete from the server what was stored
  --top N               only the header and N lines of each message
  --uidl                show the unique-ids too
  --timeout SECONDS     how long the server may be silent; 60 by default";

/// How the connection is protected.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Tls,
    Stls,
    Insecure,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Login {
    Strongest,
    User,
    Apop,
    Sasl(Name),
}

#[derive(Clone)]
pub(crate) struct Options {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) directory: PathBuf,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) login: Login,
    pub(crate) transport: Transport,
    pub(crate) cafile: Option<PathBuf>,
    pub(crate) delete: bool,
    pub(crate) top: Option<u32>,
    pub(crate) uidl: bool,
    pub(crate) timeout: Duration,
}

impl Options {
    /// Reads the command line; `None` when it asked for help, which was given.
    pub(crate) fn from_command_line() -> Result<Option<Self>> {
        let mut options = Self {
            host: String::new(),
            port: 0,
            directory: PathBuf::new(),
            user: std::env::var("USER").unwrap_or_default(),
            password: std::env::var("MAILPROTO_PASSWORD").unwrap_or_default(),
            login: Login::Strongest,
            transport: Transport::Tls,
            cafile: None,
            delete: false,
            top: None,
            uidl: false,
            timeout: Duration::from_secs(60),
        };
        let mut operands = Vec::new();
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("user") => options.user = parser.value()?.string()?,
                Arg::Long("password-file") => {
                    options.password = first_line(&PathBuf::from(parser.value()?))?;
                }
                Arg::Long("auth") => options.login = login(&parser.value()?.string()?)?,
                Arg::Long("stls") => options.transport = Transport::Stls,
                Arg::Long("insecure") => options.transport = Transport::Insecure,
                Arg::Long("cafile") => options.cafile = Some(parser.value()?.into()),
                Arg::Long("delete") => options.delete = true,
                Arg::Long("top") => options.top = Some(parser.value()?.parse()?),
                Arg::Long("uidl") => options.uidl = true,
                Arg::Long("timeout") => {
                    options.timeout = Duration::from_secs(parser.value()?.parse()?);
                }
                Arg::Short('h') | Arg::Long("help") => {
                    writeln!(stdout(), "{USAGE}")?;
                    return Ok(None);
                }
                Arg::Value(operand) => operands.push(operand),
                other => return Err(other.unexpected().into()),
            }
        }
        let [host, port, directory] = operands.as_slice() else {
            return Err("HOST, PORT and OUTDIR are needed".into());
        };
        options.host = host.clone().string()?;
        options.port = port.parse()?;
        options.directory = directory.into();
        options.check()?;
        Ok(Some(options))
    }

    pub(crate) fn wants_apop(&self) -> bool {
        self.login == Login::Apop
    }

    fn check(&self) -> Result<()> {
        if self.user.is_empty() || self.password.is_empty() {
            return Err("a user and a password are needed".into());
        }
        if self.top.is_some() && self.delete {
            return Err("--top with --delete would lose mail".into());
        }
        if self.timeout.is_zero() {
            return Err("--timeout must not be 0".into());
        }
        Ok(())
    }
}

fn login(how: &str) -> Result<Login> {
    match how.to_ascii_lowercase().as_str() {
        "user" => Ok(Login::User),
        "apop" => Ok(Login::Apop),
        name => match Name::from_bytes(name.as_bytes()) {
            Some(name) => Ok(Login::Sasl(name)),
            None => Err(format!("--auth {how}: no such way to log in").into()),
        },
    }
}

fn first_line(path: &PathBuf) -> Result<String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
