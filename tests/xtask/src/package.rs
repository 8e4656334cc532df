//! The C library as CMake installs it, and projects built against that: how C programmers get it.

use std::path::{Path, PathBuf};

use crate::shell::{Outcome, command, root, run};

/// Debian packages that CMake's builds need, besides a compiler.
pub(crate) const PACKAGES: &[&str] = &["cmake", "make", "pkg-config"];

/// What the examples are linked with.
pub(crate) const TLS_PACKAGES: &[&str] = &["libssl-dev", "libmbedtls-dev"];

/// Builds the library by CMake in `build`, and installs it into `prefix`.
pub(crate) fn install(build: &Path, prefix: &Path) -> Outcome {
    // What cargo compiled before need not be compiled again.
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
    run(command("cmake")
        .args(["-S", "ffi", "-B"])
        .arg(build)
        .arg(format!("-DMAILPROTO_CARGO_TARGET_DIR={}", target.display())))?;
    run(command("cmake").arg("--build").arg(build))?;
    run(command("cmake").arg("--install").arg(build).arg("--prefix").arg(prefix))
}

/// Builds the project in `source` against what was installed into `prefix`. Its programs go to `build`.
pub(crate) fn build_against(
    prefix: &Path,
    source: &str,
    build: &Path,
    options: &[&str],
) -> Outcome {
    run(command("cmake")
        .args(["-S", source, "-B"])
        .arg(build)
        .arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display()))
        .args(options))?;
    run(command("cmake").args(["--build"]).arg(build).args(["--parallel", "2"]))
}
