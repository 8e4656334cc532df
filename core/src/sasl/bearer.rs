//! What the servers of OAUTHBEARER and XOAUTH2 share: a user, a bearer token, and the way in which a refusal is told.

use super::{
    Claim, Error, Step,
    output::write,
    server::{Move, Span, Turn, Workspace},
};

pub(super) struct BearerExchange<'b> {
    work: Workspace<'b>,
    turn: Turn,
    claimed: Claimed,
    error: &'b str,
}

/// Where the client's words lie in the work buffer.
#[derive(Clone, Copy, Default)]
pub(super) struct Claimed {
    pub(super) user: Span,
    pub(super) token: Span,
}

impl<'b> BearerExchange<'b> {
    pub(super) fn new(work: &'b mut [u8], error: &'b str) -> Self {
        BearerExchange {
            work: Workspace::new(work),
            turn: Turn::Start,
            claimed: Claimed::default(),
            error,
        }
    }

    pub(super) fn set_error(&mut self, json: &'b str) {
        self.error = json;
    }

    /// `read` keeps the parts of the client's message; no token is a wish to see the error (RFC 7628 §4.3).
    pub(super) fn step(
        &mut self,
        response: Option<&[u8]>,
        out: &mut [u8],
        read: fn(&mut Workspace<'b>, &[u8]) -> Result<Claimed, Error>,
    ) -> Result<Step, Error> {
        // With any response: a call that is repeated after `BufferTooSmall` brings the same one.
        if self.turn == Turn::Answered(false) {
            return self.refuse(out);
        }
        let message = match self.turn.advance(response)? {
            Move::Settled(step) => return Ok(step),
            Move::Read(message) => message,
        };
        self.claimed = read(&mut self.work, message)?;
        if self.work.get(self.claimed.token).is_empty() {
            self.turn = Turn::Answered(false);
            return self.refuse(out);
        }
        self.turn.ask()
    }

    /// The refusal goes out as a challenge, which the client acknowledges before it sees the failure (RFC 7628 §3.2.3).
    fn refuse(&mut self, out: &mut [u8]) -> Result<Step, Error> {
        let written = write(out, self.error.as_bytes())?;
        self.turn = Turn::Refused;
        Ok(Step::Challenge(written))
    }

    pub(super) fn claim(&self) -> Claim<'_> {
        if self.turn != Turn::Asking {
            return Claim::None;
        }
        Claim::Token {
            user: self.work.get(self.claimed.user),
            token: self.work.get(self.claimed.token),
        }
    }

    pub(super) fn verdict(&mut self, accepted: bool) -> Result<(), Error> {
        self.turn.answer(accepted)?;
        self.work.wipe(self.claimed.token);
        Ok(())
    }

    pub(super) fn identity(&self) -> &[u8] {
        if self.turn == Turn::Accepted { self.work.get(self.claimed.user) } else { b"" }
    }
}

/// The token of `Bearer token`; the scheme in any case (RFC 9110 §11.1).
pub(super) fn token_of(authorization: &[u8]) -> Result<&[u8], Error> {
    if authorization.is_empty() {
        return Ok(authorization);
    }
    let (scheme, token) = authorization.split_at_checked(7).ok_or(Error::MalformedResponse)?;
    let legal = scheme.eq_ignore_ascii_case(b"Bearer ") && token.iter().all(u8::is_ascii_graphic);
    if legal { Ok(token) } else { Err(Error::MalformedResponse) }
}
