//! What is known of the selected mailbox (RFC 9051 §2.3.1, §7.4): its message numbers, and what its
//! response codes said. What cannot be is reported and not believed.

use super::quirk::Quirk;

/// The selected mailbox, or the one that a SELECT under way will select.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Model {
    pub(super) exists: Option<u32>,
    pub(super) recent: Option<u32>,
    pub(super) uid_validity: Option<u32>,
    pub(super) uid_next: Option<u32>,
    pub(super) highest_mod_seq: Option<u64>,
    pub(super) read_only: bool,
}

impl Model {
    pub(super) const NONE: Self = Self {
        exists: None,
        recent: None,
        uid_validity: None,
        uid_next: None,
        highest_mod_seq: None,
        read_only: false,
    };

    /// EXISTS (RFC 9051 §7.4.1): the mailbox grows, or is told anew. It shrinks by EXPUNGE only.
    pub(super) fn exists(&mut self, exists: u32) -> Option<Quirk> {
        let before = self.exists.replace(exists);
        before.is_some_and(|before| exists < before).then_some(Quirk::ExistsShrank)
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
        let known = self.exists.is_none_or(|exists| messages <= exists);
        self.shrink(messages);
        (!known).then_some(Quirk::BadMessageNumber)
    }

    fn shrink(&mut self, messages: u32) {
        self.exists = self.exists.map(|exists| exists.saturating_sub(messages));
        // The ones that went may have been recent ones.
        self.recent = self.recent.map(|recent| recent.min(self.exists.unwrap_or(recent)));
    }

    /// Whether the number is one of a message.
    pub(super) fn check_number(&self, number: u32) -> Option<Quirk> {
        let known = number > 0 && self.exists.is_none_or(|exists| number <= exists);
        (!known).then_some(Quirk::BadMessageNumber)
    }

    /// UIDVALIDITY (RFC 9051 §2.3.1.1). With another one UIDNEXT begins anew.
    pub(super) fn uid_validity(&mut self, uid_validity: u32) {
        if self.uid_validity.replace(uid_validity) != Some(uid_validity) {
            self.uid_next = None;
        }
    }

    /// UIDNEXT (RFC 9051 §2.3.1.1) never shrinks while UIDVALIDITY stays.
    pub(super) fn uid_next(&mut self, uid_next: u32) -> Option<Quirk> {
        let before = self.uid_next.replace(uid_next);
        before.is_some_and(|before| uid_next < before).then_some(Quirk::UidNextShrank)
    }

    /// HIGHESTMODSEQ (RFC 7162 §3.1.2.1) only grows.
    pub(super) fn highest_mod_seq(&mut self, mod_seq: u64) {
        self.highest_mod_seq = self.highest_mod_seq.max(Some(mod_seq));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PROTOCOL B12: no order of responses makes the numbers drift or overflow.
    #[test]
    fn expunge_exists_and_vanished_move_the_count() {
        let mut model = Model::NONE;
        assert_eq!(model.exists(23), None);
        assert_eq!(model.expunge(23), None);
        assert_eq!(model.exists, Some(22));
        assert_eq!(model.expunge(23), Some(Quirk::BadMessageNumber));
        assert_eq!(model.expunge(0), Some(Quirk::BadMessageNumber));
        assert_eq!(model.exists, Some(22), "what cannot be is not believed");
        assert_eq!(model.vanished(2), None);
        assert_eq!(model.exists, Some(20));
        assert_eq!(model.exists(19), Some(Quirk::ExistsShrank));
        assert_eq!(model.exists, Some(19), "the server knows best");
        assert_eq!(model.vanished(u32::MAX), Some(Quirk::BadMessageNumber));
        assert_eq!(model.exists, Some(0));
    }

    #[test]
    fn recent_messages_are_no_more_than_there_are() {
        let mut model = Model { recent: Some(2), ..Model::NONE };
        model.exists(2);
        model.expunge(1);
        assert_eq!(model.recent, Some(1));
    }

    /// RFC 9051 §2.3.1.1.
    #[test]
    fn uid_next_shrinks_only_with_another_uid_validity() {
        let mut model = Model::NONE;
        model.uid_validity(1);
        assert_eq!(model.uid_next(10), None);
        assert_eq!(model.uid_next(9), Some(Quirk::UidNextShrank));
        model.uid_validity(2);
        assert_eq!(model.uid_next(1), None);
    }

    #[test]
    fn the_highest_mod_sequence_only_grows() {
        let mut model = Model::NONE;
        model.highest_mod_seq(7);
        model.highest_mod_seq(3);
        assert_eq!(model.highest_mod_seq, Some(7));
    }
}
