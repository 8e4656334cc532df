//! Mailbox names in modified UTF-7 (RFC 3501 §5.1.3), both ways.

use mailproto_core::imap::{ImapString, Mailbox, MailboxName};
use serde_json::Value;

/// Compares what a case says of a name; `wire` is its octets.
pub(crate) fn compare(case: &Value, given: &[u8]) -> Result<(), String> {
    let meaning = &case["meaning"];
    let good = case["expect"] == "ok";
    match meaning["rule"].as_str() {
        Some("mutf7-encode") => {
            let wire = meaning["out"].as_str().unwrap_or_default();
            match std::str::from_utf8(given) {
                Ok(name) if good => encodes(name, wire.as_bytes()),
                // What is no text cannot be given to the client.
                Err(_) if !good => Ok(()),
                other => Err(format!("{other:?}, {wire}")),
            }
        }
        Some("mutf7-decode") if good => decodes(given, meaning["out"].as_str().expect("a name")),
        Some("mutf7-decode") => refuses(given),
        Some("mutf7") => {
            let name = meaning["utf8"].as_str().expect("a name");
            decodes(given, name)?;
            encodes(name, given)
        }
        other => Err(format!("no such rule: {other:?}")),
    }
}

fn encodes(name: &str, wire: &[u8]) -> Result<(), String> {
    let mut out = [0; 512];
    match Mailbox::Name(name).encode_to(&mut out, false) {
        Some(ours) if ours == wire => Ok(()),
        other => Err(format!("{name:?} is {:?}", other.map(<[u8]>::escape_ascii))),
    }
}

fn decodes(wire: &[u8], name: &str) -> Result<(), String> {
    let mut out = [0; 512];
    let read = MailboxName::new(ImapString::plain(wire));
    match read.decode_to(&mut out, false) {
        Ok(ours) if ours == name && read.is_valid(false) => Ok(()),
        other => Err(format!("{} is {other:?}", wire.escape_ascii())),
    }
}

/// The octets stay readable as they came, but as a name they are refused.
fn refuses(wire: &[u8]) -> Result<(), String> {
    let mut out = [0; 512];
    let read = MailboxName::new(ImapString::plain(wire));
    match read.decode_to(&mut out, false) {
        Err(_) if !read.is_valid(false) && read.as_received() == *wire => Ok(()),
        other => Err(format!("{} is {other:?}", wire.escape_ascii())),
    }
}
