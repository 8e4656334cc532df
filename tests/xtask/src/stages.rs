//! The table of stages. To add one, add a row and the function that it runs.

mod c;
mod dist;
mod firmware;
mod firmware_rust;
mod footprint;
mod fuzz;
mod newcomer;
mod package;
mod packaging;
mod python;
mod vectors;

use std::sync::OnceLock;

use crate::bench;
use crate::chip;
use crate::ours;
use crate::setup::{Need, venv_program};
use crate::shell::{Outcome, cargo, run, run_cargo};
use crate::stage::Stage;

/// Every stage, in the order in which they run: quick and telling ones first.
pub(crate) const STAGES: &[Stage] = &[
    Stage {
        name: "fmt",
        about: "rustfmt has nothing to change",
        needs: &[Need::Program("cargo fmt --version", "rustup component add rustfmt")],
        run: fmt,
    },
    Stage {
        name: "ruff",
        about: "the Python of the tests is clean and formatted",
        needs: &[RUFF],
        run: ruff,
    },
    Stage {
        name: "core",
        about: "the engine's own tests, with default features, with all, and as on a chip",
        needs: &[],
        run: core,
    },
    Stage {
        name: "features",
        about: "the engine builds with each set of features that someone may choose",
        needs: &[CLIPPY],
        run: features,
    },
    Stage {
        name: "bench",
        about: "nothing takes more instructions than on record (callgrind); clients can be measured",
        needs: bench::NEEDS,
        run: bench::test,
    },
    Stage {
        name: "clippy",
        about: "clippy has nothing to say, in any crate",
        needs: &[CLIPPY],
        run: || run_cargo("clippy --workspace --all-targets --all-features -- -D warnings"),
    },
    Stage {
        name: "doc",
        about: "the documentation builds without a warning",
        needs: &[],
        run: doc,
    },
    Stage {
        name: "c",
        about: "the C library: header, symbols, tests under sanitizers, examples, packages",
        needs: c::NEEDS,
        run: c::test,
    },
    Stage {
        name: "footprint",
        about: "FOOTPRINT.md holds, within its gates, and nothing in the images can panic",
        needs: footprint::NEEDS,
        run: footprint::test,
    },
    Stage {
        name: "dist",
        about: "the archives for C programmers: the same wherever they are made, and found",
        needs: dist::NEEDS,
        run: dist::test,
    },
    Stage {
        name: "firmware",
        about: "images in C run on emulated chips: sessions with Dovecot and recorded ones, in 16 kB",
        needs: firmware::NEEDS,
        run: firmware::test,
    },
    Stage {
        name: "packaging",
        about: "packages for ESP-IDF, Zephyr, PlatformIO, Arduino; their examples, and FreeRTOS's",
        needs: packaging::NEEDS,
        run: packaging::test,
    },
    Stage {
        name: "firmware-rust",
        about: "firmware in Rust holds sessions on an emulated chip, and logs them without a secret",
        needs: firmware_rust::NEEDS,
        run: firmware_rust::test,
    },
    Stage {
        name: "newcomer",
        about: "the page \"Bring it up on your board\" works to the letter, without Rust",
        needs: newcomer::NEEDS,
        run: newcomer::test,
    },
    Stage {
        name: "python",
        about: "the Python package: style, types, stubs, tests",
        needs: python::NEEDS,
        run: python::test,
    },
    Stage {
        name: "handbook",
        about: "the handbook of the Python package builds without a warning",
        needs: &[HANDBOOK],
        run: python::handbook,
    },
    Stage {
        name: "package",
        about: "sdist and wheel install into clean environments, where the quick start runs",
        needs: package::NEEDS,
        run: package::test,
    },
    Stage {
        name: "vectors",
        about: "chips, emulated, come to the same verdicts on every transcript as this computer",
        needs: vectors::NEEDS,
        run: vectors::test,
    },
    Stage {
        name: "fuzz",
        about: "the fuzz targets run for a minute each and find nothing",
        needs: fuzz::NEEDS,
        run: fuzz::test,
    },
    Stage {
        name: "interop",
        about: "our clients on real servers, real clients on ours (pytest tests/interop)",
        needs: &[
            Need::Debian(SERVERS),
            Need::Unpacked(CYRUS),
            Need::Debian(CLIENTS),
            Need::Debian(COMPILERS),
            PYTEST,
        ],
        run: || interop(ALL_BUT_THE_NEXT_TWO),
    },
    Stage {
        name: "memory",
        about: "a message of 200 MB takes no more memory than one of 5 kB",
        needs: &[Need::Debian(SERVERS), Need::Debian(COMPILERS), PYTEST],
        run: || {
            interop(&["-s", "tests/interop/test_memory.py", "tests/interop/test_imap_memory.py"])
        },
    },
    Stage {
        name: "bad-use",
        about: "servers that vanish, full disks and Ctrl-C lose nothing",
        needs: &[Need::Debian(COMPILERS), PYTEST],
        run: || interop(&["tests/interop/test_bad_use.py"]),
    },
];

