//! `cargo xtask footprint`: writes `tests/firmware/FOOTPRINT.md`, or says whether it still holds.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use super::{CORTEX_M4, Figures, measure, object_sizes};
use crate::chip::{self, SETS, Set, Target};
use crate::shell::{Outcome, command, output, root};
use crate::stack::Deepest;

/// `cargo xtask footprint [--check | --gates] [TARGET…]`.
pub(crate) fn footprint(arguments: &[&str]) -> Outcome {
    let (options, names): (Vec<&str>, Vec<&str>) =
        arguments.iter().partition(|word| word.starts_with("--"));
    let chosen: Vec<&Target> = match names.as_slice() {
        [] => chip::TARGETS.iter().collect(),
        names => names.iter().map(|name| chip::target(name)).collect::<Outcome<_>>()?,
    };
    match (options.as_slice(), names.is_empty()) {
        ([], true) => write(&measure_all(&chosen)?),
        (["--gates"], true) => {
            let measured = measure_all(&chosen)?;
            fs::write(budgets_file(), with_gates(&budgets()?, &measured))
                .map_err(|error| error.to_string())?;
            write(&measured)
        }
        ([], false) => {
            print!("{}", tables(&measure_all(&chosen)?, &budgets()?));
            Ok(())
        }
        (["--check"], _) => check(&chosen),
        _ => Err("usage: cargo xtask footprint [--check | --gates] [TARGET…]".into()),
    }
}

