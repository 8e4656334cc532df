//! Messages (RFC 5322) and MIME (RFC 2045 to 2047, 2183, 2231), for who must show a subject or save an
//! attachment in fixed memory.
//!
//! This room stands alone: it imports nothing of the crate, and neither engine needs it. Whatever
//! streams takes slices of any size and may be cut at any octet; whatever is written goes into the
//! caller's buffer, and what does not fit is reported. Malformed mail is read as the field's clients
//! read it, and reported too: nothing here fails because of what a sender wrote.
//!
//! | to | use |
//! |---|---|
//! | find the fields of a header, in a slice | [`header::Fields`] |
//! | the same while it arrives | [`header::FieldFinder`] |
//! | show a subject | [`encoded_word::decode_to_utf8`] |
//! | read From, To, Cc | [`address::Addresses`] |
//! | read Date | [`date::DateTime`] |
//! | read Content-Type, Content-Disposition, a file name | [`parameter::MediaType`], [`parameter::Disposition`] |
//! | undo base64 and quoted-printable | [`transfer::Decoder`] |
//! | take a message apart while it arrives | [`mime::Walker`] |
//!
//! Of charsets only UTF-8, US-ASCII and ISO-8859-1 are turned into UTF-8 here; octets in others are
//! handed over with the charset's name.

pub mod address;
pub mod date;
pub mod encoded_word;
pub mod header;
pub mod mime;
pub mod parameter;
mod text;
pub mod transfer;
