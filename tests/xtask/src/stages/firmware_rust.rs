//! The firmware in Rust: its image is built and looked at, and runs in QEMU against Dovecot and against recorded
//! sessions; its log, as `defmt-print` decodes it, tells the sessions and no secret.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::chip;
use crate::image::{self, Board, Firmware};
use crate::setup::{Need, venv_program};
use crate::shell::{Outcome, cargo, output, root, run};
use crate::stages::{PYTEST, SERVERS};

pub(crate) const NEEDS: &[Need] =
    &[Need::Debian(chip::PACKAGES), Need::Debian(image::EMULATORS), Need::Debian(SERVERS), PYTEST];

/// Pinned: what it prints is read.
const DEFMT_PRINT: &str = "1.2.0";

const FIRMWARE: Firmware = Firmware {
    directory: "tests/firmware/rust",
    program: "mailproto-firmware",
    libraries: "core,panic_abort",
};

/// Its workspace says how to link.
const BOARD: Board = Board {
    target: "thumbv7em-none-eabihf",
    emulator: "qemu-system-arm",
    machine: &["-M", "mps2-an386", "-cpu", "cortex-m4"],
    link: &[],
};

pub(crate) fn test() -> Outcome {
    install_defmt_print()?;
    let image = FIRMWARE.image(&BOARD)?;
    nothing_of_ours_can_panic(&image)?;
    let place = root().join("target/firmware/mps2");
    fs::create_dir_all(&place).map_err(|error| format!("{}: {error}", place.display()))?;
    fs::copy(&image, place.join("rust.elf")).map_err(|error| error.to_string())?;
    let tests = "tests/firmware/rust/check_log.py";
    run(venv_program("python").args(["-m", "pytest", "-q", "-s", tests]))
}

fn install_defmt_print() -> Outcome {
    let tools: PathBuf = root().join("target/tools");
    if tools.join("bin/defmt-print").is_file() {
        return Ok(());
    }
    let words = ["install", "defmt-print", "--locked", "--quiet", "--version", DEFMT_PRINT];
    run(cargo().args(words).arg("--root").arg(tools))
}

/// No function of the engine or of the firmware reaches a panic. The logger's may: it insists on being called in order.
fn nothing_of_ours_can_panic(image: &Path) -> Outcome {
    let mut objdump = chip::target(BOARD.target)?.tool("objdump");
    let listing =
        output(objdump.args(["-d", "-w"]).arg(image)).ok_or("objdump cannot read the image")?;
    let calls = callers(&listing);
    let mut reach: Vec<&str> = calls.keys().copied().filter(|name| is_panic(name)).collect();
    if reach.is_empty() || !listing.contains("mailproto_core") {
        return Err("the image has no names by which to judge it".into());
    }
    let mut known: HashSet<&str> = reach.iter().copied().collect();
    while let Some(callee) = reach.pop() {
        for &caller in calls.get(callee).into_iter().flatten() {
            if caller.contains("mailproto") {
                return Err(format!("{caller} can panic, by {callee}"));
            }
            if !caller.starts_with("_defmt_") && known.insert(caller) {
                reach.push(caller);
            }
        }
    }
    println!("{} functions can panic, none of them ours", known.len());
    Ok(())
}

fn is_panic(name: &str) -> bool {
    name.contains("4core9panicking")
}

/// Who branches to each function.
fn callers(listing: &str) -> HashMap<&str, HashSet<&str>> {
    let mut calls: HashMap<&str, HashSet<&str>> = HashMap::new();
    let mut within = "";
    for line in listing.lines() {
        let Some((before, name)) = line.split_once('<') else { continue };
        if let Some(name) = name.strip_suffix(">:") {
            within = name;
        } else if before.contains('\t') {
            let name = name.split(['>', '+']).next().unwrap_or(name);
            if name != within {
                calls.entry(name).or_default().insert(within);
            }
        }
    }
    calls
}
