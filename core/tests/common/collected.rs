//! The cases that were collected elsewhere: where they lie, and where it is kept how they came out.

use std::path::PathBuf;

use super::root;

/// The folder of the cases. They are not part of this project: they lie in a folder beside it, or where
/// `MAILPROTO_SHARED` says. Where they are absent this says so, and with `MAILPROTO_REQUIRE_ALL=1` fails.
pub(crate) fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("MAILPROTO_SHARED").map(PathBuf::from);
    let folder = shared.unwrap_or_else(|| root().join("../shared")).join("cases");
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var("MAILPROTO_REQUIRE_ALL").is_ok_and(|value| value == "1");
    assert!(!required, "the collected cases are not there (MAILPROTO_SHARED)");
    println!("skipped: the collected cases are not there (MAILPROTO_SHARED)");
    None
}

/// Compares `text` with what stands under `heading`, a line as `## IMAP`, in `tests/corpus/RESULTS.md`;
/// `MAILPROTO_BLESS=1` puts it there instead. What stands under other headings stays.
pub(crate) fn keep(heading: &str, text: &str) {
    let path = root().join("tests/corpus/RESULTS.md");
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let fresh = with_section(&kept, heading, text);
    if std::env::var_os("MAILPROTO_BLESS").is_some() {
        std::fs::write(&path, &fresh).expect("RESULTS.md");
    } else {
        assert!(kept == fresh, "{heading} in tests/corpus/RESULTS.md: run with MAILPROTO_BLESS=1");
    }
}

/// The document with this text under this heading, which ends where the next `## ` begins.
fn with_section(document: &str, heading: &str, text: &str) -> String {
    let section = format!("{heading}\n\n{}\n", text.trim_end());
    let mut sections: Vec<String> = Vec::new();
    for line in document.lines() {
        if sections.is_empty() || line.starts_with("## ") {
            sections.push(String::new());
        }
        let last = sections.last_mut().expect("there is one");
        last.push_str(line);
        last.push('\n');
    }
    let title = format!("{heading}\n");
    match sections.iter_mut().find(|section| section.starts_with(&title)) {
        Some(found) => *found = section,
        None => sections.push(section),
    }
    let sections: Vec<_> = sections.iter().map(|section| section.trim_end()).collect();
    sections.join("\n\n") + "\n"
}

#[test]
fn a_section_is_put_in_its_place() {
    let document = "# A\n\nfirst\n\n## B\n\nsecond\n\n## C\n\nthird\n";
    assert_eq!(with_section(document, "# A", "first"), document);
    assert_eq!(with_section(document, "## B", "second\n\n"), document);
    let changed = "# A\n\nfirst\n\n## B\n\nother\n\n## C\n\nthird\n";
    assert_eq!(with_section(document, "## B", "other"), changed);
    assert_eq!(with_section("# A\n\nfirst\n", "## D", "new"), "# A\n\nfirst\n\n## D\n\nnew\n");
}
