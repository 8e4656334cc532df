//! How deep the stack can go in an image: the frames that the compiler tells of (`-Z emit-stack-sizes`),
//! along the calls that the disassembly shows.
//!
//! A call through a pointer may reach any function whose address was taken by a function that is then on the
//! stack, itself or by a table that it names (but not where the pointer is seen to be a constant): the library only hands them down. It stores them in one kind of
//! object, that of a SASL mechanism. A function is never on the stack twice, and direct recursion is an error.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::rc::Rc;

use crate::chip::Target;
use crate::shell::{Outcome, output};

/// The deepest that the stack can go below one of some functions.
#[derive(Default)]
pub(crate) struct Deepest {
    pub(crate) octets: usize,
    /// From the outermost function inwards, with each one's frame.
    pub(crate) path: Vec<(String, usize)>,
}

/// What is called in an image.
#[derive(Default)]
pub(crate) struct Calls {
    functions: Vec<Function>,
    by_address: BTreeMap<u32, usize>,
    addresses: HashMap<String, u32>,
    /// What the compiler's names mean.
    readable: HashMap<String, String>,
    known: HashMap<Key, Way>,
    reached: HashMap<(usize, BTreeSet<usize>), Rc<BTreeSet<usize>>>,
    reaches_pointer: Vec<bool>,
}

/// How deep the stack goes, and through which functions.
type Way = (usize, Vec<usize>);

#[derive(Default)]
struct Function {
    name: String,
    address: u32,
    frame: usize,
    calls: BTreeSet<usize>,
    /// Calls in place of a return: its own frame is gone by then.
    jumps: BTreeSet<usize>,
    calls_pointer: bool,
    /// It goes on where a register says: in itself, if it has a table of such places, else in another.
    jumps_by_register: bool,
    has_places: bool,
    /// Functions whose addresses it takes.
    takes: BTreeSet<usize>,
}

impl Calls {
    /// Reads an image. `object` is what it was linked of, with the compiler's stack sizes in it.
    pub(crate) fn read(target: &Target, image: &Path, object: &Path) -> Outcome<Self> {
        let disassemble = ["--disassemble", "--no-show-raw-insn", "--wide"];
        let text = output(target.tool("objdump").args(disassemble).arg(image));
        let text = text.ok_or("objdump cannot read the image")?;
        let mut calls = Self::with_functions(&text, &addresses(target, image)?);
        let tables = Tables::read(target, image, &text)?;
        let frames = emitted_frames(target, object)?;
        calls.follow(&text, &tables, &frames);
        calls.reaches_pointer = calls.reaching_pointers();
        calls.readable = readable(target, image)?;
        calls.no_recursion()?;
        Ok(calls)
    }

    fn with_functions(text: &str, addresses: &HashMap<String, u32>) -> Self {
        let mut functions = Vec::new();
        let mut by_address = BTreeMap::new();
        for (address, name) in text.lines().filter_map(label) {
            by_address.insert(address, functions.len());
            functions.push(Function { name: name.to_owned(), address, ..Function::default() });
        }
        Self { functions, by_address, addresses: addresses.clone(), ..Self::default() }
    }

    /// Fills in what each function calls, and its frame.
    fn follow(&mut self, text: &str, tables: &Tables, frames: &HashMap<String, usize>) {
        let pool = pool(text);
        for (address, body) in bodies(text) {
            let Some(&at) = self.by_address.get(&address) else { continue };
            let known = constant_registers(&body, &pool);
            for (name, operands) in &body {
                let held = known.get(register(operands));
                let held = held.and_then(|&word| tables.function(word, &self.by_address));
                self.step(at, (name, operands), held, tables);
            }
            let prologue = body.iter().map(|(name, operands)| pushed(name, operands)).sum();
            self.finish(at, prologue, frames);
        }
    }

