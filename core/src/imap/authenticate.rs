//! AUTHENTICATE with its exchange of challenges and responses (RFC 9051 §6.2.2).

use super::capability::Capabilities;
use super::client::Client;
use super::command::CommandKind;
use super::command::encoder::Encoded;
use super::course::{Challenge, Lasting, Over, Session};
use super::event::Event;
use super::pipeline::Continuation;
use super::quirk::Quirk;
use super::session::{Rules, Tag, count};
use crate::LocalError;
use crate::exchange::{CRLF, response_line};
use crate::sasl::{self, Exposure, Mechanism, Name};
use crate::wipe::wipe;
use crate::wire::{Framed, LineEnding, base64};

impl<const N: usize> Client<'_, N> {
    /// AUTHENTICATE: logs in by a SASL mechanism (RFC 9051 §6.2.2), with its initial response where the server
    /// takes one (SASL-IR, RFC 4959). Answer each [`Event::Challenge`] with [`respond`](Self::respond).
    ///
    /// # Errors
    /// [`LocalError::Insecure`] when the mechanism would show a secret, or a proof of one, to listeners;
    /// [`LocalError::NotOffered`] when the capabilities are known and lack it; [`LocalError::Sasl`] when the
    /// mechanism refuses; [`LocalError::BufferTooSmall`] when the outgoing buffer cannot hold the initial
    /// response: the mechanism has not moved then.
    pub fn authenticate(&mut self, mechanism: &mut dyn Mechanism) -> Result<Tag, LocalError> {
        let rules = Rules::NOT_AUTHENTICATED.alone();
        self.session.check(rules)?;
        if mechanism.exposure() != Exposure::Nothing && !self.may_send_credentials() {
            return Err(LocalError::Insecure);
        }
        self.session.check_mechanism(mechanism.name().as_bytes())?;
        let head = self.authenticate_head(mechanism.name().as_bytes())?;
        let initial = self.session.capabilities.contains(Capabilities::SASL_IR);
        let written = if initial && mechanism.client_first() {
            self.initial_response(head, mechanism)
        } else {
            self.line_end(head)
        };
        let written = written.inspect_err(|_| wipe(self.tx.free()))?;
        self.session.believable = mechanism.is_complete();
        self.tx.commit(written.octets);
        self.queue(CommandKind::Authenticate, rules, &written, false)
    }

    /// Lays `tag AUTHENTICATE name` into the free part of the outgoing buffer, not counted yet; returns its length.
    fn authenticate_head(&mut self, name: &[u8]) -> Result<usize, LocalError> {
        // Whoever writes a mechanism may choose its name.
        let at = name.iter().position(|octet| !octet.is_ascii_graphic());
        if let Some(at) = at {
            return Err(LocalError::ForbiddenOctet { at });
        }
        let (prefix, tag) = (self.session.prefix, self.session.pipeline.next_tag());
        let number = crate::wire::Decimal::new(tag.0.into());
        let parts = [prefix.as_bytes(), number.as_bytes(), b" AUTHENTICATE ", name];
        let len = parts.iter().fold(0_usize, |sum, part| sum.saturating_add(part.len()));
        let room = self.tx.room(len.saturating_add(CRLF))?;
        for (to, from) in room.iter_mut().zip(parts.iter().copied().flatten()) {
            *to = *from;
        }
        Ok(len)
    }

    fn line_end(&mut self, head: usize) -> Result<Encoded, LocalError> {
        let octets = head.saturating_add(CRLF);
        let end = self.tx.room(octets)?.get_mut(head..octets).unwrap_or_default();
        end.iter_mut().zip(b"\r\n").for_each(|(to, from)| *to = *from);
        Ok(Encoded { octets, ..Encoded::default() })
    }

    /// Lays a space and the initial response in base64 behind the head, `=` for an empty one (RFC 4959 §3).
    fn initial_response(
        &mut self,
        head: usize,
        mechanism: &mut dyn Mechanism,
    ) -> Result<Encoded, LocalError> {
        let start = head.saturating_add(1);
        let room = self.tx.free();
        let response = room.get_mut(start..).unwrap_or_default();
        let octets = match response_line(mechanism, &[], response) {
            Ok(octets) => octets,
            Err(LocalError::BufferTooSmall { needed }) => {
                let needed = start.saturating_add(needed);
                return self.tx.room(needed).map_or_else(Err, |_| Err(LocalError::Full));
            }
            Err(error) => return Err(error),
        };
        let is_empty = octets == CRLF;
        let before: &[u8] = if is_empty { b" =" } else { b" " };
        room.iter_mut().skip(head).zip(before).for_each(|(to, from)| *to = *from);
        if is_empty {
            return self.line_end(start.saturating_add(1));
        }
        Ok(Encoded { octets: start.saturating_add(octets), ..Encoded::default() })
    }

    /// Answers the challenge that an event brought, before more is received (RFC 9051 §6.2.2).
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when there is none; [`LocalError::BufferTooSmall`] when the outgoing buffer
    /// cannot hold the response; [`LocalError::Sasl`] when the mechanism does not accept the challenge, or it
    /// did not fit the scratch buffer or was not base64: then [`cancel`](Self::cancel).
    pub fn respond(&mut self, mechanism: &mut dyn Mechanism) -> Result<(), LocalError> {
        self.session.check_open()?;
        let Lasting::Challenge(Challenge { start, len, malformed }) = self.session.lasting else {
            return Err(LocalError::WrongState);
        };
        let start = usize::from(start);
        if malformed {
            return Err(LocalError::Sasl(sasl::Error::MalformedChallenge));
        }
        let challenge = self.scratch.get(start..start.saturating_add(len)).unwrap_or_default();
        let room = self.tx.free();
        let octets = response_line(mechanism, challenge, room)
            // What was begun may hold a password.
            .inspect_err(|_| wipe(room))?;
        self.tx.commit(octets);
        self.session.answered(octets, mechanism.is_complete());
        Ok(())
    }

    /// Gives up the SASL exchange (RFC 9051 §6.2.2); the server completes AUTHENTICATE with BAD.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when the server awaits no answer.
    pub fn cancel(&mut self) -> Result<(), LocalError> {
        self.session.check_open()?;
        if !self.session.is_asked() {
            return Err(LocalError::WrongState);
        }
        let octets = self.tx.write(&[b"*\r\n"])?;
        self.session.answered(octets, false);
        Ok(())
    }
}

