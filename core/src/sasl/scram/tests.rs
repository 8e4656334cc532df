//! Known answers, and servers and clients that do not keep to the rules.

use super::{super::*, *};
use base64ct::{Base64, Encoding};
use std::{format, string::String, vec::Vec};

/// Our nonces go out in base64, and the RFCs' client nonces happen to be base64.
fn nonce(text: &str) -> Vec<u8> {
    let mut room = [0; 32];
    Base64::decode(text, &mut room).unwrap().to_vec()
}

fn base64_of(octets: &[u8]) -> String {
    Base64::encode(octets, &mut [0; 256]).unwrap().into()
}

/// Sends a challenge and returns the response as text.
fn turn(client: &mut dyn Mechanism, challenge: &str) -> Result<String, Error> {
    let mut out = [0; 256];
    let n = client.respond(challenge.as_bytes(), &mut out)?;
    Ok(String::from_utf8(out[..n].to_vec()).unwrap())
}

struct Example {
    client_nonce: &'static str,
    client_first: &'static str,
    server_first: &'static str,
    client_final: &'static str,
    server_final: &'static str,
}

/// RFC 5802 §5: user `user`, password `pencil`.
#[cfg(feature = "sasl-scram-sha-1")]
const RFC_5802: Example = Example {
    client_nonce: "fyko+d2lbbFgONRv9qkxdawL",
    client_first: "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
    server_first: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    client_final: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    server_final: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
};

/// RFC 7677 §3, the same user.
#[cfg(feature = "sasl-scram-sha-256")]
const RFC_7677: Example = Example {
    client_nonce: "rOprNGfwEbeRWgbNEkqO",
    client_first: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    server_first: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    client_final: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
        p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    server_final: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
};

fn client_gives<H: Hash>(example: &Example) {
    let nonce = nonce(example.client_nonce);
    let mut client = Scram::<H>::new("user", "pencil", &nonce).unwrap();
    assert!(client.client_first());
    assert_eq!(turn(&mut client, "").unwrap(), example.client_first);
    assert_eq!(turn(&mut client, example.server_first).unwrap(), example.client_final);
    assert!(!client.is_complete(), "the server has not proved itself yet");
    assert_eq!(turn(&mut client, example.server_final).unwrap(), "");
    assert!(client.is_complete());
    assert_eq!(turn(&mut client, ""), Err(Error::UnexpectedChallenge));
    assert!(!client.is_complete());
}

#[cfg(feature = "sasl-scram-sha-1")]
#[test]
fn known_answer_of_rfc_5802() {
    client_gives::<sha1::Sha1>(&RFC_5802);
}

#[cfg(feature = "sasl-scram-sha-256")]
#[test]
fn known_answer_of_rfc_7677() {
    client_gives::<sha2::Sha256>(&RFC_7677);
}

#[cfg(feature = "sasl-scram-sha-256")]
mod client {
    use super::*;

