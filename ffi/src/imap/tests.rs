//! Whether every variant of the engine has a number here. The engine's enumerations may grow without the
//! compiler's saying so; hence its sources are read.

use std::fs;
use std::path::Path;

/// An enumeration of the engine, where it stands, and what translates it.
const ENUMERATIONS: [(&str, &str, &str); 16] = [
    ("command/mod.rs", "CommandKind", "command.rs"),
    ("quirk.rs", "Quirk", "quirk.rs"),
    ("response/code.rs", "Code", "code.rs"),
    ("attribute.rs", "Attribute", "view/lists.rs"),
    ("event.rs", "Event", "event.rs"),
    ("event.rs", "Greeting", "event.rs"),
    ("event.rs", "Status", "event.rs"),
    ("event.rs", "Oversize", "event.rs"),
    ("response/mod.rs", "Data", "event.rs"),
    ("response/mod.rs", "Listing", "event.rs"),
    ("response/fetch.rs", "Item", "event.rs"),
    ("response/esearch.rs", "EsearchItem", "event.rs"),
    ("response/mailbox_status.rs", "StatusItem", "view/lists.rs"),
    ("session.rs", "State", "mod.rs"),
    ("command/fetch.rs", "FetchItem", "item.rs"),
    ("command/search_key.rs", "SearchKey", "search_key.rs"),
];

/// What C says in another way: by an operator before its operands, by parentheses, or as what is left.
const OTHERWISE: [&str; 6] = [
    "Attribute::Other",
    "SearchKey::And",
    "SearchKey::Fuzzy",
    "SearchKey::Not",
    "SearchKey::Or",
    "SearchKey::Steps",
];

#[test]
#[cfg_attr(miri, ignore = "reads files")]
fn every_variant_of_the_engine_has_a_number() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, name, translator) in ENUMERATIONS {
        let read = |path| fs::read_to_string(here.join(path)).expect("a source file");
        let translation = read(format!("src/imap/{translator}"));
        let variants = variants(&read(format!("../core/src/imap/{file}")), name);
        assert!(variants.len() > 2, "{name}: {variants:?}");
        for variant in variants {
            let variant = format!("{name}::{variant}");
            let elsewhere = OTHERWISE.contains(&&*variant);
            assert!(elsewhere || has(&translation, &variant), "{variant} has no number");
        }
    }
}

/// Whether the text has the word, and not only as the beginning of a longer one.
fn has(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let behind = text[at + word.len()..].chars().next();
        !behind.is_some_and(|letter| letter.is_alphanumeric())
    })
}

/// The names of an enumeration's variants: words that begin a line one step in.
fn variants(source: &str, name: &str) -> Vec<String> {
    let head = source.find(&format!("pub enum {name}")).expect("the enumeration");
    let body = source[head..].split("\n}").next().expect("its end");
    let lines = body.lines().skip(1).filter_map(|line| line.strip_prefix("    "));
    let begins = lines.filter(|line| line.starts_with(|letter: char| letter.is_ascii_uppercase()));
    let word =
        |line: &str| line.split(|letter: char| !letter.is_alphanumeric()).next().map(String::from);
    begins.filter_map(word).collect()
}