impl<const N: usize> Session<N> {
    fn check_mechanism(&self, name: &[u8]) -> Result<(), LocalError> {
        let known = self.capabilities.contains(Capabilities::KNOWN);
        match Name::from_bytes(name) {
            Some(name) if known && !self.mechanisms.contains(name) => Err(LocalError::NotOffered),
            _ => Ok(()),
        }
    }

    /// A response was put into the outgoing buffer.
    fn answered(&mut self, octets: usize, believable: bool) {
        self.pipeline.extend(&Encoded { octets, ..Encoded::default() }, false);
        self.lasting = Lasting::Nothing;
        self.believable = believable;
    }

    /// Whether the next `+` brings a challenge.
    pub(super) fn expects_challenge(&self) -> bool {
        matches!(self.pipeline.continuation(), Some(Continuation::Challenge(_)))
    }

    /// Decodes the challenge where it lies in the scratch buffer. One that did not fit, or is not base64, is
    /// told as an empty one that nothing can answer.
    pub(super) fn challenge<'s>(
        &mut self,
        framed: Framed<'_>,
        scratch: &'s mut [u8],
        told: &mut Option<Event<'s>>,
    ) -> Result<(), Over> {
        let Some(Continuation::Challenge(tag)) = self.pipeline.continuation() else {
            return Ok(());
        };
        let (len, ending) = match framed {
            Framed::Partial => return Ok(()),
            Framed::Gathered(len, ending) => (len, ending),
            Framed::Whole(line, ending) => {
                scratch.iter_mut().zip(line).for_each(|(to, from)| *to = *from);
                (line.len(), ending)
            }
            Framed::Oversize { octets, ending } => {
                self.oversize = Some(count(octets));
                (0, ending)
            }
        };
        if ending == LineEnding::Lf {
            self.mend(Quirk::BareLf)?;
        }
        let line = scratch.get_mut(..len).unwrap_or_default();
        let (start, end) = self.challenge_text(line)?;
        let decoded = line.get_mut(usize::from(start)..end).and_then(base64::decode_in_place);
        if decoded.is_none() && self.oversize.is_none() {
            self.mend(Quirk::ChallengeNotBase64)?;
        }
        let len = decoded.unwrap_or(0);
        let malformed = decoded.is_none() || self.oversize.is_some();
        self.pipeline.continued();
        self.lasting = Lasting::Challenge(Challenge { start, len, malformed });
        let start = usize::from(start);
        let challenge = line.get(start..start.saturating_add(len)).unwrap_or_default();
        *told = Some(Event::Challenge { tag, challenge });
        Ok(())
    }

    /// Where the base64 stands in `+ base64`.
    fn challenge_text(&mut self, line: &[u8]) -> Result<(u8, usize), Over> {
        let start = match line {
            [b'+', b' ', ..] => 2,
            [b'+'] => {
                self.mend(Quirk::MissingText)?;
                1
            }
            [b'+', ..] => {
                self.mend(Quirk::MissingSpace)?;
                1
            }
            _ => 0,
        };
        let end = line.trim_ascii_end().len().max(usize::from(start));
        if end < line.len() {
            self.mend(Quirk::TrailingSpace)?;
        }
        Ok((start, end))
    }
}
