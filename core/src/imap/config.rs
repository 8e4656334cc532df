//! What a caller may decide.

/// How a client behaves.
#[derive(Clone, Copy, Debug)]
pub struct Config {}
