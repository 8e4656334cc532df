//! Commands that this library does not know: by name, with arguments that are checked.

use core::mem::MaybeUninit;

use mailproto_core::imap::command::Argument;

use crate::imap::argument::{Arguments, member};
use crate::imap::client::{Queued, command};
use crate::imap::{mailproto_imap_client, mailproto_imap_mailbox, mailproto_imap_sequence};
use crate::{mailproto_error, mailproto_span, memory};

/// How an argument of `mailproto_imap_client_raw` is sent (RFC 9051 §4).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_argument_kind {
    /// No argument.
    None = 0,
    /// `octets`, an atom.
    Atom = 1,
    /// `octets`, as an atom, a quoted string or a literal, whatever fits.
    Astring = 2,
    /// `octets`, as a quoted string or a literal, whatever fits.
    String = 3,
    /// NIL.
    Nil = 4,
    /// `octets`, as a literal8, which may hold any octets (RFC 9051 §4.3).
    Literal8 = 5,
    /// `number`.
    Number = 6,
    /// A mailbox name: `octets` and `form`, as of a `mailproto_imap_mailbox`.
    Mailbox = 7,
    /// Message numbers or UIDs: `sequence`.
    Sequence = 8,
    /// A parenthesis and the `number` arguments that follow, which it encloses. An argument that is a
    /// list counts as one, with all that is in it.
    List = 9,
    /// `octets`, sent as they are. Quotes and parentheses must be balanced; neither CR, LF nor NUL may
    /// stand there, nor a literal, and UTF-8 only in quotes and where it is enabled.
    Verbatim = 10,
}

/// An argument of a command that is sent by its name.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_argument {
    /// A `mailproto_imap_argument_kind`.
    pub kind: i32,
    /// MAILBOX: a `mailproto_imap_mailbox_form`.
    pub form: i32,
    /// A number, as said with the kind.
    pub number: u64,
    /// Octets, as said with the kind.
    pub octets: mailproto_span,
    /// Messages.
    pub sequence: mailproto_imap_sequence,
}

memory::plain!(mailproto_imap_argument);

/// How many arguments `mailproto_imap_client_raw` can have, those in lists included.
pub const MAILPROTO_IMAP_MAX_ARGUMENTS: usize = 24;

/// A command that has no function here, by its name, with arguments that are checked: whatever they
/// hold, they stay arguments of this command. Responses that are not known come as UNRECOGNIZED.
/// Literals wait for the server, even with LITERAL+: one that does not know the command could take
/// them for the next (RFC 7888 §4).
///
/// @param client     the object.
/// @param name       its name; for a UID command `UID`, and the first argument is its name.
/// @param arguments  its arguments.
/// @param count      how many there are, at most `MAILPROTO_IMAP_MAX_ARGUMENTS`.
/// @param tag        receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_BAD_ARGUMENT` for a name that is no atom, or has a function of its own because it
/// changes the state (as SELECT or STARTTLS), for lists in lists beyond 16 levels, and for an argument
/// that does not follow its grammar; `_FORBIDDEN_OCTET` and `_EMPTY` where the argument cannot be;
/// `_BAD_VALUE` for a kind that is none, or a list of more arguments than there are; `_TOO_LONG` for
/// too many.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_raw(
    client: Option<&mut mailproto_imap_client>,
    name: mailproto_span,
    arguments: *const mailproto_imap_argument,
    count: usize,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, reader| {
        let arguments = reader.array(arguments, count)?;
        let name = reader.text(name)?;
        with_arguments(arguments, reader, |arguments| client.raw(name, arguments))
    })
}

/// Makes of arguments in a row, lists before what they hold, arguments that hold their lists.
fn with_arguments(
    arguments: &[mailproto_imap_argument],
    reader: &Arguments,
    call: impl FnOnce(&[Argument<'_>]) -> Queued,
) -> Result<Queued, mailproto_error> {
    const MAX: usize = MAILPROTO_IMAP_MAX_ARGUMENTS;
    if arguments.len() > MAX {
        return Err(reader.too_long(MAX));
    }
    // From the last one backwards: what is complete waits at the end, in order. A list takes from there
    // what it holds, and what it took is kept behind it in `places`.
    let mut places = [Argument::Number(0); MAX];
    let mut free = &mut places[..];
    let mut waiting = [Argument::Number(0); MAX];
    let mut first = MAX;
    for argument in arguments.iter().rev() {
        let made = if argument.kind == mailproto_imap_argument_kind::List as i32 {
            let held = usize::try_from(argument.number).map_err(|_| mailproto_error::BadValue)?;
            let next = first.checked_add(held).ok_or(mailproto_error::BadValue)?;
            let taken = waiting.get(first..next).ok_or(mailproto_error::BadValue)?;
            let (list, others) = core::mem::take(&mut free)
                .split_at_mut_checked(held)
                .ok_or(mailproto_error::BadValue)?;
            free = others;
            list.iter_mut().zip(taken).for_each(|(to, from)| *to = *from);
            first = next;
            Argument::List(list)
        } else {
            plain_argument(argument, reader)?
        };
        first = first.saturating_sub(1);
        if let Some(place) = waiting.get_mut(first) {
            *place = made;
        }
    }
    Ok(call(waiting.get(first..).unwrap_or_default()))
}

fn plain_argument(
    argument: &mailproto_imap_argument,
    reader: &Arguments,
) -> Result<Argument<'static>, mailproto_error> {
    use mailproto_imap_argument_kind as Kind;
    let octets = || reader.octets(argument.octets);
    Ok(member!(argument.kind, Kind {
        Atom => Argument::Atom(octets()?),
        Astring => Argument::Astring(octets()?),
        String => Argument::String(Some(octets()?)),
        Nil => Argument::String(None),
        Literal8 => Argument::Literal8(octets()?),
        Number => Argument::Number(argument.number),
        Mailbox => {
            let (octets, form) = (argument.octets, argument.form);
            Argument::Mailbox(reader.mailbox(&mailproto_imap_mailbox { octets, form })?)
        },
        Sequence => Argument::Sequence(reader.sequence(&argument.sequence)?),
        Verbatim => Argument::Verbatim(octets()?),
    }))
}