    /// What the compiler says of a frame; what its instructions say where that is more, because outlined
    /// code is called with the return address pushed, or where the function is none of the compiler's.
    fn finish(&mut self, at: usize, pushed: usize, frames: &HashMap<String, usize>) {
        if let Some(function) = self.functions.get_mut(at) {
            function.calls_pointer |= function.jumps_by_register && !function.has_places;
            function.frame = match frames.get(&function.name) {
                Some(&frame) => frame + if pushed > frame { 8 } else { 0 },
                None => pushed,
            };
        }
    }

    /// `held` is the function whose address the register holds that the operands begin with, if that is known.
    fn step(
        &mut self,
        at: usize,
        (name, operands): (&str, &str),
        held: Option<usize>,
        tables: &Tables,
    ) {
        let named = tables.functions_at(name, operands, &self.by_address);
        let has_places = tables.has_places_in(name, operands, &self.body(at));
        let target = destination(operands).and_then(|to| self.by_address.get(&to).copied());
        let outlined = target.and_then(|to| self.functions.get(to));
        let outlined = outlined.is_some_and(|to| to.name.starts_with("OUTLINED"));
        let Some(function) = self.functions.get_mut(at) else { return };
        function.takes.extend(named);
        function.has_places |= has_places;
        match (kind(name, operands), target) {
            (Kind::Call, Some(to)) => drop(function.calls.insert(to)),
            (Kind::Pointer, _) if held.is_some() => function.calls.extend(held),
            // What was outlined from an end pops its caller's frame.
            (Kind::Jump, Some(to)) if to != at && outlined => drop(function.calls.insert(to)),
            (Kind::Jump, Some(to)) if to != at => drop(function.jumps.insert(to)),
            (Kind::Pointer, _) => function.calls_pointer = true,
            (Kind::Register, _) => function.jumps_by_register = true,
            _ => {}
        }
    }

    /// The addresses in a function, that of its beginning aside.
    fn body(&self, at: usize) -> std::ops::Range<u32> {
        let begin = self.functions.get(at).map_or(0, |function| function.address);
        let end =
            self.by_address.range(begin + 1..).next().map_or(u32::MAX, |(address, _)| *address);
        begin + 1..end
    }

    fn reaching_pointers(&self) -> Vec<bool> {
        let mut reaches: Vec<bool> = self.functions.iter().map(|f| f.calls_pointer).collect();
        loop {
            let more: Vec<usize> = (0..self.functions.len())
                .filter(|&at| !reaches[at] && self.directly(at).any(|to| reaches[to]))
                .collect();
            if more.is_empty() {
                return reaches;
            }
            more.into_iter().for_each(|at| reaches[at] = true);
        }
    }

    fn directly(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let function = &self.functions[at];
        function.calls.iter().chain(&function.jumps).copied()
    }

    /// Functions leave in an order in which each calls only those that have left; if none is left that can,
    /// some call each other.
    fn no_recursion(&self) -> Outcome {
        let mut left: BTreeSet<usize> = (0..self.functions.len()).collect();
        loop {
            let can = |&at: &usize| !self.functions[at].calls.iter().any(|to| left.contains(to));
            let leaving: Vec<usize> = left.iter().copied().filter(can).collect();
            if leaving.is_empty() {
                break;
            }
            left.retain(|at| !leaving.contains(at));
        }
        // What only calls those is left, too.
        match left.into_iter().find(|&at| self.reaches(at, at)) {
            Some(at) => Err(format!("{} is recursive", self.functions[at].name)),
            None => Ok(()),
        }
    }

    /// Whether one function can be called below another, directly at each step.
    fn reaches(&self, from: usize, to: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut next: Vec<usize> = self.functions[from].calls.iter().copied().collect();
        while let Some(at) = next.pop() {
            if at == to {
                return true;
            }
            if seen.insert(at) {
                next.extend(&self.functions[at].calls);
            }
        }
        false
    }

