//! The client's side of SCRAM.

use super::{
    super::{
        Error, Exposure, Mechanism, base64, gs2,
        output::{Output, Prefix, Sink, check_no_nul, check_nonce, check_text},
    },
    MIN_ITERATIONS, is_nonce,
    keys::{Hash, Key, Mac, client_key, salted_password, server_key},
};

/// The longest salt, in octets; servers in use send 12 to 64.
const MAX_SALT: usize = 128;
/// More iterations than any guide recommends for SHA-256 today, and less than a second on a host.
const DEFAULT_MAX_ITERATIONS: u32 = 600_000;

/// What the client tells of channel binding (RFC 5802 §6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Binding {
    /// `n`: the client does not support it.
    #[default]
    Unsupported,
    /// `y`: the client does, but believes that the server does not, as it offered no -PLUS mechanism.
    NotOffered,
}

impl Binding {
    fn flag(self) -> &'static str {
        match self {
            Binding::Unsupported => "n",
            Binding::NotOffered => "y",
        }
    }
}

/// Client side of SCRAM. It keeps no text: what must be signed is rebuilt from the borrowed credentials and
/// the server's challenge, so there is no limit on their lengths but `out`'s (and 128 octets for the salt).
///
/// ```
/// # #[cfg(feature = "sasl-scram-sha-256")] {
/// use mailproto_core::sasl::{Mechanism, ScramSha256};
/// let nonce = *b"from a good RNG..."; // 18 octets, never the same twice
/// let mut scram = ScramSha256::new("user", "pencil", &nonce)?.max_iterations(100_000);
/// let mut out = [0; 128];
/// let n = scram.respond(b"", &mut out)?;
/// assert_eq!(&out[..n], b"n,,n=user,r=ZnJvbSBhIGdvb2QgUk5HLi4u");
/// assert!(!scram.is_complete()); // only once the server has proved itself
/// # }
/// # Ok::<(), mailproto_core::sasl::Error>(())
/// ```
pub struct Scram<'a, H: Hash> {
    authzid: &'a str,
    user: &'a str,
    password: &'a str,
    nonce: &'a [u8],
    binding: Binding,
    min_iterations: u32,
    max_iterations: u32,
    state: State<H>,
}

enum State<H: Hash> {
    Start,
    AwaitServerFirst,
    /// The signature that the server must show.
    AwaitServerFinal(Key<H>),
    Verified,
    Failed,
}

impl<'a, H: Hash> Scram<'a, H> {
    /// Logs in as `user`. `nonce` is at least 12, better 18 octets of a good random source, never used before; it
    /// goes out in base64.
    ///
    /// # Errors
    /// [`Error::EmptyCredential`]; [`Error::ForbiddenCharacter`] for NUL; [`Error::WeakNonce`].
    pub fn new(user: &'a str, password: &'a str, nonce: &'a [u8]) -> Result<Self, Error> {
        check_text(user)?;
        check_text(password)?;
        check_nonce(nonce)?;
        Ok(Scram {
            authzid: "",
            user,
            password,
            nonce,
            binding: Binding::default(),
            min_iterations: MIN_ITERATIONS,
            max_iterations: DEFAULT_MAX_ITERATIONS,
            state: State::Start,
        })
    }

    /// Acts as `authzid`; as `user` when it is empty.
    ///
    /// # Errors
    /// [`Error::ForbiddenCharacter`] for NUL.
    pub fn act_as(mut self, authzid: &'a str) -> Result<Self, Error> {
        check_no_nul(authzid)?;
        self.authzid = authzid;
        Ok(self)
    }

    /// What to tell of channel binding.
    pub fn binding(mut self, binding: Binding) -> Self {
        self.binding = binding;
        self
    }

    /// The most iterations that this machine will compute for a server, 600,000 unless told: a false server can demand
    /// four thousand million. One iteration is two runs of the hash on a block.
    pub fn max_iterations(mut self, iterations: u32) -> Self {
        self.max_iterations = iterations;
        self
    }

    /// Accepts fewer than 4,096 iterations. A false server, or one who reads the wire, then finds the password
    /// with little trouble.
    pub fn danger_accept_few_iterations(mut self) -> Self {
        self.min_iterations = 1;
        self
    }

    fn client_first(&self, challenge: &[u8], out: &mut [u8]) -> Result<usize, Error> {
        if !challenge.is_empty() {
            return Err(Error::UnexpectedChallenge);
        }
        let mut output = Output::new(out);
        self.put_gs2_header(&mut output);
        self.put_client_first_bare(&mut output);
        output.finish()
    }

    /// Answers server-first with client-final; returns the signature to expect as well.
    fn client_final(&self, challenge: &[u8], out: &mut [u8]) -> Result<(usize, Key<H>), Error> {
        let server_first = ServerFirst::parse(challenge)?;
        self.check_nonce_extended(server_first.nonce)?;
        self.check_iterations(server_first.iterations)?;
        let mut salt = [0; MAX_SALT];
        let salt = base64::decode(server_first.salt, &mut salt)
            .filter(|salt| !salt.is_empty())
            .ok_or(Error::MalformedChallenge)?;
        // Before the long computation: is there room?
        self.put_client_final(server_first.nonce, &Key::zero(), out)?;

        let salted = salted_password::<H>(self.password.as_bytes(), salt, server_first.iterations);
        let client_key = client_key(&salted);
        let client_signature = self.sign(&client_key.hashed(), challenge, server_first.nonce);
        let server_signature = self.sign(&server_key(&salted), challenge, server_first.nonce);
        let proof = client_key.xor(&client_signature);
        let written = self.put_client_final(server_first.nonce, &proof, out)?;
        Ok((written, server_signature))
    }

