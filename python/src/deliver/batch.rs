//! A batch of messages in memory, and how it becomes files that are whole or not there.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// When a batch is full. As many messages may come twice after a kill, and as many files are open.
const MESSAGES: usize = 128;
const OCTETS: usize = 1 << 20;
/// More bring nothing on the disks that were tried.
const SYNC_THREADS: usize = 8;
/// A disk that answers faster needs no threads.
const AT_ONCE: Duration = Duration::from_micros(200);
/// What stands before the flags. Windows allows no colon in a name.
const INFO: char = if cfg!(windows) { ';' } else { ':' };

/// Whole messages, one behind the other.
#[derive(Default)]
pub(super) struct Batch {
    octets: Vec<u8>,
    mails: Vec<Mail>,
}

struct Mail {
    /// Where its octets end in the batch; they begin where those before it end.
    end: usize,
    /// Its name in `tmp`.
    unique: String,
    /// Its final directory, and its name there.
    directory: &'static str,
    name: String,
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
        let start = self.mails.last().map_or(0, |mail| mail.end);
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
        // Reading from memory does not fail.
        while let Ok(1..) = piece.read_until(b'\n', octets) {
            if octets.ends_with(b"\r\n") && octets.len() >= self.start + 2 {
                octets.truncate(octets.len() - 2);
                octets.push(b'\n');
            }
        }
    }

    /// The message is whole. Names tell the size (`S=`) and the size with CRLF (`W=`), so that
    /// servers need not count.
    pub(super) fn finish(self, host: &str, flags: &str, time: Option<SystemTime>) {
        let end = self.batch.octets.len();
        let unique = unique_name(host);
        let mut name = format!("{unique},S={},W={}", end - self.start, self.received);
        if !flags.is_empty() {
            name.extend([INFO, '2', ',']);
            name.push_str(flags);
        }
        let directory = if flags.is_empty() { "new" } else { "cur" };
        self.batch.mails.push(Mail { end, unique, directory, name, time });
    }
}

/// A name that no other delivery has, on this machine or another.
pub(super) fn unique_name(host: &str) -> String {
    static DELIVERIES: AtomicU64 = AtomicU64::new(1);
    // In another container the process may have the same number, and so may the host.
    static RANDOM: LazyLock<u32> = LazyLock::new(|| getrandom::u32().unwrap_or_default());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (seconds, micros) = (now.as_secs(), now.subsec_micros());
    let (process, delivery) = (std::process::id(), DELIVERIES.fetch_add(1, Ordering::Relaxed));
    format!("{seconds}.M{micros:06}P{process}Q{delivery}R{:08x}.{host}", *RANDOM)
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
    maildir: PathBuf,
    durable: bool,
    /// Whether the disk has shown that it takes its time.
    slow: bool,
}

impl Store {
    pub(super) fn new(maildir: PathBuf, durable: bool) -> Self {
        Self { maildir, durable, slow: false }
    }