    /// Whether something whose name has one of these words in it may be called below a function.
    pub(crate) fn may_reach(&self, root: &str, words: &[&str]) -> bool {
        let mut seen = BTreeSet::new();
        let mut next: Vec<usize> = self.index(root).into_iter().collect();
        if takes_mechanism(root) {
            next.extend(self.mechanisms());
        }
        while let Some(at) = next.pop() {
            if words.iter().any(|word| self.functions[at].name.contains(word)) {
                return true;
            }
            if seen.insert(at) {
                next.extend(self.directly(at));
                next.extend(&self.functions[at].takes);
            }
        }
        false
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.by_address.get(self.addresses.get(name)?).copied()
    }

    /// The deepest below any of these functions.
    pub(crate) fn deepest<'a>(&mut self, roots: impl Iterator<Item = &'a str>) -> Outcome<Deepest> {
        let mut deepest = (0, Vec::new());
        for root in roots {
            let at = self.index(root).ok_or_else(|| format!("{root} is not in the image"))?;
            let handed = if takes_mechanism(root) { self.mechanisms() } else { BTreeSet::new() };
            let mut search = Search { handed, ..Search::default() };
            let below = self.below(at, &mut search);
            if search.steps > MOST_STEPS {
                return Err(format!("too many ways lead through {root}"));
            }
            if below.0 > deepest.0 {
                deepest = below;
            }
        }
        let name = |at: usize| {
            let Function { name, frame, .. } = &self.functions[at];
            (self.readable.get(name).unwrap_or(name).clone(), *frame)
        };
        Ok(Deepest { octets: deepest.0, path: deepest.1.into_iter().map(name).collect() })
    }

    /// What lies in the objects that `mailproto_sasl_*_init` make, themselves or by what they call.
    fn mechanisms(&self) -> BTreeSet<usize> {
        let is_maker = |&at: &usize| makes_mechanism(&self.functions[at].name);
        let mut makers = BTreeSet::new();
        let mut next: Vec<usize> = (0..self.functions.len()).filter(is_maker).collect();
        while let Some(at) = next.pop() {
            if makers.insert(at) {
                next.extend(self.directly(at));
            }
        }
        let mut found = BTreeSet::new();
        let mut next: Vec<usize> =
            makers.iter().flat_map(|&maker| &self.functions[maker].takes).copied().collect();
        while let Some(at) = next.pop() {
            if found.insert(at) {
                next.extend(&self.functions[at].takes);
            }
        }
        found
    }

    /// How deep the stack goes from a function on, and on which way.
    fn below(&mut self, at: usize, search: &mut Search) -> Way {
        let key = self.key(at, search);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        search.steps += 1;
        if search.steps > MOST_STEPS {
            return (0, Vec::new());
        }
        search.above.push(at);
        let Function { frame, calls_pointer, .. } = self.functions[at];
        let mut called = self.functions[at].calls.clone();
        if calls_pointer {
            called.extend(&key.taken);
        }
        let jumped = self.functions[at].jumps.clone();
        let mut deepest = (frame, Vec::new());
        for (to, frame) in
            called.iter().map(|to| (*to, frame)).chain(jumped.iter().map(|to| (*to, 0)))
        {
            if search.above.contains(&to) {
                continue;
            }
            let (octets, path) = self.below(to, search);
            if frame + octets > deepest.0 {
                deepest = (frame + octets, path);
            }
        }
        search.above.pop();
        deepest.1.insert(0, at);
        self.known.insert(key, deepest.clone());
        deepest
    }

    /// All that the depth below a function depends on.
    fn key(&mut self, at: usize, search: &Search) -> Key {
        if !self.reaches_pointer[at] {
            return Key { at, taken: BTreeSet::new(), above: BTreeSet::new() };
        }
        let takers = search.above.iter().chain([&at]);
        let taken = takers.flat_map(|&at| &self.functions[at].takes).chain(&search.handed).copied();
        let taken = self.that_matter(taken.collect());
        let reached = self.reached(at, &taken);
        let above = search.above.iter().copied().filter(|above| reached.contains(above)).collect();
        Key { at, taken, above }
    }

    /// Of those that call no pointer only the deepest matters.
    fn that_matter(&mut self, mut taken: BTreeSet<usize>) -> BTreeSet<usize> {
        let plain: Vec<usize> =
            taken.iter().copied().filter(|&at| !self.reaches_pointer[at]).collect();
        let deepest =
            plain.iter().copied().max_by_key(|&at| self.below(at, &mut Search::default()).0);
        taken.retain(|&at| self.reaches_pointer[at] || Some(at) == deepest);
        taken
    }

    /// The functions that may be called below one when these addresses were taken.
    fn reached(&mut self, at: usize, taken: &BTreeSet<usize>) -> Rc<BTreeSet<usize>> {
        if let Some(known) = self.reached.get(&(at, taken.clone())) {
            return known.clone();
        }
        let mut seen = BTreeSet::new();
        let mut next: Vec<usize> = vec![at];
        next.extend(taken);
        while let Some(at) = next.pop() {
            if self.reaches_pointer[at] && seen.insert(at) {
                next.extend(self.directly(at));
                next.extend(&self.functions[at].takes);
            }
        }
        let seen = Rc::new(seen);
        self.reached.insert((at, taken.clone()), seen.clone());
        seen
    }
}

