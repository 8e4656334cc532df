//! STATUS (RFC 9051 §7.3.4): what a mailbox holds, without selecting it. Grammar only.

use crate::imap::lexer::Lexer;
use crate::imap::mailbox::MailboxName;
use crate::imap::quirk::{Forgiven, Quirk};
use crate::imap::resume::resumable;
use crate::imap::string::ImapString;
use crate::names::place;

/// What a mailbox holds (RFC 9051 §7.3.4).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct MailboxStatus<'a> {
    /// The mailbox.
    pub mailbox: MailboxName<'a>,
    /// What stood between the parentheses.
    items: &'a [u8],
}

/// One item of a STATUS response (RFC 9051 §6.3.11, §7.3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatusItem<'a> {
    /// MESSAGES: how many there are (RFC 9051 §6.3.11).
    Messages(u32),
    /// RECENT: how many are recent (RFC 3501 §6.3.10).
    Recent(u32),
    /// UIDNEXT: the UID that the next message will get, or a higher one (RFC 9051 §6.3.11). Some servers send 0.
    UidNext(u32),
    /// UIDVALIDITY: with another value than before, all UIDs that are remembered are void
    /// (RFC 9051 §6.3.11). Some servers send 0.
    UidValidity(u32),
    /// UNSEEN: how many have no `\Seen` flag (RFC 9051 §6.3.11).
    Unseen(u32),
    /// DELETED: how many have the `\Deleted` flag (RFC 9051 §6.3.11).
    Deleted(u32),
    /// SIZE: of all messages together, in octets (RFC 9051 §6.3.11).
    Size(u64),
    /// HIGHESTMODSEQ: the highest mod-sequence; 0 where the mailbox keeps none (RFC 7162 §3.1.7).
    HighestModSeq(u64),
    /// APPENDLIMIT: how many octets a message may have to be appended; `None` for no limit (RFC 7889 §3.2).
    AppendLimit(Option<u64>),
    /// MAILBOXID: the object identifier of the mailbox (RFC 8474 §4.3).
    MailboxId(&'a [u8]),
    /// DELETED-STORAGE: how much space EXPUNGE would free, in units of 1024 octets (RFC 9208 §3.1.1).
    DeletedStorage(u64),
    /// Another one, or one of those above with a value that is malformed.
    Other {
        /// Its name.
        name: &'a [u8],
        /// Its value as it came.
        value: &'a [u8],
    },
}

impl<'a> MailboxStatus<'a> {
    /// What follows `STATUS `, to the end of the line.
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let (mut usual, mut unquoted) = (*lexer, *lexer);
        let status = Self::usual(&mut usual);
        let mut ended = usual;
        if status.is_some() && ended.end().is_some() {
            *lexer = ended;
            return status;
        }
        if let Some(status) = Self::unquoted(&mut unquoted) {
            *lexer = unquoted;
            return Some(status);
        }
        usual.note(Quirk::ExtraField);
        usual.advance(usual.rest().len());
        *lexer = usual;
        status
    }

    /// `mailbox SP "(" [status-att-list] ")"` (RFC 9051 §9).
    fn usual(lexer: &mut Lexer<'a>) -> Option<Self> {
        let mailbox = MailboxName::parse(lexer)?;
        if lexer.sp().is_none() {
            lexer.note(Quirk::MissingSpace);
        }
        Some(Self { mailbox, items: item_list(lexer)? })
    }

    /// The same with spaces or parentheses in a name that was not quoted: it ends where the last list begins.
    fn unquoted(lexer: &mut Lexer<'a>) -> Option<Self> {
        let (name, _) = lexer.rest().split_at_checked(last_list(lexer.rest())?)?;
        lexer.advance(name.len());
        let name = name.trim_ascii_end();
        // What a quote begins ends with the next.
        if matches!(name.first()?, b'"' | b'{') {
            return None;
        }
        if !name.is_ascii() {
            lexer.note(Quirk::EightBit);
        }
        lexer.note(Quirk::UnquotedMailboxName);
        let mailbox = MailboxName::new(ImapString::plain(name));
        let items = item_list(lexer)?;
        lexer.end()?;
        Some(Self { mailbox, items })
    }

    /// The items, in the order in which they came.
    #[must_use]
    pub const fn items(self) -> StatusItems<'a> {
        StatusItems { rest: self.items }
    }
}

/// The items of a [`MailboxStatus`].
#[derive(Clone, Copy, Debug)]
pub struct StatusItems<'a> {
    rest: &'a [u8],
}

