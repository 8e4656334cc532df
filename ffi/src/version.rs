//! Versions, of the library and of its ABI. The numbers are compared with `Cargo.toml` by a test.

/// The version of the header's library: major number.
pub const MAILPROTO_VERSION_MAJOR: u32 = 0;
/// The version of the header's library: minor number.
pub const MAILPROTO_VERSION_MINOR: u32 = 1;
/// The version of the header's library: patch number.
pub const MAILPROTO_VERSION_PATCH: u32 = 0;

/// The layout of objects, events and configurations that the header describes. It grows with every
/// change that breaks a compiled program.
pub const MAILPROTO_ABI_VERSION: u32 = 1;

/// The `MAILPROTO_ABI_VERSION` that the library was built with. Where it differs from the header's,
/// the program was linked with another version than it was compiled for.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_abi_version() -> u32 {
    MAILPROTO_ABI_VERSION
}

/// The version of the library, as `major << 16 | minor << 8 | patch`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_version() -> u32 {
    MAILPROTO_VERSION_MAJOR << 16 | MAILPROTO_VERSION_MINOR << 8 | MAILPROTO_VERSION_PATCH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_has_the_version_of_the_manifest() {
        let version = [MAILPROTO_VERSION_MAJOR, MAILPROTO_VERSION_MINOR, MAILPROTO_VERSION_PATCH];
        let words = version.map(|number| number.to_string());
        assert_eq!(words.join("."), env!("CARGO_PKG_VERSION"));
    }
}
