//! What concerns several mechanisms: names, the choice, and each client against its server.

use super::*;

#[test]
fn names_are_read_in_any_case_and_written_as_registered() {
    for name in Name::ALL {
        assert_eq!(Name::from_bytes(name.as_str().as_bytes()), Some(name));
        let lower = name.as_str().to_ascii_lowercase();
        assert_eq!(Name::from_bytes(lower.as_bytes()), Some(name));
    }
    for unknown in [&b""[..], b"PLAI", b"PLAINS", b"SCRAM-SHA-256-PLUS", b"NTLM"] {
        assert_eq!(Name::from_bytes(unknown), None);
    }
}

#[test]
fn a_set_holds_what_was_inserted() {
    let mut set = NameSet::default();
    assert!(set.is_empty());
    set.insert(Name::Login);
    set.insert(Name::ScramSha1);
    assert!(set.contains(Name::Login) && !set.contains(Name::Plain));
    assert!(set.iter().eq([Name::ScramSha1, Name::Login]));
    set.remove(Name::Login);
    assert_eq!(set, NameSet::of(&[Name::ScramSha1]));
}

#[test]
fn the_strongest_mechanism_is_chosen() {
    let mut offered = NameSet::of(&Name::ALL);
    let passwords = [Name::ScramSha256, Name::ScramSha1, Name::CramMd5, Name::Plain, Name::Login];
    let tokens = [Name::OauthBearer, Name::XOauth2];
    for name in passwords {
        assert_eq!(choose(offered, NameSet::of(&passwords)), Some(name));
        offered.remove(name);
    }
    assert_eq!(choose(offered, NameSet::of(&passwords)), None);
    for name in tokens {
        assert_eq!(choose(offered, NameSet::of(&tokens)), Some(name));
        offered.remove(name);
    }
    assert_eq!(choose(offered, NameSet::of(&Name::ALL)), Some(Name::External));
}

#[test]
fn what_a_listener_must_not_see_can_be_left_out() {
    let all = NameSet::of(&Name::ALL);
    let safe = [Name::ScramSha256, Name::ScramSha1, Name::CramMd5, Name::External, Name::Anonymous];
    assert_eq!(all.at_most(Exposure::Proof), NameSet::of(&safe));
    let harmless = NameSet::of(&[Name::External, Name::Anonymous]);
    assert_eq!(all.at_most(Exposure::Nothing), harmless);
    assert_eq!(all.at_most(Exposure::Secret), all);
}

#[cfg(all(feature = "sasl-all", feature = "server"))]
mod round_trips {
    use super::*;
    use std::{format, vec, vec::Vec};

    const USER: &str = "zoë=a,b";
    const PASSWORD: &str = "pässword, =1";
    const TOKEN: &str = "ya29.token~+/==";

    const PASSWORD_OF: Credentials<'static> =
        Credentials::Password { authzid: "", user: USER, password: PASSWORD };
    const ACTING: Credentials<'static> =
        Credentials::Password { authzid: "boss", user: USER, password: PASSWORD };
    const TOKEN_OF: Credentials<'static> =
        Credentials::Token { user: USER, token: TOKEN, host: "mail.example", port: 995 };

    /// Every mechanism with credentials that suit it.
    fn pairs() -> Vec<(Name, Credentials<'static>)> {
        let mut pairs = vec![];
        for credentials in [
            PASSWORD_OF,
            ACTING,
            TOKEN_OF,
            Credentials::External { authzid: "" },
            Credentials::External { authzid: USER },
            Credentials::Anonymous { trace: "sirhc" },
        ] {
            pairs.extend(credentials.mechanisms().iter().map(|name| (name, credentials)));
        }
        pairs
    }

    /// A user database with one user, which knows `password` and `token`.
    fn answer(server: &mut dyn ServerMechanism, password: &str, token: &str) {
        let may_act = |authzid: &[u8]| authzid.is_empty() || authzid == b"boss";
        let accepted = match server.claim() {
            Claim::User { authzid, user } => {
                assert!(may_act(authzid));
                assert_eq!(user, USER.as_bytes());
                return server.secret(Secret::Password(password.as_bytes())).unwrap();
            }
            Claim::Password { authzid, user, password: shown } => {
                assert_eq!(user, USER.as_bytes());
                may_act(authzid) && same_octets(shown, password.as_bytes())
            }
            Claim::Token { user, token: shown } => {
                assert_eq!(user, USER.as_bytes());
                same_octets(shown, token.as_bytes())
            }
            Claim::External { .. } | Claim::Anonymous { .. } => password == PASSWORD,
            Claim::None => panic!("no claim to answer"),
        };
        server.verdict(accepted).unwrap();
    }

