//! A batch of messages in memory, and how it becomes files that are whole or not there.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::directory::Directory;

/// When a batch is full. As many messages may come twice after a kill, and as many files are open.
const MESSAGES: usize = 128;
const OCTETS: usize = 1 << 20;
/// More bring nothing on the disks that were tried.
const SYNC_THREADS: usize = 8;
/// A disk that answers faster needs no threads.
const AT_ONCE: Duration = Duration::from_millis(1);
/// What stands before the flags. Windows allows no colon in a name.
const INFO: char = if cfg!(windows) { ';' } else { ':' };

/// Whole messages, one behind the other.
#[derive(Default)]
pub(super) struct Batch {
    octets: Vec<u8>,
    /// How many of the octets belong to whole messages.
    whole: usize,
    mails: Vec<Mail>,
}

struct Mail {
    /// How many octets of the batch are its own, behind those of the mails before it.
    octets: usize,
    /// Its name in `tmp`.
    unique: String,
    /// Its final name, in `cur` if it has flags, else in `new`.
    name: String,
    flagged: bool,
    time: Option<SystemTime>,
}

/// A message that is being added.
pub(super) struct Draft<'b> {
    batch: &'b mut Batch,
    crlf: bool,
    start: usize,
    received: usize,
}

impl Batch {
    /// A message follows.
    pub(super) fn begin(&mut self, crlf: bool) -> Draft<'_> {
        let start = self.whole;
        // What an addition that failed has left.
        self.octets.truncate(start);
        Draft { batch: self, crlf, start, received: 0 }
    }

    pub(super) fn is_full(&self) -> bool {
        self.mails.len() >= MESSAGES || self.octets.len() >= OCTETS
    }

    pub(super) fn is_empty(&self) -> bool {
        self.mails.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.octets.clear();
        self.mails.clear();
        self.whole = 0;
    }
}

impl Draft<'_> {
    /// Takes the next octets, cut anywhere. A CR without LF stays.
    pub(super) fn write(&mut self, mut piece: &[u8]) {
        self.received += piece.len();
        let octets = &mut self.batch.octets;
        if self.crlf {
            return octets.extend_from_slice(piece);
        }
        if piece.starts_with(b"\n") && octets.len() > self.start && octets.ends_with(b"\r") {
            octets.pop();
        }
        while let Some((line, rest)) = split_at_cr(piece) {
            octets.extend_from_slice(line);
            if !rest.starts_with(b"\n") {
                octets.push(b'\r');
            }
            piece = rest;
        }
        octets.extend_from_slice(piece);
    }

    /// The message is whole. Names tell the size (`S=`) and the size with CRLF (`W=`), so that
    /// servers need not count.
    pub(super) fn finish(self, names: &Names, flags: &str, time: Option<SystemTime>) {
        let octets = self.batch.octets.len() - self.start;
        let unique = names.unique();
        let mut name = format!("{unique},S={octets},W={}", self.received);
        let flagged = !flags.is_empty();
        if flagged {
            name.extend([INFO, '2', ',']);
            name.push_str(flags);
        }
        self.batch.whole = self.batch.octets.len();
        self.batch.mails.push(Mail { octets, unique, name, flagged, time });
    }
}

/// What stands before the first CR, and what behind it.
fn split_at_cr(piece: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = piece.split_at_checked(memchr::memchr(b'\r', piece)?)?;
    Some((line, rest.get(1..)?))
}

/// What names of deliveries have in common.
pub(super) struct Names {
    host: Box<str>,
    process: u32,
}

impl Names {
    pub(super) fn new(host: &str) -> Self {
        Self { host: host.into(), process: std::process::id() }
    }

    /// Learns the number of this process, which may have been forked.
    pub(super) fn refresh(&mut self) {
        self.process = std::process::id();
    }

    /// A name that no other delivery has, on this machine or another.
    pub(super) fn unique(&self) -> String {
        static DELIVERIES: AtomicU64 = AtomicU64::new(1);
        // In another container the process may have the same number, and so may the host.
        static RANDOM: LazyLock<u32> = LazyLock::new(|| getrandom::u32().unwrap_or_default());
        let Self { host, process } = self;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (seconds, micros) = (now.as_secs(), now.subsec_micros());
        let delivery = DELIVERIES.fetch_add(1, Ordering::Relaxed);
        format!("{seconds}.M{micros:06}P{process}Q{delivery}R{:08x}.{host}", *RANDOM)
    }
}

/// Why a message could not be stored.
pub(super) struct Failure {
    pub(super) number: Option<i32>,
    pub(super) text: String,
    pub(super) path: PathBuf,
}

impl Failure {
    fn new(error: &io::Error, path: PathBuf) -> Self {
        Self { number: error.raw_os_error(), text: error.to_string(), path }
    }

    /// The thread that stores has died.
    pub(super) fn died() -> Self {
        Self { number: None, text: "the storing thread died".into(), path: PathBuf::new() }
    }
}

/// A Maildir.
#[derive(Clone)]
pub(super) struct Store {
    maildir: Arc<Maildir>,
    durable: bool,
    /// Whether the disk has shown that it takes its time.
    slow: bool,
}

