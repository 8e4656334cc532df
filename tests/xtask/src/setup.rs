//! What stages need, and how it is provided: Debian packages when we are root on Debian, a
//! Python environment in `target/venv`. What cannot be provided is a reason to skip.

use std::path::PathBuf;
use std::process::Command;

use crate::shell::{Outcome, command, output, root, run, succeeds};

/// One thing that a stage needs.
pub(crate) enum Need {
    /// These Debian packages, installed.
    Debian(&'static [&'static str]),
    /// These Python packages, in the environment of [`venv`].
    Pip(&'static [&'static str]),
    /// A program that answers to these words (`cargo fmt --version`); the text says how to get it.
    Program(&'static str, &'static str),
    /// Files of these Debian packages, unpacked under `target/interop/cyrus` and not installed.
    Unpacked(&'static [&'static str]),
}

impl Need {
    /// Sees to it that the need is met. The error is the reason why it cannot be.
    pub(crate) fn provide(&self) -> Outcome {
        match self {
            Need::Debian(packages) => install(packages),
            Need::Pip(packages) => pip_install(packages),
            Need::Program(words, remedy) => program(words, remedy),
            Need::Unpacked(packages) => unpack(packages),
        }
    }
}

/// The directory of the Python environment that the tests run in.
pub(crate) fn venv() -> PathBuf {
    root().join("target/venv")
}

/// A program of the Python environment.
pub(crate) fn venv_program(name: &str) -> Command {
    command(venv().join("bin").join(name))
}

fn program(words: &str, remedy: &str) -> Outcome {
    let mut words_of = words.split_whitespace();
    let found = words_of.next().is_some_and(|name| succeeds(command(name).args(words_of)));
    found.then_some(()).ok_or_else(|| format!("`{words}` does not work: {remedy}"))
}

// Debian packages.

fn install(packages: &[&str]) -> Outcome {
    let missing: Vec<&str> = packages.iter().copied().filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    root_on_debian().map_err(|why| format!("missing {}: {why}", missing.join(" ")))?;
    let quieted = Quieted::before_installing(&missing);
    let installed = apt_install(&missing);
    drop(quieted);
    installed
}

fn is_installed(package: &str) -> bool {
    let status = output(command("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]));
    status.as_deref() == Some("installed")
}

fn root_on_debian() -> Outcome {
    if output(command("id").arg("-u")).as_deref().map(str::trim) != Some("0") {
        return Err("installing needs root".into());
    }
    if !succeeds(command("apt-get").arg("--version")) {
        return Err("this is no Debian".into());
    }
    Ok(())
}

fn apt_install(packages: &[&str]) -> Outcome {
    let attempt = || run(apt_get("install").args(packages));
    // A fresh machine, or one with stale lists, has to fetch the lists first.
    attempt().or_else(|_| run(&mut apt_get("update")).and_then(|()| attempt()))
}

fn apt_get(action: &str) -> Command {
    let mut apt = command("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-y", action]);
    if action == "install" {
        apt.arg("--no-install-recommends");
    }
    apt
}

/// Mail services that packages start on the default ports when they are installed.
const SERVICES: &[(&str, &[&str])] = &[
    ("dovecot-pop3d", &["dovecot.service", "dovecot.socket"]),
    ("cyrus-common", &["cyrus-imapd.service"]),
    ("sasl2-bin", &["saslauthd.service"]),
    ("fetchmail", &["fetchmail.service"]),
];

/// Keeps the services of packages that we are about to install from starting, now and at the
/// next boot: masked until dropped, disabled after. Only systemd starts anything: without an
/// init system Debian's `invoke-rc.d` does not.
struct Quieted(Vec<&'static str>);

impl Quieted {
    fn before_installing(packages: &[&str]) -> Self {
        let installed = SERVICES.iter().filter(|(package, _)| packages.contains(package));
        let units: Vec<_> = installed.flat_map(|(_, units)| units.iter().copied()).collect();
        if units.is_empty() || !PathBuf::from("/run/systemd/system").is_dir() {
            return Self(Vec::new());
        }
        succeeds(command("systemctl").args(["mask", "--runtime"]).args(&units));
        Self(units)
    }
}

impl Drop for Quieted {
    fn drop(&mut self) {
        for unit in &self.0 {
            succeeds(command("systemctl").args(["unmask", "--runtime", unit]));
            succeeds(command("systemctl").args(["disable", unit]));
        }
    }
}

/// Cyrus's daemons conflict with Dovecot's packages, so they are taken out of their packages.
fn unpack(packages: &[&str]) -> Outcome {
    let into = root().join("target/interop/cyrus");
    let done = into.join("unpacked");
    if std::fs::read_to_string(&done).is_ok_and(|names| names == packages.join(" ")) {
        return Ok(());
    }
    root_on_debian().map_err(|why| format!("missing {}: {why}", packages.join(" ")))?;
    let archives = into.join("archives");
    std::fs::create_dir_all(&archives).map_err(|error| format!("{}: {error}", into.display()))?;
    run(command("apt-get").arg("download").args(packages).current_dir(&archives))?;
    for archive in files_of(&archives) {
        run(command("dpkg").arg("-x").arg(archive).arg(&into))?;
    }
    std::fs::write(&done, packages.join(" ")).map_err(|error| error.to_string())
}

fn files_of(directory: &std::path::Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()
}

// Python packages.

fn pip_install(packages: &[&str]) -> Outcome {
    make_venv()?;
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(venv_program("python").args(quiet).args(packages))
}

fn make_venv() -> Outcome {
    if succeeds(venv_program("python").args(["-m", "pip", "--version"])) {
        return Ok(());
    }
    let make = || run(command("python3").args(["-m", "venv", "--clear"]).arg(venv()));
    // Debian keeps the module that makes environments in a package of its own.
    make().or_else(|_| install(&["python3-venv"]).and_then(|()| make()))
}
