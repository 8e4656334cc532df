//! Logging in: by LOGIN, or by the SASL mechanism that the user asked for.

use mailproto_core::imap::{Event, Status};
use mailproto_core::sasl::{Auto, Credentials, Name};

use crate::Result;
use crate::options::{Login, Options};
use crate::session::Session;
use crate::told::Teller;

pub(crate) fn log_in(session: &mut Session<'_>, options: &Options) -> Result<Status> {
    match options.login {
        Login::Login => session.give("login", |client| {
            client.login(options.user.as_bytes(), options.password.as_bytes())
        }),
        Login::Sasl(name) => authenticate(session, name, options),
    }
}

/// AUTHENTICATE (RFC 9051 §6.2.2): the mechanism answers each challenge, the engine frames and encodes.
fn authenticate(session: &mut Session<'_>, name: Name, options: &Options) -> Result<Status> {
    let mut nonce = [0; 18];
    getrandom::fill(&mut nonce)?;
    let mut mechanism = Auto::new(name, credentials(name, options), &nonce)?;
    session.client.authenticate(&mut mechanism)?;
    let mut outcome = Status::NotSent;
    let mut teller = Teller::default();
    while !session.client.is_idle() {
        let mut challenged = false;
        session.turn(|event| {
            match event {
                Event::Challenge { .. } => challenged = true,
                Event::Completed { status, .. } => outcome = status,
                _ => {}
            }
            teller.print(&event)
        })?;
        if challenged && session.client.respond(&mut mechanism).is_err() {
            session.client.cancel()?;
        }
    }
    Ok(outcome)
}

fn credentials(name: Name, options: &Options) -> Credentials<'_> {
    let (user, password) = (options.user.as_str(), options.password.as_str());
    match name {
        Name::OauthBearer | Name::XOauth2 => {
            Credentials::Token { user, token: password, host: &options.host, port: options.port }
        }
        _ => Credentials::Password { authzid: "", user, password },
    }
}
