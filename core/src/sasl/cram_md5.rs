//! CRAM-MD5 (RFC 2195): the response is `user SP hex(HMAC-MD5(password, challenge))`.
//!
//! A listener can try guesses on it, and the server must store the password; SCRAM is better wherever it is offered.

use super::{
    Error, Exposure, Mechanism, Name, hex,
    output::{Output, Sink, check_text},
};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use zeroize::Zeroize;

/// Client side of CRAM-MD5.
pub struct CramMd5<'a> {
    user: &'a str,
    password: &'a str,
    turn: Turn,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    First,
    Spoken,
    Over,
}

impl<'a> CramMd5<'a> {
    /// Logs in as `user`.
    ///
    /// # Errors
    /// [`Error::EmptyCredential`]; [`Error::ForbiddenCharacter`] for NUL.
    pub fn new(user: &'a str, password: &'a str) -> Result<Self, Error> {
        check_text(user)?;
        check_text(password)?;
        Ok(CramMd5 { user, password, turn: Turn::First })
    }

    fn answer(&self, challenge: &[u8], out: &mut [u8]) -> Result<usize, Error> {
        // Over an empty challenge the digest would always be the same, fit for replay and for tables.
        if challenge.is_empty() {
            return Err(Error::MalformedChallenge);
        }
        let mut output = Output::new(out);
        output.put(self.user.as_bytes());
        output.put(b" ");
        output.put(&digest(self.password.as_bytes(), challenge)?);
        output.finish()
    }
}

impl Mechanism for CramMd5<'_> {
    fn name(&self) -> &str {
        Name::CramMd5.as_str()
    }

    fn exposure(&self) -> Exposure {
        Exposure::Proof
    }

    fn client_first(&self) -> bool {
        false
    }

    fn respond(&mut self, challenge: &[u8], out: &mut [u8]) -> Result<usize, Error> {
        let answered = match self.turn {
            Turn::First => self.answer(challenge, out),
            Turn::Spoken | Turn::Over => Err(Error::UnexpectedChallenge),
        };
        self.turn = match answered {
            Ok(_) => Turn::Spoken,
            Err(Error::BufferTooSmall { .. }) => self.turn,
            Err(_) => Turn::Over,
        };
        answered
    }

    fn is_complete(&self) -> bool {
        self.turn == Turn::Spoken
    }
}

/// `hex(HMAC-MD5(password, challenge))`. The error cannot occur: HMAC takes keys of any length.
fn digest(password: &[u8], challenge: &[u8]) -> Result<[u8; 32], Error> {
    let mut mac = Hmac::<Md5>::new_from_slice(password).map_err(|_| Error::UnusableSecret)?;
    mac.update(challenge);
    let mut digest = mac.finalize().into_bytes();
    let text = hex::of_digest(&digest);
    digest.as_mut_slice().zeroize();
    Ok(text)
}

#[cfg(feature = "server")]
pub use server::CramMd5Server;

#[cfg(feature = "server")]
mod server {
    use crate::sasl::{
        Claim, Error, Name, Secret, ServerMechanism, Step, base64,
        output::{Sink, check_nonce, write},
        same_octets,
        server::{Span, Turn, Workspace},
    };

