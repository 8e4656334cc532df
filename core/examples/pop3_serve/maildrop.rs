//! The mail of one user: the files of a Maildir, or all `*.eml` of a directory.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{MutexGuard, TryLockError};

use crate::options::Options;

/// A maildrop that is open, and locked for everybody else.
pub(crate) struct Maildrop<'o> {
    messages: Vec<Message>,
    _lock: MutexGuard<'o, ()>,
}

pub(crate) struct Message {
    pub(crate) path: PathBuf,
    /// Its length as POP3 counts it: every line end as two octets (RFC 1939 §11).
    pub(crate) octets: u64,
    pub(crate) unique_id: String,
}

impl<'o> Maildrop<'o> {
    /// Opens the maildrop; `None` while another session has it.
    pub(crate) fn open(options: &'o Options) -> io::Result<Option<Self>> {
        let lock = match options.lock.try_lock() {
            Ok(lock) => lock,
            Err(TryLockError::Poisoned(lock)) => lock.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(None),
        };
        let files = files(&options.directory)?;
        let messages = files.into_iter().map(Message::new).collect::<io::Result<_>>()?;
        Ok(Some(Self { messages, _lock: lock }))
    }

    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.messages.len()).unwrap_or(u32::MAX)
    }

    /// All messages with their numbers, from 1.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (u32, &Message)> {
        (1..).zip(&self.messages)
    }

    /// That one message, or all of them.
    pub(crate) fn chosen(&self, only: Option<u32>) -> impl Iterator<Item = (u32, &Message)> {
        self.messages().filter(move |(number, _)| only.is_none_or(|only| only == *number))
    }

    /// Removes a message for good; whether that worked.
    pub(crate) fn remove(&self, number: u32) -> bool {
        self.chosen(Some(number)).all(|(_, message)| fs::remove_file(&message.path).is_ok())
    }
}

impl Message {
    fn new(path: PathBuf) -> io::Result<Self> {
        let (octets, unique_id) = (octets(&path)?, unique_id(&path));
        Ok(Self { path, octets, unique_id })
    }
}

/// The files that are messages, in the order of their names, which in a Maildir is that of arrival.
fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let is_maildir = directory.join("new").is_dir();
    let folders: &[&str] = if is_maildir { &["cur", "new"] } else { &[""] };
    let mut files = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(directory.join(folder))? {
            let path = entry?.path();
            let is_named = is_maildir || path.extension().is_some_and(|name| name == "eml");
            if is_named && !is_hidden(&path) && is_file(&path)? {
                files.push(path);
            }
        }
    }
    files.sort_by(|one, other| one.file_name().cmp(&other.file_name()));
    Ok(files)
}

/// Maildir leaves names that begin with a dot to other uses.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// Whether this is a regular file, perhaps behind a link, and still there.
fn is_file(path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.is_file()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Counts the octets of a message, a bare LF as two, and a last line without an end with one.
fn octets(path: &Path) -> io::Result<u64> {
    let (mut file, mut piece) = (File::open(path)?, [0; 16_384]);
    let (mut octets, mut last) = (0, b'\n');
    loop {
        let read = match file.read(&mut piece)? {
            0 => return Ok(if last == b'\n' { octets } else { octets + 2 }),
            read => &piece[..read],
        };
        for &octet in read {
            octets += if octet == b'\n' && last != b'\r' { 2 } else { 1 };
            last = octet;
        }
    }
}

/// The file's name up to the flags of Maildir: it never changes, and names no other message
/// (RFC 1939 §7). A name that is too long, or has octets that a unique-id must not have, is hashed.
fn unique_id(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.split(':').next().unwrap_or_default();
    if (1..=70).contains(&name.len()) && name.bytes().all(|octet| octet.is_ascii_graphic()) {
        return name.to_owned();
    }
    // FNV-1a, 64 bits: the same on every machine and in every version.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, octet| {
        (hash ^ u64::from(octet)).wrapping_mul(0x100_0000_01b3)
    });
    format!("{hash:016x}")
}
