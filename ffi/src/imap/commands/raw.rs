//! Commands that this library does not know: by name, with arguments that are checked.

use core::mem::MaybeUninit;

use mailproto_core::imap::command::{Argument, ArgumentStep, ArgumentSteps};

use crate::imap::argument::{Arguments, member};
use crate::imap::client::command;
use crate::imap::{mailproto_imap_client, mailproto_imap_mailbox, mailproto_imap_sequence};
use crate::memory::{self, Region};
use crate::{mailproto_error, mailproto_span};

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

/// A command that has no function here, by its name, with arguments that are checked: whatever they
/// hold, they stay arguments of this command. Responses that are not known come as UNRECOGNIZED.
/// Literals wait for the server, even with LITERAL+: one that does not know the command could take
/// them for the next (RFC 7888 §4).
///
/// @param client     the object.
/// @param name       its name; for a UID command `UID`, and the first argument is its name.
/// @param arguments  its arguments.
/// @param count      how many there are.
/// @param tag        receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_BAD_ARGUMENT` for a name that is no atom, or has a function of its own because it
/// changes the state (as SELECT or STARTTLS), for lists in lists beyond 16 levels, and for an argument
/// that does not follow its grammar; `_FORBIDDEN_OCTET` and `_EMPTY` where the argument cannot be;
/// `_BAD_VALUE` for a kind that is none, or a list of more arguments than there are.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_raw(
    client: Option<&mut mailproto_imap_client>,
    name: mailproto_span,
    arguments: *const mailproto_imap_argument,
    count: usize,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, reader| {
        let name = reader.octets(name)?;
        Ok(client.raw_steps(name, &Row::read(arguments, count, reader)?))
    })
}

/// The arguments, each made when it is asked for.
struct Row {
    arguments: &'static [mailproto_imap_argument],
    tx: Region,
}

impl Row {
    /// Checks the arguments, since a step cannot fail.
    fn read(
        ptr: *const mailproto_imap_argument,
        count: usize,
        reader: &Arguments,
    ) -> Result<Self, mailproto_error> {
        let arguments: &'static [mailproto_imap_argument] = reader.array(ptr, count)?;
        // From the last one backwards: how many there are for a list to take from.
        let mut free = 0_usize;
        for argument in arguments.iter().rev() {
            if let ArgumentStep::List(held) = step(argument, reader)? {
                free = free.checked_sub(held).ok_or(mailproto_error::BadValue)?;
            }
            free = free.saturating_add(1);
        }
        Ok(Self { arguments, tx: reader.tx() })
    }
}

impl ArgumentSteps for Row {
    fn step(&self, index: usize) -> Option<ArgumentStep<'_>> {
        step(self.arguments.get(index)?, &Arguments::apart_from(self.tx)).ok()
    }
}

fn step(
    argument: &mailproto_imap_argument,
    reader: &Arguments,
) -> Result<ArgumentStep<'static>, mailproto_error> {
    use ArgumentStep::Argument as One;
    use mailproto_imap_argument_kind as Kind;
    let octets = || reader.octets(argument.octets);
    Ok(member!(argument.kind, Kind {
        Atom => One(Argument::Atom(octets()?)),
        Astring => One(Argument::Astring(octets()?)),
        String => One(Argument::String(Some(octets()?))),
        Nil => One(Argument::String(None)),
        Literal8 => One(Argument::Literal8(octets()?)),
        Number => One(Argument::Number(argument.number)),
        Mailbox => {
            let (octets, form) = (argument.octets, argument.form);
            One(Argument::Mailbox(reader.mailbox(&mailproto_imap_mailbox { octets, form })?))
        },
        Sequence => One(Argument::Sequence(reader.sequence(&argument.sequence)?)),
        List => {
            let held = usize::try_from(argument.number);
            ArgumentStep::List(held.map_err(|_| mailproto_error::BadValue)?)
        },
        Verbatim => One(Argument::Verbatim(octets()?)),
    }))
}
