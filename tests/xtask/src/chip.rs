//! The C library for bare metal: `libmailproto.a` for each target, clean as the host's is (see
//! `library.rs`), in each of the feature sets that are measured.
//!
//! A target that rustup has installed is built with the compiler at hand. Debian's compiler builds any of
//! them, from the source of `core` that it carries.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::library::{self, Tools};
use crate::shell::{Outcome, cargo, command, output, root, run};

/// A core that firmware is made for.
pub(crate) struct Target {
    /// As rustc calls it.
    pub(crate) triple: &'static str,
    /// What selects the same core in GCC.
    pub(crate) cflags: &'static [&'static str],
    /// GCC's and binutils' prefix.
    pub(crate) prefix: &'static str,
}

const ARM: &str = "arm-none-eabi-";
const RISCV: &str = "riscv64-unknown-elf-";

pub(crate) const TARGETS: &[Target] = &[
    Target { triple: "thumbv6m-none-eabi", cflags: &["-mcpu=cortex-m0", "-mthumb"], prefix: ARM },
    Target { triple: "thumbv7m-none-eabi", cflags: &["-mcpu=cortex-m3", "-mthumb"], prefix: ARM },
    Target { triple: "thumbv7em-none-eabi", cflags: &["-mcpu=cortex-m4", "-mthumb"], prefix: ARM },
    Target {
        triple: "thumbv7em-none-eabihf",
        cflags: &["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"],
        prefix: ARM,
    },
    Target {
        triple: "thumbv8m.main-none-eabi",
        cflags: &["-mcpu=cortex-m33+nofp", "-mthumb", "-mfloat-abi=soft"],
        prefix: ARM,
    },
    Target {
        triple: "thumbv8m.main-none-eabihf",
        cflags: &["-mcpu=cortex-m33", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"],
        prefix: ARM,
    },
    Target {
        triple: "riscv32imc-unknown-none-elf",
        cflags: &["-march=rv32imc", "-mabi=ilp32"],
        prefix: RISCV,
    },
    Target {
        triple: "riscv32imac-unknown-none-elf",
        cflags: &["-march=rv32imac", "-mabi=ilp32"],
        prefix: RISCV,
    },
];

/// A selection of the library's features.
pub(crate) struct Set {
    pub(crate) name: &'static str,
    /// Features of `mailproto-ffi`, besides the panic handler.
    pub(crate) features: &'static str,
}

/// The sets whose footprint is promised. None has `wide` or `fast`, which buy speed with flash.
pub(crate) const SETS: &[Set] = &[
    Set { name: "pop3", features: "pop3,sasl-plain" },
    Set { name: "imap-minimal", features: "imap" },
    Set { name: "imap-full", features: "imap-full,message,sasl-plain" },
    Set {
        name: "everything",
        features: "pop3,pop3-extras,imap-all,message,sasl-plain,sasl-scram-sha-256",
    },
];

/// Debian's compiler, and the C tools of both families.
pub(crate) const PACKAGES: &[&str] = &[
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "gcc-arm-none-eabi",
    "libnewlib-arm-none-eabi",
    "gcc-riscv64-unknown-elf",
    "picolibc-riscv64-unknown-elf",
];

/// The target of this name.
pub(crate) fn target(triple: &str) -> Outcome<&'static Target> {
    TARGETS.iter().find(|one| one.triple == triple).ok_or_else(|| format!("no target {triple}"))
}

/// The set of this name.
pub(crate) fn set(name: &str) -> Outcome<&'static Set> {
    SETS.iter().find(|one| one.name == name).ok_or_else(|| format!("no feature set {name}"))
}

impl Target {
    /// Of the two families that there are.
    pub(crate) fn is_arm(&self) -> bool {
        self.prefix == ARM
    }

    /// A program of the family's C tools: `gcc`, `ld`, `nm` …
    pub(crate) fn tool(&self, name: &str) -> Command {
        command(format!("{}{name}", self.prefix))
    }
}

