//! Images in Rust for emulated boards: built by the compiler that `chip.rs` finds for the target, linked by
//! GCC's linker, run by QEMU, which prints what the image says by semihosting.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::chip::{self, Target};
use crate::library;
use crate::shell::{Outcome, command, root, run};

/// What the images need besides [`chip::PACKAGES`].
pub(crate) const EMULATORS: &[&str] = &["qemu-system-arm", "qemu-system-misc"];

/// A board that QEMU has, and how programs are linked for it.
pub(crate) struct Board {
    /// What is built for it: one of [`chip::TARGETS`].
    pub(crate) target: &'static str,
    /// The emulator, and how it is told which board.
    pub(crate) emulator: &'static str,
    pub(crate) machine: &'static [&'static str],
    /// What the linker must be told; nothing where the workspace says it itself.
    pub(crate) link: &'static [&'static str],
}

/// A workspace under `tests/firmware` that makes an image.
pub(crate) struct Firmware {
    pub(crate) directory: &'static str,
    /// The program's name.
    pub(crate) program: &'static str,
    /// What is built from source where the target is not installed.
    pub(crate) libraries: &'static str,
}

impl Firmware {
    /// Builds the image for a board, and says where it is.
    pub(crate) fn image(&self, board: &Board) -> Outcome<PathBuf> {
        let target = chip::target(board.target)?;
        let installed = chip::is_installed(target.triple);
        let mut build = if installed { crate::shell::cargo() } else { chip::from_source() };
        build.current_dir(root().join(self.directory));
        build.args(["build", "--quiet", "--release", "--target", target.triple]);
        if !installed {
            build.arg(format!("-Zbuild-std={}", self.libraries));
        }
        let into = self.target_directory(if installed { "chip" } else { "chip-from-source" });
        build.arg("--target-dir").arg(&into).env_remove("RUSTFLAGS");
        if !board.link.is_empty() {
            build.env("RUSTFLAGS", flags(target, board));
        }
        run(&mut build)?;
        Ok(into.join(target.triple).join("release").join(self.program))
    }

    /// Where the builds of one compiler go, so that two do not evict each other's.
    pub(crate) fn target_directory(&self, compiler: &str) -> PathBuf {
        library::target_directory().join("firmware").join(compiler)
    }
}

fn flags(target: &Target, board: &Board) -> String {
    let mut flags = format!("-C linker={}ld -C linker-flavor=ld", target.prefix);
    for word in board.link {
        flags.push_str(&format!(" -C link-arg={word}"));
    }
    flags
}

/// The emulator with an image, nothing but semihosting connected.
pub(crate) fn emulate(board: &Board, image: &Path) -> Command {
    let mut emulator = command(board.emulator);
    emulator.args(board.machine).args(["-display", "none", "-monitor", "none"]);
    emulator.args(["-semihosting-config", "enable=on,target=native", "-kernel"]).arg(image);
    emulator.stdin(Stdio::null());
    emulator
}

/// Runs a program that prints to a file, and ends it when its time is over; returns what it printed.
pub(crate) fn printed(program: &mut Command, file: &Path, limit: Duration) -> Outcome<Vec<u8>> {
    let why = |error: std::io::Error| format!("{}: {error}", file.display());
    let output = std::fs::File::create(file).map_err(why)?;
    // The emulator prints what an image says to its standard error.
    program.stderr(output.try_clone().map_err(why)?);
    let mut child = program.stdout(output).spawn().map_err(why)?;
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(why)? {
            break status;
        }
        if begun.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("not done after {} s: {}", limit.as_secs(), file.display()));
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let said = std::fs::read(file).map_err(why)?;
    if status.success() { Ok(said) } else { Err(format!("{status}: see {}", file.display())) }
}
