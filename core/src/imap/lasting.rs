//! What lasts: IDLE (RFC 9051 §6.3.13), and the boundary at which compression begins (RFC 4978).

use super::capability::Capabilities;
use super::client::Client;
use super::command::CommandKind;
use super::session::{Rules, Tag};
use crate::LocalError;

impl<const N: usize> Client<'_, N> {
    /// IDLE: lets the server tell what happens, until [`done`](Self::done) (RFC 9051 §6.3.13). Nothing else can
    /// be sent meanwhile. [`Event::Idling`](super::Event::Idling) says that it has begun, and
    /// [`Event::IdleDue`](super::Event::IdleDue) that it is time to begin anew.
    ///
    /// # Errors
    /// [`LocalError::NotOffered`] when the capabilities are known and lack it.
    pub fn idle(&mut self) -> Result<Tag, LocalError> {
        let rules = Rules::AUTHENTICATED.alone();
        self.session.check(rules)?;
        self.require(Capabilities::IDLE)?;
        self.command(CommandKind::Idle, rules, &mut |line| {
            line.raw(b"IDLE");
            Ok(())
        })
    }

    /// DONE: ends IDLE (RFC 9051 §6.3.13). Its completion follows.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] before [`Event::Idling`](super::Event::Idling), after DONE, and when the
    /// server has ended IDLE by itself.
    pub fn done(&mut self) -> Result<(), LocalError> {
        self.session.say_done(&mut self.tx)
    }

    /// Tells that from now on `poll` is given what the caller has decompressed, and that the caller compresses what
    /// [`outgoing`](Self::outgoing) gives (RFC 4978 §3).
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when COMPRESS was not accepted, or this was told before.
    #[cfg(feature = "imap-compress")]
    pub fn compression_established(&mut self) -> Result<(), LocalError> {
        self.session.check_open()?;
        if !self.session.compressing || self.reader.is_mid_response() {
            return Err(LocalError::WrongState);
        }
        self.session.compressing = false;
        Ok(())
    }
}