fn makes_mechanism(name: &str) -> bool {
    name.starts_with("mailproto_sasl_") && name.ends_with("_init")
}

/// Whether a function is given such an object.
fn takes_mechanism(name: &str) -> bool {
    ["_auth", "_authenticate", "_respond"].iter().any(|end| name.ends_with(end))
}

/// What the depth below a function depends on: what may be called through pointers, and what may not be called
/// since it is on the stack already. Neither matters where no pointer is called.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    at: usize,
    taken: BTreeSet<usize>,
    above: BTreeSet<usize>,
}

#[derive(Default)]
struct Search {
    /// The functions on the stack.
    above: Vec<usize>,
    /// Functions whose addresses came from outside, in an object.
    handed: BTreeSet<usize>,
    steps: usize,
}

/// Beyond this it is not the stack that is too deep.
const MOST_STEPS: usize = 1_000_000;

// The disassembly.

/// `00008014 <name>:`
fn label(line: &str) -> Option<(u32, &str)> {
    let (address, name) = line.strip_suffix(">:")?.split_once(" <")?;
    Some((u32::from_str_radix(address, 16).ok()?, name))
}

/// `    8016:\tldr\tr0, [pc, #20]\t@ (802c <name+0x18>)`: the mnemonic, and all behind it.
fn instruction(line: &str) -> Option<(&str, &str)> {
    let (_, rest) = line.split_once(":\t")?;
    Some(rest.split_once('\t').unwrap_or((rest, "")))
}

/// The functions in a disassembly: where each begins, and its instructions.
fn bodies(text: &str) -> Vec<(u32, Vec<(&str, &str)>)> {
    let mut bodies: Vec<(u32, Vec<_>)> = Vec::new();
    for line in text.lines() {
        if let Some((address, _)) = label(line) {
            bodies.push((address, Vec::new()));
        } else if let (Some((_, body)), Some(instruction)) = (bodies.last_mut(), instruction(line))
        {
            body.push(instruction);
        }
    }
    bodies
}

/// The words that stand among code, by address.
fn pool(text: &str) -> HashMap<u32, u32> {
    let word = |line: &str| {
        let (address, _) = line.trim_start().split_once(':')?;
        let instruction = instruction(line).filter(|(name, _)| *name == ".word")?;
        Some((u32::from_str_radix(address, 16).ok()?, literal(instruction)?))
    };
    text.lines().filter_map(word).collect()
}

/// The register that operands begin with.
fn register(operands: &str) -> &str {
    operands.split([',', ' ', '\t']).next().unwrap_or_default()
}

