//! What the library takes on a chip, measured on what is linked and on what runs in QEMU. The report of it is
//! `footprint/report.rs`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chip::{self, Set, Target};
use crate::library;
use crate::shell::{Outcome, command, output, root, run_quietly};
use crate::stack::{Calls, Deepest};

mod report;

pub(crate) use report::footprint;

/// The target that budgets are for.
pub(crate) const CORTEX_M4: &str = "thumbv7em-none-eabihf";

/// What is measured of a set on a target.
pub(crate) struct Figures {
    pub(crate) flash: usize,
    /// `.data` and `.bss` of ours.
    pub(crate) variables: usize,
    /// What of the flash is the C library's, by function.
    pub(crate) c_library: Vec<(String, usize)>,
    /// The deepest that the stack can go, SCRAM aside, and in SCRAM.
    pub(crate) stack: Deepest,
    pub(crate) stack_computing: Option<Deepest>,
    /// Where QEMU has a board.
    pub(crate) played: Option<Played>,
    /// Octets by module, and of each function, largest first.
    pub(crate) modules: Vec<(String, usize)>,
    pub(crate) functions: Vec<(String, usize)>,
}

/// What an image tells that plays a session.
#[derive(Default)]
pub(crate) struct Played {
    /// How deep the stack went, and in which call.
    pub(crate) stack: (usize, String),
    pub(crate) stack_computing: Option<(usize, String)>,
    /// What was received, how many octets of it, how many instructions that took.
    pub(crate) times: Vec<(String, u64, u64)>,
}

/// Builds a set for a target, and measures it.
pub(crate) fn measure(target: &Target, set: &Set) -> Outcome<Figures> {
    let place = directory(target)?.join(set.name);
    let library = chip::library_from_source(target, set, &place)?;
    let roots = roots(target, set)?;
    let image = link(target, set.name, &roots, &library)?;
    let [_, data, bss] = sections(&mut target.tool("size"), &library)?;
    let symbols = symbols(target, &image)?;
    nothing_can_panic(&symbols)?;
    let object = library::whole(&place.join(library::OBJECT));
    let (stack, stack_computing) = stacks(target, &image, &object, &roots)?;
    let played = (target.triple == CORTEX_M4).then(|| play(target, set, &library)).transpose()?;
    if let Some(played) = &played {
        bounds(&stack, &played.stack)?;
        if let (Some(bound), Some(computing)) = (&stack_computing, &played.stack_computing) {
            bounds(bound, computing)?;
        }
    }
    Ok(Figures {
        flash: flash(target, set, &library)?,
        variables: data + bss,
        c_library: of_c_library(&symbols),
        stack,
        stack_computing,
        played,
        modules: by_module(&symbols, constants(target, &image)?),
        functions: functions(symbols),
    })
}

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
    if !target.is_arm() {
        link.arg("-T").arg(source("riscv.ld"));
    }
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

// What is in an image.

/// A function or a constant.
struct Symbol {
    address: u32,
    size: usize,
    kind: char,
    name: String,
}

/// `00008d98 0000028c T mailproto_pop3_client_auth`, largest first, names as people read them.
fn symbols(target: &Target, image: &Path) -> Outcome<Vec<Symbol>> {
    let words = ["--print-size", "--size-sort", "--reverse-sort", "--demangle"];
    let table =
        output(target.tool("nm").args(words).arg(image)).ok_or("nm cannot read an image")?;
    let line = |line: &str| {
        let mut words = line.splitn(4, ' ');
        let address = u32::from_str_radix(words.next()?, 16).ok()?;
        let size = usize::from_str_radix(words.next()?, 16).ok()?;
        let kind = words.next()?.chars().next()?;
        Some(Symbol { address, size, kind, name: words.next()?.to_owned() })
    };
    let symbols = table.lines().filter_map(line).filter(|symbol| symbol.name != "main");
    Ok(without_aliases(symbols.collect()))
}

impl Symbol {
    fn is_function(&self) -> bool {
        matches!(self.kind, 't' | 'T' | 'w' | 'W')
    }

