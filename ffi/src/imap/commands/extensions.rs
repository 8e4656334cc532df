//! The commands of QUOTA (RFC 9208), ACL (RFC 4314) and METADATA (RFC 5464), each behind its feature, and
//! those that have no function here.

use core::mem::MaybeUninit;

use mailproto_core::imap::command::Argument;
#[cfg(feature = "imap-acl")]
use mailproto_core::imap::command::RightsChange;
#[cfg(feature = "imap-metadata")]
use mailproto_core::imap::command::{MetadataDepth, MetadataOptions};

use crate::imap::argument::{Arguments, Few, Refusal};
use crate::imap::client::command;
#[cfg(feature = "imap-acl")]
use crate::imap::mailproto_imap_change;
use crate::imap::{mailproto_imap_client, mailproto_imap_mailbox, mailproto_imap_sequence};
use crate::{mailproto_error, mailproto_span, memory};

/// GETQUOTA: usage and limits of a quota root (RFC 9208 §4.1.2). A QUOTA event answers.
///
/// @param client  the object.
/// @param root    the name of the root; perhaps empty.
/// @param tag     receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without QUOTA; `MAILPROTO_ERROR_FORBIDDEN_OCTET` for NUL.
#[cfg(feature = "imap-quota")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_get_quota(
    client: Option<&mut mailproto_imap_client>,
    root: mailproto_span,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, |client, arguments| Ok(client.get_quota(arguments.octets(root)?)?))
}

/// GETQUOTAROOT: the quota roots of a mailbox (RFC 9208 §4.1.3), as a QUOTA_ROOT event, and of each
/// what `mailproto_imap_client_get_quota` tells.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without QUOTA.
#[cfg(feature = "imap-quota")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_get_quota_root(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(
        client,
        tag,
        |client, arguments| Ok(client.get_quota_root(arguments.mailbox(mailbox)?)?),
    )
}

/// A resource and its limit (RFC 9208 §5).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_quota_limit {
    /// `STORAGE`, `MESSAGE`, `MAILBOX` or another.
    pub name: mailproto_span,
    /// In units of 1024 octets for storage, else a count.
    pub limit: u64,
}

#[cfg(feature = "imap-quota")]
memory::plain!(mailproto_imap_quota_limit);

/// How many limits SETQUOTA can have.
pub const MAILPROTO_IMAP_MAX_QUOTA_LIMITS: usize = 8;

/// SETQUOTA: sets limits; a resource that is not named is not limited any more (RFC 9208 §4.1.1). What
/// is set then comes as a QUOTA event.
///
/// @param client  the object.
/// @param root    the name of the root; perhaps empty.
/// @param limits  the limits.
/// @param count   how many there are, at most `MAILPROTO_IMAP_MAX_QUOTA_LIMITS`.
/// @param tag     receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` with neither QUOTASET nor QUOTA; `MAILPROTO_ERROR_BAD_ARGUMENT` for a
/// resource that is no atom or a limit of more than 63 bits.
#[cfg(feature = "imap-quota")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_set_quota(
    client: Option<&mut mailproto_imap_client>,
    root: mailproto_span,
    limits: *const mailproto_imap_quota_limit,
    count: usize,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, |client, arguments| {
        let limits = arguments.array(limits, count)?;
        let limits = Few::<_, MAILPROTO_IMAP_MAX_QUOTA_LIMITS>::of(limits, ("", 0), |limit| {
            Ok((arguments.text(limit.name)?, limit.limit))
        })?;
        Ok(client.set_quota(arguments.octets(root)?, &limits)?)
    })
}

/// SETACL: what someone may do with a mailbox (RFC 4314 §3.1).
///
/// @param client      the object.
/// @param mailbox     the mailbox.
/// @param identifier  who; one that begins with `-` names rights that are withheld.
/// @param change      a `mailproto_imap_change`: what is done with the rights.
/// @param rights      a lower-case letter or digit each.
/// @param tag         receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without ACL; `MAILPROTO_ERROR_BAD_ARGUMENT` for a right that is none;
/// `MAILPROTO_ERROR_BAD_VALUE` for a change that is none.
#[cfg(feature = "imap-acl")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_set_acl(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    identifier: mailproto_span,
    change: i32,
    rights: mailproto_span,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, |client, arguments| {
        let rights = arguments.text(rights)?;
        let change = match super::messages::change(change)? {
            mailproto_imap_change::Replace => RightsChange::Replace(rights),
            mailproto_imap_change::Add => RightsChange::Add(rights),
            mailproto_imap_change::Remove => RightsChange::Remove(rights),
        };
        Ok(client.set_acl(arguments.mailbox(mailbox)?, arguments.octets(identifier)?, change)?)
    })
}

