//! The C library: its header, what is in it, its tests under sanitizers and valgrind, its examples, and
//! its packages in a stranger's hands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::library;
use crate::package;
use crate::setup::Need;
use crate::shell::{Outcome, command, output, root, run, run_cargo};

/// What the stage needs.
pub(crate) const NEEDS: &[Need] = &[
    Need::Debian(library::PACKAGES),
    Need::Debian(&["g++", "clang", "clang-format", "valgrind", "doxygen"]),
    Need::Debian(package::PACKAGES),
    Need::Debian(package::TLS_PACKAGES),
];

const WARNINGS: &[&str] = &["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];
const TESTS: &[&str] = &[
    "misuse",
    "session",
    "both_roles",
    "transport",
    "other_version",
    "imap_session",
    "imap_misuse",
];
const HEADERS: &[&str] = &["mailproto.h", "mailproto_transport.h"];
/// Compilers and standards that take the headers without a warning.
const DIALECTS: &[(&str, &str, &str)] = &[
    ("gcc", "-std=c99", "main.c"),
    ("gcc", "-std=c11", "main.c"),
    ("gcc", "-std=c17", "main.c"),
    ("gcc", "-std=c2x", "main.c"),
    ("clang", "-std=c99", "main.c"),
    ("clang", "-std=c11", "main.c"),
    ("clang", "-std=c17", "main.c"),
    ("clang", "-std=c2x", "main.c"),
    ("g++", "-std=c++11", "main.cpp"),
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
    HEADERS.iter().try_for_each(|header| the_code_in_its_comments_compiles(header))?;
    TESTS.iter().try_for_each(|test| passes(test, &[]))?;
    whatever_servers_say_is_heard()?;
    the_sources_are_formatted()?;
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

/// What the examples in the headers call, and do not define.
const PRELUDE: &str = "#include <stdbool.h>\n#include \"mailproto_transport.h\"\n\
    size_t my_send(const uint8_t *octets, size_t len);\n\
    size_t my_receive(uint8_t *octets, size_t len);\n\
    void my_write(const uint8_t *octets, size_t len);\n\
    int32_t tcp_send(void *context, const void *octets, size_t len);\n\
    int32_t tcp_recv(void *context, void *octets, size_t len);\n\
    uint32_t clock_ms(void *context);\n";

/// Each example that a header shows, in a file of its own.
fn the_code_in_its_comments_compiles(header: &str) -> Outcome {
    let text =
        fs::read_to_string(root().join("include").join(header)).map_err(|e| e.to_string())?;
    let blocks = text.split("@code{.c}\n").skip(1);
    for (number, block) in blocks.enumerate() {
        let (code, _) = block.split_once("@endcode").ok_or("an example has no end")?;
        let code: Vec<_> = code.lines().map(|line| line.trim_start_matches(" *")).collect();
        let file = directory().join(format!("{header}.{number}.c"));
        fs::write(&file, format!("{PRELUDE}{}\n", code.join("\n"))).map_err(|e| e.to_string())?;
        run(compiler("gcc", "-std=c99").arg("-fsyntax-only").arg(file))?;
    }
    Ok(())
}

// The tests.

/// Each test runs as it is, under AddressSanitizer and UBSan, and under valgrind.
fn passes(test: &str, arguments: &[&Path]) -> Outcome {
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
    run(command(&plain).args(arguments))?;
    run(command(&sanitized).args(arguments))?;
    run(command("valgrind")
        .args(["-q", "--leak-check=full", "--error-exitcode=9"])
        .arg(&plain)
        .args(arguments))
}

/// Our transcripts, and the cases collected from other projects where they are.
fn whatever_servers_say_is_heard() -> Outcome {
    let cases = directory().join("imap_cases");
    run(command("python3").arg("tests/c/imap_cases.py").arg(&cases))?;
    passes("imap_replay", &[&cases])
}

fn the_sources_are_formatted() -> Outcome {
    let files = output(command("git").args([
        "ls-files",
        "ffi/examples",
        "ffi/packaging",
        "tests/c",
        "tests/interop",
        "tests/packaging",
    ]));
    let files = files.ok_or("git does not list the sources")?;
    let sources =
        files.lines().filter(|file| [".c", ".h", ".cpp"].iter().any(|end| file.ends_with(end)));
    let style = "--style=file:ffi/.clang-format";
    run(command("clang-format")
        .args([style, "--dry-run", "--Werror", "include/mailproto_transport.h"])
        .args(sources))
}

// The packages.

/// Builds and installs by CMake into an empty directory, and lets projects that know nothing else find it
/// there by CMake and by pkg-config.
fn the_packages_work() -> Outcome {
    let place = directory().join("package");
    let _ = fs::remove_dir_all(&place);
    let at = |name: &str| place.join(name);
    package::install(&at("build"), &at("installed"))?;
    // It must work from where it was moved to.
    fs::rename(at("installed"), at("moved")).map_err(|error| error.to_string())?;
    package::build_against(&at("moved"), "tests/c/package", &at("stranger"), &[])?;
    for program in ["with_static", "with_shared", "with_static_cxx", "with_shared_cxx"] {
        run(&mut command(at("stranger").join(program)))?;
    }
    pkg_config(&at("moved"), &at("by_pkg_config"))?;
    the_examples_compile(&at("moved"), &place)?;
    // Doxygen fails at its first warning, since it is told to.
    run(command("cmake").arg("--build").arg(at("build")).args(["--target", "doc"]))
}

/// Shared and static.
fn pkg_config(installed: &Path, program: &Path) -> Outcome {
    let file = output(command("find").arg(installed).args(["-name", "mailproto.pc"]));
    let file = PathBuf::from(file.unwrap_or_default().trim());
    let libraries = file.ancestors().nth(2).ok_or("no mailproto.pc was installed")?.to_path_buf();
    let mut ask = command("pkg-config");
    ask.env("PKG_CONFIG_PATH", file.parent().unwrap_or(installed));
    let flags = output(ask.args(["--cflags", "--libs", "mailproto"]));
    let flags = flags.ok_or("pkg-config does not find mailproto")?;
    for kind in [&[][..], &["-static"]] {
        run(command("cc")
            .args(["tests/c/package/main.c", "-o"])
            .arg(program)
            .args(kind)
            .args(flags.split_whitespace()))?;
        run(command(program).env("LD_LIBRARY_PATH", &libraries))?;
    }
    Ok(())
}

/// With each compiler, linked with either library.
fn the_examples_compile(installed: &Path, place: &Path) -> Outcome {
    let flags = format!("-DCMAKE_C_FLAGS={}", WARNINGS.join(" "));
    for (compiler, kind) in [("gcc", "static"), ("clang", "shared")] {
        let compiler_is = format!("-DCMAKE_C_COMPILER={compiler}");
        let kind_is = format!("-DMAILPROTO_KIND={kind}");
        let build = place.join(format!("examples_{compiler}"));
        let options = [compiler_is.as_str(), &kind_is, &flags];
        package::build_against(installed, "ffi/examples", &build, &options)?;
    }
    Ok(())
}
