//! The public value types of IMAP under values that nobody thought of: what one direction writes the
//! other reads, and no octets make anything fail.
#![cfg(feature = "imap")]

use mailproto_core::imap::{
    Attribute, BodySection, Capabilities, Date, DateTime, Flag, Mailbox, MailboxName, NameError,
    Range, Section, SectionPart,
};
use proptest::prelude::*;

/// The name as it would be sent.
fn encoded(name: &str, utf8_enabled: bool) -> Vec<u8> {
    // Modified UTF-7 takes at most eight octets for a letter of four, and five for one of one.
    let mut memory = vec![0; name.len() * 5];
    Mailbox::from(name).encode_to(&mut memory, utf8_enabled).expect("room enough").to_vec()
}

proptest! {
    #[test]
    fn any_mailbox_name_comes_back(name: String, utf8_enabled: bool) {
        let wire = encoded(&name, utf8_enabled);
        let received = MailboxName::from(&wire[..]);
        let mut memory = vec![0; name.len()];
        prop_assert_eq!(received.decode_to(&mut memory, utf8_enabled), Ok(&name[..]));
        prop_assert!(received.is_valid(utf8_enabled) && received.is(&name, utf8_enabled));
        prop_assert_eq!(received.display(utf8_enabled).to_string(), name.clone());
        if let Some(less) = name.len().checked_sub(1) {
            let needed = NameError::BufferTooSmall { needed: name.len() };
            prop_assert_eq!(received.decode_to(&mut memory[..less], utf8_enabled), Err(needed));
        }
    }

    #[test]
    fn any_octets_can_be_shown_and_sent_back(octets: Vec<u8>, utf8_enabled: bool) {
        let received = MailboxName::from(&octets[..]);
        prop_assert!(!received.display(utf8_enabled).to_string().is_empty() || octets.is_empty());
        let letters = received.chars(utf8_enabled).take_while(Result::is_ok).count();
        prop_assert!(letters <= octets.len());
        let mut memory = vec![0; octets.len()];
        let sent = Mailbox::from(received).encode_to(&mut memory, utf8_enabled);
        prop_assert_eq!(sent, Some(&octets[..]));
    }

    #[test]
    fn a_name_in_modified_utf_7_has_one_form(wire in "([ -%'-~]{0,3}(&-|&[A-Za-z0-9+,]{1,9}-)){1,4}") {
        let mut memory = vec![0; wire.len() * 2];
        if let Ok(name) = MailboxName::from(wire.as_bytes()).decode_to(&mut memory, false) {
            prop_assert_eq!(encoded(name, false), wire.as_bytes());
        }
    }

    #[test]
    fn any_moment_comes_back(seconds: i64, near in -62_167_219_200_i64..253_402_300_800, zone in -5999_i16..6000) {
        for seconds in [seconds, near] {
            let Some(moment) = DateTime::from_unix(seconds, zone) else { continue };
            prop_assert_eq!(moment.to_unix(), seconds);
            let date = moment.date;
            prop_assert_eq!(Date::new(date.year, date.month, date.day), Some(date));
        }
        prop_assert!(DateTime::from_unix(near, 0).is_some());
    }

    #[test]
    fn any_octets_are_a_flag_an_attribute_and_perhaps_a_capability(octets: Vec<u8>, word in r"\\?[a-zA-Z$]{0,9}") {
        for octets in [&octets[..], word.as_bytes()] {
            prop_assert!(Flag::from_bytes(octets).as_bytes().eq_ignore_ascii_case(octets));
            prop_assert!(Attribute::from_bytes(octets).as_bytes().eq_ignore_ascii_case(octets));
            let upper = octets.to_ascii_uppercase();
            prop_assert_eq!(Flag::from_bytes(octets), Flag::from_bytes(&upper));
            prop_assert_eq!(Capabilities::from_name(octets), Capabilities::from_name(&upper));
        }
    }

    #[test]
    fn any_octets_are_a_section(octets: Vec<u8>, likely in "[0-9.]{0,6}(HEADER|TEXT)?(\\.FIELDS)?[ (\"a)]{0,6}") {
        for octets in [&octets[..], likely.as_bytes()] {
            let section = Section::new(octets);
            prop_assert!(section.path().count() <= octets.len());
            prop_assert!(section.fields().count() <= octets.len());
            let whole = section.answers(&BodySection::WHOLE);
            prop_assert_eq!(whole, section.path().next().is_none() && section.part() == SectionPart::Whole);
        }
    }

    #[test]
    fn a_range_holds_as_many_numbers_as_it_counts(first in 0_u32..50, last in 0_u32..50, all: (u32, u32)) {
        let range = Range { first, last };
        prop_assert_eq!(range.numbers().count() as u64, range.count());
        prop_assert_eq!((0..60).filter(|number| range.contains(*number)).count() as u64, range.count());
        prop_assert!(Range::from(all.0..=all.1).count() <= 1 << 32);
    }
}
