//! `cargo xtask dist`: what C programmers download, in `target/dist`. One archive for the host and one for
//! each bare-metal target: headers, libraries, a CMake package, a pkg-config file, a report of sizes, and
//! the licences; and the packages of `chip_packages.rs`. Whoever builds the same sources by the same compiler gets the same octets.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::chip::{self, Target};
use crate::chip_packages;
use crate::footprint;
use crate::library;
use crate::shell::{Outcome, command, output, root, run};

/// What an archive is made with, besides compilers.
pub(crate) const PACKAGES: &[&str] = &["tar", "gzip", "coreutils"];

pub(crate) const HEADERS: &[&str] = &["mailproto.h", "mailproto_transport.h"];
pub(crate) const LICENCES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT"];

/// What each library takes.
pub(crate) const SIZES: &str = "SIZE.md";

/// The set that lies in `lib` itself; the smaller ones lie in directories below.
const WHOLE: &str = "everything";

/// Where the archives go.
pub(crate) fn directory() -> PathBuf {
    root().join("target/dist")
}

/// `cargo xtask dist [--target TRIPLE]`.
pub(crate) fn dist(arguments: &[&str]) -> Outcome {
    match arguments {
        [] => {
            host_archive(&directory())?;
            chip::TARGETS.iter().try_for_each(|target| archive(target, &directory()).map(drop))?;
            chip_packages::archives(&directory())?;
        }
        ["--target", triple] if *triple == "host" || *triple == host() => {
            host_archive(&directory())?;
        }
        ["--target", triple] => drop(archive(chip::target(triple)?, &directory())?),
        _ => return Err("usage: cargo xtask dist [--target TRIPLE]".into()),
    }
    write_checksums(&directory())
}

/// The name of a target's directory and, with an ending, of its archive.
pub(crate) fn name(triple: &str) -> String {
    format!("mailproto-{}-{triple}", library::version())
}

/// Makes the directory and the archive of a chip in `into`, and says where the archive is.
pub(crate) fn archive(target: &Target, into: &Path) -> Outcome<PathBuf> {
    let place = empty(&into.join(name(target.triple)))?;
    let built = library::target_directory().join("dist-libraries").join(target.triple);
    let mut report = Report::of(target.triple);
    for set in chip::SETS {
        let made = chip::library(target, set, &built.join(set.name))?;
        let lib = place.join("lib");
        let lib = if set.name == WHOLE { lib } else { lib.join(set.name) };
        copy(&made, &lib.join("libmailproto.a"))?;
        report.library(target, set.name, &lib.join("libmailproto.a"))?;
    }
    report.objects(&footprint::object_sizes(target)?);
    write(&place.join(SIZES), &report.text)?;
    common_files(&place)?;
    write(&place.join(CMAKE).join("mailprotoConfig.cmake"), &chip_cmake())?;
    pack(&place)
}

/// The host's has the shared library too, and one set: everything.
fn host_archive(into: &Path) -> Outcome<PathBuf> {
    let place = empty(&into.join(name(&host())))?;
    library::build(&place.join("lib"))?;
    let object = place.join("lib").join(library::OBJECT);
    for made in [library::whole(&object), object] {
        fs::remove_file(&made).map_err(|error| format!("{}: {error}", made.display()))?;
    }
    common_files(&place)?;
    write(&place.join(CMAKE).join("mailprotoConfig.cmake"), &host_cmake())?;
    let mut report = Report::of(&host());
    report.host_library(&place.join("lib/libmailproto.a"))?;
    report.objects(&footprint::host_object_sizes()?);
    write(&place.join(SIZES), &report.text)?;
    pack(&place)
}

/// The triple of the machine that we run on.
fn host() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let about = output(command(rustc).arg("-vV")).unwrap_or_default();
    about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or("host").to_owned()
}

// What lies in an archive.

const CMAKE: &str = "lib/cmake/mailproto";

fn common_files(place: &Path) -> Outcome {
    for header in HEADERS {
        copy(&root().join("include").join(header), &place.join("include").join(header))?;
    }
    for licence in LICENCES {
        copy(&root().join(licence), &place.join(licence))?;
    }
    write(&place.join(CMAKE).join("mailprotoConfigVersion.cmake"), &cmake_version())?;
    write(&place.join("lib/pkgconfig/mailproto.pc"), &pkg_config())
}

