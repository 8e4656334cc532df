//! Every view of server data: what is fuzzed stands in the place of an item, an element or a whole response. All fields
//! are read; no cut changes what is told; and the items beside one that is malformed are told.
#![no_main]

#[path = "../../../core/tests/imap_hostile/told.rs"]
mod told;

use libfuzzer_sys::fuzz_target;
use mailproto_core::imap::command::FetchItem;
use mailproto_core::imap::{Client, Config, Security, Sequence};
use mailproto_fuzz::{Input, PLACES};
use told::Told;

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let (front, end) = PLACES[usize::from(input.setting & 31)];
    let octets = [front.as_bytes(), input.octets, end.as_bytes(), b"* OK in step\r\n"].concat();
    let input = Input { octets: &octets, ..input };
    for scratch in [512, 4096] {
        let (whole, goes_on) = run(&input.whole(), scratch);
        assert_eq!(run(&input.cut(), scratch), (whole.clone(), goes_on));
        let told = |line: &str| whole.iter().any(|told| told == line);
        // Only octets of a literal can swallow a line, or an end that belongs to it.
        if goes_on && !input.octets.contains(&b'{') {
            assert!(told("status Ok \"in step\""), "{whole:#?}");
        }
        if goes_on && front.contains(" FETCH ") {
            assert!(told("item UID 5") || !told("fetch 1"), "{whole:#?}");
        }
    }
});

/// What was told, and whether the session goes on.
fn run(reads: &[&[u8]], scratch: usize) -> (Vec<String>, bool) {
    let (mut scratch, mut tx) = (vec![0; scratch], [0; 128]);
    let config = Config { max_literal: 1 << 20, ..Config::default() };
    let mut client = Client::new(&mut scratch, &mut tx, config.with_security(Security::Private));
    client.poll(&mut &b"* PREAUTH ready\r\n"[..]).unwrap();
    client.select("INBOX".into()).unwrap();
    client.sent(usize::MAX);
    client.poll(&mut &b"AAA1 OK selected\r\n"[..]).unwrap();
    client.fetch(Sequence::ALL, &[FetchItem::Uid]).unwrap();
    client.sent(usize::MAX);
    let (mut told, mut work) = (Told::default(), (0, 0));
    for &read in reads {
        let mut octets = read;
        work.0 += read.len();
        loop {
            match client.poll(&mut octets) {
                Ok(Some(event)) => told.event(&event),
                Ok(None) => break,
                Err(error) => {
                    told.line(format!("{error:?}"));
                    return (told.into_lines(), false);
                }
            }
            work.1 += 1;
            assert!(work.1 <= 4 * work.0 + 64, "more events than octets");
        }
        assert!(octets.is_empty(), "all is taken");
    }
    (told.into_lines(), true)
}
