//! SEARCH (RFC 9051 §6.4.4), SORT and THREAD (RFC 5256), by number and by UID.

use core::mem::MaybeUninit;

#[cfg(feature = "imap-sort")]
use mailproto_core::imap::Client;
use mailproto_core::imap::command::SearchOptions;
#[cfg(feature = "imap-esearch")]
use mailproto_core::imap::command::SearchReturn;
#[cfg(feature = "imap-sort")]
use mailproto_core::imap::command::{SearchSteps, SortBy, SortKey, ThreadAlgorithm};

use crate::imap::argument::Arguments;
#[cfg(any(feature = "imap-esearch", feature = "imap-sort"))]
use crate::imap::argument::Few;
#[cfg(feature = "imap-sort")]
use crate::imap::client::Queued;
use crate::imap::client::{Object, TagOut, command};
use crate::imap::search_key::Keys;
use crate::imap::{mailproto_imap_client, mailproto_imap_partial, mailproto_imap_search_key};
#[cfg(feature = "imap-sort")]
use crate::memory;
use crate::{mailproto_error, mailproto_span};

/// SEARCH tells the lowest number found (RFC 9051 §6.4.4).
pub const MAILPROTO_IMAP_SEARCH_RETURN_MIN: u32 = 0x1;
/// SEARCH tells the highest number found (RFC 9051 §6.4.4).
pub const MAILPROTO_IMAP_SEARCH_RETURN_MAX: u32 = 0x2;
/// SEARCH tells all that is found, as a set (RFC 9051 §6.4.4).
pub const MAILPROTO_IMAP_SEARCH_RETURN_ALL: u32 = 0x4;
/// SEARCH tells how many were found (RFC 9051 §6.4.4).
pub const MAILPROTO_IMAP_SEARCH_RETURN_COUNT: u32 = 0x8;
/// What is found is `$` from now on (RFC 9051 §6.4.4.1, RFC 5182).
pub const MAILPROTO_IMAP_SEARCH_RETURN_SAVE: u32 = 0x10;
/// SEARCH tells how well each message matches (RFC 6203 §4).
pub const MAILPROTO_IMAP_SEARCH_RETURN_RELEVANCY: u32 = 0x20;

/// How SEARCH is answered and its strings are read (RFC 9051 §6.4.4). Begin with
/// `MAILPROTO_IMAP_SEARCH_OPTIONS_INIT`, then change what is to differ.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_search_options {
    /// `sizeof(mailproto_imap_search_options)`: tells the library which fields there are.
    pub size: usize,
    /// What is told: bits `MAILPROTO_IMAP_SEARCH_RETURN_…`; 0 for all that is found. 0 unless told.
    pub returns: u32,
    /// 1 if the answer shall be ESEARCH events, else 0, and it is FOUND events or whatever the server
    /// likes. 0 unless told; `returns` and `partial` imply 1.
    pub extended: u32,
    /// PARTIAL: only some of what is found (RFC 9394 §3.1). All unless told.
    pub partial: mailproto_imap_partial,
    /// The charset of the strings, as `UTF-8`. Empty, US-ASCII, unless told; and once UTF8=ACCEPT or
    /// IMAP4rev2 is enabled it must be: they are UTF-8 then (RFC 9755 §3). With SORT and THREAD empty
    /// means UTF-8.
    pub charset: mailproto_span,
}

/// The keys and options of a search.
struct Asked<'a> {
    keys: *const mailproto_imap_search_key,
    count: usize,
    options: Option<&'a mailproto_imap_search_options>,
}

/// Where what is told goes, while it is asked for.
#[cfg(feature = "imap-esearch")]
type Returns = [SearchReturn; RETURNS.len() + 1];
#[cfg(feature = "imap-esearch")]
const NO_RETURNS: Returns = [SearchReturn::All; RETURNS.len() + 1];
#[cfg(not(feature = "imap-esearch"))]
type Returns = [(); 0];
#[cfg(not(feature = "imap-esearch"))]
const NO_RETURNS: Returns = [];

