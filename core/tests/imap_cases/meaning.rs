//! What cases say they mean, as trees: each source that says it in a structured way has its own way.

use mailproto_core::imap::{Date, DateTime};
use mailproto_core::message::encoded_word::decode_to_utf8;
use serde_json::Value;

use crate::plain;
use crate::told::Response;
use crate::tree::Tree;

/// Compares what was told with what the case means; whether it says anything structured.
pub(crate) fn compare(source: &str, case: &Value, told: &[Response]) -> Result<bool, String> {
    let meaning = &case["meaning"];
    match source {
        "imapflow" | "emailjs-imap-handler" => library(meaning, told),
        "ruby-net-imap" => equal(told, &[ruby(meaning)]),
        "imapclient" => imapclient(meaning, told),
        "node-imap" => node(meaning, told),
        "mailkit" if meaning.get("internaldate").is_some() => {
            let items = Tree::List(vec![Tree::atom("INTERNALDATE"), Tree::nil()]);
            equal(told, &[fetch(1, items)])
        }
        _ => Ok(false),
    }
}

fn equal(told: &[Response], meant: &[Tree]) -> Result<bool, String> {
    if told.len() != meant.len() {
        return Err(format!("{} responses, not {}", told.len(), meant.len()));
    }
    for (response, meant) in told.iter().zip(meant) {
        let (told, meant) = (sorted(&readable(response)), sorted(&plain::normal(meant)));
        if !told.says(&meant) {
            return Err(format!("told {told:?}, meant {meant:?}"));
        }
    }
    Ok(true)
}

/// A response as a tree, also where the client handed it over raw.
fn readable(response: &Response) -> Tree {
    match &response.tree {
        Tree::Text(raw) => Tree::List(plain::words(raw)),
        tree => plain::normal(tree),
    }
}

/// With the pairs of FETCH and STATUS in the order of their names: a JSON object has none.
fn sorted(tree: &Tree) -> Tree {
    let pairs = |list: &Tree| {
        let mut pairs: Vec<&[Tree]> = list.list().chunks(2).collect();
        pairs.sort_by_key(|pair| pair[0].octets().to_ascii_uppercase());
        Tree::List(pairs.concat())
    };
    match tree.list() {
        [star, name, mailbox, items] if name.is_word("STATUS") => {
            Tree::List(vec![star.clone(), name.clone(), mailbox.clone(), pairs(items)])
        }
        [star, number, name, items] if name.is_word("FETCH") => {
            Tree::List(vec![star.clone(), number.clone(), name.clone(), pairs(items)])
        }
        _ => tree.clone(),
    }
}

fn fetch(number: u64, items: Tree) -> Tree {
    Tree::List(vec![Tree::atom("*"), Tree::number(number), Tree::atom("FETCH"), items])
}

/// Strings of JavaScript that were parsed hold octets, one a character; those that are to be emitted, text.
type Encode = fn(&str) -> Vec<u8>;

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|letter| letter as u8).collect()
}