/// Builds the clean `libmailproto.a` of a set for a target into `directory`, and says where it is.
pub(crate) fn library(target: &Target, set: &Set, directory: &Path) -> Outcome<PathBuf> {
    library_with(target, set.features, directory)
}

/// The same with features of one's own choice.
fn library_with(target: &Target, features: &str, directory: &Path) -> Outcome<PathBuf> {
    clean(target, &compile(target, features, is_installed(target.triple))?, directory)
}

/// A set's, always by Debian's compiler: figures are of one compiler, and it tells how large frames are.
pub(crate) fn library_from_source(
    target: &Target,
    set: &Set,
    directory: &Path,
) -> Outcome<PathBuf> {
    clean(target, &compile(target, set.features, false)?, directory)
}

fn clean(target: &Target, raw: &Path, directory: &Path) -> Outcome<PathBuf> {
    library::make_clean(raw, directory, &Tools { prefix: target.prefix, link: emulation(target) })
}

/// The linker of the RISC-V tools is for 64 bits unless told.
fn emulation(target: &Target) -> &'static [&'static str] {
    if target.prefix == RISCV { &["-m", "elf32lriscv"] } else { &[] }
}

/// What rustc makes of the library: an archive with all of `core` in it.
fn compile(target: &Target, features: &str, installed: bool) -> Outcome<PathBuf> {
    let features = format!("panic-handler,{features}");
    let (mut build, name) =
        if installed { (cargo(), "chip") } else { (from_source(), "chip-from-source") };
    // A directory each, so that two can be built at a time.
    let into = library::target_directory().join(name).join(target.triple);
    let words = "rustc --quiet --package mailproto-ffi --lib --crate-type staticlib --profile ffi";
    build.args(words.split(' '));
    build.args(["--config", "profile.ffi.opt-level=\"z\"", "--no-default-features"]);
    build.args(["--features", &features, "--target", target.triple]);
    // SHA-256 in a loop: a twentieth of the size of what is unrolled.
    let mut flags = vec![r#"--cfg=sha2_backend_soft="compact""#];
    if !installed {
        build.arg("-Zbuild-std=core,panic_abort");
        // Changes nothing in the code. `footprint.rs` reads the section that it adds.
        flags.push("-Zemit-stack-sizes");
    }
    build.arg("--target-dir").arg(&into);
    run(library::with_flags(&mut build, &flags))?;
    Ok(into.join(target.triple).join("ffi/libmailproto.a"))
}

/// Whether the compiler at hand has `core` for the target.
pub(crate) fn is_installed(triple: &str) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let words = ["--print", "target-libdir", "--target", triple];
    let directory = output(command(rustc).args(words)).unwrap_or_default();
    !directory.is_empty() && Path::new(directory.trim()).is_dir()
}

/// Debian's cargo and compiler, which have `core` as source. That option of cargo is not stable; what it
/// compiles is the same source.
pub(crate) fn from_source() -> Command {
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo.current_dir(root()).env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    for name in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTC_WRAPPER", "RUSTDOC"] {
        cargo.env_remove(name);
    }
    cargo
}

/// `cargo xtask chip TARGET --features LIST DIR`: builds one library.
pub(crate) fn build_one(triple: &str, features: &str, directory: &str) -> Outcome {
    println!("{}", library_with(target(triple)?, features, Path::new(directory))?.display());
    Ok(())
}

/// `cargo xtask chip [TARGET [SET]]`: builds libraries into `target/chip-lib/TARGET/SET`.
pub(crate) fn build(names: &[&str]) -> Outcome {
    let only = names.first().map(|triple| target(triple)).transpose()?;
    let only_set = names.get(1).map(|name| set(name)).transpose()?;
    for target in TARGETS.iter().filter(|one| only.is_none_or(|only| only.triple == one.triple)) {
        for set in SETS.iter().filter(|one| only_set.is_none_or(|only| only.name == one.name)) {
            let directory = root().join("target/chip-lib").join(target.triple).join(set.name);
            println!("{}", library(target, set, &directory)?.display());
        }
    }
    Ok(())
}
