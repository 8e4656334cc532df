//! The archives that C programmers take: the same octets wherever they are made, no trace of the machine in
//! them, and a stranger's build finds what is in them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::chip;
use crate::dist;
use crate::library;
use crate::package;
use crate::setup::Need;
use crate::shell::{Outcome, cargo, command, output, root, run};

pub(crate) const NEEDS: &[Need] = &[
    Need::Debian(library::PACKAGES),
    Need::Debian(chip::PACKAGES),
    Need::Debian(dist::PACKAGES),
    Need::Debian(package::PACKAGES),
];

/// The target that is tried here: that of the smallest cores. The others differ in the compiler's options.
const TARGET: &str = "thumbv6m-none-eabi";
/// The set that is built twice.
const SET: &str = "imap-minimal";

pub(crate) fn test() -> Outcome {
    let place = root().join("target/dist-test");
    let _ = fs::remove_dir_all(&place);
    let archive = dist::archive(chip::target(TARGET)?, &place.join("here"))?;
    let unpacked = place.join("unpacked");
    fs::create_dir_all(&unpacked).map_err(|error| error.to_string())?;
    run(command("tar").arg("--extract").arg("--file").arg(&archive).arg("-C").arg(&unpacked))?;
    let unpacked = unpacked.join(dist::name(TARGET));
    the_same_is_made_elsewhere(&archive, &unpacked, &place.join("elsewhere"))?;
    no_path_is_in(&unpacked)?;
    cmake_finds_it(&unpacked, &place.join("by-cmake"))?;
    pkg_config_finds_it(&unpacked, &place.join("by-pkg-config"))
}

/// The library, from a copy of the sources in another directory, with a target directory of its own; and the
/// archive, from other files with the same in them.
fn the_same_is_made_elsewhere(archive: &Path, unpacked: &Path, copy: &Path) -> Outcome {
    copy_sources(copy)?;
    let mut again = cargo();
    again.current_dir(copy).env("CARGO_TARGET_DIR", copy.join("build"));
    run(again.args(["run", "--quiet", "--package", "xtask", "--", "chip", TARGET, SET]))?;
    let elsewhere = copy.join("target/chip-lib").join(TARGET).join(SET).join("libmailproto.a");
    are_the_same(&unpacked.join("lib").join(SET).join("libmailproto.a"), &elsewhere)?;
    are_the_same(archive, &dist::pack(unpacked)?)
}

fn are_the_same(file: &Path, other: &Path) -> Outcome {
    let (one, another) = (dist::checksum(file)?, dist::checksum(other)?);
    if one == another { Ok(()) } else { Err(format!("{} differs: {one}", other.display())) }
}

/// What is in the repository, changes that are not committed included.
fn copy_sources(to: &Path) -> Outcome {
    let list = "ls-files --cached --others --exclude-standard";
    let files = output(command("git").args(list.split(' '))).ok_or("git lists no sources")?;
    for file in files.lines().filter(|file| root().join(file).is_file()) {
        let (from, to) = (root().join(file), to.join(file));
        fs::create_dir_all(to.parent().unwrap_or(&to)).map_err(|error| error.to_string())?;
        fs::copy(from, to).map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(())
}

fn no_path_is_in(directory: &Path) -> Outcome {
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    for place in [root(), home] {
        let find = ["--recursive", "--files-with-matches", "--fixed-strings", "--text"];
        let found = output(command("grep").args(find).arg(&place).arg(directory));
        if let Some(files) = found {
            return Err(format!("{} stands in {}", place.display(), files.trim()));
        }
    }
    Ok(())
}

fn cmake_finds_it(unpacked: &Path, build: &Path) -> Outcome {
    let target = chip::target(TARGET)?;
    let compiler = format!("-DCMAKE_C_COMPILER={}gcc", target.prefix);
    let flags = format!("-DCMAKE_C_FLAGS={} --specs=nosys.specs", target.cflags.join(" "));
    let options = ["-DCMAKE_SYSTEM_NAME=Generic", &compiler, &flags];
    package::build_against(unpacked, "tests/firmware/footprint/package", build, &options)
}

fn pkg_config_finds_it(unpacked: &Path, program: &Path) -> Outcome {
    let target = chip::target(TARGET)?;
    let mut ask = command("pkg-config");
    ask.env("PKG_CONFIG_PATH", unpacked.join("lib/pkgconfig"));
    let flags = output(ask.args(["--cflags", "--libs", "mailproto"]));
    let flags = flags.ok_or("pkg-config does not find mailproto")?;
    run(target
        .tool("gcc")
        .args(target.cflags)
        .args(["--specs=nosys.specs", "tests/firmware/footprint/package/main.c", "-o"])
        .arg(program)
        .args(flags.split_whitespace()))
}
