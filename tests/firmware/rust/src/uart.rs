//! The serial line of the board as a transport: ARM's CMSDK UART (Cortex-M System Design Kit, §4.3).

use core::convert::Infallible;
use core::ptr;

use embedded_io::{ErrorType, Read, Write};

/// One of the board's serial lines.
pub(crate) struct Uart {
    base: usize,
}

/// The first two of them (AN386, table 4-1).
pub(crate) const UART0: usize = 0x4000_4000;
pub(crate) const UART1: usize = 0x4000_5000;

// Registers, by their distance from the base.
const DATA: usize = 0x00;
const STATE: usize = 0x04;
const CONTROL: usize = 0x08;
const BAUD_DIVIDER: usize = 0x10;

const SENDER_IS_FULL: u32 = 1;
const RECEIVED: u32 = 2;
const SEND_AND_RECEIVE: u32 = 3;

impl Uart {
    /// The line whose registers begin at `base`.
    ///
    /// # Safety
    /// There is such a line, and nobody else uses it.
    pub(crate) unsafe fn open(base: usize) -> Self {
        let uart = Self { base };
        // The least that the divider may be: an emulator takes no time to send.
        uart.write_register(BAUD_DIVIDER, 16);
        uart.write_register(CONTROL, SEND_AND_RECEIVE);
        uart
    }

    fn register(&self, distance: usize) -> u32 {
        // SAFETY: `open` was promised that the registers are there.
        unsafe { ptr::read_volatile(ptr::with_exposed_provenance(self.base + distance)) }
    }

    fn write_register(&self, distance: usize, value: u32) {
        // SAFETY: as above.
        unsafe {
            ptr::write_volatile(ptr::with_exposed_provenance_mut(self.base + distance), value);
        }
    }

    fn has_received(&self) -> bool {
        self.register(STATE) & RECEIVED != 0
    }

    fn received(&self) -> u8 {
        self.register(DATA) as u8
    }
}

impl ErrorType for Uart {
    type Error = Infallible;
}

impl Read for Uart {
    /// Waits for one octet, and takes what else has come.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        let mut taken = 0;
        for room in buffer {
            while taken == 0 && !self.has_received() {}
            if !self.has_received() {
                break;
            }
            *room = self.received();
            taken += 1;
        }
        Ok(taken)
    }
}

impl Write for Uart {
    fn write(&mut self, octets: &[u8]) -> Result<usize, Infallible> {
        for &octet in octets {
            while self.register(STATE) & SENDER_IS_FULL != 0 {}
            self.write_register(DATA, octet.into());
        }
        Ok(octets.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
