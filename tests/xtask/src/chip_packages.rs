//! The C library as firmware people take it in: what lies in `ffi/packaging`, with the headers and with the
//! libraries of all targets that an ecosystem has. `cargo xtask dist` makes an archive of each.

use std::fs;
use std::path::{Path, PathBuf};

use crate::chip::{self, TARGETS};
use crate::dist;
use crate::shell::{Outcome, command, root, run};

/// What an ecosystem calls a package.
struct Package {
    /// Its directory in `ffi/packaging`.
    name: &'static str,
    /// Where headers go.
    headers: &'static str,
    libraries: Libraries,
    /// Files from elsewhere in `ffi/packaging`, and where they go.
    borrowed: &'static [(&'static str, &'static str)],
}

/// Where libraries go.
enum Libraries {
    /// `lib/TRIPLE/libmailproto.a`, `lib/TRIPLE/SET/libmailproto.a` and `lib/TRIPLE/SIZE.md`, for targets whose
    /// name begins so.
    ByTriple(&'static str),
    /// `src/MCU/libmailproto.a` or `src/MCU/FPU-ABI/libmailproto.a`: everything, for each of these.
    ByMcu(&'static [(&'static str, &'static str)]),
}

/// Cores as Arduino's `build.mcu`, `build.fpu` and `build.float-abi` name them.
const MCUS: &[(&str, &str)] = &[
    ("cortex-m0", "thumbv6m-none-eabi"),
    ("cortex-m0plus", "thumbv6m-none-eabi"),
    ("cortex-m23", "thumbv6m-none-eabi"),
    ("cortex-m3", "thumbv7m-none-eabi"),
    ("cortex-m4", "thumbv7em-none-eabi"),
    ("cortex-m4/fpv4-sp-d16-hard", "thumbv7em-none-eabihf"),
    ("cortex-m4/fpv4-sp-d16-softfp", "thumbv7em-none-eabi"),
    ("cortex-m7", "thumbv7em-none-eabi"),
    ("cortex-m7/fpv5-sp-d16-hard", "thumbv7em-none-eabihf"),
    ("cortex-m7/fpv5-sp-d16-softfp", "thumbv7em-none-eabi"),
    ("cortex-m7/fpv5-d16-hard", "thumbv7em-none-eabihf"),
    ("cortex-m7/fpv5-d16-softfp", "thumbv7em-none-eabi"),
    ("cortex-m33", "thumbv8m.main-none-eabi"),
    ("cortex-m33/fpv5-sp-d16-softfp", "thumbv8m.main-none-eabi"),
    ("cortex-m33/fpv5-sp-d16-hard", "thumbv8m.main-none-eabihf"),
    ("esp32c2", "riscv32imc-unknown-none-elf"),
    ("esp32c3", "riscv32imc-unknown-none-elf"),
    ("esp32c5", "riscv32imac-unknown-none-elf"),
    ("esp32c6", "riscv32imac-unknown-none-elf"),
    ("esp32c61", "riscv32imac-unknown-none-elf"),
    ("esp32h2", "riscv32imac-unknown-none-elf"),
];

const PACKAGES: &[Package] = &[
    Package {
        name: "esp-idf",
        headers: "include",
        libraries: Libraries::ByTriple("riscv32"),
        borrowed: &[],
    },
    Package {
        name: "zephyr",
        headers: "include",
        libraries: Libraries::ByTriple(""),
        borrowed: &[],
    },
    Package {
        name: "platformio",
        headers: "include",
        libraries: Libraries::ByTriple(""),
        borrowed: &[(
            "arduino/examples/FetchMail/FetchMail.ino",
            "examples/fetch_mail/src/FetchMail.ino",
        )],
    },
    Package { name: "arduino", headers: "src", libraries: Libraries::ByMcu(MCUS), borrowed: &[] },
];

/// Makes the directory and the archive of each package in `dist`, of the targets that lie there.
pub(crate) fn archives(dist: &Path) -> Outcome {
    for package in PACKAGES {
        let place = dist.join(dist::name(package.name));
        package.assemble(dist, &place)?;
        match package.libraries {
            Libraries::ByTriple(_) => drop(dist::pack(&place)?),
            Libraries::ByMcu(_) => zip(&place)?,
        }
    }
    Ok(())
}

impl Package {
    /// Puts the package together in `place`. A target that `dist` does not have is left out.
    fn assemble(&self, dist: &Path, place: &Path) -> Outcome {
        let _ = fs::remove_dir_all(place);
        let packaging = root().join("ffi/packaging");
        copy(&packaging.join(self.name), place)?;
        for (from, to) in self.borrowed {
            copy(&packaging.join(from), &place.join(to))?;
        }
        for header in dist::HEADERS {
            copy(&root().join("include").join(header), &place.join(self.headers).join(header))?;
        }
        for licence in dist::LICENCES {
            copy(&root().join(licence), &place.join(licence))?;
        }
        self.add_libraries(dist, place)
    }

    fn add_libraries(&self, dist: &Path, place: &Path) -> Outcome {
        let lib = |triple: &str| dist.join(dist::name(triple)).join("lib");
        match self.libraries {
            Libraries::ByTriple(prefix) => {
                let theirs = |target: &&chip::Target| target.triple.starts_with(prefix);
                for target in TARGETS.iter().filter(theirs) {
                    let from = dist.join(dist::name(target.triple));
                    copy_libraries(&from, &place.join("lib").join(target.triple))?;
                }
            }
            Libraries::ByMcu(mcus) => {
                for (mcu, triple) in mcus {
                    let from = lib(chip::target(triple)?.triple).join(LIBRARY);
                    if from.exists() {
                        copy(&from, &place.join("src").join(mcu).join(LIBRARY))?;
                    }
                }
            }
        }
        Ok(())
    }
}

const LIBRARY: &str = "libmailproto.a";

/// The one of everything, and those of the smaller sets, and what each takes.
fn copy_libraries(archive: &Path, to: &Path) -> Outcome {
    for directory in [""].into_iter().chain(chip::SETS.iter().map(|set| set.name)) {
        let library = archive.join("lib").join(directory).join(LIBRARY);
        if library.exists() {
            copy(&library, &to.join(directory).join(LIBRARY))?;
        }
    }
    let sizes = archive.join(dist::SIZES);
    if sizes.exists() { copy(&sizes, &to.join(dist::SIZES)) } else { Ok(()) }
}

/// A file, or a directory with all that is in it.
fn copy(from: &Path, to: &Path) -> Outcome {
    let files = if from.is_dir() { files(from)? } else { vec![from.to_path_buf()] };
    for file in files {
        let inside = file.strip_prefix(from).unwrap_or(Path::new(""));
        let to = if inside.as_os_str().is_empty() { to.to_path_buf() } else { to.join(inside) };
        let parent = to.parent().unwrap_or(&to);
        fs::create_dir_all(parent).map_err(|error| format!("{}: {error}", parent.display()))?;
        fs::copy(&file, &to).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// What Arduino's IDE takes: the same files make the same archive.
fn zip(place: &Path) -> Outcome {
    let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else {
        return Err(format!("{} has no name", place.display()));
    };
    let name = Path::new(name);
    let mut files = files(place)?;
    files.sort();
    let inside = files.iter().filter_map(|file| file.strip_prefix(parent).ok());
    let list: Vec<_> = inside.map(|file| file.to_string_lossy()).collect();
    let names = parent.join("files.txt");
    fs::write(&names, list.join("\n")).map_err(|error| error.to_string())?;
    let archive = name.with_file_name(format!("{}.zip", name.display()));
    let made = run(command("cmake")
        .current_dir(parent)
        .args(["-E", "tar", "cf"])
        .arg(archive)
        .args(["--format=zip", "--mtime=1980-01-01 UTC", "--files-from=files.txt"]));
    fs::remove_file(&names).map_err(|error| error.to_string())?;
    made
}

/// All files below a directory.
fn files(directory: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut directories = vec![directory.to_path_buf()];
    while let Some(directory) = directories.pop() {
        let entries = fs::read_dir(&directory).map_err(|error| error.to_string())?;
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            if path.is_dir() { directories.push(path) } else { found.push(path) }
        }
    }
    Ok(found)
}