/// The registers that hold one constant in a function and nothing else: of what is called more than once, the address
/// may be kept in such a register. No call changes these, and what is restored into them at the end is the caller's.
/// Of ARM only; what is not recognised here counts as a pointer.
fn constant_registers<'t>(
    body: &[(&'t str, &'t str)],
    pool: &HashMap<u32, u32>,
) -> HashMap<&'t str, u32> {
    let kept = ["r4", "r5", "r6", "r8", "r9", "sl", "fp"];
    let mut known: HashMap<&str, Option<u32>> = HashMap::new();
    for (name, operands) in body {
        let loaded = loaded_from(name, operands).and_then(|address| pool.get(&address)).copied();
        for register in written(name, operands).filter(|register| kept.contains(register)) {
            let holds = known.entry(register).or_insert(loaded);
            *holds = holds.filter(|_| *holds == loaded);
        }
    }
    known.into_iter().filter_map(|(register, word)| Some((register, word?))).collect()
}

/// `sl, [pc, #52]\t@ 17ad8 <name+0x64>`, with or without a parenthesis: where in the pool.
fn loaded_from(name: &str, operands: &str) -> Option<u32> {
    let (before, comment) = operands.split_once("@ ")?;
    let is_load = matches!(name, "ldr" | "ldr.w" | "ldr.n") && before.contains("[pc, ");
    let address = comment.trim_start_matches('(').split(' ').next()?;
    is_load.then(|| u32::from_str_radix(address, 16).ok()).flatten()
}

/// The registers that an instruction may write, and more. What is restored from the stack is left out.
fn written<'t>(name: &str, operands: &'t str) -> impl Iterator<Item = &'t str> {
    let (base, first) = (name.split('.').next().unwrap_or(name), register(operands));
    let only_reads = ["push", "cmp", "cmn", "tst", "teq", "cbz", "cbnz", "bl", "blx", "bx"];
    let none =
        first == "sp!" || base == "pop" || base.starts_with("st") || only_reads.contains(&base);
    let all = operands.split(['{', '}', ',', ' ', '!', '\t']);
    // Most write the first only.
    let several = ["ldrd", "ldm", "umull", "smull", "umlal", "smlal", "vmov"];
    let count = match several.iter().any(|word| base.starts_with(word)) {
        _ if none => 0,
        true => usize::MAX,
        false => 1,
    };
    all.filter(|word| !word.is_empty()).take(count)
}

enum Kind {
    Call,
    Jump,
    /// A call to where a register says.
    Pointer,
    /// A jump there, which on RISC-V may be one within the function.
    Register,
    Other,
}

/// Of both families. On RISC-V a jump to where `t0` says is a return from outlined code.
fn kind(name: &str, operands: &str) -> Kind {
    let has_target = destination(operands).is_some();
    match name.split('.').next().unwrap_or(name) {
        "bl" | "jal" => Kind::Call,
        "blx" | "jalr" if !has_target => Kind::Pointer,
        "blx" | "jalr" => Kind::Call,
        "bx" if !operands.starts_with("lr") => Kind::Pointer,
        "j" | "jr" if has_target => Kind::Jump,
        "jr" if !operands.starts_with("t0") => Kind::Register,
        branch if branch.starts_with('b') && has_target => Kind::Jump,
        _ => Kind::Other,
    }
}

/// The address before `<name>`, if it is a function's beginning.
fn destination(operands: &str) -> Option<u32> {
    let (before, behind) = operands.split_once(" <")?;
    let name = behind.split_once('>')?.0;
    let address = before.rsplit([' ', ',', '\t', '(']).next()?;
    if name.contains("+0x") { None } else { u32::from_str_radix(address, 16).ok() }
}

