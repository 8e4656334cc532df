//! IMAP: the responses of a large FETCH, read in pieces of several sizes, every field looked at.
//! The contestants take turns over the same octets; one that does not find all that is in a corpus
//! is not measured.

use std::hint::black_box;

use crate::corpus::{Corpus, corpora};
use crate::harness::{Measured, Subject, measure};
use crate::heap::{Heap, counted};
use crate::imap_engine::Ours;
use crate::walk::Totals;

/// How much a read brings: all there is, a TLS record, a segment, a sip.
const READS: [usize; 4] = [usize::MAX, 16_384, 1_460, 64];
/// Further sizes of read at which ours must find all, not measured.
const CHECKED: [usize; 2] = [512, 7];

/// How a contestant stands to the others.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "peers"), expect(dead_code, reason = "ours is alone"))]
pub(crate) enum Standing {
    /// What the others are measured beside.
    Ours,
    /// Used as its documentation has it.
    Peer,
    /// Helped by its caller beyond that.
    Helped,
    /// Blind to part of what is there: shown, and not compared.
    Partial,
}

/// Something that reads responses.
pub(crate) trait Contestant {
    /// Its name and version, and how it is used if there is more than one way.
    fn name(&self) -> &'static str;

    /// What it finds, with no mistake, where `all` is to be found; `None` if it cannot read such
    /// responses.
    fn finds(&self, all: &Totals) -> Option<Totals> {
        Some(*all)
    }

    /// What it counts as.
    fn standing(&self) -> Standing {
        Standing::Peer
    }

    /// Reads `corpus` in pieces of `read` octets, as its users would, and walks through every field
    /// with a [`Walk`](crate::walk::Walk); with `check` the octets of bodies are summed, else they
    /// are only counted.
    fn run(&mut self, corpus: &[u8], read: usize, check: bool) -> Totals;
}

/// Who takes part: those whose name contains `name`. Ours goes first.
fn contestants(name: &str) -> Vec<Box<dyn Contestant>> {
    let mut contestants: Vec<Box<dyn Contestant>> = vec![Box::new(Ours)];
    #[cfg(feature = "peers")]
    contestants.append(&mut crate::imap_peers::contestants());
    contestants.retain(|contestant| contestant.name().contains(name));
    contestants
}

/// Prints the tables of those contestants and corpora whose names contain what is given.
pub(crate) fn report(contestant: &str, corpus: &str) {
    let corpora = match corpora() {
        Ok(corpora) => corpora,
        Err(why) => return println!("Not measured: {why}."),
    };
    for corpus in corpora.iter().filter(|one| one.name.contains(corpus)) {
        match corpus.octets() {
            Ok(octets) => report_corpus(corpus, &octets, contestants(contestant)),
            Err(why) => println!("{}: not measured: {why}.", corpus.name),
        }
    }
}

fn report_corpus(corpus: &Corpus, octets: &[u8], mut contestants: Vec<Box<dyn Contestant>>) {
    let (name, responses) = (&corpus.name, corpus.totals.responses);
    println!("### {name}: {responses} responses, {:.1} MB\n", octets.len() as f64 / 1e6);
    contestants.retain(|contestant| contestant.finds(&corpus.totals).is_some());
    check_ours(corpus, octets, &mut contestants);
    if corpus.totals.body_bytes > 0 {
        println!(
            "Bodies are handed over, and their octets not read: not by us, nor by the walk.\n"
        );
    }
    let columns = READS.map(|read| Column::measured(corpus, octets, read, &mut contestants));
    let rows: Vec<_> = contestants.iter().map(|contestant| contestant.name()).collect();
    print_speeds(&columns, &rows);
    print_heap(&columns, &rows, responses);
}

/// All contestants at one size of read.
struct Column {
    read: usize,
    cells: Vec<Cell>,
}

/// One contestant at one size of read.
struct Cell {
    name: &'static str,
    standing: Standing,
    heap: Heap,
    measured: Measured,
}

impl Column {
    fn measured(
        corpus: &Corpus,
        octets: &[u8],
        read: usize,
        contestants: &mut [Box<dyn Contestant>],
    ) -> Self {
        let mut entries: Vec<_> = contestants
            .iter_mut()
            .filter_map(|one| Some((verified(one.as_mut(), corpus, octets, read)?, one)))
            .collect();
        let subjects = entries.iter_mut().map(|(_, contestant)| {
            let run = move || contestant.run(black_box(octets), read, false).uid_sum;
            Subject::new("", octets.len(), run)
        });
        let measured = measure(rounds(octets), subjects.collect());
        let cells = entries.iter().zip(measured).map(|((heap, contestant), measured)| Cell {
            name: contestant.name(),
            standing: contestant.standing(),
            heap: *heap,
            measured,
        });
        Self { read, cells: cells.collect() }
    }

