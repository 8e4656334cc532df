//! What TOP shows of a message: its header, the empty line, and so many lines of the body
//! (RFC 1939 §7). Resumable at any octet.

use crate::wire::find_lf;

/// Cuts a message, which comes in pieces, where TOP ends.
#[derive(Debug)]
pub(super) struct TopFilter {
    /// How many lines of the body are still wanted; `None` for the whole message.
    left: Option<u32>,
    in_body: bool,
    /// Whether the present line has no octet yet but perhaps CR.
    blank: bool,
}

impl TopFilter {
    /// Lets everything through.
    pub(super) const fn all() -> Self {
        Self { left: None, in_body: false, blank: true }
    }

    /// Lets the header and so many lines of the body through.
    pub(super) const fn lines(lines: u32) -> Self {
        Self { left: Some(lines), in_body: false, blank: true }
    }

    pub(super) fn wants_more(&self) -> bool {
        !self.in_body || self.left != Some(0)
    }

    /// The front of `text` that is wanted, as far as one line tells, and all behind it.
    pub(super) fn split<'t>(&self, text: &'t [u8]) -> (&'t [u8], &'t [u8]) {
        if self.left.is_none() {
            return (text, &[]);
        }
        if !self.wants_more() {
            return (&[], text);
        }
        let line = find_lf(text).map_or(text.len(), |lf| lf.saturating_add(1));
        text.split_at_checked(line).unwrap_or((text, &[]))
    }

    /// Notes that `text`, at most a line, went through.
    pub(super) fn passed(&mut self, text: &[u8]) {
        let Some(left) = &mut self.left else { return };
        let (content, ended) = match text {
            [content @ .., b'\n'] => (content, true),
            content => (content, false),
        };
        self.blank &= content.iter().all(|&octet| octet == b'\r');
        if !ended {
            return;
        }
        if self.in_body {
            *left = left.saturating_sub(1);
        } else {
            self.in_body = self.blank;
        }
        self.blank = true;
    }
}