struct Maildir {
    tmp: Directory,
    new: Directory,
    cur: Directory,
}

/// What was written and not synced yet: where it stands in the batch, and the file.
type Unsynced = Vec<(usize, File)>;

impl Store {
    pub(super) fn open(maildir: &Path, durable: bool) -> Result<Self, Failure> {
        let open = |name| {
            let path = maildir.join(name);
            Directory::open(path.clone()).map_err(|error| Failure::new(&error, path))
        };
        let maildir = Maildir { tmp: open("tmp")?, new: open("new")?, cur: open("cur")? };
        Ok(Self { maildir: Arc::new(maildir), durable, slow: false })
    }

    /// Stores a batch and tells under which paths. When a message cannot be stored neither are those
    /// behind it, and nothing of them is left.
    pub(super) fn store(
        &mut self,
        batch: &Batch,
        stored: &mut Vec<PathBuf>,
    ) -> Result<(), Failure> {
        let mut whole = 0;
        let mut result = Ok(());
        let mut unsynced = Unsynced::new();
        let mut rest = batch.octets.as_slice();
        for mail in &batch.mails {
            let (octets, behind) = rest.split_at_checked(mail.octets).unwrap_or_default();
            if let Err(error) = self.write(mail, octets, whole, &mut unsynced) {
                result = Err(self.refused(mail, &error));
                break;
            }
            rest = behind;
            whole += 1;
        }
        if let Err((first, error)) = self.sync(unsynced)
            && let Some(mail) = batch.mails.get(first)
        {
            result = Err(self.refused(mail, &error));
            whole = first;
        }
        let (good, bad) = batch.mails.split_at_checked(whole).unwrap_or_default();
        for mail in bad {
            // Of most there is nothing, and an error on top of the first tells nothing new.
            let _ = self.maildir.tmp.remove(&mail.unique);
        }
        self.publish(good, stored)?;
        result
    }

    fn refused(&self, mail: &Mail, error: &io::Error) -> Failure {
        Failure::new(error, self.maildir.tmp.path.join(&mail.unique))
    }

    /// Writes a message into `tmp`, and brings it to the disk if that answers at once.
    fn write(
        &mut self,
        mail: &Mail,
        octets: &[u8],
        index: usize,
        unsynced: &mut Unsynced,
    ) -> io::Result<()> {
        let mut file = self.maildir.tmp.create(&mail.unique)?;
        file.write_all(octets)?;
        mail.time.map_or(Ok(()), |time| file.set_modified(time))?;
        if self.durable && self.slow {
            unsynced.push((index, file));
        } else if self.durable {
            let begun = Instant::now();
            file.sync_all()?;
            self.slow = begun.elapsed() > AT_ONCE;
        }
        Ok(())
    }

    /// Brings the others to the disk, many at a time, which takes little longer than one: what is
    /// asked for at the same moment it writes in one go. Fails with the first that it refuses.
    fn sync(&mut self, unsynced: Unsynced) -> Result<(), (usize, io::Error)> {
        if unsynced.is_empty() {
            return Ok(());
        }
        let begun = Instant::now();
        let synced = sync_together(&unsynced);
        // It may only have been busy.
        self.slow = begun.elapsed() > AT_ONCE;
        synced
    }

    /// Gives messages their final names, and makes the names durable.
    fn publish(&self, mails: &[Mail], stored: &mut Vec<PathBuf>) -> Result<(), Failure> {
        let Maildir { tmp, new, cur } = &*self.maildir;
        let before = stored.len();
        let mut result = Ok(());
        for mail in mails {
            let directory = if mail.flagged { cur } else { new };
            // Not link and unlink: the name is unique, and some file systems have no links.
            if result.is_ok() {
                match tmp.rename(&mail.unique, directory, &mail.name) {
                    Ok(()) => stored.push(directory.path.join(&mail.name)),
                    Err(error) => {
                        result = Err(Failure::new(&error, directory.path.join(&mail.name)));
                    }
                }
            }
            if result.is_err() {
                let _ = tmp.remove(&mail.unique);
            }
        }
        for (directory, flagged) in [(new, false), (cur, true)] {
            let used = mails.iter().any(|mail| mail.flagged == flagged);
            if self.durable
                && used
                && let Err(error) = directory.sync()
            {
                // Their names may be lost: they count as not stored.
                stored.truncate(before);
                return Err(Failure::new(&error, directory.path.clone()));
            }
        }
        result
    }
}

/// Syncs files in several threads.
fn sync_together(files: &[(usize, File)]) -> Result<(), (usize, io::Error)> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<(), (usize, io::Error)> {
        while let Some((index, file)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            file.sync_all().map_err(|error| (*index, error))?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let count = SYNC_THREADS.min(files.len());
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        let died = |_| Err((0, io::Error::other("a syncing thread died")));
        let results = threads.into_iter().map(|thread| thread.join().unwrap_or_else(died));
        results.filter_map(Result::err).min_by_key(|(index, _)| *index).map_or(Ok(()), Err)
    })
}
