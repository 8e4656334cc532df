//! Fixed pieces of work, each small enough for callgrind. It counts what [`measured`] does and
//! nothing else: `--toggle-collect='*workload::measured*'`.

use std::hint::black_box;
use std::process::ExitCode;

use crate::answer;
use crate::imap_engine::{SCRATCH, TX, fetched, fetching};
use crate::mail::{Text, listing, reply};
use crate::session::{greet_and_log_in, list, logged_in, retr, serve, serving, uidl};

const SIZE: usize = 1 << 20;
const MESSAGES: u32 = 10_000;
/// Of a mailbox.
const FETCHED: u32 = 500;

/// Name and work; the work calls [`measured`] once.
type Workload = (&'static str, fn() -> u64);

const WORKLOADS: &[Workload] = &[
    ("retr-prose-64", || client_retr(Text::Prose, 64)),
    ("retr-prose-1460", || client_retr(Text::Prose, 1460)),
    ("retr-prose-65536", || client_retr(Text::Prose, 1 << 16)),
    ("retr-base64-64", || client_retr(Text::Base64, 64)),
    ("retr-base64-65536", || client_retr(Text::Base64, 1 << 16)),
    ("retr-html-64", || client_retr(Text::Html, 64)),
    ("retr-html-65536", || client_retr(Text::Html, 1 << 16)),
    ("uidl-10000-1460", client_uidl),
    ("list-10000-1460", client_list),
    ("capa-login-stat", || measured(greet_and_log_in)),
    ("server-retr-prose", || server_retr(Text::Prose)),
    ("server-retr-base64", || server_retr(Text::Base64)),
    ("fetch-meta-whole", || client_fetch(&answer::meta(FETCHED), usize::MAX)),
    ("fetch-meta-64", || client_fetch(&answer::meta(FETCHED), 64)),
    ("fetch-flags-whole", || client_fetch(&answer::flags(FETCHED), usize::MAX)),
    ("fetch-flags-64", || client_fetch(&answer::flags(FETCHED), 64)),
    ("fetch-body-16384", || client_fetch(&answer::bodies(FETCHED, 100_000), 16_384)),
];

/// Prints the names.
pub(crate) fn list_names() {
    WORKLOADS.iter().for_each(|(name, _)| println!("{name}"));
}

/// Runs the workload of that name.
pub(crate) fn run(name: &str) -> ExitCode {
    let Some((_, work)) = WORKLOADS.iter().find(|(known, _)| *known == name) else {
        eprintln!("no workload {name:?}");
        return ExitCode::from(2);
    };
    black_box(work());
    ExitCode::SUCCESS
}

#[inline(never)]
fn measured(work: impl FnOnce() -> u64) -> u64 {
    black_box(work())
}

fn client_retr(text: Text, read: usize) -> u64 {
    let reply = reply(&text.message(SIZE));
    let (mut scratch, mut tx) = ([0; 512], [0; 256]);
    let mut client = logged_in(&mut scratch, &mut tx);
    measured(|| retr(&mut client, black_box(&reply), read))
}

fn client_uidl() -> u64 {
    let reply = listing(MESSAGES, true);
    let (mut scratch, mut tx) = ([0; 512], [0; 256]);
    let mut client = logged_in(&mut scratch, &mut tx);
    measured(|| uidl(&mut client, black_box(&reply), 1460))
}

fn client_list() -> u64 {
    let reply = listing(MESSAGES, false);
    let (mut scratch, mut tx) = ([0; 512], [0; 256]);
    let mut client = logged_in(&mut scratch, &mut tx);
    measured(|| list(&mut client, black_box(&reply), 1460))
}

fn client_fetch(told: &[u8], read: usize) -> u64 {
    let (mut scratch, mut tx) = ([0; SCRATCH], [0; TX]);
    let mut client = fetching(&mut scratch, &mut tx);
    let uids = measured(|| fetched(&mut client, black_box(told), read, false).uid_sum);
    assert_eq!(uids, (1..=FETCHED).map(|message| u64::from(answer::uid(message))).sum::<u64>());
    uids
}

fn server_retr(text: Text) -> u64 {
    let message = text.message(SIZE);
    // A small `tx`: beyond 2 kB the C library fills memory by one instruction, counted by the octet.
    let (mut scratch, mut tx, mut marks) = ([0; 512], [0; 1460], [0; 1]);
    let mut server = serving(&mut scratch, &mut tx, &mut marks);
    measured(|| serve(&mut server, black_box(&message), 4096))
}
