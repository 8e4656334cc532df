//! The engines alone, beside `memcpy` of the same octets.

use std::cell::RefCell;
use std::hint::black_box;

use mailproto_core::pop3::Client;

use crate::harness::{Measured, Subject, measure};
use crate::mail::{Text, listing, reply};
use crate::session::{list, logged_in, retr, serve, serving, uidl};

const ROUNDS: usize = 15;
const READ: usize = 1 << 16;
/// Octets of a measured stream: larger than caches, as mail from a network is.
const STREAM: usize = 16 << 20;
const MESSAGES: u32 = 100_000;
const HEAD: &str = "| what | read | GB/s | × memcpy |\n|---|--:|--:|--:|";

/// Prints the tables.
pub(crate) fn report() {
    client_retr();
    client_listings();
    server_retr();
}

fn client_retr() {
    println!("### RETR through the client engine\n");
    println!("{HEAD}");
    for text in Text::ALL {
        client_rows(text.name(), retr, &reply(&text.message(STREAM)));
    }
    println!();
}

fn client_listings() {
    println!("### Listings of {MESSAGES} messages through the client engine\n");
    println!("{HEAD}");
    client_rows("UIDL", uidl, &listing(MESSAGES, true));
    client_rows("LIST", list, &listing(MESSAGES, false));
    println!();
}

/// Measures a command whose reply is `stream`, in reads of each size, beside `memcpy`.
fn client_rows(name: &str, command: fn(&mut Client<'_>, &[u8], usize) -> u64, stream: &[u8]) {
    let (mut scratch, mut tx, mut buffer) = ([0; 512], [0; 256], vec![0; READ]);
    let client = RefCell::new(logged_in(&mut scratch, &mut tx));
    let in_reads_of = |read: usize| {
        let client = &client;
        let run = move || command(&mut client.borrow_mut(), black_box(stream), read);
        Subject::new(read.to_string(), stream.len(), run)
    };
    let subjects = vec![
        Subject::new("memcpy", stream.len(), || copy(stream, &mut buffer)),
        in_reads_of(READ),
        in_reads_of(1460),
        in_reads_of(64),
    ];
    print_rows(name, &measure(ROUNDS, subjects));
}

fn server_retr() {
    println!("### RETR through the server engine (dots stuffed, copied into `tx` of 64 kB)\n");
    println!("{HEAD}");
    for text in Text::ALL {
        let message = text.message(STREAM);
        let (mut scratch, mut tx, mut marks) = ([0; 512], vec![0; READ], [0; 1]);
        let mut buffer = vec![0; READ];
        let mut server = serving(&mut scratch, &mut tx, &mut marks);
        let subjects = vec![
            Subject::new("memcpy", message.len(), || copy(&message, &mut buffer)),
            Subject::new(READ.to_string(), message.len(), || {
                serve(&mut server, black_box(&message), READ)
            }),
        ];
        print_rows(text.name(), &measure(ROUNDS, subjects));
    }
    println!();
}

/// Rows of a table, the first of the measured being what the others are compared with.
fn print_rows(name: &str, measured: &[Measured]) {
    let Some((memcpy, others)) = measured.split_first() else { return };
    for one in others {
        let (rate, ratio) = (one.gigabytes_per_second(), one.times(memcpy));
        println!("| {name} | {} | {rate:.2} | {ratio:.2} |", one.name);
    }
    println!("| {name} | memcpy, {READ} | {:.2} | 1 |", memcpy.gigabytes_per_second());
}

/// The least that any reader does: takes every octet once, into the same 64 kB.
fn copy(stream: &[u8], buffer: &mut [u8]) -> u64 {
    let mut sum = 0;
    for chunk in black_box(stream).chunks(buffer.len()) {
        buffer[..chunk.len()].copy_from_slice(chunk);
        sum += chunk.len() as u64 + u64::from(black_box(&*buffer)[0]);
    }
    sum
}