/// The targets of a chip's package: the file finds itself, wherever it was unpacked to.
fn chip_cmake() -> String {
    let smaller = chip::SETS.iter().filter(|set| set.name != WHOLE);
    let names: Vec<_> = smaller.map(|set| set.name).collect();
    format!(
        "# Gives the target mailproto::mailproto, which has everything, and with less in them\n\
         # {}.\n\
         {CMAKE_HEAD}\
         mailproto_library(mailproto \"\")\n\
         foreach(set IN ITEMS {})\n  \
           mailproto_library(${{set}} \"${{set}}/\")\n\
         endforeach()\n",
        names.iter().map(|name| format!("mailproto::{name}")).collect::<Vec<_>>().join(", "),
        names.join(" "),
    )
}

fn host_cmake() -> String {
    format!(
        "# Gives the targets mailproto::mailproto (the static library), mailproto::static, which is the\n\
         # same, and mailproto::shared.\n\
         {CMAKE_HEAD}\
         mailproto_library(mailproto \"\")\n\
         mailproto_library(static \"\")\n\
         if(NOT TARGET mailproto::shared)\n  \
           add_library(mailproto::shared SHARED IMPORTED)\n  \
           set_target_properties(mailproto::shared PROPERTIES\n    \
             IMPORTED_LOCATION \"${{mailproto_root}}/lib/{soname}\"\n    \
             IMPORTED_SONAME \"{soname}\"\n    \
             INTERFACE_INCLUDE_DIRECTORIES \"${{mailproto_root}}/include\")\n\
         endif()\n",
        soname = library::soname(),
    )
}

const CMAKE_HEAD: &str = r#"get_filename_component(mailproto_root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

function(mailproto_library name directory)
  if(NOT TARGET mailproto::${name})
    add_library(mailproto::${name} STATIC IMPORTED)
    set_target_properties(mailproto::${name} PROPERTIES
      IMPORTED_LOCATION "${mailproto_root}/lib/${directory}libmailproto.a"
      INTERFACE_INCLUDE_DIRECTORIES "${mailproto_root}/include")
  endif()
endfunction()

"#;

/// While the major version is 0, every minor version may break the interface.
fn cmake_version() -> String {
    let version = library::version();
    let mut numbers = version.split('.');
    let (major, minor) = (numbers.next().unwrap_or("0"), numbers.next().unwrap_or("0"));
    let same = if major == "0" { format!(r"{major}\\.{minor}") } else { major.to_owned() };
    format!(
        "set(PACKAGE_VERSION \"{version}\")\n\
         if(PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION\n   \
            OR NOT PACKAGE_FIND_VERSION MATCHES \"^{same}(\\\\.|$)\")\n  \
           set(PACKAGE_VERSION_COMPATIBLE FALSE)\n\
         else()\n  \
           set(PACKAGE_VERSION_COMPATIBLE TRUE)\n  \
           if(PACKAGE_FIND_VERSION STREQUAL PACKAGE_VERSION)\n    \
             set(PACKAGE_VERSION_EXACT TRUE)\n  \
           endif()\n\
         endif()\n"
    )
}

fn pkg_config() -> String {
    format!(
        "prefix=${{pcfiledir}}/../..\n\
         includedir=${{prefix}}/include\n\
         libdir=${{prefix}}/lib\n\
         \n\
         Name: mailproto\n\
         Description: Sans-IO POP3 and IMAP protocol engine: no allocation, fixed memory\n\
         Version: {}\n\
         Cflags: -I${{includedir}}\n\
         Libs: -L${{libdir}} -lmailproto\n",
        library::version()
    )
}

// The report of sizes.

struct Report {
    text: String,
}

impl Report {
    fn of(triple: &str) -> Self {
        let text = format!(
            "# Sizes of mailproto {} for {triple}\n\n\
             In octets. A library is one object, of which a linker with `--gc-sections` takes what a\n\
             program reaches. The heap is not used.\n",
            library::version()
        );
        Self { text }
    }

