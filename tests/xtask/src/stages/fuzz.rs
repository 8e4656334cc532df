//! The fuzz targets as a smoke test: each runs for a minute on seeds made of the transcripts, and tells how
//! many inputs it has tried. `MAILPROTO_FUZZ_SECONDS` gives them longer.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::setup::Need;
use crate::shell::{Outcome, command, root, run};

/// What the stage needs. The fuzzer's own code is C++; cargo-fuzz itself is built where it is missing.
pub(crate) const NEEDS: &[Need] = &[
    Need::Program("rustup run nightly cargo --version", "rustup toolchain install nightly"),
    Need::Program("c++ --version", "install a C++ compiler"),
];

const TARGETS: &[&str] = &[
    "pop3_client",
    "pop3_server",
    "splitter",
    "imap_client",
    "imap_views",
    "imap_commands",
    "imap_sasl",
];
const DIRECTORY: &str = "tests/fuzz";
/// Pinned: its options and what it prints are read here.
const CARGO_FUZZ: &str = "0.13.2";

pub(crate) fn test() -> Outcome {
    install_cargo_fuzz()?;
    make_seeds()?;
    let seconds = std::env::var("MAILPROTO_FUZZ_SECONDS").unwrap_or_else(|_| "60".into());
    build()?;
    let next = AtomicUsize::new(0);
    // All of them run, whatever one of them finds; as many at a time as there are processors.
    let failed = thread::scope(|scope| {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let workers = (0..processors).map(|_| scope.spawn(|| fuzz_on(&next, &seconds)));
        let workers: Vec<_> = workers.collect();
        let failed = workers.into_iter().map(|worker| worker.join().unwrap_or_else(crashed));
        failed.flatten().collect::<Vec<_>>()
    });
    if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
}

fn crashed<E>(_: E) -> Vec<String> {
    vec!["a worker of this driver crashed".into()]
}

/// Runs one target after the other, while there are any left, and says which have failed.
fn fuzz_on(next: &AtomicUsize, seconds: &str) -> Vec<String> {
    let mut failed = Vec::new();
    while let Some(target) = TARGETS.get(next.fetch_add(1, Ordering::Relaxed)) {
        match fuzz(target, seconds) {
            Ok(executions) => println!("{target}: {executions} executions in {seconds} s"),
            Err(reason) => failed.push(reason),
        }
    }
    failed
}

fn tools() -> PathBuf {
    root().join("target/tools")
}

fn install_cargo_fuzz() -> Outcome {
    if tools().join("bin/cargo-fuzz").is_file() {
        return Ok(());
    }
    let mut install = nightly(&["cargo", "install", "cargo-fuzz", "--locked", "--quiet"]);
    run(install.args(["--version", CARGO_FUZZ, "--root"]).arg(tools()))
}

fn make_seeds() -> Outcome {
    let words = ["cargo", "run", "--quiet", "--example", "seeds", "--manifest-path"];
    run(nightly(&words).arg(format!("{DIRECTORY}/Cargo.toml")))
}

/// A program of the nightly toolchain: nothing of the one that runs us must lead it astray.
fn nightly(words: &[&str]) -> Command {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = command("rustup");
    command.args(["run", "nightly"]).args(words).env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
    command.env("PATH", format!("{}:{path}", tools().join("bin").display()));
    command
}

fn build() -> Outcome {
    let words = ["cargo", "fuzz", "build", "--fuzz-dir", DIRECTORY, "--sanitizer", "none"];
    run(&mut nightly(&words))
}

/// Runs one target; returns how many inputs it tried. What it found lies in `tests/fuzz/artifacts`.
fn fuzz(target: &str, seconds: &str) -> Result<u64, String> {
    println!("fuzzing {target} for {seconds} s");
    let mut fuzz = nightly(&["cargo", "fuzz", "run", "--fuzz-dir", DIRECTORY]);
    // The engine has no unsafe code that a sanitizer could watch; without one five times as many inputs are tried.
    fuzz.args(["--sanitizer", "none", target, "--"]);
    fuzz.arg(format!("-max_total_time={seconds}"));
    // Wide limits, so that a busy machine is no finding: how much work and memory an input costs, tests count.
    fuzz.args(["-max_len=4096", "-timeout=60", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    if target.starts_with("imap") {
        fuzz.arg(format!("-dict={}", root().join(DIRECTORY).join("imap.dict").display()));
    }
    let output = fuzz.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    let log = root().join(format!("target/fuzz-{target}.log"));
    fs::write(&log, said.as_bytes()).map_err(|error| error.to_string())?;
    if !output.status.success() {
        show(target, &said);
        return Err(format!("{target}: see {}", log.display()));
    }
    executions(&said).ok_or_else(|| format!("{target}: no count in {}", log.display()))
}

/// Shows what a target has found, for machines whose files are out of reach: the end of its log, and the input, to be
/// pasted into a test.
fn show(target: &str, said: &str) {
    let lines: Vec<_> = said.lines().collect();
    for line in lines.iter().skip(lines.len().saturating_sub(40)) {
        println!("{target}: {line}");
    }
    let written = said.lines().find_map(|line| line.split_once("Test unit written to "));
    match written.map(|(_, path)| fs::read(root().join(path))) {
        Some(Ok(input)) => println!("{target}: the input is b\"{}\"", input.escape_ascii()),
        _ => println!("{target}: no input was kept"),
    }
}

fn executions(said: &str) -> Option<u64> {
    let line = said.lines().find(|line| line.starts_with("stat::number_of_executed_units:"))?;
    line.split_whitespace().last()?.parse().ok()
}
