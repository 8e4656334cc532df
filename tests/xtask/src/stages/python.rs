//! The Python package: its sources are clean, its types hold, its tests pass. What is tested is the
//! package as a user installs it.

use crate::ours;
use crate::setup::{Need, venv, venv_program};
use crate::shell::{Outcome, cargo, root, run};
use crate::stages::{CYRUS, PYTEST, RUFF, SERVERS};

/// Checkers and runners are pinned: a newer one finds other faults.
pub(crate) const NEEDS: &[Need] = &[
    RUFF,
    PYTEST,
    Need::Pip(&["mypy==2.4.1", "pyright[nodejs]==1.1.414", "hypothesis==6.170.15"]),
    Need::Debian(SERVERS),
    Need::Unpacked(CYRUS),
];

pub(crate) fn test() -> Outcome {
    the_sources_are_clean()?;
    ours::python()?;
    the_types_hold()?;
    let configuration = ["-c", "python/pyproject.toml", "--rootdir", "python", "python/tests"];
    run(venv_program("pytest").args(configuration))
}

fn the_sources_are_clean() -> Outcome {
    run(venv_program("ruff").args(["check", "python/mailproto", "python/tests"]))?;
    run(venv_program("ruff").args(["format", "--check", "python/mailproto", "python/tests"]))?;
    let manifest = ["--manifest-path", "python/Cargo.toml"];
    run(cargo().arg("fmt").args(manifest).arg("--check"))?;
    let strictly = ["--quiet", "--all-targets", "--", "-D", "warnings"];
    run(cargo().arg("clippy").args(manifest).args(strictly))
}

/// The annotations agree with the code, and the stubs with the native module.
fn the_types_hold() -> Outcome {
    run(venv_program("mypy").current_dir(root().join("python")))?;
    let interpreter = ["--pythonpath".into(), venv().join("bin/python")];
    run(venv_program("pyright").args(interpreter).current_dir(root().join("python")))?;
    // From elsewhere, so that it is the installed package that is looked at.
    let stubtest = ["-m", "mypy.stubtest", "mailproto._core"];
    run(venv_program("python").args(stubtest).current_dir(root().join("target")))
}

/// The handbook, with the reference made of the docstrings.
pub(crate) fn handbook() -> Outcome {
    ours::python()?;
    // From elsewhere, so that it is the installed package that is described.
    let (docs, out) = (root().join("docs"), root().join("target/docs"));
    let build = ["-m", "sphinx", "--quiet", "--fail-on-warning", "--fresh-env"];
    run(venv_program("python").args(build).args([docs, out]).current_dir(root().join("target")))
}