/// By how much an instruction of a prologue moves the stack pointer.
fn pushed(name: &str, operands: &str) -> usize {
    let number = |mark: &str| {
        let digits = operands.split_once(mark)?.1;
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits.get(..end)?.parse::<usize>().ok()
    };
    let moved = match name.split('.').next().unwrap_or(name) {
        "push" => Some(4 * operands.split(',').count()),
        "vpush" => Some(8 * operands.split(',').count()),
        "stmdb" if operands.starts_with("sp!") => Some(4 * (operands.split(',').count() - 1)),
        "sub" | "subw" if operands.starts_with("sp, ") => number("#"),
        "str" | "strd" if operands.contains("[sp, #-") => number("[sp, #-"),
        "addi" | "c.addi16sp" | "add" if operands.starts_with("sp,") => number(",-"),
        _ => None,
    };
    moved.unwrap_or(0)
}

// Addresses of functions, in code and in tables.

/// The constants of an image.
struct Tables {
    words: BTreeMap<u32, u32>,
    /// Where tables may begin: what is referred to.
    begins: BTreeSet<u32>,
    arm: bool,
}

impl Tables {
    fn read(target: &Target, image: &Path, text: &str) -> Outcome<Self> {
        let words = contents(target, image, ".rodata")?;
        let literals = text.lines().filter_map(|line| literal(instruction(line)?));
        // A table of addresses begins at a multiple of a word; what else is referred to does not end one.
        let begins = literals.chain(words.values().copied()).filter(|to| words.contains_key(to));
        let begins = begins.collect();
        Ok(Self { words, begins, arm: target.is_arm() })
    }

    /// The functions whose addresses an instruction has in it, itself or by a table that it names.
    fn functions_at(
        &self,
        name: &str,
        operands: &str,
        functions: &BTreeMap<u32, usize>,
    ) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut next: Vec<u32> = literal((name, operands)).into_iter().collect();
        while let Some(word) = next.pop() {
            if let Some(function) = self.function(word, functions) {
                found.insert(function);
            } else if self.words.contains_key(&word) && seen.insert(word) {
                next.extend(self.table(word));
            }
        }
        found
    }

    /// Whether an instruction names a table of places in a function.
    fn has_places_in(&self, name: &str, operands: &str, body: &std::ops::Range<u32>) -> bool {
        let table = literal((name, operands)).filter(|word| self.words.contains_key(word));
        table.is_some_and(|word| self.table(word).iter().any(|place| body.contains(place)))
    }

    /// Thumb's functions have odd addresses when they are taken.
    fn function(&self, word: u32, functions: &BTreeMap<u32, usize>) -> Option<usize> {
        let address = if self.arm && word & 1 == 0 { return None } else { word & !1 };
        functions.get(&address).copied()
    }

    /// The words from a table's beginning to that of the next.
    fn table(&self, begin: u32) -> Vec<u32> {
        let end = self.begins.range(begin + 1..).next().copied().unwrap_or(u32::MAX);
        self.words.range(begin..end).map(|(_, word)| *word).collect()
    }
}

/// The address that stands in code: a word of a literal pool, or what RISC-V's instructions make up.
fn literal((name, operands): (&str, &str)) -> Option<u32> {
    if name == ".word" {
        return u32::from_str_radix(operands.trim().strip_prefix("0x")?, 16).ok();
    }
    if !matches!(name, "addi" | "mv" | "add" | "c.addi" | "lw") {
        return None;
    }
    let (_, comment) = operands.split_once("# ")?;
    u32::from_str_radix(comment.split(' ').next()?, 16).ok()
}

/// A section's words, by address. ` 21050 41424344 …  ABCD`
fn contents(target: &Target, file: &Path, section: &str) -> Outcome<BTreeMap<u32, u32>> {
    let dump =
        output(target.tool("objdump").args(["--full-contents", "--section", section]).arg(file));
    let mut words = BTreeMap::new();
    for line in dump.unwrap_or_default().lines().filter(|line| line.starts_with(' ')) {
        let mut columns = line.split(' ').skip(1);
        let address = columns.next().and_then(|word| u32::from_str_radix(word, 16).ok());
        let Some(mut address) = address else { continue };
        for column in columns.take(4).take_while(|column| !column.is_empty()) {
            // The last may be shorter.
            if let Ok(word) = u32::from_str_radix(&format!("{column:0<8}"), 16) {
                words.insert(address, word.swap_bytes());
            }
            address += 4;
        }
    }
    Ok(words)
}

