//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct Acl<'a> {
    octets: &'a [u8],
}

/// View.
#[derive(Clone, Copy, Debug)]
pub struct ListRights<'a> {
    octets: &'a [u8],
}

/// View.
#[derive(Clone, Copy, Debug)]
pub struct MyRights<'a> {
    octets: &'a [u8],
}
