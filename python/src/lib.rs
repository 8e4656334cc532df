//! The native module of the Python package `mailproto`: the engines of `mailproto-core` as Python
//! objects. What it knows of the protocols stands in the core; here stand ownership, conversion and
//! exceptions.

mod argument;
mod client;
mod clock;
mod credentials;
mod deliver;
mod engine;
mod error;
mod event;
mod feed;
mod field;
mod imap;
mod joined;
mod offer;
mod random;
mod record;
mod request;
mod server;
mod session;
mod signal;
mod verifier;

use pyo3::prelude::*;

/// The engines of mailproto as they are; import `mailproto.sansio` instead.
#[pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use crate::credentials::{Anonymous, External, Password, Token};

    #[pymodule_export]
    use crate::deliver::{MaildirWriter, maildir_name};

    #[pymodule_export]
    use super::imap_module;
    #[pymodule_export]
    use super::pop3;
}

/// IMAP; import `mailproto.sansio.imap` instead.
#[pymodule(submodule, name = "imap")]
mod imap_module {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::imap::client::Client;
    #[pymodule_export]
    use crate::imap::code::Code;
    #[pymodule_export]
    use crate::imap::envelope::{Address, Envelope};
    #[pymodule_export]
    use crate::imap::event::{
        Acl, BodyData, BodyEnd, BodyStart, Bye, Capabilities, Challenge, Completed, Continuation,
        Enabled, Esearch, Exists, Expunge, Flags, Greeting, Id, IdleDue, Idling, ListRights,
        Mailbox, MailboxStatus, Metadata, MyRights, Namespace, Namespaces, Oversize, Quirk, Quota,
        QuotaRoots, Recent, Search, Status, Thread, Unrecognized, Upload, Vanished,
    };
    #[pymodule_export]
    use crate::imap::fetch::Fetch;
    #[pymodule_export]
    use crate::imap::part::Part;
    #[pymodule_export]
    use crate::imap::uid_set::UidSet;

    /// Makes the submodule importable by its name.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let modules = module.py().import("sys")?.getattr("modules")?;
        modules.set_item("mailproto._core.imap", module)
    }
}

/// POP3; import `mailproto.sansio.pop3` instead.
#[pymodule(submodule)]
mod pop3 {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::client::Client;
    #[pymodule_export]
    use crate::event::{
        Capability, Challenge, Completed, Data, DropListing, Greeting, Language, Oversize, Quirk,
        ScanListing, Started, UniqueId, Unrecognized,
    };
    #[pymodule_export]
    use crate::request::{
        AnonymousClaim, Apop, Authenticated, Cancelled, ExternalClaim, Handled, Lang, List, Login,
        Message, PasswordClaim, Refused, SecretClaim, StartTls, Stat, TokenClaim, Uidl, Update,
    };
    #[pymodule_export]
    use crate::server::Server;

    /// Makes the submodule importable by its name.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let modules = module.py().import("sys")?.getattr("modules")?;
        modules.set_item("mailproto._core.pop3", module)
    }
}
