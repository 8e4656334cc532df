//! THREAD (RFC 5256 §4): which messages answer which, element by element, since the tree may be as large as the
//! mailbox. Grammar only.

/// A part of the trees of a THREAD response (RFC 5256 §4), in the order of the wire.
///
/// `* THREAD (2)(3 6 (4 23)(44 7 96))` comes as `Open 2 Close Open 3 6 Open 4 23 Close Open 44 7 96 Close Close`.
/// Each message answers the one before it; parentheses behind a message hold its several answers, one pair
/// each. [`ThreadDepth`] makes depths of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ThreadElement {
    /// A parenthesis opens: a thread, or one of several answers to the message before.
    Open,
    /// A message: its number, or after UID THREAD its UID.
    Message(u32),
    /// A parenthesis closes.
    Close,
}

/// How deep parentheses may be nested, for [`ThreadDepth`] to find the way back from them.
const LEVELS: usize = 32;

/// Makes of the elements of THREAD what an indented list needs: each message with its depth, the number of its
/// ancestors. A message is followed by its answers, and whatever has depth 0 begins a thread.
///
/// Answers to a message that is missing (it was deleted, or not searched for; RFC 5256 §4) are as deep as if it
/// were there: in `((3)(5))` both 3 and 5 have depth 1, and nothing has depth 0.
///
/// ```
/// use mailproto_core::imap::response::thread::ThreadDepth;
/// use mailproto_core::imap::response::thread::ThreadElement::{Close, Message, Open};
///
/// // (3 6 (4 23)(44 7 96))
/// let elements = [
///     Open, Message(3), Message(6), Open, Message(4), Message(23), Close, Open, Message(44),
///     Message(7), Message(96), Close, Close,
/// ];
/// let mut depth = ThreadDepth::new();
/// let told = elements.into_iter().filter_map(|element| depth.element(element));
/// assert!(told.eq([(0, 3), (1, 6), (2, 4), (3, 23), (2, 44), (3, 7), (4, 96)]));
/// ```
///
/// A chain of answers may have any length: it needs no parentheses. Where parentheses are nested more than 32
/// deep, what follows a closing one of those is told deeper than it is; behind the outer 32 all is right again.
#[derive(Clone, Debug)]
pub struct ThreadDepth {
    /// Of each open parenthesis, the depth of what comes first in it.
    starts: [u32; LEVELS],
    /// How many are open.
    level: usize,
    /// The depth of the message that comes next.
    depth: u32,
    /// Whether a parenthesis has just opened.
    opened: bool,
}

impl ThreadDepth {
    /// Before the first element of a response.
    #[must_use]
    pub const fn new() -> Self {
        Self { starts: [0; LEVELS], level: 0, depth: 0, opened: false }
    }

    /// Takes an element; for a message, returns its depth and its number.
    pub fn element(&mut self, element: ThreadElement) -> Option<(u32, u32)> {
        let opened = core::mem::replace(&mut self.opened, element == ThreadElement::Open);
        match element {
            ThreadElement::Open => self.open(opened),
            ThreadElement::Close => self.close(),
            ThreadElement::Message(number) => {
                let depth = self.depth;
                self.depth = depth.saturating_add(1);
                return Some((depth, number));
            }
        }
        None
    }

    fn open(&mut self, behind_another: bool) {
        if behind_another {
            // The place of the message that is missing.
            self.depth = self.depth.saturating_add(1);
        }
        if let Some(start) = self.starts.get_mut(self.level) {
            *start = self.depth;
        }
        self.level = self.level.saturating_add(1);
    }

    fn close(&mut self) {
        self.level = self.level.saturating_sub(1);
        if let Some(&start) = self.starts.get(self.level) {
            self.depth = start;
        }
    }
}

impl Default for ThreadDepth {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(response: &str) -> Vec<(u32, u32)> {
        let mut depth = ThreadDepth::new();
        let spaced = response.replace('(', " ( ").replace(')', " ) ");
        let element = |word: &str| match word {
            "(" => ThreadElement::Open,
            ")" => ThreadElement::Close,
            number => ThreadElement::Message(number.parse().unwrap()),
        };
        spaced.split_whitespace().filter_map(|word| depth.element(element(word))).collect()
    }

    // RFC 5256 §4.
    #[test]
    fn examples_of_the_rfc() {
        assert_eq!(
            told("(2)(3 6 (4 23)(44 7 96))"),
            [(0, 2), (0, 3), (1, 6), (2, 4), (3, 23), (2, 44), (3, 7), (4, 96)]
        );
        assert_eq!(told("((3)(5))"), [(1, 3), (1, 5)]);
    }

    #[test]
    fn what_follows_a_list_is_as_deep_as_the_list() {
        assert_eq!(told("(((3)(5))(7))(8)"), [(2, 3), (2, 5), (1, 7), (0, 8)]);
        assert_eq!(told("(1 (2 (3)(4))(5))"), [(0, 1), (1, 2), (2, 3), (2, 4), (1, 5)]);
        assert_eq!(told("(1 2 3)(4)"), [(0, 1), (1, 2), (2, 3), (0, 4)]);
    }

    #[test]
    fn depth_that_is_not_kept_is_found_again() {
        let deep = format!("{}1 {}(2)(3){}", "(".repeat(40), "(4)".repeat(2), ")".repeat(40));
        let told = told(&format!("{deep}(5)"));
        assert_eq!(told[0], (39, 1));
        assert_eq!(told.last(), Some(&(0, 5)));
        // More closing ones than opening ones do no harm.
        assert_eq!(super::tests::told(")))(1)"), [(0, 1)]);
    }

    #[test]
    fn a_chain_may_be_long() {
        let mut depth = ThreadDepth::new();
        depth.element(ThreadElement::Open);
        for number in 0..100_000 {
            assert_eq!(depth.element(ThreadElement::Message(number)), Some((number, number)));
        }
    }
}
