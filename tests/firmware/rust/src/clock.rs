//! Milliseconds since the start, counted by SysTick. Its interrupts also keep the emulator looking at the serial
//! lines.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::exception;

/// The processor's (AN386, §3.4).
const CYCLES_PER_MS: u32 = 25_000;

static NOW_MS: AtomicU32 = AtomicU32::new(0);

pub(crate) fn start(timer: &mut SYST) {
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(CYCLES_PER_MS - 1);
    timer.clear_current();
    timer.enable_interrupt();
    timer.enable_counter();
}

pub(crate) fn now_ms() -> u32 {
    NOW_MS.load(Relaxed)
}

#[exception]
fn SysTick() {
    NOW_MS.store(now_ms().wrapping_add(1), Relaxed);
}
