//! The server's side of SCRAM.

use super::{
    super::{
        Claim, Decoy, Error, Secret, ServerMechanism, Step, Store, base64, gs2,
        output::{Output, Prefix, Sink, check_nonce, put_decimal, write},
        server::{Span, Workspace, check_name},
    },
    MIN_ITERATIONS, is_nonce,
    keys::{Hash, Key, Keys, Mac, mac, salted_password, shortened},
};
use core::mem;

/// Server side of SCRAM. The caller gives the user's keys (or password), the verifying is done here.
///
/// The exchange with a user who does not exist looks like any other until its end, and fails there.
pub struct ScramServer<'b, H: Hash> {
    work: Workspace<'b>,
    nonce: &'b [u8],
    decoy: Decoy<'b>,
    heard: Heard,
    server_first: Span,
    /// The whole nonce, within server-first.
    whole_nonce: Span,
    state: State<H>,
}

/// The parts of client-first.
#[derive(Clone, Copy, Default)]
struct Heard {
    /// The GS2 header, as it came.
    header: Span,
    /// client-first-message-bare, as it came.
    bare: Span,
    /// Unescaped.
    authzid: Span,
    /// Unescaped.
    user: Span,
    nonce: Span,
}

enum State<H: Hash> {
    Start,
    Invited,
    Asking,
    /// The claim was answered; server-first is to be sent.
    Answered(Expected<H>),
    AwaitClientFinal(Expected<H>),
    /// The answer was of no use.
    Refused,
    /// Server-final was sent; an empty response is due.
    AwaitAcknowledgement,
    Accepted,
    Over,
}

/// What the client's proof must agree with.
struct Expected<H: Hash> {
    keys: Keys<H>,
    /// False for a decoy: then no proof is good enough.
    genuine: bool,
}

impl<'b, H: Hash> ScramServer<'b, H> {
    /// `work` holds client-first, the names again and server-first: 512 octets do for names of 100. `nonce` is at least 12,
    /// better 18 octets of a good random source, never used before.
    ///
    /// # Errors
    /// [`Error::WeakNonce`]; [`Error::EmptyCredential`] for a decoy without key or salt;
    /// [`Error::TooFewIterations`] for one with fewer than 4,096.
    pub fn new(work: &'b mut [u8], nonce: &'b [u8], decoy: Decoy<'b>) -> Result<Self, Error> {
        check_nonce(nonce)?;
        if decoy.key.is_empty() || decoy.salt_octets == 0 {
            return Err(Error::EmptyCredential);
        }
        if decoy.iterations < MIN_ITERATIONS {
            return Err(Error::TooFewIterations);
        }
        Ok(ScramServer {
            work: Workspace::new(work),
            nonce,
            decoy,
            heard: Heard::default(),
            server_first: Span::default(),
            whole_nonce: Span::default(),
            state: State::Start,
        })
    }

    /// `client-first-message = gs2-header [reserved-mext ","] username "," nonce ["," extensions]`
    fn read_client_first(&mut self, message: &[u8]) -> Result<(), Error> {
        let gs2::Header { authzid, header, rest: bare } = gs2::parse_header(message)?;
        if bare.starts_with(b"m=") {
            return Err(Error::UnsupportedExtension);
        }
        let mut attributes = bare.split(|octet| *octet == b',');
        let mut value = |name: &[u8]| attributes.next().and_then(|a| a.strip_prefix(name));
        let (Some(user), Some(nonce)) = (value(b"n="), value(b"r=")) else {
            return Err(Error::MalformedResponse);
        };
        if user.is_empty() || !is_nonce(nonce) {
            return Err(Error::MalformedResponse);
        }
        self.heard = Heard {
            header: self.work.keep(header)?,
            bare: self.work.keep(bare)?,
            authzid: self.work.compose(|_, to| gs2::put_unescaped(to, authzid))?,
            user: self.work.compose(|_, to| gs2::put_unescaped(to, user))?,
            nonce: self.work.keep(nonce)?,
        };
        check_name(self.work.get(self.heard.authzid))?;
        check_name(self.work.get(self.heard.user))
    }