    fn library(&mut self, target: &Target, set: &str, library: &Path) -> Outcome {
        if !self.text.contains("| set |") {
            self.text += "\n| set | library | text, whole | data | bss | flash, linked |\n\
                          |---|---|---|---|---|---|\n";
        }
        let file = if set == WHOLE { String::new() } else { format!("{set}/") };
        let [text, data, bss] = footprint::sections(&mut target.tool("size"), library)?;
        let linked = footprint::flash(target, chip::set(set)?, library)?;
        let _ = writeln!(
            self.text,
            "| {set} | `lib/{file}libmailproto.a` | {text} | {data} | {bss} | {linked} |"
        );
        if set == WHOLE {
            self.text += "\n*Flash, linked* is what a program that calls all that a client of the set \
                          needs is larger by than\nan empty one, with what it takes from the C library.\n";
        }
        Ok(())
    }

    fn host_library(&mut self, library: &Path) -> Outcome {
        let [text, data, bss] = footprint::sections(&mut command("size"), library)?;
        self.text += "\n| library | text, whole | data | bss |\n|---|---|---|---|\n";
        let _ = writeln!(self.text, "| `lib/libmailproto.a` | {text} | {data} | {bss} |");
        Ok(())
    }

    fn objects(&mut self, sizes: &[(String, usize)]) {
        self.text += "\n| object of the caller's | `sizeof` |\n|---|---|\n";
        for (name, size) in sizes {
            let _ = writeln!(self.text, "| `{name}` | {size} |");
        }
    }
}

// Archives.

/// The same files make the same archive: in order, of nobody, at no time.
pub(crate) fn pack(place: &Path) -> Outcome<PathBuf> {
    let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else {
        return Err(format!("{} has no name", place.display()));
    };
    let archive = parent.join(format!("{}.tar.gz", name.to_string_lossy()));
    let words = "--sort=name --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner \
                 --mode=u+rwX,go+rX,go-w --create --use-compress-program";
    run(command("tar")
        .args(words.split_whitespace())
        .arg("gzip --no-name --best")
        .arg("--file")
        .arg(&archive)
        .arg("--directory")
        .arg(parent)
        .arg(name))?;
    Ok(archive)
}

/// `SHA256SUMS` of all archives that lie there, as `sha256sum --check` reads it.
fn write_checksums(directory: &Path) -> Outcome {
    let mut sums = String::new();
    for archive in archives(directory)? {
        let _ = writeln!(sums, "{}  {archive}", checksum(&directory.join(&archive))?);
    }
    write(&directory.join("SHA256SUMS"), &sums)?;
    print!("{sums}");
    Ok(())
}

fn archives(directory: &Path) -> Outcome<Vec<String>> {
    let entries = fs::read_dir(directory).map_err(|error| error.to_string())?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<_> = names.filter(|name| is_archive(name)).collect();
    names.sort();
    Ok(names)
}

fn is_archive(name: &str) -> bool {
    name.ends_with(".tar.gz") || name.ends_with(".zip")
}

/// SHA-256, in hexadecimal digits.
pub(crate) fn checksum(file: &Path) -> Outcome<String> {
    let line = output(command("sha256sum").arg(file)).unwrap_or_default();
    let sum = line.split_whitespace().next().map(|sum| sum.trim_start_matches('\\').to_owned());
    sum.ok_or_else(|| format!("{} has no checksum", file.display()))
}

// Files.

fn empty(directory: &Path) -> Outcome<PathBuf> {
    let _ = fs::remove_dir_all(directory);
    fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    Ok(directory.to_path_buf())
}

fn copy(from: &Path, to: &Path) -> Outcome {
    make_parent(to)?;
    fs::copy(from, to).map(drop).map_err(|error| format!("{}: {error}", to.display()))
}

fn write(file: &Path, text: &str) -> Outcome {
    make_parent(file)?;
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}

fn make_parent(file: &Path) -> Outcome {
    let parent = file.parent().unwrap_or(file);
    fs::create_dir_all(parent).map_err(|error| format!("{}: {error}", parent.display()))
}