resumable!(StatusItems { rest });

impl<'a> Iterator for StatusItems<'a> {
    type Item = StatusItem<'a>;

    fn next(&mut self) -> Option<StatusItem<'a>> {
        let mut lexer = Lexer::new(self.rest);
        lexer.skip_spaces(Quirk::ExtraSpace);
        let item = item(&mut lexer);
        self.rest = lexer.rest();
        item
    }
}

/// Where the parenthesis opens that the last one closes.
fn last_list(octets: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, &octet) in octets.iter().enumerate().rev() {
        match octet {
            b')' => depth = depth.saturating_add(1),
            b'(' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// `"(" [status-att-list] ")"`: what is between the parentheses.
fn item_list<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    lexer.list(|lexer| item(lexer).map(drop))
}

/// `status-att-val` (RFC 9051 §9).
fn item<'a>(lexer: &mut Lexer<'a>) -> Option<StatusItem<'a>> {
    let name = lexer.atom()?;
    lexer.sp()?;
    let octets = lexer.value()?;
    let other = StatusItem::Other { name, value: octets };
    let Some(index) = place(NAMES, name) else { return Some(other) };
    let mut value = Lexer::new(octets);
    let item = known(index, &mut value).filter(|_| value.at_end());
    lexer.note_all(if item.is_some() {
        value.quirks()
    } else {
        Forgiven::NONE.with(Quirk::BadNumber)
    });
    Some(item.unwrap_or(other))
}

/// The items whose values are read.
const NAMES: &str = "UIDNEXT UIDVALIDITY MESSAGES RECENT UNSEEN DELETED HIGHESTMODSEQ SIZE \
    DELETED-STORAGE APPENDLIMIT MAILBOXID";

/// The item of this index in `NAMES`.
fn known<'a>(index: usize, value: &mut Lexer<'a>) -> Option<StatusItem<'a>> {
    Some(match index {
        0..=5 => of_32_bits(index, value)?,
        9 if value.nil().is_some() => StatusItem::AppendLimit(None),
        10 => StatusItem::MailboxId(mailbox_id(value)?),
        _ => {
            let number = value.number64()?;
            match index {
                6 => StatusItem::HighestModSeq(number),
                7 => StatusItem::Size(number),
                8 => StatusItem::DeletedStorage(number),
                _ => StatusItem::AppendLimit(Some(number)),
            }
        }
    })
}

fn of_32_bits<'a>(index: usize, value: &mut Lexer<'a>) -> Option<StatusItem<'a>> {
    let number = value.number()?;
    if number == 0 && index < 2 {
        value.note(Quirk::BadNumber);
    }
    Some(match index {
        0 => StatusItem::UidNext(number),
        1 => StatusItem::UidValidity(number),
        2 => StatusItem::Messages(number),
        3 => StatusItem::Recent(number),
        4 => StatusItem::Unseen(number),
        _ => StatusItem::Deleted(number),
    })
}

