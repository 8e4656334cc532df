//! imap-proto: a parser of whole responses, of two versions whose types have the same shape.

use super::Parsed;

pub(super) use version_016::parse as parse_016;
pub(super) use version_017::parse as parse_017;

macro_rules! version {
    ($version:ident, $nom:ident, $parse:path, $types:path) => {
        mod $version {
            use std::borrow::Cow;

            use types::{
                Address, AttributeValue, BodyContentCommon, BodyContentSinglePart, BodyExtension,
                BodyParams, BodyStructure, ContentEncoding, Envelope, Response,
            };
            use $nom::{Err, Needed};
            use $types as types;

            use super::Parsed;
            use crate::walk::Walk;

            pub(in super::super) fn parse(octets: &[u8], walk: &mut Walk) -> Parsed {
                match $parse(octets) {
                    Ok((rest, Response::Fetch(message, items))) => {
                        walk.totals.responses += 1;
                        walk.number(message);
                        items.iter().for_each(|one| item(one, walk));
                        Parsed::Response(octets.len() - rest.len())
                    }
                    Err(Err::Incomplete(Needed::Size(more))) => {
                        Parsed::Short(octets.len() + more.get())
                    }
                    Err(Err::Incomplete(Needed::Unknown)) => Parsed::Short(0),
                    other => panic!("{other:?}"),
                }
            }

            fn item(item: &AttributeValue<'_>, walk: &mut Walk) {
                match item {
                    AttributeValue::Uid(uid) => walk.totals.uid_sum += u64::from(*uid),
                    AttributeValue::Flags(flags) => {
                        for flag in flags {
                            walk.totals.flags += 1;
                            walk.text(flag.as_bytes());
                        }
                    }
                    AttributeValue::Rfc822Size(size) => walk.totals.size_sum += u64::from(*size),
                    AttributeValue::InternalDate(date) => walk.text(date.as_bytes()),
                    AttributeValue::Envelope(one) => envelope(one, walk),
                    AttributeValue::BodyStructure(one) => structure(one, walk),
                    AttributeValue::BodySection { data, .. } => {
                        walk.body(data.as_deref().unwrap_or_default());
                    }
                    other => panic!("{other:?}"),
                }
            }

            fn optional(string: &Option<Cow<'_, str>>, walk: &mut Walk) {
                walk.optional(string.as_ref().map(|string| string.as_bytes()));
            }

            fn envelope(envelope: &Envelope<'_>, walk: &mut Walk) {
                walk.totals.envelopes += 1;
                for string in
                    [&envelope.date, &envelope.subject, &envelope.in_reply_to, &envelope.message_id]
                {
                    walk.optional(string.as_deref());
                }
                for list in [
                    &envelope.from,
                    &envelope.sender,
                    &envelope.reply_to,
                    &envelope.to,
                    &envelope.cc,
                    &envelope.bcc,
                ] {
                    list.iter().flatten().for_each(|one| address(one, walk));
                }
            }

            fn address(address: &Address<'_>, walk: &mut Walk) {
                for string in [&address.name, &address.adl, &address.mailbox, &address.host] {
                    walk.optional(string.as_deref());
                }
            }

            fn structure(structure: &BodyStructure<'_>, walk: &mut Walk) {
                match structure {
                    BodyStructure::Basic { common: all, other, extension } => {
                        part(all, other, extension.as_ref(), walk);
                    }
                    BodyStructure::Text { common: all, other, lines, extension } => {
                        part(all, other, extension.as_ref(), walk);
                        walk.number(*lines);
                    }
                    BodyStructure::Message {
                        common: all,
                        other,
                        envelope: inner,
                        body,
                        lines,
                        extension,
                    } => {
                        part(all, other, extension.as_ref(), walk);
                        envelope(inner, walk);
                        self::structure(body, walk);
                        walk.number(*lines);
                    }
                    BodyStructure::Multipart { common: all, bodies, extension } => {
                        bodies.iter().for_each(|body| self::structure(body, walk));
                        common(all, extension.as_ref(), walk);
                    }
                }
            }

            fn part(
                all: &BodyContentCommon<'_>,
                part: &BodyContentSinglePart<'_>,
                extension: Option<&BodyExtension<'_>>,
                walk: &mut Walk,
            ) {
                walk.totals.parts += 1;
                common(all, extension, walk);
                optional(&part.id, walk);
                optional(&part.md5, walk);
                optional(&part.description, walk);
                encoding(&part.transfer_encoding, walk);
                walk.number(part.octets);
            }

            fn encoding(encoding: &ContentEncoding<'_>, walk: &mut Walk) {
                match encoding {
                    ContentEncoding::SevenBit => walk.number(1u8),
                    ContentEncoding::EightBit => walk.number(2u8),
                    ContentEncoding::Binary => walk.number(3u8),
                    ContentEncoding::Base64 => walk.number(4u8),
                    ContentEncoding::QuotedPrintable => walk.number(5u8),
                    ContentEncoding::Other(name) => walk.text(name.as_bytes()),
                }
            }

            fn common(
                common: &BodyContentCommon<'_>,
                extra: Option<&BodyExtension<'_>>,
                walk: &mut Walk,
            ) {
                walk.text(common.ty.ty.as_bytes());
                walk.text(common.ty.subtype.as_bytes());
                parameters(&common.ty.params, walk);
                if let Some(disposition) = &common.disposition {
                    walk.text(disposition.ty.as_bytes());
                    parameters(&disposition.params, walk);
                }
                for language in common.language.iter().flatten() {
                    walk.text(language.as_bytes());
                }
                optional(&common.location, walk);
                extra.into_iter().for_each(|one| extension(one, walk));
            }

            fn parameters(parameters: &BodyParams<'_>, walk: &mut Walk) {
                for (name, value) in parameters.iter().flatten() {
                    walk.text(name.as_bytes());
                    walk.text(value.as_bytes());
                }
            }

            fn extension(extension: &BodyExtension<'_>, walk: &mut Walk) {
                match extension {
                    BodyExtension::Num(number) => walk.number(*number),
                    BodyExtension::Str(string) => optional(string, walk),
                    BodyExtension::List(list) => {
                        list.iter().for_each(|one| self::extension(one, walk));
                    }
                }
            }
        }
    };
}

version!(version_016, nom_7, imap_proto_016::Response::from_bytes, imap_proto_016::types);
version!(version_017, nom_8, imap_proto_017::Response::parse, imap_proto_017);
