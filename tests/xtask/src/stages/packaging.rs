//! The packages for firmware: what each ecosystem's own tool says of them, which library their build files
//! choose, and whether their examples work.

use std::fs;
use std::path::Path;

use crate::chip;
use crate::chip_packages;
use crate::dist;
use crate::library;
use crate::setup::{Need, venv_program};
use crate::shell::{Outcome, root, run};
use crate::stages::{PYTEST, SERVERS};

/// What the stage needs.
pub(crate) const NEEDS: &[Need] = &[
    Need::Debian(library::PACKAGES),
    Need::Debian(chip::PACKAGES),
    Need::Debian(dist::PACKAGES),
    Need::Debian(&["g++", "cmake", "liblwip-dev"]),
    Need::Debian(SERVERS),
    PYTEST,
    Need::Pip(&[
        "pyyaml==6.0.3",
        "kconfiglib==14.1.0",
        "esp-idf-kconfig==3.14.0",
        "idf-component-manager==3.1.2",
        "platformio==6.2.0",
    ]),
];

/// The libraries that the examples are linked with. The others are empty files here: that each can be made
/// is shown elsewhere.
const REAL: &[(&str, &str)] =
    &[("thumbv7m-none-eabi", "pop3"), ("riscv32imc-unknown-none-elf", "imap-minimal")];

pub(crate) fn test() -> Outcome {
    let place = root().join("target/packaging");
    let _ = fs::remove_dir_all(&place);
    stand_in(&place)?;
    for (triple, set) in REAL {
        let lib = place.join(dist::name(triple)).join("lib").join(set);
        chip::library(chip::target(triple)?, chip::set(set)?, &lib)?;
    }
    chip_packages::archives(&place)?;
    library::build(&library::directory())?;
    run(venv_program("python")
        .args(["-m", "pytest", "-q", "tests/packaging"])
        .env("MAILPROTO_PACKAGES", &place))
}

/// Empty files where `cargo xtask dist` has libraries.
fn stand_in(dist: &Path) -> Outcome {
    for target in chip::TARGETS {
        let lib = dist.join(dist::name(target.triple)).join("lib");
        for directory in [""].into_iter().chain(chip::SETS.iter().map(|set| set.name)) {
            let directory = lib.join(directory);
            fs::create_dir_all(&directory).map_err(|error| error.to_string())?;
            fs::write(directory.join("libmailproto.a"), "").map_err(|error| error.to_string())?;
        }
        let sizes = dist.join(dist::name(target.triple)).join(dist::SIZES);
        fs::write(sizes, "").map_err(|error| error.to_string())?;
    }
    Ok(())
}