/// Every symbol's address, Thumb's mark taken off.
fn addresses(target: &Target, image: &Path) -> Outcome<HashMap<String, u32>> {
    let table = output(target.tool("nm").arg(image)).ok_or("nm cannot read the image")?;
    let line = |line: &str| {
        let mut words = line.split(' ');
        let address = u32::from_str_radix(words.next()?, 16).ok()?;
        Some((words.nth(1)?.to_owned(), address & !u32::from(target.is_arm())))
    };
    Ok(table.lines().filter_map(line).collect())
}

/// The compiler's names, each with the one that people read.
fn readable(target: &Target, image: &Path) -> Outcome<HashMap<String, String>> {
    let table = |more: &[&str]| {
        let mut nm = target.tool("nm");
        output(nm.arg("--no-sort").args(more).arg(image)).ok_or("nm cannot read the image")
    };
    let name = |line: &str| line.splitn(3, ' ').nth(2).unwrap_or_default().to_owned();
    let (mangled, read) = (table(&[])?, table(&["--demangle"])?);
    Ok(mangled.lines().map(name).zip(read.lines().map(name)).collect())
}

// The compiler's own word.

/// The section `.stack_sizes` is a row of addresses, each with a number behind it (ULEB128). The addresses are
/// the linker's to fill in, so the object's relocations tell whose they are.
fn emitted_frames(target: &Target, object: &Path) -> Outcome<HashMap<String, usize>> {
    let words = contents(target, object, ".stack_sizes")?;
    let octets: Vec<u8> = words.values().flat_map(|word| word.to_le_bytes()).collect();
    let relocations = readelf(target, "--relocs", object)?;
    let sections = section_names(target, object)?;
    let of_frames =
        relocations.split("Relocation section ").find(|part| part.contains(".stack_sizes'"));
    let record = |line: &str| {
        let mut columns = line.split_whitespace();
        let offset = usize::from_str_radix(columns.next()?, 16).ok()?;
        let symbol = usize::from_str_radix(columns.next()?, 16).ok()? >> 8;
        let name = sections.get(&symbol)?.strip_prefix(".text.")?;
        Some((name.to_owned(), uleb128(octets.get(offset + 4..)?)))
    };
    let frames: HashMap<_, _> = of_frames.unwrap_or_default().lines().filter_map(record).collect();
    if frames.is_empty() {
        Err(format!("{} tells no frames", object.display()))
    } else {
        Ok(frames)
    }
}

fn readelf(target: &Target, what: &str, object: &Path) -> Outcome<String> {
    let table = output(target.tool("readelf").args([what, "--wide"]).arg(object));
    table.ok_or_else(|| "readelf cannot read the object".to_owned())
}

/// In which section each symbol lies: each function has one of its own, named after it.
fn section_names(target: &Target, object: &Path) -> Outcome<HashMap<usize, String>> {
    let section = |line: &str| {
        let (number, rest) = line.trim_start().strip_prefix('[')?.split_once(']')?;
        let name = rest.split_whitespace().next()?;
        Some((number.trim().to_owned(), name.to_owned()))
    };
    let names = readelf(target, "--sections", object)?;
    let names: HashMap<String, String> = names.lines().filter_map(section).collect();
    let symbol = |line: &str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let number = columns.first()?.strip_suffix(':')?.parse().ok()?;
        Some((number, names.get(*columns.get(6)?)?.clone()))
    };
    Ok(readelf(target, "--syms", object)?.lines().filter_map(symbol).collect())
}

fn uleb128(octets: &[u8]) -> usize {
    let length = octets.iter().take_while(|octet| *octet & 0x80 != 0).count() + 1;
    let digits = octets.iter().take(length).rev();
    digits.fold(0, |number, octet| number << 7 | usize::from(octet & 0x7f))
}