    /// Of Rust's names none is without `::`.
    fn is_of_c_library(&self) -> bool {
        let ours = self.name.contains("::") || self.name.starts_with("mailproto_");
        self.is_function() && !ours && !self.is_outlined()
    }

    /// What LLVM found in several places.
    fn is_outlined(&self) -> bool {
        self.name.starts_with("OUTLINED_FUNCTION")
    }
}

/// The image has its symbols still: nothing was stripped that could hide these.
fn nothing_can_panic(symbols: &[Symbol]) -> Outcome {
    if !symbols.iter().any(|symbol| symbol.name.contains("mailproto_core::")) {
        return Err("the image does not tell what is in it".into());
    }
    let panics =
        ["core::panicking", "core::fmt", "rust_begin_unwind", "core::result::unwrap_failed"];
    let bad = |symbol: &&Symbol| panics.iter().any(|word| symbol.name.contains(word));
    match symbols.iter().find(bad) {
        Some(symbol) => Err(format!("panic machinery in the image: {}", symbol.name)),
        None => Ok(()),
    }
}

fn of_c_library(symbols: &[Symbol]) -> Vec<(String, usize)> {
    let theirs = symbols.iter().filter(|symbol| symbol.is_of_c_library());
    theirs.map(|symbol| (symbol.name.clone(), symbol.size)).collect()
}

/// The first of those that are one thing with several names, as `memcpy` and `__aeabi_memcpy4`.
fn without_aliases(mut symbols: Vec<Symbol>) -> Vec<Symbol> {
    symbols.sort_by(|one, other| {
        let key =
            |symbol: &Symbol| (symbol.address, symbol.name.starts_with("__"), symbol.name.len());
        key(one).cmp(&key(other))
    });
    symbols.dedup_by_key(|symbol| symbol.address);
    symbols.sort_by(|one, other| other.size.cmp(&one.size).then(one.address.cmp(&other.address)));
    symbols
}

fn functions(symbols: Vec<Symbol>) -> Vec<(String, usize)> {
    let functions = symbols.into_iter().filter(Symbol::is_function);
    functions.map(|symbol| (symbol.name, symbol.size)).collect()
}

fn by_module(symbols: &[Symbol], constants: usize) -> Vec<(String, usize)> {
    let mut modules = std::collections::BTreeMap::from([("constants".to_owned(), constants)]);
    for symbol in symbols.iter().filter(|symbol| symbol.is_function()) {
        *modules.entry(module(symbol)).or_default() += symbol.size;
    }
    let mut modules: Vec<_> = modules.into_iter().collect();
    modules.sort_by_key(|(name, size)| (std::cmp::Reverse(*size), name.clone()));
    modules
}

/// The file, nearly: the names before the first that is a type, a closure or the function.
fn module(symbol: &Symbol) -> String {
    if symbol.is_outlined() {
        return "pieces of code found in several places (LLVM's outliner)".to_owned();
    }
    if symbol.is_of_c_library() {
        return "the C library".to_owned();
    }
    for (of, called) in [("mailproto_core::", "core"), ("mailproto::", "ffi")] {
        if let Some((_, path)) = symbol.name.split_once(of) {
            let names: Vec<&str> = path.split("::").collect();
            let is_module = |name: &&&str| {
                name.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
            };
            let modules = names.iter().take(names.len() - 1).take_while(is_module);
            let path: Vec<&str> = modules.copied().collect();
            return format!("{called}: {}", path.join("::"));
        }
    }
    if symbol.name.starts_with("mailproto_") {
        return "ffi: exported functions, with what was inlined into them".to_owned();
    }
    match symbol.name.split("::").next().unwrap_or_default().trim_start_matches('<') {
        "sha2" | "digest" | "hmac" | "block_buffer" | "pbkdf2" => "SHA-256".to_owned(),
        crate_name => {
            let end = crate_name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            format!(
                "crate {}",
                crate_name.get(..end.unwrap_or(crate_name.len())).unwrap_or_default()
            )
        }
    }
}

