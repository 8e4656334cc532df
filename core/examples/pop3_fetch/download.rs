//! Retrieving all messages, many commands in flight, each message safe on the disk before it is
//! marked for deletion.

use std::collections::{HashMap, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use mailproto_core::LocalError;
use mailproto_core::pop3::{Event, Status, Verb};

use crate::Result;
use crate::options::Options;
use crate::session::{Session, words};

/// What the server told of the maildrop.
#[derive(Default)]
pub(crate) struct Listing {
    pub(crate) messages: u32,
    pub(crate) octets: HashMap<u32, u64>,
    pub(crate) unique_ids: HashMap<u32, String>,
}

/// A download under way.
pub(crate) struct Download<'o> {
    options: &'o Options,
    listing: Listing,
    /// The next message to ask for.
    next: u32,
    /// The message that is coming in.
    file: Option<PartialFile>,
    /// Messages that are safe on the disk and are to be marked for deletion.
    to_delete: VecDeque<u32>,
    /// How many messages the server would not give, or not mark.
    refused: u32,
}

impl<'o> Download<'o> {
    pub(crate) fn new(options: &'o Options, listing: Listing) -> Result<Self> {
        fs::create_dir_all(&options.directory)?;
        Ok(Self { options, listing, next: 1, file: None, to_delete: VecDeque::new(), refused: 0 })
    }

    /// Retrieves everything; returns how many commands the server refused.
    pub(crate) fn run(mut self, session: &mut Session<'_>) -> Result<u32> {
        loop {
            self.queue(session)?;
            if session.client.is_idle() {
                break;
            }
            session.turn(|event| self.on(event))?;
        }
        // The new names must be on the disk too before QUIT makes the deletions final.
        File::open(&self.options.directory)?.sync_all()?;
        Ok(self.refused)
    }

    /// Queues as many commands as the engine takes.
    fn queue(&mut self, session: &mut Session<'_>) -> Result<()> {
        while let Some(&message) = self.to_delete.front() {
            if !accepted(session.client.dele(message))? {
                return Ok(());
            }
            self.to_delete.pop_front();
        }
        while self.next <= self.listing.messages {
            let queued = match self.options.top {
                Some(lines) => session.client.top(self.next, lines),
                None => session.client.retr(self.next),
            };
            if !accepted(queued)? {
                return Ok(());
            }
            self.next += 1;
        }
        Ok(())
    }

    fn on(&mut self, event: Event<'_>) -> Result<()> {
        match event {
            Event::Started { message, .. } => {
                self.file = Some(PartialFile::create(&self.options.directory, message)?);
            }
            Event::Data { octets, .. } => {
                if let Some(file) = &mut self.file {
                    file.write(octets)?;
                }
            }
            Event::Completed {
                verb: Verb::Retr | Verb::Top, message, status: Status::Ok, ..
            } => {
                self.stored(message)?;
            }
            Event::Completed { verb, message, status, code, text, .. } if status != Status::Ok => {
                let answer = words(code, text);
                eprintln!("pop3_fetch: {} {message}: {answer}", verb.keyword());
                self.refused += 1;
            }
            _ => {}
        }
        Ok(())
    }

    /// A message has come in whole.
    fn stored(&mut self, message: u32) -> Result<()> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let path = file.keep()?;
        let octets = self.listing.octets.get(&message).copied().unwrap_or_default();
        let unique_id = self.listing.unique_ids.get(&message).map_or("", String::as_str);
        writeln!(io::stdout(), "{} ({octets} octets) {unique_id}", path.display())?;
        if self.options.delete {
            self.to_delete.push_back(message);
        }
        Ok(())
    }
}

/// Whether a command was queued; `false` when it has to wait until others are complete.
fn accepted<T>(queued: std::result::Result<T, LocalError>) -> Result<bool> {
    match queued {
        Ok(_) => Ok(true),
        Err(LocalError::Full) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// A file that has its final name only once it is whole and on the disk. Dropped before, it is
/// removed; killed before, it stays behind as `<n>.eml.part`, to be replaced by the next run.
struct PartialFile {
    writer: Option<BufWriter<File>>,
    partial: PathBuf,
    path: PathBuf,
}

impl PartialFile {
    fn create(directory: &Path, message: u32) -> Result<Self> {
        let path = directory.join(format!("{message}.eml"));
        let partial = directory.join(format!("{message}.eml.part"));
        let writer = BufWriter::with_capacity(65_536, create_private(&partial)?);
        Ok(Self { writer: Some(writer), partial, path })
    }

    fn write(&mut self, octets: &[u8]) -> Result<()> {
        if let Some(writer) = &mut self.writer {
            writer.write_all(octets)?;
        }
        Ok(())
    }

    fn keep(mut self) -> Result<PathBuf> {
        if let Some(writer) = &mut self.writer {
            writer.flush()?;
            writer.get_ref().sync_all()?;
        }
        // Message numbers begin anew in each session: an earlier run's file may be other mail.
        if self.path.exists() && !same_octets(&self.partial, &self.path)? {
            let path = self.path.display();
            return Err(format!("{path} is another message: give an empty directory").into());
        }
        fs::rename(&self.partial, &self.path)?;
        self.writer = None;
        Ok(self.path.clone())
    }
}

/// Creates a file that nobody else may read, in place of one that a run left behind.
fn create_private(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path)
}

fn same_octets(one: &Path, other: &Path) -> Result<bool> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut octets, mut others) = ([0; 16_384], [0; 16_384]);
    loop {
        let read = one.read(&mut octets)?;
        if read == 0 {
            return Ok(other.read(&mut others)? == 0);
        }
        if other.read_exact(&mut others[..read]).is_err() || octets[..read] != others[..read] {
            return Ok(false);
        }
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if self.writer.is_some() {
            // The reason why it is incomplete is on its way to the user already.
            let _ = fs::remove_file(&self.partial);
        }
    }
}