impl Asked<'_> {
    fn keys(&self, arguments: &Arguments) -> Result<Keys, mailproto_error> {
        Keys::read(self.keys, self.count, arguments)
    }

    #[inline(never)]
    fn options<'r>(
        &self,
        arguments: &Arguments,
        returns: &'r mut Returns,
    ) -> Result<SearchOptions<'r>, mailproto_error> {
        let Some(options) = self.options else { return Ok(SearchOptions::default()) };
        if options.size != size_of::<mailproto_imap_search_options>() {
            return Err(mailproto_error::AbiMismatch);
        }
        #[cfg(feature = "imap-esearch")]
        let returns = told(options, returns, arguments)?;
        #[cfg(not(feature = "imap-esearch"))]
        tell_all(options, returns)?;
        let charset = arguments.octets(options.charset)?;
        Ok(SearchOptions {
            #[cfg(feature = "imap-esearch")]
            returns: (options.extended == 1 || !returns.is_empty()).then_some(returns),
            charset: (!charset.is_empty()).then_some(charset),
        })
    }
}

/// Without ESEARCH there is nothing to choose.
#[cfg(not(feature = "imap-esearch"))]
fn tell_all(
    options: &mailproto_imap_search_options,
    []: &mut Returns,
) -> Result<(), mailproto_error> {
    let chosen = options.extended != 0 || options.returns != 0 || options.partial.is_told()?;
    if chosen { Err(mailproto_error::BadValue) } else { Ok(()) }
}

#[cfg(feature = "imap-esearch")]
const RETURNS: &[(u32, SearchReturn)] = &[
    (MAILPROTO_IMAP_SEARCH_RETURN_MIN, SearchReturn::Min),
    (MAILPROTO_IMAP_SEARCH_RETURN_MAX, SearchReturn::Max),
    (MAILPROTO_IMAP_SEARCH_RETURN_ALL, SearchReturn::All),
    (MAILPROTO_IMAP_SEARCH_RETURN_COUNT, SearchReturn::Count),
    (MAILPROTO_IMAP_SEARCH_RETURN_SAVE, SearchReturn::Save),
    (MAILPROTO_IMAP_SEARCH_RETURN_RELEVANCY, SearchReturn::Relevancy),
];

#[cfg(feature = "imap-esearch")]
fn told<'r>(
    options: &mailproto_imap_search_options,
    returns: &'r mut Returns,
    arguments: &Arguments,
) -> Result<&'r [SearchReturn], mailproto_error> {
    if options.extended > 1 {
        return Err(mailproto_error::BadValue);
    }
    let mut returns = Few::new(returns);
    arguments.fill_mask(&mut returns, options.returns, RETURNS)?;
    if let Some(range) = options.partial.range()? {
        returns.push(SearchReturn::Partial(range));
    }
    Ok(returns.all())
}

fn search(client: Object<'_>, uid: bool, asked: &Asked<'_>, tag: TagOut<'_>) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let (keys, mut returns) = (asked.keys(arguments)?, NO_RETURNS);
        let options = asked.options(arguments, &mut returns)?;
        Ok(match uid {
            true => client.uid_search_steps(&keys, &options),
            false => client.search_steps(&keys, &options),
        })
    })
}

/// SEARCH: which messages match all of these keys, by number (RFC 9051 §6.4.4). FOUND or ESEARCH
/// events tell.
///
/// Strings that are not ASCII need a charset, unless UTF8=ACCEPT or IMAP4rev2 is enabled.
///
/// @param client   the object.
/// @param keys     what they must match.
/// @param count    how many keys there are.
/// @param options  how it is answered; NULL for as the server likes.
/// @param tag      receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_EMPTY` for no keys, here or in parentheses; `MAILPROTO_ERROR_BAD_ARGUMENT` for an
/// operator without its keys, for parentheses that do not match or lie in each other beyond 32 levels,
/// and for values that cannot be sent; `MAILPROTO_ERROR_FORBIDDEN_OCTET` for NUL;
/// `MAILPROTO_ERROR_WRONG_STATE` for a charset once it may not be named;
/// `MAILPROTO_ERROR_NOT_OFFERED` without ESEARCH, SEARCHRES, PARTIAL or SEARCH=FUZZY, as the options
/// require.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_search(
    client: Option<&mut mailproto_imap_client>,
    keys: *const mailproto_imap_search_key,
    count: usize,
    options: Option<&mailproto_imap_search_options>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    search(client, false, &Asked { keys, count, options }, tag)
}

