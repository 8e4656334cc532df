//! The C library: its header, what is in it, its tests under sanitizers and valgrind, its examples, and
//! its packages in a stranger's hands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::library;
use crate::setup::Need;
use crate::shell::{Outcome, command, output, root, run, run_cargo};

/// What the stage needs.
pub(crate) const NEEDS: &[Need] = &[
    Need::Debian(library::PACKAGES),
    Need::Debian(&["g++", "clang", "clang-format", "valgrind"]),
    Need::Debian(&["libssl-dev", "cmake", "make", "pkg-config"]),
];

const WARNINGS: &[&str] = &["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];
const TESTS: &[&str] = &["misuse", "session", "both_roles"];
/// Compilers and standards that take the header without a warning.
const DIALECTS: &[(&str, &str, &str)] = &[
    ("gcc", "-std=c99", "main.c"),
    ("gcc", "-std=c11", "main.c"),
    ("gcc", "-std=c2x", "main.c"),
    ("clang", "-std=c99", "main.c"),
    ("clang", "-std=c2x", "main.c"),
    ("g++", "-std=c++17", "main.cpp"),
    ("clang++", "-std=c++17", "main.cpp"),
];

pub(crate) fn test() -> Outcome {
    fs::create_dir_all(directory()).map_err(|error| error.to_string())?;
    // Its own tests, and whether the header is fresh.
    run_cargo("test --quiet --package mailproto-ffi")?;
    unsafe_code_is_in_one_file()?;
    library::build(&library::directory())?;
    the_library_is_clean()?;
    two_rust_libraries_link_together()?;
    DIALECTS.iter().try_for_each(|dialect| the_header_compiles(*dialect))?;
    the_session_in_the_header_compiles()?;
    TESTS.iter().try_for_each(|test| passes(test))?;
    the_sources_are_formatted()?;
    the_examples_compile()?;
    the_packages_work()
}

/// Where programs go.
fn directory() -> PathBuf {
    library::directory().join("tests")
}

fn static_library() -> PathBuf {
    library::directory().join("libmailproto.a")
}

fn compiler(program: &str, standard: &str) -> Command {
    let mut compiler = command(program);
    compiler.arg(standard).args(WARNINGS).args(["-g", "-Iinclude", "-Itests/c"]);
    compiler
}

// What is in the library.

fn unsafe_code_is_in_one_file() -> Outcome {
    let files = output(command("grep").args([
        "-rlE",
        r"unsafe (\{|fn|impl|extern)",
        "ffi/src",
        "core/src",
    ]));
    match files.unwrap_or_default().trim() {
        "ffi/src/memory.rs" => Ok(()),
        files => Err(format!("unsafe code outside ffi/src/memory.rs: {files}")),
    }
}

/// What C libraries have, also those of chips: compilers call these without being asked.
const FROM_C: &[&str] = &["memcpy", "memmove", "memset", "memcmp", "bcmp"];

fn the_library_is_clean() -> Outcome {
    let library = static_library();
    let symbols =
        output(command("nm").arg("-C").arg(&library)).ok_or("nm cannot read the library")?;
    for line in symbols.lines() {
        let Some((kind, name)) = symbol(line) else { continue };
        match kind {
            "U" if !FROM_C.contains(&name) => return Err(format!("undefined symbol {name}")),
            "T" | "D" | "B" | "R" | "V" | "W" if !name.starts_with("mailproto_") => {
                return Err(format!("a symbol that is not ours is visible: {name}"));
            }
            "d" | "D" | "b" | "B" if !is_constant(&library, name) => {
                return Err(format!("a global variable: {name}"));
            }
            _ if name.contains("panicking") => return Err(format!("panic machinery: {name}")),
            _ => {}
        }
    }
    let shared = library::directory().join("libmailproto.so");
    let exported = output(command("nm").args(["-D", "--defined-only", "-j"]).arg(&shared));
    let exported = exported.ok_or("nm cannot read the shared library")?;
    match exported.lines().find(|name| !name.starts_with("mailproto_")) {
        Some(name) => Err(format!("the shared library exports {name}")),
        None => Ok(()),
    }
}

/// `0000 T name`, or `U name`.
fn symbol(line: &str) -> Option<(&str, &str)> {
    let mut words =
        line.trim_start().trim_start_matches(|c: char| c.is_ascii_hexdigit()).trim_start();
    if line.starts_with(' ') {
        words = line.trim_start();
    }
    words.split_once(' ').filter(|(kind, _)| kind.len() == 1)
}

/// Tables of pointers are data only until the program is loaded.
fn is_constant(library: &Path, name: &str) -> bool {
    let table = output(command("objdump").arg("-tC").arg(library)).unwrap_or_default();
    table.lines().filter(|line| line.ends_with(name)).all(|line| line.contains(".data.rel.ro"))
}

/// Libraries as rustc makes them do not: both define `rust_begin_unwind`.
fn two_rust_libraries_link_together() -> Outcome {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let other = directory().join("libother.a");
    let program = directory().join("two_libraries");
    run(command(rustc)
        .args(["--edition=2024", "--crate-type=staticlib", "-Cpanic=abort", "-O", "-o"])
        .arg(&other)
        .arg("tests/c/other_library.rs"))?;
    run(compiler("gcc", "-std=c99")
        .args(["tests/c/two_libraries.c", "-o"])
        .arg(&program)
        .arg(static_library())
        .arg(&other))?;
    run(&mut command(&program))
}

// The header.

fn the_header_compiles((program, standard, source): (&str, &str, &str)) -> Outcome {
    let mut compiler = compiler(program, standard);
    compiler.arg("-fsyntax-only").arg(Path::new("tests/c/package").join(source));
    run(&mut compiler)
}

/// The session that the header shows, with functions for it to call.
fn the_session_in_the_header_compiles() -> Outcome {
    let header =
        fs::read_to_string(root().join("include/mailproto.h")).map_err(|e| e.to_string())?;
    let (_, after) = header.split_once("@code{.c}\n").ok_or("the header shows no session")?;
    let (code, _) = after.split_once(" * @endcode").ok_or("the header's session has no end")?;
    let code: Vec<_> = code.lines().map(|line| line.trim_start_matches(" *")).collect();
    let prelude = "#include <stdbool.h>\n#include \"mailproto.h\"\n\
        size_t my_send(const uint8_t *octets, size_t len);\n\
        size_t my_receive(uint8_t *octets, size_t len);\n\
        void my_write(const uint8_t *octets, size_t len);\n\
        bool fetch_first(mailproto_span user, mailproto_span password);\n";
    let file = directory().join("header_session.c");
    fs::write(&file, format!("{prelude}{}\n", code.join("\n")))
        .map_err(|error| error.to_string())?;
    run(compiler("gcc", "-std=c99").arg("-fsyntax-only").arg(file))
}

// The tests.

/// Each test runs as it is, under AddressSanitizer and UBSan, and under valgrind.
fn passes(test: &str) -> Outcome {
    let source = format!("tests/c/{test}.c");
    let plain = directory().join(test);
    let sanitized = directory().join(format!("{test}_sanitized"));
    let sanitizers =
        "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer";
    run(compiler("gcc", "-std=c99").arg(&source).arg("-o").arg(&plain).arg(static_library()))?;
    run(compiler("gcc", "-std=c99")
        .args(sanitizers.split(' '))
        .arg(&source)
        .arg("-o")
        .arg(&sanitized)
        .arg(static_library()))?;
    run(&mut command(&plain))?;
    run(&mut command(&sanitized))?;
    run(command("valgrind").args(["-q", "--leak-check=full", "--error-exitcode=9"]).arg(&plain))
}

fn the_sources_are_formatted() -> Outcome {
    let files = output(command("git").args(["ls-files", "ffi/examples", "tests/c"]));
    let files = files.ok_or("git does not list the sources")?;
    let sources =
        files.lines().filter(|file| [".c", ".h", ".cpp"].iter().any(|end| file.ends_with(end)));
    run(command("clang-format").args(["--dry-run", "--Werror"]).args(sources))
}

fn the_examples_compile() -> Outcome {
    for program in ["gcc", "clang"] {
        example(program, "pop3_fetch", &[])?;
        example(program, "pop3_fetch_tls", &["-lssl", "-lcrypto"])?;
    }
    Ok(())
}

fn example(program: &str, name: &str, libraries: &[&str]) -> Outcome {
    run(compiler(program, "-std=c99")
        .args(["-O2", "ffi/examples/fetch.c"])
        .arg(format!("ffi/examples/{name}.c"))
        .arg("-o")
        .arg(directory().join(name))
        .arg(static_library())
        .args(libraries))
}

// The packages.

/// Builds and installs by CMake into an empty directory, and lets a project that knows nothing else find it
/// there by CMake and by pkg-config.
fn the_packages_work() -> Outcome {
    let place = directory().join("package");
    let _ = fs::remove_dir_all(&place);
    let at = |name: &str| place.join(name);
    run(command("cmake")
        .args(["-S", "ffi", "-B"])
        .arg(at("build"))
        .arg("-DMAILPROTO_EXAMPLES=ON"))?;
    run(command("cmake").arg("--build").arg(at("build")))?;
    run(command("cmake").arg("--install").arg(at("build")).arg("--prefix").arg(at("installed")))?;
    // It must work from where it was moved to.
    fs::rename(at("installed"), at("moved")).map_err(|error| error.to_string())?;
    run(command("cmake")
        .args(["-S", "tests/c/package", "-B"])
        .arg(at("stranger"))
        .arg(format!("-DCMAKE_PREFIX_PATH={}", at("moved").display())))?;
    run(command("cmake").arg("--build").arg(at("stranger")))?;
    for program in ["with_static", "with_shared", "with_static_cxx", "with_shared_cxx"] {
        run(&mut command(at("stranger").join(program)))?;
    }
    pkg_config(&at("moved"), &at("by_pkg_config"))
}

fn pkg_config(installed: &Path, program: &Path) -> Outcome {
    let file = output(command("find").arg(installed).args(["-name", "mailproto.pc"]));
    let file = PathBuf::from(file.unwrap_or_default().trim());
    let libraries = file.ancestors().nth(2).ok_or("no mailproto.pc was installed")?.to_path_buf();
    let mut ask = command("pkg-config");
    ask.env("PKG_CONFIG_PATH", file.parent().unwrap_or(installed));
    let flags = output(ask.args(["--cflags", "--libs", "mailproto"]));
    let flags = flags.ok_or("pkg-config does not find mailproto")?;
    run(command("cc")
        .args(["tests/c/package/main.c", "-o"])
        .arg(program)
        .args(flags.split_whitespace()))?;
    run(command(program).env("LD_LIBRARY_PATH", libraries))
}
