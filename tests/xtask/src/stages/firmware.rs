//! The firmware in C: its images are linked, looked at, and run in QEMU against Dovecot and against
//! recorded sessions.

use crate::chip;
use crate::firmware;
use crate::setup::{Need, venv_program};
use crate::shell::{Outcome, command, output, run};
use crate::stages::{PYTEST, SERVERS};

/// What the stage needs.
pub(crate) const NEEDS: &[Need] = &[
    Need::Debian(chip::PACKAGES),
    Need::Debian(firmware::PACKAGES),
    Need::Debian(&["clang-format"]),
    Need::Debian(SERVERS),
    PYTEST,
];

pub(crate) fn test() -> Outcome {
    the_sources_are_formatted()?;
    firmware::build()?;
    run(venv_program("python").args(["-m", "pytest", "-q", "-s", "tests/firmware"]))
}

fn the_sources_are_formatted() -> Outcome {
    let files =
        output(command("git").args(["ls-files", "tests/firmware/*.c", "tests/firmware/*.h"]));
    let files = files.ok_or("git does not list the sources")?;
    let style = "--style=file:ffi/.clang-format";
    run(command("clang-format").args([style, "--dry-run", "--Werror"]).args(files.lines()))
}
