"""One file a message: 000001.eml, 000002.eml …"""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING

from mailproto.stores._durable import Draft, FileDelivery, FileSink, NewlineFilter, sync_directory

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FilesSink"]

SUFFIX = ".eml"

_counter = itertools.count(1)


class FilesSink(FileSink):
    """Writes each message into a directory as a file of its own, numbered in order of arrival
    and going on behind what is there. No file is ever replaced.

    The octets are those of the server, CRLF included; `crlf=False` ends lines with LF. With
    `durable=False` a power failure may cost the last messages.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, crlf: bool = True, durable: bool = True
    ) -> None:
        self._path = Path(path)
        super().__init__(durable=durable)
        self._crlf = crlf
        self._path.mkdir(parents=True, exist_ok=True)
        if durable:
            sync_directory(self._path.parent)
        self._next = 1 + max(map(number_of, self._path.iterdir()), default=0)

    def begin(
        self, message: object = None, *, flags: Iterable[str] = (), received: float | None = None
    ) -> FilesDelivery:
        """A message follows. `received`, in seconds since 1970, becomes the time of its file;
        there is no place for flags."""
        return FilesDelivery(self, self._path, received, crlf=self._crlf)

    def claim(self, draft: Path) -> Path:
        """Gives a finished file the next free name."""
        while True:
            final = self._path / f"{self._next:06d}{SUFFIX}"
            self._next += 1
            if move_to_new(draft, final):
                return final


class FilesDelivery(FileDelivery):
    """One message on its way."""

    def __init__(self, sink: FilesSink, directory: Path, time: float | None, *, crlf: bool) -> None:
        self._files = sink
        temporary = directory / f".{os.getpid()}-{next(_counter)}.tmp"
        # What a killed process of the same number may have left.
        temporary.unlink(missing_ok=True)
        draft = Draft(temporary, None if crlf else NewlineFilter())
        draft.time = time
        super().__init__(sink, draft)

    def publish(self) -> Path:
        """Gives the file its number."""
        return self._files.claim(self.draft.path)


def move_to_new(old: Path, new: Path) -> bool:
    """Renames, unless there is a file of that name already."""
    try:
        os.link(old, new)
    except FileExistsError:
        return False
    except OSError:
        # No links on this file system: between the two steps another program could take the
        # name, which only matters if two write into one directory.
        if new.exists():
            return False
        old.rename(new)
        return True
    old.unlink()
    return True


def number_of(path: Path) -> int:
    """The number of a file that a sink has named; 0 for others."""
    numbered = path.suffix == SUFFIX and path.stem.isascii() and path.stem.isdigit()
    return int(path.stem) if numbered else 0
