//! Views as JSON: what is told whole, envelopes, and structures, flattened to a row a part.

use mailproto_core::imap::response::body_structure::{
    BodyStructure, Extension, Node, Parameters, Part,
};
use mailproto_core::imap::response::envelope::{Addresses, Envelope};
use mailproto_core::imap::response::list::List;
use mailproto_core::imap::response::mailbox_status::StatusItem;
use mailproto_core::imap::response::metadata::MetadataEntries;
use mailproto_core::imap::response::namespace::NamespaceEntries;
use mailproto_core::imap::{Data, MailboxName};
use serde_json::{Value, json};

use crate::told::{string, text};

/// A response that is told whole.
pub(crate) fn whole(data: &Data<'_>) -> Value {
    match data {
        Data::List(list) => mailbox_list(list),
        Data::MailboxStatus(status) => {
            let items: Vec<Value> = status.items().map(|item| status_item(&item)).collect();
            json!(["MAILBOX STATUS", name(status.mailbox), items])
        }
        Data::Namespace(all) => {
            json!([
                "NAMESPACE",
                namespaces(all.personal()),
                namespaces(all.other_users()),
                namespaces(all.shared())
            ])
        }
        Data::Id(id) => {
            let pairs = id.iter().map(|(name, value)| json!([string(Some(name)), string(value)]));
            json!(["ID", pairs.collect::<Vec<_>>()])
        }
        Data::Quota(quota) => {
            let limits = quota.resources().map(|r| json!([text(r.name), r.usage, r.limit]));
            json!(["QUOTA", string(Some(quota.root)), limits.collect::<Vec<_>>()])
        }
        Data::QuotaRoot(root) => {
            let roots: Vec<Value> = root.roots.iter().map(|root| string(Some(root))).collect();
            json!(["QUOTAROOT", name(root.mailbox), roots])
        }
        Data::Acl(acl) => {
            let entries = acl.entries().map(|(who, rights)| {
                json!([string(Some(who)), text(&rights.iter().collect::<Vec<u8>>())])
            });
            json!(["ACL", name(acl.mailbox), entries.collect::<Vec<_>>()])
        }
        Data::ListRights(list) => {
            let optional = list.optional().map(|rights| text(&rights.iter().collect::<Vec<u8>>()));
            json!([
                "LISTRIGHTS",
                name(list.mailbox),
                string(Some(list.identifier)),
                text(&list.required.iter().collect::<Vec<u8>>()),
                optional.collect::<Vec<_>>()
            ])
        }
        Data::MyRights(mine) => {
            let rights: Vec<u8> = mine.rights.iter().collect();
            json!(["MYRIGHTS", name(mine.mailbox), text(&rights)])
        }
        Data::Metadata(metadata) => {
            let entries = match metadata.entries {
                MetadataEntries::Values(values) => values
                    .map(|(entry, value)| json!([string(Some(entry)), string(value)]))
                    .collect::<Vec<_>>(),
                MetadataEntries::Changed(names) => {
                    names.iter().map(|name| string(Some(name))).collect()
                }
            };
            json!(["METADATA", name(metadata.mailbox), entries])
        }
        Data::Exists(count) => json!(["EXISTS", count]),
        Data::Recent(count) => json!(["RECENT", count]),
        Data::Expunge(number) => json!(["EXPUNGE", number]),
        Data::Unrecognized(line) => json!(["UNRECOGNIZED", text(line)]),
        other => json!(["DATA", format!("{other:?}")]),
    }
}

fn name(mailbox: MailboxName<'_>) -> Value {
    mailbox.display(false).to_string().into()
}

fn mailbox_list(list: &List<'_>) -> Value {
    let attributes: Vec<Value> = list.attributes.iter().map(|a| text(a.as_bytes())).collect();
    let delimiter = list.delimiter.map(|octet| char::from(octet).to_string());
    let extended: Vec<String> = list.extended().map(|item| format!("{item:?}")).collect();
    json!([
        format!("{:?}", list.kind).to_uppercase(),
        attributes,
        delimiter,
        name(list.name),
        extended
    ])
}