    /// The server must have kept our nonce and added to it, or the message is an old one replayed.
    fn check_nonce_extended(&self, nonce: &[u8]) -> Result<(), Error> {
        let mut ours = Prefix::of(nonce);
        base64::put_unpadded(&mut ours, self.nonce);
        match ours.rest() {
            Some([_, ..]) => Ok(()),
            _ => Err(Error::NonceMismatch),
        }
    }

    fn check_iterations(&self, iterations: u32) -> Result<(), Error> {
        if iterations > self.max_iterations {
            Err(Error::TooManyIterations)
        } else if iterations < self.min_iterations {
            Err(Error::TooFewIterations)
        } else {
            Ok(())
        }
    }

    /// `HMAC(key, AuthMessage)`, where `AuthMessage := client-first-message-bare "," server-first-message ","
    /// client-final-message-without-proof`.
    #[inline(never)]
    fn sign(&self, key: &Key<H>, server_first: &[u8], nonce: &[u8]) -> Key<H> {
        let mut mac = Mac::new(key.octets());
        self.put_client_first_bare(&mut mac);
        mac.put(b",");
        mac.put(server_first);
        mac.put(b",");
        self.put_client_final_without_proof(nonce, &mut mac);
        mac.finish()
    }

    fn put_gs2_header(&self, to: &mut dyn Sink) {
        gs2::put_header(to, self.binding.flag(), self.authzid);
    }

    fn put_client_first_bare(&self, to: &mut dyn Sink) {
        to.put(b"n=");
        gs2::put_saslname(to, self.user);
        to.put(b",r=");
        base64::put_unpadded(to, self.nonce);
    }

    fn put_client_final_without_proof(&self, nonce: &[u8], to: &mut dyn Sink) {
        to.put(b"c=");
        let mut header = base64::Encoder::new(to);
        self.put_gs2_header(&mut header);
        header.finish();
        to.put(b",r=");
        to.put(nonce);
    }

    fn put_client_final(
        &self,
        nonce: &[u8],
        proof: &Key<H>,
        out: &mut [u8],
    ) -> Result<usize, Error> {
        let mut output = Output::new(out);
        self.put_client_final_without_proof(nonce, &mut output);
        output.put(b",p=");
        base64::put(&mut output, proof.octets());
        output.finish()
    }
}

impl<H: Hash> Mechanism for Scram<'_, H> {
    fn name(&self) -> &str {
        H::MECHANISM
    }

    fn exposure(&self) -> Exposure {
        Exposure::Proof
    }

    fn client_first(&self) -> bool {
        true
    }

    fn respond(&mut self, challenge: &[u8], out: &mut [u8]) -> Result<usize, Error> {
        let answered = match &self.state {
            State::Start => {
                Self::client_first(self, challenge, out).map(|n| (n, State::AwaitServerFirst))
            }
            State::AwaitServerFirst => self
                .client_final(challenge, out)
                .map(|(n, signature)| (n, State::AwaitServerFinal(signature))),
            State::AwaitServerFinal(signature) => {
                verify_server_final(challenge, signature).map(|()| (0, State::Verified))
            }
            State::Verified | State::Failed => Err(Error::UnexpectedChallenge),
        };
        match answered {
            Ok((written, next)) => {
                self.state = next;
                Ok(written)
            }
            Err(error @ Error::BufferTooSmall { .. }) => Err(error),
            Err(error) => {
                self.state = State::Failed;
                Err(error)
            }
        }
    }

    fn is_complete(&self) -> bool {
        matches!(self.state, State::Verified)
    }
}

/// `server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count ["," extensions]`
struct ServerFirst<'m> {
    nonce: &'m [u8],
    salt: &'m [u8],
    iterations: u32,
}

impl<'m> ServerFirst<'m> {
    fn parse(message: &'m [u8]) -> Result<Self, Error> {
        // An extension that must be understood comes first, and none is (RFC 5802 §5.1, `m`).
        if message.starts_with(b"m=") {
            return Err(Error::UnsupportedExtension);
        }
        if message.starts_with(b"e=") {
            return Err(Error::ServerRejected);
        }
        let mut attributes = message.split(|octet| *octet == b',');
        let mut value = |name: &[u8]| attributes.next().and_then(|a| a.strip_prefix(name));
        let (Some(nonce), Some(salt), Some(iterations)) =
            (value(b"r="), value(b"s="), value(b"i="))
        else {
            return Err(Error::MalformedChallenge);
        };
        if !is_nonce(nonce) {
            return Err(Error::MalformedChallenge);
        }
        Ok(ServerFirst { nonce, salt, iterations: parse_iterations(iterations)? })
    }
}

/// `posit-number = %x31-39 *DIGIT`
fn parse_iterations(text: &[u8]) -> Result<u32, Error> {
    if text.is_empty() || text.starts_with(b"0") || !text.iter().all(u8::is_ascii_digit) {
        return Err(Error::MalformedChallenge);
    }
    text.iter()
        .try_fold(0_u32, |number, digit| {
            number.checked_mul(10)?.checked_add(u32::from(digit.wrapping_sub(b'0')))
        })
        .ok_or(Error::TooManyIterations)
}

/// `server-final-message = (server-error / verifier) ["," extensions]`
fn verify_server_final<H: Hash>(message: &[u8], signature: &Key<H>) -> Result<(), Error> {
    let first = message.split(|octet| *octet == b',').next().unwrap_or_default();
    if first.starts_with(b"e=") {
        return Err(Error::ServerRejected);
    }
    let verifier = first.strip_prefix(b"v=").ok_or(Error::MalformedChallenge)?;
    let mut room = [0; 64];
    let shown = base64::decode(verifier, &mut room).ok_or(Error::ServerNotVerified)?;
    if signature.equals(shown) { Ok(()) } else { Err(Error::ServerNotVerified) }
}
