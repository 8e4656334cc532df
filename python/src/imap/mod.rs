//! The client role of IMAP for Python: the engine of `mailproto-core`, its events as objects, and
//! what makes one of the other. `client` is the class, `session` its work between two calls,
//! `collect` gathers what belongs to one event; the other files are one a value.

mod cache;
pub(crate) mod client;
pub(crate) mod code;
mod collect;
pub(crate) mod envelope;
pub(crate) mod event;
pub(crate) mod fetch;
mod held;
mod items;
mod keys;
mod listing;
mod moment;
mod names;
pub(crate) mod part;
mod raw;
mod session;
mod text;
pub(crate) mod uid_set;
mod value;
