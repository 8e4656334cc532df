//! `cargo xtask lib`: the C library, clean. What rustc makes of a static library holds the panic
//! handler, the compiler's own `memcpy` and LLVM's bitcode; two such libraries do not link together.
//! Ours is one relocatable object in which every symbol but `mailproto_*` is local.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{Outcome, cargo, command, output, root, run, run_quietly};

/// Where the libraries go unless told, and where the tests and the demo look for them.
pub(crate) fn directory() -> PathBuf {
    root().join("target/c")
}

/// Hashes without a look at the processor at run time: that look is kept in a global variable.
const NO_GLOBALS: &[&str] = &[r#"--cfg=sha2_backend="soft""#, r#"--cfg=sha1_backend="soft""#];

/// The profile is made for chips, where size counts. Here speed does: 13 times for large messages.
const FOR_HOSTS: &[&str] = &["--config", "profile.ffi.opt-level=3"];

/// What the build needs besides cargo: ld, nm, objcopy, ar and a C compiler.
pub(crate) const PACKAGES: &[&str] = &["binutils", "gcc", "libc6-dev"];

/// The binutils that a library is made with.
pub(crate) struct Tools {
    /// What stands before `ld`, `nm`, `objcopy` and `ar`.
    pub(crate) prefix: &'static str,
    /// What the linker must be told.
    pub(crate) link: &'static [&'static str],
}

const NATIVE: Tools = Tools { prefix: "", link: &[] };

impl Tools {
    fn tool(&self, name: &str) -> Command {
        command(format!("{}{name}", self.prefix))
    }
}

/// Builds `libmailproto.a` and `libmailproto.so` into `directory`.
pub(crate) fn build(directory: &Path) -> Outcome {
    if !cfg!(target_os = "linux") {
        return Err("made with GNU binutils, on Linux; elsewhere take what cargo makes of \
                    mailproto-ffi as it is"
            .into());
    }
    make_clean(&compile()?, directory, &NATIVE)?;
    make_shared(&directory.join(OBJECT), directory)
}

/// The relocatable object that a library consists of.
pub(crate) const OBJECT: &str = "mailproto.o";

/// Makes `mailproto.o`, and `libmailproto.a` of it, of what rustc has made, and says where the library is.
pub(crate) fn make_clean(raw: &Path, directory: &Path, tools: &Tools) -> Outcome<PathBuf> {
    fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let object = directory.join(OBJECT);
    link_object(raw, &object, tools)?;
    let library = directory.join("libmailproto.a");
    make_static(&object, &library, tools)?;
    Ok(library)
}

/// Makes `include/mailproto.h` anew, or fails if it is not what cbindgen makes of the sources.
pub(crate) fn header(write: bool) -> Outcome {
    let mut test = cargo();
    test.args(["test", "--quiet", "--package", "mailproto-ffi", "--test", "header"]);
    if write {
        test.env("MAILPROTO_WRITE_HEADER", "1");
    }
    run(&mut test)
}

fn compile() -> Result<PathBuf, String> {
    let target = target_directory().join("c-build");
    let words = "rustc --quiet --package mailproto-ffi --lib --crate-type staticlib --profile ffi";
    let mut build = cargo();
    build.args(words.split(' ')).arg("--target-dir").arg(&target).args(FOR_HOSTS);
    run(with_flags(&mut build, &[]))?;
    Ok(target.join("ffi/libmailproto.a"))
}

/// Where cargo is to put what it builds.
pub(crate) fn target_directory() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from)
}

/// Tells the compiler what holds for any C library of ours, and `more`. What it makes does not depend on
/// where the sources lie.
pub(crate) fn with_flags<'a>(build: &'a mut Command, more: &[&str]) -> &'a mut Command {
    let of_user = std::env::var("RUSTFLAGS").unwrap_or_default();
    let mut flags: Vec<String> = of_user.split_whitespace().map(str::to_owned).collect();
    flags.extend(NO_GLOBALS.iter().chain(more).map(|&flag| flag.to_owned()));
    for (place, name) in [(cargo_home(), "cargo"), (root(), "mailproto")] {
        flags.push(format!("--remap-path-prefix={}={name}", place.display()));
    }
    // Paths may have spaces in them, at which RUSTFLAGS would be split.
    build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
}

