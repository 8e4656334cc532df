//! The C ABI of mailproto: what `include/mailproto.h` declares.
//!
//! Every function tolerates NULL, objects that were never set up and numbers that are no member of
//! their enumeration, and says so by an error code. None panics, allocates or keeps anything in a
//! global. What is unsafe stands in `memory.rs` alone (the attribute `unsafe(no_mangle)` aside,
//! which the prefix of every name makes safe): the rest is safe Rust whose argument types have the
//! layout of C pointers.
//!
//! The documentation of the items here is that of the C header: it speaks C.
#![cfg_attr(panic = "abort", no_std)]
#![allow(non_camel_case_types, private_interfaces)]
#![cfg_attr(not(all(feature = "pop3", feature = "imap-all", feature = "server")), allow(dead_code))]

mod error;
#[cfg(feature = "imap")]
pub mod imap;
mod memory;
#[cfg(feature = "message")]
pub mod message;
#[cfg(feature = "pop3")]
pub mod pop3;
pub mod sasl;
mod version;

pub use error::mailproto_error;
#[cfg(feature = "strerror")]
pub use error::mailproto_strerror;
pub use memory::mailproto_span;
pub use version::*;

/// Never reached: the engine has no panic in it, which the tests check on the linked library.
#[cfg(all(panic = "abort", feature = "panic-handler"))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
