//! The images of `tests/firmware/c`: C programs for boards that QEMU emulates, linked with the library
//! for chips; and what must hold of any image.

use std::fs;
use std::path::{Path, PathBuf};

use crate::chip::{self, Target};
use crate::shell::{Outcome, output, root, run};

/// A board that images are linked for.
pub(crate) struct Board {
    name: &'static str,
    triple: &'static str,
    /// Files of `tests/firmware/boards`, the linker's script among them.
    files: &'static [&'static str],
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
        files: &["words.c", "board.c", "cortex_m.c", "cmsdk_uart.c", "mps2.ld"],
        flags: &["--specs=nano.specs", "-DCLOCK_HZ=25000000"],
        images: &[POP3, IMAP, CORE_TEST],
    },
    Board {
        name: "microbit",
        triple: "thumbv6m-none-eabi",
        files: &["words.c", "board.c", "cortex_m.c", "nrf51_uart.c", "microbit.ld"],
        flags: &["--specs=nano.specs", "-DCLOCK_HZ=16000000"],
        images: &[POP3, IMAP, CORE_TEST],
    },
    Board {
        name: "virt",
        triple: "riscv32imc-unknown-none-elf",
        files: &["words.c", "board.c", "riscv_virt.c", "uart_16550.c", "virt.ld"],
        flags: &["--specs=picolibc.specs"],
        images: &[POP3, IMAP, CORE_TEST],
    },
    Board {
        name: "powerpc",
        triple: BIG_ENDIAN.triple,
        files: &["words.c", "linux.c"],
        flags: &["-DMAILPROTO_SMALL", "-static", "-Wl,--gc-sections,--no-warn-execstack"],
        images: &[CORE_TEST],
    },
];

/// The other order of octets. No board of it has tools here, so it comes with Linux.
const BIG_ENDIAN: Target =
    Target { triple: "powerpc-unknown-linux-gnu", cflags: &[], prefix: "powerpc-linux-gnu-" };

/// The tools of that, and the emulators.
pub(crate) const PACKAGES: &[&str] = &[
    "gcc-powerpc-linux-gnu",
    "libc6-dev-powerpc-cross",
    "qemu-user",
    "qemu-system-arm",
    "qemu-system-misc",
];

impl Board {
    fn target(&self) -> Outcome<&'static Target> {
        if self.triple == BIG_ENDIAN.triple { Ok(&BIG_ENDIAN) } else { chip::target(self.triple) }
    }

    fn is_chip(&self) -> bool {
        self.triple.contains("-none-")
    }
}

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

const LINK_FOR_CHIPS: &[&str] = &[
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
    let target = board.target()?;
    let set = chip::set("everything")?;
    let directory = root().join("target/chip-lib").join(board.triple).join(set.name);
    let library = chip::library(target, set, &directory)?;
    if board.is_chip() {
        holds_none_of(PANICS, target, &library)?;
        needs_only_memory_functions(target, &library)?;
    }
    for image in board.images {
        let linked = link(board, image, &library)?;
        if board.is_chip() {
            holds_none_of(PANICS, target, &linked)?;
            holds_none_of(HEAP, target, &linked)?;
        }
    }
    Ok(())
}

fn link(board: &Board, image: &Image, library: &Path) -> Outcome<PathBuf> {
    let directory = root().join("target/firmware").join(board.name);
    fs::create_dir_all(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let linked = directory.join(format!("{}.elf", image.name));
    let mut compiler = board.target()?.tool("gcc");
    compiler.args(board.target()?.cflags).args(board.flags).args(COMPILE);
    if board.is_chip() {
        compiler.args(LINK_FOR_CHIPS);
    }
    for file in board.files {
        if file.ends_with(".ld") {
            compiler.arg("-T");
        }
        compiler.arg(Path::new("tests/firmware/boards").join(file));
    }
    compiler.args(image.sources.iter().map(|file| Path::new("tests/firmware/c").join(file)));
    run(compiler.arg(library).arg("-o").arg(&linked))?;
    Ok(linked)
}

/// In names of symbols: what panics, and what formats their messages.
pub(crate) const PANICS: &[&str] = &["9panicking", "rust_begin_unwind", "4core3fmt"];
const HEAP: &[&str] = &["malloc", "sbrk"];

/// What a C library has even where there is no system.
const FROM_C: &[&str] = &["memcpy", "memmove", "memset", "memcmp"];

/// A library asks for these, and for what the compiler's own names begin with: two underscores.
fn needs_only_memory_functions(target: &Target, library: &Path) -> Outcome {
    let names = output(target.tool("nm").args(["--undefined-only", "-j"]).arg(library));
    let names = names.ok_or("nm cannot read it")?;
    let mut symbols = names.lines().filter(|line| !line.is_empty() && !line.ends_with(':'));
    match symbols.find(|name| !FROM_C.contains(name) && !name.starts_with("__")) {
        Some(name) => Err(format!("{} needs {name}", library.display())),
        None => Ok(()),
    }
}

/// An image or a library, as it is shipped, has no symbol of these kinds.
pub(crate) fn holds_none_of(kinds: &[&str], target: &Target, image: &Path) -> Outcome {
    let symbols = output(target.tool("nm").arg(image)).ok_or("nm cannot read it")?;
    if !symbols.contains("mailproto_") {
        return Err(format!("{}: nothing of the library is in it", image.display()));
    }
    match symbols.lines().find(|line| kinds.iter().any(|kind| line.contains(kind))) {
        Some(line) => Err(format!("{}: {line}", image.display())),
        None => Ok(()),
    }
}
