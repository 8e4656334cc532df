//! What is known of the selected mailbox (RFC 9051 §2.3.1, §7.4): its message numbers, and what its
//! response codes said. What cannot be is reported and not believed.

use core::num::NonZeroU32;

use super::quirk::Quirk;

/// The selected mailbox, or the one that a SELECT under way will select.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Model {
    exists: u32,
    recent: u32,
    pub(super) uid_validity: Option<NonZeroU32>,
    pub(super) uid_next: Option<NonZeroU32>,
    #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
    highest_mod_seq: u64,
    /// Which of the first two, and of the highest mod-sequence, are known.
    knows_exists: bool,
    knows_recent: bool,
    #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
    knows_mod_seq: bool,
    pub(super) read_only: bool,
}

impl Model {
    /// How many messages there are, if the server told.
    pub(super) fn messages(&self) -> Option<u32> {
        self.knows_exists.then_some(self.exists)
    }

    /// How many of them are recent, if the server told.
    pub(super) fn recent(&self) -> Option<u32> {
        self.knows_recent.then_some(self.recent)
    }

    /// RECENT (RFC 3501 §7.3.2).
    pub(super) const fn tell_recent(&mut self, recent: u32) {
        (self.recent, self.knows_recent) = (recent, true);
    }

    /// The highest mod-sequence, if the server told.
    pub(super) fn highest(&self) -> Option<u64> {
        #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
        return self.knows_mod_seq.then_some(self.highest_mod_seq);
        #[cfg(not(any(feature = "imap-codes", feature = "imap-condstore")))]
        None
    }

    /// EXISTS (RFC 9051 §7.4.1): the mailbox grows, or is told anew. It shrinks by EXPUNGE only.
    pub(super) fn exists(&mut self, exists: u32) -> Option<Quirk> {
        let shrank = self.knows_exists && exists < self.exists;
        (self.exists, self.knows_exists) = (exists, true);
        shrank.then_some(Quirk::ExistsShrank)
    }

    /// EXPUNGE (RFC 9051 §7.5.1): one message less, if there was one of this number.
    pub(super) fn expunge(&mut self, number: u32) -> Option<Quirk> {
        let quirk = self.check_number(number);
        if quirk.is_none() {
            self.shrink(1);
        }
        quirk
    }

    /// VANISHED, without EARLIER (RFC 7162 §3.2.10): so many messages less.
    pub(super) fn vanished(&mut self, messages: u32) -> Option<Quirk> {
        let known = !self.knows_exists || messages <= self.exists;
        self.shrink(messages);
        (!known).then_some(Quirk::BadMessageNumber)
    }

    fn shrink(&mut self, messages: u32) {
        self.exists = self.exists.saturating_sub(messages);
        // The ones that went may have been recent ones.
        if self.knows_exists {
            self.recent = self.recent.min(self.exists);
        }
    }

    /// Whether the number is one of a message.
    pub(super) fn check_number(&self, number: u32) -> Option<Quirk> {
        let known = number > 0 && (!self.knows_exists || number <= self.exists);
        (!known).then_some(Quirk::BadMessageNumber)
    }

    /// UIDVALIDITY (RFC 9051 §2.3.1.1). With another one UIDNEXT begins anew.
    pub(super) fn uid_validity(&mut self, uid_validity: u32) {
        let told = NonZeroU32::new(uid_validity);
        if self.uid_validity != told {
            self.uid_next = None;
        }
        self.uid_validity = told;
    }

    /// UIDNEXT (RFC 9051 §2.3.1.1) never shrinks while UIDVALIDITY stays.
    pub(super) fn uid_next(&mut self, uid_next: u32) -> Option<Quirk> {
        let before = core::mem::replace(&mut self.uid_next, NonZeroU32::new(uid_next));
        before.is_some_and(|before| uid_next < before.get()).then_some(Quirk::UidNextShrank)
    }

    /// HIGHESTMODSEQ (RFC 7162 §3.1.2.1) only grows.
    #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
    pub(super) fn highest_mod_seq(&mut self, mod_seq: u64) {
        let before = self.highest().unwrap_or(0);
        (self.highest_mod_seq, self.knows_mod_seq) = (before.max(mod_seq), true);
    }

    /// NOMODSEQ (RFC 7162 §3.1.2.2): there is none.
    #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
    pub(super) const fn no_mod_seq(&mut self) {
        self.knows_mod_seq = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PROTOCOL B12: no order of responses makes the numbers drift or overflow.
    #[test]
    fn expunge_exists_and_vanished_move_the_count() {
        let mut model = Model::default();
        assert_eq!(model.exists(23), None);
        assert_eq!(model.expunge(23), None);
        assert_eq!(model.messages(), Some(22));
        assert_eq!(model.expunge(23), Some(Quirk::BadMessageNumber));
        assert_eq!(model.expunge(0), Some(Quirk::BadMessageNumber));
        assert_eq!(model.messages(), Some(22), "what cannot be is not believed");
        assert_eq!(model.vanished(2), None);
        assert_eq!(model.messages(), Some(20));
        assert_eq!(model.exists(19), Some(Quirk::ExistsShrank));
        assert_eq!(model.messages(), Some(19), "the server knows best");
        assert_eq!(model.vanished(u32::MAX), Some(Quirk::BadMessageNumber));
        assert_eq!(model.messages(), Some(0));
    }

    #[test]
    fn recent_messages_are_no_more_than_there_are() {
        let mut model = Model::default();
        model.tell_recent(2);
        model.exists(2);
        model.expunge(1);
        assert_eq!(model.recent(), Some(1));
    }

    /// RFC 9051 §2.3.1.1.
    #[test]
    fn uid_next_shrinks_only_with_another_uid_validity() {
        let mut model = Model::default();
        model.uid_validity(1);
        assert_eq!(model.uid_next(10), None);
        assert_eq!(model.uid_next(9), Some(Quirk::UidNextShrank));
        model.uid_validity(2);
        assert_eq!(model.uid_next(1), None);
    }

    #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
    #[test]
    fn the_highest_mod_sequence_only_grows() {
        let mut model = Model::default();
        model.highest_mod_seq(7);
        model.highest_mod_seq(3);
        assert_eq!(model.highest(), Some(7));
    }
}
