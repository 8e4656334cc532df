//! The Python package as those get it who have no repository: from the sdist and from the wheel, each
//! in an environment with nothing else in it, where the quick start then runs against a real server.

use std::path::{Path, PathBuf};

use crate::setup::{Need, venv_program};
use crate::shell::{Outcome, command, root, run};
use crate::stages::{PYTEST, SERVERS};

pub(crate) const NEEDS: &[Need] = &[Need::Pip(&["maturin==1.16.0"]), Need::Debian(SERVERS)];

pub(crate) fn test() -> Outcome {
    let made = root().join("target/package");
    // What an earlier run left there is not what is tested.
    let _ = std::fs::remove_dir_all(&made);
    let maturin = |what: &[&str]| {
        let manifest = ["--manifest-path", "python/Cargo.toml", "--out"];
        run(venv_program("maturin").args(what).args(manifest).arg(&made))
    };
    maturin(&["sdist"])?;
    maturin(&["build", "--release"])?;
    for (kind, ending) in [("sdist", ".tar.gz"), ("wheel", ".whl")] {
        the_quick_start_runs(&made.join(kind), &only(&made, ending)?)?;
    }
    Ok(())
}

/// In a new environment, and from a directory where the repository's package cannot be imported.
fn the_quick_start_runs(environment: &Path, package: &Path) -> Outcome {
    run(command("python3").args(["-m", "venv", "--clear"]).arg(environment))?;
    let python = environment.join("bin/python");
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(command(&python).args(install).arg(package))?;
    run(command(environment.join("bin/mailproto")).arg("--version").current_dir(environment))?;
    let Need::Pip(pytest) = PYTEST else { return Err("PYTEST is no pip package".into()) };
    run(command(&python).args(install).args(pytest))?;
    let quick_start = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "quickstart"];
    let tests = root().join("python/tests/test_documentation.py");
    run(command(&python).args(quick_start).arg(tests).current_dir(environment))
}

/// The one file in a directory whose name ends so.
fn only(directory: &Path, ending: &str) -> Outcome<PathBuf> {
    let entries = std::fs::read_dir(directory).map_err(|error| error.to_string())?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut found = paths.filter(|path| path.to_string_lossy().ends_with(ending));
    match (found.next(), found.next()) {
        (Some(path), None) => Ok(path),
        _ => Err(format!("not exactly one *{ending} in {}", directory.display())),
    }
}
