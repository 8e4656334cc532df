//! Overwrites what may have been a secret. Imports nothing.

use zeroize::Zeroize;

/// Overwrites all octets by zero, and no optimiser leaves that out.
#[cfg(feature = "fast")]
pub(crate) fn wipe(octets: &mut [u8]) {
    octets.zeroize();
}

/// Overwrites all octets by zero, and no optimiser leaves that out. One by one, lest `memset` be linked for this
/// alone.
#[cfg(not(feature = "fast"))]
#[inline(never)]
pub(crate) fn wipe(octets: &mut [u8]) {
    octets.iter_mut().for_each(Zeroize::zeroize);
}