fn status_item(item: &StatusItem<'_>) -> Value {
    match *item {
        StatusItem::Messages(count) => json!(["MESSAGES", count]),
        StatusItem::Recent(count) => json!(["RECENT", count]),
        StatusItem::UidNext(uid) => json!(["UIDNEXT", uid]),
        StatusItem::UidValidity(number) => json!(["UIDVALIDITY", number]),
        StatusItem::Unseen(count) => json!(["UNSEEN", count]),
        StatusItem::Deleted(count) => json!(["DELETED", count]),
        StatusItem::Size(octets) => json!(["SIZE", octets]),
        StatusItem::HighestModSeq(number) => json!(["HIGHESTMODSEQ", number]),
        StatusItem::MailboxId(id) => json!(["MAILBOXID", text(id)]),
        other => json!(["OTHER", format!("{other:?}")]),
    }
}

fn namespaces(entries: NamespaceEntries<'_>) -> Value {
    let entry = |delimiter: Option<u8>| delimiter.map(|octet| char::from(octet).to_string());
    entries.map(|each| json!([name(each.prefix), entry(each.delimiter)])).collect()
}

/// The fields in the order of the wire (RFC 9051 §7.5.2).
pub(crate) fn envelope(envelope: &Envelope<'_>) -> Value {
    json!([
        string(envelope.date()),
        string(envelope.subject()),
        addresses(envelope.from()),
        addresses(envelope.sender()),
        addresses(envelope.reply_to()),
        addresses(envelope.to()),
        addresses(envelope.cc()),
        addresses(envelope.bcc()),
        string(envelope.in_reply_to()),
        string(envelope.message_id())
    ])
}

fn addresses(addresses: Addresses<'_>) -> Value {
    let each = addresses.map(|one| {
        json!([string(one.name), string(one.adl), string(one.mailbox), string(one.host)])
    });
    each.collect()
}

/// A row a part, and one at the end of each multipart and of each message within the message.
pub(crate) fn structure(structure: &BodyStructure<'_>) -> Value {
    let mut rows = Vec::new();
    let mut nodes = structure.nodes();
    while let Some(node) = nodes.next() {
        let section: Vec<String> = nodes.section().iter().map(u16::to_string).collect();
        let section = section.join(".");
        match node {
            Node::Part(part) => rows.push(row(&section, &part)),
            Node::Message(part, inner) => {
                rows.push(row(&section, &part));
                rows.push(json!(["envelope", envelope(&inner)]));
            }
            Node::MessageEnd(end) => {
                rows.push(json!(["message end", end.lines, extension(&end.extension)]));
            }
            Node::Close(multipart) => rows.push(json!([
                "multipart end",
                string(Some(multipart.subtype)),
                parameters(multipart.parameters),
                extension(&multipart.extension)
            ])),
            _ => {}
        }
    }
    rows.into()
}

fn row(section: &str, part: &Part<'_>) -> Value {
    json!([
        section,
        string(Some(part.media_type)),
        string(Some(part.subtype)),
        parameters(part.parameters),
        string(part.id),
        string(part.description),
        string(Some(part.encoding)),
        part.octets,
        part.lines,
        extension(&part.extension)
    ])
}

fn parameters(parameters: Parameters<'_>) -> Value {
    let pairs = parameters.into_iter();
    pairs.map(|(name, value)| json!([string(Some(name)), string(Some(value))])).collect()
}

/// MD5, disposition, languages, location.
fn extension(extension: &Extension<'_>) -> Value {
    let disposition = extension.disposition().map(|disposition| {
        json!([string(Some(disposition.kind)), parameters(disposition.parameters)])
    });
    let languages: Vec<Value> = extension.language().map(|tag| string(Some(tag))).collect();
    json!([string(extension.md5()), disposition, languages, string(extension.location())])
}
