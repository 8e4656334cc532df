//! OAUTHBEARER (RFC 7628): a GS2 header, then `key=value` fields, each ended by ^A, and one ^A more.

use super::{
    Error, Exposure, Mechanism, Name,
    client::Course,
    gs2,
    output::{Sink, check_no_controls, check_token, put_decimal, write},
};

/// Client side of OAUTHBEARER.
///
/// A server that refuses the token says why in a challenge (JSON, which the engine shows as the challenge); the
/// client acknowledges it with a lone ^A (RFC 7628 §3.2.3), and the failure follows.
pub struct OauthBearer<'a> {
    user: &'a str,
    token: &'a str,
    host: &'a str,
    port: u16,
    course: Course,
}

impl<'a> OauthBearer<'a> {
    /// Logs in with an access token (without `Bearer`). `user` goes out as the authorization identity unless it is
    /// empty; `host` unless empty, and `port` unless 0, tell the server how it was reached.
    ///
    /// # Errors
    /// [`Error::EmptyCredential`] for an empty token; [`Error::ForbiddenCharacter`] for a control character in user or
    /// host, or anything but printable ASCII in the token.
    pub fn new(user: &'a str, token: &'a str, host: &'a str, port: u16) -> Result<Self, Error> {
        check_no_controls(user)?;
        check_no_controls(host)?;
        check_token(token)?;
        Ok(OauthBearer { user, token, host, port, course: Course::First })
    }

    fn put_message(&self, to: &mut dyn Sink) {
        gs2::put_header(to, "n", self.user);
        if !self.host.is_empty() {
            to.put(b"\x01host=");
            to.put(self.host.as_bytes());
        }
        if self.port != 0 {
            to.put(b"\x01port=");
            put_decimal(to, self.port.into());
        }
        to.put(b"\x01auth=Bearer ");
        to.put(self.token.as_bytes());
        to.put(b"\x01\x01");
    }
}

impl Mechanism for OauthBearer<'_> {
    fn name(&self) -> &str {
        Name::OauthBearer.as_str()
    }

    fn exposure(&self) -> Exposure {
        Exposure::Secret
    }

    fn client_first(&self) -> bool {
        true
    }

    fn respond(&mut self, challenge: &[u8], out: &mut [u8]) -> Result<usize, Error> {
        if self.course.is_spoken() {
            let written = write(out, b"\x01")?;
            self.course = Course::Over;
            return Ok(written);
        }
        let mut course = self.course;
        let result = course.speak(challenge, out, |to| self.put_message(to));
        self.course = course;
        result
    }

    fn is_complete(&self) -> bool {
        self.course.is_spoken()
    }
}

#[cfg(feature = "server")]
pub use server::OauthBearerServer;

#[cfg(feature = "server")]
mod server {
    use crate::sasl::{
        Claim, Error, Name, ServerMechanism, Step,
        bearer::{BearerExchange, Claimed, token_of},
        gs2,
        server::{Workspace, check_name},
    };