/// UID SEARCH: as `mailproto_imap_client_search`, by UID (RFC 9051 §6.4.9).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_uid_search(
    client: Option<&mut mailproto_imap_client>,
    keys: *const mailproto_imap_search_key,
    count: usize,
    options: Option<&mailproto_imap_search_options>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    search(client, true, &Asked { keys, count, options }, tag)
}

/// By what SORT orders (RFC 5256 §3, RFC 5957 §3).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_sort_key {
    /// When the server received it.
    Arrival = 1,
    /// The first mailbox of Cc.
    Cc = 2,
    /// When it was sent.
    Date = 3,
    /// The first mailbox of From.
    From = 4,
    /// Its octets.
    Size = 5,
    /// The base subject.
    Subject = 6,
    /// The first mailbox of To.
    To = 7,
    /// The name shown for From (RFC 5957 §3). The server must offer SORT=DISPLAY.
    DisplayFrom = 8,
    /// The name shown for To (RFC 5957 §3). The server must offer SORT=DISPLAY.
    DisplayTo = 9,
    /// How well it matches (RFC 6203 §5).
    Relevancy = 10,
}

/// By what SORT orders, and which way (RFC 5256 §3).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_sort_by {
    /// A `mailproto_imap_sort_key`.
    pub key: i32,
    /// 1 if the order is descending, else 0.
    pub reverse: i32,
}

#[cfg(feature = "imap-sort")]
memory::plain!(mailproto_imap_sort_by);

/// By how many keys SORT can order.
pub const MAILPROTO_IMAP_MAX_SORT_KEYS: usize = 10;

#[cfg(feature = "imap-sort")]
fn sort_by(by: &mailproto_imap_sort_by) -> Result<SortBy, mailproto_error> {
    use mailproto_imap_sort_key as Key;
    const KEYS: [(mailproto_imap_sort_key, SortKey); 10] = [
        (Key::Arrival, SortKey::Arrival),
        (Key::Cc, SortKey::Cc),
        (Key::Date, SortKey::Date),
        (Key::From, SortKey::From),
        (Key::Size, SortKey::Size),
        (Key::Subject, SortKey::Subject),
        (Key::To, SortKey::To),
        (Key::DisplayFrom, SortKey::DisplayFrom),
        (Key::DisplayTo, SortKey::DisplayTo),
        (Key::Relevancy, SortKey::Relevancy),
    ];
    let key = KEYS.iter().find(|(known, _)| *known as i32 == by.key);
    let (_, key) = key.ok_or(mailproto_error::BadValue)?;
    match by.reverse {
        0 => Ok(key.ascending()),
        1 => Ok(key.reverse()),
        _ => Err(mailproto_error::BadValue),
    }
}

#[cfg(feature = "imap-sort")]
type Sort = fn(&mut Client<'static>, &[SortBy], &dyn SearchSteps, &SearchOptions<'_>) -> Queued;

#[cfg(feature = "imap-sort")]
fn sort(
    client: Object<'_>,
    order: (*const mailproto_imap_sort_by, usize),
    asked: &Asked<'_>,
    tag: TagOut<'_>,
    call: Sort,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let mut places = [SortKey::Arrival.ascending(); MAILPROTO_IMAP_MAX_SORT_KEYS];
        let mut by = Few::new(&mut places);
        arguments.fill(&mut by, arguments.array(order.0, order.1)?.iter().map(sort_by))?;
        let (keys, mut returns) = (asked.keys(arguments)?, NO_RETURNS);
        let options = asked.options(arguments, &mut returns)?;
        Ok(call(client, &by, &keys, &options))
    })
}