    fn after_client_first(nonce: &[u8]) -> ScramSha256<'_> {
        let mut client = ScramSha256::new("user", "pencil", nonce).unwrap();
        turn(&mut client, "").unwrap();
        client
    }

    /// The error for a server-first message; `NONCE` stands for ours.
    fn refusal(server_first: &str) -> Error {
        let nonce = nonce(RFC_7677.client_nonce);
        let mut client = after_client_first(&nonce);
        let challenge = server_first.replace("NONCE", RFC_7677.client_nonce);
        let error = turn(&mut client, &challenge).expect_err(server_first);
        // And it is final: the right message does not mend it.
        let again = turn(&mut client, RFC_7677.server_first);
        assert_eq!(again, Err(Error::UnexpectedChallenge));
        assert!(!client.is_complete());
        error
    }

    #[test]
    fn a_wrong_server_signature_is_refused() {
        for (server_final, error) in [
            ("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G8=", Error::ServerNotVerified),
            ("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl9", Error::ServerNotVerified),
            ("v=", Error::ServerNotVerified),
            ("v=!", Error::ServerNotVerified),
            ("", Error::MalformedChallenge),
            ("ok", Error::MalformedChallenge),
            ("e=invalid-proof", Error::ServerRejected),
        ] {
            let nonce = nonce(RFC_7677.client_nonce);
            let mut client = after_client_first(&nonce);
            turn(&mut client, RFC_7677.server_first).unwrap();
            assert_eq!(turn(&mut client, server_final), Err(error), "{server_final}");
            assert!(!client.is_complete());
            let late = turn(&mut client, RFC_7677.server_final);
            assert_eq!(late, Err(Error::UnexpectedChallenge));
            assert!(!client.is_complete());
        }
    }

    #[test]
    fn extensions_after_the_verifier_are_ignored() {
        let nonce = nonce(RFC_7677.client_nonce);
        let mut client = after_client_first(&nonce);
        turn(&mut client, RFC_7677.server_first).unwrap();
        turn(&mut client, &format!("{},x=1", RFC_7677.server_final)).unwrap();
        assert!(client.is_complete());
    }

    #[test]
    fn a_nonce_that_does_not_extend_ours_is_refused() {
        for nonce in ["ATTACKER", "", "xNONCEmore", "NONCE", "rOprNGfwEbeRWgbNEkq"] {
            let error = refusal(&format!("r={nonce},s=QSXCR+Q6sek8bf92,i=4096"));
            let expected =
                if nonce.is_empty() { Error::MalformedChallenge } else { Error::NonceMismatch };
            assert_eq!(error, expected, "{nonce}");
        }
    }

    #[test]
    fn iterations_outside_the_limits_are_refused_without_computing() {
        for (iterations, error) in [
            ("2147483647", Error::TooManyIterations),
            ("4294967296", Error::TooManyIterations),
            ("600001", Error::TooManyIterations),
            ("99999999999999999999999999", Error::TooManyIterations),
            ("4095", Error::TooFewIterations),
            ("1", Error::TooFewIterations),
            ("0", Error::MalformedChallenge),
            ("04096", Error::MalformedChallenge),
            ("+4096", Error::MalformedChallenge),
            ("4096x", Error::MalformedChallenge),
            ("", Error::MalformedChallenge),
        ] {
            assert_eq!(refusal(&format!("r=NONCEx,s=QSXCR+Q6sek8bf92,i={iterations}")), error);
        }
    }

    #[test]
    fn the_limits_can_be_moved_by_name() {
        let nonce = nonce(RFC_7677.client_nonce);
        let few = "r=rOprNGfwEbeRWgbNEkqOx,s=QSXCR+Q6sek8bf92,i=1";
        let mut client =
            ScramSha256::new("user", "pencil", &nonce).unwrap().danger_accept_few_iterations();
        turn(&mut client, "").unwrap();
        assert!(turn(&mut client, few).is_ok());
        let mut client = ScramSha256::new("user", "pencil", &nonce).unwrap().max_iterations(4095);
        turn(&mut client, "").unwrap();
        let refused = turn(&mut client, RFC_7677.server_first);
        assert_eq!(refused, Err(Error::TooManyIterations));
    }

    #[test]
    fn malformed_server_first_messages_are_refused() {
        for message in [
            "",
            "rubbish",
            "r=NONCEx",
            "r=NONCEx,s=QSXCR+Q6sek8bf92",
            "r=NONCEx,i=4096",
            "s=QSXCR+Q6sek8bf92,i=4096",
            "s=QSXCR+Q6sek8bf92,r=NONCEx,i=4096",
            "r=NONCEx,s=,i=4096",
            "r=NONCEx,s=QSXCR+Q6sek8bf9,i=4096",
            "r=NONCEx,s=QSXCR Q6sek8bf92,i=4096",
            "r=NONCE\u{7f},s=QSXCR+Q6sek8bf92,i=4096",
        ] {
            assert_eq!(refusal(message), Error::MalformedChallenge, "{message}");
        }
        let long_salt = base64_of(&[1; 129]);
        assert_eq!(refusal(&format!("r=NONCEx,s={long_salt},i=4096")), Error::MalformedChallenge);
        let mandatory = refusal("m=must,r=NONCEx,s=QSXCR+Q6sek8bf92,i=4096");
        assert_eq!(mandatory, Error::UnsupportedExtension);
        assert_eq!(refusal("e=unknown-user"), Error::ServerRejected);
    }

    #[test]
    fn a_buffer_too_small_leaves_the_exchange_where_it_was() {
        let nonce = nonce(RFC_7677.client_nonce);
        let mut client = ScramSha256::new("user", "pencil", &nonce).unwrap();
        for (challenge, response) in
            [("", RFC_7677.client_first), (RFC_7677.server_first, RFC_7677.client_final)]
        {
            let mut out = [7; 256];
            let small = &mut out[..response.len() - 1];
            let error = client.respond(challenge.as_bytes(), small).unwrap_err();
            assert_eq!(error, Error::BufferTooSmall { needed: response.len() });
            assert!(small.iter().all(|octet| *octet == 0), "wiped");
            let n = client.respond(challenge.as_bytes(), &mut out).unwrap();
            assert_eq!(&out[..n], response.as_bytes());
        }
        turn(&mut client, RFC_7677.server_final).unwrap();
        assert!(client.is_complete());
    }

    /// RFC 5802 §5.1: comma and equals sign; §6: the GS2 header is repeated in `c=`.
    #[test]
    fn names_are_escaped_and_the_header_is_bound() {
        let nonce = nonce(RFC_7677.client_nonce);
        let mut client = ScramSha256::new("a=b,c", "pencil", &nonce)
            .unwrap()
            .act_as("bo,ss")
            .unwrap()
            .binding(Binding::NotOffered);
        let first = turn(&mut client, "").unwrap();
        assert_eq!(first, "y,a=bo=2Css,n=a=3Db=2Cc,r=rOprNGfwEbeRWgbNEkqO");
        let last = turn(&mut client, RFC_7677.server_first).unwrap();
        let header = base64_of(b"y,a=bo=2Css,");
        assert!(last.starts_with(&format!("c={header},r=rOprNGfwEbeRWgbNEkqO%hv")), "{last}");
    }

    #[test]
    fn nul_empty_and_weak_are_refused() {
        let error = |user, password, nonce| ScramSha256::new(user, password, nonce).err();
        let nonce = &[1; 18][..];
        assert_eq!(error("", "p", nonce), Some(Error::EmptyCredential));
        assert_eq!(error("u", "", nonce), Some(Error::EmptyCredential));
        assert_eq!(error("u\0", "p", nonce), Some(Error::ForbiddenCharacter));
        assert_eq!(error("u", "p\0", nonce), Some(Error::ForbiddenCharacter));
        assert_eq!(error("u", "p", &nonce[..11]), Some(Error::WeakNonce));
        let acting = ScramSha256::new("u", "p", nonce).unwrap().act_as("a\0");
        assert_eq!(acting.err(), Some(Error::ForbiddenCharacter));
    }
}