    /// Server side of OAUTHBEARER. The client's `host` and `port` fields are not looked at.
    pub struct OauthBearerServer<'b>(BearerExchange<'b>);

    impl<'b> OauthBearerServer<'b> {
        /// `work` bounds the user and the token together.
        pub fn new(work: &'b mut [u8]) -> Self {
            OauthBearerServer(BearerExchange::new(work, r#"{"status":"invalid_token"}"#))
        }

        /// What a refused client is told, in JSON (RFC 7628 §3.2.2).
        pub fn error_json(mut self, json: &'b str) -> Self {
            self.0.set_error(json);
            self
        }
    }

    fn read(work: &mut Workspace<'_>, message: &[u8]) -> Result<Claimed, Error> {
        let header = gs2::parse_header(message)?;
        let fields = header.rest.strip_prefix(b"\x01").ok_or(Error::MalformedResponse)?;
        let token = token_of(authorization(fields)?)?;
        let user = work.compose(|_, to| gs2::put_unescaped(to, header.authzid))?;
        check_name(work.get(user))?;
        Ok(Claimed { user, token: work.keep(token)? })
    }

    /// The value of the `auth` field, which must be there (RFC 7628 §3.1).
    fn authorization(fields: &[u8]) -> Result<&[u8], Error> {
        let fields = fields.strip_suffix(b"\x01\x01").ok_or(Error::MalformedResponse)?;
        fields
            .split(|octet| *octet == 1)
            .find_map(|field| field.strip_prefix(b"auth="))
            .ok_or(Error::MalformedResponse)
    }

    impl ServerMechanism for OauthBearerServer<'_> {
        fn name(&self) -> &str {
            Name::OauthBearer.as_str()
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

    const TOKEN: &str = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";
    /// RFC 7628 §4.1.
    const EXAMPLE: &[u8] = b"n,a=user@example.com,\x01host=server.example.com\x01port=143\x01\
        auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01";

    #[test]
    fn known_answer_of_rfc_7628() {
        let mut bearer =
            OauthBearer::new("user@example.com", TOKEN, "server.example.com", 143).unwrap();
        let mut out = [0; 160];
        let small = bearer.respond(b"", &mut out[..EXAMPLE.len() - 1]);
        assert_eq!(small, Err(Error::BufferTooSmall { needed: EXAMPLE.len() }));
        let n = bearer.respond(b"", &mut out).unwrap();
        assert_eq!(&out[..n], EXAMPLE);
        assert!(bearer.is_complete());
    }

    /// RFC 7628 §4.3: the error, and the client's ^A.
    #[test]
    fn an_error_challenge_is_acknowledged_with_control_a() {
        let mut bearer = OauthBearer::new("", "t", "", 0).unwrap();
        let mut out = [0; 64];
        let n = bearer.respond(b"", &mut out).unwrap();
        assert_eq!(&out[..n], b"n,,\x01auth=Bearer t\x01\x01");
        let error = br#"{"status":"invalid_token","scope":"example_scope"}"#;
        assert_eq!(bearer.respond(error, &mut []), Err(Error::BufferTooSmall { needed: 1 }));
        assert_eq!(bearer.respond(error, &mut out), Ok(1));
        assert_eq!(out[0], 1);
        assert!(!bearer.is_complete());
        assert_eq!(bearer.respond(error, &mut out), Err(Error::UnexpectedChallenge));
    }

    #[test]
    fn what_could_forge_a_field_is_refused() {
        let error = |user, token, host| OauthBearer::new(user, token, host, 0).err();
        assert_eq!(error("", "", ""), Some(Error::EmptyCredential));
        assert_eq!(error("u\x01auth=x", "t", ""), Some(Error::ForbiddenCharacter));
        assert_eq!(error("", "t\x01", ""), Some(Error::ForbiddenCharacter));
        assert_eq!(error("", "t", "h\0"), Some(Error::ForbiddenCharacter));
    }

    #[cfg(feature = "server")]
    mod server {
        use super::super::*;
        use super::{EXAMPLE, TOKEN};
        use crate::sasl::{Claim, ServerMechanism, Step};

        #[test]
        fn the_example_of_the_rfc_makes_a_claim() {
            let mut work = [0; 128];
            let mut server = OauthBearerServer::new(&mut work);
            assert_eq!(server.step(Some(EXAMPLE), &mut []), Ok(Step::Claim));
            let claim = Claim::Token { user: b"user@example.com", token: TOKEN.as_bytes() };
            assert!(server.claim() == claim);
        }

        #[test]
        fn a_refusal_is_told_and_acknowledged_before_it_fails() {
            let (mut work, mut out) = ([0; 128], [0; 64]);
            let mut server = OauthBearerServer::new(&mut work);
            server.step(Some(EXAMPLE), &mut []).unwrap();
            server.verdict(false).unwrap();
            let needed = r#"{"status":"invalid_token"}"#.len();
            assert_eq!(server.step(None, &mut []), Err(Error::BufferTooSmall { needed }));
            assert_eq!(server.step(None, &mut out), Ok(Step::Challenge(needed)));
            assert_eq!(server.step(Some(b"\x01"), &mut out), Ok(Step::Failure));
            assert_eq!(server.identity(), b"");
        }

        /// RFC 7628 §4.3: an empty `auth` asks for the server's metadata.
        #[test]
        fn an_empty_token_is_refused_without_a_claim() {
            let (mut work, mut out) = ([0; 128], [0; 64]);
            let mut server = OauthBearerServer::new(&mut work).error_json("{}");
            let probe = b"n,,\x01auth=\x01\x01";
            assert_eq!(server.step(Some(probe), &mut out), Ok(Step::Challenge(2)));
            assert_eq!(server.step(Some(b"\x01"), &mut out), Ok(Step::Failure));
        }

        #[test]
        fn malformed_messages_are_refused() {
            for message in [
                &b""[..],
                b"n,,",
                b"n,,\x01\x01",
                b"n,u,\x01auth=Bearer t\x01\x01",
                b"n,a=,\x01auth=Bearer t\x01\x01",
                b"n,a=u=2c,\x01auth=Bearer t\x01\x01",
                b"n,,\x01auth=Bearer t\x01",
                b"n,,\x01host=h\x01\x01",
                b"n,,\x01auth=Basic t\x01\x01",
            ] {
                let mut work = [0; 64];
                let refused = OauthBearerServer::new(&mut work).step(Some(message), &mut [0; 64]);
                assert_eq!(refused, Err(Error::MalformedResponse), "{message:?}");
            }
            let mut work = [0; 64];
            let bound = b"p=tls-unique,,\x01auth=Bearer t\x01\x01";
            let refused = OauthBearerServer::new(&mut work).step(Some(bound), &mut [0; 64]);
            assert_eq!(refused, Err(Error::UnsupportedExtension));
        }
    }
}