/// SORT: the messages that match all of these keys, by number, in this order (RFC 5256 §3). They come
/// as of `mailproto_imap_client_search`.
///
/// @param client       the object.
/// @param order        by what they are ordered, the most important first.
/// @param order_count  how many of these there are, at most `MAILPROTO_IMAP_MAX_SORT_KEYS`.
/// @param keys         what they must match.
/// @param count        how many keys there are.
/// @param options      how it is answered; NULL for as the server likes.
/// @param tag          receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_EMPTY` for no order or no keys; `MAILPROTO_ERROR_NOT_OFFERED` without SORT, or
/// without ESORT for `returns`; else as `mailproto_imap_client_search`.
#[cfg(feature = "imap-sort")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_sort(
    client: Option<&mut mailproto_imap_client>,
    order: *const mailproto_imap_sort_by,
    order_count: usize,
    keys: *const mailproto_imap_search_key,
    count: usize,
    options: Option<&mailproto_imap_search_options>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    let asked = Asked { keys, count, options };
    sort(client, (order, order_count), &asked, tag, |client, order, keys, options| {
        client.sort_steps(order, keys, options)
    })
}

/// UID SORT: as `mailproto_imap_client_sort`, by UID (RFC 5256 §3).
#[cfg(feature = "imap-sort")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_uid_sort(
    client: Option<&mut mailproto_imap_client>,
    order: *const mailproto_imap_sort_by,
    order_count: usize,
    keys: *const mailproto_imap_search_key,
    count: usize,
    options: Option<&mailproto_imap_search_options>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    let asked = Asked { keys, count, options };
    sort(client, (order, order_count), &asked, tag, |client, order, keys, options| {
        client.uid_sort_steps(order, keys, options)
    })
}

#[cfg(feature = "imap-sort")]
type Thread =
    fn(&mut Client<'static>, ThreadAlgorithm<'_>, &dyn SearchSteps, Option<&[u8]>) -> Queued;

/// How THREAD finds what belongs together, by its name (RFC 5256 §3).
#[cfg(feature = "imap-sort")]
fn algorithm(name: &[u8]) -> ThreadAlgorithm<'_> {
    const KNOWN: [(&[u8], ThreadAlgorithm<'static>); 3] = [
        (b"ORDEREDSUBJECT", ThreadAlgorithm::OrderedSubject),
        (b"REFERENCES", ThreadAlgorithm::References),
        (b"REFS", ThreadAlgorithm::Refs),
    ];
    let known = KNOWN.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    known.map_or(ThreadAlgorithm::Other(name), |(_, algorithm)| *algorithm)
}

#[cfg(feature = "imap-sort")]
fn thread(
    client: Object<'_>,
    how: [mailproto_span; 2],
    asked: &Asked<'_>,
    tag: TagOut<'_>,
    call: Thread,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let name = algorithm(arguments.octets(how[0])?);
        let charset = Some(arguments.octets(how[1])?).filter(|charset| !charset.is_empty());
        Ok(call(client, name, &asked.keys(arguments)?, charset))
    })
}

/// THREAD: the messages that match all of these keys, by number, as trees (RFC 5256 §3), in THREAD
/// events.
///
/// @param client     the object.
/// @param algorithm  how it finds what belongs together: `REFERENCES`, `ORDEREDSUBJECT`, `REFS` or
///                   another one that the server has.
/// @param keys       what they must match.
/// @param count      how many keys there are.
/// @param charset    the charset of the strings; empty for UTF-8.
/// @param tag        receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without the algorithm; else as `mailproto_imap_client_search`.
#[cfg(feature = "imap-sort")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_thread(
    client: Option<&mut mailproto_imap_client>,
    algorithm: mailproto_span,
    keys: *const mailproto_imap_search_key,
    count: usize,
    charset: mailproto_span,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    let asked = Asked { keys, count, options: None };
    thread(client, [algorithm, charset], &asked, tag, |client, algorithm, keys, charset| {
        client.thread_steps(algorithm, keys, charset)
    })
}

/// UID THREAD: as `mailproto_imap_client_thread`, by UID (RFC 5256 §3).
#[cfg(feature = "imap-sort")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_uid_thread(
    client: Option<&mut mailproto_imap_client>,
    algorithm: mailproto_span,
    keys: *const mailproto_imap_search_key,
    count: usize,
    charset: mailproto_span,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    let asked = Asked { keys, count, options: None };
    thread(client, [algorithm, charset], &asked, tag, |client, algorithm, keys, charset| {
        client.uid_thread_steps(algorithm, keys, charset)
    })
}
