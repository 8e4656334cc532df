//! The commands of QUOTA (RFC 9208), ACL (RFC 4314) and METADATA (RFC 5464), each behind its
//! feature.
#![cfg(any(feature = "imap-quota", feature = "imap-acl", feature = "imap-metadata"))]

use crate::LocalError;
use crate::imap::session::Rules;
use crate::imap::{Capabilities, Client, CommandKind, Mailbox, Tag};

#[cfg(feature = "imap-acl")]
use crate::imap::command::acl::{self, RightsChange};
#[cfg(feature = "imap-metadata")]
use crate::imap::command::metadata::{self, MetadataOptions, MetadataValue};
#[cfg(feature = "imap-quota")]
use crate::imap::command::quota::{self, QuotaLimit};

const RULES: Rules = Rules::AUTHENTICATED;

#[cfg(feature = "imap-quota")]
impl<const N: usize> Client<'_, N> {
    /// GETQUOTA (RFC 9208 §4.1.2): usage and limits of a quota root, as
    /// [`Data::Quota`](crate::imap::Data::Quota).
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without QUOTA;
    /// [`ForbiddenOctet`](LocalError::ForbiddenOctet) for NUL; those of any command.
    pub fn get_quota(&mut self, root: &[u8]) -> Result<Tag, LocalError> {
        self.require(Capabilities::QUOTA)?;
        self.command(CommandKind::GetQuota, RULES, &mut |line| quota::get(line, root))
    }

    /// GETQUOTAROOT (RFC 9208 §4.1.3): the quota roots of a mailbox, as
    /// [`Data::QuotaRoot`](crate::imap::Data::QuotaRoot), and of each what
    /// [`get_quota`](Self::get_quota) tells.
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without QUOTA; those of the name, as of
    /// [`select`](Self::select); those of any command.
    pub fn get_quota_root(&mut self, mailbox: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.require(Capabilities::QUOTA)?;
        self.of_mailbox(CommandKind::GetQuotaRoot, RULES, b"GETQUOTAROOT", mailbox)
    }

    /// SETQUOTA (RFC 9208 §4.1.1): sets limits; a resource that is not named is not limited any
    /// more. What is set then comes as [`Data::Quota`](crate::imap::Data::Quota).
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) with neither QUOTASET nor QUOTA, which servers of RFC 2087
    /// announce alone;
    /// [`BadArgument`](LocalError::BadArgument) for a resource that is no atom or a limit of more
    /// than 63 bits; those of any command.
    pub fn set_quota(&mut self, root: &[u8], limits: &[QuotaLimit<'_>]) -> Result<Tag, LocalError> {
        self.require(Capabilities::QUOTASET).or_else(|_| self.require(Capabilities::QUOTA))?;
        self.command(CommandKind::SetQuota, RULES, &mut |line| quota::set(line, root, limits))
    }
}

#[cfg(feature = "imap-acl")]
impl<const N: usize> Client<'_, N> {
    /// SETACL (RFC 4314 §3.1): what someone may do with a mailbox. An identifier that begins with
    /// `-` names rights that are withheld.
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without ACL; [`BadArgument`](LocalError::BadArgument)
    /// for a right that is no lower-case letter or digit; those of the name, as of
    /// [`select`](Self::select); those of any command.
    pub fn set_acl(
        &mut self,
        mailbox: Mailbox<'_>,
        identifier: &[u8],
        change: RightsChange<'_>,
    ) -> Result<Tag, LocalError> {
        self.require(Capabilities::ACL)?;
        self.command(CommandKind::SetAcl, RULES, &mut |line| {
            acl::set(line, mailbox, identifier, change)
        })
    }

    /// DELETEACL (RFC 4314 §3.2): what was said about this identifier is void.
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without ACL; those of the name, as of
    /// [`select`](Self::select); those of any command.
    pub fn delete_acl(
        &mut self,
        mailbox: Mailbox<'_>,
        identifier: &[u8],
    ) -> Result<Tag, LocalError> {
        self.require(Capabilities::ACL)?;
        self.command(CommandKind::DeleteAcl, RULES, &mut |line| {
            acl::of(line, b"DELETEACL", mailbox, identifier)
        })
    }

    /// GETACL (RFC 4314 §3.3): who may do what, as [`Data::Acl`](crate::imap::Data::Acl).
    ///
    /// # Errors
    /// As of [`delete_acl`](Self::delete_acl).
    pub fn get_acl(&mut self, mailbox: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.require(Capabilities::ACL)?;
        self.of_mailbox(CommandKind::GetAcl, RULES, b"GETACL", mailbox)
    }

    /// LISTRIGHTS (RFC 4314 §3.4): what rights an identifier may be given, as
    /// [`Data::ListRights`](crate::imap::Data::ListRights).
    ///
    /// # Errors
    /// As of [`delete_acl`](Self::delete_acl).
    pub fn list_rights(
        &mut self,
        mailbox: Mailbox<'_>,
        identifier: &[u8],
    ) -> Result<Tag, LocalError> {
        self.require(Capabilities::ACL)?;
        self.command(CommandKind::ListRights, RULES, &mut |line| {
            acl::of(line, b"LISTRIGHTS", mailbox, identifier)
        })
    }

    /// MYRIGHTS (RFC 4314 §3.5): what oneself may do, as
    /// [`Data::MyRights`](crate::imap::Data::MyRights).
    ///
    /// # Errors
    /// As of [`delete_acl`](Self::delete_acl).
    pub fn my_rights(&mut self, mailbox: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.require(Capabilities::ACL)?;
        self.of_mailbox(CommandKind::MyRights, RULES, b"MYRIGHTS", mailbox)
    }
}

#[cfg(feature = "imap-metadata")]
impl<const N: usize> Client<'_, N> {
    /// GETMETADATA (RFC 5464 §4.2): values of entries of a mailbox, or of the server where its name
    /// is empty, as [`Data::Metadata`](crate::imap::Data::Metadata).
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without METADATA, or METADATA-SERVER for the
    /// server's; [`Empty`](LocalError::Empty) for no entries;
    /// [`BadArgument`](LocalError::BadArgument) for one that is no path of ASCII without `*` and
    /// `%` (RFC 5464 §3.1); those of the name, as of [`select`](Self::select); those of any
    /// command.
    pub fn get_metadata(
        &mut self,
        mailbox: Mailbox<'_>,
        entries: &[&str],
        options: &MetadataOptions,
    ) -> Result<Tag, LocalError> {
        self.require(metadata_needs(mailbox))?;
        self.command(CommandKind::GetMetadata, RULES, &mut |line| {
            metadata::get(line, mailbox, entries, options)
        })
    }

    /// SETMETADATA (RFC 5464 §4.3): sets values of entries, and deletes those whose value is
    /// `None`.
    ///
    /// # Errors
    /// As of [`get_metadata`](Self::get_metadata).
    pub fn set_metadata(
        &mut self,
        mailbox: Mailbox<'_>,
        values: &[MetadataValue<'_>],
    ) -> Result<Tag, LocalError> {
        self.require(metadata_needs(mailbox))?;
        self.command(CommandKind::SetMetadata, RULES, &mut |line| {
            metadata::set(line, mailbox, values)
        })
    }
}

/// METADATA-SERVER is METADATA for the server's entries alone (RFC 5464 §2).
#[cfg(feature = "imap-metadata")]
fn metadata_needs(mailbox: Mailbox<'_>) -> Capabilities {
    match mailbox {
        Mailbox::Name("") | Mailbox::Raw(b"") => Capabilities::METADATA_SERVER,
        _ => Capabilities::METADATA,
    }
}
