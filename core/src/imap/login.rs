//! Getting in: STARTTLS (RFC 9051 §6.2.1) and LOGIN (§6.2.3).

use super::capability::Capabilities;
use super::client::Client;
use super::command::CommandKind;
use super::course::Session;
use super::session::{Rules, State, Tag};
use crate::LocalError;

impl<const N: usize> Client<'_, N> {
    /// STARTTLS: asks to begin TLS (RFC 9051 §6.2.1). After its completion with
    /// [`Status::Ok`](super::Status::Ok) make the handshake and call
    /// [`tls_established`](Self::tls_established); a refusal ends the session where the policy requires TLS.
    ///
    /// # Errors
    /// [`LocalError::NotOffered`] when the capabilities are known and lack it;
    /// [`LocalError::WrongState`] when the channel is private already.
    pub fn starttls(&mut self) -> Result<Tag, LocalError> {
        let rules = Rules::NOT_AUTHENTICATED.alone();
        self.session.check(rules)?;
        if self.session.private {
            return Err(LocalError::WrongState);
        }
        self.require(Capabilities::STARTTLS)?;
        self.command(CommandKind::StartTls, rules, &mut |line| {
            line.raw(b"STARTTLS");
            Ok(())
        })
    }

    /// Tells that the TLS handshake after STARTTLS is done and the server's certificate verified. All that was
    /// learnt before is forgotten (RFC 9051 §6.2.1); ask CAPABILITY again.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when STARTTLS was not the last thing that happened.
    pub fn tls_established(&mut self) -> Result<(), LocalError> {
        match self.session.state {
            State::Handshake if !self.reader.is_mid_response() => {}
            State::Closed => return Err(LocalError::Closed),
            _ => return Err(LocalError::WrongState),
        }
        self.session.forget();
        self.session.private = true;
        self.session.state = State::NotAuthenticated;
        Ok(())
    }

    /// LOGIN: gives name and password (RFC 9051 §6.2.3), as literals where they need it. A mechanism of
    /// [`authenticate`](Self::authenticate) is the better choice where the server has one.
    ///
    /// # Errors
    /// [`LocalError::Insecure`] when the channel is not private; [`LocalError::NotOffered`] when the server
    /// announced LOGINDISABLED; [`LocalError::ForbiddenOctet`] for NUL.
    pub fn login(&mut self, name: &[u8], password: &[u8]) -> Result<Tag, LocalError> {
        let rules = Rules::NOT_AUTHENTICATED.alone();
        self.session.check(rules)?;
        if !self.may_send_credentials() {
            return Err(LocalError::Insecure);
        }
        if self.session.capabilities.contains(Capabilities::LOGINDISABLED) {
            return Err(LocalError::NotOffered);
        }
        self.command(CommandKind::Login, rules, &mut |line| {
            line.raw(b"LOGIN ");
            line.astring(name)?;
            line.sp();
            line.astring(password)
        })
    }
}

impl<const N: usize> Session<N> {
    /// Whether the session goes on.
    pub(super) fn check_open(&self) -> Result<(), LocalError> {
        match self.state {
            State::Closed | State::Logout => Err(LocalError::Closed),
            _ => Ok(()),
        }
    }
}
