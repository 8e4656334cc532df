//! PLAIN (RFC 4616): `[authzid] NUL authcid NUL passwd`, in one message, in the clear.

use super::{
    Error, Exposure, Mechanism, Name,
    client::Course,
    output::{Sink, check_no_nul, check_text},
};

/// Client side of PLAIN.
///
/// ```
/// use mailproto_core::sasl::{Mechanism, Plain};
/// let mut plain = Plain::new("", "tim", "tanstaaftanstaaf")?;
/// let mut out = [0; 64];
/// let n = plain.respond(b"", &mut out)?;
/// assert_eq!(&out[..n], b"\0tim\0tanstaaftanstaaf");
/// assert!(plain.is_complete());
/// # Ok::<(), mailproto_core::sasl::Error>(())
/// ```
pub struct Plain<'a> {
    authzid: &'a str,
    user: &'a str,
    password: &'a str,
    course: Course,
}

impl<'a> Plain<'a> {
    /// Logs in as `user`, to act as `authzid` when that is not empty.
    ///
    /// # Errors
    /// [`Error::EmptyCredential`] for an empty user or password; [`Error::ForbiddenCharacter`] for NUL in any of the three.
    #[inline]
    pub fn new(authzid: &'a str, user: &'a str, password: &'a str) -> Result<Self, Error> {
        check_no_nul(authzid)?;
        check_text(user)?;
        check_text(password)?;
        Ok(Plain { authzid, user, password, course: Course::First })
    }
}

impl Mechanism for Plain<'_> {
    fn name(&self) -> &str {
        Name::Plain.as_str()
    }

    fn exposure(&self) -> Exposure {
        Exposure::Secret
    }

    fn client_first(&self) -> bool {
        true
    }

    fn respond(&mut self, challenge: &[u8], out: &mut [u8]) -> Result<usize, Error> {
        let Self { authzid, user, password, .. } = *self;
        self.course.speak(challenge, out, |to| {
            to.put(authzid.as_bytes());
            for part in [user, password] {
                to.put(b"\0");
                to.put(part.as_bytes());
            }
        })
    }

    fn is_complete(&self) -> bool {
        self.course.is_spoken()
    }
}

#[cfg(feature = "server")]
pub use server::PlainServer;

#[cfg(feature = "server")]
mod server {
    use crate::sasl::{
        Claim, Error, Name, ServerMechanism, Step,
        server::{Move, Span, Turn, Workspace},
    };

