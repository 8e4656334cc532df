//! Fixed memory and linear work: what an engine takes is known when it is compiled, and no octet is looked
//! at twice, whatever the server sends and however it is cut.
#![cfg(all(feature = "pop3", feature = "server", feature = "sasl-all", feature = "apop"))]

mod common;

use std::time::{Duration, Instant};

use mailproto_core::LocalError;
use mailproto_core::pop3::{Client, Config, Event, Security, Server};

// Memory.

#[test]
fn the_engines_are_as_small_as_the_documentation_says() {
    if usize::BITS < 64 {
        return; // smaller still
    }
    // The state alone; the caller's buffers come on top. One more command in flight costs 12 octets.
    let sizes = [
        ("client", size_of::<Client<'_>>(), 384),
        ("client, one command in flight", size_of::<Client<'_, 1>>(), 304),
        ("server", size_of::<Server<'_, '_>>(), 512),
    ];
    for (name, size, limit) in sizes {
        println!("{name}: {size} octets");
        assert!(size <= limit, "{name}: {size} octets, not {limit}");
    }
    let window = size_of::<Client<'_, 108>>() - size_of::<Client<'_, 8>>();
    assert!(window <= 100 * 12, "{window} octets for a hundred more commands in flight");
}

// Work. Times are compared between one size and its multiple, so that they mean the same on any machine: work
// that were quadratic would show as the factor's square.

const FACTOR: usize = 8;
/// How far from linear a noisy machine may look; quadratic work would show as 8.
const NOISE: f64 = 4.0;
/// A build without optimisation takes a part of the octets, so that the tests stay quick. With `--release` it is
/// 11 MB in one line and a million lines in one listing.
const PART: usize = if cfg!(debug_assertions) { 40 } else { 1 };

fn is_linear(name: &str, run: impl Fn(usize)) {
    // The fastest of some runs: what disturbs only slows down.
    let fastest = |size: usize| -> Duration {
        let times = (0..3).map(|_| {
            let start = Instant::now();
            run(size);
            start.elapsed()
        });
        times.min().unwrap()
    };
    // Other work on the machine may fall on one measurement, but not on each of five; quadratic work does.
    let ratios = (0..5).map(|_| {
        let (once, often) = (fastest(1), fastest(FACTOR));
        let ratio = often.as_secs_f64() / once.as_secs_f64() / FACTOR as f64;
        println!("{name}: {once:?}, {FACTOR} times as much: {often:?}, {ratio:.2} of linear");
        ratio
    });
    assert!(ratios.into_iter().any(|ratio| ratio < NOISE), "{name}: more than linear work");
}

fn logged_in<T>(
    command: impl Fn(&mut Client<'_>) -> Result<(), LocalError>,
    run: impl FnOnce(&mut Client<'_>) -> T,
) -> T {
    let (mut scratch, mut tx) = ([0; 256], [0; 256]);
    let config = Config::default().with_security(Security::Private);
    let mut client = Client::new(&mut scratch, &mut tx, config);
    client.poll(&mut &b"+OK\r\n"[..]).unwrap();
    client.login(b"a", b"b").unwrap();
    for _ in 0..2 {
        client.sent(usize::MAX);
        client.poll(&mut &b"+OK\r\n"[..]).unwrap();
    }
    command(&mut client).unwrap();
    client.sent(usize::MAX);
    run(&mut client)
}

/// Feeds `unit` so many times, in reads of so many octets; returns events and octets of data.
fn feed(client: &mut Client<'_>, unit: &[u8], times: usize, read: usize) -> (usize, usize) {
    let (mut events, mut data) = (0, 0);
    for _ in 0..times {
        for mut input in unit.chunks(read) {
            while let Some(event) = client.poll(&mut input).unwrap() {
                events += 1;
                if let Event::Data { octets, .. } = event {
                    data += octets.len();
                }
            }
        }
    }
    (events, data)
}

#[test]
fn a_long_status_line_takes_linear_time_octet_by_octet() {
    is_linear("status line", |size| {
        logged_in(
            |client| client.noop().map(drop),
            |client| {
                let length = 11_000_000 / PART / FACTOR * size;
                feed(client, b"+OK ", 1, 1);
                assert_eq!(feed(client, &[b'x'; 1000], length / 1000, 1), (0, 0));
                // The completion, and that the line was oversize.
                assert_eq!(feed(client, b"\r\n", 1, 1), (2, 0));
            },
        );
    });
}

#[test]
fn a_long_listing_takes_linear_time() {
    for read in [1, 7, 4096] {
        is_linear(&format!("listing, reads of {read}"), |size| {
            logged_in(
                |client| client.list().map(drop),
                |client| {
                    let lines = 1_000_000 / PART / FACTOR * size;
                    feed(client, b"+OK\r\n", 1, read);
                    let told = feed(client, &b"12345 1234567\r\n".repeat(25), lines / 25, read);
                    assert_eq!(told, (lines / 25 * 25, 0));
                },
            );
        });
    }
}

#[test]
fn a_message_takes_linear_time_however_it_is_made_and_cut() {
    let texts: [(&str, &[u8]); 5] = [
        ("one line", &[b'x'; 1000]),
        ("nothing but dots", &[b'.'; 1000]),
        ("dots at the front of lines", b"..\r\n"),
        ("bare LF and dot", b"\n."),
        ("nothing but CR", &[b'\r'; 1000]),
    ];
    for (name, unit) in texts {
        let unit = unit.repeat(4000 / unit.len());
        for read in [1, 64, 4000] {
            is_linear(&format!("{name}, reads of {read}"), |size| {
                logged_in(
                    |client| client.retr(1).map(drop),
                    |client| {
                        feed(client, b"+OK\r\n", 1, 1);
                        let times = 250 / PART;
                        let (events, data) = feed(client, &unit, times * size, read);
                        let octets = unit.len() * times * size;
                        assert!(data <= octets && data >= octets / 2);
                        assert!(events <= octets, "more events than octets");
                    },
                );
            });
        }
    }
}

#[test]
fn no_read_costs_more_for_what_came_before_it() {
    // An unfinished line is never looked at again: the thousandth read costs as much as the first.
    logged_in(
        |client| client.noop().map(drop),
        |client| {
            let mut time = |reads: usize| -> Duration {
                let start = Instant::now();
                feed(client, &[b'x'; 64], reads, 64);
                start.elapsed()
            };
            let ratios = (0..5).map(|_| {
                let early = time(100_000 / PART);
                time(1_000_000 / PART);
                let late = time(100_000 / PART);
                println!("early {early:?}, late {late:?}");
                late.as_secs_f64() / early.as_secs_f64()
            });
            assert!(ratios.into_iter().any(|ratio| ratio < NOISE));
        },
    );
}
