//! Iterators over views, taken apart into octets and put together again: for who cannot keep a borrow, as a
//! program in C, and so keeps what is left to be told. Nothing else is in such an iterator.

/// Gives an iterator its `rest` and `resume`. What is between the braces is the field that holds what is left:
/// octets, or a lexer over them.
macro_rules! resumable {
    ($iterator:ident { rest }) => {
        resumable!($iterator, iterator => iterator.rest, rest => Self { rest });
    };
    ($iterator:ident { rest: Lexer }) => {
        resumable!($iterator, iterator => iterator.rest.rest(), rest => Self {
            rest: $crate::imap::lexer::Lexer::new(rest)
        });
    };
    ($iterator:ident { lexer }) => {
        resumable!($iterator, iterator => iterator.lexer.rest(), rest => Self {
            lexer: $crate::imap::lexer::Lexer::new(rest)
        });
    };
    ($iterator:ident { strings }) => {
        resumable!($iterator, iterator => iterator.strings.rest(), rest => Self {
            strings: $crate::imap::response::strings::StringsIter::resume(rest)
        });
    };
    ($iterator:ident, $self:ident => $left:expr, $rest:ident => $made:expr) => {
        impl<'a> $iterator<'a> {
            /// What is left to be told, as it came.
            #[must_use]
            pub const fn rest(&self) -> &'a [u8] {
                let $self = self;
                $left
            }

            /// Goes on from what [`rest`](Self::rest) gave. Other octets do no harm: what cannot be read ends the
            /// walk.
            #[must_use]
            pub const fn resume($rest: &'a [u8]) -> Self {
                $made
            }
        }
    };
}
pub(crate) use resumable;

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use proptest::prelude::*;

    use crate::imap::response::body_structure::{BodyStructure, Node};
    use crate::imap::response::envelope::Addresses;
    use crate::imap::response::id::IdPairs;
    use crate::imap::response::list::ExtendedItems;
    use crate::imap::response::mailbox_status::StatusItems;
    use crate::imap::response::namespace::NamespaceEntries;
    use crate::imap::response::strings::StringsIter;
    use crate::imap::{FieldNames, PartNumbers, Ranges, Section};

    /// Walks by taking the iterator apart before each step. A step that tells something takes something, so
    /// that the walk ends whatever the octets are.
    macro_rules! walk {
        ($iterator:ident, $octets:expr) => {{
            let (mut rest, mut told) = ($octets, Vec::new());
            loop {
                let mut iterator = $iterator::resume(rest);
                let Some(item) = iterator.next() else { break told };
                assert!(iterator.rest().len() < rest.len());
                rest = iterator.rest();
                told.push(shown(item));
            }
        }};
    }

    fn shown(item: impl Debug) -> String {
        format!("{item:?}")
    }

    #[test]
    fn a_walk_goes_on_from_what_was_left() {
        assert_eq!(walk!(PartNumbers, &b"4.2.HEADER"[..]), ["4", "2"]);
        let ranges = walk!(Ranges, &b"2,4:7"[..]);
        assert_eq!(
            ranges,
            [Ranges::resume(b"2"), Ranges::resume(b"4:7")].map(|mut r| shown(r.next().unwrap()))
        );
        let fields = Section::new(b"HEADER.FIELDS (From \"To\")").fields();
        assert_eq!(walk!(FieldNames, fields.rest()).len(), 2);
        assert_eq!(walk!(StringsIter, &b"US-ASCII \"UTF-8\""[..]).len(), 2);
    }

    #[test]
    fn languages_are_one_or_several() {
        for (language, count) in
            [("NIL", 0), ("\"en\"", 1), ("(\"en\" \"de\")", 2), ("(\"en\")", 1)]
        {
            let octets = format!("(\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 NIL NIL {language} NIL)");
            let structure = BodyStructure::from_checked(octets.as_bytes());
            let Some(Node::Part(part)) = structure.nodes().next() else {
                panic!("a part: {octets}")
            };
            assert_eq!(part.extension.language().count(), count, "{octets}");
        }
    }

    proptest! {
        /// What a caller has kept may have been overwritten meanwhile.
        #[test]
        fn any_octets_are_walked_to_an_end(octets in "[()\"\\\\ a-cNIL{}0-9\r\n]{0,60}") {
            let octets = octets.as_bytes();
            walk!(PartNumbers, octets);
            walk!(Ranges, octets);
            walk!(FieldNames, octets);
            walk!(StringsIter, octets);
            walk!(Addresses, octets);
            walk!(IdPairs, octets);
            walk!(ExtendedItems, octets);
            walk!(StatusItems, octets);
            walk!(NamespaceEntries, octets);
            let nodes = BodyStructure::from_checked(octets).nodes().count();
            prop_assert!(nodes <= 2 * octets.len() + 1);
        }
    }
}