const ALL_BUT_THE_NEXT_TWO: &[&str] = &[
    "tests/interop",
    "--ignore-glob=tests/interop/*memory.py",
    "--ignore=tests/interop/test_bad_use.py",
];

// What stages need. A formatter and a test runner are pinned: a newer one finds other faults.

const CLIPPY: Need = Need::Program("cargo clippy --version", "rustup component add clippy");
const RUFF: Need = Need::Pip(&["ruff==0.17.6"]);
const HANDBOOK: Need =
    Need::Pip(&["sphinx==9.0.4", "myst-parser==5.2.0", "furo==2025.12.19", "typing_extensions"]);
const PYTEST: Need = Need::Pip(&["pytest==9.2.0"]);
/// Dovecot whole; of Cyrus all but the daemons, with a mail transport (dma) that starts nothing.
const SERVERS: &[&str] = &[
    "openssl",
    "dovecot-imapd",
    "dovecot-pop3d",
    "dma",
    "cyrus-common",
    "sasl2-bin",
    "libsasl2-modules",
    "libsasl2-modules-db",
];
const CYRUS: &[&str] = &["cyrus-imapd", "cyrus-pop3d"];
const CLIENTS: &[&str] = &["curl", "fetchmail", "getmail6", "mpop"];
/// For the programs in C, some of them with TLS.
const COMPILERS: &[&str] =
    &["gcc", "libc6-dev", "binutils", "cmake", "make", "libssl-dev", "libmbedtls-dev"];

/// Sets of the engine's features, without the default ones.
const FEATURE_SETS: &[&str] = &[
    "",
    "pop3",
    "pop3,message",
    "pop3,server",
    "pop3,sasl-scram-sha-256,server",
    "pop3,apop",
    "pop3,wide,sasl-all",
    "pop3,defmt",
    "pop3,log",
    "pop3,embedded-io",
    "pop3,embedded-io-async",
    "imap,fast",
    "imap,imap-condstore",
    "imap,sasl-plain",
    "imap,sasl-scram-sha-256,message",
    "imap,wide,sasl-all",
    "imap-authenticate,imap-append,sasl-plain",
    "imap-list,imap-esearch",
    "imap-envelope",
    "imap-body-structure,imap-items",
    "imap-id,imap-codes,imap-compress",
    "imap-sort,imap-quota",
    "imap-acl,imap-metadata",
    "imap-gmail",
    "imap-all",
    "imap-all,defmt",
    "imap,log",
    "pop3,imap",
    "pop3,imap-all,server,sasl-all,message",
    "fast,wide,pop3,pop3-extras,imap-all,server,sasl-all,message",
    // Those whose size is measured.
    "pop3,sasl-plain",
    "imap",
    "imap-full,message,sasl-plain",
    "pop3,pop3-extras,imap-all,message,sasl-plain,sasl-scram-sha-256",
];

/// Firmware is in workspaces of its own.
fn fmt() -> Outcome {
    run_cargo("fmt --all --check")?;
    run_cargo("fmt --check --manifest-path tests/firmware/vectors/Cargo.toml")?;
    run_cargo("fmt --check --manifest-path tests/firmware/rust/Cargo.toml")
}

fn ruff() -> Outcome {
    run(venv_program("ruff").args(["check", "tests"]))?;
    run(venv_program("ruff").args(["format", "--check", "tests"]))
}

fn core() -> Outcome {
    run_cargo("test --package mailproto-core")?;
    run_cargo("test --package mailproto-core --all-features")?;
    // As on a chip: without the short ways, and the least there is.
    run_cargo(
        "test --package mailproto-core --no-default-features \
         --features imap-all,pop3,pop3-extras,server,sasl-all,message \
         --lib --test imap_session --test imap_hostile --test imap_misuse",
    )?;
    run_cargo(
        "test --package mailproto-core --no-default-features --features imap --test imap_smallest",
    )
}

fn features() -> Outcome {
    let one = |set: &&str| {
        let words = "clippy --quiet --package mailproto-core --no-default-features --features";
        run(cargo().args(words.split(' ')).args([*set, "--", "-D", "warnings"]))
    };
    FEATURE_SETS.iter().try_for_each(one)?;
    chip::SETS.iter().try_for_each(|set| {
        let words = "clippy --quiet --package mailproto-ffi --no-default-features --features";
        run(cargo().args(words.split(' ')).args([set.features, "--", "-D", "warnings"]))
    })
}

fn doc() -> Outcome {
    let words = ["doc", "--workspace", "--no-deps", "--all-features"];
    run(cargo().args(words).env("RUSTDOCFLAGS", "-D warnings"))
}

/// Runs pytest, once our own programs are built.
fn interop(arguments: &[&str]) -> Outcome {
    static BUILT: OnceLock<Outcome> = OnceLock::new();
    BUILT.get_or_init(ours::build).clone()?;
    run(venv_program("python").args(["-m", "pytest", "-q"]).args(arguments))
}
