//! EXTERNAL (RFC 4422 appendix A): the channel has authenticated the client already, by a TLS certificate.

use super::{
    Error, Exposure, Mechanism, Name,
    client::Course,
    output::{Sink, check_no_nul},
};

/// Client side of EXTERNAL.
pub struct External<'a> {
    authzid: &'a str,
    course: Course,
}

impl<'a> External<'a> {
    /// Acts as `authzid`, or when that is empty as whom the channel names.
    ///
    /// # Errors
    /// [`Error::ForbiddenCharacter`] for NUL.
    pub fn new(authzid: &'a str) -> Result<Self, Error> {
        check_no_nul(authzid)?;
        Ok(External { authzid, course: Course::First })
    }
}

impl Mechanism for External<'_> {
    fn name(&self) -> &str {
        Name::External.as_str()
    }

    fn exposure(&self) -> Exposure {
        Exposure::Nothing
    }

    fn client_first(&self) -> bool {
        true
    }

    fn respond(&mut self, challenge: &[u8], out: &mut [u8]) -> Result<usize, Error> {
        let authzid = self.authzid.as_bytes();
        self.course.speak(challenge, out, |to| to.put(authzid))
    }

    fn is_complete(&self) -> bool {
        self.course.is_spoken()
    }
}

#[cfg(feature = "server")]
pub use server::ExternalServer;

#[cfg(feature = "server")]
mod server {
    use crate::sasl::{
        Claim, Error, Name, ServerMechanism, Step,
        server::{Move, Span, Turn, Workspace},
    };

    /// Server side of EXTERNAL. Offer it only on channels that have authenticated the client.
    pub struct ExternalServer<'b> {
        work: Workspace<'b>,
        turn: Turn,
        authzid: Span,
    }

    impl<'b> ExternalServer<'b> {
        /// `work` bounds the authorization identity.
        pub fn new(work: &'b mut [u8]) -> Self {
            let work = Workspace::new(work);
            ExternalServer { work, turn: Turn::Start, authzid: Span::default() }
        }
    }

    impl ServerMechanism for ExternalServer<'_> {
        fn name(&self) -> &str {
            Name::External.as_str()
        }

        fn server_first(&self) -> bool {
            false
        }

        fn step(&mut self, response: Option<&[u8]>, _out: &mut [u8]) -> Result<Step, Error> {
            match self.turn.advance(response)? {
                Move::Settled(step) => Ok(step),
                Move::Read(authzid) => {
                    self.authzid = self.work.keep_name(authzid)?;
                    self.turn.ask()
                }
            }
        }

        fn claim(&self) -> Claim<'_> {
            if self.turn != Turn::Asking {
                return Claim::None;
            }
            Claim::External { authzid: self.work.get(self.authzid) }
        }

        fn verdict(&mut self, accepted: bool) -> Result<(), Error> {
            self.turn.answer(accepted)
        }

        fn identity(&self) -> &[u8] {
            if self.turn == Turn::Accepted { self.work.get(self.authzid) } else { b"" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4422 §A.4: with and without an authorization identity.
    #[test]
    fn the_message_is_the_authorization_identity() {
        for authzid in ["", "fred@example.com"] {
            let mut external = External::new(authzid).unwrap();
            let mut out = [0; 32];
            assert!(external.client_first() && !external.is_complete());
            let n = external.respond(b"", &mut out).unwrap();
            assert_eq!(&out[..n], authzid.as_bytes());
            assert!(external.is_complete());
            assert_eq!(external.respond(b"", &mut out), Err(Error::UnexpectedChallenge));
        }
        assert_eq!(External::new("a\0").err(), Some(Error::ForbiddenCharacter));
    }
}
