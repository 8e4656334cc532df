//! IMAP with a loop written by hand: log in, look for unseen mails, tell of each who wrote it and whether it came
//! whole, mark it as seen.

use embedded_io::{Read, Write};
use mailproto_core::imap::command::{FetchItem, SearchKey, Store};
use mailproto_core::imap::response::fetch::Item;
use mailproto_core::imap::{
    BodySection, Client, Config, Data, Event, Flag, Security, Sequence, Status, Tag,
};
use mailproto_core::sasl::{Mechanism, Plain};

use crate::clock;
use crate::crc32::Crc32;
use crate::uart::Uart;
use crate::{PASSWORD, Stopped, USER};

/// How many mails are looked at.
const MOST: usize = 8;

pub(crate) fn session(uart: Uart) -> Result<(), Stopped> {
    let (mut scratch, mut tx) = ([0; 512], [0; 256]);
    let config = Config::default().with_security(Security::Private);
    let client = Client::new(&mut scratch, &mut tx, config);
    let mut mailbox = Mailbox { client, uart };
    mailbox.run(|event| matches!(event, Event::Greeting { .. }))?;
    mailbox.log_in()?;
    let select = mailbox.client.select("INBOX".into())?;
    mailbox.complete(select, |_| ())?;
    for uid in mailbox.unseen()?.into_iter().flatten() {
        mailbox.fetch(uid)?;
        let seen = mailbox.client.uid_store(uid.into(), &Store::add(&[Flag::Seen]))?;
        mailbox.complete(seen, |_| ())?;
    }
    let logout = mailbox.client.logout()?;
    mailbox.complete(logout, |_| ())
}

struct Mailbox<'b> {
    client: Client<'b>,
    uart: Uart,
}

impl Mailbox<'_> {
    fn log_in(&mut self) -> Result<(), Stopped> {
        let mut plain = Plain::new("", USER, PASSWORD)?;
        let login = self.client.authenticate(&mut plain)?;
        // A server that takes no initial response asks for it with an empty challenge (RFC 9051 §6.2.2).
        let mut asked = false;
        let mut status = None;
        self.run(|event| {
            asked = matches!(event, Event::Challenge { .. });
            status = completion(event, login);
            asked || status.is_some()
        })?;
        match status {
            Some(status) => demand_ok(status),
            None => self.answer(login, &mut plain),
        }
    }

    fn answer(&mut self, login: Tag, mechanism: &mut dyn Mechanism) -> Result<(), Stopped> {
        self.client.respond(mechanism)?;
        self.complete(login, |_| ())
    }

    /// The UIDs of the first mails that nobody has read.
    fn unseen(&mut self) -> Result<[Option<u32>; MOST], Stopped> {
        let search = self.client.uid_search(&[SearchKey::Unseen])?;
        let mut found = [None; MOST];
        let mut places = found.iter_mut();
        self.complete(search, |event| {
            if let Event::Data(Data::Found(uid)) = *event
                && let Some(place) = places.next()
            {
                *place = Some(uid);
            }
        })?;
        Ok(found)
    }

    fn fetch(&mut self, uid: u32) -> Result<(), Stopped> {
        let whole =
            FetchItem::BodySection { section: BodySection::WHOLE, peek: true, partial: None };
        let items = [FetchItem::Rfc822Size, FetchItem::Envelope, whole];
        let fetch = self.client.uid_fetch(Sequence::One(uid), &items)?;
        let (mut octets, mut crc32) = (0_usize, Crc32::new());
        self.complete(fetch, |event| match event {
            Event::Data(Data::Item(Item::Rfc822Size(size))) => {
                defmt::info!("imap: size {}", size);
            }
            Event::Data(Data::Item(Item::Envelope(envelope))) => {
                defmt::info!("imap: written by {} people", envelope.from().count());
            }
            Event::Data(Data::BodyData(data)) => {
                octets = octets.wrapping_add(data.len());
                crc32.add(data);
            }
            _ => {}
        })?;
        defmt::info!("imap: uid {}: {} octets, crc32 {:08x}", uid, octets, crc32.value());
        Ok(())
    }

    /// Runs until a command has been obeyed.
    fn complete(&mut self, command: Tag, mut each: impl FnMut(&Event<'_>)) -> Result<(), Stopped> {
        let mut status = Status::NotSent;
        self.run(|event| {
            each(event);
            completion(event, command).map(|how| status = how).is_some()
        })?;
        defmt::info!("imap: state {}", self.client.state());
        demand_ok(status)
    }

    /// The loop: sends and receives until an event is the one that is waited for. What has come with it is told, too.
    fn run(&mut self, mut is_last: impl FnMut(&Event<'_>) -> bool) -> Result<(), Stopped> {
        let mut memory = [0; 64];
        let mut done = false;
        while !done {
            self.send()?;
            self.client.tick(clock::now_ms())?;
            let octets = self.uart.read(&mut memory)?;
            let mut input = memory.get(..octets).unwrap_or_default();
            while let Some(event) = self.client.poll(&mut input)? {
                done |= is_last(&event);
            }
        }
        Ok(())
    }

    fn send(&mut self) -> Result<(), Stopped> {
        while !self.client.outgoing().is_empty() {
            let sent = self.uart.write(self.client.outgoing())?;
            self.client.sent(sent);
        }
        Ok(())
    }
}

/// How a command went, if this event says so.
fn completion(event: &Event<'_>, command: Tag) -> Option<Status> {
    match *event {
        Event::Completed { tag, status, .. } if tag == command => Some(status),
        _ => None,
    }
}

fn demand_ok(status: Status) -> Result<(), Stopped> {
    if status == Status::Ok { Ok(()) } else { Err(Stopped::Refused) }
}
