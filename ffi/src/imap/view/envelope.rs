//! ENVELOPE (RFC 9051 §7.5.2): the header fields that a list of messages shows.

use core::mem::MaybeUninit;

use mailproto_core::imap::response::envelope::{Addresses, Envelope};

use super::{next_in_place, step};
use crate::imap::mailproto_imap_string;
use crate::{mailproto_error, mailproto_span, memory};

/// The envelope of a message (RFC 9051 §7.5.2). It lies in the octets that it was read from.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_envelope {
    /// The Date header field, as it stood in the message (RFC 5322 §3.6.1).
    pub date: mailproto_imap_string,
    /// The Subject header field: see `mailproto_imap_string_decode`.
    pub subject: mailproto_imap_string,
    /// Who wrote it.
    pub from: mailproto_imap_addresses,
    /// Who sent it; servers repeat `from` where the message has no Sender.
    pub sender: mailproto_imap_addresses,
    /// Whom to answer; servers repeat `from` where the message has no Reply-To.
    pub reply_to: mailproto_imap_addresses,
    /// To whom it is.
    pub to: mailproto_imap_addresses,
    /// Who gets a copy.
    pub cc: mailproto_imap_addresses,
    /// Who gets a copy without the others' knowing.
    pub bcc: mailproto_imap_addresses,
    /// The In-Reply-To header field.
    pub in_reply_to: mailproto_imap_string,
    /// The Message-ID header field, angle brackets included.
    pub message_id: mailproto_imap_string,
}

memory::zero!(mailproto_imap_envelope);

/// Reads an envelope.
///
/// @param octets    `data` of an event whose `item` is ENVELOPE, or `envelope` of a
///                  `mailproto_imap_node`; or a copy of these.
/// @param envelope  receives it.
///
/// Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER`, or `MAILPROTO_ERROR_BAD_VALUE` for octets
/// that are no envelope.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_envelope_read(
    octets: mailproto_span,
    envelope: Option<&mut MaybeUninit<mailproto_imap_envelope>>,
) -> mailproto_error {
    let Some(out) = envelope else { return mailproto_error::NullPointer };
    let octets = match octets.octets() {
        Ok(octets) => octets,
        Err(code) => return code,
    };
    let Some(read) = Envelope::from_received(octets) else { return mailproto_error::BadValue };
    let told = memory::zeroed(out);
    told.date.set(read.date());
    told.subject.set(read.subject());
    told.from = read.from().into();
    told.sender = read.sender().into();
    told.reply_to = read.reply_to().into();
    told.to = read.to().into();
    told.cc = read.cc().into();
    told.bcc = read.bcc().into();
    told.in_reply_to.set(read.in_reply_to());
    told.message_id.set(read.message_id());
    mailproto_error::None
}

/// Addresses, one after another: walk them with `mailproto_imap_addresses_next`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_addresses {
    /// What is left to be told.
    pub rest: mailproto_span,
}

impl From<Addresses<'_>> for mailproto_imap_addresses {
    fn from(addresses: Addresses<'_>) -> Self {
        Self { rest: addresses.rest().into() }
    }
}

/// An address, or a mark that a group begins or ends (RFC 9051 §7.5.2). Without `host` it is a mark:
/// a group named `mailbox` begins, or, without `mailbox`, ends (RFC 5322 §3.4).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_address {
    /// The name that people read: see `mailproto_imap_string_decode`.
    pub name: mailproto_imap_string,
    /// The source route (obsolete).
    pub adl: mailproto_imap_string,
    /// What stands before the `@`.
    pub mailbox: mailproto_imap_string,
    /// What stands behind the `@`.
    pub host: mailproto_imap_string,
}

memory::zero!(mailproto_imap_address);

/// The next address.
///
/// @param addresses  what is left; advanced.
/// @param address    receives it.
///
/// Returns 1 for an address, 0 at the end, or a negative `mailproto_error`. So with every function
/// whose name ends in `_next`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_addresses_next(
    addresses: Option<&mut mailproto_imap_addresses>,
    address: Option<&mut MaybeUninit<mailproto_imap_address>>,
) -> i32 {
    next_in_place(addresses.map(|addresses| &mut addresses.rest), address, |rest, place| {
        let address = step!(Addresses<'_>, rest)?;
        let told = memory::zeroed(place);
        told.name.set(address.name);
        told.adl.set(address.adl);
        told.mailbox.set(address.mailbox);
        told.host.set(address.host);
        Some(())
    })
}