    fn expect(&mut self, secret: Secret<'_>) -> Result<Expected<H>, Error> {
        match secret {
            Secret::Scram { salt, iterations, stored_key, server_key } => {
                let (Some(stored), Some(server)) =
                    (Key::from_octets(stored_key), Key::from_octets(server_key))
                else {
                    return Err(Error::UnusableSecret);
                };
                if salt.is_empty() || iterations == 0 {
                    return Err(Error::UnusableSecret);
                }
                self.compose_server_first(salt, iterations)?;
                Ok(Expected { keys: Keys { stored, server }, genuine: true })
            }
            // An account without a password must not be opened by an empty one.
            Secret::Password(b"") => Err(Error::UnusableSecret),
            Secret::Password(password) => self.expect_salted(password, true),
            Secret::Unknown(Store::Passwords) => self.expect_salted(b"decoy", false),
            Secret::Unknown(Store::ScramKeys) => {
                let salt = self.decoy_salt();
                self.compose_server_first(self.salt_part(&salt), self.decoy.iterations)?;
                Ok(Expected { keys: Keys { stored: salt.clone(), server: salt }, genuine: false })
            }
        }
    }

    fn expect_salted(&mut self, password: &[u8], genuine: bool) -> Result<Expected<H>, Error> {
        let (salt, iterations) = (self.decoy_salt(), self.decoy.iterations);
        let salt = self.salt_part(&salt);
        let salted = salted_password::<H>(password, salt, iterations);
        self.compose_server_first(salt, iterations)?;
        Ok(Expected { keys: Keys::of_salted(&salted), genuine })
    }

    /// A salt that is the same whenever this user is asked for, existing or not.
    fn decoy_salt(&self) -> Key<H> {
        let hashed = shortened::<H>(self.decoy.key);
        let key = hashed.as_ref().map_or(self.decoy.key, Key::octets);
        mac(key, self.work.get(self.heard.user))
    }

    fn salt_part<'k>(&self, salt: &'k Key<H>) -> &'k [u8] {
        salt.octets().get(..self.decoy.salt_octets).unwrap_or(salt.octets())
    }

    fn compose_server_first(&mut self, salt: &[u8], iterations: u32) -> Result<(), Error> {
        let (client_nonce, nonce) = (self.heard.nonce, self.nonce);
        self.whole_nonce = self.work.compose(|kept, to| {
            to.put(client_nonce.of(kept));
            base64::put_unpadded(to, nonce);
            Ok(())
        })?;
        let whole_nonce = self.whole_nonce;
        self.server_first = self.work.compose(|kept, to| {
            to.put(b"r=");
            to.put(whole_nonce.of(kept));
            to.put(b",s=");
            base64::put(to, salt);
            to.put(b",i=");
            put_decimal(to, iterations);
            Ok(())
        })?;
        Ok(())
    }

    /// Checks client-final; with a good proof server-final is written to `out`, else `None`.
    fn verify(
        &self,
        message: &[u8],
        expected: &Expected<H>,
        out: &mut [u8],
    ) -> Result<Option<usize>, Error> {
        let client_final = ClientFinal::parse(message)?;
        let proof = Key::<H>::from_octets(client_final.proof(&mut [0; 64])?)
            .ok_or(Error::MalformedResponse)?;
        let signature = self.sign(&expected.keys.stored, client_final.without_proof);
        let proved = expected.keys.stored.equals(proof.xor(&signature).hashed().octets());
        let bound = is_base64_of(client_final.binding, self.work.get(self.heard.header));
        let fresh = client_final.nonce == self.work.get(self.whole_nonce);
        if !(proved && bound && fresh && expected.genuine) {
            return Ok(None);
        }
        let signature = self.sign(&expected.keys.server, client_final.without_proof);
        let mut output = Output::new(out);
        output.put(b"v=");
        base64::put(&mut output, signature.octets());
        output.finish().map(Some)
    }

    /// `HMAC(key, AuthMessage)`
    fn sign(&self, key: &Key<H>, final_without_proof: &[u8]) -> Key<H> {
        let mut mac = Mac::new(key.octets());
        mac.put(self.work.get(self.heard.bare));
        mac.put(b",");
        mac.put(self.work.get(self.server_first));
        mac.put(b",");
        mac.put(final_without_proof);
        mac.finish()
    }

    fn advance(
        &mut self,
        state: &State<H>,
        response: Option<&[u8]>,
        out: &mut [u8],
    ) -> Result<Step, Error> {
        match (state, response) {
            (State::Start, None) => Ok(Step::Challenge(0)),
            (State::Start | State::Invited, Some(message)) => {
                self.read_client_first(message).map(|()| Step::Claim)
            }
            (State::Answered(_), None) => {
                write(out, self.work.get(self.server_first)).map(Step::Challenge)
            }
            (State::AwaitClientFinal(expected), Some(message)) => {
                let verified = self.verify(message, expected, out)?;
                Ok(verified.map_or(Step::Failure, Step::Challenge))
            }
            (State::Refused, None) => Ok(Step::Failure),
            (State::AwaitAcknowledgement, Some(b"")) => Ok(Step::Success),
            (State::AwaitAcknowledgement, Some(_)) => Err(Error::MalformedResponse),
            _ => Err(Error::OutOfTurn),
        }
    }
}

