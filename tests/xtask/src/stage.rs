//! A stage, and running a list of them: set up, run, tell how it went.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::setup::Need;
use crate::shell::Outcome;

/// One group of tests: a row of `stages::STAGES`.
pub(crate) struct Stage {
    /// What it is called on the command line.
    pub(crate) name: &'static str,
    /// One line for `--list`.
    pub(crate) about: &'static str,
    /// What must be there; provided if it can be, in this order.
    pub(crate) needs: &'static [Need],
    /// Runs the tests; the error is one line for the table.
    pub(crate) run: fn() -> Outcome,
}

enum Verdict {
    Passed,
    Failed(String),
    Skipped(String),
}

struct Report {
    name: &'static str,
    verdict: Verdict,
    took: Duration,
}

/// Runs the stages, prints the table and the closing line `N passed, N failed, N skipped`.
pub(crate) fn test(stages: &[&Stage]) -> ExitCode {
    conclude(&stages.iter().map(|stage| timed(stage, set_up_and_run)).collect::<Vec<_>>())
}

/// Provides what the stages need, and runs none.
pub(crate) fn setup(stages: &[&Stage]) -> ExitCode {
    conclude(&stages.iter().map(|stage| timed(stage, set_up)).collect::<Vec<_>>())
}

fn timed(stage: &Stage, act: fn(&Stage) -> Verdict) -> Report {
    println!("\n=== {}: {}", stage.name, stage.about);
    let start = Instant::now();
    let verdict = act(stage);
    Report { name: stage.name, verdict, took: start.elapsed() }
}

fn set_up_and_run(stage: &Stage) -> Verdict {
    match set_up(stage) {
        Verdict::Passed => match (stage.run)() {
            Ok(()) => Verdict::Passed,
            Err(why) => Verdict::Failed(why),
        },
        missing => missing,
    }
}

fn set_up(stage: &Stage) -> Verdict {
    match stage.needs.iter().try_for_each(Need::provide) {
        Ok(()) => Verdict::Passed,
        Err(why) if require_all() => Verdict::Failed(format!("cannot be set up: {why}")),
        Err(why) => Verdict::Skipped(why),
    }
}

fn require_all() -> bool {
    std::env::var("MAILPROTO_REQUIRE_ALL").is_ok_and(|value| value == "1")
}

fn conclude(reports: &[Report]) -> ExitCode {
    println!();
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for report in reports {
        let (counter, word, why) = match &report.verdict {
            Verdict::Passed => (&mut passed, "passed", ""),
            Verdict::Failed(why) => (&mut failed, "FAILED", why.as_str()),
            Verdict::Skipped(why) => (&mut skipped, "skipped", why.as_str()),
        };
        *counter += 1;
        let line =
            format!("{:<12} {word:<8} {:>7.1} s  {why}", report.name, report.took.as_secs_f32());
        println!("{}", line.trim_end());
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
