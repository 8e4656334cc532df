//! Speed of the engines. `engine` and `peers` print Markdown tables for `RESULTS.md`; `workload`
//! runs one fixed piece of work, for callgrind to count. `cargo xtask bench` calls all three.

use std::process::ExitCode;

mod engine;
mod harness;
mod mail;
#[cfg(feature = "peers")]
mod peers;
mod session;
mod workload;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["engine"] => engine::report(),
        #[cfg(feature = "peers")]
        ["peers"] => peers::report(),
        ["workload"] => workload::list_names(),
        ["workload", name] => return workload::run(name),
        _ => {
            eprintln!("usage: mailproto-bench engine | peers | workload [NAME]");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