/// All sets of one target.
struct Measured {
    target: &'static Target,
    sets: Vec<(&'static Set, Figures)>,
    objects: Vec<(String, usize)>,
}

fn measure_all(targets: &[&'static Target]) -> Outcome<Vec<Measured>> {
    // Two at a time: link-time optimisation keeps one processor busy.
    let next = std::sync::Mutex::new(targets.iter().enumerate());
    let work = || {
        let take = || next.lock().ok().and_then(|mut next| next.next());
        let measured =
            std::iter::from_fn(take).map(|(at, target)| Ok((at, measure_target(target)?)));
        measured.collect::<Outcome<Vec<_>>>()
    };
    let (some, others) = std::thread::scope(|scope| {
        let other = scope.spawn(work);
        (work(), other.join().unwrap_or_else(|_| Err("a thread failed".to_owned())))
    });
    let mut measured = some?;
    measured.extend(others?);
    measured.sort_by_key(|(at, _)| *at);
    Ok(measured.into_iter().map(|(_, measured)| measured).collect())
}

fn measure_target(target: &'static Target) -> Outcome<Measured> {
    let figures = |set: &'static Set| Ok((set, measure(target, set)?));
    let sets = SETS.iter().map(figures).collect::<Outcome<_>>()?;
    Ok(Measured { target, sets, objects: object_sizes(target)? })
}

fn file() -> PathBuf {
    root().join("tests/firmware/FOOTPRINT.md")
}

fn write(measured: &[Measured]) -> Outcome {
    let budgets = budgets()?;
    let text = format!("{}{}", head(), tables(measured, &budgets));
    fs::write(file(), &text).map_err(|error| error.to_string())?;
    print!("{text}");
    within(measured, &budgets, 0)
}

/// Whether each line that would be written of these targets stands in the file, and each figure is within
/// its gate.
fn check(targets: &[&'static Target]) -> Outcome {
    let written = fs::read_to_string(file()).map_err(|error| format!("FOOTPRINT.md: {error}"))?;
    let budgets = budgets()?;
    let measured = measure_all(targets)?;
    let text = tables(&measured, &budgets);
    print!("{text}");
    if !written.contains(&compilers()) {
        println!("FOOTPRINT.md was made by other compilers: only gates are compared. Here:");
        println!("{}", compilers());
        return within(&measured, &budgets, OTHER_COMPILERS);
    }
    within(&measured, &budgets, 0)?;
    let stands = |line: &&str| written.lines().any(|written| written == *line);
    match text.lines().find(|line| !stands(line)) {
        Some(line) => Err(format!("FOOTPRINT.md is stale (cargo xtask footprint), as in: {line}")),
        None => Ok(()),
    }
}

// Budgets.

/// What is promised of a set on Cortex-M4, and where it stops being let through.
struct Budget {
    set: String,
    what: String,
    promised: usize,
    gate: usize,
}

fn budgets_file() -> PathBuf {
    root().join("tests/firmware/footprint/budgets.txt")
}

/// `pop3 flash 5120 5120`
fn budgets() -> Outcome<Vec<Budget>> {
    let text = fs::read_to_string(budgets_file()).map_err(|error| error.to_string())?;
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [set, what, promised, gate] = words.try_into().ok()?;
        let (promised, gate) = (promised.parse().ok()?, gate.parse().ok()?);
        Some(Budget { set: set.to_owned(), what: what.to_owned(), promised, gate })
    };
    lines.map(|text| line(text).ok_or_else(|| format!("not a budget: {text}"))).collect()
}

/// The figure that a budget is for.
fn figure(measured: &Measured, budget: &Budget) -> Option<usize> {
    let (_, figures) = measured.sets.iter().find(|(set, _)| set.name == budget.set)?;
    match budget.what.as_str() {
        "flash" => Some(figures.flash),
        "state" => Some(state(&budget.set, &measured.objects)),
        "variables" => Some(figures.variables),
        "stack" => Some(figures.stack.octets),
        "stack-in-scram" => figures.stack_computing.as_ref().map(|stack| stack.octets),
        _ => None,
    }
}

/// The client's object; both of them where both protocols are.
fn state(set: &str, objects: &[(String, usize)]) -> usize {
    let size = |name: &str| objects.iter().find(|(object, _)| object == name).map_or(0, |o| o.1);
    let (pop3, imap) = (size("mailproto_pop3_client"), size("mailproto_imap_client"));
    match set {
        "pop3" => pop3,
        "everything" => pop3 + imap,
        _ => imap,
    }
}

/// What another compiler's code may take more than a gate, in per cent.
const OTHER_COMPILERS: usize = 5;

fn within(measured: &[Measured], budgets: &[Budget], more: usize) -> Outcome {
    let Some(measured) = measured.iter().find(|one| one.target.triple == CORTEX_M4) else {
        return Ok(());
    };
    for budget in budgets {
        let figure = figure(measured, budget)
            .ok_or_else(|| format!("no figure for {} {}", budget.set, budget.what))?;
        let gate = budget.gate + budget.gate * more / 100;
        if figure > gate {
            let (set, what) = (&budget.set, &budget.what);
            return Err(format!("{set}: {what} is {figure}, more than {gate} (budgets.txt)"));
        }
    }
    Ok(())
}

/// The file of budgets with each gate at what is promised, or where that is not kept yet, 1 % above what is.
fn with_gates(budgets: &[Budget], measured: &[Measured]) -> String {
    let mut text = String::from(BUDGETS_HEAD);
    let cortex = measured.iter().find(|one| one.target.triple == CORTEX_M4);
    for budget in budgets {
        let figure = cortex.and_then(|one| figure(one, budget)).unwrap_or(budget.promised);
        let gate = if figure <= budget.promised { budget.promised } else { figure + figure / 100 };
        let _ = writeln!(text, "{} {} {} {gate}", budget.set, budget.what, budget.promised);
    }
    text
}

const BUDGETS_HEAD: &str = "\
# On Cortex-M4, in octets: the set, what is counted, what is promised, and the gate: where the test fails.
# A gate above its promise says that it is not kept yet; it is 1 % above what was reached when it was set
# (cargo xtask footprint --gates). Lower it with each gain.
";

// The report.

fn head() -> String {
    format!(
        "# Footprint\n\n\
         What mailproto takes on a chip. Made by `cargo xtask footprint`; the group `footprint` of the tests\n\
         fails when this file is stale or a gate is passed. Octets everywhere; opt-level `z`, one object,\n\
         no `fast`, no `wide`.\n\n\
         {}\n",
        compilers()
    )
}

/// Figures are of these versions.
fn compilers() -> String {
    let first = |program: &str| {
        let about = output(command(program).arg("--version")).unwrap_or_default();
        about.lines().next().unwrap_or("missing").to_owned()
    };
    let programs =
        ["/usr/bin/rustc", "arm-none-eabi-gcc", "riscv64-unknown-elf-gcc", "qemu-system-arm"];
    let versions: Vec<String> = programs.iter().map(|program| first(program)).collect();
    format!("Compilers: {}.\n", versions.join("; "))
}

/// All that is told of these targets.
fn tables(measured: &[Measured], budgets: &[Budget]) -> String {
    let mut text = String::new();
    let cortex = measured.iter().find(|one| one.target.triple == CORTEX_M4);
    if let Some(cortex) = cortex {
        promises(&mut text, cortex, budgets);
    }
    flash(&mut text, measured);
    objects(&mut text, measured);
    stack(&mut text, measured);
    if let Some(cortex) = cortex {
        times(&mut text, cortex);
        what_takes_the_room(&mut text, cortex);
    }
    text
}

/// What others take, as measured for the same core and with the same options.
const PEERS: &[(&str, &str)] = &[
    ("pop3", "NetX Duo POP3 4,058 (no UIDL, TOP, TLS)"),
    ("imap-minimal", "curl's imap + pop3 + pingpong + sasl 14,927 (parses almost nothing)"),
    ("imap-full", "ReadyMail 37,868; libetpan 40,287; imap-codec's response decoder alone 92.7 k"),
    ("everything", "libcurl with IMAP and POP3, linked, 127,981"),
];

fn promises(text: &mut String, cortex: &Measured, budgets: &[Budget]) {
    *text += "\n## What is promised, on Cortex-M4\n\n\
              *Flash* is what an image that calls all that a client of the set needs is larger by than an empty\n\
              one, with what that takes from the C library; *state* the client's object (of *everything* both\n\
              clients'); *variables* `.data` and `.bss`; *stack* the bound below.\n\n\
              | set | | measured | budget | gate | peers |\n|---|---|---:|---:|---:|---|\n";
    for budget in budgets {
        let Some(figure) = figure(cortex, budget) else { continue };
        let peers = PEERS.iter().find(|(set, _)| *set == budget.set && budget.what == "flash");
        let _ = writeln!(
            text,
            "| {} | {} | {}{} | {} | {} | {} |",
            budget.set,
            budget.what,
            grouped(figure),
            if figure > budget.promised { " ✗" } else { "" },
            grouped(budget.promised),
            grouped(budget.gate),
            peers.map_or("", |(_, text)| text)
        );
    }
}

fn flash(text: &mut String, measured: &[Measured]) {
    *text += "\n## Flash, everywhere\n\n\
              | target | set | flash | of it the C library's |\n|---|---|---:|---|\n";
    for (target, set, figures) in rows(measured) {
        let theirs: Vec<String> =
            figures.c_library.iter().map(|(name, size)| format!("{name} {size}")).collect();
        let flash = grouped(figures.flash);
        let _ = writeln!(text, "| {target} | {set} | {flash} | {} |", theirs.join(", "));
    }
}

fn rows(measured: &[Measured]) -> impl Iterator<Item = (&'static str, &'static str, &Figures)> {
    measured.iter().flat_map(|one| {
        one.sets.iter().map(|(set, figures)| (one.target.triple, set.name, figures))
    })
}

fn objects(text: &mut String, measured: &[Measured]) {
    *text += "\n## The caller's objects\n\n\
              `sizeof`. Buffers come on top: 256 of scratch and 256 of tx do for POP3, 512 and 256 for IMAP, and\n\
              the sessions below are played with these.\n\n\
              | target | object | octets |\n|---|---|---:|\n";
    for one in measured {
        for (name, size) in &one.objects {
            let _ = writeln!(text, "| {} | `{name}` | {} |", one.target.triple, grouped(*size));
        }
    }
}

fn stack(text: &mut String, measured: &[Measured]) {
    *text += "\n## Stack\n\n\
              The bound adds the frames that the compiler tells of along every way through the image; a call by\n\
              a pointer may reach any function whose address was taken above it. Measured: how deep the stack\n\
              went below a call into the library, in a session played in QEMU.\n\n\
              | target | set | bound | deepest way | measured | in |\n|---|---|---:|---|---:|---|\n";
    for (target, set, figures) in rows(measured) {
        let played = figures.played.as_ref();
        stack_row(text, target, set, &figures.stack, played.map(|played| &played.stack));
        if let Some(deepest) = &figures.stack_computing {
            let computing = played.and_then(|played| played.stack_computing.as_ref());
            stack_row(text, target, &format!("{set}, SCRAM"), deepest, computing);
        }
    }
}

fn stack_row(
    text: &mut String,
    target: &str,
    set: &str,
    deepest: &Deepest,
    played: Option<&(usize, String)>,
) {
    let path: Vec<String> = deepest
        .path
        .iter()
        .filter(|(_, frame)| *frame >= 64)
        .map(|(name, frame)| format!("`{}` {frame}", short(name)))
        .collect();
    let (measured, call) = played.map_or((String::new(), String::new()), |(octets, call)| {
        (grouped(*octets), format!("`{call}`"))
    });
    let (bound, path) = (grouped(deepest.octets), path.join(" › "));
    let _ = writeln!(text, "| {target} | {set} | {bound} | {path} | {measured} | {call} |");
}

/// The last two names of a path, without what is between angle brackets; of `<Type as Trait>::method` those of
/// the type and the method.
fn short(path: &str) -> String {
    let path = path.trim_start_matches('<');
    let mut text = String::new();
    let mut depth = 0_usize;
    for part in path.replace(" as ", "<").split_inclusive(['<', '>']) {
        if depth == 0 {
            text += part.trim_end_matches(['<', '>']);
        }
        depth = if part.ends_with('<') { depth + 1 } else { depth.saturating_sub(1) };
    }
    let names: Vec<&str> = text.split("::").filter(|name| !name.is_empty()).collect();
    names[names.len().saturating_sub(2)..].join("::")
}

fn times(text: &mut String, cortex: &Measured) {
    *text += "\n## Time, on Cortex-M4\n\n\
              Instructions, counted by QEMU, in pieces of 512 octets: a body that streams, a listing of POP3,\n\
              FETCH of flags and size (`facts`), of envelopes and of structures, base64; of SCRAM one iteration\n\
              of its 4096.\n\n\
              | set | received | octets | instructions | per octet |\n|---|---|---:|---:|---:|\n";
    for (set, figures) in &cortex.sets {
        for (what, octets, instructions) in figures.played.iter().flat_map(|played| &played.times) {
            let tenths = instructions * 10 / octets;
            let _ = writeln!(
                text,
                "| {} | {what} | {octets} | {instructions} | {}.{} |",
                set.name,
                tenths / 10,
                tenths % 10
            );
        }
    }
}

fn what_takes_the_room(text: &mut String, cortex: &Measured) {
    *text += "\n## What takes the room, on Cortex-M4\n\n\
              By file, nearly: link-time optimisation puts small functions into those that call them.\n";
    for (set, figures) in &cortex.sets {
        let _ = writeln!(text, "\n### {}\n\n| | octets |\n|---|---:|", set.name);
        for (name, size) in figures.modules.iter().take(25) {
            let _ = writeln!(text, "| {name} | {} |", grouped(*size));
        }
        let rest: usize = figures.modules.iter().skip(25).map(|(_, size)| size).sum();
        let _ = writeln!(text, "| all else | {} |", grouped(rest));
        let _ =
            writeln!(text, "\nThe largest functions of {}:\n\n| | octets |\n|---|---:|", set.name);
        for (name, size) in figures.functions.iter().take(12) {
            let _ = writeln!(text, "| `{}` | {} |", name.replace('|', "\\|"), grouped(*size));
        }
    }
}

/// `12,345`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