/// The keys that follow from RFC 7677 §3: they are those with which its signatures verify (see the server's test).
#[cfg(all(feature = "server", feature = "sasl-scram-sha-256"))]
mod server {
    use super::*;

    const DECOY: Decoy<'static> =
        Decoy { key: b"a secret of the server", salt_octets: 16, iterations: 4096 };

    fn step(server: &mut dyn ServerMechanism, response: Option<&str>) -> (Step, String) {
        let mut out = [0; 256];
        let step = server.step(response.map(str::as_bytes), &mut out).unwrap();
        let n = if let Step::Challenge(n) = step { n } else { 0 };
        (step, String::from_utf8(out[..n].to_vec()).unwrap())
    }

    /// Runs a client against a server that answers the claim with `secret`.
    fn run(client: &mut ScramSha256<'_>, secret: Secret<'_>) -> (String, Step) {
        let mut work = [0; 512];
        let mut server = ScramSha256Server::new(&mut work, &[5; 18], DECOY).unwrap();
        let (asked, _) = step(&mut server, Some(&turn(client, "").unwrap()));
        assert_eq!(asked, Step::Claim);
        server.secret(secret).unwrap();
        let (_, server_first) = step(&mut server, None);
        let client_final = turn(client, &server_first).unwrap();
        let (outcome, server_final) = step(&mut server, Some(&client_final));
        if outcome == Step::Failure {
            assert_eq!(server.identity(), b"");
            return (server_first, outcome);
        }
        assert_eq!(turn(client, &server_final).unwrap(), "");
        assert!(client.is_complete());
        let (outcome, _) = step(&mut server, Some(""));
        (server_first, outcome)
    }

    #[test]
    fn stored_keys_and_passwords_both_serve() {
        let keys = Keys::<sha2::Sha256>::derive(b"pencil", b"salt of user", 5000).unwrap();
        let stored = Secret::Scram {
            salt: b"salt of user",
            iterations: 5000,
            stored_key: keys.stored_key(),
            server_key: keys.server_key(),
        };
        for secret in [stored, Secret::Password(b"pencil")] {
            let mut client = ScramSha256::new("us,er", "pencil", &[1; 18]).unwrap();
            assert_eq!(run(&mut client, secret).1, Step::Success);
            let mut client = ScramSha256::new("us,er", "pencils", &[1; 18]).unwrap();
            assert_eq!(run(&mut client, secret).1, Step::Failure);
        }
    }