fn utf8(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn text_or_nil(value: &Value) -> Tree {
    value.as_str().map_or_else(Tree::nil, Tree::text)
}

/// Numbers and words as atoms, what may be either as a string, lists as lists.
fn generic(value: &Value) -> Tree {
    match value {
        Value::Null | Value::Bool(_) => Tree::nil(),
        Value::Number(number) => Tree::number(number),
        Value::String(text) => Tree::text(text),
        Value::Array(list) => Tree::List(list.iter().map(generic).collect()),
        Value::Object(map) => {
            let pairs = map.iter().flat_map(|(key, value)| [Tree::text(key), generic(value)]);
            Tree::List(pairs.collect())
        }
    }
}

// imapflow and emailjs-imap-handler: a tag, a command and attributes.

fn library(meaning: &Value, told: &[Response]) -> Result<bool, String> {
    let emitted = meaning["rule"] == "emit";
    let parsed = if emitted { &meaning["object"] } else { &meaning["parsed"] };
    let octets = if emitted { utf8 } else { latin1 };
    let options = &meaning["options"];
    // For a log, values are hidden or cut.
    let hidden = options["isLogging"] == true || options[1] == true;
    if !parsed.is_object() || hidden {
        return Ok(false);
    }
    let none = Vec::new();
    let attributes = parsed["attributes"].as_array().unwrap_or(&none);
    // Values that are none of the library's types, or of no type.
    let typed = |value: &Value| {
        value.get("type").is_some_and(Value::is_string)
            && !value.get("value").is_some_and(Value::is_object)
    };
    if attributes.iter().any(|value| value.is_object() && !typed(value)) {
        return Ok(false);
    }
    let (tag, command) = (&parsed["tag"], parsed["command"].as_str().unwrap_or_default());
    let tree = if tag == "+" {
        let words =
            attributes.iter().map(|each| octets(each["value"].as_str().unwrap_or_default()));
        let words = [octets(command)].into_iter().chain(words).filter(|word| !word.is_empty());
        let text = words.collect::<Vec<_>>().join(&b' ');
        Tree::List(vec![Tree::atom("+"), Tree::nil(), Tree::text(text)])
    } else if ["OK", "NO", "BAD", "BYE", "PREAUTH"].contains(&command) {
        status(command, attributes, octets)
    } else {
        let command = (!command.is_empty()).then(|| Tree::atom(command));
        let attributes = attributes.iter().flat_map(|value| match value["type"].as_str() {
            // Free text is more than one word.
            Some("TEXT") => plain::words(&octets(value["value"].as_str().unwrap_or_default())),
            // Not of the library's types: nothing is emitted.
            Some(_) if value.get("value").is_none() && value.get("section").is_none() => {
                if value["type"] == "NUMBER" { vec![Tree::number(0)] } else { Vec::new() }
            }
            _ => vec![attribute(value, octets)],
        });
        Tree::List([Tree::atom("*")].into_iter().chain(command).chain(attributes).collect())
    };
    equal(told, &[tree])
}

fn status(command: &str, attributes: &[Value], octets: Encode) -> Tree {
    let code = attributes.iter().find_map(|each| each["section"].as_array());
    let code = code.map_or_else(Tree::nil, |code| {
        Tree::List(code.iter().map(|value| attribute(value, octets)).collect())
    });
    let text = attributes.iter().find(|each| each["type"] == "TEXT");
    let text = text.map_or("", |text| text["value"].as_str().unwrap_or_default());
    Tree::List(vec![Tree::atom("*"), Tree::atom(command), code, Tree::text(octets(text))])
}

fn attribute(value: &Value, octets: Encode) -> Tree {
    let text = |value: &Value| match value {
        Value::String(text) => octets(text),
        Value::Number(number) => number.to_string().into_bytes(),
        _ => Vec::new(),
    };
    match value {
        Value::Array(list) => Tree::List(list.iter().map(|each| attribute(each, octets)).collect()),
        Value::Object(object) => {
            let plain = text(object.get("value").unwrap_or(&Value::Null));
            match object["type"].as_str().unwrap_or_default().to_ascii_uppercase().as_str() {
                "STRING" | "LITERAL" | "TEXT" => Tree::Text(plain),
                _ if object.contains_key("section") => Tree::Atom(section(plain, value)),
                _ => Tree::Atom(plain),
            }
        }
        Value::String(text) => Tree::text(octets(text)),
        other => generic(other),
    }
}

/// `BODY[HEADER.FIELDS (A B)]<0.10>`.
fn section(mut word: Vec<u8>, value: &Value) -> Vec<u8> {
    fn show(value: &Value) -> String {
        match value {
            Value::Array(list) => {
                let words: Vec<String> = list.iter().map(show).collect();
                format!("({})", words.join(" "))
            }
            Value::String(text) => text.clone(),
            other => other["value"].as_str().unwrap_or_default().to_owned(),
        }
    }
    let parts = value["section"].as_array().expect("a section");
    let parts: Vec<String> = parts.iter().map(show).collect();
    word.extend(format!("[{}]", parts.join(" ")).bytes());
    if let Some(partial) = value["partial"].as_array() {
        let numbers: Vec<String> = partial.iter().map(ToString::to_string).collect();
        word.extend(format!("<{}>", numbers.join(".")).bytes());
    }
    word
}

// ruby's net/imap: an object a response.

fn ruby(value: &Value) -> Tree {
    if value["_class"] == "ContinuationRequest" {
        let text = text_or_nil(&value["data"]["text"]);
        return Tree::List(vec![Tree::atom("+"), Tree::nil(), text]);
    }
    let (name, data) = (value["name"].as_str().expect("a name"), &value["data"]);
    let line = |rest: Vec<Tree>| {
        Tree::List([Tree::atom("*"), Tree::atom(name)].into_iter().chain(rest).collect())
    };
    match data["_class"].as_str() {
        _ if data.is_number() => Tree::List(vec![Tree::atom("*"), generic(data), Tree::atom(name)]),
        Some("MailboxList") => line(vec![
            ruby_flags(&data["attr"]),
            text_or_nil(&data["delim"]),
            text_or_nil(&data["name"]),
        ]),
        Some("ResponseText") => {
            let code = &data["code"];
            let argument = (!code["data"].is_null()).then(|| generic(&code["data"]));
            let code = [generic(&code["name"])].into_iter().chain(argument).collect();
            line(vec![Tree::List(code), text_or_nil(&data["text"])])
        }
        Some("SearchResult") => {
            let mut found = generic(&data["internal"]).list().to_vec();
            if let Some(mod_seq) = data["ivars"]["@modseq"].as_u64() {
                found.push(Tree::List(vec![Tree::atom("MODSEQ"), Tree::number(mod_seq)]));
            }
            line(found)
        }
        Some("StatusData") => {
            let pairs = data["attr"].as_object().expect("attributes").iter();
            let pairs = pairs.flat_map(|(key, value)| [Tree::atom(key), ruby_value(value)]);
            line(vec![text_or_nil(&data["mailbox"]), Tree::List(pairs.collect())])
        }
        Some("FetchData") => {
            let pairs = data["attr"].as_object().expect("attributes").iter();
            let pairs = pairs.flat_map(|(key, value)| [Tree::atom(key), ruby_value(value)]);
            let items = Tree::List(pairs.collect());
            fetch(data["seqno"].as_u64().expect("a number"), items)
        }
        _ if name == "FLAGS" => line(vec![ruby_flags(data)]),
        _ => line(words(&generic(data)).list().to_vec()),
    }
}

/// With each string as a word, which compares in any case and may be a string on the wire.
fn words(tree: &Tree) -> Tree {
    match tree {
        Tree::List(list) => Tree::List(list.iter().map(words).collect()),
        Tree::Text(text) if text.contains(&b' ') => tree.clone(),
        other => Tree::atom(other.octets()),
    }
}

/// `:Seen` is `\Seen`.
fn ruby_flags(flags: &Value) -> Tree {
    let flags = flags.as_array().expect("flags").iter().map(|flag| {
        let flag = flag.as_str().expect("a flag");
        Tree::atom(flag.strip_prefix(':').map_or(flag.to_owned(), |flag| format!("\\{flag}")))
    });
    Tree::List(flags.collect())
}

fn ruby_value(value: &Value) -> Tree {
    match value["_class"].as_str() {
        Some("ExtensionData") => words(&ruby_value(&value["data"])),
        Some("SequenceSet") => Tree::text(value["string"].as_str().expect("a set")),
        Some("Envelope") => envelope(value, "from"),
        Some("BodyTypeText") => {
            let keys = ["media_type", "subtype", "param", "content_id", "description", "encoding"];
            let more = ["size", "lines", "md5", "disposition", "language", "extension"];
            Tree::List(keys.iter().chain(&more).map(|key| generic(&value[*key])).collect())
        }
        _ if value.is_array() => {
            let first = value[0].as_str().unwrap_or_default();
            if first.starts_with(':') { ruby_flags(value) } else { generic(value) }
        }
        _ => generic(value),
    }
}

/// Of net/imap and IMAPClient.
fn envelope(value: &Value, from: &str) -> Tree {
    let people = [from, "sender", "reply_to", "to", "cc", "bcc"];
    let mut fields = vec![text_or_nil(&value["date"]), text_or_nil(&value["subject"])];
    fields.extend(people.map(|key| match value[key].as_array() {
        None => Tree::nil(),
        Some(all) => {
            let each = all.iter().map(|address| {
                let keys = ["name", "route", "mailbox", "host"];
                Tree::List(keys.map(|key| text_or_nil(&address[key])).into())
            });
            Tree::List(each.collect())
        }
    }));
    fields.extend(["in_reply_to", "message_id"].map(|key| text_or_nil(&value[key])));
    Tree::List(fields)
}

// IMAPClient: a dictionary of messages, a list of numbers, or a value.

fn imapclient(meaning: &Value, told: &[Response]) -> Result<bool, String> {
    let parsed = &meaning["parsed"];
    if parsed.get("exception").is_some() {
        return Ok(false);
    }
    let told: Vec<Tree> = told.iter().map(readable).collect();
    if meaning["rule"] == "parse_message_list" {
        let is_number = |tree: &&Tree| tree.octets().iter().all(u8::is_ascii_digit);
        let words = told[0].list()[2..].iter().filter(|tree| matches!(tree, Tree::Atom(_)));
        let found = Tree::List(words.filter(is_number).cloned().collect());
        return same(&found, &generic(parsed));
    }
    if meaning["rule"] == "parse_response" {
        let items = told[0].list()[3].list();
        return match items {
            [_, value] => same(&value.reduced(), &parts(&generic(&parsed[0])).reduced()),
            _ => same(&Tree::List(items.to_vec()).reduced(), &generic(&parsed[0]).reduced()),
        };
    }
    for message in parsed.as_object().expect("messages").values() {
        let number = Tree::number(message["SEQ"].as_u64().expect("a number"));
        let about = told.iter().map(Tree::list).filter(|list| list.get(1) == Some(&number));
        let items: Vec<&[Tree]> = about.flat_map(|list| list[3].list().chunks(2)).collect();
        for (key, meant) in message.as_object().expect("a message") {
            let found = items.iter().find(|pair| pair[0].is_word(key));
            match found {
                Some([_, value]) => imapclient_item(key, value, meant)?,
                _ if key == "SEQ" => {}
                _ => return Err(format!("{key} was not told: {items:?}")),
            }
        }
    }
    Ok(true)
}

fn same(told: &Tree, meant: &Tree) -> Result<bool, String> {
    if told.says(meant) { Ok(true) } else { Err(format!("told {told:?}, meant {meant:?}")) }
}

fn imapclient_item(key: &str, told: &Tree, meant: &Value) -> Result<(), String> {
    let tree = match meant["_class"].as_str() {
        Some("Envelope") => {
            // Its date was read as a date.
            let mut meant = envelope(meant, "from_");
            if let (Tree::List(meant), [date, ..]) = (&mut meant, told.list()) {
                meant[0] = date.clone();
            }
            return same(told, &meant.reduced()).map(drop);
        }
        _ if key == "INTERNALDATE" && meant.is_string() => {
            let meant = unix(meant.as_str().expect("a date"));
            let told = unix_of_wire(told.octets());
            return if told == meant { Ok(()) } else { Err(format!("{told:?}, not {meant:?}")) };
        }
        // A MODSEQ without parentheses (RFC 7162 §7 demands them).
        _ if key == "MODSEQ" && meant.is_number() => Tree::List(vec![generic(meant)]),
        _ => parts(&generic(meant)),
    };
    let structure = key == "BODY" || key == "BODYSTRUCTURE";
    let tree = if structure { tree.reduced() } else { tree };
    same(told, &tree).map(drop)
}

/// IMAPClient puts the parts of a multipart into a list of their own.
fn parts(tree: &Tree) -> Tree {
    let Tree::List(list) = tree else { return tree.clone() };
    let list: Vec<Tree> = list.iter().map(parts).collect();
    match &list[..] {
        [Tree::List(first), Tree::Text(_), ..] if matches!(first.first(), Some(Tree::List(_))) => {
            Tree::List([&first[..], &list[1..]].concat())
        }
        _ => Tree::List(list),
    }
}

/// `2007-02-09 17:08:08-04:30`; without a zone it is UTC. Also `1996-07-17T09:44:25.000Z`.
fn unix(text: &str) -> Option<i64> {
    let numbers: Vec<i16> = text
        .split(|letter: char| !letter.is_ascii_digit())
        .map_while(|part| part.parse().ok())
        .collect();
    let [year, month, day, hour, minute, second, ref zone @ ..] = numbers[..] else { return None };
    let zone_minutes = match zone {
        [hours, minutes] => (hours * 60 + minutes) * if text[10..].contains('-') { -1 } else { 1 },
        _ => 0,
    };
    let small = |number: i16| u8::try_from(number).ok();
    let date = Date::new(u16::try_from(year).ok()?, small(month)?, small(day)?)?;
    let (hour, minute, second) = (small(hour)?, small(minute)?, small(second)?);
    Some(DateTime { date, hour, minute, second, zone_minutes }.to_unix())
}

/// ` 9-feb-2007 17:08:08 -0430`.
fn unix_of_wire(octets: &[u8]) -> Option<i64> {
    const MONTHS: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
    let text = std::str::from_utf8(octets).ok()?.trim_start();
    let (day, rest) = text.split_once('-')?;
    let (month, rest) = rest.split_once('-')?;
    let month = MONTHS.find(&month.to_ascii_lowercase())? / 3 + 1;
    let (year, rest) = rest.split_once(' ')?;
    let (time, zone) = rest.split_once(' ')?;
    unix(&format!("{year}-{month}-{day} {time}{}:{}", &zone[..3], &zone[3..]))
}

// node-imap: an object an event.

fn node(meaning: &Value, told: &[Response]) -> Result<bool, String> {
    let expected = &meaning["expected"];
    match meaning["parser"].as_str() {
        Some("parse-envelope-addrs") => return node_addresses(expected, told),
        Some("parse-expr") => {
            let items = readable(&told[0]).list()[3].clone();
            // A string stands in PREVIEW here, a list in an item of its own.
            let items = match items.list() {
                [name, list] if name.is_word("X-VALUE") => list.clone(),
                [name, text] if name.is_word("PREVIEW") => Tree::List(vec![text.clone()]),
                items => {
                    let meant = plain::normal(&fetch(1, words(&generic(expected))));
                    return same(&Tree::List(items.to_vec()), &meant.list()[3]);
                }
            };
            return same(&items, &generic(expected));
        }
        Some("parser") => {}
        _ => return Ok(false),
    }
    // A body is told by an event of its own there.
    let all = expected.as_array().expect("events").iter();
    let meant: Vec<&Value> = all.filter(|event| event.get("which").is_none()).collect();
    if meant.len() != told.len() {
        return Err(format!("{} responses, not {}", told.len(), meant.len()));
    }
    let mut compared = false;
    for (response, meant) in told.iter().zip(meant) {
        compared |= node_event(&readable(response), meant)?;
    }
    Ok(compared)
}

fn node_event(told: &Tree, meant: &Value) -> Result<bool, String> {
    let Some(name) = meant["type"].as_str().or(meant.get("textCode").map(|_| "+")) else {
        return Ok(false);
    };
    let text = &meant["text"];
    let list = told.list();
    let tree = match name {
        "ok" | "no" | "bad" | "+" => {
            let code = match &meant["textCode"] {
                Value::Null => Tree::nil(),
                Value::String(code) => Tree::List(vec![Tree::text(code)]),
                code => Tree::List(vec![generic(&code["key"]), generic(&code["val"])]),
            };
            let text = Tree::text(text.as_str().unwrap_or_default());
            let words = if name == "+" { vec![] } else { vec![Tree::atom(name)] };
            let told = Tree::List(list[1..].to_vec());
            let meant = Tree::List([words, vec![code, text]].concat());
            return same(&told, &meant);
        }
        "exists" | "recent" | "expunge" => {
            Tree::List(vec![Tree::atom("*"), generic(&meant["num"]), Tree::atom(name)])
        }
        "flags" => Tree::List(vec![Tree::atom("*"), Tree::atom(name), generic(text)]),
        "search" => {
            let head = [Tree::atom("*"), Tree::atom(name)];
            Tree::List(head.into_iter().chain(generic(text).list().to_vec()).collect())
        }
        "list" | "xlist" | "lsub" => {
            let fields = ["flags", "delimiter", "name"].map(|key| generic(&text[key]));
            Tree::List([Tree::atom("*"), Tree::atom(name)].into_iter().chain(fields).collect())
        }
        "status" => {
            let fields = vec![generic(&text["name"]), generic(&text["attrs"])];
            let tree = Tree::List([vec![Tree::atom("*"), Tree::atom(name)], fields].concat());
            return same(&lowered(&sorted(told)), &lowered(&sorted(&tree)));
        }
        "namespace" => {
            let kinds = ["personal", "other", "shared"].map(|kind| node_namespaces(&text[kind]));
            Tree::List([Tree::atom("*"), Tree::atom(name)].into_iter().chain(kinds).collect())
        }
        "quotaroot" => {
            let roots = generic(&text["roots"]);
            let head = [Tree::atom("*"), Tree::atom(name), generic(&text["mailbox"])];
            Tree::List([&head[..], roots.list()].concat())
        }
        "quota" => {
            let resources = text["resources"].as_object().expect("resources").iter();
            let resources = resources.flat_map(|(name, value)| {
                [Tree::text(name), generic(&value["usage"]), generic(&value["limit"])]
            });
            let resources = Tree::List(resources.collect());
            let root = generic(&text["root"]);
            let tree = Tree::List(vec![Tree::atom("*"), Tree::atom(name), root, resources]);
            return same(&lowered(told), &lowered(&tree));
        }
        "esearch" => return node_esearch(told, text),
        "fetch" => return node_fetch(told, meant),
        _ => return Ok(false),
    };
    same(told, &tree)
}

fn node_namespaces(all: &Value) -> Tree {
    let Some(all) = all.as_array() else { return Tree::nil() };
    let each = all.iter().map(|entry| {
        let mut fields = vec![generic(&entry["prefix"]), generic(&entry["delimiter"])];
        fields.extend(generic(&entry["extensions"]).list().to_vec());
        Tree::List(fields)
    });
    Tree::List(each.collect())
}

fn node_esearch(told: &Tree, meant: &Value) -> Result<bool, String> {
    for (key, value) in meant.as_object().expect("items") {
        let at = told.list().iter().position(|tree| tree.is_word(key));
        let found = at.and_then(|at| told.list().get(at + 1)).ok_or("not told")?;
        let value = match value.as_array() {
            Some(set) => {
                let ranges: Vec<&str> = set.iter().filter_map(Value::as_str).collect();
                Tree::text(ranges.join(","))
            }
            None => generic(value),
        };
        same(found, &value)?;
    }
    Ok(true)
}

fn node_fetch(told: &Tree, meant: &Value) -> Result<bool, String> {
    same(&told.list()[1], &generic(&meant["num"]))?;
    let items: Vec<&[Tree]> = told.list()[3].list().chunks(2).collect();
    for (key, value) in meant["text"].as_object().expect("items") {
        let found = items.iter().find(|pair| pair[0].is_word(key));
        let Some([_, found]) = found else { return Err(format!("{key} was not told")) };
        match key.as_str() {
            "internaldate" => {
                let dates = [unix_of_wire(found.octets()), unix(value.as_str().expect("a date"))];
                if dates[0] != dates[1] {
                    return Err(format!("{dates:?}"));
                }
            }
            "envelope" => {
                let fields = ["from", "sender", "replyTo", "to", "cc", "bcc"];
                for (at, field) in fields.iter().enumerate() {
                    let nil = Tree::nil();
                    let told = found.list().get(at + 2).unwrap_or(&nil);
                    compare_addresses(told, &value[*field])?;
                }
                same(&found.list()[1], &generic(&value["subject"]))?;
            }
            "body" | "bodystructure" => {}
            _ => drop(same(found, &generic(value))?),
        }
    }
    Ok(true)
}

fn node_addresses(expected: &Value, told: &[Response]) -> Result<bool, String> {
    let told = readable(&told[0]);
    let envelope = told.list()[3].list()[1].clone();
    let nil = Tree::nil();
    compare_addresses(envelope.list().get(5).unwrap_or(&nil), expected)?;
    Ok(true)
}

/// Groups are put together: an address without host begins one, one without mailbox ends it (RFC 9051 §7.5.2).
fn compare_addresses(told: &Tree, meant: &Value) -> Result<(), String> {
    let mut flat = Vec::new();
    for address in told.list() {
        let nil = Tree::nil();
        let field = |at: usize| address.list().get(at).unwrap_or(&nil).clone();
        match (field(2), field(3)) {
            (mailbox, host) if mailbox.is_nil() && host.is_nil() => {}
            (name, host) if host.is_nil() => flat.push(vec![Tree::atom("group"), name]),
            (mailbox, host) => flat.push(vec![decoded(field(0)), mailbox, host]),
        }
    }
    let mut wanted = Vec::new();
    for each in meant.as_array().unwrap_or(&Vec::new()) {
        if let Some(group) = each["group"].as_str() {
            wanted.push(vec![Tree::atom("group"), Tree::text(group)]);
        }
        let people = each["addresses"].as_array().cloned().unwrap_or_default();
        let one = each.get("mailbox").map(|_| each.clone());
        for person in people.iter().chain(&one) {
            wanted.push(["name", "mailbox", "host"].map(|key| text_or_nil(&person[key])).into());
        }
    }
    let list = |all: Vec<Vec<Tree>>| Tree::List(all.into_iter().map(Tree::List).collect());
    same(&list(flat), &list(wanted)).map(drop)
}

/// node-imap decodes encoded words (RFC 2047).
fn decoded(name: Tree) -> Tree {
    let mut out = [0; 512];
    match &name {
        Tree::Text(text) if text.starts_with(b"=?") => {
            let decoded = decode_to_utf8(text, &mut out);
            Tree::text(&out[..decoded.len])
        }
        _ => name,
    }
}

/// node-imap tells names in small letters.
fn lowered(tree: &Tree) -> Tree {
    match tree {
        Tree::Atom(word) => Tree::Atom(word.to_ascii_lowercase()),
        Tree::Text(text) => Tree::Text(text.to_ascii_lowercase()),
        Tree::List(list) => Tree::List(list.iter().map(lowered).collect()),
    }
}
