//! A directory in which files are made, renamed and removed. It stays open, where the system can: names
//! are then looked up in it and not from the root, and it may be moved meanwhile.

use std::fs::File;
use std::io;
use std::path::PathBuf;

pub(super) struct Directory {
    pub(super) path: PathBuf,
    #[cfg(unix)]
    open: File,
}

#[cfg(unix)]
impl Directory {
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        let open = File::open(&path)?;
        Ok(Self { path, open })
    }

    /// Makes a file. Mail is private, whatever the umask says.
    pub(super) fn create(&self, name: &str) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        Ok(rustix::fs::openat(&self.open, name, flags, Mode::RUSR | Mode::WUSR)?.into())
    }

    /// Moves a file to another directory, or there under another name.
    pub(super) fn rename(&self, old: &str, directory: &Self, new: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.open, old, &directory.open, new)?)
    }

    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.open, name, rustix::fs::AtFlags::empty())?)
    }

    /// Makes the names in it durable.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.open.sync_all()
    }
}

#[cfg(not(unix))]
impl Directory {
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        std::fs::read_dir(&path)?;
        Ok(Self { path })
    }

    pub(super) fn create(&self, name: &str) -> io::Result<File> {
        File::options().write(true).create_new(true).open(self.path.join(name))
    }

    pub(super) fn rename(&self, old: &str, directory: &Self, new: &str) -> io::Result<()> {
        std::fs::rename(self.path.join(old), directory.path.join(new))
    }

    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        std::fs::remove_file(self.path.join(name))
    }

    /// Windows opens no directories, and writes names with the files.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps)]
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}