    /// Server side of PLAIN.
    pub struct PlainServer<'b> {
        work: Workspace<'b>,
        turn: Turn,
        authzid: Span,
        user: Span,
        password: Span,
    }

    impl<'b> PlainServer<'b> {
        /// `work` bounds the client's message, less two octets: 767 hold the longest that RFC 4616 §2 has in mind.
        pub fn new(work: &'b mut [u8]) -> Self {
            let none = Span::default();
            PlainServer {
                work: Workspace::new(work),
                turn: Turn::Start,
                authzid: none,
                user: none,
                password: none,
            }
        }

        fn read(&mut self, message: &[u8]) -> Result<(), Error> {
            let mut parts = message.split(|octet| *octet == 0);
            let (Some(authzid), Some(user), Some(password), None) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                return Err(Error::MalformedResponse);
            };
            if user.is_empty() || password.is_empty() {
                return Err(Error::MalformedResponse);
            }
            self.authzid = self.work.keep_name(authzid)?;
            self.user = self.work.keep_name(user)?;
            self.password = self.work.keep(password)?;
            Ok(())
        }
    }

    impl ServerMechanism for PlainServer<'_> {
        fn name(&self) -> &str {
            Name::Plain.as_str()
        }

        fn server_first(&self) -> bool {
            false
        }

        fn step(&mut self, response: Option<&[u8]>, _out: &mut [u8]) -> Result<Step, Error> {
            match self.turn.advance(response)? {
                Move::Settled(step) => Ok(step),
                Move::Read(message) => {
                    self.read(message)?;
                    self.turn.ask()
                }
            }
        }

        fn claim(&self) -> Claim<'_> {
            if self.turn != Turn::Asking {
                return Claim::None;
            }
            Claim::Password {
                authzid: self.work.get(self.authzid),
                user: self.work.get(self.user),
                password: self.work.get(self.password),
            }
        }

        fn verdict(&mut self, accepted: bool) -> Result<(), Error> {
            self.turn.answer(accepted)?;
            self.work.wipe(self.password);
            Ok(())
        }

        fn identity(&self) -> &[u8] {
            match (self.turn, self.work.get(self.authzid)) {
                (Turn::Accepted, b"") => self.work.get(self.user),
                (Turn::Accepted, authzid) => authzid,
                _ => b"",
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4616 §4, both examples.
    #[test]
    fn known_answers_of_rfc_4616() {
        let mut out = [0; 64];
        let n = Plain::new("", "tim", "tanstaaftanstaaf").unwrap().respond(b"", &mut out).unwrap();
        assert_eq!(&out[..n], b"\0tim\0tanstaaftanstaaf");
        let n = Plain::new("Ursel", "Kurt", "xipj3plmq").unwrap().respond(b"", &mut out).unwrap();
        assert_eq!(&out[..n], b"Ursel\0Kurt\0xipj3plmq");
    }

    #[test]
    fn nul_and_empty_credentials_are_refused() {
        let error = |authzid, user, password| Plain::new(authzid, user, password).err();
        assert_eq!(error("", "", "x"), Some(Error::EmptyCredential));
        assert_eq!(error("", "u", ""), Some(Error::EmptyCredential));
        for (authzid, user, password) in [("a\0", "u", "p"), ("", "u\0p", "p"), ("", "u", "p\0")] {
            assert_eq!(error(authzid, user, password), Some(Error::ForbiddenCharacter));
        }
    }

    #[test]
    fn a_buffer_too_small_is_wiped_and_the_call_may_be_repeated() {
        let mut plain = Plain::new("", "tim", "tanstaaftanstaaf").unwrap();
        let mut small = [7; 20];
        let error = plain.respond(b"", &mut small).unwrap_err();
        assert_eq!(error, Error::BufferTooSmall { needed: 21 });
        assert_eq!(small, [0; 20]);
        assert!(!plain.is_complete());
        assert_eq!(plain.respond(b"", &mut [0; 21]), Ok(21));
        assert!(plain.is_complete());
    }

    #[test]
    fn a_challenge_with_content_or_a_second_one_is_refused() {
        let mut out = [0; 64];
        let mut plain = Plain::new("", "u", "p").unwrap();
        assert_eq!(plain.respond(b"Rubbish", &mut out), Err(Error::UnexpectedChallenge));
        assert_eq!(plain.respond(b"", &mut out), Err(Error::UnexpectedChallenge));
        let mut plain = Plain::new("", "u", "p").unwrap();
        plain.respond(b"", &mut out).unwrap();
        assert_eq!(plain.respond(b"", &mut out), Err(Error::UnexpectedChallenge));
        assert!(!plain.is_complete());
    }

    #[cfg(feature = "server")]
    #[test]
    fn server_refuses_what_has_not_exactly_three_parts() {
        use crate::sasl::{Claim, ServerMechanism, Step};
        for message in [&b""[..], b"u", b"\0u", b"\0\0p", b"\0u\0", b"\0u\0p\0", b"\0\xff\0p"] {
            let mut work = [0; 64];
            let mut server = PlainServer::new(&mut work);
            let refused = server.step(Some(message), &mut []);
            assert_eq!(refused, Err(Error::MalformedResponse), "{message:?}");
            assert!(server.claim() == Claim::None);
        }
        let mut work = [0; 9];
        let mut server = PlainServer::new(&mut work);
        let refused = server.step(Some(b"ann\0bob\0cecil"), &mut []);
        assert_eq!(refused, Err(Error::WorkTooSmall { needed: 11 }));
        drop(server);
        let mut server = PlainServer::new(&mut work);
        assert_eq!(server.step(None, &mut []), Ok(Step::Challenge(0)));
        assert_eq!(server.step(None, &mut []), Err(Error::OutOfTurn));
    }

    #[cfg(feature = "server")]
    #[test]
    fn server_wipes_the_password_on_verdict_and_all_on_drop() {
        use crate::sasl::{ServerMechanism, Step};
        let mut work = [0; 32];
        let mut server = PlainServer::new(&mut work);
        assert_eq!(server.step(Some(b"ann\0bob\0secret"), &mut []), Ok(Step::Claim));
        assert_eq!(server.step(None, &mut []), Err(Error::OutOfTurn));
        drop(server);
        let mut server = PlainServer::new(&mut work);
        server.step(Some(b"ann\0bob\0secret"), &mut []).unwrap();
        server.verdict(true).unwrap();
        assert_eq!(server.verdict(true), Err(Error::OutOfTurn));
        assert_eq!(server.identity(), b"");
        assert_eq!(server.step(None, &mut []), Ok(Step::Success));
        assert_eq!(server.identity(), b"ann");
        drop(server);
        assert_eq!(work, [0; 32]);
    }
}
