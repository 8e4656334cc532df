//! ANONYMOUS (RFC 4505): no identity, perhaps a trace for the server's log.

use super::{
    Error, Exposure, Mechanism, Name,
    client::Course,
    output::{Sink, check_no_controls},
};

/// Client side of ANONYMOUS.
pub struct Anonymous<'a> {
    trace: &'a str,
    course: Course,
}

impl<'a> Anonymous<'a> {
    /// `trace` is a mail address or any text without `@`; it may be empty.
    ///
    /// # Errors
    /// [`Error::TooLong`] above 255 characters; [`Error::ForbiddenCharacter`] for a control character.
    pub fn new(trace: &'a str) -> Result<Self, Error> {
        check_no_controls(trace)?;
        if trace.chars().count() > 255 {
            return Err(Error::TooLong);
        }
        Ok(Anonymous { trace, course: Course::First })
    }
}

impl Mechanism for Anonymous<'_> {
    fn name(&self) -> &str {
        Name::Anonymous.as_str()
    }

    fn exposure(&self) -> Exposure {
        Exposure::Nothing
    }

    fn client_first(&self) -> bool {
        true
    }

    fn respond(&mut self, challenge: &[u8], out: &mut [u8]) -> Result<usize, Error> {
        let trace = self.trace.as_bytes();
        self.course.speak(challenge, out, |to| to.put(trace))
    }

    fn is_complete(&self) -> bool {
        self.course.is_spoken()
    }
}

#[cfg(feature = "server")]
pub use server::AnonymousServer;

#[cfg(feature = "server")]
mod server {
    use crate::sasl::{
        Claim, Error, Name, ServerMechanism, Step,
        server::{Move, Span, Turn, Workspace},
    };

    /// Server side of ANONYMOUS.
    pub struct AnonymousServer<'b> {
        work: Workspace<'b>,
        turn: Turn,
        trace: Span,
    }

    impl<'b> AnonymousServer<'b> {
        /// `work` bounds the trace.
        pub fn new(work: &'b mut [u8]) -> Self {
            let work = Workspace::new(work);
            AnonymousServer { work, turn: Turn::Start, trace: Span::default() }
        }
    }

    impl ServerMechanism for AnonymousServer<'_> {
        fn name(&self) -> &str {
            Name::Anonymous.as_str()
        }

        fn server_first(&self) -> bool {
            false
        }

        fn step(&mut self, response: Option<&[u8]>, _out: &mut [u8]) -> Result<Step, Error> {
            match self.turn.advance(response)? {
                Move::Settled(step) => Ok(step),
                Move::Read(trace) => {
                    // It is bound for a log: nothing may start a new line there.
                    if trace.iter().any(u8::is_ascii_control) {
                        return Err(Error::MalformedResponse);
                    }
                    self.trace = self.work.keep_name(trace)?;
                    self.turn.ask()
                }
            }
        }

        fn claim(&self) -> Claim<'_> {
            if self.turn != Turn::Asking {
                return Claim::None;
            }
            Claim::Anonymous { trace: self.work.get(self.trace) }
        }

        fn verdict(&mut self, accepted: bool) -> Result<(), Error> {
            self.turn.answer(accepted)
        }

        /// Always empty: the trace proves nothing.
        fn identity(&self) -> &[u8] {
            b""
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;

    /// RFC 4505 §3: the example's trace is `sirhc`.
    #[test]
    fn the_message_is_the_trace() {
        let mut anonymous = Anonymous::new("sirhc").unwrap();
        let mut out = [0; 8];
        let small = anonymous.respond(b"", &mut out[..4]);
        assert_eq!(small, Err(Error::BufferTooSmall { needed: 5 }));
        assert_eq!(anonymous.respond(b"", &mut out), Ok(5));
        assert_eq!(&out[..5], b"sirhc");
        assert!(anonymous.is_complete());
    }

    #[test]
    fn the_trace_has_255_characters_at_most_and_no_controls() {
        let long: String = core::iter::repeat_n('é', 255).collect();
        assert!(Anonymous::new(&long).is_ok());
        let longer: String = core::iter::repeat_n('é', 256).collect();
        assert_eq!(Anonymous::new(&longer).err(), Some(Error::TooLong));
        assert_eq!(Anonymous::new("a\n").err(), Some(Error::ForbiddenCharacter));
    }

    #[cfg(feature = "server")]
    #[test]
    fn server_refuses_a_trace_that_could_forge_a_log_line() {
        use crate::sasl::ServerMechanism;
        let refused = AnonymousServer::new(&mut [0; 64]).step(Some(b"a\r\nb"), &mut []);
        assert_eq!(refused, Err(Error::MalformedResponse));
    }
}