/// Where cargo keeps the sources of other crates.
fn cargo_home() -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cargo");
    std::env::var_os("CARGO_HOME").map_or_else(home, PathBuf::from)
}

/// Where the same is that an object has in it, with what the compiler says of it besides.
pub(crate) fn whole(object: &Path) -> PathBuf {
    object.with_extension("whole.o")
}

/// Takes our object out of the archive, drops what no exported function reaches, and makes the rest
/// local.
fn link_object(archive: &Path, object: &Path, tools: &Tools) -> Outcome {
    let ours = extract(archive, object, tools)?;
    let exported = exported(&ours, tools)?;
    let whole = whole(object);
    let mut link = tools.tool("ld");
    link.args(tools.link).args(["-r", "--gc-sections", "-o"]).arg(&whole).arg(&ours);
    for symbol in &exported {
        link.arg("-u").arg(symbol);
    }
    run_quietly(&mut link)?;
    let mut localise = tools.tool("objcopy");
    localise.args(["--wildcard", "--keep-global-symbol=mailproto_*", "--strip-debug"]);
    for section in [".llvmbc", ".llvmcmd", ".comment", ".stack_sizes"] {
        localise.args(["--remove-section", section]);
    }
    run_quietly(localise.arg(&whole).arg(object))?;
    fs::remove_file(&ours).map_err(|error| format!("{}: {error}", ours.display()))
}

/// Link-time optimisation leaves all Rust code in one member; the others are the compiler's own.
fn extract(archive: &Path, object: &Path, tools: &Tools) -> Result<PathBuf, String> {
    let members = output(tools.tool("ar").arg("t").arg(archive)).unwrap_or_default();
    let mut ours = members.lines().filter(|member| member.starts_with("mailproto"));
    let (Some(member), None) = (ours.next(), ours.next()) else {
        return Err(format!("{}: not exactly one object of ours", archive.display()));
    };
    let directory = object.parent().unwrap_or(Path::new("."));
    run_quietly(tools.tool("ar").arg("x").arg(archive).arg(member).current_dir(directory))?;
    Ok(directory.join(member))
}

fn exported(object: &Path, tools: &Tools) -> Result<Vec<String>, String> {
    let names =
        output(tools.tool("nm").args(["--defined-only", "--extern-only", "-j"]).arg(object));
    let names = names.ok_or("nm cannot read the object")?;
    Ok(names.lines().filter(|name| name.starts_with("mailproto_")).map(str::to_owned).collect())
}

fn make_static(object: &Path, library: &Path, tools: &Tools) -> Outcome {
    if library.exists() {
        fs::remove_file(library).map_err(|error| format!("{}: {error}", library.display()))?;
    }
    run_quietly(tools.tool("ar").arg("rcsD").arg(library).arg(object))
}

/// `libmailproto.so` is a link to the file that programs ask for by its soname. While the major version
/// is 0, every minor version may break the ABI.
fn make_shared(object: &Path, directory: &Path) -> Outcome {
    let soname = soname();
    run_quietly(
        command("cc")
            .args(["-shared", "-Wl,-z,relro,-z,now,-z,defs,--no-undefined", "-o"])
            .arg(directory.join(&soname))
            .arg(format!("-Wl,-soname,{soname}"))
            .arg(object),
    )?;
    let link = directory.join("libmailproto.so");
    let _ = fs::remove_file(&link);
    std::os::unix::fs::symlink(&soname, &link)
        .map_err(|error| format!("{}: {error}", link.display()))
}

/// The name that programs ask for at run time.
pub(crate) fn soname() -> String {
    let version = version();
    let mut numbers = version.split('.');
    match (numbers.next(), numbers.next()) {
        (Some("0"), Some(minor)) => format!("libmailproto.so.0.{minor}"),
        (Some(major), _) => format!("libmailproto.so.{major}"),
        (None, _) => "libmailproto.so".to_owned(),
    }
}

/// The version of the workspace, as its manifest has it.
pub(crate) fn version() -> String {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap_or_default();
    let line = manifest.lines().find_map(|line| line.strip_prefix("version = "));
    line.unwrap_or_default().trim_matches('"').to_owned()
}
