//! Strings that a server sent (RFC 9051 §4.3), and mailbox names (RFC 9051 §5.1).

use core::mem::MaybeUninit;

use mailproto_core::imap::{ImapString, MailboxName, NameError};

use crate::memory::room;
use crate::{mailproto_error, mailproto_span};

/// What stands in a `mailproto_imap_string`.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_string_form {
    /// NIL: there is no string.
    Nil = 0,
    /// The octets mean themselves.
    Plain = 1,
    /// A backslash stands for the octet behind it (RFC 9051 §4.3, `quoted`).
    Escaped = 2,
}

/// A string as the server sent it (RFC 9051 §4.3): octets, not text. Where `form` is PLAIN, as with
/// nearly all, `octets` is the string; else read it with `mailproto_imap_string_copy`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_string {
    /// The octets as they came, without the quotes.
    pub octets: mailproto_span,
    /// A `mailproto_imap_string_form`.
    pub form: i32,
}

impl mailproto_imap_string {
    pub(crate) const NIL: Self =
        Self { octets: mailproto_span::EMPTY, form: mailproto_imap_string_form::Nil as i32 };

    /// Tells of a string, or of NIL.
    #[inline(never)]
    pub(crate) fn set(&mut self, string: Option<ImapString<'_>>) {
        *self = string.into();
    }

    /// The string; NIL counts as an empty one.
    pub(crate) fn view<'a>(self) -> Result<ImapString<'a>, mailproto_error> {
        const NIL: i32 = mailproto_imap_string_form::Nil as i32;
        const PLAIN: i32 = mailproto_imap_string_form::Plain as i32;
        const ESCAPED: i32 = mailproto_imap_string_form::Escaped as i32;
        match self.form {
            NIL => Ok(ImapString::default()),
            PLAIN => Ok(ImapString::plain(self.octets.octets()?)),
            ESCAPED => Ok(ImapString::from_received(self.octets.octets()?, true)),
            _ => Err(mailproto_error::BadValue),
        }
    }
}

impl From<ImapString<'_>> for mailproto_imap_string {
    // Once, and not where it may be NIL: compilers would look at it first and drop that later, and
    // valgrind would say that they look at what nobody has set.
    #[inline(never)]
    fn from(string: ImapString<'_>) -> Self {
        use mailproto_imap_string_form as Form;
        let form = if string.is_escaped() { Form::Escaped } else { Form::Plain };
        Self { octets: string.as_received().into(), form: form as i32 }
    }
}

impl From<Option<ImapString<'_>>> for mailproto_imap_string {
    fn from(string: Option<ImapString<'_>>) -> Self {
        string.map_or(Self::NIL, Into::into)
    }
}

impl From<MailboxName<'_>> for mailproto_imap_string {
    fn from(name: MailboxName<'_>) -> Self {
        name.as_received().into()
    }
}

/// Where a function writes text, and how much.
pub(crate) type Length<'a> = Option<&'a mut MaybeUninit<usize>>;

/// Hands over how long a text is, and whether it fitted.
pub(crate) fn tell_length(
    len: Length<'_>,
    told: Result<usize, (mailproto_error, usize)>,
) -> mailproto_error {
    let (code, octets) = match told {
        Ok(octets) => (mailproto_error::None, octets),
        Err(refusal) => refusal,
    };
    if let Some(len) = len {
        len.write(octets);
    }
    code
}

/// How many octets a string has, without backslashes. 0 for NIL.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_string_len(string: mailproto_imap_string) -> usize {
    string.view().map_or(0, ImapString::len)
}

/// 1 if the string has these octets, in any case (ASCII), else 0. NIL is no string, not even an
/// empty one.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_string_is(
    string: mailproto_imap_string,
    octets: mailproto_span,
) -> i32 {
    let same = |octets| Ok(string.view()?.eq_ignore_ascii_case(octets));
    let there = string.form != mailproto_imap_string_form::Nil as i32;
    i32::from(there && octets.octets().and_then(same).unwrap_or(false))
}

/// Copies a string, without backslashes and without a NUL behind it.
///
/// @param string   what to copy; of NIL nothing is copied.
/// @param out      receives the octets.
/// @param out_len  how many octets `out` holds.
/// @param len      receives how many octets the string has; may be NULL.
///
/// Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_BUFFER_TOO_SMALL`, with nothing of use in `out`, when
/// it holds less than `*len`; `MAILPROTO_ERROR_OVERLAP` when the string lies in `out`;
/// `_NULL_POINTER` or `_BAD_VALUE`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_string_copy(
    string: mailproto_imap_string,
    out: *mut u8,
    out_len: usize,
    len: Option<&mut MaybeUninit<usize>>,
) -> mailproto_error {
    tell_length(len, copy(string, out, out_len))
}

fn copy(
    string: mailproto_imap_string,
    out: *mut u8,
    out_len: usize,
) -> Result<usize, (mailproto_error, usize)> {
    let string = string.view().map_err(nothing)?;
    let out = room(out, out_len, string.as_received()).map_err(nothing)?;
    match string.copy_to(out) {
        Some(copied) => Ok(copied.len()),
        None => Err((mailproto_error::BufferTooSmall, string.len())),
    }
}

/// An error with which no length is told.
pub(crate) fn nothing(code: mailproto_error) -> (mailproto_error, usize) {
    (code, 0)
}

/// 1 if a mailbox name is INBOX, in any case (RFC 9051 §5.1), else 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_mailbox_is_inbox(name: mailproto_imap_string) -> i32 {
    name.view().is_ok_and(|name| MailboxName::new(name).is_inbox()).into()
}

/// Decodes a mailbox name to UTF-8, to be shown (RFC 9051 §5.1, RFC 3501 §5.1.3). To use the mailbox
/// give the name back as it came: `mailproto_imap_received`.
///
/// @param name     the name as the server sent it.
/// @param utf8     1 once UTF8=ACCEPT or IMAP4rev2 is enabled: names are UTF-8 then; else 0, and
///                 they are modified UTF-7. `mailproto_imap_client_is_utf8` tells.
/// @param out      receives the name, without a NUL behind it.
/// @param out_len  how many octets `out` holds.
/// @param len      receives how many octets the decoded name has; may be NULL.
///
/// Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_BUFFER_TOO_SMALL`, with nothing of use in `out`, when it
/// holds less than `*len`; `MAILPROTO_ERROR_BAD_ARGUMENT` when the name cannot be decoded: show its
/// octets, or none; `_OVERLAP`, `_NULL_POINTER` or `_BAD_VALUE`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_mailbox_decode(
    name: mailproto_imap_string,
    utf8: i32,
    out: *mut u8,
    out_len: usize,
    len: Option<&mut MaybeUninit<usize>>,
) -> mailproto_error {
    tell_length(len, decode(name, utf8, out, out_len))
}

fn decode(
    name: mailproto_imap_string,
    utf8: i32,
    out: *mut u8,
    out_len: usize,
) -> Result<usize, (mailproto_error, usize)> {
    let name = name.view().map_err(nothing)?;
    let utf8 = yes_or_no(utf8).map_err(nothing)?;
    let out = room(out, out_len, name.as_received()).map_err(nothing)?;
    match MailboxName::new(name).decode_octets(out, utf8) {
        Ok(text) => Ok(text.len()),
        Err(NameError::BufferTooSmall { needed }) => Err((mailproto_error::BufferTooSmall, needed)),
        Err(_) => Err((mailproto_error::BadArgument, 0)),
    }
}

/// A truth value as C says it.
pub(crate) fn yes_or_no(number: i32) -> Result<bool, mailproto_error> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(mailproto_error::BadValue),
    }
}
