"""A memory in a text file that only grows: a line a fact, one or many written with one system call,
so that a kill leaves at most a torn last line, which is dropped at the next start."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mailproto.stores._durable import O_BINARY, lock, sync_directory, write_all

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import ClassVar, Self

__all__ = ["SPARE_LINES", "LineFile"]

# A file is written anew when it has more than that many lines that are not needed any more.
SPARE_LINES = 1000


class LineFile:
    """The file: made when it is not there and locked while it is open: a second process gets
    `Locked`. What was appended survives this process being killed; after `flush` it survives a
    power failure as well.

    Who derives from it says what a line means, and has room for that before calling `__init__`.
    """

    # The first line, which tells kind and version, and what to say of a file with another one.
    HEADER: ClassVar[bytes]
    OTHER: ClassVar[str]

    def __init__(self, path: Path, *, durable: bool) -> None:
        self._path = path
        self._durable = durable
        self._dirty = False
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The lock is a file of its own, because this one is replaced when it is rewritten.
        self._lock = path.with_name(path.name + ".lock").open("ab")
        try:
            lock(self._lock, path)
            self._file = self._load()
        except BaseException:
            self._lock.close()
            raise

    def flush(self) -> None:
        """Returns when all of it would survive a power failure."""
        if self._dirty and self._durable:
            os.fsync(self._file)
        self._dirty = False

    def close(self) -> None:
        """Flushes, and unlocks the file."""
        if self._lock.closed:
            return
        try:
            self.flush()
        finally:
            os.close(self._file)
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # What lines mean.

    def _read(self, line: bytes) -> None:
        """Takes a line that was found."""
        raise NotImplementedError

    def _is_worn(self, lines: int) -> bool:
        """Whether a file of so many lines is to be written anew."""
        raise NotImplementedError

    def _facts(self) -> list[str]:
        """All that is remembered, in as few lines as it takes."""
        raise NotImplementedError

    # The file.

    def _append(self, lines: str) -> None:
        end = os.lseek(self._file, 0, os.SEEK_END)
        try:
            write_all(self._file, lines.encode())
        except BaseException:
            # Half a line would swallow the next one.
            os.ftruncate(self._file, end)
            raise
        self._dirty = True

    def _load(self) -> int:
        """Reads the file and returns its descriptor, open for appending."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            content = b""
        whole, newline, torn = content.rpartition(b"\n")
        lines = whole.split(b"\n") if newline else []
        header = lines[0] + b"\n" if lines else torn
        if header != self.HEADER and not (header == torn and self.HEADER.startswith(torn)):
            raise ValueError(f"{self._path} {self.OTHER}")
        for line in lines[1:]:
            self._read(line)
        if torn or not lines or self._is_worn(len(lines)):
            self._rewrite()
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | O_BINARY)

    def _rewrite(self) -> None:
        """Replaces the file by one that tells the same in fewer lines."""
        draft = self._path.with_name(self._path.name + ".tmp")
        try:
            with draft.open("wb") as file:
                file.write(self.HEADER)
                file.write("".join(self._facts()).encode())
                file.flush()
                if self._durable:
                    os.fsync(file.fileno())
            draft.replace(self._path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        if self._durable:
            sync_directory(self._path.parent)
