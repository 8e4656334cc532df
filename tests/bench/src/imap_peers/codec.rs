//! imap-codec: a decoder of whole responses, and since 2.0 a fragmentizer that finds where they end.

use imap_codec::ResponseCodec;
use imap_codec::fragmentizer::Fragmentizer;

use crate::imap::Contestant;
use crate::walk::{Totals, Walk};

pub(super) use version_1::decode as decode_1;
pub(super) use version_2::decode as decode_2;

/// imap-codec 2.0 behind its own framing.
pub(super) struct Fragmented;

impl Contestant for Fragmented {
    fn name(&self) -> &'static str {
        "imap-codec 2.0.0-alpha.10, Fragmentizer"
    }

    fn run(&mut self, corpus: &[u8], read: usize, check: bool) -> Totals {
        let mut walk = Walk::new(check);
        let (mut fragmentizer, codec) = (Fragmentizer::new(1 << 20), ResponseCodec::new());
        for chunk in corpus.chunks(read) {
            fragmentizer.enqueue_bytes(chunk);
            while fragmentizer.progress().is_some() {
                if fragmentizer.is_message_complete() {
                    let response = fragmentizer.decode_message(&codec).expect("a sound response");
                    version_2::response(&response, &mut walk);
                }
            }
        }
        walk.finish()
    }
}

/// The walk through a FETCH that io-imap has kept.
pub(super) use version_2::items;

