//! Our own programs, built for the demo and for the tests that run them: the examples in Rust and in
//! C, and the Python package.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::library;
use crate::package;
use crate::setup::venv_program;
use crate::shell::{Outcome, cargo, command, root, run};

/// Builds all that `tests/interop` runs, where it looks for it.
pub(crate) fn build() -> Outcome {
    build_examples(&["pop3_fetch", "pop3_serve", "pop3_exercise", "imap_exercise", "imap_list"])?;
    build_c()?;
    python()
}

/// The example in C that needs no TLS library.
pub(crate) const POP3_FETCH: &[&str] = &[
    "ffi/examples/pop3_fetch.c",
    "ffi/examples/net.c",
    "ffi/examples/output.c",
    "ffi/examples/tls_none.c",
];

/// Where our programs in C are: the examples and what only tests run.
fn c_programs() -> PathBuf {
    library::directory().join("programs")
}

/// Builds the examples in C as their users do: by CMake, against the installed package.
fn build_c() -> Outcome {
    let installed = library::directory().join("installed");
    let programs = c_programs();
    package::install(&library::directory().join("build"), &installed)?;
    package::build_against(&installed, "ffi/examples", &programs, &["-DCMAKE_BUILD_TYPE=Release"])?;
    library::build(&library::directory())?;
    compile_c(&["tests/interop/pop3_exercise.c"], &programs.join("pop3_exercise"), &[])
}

/// Installs the Python package for the tests, once.
pub(crate) fn python() -> Outcome {
    static INSTALLED: OnceLock<Outcome> = OnceLock::new();
    INSTALLED.get_or_init(|| install_python(&mut venv_program("python"))).clone()
}

/// Builds examples of the Rust crate.
pub(crate) fn build_examples(names: &[&str]) -> Outcome {
    let mut build = cargo();
    build.args(["build", "--release", "--quiet", "--package", "mailproto-core"]);
    for name in names {
        build.args(["--example", name]);
    }
    run(&mut build)
}

/// Where such an example is.
pub(crate) fn example(name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
    target.join("release/examples").join(name)
}

/// Compiles and links a C program with our library, built before, and perhaps others.
pub(crate) fn compile_c(sources: &[&str], program: &Path, libraries: &[&str]) -> Outcome {
    run(command("cc")
        .args(["-std=c99", "-Wall", "-O2", "-Iinclude"])
        .args(sources)
        .arg("-o")
        .arg(program)
        .arg(library::directory().join("libmailproto.a"))
        .args(libraries))
}

/// Installs the Python package into the environment of this interpreter, as a user does.
pub(crate) fn install_python(python: &mut std::process::Command) -> Outcome {
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "./python"];
    run(python.args(install))
}
