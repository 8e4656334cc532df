//! The one driver of this repository: `cargo xtask <setup|demo|test|bench>`.
//!
//! `stages.rs` has the table of what is tested; adding a stage is adding a row there.
//! `stage.rs` runs rows and reports, `setup.rs` provides what they need, `shell.rs` runs programs.

use std::path::Path;
use std::process::ExitCode;

mod bench;
mod chip;
mod chip_packages;
mod demo;
mod dist;
mod firmware;
mod footprint;
mod image;
mod library;
mod ours;
mod package;
mod setup;
mod shell;
mod stack;
mod stage;
mod stages;

const USAGE: &str = "\
usage: cargo xtask setup [GROUP…]        install what the groups need, and nothing else
       cargo xtask test [GROUP…] [--list] set up and run the groups (all of them by default)
       cargo xtask demo                   build all, serve mail, fetch it with all three clients
       cargo xtask bench [--check]        measure everything, or only compare instruction counts
       cargo xtask bench clients [--quick] measure mail clients side by side
       cargo xtask lib [DIR]              build libmailproto.a and .so into target/c or DIR
       cargo xtask chip [TARGET [SET]]    build libmailproto.a for bare metal into target/chip-lib
       cargo xtask chip TARGET --features LIST DIR  the same with features of your own choice
       cargo xtask dist [--target TRIPLE] make the archives that C programmers take, in target/dist
       cargo xtask footprint [--check] [TARGET…] measure the library on chips: tests/firmware/FOOTPRINT.md
       cargo xtask header [--check]       make include/mailproto.h anew, or see whether it is fresh

MAILPROTO_REQUIRE_ALL=1 turns every skipped group into a failed one.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test", rest @ ..] if rest.contains(&"--list") => list(),
        ["test", groups @ ..] => with_chosen(groups, stage::test),
        ["setup", groups @ ..] => with_chosen(groups, stage::setup),
        ["demo"] => demo::demo(),
        ["bench", rest @ ..] => bench::bench(rest),
        ["lib"] => exit_code(library::build(&library::directory())),
        ["lib", directory] => exit_code(library::build(Path::new(directory))),
        ["chip", target, "--features", features, directory] => {
            exit_code(chip::build_one(target, features, directory))
        }
        ["chip", names @ ..] if names.len() <= 2 => exit_code(chip::build(names)),
        ["dist", rest @ ..] => exit_code(dist::dist(rest)),
        ["footprint", rest @ ..] => exit_code(footprint::footprint(rest)),
        ["header"] => exit_code(library::header(true)),
        ["header", "--check"] => exit_code(library::header(false)),
        _ => wrong_usage(USAGE),
    }
}

fn exit_code(outcome: shell::Outcome) -> ExitCode {
    outcome.map_or_else(
        |why| {
            eprintln!("{why}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

fn list() -> ExitCode {
    for stage in stages::STAGES {
        println!("{:<12} {}", stage.name, stage.about);
    }
    ExitCode::SUCCESS
}

fn with_chosen(groups: &[&str], run: fn(&[&stage::Stage]) -> ExitCode) -> ExitCode {
    match choose(groups) {
        Ok(chosen) => run(&chosen),
        Err(unknown) => wrong_usage(&format!("no group {unknown:?}: see cargo xtask test --list")),
    }
}

/// The stages of these names, in the table's order; all of them for no name.
fn choose<'a>(groups: &[&'a str]) -> Result<Vec<&'static stage::Stage>, &'a str> {
    let known = |name: &str| stages::STAGES.iter().any(|stage| stage.name == name);
    if let Some(unknown) = groups.iter().find(|name| !known(name)) {
        return Err(unknown);
    }
    let wanted = |stage: &&stage::Stage| groups.is_empty() || groups.contains(&stage.name);
    Ok(stages::STAGES.iter().filter(wanted).collect())
}

fn wrong_usage(text: &str) -> ExitCode {
    eprintln!("{text}");
    ExitCode::from(2)
}