macro_rules! version {
    ($version:ident, $codec:ident, $types:path) => {
        mod $version {
            use types::body::{
                BasicFields, BodyExtension, BodyStructure, Disposition, Language, SpecificFields,
            };
            use types::core::{IString, NString};
            use types::envelope::{Address, Envelope};
            use types::fetch::MessageDataItem;
            use types::flag::{Flag, FlagFetch};
            use types::response::{Data, Response};
            use $codec::ResponseCodec;
            use $codec::decode::{Decoder, ResponseDecodeError};
            use $types as types;

            use super::super::Parsed;
            use crate::walk::Walk;

            pub(in super::super) fn decode(octets: &[u8], walk: &mut Walk) -> Parsed {
                match ResponseCodec::new().decode(octets) {
                    Ok((rest, taken)) => {
                        response(&taken, walk);
                        Parsed::Response(octets.len() - rest.len())
                    }
                    Err(ResponseDecodeError::Incomplete) => Parsed::Short(0),
                    // The literal is part of the response.
                    Err(ResponseDecodeError::LiteralFound { length }) => {
                        Parsed::Short(length as usize)
                    }
                    Err(error) => panic!("{error:?}"),
                }
            }

            pub(in super::super) fn response(response: &Response<'_>, walk: &mut Walk) {
                match response {
                    Response::Data(Data::Fetch { seq, items: all }) => {
                        walk.number(seq.get());
                        items(all.as_ref(), walk);
                    }
                    other => panic!("{other:?}"),
                }
            }

            pub(in super::super) fn items(items: &[MessageDataItem<'_>], walk: &mut Walk) {
                walk.totals.responses += 1;
                for item in items {
                    match item {
                        MessageDataItem::Uid(uid) => walk.totals.uid_sum += u64::from(uid.get()),
                        MessageDataItem::Flags(flags) => {
                            flags.iter().for_each(|one| flag(one, walk))
                        }
                        MessageDataItem::Rfc822Size(size) => {
                            walk.totals.size_sum += u64::from(*size)
                        }
                        MessageDataItem::InternalDate(date) => {
                            walk.number(date.as_ref().timestamp() as u64);
                        }
                        MessageDataItem::Envelope(one) => envelope(one, walk),
                        MessageDataItem::BodyStructure(one) => structure(one, walk),
                        MessageDataItem::BodyExt { data, .. } => {
                            walk.body(data.0.as_ref().map(IString::as_ref).unwrap_or_default());
                        }
                        other => panic!("{other:?}"),
                    }
                }
            }

            fn flag(flag: &FlagFetch<'_>, walk: &mut Walk) {
                walk.totals.flags += 1;
                match flag {
                    FlagFetch::Flag(Flag::Keyword(keyword)) => {
                        walk.text(keyword.inner().as_bytes())
                    }
                    FlagFetch::Flag(Flag::Answered) => walk.number(1u8),
                    FlagFetch::Flag(Flag::Deleted) => walk.number(2u8),
                    FlagFetch::Flag(Flag::Draft) => walk.number(3u8),
                    FlagFetch::Flag(Flag::Flagged) => walk.number(4u8),
                    FlagFetch::Flag(Flag::Seen) => walk.number(5u8),
                    other => panic!("{other:?}"),
                }
            }

            fn nstring(string: &NString<'_>, walk: &mut Walk) {
                walk.optional(string.0.as_ref().map(IString::as_ref));
            }

            fn envelope(envelope: &Envelope<'_>, walk: &mut Walk) {
                walk.totals.envelopes += 1;
                for string in
                    [&envelope.date, &envelope.subject, &envelope.in_reply_to, &envelope.message_id]
                {
                    nstring(string, walk);
                }
                for list in [
                    &envelope.from,
                    &envelope.sender,
                    &envelope.reply_to,
                    &envelope.to,
                    &envelope.cc,
                    &envelope.bcc,
                ] {
                    list.iter().for_each(|one| address(one, walk));
                }
            }

            fn address(address: &Address<'_>, walk: &mut Walk) {
                for string in [&address.name, &address.adl, &address.mailbox, &address.host] {
                    nstring(string, walk);
                }
            }

            fn structure(structure: &BodyStructure<'_>, walk: &mut Walk) {
                match structure {
                    BodyStructure::Single { body, extension_data } => {
                        walk.totals.parts += 1;
                        basic(&body.basic, walk);
                        specific(&body.specific, walk);
                        if let Some(extension) = extension_data {
                            nstring(&extension.md5, walk);
                            disposition(extension.tail.as_ref(), walk);
                        }
                    }
                    BodyStructure::Multi { bodies, subtype, extension_data } => {
                        bodies.as_ref().iter().for_each(|body| self::structure(body, walk));
                        walk.text(subtype.as_ref());
                        if let Some(extension) = extension_data {
                            parameters(&extension.parameter_list, walk);
                            disposition(extension.tail.as_ref(), walk);
                        }
                    }
                }
            }

            fn basic(basic: &BasicFields<'_>, walk: &mut Walk) {
                parameters(&basic.parameter_list, walk);
                nstring(&basic.id, walk);
                nstring(&basic.description, walk);
                walk.text(basic.content_transfer_encoding.as_ref());
                walk.number(basic.size);
            }

            fn specific(specific: &SpecificFields<'_>, walk: &mut Walk) {
                match specific {
                    SpecificFields::Basic { r#type, subtype } => {
                        walk.text(r#type.as_ref());
                        walk.text(subtype.as_ref());
                    }
                    SpecificFields::Message {
                        envelope: inner,
                        body_structure,
                        number_of_lines,
                    } => {
                        envelope(inner, walk);
                        structure(body_structure, walk);
                        walk.number(*number_of_lines);
                    }
                    SpecificFields::Text { subtype, number_of_lines } => {
                        walk.text(subtype.as_ref());
                        walk.number(*number_of_lines);
                    }
                }
            }

            fn parameters(parameters: &[(IString<'_>, IString<'_>)], walk: &mut Walk) {
                for (name, value) in parameters {
                    walk.text(name.as_ref());
                    walk.text(value.as_ref());
                }
            }

            fn disposition(disposition: Option<&Disposition<'_>>, walk: &mut Walk) {
                let Some(disposition) = disposition else { return };
                if let Some((name, all)) = &disposition.disposition {
                    walk.text(name.as_ref());
                    parameters(all, walk);
                }
                if let Some(tail) = &disposition.tail {
                    language(tail, walk);
                }
            }

            fn language(language: &Language<'_>, walk: &mut Walk) {
                language.language.iter().for_each(|one| walk.text(one.as_ref()));
                if let Some(location) = &language.tail {
                    nstring(&location.location, walk);
                    location.extensions.iter().for_each(|one| extension(one, walk));
                }
            }

            fn extension(extension: &BodyExtension<'_>, walk: &mut Walk) {
                match extension {
                    BodyExtension::NString(string) => nstring(string, walk),
                    BodyExtension::Number(number) => walk.number(*number),
                    BodyExtension::List(list) => {
                        list.as_ref().iter().for_each(|one| self::extension(one, walk));
                    }
                }
            }
        }
    };
}

version!(version_1, imap_codec_1, imap_codec_1::imap_types);
version!(version_2, imap_codec, imap_codec::imap_types);
