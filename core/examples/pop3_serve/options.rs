//! The command line.

use std::io::{Write, stdout};
use std::path::PathBuf;
use std::sync::Mutex;

use lexopt::{Arg, ValueExt};

use crate::Result;
use crate::account::{Account, random};

pub(crate) const USAGE: &str = "\
usage: pop3_serve [OPTION…] DIRECTORY

Serves the messages of a Maildir, or the *.eml files of a directory, over POP3 on 127.0.0.1.

  --user NAME           who may log in; the name of the login session by default
  --password-file FILE  the password, in its first line; else it is taken from the environment,
                        MAILPROTO_PASSWORD
  --port N              where to listen; 0, the default, takes a free port and prints it
  --cert FILE           a certificate chain (PEM): STLS is offered
  --key FILE            its private key (PEM)
  --tls                 speak TLS from the start, instead of STLS";

pub(crate) struct Options {
    pub(crate) directory: PathBuf,
    /// Held by the session that has the maildrop open.
    pub(crate) lock: Mutex<()>,
    pub(crate) account: Account,
    pub(crate) port: u16,
    /// Certificate chain and private key.
    pub(crate) certificate: Option<(PathBuf, PathBuf)>,
    pub(crate) tls: bool,
}

impl Options {
    /// Reads the command line; `None` when it asked for help, which was given.
    pub(crate) fn from_command_line() -> Result<Option<Self>> {
        let mut user = std::env::var("USER").unwrap_or_default();
        let mut password = std::env::var("MAILPROTO_PASSWORD").unwrap_or_default();
        let (mut port, mut tls) = (0, false);
        let (mut certificate, mut key): (Option<PathBuf>, Option<PathBuf>) = (None, None);
        let mut directory = None;
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("user") => user = parser.value()?.string()?,
                Arg::Long("password-file") => password = first_line(parser.value()?.into())?,
                Arg::Long("port") => port = parser.value()?.parse()?,
                Arg::Long("cert") => certificate = Some(parser.value()?.into()),
                Arg::Long("key") => key = Some(parser.value()?.into()),
                Arg::Long("tls") => tls = true,
                Arg::Short('h') | Arg::Long("help") => {
                    writeln!(stdout(), "{USAGE}")?;
                    return Ok(None);
                }
                Arg::Value(operand) if directory.is_none() => {
                    directory = Some(PathBuf::from(operand));
                }
                other => return Err(other.unexpected().into()),
            }
        }
        if user.is_empty() || password.is_empty() {
            return Err("a user and a password are needed".into());
        }
        let certificate = certificate.zip(key);
        if tls && certificate.is_none() {
            return Err("--tls needs --cert and --key".into());
        }
        Ok(Some(Self {
            directory: directory.ok_or("DIRECTORY is needed")?,
            lock: Mutex::new(()),
            account: Account { user, password, decoy_key: random()? },
            port,
            certificate,
            tls,
        }))
    }
}

fn first_line(path: PathBuf) -> Result<String> {
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
