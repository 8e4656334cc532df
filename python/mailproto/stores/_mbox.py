"""mbox, of the kind called mboxrd: all messages in one file, quoted so that they can be told apart
and got back."""

from __future__ import annotations

import itertools
import os
import re
import socket
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from mailproto.stores._durable import (
    O_BINARY,
    Draft,
    FileDelivery,
    FileSink,
    Locked,
    NewlineFilter,
    fcntl,
    settle,
    sync_directory,
    write_all,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["MboxSink"]

LOCK_SECONDS = 10.0
# A dot lock that does not tell its owner, and is older, was left behind: no append takes so long.
STALE_SECONDS = 600.0

_counter = itertools.count(1)


class MboxSink(FileSink):
    """Appends to an mbox file, which is made when it is not there.

    A message is gathered in a hidden file beside it, then appended in one go under both locks
    that mail programs use (`lockf` and a dot lock). If that fails the mbox is cut back to what it
    was; if this process is killed meanwhile, the next one that opens the mbox does so. Lines end
    with LF, and lines that begin with `From `, `>From ` and so on get one `>` more.
    """

    def __init__(self, path: str | os.PathLike[str], *, durable: bool = True) -> None:
        super().__init__(durable=durable)
        self._path = Path(path)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with MboxLock(self._path) as mbox:
            recover(mbox, self._beside("journal"))
        for draft in self._beside("draft"):
            if not is_alive(draft.name.rsplit("-", 2)[1]):
                draft.unlink(missing_ok=True)

    def begin(
        self, message: object = None, *, flags: Iterable[str] = (), received: float | None = None
    ) -> FileDelivery:
        """A message follows. An mbox has no place for flags and times."""
        draft = self._hidden(f"draft-{os.getpid()}-{next(_counter)}")
        return FileDelivery(self, Draft(draft, FromQuoter()))

    def commit_all(self, deliveries: Sequence[FileDelivery]) -> list[str]:
        """As `commit` for each of them, in this order, but in little more time than for one."""
        drafts = [delivery.draft for delivery in deliveries]
        settle(drafts, durable=self._durable)
        with MboxLock(self._path) as mbox:
            end_before = mbox.seek(0, os.SEEK_END)
            try:
                end_last_entry(mbox)
                self._append(mbox, drafts)
            except BaseException:
                cut_back(mbox, end_before)
                raise
        return [str(self._path)] * len(deliveries)

    def _append(self, mbox: IO[bytes], drafts: Sequence[Draft]) -> None:
        # From here on the drafts tell what is being done, should this process be killed.
        journals = self._make_journals(mbox.seek(0, os.SEEK_END), drafts)
        try:
            if self._durable:
                sync_directory(self._path.parent)
            for part in contents(journals):
                write_all(mbox.fileno(), part)
            if self._durable:
                os.fsync(mbox.fileno())
        finally:
            for journal in journals:
                journal.unlink()

    def _make_journals(self, start: int, drafts: Sequence[Draft]) -> list[Path]:
        journals: list[Path] = []
        for draft in drafts:
            journals.append(draft.path.rename(self._hidden(f"journal-{start}")))
            start += draft.octets
        return journals

    def _hidden(self, name: str) -> Path:
        return self._path.with_name(f".{self._path.name}.{name}")

    def _beside(self, kind: str) -> list[Path]:
        prefix = f".{self._path.name}.{kind}-"
        return [path for path in self._path.parent.iterdir() if path.name.startswith(prefix)]


class FromQuoter(NewlineFilter):
    """Turns a message, in chunks cut anywhere, into an entry of an mboxrd file."""

    FROM = re.compile(rb"(?m)^(?=>*From )")
    # What may become such a line when more octets come.
    BEGINNING = re.compile(rb">*(F(r(om?)?)?)?|>*From")
    # Longer than any line should be (RFC 5322 §2.1.1): no need to wait for its end.
    LONGEST = 4096

    def __init__(self) -> None:
        super().__init__()
        date = time.asctime(time.gmtime())
        self._separator = f"From MAILER-DAEMON {date}\n".encode()
        self._line = b""
        self._at_start = True

    def __call__(self, data: bytes | memoryview) -> bytes:
        """The octets to be written for `data`."""
        return self._quoted(super().__call__(data))

    def rest(self) -> bytes:
        """The end of the entry: an empty line."""
        last = self._quoted(super().rest()) + self._line
        self._at_start = self._at_start and not self._line
        return last + (b"\n" if self._at_start else b"\n\n")

    def _quoted(self, octets: bytes) -> bytes:
        octets = self._line + octets
        end = octets.rfind(b"\n") + 1
        tail = octets[end:]
        starts_line = end > 0 or self._at_start
        waits = starts_line and len(tail) < self.LONGEST and self.BEGINNING.fullmatch(tail)
        self._line = tail if waits else b""
        whole = octets[:end] if waits else octets
        if not whole:
            return self._take_separator()
        # `^` matches at the very beginning, too, where a line may be going on.
        begun = 0 if self._at_start else whole.find(b"\n") + 1 or len(whole)
        self._at_start = whole.endswith(b"\n")
        return self._take_separator() + whole[:begun] + self.FROM.sub(b">", whole[begun:])

    def _take_separator(self) -> bytes:
        separator, self._separator = self._separator, b""
        return separator


def recover(mbox: IO[bytes], journals: list[Path]) -> None:
    """Takes an append back that was not finished, unless others have written behind it."""
    if not journals:
        return
    journals.sort(key=start_of)
    start, size = start_of(journals[0]), mbox.seek(0, os.SEEK_END)
    if start < size <= start + sum(journal.stat().st_size for journal in journals):
        mbox.seek(start)
        # Behind the end of the mbox an empty read matches, too.
        if all(part.startswith(mbox.read(len(part))) for part in contents(journals)):
            cut_back(mbox, start)
    for journal in journals:
        journal.unlink()


def start_of(journal: Path) -> int:
    """Where in the mbox the entry was to begin."""
    return int(journal.name.rpartition("-")[2])


def contents(files: Iterable[Path]) -> Iterator[bytes]:
    """What is in the files, one behind the other, in parts."""
    for path in files:
        with path.open("rb") as file:
            while part := file.read(1 << 16):
                yield part


def end_last_entry(mbox: IO[bytes]) -> None:
    """An entry begins behind an empty line, also where another program forgot it."""
    size = mbox.seek(0, os.SEEK_END)
    mbox.seek(max(size - 2, 0))
    end = mbox.read(2)
    if size and end != b"\n\n":
        write_all(mbox.fileno(), b"\n" if end.endswith(b"\n") else b"\n\n")


def cut_back(mbox: IO[bytes], end: int) -> None:
    os.ftruncate(mbox.fileno(), end)
    os.fsync(mbox.fileno())


class MboxLock:
    """The mbox, open and locked as mail programs agree on: `lockf`, and a dot lock beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._dot_lock = path.with_name(path.name + ".lock")
        self._dotted = False

    def __enter__(self) -> IO[bytes]:
        # Unbuffered: what fails must not be tried again at close.
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | O_BINARY, 0o600)
        self._mbox = os.fdopen(descriptor, "a+b", buffering=0)
        deadline = time.monotonic() + LOCK_SECONDS
        try:
            while not self._try():
                if time.monotonic() > deadline:
                    raise Locked(f"{self._path} is locked by another program")
                time.sleep(0.1)
        except BaseException:
            self._mbox.close()
            raise
        return self._mbox

    def __exit__(self, *_: object) -> None:
        if self._dotted:
            self._dot_lock.unlink(missing_ok=True)
        self._mbox.close()

    def _try(self) -> bool:
        if fcntl is not None:
            try:
                fcntl.lockf(self._mbox, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):
                return False
        try:
            make_dot_lock(self._dot_lock)
            self._dotted = True
        except FileExistsError:
            if is_stale(self._dot_lock):
                self._dot_lock.unlink(missing_ok=True)
            return False
        except PermissionError:
            pass  # A directory that is not ours to write in: the other lock must do.
        return True


def make_dot_lock(lock: Path) -> None:
    """Makes a dot lock that tells its owner from the first moment, so that none can be left behind
    of which nobody knows whose it is. `FileExistsError` if there is one."""
    owner = f"{os.getpid()} {socket.gethostname()}\n"
    draft = lock.with_name(f".{lock.name}.{os.getpid()}")
    draft.write_text(owner)
    try:
        os.link(draft, lock)
    except FileExistsError:
        raise
    except OSError:  # No hard links here.
        with lock.open("x") as file:
            file.write(owner)
    finally:
        draft.unlink(missing_ok=True)


def is_stale(lock: Path) -> bool:
    """Whether the program that made a dot lock has died."""
    try:
        age = time.time() - lock.stat().st_mtime
        match lock.read_text().split():
            case [process, host] if host == socket.gethostname() and process.isdigit():
                return not is_alive(process)
            case _:
                pass  # It does not tell its owner.
    except (OSError, UnicodeDecodeError):
        return False
    return age > STALE_SECONDS


def is_alive(process: str) -> bool:
    """Whether there is a process of that number on this machine."""
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError):
        return True
    return True