    fn cell(&self, name: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.name == name)
    }

    fn ours(&self) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.standing == Standing::Ours)
    }

    /// How many times as fast as the fastest of `others` ours is, and which that is.
    fn ratio(&self, others: &[Standing]) -> Option<(f64, &'static str)> {
        let ours = self.ours()?;
        let others = self.cells.iter().filter(|cell| others.contains(&cell.standing));
        let fastest = others.max_by(|one, other| one.rate().total_cmp(&other.rate()))?;
        Some((ours.rate() / fastest.rate(), fastest.name))
    }
}

impl Cell {
    fn rate(&self) -> f64 {
        self.measured.best_megabytes_per_second()
    }
}

/// Runs it once and compares what it found; what it took from the heap if all is well.
fn verified(
    contestant: &mut dyn Contestant,
    corpus: &Corpus,
    octets: &[u8],
    read: usize,
) -> Option<Heap> {
    let expected = contestant.finds(&corpus.totals)?;
    let (found, heap) = counted(|| contestant.run(octets, read, true));
    if found != expected {
        let (name, place) = (contestant.name(), &corpus.name);
        eprintln!("{name} refused: in {place}, reads of {read}: {found:?} of {expected:?}");
    }
    (found == expected).then_some(heap)
}

/// Ours must find all, however little a read brings, and take nothing from the heap.
fn check_ours(corpus: &Corpus, octets: &[u8], contestants: &mut [Box<dyn Contestant>]) {
    let ours = contestants.iter_mut().filter(|one| one.standing() == Standing::Ours);
    for contestant in ours {
        for read in READS.into_iter().chain(CHECKED) {
            let heap = verified(contestant.as_mut(), corpus, octets, read);
            let taken = heap.map(|heap| heap.allocations);
            assert_eq!(taken, Some(0), "in {}, reads of {read}", corpus.name);
        }
    }
}

/// Short runs vary more.
fn rounds(octets: &[u8]) -> usize {
    match octets.len() {
        0..1_000_000 => 45,
        1_000_000..50_000_000 => 11,
        _ => 5,
    }
}

// Tables.

fn print_speeds(columns: &[Column], rows: &[&str]) {
    println!("MB/s (1 MB = 10⁶ octets), the best of the rounds:\n");
    print_table(columns, rows, |cell| format!("{:.0}", cell.rate()));
    print_ratios(columns, "ours ÷ fastest peer", &[Standing::Peer]);
    let helped = [Standing::Peer, Standing::Helped];
    print_ratios(columns, "ours ÷ fastest peer, helped or not", &helped);
    print_shares(columns);
    println!();
}

fn print_ratios(columns: &[Column], name: &str, others: &[Standing]) {
    let ratios = columns.iter().map(|column| column.ratio(others));
    if let Some(ratios) = ratios.collect::<Option<Vec<_>>>() {
        let cell = |(ratio, name): &(f64, &str)| format!(" {ratio:.2} ({name}) |");
        println!("| {name} |{}", ratios.iter().map(cell).collect::<String>());
    }
}

/// How ours fares with small reads.
fn print_shares(columns: &[Column]) {
    let rates: Option<Vec<f64>> =
        columns.iter().map(|column| Some(column.ours()?.rate())).collect();
    if let Some(rates) = rates {
        let cell = |rate: &f64| format!(" {:.2} |", rate / rates[0]);
        println!("| ours ÷ ours, whole |{}", rates.iter().map(cell).collect::<String>());
    }
}

fn print_heap(columns: &[Column], rows: &[&str], responses: u64) {
    println!("Allocations a response; the most octets of heap held at once:\n");
    print_table(columns, rows, |cell| {
        let Heap { allocations, peak } = cell.heap;
        format!("{:.1}; {peak}", allocations as f64 / responses as f64)
    });
    println!();
}

fn print_table(columns: &[Column], rows: &[&str], show: impl Fn(&Cell) -> String) {
    let reads = columns.iter().map(|column| format!(" {} |", read_name(column.read)));
    println!("| contestant |{}", reads.collect::<String>());
    println!("|---|{}", "--:|".repeat(columns.len()));
    for name in rows {
        let cell = |column: &Column| column.cell(name).map_or_else(|| "refused".into(), &show);
        let cells = columns.iter().map(|column| format!(" {} |", cell(column)));
        println!("| {name} |{}", cells.collect::<String>());
    }
}

fn read_name(read: usize) -> String {
    if read == usize::MAX { "whole".to_owned() } else { read.to_string() }
}
