//! The serial line of the board as a transport: ARM's CMSDK UART (Cortex-M System Design Kit, §4.3).

use core::convert::Infallible;
use core::ptr;

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;
use cortex_m_rt::exception;
use embedded_io::{ErrorType, Read, Write};

/// One of the board's serial lines, with its place among the interrupts.
#[derive(Clone, Copy)]
pub(crate) struct Uart {
    base: usize,
    receives: u16,
}

/// The first two of them (AN386, tables 4-1 and 4-2).
pub(crate) const UART0: Uart = Uart { base: 0x4000_4000, receives: 0 };
pub(crate) const UART1: Uart = Uart { base: 0x4000_5000, receives: 2 };

// Registers, by their distance from the base.
const DATA: usize = 0x00;
const STATE: usize = 0x04;
const CONTROL: usize = 0x08;
const INTERRUPT: usize = 0x0c;
const BAUD_DIVIDER: usize = 0x10;

const SENDER_IS_FULL: u32 = 1;
const RECEIVED: u32 = 2;
const SEND_AND_RECEIVE: u32 = 3;
const INTERRUPT_WHEN_RECEIVED: u32 = 8;

impl Uart {
    /// Begins to send and to receive.
    pub(crate) fn open(self) -> Self {
        // The least that the divider may be: an emulator takes no time to send.
        self.write_register(BAUD_DIVIDER, 16);
        self.write_register(CONTROL, SEND_AND_RECEIVE | INTERRUPT_WHEN_RECEIVED);
        // SAFETY: no critical section relies on this interrupt being masked.
        unsafe { NVIC::unmask(self) };
        self
    }

    fn register(&self, distance: usize) -> u32 {
        // SAFETY: the board has registers there.
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

// SAFETY: each line has its own.
unsafe impl InterruptNumber for Uart {
    fn number(self) -> u16 {
        self.receives
    }
}

/// An octet has come, which ends the wait for it.
#[exception]
unsafe fn DefaultHandler(_: i16) {
    for uart in [UART0, UART1] {
        uart.write_register(INTERRUPT, RECEIVED);
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
            while taken == 0 && !self.has_received() {
                // Until an octet comes; if that was a moment ago, until the clock ticks.
                cortex_m::asm::wfi();
            }
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
