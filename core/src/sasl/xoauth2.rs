//! XOAUTH2 (Google's and Microsoft's): `user=… ^A auth=Bearer … ^A ^A`, in one message.

use super::{
    Error, Exposure, Mechanism, Name,
    client::Course,
    output::{Sink, check_no_controls, check_token},
};

/// Client side of XOAUTH2.
///
/// A server that refuses the token says why in a challenge (JSON, which the engine shows as the challenge); the
/// client acknowledges it with an empty response, and the failure follows.
pub struct XOauth2<'a> {
    user: &'a str,
    token: &'a str,
    course: Course,
}

impl<'a> XOauth2<'a> {
    /// Logs in as `user` with an access token (without `Bearer`).
    ///
    /// # Errors
    /// [`Error::EmptyCredential`]; [`Error::ForbiddenCharacter`] for a control character in the user, or anything
    /// but printable ASCII in the token.
    pub fn new(user: &'a str, token: &'a str) -> Result<Self, Error> {
        if user.is_empty() {
            return Err(Error::EmptyCredential);
        }
        check_no_controls(user)?;
        check_token(token)?;
        Ok(XOauth2 { user, token, course: Course::First })
    }
}

impl Mechanism for XOauth2<'_> {
    fn name(&self) -> &str {
        Name::XOauth2.as_str()
    }

    fn exposure(&self) -> Exposure {
        Exposure::Secret
    }

    fn client_first(&self) -> bool {
        true
    }

    fn respond(&mut self, challenge: &[u8], out: &mut [u8]) -> Result<usize, Error> {
        if self.course.is_spoken() {
            self.course = Course::Over;
            return Ok(0);
        }
        let (user, token) = (self.user.as_bytes(), self.token.as_bytes());
        let message = [b"user=", user, b"\x01auth=Bearer ", token, b"\x01\x01"];
        self.course.speak(challenge, out, |to| message.iter().for_each(|part| to.put(part)))
    }

    fn is_complete(&self) -> bool {
        self.course.is_spoken()
    }
}

#[cfg(feature = "server")]
pub use server::XOauth2Server;

#[cfg(feature = "server")]
mod server {
    use crate::sasl::{
        Claim, Error, Name, ServerMechanism, Step,
        bearer::{BearerExchange, Claimed, token_of},
        server::Workspace,
    };

    /// Server side of XOAUTH2.
    pub struct XOauth2Server<'b>(BearerExchange<'b>);

    impl<'b> XOauth2Server<'b> {
        /// `work` bounds the user and the token together.
        pub fn new(work: &'b mut [u8]) -> Self {
            XOauth2Server(BearerExchange::new(work, r#"{"status":"401","schemes":"bearer"}"#))
        }

        /// What a refused client is told, in JSON.
        pub fn error_json(mut self, json: &'b str) -> Self {
            self.0.set_error(json);
            self
        }
    }

    fn read(work: &mut Workspace<'_>, message: &[u8]) -> Result<Claimed, Error> {
        let fields = message.strip_suffix(b"\x01\x01").ok_or(Error::MalformedResponse)?;
        let mut fields = fields.split(|octet| *octet == 1);
        let (Some(user), Some(authorization), None) = (fields.next(), fields.next(), fields.next())
        else {
            return Err(Error::MalformedResponse);
        };
        let user = user.strip_prefix(b"user=").ok_or(Error::MalformedResponse)?;
        let token = authorization.strip_prefix(b"auth=").ok_or(Error::MalformedResponse)?;
        if user.is_empty() {
            return Err(Error::MalformedResponse);
        }
        Ok(Claimed { user: work.keep_name(user)?, token: work.keep(token_of(token)?)? })
    }

    impl ServerMechanism for XOauth2Server<'_> {
        fn name(&self) -> &str {
            Name::XOauth2.as_str()
        }

        fn server_first(&self) -> bool {
            false
        }

        fn step(&mut self, response: Option<&[u8]>, out: &mut [u8]) -> Result<Step, Error> {
            self.0.step(response, out, read)
        }

        fn claim(&self) -> Claim<'_> {
            self.0.claim()
        }

        fn verdict(&mut self, accepted: bool) -> Result<(), Error> {
            self.0.verdict(accepted)
        }

        fn identity(&self) -> &[u8] {
            self.0.identity()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Google's document "OAuth 2.0 Mechanism", "The SASL XOAUTH2 Mechanism".
    #[test]
    fn known_answer_of_the_defining_document() {
        let token = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg";
        let mut xoauth2 = XOauth2::new("someuser@example.com", token).unwrap();
        let mut out = [0; 128];
        let n = xoauth2.respond(b"", &mut out).unwrap();
        assert_eq!(
            &out[..n],
            b"user=someuser@example.com\x01auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\x01\x01"
        );
        assert!(xoauth2.is_complete());
    }

    #[test]
    fn an_error_challenge_is_acknowledged_with_nothing() {
        let mut xoauth2 = XOauth2::new("u", "t").unwrap();
        let mut out = [0; 64];
        xoauth2.respond(b"", &mut out).unwrap();
        assert_eq!(xoauth2.respond(br#"{"status":"401"}"#, &mut out), Ok(0));
        assert!(!xoauth2.is_complete());
        assert_eq!(xoauth2.respond(b"", &mut out), Err(Error::UnexpectedChallenge));
    }

    #[test]
    fn what_could_forge_a_field_is_refused() {
        assert_eq!(XOauth2::new("", "t").err(), Some(Error::EmptyCredential));
        assert_eq!(XOauth2::new("u", "").err(), Some(Error::EmptyCredential));
        for (user, token) in [("u\x01", "t"), ("u\0", "t"), ("u", "t\x01"), ("u", "t t")] {
            assert_eq!(XOauth2::new(user, token).err(), Some(Error::ForbiddenCharacter));
        }
    }

    #[cfg(feature = "server")]
    #[test]
    fn server_refuses_malformed_messages() {
        use crate::sasl::ServerMechanism;
        for message in [
            &b""[..],
            b"user=u\x01auth=Bearer t\x01",
            b"user=\x01auth=Bearer t\x01\x01",
            b"auth=Bearer t\x01user=u\x01\x01",
            b"user=u\x01auth=Basic t\x01\x01",
            b"user=u\x01auth=Bearer t u\x01\x01",
            b"user=u\x01auth=Bearer t\x01more=1\x01\x01",
        ] {
            let mut work = [0; 64];
            let refused = XOauth2Server::new(&mut work).step(Some(message), &mut [0; 64]);
            assert_eq!(refused, Err(Error::MalformedResponse), "{message:?}");
        }
    }
}
