//! What names a session's moments: its state, the tags of its commands, and the rules that say when a
//! command may be sent.

use crate::wire::Decimal;

/// How octets of a connection are counted: on chips in 32 bits, in which they may wrap.
#[cfg(any(feature = "fast", target_pointer_width = "64"))]
pub(super) type Count = u64;
/// How octets of a connection are counted: on chips in 32 bits, in which they may wrap.
#[cfg(not(any(feature = "fast", target_pointer_width = "64")))]
pub(super) type Count = u32;

/// The same as far as it can be counted.
#[allow(clippy::unnecessary_cast)]
pub(super) const fn count(octets: u64) -> Count {
    if octets > Count::MAX as u64 { Count::MAX } else { octets as Count }
}

/// A count as it is told.
#[allow(clippy::unnecessary_cast)]
pub(super) const fn wide(count: Count) -> u64 {
    count as u64
}

/// Names a command on its connection, from the call that queued it to its completion (RFC 9051 §2.2.1). The number
/// is what stands behind the connection's letters in the tag as it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Tag(pub u32);

/// The state of a session (RFC 9051 §3), and the steps before, between and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum State {
    /// The greeting has not come yet.
    #[default]
    Greeting,
    /// Nobody is logged in.
    NotAuthenticated,
    /// STARTTLS was accepted: the TLS handshake is the caller's, and nothing else may be received.
    Handshake,
    /// Logged in.
    Authenticated,
    /// A mailbox is selected.
    Selected,
    /// The server has said BYE (RFC 9051 §3.4): what it still says is taken, but no command is.
    Logout,
    /// The session has ended.
    Closed,
}

/// When a command may be sent (RFC 9051 §3, §5.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules(u8);

impl Rules {
    const NOT_AUTHENTICATED_STATE: u8 = 1;
    const AUTHENTICATED_STATE: u8 = 2;
    const SELECTED_STATE: u8 = 4;
    const BY_NUMBER: u8 = 8;
    const KEEPS_NUMBERS: u8 = 16;
    const ALONE: u8 = 32;

    /// In no state.
    pub(crate) const NOWHERE: Self = Self(0);
    /// In each state that takes commands.
    pub(crate) const ANY: Self =
        Self(Self::NOT_AUTHENTICATED_STATE | Self::AUTHENTICATED_STATE | Self::SELECTED_STATE);
    /// Before login.
    pub(crate) const NOT_AUTHENTICATED: Self = Self(Self::NOT_AUTHENTICATED_STATE);
    /// After login, with a mailbox selected or not.
    pub(crate) const AUTHENTICATED: Self = Self(Self::AUTHENTICATED_STATE | Self::SELECTED_STATE);
    /// With a mailbox selected.
    pub(crate) const SELECTED: Self = Self(Self::SELECTED_STATE);

    /// Its arguments are message numbers: it waits for whatever may change them (RFC 9051 §5.5).
    pub(crate) const fn by_number(self) -> Self {
        Self(self.0 | Self::BY_NUMBER)
    }

    /// FETCH, STORE and SEARCH, but not their UID forms: message numbers stay as they are while it runs
    /// (RFC 9051 §7.5.1).
    pub(crate) const fn keeps_numbers(self) -> Self {
        Self(self.0 | Self::KEEPS_NUMBERS)
    }

    /// Nothing is sent beside it: it waits for the commands before it, and nothing may be queued behind it
    /// before it is complete.
    pub(crate) const fn alone(self) -> Self {
        Self(self.0 | Self::ALONE)
    }

    pub(super) const fn is_by_number(self) -> bool {
        self.0 & Self::BY_NUMBER != 0
    }

    pub(super) const fn does_keep_numbers(self) -> bool {
        self.0 & Self::KEEPS_NUMBERS != 0
    }

    pub(super) const fn is_alone(self) -> bool {
        self.0 & Self::ALONE != 0
    }

    /// Whether the command is legal in `state`.
    pub(super) const fn allow(self, state: State) -> bool {
        let bit = match state {
            State::NotAuthenticated => Self::NOT_AUTHENTICATED_STATE,
            State::Authenticated => Self::AUTHENTICATED_STATE,
            State::Selected => Self::SELECTED_STATE,
            State::Greeting | State::Handshake | State::Logout | State::Closed => 0,
        };
        self.0 & bit != 0
    }
}

/// The letters before the number in each tag of a connection: unlike those of other connections, so that
/// nobody can prepare replies (RFC 9051 §2.2.1). They hold no `+`.
#[derive(Clone, Copy, Debug)]
pub(super) struct TagPrefix([u8; 3]);

impl TagPrefix {
    pub(super) const fn new(seed: u32) -> Self {
        // The remainder of a division by 26 fits an octet.
        const fn letter(seed: u32) -> u8 {
            b'A'.wrapping_add((seed % 26) as u8)
        }
        Self([letter(seed), letter(seed / 26), letter(seed / 676)])
    }

    pub(super) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The tag that these octets spell, if they are one of this connection. Letters count in the case in
    /// which they were sent.
    pub(super) fn read(self, octets: &[u8]) -> Option<Tag> {
        let digits = octets.strip_prefix(&self.0)?;
        let number = digits.iter().try_fold(0_u32, |number, digit| {
            let digit = digit.is_ascii_digit().then(|| digit.wrapping_sub(b'0'))?;
            number.checked_mul(10)?.checked_add(digit.into())
        })?;
        let same = Decimal::new(number.into()).as_bytes() == digits;
        same.then_some(Tag(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9051 §2.2.1: a tag is compared whole.
    #[test]
    fn a_tag_is_read_as_it_was_written() {
        for seed in [0, 1, 25, 26, 676, 17_575, u32::MAX] {
            let prefix = TagPrefix::new(seed);
            let wire = [prefix.as_bytes(), b"10"].concat();
            assert!(wire.iter().all(u8::is_ascii_alphanumeric), "{wire:?}");
            assert_eq!(prefix.read(&wire), Some(Tag(10)));
            assert_eq!(prefix.read(&wire[..4]), Some(Tag(1)));
            assert_eq!(prefix.read(&wire.to_ascii_lowercase()), None);
            for wrong in ["", "010", "+1", "1x", "4294967296"] {
                let wrong = [prefix.as_bytes(), wrong.as_bytes()].concat();
                assert_eq!(prefix.read(&wrong), None, "{wrong:?}");
            }
        }
        assert_ne!(TagPrefix::new(1).as_bytes(), TagPrefix::new(2).as_bytes());
    }

    #[test]
    fn rules_allow_what_rfc_9051_section_3_allows() {
        use State::*;
        for (rules, allowed) in [
            (Rules::ANY, &[NotAuthenticated, Authenticated, Selected][..]),
            (Rules::NOT_AUTHENTICATED, &[NotAuthenticated]),
            (Rules::AUTHENTICATED.alone(), &[Authenticated, Selected]),
            (Rules::SELECTED.by_number().keeps_numbers(), &[Selected]),
        ] {
            for state in
                [Greeting, NotAuthenticated, Handshake, Authenticated, Selected, Logout, Closed]
            {
                assert_eq!(rules.allow(state), allowed.contains(&state), "{rules:?} {state:?}");
            }
        }
    }
}