/// `"(" objectid ")"` (RFC 8474 §7).
fn mailbox_id<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    lexer.open()?;
    let id = lexer.atom()?;
    lexer.close()?;
    Some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Told<'a> = (Vec<u8>, Vec<StatusItem<'a>>, Vec<Quirk>);

    fn told(octets: &[u8]) -> Option<Told<'_>> {
        let mut lexer = Lexer::new(octets);
        let status = MailboxStatus::parse(&mut lexer)?;
        assert!(lexer.at_end());
        let quirks = Quirk::ALL.into_iter().filter(|&quirk| lexer.quirks().contains(quirk));
        let name = status.mailbox.as_received().octets().collect();
        Some((name, status.items().collect(), quirks.collect()))
    }

    #[test]
    fn examples_of_the_rfcs() {
        use StatusItem::{
            AppendLimit, Deleted, DeletedStorage, HighestModSeq, MailboxId, Messages, Other,
            Recent, Size, UidNext, UidValidity, Unseen,
        };
        let rfc = |line: &'static [u8], name: &str, items: &[StatusItem<'_>]| {
            let (told_name, told_items, quirks) = told(line).unwrap();
            assert_eq!(told_name, name.as_bytes());
            assert_eq!((&told_items[..], &quirks[..]), (items, &[][..]), "{}", line.escape_ascii());
        };
        // RFC 9051 §6.3.11.
        rfc(
            b"blurdybloop (MESSAGES 231 UIDNEXT 44292)",
            "blurdybloop",
            &[Messages(231), UidNext(44292)],
        );
        // RFC 9051 §6.3.9.8, RFC 7162 §3.1.7, RFC 7889 §3.2, RFC 8474 §4.3, RFC 9208 §4.3.2.
        rfc(
            b"foo (DELETED 5 SIZE 234421 UNSEEN 3 RECENT 1)",
            "foo",
            &[Deleted(5), Size(234_421), Unseen(3), Recent(1)],
        );
        rfc(
            b"blurdybloop (uidvalidity 1 HIGHESTMODSEQ 7011231777)",
            "blurdybloop",
            &[UidValidity(1), HighestModSeq(7_011_231_777)],
        );
        rfc(b"INBOX (HIGHESTMODSEQ 0)", "INBOX", &[HighestModSeq(0)]);
        rfc(b"INBOX (APPENDLIMIT 257890)", "INBOX", &[AppendLimit(Some(257_890))]);
        rfc(b"INBOX (APPENDLIMIT NIL)", "INBOX", &[AppendLimit(None)]);
        rfc(
            b"foo (MAILBOXID (F2212ea87-6097-4256-9d51-71338625))",
            "foo",
            &[MailboxId(b"F2212ea87-6097-4256-9d51-71338625")],
        );
        rfc(
            b"INBOX (MESSAGES 12 DELETED 4 DELETED-STORAGE 8)",
            "INBOX",
            &[Messages(12), Deleted(4), DeletedStorage(8)],
        );
        // `[status-att-list]` may be missing (RFC 9051 §9).
        rfc(b"\"INBOX\" ()", "INBOX", &[]);
        rfc(b"{3}\r\na b (MESSAGES 1)", "a b", &[Messages(1)]);
        // `tagged-ext-val`.
        rfc(
            b"mbox (X-A 1:4,7 X-B (a \"b)\" (NIL)) MESSAGES 2)",
            "mbox",
            &[
                Other { name: b"X-A", value: b"1:4,7" },
                Other { name: b"X-B", value: b"(a \"b)\" (NIL))" },
                Messages(2),
            ],
        );
    }

    #[test]
    fn what_servers_send_is_forgiven() {
        use StatusItem::{Messages, Other, UidNext, UidValidity};
        for (line, name, items, quirk) in [
            (&b"Sent (UIDNEXT 107) "[..], &b"Sent"[..], &[UidNext(107)][..], Quirk::TrailingSpace),
            (b"Sent (UIDNEXT 107 )", b"Sent", &[UidNext(107)], Quirk::TrailingSpace),
            (b"Sent  (UIDNEXT 107)", b"Sent", &[UidNext(107)], Quirk::ExtraSpace),
            (b"Sent ( UIDNEXT  107)", b"Sent", &[UidNext(107)], Quirk::ExtraSpace),
            (b"Sent(UIDNEXT 107)", b"Sent", &[UidNext(107)], Quirk::MissingSpace),
            (b"A (UIDNEXT 0)", b"A", &[UidNext(0)], Quirk::BadNumber),
            (b"A (UIDVALIDITY 0)", b"A", &[UidValidity(0)], Quirk::BadNumber),
            (
                b"A (UIDNEXT 4294967296 MESSAGES 1)",
                b"A",
                &[Other { name: b"UIDNEXT", value: b"4294967296" }, Messages(1)],
                Quirk::BadNumber,
            ),
            (
                b"A (SIZE -1 MESSAGES 1)",
                b"A",
                &[Other { name: b"SIZE", value: b"-1" }, Messages(1)],
                Quirk::BadNumber,
            ),
            (b"Sent Items (MESSAGES 1)", b"Sent Items", &[Messages(1)], Quirk::UnquotedMailboxName),
            (b"A (b c) (MESSAGES 1)", b"A (b c)", &[Messages(1)], Quirk::UnquotedMailboxName),
            (b"A (MESSAGES 1) x", b"A", &[Messages(1)], Quirk::ExtraField),
        ] {
            let expected = Some((name.to_vec(), items.to_vec(), vec![quirk]));
            assert_eq!(told(line), expected, "{}", line.escape_ascii());
        }
    }

    #[test]
    fn what_tells_nothing_is_none() {
        for line in
            [&b""[..], b"INBOX", b"INBOX (", b"INBOX (MESSAGES", b"INBOX (MESSAGES)", b"(A 1)"]
        {
            assert_eq!(told(line), None, "{}", line.escape_ascii());
        }
    }
}
