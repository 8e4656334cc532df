//! The commands of a client, one method each.
