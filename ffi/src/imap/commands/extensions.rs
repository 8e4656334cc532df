//! The commands of QUOTA (RFC 9208), ACL (RFC 4314) and METADATA (RFC 5464), each behind its feature.

use core::mem::MaybeUninit;

#[cfg(feature = "imap-acl")]
use mailproto_core::imap::command::RightsChange;
#[cfg(feature = "imap-metadata")]
use mailproto_core::imap::command::{MetadataDepth, MetadataOptions};

#[cfg(any(feature = "imap-quota", feature = "imap-metadata"))]
use crate::imap::argument::Few;
#[cfg(feature = "imap-metadata")]
use crate::imap::argument::member;
use crate::imap::client::command;
#[cfg(feature = "imap-acl")]
use crate::imap::mailproto_imap_change;
use crate::imap::{mailproto_imap_client, mailproto_imap_mailbox};
#[cfg(any(feature = "imap-quota", feature = "imap-metadata"))]
use crate::memory;
use crate::{mailproto_error, mailproto_span};

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
    command(client, tag, &mut |client, arguments| Ok(client.get_quota(arguments.octets(root)?)))
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
    command(client, tag, &mut |client, arguments| {
        Ok(client.get_quota_root(arguments.mailbox(&mailbox)?))
    })
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
    command(client, tag, &mut |client, arguments| {
        let limit =
            |limit: &mailproto_imap_quota_limit| Ok((arguments.text(limit.name)?, limit.limit));
        let mut places = [("", 0); MAILPROTO_IMAP_MAX_QUOTA_LIMITS];
        let mut set = Few::new(&mut places);
        arguments.fill(&mut set, arguments.array(limits, count)?.iter().map(limit))?;
        Ok(client.set_quota(arguments.octets(root)?, &set))
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
    command(client, tag, &mut |client, arguments| {
        let rights = arguments.text(rights)?;
        let change = match super::messages::change(change)? {
            mailproto_imap_change::Replace => RightsChange::Replace(rights),
            mailproto_imap_change::Add => RightsChange::Add(rights),
            mailproto_imap_change::Remove => RightsChange::Remove(rights),
        };
        Ok(client.set_acl(arguments.mailbox(&mailbox)?, arguments.octets(identifier)?, change))
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
    command(client, tag, &mut |client, arguments| {
        Ok(client.delete_acl(arguments.mailbox(&mailbox)?, arguments.octets(identifier)?))
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
    command(client, tag, &mut |client, arguments| Ok(client.get_acl(arguments.mailbox(&mailbox)?)))
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
    command(client, tag, &mut |client, arguments| {
        Ok(client.list_rights(arguments.mailbox(&mailbox)?, arguments.octets(identifier)?))
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
    command(
        client,
        tag,
        &mut |client, arguments| Ok(client.my_rights(arguments.mailbox(&mailbox)?)),
    )
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
    use mailproto_imap_metadata_depth as Depth;
    command(client, tag, &mut |client, arguments| {
        let depth = member!(depth, Depth {
            Entry => MetadataDepth::Entry,
            Children => MetadataDepth::Children,
            Infinity => MetadataDepth::Infinity,
        });
        let mut places = [""; MAILPROTO_IMAP_MAX_METADATA];
        let mut names = Few::new(&mut places);
        arguments.fill_words(&mut names, entries)?;
        let options = MetadataOptions { max_size: max_size.copied(), depth };
        Ok(client.get_metadata(arguments.mailbox(&mailbox)?, &names, &options))
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
    command(client, tag, &mut |client, arguments| {
        let value = |value: &mailproto_imap_metadata_value| match value.is_nil {
            0 => Ok((arguments.text(value.name)?, Some(arguments.octets(value.value)?))),
            1 => Ok((arguments.text(value.name)?, None)),
            _ => Err(mailproto_error::BadValue),
        };
        let mut places = [("", None); MAILPROTO_IMAP_MAX_METADATA];
        let mut set = Few::new(&mut places);
        arguments.fill(&mut set, arguments.array(values, count)?.iter().map(value))?;
        Ok(client.set_metadata(arguments.mailbox(&mailbox)?, &set))
    })
}