    /// Server side of CRAM-MD5. The verifying is done here; the caller gives the user's password.
    pub struct CramMd5Server<'b> {
        work: Workspace<'b>,
        turn: Turn,
        challenge: Span,
        user: Span,
        proof: Span,
    }

    impl<'b> CramMd5Server<'b> {
        /// The challenge will be `<nonce@host>`, the nonce in base64. `work` holds it, the user name and 32 octets.
        ///
        /// # Errors
        /// [`Error::WeakNonce`] below 12 octets; [`Error::WorkTooSmall`].
        pub fn new(work: &'b mut [u8], nonce: &[u8], host: &str) -> Result<Self, Error> {
            check_nonce(nonce)?;
            let mut work = Workspace::new(work);
            let challenge = work.compose(|_, to| {
                to.put(b"<");
                base64::put_unpadded(to, nonce);
                to.put(b"@");
                to.put(host.as_bytes());
                to.put(b">");
                Ok(())
            })?;
            let none = Span::default();
            Ok(CramMd5Server { work, turn: Turn::Start, challenge, user: none, proof: none })
        }

        /// `user SP digest`; a user name may itself contain spaces.
        fn read(&mut self, response: &[u8]) -> Result<(), Error> {
            let mut parts = response.rsplitn(2, |octet| *octet == b' ');
            let (Some(proof), Some(user)) = (parts.next(), parts.next()) else {
                return Err(Error::MalformedResponse);
            };
            if user.is_empty() || proof.len() != 32 {
                return Err(Error::MalformedResponse);
            }
            self.user = self.work.keep_name(user)?;
            self.proof = self.work.compose(|_, to| {
                proof.iter().for_each(|digit| to.put(&[digit.to_ascii_lowercase()]));
                Ok(())
            })?;
            Ok(())
        }

        fn proves(&self, password: &[u8]) -> Result<bool, Error> {
            let expected = super::digest(password, self.work.get(self.challenge))?;
            Ok(same_octets(&expected, self.work.get(self.proof)))
        }
    }

    impl ServerMechanism for CramMd5Server<'_> {
        fn name(&self) -> &str {
            Name::CramMd5.as_str()
        }

        fn server_first(&self) -> bool {
            true
        }

        fn step(&mut self, response: Option<&[u8]>, out: &mut [u8]) -> Result<Step, Error> {
            let (step, next) = match (self.turn, response) {
                (Turn::Start, None) => {
                    let written = write(out, self.work.get(self.challenge))?;
                    (Ok(Step::Challenge(written)), Turn::Invited)
                }
                (Turn::Invited, Some(response)) => match self.read(response) {
                    Ok(()) => (Ok(Step::Claim), Turn::Asking),
                    Err(error) => (Err(error), Turn::Over),
                },
                (Turn::Start, Some(_)) => (Err(Error::MalformedResponse), Turn::Over),
                (Turn::Answered(true), None) => (Ok(Step::Success), Turn::Accepted),
                (Turn::Answered(false), None) => (Ok(Step::Failure), Turn::Over),
                _ => (Err(Error::OutOfTurn), Turn::Over),
            };
            self.turn = next;
            step
        }

        fn claim(&self) -> Claim<'_> {
            if self.turn != Turn::Asking {
                return Claim::None;
            }
            Claim::User { authzid: b"", user: self.work.get(self.user) }
        }

        fn secret(&mut self, secret: Secret<'_>) -> Result<(), Error> {
            if self.turn != Turn::Asking {
                return Err(Error::OutOfTurn);
            }
            self.turn = Turn::Answered(false);
            match secret {
                // An account without a password must not be opened by an empty one.
                Secret::Password(b"") => Err(Error::UnusableSecret),
                Secret::Password(password) => {
                    self.turn = Turn::Answered(self.proves(password)?);
                    Ok(())
                }
                // As much work as for a user who exists.
                Secret::Unknown(_) => self.proves(b"").map(|_| ()),
                Secret::Scram { .. } => Err(Error::UnusableSecret),
            }
        }

        fn identity(&self) -> &[u8] {
            if self.turn == Turn::Accepted { self.work.get(self.user) } else { b"" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHALLENGE: &[u8] = b"<1896.697170952@postoffice.reston.mci.net>";

    /// RFC 2195 §2.
    #[test]
    fn known_answer_of_rfc_2195() {
        let mut out = [0; 64];
        let mut cram = CramMd5::new("tim", "tanstaaftanstaaf").unwrap();
        let small = cram.respond(CHALLENGE, &mut [0; 35]);
        assert_eq!(small, Err(Error::BufferTooSmall { needed: 36 }));
        let n = cram.respond(CHALLENGE, &mut out).unwrap();
        assert_eq!(&out[..n], b"tim b913a602c7eda7a495b4e6e7334d3890");
        assert!(cram.is_complete());
        assert_eq!(cram.respond(CHALLENGE, &mut out), Err(Error::UnexpectedChallenge));
        assert!(!cram.is_complete());
    }

    /// RFC 2202 §2, test case 6: a key of 80 octets, more than MD5's block.
    #[test]
    fn a_long_password_is_digested_first() {
        let data = b"Test Using Larger Than Block-Size Key - Hash Key First";
        let text = digest(&[0xaa; 80], data).unwrap();
        assert_eq!(&text, b"6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
    }

    #[test]
    fn an_empty_challenge_is_refused() {
        let mut cram = CramMd5::new("tim", "x").unwrap();
        assert_eq!(cram.respond(b"", &mut [0; 64]), Err(Error::MalformedChallenge));
        assert_eq!(cram.respond(CHALLENGE, &mut [0; 64]), Err(Error::UnexpectedChallenge));
    }

    #[cfg(feature = "server")]
    mod server {
        use super::super::*;
        use crate::sasl::{Secret, ServerMechanism, Step, Store};

        fn asked<'b>(work: &'b mut [u8], password: &str) -> CramMd5Server<'b> {
            let mut server = CramMd5Server::new(work, &[0; 12], "mail.example").unwrap();
            let (mut challenge, mut response) = ([0; 64], [0; 64]);
            let Ok(Step::Challenge(n)) = server.step(None, &mut challenge) else { panic!() };
            assert_eq!(&challenge[..n], b"<AAAAAAAAAAAAAAAA@mail.example>");
            let mut client = CramMd5::new("tim b", password).unwrap();
            let n = client.respond(&challenge[..n], &mut response).unwrap();
            assert_eq!(server.step(Some(&response[..n]), &mut []), Ok(Step::Claim));
            server
        }

        #[test]
        fn unknown_users_and_wrong_passwords_fail_alike() {
            let secrets = [Secret::Password(b"y"), Secret::Unknown(Store::Passwords)];
            for secret in secrets {
                let mut work = [0; 128];
                let mut server = asked(&mut work, "x");
                server.secret(secret).unwrap();
                assert_eq!(server.step(None, &mut []), Ok(Step::Failure));
                assert_eq!(server.identity(), b"");
            }
        }

        #[test]
        fn an_unknown_user_has_no_password_that_fits() {
            let mut work = [0; 128];
            let mut server = asked(&mut work, "x");
            assert_eq!(server.verdict(true), Err(Error::OutOfTurn));
            let keys = Secret::Scram { salt: b"", iterations: 1, stored_key: b"", server_key: b"" };
            assert_eq!(server.secret(keys), Err(Error::UnusableSecret));
            assert_eq!(server.step(None, &mut []), Ok(Step::Failure));
        }

        #[test]
        fn responses_of_another_form_are_malformed() {
            for response in [&b""[..], b"tim", b"tim b913", b" b913a602c7eda7a495b4e6e7334d3890"] {
                let mut work = [0; 128];
                let mut server = CramMd5Server::new(&mut work, &[0; 12], "h").unwrap();
                server.step(None, &mut [0; 64]).unwrap();
                let refused = server.step(Some(response), &mut []);
                assert_eq!(refused, Err(Error::MalformedResponse));
            }
            let weak = CramMd5Server::new(&mut [0; 128], &[0; 11], "h").err();
            assert_eq!(weak, Some(Error::WeakNonce));
        }
    }
}