/// DELETEACL: what was said about this identifier is void (RFC 4314 §3.2).
///
/// @param client      the object.
/// @param mailbox     the mailbox.
/// @param identifier  who.
/// @param tag         receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without ACL.
#[cfg(feature = "imap-acl")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_delete_acl(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    identifier: mailproto_span,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, |client, arguments| {
        Ok(client.delete_acl(arguments.mailbox(mailbox)?, arguments.octets(identifier)?)?)
    })
}

/// GETACL: who may do what (RFC 4314 §3.3). An ACL event answers.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without ACL.
#[cfg(feature = "imap-acl")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_get_acl(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, |client, arguments| Ok(client.get_acl(arguments.mailbox(mailbox)?)?))
}

/// LISTRIGHTS: what rights an identifier may be given (RFC 4314 §3.4). A LIST_RIGHTS event answers.
///
/// @param client      the object.
/// @param mailbox     the mailbox.
/// @param identifier  who.
/// @param tag         receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without ACL.
#[cfg(feature = "imap-acl")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_list_rights(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    identifier: mailproto_span,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, |client, arguments| {
        Ok(client.list_rights(arguments.mailbox(mailbox)?, arguments.octets(identifier)?)?)
    })
}

/// MYRIGHTS: what oneself may do (RFC 4314 §3.5). A MY_RIGHTS event answers.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without ACL.
#[cfg(feature = "imap-acl")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_my_rights(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, |client, arguments| Ok(client.my_rights(arguments.mailbox(mailbox)?)?))
}

/// How far below the entries that are named GETMETADATA looks (RFC 5464 §4.2.2).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_metadata_depth {
    /// At them only.
    Entry = 0,
    /// At those one level below too.
    Children = 1,
    /// At all below.
    Infinity = 2,
}

/// How many entries GETMETADATA and SETMETADATA can name.
pub const MAILPROTO_IMAP_MAX_METADATA: usize = 16;

/// GETMETADATA: values of entries of a mailbox, or of the server where its name is empty (RFC 5464
/// §4.2), as METADATA events.
///
/// @param client    the object.
/// @param mailbox   the mailbox; `mailproto_imap_named("")` for the server.
/// @param entries   their names, with spaces between them: `/private/comment`.
/// @param depth     a `mailproto_imap_metadata_depth`.
/// @param max_size  values of more octets than this are left out; NULL for none.
/// @param tag       receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without METADATA, or METADATA-SERVER for the server's;
/// `MAILPROTO_ERROR_EMPTY` for no entries; `MAILPROTO_ERROR_BAD_ARGUMENT` for one that is no path of
/// ASCII without `*` and `%` (RFC 5464 §3.1); `MAILPROTO_ERROR_TOO_LONG` for more than
/// `MAILPROTO_IMAP_MAX_METADATA`.
#[cfg(feature = "imap-metadata")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_get_metadata(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    entries: mailproto_span,
    depth: i32,
    max_size: Option<&u32>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    const ENTRY: i32 = mailproto_imap_metadata_depth::Entry as i32;
    const CHILDREN: i32 = mailproto_imap_metadata_depth::Children as i32;
    const INFINITY: i32 = mailproto_imap_metadata_depth::Infinity as i32;
    command(client, tag, |client, arguments| {
        let depth = match depth {
            ENTRY => MetadataDepth::Entry,
            CHILDREN => MetadataDepth::Children,
            INFINITY => MetadataDepth::Infinity,
            _ => return Err(mailproto_error::BadValue.into()),
        };
        let entries = arguments.text_words::<MAILPROTO_IMAP_MAX_METADATA>(entries)?;
        let options = MetadataOptions { max_size: max_size.copied(), depth };
        Ok(client.get_metadata(arguments.mailbox(mailbox)?, &entries, &options)?)
    })
}

/// An entry and its value (RFC 5464 §4.3).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_metadata_value {
    /// The entry's name: `/private/comment`.
    pub name: mailproto_span,
    /// Its value: any octets.
    pub value: mailproto_span,
    /// 1 if the entry is deleted, else 0.
    pub is_nil: i32,
}

#[cfg(feature = "imap-metadata")]
memory::plain!(mailproto_imap_metadata_value);

