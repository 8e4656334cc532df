"""The memory of what `mailproto imap fetch` has downloaded: UIDs (RFC 9051 §2.3.1.1) in a text file
that only grows.

A line a fact, each written with one system call, so that a kill leaves at most a torn last line,
which is dropped at the next start:

    mailproto-imap 1
    = mrose@imap.example.org 1763866800 INBOX    a folder: whose, its UIDVALIDITY, its name
    + 1:500,503                                  stored, of the folder named last

Octets that would confuse are percent-encoded.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from mailproto.sansio.imap import UidSet
from mailproto.stores._durable import O_BINARY, lock, sync_directory, write_all
from mailproto.stores._uidl import decoded, encoded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Self

__all__ = ["FetchState", "FolderState", "Renumbered"]

HEADER = b"mailproto-imap 1\n"
# A file is written anew when it has that many lines more than it needs.
SPARE_LINES = 1000
SETS = re.compile(r"[0-9:,]+")


class Renumbered(ValueError):
    """The server has numbered a folder anew (RFC 9051 §2.3.1.1): nobody can tell any more which of
    its messages were downloaded."""


class FetchState:
    """Remembers, in one file, which messages of which folders were downloaded.

    The file is made when it is not there and locked while it is open: a second process gets
    `Locked`. What was added survives this process being killed; after `flush` it survives a power
    failure as well.
    """

    def __init__(self, path: Path, *, durable: bool) -> None:
        self._path = path
        self._durable = durable
        self._seen: dict[tuple[str, str], tuple[int, UidSet]] = {}
        self._last: tuple[str, str] | None = None
        self._dirty = False
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The lock is a file of its own, because the store's is replaced when it is rewritten.
        self._lock = path.with_name(path.name + ".lock").open("ab")
        try:
            lock(self._lock, path)
            self._file = self._load()
        except BaseException:
            self._lock.close()
            raise

    def folder(self, account: str, name: str, uid_validity: int, *, forget: bool) -> FolderState:
        """The memory of one folder. When it was numbered anew: `Renumbered`, or with `forget` an
        empty memory."""
        known = self._seen.get((account, name))
        if known is None or (known[0] != uid_validity and forget):
            self._seen[account, name] = uid_validity, UidSet()
            self._name(account, name)
        elif known[0] != uid_validity:
            raise Renumbered(
                f"{name}: the server has numbered its messages anew (UIDVALIDITY was {known[0]}, "
                f"is {uid_validity}): with --renumbered=fetch all of it is downloaded again"
            )
        return FolderState(self, account, name)

    def seen(self, account: str, name: str) -> UidSet:
        """The UIDs of what was downloaded."""
        return self._seen[account, name][1]

    def add(self, account: str, name: str, uids: Iterable[int]) -> None:
        """These were stored."""
        if self._last != (account, name):
            self._name(account, name)
        added = UidSet(uids)
        self._append(f"+ {added}\n")
        uid_validity, seen = self._seen[account, name]
        self._seen[account, name] = uid_validity, seen | added

    def flush(self) -> None:
        """Returns when all of it would survive a power failure."""
        if self._dirty and self._durable:
            os.fsync(self._file)
        self._dirty = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.flush()
        finally:
            os.close(self._file)
            self._lock.close()

    # The file.

    def _name(self, account: str, name: str) -> None:
        """Names the folder that following lines are about."""
        uid_validity = self._seen[account, name][0]
        self._append(f"= {encoded(account)} {uid_validity} {encoded(name)}\n")
        self._last = account, name

    def _append(self, line: str) -> None:
        end = os.lseek(self._file, 0, os.SEEK_END)
        try:
            write_all(self._file, line.encode())
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
        if header != HEADER and not (header == torn and HEADER.startswith(torn)):
            raise ValueError(f"{self._path} is no memory of `mailproto imap fetch`")
        for line in lines[1:]:
            self._read(line.decode("ascii", "replace"))
        self._last = None
        if torn or not lines or len(lines) > SPARE_LINES + 2 * len(self._seen):
            self._rewrite()
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | O_BINARY)

    def _read(self, line: str) -> None:
        match line.split(" "):
            case ["=", account, uid_validity, name] if uid_validity.isdigit():
                self._last = decoded(account.encode()), decoded(name.encode())
                known = self._seen.get(self._last)
                if known is None or known[0] != int(uid_validity):
                    self._seen[self._last] = int(uid_validity), UidSet()
            case ["+", uids] if self._last is not None and SETS.fullmatch(uids):
                number, seen = self._seen[self._last]
                self._seen[self._last] = number, seen | UidSet(uids)
            case _:
                # Damage costs more than this line: what follows may be of another folder.
                raise ValueError(f"{self._path} is damaged: {line[:60]!r}")

    def _rewrite(self) -> None:
        """Replaces the file by one that tells the same in fewer lines."""
        facts: list[str] = []
        for (account, name), (uid_validity, seen) in self._seen.items():
            facts.append(f"= {encoded(account)} {uid_validity} {encoded(name)}\n")
            facts += [f"+ {seen}\n"] if seen else []
        draft = self._path.with_name(self._path.name + ".tmp")
        try:
            with draft.open("wb") as file:
                file.write(HEADER)
                file.write("".join(facts).encode())
                file.flush()
                if self._durable:
                    os.fsync(file.fileno())
            draft.replace(self._path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        if self._durable:
            sync_directory(self._path.parent)


class FolderState:
    """The memory of one folder."""

    def __init__(self, state: FetchState, account: str, name: str) -> None:
        self._state = state
        self._account = account
        self._name = name

    @property
    def seen(self) -> UidSet:
        """The UIDs of what was downloaded."""
        return self._state.seen(self._account, self._name)

    def add(self, uids: Iterable[int]) -> None:
        """These were stored. Written at once."""
        self._state.add(self._account, self._name, uids)

    def flush(self) -> None:
        """Returns when it would survive a power failure."""
        self._state.flush()