    /// Stores a batch and tells under which paths. When a message cannot be stored neither are those
    /// behind it, and nothing of them is left.
    pub(super) fn store(
        &mut self,
        batch: &Batch,
        stored: &mut Vec<PathBuf>,
    ) -> Result<(), Failure> {
        let mut files = Vec::with_capacity(batch.mails.len());
        let mut start = 0;
        let mut failure = None;
        for mail in &batch.mails {
            let octets = batch.octets.get(start..mail.end).unwrap_or_default();
            start = mail.end;
            match self.write(mail, octets) {
                Ok(file) => files.push(file),
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        let mut whole = files.len();
        if self.durable
            && let Err((first, error)) = self.sync(&files)
        {
            let path = batch.mails.get(first).map(|mail| self.temporary(mail));
            failure = Some(Failure::new(&error, path.unwrap_or_default()));
            whole = first;
        }
        drop(files);
        let (good, bad) = batch.mails.split_at_checked(whole).unwrap_or_default();
        let published = self.publish(good, stored);
        for mail in bad {
            // Of most there is nothing, and an error on top of the first tells nothing new.
            let _ = std::fs::remove_file(self.temporary(mail));
        }
        published?;
        failure.map_or(Ok(()), Err)
    }

    fn temporary(&self, mail: &Mail) -> PathBuf {
        join(&self.maildir, "tmp", &mail.unique)
    }

    /// Writes a message into `tmp`.
    fn write(&self, mail: &Mail, octets: &[u8]) -> Result<Option<File>, Failure> {
        let path = self.temporary(mail);
        let written = private_file(&path).and_then(|mut file| {
            file.write_all(octets)?;
            mail.time.map_or(Ok(()), |time| file.set_modified(time))?;
            Ok(file)
        });
        // Only what is still to be synced stays open.
        match written {
            Ok(file) => Ok(self.durable.then_some(file)),
            Err(error) => Err(Failure::new(&error, path)),
        }
    }

    /// Brings files to the disk: one after the other if it answers at once, else many at a time,
    /// which takes little longer than one: what is asked for at the same moment it writes in one go.
    /// Fails with the first that it refuses.
    fn sync(&mut self, files: &[Option<File>]) -> Result<(), (usize, io::Error)> {
        let mut done = 0;
        while !self.slow && done < files.len() {
            let begun = Instant::now();
            sync_file(&files[done]).map_err(|error| (done, error))?;
            self.slow = begun.elapsed() > AT_ONCE;
            done += 1;
        }
        sync_together(files, done)
    }

    /// Gives messages their final names, and makes the names durable.
    fn publish(&self, mails: &[Mail], stored: &mut Vec<PathBuf>) -> Result<(), Failure> {
        let mut failure = Ok(());
        let before = stored.len();
        for mail in mails {
            let temporary = self.temporary(mail);
            let path = join(&self.maildir, mail.directory, &mail.name);
            // Not link and unlink: the name is unique, and some file systems have no links.
            if failure.is_ok() {
                match std::fs::rename(&temporary, &path) {
                    Ok(()) => stored.push(path),
                    Err(error) => failure = Err(Failure::new(&error, path)),
                }
            }
            if failure.is_err() {
                let _ = std::fs::remove_file(&temporary);
            }
        }
        if self.durable {
            let used = |directory| mails.iter().any(|mail| mail.directory == directory);
            for directory in ["new", "cur"].into_iter().filter(|directory| used(*directory)) {
                let path = self.maildir.join(directory);
                if let Err(error) = sync_directory(&path) {
                    // Their names may be lost: they count as not stored.
                    stored.truncate(before);
                    return Err(Failure::new(&error, path));
                }
            }
        }
        failure
    }
}

fn join(maildir: &Path, directory: &str, name: &str) -> PathBuf {
    let mut path = PathBuf::with_capacity(maildir.as_os_str().len() + name.len() + 5);
    path.extend([maildir, Path::new(directory), Path::new(name)]);
    path
}

/// Makes a file. Mail is private, whatever the umask says.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn sync_file(file: &Option<File>) -> io::Result<()> {
    file.as_ref().map_or(Ok(()), File::sync_all)
}

/// Syncs the files from `first` on in several threads.
fn sync_together(files: &[Option<File>], first: usize) -> Result<(), (usize, io::Error)> {
    let next = AtomicUsize::new(first);
    let work = || -> Result<(), (usize, io::Error)> {
        while let index = next.fetch_add(1, Ordering::Relaxed)
            && let Some(file) = files.get(index)
        {
            sync_file(file).map_err(|error| (index, error))?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let count = SYNC_THREADS.min(files.len().saturating_sub(first));
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        let died = |_| Err((first, io::Error::other("a syncing thread died")));
        let results = threads.into_iter().map(|thread| thread.join().unwrap_or_else(died));
        results.filter_map(Result::err).min_by_key(|(index, _)| *index).map_or(Ok(()), Err)
    })
}

/// Makes the names in a directory durable, where the system can: Windows opens no directories.
fn sync_directory(path: &Path) -> io::Result<()> {
    match File::open(path) {
        Ok(directory) => directory.sync_all(),
        Err(_) if cfg!(windows) => Ok(()),
        Err(error) => Err(error),
    }
}
