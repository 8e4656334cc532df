//! The images of `tests/firmware/c`: C programs for boards that QEMU emulates, linked with the library
//! for chips; and what must hold of any image.

use std::fs;
use std::path::{Path, PathBuf};

use crate::chip::{self, Target};
use crate::shell::{Outcome, output, root, run};

/// A board that images are linked for, by the sources and the scripts of `tests/firmware/boards`.
pub(crate) struct Board {
    name: &'static str,
    triple: &'static str,
    script: &'static str,
    /// Its own sources, besides `board.c`.
    sources: &'static [&'static str],
    /// The C library, and what the sources must be told.
    flags: &'static [&'static str],
    /// What runs on it.
    images: &'static [&'static Image],
}

/// A program.
pub(crate) struct Image {
    name: &'static str,
    /// Files of `tests/firmware/c`.
    sources: &'static [&'static str],
}

const POP3: &Image = &Image { name: "pop3", sources: &["pop3.c", "pop3_session.c"] };
const IMAP: &Image = &Image { name: "imap", sources: &["imap.c", "imap_session.c"] };
const CORE_TEST: &Image = &Image {
    name: "core_test",
    sources: &["core_test.c", "recorded.S", "pop3_session.c", "imap_session.c"],
};

pub(crate) const BOARDS: &[Board] = &[
    Board {
        name: "mps2",
        triple: "thumbv7em-none-eabihf",
        script: "mps2.ld",
        sources: &["cortex_m.c", "cmsdk_uart.c"],
        flags: &["--specs=nano.specs", "-DCLOCK_HZ=25000000"],
        images: &[POP3, IMAP, CORE_TEST],
    },
    Board {
        name: "microbit",
        triple: "thumbv6m-none-eabi",
        script: "microbit.ld",
        sources: &["cortex_m.c", "no_uart.c"],
        flags: &["--specs=nano.specs", "-DCLOCK_HZ=16000000"],
        images: &[CORE_TEST],
    },
    Board {
        name: "virt",
        triple: "riscv32imc-unknown-none-elf",
        script: "virt.ld",
        sources: &["riscv_virt.c", "uart_16550.c"],
        flags: &["--specs=picolibc.specs"],
        images: &[POP3, IMAP, CORE_TEST],
    },
];

const COMPILE: &[&str] = &[
    "-std=c11",
    "-Os",
    "-g",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wconversion",
    "-Werror",
    "-ffunction-sections",
    "-fdata-sections",
    "-Iinclude",
    "-Itests/firmware/boards",
    // For what the assembler includes.
    "-Wa,-Itests/firmware",
];

const LINK: &[&str] = &[
    "-nostartfiles",
    "-Wl,--gc-sections,--fatal-warnings",
    // The C libraries have sources in assembler that do not say so.
    "-Wl,--no-warn-execstack",
    "-Ltests/firmware/boards",
];

/// Builds every image into `target/firmware/BOARD`, and looks at each.
pub(crate) fn build() -> Outcome {
    BOARDS.iter().try_for_each(build_for)
}

fn build_for(board: &Board) -> Outcome {
    let target = chip::target(board.triple)?;
    let set = chip::set("everything")?;
    let directory = root().join("target/chip-lib").join(board.triple).join(set.name);
    let library = chip::library(target, set, &directory)?;
    for image in board.images {
        let image = link(board, target, image, &library)?;
        nothing_can_panic(target, &image)?;
    }
    Ok(())
}

fn link(board: &Board, target: &Target, image: &Image, library: &Path) -> Outcome<PathBuf> {
    let directory = root().join("target/firmware").join(board.name);
    fs::create_dir_all(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let linked = directory.join(format!("{}.elf", image.name));
    let mut compiler = target.tool("gcc");
    compiler.args(target.cflags).args(board.flags).args(COMPILE).args(LINK);
    compiler.args(["-T", board.script]).arg("-o").arg(&linked);
    let boards = Path::new("tests/firmware/boards");
    compiler.arg(boards.join("board.c")).args(board.sources.iter().map(|file| boards.join(file)));
    compiler.args(image.sources.iter().map(|file| Path::new("tests/firmware/c").join(file)));
    run(compiler.arg(library))?;
    Ok(linked)
}

/// Whatever contradicts that a linked image holds no panic, no formatting and no heap.
const UNWANTED: &[&str] = &["9panicking", "4core3fmt", "rust_begin_unwind", "malloc", "sbrk"];

/// An image, linked as it is shipped, has no symbol of panics, of formatting or of a heap.
pub(crate) fn nothing_can_panic(target: &Target, image: &Path) -> Outcome {
    let symbols = output(target.tool("nm").arg(image)).ok_or("nm cannot read the image")?;
    let ours = symbols.lines().any(|line| line.contains("mailproto_"));
    if !ours {
        return Err(format!("{}: nothing of the library is in it", image.display()));
    }
    match symbols.lines().find(|line| UNWANTED.iter().any(|word| line.contains(word))) {
        Some(line) => Err(format!("{}: {line}", image.display())),
        None => Ok(()),
    }
}
