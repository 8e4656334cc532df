//! LOGIN (draft-murchison-sasl-login): the server asks for the name, then for the password. Obsolete, but some
//! servers have nothing better.

use super::{
    Error, Exposure, Mechanism, Name,
    output::{check_text, write},
};

/// Client side of LOGIN. The prompts are taken in order and not looked at: `Username:` and `User Name\0`
/// are both in use, and a server that lied in them would learn no more.
pub struct Login<'a> {
    user: &'a str,
    password: &'a str,
    turn: Turn,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    User,
    Password,
    Spoken,
    Over,
}

impl<'a> Login<'a> {
    /// Logs in as `user`.
    ///
    /// # Errors
    /// [`Error::EmptyCredential`]; [`Error::ForbiddenCharacter`] for NUL.
    pub fn new(user: &'a str, password: &'a str) -> Result<Self, Error> {
        check_text(user)?;
        check_text(password)?;
        Ok(Login { user, password, turn: Turn::User })
    }
}

impl Mechanism for Login<'_> {
    fn name(&self) -> &str {
        Name::Login.as_str()
    }

    fn exposure(&self) -> Exposure {
        Exposure::Secret
    }

    fn client_first(&self) -> bool {
        false
    }

    fn respond(&mut self, _prompt: &[u8], out: &mut [u8]) -> Result<usize, Error> {
        let (text, next) = match self.turn {
            Turn::User => (self.user, Turn::Password),
            Turn::Password => (self.password, Turn::Spoken),
            Turn::Spoken | Turn::Over => {
                self.turn = Turn::Over;
                return Err(Error::UnexpectedChallenge);
            }
        };
        let written = write(out, text.as_bytes())?;
        self.turn = next;
        Ok(written)
    }

    fn is_complete(&self) -> bool {
        self.turn == Turn::Spoken
    }
}

#[cfg(feature = "server")]
pub use server::LoginServer;

#[cfg(feature = "server")]
mod server {
    use crate::sasl::{
        Claim, Error, Name, ServerMechanism, Step,
        output::write,
        server::{Move, Span, Turn, Workspace},
    };

    /// Server side of LOGIN. An initial response is taken for the user name, as several clients send it so.
    pub struct LoginServer<'b> {
        work: Workspace<'b>,
        turn: Turn,
        prompt: Prompt,
        user: Span,
        password: Span,
    }

    /// The question that awaits its response.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Prompt {
        User,
        Password,
    }

    impl<'b> LoginServer<'b> {
        /// `work` bounds the user name and the password together.
        pub fn new(work: &'b mut [u8]) -> Self {
            LoginServer {
                work: Workspace::new(work),
                turn: Turn::Start,
                prompt: Prompt::User,
                user: Span::default(),
                password: Span::default(),
            }
        }

        fn ask_for_password(&mut self, user: &[u8], out: &mut [u8]) -> Result<Step, Error> {
            let written = write(out, b"Password:")?;
            self.turn = Turn::Over;
            if user.is_empty() {
                return Err(Error::MalformedResponse);
            }
            self.user = self.work.keep_name(user)?;
            (self.turn, self.prompt) = (Turn::Invited, Prompt::Password);
            Ok(Step::Challenge(written))
        }

        fn take_password(&mut self, password: &[u8]) -> Result<Step, Error> {
            if password.is_empty() || password.contains(&0) {
                return Err(Error::MalformedResponse);
            }
            self.password = self.work.keep(password)?;
            self.turn.ask()
        }
    }

    impl ServerMechanism for LoginServer<'_> {
        fn name(&self) -> &str {
            Name::Login.as_str()
        }

        fn server_first(&self) -> bool {
            true
        }

        fn step(&mut self, response: Option<&[u8]>, out: &mut [u8]) -> Result<Step, Error> {
            match (self.turn, self.prompt, response) {
                (Turn::Start, _, None) => {
                    let written = write(out, b"Username:")?;
                    self.turn = Turn::Invited;
                    return Ok(Step::Challenge(written));
                }
                (Turn::Start | Turn::Invited, Prompt::User, Some(user)) => {
                    return self.ask_for_password(user, out);
                }
                _ => {}
            }
            match self.turn.advance(response)? {
                Move::Settled(step) => Ok(step),
                Move::Read(password) => self.take_password(password),
            }
        }

        fn claim(&self) -> Claim<'_> {
            if self.turn != Turn::Asking {
                return Claim::None;
            }
            let (user, password) = (self.work.get(self.user), self.work.get(self.password));
            Claim::Password { authzid: b"", user, password }
        }

        fn verdict(&mut self, accepted: bool) -> Result<(), Error> {
            self.turn.answer(accepted)?;
            self.work.wipe(self.password);
            Ok(())
        }

        fn identity(&self) -> &[u8] {
            if self.turn == Turn::Accepted { self.work.get(self.user) } else { b"" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_answered_in_order_whatever_they_say() {
        for prompts in [["Username:", "Password:"], ["User Name\0", "Password\0"], ["", ""]] {
            let mut login = Login::new("tim", "tanstaaf").unwrap();
            let mut out = [0; 16];
            assert!(!login.client_first());
            let n = login.respond(prompts[0].as_bytes(), &mut out).unwrap();
            assert_eq!(&out[..n], b"tim");
            assert!(!login.is_complete());
            let small = login.respond(prompts[1].as_bytes(), &mut [0; 7]);
            assert_eq!(small, Err(Error::BufferTooSmall { needed: 8 }));
            let n = login.respond(prompts[1].as_bytes(), &mut out).unwrap();
            assert_eq!(&out[..n], b"tanstaaf");
            assert!(login.is_complete());
            assert_eq!(login.respond(b"Again:", &mut out), Err(Error::UnexpectedChallenge));
            assert!(!login.is_complete());
        }
    }

    #[test]
    fn nul_and_empty_credentials_are_refused() {
        assert_eq!(Login::new("", "p").err(), Some(Error::EmptyCredential));
        assert_eq!(Login::new("u", "").err(), Some(Error::EmptyCredential));
        assert_eq!(Login::new("u\0", "p").err(), Some(Error::ForbiddenCharacter));
        assert_eq!(Login::new("u", "\0p").err(), Some(Error::ForbiddenCharacter));
    }

    #[cfg(feature = "server")]
    #[test]
    fn server_takes_an_initial_response_for_the_user_name() {
        use crate::sasl::{Claim, ServerMechanism, Step};
        let (mut work, mut out) = ([0; 32], [0; 16]);
        let mut server = LoginServer::new(&mut work);
        let small = server.step(Some(b"tim"), &mut [0; 8]);
        assert_eq!(small, Err(Error::BufferTooSmall { needed: 9 }));
        assert_eq!(server.step(Some(b"tim"), &mut out), Ok(Step::Challenge(9)));
        assert_eq!(&out[..9], b"Password:");
        assert_eq!(server.step(Some(b"pw"), &mut out), Ok(Step::Claim));
        assert!(server.claim() == Claim::Password { authzid: b"", user: b"tim", password: b"pw" });
    }
}