/// SETMETADATA: sets values of entries, and deletes others (RFC 5464 §4.3).
///
/// @param client   the object.
/// @param mailbox  the mailbox; `mailproto_imap_named("")` for the server.
/// @param values   the entries.
/// @param count    how many there are, at most `MAILPROTO_IMAP_MAX_METADATA`.
/// @param tag      receives the command's tag; may be NULL.
///
/// As `mailproto_imap_client_get_metadata`.
#[cfg(feature = "imap-metadata")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_set_metadata(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    values: *const mailproto_imap_metadata_value,
    count: usize,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, |client, arguments| {
        let value = |value: &mailproto_imap_metadata_value| match value.is_nil {
            0 => Ok((arguments.text(value.name)?, Some(arguments.octets(value.value)?))),
            1 => Ok((arguments.text(value.name)?, None)),
            _ => Err(mailproto_error::BadValue),
        };
        let values = arguments.array(values, count)?;
        let values = Few::<_, MAILPROTO_IMAP_MAX_METADATA>::of(values, ("", None), value)?;
        Ok(client.set_metadata(arguments.mailbox(mailbox)?, &values)?)
    })
}

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
    command(client, tag, |client, reader| {
        let arguments = reader.array(arguments, count)?;
        let name = reader.text(name)?;
        with_arguments(arguments, reader, |arguments| Ok(client.raw(name, arguments)?))
    })
}

/// Makes of arguments in a row, lists before what they hold, arguments that hold their lists.
fn with_arguments<T>(
    arguments: &[mailproto_imap_argument],
    reader: Arguments,
    call: impl FnOnce(&[Argument<'_>]) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    const MAX: usize = MAILPROTO_IMAP_MAX_ARGUMENTS;
    if arguments.len() > MAX {
        return Err(Refusal::Limit(MAX));
    }
    // From the last one backwards: what is complete waits here, the last to be sent first. A list takes
    // from there what it holds, and what it took is kept behind it in `places`.
    let mut places = [Argument::Number(0); MAX];
    let mut free = &mut places[..];
    let mut waiting = [Argument::Number(0); MAX];
    let mut count = 0_usize;
    for argument in arguments.iter().rev() {
        let made = if argument.kind == mailproto_imap_argument_kind::List as i32 {
            let held = usize::try_from(argument.number).ok();
            let left = held.and_then(|held| count.checked_sub(held));
            let (Some(held), Some(left)) = (held, left) else {
                return Err(mailproto_error::BadValue.into());
            };
            let (list, others) = core::mem::take(&mut free)
                .split_at_mut_checked(held)
                .ok_or(mailproto_error::BadValue)?;
            free = others;
            let taken = waiting.get(left..count).unwrap_or_default();
            list.iter_mut().zip(taken.iter().rev()).for_each(|(to, from)| *to = *from);
            count = left;
            Argument::List(list)
        } else {
            plain_argument(argument, reader)?
        };
        if let Some(place) = waiting.get_mut(count) {
            *place = made;
        }
        count = count.saturating_add(1);
    }
    let outermost = waiting.get_mut(..count).unwrap_or_default();
    outermost.reverse();
    call(outermost)
}

fn plain_argument(
    argument: &mailproto_imap_argument,
    reader: Arguments,
) -> Result<Argument<'static>, mailproto_error> {
    use mailproto_imap_argument_kind as Kind;
    const ATOM: i32 = Kind::Atom as i32;
    const ASTRING: i32 = Kind::Astring as i32;
    const STRING: i32 = Kind::String as i32;
    const NIL: i32 = Kind::Nil as i32;
    const LITERAL8: i32 = Kind::Literal8 as i32;
    const NUMBER: i32 = Kind::Number as i32;
    const MAILBOX: i32 = Kind::Mailbox as i32;
    const SEQUENCE: i32 = Kind::Sequence as i32;
    const VERBATIM: i32 = Kind::Verbatim as i32;
    let octets = || reader.octets(argument.octets);
    Ok(match argument.kind {
        ATOM => Argument::Atom(octets()?),
        ASTRING => Argument::Astring(octets()?),
        STRING => Argument::String(Some(octets()?)),
        NIL => Argument::String(None),
        LITERAL8 => Argument::Literal8(octets()?),
        NUMBER => Argument::Number(argument.number),
        MAILBOX => {
            let (octets, form) = (argument.octets, argument.form);
            Argument::Mailbox(reader.mailbox(mailproto_imap_mailbox { octets, form })?)
        }
        SEQUENCE => Argument::Sequence(reader.sequence(argument.sequence)?),
        VERBATIM => Argument::Verbatim(octets()?),
        _ => return Err(mailproto_error::BadValue),
    })
}
