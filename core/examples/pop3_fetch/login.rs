//! Logging in: by the strongest SASL mechanism that server and channel allow, or by the one that
//! the user asked for.

use mailproto_core::pop3::{Event, Status};
use mailproto_core::sasl::{Auto, Credentials, Mechanism, Name, choose};

use crate::Result;
use crate::options::{Login, Options};
use crate::session::{Session, words};

pub(crate) fn log_in(session: &mut Session<'_>, options: &Options) -> Result<()> {
    match options.login {
        Login::Strongest => match strongest(session, options) {
            Some(name) => authenticate(session, name, options),
            None => user_and_pass(session, options),
        },
        Login::User => user_and_pass(session, options),
        Login::Apop => {
            session.client.apop(options.user.as_bytes(), options.password.as_bytes())?;
            session.finish(|_| Ok(()))
        }
        Login::Sasl(name) => authenticate(session, name, options),
    }
}

/// The strongest mechanism for a password that the server offers, if it offers any.
fn strongest(session: &Session<'_>, options: &Options) -> Option<Name> {
    choose(session.client.mechanisms(), credentials(Name::Plain, options).mechanisms())
}

fn user_and_pass(session: &mut Session<'_>, options: &Options) -> Result<()> {
    session.client.login(options.user.as_bytes(), options.password.as_bytes())?;
    session.finish(|_| Ok(()))
}

/// AUTH (RFC 5034): the mechanism answers each challenge, the engine frames and encodes.
fn authenticate(session: &mut Session<'_>, name: Name, options: &Options) -> Result<()> {
    let nonce = nonce()?;
    let mut mechanism = Auto::new(name, credentials(name, options), &nonce)?;
    session.client.auth(&mut mechanism)?;
    let mut refusal = None;
    while !session.client.is_idle() {
        let mut challenged = false;
        session.turn(|event| {
            match event {
                Event::Challenge { .. } => challenged = true,
                Event::Completed { status, code, text, .. } if status != Status::Ok => {
                    refusal = Some(format!("{} failed: {}", name.as_str(), words(code, text)));
                }
                _ => {}
            }
            Ok(())
        })?;
        if challenged {
            respond(session, &mut mechanism)?;
        }
    }
    refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
}

fn respond(session: &mut Session<'_>, mechanism: &mut Auto<'_>) -> Result<()> {
    if let Err(error) = session.client.respond(mechanism) {
        eprintln!("pop3_fetch: {} cancelled: {error}", mechanism.name());
        session.client.cancel()?;
    }
    Ok(())
}

fn credentials(name: Name, options: &Options) -> Credentials<'_> {
    let (user, password) = (options.user.as_str(), options.password.as_str());
    match name {
        Name::OauthBearer | Name::XOauth2 => {
            let (host, port) = (options.host.as_str(), options.port);
            Credentials::Token { user, token: password, host, port }
        }
        Name::External => Credentials::External { authzid: "" },
        Name::Anonymous => Credentials::Anonymous { trace: user },
        _ => Credentials::Password { authzid: "", user, password },
    }
}

/// SCRAM wants octets that were never used before.
fn nonce() -> Result<[u8; 18]> {
    let mut nonce = [0; 18];
    getrandom::fill(&mut nonce)?;
    Ok(nonce)
}
