//! Another Rust library for C, as rustc makes it: with its panic handler, and with a panic.
#![no_std]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

#[unsafe(no_mangle)]
pub extern "C" fn other_quotient(dividend: u32, divisor: u32) -> u32 {
    dividend / divisor
}

#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