/// How large `.rodata` is.
fn constants(target: &Target, image: &Path) -> Outcome<usize> {
    let table = output(target.tool("size").arg("-A").arg(image)).unwrap_or_default();
    let sizes = table.lines().filter(|line| line.starts_with(".rodata"));
    Ok(sizes.filter_map(|line| line.split_whitespace().nth(1)?.parse::<usize>().ok()).sum())
}

// The stack.

/// In the names of what computes a proof.
const SCRAM: &[&str] = &["scram", "sha2", "hmac"];

/// The bounds for calls that do not reach SCRAM, and for those that do.
fn stacks(
    target: &Target,
    image: &Path,
    object: &Path,
    roots: &[String],
) -> Outcome<(Deepest, Option<Deepest>)> {
    let mut calls = Calls::read(target, image, object)?;
    let roots = roots.iter().map(String::as_str);
    let (computing, others): (Vec<_>, Vec<_>) =
        roots.partition(|root| calls.may_reach(root, SCRAM));
    let deepest = calls.deepest(others.into_iter())?;
    let computing =
        if computing.is_empty() { None } else { Some(calls.deepest(computing.into_iter())?) };
    Ok((deepest, computing))
}

/// What was computed is no bound if a call went deeper.
fn bounds(bound: &Deepest, (octets, call): &(usize, String)) -> Outcome {
    if *octets <= bound.octets {
        return Ok(());
    }
    Err(format!("{call} takes {octets} of the stack, and the bound is {}", bound.octets))
}

/// QEMU with a clock that counts instructions: one takes a nanosecond, and a tick of 25 MHz is 40.
const QEMU: &str = "-M mps2-an386 -display none -monitor none -serial null -icount shift=0 \
                    -semihosting-config enable=on,target=native -kernel";
const INSTRUCTIONS_PER_TICK: u64 = 40;

/// Runs the set's client in QEMU.
fn play(target: &Target, set: &Set, library: &Path) -> Outcome<Played> {
    let image = directory(target)?.join(format!("{}.play.elf", set.name));
    let mut link = target.tool("gcc");
    link.args(target.cflags).args(c_library(target)).arg("-nostartfiles");
    link.arg("-T").arg(source("board.ld")).args(["-Wl,--gc-sections,--no-warn-execstack"]);
    for name in ["play.c"].iter().chain(sources(set)) {
        link.arg(compile(target, name)?);
    }
    run_quietly(link.arg(library).arg("-o").arg(&image))?;
    let mut qemu = command("timeout");
    qemu.args(["300", "qemu-system-arm"]).args(QEMU.split_whitespace()).arg(&image);
    let result = qemu.output().map_err(|error| format!("qemu-system-arm: {error}"))?;
    let said = String::from_utf8_lossy(&result.stdout) + String::from_utf8_lossy(&result.stderr);
    if !result.status.success() {
        return Err(format!("the session of {} in QEMU: {said}", set.name));
    }
    played(&said)
}

/// `stack 1056 in mailproto_pop3_client_poll(…)`, `time body octets 65536 ticks 12846`.
fn played(report: &str) -> Outcome<Played> {
    let mut played = Played::default();
    for line in report.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| words.get(at).and_then(|word| word.parse::<u64>().ok());
        let stack = || {
            let call = words.get(3)?.split('(').next()?.to_owned();
            Some((usize::try_from(number(1)?).ok()?, call))
        };
        match (words.first().copied(), number(3), number(5)) {
            (Some("stack"), ..) => played.stack = stack().ok_or("no stack is told")?,
            (Some("stack-computing"), ..) => played.stack_computing = stack(),
            (Some("time"), Some(octets), Some(ticks)) => {
                let what = words.get(1).copied().unwrap_or_default().to_owned();
                played.times.push((what, octets, ticks * INSTRUCTIONS_PER_TICK));
            }
            _ => {}
        }
    }
    match played.times.first() {
        // The image counts a loop of known length, so that no other clock is mistaken for this one.
        Some((name, known, counted)) if name == "calibration" && known == counted => {
            played.times.remove(0);
            Ok(played)
        }
        _ => Err(format!("the clock is not what it was taken for: {report}")),
    }
}
