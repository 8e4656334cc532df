//! Names in a row: tables of keywords that cost no more than their letters. Imports nothing.

/// Where a name stands, in any case, among `names`, which are separated by spaces.
#[cfg_attr(not(feature = "fast"), inline(never))]
pub(crate) fn place(names: &'static str, name: &[u8]) -> Option<usize> {
    let mut names = names.as_bytes().split(|&octet| octet == b' ');
    names.position(|known| known.eq_ignore_ascii_case(name))
}

/// The name at this place among them.
#[cfg(any(feature = "pop3", feature = "imap"))]
#[cfg_attr(not(feature = "fast"), inline(never))]
pub(crate) fn name_at(names: &'static str, place: usize) -> &'static [u8] {
    names.as_bytes().split(|&octet| octet == b' ').nth(place).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_whole_and_in_any_case() {
        let names = "ALERT READ-ONLY READ";
        let places = ["alert", "Read-Only", "READ", "REA", "", "ALERT READ-ONLY"];
        let found = places.map(|name| place(names, name.as_bytes()));
        assert_eq!(found, [Some(0), Some(1), Some(2), None, None, None]);
    }
}
