//! Speed of the engines. `engine`, `peers` and `imap` print Markdown tables for `RESULTS.md`;
//! `workload` runs one fixed piece of work, for callgrind to count. `cargo xtask bench` calls them.

use std::process::ExitCode;

mod answer;
mod corpus;
mod engine;
mod harness;
mod heap;
mod imap;
mod imap_engine;
#[cfg(feature = "peers")]
mod imap_peers;
mod mail;
#[cfg(feature = "peers")]
mod peers;
mod session;
mod walk;
mod workload;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["engine"] => engine::report(),
        #[cfg(feature = "peers")]
        ["peers"] => peers::report(),
        ["imap", names @ ..] => {
            let name = |place| names.get(place).copied().unwrap_or_default();
            imap::report(name(0), name(1));
        }
        ["workload"] => workload::list_names(),
        ["workload", name] => return workload::run(name),
        _ => {
            eprintln!(
                "usage: mailproto-bench engine | peers | imap [CONTESTANT [CORPUS]] | workload [NAME]"
            );
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
