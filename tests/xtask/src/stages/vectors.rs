//! The vector suite on target: the transcripts of the corpus and mutilated ones are replayed in images, with the
//! feature sets of chips, and by the same program on this computer, with everything that makes hosts fast. All of
//! them must say the same.

use std::time::Duration;

use crate::image::{Board, Firmware, emulate, printed};
use crate::setup::Need;
use crate::shell::{Outcome, cargo, command, root, run};
use crate::{chip, image};

pub(crate) const NEEDS: &[Need] = &[Need::Debian(chip::PACKAGES), Need::Debian(image::EMULATORS)];

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
        let log = image.with_extension("log");
        let said = printed(&mut emulate(board, &image), &log, LIMIT)?;
        let said = String::from_utf8_lossy(&said);
        if let Some(difference) = first_difference(&expected, &said) {
            return Err(format!("{}: {difference}", board.target));
        }
        println!("{}: the same {}", board.target, summary(&said));
    }
    Ok(())
}

/// The verdicts of the same program here.
fn on_this_computer() -> Outcome<String> {
    let into = FIRMWARE.target_directory("host");
    let mut build = cargo();
    build.args(["build", "--quiet", "--release", "--locked", "--features", "host"]);
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
