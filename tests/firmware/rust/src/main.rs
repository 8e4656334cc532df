//! Firmware for a Cortex-M4 (MPS2, AN386): an IMAP session over one serial line, a POP3 session over another, all
//! that happens logged with defmt. The log goes to the host by semihosting, as frames that `defmt-print` decodes.
#![no_std]
#![no_main]

mod clock;
mod crc32;
mod imap;
mod pop3;
mod uart;

use core::convert::Infallible;

use defmt_semihosting as _;
use mailproto_core::driver::DriveError;
use mailproto_core::{LocalError, RemoteError, sasl};

use uart::{UART0, UART1};

/// Who logs in. A device would keep these where only it can read them.
const USER: &str = "chip";
const PASSWORD: &str = "secret";

/// Why a session ended before its end.
#[derive(defmt::Format)]
enum Stopped {
    /// The engine refused a call.
    Local(LocalError),
    /// The engine ended the session.
    Remote(RemoteError),
    /// The credentials cannot be used.
    Credentials(sasl::Error),
    /// The server did not do as it was told.
    Refused,
}

#[cortex_m_rt::entry]
fn main() -> ! {
    if let Some(mut core) = cortex_m::Peripherals::take() {
        clock::start(&mut core.SYST);
    }
    let (first, second) = (UART0.open(), UART1.open());
    let outcome = imap::session(first).and_then(|()| pop3::session(second));
    let code = match outcome {
        Ok(()) => {
            defmt::info!("passed");
            0
        }
        Err(why) => {
            defmt::error!("stopped: {}", why);
            1
        }
    };
    semihosting::process::exit(code)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    defmt::error!("panicked");
    semihosting::process::exit(1)
}

impl From<LocalError> for Stopped {
    fn from(error: LocalError) -> Self {
        Self::Local(error)
    }
}

impl From<RemoteError> for Stopped {
    fn from(error: RemoteError) -> Self {
        Self::Remote(error)
    }
}

impl From<sasl::Error> for Stopped {
    fn from(error: sasl::Error) -> Self {
        Self::Credentials(error)
    }
}

impl From<Infallible> for Stopped {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl From<DriveError<Infallible>> for Stopped {
    fn from(error: DriveError<Infallible>) -> Self {
        match error {
            DriveError::Transport(never) => never.into(),
            DriveError::Remote(error) => error.into(),
        }
    }
}