    /// Plays an exchange to its end; returns whether the client may believe it, and who was authenticated.
    fn play(
        (name, credentials): (Name, Credentials<'_>),
        initial_response: bool,
        (password, token): (&str, &str),
    ) -> (Step, bool, Vec<u8>) {
        let mut client = Auto::new(name, credentials, &[1; 18]).unwrap();
        let decoy = Decoy { key: b"key", salt_octets: 16, iterations: 4096 };
        let (mut work, nonce) = ([0; 512], [2; 18]);
        let setup = Setup { work: &mut work, nonce: &nonce, host: "mail.example", decoy };
        let mut server = AutoServer::new(name, setup).unwrap();
        assert_eq!((client.name(), server.name()), (name.as_str(), name.as_str()));
        assert_eq!(client.client_first(), !server.server_first());
        assert_eq!(client.exposure(), name.exposure());

        let (mut said, mut asked) = ([0; 512], [0; 512]);
        let mut response = None;
        if initial_response && client.client_first() {
            response = Some(client.respond(b"", &mut said).unwrap());
        }
        for _ in 0..10 {
            let answered = response.take().map(|n| &said[..n]);
            match server.step(answered, &mut asked).unwrap() {
                Step::Challenge(n) => {
                    response = Some(client.respond(&asked[..n], &mut said).unwrap());
                }
                Step::Claim => answer(&mut server, password, token),
                end => return (end, client.is_complete(), server.identity().to_vec()),
            }
        }
        panic!("{name:?} has no end");
    }

    #[test]
    fn every_client_gets_in_at_its_server() {
        for pair in pairs() {
            for initial_response in [false, true] {
                let (end, complete, identity) = play(pair, initial_response, (PASSWORD, TOKEN));
                assert_eq!((end, complete), (Step::Success, true), "{pair:?}");
                let expected = match pair.1 {
                    Credentials::Password { authzid: "boss", .. } => "boss",
                    Credentials::External { authzid } => authzid,
                    Credentials::Anonymous { .. } => "",
                    _ => USER,
                };
                assert_eq!(identity, expected.as_bytes(), "{pair:?}");
            }
        }
        assert_eq!(pairs().len(), 5 + 3 + 2 + 2 + 1);
    }

    #[test]
    fn no_client_gets_in_with_a_wrong_secret() {
        for pair in pairs() {
            let (end, _, identity) = play(pair, true, ("another", "another"));
            assert_eq!((end, identity.as_slice()), (Step::Failure, &b""[..]), "{pair:?}");
        }
    }

    /// An account whose password is empty is locked, not open.
    #[test]
    fn an_empty_password_of_a_user_is_of_no_use() {
        for (name, response) in [
            (Name::CramMd5, &b"ann 00000000000000000000000000000000"[..]),
            (Name::ScramSha1, b"n,,n=ann,r=abc"),
            (Name::ScramSha256, b"n,,n=ann,r=abc"),
        ] {
            let decoy = Decoy { key: b"key", salt_octets: 16, iterations: 4096 };
            let mut work = [0; 512];
            let setup = Setup { work: &mut work, nonce: &[2; 18], host: "h", decoy };
            let mut server = AutoServer::new(name, setup).unwrap();
            server.step(None, &mut [0; 64]).unwrap();
            assert_eq!(server.step(Some(response), &mut []), Ok(Step::Claim));
            assert_eq!(server.secret(Secret::Password(b"")), Err(Error::UnusableSecret));
            assert_eq!(server.step(None, &mut []), Ok(Step::Failure));
        }
    }

    #[test]
    fn answers_without_a_question_are_refused() {
        for name in Name::ALL {
            let decoy = Decoy { key: b"key", salt_octets: 16, iterations: 4096 };
            let mut work = [0; 512];
            let setup = Setup { work: &mut work, nonce: &[2; 18], host: "h", decoy };
            let mut server = AutoServer::new(name, setup).unwrap();
            assert_eq!(server.verdict(true), Err(Error::OutOfTurn));
            assert_eq!(server.secret(Secret::Password(b"x")), Err(Error::OutOfTurn));
            assert!(server.claim() == Claim::None);
            assert_eq!(server.identity(), b"");
        }
    }

    #[test]
    fn credentials_are_matched_with_mechanisms() {
        let refused = Auto::new(Name::Plain, TOKEN_OF, &[1; 18]).err();
        assert_eq!(refused, Some(Error::Unsupported));
        assert!(!ACTING.mechanisms().contains(Name::Login));
        let refused = Auto::new(Name::Login, ACTING, &[1; 18]).err();
        assert_eq!(refused, Some(Error::Unsupported));
        assert_eq!(format!("{PASSWORD_OF:?}"), "Password");
    }
}
