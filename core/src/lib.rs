#![no_std]
#![forbid(unsafe_code)]
#![doc = "Sans-IO POP3 and IMAP engines."]
pub mod sasl;
