//! The vector suite on target: the transcripts of the corpus and mutilated ones are replayed in images, with the
//! feature sets of chips, and by the same program on this computer, with everything that makes hosts fast, and on a
//! computer whose octets have the other order. All of them must say the same.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::image::{Board, Firmware, emulate, printed};
use crate::setup::Need;
use crate::shell::{Outcome, cargo, command, root, run};
use crate::{chip, image};

pub(crate) const NEEDS: &[Need] = &[
    Need::Debian(chip::PACKAGES),
    Need::Debian(image::EMULATORS),
    Need::Debian(&["gcc-powerpc-linux-gnu", "libc6-dev-powerpc-cross", "qemu-user"]),
];

const FIRMWARE: Firmware = Firmware {
    directory: "tests/firmware/vectors",
    program: "mailproto-vectors",
    libraries: "core,alloc,panic_abort",
};

const BOARDS: &[Board] = &[
    Board {
        target: "thumbv7em-none-eabi",
        emulator: "qemu-system-arm",
        machine: &["-M", "mps2-an386", "-cpu", "cortex-m4"],
        link: &["-Timage.ld", "--defsym=flash=0", "--defsym=ram=0x20000000"],
    },
    Board {
        target: "thumbv6m-none-eabi",
        emulator: "qemu-system-arm",
        machine: &["-M", "mps2-an385"],
        link: &["-Timage.ld", "--defsym=flash=0", "--defsym=ram=0x20000000"],
    },
    Board {
        target: "riscv32imc-unknown-none-elf",
        emulator: "qemu-system-riscv32",
        machine: &["-M", "virt", "-bios", "none"],
        link: &[
            "-Timage.ld",
            "-melf32lriscv",
            "--defsym=flash=0x80000000",
            "--defsym=ram=0x80400000",
        ],
    },
];

/// Some seconds are enough.
const LIMIT: Duration = Duration::from_secs(150);

pub(crate) fn test() -> Outcome {
    let expected = on_this_computer()?;
    for board in BOARDS {
        let image = FIRMWARE.image(board)?;
        says_the_same(&expected, board.target, &mut emulate(board, &image), &image)?;
    }
    let program = for_the_other_order()?;
    says_the_same(&expected, BIG_ENDIAN, command("qemu-ppc").arg(&program), &program)?;
    compiles_for_sixteen_bits()
}

fn says_the_same(expected: &str, target: &str, program: &mut Command, file: &Path) -> Outcome {
    let said = printed(program, &file.with_extension("log"), LIMIT)?;
    let said = String::from_utf8_lossy(&said);
    if let Some(difference) = first_difference(expected, &said) {
        return Err(format!("{target}: {difference}"));
    }
    println!("{target}: the same {}", summary(&said));
    Ok(())
}

/// A processor whose octets have the other order. There are no tools for one without an operating system.
const BIG_ENDIAN: &str = "powerpc-unknown-linux-gnu";

/// The program for that, with the features of chips.
fn for_the_other_order() -> Outcome<PathBuf> {
    let into = FIRMWARE.target_directory("chip-from-source");
    let mut build = chip::from_source();
    build.args(["build", "--quiet", "--release", "--target", BIG_ENDIAN]);
    build.args(["-Zbuild-std=std,panic_abort", "--target-dir"]).arg(&into);
    let flags = "-C linker=powerpc-linux-gnu-gcc -C target-feature=+crt-static";
    run(build.current_dir(root().join(FIRMWARE.directory)).env("RUSTFLAGS", flags))?;
    Ok(into.join(BIG_ENDIAN).join("release").join(FIRMWARE.program))
}

/// With a `usize` of 16 bits nothing can be run here, but constants, conversions and layouts are checked.
fn compiles_for_sixteen_bits() -> Outcome {
    let mut check = chip::from_source();
    check.args(["check", "--quiet", "--package", "mailproto-core", "--no-default-features"]);
    check.args(["--features", "pop3,pop3-extras,server,imap-all,message,sasl-plain"]);
    check.args(["-Zbuild-std=core", "--target", "msp430-none-elf", "--target-dir"]);
    let into = FIRMWARE.target_directory("chip-from-source");
    run(check.arg(into).env("RUSTFLAGS", "-D warnings"))
}

/// The verdicts of the same program here.
fn on_this_computer() -> Outcome<String> {
    let into = FIRMWARE.target_directory("host");
    let mut build = cargo();
    build.args(["build", "--quiet", "--release", "--features", "host"]);
    run(build.current_dir(root().join(FIRMWARE.directory)).arg("--target-dir").arg(&into))?;
    let program = into.join("release").join(FIRMWARE.program);
    let said = printed(&mut command(&program), &program.with_extension("log"), LIMIT)?;
    let said = String::from_utf8_lossy(&said).into_owned();
    println!("this computer: {}", summary(&said));
    Ok(said)
}

/// `N verdicts of N replays`.
fn summary(said: &str) -> String {
    let replays = said.lines().filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok());
    format!("{} verdicts of {} replays", said.lines().count(), replays.sum::<u64>())
}

fn first_difference(expected: &str, said: &str) -> Option<String> {
    let longest = expected.lines().count().max(said.lines().count());
    let at = |text: &str, line: usize| text.lines().nth(line).unwrap_or("nothing more").to_owned();
    let line = (0..longest).find(|&line| at(expected, line) != at(said, line))?;
    Some(format!("`{}`, not `{}`", at(said, line), at(expected, line)))
}
