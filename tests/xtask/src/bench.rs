//! `cargo xtask bench`: measures everything and writes `tests/bench/RESULTS.md`. `bench clients` prints
//! only the table of mail clients side by side. With `--check` only instructions are counted, by
//! callgrind, and compared with those on record: a gate that does not depend on how fast, or how busy,
//! the machine is.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use crate::ours;
use crate::setup::{Need, venv_program};
use crate::shell::{Outcome, cargo, command, output, root, run};

/// What the stage of `cargo xtask test` needs.
pub(crate) const NEEDS: &[Need] = &[VALGRIND, CLIENTS, LIBRARIES];
const VALGRIND: Need = Need::Debian(&["valgrind"]);
/// By how much a count may grow, in percent.
const TOLERANCE: f64 = 3.0;
const RECORD: &str = "tests/bench/callgrind.tsv";
const RESULTS: &str = "tests/bench/RESULTS.md";

/// The words of the command line after `bench`, and what they do.
pub(crate) fn bench(words: &[&str]) -> ExitCode {
    let outcome = match words {
        [] => measure_all(),
        ["clients", options @ ..] => clients(options).map(|told| println!("{told}")),
        ["--check"] => check(),
        ["--bless"] => bless(),
        _ => Err("usage: cargo xtask bench [clients [OPTION…] | --check | --bless]".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

// Everything, into RESULTS.md.

/// Dovecot, clients to compare with, and what our programs in C are built with.
const CLIENTS: Need = Need::Debian(&[
    "dovecot-imapd",
    "dovecot-pop3d",
    "openssl",
    "isync",
    "mpop",
    "curl",
    "gcc",
    "libc6-dev",
    "binutils",
    "libssl-dev",
]);
/// Libraries to compare with. Pinned, because what is measured is them.
const LIBRARIES: Need =
    Need::Pip(&["imapclient==4.1.0", "imap-tools==1.16.0", "aioimaplib==2.0.3"]);

fn measure_all() -> Outcome {
    let instructions = count()?;
    let engine = printed(measurer("engine"))?;
    build(&["--features", "peers"])?;
    let peers = printed(measurer("peers"))?;
    let imap = printed(measurer("imap"))?;
    let clients = clients(&[])?;
    let downloads = python("tests/bench/pop3_download.py", &[])?;
    let results = format!(
        "{}\n## Mail clients side by side\n\n{clients}\n## POP3 downloads side by side\n\n{downloads}\n\
         ## Engines\n\n{engine}## Beside async-pop\n\n{peers}\n\
         ## IMAP responses beside the peers\n\n{imap}\n## Instructions\n\n{}",
        preface(),
        instructions.table(),
    );
    write(RESULTS, &results)
}

fn preface() -> String {
    let version = |mut command: Command| output(&mut command).unwrap_or_default().trim().to_owned();
    let mut date = command("date");
    date.args(["-u", "+%F"]);
    format!(
        "# Results\n\n\
         Written by `cargo xtask bench` on {}; every figure is from that one run. {}.\n\n\
         A ratio compares subjects that took turns in the same process, or as processes one after \
         the other; it is the median of many rounds, unless said otherwise. Rates depend on the \
         machine, ratios little.\n",
        version(date),
        compiler(),
    )
}

/// Clients and libraries, ours and others, as whole processes against Dovecot; see `clients.py`.
fn clients(options: &[&str]) -> Outcome<String> {
    python("tests/bench/clients.py", options)
}

/// What a script prints, run where our package and those to compare with are installed.
fn python(script: &str, options: &[&str]) -> Outcome<String> {
    CLIENTS.provide()?;
    LIBRARIES.provide()?;
    ours::build()?;
    let mut python = venv_program("python");
    python.arg(script).args(options);
    printed(python)
}

/// What a program prints; what it complains of goes to the terminal.
fn printed(mut command: Command) -> Outcome<String> {
    let told = command.stderr(Stdio::inherit()).output();
    let told = told.map_err(|error| format!("{command:?}: {error}"))?;
    if !told.status.success() {
        return Err(format!("{command:?}: {}", told.status));
    }
    String::from_utf8(told.stdout).map_err(|error| error.to_string())
}

// Instructions.

/// A stage of `cargo xtask test`: counts and compares, and sees whether clients can still be measured.
pub(crate) fn test() -> Outcome {
    check()?;
    clients(&["--quick"]).map(|told| println!("{told}"))
}

/// Counts anew and compares.
fn check() -> Outcome {
    let (now, record) = (count()?, Counts::on_record()?);
    if now.compiler != record.compiler {
        println!(
            "instructions not compared: on record are those of {}, this is {}.\n\
             `cargo xtask bench --bless` records anew.",
            record.compiler, now.compiler
        );
        return Ok(());
    }
    let grown = now.compare(&record)?;
    if grown.is_empty() { Ok(()) } else { Err(format!("more instructions: {}", grown.join(", "))) }
}

fn bless() -> Outcome {
    write(RECORD, &count()?.record())
}

/// How many instructions each workload takes.
struct Counts {
    compiler: String,
    rows: Vec<(String, u64)>,
}

impl Counts {
    fn on_record() -> Outcome<Self> {
        let text = std::fs::read_to_string(root().join(RECORD));
        let text = text.map_err(|error| format!("{RECORD}: {error}"))?;
        let compiler = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default();
        let rows = text.lines().filter_map(|line| line.split_once('\t'));
        let rows = rows.filter_map(|(name, count)| Some((name.to_owned(), count.parse().ok()?)));
        Ok(Self { compiler: compiler.to_owned(), rows: rows.collect() })
    }

    fn record(&self) -> String {
        self.rows.iter().fold(format!("# {}\n", self.compiler), |mut text, (name, count)| {
            let _ = writeln!(text, "{name}\t{count}");
            text
        })
    }

    fn table(&self) -> String {
        let head = "| workload | instructions |\n|---|--:|\n".to_owned();
        self.rows.iter().fold(head, |mut text, (name, count)| {
            let _ = writeln!(text, "| {name} | {count} |");
            text
        })
    }

    /// Prints each count beside the one on record; returns the workloads that grew too much.
    fn compare(&self, record: &Self) -> Outcome<Vec<String>> {
        let mut grown = Vec::new();
        for (name, count) in &self.rows {
            let known = record.rows.iter().find(|(known, _)| known == name);
            let (_, before) = known.ok_or_else(|| format!("{name} is not in {RECORD}"))?;
            let percent = (*count as f64 / *before as f64 - 1.0) * 100.0;
            println!("{name:<20} {before:>10} -> {count:>10} {percent:>+7.2} %");
            if percent > TOLERANCE {
                grown.push(format!("{name} by {percent:.1} %"));
            }
        }
        Ok(grown)
    }
}

/// Counts every workload of `mailproto-bench`.
fn count() -> Outcome<Counts> {
    VALGRIND.provide()?;
    build(&[])?;
    let names = printed(measurer("workload"))?;
    let rows = names.lines().map(|name| Ok((name.to_owned(), count_one(name)?)));
    Ok(Counts { compiler: compiler(), rows: rows.collect::<Outcome<_>>()? })
}

fn count_one(name: &str) -> Outcome<u64> {
    let mut valgrind = command("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    valgrind.arg("--toggle-collect=*workload::measured*").arg(program()).args(["workload", name]);
    let told = valgrind.output().map_err(|error| format!("valgrind: {error}"))?;
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    let collected = told.lines().find_map(|line| line.split_once("Collected :"));
    let count = collected.and_then(|(_, count)| count.trim().parse().ok());
    count.filter(|&count| count > 0).ok_or_else(|| format!("callgrind counted nothing:\n{told}"))
}

fn compiler() -> String {
    let told = output(command("rustc").arg("-vV")).unwrap_or_default();
    let field = |name| told.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("?").trim();
    format!("rustc {}, {}", field("release:"), field("host:"))
}

// The program that measures.

fn build(features: &[&str]) -> Outcome {
    run(cargo()
        .args(["build", "--profile", "bench", "--package", "mailproto-bench"])
        .args(features))
}

/// Where cargo puts it: the profile `bench` shares its directory with `release`.
fn program() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
    target.join("release/mailproto-bench")
}

fn measurer(what: &str) -> Command {
    let mut measurer = command(program());
    measurer.arg(what);
    measurer
}

fn write(path: &str, text: &str) -> Outcome {
    std::fs::write(root().join(path), text).map_err(|error| format!("{path}: {error}"))?;
    println!("wrote {path}");
    Ok(())
}