    /// The server's half of RFC 7677 §3, which fixes its nonce: what it would have signed.
    #[test]
    fn keys_verify_the_proof_of_rfc_7677() {
        let mut salt = [0; 16];
        let salt = Base64::decode("W22ZaJ0SNY7soEsUEjb6gQ==", &mut salt).unwrap();
        let keys = Keys::<sha2::Sha256>::derive(b"pencil", salt, 4096).unwrap();
        let bare = &RFC_7677.client_first[3..];
        let (without_proof, proof) = RFC_7677.client_final.rsplit_once(",p=").unwrap();
        let message = format!("{bare},{},{without_proof}", RFC_7677.server_first);
        let signature = keys::mac::<sha2::Sha256>(keys.stored_key(), message.as_bytes());
        let mut room = [0; 32];
        let proof = Base64::decode(proof, &mut room).unwrap();
        let client_key = keys::Key::<sha2::Sha256>::from_octets(proof).unwrap().xor(&signature);
        assert_eq!(client_key.hashed().octets(), keys.stored_key());
        let signature = keys::mac::<sha2::Sha256>(keys.server_key(), message.as_bytes());
        let verifier = format!("v={}", base64_of(signature.octets()));
        assert_eq!(verifier, RFC_7677.server_final);
    }

    #[test]
    fn a_user_who_does_not_exist_is_not_told_apart() {
        let first_of = |user: &'static str, secret| {
            let mut client = ScramSha256::new(user, "pencil", &[1; 18]).unwrap();
            run(&mut client, secret)
        };
        let (known, success) = first_of("ann", Secret::Password(b"pencil"));
        assert_eq!(success, Step::Success);
        for store in [Store::Passwords, Store::ScramKeys] {
            let (first, failure) = first_of("nobody", Secret::Unknown(store));
            assert_eq!(failure, Step::Failure);
            assert_eq!(first.len(), known.len());
            // The same salt at the next attempt, and one of their own for other names.
            assert_eq!(first_of("nobody", Secret::Unknown(store)).0, first);
            assert_ne!(first_of("another", Secret::Unknown(store)).0, first);
            // Also when it exists by then.
            assert_eq!(first_of("nobody", Secret::Password(b"x")).0, first);
        }
    }

    #[test]
    fn the_made_up_password_of_a_decoy_does_not_log_in() {
        let mut client = ScramSha256::new("nobody", "decoy", &[1; 18]).unwrap();
        assert_eq!(run(&mut client, Secret::Unknown(Store::Passwords)).1, Step::Failure);
    }

    #[test]
    fn another_nonce_or_binding_fails_even_when_signed() {
        // `y` in client-first but `n` in `c=`, as if someone had tampered with the flag (RFC 5802 §6).
        let mut client = ScramSha256::new("ann", "pencil", &[1; 18]).unwrap();
        let mut work = [0; 512];
        let mut server = ScramSha256Server::new(&mut work, &[5; 18], DECOY).unwrap();
        let first = turn(&mut client, "").unwrap().replacen('n', "y", 1);
        step(&mut server, Some(&first));
        server.secret(Secret::Password(b"pencil")).unwrap();
        let (_, server_first) = step(&mut server, None);
        let client_final = turn(&mut client, &server_first).unwrap();
        assert_eq!(step(&mut server, Some(&client_final)).0, Step::Failure);
    }

    /// One who knows the password signs a message in which the nonce is not the server's.
    #[test]
    fn a_nonce_of_the_clients_own_fails_even_when_signed() {
        for (nonce, outcome) in [
            ("abcBQUFBQUFBQUFBQUFBQUFBQUF", Step::Challenge(46)),
            ("abcBQUFBQUFBQUFBQUFBQUFBQUG", Step::Failure),
        ] {
            let mut work = [0; 512];
            let mut server = ScramSha256Server::new(&mut work, &[5; 18], DECOY).unwrap();
            step(&mut server, Some("n,,n=ann,r=abc"));
            server.secret(Secret::Password(b"pencil")).unwrap();
            let (_, server_first) = step(&mut server, None);
            let salt = server_first.split("s=").nth(1).unwrap().split(',').next().unwrap();
            let mut room = [0; 16];
            let salt = Base64::decode(salt, &mut room).unwrap();

            let without_proof = format!("c=biws,r={nonce}");
            let message = format!("n=ann,r=abc,{server_first},{without_proof}");
            let salted = keys::salted_password::<sha2::Sha256>(b"pencil", salt, 4096);
            let client_key = keys::client_key(&salted);
            let signature = keys::mac(client_key.hashed().octets(), message.as_bytes());
            let proof = base64_of(client_key.xor(&signature).octets());
            let client_final = format!("{without_proof},p={proof}");
            assert_eq!(step(&mut server, Some(&client_final)).0, outcome, "{server_first}");
        }
    }

    #[test]
    fn malformed_client_messages_are_refused() {
        for (message, error) in [
            ("", Error::MalformedResponse),
            ("n,,", Error::MalformedResponse),
            ("n,,n=user", Error::MalformedResponse),
            ("n,,r=abc,n=user", Error::MalformedResponse),
            ("n,,n=,r=abc", Error::MalformedResponse),
            ("n,,n=user,r=", Error::MalformedResponse),
            ("n,,n=us=er,r=abc", Error::MalformedResponse),
            ("n,,n=us=2cer,r=abc", Error::MalformedResponse),
            ("n,,n=us\0er,r=abc", Error::MalformedResponse),
            ("x,,n=user,r=abc", Error::MalformedResponse),
            ("n,user,n=user,r=abc", Error::MalformedResponse),
            ("p=tls-unique,,n=user,r=abc", Error::UnsupportedExtension),
            ("n,,m=x,n=user,r=abc", Error::UnsupportedExtension),
        ] {
            let mut work = [0; 512];
            let mut server = ScramSha256Server::new(&mut work, &[5; 18], DECOY).unwrap();
            assert_eq!(server.step(Some(message.as_bytes()), &mut []), Err(error), "{message}");
            assert!(server.claim() == Claim::None);
        }
        for client_final in ["", "c=biws", "c=biws,r=abc", "c=biws,r=abc,p=", "c=biws,r=abc,p=!!!!"]
        {
            let mut work = [0; 512];
            let mut server = ScramSha256Server::new(&mut work, &[5; 18], DECOY).unwrap();
            step(&mut server, Some("n,,n=user,r=abc"));
            server.secret(Secret::Unknown(Store::ScramKeys)).unwrap();
            step(&mut server, None);
            let refused = server.step(Some(client_final.as_bytes()), &mut []);
            assert_eq!(refused, Err(Error::MalformedResponse), "{client_final}");
        }
    }

    #[test]
    fn small_buffers_are_told_and_cost_nothing() {
        let mut client = ScramSha256::new("ann", "pencil", &[1; 18]).unwrap();
        let client_first = turn(&mut client, "").unwrap();
        let refused = ScramSha256Server::new(&mut [0; 60], &[5; 18], DECOY)
            .unwrap()
            .step(Some(client_first.as_bytes()), &mut []);
        assert!(matches!(refused, Err(Error::WorkTooSmall { needed }) if needed > 60));

        let mut work = [0; 512];
        let mut server = ScramSha256Server::new(&mut work, &[5; 18], DECOY).unwrap();
        step(&mut server, Some(&client_first));
        server.secret(Secret::Password(b"pencil")).unwrap();
        let small = server.step(None, &mut [0; 8]);
        assert!(matches!(small, Err(Error::BufferTooSmall { .. })));
        let (_, server_first) = step(&mut server, None);
        let client_final = turn(&mut client, &server_first).unwrap();
        let small = server.step(Some(client_final.as_bytes()), &mut [0; 45]);
        assert_eq!(small, Err(Error::BufferTooSmall { needed: 46 }));
        let (outcome, _) = step(&mut server, Some(&client_final));
        assert_eq!(outcome, Step::Challenge(46));
        assert_eq!(step(&mut server, Some("")).0, Step::Success);
        assert_eq!(server.identity(), b"ann");
        drop(server);
        assert!(work.iter().all(|octet| *octet == 0), "wiped");
    }

    #[test]
    fn keys_of_another_hash_are_unusable() {
        let mut work = [0; 512];
        let mut server = ScramSha256Server::new(&mut work, &[5; 18], DECOY).unwrap();
        step(&mut server, Some("n,,n=user,r=abc"));
        let sha_1 =
            Secret::Scram { salt: b"s", iterations: 1, stored_key: &[0; 20], server_key: &[0; 20] };
        assert_eq!(server.secret(sha_1), Err(Error::UnusableSecret));
        assert_eq!(step(&mut server, None).0, Step::Failure);
    }
}
