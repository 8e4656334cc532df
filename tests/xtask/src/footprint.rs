//! `cargo xtask footprint`: what the library takes on a chip, measured on what is linked.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chip::{Set, Target};
use crate::library;
use crate::shell::{Outcome, command, output, root, run_quietly};

/// The C sources of a set's client, in `tests/firmware/footprint`.
fn sources(set: &Set) -> &'static [&'static str] {
    match set.name {
        "pop3" => &["pop3.c"],
        "imap-minimal" => &["imap_minimal.c"],
        "imap-full" => &["imap_minimal.c", "imap_full.c"],
        _ => &["pop3.c", "imap_minimal.c", "imap_full.c", "everything.c"],
    }
}

fn source(name: &str) -> PathBuf {
    root().join("tests/firmware/footprint").join(name)
}

/// Where what is compiled here goes.
fn directory(target: &Target) -> Outcome<PathBuf> {
    let directory = library::target_directory().join("footprint").join(target.triple);
    std::fs::create_dir_all(&directory)
        .map_err(|error| format!("{}: {error}", directory.display()))?;
    Ok(directory)
}

// Flash.

/// How much larger than an empty image one is that has in it what a client of the set calls, and what
/// that takes from the C library. The client's own code is not counted.
pub(crate) fn flash(target: &Target, set: &Set, library: &Path) -> Outcome<usize> {
    let with = link(target, set.name, &roots(target, set)?, library)?;
    let without = link(target, "empty", &[], library)?;
    Ok(in_flash(target, &with)? - in_flash(target, &without)?)
}

/// The functions of the library that the set's client calls.
fn roots(target: &Target, set: &Set) -> Outcome<Vec<String>> {
    let mut roots = Vec::new();
    for name in sources(set) {
        let object = compile(target, name)?;
        let names = output(target.tool("nm").args(["--undefined-only", "-j"]).arg(&object));
        let names = names.ok_or("nm cannot read an object")?;
        roots
            .extend(names.lines().filter(|name| name.starts_with("mailproto_")).map(str::to_owned));
    }
    roots.sort();
    roots.dedup();
    Ok(roots)
}

/// Compiles a source of ours for a target.
fn compile(target: &Target, name: &str) -> Outcome<PathBuf> {
    let object = directory(target)?.join(name).with_extension("o");
    run_quietly(
        target
            .tool("gcc")
            .args(target.cflags)
            .args(c_library(target))
            .args(["-std=c11", "-Os", "-Wall", "-Wextra", "-Wno-cast-function-type", "-Werror"])
            .args(["-ffreestanding", "-ffunction-sections", "-Iinclude", "-c"])
            .arg(source(name))
            .arg("-o")
            .arg(&object),
    )?;
    Ok(object)
}

/// The C library of the family's tools, in its small form.
fn c_library(target: &Target) -> &'static [&'static str] {
    if target.is_arm() { &["--specs=nano.specs"] } else { &["--specs=picolibc.specs"] }
}

/// An image of `main`, which does nothing, and of what these functions reach.
fn link(target: &Target, name: &str, roots: &[String], library: &Path) -> Outcome<PathBuf> {
    let image = directory(target)?.join(name).with_extension("elf");
    let mut link = target.tool("gcc");
    link.args(target.cflags).args(c_library(target));
    link.args(["-nostartfiles", "-Wl,--gc-sections", "-Wl,--entry=main"]);
    link.args(roots.iter().map(|root| format!("-Wl,--undefined={root}")));
    link.arg(compile(target, "empty.c")?).arg(library).arg("-o").arg(&image);
    run_quietly(&mut link)?;
    Ok(image)
}

/// Code, constants and what variables begin with.
fn in_flash(target: &Target, image: &Path) -> Outcome<usize> {
    let [text, data, _] = sections(&mut target.tool("size"), image)?;
    Ok(text + data)
}

/// Text (with constants), data and bss of an object, an archive or an image, as `size` tells them.
pub(crate) fn sections(size: &mut Command, file: &Path) -> Outcome<[usize; 3]> {
    let table = output(size.arg(file)).unwrap_or_default();
    let mut numbers = table.lines().nth(1).unwrap_or_default().split_whitespace();
    let mut next = || numbers.next().and_then(|number| number.parse().ok());
    let mut three = || Some([next()?, next()?, next()?]);
    three().ok_or_else(|| format!("size does not tell of {}", file.display()))
}

// Objects.

/// How large the caller's objects are on a target.
pub(crate) fn object_sizes(target: &Target) -> Outcome<Vec<(String, usize)>> {
    sizes_in(&mut target.tool("nm"), &compile(target, "sizes.c")?)
}

/// How large they are where we run.
pub(crate) fn host_object_sizes() -> Outcome<Vec<(String, usize)>> {
    let object = library::target_directory().join("footprint-sizes.o");
    run_quietly(
        command("cc").args(["-Iinclude", "-c"]).arg(source("sizes.c")).arg("-o").arg(&object),
    )?;
    sizes_in(&mut command("nm"), &object)
}

/// `00000000 00000178 B size_of_mailproto_imap_client`
fn sizes_in(nm: &mut Command, object: &Path) -> Outcome<Vec<(String, usize)>> {
    let table = output(nm.args(["--print-size", "--no-sort"]).arg(object));
    let table = table.ok_or("nm cannot read the sizes")?;
    let line = |line: &str| {
        let mut words = line.split_whitespace().skip(1);
        let size = usize::from_str_radix(words.next()?, 16).ok()?;
        Some((words.nth(1)?.strip_prefix("size_of_")?.to_owned(), size))
    };
    Ok(table.lines().filter_map(line).collect())
}
