//! POP3 with the engine's driver over `embedded-io`: log in, see how much there is, fetch every mail.

use core::ops::ControlFlow;

use mailproto_core::driver::blocking::Driver;
use mailproto_core::pop3::{Client, CommandNumber, Config, Event, Security, Status, Value};

use crate::crc32::Crc32;
use crate::uart::Uart;
use crate::{PASSWORD, Stopped, USER};

pub(crate) fn session(uart: Uart) -> Result<(), Stopped> {
    let (mut scratch, mut tx, mut memory) = ([0; 256], [0; 256], [0; 64]);
    // A serial line leads to the board and to nobody else.
    let config = Config::default().with_security(Security::Private);
    let mut mailbox = Mailbox {
        client: Client::new(&mut scratch, &mut tx, config),
        driver: Driver::new(uart, &mut memory),
    };
    mailbox.greeting()?;
    let login = mailbox.client.login(USER.as_bytes(), PASSWORD.as_bytes())?;
    mailbox.complete(login, |_| ())?;
    for message in 1..=mailbox.messages()? {
        mailbox.fetch(message)?;
    }
    let quit = mailbox.client.quit()?;
    mailbox.complete(quit, |_| ())
}

struct Mailbox<'b> {
    client: Client<'b>,
    driver: Driver<'b, Uart>,
}

impl Mailbox<'_> {
    fn greeting(&mut self) -> Result<(), Stopped> {
        self.driver.run(&mut self.client, |_| ControlFlow::Break(()))?;
        defmt::info!("pop3: state {}", self.client.state());
        Ok(())
    }

    fn messages(&mut self) -> Result<u32, Stopped> {
        let stat = self.client.stat()?;
        let mut found = 0;
        self.complete(stat, |event| {
            if let Event::Completed { value: Value::DropListing { messages, octets }, .. } = event {
                defmt::info!("pop3: {} messages of {} octets", messages, octets);
                found = messages;
            }
        })?;
        Ok(found)
    }

    fn fetch(&mut self, message: u32) -> Result<(), Stopped> {
        let retr = self.client.retr(message)?;
        let (mut octets, mut crc32) = (0_usize, Crc32::new());
        self.complete(retr, |event| {
            if let Event::Data { octets: data, .. } = event {
                octets = octets.wrapping_add(data.len());
                crc32.add(data);
            }
        })?;
        defmt::info!("pop3: message {}: {} octets, crc32 {:08x}", message, octets, crc32.value());
        Ok(())
    }

    /// Runs until a command has been obeyed.
    fn complete(
        &mut self,
        command: CommandNumber,
        each: impl FnMut(Event<'_>),
    ) -> Result<(), Stopped> {
        let status = self.driver.complete(&mut self.client, command, each)?;
        defmt::info!("pop3: state {}", self.client.state());
        if status == Status::Ok { Ok(()) } else { Err(Stopped::Refused) }
    }
}
