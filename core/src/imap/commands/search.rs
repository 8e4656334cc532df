//! SEARCH (RFC 9051 §6.4.4), SORT and THREAD (RFC 5256), by number and by UID.

use super::messages::BY_NUMBER;
use crate::LocalError;
#[cfg(any(feature = "imap-esearch", feature = "imap-sort"))]
use crate::imap::Capabilities;
#[cfg(feature = "imap-esearch")]
use crate::imap::command::SearchReturn;
use crate::imap::command::search;
use crate::imap::command::search_key::{Keys, Row};
use crate::imap::command::{SearchKey, SearchOptions, SearchSteps};
#[cfg(feature = "imap-sort")]
use crate::imap::command::{SortBy, ThreadAlgorithm};
use crate::imap::session::Rules;
use crate::imap::{Client, CommandKind, Tag};

impl<const N: usize> Client<'_, N> {
    /// SEARCH (RFC 9051 §6.4.4): which messages match all of these keys, by number. They come by
    /// element, as [`Data::Found`](crate::imap::Data::Found) or
    /// [`Data::Esearch`](crate::imap::Data::Esearch).
    ///
    /// Strings that are not ASCII need a charset, unless UTF8=ACCEPT or IMAP4rev2 is enabled: see
    /// [`search_with`](Self::search_with).
    ///
    /// # Errors
    /// [`Empty`](LocalError::Empty) for no keys, here or in [`SearchKey::And`];
    /// [`BadArgument`](LocalError::BadArgument) for keys that lie in each other beyond 32 levels,
    /// and for values that cannot be sent; [`ForbiddenOctet`](LocalError::ForbiddenOctet) for NUL;
    /// those of any command.
    pub fn search(&mut self, keys: &[SearchKey<'_>]) -> Result<Tag, LocalError> {
        self.search_with(keys, &SearchOptions::default())
    }

    /// UID SEARCH (RFC 9051 §6.4.9): as [`search`](Self::search), by UID.
    ///
    /// # Errors
    /// As of [`search`](Self::search).
    pub fn uid_search(&mut self, keys: &[SearchKey<'_>]) -> Result<Tag, LocalError> {
        self.uid_search_with(keys, &SearchOptions::default())
    }

    /// SEARCH with RETURN (RFC 9051 §6.4.4.1) or CHARSET: as [`search`](Self::search).
    ///
    /// # Errors
    /// [`WrongState`](LocalError::WrongState) for a charset once UTF8=ACCEPT or IMAP4rev2 is
    /// enabled, since it may not be named then (RFC 9755 §3);
    /// [`NotOffered`](LocalError::NotOffered) without ESEARCH, SEARCHRES, PARTIAL or SEARCH=FUZZY, as
    /// the options require; else as of [`search`](Self::search).
    pub fn search_with(
        &mut self,
        keys: &[SearchKey<'_>],
        options: &SearchOptions<'_>,
    ) -> Result<Tag, LocalError> {
        self.search_for(false, &keys, options)
    }

    /// As [`search_with`](Self::search_with), with keys in a row.
    ///
    /// # Errors
    /// As of [`search_with`](Self::search_with).
    pub fn search_steps(
        &mut self,
        keys: &dyn SearchSteps,
        options: &SearchOptions<'_>,
    ) -> Result<Tag, LocalError> {
        self.search_for(false, &Row(keys), options)
    }

    /// UID SEARCH with RETURN or CHARSET (RFC 9051 §6.4.9): as [`search_with`](Self::search_with), by UID.
    ///
    /// # Errors
    /// As of [`search_with`](Self::search_with).
    pub fn uid_search_with(
        &mut self,
        keys: &[SearchKey<'_>],
        options: &SearchOptions<'_>,
    ) -> Result<Tag, LocalError> {
        self.search_for(true, &keys, options)
    }

    /// As [`uid_search_with`](Self::uid_search_with), with keys in a row.
    ///
    /// # Errors
    /// As of [`search_with`](Self::search_with).
    pub fn uid_search_steps(
        &mut self,
        keys: &dyn SearchSteps,
        options: &SearchOptions<'_>,
    ) -> Result<Tag, LocalError> {
        self.search_for(true, &Row(keys), options)
    }

    fn search_for(
        &mut self,
        uid: bool,
        keys: &impl Keys,
        options: &SearchOptions<'_>,
    ) -> Result<Tag, LocalError> {
        #[cfg(feature = "imap-esearch")]
        self.require(search_needs(options))?;
        let rules = if uid { by_uid(keys) } else { BY_NUMBER };
        self.command(CommandKind::Search, rules, &mut |line| {
            search::search(line, uid, keys, options)
        })
    }

    /// SORT (RFC 5256 §3): the messages that match all of these keys, by number, in this order.
    /// They come by element, as of [`search`](Self::search).
    ///
    /// # Errors
    /// [`Empty`](LocalError::Empty) for no order or no keys; [`NotOffered`](LocalError::NotOffered)
    /// without SORT, or without ESORT for RETURN; else as of [`search`](Self::search).
    #[cfg(feature = "imap-sort")]
    pub fn sort(
        &mut self,
        order: &[SortBy],
        keys: &[SearchKey<'_>],
        options: &SearchOptions<'_>,
    ) -> Result<Tag, LocalError> {
        self.sort_for(false, order, &keys, options)
    }

    /// As [`sort`](Self::sort), with keys in a row.
    ///
    /// # Errors
    /// As of [`sort`](Self::sort).
    #[cfg(feature = "imap-sort")]
    pub fn sort_steps(
        &mut self,
        order: &[SortBy],
        keys: &dyn SearchSteps,
        options: &SearchOptions<'_>,
    ) -> Result<Tag, LocalError> {
        self.sort_for(false, order, &Row(keys), options)
    }

    /// UID SORT (RFC 5256 §3): as [`sort`](Self::sort), by UID.
    ///
    /// # Errors
    /// As of [`sort`](Self::sort).
    #[cfg(feature = "imap-sort")]
    pub fn uid_sort(
        &mut self,
        order: &[SortBy],
        keys: &[SearchKey<'_>],
        options: &SearchOptions<'_>,
    ) -> Result<Tag, LocalError> {
        self.sort_for(true, order, &keys, options)
    }

    /// As [`uid_sort`](Self::uid_sort), with keys in a row.
    ///
    /// # Errors
    /// As of [`sort`](Self::sort).
    #[cfg(feature = "imap-sort")]
    pub fn uid_sort_steps(
        &mut self,
        order: &[SortBy],
        keys: &dyn SearchSteps,
        options: &SearchOptions<'_>,
    ) -> Result<Tag, LocalError> {
        self.sort_for(true, order, &Row(keys), options)
    }

    #[cfg(feature = "imap-sort")]
    fn sort_for(
        &mut self,
        uid: bool,
        order: &[SortBy],
        keys: &impl Keys,
        options: &SearchOptions<'_>,
    ) -> Result<Tag, LocalError> {
        self.require(sort_needs(order, options))?;
        let rules = if uid { by_uid(keys) } else { Rules::SELECTED.by_number() };
        self.command(CommandKind::Sort, rules, &mut |line| {
            search::sort(line, uid, order, keys, options)
        })
    }

    /// THREAD (RFC 5256 §3): the messages that match all of these keys, by number, as trees, in
    /// elements ([`Data::Thread`](crate::imap::Data::Thread)). The charset is UTF-8 if none is
    /// named.
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without the algorithm; else as of
    /// [`search`](Self::search).
    #[cfg(feature = "imap-sort")]
    pub fn thread(
        &mut self,
        algorithm: ThreadAlgorithm<'_>,
        keys: &[SearchKey<'_>],
        charset: Option<&[u8]>,
    ) -> Result<Tag, LocalError> {
        self.thread_for(false, algorithm, &keys, charset)
    }

    /// As [`thread`](Self::thread), with keys in a row.
    ///
    /// # Errors
    /// As of [`thread`](Self::thread).
    #[cfg(feature = "imap-sort")]
    pub fn thread_steps(
        &mut self,
        algorithm: ThreadAlgorithm<'_>,
        keys: &dyn SearchSteps,
        charset: Option<&[u8]>,
    ) -> Result<Tag, LocalError> {
        self.thread_for(false, algorithm, &Row(keys), charset)
    }

    /// UID THREAD (RFC 5256 §3): as [`thread`](Self::thread), by UID.
    ///
    /// # Errors
    /// As of [`thread`](Self::thread).
    #[cfg(feature = "imap-sort")]
    pub fn uid_thread(
        &mut self,
        algorithm: ThreadAlgorithm<'_>,
        keys: &[SearchKey<'_>],
        charset: Option<&[u8]>,
    ) -> Result<Tag, LocalError> {
        self.thread_for(true, algorithm, &keys, charset)
    }

    /// As [`uid_thread`](Self::uid_thread), with keys in a row.
    ///
    /// # Errors
    /// As of [`thread`](Self::thread).
    #[cfg(feature = "imap-sort")]
    pub fn uid_thread_steps(
        &mut self,
        algorithm: ThreadAlgorithm<'_>,
        keys: &dyn SearchSteps,
        charset: Option<&[u8]>,
    ) -> Result<Tag, LocalError> {
        self.thread_for(true, algorithm, &Row(keys), charset)
    }

    #[cfg(feature = "imap-sort")]
    fn thread_for(
        &mut self,
        uid: bool,
        algorithm: ThreadAlgorithm<'_>,
        keys: &impl Keys,
        charset: Option<&[u8]>,
    ) -> Result<Tag, LocalError> {
        self.require(thread_needs(algorithm))?;
        let rules = if uid { by_uid(keys) } else { Rules::SELECTED.by_number() };
        self.command(CommandKind::Thread, rules, &mut |line| {
            search::thread(line, uid, algorithm, keys, charset)
        })
    }
}

/// The keys of a UID command may still name messages by number (RFC 9051 §5.5).
fn by_uid(keys: &impl Keys) -> Rules {
    if keys.names_numbers() { Rules::SELECTED.by_number() } else { Rules::SELECTED }
}

/// What the server must offer for these options.
#[cfg(feature = "imap-esearch")]
fn search_needs(options: &SearchOptions<'_>) -> Capabilities {
    let Some(returns) = options.returns else { return Capabilities::NONE };
    returns.iter().fold(Capabilities::ESEARCH, |needs, option| {
        needs.union(match option {
            SearchReturn::Save => Capabilities::SEARCHRES,
            SearchReturn::Partial(_) => Capabilities::PARTIAL,
            SearchReturn::Relevancy => Capabilities::SEARCH_FUZZY,
            _ => Capabilities::NONE,
        })
    })
}

#[cfg(feature = "imap-sort")]
fn sort_needs(order: &[SortBy], options: &SearchOptions<'_>) -> Capabilities {
    use crate::imap::command::SortKey::{DisplayFrom, DisplayTo};
    let mut needs = Capabilities::SORT;
    #[cfg(feature = "imap-esearch")]
    if options.returns.is_some() {
        needs.insert(Capabilities::ESORT);
    }
    #[cfg(not(feature = "imap-esearch"))]
    let _ = options;
    if order.iter().any(|by| matches!(by.key, DisplayFrom | DisplayTo)) {
        needs.insert(Capabilities::SORT_DISPLAY);
    }
    needs
}

#[cfg(feature = "imap-sort")]
const fn thread_needs(algorithm: ThreadAlgorithm<'_>) -> Capabilities {
    match algorithm {
        ThreadAlgorithm::OrderedSubject => Capabilities::THREAD_ORDEREDSUBJECT,
        ThreadAlgorithm::References => Capabilities::THREAD_REFERENCES,
        ThreadAlgorithm::Refs => Capabilities::THREAD_REFS,
        ThreadAlgorithm::Other(_) => Capabilities::NONE,
    }
}
