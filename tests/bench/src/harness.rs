//! Measuring side by side: the subjects take turns in one process, so that whatever slows the
//! machine slows all of them; the time is that of the processor, so that other programs do not
//! count; and the median of many rounds is what is told.

use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

/// Something to measure, and how many octets it goes through.
pub(crate) struct Subject<'a> {
    pub(crate) name: String,
    pub(crate) octets: usize,
    pub(crate) run: Box<dyn FnMut() -> u64 + 'a>,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(
        name: impl Into<String>,
        octets: usize,
        run: impl FnMut() -> u64 + 'a,
    ) -> Self {
        Self { name: name.into(), octets, run: Box::new(run) }
    }
}

/// What was measured of a subject.
pub(crate) struct Measured {
    pub(crate) name: String,
    octets: usize,
    rounds: Vec<Took>,
}

/// How long one run took: the thread's own time, and the clock's.
struct Took {
    cpu: Duration,
    #[cfg_attr(
        not(feature = "peers"),
        expect(dead_code, reason = "only peers wait for a network")
    )]
    wall: Duration,
}

impl Measured {
    pub(crate) fn gigabytes_per_second(&self) -> f64 {
        self.octets as f64 / self.median(|took| took.cpu) / 1e9
    }

    /// Of the fastest round; 1 MB is 10⁶ octets.
    pub(crate) fn best_megabytes_per_second(&self) -> f64 {
        let best = self.rounds.iter().map(|took| took.cpu).min().unwrap_or_default();
        self.octets as f64 / best.as_secs_f64() / 1e6
    }

    /// How many times as fast as `other` by processor time: the median of the rounds' own ratios.
    pub(crate) fn times(&self, other: &Self) -> f64 {
        self.ratio(other, |took| took.cpu)
    }

    fn ratio(&self, other: &Self, of: fn(&Took) -> Duration) -> f64 {
        let seconds = |took| of(took).as_secs_f64();
        let pairs = self.rounds.iter().zip(&other.rounds);
        median(pairs.map(|(own, other)| seconds(other) / seconds(own)).collect())
    }

    fn median(&self, of: fn(&Took) -> Duration) -> f64 {
        median(self.rounds.iter().map(|took| of(took).as_secs_f64()).collect())
    }
}

#[cfg(feature = "peers")]
impl Measured {
    /// How many times as fast as `other` by the clock.
    pub(crate) fn times_in_wall_time(&self, other: &Self) -> f64 {
        self.ratio(other, |took| took.wall)
    }

    /// The thread's time, in milliseconds.
    pub(crate) fn milliseconds(&self) -> f64 {
        self.median(|took| took.cpu) * 1e3
    }

    /// The time by the clock, in milliseconds.
    pub(crate) fn wall_milliseconds(&self) -> f64 {
        self.median(|took| took.wall) * 1e3
    }
}

/// Runs every subject `rounds` times, in turn, after one round that does not count.
pub(crate) fn measure(rounds: usize, mut subjects: Vec<Subject<'_>>) -> Vec<Measured> {
    let mut measured: Vec<Measured> = subjects
        .iter()
        .map(|Subject { name, octets, .. }| Measured {
            name: name.clone(),
            octets: *octets,
            rounds: Vec::new(),
        })
        .collect();
    for round in 0..=rounds {
        for (subject, measured) in subjects.iter_mut().zip(&mut measured) {
            let (clock, cpu) = (Instant::now(), ThreadTime::now());
            std::hint::black_box((subject.run)());
            let took = Took { cpu: cpu.elapsed(), wall: clock.elapsed() };
            if round > 0 {
                measured.rounds.push(took);
            }
        }
    }
    measured
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        len if len % 2 == 1 => values[len / 2],
        len => f64::midpoint(values[len / 2 - 1], values[len / 2]),
    }
}
