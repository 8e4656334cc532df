//! The table of how the cases came out, for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::Ran;
use crate::commands::Sent;
use crate::exceptions::EXCEPTIONS;
use crate::judge::Expect;

/// What became of a source's cases.
#[derive(Debug, Default)]
pub(crate) struct Count {
    source: &'static str,
    cases: usize,
    heard: Heard,
    sent: [usize; 3],
    names: usize,
    exchanges: usize,
    not: BTreeMap<&'static str, usize>,
    pub(crate) exceptions: Vec<String>,
    pub(crate) failures: Vec<String>,
}

/// Of what servers say.
#[derive(Debug, Default)]
struct Heard {
    clean: usize,
    mended: usize,
    flagged: usize,
    incomplete: usize,
    read_twice: usize,
    meanings: usize,
    oversize: usize,
    replays: usize,
}

impl Count {
    pub(crate) fn new(source: &'static str) -> Self {
        Self { source, ..Self::default() }
    }

    pub(crate) fn add(&mut self, id: &str, exception: bool, ran: Result<Ran, String>) {
        self.cases += 1;
        if exception {
            self.exceptions.push(id.into());
        }
        match ran {
            Ok(Ran::Heard(expect, verdict)) => {
                let heard = &mut self.heard;
                match expect {
                    _ if exception => {}
                    Expect::Ok | Expect::Lenient if verdict.mended => heard.mended += 1,
                    Expect::Ok | Expect::Lenient => heard.clean += 1,
                    Expect::Error => heard.flagged += 1,
                    Expect::Incomplete => heard.incomplete += 1,
                }
                heard.read_twice += verdict.read_twice;
                heard.meanings += usize::from(verdict.meaning);
                heard.oversize += verdict.oversize;
                heard.replays += verdict.replays;
            }
            Ok(Ran::Sent(sent)) => self.sent[sent as usize] += 1,
            Ok(Ran::Refused) => {}
            Ok(Ran::Name) => self.names += 1,
            Ok(Ran::Exchange) => self.exchanges += 1,
            Ok(Ran::Not(reason)) => *self.not.entry(reason).or_default() += 1,
            Err(error) => {
                let error: String = error.chars().take(600).collect();
                self.failures.push(format!("{id}: {error}"));
            }
        }
    }
}

const HEAD: &str = "\
Written by `MAILPROTO_BLESS=1 cargo test -p mailproto-core --test imap_cases`, and compared by every run that finds
the cases. A replay is one way to cut a server's octets into reads: whole, octet by octet, in threes, at every
two-way split of up to 4 kB, and with a scratch buffer of 512 octets in three ways. *Clean* cases go through in strict
mode too, *mended* ones are well delivered in lenient mode and end a strict session; *flagged* ones are malformed,
and told so; *cut short* is what is not complete: nothing of it is told as if it were. *Read twice* counts the
responses that were compared with a second, plain reader, *meanings* the cases that say in a structured way what
they mean; *oversize* what did not fit 512 octets (nothing else was lost).

";

pub(crate) fn text(counts: &[Count]) -> String {
    let mut text = HEAD.to_owned();
    text.push_str("| what servers say | cases | clean | mended | flagged | cut short | exceptions | read twice | meanings | oversize | replays |\n");
    text.push_str("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    let mut sum = [0; 10];
    for count in counts.iter().filter(|count| count.heard.replays > 0) {
        let heard = &count.heard;
        let ran = [heard.clean, heard.mended, heard.flagged, heard.incomplete];
        let exceptions = count.exceptions.iter().filter(|id| !is_command(id)).count();
        let cases = ran.iter().sum::<usize>() + exceptions;
        let rest = [exceptions, heard.read_twice, heard.meanings, heard.oversize, heard.replays];
        let row: Vec<usize> = [cases].into_iter().chain(ran).chain(rest).collect();
        write_row(&mut text, count.source, &row);
        sum.iter_mut().zip(&row).for_each(|(sum, number)| *sum += number);
    }
    write_row(&mut text, "all", &sum);
    text.push_str("\n| what clients say | cases | same octets | equal by the RFC | by name only | exceptions | mailbox names | SASL exchanges |\n");
    text.push_str("|---|---:|---:|---:|---:|---:|---:|---:|\n");
    for count in counts {
        let exceptions = count.exceptions.iter().filter(|id| is_command(id)).count();
        let commands = count.sent.iter().sum::<usize>() + exceptions;
        let cases = commands + count.names + count.exchanges;
        if cases > 0 {
            let [same, equal, by_name] = count.sent;
            let row = [cases, same, equal, by_name, exceptions, count.names, count.exchanges];
            write_row(&mut text, count.source, &row);
        }
    }
    text.push_str("\n| not run | cases | reason |\n|---|---:|---|\n");
    for count in counts {
        for (reason, cases) in &count.not {
            let _ = writeln!(text, "| {} | {cases} | {reason} |", count.source);
        }
    }
    text.push_str("\n| exception | reason |\n|---|---|\n");
    for (id, _, reason) in EXCEPTIONS {
        let _ = writeln!(text, "| `{id}` | {reason} |");
    }
    text
}

/// Of a command that our client does not send.
fn is_command(id: &str) -> bool {
    ["/command#", "/encode/", "_command_", "/test_encode_"].iter().any(|part| id.contains(part))
}

fn write_row(text: &mut String, name: &str, numbers: &[usize]) {
    let _ = write!(text, "| {name} |");
    for number in numbers {
        let _ = write!(text, " {number} |");
    }
    text.push('\n');
}

/// The order of the columns.
const _: () =
    assert!(Sent::Same as usize == 0 && Sent::Equal as usize == 1 && Sent::Raw as usize == 2);
