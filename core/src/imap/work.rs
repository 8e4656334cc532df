//! How much the engine looks at: a count for tests, which hold it to a bound (feature `count-work`). Without the
//! feature there is no code.

/// Octets looked at by the line search, the framer and the grammar, of all engines of this process.
#[cfg(feature = "count-work")]
static LOOKED_AT: core::sync::atomic::AtomicU64 = core::sync::atomic::AtomicU64::new(0);

/// How many octets have been looked at since this was called last.
#[cfg(feature = "count-work")]
#[must_use]
pub fn take() -> u64 {
    LOOKED_AT.swap(0, core::sync::atomic::Ordering::Relaxed)
}

#[inline(always)]
pub(crate) fn add(octets: usize) {
    #[cfg(feature = "count-work")]
    LOOKED_AT.fetch_add(octets as u64, core::sync::atomic::Ordering::Relaxed);
    #[cfg(not(feature = "count-work"))]
    let _ = octets;
}
