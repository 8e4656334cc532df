"""Files that are whole or not there, and locks."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from mailproto._errors import MailError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "O_BINARY",
    "Draft",
    "FileDelivery",
    "FileSink",
    "Locked",
    "NewlineFilter",
    "fcntl",
    "lock",
    "settle",
    "sync_directory",
    "write_all",
]

# More bring nothing on the disks that were tried.
SYNC_THREADS = 8
O_BINARY = getattr(os, "O_BINARY", 0)


class Locked(MailError):
    """Another process uses the same file. Try later."""


def lock(file: IO[bytes], path: Path) -> None:
    """Locks an open file until it is closed, or raises `Locked`. No locks on Windows."""
    if fcntl is None:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Locked(f"{path} is in use by another process") from None


def sync_directory(path: Path) -> None:
    """Makes the names in a directory durable, where the system can."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    except OSError:  # Windows opens no directories.
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """As `os.write`, but all of it."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


class NewlineFilter:
    """Turns CRLF into LF, in chunks cut anywhere. A CR without LF stays."""

    def __init__(self) -> None:
        self._held = b""

    def __call__(self, data: bytes | memoryview) -> bytes:
        """The octets to be written for `data`."""
        octets = self._held + data
        self._held = b"\r" if octets.endswith(b"\r") else b""
        if self._held:
            octets = octets[:-1]
        return octets.replace(b"\r\n", b"\n")

    def rest(self) -> bytes:
        """What was held back in case that a LF follows."""
        held, self._held = self._held, b""
        return held


class Draft:
    """A file that is being written under a temporary name. What fails is left as it was: the
    caller aborts."""

    def __init__(self, path: Path, newlines: NewlineFilter | None) -> None:
        self.path = path
        self.octets = 0
        # What becomes the time of the file, in seconds since 1970.
        self.time: float | None = None
        self._newlines = newlines
        # Mail is private, whatever the umask says.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | O_BINARY, 0o600)
        self._file = os.fdopen(descriptor, "wb", buffering=1 << 16)

    def write(self, data: bytes | memoryview) -> None:
        """Takes the next octets of the message."""
        self._put(data if self._newlines is None else self._newlines(data))

    def finish(self) -> None:
        """The message is whole: hands all of it to the system."""
        if self._newlines is not None:
            self._put(self._newlines.rest())
        self._file.flush()
        if self.time is not None:
            os.utime(self.path, (self.time, self.time))

    def sync(self) -> None:
        """Returns when all of it is on the disk."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def abort(self) -> None:
        """Removes the file."""
        # A full disk refuses what was buffered, too. The descriptor is closed all the same.
        with suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)

    def _put(self, octets: bytes | memoryview) -> None:
        self._file.write(octets)
        self.octets += len(octets)


def settle(drafts: Sequence[Draft], *, durable: bool) -> None:
    """Finishes drafts and brings them to the disk. Many at a time take little longer than one:
    what is asked for at the same moment the disk writes in one go."""
    for draft in drafts:
        draft.finish()
    if durable and len(drafts) == 1:
        drafts[0].sync()
    elif durable:
        # Imported late, because it takes time.
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

        with ThreadPoolExecutor(SYNC_THREADS) as threads:
            list(threads.map(Draft.sync, drafts))
    for draft in drafts:
        draft.close()


class FileSink:
    """What sinks have in common that make a file of each message."""

    def __init__(self, *, durable: bool) -> None:
        self._durable = durable

    def commit_all(self, deliveries: Sequence[FileDelivery]) -> list[str]:
        """As `commit` for each of them, in this order, but in little more time than for one."""
        settle([delivery.draft for delivery in deliveries], durable=self._durable)
        finals = [delivery.publish() for delivery in deliveries]
        if self._durable:
            for directory in {final.parent for final in finals}:
                sync_directory(directory)
        return [str(final) for final in finals]


class FileDelivery:
    """One message on its way to become a file."""

    def __init__(self, sink: FileSink, draft: Draft) -> None:
        self._sink = sink
        self.draft = draft

    def write(self, data: bytes | memoryview) -> None:
        """Takes the next octets."""
        self.draft.write(data)

    def commit(self) -> str:
        """Gives the file its final name, durably; returns its path."""
        return self._sink.commit_all([self])[0]

    def abort(self) -> None:
        """Leaves no trace."""
        self.draft.abort()

    def publish(self) -> Path:
        """Renames the file, which is whole."""
        raise NotImplementedError