impl<H: Hash> State<H> {
    /// Where a step that came out so leads.
    fn after(self, outcome: &Result<Step, Error>) -> Self {
        match (self, outcome) {
            (same, Err(Error::BufferTooSmall { .. })) => same,
            (State::Start, Ok(Step::Challenge(_))) => State::Invited,
            (State::Start | State::Invited, Ok(Step::Claim)) => State::Asking,
            (State::Answered(expected), Ok(_)) => State::AwaitClientFinal(expected),
            (State::AwaitClientFinal(_), Ok(Step::Challenge(_))) => State::AwaitAcknowledgement,
            (State::AwaitAcknowledgement, Ok(_)) => State::Accepted,
            _ => State::Over,
        }
    }
}

impl<H: Hash> ServerMechanism for ScramServer<'_, H> {
    fn name(&self) -> &str {
        H::MECHANISM
    }

    fn server_first(&self) -> bool {
        false
    }

    fn step(&mut self, response: Option<&[u8]>, out: &mut [u8]) -> Result<Step, Error> {
        let state = mem::replace(&mut self.state, State::Over);
        let outcome = self.advance(&state, response, out);
        self.state = state.after(&outcome);
        outcome
    }

    fn claim(&self) -> Claim<'_> {
        if !matches!(self.state, State::Asking) {
            return Claim::None;
        }
        Claim::User {
            authzid: self.work.get(self.heard.authzid),
            user: self.work.get(self.heard.user),
        }
    }

    fn secret(&mut self, secret: Secret<'_>) -> Result<(), Error> {
        if !matches!(self.state, State::Asking) {
            return Err(Error::OutOfTurn);
        }
        self.state = State::Refused;
        self.state = State::Answered(self.expect(secret)?);
        Ok(())
    }

    fn identity(&self) -> &[u8] {
        match (&self.state, self.work.get(self.heard.authzid)) {
            (State::Accepted, b"") => self.work.get(self.heard.user),
            (State::Accepted, authzid) => authzid,
            _ => b"",
        }
    }
}

/// `client-final-message = channel-binding "," nonce ["," extensions] "," proof`
struct ClientFinal<'m> {
    binding: &'m [u8],
    nonce: &'m [u8],
    without_proof: &'m [u8],
    proof: &'m [u8],
}

impl<'m> ClientFinal<'m> {
    fn parse(message: &'m [u8]) -> Result<Self, Error> {
        Self::split(message).ok_or(Error::MalformedResponse)
    }

    fn split(message: &'m [u8]) -> Option<Self> {
        let last_comma = message.iter().rposition(|octet| *octet == b',')?;
        let (without_proof, proof) = message.split_at_checked(last_comma)?;
        let proof = proof.strip_prefix(b",p=")?;
        let mut attributes = without_proof.split(|octet| *octet == b',');
        let binding = attributes.next()?.strip_prefix(b"c=")?;
        let nonce = attributes.next()?.strip_prefix(b"r=")?;
        Some(ClientFinal { binding, nonce, without_proof, proof })
    }

    fn proof<'r>(&self, room: &'r mut [u8]) -> Result<&'r [u8], Error> {
        base64::decode(self.proof, room).ok_or(Error::MalformedResponse)
    }
}

fn is_base64_of(text: &[u8], octets: &[u8]) -> bool {
    let mut expected = Prefix::of(text);
    base64::put(&mut expected, octets);
    expected.rest() == Some(b"")
}
